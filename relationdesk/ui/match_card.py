"""The parts of *Who is this?*: a row of the queue, the two cards that are compared, what speaks for and against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.derived import Item
from relationdesk.flip import matching as flip
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.flip.reason import Reason
from relationdesk.flip.weights import CERTAIN
from relationdesk.model import Person
from relationdesk.saying import counted
from relationdesk.services.comparing import WORDS, Compared, Words, line
from relationdesk.services.matching import Match
from relationdesk.services.people import profile_name
from relationdesk.store.profiles import Stored
from relationdesk.text import RECORD, one_line
from relationdesk.ui import when
from relationdesk.ui.frame import Flow, Icon
from relationdesk.ui.match_sum import SumUp
from relationdesk.ui.match_words import LIKELY, rivals, strength
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.card import Card, Divider
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark


def _tr(text: str) -> str:
    return QCoreApplication.translate("Match", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared. marks: (place, handle) of a person's profiles; words: (place, text, age)."""

    name: str
    about: str
    person_id: int | None = None
    bio: str = ""
    place: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str, str], ...] = ()


def profile_side(match: Match, words: Sequence[Words], now: datetime) -> Side:
    """The unknown profile as it shows itself, first among its marks what is certainly the same human. words: its newest, newest first."""
    profile = match.profile.profile
    handle = profile.handle if profile.handle != profile.display_name else ""
    work = ", ".join(p for p in (profile.title, profile.company) if p)
    shown = [a for a in profile.addresses if a.kind.value in _ADDRESS_MARKS]
    marks = tuple((_ADDRESS_MARKS[a.kind.value], a.value) for a in shown[:3] if a.value != handle and not a.value.startswith(RECORD))
    also = tuple((s.profile.key.place, profile_name(s)) for s in match.companions)
    whose = _tr("belongs to {name}").format(name=one_line(match.whose.name, 60)) if match.whose is not None else ""
    return Side(
        name=profile_name(match.profile), about=" · ".join(p for p in (place_look(profile.key.place).title, handle, work, whose) if p),
        bio=profile.bio, place=profile.key.place, marks=(*also, *marks),
        words=tuple((one.place, one.text, when.ago(one.published, now)) for one in words),
    )  # fmt: skip


_ADDRESS_MARKS = {"mail": "mail", "phone": "phone", "web": "web"}


def person_side(person: Person, profiles: Sequence[Stored], items: Sequence[Item], now: datetime) -> Side:
    """Somebody of the desk: where they are known, and what they did last."""
    words = tuple(
        (item.places[0], line(item.activity.title, item.activity.text[:400]), when.ago(item.published, now))
        for item in items if item.activity is not None and (item.activity.title or item.activity.text)
    )  # fmt: skip
    return Side(
        name=person.name, about=" · ".join(p for p in (person.title, person.company) if p), person_id=person.id,
        marks=tuple((s.profile.key.place, s.profile.handle or s.profile.display_name) for s in profiles), words=words[:WORDS],
    )  # fmt: skip


