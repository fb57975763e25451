"""They began where they work on such a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, Began, History, made
from relationdesk.prompts.occasions import distance, evidence, held_back, is_on, occasion, shifted, weight, years
from relationdesk.saying import marked, say
from relationdesk.text import day, place_name


@dataclass(frozen=True)
class WorkAnniversary:
    """A place tells the day on which they began, at most `ahead_days` to come or `late_days` past. Where none does: a place told one firm,
    and another at most `unsure_days` later, so the day lies between, and it is said so."""

    name = "work_anniversary"
    says = marked("The day on which they began where they work, as a place tells it.")
    asks = Asks.GREETING
    needs = "work"
    minutes = 5
    ahead_days: int = 2
    late_days: int = 7
    unsure_days: int = 92

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        if isinstance(history.work, Began):
            yield from self._about(history, history.work, now)
            return
        found = occasion(history.work, now, self.ahead_days, self.late_days)
        if found is None or (found.years is not None and found.years < 1):
            return
        person, firm, away = history.person.name, history.person.company, distance(now, found.when)
        span = years(found.years) if found.years is not None else say("anniversary")
        title = say("{span} at {firm} {away}", span=span, firm=firm, away=away) if firm else f"{span} {away}"
        is_near = is_on(now, found)
        because = (
            say("The day on which {person} began at {firm} {is_on}.", person=person, firm=firm, is_on=is_near) if firm
            else say("The day on which {person} began in their job {is_on}.", person=person, is_on=is_near)
        )  # fmt: skip
        makes = " " + say("It makes {span}.", span=years(found.years)) if found.years is not None else ""
        yield made(
            self, history, str(found.when.year), title, because + makes, evidence(found.known),
            weight(38.0, found.distance), held_back(history, found.when, found.known),
        )  # fmt: skip

    def _about(self, history: History, began: Began, now: datetime) -> Iterator[Prompt]:
        """The day is known only as one of a stretch: it is spoken of at its end, when it is certain."""
        if began.until - began.since > timedelta(days=self.unsure_days):
            return
        today = now.astimezone().date()
        near = next(shifted(began.until, began.until, today, self.ahead_days, self.late_days), None)
        if near is None:
            return
        n, when, _ = near
        name, place = history.person.name, place_name(began.place)
        yield made(
            self, history, str(when.year), say("about {span} at {firm}", span=years(n), firm=began.firm),
            say("{name} has been at {firm} for about {span}: {place} told another firm until {since} and this one from {until} on.", name=name, firm=began.firm, span=years(n), place=place, since=day(began.since), until=day(began.until)),
            [Evidence(sentence=say("{place}: “{before}” on {since}, “{firm}” on {until}. The day between is not known.", place=place, before=began.before, since=day(began.since), firm=began.firm, until=day(began.until)))],
            weight(34.0, (when - today).days), held_back(history, when),
        )  # fmt: skip
