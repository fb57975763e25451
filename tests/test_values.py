"""Values made when the first one is wanted are what the standard library would have made at once."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import pkgutil
import subprocess
import sys
import threading
from dataclasses import field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import relationdesk
from relationdesk.model import Address, AddressKind, Changes, Key, Profile
from relationdesk.values import dataclass

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stone:
    """A value with everything that the house uses."""

    place: str
    weight: int = 3
    marks: list[str] = field(default_factory=list)
    seen: int = field(default=0, compare=False)

    @property
    def heavy(self) -> bool:
        return self.weight > 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Gem(Stone):
    colour: str = "red"


@dataclass(slots=True)
class Heap:
    stones: int = 0
    name: str = ""


class Named(Heap):
    """A class of its own kind above a value."""


def test_a_value_is_equal_frozen_shown_and_replaced() -> None:
    stone = Stone(place="hill")
    assert stone == Stone(place="hill", seen=7) != Stone(place="hill", weight=4) and stone.heavy
    assert repr(stone) == "Stone(place='hill', weight=3, marks=[], seen=0)"
    assert dataclasses.replace(stone, weight=1) == Stone(place="hill", weight=1)
    assert stone.marks is not Stone(place="hill").marks and not hasattr(stone, "__dict__")
    for name in ("place", "other"):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            setattr(stone, name, "sea")
    with pytest.raises(TypeError, match="place"):
        Stone()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Stone("hill")  # type: ignore[misc]


def test_a_value_of_frozen_parts_is_a_key() -> None:
    one, other = (Address(kind=AddressKind.MAIL, value="joe@harbour.example") for _ in range(2))
    assert {one: 1}[other] == 1 and hash(one) == hash(other)
    key = Key("mail", "joe")
    assert hash(Profile(key=key, revised=1)) == hash(Profile(key=key, revised=2))
    assert Heap.__hash__ is not None and Heap() and Heap.__hash__ is None  # type: ignore[comparison-overlap]


def test_what_inherits_from_a_value() -> None:
    gem = Gem(place="hill", colour="blue")
    assert [one.name for one in dataclasses.fields(gem)] == ["place", "weight", "marks", "seen", "colour"]
    assert Gem.__slots__ == ("colour",) and gem == Gem(place="hill", colour="blue") != Gem(place="hill") and gem.heavy
    assert Named(2, "x").stones == 2


def test_fields_are_known_before_there_is_a_value() -> None:
    code = """
from relationdesk.values import dataclass
import dataclasses
@dataclass(frozen=True, slots=True, kw_only=True)
class Stone:
    place: str = "hill"
assert dataclasses.is_dataclass(Stone)
assert [one.name for one in dataclasses.fields(Stone)] == ["place"]
@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    place: str
bare = Other.__new__(Other)
bare.__setstate__(["hill"])
assert bare == Other(place="hill")
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_value_is_copied_and_pickled() -> None:
    for value in (Stone(place="hill", marks=["a"]), Gem(place="sea"), Heap(3, "x"), Changes(undo="Gone")):
        assert copy.copy(value) == value == pickle.loads(pickle.dumps(value)) and copy.deepcopy(value) == value


def test_many_threads_may_want_the_first_one() -> None:
    for _ in range(20):

        @dataclass(frozen=True, slots=True)
        class Pebble:
            size: int
            marks: tuple[str, ...] = ()

        gate, found = threading.Barrier(4), list[bool]()

        def make(kind: Any = Pebble, gate: threading.Barrier = gate, found: list[bool] = found) -> None:
            gate.wait()
            found.append(kind(1) == kind(1, ()) and hash(kind(2)) == hash(kind(2)))

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [True] * 4


def test_without_slots_it_refuses() -> None:
    with pytest.raises(TypeError, match="slots"):
        dataclass(slots=False)


def test_every_value_of_the_house_is_as_the_standard_library_makes_it() -> None:
    """Slots for its fields and nothing else, no field shadowed, and nothing of its own where the library writes."""
    modules = [import_module(one.name) for one in pkgutil.walk_packages(relationdesk.__path__, "relationdesk.") if not one.name.endswith("__main__")]
    kinds = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__ and "__dataclass_fields__" in vars(kind)}
    slotted = {kind for kind in kinds if "__slots__" in vars(kind)}
    assert len(slotted) > 300
    for kind in slotted:
        names = [one.name for one in dataclasses.fields(kind)]
        own = [name for base in reversed(kind.__mro__) for name in getattr(base, "__slots__", ())]
        assert names == own, kind
        assert vars(kind)["__init__"].__qualname__.endswith("__init__") and vars(kind)["__init__"].__name__ == "__init__", kind
