"""Passing a routed item on by mail, and a remark on it for whoever answers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from relationdesk.engage import pages
from relationdesk.services import routing
from relationdesk.store.routes import Route
from relationdesk.text import mail_address
from relationdesk.ui import links
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Routed", text)


class MailOnDialog(DialogFrame):
    """The mail as it will be, for a colleague; the mail program opens with it and sends it, not the desk."""

    def __init__(self, context: Context, several: tuple[Route, ...], parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, tr("Mail to a colleague"), sentence=tr("Your mail program opens with this text. You send it there."), width=560, parent=parent)
        self._context, self._routes = context, several
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
        self.said = ParagraphLabel(look, "", role="small", tone="text2")
        for widget in (self.to, self.subject, self.text, self.said):
            self.body.addWidget(widget)
        self.add_button(tr("Copy the text"), lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()), first=True)
        self.add_button(tr("Cancel"))
        self.go = self.add_button(tr("Open mail program"), self._on_go, style="primary", default=True)
        self.text.textChanged.connect(self._count)
        self._count()
        self.to.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count(self) -> None:
        """Mail programs cut what is longer than they take of an address."""
        _, whole = pages.mail_page("", self.subject.text(), self.text.toPlainText())
        self.said.set_runs("" if whole else tr("Longer than mail programs take: the whole text is put on the clipboard as well."))
        self.said.setVisible(not whole)

    def _on_go(self) -> None:
        typed = self.to.text().strip()
        address = mail_address(typed)
        if typed and not address:
            self.refuse(tr("“{typed}” is not a mail address. Nothing was opened.").format(typed=typed[:80]))
            return
        page, whole = pages.mail_page(address, self.subject.text(), self.text.toPlainText())
        if not whole:
            QGuiApplication.clipboard().setText(self.text.toPlainText())
        ids, context = tuple(route.id for route in self._routes), self._context
        context.tasks.write(routing.passed_on, ids, typed, context.clock(), failed=context.router.failed.emit)
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
