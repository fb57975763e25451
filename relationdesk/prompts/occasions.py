"""What the rules of birthdays and anniversaries have in common: when a day is near, how it is said, and why it may be held back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from relationdesk.derived import Evidence
from relationdesk.life_days import MINE, Known, Said, in_words, is_moved, near
from relationdesk.model import DayKind
from relationdesk.prompts.base import History, away
from relationdesk.saying import counted, say
from relationdesk.text import listed, place_name, short_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A day of somebody that is near. when: this time. distance: days to it, negative for a day that is past. years: since the first, None
    where no place tells the year."""

    known: Known
    when: date
    distance: int
    years: int | None

    @property
    def is_round(self) -> bool:
        return self.years is not None and self.years > 0 and self.years % 10 == 0


def day_of(history: History, kind: DayKind) -> Known | None:
    return next((one for one in history.days if one.kind is kind), None)


def occasion(known: Known | None, now: datetime, ahead: int, late: int) -> Occasion | None:
    """The day, by the user's calendar, if it is at most `ahead` days to come or `late` days past."""
    if known is None:
        return None
    day, today = known.held.day, now.astimezone().date()
    when = near(day.month, day.day, today, ahead, late)
    if when is None:
        return None
    return Occasion(known=known, when=when, distance=(when - today).days, years=when.year - day.year if day.year is not None else None)


def distance(now: datetime, when: date) -> str:
    """ "today", "tomorrow", "in 3 days", "2 days ago", by the user's calendar days."""
    return away((when - now.astimezone().date()).days)


def is_on(now: datetime, found: Occasion) -> str:
    """ "is today", "is on 4 May, in 3 days", "was on 4 May, 2 days ago", and why it is a day earlier than the places say."""
    when, away = short_day(found.when), distance(now, found.when)
    said = say("is today") if found.distance == 0 else say("is on {when}, {away}", when=when, away=away) if found.distance > 0 else say("was on {when}, {away}", when=when, away=away)
    return say("{is_on} (there is no 29 February this year)", is_on=said) if is_moved(found.known.held.day, found.when) else said


def evidence(known: Known) -> list[Evidence]:
    """Who says so, and who says something else."""
    return [_says(known.held), *(_says(other, counts=False) for other in known.others)]


def _says(said: Said, *, counts: bool = True) -> Evidence:
    day = in_words(said.day)
    if tuple(said.places) == (MINE,):
        return Evidence(sentence=say("You say {day}.", day=day) if counts else say("You say {day}, which does not count here.", day=day))
    n, places = len(said.places), listed([say("You") if place == MINE else place_name(place) for place in said.places])
    if counts:
        return Evidence(sentence=counted(n, "{places} says {day}.", "{places} say {day}.", places=places, day=day))
    return Evidence(sentence=counted(n, "{places} says {day}, which does not count here.", "{places} say {day}, which does not count here.", places=places, day=day))


def held_back(history: History, when: date, known: Known | None = None) -> str:
    """Why the user is not asked to say something about a day; "" if nothing holds it back. known: what is said of it, whose keeper the user may be."""
    name = history.person.name
    if not history.exchanged and (known is None or MINE not in known.held.places):
        return say("You and {name} were never in touch both ways, and they are in no bucket of yours.", name=name)
    turned = max((at for at in (history.person.last_out, history.spoke) if at is not None), default=None)
    if turned is not None and turned.astimezone().date() >= when:
        return say("You were in touch with them on {turned}, since that day came.", turned=short_day(turned))
    return ""


def weight(most: float, away: int) -> float:
    """Most on the day itself."""
    return most - 3.0 * abs(away)


def ordinal(n: int) -> str:
    """ "1st", "12th", "23rd"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th") if n % 100 not in (11, 12, 13) else "th"
    return f"{n}{ending}"


def years(n: int) -> str:
    return counted(n, "{n} year", "{n} years")


def shifted(first: date, last: date, today: date, ahead: int, late: int) -> Iterator[tuple[int, date, date]]:
    """(years, from, until) of each anniversary of a stretch of days that is near, the next one first."""
    for n in range(max(1, today.year - last.year - 1), today.year - first.year + 2):
        start, end = _later(first, n), _later(last, n)
        if (start - today).days <= ahead and (today - end).days <= late:
            yield n, start, end


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
