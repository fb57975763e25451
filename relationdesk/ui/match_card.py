"""The parts of *Who is this?*: a row of the queue, the two cards that are compared, what speaks for and against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.flip.evidence import CERTAIN, Reason
from relationdesk.model import Item, Person
from relationdesk.services.matching import Match
from relationdesk.store.profiles import Stored
from relationdesk.ui import when
from relationdesk.ui.frame import Flow, Icon
from relationdesk.ui.match_queue import profile_name
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.card import Card, Divider
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark

LIKELY, VERY_LIKELY = 6.0, 10.0
"""Sums of weights (flip/evidence: log2 of the odds) from which the words get stronger."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Match", text)


def verdict(weight: float, *, rivals: bool = False) -> tuple[str, str]:
    """Words and tone of a pill for what the evidence adds up to. rivals: it fits somebody else just as well."""
    if rivals:
        return _tr("Fits more than one person"), "neutral"
    if weight >= CERTAIN:
        return _tr("The place vouches for it"), "accent"
    if weight >= VERY_LIKELY:
        return _tr("Very likely the same person"), "accent"
    if weight >= LIKELY:
        return _tr("Likely the same person"), "accent"
    if weight > 0:
        return _tr("Perhaps the same person"), "neutral"
    return _tr("Nothing speaks for it"), "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared. marks: (place, handle) of a person's profiles; words: (place, text, age)."""

    name: str
    about: str
    key: str = ""
    bio: str = ""
    place: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str, str], ...] = ()


def profile_side(match: Match) -> Side:
    """The unknown profile as it shows itself."""
    profile = match.profile.profile
    handle = profile.handle if profile.handle != profile.display_name else ""
    work = ", ".join(p for p in (profile.title, profile.company) if p)
    marks = tuple((_ADDRESS_MARKS.get(a.kind.value, "web"), a.value) for a in profile.addresses[:3])
    return Side(
        name=profile_name(match.profile), about=" · ".join(p for p in (place_look(profile.key.place).title, handle, work) if p),
        bio=profile.bio, place=profile.key.place, marks=marks,
        words=tuple((profile.key.place, text, "") for text in match.sample),
    )  # fmt: skip


_ADDRESS_MARKS = {"mail": "mail", "phone": "phone", "web": "web"}


def person_side(person: Person, profiles: Sequence[Stored], items: Sequence[Item], context: Context) -> Side:
    """Somebody of the desk: where they are known, and what they did last."""
    now = context.clock()
    words = tuple(
        (item.places[0], item.activity.title or item.activity.text, when.ago(item.published, now))
        for item in items if item.activity is not None and (item.activity.title or item.activity.text)
    )  # fmt: skip
    return Side(
        name=person.name, about=" · ".join(p for p in (person.title, person.company) if p), key=person.uid,
        marks=tuple((s.profile.key.place, s.profile.handle or s.profile.display_name) for s in profiles), words=words[:3],
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
        head.addWidget(Avatar(look, side.name if side.key else "?", side.key, size=48))
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
        if side.words:
            self.body.addWidget(Divider(look))
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
            row.addWidget(PlainLabel(self._look, age, role="small", tone="text2", tabular=True), 0, Qt.AlignmentFlag.AlignTop)
        return row


_REASON_ICONS = (
    ("mail", "mail"), ("verified", "badge-check"), ("page", "link"), ("phone", "phone"), ("name", "user"),
    ("company", "building-2"), ("employer", "building-2"), ("place", "map-pin"),
)  # fmt: skip


def _reason_icon(sentence: str) -> str:
    low = sentence.casefold()
    return next((icon for word, icon in _REASON_ICONS if word in low), "info")


def strength(weight: float) -> str:
    """How much a reason counts, in words."""
    size = abs(weight)
    if size >= CERTAIN:
        return _tr("settles it")
    return _tr("counts much") if size >= LIKELY else _tr("counts") if size >= 2 else _tr("counts little")


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
            row.addWidget(Icon(look, _reason_icon(reason.sentence), tone, size=17), 0, Qt.AlignmentFlag.AlignTop)
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
