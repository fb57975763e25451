"""The card on Places after a copy was put back: nothing is read by itself until the user agrees."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


def held_card(look: Look, paused: int, go_on: Callable[[], None]) -> Card:
    """paused: how many places wait for `go_on`."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Held", text)

    card = Card(look, "info", padding=16)
    card.body.addWidget(PlainLabel(look, tr("This desk was put back from a copy"), role="h3"))
    text = tr(
        "So that you can look it over first, places that were being read are paused ({n}). Nothing is lost: what came since the "
        "copy was made is read again as soon as they go on. Any of them can be paused again at any time."
    )
    card.body.addWidget(ParagraphLabel(look, text.format(n=paused), role="small", tone="text2"))
    button = Button(look, tr("Go on reading"), icon="refresh-cw", style="primary", compact=True)
    button.setObjectName("go_on_reading")
    button.clicked.connect(lambda: go_on())
    row = QHBoxLayout()
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    card.body.addLayout(row)
    return card
