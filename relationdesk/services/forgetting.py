"""Forget a person wholly: what places said of them, what was written and decided about them, and every trace in the file itself.

This alone cannot be taken back. It is remembered by keyed hashes, so that the next sync or import does not bring them back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.errors import UserMistake
from relationdesk.flip.traits import mails
from relationdesk.model import Changes, Key, Person
from relationdesk.saying import say
from relationdesk.services import backup
from relationdesk.services.backup import Copy
from relationdesk.store import caches, erasing, forgotten, half_imports, people, profiles
from relationdesk.store.database import Desk, database_path, transaction
from relationdesk.store.erasing import Reach
from relationdesk.store.timekey import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would go, and what stays. mentions: activities of others and notes on others in which the name stands; they are other
    people's words, or the user's about others, and stay. copies: backups that still hold the person, newest first."""

    person: Person
    profiles: int
    activities: int
    notes: int
    mentions: int
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was done. copies: backups that still hold them, each with the day on which the rotation removes it at the latest."""

    plan: Plan
    copies: tuple[tuple[Copy, datetime], ...]
    changes: Changes


def plan(db: Desk, person_id: int) -> Plan:
    """Raises UserMistake for nobody, and for the owner of the desk."""
    person = people.get(db, person_id)
    if person is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was changed."))
    if person.is_me:
        raise UserMistake(say("This desk is yours, so you cannot be forgotten in it. Nothing was changed. Remove the whole folder of the desk instead."))
    of = erasing.reach(db, person_id)
    (notes,) = db.execute("SELECT count(*) FROM notes WHERE person_id = ?", (person_id,)).fetchone()
    return Plan(
        person=person, profiles=len(of.whole) + len(of.part), activities=erasing.count_activities(db, person, of), notes=notes,
        mentions=erasing.count_mentions(db, person, of), copies=_copies_with(db, person, of),
    )  # fmt: skip


def forget(
    db: Desk, person_id: int, now: datetime, *, with_copies: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Forgotten:  # fmt: skip
    """Erase the person. with_copies: also remove the backups that hold them, after a new one was made without them. report: a
    sentence per step; the last one, writing the file anew, takes seconds on a large desk.

    Raises UserMistake as `plan`, and StoreUnusable where the disk is full: then nothing was changed, or, where only the file could
    not be written anew, the sentence says so.
    """
    planned = plan(db, person_id)
    of = erasing.reach(db, person_id)
    keys = [*_keys(db, planned.person, of)]
    report(say("Erasing what is known of them …"))
    db.execute("PRAGMA secure_delete = ON")
    with transaction(db):
        half_imports.refuse(db, say("Nobody was forgotten."))
        forgotten.remember(db, keys, seconds(now))
        touched = erasing.erase(db, planned.person, of)
        caches.refresh_people(db, touched | caches.refresh(db, of.part))
    report(say("Writing the file anew, so that nothing is left in it …"))
    erasing.scrub(db)
    if with_copies and planned.copies:
        report(say("Making a new copy, and removing those that hold them …"))
        backup.before_bulk(db, "after-forgetting")
        for copy in planned.copies:
            copy.path.unlink(missing_ok=True)
    left = () if with_copies else tuple((copy, expires(copy)) for copy in planned.copies)
    return Forgotten(plan=planned, copies=left, changes=Changes(everything=True))


def _keys(db: Desk, person: Person, of: Reach) -> Iterator[Key]:
    """By what they are known again: their profiles, and those of their mail addresses that nobody else has."""
    theirs = profiles.by_ids(db, of.whole)
    names = {person.name, *(stored.profile.display_name for stored in theirs)} - {""}
    for mail in sorted({mail for stored in theirs for mail in mails(stored.profile)}):
        if all(stored.id in of.whole for stored in profiles.with_addresses(db, [("mail", mail)])):
            yield Key("mail", mail)
            yield from (forgotten.named(mail, name) for name in sorted(names))
    yield from (stored.profile.key for stored in theirs)


def expires(copy: Copy) -> datetime:
    """The day on which the rotation has removed a copy at the latest."""
    return copy.at + timedelta(days=31 * backup.KEEP_MONTHS)


def _copies_with(db: Desk, person: Person, of: Reach) -> tuple[Copy, ...]:
    """Copies in the desk's own folder that hold this person, also as one whose profiles waited. Copies elsewhere are the user's, and not known."""
    file, keys = database_path(db), [stored.profile.key for stored in profiles.by_ids(db, (*of.whole, *of.part))]
    return tuple(copy for copy in backup.copies(file.parent) if erasing.holds(copy.path, erasing.uids(db, person), keys))

