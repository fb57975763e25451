"""What the desk derives from facts and decisions when it is asked: items of a timeline, prompts with their evidence, what was
read. Nothing of it is stored.

Standard library only. Times are aware and UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from relationdesk.model import Activity, Company, Direction, Key, Kind, Note
from relationdesk.outgoing import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a timeline or a place page: an activity or a note, with what is needed to show it.

    id: position, sorts newest first; not stable across edits of the time. direction: seen from the desk's owner.
    actor_person: the person the actor is linked to, None for nobody's. marks: the same words in other places
    (cross-posts), newest first. earlier: folded older items of the same thread, newest first. is_new: arrived or
    happened since the user last looked. by_hand: the user's own words, "" for none, where they wrote this down by hand; None where only
    the place told it. pressed: what of a like and a boost I gave it from here.
    """

    id: int
    activity: Activity | None = None
    note: Note | None = None
    direction: Direction = Direction.IN
    actor_name: str = ""
    actor_person: int | None = None
    towards: tuple[str, ...] = ()  # names of participants, recipients first
    marks: tuple[Activity, ...] = ()
    earlier: tuple[Item, ...] = ()
    is_new: bool = False
    by_hand: str | None = None
    pressed: frozenset[Deed] = frozenset()

    @property
    def published(self) -> datetime | None:
        if self.note is not None:
            return self.note.happened
        return self.activity.published if self.activity else None

    @property
    def places(self) -> tuple[str, ...]:
        """Marks to paint: own place first, then those of cross-posts."""
        own = (self.activity.key.place,) if self.activity else ("notes",)
        return tuple(dict.fromkeys(own + tuple(mark.key.place for mark in self.marks)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which part of a timeline. Empty means all. since/until are aware UTC, since inclusive, until exclusive.

    login: only what this login reads (whom it follows, what I did there, what was done towards me there); 0 all.
    """

    places: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    directions: frozenset[Direction] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    notes: bool = True
    login: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceState:
    """What was read of one of a person's places. until None: never read. failed: since when reading fails."""

    place: str
    handle: str = ""
    since: datetime | None = None
    until: datetime | None = None
    failed: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How much was done in one week: start is the Monday, theirs and mine are counts."""

    start: datetime
    theirs: int = 0
    mine: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a prompt or a suggestion rests on: an activity, and the sentence that says so."""

    sentence: str
    activity: Key | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyLine:
    """A company as it stands in the list. waiting: how many of its people wait for the user. last_in, last_out: newest from any of them, and from
    the user to any of them, aware UTC; None never."""

    company: Company
    waiting: int = 0
    last_in: datetime | None = None
    last_out: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A reason to get in touch. `key` stays the same until something new happens, so "done" stays done.

    because: one sentence. why_not: empty for a shown prompt; else the sentence why it is held back.
    weight orders prompts, higher first; it has no unit and is never shown. meets: when the next meeting with them is over, None if none is known.
    """

    key: str
    rule: str
    person_id: int
    title: str
    because: str
    evidence: tuple[Evidence, ...] = ()
    why_not: str = ""
    weight: float = 0.0
    meets: datetime | None = None

    def held_back(self, why: str) -> Prompt:
        """The same prompt, held back for this reason. (`dataclasses.replace` takes three times as long, and there are thousands.)"""
        return Prompt(
            key=self.key, rule=self.rule, person_id=self.person_id, title=self.title, because=self.because, evidence=self.evidence,
            why_not=why, weight=self.weight, meets=self.meets,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What somebody was from `since` on (aware UTC; None: since before anybody wrote it down). title, company: "" for not known.

    place: who told what is new in it, "" for the user.
    """

    since: datetime | None
    name: str
    title: str = ""
    company: str = ""
    place: str = ""

    @property
    def role(self) -> str:
        return ", ".join(part for part in (self.title, self.company) if part)


def then_on(told: Sequence[Then], day: date) -> Then | None:
    """What somebody was at the end of that day (UTC); None if nothing was told by then. told: as `history` gives it."""
    end = day + timedelta(days=1) if day < date.max else day
    return next((then for then in reversed(told) if then.since is None or then.since.date() < end), None)


class Asked(NamedTuple):
    """How often a computer was asked. times: questions, redirects and failed ones too. size: bytes that came back, as they were unpacked. last: aware UTC."""

    times: int
    size: int
    last: datetime
