"""All companies, those that are key first. A star marks one as key; a row leads to its page."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.derived import CompanyLine
from relationdesk.model import Changes
from relationdesk.saying import counted
from relationdesk.services import people as decisions
from relationdesk.store import until_now
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Head, Icon, ScrollColumn, Stack, hint
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.tasks import Job
from relationdesk.ui.when import touches
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ElidedLabel, PlainLabel
from relationdesk.ui.widgets.pill import Pill

SHOWN = 200
"""Rows that are made; whoever has more types a few letters."""


class CompaniesPage(Page):
    """Search as typed, star by mouse or Space on the button."""

    name = "companies"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._job: Job | None = None
        self._found: tuple[CompanyLine, ...] = ()
        self.rows: list[CompanyRow] = []
        self.head = Head(look, self.title())
        self.search = SearchField(look, self.tr("Search companies"), key=hint("find"))
        self.search.textChanged.connect(self._ask)
        self.search.setMinimumWidth(look.theme.px(220))
        self.head.buttons.addWidget(self.search)
        self._list = ScrollColumn(look, name=self.title(), padding=(24, 4, 24, 24), gap=6)
        self._empty = EmptyState(look, icon="building-2")
        self._empty.chosen.connect(self._on_next_step)
        self._stack = Stack(self._list, self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self.search.returnPressed.connect(self._open_first)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def title(self) -> str:
        return self.tr("Companies")

    def open(self, target: Target) -> None:
        self._ask()

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.companies or changes.everything or changes.people):
            self._ask()

    def restyle(self) -> None:
        self._show(self._found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._list.step(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
            self._open_first()
        else:
            super().keyPressEvent(event)

    def _open_first(self) -> None:
        if self.rows:
            self.rows[0].clicked.emit()

    def _ask(self) -> None:
        if self._job is not None:
            self._job.cancel()
        failed = self.context.router.failed.emit
        self._job = self.context.tasks.run(until_now.company_lines, self.search.text(), self.context.clock(), done=self._on_found, failed=failed)

    def _on_found(self, found: tuple[CompanyLine, ...]) -> None:
        self._job = None
        if found != self._found or not self.rows:
            self._show(found)

    def _show(self, found: tuple[CompanyLine, ...]) -> None:
        self._found = found
        keys = sum(line.company.key for line in found)
        numbers = counted(len(found), "{n:,} company", "{n:,} companies")
        self.head.subtitle.set_runs(self.tr("{all}, {n} key").format(all=numbers, n=keys) if keys else numbers)
        self.rows = [CompanyRow(self.context, line) for line in found[:SHOWN]]
        extra: list[QWidget] = []
        if len(found) > SHOWN:
            words = self.tr("{n} more: type a few letters to find them").format(n=len(found) - SHOWN)
            extra = [PlainLabel(self.context.look, words, role="small", tone="text2")]
        self._list.fill([*self.rows, *extra])
        if not found:
            self._say_empty()
        self._stack.show_widget(self._list if found else self._empty)

    def _say_empty(self) -> None:
        if self.search.text().strip():
            self._empty.set_state(
                self.tr("No company by that name"), self.tr("Search looks in the names of companies."), button=self.tr("Show all"), icon="search"
            )
        else:
            sentence = self.tr("Companies come with the people: bring in a file, or add a person with a company.")
            self._empty.set_state(self.tr("No companies yet"), sentence, button=self.tr("Bring in files"), icon="building-2")

    def _on_next_step(self) -> None:
        if self.search.text().strip():
            self.search.clear()
        else:
            self.context.router.import_files.emit([])


class CompanyRow(Clickable):
    """A company with its star, how many people are known there, how many of them wait, and when there was something last."""

    def __init__(self, context: Context, line: CompanyLine, parent: QWidget | None = None) -> None:
        look, px, company = context.look, context.look.theme.px, line.company
        known = counted(company.people, "{n:,} person", "{n:,} people") if company.people else self.tr("nobody known yet")
        waits = counted(line.waiting, "{n:,} waits", "{n:,} wait") if line.waiting else ""
        touch = touches(line.last_in, line.last_out, context.clock()) if line.last_in or line.last_out else ""
        super().__init__(look, ", ".join(part for part in (company.name, known, waits, touch) if part), radius=10, parent=parent)
        self._context, self.company = context, company
        self.star = Button(look, style="quiet", icon="star", name=self._star_name())
        self.star.setCheckable(True)
        self.star.setChecked(company.key)
        self.star.clicked.connect(self._on_star)
        words = QVBoxLayout()
        words.setSpacing(0)
        name, last = ElidedLabel(look, company.name, role="strong"), ElidedLabel(look, touch, role="caption", tone="text2")
        words.addWidget(name)
        words.addWidget(last)
        waiting = Pill(look, waits, tone="attn", icon="clock" if waits else "", parent=self)
        for said, part in ((touch, last), (waits, waiting)):
            if not said:
                part.hide()
        count = PlainLabel(look, known, role="small", tone="text2", tabular=True)
        arrow = Icon(look, "chevron-right", "text3")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(10), px(6), px(14), px(6))
        row.setSpacing(px(12))
        row.addWidget(self.star)
        row.addLayout(words, 1)
        for child in (waiting, count, arrow):
            row.addWidget(child)
        for child in (name, last, waiting, count, arrow):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(lambda: context.router.go.emit(Target(page="company", id=company.id)))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._context.look.theme.px(52))

    def _star_name(self) -> str:
        words = self.tr("{name} is a key company") if self.company.key else self.tr("Mark {name} as a key company")
        return words.format(name=self.company.name)

    def _on_star(self) -> None:
        change = partial(decisions.set_key_company, on=not self.company.key, now=self._context.clock())
        self._context.tasks.write(change, self.company.id, failed=self._context.router.failed.emit)
