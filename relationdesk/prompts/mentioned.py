"""They named us, a competitor, or a word that the user watches, in public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import Audience
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, made, newest_of, tail_of, where
from relationdesk.saying import marked, say
from relationdesk.text import listed


@dataclass(frozen=True)
class Mentioned:
    """Public words of the last `days` in which a word of the settings occurs, whatever else they are."""

    name = "mentioned"
    says = marked("They used a word that you watch, in public.")
    asks = Asks.CONTACT
    needs = "heard"
    minutes = 5
    days: int = 7

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        newest = newest_of([h for h in history.heard if h.words and _counts(h, now, self.days)])
        if newest is None:
            return
        words = listed([f"“{word}”" for word in newest.heard.words[:3]])
        yield made(
            self, history, tail_of(newest.heard.item), _names(newest.heard.whose),
            say("{person} wrote of {words} {where} {when}.", person=history.person.name, words=words, where=where(newest.activity), when=ago(now, newest.published)),
            newest.evidence, {"mine": 35.0, "competitor": 40.0}.get(newest.heard.whose, 25.0) - 2 * days_between(now, newest.published), newest.why_not,
        )  # fmt: skip


def _counts(heard: Heard, now: datetime, days: int) -> bool:
    activity, published = heard.item.activity, heard.item.published
    public = activity is not None and activity.audience is not Audience.PRIVATE
    return public and published is not None and 0 <= days_between(now, published) <= days


def _names(whose: str) -> str:
    if whose == "mine":
        return say("named you")
    return say("named a competitor") if whose == "competitor" else say("named a word you watch")
