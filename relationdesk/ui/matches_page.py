"""Who is this? One profile that nobody's is, who it may be, what speaks for and against; seven answers, all undoable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.flip import matching as flip
from relationdesk.flip.evidence import Reason
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.model import Changes, Person
from relationdesk.services import matching, review
from relationdesk.services import people as decisions
from relationdesk.services.matching import Match
from relationdesk.services.review import Review
from relationdesk.store import people
from relationdesk.ui.frame import Flow, Head, ScrollColumn, Stack, action_button, action_of
from relationdesk.ui.match_card import LIKELY, ReasonsCard, SideCard, person_side, profile_side, verdict
from relationdesk.ui.match_queue import QUESTIONS, Queue, profile_name
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
        return queue

    def _make_main(self) -> QWidget:
        look = self.context.look
        holder = QWidget()
        self.head = Head(look, "")
        self.verdict = Pill(look)
        self._all = Button(look, self.tr("All questions"), icon="list-filter", compact=True)
        self._all.setCheckable(True)
        self._all.toggled.connect(self._on_all)
        self.head.buttons.addWidget(self._all)
        self.head.layout().insertWidget(1, self.verdict)  # type: ignore[union-attr]
        self._question = ScrollColumn(look, name=self.tr("The question"), padding=(28, 0, 28, 24), gap=16)
        self._empty = EmptyState(look, icon="user-search")
        self._empty.chosen.connect(lambda: self.context.router.go.emit(Target(page="places")))
        self._stack = Stack(self._empty, self._question)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
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
        if changes.everything or changes.matches:
            self._load()

    def restyle(self) -> None:
        self._load()

    def _load(self) -> None:
        ask = partial(matching.waiting, settled=self.queue.which(), limit=QUESTIONS)
        self.context.tasks.run(ask, done=partial(self._on_matches, self.queue.which()), failed=self.context.router.failed.emit)

    def _on_me(self, me: Person | None) -> None:
        self._me = me

    def _on_matches(self, which: str, matches: tuple[Match, ...]) -> None:
        if which != self.queue.which():
            return
        keep = self._match.profile.id if self._match else None
        self.queue.show_matches(matches)
        self._all.set_content(self.tr("All"), icon="list-filter", count=self.queue.count_text())
        if not matches:
            self._show_empty(which)
            return
        at = next((i for i, m in enumerate(matches) if self._wanted in (m.profile.id, m.profile.profile.key)), None)
        if at is None:
            at = next((i for i, m in enumerate(matches) if m.profile.id == keep), min(self._at, len(matches) - 1))
        self._wanted = None
        self.queue.choose(at)

    def _show_empty(self, which: str) -> None:
        self._match = self._person = None
        self._stack.show_widget(self._empty)
        self.head.title.setText(self.title())
        self.head.subtitle.set_runs("")
        self.verdict.set_pill("")
        states = {
            "": (self.tr("Nobody is unknown"), self.tr("New profiles that no place vouches for will wait here for your word."),
                 self.tr("Go to Places")),
            "later": (self.tr("Nothing put off"), self.tr("Questions you answer with Later stand here."), ""),
            "nobody": (self.tr("Nothing here"), self.tr("Robots, lists and role mailboxes stand here, so that you can change your mind."), ""),
        }  # fmt: skip
        title, sentence, button = states[which]
        self._empty.set_state(title, sentence, button=button, icon="user-search")

    def _on_chosen(self, row: int) -> None:
        match = self.queue.model.matches[row]
        self._at, self._match = row, match
        self._all.setChecked(False)
        if match.candidates:
            self._compare_with(match.candidates[0][0])
        else:
            self._person = None
            self._show(match, None, None)

    def _compare_with(self, person: Person) -> None:
        """Put this person beside the profile; the cards come when what is known of them is there."""
        self._person, match = person, self._match
        self.context.tasks.run(partial(review.review, limit=5), person.id, self.context.clock(),
                               done=partial(self._on_review, match))  # fmt: skip

    def _on_review(self, match: Match | None, found: Review | None) -> None:
        if found is None or match is None or match is not self._match or not self._person or found.person.id != self._person.id:
            return
        self._show(match, found, _candidate(match, found))

    # Showing

    def _show(self, match: Match, found: Review | None, candidate: Candidate | None) -> None:
        look = self.context.look
        self._stack.show_widget(self._question)
        name = profile_name(match.profile)
        self._asked = (
            self.tr("Is this {name}?").format(name=found.person.name[:60]) if found else self.tr("Who is {name}?").format(name=name[:60])
        )
        self._judged = verdict(candidate.weight, rivals=bool(_rivals(match, candidate))) if candidate is not None else ("", "")
        self._fit_head()
        widgets: list[QWidget] = [self._pair(match, found)]
        if candidate is not None and found is not None:
            widgets.append(self._reasons(match, candidate, found))
        widgets += [self._answers(found)]
        note = self.tr("“Keep apart” is remembered: you will not be asked about these two again.") if found else (
            self.tr("Nobody of this name or address is in the desk yet.")
        )  # fmt: skip
        widgets.append(ParagraphLabel(look, note, role="small", tone="text2"))
        widgets.append(self._others(match))
        self._question.fill(widgets)
        self._question.verticalScrollBar().setValue(0)

    def _fit_head(self) -> None:
        """The question first; the verdict beside it where there is room, else in words after the number."""
        theme = self.context.look.theme
        place = self.tr("{n} of {total}").format(n=self._at + 1, total=len(self.queue.model.matches))
        words, tone = self._judged
        room = self._room() - (self._all.sizeHint().width() + theme.px(16) if self._folds() else 0) - theme.px(72)
        metrics = QFontMetricsF(theme.font("title"))
        asked = metrics.horizontalAdvance(self._asked)
        beside = bool(words) and asked + pill_size(theme, words).width() + theme.px(32) <= room
        self.verdict.set_pill(words if beside else "", tone=tone or "accent")
        self.head.subtitle.set_runs(place if beside or not words else f"{place} · {words}")
        self.head.title.setText(metrics.elidedText(self._asked, Qt.TextElideMode.ElideRight, max(theme.px(120), room)))
        self.head.title.setToolTip(tooltip(self._asked))

    def _pair(self, match: Match, found: Review | None) -> QWidget:
        pieces: list[QWidget] = [SideCard(self.context, profile_side(match))]
        if found is not None:
            pieces.append(SideCard(self.context, person_side(found.person, found.profiles, found.stretch.items, self.context)))
        return self._beside(pieces)

    def _beside(self, pieces: list[QWidget]) -> QWidget:
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

    def _reasons(self, match: Match, candidate: Candidate, found: Review) -> QWidget:
        look = self.context.look
        speak_for = [r for r in candidate.reasons if r.weight > 0]
        against = [r for r in candidate.reasons if r.weight < 0]
        if rivals := _rivals(match, candidate):
            text = self.tr("It fits {names} just as well: perhaps shared by both.").format(names=", ".join(rivals))
            against.append(Reason(sentence=text, weight=-LIKELY))
        good = ReasonsCard(look, self.tr("What speaks for it"), speak_for, none=self.tr("Nothing that RelationDesk can see."))
        bad = ReasonsCard(look, self.tr("What speaks against it"), against, against=True, none=self.tr("Nothing was found."))
        first = found.person.name.split()[0] if found.person.name.split() else found.person.name
        text = self.tr(
            "All this profile ever did appears in {name}’s timeline. Nothing is moved or merged; you can take it back at any time."
        )
        bad.add_words(self.tr("If you link it"), text.format(name=first[:40]))
        good.body.addStretch(1)
        return self._beside([good, bad])

    def _answers(self, found: Review | None) -> QWidget:
        look, holder = self.context.look, QWidget()
        flow = Flow(look, gap=6)
        holder.setLayout(flow)
        later = self.tr("Ask again") if self.queue.which() else self.tr("Later")
        rows = [
            (self.tr("Same person"), "same_person", found is not None), (self.tr("Somebody new"), "somebody_new", True),
            (self.tr("Keep apart"), "keep_apart", found is not None), (self.tr("A company"), "a_company", True),
            (self.tr("Not a human"), "not_a_human", self.queue.which() != "nobody"), (later, "later", True),
            (self.tr("This is me"), "myself", self._me is not None),
        ]  # fmt: skip
        best = "same_person" if found is not None else "somebody_new"
        for text, action, shown in rows:
            if shown:
                button = action_button(look, text, action, style="primary" if action == best else "secondary")
                button.setObjectName(action)
                button.clicked.connect(lambda _=False, action=action: self.act(action))
                flow.addWidget(button)
        return holder

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
        if self._match is None:
            return False
        profile, person, now = self._match.profile.id, self._person, self.context.clock()
        jobs: dict[str, tuple[Callable[..., Any], tuple[object, ...]] | None] = {
            "same_person": (decisions.link, (profile, person.id, now)) if person else None,
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
        self._match = None
        self.context.tasks.write(job[0], *job[1], done=lambda _: self._load(), failed=self._on_failed)
        return True

    def _on_failed(self, error: object) -> None:
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


def _rivals(match: Match, candidate: Candidate) -> tuple[str, ...]:
    """Others whom the places vouch for as much: then nobody is certain."""
    if not candidate.certain:
        return ()
    return tuple(person.name for person, other in match.candidates if other.certain and person.id != candidate.person_id)


def _candidate(match: Match, found: Review) -> Candidate:
    """What speaks for and against the person who is shown, proposed or chosen by hand."""
    known = next((c for person, c in match.candidates if person.id == found.person.id), None)
    if known is not None:
        return known
    person = found.person
    somebody = Somebody(
        person_id=person.id, uid=person.uid, name=person.name, profiles=tuple(s.profile for s in found.profiles), company=person.company
    )
    return flip.compare(match.profile.profile, somebody)


