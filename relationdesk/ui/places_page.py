"""Places: every login, how it stands and what to do; what files brought; which computers this program talks to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.derived import Asked
from relationdesk.model import Changes, Progress, Stream
from relationdesk.saying import counted
from relationdesk.services import logins
from relationdesk.services.places import LoginRow, login_rows, outgoing
from relationdesk.store import batches, settings
from relationdesk.store import logins as stored_logins
from relationdesk.store.settings import Settings
from relationdesk.ui import when
from relationdesk.ui.batch_rows import BatchRows
from relationdesk.ui.connect_grid import ConnectGrid
from relationdesk.ui.drop_card import DropCard
from relationdesk.ui.find_dialog import FindDialog
from relationdesk.ui.frame import Head, ScrollColumn, clear
from relationdesk.ui.held_card import held_card
from relationdesk.ui.login_card import LoginCard, state_of
from relationdesk.ui.money_dialog import MoneyDialog
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.remove_dialog import RemoveDialog
from relationdesk.ui.sends_by_dialog import SendsByDialog
from relationdesk.ui.side_column import SideColumn, TwoColumns
from relationdesk.ui.syncing import Syncs
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card, Divider
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel

HOSTS_SHOWN = 12


class PlacesPage(Page):
    """`watch(syncs)` lets it show running syncs; without it the cards show only what is stored."""

    name = "places"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._rows: tuple[LoginRow, ...] = ()
        self._batches = BatchRows(context, self)
        self._settings = Settings()
        self._streams: dict[int, tuple[Stream, ...]] = {}
        self._open: set[int] = set()
        self._held = 0
        self._syncs: Syncs | None = None
        self.cards: dict[int, LoginCard] = {}
        self.grid: ConnectGrid | None = None
        self._hosts = QWidget(self)
        self.head = Head(look, self.title())
        self._aside = Button(look, icon="panel-right", name=self.tr("Connections"))
        connect = Button(look, self.tr("Connect a place"), icon="plus", style="primary")
        connect.clicked.connect(lambda: context.router.connect_place.emit(""))
        self.head.buttons.addWidget(self._aside)
        self.head.buttons.addWidget(connect)
        self.list = ScrollColumn(look, name=self.tr("Places"))
        self._side = SideColumn(look, name=self.tr("Outgoing connections"))
        self._columns = TwoColumns(look, self.list, self._side, head=self.head)
        self._columns.open_by(self._aside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._columns)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def title(self) -> str:
        return self.tr("Places")

    def open(self, target: Target) -> None:
        """id: a login whose card is opened."""
        if target.id is not None:
            self._open.add(target.id)
        self._load()

    def on_changed(self, changes: Changes) -> None:
        if changes.everything or changes.logins or changes.places:
            self._load()

    def restyle(self) -> None:
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.list.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        syncs = getattr(self.window(), "syncs", None)
        if isinstance(syncs, Syncs):
            self.watch(syncs)

    def watch(self, syncs: Syncs) -> None:
        """Show what these syncs are doing, from now on."""
        if self._syncs is None:
            self._syncs = syncs
            syncs.moved.connect(self._on_moved)
            syncs.finished.connect(lambda *_: self._load())
            self._show()

    # Loading

    def _load(self) -> None:
        tasks, failed = self.context.tasks, self.context.router.failed.emit
        tasks.run(settings.load, done=self._on_settings, failed=failed)
        tasks.run(batches.every, done=self._batches.know, failed=failed)
        tasks.run(stored_logins.held, done=self._on_held, failed=failed)
        tasks.run(login_rows, self.context.clock(), done=self._on_rows, failed=failed)

    def _on_settings(self, found: Settings) -> None:
        self._settings = found

    def _on_held(self, found: tuple[int, ...]) -> None:
        self._held = len(found)

    def _on_rows(self, rows: tuple[LoginRow, ...]) -> None:
        self._rows = rows
        self._streams = {login_id: streams for login_id, streams in self._streams.items() if any(r.login.id == login_id for r in rows)}
        self._show()
        for row in rows:
            self.context.tasks.run(logins.asked, row.login.id, done=partial(self._on_followed, row.login.id))

    def _on_followed(self, login_id: int, streams: tuple[Stream, ...]) -> None:
        self._streams[login_id] = streams
        if login_id in self.cards:
            self.cards[login_id].set_followed(frozenset(stream.name for stream in streams))
        self._show_hosts()

    # Showing

    def _show(self) -> None:
        now, look = self.context.clock(), self.context.look
        running = self._running()
        typed = {login_id: card.typed() for login_id, card in self.cards.items()}
        self.cards = {row.login.id: self._card(row, row.login.id in running) for row in self._rows}
        every = self._settings.sync_every_minutes
        need = sum(state_of(row, now, every, recorded=self._is_recorded(row)).needs_you for row in self._rows)
        words = counted(len(self._rows), "{n:,} place", "{n:,} places") if self._rows else self.tr("No place connected yet")
        if need:
            words += ", " + counted(need, "{n:,} needs you", "{n:,} need you")
        self.head.subtitle.set_runs(words)
        widgets: list[QWidget] = list(self.cards.values())
        if not widgets:
            widgets.append(self._first_step())
        if self._held:
            widgets.insert(0, held_card(look, self._held, self._go_on))
        widgets.append(DropCard(self.context))
        widgets += self._batches.made()
        self.list.fill(widgets)
        for login_id, card in self.cards.items():
            card.type_again(typed.get(login_id, ""))
        self._show_side()

    def _running(self) -> frozenset[int]:
        return self._syncs.running() if self._syncs is not None else frozenset()

    def _card(self, row: LoginRow, running: bool) -> LoginCard:
        login_id = row.login.id
        card = LoginCard(
            self.context, row, every_minutes=self._settings.sync_every_minutes, running=running, is_open=login_id in self._open,
            recorded=self._is_recorded(row),
        )  # fmt: skip
        card.acted.connect(partial(self._on_acted, row))
        card.follow.connect(partial(self._on_follow, row))
        card.unfollow.connect(lambda name: self.context.tasks.write(logins.unfollow, login_id, name, failed=self._fail))
        card.ask_again.connect(partial(self._ask_again, login_id))
        card.opened.connect(lambda on: self._open.add(login_id) if on else self._open.discard(login_id))
        return card

    def _is_recorded(self, row: LoginRow) -> bool:
        """A login of the sample; the user's own in the same desk are not paused to begin with."""
        return self._settings.is_sample and row.login.paused

    def _first_step(self) -> Card:
        look = self.context.look
        card = Card(look, "info", padding=16)
        card.body.addWidget(PlainLabel(look, self.tr("Here will be the places that are read for you"), role="h3"))
        text = self.tr(
            "Connect a Mastodon server or a blog, and what the people you follow write there is read from time to time. "
            "Nothing of yours is sent anywhere; a place only sees that somebody reads it."
        )
        card.body.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        return card

    def _show_side(self) -> None:
        """Both halves anew; what was typed to find a place stays."""
        look, px = self.context.look, self.context.look.theme.px
        self._hosts = QWidget()
        column = QVBoxLayout(self._hosts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self._show_hosts()
        self.grid = ConnectGrid(self.context, self.grid.field.text() if self.grid is not None else "")
        find = Button(look, self.tr("Find my contacts"), icon="user-search", compact=True)
        find.clicked.connect(lambda: FindDialog(self.context, self).open_beside())
        title = PlainLabel(look, self.tr("Connect a place"), role="h3")
        self._side.fill([self._hosts, Divider(look), title, find, self.grid])

    def _show_hosts(self) -> None:
        look, now = self.context.look, self.context.clock()
        widgets: list[QWidget] = [PlainLabel(look, self.tr("Outgoing connections"), role="h3")]
        found = hosts(self._rows, self._streams, outgoing())
        text = self.tr("RelationDesk asks these computers and no others. The numbers are the questions since it was started.") if found else self.tr(
            "None. RelationDesk talks to no other computer until you connect a place.")  # fmt: skip
        widgets.append(ParagraphLabel(look, text, role="small", tone="text2"))
        for host in found[:HOSTS_SHOWN]:
            widgets += [Divider(look), self._host(host, now)]
        if len(found) > HOSTS_SHOWN:
            widgets.append(PlainLabel(look, self.tr("and {n} more").format(n=len(found) - HOSTS_SHOWN), role="small", tone="text2"))
        hosts_now = self._hosts.layout()
        if hosts_now is not None:
            clear(hosts_now)
            for widget in widgets:
                hosts_now.addWidget(widget)

    def _host(self, row: HostRow, now: datetime) -> QWidget:
        look, holder = self.context.look, QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.theme.px(10))
        line.addWidget(ElidedLabel(look, row.host, role="small_strong"), 1)
        here = QLocale()
        size = here.formattedDataSize(row.size, 1 if row.size >= 1e6 else 0, QLocale.DataSizeFormat.DataSizeSIFormat) if row.size else ""
        times = PlainLabel(look, " · ".join(filter(None, (here.toString(row.times), size))), role="small", tone="text2", tabular=True)
        told = (counted(row.times, "{n:,} question", "{n:,} questions"), counted(row.followed, "{n:,} followed", "{n:,} followed"))
        times.setToolTip(", ".join(told if row.followed else told[:1]))
        times.setAccessibleName(times.toolTip())
        line.addWidget(times)
        age = PlainLabel(look, when.ago(row.last, now) or self.tr("never"), role="small", tone="text2", tabular=True)
        age.setToolTip(when.exact(row.last))
        line.addWidget(age)
        return holder

    # Doing

    def _fail(self, error: object) -> None:
        self.context.router.failed.emit(error)

    def _on_acted(self, row: LoginRow, what: str) -> None:
        tasks, login, clock = self.context.tasks, row.login, self.context.clock
        if what == "sync":
            self.context.router.sync.emit(login.id)
            self._show()
        elif what == "stop" and self._syncs is not None:
            self._syncs.stop(login.id)
        elif what in ("pause", "go_on"):
            tasks.write(logins.pause, login.id, what == "pause", clock, done=lambda _: self._load(), failed=self._fail)
        elif what == "remove":
            if self._syncs is not None:
                self._syncs.stop(login.id)
            RemoveDialog(self.context, login, self).open_beside()
        elif what == "money":
            MoneyDialog(self.context, row, self).open_beside()
        elif what == "sends_by":
            SendsByDialog(self.context, login, self).open_beside()
        elif what == "sign_in":
            self.context.router.connect_place.emit(f"{login.source} {logins.sign_in_again(login)}")

    def _ask_again(self, login_id: int, name: str) -> None:
        self.context.tasks.write(logins.ask_again, login_id, name, done=lambda _: self.context.router.sync.emit(login_id), failed=self._fail)

    def _go_on(self) -> None:
        """What was held is read again, at once."""
        self.context.tasks.write(logins.go_on, done=lambda _: self.context.router.sync.emit(None), failed=self._fail)

    def _on_follow(self, row: LoginRow, address: str) -> None:
        self.context.router.toast.emit(self.tr("Looking for {address} …").format(address=address[:80]), False)
        self.context.tasks.long(
            logins.follow, row.login.id, address, self.context.clock, done=partial(self._on_follows, row), failed=self._fail
        )

    def _on_follows(self, row: LoginRow, answer: tuple[Stream, Changes]) -> None:
        self.context.router.toast.emit(self.tr("You now follow {title}.").format(title=answer[0].title or answer[0].name), False)
        self._load()
        if not row.login.paused:
            self.context.router.sync.emit(row.login.id)

    def _on_moved(self, login_id: int, progress: Progress) -> None:
        card = self.cards.get(login_id)
        if card is None or card.bar.isHidden():
            self._show()
            card = self.cards.get(login_id)
        if card is not None:
            card.show_progress(progress)


