"""A small Salesforce in memory: a right that is renewed, queries in a little SOQL, fields an org does not have, pages, limits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx

from relationdesk.sources.door import Door

HOST = "carter.my.salesforce.com"
BASE = f"https://{HOST}"
AUTH = f"force://3MVG9.app::5Aep861.secret%3Aright@{HOST}"
FIRST = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
SAM, ANN = "005000000000011AAA", "005000000000012AAA"


def iso(minutes: float) -> str:
    return (FIRST + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class Org:
    """records: object → id → record. asked: queries. lacks: fields that this org does not have. most: records of a page."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, dict[str, Any]]] = {
            "User": {SAM: {"Id": SAM, "Name": "Sam Carter", "Email": "sam@carter.example"}, ANN: {"Id": ANN, "Name": "Ann Seller", "Email": "ann@carter.example"}}
        }
        self.lacks: set[str] = set()
        self.missing: set[str] = set()
        self.most = 2_000
        self.status: dict[str, httpx.Response] = {}
        self.usage = "18/15000"
        self.rights = ["5Aep861.secret:right"]
        self.renews = False
        self.sent: list[dict[str, str]] = []
        self.asked: list[str] = []
        self.described: list[str] = []
        self._pages: dict[str, list[dict[str, Any]]] = {}

    def put(self, what: str, id_: str, minutes: float = 0, **more: Any) -> None:
        before = self.records.setdefault(what, {}).get(id_, {"Id": id_, "IsDeleted": False, "OwnerId": SAM, "CreatedDate": iso(0)})
        self.records[what][id_] = before | {"SystemModstamp": iso(minutes)} | more

    def door(self, now: datetime) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), clock=lambda: now)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/services/oauth2/token":
            words = dict(parse_qsl(request.content.decode()))
            self.sent.append(words)
            if words.get("refresh_token") not in self.rights or words.get("client_id") != "3MVG9.app":
                return httpx.Response(400, json={"error": "invalid_grant", "error_description": "expired access/refresh token"})
            more = {}
            if self.renews:
                self.rights = [f"right{len(self.sent)}"]
                more = {"refresh_token": self.rights[0]}
            return httpx.Response(200, json={"access_token": "00D!pass", "instance_url": BASE, "id": f"https://login.salesforce.com/id/00D000000000001AAA/{SAM}", "token_type": "Bearer"} | more)
        if request.headers.get("authorization") != "Bearer 00D!pass":
            return httpx.Response(401, json=[{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])
        if path in self.status:
            return self.status[path]
        if path == "/services/data":
            return httpx.Response(200, json=[{"label": "Winter", "url": "/services/data/v65.0", "version": "65.0"}, {"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"}])
        if path.endswith("/describe"):
            what = path.split("/")[-2]
            self.described.append(what)
            names = {name for record in self.records.get(what, {}).values() for name in record} | {"Id", "SystemModstamp", "Name", "ContactId", "Subject"}
            return httpx.Response(200, json={"fields": [{"name": name} for name in sorted(names - self.lacks)]})
        if path in self._pages:
            return self._said(self._pages[path])
        assert path.startswith("/services/data/v66.0/query")
        return self._query(request.url.params["q"], path.endswith("queryAll"))

    def _query(self, soql: str, deleted: bool) -> httpx.Response:
        self.asked.append(soql)
        found = re.fullmatch(r"SELECT (.*?) FROM (\w+)(?: WHERE (.*?))?(?: ORDER BY SystemModstamp ASC)?(?: LIMIT \d+)?", soql)
        assert found, soql
        fields, what, where = found[1].split(", "), found[2], found[3] or ""
        if what in self.status:
            return self.status[what]
        if what in self.missing:
            return httpx.Response(400, json=[{"message": f"sObject type '{what}' is not supported.", "errorCode": "INVALID_TYPE"}])
        for field in fields:
            if field in self.lacks:
                return httpx.Response(400, json=[{"message": f"No such column '{field}' on entity '{what}'.", "errorCode": "INVALID_FIELD"}])
        since = re.match(r"SystemModstamp >= (\S+)", where)
        ids, equal = re.match(r"Id (?:IN \((.*)\)|= ('.*'))", where), re.match(r"Name = '(.*)' OR Email = '(.*)'", where)
        records = [record for record in self.records.get(what, {}).values() if deleted or not record.get("IsDeleted")]
        if since:
            records = [each for each in records if datetime.fromisoformat(each["SystemModstamp"]) >= datetime.fromisoformat(since[1])]
        elif ids:
            wanted = [each.strip("'")[:15] for each in (ids[1] or ids[2]).split(", ")]
            records = [each for each in records if each["Id"][:15] in wanted]
        elif equal:
            records = [each for each in records if equal[1].replace("\\'", "'") in (each["Name"], each["Email"])]
        if "SystemModstamp" in fields:
            records.sort(key=lambda each: each["SystemModstamp"])
        return self._said([{"attributes": {"type": what}} | {name: self._value(each, name) for name in (field.partition(".")[0] for field in fields)} for each in records])

    def _value(self, record: dict[str, Any], name: str) -> Any:
        if name == "Account":
            firm = self.records.get("Account", {}).get(record.get("AccountId") or "")
            return {"attributes": {"type": "Account"}, "Name": firm["Name"]} if firm else None
        return record.get(name)

    def _said(self, found: list[dict[str, Any]]) -> httpx.Response:
        more = {}
        if len(found) > self.most:
            path = f"/services/data/v66.0/query/01g{len(self._pages)}-{self.most}"
            self._pages[path] = found[self.most :]
            more = {"nextRecordsUrl": path}
        return httpx.Response(200, json={"totalSize": len(found), "done": not more, "records": found[: self.most], **more}, headers={"Sforce-Limit-Info": f"api-usage={self.usage}"})
