"""A frame that can be pressed with the mouse, Enter or Space, shows that it has the keyboard, and says what it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from relationdesk.derived import Evidence
from relationdesk.ui import when
from relationdesk.ui.frame import Icon
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.row_painter import draw_focus, draw_rounded
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import ElidedLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark


class Clickable(QFrame):
    """`clicked` when pressed. What lies in it must not take the mouse for itself."""

    clicked = Signal()

    def __init__(self, look: Look, name: str = "", *, radius: int = 8, framed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._radius, self._framed = look, radius, framed
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter, rect = self._look.theme, QPainter(self), QRectF(self.rect())
        tokens = theme.tokens
        if self.underMouse() or self._framed:
            ground = tokens.hover if self.underMouse() else tokens.card
            draw_rounded(painter, rect, self._radius, ground, tokens.border if self._framed else "")
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            draw_focus(painter, rect, self._radius, theme)


class EvidenceLine(Clickable):
    """What a prompt rests on: mark of the place, the quoted words, when. Pressing it asks for the item itself."""

    def __init__(self, context: Context, evidence: Evidence, *, with_age: bool = True, parent: QWidget | None = None) -> None:
        look, now = context.look, context.clock()
        place = evidence.activity.place if evidence.activity else ""
        words, age = evidence.sentence, when.ago(evidence.published, now)
        spoken = f"{place_look(place).title + ': ' if place else ''}{words} {when.exact(evidence.published)}"
        super().__init__(look, spoken, radius=6, parent=parent)
        self.evidence = evidence
        row = QHBoxLayout(self)
        px = look.theme.px
        row.setContentsMargins(0, px(1), px(6), px(1))
        row.setSpacing(px(8))
        quote = ElidedLabel(look, words, role="small", tone="text2")
        row.addWidget(PlaceMark(look, place, size=18) if evidence.activity else Icon(look, "clock", "text3", size=18))
        row.addWidget(quote, 1)
        if age and with_age:
            time = PlainLabel(look, age, role="caption", tone="text3", tabular=True)
            time.setToolTip(when.exact(evidence.published))
            row.addWidget(time)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setEnabled(evidence.activity is not None)
