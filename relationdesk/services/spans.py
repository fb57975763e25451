"""A profile that is somebody's only for a time: a role mailbox, a number or a handle that went from one human to the next.

What happened in that time is in their timeline, what happened before and after is in the timeline of whoever has it then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.saying import say
from relationdesk.services import people
from relationdesk.services.holding import do_span
from relationdesk.store import ledger, spans
from relationdesk.store import people as rows
from relationdesk.store.database import Desk
from relationdesk.store.decision import Row
from relationdesk.store.spans import Held
from relationdesk.store.timekey import seconds
from relationdesk.text import place_name

KIND = "span"


def link_for(db: Desk, profile_id: int, person_id: int, now: datetime, *, first: date | None, last: date | None) -> Changes:
    """The profile is theirs from the first day until the last one, both included, UTC; None: since ever, for ever. Outside of that time
    it stays whose it is, if it is somebody else's, and is nobody's otherwise.

    Raises UserMistake for days the wrong way round, and where one of the two is gone.
    """
    spans.refuse_turned(first, last)
    profile, person = people.the_profile(db, profile_id), people.the_person(db, person_id)
    if first is None and last is None and profile.held is None:
        return people.link(db, profile_id, person_id, now)
    start, end = spans.starts(first), spans.ends(last)
    when = spans.in_words(start, end) or say("for all time")
    sentence = say("{profile} ({place}) is {name}’s {when}", profile=people.profile_name(profile), place=place_name(profile.profile.key.place), name=person.name, when=when)
    return _decide(db, sentence, {"profile": profile.id, "person": person.id, "from": start, "until": end, "at": seconds(now)}, now)


def hold(db: Desk, profile_id: int, person_id: int, first: date | None, last: date | None, now: datetime) -> Changes:
    """As `link_for`."""
    return link_for(db, profile_id, person_id, now, first=first, last=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time of a profile. when: "until 30 September 2026", "" for all time. name: whose it is then, "" nobody's. items: what the profile did in it."""

    when: str
    name: str = ""
    is_forgotten: bool = False
    items: int = 0


def tried(db: Desk, profile_id: int, person_id: int, first: date | None, last: date | None) -> tuple[Time, ...]:
    """Whose the profile would be at which time after `link_for`, oldest first. Nothing is changed. Raises UserMistake as it does."""
    spans.refuse_turned(first, last)
    profile, person = people.the_profile(db, profile_id), people.the_person(db, person_id)
    pieces = spans.given(spans.pieces(db, profile.id), person.id, spans.starts(first), spans.ends(last))
    names: dict[int | None, str] = {one.id: one.name for one in rows.many(db, (whose for *_, whose in pieces if whose)).values()}
    company = rows.company(db, profile.company_id) if profile.company_id is not None and pieces[-1][2] is None else None
    names[None] = company.name if company is not None else ""
    return tuple(
        Time(when=spans.in_words(low, high), name=names.get(whose, ""), is_forgotten=whose == spans.GONE, items=spans.count(db, Held(profile.id, low, high)))
        for low, high, whose in pieces
    )  # fmt: skip


def take_from(db: Desk, profile_id: int, person_id: int, now: datetime) -> Changes:
    """The profile was never theirs: of that time it is nobody's, and it will not be linked to them by itself."""
    profile, person = people.the_profile(db, profile_id), people.the_person(db, person_id)
    if person.id not in {whose for _, _, whose in spans.pieces(db, profile.id)}:
        raise UserMistake(say("{profile} is not linked to {name}. Nothing was changed.", profile=people.profile_name(profile), name=person.name))
    sentence = say("Unlinked {profile} ({place}) from {name}", profile=people.profile_name(profile), place=place_name(profile.profile.key.place), name=person.name)
    return _decide(db, sentence, {"profile": profile.id, "person": person.id, "take": True, "at": seconds(now)}, now)


def _decide(db: Desk, sentence: str, told: Row, now: datetime) -> Changes:
    profile_id = int(str(told["profile"]))
    with ledger.decide(db, KIND, sentence, seconds(now)) as d:
        ledger.compound(d, told)
        before = spans.holders(db, [profile_id])
        do_span(d, told)
    return Changes(people=before | spans.holders(db, [profile_id]), matches=True, prompts=True, undo=sentence)
