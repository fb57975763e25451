"""One file in the import dialog: what it is and whose, what would come in, what is refused; then how it went."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Changes, Progress, Rejected
from relationdesk.services import desk_jobs, importing
from relationdesk.services.desk_jobs import Looked
from relationdesk.services.importing import Imported, Preview
from relationdesk.sources.csv_columns import FIELDS, guess_mapping, is_enough
from relationdesk.store.batches import Taken
from relationdesk.ui import when
from relationdesk.ui.batch_row import reject_lines, taken_words
from relationdesk.ui.frame import clear
from relationdesk.ui.page import Context, Target
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.field import AnswerField
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark
from relationdesk.ui.widgets.progress import ProgressLine

OWNED = frozenset({"mail", "linkedin"})
"""Places whose files belong to somebody: without knowing whom, nobody's mail is one's own."""
REJECTS_SHOWN = 5


class ImportFile(Card):
    """`moved` whenever its state changed. States: looking, mapping, reading, ready, bringing, done, failed, undone."""

    moved = Signal()

    def __init__(self, context: Context, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(context.look, padding=14, parent=parent)
        self._context, self.path, self.state = context, path, "looking"
        self.preview: Preview | None = None
        self.imported: Imported | None = None
        self._looked: Looked | None = None
        self._mapping: dict[str, str] = {}
        self._job: Job | None = None
        self._since = QElapsedTimer()
        self._closed = False
        look, px = context.look, context.look.theme.px
        head = QHBoxLayout()
        head.setSpacing(px(12))
        self.wanted = QCheckBox()
        self.wanted.setChecked(True)
        self.wanted.setAccessibleName(self.tr("Bring in {name}").format(name=path.name))
        self.wanted.toggled.connect(lambda _: self.moved.emit())
        self.mark = PlaceMark(look, "csv", size=32)
        names = QVBoxLayout()
        names.setSpacing(px(1))
        names.addWidget(ElidedLabel(look, path.name, role="strong"))
        self.what = ElidedLabel(look, self.tr("Looking at it…"), role="small", tone="text2")
        names.addWidget(self.what)
        for widget in (self.wanted, self.mark):
            head.addWidget(widget)
        head.addLayout(names, 1)
        self.body.addLayout(head)
        self.progress = ProgressLine(look, cancel=self.tr("Cancel"), stopping=self.tr("Stopping. Nothing will be left of it."))
        self.progress.cancelled.connect(self.cancel)
        self.body.addWidget(self.progress)
        self._room = QVBoxLayout()
        self._room.setSpacing(px(6))
        self.body.addLayout(self._room)
        context.tasks.run(desk_jobs.examine, path, done=self._on_looked, failed=self._on_failed)

    # What it is

    def _on_looked(self, looked: Looked) -> None:
        if self._closed:
            return
        self._looked = looked
        seen = looked.recognised
        self.mark.set_place(seen.place)
        owner = self.tr(" · of {owner}").format(owner=seen.owner) if seen.owner else ""
        self.what.set_runs(seen.title + owner)
        if seen.columns and not looked.mapping:
            self._mapping = guess_mapping(seen.columns, seen.sample)
            self._ask_mapping()
        else:
            self._mapping = dict(looked.mapping)
            self.read()

    def _ask_mapping(self) -> None:
        """The columns of a table nobody knows, with its first values and our guess."""
        assert self._looked is not None
        look, seen = self._look, self._looked.recognised
        clear(self._room)
        text = self.tr("Say once what the columns mean. It is remembered for tables with the same columns.")
        self._room.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for n, column in enumerate(dict.fromkeys(seen.columns[:60])):
            example = next((row[n] for row in seen.sample if n < len(row) and row[n].strip()), "")
            grid.addWidget(ElidedLabel(look, column or "–", role="small_strong"), n, 0)
            grid.addWidget(ElidedLabel(look, example[:80], role="small", tone="text2"), n, 1)
            grid.addWidget(self._choice(column), n, 2)
        self._room.addWidget(holder)
        go = Button(look, self.tr("Read it this way"), style="tinted", compact=True)
        go.setObjectName("read")
        go.clicked.connect(self._on_mapped)
        row = QHBoxLayout()
        row.addWidget(go)
        row.addStretch(1)
        self._room.addLayout(row)
        text = self.tr("Choose at least a column for a name or a mail address. Nothing was brought in.")
        self._too_little = ParagraphLabel(look, text, role="small", tone="danger")
        self._too_little.hide()
        self._room.addWidget(self._too_little)
        self._set_state("mapping")

    def _choice(self, column: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"column:{column}")
        box.setAccessibleName(self.tr("What “{column}” means").format(column=column))
        box.addItem(self.tr("leave out"), "")
        for field in FIELDS:
            box.addItem(self._field_words().get(field, field), field)
        box.setCurrentIndex(box.findData(self._mapping.get(column, "")))
        box.currentIndexChanged.connect(lambda _: self._mapping.__setitem__(column, str(box.currentData())))
        return box

    def _field_words(self) -> Mapping[str, str]:
        return {
            "name": self.tr("whole name"), "given_name": self.tr("first name"), "middle_name": self.tr("middle name"),
            "family_name": self.tr("surname"), "prefix": self.tr("title before the name"), "suffix": self.tr("after the name"),
            "nickname": self.tr("nickname"), "company": self.tr("company"), "title": self.tr("role"), "mail": self.tr("mail address"),
            "phone": self.tr("phone"), "web": self.tr("web page"), "linkedin": "LinkedIn", "twitter": "X",
            "id": self.tr("number or id"), "notes": self.tr("remarks"),
        }  # fmt: skip

    def _on_mapped(self) -> None:
        self._mapping = {column: field for column, field in self._mapping.items() if field}
        if is_enough(self._mapping.values()):
            self.read()
        else:
            self._too_little.show()

    # Reading

    def read(self, me: str = "") -> None:
        """Read the whole file into staging; the desk is not touched."""
        self.drop_preview()
        clear(self._room)
        self.progress.begin(self.tr("Reading {name}").format(name=self.path.name))
        self._since.start()
        job = partial(importing.stage, now=self._context.clock(), me=me, mapping=self._mapping or None)
        self._job = self._context.tasks.long(
            job, self.path, done=self._on_preview, failed=self._on_failed, progress=self._on_progress
        )
        self._set_state("reading")

    def _on_progress(self, progress: Progress) -> None:
        locale = QLocale()
        if progress.unit == "bytes":
            done, total = locale.formattedDataSize(progress.done), locale.formattedDataSize(progress.total)
        else:
            done, total = locale.toString(progress.done), f"{locale.toString(progress.total)} {progress.unit}"
        words = self.tr("{done} of {total} read.") if progress.total else self.tr("{done} read.")
        left = when.left(self._since.elapsed() / 1000, progress.done, progress.total)
        self.progress.set_progress(progress.done, progress.total, " ".join(filter(None, (words.format(done=done, total=total), left))))

    def _on_preview(self, preview: Preview) -> None:
        self._job = None
        if self._closed:
            self._context.tasks.run(desk_jobs.discard, preview)
            return
        self.progress.finish()
        self.preview = preview
        look, counts = self._look, preview.counts
        clear(self._room)
        self._room.addWidget(self._counts(preview))
        for warning in preview.warnings:
            self._room.addWidget(ParagraphLabel(look, warning, role="small", tone="attn"))
        self._add_rejects(counts.rejected, preview.rejects)
        if not preview.recognised.owner and preview.recognised.place in OWNED:
            self._room.addWidget(self._who_am_i())
        if not (counts.new_profiles or counts.new_activities or counts.changed):
            self.wanted.setChecked(False)
        self._set_state("ready")

    def _counts(self, preview: Preview) -> ParagraphLabel:
        c = preview.counts
        said = self._said(
            (c.new_profiles, self.tr("new profile"), self.tr("new profiles")),
            (c.new_activities, self.tr("new activity"), self.tr("new activities")),
            (c.changed, self.tr("changed"), self.tr("changed")),
            (c.unchanged, self.tr("already here"), self.tr("already here")),
        )  # fmt: skip
        text = f"{said}." if said else ""
        if not (c.new_profiles or c.new_activities or c.changed):
            text = " ".join((self.tr("Nothing new: what is in it is already here."), text)).rstrip()
        return ParagraphLabel(self._look, text, role="body")

    def _who_am_i(self) -> QWidget:
        look, holder = self._look, QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        me = self._looked.me if self._looked else None
        text = self.tr("The file does not say whose it is. Which address or name in it is yours?")
        if me is not None:
            text = self.tr("The file does not say whose it is. Your known addresses ({name}) are used; add another if it is missing.").format(
                name=me.name)  # fmt: skip
        column.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        row = QHBoxLayout()
        self.me_field = AnswerField()
        self.me_field.setPlaceholderText(self.tr("Your mail address or name in this file"))
        self.me_field.setAccessibleName(self.tr("Who you are in this file"))
        again = Button(look, self.tr("Read again"), compact=True)
        again.clicked.connect(lambda: self.read(self.me_field.text().strip()) if self.me_field.text().strip() else None)
        self.me_field.returnPressed.connect(again.click)
        row.addWidget(self.me_field, 1)
        row.addWidget(again)
        column.addLayout(row)
        return holder

    # Bringing in and taking back

    def bring_in(self) -> None:
        """What the preview showed, as one batch."""
        if self.preview is None or self.state != "ready":
            return
        clear(self._room)
        self.progress.begin(self.tr("Bringing in {name}").format(name=self.path.name))
        self._job = self._context.tasks.long(
            desk_jobs.bring_in, self.preview, self._context.clock(), done=self._on_imported, failed=self._on_failed
        )
        self._set_state("bringing")

    def _on_imported(self, imported: Imported) -> None:
        self.imported, self.preview, self._job = imported, None, None
        if self._closed:
            return
        self.progress.finish()
        self._room.addWidget(ParagraphLabel(self._look, self._brought(imported), role="body"))
        self._add_rejects(imported.counts.rejected, imported.rejects)
        undo = Button(self._look, self.tr("Take back"), icon="undo-2", compact=True)
        undo.setObjectName("undo")
        undo.clicked.connect(self.take_back)
        row = QHBoxLayout()
        row.addWidget(undo)
        if imported.waiting:
            who = Button(self._look, self.tr("Who is this?"), icon="user-search", compact=True)
            who.setObjectName("who")
            who.clicked.connect(lambda: self._context.router.go.emit(Target(page="who")))
            row.addWidget(who)
        row.addStretch(1)
        self._room.addLayout(row)
        self._set_state("done")

    def _brought(self, imported: Imported) -> str:
        """The report in words; what is none is not said."""
        c = imported.counts
        came = self._said(
            (c.new_activities, self.tr("activity"), self.tr("activities")), (c.new_profiles, self.tr("profile"), self.tr("profiles")),
            (c.changed, self.tr("changed"), self.tr("changed")),
        )  # fmt: skip
        then = self._said(
            (imported.people, self.tr("new person"), self.tr("new people")),
            (imported.linked, self.tr("linked to somebody known"), self.tr("linked to people who are known")),
            (imported.waiting, self.tr("waits on Who is this?"), self.tr("wait on Who is this?")),
        )  # fmt: skip
        text = self.tr("Brought in: {what}.").format(what=came) if came else self.tr("Nothing new was in it.")
        return f"{text} {then}." if then else text

    def _said(self, *parts: tuple[int, str, str]) -> str:
        return ", ".join(when.many(n, one, more) for n, one, more in parts if n)

    def _add_rejects(self, total: int, rejects: tuple[Rejected, ...]) -> None:
        """What was refused, each with where and why."""
        if total:
            title = self.tr("{n} refused:").format(n=QLocale().toString(total))
            self._room.addWidget(PlainLabel(self._look, title, role="small_strong", tone="attn"))
            self._room.addWidget(reject_lines(self._look, rejects, total, REJECTS_SHOWN))

    def take_back(self) -> None:
        """What this file brought leaves the desk again."""
        if self.imported is not None:
            self._context.tasks.write(
                importing.undo, self._context.clock(), self.imported.batch, done=self._on_undone, failed=self._on_failed
            )

    def _on_undone(self, taken: Taken) -> None:
        self._context.tasks.changed.emit(Changes(everything=True))
        self._say(taken_words(self, taken), "text2", "undone")

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        if not self._closed:
            stopped = isinstance(error, Cancelled)
            words = self.tr("Stopped. Nothing was brought in.") if stopped else str(error)
            self._say(words, "text2" if stopped else "danger", "failed")

    def _say(self, sentence: str, tone: str, state: str) -> None:
        self.progress.finish()
        clear(self._room)
        self._room.addWidget(ParagraphLabel(self._look, sentence, role="body", tone=tone))
        if state == "failed" and self._looked is None:
            self.what.set_runs(self.tr("Cannot be read"))
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

    def _set_state(self, state: str) -> None:
        self.state = state
        self.wanted.setVisible(state in ("reading", "ready", "mapping", "looking"))
        self.moved.emit()
