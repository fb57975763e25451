"""Salesforce step by step from a small org that behaves as the real one does: rights, queries, missing fields, deleted and merged records."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from relationdesk.errors import LoginRejected, RateLimited, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Login,
    Page,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
    Stream,
    Tombstone,
)
from relationdesk.services import key_store, logins
from relationdesk.services.sync import Synced
from relationdesk.sources import salesforce_reading
from relationdesk.sources.base import Options
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.door import Door
from relationdesk.sources.salesforce import Salesforce
from relationdesk.sources.salesforce_objects import OBJECTS
from relationdesk.sources.salesforce_reading import quoted
from relationdesk.sources.salesforce_talk import Right, Talk
from relationdesk.store.database import open_memory
from tests.facts import arrive, bring, life_day
from tests.org import ANN, AUTH, BASE, HOST, SAM, Org, iso

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
JOE18, ACME18, DEAL18 = "003000000000051AAA", "001000000000077AAA", "006000000000001AAA"
JOE, ACME = Key("salesforce", JOE18[:15]), Key("salesforce", ACME18[:15])
ME, COLLEAGUE = Key("salesforce", f"user:{SAM[:15]}"), Key("salesforce", f"user:{ANN[:15]}")


class Desk:
    """Who reads one org, and what was read so far."""

    def __init__(self) -> None:
        self.org, self.now, self.cursor, self.token = Org(), NOW, "", AUTH
        self.source = Salesforce(lambda: self.now)
        self.chosen: tuple[Stream, ...] = ()
        self.org.put("Account", ACME18, Name="Acme", Phone="+47 22 00 00 00", Website="acme.example", BillingCity="Oslo")
        self.org.put("Contact", JOE18, FirstName="Joe", LastName="Brown", Email="joe@acme.example", Title="Head of Energy", Birthdate="1979-05-04", AccountId=ACME18)
        self.org.put("Opportunity", DEAL18, Name="Boiler", StageName="Negotiation", Amount=5000.0, CloseDate="2026-12-31", AccountId=ACME18, ContactId=JOE18, CreatedDate=iso(5))
        self.login: Login = self.connect()

    def door(self) -> Door:
        return self.org.door(self.now)

    def connect(self, typed: str = HOST, token: str = AUTH) -> Login:
        return self.source.connect(typed, token, self.door())

    def pages(self) -> list[Page]:
        self.org.asked.clear()
        found: list[Page] = []
        stream = self.source.streams(self.login, self.chosen)[0]
        for page in self.source.pages(self.login, stream, self.cursor, self.token, self.door()):
            self.cursor = page.cursor or self.cursor
            found.append(page)
        return found

    def facts(self) -> list[Fact]:
        return [fact for page in self.pages() for fact in page.facts]

    def later(self, **distance: float) -> list[Fact]:
        self.now += timedelta(**(distance or {"minutes": 31}))
        return self.facts()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def activities(facts: list[Fact]) -> dict[str, Activity]:
    return {fact.key.native_id: fact for fact in facts if isinstance(fact, Activity)}


def people(facts: list[Fact]) -> dict[str, Profile]:
    return {fact.key.native_id: fact for fact in facts if isinstance(fact, Profile) and (fact.display_name or fact.is_owner)}


def gone(facts: list[Fact]) -> list[str]:
    return sorted(fact.key.native_id for fact in facts if isinstance(fact, Tombstone))


# Connecting


@pytest.mark.parametrize("typed", [HOST, f"https://{HOST}/home", "carter.lightning.force.com"])
def test_a_right_says_who_we_are(desk: Desk, typed: str) -> None:
    assert desk.connect(typed) == Login(id=0, source="salesforce", place="salesforce", address=BASE, user_name="sam@carter.example", profile=ME, has_token=True)
    assert desk.org.sent[-1] == {"grant_type": "refresh_token", "client_id": "3MVG9.app", "refresh_token": "5Aep861.secret:right"}
    assert "5Aep861" not in repr(Right.read(AUTH)) and desk.connect(logins.sign_in_again(desk.login)) == desk.login


@pytest.mark.parametrize(
    ("typed", "token", "error", "words"),
    [
        ("carter.example", AUTH, UserMistake, "not the address of a Salesforce"),
        ("carter.my.salesforce.com.evil.example", AUTH, UserMistake, "not the address of a Salesforce"),
        ("", AUTH, UserMistake, "not the address of a Salesforce"),
        (HOST, "", UserMistake, "begins with force://"),
        (HOST, "password", UserMistake, "begins with force://"),
        ("other.my.salesforce.com", AUTH, UserMistake, "is one of carter.my.salesforce.com"),
        (HOST, AUTH.replace("right", "old"), LoginRejected, "no longer lets us in"),
    ],
)
def test_what_cannot_be_connected_says_why(desk: Desk, typed: str, token: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        desk.connect(typed, token)


@pytest.mark.parametrize("text", ["force://a::b@", "force://a:b@c", "https://a:b:c@d.example", "force://a:b:c@https://[::1", "force:// : : @x"])
def test_what_is_no_right_is_none(text: str) -> None:
    assert Right.read(text) is None


def test_a_right_is_written_as_it_was_read() -> None:
    right = Right(client="a b:c", secret="s@/", refresh="5A:x/é", instance=BASE)
    assert Right.read(right.text()) == right and "5A" not in repr(right)


def test_nobody_is_asked_on_a_server_that_is_not_theirs(desk: Desk) -> None:
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(
        200, json={"access_token": "x", "instance_url": "https://evil.example", "id": f"https://login.salesforce.com/id/00D/{SAM}"}
    )))  # fmt: skip
    with pytest.raises(UnexpectedAnswer, match="which is not Salesforce's"):
        Salesforce().connect(HOST, AUTH, door)


def test_an_org_that_gives_a_new_right_each_time_is_read_after_the_program_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the one that came with connecting: the right that was pasted is worth nothing from then on."""
    org, times, db = Org(), itertools.count(), open_memory()
    org.renews = True
    monkeypatch.setattr(key_store, "_ask", lambda request: {"ok": False, "state": "missing"})

    def clock() -> datetime:
        return NOW + timedelta(minutes=31 * next(times))

    def read() -> Synced:
        """By a program that was started anew: it knows nothing but what lies in the key store."""
        return logins.sync_one(db, login.id, clock, door=lambda *_: org.door(NOW), source=Salesforce(clock))

    login, _ = logins.connect(db, "salesforce", HOST, AUTH, clock, until_quit=True, door=lambda *_: org.door(NOW))
    try:
        assert read().failures == ()
        org.status["/services/data"] = httpx.Response(503)  # between the new right and what it is for
        assert read().failures != ()
        org.status.clear()
        assert read().failures == ()
        assert Right.read(key_store.secret(login.secret_name)) == Right(client="3MVG9.app", refresh=org.rights[0], instance=BASE)
    finally:
        key_store._until_quit.clear()


