"""How a forum is asked: as anybody, and with the key of a member only where that is not enough.

A key may ask 20 times a minute and 2,880 times a day, so what is public is asked for without it. What members only may see is told by
a refusal, by a page for signing in, or not at all: a forum is then closed to us.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relationdesk.errors import LoginRejected, RateLimited, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.discourse_facts import Forum
from relationdesk.sources.door_answers import MAX_WAIT, MIN_WAIT, raise_for
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.json_talk import JsonTalk
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

HEADER = "User-Api-Key"
_REFUSED = frozenset({401, 403, 429})


class Closed(SourceUnavailable):
    """Shown to members only, and we are none: a key would help."""

    usual = Trouble.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """One forum. members: ask with the key at once."""

    forum: Forum = field(default_factory=lambda: Forum(base=""))
    members: bool = False

    def get(self, path: str, *, tag: str = "") -> Answer:
        """The answer to a question; 304 where `tag` (an ETag) still holds. Raises Closed, RateLimited and the errors of the door."""
        headers = [("If-None-Match", tag)] if tag else []
        if not self.members:
            answer = self.door.get(self.base + path, headers=headers, accept="application/json", also=_REFUSED)
            if answer.status not in (401, 403) and not _wants_login(answer):
                return self._slowed(answer)
            raise Closed(
                say("{host} shows this to its members only. What was read before is kept; sign in with a key, or follow the page as a feed if it has one.", host=self.host)
            )
        answer = self.door.get(
            self.base + path, headers=headers, token=self.token, token_origin=self.base, token_in=HEADER, accept="application/json", also=_REFUSED,
        )  # fmt: skip
        if answer.status == 403 and error_type(answer) not in ("", "not_logged_in"):
            raise self.not_shown()
        if answer.status in (401, 403) or _wants_login(answer):
            raise LoginRejected(say("{host} does not accept this login (any more). What was read before is kept; sign in again.", host=self.host))
        return self._slowed(answer)

    def _slowed(self, answer: Answer) -> Answer:
        """A forum says how long to wait in the answer itself, some also in a header."""
        if answer.status == 429:
            if "retry-after" in answer.headers:
                raise_for(answer, with_token=False, now=self.clock())
            raise RateLimited(say("{host} asks us to wait. Nothing is lost; reading goes on by itself.", host=self.host), until=slowed_until(answer, self.clock()))
        return answer

    def records(self, path: str, name: str) -> list[Json]:
        """The list that stands under a name in an object. Raises UnexpectedAnswer for anything else."""
        found: Any = self.object(path).get(name)
        if not isinstance(found, list):
            raise self.odd()
        return [item for item in found[:200] if isinstance(item, dict)]


def slowed_until(answer: Answer, now: datetime) -> datetime:
    """When to ask again, as the answer itself says. now: aware UTC."""
    wait = (record_of(_json(answer), "extras") or {}).get("wait_seconds")
    seconds = wait if isinstance(wait, int) and not isinstance(wait, bool) and wait > 0 else 0
    return now + min(max(timedelta(seconds=min(seconds, 10**6)), MIN_WAIT), MAX_WAIT)


def _wants_login(answer: Answer) -> bool:
    """A page for signing in, in place of what was asked for."""
    if answer.status == 304:
        return False
    page = "html" in answer.headers.get("content-type", "").lower()
    return page and urlsplit(answer.url).path.rstrip("/").endswith(("/login", "/session/sso"))


def error_type(answer: Answer) -> str:
    """What a forum calls its refusal ("invalid_access"), "" if it does not say."""
    return string(_json(answer), "error_type", 100)


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except UnexpectedAnswer:
        return None
