"""A bar that fills with the time since the last contact: full when the next one is wished, amber beyond."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look


class Meter(QWidget):
    """share: of the way, 0 to 1. late: it is over, and somebody waits. The same in words is its accessible name."""

    def __init__(self, look: Look, share: float, *, late: bool = False, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._share, self._late = look, min(1.0, max(0.0, share)), late
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(80), max(6, self._look.theme.px(6)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens, area = QPainter(self), self._look.theme.tokens, QRectF(self.rect())
        draw_rounded(painter, area, area.height() / 2, tokens.hover)
        width = max(area.height(), area.width() * self._share)
        left = area.right() - width if self.isRightToLeft() else area.left()
        draw_rounded(painter, QRectF(left, area.top(), width, area.height()), area.height() / 2, tokens.attn_mark if self._late else tokens.accent)
