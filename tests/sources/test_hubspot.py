"""HubSpot step by step from a small portal that behaves as the real one does: lists, searches, what is linked, deleted and merged."""

from __future__ import annotations

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
    Profile,
    Progress,
    Rejected,
    Role,
    Stream,
    Tombstone,
)
from relationdesk.services import key_store, logins
from relationdesk.sources import hubspot_reading
from relationdesk.sources.base import Options
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.crm_memory import Memory, State
from relationdesk.sources.door import Door
from relationdesk.sources.hubspot import HubSpot
from relationdesk.sources.hubspot_objects import OBJECTS
from relationdesk.sources.hubspot_objects import Portal as About
from relationdesk.store.database import open_memory
from tests.facts import arrive, bring, life_day
from tests.portal import ANN, API, KEY, SAM, Portal, iso

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
JOE, ACME = Key("hubspot", "51"), Key("hubspot", "company:77")
ME, COLLEAGUE = Key("hubspot", "user:sam carter"), Key("hubspot", "user:ann seller")
PAGE = "https://app-eu1.hubspot.com/contacts/123/record/"


class Desk:
    """Who reads one portal, and what was read so far."""

    def __init__(self) -> None:
        self.portal, self.now, self.cursor = Portal(), NOW, ""
        self.source = HubSpot(lambda: self.now)
        self.chosen: tuple[Stream, ...] = ()
        portal = self.portal
        portal.put("companies", "77", name="Acme", domain="acme.example")
        portal.put("contacts", "51", firstname="Joe", lastname="Brown", email="joe@acme.example", jobtitle="Head of Energy", date_of_birth="1979-05-04", links={"companies": ["77"]})
        portal.put("deals", "1", dealname="Boiler", dealstage="closedwon", pipeline="default", amount="5000", closedate="2026-12-31T23:00:00.000Z", createdate=iso(5),
                   links={"contacts": ["51"], "companies": ["77"]})  # fmt: skip
        self.login: Login = self.connect()

    def door(self) -> Door:
        return self.portal.door(self.now)

    def connect(self, typed: str = "Sam@carter.example", key: str = KEY) -> Login:
        return self.source.connect(typed, key, self.door())

    def pages(self) -> list[Page]:
        self.portal.asked.clear()
        found: list[Page] = []
        stream = self.source.streams(self.login, self.chosen)[0]
        for page in self.source.pages(self.login, stream, self.cursor, KEY, self.door()):
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


def test_a_key_and_an_address_say_who_we_are(desk: Desk) -> None:
    assert desk.login == Login(
        id=0, source="hubspot", place="hubspot", address=f"{API}#123", user_name="sam@carter.example", profile=ME, has_token=True
    )
    assert desk.connect(logins.sign_in_again(desk.login)) == desk.login


