"""The lines of the palette: people, companies, buckets, pages, actions, and what full text found. Values and painting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from relationdesk.model import Person
from relationdesk.services.searching import MARK_END, MARK_START, Found, Hit, Kept
from relationdesk.sources.handles import meant_by
from relationdesk.text import fold, one_line
from relationdesk.ui.actions import ActionSpec, action_text
from relationdesk.ui.keys import native_key
from relationdesk.ui.page import Target
from relationdesk.ui.places import place_look
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import Run, TextCache, draw_rounded, mirrored, quiet_tone
from relationdesk.ui.theme import Look
from relationdesk.ui.tokens import readable
from relationdesk.ui.when import ago
from relationdesk.ui.widgets.avatar import draw_avatar
from relationdesk.ui.widgets.buttons import draw_key, key_size
from relationdesk.ui.widgets.place_mark import draw_place_mark

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
_Index = QModelIndex | QPersistentModelIndex


def tr(text: str) -> str:
    return QCoreApplication.translate("Palette", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. heading: a line between groups. target: where Enter leads; action: id of what Enter does instead; adds: the handle or address
    by which it adds somebody; template: the uid of the one that it shows.

    person: for the circle, and for Shift+Enter. aside: at the far side (a time). runs: the second line, marked.
    """

    title: str
    heading: bool = False
    icon: str = ""
    colour: str = ""
    place: str = ""
    person: Person | None = None
    runs: tuple[Run, ...] = ()
    aside: str = ""
    key: str = ""
    target: Target | None = None
    action: str = ""
    adds: str = ""
    template: str = ""


def snippet_runs(snippet: str) -> tuple[Run, ...]:
    """What was found, strong where it matches."""
    runs: list[Run] = []
    for n, piece in enumerate(snippet.replace("\n", " ").split(MARK_START)):
        marked, end, rest = piece.partition(MARK_END) if n else ("", "", piece)
        if n and not end:
            marked, rest = "", marked
        runs += [Run(marked, "text1", True)] if marked else []
        runs += [Run(rest)] if rest else []
    return tuple(runs)


def group(title: str, entries: Sequence[Entry]) -> list[Entry]:
    return [Entry(title=title, heading=True), *entries] if entries else []


def named(found: Found) -> list[Entry]:
    """People, companies and buckets."""
    persons = [
        Entry(title=p.name, person=p, runs=(Run(" · ".join(x for x in (p.title, p.company) if x)),),
              target=Target(page="person", id=p.id))
        for p in found.people
    ]  # fmt: skip
    firms = [
        Entry(title=c.name, icon="building-2", target=Target(page="company", id=c.id), aside=tr("Company"))
        for c in found.companies
    ]
    groups = [
        Entry(title=b.name, icon="star", colour=b.colour, target=Target(page="bucket", id=b.id), aside=tr("Bucket"))
        for b in found.buckets
    ]
    return [*group(tr("People"), persons), *group(tr("Companies"), firms), *group(tr("Buckets"), groups)]


def kept_entries(found: Kept) -> list[Entry]:
    """What is kept in mind, each leading to its person, and templates."""
    minded = [
        Entry(title=person.name, person=person, runs=(Run(f"{one.label}: ", "text3"), Run(one_line(one.text, 200))), target=Target(page="person", id=person.id))
        for person, one in found.particulars
    ]  # fmt: skip
    said = [
        Entry(title=one.name, icon="file-text", runs=(Run(one_line(" · ".join(filter(None, (one.subject, one.text))), 200)),), template=one.uid)
        for one in found.templates
    ]  # fmt: skip
    return [*group(tr("Kept in mind"), minded), *group(tr("Templates"), said)]


def adding(typed: str) -> list[Entry]:
    """Adding whom a handle, an address or a page means; nothing for what may just as well be a word."""
    meant = meant_by(typed)
    told = [one for one in meant if one.sure] or (list(meant) if re.search(r"[@/.]", typed) else [])
    if not told:
        return []
    places = ", ".join(dict.fromkeys(place_look(one.place).title for one in told[:3]))
    return [Entry(title=tr("Add {who}").format(who=one_line(typed, 60)), icon="user-plus", aside=one_line(places, 20), adds=typed)]


def doing(specs: Iterable[ActionSpec], typed: str, key: Callable[[str], str]) -> list[Entry]:
    """Actions of which every typed word begins a word."""
    words = fold(typed).split()
    chosen = [s for s in specs if all(f" {word}" in f" {fold(action_text(s))}" for word in words)]
    return [Entry(title=action_text(s), icon=s.icon or "arrow-right", key=native_key(key(s.id)), action=s.id) for s in chosen]


