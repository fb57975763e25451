"""A calendar at its secret address, read from a real HTTP server: conditional, whole or not at all, and the address never told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from relationdesk.errors import Gone, LoginRejected, SourceError, UnexpectedAnswer, UserMistake
from relationdesk.model import Activity, Coverage, Key, Login, Page, Profile, Rejected, Tombstone
from relationdesk.services import key_store, logins
from relationdesk.sources.calendar_address import CalendarAddress
from relationdesk.sources.door import Door
from relationdesk.store.database import open_memory
from relationdesk.troubles import Trouble
from tests.feed_server import FeedServer
from tests.sources.chat_reading import DATA

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)
SECRET = "/private-0a1b2c3d/basic.ics"
SAM = (DATA / "ical" / "sam.ics").read_bytes()
MINE = "sam@carter.example"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        server.put(SECRET, SAM, conditional=True)
        yield server


def door(server: FeedServer) -> Door:
    return Door(allowed_hosts=frozenset({server.host}), clock=lambda: NOW)


def source() -> CalendarAddress:
    return CalendarAddress(clock=lambda: NOW)


def connected(server: FeedServer, typed: str = MINE) -> Login:
    return source().connect(typed, server.base + SECRET, door(server))


def read(server: FeedServer, cursor: str = "") -> list[Page]:
    login = connected(server)
    (stream,) = source().streams(login, ())
    return list(source().pages(login, stream, cursor, server.base + SECRET, door(server)))


def facts(pages: list[Page]) -> list[object]:
    return [fact for page in pages for fact in page.facts]


def test_connecting_keeps_the_host_and_whose_it_is_but_never_the_address(server: FeedServer) -> None:
    login = connected(server)
    assert login.user_name == MINE and login.profile == Key("mail", MINE) and login.place == "calendar"
    assert login.address.startswith(server.base + "#") and "0a1b2c3d" not in repr(login)
    (stream,) = source().streams(login, ())
    assert "0a1b2c3d" not in repr(stream) and stream.title == f"Calendar of {MINE}"


def test_signing_in_again_means_the_same_person(server: FeedServer) -> None:
    login = connected(server)
    assert connected(server, logins.sign_in_again(login)) == login


def test_two_calendars_of_one_host_are_two_logins(server: FeedServer) -> None:
    server.put("/private-other/basic.ics", SAM)
    other = source().connect(MINE, server.base + "/private-other/basic.ics", door(server))
    assert other.address != connected(server).address and other.secret_name != connected(server).secret_name


def test_a_trip_calendar_is_a_place_of_its_own(server: FeedServer) -> None:
    server.put("/feed/ical/private/x/tripit.ics", SAM.replace(b"-//Example//Calendar//EN", b"-//TripIt//TripIt Events//EN"))
    assert source().connect(MINE, server.base + "/feed/ical/private/x/tripit.ics", door(server)).place == "tripit"


@pytest.mark.parametrize(
    ("who", "address", "words"),
    [
        ("Sam", "https://calendar.example/x.ics", "not a mail address"),
        ("", "https://calendar.example/x.ics", "not a mail address"),
        (MINE, "", "not the address of a calendar"),
        (MINE, "my calendar", "not the address of a calendar"),
        (MINE, "file:///etc/passwd", "not the address of a calendar"),
        (MINE, "https://[::1", "not the address of a calendar"),
        (MINE, "http://calendar.example/private/x.ics", "only sent over https"),
    ],
)
def test_what_is_neither_is_refused_before_anything_is_asked(server: FeedServer, who: str, address: str, words: str) -> None:
    with pytest.raises(UserMistake, match=words):
        source().connect(who, address, door(server))
    assert server.log == []


@pytest.mark.parametrize("scheme", ["webcal", "webcals", "WebCal"])
def test_webcal_means_https(scheme: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=SAM)

    login = source().connect(MINE, f"{scheme}://calendar.example/private/x.ics", Door(transport=httpx.MockTransport(answer), clock=lambda: NOW))
    assert asked == ["https://calendar.example/private/x.ics"] and login.address.startswith("https://calendar.example#")


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", b"BEGIN:VCARD\nEND:VCARD\n", SAM[: len(SAM) // 2], b"[]"])
def test_no_calendar_or_half_of_one_is_not_connected_and_not_read(server: FeedServer, body: bytes) -> None:
    login = connected(server)
    server.put(SECRET, body)
    with pytest.raises(UnexpectedAnswer, match=r"(?i)nothing was deleted") as connecting:
        connected(server)
    (stream,) = source().streams(login, ())
    with pytest.raises(UnexpectedAnswer) as reading:
        list(source().pages(login, stream, "", server.base + SECRET, door(server)))
    assert "0a1b2c3d" not in f"{connecting.value} {reading.value}"


def test_the_whole_calendar_is_read_once_and_then_asked_for_politely(server: FeedServer) -> None:
    first = read(server)
    found = facts(first)
    assert sum(isinstance(fact, Activity) for fact in found) == 5 and sum(isinstance(fact, Tombstone) for fact in found) == 1
    assert isinstance(found[0], Profile) and found[0].is_owner and any(isinstance(fact, Coverage) for fact in found)
    assert [page.unchanged for page in read(server, first[-1].cursor)] == [True]
    assert server.log[-1].headers["if-none-match"]


def test_the_same_again_without_an_etag_is_nothing_new(server: FeedServer) -> None:
    server.put(SECRET, SAM)
    first = read(server)
    assert [page.unchanged for page in read(server, first[-1].cursor)] == [True]
    server.put(SECRET, SAM.replace(b"Trade fair", b"Trade fair, hall 2"))
    assert "Trade fair, hall 2" in {fact.title for fact in facts(read(server, first[-1].cursor)) if isinstance(fact, Activity)}


def test_a_large_calendar_comes_in_portions_with_the_cursor_at_the_end(server: FeedServer) -> None:
    entries = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20260101T100000Z\r\nEND:VEVENT\r\n" for n in range(1_200))
    server.put(SECRET, f"BEGIN:VCALENDAR\r\n{entries}END:VCALENDAR\r\n")
    pages = read(server)
    assert [bool(page.cursor) for page in pages] == [False, False, True] and [page.more for page in pages] == [True, True, False]


def test_what_is_left_out_on_purpose_is_no_trouble_of_a_sync(server: FeedServer) -> None:
    people = "".join(f"ATTENDEE:mailto:a{n}@b.example\r\n" for n in range(60))
    server.put(SECRET, f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260101T100000Z\r\n{people}END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert not [fact for fact in facts(read(server)) if isinstance(fact, Rejected)]


def test_a_refused_address_says_so_without_telling_it(server: FeedServer) -> None:
    server.put(SECRET, b"", status=404)
    with pytest.raises(SourceError) as caught:
        connected(server)
    assert "0a1b2c3d" not in str(caught.value)


def test_nobody_is_followed_in_a_calendar(server: FeedServer) -> None:
    with pytest.raises(UserMistake, match="nobody is followed"):
        source().follow("@mary", connected(server), "", door(server))


def test_in_a_desk_the_address_lies_in_the_key_store_only(server: FeedServer) -> None:
    db = open_memory()
    login, _ = logins.connect(
        db, "calendar", MINE, server.base + SECRET, lambda: NOW, allow_private=True, until_quit=True, door=lambda private, stop: door(server)
    )
    try:
        done = logins.sync_one(db, login.id, lambda: NOW, door=lambda private, stop: door(server), source=source())
        assert (done.new, done.failures) == (5, ())
        again = logins.sync_one(db, login.id, lambda: NOW, door=lambda private, stop: door(server), source=source())
        assert (again.new, again.changed, again.failures) == (0, 0, ())
        assert "0a1b2c3d" not in "\n".join(db.iterdump())
    finally:
        key_store._until_quit.clear()


def test_a_login_without_its_key_says_what_to_do(server: FeedServer) -> None:
    login = connected(server)
    (stream,) = source().streams(login, ())
    with pytest.raises(LoginRejected, match="connect the calendar again"):
        list(source().pages(login, stream, "", "", door(server)))


@pytest.mark.parametrize("status", [401, 404, 410])
def test_a_secret_that_was_made_anew_asks_for_the_new_one(server: FeedServer, status: int) -> None:
    login = connected(server)
    (stream,) = source().streams(login, ())
    server.put(SECRET, b"{}", status=status)
    with pytest.raises(LoginRejected if status == 401 else Gone, match="copy its secret address anew") as caught:
        list(source().pages(login, stream, "", server.base + SECRET, door(server)))
    assert "0a1b2c3d" not in str(caught.value) and caught.value.trouble.signs_in


def test_a_page_of_a_hotels_network_is_no_reason_to_doubt_the_address(server: FeedServer) -> None:
    login = connected(server)
    (stream,) = source().streams(login, ())
    server.put(SECRET, b"<!DOCTYPE html><html><body>Welcome to our network</body></html>")
    with pytest.raises(UnexpectedAnswer, match="agree to the terms of its network") as caught:
        list(source().pages(login, stream, "", server.base + SECRET, door(server)))
    assert caught.value.trouble is Trouble.PORTAL
