"""They praise or recommend me or us in public: thank them while it is fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import Audience, Kind
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, evidence_heard, made, tail_of, where
from relationdesk.prompts.speech import Speech


@dataclass(frozen=True)
class Praise:
    """A recommendation for me, or public words of the last `days` that are praise, said to me or naming one of our words, and no word from
    me since."""

    name = "praise"
    asks = Asks.CONTACT
    needs = "heard"
    minutes = 5
    days: int = 14
    recommendation_days: int = 45

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        found = [h for h in history.heard if self._counts(h, now)]
        waiting = [h for h in found if h.is_open]
        newest = next(iter(waiting or found), None)
        if newest is None or newest.item.activity is None or newest.item.published is None:
            return
        recommends = newest.item.activity.kind is Kind.RECOMMENDATION
        what = "recommended you" if recommends else "praised you"
        yield made(
            self, history, tail_of(newest.item), f"thank them, they {what}",
            f"{history.person.name} {what} {where(newest.item.activity)} {ago(now, newest.item.published)}, and you have not thanked them yet.",
            [evidence_heard(h) for h in (waiting or found)[:3]], (55.0 if recommends else 45.0) - days_between(now, newest.item.published),
            "" if waiting else "You turned to them after it.",
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
