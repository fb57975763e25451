"""They praise or recommend me or us in public: thank them while it is fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import Audience, Kind
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, made, newest_of, tail_of, where
from relationdesk.prompts.speech import Speech
from relationdesk.saying import marked, say


@dataclass(frozen=True)
class Praise:
    """A recommendation for me, or public words of the last `days` that are praise, said to me or naming one of our words, and no word from
    me since."""

    name = "praise"
    says = marked("They recommended or praised you in public, and you have not answered since.")
    asks = Asks.CONTACT
    needs = "heard"
    minutes = 5
    days: int = 14
    recommendation_days: int = 45

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        newest = newest_of([h for h in history.heard if self._counts(h, now)])
        if newest is None:
            return
        recommends = newest.activity.kind is Kind.RECOMMENDATION
        told = {"person": history.person.name, "where": where(newest.activity), "when": ago(now, newest.published)}
        yield made(
            self, history, tail_of(newest.heard.item), say("thank them, they recommended you") if recommends else say("thank them, they praised you"),
            say("{person} recommended you {where} {when}, and you have not thanked them yet.", **told) if recommends
            else say("{person} praised you {where} {when}, and you have not thanked them yet.", **told),
            newest.evidence, (55.0 if recommends else 45.0) - days_between(now, newest.published), newest.why_not,
        )  # fmt: skip

    def _counts(self, heard: Heard, now: datetime) -> bool:
        activity, published = heard.item.activity, heard.item.published
        if activity is None or published is None or not (heard.towards_me or heard.whose == "mine"):
            return False
        age = days_between(now, published)
        if activity.kind is Kind.RECOMMENDATION:
            return 0 <= age <= self.recommendation_days
        praised = heard.told is not None and heard.told.speech is Speech.PRAISE
        return praised and activity.audience is not Audience.PRIVATE and 0 <= age <= self.days
