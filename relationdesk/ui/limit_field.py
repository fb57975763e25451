"""What a place takes for being read, and the most that the user lets it take a month: asked before anything else is."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import QDate, QLocale, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from relationdesk.money import typed
from relationdesk.services import spending
from relationdesk.services.spending import Estimate
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


class LimitField(QWidget):
    """`show_place(source)`; hidden for places that take nothing. may_stay: an empty field leaves the limit as it was."""

    edited = Signal()

    def __init__(self, context: Context, *, may_stay: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._source, self._may_stay = context, "", may_stay
        look = context.look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(8))
        self._label = PlainLabel(look, "", role="small_strong")
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("At most a month"))
        self.field.setMaxLength(20)
        self.field.setPlaceholderText(self.tr("as before") if may_stay else self.tr("for example 5; 0 means never"))
        self.field.textChanged.connect(lambda _: self.edited.emit())
        self.prices = ParagraphLabel(look, "", role="small", tone="text2")
        self.estimate = ParagraphLabel(look, "", role="small", tone="text2")
        for widget in (self._label, self.field, self.estimate, self.prices):
            column.addWidget(widget)
        self.hide()

    def show_place(self, source: str) -> None:
        is_priced = spending.is_priced(source)
        self.setVisible(is_priced)
        if not is_priced or source == self._source:
            self._source = source if is_priced else ""
            return
        self._source = source
        self._context.tasks.run(spending.estimate, source, self._context.clock(), done=self._on_estimate, failed=self._context.router.failed.emit)

    def micros(self) -> int | None:
        """What is typed; None for a place that takes nothing, and for what stays as it was. Raises UserMistake for no amount."""
        text = self.field.text().strip()
        return None if not self._source or (not text and self._may_stay) else typed(text)

    def is_filled(self) -> bool:
        """Whether there is anything to be asked about: a place that takes money waits for an amount."""
        return not self._source or self._may_stay or bool(self.field.text().strip())

    def _on_estimate(self, found: Estimate) -> None:
        prices = found.prices
        self._label.setText(self.tr("At most a month, in {currency}").format(currency=prices.currency))
        told = self.tr("{prices}, as {host} says in {month}. Before every question the most it may cost is set aside; one that could go over is not asked.")
        self.prices.set_runs(told.format(prices=prices.words(), host=urlsplit(prices.told).netloc, month=QLocale().toString(QDate(prices.since.year, prices.since.month, prices.since.day), "MMMM yyyy")))
        self.estimate.set_runs(spending.estimate_words(found, spending.place_of(self._source)))
