"""The outbox keeps every word, says what can be done, and is honest about what is out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Audience, Key
from relationdesk.outgoing import Deed, Entry, Recipient, State
from relationdesk.services import backup, combining, forgetting, outbox, people, taking_back
from relationdesk.store import outbox as rows
from relationdesk.store import settings
from relationdesk.store.database import Desk, close_desk, open_desk, open_memory, transaction
from relationdesk.store.timekey import seconds
from tests.facts import NOW, bring, did, who
from tests.outgoing import LOGIN, Place, sign_in

POST = Key("mastodon", "p1")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    one = Place()
    monkeypatch.setattr(outbox, "senders", lambda: {"mastodon": one})
    return one


def joe(db: Desk) -> int:
    brown = who("Joe Brown")
    bring(db, [brown, did(brown, "p1", text="Anybody with a lift that works?")])
    sign_in(db)
    return int(db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0])


def begun(db: Desk, person: int, text: str = "We have one.", deed: Deed = Deed.REPLY) -> Entry:
    new = outbox.New(person_id=person, place="mastodon", deed=deed, login=LOGIN.secret_name, towards=POST, text=text)
    return outbox.put(db, new, NOW)[0]


def test_what_is_typed_is_kept_from_the_first_letter(place: Place) -> None:
    db = open_memory()
    person = joe(db)
    entry = begun(db, person, "W")
    assert outbox.edit(db, entry.uid, NOW, text="We have one.\n\nTwo even.").text == "We have one.\n\nTwo even."
    found = outbox.draft_of(db, person, POST, Deed.REPLY)
    assert found is not None and found.uid == entry.uid and found.state is State.DRAFT and found.towards == POST
    assert outbox.of_person(db, person) == (found,) and outbox.due(db, seconds(NOW), "p") == ()


def test_a_mail_has_its_recipients_once_and_one_line_of_subject(place: Place) -> None:
    db = open_memory()
    to = (Recipient(value="joe@harbor.example", name="Joe"), Recipient(value="JOE@harbor.example"), Recipient(value=" "))
    new = outbox.New(person_id=None, place="mail", deed=Deed.MAIL, subject="Lift\r\nBcc: all@x.example", recipients=to)
    entry, _ = outbox.put(db, new, NOW)
    assert entry.recipients == to[:1] and entry.subject == "Lift Bcc: all@x.example"


def test_ways_are_what_logins_of_that_place_allow(place: Place) -> None:
    db = open_memory()
    joe(db)
    assert [way.may.deed for way in outbox.ways(db, POST)] == [Deed.REPLY, Deed.LIKE, Deed.BOOST, Deed.MESSAGE]
    assert outbox.ways(db, Key("linkedin", "x")) == ()
    assert [way.may.deed for way in outbox.ways_to_write(db)] == [Deed.MESSAGE]


def test_sent_waits_until_it_cannot_be_held_back_any_more(place: Place) -> None:
    db = open_memory()
    entry = begun(db, joe(db))
    sent, changes = outbox.send(db, entry.uid, NOW)
    assert sent.state is State.WAITING and changes.outbox and changes.undo == "Put the reply to Joe Brown on its way"
    assert outbox.due(db, seconds(NOW) + 9, "p") == () and rows.next_at(db, "p") == seconds(NOW) + 10
    assert [one.uid for one in outbox.due(db, seconds(NOW) + 10, "p")] == [entry.uid]
    back, _ = outbox.hold_back(db, entry.uid, NOW)
    assert back.state is State.DRAFT and back.text == "We have one."
    assert rows.next_at(db, "p") is None


@pytest.mark.parametrize(("set_to", "waits"), [(0, 0), (25, 25), (-3, 0), (999, 60)])
def test_how_long_it_can_be_taken_back_is_a_setting(place: Place, set_to: int, waits: int) -> None:
    db = open_memory()
    entry = begun(db, joe(db))
    settings.save(db, replace(settings.load(db), hold_seconds=set_to))
    sent, changes = outbox.send(db, entry.uid, NOW)
    assert sent.not_before == NOW + timedelta(seconds=waits) and bool(changes.undo) == bool(waits)
    assert bool(outbox.due(db, seconds(NOW), "p")) == (waits == 0)


def test_what_holds_a_gap_is_held(place: Place) -> None:
    db = open_memory()
    entry = begun(db, joe(db), "Hi Joe, how is ⟦dog⟧?")
    with pytest.raises(UserMistake, match=r"“dog” is not known of Joe Brown\. Nothing was sent and the words are kept"):
        outbox.send(db, entry.uid, NOW)
    outbox.edit(db, entry.uid, NOW, text="Hi Joe, how is ⟦do")
    with pytest.raises(UserMistake, match=r"still stands in the text\. Nothing was sent"):
        outbox.send(db, entry.uid, NOW)
    outbox.edit(db, entry.uid, NOW, text="Hi Joe", subject="About ⟦last topic⟧")
    with pytest.raises(UserMistake, match="last topic"):
        outbox.send(db, entry.uid, NOW)
    outbox.edit(db, entry.uid, NOW, subject="", text="Hi {dog}")
    assert outbox.send(db, entry.uid, NOW)[0].state is State.WAITING


def test_undo_holds_back_what_waits_and_says_of_what_is_out_that_it_is(place: Place) -> None:
    db = open_memory()
    person = joe(db)
    entry = begun(db, person)
    outbox.send(db, entry.uid, NOW)
    done, _ = taking_back.undo(db, NOW)
    assert done.kept == () and outbox.every(db)[0].state is State.DRAFT
    outbox.send(db, entry.uid, NOW)
    with transaction(db):
        rows.take(db, entry.uid, "p", seconds(NOW))
        rows.out(db, entry.uid, "n1", "https://x.example", seconds(NOW))
    done, _ = taking_back.undo(db, NOW)
    assert outbox.every(db)[0].state is State.SENT
    assert len(done.kept) == 1 and "is out" in done.kept[0]


def test_offline_it_can_still_be_held_back(place: Place) -> None:
    db = open_memory()
    entry = begun(db, joe(db))
    outbox.send(db, entry.uid, NOW)
    with transaction(db):
        rows.take(db, entry.uid, "p", seconds(NOW))
        rows.not_out(db, entry.uid, State.WAITING, "Offline.", unsure=False, next_try=seconds(NOW) + 60)
    done, _ = taking_back.undo(db, NOW)
    assert done.kept == () and outbox.every(db)[0].state is State.DRAFT


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": " \n"}, "nothing in it"), ({"text": "x" * 501}, "1 characters too long"), ({"login": "mastodon:gone@x"}, "no login"),
        ({"audience": Audience.PRIVATE}, "who may read"),
    ],
)  # fmt: skip
def test_what_cannot_go_out_is_refused_with_its_words_kept(place: Place, change: dict[str, object], says: str) -> None:
    db = open_memory()
    entry = begun(db, joe(db))
    changed = outbox.edit(db, entry.uid, NOW, **change)  # type: ignore[arg-type]
    with pytest.raises(UserMistake, match=says):
        outbox.send(db, entry.uid, NOW)
    assert outbox.every(db) == (changed,)


def test_a_like_needs_no_words(place: Place) -> None:
    db = open_memory()
    entry = begun(db, joe(db), "", Deed.LIKE)
    assert outbox.send(db, entry.uid, NOW)[1].undo == "Put the like for Joe Brown on its way"


def test_a_message_needs_somebody(place: Place) -> None:
    db = open_memory()
    joe(db)
    new = outbox.New(person_id=None, place="mastodon", deed=Deed.MESSAGE, login=LOGIN.secret_name, text="Hello", audience=Audience.PRIVATE)
    entry, _ = outbox.put(db, new, NOW)
    with pytest.raises(UserMistake, match="nobody yet"):
        outbox.send(db, entry.uid, NOW)


def test_what_may_be_out_is_not_edited_and_not_held_back(place: Place) -> None:
    db = open_memory()
    entry = begun(db, joe(db))
    outbox.send(db, entry.uid, NOW)
    with transaction(db):
        rows.take(db, entry.uid, "p", seconds(NOW))
    for refused in (
        lambda: outbox.edit(db, entry.uid, NOW, text="other"), lambda: outbox.hold_back(db, entry.uid, NOW), lambda: outbox.give_up(db, entry.uid, NOW),
        lambda: outbox.discard(db, entry.uid, NOW), lambda: outbox.retry(db, entry.uid, NOW), lambda: outbox.send(db, entry.uid, NOW),
    ):  # fmt: skip
        with pytest.raises(UserMistake):
            refused()
    with transaction(db):
        rows.not_out(db, entry.uid, State.SENDING, "It broke off.", unsure=True, next_try=None)
    assert outbox.give_up(db, entry.uid, NOW)[0].text == "We have one."
    with pytest.raises(UserMistake):
        outbox.edit(db, entry.uid, NOW, text="other")
    again, _ = outbox.retry(db, entry.uid, NOW)
    assert again.unsure and again.state is State.WAITING


def test_the_user_who_looked_may_say_that_it_is_not_there(place: Place) -> None:
    db = open_memory()
    entry = begun(db, joe(db))
    outbox.send(db, entry.uid, NOW)
    with transaction(db):
        rows.not_out(db, entry.uid, State.FAILED, "Cannot be known.", unsure=True, next_try=None)
    assert not outbox.retry(db, entry.uid, NOW, sure=True)[0].unsure


def test_discarded_words_come_back_and_an_empty_draft_goes_without_a_word(place: Place) -> None:
    db = open_memory()
    person = joe(db)
    entry = begun(db, person)
    assert outbox.discard(db, entry.uid, NOW).undo == "Took the reply to Joe Brown out of the outbox"
    assert outbox.every(db) == ()
    taking_back.undo(db, NOW)
    assert outbox.every(db) == (entry,)
    assert outbox.discard(db, begun(db, person, " ").uid, NOW).undo == ""


def test_in_order_of_each_login_and_no_further_than_what_must_wait(place: Place) -> None:
    db = open_memory()
    person = joe(db)
    first, second = begun(db, person, "1"), begun(db, person, "2")
    other = outbox.put(db, outbox.New(person_id=person, place="mastodon", deed=Deed.LIKE, login="mastodon:x@y", towards=POST), NOW)[0]
    with transaction(db):
        for one, at in ((second, 2), (first, 1), (other, 3)):
            rows.write(db, one.uid, {"state": "waiting", "queued": at, "not_before": at})
    assert [one.text for one in outbox.due(db, 9, "p")] == ["1", "2", ""]
    with transaction(db):
        rows.write(db, first.uid, {"next_try": 20})
    assert [one.uid for one in outbox.due(db, 9, "p")] == [other.uid]
    with transaction(db):
        rows.take(db, first.uid, "p", 20)
    assert [one.uid for one in outbox.due(db, 30, "p")] == [other.uid]  # it is being sent: nothing overtakes it
    assert [one.text for one in outbox.due(db, 30, "the next program")] == ["1", "2", ""]


def test_it_goes_along_when_two_are_one_and_back_when_they_are_two(place: Place) -> None:
    db = open_memory()
    person = joe(db)
    entry = begun(db, person)
    other, _ = people.add_person(db, "Joseph B", NOW)
    combining.combine(db, other, person, NOW)
    assert [one.uid for one in outbox.of_person(db, other)] == [entry.uid]
    outbox.send(db, entry.uid, NOW)
    decision = db.execute("SELECT id FROM decisions WHERE kind = 'combine'").fetchone()[0]
    taking_back.undo(db, NOW, decision)
    (found,) = outbox.of_person(db, person)
    assert found.state is State.WAITING and outbox.of_person(db, other) == ()


def test_a_split_takes_along_what_is_said_to_those_profiles(place: Place) -> None:
    db = open_memory()
    person = joe(db)
    bring(db, [who("J. Brown", "linkedin")])
    stranger = db.execute("SELECT id FROM profiles WHERE display_name = 'J. Brown'").fetchone()[0]
    people.link(db, stranger, person, NOW)
    reply = begun(db, person)
    written = outbox.put(db, outbox.New(person_id=person, place="linkedin", deed=Deed.MESSAGE, recipients=(Recipient(value="j..brown"),)), NOW)[0]
    new, _ = combining.split(db, person, [stranger], [], NOW)
    assert [one.uid for one in outbox.of_person(db, new)] == [written.uid]
    assert [one.uid for one in outbox.of_person(db, person)] == [reply.uid]
    taking_back.undo(db, NOW)
    assert len(outbox.of_person(db, person)) == 2


def test_forgotten_with_the_person(place: Place, tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    person = joe(db)
    entry = begun(db, person, "very rare words")
    outbox.send(db, entry.uid, NOW)
    outbox.hold_back(db, entry.uid, NOW)
    outbox.discard(db, begun(db, person, "other rare words").uid, NOW)
    forgetting.forget(db, person, NOW)
    assert outbox.every(db) == ()
    close_desk(db)
    assert b"rare words" not in (tmp_path / "desk.db").read_bytes()


def test_a_desk_put_back_from_a_copy_sends_nothing_by_itself(place: Place, tmp_path: Path) -> None:
    db = open_desk(tmp_path / "desk")
    person = joe(db)
    entry, typed = begun(db, person), begun(db, person, "not yet")
    outbox.send(db, entry.uid, NOW)
    backup.backup(db, tmp_path / "copy.db", NOW)
    close_desk(db)
    backup.restore(tmp_path / "desk", tmp_path / "copy.db")
    db = open_desk(tmp_path / "desk")
    found = {one.uid: one for one in outbox.every(db)}
    assert found[entry.uid].state is State.FAILED and found[entry.uid].unsure and "put back from a copy" in found[entry.uid].failure
    assert found[typed.uid].state is State.DRAFT and outbox.due(db, seconds(NOW + timedelta(days=9)), "p") == ()
    close_desk(db)
