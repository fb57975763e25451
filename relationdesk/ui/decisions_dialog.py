"""How a person came to be who they are here: every decision about them, by whom and why, each with a button that takes it back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from relationdesk.model import Person
from relationdesk.services import decisions, people
from relationdesk.services.decisions import Decided
from relationdesk.store.ledger import Undone
from relationdesk.ui import when
from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Decisions", text)


class DecisionsDialog(DialogFrame):
    def __init__(self, context: Context, person: Person, parent: QWidget | None = None) -> None:
        sentence = tr("Each can be taken back alone, at any time. What came later stays where it belongs.")
        super().__init__(context.look, tr("Decisions about {name}").format(name=person.name[:60]), sentence=sentence, width=640, high=540, parent=parent)
        self._context, self._person = context, person
        self.column = ScrollColumn(context.look, name=tr("Decisions"), padding=(0, 0, 12, 0))
        self.says = PlainLabel(context.look, "", role="small", tone="text2", wrap=True)
        self.says.hide()
        self.body.addWidget(self.column, 1)
        self.body.addWidget(self.says)
        self.add_button(tr("Close"), default=True)
        self._load()

    def _load(self, *_: object) -> None:
        self._context.tasks.run(decisions.of_person, self._person.id, done=self._on_found, failed=self._context.router.failed.emit)

    def _on_found(self, found: tuple[Decided, ...]) -> None:
        look = self._context.look
        rows: list[QWidget] = []
        for heading, mine in ((tr("By you"), True), (tr("Without you"), False)):
            some = [d for d in found if (d.by == "you") is mine]
            if some:
                rows.append(PlainLabel(look, heading, role="small_strong", tone="text2"))
                rows += [widget for d in some for widget in (self._row(d), Divider(look))][:-1]
        self.column.fill(rows or [ParagraphLabel(look, tr("Nothing was decided about {name} yet.").format(name=self._person.name[:60]), tone="text2")])

    def _row(self, decided: Decided) -> QWidget:
        holder, look = QWidget(), self._context.look
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, look.theme.px(4), 0, look.theme.px(4))
        row.setSpacing(look.theme.px(12))
        row.addWidget(ParagraphLabel(look, decided.sentence, role="body", tone="text3" if decided.undone else "text1"), 1, Qt.AlignmentFlag.AlignVCenter)
        if decided.at is not None:
            at = PlainLabel(look, when.ago(decided.at, self._context.clock()), role="small", tone="text2", tabular=True)
            at.setToolTip(when.exact(decided.at))
            row.addWidget(at)
        if decided.id:
            text, name = (tr("Do again"), tr("Do again: {what}")) if decided.undone else (tr("Take back"), tr("Take back: {what}"))
            button = Button(look, text, style="quiet", compact=True, name=name.format(what=decided.sentence))
            button.clicked.connect(partial(self._on_again if decided.undone else self._on_back, decided.id))
        else:
            button = Button(look, tr("Unlink"), style="quiet", compact=True, name=tr("Unlink: {what}").format(what=decided.sentence))
            button.clicked.connect(partial(self._on_unlink, decided.profile_id))
        row.addWidget(button)
        holder.setAccessibleName(f"{decided.sentence}. {tr('Taken back')}" if decided.undone else decided.sentence)
        return holder

    def _on_back(self, decision_id: int, *_: object) -> None:
        self._context.tasks.write(people.undo, self._context.clock(), decision_id, done=self._on_done, failed=self._context.router.failed.emit)

    def _on_again(self, decision_id: int, *_: object) -> None:
        self._context.tasks.write(people.redo, decision_id, done=self._on_done, failed=self._context.router.failed.emit)

    def _on_unlink(self, profile_id: int | None, *_: object) -> None:
        self._context.tasks.write(people.unlink, profile_id, self._context.clock(), done=self._load, failed=self._context.router.failed.emit)

    def _on_done(self, answer: tuple[Undone, object]) -> None:
        self.says.setText(" ".join(answer[0].kept))
        self.says.setVisible(bool(answer[0].kept))
        self._load()