def test_a_list_of_users_without_end_ends(desk: Desk) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/services/oauth2/token" or path == "/services/data":
            return desk.org._answer(request)
        asked.append(path)
        return httpx.Response(200, json={"done": False, "records": [], "nextRecordsUrl": f"/services/data/v66.0/query/{len(asked)}"})

    with pytest.raises(UnexpectedAnswer):
        desk.source.connect(HOST, AUTH, Door(transport=httpx.MockTransport(answer), clock=lambda: NOW))
    assert len(asked) == 20


# What is read


def test_what_is_done_has_no_next_page_whatever_is_named(desk: Desk) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"done": True, "records": [{"Id": "1"}], "nextRecordsUrl": "/services/data/v66.0/query/2"})

    talk = Talk(door=Door(transport=httpx.MockTransport(answer)), base=BASE, clock=lambda: NOW, token="x")
    assert [[each["Id"] for each in page] for page in talk.query("SELECT Id FROM Contact")] == [["1"]] and len(asked) == 1


def test_people_companies_and_deals_are_those_of_an_export(desk: Desk) -> None:
    found = desk.facts()
    joe, acme = people(found)[JOE.native_id], people(found)[ACME.native_id]
    assert (joe.display_name, joe.title, joe.company, joe.known, joe.url) == ("Joe Brown", "Head of Energy", "Acme", True, f"{BASE}/{JOE18}")
    assert joe.days == (life_day(5, 4, 1979),)
    assert (acme.display_name, acme.is_company) == ("Acme", True)
    deal = activities(found)[DEAL18[:15]]
    assert (deal.actor, deal.audience, deal.published, deal.url) == (ME, Audience.PRIVATE, datetime(2026, 11, 1, 8, 5, tzinfo=UTC), f"{BASE}/{DEAL18}")
    assert [(p.profile, p.role) for p in deal.participants] == [(JOE, Role.SUBJECT), (ACME, Role.SUBJECT)]
    assert deal.text == "Stage: Negotiation · Amount: 5000 · Close date: 2026-12-31"
    (covered,) = [fact for fact in found if isinstance(fact, Coverage)]
    assert (covered.place, covered.profile, covered.since) == ("salesforce", None, None)


