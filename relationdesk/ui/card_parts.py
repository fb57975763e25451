"""The lines that the blocks of a person's card are made of: a title with its buttons, a fact with its value, a button at its own width."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.life_days import MINE, Known, Said
from relationdesk.model import DayKind
from relationdesk.ui import when
from relationdesk.ui.frame import Icon
from relationdesk.ui.places import place_look
from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, tooltip
from relationdesk.ui.words import QT_TRANSLATE_NOOP


def part_title(look: Look, text: str, *buttons: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, look.theme.px(4), 0, 0)
    row.addWidget(ElidedLabel(look, text, role="small_strong", tone="text2"), 1)
    for button in buttons:
        row.addWidget(button)
    return holder


def card_head(look: Look, icon: str, title: str, *, tone: str = "attn_mark", number: str = "") -> QHBoxLayout:
    """What a card is about. number: "1 of 2" at the far side, or ""."""
    head = QHBoxLayout()
    head.setSpacing(look.theme.px(8))
    head.addWidget(Icon(look, icon, tone), 0, Qt.AlignmentFlag.AlignTop)
    head.addWidget(ParagraphLabel(look, title, role="h3", max_lines=3), 1)
    if number:
        head.addWidget(ParagraphLabel(look, number, role="caption", tone="text2", max_lines=1), 0, Qt.AlignmentFlag.AlignTop)
    return head


def fact_line(look: Look, label: str, value: str, exact: str = "", tone: str = "text1") -> QWidget:
    """What it is, and at the far side what is known; exact: the same without rounding, on hover."""
    holder, px = QWidget(), look.theme.px
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, px(4), 0, px(4))
    row.setSpacing(px(12))
    shown = ElidedLabel(look, [Run(value, strong=True)], role="body", tone=tone)
    shown.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    row.addWidget(ElidedLabel(look, label, role="body", tone="text2"), 1)
    row.addWidget(shown)
    if exact:
        shown.setToolTip(tooltip(exact))
        shown.setAccessibleDescription(exact)
    holder.setAccessibleName(f"{label}: {value}")
    return holder


def said_line(look: Look, words: str, who: str) -> QWidget:
    """What is said, and below it in small letters who says it."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, look.theme.px(4), 0, look.theme.px(4))
    column.setSpacing(0)
    column.addWidget(ParagraphLabel(look, words, role="body"))
    column.addWidget(ElidedLabel(look, who, role="small", tone="text2"))
    holder.setAccessibleName(f"{who}: {words}")
    return holder


_DAYS = {
    DayKind.BIRTHDAY: QT_TRANSLATE_NOOP("Card", "Birthday"), DayKind.ANNIVERSARY: QT_TRANSLATE_NOOP("Card", "Anniversary"),
    DayKind.WORK: QT_TRANSLATE_NOOP("Card", "In the job since"),
}  # fmt: skip


def day_lines(look: Look, known: Known) -> list[QWidget]:
    """A day of somebody that comes back every year, with who says so on hover; what other places say stands below it, with their names."""
    title = _tr(_DAYS[known.kind])
    says = _tr("{places} says so.").format(places=_places(known.held))
    rule = _tr("This day counts: you wrote it down.") if MINE in known.held.places else _tr("This day counts: more places say it, or it was told last.")
    why = f" {rule}" if known.others else ""
    lines = [fact_line(look, title, when.life_day(known.held.day), says + why)]
    for other in known.others:
        label = _tr("{day}, says {places}").format(day=title, places=_places(other))
        lines.append(fact_line(look, label, when.life_day(other.day), _tr("The day above counts."), tone="text2"))
    return lines


def _places(said: Said) -> str:
    return ", ".join(_tr("your own word") if place == MINE else place_look(place).title for place in said.places)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Card", text)


def leading(widget: QWidget) -> QWidget:
    """At its own width, at the beginning of the line."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return holder
