"""A company: who works there, what they did in all places, and the notes about the company itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.derived import Item
from relationdesk.model import Changes, Person
from relationdesk.saying import counted
from relationdesk.services import people, review, tasks
from relationdesk.services.export_views import View
from relationdesk.services.review import CompanyReview, Stretch
from relationdesk.ui import when
from relationdesk.ui.about import About
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Head, action_of, hint
from relationdesk.ui.note_composer import NoteComposer
from relationdesk.ui.note_dialog import VersionsDialog
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.profile_rows import shown_name
from relationdesk.ui.relationship_block import CompanyTasks
from relationdesk.ui.side_column import SideColumn, TwoColumns
from relationdesk.ui.tasks import Job
from relationdesk.ui.timeline_feed import TimelineFeed, key_of
from relationdesk.ui.timeline_view import TimelineView
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.label import ElidedLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark
from relationdesk.wishes import Task


class CompanyPage(Page):
    """Target: id of the company."""

    name = "company"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._look = look = context.look
        self._shown: int | None = None
        self._review: CompanyReview | None = None
        self._after_note: tuple[str, ...] | None = None
        self._scroll: int | None = None
        self.head = Head(look, "")
        self.key = Button(look, self.tr("Key company"), style="chip", icon="star", compact=True)
        self.key.setCheckable(True)
        self.key.clicked.connect(self._toggle_key)
        self.round = Button(look, icon="route", name=self.tr("Start look-in round"), key=hint("start_round"), compact=True)
        self.round.clicked.connect(lambda: context.router.go.emit(Target(page="round", extra=("company", f"#{self._shown}"))))
        self.side_button = Button(look, icon="panel-right", style="quiet", name=self.tr("People of this company"))
        self.head.buttons.addWidget(self.round)
        self.head.buttons.addWidget(self.key)
        self.head.buttons.addWidget(self.side_button)
        self.composer = NoteComposer(context)
        self.view = TimelineView(context, avatars=True)
        self.feed = TimelineFeed(context, self.view, self._ask, page=self.name)
        self.empty = EmptyState(look)
        self.empty.hide()
        self.card = SideColumn(look, name=self.tr("People of this company"))
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._inner = QHBoxLayout()
        self._inner.addWidget(self.composer)
        column.addLayout(self._inner)
        column.addWidget(Divider(look))
        column.addWidget(self.empty, 1)
        column.addWidget(self.view, 1)
        self.columns = TwoColumns(look, main, self.card, head=self.head)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.columns)
        self.setFocusProxy(self.view)
        self._connect()
        self.restyle()

    def _connect(self) -> None:
        self.columns.open_by(self.side_button)
        self.feed.flip.connect(self._flip)
        self.feed.opened.connect(self._flip)
        self.feed.note.connect(lambda item: self.context.router.new_note.emit(item.actor_person))
        self.feed.edit.connect(self.composer.edit)
        self.feed.versions.connect(lambda note: VersionsDialog(self.context, note, self).open_beside())
        self.composer.kept.connect(self._on_kept)
        self.composer.idle.connect(self.view.setFocus)
        self.empty.chosen.connect(lambda: self.composer.start() if self._review else self.context.router.go.emit(Target(page="companies")))

    def title(self) -> str:
        return self._review.company.name if self._review is not None else ""

    def restyle(self) -> None:
        px = self._look.theme.px
        self._inner.setContentsMargins(px(24), 0, px(24), px(10))
        if self._review is not None:
            self._fill_card(self._review)

    def open(self, target: Target) -> None:
        if target.id != self._shown:
            self.composer.wait()
            self.view.forget_place()
            self.view.timeline().clear()
            self._review = None
        self._shown, self._scroll = target.id, target.scroll
        self._load()

    def _load(self) -> None:
        if self._shown is None:
            return
        turn = self.feed.begin()
        ask = partial(review.company_review, limit=max(review.PAGE, self.feed.held()))
        self.context.tasks.run(
            ask, self._shown, self.context.clock(), done=partial(self._on_review, turn), failed=self.context.router.failed.emit
        )

    def _on_review(self, turn: int, found: CompanyReview | None) -> None:
        if turn != self.feed.turn():
            return
        self._review = found
        self.empty.setVisible(found is None)
        self.view.setVisible(found is not None)
        if found is None:
            self.composer.set_about(None)
            self.empty.set_state(self.tr("This company is no longer in the desk"), self.tr("Undo may bring it back."), button=self.tr("See companies"), icon="building-2")
            return
        company = found.company
        self.head.set_title(company.name)
        self.retitled.emit()
        self.head.subtitle.set_runs(counted(len(found.people), "{n:,} person", "{n:,} people"))
        self.key.setChecked(company.key)
        self.round.setVisible(any(not person.is_me for person in found.people))
        self.composer.set_about(About(name=company.name, company_id=company.id, company_uid=company.uid))
        self.view.setAccessibleName(self.tr("Timeline of {name}").format(name=company.name))
        self.view.timeline().show(_with_notes(found))
        nothing = not self.view.timeline().items()
        self.empty.set_state(
            self.tr("Nothing of {name} yet").format(name=company.name),
            self.tr("What its people do in any place will be here, and your notes about the company."),
            button=self.tr("Write a note"), icon="building-2",
        )  # fmt: skip
        self.empty.setVisible(nothing)
        self.view.setVisible(not nothing)
        self._fill_card(found)
        if self._after_note is not None:
            self.view.go_to_name(self._after_note)
        elif self._scroll is not None:
            self.view.verticalScrollBar().setValue(self._scroll)
        self._after_note = self._scroll = None

    def _ask(self, position: int, older: bool, done: Callable[[Any], None]) -> Job | None:
        if self._shown is None or self._review is None or not older:
            return None
        return self.context.tasks.run(partial(review.company_stretch, before=position), self._shown, done=done)

    def _fill_card(self, found: CompanyReview) -> None:
        rows: list[QWidget] = [PlainLabel(self._look, self.tr("People"), role="h3")]
        rows += [self._person(person) for person in found.people]
        if not found.people:
            rows.append(PlainLabel(self._look, self.tr("Nobody is known here yet."), role="small", tone="text2", wrap=True))
        follow_ups = CompanyTasks(self.context, found.tasks)
        follow_ups.follow_up.connect(self._follow_up)
        follow_ups.ticked.connect(lambda task: self.context.tasks.write(tasks.done, task.id, self.context.clock(), failed=self.context.router.failed.emit))
        rows += [Divider(self._look), follow_ups]
        if found.profiles:
            rows += [Divider(self._look), PlainLabel(self._look, self.tr("The company’s own profiles"), role="h3")]
        for stored in found.profiles:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(PlaceMark(self._look, stored.profile.key.place))
            row.addWidget(ElidedLabel(self._look, shown_name(stored)), 1)
            rows.append(line)
        self.card.fill(rows)

    def _person(self, person: Person) -> QWidget:
        look, px, now = self._look, self._look.theme.px, self.context.clock()
        touch = when.touches(person.last_in, person.last_out, now)
        row = Clickable(look, ", ".join(part for part in (person.name, person.title, touch) if part))
        line = QHBoxLayout(row)
        line.setContentsMargins(px(4), px(5), px(4), px(5))
        line.setSpacing(px(10))
        line.addWidget(Avatar(look, person.name, person.id, size=36), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(ElidedLabel(look, person.name, role="strong"))
        if person.title:
            column.addWidget(ElidedLabel(look, person.title, role="small", tone="text2"))
        column.addWidget(ElidedLabel(look, touch, role="caption", tone="attn" if person.open_prompts else "text2"))
        line.addLayout(column, 1)
        for child in row.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.clicked.connect(partial(self._go, person.id))
        return row

    def _follow_up(self, task: Task | None = None) -> None:
        if self._review is not None:
            company = self._review.company
            self.context.router.agree.emit("follow_up", About(name=company.name, company_id=company.id, task=task))

    def _go(self, person_id: int, *_: object) -> None:
        self.context.router.go.emit(Target(page="person", id=person_id))

    def _flip(self, item: Item) -> None:
        if item.activity is not None and item.actor_person is not None:
            self.context.router.go.emit(Target(page="person", id=item.actor_person, at=item.activity.key))

    def _toggle_key(self) -> None:
        if self._shown is not None:
            job, on = people.set_key_company, self.key.isChecked()
            self.context.tasks.write(job, self._shown, on, self.context.clock(), failed=self.context.router.failed.emit)

    def _on_kept(self, note: Any) -> None:
        self._after_note = ("note", note.uid)
        self.view.setFocus()
        self._load()

    def _export(self) -> None:
        self.context.router.export.emit(View(kind="company", company_id=self._shown, title=self.title()))

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {
            **{name: partial(self.feed.act, name) for name in ("next_item", "previous_item")}, "note": self.composer.start, "insert_template": self.composer.pick_template,
            "follow_up": self._follow_up, "export": self._export,
        }  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {"c": "copy", "f": "flip", "o": "open_original", " ": "more"}
        action = keys.get(event.text()) or action_of(event, self.name)
        action = "open" if event.key() == Qt.Key.Key_Enter else action
        handler = self.handlers().get(action)
        if handler is not None:
            handler()
        elif not (action and self.feed.act(action)):
            super().keyPressEvent(event)

    def on_changed(self, changes: Changes) -> None:
        staff = {person.id for person in self._review.people} if self._review is not None else set()
        if self._shown is not None and (changes.everything or changes.companies or staff & changes.people):
            self._load()

    def leave(self) -> None:
        self.composer.leave()

    def position(self) -> Target:
        return Target(
            page=self.name, id=self._shown, at=key_of(self.view.current_item()), scroll=self.view.verticalScrollBar().value()
        )


def _with_notes(found: CompanyReview) -> Stretch:
    """The notes on the company in their place among what its people did; those older than the stretch at its end."""
    items = sorted([*found.stretch.items, *found.notes], key=lambda item: item.id, reverse=True)
    return Stretch(items=tuple(items), older=found.stretch.older)
