"""They like, comment and answer what I do, and nothing goes from me to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.prompts.base import Asks, History, days_between, evidence_of, made, where
from relationdesk.saying import marked, say


@dataclass(frozen=True)
class Reciprocity:
    """At least `at_least` times in the last `days` they turned to what I do, and I did nothing towards them in that time."""

    name = "reciprocity"
    says = marked("They react to what you do, and you do not react to them.")
    asks = Asks.CONTACT
    needs = "acts"
    minutes = 5
    at_least: int = 4
    days: int = 60

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        acts = history.acts
        if acts is None or acts.count < self.at_least or acts.newest.activity is None or acts.newest.published is None:
            return
        mine = max((m for m in (history.person.last_out, history.spoke) if m is not None), default=None)
        if not 0 <= days_between(now, acts.newest.published) <= self.days or (mine is not None and days_between(now, mine) < self.days):
            return
        times = f"{acts.count}" if acts.count < 20 else say("20 or more")  # no more are kept
        yield made(
            self, history, f"{acts.newest.published:%Y-%m}", say("turned to you {times} times, and you not once to them", times=times),
            say("{person} turned to what you do {times} times in {days} days, last {where}, and nothing went from you to them.", person=history.person.name, times=times, days=self.days, where=where(acts.newest.activity)),
            [evidence_of(acts.newest)], 15.0 + min(15.0, float(acts.count)),
        )  # fmt: skip
