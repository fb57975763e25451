"""How GitHub is asked: headers it wants, its two kinds of limits, and what its refusals mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relationdesk.errors import RateLimited, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.door_answers import raise_for, wait_until
from relationdesk.sources.github_facts import Hub
from relationdesk.sources.json_fields import string
from relationdesk.sources.json_talk import JsonTalk

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

API = "https://api.github.com"
_VERSION = "2026-03-10"


def headers_for(base: str) -> list[tuple[str, str]]:
    return [("X-GitHub-Api-Version", _VERSION)] if base == API else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """One GitHub server. hub: whose numbers it gives."""

    hub: Hub = field(default_factory=Hub)

    def get(self, path: str, *, tag: str = "") -> Answer:
        """The answer to a question; 304 where `tag` (an ETag) still holds. Raises the errors of the door.

        A 403 is no reason to doubt the key: GitHub uses it for its limits and for what this key may not read (networks.md 2.3).
        """
        answer = self.door.get(
            self.base + path, headers=[*headers_for(self.base), *([("If-None-Match", tag)] if tag else [])], token=self.token,
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
            raise RateLimited(say("{host} asks us to wait. Nothing is lost; reading goes on by itself.", host=self.host), until=wait_until(answer, now))
        try:
            raise_for(answer, with_token=False, now=now)
        except SourceUnavailable as e:
            if not self.token:
                raise
            raise self.not_shown() from e
