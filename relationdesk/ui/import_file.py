"""One file in the import dialog (or several of one export): what it is and whose, what would come in, what is refused; then how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Changes, Progress, Rejected
from relationdesk.saying import say
from relationdesk.services import asking, desk_jobs, import_report, import_undo, importing, teaching
from relationdesk.services.asking import ME, OWNED
from relationdesk.services.desk_jobs import Looked
from relationdesk.services.importing import Imported, Preview
from relationdesk.sources.base import Options
from relationdesk.sources.together import volumes
from relationdesk.store.batches import Taken
from relationdesk.ui import import_words
from relationdesk.ui.batch_row import reject_lines, taken_words
from relationdesk.ui.frame import clear
from relationdesk.ui.import_asks import AskStep, PartsRow, WhoAmI
from relationdesk.ui.import_mapping import ColumnsRow, MappingStep, taught_words
from relationdesk.ui.page import Context, Target
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark
from relationdesk.ui.widgets.progress import ProgressLine

REJECTS_SHOWN = 5


class ImportFile(Card):
    """`moved` whenever its state changed. `apart` when the files of one export are to be read one by one after all.

    States: looking, mapping, asking, reading, ready, stale (other parts were chosen than were read), bringing, done, failed,
    leaving (it is being taken back), undone; kept, for what columns mean, a file of no data. Then `taught`, because other files may be such tables.
    """

    moved = Signal()
    apart = Signal()
    taught = Signal()

    def __init__(self, context: Context, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(context.look, padding=14, parent=parent)
        self._context, self.path, self.state = context, path, "looking"
        self.preview: Preview | None = None
        self.imported: Imported | None = None
        self._looked: Looked | None = None
        self._said = Options()
        self._parts: PartsRow | None = None
        self._job: Job | None = None
        self._since = QElapsedTimer()
        self._unit = ""
        self._closed = False
        look, px, name = context.look, context.look.theme.px, importing.name_of(path)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        self.wanted = QCheckBox()
        self.wanted.setChecked(True)
        self.wanted.setAccessibleName(self.tr("Bring in {name}").format(name=name))
        self.wanted.toggled.connect(lambda _: self.moved.emit())
        self.mark = PlaceMark(look, "csv", size=32)
        names = QVBoxLayout()
        names.setSpacing(px(1))
        names.addWidget(ElidedLabel(look, name, role="strong"))
        self.what = ElidedLabel(look, self.tr("Looking at it…"), role="small", tone="text2")
        names.addWidget(self.what)
        for widget in (self.wanted, self.mark):
            head.addWidget(widget)
        head.addLayout(names, 1)
        self.apart_button = Button(look, self.tr("Read one by one"), style="link", compact=True)
        self.apart_button.setVisible(len(volumes(path)) > 1)
        self.apart_button.clicked.connect(self.apart)
        head.addWidget(self.apart_button)
        self.body.addLayout(head)
        if len(volumes(path)) > 1:
            listed = self.tr("Read as one export: {files}").format(files=", ".join(file.name for file in volumes(path)))
            self.body.addWidget(ParagraphLabel(look, listed, role="caption", tone="text2", max_lines=2))
        self.progress = ProgressLine(look, cancel=self.tr("Stop"), stopping=self.tr("Stopping. Nothing will be left of it."))
        self.progress.cancelled.connect(self.cancel)
        self.body.addWidget(self.progress)
        self._room = QVBoxLayout()
        self._room.setSpacing(px(6))
        self.body.addLayout(self._room)
        self._looks = 0
        self.look()

    # What it is, and what it does not tell

    def look(self) -> None:
        """See what it is; again, if meanwhile it was said what its columns mean."""
        self._looks += 1
        self._context.tasks.run(desk_jobs.examine, self.path, done=partial(self._on_looked, self._looks), failed=self._on_failed)

    def _on_looked(self, number: int, looked: Looked) -> None:
        if self._closed or number != self._looks:
            return
        self._looked, self._said = looked, looked.options
        seen = looked.recognised
        self.mark.set_place(seen.place)
        owner = self.tr(" · of {owner}").format(owner=seen.owner) if seen.owner else ""
        self.what.set_runs(say(seen.title) + owner)
        if looked.taught:
            self._context.tasks.write(teaching.keep, looked.taught, done=self._on_taught, failed=self._on_failed)
        elif seen.columns and not looked.options.mapping:
            self._ask_mapping()
        elif looked.unanswered:
            self.ask()
        else:
            self.read()

    def _on_taught(self, mapping: Mapping[str, str]) -> None:
        if self._closed:
            return
        self._say(taught_words(self, mapping), "text2", "kept")
        forget = Button(self._look, self.tr("Forget it"), style="link", compact=True)
        forget.setObjectName("forget")
        forget.clicked.connect(lambda: self._context.tasks.write(teaching.forget, mapping, done=self._on_forgotten, failed=self._on_failed))
        self._room.addWidget(forget, 0, Qt.AlignmentFlag.AlignLeft)
        self.taught.emit()

    def _on_forgotten(self, mapping: Mapping[str, str]) -> None:
        if not self._closed:
            self._say(self.tr("Forgotten: tables with these columns are asked about again."), "text2", "kept")

    def _ask_mapping(self) -> None:
        assert self._looked is not None
        self.drop_preview()
        self._clear_room()
        step = MappingStep(self._context, self._looked.recognised, self._said.mapping)
        step.chosen.connect(self._on_mapped)
        self._room.addWidget(step)
        self._set_state("mapping")

    def _on_mapped(self, mapping: Mapping[str, str]) -> None:
        self._said = replace(self._said, mapping=mapping)
        self.ask() if self._looked and asking.unanswered(self._looked.recognised, self._said) else self.read()

    def ask(self) -> None:
        """What only the user can tell, and which parts are wanted, before anything is read."""
        assert self._looked is not None
        self.drop_preview()
        self._clear_room()
        step = AskStep(self._look, self._looked.recognised.asks, {**self._said.answers, ME: self._said.me})
        step.answered.connect(self._on_answered)
        self._add_parts(self._said)
        self._room.addWidget(step)
        self._set_state("asking")

    def _on_answered(self, answers: Mapping[str, str]) -> None:
        others = {name: answer for name, answer in answers.items() if name != ME}
        self._said = replace(self._said, me=answers.get(ME, self._said.me), answers=others)
        self.read()

    def _add_parts(self, read_with: Options, *, again: bool = False) -> None:
        """The check boxes for parts; another choice than `read_with` is read first. again: so is this one, where it was stopped or failed."""
        assert self._looked is not None
        seen = self._looked.recognised
        if not (seen.parts or again):
            return
        if seen.parts:
            self._parts = PartsRow(self._look, seen, self._said)
            self._room.addWidget(self._parts)
        button = Button(self._look, self.tr("Read again"), compact=True)
        button.setObjectName("again")
        button.clicked.connect(lambda: self.read())
        if not again:
            button.hide()
        self._room.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        was = frozenset(part.name for part in seen.parts if read_with.wants(part))
        if self._parts is not None:
            self._parts.changed.connect(lambda: self._on_parts(button, was))

    def _on_parts(self, again: Button, was: frozenset[str]) -> None:
        assert self._parts is not None
        chosen = self._parts.wanted()
        self._said = replace(self._said, parts=chosen)
        if self.state in ("ready", "stale", "failed"):
            again.setVisible(chosen != was or self.state == "failed")
            again.setEnabled(bool(chosen))
        if self.state in ("ready", "stale"):
            self._set_state("ready" if chosen == was else "stale")

    def _add_answers(self, options: Options) -> None:
        """What was answered, with a way to answer otherwise."""
        assert self._looked is not None
        if not self._looked.recognised.asks:
            return
        for ask in self._looked.recognised.asks:
            said = self.tr("{question} Answer: {answer}").format(question=ask.question, answer=asking.words_of(ask, options))
            if self._looked.remembered and asking.words_of(ask, self._looked.options) == asking.words_of(ask, options):
                said = self.tr("{answer} (as last time)").format(answer=said)
            self._room.addWidget(ParagraphLabel(self._look, said, role="small", tone="text2", max_lines=3))
        change = Button(self._look, self.tr("Change the answer"), style="link", compact=True)
        change.setObjectName("change")
        change.clicked.connect(self.ask)
        self._room.addWidget(change, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_columns(self, mapping: Mapping[str, str], *, changeable: bool = True) -> None:
        """What the columns of such a table were said to mean can be said otherwise, and handed on."""
        if self._looked is not None and self._looked.recognised.columns and mapping:
            row = ColumnsRow(self._context, self.path, mapping, changeable=changeable)
            row.otherwise.connect(self._ask_mapping)
            self._room.addWidget(row)

    # Reading

    def read(self, me: str = "") -> None:
        """Read the whole file into staging; the desk is not touched."""
        if me:
            self._said = replace(self._said, me=me)
        self.drop_preview()
        self._clear_room()
        self.progress.begin(self.tr("Reading {name}").format(name=self.path.name))
        self._since.start()
        said = self._said
        job = partial(
            importing.stage, now=self._context.clock(), me=said.me, mapping=said.mapping or None, answers=said.answers, parts=said.parts
        )
        self._job = self._context.tasks.long(
            job, self.path, done=self._on_preview, failed=self._on_failed, progress=self._on_progress
        )
        self._set_state("reading")

    def _on_progress(self, progress: Progress) -> None:
        words = import_words.progress_words(progress, self._since.elapsed() / 1000)
        self.progress.set_progress(progress.done, progress.total, words)

    def _on_preview(self, preview: Preview) -> None:
        self._job = None
        if self._closed:
            self._context.tasks.run(desk_jobs.discard, preview)
            return
        self.progress.finish()
        self.preview = preview
        look, seen = self._look, preview.recognised
        self._clear_room()
        self._add_answers(preview.options)
        self._add_parts(preview.options)
        self._room.addWidget(ParagraphLabel(look, import_words.counts(preview), role="body"))
        for warning in preview.warnings:
            self._room.addWidget(ParagraphLabel(look, warning, role="small", tone="attn"))
        if preview.differences:
            self._room.addWidget(import_words.Differences(look, preview.differences))
        self._add_rejects(preview.counts.rejected, preview.rejects)
        if not seen.owner and seen.place in OWNED and not any(ask.name == ME for ask in seen.asks):
            self._room.addWidget(self._who_am_i())
        self._add_columns(preview.options.mapping)
        if not import_words.is_news(preview):
            self.wanted.setChecked(False)
        self._set_state("ready")

    def _who_am_i(self) -> QWidget:
        row = WhoAmI(self._look, self._looked.me if self._looked else None)
        row.said.connect(self.read)
        self.me_field = row.field
        return row

    # Bringing in and taking back

    def bring_in(self) -> None:
        """What the preview showed, as one batch."""
        if self.preview is None or self.state != "ready":
            return
        self._clear_room()
        self.progress.begin(self.tr("Bringing in {name}").format(name=self.path.name))
        self._since.start()
        self._job = self._context.tasks.long(
            importing.bring_in, self.preview, self._context.clock(), done=self._on_imported, failed=self._on_failed,
            progress=self._on_bringing,
        )  # fmt: skip
        self._set_state("bringing")

    def _on_bringing(self, progress: Progress) -> None:
        if progress.unit != self._unit:  # another part of it, at another pace
            self._unit = progress.unit
            self._since.start()
        words = import_words.bringing_words(progress, self._since.elapsed() / 1000)
        self.progress.set_progress(progress.done, progress.total, words)

    def _on_imported(self, imported: Imported) -> None:
        self.imported, self.preview, self._job = imported, None, None
        if self._closed:
            return
        self.progress.finish()
        self._room.addWidget(ParagraphLabel(self._look, import_words.brought(imported), role="body"))
        self._add_rejects(imported.counts.rejected, imported.rejects)
        undo = Button(self._look, self.tr("Take back"), icon="undo-2", compact=True)
        undo.setObjectName("undo")
        undo.clicked.connect(self.take_back)
        row = QHBoxLayout()
        row.addWidget(undo)
        copy = Button(self._look, self.tr("Copy the report"), icon="copy", compact=True)
        copy.setObjectName("copy")
        copy.clicked.connect(self._copy_report)
        row.addWidget(copy)
        if imported.waiting:
            who = Button(self._look, self.tr("Who is this?"), icon="user-search", compact=True)
            who.setObjectName("who")
            who.clicked.connect(lambda: self._context.router.go.emit(Target(page="who")))
            row.addWidget(who)
        row.addStretch(1)
        self._room.addLayout(row)
        self._add_columns(self._said.mapping, changeable=False)
        self._set_state("done")

    def _add_rejects(self, total: int, rejects: tuple[Rejected, ...]) -> None:
        """What was refused, each with where and why."""
        if total:
            title = self.tr("{n} refused:").format(n=QLocale().toString(total))
            self._room.addWidget(PlainLabel(self._look, title, role="small_strong", tone="attn"))
            self._room.addWidget(reject_lines(self._look, rejects, total, REJECTS_SHOWN))

    def _copy_report(self) -> None:
        """Every line of it, more than the card shows."""
        if self.imported is not None:
            self._context.tasks.run(
                import_report.text_of, self.imported.batch, done=QGuiApplication.clipboard().setText, failed=self._context.router.failed.emit
            )

    def take_back(self) -> None:
        """What this file brought leaves the desk again."""
        if self.imported is not None and self.state == "done":
            self._clear_room()
            self.progress.begin(self.tr("Taking {name} back").format(name=self.path.name), can_stop=False)
            self._since.start()
            self._context.tasks.long(
                import_undo.undo, self._context.clock(), self.imported.batch, done=self._on_undone, failed=self._on_not_undone,
                progress=self._on_taking,
            )  # fmt: skip
            self._set_state("leaving")

    def _on_taking(self, progress: Progress) -> None:
        if self._unit != "":  # what waited before it says nothing of its pace
            self._unit = ""
            self._since.start()
        self.progress.set_progress(progress.done, progress.total, import_words.taking_words(progress, self._since.elapsed() / 1000))

    def _on_undone(self, taken: Taken) -> None:
        if not self._closed:
            self._say(taken_words(self, taken), "text2", "undone")

    def _on_not_undone(self, error: RelationDeskError) -> None:
        self._context.tasks.changed.emit(Changes(everything=True))
        if not self._closed:
            self._say(str(error), "danger", "failed")

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        if not self._closed:
            stopped = isinstance(error, Cancelled)
            words = self.tr("Stopped. Nothing was brought in.") if stopped else str(error)
            self._say(words, "text2" if stopped else "danger", "failed")

    def _say(self, sentence: str, tone: str, state: str) -> None:
        self.progress.finish()
        self._clear_room()
        self._room.addWidget(ParagraphLabel(self._look, sentence, role="body", tone=tone))
        if state == "failed" and self._looked is None:
            self.what.set_runs(self.tr("Cannot be read"))
        elif state == "failed" and self._looked is not None and self.imported is None:
            self._add_answers(self._said)
            self._add_parts(self._said, again=True)
            self._add_columns(self._said.mapping)
        self._set_state(state)

    def cancel(self) -> None:
        """Stop reading or bringing in; nothing is left of it."""
        if self._job is not None:
            self._job.cancel()

    def drop_preview(self) -> None:
        if self.preview is not None:
            self._context.tasks.run(desk_jobs.discard, self.preview)
            self.preview = None

    def close_quietly(self) -> None:
        """The dialog goes: what was only looked at goes with it."""
        self._closed = True
        self.cancel()
        if self.state != "bringing":
            self.drop_preview()

    def _clear_room(self) -> None:
        clear(self._room)
        self._parts = None

    def _set_state(self, state: str) -> None:
        self.state = state
        self.wanted.setVisible(state in ("reading", "ready", "stale", "mapping", "asking", "looking"))
        self.apart_button.setVisible(len(volumes(self.path)) > 1 and state not in ("bringing", "done", "leaving", "undone"))
        self.moved.emit()
