"""How GitHub is asked: headers it wants, its two kinds of limits, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relationdesk.errors import RateLimited, SourceUnavailable, UnexpectedAnswer
from relationdesk.sources.door_answers import raise_for, wait_until
from relationdesk.sources.github_facts import Hub
from relationdesk.sources.json_fields import Json, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

API = "https://api.github.com"
_VERSION = "2026-03-10"


class NotShown(SourceUnavailable):
    """What this key may not read: asking again will not help, unlike a server that has a problem of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One server, and who asks it. token "": nobody in particular. clock: aware UTC now."""

    door: Door
    base: str
    clock: Callable[[], datetime]
    token: str = field(default="", repr=False)
    hub: Hub = field(default_factory=Hub)

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    def get(self, path: str, *, tag: str = "") -> Answer:
        """The answer to a question; 304 where `tag` (an ETag) still holds. Raises the errors of the door.

        A 403 is no reason to doubt the key: GitHub uses it for its limits and for what this key may not read (networks.md 2.3).
        """
        headers = [("X-GitHub-Api-Version", _VERSION)] if self.base == API else []
        answer = self.door.get(
            self.base + path, headers=[*headers, *([("If-None-Match", tag)] if tag else [])], token=self.token,
            token_origin=self.base, accept="application/vnd.github+json", also=frozenset({403}),
        )  # fmt: skip
        if answer.status == 403:
            self._refused(answer)
        return answer

    def _refused(self, answer: Answer) -> None:
        now = self.clock()
        try:
            words = string(answer.json(), "message", 500).lower()
        except UnexpectedAnswer:
            words = ""
        if "rate limit" in words or "abuse detection" in words:
            raise RateLimited(f"{self.host} asks us to wait. Nothing is lost; reading goes on by itself.", until=wait_until(answer, now))
        try:
            raise_for(answer, with_token=False, now=now)
        except SourceUnavailable as e:
            if not self.token:
                raise
            raise NotShown(f"{self.host} does not show this with our key. What was read before is kept; it will be tried again.") from e

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
            f"{self.host} answered something that is not the expected data. Nothing of it was kept and nothing was deleted; "
            "it will be tried again."
        )
