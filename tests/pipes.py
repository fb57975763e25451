"""A small Pipedrive in memory: lists of the second version with cursors, of the first with starts, deleted records, labels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from relationdesk.sources.door import Door

BASE = "https://carter.pipedrive.com"
TOKEN = "0a1b2c3d4e5f"
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
SAM, ANN = 11, 12
_V2 = {"organizations", "persons", "deals", "activities"}


def iso(minutes: float) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(minutes: float) -> str:
    return iso(minutes).replace("T", " ").removesuffix("Z")


class Pipes:
    """records: list → id → record. recents: what was deleted, as the first version tells it. asked: "path", with ids if they were asked for."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, dict[str, Any]]] = {}
        self.recents: list[dict[str, Any]] = []
        self.users = [{"id": SAM, "name": "Sam Carter", "email": "sam@carter.example", "active_flag": True}, {"id": ANN, "name": "Ann Seller", "email": "ann@carter.example", "active_flag": True}]
        self.status: dict[str, httpx.Response] = {}
        self.most = 500  # records of a page, whatever is asked for
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}

    def put(self, what: str, id_: int | str, minutes: float = 0, **more: Any) -> None:
        first = what in ("notes", "leads")
        before = self.records.setdefault(what, {}).get(str(id_), {"id": id_, "add_time": plain(0) if what == "notes" else iso(0), "owner_id": SAM, "is_deleted": False})
        self.records[what][str(id_)] = before | {"update_time": plain(minutes) if first else iso(minutes)} | more

    def door(self, now: datetime) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), clock=lambda: now)

    def count(self, part: str) -> int:
        return sum(part in line for line in self.asked)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, dict(request.url.params)
        self.asked.append(path + (f" ids={query['ids']}" if "ids" in query else ""))
        if request.headers.get("x-api-token") != TOKEN or "authorization" in request.headers:
            return httpx.Response(401, json={"success": False, "error": "unauthorized access", "errorCode": 401})
        if path in self.status:
            return self.status[path]
        if path == "/api/v1/users/me":
            return self._said({**self.users[0], "company_domain": "carter", "timezone_name": "Europe/Berlin"})
        if path == "/api/v1/users":
            return self._said(self.users)
        if path == "/api/v2/stages":
            return self._said([{"id": 3, "name": "Proposal made", "pipeline_id": 1}, {"id": 4, "name": "Negotiations", "pipeline_id": 1}])
        if path == "/api/v1/activityTypes":
            return self._said([{"id": 1, "key_string": "call", "name": "Call"}, {"id": 2, "key_string": "site_visit_9", "name": "Site visit"}])
        if path == "/api/v1/recents":
            return self._first([each for each in self.recents if each["data"]["update_time"] >= query["since_timestamp"]], query)
        name = "archived" if path == "/api/v2/deals/archived" else path.rpartition("/")[2]
        found = list(self.records.get(name, {}).values())
        if "ids" in query:
            return self._said([each for each in found if str(each["id"]) in query["ids"].split(",") and not each["is_deleted"]])
        since = query.get("updated_since", "").replace("T", " ").removesuffix("Z")
        found = sorted((each for each in found if each["update_time"].replace("T", " ").removesuffix("Z") >= since), key=lambda each: each["update_time"])
        if name in _V2 | {"archived"}:
            found = [each for each in found if not each["is_deleted"] or (name == "deals" and "deleted" in query.get("status", ""))]
            start = int(query.get("cursor", "c0")[1:])
            part = found[start : start + self.most]
            more = f"c{start + self.most}" if start + self.most < len(found) else None
            return self._said(part, {"next_cursor": more})
        return self._first(found, query)

    def _first(self, found: list[dict[str, Any]], query: dict[str, str]) -> httpx.Response:
        start = int(query.get("start", "0"))
        more = start + self.most < len(found)
        pages = {"start": start, "limit": self.most, "more_items_in_collection": more, **({"next_start": start + self.most} if more else {})}
        return self._said(found[start : start + self.most] or None, {"pagination": pages})

    def _said(self, data: Any, more: dict[str, Any] | None = None) -> httpx.Response:
        return httpx.Response(200, json={"success": True, "data": data, **({"additional_data": more} if more is not None else {})}, headers=self.headers)
