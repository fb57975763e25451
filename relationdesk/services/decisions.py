"""What was decided about a person, by whom and why: the user's decisions, which can each be taken back, and what the program linked by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from relationdesk.store import ledger, profiles
from relationdesk.store.database import Desk
from relationdesk.text import place_name

By = Literal["you", "place", "program"]
"""Who decided: the user; a place that vouches; the program, because nobody else could be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision. id: of the user's, to take it back or make it again; 0 for what was not the user's, which is taken back by
    unlinking the profile. at: aware UTC, None where it was not the user's (it was done when the profile arrived)."""

    id: int
    by: By
    sentence: str
    kind: str
    at: datetime | None = None
    undone: bool = False
    profile_id: int | None = None


def every(db: Desk, limit: int = 50) -> tuple[Decided, ...]:
    """The user's newest decisions first, those taken back included."""
    return tuple(map(_mine, ledger.entries(db, limit)))


def of_person(db: Desk, person_id: int, limit: int = 200) -> tuple[Decided, ...]:
    """About this person, about whoever became part of them, and about their profiles: the user's newest first, then what the
    program linked by itself."""
    theirs = profiles.of_time(db, person_id)
    people = [person_id, *(row[0] for row in db.execute(
        "SELECT json_extract(c.told, '$.gone') FROM compounds c JOIN decisions d ON d.id = c.decision_id AND d.undone_at IS NULL "
        "AND d.kind = 'combine' WHERE json_extract(c.told, '$.into') = ?", (person_id,),
    ))]  # fmt: skip
    uids = [row[0] for row in db.execute("SELECT uid FROM people WHERE id = ?1 UNION SELECT value FROM variants WHERE person_id = ?1 AND what = 'uid'", (person_id,))]
    found = db.execute(
        "SELECT DISTINCT decision_id FROM decision_rows WHERE (tbl = 'people' AND json_extract(key, '$.id') IN (SELECT value FROM json_each(:people))) "
        "OR (tbl = 'profiles' AND json_extract(key, '$.id') IN (SELECT value FROM json_each(:profiles))) "
        "OR (tbl = 'notes' AND json_extract(key, '$.id') IN (SELECT id FROM notes WHERE person_id IN (SELECT value FROM json_each(:people)))) "
        "OR (tbl = 'tasks' AND json_extract(key, '$.id') IN (SELECT id FROM tasks WHERE person_id IN (SELECT value FROM json_each(:people)))) "
        "OR (tbl = 'wishes' AND json_extract(key, '$.id') IN (SELECT id FROM wishes WHERE person_id IN (SELECT value FROM json_each(:people)))) "
        "OR (tbl = 'rhythms' AND json_extract(key, '$.id') IN (SELECT id FROM rhythms WHERE person_id IN (SELECT value FROM json_each(:people)))) "
        "OR (tbl = 'particulars' AND json_extract(key, '$.id') IN (SELECT id FROM particulars WHERE person_id IN (SELECT value FROM json_each(:people)))) "
        "OR json_extract(key, '$.person_id') IN (SELECT value FROM json_each(:people)) "
        "OR json_extract(before, '$.person_id') IN (SELECT value FROM json_each(:people)) "
        "OR json_extract(after, '$.person_id') IN (SELECT value FROM json_each(:people)) "
        "OR json_extract(after, '$.person_uid') IN (SELECT value FROM json_each(:uids)) "
        "OR json_extract(key, '$.other') IN (SELECT 'person:' || value FROM json_each(:uids)) "
        "ORDER BY decision_id DESC LIMIT :limit",
        {"people": json.dumps(people), "profiles": json.dumps([s.id for s in theirs]), "uids": json.dumps(uids), "limit": limit},
    )
    mine = tuple(_mine(entry) for entry in ledger.some(db, [row[0] for row in found]))
    linked = tuple(
        Decided(id=0, by="place" if s.linked_by == "place" else "program", kind="link", profile_id=s.id,
                sentence=f"{s.profile.display_name or s.profile.handle or s.profile.key.native_id} ({place_name(s.profile.key.place)}): {s.linked_how}")
        for s in theirs if s.linked_by in ("place", "only")
    )  # fmt: skip
    return (*mine, *linked)


def _mine(entry: ledger.Entry) -> Decided:
    return Decided(id=entry.id, by="you", sentence=entry.sentence, kind=entry.kind, at=entry.at, undone=entry.undone)
