"""Sending: in order, once, never twice without asking; what is out is an activity of mine and settles the prompt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from relationdesk.derived import Direction
from relationdesk.errors import Gone, LoginRejected, PerhapsSent, RateLimited, SourceUnavailable, UnexpectedAnswer
from relationdesk.model import Activity, Audience, Key, Kind, Role
from relationdesk.outgoing import Deed, Entry, Outgoing, Receipt, Recipient, State
from relationdesk.services import agenda, outbox, people, review, sending
from relationdesk.sources import sent_facts
from relationdesk.store import activities
from relationdesk.store import outbox as rows
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import seconds
from tests.facts import ME, NOW, ago, arrive, bring, did, who
from tests.outgoing import LOGIN, Place, sign_in

POST = Key("mastodon", "p1")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    one = Place()
    monkeypatch.setattr(outbox, "senders", lambda: {"mastodon": one})
    monkeypatch.setattr(sending.ways, "token_of", lambda login: "t0k3n")
    return one


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    joe, sam = who("Joe Brown", handle="@joe@harbor.example"), who("Sam", id_=ME.native_id, owner=True)
    bring(db, [joe, sam, did(joe, "p1", ago(days=4), "@sam can you send the quote?", to=[sam], role=Role.MENTIONED)])
    me = db.execute("SELECT id FROM people WHERE name = 'Sam'").fetchone()
    if me is not None:
        people.set_me(db, me[0], NOW)
    sign_in(db)
    return db


def person(db: Desk) -> int:
    return int(db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0])


def sent(db: Desk, text: str = "Here it is.", deed: Deed = Deed.REPLY) -> Entry:
    new = outbox.New(person_id=person(db), place="mastodon", deed=deed, login=LOGIN.secret_name, towards=POST, text=text)
    return outbox.send(db, outbox.put(db, new, NOW)[0].uid, NOW, hold_s=0)[0]


def one(db: Desk) -> Entry:
    (entry,) = outbox.every(db)
    return entry


def test_out_it_is_mine_towards_them_and_the_prompt_is_settled(db: Desk, place: Place, clock: Clock) -> None:
    waiting = [entry.prompt.rule for entry in agenda.today(db, NOW).shown]
    entry = sent(db)
    done = sending.run(db, clock)
    assert [e.uid for e in done.out] == [entry.uid] and done.next_at is None and done.changes.outbox
    now = one(db)
    assert now.state is State.SENT and now.sent == NOW and now.key is not None and not now.unsure
    item = activities.by_key(db, now.key)
    assert item is not None and item.activity is not None and item.activity.text == "Here it is." and item.direction is Direction.OUT
    assert "awaiting_reply" in waiting
    assert "awaiting_reply" not in [entry.prompt.rule for entry in agenda.today(db, NOW).shown]
    found = review.review(db, person(db), NOW)
    assert found is not None and any(i.activity is not None and i.activity.key == now.key for i in found.stretch.items)


def boost(id_: str, of: str = "p1", by: str = "Sam") -> Activity:
    actor = who(by, id_=ME.native_id if by == "Sam" else "")
    return did(actor, id_, NOW, "can you send the quote?", kind=Kind.SHARE, extra=(("shared", of),))


def test_a_boost_that_is_taken_back_goes_under_whatever_name_the_place_tells_it(db: Desk, place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some servers do not say under which id they keep a boost: then it is known under one name here, and a sync brings it under another."""
    monkeypatch.setattr(place, "_receipt", lambda what: Receipt(key=Key("mastodon", "sam#boost:p1")) if what.undoes is None else sent_facts.taken_back(what))
    sent(db, "", Deed.BOOST)
    assert len(sending.run(db, clock).out) == 1
    arrive(db, [boost("https://hotel.example/sam/7"), boost("https://hotel.example/sam/8", of="p2"), boost("joe-7", by="Joe Brown")])
    sent(db, "", Deed.UNBOOST)
    done = sending.run(db, clock)
    assert len(done.out) == 1 and done.changes.people >= {person(db)}
    left = {row[0] for row in db.execute("SELECT native_id FROM activities")}
    assert left >= {"p1", "https://hotel.example/sam/8", "joe-7"} and "https://hotel.example/sam/7" not in left
    arrive(db, [boost("https://hotel.example/sam/9")])
    assert "https://hotel.example/sam/9" in {row[0] for row in db.execute("SELECT native_id FROM activities")}, "given anew it is there again"


