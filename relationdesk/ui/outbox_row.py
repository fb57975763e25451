"""One thing on its way out: to whom, where, its words, how it stands, and what can be done with it now."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from relationdesk.outgoing import Deed, Entry, State
from relationdesk.text import one_line
from relationdesk.ui import when
from relationdesk.ui.chosen_row import ChosenRow
from relationdesk.ui.frame import Flow
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.row_painter import Run
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.pill import Pill
from relationdesk.ui.widgets.place_mark import PlaceMark

_TONES = {State.FAILED: "danger", State.WAITING: "info", State.SENDING: "info", State.SENT: "ok"}


def tr(text: str) -> str:
    return QCoreApplication.translate("Outbox", text)


def state_name(state: State) -> str:
    return {
        State.DRAFT: tr("Draft"), State.WAITING: tr("Waiting"), State.SENDING: tr("Being sent"), State.SENT: tr("Sent"), State.FAILED: tr("Failed"),
        State.GIVEN_UP: tr("Given up"),
    }[state]  # fmt: skip


def deed_name(deed: Deed) -> str:
    return {
        Deed.REPLY: tr("Reply to {name}"), Deed.LIKE: tr("Like for {name}"), Deed.BOOST: tr("Boost for {name}"), Deed.COMMENT: tr("Comment for {name}"),
        Deed.MESSAGE: tr("Message to {name}"), Deed.MAIL: tr("Mail to {name}"), Deed.UNLIKE: tr("Take back the like for {name}"),
        Deed.UNBOOST: tr("Take back the boost for {name}"),
    }[deed]  # fmt: skip


class OutboxRow(ChosenRow):
    def __init__(self, context: Context, entry: Entry, name: str, parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(context, entry.uid, PlaceMark(look, entry.place, size=28), gap=12, parent=parent)
        self.entry = entry
        self.opens = "edit_entry" if "edit_entry" in self.possible() else "open"
        title = deed_name(entry.deed).format(name=name or tr("nobody yet"))
        self._column.addLayout(self._head(title))
        said = " · ".join(part for part in (entry.subject, one_line(entry.text, 600)) if part)
        if said:
            self._column.addWidget(ParagraphLabel(look, said, role="body", max_lines=4))
        state = self._state()
        if state:
            self._column.addWidget(ParagraphLabel(look, state, role="small", tone="danger" if entry.failure and entry.state is not State.SENT else "text2"))
        self.setAccessibleName(". ".join(part for part in (title, place_look(entry.place).title, state_name(entry.state), said, state) if part))

    def _head(self, title: str) -> QHBoxLayout:
        look, entry, row = self._look, self.entry, QHBoxLayout()
        row.setSpacing(look.theme.px(8))
        moment = entry.sent or entry.queued or entry.saved
        age = PlainLabel(look, when.ago(moment, self._context.clock()), role="small", tone="text2", tabular=True)
        age.setToolTip(when.exact(moment))
        row.addWidget(ElidedLabel(look, (Run(title, strong=True), Run(f"  {place_look(entry.place).title}", tone="text2")), role="body"), 1)
        row.addWidget(Pill(look, state_name(entry.state), tone=_TONES.get(entry.state, "neutral")))
        row.addWidget(age)
        return row

    def _state(self) -> str:
        entry, now = self.entry, self._context.clock()
        said = [entry.failure] if entry.failure else []
        if entry.state is State.WAITING and entry.not_before is not None and entry.not_before > now:
            soon = (entry.not_before - now).total_seconds() < 60
            said.append((tr("Goes out in a few seconds") if soon else tr("Goes out at {time}").format(time=when.clock(entry.not_before, now))) + tr("; until then it can be held back."))
        elif entry.next_try is not None and entry.state in (State.WAITING, State.SENDING):
            said.append(tr("Next try {time}.").format(time=when.clock(entry.next_try, now)))
        elif entry.state is State.WAITING:
            said.append(tr("Goes out as soon as its place can be reached."))
        return " ".join(said)

    def possible(self) -> tuple[str, ...]:
        """What can be done with it now, the usual first."""
        entry = self.entry
        edit = "edit_entry" if entry.deed.has_words and not entry.unsure else ""
        found = {
            State.DRAFT: (edit, "take_off"), State.WAITING: ("retry" if entry.failure else "", "hold_back" if not entry.unsure else "", "give_up"), State.SENDING: ("retry", "give_up") if entry.failure else (),
            State.FAILED: ("retry", edit, "give_up"), State.GIVEN_UP: (edit, "retry", "take_off"), State.SENT: ("open_original",) if entry.url else (),
        }[entry.state]  # fmt: skip
        opens = ("open",) if entry.person_id is not None else ()
        return (*(name for name in found if name), *opens)

    def _fill_actions(self, flow: Flow) -> None:
        words = {
            "edit_entry": tr("Write on"), "hold_back": tr("Hold back"), "retry": tr("Try again"), "give_up": tr("Give up, keep the words"),
            "take_off": tr("Take out"), "open_original": tr("Original"), "open": tr("Open the person"),
        }  # fmt: skip
        for n, action in enumerate(self.possible()):
            self._put_action(flow, words[action], action, "primary" if n == 0 and action != "open" else "secondary")
