"""Below the person of a look-in round: where one is, and the keys that lead on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from relationdesk.saying import counted
from relationdesk.services.round_queue import Round
from relationdesk.ui import when
from relationdesk.ui.frame import hint
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Round", text)


def progress(found: Round) -> str:
    """ "3 of 9 · 6 min"; when the time that was given is over, that and how many are left."""
    here, spent = found.here(), found.seconds
    parts = [tr("{n} of {m}").format(n=found.number(), m=len(found.stops))] if here is not None else []
    if found.minutes and spent >= 60 * found.minutes:
        over = tr("your {time} are over").format(time=counted(found.minutes, "{n:,} minute", "{n:,} minutes"))
        return " · ".join([*parts, over, tr("{n} left").format(n=found.waiting())])
    parts.append(when.span(spent) if spent >= 30 else tr("just begun"))
    if found.minutes:
        parts[-1] = tr("{spent} of {given} min").format(spent=spent // 60, given=found.minutes)
    return " · ".join(parts)

FOLDS = ("previous_person", "round_flag", "snooze", "round_skip", "done")
"""Which button gives up its words first where there is no room for all; the way on keeps its own."""


class RoundBar(QWidget):
    """Buttons with their keys. deeds: what each does, by the id of its action."""

    def __init__(self, look: Look, deeds: Mapping[str, Callable[[], object]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.words = ElidedLabel(look, "", role="strong")
        self._names = (
            ("previous_person", tr("Back"), "arrow-left", "secondary"), ("round_skip", tr("Skip"), "chevron-right", "secondary"),
            ("round_flag", tr("Flag"), "bookmark", "secondary"), ("snooze", tr("Later"), "alarm-clock", "secondary"),
            ("done", tr("Done"), "check", "secondary"), ("next_person", tr("Next"), "arrow-right", "primary"),
        )  # fmt: skip
        self.buttons = {name: Button(look, text, style=style, icon=icon, key=hint(name), compact=True) for name, text, icon, style in self._names}
        keys = QHBoxLayout()
        keys.setSpacing(look.theme.px(6))
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: deeds[name]())
            keys.addWidget(button)
        self.buttons["round_flag"].setCheckable(True)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.words, 1)
        self._row.addLayout(keys)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # it folds, and never keeps the window wide
        self._folded: tuple[str, ...] = ()
        self._measure()
        look.changed.connect(self._measure)

    def add(self, *buttons: Button) -> None:
        """More of them, at the far end."""
        for button in buttons:
            self._row.addWidget(button)
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As many icons alone as it takes for the words about the round to be read whole."""
        lacking = self._whole + self.words.sizeHint().width() - self.width()
        folded = []
        for name in FOLDS:
            if lacking > 0:
                folded.append(name)
                lacking -= self._saves[name]
        if tuple(folded) != self._folded:
            self._fold(tuple(folded))

    def _fold(self, folded: tuple[str, ...]) -> None:
        self._folded = folded
        for name, text, icon, _ in self._names:
            self.buttons[name].set_content("" if name in folded else text, icon=icon, name=text if name in folded else "")

    def _measure(self) -> None:
        px = self._look.theme.px
        self._row.setContentsMargins(px(24), px(8), px(24), px(8))
        self._row.setSpacing(px(12))
        self._fold(FOLDS)
        short = {name: self.buttons[name].sizeHint().width() for name in FOLDS}
        self._fold(())
        self._saves = {name: self.buttons[name].sizeHint().width() - short[name] for name in FOLDS}
        self._whole = self._row.sizeHint().width() - self.words.sizeHint().width()
        self._fit()

    def show_round(self, found: Round) -> None:
        self.words.set_runs(progress(found))
        self._fit()
        here = found.here()
        self.buttons["round_flag"].setChecked(here is not None and here.flagged)
        self.buttons["previous_person"].setEnabled(found.number() > 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._look.theme, QPainter(self)
        painter.fillRect(self.rect(), theme.colour("list"))
        painter.fillRect(0, 0, self.width(), 1, theme.colour("border"))
