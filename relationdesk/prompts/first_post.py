"""The first sign after a long silence: a good moment to say hello."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.prompts.base import Asks, History, ago, days_between, evidence_of, made, tail_of, where
from relationdesk.saying import counted, marked, say


@dataclass(frozen=True)
class FirstPost:
    """Something came in the last `days` from somebody of whom nothing had come for `silent_days` before, in no place."""

    name = "first_post"
    says = marked("The first sign after a long silence.")
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
            self, history, tail_of(back), counted(history.back_after, "back after {n} silent day", "back after {n} silent days"),
            counted(
                history.back_after, "{person} did something {where} {when}, the first sign after {n} day.", "{person} did something {where} {when}, the first sign after {n} days.",
                person=history.person.name, where=where(back.activity), when=ago(now, back.published),
            ),
            [evidence_of(back)], 30.0, say("You wrote to them since.") if mine is not None and mine > back.published else "",
        )  # fmt: skip
