"""What the user keeps in mind of a person: the block on their card, and the dialog in which one is written down or changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.services import particulars, their_days
from relationdesk.store import particulars as kept
from relationdesk.store.particulars import Particular
from relationdesk.text import given_name, one_line
from relationdesk.ui.about import About
from relationdesk.ui.card_parts import part_title
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.form import Form, line_field
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, tooltip


def tr(text: str) -> str:
    return QCoreApplication.translate("Particulars", text)


class ParticularsBlock(QWidget):
    """`wanted(Particular or None)`: change this one, or write a new one down."""

    wanted = Signal(object)

    def __init__(self, context: Context, name: str, found: tuple[Particular, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = context.look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        called = one_line(given_name(name), 24)
        add = Button(self._look, tr("Add"), style="link", compact=True, name=tr("Keep something in mind of {name}").format(name=called))
        add.clicked.connect(lambda: self.wanted.emit(None))
        column.addWidget(part_title(self._look, tr("Kept in mind"), add))
        for one in found:
            column.addWidget(self._row(one))
        if not found:
            words = tr("Nothing is kept in mind yet. A birthday, a dog’s name, how they take their coffee: a template can say it.")
            column.addWidget(ParagraphLabel(self._look, words, role="small", tone="text2"))

    def _row(self, one: Particular) -> QWidget:
        """What it is, and at the far side the words as a button that changes them."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._look.theme.px(12))
        label = ElidedLabel(self._look, one.label, role="body", tone="text2")
        label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        words = Button(self._look, one.text, style="quiet", compact=True, elide=True, name=tr("Change {label}: {text}").format(label=one.label, text=one.text))
        words.setToolTip(tooltip(one.text))
        words.clicked.connect(partial(self.wanted.emit, one))
        row.addWidget(label)
        row.addWidget(words, 1, Qt.AlignmentFlag.AlignTrailing)
        return holder


class ParticularDialog(DialogFrame):
    """about.particular None: a new one. A label that is there already is written anew."""

    def __init__(self, context: Context, about: About, parent: QWidget | None = None) -> None:
        one = about.particular
        sentence = tr("Only on this computer. A template can use it as {field}.").format(field="{" + (one.label if one is not None else tr("dog")) + "}")
        super().__init__(context.look, tr("Keep in mind of {name}").format(name=one_line(about.name, 60)), sentence=sentence, width=460, parent=parent)
        self._context, self._about = context, about
        self.label = line_field(tr("Label"), tr("dog, coffee, birthday …"), one.label if one else "", longest=200)
        self.words = line_field(tr("Words"), tr("Bruno"), one.text if one else "", longest=particulars.MOST_LETTERS)
        self.body.addLayout(Form(context.look, self.label, self.words))
        if one is not None:
            self.add_button(tr("Remove"), self._on_remove, style="danger", first=True)
        self.add_button(tr("Cancel"))
        self.keep = self.add_button(tr("Keep"), self._on_keep, style="primary", default=True)
        for field in (self.label, self.words):
            field.textChanged.connect(self._on_text)
        self._on_text()
        (self.words if one is not None else self.label).setFocus(Qt.FocusReason.OtherFocusReason)
        context.tasks.run(kept.labels, done=self._on_labels, failed=self.refuse)

    def _on_labels(self, found: tuple[str, ...]) -> None:
        """Those of other people, so that one template fits all."""
        completer = QCompleter(list(dict.fromkeys((*found, *their_days.LABELS))), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.label.setCompleter(completer)

    def _on_text(self) -> None:
        self.refusal.hide()
        self.words.setPlaceholderText(tr("4 May, or 4 May 1979: you are told when it comes") if their_days.is_day(self.label.text()) else tr("Bruno"))
        self.keep.setEnabled(bool(self.label.text().strip() and self.words.text().strip()))

    def _on_keep(self) -> None:
        one, now, write = self._about.particular, self._context.clock(), self._context.tasks.write
        words = (self.label.text(), self.words.text(), now)
        if one is None:
            self.write_once(write, particulars.keep, self._about.person_id, *words)
        else:
            self.write_once(write, particulars.change, one.id, *words)

    def _on_remove(self) -> None:
        if self._about.particular is not None:
            write, now = self._context.tasks.write, self._context.clock()
            self.write_once(write, particulars.remove, self._about.particular.id, now)
