"""What forms of dialogs are made of: fields below each other with their names beside them, and the one line to type in."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLayout, QLineEdit, QWidget

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import PlainLabel


def line_field(name: str, example: str = "", text: str = "", *, longest: int = 500) -> QLineEdit:
    """A field of one line. name: for who listens, and beside it in a form; example: what stands in it while it is empty."""
    field = QLineEdit(text)
    field.setMaxLength(longest)
    field.setAccessibleName(name)
    field.setPlaceholderText(example)
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
