"""The window: sidebar, people, and a stack of pages that are made when they are first opened. It listens to the router."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import QByteArray, QCoreApplication, QSize, Qt, QTimer, Signal
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
from relationdesk.services import overview
from relationdesk.services.overview import Overview
from relationdesk.store import settings
from relationdesk.ui import layout_memory
from relationdesk.ui.history import History
from relationdesk.ui.layout_memory import Layout
from relationdesk.ui.page import Context, Page, Target

PAGES = {
    "today": "relationdesk.ui.today_page:TodayPage",
    "round": "relationdesk.ui.round_page:RoundPage", "stream": "relationdesk.ui.stream_page:StreamPage",
    "people": "relationdesk.ui.people_page:PeoplePage",
    "person": "relationdesk.ui.person_page:PersonPage",
    "companies": "relationdesk.ui.companies_page:CompaniesPage",
    "company": "relationdesk.ui.company_page:CompanyPage",
    "place": "relationdesk.ui.place_page:PlacePage",
    "places": "relationdesk.ui.places_page:PlacesPage",
    "who": "relationdesk.ui.matches_page:MatchesPage",
    "outbox": "relationdesk.ui.outbox_page:OutboxPage", "routed": "relationdesk.ui.routed_page:RoutedPage",
    "welcome": "relationdesk.ui.first_start:FirstStart",
}
"""Every page: name → module:class. Imported when first opened, so that the start does not pay for all of them."""

WITH_LIST = frozenset({"person", "place", "stream"})
"""Pages beside which the people stand."""

FURNISH_AT_LAST = 250
"""Milliseconds after which the window is furnished though nothing was painted, because the desk is slow or the page empty."""

LIST_FROM = 900
"""Width of the window, at 100 % text size, below which the people fold away."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Window", text)


