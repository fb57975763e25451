"""How the user keeps in touch with somebody, and what that person asked for: rhythm, wishes with their date and where they are known from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import UserMistake
from relationdesk.services import promised, wishes
from relationdesk.services.relationship import Agreed
from relationdesk.services.typed_dates import past_day
from relationdesk.text import place_name
from relationdesk.ui.frame import Flow, ScrollColumn, clear
from relationdesk.ui.page import Context
from relationdesk.ui.rhythm_fields import RhythmFields
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.form import Form, line_field
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.number_box import NumberBox
from relationdesk.wishes import Wish


def tr(text: str) -> str:
    return QCoreApplication.translate("Agreed", text)


class AgreedDialog(DialogFrame):
    """*Write it down* keeps a wish alone, *Keep* the rhythm and a wish that is filled in."""

    def __init__(self, context: Context, agreed: Agreed, parent: QWidget | None = None) -> None:
        person = agreed.person
        super().__init__(context.look, tr("In touch with {name}").format(name=person.name), width=560, high=600, parent=parent)
        self._context, self._agreed, self._is_wish_kept = context, agreed, False
        column = ScrollColumn(context.look, name=tr("In touch"), padding=(0, 0, 12, 8), gap=10)
        self._column = column.body
        self.body.addWidget(column)
        self._rhythm_part()
        self._wish_part()
        self.add_button(tr("Close"), self.close)
        self.keep = self.add_button(tr("Keep"), self._on_keep, style="primary", default=True)
        self.rhythm.how.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rhythm_part(self) -> None:
        look, agreed = self.look, self._agreed
        self._column.addWidget(PlainLabel(look, tr("How often you want to be in touch"), role="h3"))
        self.rhythm = RhythmFields(look, agreed.own, none=tr("As the bucket says") if agreed.of else tr("None"), days=agreed.usual_days)
        self._column.addWidget(self.rhythm)
        if agreed.of:
            self._column.addWidget(ParagraphLabel(look, agreed.of, role="small", tone="text2"))

    def _wish_part(self) -> None:
        look = self.look
        self._column.addWidget(Divider(look))
        self._column.addWidget(PlainLabel(look, tr("What they asked for"), role="h3"))
        self._column.addWidget(ParagraphLabel(look, tr("The newest holds. Every prompt and every way to write to them keeps to it."), role="small", tone="text2"))
        self._list = QVBoxLayout()
        self._column.addLayout(self._list)
        self._fill_wishes()
        self.opted_out = QCheckBox(tr("No contact at all"))
        self.places = {place: QCheckBox(place_name(place)) for place in self._agreed.places}
        chips = QWidget()
        flow = Flow(look, gap=10)
        chips.setLayout(flow)
        chips.setAccessibleName(tr("Only there"))
        for box in self.places.values():
            flow.addWidget(box)
        self.every = NumberBox(look, 0, 3660, suffix=" " + tr("days"), one=" " + tr("day"), name=tr("Not more often than every"))
        self.every.setSpecialValueText(tr("as often as needed"))
        self.not_until = line_field(tr("Not before"), tr("a day, if they said one"))
        self.said = line_field(tr("Asked on"), tr("today"))
        self.source = line_field(tr("Known from"), tr("on the phone, in a mail …"))
        self._column.addWidget(self.opted_out)
        self._column.addLayout(Form(look, *([chips] if self.places else []), self.every, self.not_until, self.said, self.source))
        self.write = Button(look, tr("Write it down"), icon="hand", compact=True)
        self.write.clicked.connect(self._on_write)
        line = QHBoxLayout()
        line.addWidget(self.write)
        line.addStretch(1)
        self._column.addLayout(line)

    def _fill_wishes(self) -> None:
        clear(self._list)
        for number, wish in enumerate(self._agreed.wishes):
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            said = wishes.in_words(wish)
            words = f"{said[:1].upper()}{said[1:]}{f' · {wish.source}' if wish.source else ''}"
            row.addWidget(ParagraphLabel(self.look, words, role="body" if not number else "small", tone="text1" if not number else "text2"), 1)
            gone = Button(self.look, icon="x", style="quiet", compact=True, name=tr("They never asked for this: {wish}").format(wish=said))
            gone.clicked.connect(partial(self._on_remove, wish))
            row.addWidget(gone)
            self._list.addWidget(holder)
        if not self._agreed.wishes:
            self._list.addWidget(ParagraphLabel(self.look, tr("Nothing yet."), role="small", tone="text2"))

    def _on_keep(self) -> None:
        agreed, new = self._agreed, self.rhythm.rhythm()
        if self._has_wish():
            self._on_write(then=None if new == agreed.own else self._want_too)
        elif new == agreed.own:
            self.accept()
        else:
            self._want()

    def _want(self) -> None:
        job = partial(wishes.want, person_id=self._agreed.person.id)
        self.write_once(self._context.tasks.write, job, self.rhythm.rhythm(), self._context.clock())

    def _want_too(self, _: object) -> None:
        """After the wish, which is written down by now."""
        self._is_writing, self._is_wish_kept = False, True
        self._want()

    def _has_wish(self) -> bool:
        """Whether anything was filled in for one: no press of Keep loses it."""
        if self._is_wish_kept:
            return False
        typed = (self.not_until, self.said, self.source)
        return self.opted_out.isChecked() or self.every.value() > 0 or any(box.isChecked() for box in self.places.values()) or any(one.text().strip() for one in typed)

    def _on_write(self, *_: object, then: Callable[[object], None] | None = None) -> None:
        now = self._context.clock()
        try:
            today = now.astimezone().date()
            not_until = promised.day_typed(self.not_until.text(), today) if self.not_until.text().strip() else None
            said = self._past()
        except UserMistake as e:
            self.refuse(e)
            return
        job = partial(
            wishes.wish, places=tuple(place for place, box in self.places.items() if box.isChecked()), every_days=self.every.value() or None,
            not_until=not_until, opted_out=self.opted_out.isChecked(), said=said, source=self.source.text(),
        )  # fmt: skip
        self.write_once(self._context.tasks.write, job, self._agreed.person.id, now, done=then)

    def _past(self) -> date:
        """When they said so; today where nothing is typed."""
        now = self._context.clock()
        if not self.said.text().strip():
            return now.astimezone().date()
        if (said := past_day(self.said.text(), now)) is None:
            raise UserMistake(tr("They asked on a day like 2026-03-03, 3 March or yesterday. Nothing was kept. Correct it."))
        return said

    def _on_remove(self, wish: Wish, *_: object) -> None:
        self.write_once(self._context.tasks.write, wishes.remove, wish.id, self._context.clock())
