"""Birthdays and other days of people: what places tell joined with what the user wrote down by hand, which holds before it.

By hand they are particulars ("birthday": "4 May 1979"), so they are undone, exported, brought back and forgotten as those are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from relationdesk.life_days import MINE, Known, Told, in_words, known
from relationdesk.life_days import near as is_near
from relationdesk.model import LifeDay
from relationdesk.store import life_days, particulars
from relationdesk.store.database import Desk
from relationdesk.store.particulars import Particular
from relationdesk.store.timekey import seconds

LABELS = ("birthday", "anniversary", "work anniversary")
"""Under which a day is written down; the names of other languages do as well."""


def is_day(label: str) -> bool:
    return bool(_field_of(label))


def typed(label: str, text: str) -> LifeDay | None:
    """The day that is written down under this label; None if that is no label of a day, or no day."""
    from relationdesk.sources.life_days import life_day

    field = _field_of(label)
    return life_day(field, text) if field else None


def _field_of(label: str) -> str:
    from relationdesk.sources.life_days import (
        field_of,  # all the sources come with it, and the first picture needs none
    )

    return field_of(label)


def as_kept(label: str, text: str) -> str:
    """As it is written down: "4 May 1979"; "" if it is no day, or could be two."""
    day = typed(label, text)
    return in_words(day) if day is not None else ""


def of_people(db: Desk, ids: Iterable[int]) -> dict[int, tuple[Known, ...]]:
    """Per person of whom days are known: those that hold, with what others say."""
    wanted = sorted(set(ids))
    every = defaultdict(list, life_days.told(db, wanted))
    for one, day in _by_hand(db, wanted):
        every[one.person_id].append(Told(day=day, place=MINE, at=seconds(one.saved)))
    return {person_id: known(told) for person_id, told in every.items()}


def of_person(db: Desk, person_id: int) -> tuple[Known, ...]:
    """The days that hold of one person, in the order of `DayKind`."""
    return of_people(db, (person_id,)).get(person_id, ())


def near(db: Desk, first: date, last: date, ids: Sequence[int] | None) -> set[int]:
    """People of whom such a day is said to be between these two (at most a year apart); ids None: everybody."""
    found = life_days.near(db, first, last, ids)
    days = (last - first).days
    return found | {one.person_id for one, day in _by_hand(db, ids) if is_near(day.month, day.day, first, days, 0) is not None}


def _by_hand(db: Desk, ids: Sequence[int] | None) -> list[tuple[Particular, LifeDay]]:
    labels = [label for label in particulars.labels(db) if is_day(label)]
    found = particulars.of_labels(db, labels, ids) if labels else ()
    return [(one, day) for one in found if (day := typed(one.label, one.text)) is not None]
