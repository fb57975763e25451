"""A place that takes money: the user's limit is kept before every question, by two at once, over months, clocks and kills."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from relationdesk.errors import SpentUp, UnexpectedAnswer, UserMistake
from relationdesk.model import Key, Login, Profile, Stream
from relationdesk.money import MICROS
from relationdesk.services import forgetting, logins, places, spending, sync
from relationdesk.services.sync import Synced
from relationdesk.sources.door import Answer, Door
from relationdesk.sources.paying import pay
from relationdesk.store import logins as stored_logins
from relationdesk.store import people, profiles
from relationdesk.store import spending as stored
from relationdesk.store.database import Desk, open_desk, open_memory, transaction
from tests.facts import NOW, bring, did, who
from tests.paid import KEY, LOGIN, PRICES, SERVER, Paid


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch) -> Desk:
    for module in (spending, sync, logins):
        monkeypatch.setattr(module, "LIVE_SOURCES", (Paid(),))
    made = open_memory()
    with transaction(made):
        stored_logins.save(made, LOGIN)
    return made


def net(*bodies: str, status: int = 200, asked: list[str] | None = None) -> Door:
    """A door to a place that gives these answers, the last one for ever."""
    said = list(bodies)

    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(str(request.url))
        return httpx.Response(status, text=said.pop(0) if len(said) > 1 else said[0])

    return Door(transport=httpx.MockTransport(answer))


def allow(db: Desk, dollars: float, *extras: str) -> None:
    (login,) = stored_logins.every(db)
    spending.set_limit(db, login.id, int(dollars * MICROS), frozenset(extras) or None)


def run(db: Desk, source: Paid, door: Door, now: datetime = NOW) -> Synced:
    (login,) = stored_logins.every(db)
    return sync.sync(db, login, "", door, lambda: now, source=source)


def money(db: Desk, now: datetime = NOW) -> spending.Money:
    (row,) = places.login_rows(db, now)
    assert row.money is not None
    return row.money


# Before anything is asked


def test_without_a_limit_and_with_none_nothing_is_asked(db: Desk) -> None:
    asked: list[str] = []
    for limit in (None, 0.0):
        if limit is not None:
            allow(db, limit)
        done = run(db, Paid("a", "b"), net("3", asked=asked))
        assert "its monthly limit is 0, so it is never asked" in done.failures[0][1] and len(done.failures) == 1
        assert done.next_try is not None
    assert asked == [] and money(db).spent == 0


def test_a_door_without_a_purse_asks_nothing() -> None:
    asked: list[str] = []
    with pytest.raises(UserMistake, match="nobody said how much"):
        list(Paid().pages(LOGIN, Stream(name="a", address=SERVER), "", "", net("3", asked=asked)))
    assert asked == []


def test_a_question_that_could_go_over_is_not_asked(db: Desk) -> None:
    allow(db, 1.0)
    asked: list[str] = []
    done = run(db, Paid("a", "b", "c", most=100), net("90", asked=asked))  # 0.45 each; after two 0.10 is left, and one may cost 0.50
    assert len(asked) == 2 and done.new == 2
    (failure,) = done.failures
    assert failure[1].startswith("The monthly limit of Paid place leaves $0.10, and the next question may cost $0.50, so it was not asked.")
    assert (money(db).spent, money(db).open) == (900_000, 0)
    assert run(db, Paid("a", most=20), net("20", asked=asked)).new == 1 and money(db).spent == 1_000_000  # to the last cent
    assert run(db, Paid("a", most=1), net("1", asked=asked)).failures and len(asked) == 3


def test_a_higher_limit_reads_on_at_once(db: Desk) -> None:
    allow(db, 0.4)
    run(db, Paid("a"), net("3"))
    (login,) = stored_logins.every(db)
    assert login.failure and login.next_try is not None and sync.due(db, NOW, 30) == ()
    allow(db, 0.5)
    (login,) = stored_logins.every(db)
    assert (login.failure, login.next_try) == ("", None)
    assert all(not stream.failure for row in places.login_rows(db) for stream in row.streams)


# Settled afterwards


def test_what_was_spent_is_told_by_whom_and_what_it_was_for(db: Desk) -> None:
    allow(db, 5)
    run(db, Paid("joe", "ann"), net("3", "40"))
    found = money(db)
    assert [(line.title, line.number, line.item, line.micros) for line in found.lines] == [("ann", 40, "posts", 200_000), ("joe", 3, "posts", 15_000)]
    assert (found.limit, found.spent, found.renewed) == (5 * MICROS, 215_000, datetime(2026, 12, 1, tzinfo=UTC))


def test_a_refusal_costs_nothing_and_what_is_in_doubt_costs_the_most(db: Desk) -> None:
    allow(db, 5)
    run(db, Paid("a"), net("problem", status=500))
    assert money(db).spent == 0

    def breaks(error: Callable[[], Exception]) -> Door:
        def answer(request: httpx.Request) -> httpx.Response:
            raise error()

        return Door(transport=httpx.MockTransport(answer))

    run(db, Paid("a"), breaks(lambda: httpx.ConnectError("nobody is there")))
    assert money(db).spent == 0
    run(db, Paid("a"), breaks(lambda: httpx.ReadError("cut off")))
    assert (money(db).spent, money(db).open) == (500_000, 500_000)
    with pytest.raises(ValueError, match="invalid literal"):
        run(db, Paid("a"), net("no number"))
    assert money(db).spent == 1_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_between_question_and_answer_the_most_stays_counted(tmp_path: Path, db: Desk) -> None:
    """kill -9 while the place is asked: the desk knows, and allows no more than what is left."""
    folder = tmp_path / "desk"
    with closing(open_desk(folder)) as made, transaction(made):
        stored_logins.save(made, LOGIN)
    child = os.fork()
    if child == 0:
        def dies(request: httpx.Request) -> httpx.Response:
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        opened = open_desk(folder)
        allow(opened, 0.75)
        run(opened, Paid("a"), Door(transport=httpx.MockTransport(dies)))
        os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    with closing(open_desk(folder)) as after:
        assert (money(after).spent, money(after).open) == (500_000, 500_000)
        asked: list[str] = []
        assert run(after, Paid("a"), net("1", asked=asked)).failures and asked == []
        assert run(after, Paid("a", most=50), net("1", asked=asked)).failures == () and len(asked) == 1


def test_two_at_once_overspend_nothing(tmp_path: Path, db: Desk) -> None:
    folder = tmp_path / "desk"
    with closing(open_desk(folder)) as made:
        with transaction(made):
            stored_logins.save(made, LOGIN)
        allow(made, 1.0)
    granted: list[int] = []
    begin = threading.Barrier(4)

    def spend() -> None:
        with closing(open_desk(folder)) as own:
            purse = spending.Purse(own, Paid(), KEY, PRICES, lambda: NOW)
            begin.wait()
            for _ in range(20):
                try:
                    granted.append(purse.reserve({"post": 10}))
                except SpentUp:
                    continue

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(open_desk(folder)) as after:
        assert len(granted) == 20 and money(after).spent == 1_000_000


def test_looking_and_setting_aside_is_one_transaction(db: Desk) -> None:
    """Nobody else can spend in between."""
    allow(db, 1)
    said: list[str] = []
    db.set_trace_callback(said.append)
    spending.Purse(db, Paid(), KEY, PRICES, lambda: NOW).reserve({"post": 1})
    db.set_trace_callback(None)
    begun, spent, taken = (next(n for n, line in enumerate(said) if line.startswith(word)) for word in ("BEGIN IMMEDIATE", "SELECT coalesce", "INSERT INTO reservations"))
    assert begun < spent < taken and not any(line.startswith(("COMMIT", "ROLLBACK")) for line in said[:taken])


def test_a_ticket_is_settled_once(db: Desk) -> None:
    allow(db, 1)
    purse = spending.Purse(db, Paid(), KEY, PRICES, lambda: NOW)
    ticket = purse.reserve({"post": 10})
    purse.settle(ticket, {"post": 2, "user": 0})
    purse.settle(ticket, {"post": 2})
    assert money(db).spent == 10_000 and [line.item for line in money(db).lines] == ["posts"]


# Months and clocks


def test_a_month_ends_by_the_clock_of_the_place(db: Desk) -> None:
    allow(db, 0.5)
    last, first = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    assert run(db, Paid("a"), net("100"), last).new == 1
    assert run(db, Paid("a"), net("100"), last).failures
    assert run(db, Paid("a"), net("100"), first).new == 1
    assert money(db, last).spent == 1_000_000 and money(db, first).spent == 500_000


def test_a_clock_that_stood_wrong_gives_no_second_month(db: Desk) -> None:
    allow(db, 0.5)
    wrong = NOW + timedelta(days=90)
    assert run(db, Paid("a"), net("100"), wrong).new == 1
    asked: list[str] = []
    for now in (NOW, NOW + timedelta(days=31), wrong):  # put back, and every month up to the wrong one
        assert run(db, Paid("a"), net("1", asked=asked), now).failures, now
    assert asked == []
    assert run(db, Paid("a"), net("1", asked=asked), wrong + timedelta(days=31)).failures == ()


# Connecting


def test_the_limit_is_set_before_the_first_question(db: Desk) -> None:
    with transaction(db):
        stored_logins.remove(db, stored_logins.every(db)[0].id)
    asked: list[str] = []

    def connect(limit: int | None) -> Login:
        return logins.connect(db, "paid", "@sam", "", lambda: NOW, limit=limit, door=lambda *_: net("1", asked=asked))[0]

    for limit in (None, 0, 9_999):
        with pytest.raises(SpentUp):
            connect(limit)
    assert asked == [] and stored_logins.every(db) == ()
    made = connect(10_000)
    assert (made.user_name, len(asked)) == ("sam", 1)
    assert (money(db).spent, money(db).limit) == (10_000, 10_000)
    assert [(line.title, line.item) for line in money(db).lines] == [("", "profiles")]
    logins.remove(db, made.id, lambda: NOW)
    with pytest.raises(SpentUp):  # taken away and connected again, it is the same month
        connect(None)
    with pytest.raises(SpentUp):
        connect(15_000)
    connect(20_000)
    assert money(db).spent == 20_000


def test_following_somebody_is_paid_from_the_same_purse(db: Desk) -> None:
    allow(db, 0.5)
    (login,) = stored_logins.every(db)
    logins.follow(db, login.id, "@joe", lambda: NOW, door=lambda *_: net("4"), source=Paid())
    assert money(db).spent == 20_000
    with pytest.raises(SpentUp):
        logins.follow(db, login.id, "@joe", lambda: NOW, door=lambda *_: net("4"), source=Paid())


# Prices


def test_prices_are_the_users_to_change(db: Desk) -> None:
    allow(db, 1)
    spending.set_prices(db, "paid", {"post": 1_000})
    assert run(db, Paid("a"), net("100")).new == 1
    assert money(db).spent == 100_000
    spending.set_prices(db, "paid", {"post": 5_000})
    assert money(db).spent == 100_000 and money(db).prices == PRICES
    with pytest.raises(UserMistake, match="no price “tweet”"):
        spending.set_prices(db, "paid", {"tweet": 1})


def test_what_costs_extra_is_read_only_if_the_user_says_so(db: Desk) -> None:
    purse = spending.Purse(db, Paid(), KEY, PRICES, lambda: NOW)
    assert not purse.wants("alt")
    allow(db, 1, "alt", "nonsense")
    assert purse.wants("alt") and money(db).extras == {"alt"}
    allow(db, 2)
    assert purse.wants("alt") and purse.fits({"post": 400}) and not purse.fits({"post": 401})


def test_an_estimate_says_what_following_everybody_would_cost(db: Desk) -> None:
    none = spending.estimate(db, "paid", NOW)
    assert none.people == 0 and "begins" not in spending.estimate_words(none, "x")
    assert spending.estimate_words(none, "x") == "Nobody of this desk has a profile on X yet; beginning to follow somebody costs up to $0.06."
    joe, ann = who("Joe Brown", "x"), who("Ann Lee", "x")
    bring(db, [joe, ann])
    found = spending.estimate(db, "paid", NOW)
    assert (found.people, found.once, found.monthly, found.known) == (2, 120_000, 1_500_000, False)
    assert spending.estimate_words(found, "x") == (
        "2 people of this desk have a profile on X. Following them all would cost up to $0.12 once, and then about $1.50 a month if they do 5 "
        "things a day each, which is only supposed."
    )
    bring(db, [joe, *(did(joe, f"{n}", NOW - timedelta(days=n)) for n in range(1, 46))])
    known = spending.estimate(db, "paid", NOW)
    assert (known.monthly, known.daily, known.known) == (150_000, 0.5, True)


# Privacy


def test_of_whom_is_forgotten_no_number_is_left(db: Desk) -> None:
    allow(db, 5)
    joe = Profile(key=Key("x", "2244668800"), display_name="Joe Brown", known=True)
    bring(db, [joe])
    purse = spending.Purse(db, Paid(), KEY, PRICES, lambda: NOW)
    purse.stream = "posts:2244668800"
    purse.settle(purse.reserve({"post": 10}), {"post": 7})
    purse.reserve({"post": 1})
    (person,) = [one.person_id for one in profiles.by_ids(db, [row[0] for row in db.execute("SELECT id FROM profiles WHERE native_id = '2244668800'")])]
    assert person is not None and people.get(db, person)
    forgetting.forget(db, person, NOW)
    assert "2244668800" not in "\n".join(db.iterdump())
    assert money(db).spent == 40_000


def test_an_odd_answer_is_told_as_such() -> None:
    """What `count` raises is no reason to give the money back."""
    class Purse:
        settled: list[int] = []

        def reserve(self, most: object) -> int:
            return 1

        def settle(self, ticket: int, read: object) -> None:
            self.settled.append(ticket)

        def fits(self, most: object) -> bool:
            return True

        def wants(self, name: str) -> bool:
            return False

    def odd(answer: Answer) -> dict[str, int]:
        raise UnexpectedAnswer("paid.example answered something else.")

    door = net("x")
    door.purse = Purse()
    with pytest.raises(UnexpectedAnswer):
        pay(door, {"post": 1}, lambda: door.get(SERVER), odd)
    assert Purse.settled == [] and stored.Budget(currency="USD", micros=1).extras == frozenset()
