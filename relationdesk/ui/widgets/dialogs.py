"""The frame of every dialog: title, room for the body, buttons with verbs. Non-modal: the desk stays usable beside it.

Title and buttons always stand on the screen. What is between them gives way as far as it can (fields, lists), then it scrolls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QDialog,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from relationdesk.errors import RelationDeskError
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


class _Body(QScrollArea):
    """As large as what is in it wishes; where there is less room, that first becomes as low as it can be, then scrolls.

    Qt's own resizable area gives what wraps its words the height it wishes, never less: lists and fields would not give way.
    """

    LEAST = 120
    """Pixels at 100 %: lower it never is, or nothing could be read."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.viewport().setAutoFillBackground(False)
        self._inner = QWidget()
        self.column = QVBoxLayout(self._inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._inner)
        self._inner.setAutoFillBackground(False)  # `setWidget` says otherwise

    def sizeHint(self) -> QSize:
        return self.column.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        least = self.column.totalMinimumSize()
        return QSize(least.width(), min(least.height(), self._look.theme.px(self.LEAST)))

    def hasHeightForWidth(self) -> bool:
        return self.column.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self.column.totalHeightForWidth(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room = self.maximumViewportSize()
        width, least = room.width(), self._least(room.width())
        if least > room.height():
            width -= self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self.verticalScrollBar())
            least = self._least(width)
        self._inner.resize(width, max(least, room.height()))

    def _least(self, width: int) -> int:
        return self.column.totalMinimumHeightForWidth(width) if self.column.hasHeightForWidth() else self.column.totalMinimumSize().height()


class DialogFrame(QDialog):
    """Fill `body` (a QVBoxLayout), add buttons, call `open_beside`. Esc closes and decides nothing."""

    def __init__(
        self, look: Look, title: str, *, sentence: str = "", width: int = 520, high: int = 0, parent: QWidget | None = None
    ) -> None:
        """width, high: pixels at 100 %. high: of what holds a list that scrolls by itself; 0: as high as what is in it."""
        super().__init__(parent)
        self.look, self._high, self._needed = look, look.theme.px(high), 0
        self._is_writing = False
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._title = PlainLabel(look, title, role="title", wrap=True)
        self._sentence = ParagraphLabel(look, sentence, role="body", tone="text2")
        self._sentence.setVisible(bool(sentence))
        room = _Body(look)
        self._room, self.body = room, room.column
        self.body.setSpacing(look.theme.px(12))
        self.refusal = PlainLabel(look, "", role="small", tone="danger", wrap=True)
        self.refusal.hide()
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(look.theme.px(8))
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        edge = look.theme.px(24)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(look.theme.px(16))
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addWidget(room, 1)
        column.addWidget(self.refusal)
        column.addLayout(self._buttons)
        self.setMinimumWidth(min(look.theme.px(width), 960))

    def set_title(self, title: str, sentence: str = "") -> None:
        self.setWindowTitle(title)
        self._title.setText(title)
        self._sentence.set_runs(sentence)
        self._sentence.setVisible(bool(sentence))

    def add_button(
        self, text: str, slot: Callable[[], object] | None = None, *, style: str = "secondary", key: str = "",
        default: bool = False, first: bool = False,
    ) -> Button:  # fmt: skip
        """A button at the end of the row (first: at its beginning, apart). slot None: closes the dialog."""
        button = Button(self.look, text, style=style, key=key)
        button.clicked.connect(slot if slot is not None else self.reject)
        button.setDefault(default)
        if first:
            self._buttons.insertWidget(0, button)
        else:
            self._buttons.addWidget(button)
        return button

    def order_keys(self) -> None:
        """The keyboard goes from the top to the buttons, in the order in which everything stands."""
        within = [w for w in self._room.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisibleTo(self)]
        within.sort(key=lambda w: (round(w.mapTo(self, w.rect().center()).y() / self.look.theme.px(20)), w.mapTo(self, QPoint()).x()))
        rest = [item.widget() for n in range(self._buttons.count()) if (item := self._buttons.itemAt(n)) is not None]
        for before, after in pairwise([*within, *(each for each in rest if each is not None)]):
            QWidget.setTabOrder(before, after)

    def event(self, event: QEvent) -> bool:
        done = bool(super().event(event))
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._make_room()
        return done

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._make_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Who scrolls past a field changes nothing in it."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox | QAbstractSpinBox) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _make_wide(self) -> None:
        """So that no button is cut: as wide as the row of them, or, where the screen is not, one below the other."""
        screen = self.screen().availableGeometry().width() - 60
        buttons = [item.widget() for n in range(self._buttons.count()) if (item := self._buttons.itemAt(n)) is not None]
        shown = [each.sizeHint().width() for each in buttons if each is not None and not each.isHidden()]
        needed = sum(shown) + self._buttons.spacing() * len(shown) + 2 * self.look.theme.px(24)
        most = max(self.minimumWidth(), screen)
        self._buttons.setDirection(QBoxLayout.Direction.LeftToRight if needed <= most else QBoxLayout.Direction.TopToBottom)
        if self.minimumWidth() < needed <= most:
            self.setMinimumWidth(needed)

    def _make_room(self) -> None:
        """As high as what has come needs at this width, as far as the screen goes: Qt counts a line where words take two, and cuts fields."""
        for kind in (QComboBox, QAbstractSpinBox):
            for field in self.findChildren(kind):
                field.installEventFilter(self)
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_wide()
        needed = self.heightForWidth(self.width()) if self.hasHeightForWidth() else self.sizeHint().height()
        if needed > self._needed:  # or whoever made it smaller would see it jump back
            self.grow(max(needed, self._high) - self.height())
        self._needed = needed

    def grow(self, by: int) -> None:
        """Higher by so many pixels, as far as the screen goes; never lower."""
        if by > 0:
            self.resize(self.width(), max(self.height(), min(self.height() + by, self.screen().availableGeometry().height() - 60)))

    def show_soon(self, widget: QWidget) -> None:
        """Scroll to what has just come, once there is room for it."""
        QTimer.singleShot(0, widget, lambda: self._room.ensureWidgetVisible(widget))

    def refuse(self, error: RelationDeskError | str) -> None:
        """Say above the buttons why it was not done."""
        self.refusal.setText(str(error))
        self.refusal.show()

    def write_once(
        self, write: Callable[..., object], *job: object, failed: Callable[[RelationDeskError], None] | None = None,
        done: Callable[[Any], None] | None = None,
    ) -> None:  # fmt: skip
        """Write what the dialog was opened for, and close; what is pressed again before the answer came home is not written again.

        write: of the tasks. failed: instead of `refuse`. done: instead of closing.
        """
        if not self._is_writing:
            self._is_writing = True
            write(*job, done=done or self._on_all_written, failed=partial(self._on_refused, failed or self.refuse))

    def _on_all_written(self, _: object) -> None:
        self.accept()

    def _on_refused(self, failed: Callable[[RelationDeskError], None], error: RelationDeskError) -> None:
        self._is_writing = False
        failed(error)

    def open_beside(self) -> None:
        """Show without blocking the window behind."""
        self.show()
        self.raise_()
        self.activateWindow()
