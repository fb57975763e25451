"""What evidence amounts to, in the words of the queue and of a reason."""

from __future__ import annotations

import pytest

from relationdesk.flip.matching import Candidate
from relationdesk.flip.reason import Reason
from relationdesk.model import Person
from relationdesk.services.matching import Match
from relationdesk.store.profiles import Stored
from relationdesk.ui.match_words import is_likely, queue_hint, strength, verdict
from tests.facts import who


def match(*weights: tuple[str, float, float]) -> Match:
    """(name, for, against) of each candidate."""
    found = []
    for n, (name, good, bad) in enumerate(weights, start=1):
        reasons = tuple(Reason(sentence="x", weight=w) for w in (good, bad) if w)
        found.append((Person(id=n, uid=str(n), name=name), Candidate(person_id=n, reasons=reasons, weight=good + bad)))
    return Match(profile=Stored(id=9, profile=who("joeb", handle="@joeb@hotel.example")), candidates=tuple(found))


@pytest.mark.parametrize(
    ("candidates", "words"),
    [
        ((), "@joeb@hotel.example"),
        ((("Joe Brown", 12.0, 0.0),), "very likely Joe Brown"),
        ((("Joe Brown", 7.0, 0.0),), "likely Joe Brown"),
        ((("Joe Brown", 5.0, 0.0),), "perhaps Joe Brown"),
        ((("Mary Jones", 5.0, -1.5),), "perhaps a namesake of Mary Jones"),
        ((("Joe Tanaka", 100.0, 0.0), ("Kim Tanaka", 100.0, 0.0)), "Joe Tanaka or Kim Tanaka?"),
    ],
)
def test_the_queue_names_whom_it_looks_like_and_how_much(candidates: tuple[tuple[str, float, float], ...], words: str) -> None:
    assert queue_hint(match(*candidates)) == words


def test_likely_is_only_what_is_called_likely() -> None:
    assert is_likely(match(("Joe Brown", 12.0, 0.0))) and is_likely(match(("Joe Brown", 6.0, 0.0), ("Ann", 2.0, 0.0)))
    assert not is_likely(match()) and not is_likely(match(("Joe Brown", 5.0, 0.0)))
    assert not is_likely(match(("Joe Tanaka", 100.0, 0.0), ("Kim Tanaka", 100.0, 0.0)))


@pytest.mark.parametrize(("weight", "words"), [(100, "settles it"), (-7, "counts much"), (2, "counts"), (-1.5, "counts little")])
def test_a_reason_says_how_much_it_counts(weight: float, words: str) -> None:
    assert strength(weight) == words


def test_a_look_alike_is_called_one() -> None:
    candidate = Candidate(person_id=1, reasons=(Reason(sentence="x", weight=100.0), Reason(sentence="y", weight=-4.0, warns=True)), weight=96.0)
    asked = Match(profile=match().profile, candidates=((Person(id=1, uid="1", name="Joe Brown"), candidate),))
    assert queue_hint(asked) == "perhaps an impostor of Joe Brown"
    assert not is_likely(asked)
    assert verdict(candidate.weight, warned=candidate.warned)[0] == "Perhaps an impostor"
