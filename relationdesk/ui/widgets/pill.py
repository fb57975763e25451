"""Pills: a short word on a tinted ground. And the dot that says that somebody waits. Painted, for delegates too."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look, Theme


class PillTone(NamedTuple):
    """Token names."""

    text: str
    ground: str
    border: str


TONES = {
    "accent": PillTone("accent", "accent_tint", ""),
    "attn": PillTone("attn", "attn_tint", "attn_border"),
    "ok": PillTone("ok", "ok_tint", ""),
    "info": PillTone("info", "info_tint", ""),
    "danger": PillTone("danger", "danger_tint", ""),
    "note": PillTone("note_text", "note", "note_border"),
    "neutral": PillTone("text2", "hover", ""),
    "outline": PillTone("text2", "card", "border"),
}


def pill_size(theme: Theme, text: str, icon: str = "") -> QSize:
    """Width and height a pill needs."""
    metrics = QFontMetricsF(theme.font("caption_strong", tabular=True))
    width = metrics.horizontalAdvance(text) + theme.px(18) + (theme.px(18) if icon else 0)
    return QSize(round(width + 0.5), max(theme.px(22), round(metrics.height()) + theme.px(6)))


def draw_pill(
    painter: QPainter, theme: Theme, x: float, y: float, text: str, *, tone: str = "accent", icon: str = "",
    right_to_left: bool = False,
) -> int:  # fmt: skip
    """Paint a pill with its top left corner at x, y; the answer is its width."""
    style, size = TONES[tone], pill_size(theme, text, icon)
    tokens = theme.tokens
    rect = QRectF(x, y, size.width(), size.height())
    painter.save()
    border = getattr(tokens, style.border) if style.border else ""
    draw_rounded(painter, rect, rect.height() / 2, getattr(tokens, style.ground), border)
    inner = rect.adjusted(theme.px(9), 0, -theme.px(9), 0)
    if icon:
        edge = theme.px(14)
        at = inner.right() - edge if right_to_left else inner.left()
        draw_icon(painter, icon, getattr(tokens, style.text), at, y + (size.height() - edge) / 2, edge)
        inner.adjust(0 if right_to_left else theme.px(18), 0, -theme.px(18) if right_to_left else 0, 0)
    painter.setFont(theme.font("caption_strong", tabular=True))
    painter.setPen(QColor(getattr(tokens, style.text)))
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)
    painter.restore()
    return size.width()


def draw_dot(painter: QPainter, theme: Theme, centre: QPointF, *, token: str = "attn_mark") -> None:
    """The bucket dot: somebody in here waits. Always with a number or words beside it, never alone."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(token))
    painter.drawEllipse(centre, theme.px(3.5), theme.px(3.5))
    painter.restore()


class Pill(QWidget):
    """A pill as a widget. tone: a key of TONES."""

    def __init__(
        self, look: Look, text: str = "", *, tone: str = "accent", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._text, self._tone, self._icon = look, text, tone, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        look.changed.connect(self.updateGeometry)

    def set_pill(self, text: str, *, tone: str = "accent", icon: str = "") -> None:
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        return pill_size(self._look.theme, self._text, self._icon)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._text:
            painter = QPainter(self)
            top = (self.height() - self.sizeHint().height()) / 2
            draw_pill(
                painter, self._look.theme, 0, top, self._text, tone=self._tone, icon=self._icon,
                right_to_left=self.isRightToLeft(),
            )  # fmt: skip
