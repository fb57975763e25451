"""The lines of a person's card that tell their birthday and anniversaries."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from relationdesk.life_days import Known, Said
from relationdesk.model import DayKind
from relationdesk.ui.card_parts import day_lines
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import ElidedLabel
from tests.facts import life_day


def shown(lines: list[QWidget]) -> list[tuple[str, str]]:
    """(what a screen reader says of the line, what is said of its value)."""
    return [(line.accessibleName(), line.findChildren(ElidedLabel)[-1].accessibleDescription()) for line in lines]


def test_a_day_and_who_says_so(look: Look, qtbot: QtBot) -> None:
    lines = day_lines(look, Known(held=Said(day=life_day(5, 4, 1979), places=("contacts", "hubspot"))))
    for line in lines:
        qtbot.addWidget(line)
    assert shown(lines) == [("Birthday: 4 May 1979", "Contacts, HubSpot says so.")]


def test_places_that_differ_stand_below_each_other(look: Look, qtbot: QtBot) -> None:
    others = (Said(day=life_day(6, 13, kind=DayKind.ANNIVERSARY), places=("linkedin",)),)
    lines = day_lines(look, Known(held=Said(day=life_day(6, 12, 2010, DayKind.ANNIVERSARY), places=("contacts",)), others=others))
    for line in lines:
        qtbot.addWidget(line)
    assert shown(lines) == [
        ("Anniversary: 12 June 2010", "Contacts says so. This day counts: more places say it, or it was told last."),
        ("Anniversary, says LinkedIn: 13 June", "The day above counts."),
    ]
