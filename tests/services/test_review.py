"""A person's page: every activity and note exactly once however it is paged, and a company shows nothing of others."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from relationdesk.derived import Filter, Item
from relationdesk.model import Direction, Key, Kind, Precision
from relationdesk.services import notes, people, review
from relationdesk.store import activities, profiles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, bring, did, person_id, profile_id, who

SAM = who("Sam Carter", "x", owner=True)
JOE = who("Joe Brown", "x", company="Alder & Finch")
MARY = who("Mary Jones", "linkedin", company="Harborline")
LEO = who("Leo Hart", "linkedin", company="Harborline")
N, NOTES = 90, 40


@pytest.fixture(scope="module")
def full() -> Desk:
    """90 activities and 40 notes of one person: in between, in the same seconds, before the first and after the last."""
    db = open_memory()
    bring(db, [SAM, JOE, MARY, did(MARY, "m", ago(hours=5), "by mary")])
    acts = [did(JOE, f"j{n}", ago(hours=n // 4), f"words number {n}", kind=Kind.POST if n % 3 else Kind.COMMENT) for n in range(N - 12)]
    sent = [did(SAM, f"s{n}", ago(hours=n * 2), f"mail {n}", kind=Kind.MAIL, to=[JOE], thread=f"t{n % 3}", private=True) for n in range(10)]
    bring(db, [*acts, *sent, did(JOE, "u1", None, "undated one"), did(JOE, "u2", None, "undated two")])
    joe = person_id(db, "Joe Brown")
    for n in range(NOTES):
        notes.write(db, f"note {n}", NOW, person_id=joe, happened=ago(hours=n - 5))
    notes.write(db, "an old note", NOW, person_id=joe, happened=ago(days=4000))
    notes.write(db, "about mary", NOW, person_id=person_id(db, "Mary Jones"))
    return db


def keys(items: tuple[Item, ...] | list[Item]) -> list[str]:
    """What is on it, folded things included, in the order of the page."""
    found: list[str] = []
    for item in items:
        found.append(item.note.text if item.note else item.activity.key.native_id if item.activity else "")
        found += [mark.key.native_id for mark in item.marks]
        found += keys(item.earlier)
    return found


def everything() -> set[str]:
    return {f"j{n}" for n in range(N - 12)} | {f"s{n}" for n in range(10)} | {"u1", "u2", "an old note"} | {f"note {n}" for n in range(NOTES)}


@pytest.mark.parametrize("limit", [1, 2, 7, 50, 500])
def test_down_the_page_everything_comes_exactly_once(full: Desk, limit: int) -> None:
    joe = person_id(full, "Joe Brown")
    part = review.stretch(full, joe, Filter(), limit=limit)
    found = keys(part.items)
    while part.older is not None:
        assert part.newer is None
        part = review.stretch(full, joe, Filter(), before=part.older, limit=limit)
        found += keys(part.items)
    assert sorted(found) == sorted(everything())


@pytest.mark.parametrize("limit", [2, 7, 50])
@pytest.mark.parametrize("at", ["j0", "j1", "j11", "j40", "j77", "u1"])
def test_from_any_item_up_and_down_everything_comes_exactly_once(full: Desk, at: str, limit: int) -> None:
    joe = person_id(full, "Joe Brown")
    middle = review.around(full, joe, Key("x", at), Filter(), limit)
    assert at in keys(middle.items)
    found, part = keys(middle.items), middle
    while part.older is not None:
        part = review.stretch(full, joe, Filter(), before=part.older, limit=limit)
        found += keys(part.items)
    part = middle
    while part.newer is not None:
        part = review.stretch(full, joe, Filter(), after=part.newer, limit=limit)
        found = [*keys(part.items), *found]
    assert sorted(found) == sorted(everything())


def test_each_piece_is_newest_first(full: Desk) -> None:
    times = [i.published for i in review.stretch(full, person_id(full, "Joe Brown"), Filter(), limit=500).items if i.published]
    assert times == sorted(times, reverse=True) and len(times) > 100


def test_around_what_is_not_there_is_the_top(full: Desk) -> None:
    joe = person_id(full, "Joe Brown")
    assert review.around(full, joe, Key("x", "nothing"), Filter()) == review.stretch(full, joe, Filter())


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Filter(places=frozenset({"linkedin"})), set()),
        (Filter(kinds=frozenset({Kind.MAIL})), {f"s{n}" for n in range(10)}),
        (Filter(directions=frozenset({Direction.OUT})), {f"s{n}" for n in range(10)}),
        (Filter(notes=False), everything() - {f"note {n}" for n in range(NOTES)} - {"an old note"}),
        (Filter(since=ago(hours=0)), {"j0", "j1", "j2", "j3", "s0", *(f"note {n}" for n in range(6))}),
        (Filter(until=ago(days=3000)), {"an old note"}),
        (Filter(since=ago(hours=1), until=ago(hours=0)), {"j4", "j5", "j6", "j7", "note 6"}),
    ],
)
def test_filters(full: Desk, which: Filter, expected: set[str]) -> None:
    assert set(keys(review.stretch(full, person_id(full, "Joe Brown"), which, limit=500).items)) == expected


def test_weeks_are_whole_and_in_order(full: Desk) -> None:
    weeks = review.weeks(full, person_id(full, "Joe Brown"), NOW)
    assert len(weeks) == review.RAIL_WEEKS
    assert weeks[-1].start == datetime(2026, 11, 16, tzinfo=UTC)
    assert {(b.start - a.start) for a, b in itertools.pairwise(weeks)} == {timedelta(weeks=1)}
    assert (sum(w.theirs for w in weeks), sum(w.mine for w in weeks)) == (N - 12, 10)
    assert (weeks[-1].theirs, weeks[-1].mine) == (N - 12, 10)


def test_weeks_begin_on_monday() -> None:
    db = open_memory()
    sunday, monday = datetime(2026, 11, 15, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC)
    bring(db, [JOE, did(JOE, "a", sunday), did(JOE, "b", monday), did(JOE, "c", None)])
    assert [w.theirs for w in review.weeks(db, person_id(db, "Joe Brown"), NOW, 2)] == [1, 1]


def test_new_is_what_came_since_the_user_left() -> None:
    db = open_memory()
    bring(db, [JOE, did(JOE, "old", ago(days=2))])
    joe = person_id(db, "Joe Brown")
    page = review.review(db, joe, NOW)
    assert page is not None and (page.new, page.looked) == (0, None)
    review.looked(db, joe, ago(days=1))
    bring(db, [did(JOE, "new", ago(hours=1))])
    notes.write(db, "my own words are never new to me", NOW, person_id=joe)
    page = review.review(db, joe, NOW)
    assert page is not None and (page.new, page.looked) == (1, ago(days=1))
    assert [keys([i]) for i in page.stretch.items if i.is_new] == [["new"]]
    review.looked(db, joe, NOW)
    page = review.review(db, joe, NOW)
    assert page is not None and page.new == 0


def test_a_page_has_all_of_it(full: Desk) -> None:
    joe = person_id(full, "Joe Brown")
    page = review.review(full, joe, NOW, at=Key("x", "j40"), limit=20)
    assert page is not None
    assert (page.person.name, page.no_prompts, page.buckets, page.places) == ("Joe Brown", False, (), (("x", N),))
    assert page.profiles == profiles.of_person(full, joe) and len(page.coverage) == 1
    assert "j40" in keys(page.stretch.items)
    assert review.review(full, 999, NOW) is None


def test_what_is_counted_is_what_the_filter_shows() -> None:
    db = open_memory()
    twice = who("J. B.", "mail")
    bring(db, [SAM, JOE, MARY, twice, did(JOE, "a", ago(days=1)), did(JOE, "b", ago(days=2)), did(SAM, "c", ago(days=3), to=[JOE, JOE])])
    bring(db, [did(twice, "m", ago(days=4), kind=Kind.MAIL), did(MARY, "not of joe", ago(days=4))])
    joe = person_id(db, "Joe Brown")
    other = profiles.by_key(db, twice.key)
    assert other is not None
    people.link(db, other.id, joe, NOW)
    page = review.review(db, joe, NOW)
    assert page is not None and page.places == (("x", 3), ("mail", 1))
    for place, n in page.places:
        assert len(keys(review.stretch(db, joe, Filter(places=frozenset({place}))).items)) == n


def test_rhythm_is_of_their_own_days_and_needs_a_few() -> None:
    db = open_memory()
    bring(db, [SAM, JOE, *(did(JOE, f"j{n}", ago(days=n * 7)) for n in range(4)), did(JOE, "same day", ago(days=7, hours=1))])
    bring(db, [did(SAM, "mine", ago(days=3), to=[JOE]), did(JOE, "tomorrow", ago(days=-1)), did(JOE, "long ago", ago(days=900))])
    page = review.review(db, person_id(db, "Joe Brown"), NOW)
    assert page is not None and page.usual_days == 7
    bring(db, [MARY, did(MARY, "m", ago(days=1)), did(MARY, "m2", ago(days=2))])
    page = review.review(db, person_id(db, "Mary Jones"), NOW)
    assert page is not None and page.usual_days is None


def test_colleagues_are_of_the_same_company_and_not_themselves() -> None:
    db = open_memory()
    bring(db, [SAM, JOE, MARY, LEO, did(LEO, "l", ago(days=1))])
    page = review.review(db, person_id(db, "Mary Jones"), NOW)
    assert page is not None and [other.name for other in page.colleagues] == ["Leo Hart"]
    page = review.review(db, person_id(db, "Joe Brown"), NOW)
    assert page is not None and page.colleagues == ()


def test_a_person_without_profiles_has_a_page() -> None:
    db = open_memory()
    people.add_person(db, "Ann Example", NOW)
    page = review.review(db, 1, NOW)
    assert page is not None and page.stretch.items == () and page.stretch.older is None


def test_a_whole_conversation(full: Desk) -> None:
    assert keys(activities.of_thread(full, "x", "t1")) == ["s1", "s4", "s7"]
    assert activities.of_thread(full, "x", "") == () == activities.of_thread(full, "nowhere", "t1")


def test_a_company_shows_its_own_and_nothing_of_others() -> None:
    db = open_memory()
    bring(db, [JOE, MARY, LEO, did(JOE, "j", text="by joe", to=[MARY]), *(did(MARY, f"m{n}", ago(hours=n), f"by mary {n}") for n in range(7)),
               did(LEO, "l", ago(hours=3), "by leo", to=[JOE])])  # fmt: skip
    harbor = persons.company_by_name(db, "Harborline")
    assert harbor is not None
    notes.write(db, "on the firm", NOW, company_id=harbor.id)
    notes.write(db, "on joe", NOW, person_id=person_id(db, "Joe Brown"))
    page = review.company_review(db, harbor.id, NOW, limit=3)
    assert page is not None
    found, part = keys(page.stretch.items), page.stretch
    while part.older is not None:
        part = review.people_stretch(db, [p.id for p in page.people], before=part.older, limit=3)
        found += keys(part.items)
    assert sorted(found) == ["l", *(f"m{n}" for n in range(7))]
    assert {p.name for p in page.people} == {"Mary Jones", "Leo Hart"}
    assert [i.note.text for i in page.notes if i.note] == ["on the firm"]
    assert review.company_review(db, 999, NOW) is None
    people.edit_person(db, person_id(db, "Leo Hart"), NOW, name="Leo Hart", title="", company="Alder & Finch")
    page = review.company_review(db, harbor.id, NOW)
    assert page is not None and "l" not in keys(page.stretch.items)


# Paging: whatever is filtered, and whatever lies at the border of two pages, nothing is lost and nothing comes twice.

FILTERS = {
    "everything": Filter(), "a place": Filter(places=frozenset({"mail"})), "two kinds": Filter(kinds=frozenset({Kind.MAIL, Kind.POST})),
    "theirs": Filter(directions=frozenset({Direction.IN})), "mine": Filter(directions=frozenset({Direction.OUT, Direction.SELF})),
    "a period": Filter(since=ago(days=30), until=ago(days=5)), "without notes": Filter(notes=False), "the future": Filter(since=NOW),
    "all of it": Filter(places=frozenset({"mail", "x"}), kinds=frozenset({Kind.MAIL, Kind.REPLY}), directions=frozenset({Direction.IN}), since=ago(days=50), until=NOW),
}  # fmt: skip
JOE_X, JOE_MAIL, SAM_MAIL = who("Joe Brown", "x"), who("Joe Brown", "mail", "joe@a.example", known=False), who("Sam Carter", "mail", owner=True)


@pytest.fixture(scope="module")
def odd() -> tuple[Desk, int]:
    """A desk full of equal, coarse, unknown, far and future times, of threads, cross-posts, and notes between them; Joe."""
    dice, db = random.Random(3), open_memory()
    bring(db, [SAM_MAIL, JOE_X, JOE_MAIL])
    joe = person_id(db, "Joe Brown")
    people.link(db, profile_id(db, JOE_MAIL), joe, NOW)
    times = [None, ago(days=5), ago(days=2, hours=1), datetime(1999, 5, 5, tzinfo=UTC), NOW + timedelta(days=300), *(ago(days=n) for n in range(60))]
    midnight = ago(days=7).replace(hour=0, minute=0)
    facts = []
    for n in range(240):
        actor, when = dice.choice([JOE_X, JOE_MAIL, SAM_MAIL]), dice.choice(times)
        coarse = dice.choice([None, Precision.DAY, Precision.MONTH, Precision.YEAR]) if when else None
        words = dice.choice([f"text {n}", "the same words in two places, long enough to be known again"])
        facts.append(did(
            actor, f"n{n}", midnight if coarse else when, words, kind=dice.choice([Kind.MAIL, Kind.POST, Kind.REPLY, Kind.REACTION]), precision=coarse,
            to=[JOE_MAIL] if actor is SAM_MAIL else dice.choice([[], [SAM_MAIL]]), thread=dice.choice(["", "t1", "t2"]), private=dice.random() < 0.4,
        ))  # fmt: skip
    bring(db, facts)
    for n in range(50):
        notes.write(db, f"note {n}", NOW, person_id=joe, happened=dice.choice([when for when in times if when is not None]))
    return db, joe


@pytest.mark.parametrize("which", FILTERS)
def test_pages_hold_exactly_what_the_whole_holds(odd: tuple[Desk, int], which: str) -> None:
    db, joe = odd
    whole = keys(review.stretch(db, joe, FILTERS[which], limit=10_000).items)
    assert len(whole) == len(set(whole)) > 0
    for limit in (1, 7, 50):
        paged, before = [], 2**62
        while True:
            part = review.stretch(db, joe, FILTERS[which], before=before, limit=limit)
            paged += keys(part.items)
            if part.older is None:
                break
            before = part.older
        assert len(paged) == len(set(paged)) and set(paged) == set(whole), limit


def test_from_any_item_up_and_down_is_everything(odd: tuple[Desk, int]) -> None:
    db, joe = odd
    whole = keys(review.stretch(db, joe, Filter(), limit=10_000).items)
    for n in range(0, 240, 11):
        part = review.around(db, joe, Key("mail", f"n{n}"), Filter(), limit=20)
        found, older, newer = keys(part.items), part.older, part.newer
        while older is not None:
            below = review.stretch(db, joe, Filter(), before=older, limit=7)
            found, older = [*found, *keys(below.items)], below.older
        while newer is not None:
            above = review.stretch(db, joe, Filter(), after=newer, limit=7)
            found, newer = [*keys(above.items), *found], above.newer
        assert len(found) == len(set(found)) and set(found) == set(whole)


def test_a_company_pages_as_well(odd: tuple[Desk, int]) -> None:
    db, joe = odd
    whole = keys(review.people_stretch(db, [joe], limit=10_000).items)
    paged, before = [], 2**62
    while True:
        part = review.people_stretch(db, [joe], before=before, limit=7)
        paged += keys(part.items)
        if part.older is None:
            break
        before = part.older
    assert len(paged) == len(set(paged)) and set(paged) == set(whole) and len(whole) > 100