@pytest.mark.parametrize(
    ("what", "record", "expected"),
    [
        ("Task", {"Subject": "Email: Offer", "WhoId": JOE18, "ActivityDate": "2026-11-03", "Status": "Completed", "Description": "Dear Joe"},
         (Kind.MAIL, ME, datetime(2026, 11, 3, tzinfo=UTC), Precision.DAY, "Dear Joe\n\nStatus: Completed · Due: 2026-11-03")),
        ("Task", {"Subject": "Rang", "WhoId": JOE18, "ActivityDate": None, "TaskSubtype": "Call", "CallDurationInSeconds": 65, "OwnerId": ANN},
         (Kind.CALL, COLLEAGUE, datetime(2026, 11, 1, 8, 0, tzinfo=UTC), Precision.SECOND, "Seconds: 65")),
        ("Event", {"Subject": "Tasting", "WhoId": JOE18, "StartDateTime": "2026-11-04T12:00:00.000+0000", "EndDateTime": "2026-11-04T13:00:00.000+0000", "DurationInMinutes": 60,
                   "IsAllDayEvent": False, "Location": "Quay 3"},
         (Kind.EVENT, ME, datetime(2026, 11, 4, 12, 0, tzinfo=UTC), Precision.SECOND, "Place: Quay 3 · Minutes: 60 · Until: 2026-11-04T13:00:00.000+0000")),
        ("Event", {"Subject": "Fair", "WhoId": JOE18, "StartDateTime": "2026-11-04T00:00:00.000+0000", "ActivityDate": "2026-11-04", "DurationInMinutes": 1440, "IsAllDayEvent": True},
         (Kind.EVENT, ME, datetime(2026, 11, 4, tzinfo=UTC), Precision.DAY, "")),
        ("Case", {"Subject": "It came cold", "CaseNumber": "00001001", "ContactId": JOE18, "Status": "New", "Description": "Twice.", "OwnerId": ANN},
         (Kind.OTHER, JOE, datetime(2026, 11, 1, 8, 0, tzinfo=UTC), Precision.SECOND, "Twice.\n\nNumber: 00001001 · Status: New")),
    ],
)  # fmt: skip
def test_everything_logged_becomes_what_an_export_makes_of_it(desk: Desk, what: str, record: dict[str, Any], expected: tuple[Any, ...]) -> None:
    desk.org.put(what, "00X000000000009AAA", **record)
    one = activities(desk.facts())["00X000000000009"]
    assert (one.kind, one.actor, one.published, one.precision, one.text) == expected and one.title == record["Subject"]
    assert JOE in {one.actor, *(p.profile for p in one.participants)}


