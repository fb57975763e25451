"""One activity through the whole house: from a recorded answer of a server to a person's timeline, and flipped back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from relationdesk.derived import Filter
from relationdesk.model import Key, Kind
from relationdesk.services import key_store, logins, people, places, review, sample
from relationdesk.services.sample_input import recorded_answer, story_day, write_sample
from relationdesk.services.sync import sync
from relationdesk.sources.door import Door
from relationdesk.sources.replay import Replay
from relationdesk.store import activities, profiles
from relationdesk.store import logins as login_rows
from relationdesk.store import people as persons
from relationdesk.store.database import open_desk
from tests.facts import NOW


def test_from_a_place_to_a_person_and_back(tmp_path: Path) -> None:
    web = tmp_path / "web"
    web.mkdir()
    write_sample(web, story_day(NOW))
    db = open_desk(tmp_path / "desk")

    def door(private: frozenset[str], stop: object) -> Door:
        return Door(transport=Replay(partial(recorded_answer, web)))

    login, _ = logins.connect(db, "mastodon", "https://hotel.example", "sample-token", lambda: NOW, until_quit=True, door=door)
    logins.follow(db, login.id, "@joeb@hotel.example", lambda: NOW, door=door)
    done = sync(db, login, "sample-token", door(frozenset(), None), lambda: NOW)
    assert done.new > 0 and done.failures == ()

    key = Key(*db.execute(
        "SELECT l.name, a.native_id FROM activities a JOIN places l ON l.id = a.place_id JOIN profiles q ON q.id = a.profile_id "
        "WHERE q.handle LIKE '%joeb@hotel.example' OR q.handle LIKE '%joeb' ORDER BY a.id LIMIT 1"
    ).fetchone())  # fmt: skip
    in_place = activities.by_key(db, key)
    assert in_place is not None
    if in_place.actor_person is None:
        stored = profiles.find(db, f"{in_place.activity.actor.place}/{in_place.activity.actor.native_id}")  # type: ignore[union-attr]
        people.new_person(db, stored.id, NOW)
        in_place = activities.by_key(db, key)
    assert in_place is not None and in_place.actor_person is not None

    page = review.review(db, in_place.actor_person, NOW, at=key)
    assert page is not None
    assert any(item.activity == in_place.activity for item in page.stretch.items)  # the same value, nothing rewritten
    assert [state.until for state in page.coverage if state.place == "mastodon"] == [NOW]
    around = places.around(db, "mastodon", key)
    assert any(item.activity is not None and item.activity.key == key for item in around.items)
    assert review.stretch(db, in_place.actor_person, Filter(places=frozenset({"feed"}))).items == ()
    assert login_rows.cursor(db, login.id, login_rows.followed(db, login.id)[0].name)
    key_store.forget(login.secret_name)
    db.close()


def test_a_person_of_bluesky_and_words_said_in_two_places(tmp_path: Path) -> None:
    """The sample desk: a timeline with Bluesky in it, the flip there and back, and one item where the same was posted twice."""
    db = open_desk(tmp_path / "desk")
    sample.build(db, NOW)
    olivia, sam = persons.find(db, "olivia.grant@copperfield.example"), persons.me(db)
    assert sam is not None
    shown = review.stretch(db, olivia.id, Filter(places=frozenset({"bluesky"}))).items
    assert {item.actor_name for item in shown} == {"Olivia Grant", "Sam Carter", "Mary Jones"}  # Mary quoted her
    theirs = next(item.activity for item in shown if item.activity is not None and "Forty stores" in item.activity.text)
    around = places.around(db, "bluesky", theirs.key)
    back = next(item for item in around.items if item.activity is not None and item.activity.key == theirs.key)
    assert back.actor_person == olivia.id and back.activity == theirs

    said = review.stretch(db, sam.id, Filter(kinds=frozenset({Kind.POST})), limit=500).items
    rules = [item for item in said if item.activity is not None and "Rule of thumb" in item.activity.text]
    assert [sorted(item.places) for item in rules] == [["bluesky", "mastodon"]]
    marys = {person.id for person in persons.page(db, limit=100) if person.name == "Mary Jones"}
    linked = [stored.person_id for stored in (profiles.by_key(db, Key("bluesky", "did:plc:maryjonestallow222222222")),) if stored is not None]
    assert len(marys) == 2 and linked == [persons.find(db, "mary.jones@tallowpine.example").id]
    db.close()
