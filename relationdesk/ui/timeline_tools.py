"""The buttons of the row under the mouse or in hand, and the menu that holds the same and more.

Painted, not widgets: each is also in the menu and has a key, so that nobody needs the mouse.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from relationdesk.derived import Item
from relationdesk.model import Audience, Direction
from relationdesk.outgoing import Deed
from relationdesk.ui import timeline_words as words
from relationdesk.ui.frame import hint
from relationdesk.ui.resources import draw_icon, icon
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look
from relationdesk.ui.timeline_model import Row, RowKind
from relationdesk.ui.timeline_parts import Painted
from relationdesk.ui.words import QT_TRANSLATE_NOOP

_TOOLS = {
    "reply": (QT_TRANSLATE_NOOP("Timeline", "Answer"), "reply", "reply"),
    "like": (QT_TRANSLATE_NOOP("Timeline", "Like"), "heart", "like"),
    "boost": (QT_TRANSLATE_NOOP("Timeline", "Pass on (boost, repost)"), "repeat-2", "boost"),
    "open_original": (QT_TRANSLATE_NOOP("Timeline", "Open the original"), "external-link", "open_original"),
    "note": (QT_TRANSLATE_NOOP("Timeline", "Write a note about this"), "notebook-pen", "note"),
    "flip": (QT_TRANSLATE_NOOP("Timeline", "Flip between place and person"), "arrow-left-right", "flip"),
    "route": (QT_TRANSLATE_NOOP("Timeline", "Put on a list…"), "inbox", "route"),
    "copy": (QT_TRANSLATE_NOOP("Timeline", "Copy"), "copy", ""),
    "snooze": (QT_TRANSLATE_NOOP("Timeline", "Snooze"), "alarm-clock", "snooze"),
    "done": (QT_TRANSLATE_NOOP("Timeline", "Done"), "check", "done"),
    "change": (QT_TRANSLATE_NOOP("Timeline", "Change what you wrote down"), "pencil", ""),
    "remove": (QT_TRANSLATE_NOOP("Timeline", "Remove what you wrote down"), "trash-2", ""),
    "edit": (QT_TRANSLATE_NOOP("Timeline", "Edit this note"), "pencil", ""),
    "versions": (QT_TRANSLATE_NOOP("Timeline", "Earlier wordings"), "history", ""),
    "trash": (QT_TRANSLATE_NOOP("Timeline", "Into the trash"), "trash-2", ""),
    "who": (QT_TRANSLATE_NOOP("Timeline", "Who is this?"), "user-search", ""),
    "menu": (QT_TRANSLATE_NOOP("Timeline", "More"), "ellipsis", ""),
}


_GIVE_WAY = ("open_original", "note", "like", "snooze", "flip", "done", "reply")
"""In this order buttons make room for the words of a narrow row."""


_PRESSED = {
    "like": (Deed.LIKE, QT_TRANSLATE_NOOP("Timeline", "Liked · take back")), "boost": (Deed.BOOST, QT_TRANSLATE_NOOP("Timeline", "Passed on · take back")),
}  # fmt: skip


def title(name: str, item: Item) -> str:
    return words.tr(_PRESSED[name][1] if is_pressed(name, item) else _TOOLS[name][0])


def is_pressed(name: str, item: Item) -> bool:
    return name in _PRESSED and _PRESSED[name][0] in item.pressed


def possible(item: Item, *, waits: bool = False) -> tuple[str, ...]:
    """Everything that can be done with an item, for the menu. waits: a prompt rests on it."""
    if item.note is not None:
        return "edit", "copy", "versions", "trash"
    assert item.activity is not None
    found = (["reply", "like", "boost"] if item.activity.audience is not Audience.PRIVATE else ["reply"]) if item.direction is Direction.IN else []
    found += ["open_original"] if item.activity.url else []
    found += ["note"] if item.actor_person is not None or item.direction.value != "in" else ["who"]
    found += ["change", "remove"] if item.by_hand is not None else []
    return (*found, *(("snooze", "done") if waits else ()), "flip", *(("route",) if item.direction is Direction.IN else ()), "copy")


class Tools:
    """Where the buttons of a row are, and how they look."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def shown(self, row: Row, *, waits: bool, room: int) -> tuple[str, ...]:
        """The buttons for a row whose words have `room`; those that fit into a half of it, the rest is in the menu."""
        if row.item is None or row.kind is RowKind.EARLIER:
            return ()
        if row.item.note is not None:
            return "edit", "trash", "menu"
        some = [name for name in possible(row.item, waits=waits) if name not in ("copy", "who", "change", "remove", "route", "boost")]
        while some and self.width((*some, "menu")) > room // 2:
            some.remove(min(some, key=_GIVE_WAY.index))
        return (*some, "menu")

    def _edge(self) -> int:
        return max(28, self._look.theme.px(28))

    def width(self, tools: tuple[str, ...]) -> int:
        return self._edge() * len(tools) + self._look.theme.px(10) if tools else 0

    def title(self, name: str, item: Item) -> str:
        key = hint(_TOOLS[name][2]) if _TOOLS[name][2] else ""
        return f"{title(name, item)} ({key})" if key else title(name, item)

    def _frame(self, painted: Painted, tools: tuple[str, ...]) -> QRect:
        px, edge = self._look.theme.px, self._edge()
        wide = edge * len(tools) + px(6)
        middle = painted.head_at.y() + self._look.theme.line_height("body") / 2
        left = round(painted.head_at.x()) + painted.line - wide + px(4)
        return painted.turned(QRect(left, round(middle - edge / 2) - px(1), wide, edge + px(2)))

    def _rects(self, painted: Painted, tools: tuple[str, ...]) -> list[QRect]:
        frame, edge = self._frame(painted, tools), self._edge()
        step = range(len(tools)) if not painted.style.right_to_left else range(len(tools) - 1, -1, -1)
        start = frame.x() + self._look.theme.px(3)
        return [QRect(start + n * edge, frame.y(), edge, frame.height()) for n in step]

    def at(self, painted: Painted, point: QPointF, tools: tuple[str, ...]) -> str:
        """The button under a point of the row, "" for none."""
        if not tools:
            return ""
        rects = self._rects(painted, tools)
        return next((name for name, rect in zip(tools, rects, strict=True) if rect.contains(point.toPoint())), "")

    def _tone(self, name: str, item: Item | None) -> str:
        return self._look.theme.tokens.accent if item is not None and is_pressed(name, item) else self._look.theme.tokens.text2

    def draw(self, painter: QPainter, painted: Painted, top: float, tools: tuple[str, ...]) -> None:
        theme = self._look.theme
        frame = QRectF(self._frame(painted, tools)).translated(0, top)
        draw_rounded(painter, frame, theme.px(8), theme.tokens.card, theme.tokens.border)
        size = theme.px(17)
        for name, rect in zip(tools, self._rects(painted, tools), strict=True):
            at = rect.center()
            if painted.row.item is not None and is_pressed(name, painted.row.item):
                draw_rounded(painter, QRectF(rect).translated(0, top).adjusted(2, 3, -2, -3), theme.px(6), theme.tokens.accent_tint)
            draw_icon(painter, _TOOLS[name][1], self._tone(name, painted.row.item), at.x() - size / 2 + 1, top + at.y() - size / 2 + 1, size)

    def menu(self, parent: QWidget, item: Item, names: tuple[str, ...]) -> tuple[QMenu, dict[QAction, str]]:
        """A menu of these actions with their keys, and which entry means which."""
        menu = QMenu(parent)
        theme, entries = self._look.theme, dict[QAction, str]()
        for name in names:
            _, picture, action = _TOOLS[name]
            said = title(name, item)
            entry = menu.addAction(icon(picture, self._tone(name, item), theme.px(18)), f"{said}\t{hint(action)}" if action else said)
            entries[entry] = name
        return menu, entries
