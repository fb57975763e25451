"""Pipedrive step by step from a small one that behaves as the real one does: two versions, pages, changes, deleted records, limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from relationdesk.errors import LoginRejected, RateLimited, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import (
    Activity,
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
from relationdesk.sources import pipedrive_reading
from relationdesk.sources.base import Options
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.crm_memory import Memory
from relationdesk.sources.door import Door
from relationdesk.sources.pipedrive import Pipedrive
from relationdesk.sources.pipedrive_objects import KINDS, Firm, is_deleted, utc
from relationdesk.store.database import open_memory
from tests.facts import arrive, bring
from tests.pipes import ANN, BASE, SAM, TOKEN, Pipes, iso, plain

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
JOE, ACME = Key("pipedrive", "51"), Key("pipedrive", "company:77")
ME, COLLEAGUE = Key("pipedrive", "user:sam carter"), Key("pipedrive", "user:ann seller")


class Desk:
    """Who reads one firm's Pipedrive, and what was read so far."""

    def __init__(self) -> None:
        self.pipes, self.now, self.cursor = Pipes(), NOW, ""
        self.source = Pipedrive(lambda: self.now)
        self.chosen: tuple[Stream, ...] = ()
        self.pipes.put("organizations", 77, name="Acme")
        self.pipes.put("persons", 51, name="Joe Brown", org_id=77, phones=[{"value": "+47 22 00 00 00", "primary": True, "label": "work"}],
                       emails=[{"value": "joe@home.example", "primary": False, "label": "home"}, {"value": "joe@acme.example", "primary": True, "label": "work"}])  # fmt: skip
        self.pipes.put("deals", 1, title="Boiler", person_id=51, org_id=77, stage_id=3, status="open", value=5000, currency="EUR", expected_close_date="2026-12-31", add_time=iso(5))
        self.login: Login = self.connect()

    def door(self) -> Door:
        return self.pipes.door(self.now)

    def connect(self, typed: str = "carter.pipedrive.com", token: str = TOKEN) -> Login:
        return self.source.connect(typed, token, self.door())

    def pages(self) -> list[Page]:
        self.pipes.asked.clear()
        found: list[Page] = []
        stream = self.source.streams(self.login, self.chosen)[0]
        for page in self.source.pages(self.login, stream, self.cursor, TOKEN, self.door()):
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


@pytest.mark.parametrize("typed", ["carter", "carter.pipedrive.com", " https://Carter.pipedrive.com/pipeline/1 "])
def test_a_token_says_whose_it_is(desk: Desk, typed: str) -> None:
    assert desk.connect(typed) == Login(id=0, source="pipedrive", place="pipedrive", address=BASE, user_name="sam@carter.example", profile=ME, has_token=True)
    assert logins.sign_in_again(desk.login) == BASE and desk.connect(BASE) == desk.login