@pytest.mark.parametrize(
    ("typed", "key", "error", "words"),
    [
        ("sam", KEY, UserMistake, "not a mail address"),
        ("sam@carter.example", "", UserMistake, "with a service key"),
        ("sam@carter.example", "wrong", LoginRejected, "does not accept"),
        ("nobody@carter.example", KEY, UserMistake, "Nobody with the address nobody@carter.example"),
    ],
)
def test_what_cannot_be_connected_says_why(desk: Desk, typed: str, key: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        desk.connect(typed, key)


def test_a_key_without_the_rights_it_takes_names_them(desk: Desk) -> None:
    desk.portal.may_not = {"owners"}
    with pytest.raises(UserMistake, match=r"crm\.objects\.owners\.read"):
        desk.connect()


def test_what_is_no_hubspot_is_not_connected(desk: Desk) -> None:
    desk.portal.status["/account-info/v3/details"] = httpx.Response(200, json={"message": "hello"})
    with pytest.raises(UnexpectedAnswer):
        desk.connect()


# What is read


def test_people_firms_and_deals_are_those_of_an_export(desk: Desk) -> None:
    found = desk.facts()
    joe, acme = people(found)["51"], people(found)["company:77"]
    assert (joe.display_name, joe.title, joe.company, joe.known, joe.url) == ("Joe Brown", "Head of Energy", "Acme", True, f"{PAGE}0-1/51")
    assert joe.days == (life_day(5, 4, 1979),)
    assert (acme.display_name, acme.is_company) == ("Acme", True)
    deal = activities(found)["deal:1"]
    assert (deal.actor, deal.kind, deal.audience, deal.published, deal.url) == (ME, Kind.OTHER, Audience.PRIVATE, datetime(2026, 11, 1, 8, 5, tzinfo=UTC), f"{PAGE}0-3/1")
    assert [(p.profile, p.role) for p in deal.participants] == [(JOE, Role.SUBJECT), (ACME, Role.SUBJECT)]
    assert deal.text == "Stage: Closed won · Pipeline: Sales · Amount: 5000 · Close date: 2027-01-01"  # midnight in Berlin
    (covered,) = [fact for fact in found if isinstance(fact, Coverage)]
    assert (covered.place, covered.profile, covered.since) == ("hubspot", None, None)


def test_whoever_owns_a_record_is_a_colleague_and_never_the_customer(desk: Desk) -> None:
    desk.portal.put("contacts", "52", firstname="Mary", lastname="Jones", email="mary@acme.example", owner=ANN)
    desk.portal.put("notes", "9", owner=ANN, hs_note_body="<p>Likes tea</p>", hs_timestamp=iso(7), links={"contacts": ["52"]})
    found = desk.facts()
    note = activities(found)["note:9"]
    assert (note.actor, note.text, [p.profile.native_id for p in note.participants]) == (COLLEAGUE, "Likes tea", ["52"])
    ann = [fact for fact in found if isinstance(fact, Profile) and fact.key == COLLEAGUE]
    assert ann and not any(fact.known or fact.is_owner for fact in ann)
    assert [fact.key for fact in found if isinstance(fact, Profile) and fact.is_owner] == [ME]
    mary = people(found)["52"]
    assert "Ann" not in str(mary) and "ann@" not in str(mary) and "Sam" not in str(people(found)["51"])


def test_two_colleagues_of_one_name_are_told_apart_by_their_numbers(desk: Desk) -> None:
    desk.portal.owners.append({"id": "13", "email": "other@carter.example", "firstName": "Sam", "lastName": "Carter", "archived": True})
    desk.portal.put("notes", "9", owner="13", hs_note_body="x", hs_timestamp=iso(7), links={"contacts": ["51"]})
    found = desk.facts()
    assert activities(found)["note:9"].actor == Key("hubspot", "user:13") and activities(found)["deal:1"].actor == Key("hubspot", f"user:{SAM}")
    assert [fact.key.native_id for fact in found if isinstance(fact, Profile) and fact.is_owner] == [f"user:{SAM}"]


LINK = {"contacts": ["51"]}


@pytest.mark.parametrize(
    ("what", "properties", "expected"),
    [
        ("calls", {"hs_call_title": "Intro", "hs_call_body": "Went well", "hs_call_direction": "OUTBOUND", "hs_call_duration": "205000",
                   "hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7"},
         ("call:9", Kind.CALL, ME, "Intro", "Went well\n\nOutcome: Connected · Duration: 00:03:25")),
        ("calls", {"hs_call_title": "They rang", "hs_call_direction": "INBOUND", "hs_call_disposition": "own-one"}, ("call:9", Kind.CALL, JOE, "They rang", "")),
        ("meetings", {"hs_meeting_title": "Review", "hs_meeting_start_time": iso(9), "hs_meeting_outcome": "COMPLETED", "hs_meeting_location": "Quay 3"},
         ("meeting:9", Kind.EVENT, ME, "Review", "Outcome: Completed · Place: Quay 3")),
        ("emails", {"hs_email_subject": "Re: Offer", "hs_email_text": "Yes please", "hs_email_direction": "INCOMING_EMAIL"}, ("mail:9", Kind.MAIL, JOE, "Re: Offer", "Yes please")),
        ("emails", {"hs_email_subject": "Offer", "hs_email_html": "<p>Dear Joe</p>", "hs_email_direction": "EMAIL", "hs_email_status": "SENT"},
         ("mail:9", Kind.MAIL, ME, "Offer", "Dear Joe\n\nStatus: Sent")),
        ("tasks", {"hs_task_subject": "Send menu", "hs_task_status": "NOT_STARTED", "hs_task_priority": "HIGH", "hs_task_type": "TODO"},
         ("task:9", Kind.OTHER, ME, "Send menu", "Status: Not started · Priority: High · Due: 2026-11-01T08:09:00Z")),
        ("tasks", {"hs_task_subject": "Ring Joe", "hs_task_status": "COMPLETED", "hs_task_priority": "NONE", "hs_task_type": "CALL"},
         ("task:9", Kind.CALL, ME, "Ring Joe", "Status: Completed · Due: 2026-11-01T08:09:00Z")),
        ("tickets", {"subject": "It came cold", "content": "Twice.", "hs_pipeline_stage": "7", "hs_ticket_priority": "HIGH", "source_type": "EMAIL", "createdate": iso(9)},
         ("ticket:9", Kind.OTHER, JOE, "It came cold", "Twice.\n\nStatus: Waiting for us · Priority: High · Source: Email")),
    ],
)  # fmt: skip
def test_everything_logged_becomes_what_an_export_makes_of_it(desk: Desk, what: str, properties: dict[str, str], expected: tuple[Any, ...]) -> None:
    desk.portal.put(what, "9", links=LINK, **({"hs_timestamp": iso(9)} | properties))
    found = activities(desk.facts())
    one = found[expected[0]]
    assert (one.key.native_id, one.kind, one.actor, one.title, one.text) == expected
    assert one.published == datetime(2026, 11, 1, 8, 9, tzinfo=UTC) and JOE in {one.actor, *(p.profile for p in one.participants)}


def test_what_names_only_its_deal_belongs_to_whom_the_deal_is_about(desk: Desk) -> None:
    desk.facts()
    desk.portal.put("notes", "9", 30_000, hs_note_body="Budget is fine", hs_timestamp=iso(7), links={"deals": ["1"]})
    note = activities(desk.later())["note:9"]
    assert [p.profile for p in note.participants] == [JOE, ACME]


def test_what_names_nobody_is_refused_and_null_is_nothing(desk: Desk) -> None:
    desk.portal.put("notes", "9", hs_note_body="lost", hs_timestamp=iso(7))
    desk.portal.put("contacts", "52", firstname=None, lastname=None, email=None, phone="+47 22 00 00 00")
    found = desk.facts()
    assert [(fact.where, fact.reason) for fact in found if isinstance(fact, Rejected)] == [("HubSpot notes 9", "This note names no contact and no company.")]
    assert people(found)["52"].addresses == (Address(kind=AddressKind.PHONE, value="+47 22 00 00 00"),)


# What changed


def test_the_next_visit_searches_for_changes_and_finds_none(desk: Desk) -> None:
    desk.facts()
    assert [type(fact) for fact in desk.later()] == [Coverage]
    assert desk.portal.count("/search") == len(OBJECTS) == len(desk.portal.asked)


def test_a_change_is_found_with_what_is_linked_and_read_once(desk: Desk) -> None:
    desk.facts()
    desk.portal.put("deals", "1", 27_450, dealstage="7")
    desk.portal.put("contacts", "53", 27_450, firstname="Eva", lastname="Lind", links={"companies": ["77"]})
    found = desk.later()
    assert activities(found)["deal:1"].text.startswith("Stage: Waiting for us") and [p.profile for p in activities(found)["deal:1"].participants] == [JOE, ACME]
    assert people(found)["53"].company == "Acme"  # its name was looked up: the firm itself was not changed
    assert [type(fact) for fact in desk.later()] == [Coverage]


def test_a_clock_that_goes_wrong_by_some_hours_misses_nothing(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)  # twelve hours ahead of the portal, which changes at 08:30
    desk.facts()
    desk.portal.put("deals", "1", 30, dealstage="7")
    assert "deal:1" in activities(desk.later())


def test_what_the_search_shows_some_seconds_late_is_found_the_next_time(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    desk.facts()
    desk.now += timedelta(days=2)
    desk.portal.put("deals", "1", 36_002, dealstage="7")
    assert "deal:1" in activities(desk.facts())
    desk.portal.put("deals", "2", 36_001, dealname="Late", dealstage="7", pipeline="default", createdate=iso(5), links={"contacts": ["51"]})  # changed before, shown after
    assert "deal:2" in activities(desk.later())


def test_a_list_of_several_pages_goes_on_where_it_stood(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubspot_reading, "MOST_QUESTIONS", 12)
    for number in range(200, 1_450):
        desk.portal.put("contacts", str(number), firstname=f"No{number}", lastname="Body")
    first = desk.pages()
    assert not [fact for page in first for fact in page.facts if isinstance(fact, Coverage)] and all(page.cursor for page in first)
    names: set[str] = set()
    for _ in range(12):
        found = desk.later()
        names |= set(people(found))
        if any(isinstance(fact, Coverage) for fact in found):
            break
    else:
        pytest.fail("never comes to an end")
    assert "1449" in names and Memory.read(desk.cursor).of["contacts"].listed


def test_a_search_is_asked_again_past_the_last_hit_it_shows(desk: Desk) -> None:
    desk.facts()
    desk.portal.window, desk.portal.page = 10_000, 200
    for number in range(11_000):
        desk.portal.put("contacts", str(1_000 + number), 30_000 + number / 1_000, firstname=f"No{number}", lastname="Body")
    names: set[str] = set()
    for _ in range(3):
        names |= set(people(desk.later()))
    assert len([name for name in names if name.isdigit() and int(name) >= 1_000]) == 11_000


def test_more_changes_in_one_moment_than_a_search_shows_are_walked_by_their_ids(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.facts()
    desk.portal.window, desk.portal.page = 40, 10
    monkeypatch.setattr(hubspot_reading, "WINDOW", 40)
    monkeypatch.setattr(hubspot_reading, "SEARCH", 10)
    for number in range(130):
        desk.portal.put("contacts", str(1_000 + number), 30_000, firstname=f"No{number}", lastname="Body")
    desk.portal.put("contacts", "9000", 30_001, firstname="Late", lastname="Comer")
    found = people(desk.later())
    assert len([name for name in found if name.isdigit() and int(name) >= 1_000]) == 131
    assert [type(fact) for fact in desk.later()] == [Coverage]


# What was deleted and merged


def test_what_was_deleted_is_withdrawn_within_a_day_and_restored_comes_back(desk: Desk) -> None:
    desk.portal.put("notes", "9", hs_note_body="x", hs_timestamp=iso(7), links=LINK)
    desk.facts()
    desk.portal.archive("notes", "9", 27_400)
    desk.portal.archive("contacts", "51", 27_400)
    assert gone(desk.later()) == []
    assert gone(desk.later(days=1)) == ["note:9"]  # a person stays: what was done with them was done
    assert gone(desk.later(days=1, minutes=1)) == []
    desk.portal.records["notes"]["9"] |= {"archived": False}
    desk.portal.put("notes", "9", 40_000)
    assert "note:9" in activities(desk.later())


def test_a_merged_person_is_the_one_it_was_merged_into(desk: Desk) -> None:
    desk.portal.put("contacts", "52", firstname="J.", lastname="Brown", email="jb@acme.example")
    desk.facts()
    del desk.portal.records["contacts"]["52"]
    desk.portal.put("contacts", "51", 30_000, hs_merged_object_ids="52;51")
    (merged,) = [fact for fact in desk.later() if isinstance(fact, Profile) and fact.key.native_id == "52"]
    assert merged.addresses == (Address(kind=AddressKind.WEB, value=f"{PAGE}0-1/51", vouched=True),) and not merged.known


def test_what_was_done_with_a_merged_person_comes_to_the_one_they_are_now(desk: Desk) -> None:
    db = open_memory()
    desk.portal.put("deals", "2", dealname="Older", links={"contacts": ["52"]})
    arrive(db, desk.facts())
    desk.portal.put("contacts", "51", 30_000, hs_merged_object_ids="52")
    arrive(db, desk.later())
    ids = {row[0] for row in db.execute("SELECT person_id FROM profiles WHERE native_id IN ('51', '52')")}
    assert len(ids) == 1 and None not in ids


def test_a_merged_deal_is_withdrawn(desk: Desk) -> None:
    desk.portal.put("deals", "2", dealname="Boiler again", links={"contacts": ["51"]})
    desk.facts()
    del desk.portal.records["deals"]["2"]
    desk.portal.put("deals", "1", 30_000, hs_merged_object_ids="2")
    assert gone(desk.later()) == ["deal:2"]


# Rights, limits, trouble


def test_what_a_key_may_not_read_is_left_out_and_the_rest_is_read(desk: Desk) -> None:
    desk.portal.may_not = {"tickets", "emails"}
    found = desk.facts()
    assert "deal:1" in activities(found) and isinstance(found[-1], Coverage)


def test_the_limit_of_a_day_is_waited_for_until_midnight_there(desk: Desk) -> None:
    for policy, until in (("DAILY", datetime(2026, 11, 20, 0, 0, tzinfo=UTC) + timedelta(days=1)), ("TEN_SECONDLY_ROLLING", NOW + timedelta(minutes=15))):
        desk.portal.status["companies"] = httpx.Response(429, json={"status": "error", "errorType": "RATE_LIMIT", "policyName": policy, "message": "x"})
        with pytest.raises(RateLimited) as caught:
            desk.facts()
        assert caught.value.until == until


def test_a_visit_that_fails_in_the_middle_goes_on_there(desk: Desk) -> None:
    desk.portal.put("notes", "9", hs_note_body="x", hs_timestamp=iso(7), links=LINK)
    desk.portal.status["tasks"] = httpx.Response(502)
    with pytest.raises(SourceUnavailable):
        desk.facts()
    assert Memory.read(desk.cursor).of["deals"].listed
    del desk.portal.status["tasks"]
    assert list(activities(desk.later())) == ["note:9"]


@pytest.mark.parametrize("body", ["[]", "{}", '{"results": 7}', "null", '"x"', '{"results": {}}'])
def test_an_answer_of_another_kind_changes_nothing(desk: Desk, body: str) -> None:
    desk.facts()
    before = desk.cursor
    desk.portal.status["companies"] = httpx.Response(200, content=body)
    with pytest.raises(UnexpectedAnswer):
        desk.later()
    assert desk.cursor == before


def test_records_without_what_they_must_have_cost_only_themselves(desk: Desk) -> None:
    desk.portal.records["contacts"]["0"] = {"archived": False, "id": "0", "properties": None}
    desk.portal.records["contacts"]["-1"] = {"archived": False, "properties": {"firstname": 7}, "id": None}
    found = desk.facts()
    assert "51" in people(found) and len([fact for fact in found if isinstance(fact, Rejected)]) == 2


# Whose records


def test_only_the_records_of_those_who_are_chosen_are_read(desk: Desk) -> None:
    desk.portal.put("contacts", "52", firstname="Mary", lastname="Jones", owner=ANN)
    desk.portal.put("deals", "2", dealname="Hers", owner=ANN, links={"contacts": ["52"]})
    stream, me = desk.source.follow("sam@carter.example", desk.login, KEY, desk.door())
    assert (stream.title, me.key, me.is_owner) == ("Sam Carter", ME, True)
    desk.chosen = (stream,)
    found = desk.facts()
    assert set(activities(found)) == {"deal:1"} and "52" not in people(found)
    assert [page.unchanged for page in desk.source.pages(desk.login, stream, "", KEY, desk.door())] == [True]
    desk.chosen = (stream, desk.source.follow("Ann Seller", desk.login, KEY, desk.door())[0])
    assert {"deal:1", "deal:2"} == set(activities(desk.later()))  # somebody more: everything is read again
    with pytest.raises(UserMistake, match=r"Nobody is called “Eve” there.*Ann Seller and Sam Carter"):
        desk.source.follow("Eve", desk.login, KEY, desk.door())


# Together with an export


CONTACTS = "Record ID,First Name,Last Name,Email,Job Title,Company Name,Contact owner\n51,Joe,Brown,joe@acme.example,Head of Energy,Acme,Sam Carter\n"
COMPANIES = "Record ID,Company name,Company Domain Name,Company owner\n77,Acme,acme.example,Sam Carter\n"
DEALS = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Contact IDs,Associated Company IDs\n"
    "1,Boiler,Closed won,Sales,5000,2027-01-01,2026-11-01T08:05:00Z,Sam Carter,51,77\n"
)


@pytest.mark.parametrize("export_first", [True, False])
def test_an_export_over_the_live_place_doubles_nothing(desk: Desk, tmp_path: Path, export_first: bool) -> None:
    for name, text in (("contacts", CONTACTS), ("companies", COMPANIES), ("deals", DEALS)):
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
        assert one.is_card is (one.name in ("companies", "contacts"))
        assert one.sheet.layout is None or (one.sheet.layout.place, one.sheet.layout.companies) == ("hubspot", one.name == "companies")
        assert one.sheet.records is None or one.sheet.records.place == "hubspot"
    assert About().page("0-1", "5") == ""


# In a desk


def test_in_a_desk_a_second_portal_is_refused(desk: Desk) -> None:
    db = open_memory()

    def door(private: frozenset[str], stop: object) -> Door:
        return desk.door()

    try:
        login, _ = logins.connect(db, "hubspot", "sam@carter.example", KEY, lambda: desk.now, until_quit=True, door=door)
        done = logins.sync_one(db, login.id, lambda: desk.now, door=door, source=desk.source)
        assert (done.new, done.failures) == (1, ())
        again = logins.sync_one(db, login.id, lambda: desk.now, door=door, source=desk.source)
        assert (again.new, again.changed, again.failures) == (0, 0, ())
        assert db.execute("SELECT q.native_id FROM profiles q JOIN people p ON p.id = q.person_id WHERE p.is_me").fetchall() == [("user:sam carter",)]
        logins.connect(db, "hubspot", "ann@carter.example", KEY, lambda: desk.now, until_quit=True, door=door)
        desk.portal.status["/account-info/v3/details"] = httpx.Response(200, json={"portalId": 999})
        with pytest.raises(UserMistake, match="another HubSpot portal already"):
            logins.connect(db, "hubspot", "sam@carter.example", KEY, lambda: desk.now, until_quit=True, door=door)
        assert KEY not in "\n".join(db.iterdump())
    finally:
        key_store._until_quit.clear()


@pytest.mark.parametrize("text", ["[1]", "7", '{"of": 7}', '{"of": {"deals": {}}}', '{"chosen": 7}', "{"])
def test_a_cursor_that_is_none_begins_anew(text: str) -> None:
    assert Memory.read(text) == Memory()
    kept = Memory(of={"deals": State(after="5", listed=True, begun=1, since=2, recent={"9": 3})}, deleted="2026-11-20", chosen=frozenset({"1"}))
    assert Memory.read(kept.text(), frozenset({"1"})) == kept and Memory.read(kept.text()) == Memory()
