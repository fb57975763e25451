"""Follow-ups as people type them into a note."""

from __future__ import annotations

from datetime import date

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services.promised import Promise, day_typed, minute_typed, promises, split_day

TODAY = date(2026, 11, 20)  # a Friday

DAYS = [
    ("send sheet fri", "send sheet", "2026-11-27", None),
    ("send sheet mon", "send sheet", "2026-11-23", None),
    ("send the sheet by Friday 9:30", "send the sheet", "2026-11-27", 570),
    ("send the sheet tomorrow", "send the sheet", "2026-11-21", None),
    ("send the sheet today at 17:00", "send the sheet", "2026-11-20", 1020),
    ("fri send sheet", "send sheet", "2026-11-27", None),
    ("send sheet 2026-12-03", "send sheet", "2026-12-03", None),
    ("send sheet on 3.12.", "send sheet", "2026-12-03", None),
    ("send sheet 3.12.2027", "send sheet", "2027-12-03", None),
    ("send sheet until 3 December", "send sheet", "2026-12-03", None),
    ("send sheet Dec 3rd", "send sheet", "2026-12-03", None),
    ("send sheet 3 January", "send sheet", "2027-01-03", None),
    ("send sheet in 3 days", "send sheet", "2026-11-23", None),
    ("send sheet in two weeks", "send sheet", "2026-12-04", None),
    ("send sheet next week", "send sheet", "2026-11-23", None),
    ("send sheet next fri", "send sheet", "2026-11-27", None),
    ("Blatt schicken bis Freitag", "Blatt schicken", "2026-11-27", None),
    ("Blatt schicken am Fr", "Blatt schicken", "2026-11-27", None),
    ("Blatt schicken übermorgen", "Blatt schicken", "2026-11-22", None),
    ("Blatt schicken in einer Woche", "Blatt schicken", "2026-11-27", None),
    ("renew on 29.2.", "renew", "2028-02-29", None),
    ("send sheet 1/2/2027", "send sheet 1/2/2027", None, None),  # could be two days
    ("send sheet 25/12/2026", "send sheet", "2026-12-25", None),
    ("send the 2026 report", "send the 2026 report", None, None),
    ("tell her so", "tell her so", None, None),
    ("what they do", "what they do", None, None),
    ("call 31.2.", "call 31.2.", None, None),
    ("call at 25:99 fri", "call at 25:99", "2026-11-27", None),
    ("tomorrow", "tomorrow", "2026-11-21", None),
    ("send sheet", "send sheet", None, None),
]


@pytest.mark.parametrize(("words", "text", "due", "at"), DAYS)
def test_the_day_in_the_words(words: str, text: str, due: str | None, at: int | None) -> None:
    assert split_day(words, TODAY) == (text, date.fromisoformat(due) if due else None, at)


def test_mine_and_theirs_anywhere_in_a_note() -> None:
    note = "Met in Lisbon >me send sheet fri\nGood talk.\n- >them: the signed contract by 3 Dec\n> me call back >them think about it\nHe said a>me b and 3 >metres, >me\n>ich anrufen Fr"
    assert promises(note, TODAY) == (
        Promise(line=">me send sheet fri", text="send sheet", mine=True, due=date(2026, 11, 27)),
        Promise(line=">them the signed contract by 3 Dec", text="the signed contract", mine=False, due=date(2026, 12, 3)),
        Promise(line=">me call back", text="call back", mine=True),
        Promise(line=">them think about it", text="think about it", mine=False),
        Promise(line=">ich anrufen Fr", text="anrufen", mine=True, due=date(2026, 11, 27)),
    )


def test_a_note_full_of_them_is_bounded() -> None:
    assert len(promises(">me x\n" * 10_000, TODAY)) == 50
    assert promises(">me " * 100_000, TODAY) == ()


def test_asked_for() -> None:
    assert day_typed(" Fri ", TODAY) == date(2026, 11, 27)
    assert minute_typed("9:05") == 545
    for wrong in ("", "soon", "1/2/2027"):
        with pytest.raises(UserMistake, match="Nothing was changed"):
            day_typed(wrong, TODAY)
    for wrong in ("", "24:00", "9.30", "noon"):
        with pytest.raises(UserMistake, match="Nothing was changed"):
            minute_typed(wrong)
