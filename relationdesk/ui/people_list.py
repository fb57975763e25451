"""The second column: the people of a bucket or of the whole desk, searched as typed, those who need attention first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.model import Bucket, Changes, Person
from relationdesk.saying import counted
from relationdesk.services import overview
from relationdesk.store import until_now
from relationdesk.ui.frame import hint
from relationdesk.ui.page import Context, Target
from relationdesk.ui.people_model import PeopleModel
from relationdesk.ui.people_view import PeopleView
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ElidedLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("People", text)


class PeopleList(QWidget):
    """`filled` when the people of the chosen bucket are there; `new_person` when one is to be added."""

    filled = Signal()
    new_person = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        look = context.look
        self._bucket: Bucket | None = None
        self._job: Job | None = None
        self._shown: int | None = None
        self.model = PeopleModel(context.clock, self)
        self.view = PeopleView(look, self.model, clock=context.clock, parent=self)
        self.view.setAccessibleName(tr("People"))
        self._title = ElidedLabel(look, tr("People"), role="h2")
        self._numbers = ElidedLabel(look, "", role="small", tone="text2")
        add = Button(look, style="quiet", icon="user-plus", name=tr("Add somebody"), key=hint("new_person"))
        add.clicked.connect(self.new_person)
        self._everybody = Button(look, style="quiet", icon="x", name=tr("Show everybody"))
        self._everybody.clicked.connect(lambda: self.set_bucket(None))
        self.search = SearchField(look, tr("Search people"), key=hint("find"))
        self.search.setClearButtonEnabled(False)
        self.search.textChanged.connect(self.reload)
        self.search.returnPressed.connect(self._on_return)
        self.stream = Button(look, style="quiet", icon="messages-square", name=tr("What this bucket did"), key=hint("bucket_stream"))
        self.stream.clicked.connect(self.go_stream)
        self.round = Button(look, tr("Start look-in round"), style="tinted", icon="route", key=hint("start_round"), compact=True, elide=True)
        self.round.clicked.connect(lambda: self.context.router.go.emit(Target(page="round", extra=self.walked())))
        self._empty = EmptyState(look, icon="users")
        self._empty.hide()
        self._empty.chosen.connect(self._on_next_step)
        self._lay_out(add)
        self.view.wanted.connect(self._on_wanted)
        self.view.chosen.connect(self._on_chosen)
        context.tasks.changed.connect(self.on_changed)
        look.changed.connect(self._measure)

    def _lay_out(self, add: Button) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self.stream)
        self._head.addWidget(self._everybody)
        self._head.addWidget(add)
        self._top = QVBoxLayout()
        self._top.addLayout(self._head)
        self._top.addWidget(self._numbers)
        self._top.addWidget(self.round)
        self._top.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.view, 1)
        column.addWidget(self._empty, 1)
        self._measure()

    def _measure(self) -> None:
        px = self.context.look.theme.px
        self._top.setContentsMargins(px(16), px(14), px(12), px(8))
        self._top.setSpacing(px(6))
        self._head.setSpacing(px(2))
        self.setMinimumWidth(px(232))

    def bucket(self) -> Bucket | None:
        """Whose people are shown, None for everybody's."""
        return self._bucket

    def go_stream(self) -> None:
        """To what the people of the bucket did; where none is shown, that one has to be chosen."""
        if self._bucket is not None:
            self.context.router.go.emit(Target(page="stream", id=self._bucket.id))
        else:
            self.context.router.toast.emit(tr("No bucket is chosen. Choose one on the left, then {keys} shows what its people did.").format(keys=hint("bucket_stream")), False)

    def walked(self) -> tuple[str, str]:
        """Over whom a round from here goes, as the page of rounds takes it."""
        words = self.search.text().strip()
        return ("bucket", self._bucket.uid) if self._bucket is not None and not words else ("people", words)

    def set_bucket(self, bucket: Bucket | None) -> None:
        """Show the people of a bucket; what was searched for is dropped."""
        self._bucket = bucket
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.reload()

    def show_person(self, person_id: int | None) -> None:
        """Mark who stands on the page."""
        self._shown = person_id
        self.view.show_person(person_id)

    def step(self, by: int) -> None:
        """The next (1) or previous (-1) person of the list."""
        self.view.step(by)

    def first(self) -> Person | None:
        """Who stands on top."""
        return next(iter(self.model.people()), None)

    def reload(self) -> None:
        """Ask for the people again; an older question still waiting is dropped."""
        if self._job is not None:
            self._job.cancel()
        bucket = self._bucket.id if self._bucket else None
        question = partial(until_now.page, now=self.context.clock(), query=self.search.text(), bucket_id=bucket, limit=1_000_000)
        self._job = self.context.tasks.run(question, done=self._on_people, failed=self.context.router.failed.emit)

    def on_changed(self, changes: Changes) -> None:
        if changes.everything or changes.people or changes.buckets or changes.companies or changes.prompts:
            everybody = changes.everything or changes.prompts
            self.model.forget_details(None if everybody else changes.people)
            self.reload()

    def _on_people(self, found: tuple[Person, ...]) -> None:
        self._job = None
        sections = not self.search.text().strip()
        self.view.keep_place(lambda: self.model.set_people(found, sections=sections))
        if not self.view.currentIndex().isValid():
            self.view.show_person(self._shown)
        self._say(found)
        self.filled.emit()

    def _say(self, found: tuple[Person, ...]) -> None:
        need = sum(person.open_prompts > 0 for person in found)
        numbers = counted(len(found), "{n:,} person", "{n:,} people")
        if need:
            numbers += tr(", {n} need attention").format(n=need) if need > 1 else tr(", 1 needs attention")
        self._title.set_runs(self._bucket.name if self._bucket else tr("People"))
        self._numbers.set_runs(numbers)
        self._everybody.setVisible(self._bucket is not None)
        self.stream.setVisible(self._bucket is not None)
        self.round.setVisible(self._bucket is not None and bool(found))
        self.view.setVisible(bool(found))
        self._empty.setVisible(not found)
        if not found:
            self._say_empty()

    def _say_empty(self) -> None:
        if self.search.text().strip():
            self._empty.set_state(tr("Nobody by that name"), tr("Search looks in name, company and role."), button=tr("Show all"), icon="search")
        elif self._bucket is not None:
            sentence = tr("Press B on a person to put them into this bucket.")
            self._empty.set_state(tr("Nobody in here yet"), sentence, button=tr("Everybody"), icon="star")
        else:
            self._empty.set_state(tr("Nobody here yet"), tr("Bring in a file, or drop one on this window."), button=tr("Bring in files"), icon="users")

    def _on_next_step(self) -> None:
        if self.search.text().strip():
            self.search.clear()
        elif self._bucket is not None:
            self.set_bucket(None)
        else:
            self.context.router.import_files.emit([])

    def _on_wanted(self, ids: tuple[int, ...]) -> None:
        self.context.tasks.run(
            overview.details, ids, self.context.clock(), done=self.model.set_details, failed=self.context.router.failed.emit
        )

    def _on_chosen(self, person_id: int) -> None:
        if person_id != self._shown:
            self.context.router.go.emit(Target(page="person", id=person_id))

    def _on_return(self) -> None:
        """Enter in the field opens the first that was found."""
        found = self.first()
        if found is not None:
            self.context.router.go.emit(Target(page="person", id=found.id))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.context.look.theme
        QPainter(self).fillRect(self.rect(), theme.colour("list"))
