"""The first sign after a long silence: a good moment to say hello."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.prompts.base import Asks, History, ago, days_between, evidence_of, made, tail_of, where


@dataclass(frozen=True)
class FirstPost:
    """Something came in the last `days` from somebody of whom nothing had come for `silent_days` before, in no place."""

    name = "first_post"
    asks = Asks.CONTACT
    needs = "back"
    minutes = 5
    days: int = 3
    silent_days: int = 90

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        back = history.back
        if back is None or back.activity is None or back.published is None or history.back_after < self.silent_days or not history.exchanged:
            return
        if not 0 <= days_between(now, back.published) <= self.days:
            return
        mine = history.person.last_out
        yield made(
            self, history, tail_of(back), f"back after {history.back_after} silent days",
            f"{history.person.name} did something {where(back.activity)} {ago(now, back.published)}, the first sign after {history.back_after} days.",
            [evidence_of(back)], 30.0, "You turned to them after it." if mine is not None and mine > back.published else "",
        )  # fmt: skip
