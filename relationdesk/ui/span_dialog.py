"""A profile that is somebody's only for a time: from which day until which, and whose it is then and otherwise, said before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from relationdesk.errors import RelationDeskError, UserMistake
from relationdesk.model import Person
from relationdesk.saying import counted
from relationdesk.services import spans
from relationdesk.services.spans import Time
from relationdesk.store.profiles import Stored
from relationdesk.store.spans import first_day, last_day
from relationdesk.text import one_line
from relationdesk.ui.days_fields import DaysFields
from relationdesk.ui.page import Context
from relationdesk.ui.profile_rows import shown_name
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import PlainLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Span", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirTime:
    """Which profile of whom."""

    stored: Stored
    person: Person


class SpanDialog(DialogFrame):
    """What is typed is tried at once on what there is; nothing is written before *Keep*."""

    def __init__(self, context: Context, about: TheirTime, parent: QWidget | None = None) -> None:
        name, whose = one_line(shown_name(about.stored, about.person.name), 60), about.person.name[:60]
        sentence = tr("Days count from midnight to midnight, UTC. What happened outside of this time is not in the timeline of {name}.")
        super().__init__(
            context.look, tr("When {profile} is {name}").format(profile=name, name=whose), sentence=sentence.format(name=whose), width=520, parent=parent
        )
        self._context, self._about, self._asked = context, about, 0
        held = about.stored.held
        self.days = DaysFields(context.look, held and first_day(held.from_id), held and last_day(held.until_id))
        self.said = PlainLabel(context.look, "", tone="text2", wrap=True)
        self.body.addWidget(self.days)
        self.body.addWidget(self.said)
        self.add_button(tr("Cancel"))
        self.keep = self.add_button(tr("Keep"), self._on_keep, style="primary", default=True)
        self.days.changed.connect(self._on_typed)
        self._on_typed()
        self.days.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_typed(self) -> None:
        """Late answers to what was typed before are not shown."""
        self._asked += 1
        self.keep.setEnabled(False)
        try:
            first, last = self.days.days(self._context.clock())
        except UserMistake as e:
            self._on_failed(e)
            return
        self._context.tasks.run(
            spans.tried, self._about.stored.id, self._about.person.id, first, last, done=partial(self._on_read, self._asked),
            failed=partial(self._on_not_read, self._asked),
        )  # fmt: skip

    def _on_read(self, asked: int, times: tuple[Time, ...]) -> None:
        if asked == self._asked:
            self.said.set_tone("text2")
            self.said.setText("\n".join(map(in_words, times)))
            self.keep.setEnabled(True)

    def _on_not_read(self, asked: int, error: RelationDeskError) -> None:
        if asked == self._asked:
            self._on_failed(error)

    def _on_keep(self) -> None:
        first, last = self.days.days(self._context.clock())
        self.keep.setEnabled(False)
        self.write_once(
            self._context.tasks.write, spans.hold, self._about.stored.id, self._about.person.id, first, last, self._context.clock(), failed=self._on_failed
        )

    def _on_failed(self, error: RelationDeskError) -> None:
        self.said.set_tone("danger")
        self.said.setText(str(error))


def in_words(time: Time) -> str:
    """ "Until 30 September 2026: Ann Lee, 12 items"."""
    name = time.name or (tr("forgotten") if time.is_forgotten else tr("nobody"))
    words = time.when or tr("for all time")
    return f"{words[:1].upper()}{words[1:]}: {name}, {counted(time.items, '{n:,} item', '{n:,} items')}"
