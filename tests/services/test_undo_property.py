"""Imports, syncs, notes and links in any order, then one import taken back: the desk is as if it had never been brought in."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from relationdesk.model import Coverage, Fact, Kind, Precision, Profile, Role
from relationdesk.services import import_undo, notes, people
from relationdesk.store import batch_wording, caches
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, arrive, bring, did, who

Step = tuple[str, object]
PEOPLE = [
    who("Joe Brown", mail="joe@acme.example", vouched=True, company="Acme"),
    who("Mary Jones", mail="mary@acme.example", company="Acme"),
    who("Ann Wren", known=False, mail="ann@wren.example", vouched=True),
    who("Zoe Hale", title="Buyer", company="Hale"),
    who("Joe Brown", "contacts", "card-joe", mail="joe@acme.example", vouched=True, title="Director", company="Acme Ltd"),
    who("Ann Wren", "contacts", "card-ann", mail="ann@wren.example", vouched=True),
    who("Sam Holm", "mastodon", "sam", owner=True),
]


def variant(dice: random.Random, profile: Profile, nameless: bool) -> Profile:
    """The same profile as another file tells it: poorer, or with other words."""
    return replace(
        profile,
        display_name=dice.choice([profile.display_name, profile.display_name, ""]) if nameless else profile.display_name,
        bio=dice.choice(["", "", "likes tea", "likes rowing"]),
        title=dice.choice([profile.title, "", "Head of Panels"]) if profile.key.place == "mastodon" else profile.title,
        known=profile.known and dice.random() < 0.8,
        addresses=profile.addresses if dice.random() < 0.8 else (),
    )


def file(dice: random.Random, nameless: bool) -> list[Fact]:
    """An export: some of the people and of a common stock of activities, each told in one of a few ways."""
    chosen = [variant(dice, profile, nameless) for profile in PEOPLE if dice.random() < 0.6]
    talkers = [profile for profile in chosen if profile.key.place == "mastodon"]
    facts: list[Fact] = list(chosen)
    for actor in talkers:
        for number in range(4):
            if dice.random() < 0.5:
                continue
            to = [other for other in talkers if other.key != actor.key and dice.random() < 0.4]
            day = dice.random() < 0.2
            when = ago(days=number * 7 + len(actor.key.native_id))
            facts.append(did(
                actor, f"{actor.key.native_id}-{number}", when.replace(hour=0, minute=0) if day else when, dice.choice(["one", "two", "会議", ""]),
                precision=Precision.DAY if day else Precision.SECOND, to=to, role=dice.choice([Role.TO, Role.CC]),
                thread=dice.choice(["", "t1"]), kind=dice.choice([Kind.POST, Kind.REPLY]),
            ))  # fmt: skip
    if dice.random() < 0.5:
        days = sorted((dice.randrange(100), dice.randrange(100)))
        facts.append(Coverage(place="mastodon", since=ago(days=days[1]), until=ago(days=days[0])))
    return facts


def history(dice: random.Random, *, nameless: bool = True) -> list[Step]:
    files = [file(dice, nameless) for _ in range(4)]
    steps: list[Step] = []
    for _ in range(dice.randint(3, 7)):
        steps.append(("import", dice.choice(files)))
        if dice.random() < 0.2:
            steps.append(("sync", [fact for fact in dice.choice(files) if not isinstance(fact, Coverage)]))
    return steps


def played(steps: Iterable[Step], leave_out: int = 0) -> Desk:
    """The desk after these steps; `leave_out`: the number of an import that is not brought in."""
    db = open_memory()
    number = 0
    for kind, what in steps:
        facts: list[Fact] = list(what)  # type: ignore[call-overload]
        number += kind == "import"
        if kind == "import" and number == leave_out:
            continue
        bring(db, facts) if kind == "import" else arrive(db, facts)
    return db


def facts_of(db: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Everything the world said, by its own keys: row numbers may differ."""
    profile = "(SELECT l.name || ' ' || q.native_id FROM profiles q JOIN places l ON l.id = q.place_id WHERE q.id = {})"
    fields = ", ".join(f"p.{field}" for field in (*batch_wording.PROFILE_FIELDS, "known", "is_company", "is_owner"))
    queries = {
        "profiles": f"SELECT {profile.format('p.id')}, {fields} FROM profiles p",
        "addresses": f"SELECT {profile.format('profile_id')}, kind, value, vouched FROM addresses",
        "activities": f"SELECT native_id, {profile.format('profile_id')}, (SELECT name FROM kinds WHERE id = kind), published, precision, "
        "audience, towards, title, text, url, in_reply_to, thread, extra FROM activities",
        "participants": f"SELECT (SELECT native_id FROM activities WHERE id = activity_id), {profile.format('profile_id')}, role FROM participants",
        "coverage": "SELECT (SELECT name FROM places WHERE id = place_id), profile_id, read_from, read_until FROM coverage",
        "words": "SELECT (SELECT a.native_id FROM activities a WHERE a.id = s.rowid), s.text FROM activities_spaced s",
    }
    return {name: sorted(db.execute(sql).fetchall(), key=repr) for name, sql in queries.items()}


def links_of(db: Desk) -> dict[str, tuple[str | None, int | None, str]]:
    """Profile → (name of its person, whether that is me, how it came to it)."""
    rows = db.execute("SELECT q.native_id, p.name, p.is_me, q.linked_by FROM profiles q LEFT JOIN people p ON p.id = q.person_id")
    return {row[0]: row[1:] for row in rows}


