"""How Stack Exchange is asked: one API for all sites, a day's quota, and "backoff" seconds that have to be kept for the method that said so.

Errors come as numbers in the answer, whatever the status. Since June 2026 a key goes into a header, never into the address. Nothing
waits here: who would ask too early is told until when, and goes on by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from relationdesk.errors import LoginRejected, RateLimited, SourceError, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.door_answers import DEFAULT_WAIT, MAX_WAIT, raise_for
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.json_talk import JsonTalk

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

API = "https://api.stackexchange.com/2.3"
PAGE = 100
FIELDS = "user.about_me;post.title;answer.title;comment.link;comment.post_type"
"""What the API leaves out unless it is asked for."""
_TOLD = frozenset({400, 401, 402, 403, 404, 405, 406, 407, 500, 502, 503})


@dataclass(slots=True)
class Memory:
    """What has to be kept from one question to the next while the program runs. waits: until when a method (or "", all of
    them) is left alone. shape: the API's name for FIELDS, "" until it gave one."""

    waits: dict[str, datetime] = field(default_factory=dict)
    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    items: tuple[Json, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """The API, for one site after the other."""

    memory: Memory = field(default_factory=Memory)

    def ask(self, path: str, host: str = "", *, method: str = "", page: int = 1, **query: str | int) -> Reply:
        """One page of a list. host: the site, "" for what belongs to the whole network. method: the name by which the API asks to be
        left alone, the path without numbers if it is not given.

        Raises RateLimited (a wait that is in force or told now), LoginRejected, and the errors of the door.
        """
        name = method or re.sub(r"/[\d;]+", "/ids", path)
        self._may(name)
        given: dict[str, str | int] = {"site": host} if host else {}
        full = given | ({"pagesize": PAGE, "page": page} if page else {}) | query
        data = self._data(self._got(f"{path}?{urlencode(full)}" if full else path))
        items = data.get("items")
        if not isinstance(items, list):
            raise self.odd()
        self._keep(name, data)
        return Reply(items=tuple(item for item in items[: 2 * PAGE] if isinstance(item, dict)), more=data.get("has_more") is True)

    def shape(self) -> str:
        """The name of a filter that gives FIELDS, too; the usual one if there is none to be had."""
        if not self.memory.shape:
            try:
                made = self.ask("/filters/create", page=0, base="withbody", include=FIELDS, unsafe="false")
                self.memory.shape = string(made.items[0], "filter", 100) if made.items else ""
            except (RateLimited, LoginRejected):
                raise
            except SourceError:
                pass
        return self.memory.shape or "withbody"

    def _got(self, path: str) -> Answer:
        return self.door.get(self.base + path, token=self.token, token_origin=self.base, accept="application/json", also=_TOLD)

    def _may(self, method: str) -> None:
        now = self.clock()
        ends = [end for name in (method, "") if (end := self.memory.waits.get(name)) is not None and now < end <= now + MAX_WAIT]
        if ends:
            raise self._wait(max(ends))

    def _wait(self, until: datetime) -> RateLimited:
        return RateLimited(say("{host} asks us to wait. Nothing is lost; reading goes on by itself.", host=self.host), until=until)

    def _keep(self, method: str, data: Mapping[str, Any]) -> None:
        """What the answer asks of the next question."""
        now = self.clock()
        if seconds := _number(data, "backoff"):
            self.memory.waits[method] = now + timedelta(seconds=min(seconds, 24 * 3600))
        if _number(data, "quota_remaining") == 0 and "quota_remaining" in data:
            self.memory.waits[""] = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def _data(self, answer: Answer) -> Mapping[str, Any]:
        try:
            data: Any = answer.json()
        except UnexpectedAnswer:
            data = None
        error = _number(data, "error_id") if isinstance(data, dict) else 0
        if not error:
            raise_for(answer, with_token=bool(self.token), now=self.clock())
            if not isinstance(data, dict):
                raise self.odd()
            return data
        words = string(data, "error_message", 500)
        if error == 502:
            told = re.search(r"(\d{1,7}) seconds", words)
            until = self.clock() + (min(timedelta(seconds=int(told[1])), MAX_WAIT) if told else DEFAULT_WAIT)
            self.memory.waits[""] = until
            raise self._wait(until)
        if self.token and (error in (401, 402, 403, 405, 406) or (error == 400 and re.search(r"\b(key|token)\b", words, re.IGNORECASE))):
            raise LoginRejected(say("{host} does not accept this key (any more). What was read before is kept; paste a new one.", host=self.host))
        if error == 400 and "site" in words.lower():
            raise NoSite(say("This is no site of the Stack Exchange network. Nothing was changed; check the address."))
        raise SourceUnavailable(say("{host} does not answer this at the moment. What was read before is kept; it will be tried again.", host=self.host))


class NoSite(UnexpectedAnswer):
    """The API knows no site of this address."""


def _number(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
