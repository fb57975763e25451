"""Today: who waits, in order, each with its because; who is held back, and why. Answers can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.derived import Evidence
from relationdesk.model import Changes, Person
from relationdesk.saying import counted
from relationdesk.services import agenda, coming_days
from relationdesk.services.agenda import Agenda, Entry
from relationdesk.services.coming_days import Coming
from relationdesk.store import people, prompts
from relationdesk.store.prompts import Answer
from relationdesk.ui import when
from relationdesk.ui.card_parts import leading
from relationdesk.ui.chosen_row import Choice
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Head, ScrollColumn, Stack, action_of, hint
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.row_painter import Run
from relationdesk.ui.side_column import SideColumn, TwoColumns
from relationdesk.ui.snooze_menu import snooze_menu
from relationdesk.ui.today_row import ComingRow, HeldRow, PromptRow, WeekChart, nobody, off_row
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.pill import Pill

HELD_SHOWN, COMING_SHOWN = 40, 8
"""More would only be scrolled past; how many there are besides is said."""

ROUND_FROM = 760
"""Width of the page, at 100 %, from which the button that starts a round has words."""


class TodayPage(Page):
    """`act(id)` does an action of the table for the chosen prompt."""

    name = "today"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._agenda: Agenda | None = None
        self._coming: tuple[Coming, ...] = ()
        self.head = Head(look, self.tr("Today"))
        self._done = Pill(look, "", tone="ok", icon="check")
        self._aside = Button(look, self.tr("Held back"), icon="panel-right", compact=True)
        self.round = Button(look, self.tr("Start round"), style="primary", icon="route", key=hint("start_round"), compact=True)
        self.round.clicked.connect(lambda: context.router.go.emit(Target(page="round", extra=("today", ""))))
        self.head.buttons.addWidget(self._done)
        self.head.buttons.addWidget(self.round)
        self.head.buttons.addWidget(self._aside)
        self._list = ScrollColumn(look, name=self.tr("Prompts of today"))
        self.choice: Choice[PromptRow] = Choice(self._list)
        self._empty = EmptyState(look, icon="sun")
        self._empty.chosen.connect(lambda: context.router.go.emit(Target(page="people")))
        self._stack = Stack(self._empty, self._list)
        self._side = SideColumn(look, name=self.tr("Held back, and why"))
        self._week, self._legend = WeekChart(look), ParagraphLabel(look, "", role="caption")
        self._week_parts: list[QWidget] = []
        self._columns = TwoColumns(look, self._stack, self._side, head=self.head)
        self._columns.open_by(self._aside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._columns)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def title(self) -> str:
        return self.tr("Today")

    def open(self, target: Target) -> None:
        """extra: the key of the prompt that was chosen, to come back to it."""
        if isinstance(target.extra, str):
            self.choice.key = target.extra
        self._load()

    def position(self) -> Target:
        return Target(page=self.name, extra=self.choice.key, scroll=self._list.verticalScrollBar().value())

    def on_changed(self, changes: Changes) -> None:
        if changes.everything or changes.prompts or changes.people:
            self._load()

    def restyle(self) -> None:
        if self._agenda is not None:
            self._show(self._agenda)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_round()

    def _fit_round(self) -> None:
        """Its icon alone where there is no room for words."""
        words, narrow = self.tr("Start round"), self.width() < self.context.look.theme.px(ROUND_FROM)
        self.round.set_content("" if narrow else words, icon="route", name=words if narrow else "")

    def _load(self) -> None:
        self.context.tasks.run(coming_days.coming, self.context.clock(), done=self._on_coming)
        self.context.tasks.run(agenda.today, self.context.clock(), done=self._show, failed=self.context.router.failed.emit)
        self.context.tasks.run(prompts.answers, done=self._on_answers)

    def _on_coming(self, found: tuple[Coming, ...]) -> None:
        """Mostly it comes before the prompts do, and goes with them into the column."""
        if found == self._coming:
            return
        self._coming = found
        if self._agenda is not None:
            self._fill_side(self._agenda)

    def _on_answers(self, answers: Mapping[str, Answer]) -> None:
        days = week(answers.values(), self.context.clock())
        self._week.set_days(days)
        done, later = (QLocale().toString(sum(counts)) for counts in zip(*((done, later) for _, done, later in days), strict=True))
        self._legend.set_runs((
            Run("■ ", "them"), Run(self.tr("Done {n}").format(n=done), "text2"),
            Run("    ■ ", "you"), Run(self.tr("Put off {n}").format(n=later), "text2"),
        ))  # fmt: skip
        for part in self._week_parts:
            part.setVisible(any(done or later for _, done, later in days))

    def _show(self, found: Agenda) -> None:
        self._agenda = found
        self.choice.fill([self._row(entry) for entry in found.shown])
        self.head.subtitle.set_runs(f"{when.long_day(found.day)} · {self._how_many(found)}")
        self._done.set_pill(self.tr("{n} done today").format(n=found.done_today) if found.done_today else "", tone="ok", icon="check")
        self._aside.set_content(self.tr("Held back"), icon="panel-right", count=str(len(found.held_back)))
        self.round.setVisible(len(found.shown) > 1)
        self._fit_round()
        self._fill_side(found)
        if self.choice.rows:
            self._stack.show_widget(self._list)
        else:
            self._show_empty()

    def _how_many(self, found: Agenda) -> str:
        """ "7 people wait, at most 12 at a time", "12 of 31 prompts, at most 12 a day"."""
        total = len(found.shown) + found.late
        if not total:
            return self.tr("quiet until {time}").format(time=found.quiet_until) if found.resting else self.tr("nobody waits")
        waits = counted(len({e.person.id for e in found.shown}), "{n:,} person waits", "{n:,} people wait")
        if total > len(found.shown):
            waits = self.tr("{n} of {total} prompts").format(n=len(found.shown), total=total)
        return self.tr("{waits}, at most {cap} at a time").format(waits=waits, cap=found.cap)

    def _row(self, entry: Entry) -> PromptRow:
        row = PromptRow(self.context, entry)
        row.chosen.connect(lambda row=row: self.choice.choose(row))
        row.acted.connect(lambda action, row=row: self._act_on(row, action))
        row.evidence_opened.connect(lambda piece, row=row: self._open_evidence(row, piece))
        return row

    def _fill_side(self, found: Agenda) -> None:
        look = self.context.look
        widgets: list[QWidget] = [side_title(look, self.tr("Held back, and why"), str(len(found.held_back)))]
        if not found.held_back:
            text = self.tr("Nobody. Whoever is put off, or cannot be judged, stands here with the reason.")
            widgets.append(ParagraphLabel(look, text, role="small", tone="text2"))
        for entry in found.held_back[:HELD_SHOWN]:
            row = HeldRow(look, entry)
            row.clicked.connect(partial(self._go_to, entry.person.id))
            row.again.connect(partial(self._ask_again, entry))
            widgets.append(row)
        if len(found.held_back) > HELD_SHOWN:
            more = counted(len(found.held_back) - HELD_SHOWN, "{n:,} more", "{n:,} more")
            widgets.append(PlainLabel(look, more, role="small", tone="text2"))
        if found.off:
            widgets += [Divider(look), side_title(look, self.tr("Rules switched off"), str(len(found.off)))]
            widgets += [off_row(look, rule, partial(self._switch_on, rule)) for rule in found.off]
        self.rules = Button(look, self.tr("Rules of prompts"), style="link", icon="sliders-horizontal", compact=True)
        self.rules.clicked.connect(self.context.router.rules)
        widgets.append(leading(self.rules))
        self._week, self._legend = WeekChart(look), ParagraphLabel(look, "", role="caption")
        self._week_parts = [Divider(look), side_title(look, self.tr("This week"), ""), self._week, self._legend]
        for part in self._week_parts:
            part.hide()
        self._side.fill([*widgets, *self._week_parts, *self._ahead()])
        self.context.tasks.run(prompts.answers, done=self._on_answers)

    def _ahead(self) -> list[QWidget]:
        """What comes in the next days; nothing where there is nothing."""
        if not self._coming:
            return []
        look, now = self.context.look, self.context.clock()
        rows: list[QWidget] = [Divider(look), side_title(look, self.tr("Coming up"), str(len(self._coming)))]
        for one in self._coming[:COMING_SHOWN]:
            row = ComingRow(look, one, now)
            row.clicked.connect(partial(self._go_there, one))
            rows.append(row)
        if len(self._coming) > COMING_SHOWN:
            more = counted(len(self._coming) - COMING_SHOWN, "{n:,} more in the next days", "{n:,} more in the next days")
            rows.append(PlainLabel(look, more, role="small", tone="text2"))
        return rows

    def _show_empty(self) -> None:
        self._stack.show_widget(self._empty)
        self._empty.set_state(*nobody(self._agenda), button=self.tr("See people"), icon="sun")
        ask = partial(people.page, order="touch", limit=2)
        self.context.tasks.run(ask, done=self._on_suggestions)

    def _on_suggestions(self, found: tuple[Person, ...]) -> None:
        if self.choice.rows:
            return
        if not found:
            self._empty.set_state(
                self.tr("Nothing to show yet"),
                self.tr("Here will be who waits for you, and why. Bring in files or connect a place to begin."),
                button=self.tr("Go to Places"), icon="layers",
            )  # fmt: skip
            self._empty.chosen.disconnect()
            self._empty.chosen.connect(lambda: self.context.router.go.emit(Target(page="places")))
            return
        self._stack.show_widget(self._list)
        intro = EmptyState(self.context.look, *nobody(self._agenda), icon="sun")
        self._list.fill([intro, *(self._suggestion(person) for person in found)])

    def _suggestion(self, person: Person) -> Clickable:
        look, now = self.context.look, self.context.clock()
        card = Clickable(look, self.tr("Open {name}").format(name=person.name))
        row = QHBoxLayout(card)
        row.setSpacing(look.theme.px(12))
        row.addWidget(Avatar(look, person.name, person.id, size=36))
        words = QVBoxLayout()
        words.addWidget(PlainLabel(look, person.name, role="strong"))
        last = max((t for t in (person.last_in, person.last_out) if t), default=None)
        note = self.tr("last touch {span} ago").format(span=when.ago(last, now)) if last else self.tr("never in touch")
        words.addWidget(PlainLabel(look, " · ".join(p for p in (person.company, note) if p), role="small", tone="text2"))
        row.addLayout(words, 1)
        for child in card.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        card.clicked.connect(partial(self._go_to, person.id))
        return card

    # Choosing and acting

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """The prompts stand in place of the people here."""
        return {"next_person": partial(self.choice.step, 1), "previous_person": partial(self.choice.step, -1)}

    def act(self, action: str) -> bool:
        """Do an action of the table; False if it means nothing here now."""
        steps = {"next_item": 1, "previous_item": -1, "next_person": 1, "previous_person": -1}
        if action in steps:
            self.choice.step(steps[action])
            return True
        row = self.choice.current()
        return row is not None and self._act_on(row, action)

    def _act_on(self, row: PromptRow, action: str) -> bool:
        doing: dict[str, Callable[[], object]] = {
            "open": lambda: self._open(row.entry),
            "note": lambda: self.context.router.new_note.emit(row.entry.person.id),
            "done": lambda: self._answer(row.entry, "done"),
            "snooze": lambda: self._ask_until(row),
            "why": row.show_why,
            "flip": lambda: self._open(row.entry),
            "reply": lambda: self._engage(row, "reply"),
            "like": lambda: self._engage(row, "like"),
            "boost": lambda: self._engage(row, "boost"),
            "write_to": lambda: self._engage(row, "write_to"),
            "route": lambda: self._route(row),
        }
        if action not in doing:
            return False
        self.choice.choose(row)
        doing[action]()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Down: "next_item", Qt.Key.Key_Up: "previous_item", Qt.Key.Key_Enter: "open"}
        action = keys.get(Qt.Key(event.key())) or action_of(event, self.name)
        if not (action and self.act(action)):
            super().keyPressEvent(event)

    def _open(self, entry: Entry) -> None:
        at = next((piece.activity for piece in entry.prompt.evidence if piece.activity), None)
        self.context.router.go.emit(Target(page="person", id=entry.person.id, at=at))

    def _engage(self, row: PromptRow, action: str) -> None:
        """What the prompt rests on, the newest; without any, or to write anew, the person."""
        from relationdesk.ui import engaging

        key = next((piece.activity for piece in row.entry.prompt.evidence if piece.activity), None)
        if action in engaging.DEEDS and key is not None:
            engaging.press(self.context, row.entry.person.id, key, engaging.DEEDS[action])
        elif action not in engaging.DEEDS:
            engaging.answer(self.context, self.window(), row.entry.person.id, (key,) if key is not None and action == "reply" else ())

    def _route(self, row: PromptRow) -> None:
        """What the prompt rests on, the newest, onto a list."""
        key = next((piece.activity for piece in row.entry.prompt.evidence if piece.activity), None)
        if key is not None:
            from relationdesk.ui.routing_menu import route_item

            route_item(self.context, row, key, row.mapToGlobal(QPoint(row.width() // 3, row.height() // 2)))

    def _open_evidence(self, row: PromptRow, piece: Evidence) -> None:
        self.choice.choose(row)
        self.context.router.go.emit(Target(page="person", id=row.entry.person.id, at=piece.activity))

    def _go_there(self, one: Coming) -> None:
        page, id_ = ("company", one.company_id) if one.company_id is not None else ("person", one.person_id)
        self.context.router.go.emit(Target(page=page, id=id_, at=one.meeting))

    def _go_to(self, person_id: int) -> None:
        self.context.router.go.emit(Target(page="person", id=person_id))

    def _answer(self, entry: Entry, how: str, until: datetime | None = None, *_: object) -> None:
        self.context.tasks.write(
            agenda.answer, entry.prompt, how, self.context.clock(), until,
            failed=self.context.router.failed.emit,
        )  # fmt: skip

    def _ask_again(self, entry: Entry) -> None:
        self.context.tasks.write(agenda.ask_again, entry, self.context.clock(), failed=self.context.router.failed.emit)

    def _switch_on(self, rule: str, *_: object) -> None:
        self.context.tasks.write(agenda.switch, rule, True, self.context.clock(), failed=self.context.router.failed.emit)

    def _ask_until(self, row: PromptRow) -> None:
        menu = snooze_menu(self, row.entry.prompt, self.context.clock(), partial(self._answer, row.entry))
        anchor = row.findChild(Button, "snooze") or row
        menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)))


def week(answers: object, now: datetime) -> list[tuple[str, int, int]]:
    """(short name, done, put off) of the last seven days in local time, oldest first. answers: Answer values."""
    days = [(now - timedelta(days=n)).astimezone().date() for n in range(6, -1, -1)]
    done: dict[date, int] = dict.fromkeys(days, 0)
    later: dict[date, int] = dict.fromkeys(days, 0)
    for answer in answers:  # type: ignore[attr-defined]
        day = datetime.fromtimestamp(answer.at).date()
        kept = later if answer.answer.startswith("later") else done
        if day in kept:
            kept[day] += 1
    locale = QLocale()
    return [(locale.toString(QDate(d.year, d.month, d.day), "ddd"), done[d], later[d]) for d in days]


def side_title(look: object, text: str, count: str) -> QWidget:
    """A heading in the side card with a count at its far end."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(PlainLabel(look, text, role="h3"), 1)  # type: ignore[arg-type]
    row.addWidget(PlainLabel(look, count, role="small", tone="text2", tabular=True))  # type: ignore[arg-type]
    return holder