def test_whoever_owns_a_record_is_a_colleague_and_never_the_customer(desk: Desk) -> None:
    desk.org.put("Contact", "003000000000052AAA", LastName="Jones", FirstName="Mary", OwnerId=ANN)
    desk.org.put("Task", "00T000000000009AAA", Subject="Ring Mary", WhoId="003000000000052AAA", OwnerId=ANN)
    found = desk.facts()
    ann = [fact for fact in found if isinstance(fact, Profile) and fact.key == COLLEAGUE]
    assert ann[0].display_name == "Ann Seller" and not any(fact.known or fact.is_owner for fact in ann)
    (me,) = [fact for fact in found if isinstance(fact, Profile) and fact.is_owner]
    assert (me.key, me.display_name, me.addresses) == (ME, "Sam Carter", (Address(kind=AddressKind.MAIL, value="sam@carter.example", vouched=True),))
    assert "Ann" not in str(people(found)["003000000000052"])


def test_a_task_that_names_only_its_deal_belongs_to_whom_the_deal_is_about(desk: Desk) -> None:
    desk.facts()
    desk.org.put("Task", "00T000000000009AAA", 27_400, Subject="Send menu", WhatId=DEAL18)
    task = activities(desk.later())["00T000000000009"]
    assert [p.profile for p in task.participants] == [JOE, ACME]


def test_fields_that_an_org_does_not_have_are_asked_for_once_and_left_out(desk: Desk) -> None:
    desk.org.lacks = {"CurrencyIsoCode", "ContactId", "HomePhone"}
    found = desk.facts()
    assert [p.profile for p in activities(found)[DEAL18[:15]].participants] == [ACME] and people(found)[JOE.native_id].company == "Acme"
    assert set(desk.org.described) >= {"Contact", "Opportunity"}
    described = len(desk.org.described)
    desk.org.put("Opportunity", DEAL18, 27_400, StageName="Won")
    desk.org.put("Task", "00T000000000009AAA", 27_400, Subject="Send menu", WhatId="006000000000002AAA")
    assert activities(desk.later())[DEAL18[:15]].text.startswith("Stage: Won") and len(desk.org.described) == described


def test_objects_that_an_org_does_not_have_are_left_out(desk: Desk) -> None:
    desk.org.missing = {"Lead", "Case"}
    found = desk.facts()
    assert DEAL18[:15] in activities(found) and isinstance(found[-1], Coverage)


# What changed, what was deleted, merged, converted


def test_the_next_visit_asks_one_question_of_each_object(desk: Desk) -> None:
    desk.facts()
    assert [type(fact) for fact in desk.later()] == [Coverage]
    assert len(desk.org.asked) == len(OBJECTS) and all("SystemModstamp >= 2026-11-01T07:59:00Z" in query for query in desk.org.asked if "Contact" in query.split("FROM")[1])


def test_a_query_of_several_pages_is_read_to_its_end(desk: Desk) -> None:
    desk.org.most = 2
    for number in range(7):
        desk.org.put("Contact", f"0030000000001{number:02}AAA", number, LastName=f"No{number}")
    assert len([key for key in people(desk.facts()) if key.startswith("0030000000001")]) == 7
    assert [type(fact) for fact in desk.later()] == [Coverage]


def test_a_long_first_reading_goes_on_in_the_next_visit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salesforce_reading, "MOST_PAGES", 9)
    desk.org.most = 5
    for number in range(90):
        desk.org.put("Contact", f"0030000000001{number:02}AAA", 2 * number, LastName=f"No{number}")
    names: set[str] = set()
    for _ in range(9):
        found = desk.later()
        names |= set(people(found))
        if any(isinstance(fact, Coverage) for fact in found):
            break
    else:
        pytest.fail("never comes to an end")
    assert len([key for key in names if key.startswith("0030000000001")]) == 90


