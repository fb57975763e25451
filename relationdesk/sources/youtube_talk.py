"""How YouTube is asked with a key: every question costs one unit of the day's allowance, and refusals say why in their body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from relationdesk.errors import LoginRejected, RateLimited, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.door_answers import raise_for, wait_until
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

SITE = "https://www.youtube.com"
API = "https://www.googleapis.com/youtube/v3"
UNITS = 10_000
"""Questions a day that Google allows a free project."""
ZONE = "America/Los_Angeles"
"""At whose midnight the day of YouTube begins."""
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_NO_KEY = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_EXPIRED"})
_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED", "API_KEY_SERVICE_BLOCKED"})
_ELSEWHERE = frozenset({"ipRefererBlocked", "API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED"})
_KEPT = "What was read before is kept"


class Refused(SourceUnavailable):
    """YouTube's own word why it does not show this: "commentsDisabled", "playlistNotFound"."""

    usual = Trouble.HIDDEN

    def __init__(self, message: str, *, reasons: frozenset[str]) -> None:
        super().__init__(message)
        self.reasons = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """base: the API. clock: aware UTC now."""

    door: Door
    base: str
    clock: Callable[[], datetime]
    token: str = field(repr=False)

    def get(self, what: str, tag: str = "", **query: str | int) -> Json | None:
        """One list of resources, {} for an empty one; None where `tag` (its etag) still holds.

        Raises Refused where YouTube says why it does not show this, RateLimited when the day is used up, LoginRejected for a key
        that does not work, UnexpectedAnswer for anything else than a list, and the errors of the door.
        """
        answer = self.door.get(
            f"{self.base}/{what}?{urlencode(query)}", headers=[("If-None-Match", tag)] if tag else [], token=self.token, token_origin=self.base,
            token_in="X-Goog-Api-Key", accept="application/json", also=frozenset({400, 403, 404}),
        )  # fmt: skip
        if answer.status == 304:
            return None
        if answer.status >= 400:
            self._refused(answer)
        data: Any = answer.json()
        if not isinstance(data, dict) or not (isinstance(data.get("items"), list) or string(data, "kind", 100).endswith("ListResponse")):
            raise UnexpectedAnswer(
                say("YouTube answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again.")
            )
        return data

    def _refused(self, answer: Answer) -> None:
        reasons = _reasons(answer)
        now = self.clock()
        if reasons & _USED_UP:
            raise RateLimited(
                say("YouTube’s allowance for today is used up. Nothing is lost; reading goes on by itself after midnight in California."),
                until=min(midnight(now), now + timedelta(hours=24)),
            )  # fmt: skip
        if reasons & _TOO_FAST:
            raise RateLimited(say("YouTube asks us to wait. Nothing is lost; reading goes on by itself."), until=wait_until(answer, now))
        if reasons & _NO_KEY:
            raise LoginRejected(say("YouTube does not accept this key (any more). What was read before is kept; sign in again with another one."))
        if reasons & _OFF:
            raise LoginRejected(say("“YouTube Data API v3” is not switched on for this key. What was read before is kept; switch it on in the Google console, then sign in again."))
        if reasons & _ELSEWHERE:
            raise LoginRejected(say("This key is only meant for other computers or web pages. What was read before is kept; take that limit off in the Google console, then sign in again."))
        if reasons:
            raise Refused(say("YouTube does not show this. What was read before is kept; it will be tried again."), reasons=reasons)
        raise_for(answer, with_token=False, now=now)


def _reasons(answer: Answer) -> frozenset[str]:
    """All the words in which Google says why, of the old form and of the new."""
    try:
        error = record_of(answer.json(), "error")
    except UnexpectedAnswer:
        return frozenset()
    if error is None:
        return frozenset()
    found: list[Mapping[str, Any]] = [*records(error, "errors"), *records(error, "details")]
    return frozenset(reason for each in found if (reason := string(each, "reason", 100)))


def midnight(now: datetime) -> datetime:
    """The next one in California, aware UTC."""
    there = (now.astimezone(ZoneInfo(ZONE)) + timedelta(days=1)).date()
    return datetime(there.year, there.month, there.day, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
