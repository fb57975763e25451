"""The only place where a QLabel is made, so that foreign text can never be read as markup.

A name such as `<img src=/etc/…>` in a QLabel of the automatic kind makes Qt read that file (trust.md 4.5).
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from relationdesk.text import tamed
from relationdesk.ui.row_painter import Block, Run, TextCache
from relationdesk.ui.theme import Look


def tooltip(text: str) -> str:
    """Text for setToolTip: Qt guesses there whether something is markup, so what could be is escaped."""
    if "<" not in text and "&" not in text:
        return text
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{safe}</qt>"


class PlainLabel(QLabel):
    """One or more lines of plain text in a role and a tone of the theme. setTextFormat is refused."""

    def __init__(
        self,
        look: Look,
        text: str = "",
        *,
        role: str = "body",
        tone: str = "text1",
        wrap: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        super().setTextFormat(Qt.TextFormat.PlainText)
        self._look, self._role, self._tone, self._tabular = look, role, tone, tabular
        self.setWordWrap(wrap)
        self.setText(text)
        self._dress()
        self._lead()
        look.changed.connect(self._dress)

    def setTextFormat(self, wanted: Qt.TextFormat) -> None:
        if wanted != Qt.TextFormat.PlainText:
            raise ValueError("a label of this program shows plain text only")

    def setText(self, text: str) -> None:
        super().setText(tamed(text))

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._lead()

    def _lead(self) -> None:
        """Begin at the window's leading side. QLabel by itself asks the text, so that one English name in a mirrored
        window would stand on the wrong side."""
        sides, kept = Qt.AlignmentFlag, self.alignment()
        if not kept & (sides.AlignHCenter | sides.AlignJustify):
            side = sides.AlignRight if self.isRightToLeft() else sides.AlignLeft
            self.setAlignment(side | sides.AlignAbsolute | (kept & sides.AlignVertical_Mask))

    def _dress(self) -> None:
        self.setFont(self._look.theme.font(self._role, tabular=self._tabular))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._look.theme.colour(self._tone))
        self.setPalette(palette)


class ParagraphLabel(PlainLabel):
    """Text with the line height of the design, bold or coloured pieces, and an ellipsis after `max_lines` (0: all).

    centred: in the middle of the height it is given; else at the top. One line is always in the middle.

    The whole text is what the screen reader hears; it becomes the tool tip when not all of it is visible.
    """

    def __init__(
        self,
        look: Look,
        runs: str | Iterable[Run] = "",
        *,
        role: str = "body",
        tone: str = "text1",
        max_lines: int = 0,
        centred: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._runs: tuple[Run, ...] = ()
        self._max_lines = max_lines
        self._centred = centred or max_lines == 1
        self._cache = TextCache(12)
        super().__init__(look, "", role=role, tone=tone, parent=parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(max_lines != 1)
        self.setSizePolicy(policy)
        self.set_runs(runs)

    def set_runs(self, runs: str | Iterable[Run]) -> None:
        self._runs = (Run(runs),) if isinstance(runs, str) else tuple(runs)
        self.setText("".join(run.text for run in self._runs))
        self.setAccessibleName(self.text())
        self.updateGeometry()
        if self.isVisible():
            self._keep_room()
        self._hint()

    def block(self, width: int) -> Block:
        """The text laid out for a width."""
        return self._cache.block(
            self._look.theme,
            self._runs,
            width,
            role=self._role,
            tone=self._tone,
            max_lines=self._max_lines,
            right_to_left=self.isRightToLeft(),
        )

    def hasHeightForWidth(self) -> bool:
        return self._max_lines != 1

    def heightForWidth(self, width: int) -> int:
        return self.block(width).height

    def sizeHint(self) -> QSize:
        ideal = self.block(self._look.theme.px(420 if self._max_lines != 1 else 1600))
        return QSize(ideal.width, ideal.height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(40), self._look.theme.line_height(self._role))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        block = self.block(self.width())
        top = (self.height() - block.height) / 2 if self._centred else 0
        block.draw(painter, 0, top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_room()
        self._hint()

    def _keep_room(self) -> None:
        """Never be squeezed below the text: a layout without room for all would otherwise cut lines in half."""
        wanted = self.block(self.width()).height if self._max_lines != 1 else 0
        if self.minimumHeight() != wanted:
            self.setMinimumHeight(wanted)

    def _dress(self) -> None:
        super()._dress()
        if self.isVisible():
            self._keep_room()

    def _hint(self) -> None:
        hidden = self._max_lines > 0 and self.width() > 0 and self.block(self.width()).truncated
        self.setToolTip(tooltip(self.text()) if hidden else "")


class ElidedLabel(ParagraphLabel):
    """One line that ends in an ellipsis where there is no more room; the full text on hover."""

    def __init__(
        self,
        look: Look,
        runs: str | Iterable[Run] = "",
        *,
        role: str = "body",
        tone: str = "text1",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, runs, role=role, tone=tone, max_lines=1, parent=parent)


class AsideLabel(ParagraphLabel):
    """Up to three lines beside something else; one that ends in an ellipsis where its longest word has no room: no word is broken."""

    def __init__(self, look: Look, *, role: str = "body", tone: str = "text2", parent: QWidget | None = None) -> None:
        super().__init__(look, "", role=role, tone=tone, max_lines=3, centred=True, parent=parent)

    def block(self, width: int) -> Block:
        metrics = QFontMetricsF(self.font())
        has_room = all(metrics.horizontalAdvance(word) <= width for word in self.text().split())
        return self._cache.block(
            self._look.theme, self._runs, width, role=self._role, tone=self._tone, max_lines=self._max_lines if has_room else 1, right_to_left=self.isRightToLeft()
        )