def test_what_was_deleted_is_withdrawn_and_what_is_restored_comes_back(desk: Desk) -> None:
    desk.facts()
    desk.org.put("Opportunity", DEAL18, 27_400, IsDeleted=True)
    desk.org.put("Contact", JOE18, 27_400, IsDeleted=True)
    assert gone(desk.later()) == [DEAL18[:15]]  # a person stays: what was done with them was done
    desk.org.put("Opportunity", DEAL18, 27_500, IsDeleted=False)
    assert DEAL18[:15] in activities(desk.later())


def test_who_was_merged_and_a_lead_that_became_a_contact_are_the_same_person(desk: Desk) -> None:
    desk.org.put("Contact", "003000000000052AAA", LastName="Braun", FirstName="Jo", IsDeleted=True, MasterRecordId=JOE18)
    desk.org.put("Lead", "00Q000000000001AAA", LastName="Brown", FirstName="Joe", Company="Acme", IsConverted=True, ConvertedContactId=JOE18)
    found = desk.facts()
    page = (Address(kind=AddressKind.WEB, value=f"{BASE}/{JOE18}", vouched=True),)
    told = {fact.key.native_id: fact.addresses for fact in found if isinstance(fact, Profile) and fact.addresses == page}
    assert set(told) == {"003000000000052", "00Q000000000001"}
    db = open_memory()
    arrive(db, found)
    ids = {row[0] for row in db.execute("SELECT person_id FROM profiles WHERE native_id IN (?, '003000000000052')", (JOE.native_id,))}
    assert len(ids) == 1 and None not in ids


# Limits and trouble


def test_most_of_a_days_questions_are_left_to_the_firm(desk: Desk) -> None:
    desk.org.usage = "13500/15000"
    with pytest.raises(RateLimited, match="left to its other programs") as caught:
        desk.facts()
    assert caught.value.until == NOW + timedelta(hours=1)
    desk.org.usage = "10/15000"
    desk.org.status["Contact"] = httpx.Response(403, json=[{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}])
    with pytest.raises(RateLimited, match="as often as this firm may"):
        desk.facts()


@pytest.mark.parametrize(
    ("status", "code", "error", "words"),
    [
        (403, "API_DISABLED_FOR_ORG", SourceUnavailable, "lets no programs in"),
        (401, "INVALID_SESSION_ID", LoginRejected, "does not accept this login"),
        (400, "MALFORMED_QUERY", SourceUnavailable, "malformed query"),
        (503, "SERVER_UNAVAILABLE", SourceUnavailable, "problem of its own"),
    ],
)
def test_refusals_are_told_by_their_names(desk: Desk, status: int, code: str, error: type[Exception], words: str) -> None:
    desk.org.status["Contact"] = httpx.Response(status, json=[{"message": "x", "errorCode": code}])
    with pytest.raises(error, match=words):
        desk.facts()


@pytest.mark.parametrize("body", ["[]", "{}", '{"records": 7}', "null", '"x"'])
def test_an_answer_of_another_kind_changes_nothing(desk: Desk, body: str) -> None:
    desk.facts()
    before = desk.cursor
    desk.org.status["Account"] = httpx.Response(200, content=body)
    with pytest.raises(UnexpectedAnswer):
        desk.later()
    assert desk.cursor == before


def test_records_without_what_they_must_have_cost_only_themselves(desk: Desk) -> None:
    desk.org.put("Contact", "003000000000060AAA", LastName=None, Email=7)
    desk.org.put("Task", "00T000000000060AAA", WhoId=None, Subject="lost")
    found = desk.facts()
    assert JOE.native_id in people(found)
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["Salesforce Contact 003000000000060AAA", "Salesforce Task 00T000000000060AAA"]


# Whose records; together with an export; in a desk


