"""Before a look-in round: what is due, what was paused, and over whom one may be begun."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.model import Bucket
from relationdesk.saying import counted
from relationdesk.services import round_queue
from relationdesk.services.round_queue import Brief
from relationdesk.store import buckets
from relationdesk.ui import when
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Flow, Head, Icon, ScrollColumn, Stack
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.label import ElidedLabel, PlainLabel

TIMES = (0, 5, 10, 15, 30)
"""Minutes to choose from; 0: as long as it takes."""
SHOWN = 12


def tr(text: str) -> str:
    return QCoreApplication.translate("Round", text)


def title_of(brief: Brief) -> str:
    """What a round is called: the bucket's or company's name, the words sought, or Today."""
    return named(brief.origin, brief.what, brief.title)


def named(origin: str, what: str, title: str) -> str:
    if origin == "today":
        return tr("Today")
    if origin == "people" and not what:
        return tr("People")
    return tr("“{words}”").format(words=what) if origin in ("people", "search") else title


def time_words(minutes: int) -> str:
    return tr("{n} min").format(n=minutes) if minutes else tr("No limit")


def over_title(context: Context, words: str) -> QWidget:
    """A small title with air above it."""
    label = PlainLabel(context.look, words.upper(), role="over", tone="text2")
    label.setContentsMargins(0, context.look.theme.px(12), 0, context.look.theme.px(2))
    return label


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What can be walked. today: how many people today's prompts name. rounds: open ones first, then ended ones. due: to be walked again by today."""

    today: int
    buckets: tuple[Bucket, ...]
    rounds: tuple[Brief, ...]
    due: tuple[Brief, ...]


def choice(db: Any, now: datetime) -> Choice:
    from relationdesk.services import agenda  # with the rules

    shown = {entry.person.id for entry in agenda.today(db, now).shown}
    return Choice(
        today=len(shown), buckets=tuple(b for b in buckets.every(db) if b.people), rounds=round_queue.every(db, SHOWN), due=round_queue.due(db, now)
    )


class RoundStart(QWidget):
    """`begin(origin, what, minutes)`; `open(round id)`: go on with it, or look at what it came to."""

    begin = Signal(str, str, int)
    open = Signal(int)
    people = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._minutes = context, 0
        look = context.look
        self.head = Head(look, tr("Look-in round"))
        self.head.subtitle.set_runs(tr("One person after another, each opened at what is new"))
        self._list = ScrollColumn(look, name=tr("Rounds to walk"), padding=(28, 0, 28, 24), gap=6)
        self._empty = EmptyState(look, icon="route")
        self._empty.chosen.connect(self.people)
        self._stack = Stack(self._list, self._empty)
        self.rows: list[Clickable] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)

    def show_choice(self, found: Choice) -> None:
        self.rows = []
        parts = (*self._due(found), *self._paused(found), *self._new(found), *self._past(found))
        if not self.rows:
            self._empty.set_state(
                tr("Nobody to look in on yet"), tr("Put people into a bucket (B), and walk it here one by one."), button=tr("See people"), icon="route"
            )
            self._stack.show_widget(self._empty)
            return
        self._list.fill(parts)
        self._stack.show_widget(self._list)

    def step(self, by: int) -> None:
        self._list.step(by)

    def _due(self, found: Choice) -> Iterable[QWidget]:
        if found.due:
            yield self._title(tr("Due again"))
        for brief in found.due:
            day = tr("since {day}").format(day=f"{brief.again:%x}") if brief.again and brief.again < self._context.clock().astimezone().date() else tr("today")
            yield self._row("calendar-clock", title_of(brief), day, partial(self._begin, brief.origin, brief.what))

    def _paused(self, found: Choice) -> Iterable[QWidget]:
        some = [brief for brief in found.rounds if brief.ended is None]
        if some:
            yield self._title(tr("Paused"))
        for brief in some:
            words = tr("{n} of {m} behind you").format(n=brief.behind, m=brief.people)
            last = when.long_ago(brief.touched, self._context.clock())
            yield self._row("play", title_of(brief), f"{words} · {last}", partial(self.open.emit, brief.id))

    def _new(self, found: Choice) -> Iterable[QWidget]:
        if not found.today and not found.buckets:
            return
        yield self._title(tr("Begin a round"))
        yield self._times()
        if found.today:
            yield self._row("sun", tr("Today"), counted(found.today, "{n:,} person", "{n:,} people"), partial(self._begin, "today", ""))
        for bucket in found.buckets:
            people = counted(bucket.people, "{n:,} person", "{n:,} people")
            yield self._row("star", bucket.name, people, partial(self._begin, "bucket", bucket.uid), bucket.colour)

    def _past(self, found: Choice) -> Iterable[QWidget]:
        some = [brief for brief in found.rounds if brief.ended is not None]
        if some:
            yield self._title(tr("What rounds came to"))
        for brief in some:
            words = tr("{n} of {m}").format(n=brief.behind, m=brief.people)
            yield self._row("history", title_of(brief), f"{words} · {when.day(brief.touched)}", partial(self.open.emit, brief.id))

    def _begin(self, origin: str, what: str) -> None:
        self.begin.emit(origin, what, self._minutes)

    def _title(self, words: str) -> QWidget:
        return over_title(self._context, words)

    def _times(self) -> QWidget:
        look, holder = self._context.look, QWidget()
        flow = Flow(look, gap=6)
        chips: list[Button] = []
        for minutes in TIMES:
            chip = Button(look, time_words(minutes), style="chip", icon="clock" if minutes else "")
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            chip.setChecked(minutes == self._minutes)
            chip.clicked.connect(partial(self._set_minutes, minutes))
            chips.append(chip)
            flow.addWidget(chip)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, look.theme.px(6))
        row.setSpacing(look.theme.px(12))
        label = PlainLabel(look, tr("Time for it"), tone="text2")
        chips[0].ensurePolished()  # only then it is as high as it will be
        label.setMinimumHeight(max(chips[0].sizeHint().height(), chips[0].minimumHeight()))
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(flow, 1)
        return holder

    def _set_minutes(self, minutes: int, *_: object) -> None:
        self._minutes = minutes

    def _row(self, icon: str, title: str, words: str, deed: Callable[[], object], colour: str = "") -> QWidget:
        """colour: of the icon, where it has one of its own."""
        look, px = self._context.look, self._context.look.theme.px
        row = Clickable(look, f"{title}, {words}", radius=10, framed=True)
        name = ElidedLabel(look, title, role="strong")
        count = PlainLabel(look, words, role="small", tone="text2", tabular=True)
        line = QHBoxLayout(row)
        line.setContentsMargins(px(14), px(12), px(14), px(12))
        line.setSpacing(px(12))
        line.addWidget(Icon(look, icon, "accent", colour=colour))
        line.addWidget(name, 1)
        line.addWidget(count)
        line.addWidget(Icon(look, "chevron-right", "text3"))
        for child in row.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.clicked.connect(deed)
        self.rows.append(row)
        return row
