"""Make two people one: choose the other one, see what goes along and what both say differently, combine. Undo gives both back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes, Person
from relationdesk.saying import counted
from relationdesk.services import combining
from relationdesk.services.combining import Preview
from relationdesk.ui.frame import Icon, clear
from relationdesk.ui.page import Context, Target
from relationdesk.ui.person_picker import PersonPicker, PersonRow
from relationdesk.ui.widgets.card import Card, Divider
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Combine", text)


class CombineDialog(DialogFrame):
    """person: the one on whose page it was opened; they stay, unless the user turns it round."""

    def __init__(self, context: Context, person: Person, parent: QWidget | None = None) -> None:
        sentence = tr("For two entries that are the same person. Everything of both stays, and it can be taken back at any later time.")
        super().__init__(context.look, tr("Combine {name} with somebody").format(name=person.name[:60]), sentence=sentence, width=560, parent=parent)
        self._context, self._person = context, person
        self._preview: Preview | None = None
        self.picker = PersonPicker(
            context, title=tr("Who else is {name}?").format(name=person.name[:60]), hint=tr("Type a name"), spoken=tr("Combine with {name}"),
            nobody=tr("Nobody of that name."), without=frozenset({person.id}),
        )  # fmt: skip
        self.picker.picked.connect(self._on_picked)
        self._shown = QVBoxLayout()
        self._shown.setSpacing(context.look.theme.px(10))
        self.body.addWidget(self.picker)
        self.body.addLayout(self._shown)
        self.body.addStretch(1)
        self.swap = self.add_button(tr("The other one stays"), self._on_swap, first=True)
        self.add_button(tr("Cancel"))
        self.do = self.add_button(tr("Combine"), self._on_combine, style="primary", default=True)
        self.swap.hide()
        self.do.setEnabled(False)
        self.picker.search.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def preview(self) -> Preview | None:
        """What would be done; None until somebody is chosen."""
        return self._preview

    def _on_picked(self, other: Person) -> None:
        self._ask(self._person.id, other.id)

    def _on_swap(self) -> None:
        if self._preview is not None:
            self._ask(self._preview.gone.id, self._preview.into.id)

    def _ask(self, into: int, gone: int) -> None:
        self.refusal.hide()
        self._context.tasks.run(combining.preview, into, gone, done=self._on_preview, failed=self._on_failed)

    def _on_preview(self, preview: Preview) -> None:
        self._preview = preview
        clear(self._shown)
        look = self._context.look
        for heading, person in ((tr("Stays"), preview.into), (tr("Becomes part of it"), preview.gone)):
            self._shown.addWidget(PlainLabel(look, heading, role="small_strong", tone="text2"))
            row = PersonRow(look, person, person.name)
            row.setEnabled(False)
            self._shown.addWidget(row)
        self._shown.addWidget(Divider(look))
        carried = [_counted(what, n) for what, n in preview.carried if n]
        along = ", ".join(carried) if carried else tr("nothing but the name")
        self._shown.addWidget(ParagraphLabel(look, tr("What goes along: {what}.").format(what=along), role="body"))
        if preview.conflicts:
            self._shown.addWidget(self._conflicts(preview))
        self.swap.setVisible(not preview.into.is_me)
        self.do.setEnabled(True)
        self.do.setFocus(Qt.FocusReason.OtherFocusReason)

    def _conflicts(self, preview: Preview) -> QWidget:
        """What both say differently: the first on the card, the second beside it."""
        look = self._context.look
        card = Card(look, "note", padding=12)
        card.body.addWidget(PlainLabel(look, tr("Both are kept, the first is shown"), role="small_strong", tone="note_text"))
        names = {"name": tr("Name"), "title": tr("Role"), "company": tr("Company"), "rhythm": tr("Rhythm")}
        for what, stays, beside in preview.conflicts:
            row = QHBoxLayout()
            row.setSpacing(look.theme.px(8))
            row.addWidget(ElidedLabel(look, names[what], role="small", tone="note_text"), 1)
            row.addWidget(ElidedLabel(look, stays, role="strong"), 2)
            row.addWidget(Icon(look, "chevron-left", "note_text", size=14))
            row.addWidget(ElidedLabel(look, beside, role="body", tone="note_text"), 2)
            card.body.addLayout(row)
        card.setAccessibleName(" ".join(f"{names[what]}: {stays}, {beside}." for what, stays, beside in preview.conflicts))
        return card

    def _on_combine(self) -> None:
        if self._preview is None:
            return
        self.do.setEnabled(False)
        args = (self._preview.into.id, self._preview.gone.id, self._context.clock())
        self._context.tasks.write(combining.combine, *args, done=partial(self._on_combined, self._preview.into.id), failed=self._on_failed)

    def _on_combined(self, into: int, _: Changes) -> None:
        self.accept()
        self._context.router.go.emit(Target(page="person", id=into))

    def _on_failed(self, error: RelationDeskError) -> None:
        self.refuse(error)
        self.do.setEnabled(self._preview is not None)


def _counted(what: str, n: int) -> str:
    return {
        "profiles": lambda: counted(n, "{n:,} profile", "{n:,} profiles"), "notes": lambda: counted(n, "{n:,} note", "{n:,} notes"),
        "buckets": lambda: counted(n, "{n:,} bucket", "{n:,} buckets"), "tags": lambda: counted(n, "{n:,} tag", "{n:,} tags"),
        "wishes": lambda: counted(n, "{n:,} wish", "{n:,} wishes"), "tasks": lambda: counted(n, "{n:,} follow-up", "{n:,} follow-ups"),
        "particulars": lambda: counted(n, "{n:,} thing kept in mind", "{n:,} things kept in mind"),
        "outbox": lambda: counted(n, "{n:,} message not yet out", "{n:,} messages not yet out"),
        "answers": lambda: counted(n, "{n:,} answer to a prompt", "{n:,} answers to prompts"),
    }[what]()  # fmt: skip
