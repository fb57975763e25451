"""They introduced somebody to me: thank them, and tell them what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, made, newest_of, tail_of, where
from relationdesk.prompts.speech import Speech
from relationdesk.saying import marked, say


@dataclass(frozen=True)
class ThankReferral:
    """Words to me of the last `days` by which they introduce somebody, and no word from me to them since."""

    name = "thank_referral"
    says = marked("They introduced somebody to you, and you have not answered since.")
    asks = Asks.CONTACT
    needs = "heard"
    minutes = 5
    days: int = 14

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        newest = newest_of([h for h in history.heard if _counts(h, now, self.days)])
        if newest is None:
            return
        yield made(
            self, history, tail_of(newest.heard.item), say("thank them, they introduced somebody to you"),
            say("{person} introduced somebody {where} {when}, and you have not thanked them yet.", person=history.person.name, where=where(newest.activity), when=ago(now, newest.published)),
            newest.evidence, 50.0 - days_between(now, newest.published) / 2, newest.why_not,
        )  # fmt: skip


def _counts(heard: Heard, now: datetime, days: int) -> bool:
    told, published = heard.told, heard.item.published
    introduces = told is not None and told.speech is Speech.REFERRAL
    return introduces and heard.towards_me and published is not None and 0 <= days_between(now, published) <= days
