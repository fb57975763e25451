"""A few choices side by side of which one holds: *Person | Place*."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import tooltip


class _Choice(QRadioButton):
    """A radio button to keyboard and screen reader, a segment to the eye."""

    def __init__(self, look: Look, text: str, icon: str) -> None:
        super().__init__(text)
        self._look, self._icon, self._bare = look, icon, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_bare(self, bare: bool) -> None:
        self._bare = bare and bool(self._icon)
        self.setToolTip(tooltip(self.text()) if self._bare else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        if self._bare:
            return QSize(max(30, theme.px(30)), max(28, theme.px(28)))
        words = QFontMetricsF(theme.font("small", strong=True)).horizontalAdvance(self.text())
        return QSize(round(words) + theme.px(20 + (22 if self._icon else 0)), max(28, theme.px(28)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._look.theme, self._look.theme.tokens
        painter, rect = QPainter(self), QRectF(self.rect())
        if self.isChecked():
            draw_rounded(painter, rect, 6, tokens.card, tokens.border)
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            draw_rounded(painter, rect, 6, "", tokens.accent, 2)
        inner, edge = rect.adjusted(theme.px(10), 0, -theme.px(10), 0), theme.px(16)
        colour = tokens.accent if self.isChecked() else tokens.text2
        if self._bare:
            draw_icon(painter, self._icon, colour, (rect.width() - edge) / 2, (rect.height() - edge) / 2, edge)
            return
        if self._icon:
            left = inner.right() - edge if self.isRightToLeft() else inner.left()
            draw_icon(painter, self._icon, colour, left, (rect.height() - edge) / 2, edge)
            shift = theme.px(22)
            inner.adjust(0 if self.isRightToLeft() else shift, 0, -shift if self.isRightToLeft() else 0, 0)
        painter.setFont(theme.font("small", strong=True))
        painter.setPen(QColor(tokens.text1 if self.isChecked() else tokens.text2))
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, self.text())


class Switch(QWidget):
    """`chosen(name)` when the user chooses. choices: (name, text, icon or "")."""

    chosen = Signal(str)

    def __init__(
        self, look: Look, choices: Sequence[tuple[str, str, str]], *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Choice] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        for key, text, icon in choices:
            button = _Choice(look, text, icon)
            self._buttons[key] = button
            self._group.addButton(button)
            row.addWidget(button)
        self._buttons[choices[0][0]].setChecked(True)
        self._group.buttonClicked.connect(self._on_clicked)
        look.changed.connect(self._on_look_changed)

    def value(self) -> str:
        """The name of the choice that holds."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_value(self, name: str) -> None:
        """Choose without `chosen`."""
        self._buttons[name].setChecked(True)

    def set_bare(self, bare: bool) -> None:
        """Icons without words, where there is little room; the words are their tool tips then."""
        for button in self._buttons.values():
            button.set_bare(bare)
        self.layout().activate()  # type: ignore[union-attr]

    def _on_clicked(self) -> None:
        self.chosen.emit(self.value())

    def _on_look_changed(self) -> None:
        for button in self._buttons.values():
            button.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_rounded(QPainter(self), QRectF(self.rect()), 8, self._look.theme.tokens.hover)
