"""The card beside a person's timeline: what waits, where they are known and how we know, how to reach them, groups."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from relationdesk.model import Address, Bucket, unique
from relationdesk.services.review import Review
from relationdesk.ui import when
from relationdesk.ui.frame import Flow, SideColumn
from relationdesk.ui.page import Context
from relationdesk.ui.profile_rows import ProfileRow
from relationdesk.ui.prompt_card import PromptCard
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel


class PersonCard(SideColumn):
    """Says what is wanted: `profile(what, Stored)`, `answered(Prompt, how, until)`, `evidence(Key)`, `bucket(id, in)`,
    `tags(tuple)`, `copy(text)`, `company(id)`, `prompts_allowed(bool)`."""

    profile = Signal(str, object)
    answered = Signal(object, str, object)
    evidence = Signal(object)
    bucket = Signal(int, bool)
    new_bucket = Signal()
    tags = Signal(object)
    copy = Signal(str)
    company = Signal(int)
    prompts_allowed = Signal(bool)
    link_another = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context.look, name=self.tr("About this person"), parent=parent)
        self._context, self._look = context, context.look
        self._how = False
        self._review: Review | None = None
        self._buckets: tuple[Bucket, ...] = ()

    def set_buckets(self, every: tuple[Bucket, ...]) -> None:
        """All there are, for the menu."""
        self._buckets = every

    def show_review(self, review: Review) -> None:
        if self._review is None or self._review.person.id != review.person.id:
            self._how = False
            self.verticalScrollBar().setValue(0)
        self._review = review
        self._fill()

    def prompt_cards(self) -> list[PromptCard]:
        return self.findChildren(PromptCard)

    def _fill(self) -> None:
        review = self._review
        if review is None:
            return
        self.fill([*self._prompts(review), *self._known(review), *self._reach(review), *self._groups(review), *self._work(review)])

    def _title(self, text: str, *buttons: Button) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, self._look.theme.px(4), 0, 0)
        row.addWidget(ElidedLabel(self._look, text, role="small_strong", tone="text2"), 1)
        for button in buttons:
            row.addWidget(button)
        return holder

    def _prompts(self, review: Review) -> Iterable[QWidget]:
        waiting = [prompt for prompt in review.prompts if not prompt.why_not]
        for number, prompt in enumerate(review.prompts):
            count = self.tr("{n} of {m}").format(n=number + 1, m=len(waiting)) if len(waiting) > 1 and not prompt.why_not else ""
            card = PromptCard(self._context, prompt, count)
            card.answered.connect(self.answered)
            card.shown.connect(self.evidence)
            yield card

    def _known(self, review: Review) -> Iterable[QWidget]:
        places = len({stored.profile.key.place for stored in review.profiles})
        another = Button(self._look, self.tr("Link another"), style="link", compact=True)
        another.clicked.connect(self.link_another)
        if not places:
            yield self._title(self.tr("Known in no place yet"), another)
            yield ParagraphLabel(self._look, self.tr("Link a profile, and all its past appears in the timeline."), role="small", tone="text2")
            return
        yield self._title(self.tr("Known in {places}").format(places=when.many(places, self.tr("place"), self.tr("places"))), another)
        states = {(state.place, state.handle): state for state in review.coverage}
        rows: list[QWidget] = []
        for stored in review.profiles:
            profile = stored.profile
            state = states.get((profile.key.place, profile.handle or profile.display_name))
            row = ProfileRow(self._context, stored, state, how=self._how)
            row.wanted.connect(self.profile)
            rows.append(row)
        yield self._close_together(rows)
        words = self.tr("Less") if self._how else self.tr("How we know, and what was read")
        how = Button(self._look, words, style="quiet", icon="chevron-up" if self._how else "chevron-down", compact=True)
        how.clicked.connect(self._toggle_how)
        yield how

    def _toggle_how(self) -> None:
        self._how = not self._how
        self._fill()

    def _reach(self, review: Review) -> Iterable[QWidget]:
        found = unique(address for stored in review.profiles for address in stored.profile.addresses)
        if not found:
            return
        yield Divider(self._look)
        yield self._title(self.tr("Reach them"))
        order = [address for address in found if address.kind.value != "web"] + [a for a in found if a.kind.value == "web"]
        yield self._close_together([self._address(address) for address in order[:8]])

    def _close_together(self, rows: list[QWidget]) -> QWidget:
        """Rows of one list need no room between them: their buttons have it already."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        return holder

    def _address(self, address: Address) -> QWidget:
        holder, px = QWidget(), self._look.theme.px
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        words = ElidedLabel(self._look, address.value, role="body")
        copy = Button(self._look, icon="copy", style="quiet", compact=True, name=self.tr("Copy {address}").format(address=address.value))
        copy.clicked.connect(lambda _=False, value=address.value: self.copy.emit(value))
        row.addWidget(words, 1)
        row.addWidget(copy)
        return holder

    def _groups(self, review: Review) -> Iterable[QWidget]:
        look = self._look
        yield Divider(look)
        change = Button(look, self.tr("Change"), style="link", compact=True)
        change.clicked.connect(lambda: self._open_buckets(change))
        yield self._title(self.tr("Buckets and tags"), change)
        holder = QWidget()
        flow = Flow(look, gap=6)
        holder.setLayout(flow)
        for bucket in review.buckets:
            chip = Button(look, bucket.name, style="chip", icon="star", name=self.tr("Take out of {bucket}").format(bucket=bucket.name))
            chip.set_icon_colour(bucket.colour)
            chip.clicked.connect(lambda _=False, n=bucket.id: self.bucket.emit(n, False))
            flow.addWidget(chip)
        for tag in review.person.tags:
            chip = Button(look, tag, style="chip", icon="tag", name=self.tr("Remove the tag {tag}").format(tag=tag))
            chip.clicked.connect(partial(self._drop_tag, tag))
            flow.addWidget(chip)
        if review.buckets or review.person.tags:
            yield holder
        field = QLineEdit()
        field.setObjectName("new_tag")
        field.setMaxLength(60)
        field.setPlaceholderText(self.tr("Add a tag"))
        field.setAccessibleName(self.tr("Add a tag"))
        field.returnPressed.connect(lambda: self._add_tag(field))
        yield field

    def bucket_menu(self) -> QMenu:
        menu, review = QMenu(self), self._review
        menu.aboutToHide.connect(menu.deleteLater)
        inside = {bucket.id for bucket in review.buckets} if review is not None else set()
        for bucket in self._buckets:
            entry = menu.addAction(bucket.name)
            entry.setCheckable(True)
            entry.setChecked(bucket.id in inside)
            entry.triggered.connect(lambda _=False, n=bucket.id: self.bucket.emit(n, n not in inside))
        return menu

    def _open_buckets(self, button: Button) -> None:
        self.bucket_menu().popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _drop_tag(self, tag: str, *_: object) -> None:
        if self._review is not None:
            self.tags.emit(tuple(t for t in self._review.person.tags if t != tag))

    def _add_tag(self, field: QLineEdit) -> None:
        if self._review is not None and field.text().strip():
            self.tags.emit((*self._review.person.tags, field.text().strip()))
            field.clear()

    def _work(self, review: Review) -> Iterable[QWidget]:
        look, person = self._look, review.person
        if person.company and person.company_id is not None:
            yield Divider(look)
            review_it = Button(look, self.tr("Review company"), style="link", compact=True)
            review_it.clicked.connect(lambda _=False, n=person.company_id: self.company.emit(n))
            yield self._title(person.company, review_it)
            if person.title:
                yield PlainLabel(look, person.title, role="body", wrap=True)
        if not person.is_me:
            yield Divider(look)
            words = self.tr("They asked not to be prompted about") if not review.no_prompts else self.tr("Prompts are off. Allow them again")
            allow = Button(look, words, style="quiet", icon="hand", compact=True)
            allow.clicked.connect(lambda _=False, on=review.no_prompts: self.prompts_allowed.emit(on))
            yield allow
