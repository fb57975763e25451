"""How Pipedrive is asked: two versions with two ways to turn a page, the token in a header of its own, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from relationdesk.errors import RateLimited
from relationdesk.saying import say
from relationdesk.sources.door_answers import MIN_WAIT, raise_for
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.json_talk import JsonTalk

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

_LEFT = ("x-daily-ratelimit-token-remaining", "x-daily-requests-left")


class Leaf(NamedTuple):
    """One page of a list. further: what to ask with for the next one, {} at the end."""

    records: list[Json]
    further: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """One firm's own address."""

    def get(self, path: str, *, tag: str = "") -> Answer:
        """The answer to a question. Raises the errors of the door; NotShown for what this firm or this user has no right to."""
        answer = self.door.get(
            self.base + path, token=self.token, token_in="x-api-token", token_origin=self.base, accept="application/json", also=frozenset({402, 403, 429})
        )
        if answer.status not in (402, 403, 429):
            return answer
        now = self.clock()
        if answer.status == 429 and any(answer.headers.get(name, "").strip().startswith(("0", "-")) for name in _LEFT):
            raise RateLimited(
                say("{host} was asked as often as this firm may in a day. Nothing is lost; reading goes on by itself tomorrow.", host=self.host),
                until=max(_midnight(now), now + MIN_WAIT),
            )
        if answer.status != 429:
            raise self.not_shown()
        raise_for(answer, with_token=False, now=now)  # which always raises
        return answer

    def list(self, path: str, query: Mapping[str, str]) -> Leaf:
        """One page of a list of either version. Raises UnexpectedAnswer for anything else, and as `get` does."""
        data: Any = self.get(f"{path}?{urlencode(query)}" if query else path).json()
        if not isinstance(data, dict) or data.get("success") is not True or not isinstance(data.get("data") or [], list):
            raise self.odd()
        more = record_of(data, "additional_data") or {}
        cursor, pages = string(more, "next_cursor", 2_000), record_of(more, "pagination") or {}
        start = string(pages, "next_start", 20) if pages.get("more_items_in_collection") is True else ""
        further = {"cursor": cursor} if cursor else {"start": start} if start else {}
        if any(query.get(name) == value for name, value in further.items()):
            further = {}
        return Leaf([each for each in data.get("data") or [] if isinstance(each, dict)], further)

    def one(self, path: str) -> Json:
        """The one record in an answer. Raises as `list` does."""
        data = record_of(self.object(path), "data")
        if data is None:
            raise self.odd()
        return data


def _midnight(now: datetime) -> datetime:
    """When the questions of a day are counted anew (UTC)."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