@pytest.mark.parametrize(
    ("typed", "token", "error", "words"),
    [
        ("app.pipedrive.com", TOKEN, UserMistake, "not the address of a firm's Pipedrive"),
        ("carter.example", TOKEN, UserMistake, "not the address of a firm's Pipedrive"),
        ("", TOKEN, UserMistake, "not the address of a firm's Pipedrive"),
        ("carter.pipedrive.com.evil.example", TOKEN, UserMistake, "not the address of a firm's Pipedrive"),
        ("carter", "", UserMistake, "with an API token"),
        ("carter", "wrong", LoginRejected, "does not accept"),
    ],
)
def test_what_cannot_be_connected_says_why(desk: Desk, typed: str, token: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        desk.connect(typed, token)


def test_what_is_no_pipedrive_is_not_connected(desk: Desk) -> None:
    for answer in (httpx.Response(404), httpx.Response(200, json={"success": True, "data": {}}), httpx.Response(200, json=[])):
        desk.pipes.status["/api/v1/users/me"] = answer
        with pytest.raises(UnexpectedAnswer):
            desk.connect()


# What is read


def test_people_organizations_and_deals_are_those_of_an_export(desk: Desk) -> None:
    found = desk.facts()
    joe, acme = people(found)["51"], people(found)["company:77"]
    assert (joe.display_name, joe.company, joe.known, joe.url) == ("Joe Brown", "Acme", True, f"{BASE}/person/51")
    assert [address.value for address in joe.addresses] == ["joe@acme.example", "joe@home.example", "+47 22 00 00 00"]
    assert (acme.display_name, acme.is_company, acme.url) == ("Acme", True, f"{BASE}/organization/77")
    deal = activities(found)["deal:1"]
    assert (deal.actor, deal.audience, deal.published, deal.url) == (ME, Audience.PRIVATE, datetime(2026, 11, 1, 8, 5, tzinfo=UTC), f"{BASE}/deal/1")
    assert [(p.profile, p.role) for p in deal.participants] == [(JOE, Role.SUBJECT), (ACME, Role.SUBJECT)]
    assert deal.text == "Stage: Proposal made · Status: Open · Value: 5000 · Currency: EUR · Expected: 2026-12-31"
    (covered,) = [fact for fact in found if isinstance(fact, Coverage)]
    assert (covered.place, covered.profile, covered.since) == ("pipedrive", None, None)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"subject": "Intro", "type": "call", "done": True, "note": "<b>Went</b> well", "duration": "00:15"},
         ("Intro", Kind.CALL, "Went well\n\nType: Call · Status: Done · Duration: 00:15")),
        ({"subject": "See the plant", "type": "site_visit_9", "done": False, "location": {"value": "Quay 3"}},
         ("See the plant", Kind.OTHER, "Type: Site visit · Status: To do · Place: Quay 3")),
        ({"subject": "Lunch", "type": "lunch", "done": 1}, ("Lunch", Kind.EVENT, "Type: Lunch · Status: Done")),
        ({"subject": "Send offer", "type": "email", "done": False, "deal_id": 1}, ("Send offer", Kind.MAIL, "Type: Email · Status: To do · Deal: Boiler")),
    ],
)  # fmt: skip
def test_activities_become_what_an_export_makes_of_them(desk: Desk, record: dict[str, Any], expected: tuple[str, Kind, str]) -> None:
    desk.pipes.put("activities", 9, person_id=51, due_date="2026-11-02", due_time="13:30", **record)
    one = activities(desk.facts())["task:9"]
    assert (one.title, one.kind, one.text) == expected
    assert one.actor == ME and one.participants[0].profile == JOE and one.published == datetime(2026, 11, 2, 13, 30, tzinfo=UTC)


def test_a_due_day_without_a_time_is_a_day(desk: Desk) -> None:
    desk.pipes.put("activities", 9, subject="Some time", type="task", person_id=51, due_date="2026-11-02", due_time=None, owner_id=ANN)
    one = activities(desk.facts())["task:9"]
    assert (one.published, one.precision, one.actor) == (datetime(2026, 11, 2, tzinfo=UTC), Precision.DAY, COLLEAGUE)


def test_everybody_who_takes_part_does(desk: Desk) -> None:
    desk.pipes.put("persons", 52, name="Mary Jones", org_id=None)
    desk.pipes.put("activities", 9, subject="Round", type="meeting", person_id=51, org_id=77, participants=[{"person_id": 51, "primary": True}, {"person_id": 52, "primary": False}])
    one = activities(desk.facts())["task:9"]
    assert [(p.profile.native_id, p.role) for p in one.participants] == [("51", Role.TO), ("52", Role.TO), ("company:77", Role.SUBJECT)]


def test_a_note_has_a_time_in_utc_and_belongs_to_whom_its_deal_is_about(desk: Desk) -> None:
    desk.pipes.put("deals", 2, title="Boiler", person_id=None, org_id=78)  # the same title, somebody else
    desk.pipes.put("notes", 9, content="<p>Budget is fine</p>", user_id=ANN, deal_id=1, add_time="2026-11-03 10:44:11", active_flag=True)
    note = activities(desk.facts())["note:9"]
    assert (note.text, note.actor, note.published) == ("Budget is fine", COLLEAGUE, datetime(2026, 11, 3, 10, 44, 11, tzinfo=UTC))
    assert [p.profile for p in note.participants] == [JOE, ACME]


def test_a_deal_that_was_not_changed_is_looked_up_for_a_note_on_it(desk: Desk) -> None:
    desk.facts()
    desk.pipes.put("notes", 9, 27_400, content="Later", user_id=SAM, deal_id=1)
    assert [p.profile for p in activities(desk.later())["note:9"].participants] == [JOE, ACME] and desk.pipes.count("/api/v2/deals ids=1") == 1


