"""How GitLab is asked, and what its refusals mean. A key is taken as a bearer, whatever kind it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relationdesk.errors import SourceUnavailable
from relationdesk.sources.door_answers import raise_for
from relationdesk.sources.gitlab_facts import Lab
from relationdesk.sources.json_talk import JsonTalk

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

API = "https://gitlab.com/api/v4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """One GitLab server. lab: whose numbers it gives."""

    lab: Lab = field(default_factory=Lab)

    def get(self, path: str, *, tag: str = "") -> Answer:
        """The answer to a question; 304 where `tag` (an ETag) still holds. Raises the errors of the door.

        A 403 is no reason to doubt the key: it says that this key may not read that (`insufficient_scope`), or that it is closed.
        """
        answer = self.door.get(
            self.base + path, headers=[("If-None-Match", tag)] if tag else [], token=self.token, token_origin=self.base,
            accept="application/json", also=frozenset({403}),
        )  # fmt: skip
        if answer.status == 403:
            try:
                raise_for(answer, with_token=False, now=self.clock())
            except SourceUnavailable as e:
                if not self.token:
                    raise
                raise self.not_shown() from e
        return answer
