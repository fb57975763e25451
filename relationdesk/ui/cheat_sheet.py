"""All keys on one sheet, out of the same table that the keys themselves come from."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from relationdesk.ui.actions import GROUPS, SPECS, ActionSpec, action_text, group_text
from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.keys import native_key
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import KeyBox
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import PlainLabel

LATER = frozenset({"privacy", "print"})
"""Actions that are not in this version: neither the sheet nor the palette promises them."""


def shown_specs() -> tuple[ActionSpec, ...]:
    """The actions of the table that can be done, in its order."""
    return tuple(spec for spec in SPECS if spec.id not in LATER)


class CheatSheet(DialogFrame):
    """The keys by group, in two columns where there is room."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context.look, QCoreApplication.translate("Actions", "Keys"), width=820, high=640, parent=parent)
        look = context.look
        px = look.theme.px
        column = ScrollColumn(look, name=self.windowTitle(), padding=(0, 0, 12, 0), gap=0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(40))
        grid.setVerticalSpacing(px(20))
        holder = QWidget()
        holder.setLayout(grid)
        wide = look.theme.text_scale < 1.5
        sides = [QVBoxLayout(), QVBoxLayout()] if wide else [QVBoxLayout()]
        heights = [0] * len(sides)
        for group in GROUPS:
            specs = [spec for spec in shown_specs() if spec.group == group and spec.key]
            if specs:
                at = heights.index(min(heights))
                sides[at].addLayout(self._group(group, specs))
                heights[at] += len(specs) + 2
        for n, side in enumerate(sides):
            side.setSpacing(px(18))
            side.addStretch(1)
            grid.addLayout(side, 0, n)
        column.body.addWidget(holder)
        self.body.addWidget(column, 1)
        close = QCoreApplication.translate("Actions", "Close")
        self.add_button(close, style="primary", default=True)

    def _group(self, group: str, specs: list[ActionSpec]) -> QGridLayout:
        px, grid = self.look.theme.px, QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.addWidget(PlainLabel(self.look, group_text(group).upper(), role="over", tone="text2"), 0, 0, 1, 2)
        for n, spec in enumerate(specs, 1):
            grid.addWidget(PlainLabel(self.look, action_text(spec), role="body"), n, 0)
            key = KeyBox(self.look, native_key(spec.key))
            grid.addWidget(key, n, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
        return grid
