"""Connect a place: which one, its address, the key if there is one; the place is asked before anything is kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from relationdesk.errors import Cancelled, KeyringUnavailable, PrivateAddress, RelationDeskError
from relationdesk.model import Changes, Login, Stream
from relationdesk.services import logins
from relationdesk.ui.page import Context
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.progress import ProgressLine
from relationdesk.ui.widgets.switch import Switch


class ConnectDialog(DialogFrame):
    """source: "mastodon", "feed", or with an address after a blank ("mastodon https://hotel.example") to sign in again.

    The token goes to the key store of the system, or, where there is none and only if the user says so, stays in
    memory until the program ends.
    """

    def __init__(self, context: Context, source: str = "", parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, "", width=560, parent=parent)
        self._context = context
        self._job: Job | None = None
        self.set_title(self.tr("Connect a place"), self.tr("It is asked first; nothing is kept until it answers."))
        name, _, address = source.partition(" ")
        self.switch = Switch(
            look, (("mastodon", "Mastodon", "places/mastodon"), ("feed", self.tr("Blog or page"), "rss")), name=self.tr("What to connect")
        )
        self.switch.set_value(name if name in ("mastodon", "feed") else "mastodon")
        self.switch.chosen.connect(self._fit)
        self._hint = ParagraphLabel(look, "", role="small", tone="text2")
        self.address = self._field(address, self.tr("Address"))
        self._token_label = PlainLabel(look, self.tr("Access key (may stay empty)"), role="small_strong")
        self.token = self._field("", self.tr("Access key"))
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self._token_hint = ParagraphLabel(look, "", role="small", tone="text2")
        self.private = QCheckBox(self.tr("This server is mine, or in my own network: ask it"))
        self.problem = Card(look, "danger", padding=12)
        self._sentence = ParagraphLabel(look, "", role="small", tone="danger")
        self.problem.body.addWidget(self._sentence)
        self.until_quit = QCheckBox(self.tr("Keep the key only until I quit"))
        self.problem.body.addWidget(self.until_quit)
        self.problem.body.addWidget(self.private)
        self.progress = ProgressLine(look)
        self.progress.cancelled.connect(self._stop)
        self._address_label = PlainLabel(look, "", role="small_strong")
        self.body.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeading)
        for widget in (
            self._hint, self._address_label, self.address, self._token_label, self.token, self._token_hint,
            self.problem, self.progress,
        ):  # fmt: skip
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.problem.hide()
        self.until_quit.hide()
        self.private.hide()
        self.add_button(self.tr("Cancel"))
        self.go_button = self.add_button(self.tr("Connect"), self.connect_place, style="primary", default=True)
        self.address.textChanged.connect(lambda _: self._fit())
        self._fit()
        (self.token if address else self.address).setFocus()

    def _field(self, text: str, name: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setAccessibleName(name)
        field.setMaxLength(2000)
        field.returnPressed.connect(self.connect_place)
        return field

    def _fit(self, *_: object) -> None:
        mastodon = self.switch.value() == "mastodon"
        self._hint.set_runs(
            self.tr("Reads what the people you follow write in public; with a key also what is said to you, and your own posts.")
            if mastodon
            else self.tr("Reads a blog, a podcast or a page on YouTube, GitHub, Reddit, Flickr, Medium, Substack and others. No key is needed.")
        )
        self._address_label.setText(self.tr("Server") if mastodon else self.tr("Address of the page"))
        self.address.setPlaceholderText("hotel.example" if mastodon else "https://backofhouse.example")
        text = self.tr("From your server: Preferences, Development, New application, with read rights only. Kept in this computer’s password store.")
        self._token_hint.set_runs(text)
        for widget in (self._token_label, self.token, self._token_hint):
            widget.setVisible(mastodon)
        self.go_button.setEnabled(bool(self.address.text().strip()) and self._job is None)

    def connect_place(self) -> None:
        """Ask the place; keep login and key only if it answers."""
        typed = self.address.text().strip()
        if not typed or self._job is not None:
            return
        self.problem.hide()
        tasks, private = self._context.tasks, self.private.isChecked()
        self.progress.begin(self.tr("Asking {address}").format(address=typed[:60]))
        if self.switch.value() == "mastodon":
            job = partial(logins.connect, allow_private=private, until_quit=self.until_quit.isChecked())
            self._job = tasks.long(
                job, "mastodon", typed, self.token.text().strip(), self._context.clock, done=self._on_connected, failed=self._on_failed
            )
        else:
            ask = partial(logins.follow_page, allow_private=private)
            self._job = tasks.long(ask, typed, self._context.clock, done=self._on_followed, failed=self._on_failed)
        self._fit()

    def _on_connected(self, answer: tuple[Login, Changes]) -> None:
        self.token.clear()
        self._finish(answer[0], self.tr("{server} is connected.").format(server=answer[0].address.removeprefix("https://")))

    def _on_followed(self, answer: tuple[Login, Stream, Changes]) -> None:
        self._finish(answer[0], self.tr("You now follow {title}.").format(title=answer[1].title or answer[1].address))

    def _finish(self, login: Login, sentence: str) -> None:
        self._job = None
        self.progress.finish()
        self._context.router.toast.emit(sentence, False)
        self._context.router.sync.emit(login.id)
        self.accept()

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        self.progress.finish()
        self._sentence.set_runs(self.tr("Stopped. Nothing was added.") if isinstance(error, Cancelled) else str(error))
        self.until_quit.setVisible(isinstance(error, KeyringUnavailable))
        self.private.setVisible(isinstance(error, PrivateAddress))
        self.problem.show()
        self._fit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def reject(self) -> None:
        self._stop()
        self.token.clear()
        super().reject()
