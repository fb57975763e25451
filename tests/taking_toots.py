"""As much of Mastodon as it takes to be told something, without its keys for a second try: whatever it is given twice, it has twice."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from relationdesk.model import Activity, Key, Kind, Login
from tests.facts import NOW
from tests.taking import Place, Query, Said


class Toots(Place):
    """Posts of Joe (the 9th, and any other of two digits), and what Sam says. pressed: by post, what Sam gave it."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.pressed: dict[str, set[str]] = {}

    def _who(self, name: str) -> dict[str, Any]:
        return {"id": name, "username": name, "acct": name, "uri": f"{self.base}/users/{name}", "url": f"{self.base}/@{name}", "display_name": name.title()}

    def _status(self, number: str, who: str, text: str, answers: str | None, at: str) -> dict[str, Any]:
        return {
            "id": number, "uri": f"{self.base}/users/{who}/statuses/{number}", "url": f"{self.base}/@{who}/{number}", "created_at": at, "visibility": "public",
            "content": "<p>" + escape(text, quote=False).replace("\n\n", "</p><p>") + "</p>", "in_reply_to_id": answers,
            "account": self._who(who), "mentions": [], "media_attachments": [], "reblog": None, "spoiler_text": "",
        }  # fmt: skip

    def answer(self, method: str, path: str, query: Query, data: Any, headers: dict[str, str]) -> Said:
        if method == "POST" and path == "/api/v1/statuses":
            made = self._status(str(1000 + len(self.took)), "sam", data["status"], data.get("in_reply_to_id"), self.now())
            self.took.append(data["status"].removeprefix("@joe "))
            self.posts.append(made)
            return 200, made
        if found := re.fullmatch(r"/api/v1/statuses/(\d{1,2})(?:/(un)?(favourite|reblog))?", path):
            pressed = self.pressed.setdefault(found[1], set())
            if found[3]:
                (pressed.discard if found[2] else pressed.add)(found[3])
                self.took.append(f"{found[2] or ''}{found[3]} {found[1]}")
            told = {"favourited": "favourite" in pressed, "reblogged": "reblog" in pressed}
            return 200, {**self._status(found[1], "joe", "Anybody?", None, "2026-11-20T08:00:00Z"), **told}
        if path.endswith("/verify_credentials"):
            return 200, self._who("sam")
        if path == "/api/v1/accounts/sam/statuses":
            return 200, self.posts[::-1]
        return 404, {"error": "none"}


def login_at(place: Toots) -> Login:
    me = Key("mastodon", f"{place.base}/users/sam")
    return Login(id=0, source="mastodon", place="mastodon", address=place.base, user_name="sam", profile=me, has_token=True, allow_private=True)


def pressed_before() -> Toots:
    """Post 10 is liked already, 11 passed on."""
    place = Toots()
    place.pressed = {"10": {"favourite"}, "11": {"reblog"}}
    return place


def item_of(place: Toots, number: int = 9) -> Activity:
    joe = Key("mastodon", f"{place.base}/users/joe")
    return Activity(key=Key("mastodon", f"{joe.native_id}/statuses/{number}"), actor=joe, kind=Kind.POST, published=NOW, text="Anybody?")