class MainWindow(QMainWindow):
    """`start` opens the first page; `closing` comes before the tasks are closed, `complete` when it is furnished."""

    closing = Signal()
    complete = Signal()

    def __init__(self, context: Context, layout: Layout | None = None, *, furnished: bool = True) -> None:
        """furnished: with sidebar, people and keys from the beginning; else they come after the first timeline is painted."""
        super().__init__()
        self.context, self.layout_kept = context, layout or Layout()
        self.setWindowTitle("RelationDesk")
        self.setMinimumSize(720, 480)
        self.history = History()
        self.overview = Overview()
        self._pages: dict[str, Page] = {}
        self._page: Page | None = None
        self._wanted_bucket: int | None = self.layout_kept.bucket or None
        self._open_first = self._furnished = False
        self.stack = QStackedWidget()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(50)
        self._soon.timeout.connect(self._refresh)
        self._lay_out()
        self._listen()
        if furnished:
            self.furnish()

    def furnish(self) -> None:
        """Put in what stands around the page, and what is imported for it. Twice is once."""
        if self._furnished:
            return
        from relationdesk.ui.actions import Actions
        from relationdesk.ui.commands import Commands
        from relationdesk.ui.dialogs import Dialogs
        from relationdesk.ui.drops import Drops
        from relationdesk.ui.notice import NoticeBar
        from relationdesk.ui.people_list import PeopleList
        from relationdesk.ui.sidebar import Sidebar
        from relationdesk.ui.syncing import Syncs
        from relationdesk.ui.undoing import Undoing
        from relationdesk.ui.widgets.toast import Toast

        self._furnished = True
        context, look = self.context, self.context.look
        self._drops = Drops(self)
        self._drops.follow(self.windowHandle())
        self.actions_ = Actions(look, self)
        self.syncs = Syncs(context, self)
        self.dialogs = Dialogs(context, self)
        self.sidebar = Sidebar(look, context.clock)
        self.people = PeopleList(context)
        self.notice = NoticeBar(look)
        self._put_around()
        self.toast = Toast(look, self, foot=lambda: self._page.foot() if self._page is not None else 0)
        self.undoing = Undoing(context, self.toast, self.actions_, self)
        self._connect()
        self.commands = Commands(self)
        self._refresh()
        self.people.reload()
        if self._page is not None:
            self._frame(self._page.position())
        self.complete.emit()

    def _lay_out(self) -> None:
        middle = QWidget()
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        if (looked := self.context.tasks.looked) is not None:
            from relationdesk.ui.notice import NoticeBar

            self.banner = NoticeBar(self.context.look, lasting=True)
            self.banner.say(looked.happened)
            self._column.addWidget(self.banner)
        self._column.addWidget(self.stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(middle)
        central = QWidget()
        self._row = QHBoxLayout(central)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.splitter, 1)
        self.setCentralWidget(central)
        if not self.restoreGeometry(QByteArray(self.layout_kept.geometry_bytes())):
            self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize() - QSize(8, 40)))  # its frame too

    def _list_width(self) -> int:
        return self.layout_kept.list_width or self.context.look.theme.px(layout_memory.LIST_WIDTH)

    def _keep_room(self) -> None:
        """The page stands where it will stand when the sidebar and the people are there."""
        beside = self._list_width() + 1 if self._list_fits() else 0
        bar = layout_memory.NARROW_WIDTH if self._is_narrow() else layout_memory.SIDEBAR_WIDTH
        self._row.setContentsMargins(self.context.look.theme.px(bar) + beside, 0, 0, 0)

    def _put_around(self) -> None:
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.insertWidget(0, self.sidebar)
        self._column.insertWidget(self._column.indexOf(self.stack), self.notice)
        self.splitter.insertWidget(0, self.people)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([self._list_width(), 4000])

    def _listen(self) -> None:
        router, tasks = self.context.router, self.context.tasks
        router.go.connect(self.go)
        router.back.connect(self.back)
        router.toast.connect(self._on_toast)
        router.failed.connect(self._on_failed)
        router.copy.connect(lambda text: QGuiApplication.clipboard().setText(text))
        tasks.changed.connect(self._on_changed)
        tasks.bug.connect(self._on_bug)
        self.context.look.changed.connect(self._on_look_changed)

    def _connect(self) -> None:
        self._drops.dropped.connect(self.context.router.import_files)
        self._drops.linked.connect(self.dialogs.link_dropped)
        self.context.router.sync.connect(self.syncs.start)
        self.syncs.finished.connect(lambda *_: self._soon.start())
        self.people.filled.connect(self._on_filled)
        self.people.new_person.connect(self.dialogs.new_person)
        self.context.router.foot_moved.connect(self.toast.place)
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
        if target.page != "person":
            self.furnish()
        self._show(target if target.page in PAGES else Target(page="today"))
        if not self._furnished and self._page is not None:
            self._keep_room()
            self._page.drawn.connect(self.furnish, Qt.ConnectionType.QueuedConnection)
            QTimer.singleShot(FURNISH_AT_LAST, self, self.furnish)

    def page(self) -> Page | None:
        """The page that is shown."""
        return self._page

    def go(self, target: Target) -> None:
        """Show a target and remember where we were. A bucket is shown in the people column, beside its people."""
        self.furnish()
        if target.page == "bucket" or self.history.leads_back(target):
            self._go_bucket(target) if target.page == "bucket" else self.back()
            return
        if self._page is not None:
            if self._page.name != "welcome":  # a desk begins once
                self.history.push(self._page.position())
            self._page.leave()
        self._show(target)

    def back(self) -> None:
        self.furnish()
        target = self.history.pop()
        if target is not None:
            if self._page is not None:
                self._page.leave()
            self._show(target)

    def _show(self, target: Target) -> None:
        page = self._pages.get(target.page) or self._make(target.page)
        page.name = page.name or target.page
        self._page = page
        self.stack.setCurrentWidget(page)
        if self._furnished:
            self._frame(target)
        page.open(target)
        if not self._furnished or not self.people.isAncestorOf(self.focusWidget() or self):
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._entitle()

    def _entitle(self) -> None:
        title = self._page.title() if self._page is not None else ""
        self.setWindowTitle(f"{title} · RelationDesk" if title else "RelationDesk")

    def _frame(self, target: Target) -> None:
        """What stands around the page follows it."""
        self.commands.set_page(target.page, self._pages[target.page])
        self.sidebar.setVisible(target.page != "welcome")
        self._fold()
        self._mark(target)

    def _make(self, name: str) -> Page:
        module, _, cls = PAGES[name].partition(":")
        page: Page = getattr(import_module(module), cls)(self.context)
        page.is_start = not self._furnished
        if name == "people":
            page.buckets_wanted.connect(self.dialogs.buckets_of)  # type: ignore[attr-defined]
            page.person_wanted.connect(self.dialogs.new_person)  # type: ignore[attr-defined]
        page.setAccessibleName(page.title())
        page.retitled.connect(self._entitle)
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
            self.sidebar.mark({"company": "companies", "stream": "bucket"}.get(target.page, target.page), target.id if target.page == "stream" else None)

    def _list_fits(self) -> bool:
        return self.width() >= self.context.look.theme.px(LIST_FROM)

    def _is_narrow(self) -> bool:
        return self.width() < self.context.look.theme.px(layout_memory.NARROW_BELOW)

    def _fold(self) -> None:
        if not self._furnished:
            self._keep_room()
            return
        self.sidebar.set_narrow(self._is_narrow())
        self.people.setVisible(self._page is not None and self._page.name in WITH_LIST and self._list_fits())

    # What happened

    def _refresh(self) -> None:
        self.furnish()
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
        for page in tuple(self._pages.values()):  # the welcome makes way for another page
            page.on_changed(changes)
        self._soon.start()
        if changes.undo:
            self._on_toast(changes.undo, True)

    def _on_toast(self, sentence: str, with_undo: bool) -> None:
        self.furnish()
        self.undoing.tell(sentence, with_undo)

    def _on_failed(self, error: RelationDeskError) -> None:
        if not isinstance(error, Cancelled):
            self.furnish()
            self.notice.say(str(error))

    def _on_bug(self, error: Exception) -> None:
        if isinstance(error, RelationDeskError):
            self._on_failed(error)
        else:
            self.furnish()
            self.dialogs.bug(error)

    def _on_look_changed(self) -> None:
        self._fold()
        for page in self._pages.values():
            page.restyle()

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
        if self._furnished:
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
        self.furnish()
        if self._page is not None:
            self._page.leave()
        self.context.tasks.write(settings.set_value, layout_memory.NAME, layout_memory.dump(self._layout()))
        self.closing.emit()
        super().closeEvent(event)

    def _layout(self) -> Layout:
        at = self._page.position() if self._page is not None else Target(page="today")
        bucket, sizes = self.people.bucket(), self.splitter.sizes()
        return Layout(
            geometry=layout_memory.encoded(bytes(self.saveGeometry().data())),
            list_width=sizes[0] or self.layout_kept.list_width,
            page=at.page if at.page != "welcome" else "today", id=at.id or 0, place=at.place, bucket=bucket.id if bucket else 0,
        )  # fmt: skip
