"""A small HubSpot in memory: lists with what is linked, a search that knows no links and no more than so many hits, deleted and merged records."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from relationdesk.sources.door import Door

API = "https://api.hubapi.com"
KEY = "pat-eu1-sample"
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
SAM, ANN = "11", "12"
_MODIFIED = {"contacts": "lastmodifieddate"}


def iso(minutes: float) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def milliseconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


class Portal:
    """records: object → id → record, with "archived". links: (object, id, object) → ids. asked: "GET path" and "search object"."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, dict[str, Any]]] = {}
        self.links: dict[tuple[str, str, str], list[str]] = {}
        self.owners = [
            {"id": SAM, "email": "sam@carter.example", "firstName": "Sam", "lastName": "Carter", "archived": False},
            {"id": ANN, "email": "ann@carter.example", "firstName": "Ann", "lastName": "Seller", "archived": False},
        ]
        self.may_not: set[str] = set()  # objects this key may not read
        self.window, self.page = 10_000, 200
        self.asked: list[str] = []
        self.status: dict[str, httpx.Response] = {}

    def put(self, what: str, id_: str, minutes: float = 0, *, owner: str = SAM, links: dict[str, list[str]] | None = None, **properties: str | None) -> None:
        modified = _MODIFIED.get(what, "hs_lastmodifieddate")
        before = self.records.setdefault(what, {}).get(id_, {"properties": {}})
        values = before["properties"] | {"hubspot_owner_id": owner, "hs_object_id": id_, modified: iso(minutes)} | properties
        self.records[what][id_] = {"id": id_, "properties": values, "createdAt": iso(0), "updatedAt": iso(minutes), "archived": False}
        for other, ids in (links or {}).items():
            self.links[what, id_, other] = ids

    def archive(self, what: str, id_: str, minutes: float) -> None:
        self.records[what][id_] |= {"archived": True, "archivedAt": iso(minutes)}

    def door(self, now: datetime) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), clock=lambda: now)

    def count(self, part: str) -> int:
        return sum(part in line for line in self.asked)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, dict(request.url.params)
        body = json.loads(request.content) if request.content else {}
        self.asked.append(f"{request.method} {path}" + (" archived" if query.get("archived") == "true" and "owners" not in path else ""))
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return httpx.Response(401, json={"status": "error", "category": "INVALID_AUTHENTICATION", "message": "Authentication credentials not found."})
        parts = path.strip("/").split("/")
        for part in (path, *parts):
            if part in self.status:
                return self.status[part]
        if any(part in self.may_not for part in parts):
            return httpx.Response(403, json={"status": "error", "category": "MISSING_SCOPES", "message": "This app hasn't been granted all required scopes."})
        if path == "/account-info/v3/details":
            return httpx.Response(200, json={"portalId": 123, "timeZone": "Europe/Berlin", "uiDomain": "app-eu1.hubspot.com", "companyCurrency": "EUR"})
        if path == "/crm/v3/owners":
            return self._page([each for each in self.owners if str(each["archived"]).lower() == query["archived"]], query, 100)
        if path.startswith("/crm/v3/pipelines/"):
            stages = [{"id": "closedwon", "label": "Closed won"}, {"id": "7", "label": "Waiting for us"}]
            return httpx.Response(200, json={"results": [{"id": "default", "label": "Sales", "stages": stages}]})
        if parts[:2] == ["crm", "v4"]:
            return self._links(parts[3], parts[4], body)
        if parts[-1] == "search":
            return self._search(parts[3], body)
        if parts[-2:] == ["batch", "read"]:
            known = self.records.get(parts[3], {})
            return httpx.Response(200, json={"status": "COMPLETE", "results": [known[each["id"]] for each in body["inputs"] if each["id"] in known]})
        assert int(query["limit"]) <= 100, "more HubSpot refuses"
        wanted = query.get("archived") == "true"
        found = [self._linked(parts[3], each, query) for _, each in sorted(self.records.get(parts[3], {}).items(), key=lambda item: int(item[0])) if each["archived"] is wanted]
        return self._page(found, query, int(query.get("limit", "10")))

    def _linked(self, what: str, record: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        ends = {
            other: {"results": [{"id": id_, "type": f"{what}_to_{other}"} for id_ in self.links.get((what, record["id"], other), [])]}
            for other in filter(None, query.get("associations", "").split(",")) if self.links.get((what, record["id"], other))
        }  # fmt: skip
        return record | ({"associations": ends} if ends else {})

    def _page(self, found: list[dict[str, Any]], query: dict[str, str], limit: int) -> httpx.Response:
        start = int(query.get("after", "0"))
        more = {"paging": {"next": {"after": str(start + limit), "link": ""}}} if start + limit < len(found) else {}
        return httpx.Response(200, json={"results": found[start : start + limit], **more})

    def _search(self, what: str, body: dict[str, Any]) -> httpx.Response:
        assert body["limit"] <= 200, "more HubSpot refuses"
        def value(record: dict[str, Any], name: str) -> int:
            text = record["properties"][name]
            return int(text) if text.isdigit() else milliseconds(text)

        compare = {"GTE": lambda a, b: a >= b, "GT": lambda a, b: a > b, "EQ": lambda a, b: a == b}
        ((group),) = [group["filters"] for group in body["filterGroups"]]
        found = [
            record for record in self.records.get(what, {}).values()
            if not record["archived"] and all(compare[each["operator"]](value(record, each["propertyName"]), int(each["value"])) for each in group)
        ]  # fmt: skip
        (order,) = body["sorts"]
        found.sort(key=lambda record: value(record, order["propertyName"]))
        start, limit = int(body.get("after", "0")), min(int(body["limit"]), self.page)
        if start + limit > self.window:
            return httpx.Response(400, json={"status": "error", "message": "The requested page is too deep", "category": "VALIDATION_ERROR"})
        more = {"paging": {"next": {"after": str(start + limit)}}} if start + limit < len(found) else {}
        return httpx.Response(200, json={"total": len(found), "results": found[start : start + limit], **more})

    def _links(self, what: str, other: str, body: dict[str, Any]) -> httpx.Response:
        results = [
            {"from": {"id": each["id"]}, "to": [{"toObjectId": int(id_), "associationTypes": [{"typeId": 1, "label": None}]} for id_ in self.links[what, each["id"], other]]}
            for each in body["inputs"] if (what, each["id"], other) in self.links
        ]  # fmt: skip
        missing = len(body["inputs"]) - len(results)
        errors = [{"status": "error", "category": "OBJECT_NOT_FOUND", "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}] * missing
        return httpx.Response(207 if missing else 200, json={"status": "COMPLETE", "results": results, **({"numErrors": missing, "errors": errors} if missing else {})})
