"""A small Stack Exchange in memory: one API, two sites, lists with "has_more", quota and "backoff" in the body, errors with status 400."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import httpx

from relationdesk.sources.door import Door
from tests.recorded_web import Web

API = "https://api.stackexchange.com/2.3"
SO, SU = "stackoverflow.com", "superuser.com"
FIRST = int(datetime(2026, 11, 1, 8, 0, tzinfo=UTC).timestamp())
KEY = "U4DMV8nvpm3EOpvf69Rxw"
SAM, JOE, ANN = 100, 22, 300
NAMES = {SAM: "Sam Carter", JOE: "Joe &quot;J&quot; Brown", ANN: "Ann"}
SHAPE = "!baked"


def owner(number: int) -> dict[str, Any]:
    name = NAMES.get(number, f"user{number}")
    slug = re.sub(r"\W+", "-", name.lower())
    return {
        "account_id": number + 1000, "user_id": number, "user_type": "registered", "reputation": 101, "profile_image": "https://i.example/a.png",
        "display_name": name, "link": f"https://{SO}/users/{number}/{slug}",
    }  # fmt: skip


def left() -> dict[str, Any]:
    """Somebody who is no longer there."""
    return {"user_type": "does_not_exist", "display_name": "user77"}


def person(number: int, **more: Any) -> dict[str, Any]:
    return {**owner(number), "website_url": "", "location": "", "creation_date": FIRST, "last_access_date": FIRST, "is_employee": False, **more}


def post(number: int, kind: str = "answer", who: int = JOE, **more: Any) -> dict[str, Any]:
    """number: seconds after FIRST, and its id."""
    short = "q" if kind == "question" else "a"
    return {
        "owner": owner(who), "score": 2, "last_activity_date": FIRST + number, "creation_date": FIRST + number, "post_type": kind, "post_id": number,
        "content_license": "CC BY-SA 4.0", "link": f"https://{SO}/{short}/{number}", "title": "Why does it &quot;drip&quot;?", "body": f"<p>Words {number}</p>", **more,
    }  # fmt: skip


def comment(number: int, on: int, who: int = JOE, **more: Any) -> dict[str, Any]:
    return {
        "owner": owner(who), "edited": False, "score": 0, "creation_date": FIRST + number, "post_id": on, "post_type": "answer", "comment_id": number,
        "link": f"https://{SO}/questions/7/why#comment{number}_{on}", "content_license": "CC BY-SA 4.0", "body": f"Remark {number}", **more,
    }  # fmt: skip


class Stack:
    """posts, comments: everything on Stack Overflow, newest first. answers: number of an answer → number of its question."""

    def __init__(self) -> None:
        self.web = Web()
        self.people = {number: person(number) for number in NAMES}
        self.posts: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.answers: dict[int, int] = {}
        self.extra: dict[str, Any] = {}
        self.errors: dict[str, tuple[int, str]] = {}
        self.remaining = 290
        self.accounts: list[dict[str, Any]] = []
        self.strangers: list[dict[str, Any]] = []

    def door(self, now: datetime | None = None) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), **({"clock": lambda: now} if now is not None else {}))

    def count(self, pattern: str) -> int:
        return sum(re.fullmatch(pattern, address.removeprefix(API)) is not None for address, _ in self.web.asked)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        address, query = str(request.url.copy_with(query=None)), dict(request.url.params)
        self.web.asked.append((address, query))
        self.web.headers.append({name.lower(): value for name, value in request.headers.items()})
        path = address.removeprefix(API)
        if address in self.web.status:
            return self.web.status[address]
        told = next((error for pattern, error in self.errors.items() if re.fullmatch(pattern, path)), None)
        if told is None and "site" in query and query["site"] not in (SO, SU):
            told = (400, f"No site found for name `{query['site']}`")
        if told is not None:
            return httpx.Response(400, json={"error_id": told[0], "error_name": "x", "error_message": told[1]})
        items = self._items(path, query)
        page, size = int(query.get("page", "1")), int(query.get("pagesize", "30"))
        self.remaining -= 1
        part = items[(page - 1) * size : page * size]
        if query.get("filter", "") not in (SHAPE, "withbody"):
            part = [{name: value for name, value in item.items() if name not in ("body", "about_me")} for item in part]
        wrapper = {"items": part, "has_more": len(items) > page * size, "quota_max": 300, "quota_remaining": self.remaining}
        return httpx.Response(200, json=wrapper | self.extra)

    def _items(self, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
        if path == "/filters/create":
            return [{"filter": SHAPE, "filter_type": "safe", "included_fields": []}]
        if path == "/info":
            return [{"total_questions": 1}]
        parts = path.strip("/").split("/")
        numbers = [int(number) for number in parts[1].split(";")]
        since = int(query.get("fromdate", "0"))
        match [parts[0], *parts[2:]]:
            case ["users"]:
                return [who for number, who in self.people.items() if number in numbers and query["site"] == SO]
            case ["users", "associated"]:
                return [one for one in self.accounts if one["account_id"] in numbers] + self.strangers
            case ["users", "posts"]:
                found = [each for each in self.posts if each["owner"].get("user_id") in numbers]
            case ["users", "comments"]:
                found = [each for each in self.comments if each["owner"].get("user_id") in numbers]
            case ["users", "mentioned"]:
                found = [each for each in self.comments if (each.get("reply_to_user") or {}).get("user_id") in numbers]
            case ["posts"]:
                found = [each for each in self.posts if each["post_id"] in numbers]
            case ["posts", "comments"]:
                found = [each for each in self.comments if each["post_id"] in numbers]
            case ["comments"]:
                found = [each for each in self.comments if each["comment_id"] in numbers]
            case ["answers"]:
                found = [self._as_answer(each) for each in self.posts if each["post_id"] in numbers and each["post_type"] == "answer"]
            case ["questions"]:
                found = [{**each, "question_id": each["post_id"]} for each in self.posts if each["post_id"] in numbers and each["post_type"] == "question"]
            case ["questions", "answers"]:
                found = [self._as_answer(each) for each in self.posts if self.answers.get(each["post_id"]) in numbers]
            case other:
                raise AssertionError(other)
        found = [each for each in found if each["creation_date"] >= since]
        return found[::-1] if query.get("order") == "asc" else found

    def _as_answer(self, each: dict[str, Any]) -> dict[str, Any]:
        of = {name: value for name, value in each.items() if name not in ("post_id", "post_type")}
        return {**of, "answer_id": each["post_id"], "question_id": self.answers.get(each["post_id"], 0), "is_accepted": False}
