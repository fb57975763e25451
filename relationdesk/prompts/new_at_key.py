"""Somebody new at a key company: the first to greet them is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, ago, days_between, made
from relationdesk.text import day


@dataclass(frozen=True)
class NewAtKey:
    """They came into the desk within `days`, at a key company of which others were there before; and nothing went from me to them."""

    name = "new_at_key"
    asks = Asks.CONTACT
    needs = "standing"
    minutes = 10
    days: int = 21

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        standing = history.standing
        if standing is None or not standing.key or standing.joined is None or not 0 <= days_between(now, standing.joined) <= self.days:
            return
        others = standing.known - 1
        who = "somebody" if others == 1 else f"{others} others"
        yield made(
            self, history, standing.uid, f"new at {standing.company}",
            f"{history.person.name} is in this desk since {ago(now, standing.joined)}; at {standing.company}, a key company, you knew {who} before.",
            [Evidence(sentence=f"Came into this desk on {day(standing.joined)}.", published=standing.joined)],
            35.0 - days_between(now, standing.joined) / 2, "You have written to them." if history.person.last_out is not None else "",
        )  # fmt: skip
