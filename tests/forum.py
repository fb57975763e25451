"""A small Discourse in memory: people by name, their newest posts whole, their doings by thirty, single posts; closed to all but members
if it is told so."""

from __future__ import annotations

import base64
import json
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from relationdesk.sources.door import Door
from tests.recorded_web import Web

BASE = "https://forum.example"
SAM, JOE, ANN = 100, 9, 300
NAMES = {SAM: "sam", JOE: "joe", ANN: "ann"}
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
NOT_LOGGED_IN = {"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"}
INVALID_ACCESS = {"errors": ["You are not permitted to view the requested resource."], "error_type": "invalid_access"}
NOT_FOUND = {"errors": ["The requested URL or resource could not be found."], "error_type": "not_found"}


def iso(minutes: float) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def user(number: int, **more: Any) -> dict[str, Any]:
    name = NAMES.get(number, f"user{number}")
    return {
        "id": number, "username": name, "name": name.title(), "avatar_template": f"/user_avatar/forum.example/{name}/{{size}}/1_2.png", "title": "Regular",
        "trust_level": 2, "created_at": iso(0), "last_posted_at": iso(9), "moderator": False, "admin": False, "can_edit": False, **more,
    }  # fmt: skip


def post(number: int, who: int = JOE, topic: int = 31, place: int = 4, **more: Any) -> dict[str, Any]:
    """number: minutes after FIRST, and its id. place: its number in the topic."""
    return {
        "id": number, "user_id": who, "username": NAMES.get(who, f"user{who}"), "name": NAMES.get(who, "").title(), "created_at": iso(number), "updated_at": iso(number),
        "cooked": f"<p>Words {number}</p>", "post_number": place, "post_type": 1, "topic_id": topic, "topic_slug": "upgrade-help", "version": 1,
        "reply_to_post_number": None, "hidden": False, "deleted_at": None, "user_deleted": False, "avatar_template": "/a/{size}.png", **more,
    }  # fmt: skip


def doing(kind: int, about: dict[str, Any], by: int, **more: Any) -> dict[str, Any]:
    cooked = re.sub(r"<[^>]+>", "", about["cooked"])
    return {
        "excerpt": cooked[:300] + ("&hellip;" if len(cooked) > 300 else ""), "action_type": kind, "created_at": about["created_at"], "slug": "upgrade-help",
        "topic_id": about["topic_id"], "post_number": about["post_number"], "post_id": about["id"], "reply_to_post_number": about["reply_to_post_number"],
        "username": about["username"], "name": about["name"], "user_id": about["user_id"], "acting_username": NAMES[by], "acting_name": NAMES[by].title(),
        "acting_user_id": by, "title": f"Topic {about['topic_id']}", "deleted": False, "hidden": None, "post_type": about["post_type"], "category_id": 3, **more,
    }  # fmt: skip


class Board:
    """posts: everything, newest first. said: what was done towards Sam, newest first. members_only: a forum that shows nothing to others."""

    def __init__(self) -> None:
        self.web = Web()
        self.people = {number: user(number) for number in NAMES}
        self.posts: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self.members_only = False
        self.has_activity = True
        self.is_staff = False

    def door(self, now: datetime | None = None) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), **({"clock": lambda: now} if now is not None else {}))

    def count(self, pattern: str) -> int:
        return sum(re.fullmatch(pattern, address.removeprefix(BASE)) is not None for address, _ in self.web.asked)

    def keys_sent(self) -> int:
        return sum("user-api-key" in headers for headers in self.web.headers)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        address, query = str(request.url.copy_with(query=None)), dict(request.url.params)
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.web.asked.append((address, query))
        self.web.headers.append(headers)
        path = unquote(address.removeprefix(BASE))
        if address in self.web.status:
            return self.web.status[address]
        member = headers.get("user-api-key") == KEY
        if "user-api-key" in headers and not member:
            return httpx.Response(403, json=INVALID_ACCESS)
        if path == "/site/basic-info.json":
            return httpx.Response(200, json={"title": "Building talk", "description": ""})
        if self.members_only and not member:
            return httpx.Response(403, json=NOT_LOGGED_IN)
        found = self._found(path, query, member)
        if isinstance(found, httpx.Response):
            return found
        if found is None:
            return httpx.Response(404, json=NOT_FOUND)
        tag = f'W/"{hash(json.dumps(found)) & 0xFFFFFF:x}"'
        return httpx.Response(304) if headers.get("if-none-match") == tag else httpx.Response(200, json=found, headers={"ETag": tag})

    def _found(self, path: str, query: dict[str, str], member: bool) -> Any:
        if path == "/session/current.json":
            return {"current_user": self.people[SAM]} if member else None
        if page := re.fullmatch(r"/u/([^/]+?)(/activity)?\.json", path):
            who = self._called(page[1])
            if who is None or not page[2]:
                return None if who is None else {"user": who, "user_badges": []}
            theirs = [each for each in self.posts if each["user_id"] == who["id"] and not each["hidden"] and each["deleted_at"] is None]
            return theirs[:50] if self.has_activity and not who.get("profile_hidden") else None
        if path == "/user_actions.json":
            return self._doings(query, member)
        if single := re.fullmatch(r"/posts/(\d+)\.json", path):
            return next((each for each in self.posts if each["id"] == int(single[1]) and (self.is_staff or each["deleted_at"] is None)), None)
        if single := re.fullmatch(r"/posts/by_number/(\d+)/(\d+)\.json", path):
            return next((each for each in self.posts if (each["topic_id"], each["post_number"]) == (int(single[1]), int(single[2]))), None)
        return None

    def _called(self, name: str) -> dict[str, Any] | None:
        return next((who for who in self.people.values() if who["username"].lower() == name.lower()), None)

    def _doings(self, query: dict[str, str], member: bool) -> Any:
        who, offset = self._called(query["username"]), int(query["offset"])
        if who is None:
            return None
        if query["filter"] == "4,5":
            theirs = [each for each in self.posts if each["user_id"] == who["id"] and not each["hidden"]]
            found = [doing(4 if each["post_number"] == 1 else 5, each, each["user_id"]) for each in theirs]
        else:
            assert query["filter"] == "2,6,7,9" and who["id"] == SAM
            if not member:
                return httpx.Response(403, json=INVALID_ACCESS)
            found = self.said
        return {"user_actions": found[offset : offset + 30]}


def shown_by(page: str, key: str = KEY, **more: str) -> str:
    """What the page that makes a key shows: the key, sealed, in lines."""
    query = parse_qs(urlsplit(page).query)
    message = json.dumps({"key": key, "nonce": query["nonce"][0], "push": False, "api": 4, **more}).encode()
    body = base64.b64decode("".join(query["public_key"][0].strip().split("\n")[1:-1]))
    modulus = int.from_bytes(body[body.index(b"\x02\x82\x01\x01") + 4 :][:257])
    padding = bytes(secrets.randbelow(255) + 1 for _ in range(256 - len(message) - 3))
    return base64.encodebytes(pow(int.from_bytes(b"\0\2" + padding + b"\0" + message), 65537, modulus).to_bytes(256)).decode()
