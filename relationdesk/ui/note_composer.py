"""Where notes are written: one yellow line that grows, always at hand on a person's and a company's page.

What is typed is on disk within a second; a note is kept with Ctrl+Enter. The same widget edits a note that is there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes, Note, NoteKind
from relationdesk.services import drafts
from relationdesk.services.drafts import Draft
from relationdesk.text import one_line
from relationdesk.ui import when
from relationdesk.ui.about import About
from relationdesk.ui.frame import Flow, Icon, clear, hint
from relationdesk.ui.note_draft import DraftKeeper, Wording
from relationdesk.ui.note_editor import NoteEditor
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button, KeyBox
from relationdesk.ui.widgets.card import NoteCard
from relationdesk.ui.widgets.label import ElidedLabel
from relationdesk.ui.widgets.number_box import NumberBox

COPIED = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
"""How words are shown where nothing can be written: a draft found there can still be copied."""

_ICONS = {NoteKind.NOTE: "notebook-pen", NoteKind.CALL: "phone", NoteKind.MEETING: "users"}


class NoteComposer(NoteCard):
    """`kept(Note)` when a note is on this computer. `about` opens it; `edit` puts an existing note in."""

    kept = Signal(object)
    idle = Signal()

    def __init__(self, context: Context, *, always_open: bool = False, parent: QWidget | None = None) -> None:
        """always_open: with all its fields from the start (in a dialog)."""
        super().__init__(context.look, padding=8, parent=parent)
        self._context, self._look, self._always_open = context, context.look, always_open
        self._about: About | None = None
        self._editing: Note | None = None
        self._refusal = context.tasks.looked.refusal() if context.tasks.looked is not None else None
        self._chosen = NoteKind.NOTE
        self._filling = self._keeping = False
        self.editor = NoteEditor(context)
        self.drafts = DraftKeeper(context, self.wording, self)
        self._status = ElidedLabel(self._look, "", role="caption", tone="note_text")
        self._build()
        self.editor.textChanged.connect(self._on_text)
        self.editor.kept.connect(self.keep)
        self.editor.template.connect(self.pick_template)
        self.editor.left.connect(self._on_left)
        self.editor.entered.connect(self._fold)
        self.drafts.saved.connect(self._on_saved)
        self.drafts.unsaved.connect(self._say)
        self.drafts.found.connect(self._on_draft)
        self._look.changed.connect(self._space)
        self._space()
        self.set_about(None)

    def _build(self) -> None:
        look = self._look
        self._pen = Icon(look, "notebook-pen", "note_text")
        self._kinds: dict[NoteKind, Button] = {}
        self._line = QHBoxLayout()
        self._line.addWidget(self._pen, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(self.editor, 1)
        self._closed: list[QWidget] = [KeyBox(look, hint("note"), on="note")]
        for kind, name in ((NoteKind.MEETING, self.tr("Note a meeting")), (NoteKind.CALL, self.tr("Note a call"))):
            button = Button(look, icon=_ICONS[kind], style="note", name=name, compact=True)
            button.clicked.connect(partial(self._start_kind, kind))
            self._closed.append(button)
        later = Button(look, icon="alarm-clock", style="note", name=self.tr("Follow-up"), compact=True)
        later.clicked.connect(lambda: self._context.router.agree.emit("follow_up", self._about) if self._about else None)
        self._closed.append(later)
        for widget in self._closed:
            self._line.addWidget(widget)
            widget.setEnabled(self._refusal is None)
        if self._refusal is not None:
            self.editor.setTextInteractionFlags(COPIED)
        self._fields = QWidget()
        clear(self.body)
        self.body.addLayout(self._line)
        self.body.addWidget(self._fields)
        self.body.addWidget(self._status)
        if self._always_open:
            self._build_fields()

    def _build_fields(self) -> None:
        """What is needed only once it is opened, or the first picture of the program would wait for a calendar."""
        if self._kinds:
            return
        look = self._look
        names = {NoteKind.NOTE: self.tr("Note"), NoteKind.CALL: self.tr("Call"), NoteKind.MEETING: self.tr("Meeting")}
        holder = QWidget()
        kinds = QHBoxLayout(holder)
        kinds.setSpacing(2)
        for kind, name in names.items():
            button = Button(look, icon=_ICONS[kind], style="note", name=name, compact=True)
            button.setCheckable(True)
            button.clicked.connect(partial(self.choose_kind, kind))
            self._kinds[kind] = button
            kinds.addWidget(button)
        self._minutes = NumberBox(look, 0, 24 * 60, suffix=" " + self.tr("min"), name=self.tr("Minutes"))
        self._minutes.setSpecialValueText(self.tr("no time"))
        self._minutes.valueChanged.connect(self._on_field)
        self._when_button = Button(look, icon="calendar", style="note", name=self.tr("Another day or time"), compact=True)
        self._when_button.setCheckable(True)
        self._when_button.toggled.connect(self._on_when)
        self._when = QDateTimeEdit()
        self._when.setCalendarPopup(True)
        self._when.setAccessibleName(self.tr("When it was"))
        self._when.dateTimeChanged.connect(self._on_field)
        self._template = Button(look, icon="file-text", style="note", name=self.tr("Insert a template"), compact=True)
        self._template.clicked.connect(self.pick_template)
        self._keep = Button(look, self.tr("Keep"), style="primary", key=hint("send"), compact=True)
        self._keep.clicked.connect(self.keep)
        self._drop = Button(look, icon="trash-2", style="note", name=self.tr("Throw away"), compact=True)
        self._drop.clicked.connect(self.throw_away)
        for field in (self._minutes, self._when):
            field.hide()
        self._row = Flow(look, gap=6)
        self._fields.setLayout(self._row)
        kinds.setContentsMargins(0, 0, 0, 0)
        for widget in (holder, self._minutes, self._when_button, self._when, self._template, self._keep, self._drop):
            self._row.addWidget(widget)
        self._minutes.setMaximumWidth(look.theme.px(104))
        was, self._filling = self._filling, True
        self._fill_fields(Wording(text=""))
        self._filling = was

    def _space(self) -> None:
        px = self._look.theme.px
        edge = px(9) if self._fields.isVisibleTo(self) else px(5)
        self.body.setContentsMargins(px(14), edge, px(10), edge)
        self.body.setSpacing(px(6))
        self._line.setSpacing(px(10))
        if self._kinds:
            self._minutes.setMaximumWidth(px(104))

    # What it is about

    def set_about(self, about: About | None) -> None:
        """Write about somebody else from now on. What was being typed is on disk, and comes back with its person."""
        if about is not None and self._about is not None and self._slot_of(about) == self._slot_of(self._about) and self._editing is None:
            self._about = about
            self._placeholder()
            return
        typed = self.wording() if self._about is None and self._editing is None else Wording(text="")  # since `wait`
        self.drafts.flush()
        self._about, self._editing = about, None
        self._fill(typed)
        self._say("")
        self.setEnabled(about is not None)
        self._placeholder()
        self.drafts.open(self._slot_of(about) if about is not None else "")
        if self.is_busy():
            self.drafts.touch()
        self._fold()

    def wait(self) -> None:
        """Somebody else is looked up: what is typed meanwhile is about them, and never taken for keys of the page."""
        self.set_about(None)
        self.setEnabled(True)

    def edit(self, note: Note) -> None:
        """Put a note in to be worded anew; what was being typed waits meanwhile on disk."""
        if self._refusal is not None:
            self._context.router.failed.emit(self._refusal)
            return
        self.drafts.flush()
        self._editing = note
        self._fill(Wording(text=note.text, kind=note.kind, minutes=note.minutes, happened=note.happened))
        self._when_button.setChecked(True)
        self.setEnabled(True)
        self._placeholder()
        self.drafts.open(drafts.slot_for(note_uid=note.uid))
        self._say(self.tr("Editing your note of {day}").format(day=when.day(note.happened)))
        self._fold()
        self.start()

    def start(self) -> None:
        """Put the cursor in."""
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.editor.moveCursor(self.editor.textCursor().MoveOperation.End)
        self._fold()

    def pick_template(self) -> None:
        """Choose a template; it comes in where the cursor stands, filled for whom the note is about."""
        if self._about is not None and self._refusal is None:
            from relationdesk.ui.template_picker import into_note  # not before the first picture

            into_note(self._context, self._about, self.editor, self._say)

    def _start_kind(self, kind: NoteKind, *_: object) -> None:
        self.choose_kind(kind)
        self.start()

    def is_busy(self) -> bool:
        """Whether there are words in it that are not a note yet."""
        return bool(self.editor.toPlainText().strip())

    def _slot_of(self, about: About) -> str:
        return drafts.slot_for(person_uid=about.person_uid, company_uid=about.company_uid)

    def _placeholder(self) -> None:
        name = one_line(self._about.name, 60) if self._about is not None else ""
        if self._refusal is not None:
            self.editor.set_placeholder(self.tr("No note can be written now. Why, and what to do, stands above."), self.tr("Only reading now"))
            return
        self.editor.set_placeholder(
            self.tr("Write a note about {name}. It stays on this computer.").format(name=name) if name else "",
            self.tr("Write a note about {name}").format(name=name) if name else "",
        )
        self.editor.setAccessibleName(self.tr("Note about {name}").format(name=name) if name else self.tr("Note"))
        self.editor.setAccessibleDescription(self.tr("It stays on this computer. Keep it with {key}").format(key=hint("send")))

    # Its words

    def wording(self) -> Wording:
        if not self._kinds:
            return Wording(text=self.editor.toPlainText())
        happened = None
        if self._when_button.isChecked():
            happened = datetime.fromtimestamp(self._when.dateTime().toSecsSinceEpoch(), UTC)
        return Wording(text=self.editor.toPlainText(), kind=self._chosen, minutes=self._minutes.value(), happened=happened)

    def _fill(self, wording: Wording) -> None:
        self._filling = True
        self.editor.put(wording.text)
        if self._kinds or wording != Wording(text=wording.text):
            self._fill_fields(wording)
        self._filling = False

    def _fill_fields(self, wording: Wording) -> None:
        self.choose_kind(wording.kind)
        self._minutes.setValue(wording.minutes)
        moment = wording.happened or self._context.clock()
        self._when.setDateTime(QDateTime.fromSecsSinceEpoch(int(moment.timestamp()), QTimeZone.systemTimeZone()))
        self._when_button.setChecked(wording.happened is not None)

    def choose_kind(self, kind: NoteKind, *_: object) -> None:
        self._build_fields()
        self._chosen = kind
        for other, button in self._kinds.items():
            button.setChecked(other is kind)
        self._minutes.setVisible(kind is not NoteKind.NOTE or self._minutes.value() > 0)
        self._pen.set_icon(_ICONS[kind], "note_text")
        self._on_field()

    def set_minutes(self, minutes: int) -> None:
        self._build_fields()
        self._minutes.setValue(minutes)

    def _on_when(self, on: bool) -> None:
        self._when.setVisible(on)
        self._on_field()

    def _on_field(self, *_: object) -> None:
        if not self._filling and self.is_busy():
            self.drafts.touch()

    def _on_text(self) -> None:
        if not self._filling:
            self.drafts.touch()
        self._fold()

    def _fold(self) -> None:
        opened = self._always_open or self.is_busy() or self._editing is not None or self.editor.hasFocus()
        if opened:
            self._build_fields()
        self._fields.setVisible(opened)
        for widget in self._closed:
            widget.setVisible(not opened)
        self._line.setAlignment(self._pen, Qt.AlignmentFlag.AlignTop if opened else Qt.AlignmentFlag.AlignVCenter)
        self._space()
        self._status.setVisible(opened and bool(self._status.text()))
        if not self._kinds:
            return
        self._keep.setEnabled(self.is_busy() and self._refusal is None)
        self._drop.setVisible((self.is_busy() and self._refusal is None) or self._editing is not None)
        self._drop.set_content("", icon="x" if self._editing else "trash-2", name=self.tr("Cancel") if self._editing else self.tr("Throw away"))

    def _on_left(self) -> None:
        self.drafts.flush()
        if self._editing is not None:
            self._done()
        self.idle.emit()
        if not self.is_busy() and not self._always_open:
            self.editor.clearFocus()
            self._fold()

    def leave(self) -> None:
        """The page goes: what was typed must be on disk."""
        self.drafts.flush()

    def _on_saved(self, moment: datetime) -> None:
        if self.is_busy():
            self._say(self._saved_words(moment, self.editor.toPlainText()))

    def _say(self, text: str) -> None:
        self._status.set_runs(text)
        self._status.setVisible(bool(text))

    def _saved_words(self, moment: datetime, text: str) -> str:
        """And what it promises, so that whoever writes ">me send the sheet fri" sees that it was understood."""
        from relationdesk.services.promised import promises  # nobody has promised anything when the window opens

        today, now = moment.astimezone().date(), self._context.clock()
        told = (f"“{one_line(p.text, 60)}”, {when.due(p.due, p.at, today)}" if p.due else f"“{one_line(p.text, 60)}”" for p in promises(text, today))
        follow_ups = ", ".join(told)
        saved = self.tr("Saved on this computer {time}").format(time=when.clock(moment, now))
        return f"{saved} · {self.tr('Follow-up: {what}').format(what=follow_ups)}" if follow_ups else saved

    def _on_draft(self, draft: Draft, here: bool) -> None:
        """Words that were typed and not kept. What is being typed already is not touched: the found ones go below."""
        typed = self.editor.toPlainText() if self._editing is None else ""
        text = f"{typed}\n\n{draft.text}" if typed.strip() else draft.text
        self._fill(Wording(text=text, kind=draft.kind, minutes=draft.minutes, happened=draft.happened))
        moment = when.clock(draft.saved, self._context.clock())
        found = self.tr("Found what you typed ({time}) and did not keep. Keep it or throw it away.").format(time=moment)
        self._say(self._saved_words(draft.saved, text) if here else found if self._refusal is None else self.tr("Typed {time} and not kept. It can be copied.").format(time=moment))
        self._fold()
        if typed.strip():
            self.drafts.touch()

    def keep(self) -> None:
        """Make it a note."""
        from relationdesk.services import notes  # and all about follow-ups: not before the first picture

        wording, about, slot = self.wording(), self._about, self.drafts.slot()
        if self._refusal is not None or self._keeping or not wording.text.strip() or (about is None and self._editing is None):
            return
        self._keeping = True
        self._keep.setEnabled(False)
        job: Callable[..., Any] = partial(
            notes.write, kind=wording.kind, minutes=wording.minutes, happened=wording.happened, slot=slot,
            note_id=self._editing.id if self._editing else None,
            person_id=about.person_id if about and not self._editing else None,
            company_id=about.company_id if about and not self._editing else None,
        )  # fmt: skip
        self.drafts.forget()
        self._context.tasks.write(
            job, wording.text, self._context.clock(), done=partial(self._on_kept, slot, wording.text), failed=self._on_failed
        )

    def _on_kept(self, slot: str, text: str, answer: tuple[Note, Changes]) -> None:
        note, _ = answer
        self._keeping = False
        self._context.router.toast.emit(self._saved_words(note.saved, note.text), True)
        if slot == self.drafts.slot():
            typed_on = self.editor.toPlainText()
            self._done(typed_on[len(text) :] if typed_on.startswith(text) and len(typed_on) > len(text) else "")
        self.kept.emit(note)
        self._fold()  # the page may have taken the keyboard

    def _on_failed(self, error: RelationDeskError) -> None:
        self._keeping = False
        self._fold()
        self.drafts.touch()
        self._say(str(error))
        self._context.router.failed.emit(error)

    def _done(self, rest: str = "") -> None:
        """Ready for the next one; back to what was being typed before a note was edited."""
        was_editing, about, self._editing = self._editing is not None, self._about, None
        self._fill(Wording(text=rest.lstrip()))
        self._say("")
        if rest.strip():
            self.drafts.touch()
        else:
            self.drafts.forget()
        if was_editing:
            self.drafts.open(self._slot_of(about) if about is not None else "")
            self.setEnabled(about is not None)
        self._placeholder()
        self._fold()

    def throw_away(self) -> None:
        """Empty it. While editing: leave the note as it was. Undo in the field (Ctrl+Z) brings new words back."""
        self.drafts.forget()
        if slot := self.drafts.slot():
            self._context.tasks.write(drafts.save, slot, "", self._context.clock())
        if self._editing is not None:
            self._done()
            return
        cursor = self.editor.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.removeSelectedText()
        self.drafts.forget()
        self._say("")
        self._fold()
