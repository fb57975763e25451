"""Answering and writing: by which login or page, against no wish, kept as typed, and known of afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Audience, Changes, Direction, Key, Kind, Login, Role
from relationdesk.outgoing import Deed, Entry, Recipient, State
from relationdesk.services import agenda, engaging, outbox, people, relationship, review, wishes
from relationdesk.services.sending import outgoing
from relationdesk.store import activities, contact, logins, profiles
from relationdesk.store import outbox as rows
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import seconds
from relationdesk.wishes import Wish
from tests.facts import NOW, ago, bring, did, key, who

ME = who("Sam Carter", owner=True)
JOE = who("Joe Brown", handle="@joe")
JOE_IN = replace(who("Joe Brown", "linkedin", "joe-in"), url="https://www.linkedin.com/in/joe")
JOE_MAIL = who("Joe Brown", "mail", "joe@hotel.example", mail="joe@hotel.example", vouched=True)
TOOT, POST = key("t1"), Key("linkedin", "p1")
SAM_LOGIN = "mastodon:sam@https://hotel.example"


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [
        ME, JOE, JOE_IN, JOE_MAIL, replace(did(JOE, "t1", ago(hours=2), "How much is an outlet?", to=[ME]), url="https://hotel.example/@joe/1"),
        replace(did(JOE_IN, "p1", ago(hours=1), "On metering"), url="https://www.linkedin.com/feed/update/urn:li:activity:1"),
        did(JOE_MAIL, "m1", ago(hours=5), "What does it cost?", title="Price", kind=Kind.MAIL, private=True),
    ])  # fmt: skip
    for stored in (JOE, JOE_IN, JOE_MAIL):
        found = profiles.by_key(db, stored.key)
        assert found is not None
        if found.person_id != joe(db):
            people.link(db, found.id, joe(db), NOW)
    return db


def joe(db: Desk) -> int:
    return int(db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0])


def by_api(db: Desk) -> None:
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam", has_token=True, profile=ME.key))


def test_where_no_login_sends_the_page_is_opened(db: Desk) -> None:
    found = engaging.subject(db, joe(db), [TOOT, POST], NOW)
    assert found.name == "Joe Brown" and found.activity is not None and found.activity.key == TOOT
    assert [(c.place, c.deed, c.way) for c in found.choices] == [("mastodon", Deed.REPLY, None), ("linkedin", Deed.REPLY, None)]
    assert found.choices[1].page("x") == "https://www.linkedin.com/feed/update/urn:li:activity:1"


def test_of_several_places_one_is_offered_in_which_it_can_be_said_from_here(db: Desk) -> None:
    assert engaging.subject(db, joe(db), [POST, TOOT], NOW).usual == 0
    by_api(db)
    found = engaging.subject(db, joe(db), [POST, TOOT], NOW)
    assert (found.usual, found.choices[found.usual].place) == (1, "mastodon")
    wishes.wish(db, joe(db), NOW, places=("linkedin",), said=NOW.date())
    assert engaging.subject(db, joe(db), [POST, TOOT], NOW).usual == 0
    assert engaging.subject(db, joe(db), [], NOW).usual == 0, "to write anew, mail comes first"


def test_a_login_that_sends_goes_before_the_page(db: Desk) -> None:
    by_api(db)
    found = engaging.subject(db, joe(db), [TOOT], NOW)
    assert [(c.place, c.deed, c.way.login.user_name if c.way else "") for c in found.choices] == [("mastodon", Deed.REPLY, "sam")]
    entry, changes = engaging.send(db, "", engaging.new_of(joe(db), found.choices[0], "From 40 €.", audience=Audience.FOLLOWERS), NOW)
    assert (entry.state, entry.text, entry.towards, entry.audience) == (State.WAITING, "From 40 €.", TOOT, Audience.FOLLOWERS)
    assert changes.undo == "Put the reply to Joe Brown on its way"
    people.undo(db, NOW)
    again = engaging.subject(db, joe(db), [TOOT], NOW)
    assert again.draft is not None and again.draft.text == "From 40 €."


def test_to_write_anew_mail_comes_first(db: Desk) -> None:
    found = engaging.subject(db, joe(db), [], NOW)
    assert [(c.place, c.deed, c.to) for c in found.choices] == [("mail", Deed.MAIL, "joe@hotel.example"), ("linkedin", Deed.MESSAGE, "")]
    new = engaging.new_of(joe(db), found.choices[0], "Hello", "Price")
    assert [(r.value, r.role.value) for r in new.recipients] == [("joe@hotel.example", "to")] and new.login == ""


def test_what_is_typed_is_one_entry_until_it_is_empty_or_elsewhere(db: Desk) -> None:
    found = engaging.subject(db, joe(db), [TOOT, POST], NOW)
    first, second = found.choices
    entry, changes = engaging.keep(db, "", engaging.new_of(joe(db), first, "H"), NOW)
    assert entry is not None and changes.outbox
    same, _ = engaging.keep(db, entry.uid, engaging.new_of(joe(db), first, "Hello"), NOW)
    assert same is not None and (same.uid, same.text) == (entry.uid, "Hello")
    other, _ = engaging.keep(db, entry.uid, engaging.new_of(joe(db), second, "Hello"), NOW)
    assert other is not None and other.place == "linkedin" and [e.uid for e in outbox.every(db)] == [other.uid]
    gone, _ = engaging.keep(db, other.uid, engaging.new_of(joe(db), second, " ", "Re: Price"), NOW)
    assert gone is None and outbox.every(db) == ()
    with pytest.raises(UserMistake, match="nothing in it"):
        engaging.send(db, "", engaging.new_of(joe(db), second, ""), NOW)


def test_a_like_by_login_or_the_page_for_it(db: Desk) -> None:
    assert engaging.one_press(db, joe(db), TOOT, Deed.LIKE, NOW) == "https://hotel.example/@joe/1"
    with pytest.raises(UserMistake, match="no longer in the desk"):
        engaging.one_press(db, joe(db), key("gone"), Deed.LIKE, NOW)
    by_api(db)
    answer = engaging.one_press(db, joe(db), TOOT, Deed.LIKE, NOW)
    assert not isinstance(answer, str) and (answer[0].deed, answer[0].state) == (Deed.LIKE, State.WAITING)


def test_pressed_again_it_is_held_back_and_once_it_is_out_taken_back(db: Desk) -> None:
    by_api(db)
    seen = []
    for _ in range(3):
        answer = engaging.one_press(db, joe(db), TOOT, Deed.LIKE, NOW)
        assert not isinstance(answer, str)
        seen.append((answer[0].uid, answer[0].state, answer[1].undo.split(" the ")[0]))
    assert [row[1:] for row in seen] == [(State.WAITING, "Put"), (State.DRAFT, "Held back"), (State.WAITING, "Put")] and len({row[0] for row in seen}) == 1
    engaging.one_press(db, joe(db), TOOT, Deed.BOOST, NOW)
    with transaction(db):
        rows.take(db, seen[0][0], "p", seconds(NOW))
    assert stands(db) == {Deed.LIKE, Deed.BOOST}
    with pytest.raises(UserMistake, match=r"not known yet whether the like for Joe Brown arrived. Nothing was changed"):
        press(db)
    with transaction(db):
        rows.out(db, seen[0][0], "https://hotel.example/likes/1", "", seconds(NOW))
    back, changes = press(db)
    assert (back.deed, back.state, back.login, changes.undo) == (Deed.UNLIKE, State.WAITING, SAM_LOGIN, "Put the withdrawal of the like for Joe Brown on its way")
    assert stands(db) == {Deed.BOOST} and outgoing(db, back).undoes == Key("mastodon", "https://hotel.example/likes/1")
    held, _ = press(db)
    assert (held.uid, held.state) == (back.uid, State.DRAFT) and stands(db) == {Deed.LIKE, Deed.BOOST}, "held back, it stays liked"
    assert press(db)[0].uid == back.uid
    with transaction(db):
        rows.out(db, back.uid, "https://hotel.example/likes/1", "", seconds(NOW))
    again, _ = press(db)
    assert again.deed is Deed.LIKE and again.uid not in (back.uid, seen[0][0]) and stands(db) == {Deed.LIKE, Deed.BOOST}


@pytest.mark.parametrize("left", ["held back", "given up"])
def test_a_like_that_was_not_taken_back_in_the_end_still_stands(db: Desk, left: str) -> None:
    """For the heart, for what may be sent, and for what is taken back alike."""
    by_api(db)
    like, _ = press(db)
    with transaction(db):
        rows.take(db, like.uid, "p", seconds(NOW))
        rows.out(db, like.uid, "https://hotel.example/likes/1", "", seconds(NOW))
    back, _ = press(db)
    (outbox.hold_back if left == "held back" else outbox.give_up)(db, back.uid, NOW)
    anew = [outbox.New(person_id=joe(db), place="mastodon", deed=deed, login=SAM_LOGIN, towards=TOOT) for deed in (Deed.LIKE, Deed.UNLIKE)]
    assert stands(db) == {Deed.LIKE}
    with pytest.raises(UserMistake, match=r"You liked this already"):
        outbox.send(db, outbox.put(db, anew[0], NOW)[0].uid, NOW)
    other, _ = outbox.send(db, outbox.put(db, anew[1], NOW)[0].uid, NOW)
    assert outgoing(db, other).undoes == Key("mastodon", "https://hotel.example/likes/1") and stands(db) == frozenset()


def press(db: Desk) -> tuple[Entry, Changes]:
    answer = engaging.one_press(db, joe(db), TOOT, Deed.LIKE, NOW)
    assert not isinstance(answer, str)
    return answer


def stands(db: Desk) -> frozenset[Deed]:
    item = activities.by_key(db, TOOT)
    assert item is not None
    return item.pressed


def test_nothing_is_liked_twice_and_only_what_was_liked_from_here_is_taken_back(db: Desk) -> None:
    by_api(db)
    new = [outbox.New(person_id=joe(db), place="mastodon", deed=deed, login=SAM_LOGIN, towards=TOOT) for deed in (Deed.UNLIKE, Deed.LIKE)]
    with pytest.raises(UserMistake, match=r"You did not like this from here. Nothing was sent. Open the original in Mastodon"):
        outbox.send(db, outbox.put(db, new[0], NOW)[0].uid, NOW)
    outbox.send(db, outbox.put(db, new[1], NOW)[0].uid, NOW)
    with pytest.raises(UserMistake, match=r"You liked this already. Nothing was sent."):
        outbox.send(db, outbox.put(db, new[1], NOW)[0].uid, NOW)


@pytest.mark.parametrize(
    ("wish", "mail", "linkedin"),
    [
        (Wish(id=0, uid="", person_id=0, opted_out=True, said=date(2026, 3, 3)), "On 3 March 2026 Joe Brown asked not to be contacted.", "On 3 March 2026 Joe Brown asked not to be contacted."),
        (Wish(id=0, uid="", person_id=0, places=("mail",), source="his mail"), "", "Joe Brown asked to be written to only by Mail. (his mail)"),
        (Wish(id=0, uid="", person_id=0, not_until=date(2027, 1, 4)), "Joe Brown asked for no contact before 4 January 2027.", "Joe Brown asked for no contact before 4 January 2027."),
        (Wish(id=0, uid="", person_id=0, not_until=date(2026, 1, 4)), "", ""),
        (Wish(id=0, uid="", person_id=0, every_days=90), "", ""),
    ],
)  # fmt: skip
def test_what_they_wished_is_said(db: Desk, wish: Wish, mail: str, linkedin: str) -> None:
    wishes.wish(db, joe(db), NOW, places=wish.places, every_days=wish.every_days, not_until=wish.not_until, opted_out=wish.opted_out, said=wish.said, source=wish.source)
    found = engaging.subject(db, joe(db), [], NOW)
    assert (found.obstacle("mail"), found.obstacle("linkedin")) == (mail, linkedin)


def test_not_more_often_than_they_wished(db: Desk) -> None:
    bring(db, [ME, did(ME, "mine", ago(days=12), "Hello Joe", to=[JOE])])
    wishes.wish(db, joe(db), NOW, every_days=90)
    assert engaging.subject(db, joe(db), [], NOW).obstacle("mail").endswith("at most; you last wrote 12 days ago.")
    assert engaging.subject(db, joe(db), [], NOW + timedelta(days=90)).obstacle("mail") == ""


def test_what_was_said_by_hand_is_mine_and_nobody_waits_for_it(db: Desk) -> None:
    waits = [p for p in agenda.of_person(db, joe(db), NOW) if not p.why_not]
    assert any(piece.activity == TOOT for p in waits for piece in p.evidence)
    found = engaging.subject(db, joe(db), [TOOT], NOW)
    entry, _ = engaging.keep(db, "", engaging.new_of(joe(db), found.choices[0], "From 40 €."), NOW)
    assert entry is not None
    changes = engaging.said_by_hand(db, entry, NOW)
    assert changes.outbox and joe(db) in changes.people and outbox.every(db) == ()
    mine = [i for i in activities.of_place(db, "mastodon", limit=10) if i.activity and i.activity.text == "From 40 €."]
    assert len(mine) == 1 and mine[0].direction is not Direction.IN and mine[0].by_hand is not None
    assert not any(piece.activity == TOOT for p in agenda.of_person(db, joe(db), NOW) if not p.why_not for piece in p.evidence)
    while True:
        try:
            people.undo(db, NOW)
        except UserMistake:
            break
        if outbox.every(db):
            break
    assert [e.text for e in outbox.every(db)] == ["From 40 €."]


def test_what_was_said_by_hand_is_contact_with_them_until_it_is_taken_back(db: Desk) -> None:
    before = contact.last(db, NOW)[joe(db)]
    assert before.mine is None
    found = engaging.subject(db, joe(db), [TOOT], NOW)
    entry, _ = engaging.keep(db, "", engaging.new_of(joe(db), found.choices[0], "From 40 €."), NOW)
    assert entry is not None
    engaging.said_by_hand(db, entry, NOW)
    at = NOW.replace(second=0, microsecond=0)
    after, person = contact.last(db, NOW)[joe(db)], persons.get(db, joe(db))
    assert after.mine == after.last == at and person is not None and person.last_out == at
    assert relationship.of_person(db, joe(db), NOW).contact.mine == at
    stretch = review.review(db, joe(db), NOW)
    assert stretch is not None and any(i.activity and i.activity.text == "From 40 €." and i.direction is Direction.OUT for i in stretch.stretch.items)
    people.undo(db, NOW)  # that it was written down
    person = persons.get(db, joe(db))
    assert contact.last(db, NOW)[joe(db)] == before and person is not None and person.last_out is None
    people.redo(db)
    person = persons.get(db, joe(db))
    assert contact.last(db, NOW)[joe(db)] == after and person is not None and person.last_out == at


@pytest.mark.parametrize("to", ["joe-in", "nobody"])
def test_a_message_by_hand_is_contact_with_whom_it_was_for_whatever_is_known_of_them(db: Desk, to: str) -> None:
    new = outbox.New(person_id=joe(db), place="linkedin", deed=Deed.MESSAGE, text="Hello", recipients=(Recipient(value=to),))
    entry, _ = outbox.put(db, new, NOW)
    engaging.said_by_hand(db, entry, NOW)
    mine = next(i for i in activities.of_place(db, "linkedin", limit=10) if i.activity and i.activity.text == "Hello")
    assert mine.activity is not None and [(one.profile, one.role) for one in mine.activity.participants] == [(JOE_IN.key, Role.TO)]
    assert contact.last(db, NOW)[joe(db)].mine is not None


def test_the_last_time_is_told_by_the_calendar(db: Desk) -> None:
    yesterday = (NOW.astimezone() - timedelta(days=1)).replace(hour=23, minute=30)
    bring(db, [ME, did(ME, "mine", yesterday, "Hello Joe", to=[JOE])])
    wishes.wish(db, joe(db), NOW, every_days=90)
    assert engaging.subject(db, joe(db), [], NOW).obstacle("mail").endswith("at most; you last wrote yesterday.")