def test_leads_and_archived_deals_are_deals(desk: Desk) -> None:
    desk.pipes.put("leads", "adf21080-0e10-11eb-879b-05d71fb426ec", title="Two boilers", person_id=51, organization_id=None, value={"amount": 900, "currency": "EUR"})
    desk.pipes.put("archived", 3, title="Old one", person_id=51, status="lost", lost_reason="price", is_archived=True)
    found = activities(desk.facts())
    assert found["deal:adf21080-0e10-11eb-879b-05d71fb426ec"].text == "Value: 900 EUR"
    assert found["deal:3"].text == "Status: Lost · Why lost: price"


def test_a_firm_without_leads_or_an_archive_is_read_all_the_same(desk: Desk) -> None:
    desk.pipes.status = {"/api/v1/leads": httpx.Response(402), "/api/v2/deals/archived": httpx.Response(404), "/api/v1/recents": httpx.Response(410)}
    found = desk.facts()
    assert "deal:1" in activities(found) and isinstance(found[-1], Coverage)
    desk.pipes.status = {"/api/v2/persons": httpx.Response(403)}
    with pytest.raises(SourceUnavailable, match="does not show this with our key"):
        desk.later()


def test_whoever_owns_a_record_is_a_colleague_and_never_the_customer(desk: Desk) -> None:
    desk.pipes.put("persons", 52, name="Mary Jones", org_id=77, owner_id=ANN)
    desk.pipes.put("deals", 2, title="Hers", person_id=52, owner_id=ANN)
    found = desk.facts()
    assert activities(found)["deal:2"].actor == COLLEAGUE
    assert not any(fact.known or fact.is_owner for fact in found if isinstance(fact, Profile) and fact.key == COLLEAGUE)
    assert [fact.key for fact in found if isinstance(fact, Profile) and fact.is_owner] == [ME]
    assert "Ann" not in str(people(found)["52"]) and "Sam" not in str(people(found)["51"])


def test_what_names_nobody_is_refused(desk: Desk) -> None:
    desk.pipes.put("notes", 9, content="lost", user_id=SAM)
    assert [(fact.where, fact.reason) for fact in desk.facts() if isinstance(fact, Rejected)] == [("Pipedrive notes 9", "This note names no contact and no company.")]


# What changed


def test_the_next_visit_asks_one_question_of_each_kind(desk: Desk) -> None:
    desk.facts()
    assert [type(fact) for fact in desk.later()] == [Coverage]
    assert len(desk.pipes.asked) == len(KINDS)


def test_a_change_is_read_once_and_the_firm_of_a_new_person_is_looked_up(desk: Desk) -> None:
    desk.facts()
    desk.pipes.put("deals", 1, 27_400, stage_id=4, status="won", won_time=iso(27_400))
    desk.pipes.put("persons", 53, 27_400, name="Eva Lind", org_id=77)
    found = desk.later()
    assert activities(found)["deal:1"].text.startswith("Stage: Negotiations · Status: Won") and people(found)["53"].company == "Acme"
    assert [type(fact) for fact in desk.later()] == [Coverage]


def test_pages_of_both_versions_are_turned_to_their_end(desk: Desk) -> None:
    desk.pipes.most = 2
    for number in range(7):
        desk.pipes.put("persons", 100 + number, number, name=f"No {number}")
        desk.pipes.put("notes", 200 + number, number, content=f"Note {number}", user_id=SAM, person_id=51)
    found = desk.facts()
    assert {f"{100 + n}" for n in range(7)} <= set(people(found)) and {f"note:{200 + n}" for n in range(7)} <= set(activities(found))
    assert [type(fact) for fact in desk.later()] == [Coverage]


def test_a_page_that_leads_back_to_itself_ends(desk: Desk) -> None:
    record = {"id": 1, "title": "Boiler", "person_id": 51, "update_time": iso(1), "is_deleted": False}
    desk.pipes.status["/api/v2/deals"] = httpx.Response(200, json={"success": True, "data": [record], "additional_data": {"next_cursor": "same"}})
    desk.facts()
    assert desk.pipes.count("/api/v2/deals") - desk.pipes.count("/api/v2/deals/archived") == 2


