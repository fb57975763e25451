"""One template in hand: its name, what it is for, its words with fields, and how it reads for a person. What is typed is on disk within a second."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from relationdesk.engage.templates import FIELDS, MOST_FIELD
from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes, Person
from relationdesk.services import templates
from relationdesk.services.templates import Ready, Typed
from relationdesk.store import particulars
from relationdesk.store.templates import Purpose, Template
from relationdesk.text import one_line
from relationdesk.ui import when
from relationdesk.ui.engage_preview import with_gaps
from relationdesk.ui.gaps import GapMarks, tr
from relationdesk.ui.page import Context
from relationdesk.ui.row_painter import Run
from relationdesk.ui.template_picker import PURPOSES
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel

EVERY_MS = 700
"""After so long without a pause what is typed goes to disk, and the preview follows."""


class TemplateEditor(QWidget):
    """`kept(Template)`. `edit` puts one in (None: a new one). whom: the line above the preview, for who it is shown for."""

    kept = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._look = context, context.look
        self._uid, self._loading, self._dirty = "", False, False
        self._person: Person | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.flush)
        self._build()
        self.edit(None)

    def _build(self) -> None:
        look, px = self._look, self._look.theme.px
        self.name = QLineEdit()
        self.name.setMaxLength(templates.MOST_NAME)
        self.name.setPlaceholderText(tr("Name, by which you choose it"))
        self.name.setAccessibleName(tr("Name of the template"))
        self.purpose = QComboBox()
        self.purpose.setAccessibleName(tr("What it is for"))
        for one in Purpose:
            self.purpose.addItem(tr(PURPOSES[one]), one.value)
        self.purpose.currentIndexChanged.connect(self._on_typed)
        self.heading = QLineEdit()
        self.heading.setPlaceholderText(tr("Subject"))
        self.heading.setAccessibleName(tr("Subject"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Words"))
        self.text.setPlaceholderText(tr("Hi {first name}, …"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(px(128))
        self.marks = GapMarks(look, self.text.document(), fields=True)
        self.field = Button(look, tr("Insert a field"), icon="plus", style="quiet", compact=True)
        self.field.clicked.connect(self._open_fields)
        self.said = ElidedLabel(look, "", role="small", tone="text2")
        below = QHBoxLayout()
        below.addWidget(self.field)
        below.addWidget(self.said, 1)
        self.preview = Card(look, "sunken", padding=10)
        self.shown = ParagraphLabel(look, "", role="body", max_lines=8)
        self.missing = ParagraphLabel(look, "", role="small", tone="attn", max_lines=3)
        self.preview.body.addWidget(self.shown)
        self.preview.body.addWidget(self.missing)
        self.problem = ParagraphLabel(look, "", role="small", tone="danger")
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        first = QHBoxLayout()
        first.setSpacing(px(8))
        first.addWidget(self.name, 1)
        first.addWidget(self.purpose)
        column.addLayout(first)
        column.addWidget(self.heading)
        column.addWidget(self.text)
        column.addLayout(below)
        self.whom = QHBoxLayout()
        self.whom.setSpacing(px(8))
        column.addLayout(self.whom)
        column.addWidget(self.preview)
        column.addWidget(self.problem)
        for line in (self.name, self.heading):
            line.textChanged.connect(self._on_typed)
        self.text.textChanged.connect(self._on_typed)

    # Which one

    def edit(self, template: Template | None) -> None:
        """What was typed before is on disk; what was typed of this one and not kept comes back."""
        self.flush()
        self._uid = template.uid if template is not None else ""
        self._fill(Typed() if template is None else Typed(name=template.name, purpose=template.purpose, subject=template.subject, text=template.text))
        # Through the writing lane: an answer from the reading lane could be older than what was just flushed.
        self._context.tasks.write(templates.draft, self._uid, done=partial(self._on_draft, self._uid), failed=self._on_failed, only_reads=True)

    def typed(self) -> Typed:
        return Typed(name=self.name.text(), purpose=Purpose(self.purpose.currentData()), subject=self.heading.text(), text=self.text.toPlainText())

    def uid(self) -> str:
        """"" for one that is not kept yet."""
        return self._uid

    def is_changed(self) -> bool:
        """Whether there is something in it that is not kept."""
        return self._dirty or bool(self.said.text())

    def _fill(self, typed: Typed) -> None:
        self._loading = True
        self.name.setText(typed.name)
        self.purpose.setCurrentIndex(list(Purpose).index(typed.purpose))
        self.heading.setText(typed.subject)
        self.text.setPlainText(typed.text)
        self.name.setCursorPosition(0)
        self._loading = self._dirty = False
        self.heading.setVisible(typed.purpose is Purpose.MAIL)
        self.problem.hide()
        self.said.set_runs("")
        self._ask()

    def _on_draft(self, uid: str, found: Typed | None) -> None:
        if uid == self._uid and found is not None and not self._dirty and found != self.typed():
            self._fill(found)
            at = when.clock(found.saved, self._context.clock()) if found.saved is not None else ""
            self.said.set_runs(tr("Typed {time} and not kept yet").format(time=at))

    # What is typed

    def _on_typed(self, *_: object) -> None:
        self.heading.setVisible(self.purpose.currentData() == Purpose.MAIL.value)
        if not self._loading:
            self._dirty = True
            self.problem.hide()
            if not self._timer.isActive():
                self._timer.start()

    def flush(self) -> None:
        """Put it on disk now, if it is not yet, and show how it reads."""
        self._timer.stop()
        if self._dirty and self._context.tasks.looked is None:
            self._dirty = False
            self._context.tasks.write(templates.keep_draft, self._uid, self.typed(), self._context.clock(), failed=self._on_failed)
            self.said.set_runs(tr("Not kept yet; safe on this computer"))
            self._ask()

    def keep(self) -> None:
        """Make it a template, or the new wording of one. If it is refused, the words are on disk as they were typed."""
        self.flush()
        one, now = self.typed(), self._context.clock()
        job = partial(templates.save, name=one.name, purpose=one.purpose, text=one.text, subject=one.subject, uid=self._uid, with_draft=True)
        self._context.tasks.write(job, now, done=self._on_kept, failed=self._on_failed)

    def _on_kept(self, answer: tuple[Template, Changes]) -> None:
        self._uid = answer[0].uid
        self.problem.hide()
        self.said.set_runs("" if not self._dirty else self.said.text())
        self.kept.emit(answer[0])

    def throw_away(self) -> None:
        """What is typed and not kept goes."""
        self._timer.stop()
        self._dirty = False
        self._context.tasks.write(templates.keep_draft, self._uid, Typed(), self._context.clock(), failed=self._on_failed)
        self.said.set_runs("")

    # Fields

    def _open_fields(self) -> None:
        self._context.tasks.run(particulars.labels, done=self._on_labels, failed=self._on_failed)

    def _on_labels(self, labels: tuple[str, ...]) -> None:
        menu = self.field_menu(labels)
        menu.popup(self.field.mapToGlobal(QPoint(0, self.field.height() + 4)))

    def field_menu(self, labels: tuple[str, ...]) -> QMenu:
        """What the desk knows by itself, then what is kept in mind of people."""
        menu = QMenu(self)
        menu.setAccessibleName(tr("Fields"))
        menu.aboutToHide.connect(menu.deleteLater)
        for name in FIELDS:
            menu.addAction(f"{{{name}}}", partial(self._insert, name))
        menu.addSeparator()
        for name in labels[:20]:
            menu.addAction(f"{{{one_line(name, MOST_FIELD)}}}".replace("&", "&&"), partial(self._insert, name))
        if not labels:
            menu.addAction(tr("What you keep in mind of people comes here")).setEnabled(False)
        return menu

    def _insert(self, name: str) -> None:
        if self.heading.hasFocus():
            self.heading.insert(f"{{{name}}}")
        else:
            self.text.insertPlainText(f"{{{name}}}")
            self.text.setFocus()

    # How it reads

    def set_person(self, person: Person | None) -> None:
        self._person = person
        self._ask()

    def _ask(self) -> None:
        one, now = self.typed(), self._context.clock()
        shown = Template(id=0, uid=self._uid, name=one.name, purpose=one.purpose, subject=one.subject, text=one.text, saved=now)
        who = self._person.id if self._person is not None else None
        self._context.tasks.run(templates.fitted, shown, who, now, done=self._on_ready, failed=self._on_failed)

    def _on_ready(self, ready: Ready) -> None:
        nobody = self._person is None
        subject = [Run(f"{one_line(ready.subject.text)}\n", strong=True)] if ready.subject.text else []
        words = (*subject, *with_gaps(ready.text.text))
        self.shown.set_runs(words or tr("Here stands how it reads for somebody."))
        gaps = ready.missing if not nobody else ()
        more = tr(" and {n} more").format(n=len(gaps) - 3) if len(gaps) > 3 else ""
        self.missing.set_runs(" ".join(gaps[:3]) + more)
        self.missing.setVisible(bool(gaps))

    def _on_failed(self, error: RelationDeskError) -> None:
        self.problem.set_runs(str(error))
        self.problem.show()
