"""The question of *Who is this?* and its answers: these follow at once while there is room, and stay on the screen where there is not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.ui.frame import Flow, ScrollColumn, action_button, clear
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.label import ParagraphLabel

MOST = 0.4
"""So much of the height the answers may take before they scroll along with the question."""


class Asked(QWidget):
    """`answered(action)`. question: what is asked and what speaks for and against, which scrolls alone."""

    answered = Signal(str)

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.question = ScrollColumn(look, name=name, padding=(28, 0, 28, 16), gap=16)
        self.question.content().installEventFilter(self)
        inner, self._buttons = QWidget(), QWidget()
        self._flow = Flow(look, gap=6)
        inner.setLayout(self._flow)
        self._foot = QVBoxLayout(self._buttons)
        self._foot.addWidget(inner)
        self._edge = Divider(look)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.question, 1)
        self._column.addWidget(self._edge)
        self._column.addWidget(self._buttons)
        self._column.addStretch(0)
        self._is_apart = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._hug)

    def fill(self, widgets: Iterable[QWidget], rows: Iterable[tuple[str, str]], best: str, words: str) -> None:
        """rows: (words, action) of the answers; best: the one that is offered first. words: what an answer means."""
        if not self._is_apart:
            self._column.insertWidget(2, self._buttons)  # else it would go with what is asked no more
            self._is_apart = True
        self.question.fill((*widgets, ParagraphLabel(self._look, words, role="small", tone="text2")))
        clear(self._flow)
        for text, action in sorted(rows, key=lambda row: row[1] != best):
            button = action_button(self._look, text, action, style="primary" if action == best else "secondary")
            button.setObjectName(action)
            button.clicked.connect(partial(self._on_clicked, action))
            self._flow.addWidget(button)
            button.show()  # a layout counts what is shown, and would show it later
        self._place()

    def _on_clicked(self, action: str, _: bool = False) -> None:
        self.answered.emit(action)

    def _place(self) -> None:
        """The answers below what scrolls; at its end where they would leave it too little room, in a low window with large text."""
        px = self._look.theme.px
        is_apart = self._flow.heightForWidth(max(1, self.width() - px(56))) + px(28) <= self.height() * MOST
        if is_apart != self._is_apart:
            self._is_apart = is_apart
            if is_apart:
                self._column.insertWidget(2, self._buttons)
            else:
                self.question.body.addWidget(self._buttons)
            self._buttons.show()
        self._foot.setContentsMargins(*((px(28), px(12), px(28), px(16)) if is_apart else (0, 0, 0, 0)))
        self._hug()

    def _hug(self) -> None:
        """No higher than what is in it, so that the answers follow at once."""
        high = max(1, self.question.content_height())
        self.question.setMaximumHeight(high)
        self._edge.setVisible(self._is_apart and high > self.height() - self._buttons.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