def sound(db: Desk) -> None:
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    for table, sql in {
        "profiles": "SELECT id, last_id FROM profiles", "people": "SELECT id, last_in, last_out, last_id FROM people",
    }.items():  # fmt: skip
        before = db.execute(sql).fetchall()
        caches.rebuild(db)
        assert db.execute(sql).fetchall() == before, table


@pytest.mark.parametrize("seed", range(60))
def test_an_import_taken_back_leaves_the_facts_of_the_others(seed: int) -> None:
    dice = random.Random(seed)
    steps = history(dice)
    imports = sum(kind == "import" for kind, _ in steps)
    gone = dice.randint(1, imports)
    if any(kind == "sync" for kind, _ in steps):  # what a login says over an import's words stays: only its own facts are compared
        steps = [step for step in steps if step[0] == "import"]
    db, without = played(steps), played(steps, gone)
    import_undo.undo(db, NOW, gone)
    assert facts_of(db) == facts_of(without)
    sound(db)


@pytest.mark.parametrize("seed", range(60, 120))
def test_an_import_taken_back_leaves_the_links_of_the_others(seed: int) -> None:
    """What the others linked is linked to the same people; more only where a place vouches for it.

    Which of two files of the same day made the person, and so named the company, may depend on their order.
    """
    dice = random.Random(seed)
    steps = [step for step in history(dice, nameless=False) if step[0] == "import"]
    gone = dice.randint(1, len(steps))
    db, without = played(steps), played(steps, gone)
    import_undo.undo(db, NOW, gone)
    found, expected = links_of(db), links_of(without)
    assert found.keys() == expected.keys()
    for native_id, (name, is_me, _) in expected.items():
        if name is not None:
            assert found[native_id][:2] == (name, is_me), native_id
        else:
            assert found[native_id][2] in ("", "place"), native_id
    names = {name for name, _, _ in found.values() if name is not None}
    assert [row[0] for row in db.execute("SELECT name FROM people ORDER BY name")] == sorted(names), "nobody without a profile"
    sound(db)


@pytest.mark.parametrize("seed", range(120, 180))
def test_the_work_of_the_user_stays_whatever_is_taken_back(seed: int) -> None:
    dice = random.Random(seed)
    db = open_memory()
    written: dict[int, int] = {}
    linked: dict[int, int] = {}
    imports = 0
    for kind, what in history(dice):
        facts: list[Fact] = list(what)  # type: ignore[call-overload]
        imports += kind == "import"
        bring(db, facts) if kind == "import" else arrive(db, facts)
        somebody = [row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 0 ORDER BY id")]
        waiting = [row[0] for row in db.execute("SELECT id FROM profiles WHERE person_id IS NULL ORDER BY id")]
        if somebody and dice.random() < 0.6:
            person = dice.choice(somebody)
            note, _ = notes.write(db, f"note {len(written)}", NOW, person_id=person)
            written[note.id] = person
        if somebody and waiting and dice.random() < 0.6:
            profile, person = dice.choice(waiting), dice.choice(somebody)
            people.link(db, profile, person, NOW)
            linked[profile] = person
    order = list(range(1, imports + 1))
    dice.shuffle(order)
    for batch in order:
        import_undo.undo(db, NOW, batch)
        stored = dict(db.execute("SELECT id, person_id FROM notes").fetchall())
        assert {note: stored.get(note) for note in written} == written
        owners = dict(db.execute("SELECT id, person_id FROM profiles").fetchall())
        assert {profile: owners.get(profile) for profile in linked} == linked
        sound(db)
    only_mine = set(written.values()) | set(linked.values())
    by_login = db.execute("SELECT person_id FROM profiles WHERE person_id IS NOT NULL").fetchall()
    assert {row[0] for row in db.execute("SELECT id FROM people")} <= only_mine | {row[0] for row in by_login}


def test_the_answer_says_who_stays() -> None:
    db = open_memory()
    bring(db, [PEOPLE[0], PEOPLE[1]])
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    notes.write(db, "ask about the panels", NOW, person_id=joe)
    taken = import_undo.undo(db, NOW)
    assert (taken.people, taken.people_kept, taken.profiles) == (1, 1, 1)


def test_what_was_read_is_told_without_the_import_taken_back() -> None:
    """Three imports widen the coverage; without the middle one it is what the other two read."""
    db = open_memory()
    for since, until in ((20, 15), (90, 1), (18, 10)):
        bring(db, [Coverage(place="mastodon", since=ago(days=since), until=ago(days=until))])
    import_undo.undo(db, NOW, 2)
    (found,) = db.execute("SELECT read_from, read_until FROM coverage").fetchall()
    assert found == (seconds(ago(days=20)), seconds(ago(days=10)))


def test_a_sync_in_between_has_the_last_word() -> None:
    db = open_memory()
    joe = PEOPLE[0]
    bring(db, [joe, did(joe, "a", text="one")])
    bring(db, [joe, did(joe, "a", text="two")])
    arrive(db, [joe, did(joe, "a", text="three")])
    import_undo.undo(db, NOW, 2)
    assert [row[0] for row in db.execute("SELECT text FROM activities")] == ["three"]
    import_undo.undo(db, NOW, 1)
    assert [row[0] for row in db.execute("SELECT text FROM activities")] == ["three"], "the login saw it"
