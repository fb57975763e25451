"""Days of people that come back every year: which one holds where places differ, and when it is in a given year.

Pure. Days are of the user's calendar. Who was born on 29 February is thought of on the 28th in years without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from relationdesk import text
from relationdesk.model import DayKind, LifeDay

MINE = ""
"""In place of a place: the user wrote it down by hand, and is believed before all places."""
_LEAP = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A day as a profile told it last. at: unix seconds when it did, 0 for earlier than known."""

    day: LifeDay
    place: str
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A day, and the places that say so, by name."""

    day: LifeDay
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A day of somebody as it holds. others: what other places say instead, those with more of them first; () where all agree."""

    held: Said
    others: tuple[Said, ...] = ()

    @property
    def kind(self) -> DayKind:
        return self.held.day.kind


def known(told: Iterable[Told]) -> tuple[Known, ...]:
    """One for each kind, in the order of `DayKind`.

    What the user wrote down holds; else what more places say; of as many, what has a year; then what was told last; then the place whose name comes first. Places that
    leave the year out agree with those that tell it; of several years the same rule chooses.
    """
    each: dict[DayKind, list[Told]] = defaultdict(list)
    for one in told:
        each[one.day.kind].append(one)
    return tuple(_held(each[kind]) for kind in DayKind if kind in each)


def _held(told: list[Told]) -> Known:
    groups: dict[tuple[int, int], list[Told]] = defaultdict(list)
    for one in told:
        groups[one.day.month, one.day.day].append(one)
    ranked = sorted(groups.values(), key=_rank)
    said = [one for group in ranked for one in _by_year(group)]
    return Known(held=said[0], others=tuple(said[1:]))


def _rank(group: list[Told]) -> tuple[bool, int, bool, int, str]:
    places = {one.place for one in group}
    return (MINE not in places, -len(places), all(one.day.year is None for one in group), -max(one.at for one in group), min(places))


def _by_year(group: list[Told]) -> list[Said]:
    """The same day of one year, or of several: then each apart, and whoever tells none is with the first."""
    years: dict[int, list[Told]] = defaultdict(list)
    without = [one for one in group if one.day.year is None]
    for one in group:
        if one.day.year is not None:
            years[one.day.year].append(one)
    first, *rest = sorted(years.values(), key=_rank) or [[]]
    return [
        Said(day=some[0].day, places=tuple(sorted({one.place for one in some})))
        for some in ([*first, *without], *rest)
    ]  # fmt: skip


def in_year(month: int, day: int, year: int) -> date:
    """The day of that year; of 29 February the 28th where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def near(month: int, day: int, today: date, ahead: int, late: int) -> date | None:
    """When it is, if that is at most `ahead` days to come or `late` days past; the nearest to come before one that is past."""
    found = [
        when for year in (today.year - 1, today.year, today.year + 1) if date.min.year < year < date.max.year
        and today - timedelta(days=late) <= (when := in_year(month, day, year)) <= today + timedelta(days=ahead)
    ]  # fmt: skip
    return next((when for when in found if when >= today), found[-1] if found else None)


def is_moved(day: LifeDay, when: date) -> bool:
    """True where it is thought of a day earlier, because that year has no 29 February."""
    return (when.month, when.day) != (day.month, day.day)


def in_words(day: LifeDay) -> str:
    """ "4 May 1979", "4 May"."""
    return text.day(date(day.year, day.month, day.day)) if day.year is not None else text.short_day(date(_LEAP, day.month, day.day))
