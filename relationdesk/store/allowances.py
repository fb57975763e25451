"""How much was asked of what a place allows, by login, so that the count of a day survives quitting."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.model import Login
from relationdesk.store import settings
from relationdesk.store.database import Desk
from relationdesk.store.timekey import moment, seconds

SHORT = timedelta(hours=1)
"""A span so short is not spread: what is allowed in it may be asked at once."""
_HEAD_START = 12
"""Of a longer span, a twelfth may be asked at its beginning; the rest as time goes by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """asked of `most` questions in a span. renewed: aware UTC, when they are counted anew. after: the stream whose turn was last,
    "" when everybody was there."""

    asked: int = 0
    most: int
    span: timedelta
    since: datetime
    renewed: datetime
    after: str = ""

    def free(self, now: datetime) -> int:
        """How many questions may be asked by `now`; never more than are left."""
        return min(self.most, max(1, int(self.most * ((now - self.since) + self._lead()) / self.span))) - self.asked

    def next(self, now: datetime) -> datetime:
        """When the next question may be asked, after `now`."""
        if self.asked >= self.most:
            return max(self.renewed, now + timedelta(seconds=1))
        due = self.since + self.span * (self.asked + 1) / self.most - self._lead()
        return max(due.replace(microsecond=0) + timedelta(seconds=1), now + timedelta(seconds=1))

    def _lead(self) -> timedelta:
        return self.span if self.span <= SHORT else self.span / _HEAD_START


def used(db: Desk, login: Login) -> Used | None:
    """What was noted last; None for a login that was never counted."""
    try:
        data = json.loads(settings.value(db, _name(login)) or "{}")
        return Used(
            asked=max(0, int(data["asked"])), most=max(1, int(data["most"])), span=timedelta(seconds=max(1, int(data["span"]))),
            since=moment(int(data["since"])), renewed=moment(int(data["renewed"])), after=str(data["after"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _name(login: Login) -> str:
    return f"allowance:{login.secret_name}"


def save(db: Desk, login: Login, new: Used) -> None:
    """Outside `transaction`."""
    data = {
        "asked": new.asked, "most": new.most, "span": int(new.span.total_seconds()), "since": seconds(new.since),
        "renewed": seconds(new.renewed), "after": new.after,
    }  # fmt: skip
    settings.set_value(db, _name(login), json.dumps(data))
