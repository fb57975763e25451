"""Where somebody is known: one line per profile, how it came to be linked, what of it was read, and ways out of it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from relationdesk.model import CARD_PLACES, PlaceState
from relationdesk.store.profiles import Stored
from relationdesk.ui import when
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.resources import icon
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel, tooltip
from relationdesk.ui.widgets.place_mark import PlaceMark


def shown_name(stored: Stored) -> str:
    profile = stored.profile
    return profile.handle or profile.display_name or profile.key.native_id


class ProfileRow(QWidget):
    """`wanted(what, Stored)`: "open", "copy", "unlink", "apart", "flip"."""

    wanted = Signal(str, object)

    def __init__(self, context: Context, stored: Stored, state: PlaceState | None, *, how: bool, parent: QWidget | None = None) -> None:
        """how: say how it came to be linked, and what was read, in full."""
        super().__init__(parent)
        look, px = context.look, context.look.theme.px
        self._look, self.stored = look, stored
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(1))
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addWidget(PlaceMark(look, stored.profile.key.place, size=22))
        row.addWidget(ElidedLabel(look, shown_name(stored), role="body"), 1)
        is_card = state is None and stored.profile.key.place in CARD_PLACES
        short, tone = ("", "text3") if is_card else coverage_short(state, context.clock())
        self.coverage = PlainLabel(look, short, role="small", tone=tone, tabular=True)
        said = "" if is_card else coverage_words(state, context.clock())
        self.coverage.setToolTip(tooltip(said))
        row.addWidget(self.coverage)
        self.menu_button = Button(look, icon="ellipsis", style="quiet", compact=True,
                                  name=self.tr("More about {name}").format(name=shown_name(stored)))  # fmt: skip
        self.menu_button.clicked.connect(self._open_menu)
        row.addWidget(self.menu_button)
        column.addLayout(row)
        if how:
            words = " ".join(part for part in (stored.linked_how, said) if part)
            line = QHBoxLayout()
            line.setContentsMargins(px(32), 0, 0, px(4))
            line.addWidget(ParagraphLabel(look, words, role="caption", tone="text2"))
            column.addLayout(line)
        self.setAccessibleName(f"{place_look(stored.profile.key.place).title}, {shown_name(stored)}. {stored.linked_how} {said}")

    def menu(self) -> QMenu:
        menu, theme = QMenu(self), self._look.theme
        menu.aboutToHide.connect(menu.deleteLater)
        entries = [("copy", self.tr("Copy"), "copy"), ("flip", self.tr("Look at this place"), "arrow-left-right")]
        if self.stored.profile.url:
            entries.insert(0, ("open", self.tr("Open the profile"), "external-link"))
        entries += [("unlink", self.tr("Unlink: not this person"), "unlink"), ("apart", self.tr("Keep apart for good"), "split")]
        for what, words, picture in entries:
            entry = menu.addAction(icon(picture, theme.tokens.text2, theme.px(18)), words)
            entry.triggered.connect(lambda _=False, what=what: self.wanted.emit(what, self.stored))
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 4)))


def coverage_short(state: PlaceState | None, now: datetime) -> tuple[str, str]:
    """A word or two, and the tone for it."""
    if state is not None and state.failed is not None:
        return QCoreApplication.translate("Coverage", "fails"), "danger"
    if state is None or state.until is None:
        return QCoreApplication.translate("Coverage", "never read"), "text3"
    return when.ago(state.until, now), "text2"


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
