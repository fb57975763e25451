"""A firm's own GitHub server that takes comments, remarks on code, answers in discussions, and thumbs; by the official schema where one is
at hand (`wrong` in tests/hub.py)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from relationdesk.model import Activity, Key, Kind, Login
from tests import hub
from tests.facts import NOW
from tests.hub import ANN, JOE, NAMES, SAM
from tests.taking import Place, Query, Said

NOT_FOUND: Said = (404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})


class Hub(Place):
    """Issue 7 and pull request 8 of Ann, a discussion 9 and a release 5; comments 41 (issue), 42 (remark on code), 43 (commit) of Joe.

    repo: what the project is called now; its old names are led there."""

    def __init__(self) -> None:
        super().__init__()
        self.repo = "acme/press"
        self.former: set[str] = set()
        self.comments: list[dict[str, Any]] = []
        self.remarks: list[dict[str, Any]] = []
        self.at_commit: list[dict[str, Any]] = []
        self.discussed: list[dict[str, Any]] = []
        self.thumbs: dict[str, set[int]] = {}
        self.rights: str | None = "notifications, public_repo"
        self.liked_discussion = False
        self.per_page = 100
        self.comments.append(self._comment(41, JOE, "@sam-carter Does it drip?", "issues/7", "#issuecomment-41"))
        self.remarks.append({**self._comment(42, JOE, "Why 3?", "pulls/8", "#discussion_r42"), "path": "lift.py", "in_reply_to_id": None})
        self.at_commit.append({**self._comment(43, JOE, "Nice", "commits/abc1234", "#commitcomment-43"), "commit_id": "abc1234"})

    def _comment(self, number: int, by: int, body: str, above: str, mark: str) -> dict[str, Any]:
        part = {"issues": "issues", "pulls": "pull", "commits": "commit"}[above.partition("/")[0]]
        page = f"/{part}/{above.partition('/')[2]}{mark}"
        kind = {"issues": "issues/comments", "pulls": "pulls/comments", "commits": "comments"}[above.partition("/")[0]]
        return {"_at": above, "_page": page, "_self": f"{kind}/{number}", **hub.comment(number, body, by, created_at=self.now(), updated_at=self.now())}

    def _shown(self, item: dict[str, Any]) -> dict[str, Any]:
        api = f"{self.base}/api/v3/repos/{self.repo}"
        page, own = item.get("_page", ""), item.get("_self", "")
        urls = {"html_url": f"{self.base}/{self.repo}{page}", "url": f"{api}/{own}"}
        return {name: value for name, value in item.items() if not name.startswith("_")} | urls

    def _item(self, number: str) -> dict[str, Any] | None:
        if number not in ("7", "8"):
            return None
        part = "issues" if number == "7" else "pull"
        found = {"_page": f"/{part}/{number}", "_self": f"issues/{number}", **hub.issue(int(number), ANN, title="Crash" if number == "7" else "Fix")}
        return self._shown(found)

    def answer(self, method: str, path: str, query: Query, data: Any, headers: dict[str, str]) -> Said:
        if path == "/api/graphql":
            return self._graph(data)
        path = path.removeprefix("/api/v3")
        told = {} if self.rights is None else {"X-OAuth-Scopes": self.rights}
        if method == "GET" and (former := re.match(r"/repos/([^/]+/[^/]+)", path)) and former[1] in self.former:
            return 301, {"message": "Moved Permanently"}, {"Location": f"{self.base}/api/v3{path.replace(former[1], self.repo)}"}
        if path == "/user":
            return 200, hub.person(SAM), told
        if path.startswith("/user") or path == "/notifications":
            return self._reading(path, query)
        if not path.startswith(f"/repos/{self.repo}"):
            return NOT_FOUND
        rest = path.removeprefix(f"/repos/{self.repo}").lstrip("/")
        if method != "GET" and not {"public_repo", "repo"} & set((self.rights or "repo").replace(",", " ").split()):
            return *NOT_FOUND[:2], told
        if method == "DELETE" and (one := re.fullmatch(r"(.+/reactions)/(\d+)", rest)):
            there = int(one[2]) in self.thumbs.get(one[1], set())
            self.thumbs.get(one[1], set()).discard(int(one[2]))
            self.took.append(f"unlike {one[1]}")
            return (204, b"") if there else NOT_FOUND
        return self._post(rest, data) if method == "POST" else self._get(rest, query)

    def _get(self, rest: str, query: Query) -> Said:
        if not rest:
            return 200, {"id": 1, "full_name": self.repo}
        if found := re.fullmatch(r"(?:issues/(\d+)|pulls/(8))", rest):
            item = self._item(found[1] or found[2])
            return (200, item) if item else NOT_FOUND
        lists = {"issues/7/comments": (self.comments, "issues/7"), "issues/8/comments": (self.comments, "issues/8"),
                 "pulls/8/comments": (self.remarks, "pulls/8"), "commits/abc1234/comments": (self.at_commit, "")}  # fmt: skip
        if rest in lists:
            every, above = lists[rest]
            found_all = [self._shown(one) for one in every if one["_at"] == above or not above]
            page, size = int(query.get("page", 1)), min(self.per_page, int(query["per_page"]))
            more = {"Link": f'<{self.base}/next>; rel="next"'} if len(found_all) > page * size else {}
            return 200, [one for one in found_all[(page - 1) * size : page * size] if one["updated_at"] >= query.get("since", "")], more
        if rest == "pulls/8/reviews":
            return 200, [self._review()]
        if rest == "pulls/8/reviews/44":
            return 200, self._review()
        if rest == "releases/5":
            return 200, {"id": 5, "author": hub.user(JOE), "url": f"{self.base}/api/v3/repos/{self.repo}/releases/5"}
        if single := re.fullmatch(r"(issues/comments|pulls/comments|comments)/(\d+)", rest):
            every = {"issues/comments": self.comments, "pulls/comments": self.remarks, "comments": self.at_commit}[single[1]]
            return next(((200, self._shown(one)) for one in every if str(one["id"]) == single[2]), NOT_FOUND)
        if rest.endswith("/reactions"):
            return 200, [{"id": who, "user": hub.user(who), "content": "+1"} for who in sorted(self.thumbs.get(rest, set()))]
        return NOT_FOUND

    def _review(self) -> dict[str, Any]:
        urls = {"html_url": f"{self.base}/{self.repo}/pull/8#pullrequestreview-44", "pull_request_url": f"{self.base}/api/v3/repos/{self.repo}/pulls/8"}
        return {"id": 44, "user": hub.user(JOE), "state": "APPROVED", "body": "Fine", "submitted_at": hub.iso(3), **urls}

    def _post(self, rest: str, data: dict[str, Any]) -> Said:
        number = 900 + len(self.took)
        if rest.endswith("/reactions"):
            assert data == {"content": "+1"}
            who = self.thumbs.setdefault(rest, set())
            had = SAM in who
            who.add(SAM)
            self.took.append(f"like {rest}")
            return (200 if had else 201), {"id": 1, "user": hub.user(SAM), "content": "+1", "created_at": self.now()}
        assert set(data) == {"body"}
        if found := re.fullmatch(r"issues/([78])/comments", rest):
            made = self._comment(number, SAM, data["body"], f"issues/{found[1]}", f"#issuecomment-{number}")
            self.comments.append(made)
        elif found := re.fullmatch(r"pulls/8/comments/(\d+)/replies", rest):
            made = {**self._comment(number, SAM, data["body"], "pulls/8", f"#discussion_r{number}"), "path": "lift.py", "in_reply_to_id": int(found[1])}
            self.remarks.append(made)
        elif rest == "commits/abc1234/comments":
            made = {**self._comment(number, SAM, data["body"], "commits/abc1234", f"#commitcomment-{number}"), "commit_id": "abc1234"}
            self.at_commit.append(made)
        else:
            return NOT_FOUND
        self.took.append(data["body"])
        return 201, self._shown(made)

    def _graph(self, data: dict[str, Any]) -> Said:
        asked, given = data["query"], data["variables"]
        if asked.startswith("query"):
            thumbs = [{"content": "THUMBS_UP", "viewerHasReacted": self.liked_discussion}]
            found = {"id": "D_9", "databaseId": 99, "locked": False, "author": {"databaseId": JOE}, "comments": {"nodes": self.discussed}, "reactionGroups": thumbs}
            there = (given["owner"], given["name"], given["number"]) == ("acme", "press", 9)
            errors = {} if there else {"errors": [{"type": "NOT_FOUND", "message": "Could not resolve to a Discussion"}]}
            return 200, {"data": {"repository": {"discussion": found if there else None}}, **errors}
        assert given["id"] == "D_9"
        if "addReaction" in asked or "removeReaction" in asked:
            self.liked_discussion = "addReaction" in asked
            return 200, {"data": {"done": {"reaction": {"content": "THUMBS_UP"}}}}
        number = 700 + len(self.took)
        made = {"databaseId": number, "url": f"{self.base}/acme/press/discussions/9#discussioncomment-{number}", "createdAt": self.now(),
                "body": given["body"], "author": {"databaseId": SAM}}  # fmt: skip
        self.discussed.append(made)
        self.took.append(given["body"])
        return 200, {"data": {"done": {"comment": made}}}

    def _reading(self, path: str, query: Query) -> Said:
        if path == "/notifications":
            of = {"title": "Crash", "url": f"{self.base}/api/v3/repos/{self.repo}/issues/7", "type": "Issue"}
            code = {"title": "Fix", "url": f"{self.base}/api/v3/repos/{self.repo}/pulls/8", "type": "PullRequest"}
            where = {"id": 1, "full_name": self.repo}
            return 200, [{"id": str(n), "updated_at": self.now(), "subject": one, "repository": where} for n, one in enumerate((of, code))]
        for number, name in NAMES.items():
            if path in (f"/users/{name}", f"/user/{number}"):
                return 200, hub.person(number)
            if path == f"/users/{name}/events/public":
                mine = [one for one in reversed(self.comments) if one["user"]["id"] == number]
                return 200, [self._event(one, number) for one in mine]
        return (200, []) if path.endswith("/social_accounts") else NOT_FOUND

    def _event(self, comment: dict[str, Any], who: int) -> dict[str, Any]:
        item = self._item(comment["_at"].partition("/")[2])
        payload = {"action": "created", "issue": item, "comment": self._shown(comment)}
        return {**hub.event(comment["id"], "IssueCommentEvent", payload, who, created_at=comment["created_at"]), "repo": {"id": 1, "name": self.repo, "url": ""}}


def pressed_before() -> Hub:
    """Comment 41 and remark 42 have Sam's thumb already."""
    place = Hub()
    place.thumbs = {"issues/comments/41/reactions": {SAM}, "pulls/comments/42/reactions": {SAM, ANN}}
    return place


def login_at(place: Hub, rights: frozenset[str] | None = frozenset({"public_repo"})) -> Login:
    host = place.base.removeprefix("http://")
    return Login(
        id=0, source="github", place="github", address=f"{place.base}/api/v3", user_name=NAMES[SAM], profile=Key("github", f"{SAM}@{host}"), has_token=True,
        allow_private=True, rights=rights,
    )  # fmt: skip


def item_of(place: Hub, native: str, page: str, who: int = JOE, kind: Kind = Kind.COMMENT, thread: str = "1#7") -> Activity:
    """What is answered: `native` and `page` without the server's name."""
    host = place.base.removeprefix("http://")
    return Activity(
        key=Key("github", f"{native}@{host}"), actor=Key("github", f"{who}@{host}"), kind=kind, published=NOW - timedelta(days=1), title="acme/press #7: Crash",
        text="Does it drip?", url=f"{place.base}/acme/press/{page}", thread=f"{thread}@{host}" if thread else "",
    )  # fmt: skip
