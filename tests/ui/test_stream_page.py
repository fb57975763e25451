"""A bucket as one stream: what its people did, by place, with the flip there and back."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from relationdesk.derived import Filter
from relationdesk.model import Coverage, Key, Kind
from relationdesk.services import people, streams
from relationdesk.services.export_views import View, table
from relationdesk.store import buckets
from relationdesk.store.database import open_memory, transaction
from relationdesk.store.spans import holder
from relationdesk.store.timekey import id_at
from relationdesk.ui.page import Target
from relationdesk.ui.stream_page import StreamPage
from relationdesk.ui.timeline_words import kind_title
from tests.facts import NOW, ago, bring, did, person_id, who
from tests.ui.desk import sample_desk
from tests.ui.test_the_walk import Walk

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_desk(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture
def walk(built: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Walk]:
    shutil.copytree(built, tmp_path / "desk")
    made = Walk(qapp, qtbot, tmp_path / "desk")
    yield made
    made.close()


def page_of(walk: Walk) -> StreamPage:
    page = walk.page("stream")
    assert isinstance(page, StreamPage)
    return page


def test_without_a_bucket_its_key_says_what_to_do(walk: Walk) -> None:
    walk.window.go(Target(page="person", id=1))
    walk.page("person")
    walk.key(Qt.Key.Key_G, Qt.Key.Key_B)
    walk.page("person")
    assert "No bucket is chosen" in walk.window.toast.text()


def test_a_bucket_reads_as_one_stream_and_leads_to_a_person_and_back(walk: Walk) -> None:
    bucket = buckets.by_name(walk.db, "Advocates")
    assert bucket is not None
    walk.window.go(Target(page="bucket", id=bucket.id))
    walk.wait(lambda: walk.window.people.stream.isVisible())
    walk.key(Qt.Key.Key_G, Qt.Key.Key_B)
    walk.wait(lambda: page_of(walk)._loaded)
    page = page_of(walk)
    inside = set(buckets.people_of(walk.db, bucket.id))
    items = page.view.timeline().items()
    assert len(items) > 20 and {item.actor_person for item in items} <= inside
    assert (walk.window.windowTitle(), page.empty.isVisible()) == ("Advocates · RelationDesk", False)
    page.view.setFocus()
    walk.key(*[Qt.Key.Key_J] * 7)
    item, where = page.view.current_item(), page.view.where()
    assert item is not None
    walk.key(Qt.Key.Key_F)
    assert walk.window.page().position().id == item.actor_person  # type: ignore[union-attr]
    walk.key(Qt.Key.Key_Escape)
    walk.wait(lambda: page_of(walk).view.current_item() is not None)
    assert page.view.where() == where
    for _ in range(8):  # from a copy of what was said in two places, too, which the person's page folds
        walk.key(Qt.Key.Key_J, Qt.Key.Key_F)
        walk.page("person")
        person = walk.window.page()
        walk.wait(lambda person=person: person.view.current_item() is not None)  # type: ignore[union-attr,misc]
        walk.key(Qt.Key.Key_F)
        walk.page("stream")
        walk.wait(lambda: page_of(walk)._loaded and page_of(walk).view.current_item() is not None)
    page.filters._chips["mastodon"].click()
    walk.wait(lambda: page._loaded)
    assert {i.activity.key.place for i in page.view.timeline().items() if i.activity} == {"mastodon"}
    walk.key(Qt.Key.Key_L, mod=SHIFT)
    walk.page("round")


def shown_kinds(page: StreamPage) -> set[Kind]:
    return {item.activity.kind for item in page.view.timeline().items() if item.activity is not None}


def test_kinds_and_weeks_are_chosen_as_on_the_timeline_of_a_person(walk: Walk) -> None:
    bucket = buckets.by_name(walk.db, "Top customers")
    assert bucket is not None
    walk.window.go(Target(page="stream", id=bucket.id))
    walk.wait(lambda: page_of(walk)._loaded and len(page_of(walk)._past.weeks) == 52)
    page = page_of(walk)
    assert len(shown_kinds(page)) > 2 and sum(week.theirs for week in page._past.weeks) > 50 and not any(week.mine for week in page._past.weeks)
    titles = [action.text() for action in page.filters.menu().actions()]
    assert not {"From them", "From me, to them", "With my notes"} & {*titles} and len(titles) > 10
    reply = next(action for action in page.filters.menu().actions() if action.text() == kind_title(Kind.REPLY))
    reply.trigger()
    walk.wait(lambda: page._loaded and shown_kinds(page) == {Kind.REPLY})
    busiest = max(range(52), key=lambda n: page._past.weeks[n].theirs)
    page.filters.everything.click()
    page.rail.setFocus()
    page.rail._select(busiest, busiest)
    week = page._past.weeks[busiest]
    walk.wait(lambda: page._loaded and sum(1 + len(item.marks) for item in page.view.timeline().items()) == week.theirs)
    assert all(id_at(week.start) <= item.id < id_at(week.start + timedelta(weeks=1)) for item in page.view.timeline().items())
    page.view.setFocus()
    walk.key(Qt.Key.Key_J, Qt.Key.Key_F)
    walk.page("person")
    walk.key(Qt.Key.Key_Escape)
    walk.wait(lambda: page_of(walk)._loaded and page.view.current_item() is not None)
    assert page._which() == Filter(since=week.start, until=week.start + timedelta(weeks=1)) and page.rail.selection() == (busiest, busiest)


def test_a_period_can_be_chosen_without_the_rail(walk: Walk) -> None:
    bucket = buckets.by_name(walk.db, "Top customers")
    assert bucket is not None
    walk.window.go(Target(page="stream", id=bucket.id))
    walk.wait(lambda: page_of(walk)._loaded and len(page_of(walk)._past.weeks) == 52)
    page = page_of(walk)
    next(action for action in page.filters.menu().actions() if action.text() == "The last 30 days").trigger()
    since = page._which().since
    assert since is not None
    walk.wait(lambda: page._loaded and all(item.id >= id_at(since) for item in page.view.timeline().items()))
    first, last = page.rail.selection()
    assert last == 51 and page._past.weeks[first].start <= since < page._past.weeks[first].start + timedelta(weeks=1)
    again = next(action for action in page.filters.menu().actions() if action.text() == "The last 30 days")
    assert again.isChecked() and "Only the chosen weeks" not in [action.text() for action in page.filters.menu().actions()]
    again.trigger()
    walk.wait(lambda: page._loaded and page._which() == Filter() and page.rail.selection() == (-1, -1))


def test_a_choice_that_nothing_fits_says_so_and_leads_back(walk: Walk) -> None:
    bucket = buckets.by_name(walk.db, "Advocates")
    assert bucket is not None
    walk.window.go(Target(page="stream", id=bucket.id, extra=Filter(kinds=frozenset({Kind.CALL}))))
    walk.wait(lambda: page_of(walk)._loaded and page_of(walk).empty.isVisible())
    page = page_of(walk)
    assert page.empty.button.text() == "Show everything" or "Show everything" in page.empty.button.accessibleName()
    page.empty.button.click()
    walk.wait(lambda: page._loaded and not page.empty.isVisible() and len(page.view.timeline().items()) > 20)
    assert page._which() == Filter()


def test_trap_17_a_post_made_in_three_places_is_one_item_in_the_stream_too() -> None:
    """With its marks, whatever piece it is read in; the same words of two people are two."""
    db, words = open_memory(), "We measured the kitchen for a year, and the pastry section uses a third of it."
    joe = [who("Joe Brown", place, f"joe-{place}") for place in ("mastodon", "bluesky", "linkedin")]
    mary = who("Mary Jones", "mastodon", "mary")
    bring(db, [*joe, mary, *(did(one, f"p{n}", ago(minutes=n + 1), words) for n, one in enumerate(joe)), did(mary, "m", ago(minutes=9), words)])
    with transaction(db):
        db.execute("UPDATE profiles SET person_id = (SELECT min(id) FROM people WHERE name = 'Joe Brown') WHERE native_id LIKE 'joe-%'")
    bucket, _ = people.make_bucket(db, "Key", NOW)
    people.set_in_bucket(db, bucket, (person_id(db, "Joe Brown"), person_id(db, "Mary Jones")), True, NOW)
    for part in (streams.look_at(db, bucket).stretch, streams.look_at(db, bucket, at=Key("linkedin", "p2")).stretch, streams.stretch(db, bucket)):
        assert [(item.activity.key.native_id, len(item.marks)) for item in part.items if item.activity is not None] == [("p0", 2), ("m", 0)]


def test_any_piece_is_what_a_plain_reading_of_everything_says() -> None:
    db, dice = open_memory(), random.Random(11)
    actors = [who(f"{place.title()} Number{n}", place) for n in range(12) for place in ("mastodon", "blog")]
    bring(db, [*actors, *(did(dice.choice(actors), f"a{n}", NOW - timedelta(minutes=dice.randrange(5000))) for n in range(600))])
    bucket, _ = people.make_bucket(db, "Key", NOW)
    people.set_in_bucket(db, bucket, tuple(row[0] for row in db.execute("SELECT id FROM people WHERE id % 3 > 0")), True, NOW)
    for place in ("", "blog"):
        which = Filter(places=frozenset({place} if place else ()))
        every = [row[0] for row in db.execute(
            "SELECT a.id FROM activities a JOIN profiles q ON q.id = a.profile_id JOIN places l ON l.id = q.place_id JOIN bucket_people x ON "
            "x.person_id = q.person_id WHERE ? IN ('', l.name) ORDER BY a.id DESC", (place,),
        )]  # fmt: skip
        assert len(every) > 100
        read: list[int] = []
        part = streams.stretch(db, bucket, which=which, limit=17)
        while True:
            read += [item.id for item in part.items]
            if part.older is None:
                break
            part = streams.stretch(db, bucket, before=part.older, which=which, limit=17)
        assert read == every
        for at in dice.sample(every, 20):
            newer = streams.stretch(db, bucket, after=at, which=which, limit=9)
            assert [item.id for item in newer.items] == [id_ for id_ in every if id_ > at][-9:]
    ((key,),) = db.execute("SELECT native_id FROM activities WHERE id = ?", (every[40],)).fetchall()
    found = streams.look_at(db, bucket, at=Key("blog", key), which=which)
    assert found.places == ("blog", "mastodon") and every[40] in [item.id for item in found.stretch.items] and found.stretch.newer is not None
    rows = list(table(db, View(kind="stream", bucket_id=bucket, which=which), private=True)[1])
    assert len(rows) == len(every)


def test_the_weeks_of_a_bucket_are_what_its_people_did(seed: int = 3) -> None:
    db, dice = open_memory(), random.Random(seed)
    actors = [who(f"Number{n}", "mastodon") for n in range(6)]
    bring(db, [*actors, *(did(dice.choice(actors), f"a{n}", NOW - timedelta(hours=dice.randrange(12_000))) for n in range(300)), Coverage(place="mastodon", since=NOW - timedelta(days=90), until=NOW)])
    bucket, _ = people.make_bucket(db, "Key", NOW)
    people.set_in_bucket(db, bucket, tuple(row[0] for row in db.execute("SELECT id FROM people WHERE id % 2 = 0")), True, NOW)
    found = streams.past(db, bucket, NOW)
    for week in found.weeks:
        (n,) = db.execute(
            "SELECT count(*) FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE q.person_id % 2 = 0 AND a.published >= ? AND a.published < ?",
            (week.start.timestamp(), (week.start + timedelta(weeks=1)).timestamp()),
        ).fetchone()
        assert week.theirs == n
    assert sum(week.theirs for week in found.weeks) > 60
    assert [(state.place, state.since, state.until) for state in found.coverage] == [("mastodon", NOW - timedelta(days=90), NOW)]
    assert streams.past(db, 99, NOW).coverage == ()


def test_a_bucket_that_is_gone_and_one_without_anybody() -> None:
    db = open_memory()
    assert streams.look_at(db, 7) == streams.Stream(stretch=streams.Stretch(items=()), bucket=None)
    bucket, _ = people.make_bucket(db, "Empty", NOW)
    found = streams.look_at(db, bucket)
    assert found.bucket is not None and found.stretch.items == () and found.places == ()
    bring(db, [who("Joe Brown")])
    people.set_in_bucket(db, bucket, (person_id(db, "Joe Brown"),), True, NOW)
    assert streams.look_at(db, bucket).stretch.items == ()


def _when(dice: random.Random) -> datetime | None:
    """Mostly within some weeks, some years ago, some in the future, some before 1970, some nobody knows when."""
    return dice.choice((NOW - timedelta(minutes=dice.randrange(50_000)),) * 6 + (NOW - timedelta(days=dice.randrange(9_000)), NOW + timedelta(hours=dice.randrange(20)), datetime(1950 + dice.randrange(20), 1, 2, tzinfo=UTC), None))  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_with_any_filter_it_is_what_a_plain_reading_says(seed: int) -> None:
    db, dice = open_memory(), random.Random(seed)
    actors = [who(f"{place.title()} Number{n}", place) for n in range(dice.choice((1, 9))) for place in ("mastodon", "blog")]
    bring(db, [*actors, *(did(dice.choice(actors), f"a{n}", _when(dice), kind=dice.choice((Kind.POST, Kind.REPLY))) for n in range(dice.choice((3, 200))))])
    bucket, _ = people.make_bucket(db, "Key", NOW)
    people.set_in_bucket(db, bucket, tuple(row[0] for row in db.execute("SELECT id FROM people")), True, NOW)
    for (profile_id,) in db.execute("SELECT id FROM profiles WHERE id % 4 = 1").fetchall() if seed % 2 else ():  # somebody's who is not in it, for a time
        since, until = sorted(id_at(NOW - timedelta(minutes=dice.randrange(50_000))) for _ in range(2))
        db.execute("INSERT INTO spans(profile_id, from_id, until_id, person_id) VALUES (?,?,?,?), (?,?,?,?)", (profile_id, -(2**62), since, dice.choice((1, None)), profile_id, since, until, None))
        db.execute("UPDATE profiles SET held_from = ? WHERE id = ?", (until, profile_id))
    sql = (
        "SELECT a.id, k.name, l.name, a.published FROM activities a JOIN kinds k ON k.id = a.kind JOIN places l ON l.id = a.place_id JOIN profiles q ON "
        f"q.id = a.profile_id WHERE {holder('a.id', 'q')} IS NOT NULL ORDER BY a.id DESC"
    )
    everything = db.execute(sql).fetchall()
    for _ in range(12):
        edge = dice.choice((None, NOW - timedelta(days=dice.randrange(40))))
        since = dice.choice((None, None if edge is None else edge - timedelta(days=dice.randrange(20))))
        which = Filter(kinds=dice.choice((frozenset(), frozenset({Kind.REPLY}), frozenset({Kind.VIDEO}))), places=dice.choice((frozenset(), frozenset({"blog"}))), since=since, until=edge)
        every = [
            id_ for id_, kind, place, at in everything
            if (not which.kinds or kind in which.kinds) and (not which.places or place in which.places)
            and (since is None or id_ >= id_at(since)) and (edge is None or (at is not None and id_ < id_at(edge)))
        ]  # fmt: skip
        read: list[int] = []
        part = streams.stretch(db, bucket, which=which, limit=7)
        while part.older is not None:
            read += [item.id for item in part.items]
            part = streams.stretch(db, bucket, before=part.older, which=which, limit=7)
        assert read + [item.id for item in part.items] == every
        for at in dice.sample(every, min(5, len(every))):
            assert [item.id for item in streams.stretch(db, bucket, after=at, which=which, limit=4).items] == [id_ for id_ in every if id_ > at][-4:]
