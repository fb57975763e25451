"""A small Bluesky in memory that pages, refuses and forgets as the real one does. Answers through `httpx.MockTransport`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

from relationdesk.sources.door import Door

SAM, JOE, ANN = "did:plc:sam22222", "did:plc:joe22222", "did:plc:ann22222"
HANDLES = {SAM: "sam.bsky.social", JOE: "joe.hotel.example", ANN: "ann.bsky.social"}
PASSWORD = "abcd-efgh-ijkl-mnop"
HOME = "https://pds.example"
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
CID = "bafyreibjifzpqj6o6wcq3hejh7y4z4z2vmiklkvykc57tw3pcbx3kxifpm"
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def who(did: str, **more: Any) -> dict[str, Any]:
    return {"did": did, "handle": HANDLES[did], "displayName": HANDLES[did].partition(".")[0].title(), "labels": [], **more}


def uri(did: str, number: int | str, collection: str = POST) -> str:
    return f"at://{did}/{collection}/{number}"


def ref(address: str) -> dict[str, str]:
    return {"uri": address, "cid": CID}


def post(did: str, number: int, text: str = "", *, reply: str = "", root: str = "", mark: str = "", **more: Any) -> dict[str, Any]:
    """number: minutes after FIRST, and the record's key. reply, root: addresses of what is answered."""
    at = iso(FIRST + timedelta(minutes=number))
    record = {"$type": POST, "text": text or f"Post {number}", "createdAt": at} | more.pop("record", {})
    if reply:
        record["reply"] = {"root": ref(root or reply), "parent": ref(reply)}
    cid = f"{CID[:-4]}{mark:a>4}"
    return {"uri": uri(did, number), "cid": cid, "author": who(did), "record": record, "replyCount": 0, "indexedAt": at, **more}


def repost(did: str, number: int, of: dict[str, Any]) -> dict[str, Any]:
    at = iso(FIRST + timedelta(minutes=number))
    return {"post": of, "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": who(did), "uri": uri(did, number, REPOST), "cid": CID, "indexedAt": at}}


def refusal(error: str, words: str = "", status: int = 400) -> httpx.Response:
    return httpx.Response(status, json={"error": error, "message": words})


class Skies:
    """feeds: DID → lines, newest first. gone: addresses of records that were deleted. odd: query name → what it answers instead.
    asked: (name, query) of every question; `valid` counts the access keys given out."""

    def __init__(self) -> None:
        self.feeds: dict[str, list[dict[str, Any]]] = {SAM: [], JOE: [], ANN: []}
        self.profiles: dict[str, dict[str, Any]] = {did: who(did) for did in HANDLES}
        self.notes: list[dict[str, Any]] = []
        self.threads: dict[str, Any] = {}
        self.gone: set[str] = set()
        self.odd: dict[str, Callable[[], httpx.Response]] = {}
        self.documents: dict[str, dict[str, Any]] = {
            did: {"id": did, "alsoKnownAs": [f"at://{handle}"], "service": [{"id": "#atproto_pds", "serviceEndpoint": HOME}]}
            for did, handle in HANDLES.items()
        }
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.answers: list[tuple[str, Any]] = []
        self.hosts: set[str] = set()
        self.keys: set[str] = set()
        self.signed_in = 0
        self.password = PASSWORD

    def door(self) -> Door:
        return Door(transport=httpx.MockTransport(self._answer))

    def count(self, name: str) -> int:
        return sum(asked.endswith(name) for asked, _ in self.asked)

    def posts(self, did: str, numbers: Iterable[int]) -> None:
        """Put posts on top of a feed, the last number newest."""
        for number in numbers:
            self.feeds[did].insert(0, {"post": post(did, number)})

    def _answer(self, request: httpx.Request) -> httpx.Response:
        host, path, query = request.url.host, request.url.path, parse_qs(request.url.query.decode())
        self.hosts.add(host)
        if host == "plc.directory":
            document = self.documents.get(path.removeprefix("/"))
            return httpx.Response(200, json=document) if document else httpx.Response(404, json={"message": "DID not registered"})
        name = path.removeprefix("/xrpc/")
        self.asked.append((name, query))
        if name in self.odd:
            return self.odd[name]()
        if name.startswith("com.atproto.server."):
            return self._session(name, request)
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if key and key not in self.keys:
            return refusal("ExpiredToken", "Token has expired")
        answer = self._query(name, {field: values[0] for field, values in query.items()}, query, signed_in=bool(key))
        if answer.status_code == 200:
            self.answers.append((name, answer.json()))
        return answer

    def _session(self, name: str, request: httpx.Request) -> httpx.Response:
        if name.endswith("createSession"):
            said = json.loads(request.content)
            if said["password"] != self.password or said["identifier"] not in (SAM, HANDLES[SAM]):
                return refusal("AuthenticationRequired", "Invalid identifier or password", 401)
        elif request.headers.get("authorization") != f"Bearer again-{self.signed_in}":
            return refusal("ExpiredToken", "Token has expired")
        self.signed_in += 1
        self.keys = {f"key-{self.signed_in}"}
        keys = {"accessJwt": f"key-{self.signed_in}", "refreshJwt": f"again-{self.signed_in}"}
        return httpx.Response(200, json={"did": SAM, "handle": HANDLES[SAM], "active": True, **keys})

    def _query(self, name: str, asked: dict[str, str], query: dict[str, list[str]], *, signed_in: bool) -> httpx.Response:
        did = next((d for d, profile in self.profiles.items() if asked.get("actor", asked.get("handle")) in (d, profile["handle"])), "")
        match name.rpartition(".")[2]:
            case "getProfile":
                return httpx.Response(200, json=self.profiles[did]) if did else refusal("InvalidRequest", "Profile not found")
            case "resolveHandle":
                return httpx.Response(200, json={"did": did}) if did else refusal("InvalidRequest", "Unable to resolve handle")
            case "getAuthorFeed":
                if not did:
                    return refusal("InvalidRequest", "Profile not found")
                return self._paged("feed", self.feeds[did], asked)
            case "listNotifications":
                return self._paged("notifications", self.notes, asked) if signed_in else refusal("AuthMissing", "", 401)
            case "getPosts":
                known = {item["post"]["uri"]: item["post"] for feed in self.feeds.values() for item in feed}
                return httpx.Response(200, json={"posts": [known[one] for one in query["uris"] if one in known]})
            case "getPostThread":
                found = self.threads.get(asked["uri"])
                return httpx.Response(200, json={"thread": found}) if found else refusal("NotFound", f"Post not found: {asked['uri']}")
            case "getRecord":
                address = f"at://{asked['repo']}/{asked['collection']}/{asked['rkey']}"
                if address in self.gone:
                    return refusal("RecordNotFound", f"Could not locate record: {address}")
                return httpx.Response(200, json={"uri": address, "cid": CID, "value": {}})
        return refusal("MethodNotImplemented", "", 501)

    @staticmethod
    def _paged(name: str, items: list[Any], asked: dict[str, str]) -> httpx.Response:
        """The cursor is how many items stood below, as a real one is a time: what comes on top moves nothing."""
        start = len(items) - int(asked["cursor"]) if "cursor" in asked else 0
        end = start + int(asked.get("limit", 50))
        further = {"cursor": str(len(items) - end)} if end < len(items) else {}
        return httpx.Response(200, json={name: items[start:end], **further})
