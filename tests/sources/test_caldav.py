"""A calendar server step by step: found, chosen, read once, then only what changed; and what it takes for an entry to be withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from relationdesk.errors import LoginRejected, SourceError, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import Activity, Coverage, Fact, Key, Login, Page, Profile, Rejected, Stream, Tombstone
from relationdesk.services import key_store, logins
from relationdesk.sources import caldav_reading
from relationdesk.sources.caldav import CalDav
from relationdesk.sources.caldav_memory import Kept, Memory, Seen
from relationdesk.sources.door import Door
from relationdesk.store.database import open_memory
from tests.dav import BASE, HOME, PASSWORD, USER, Box, Dav, meeting

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)
JOE = Key("mail", "joe@hotel.example")
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"


class Desk:
    """Who reads one server, and what was read so far."""

    def __init__(self) -> None:
        self.dav, self.now, self.cursor = Dav(), NOW, ""
        self.source = CalDav(lambda: self.now)
        self.chosen: tuple[Stream, ...] = ()
        self.dav.put("work", "a.ics", meeting("a@x", "Review"))
        self.dav.put("work", "b.ics", meeting("b@x", "Weekly", "20261102T090000Z", WEEKLY))

    def door(self) -> Door:
        return Door(transport=self.dav.transport(), clock=lambda: self.now)

    def connect(self, typed: str = f"{USER} cal.example", password: str = PASSWORD) -> Login:
        self.login = self.source.connect(typed, password, self.door())
        return self.login

    def pages(self) -> list[Page]:
        if not hasattr(self, "login"):
            self.connect()
        self.dav.asked.clear()
        found: list[Page] = []
        for stream in self.source.streams(self.login, self.chosen)[:1]:
            for page in self.source.pages(self.login, stream, self.cursor, PASSWORD, self.door()):
                self.cursor = page.cursor or self.cursor
                found.append(page)
        return found

    def facts(self) -> list[Fact]:
        return [fact for page in self.pages() for fact in page.facts]

    def titles(self) -> list[str]:
        return sorted(fact.title for fact in self.facts() if isinstance(fact, Activity))

    def gone(self) -> list[str]:
        return sorted(fact.key.native_id for fact in self.facts() if isinstance(fact, Tombstone))


@pytest.fixture
def desk() -> Desk:
    return Desk()


# Finding the calendars


@pytest.mark.parametrize(
    "typed", [f"{USER} cal.example", f"{USER}@cal.example/", f"{USER} https://cal.example", f"{USER} cal.example/dav/", f"{USER} cal.example/principals/sam/"]
)
def test_the_folder_of_calendars_is_found_from_whatever_names_the_server(desk: Desk, typed: str) -> None:
    login = desk.connect(typed)
    assert (login.address, login.user_name, login.profile) == (BASE + HOME, USER, Key("mail", USER))
    assert PASSWORD not in repr(login)
    assert desk.connect(logins.sign_in_again(login)) == login


def test_a_calendar_by_its_own_address_is_the_only_one(desk: Desk) -> None:
    desk.dav.boxes["home"] = Box("Home")
    desk.dav.put("home", "c.ics", meeting("c@x", "Dentist"))
    assert desk.connect(f"{USER} cal.example{HOME}home").address == f"{BASE}{HOME}home/#calendar"
    assert desk.titles() == ["Dentist"]


def test_a_password_stays_with_the_server_it_was_typed_for(desk: Desk) -> None:
    desk.dav.home = "https://calendars.other.example/dav/sam/"
    with pytest.raises(UserMistake, match=r"cal\.example keeps these calendars on calendars\.other\.example, which was not asked"):
        desk.connect()
    desk.dav.answers["PROPFIND /.well-known/caldav"] = lambda: httpx.Response(301, headers={"Location": "https://elsewhere.example/dav/"})
    with pytest.raises(UnexpectedAnswer, match=r"sends us on to elsewhere\.example, which was not asked"):
        desk.connect()
    assert desk.dav.passwords == []


def test_apple_keeps_calendars_on_numbered_servers_of_its_own() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, request.headers["authorization"]))
        has = "<resourcetype><collection/><C:calendar/></resourcetype><displayname>Work</displayname>"
        if request.url.host == "caldav.icloud.com":
            has = "<current-user-principal><href>/1/principal/</href></current-user-principal>"
            if request.url.path == "/1/principal/":
                has = "<C:calendar-home-set><href>https://p42-caldav.icloud.com:443/1/calendars/</href></C:calendar-home-set>"
        body = f'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>{request.url.path}</href><propstat><prop>{has}</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>'
        return httpx.Response(207, content=body)

    login = CalDav().connect("sam@icloud.com", PASSWORD, Door(transport=httpx.MockTransport(answer)))
    assert login.address == "https://p42-caldav.icloud.com:443/1/calendars/" and {host for host, _ in asked} == {"caldav.icloud.com", "p42-caldav.icloud.com"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("sam@gmail.com", "Google lets programs into its calendars only"),
        ("sam@x.example calendar.google.com", "secret|Choose “Calendar”"),
        ("sam@outlook.com", "Microsoft's calendars do not speak CalDAV"),
        ("sam@proton.me", "Proton's calendars"),
        ("sam@firm.example", "nobody was asked"),
        ("sam", "names no server"),
        ("", "names no server"),
        ("sam ftp://cal.example", "not the address of a calendar server"),
        ("sam https://[::1", "not the address of a calendar server"),
        ("sa:m cal.example", "wants a user name"),
    ],
)
def test_what_cannot_be_is_said_before_anybody_is_asked(desk: Desk, typed: str, words: str) -> None:
    with pytest.raises(UserMistake, match=words):
        desk.connect(typed)
    assert desk.dav.asked == []


def test_without_a_password_or_with_a_wrong_one_nothing_is_connected(desk: Desk) -> None:
    with pytest.raises(UserMistake, match="with a password"):
        desk.connect(password="")
    with pytest.raises(LoginRejected):
        desk.connect(password="wrong")
    desk.dav.answers["PROPFIND /.well-known/caldav"] = lambda: httpx.Response(401, headers={"WWW-Authenticate": 'Digest realm="x"'})
    with pytest.raises(LoginRejected, match="Digest"):
        desk.connect()


def test_a_server_without_calendars_says_so(desk: Desk) -> None:
    desk.dav.boxes = {"tasks": Box("Tasks", components="VTODO"), "inbox": Box("Inbox", kind="<C:schedule-inbox/>")}
    with pytest.raises(UserMistake, match="shows no calendar"):
        desk.connect()
    desk.dav.answers["PROPFIND /.well-known/caldav"] = desk.dav.answers["PROPFIND /"] = lambda: httpx.Response(404)
    with pytest.raises(UnexpectedAnswer, match="does not answer as a calendar server"):
        desk.connect()


def test_a_page_of_a_hotels_network_is_told_as_one(desk: Desk) -> None:
    page = b"<!DOCTYPE html><html><body>Welcome to our network</body></html>"
    desk.dav.answers["PROPFIND /.well-known/caldav"] = desk.dav.answers["PROPFIND /"] = lambda: httpx.Response(200, content=page)
    with pytest.raises(UnexpectedAnswer, match="agree to the terms of its network"):
        desk.connect()


# Reading


def test_the_first_visit_reads_everything_and_the_next_asks_one_question(desk: Desk) -> None:
    found = desk.facts()
    assert [fact.title for fact in found if isinstance(fact, Activity)] == ["Review", "Weekly", "Weekly", "Weekly", "Weekly"]
    assert {fact.key for fact in found if isinstance(fact, Profile) and fact.is_owner} == {Key("mail", USER), Key("mail", "sam.carter@old.example")}
    assert JOE in {fact.key for fact in found if isinstance(fact, Profile)}
    (covered,) = [fact for fact in found if isinstance(fact, Coverage)]
    assert (covered.place, covered.since, covered.until) == ("calendar", None, NOW)
    assert [type(fact) for fact in desk.facts()] == [Coverage] and desk.dav.asked == [f"PROPFIND {HOME}"]


def test_only_what_changed_is_asked_for(desk: Desk) -> None:
    desk.facts()
    desk.dav.put("work", "a.ics", meeting("a@x", "Review, moved", "20261119T090000Z"))
    desk.dav.put("work", "c.ics", meeting("c@x", "New one"))
    assert desk.titles() == ["New one", "Review, moved"]
    assert desk.dav.asked == [f"PROPFIND {HOME}", "PROPFIND /principals/sam/", f"sync {HOME}work/", f"get {HOME}work/ 2"]


@pytest.mark.parametrize("ctag", [True, False])
def test_a_server_without_sync_collection_is_compared_by_etags(desk: Desk, ctag: bool) -> None:
    desk.dav.boxes["work"].syncs, desk.dav.boxes["work"].ctag = False, ctag
    assert len(desk.titles()) == 5
    assert desk.titles() == [] and (f"PROPFIND {HOME}work/" in desk.dav.asked) is not ctag
    desk.dav.put("work", "a.ics", meeting("a@x", "Review, moved"))
    desk.dav.remove("work", "b.ics")
    found = desk.facts()
    assert [fact.title for fact in found if isinstance(fact, Activity)] == ["Review, moved"]
    assert [fact.key.native_id for fact in found if isinstance(fact, Tombstone)] == [f"b@x#202611{day}T090000Z" for day in ("02", "09", "16", "23")]


def test_a_server_that_promises_sync_collection_and_refuses_it_is_compared_by_etags(desk: Desk) -> None:
    desk.dav.answers[f"sync {HOME}work/"] = lambda: httpx.Response(403)
    assert len(desk.titles()) == 5 and f"PROPFIND {HOME}work/" in desk.dav.asked


def test_a_list_that_the_server_cuts_is_read_to_its_end(desk: Desk) -> None:
    for number in range(7):
        desk.dav.put("work", f"{number}.ics", meeting(f"{number}@x", f"No {number}"))
    desk.dav.boxes["work"].cut_at = 3
    assert len(desk.titles()) == 12
    assert desk.dav.asked.count(f"sync {HOME}work/") == 3


def test_many_entries_come_in_portions_and_go_on_in_the_next_visit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caldav_reading, "AT_ONCE", 2)
    monkeypatch.setattr(caldav_reading, "MOST_QUESTIONS", 2)
    for number in range(4):
        desk.dav.put("work", f"{number}.ics", meeting(f"{number}@x", f"No {number}"))
    first = desk.pages()
    assert not [fact for page in first for fact in page.facts if isinstance(fact, Coverage)] and all(page.cursor for page in first)
    second = desk.facts()
    assert [fact.title for fact in second if isinstance(fact, Activity)] == ["No 2", "No 3"] and isinstance(second[-1], Coverage)


def test_a_visit_that_breaks_off_goes_on_where_it_stood(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caldav_reading, "AT_ONCE", 1)
    desk.connect()
    (stream,) = desk.source.streams(desk.login, ())
    reading = desk.source.pages(desk.login, stream, "", PASSWORD, desk.door())
    desk.cursor = [next(reading), next(reading)][-1].cursor
    reading.close()
    assert desk.titles() == ["Weekly"] * 4


def test_a_token_that_the_server_forgot_costs_a_list_and_no_entries(desk: Desk) -> None:
    desk.facts()
    desk.dav.put("work", "c.ics", meeting("c@x", "New one"))
    desk.dav.remove("work", "a.ics")
    desk.dav.boxes["work"].forgets_before = 100
    found = desk.facts()
    assert [fact.title for fact in found if isinstance(fact, Activity)] == ["New one"]
    assert [fact.key.native_id for fact in found if isinstance(fact, Tombstone)] == ["a@x"]


def test_one_calendar_that_cannot_be_read_does_not_stop_the_others(desk: Desk) -> None:
    desk.dav.boxes["home"] = Box("Home")
    desk.dav.put("home", "c.ics", meeting("c@x", "Dentist"))
    desk.dav.answers[f"sync {HOME}home/"] = lambda: httpx.Response(500)
    desk.connect()
    titles: list[str] = []
    with pytest.raises(SourceUnavailable, match="problem of its own"):
        for page in desk.source.pages(desk.login, desk.source.streams(desk.login, ())[0], "", PASSWORD, desk.door()):
            titles += [fact.title for fact in page.facts if isinstance(fact, Activity)]
    assert len(titles) == 5


def test_a_calendar_shared_by_a_colleague_is_read_only_if_chosen(desk: Desk) -> None:
    desk.dav.boxes["team"] = Box("Team", owner="/principals/ann/")
    desk.dav.put("team", "t.ics", meeting("t@x", "Team talk"))
    desk.dav.put("team", "own.ics", meeting("o@x", "Ann at the dentist").replace("ORGANIZER:mailto:sam@carter.example\r\n", "").replace("ATTENDEE;CN=Joe Brown;PARTSTAT=ACCEPTED:mailto:joe@hotel.example\r\n", ""))
    assert "Team talk" not in desk.titles()
    stream, me = desk.source.follow("team", desk.login, PASSWORD, desk.door())
    assert (stream.title, me.is_owner, me.key) == ("Team", True, Key("mail", USER))
    desk.chosen = (stream,)
    assert desk.titles() == ["Team talk"]  # what stands in it of nobody but her is hers


def test_chosen_calendars_are_read_together_and_an_unknown_name_shows_those_there_are(desk: Desk) -> None:
    desk.dav.boxes["home"] = Box("Home")
    desk.connect()
    with pytest.raises(UserMistake, match=r"No calendar is called “Holidays” there.*“Home” and “Work”"):
        desk.source.follow("Holidays", desk.login, PASSWORD, desk.door())
    desk.chosen = tuple(desk.source.follow(name, desk.login, PASSWORD, desk.door())[0] for name in ("Work", f"{BASE}{HOME}home/"))
    streams = desk.source.streams(desk.login, desk.chosen)
    assert [stream.title for stream in streams] == [f"Calendars of {USER}", "Work", "Home"]
    assert [page.unchanged for page in desk.source.pages(desk.login, streams[1], "", PASSWORD, desk.door())] == [True]
    assert len(desk.titles()) == 5
    del desk.dav.boxes["home"]
    with pytest.raises(SourceError, match="no longer shown"):
        desk.facts()


def test_an_entry_the_server_lists_and_does_not_show_is_told_once(desk: Desk) -> None:
    desk.dav.put("work", "c.ics", "")
    assert [fact.where for fact in desk.facts() if isinstance(fact, Rejected)] == ["Work: c.ics"]
    assert not [fact for fact in desk.facts() if isinstance(fact, Rejected)]


def test_an_entry_with_files_in_it_is_left_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caldav_reading, "LARGEST", 2_000)
    desk.dav.put("work", "c.ics", meeting("c@x", "Plans", "20261118T090000Z", f"X-FILE:{'a' * 3_000}"))
    assert [fact.reason for fact in desk.facts() if isinstance(fact, Rejected)] == ["This entry is larger than any entry of a calendar is."]
    assert desk.dav.asked[-1] == f"get {HOME}work/ 2"


def test_endless_series_are_told_further_as_time_goes_by(desk: Desk) -> None:
    desk.dav.put("work", "c.ics", meeting("c@x", "Jour fixe", "20261118T090000Z", "RRULE:FREQ=MONTHLY"))
    first = desk.titles().count("Jour fixe")
    desk.now += timedelta(days=29)
    assert desk.titles() == []
    desk.now += timedelta(days=2)
    assert desk.titles() == ["Jour fixe"] * (first + 1) and desk.dav.asked[-1] == f"get {HOME}work/ 1"


# What is withdrawn


def test_times_that_fall_out_of_what_is_listed_are_not_withdrawn(desk: Desk) -> None:
    desk.dav.put("work", "c.ics", meeting("c@x", "Stand-up", "20170118T090000Z", "RRULE:FREQ=DAILY"))
    assert desk.titles().count("Stand-up") == 1_000
    desk.now += timedelta(days=40)
    desk.dav.put("work", "c.ics", meeting("c@x", "Stand-up, moved", "20170118T090000Z", "RRULE:FREQ=DAILY", "EXDATE:20261201T090000Z"))
    assert desk.gone() == ["c@x#20261201T090000Z"]


def test_what_the_server_says_is_deleted_is_withdrawn_and_may_come_back(desk: Desk) -> None:
    desk.facts()
    desk.dav.remove("work", "b.ics")
    gone = [fact for fact in desk.facts() if isinstance(fact, Tombstone)]
    assert [fact.key.native_id for fact in gone] == [f"b@x#202611{day}T090000Z" for day in ("02", "09", "16", "23")] and all(fact.returns for fact in gone)
    assert desk.gone() == []


def test_a_time_taken_out_of_a_series_is_withdrawn_alone(desk: Desk) -> None:
    desk.facts()
    desk.dav.put("work", "b.ics", meeting("b@x", "Weekly", "20261102T090000Z", WEEKLY, "EXDATE:20261109T090000Z"))
    assert desk.gone() == ["b@x#20261109T090000Z"]


def test_a_damaged_entry_withdraws_nothing(desk: Desk) -> None:
    desk.facts()
    desk.dav.put("work", "b.ics", meeting("b@x", "Weekly", "20261102T090000Z", "RRULE:FREQ=SECONDLY;COUNT=900000"))
    assert desk.gone() == []
    desk.dav.put("work", "b.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR")
    assert desk.gone() == []
    desk.dav.remove("work", "b.ics")
    assert len(desk.gone()) == 4


def test_an_entry_moved_to_another_calendar_stays(desk: Desk) -> None:
    desk.dav.boxes["archive"] = Box("Archive")
    desk.facts()
    desk.dav.put("archive", "a.ics", meeting("a@x", "Review"))
    desk.dav.remove("work", "a.ics")
    assert desk.gone() == []
    desk.dav.remove("archive", "a.ics")
    assert desk.gone() == ["a@x"]


def test_nothing_is_withdrawn_before_every_calendar_was_read(desk: Desk) -> None:
    desk.dav.boxes["zoo"] = Box("Zoo")
    desk.facts()
    desk.dav.put("zoo", "a.ics", meeting("a@x", "Review"))
    desk.dav.remove("work", "a.ics", "b.ics")
    desk.dav.answers[f"sync {HOME}zoo/"] = lambda: httpx.Response(500)
    with pytest.raises(SourceUnavailable):
        desk.facts()
    del desk.dav.answers[f"sync {HOME}zoo/"]
    assert len(desk.gone()) == 4  # the series; the other one was only moved


def test_a_calendar_emptied_at_one_stroke_or_gone_withdraws_nothing(desk: Desk) -> None:
    for number in range(10):
        desk.dav.put("work", f"{number}.ics", meeting(f"{number}@x", f"No {number}"))
    desk.facts()
    desk.dav.remove("work", *list(desk.dav.boxes["work"].entries))
    assert desk.gone() == []
    desk.dav.boxes = {"other": Box("Other")}
    assert desk.gone() == []


def test_a_list_that_leaves_an_entry_out_is_not_believed_until_the_entry_itself_is_gone(desk: Desk) -> None:
    desk.dav.boxes["work"].syncs = desk.dav.boxes["work"].ctag = False
    desk.facts()
    kept = desk.dav.boxes["work"].entries
    whole = desk.dav.transport()

    def without(request: httpx.Request) -> httpx.Response:
        if request.method == "PROPFIND" and request.url.path == f"{HOME}work/":
            desk.dav.boxes["work"].entries = {name: entry for name, entry in kept.items() if name != "a.ics"}
        else:
            desk.dav.boxes["work"].entries = kept
        return whole.handle_request(request)

    desk.dav.transport = lambda: httpx.MockTransport(without)  # type: ignore[method-assign]
    assert desk.gone() == [] and desk.dav.asked[-1] == f"get {HOME}work/ 1"


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", b"<multistatus xmlns='DAV:'><response><href>/dav", b"[]", b"{}", b"<multistatus/>"])
def test_no_list_or_half_of_one_changes_nothing(desk: Desk, body: bytes) -> None:
    desk.facts()
    before = desk.cursor
    desk.dav.put("work", "c.ics", meeting("c@x", "New one"))
    desk.dav.answers[f"sync {HOME}work/"] = lambda: httpx.Response(207, content=body)
    with pytest.raises(UnexpectedAnswer, match="nothing was deleted"):
        desk.facts()
    assert desk.cursor == before
    desk.dav.answers.clear()
    assert desk.titles() == ["New one"]


# In a desk


def test_in_a_desk_a_deleted_meeting_goes_and_comes_back(desk: Desk) -> None:
    db = open_memory()

    def door(private: frozenset[str], stop: object) -> Door:
        return desk.door()

    login, _ = logins.connect(db, "caldav", f"{USER} cal.example", PASSWORD, lambda: desk.now, until_quit=True, door=door)
    try:
        def read() -> tuple[int, int, int, tuple[tuple[str, str], ...]]:
            desk.now += timedelta(minutes=31)
            done = logins.sync_one(db, login.id, lambda: desk.now, door=door, source=desk.source)
            return done.new, done.changed, done.withdrawn, done.failures

        assert read() == (5, 0, 0, ()) and read() == (0, 0, 0, ())
        text = desk.dav.boxes["work"].entries["a.ics"][1]
        desk.dav.remove("work", "a.ics")
        assert read() == (0, 0, 1, ())
        desk.dav.put("work", "a.ics", text)
        assert read() == (1, 0, 0, ())
        logins.follow(db, login.id, "Work", lambda: desk.now, door=door, source=desk.source)
        assert read() == (0, 0, 0, ())
        assert db.execute("SELECT name, is_me FROM people ORDER BY is_me").fetchall()[-1][1] == 1
        assert PASSWORD not in "\n".join(db.iterdump())
    finally:
        key_store._until_quit.clear()


# The cursor


def test_a_cursor_keeps_the_times_of_a_series_in_some_bytes() -> None:
    start = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    keys = tuple(Key("calendar", f"b@x#{start + timedelta(days=7 * n):%Y%m%dT%H%M%SZ}") for n in range(500))
    odd = (Key("calendar", "a#b"), Key("tripit", "t@tripit.com"), Key("calendar", "d@x#20260101"), Key("calendar", "d@x#20260101T101112Z"))
    memory = Memory(calendars={"/w/": Kept(token="t", mark="m", fresh="2026-11-20", seen={"b.ics": Seen(mark="1", keys=keys + odd, endless=True)}, todo={"c.ics": ""})})
    memory.gone = [Key("calendar", "gone@x"), *keys[:3]]
    again = Memory.read(memory.text())
    assert set(again.calendars["/w/"].seen["b.ics"].keys) == set(keys + odd) and again.calendars["/w/"].seen["b.ics"].endless
    assert set(again.gone) == set(memory.gone) and again.calendars["/w/"].todo == {"c.ics": ""} and len(memory.text()) < 700


@pytest.mark.parametrize("text", ['{"calendars": {"/w/": {}}}', '{"calendars": 7}', '{"calendars": {}, "gone": [["a", "b", "x"]]}', "[1]", "7", '{"gone": 7}'])
def test_a_cursor_that_is_none_begins_anew(text: str) -> None:
    assert Memory.read(text) == Memory()