def test_a_long_first_reading_goes_on_in_the_next_visit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipedrive_reading, "MOST_QUESTIONS", 12)
    desk.pipes.most = 10
    for number in range(300):
        desk.pipes.put("persons", 1_000 + number, 2 * number, name=f"No {number}")
    assert not [fact for fact in desk.facts() if isinstance(fact, Coverage)]
    names: set[str] = set()
    for _ in range(10):
        found = desk.later()
        names |= set(people(found))
        if any(isinstance(fact, Coverage) for fact in found):
            break
    else:
        pytest.fail("never comes to an end")
    assert "1299" in names


# What was deleted


def test_what_was_deleted_is_withdrawn_and_what_is_restored_comes_back(desk: Desk) -> None:
    desk.pipes.put("activities", 9, subject="Intro", type="call", person_id=51)
    desk.facts()
    desk.pipes.put("deals", 1, 27_400, status="deleted", is_deleted=True)
    desk.pipes.put("persons", 51, 27_400, is_deleted=True)
    assert gone(desk.later()) == ["deal:1"]
    desk.pipes.recents = [
        {"item": "activity", "id": 9, "data": {"id": 9, "active_flag": False, "update_time": plain(27_500)}},
        {"item": "activity", "id": 8, "data": {"id": 8, "active_flag": True, "update_time": plain(27_500)}},
        {"item": "note", "id": 7, "data": {"id": 7, "update_time": plain(27_500)}},
    ]
    assert gone(desk.later(days=1)) == ["task:9"]
    desk.pipes.put("deals", 1, 40_000, status="open", is_deleted=False)
    assert "deal:1" in activities(desk.later(days=20))


@pytest.mark.parametrize("mark", [{"is_deleted": True}, {"deleted": True}, {"active_flag": False}, {"status": "deleted"}])
def test_a_record_is_deleted_only_if_it_says_so(mark: dict[str, Any]) -> None:
    assert is_deleted(mark) and not is_deleted(dict.fromkeys(mark)) and not is_deleted({})


# Limits and trouble


def test_the_limit_of_a_day_is_waited_for_until_it_is_over(desk: Desk) -> None:
    tomorrow, soon = datetime(2026, 11, 21, tzinfo=UTC), NOW + timedelta(minutes=10)
    for name, left, until in (
        ("x-daily-ratelimit-token-remaining", "0", tomorrow), ("x-daily-ratelimit-token-remaining", "-3", tomorrow),
        ("x-daily-ratelimit-token-remaining", "500", soon), ("x-daily-requests-left", "0", tomorrow),
    ):  # fmt: skip
        desk.pipes.status["/api/v2/persons"] = httpx.Response(429, json={"success": False, "error": "request over limit"}, headers={name: left, "x-ratelimit-reset": "2"})
        with pytest.raises(RateLimited) as caught:
            desk.facts()
        assert caught.value.until == until


@pytest.mark.parametrize("body", ["[]", "{}", '{"success": false, "error": "x"}', '{"success": true, "data": 7}', "null", '{"success": true, "data": {}}'])
def test_an_answer_of_another_kind_changes_nothing(desk: Desk, body: str) -> None:
    desk.facts()
    before = desk.cursor
    desk.pipes.status["/api/v2/organizations"] = httpx.Response(200, content='{"success": true, "data": {"a": 1}}' if body == '{"success": true, "data": {}}' else body)
    with pytest.raises(UnexpectedAnswer):
        desk.later()
    assert desk.cursor == before


def test_records_without_what_they_must_have_cost_only_themselves(desk: Desk) -> None:
    desk.pipes.put("persons", 60, name=None, emails=None, phones="x", org_id={"value": 77, "name": "Acme"}, owner_id=None)
    desk.pipes.put("deals", 61, title=None, person_id=True, value="much", add_time=7)
    found = desk.facts()
    assert "51" in people(found) and len([fact for fact in found if isinstance(fact, Rejected)]) == 2


# Whose records; together with an export; in a desk


