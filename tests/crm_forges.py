"""The small servers of `tests.forges` for CRMs, which are read as a whole: somebody called Joe, on whom notes are written."""

from __future__ import annotations

import json
from collections.abc import Callable

from relationdesk.model import Key, Login
from relationdesk.sources.crm_memory import Memory, State
from tests.feed_server import FeedServer
from tests.forges import Forge


def hubspot(server: FeedServer) -> Forge:
    """Everything was listed long ago; what changed is searched for, here notes on Joe."""
    def notes(*numbers: int) -> bytes:
        return json.dumps({"results": [
            {"id": str(n), "properties": {"hs_note_body": f"Note {n}", "hs_timestamp": f"2026-11-20T10:{n:02}:00.000Z", "hs_lastmodifieddate": f"2026-11-20T10:{n:02}:00.000Z"}}
            for n in numbers
        ]}).encode()  # fmt: skip

    names = "companies contacts deals tickets tasks calls meetings emails notes".split()
    for name in names:
        server.put(f"/crm/v3/objects/{name}/search", '{"results":[]}')
        server.put(f"/crm/v3/objects/{name}", '{"results":[]}')
        server.put(f"/crm/v4/associations/notes/{name}/batch/read", '{"results":[]}')
    server.put("/crm/v4/associations/notes/contacts/batch/read", json.dumps({"results": [{"from": {"id": str(n)}, "to": [{"toObjectId": 7}]} for n in range(1, 5)]}))
    for path in ("owners", "pipelines/deals", "pipelines/tickets"):
        server.put(f"/crm/v3/{path}", '{"results":[]}')
    server.put("/account-info/v3/details", '{"portalId":1}')
    memory = Memory(of={name: State(listed=True) for name in names})
    login = Login(
        id=0, source="hubspot", place="hubspot", address=f"{server.base}#1", user_name="me@hotel.example", has_token=True, allow_private=True, profile=Key("hubspot", "user:me"),
    )  # fmt: skip
    return Forge(
        path="/crm/v3/objects/notes/search", good=notes, key=Key("hubspot", "7"), stream="records", login=login, title="HubSpot", cursor=memory.text(), most=28
    )


def pipedrive(server: FeedServer) -> Forge:
    """Notes on Joe, listed by the first version."""
    def notes(*numbers: int) -> bytes:
        found = [
            {"id": n, "content": f"Note {n}", "add_time": f"2026-11-20 10:{n:02}:00", "update_time": f"2026-11-20 10:{n:02}:00", "person_id": 7, "user_id": 1} for n in numbers
        ]  # fmt: skip
        return json.dumps({"success": True, "data": found}).encode()

    for path in ("v2/organizations", "v2/persons", "v2/deals", "v2/deals/archived", "v2/activities", "v2/stages", "v1/leads", "v1/users", "v1/activityTypes", "v1/recents"):
        server.put(f"/api/{path}", '{"success":true,"data":[]}')
    login = Login(
        id=0, source="pipedrive", place="pipedrive", address=server.base, user_name="me@hotel.example", has_token=True, allow_private=True,
        profile=Key("pipedrive", "user:me"),
    )  # fmt: skip
    return Forge(path="/api/v1/notes", good=notes, key=Key("pipedrive", "7"), stream="records", login=login, title="Pipedrive")


def salesforce(server: FeedServer) -> Forge:
    """Whatever is queried, the answer is cases of Joe's, because the server knows no query: each has one key, whatever it is taken for."""
    user = "005000000000001AAA"

    def cases(*numbers: int) -> bytes:
        return json.dumps({"done": True, "records": [
            {"Id": f"50000000000000{n}AAA", "IsDeleted": False, "CaseNumber": str(n), "Subject": f"Case {n}", "ContactId": "003000000000007AAA",
             "CreatedDate": f"2026-11-20T10:{n:02}:00.000+0000", "SystemModstamp": f"2026-11-20T10:{n:02}:00.000+0000"} for n in numbers
        ]}).encode()  # fmt: skip

    server.put("/services/oauth2/token", json.dumps({"access_token": "pass", "instance_url": server.base, "id": f"https://login.salesforce.com/id/00D/{user}"}))
    server.put("/services/data", '[{"version":"66.0"}]')
    server.put("/services/data/v66.0/query", '{"done":true,"records":[]}')
    login = Login(
        id=0, source="salesforce", place="salesforce", address=server.base, user_name="me@hotel.example", has_token=True, allow_private=True,
        profile=Key("salesforce", f"user:{user[:15]}"),
    )  # fmt: skip
    return Forge(
        path="/services/data/v66.0/queryAll", good=cases, key=Key("salesforce", "003000000000007"), stream="records", login=login, title="Salesforce", most=24,
        secret=f"force://app::m4rk3d-s3cr3t@{server.base}",
    )  # fmt: skip


CRM_FORGES: dict[str, Callable[[FeedServer], Forge]] = {"hubspot": hubspot, "pipedrive": pipedrive, "salesforce": salesforce}
