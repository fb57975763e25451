"""Draws every small part of the window, light and dark, to build/pictures/gallery-*.png, to be looked at.

`python bench/gallery.py [text scale] [rtl]`
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from relationdesk.ui.places import KNOWN, place_look
from relationdesk.ui.row_painter import Run, TextCache, draw_rounded
from relationdesk.ui.theme import ROLES, Look
from relationdesk.ui.tokens import Tokens
from relationdesk.ui.widgets.avatar import Avatar, draw_avatar
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card, Divider, NoteCard
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.pill import TONES, Pill
from relationdesk.ui.widgets.place_mark import PlaceMark, draw_place_glyph
from relationdesk.ui.widgets.progress import ProgressLine
from relationdesk.ui.widgets.rail import ActivityRail, RailBar
from relationdesk.ui.widgets.switch import Switch
from relationdesk.ui.widgets.toast import Toast

PEOPLE = (
    ("Joe Brown", "Alder & Finch Hotels", "Two questions wait for you", "1 h", "", True),
    ("Mary Jones", "Harborline Foods", "Complaint in public", "3 h", "", True),
    ("Charles Williams", "Quarry Lane Hospitals", "Quiet 31 d, renews 12 Jan", "31 d", "", True),
    ("Priya Raman", "Alder & Finch Hotels", "Shared a report on hotel energy", "1 d", "linkedin", False),
    ("Ingrid Solberg", "Harborline Foods", "Answered in “Gateways”", "2 d", "discourse", False),
    ("نور حداد", "Meridian Grid", "مقال جديد عن الطاقة", "4 d", "mastodon", False),
    ("Dr. Hannah Weiss", "Bluestem University", "What one winter of data told us about everything", "6 d", "blog", False),
)
WEEKS = ((0, 1), (3, 0), (4, 1), (2, 2), (0, 3), (3, 2), (3, 1), (5, 0), (0, 2), (0, 2), (4, 3), (3, 1), (6, 2), (4, 2),
         (3, 3), (2, 1), (8, 1), (2, 0), (0, 1), (0, 1), (0, 0), (2, 0), (0, 1), (3, 3), (4, 1), (4, 2), (3, 1), (0, 3),
         (4, 1), (0, 0), (2, 3), (0, 1), (3, 2), (0, 0), (3, 2), (8, 4), (3, 2), (4, 2), (0, 1), (2, 1), (4, 2), (3, 3),
         (3, 1), (3, 2), (0, 1), (2, 1), (4, 3), (6, 1), (3, 1), (7, 3))  # fmt: skip
MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")


class PeopleRows(QWidget):
    """What a delegate will draw, to see that the helpers carry it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._cache = look, TextCache()

    def sizeHint(self) -> QSize:
        return QSize(280, self._look.theme.px(68) * len(PEOPLE))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter, rtl = self._look.theme, QPainter(self), self.isRightToLeft()
        height = theme.px(68)
        for number, (name, company, line, time, place, waits) in enumerate(PEOPLE):
            row = QRectF(8, number * height + 2, self.width() - 16, height - 4)
            if number == 0:
                draw_rounded(painter, row, 10, theme.tokens.selected)

            def at(left: float, width: float, row: QRectF = row) -> float:
                return row.right() - left - width if rtl else row.left() + left

            edge = theme.px(40)
            ground = theme.tokens.selected if number == 0 else theme.tokens.list
            square = QRectF(at(10, edge), row.top() + (row.height() - edge) / 2 - theme.px(4), edge, edge)
            draw_avatar(painter, theme, square, name, len(name), dot=waits, ground=ground)
            left, room = 10 + edge + theme.px(12), row.width() - 10 - edge - theme.px(12) - 12
            clock = self._cache.block(theme, time, theme.px(48), role="small", tone="text2", end=True, tabular=True, right_to_left=rtl)
            title = self._cache.block(theme, name, room - theme.px(52), role="h3", right_to_left=rtl)
            firm = self._cache.block(theme, company, room, role="small", tone="text2", right_to_left=rtl)
            tone = "attn" if waits else "text2"
            said = self._cache.block(theme, (Run(line, tone, waits),), room - theme.px(18), role="small", tone=tone, right_to_left=rtl)
            title.draw(painter, at(left, room - theme.px(52)), row.top() + theme.px(3))
            clock.draw(painter, at(left + room - theme.px(48), theme.px(48)), row.top() + theme.px(3))
            firm.draw(painter, at(left, room), row.top() + theme.px(22))
            if place:
                draw_place_glyph(painter, theme, at(left, theme.px(14)), row.top() + theme.px(44), theme.px(14), place)
            said.draw(painter, at(left + theme.px(18), room - theme.px(18)), row.top() + theme.px(41))


