"""How two names are alike: a table of pairs, and that it does not matter whose name is first."""

from __future__ import annotations

import itertools
import random

import pytest

from relationdesk.flip.names import conflict, likeness, parsed
from relationdesk.flip.slips import distance, is_slip

PAIRS = [
    ("Joe Brown", "Joe Brown", "same"), ("Joe Brown", "joe brown", "same"), ("Jones, Mary", "Mary Jones", "spelt"), ("Anna Wikström", "Anna Wikstrom", "spelt"),
    ("Jürgen Müller", "Juergen Mueller", "sound"), ("Сергей Петров", "Sergey Petrov", "sound"), ("Wang Xiao Ming", "Xiaoming Wang", "sound"),
    ("김민준", "Kim Min-jun", "sound"), ("たなか ようこ", "Yoko Tanaka", "sound"), ("محمد خالد", "Mohammed Khaled", "consonants"), ("דוד כהן", "David Cohen", "consonants"),
    ("Bob Hale", "Robert Hale", "short"), ("Hale Bob", "Robert Hale", "short"), ("Sasha Petrov", "Александр Петров", "short"), ("Γιώργος Παππάς", "George Pappas", "short"),
    ("J. Brown", "Joe Brown", "initial"), ("Joe B.", "Joe Brown", "initial"), ("Joe Henry Brown", "Joe Brown", "part"), ("Maria Silva", "Maria Silva Costa", "part"),
    ("Jonathna Smith", "Jonathan Smith", "slip"), ("Joe Browne", "Joe Brown", "slip"), ("Jonathna Smiht", "Jonathan Smith", ""), ("Joe", "Joe Brown", "word"),
    ("Mary Jones", "Gary Jones", "relative"), ("Joe Brown", "Zoe Brown", "relative"), ("Dan Lee", "Dana Lee", "relative"), ("Anna Wikström", "Anna Berg", "renamed"),
    ("Joe Brown", "Ann Green", "differ"), ("王小明", "王小红", ""), ("王小明", "Xiaoming Wang", ""), ("joe_b77", "Joe Brown", ""), ("", "Joe Brown", ""),
    ("joe@x.example", "Joe Brown", ""), ("J B", "Joe Brown", ""), ("🎉", "🎉", ""),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "level"), PAIRS)
def test_likeness(one: str, other: str, level: str) -> None:
    if level:
        assert likeness(parsed(one), parsed(other)) == level
    assert likeness(parsed(one), parsed(other)) == likeness(parsed(other), parsed(one))


def test_symmetric_for_all_of_them() -> None:
    for a, b in itertools.combinations({parsed(name) for pair in PAIRS for name in pair[:2]}, 2):
        assert likeness(a, b) == likeness(b, a), (a, b)
        assert conflict(a, b) == conflict(b, a), (a, b)


@pytest.mark.parametrize(("a", "b", "slip"), [("jonathan", "jonathna", True), ("smith", "smiht", True), ("brown", "browne", True), ("joe", "zoe", False), ("anna", "anne", True), ("lee", "li", False), ("katherine", "kathrine", True), ("katherine", "karin", False), ("brown", "green", False)])
def test_slips(a: str, b: str, slip: bool) -> None:
    assert is_slip(a, b) is slip is is_slip(b, a)


def test_distance_against_its_definition() -> None:
    """Optimal string alignment by the plain recursion, on short words of few letters."""

    def plain(a: str, b: str) -> int:
        if not a or not b:
            return len(a) + len(b)
        best = min(plain(a[1:], b) + 1, plain(a, b[1:]) + 1, plain(a[1:], b[1:]) + (a[0] != b[0]))
        return min(best, plain(a[2:], b[2:]) + 1) if a[:2] == b[1::-1] and len(a) > 1 < len(b) else best

    dice = random.Random(5)
    for _ in range(400):
        a, b = ("".join(dice.choice("abc") for _ in range(dice.randint(0, 5))) for _ in range(2))
        assert distance(a, b, 2) == min(plain(a, b), 3), (a, b)