def test_a_like_that_is_taken_back_leaves_other_reactions(db: Desk, place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def like(id_: str, name: str) -> Activity:
        return replace(did(who("Sam", id_=ME.native_id), id_, NOW, "", kind=Kind.REACTION, extra=(("reaction", name),)), in_reply_to="p1")

    monkeypatch.setattr(place, "_receipt", lambda what: Receipt(key=Key("mastodon", "l1"), facts=(like("l1", "favourite"),)) if what.undoes is None else sent_facts.taken_back(what))
    sent(db, "", Deed.LIKE)
    sending.run(db, clock)
    unnamed = replace(like("l4", ""), extra=())  # most places do not say which
    arrive(db, [like("l2", "favourite"), like("l3", "heart"), unnamed])
    sent(db, "", Deed.UNLIKE)
    sending.run(db, clock)
    assert [row[0] for row in db.execute("SELECT native_id FROM activities WHERE native_id LIKE 'l_'")] == ["l3", "l4"]


def test_the_sync_brings_the_same_and_nothing_doubles(db: Desk, place: Place, clock: Clock) -> None:
    sent(db)
    sending.run(db, clock)
    before = db.execute("SELECT count(*) FROM activities").fetchone()
    receipt = place.find_sent(LOGIN, place.took[0], "", sending.Door())
    assert receipt is not None
    arrive(db, receipt.facts)
    assert db.execute("SELECT count(*) FROM activities").fetchone() == before


def test_before_its_time_nothing_is_asked(db: Desk, place: Place, clock: Clock) -> None:
    entry = sent(db)
    outbox.hold_back(db, entry.uid, NOW)
    outbox.send(db, entry.uid, NOW, hold_s=10)
    assert sending.run(db, clock).next_at == NOW + timedelta(seconds=10)
    assert place.took == []
    clock.on(seconds=10)
    assert len(sending.run(db, clock).out) == 1


def test_before_the_place_is_asked_the_desk_knows_that_it_may_be_out(db: Desk, place: Place, clock: Clock) -> None:
    seen: list[Entry] = []
    place.before = lambda: seen.append(one(db))
    sent(db)
    sending.run(db, clock)
    assert seen[0].state is State.SENDING and seen[0].unsure and seen[0].tries == 1 and seen[0].tried == NOW


@pytest.mark.parametrize("accepted", [True, False])
def test_what_may_be_out_is_looked_for_and_never_sent_twice(db: Desk, place: Place, clock: Clock, accepted: bool) -> None:
    place.errors = [(PerhapsSent("It broke off."), accepted)]
    sent(db)
    done = sending.run(db, clock)
    assert done.waiting[0].state is State.SENDING and done.waiting[0].failure == "It broke off." and done.next_at == NOW + sending.SETTLE
    clock.on(seconds=59)
    sending.run(db, clock)
    assert place.asked == 0
    clock.on(seconds=1)
    sending.run(db, clock)
    assert place.asked == 1 and len(place.took) == 1 and one(db).state is State.SENT


def test_two_alike_are_told_apart_by_what_is_known_to_be_out(db: Desk, place: Place, clock: Clock) -> None:
    sent(db, "Thanks!")
    sending.run(db, clock)
    first = one(db)
    place.errors = [(PerhapsSent("It broke off."), False)]
    clock.on(minutes=3)
    second = outbox.put(db, outbox.New(person_id=person(db), place="mastodon", deed=Deed.REPLY, login=LOGIN.secret_name, towards=POST, text="Thanks!"), NOW)[0]
    outbox.send(db, second.uid, clock(), hold_s=0)
    sending.run(db, clock)
    clock.on(minutes=5)
    looked: list[Outgoing] = []
    place.before_looking = looked.append
    sending.run(db, clock)
    assert first.key is not None and looked[0].others == {first.key.native_id} and looked[0].since == NOW + timedelta(minutes=3)
    assert len(place.took) == 2 and {entry.state for entry in outbox.every(db)} == {State.SENT}


def test_sent_anew_while_in_doubt_it_is_looked_for_since_the_first_time(db: Desk, place: Place, clock: Clock) -> None:
    place.errors = [(PerhapsSent("It broke off."), True)]
    entry = sent(db)
    sending.run(db, clock)
    outbox.give_up(db, entry.uid, clock())
    clock.on(days=2)
    outbox.send(db, entry.uid, clock(), hold_s=0)
    assert sending.outgoing(db, one(db)).since == NOW
    sending.run(db, clock)
    assert len(place.took) == 1 and one(db).state is State.SENT


def test_a_no_that_comes_too_early_does_not_count(db: Desk, place: Place, clock: Clock) -> None:
    place.errors = [(PerhapsSent("It broke off."), False)]
    entry = sent(db)
    sending.run(db, clock)
    clock.on(seconds=5)
    outbox.retry(db, entry.uid, clock())
    sending.run(db, clock)
    assert place.asked == 1 and place.took == [] and one(db).next_try == NOW + sending.SETTLE


@pytest.mark.parametrize("accepted", [True, False])
def test_killed_while_sending_the_next_run_asks_first(db: Desk, place: Place, clock: Clock, accepted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = sent(db)
    if accepted:
        place.took.append(sending.outgoing(db, entry))
    with transaction(db):
        rows.take(db, entry.uid, sending.PROGRAM, seconds(NOW))
    assert sending.run(db, clock).waiting == ()  # it is being sent by this very program
    monkeypatch.setattr(sending, "PROGRAM", "the next one")
    clock.on(minutes=2)
    sending.run(db, clock)
    assert place.asked == 1 and len(place.took) == 1 and one(db).state is State.SENT


def test_a_fault_of_ours_leaves_it_in_doubt(db: Desk, place: Place, clock: Clock) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    place.before = broken
    sent(db)
    with pytest.raises(ZeroDivisionError):
        sending.run(db, clock)
    assert one(db).unsure and one(db).state is State.SENDING and one(db).failure


def test_a_place_that_cannot_be_asked_leaves_it_to_the_user(db: Desk, place: Place, clock: Clock) -> None:
    place.errors = [(PerhapsSent("It broke off."), True)]
    entry = sent(db)
    sending.run(db, clock)
    place.cannot_say = PerhapsSent("Nobody can say.")
    clock.on(minutes=1)
    assert sending.run(db, clock).failed[0].failure == "Nobody can say."
    clock.on(days=3)
    assert sending.run(db, clock).next_at is None and len(place.took) == 1 and one(db).unsure
    outbox.retry(db, entry.uid, clock(), sure=True)
    sending.run(db, clock)
    assert len(place.took) == 2


def test_a_place_that_never_says_is_not_asked_for_ever(db: Desk, place: Place, clock: Clock) -> None:
    place.errors = [(PerhapsSent("It broke off."), False)] * 99
    sent(db)
    for _ in range(20):
        sending.run(db, clock)
        clock.on(hours=2)
    assert 99 - len(place.errors) == sending.IN_DOUBT and one(db).state is State.FAILED and one(db).unsure and one(db).text == "Here it is."


@pytest.mark.parametrize(
    ("error", "next_try"),
    [
        (SourceUnavailable("Offline.", offline=True), timedelta(minutes=1)), (RateLimited("Wait.", until=ago(minutes=-12)), timedelta(minutes=12)),
    ],
)  # fmt: skip
def test_what_is_surely_not_out_waits_in_order(db: Desk, place: Place, clock: Clock, error: SourceUnavailable, next_try: timedelta) -> None:
    place.errors = [(error, False)]
    sent(db, "1")
    sent(db, "2")
    done = sending.run(db, clock)
    assert place.took == [] and [e.text for e in done.waiting] == ["1"] and done.waiting[0].failure == str(error) and not done.waiting[0].unsure
    assert done.waiting[0].state is State.WAITING and done.waiting[0].next_try == NOW + next_try
    clock.on(seconds=next_try.total_seconds() - 1)
    sending.run(db, clock)
    assert place.took == []
    clock.on(seconds=1)
    sending.run(db, clock)
    assert [what.text for what in place.took] == ["1", "2"] and place.asked == 0


@pytest.mark.parametrize("error", [Gone("Not there."), UnexpectedAnswer("Refused.")])
def test_a_refusal_is_kept_with_the_words_and_the_next_goes_on(db: Desk, place: Place, clock: Clock, error: Gone) -> None:
    place.errors = [(error, False)]
    first = sent(db, "1")
    sent(db, "2")
    done = sending.run(db, clock)
    assert [e.failure for e in done.failed] == [str(error)] and [e.text for e in done.out] == ["2"]
    outbox.edit(db, first.uid, clock(), text="other words")
    outbox.send(db, first.uid, clock(), hold_s=0)
    assert [e.text for e in sending.run(db, clock).out] == ["other words"]


def test_a_refused_login_is_asked_once_for_all_that_waits(db: Desk, place: Place, clock: Clock) -> None:
    place.errors = [(LoginRejected("Sign in again."), False)]
    for n in range(3):
        sent(db, str(n))
    sending.run(db, clock)
    assert place.took == [] and place.errors == [] and {(e.state, e.failure) for e in outbox.every(db)} == {(State.FAILED, "Sign in again.")}


def test_what_it_answers_was_taken_back_meanwhile(db: Desk, place: Place, clock: Clock) -> None:
    sent(db)
    with transaction(db):
        db.execute("DELETE FROM activities WHERE native_id = 'p1'")
    assert "taken back" in sending.run(db, clock).failed[0].failure and place.took == []


def test_stopped_in_between_the_rest_goes_out_later(db: Desk, place: Place, clock: Clock) -> None:
    for n in range(3):
        sent(db, str(n))
    stops = iter([False, True])
    done = sending.run(db, clock, stop=lambda: next(stops))
    assert done.stopped and len(done.out) == 1
    assert len(sending.run(db, clock).out) == 2


def test_held_back_at_the_last_moment(db: Desk, place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = sent(db)
    due = rows.due(db, seconds(NOW), "p")
    outbox.hold_back(db, entry.uid, NOW)
    monkeypatch.setattr(sending.outbox, "due", lambda *_: due)
    assert sending.run(db, clock).out == () and place.took == [] and one(db).state is State.DRAFT


def test_a_message_goes_to_whom_it_names(db: Desk, place: Place, clock: Clock) -> None:
    new = outbox.New(
        person_id=person(db), place="mastodon", deed=Deed.MESSAGE, login=LOGIN.secret_name, text="Hello", audience=Audience.PRIVATE,
        recipients=(Recipient(value="joe.brown"),),
    )  # fmt: skip
    outbox.send(db, outbox.put(db, new, NOW)[0].uid, NOW, hold_s=0)
    sending.run(db, clock)
    assert place.took[0].to[0].name == "@joe@harbor.example" and place.took[0].towards is None


def test_without_its_login_it_waits_for_the_user(db: Desk, place: Place, clock: Clock) -> None:
    sent(db)
    with transaction(db):
        db.execute("DELETE FROM logins")
    assert "no login" in sending.run(db, clock).failed[0].failure

