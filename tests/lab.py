"""A small GitLab in memory: people, events in pages that leave out what is not seen, issues with comments, to-dos. Answers have the
fields that GitLab's own serializers give."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from relationdesk.sources.door import Door
from tests.recorded_web import Web

API = "https://gitlab.com/api/v4"
SAM, JOE, ANN = 100, 42, 300
NAMES = {SAM: "sam-carter", JOE: "joe", ANN: "ann"}
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
KEY = "glpat-sample"
PRESS = 5
SITE = "https://gitlab.com"


def iso(minutes: float) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def user(number: int, **more: Any) -> dict[str, Any]:
    """As it stands beside what somebody wrote."""
    name = NAMES.get(number, f"user{number}")
    return {
        "id": number, "username": name, "name": name.replace("-", " ").title(), "state": "active", "locked": False,
        "avatar_url": f"{SITE}/uploads/a.png", "web_url": f"{SITE}/{name}", **more,
    }  # fmt: skip


def person(number: int, **more: Any) -> dict[str, Any]:
    """As it stands on its own page, for somebody who may see all of it (created_at)."""
    blank = dict.fromkeys(("bio", "location", "public_email", "linkedin", "twitter", "discord", "website_url", "organization", "job_title"), "")
    return {**user(number), **blank, "bot": False, "created_at": iso(0), "followers": 1, "following": 1, **more}


def event(number: int, action: str, target: str | None = None, who: int = JOE, **more: Any) -> dict[str, Any]:
    """number: minutes after FIRST, and the event's id."""
    return {
        "id": number, "project_id": PRESS, "action_name": action, "target_id": None, "target_iid": None, "target_type": target, "author_id": who,
        "target_title": None, "created_at": iso(number), "author": user(who), "imported": False, "imported_from": "none",
        "author_username": NAMES.get(who, ""), **more,
    }  # fmt: skip


def note(number: int, body: str = "", who: int = JOE, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "type": None, "body": body or f"Words {number}", "attachment": None, "author": user(who), "created_at": iso(number),
        "updated_at": iso(number), "system": False, "noteable_id": 830, "noteable_type": "Issue", "project_id": PRESS, "resolvable": False,
        "confidential": False, "internal": False, "noteable_iid": 7, "commands_changes": {}, **more,
    }  # fmt: skip


def said(number: int, body: str = "", **more: Any) -> dict[str, Any]:
    """Something said at issue 7."""
    of = note(number, body, **more)
    return event(number, "commented on", "Note", target_id=number, target_iid=number, target_title="Crash", note=of)


def issue(number: int = 7, who: int = ANN, **more: Any) -> dict[str, Any]:
    return {
        "id": 823 + number, "iid": number, "project_id": PRESS, "title": "Crash", "description": "It **drips**", "state": "opened",
        "created_at": iso(0), "updated_at": iso(0), "labels": [], "milestone": None, "assignees": [], "author": user(who), "type": "ISSUE",
        "user_notes_count": 0, "upvotes": 0, "downvotes": 0, "due_date": None, "confidential": False,
        "web_url": f"{SITE}/acme/press/-/issues/{number}", "references": {"short": f"#{number}", "relative": f"#{number}", "full": f"acme/press#{number}"},
        **more,
    }  # fmt: skip


def merge(number: int = 8, who: int = JOE, **more: Any) -> dict[str, Any]:
    page = {"web_url": f"{SITE}/acme/press/-/merge_requests/{number}", "references": {"full": f"acme/press!{number}"}}
    return {**issue(number, who), "title": "Fix", "description": "Tighter", "source_branch": "fix", "target_branch": "main", "reviewers": [], **page, **more}


def todo(number: int, action: str, at: float, target: dict[str, Any], who: int = JOE, kind: str = "MergeRequest") -> dict[str, Any]:
    return {
        "id": number, "project": {"id": PRESS, "path_with_namespace": "acme/press"}, "author": user(who), "action_name": action, "target_type": kind,
        "target": target, "target_url": f"{target.get('web_url')}#note_9", "body": "words", "state": "pending", "created_at": iso(at), "updated_at": iso(at),
    }  # fmt: skip


