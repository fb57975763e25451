"""Where somebody is known: one line per profile, when something last came from there, how it came to be linked, what of it
was read, and ways out of it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from relationdesk.derived import PlaceState
from relationdesk.model import CARD_PLACES
from relationdesk.store.profiles import Stored
from relationdesk.store.spans import in_words
from relationdesk.text import canonical_url, fold, one_line
from relationdesk.ui import when
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.resources import icon
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel, tooltip
from relationdesk.ui.widgets.place_mark import PlaceMark

_AT = frozenset({"mastodon", "bluesky", "x", "threads", "instagram", "pixelfed"})
"""Places whose handles are written with an @."""
_HOSTED = frozenset({"discourse", "forum", "blog", "podcast", "web", "ghost", "wordpress", "lemmy", "peertube"})
"""Places of which there are many: a name means something only with the host it belongs to."""


def shown_name(stored: Stored, person: str = "") -> str:
    """What tells this profile from the others of the same person: "@joeb@hotel.example", "joe_b on buildingtalk.example".

    person: the name of whom it belongs to, which therefore says nothing; a card says what place it comes from instead.
    """
    profile = stored.profile
    place, host = profile.key.place, canonical_url(profile.url).partition("://")[2].partition("/")[0]
    name = profile.handle or profile.display_name or profile.key.native_id
    says_nothing = bool(person) and fold(name) == fold(person)
    if place in _AT and profile.handle:
        return f"@{name.removeprefix('@')}"
    if place in _HOSTED and host:
        words = QCoreApplication.translate("ProfileRow", "{name} on {host}")
        return host if says_nothing or name in (profile.url, host) else words.format(name=name, host=host)
    if place in CARD_PLACES and says_nothing:
        return place_look(place).title
    return name


class ProfileRow(Clickable):
    """Pressing it opens its menu. `wanted(what, Stored)`: "open", "copy", "time", "unlink", "apart", "flip"."""

    wanted = Signal(str, object)

    def __init__(
        self, context: Context, stored: Stored, state: PlaceState | None, *, how: bool, person: str = "", became: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """how: say how it came to be linked, and what was read, in full. person: whose it is, as `shown_name` takes it. became: what its place
        made of it."""
        look, px = context.look, context.look.theme.px
        super().__init__(look, radius=6, parent=parent)
        self._look, self.stored, name = look, stored, shown_name(stored, person)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, px(4))
        column.setSpacing(px(1))
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addWidget(PlaceMark(look, stored.profile.key.place, size=22))
        row.addWidget(ElidedLabel(look, name, role="body"), 1)
        is_card = state is None and (stored.profile.key.place in CARD_PLACES or not stored.is_present)
        self.time = "" if stored.held is None else in_words(stored.held.from_id, stored.held.until_id)
        self.time = self.time[:1].upper() + self.time[1:]
        short, tone = ("", "text3") if is_card else coverage_short(state, stored.last, context.clock())
        self.coverage = PlainLabel(look, short, role="small", tone=tone, tabular=True)
        said = "" if is_card else coverage_words(state, context.clock())
        last = self.tr("Last: {when}.").format(when=when.exact(stored.last)) if stored.last else ""
        row.addWidget(self.coverage)
        column.addLayout(row)
        now = self.tr("{place} made {name} of it.").format(place=place_look(stored.profile.key.place).title, name=one_line(became, 60)) if became else ""
        words = " ".join(part for part in (f"{self.time}." if self.time else "", now, *((stored.linked_how, said) if how else ())) if part)
        if words:
            line = QHBoxLayout()
            line.setContentsMargins(px(32), 0, 0, px(4))
            line.addWidget(ParagraphLabel(look, words, role="caption", tone="text2"))
            column.addLayout(line)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(self._open_menu)
        self.setToolTip(tooltip("\n".join(part for part in (name, last, said) if part)))
        self.setAccessibleDescription(self.tr("Opens a menu"))
        self.setAccessibleName(f"{place_look(stored.profile.key.place).title}, {name}. {last} {self.time} {now} {stored.linked_how} {said}")

    def menu(self) -> QMenu:
        menu, theme = QMenu(self), self._look.theme
        menu.aboutToHide.connect(menu.deleteLater)
        entries = [("copy", self.tr("Copy"), "copy"), ("flip", self.tr("Look at this place"), "arrow-left-right")]
        if self.stored.profile.url:
            entries.insert(0, ("open", self.tr("Open the profile"), "external-link"))
        entries += [("time", self.tr("Only for a time…"), "hourglass"), ("unlink", self.tr("Unlink: not this person"), "unlink")]
        if self.stored.is_present:
            entries.append(("apart", self.tr("Keep apart for good"), "split"))
        for what, words, picture in entries:
            entry = menu.addAction(icon(picture, theme.tokens.text2, theme.px(18)), words)
            entry.triggered.connect(lambda _=False, what=what: self.wanted.emit(what, self.stored))
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height() + 2)))


def coverage_short(state: PlaceState | None, last: datetime | None, now: datetime) -> tuple[str, str]:
    """When something last came from there, unless it is not read; and the tone for it."""
    if state is not None and state.failed is not None:
        return QCoreApplication.translate("Coverage", "fails"), "danger"
    if state is None or state.until is None:
        return QCoreApplication.translate("Coverage", "never read"), "text3"
    return when.ago(last, now) if last is None or last <= now else "", "text2"  # a meeting of the next hours is not the last that came


def coverage_words(state: PlaceState | None, now: datetime) -> str:
    """What was read, in a sentence: quiet and unknown must never look the same."""
    def tr(text: str) -> str:
        return QCoreApplication.translate("Coverage", text)

    if state is None or (state.until is None and state.failed is None):
        return tr("Never read: what they do here is not known.")
    read = ""
    if state.until is not None:
        until = when.clock(state.until, now)
        read = tr("Read until {until}.").format(until=until)
        if state.since is not None:
            read = tr("Read from {since} until {until}.").format(since=when.day(state.since), until=until)
    if state.failed is not None:
        failing = tr("Reading has failed since {when}.").format(when=when.clock(state.failed, now))
        return " ".join(part for part in (failing, state.failure, read) if part)
    return read


__all__ = ["ProfileRow", "coverage_short", "coverage_words", "shown_name"]
