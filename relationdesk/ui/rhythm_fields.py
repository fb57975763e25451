"""How often contact is wished, as fields of a dialog: none, every so many days, or as they do; and how long it may be at most."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.form import Form
from relationdesk.ui.widgets.number_box import NumberBox
from relationdesk.ui.widgets.switch import Switch
from relationdesk.wishes import WantedRhythm

MOST_DAYS = 3660


def tr(text: str) -> str:
    return QCoreApplication.translate("Rhythm", text)


class RhythmFields(QWidget):
    """changed: something was chosen. none: what stands for no rhythm of its own. days: what a new one begins with."""

    changed = Signal()

    def __init__(self, look: Look, rhythm: WantedRhythm | None, *, none: str, days: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.how = Switch(look, (("none", none, ""), ("days", tr("Every so often"), ""), ("they", tr("As they do"), "")), name=tr("Rhythm"))
        self.how.set_value("none" if rhythm is None else "they" if rhythm.as_they_do else "days")
        self.days = self._box(look, tr("In touch every"), rhythm.wished_days if rhythm else days)
        self.longest = self._box(look, tr("At the latest after"), rhythm.longest_days or 0 if rhythm else 0, least=0)
        self.longest.setSpecialValueText(tr("no limit"))
        self.form = Form(look, parent=self)
        self.form.addRow(self.how)
        for box in (self.days, self.longest):
            self.form.add(box)
        self.how.chosen.connect(self._on_how)
        self._on_how()

    def _box(self, look: Look, name: str, value: int, least: int = 1) -> NumberBox:
        box = NumberBox(look, least, MOST_DAYS, suffix=" " + tr("days"), one=" " + tr("day"), name=name)
        box.setValue(value)
        box.setMinimumWidth(look.theme.px(132))
        box.valueChanged.connect(lambda _: self.changed.emit())
        return box

    def _on_how(self, *_: object) -> None:
        for box, on in ((self.days, self.how.value() == "days"), (self.longest, self.how.value() != "none")):
            self.form.setRowVisible(box, on)
        self.changed.emit()

    def rhythm(self) -> WantedRhythm | None:
        """What is chosen."""
        how = self.how.value()
        if how == "none":
            return None
        return WantedRhythm(wished_days=self.days.value(), longest_days=self.longest.value() or None, as_they_do=how == "they")