class Lab:
    """events: number of somebody → newest first; None in place of one that is not seen. lists: (issues …, scope) → items."""

    def __init__(self) -> None:
        self.web = Web()
        self.people: dict[int, dict[str, Any]] = {}
        self.events: dict[int, list[dict[str, Any] | None]] = {}
        self.lists: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.todos: dict[str, list[dict[str, Any]]] = {}
        for number in NAMES:
            self.put(person(number))
        pages = self.web.pages
        pages[f"{API}/version"] = httpx.Response(401, json={"message": "401 Unauthorized"})
        pages[f"{API}/user"] = person(SAM, name="Sam Carter")
        pages[f"{API}/users"] = lambda query: [user(who["id"], **who) for who in self.people.values() if who["username"] == query["username"]]
        pages[f"{API}/todos"] = lambda query: self.todos.get(query["state"], [])
        for part in ("issues", "merge_requests"):
            pages[f"{API}/{part}"] = lambda query, part=part: self._listed(part, query)
        self.project(PRESS)
        pages[f"{API}/projects/{PRESS}/issues/7"] = issue()
        pages[f"{API}/projects/{PRESS}/merge_requests/8"] = merge()

    def door(self, now: datetime | None = None) -> Door:
        return Door(transport=self.web.transport(), **({"clock": lambda: now} if now is not None else {}))

    def put(self, who: dict[str, Any]) -> None:
        number = who["id"]
        self.people[number] = who
        self.events.setdefault(number, [])
        self.web.pages[f"{API}/users/{number}"] = lambda _: self._person(number)
        self.web.pages[f"{API}/users/{number}/events"] = lambda query: self._page(number, query)

    def leave(self, number: int) -> None:
        del self.people[number]
        for address in (f"users/{number}", f"users/{number}/events"):
            del self.web.pages[f"{API}/{address}"]

    def project(self, number: int, path: str = "acme/press", visibility: str = "public") -> None:
        found = {"id": number, "path_with_namespace": path, "web_url": f"{SITE}/{path}", "visibility": visibility, "name": path.rpartition("/")[2]}
        self.web.pages[f"{API}/projects/{number}"] = found

    def notes(self, part: str, number: int, *found: dict[str, Any]) -> None:
        """The comments of an issue or merge request, the last changed first."""
        base = f"{API}/projects/{PRESS}/{part}/{number}/notes"
        self.web.pages[base] = list(found)
        for each in found:
            self.web.pages[f"{base}/{each['id']}"] = each

    def _person(self, number: int) -> httpx.Response:
        if "authorization" not in self.web.headers[-1]:
            return httpx.Response(403, json={"message": "403 Forbidden - Not authorized!"})
        return httpx.Response(200, json=self.people[number])

    def _page(self, number: int, query: dict[str, str]) -> httpx.Response:
        page, size = int(query["page"]), int(query["per_page"])
        mine = self.events[number]
        tag = f'W/"{hash(json.dumps(mine)) & 0xFFFFFF:x}"'
        if page == 1 and self.web.headers[-1].get("if-none-match") == tag:
            return httpx.Response(304)
        seen = [each for each in mine[(page - 1) * size : page * size] if each is not None]
        more = {"Link": f'<{API}/users/{number}/events?page={page + 1}>; rel="next"'} if len(mine) > page * size else {}
        return httpx.Response(200, json=seen, headers={"ETag": tag, "RateLimit-Remaining": "1999", **more})

    def _listed(self, part: str, query: dict[str, str]) -> httpx.Response:
        since = datetime.fromisoformat(query["updated_after"])
        found = [item for item in self.lists.get((part, query["scope"]), []) if datetime.fromisoformat(item["updated_at"]) >= since]
        found.sort(key=lambda item: item["updated_at"])
        return httpx.Response(200, json=found[: int(query["per_page"])])
