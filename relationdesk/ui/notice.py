"""The bar above a page: one sentence about what went wrong, or (in blue) a reminder. It stays until it is read, and stops nobody from working."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from relationdesk.ui.frame import Icon
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel
from relationdesk.ui.widgets.toast import announce

ABOVE = 8
"""Pixels between the bar and what is above it."""
LINES = 8
"""The rest is told on hover."""


class NoticeBar(QFrame):
    """`say` shows what went wrong; a second one replaces the first. `tell` adds to what is told and was not put away yet. Esc or the cross puts away what is seen,
    unless it is `lasting`; what was told meanwhile comes after what went wrong."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, lasting: bool = False) -> None:
        super().__init__(parent)
        self._look = look
        self._words = ParagraphLabel(look, role="body", max_lines=LINES, centred=True)
        self._close = Button(look, style="quiet", icon="x", name=QCoreApplication.translate("Notice", "Put away"))
        self._close.clicked.connect(self.put_away)
        self._close.setVisible(not lasting)
        self._row = QHBoxLayout(self)
        self._icon, self._is_news = Icon(look, "circle-alert", "danger"), False
        self._news: list[str] = []  # newest first
        self._row.addWidget(self._icon)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._close)
        self._measure()
        look.changed.connect(self._measure)
        self.hide()

    def tell(self, sentence: str) -> None:
        """Something to know that nothing is wrong with: a reminder, the first words of a day. It covers neither what went wrong nor what was told before: each is told once."""
        self._news = [sentence, *(one for one in self._news if one != sentence)]
        if self.isHidden() or self._is_news:
            self._show_news()

    def say(self, sentence: str) -> None:
        self._is_news = False
        self._icon.set_icon("circle-alert", "danger")
        self._show(sentence)

    def put_away(self) -> None:
        """What is seen. What was told while something was wrong comes now."""
        if self._news and not self._is_news:
            self._show_news()
        else:
            self._news = []
            self.hide()

    def _show_news(self) -> None:
        self._is_news = True
        self._icon.set_icon("alarm-clock", "info")
        self._show("\n".join(self._news))
        self.update()

    def _show(self, words: str) -> None:
        self._words.set_runs(words)
        self.show()
        announce(self, words)

    def is_news(self) -> bool:
        """Whether it only tells something: then it waits, and Esc first leads back."""
        return self._is_news and not self.isHidden()

    def text(self) -> str:
        """What it says; "" while it is put away."""
        return "" if self.isHidden() else self._words.text()

    def _measure(self) -> None:
        px = self._look.theme.px
        self._row.setContentsMargins(px(24), ABOVE + px(10), px(20), px(10))
        self._row.setSpacing(px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._look.theme.tokens
        area = QRectF(self.rect()).adjusted(12, ABOVE, -12, 0)
        draw_rounded(QPainter(self), area, 10, *((tokens.info_tint, tokens.info) if self._is_news else (tokens.danger_tint, tokens.danger)))
