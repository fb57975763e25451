"""An advocate is silent: the one whom to lose would cost most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, days_between, made, not_read
from relationdesk.saying import counted, marked, say
from relationdesk.text import day
from relationdesk.wishes import Step


@dataclass(frozen=True)
class ChampionQuiet:
    """Nothing came for `days` from somebody in a bucket that stands on the step of advocates, and every place of theirs was read since."""

    name = "champion_quiet"
    says = marked("An advocate has been silent, and their places were read until now.")
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
            self, history, last.date().isoformat(), counted(silent, "an advocate, silent for {n} day", "an advocate, silent for {n} days"),
            counted(
                silent, "{person} speaks for you, and nothing came from them for {n} day.", "{person} speaks for you, and nothing came from them for {n} days.", person=history.person.name
            ),
            [Evidence(sentence=say("Last sign on {last}.", last=day(last)), published=last)],
            40.0 + min(20.0, (silent - self.days) / 3), not_read(history.coverage, last + timedelta(days=self.days)),
        )  # fmt: skip
