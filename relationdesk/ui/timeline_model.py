"""A few pages of a timeline as rows: items with day separators between them, conversations folded, newest first.

The model never asks for data. It is given stretches and tells what could follow (`older`, `newer`); it forgets rows
at the far end, so that a timeline of any length costs the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from relationdesk.derived import Item, PlaceState
from relationdesk.model import Key, Kind
from relationdesk.services.review import Stretch
from relationdesk.ui import timeline_words as words
from relationdesk.ui import when

KEPT = 400
"""Items held at most; about eight pages."""
QUIET_DAYS = 9
"""A pause between two items from which it is said in words."""

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class RowKind(StrEnum):
    DAY = "day"
    GAP = "gap"
    NEW = "new"
    ITEM = "item"
    EARLIER = "earlier"  # of an unfolded conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. name: what it is, stable across reloads. more: the whole text is shown. quote: quoted text as well.

    thread: how an item's conversation is: "" none, "folded", "asked", "open". last: last of an unfolded conversation.
    """

    kind: RowKind
    name: tuple[str, ...]
    item: Item | None = None
    label: str = ""
    detail: str = ""
    more: bool = False
    quote: bool = False
    thread: str = ""
    last: bool = False


def name_of(item: Item) -> tuple[str, ...]:
    """What an item is called in the model, whatever its position."""
    if item.note is not None:
        return ("note", item.note.uid)
    assert item.activity is not None
    return ("activity", *item.activity.key)


def name_of_key(key: Key) -> tuple[str, ...]:
    return ("activity", *key)


class TimelineModel(QAbstractListModel):
    """Rows for `TimelineView`. Roles: Display (one line), AccessibleText (the whole row in words), User (the Row)."""

    def __init__(self, clock: Callable[[], datetime], *, flat: bool = False, parent: QObject | None = None) -> None:
        """flat: every message on its own, as on a place's page."""
        super().__init__(parent)
        self._clock, self._flat = clock, flat
        self._items: list[Item] = []
        self._known: set[tuple[str, ...]] = set()
        self._rows: list[Row] = []
        self._more: set[tuple[str, ...]] = set()
        self._quotes: set[tuple[str, ...]] = set()
        self._threads: dict[tuple[str, ...], tuple[Item, ...] | None] = {}
        self._looked: datetime | None = None
        self._gaps = True
        self._coverage: tuple[PlaceState, ...] = ()
        self.older: int | None = None
        self.newer: int | None = None

    # What is shown

    def items(self) -> tuple[Item, ...]:
        return tuple(self._items)

    def row(self, number: int) -> Row:
        return self._rows[number]

    def rows(self) -> Sequence[Row]:
        return self._rows

    def find(self, name: tuple[str, ...]) -> int:
        """The row of this name; of an item that is folded into another, the row of that one; -1 for none."""
        for number, row in enumerate(self._rows):
            if row.name == name:
                return number
        for number, row in enumerate(self._rows):
            if row.item is not None and name in _folded(row.item):
                return number
        return -1

    def show(self, stretch: Stretch, *, looked: datetime | None = None, gaps: bool = True) -> None:
        """Put this stretch in place of everything. What was unfolded stays unfolded. gaps: say long pauses."""
        self._looked, self._gaps = looked, gaps
        self._items = list(stretch.items)
        self._known = _names(self._items)
        self.older, self.newer = stretch.older, stretch.newer
        self._arrange()

    def jump(self, stretch: Stretch) -> None:
        """Another part of the same timeline in place of what is loaded."""
        self.show(stretch, looked=self._looked, gaps=self._gaps)

    def set_coverage(self, states: Iterable[PlaceState]) -> None:
        """What was read: whether a long pause is quiet, or only not known."""
        found = tuple(states)
        if found != self._coverage:
            self._coverage = found
            self._arrange()

    def add_older(self, stretch: Stretch) -> None:
        """Put a stretch below; messages of a conversation that is shown above are folded into it."""
        self.older = stretch.older
        fresh = [item for item in stretch.items if name_of(item) not in self._known]
        self._known |= _names(fresh)
        self._items = _joined(self._items, fresh, fold=not self._flat)
        if len(self._items) > KEPT:
            self._known -= _names(self._items[:-KEPT])
            self._items = self._items[-KEPT:]
            self.newer = _edge(self._items)
        self._arrange()

    def add_newer(self, stretch: Stretch) -> None:
        """Put a stretch above."""
        self.newer = stretch.newer
        fresh = [item for item in stretch.items if name_of(item) not in self._known]
        self._known |= _names(fresh)
        self._items = fresh + self._items
        if len(self._items) > KEPT:
            self._known -= _names(self._items[KEPT:])
            self._items = self._items[:KEPT]
            self.older = _edge(reversed(self._items))
        self._arrange()

    def clear(self) -> None:
        self._more.clear()
        self._quotes.clear()
        self._threads.clear()
        self.show(Stretch(items=()))

    # What the reader unfolds

    def toggle_more(self, number: int) -> None:
        self._toggle(self._more, self._rows[number].name)

    def toggle_quote(self, number: int) -> None:
        self._toggle(self._quotes, self._rows[number].name)

    def _toggle(self, names: set[tuple[str, ...]], name: tuple[str, ...]) -> None:
        names.symmetric_difference_update({name})
        self._arrange()

    def ask_thread(self, number: int) -> bool:
        """Unfold or fold a conversation; True if its messages have to be fetched and given to `open_thread`."""
        name = self._rows[number].name
        if name in self._threads:
            del self._threads[name]
            self._arrange()
            return False
        self._threads[name] = None
        self._arrange()
        return True

    def open_thread(self, head: Item, whole: Iterable[Item]) -> None:
        """The messages before `head`, newest first. Ignored if the reader has folded it again meanwhile."""
        name = name_of(head)
        if name in self._threads:
            self._threads[name] = tuple(i for i in whole if name_of(i) != name and i.id <= head.id) or head.earlier
            self._arrange()

    # Rows

    def _arrange(self) -> None:
        fresh = list(self._build())
        old = self._rows
        start = 0
        limit = min(len(old), len(fresh))
        while start < limit and old[start].name == fresh[start].name:
            start += 1
        end = 0
        while end < limit - start and old[-1 - end].name == fresh[-1 - end].name:
            end += 1
        if len(old) - end > start:
            self.beginRemoveRows(_NOWHERE, start, len(old) - end - 1)
            self._rows = old[:start] + old[len(old) - end :]
            self.endRemoveRows()
        before = old[:start] + fresh[start : len(fresh) - end] + old[len(old) - end :]
        if len(fresh) - end > start:
            self.beginInsertRows(_NOWHERE, start, len(fresh) - end - 1)
            self._rows = before
            self.endInsertRows()
        self._rows = fresh
        changed = [number for number, (was, now) in enumerate(zip(before, fresh, strict=True)) if was is not now and was != now]
        if changed:  # all at once: whoever hears it lays every row out again
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _build(self) -> Iterable[Row]:
        now, group, previous = self._clock(), None, None
        divider = self._divider()
        if self._gaps and self._items and self.newer is None and divider < 0:
            yield from _gap(("day", words.local_day(now) + timedelta(days=1)), words.standing_day(self._items[0]), self._coverage)
        for number, item in enumerate(self._items):
            if number == divider:
                yield Row(kind=RowKind.NEW, name=("new",), label=self._since(now))
                group = None
            own = words.standing_day(item)
            if own != group:
                if previous is not None and self._gaps:
                    yield from _gap(words.standing_day(previous), own, self._coverage)
                label, detail = words.separator(own, now)
                yield Row(kind=RowKind.DAY, name=("day", *map(str, own), str(number >= divider >= 0)), label=label, detail=detail)
                group = own
            yield from self._of_item(item)
            previous = item

    def _of_item(self, item: Item) -> Iterable[Row]:
        name = name_of(item)
        opened = self._threads.get(name, ())
        state = ""
        if item.earlier:
            state = "folded" if name not in self._threads else "asked" if opened is None else "open"
        yield self._row(RowKind.ITEM, name, item, state)
        for number, earlier in enumerate(opened or ()):
            last = number == len(opened or ()) - 1
            yield self._row(RowKind.EARLIER, ("earlier", *name_of(earlier)), replace(earlier, earlier=()), "", last)

    def _row(self, kind: RowKind, name: tuple[str, ...], item: Item, thread: str, last: bool = False) -> Row:
        return Row(
            kind=kind, name=name, item=item, more=name in self._more, quote=name in self._quotes, thread=thread, last=last
        )

    def _divider(self) -> int:
        """Before which item *new since you last looked* ends; -1 for nowhere."""
        if self._looked is None or not self._items or not self._items[0].is_new or self.newer is not None:
            return -1
        return next((n for n, item in enumerate(self._items) if not item.is_new and item.note is None), -1)

    def _since(self, now: datetime) -> str:
        assert self._looked is not None
        return words.tr("New since {when}").format(when=when.clock(self._looked, now))

    # Qt

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.item is None:
                return f"{row.label} {row.detail}".strip()
            return words.spoken(row.item, self._clock())
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        readable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return readable | Qt.ItemFlag.ItemIsSelectable if self._rows[index.row()].item is not None else readable


