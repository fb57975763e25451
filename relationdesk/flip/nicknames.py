"""Whether two given names may be one: Bob and Robert, Sasha and Александр, J. and Joe. Pure."""

from __future__ import annotations

from functools import cache

from relationdesk.flip.letters import sound
from relationdesk.flip.nickname_table import NAMES_OF_THEIR_OWN, TABLE


@cache
def _groups() -> dict[str, frozenset[int]]:
    """By the sound of each form, the numbers of the lines it stands in. Made when first asked for: it takes some milliseconds."""
    found: dict[str, set[int]] = {}
    lines = [line.split() for text in TABLE.values() for line in text.replace("\n", "").split("|")]
    for number, forms in enumerate(lines):
        for form in forms:
            found.setdefault(sound(form), set()).add(number)
    return {form: frozenset(numbers) for form, numbers in found.items()}


@cache
def _apart() -> frozenset[str]:
    return frozenset(map(sound, NAMES_OF_THEIR_OWN))


def groups(sounding: str) -> frozenset[int]:
    """Numbers of the names that a given name, as `letters.sound` spells it, may be a form of; empty for unknown ones."""
    return _groups().get(sounding, frozenset())


def is_known(sounding: str) -> bool:
    """Whether it is a given name of its own, so that one of nearly the same letters is another name and no slip of the pen."""
    return sounding in _groups() or sounding in _apart()


def same_name(a: str, b: str) -> bool:
    """Whether two given names as `letters.sound` spells them are the same or forms of one."""
    return a == b or not groups(a).isdisjoint(groups(b))
