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

MOST = 0.4
"""So much of the height the answers may take before they scroll along with the question."""


class Asked(QWidget):
    """`answered(action)`; `moved`: the answers stand elsewhere. question: what is asked and what speaks for and against, which scrolls alone."""

    answered = Signal(str)
    moved = Signal()

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.question = ScrollColumn(look, name=name, padding=(28, 0, 28, 16), gap=16)
        self.question.content().installEventFilter(self)
        inner, self._buttons = QWidget(), QWidget()
        self._flow = Flow(look, gap=6)
        inner.setLayout(self._flow)
        self._buttons.installEventFilter(self)
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
        self._rest = QWidget()
        QVBoxLayout(self._rest)
        self._column.insertWidget(3, self._rest)
        self._is_apart = self._is_rest_apart = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._hug)

    def fill(self, widgets: Iterable[QWidget], rows: Iterable[tuple[str, str]], best: str, rest: Iterable[QWidget]) -> None:
        """rows: (words, action) of the answers; best: the one that is offered first. rest: what else can be done, below them where there is room."""
        if not self._is_apart:
            self._column.insertWidget(2, self._buttons)  # else it would go with what is asked no more
            self._is_apart = True
        self.question.fill(widgets)
        self._rest.deleteLater()
        self._rest = QWidget()
        column = QVBoxLayout(self._rest)
        column.setSpacing(self._look.theme.px(16))
        for widget in rest:
            column.addWidget(widget)
        self._column.insertWidget(3, self._rest)
        self._is_rest_apart = True
        clear(self._flow)
        for text, action in sorted(rows, key=lambda row: row[1] != best):
            button = action_button(self._look, text, action, style="primary" if action == best else "secondary")
            button.setObjectName(action)
            button.clicked.connect(partial(self._on_clicked, action))
            self._flow.addWidget(button)
            button.show()  # a layout counts what is shown, and would show it later
        self._place()

    def foot(self) -> int:
        """The height of the answers where they stand at the lower end, 0 where they are further up or scroll along."""
        px, below = self._look.theme.px, self.height() - self._buttons.y()
        return below if self._is_apart and below - self._buttons.height() < px(120) else 0

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

    def _place_rest(self) -> None:
        """Below the answers, where all of it can be seen; else at the end of what scrolls."""
        px, high = self._look.theme.px, self._rest.sizeHint().height()
        asked = self.question.content_height() - (0 if self._is_rest_apart else high)
        is_apart = self._is_apart and asked + self._buttons.sizeHint().height() + high + px(96) <= self.height()
        if is_apart != self._is_rest_apart:
            self._is_rest_apart = is_apart
            if is_apart:
                self._column.insertWidget(3, self._rest)
            else:
                self.question.body.addWidget(self._rest)
        self._rest.layout().setContentsMargins(*((px(28), 0, px(28), px(16)) if is_apart else (0, 0, 0, 0)))  # type: ignore[union-attr]
        self._rest.show()

    def _hug(self) -> None:
        """No higher than what is in it, so that the answers follow at once."""
        self._place_rest()
        high = max(1, self.question.content_height())
        self.question.setMaximumHeight(high)
        self._edge.setVisible(self._is_apart and high > self.height() - self._buttons.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._buttons:
            if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
                self.moved.emit()
        elif event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._soon.start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
