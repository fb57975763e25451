"""A small GitHub in memory: profiles, events with ETag and three pages, comments, conversations of mine. Answers have all the fields
that the official schema requires (`wrong` checks them where ../shared has it)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import jsonschema

from relationdesk.sources.door import Door
from tests.recorded_web import Web
from tests.shared import SPECS

SPEC = SPECS / "github" / "api.github.com.slice.json"
API = "https://api.github.com"
SAM, JOE, ANN = 100, 583231, 300
NAMES = {SAM: "sam-carter", JOE: "joe", ANN: "ann"}
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
KEY = "ghp_sample"
REPO = {"id": 1, "name": "acme/press", "url": f"{API}/repos/acme/press"}


def iso(minutes: float) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(number: int, **more: Any) -> dict[str, Any]:
    """As it stands in issues and comments."""
    name = NAMES.get(number, f"user{number}")
    names = ("followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events", "received_events")
    return {
        "login": name, "id": number, "node_id": f"U_{number}", "avatar_url": "https://avatars.example/u", "gravatar_id": "",
        "url": f"{API}/users/{name}", "html_url": f"https://github.com/{name}", "type": "User", "site_admin": False,
        **{f"{each}_url": f"{API}/users/{name}/{each}" for each in names}, **more,
    }  # fmt: skip


def person(number: int, **more: Any) -> dict[str, Any]:
    """As it stands on its own page."""
    blank = {"bio": None, "blog": "", "company": None, "email": None, "hireable": None, "location": None, "name": None}
    counts = {"followers": 1, "following": 1, "public_gists": 0, "public_repos": 1}
    return {**user(number), **blank, **counts, "created_at": iso(0), "updated_at": iso(0), **more}


def event(number: int, kind: str, payload: dict[str, Any], who: int = JOE, **more: Any) -> dict[str, Any]:
    """number: minutes after FIRST, and the event's id."""
    actor = {"id": who, "login": NAMES[who], "gravatar_id": "", "url": f"{API}/users/{NAMES[who]}", "avatar_url": "https://avatars.example/u"}
    return {"id": str(45_000_000_000 + number), "type": kind, "actor": actor, "repo": REPO, "payload": payload, "public": True,
            "created_at": iso(number), **more}  # fmt: skip


def issue(number: int = 7, by: int = ANN, **more: Any) -> dict[str, Any]:
    page = f"https://github.com/acme/press/issues/{number}"
    urls = {f"{name}_url": f"{API}/repos/acme/press/issues/{number}/{name}" for name in ("comments", "events", "labels")}
    empty = {"assignee": None, "closed_at": None, "milestone": None, "labels": [], "locked": False, "state": "open", "comments": 0}
    return {
        "id": 70_000 + number, "node_id": f"I_{number}", "number": number, "title": "Crash", "user": user(by), "html_url": page,
        "url": f"{API}/repos/acme/press/issues/{number}", "repository_url": REPO["url"], "created_at": iso(0), "updated_at": iso(0),
        **urls, **empty, **more,
    }  # fmt: skip


def comment(number: int, body: str = "", by: int = JOE, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "node_id": f"C_{number}", "html_url": f"https://github.com/acme/press/issues/7#issuecomment-{number}",
        "issue_url": f"{API}/repos/acme/press/issues/7", "url": f"{API}/repos/acme/press/issues/comments/{number}", "user": user(by),
        "body": body or f"Words {number}", "created_at": iso(number), "updated_at": iso(number), **more,
    }  # fmt: skip


def said(number: int, body: str = "", **more: Any) -> dict[str, Any]:
    return event(number, "IssueCommentEvent", {"action": "created", "issue": issue(), "comment": comment(number, body, **more)})


def thread(number: int, at: float, subject: int = 7, kind: str = "Issue", **more: Any) -> dict[str, Any]:
    part = "pulls" if kind == "PullRequest" else "issues"
    return {
        "id": str(number), "unread": True, "reason": "author", "updated_at": iso(at), "last_read_at": None,
        "subject": {"title": "Crash", "url": f"{API}/repos/acme/press/{part}/{subject}", "latest_comment_url": "", "type": kind},
        "repository": {"id": 1, "full_name": "acme/press", "name": "press"}, "url": "", "subscription_url": "", **more,
    }  # fmt: skip


