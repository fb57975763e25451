"""They suggest something to me or about us, and I have said nothing to them since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, made, newest_of, tail_of, where
from relationdesk.prompts.speech import Speech
from relationdesk.saying import marked, say


@dataclass(frozen=True)
class Suggestion:
    """Words of the last `days` that are a suggestion by a strong phrase, said to me or naming one of our words."""

    name = "suggestion"
    says = marked("What they wrote sounds like a suggestion, and you have not answered since.")
    asks = Asks.ANSWER
    needs = "heard"
    minutes = 10
    days: int = 14

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        newest = newest_of([h for h in history.heard if _counts(h, now, self.days)])
        if newest is None:
            return
        yield made(
            self, history, tail_of(newest.heard.item), say("a suggestion"),
            say("{person} made a suggestion {where} {when}, and you have not answered in any place.", person=history.person.name, where=where(newest.activity), when=ago(now, newest.published)),
            newest.evidence, 40.0 - days_between(now, newest.published), newest.why_not,
        )  # fmt: skip


def _counts(heard: Heard, now: datetime, days: int) -> bool:
    told, published = heard.told, heard.item.published
    if told is None or told.speech is not Speech.SUGGESTION or not told.sure or published is None:
        return False
    return (heard.towards_me or heard.whose == "mine") and 0 <= days_between(now, published) <= days
