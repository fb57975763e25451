"""A ticket of theirs is open for long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, days_between, made, tail_of, text_of
from relationdesk.saying import counted, marked, say
from relationdesk.text import place_name

_DONE = ("closed", "solved", "resolved", "done", "geschlossen", "gelöst")


@dataclass(frozen=True)
class TicketOpen:
    """A ticket of the CRM is neither closed nor solved `days` after it was opened, and not older than `at_most_days`."""

    name = "ticket_open"
    says = marked("A ticket in the CRM has been open for long.")
    asks = Asks.CONTACT
    needs = "records"
    minutes = 10
    days: int = 7
    at_most_days: int = 180

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        for item in history.records:
            if item.activity is None or item.published is None or text_of(item, "record") not in ("ticket", "case") or text_of(item, "closed"):
                continue
            open_for, status = days_between(now, item.published), text_of(item, "status")
            if not self.days <= open_for <= self.at_most_days or any(word in status.casefold() for word in _DONE):
                continue
            state = f"“{status}”" if status else say("open")
            yield made(
                self, history, f"{tail_of(item)}:{status}", counted(open_for, "a ticket open for {n} day", "a ticket open for {n} days"),
                counted(open_for, "The ticket “{title}” has been {state} for {n} day.", "The ticket “{title}” has been {state} for {n} days.", title=item.activity.title, state=state),
                [Evidence(sentence=f"{place_name(item.activity.key.place)}: {item.activity.title}", activity=item.activity.key, published=item.published)],
                30.0 + min(20.0, open_for / 2),
            )  # fmt: skip
