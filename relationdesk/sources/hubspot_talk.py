"""How HubSpot is asked: pages of a list, searches, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from relationdesk.errors import RateLimited, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.door_answers import MAX_WAIT, raise_for
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.json_talk import JsonTalk

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

API = "https://api.hubapi.com"
_LOOKED_AT = frozenset({403, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """zone: at whose midnight the questions of a day are counted anew."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def get(self, path: str, *, tag: str = "") -> Answer:
        """The answer to a question. Raises the errors of the door; NotShown for what this key has no right to."""
        answer = self.door.get(self.base + path, token=self.token, token_origin=self.base, accept="application/json", also=_LOOKED_AT)
        return self._checked(answer)

    def search(self, path: str, question: Mapping[str, object]) -> Json:
        """The object that answers a question with a body. Raises as `get` does."""
        answer = self.door.ask(
            "POST", self.base + path, json.dumps(question).encode(), content_type="application/json", token=self.token, accept="application/json",
            also=_LOOKED_AT,
        )  # fmt: skip
        return self._object(self._checked(answer))

    def object(self, path: str) -> Json:
        return self._object(self.get(path))

    def _object(self, answer: Answer) -> Json:
        data: Any = answer.json()
        if not isinstance(data, dict):
            raise self.odd()
        return data

    def results(self, data: Json) -> Sequence[Json]:
        """The records in an answer. Raises UnexpectedAnswer where there is no list of them."""
        found = data.get("results")
        if not isinstance(found, list):
            raise self.odd()
        return [each for each in found if isinstance(each, dict)]

    def _checked(self, answer: Answer) -> Answer:
        if answer.status not in _LOOKED_AT:
            return answer
        now = self.clock()
        if answer.status == 429 and self._words(answer, "policyName") == "DAILY":
            raise RateLimited(
                say("{host} was asked as often as this portal may in a day. Nothing is lost; reading goes on by itself tomorrow.", host=self.host),
                until=min(_midnight(now, self.zone), now + MAX_WAIT),
            )
        if answer.status == 403 and self._words(answer, "category") == "MISSING_SCOPES":
            raise self.not_shown()
        raise_for(answer, with_token=False, now=now)  # which always raises: another 403 is no reason to doubt the key
        return answer

    def _words(self, answer: Answer, name: str) -> str:
        try:
            return string(answer.json(), name, 100).upper()
        except UnexpectedAnswer:
            return ""


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    return (local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)).astimezone(now.tzinfo)