def test_only_the_records_of_those_who_are_chosen_are_read(desk: Desk) -> None:
    desk.org.put("Contact", "003000000000052AAA", LastName="Jones", OwnerId=ANN)
    stream, me = desk.source.follow("sam@carter.example", desk.login, AUTH, desk.door())
    assert (stream.title, me.key, me.is_owner) == ("Sam Carter", ME, True)
    desk.chosen = (stream,)
    found = desk.facts()
    assert DEAL18[:15] in activities(found) and "003000000000052" not in people(found)
    assert [page.unchanged for page in desk.source.pages(desk.login, stream, "", AUTH, desk.door())] == [True]
    with pytest.raises(UserMistake, match="Nobody is called"):
        desk.source.follow("O'Hara", desk.login, AUTH, desk.door())
    assert quoted("O'Hara \\ x") == "'O\\'Hara \\\\ x'"


CONTACT = f'"Id","IsDeleted","AccountId","LastName","FirstName","Email","Title","OwnerId"\n"{JOE18}","false","{ACME18}","Brown","Joe","joe@acme.example","Head of Energy","{SAM}"\n'
FIRM = f'"Id","IsDeleted","Name","BillingCity","OwnerId"\n"{ACME18}","false","Acme","Oslo","{SAM}"\n'
DEAL = (
    '"Id","IsDeleted","AccountId","ContactId","Name","StageName","Amount","CloseDate","OwnerId","CreatedDate"\n'
    f'"{DEAL18}","false","{ACME18}","{JOE18}","Boiler","Negotiation","5000","2026-12-31","{SAM}","2026-11-01T08:05:00.000Z"\n'
)


@pytest.mark.parametrize("export_first", [True, False])
def test_an_export_over_the_live_place_doubles_nothing(desk: Desk, tmp_path: Path, export_first: bool) -> None:
    for name, text in (("Contact", CONTACT), ("Account", FIRM), ("Opportunity", DEAL)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    exported = [fact for fact in CrmExport().read(tmp_path, Options()) if not isinstance(fact, Progress)]
    live = desk.facts()
    db = open_memory()
    ways = [lambda: bring(db, exported), lambda: arrive(db, live)]
    first, second = (way() for way in (ways if export_first else ways[::-1]))
    assert first.counts.new_activities == 1
    assert (second.counts.new_activities, second.counts.changed, second.counts.new_profiles) == (0, int(export_first), 0)  # only the page of the deal is new
    assert db.execute("SELECT count(*) FROM people WHERE name LIKE 'Joe%'").fetchone() == (1,)


def test_every_table_is_one_that_the_readers_of_exports_know() -> None:
    for one in OBJECTS:
        assert one.is_card is (one.name in ("Account", "Contact", "Lead"))
        assert one.sheet.layout is None or (one.sheet.layout.place, one.sheet.layout.companies) == ("salesforce", one.name == "Account")
        assert one.sheet.records is None or (one.sheet.records.place, one.sheet.records.what) == ("salesforce", {"Opportunity": "deal", "Case": "ticket", "Task": "task", "Event": "meeting"}[one.name])


def test_in_a_desk_the_right_lies_in_the_key_store_only(desk: Desk) -> None:
    db = open_memory()

    def door(private: frozenset[str], stop: object) -> Door:
        return desk.door()

    try:
        login, _ = logins.connect(db, "salesforce", HOST, AUTH, lambda: desk.now, until_quit=True, door=door)
        done = logins.sync_one(db, login.id, lambda: desk.now, door=door, source=desk.source)
        assert (done.new, done.failures) == (1, ())
        again = logins.sync_one(db, login.id, lambda: desk.now, door=door, source=desk.source)
        assert (again.new, again.changed, again.failures) == (0, 0, ())
        assert db.execute("SELECT q.native_id FROM profiles q JOIN people p ON p.id = q.person_id WHERE p.is_me").fetchall() == [(ME.native_id,)]
        assert "5Aep861" not in "\n".join(db.iterdump())
    finally:
        key_store._until_quit.clear()
