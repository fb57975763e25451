"""They began where they work on such a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, Began, History, made
from relationdesk.prompts.occasions import distance, evidence, held_back, is_on, occasion, shifted, weight, years
from relationdesk.text import day, place_name, short_day


@dataclass(frozen=True)
class WorkAnniversary:
    """A place tells the day on which they began, at most `ahead_days` to come or `late_days` past. Where none does: a place told one firm,
    and another at most `unsure_days` later, so the day lies between, and it is said so."""

    name = "work_anniversary"
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
        at = f" at {history.person.company}" if history.person.company else ""
        title = f"{years(found.years)}{at}" if found.years is not None else f"anniversary{at}"
        makes = f" It makes {years(found.years)}." if found.years is not None else ""
        yield made(
            self, history, str(found.when.year), f"{title} {distance(now, found.when)}",
            f"The day on which {history.person.name} began{at or ' in their job'} {is_on(now, found)}.{makes}", evidence(found.known),
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
            self, history, str(when.year), f"about {years(n)} at {began.firm}",
            f"{name} has been at {began.firm} for about {years(n)}: {place} told another firm until {short_day(began.since)} {began.since.year} and this one "
            f"from {day(began.until)} on.",
            [Evidence(sentence=f"{place}: “{began.before}” on {day(began.since)}, “{began.firm}” on {day(began.until)}. The day between is not known.")],
            weight(34.0, (when - today).days), held_back(history, when),
        )  # fmt: skip