def _gap(newer: tuple[str, date | None], older: tuple[str, date | None], states: Sequence[PlaceState]) -> Iterable[Row]:
    """A row for a long pause between two days; none for a short one, or where a day is not known."""
    later, sooner = newer[1], older[1]
    if newer[0] != "day" or older[0] != "day" or later is None or sooner is None:
        return
    if (later - sooner).days - 1 >= QUIET_DAYS:
        label = words.pause(sooner + timedelta(days=1), later - timedelta(days=1), states)
        yield Row(kind=RowKind.GAP, name=("gap", str(later), str(sooner)), label=label)


def _folded(item: Item) -> tuple[tuple[str, ...], ...]:
    """Names of what hangs on an item: earlier messages, and the same words in other places."""
    earlier = tuple(name for other in item.earlier for name in (name_of(other), *_folded(other)))
    return earlier + tuple(name_of_key(mark.key) for mark in item.marks)


def _names(items: Iterable[Item]) -> set[tuple[str, ...]]:
    """Of these items and of all that hangs on them."""
    return {name for item in items for name in (name_of(item), *_folded(item))}


def _slot(item: Item) -> tuple[str, str] | None:
    """The conversation an item is part of, where such are folded; as in flip/timeline."""
    activity = item.activity
    if activity is None or not activity.thread or activity.kind not in (Kind.MAIL, Kind.MESSAGE):
        return None
    return activity.key.place, activity.thread


def _joined(items: list[Item], more: Sequence[Item], *, fold: bool) -> list[Item]:
    """Older items below; those of a conversation that has its head above hang on it."""
    joined, added = list(items), dict[int, list[Item]]()
    heads = {slot: n for n, item in enumerate(joined) if fold and (slot := _slot(item)) is not None}
    for item in more:
        slot = _slot(item)
        if slot is not None and slot in heads:
            added.setdefault(heads[slot], []).extend((replace(item, earlier=()), *item.earlier))
        else:
            joined.append(item)
    for n, earlier in added.items():
        joined[n] = replace(joined[n], earlier=(*joined[n].earlier, *earlier))
    return joined


def _edge(items: Iterable[Item]) -> int | None:
    """The position of the first activity: from there the store can be asked on."""
    return next((item.id for item in items if item.activity is not None), None)
