"""A GitLab server of one's own that takes comments, answers in threads, and thumbs; it obeys what it takes for commands, and says nothing then."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from relationdesk.model import Activity, Key, Kind, Login
from tests import lab
from tests.facts import NOW
from tests.lab import ANN, JOE, NAMES, SAM
from tests.taking import Place, Query, Said

NOT_FOUND: Said = (404, {"message": "404 Not found"})
COMMANDS = re.compile(r"^/(close|approve|assign|shrug)\b", re.MULTILINE)


class Lab(Place):
    """Issue 7 of Ann and merge request 8 of Joe in acme/press (project 5). Notes 41 (issue, by itself), 42 (in a thread on code), 45 (for members
    only) of Joe. path: what the project is called now; its old name is led there."""

    def __init__(self) -> None:
        super().__init__()
        self.path = "acme/press"
        self.locked = self.archived = False
        self.notes: list[dict[str, Any]] = []
        self.threads = {"t-remark": [42]}
        self.thumbs: dict[str, list[int]] = {}
        self.rights: list[str] | None = ["api"]
        self.per_page = 100
        self._add(41, "@sam-carter Does it drip?", JOE, "issues/7")
        self._add(42, "Why 3?", JOE, "merge_requests/8", type="DiffNote")
        self._add(45, "Only we see this", JOE, "issues/7", internal=True)

    def _add(self, number: int, body: str, who: int, at: str, **more: Any) -> dict[str, Any]:
        of = {"noteable_id": 830, "noteable_type": "Issue", "noteable_iid": 7} if at == "issues/7" else {"noteable_id": 831, "noteable_type": "MergeRequest", "noteable_iid": 8}
        self.notes.append({"_at": at, **lab.note(number, body, who, created_at=self.now(), updated_at=self.now(), **of), **more})
        return self.notes[-1]

    def _web(self, value: Any) -> Any:
        """As this server writes addresses, without what is only ours."""
        if isinstance(value, dict):
            return {name: self._web(one) for name, one in value.items() if not name.startswith("_")}
        if isinstance(value, list):
            return [self._web(one) for one in value]
        return value.replace(lab.SITE, self.base).replace("acme/press", self.path) if isinstance(value, str) and lab.SITE in value else value

    def _item(self, at: str) -> dict[str, Any] | None:
        found = {"issues/7": lab.issue, "merge_requests/8": lab.merge}.get(at)
        return self._web({**found(), "updated_at": self.now(), "discussion_locked": self.locked}) if found else None

    def answer(self, method: str, path: str, query: Query, data: Any, headers: dict[str, str]) -> Said:
        said = self._said(method, unquote(path).removeprefix("/api/v4"), query, data)
        return said[0], self._web(said[1]), *said[2:]  # type: ignore[return-value]

    def _said(self, method: str, path: str, query: Query, data: Any) -> Said:
        if path == "/user":
            return 200, lab.person(SAM)
        if path == "/personal_access_tokens/self":
            return (200, {"scopes": self.rights}) if self.rights is not None else (401, {"message": "401 Unauthorized"})
        if method != "GET" and "api" not in (self.rights or ["api"]):
            return 403, {"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token.", "scope": "api"}
        found = re.fullmatch(r"/projects/(5|acme/press|acme/steam)(?:/(issues|merge_requests)/(\d+))?(/.*)?", path)
        if found is None:
            return self._reading(path, query)
        if found[1] not in ("5", self.path):
            return 301, {}, {"Location": f"{self.base}/api/v4{path.replace(found[1], '5')}"}
        if found[2] is None:
            return 200, {"id": 5, "path_with_namespace": self.path, "web_url": f"{self.base}/{self.path}", "visibility": "public", "archived": self.archived}
        at, rest = f"{found[2]}/{found[3]}", found[4] or ""
        item = self._item(at)
        if item is None:
            return NOT_FOUND
        if method == "DELETE" and (one := re.fullmatch(r"(.*/award_emoji)/(\d+)", rest)):
            given = self.thumbs.get(at + one[1], [])
            if int(one[2]) >= len(given) or given[int(one[2])] != SAM:
                return NOT_FOUND
            del given[int(one[2])]
            return 204, b""
        return self._post(at, rest, data) if method == "POST" else self._get(at, rest, query, item)

    def _get(self, at: str, rest: str, query: Query, item: dict[str, Any]) -> Said:
        here = [note for note in self.notes if note["_at"] == at]
        if not rest:
            return 200, item
        if rest == "/notes":
            page, size = int(query.get("page", 1)), min(self.per_page, int(query["per_page"]))
            newest = sorted(here, key=lambda note: (note["created_at"], note["id"]), reverse=True)
            more = {"Link": f'<{self.base}/next>; rel="next"'} if len(newest) > page * size else {}
            return 200, newest[(page - 1) * size : page * size], more
        if single := re.fullmatch(r"/notes/(\d+)", rest):
            return next(((200, note) for note in here if str(note["id"]) == single[1]), NOT_FOUND)
        if rest == "/discussions":
            alone = [{"id": f"alone-{note['id']}", "individual_note": True, "notes": [note]} for note in here if all(note["id"] not in ids for ids in self.threads.values())]
            threads = [{"id": name, "individual_note": False, "notes": [note for note in here if note["id"] in ids]} for name, ids in self.threads.items()]
            return 200, [*alone, *(one for one in threads if one["notes"])]
        if rest.endswith("/award_emoji"):
            return 200, [{"id": n, "name": "thumbsup", "user": lab.user(who)} for n, who in enumerate(self.thumbs.get(at + rest, []))]
        return NOT_FOUND

    def _post(self, at: str, rest: str, data: dict[str, Any]) -> Said:
        if self.locked or self.archived:
            return 403, {"message": "403 Forbidden"}
        if rest.endswith("/award_emoji"):
            assert data == {"name": "thumbsup"}
            given = self.thumbs.setdefault(at + rest, [])
            if SAM in given:
                return 404, {"message": "404 Award Emoji Name has already been taken Not Found"}
            given.append(SAM)
            return 201, {"id": 1, "name": "thumbsup", "user": lab.user(SAM)}
        found = re.fullmatch(r"(?:/discussions/([\w-]+))?/notes", rest)
        if found is None or (found[1] and found[1] not in self.threads):
            return NOT_FOUND
        if COMMANDS.sub("", data["body"]) != data["body"]:
            return 202, {"commands_changes": {"state_event": "close"}, "summary": ["Closed this issue."]}
        if not data["body"].strip():
            return 400, {"message": {"note": ["can't be blank"]}}
        number = 900 + len(self.took)
        if found[1]:
            self.threads[found[1]].append(number)
        self.took.append(data["body"])
        return 201, self._add(number, data["body"], SAM, at, internal=data.get("internal", False))

    def _reading(self, path: str, query: Query) -> Said:
        if path == "/users":
            return 200, [lab.user(number) for number, name in NAMES.items() if name == query["username"]]
        if path == "/todos" or path == "/merge_requests":
            return 200, []
        if path == "/issues":
            return 200, [self._item("issues/7")] if query["scope"] == "assigned_to_me" else []
        for number in NAMES:
            if path == f"/users/{number}":
                return 200, lab.person(number)
            if path == f"/users/{number}/events":
                mine = [note for note in reversed(self.notes) if note["author"]["id"] == number and note["_at"] == "issues/7"]
                more = {"author": lab.user(number), "author_id": number}
                return 200, [lab.event(note["id"], "commented on", "DiscussionNote", created_at=note["created_at"], note=note, target_title="Crash", **more) for note in mine]
        return NOT_FOUND


def login_at(place: Lab, rights: frozenset[str] | None = frozenset({"api"})) -> Login:
    host = place.base.removeprefix("http://")
    return Login(
        id=0, source="gitlab", place="gitlab", address=f"{place.base}/api/v4", user_name=NAMES[SAM], profile=Key("gitlab", f"{SAM}@{host}"), has_token=True,
        allow_private=True, rights=rights,
    )  # fmt: skip


def item_of(place: Lab, native: str, page: str, who: int = JOE, kind: Kind = Kind.COMMENT, thread: str = "issue:830") -> Activity:
    """What is answered: `native` and `page` without the server's name."""
    host = place.base.removeprefix("http://")
    return Activity(
        key=Key("gitlab", f"{native}@{host}"), actor=Key("gitlab", f"{who}@{host}"), kind=kind, published=NOW - timedelta(days=1), title="acme/press#7: Crash",
        text="Does it drip?", url=f"{place.base}/acme/press/-/{page}", thread=f"{thread}@{host}" if thread else "",
    )  # fmt: skip


__all__ = ["ANN", "JOE", "SAM", "Lab", "item_of", "login_at"]
