"""Connect a place: which one, its address, the key if there is one; the place is asked before anything is kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from relationdesk.errors import Cancelled, KeyringUnavailable, PrivateAddress, RelationDeskError, UserMistake
from relationdesk.model import Changes, Login, Stream
from relationdesk.saying import say
from relationdesk.services import device_sign_in, logins, sending_server, sign_in
from relationdesk.services.device_sign_in import DeviceSignIn
from relationdesk.sources.closed_places import CLOSED, closed
from relationdesk.ui import links
from relationdesk.ui.browser_sign_in import BrowserSignIn
from relationdesk.ui.closed_place import ClosedPlace
from relationdesk.ui.device_card import DeviceCard
from relationdesk.ui.limit_field import LimitField
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_name, place_look
from relationdesk.ui.resources import icon
from relationdesk.ui.sends_by_field import SendsByField
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.progress import ProgressLine


class ConnectDialog(DialogFrame):
    """source: one of `logins.ways_in()`, or with an address after a blank ("mastodon https://hotel.example") to sign in again; or
    "closed/facebook" for a place that cannot be connected, which says why.

    The token goes to the key store of the system, or, where there is none and only if the user says so, stays in
    memory until the program ends.
    """

    def __init__(self, context: Context, source: str = "", parent: QWidget | None = None) -> None:
        super().__init__(context.look, "", width=560, parent=parent)
        self._context = context
        self._job: Job | None = None
        self._browser: BrowserSignIn | None = None
        self._signed_in: sign_in.SignIn | None = None
        name, _, address = source.partition(" ")
        self._ways = {way.source: way for way in logins.ways_in()}
        self.place = self._places(name)
        self._make_fields(address)
        self._lay_out()
        self._leave = self.add_button(self.tr("Cancel"))
        self.go_button = self.add_button(self.tr("Connect"), self.connect_place, style="primary", default=True)
        for field in (self.address, self.token):
            field.textChanged.connect(lambda _: self._fit())
        self.sends_by.edited.connect(self._fit)
        self._fit()
        (self.address if not address else self.token if self.sign_in.isHidden() else self.sign_in).setFocus()

    def _places(self, chosen: str) -> QComboBox:
        """What can be connected, and below a line what cannot."""
        look, box = self.look, QComboBox()
        box.setAccessibleName(self.tr("What to connect"))
        box.setMaxVisibleItems(16)
        size = look.theme.px(18)
        box.setIconSize(QSize(size, size))
        for way in self._ways.values():
            place = way.places[0]
            box.addItem(icon(place_look(place).icon, look.theme.place_colour(place).glyph, size), say(way.title), way.source)
        box.insertSeparator(box.count())
        for one in CLOSED:
            mark = icon(place_look(one.place).icon, look.theme.place_colour(one.place).glyph, size)
            named = one.title or place_look(one.place).title
            box.addItem(mark, self.tr("{place}: cannot be connected").format(place=named), f"closed/{one.key}")
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.currentIndexChanged.connect(self._fit)
        return box

    def _make_fields(self, address: str) -> None:
        look, context = self.look, self._context
        self._hint = ParagraphLabel(look, "", role="small", tone="text2")
        self.address = self._field(address, self.tr("Address"))
        self.key_writes = QCheckBox(self.tr("I also want to answer from here"))
        self.key_page = Button(look, self.tr("Make a key in the browser"), icon="external-link", compact=True)
        self.key_page.clicked.connect(self.open_key_page)
        self.sign_in = Button(look, self.tr("Sign in with the browser"), icon="external-link", compact=True)
        self.sign_in.clicked.connect(self.open_sign_in)
        self._token_label = PlainLabel(look, "", role="small_strong")
        self.token = self._field("", self.tr("Access key"))
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self._token_hint = ParagraphLabel(look, "", role="small", tone="text2")
        self.limit = LimitField(context, may_stay=bool(address))
        self.limit.edited.connect(self._fit)
        self.limit.field.returnPressed.connect(self.connect_place)
        self.device = DeviceCard(context)
        self.device.allowed.connect(self._on_allowed)
        self.device.failed.connect(self._on_failed)
        self._allowed: DeviceSignIn | None = None
        self.sends_by = SendsByField(look)
        self.sends_by.entered.connect(self.connect_place)
        self.private = QCheckBox(self.tr("This server is mine, or in my own network: ask it"))
        self.problem = Card(look, "danger", padding=12)
        self.said = ParagraphLabel(look, "", role="small", tone="danger")
        self.problem.body.addWidget(self.said)
        self.until_quit = QCheckBox(self.tr("Keep the key only until I quit"))
        self.problem.body.addWidget(self.until_quit)
        self.problem.body.addWidget(self.private)
        self.progress = ProgressLine(look)
        self.progress.cancelled.connect(self._stop)
        self.copy_page = Button(look, self.tr("Copy the address of the page"), icon="copy", style="quiet", compact=True)
        self.copy_page.clicked.connect(self._on_copy_page)
        self._address_label = PlainLabel(look, "", role="small_strong", wrap=True)

    def _lay_out(self) -> None:
        self.body.addWidget(self.place)
        self.closed = ClosedPlace(self._context)
        self.closed.left.connect(self.reject)
        self.body.addWidget(self.closed)
        for widget in (self._hint, self._address_label, self.address, self.key_writes):
            self.body.addWidget(widget)
        for button in (self.key_page, self.sign_in):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._token_label, self.token, self._token_hint):
            self.body.addWidget(widget)
        self.body.addWidget(self.limit)
        self.body.addWidget(self.device)
        self.body.addWidget(self.sends_by)
        self.body.addWidget(self.problem)
        self.body.addStretch(1)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.copy_page, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self.problem.hide()
        self.until_quit.hide()
        self.private.hide()
        self.copy_page.hide()

    def _field(self, text: str, name: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setAccessibleName(name)
        field.setMaxLength(2000)
        field.returnPressed.connect(self.connect_place)
        return field

    def _fit(self, *_: object) -> None:
        told = closed(str(self.place.currentData()).removeprefix("closed/")) if self._is_closed() else None
        self.closed.setVisible(told is not None)
        for widget in (self._hint, self._address_label, self.address):
            widget.setVisible(told is None)
        self.go_button.setVisible(told is None)
        self._leave.setText(self.tr("Cancel") if told is None else self.tr("Close"))
        if told is not None:
            self.closed.show_place(told)
            self.set_title(self.tr("Not possible: {place}").format(place=told.title or place_look(told.place).title))
            for part in (self._token_label, self.token, self._token_hint, self.key_writes, self.key_page, self.sign_in, self.limit, self.sends_by, self.problem):
                part.hide()
            return
        self.set_title(self.tr("Connect a place"), self.tr("RelationDesk tries it first. Nothing is kept until the place answers."))
        way = self._way()
        taken = say(way.costs) if way.costs else ""
        costs = self.tr("Costs: {costs}").format(costs=taken[:1].lower() + taken[1:]) if taken else ""
        self._hint.set_runs(" ".join(filter(None, (say(way.gives), costs))))
        named = say(way.signs_in) if way.signs_in else self.tr("Server")
        self._address_label.setText(named if way.server else self.tr("Address of the page"))
        self.address.setPlaceholderText(way.server or way.page)
        self._token_label.setText(say(way.key_title) if way.key_title else self.tr("Access key (optional)"))
        self._token_hint.set_runs(" ".join(filter(None, (way.key_from and say(way.key_from), self.tr("Kept in this computer’s password store.")))))
        for widget in (self._token_label, self.token, self._token_hint):
            widget.setVisible(bool(way.key_from))
        self.key_page.setVisible(logins.makes_keys(way.source))
        registers = sign_in.registers(way.source)
        self.sign_in.setVisible(registers)
        self.key_writes.setVisible(logins.makes_keys(way.source, writing=True) or registers or self._by_code())
        self.limit.show_place(way.source)
        guess = sending_server.guess(way.source, self.address.text())
        self.sends_by.setVisible(bool(guess))
        if guess != self.sends_by.guess():
            self.sends_by.set_guess(guess)
        for button in (self.go_button, self.key_page, self.sign_in):
            button.setEnabled(bool(self.address.text().strip()) and self._is_filled() and not self._is_busy())
        self.copy_page.setVisible(self._browser is not None)

    def _is_busy(self) -> bool:
        return self._job is not None or self._browser is not None or self.device.is_waiting()

    def _by_code(self) -> bool:
        """Whether what stands as the key is an app by which one signs in with a code."""
        return device_sign_in.signs_in_so(self._way().source, self.address.text().strip(), self.token.text().strip())

    def _is_filled(self) -> bool:
        return self.limit.is_filled() and (self.sends_by.isHidden() or self.sends_by.is_filled())

    def _is_closed(self) -> bool:
        return str(self.place.currentData()).startswith("closed/")

    def _way(self) -> logins.WayIn:
        return self._ways[self.place.currentData()]

    def connect_place(self) -> None:
        """Ask the place; keep login and key only if it answers."""
        typed = self.address.text().strip()
        if not typed or self._is_busy() or self._is_closed() or not self._is_filled():
            return
        self.problem.hide()
        try:
            limit = self.limit.micros()
            sends_by = "" if self.sends_by.isHidden() else self.sends_by.server()
        except UserMistake as e:
            self._on_failed(e)
            return
        tasks, private = self._context.tasks, self.private.isChecked()
        self.progress.begin(self.tr("Asking {address}").format(address=typed[:60]))
        way = self._way()
        if way.server:
            job = partial(logins.connect, allow_private=private, until_quit=self.until_quit.isChecked(), limit=limit, sends_by=sends_by)
            token = self.token.text().strip() if way.key_from else ""
            if self._signs_in_by_code(way.source, typed, token, private) or self._signs_in(way.source, typed, token, private):
                return
            self._job = tasks.long(
                job, way.source, typed, token, self._context.clock, done=self._on_connected, failed=self._on_failed
            )
        else:
            ask = partial(logins.follow_page, allow_private=private)
            self._job = tasks.long(ask, way.source, typed, self._context.clock, done=self._on_followed, failed=self._on_failed)
        self._fit()

    def open_key_page(self) -> None:
        """Ask for the page of the place that makes a key; what it shows is pasted into the field for the key."""
        typed = self.address.text().strip()
        if not typed or self._job is not None:
            return
        self.problem.hide()
        self.progress.begin(self.tr("Looking for the page that makes a key"))
        job = partial(logins.key_page, writes=self.key_writes.isChecked(), allow_private=self.private.isChecked())
        self._job = self._context.tasks.long(job, self._way().source, typed, done=self._on_key_page, failed=self._on_failed)
        self._fit()

    def _on_key_page(self, address: str) -> None:
        self._job = None
        self.progress.finish()
        self._fit()
        self.token.setFocus()
        link = links.check(address)
        if link is not None:
            links.LinkDialog(self._context.look, link, self).open_beside()

    def open_sign_in(self) -> None:
        """Tell the server who we are, then open its page for signing in; what comes of it connects."""
        typed = self.address.text().strip()
        if not typed or self._is_busy():
            return
        self.problem.hide()
        self.progress.begin(self.tr("Asking {address}").format(address=typed[:60]))
        job = partial(sign_in.begin_registered, writes=self.key_writes.isChecked(), allow_private=self.private.isChecked())
        self._job = self._context.tasks.long(job, self._way().source, typed, done=self._on_registered, failed=self._on_failed)
        self._fit()

    def _on_registered(self, under_way: sign_in.SignIn) -> None:
        self._job = None
        if self.isVisible():
            self._wait_for_browser(under_way)
        else:
            under_way.close()

    def _signs_in_by_code(self, source: str, typed: str, token: str, private: bool) -> bool:
        """Whether the place gives a code for its own page: it is asked for and shown."""
        if not self._by_code():
            return False
        if self._allowed is not None and self._allowed.is_of(source, typed, token):
            self._on_allowed(self._allowed)
            return True
        job = partial(device_sign_in.begin, writes=self.key_writes.isChecked(), allow_private=private)
        self._job = self._context.tasks.long(job, source, typed, token, done=self._on_code, failed=self._on_failed)
        self._fit()
        return True

    def _on_code(self, under_way: DeviceSignIn) -> None:
        self._job = None
        self.progress.begin(self.tr("Waiting until you have allowed it in the browser"))
        self.device.wait_for(under_way)
        self.show_soon(self.device)
        self._fit()

    def _on_allowed(self, under_way: DeviceSignIn) -> None:
        self._allowed = under_way
        job = partial(device_sign_in.finish, until_quit=self.until_quit.isChecked())
        self._job = self._context.tasks.long(job, under_way, self._context.clock, done=self._on_connected, failed=self._on_failed)
        self._fit()

    def _signs_in(self, source: str, typed: str, token: str, private: bool) -> bool:
        """Whether this is done on the place's own page (or cannot be): the browser is opened, and waited for."""
        if self._signed_in is not None and self._signed_in.worth and self._signed_in.is_of(source, typed, token):
            self._redeem("")
            return True
        try:
            under_way = sign_in.begin(source, typed, token, allow_private=private)
        except RelationDeskError as e:
            self._on_failed(e)
            return True
        if under_way is None:
            return False
        self._wait_for_browser(under_way)
        return True

    def _wait_for_browser(self, under_way: sign_in.SignIn) -> None:
        self._browser = BrowserSignIn(under_way, self)
        self._browser.came.connect(self._on_came)
        self._browser.failed.connect(self._on_failed)
        self.progress.begin(self.tr("Your browser opens: sign in there, and it goes on here by itself. It waits for five minutes."))
        self._browser.start()
        self._fit()

    def _on_came(self, code: str) -> None:
        self._signed_in, self._browser = self._browser.under_way if self._browser else None, None
        self._redeem(code)

    def _redeem(self, code: str) -> None:
        job = partial(sign_in.finish, until_quit=self.until_quit.isChecked(), limit=self.limit.micros())
        self.progress.begin(self.tr("Asking {address}").format(address=self.address.text().strip()[:60]))
        self._job = self._context.tasks.long(job, self._signed_in, code, self._context.clock, done=self._on_connected, failed=self._on_failed)
        self._fit()

    def _on_copy_page(self) -> None:
        if self._browser is not None:
            QGuiApplication.clipboard().setText(self._browser.under_way.url)

    def _on_connected(self, answer: tuple[Login, Changes]) -> None:
        self.token.clear()
        self._finish(answer[0], self.tr("{server} is connected.").format(server=login_name(answer[0])))

    def _on_followed(self, answer: tuple[Login, Stream, Changes]) -> None:
        self._finish(answer[0], self.tr("You now follow {title}.").format(title=answer[1].title or answer[1].address))

    def _finish(self, login: Login, sentence: str) -> None:
        self._job = None
        self.progress.finish()
        self._context.router.toast.emit(sentence, False)
        self._context.router.sync.emit(login.id)
        self.accept()

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = self._browser = None
        self.progress.finish()
        self.said.set_runs(self.tr("Stopped. Nothing was added.") if isinstance(error, Cancelled) else str(error))
        self.until_quit.setVisible(isinstance(error, KeyringUnavailable))
        self.private.setVisible(isinstance(error, PrivateAddress))
        self.problem.show()
        self.show_soon(self.problem)
        self._fit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        waits = self._browser is not None or self.device.is_waiting()
        self.device.stop()
        if self._browser is not None:
            self._browser.stop()
        if waits:
            self._on_failed(Cancelled("Stopped."))

    def reject(self) -> None:
        self._stop()
        self.token.clear()
        super().reject()
