"""Short forms of given names in several languages, and names that only look like one."""

from __future__ import annotations

import pytest

from relationdesk.flip.letters import sound
from relationdesk.flip.nickname_table import NAMES_OF_THEIR_OWN, TABLE
from relationdesk.flip.nicknames import is_known, same_name
from relationdesk.text import fold


def heard(name: str) -> str:
    return sound(fold(name))


SAME = [
    ("Bob", "Robert"), ("Bill", "William"), ("Peggy", "Margaret"), ("Ted", "Theodore"), ("Ted", "Edward"), ("Jack", "John"), ("Liz", "Elisabeth"),
    ("Hans", "Johannes"), ("Uschi", "Ursula"), ("Sepp", "Josef"), ("Wim", "Willem"), ("Kees", "Cornelis"), ("Lasse", "Lars"), ("Kalle", "Karl"),
    ("Manu", "Emmanuel"), ("Jojo", "Georges"), ("Paco", "Francisco"), ("Pepe", "José"), ("Nacho", "Ignacio"), ("Beppe", "Giuseppe"), ("Chico", "Francisco"),
    ("Kasia", "Katarzyna"), ("Gosia", "Małgorzata"), ("Honza", "Jan"), ("Саша", "Александр"), ("Sasha", "Александра"), ("Женя", "Yevgeny"), ("Kostas", "Κωνσταντίνος"),
    ("Γιώργος", "George"), ("Mohamed", "Muhammad"), ("Yossi", "Yosef"), ("Raj", "Rajesh"), ("Joe", "Joe"),
]  # fmt: skip
OTHER = [
    ("Mary", "Gary"), ("Joe", "Zoe"), ("Dan", "Dana"), ("Edward", "Theodore"), ("Karl", "Kari"), ("Robert", "William"), ("Robert", "Roberta"), ("Erik", "Erika"),
    ("Иван", "Пётр"), ("Anna", "Xaver"), ("Joe", ""), ("Qbzz", "Qbzy"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "same"), [*((*pair, True) for pair in SAME), *((*pair, False) for pair in OTHER)])
def test_forms_of_one_name(a: str, b: str, same: bool) -> None:
    assert same_name(heard(a), heard(b)) is same is same_name(heard(b), heard(a))


@pytest.mark.parametrize("name", ["Mary", "Gary", "Zoe", "Dana", "Bob", "Kari", "Sasha"])
def test_names_of_their_own_are_known(name: str) -> None:
    assert is_known(heard(name)) and not is_known(heard(name + "qx"))


def test_the_table_is_tidy() -> None:
    """Small folded letters only, every line with two forms at least and none twice; a typing error here joins strangers."""
    for language, text in TABLE.items():
        for line in text.replace("\n", "").split("|"):
            forms = line.split()
            assert len(forms) > 1 and len(set(forms)) == len(forms), (language, line)
            assert all(len(form) > 1 and form == form.lower() and form.isalpha() for form in forms), (language, line)
    assert all(name.isalpha() and name.islower() for name in NAMES_OF_THEIR_OWN)
