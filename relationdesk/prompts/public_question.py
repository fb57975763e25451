"""Somebody the user keeps asks in public, not me in particular: a chance to help."""

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
class PublicQuestion:
    """A public question of the last `days`, by somebody in a bucket or with a word that the user watches; not put to me, which is another rule."""

    name = "public_question"
    says = marked("They asked in public, not you in particular.")
    asks = Asks.CONTACT
    needs = "heard"
    minutes = 10
    days: int = 5

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        newest = newest_of([h for h in history.heard if (history.kept or h.words) and _counts(h, now, self.days)])
        if newest is None:
            return
        told = {"person": history.person.name, "where": where(newest.activity), "when": ago(now, newest.published)}
        word = newest.heard.words[0] if newest.heard.words else ""
        yield made(
            self, history, tail_of(newest.heard.item), say("a question in public about “{word}”", word=word) if word else say("a question in public"),
            say("{person} asked about “{word}” {where} {when}, open to everybody.", word=word, **told) if word
            else say("{person} asked {where} {when}, open to everybody.", **told),
            newest.evidence, (35.0 if newest.heard.words else 20.0) - 2 * days_between(now, newest.published), newest.why_not,
        )  # fmt: skip


def _counts(heard: Heard, now: datetime, days: int) -> bool:
    told, activity, published = heard.told, heard.item.activity, heard.item.published
    if told is None or told.speech is not Speech.QUESTION or heard.towards_me or activity is None or published is None:
        return False
    return activity.audience is not Audience.PRIVATE and 0 <= days_between(now, published) <= days