def test_only_the_records_of_those_who_are_chosen_are_read(desk: Desk) -> None:
    desk.pipes.put("persons", 52, name="Mary Jones", owner_id=ANN)
    desk.pipes.put("notes", 9, content="hers", user_id=ANN, person_id=52)
    stream, me = desk.source.follow("Sam Carter", desk.login, TOKEN, desk.door())
    assert (stream.title, me.key, me.is_owner) == ("Sam Carter", ME, True)
    desk.chosen = (stream,)
    found = desk.facts()
    assert set(activities(found)) == {"deal:1"} and "52" not in people(found)
    assert [page.unchanged for page in desk.source.pages(desk.login, stream, "", TOKEN, desk.door())] == [True]


PEOPLE = "Person - ID,Person - Name,Person - Organization,Person - Email,Person - Phone,Person - Owner\n51,Joe Brown,Acme,joe@acme.example,+47 22 00 00 00,Sam Carter\n"
FIRMS = "Organization - ID,Organization - Name,Organization - Owner\n77,Acme,Sam Carter\n"
DONE = (
    "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Done,Activity - Person,Activity - Organization,Activity - Assigned to user\n"
    "9,Intro,Call,2026-11-02,Done,Joe Brown,Acme,Sam Carter\n"
)


@pytest.mark.parametrize("export_first", [True, False])
def test_an_export_over_the_live_place_doubles_nothing(desk: Desk, tmp_path: Path, export_first: bool) -> None:
    desk.pipes.put("activities", 9, subject="Intro", type="call", done=True, person_id=51, org_id=77, due_date="2026-11-02", due_time="13:30")
    del desk.pipes.records["deals"]
    for name, text in (("people", PEOPLE), ("organizations", FIRMS), ("activities", DONE)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    exported = [fact for fact in CrmExport().read(tmp_path, Options()) if not isinstance(fact, Progress)]
    live = desk.facts()
    db = open_memory()
    ways = [lambda: bring(db, exported), lambda: arrive(db, live)]
    first, second = (way() for way in (ways if export_first else ways[::-1]))
    assert first.counts.new_activities == 1
    assert (second.counts.new_activities, second.counts.changed, second.counts.new_profiles) == (0, int(export_first), 0)  # only the time of day is new
    assert db.execute("SELECT count(*) FROM people WHERE name LIKE 'Joe%'").fetchone() == (1,)


def test_every_table_is_one_that_the_readers_of_exports_know() -> None:
    for kind in KINDS:
        assert kind.is_card is (kind.name in ("organizations", "persons"))
        assert kind.sheet.layout is None or (kind.sheet.layout.place, kind.sheet.layout.companies) == ("pipedrive", kind.name == "organizations")
        assert kind.sheet.records is None or kind.sheet.records.place == "pipedrive"
    assert Firm().page("deal", "5") == "" and Firm(web=BASE).page("deal", "../x") == ""
    assert [utc(text) for text in ("2022-01-04 10:44:11", "2022-01-04T10:44:11+02:00", "2022-01-04", "", "soon")] == [
        "2022-01-04T10:44:11Z", "2022-01-04T08:44:11Z", "2022-01-04", "", "",
    ]  # fmt: skip


def test_in_a_desk_the_second_firm_is_refused(desk: Desk) -> None:
    db = open_memory()

    def door(private: frozenset[str], stop: object) -> Door:
        return desk.door()

    try:
        login, _ = logins.connect(db, "pipedrive", "carter", TOKEN, lambda: desk.now, until_quit=True, door=door)
        done = logins.sync_one(db, login.id, lambda: desk.now, door=door, source=desk.source)
        assert (done.new, done.failures) == (1, ())
        again = logins.sync_one(db, login.id, lambda: desk.now, door=door, source=desk.source)
        assert (again.new, again.changed, again.failures) == (0, 0, ())
        assert db.execute("SELECT q.native_id FROM profiles q JOIN people p ON p.id = q.person_id WHERE p.is_me").fetchall() == [("user:sam carter",)]
        with pytest.raises(UserMistake, match="another firm's Pipedrive already"):
            logins.connect(db, "pipedrive", "other.pipedrive.com", TOKEN, lambda: desk.now, until_quit=True, door=door)
        assert TOKEN not in "\n".join(db.iterdump())
    finally:
        key_store._until_quit.clear()


def test_a_cursor_of_fewer_people_begins_anew(desk: Desk) -> None:
    desk.facts()
    assert Memory.read(desk.cursor).of["deals"].since and Memory.read(desk.cursor, frozenset({"11"})) == Memory(chosen=frozenset({"11"}))
