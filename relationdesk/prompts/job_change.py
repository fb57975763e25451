"""Their role or firm changed, as a place tells it: a reason to write that everybody welcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, days_between, made
from relationdesk.text import place_name, short_day


@dataclass(frozen=True)
class JobChange:
    """What a place says of their work was something else before the newest import of the last `days`. When it changed is not known, only when
    it was noticed."""

    name = "job_change"
    asks = Asks.CONTACT
    needs = "changes"
    minutes = 10
    days: int = 30

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        change = next((c for c in history.changes if 0 <= days_between(now, c.noticed) <= self.days), None)
        if change is None or not history.exchanged:
            return
        what = "a new firm" if change.is_firm else "a new role"
        in_touch = history.contact is not None and history.contact > change.noticed
        yield made(
            self, history, f"{change.place}:{change.after}", f"{what}: {change.after}",
            f"{place_name(change.place)} now says “{change.after}”; it said “{change.before}” before {short_day(change.noticed)}.",
            [Evidence(sentence=f"Before: {change.before}. Now: {change.after}. Noticed on {short_day(change.noticed)}.", published=change.noticed)],
            45.0 - days_between(now, change.noticed) / 2, f"You were in touch after it was noticed on {short_day(change.noticed)}." if in_touch else "",
        )  # fmt: skip
