"""Choose a template: type a few letters of its name or its words, Enter inserts it, filled for whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes
from relationdesk.services import templates
from relationdesk.services.templates import Ready
from relationdesk.store import templates as rows
from relationdesk.store.templates import Purpose, Template
from relationdesk.text import fold, one_line, tamed
from relationdesk.ui.about import About
from relationdesk.ui.gaps import tr
from relationdesk.ui.page import Context
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ParagraphLabel
from relationdesk.ui.words import QT_TRANSLATE_NOOP

PURPOSES = {
    Purpose.ANSWER: QT_TRANSLATE_NOOP("Templates", "Answer"), Purpose.MESSAGE: QT_TRANSLATE_NOOP("Templates", "Message"),
    Purpose.MAIL: QT_TRANSLATE_NOOP("Templates", "Mail"), Purpose.NOTE: QT_TRANSLATE_NOOP("Templates", "Note"),
}  # fmt: skip


def row_height(look: Look) -> int:
    return max(28, look.theme.px(32))


class TemplatePicker(DialogFrame):
    """`chosen(Ready)`. Those for the purpose come first. name, company: as in `services.templates.ready`."""

    chosen = Signal(object)

    def __init__(
        self, context: Context, person_id: int | None, purpose: Purpose, *, name: str = "", company: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(context.look, tr("Insert a template"), width=460, parent=parent)
        self._context, self._person_id, self._purpose, self._name, self._company = context, person_id, purpose, name, company
        self._every: tuple[Template, ...] | None = None
        self.search = SearchField(context.look, tr("Name or words"), name=tr("Search templates"))
        self.search.textChanged.connect(lambda _: self._fill())
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Templates"))
        self.list.setMinimumHeight(context.look.theme.px(200))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemActivated.connect(lambda _: self._on_choose())
        self.list.itemClicked.connect(lambda _: self._on_choose())
        self.empty = ParagraphLabel(context.look, "", role="small", tone="text2")
        self.empty.hide()
        for part in (self.search, self.list, self.empty):
            self.body.addWidget(part)
        self.add_button(tr("All templates…"), self._on_all, first=True)
        self.add_button(tr("Cancel"))
        self.insert = self.add_button(tr("Insert"), self._on_choose, style="primary", key="↵", default=True)
        context.tasks.changed.connect(self._on_changed)
        self._load()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _load(self) -> None:
        self._context.tasks.run(rows.every, self._purpose, done=self._on_found, failed=self._on_failed)

    def _on_changed(self, changes: Changes) -> None:
        if changes.templates or changes.everything:
            self._load()

    def _on_found(self, found: tuple[Template, ...]) -> None:
        self._every = found
        self._fill()

    def _fill(self) -> None:
        self.list.clear()
        typed = fold(self.search.text()).split()
        for one in self._every or ():
            said = fold(f"{one.name} {one.subject} {one.text}")
            if all(word in said for word in typed):
                item = QListWidgetItem(tamed(f"{one.name}   ·   {tr(PURPOSES[one.purpose])}"))
                item.setToolTip(one_line(one.text, 300).replace("<", "‹"))
                item.setData(Qt.ItemDataRole.UserRole, one.uid)
                item.setSizeHint(QSize(0, row_height(self.look)))
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        none = self._every is not None and not self.list.count()
        self.list.setVisible(not none)
        self.empty.setVisible(none)
        some = tr("No template says that.") if self._every else tr("There is no template yet. “All templates…” makes one, or offers a few to start with.")
        self.empty.set_runs(some)
        self.insert.setEnabled(bool(self.list.count()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list while letters are typed."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
            return True
        return False

    def _on_choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            ask = partial(templates.ready, purpose=self._purpose, name=self._name, company=self._company)
            uid = item.data(Qt.ItemDataRole.UserRole)
            self._context.tasks.run(ask, uid, self._person_id, self._context.clock(), done=self._on_ready, failed=self._on_failed)

    def _on_ready(self, ready: Ready) -> None:
        self.chosen.emit(ready)
        self.accept()

    def _on_all(self) -> None:
        self._context.router.agree.emit("templates", "")

    def _on_failed(self, error: RelationDeskError) -> None:
        self.empty.set_runs(str(error))
        self.empty.show()


def into_note(context: Context, about: About, editor: QPlainTextEdit, say: Callable[[str], None]) -> TemplatePicker:
    """Into a note on a person or a company, where the cursor stands; what is not known stays marked, and is said."""
    company = about.name if about.company_id is not None else ""
    picker = TemplatePicker(context, about.person_id, Purpose.NOTE, name="" if company else about.name, company=company, parent=editor.window())

    def insert(ready: Ready) -> None:
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.insertPlainText(ready.text.text)
        say(" ".join(ready.missing))

    picker.chosen.connect(insert)
    picker.open_beside()
    return picker
