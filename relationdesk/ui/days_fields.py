"""A time as fields of a dialog: the first day and the last, either of them left out for no end on that side."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from relationdesk.services.typed_dates import typed_days
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.form import Form, line_field


def tr(text: str) -> str:
    return QCoreApplication.translate("Days", text)


class DaysFields(QWidget):
    """changed: something was typed."""

    changed = Signal()

    def __init__(self, look: Look, first: date | None = None, last: date | None = None, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = self._field(tr("First day"), tr("since ever"), first)
        self.last = self._field(tr("Last day"), tr("for ever"), last)
        Form(look, self.first, self.last, parent=self)

    def _field(self, name: str, example: str, day: date | None) -> QLineEdit:
        field = line_field(name, example, day.isoformat() if day else "", longest=60)
        field.textChanged.connect(lambda _: self.changed.emit())
        return field

    def days(self, now: datetime) -> tuple[date | None, date | None]:
        """Raises UserMistake for what is no day. A month or a year is all of it."""
        first, last = (typed_days(field.text(), now) if field.text().strip() else None for field in (self.first, self.last))
        return first and first[0], last and last[1]
