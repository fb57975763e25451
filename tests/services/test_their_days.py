"""A birthday that the user writes down by hand: it holds before what places say, is a reason to get in touch, and goes with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import DayKind
from relationdesk.services import agenda, forgetting, particulars, people, taking_back, their_days
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, bring, life_day, person_id, profile_id, who

TODAY = NOW.astimezone().date()
JOE = who("Joe Brown")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE])
    return db


def waiting(db: Desk) -> list[str]:
    return [one.prompt.because for one in agenda.today(db, NOW).shown if one.prompt.rule == "birthday"]


@pytest.mark.parametrize(
    ("label", "text", "kept", "kind"),
    [("birthday", "4.5.1979", "4 May 1979", DayKind.BIRTHDAY), ("Geburtstag", "4 May", "4 May", DayKind.BIRTHDAY), ("Birthday", "1979-05-04", "4 May 1979", DayKind.BIRTHDAY),
     ("date of birth", "May 4, 1979", "4 May 1979", DayKind.BIRTHDAY), ("Work anniversary", "1 March 2019", "1 March 2019", DayKind.WORK),
     ("wedding day", "29 February", "29 February", DayKind.ANNIVERSARY)],
)  # fmt: skip
def test_a_day_is_kept_in_words_and_read_again(db: Desk, label: str, text: str, kept: str, kind: DayKind) -> None:
    joe = person_id(db, "Joe Brown")
    one, changes = particulars.keep(db, joe, label, text, NOW)
    assert (one.label, one.text, changes.prompts) == (label, kept, True)
    (known,) = their_days.of_person(db, joe)
    assert (known.kind, known.held.places, their_days.as_kept(label, kept)) == (kind, ("",), kept)


@pytest.mark.parametrize("text", ["4/5", "soon", "May", "1979", "31 February", "04/05/1979"])
def test_what_is_no_day_or_could_be_two_is_not_kept(db: Desk, text: str) -> None:
    with pytest.raises(UserMistake, match="Write it as 4 May"):
        particulars.keep(db, person_id(db, "Joe Brown"), "birthday", text, NOW)
    assert their_days.of_person(db, person_id(db, "Joe Brown")) == ()


def test_ones_own_word_holds_and_what_places_say_stands_beside_it(db: Desk) -> None:
    joe, card = person_id(db, "Joe Brown"), who("Joe Brown", "contacts", days=(life_day(5, 6, 1980),))
    bring(db, [card])
    people.link(db, profile_id(db, card), joe, NOW)
    before = their_days.of_person(db, joe)
    assert before[0].held.places == ("contacts",)
    particulars.keep(db, joe, "birthday", "4 May", NOW)
    (known,) = their_days.of_person(db, joe)
    assert known.held.day == life_day(5, 4, None) and [other.day for other in known.others] == [known_.held.day for known_ in before]
    taking_back.undo(db, NOW)
    assert their_days.of_person(db, joe) == before


def test_it_is_a_reason_to_get_in_touch_also_with_somebody_new(db: Desk) -> None:
    joe, day = person_id(db, "Joe Brown"), TODAY + timedelta(days=1)
    assert waiting(db) == []
    particulars.keep(db, joe, "birthday", f"{day.day}.{day.month}.1976", NOW)
    (because,) = waiting(db)
    assert "is on" in because and "It is a round one: 50." in because
    particulars.keep(db, joe, "birthday", "1 March", NOW)
    assert waiting(db) == []


def test_it_goes_with_who_is_forgotten(db: Desk) -> None:
    joe, day = person_id(db, "Joe Brown"), TODAY + timedelta(days=1)
    particulars.keep(db, joe, "birthday", f"{day.day}.{day.month}.1976", NOW)
    forgetting.forget(db, joe, NOW)
    assert waiting(db) == [] and their_days.of_people(db, [joe]) == {}
