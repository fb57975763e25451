"""They named us, a competitor, or a word that the user watches, in public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import Audience
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, evidence_heard, made, tail_of, where
from relationdesk.text import listed

_WHOSE = {"mine": "you", "competitor": "a competitor", "watched": "a word you watch"}


@dataclass(frozen=True)
class Mentioned:
    """Public words of the last `days` in which a word of the settings occurs, whatever else they are."""

    name = "mentioned"
    asks = Asks.CONTACT
    needs = "heard"
    minutes = 5
    days: int = 7

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        found = [h for h in history.heard if h.words and _counts(h, now, self.days)]
        waiting = [h for h in found if h.is_open]
        newest = next(iter(waiting or found), None)
        if newest is None or newest.item.activity is None or newest.item.published is None:
            return
        words = listed([f"“{word}”" for word in newest.words[:3]])
        yield made(
            self, history, tail_of(newest.item), f"named {_WHOSE.get(newest.whose, 'a word you watch')}",
            f"{history.person.name} wrote of {words} {where(newest.item.activity)} {ago(now, newest.item.published)}.",
            [evidence_heard(h) for h in (waiting or found)[:3]],
            {"mine": 35.0, "competitor": 40.0}.get(newest.whose, 25.0) - 2 * days_between(now, newest.item.published),
            "" if waiting else "You turned to them after it.",
        )  # fmt: skip


def _counts(heard: Heard, now: datetime, days: int) -> bool:
    activity, published = heard.item.activity, heard.item.published
    public = activity is not None and activity.audience is not Audience.PRIVATE
    return public and published is not None and 0 <= days_between(now, published) <= days
