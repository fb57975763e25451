"""A person's circle: initials on a quiet colour that stays theirs. Painted, so delegates draw it without a widget."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from relationdesk.ui.theme import Look, Theme

_LIGHT = (
    ("#F8D4DC", "#8A1F3F"),
    ("#D6E6F6", "#1F4A80"),
    ("#E8E1D3", "#554718"),
    ("#E9DCF6", "#5E2F91"),
    ("#FBE3A3", "#5C4500"),
    ("#F7D9C9", "#7D3615"),
    ("#D5EBDD", "#1F5A37"),
    ("#D3ECEE", "#155A61"),
)
_DARK = (
    ("#5E1F35", "#FAD3DC"),
    ("#1E3A5E", "#CFE3F8"),
    ("#453B22", "#EBE0C4"),
    ("#472768", "#EBDDFA"),
    ("#503C0A", "#FAE29E"),
    ("#5A2C17", "#FBD9C7"),
    ("#1C4630", "#CDEFDA"),
    ("#14454B", "#C9EEF1"),
)
_NOBODY = ("#EBE8E1", "#55514A")
_NOBODY_DARK = ("#32363B", "#B9BEC4")
_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "sir", "dame", "herr", "frau", "ing", "mag", "dipl"})
_JOINS = "\u200c"  # keeps two Arabic letters from melting into one shape


def initials(name: str) -> str:
    """At most two letters for a name, titles left out; "?" for a handle, an address or nothing."""
    if not name.strip() or name.lstrip().startswith("@") or "@" in name:
        return "?"
    words = [w for w in name.replace(",", " ").split() if w.rstrip(".").casefold() not in _TITLES]
    letters = [c for c in (next((c for c in word if c.isalpha()), "") for word in words) if c]
    if not letters:
        return "?"
    if unicodedata.bidirectional(letters[0]) in ("AL", "R") and len(letters) > 1:
        return letters[0] + _JOINS + letters[-1]
    return (letters[0] + (letters[-1] if len(letters) > 1 else "")).upper()


def avatar_colours(theme: Theme, person_id: int | None) -> tuple[str, str]:
    """Ground and letter colour of a person: the same on every page and every start. None is nobody yet."""
    if person_id is None:
        return _NOBODY_DARK if theme.dark else _NOBODY
    pairs = _DARK if theme.dark else _LIGHT
    return pairs[person_id % len(pairs)]


def draw_avatar(
    painter: QPainter, theme: Theme, rect: QRectF, name: str, person_id: int | None, *, dot: bool = False, ground: str = ""
) -> None:
    """Paint into a square. dot: the amber mark of somebody who waits, ringed in `ground` (a "#RRGGBB")."""
    fill, ink = avatar_colours(theme, person_id)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawEllipse(rect)
    font = theme.font("strong", strong=True)
    font.setPixelSize(max(7, round(rect.height() * 0.36)))
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, initials(name))
    if dot:
        size = max(8.0, rect.height() * 0.27)
        centre = QPointF(rect.right() - size * 0.28, rect.top() + size * 0.32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground or theme.tokens.canvas))
        painter.drawEllipse(centre, size / 2 + 1.6, size / 2 + 1.6)
        painter.setBrush(QColor(theme.tokens.attn_mark))
        painter.drawEllipse(centre, size / 2, size / 2)
    painter.restore()


class Avatar(QWidget):
    """The circle as a widget, `size` pixels at 100 % text size."""

    def __init__(self, look: Look, name: str = "", person_id: int | None = None, *, size: int = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._size = look, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_person(name, person_id)
        look.changed.connect(self.updateGeometry)

    def set_person(self, name: str, person_id: int | None) -> None:
        self._name, self._person_id = name, person_id
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        edge = self._look.theme.px(self._size)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_avatar(QPainter(self), self._look.theme, QRectF(self.rect()), self._name, self._person_id)
