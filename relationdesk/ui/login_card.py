"""One login on the Places page: how it stands in a sentence, what to do about it, and what is read through it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QElapsedTimer, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.model import Progress
from relationdesk.saying import counted, say
from relationdesk.services import sending_server
from relationdesk.services.door_equipment import renews
from relationdesk.services.logins import way_in
from relationdesk.services.places import LoginRow, StreamState
from relationdesk.services.spending import spent_words
from relationdesk.store.logins import is_offline
from relationdesk.text import day
from relationdesk.troubles import Trouble
from relationdesk.ui import when
from relationdesk.ui.frame import Flow, Icon
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_called, place_look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card, Divider
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark

STREAMS_SHOWN = 200
"""More than anybody reads through; the rest is counted."""
_STEPS = 1000


class State(NamedTuple):
    """How a login stands. needs_you: the amber frame. word: for hover and the screen reader."""

    icon: str
    tone: str
    word: str
    sentence: str
    needs_you: bool = False


def _tr(text: str) -> str:
    return QCoreApplication.translate("LoginCard", text)


def login_title(row: LoginRow) -> str:
    """ "Mastodon · hotel.example", "Blogs, 17 feeds"."""
    login = row.login
    if not login.address and row.streams:
        return f"{place_look(login.place).title}, {counted(len(row.streams), '{n:,} feed', '{n:,} feeds')}"
    return login_called(login)


def state_of(row: LoginRow, now: datetime, every_minutes: int, *, recorded: bool = False) -> State:
    """Words for what is known: what happened, what is safe, what comes next.

    recorded: it belongs to the sample, whose answers were recorded: it is never asked, and says how it stood then.
    """
    login = row.login
    if login.paused and not recorded:
        text = " ".join(filter(None, (_tr("Paused: this place is not asked. What was read stays."), _last_read(row, now))))
        return State("pause", "text2", _tr("Paused"), text)
    if is_offline(login):
        text = " ".join(filter(None, (login.failure, _last_read(row, now))))
        return State("wifi-off", "text2", _tr("Offline"), text)
    if login.trouble is Trouble.LIMIT:
        return State("hourglass", "text2", _tr("Limit reached"), " ".join(filter(None, (login.failure, _last_read(row, now)))))
    if row.needs_you:
        return State("circle-alert", "attn", _tr("Needs you"), failure_sentence(row, now), True)
    if login.failure or any(stream.failure for stream in row.streams):
        return State("hourglass", "text2", _tr("Waiting"), failure_sentence(row, now))
    if login.last_good is None:
        return State("hourglass", "text2", _tr("Waiting"), _tr("Not read yet. Sync now, or wait for the next look."))
    text = _last_read(row, now)
    nxt = login.next_try or (login.last_tried or login.last_good) + timedelta(minutes=every_minutes)
    if recorded:
        text += " " + _tr("Part of the sample: its answers were recorded, and no computer is asked.")
    elif nxt > now:
        text += " " + _tr("Next look in {span}.").format(span=when.span((nxt - now).total_seconds()))
    return State("circle-check", "ok", _tr("Up to date"), text)


def _last_read(row: LoginRow, now: datetime) -> str:
    """ "Read 4 min ago.", "8 of 9 were read 4 min ago."; "" if nothing ever was."""
    goods = [moment for moment in (row.login.last_good, *(stream.good for stream in row.streams)) if moment is not None]
    if not goods:
        return ""
    failing = sum(bool(stream.failure) for stream in row.streams)
    span = when.ago(max(goods), now)
    if 0 < failing < len(row.streams):
        whole = _tr("{n} of {total} were read just now.") if span == when.span(0) else _tr("{n} of {total} were read {span} ago.")
        return whole.format(n=len(row.streams) - failing, total=len(row.streams), span=span)
    return _tr("Read just now.") if span == when.span(0) else _tr("Read {span} ago.").format(span=span)


def failure_sentence(row: LoginRow, now: datetime) -> str:
    """What was read, the failure, that nothing is lost, and when it is tried again; nothing is said twice."""
    login = row.login
    text = login.failure or next((f"{s.title or s.name}: {s.failure}" for s in row.streams if s.failure), "")
    failing = sum(bool(stream.failure) for stream in row.streams)
    if failing > 1:
        text = _tr("{n} of {total} could not be read. {first}").format(n=failing, total=len(row.streams), first=text)
    elif any(stream.good and not stream.failure for stream in row.streams):
        text = " ".join((_last_read(row, now), text))
    nobody = bool(row.streams) and all(stream.gone for stream in row.streams)
    if login.next_try is not None and login.next_try > now and not login.paused and not nobody:
        text += " " + _tr("Next try {time}, or Sync now.").format(time=when.clock(login.next_try, now))
    return text


def allowance_sentence(row: LoginRow, now: datetime) -> str:
    """How much was asked of what the place allows; "" where nothing is counted, or only over minutes."""
    used = row.used
    if used is None or used.span < timedelta(hours=1):
        return ""
    text = _tr("Asked {n} of the {most} times that {place} allows a day; counted anew from {time}.")
    if used.span < timedelta(hours=23):
        text = _tr("Asked {n} of the {most} times that {place} allows an hour; counted anew from {time}.")
    asked, renewed = (used.asked, used.renewed) if now < used.renewed else (0, now + used.span)
    return text.format(n=f"{asked:,}", most=f"{used.most:,}", place=place_look(row.login.place).title, time=when.clock(renewed, now))


def money_sentence(row: LoginRow, now: datetime) -> str:
    """What was spent of what may be; "" where nothing costs money."""
    return spent_words(row.money, now) if row.money is not None else ""


def key_sentence(row: LoginRow, now: datetime) -> str:
    """Until when the key holds; "" where it does not end."""
    if row.key_until is None:
        return ""
    if row.key_until <= now:
        return _tr("Its key ended on {day}.").format(day=day(row.key_until))
    words = _tr("Its key holds until {day}, and is renewed by itself before.") if renews(row.login) else _tr("Its key holds until {day}; then sign in again.")
    return words.format(day=day(row.key_until))


def _rests_words(stream: StreamState, now: datetime) -> str:
    """When it wants to be asked again, by its own word; "" where it says nothing of that."""
    if stream.rests is None or stream.rests <= now:
        return ""
    return _tr("Read {last}. It wants to be asked again {time} at the earliest.").format(last=when.exact(stream.good), time=when.clock(stream.rests, now))


class LoginCard(Card):
    """`acted(word)`: sync, stop, pause, go_on, remove, sign_in, sends_by, money. `follow(address)`. `unfollow(stream name)`, `ask_again(stream name)`."""

    acted = Signal(str)
    follow = Signal(str)
    unfollow = Signal(str)
    ask_again = Signal(str)
    opened = Signal(bool)

    def __init__(self, context: Context, row: LoginRow, *, every_minutes: int, running: bool, is_open: bool = False,
                 recorded: bool = False, parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(context.look, padding=14, parent=parent)
        self._context, self.row, self._recorded = context, row, recorded
        self._more = Button(context.look, icon="chevron-down", style="quiet", name=self.tr("What is read, pause, remove"))
        look, px = context.look, context.look.theme.px
        state = state_of(row, context.clock(), every_minutes, recorded=recorded)
        if state.needs_you:
            self.set_kind("attn")
        counted = (money_sentence(row, context.clock()), allowance_sentence(row, context.clock()), key_sentence(row, context.clock()))
        self.allowance = " ".join(filter(None, counted))
        self.setAccessibleName(" ".join(filter(None, (f"{login_title(row)}. {state.word}. {state.sentence}", self.allowance))))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        head = QHBoxLayout()
        head.setSpacing(px(14))
        head.addWidget(PlaceMark(look, row.login.place, size=36), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self._words(state, running), 1)
        head.addLayout(self._buttons(state, running), 0)
        self.body.addLayout(head)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(self.tr("Reading {title}").format(title=login_title(row)))
        self._column.addWidget(self.bar)
        self.bar.setVisible(running)  # only now: without a parent it would be a window of its own for a moment
        self._since = QElapsedTimer()
        self._since.start()
        self._details: QWidget | None = None
        self._followed: frozenset[str] | None = None
        self._unfollow_buttons: dict[str, Button] = {}
        self._follow_field: QLineEdit | None = None
        if is_open:
            self._more.setChecked(True)

    def _words(self, state: State, running: bool) -> QVBoxLayout:
        look = self._look
        self._column = QVBoxLayout()
        self._column.setSpacing(look.theme.px(4))
        title = QHBoxLayout()
        title.setSpacing(look.theme.px(8))
        name = ElidedLabel(look, login_title(self.row), role="strong")
        name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        title.addWidget(name)
        icon = Icon(look, "refresh-cw" if running else state.icon, "accent" if running else state.tone, size=17, name=state.word)
        title.addWidget(icon)
        title.addStretch(1)
        sentence = self.tr("Reading…") if running else state.sentence
        self.sentence = ParagraphLabel(look, sentence, role="small", tone="attn" if state.needs_you and not running else "text2")
        self._column.addLayout(title)
        self._column.addWidget(self.sentence)
        if self.allowance:
            self._column.addWidget(ParagraphLabel(look, self.allowance, role="caption", tone="text2"))
        return self._column

    def _buttons(self, state: State, running: bool) -> QHBoxLayout:
        look, login = self._look, self.row.login
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(6))
        text, action = self.tr("Sync now"), "sync"
        some = 0 < sum(bool(stream.failure) for stream in self.row.streams) < len(self.row.streams) or any(stream.gone for stream in self.row.streams)
        if running:
            text, action = self.tr("Stop"), "stop"
        elif login.trouble.signs_in and not login.paused and self._takes_key():
            text, action = self.tr("Sign in again") if login.has_token else self.tr("Sign in"), "sign_in"
        elif some and (self._recorded or not login.paused):
            text, action = self.tr("Look at it"), "look"
        elif login.paused:
            text, action = self.tr("Go on"), "go_on"
        self.main_button = Button(look, text, style="tinted" if state.needs_you and not running else "secondary")
        self.main_button.clicked.connect(lambda: self._more.toggle() if action == "look" else self.acted.emit(action))
        if self._recorded and action != "look":
            self.main_button.hide()  # and never shown here: without a parent it would be a window that takes the keyboard
        self._more.setCheckable(True)
        self._more.toggled.connect(self._on_more)
        row.addWidget(self.main_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def show_progress(self, progress: Progress) -> None:
        """A running sync tells how far it is."""
        known = progress.total > 0
        self.bar.setRange(0, _STEPS if known else 0)
        if known:
            self.bar.setValue(min(_STEPS, progress.done * _STEPS // progress.total))
        unit = self.tr("profiles") if progress.unit == "profiles" else progress.unit
        text = self.tr("Reading {n} of {total} {unit}.") if known else self.tr("Reading…")
        text = text.format(n=min(progress.done + 1, progress.total), total=progress.total, unit=unit)
        self.sentence.set_runs(" ".join(filter(None, (text, when.left(self._since.elapsed() / 1000, progress.done, progress.total)))))

    def _on_more(self, on: bool) -> None:
        self._more.set_content("", icon="chevron-up" if on else "chevron-down", name=self.tr("What is read, pause, remove"))
        if on and self._details is None:
            self._details = self._make_details()
            self.body.addWidget(self._details)
        if self._details is not None:
            self._details.setVisible(on)
        self.opened.emit(on)

    def _make_details(self) -> QWidget:
        look, px = self._look, self._look.theme.px
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(Divider(look))
        self._add_streams(column, self.row.streams)
        field = QHBoxLayout()
        field.setSpacing(px(8))
        self._follow_field = QLineEdit()
        self._follow_field.setPlaceholderText(self._follow_hint())
        self._follow_field.setAccessibleName(self.tr("Follow somebody"))
        self._follow_field.setMaxLength(2000)
        self._follow_field.returnPressed.connect(self._on_follow)
        add = Button(look, self.tr("Follow"), icon="plus", compact=True)
        add.clicked.connect(self._on_follow)
        field.addWidget(self._follow_field, 1)
        field.addWidget(add)
        column.addLayout(field)
        column.addWidget(self._last_row())
        return holder

    def _takes_key(self) -> bool:
        way = way_in(self.row.login.source)
        return way is not None and bool(way.key_from)

    def _follow_hint(self) -> str:
        way = way_in(self.row.login.source)
        return say(way.follow) if way is not None else ""

    def _last_row(self) -> QWidget:
        look, login = self._look, self.row.login
        buttons = QWidget()
        flow = Flow(look, gap=6)
        buttons.setLayout(flow)
        if not login.paused and not self._recorded:
            sync = Button(look, self.tr("Sync now"), icon="refresh-cw", compact=True)
            sync.clicked.connect(lambda: self.acted.emit("sync"))
            flow.addWidget(sync)
            pause = Button(look, self.tr("Pause"), icon="pause", compact=True)
            pause.clicked.connect(lambda: self.acted.emit("pause"))
            flow.addWidget(pause)
        if self._takes_key():
            sign_in = Button(look, self.tr("Sign in again") if login.has_token else self.tr("Sign in"), icon="key-round", compact=True)
            sign_in.clicked.connect(lambda: self.acted.emit("sign_in"))
            flow.addWidget(sign_in)
        if login.has_token and sending_server.current(login):
            sends = Button(look, self.tr("Where mail is sent …"), icon="send", compact=True)
            sends.clicked.connect(lambda: self.acted.emit("sends_by"))
            flow.addWidget(sends)
        if self.row.money is not None:
            money = Button(look, self.tr("Limit and costs …"), icon="receipt", compact=True)
            money.clicked.connect(lambda: self.acted.emit("money"))
            flow.addWidget(money)
        remove = Button(look, self.tr("Remove …"), icon="trash-2", style="danger", compact=True)
        remove.clicked.connect(lambda: self.acted.emit("remove"))
        flow.addWidget(remove)
        return buttons

    def _add_streams(self, column: QVBoxLayout, streams: Sequence[StreamState]) -> None:
        look, now = self._look, self._context.clock()
        if not streams:
            text = self.tr("Nobody is followed here yet. Type a handle or an address below.")
            column.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        for stream in streams[:STREAMS_SHOWN]:
            row = QHBoxLayout()
            row.setSpacing(look.theme.px(8))
            bad = bool(stream.failure)
            icon = "circle-alert" if bad else "check" if stream.good else "hourglass"
            row.addWidget(Icon(look, icon, "attn" if bad else "ok" if stream.good else "text3", size=15))
            row.addWidget(ElidedLabel(look, stream.title or stream.name, role="small"), 1)
            age = when.ago(stream.good, now) if stream.good else self.tr("never read")
            time = PlainLabel(look, age, role="caption", tone="text2", tabular=True)
            time.setToolTip(_rests_words(stream, now) or when.exact(stream.good))
            row.addWidget(time)
            if stream.gone and not self._recorded:
                again = Button(look, self.tr("Ask again"), icon="refresh-cw", compact=True, name=self.tr("Ask {title} again").format(title=stream.title))
                again.clicked.connect(lambda _=False, name=stream.name: self.ask_again.emit(name))
                row.addWidget(again)
            stop = Button(look, icon="x", style="quiet", compact=True, name=self.tr("No longer follow {title}").format(title=stream.title))
            stop.clicked.connect(lambda _=False, name=stream.name: self.unfollow.emit(name))
            policy = stop.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            stop.setSizePolicy(policy)
            self._unfollow_buttons[stream.name] = stop
            row.addWidget(stop)
            if self._followed is not None and stream.name not in self._followed:
                stop.hide()
            column.addLayout(row)
            if bad:
                column.addWidget(ParagraphLabel(look, stream.failure, role="caption", tone="attn"))
        if len(streams) > STREAMS_SHOWN:
            more = self.tr("and {n} more").format(n=len(streams) - STREAMS_SHOWN)
            column.addWidget(PlainLabel(look, more, role="small", tone="text2"))

    def set_followed(self, names: frozenset[str]) -> None:
        """Only what the user follows can be left: own posts and replies are always read."""
        self._followed = names
        for name, button in self._unfollow_buttons.items():
            button.setVisible(name in names)

    def _on_follow(self) -> None:
        typed = self._follow_field.text().strip() if self._follow_field else ""
        if typed:
            self.follow.emit(typed)

    def typed(self) -> str:
        """What stands in the field and was not sent off yet."""
        return self._follow_field.text() if self._follow_field is not None else ""

    def type_again(self, text: str) -> None:
        """Into a card that took the place of another one."""
        if self._follow_field is not None:
            self._follow_field.setText(text)
