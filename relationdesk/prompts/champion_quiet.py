"""An advocate is silent: the one whom to lose would cost most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, days_between, made, not_read
from relationdesk.text import day
from relationdesk.wishes import Step


@dataclass(frozen=True)
class ChampionQuiet:
    """Nothing came for `days` from somebody in a bucket that stands on the step of advocates, and every place of theirs was read since."""

    name = "champion_quiet"
    asks = Asks.CONTACT
    needs = "step"
    minutes = 15
    days: int = 45

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        last = history.person.last_in
        if history.step is not Step.ADVOCATE or last is None or last > now:
            return
        silent = days_between(now, last)
        if silent < self.days:
            return
        yield made(
            self, history, last.date().isoformat(), f"an advocate, silent for {silent} days",
            f"{history.person.name} speaks for you, and nothing came from them for {silent} days.",
            [Evidence(sentence=f"Last sign on {day(last)}.", published=last)],
            40.0 + min(20.0, (silent - self.days) / 3), not_read(history.coverage, last + timedelta(days=self.days)),
        )  # fmt: skip
