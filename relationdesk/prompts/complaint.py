"""They complain, to me or about us, and I have said nothing to them since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import Audience
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, made, newest_of, tail_of, where
from relationdesk.prompts.speech import Speech
from relationdesk.saying import marked, say


@dataclass(frozen=True)
class Complaint:
    """Words of the last `days` that are a complaint, said to me or naming one of our words. Private ones only if a strong phrase says so."""

    name = "complaint"
    says = marked("What they wrote sounds like a complaint, and you have not answered since.")
    asks = Asks.ANSWER
    needs = "heard"
    minutes = 15
    days: int = 14

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        newest = newest_of([h for h in history.heard if _counts(h, now, self.days)])
        if newest is None:
            return
        public = newest.activity.audience is not Audience.PRIVATE
        age = days_between(now, newest.published)
        by = newest.heard.told.by[0] if newest.heard.told else ""
        yield made(
            self, history, tail_of(newest.heard.item), say("a complaint in public") if public else say("a complaint"),
            say("{person} wrote “{by}” {where} {when}, and you have not answered in any place.", person=history.person.name, by=by, where=where(newest.activity), when=ago(now, newest.published)),
            newest.evidence, (95.0 if public else 85.0) - age, newest.why_not,
        )  # fmt: skip


def _counts(heard: Heard, now: datetime, days: int) -> bool:
    told, activity, published = heard.told, heard.item.activity, heard.item.published
    if told is None or told.speech is not Speech.COMPLAINT or activity is None or published is None or not 0 <= days_between(now, published) <= days:
        return False
    return (heard.towards_me or heard.whose == "mine") and (told.sure or activity.audience is not Audience.PRIVATE)
