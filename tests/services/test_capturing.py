"""What is written down by hand: an activity of theirs with the date that was said; nobody but the user takes it away, nothing doubles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Activity, Audience, Fact, Key, Kind, Precision, Tombstone
from relationdesk.services import capturing, combining, import_undo, people, review, searching
from relationdesk.services.capturing import Words
from relationdesk.store import activities, batches, captures, ledger, merge, profiles
from relationdesk.store import people as rows
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.facts import NOW, bring, did, who
from tests.services.test_adding import state

DAY = datetime(2026, 11, 18, tzinfo=UTC)
POST = "https://x.com/joe_b/status/1591234567890123456"
SAID = Words(place="x", url=POST, text="He likes the meters.", published=DAY, precision=Precision.DAY)


@pytest.fixture
def db() -> Iterator[Desk]:
    db = open_memory()
    people.add_person(db, "Joe Brown", NOW)
    yield db


def joe(db: Desk) -> int:
    return rows.find(db, "Joe Brown").id


def timeline(db: Desk) -> list[Activity]:
    return timeline_of(db, joe(db))


def timeline_of(db: Desk, person_id: int) -> list[Activity]:
    found = review.review(db, person_id, NOW)
    assert found is not None
    return [item.activity for item in found.stretch.items if item.activity is not None]


def read(db: Desk, *facts: Fact) -> None:
    """As a sync does it."""
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add(facts)
        merge.prepare(staging)
        with transaction(db):
            merge.merge(staging, batch_id=None, now=seconds(NOW))


def theirs(db: Desk, text: str = "Meters are fine.") -> tuple[Any, Activity]:
    profile = who("Joe Brown", "x", "4711", handle="joe_b")
    return profile, did(profile, "1591234567890123456", datetime(2022, 11, 12, 1, 0, 59, tzinfo=UTC), text)


# Writing down


def test_it_is_an_activity_of_theirs_with_the_date_that_was_said(db: Desk) -> None:
    made, changes = capturing.capture(db, joe(db), SAID, NOW)
    (one,) = timeline(db)
    assert (one.key.place, one.kind, one.text, one.url, one.published, one.precision) == ("x", Kind.POST, SAID.text, POST, DAY, Precision.DAY)
    assert changes.people == {joe(db)} and changes.places == {"x"} and changes.undo == "Wrote down what Joe Brown did (X)"
    (stored,) = profiles.of_person(db, joe(db))
    assert (stored.profile.handle, stored.profile.url) == ("joe_b", "https://x.com/joe_b") and made.key == one.key
    person = rows.get(db, joe(db))
    assert person is not None and person.last_in is not None and person.last_in.date() == DAY.date()
    item = activities.by_key(db, made.key)
    assert item is not None and item.by_hand == SAID.text
    assert [hit.item.activity.text for hit in searching.text(db, "meters", now=NOW) if hit.item.activity] == [SAID.text]


@pytest.mark.parametrize(
    ("published", "precision"),
    [(None, Precision.UNKNOWN), (datetime(2026, 1, 1, tzinfo=UTC), Precision.YEAR), (datetime(2026, 3, 1, tzinfo=UTC), Precision.MONTH),
     (DAY, Precision.DAY), (datetime(2026, 11, 18, 9, 12, tzinfo=UTC), Precision.MINUTE), (datetime(2026, 11, 18, 9, 12, 3, tzinfo=UTC), Precision.SECOND)],
)  # fmt: skip
def test_every_exactness_of_a_date(db: Desk, published: datetime | None, precision: Precision) -> None:
    capturing.capture(db, joe(db), Words(place="web", text="Spoke at the fair.", published=published, precision=precision), NOW)
    (one,) = timeline(db)
    assert (one.published, one.precision) == (published, precision)


def test_a_message_is_private_and_a_post_is_not(db: Desk) -> None:
    capturing.capture(db, joe(db), Words(place="linkedin", text="Between us.", kind=Kind.MESSAGE), NOW)
    (one,) = timeline(db)
    assert one.audience is Audience.PRIVATE


def test_taken_back_and_made_again_without_a_trace(db: Desk) -> None:
    before = state(db)
    made, _ = capturing.capture(db, joe(db), SAID, NOW)
    whole = state(db)
    capturing.change(db, made.key, Words(place="x", url=POST, text="Other words.", published=None), NOW)
    changed = state(db)
    capturing.remove(db, made.key, NOW)
    assert timeline(db) == []
    people.undo(db, NOW)
    assert state(db) == changed and [one.text for one in timeline(db)] == ["Other words."]
    people.undo(db, NOW)
    assert state(db) == whole
    people.undo(db, NOW)
    assert state(db) == before
    for expected in (whole, changed):
        people.redo(db)
        assert state(db) == expected
    people.redo(db)
    assert timeline(db) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (Words(place="x"), "nothing to write down"), (Words(place="x", text=" "), "nothing to write down"),
        (Words(place="x", url="javascript:alert(1)"), "not an address of the web"), (Words(place="x", url="https://a.example/?token=abc"), "secret"),
        (Words(place="", text="a"), "in which place"), (Words(place="x; DROP", text="a"), "in which place"),
        (Words(place="x", text="a", precision=Precision.DAY), "Say when it was"), (Words(place="x", text="a" * 200_000), "more than"),
    ],
)  # fmt: skip
def test_what_can_not_be_kept_is_said(db: Desk, words: Words, told: str) -> None:
    before = state(db)
    with pytest.raises(UserMistake, match=told):
        capturing.capture(db, joe(db), words, NOW)
    assert state(db) == before


# Whose it is


def test_the_profile_that_the_address_names_is_used(db: Desk) -> None:
    one, other = who("Joe Brown", "x", "4711", handle="joe_b"), who("Joe Brown", "x", "4712", handle="joe_work")
    bring(db, [one, other])
    for stored in (profiles.by_key(db, one.key), profiles.by_key(db, other.key)):
        assert stored is not None
        people.link(db, stored.id, joe(db), NOW)
    made, _ = capturing.capture(db, joe(db), SAID, NOW)
    assert profiles.by_ids(db, [made.profile_id])[0].profile.key == one.key
    with pytest.raises(UserMistake, match="has 2 profiles on X: joe_b, joe_work"):
        capturing.capture(db, joe(db), Words(place="x", text="Said at lunch."), NOW)
    chosen = profiles.by_key(db, other.key)
    assert chosen is not None
    made, _ = capturing.capture(db, joe(db), Words(place="x", text="Said at lunch."), NOW, profile_id=chosen.id)
    assert made.profile_id == chosen.id


def test_an_address_of_somebody_else_is_refused(db: Desk) -> None:
    bring(db, [who("Mary Jones", "x", "@joe_b", handle="joe_b")])
    with pytest.raises(UserMistake, match="This address is Mary Jones’s"):
        capturing.capture(db, joe(db), SAID, NOW)


def test_an_address_that_names_another_handle_is_not_their_other_profiles(db: Desk) -> None:
    bring(db, [who("Joe Brown", "x", "4711", handle="joe_work")])
    stored = profiles.by_key(db, Key("x", "4711"))
    assert stored is not None
    people.link(db, stored.id, joe(db), NOW)
    made, _ = capturing.capture(db, joe(db), SAID, NOW)
    assert made.profile_id != stored.id and {s.profile.handle for s in profiles.of_person(db, joe(db))} == {"joe_work", "joe_b"}


def test_a_profile_that_was_nobodys_is_theirs_now(db: Desk) -> None:
    bring(db, [who("", "x", "@joe_b", handle="joe_b", known=False)])
    capturing.capture(db, joe(db), SAID, NOW)
    (stored,) = profiles.of_person(db, joe(db))
    assert stored.profile.key == Key("x", "@joe_b") and stored.linked_by == "user"
    people.undo(db, NOW)
    assert profiles.of_person(db, joe(db)) == () and profiles.by_key(db, Key("x", "@joe_b")) is not None


def test_a_page_on_the_server_of_their_blog_is_of_the_blog(db: Desk) -> None:
    blog = who("Joe Brown", "blog", "https://backofhouse.example/feed", handle="")
    bring(db, [replace(blog, url="https://backofhouse.example/")])
    stored = profiles.by_key(db, blog.key)
    assert stored is not None
    people.link(db, stored.id, joe(db), NOW)
    seen = capturing.look_at(db, joe(db), "Look at this: https://backofhouse.example/2026/kitchens.")
    assert (seen.url, seen.words, seen.place) == ("https://backofhouse.example/2026/kitchens", "Look at this:", "blog")
    assert seen.whose is not None and seen.whose.id == stored.id


def test_what_is_pasted_is_looked_at(db: Desk) -> None:
    seen = capturing.look_at(db, joe(db), f"{POST}\nMeters are fine.")
    assert (seen.url, seen.words, seen.place, seen.kind, seen.whose) == (POST, "Meters are fine.", "x", Kind.POST, None)
    assert seen.at == datetime(2022, 11, 12, 1, 0, 59, tzinfo=UTC)
    plain = capturing.look_at(db, joe(db), "Only words.")
    assert (plain.url, plain.words, plain.place, plain.at) == ("", "Only words.", "", None)


# The place tells of the same


def test_when_the_place_tells_of_it_nothing_doubles_and_the_words_stay(db: Desk) -> None:
    made, _ = capturing.capture(db, joe(db), SAID, NOW)
    read(db, *theirs(db))
    (one,) = timeline(db)
    assert (one.key.native_id, one.text, one.precision) == ("1591234567890123456", "Meters are fine.", Precision.SECOND)
    item = activities.by_key(db, one.key)
    assert item is not None and item.by_hand == SAID.text
    read(db, *theirs(db))
    assert len(timeline(db)) == 1 and made.key.native_id.startswith("by-hand:")
    found = captures.by_key(db, one.key)
    assert found is not None and found.brought


def test_what_the_place_withdraws_stays_in_the_users_words(db: Desk) -> None:
    capturing.capture(db, joe(db), SAID, NOW)
    read(db, *theirs(db))
    read(db, Tombstone(key=Key("x", "1591234567890123456")))
    assert [(one.text, one.published) for one in timeline(db)] == [(SAID.text, DAY)]
    read(db, *theirs(db))
    assert [one.text for one in timeline(db)] == [SAID.text]


def test_what_was_never_told_is_not_withdrawn(db: Desk) -> None:
    capturing.capture(db, joe(db), SAID, NOW)
    read(db, Tombstone(key=Key("x", "1591234567890123456")))
    assert [one.text for one in timeline(db)] == [SAID.text]


def test_an_import_taken_back_leaves_the_users_words(db: Desk) -> None:
    before = (capturing.capture(db, joe(db), SAID, NOW), state(db))[1]
    bring(db, list(theirs(db)))
    assert [one.text for one in timeline(db)] == ["Meters are fine."]
    bring(db, list(theirs(db, "Meters are great.")))
    import_undo.undo(db, NOW, batches.every(db)[1].id)
    assert [one.text for one in timeline(db)] == ["Meters are great."]
    import_undo.undo(db, NOW, batches.every(db)[0].id)
    assert [one.text for one in timeline(db)] == [SAID.text]
    assert {name: len(found) for name, found in state(db).items() if name in ("people", "activities", "captures")} == {
        name: len(found) for name, found in before.items() if name in ("people", "activities", "captures")
    }


def test_removed_after_the_place_told_of_it_the_places_own_stays(db: Desk) -> None:
    made, _ = capturing.capture(db, joe(db), SAID, NOW)
    profile, post = theirs(db)
    read(db, profile, post)
    assert made.key != post.key
    capturing.remove(db, post.key, NOW)
    item = activities.by_key(db, post.key)
    assert item is not None and item.by_hand is None and item.activity is not None and item.activity.actor == profile.key
    people.undo(db, NOW)
    again = activities.by_key(db, post.key)
    assert again is not None and again.by_hand == SAID.text and again.actor_person == joe(db)


def test_what_the_place_has_already_is_not_written_down_twice(db: Desk) -> None:
    profile, post = theirs(db)
    bring(db, [profile, post])
    stored = profiles.by_key(db, profile.key)
    assert stored is not None
    people.link(db, stored.id, joe(db), NOW)
    with pytest.raises(UserMistake, match=r"in the desk already\. Nothing was doubled"):
        capturing.capture(db, joe(db), SAID, NOW)
    mary, _ = people.add_person(db, "Mary Jones", NOW)
    with pytest.raises(UserMistake, match="This address is Joe Brown’s"):
        capturing.capture(db, mary, SAID, NOW)
    item = who("Ann Example", "hackernews", "ann")
    bring(db, [item, did(item, "123")])
    with pytest.raises(UserMistake, match="already, by Ann Example"):
        capturing.capture(db, mary, Words(place="hackernews", url="https://news.ycombinator.com/item?id=123"), NOW)


def test_a_handle_that_finds_its_own_id_later_still_meets_its_post(db: Desk) -> None:
    said = Words(place="bluesky", url="https://bsky.app/profile/joe.example/post/3lxyz", text="Nice.", published=DAY, precision=Precision.DAY)
    capturing.capture(db, joe(db), said, NOW)
    profile = who("Joe", "bluesky", "did:plc:joe", handle="joe.example")
    read(db, profile)
    read(db, did(profile, "at://did:plc:joe/app.bsky.feed.post/3lxyz", NOW, "The very words"))
    assert [one.text for one in timeline(db)] == ["The very words"]


def test_one_address_for_two_things_is_not_guessed(db: Desk) -> None:
    said = Words(place="web", url="https://news.example/a", text="Mine.")
    capturing.capture(db, joe(db), said, NOW)
    writer = who("News", "web", "https://news.example")
    two = [Activity(key=Key("web", n), actor=writer.key, kind=Kind.ARTICLE, published=NOW, url="https://news.example/a") for n in ("1", "2")]
    read(db, writer, *two)
    assert [one.text for one in timeline(db)] == ["Mine."] and activities.count(db) == 3


def test_a_person_with_something_written_down_is_worked_on(db: Desk) -> None:
    bring(db, [who("Ann Example", "mail", "ann@x.example")])
    ann = rows.find(db, "Ann Example").id
    capturing.capture(db, ann, Words(place="web", text="Spoke."), NOW)
    taken = import_undo.undo(db, NOW)
    assert taken.people_kept == 1 and rows.get(db, ann) is not None


def test_taken_back_beneath_a_later_combining_and_made_again(db: Desk) -> None:
    """Two are made one after something was written down of one of them; the earlier decision still can be taken back alone."""
    people.add_person(db, "Jupp Marsh", NOW)
    jupp, untouched = rows.find(db, "Jupp Marsh").id, state(db)
    capturing.capture(db, joe(db), SAID, NOW)
    written = ledger.entries(db, 1)[0].id
    combining.combine(db, jupp, joe(db), NOW)
    assert [activity.url for activity in timeline_of(db, jupp)] == [POST]
    people.undo(db, NOW, written)
    assert timeline_of(db, jupp) == [] and rows.get(db, jupp) is not None and db.execute("SELECT count(*) FROM captures").fetchone() == (0,)
    people.redo(db, written)
    assert [activity.url for activity in timeline_of(db, jupp)] == [POST]
    people.undo(db, NOW)
    assert timeline_of(db, jupp) == [] and [activity.url for activity in timeline(db)] == [POST]
    people.undo(db, NOW)
    after = state(db)
    assert {name: rows for name, rows in after.items() if name not in ("batches", "compounds")} == {
        name: rows for name, rows in untouched.items() if name not in ("batches", "compounds")
    }