class Hub:
    """events: name → newest first. `web` is what is asked, and what else answers."""

    def __init__(self) -> None:
        self.web = Web()
        self.events: dict[str, list[dict[str, Any]]] = {}
        self.threads: list[dict[str, Any]] = []
        self.answers: list[tuple[str, Any]] = []
        self.remaining = 60
        for number in NAMES:
            self.put(person(number))
        pages = self.web.pages
        pages[f"{API}/rate_limit"] = {"resources": {"core": {"limit": 60, "remaining": 59, "reset": 1, "used": 1}}, "rate": {}}
        pages[f"{API}/user"] = person(SAM, name="Sam Carter")
        pages[f"{API}/notifications"] = lambda query: [t for t in self.threads if t["updated_at"] >= query["since"]]
        pages[f"{API}/repos/acme/press"] = {"id": 1, "full_name": "acme/press"}

    def door(self) -> Door:
        return Door(transport=self.web.transport())

    def put(self, who: dict[str, Any], links: tuple[dict[str, str], ...] = ()) -> None:
        """Somebody with a page, who may have changed names."""
        number, name = who["id"], who["login"]
        pages = self.web.pages
        pages[f"{API}/users/{name}"] = pages[f"{API}/user/{number}"] = who
        pages[f"{API}/users/{name}/social_accounts"] = list(links)
        self.events.setdefault(name, [])
        pages[f"{API}/users/{name}/events/public"] = lambda query: self._page(name, query)

    def leave(self, number: int, name: str) -> None:
        for address in (f"users/{name}", f"user/{number}", f"users/{name}/events/public", f"users/{name}/social_accounts"):
            self.web.pages.pop(f"{API}/{address}", None)

    def _page(self, name: str, query: dict[str, str]) -> httpx.Response:
        page, mine = int(query["page"]), self.events[name][:300]
        if page > 3:
            return httpx.Response(422, json={"message": "In order to keep the API fast for everyone, pagination is limited for this resource."})
        tag = f'W/"{hash(json.dumps(mine)) & 0xFFFFFF:x}"'
        if page == 1 and self.web.headers[-1].get("if-none-match") == tag:
            return httpx.Response(304)
        found = mine[(page - 1) * 100 : page * 100]
        more = {"Link": f'<{API}/user/1/events/public?page={page + 1}>; rel="next"'} if len(mine) > page * 100 else {}
        self.answers.append(("events", found))
        return httpx.Response(200, json=found, headers={"ETag": tag, "X-Poll-Interval": "60", **more})


_PAYLOADS = {
    "IssueCommentEvent": "issue-comment-event", "PushEvent": "push-event", "WatchEvent": "watch-event", "IssuesEvent": "issues-event",
    "PullRequestEvent": "pull-request-event", "PullRequestReviewEvent": "pull-request-review-event", "CreateEvent": "create-event",
    "DeleteEvent": "delete-event", "ForkEvent": "fork-event", "GollumEvent": "gollum-event", "MemberEvent": "member-event",
    "PublicEvent": "public-event", "ReleaseEvent": "release-event", "DiscussionEvent": "discussion-event",
    "CommitCommentEvent": "commit-comment-event", "PullRequestReviewCommentEvent": "pull-request-review-comment-event",
}  # fmt: skip


@cache
def _spec() -> Any:
    return _with_null(json.loads(SPEC.read_text(encoding="utf-8")))


def _with_null(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable`, which JSON Schema does not know."""
    if isinstance(node, list):
        return [_with_null(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {name: _with_null(each) for name, each in node.items()}
    if made.pop("nullable", False):
        return {"anyOf": [{"type": "null"}, made]}
    return made


def wrong(name: str, value: Any) -> list[str]:
    """What is wrong with a value of this component of the schema, [] for nothing."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": _spec()["components"]}
    return [f"{error.json_path}: {error.message[:200]}" for error in jsonschema.Draft202012Validator(schema).iter_errors(value)]


def wrong_event(value: dict[str, Any]) -> list[str]:
    """The payload is checked against the component that belongs to the type: the union in the schema overlaps."""
    return [*wrong("actor", value["actor"]), *wrong(_PAYLOADS[value["type"]], value["payload"])]
