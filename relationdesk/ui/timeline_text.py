"""The words of an item, laid out as plain text: paragraphs in their own direction, addresses found in them, bounded.

Foreign text is never markup here (trust.md 4.5). An address is only something to point at: whoever is told about a
click asks the router, which checks it and shows the real host.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from relationdesk.text import tamed
from relationdesk.ui.row_painter import CHARACTERS_PER_LINE, UNBOUNDED_CHARACTERS, reads_right_to_left
from relationdesk.ui.theme import Theme

_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"“”«»]{1,2000}", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@./])@\w[\w.]{0,60}(?:@[\w.-]{1,80})?(?: [^\W\d_][\w’'-]{1,30})?")
_SIMPLE_MENTION = re.compile(r"(?<![\w@./])@\w[\w.-]{0,60}(?:@[\w.-]{1,80})?")


class Mark(NamedTuple):
    """A part of a paragraph, in characters. address: "" for a name with @."""

    start: int
    end: int
    address: str


def marks(text: str, *, names: bool = False) -> Iterator[Mark]:
    """Addresses (http, https, mailto) and @names in a text, in order. names: "@Joe Brown" counts whole (notes)."""
    links: list[Mark] = []
    for match in _LINK.finditer(text):
        address = _trimmed(match.group(0))
        links.append(Mark(match.start(), match.start() + len(address), address))
    pattern = _MENTION if names else _SIMPLE_MENTION
    found = [Mark(m.start(), m.end(), "") for m in pattern.finditer(text)]
    taken = [(link.start, link.end) for link in links]
    free = [mark for mark in found if not any(start <= mark.start < end for start, end in taken)]
    yield from sorted([*links, *free])


def _trimmed(address: str) -> str:
    """An address in a sentence does not own the full stop after it, nor a bracket it did not open."""
    while address and (address[-1] in ".,;:!?'’*_…" or (address[-1] == ")" and address.count("(") < address.count(")"))):
        address = address[:-1]
    return address


class _Paragraph(NamedTuple):
    layout: QTextLayout
    top: float
    height: float
    text: str
    links: tuple[tuple[int, int, str], ...]  # start and end in UTF-16 units


class Words:
    """A text laid out for one width. height in pixels; truncated: there is more than is shown."""

    __slots__ = ("_paragraphs", "height", "truncated")

    def __init__(
        self, theme: Theme, text: str, width: float, *, role: str = "body", tone: str = "text1", max_lines: int = 0,
        right_to_left: bool = False, names: bool = False,
    ) -> None:  # fmt: skip
        """max_lines 0: all, up to UNBOUNDED_CHARACTERS. right_to_left: for paragraphs without any letter."""
        limit = max_lines * CHARACTERS_PER_LINE if max_lines else UNBOUNDED_CHARACTERS
        self.truncated = len(text) > limit
        self._paragraphs: list[_Paragraph] = []
        top, left = 0.0, max_lines or 1_000_000
        step = float(theme.line_height(role))
        pieces = tamed(text[:limit]).split("\n")
        for number, piece in enumerate(pieces):
            if left <= 0:
                self.truncated = self.truncated or any(p.strip() for p in pieces[number:])
                break
            if not piece.strip():
                top += step * 0.5
                continue
            paragraph, lines, cut = _paragraph(theme, piece, width, role, tone, left, top, step, right_to_left, names)
            self._paragraphs.append(paragraph)
            self.truncated = self.truncated or cut
            left -= lines
            top += paragraph.height
        self.height = round(top)

    def draw(self, painter: QPainter, x: float, y: float, *, above: float = -1e9, below: float = 1e9) -> None:
        """Paint with the top left corner at x, y; paragraphs wholly outside `above`..`below` are left out."""
        for part in self._paragraphs:
            if y + part.top + part.height >= above and y + part.top <= below:
                part.layout.draw(painter, QPointF(x, y + part.top))

    def link_at(self, point: QPointF) -> str:
        """The address under a point (relative to the top left corner), "" for none."""
        tops = [part.top for part in self._paragraphs]
        number = bisect_right(tops, point.y()) - 1
        if number < 0 or not self._paragraphs[number].links:
            return ""
        part = self._paragraphs[number]
        for index in range(part.layout.lineCount()):
            line = part.layout.lineAt(index)
            rect = line.naturalTextRect()
            if rect.adjusted(0, -2, 0, 2).contains(QPointF(point.x(), point.y() - part.top)):
                at = _number(line.xToCursor(point.x(), line.CursorPosition.CursorOnCharacter))
                return next((address for start, end, address in part.links if start <= at < end), "")
        return ""

    def links(self) -> tuple[str, ...]:
        """All addresses shown, in order."""
        return tuple(address for part in self._paragraphs for _, _, address in part.links)

    def rect_of(self, address: str) -> QRectF:
        """Where the first line of an address stands, for tests and focus; an empty rectangle for none."""
        for part in self._paragraphs:
            for start, _end, found in part.links:
                if found == address:
                    line = part.layout.lineForTextPosition(start)
                    return QRectF(_number(line.cursorToX(start)), part.top + line.y(), 8, line.height())
        return QRectF()


def _units(text: str) -> int:
    """Qt counts in UTF-16 units: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _paragraph(
    theme: Theme, text: str, width: float, role: str, tone: str, max_lines: int, top: float, step: float,
    right_to_left: bool, names: bool,
) -> tuple[_Paragraph, int, bool]:  # fmt: skip
    own = reads_right_to_left(text)
    backwards = right_to_left if own is None else own
    layout = _layout(theme, text, role, backwards)
    formats, links = _formats(theme, text, tone, names)
    layout.setFormats(formats)
    layout.beginLayout()
    y, lines, cut = 0.0, 0, False
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        lines += 1
        y = _placed(line, y, step)
        if lines >= max_lines:
            cut = line.textStart() + line.textLength() < _units(text)
            break
    layout.endLayout()
    if cut:
        return _cut(theme, layout, text, width, role, tone, top, step, backwards, names, lines)
    return _Paragraph(layout, top, y, text, links), lines, False


