"""They complain, to me or about us, and I have said nothing to them since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.model import Audience
from relationdesk.prompts.base import Asks, Heard, History, ago, days_between, evidence_heard, made, tail_of, where
from relationdesk.prompts.speech import Speech


@dataclass(frozen=True)
class Complaint:
    """Words of the last `days` that are a complaint, said to me or naming one of our words. Private ones only if a strong phrase says so."""

    name = "complaint"
    asks = Asks.ANSWER
    needs = "heard"
    minutes = 15
    days: int = 14

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        found = [h for h in history.heard if _counts(h, now, self.days)]
        waiting = [h for h in found if h.is_open]
        newest = next(iter(waiting or found), None)
        if newest is None or newest.item.activity is None or newest.item.published is None:
            return
        public = newest.item.activity.audience is not Audience.PRIVATE
        age = days_between(now, newest.item.published)
        by = newest.told.by[0] if newest.told else ""
        yield made(
            self, history, tail_of(newest.item), "a complaint in public" if public else "a complaint",
            f"{history.person.name} wrote “{by}” {where(newest.item.activity)} {ago(now, newest.item.published)}, and you have not answered in any place.",
            [evidence_heard(h) for h in (waiting or found)[:3]], (95.0 if public else 85.0) - age,
            "" if waiting else "You turned to them after it.",
        )  # fmt: skip


def _counts(heard: Heard, now: datetime, days: int) -> bool:
    told, activity, published = heard.told, heard.item.activity, heard.item.published
    if told is None or told.speech is not Speech.COMPLAINT or activity is None or published is None or not 0 <= days_between(now, published) <= days:
        return False
    return (heard.towards_me or heard.whose == "mine") and (told.sure or activity.audience is not Audience.PRIVATE)
