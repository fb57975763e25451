"""Candidates are found without comparing everybody with everybody: whom it finds, and how much work it is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from relationdesk.flip import matching
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.flip.rarity import Rarity
from relationdesk.model import Key, Profile
from relationdesk.services import match_everybody, match_loading, people
from relationdesk.services.decided_meanwhile import Meanwhile
from relationdesk.services.match_everybody import Everybody
from relationdesk.services.match_index import Index
from relationdesk.store import merge
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.facts import NOW, bring, person_id, profile_id, who


def names_near(profile: Profile, *people: Profile, way: str = "few") -> list[str]:
    """Names found for a profile in a desk of these: when few are asked about, when everybody is read, or filed on disk."""
    db = open_memory()
    bring(db, people)
    index = filled(db) if way == "filed" else Index(db)
    index.load([profile] * (match_loading.MANY + 1 if way == "whole" else 1))
    return [person.name for person in index.near(profile)]


def filled(db: Desk) -> Everybody:
    index = Everybody(db)
    for _ in index.fill():
        pass
    return index


@pytest.mark.parametrize("way", ["few", "whole", "filed"])
@pytest.mark.parametrize(
    ("name", "other", "found"),
    [
        ("Joe Brown", "Joe Brown", True), ("Joe Brown", "Brown, Joe", True), ("Joe Brown", "Brown Joe", True), ("Joe Brown", "Joseph Brown", True),
        ("Joe Brown", "J. Brown", True), ("J. Brown", "Joe Brown", True), ("Joe Brown", "Joe B.", True), ("Joe B.", "Joe Brown", True),
        ("Joe Brown", "Joe Henry Brown", True), ("Joe Henry Brown", "Joe Brown", True), ("Maria Silva", "Maria Silva Costa", True),
        ("Ana Maria Silva Costa", "Maria Silva Costa", True), ("Joe Brown", "Jое Brown", True), ("Jое Вrоwn", "Joe Brown", True), ("J0e Brown", "Joe Brown", True),
        ("Anna Wikström", "Anna Wikstrom", True), ("王小明", "王小明", True), ("Joe Brown", "Zoe Brown", False), ("Joe Brown", "Joe Green", False),
        ("Dan Lee", "Dana Lee", False), ("Joe", "Joe Brown", False), ("王小明", "王小红", False), ("Joe Henry Brown", "Joe Henry Green", True),
    ],
)  # fmt: skip
def test_who_is_near_by_name(name: str, other: str, found: bool, way: str) -> None:
    assert names_near(who(name, "x"), who(other, "linkedin"), way=way) == ([other] if found else [])


@pytest.mark.parametrize("way", ["few", "whole", "filed"])
def test_who_is_near_by_address(way: str) -> None:
    mail = who("", "mail", "joe+news@x.example", mail="joe+news@x.example")
    assert names_near(mail, who("Joe Brown", "linkedin", mail="joe@x.example"), who("Ann Lee", "linkedin", mail="ann@x.example"), way=way) == ["Joe Brown"]


@pytest.mark.parametrize("way", ["few", "whole", "filed"])
@pytest.mark.parametrize(
    "other",
    [
        who("Joe", "youtube", "https://tube.example/@joebrown"), who("Joe", "bluesky", "x", handle="joebrown.example"), who("joe_brown", "x", "x"),
        who("Jo eBrown", "linkedin"), who("Somebody Else", "github", bio="Gardening, python and trains. Hamburg."),
    ],
)  # fmt: skip
def test_who_is_near_by_what_only_the_slots_know(other: Profile, way: str) -> None:
    """The end of a page, the first part of a domain, a handle for a name, a space in the wrong place, the same words about themselves."""
    asked = who("Joe Brown", "mastodon", bio="Hamburg, gardening & trains and python")
    assert names_near(asked, other, way=way) == [other.display_name]


def test_whoever_is_filed_is_found_like_one_who_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that grows while it is asked, with namesakes, firms and shared pages: every question has the same answer either way."""
    monkeypatch.setattr(match_everybody, "AT_A_TIME", 7)
    monkeypatch.setattr(match_everybody, "IN_MEMORY", 50)
    monkeypatch.setattr(match_everybody, "KEPT", 30)
    dice = random.Random(4)
    db = open_memory()
    bring(db, [_somebody(dice, n, "linkedin") for n in range(300)])
    read, filed = Index(db), filled(db)
    for turn in range(6):
        asked = [_somebody(dice, 1000 * turn + n, "x") for n in range(60)]
        read.turn_to(asked * (match_loading.MANY // len(asked) + 1))
        filed.turn_to(asked)
        for profile in asked:
            near = read.near(profile)
            assert [one.person_id for one in near] == [one.person_id for one in filed.near(profile)]
            assert matching.candidates(profile, near, frozenset(), read.rarity()) == matching.candidates(profile, near, frozenset(), filed.rarity())
            assert read.is_named(profile.display_name) == filed.is_named(profile.display_name)
            if dice.random() < 0.5:
                _link(db, profile, dice.choice(near) if near and dice.random() < 0.5 else None, read, filed)
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] > 350
    filed.end()
    assert db.execute("SELECT count(*) FROM sqlite_temp_master WHERE name = 'slots'").fetchone() == (0,)


def _somebody(dice: random.Random, n: int, place: str) -> Profile:
    """One of few names and firms."""
    given, family = dice.choice(["Joe", "Joseph", "Anna", "Ana", "Mary", "J."]), dice.choice(["Brown", "Browne", "Lee", "Smith", "Wikström"])
    mail, web = dice.choice(["", "", f"{given.lower()}.{n % 40}@firm.example"]), dice.choice(["", "", "https://firm.example", f"https://own{n % 50}.example"])
    return who(f"{given} {family}", place, f"{place}{n}", mail=mail, web=web, handle=dice.choice(["", f"{given}{family}{n % 9}".lower()]))


def _link(db: Desk, profile: Profile, to: Somebody | None, *indices: Index) -> None:
    """Into the desk, and told to all of these: as theirs, or as that of somebody new."""
    person_id = to.person_id if to else db.execute("SELECT max(id) + 1 FROM people").fetchone()[0]
    if to is None:
        db.execute("INSERT INTO people(id, uid, name, folded, made_at) VALUES (?, ?, ?, '', 0)", (person_id, f"u{person_id}", profile.display_name))
    with Staging(db) as staging:
        staging.add([profile])
        merge.prepare(staging)
        with transaction(db):
            merge.merge(staging, batch_id=None, now=seconds(NOW))
    db.execute("UPDATE profiles SET person_id = ? WHERE id = ?", (person_id, profile_id(db, profile)))
    for index in indices:
        if to is None:
            index.add(Somebody(person_id=person_id, uid=f"u{person_id}", name=profile.display_name))
        index.add_profile(person_id, profile)


def test_what_the_user_decides_meanwhile_is_seen_by_those_who_are_filed() -> None:
    db = open_memory()
    bring(db, [who("Ann Lee", "linkedin"), who("Bob Hale", "linkedin"), who("Somebody Else", "github", "https://github.com/rare-bird-77", known=False)])
    index, run = filled(db), Meanwhile(db)
    run.look()
    asked = who("Nobody Known", "x", handle="rare-bird-77")
    index.turn_to([asked])
    assert index.near(asked) == []
    people.link(db, profile_id(db, Key("github", "https://github.com/rare-bird-77")), person_id(db, "Bob Hale"), NOW)
    concerned = run.look()
    assert concerned == {person_id(db, "Bob Hale")} and run.look() is None
    index.renew(concerned)
    assert [one.name for one in index.near(asked)] == ["Bob Hale"]
    people.undo(db, NOW)
    concerned = run.look()
    assert concerned == {person_id(db, "Bob Hale")}
    index.renew(concerned)
    assert [len(one.profiles) for one in index.near(asked)] == [1], "where they stood they may be asked about; what they are is as it is now"


def test_among_thousands_of_johns_and_smiths_the_one_john_smith_is_found() -> None:
    others = [Somebody(person_id=n, uid=f"u{n}", name=f"John {_word(n)}" if n % 2 else f"{_word(n)} Smith") for n in range(1, 4001)]
    index = Index(open_memory())
    for person in [*others, Somebody(person_id=9999, uid="u", name="John Smith")]:
        index.add(person)
    assert [person.name for person in index.near(who("John Smith", "x"))] == ["John Smith"]


def _word(n: int) -> str:
    """A word for each number below 400,000 that is no slip of the pen for that of its neighbours."""
    return "Q" + "".join(chr(97 + n * 170_081 % 456_976 // 26**i % 26) for i in range(4))


def test_what_everybody_shares_finds_nobody() -> None:
    page = "https://firm.example"
    index = Index(open_memory())
    for n in range(200):
        profile = who(f"Given{_word(n)} Family{_word(n)}", "contacts", web=page)
        index.add(Somebody(person_id=n, uid=f"u{n}", name=profile.display_name, profiles=(profile,)))
        index.add(Somebody(person_id=n + 1000, uid=f"v{n}", name="John Smith"))
    assert index.near(who("Somebody Else", "x", web=page)) == [] == index.near(who("John Smith", "x"))
    assert index.is_named("Smith, John") and not index.is_named("Somebody Else")


@pytest.mark.parametrize(("given", "family"), [(20, 20), (2, 3)])
def test_the_work_grows_with_the_number_of_people_only(monkeypatch: pytest.MonkeyPatch, given: int, family: int) -> None:
    """Counted, not timed: pairs that are looked at closely, for people with common names, who also share a page."""
    compared = 0

    def counted(profile: Profile, person: Somebody, rarity: Rarity) -> Candidate:
        nonlocal compared
        compared += 1
        return compare(profile, person, rarity)

    compare = matching.compare
    monkeypatch.setattr(matching, "compare", counted)

    def work(n: int) -> int:
        nonlocal compared
        compared = 0
        known = [who(f"{_word(i % given)} {_word(i // given % family)}", "linkedin", f"p{i}", web="https://firm.example") for i in range(n)]
        db = open_memory()
        bring(db, known)
        bring(db, [replace(profile, key=profile.key._replace(place="x")) for profile in known])
        return compared

    small, large = work(150), work(600)
    assert large <= 4 * small + 600 * 10 < 600 * 600 / 10