class HostRow(NamedTuple):
    """A computer that is asked. followed: how much is followed there. times, size: questions and bytes since the program was started.
    last: the last question, else the last good reading."""

    host: str
    followed: int
    times: int
    size: int
    last: datetime | None


def hosts(rows: Iterable[LoginRow], streams: dict[int, tuple[Stream, ...]], asked: Mapping[str, Asked]) -> list[HostRow]:
    """Every computer that was asked, or will be because something is followed there; most asked first.

    A paused login is not asked and does not stand here, unless it was.
    """
    counts: Counter[str] = Counter()
    last: dict[str, datetime | None] = {}
    for row in rows:
        if row.login.paused:
            continue
        good = {state.name: state.good for state in row.streams}
        server = urlsplit(row.login.address).netloc
        if server:
            counts[server] += 0
            last[server] = row.login.last_good
        for stream in streams.get(row.login.id, ()):
            host = urlsplit(stream.address).netloc or server
            if host:
                counts[host] += 1
                known = [t for t in (last.get(host), good.get(stream.name)) if t is not None]
                last[host] = max(known, default=None)
    found = [
        HostRow(host, counts[host], asked[host].times, asked[host].size, asked[host].last) if host in asked else HostRow(host, counts[host], 0, 0, last.get(host))
        for host in {*counts, *asked}
    ]
    return sorted(found, key=lambda row: (-row.times, -row.followed, row.host))
