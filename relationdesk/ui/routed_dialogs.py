"""Passing a routed item on by mail, and a remark on it for whoever answers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from relationdesk.engage import pages
from relationdesk.saying import counted
from relationdesk.services import passing_on, routing
from relationdesk.services.outbox import Way
from relationdesk.store.routes import Route
from relationdesk.text import mail_address
from relationdesk.ui import links
from relationdesk.ui.engage_words import tell_sent, when_out
from relationdesk.ui.gaps import rewrite
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_name
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Routed", text)


class MailOnDialog(DialogFrame):
    """The mail as it will be, for a colleague: by one's own login where one can send, else by the mail program."""

    def __init__(self, context: Context, several: tuple[Route, ...], parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, tr("Mail to a colleague"), width=560, parent=parent)
        self._context, self._routes = context, several
        self._way: Way | None = None
        subject, body = routing.mail(several)
        self.to = QLineEdit()
        self.to.setPlaceholderText(tr("lena@company.example, or leave it to the mail program"))
        self.to.setAccessibleName(tr("To"))
        self.subject = QLineEdit(subject)
        self.subject.setAccessibleName(tr("Subject"))
        self.text = QPlainTextEdit(body)
        self.text.setAccessibleName(tr("Text"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(look.theme.px(170))
        private = sum(routing.is_private(route) for route in several)
        self.private = QCheckBox(counted(private, "With what was said to you privately", "With what was said to you privately, {n} times"))
        self.private.setVisible(bool(private))
        self.private.toggled.connect(self._on_private)
        self.said = ParagraphLabel(look, "", role="small", tone="text2")
        for widget in (self.to, self.subject, self.text, self.private, self.said):
            self.body.addWidget(widget)
        self.add_button(tr("Copy the text"), lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()), first=True)
        self.add_button(tr("Cancel"))
        self.by_program = self.add_button(tr("Open mail program"), self._on_program)
        self.go = self.add_button(tr("Send"), self._on_go, style="primary", default=True)
        self.text.textChanged.connect(self._count)
        self._on_way((None, 0))
        self.to.setFocus(Qt.FocusReason.OtherFocusReason)
        context.tasks.run(passing_on.way, done=lambda found: self._on_way(found) if isValid(self) else None, failed=context.router.failed.emit)

    def _on_way(self, found: tuple[Way | None, int]) -> None:
        """By which login it goes; without one the one button opens the mail program."""
        self._way, hold_s = found
        self.by_program.setVisible(self._way is not None)
        self.go.set_content(tr("Open mail program") if self._way is None else tr("Send"))
        self.set_title(tr("Mail to a colleague"), tr("Your mail program opens with this text. You send it there.") if self._way is None else when_out(login_name(self._way.login), hold_s))
        self.to.setPlaceholderText(tr("lena@company.example, or leave it to the mail program") if self._way is None else "lena@company.example")
        self._count()

    def _on_private(self, on: bool) -> None:
        rewrite(self.text, routing.with_private(self.text.toPlainText(), self._routes, on))

    def _count(self) -> None:
        """Mail programs cut what is longer than they take of an address."""
        _, whole = pages.mail_page("", self.subject.text(), self.text.toPlainText())
        self.said.set_runs("" if whole else tr("Longer than mail programs take: the whole text is put on the clipboard as well."))
        self.said.setVisible(not whole and self._way is None)

    def _address(self, *, wanted: bool) -> str | None:
        """To whom, "" for nobody yet; None after a refusal. wanted: there has to be somebody."""
        typed = self.to.text().strip()
        address = mail_address(typed)
        if (typed and not address) or (wanted and not typed):
            self.refuse(tr("“{typed}” is not a mail address. Nothing was opened.").format(typed=typed[:80]) if typed else tr("It has no address yet. Nothing was sent. Write to whom it goes."))
            return None
        return address

    def _on_go(self) -> None:
        if self._way is None:
            self._on_program()
        elif (address := self._address(wanted=True)) is not None:
            context = self._context
            ids, subject, text = tuple(route.id for route in self._routes), self.subject.text().strip(), self.text.toPlainText()
            self.write_once(context.tasks.write, passing_on.send, self._way, ids, address, subject, text, context.clock(), done=lambda sent: self._on_sent(sent))

    def _on_sent(self, sent: object) -> None:
        tell_sent(self._context, sent)
        if isValid(self):
            self.accept()

    def _on_program(self) -> None:
        address = self._address(wanted=False)
        if address is None:
            return
        page, whole = pages.mail_page(address, self.subject.text(), self.text.toPlainText())
        if not whole:
            QGuiApplication.clipboard().setText(self.text.toPlainText())
        ids, context = tuple(route.id for route in self._routes), self._context
        context.tasks.write(routing.passed_on, ids, self.to.text().strip(), context.clock(), failed=context.router.failed.emit)
        self.accept()
        links.leave(page)


class RemarkDialog(DialogFrame):
    """What whoever answers it should know."""

    def __init__(self, context: Context, route: Route, parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, tr("Remark"), sentence=tr("For whoever answers it; it goes along in a mail."), width=480, parent=parent)
        self._context, self._route = context, route
        self.text = QPlainTextEdit(route.remark)
        self.text.setAccessibleName(tr("Remark"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(look.theme.px(110))
        self.body.addWidget(self.text)
        self.add_button(tr("Cancel"))
        self.add_button(tr("Keep"), self._on_keep, style="primary", default=True, key="Ctrl ↵")
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_keep)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_keep(self) -> None:
        if self.text.toPlainText().strip() == self._route.remark:
            self.accept()
            return
        context = self._context
        self.write_once(context.tasks.write, routing.set_remark, self._route.id, self.text.toPlainText(), context.clock())
