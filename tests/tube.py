"""A small YouTube in memory: channels, their videos in pages of fifty, comments under mine, the feeds beside them, and its refusals."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from relationdesk.sources.door import Door
from tests.recorded_web import Web

API = "https://www.googleapis.com/youtube/v3"
SITE = "https://www.youtube.com"
KEY = "AIzaSample"
ACME, ME = "UCaaaaaaaaaaaaaaaaaaaaaa", "UCmmmmmmmmmmmmmmmmmmmmmm"
JOE, ANN = "UCjjjjjjjjjjjjjjjjjjjjjj", "UCnnnnnnnnnnnnnnnnnnnnnn"
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def iso(minutes: float) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def vid(number: int) -> str:
    return f"vid{number:08d}"


def channel(id_: str = ACME, name: str = "acmetools", **said: Any) -> dict[str, Any]:
    snippet = {"title": "Acme Tools", "description": "How-tos", "customUrl": f"@{name}", "publishedAt": iso(0), "country": "DE", **said}
    return {
        "kind": "youtube#channel", "etag": "e2", "id": id_, "snippet": snippet,
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{id_[2:]}"}}, "statistics": {"videoCount": "12"},
    }  # fmt: skip


def item(number: int, of: str = ACME, **more: Any) -> dict[str, Any]:
    """number: minutes after FIRST at which it was published; it was put on the list five minutes later."""
    said = {
        "publishedAt": iso(number + 5), "channelId": of, "title": f"Video {number}", "description": f"About {number}", "playlistId": f"UU{of[2:]}",
        "position": 0, "resourceId": {"kind": "youtube#video", "videoId": vid(number)}, "videoOwnerChannelId": of, **more,
    }  # fmt: skip
    return {"id": f"item{number}", "etag": "e", "snippet": said, "contentDetails": {"videoId": vid(number), "videoPublishedAt": iso(number)}}


def comment(id_: str, at: float, by: str = JOE, words: str = "", parent: str = "", **more: Any) -> dict[str, Any]:
    said = {
        "authorDisplayName": {JOE: "@joe", ANN: "Ann Example", ME: "@sam"}[by], "authorChannelId": {"value": by}, "textDisplay": words or f"Words {id_}",
        "textOriginal": "only its author sees this", "likeCount": 0, "publishedAt": iso(at), "updatedAt": iso(at), "videoId": vid(1), "channelId": ME, **more,
    }  # fmt: skip
    return {"kind": "youtube#comment", "etag": "c", "id": id_, "snippet": said | ({"parentId": parent} if parent else {})}


def thread(top: dict[str, Any], *answers: dict[str, Any], count: int | None = None) -> dict[str, Any]:
    said = {"channelId": ME, "videoId": vid(1), "topLevelComment": top, "canReply": True, "totalReplyCount": len(answers) if count is None else count}
    made = {"kind": "youtube#commentThread", "etag": "t", "id": top["id"], "snippet": said}
    return made | ({"replies": {"comments": list(answers)}} if answers else {})


def refusal(reason: str, code: int = 403, *, new: bool = False) -> httpx.Response:
    """As Google says no: in a list of errors, or, where the gate in front of the API says it, in details."""
    error: dict[str, Any] = {"code": code, "message": "no", "errors": [{"message": "no", "domain": "youtube", "reason": "forbidden" if new else reason}]}
    if new:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}]
    return httpx.Response(code, json={"error": error})


class Tube:
    """channels by id; videos and threads newest first. `refuse`: a part of an address → what is answered."""

    def __init__(self) -> None:
        self.web = Web()
        self.channels = {ACME: channel(), ME: channel(ME, "sam", title="Sam Carter")}
        self.videos: dict[str, list[dict[str, Any]]] = {ACME: [], ME: []}
        self.threads: list[dict[str, Any]] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.refuse: dict[str, httpx.Response] = {}
        self.gone: set[str] = set()
        for name, answer in (
            ("channels", self._channels), ("playlistItems", self._items), ("videos", self._videos), ("commentThreads", self._threads),
            ("comments", self._comments), ("i18nLanguages", lambda query: self._list([{"id": "en"}])),
        ):  # fmt: skip
            self.web.pages[f"{API}/{name}"] = self._guarded(name, answer)
        self.web.pages[f"{SITE}/feeds/videos.xml"] = self._feed

    def door(self) -> Door:
        return Door(transport=self.web.transport())

    def _guarded(self, name: str, answer: Any) -> Any:
        def page(query: dict[str, str]) -> Any:
            if name in self.refuse:
                return self.refuse[name]
            assert "key" not in query, "a key in an address ends in logs"
            if self.web.headers[-1].get("x-goog-api-key") != KEY:
                return refusal("API_KEY_INVALID", 400, new=True)
            return answer(query)

        return page

    def _list(self, items: list[Any], **more: Any) -> Any:
        tag = hashlib.sha256(json.dumps([items, more]).encode()).hexdigest()[:20]
        if self.web.headers[-1].get("if-none-match") == tag:
            return httpx.Response(304)
        return {"kind": "youtube#someListResponse", "etag": tag, "pageInfo": {"totalResults": len(items), "resultsPerPage": 50}, "items": items, **more}

    def _channels(self, query: dict[str, str]) -> Any:
        def fits(one: dict[str, Any]) -> bool:
            name = one["snippet"]["customUrl"]
            return one["id"] == query.get("id") or name in (query.get("forHandle"), f"@{query.get('forUsername')}")

        found = [one for one in self.channels.values() if fits(one)]
        answer = self._list(found)
        if not found and isinstance(answer, dict):
            del answer["items"]  # as the real one does for nobody's id
        return answer

    def _items(self, query: dict[str, str]) -> Any:
        found = self.videos["UC" + query["playlistId"][2:]]
        if not found:
            return refusal("playlistNotFound", 404)
        start = int(query.get("pageToken", "P0")[1:])
        more = {"nextPageToken": f"P{start + 50}"} if len(found) > start + 50 else {}
        return self._list(found[start : start + 50], **more)

    def _videos(self, query: dict[str, str]) -> Any:
        shown = {one["contentDetails"]["videoId"]: of for of, videos in self.videos.items() for one in videos}
        return self._list([{"id": id_, "snippet": {"channelId": shown[id_]}} for id_ in query["id"].split(",") if id_ in shown and id_ not in self.gone])

    def _threads(self, query: dict[str, str]) -> Any:
        assert query["order"] == "time" and query["allThreadsRelatedToChannelId"] == ME
        start = int(query.get("pageToken", "0"))
        more = {"nextPageToken": str(start + 100)} if len(self.threads) > start + 100 else {}
        return self._list(self.threads[start : start + 100], **more)

    def _comments(self, query: dict[str, str]) -> Any:
        if "parentId" in query:
            return self._list(self.answers.get(query["parentId"], []))
        shown = {one["id"] for one in self.threads}
        return self._list([{"id": id_} for id_ in query["id"].split(",") if id_ in shown])

    def _feed(self, query: dict[str, str]) -> httpx.Response:
        of = query["channel_id"]
        if of not in self.channels:
            return httpx.Response(404)
        name = self.channels[of]["snippet"]["title"]
        entries = "".join(
            f'<entry><id>yt:video:{v["contentDetails"]["videoId"]}</id><yt:videoId>{v["contentDetails"]["videoId"]}</yt:videoId>'
            f'<title>{v["snippet"]["title"]}</title><link rel="alternate" href="{SITE}/watch?v={v["contentDetails"]["videoId"]}"/>'
            f"<author><name>{name}</name><uri>{SITE}/channel/{of}</uri></author><published>{v['contentDetails']['videoPublishedAt']}</published>"
            f"<updated>{v['contentDetails']['videoPublishedAt']}</updated><media:group><media:description>{v['snippet']['description']}</media:description>"
            "</media:group></entry>" for v in self.videos[of][:15]
        )  # fmt: skip
        return httpx.Response(200, text=(
            '<?xml version="1.0"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" '
            f'xmlns="http://www.w3.org/2005/Atom"><id>yt:channel:{of[2:]}</id><yt:channelId>{of[2:]}</yt:channelId><title>{name}</title>'
            f"<author><name>{name}</name><uri>{SITE}/channel/{of}</uri></author>{entries}</feed>"
        ), headers={"content-type": "application/atom+xml"})  # fmt: skip
