"""Text for delegates and painted widgets: measured once, elided, right for both writing directions and any text size.

Foreign text is only ever drawn as plain text here. A layout is bounded before Qt sees it: a single word of 200,000
characters costs Qt seconds (trust.md 4.5). GUI thread only.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption

from relationdesk.text import tamed
from relationdesk.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

ELLIPSIS = "…"
LINE_END = "\u2028"
"""What QTextLayout takes for a new line; it shows \\n as a box."""
UNBOUNDED_CHARACTERS = 20_000
CHARACTERS_PER_LINE = 400
"""More than any line holds; what lies beyond cannot be seen and is not laid out."""


class Run(NamedTuple):
    """A piece of a text. tone: a token name, "" for the block's own; strong: semibold; ground: token painted behind."""

    text: str
    tone: str = ""
    strong: bool = False
    ground: str = ""


class Block:
    """A text laid out for one width. `height` and `width` (of the widest line) in pixels; `truncated`: there is more."""

    __slots__ = ("_lines", "height", "line_count", "text", "truncated", "width")

    def __init__(self, text: str, lines: list[tuple[QTextLayout, float]], height: int, width: int, cut: bool) -> None:
        self.text = text
        self._lines = lines
        self.height = height
        self.width = width
        self.truncated = cut
        self.line_count = sum(layout.lineCount() for layout, _ in lines)

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Paint with the top left corner at x, y. Sets the pen."""
        for layout, top in self._lines:
            layout.draw(painter, QPointF(x, y + top))


class _Setting(NamedTuple):
    theme: Theme
    role: str
    tone: str
    alignment: Qt.AlignmentFlag
    right_to_left: bool
    tabular: bool


class TextCache:
    """Layouts by text, width and theme; the oldest go first. One per view; an equal question costs a dictionary look."""

    def __init__(self, limit: int = 3000) -> None:
        self._limit = limit
        self._blocks: OrderedDict[tuple[object, ...], Block] = OrderedDict()

    def block(
        self,
        theme: Theme,
        runs: str | Iterable[Run],
        width: float,
        *,
        role: str = "body",
        tone: str = "text1",
        max_lines: int = 1,
        right_to_left: bool = False,
        follow_text: bool | None = None,
        end: bool = False,
        tabular: bool = False,
    ) -> Block:
        """The text laid out in at most `max_lines` (0: all) lines of `width` pixels, elided at the end.

        right_to_left: the view is mirrored. follow_text: align by the text's own direction (default for more than
        one line) and not by the view's. end: align to the far side (times and counts).
        """
        pieces = (Run(runs),) if isinstance(runs, str) else tuple(runs)
        if follow_text is None:
            follow_text = max_lines != 1
        key = (theme, pieces, round(width), role, tone, max_lines, right_to_left, follow_text, end, tabular)
        known = self._blocks.get(key)
        if known is not None:
            self._blocks.move_to_end(key)
            return known
        own = reads_right_to_left("".join(piece.text for piece in pieces))
        text_direction = right_to_left if own is None else own
        alignment = _alignment(text_direction if follow_text else right_to_left, end)
        setting = _Setting(theme, role, tone, alignment, text_direction, tabular)
        block = _lay_out(pieces, max(1.0, float(round(width))), max_lines, setting)
        self._blocks[key] = block
        if len(self._blocks) > self._limit:
            self._blocks.popitem(last=False)
        return block

    def clear(self) -> None:
        self._blocks.clear()


def reads_right_to_left(text: str) -> bool | None:
    """The direction of the first letter that has one (Unicode bidi P2: what is isolated does not count); None for digits
    and signs only."""
    inside = 0
    for letter in text[:CHARACTERS_PER_LINE]:
        kind = unicodedata.bidirectional(letter)
        if kind in ("LRI", "RLI", "FSI"):
            inside += 1
        elif kind == "PDI":
            inside = max(0, inside - 1)
        elif not inside and kind in ("L", "R", "AL"):
            return kind != "L"
    return None


def _alignment(right_to_left: bool, end: bool) -> Qt.AlignmentFlag:
    """QTextLayout, unlike a document, knows no leading side: left is left."""
    side = Qt.AlignmentFlag.AlignRight if right_to_left != end else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute


def _bounded(runs: tuple[Run, ...], limit: int) -> tuple[tuple[Run, ...], bool]:
    kept: list[Run] = []
    left = limit
    for run in runs:
        if left <= 0:
            return tuple(kept), True
        kept.append(run._replace(text=tamed(run.text[:left])))
        left -= len(run.text)
    return tuple(kept), left < 0


def _lay_out(runs: tuple[Run, ...], width: float, max_lines: int, setting: _Setting) -> Block:
    runs, cut = _bounded(runs, max_lines * CHARACTERS_PER_LINE if max_lines else UNBOUNDED_CHARACTERS)
    if max_lines == 1:
        runs = tuple(run._replace(text=run.text.replace("\n", " ")) for run in runs)
    else:
        runs = tuple(run._replace(text=run.text.replace("\n", LINE_END)) for run in runs)
    full = "".join(run.text for run in runs)
    lines: list[tuple[QTextLayout, float]] = []
    height, widest, start = 0.0, 0.0, 0
    if max_lines != 1:
        layout, ends = _wrapped(runs, width, max_lines, setting)
        if max_lines == 0 or (len(ends) <= max_lines and ends[-1] >= len(full) and not cut):
            height, widest = _stack(layout, setting)
            return Block(full, [(layout, 0.0)], round(height), round(widest), cut)
        start = ends[max_lines - 2] if len(ends) >= max_lines else ends[-1]
        head = start - 1 if full[start - 1 : start] == LINE_END else start  # it would begin one more line
        layout, _ = _wrapped(_slice(runs, 0, head), width, max_lines, setting)
        height, widest = _stack(layout, setting)
        lines.append((layout, 0.0))
    last, truncated = _elided(_slice(runs, start, len(full)), width, setting, cut)
    step, wide = _stack(last, setting)
    lines.append((last, height))
    return Block(full, lines, round(height + step), round(max(widest, wide)), truncated)


def _slice(runs: tuple[Run, ...], start: int, end: int) -> tuple[Run, ...]:
    answer, at = [], 0
    for run in runs:
        piece = run.text[max(0, start - at) : max(0, end - at)]
        if piece:
            answer.append(run._replace(text=piece))
        at += len(run.text)
    return tuple(answer) or (Run(""),)


def _layout(runs: tuple[Run, ...], setting: _Setting, wrap: QTextOption.WrapMode) -> QTextLayout:
    text = "".join(run.text for run in runs)
    layout = QTextLayout(text, setting.theme.font(setting.role, tabular=setting.tabular))
    option = QTextOption(setting.alignment)
    option.setWrapMode(wrap)
    direction = Qt.LayoutDirection
    option.setTextDirection(direction.RightToLeft if setting.right_to_left else direction.LeftToRight)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    formats, at = [], 0
    for run in runs:
        shape = QTextLayout.FormatRange()
        # Qt counts in UTF-16 units: an emoji is two.
        shape.start, shape.length = at, len(run.text.encode("utf-16-le", "surrogatepass")) // 2
        at += shape.length
        look = QTextCharFormat()
        look.setForeground(QBrush(setting.theme.colour(run.tone or setting.tone)))
        if run.ground:
            look.setBackground(QBrush(setting.theme.colour(run.ground)))
        if run.strong:
            look.setFont(setting.theme.font(setting.role, tabular=setting.tabular, strong=True))
        shape.format = look
        formats.append(shape)
    layout.setFormats(formats)
    return layout


def _wrapped(runs: tuple[Run, ...], width: float, max_lines: int, setting: _Setting) -> tuple[QTextLayout, list[int]]:
    """Laid out in lines, one more than max_lines at most; with where each line ends, in characters of the text."""
    layout = _layout(runs, setting, QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    units = layout.text().encode("utf-16-le", "surrogatepass")
    ends: list[int] = []
    layout.beginLayout()
    while max_lines == 0 or len(ends) <= max_lines:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        stop = line.textStart() + line.textLength()
        ends.append(len(units[: stop * 2].decode("utf-16-le", "ignore")))
    layout.endLayout()
    return layout, ends or [0]


def _elided(runs: tuple[Run, ...], width: float, setting: _Setting, cut: bool) -> tuple[QTextLayout, bool]:
    """One line; if it is too wide, the longest beginning that fits with an ellipsis after it."""
    text = "".join(run.text for run in runs)
    layout = _one_line(runs, width, setting)
    fits = LINE_END not in text.rstrip(LINE_END) and layout.lineAt(0).naturalTextWidth() <= width
    if fits and not cut:
        return layout, False
    if LINE_END in text:
        text = text[: text.index(LINE_END)]
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        trial = _one_line(_with_ellipsis(runs, text, middle), width, setting)
        if trial.lineAt(0).naturalTextWidth() <= width:
            low = middle
        else:
            high = middle - 1
    return _one_line(_with_ellipsis(runs, text, low), width, setting), True


def _with_ellipsis(runs: tuple[Run, ...], text: str, length: int) -> tuple[Run, ...]:
    kept = _slice(runs, 0, len(text[:length].rstrip(" ,;:")))
    return (*kept[:-1], kept[-1]._replace(text=kept[-1].text + ELLIPSIS))


def _one_line(runs: tuple[Run, ...], width: float, setting: _Setting) -> QTextLayout:
    layout = _layout(runs, setting, QTextOption.WrapMode.NoWrap)
    layout.beginLayout()
    layout.createLine().setLineWidth(width)
    layout.endLayout()
    return layout


def _stack(layout: QTextLayout, setting: _Setting) -> tuple[float, float]:
    """Put the lines of a layout under each other; total height and widest line. A taller script gets taller lines."""
    step, top, widest = float(setting.theme.line_height(setting.role)), 0.0, 0.0
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        room = max(step, line.height())
        line.setPosition(QPointF(0, top + (room - line.height()) / 2))
        top += room
        widest = max(widest, line.naturalTextWidth() + 1)
    return top, widest


def mirrored(rect: QRect, inside: QRect, direction: Qt.LayoutDirection) -> QRect:
    """Where a rectangle meant for left-to-right lies in this direction (as QStyle.visualRect, which is dear to import)."""
    if direction != Qt.LayoutDirection.RightToLeft:
        return QRect(rect)
    return rect.translated(2 * (inside.right() - rect.right()) + rect.width() - inside.width(), 0)


def draw_rounded(painter: QPainter, rect: QRectF, radius: float, fill: str = "", line: str = "", pen: float = 1) -> None:
    """A rounded box; the line lies inside the rectangle. fill and line are "#RRGGBB" or ""."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = rect.adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2) if line else rect
    painter.setPen(QPen(QColor(line), pen) if line else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, radius, radius)


def draw_focus(painter: QPainter, rect: QRectF, radius: float, theme: Theme) -> None:
    """The 2 px ring of a current row, just inside its rectangle."""
    draw_rounded(painter, rect, radius, "", theme.tokens.accent, 2)


def draw_row(painter: QPainter, option: QStyleOptionViewItem, row: QRect, theme: Theme) -> str:
    """What lies under a row of a list: chosen, under the mouse, or with the ring of the keyboard. The answer is its colour."""
    from PySide6.QtWidgets import QStyle  # dear to import, and no timeline has such rows

    tokens, state, view = theme.tokens, option.state, option.widget
    selected, hovered = bool(state & QStyle.StateFlag.State_Selected), bool(state & QStyle.StateFlag.State_MouseOver)
    ground = tokens.selected if selected else tokens.hover if hovered else tokens.list
    if selected or hovered:
        draw_rounded(painter, QRectF(row), 10, ground)
    by_keys = view is not None and view.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    if state & QStyle.StateFlag.State_HasFocus and by_keys:
        draw_focus(painter, QRectF(row), 10, theme)
    return ground


def quiet_tone(selected: bool) -> str:
    """The token for third-rank text: on a selected row text3 would be too faint in the dark theme."""
    return "text2" if selected else "text3"
