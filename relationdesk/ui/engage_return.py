"""Back from the page on which something was answered by hand: asked once whether it was done, so that the desk knows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.outgoing import Entry
from relationdesk.services import engaging
from relationdesk.text import given_name, one_line
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Engage", text)


def ask_later(context: Context, window: QWidget | None, entry: Entry, name: str) -> Returning:
    """Ask when the user comes back to the desk."""
    return Returning(context, window, entry, name)


class Returning(QObject):
    """Waits until another program was in front and the desk is again; asks once."""

    def __init__(self, context: Context, window: QWidget | None, entry: Entry, name: str) -> None:
        super().__init__(window)
        self._context, self._window, self._entry, self._name = context, window, entry, name
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self.on_state)

    def on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and self._entry is not None:
            dialog = ReturnDialog(self._context, self._entry, self._name, self._window)
            dialog.open_beside()
            self.deleteLater()


class ReturnDialog(DialogFrame):
    """Yes: it becomes an activity of the user's in that place. No, and Esc: the words stay in the outbox as a draft."""

    def __init__(self, context: Context, entry: Entry, name: str, parent: QWidget | None = None) -> None:
        look, who = context.look, one_line(given_name(name), 40)
        title = tr("Did you answer {name}?") if entry.towards is not None else tr("Did you write to {name}?")
        super().__init__(
            look, title.format(name=who or tr("them")), width=460, parent=parent,
            sentence=tr("Then it stands on the timeline as yours, and the desk knows that nobody waits for it any more."),
        )  # fmt: skip
        self._context, self._entry = context, entry
        self.body.addWidget(ParagraphLabel(look, one_line(entry.text, 300), role="small", tone="text2", max_lines=3))
        self.problem = PlainLabel(look, "", role="small", tone="danger", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_button(tr("No, not yet"))
        self.yes = self.add_button(tr("Yes, on {place}").format(place=place_look(entry.place).title), self._on_yes, style="primary", default=True)

    def _on_yes(self) -> None:
        self.yes.setEnabled(False)
        self.write_once(self._context.tasks.write, engaging.said_by_hand, self._entry, self._context.clock(), failed=self._on_failed)

    def _on_failed(self, error: RelationDeskError) -> None:
        self.problem.setText(str(error))
        self.problem.show()
        self.yes.setEnabled(True)
