"""What the window does for the actions of the table, unless the page that is shown does it itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QPlainTextEdit

from relationdesk.ui.actions import SPECS
from relationdesk.ui.page import Page, Target
from relationdesk.ui.widgets.field import SearchField

if TYPE_CHECKING:
    from relationdesk.ui.main_window import MainWindow


class Commands(QObject):
    """Connects every action of a window once; a page's own handler comes first."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._own = self._handlers()
        for spec in SPECS:
            window.actions_[spec.id].triggered.connect(lambda _=False, name=spec.id: self.do(name))

    def set_page(self, name: str, page: Page) -> None:
        """Another page: what nobody does stays off, so that its key reaches the page itself."""
        theirs, actions = page.handlers(), self._window.actions_
        actions.set_page(name)
        for spec in SPECS:
            actions[spec.id].setEnabled(spec.applies(name) and (spec.id in self._own or spec.id in theirs))

    def do(self, name: str) -> None:
        """Do an action by its id; nothing if nobody knows it here."""
        page = self._window.page()
        theirs = page.handlers() if page is not None else {}
        handler = theirs.get(name) or self._own.get(name)
        if handler is not None:
            handler()

    def _handlers(self) -> dict[str, Callable[[], object]]:
        window = self._window
        dialogs, router = window.dialogs, window.context.router
        pages = ("today", "round", "people", "companies", "who", "places", "routed", "outbox")
        goes = {f"go_{name}": (lambda page=name: window.go(Target(page=page))) for name in pages}
        return {
            **goes, "palette": dialogs.palette, "go_templates": lambda: router.agree.emit("templates", ""), "find": self._find, "back": self._on_escape,
            "note_anywhere": lambda: router.new_note.emit(None), "import": dialogs.choose_files,
            "export": lambda: router.export.emit(None), "sync": lambda: window.syncs.start(None),
            "connect": lambda: router.connect_place.emit(""), "new_person": dialogs.new_person,
            "new_bucket": dialogs.new_bucket, "settings": dialogs.settings, "rules": dialogs.rules, "quit": window.close, "undo": window.undoing.undo,
            "redo": window.undoing.redo, "cheat_sheet": dialogs.cheat_sheet, "next_person": lambda: window.people.step(1),
            "previous_person": lambda: window.people.step(-1), "buckets": self._on_buckets,
            "start_round": self._on_round, "bucket_stream": window.people.go_stream,
        }  # fmt: skip

    def _on_buckets(self) -> None:
        page = self._window.page()
        at = page.position() if page is not None else Target(page="")
        at = at.extra if at.page == "round" and isinstance(at.extra, Target) else at
        if at.page == "person" and at.id is not None:
            self._window.dialogs.buckets_of((at.id,))

    def _on_round(self) -> None:
        """Over whom one is looking at: a company, today's prompts, the people of the list beside."""
        page = self._window.page()
        at = page.position() if page is not None else Target(page="")
        if at.page == "company" and at.id is not None:
            wanted = ("company", f"#{at.id}")
        elif at.page in ("today", "round"):
            wanted = ("today", "")
        else:
            wanted = self._window.people.walked()
        self._window.go(Target(page="round", extra=wanted))

    def _find(self) -> None:
        """The search field of the page, else that of the people, else the palette."""
        page = self._window.page()
        fields = page.findChildren(SearchField) if page is not None else []
        field = next((f for f in fields if f.isVisible()), self._window.people.search)
        if field.isVisible():
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()
        else:
            self._window.dialogs.palette()

    def _on_escape(self) -> None:
        """Out of a text field into the page; what went wrong away; back; and where nothing leads back, news away."""
        focus, page, notice = self._window.focusWidget(), self._window.page(), self._window.notice
        if isinstance(focus, QLineEdit) and not focus.isReadOnly() and focus.text():
            focus.clear()
        elif isinstance(focus, QLineEdit | QPlainTextEdit | QAbstractSpinBox) and page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        elif notice.isVisible() and not (notice.is_news() and len(self._window.history)):
            notice.put_away()
        else:
            self._window.back()
