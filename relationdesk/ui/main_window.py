"""The window: sidebar, people, and a stack of pages that are made when they are first opened. It listens to the router."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from PySide6.QtCore import QByteArray, QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Changes
from relationdesk.services import overview, people
from relationdesk.services.overview import Overview
from relationdesk.store import settings
from relationdesk.store.ledger import Undone
from relationdesk.ui import layout_memory, people_list
from relationdesk.ui.actions import Actions
from relationdesk.ui.commands import Commands
from relationdesk.ui.dialogs import Dialogs
from relationdesk.ui.drops import Drops
from relationdesk.ui.history import History
from relationdesk.ui.layout_memory import Layout
from relationdesk.ui.notice import NoticeBar
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.people_list import PeopleList
from relationdesk.ui.people_page import PeoplePage
from relationdesk.ui.sidebar import Sidebar
from relationdesk.ui.syncing import Syncs
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.toast import Toast

PAGES = {
    "today": "relationdesk.ui.today_page:TodayPage",
    "people": "relationdesk.ui.people_page:PeoplePage",
    "person": "relationdesk.ui.person_page:PersonPage",
    "companies": "relationdesk.ui.companies_page:CompaniesPage",
    "company": "relationdesk.ui.company_page:CompanyPage",
    "place": "relationdesk.ui.place_page:PlacePage",
    "places": "relationdesk.ui.places_page:PlacesPage",
    "who": "relationdesk.ui.matches_page:MatchesPage",
    "welcome": "relationdesk.ui.first_start:FirstStart",
}
"""Every page: name → module:class. Imported when first opened, so that the start does not pay for all of them."""

WITH_LIST = frozenset({"person", "place"})
"""Pages beside which the people stand."""

LIST_FROM = 900
"""Width of the window, at 100 % text size, below which the people fold away."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Window", text)


