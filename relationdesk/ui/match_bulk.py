"""Below the queue of *Who is this?*: what one answer can settle for many, all of it one decision with one undo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.services.bulk_answers import AtFirm
from relationdesk.ui.frame import Flow
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel

MOST_FIRMS = 3
"""Firms that are offered at once; the next come when these are answered."""


class BulkOffer(QFrame):
    """While several are there whom nobody resembles: `answered("new" or "later")` for all of them at once, `at_firm(AtFirm)` for those
    whose mail addresses are of one company."""

    answered = Signal(str)
    at_firm = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        px = look.theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(8), px(16), px(16))
        column.setSpacing(px(8))
        column.addWidget(PlainLabel(look, self.tr("All at once"), role="h3"))
        self._firms = QVBoxLayout()
        self._firms.setSpacing(px(8))
        column.addLayout(self._firms)
        self._words = ParagraphLabel(look, "", role="small", tone="text2")
        column.addWidget(self._words)
        buttons = QWidget()
        flow = Flow(look, gap=6)
        buttons.setLayout(flow)
        self.new, self.later = Button(look, "", compact=True), Button(look, self.tr("All later"), compact=True)
        for how, button in (("new", self.new), ("later", self.later)):
            button.clicked.connect(partial(self.answered.emit, how))
            flow.addWidget(button)
        column.addWidget(buttons)
        self.hide()

    def offer(self, strangers: int) -> None:
        """strangers: how many; one is answered faster by itself."""
        self.setVisible(strangers > 1)
        many = QLocale().toString(strangers)
        self._words.set_runs(self.tr("{n} of them resemble nobody in the desk. A copy of the desk is made first.").format(n=many))
        self.new.set_content(self.tr("{n} new people").format(n=many))

    def offer_firms(self, firms: Sequence[AtFirm]) -> None:
        """A card for each firm of which several wait, most first."""
        while (item := self._firms.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for firm in firms[:MOST_FIRMS]:
            self._firms.addWidget(self._card(firm))

    def _card(self, firm: AtFirm) -> Card:
        look = self._look
        card = Card(look, padding=12)
        many = QLocale().toString(len(firm.profiles))
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(8))
        words = ParagraphLabel(look, self.tr("{n} people are at {company}").format(n=many, company=firm.company), role="small", tone="text2")
        all_of_them = Button(
            look, self.tr("Yes, all"), style="link", compact=True,
            name=self.tr("All {n} addresses of {domain} are at {company}").format(n=many, domain=firm.domain, company=firm.company),
        )  # fmt: skip
        all_of_them.setObjectName("at_firm")
        all_of_them.clicked.connect(partial(self.at_firm.emit, firm))
        row.addWidget(words, 1)
        row.addWidget(all_of_them, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addWidget(ElidedLabel(look, f"@{firm.domain}", role="strong"))
        card.body.addLayout(row)
        return card