class SideCard(Card):
    """One of the two cards. Text of others is cut to what can be judged at a glance."""

    def __init__(self, context: Context, side: Side, parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, padding=16, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(f"{side.name}. {side.about}")
        px = look.theme.px
        head = QHBoxLayout()
        head.setSpacing(px(14))
        head.addWidget(Avatar(look, side.name if side.person_id else "?", side.person_id, size=48))
        names = QVBoxLayout()
        names.setSpacing(px(2))
        names.addWidget(ElidedLabel(look, side.name, role="h2"))
        if side.about:
            names.addWidget(ParagraphLabel(look, side.about, role="small", tone="text2", max_lines=2))
        head.addLayout(names, 1)
        self.body.addLayout(head)
        if side.bio:
            self.body.addWidget(ParagraphLabel(look, side.bio, role="body", max_lines=4))
        if side.marks:
            self.body.addWidget(self._marks(side))
        self.body.addWidget(Divider(look))
        if not side.words:
            nothing = _tr("Nothing that {name} wrote is in the desk yet.").format(name=one_line(side.name, 60))
            self.body.addWidget(ParagraphLabel(look, nothing, role="small", tone="text2"))
        for place, text, age in side.words:
            self.body.addLayout(self._line(place, text, age))
        self.body.addStretch(1)

    def _marks(self, side: Side) -> QWidget:
        look, holder = self._look, QWidget()
        flow = Flow(look, gap=10)
        holder.setLayout(flow)
        shown = side.marks[:3]
        for place, handle in shown:
            piece = QWidget()
            row = QHBoxLayout(piece)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(look.theme.px(6))
            row.addWidget(PlaceMark(look, place, size=20))
            label = ElidedLabel(look, handle, role="small")
            row.addWidget(label, 1)
            piece.setMaximumWidth(look.theme.px(230))
            flow.addWidget(piece)
        if len(side.marks) > len(shown):
            more = PlainLabel(look, f"+{len(side.marks) - len(shown)}", role="small", tone="text2")
            more.setToolTip("\n".join(place_look(place).title for place, _ in side.marks[len(shown) :]))
            flow.addWidget(more)
        return holder

    def _line(self, place: str, text: str, age: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._look.theme.px(10))
        row.addWidget(PlaceMark(self._look, place, size=20), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(ParagraphLabel(self._look, " ".join(text[:400].split()), role="body", max_lines=2), 1)
        if age:
            said = PlainLabel(self._look, age, role="small", tone="text2", tabular=True)
            said.setMinimumHeight(self._look.theme.line_height("body"))  # in line with the words
            row.addWidget(said, 0, Qt.AlignmentFlag.AlignTop)
        return row


_REASON_ICONS = {
    "mail": "mail", "page": "link", "phone": "phone", "name": "user", "handle": "at-sign", "work": "building-2", "place": "map-pin",
    "bio": "file-text", "talk": "message-square",
}  # fmt: skip


def _reason_icon(reason: Reason) -> str:
    return "badge-check" if reason.weight >= CERTAIN and reason.kind == "page" else _REASON_ICONS.get(reason.kind, "info")


class ReasonsCard(Card):
    """What speaks for it (green), or against it (amber ground)."""

    def __init__(self, look: Look, title: str, reasons: Sequence[Reason], *, against: bool = False, none: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(look, "against" if against else "for", padding=16, parent=parent)
        tone = "attn" if against else "ok"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        label = PlainLabel(look, title, role="h3", tone=tone)
        self.body.addWidget(label)
        for reason in reasons:
            row = QHBoxLayout()
            row.setSpacing(look.theme.px(10))
            row.addWidget(Icon(look, _reason_icon(reason), tone, size=17), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(ParagraphLabel(look, reason.sentence, role="strong"))
            words.addWidget(PlainLabel(look, strength(reason.weight), role="small", tone="text2"))
            row.addLayout(words, 1)
            self.body.addLayout(row)
        if not reasons:
            self.body.addWidget(ParagraphLabel(look, none, role="small", tone="text2"))

    def add_words(self, title: str, text: str) -> None:
        """A further paragraph below the reasons."""
        self.body.addSpacing(self._look.theme.px(4))
        self.body.addWidget(PlainLabel(self._look, title, role="h3"))
        self.body.addWidget(ParagraphLabel(self._look, text, role="small", tone="text2"))
        self.body.addStretch(1)


def reasons_cards(look: Look, match: Match, candidate: Candidate, beside: Compared, name: str) -> tuple[ReasonsCard, ReasonsCard]:
    """What speaks for it, and what against it with what a link would do. name: of the person."""
    against = [r for r in candidate.reasons if r.weight < 0]
    if not candidate.shared and (others := rivals(match, candidate)):
        text = _tr("It fits {names} just as well: perhaps shared by both.").format(names=", ".join(others))
        against.append(Reason(sentence=text, weight=-LIKELY))
    good = ReasonsCard(
        look, _tr("What speaks for it"), [r for r in candidate.reasons if r.weight > 0], none=_tr("Nothing that RelationDesk can see.")
    )
    bad = ReasonsCard(look, _tr("What speaks against it"), against, against=True, none=_tr("Nothing was found."))
    if match.whose is None:
        bad.add_words(_tr("If you link it"), what_moves(beside, name))
    else:
        words = _tr("Everything of {gone} becomes {name}’s: profiles, notes, buckets, tags. What both say differently stays side by side, and you can take it back at any time.")
        bad.add_words(_tr("If they are one"), words.format(gone=one_line(match.whose.name, 60), name=one_line(name, 60)))
    if any(reason.row for reason in candidate.reasons):
        good.body.addWidget(SumUp(look, candidate))
    good.body.addStretch(1)
    return good, bad


def what_moves(beside: Compared, name: str) -> str:
    """What a link would bring along, and that it can be taken back."""
    first = (name.split() or [name])[0][:40]
    safe = _tr("Nothing is moved or merged; you can take it back at any time, and what you wrote since stays where you wrote it.")
    if not beside.activities:
        return " ".join((_tr("What it does from now on appears in {name}’s timeline.").format(name=first), safe))
    things = counted(beside.activities, "{n:,} activity", "{n:,} activities")
    if beside.since is not None:
        things = _tr("{things} since {day}").format(things=things, day=when.day(beside.since))
    appears = counted(beside.activities, "{things} appears in {name}’s timeline.", "{things} appear in {name}’s timeline.", things=things, name=first)
    return f"{appears} {safe}"


def candidate_of(match: Match, person: Person, profiles: Sequence[Stored]) -> Candidate:
    """What speaks for and against the person who is shown, proposed or chosen by hand."""
    known = next((c for who, c in match.candidates if who.id == person.id), None)
    if known is not None:
        return known
    somebody = Somebody(
        person_id=person.id, uid=person.uid, name=person.name, profiles=tuple(s.profile for s in profiles), company=person.company
    )
    return flip.compare(match.profile.profile, somebody)
