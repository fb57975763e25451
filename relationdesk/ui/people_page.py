"""Everybody, in the whole width: sorted and filtered, one or many selected, put into buckets, added by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.model import Bucket, Changes, Person
from relationdesk.saying import counted
from relationdesk.services import overview
from relationdesk.services.export_views import View
from relationdesk.store import buckets, until_now
from relationdesk.ui.frame import Flow, Head, Stack, action_button, hint
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.people_model import PeopleModel
from relationdesk.ui.people_view import PeopleView
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.switch import Switch


class PeoplePage(Page):
    """`buckets_wanted(ids)` asks the window for its menu of buckets, `person_wanted` for the form."""

    name = "people"
    buckets_wanted = Signal(tuple)
    person_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._job: Job | None = None
        self._bucket_id: int | None = None
        self.head = Head(look, self.title())
        self.order = Switch(
            look, [("need", self.tr("Attention"), ""), ("touch", self.tr("Last touch"), ""), ("name", self.tr("Name"), "")],
            name=self.tr("Sorted by"),
        )  # fmt: skip
        self.search = SearchField(look, self.tr("Search people"), key=hint("find"))
        self.filter = QComboBox()
        self.filter.setAccessibleName(self.tr("Bucket"))
        self.put = action_button(look, self.tr("Put into bucket"), "buckets")
        self.add = action_button(look, self.tr("Add somebody"), "new_person", style="primary")
        self.model = PeopleModel(context.clock, self)
        self.view = PeopleView(look, self.model, many=True, clock=context.clock)
        self.view.setAccessibleName(self.title())
        self._empty = EmptyState(look, icon="users")
        self._stack = Stack(self.view, self._empty)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)

    def _lay_out(self) -> None:
        self.head.buttons.addWidget(self.add)
        self._tools = Flow(self.context.look, gap=10)
        for tool in (self.search, self.order, self.filter, self.put):
            self._tools.addWidget(tool)
        self._line = QHBoxLayout()
        holder = QWidget()
        holder.setLayout(self._tools)
        self._line.addWidget(holder, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._line)
        column.addWidget(self._stack, 1)
        self._measure()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._ask)
        self.search.returnPressed.connect(self._on_return)
        self.order.chosen.connect(self._ask)
        self.filter.activated.connect(self._on_filter)
        self.put.clicked.connect(self._on_put)
        self.add.clicked.connect(self.person_wanted)
        self.view.wanted.connect(self._on_wanted)
        self.view.chosen.connect(lambda id_: self.context.router.go.emit(Target(page="person", id=id_)))
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._say())
        self._empty.chosen.connect(self._on_next_step)

    def _measure(self) -> None:
        px = self.context.look.theme.px
        self._line.setContentsMargins(px(28), 0, px(28), px(10))
        self.search.setFixedWidth(px(260))
        self.filter.setFixedWidth(px(190))
        self.filter.setMinimumHeight(px(34))

    def title(self) -> str:
        return self.tr("People")

    def restyle(self) -> None:
        self._measure()

    def open(self, target: Target) -> None:
        """target.extra: the Bucket to filter by."""
        if isinstance(target.extra, Bucket):
            self._bucket_id = target.extra.id
        elif target.extra is None:
            self._bucket_id = None
        self.context.tasks.run(buckets.every, done=self._on_buckets, failed=self.context.router.failed.emit)
        self._ask()

    def position(self) -> Target:
        bucket = self.filter.currentData()
        return Target(page=self.name, extra=bucket if isinstance(bucket, Bucket) else None)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {"buckets": self._on_put, "export": self._export}

    def _export(self) -> None:
        words, order = self.search.text(), self.order.value()
        self.context.router.export.emit(
            View(kind="people", query=words, bucket_id=self._bucket_id, order=order, now=self.context.clock(), title=self.title())
        )

    def on_changed(self, changes: Changes) -> None:
        if changes.buckets or changes.everything:
            self.context.tasks.run(buckets.every, done=self._on_buckets, failed=self.context.router.failed.emit)
        if changes.people or changes.everything or changes.prompts or changes.companies or changes.buckets:
            self.model.forget_details(None if changes.everything or changes.prompts else changes.people)
            self._ask()

    def selected_ids(self) -> tuple[int, ...]:
        return self.view.selected_ids()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self.selected_ids()) == 1:
            self.context.router.go.emit(Target(page="person", id=self.selected_ids()[0]))
        elif event.key() in (Qt.Key.Key_J, Qt.Key.Key_K) and not event.modifiers():
            self.view.step(1 if event.key() == Qt.Key.Key_J else -1)
        else:
            super().keyPressEvent(event)

    def _ask(self, *_: object) -> None:
        if self._job is not None:
            self._job.cancel()
        question = partial(
            until_now.page, now=self.context.clock(), query=self.search.text(), bucket_id=self._bucket_id, order=self.order.value(), limit=1_000_000
        )
        self._job = self.context.tasks.run(question, done=self._on_people, failed=self.context.router.failed.emit)

    def _on_people(self, found: tuple[Person, ...]) -> None:
        self._job = None
        sections = self.order.value() == "need" and not self.search.text().strip()
        self.view.keep_place(lambda: self.model.set_people(found, sections=sections))
        self._say()
        self._stack.show_widget(self.view if found else self._empty)
        if found:
            return
        if self.search.text().strip() or self._bucket_id is not None:
            self._empty.set_state(self.tr("Nobody here"), self.tr("Nobody fits what you look for."), button=self.tr("Show everybody"), icon="search")
        else:
            sentence = self.tr("Everybody you bring in or add will be here.")
            self._empty.set_state(self.tr("Nobody here yet"), sentence, button=self.tr("Bring in files"), icon="users")

    def _on_next_step(self) -> None:
        if not self.search.text().strip() and self._bucket_id is None:
            self.context.router.import_files.emit([])
            return
        self.filter.setCurrentIndex(0)
        self._bucket_id = None
        self.search.clear()
        self._ask()

    def _say(self) -> None:
        selected, shown = len(self.selected_ids()), len(self.model.people())
        numbers = counted(shown, "{n:,} person", "{n:,} people")
        if selected > 1:
            numbers = self.tr("{n} of {all} selected").format(n=selected, all=numbers)
        self.head.subtitle.set_runs(numbers)
        self.put.setEnabled(selected > 0)

    def _on_buckets(self, found: tuple[Bucket, ...]) -> None:
        self.filter.clear()
        self.filter.addItem(self.tr("All buckets"), None)
        for bucket in found:
            self.filter.addItem(bucket.name, bucket)
            if bucket.id == self._bucket_id:
                self.filter.setCurrentIndex(self.filter.count() - 1)
        self.filter.setVisible(bool(found))

    def _on_filter(self) -> None:
        bucket = self.filter.currentData()
        self._bucket_id = bucket.id if isinstance(bucket, Bucket) else None
        self._ask()

    def _on_return(self) -> None:
        found = self.model.people()
        if found:
            self.context.router.go.emit(Target(page="person", id=found[0].id))

    def _on_put(self) -> None:
        if self.selected_ids():
            self.buckets_wanted.emit(self.selected_ids())

    def _on_wanted(self, ids: tuple[int, ...]) -> None:
        self.context.tasks.run(
            overview.details, ids, self.context.clock(), done=self.model.set_details, failed=self.context.router.failed.emit
        )
