"""After a look-in round: what it came to, to be exported, and when to walk it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from relationdesk.saying import counted
from relationdesk.services import round_summary
from relationdesk.services.export_views import View
from relationdesk.services.round_summary import Line, Summary
from relationdesk.ui import when
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Flow, Head, ScrollColumn, hint
from relationdesk.ui.page import Context, Target
from relationdesk.ui.round_rail import state_text
from relationdesk.ui.round_start import named, over_title
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel

SHOWN = 100
"""People listed of each kind; all of them are in the export."""
AGAIN = (1, 7, 14, 30)
"""Days after which a round may be walked again."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Round", text)


def day_words(day: date, today: date) -> str:
    """ "tomorrow", "next Friday", "on 18 December"."""
    shown = QDate(day.year, day.month, day.day)
    if day == today + timedelta(days=1):
        return tr("tomorrow")
    if day == today + timedelta(days=7):
        return tr("next {weekday}").format(weekday=QLocale().toString(shown, "dddd"))
    return tr("on {day}").format(day=QLocale().toString(shown, "d MMMM"))


class RoundEnd(QWidget):
    """`again(date or None)`: walk it again then; `resume`: go on with who is left; `another`: begin another."""

    again = Signal(object)
    resume = Signal()
    another = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found: Summary | None = None
        look = context.look
        self.head = Head(look, "")
        self._list = ScrollColumn(look, name=tr("What the round came to"), padding=(28, 4, 28, 24), gap=8)
        self.next = Button(look, style="primary", icon="calendar-clock")
        self.next.clicked.connect(self._open_menu)
        self.go_on = Button(look, style="secondary", icon="play")
        self.go_on.clicked.connect(self.resume)
        self.other = Button(look, tr("Another round"), style="secondary", icon="route")
        self.other.clicked.connect(self.another)
        self.export = Button(look, tr("Export"), style="secondary", icon="upload", key=hint("export"))
        self.export.clicked.connect(self.export_it)
        self.copy = Button(look, tr("Copy as text"), style="secondary", icon="copy")
        self.copy.clicked.connect(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        self._deeds = QWidget()
        flow = Flow(look)
        for button in (self.next, self.go_on, self.export, self.copy, self.other):
            flow.addWidget(button)
        self._deeds.setLayout(flow)
        self._inner = QHBoxLayout()
        self._inner.addWidget(self._deeds)
        column.addLayout(self._inner)
        column.addWidget(self._list, 1)
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        px = self._context.look.theme.px
        self._inner.setContentsMargins(px(28), 0, px(28), px(12))

    def show_summary(self, found: Summary) -> None:
        self._found = found
        walked = found.round
        self.head.set_title(tr("Round over {title}").format(title=named(walked.origin, walked.what, walked.title)))
        self.head.subtitle.set_runs(" · ".join((when.long_day(walked.started), when.span(walked.seconds) if walked.seconds >= 30 else tr("less than a minute"))))
        today = self._context.clock().astimezone().date()
        again = walked.again
        words = tr("Again {day}").format(day=day_words(again if again is not None else today + timedelta(days=7), today))
        self.next.set_content(words, icon="circle-check" if again is not None else "calendar-clock")
        left = found.left()
        self.go_on.set_content(tr("Go on with {n} left").format(n=len(left)), icon="play")
        self.go_on.setVisible(bool(left))
        self._list.fill([self._tiles(found), *self._parts(found)])

    def _tiles(self, found: Summary) -> QWidget:
        look, holder = self._context.look, QWidget()
        flow = Flow(look, gap=10)
        numbers = (
            (len(found.looked()), tr("looked at")), (len(found.engaged()), tr("engaged")), (found.notes(), counted(found.notes(), "note", "notes")),
            (found.follow_ups(), counted(found.follow_ups(), "follow-up", "follow-ups")), (len(found.skipped()), tr("skipped")), (len(found.left()), tr("left")),
        )  # fmt: skip
        for number, words in numbers:
            card = Card(look, "sunken", padding=14)
            card.body.addWidget(PlainLabel(look, QLocale().toString(number), role="title", tabular=True))
            card.body.addWidget(PlainLabel(look, words, role="small", tone="text2"))
            card.setMinimumWidth(look.theme.px(104))
            card.setAccessibleName(f"{number} {words}")
            flow.addWidget(card)
        holder.setLayout(flow)
        return holder

    def _parts(self, found: Summary) -> list[QWidget]:
        parts: list[QWidget] = []
        for title, lines in (
            (tr("To come back to"), found.flagged()), (tr("Engaged"), found.engaged()), (tr("Looked at"), found.looked()),
            (tr("Skipped"), found.skipped()), (tr("Left"), found.left()),
        ):  # fmt: skip
            if lines:
                parts += self._part(title, lines)
        return parts

    def _part(self, title: str, lines: Sequence[Line]) -> list[QWidget]:
        look = self._context.look
        rows: list[QWidget] = [over_title(self._context, f"{title} · {len(lines)}")]
        rows += [self._row(line) for line in lines[:SHOWN]]
        if len(lines) > SHOWN:
            rows.append(ParagraphLabel(look, tr("{n} more are in the export.").format(n=len(lines) - SHOWN), role="small", tone="text2"))
        return rows

    def _row(self, line: Line) -> QWidget:
        look, px, person = self._context.look, self._context.look.theme.px, line.stop.person
        said = [state_text(line.stop)] if state_text(line.stop) else []
        said += [counted(len(line.notes), "{n:,} note", "{n:,} notes")] if line.notes else []
        said += [tr("{n} sent").format(n=line.sent)] if line.sent else []
        said += [counted(len(line.tasks), "{n:,} follow-up", "{n:,} follow-ups")] if line.tasks else []
        row = Clickable(look, ", ".join((person.name, *said)), radius=10)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(px(8), px(5), px(12), px(5))
        layout.setSpacing(px(12))
        layout.addWidget(Avatar(look, person.name, person.id, size=28))
        layout.addWidget(ElidedLabel(look, person.name, role="strong"), 3)
        layout.addWidget(ElidedLabel(look, person.company, role="small", tone="text2"), 3)
        layout.addWidget(ElidedLabel(look, " · ".join(said), role="small", tone="text2"), 4)
        for child in row.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.clicked.connect(partial(self._context.router.go.emit, Target(page="person", id=person.id)))
        return row

    def export_it(self) -> None:
        if self._found is not None:
            title = tr("Round {title}").format(title=self._found.round.title)
            self._context.router.export.emit(View(kind="round", round_id=self._found.round.id, title=title))

    def _copy(self) -> None:
        if self._found is not None:
            self._context.router.copy.emit(round_summary.text(self._found))
            self._context.router.toast.emit(tr("The summary is on the clipboard."), False)

    def again_menu(self) -> QMenu:
        menu, today = QMenu(self), self._context.clock().astimezone().date()
        menu.aboutToHide.connect(menu.deleteLater)
        for days in AGAIN:
            day = today + timedelta(days=days)
            menu.addAction(tr("Again {day}").format(day=day_words(day, today))).triggered.connect(partial(self._choose, day))
        if self._found is not None and self._found.round.again is not None:
            menu.addAction(tr("Not again")).triggered.connect(partial(self._choose, None))
        return menu

    def _choose(self, day: date | None, *_: object) -> None:
        self.again.emit(day)

    def _open_menu(self) -> None:
        """The usual day at once; another one where it is set already."""
        if self._found is not None and self._found.round.again is None:
            self.again.emit(self._context.clock().astimezone().date() + timedelta(days=7))
        else:
            self.again_menu().popup(self.next.mapToGlobal(QPoint(0, self.next.height() + 4)))
