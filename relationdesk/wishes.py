"""What was agreed about keeping in touch: a person's own wishes, the rhythm the user wants, steps of the ladder, follow-ups.

Decisions of the user, as the rules of prompts and the pages read them. Standard library only. Times are aware and UTC;
a `date` is a day of the user's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from relationdesk.model import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asked for, as the user wrote it down: "mail only, quarterly, asked on 3 March". The newest by `said` holds;
    older ones stay to be read.

    places: only there, () anywhere. every_days: not more often, None as often as needed. not_until: no contact before this day.
    opted_out: no contact at all. said: when they said so, None unknown. source: where from, in the user's words; activity: the item
    in which they said it.
    """

    id: int
    uid: str
    person_id: int
    places: tuple[str, ...] = ()
    every_days: int | None = None
    not_until: date | None = None
    opted_out: bool = False
    said: date | None = None
    source: str = ""
    activity: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRhythm:
    """How often the user wants to be in touch: contact every `wished_days`, never longer apart than `longest_days` (None: no limit).

    as_they_do: the measured rhythm of the person counts instead of `wished_days`. of: the name of the bucket it comes from,
    "" when it was set for this person alone.
    """

    wished_days: int
    longest_days: int | None = None
    as_they_do: bool = False
    of: str = ""


class Step(StrEnum):
    """The ladder, from below: how close somebody is. A bucket may stand on one step."""

    STRANGER = "stranger"
    CONTACT = "contact"
    PROSPECT = "prospect"
    CUSTOMER = "customer"
    ADVOCATE = "advocate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something promised or to be followed up, on a person or a company (one of the two).

    mine: the user promised it; else they did. due: the day, None none. at: minute of that day in the user's zone, None all day.
    every: "" once, else "N days", "N weeks", "N months", "N years"; from_done: counted from the day it was done, else from `due`.
    note: uid of the note in whose words it stands, "" for none. done: when it was ticked off.
    """

    id: int
    uid: str
    person_id: int | None
    company_id: int | None
    text: str
    mine: bool = True
    due: date | None = None
    at: int | None = None
    every: str = ""
    from_done: bool = False
    note: str = ""
    made: datetime
    done: datetime | None = None
