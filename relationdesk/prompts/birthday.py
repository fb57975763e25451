"""Their birthday is near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import DayKind
from relationdesk.prompts.base import Asks, History, made
from relationdesk.prompts.occasions import day_of, distance, evidence, held_back, is_on, occasion, weight


@dataclass(frozen=True)
class Birthday:
    """It is at most `ahead_days` to come or `late_days` past. Where places differ, `life_days.known` says which day counts."""

    name = "birthday"
    asks = Asks.GREETING
    needs = "days"
    minutes = 5
    ahead_days: int = 3
    late_days: int = 3

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        found = occasion(day_of(history, DayKind.BIRTHDAY), now, self.ahead_days, self.late_days)
        if found is None:
            return
        title = "birthday was" if found.distance < 0 else "birthday"
        is_round = f" It is a round one: {found.years}." if found.is_round else ""
        yield made(
            self, history, str(found.when.year), f"{title} {distance(now, found.when)}",
            f"The birthday of {history.person.name} {is_on(now, found)}.{is_round}", evidence(found.known),
            weight(50.0, found.distance) + (5.0 if is_round else 0.0), held_back(history, found.when, found.known),
        )  # fmt: skip
