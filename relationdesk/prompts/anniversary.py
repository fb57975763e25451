"""An anniversary of theirs is near, mostly of their wedding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import DayKind
from relationdesk.prompts.base import Asks, History, made
from relationdesk.prompts.occasions import day_of, distance, evidence, held_back, is_on, occasion, ordinal, weight
from relationdesk.saying import marked, say


@dataclass(frozen=True)
class Anniversary:
    """It is at most `ahead_days` to come or `late_days` past. Which one it is, address books do not tell."""

    name = "anniversary"
    says = marked("An anniversary of theirs is near, as an address book says.")
    asks = Asks.GREETING
    needs = "days"
    minutes = 5
    ahead_days: int = 3
    late_days: int = 3

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        found = occasion(day_of(history, DayKind.ANNIVERSARY), now, self.ahead_days, self.late_days)
        if found is None or (found.years is not None and found.years < 1):
            return
        away = distance(now, found.when)
        title = say("anniversary was {away}", away=away) if found.distance < 0 else say("anniversary {away}", away=away)
        which = " " + say("It is the {nth}.", nth=ordinal(found.years)) if found.years else ""
        yield made(
            self, history, str(found.when.year), title,
            say("An anniversary of {person} {is_on}.", person=history.person.name, is_on=is_on(now, found)) + which, evidence(found.known),
            weight(42.0, found.distance), held_back(history, found.when, found.known),
        )  # fmt: skip
