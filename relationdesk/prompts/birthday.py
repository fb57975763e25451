"""Their birthday is near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import DayKind
from relationdesk.prompts.base import Asks, History, made
from relationdesk.prompts.occasions import day_of, distance, evidence, held_back, is_on, occasion, weight
from relationdesk.saying import marked, say


@dataclass(frozen=True)
class Birthday:
    """It is at most `ahead_days` to come or `late_days` past. Where places differ, `life_days.known` says which day counts."""

    name = "birthday"
    says = marked("Their birthday is near, as an address book or a CRM says.")
    asks = Asks.GREETING
    needs = "days"
    minutes = 5
    ahead_days: int = 3
    late_days: int = 3

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        found = occasion(day_of(history, DayKind.BIRTHDAY), now, self.ahead_days, self.late_days)
        if found is None:
            return
        away = distance(now, found.when)
        title = say("birthday was {away}", away=away) if found.distance < 0 else say("birthday {away}", away=away)
        is_round = " " + say("It is a round one: {years}.", years=found.years) if found.is_round else ""
        yield made(
            self, history, str(found.when.year), title,
            say("The birthday of {person} {is_on}.", person=history.person.name, is_on=is_on(now, found)) + is_round, evidence(found.known),
            weight(50.0, found.distance) + (5.0 if is_round else 0.0), held_back(history, found.when, found.known),
        )  # fmt: skip
