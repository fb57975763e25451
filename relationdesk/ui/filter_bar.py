"""Which part of a timeline is shown: chips for places with how much is there, a menu for kinds, direction, notes and periods.

The chips keep to one row: places for which there is no room are in the menu. The rail adds the weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import QLocale, QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from relationdesk.derived import Filter
from relationdesk.model import Direction, Kind
from relationdesk.ui import timeline_words as words
from relationdesk.ui.frame import Flow, clear
from relationdesk.ui.places import place_look
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button


class FilterBar(QWidget):
    """`changed(Filter)` when the reader chooses. Chips toggle; several places add up; *Everything* clears all. of_many: of several people,
    where who turns to whom and notes are no question."""

    changed = Signal(object)

    def __init__(self, look: Look, clock: Callable[[], datetime], parent: QWidget | None = None, *, of_many: bool = False) -> None:
        super().__init__(parent)
        self._look, self._clock, self._of_many = look, clock, of_many
        self._places: tuple[tuple[str, int], ...] = ()
        self._which = Filter()
        self._chips: dict[str, Button] = {}
        self._flow = Flow(look, gap=6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(self._flow, 1)
        look.changed.connect(self._fill)
        self._fill()

    def which(self) -> Filter:
        return self._which

    def set_places(self, places: Iterable[tuple[str, int]]) -> None:
        """What can be chosen: place and number of activities, 0 where nobody counted. The choice stays where it still can."""
        found = tuple(places)
        if found != self._places:
            self._places = found
            self._fill()

    def set_filter(self, which: Filter) -> None:
        """Without `changed`."""
        self._which = which
        self._mark()

    def clear(self) -> None:
        """Everything is shown, with `changed`."""
        self._choose(Filter())

    def set_period(self, which: Filter) -> None:
        """since and until of another filter, with `changed`."""
        self._choose(replace(self._which, since=which.since, until=which.until))

    def is_filtering(self) -> bool:
        return self._which != Filter()

    def _fill(self) -> None:
        clear(self._flow)
        self._chips = {}
        total = sum(n for _, n in self._places)
        self.everything = Button(self._look, self.tr("Everything"), style="chip", count=QLocale().toString(total) if total else "")
        self.everything.setCheckable(True)
        self.everything.clicked.connect(lambda: self._choose(Filter()))
        self._flow.addWidget(self.everything)
        few = len(self._places) <= 3
        for place, n in self._places:
            look, count = place_look(place), QLocale().toString(n) if n else ""
            name = f"{look.title}, {count}" if count else look.title
            chip = Button(self._look, look.title if few or not n else "", style="chip", icon=look.icon, count=count, name=name)
            chip.set_icon_colour(self._look.theme.place_colour(place).glyph)
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._toggle_place, place))
            self._chips[place] = chip
            self._flow.addWidget(chip)
        self.more = Button(self._look, self.tr("More"), style="chip", icon="list-filter")
        self.more.clicked.connect(self._open_menu)
        self._flow.addWidget(self.more)
        self._mark()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As many chips as one row holds, in their order; a place that is left out does not make room for a later one."""
        gap = self._look.theme.px(6)
        room = self.width() - self.everything.sizeHint().width() - self.more.sizeHint().width() - gap
        for chip in self._chips.values():
            room -= chip.sizeHint().width() + gap
            chip.setVisible(room >= 0)
        self._mark()
        self.updateGeometry()

    def _hidden(self) -> list[str]:
        return [place for place, chip in self._chips.items() if chip.isHidden()]

    def _mark(self) -> None:
        which = self._which
        self.everything.setChecked(which == Filter())
        for place, chip in self._chips.items():
            chip.setChecked(place in which.places)
        inside = len(which.kinds) + len(which.directions) + (not which.notes) + (which.since is not None)
        inside += len(which.places - (self._chips.keys() - set(self._hidden())))
        self.more.set_content(self.tr("More"), icon="list-filter", count=str(inside) if inside else "")

    def _choose(self, which: Filter, *_: object) -> None:
        changed = which != self._which
        self._which = which
        self._mark()
        if changed:
            self.changed.emit(which)

    def _toggle_place(self, place: str, *_: object) -> None:
        self._choose(replace(self._which, places=self._which.places ^ {place}))

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    def menu(self) -> QMenu:
        """Everything that can be chosen, with a mark at what is."""
        menu, which = QMenu(self), self._which
        menu.aboutToHide.connect(menu.deleteLater)
        for place in self._hidden():
            self._add(menu, self._chips[place].accessibleName(), place in which.places, replace(which, places=which.places ^ {place}))
        menu.addSeparator()
        for direction, title in ((Direction.IN, self.tr("From them")), (Direction.OUT, self.tr("From me, to them"))) if not self._of_many else ():
            self._add(menu, title, direction in which.directions, replace(which, directions=which.directions ^ {direction}))
        menu.addSeparator()
        for kind in Kind:
            self._add(menu, words.kind_title(kind), kind in which.kinds, replace(which, kinds=which.kinds ^ {kind}))
        menu.addSeparator()
        if not self._of_many:
            self._add(menu, self.tr("With my notes"), which.notes, replace(which, notes=not which.notes))
        periods = [(title, self._since(days)) for title, days in self._periods()]
        for title, since in periods:
            on = which.since == since and which.until is None
            self._add(menu, title, on, replace(which, since=None if on else since, until=None))
        if which.until is not None or which.since not in (None, *(since for _, since in periods)):
            self._add(menu, self.tr("Only the chosen weeks"), True, replace(which, since=None, until=None))
        return menu

    def _periods(self) -> tuple[tuple[str, int], ...]:
        """For whoever does not use the rail, or has no room for it."""
        return (
            (self.tr("The last 7 days"), 7), (self.tr("The last 30 days"), 30), (self.tr("The last 90 days"), 90), (self.tr("The last 365 days"), 365)
        )  # fmt: skip

    def _since(self, days: int) -> datetime:
        """The beginning of the user's day so many days ago."""
        local = self._clock().astimezone() - timedelta(days=days)
        return datetime(local.year, local.month, local.day).astimezone(UTC)

    def _add(self, menu: QMenu, title: str, on: bool, then: Filter) -> None:
        entry = menu.addAction(title)
        entry.setCheckable(True)
        entry.setChecked(on)
        entry.triggered.connect(partial(self._choose, then))
