"""Buttons with a verb, an icon and the key that does the same. Painted from the theme; a real QAbstractButton inside."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from relationdesk.text import tamed
from relationdesk.ui.keys import native_key
from relationdesk.ui.resources import draw_icon, facing
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look, Theme
from relationdesk.ui.widgets.label import tooltip


class ButtonStyle(NamedTuple):
    """Token names: text, ground, ground under the mouse ("": it is underlined there), border."""

    text: str
    ground: str
    hover: str
    border: str


STYLES = {
    "primary": ButtonStyle("accent_on", "accent", "accent_hover", ""),
    "secondary": ButtonStyle("text1", "card", "hover", "border"),
    "tinted": ButtonStyle("accent", "accent_tint", "selected", ""),
    "quiet": ButtonStyle("text2", "", "hover", ""),
    "link": ButtonStyle("accent", "", "", ""),
    "danger": ButtonStyle("danger", "card", "danger_tint", "danger"),
    "chip": ButtonStyle("text1", "card", "hover", "border"),
    "note": ButtonStyle("note_text", "", "note_border", ""),
    "toast": ButtonStyle("toast_accent", "", "toast_key", ""),
}


_SIDES = {"quiet": 8, "link": 2}
"""Room beside the content, 12 else. What looks like words in a line begins where the line begins."""


def key_size(theme: Theme, key: str) -> QSize:
    metrics = QFontMetricsF(theme.font("caption_strong"))
    height = max(theme.px(18), round(metrics.height()) + theme.px(2))
    return QSize(max(height, round(metrics.horizontalAdvance(key)) + theme.px(10)), height)


def draw_key(painter: QPainter, theme: Theme, x: float, y: float, key: str, *, on: str = "") -> int:
    """A key hint box with its top left corner at x, y; the answer is its width. on: "accent", "toast", "note" or ""."""
    tokens, size = theme.tokens, key_size(theme, key)
    grounds = {"accent": "", "toast": tokens.toast_key, "note": tokens.card, "": tokens.sunken}
    texts = {"accent": tokens.accent_on, "toast": tokens.toast_text, "note": tokens.note_text, "": tokens.text2}
    lines = {"accent": "", "toast": "", "note": tokens.note_border, "": tokens.border}
    rect = QRectF(x, y, size.width(), size.height())
    painter.save()
    draw_rounded(painter, rect, theme.px(5), grounds[on], lines[on])
    if on == "accent":
        veil = QColor(tokens.accent_on)
        veil.setAlpha(44)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(veil)
        painter.drawRoundedRect(rect, theme.px(5), theme.px(5))
    painter.setFont(theme.font("caption_strong"))
    painter.setPen(QColor(texts[on]))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, key)
    painter.restore()
    return size.width()


class KeyBox(QWidget):
    """A key hint by itself. on: as for `draw_key`."""

    def __init__(self, look: Look, key: str, *, on: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._key, self._on = look, key, on
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(key)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return key_size(self._look.theme, self._key)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_key(QPainter(self), self._look.theme, 0, 0, self._key, on=self._on)


class Button(QPushButton):
    """A button of one of STYLES. At least 28 px high; text, icon and key grow with the text size.

    Without text it is an icon button: `name` is then what the screen reader and the tool tip say.
    """

    def __init__(
        self,
        look: Look,
        text: str = "",
        *,
        style: str = "secondary",
        icon: str = "",
        key: str = "",
        name: str = "",
        count: str = "",
        compact: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """elide: give way where there is no room for the whole text, which is then in the tool tip."""
        super().__init__(parent)
        self._look, self._style, self._icon, self._key, self._elide = look, style, icon, key, elide
        self._count, self._compact, self._icon_colour = count, compact, ""
        self._spoken = name
        self.setText(tamed(text))
        self._name_it()
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred if elide else QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.changed.connect(self.updateGeometry)

    def set_content(self, text: str, *, icon: str = "", count: str = "", name: str = "") -> None:
        self._icon, self._count, self._spoken = icon, count, name
        self.setText(tamed(text))
        self._name_it()
        self.updateGeometry()
        self.update()

    def set_icon_colour(self, colour: str) -> None:
        """A colour of its own for the icon (a place's glyph), "" for the text's."""
        self._icon_colour = colour
        self.update()

    def set_key(self, key: str) -> None:
        """Another key hint, as shown ("Ctrl Z")."""
        self._key = key
        self._name_it()
        self.updateGeometry()

    def follow(self, action: QAction) -> None:
        """Do what an action does, be enabled when it is, and show its key."""
        self.clicked.connect(action.trigger)
        action.enabledChanged.connect(self.setEnabled)
        self.setEnabled(action.isEnabled())
        self.set_key(native_key(action.shortcut().toString()))

    def _name_it(self) -> None:
        spoken = self._spoken or " ".join(part for part in (self.text(), self._count) if part)
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(self._key)
        if not self.text() or self._elide:
            self.setToolTip(tooltip(f"{spoken} ({self._key})" if self._key else spoken))

    def _parts(self) -> tuple[float, float, float, float]:
        """Widths of icon, text, count and key at this text size; 0 for what is not there."""
        theme = self._look.theme
        text = QFontMetricsF(theme.font("strong")).horizontalAdvance(self.text()) if self.text() else 0.0
        count = QFontMetricsF(theme.font("strong", tabular=True)).horizontalAdvance(self._count) if self._count else 0.0
        shown = self._key if self.text() else ""
        return theme.px(18) if self._icon else 0.0, text, count, key_size(theme, shown).width() if shown else 0.0

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        height = max(28, theme.px(28 if self._compact or self._style == "chip" else 32))
        parts = [part for part in self._parts() if part]
        if not self.text() and not self._count:
            return QSize(height, height)
        side = theme.px(_SIDES.get(self._style, 12))
        return QSize(round(sum(parts) + theme.px(8) * (len(parts) - 1) + 2 * side + 1), height)

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), self._look.theme.px(80)), whole.height()) if self._elide else whole

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _ground(self, style: ButtonStyle) -> str:
        tokens = self._look.theme.tokens
        if not self.isEnabled():
            return tokens.sunken if style.ground else ""
        if style.hover and (self.isDown() or self.underMouse()):
            return str(getattr(tokens, style.hover))
        return str(getattr(tokens, style.ground)) if style.ground else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._look.theme, self._look.theme.tokens
        chosen = self.isCheckable() and self.isChecked()
        style = ButtonStyle("accent", "accent_tint", "accent_tint", STYLES[self._style].border and "accent") if chosen else STYLES[self._style]
        painter = QPainter(self)
        radius = self.height() / 2 if self._style == "chip" else theme.px(8)
        line = getattr(tokens, style.border) if style.border else ""
        draw_rounded(painter, QRectF(self.rect()), radius, self._ground(style), line)
        ink = str(getattr(tokens, style.text)) if self.isEnabled() else tokens.text3
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            inset = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            ring = tokens.accent_on if self._style == "primary" else tokens.accent
            draw_rounded(painter, inset, max(2.0, radius - 1), "", ring, 2)
        self._paint_parts(painter, theme, ink)

    def _paint_parts(self, painter: QPainter, theme: Theme, ink: str) -> None:
        icon, text, count, key = self._parts()
        parts = [part for part in (icon, text, count, key) if part]
        words = self.text()
        over = sum(parts) + theme.px(8) * (len(parts) + 1) - self.width()
        if self._elide and over > 0:
            text -= over
            words = QFontMetricsF(theme.font("strong")).elidedText(words, Qt.TextElideMode.ElideRight, text)
            parts = [part for part in (icon, text, count, key) if part]
        x = (self.width() - sum(parts) - theme.px(8) * (len(parts) - 1)) / 2
        middle = self.height() / 2

        def place(width: float) -> float:
            nonlocal x
            left = self.width() - x - width if self.isRightToLeft() else x
            x += width + theme.px(8)
            return left

        if icon:
            draw_icon(painter, facing(self._icon, self.isRightToLeft()), self._icon_colour or ink, place(icon), middle - icon / 2, round(icon))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        for shown, width, tone in ((words, text, ink), (self._count, count, self._count_ink(ink))):
            if width > 0:
                font = theme.font("strong", tabular=shown == self._count)
                font.setUnderline(not STYLES[self._style].hover and self.underMouse())
                painter.setFont(font)
                painter.setPen(QColor(tone))
                painter.drawText(QRectF(place(width), 0, width, self.height()), flags, shown)
        if key:
            height = key_size(theme, self._key).height()
            on = {"primary": "accent", "toast": "toast", "note": "note"}.get(self._style, "")
            draw_key(painter, theme, place(key), middle - height / 2, self._key, on=on if self.isEnabled() else "")

    def _count_ink(self, ink: str) -> str:
        return self._look.theme.tokens.text2 if self._style == "chip" and not self.isChecked() else ink
