"""Rounded frames. The yellow one holds what the user wrote, the one with the amber bar something that waits."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look, Theme


class CardKind(NamedTuple):
    """Token names of ground, border and of the bar at the leading edge ("" for none)."""

    ground: str
    border: str
    bar: str = ""


KINDS = {
    "card": CardKind("card", "border"),
    "note": CardKind("note", "note_border"),
    "attn": CardKind("card", "attn_border", "attn_mark"),
    "danger": CardKind("card", "danger", "danger"),
    "selected": CardKind("selrow", "accent"),
    "for": CardKind("ok_tint", ""),
    "against": CardKind("attn_tint", ""),
    "info": CardKind("info_tint", ""),
    "sunken": CardKind("sunken", "hair"),
}


def draw_card(
    painter: QPainter, theme: Theme, rect: QRectF, kind: str = "card", *, right_to_left: bool = False, radius: float = 10
) -> None:
    """Paint the frame of a card, for delegates."""
    style, tokens = KINDS[kind], theme.tokens
    border = getattr(tokens, style.border) if style.border else ""
    draw_rounded(painter, rect, radius, getattr(tokens, style.ground), border, 2 if kind == "selected" else 1)
    if style.bar:
        bar = QRectF(0, rect.top() + radius, 3, rect.height() - 2 * radius)
        bar.moveLeft(rect.right() - 3 if right_to_left else rect.left())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(tokens, style.bar)))
        painter.drawRoundedRect(bar, 1.5, 1.5)


class Card(QFrame):
    """A frame with a vertical layout in it (`card.body`). kind: a key of KINDS."""

    def __init__(self, look: Look, kind: str = "card", *, padding: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._kind, self._padding = look, kind, padding
        self.body = QVBoxLayout(self)
        self._measure()
        look.changed.connect(self._measure)

    def set_kind(self, kind: str) -> None:
        self._kind = kind
        self.update()

    def _measure(self) -> None:
        edge = self._look.theme.px(self._padding)
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(self._look.theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_card(
            QPainter(self), self._look.theme, QRectF(self.rect()), self._kind, right_to_left=self.isRightToLeft()
        )


class NoteCard(Card):
    """The yellow frame of the user's own words."""

    def __init__(self, look: Look, *, padding: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(look, "note", padding=padding, parent=parent)


class Divider(QWidget):
    """A hair line between parts of a card."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._look.theme.colour("border"))
