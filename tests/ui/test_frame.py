"""What the pages have in common: the line at the top."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.ui.frame import Head
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button

QUIET = "Monday 30 November · 8 people wait, at most 12 at a time"


@pytest.mark.parametrize(("scale", "wide"), [(1.0, 1200), (1.0, 750), (2.0, 990)])
def test_the_quiet_sentence_of_a_head_is_there_in_whole(look: Look, qtbot: QtBot, scale: float, wide: int) -> None:
    """In a window 1000 px wide, and with large text: on more than one line rather than cut."""
    look.set_text_scale(scale)
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    head = Head(look, "Today")
    head.buttons.addWidget(Button(look, "Held back", icon="panel-right"))
    head.subtitle.set_runs(QUIET)
    column.addWidget(head)
    column.addStretch(1)
    page.resize(wide, 600)
    page.show()
    said = head.subtitle
    block = said.block(said.width())
    assert not block.truncated and said.toolTip() == "" and said.height() >= block.height
    assert head.title.geometry().center().y() == pytest.approx(said.geometry().center().y(), abs=2)


def test_what_is_left_out_even_then_is_told_on_hover(look: Look, qtbot: QtBot) -> None:
    head = Head(look, "Today")
    qtbot.addWidget(head)
    head.subtitle.set_runs(QUIET * 9)
    head.resize(600, 90)
    head.show()
    assert head.subtitle.block(head.subtitle.width()).truncated and "8 people wait" in head.subtitle.toolTip()


def test_no_word_of_it_is_broken(look: Look, qtbot: QtBot) -> None:
    head = Head(look, "To answer")
    qtbot.addWidget(head)
    head.buttons.addWidget(Button(look, "Mail this list", icon="mail"))
    head.subtitle.set_runs("Nothing waits")
    head.show()
    head.resize(head.title.sizeHint().width() + head.buttons.sizeHint().width() + 140, 90)
    said = head.subtitle
    assert said.width() < said.fontMetrics().horizontalAdvance("Nothing")
    assert said.block(said.width()).height == said.block(900).height and said.toolTip()
