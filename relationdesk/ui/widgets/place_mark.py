"""The tinted tile that names a place: glyph on a soft ground of its colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from relationdesk.ui.places import place_look
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look, Theme


def draw_place_mark(painter: QPainter, theme: Theme, rect: QRectF, place: str) -> None:
    """Paint into a square of 16 px or more."""
    ground, glyph = theme.place_colour(place)
    painter.save()
    draw_rounded(painter, rect, rect.height() * 0.24, ground)
    size = round(rect.height() * 0.6)
    x, y = rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2
    draw_icon(painter, place_look(place).icon, glyph, x, y, size)
    painter.restore()


def draw_place_glyph(painter: QPainter, theme: Theme, x: float, y: float, size: int, place: str) -> None:
    """Only the glyph, for a line of text and for chips."""
    draw_icon(painter, place_look(place).icon, theme.place_colour(place).glyph, x, y, size)


class PlaceMark(QWidget):
    """The tile as a widget; its name is read out, and stands in the tool tip."""

    def __init__(self, look: Look, place: str = "", *, size: int = 22, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._size, self._place = look, size, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_place(place)
        look.changed.connect(self.updateGeometry)

    def set_place(self, place: str) -> None:
        self._place = place
        self.setAccessibleName(place_look(place).title)
        self.setToolTip(place_look(place).title)
        self.update()

    def sizeHint(self) -> QSize:
        edge = self._look.theme.px(self._size)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_place_mark(QPainter(self), self._look.theme, QRectF(self.rect()), self._place)
