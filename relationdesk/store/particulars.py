"""What the user keeps in mind of a person: "dog", "Bruno". Shown on the card; a template may use it as a field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relationdesk.store.database import Desk
from relationdesk.store.timekey import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Particular:
    """saved: aware UTC."""

    id: int
    uid: str
    person_id: int
    label: str
    text: str
    saved: datetime


_SELECT = "SELECT id, uid, person_id, label, text, saved_at FROM particulars"


def _particular(row: tuple[Any, ...]) -> Particular:
    id_, uid, person_id, label, text, saved = row
    return Particular(id=id_, uid=uid, person_id=person_id, label=label, text=text, saved=moment(saved))


def of_person(db: Desk, person_id: int) -> tuple[Particular, ...]:
    """As they were first written down. Two people who were made one may have two of one label."""
    return tuple(map(_particular, db.execute(f"{_SELECT} WHERE person_id = ? ORDER BY id", (person_id,))))


def every(db: Desk) -> tuple[Particular, ...]:
    """Of everybody, as they were first written down."""
    return tuple(map(_particular, db.execute(f"{_SELECT} ORDER BY id")))


def of_labels(db: Desk, labels: Sequence[str], ids: Sequence[int] | None) -> tuple[Particular, ...]:
    """Those with one of these labels, in whatever letters; ids None: of everybody."""
    chosen = "" if ids is None else " AND person_id IN (SELECT value FROM json_each(:ids))"
    rows = db.execute(
        f"{_SELECT} WHERE lower(label) IN (SELECT lower(value) FROM json_each(:labels)){chosen} ORDER BY id",
        {"labels": json.dumps(list(labels)), "ids": json.dumps(ids)},
    )
    return tuple(map(_particular, rows))


def get(db: Desk, particular_id: int) -> Particular | None:
    row = db.execute(f"{_SELECT} WHERE id = ?", (particular_id,)).fetchone()
    return _particular(row) if row else None


def labels(db: Desk) -> tuple[str, ...]:
    """All that are in use, the most used first."""
    rows = db.execute("SELECT min(label) FROM particulars GROUP BY lower(label) ORDER BY count(*) DESC, lower(label)")
    return tuple(row[0] for row in rows)