def row(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    for widget in widgets:
        line.addWidget(widget)
    if stretch:
        line.addStretch(1)
    return line


def left_column(look: Look) -> QLayout:
    column = QVBoxLayout()
    column.addWidget(SearchField(look, "Search or jump", key="Ctrl K"))
    column.addWidget(Button(look, "Start look-in round", style="tinted", icon="route", key="L"))
    column.addWidget(PlainLabel(look, "NEEDS ATTENTION · 3", role="over", tone="text3"))
    column.addWidget(PeopleRows(look))
    marks = QGridLayout()
    for number, place in enumerate(sorted(KNOWN)):
        marks.addWidget(PlaceMark(look, place, size=24), number // 9, number % 9)
    column.addLayout(marks)
    swatches = QGridLayout()
    swatches.setSpacing(2)
    for number, token in enumerate(Tokens.__slots__):
        patch = QWidget()
        patch.setFixedHeight(12)
        patch.setStyleSheet(f"background: {getattr(look.theme.tokens, token)}")
        patch.setToolTip(token)
        swatches.addWidget(patch, number // 12, number % 12)
    column.addLayout(swatches)
    column.addStretch(1)
    return column


def middle_column(look: Look) -> QLayout:
    column = QVBoxLayout()
    column.setSpacing(12)
    head = QVBoxLayout()
    head.addLayout(row(PlainLabel(look, "Joe Brown", role="title"), Pill(look, "Champion", icon="star")))
    head.addWidget(ElidedLabel(look, "Director of Facilities, Iberia · Alder & Finch Hotels", role="body", tone="text2"))
    switch = Switch(look, (("person", "Person", "square-user-round"), ("place", "Place", "layers")), name="View")
    top = row(Avatar(look, "Joe Brown", 1, size=48), stretch=False)
    top.addLayout(head, 1)
    top.addWidget(switch)
    top.addWidget(Button(look, style="quiet", icon="ellipsis", name="More"))
    column.addLayout(top)
    note = NoteCard(look, padding=6)
    line = row(ParagraphLabel(look, "Write a note about Joe. It stays on this computer.", tone="note_text", max_lines=1), stretch=False)
    for icon, name in (("calendar", "Meeting"), ("phone", "Call"), ("alarm-clock", "Follow-up")):
        line.addWidget(Button(look, style="note", icon=icon, name=name, compact=True))
    note.body.addLayout(line)
    column.addWidget(note)
    everything = Button(look, "Everything", style="chip", count="128")
    everything.setCheckable(True)
    everything.setChecked(True)
    chips = [everything]
    for place, count in (("mail", "61"), ("mastodon", "24"), ("linkedin", "17"), ("discourse", "11"), ("blog", "9")):
        chip = Button(look, "", style="chip", icon=place_look(place).icon, count=count, name=place_look(place).title)
        chip.set_icon_colour(look.theme.place_colour(place).glyph)
        chips.append(chip)
    column.addLayout(row(*chips))
    rail = ActivityRail(look)
    rail.set_bars([
        RailBar(title=f"Week {n}", theirs=a, ours=b, tick=MONTHS[n // 4] if n % 4 == 0 and n // 4 < 12 else "",
                read=not 20 <= n <= 22)
        for n, (a, b) in enumerate(WEEKS)
    ])  # fmt: skip
    rail.set_selection(47, 49)
    column.addWidget(rail)
    card = Card(look, "selected", padding=14)
    card.body.addWidget(ParagraphLabel(look, (Run("Joe", "text1", True), Run(" replied by email", "text2")), max_lines=1))
    card.body.addWidget(PlainLabel(look, "Lisbon kitchens: sub-metering quote", role="h3"))
    card.body.addWidget(ParagraphLabel(look, (
        Run("Thanks Sam. Before I take this to Priya I need "), Run("the price per outlet", "", True),
        Run(", and whether the gateway lives with our VLAN rules. Can we speak on Monday? 👍 And <b>this</b> is text. "
            "There is more of it than four lines can hold, so an ellipsis has to come where the fourth line ends, "
            "whatever the width of the window and the size of the text happen to be today, and that for every person."),
    ), max_lines=4))  # fmt: skip
    pills = [Pill(look, "Waits for you · 1 h", tone="attn", icon="clock"), Pill(look, "Mentions you", icon="at-sign")]
    pills += [Pill(look, tone, tone=tone) for tone in TONES if tone not in ("attn", "accent")]
    card.body.addLayout(row(*pills))
    column.addWidget(card)
    yellow = NoteCard(look)
    yellow.body.addWidget(ParagraphLabel(look, (Run("Your note", "note_text", True), Run(" · Call, 12 min · only on this computer", "note_text")), role="small", max_lines=1))
    yellow.body.addWidget(ParagraphLabel(look, "Budget sits with Priya until January. Dog is called Biscuit 🐶"))
    yellow.body.addWidget(ParagraphLabel(look, "قرأت المقال عن الطاقة في الفنادق، وسأكتب إليها غدا"))
    column.addWidget(yellow)
    column.addLayout(row(
        Button(look, "Reply", style="primary", icon="reply", key="R"), Button(look, "Open", icon="external-link", key="O"),
        Button(look, style="secondary", icon="alarm-clock", name="Snooze"), Button(look, "Review", style="link"),
        Button(look, "Forget", style="danger", icon="trash-2"),
    ))  # fmt: skip
    off = Button(look, "Sync now", icon="refresh-cw")
    off.setEnabled(False)
    column.addLayout(row(off, Button(look, "Quiet", style="quiet", icon="settings"), QCheckBox("Only unread"), QComboBox()))
    column.addWidget(EmptyState(look, "Nobody waits for you", "Look in on somebody you like?", button="Start round", icon="sun", key="Shift L"), 1)
    return column


def right_column(look: Look) -> QLayout:
    column = QVBoxLayout()
    column.setSpacing(12)
    card = Card(look, "attn")
    card.body.addWidget(PlainLabel(look, "Answer his two questions", role="h3"))
    card.body.addWidget(ParagraphLabel(look, (Run("Because", "text1", True), Run(" he asked for a price and about VLAN rules at 09:12. You usually answer Joe within 4 hours.")), role="small", tone="text2"))
    card.body.addLayout(row(Button(look, "Reply", style="primary", icon="reply", key="R"), Button(look, "Open", key="O")))
    column.addWidget(card)
    for kind, words in (("for", "What speaks for it"), ("against", "What speaks against it"), ("info", "Good to know"), ("danger", "Cannot be undone")):
        box = Card(look, kind, padding=12)
        box.body.addWidget(PlainLabel(look, words, role="h3", tone={"for": "ok", "against": "attn"}.get(kind, kind)))
        column.addWidget(box)
    column.addWidget(Divider(look))
    for role in ROLES:
        column.addWidget(PlainLabel(look, f"{role} Aa 0123", role=role))
    line = ProgressLine(look)
    line.begin("Reading Bluesky")
    line.set_progress(31, 40, "Reading 31 of 40 profiles, about 20 s left.")
    line.show_at_once()
    column.addWidget(line)
    edit = QPlainTextEdit("A note being written")
    edit.setFixedHeight(look.theme.px(60))
    column.addWidget(edit)
    return column


def gallery(look: Look) -> QWidget:
    window = QWidget()
    window.setProperty("ground", "canvas")
    window.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    columns = QHBoxLayout(window)
    columns.setContentsMargins(0, 0, 0, 0)
    columns.setSpacing(0)
    for ground, width, layout in (("list", 300, left_column(look)), ("canvas", 0, middle_column(look)), ("list", 340, right_column(look))):
        part = QWidget()
        part.setProperty("ground", ground)
        part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout.setContentsMargins(16, 16, 16, 16)
        part.setLayout(layout)
        if width:
            part.setFixedWidth(look.theme.px(width))
        columns.addWidget(part, 0 if width else 1)
    window.resize(max(1440, look.theme.px(1440)), 900)
    return window


def main() -> None:
    app = QApplication(sys.argv)
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    if "rtl" in sys.argv:
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    folder = Path(__file__).resolve().parents[1] / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    look = Look(app, mode="light", text_scale=scale)
    for mode in ("light", "dark"):
        look.set_mode(mode)
        window = gallery(look)
        toast = Toast(look, window)
        window.show()
        toast.say("Robert Hale linked with Bob Hale", lambda: None)
        app.processEvents()
        name = "-".join(["gallery", mode, *sys.argv[1:]])
        window.grab().save(str(folder / f"{name}.png"))


if __name__ == "__main__":
    main()
