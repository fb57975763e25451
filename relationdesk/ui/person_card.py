"""The card beside a person's timeline: what waits, where they are known and how we know, how to reach them, groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from relationdesk.life_days import MINE
from relationdesk.model import Address, AddressKind, Bucket, unique
from relationdesk.saying import counted
from relationdesk.services.review import Review
from relationdesk.text import RECORD, canonical_url, given_name, one_line, place_name
from relationdesk.ui.card_parts import card_head, day_lines, fact_line, leading, part_title, said_line
from relationdesk.ui.frame import Flow
from relationdesk.ui.page import Context
from relationdesk.ui.person_past import Past
from relationdesk.ui.places import place_look
from relationdesk.ui.profile_rows import ProfileRow, shown_name
from relationdesk.ui.prompt_card import PromptCard
from relationdesk.ui.side_column import SideColumn
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card, Divider
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, tooltip

MOST_KNOWN = 5
"""Profiles shown before the reader asks for all."""
MOST_ADDRESSES = 8


class PersonCard(SideColumn):
    """Says what is wanted: `profile(what, Stored)`, `answered(Prompt, how, until)`, `evidence(Key)`,
    `opened(Key)`, `replied(Key)`, `bucket(id, in)`,
    `tags(tuple)`, `copy(text)`, `company(id)`, `prompts_allowed(bool)`, `particular(Particular or None)`, `suspect(profile id)`,
    `as_told`: role and company as places tell them,
    and what RelationshipBlock says (`agree`: its `edit`)."""

    profile = Signal(str, object)
    answered = Signal(object, str, object)
    evidence = Signal(object)
    opened = Signal(object)
    replied = Signal(object)
    bucket = Signal(int, bool)
    new_bucket = Signal()
    tags = Signal(object)
    copy = Signal(str)
    company = Signal(int)
    prompts_allowed = Signal(bool)
    link_another = Signal()
    suspect = Signal(int)
    agree = Signal()
    follow_up = Signal(object)
    ticked = Signal(object)
    stepped = Signal(object)
    logged = Signal()
    particular = Signal(object)
    as_told = Signal()

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
        for _ in self.showing(review):
            pass

    def showing(self, review: Review) -> Iterator[None]:
        """The same in pieces, because all at once would hold the window for three frames. What was shown before stays until all of the new
        is there."""
        fresh = self._review is None or self._review.person.id != review.person.id
        self._how = self._how and not fresh
        parts = (self._prompts, self._impostors, self._known, self._relationship, self._particulars, self._reach, self._days, self._past, self._also, self._work, self._groups, self._wish)
        widgets = []
        for part in parts:
            for widget in part(review):
                widgets.append(widget)
                yield
        self._review = review
        if fresh:
            self.verticalScrollBar().setValue(0)
        self.fill(widgets)
        yield

    def prompt_cards(self) -> list[PromptCard]:
        """Those that are shown, not those on their way out."""
        return [card for card in self.findChildren(PromptCard) if self.body.indexOf(card) >= 0]

    def _prompts(self, review: Review) -> Iterable[QWidget]:
        waiting = [prompt for prompt in review.prompts if not prompt.why_not]
        for number, prompt in enumerate(review.prompts):
            count = self.tr("{n} of {m}").format(n=number + 1, m=len(waiting)) if len(waiting) > 1 and not prompt.why_not else ""
            card = PromptCard(self._context, prompt, count)
            card.answered.connect(self.answered)
            card.shown.connect(self.evidence)
            card.opened.connect(self.opened)
            card.replied.connect(self.replied)
            yield card

    def _impostors(self, review: Review) -> Iterable[QWidget]:
        """Somebody waits who only looks like them: said here until the question is answered."""
        for stored in review.impostors:
            card = Card(self._look, "attn", padding=14)
            place, name = place_look(stored.profile.key.place).title, one_line(shown_name(stored), 60)
            words = self.tr("{name} on {place} only looks like {person}.").format(name=name, place=place, person=one_line(review.person.name, 60))
            card.body.addLayout(card_head(self._look, "triangle-alert", self.tr("Perhaps an impostor")))
            card.body.addWidget(ParagraphLabel(self._look, words, role="body", tone="text2"))
            look = Button(self._look, self.tr("Compare them"), compact=True)
            look.clicked.connect(partial(self.suspect.emit, stored.id))
            card.body.addWidget(leading(look))
            yield card

    def _known(self, review: Review) -> Iterable[QWidget]:
        places = len({stored.profile.key.place for stored in review.profiles})
        another = Button(self._look, self.tr("Link another"), style="link", compact=True)
        another.clicked.connect(self.link_another)
        if not places:
            yield part_title(self._look, self.tr("Known in no place yet"), another)
            yield ParagraphLabel(self._look, self.tr("Link a profile, and all its past appears in the timeline."), role="small", tone="text2")
            return
        yield part_title(self._look, self.tr("Known in {places}").format(places=counted(places, "{n:,} place", "{n:,} places")), another)
        states = {(state.place, state.handle): state for state in review.coverage}
        order = sorted(review.profiles, key=lambda stored: (stored.last is None, -stored.last.timestamp() if stored.last else 0))
        rows: list[QWidget] = []
        for stored in order if self._how else order[:MOST_KNOWN]:
            profile = stored.profile
            state = states.get((profile.key.place, profile.handle or profile.display_name))
            row = ProfileRow(self._context, stored, state, how=self._how, person=review.person.name, became=review.became.get(stored.id, ""))
            row.wanted.connect(self.profile)
            rows.append(row)
        how = Button(self._look, self._how_words(review, len(order) - len(rows)), style="quiet", compact=True, elide=True,
                     icon="chevron-up" if self._how else "chevron-down")  # fmt: skip
        how.clicked.connect(self._toggle_how)
        yield self._close_together([*rows, leading(how)])

    def _how_words(self, review: Review, hidden: int) -> str:
        if self._how:
            return self.tr("Less")
        if review.person.is_me:
            return self.tr("What was read")
        how = self.tr("how we know it is {name}").format(name=one_line(given_name(review.person.name), 24))
        return self.tr("{n} more, {how}").format(n=hidden, how=how) if hidden else how[:1].upper() + how[1:]

    def _toggle_how(self) -> None:
        self._how = not self._how
        if self._review is not None:
            self.show_review(self._review)

    def _relationship(self, review: Review) -> Iterable[QWidget]:
        """How it stands between the two."""
        if review.person.is_me:
            return
        from relationdesk.ui.relationship_block import RelationshipBlock  # not before the first picture

        yield Divider(self._look)
        block = RelationshipBlock(self._context, review)
        block.edit.connect(self.agree)
        block.follow_up.connect(self.follow_up)
        block.ticked.connect(self.ticked)
        block.stepped.connect(self.stepped)
        block.logged.connect(self.logged)
        yield block

    def _particulars(self, review: Review) -> Iterable[QWidget]:
        """What the user keeps in mind of them."""
        from relationdesk.ui.particulars import ParticularsBlock  # not before the first picture

        if not review.person.is_me:
            yield Divider(self._look)
            block = ParticularsBlock(self._context, review.person.name, review.particulars)
            block.wanted.connect(self.particular)
            yield block

    def _reach(self, review: Review) -> Iterable[QWidget]:
        """Addresses that are not a line of *Known in* already."""
        pages = tuple(canonical_url(stored.profile.url) for stored in review.profiles if stored.profile.url)
        names = {stored.profile.handle for stored in review.profiles}
        found = unique(address for stored in review.profiles for address in stored.profile.addresses)
        new = [a for a in found if a.value not in names and not a.value.startswith(RECORD) and a.kind is not AddressKind.PICTURE and not (a.kind is AddressKind.WEB and _is_part(canonical_url(a.value), pages))]
        if not new:
            return
        yield Divider(self._look)
        yield part_title(self._look, self.tr("Reach them"))
        yield self._close_together([self._address(a) for a in sorted(new, key=lambda a: a.kind is AddressKind.WEB)[:MOST_ADDRESSES]])

    def _days(self, review: Review) -> Iterable[QWidget]:
        """Birthday and anniversaries: the day that counts, and below it what other places say instead. The user's own alone stands with what they keep in mind."""
        told = [known for known in review.days if known.others or known.held.places != (MINE,)]
        if told:
            yield Divider(self._look)
            yield part_title(self._look, self.tr("Their days"))
            yield self._close_together([row for known in told for row in day_lines(self._look, known)])

    def _past(self, review: Review) -> Iterable[QWidget]:
        """Only of somebody who was ever something else; before anybody told their role is not that."""
        if any(then.role or then.name != review.person.name for then in review.history[:-1]):
            yield Divider(self._look)
            yield part_title(self._look, self.tr("Who they were"))
            yield Past(self._look, review.history, self._context.clock())

    def _also(self, review: Review) -> Iterable[QWidget]:
        """What was said of those who became part of this person, and what places say instead of what is shown, so that nothing of it is lost."""
        if review.variants or review.otherwise:
            names = {"name": self.tr("Name"), "title": self.tr("Role"), "company": self.tr("Company"), "rhythm": self.tr("Rhythm")}
            yield Divider(self._look)
            yield part_title(self._look, self.tr("Also said of them"), *([self._give_way()] if review.is_own_word and review.otherwise else []))
            said = [fact_line(self._look, names[what], one_line(value, 200)) for what, value in review.variants if what in names]
            yield self._close_together([*said, *(said_line(self._look, one_line(one.role, 200), place_name(one.place)) for one in review.otherwise)])

    def _give_way(self) -> Button:
        button = Button(self._look, self.tr("Take theirs"), style="link", compact=True)
        button.setToolTip(tooltip(self.tr("Role and company as places tell them, instead of what you wrote")))
        button.clicked.connect(self.as_told)
        return button

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
        shown = address.value.split("://", 1)[-1].rstrip("/") if address.kind is AddressKind.WEB else address.value
        copy = Button(self._look, icon="copy", style="quiet", compact=True, name=self.tr("Copy {address}").format(address=address.value))
        copy.clicked.connect(lambda _=False, value=address.value: self.copy.emit(value))
        row.addWidget(ElidedLabel(self._look, f"\u200e{shown}", role="body"), 1)  # "+351 21" would read "21 351+" from the right
        row.addWidget(copy)
        return holder

    def _groups(self, review: Review) -> Iterable[QWidget]:
        look = self._look
        yield Divider(look)
        change = Button(look, self.tr("Change"), style="link", compact=True)
        change.clicked.connect(lambda: self._open_buckets(change))
        yield part_title(self._look, self.tr("Buckets and tags"), change)
        holder = QWidget()
        flow = Flow(look, gap=6)
        holder.setLayout(flow)
        for bucket in review.buckets:
            chip = Button(look, bucket.name, style="chip", icon="star", elide=True, name=self.tr("Take out of {bucket}").format(bucket=bucket.name))
            chip.set_icon_colour(bucket.colour)
            chip.clicked.connect(lambda _=False, n=bucket.id: self.bucket.emit(n, False))
            flow.addWidget(chip)
        for tag in review.person.tags:
            chip = Button(look, tag, style="chip", icon="tag", elide=True, name=self.tr("Remove the tag {tag}").format(tag=tag))
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
            yield part_title(self._look, person.company, review_it)
            if review.colleagues:
                names = ", ".join(given_name(other.name) for other in review.colleagues)
                yield fact_line(self._look, self.tr("You also know"), one_line(names, 200), ", ".join(other.name for other in review.colleagues))

    def _wish(self, review: Review) -> Iterable[QWidget]:
        if review.person.is_me:
            return
        yield Divider(self._look)
        name = one_line(given_name(review.person.name), 24)
        said = self.tr("Allow prompts about {name} again") if review.no_prompts else self.tr("No prompts about {name}")
        allow = Button(self._look, said.format(name=name), style="quiet", icon="hand", compact=True, elide=True)
        allow.clicked.connect(lambda _=False, on=review.no_prompts: self.prompts_allowed.emit(on))
        yield leading(allow)


def _is_part(url: str, pages: tuple[str, ...]) -> bool:
    """Whether an address is one of these pages, or lies above or below one of them."""
    return any(url == page or page.startswith(f"{url}/") or url.startswith(f"{page}/") for page in pages if page)
