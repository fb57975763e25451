"""The lines that the blocks of a person's card are made of: a title with its buttons, a fact with its value, a button at its own width."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import ElidedLabel, tooltip


def part_title(look: Look, text: str, *buttons: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, look.theme.px(4), 0, 0)
    row.addWidget(ElidedLabel(look, text, role="small_strong", tone="text2"), 1)
    for button in buttons:
        row.addWidget(button)
    return holder


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


def leading(widget: QWidget) -> QWidget:
    """At its own width, at the beginning of the line."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return holder
