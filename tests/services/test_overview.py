"""The numbers of the frame agree with the pages they lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.model import Kind, Login, Stream
from relationdesk.services import agenda, matching, overview, people, places
from relationdesk.store import logins, settings
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import moment, seconds
from relationdesk.troubles import Trouble
from relationdesk.ui.login_card import state_of
from tests.facts import NOW, ago, bring, did, person_id, who

SAM, JOE, MARY = who("Sam Carter", owner=True), who("Joe Brown", company="Alder & Finch"), who("Mary Jones")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [SAM, JOE, MARY, who("Somebody Else", "x", known=False)])
    bring(db, [did(JOE, "j", ago(days=1), "Could you call?", kind=Kind.MESSAGE, to=[SAM], private=True),
               did(MARY, "m", ago(days=2), "words\n\nin two lines " + "x" * 500)])  # fmt: skip
    people.make_bucket(db, "VIP", NOW)
    people.make_bucket(db, "Quiet ones", NOW)
    people.set_in_bucket(db, 1, (person_id(db, "Joe Brown"),), True, NOW)
    people.set_in_bucket(db, 2, (person_id(db, "Mary Jones"),), True, NOW)
    return db


def test_an_empty_desk() -> None:
    assert overview.overview(open_memory()) == overview.Overview()


def test_the_numbers(db: Desk) -> None:
    today = agenda.today(db, NOW)
    found = overview.overview(db)
    assert (found.owner, found.people, found.companies, found.places) == ("Sam Carter", 2, 1, ("mastodon",))
    assert (found.today, found.need) == (len(today.shown), 1)
    assert found.questions == len(matching.waiting(db)) == 1
    assert [b.name for b in found.buckets] == ["VIP", "Quiet ones"] and found.waiting == {1}
    settings.save(db, settings.Settings(prompts_at_most=0, is_sample=True))
    assert overview.overview(db).today == 0 and overview.overview(db).is_sample


def test_logins_are_as_good_as_the_oldest_good_sync(db: Desk) -> None:
    with transaction(db):
        for n, failure in enumerate(("", "No answer.")):
            id_ = logins.save(db, Login(id=0, source="feed", place="feed", address=f"https://{n}.example"))
            logins.tried(db, id_, at=100 - n * 50, failure="", next_try=None)
            logins.tried(db, id_, at=200, failure=failure, next_try=None)
    found = overview.overview(db)
    assert (found.logins, found.failing, found.last_good, found.paused) == (2, 1, moment(50), 0)
    with transaction(db):
        logins.set_paused(db, id_, True)
    assert (overview.overview(db).failing, overview.overview(db).paused) == (0, 1), "whoever paused it knows"
    settings.save(db, settings.Settings(is_sample=True))
    assert overview.overview(db).failing == 1, "the sample's logins are always paused"


def test_a_login_of_which_one_feed_fails_is_one_that_fails(db: Desk) -> None:
    """As on its card on Places, which is amber then."""
    with transaction(db):
        id_ = logins.save(db, Login(id=0, source="feed", place="blog", address=""))
        for name in ("good", "bad"):
            logins.save_stream(db, id_, Stream(name=name, address=f"https://{name}.example/feed"), is_followed=True)
        logins.stream_failed(db, id_, "bad", "It does not exist any more.")
        logins.tried(db, id_, at=200, failure="", next_try=None)
    (row,) = places.login_rows(db)
    assert state_of(row, NOW, 30).needs_you and overview.overview(db).failing == 1


def test_the_third_line_of_a_row(db: Desk) -> None:
    agenda.today(db, NOW)
    joe, mary = person_id(db, "Joe Brown"), person_id(db, "Mary Jones")
    found = overview.details(db, [mary, joe, 999], NOW)
    assert set(found) == {joe, mary, 999} and found[999] == overview.Detail()
    assert (found[joe].prompt, found[joe].rule, found[joe].place) == ("A question waits for you", "awaiting_reply", "mastodon")
    assert found[mary].prompt == "" and found[mary].text.startswith("words in two lines x")
    assert len(found[mary].text) == overview.LINE


def test_without_a_network_nobody_is_needed(db: Desk) -> None:
    with transaction(db):
        id_ = logins.save(db, Login(id=0, source="feed", place="blog", address=""))
        logins.save_stream(db, id_, Stream(name="a", address="https://a.example/feed", title="A"), is_followed=True)
        logins.stream_failed(db, id_, "a", "a.example cannot be reached: this computer is offline.", Trouble.OFFLINE)
        logins.tried(db, id_, at=seconds(NOW), failure=logins.OFFLINE, trouble=Trouble.OFFLINE, next_try=None)
    found = overview.overview(db)
    assert (found.failing, found.offline) == (0, 1)
    (row,) = places.login_rows(db)
    state = state_of(row, NOW, 30)
    assert (state.word, state.needs_you, state.tone) == ("Offline", False, "text2") and "goes on by itself" in state.sentence
    with transaction(db):
        logins.set_paused(db, id_, True)
    assert overview.overview(db).offline == 0


@pytest.mark.parametrize(
    ("trouble", "days", "needs"),
    [
        (Trouble.WAIT, 0.1, False), (Trouble.DOWN, 0.9, False), (Trouble.DOWN, 1.1, True), (Trouble.DOWN, None, True), (Trouble.PORTAL, 0.1, False),
        (Trouble.ODD, 0.1, False), (Trouble.REFUSED, 0.1, True), (Trouble.LOCKED, 0.1, True), (Trouble.GONE, 0.1, True), (Trouble.UNKNOWN, 0.1, True),
    ],
)
def test_what_heals_by_itself_needs_somebody_only_after_a_day(db: Desk, trouble: Trouble, days: float | None, needs: bool) -> None:
    with transaction(db):
        id_ = logins.save(db, Login(id=0, source="feed", place="blog", address=""))
        logins.save_stream(db, id_, Stream(name="a", address="https://hotel.example/feed", title="A"), is_followed=True)
        if days is not None:
            logins.set_cursor(db, id_, "a", "c", seconds(NOW - timedelta(days=days)))
            logins.tried(db, id_, at=seconds(NOW - timedelta(days=days)), failure="", next_try=None)
        failure = "In a language without these words."
        logins.stream_failed(db, id_, "a", failure, trouble)
        logins.tried(db, id_, at=seconds(NOW), failure=failure, trouble=trouble, next_try=seconds(NOW + timedelta(minutes=15)))
    (row,) = places.login_rows(db)
    state, found = state_of(row, NOW, 30), overview.overview(db)
    assert (state.needs_you, found.failing, found.later) == (needs, int(needs), int(not needs))
    assert state.word == ("Needs you" if needs else "Waiting") and failure in state.sentence
