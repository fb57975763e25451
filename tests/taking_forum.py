"""A forum on loopback that takes answers, likes and messages by a member's key; by what Discourse documents and its own code does."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import unquote

from relationdesk.model import Activity, Key, Kind, Login
from tests import forum
from tests.facts import NOW
from tests.forum import ANN, INVALID_ACCESS, JOE, NAMES, NOT_FOUND, NOT_LOGGED_IN, SAM
from tests.taking import Place, Query, Said

TOPIC = 31


class Forum(Place):
    """Topic 31: Ann began it (post 40, number 1), Joe answered (41, number 2; 42, number 3). gated: posts wait for moderators."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = self.archived = self.gated = self.writes_no_messages = False
        self.may_post = True
        self.may_write = True
        self.has_activity = True
        self.posts: list[dict[str, Any]] = []
        self.pending: list[dict[str, Any]] = []
        self.messages: dict[int, dict[str, Any]] = {}
        self.liked: set[int] = set()
        self.can_undo = True
        self._add(40, ANN, "Which lift?", TOPIC, 1)
        self._add(41, JOE, "@sam does it drip?", TOPIC, 2, answers=1)
        self._add(42, JOE, "Anybody?", TOPIC, 3, answers=1)

    def _add(self, number: int, who: int, raw: str, topic: int, place: int, answers: int = 0) -> dict[str, Any]:
        made = forum.post(
            number, who, topic, place, raw=raw, cooked="".join(f"<p>{escape(part)}</p>" for part in raw.split("\n\n")), created_at=self.now(), updated_at=self.now(),
            reply_to_post_number=None if answers in (0, 1) else answers, topic_title="Upgrade help",
        )  # fmt: skip
        self.posts.append(made)
        return made

    def answer(self, method: str, path: str, query: Query, data: Any, headers: dict[str, str]) -> Said:
        path = unquote(path)
        member = headers.get("user-api-key") == "k3y"
        if "user-api-key" in headers and not member:
            return 403, INVALID_ACCESS
        if method != "GET":
            if not member:
                return 403, NOT_LOGGED_IN
            if not self.may_write:
                return 403, INVALID_ACCESS
            if method == "DELETE":
                return self._unlike(path, query)
            return self._like(data) if path == "/post_actions.json" else self._post(data) if path == "/posts.json" else (404, NOT_FOUND)
        found = self._found(path, query, member)
        return (200, found) if found is not None else (404, NOT_FOUND)

    def _bare(self, post: dict[str, Any]) -> dict[str, Any]:
        """As it stands in lists: without what was typed."""
        return {name: value for name, value in post.items() if name != "raw"}

    def _public(self, who: int) -> list[dict[str, Any]]:
        return [post for post in reversed(self.posts) if post["user_id"] == who and post["topic_id"] == TOPIC]

    def _found(self, path: str, query: Query, member: bool) -> Any:
        if path == "/session/current.json":
            return {"current_user": forum.user(SAM)} if member else None
        if page := re.fullmatch(r"/u/([^/]+?)(/activity)?\.json", path):
            who = next((number for number, name in NAMES.items() if name == page[1].lower()), None)
            if who is None:
                return None
            if page[2]:
                return [self._bare(post) for post in self._public(who)][:50] if self.has_activity else None
            return {"user": forum.user(who, **({"can_send_private_message_to_user": not self.writes_no_messages} if member else {}))}
        if single := re.fullmatch(r"/posts/(\d+)\.json", path):
            return next(({**post, **self._acted(post, member)} for post in self.posts if post["id"] == int(single[1])), None)
        if single := re.fullmatch(r"/posts/by_number/(\d+)/(\d+)\.json", path):
            return next((self._bare(post) for post in self.posts if (post["topic_id"], post["post_number"]) == (int(single[1]), int(single[2]))), None)
        if single := re.fullmatch(r"/posts/sam/pending\.json", path):
            return {"pending_posts": self.pending} if member else None
        if single := re.fullmatch(r"/t/(\d+)\.json", path):
            return self._topic(int(single[1]), member)
        if path == "/topics/private-messages-sent/sam.json":
            topics = [{"id": number, "title": one["title"], "created_at": one["created_at"]} for number, one in reversed(self.messages.items())]
            return {"topic_list": {"topics": topics}} if member else None
        if path == "/user_actions.json":
            return self._doings(query)
        return None

    def _acted(self, post: dict[str, Any], member: bool) -> dict[str, Any]:
        return {"actions_summary": [{"id": 2, "count": 1, **({"acted": True, **({"can_undo": True} if self.can_undo else {})} if post["id"] in self.liked and member else {})}]}

    def _topic(self, number: int, member: bool) -> Any:
        if number in self.messages:
            first = next(post for post in self.posts if post["topic_id"] == number)
            return {"id": number, "details": {"allowed_users": self.messages[number]["to"]}, "post_stream": {"posts": [self._bare(first)]}} if member else None
        may = member and self.may_post and not self.closed and not self.archived
        return {"id": number, "closed": self.closed, "archived": self.archived, "details": {"can_create_post": True} if may else {}}

    def _doings(self, query: Query) -> Any:
        who = next((number for number, name in NAMES.items() if name == query["username"]), 0)
        if query["filter"] in ("4,5", "5"):
            return {"user_actions": [forum.doing(4 if post["post_number"] == 1 else 5, post, who) for post in self._public(who)]}
        towards = [forum.doing(7, post, JOE) for post in self._public(JOE) if "@sam" in post["raw"]]
        return {"user_actions": towards if query["filter"] == "2,6,7,9" else []}

    def _like(self, data: dict[str, Any]) -> Said:
        assert data["post_action_type_id"] == 2
        if data["id"] in self.liked:
            return 403, INVALID_ACCESS
        self.liked.add(data["id"])
        return 200, self._bare(next(post for post in self.posts if post["id"] == data["id"]))

    def _unlike(self, path: str, query: Query) -> Said:
        found = re.fullmatch(r"/post_actions/(\d+)\.json", path)
        assert found and query == {"post_action_type_id": "2"}
        if int(found[1]) not in self.liked or not self.can_undo:
            return 403, INVALID_ACCESS
        self.liked.discard(int(found[1]))
        return 200, self._bare(next(post for post in self.posts if post["id"] == int(found[1])))

    def _post(self, data: dict[str, Any]) -> Said:
        number, raw = 900 + len(self.took), data["raw"]
        if len(raw) < 5:
            return 422, {"action": "create_post", "errors": ["Body is too short (minimum is 5 characters)"]}
        if self.gated:
            self.took.append(raw)
            self.pending.append({"id": number, "raw_text": raw, "created_at": self.now(), "topic_id": data.get("topic_id")})
            return 200, {"success": True, "action": "enqueued", "pending_count": 1, "pending_post": {"id": number, "raw": raw, "created_at": self.now()}}
        if data.get("archetype") == "private_message":
            to = [forum.user(who) for who, name in NAMES.items() if name in (data["target_recipients"], "sam")]
            self.messages[number] = {"title": data["title"], "to": to, "created_at": self.now()}
            made = self._add(number, SAM, raw, number, 1)
        elif self.closed or self.archived or data["topic_id"] != TOPIC:
            return 422, {"action": "create_post", "errors": ["The requested URL or resource could not be found."]}
        else:
            place = 1 + max(post["post_number"] for post in self.posts if post["topic_id"] == TOPIC)
            made = self._add(number, SAM, raw, TOPIC, place, answers=data.get("reply_to_post_number", 0))
        self.took.append(raw)
        return 200, {name: value for name, value in self._bare(made).items() if name != "topic_title"}


def login_at(place: Forum, rights: frozenset[str] | None = frozenset({"read", "write"})) -> Login:
    host = place.base.removeprefix("http://")
    return Login(
        id=0, source="discourse", place="discourse", address=place.base, user_name=NAMES[SAM], profile=Key("discourse", f"{SAM}@{host}"), has_token=True,
        allow_private=True, rights=rights,
    )  # fmt: skip


def item_of(place: Forum, number: int = 41, who: int = JOE, at: int = 2) -> Activity:
    host = place.base.removeprefix("http://")
    return Activity(
        key=Key("discourse", f"post:{number}@{host}"), actor=Key("discourse", f"{who}@{host}"), kind=Kind.REPLY, published=NOW - timedelta(days=1), title="Upgrade help",
        text="Does it drip?", url=f"{place.base}/t/upgrade-help/{TOPIC}/{at}", thread=f"topic:{TOPIC}@{host}",
    )  # fmt: skip


__all__ = ["ANN", "JOE", "SAM", "TOPIC", "Forum", "item_of", "login_at"]
