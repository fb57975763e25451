"""A server that says of everybody that they are not there has trouble; one that says so of a few may well be right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest

from relationdesk.errors import FOR_GOOD, Gone
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.services import nobody_there, sync
from relationdesk.services.places import login_rows
from relationdesk.sources.door import Door
from relationdesk.store import logins
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.troubles import Trouble
from tests.facts import NOW


class Fake:
    """Everybody who is followed, as (name, server); gone: whom their server does not know, with how long they rest."""

    name = place = "mastodon"
    title = "Fake"
    takes_token = True

    def __init__(self, *people: tuple[str, str]) -> None:
        self.people = people
        self.gone: dict[str, Any] = {}
        self.asked: list[str] = []

    def connect(self, address: str, token: str, door: Door) -> Login:
        raise NotImplementedError

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        raise NotImplementedError

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        own = Stream(name="own", address=login.address, profile=login.profile, title="Mine")
        return (own, *(Stream(name=name, address=f"https://{server}", title=name.title(), profile=key(name)) for name, server in self.people))

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        self.asked.append(stream.name)
        if stream.name in self.gone:
            raise Gone("Not there.", rest=self.gone[stream.name])
        yield Page(facts=(Profile(key=stream.profile, display_name=stream.title),) if stream.profile else ())


def key(name: str) -> Key:
    return Key("mastodon", name)


@pytest.fixture
def db() -> Desk:
    made = open_memory()
    with transaction(made):
        logins.save(made, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam", profile=key("sam")))
    return made


def run(db: Desk, source: Fake, later: timedelta = timedelta()) -> sync.Synced:
    (login,) = logins.every(db)
    return sync.sync(db, login, "", cast(Door, None), lambda: NOW + later, source=source, by_hand=False)


def names(n: int, server: str = "hotel.example") -> list[tuple[str, str]]:
    return [(f"p{i}", server) for i in range(n)]


def test_a_server_that_knows_nobody_any_more_has_trouble_and_nobody_rests(db: Desk) -> None:
    fake = Fake(*names(6), ("joe", "cafe.example"))
    run(db, fake)
    fake.gone = {name: None for name, _ in names(6)}
    done = run(db, fake, timedelta(hours=1))
    (login,) = logins.every(db)
    told = nobody_there.sentence("hotel.example", 6)
    assert (login.trouble, login.failure) == (Trouble.DOWN, f"6 of 8 could not be read. P0: {told}") and done.next_try is not None
    (row,) = login_rows(db, NOW)
    assert {state.trouble for state in row.streams if state.failure} == {Trouble.DOWN} and not row.needs_you
    assert logins.rests(db, 1) == {}
    said = db.execute("SELECT failure FROM coverage WHERE failure <> ''").fetchall()
    assert [row[0] for row in said] == [told] * 6
    fake.asked.clear()
    fake.gone = {}
    done = run(db, fake, timedelta(hours=2))
    assert len(fake.asked) == 8 and logins.every(db)[0].failure == "" and not done.failures


def test_a_few_who_are_not_there_are_left_alone_whatever_the_others_say(db: Desk) -> None:
    fake = Fake(*names(9))
    fake.gone = dict.fromkeys([f"p{i}" for i in range(5)])
    run(db, fake)
    assert len(logins.rests(db, 1)) == 5 and logins.every(db)[0].trouble is Trouble.GONE


@pytest.mark.parametrize(("gone", "read", "is_trouble"), [(4, 0, False), (5, 0, True), (8, 1, False), (9, 1, True), (17, 2, False), (18, 2, True)])
def test_how_many_are_too_many(db: Desk, gone: int, read: int, is_trouble: bool) -> None:
    fake = Fake(*names(gone + read))
    fake.gone = dict.fromkeys([f"p{i}" for i in range(gone)])
    run(db, fake)
    assert (logins.rests(db, 1) == {}) is is_trouble


def test_each_server_answers_for_itself_and_who_left_for_good_left(db: Desk) -> None:
    apart = [(f"p{i}", f"s{i}.example") for i in range(9)]
    fake = Fake(*apart)
    fake.gone = dict.fromkeys([name for name, _ in apart])
    run(db, fake)
    assert len(logins.rests(db, 1)) == 9
    for_good = Fake(*[(f"q{i}", "hotel.example") for i in range(9)])
    for_good.gone = dict.fromkeys([name for name, _ in for_good.people], FOR_GOOD)
    run(db, for_good, timedelta(hours=1))
    assert sum(until is None for _, until in logins.rests(db, 1).values()) == 9