class MainWindow(QMainWindow):
    """`start` opens the first page; `closing` comes before the tasks are closed."""

    closing = Signal()

    def __init__(self, context: Context, layout: Layout | None = None) -> None:
        super().__init__()
        self.context, self.layout_kept = context, layout or Layout()
        look = context.look
        self.setWindowTitle("RelationDesk")
        self.setMinimumSize(720, 480)
        self._drops = Drops(self)
        self._drops.dropped.connect(context.router.import_files)
        self.actions_ = Actions(look, self)
        self.syncs = Syncs(context, self)
        self.dialogs = Dialogs(context, self)
        self.history = History()
        self.overview = Overview()
        self._pages: dict[str, Page] = {}
        self._page: Page | None = None
        self._wanted_bucket: int | None = self.layout_kept.bucket or None
        self._open_first = False
        self.sidebar = Sidebar(look, context.clock)
        self.people = PeopleList(context)
        self.notice = NoticeBar(look)
        self.stack = QStackedWidget()
        self._lay_out()
        self.toast = Toast(look, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(50)
        self._soon.timeout.connect(self._refresh)
        self._connect()
        self.commands = Commands(self)
        self._refresh()
        self.people.reload()

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.people)
        self.splitter.addWidget(middle)
        self.splitter.setStretchFactor(1, 1)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addWidget(self.splitter, 1)
        self.setCentralWidget(central)
        if not self.restoreGeometry(QByteArray(self.layout_kept.geometry_bytes())):
            self.resize(1440, 900)
        width = self.layout_kept.list_width or self.context.look.theme.px(people_list.WIDTH)
        self.splitter.setSizes([width, 4000])

    def _connect(self) -> None:
        router, tasks = self.context.router, self.context.tasks
        router.go.connect(self.go)
        router.back.connect(self.back)
        router.toast.connect(self._on_toast)
        router.failed.connect(self._on_failed)
        router.copy.connect(lambda text: QGuiApplication.clipboard().setText(text))
        router.sync.connect(self.syncs.start)
        tasks.changed.connect(self._on_changed)
        tasks.bug.connect(self._on_bug)
        self.syncs.finished.connect(lambda *_: self._soon.start())
        self.context.look.changed.connect(self._on_look_changed)
        self.people.filled.connect(self._on_filled)
        self.people.new_person.connect(self.dialogs.new_person)
        bar = self.sidebar
        bar.go.connect(self.go)
        bar.palette_wanted.connect(self.dialogs.palette)
        bar.import_wanted.connect(self.dialogs.choose_files)
        bar.help_wanted.connect(self.dialogs.cheat_sheet)
        bar.settings_wanted.connect(self.dialogs.settings)
        bar.new_bucket.connect(self.dialogs.new_bucket)
        bar.edit_bucket.connect(self.dialogs.edit_bucket)
        bar.move_bucket.connect(self.dialogs.move_bucket)

    # Going somewhere

    def start(self, *, first_start: bool = False) -> None:
        """Open the first page: the welcome, or what was open when the window was closed."""
        target = Target(page="welcome") if first_start else self.layout_kept.target()
        self._show(target if target.page in PAGES else Target(page="today"))

    def page(self) -> Page | None:
        """The page that is shown."""
        return self._page

    def go(self, target: Target) -> None:
        """Show a target and remember where we were. A bucket is shown in the people column, beside its people."""
        if target.page == "bucket":
            self._go_bucket(target)
            return
        if self._page is not None:
            self.history.push(self._page.position())
            self._page.leave()
        self._show(target)

    def back(self) -> None:
        target = self.history.pop()
        if target is not None:
            if self._page is not None:
                self._page.leave()
            self._show(target)

    def _show(self, target: Target) -> None:
        page = self._pages.get(target.page) or self._make(target.page)
        page.name = page.name or target.page
        self._page = page
        self.commands.set_page(target.page, page)
        self.stack.setCurrentWidget(page)
        self.sidebar.setVisible(target.page != "welcome")
        self._fold()
        self._mark(target)
        page.open(target)
        if not self.people.isAncestorOf(self.focusWidget() or self):
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setWindowTitle(f"{page.title()} · RelationDesk" if page.title() else "RelationDesk")

    def _make(self, name: str) -> Page:
        module, _, cls = PAGES[name].partition(":")
        page: Page = getattr(import_module(module), cls)(self.context) if find_spec(module) else _Missing(self.context)
        if isinstance(page, PeoplePage):
            page.buckets_wanted.connect(self.dialogs.buckets_of)
            page.person_wanted.connect(self.dialogs.new_person)
        self._pages[name] = page
        self.stack.addWidget(page)
        return page

    def _go_bucket(self, target: Target) -> None:
        bucket = next((b for b in self.overview.buckets if b.id == target.id), None)
        if not self._list_fits():
            self.go(Target(page="people", extra=bucket))
            return
        self._open_first = True
        self.people.set_bucket(bucket)
        self.sidebar.mark("bucket", target.id)

    def _on_filled(self) -> None:
        """The people of a bucket are there: stay with the person shown if they belong to it, else open its first."""
        if not self._open_first:
            return
        self._open_first = False
        here = self._page.position().id if self._page is not None and self._page.name == "person" else None
        first = self.people.first()
        if first is not None and (here is None or not self.people.model.index_of(here).isValid()):
            self.go(Target(page="person", id=first.id))
        elif first is None and (self._page is None or self._page.name not in WITH_LIST):
            self.go(Target(page="people", extra=self.people.bucket()))

    def _mark(self, target: Target) -> None:
        bucket = self.people.bucket()
        if target.page == "person":
            self.people.show_person(target.id)
            self.sidebar.mark(*(("bucket", bucket.id) if bucket else ("people", None)))
        elif target.page == "place":
            self.people.show_person(None)
            self.sidebar.mark("place", target.place)
        else:
            self.sidebar.mark({"company": "companies"}.get(target.page, target.page))

    def _list_fits(self) -> bool:
        return self.width() >= self.context.look.theme.px(LIST_FROM)

    def _fold(self) -> None:
        self.people.setVisible(self._page is not None and self._page.name in WITH_LIST and self._list_fits())

    # What happened

    def _refresh(self) -> None:
        self.context.tasks.run(overview.overview, done=self._on_overview, failed=self._on_failed)

    def _on_overview(self, found: Overview) -> None:
        self.overview = found
        self.sidebar.show_overview(found)
        wanted, self._wanted_bucket = self._wanted_bucket, None
        shown = self.people.bucket()
        again = next((b for b in found.buckets if b.id == (wanted or (shown.id if shown else 0))), None)
        if again != shown and (wanted is None or again is not None):
            self.people.set_bucket(again)
        if self._page is not None:
            self._mark(self._page.position())

    def _on_changed(self, changes: Changes) -> None:
        for page in self._pages.values():
            page.on_changed(changes)
        self._soon.start()
        if changes.undo:
            self._on_toast(changes.undo, True)

    def _on_toast(self, sentence: str, with_undo: bool) -> None:
        self.toast.say(sentence, self.undo if with_undo else None, key=self.actions_.key_text("undo"))

    def _on_failed(self, error: RelationDeskError) -> None:
        if not isinstance(error, Cancelled):
            self.notice.say(str(error))

    def _on_bug(self, error: Exception) -> None:
        if isinstance(error, RelationDeskError):
            self._on_failed(error)
        else:
            self.dialogs.bug(error)

    def _on_look_changed(self) -> None:
        self._fold()
        for page in self._pages.values():
            page.restyle()

    # Undo

    def undo(self) -> None:
        self.context.tasks.write(people.undo, self.context.clock(), done=self._on_undone, failed=self._on_failed)

    def redo(self) -> None:
        self.context.tasks.write(people.redo, done=self._on_redone, failed=self._on_failed)

    def _on_undone(self, answer: tuple[Undone, Changes]) -> None:
        done = answer[0]
        words = tr("Taken back: {what}").format(what=done.entry.sentence)
        self.toast.say(" ".join((words, *done.kept)), self.redo, key=self.actions_.key_text("redo"), word=tr("Redo"))

    def _on_redone(self, answer: tuple[Undone, Changes]) -> None:
        words = tr("Done again: {what}").format(what=answer[0].entry.sentence)
        self._on_toast(" ".join((words, *answer[0].kept)), True)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that the column or the sidebar had no use for is meant for the page."""
        focus, page = self.focusWidget(), self._page
        if page is not None and focus is not page and not page.isAncestorOf(focus or self):
            page.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    # The window itself

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._drops.follow(self.windowHandle())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def raise_window(self) -> None:
        """Another start of the program asks for this one."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._page is not None:
            self._page.leave()
        self.context.tasks.write(settings.set_value, layout_memory.NAME, layout_memory.dump(self._layout()))
        self.closing.emit()
        super().closeEvent(event)

    def _layout(self) -> Layout:
        at = self._page.position() if self._page is not None else Target(page="today")
        bucket = self.people.bucket()
        sizes = self.splitter.sizes()
        return Layout(
            geometry=layout_memory.encoded(bytes(self.saveGeometry().data())),
            list_width=sizes[0] or self.layout_kept.list_width,
            page=at.page if at.page != "welcome" else "today", id=at.id or 0, place=at.place, bucket=bucket.id if bucket else 0,
        )  # fmt: skip


class _Missing(Page):
    """Stands for a page whose module is not there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        column = QVBoxLayout(self)
        column.addWidget(EmptyState(context.look, tr("Not in this version"), tr("This page comes later."), icon="hourglass"))

    def open(self, target: Target) -> None:
        self._target = target

    def position(self) -> Target:
        return self._target

