"""A look-in round in the window: the queue, one person after another at what is new, and what it came to.

The person's page inside is the same as everywhere, with the same keys. Leaving is pausing: whoever comes back, or starts the program
anew, stands at the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QLocale, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from relationdesk.derived import Prompt
from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes
from relationdesk.saying import counted
from relationdesk.services import round_queue, round_summary, rounds
from relationdesk.services.round_queue import Round
from relationdesk.services.round_summary import Summary
from relationdesk.ui.page import Context, Target
from relationdesk.ui.round_frame import RoundFrame
from relationdesk.ui.round_start import TIMES, choice, named, time_words

TICK_MS = 15_000
GAP = 60
"""Seconds without a tick (the computer slept) that count as a pause."""
AWAY_TICKS = 40
"""So long, in ticks, the time goes on while another program has the keyboard: an answer may be written there."""


class RoundPage(RoundFrame):
    """Target: id of a round; or extra (origin, what): begin one, or go on with the open one over the same people. With neither the
    open one goes on, or one is chosen. extra may be the Target of the person to come back to as they were left."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._round: Round | None = None
        self._person_shown: int | None = None
        self._back_to: Target | None = None
        self._turn = self._away = 0
        self._chooses = False
        super().__init__(context, parent)
        self.person.deeds.answer = self._answer
        self.person.drawn.connect(self.drawn)
        self.queue.wanted.connect(self._go_to)
        self.joined.clicked.connect(self._add_joined)
        self.pause.clicked.connect(self._pause)
        self.more.clicked.connect(self._open_menu)
        self.start.begin.connect(self._begin)
        self.start.open.connect(lambda id_: self._resume(id_))
        self.start.people.connect(lambda: context.router.go.emit(Target(page="people")))
        self.end.again.connect(self._again)
        self.end.resume.connect(lambda: self._resume(self._id()))
        self.end.another.connect(self._choose)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    # Which round

    def title(self) -> str:
        return self.tr("Look-in round") if self._round is None else named(self._round.origin, self._round.what, self._round.title)

    def open(self, target: Target) -> None:
        wanted = target.extra
        self._back_to = wanted if isinstance(wanted, Target) else None
        if isinstance(wanted, tuple) and len(wanted) == 2:
            self._begin(*wanted, 0)
        elif target.id is not None:
            self._write(_come_back, target.id, self.context.clock())
        else:
            self._write(_latest, self.context.clock())

    def _begin(self, origin: str, what: str, minutes: int, *, anew: bool = False) -> None:
        self._write(partial(rounds.begin, minutes=minutes, anew=anew), origin, what, self.context.clock(), failed=self._not_begun)

    def _not_begun(self, error: RelationDeskError) -> None:
        self.context.router.failed.emit(error)
        if self._round is None or self.stack.current() is not self.walk:
            self._choose()

    def _choose(self) -> None:
        """Over whom to begin one."""
        self._leave_person()
        self._round = None
        self._turn += 1
        self.retitled.emit()
        self.context.tasks.run(choice, self.context.clock(), done=partial(self._on_choice, self._turn), failed=self.context.router.failed.emit)

    def _on_choice(self, turn: int, found: Any) -> None:
        if turn == self._turn:
            self._chooses = True
            self.start.show_choice(found)
            self.stack.show_widget(self.start)
            self.drawn.emit()

    def _resume(self, id_: int) -> None:
        self._write(rounds.resume, id_, self.context.clock())

    def _id(self) -> int:
        return self._round.id if self._round is not None else 0

    def _write(self, job: Callable[..., Any], *args: object, failed: Callable[[RelationDeskError], None] | None = None) -> None:
        """One step, on the lane of what is written, so that its answer comes after every earlier step."""
        self._chooses = False
        self._turn += 1
        self.context.tasks.write(job, *args, done=partial(self._came, self._turn), failed=failed or self.context.router.failed.emit)

    def _came(self, turn: int, answer: Any) -> None:
        """What a step answers (a Round with its Changes, or a Round, or None for none) is shown, unless a later one was asked for meanwhile."""
        if turn == self._turn:
            found = answer[0] if isinstance(answer, tuple) else answer
            self._show(found) if found is not None else self._choose()

    # What is shown

    def _show(self, found: Round) -> None:
        self._round = found
        self.retitled.emit()
        here = found.here()
        if here is None or found.ended is not None:
            self._leave_person()
            self.context.tasks.write(round_summary.summary, found.id, done=self._on_summary, only_reads=True, failed=self.context.router.failed.emit)
            return
        self._show_round(found)
        self.stack.show_widget(self.walk)
        back, self._back_to = self._back_to, None
        if back is not None and back.id == here.person.id:
            self.person.open(back)
        elif here.person.id != self._person_shown:
            self.person.open(Target(page="person", id=here.person.id, new=True))
        self._person_shown = here.person.id
        self._fit()
        if self.isVisible():
            self._tick.start()
            if not self.isAncestorOf(self.window().focusWidget() or self.window()):
                self.person.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_round(self, found: Round) -> None:
        self.title_label.set_runs(self.title())
        people = counted(len(found.stops), "{n:,} person", "{n:,} people")
        self.numbers.set_runs(self.tr("{people}, {n} to come").format(people=people, n=QLocale().toString(found.waiting())))
        self.queue.show_stops(found.stops, found.stands)
        self.bar.show_round(found)
        self.joined.set_content(self.tr("Add {n} who came in since").format(n=len(found.joined)), icon="plus")
        self.joined.setVisible(bool(found.joined))
        self.gone.set_runs(self.tr("{people} no longer here").format(people=counted(found.gone, "{n:,} person is", "{n:,} people are")))
        self.gone.setVisible(found.gone > 0)

    def _on_summary(self, found: Summary) -> None:
        if self._round is not None and found.round.id == self._round.id:
            self.end.show_summary(found)
            if self.stack.current() is not self.end:
                self.stack.show_widget(self.end)
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.drawn.emit()

    def _leave_person(self) -> None:
        self._tick.stop()
        if self._person_shown is not None:
            self.person.leave()
        self._person_shown = None

    # Steps

    def deeds(self) -> Mapping[str, Callable[[], object]]:
        return {
            "next_person": lambda: self._step("next"), "previous_person": lambda: self._step("back"), "round_skip": lambda: self._step("skip"),
            "round_flag": self._flag, "round_pause": self._pause, "done": self._done, "snooze": self._later,
        }  # fmt: skip

    def is_walking(self) -> bool:
        return self._round is not None and self.stack.current() is self.walk

    def _step(self, how: rounds.How) -> None:
        if self._round is not None and (self.is_walking() or how == "back"):
            self._write(partial(rounds.step, gap=GAP), self._id(), how, self.context.clock())

    def _go_to(self, n: int) -> None:
        if self._round is not None and n != self._round.stands:
            self._write(partial(rounds.go_to, gap=GAP), self._id(), n, self.context.clock())

    def _flag(self) -> None:
        here = self._round.here() if self._round is not None else None
        if here is not None and self.is_walking():
            self._write(rounds.flag, self._id(), here.n, not here.flagged)

    def _done(self) -> None:
        if self.is_walking() and not self.person.answer_waiting("done"):
            self._write(partial(rounds.settle, gap=GAP), self._id(), None, "done", self.context.clock())

    def _later(self) -> None:
        """A prompt is put off to a day; whoever waits for nothing comes again at the end of this round."""
        if self.is_walking() and not self.person.answer_waiting("snooze"):
            self._write(partial(rounds.settle, gap=GAP), self._id(), None, "later", self.context.clock())

    def _answer(self, prompt: Prompt, how: str, until: datetime | None) -> None:
        """From the card beside the person: the prompt and the round's own mark are one decision."""
        here = self._round.here() if self._round is not None else None
        if how in ("never", "rule_off") or here is None or prompt.person_id != here.person.id:
            self.person.deeds.answer_alone(prompt, how, until)
        else:
            self._write(partial(rounds.settle, gap=GAP), self._id(), prompt, how, self.context.clock(), until)

    def _pause(self) -> None:
        here = self._round.here() if self._round is not None else None
        if here is not None and self.is_walking():
            self.context.router.go.emit(Target(page="today"))
            self.context.router.toast.emit(self.tr("Paused at {name}. The round goes on there.").format(name=here.person.name), False)

    def _add_joined(self) -> None:
        self._write(rounds.add_joined, self._id())

    def _again(self, day: date | None) -> None:
        self._write(rounds.again, self._id(), day)

    def _finish(self) -> None:
        self._write(partial(rounds.end, gap=GAP), self._id(), self.context.clock())

    # The menu

    def menu(self) -> QMenu:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(self.tr("End here"), self._finish)
        menu.addAction(self.tr("Begin again"), self._anew)
        menu.addAction(self.tr("Another round"), self._choose)
        menu.addSeparator()
        for minutes in TIMES:
            entry = menu.addAction(time_words(minutes))
            entry.setCheckable(True)
            entry.setChecked(self._round is not None and self._round.minutes == minutes)
            entry.triggered.connect(lambda _=False, minutes=minutes: self._write(rounds.give, self._id(), minutes))
        return menu

    def _anew(self) -> None:
        if self._round is not None:
            self._begin(self._round.origin, self._round.what, self._round.minutes, anew=True)

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    # Time

    def _on_tick(self) -> None:
        self._away = 0 if self.window().isActiveWindow() else self._away + 1
        if self.is_walking() and self._away <= AWAY_TICKS:
            self.context.tasks.write(partial(_stay, gap=GAP), self._id(), self.context.clock(), done=partial(self._on_stayed, self._turn))

    def _on_stayed(self, turn: int, found: Round | None) -> None:
        if turn == self._turn and found is not None and self.is_walking():
            self._round = found
            self._show_round(found)

    # Page

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {**self.person.handlers(), **self.deeds(), "export": self._export}

    def _export(self) -> None:
        if self.is_walking():
            self.person.handlers()["export"]()
        elif self.stack.current() is self.end:
            self.end.export_it()
        else:
            self.context.router.export.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the person's page has no use for; to the side is on and back."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ahead = Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right
        back = Qt.Key.Key_Right if self.isRightToLeft() else Qt.Key.Key_Left
        ways = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
        if plain and event.key() == ahead and self.is_walking():
            self._step("next")
        elif plain and event.key() == back and self.stack.current() is not self.start:
            self._step("back")
        elif plain and event.key() in ways and self.stack.current() is self.start:
            self.start.step(ways[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def on_changed(self, changes: Changes) -> None:
        if self._person_shown is not None:
            self.person.on_changed(changes)
        if not self.isVisible() or not (changes.everything or changes.people or changes.buckets or changes.companies or changes.prompts):
            return
        if self._round is not None:
            self.context.tasks.write(round_queue.load, self._id(), only_reads=True, done=partial(self._came, self._turn))
        elif self._chooses:
            self._choose()

    def leave(self) -> None:
        """A pause."""
        if self.is_walking():
            self.context.tasks.write(partial(rounds.stay, gap=GAP), self._id(), self.context.clock())
        self._leave_person()

    def position(self) -> Target:
        walking = self.is_walking() and self._person_shown is not None
        return Target(page=self.name, id=self._id() or None, extra=self.person.position() if walking else None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()


def _latest(db: Any, now: datetime) -> Round | None:
    """The open round, gone on with; None if none is open."""
    found = round_queue.latest(db)
    return rounds.resume(db, found.id, now) if found is not None else None


def _come_back(db: Any, round_id: int, now: datetime) -> Round | None:
    """As it is, where it was ended; else gone on with."""
    found = round_queue.load(db, round_id)
    return rounds.resume(db, round_id, now) if found is not None and found.ended is None else found


def _stay(db: Any, round_id: int, now: datetime, *, gap: int) -> Round | None:
    rounds.stay(db, round_id, now, gap=gap)
    return round_queue.load(db, round_id)
