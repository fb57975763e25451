"""Who is this? One profile that nobody's is, who it may be, what speaks for and against; seven answers, all undoable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.flip.weights import CERTAIN
from relationdesk.model import Changes, Person
from relationdesk.services import bulk_answers, combining, comparing, matching
from relationdesk.services import people as decisions
from relationdesk.services.comparing import Compared
from relationdesk.services.matching import Match
from relationdesk.services.people import profile_name
from relationdesk.store import people
from relationdesk.text import one_line
from relationdesk.ui.frame import Head, Stack, action_of
from relationdesk.ui.match_answers import Asked
from relationdesk.ui.match_asking import Asking
from relationdesk.ui.match_card import SideCard, candidate_of, person_side, profile_side, reasons_cards
from relationdesk.ui.match_queue import QUESTIONS, Queue, standing
from relationdesk.ui.match_words import afterwards, answers, is_rivalled, nothing_here, verdict
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.person_picker import PersonPicker
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.label import ParagraphLabel, tooltip
from relationdesk.ui.widgets.pill import Pill, pill_size

LIST_WIDTH = 292
FOLD_BELOW = 820


class MatchesPage(Page):
    """`act(id)` does an action of the table for the question that is open."""

    name = "who"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._match: Match | None = None
        self._person: Person | None = None
        self._me: Person | None = None
        self._wanted: object = None
        self._at = 0
        self._seen: Match | None = None  # the question whose cards are on the screen: only that one can be answered
        self._writing = 0  # answers on their way into the desk
        self._answered = 0  # answers given so far: what was asked for before one of them is out of date
        self._held: int | None = None  # the question kept apart last: it stays where it stands as long as it is open
        self._asking = Asking(context.tasks, self)
        self._asking.due.connect(self._load)
        self._list_wanted = False
        self._asked, self._judged = "", ("", "")
        self.queue = self._make_queue()
        self._main = self._make_main()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.queue)
        row.addWidget(self._main, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        context.look.changed.connect(self._fit)

    def title(self) -> str:
        return self.tr("Who is this?")

    # Building

    def _make_queue(self) -> Queue:
        queue = Queue(self.context.look, self.title())
        queue.turned.connect(lambda _: self._load())
        queue.chosen.connect(self._on_chosen)
        queue.key.connect(self._on_list_key)
        queue.all_at_once.connect(self._answer_all)
        return queue

    def _make_main(self) -> QWidget:
        look = self.context.look
        holder = QWidget()
        self.head = Head(look, "")
        self.verdict, self.verdict_below = Pill(look), Pill(look)
        self._all = Button(look, self.tr("All questions"), icon="list-filter", compact=True)
        self._all.setCheckable(True)
        self._all.toggled.connect(self._on_all)
        self.head.buttons.addWidget(self._all)
        self.head.layout().insertWidget(1, self.verdict)  # type: ignore[union-attr]
        self.asked = Asked(look, self.tr("The question"))
        self.asked.answered.connect(self.act)
        self.asked.moved.connect(self.context.router.foot_moved)
        self._empty = EmptyState(look, icon="user-search")
        self._empty.chosen.connect(self._on_next_step)
        self._stack = Stack(self._empty, self.asked)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        self._below = QHBoxLayout()
        self._below.addWidget(self.verdict_below)
        self._below.addStretch(1)
        column.addLayout(self._below)
        column.addWidget(self._stack, 1)
        return holder

    # Loading

    def open(self, target: Target) -> None:
        """id: the profile to ask about; extra: its Key; neither: where one was, else the first."""
        self._wanted = target.extra if target.extra is not None else target.id
        if target.id is not None or target.extra is not None:
            self.queue.set_which("")
        self._load()
        self.context.tasks.run(people.me, done=self._on_me)

    def position(self) -> Target:
        return Target(page=self.name, id=self._match.profile.id if self._match else None)

    def on_changed(self, changes: Changes) -> None:
        if changes.everything:
            self._load()
        elif changes.matches:
            self._asking.soon()

    def foot(self) -> int:
        return self.asked.foot()

    def restyle(self) -> None:
        self._load()

    def _load(self) -> None:
        if self._writing:  # what it may still ask is only known when this is kept
            self._asking.soon()
            return
        ask = partial(matching.questions, settled=self.queue.which(), limit=QUESTIONS)
        done = partial(self._on_matches, self.queue.which(), self._answered)
        self._asking.run(ask, done, self.context.router.failed.emit)

    def _on_me(self, me: Person | None) -> None:
        self._me = me

    def _on_matches(self, which: str, answered: int, found: tuple[tuple[Match, ...], int]) -> None:
        if which != self.queue.which():
            return
        if answered != self._answered:
            self._asking.after_a_rest()
            return
        keep, (matches, total) = self._match.profile.id if self._match else None, found
        if keep is not None and keep == self._held:
            matches = standing(matches, keep, self._at)
        self.queue.show_matches(matches, total)
        self._count()
        self.context.tasks.run(bulk_answers.firms, tuple(m for m in matches if m.whose is None), done=self.queue.show_firms)
        if not matches:
            self._show_empty(which)
            return
        at = next((i for i, m in enumerate(matches) if any(self._wanted in (s.id, s.profile.key) for s in (m.profile, *m.companions))), None)
        if at is None:
            at = next((i for i, m in enumerate(matches) if m.profile.id == keep), min(self._at, len(matches) - 1))
        self._wanted = None
        self.queue.choose(at)

    def _show_empty(self, which: str) -> None:
        self._match = self._person = self._seen = None
        self._stack.show_widget(self._empty)
        self.head.title.setText(self.title())
        self.head.subtitle.set_runs("")
        self._judged = ("", "")
        self.verdict.set_pill("")
        self.verdict_below.set_pill("")
        title, sentence, button = nothing_here(which)
        self._empty.set_state(title, sentence, button=button, icon="user-search")

    def _on_next_step(self) -> None:
        if self.queue.which():
            self.queue.set_which("")
            self._load()
        else:
            self.context.router.go.emit(Target(page="places"))

    def _on_chosen(self, row: int) -> None:
        match = self.queue.model.matches[row]
        self._at, self._match = row, match
        self._all.setChecked(False)
        self._compare_with(match.candidates[0][0] if match.candidates else None)

    def _compare_with(self, person: Person | None) -> None:
        """Put this person beside the profile; the cards come when what is known of both is there."""
        self._person, match = person, self._match
        if match is None:
            return
        self._asking.give_way()
        self.context.tasks.run(
            comparing.compare, tuple(s.id for s in (match.profile, *match.companions)), person.id if person else None, self.context.clock(),
            done=partial(self._on_compared, match, person), failed=self.context.router.failed.emit,
        )  # fmt: skip

    def _on_compared(self, match: Match, person: Person | None, found: Compared) -> None:
        if match is self._match and person is self._person:
            self._show(match, found)

    # Showing

    def _show(self, match: Match, found: Compared) -> None:
        look, beside = self.context.look, found.person
        again = self._seen is not None and self._seen.profile.id == match.profile.id
        at = self.asked.question.verticalScrollBar().value() if again else 0
        self._seen = match
        self._stack.show_widget(self.asked)
        candidate = candidate_of(match, beside.person, beside.profiles) if beside is not None else None
        name = beside.person.name if beside is not None else profile_name(match.profile)
        if match.whose is not None:
            self._asked = self.tr("Are {one} and {other} one person?").format(one=one_line(match.whose.name, 60), other=one_line(name, 60))
        else:
            self._asked = (self.tr("Is this {name}?") if beside is not None else self.tr("Who is {name}?")).format(name=one_line(name, 60))
        self._judged = verdict(CERTAIN if candidate.certain else candidate.weight, rivals=is_rivalled(match, candidate), warned=candidate.warned) if candidate is not None else ("", "")
        self._fit_head()
        widgets: list[QWidget] = [self._pair(match, found)]
        if candidate is not None:
            widgets.append(self._beside(reasons_cards(look, match, candidate, found, name)))
        rest: list[QWidget] = [ParagraphLabel(look, afterwards(match, with_somebody=beside is not None, is_apart=found.is_apart), role="small", tone="text2")]
        if match.whose is None:
            rest.append(self._others(match))
        rows = answers(match, self.queue.which(), with_somebody=beside is not None, with_me=self._me is not None)
        warned = candidate is not None and candidate.warned  # it may be made to be taken for that person: keeping apart is offered first
        best = "keep_apart" if warned else "same_person" if beside is not None else "somebody_new"
        self.asked.fill(widgets, rows, best, rest)
        self.asked.question.verticalScrollBar().setValue(at)

    def _count(self) -> None:
        self._all.set_content(self.tr("All"), icon="list-filter", count=self.queue.count_text())

    def _fit_head(self) -> None:
        """The question first; the verdict beside it where there is room, else below it."""
        self._count()
        theme = self.context.look.theme
        place = self.tr("{n} of {total}").format(n=QLocale().toString(self._at + 1), total=QLocale().toString(self.queue.total()))
        words, tone = self._judged
        room = self._room() - (self._all.sizeHint().width() + theme.px(16) if self._folds() else 0) - theme.px(72)
        metrics = QFontMetricsF(theme.font("title"))
        beside = metrics.horizontalAdvance(self._asked) + pill_size(theme, words).width() + theme.px(32) <= room
        for pill, is_here in ((self.verdict, beside), (self.verdict_below, not beside)):
            pill.set_pill(words if is_here else "", tone=tone or "accent")
        self._below.setContentsMargins(theme.px(28), 0, theme.px(28), 0 if beside or not words else theme.px(16))
        self.head.subtitle.set_runs(place)
        self.head.title.setText(metrics.elidedText(self._asked, Qt.TextElideMode.ElideRight, max(theme.px(120), room)))
        self.head.title.setToolTip(tooltip(self._asked))

    def _pair(self, match: Match, found: Compared) -> QWidget:
        now, beside = self.context.clock(), found.person
        pieces = [SideCard(self.context, profile_side(match, found.words, now))]
        if beside is not None:
            pieces.append(SideCard(self.context, person_side(beside.person, beside.profiles, beside.stretch.items, now)))
        return self._beside(pieces)

    def _beside(self, pieces: Sequence[QWidget]) -> QWidget:
        """Two side by side, below each other where the text is too large for that."""
        holder = QWidget()
        narrow = self._room() < self.context.look.theme.px(560)
        row = QVBoxLayout(holder) if narrow else QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.context.look.theme.px(16 if narrow else 24))
        for piece in pieces:
            row.addWidget(piece, 1)
        if len(pieces) == 1 and not narrow:
            row.addStretch(1)
        return holder

    def _room(self) -> int:
        px = self.context.look.theme.px
        return self.width() - (0 if self._folds() else px(LIST_WIDTH)) - px(56)

    def _others(self, match: Match) -> PersonPicker:
        others = [person for person, _ in match.candidates if self._person is None or person.id != self._person.id]
        picker = PersonPicker(self.context, others)
        picker.picked.connect(self._compare_with)
        return picker

    # Answering

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """The questions stand in place of the people here."""
        return {"next_person": partial(self.act, "next_item"), "previous_person": partial(self.act, "previous_item")}

    def act(self, action: str) -> bool:
        """Do an action of the table; False if it means nothing here now."""
        steps = {"next_item": 1, "previous_item": -1, "next_person": 1, "previous_person": -1}
        if action in steps and self.queue.model.matches:
            self.queue.choose(min(len(self.queue.model.matches) - 1, max(0, self.queue.row() + steps[action])))
            return True
        if self._match is None or self._match is not self._seen:
            return False
        profile, person, now = self._match.profile.id, self._person, self.context.clock()
        if self._match.whose is not None and action not in ("same_person", "keep_apart", "later"):
            return False
        same = decisions.link if self._match.whose is None else combining.combine_with
        jobs: dict[str, tuple[Callable[..., Any], tuple[object, ...]] | None] = {
            "same_person": (same, (profile, person.id, now)) if person else None,
            "keep_apart": (decisions.keep_apart, (profile, person.id, now)) if person else None,
            "somebody_new": (decisions.new_person, (profile, now)),
            "a_company": (decisions.new_company, (profile, now)),
            "not_a_human": (decisions.settle, (profile, "nobody", now)),
            "later": (decisions.settle, (profile, "" if self.queue.which() else "later", now)),
            "myself": (decisions.link, (profile, self._me.id, now)) if self._me else None,
        }
        job = jobs.get(action)
        if job is None:
            return False
        self._go_on(action)
        self._write(job[0], *job[1])
        return True

    def _go_on(self, action: str) -> None:
        """The next question, without waiting for the desk: what was answered goes, what was kept apart loses its candidate."""
        match, row, person = self._match, self.queue.row(), self._person
        self._match = self._seen = None
        if match is not None and match.whose is None and action == "keep_apart" and person is not None:
            rest = tuple((p, c) for p, c in match.candidates if p.id != person.id)
            self.queue.model.put(row, replace(match, candidates=rest))
            self._held = match.profile.id
        else:
            self.queue.take(row)
        if self.queue.model.matches:
            self.queue.choose(min(row, len(self.queue.model.matches) - 1))

    def _answer_all(self, how: str, what: Any) -> None:
        """what: the questions; for "firm" an AtFirm."""
        now = self.context.clock()
        self._match = self._seen = None
        if how == "firm":
            self._write(bulk_answers.at_company, what.profiles, what.company_id, now)
        elif how == "new":
            self._write(bulk_answers.new_people, tuple(match.profile.id for match in what), now)
        else:
            self._write(bulk_answers.settle_all, tuple(match.profile.id for match in what), "later", now)

    def _write(self, job: Callable[..., Any], *args: object) -> None:
        self._writing += 1
        self._answered += 1
        self.context.tasks.write(job, *args, done=self._on_written, failed=self._on_failed)

    def _on_written(self, _: object) -> None:
        self._writing -= 1
        self._asking.after_a_rest()

    def _on_failed(self, error: object) -> None:
        self._writing -= 1
        self.context.router.failed.emit(error)
        self._load()

    def _on_list_key(self, event: QKeyEvent) -> None:
        action = action_of(event, self.name)
        event.setAccepted(bool(action and self.act(action)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Down: "next_item", Qt.Key.Key_Up: "previous_item"}
        action = keys.get(Qt.Key(event.key())) or action_of(event, self.name)
        if not (action and self.act(action)):
            super().keyPressEvent(event)

    # Fitting

    def _folds(self) -> bool:
        return self.width() < self.context.look.theme.px(FOLD_BELOW)

    def _on_all(self, on: bool) -> None:
        self._list_wanted = on
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.context.look.theme.px(560)
        before = event.oldSize().width() - (self.width() - self._room())
        self._fit()
        if (before < narrow) != (self._room() < narrow):
            self._show_again()

    def _show_again(self) -> None:
        if self._match is not None and 0 <= self.queue.row() < len(self.queue.model.matches):
            self._on_chosen(self.queue.row())

    def _fit(self) -> None:
        folds = self._folds()
        self._all.setVisible(folds)
        alone = folds and self._list_wanted and bool(self.queue.model.matches)
        self.queue.setVisible(not folds or alone)
        if folds:
            self.queue.setMinimumWidth(self.width() // 2)
            self.queue.setMaximumWidth(self.width() // 2)
        else:
            self.queue.setFixedWidth(self.context.look.theme.px(LIST_WIDTH))
        if self._match is not None and self._asked:
            self._fit_head()
