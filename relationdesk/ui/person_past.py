"""Who somebody was: the part of a person's card that answers "as of" any day, from what places told and the user wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, Qt
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.derived import Then, then_on
from relationdesk.ui import when
from relationdesk.ui.places import place_look
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel

EARLIEST = QDate(1970, 1, 1)


class Past(QWidget):
    """A day to choose, and below it who they were then; the day begins where the last change began."""

    def __init__(self, look: Look, told: Sequence[Then], now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = told
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("d MMM yyyy")
        self.day.setDateRange(EARLIEST, QDate(now.year, now.month, now.day))
        self.day.lineEdit().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field has it: one stop, one name
        self.day.setAccessibleName(_tr("As of which day"))
        self.role = ParagraphLabel(look, "", role="strong")
        self.words = ParagraphLabel(look, "", role="small", tone="text2")
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(12))
        row.addWidget(ElidedLabel(look, _tr("As of"), role="body", tone="text2"), 1)
        row.addWidget(self.day)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(4))
        column.addLayout(row)
        column.addWidget(self.role)
        column.addWidget(self.words)
        self.day.dateChanged.connect(self._show)
        last = told[-1].since
        self.day.setDate(QDate(last.year, last.month, last.day).addDays(-1) if last is not None else self.day.maximumDate())
        self._show(self.day.date())

    def _show(self, chosen: QDate) -> None:
        then = then_on(self._told, date(chosen.year(), chosen.month(), chosen.day()))
        if then is None:
            first = next(one.since for one in self._told if one.since is not None)
            self.role.set_runs(_tr("Nothing was told by then"))
            self.words.set_runs(_tr("The first to be told is of {day}.").format(day=when.day(first)))
            return
        named = then.name != self._told[-1].name
        self.role.set_runs(", ".join(part for part in (then.name if named else "", then.role) if part) or _tr("No role is known"))
        who = _tr("{place} told it").format(place=place_look(then.place).title) if then.place else _tr("You wrote it")
        since = _tr("since {day}").format(day=when.day(then.since)) if then.since is not None else _tr("since before it was written down")
        self.words.set_runs(f"{who}, {since}.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Past", text)
