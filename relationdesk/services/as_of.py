"""Who somebody was on a day: name, role and company, from what places told and what the user wrote, each with its date.

What the user wrote themselves stands above what places tell, and the place where people keep their own role above lists of others, as it
is on the desk today (`services/matching`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from relationdesk.derived import Then
from relationdesk.model import Kind
from relationdesk.services.matching import ROLE_PLACES
from relationdesk.store import life_days, people, profiles, tellings
from relationdesk.store.database import Desk
from relationdesk.store.spans import EVER, Held
from relationdesk.store.staging import extra_from_json
from relationdesk.store.timekey import EPOCH_2000, moment
from relationdesk.text import fold

BY_HAND, BY_THEMSELVES, BY_OTHERS = 2, 1, 0
"""Whose word counts more, whatever its date."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One field as somebody told it. at: unix seconds, 0 for earlier than known."""

    at: int
    field: str
    value: str
    rank: int
    place: str = ""


def history(db: Desk, person_id: int) -> tuple[Then, ...]:
    """What somebody was, oldest first, one for every change; () for nobody."""
    person = people.get(db, person_id)
    if person is None:
        return ()
    words = [*_by_places(db, person_id, person.name), *_by_hand(db, person_id)]
    found: list[Then] = []
    for at in sorted({word.at for word in words}):
        known = {field: _newest(words, field, at) for field in ("name", "title", "company")}
        values = {field: word.value if word else "" for field, word in known.items()}
        values["name"] = values["name"] or person.name
        now = Then(since=moment(at) if at else None, **values)
        if found and (now.name, now.title, now.company) == (found[-1].name, found[-1].title, found[-1].company):
            continue
        told = next((word for word in known.values() if word is not None and word.at == at), None)
        found.append(replace(now, place=told.place if told else ""))
    return tuple(found) or (Then(since=None, name=person.name, title=person.title, company=person.company),)


def _newest(words: Sequence[_Word], field: str, at: int) -> _Word | None:
    known = [word for word in words if word.field == field and word.at <= at]
    return max(known, key=lambda word: (word.rank, word.at), default=None)


def _by_places(db: Desk, person_id: int, name: str) -> Iterator[_Word]:
    """Names only of those places that ever called them what the desk calls them: elsewhere it may be a nickname."""
    for stored in profiles.of_time(db, person_id):
        place = stored.profile.key.place
        rank = BY_THEMSELVES if place in ROLE_PLACES else BY_OTHERS
        held = stored.held or Held(stored.id)
        told = [one for one in tellings.of_profile(db, stored.id) if held.is_whole or held.from_id <= _position(one.at) < held.until_id]
        named = any(fold(one.name) == fold(name) for one in told)
        for one in told:
            for field, value in (("name", one.name if named else ""), ("title", one.title), ("company", one.company)):
                if value:
                    yield _Word(one.at, field, value, rank, place)
        yield from _positions(db, held, place)
        if stored.profile.company:
            yield from (_Word(at, "company", stored.profile.company, rank, place) for at in life_days.began(db, stored.id))


def _position(at: int) -> int:
    """Where what was told then sorts; 0 was before anybody wrote it down."""
    return EVER if at == 0 else (at - EPOCH_2000) * 8


def _positions(db: Desk, held: Held, place: str) -> Iterator[_Word]:
    """Roles that the place itself dates: of the owner of an archive."""
    rows = db.execute(
        "SELECT published, title, extra FROM activities WHERE profile_id = ? AND kind = (SELECT id FROM kinds WHERE name = ?) AND published "
        "IS NOT NULL AND id >= ? AND id < ? AND NOT (native_id >= ? AND native_id < ?)",
        (held.profile_id, Kind.POSITION.value, held.from_id, held.until_id, tellings.OURS, f"{tellings.OURS[:-1]};"),
    )
    for published, title, extra in rows:
        company = dict(extra_from_json(extra)).get("company", "")
        for field, value in (("title", title), ("company", company)):
            if value:
                yield _Word(published, field, value, BY_THEMSELVES, place)


def _by_hand(db: Desk, person_id: int) -> Iterator[_Word]:
    """What the user wrote of them, by the decisions that are in force."""
    rows = db.execute(
        "SELECT d.at, r.before, r.after FROM decision_rows r JOIN decisions d ON d.id = r.decision_id AND d.undone_at IS NULL AND d.kind = 'person' "
        "WHERE r.tbl = 'people' AND json_extract(r.key, '$.id') = ? AND r.before IS NOT NULL AND r.after IS NOT NULL ORDER BY d.id",
        (person_id,),
    ).fetchall()
    for at, before, after in rows:
        was = json.loads(before)
        became = {field: value for field, value in json.loads(after).items() if was.get(field) != value}
        if became.get("company_id") is not None:
            found = db.execute("SELECT name FROM companies WHERE id = ?", (became["company_id"],)).fetchone()
            became["company"] = found[0] if found else ""
        for field in ("name", "title", "company"):
            if became.get(field):
                yield _Word(at, field, became[field], BY_HAND)
