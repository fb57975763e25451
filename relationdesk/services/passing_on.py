"""A mail to a colleague about what is on a list, sent by one's own login. Where there is none, the mail program sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from relationdesk.model import Audience, Changes
from relationdesk.outgoing import Deed, Entry, Recipient
from relationdesk.services import outbox, routing
from relationdesk.services.outbox import New, Way
from relationdesk.store.database import Desk, transaction


def way(db: Desk) -> tuple[Way | None, int]:
    """The first login that can send a mail, None if there is none; and for how many seconds what it sends can be taken back."""
    return next((way for way in outbox.ways_to_write(db) if way.may.deed is Deed.MAIL), None), outbox.held_seconds(db)


def send(db: Desk, by: Way, route_ids: Sequence[int], to: str, subject: str, text: str, now: datetime) -> tuple[Entry, Changes]:
    """Into the outbox, and remembered of each of them to whom it went. Raises UserMistake if it cannot go out; the words are kept."""
    new = New(
        person_id=None, place=by.login.place, deed=Deed.MAIL, login=by.login.secret_name, towards=None, subject=subject, text=text, audience=Audience.PRIVATE,
        recipients=(Recipient(value=to),),
    )  # fmt: skip
    with transaction(db):
        entry, _ = outbox.put(db, new, now)
        passed = routing.passed_on(db, route_ids, to, now)
        sent, changes = outbox.send(db, entry.uid, now)
    return sent, passed | changes
