"""The rows of the dialog that adds somebody: what a text may mean, what a place shows, what a profile names as its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from relationdesk.flip.matching import Candidate
from relationdesk.model import AddressKind, Person, Profile
from relationdesk.saying import counted
from relationdesk.services.adding import Met, Offer, Possible
from relationdesk.text import one_line
from relationdesk.ui import when
from relationdesk.ui.frame import Icon
from relationdesk.ui.places import place_look
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.pill import Pill
from relationdesk.ui.widgets.place_mark import PlaceMark

_AT = frozenset({"mastodon", "bluesky", "x", "threads", "instagram"})


def tr(text: str) -> str:
    return QCoreApplication.translate("AddDialog", text)


def handle_of(possible: Possible) -> str:
    """ "@joe@hotel.example", "joe-b"; the page where there is no handle."""
    meant = possible.meant
    if meant.handle:
        return f"@{meant.handle}" if meant.place in _AT else meant.handle
    return meant.page.partition("://")[2].rstrip("/")


def asks(possible: Possible) -> str:
    """Who would be asked, in a sentence; why nobody is, where that is so."""
    if possible.asks:
        return " ".join(filter(None, (tr("Asks {hosts}.").format(hosts=", ".join(possible.asks)), possible.costs)))
    return possible.why


class Row(QWidget):
    """A button to tick, with a mark and two lines beside it, all of which can be pressed."""

    def __init__(self, look: Look, button: QAbstractButton, mark: QWidget, title: str, sentence: str, aside: QWidget | None = None) -> None:
        super().__init__()
        self.button = button
        px = look.theme.px
        button.setAccessibleName(". ".join(part for part in (title, sentence) if part))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(4), 0, px(4))
        row.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(px(4))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(ElidedLabel(look, title, role="strong"), 1)
        if aside is not None:
            head.addWidget(aside)
        words.addLayout(head)
        if sentence:
            words.addWidget(ParagraphLabel(look, sentence, role="small", tone="text2"))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self._words = words
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def add(self, widget: QWidget) -> None:
        """Something more below the words."""
        self._words.addWidget(widget)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.button.click()


def choice(look: Look, possible: Possible) -> Row:
    """One thing that the text may mean."""
    title = f"{place_look(possible.meant.place).title} · {handle_of(possible)}"
    known = tr("In this desk already: {name}.").format(name=possible.person.name) if possible.person else ""
    known = known or (tr("In this desk already, but nobody’s yet.") if possible.stored else "")
    return Row(look, QRadioButton(), PlaceMark(look, possible.meant.place, size=26), title, " ".join(filter(None, (known, asks(possible)))))


def by_name(look: Look, name: str, *more: QLineEdit) -> Row:
    """The text is nothing but a name; more: what else may be said of them."""
    title = tr("A person called “{name}”").format(name=one_line(name, 60))
    row = Row(look, QRadioButton(), Icon(look, "user-plus", "text2", size=26), title, tr("Without any place. Nobody is asked."))
    for field in more:
        row.add(field)
    return row


def somebody_new(look: Look, field: QLineEdit) -> Row:
    """The profile is a new person's, of this name."""
    row = Row(look, QRadioButton(), Icon(look, "user-plus", "text2", size=28), tr("Somebody new"), "")
    row.add(field)
    return row


def candidate(look: Look, person: Person, found: Candidate) -> Row:
    """The profile is this one's."""
    return Row(look, QRadioButton(), Avatar(look, person.name, person.id, size=28), person.name, " ".join(reason.sentence for reason in found.reasons))


def offer_row(look: Look, offer: Offer, on_toggled: Callable[[bool], object]) -> Row:
    """A page that the profile names as its own: ticked, it is asked and kept, too."""
    possible = offer.possible
    pill = Pill(look, tr("both ways"), tone="ok") if offer.vouched else Pill(look, tr("one way"), tone="neutral")
    whose = tr("It is {name}’s in this desk.").format(name=possible.person.name) if possible.person else ""
    box = QCheckBox()
    box.setObjectName(f"also:{possible.meant.place}")
    box.toggled.connect(on_toggled)
    title = f"{place_look(possible.meant.place).title} · {handle_of(possible)}"
    return Row(look, box, PlaceMark(look, possible.meant.place, size=26), title, " ".join(filter(None, (offer.sentence, whose, asks(possible)))), pill)


_COUNTS: dict[str, Callable[[int], str]] = {
    "followers": lambda n: counted(n, "{n:,} follower", "{n:,} followers"), "follows": lambda n: counted(n, "follows {n:,}", "follows {n:,}"),
    "posts": lambda n: counted(n, "{n:,} post", "{n:,} posts"), "repositories": lambda n: counted(n, "{n:,} repository", "{n:,} repositories"),
    "karma": lambda n: counted(n, "{n:,} karma", "{n:,} karma"),
}  # fmt: skip


class ShownCard(Card):
    """What a place shows of somebody, before anything of it is kept. Their picture is named, not loaded."""

    def __init__(self, look: Look, met: Met) -> None:
        super().__init__(look, "sunken", padding=14)
        profile, px = met.profile, look.theme.px
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(PlaceMark(look, profile.key.place, size=36), 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(ElidedLabel(look, profile.display_name or profile.handle or profile.url, role="h2"))
        under = " · ".join(filter(None, (place_look(profile.key.place).title, profile.handle or profile.url, profile.company)))
        names.addWidget(ElidedLabel(look, under, role="small", tone="text2"))
        head.addLayout(names, 1)
        self.body.addLayout(head)
        if profile.bio:
            self.body.addWidget(ParagraphLabel(look, profile.bio, role="body", max_lines=5))
        for line in _lines(met.profile):
            self.body.addWidget(PlainLabel(look, line, role="small", tone="text2", wrap=True))


def _lines(profile: Profile) -> list[str]:
    besides = dict(profile.extra)
    counts = [words(int(besides[name])) for name, words in _COUNTS.items() if besides.get(name)]
    if besides.get("since"):
        counts.append(tr("there since {day}").format(day=when.day(datetime.fromisoformat(besides["since"]).replace(tzinfo=UTC))))
    reach = [address.value for address in profile.addresses if address.kind in (AddressKind.MAIL, AddressKind.PHONE)]
    picture = besides.get("picture", "").partition("://")[2].partition("/")[0]
    told = tr("A picture lies at {host}; it was not loaded.").format(host=picture) if picture else ""
    return [line for line in (" · ".join(counts), " · ".join(reach), told) if line]
