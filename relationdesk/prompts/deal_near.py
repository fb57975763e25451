"""A deal of theirs closes, or a contract renews, soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from relationdesk.derived import Evidence, Item, Prompt
from relationdesk.prompts.base import Asks, History, away, made, tail_of, text_of
from relationdesk.saying import marked, say
from relationdesk.text import place_name, short_day

_DATES = ("close_date", "closing_date", "expected", "due")
_WON = ("won", "gewonnen")
_OVER = (*_WON, "lost", "closed", "verloren")


@dataclass(frozen=True)
class DealNear:
    """An open deal of the CRM whose day of closing is within `days`, or passed no longer than `late_days` ago."""

    name = "deal_near"
    says = marked("An open deal in the CRM closes soon.")
    asks = Asks.CONTACT
    needs = "records"
    minutes = 20
    days: int = 30
    late_days: int = 14

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        today = now.astimezone().date()
        for item in history.records:
            closes = closing(item)
            if item.activity is None or closes is None or text_of(item, "record") != "deal" or is_over(item):
                continue
            left = (closes - today).days
            if not -self.late_days <= left <= self.days:
                continue
            when = away(left)
            deal, stage, day = item.activity.title, text_of(item, "stage"), short_day(closes)
            title = say("the deal “{deal}” closes {when}", deal=deal, when=when) if left >= 0 else say("the deal “{deal}” should have closed {when}", deal=deal, when=when)
            named = f"“{deal}” ({stage})" if stage else f"“{deal}”"
            because = say("The deal {deal} closes on {day}.", deal=named, day=day) if left >= 0 else say("The deal {deal} should have closed on {day}.", deal=named, day=day)
            yield made(
                self, history, f"{tail_of(item)}:{closes.isoformat()}", title, because,
                [Evidence(sentence=f"{place_name(item.activity.key.place)}: {item.activity.title}", activity=item.activity.key, published=item.published)],
                50.0 - abs(left) / 2,
            )  # fmt: skip


def closing(item: Item) -> date | None:
    """The day that the CRM expects it to close, as far as it is written so that it means one day only."""
    for name in _DATES:
        value = text_of(item, name)
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            continue
    return None


def is_over(item: Item) -> bool:
    stage = f"{text_of(item, 'stage')} {text_of(item, 'status')}".casefold()
    return any(word in stage for word in _OVER) or any(text_of(item, name) for name in ("won", "lost"))


def is_won(item: Item) -> bool:
    stage = f"{text_of(item, 'stage')} {text_of(item, 'status')}".casefold()
    return any(word in stage for word in _WON) or bool(text_of(item, "won"))
