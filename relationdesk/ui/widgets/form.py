"""What forms of dialogs are made of: fields below each other with their names beside them, a line to type in, a field to choose from."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QFormLayout, QLayout, QLineEdit, QWidget

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import PlainLabel


def line_field(name: str, example: str = "", text: str = "", *, longest: int = 500) -> QLineEdit:
    """A field of one line. name: for who listens, and beside it in a form; example: what stands in it while it is empty."""
    field = QLineEdit(text)
    field.setMaxLength(longest)
    field.setAccessibleName(name)
    field.setPlaceholderText(example)
    return field


def choice_field(look: Look, name: str) -> QComboBox:
    """A field to choose from, with room for pictures; it gives way where its words are longer than there is room."""
    field, edge = QComboBox(), look.theme.px(18)
    field.setAccessibleName(name)
    field.setMaxVisibleItems(16)
    field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    field.setMinimumContentsLength(9)
    field.setIconSize(QSize(edge, edge))
    return field


class Form(QFormLayout):
    """Each field has its own name beside it, in one line with the words in the field."""

    def __init__(self, look: Look, *fields: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(look.theme.px(10))
        for field in fields:
            self.add(field)

    def add(self, field: QWidget | QLayout, name: str | None = None) -> None:
        """name: where it is not the field's own; "" for none."""
        own = field.accessibleName() if isinstance(field, QWidget) else ""
        label = PlainLabel(self._look, own if name is None else name, tone="text2")
        high, px = field.sizeHint().height(), self._look.theme.px
        label.setMinimumHeight(high if high < px(48) else px(34))  # else Qt puts it half a line above the words
        self.addRow(label, field)