def _placed(line: QTextLine, y: float, step: float) -> float:
    room = max(step, line.height())
    line.setPosition(QPointF(0, y + (room - line.height()) / 2))
    return y + room


def _number(answer: object) -> float:
    """Qt answers some questions about cursors with a pair, in some releases."""
    first = answer[0] if isinstance(answer, tuple) else answer
    return float(str(first))


def _cut(
    theme: Theme, layout: QTextLayout, text: str, width: float, role: str, tone: str, top: float, step: float,
    backwards: bool, names: bool, lines: int,
) -> tuple[_Paragraph, int, bool]:  # fmt: skip
    """The same paragraph with an ellipsis at the end of its last line."""
    start = layout.lineAt(lines - 1).textStart()
    raw = text.encode("utf-16-le", "surrogatepass")
    head = raw[: start * 2].decode("utf-16-le", "ignore")
    last = raw[start * 2 :].decode("utf-16-le", "ignore")[:CHARACTERS_PER_LINE]
    metrics = QFontMetricsF(theme.font(role))
    shown = head + metrics.elidedText(last + "…", Qt.TextElideMode.ElideRight, width - 1)
    again = _layout(theme, shown, role, backwards)
    formats, links = _formats(theme, shown, tone, names)
    again.setFormats(formats)
    again.beginLayout()
    y = 0.0
    for _ in range(lines):
        line = again.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        y = _placed(line, y, step)
    again.endLayout()
    # An address cut by the ellipsis is not the address: it can be read, not followed.
    whole = tuple(link for link in links if f"{link[2]}…" not in shown)
    return _Paragraph(again, top, y, shown, whole), lines, True


def _layout(theme: Theme, text: str, role: str, backwards: bool) -> QTextLayout:
    layout = QTextLayout(text, theme.font(role))
    side = Qt.AlignmentFlag.AlignRight if backwards else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    # Qt takes seconds to look for a place to break one enormous word (trust.md 4.5).
    long_word = any(len(word) > CHARACTERS_PER_LINE for word in text.split())
    wrap = QTextOption.WrapMode
    option.setWrapMode(wrap.WrapAnywhere if long_word else wrap.WrapAtWordBoundaryOrAnywhere)
    direction = Qt.LayoutDirection
    option.setTextDirection(direction.RightToLeft if backwards else direction.LeftToRight)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    return layout


def _formats(
    theme: Theme, text: str, tone: str, names: bool
) -> tuple[list[QTextLayout.FormatRange], tuple[tuple[int, int, str], ...]]:
    whole = QTextLayout.FormatRange()
    whole.start, whole.length = 0, _units(text)
    look = QTextCharFormat()
    look.setForeground(theme.colour(tone))
    whole.format = look
    formats, links = [whole], []
    for mark in marks(text, names=names):
        shape = QTextLayout.FormatRange()
        shape.start = _units(text[: mark.start])
        shape.length = _units(text[mark.start : mark.end])
        look = QTextCharFormat()
        look.setForeground(theme.colour("accent"))
        look.setFontUnderline(bool(mark.address))
        shape.format = look
        formats.append(shape)
        if mark.address:
            links.append((shape.start, shape.start + shape.length, mark.address))
    return formats, tuple(links)
