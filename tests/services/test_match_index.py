"""Candidates are found without comparing everybody with everybody: whom it finds, and how much work it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relationdesk.flip import matching
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.flip.rarity import Rarity
from relationdesk.model import Profile
from relationdesk.services import match_loading
from relationdesk.services.match_index import Index
from relationdesk.store.database import open_memory
from tests.facts import bring, who


def names_near(profile: Profile, *people: Profile, whole: bool = False) -> list[str]:
    """Names found for a profile in a desk of these; whole: as when everybody is read."""
    db = open_memory()
    bring(db, people)
    index = Index(db)
    index.load([profile] * (match_loading.MANY + 1 if whole else 1))
    return [person.name for person in index.near(profile)]


@pytest.mark.parametrize("whole", [False, True])
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
def test_who_is_near_by_name(name: str, other: str, found: bool, whole: bool) -> None:
    assert names_near(who(name, "x"), who(other, "linkedin"), whole=whole) == ([other] if found else [])


@pytest.mark.parametrize("whole", [False, True])
def test_who_is_near_by_address(whole: bool) -> None:
    mail = who("", "mail", "joe+news@x.example", mail="joe+news@x.example")
    assert names_near(mail, who("Joe Brown", "linkedin", mail="joe@x.example"), who("Ann Lee", "linkedin", mail="ann@x.example"), whole=whole) == ["Joe Brown"]


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
