"""Texts that the user keeps to fill in and send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from relationdesk.store.database import Desk
from relationdesk.store.timekey import moment
from relationdesk.text import fold


class Purpose(StrEnum):
    """What a template is for. The value is stored and exported: never rename, only append."""

    ANSWER = "answer"  # what others can read
    MESSAGE = "message"
    MAIL = "mail"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """subject: of a mail. text: plain, with fields in braces (see engage/templates.py). saved: aware UTC."""

    id: int
    uid: str
    name: str
    purpose: Purpose
    subject: str = ""
    text: str = ""
    saved: datetime


_SELECT = "SELECT id, uid, name, purpose, subject, text, saved_at FROM templates"


def _template(row: tuple[Any, ...]) -> Template:
    id_, uid, name, purpose, subject, text, saved = row
    return Template(id=id_, uid=uid, name=name, purpose=Purpose(purpose), subject=subject, text=text, saved=moment(saved))


def every(db: Desk, purpose: Purpose | None = None) -> tuple[Template, ...]:
    """By name; those for this purpose first."""
    found = map(_template, db.execute(_SELECT))
    return tuple(sorted(found, key=lambda one: (purpose is not None and one.purpose is not purpose, fold(one.name), one.id)))


def get(db: Desk, template_id: int) -> Template | None:
    row = db.execute(f"{_SELECT} WHERE id = ?", (template_id,)).fetchone()
    return _template(row) if row else None


def by_name(db: Desk, name: str) -> Template | None:
    """In capitals or not."""
    wanted = " ".join(name.split()).casefold()
    return next((one for one in every(db) if one.name.casefold() == wanted), None)


def by_uid(db: Desk, uid: str) -> Template | None:
    row = db.execute(f"{_SELECT} WHERE uid = ?", (uid,)).fetchone()
    return _template(row) if row else None