def hit_entries(hits: Iterable[Hit], now: datetime) -> list[Entry]:
    """Findings of full text, each leading to its person at that item, or to its place there."""
    entries = []
    for hit in hits:
        item = hit.item
        key = item.activity.key if item.activity else None
        person_id = item.note.person_id if item.note else item.actor_person
        place = key.place if key else "notes"
        if person_id is not None:
            target: Target | None = Target(page="person", id=person_id, at=key)
        elif item.note is not None:
            target = Target(page="company", id=item.note.company_id)
        else:
            target = Target(page="place", place=place, at=key)
        title = item.actor_name or (tr("Your note") if item.note else "")
        if item.activity is not None and item.activity.title:
            title = f"{title} · {item.activity.title}" if title else item.activity.title
        entries.append(
            Entry(title=title, place=place, runs=snippet_runs(hit.snippet), aside=ago(item.published, now), target=target)
        )
    return group(tr("In what was said and noted"), entries)


class PaletteModel(QAbstractListModel):
    """The lines in the order shown. Headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def set_entries(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def next_row(self, row: int, step: int) -> int:
        """The next line that can be chosen, round the ends; -1 if there is none."""
        rows = [n for n, entry in enumerate(self._entries) if not entry.heading]
        if not rows:
            return -1
        if row not in rows:
            return rows[0] if step > 0 else rows[-1]
        return rows[(rows.index(row) + step) % len(rows)]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None or entry.heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = "".join(run.text for run in entry.runs)
            return ", ".join(part for part in (entry.title, words, entry.aside, entry.key) if part)
        return None


class PaletteDelegate(QStyledItemDelegate):
    """Paints a line: mark, words, second line, key or time."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._texts = TextCache(600)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        entry = index.data(ENTRY)
        height = 30 if entry.heading else 54 if entry.runs and entry.runs[0].text else 40
        return QSize(200, self._look.theme.px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: Entry = index.data(ENTRY)
        theme, px = self._look.theme, self._look.theme.px
        mirror = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        if entry.heading:
            area = option.rect.adjusted(px(12), 0, -px(12), 0)
            block = self._texts.block(
                theme, entry.title.upper(), area.width(), role="over", tone="text2", right_to_left=mirror
            )
            block.draw(painter, area.left(), area.bottom() - px(4) - block.height)
            painter.restore()
            return
        row = option.rect.adjusted(4, 1, -4, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = theme.tokens.selected if selected else theme.tokens.card
        if selected:
            draw_rounded(painter, QRectF(row), 8, ground)

        def put(x: int, y: int, width: int, height: int) -> QRect:
            return mirrored(QRect(row.left() + x, row.top() + y, width, height), row, option.direction)

        self._mark(painter, entry, put(px(10), (row.height() - px(28)) // 2, px(28), px(28)), ground)
        left = px(50)
        room = row.width() - left - px(12) - self._aside(painter, entry, row, selected, mirror)
        second = entry.runs if entry.runs and entry.runs[0].text else ()
        lines: tuple[tuple[str | tuple[Run, ...], str, str], ...] = (
            (entry.title, "strong", "text1"), (tuple(second), "small", quiet_tone(selected)),
        )  # fmt: skip
        height = px(20)
        top = (row.height() - height * (2 if second else 1)) // 2
        for n, (words, role, tone) in enumerate(lines):
            if words:
                area = put(left, top + n * height, room, height)
                block = self._texts.block(theme, words, room, role=role, tone=tone, right_to_left=mirror)
                block.draw(painter, area.left(), area.top() + (height - block.height) / 2)
        painter.restore()

    def _mark(self, painter: QPainter, entry: Entry, area: QRect, ground: str) -> None:
        theme = self._look.theme
        if entry.person is not None:
            waits = entry.person.open_prompts > 0
            draw_avatar(painter, theme, QRectF(area), entry.person.name, entry.person.id, dot=waits, ground=ground)
        elif entry.place:
            draw_place_mark(painter, theme, QRectF(area), entry.place)
        else:
            edge = theme.px(18)
            colour = readable(entry.colour, ground, 3.0) if entry.colour else theme.tokens.text2
            at = (area.width() - edge) / 2
            draw_icon(painter, entry.icon, colour, area.left() + at, area.top() + at, edge)

    def _aside(self, painter: QPainter, entry: Entry, row: QRect, selected: bool, mirror: bool) -> int:
        """Paint the key or the time at the far side; the room it takes."""
        theme, px = self._look.theme, self._look.theme.px
        if entry.key:
            size = key_size(theme, entry.key)
            left = row.left() + px(12) if mirror else row.right() - px(12) - size.width()
            draw_key(painter, theme, left, row.top() + (row.height() - size.height()) / 2, entry.key)
            return size.width() + px(10)
        if not entry.aside:
            return 0
        block = self._texts.block(
            theme, entry.aside, px(110), role="small", tone=quiet_tone(selected), end=True, right_to_left=mirror, tabular=True
        )
        left = row.left() + px(12) if mirror else row.right() - px(12) - px(110)
        block.draw(painter, left, row.top() + (row.height() - block.height) / 2)
        return block.width + px(10)
