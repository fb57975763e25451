"""Their role or firm changed, as a place tells it: a reason to write that everybody welcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, days_between, made
from relationdesk.saying import marked, say
from relationdesk.text import place_name, short_day


@dataclass(frozen=True)
class JobChange:
    """What a place says of their work was something else before the newest import of the last `days`. When it changed is not known, only when
    it was noticed."""

    name = "job_change"
    says = marked("A place says something new of their work.")
    asks = Asks.CONTACT
    needs = "changes"
    minutes = 10
    days: int = 30

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        change = next((c for c in history.changes if 0 <= days_between(now, c.noticed) <= self.days), None)
        if change is None or not history.exchanged:
            return
        what = say("a new firm") if change.is_firm else say("a new role")
        in_touch = history.contact is not None and history.contact > change.noticed
        yield made(
            self, history, f"{change.place}:{change.after}", f"{what}: {change.after}",
            say("{place} now says “{after}”; it said “{before}” before {noticed}.", place=place_name(change.place), after=change.after, before=change.before, noticed=short_day(change.noticed)),
            [Evidence(sentence=say("Before: {before}. Now: {after}. Noticed on {noticed}.", before=change.before, after=change.after, noticed=short_day(change.noticed)), published=change.noticed)],
            45.0 - days_between(now, change.noticed) / 2, say("You were in touch after it was noticed on {noticed}.", noticed=short_day(change.noticed)) if in_touch else "",
        )  # fmt: skip
