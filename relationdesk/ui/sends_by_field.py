"""Where mail is sent: as it follows from the server that keeps it, or host, port and way of protection as the user says."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from relationdesk.services import sending_server
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import ParagraphLabel

USUAL = {True: 465, False: 587}
"""Ports by whether TLS begins at once."""


def tr(text: str) -> str:
    return QCoreApplication.translate("SendsBy", text)


class SendsByField(QWidget):
    """`edited`; `entered`: Enter in the name of the server. Filled in with the guess until the user types something else."""

    edited = Signal()
    entered = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guess, self._typed = "", False
        self.other = QCheckBox(tr("Mail is sent by another server"))
        self.told = ParagraphLabel(look, "", role="small", tone="text2")
        self.host = QLineEdit()
        self.host.setMaxLength(255)
        self.host.setAccessibleName(tr("Server that sends mail"))
        self.host.setPlaceholderText("smtp.firm.example")
        self.port = QSpinBox()
        self.port.setRange(1, 65_535)
        self.port.setAccessibleName(tr("Port"))
        self.port.lineEdit().setTextMargins(look.theme.px(8), 0, look.theme.px(4), 0)  # no style sheet reaches it
        self.protection = QComboBox()
        self.protection.setAccessibleName(tr("Protection"))
        self.protection.addItem(tr("TLS at once"), True)
        self.protection.addItem(tr("STARTTLS"), False)
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(8))
        row.addWidget(self.host, 1)
        row.addWidget(self.port)
        row.addWidget(self.protection)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(8))
        column.addWidget(self.other)
        column.addWidget(self.told)
        column.addLayout(row)
        self._fill("")
        self.other.toggled.connect(lambda _: self._fit())
        self.host.textEdited.connect(self._on_typed)
        self.host.textChanged.connect(lambda _: self.edited.emit())
        self.host.returnPressed.connect(self.entered)
        self.port.valueChanged.connect(lambda _: self.edited.emit())
        self.protection.currentIndexChanged.connect(self._on_protection)
        self._fit()

    def set_guess(self, server: str) -> None:
        """What follows from the address that is typed; "" for nothing yet."""
        if server != self._guess:
            self._guess = server
            if not self._typed:
                self._fill(server)
        self._fit()

    def guess(self) -> str:
        return self._guess

    def set_server(self, server: str) -> None:
        """What the user said before."""
        self._typed = True
        self._fill(server)
        self.other.setChecked(True)

    def server(self) -> str:
        """The address of what is typed, "" where it is as it follows. Raises UserMistake for no server."""
        if not self.other.isChecked():
            return ""
        return sending_server.sending_server(self.host.text(), self.port.value(), at_once=bool(self.protection.currentData()))

    def is_filled(self) -> bool:
        return not self.other.isChecked() or bool(self.host.text().strip())

    def _fill(self, server: str) -> None:
        host, port, at_once = sending_server.split(server) if server else ("", USUAL[True], True)
        for widget in (self.port, self.protection):
            widget.blockSignals(True)
        self.host.setText(host)
        self.port.setValue(port)
        self.protection.setCurrentIndex(0 if at_once else 1)
        for widget in (self.port, self.protection):
            widget.blockSignals(False)

    def _fit(self) -> None:
        on = self.other.isChecked()
        for widget in (self.host, self.port, self.protection):
            widget.setVisible(on)
        follows = tr("As it follows from the address: {server}.").format(server=sending_server.words(self._guess)) if self._guess else ""
        self.told.set_runs(tr("It is tried out first: signed in with the same key, and nothing is sent.") if on else follows)
        self.told.setVisible(on or bool(follows))
        self.edited.emit()

    def _on_typed(self) -> None:
        self._typed = True

    def _on_protection(self) -> None:
        at_once = bool(self.protection.currentData())
        if self.port.value() == USUAL[not at_once]:
            self.port.setValue(USUAL[at_once])
        self.edited.emit()
