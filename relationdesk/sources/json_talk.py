"""How a place that speaks JSON is asked: what every such conversation has in common. The rest is the place's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relationdesk.errors import SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.json_fields import Json
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door


class NotShown(SourceUnavailable):
    """What this key may not read: asking again will not help, unlike a server that has a problem of its own."""

    usual = Trouble.HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonTalk:
    """One server, and who asks it. token "": nobody in particular. clock: aware UTC now."""

    door: Door
    base: str
    clock: Callable[[], datetime]
    token: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    def get(self, path: str, *, tag: str = "") -> Answer:
        """The answer to a question; 304 where `tag` (an ETag) still holds. Raises the errors of the door."""
        conditions = [("If-None-Match", tag)] if tag else []
        return self.door.get(self.base + path, headers=conditions, token=self.token, token_origin=self.base, accept="application/json")

    def object(self, path: str) -> Json:
        """An object. Raises UnexpectedAnswer for anything else."""
        data: Any = self.get(path).json()
        if not isinstance(data, dict):
            raise self.odd()
        return data

    def list_in(self, answer: Answer) -> list[Json]:
        data = answer.json()
        if not isinstance(data, list):
            raise self.odd()
        return [item for item in data[:200] if isinstance(item, dict)]

    def odd(self) -> UnexpectedAnswer:
        return UnexpectedAnswer(
            say("{host} answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again.", host=self.host)
        )

    def not_shown(self) -> NotShown:
        return NotShown(say("{host} does not show this with our key. What was read before is kept; it will be tried again.", host=self.host))
