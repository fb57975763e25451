"""Who somebody was on a day: name, role and company, from what places told and what the user wrote, each with its date.

On each day the same counts that counts on the desk today (`store/roles`): what the user wrote themselves, else the newest word of the places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from relationdesk.derived import Then
from relationdesk.model import Kind
from relationdesk.store import life_days, people, profiles, roles, tellings
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored
from relationdesk.store.roles import Word
from relationdesk.store.spans import EVER, Held
from relationdesk.store.staging import extra_from_json
from relationdesk.store.tellings import Telling
from relationdesk.store.timekey import EPOCH_2000, moment
from relationdesk.text import fold, one_line


@dataclass(frozen=True, slots=True)
class _Said:
    """One field as the user wrote it, or a name as a place told it. at: unix seconds, 0 for earlier than known. value None: the user left it
    to the places again."""

    at: int
    field: str
    value: str | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Profile:
    """What was told of a profile in the time in which it was theirs, oldest first. dated: roles that the place itself dates."""

    stored: Stored
    told: tuple[Telling, ...]
    dated: tuple[Telling, ...]

    @property
    def times(self) -> set[int]:
        """When something of their role was told or began."""
        return {one.at for one in self.told if one.role} | {one.at for one in self.dated}

    def says(self, at: int) -> Word | None:
        """What it said of their role by then: since when it says so, only what was told tells."""
        key = self.stored.profile.key
        told = [one for one in self.told if one.at <= at]
        known = roles.word(*key, told)
        dated = (one for one in self.dated if one.at <= at)
        every = roles.word(*key, sorted([*told, *dated], key=lambda one: one.at))
        if every is None or known is None:
            return every
        return Word(place=every.place, native_id=every.native_id, title=every.title, company=every.company, since=known.since, is_news=known.is_news)


def history(db: Desk, person_id: int) -> tuple[Then, ...]:
    """What somebody was, oldest first, one for every change; () for nobody."""
    person = people.get(db, person_id)
    if person is None:
        return ()
    every, written = tuple(_profiles(db, person_id)), (*_by_hand(db, person_id),)
    named = tuple(_names(every, person.name))
    times = {said.at for said in (*written, *named)} | {at for profile in every for at in profile.times}
    found: list[Then] = []
    for at in sorted(times):
        now = _then(every, written, named, person.name, at)
        if found and (now.name, now.title, now.company) == (found[-1].name, found[-1].title, found[-1].company):
            continue
        found.append(now)
    return tuple(found) or (Then(since=None, name=person.name, title=person.title, company=person.company),)


def _then(every: Sequence[_Profile], written: Sequence[_Said], named: Sequence[_Said], name: str, at: int) -> Then:
    told = roles.stands(one for one in (profile.says(at) for profile in every) if one is not None)
    own = {said.field: said for said in written if said.at <= at}  # the last of each
    called = own.get("name") or max((said for said in named if said.at <= at), key=_counts, default=None)
    title, company = (own[field].value if field in own else None for field in ("title", "company"))
    is_by_hand = any(said.at == at and said.value is not None for said in own.values())
    return Then(
        since=moment(at) if at else None, name=(called.value if called else None) or name,
        title=told.title if title is None else title, company=told.company if company is None else company,
        place="" if is_by_hand else told.place or (called.place if called else ""),
    )  # fmt: skip


def _counts(said: _Said) -> tuple[bool, int]:
    return said.place in roles.BY_THEMSELVES, said.at


def _profiles(db: Desk, person_id: int) -> Iterator[_Profile]:
    for stored in profiles.of_time(db, person_id):
        held = stored.held or Held(stored.id)
        told = (one for one in tellings.of_profile(db, stored.id) if held.is_whole or held.from_id <= _position(one.at) < held.until_id)
        yield _Profile(stored, tuple(told), tuple(_dated(db, stored, held)))


def _names(every: Iterable[_Profile], name: str) -> list[_Said]:
    """Only of those places that ever called them what the desk calls them: elsewhere it may be a nickname."""
    return [
        _Said(one.at, "name", one.name, profile.stored.profile.key.place)
        for profile in every if any(fold(one.name) == fold(name) for one in profile.told) for one in profile.told if one.name
    ]  # fmt: skip


def _position(at: int) -> int:
    """Where what was told then sorts; 0 was before anybody wrote it down."""
    return EVER if at == 0 else (at - EPOCH_2000) * 8


def _dated(db: Desk, stored: Stored, held: Held) -> Iterator[Telling]:
    """Roles that the place itself dates, of the owner of an archive; and the day on which they began where they are."""
    rows = db.execute(
        "SELECT published, title, extra FROM activities WHERE profile_id = ? AND kind = (SELECT id FROM kinds WHERE name = ?) AND published "
        "IS NOT NULL AND id >= ? AND id < ? AND NOT (native_id >= ? AND native_id < ?) ORDER BY published, id",
        (held.profile_id, Kind.POSITION.value, held.from_id, held.until_id, tellings.OURS, f"{tellings.OURS[:-1]};"),
    )
    for published, title, extra in rows:
        yield Telling(at=published, title=title, company=dict(extra_from_json(extra)).get("company", ""))
    if stored.profile.company:
        yield from (Telling(at=at, company=one_line(stored.profile.company, roles.LONGEST_COMPANY)) for at in life_days.began(db, stored.id))


def _by_hand(db: Desk, person_id: int) -> Iterator[_Said]:
    """What the user wrote of them, oldest first, by the decisions that are in force; what no decision tells, since they are in the desk."""
    found = list(_decided(db, person_id))
    told = {said.field for said in found}
    (made_at,) = db.execute("SELECT made_at FROM people WHERE id = ?", (person_id,)).fetchone()
    yield from (_Said(made_at, field, text) for field, text in roles.own_words(db, person_id).items() if field not in told)
    yield from found


def _decided(db: Desk, person_id: int) -> Iterator[_Said]:
    rows = db.execute(
        "SELECT d.at, r.before, r.after FROM decision_rows r JOIN decisions d ON d.id = r.decision_id AND d.undone_at IS NULL AND d.kind = 'person' "
        "WHERE r.tbl = 'people' AND r.key = ? AND r.after IS NOT NULL ORDER BY d.id, r.n",
        (json.dumps({"id": person_id}),),
    ).fetchall()
    for at, before, after in rows:
        became, was = json.loads(after), json.loads(before or "{}")
        for field, column in (("name", "name"), ("title", "own_title"), ("company", "own_company")):
            if column in became and became[column] != was.get(column) and (before or field != "name"):
                yield _Said(at, field, became[column])
