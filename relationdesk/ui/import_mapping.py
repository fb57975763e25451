"""The step of an import that asks what the columns of an unknown table mean, with first values and our guess."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.sources.base import Recognised
from relationdesk.sources.csv_columns import FIELDS, guess_mapping, is_enough
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel

COLUMNS_SHOWN = 60


class MappingStep(QWidget):
    """`chosen` with {column: field} once it is enough to know people by."""

    chosen = Signal(dict)

    def __init__(self, look: Look, seen: Recognised, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mapping = guess_mapping(seen.columns, seen.sample)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(6))
        text = self.tr("Say once what the columns mean. It is remembered for tables with the same columns.")
        column.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for n, name in enumerate(tuple(dict.fromkeys(seen.columns))[:COLUMNS_SHOWN]):
            grid.addWidget(ElidedLabel(look, name or "–", role="small_strong"), n, 0)
            example = ElidedLabel(look, example_of(seen, name)[:80], role="small", tone="text2")
            example.setObjectName(f"example:{name}")
            grid.addWidget(example, n, 1)
            grid.addWidget(self._choice(name), n, 2)
        column.addLayout(grid)
        go = Button(look, self.tr("Read it this way"), style="tinted", compact=True)
        go.setObjectName("read")
        go.clicked.connect(self._on_chosen)
        row = QHBoxLayout()
        row.addWidget(go)
        row.addStretch(1)
        column.addLayout(row)
        text = self.tr("Choose at least a column for a name or a mail address. Nothing was brought in.")
        self._too_little = ParagraphLabel(look, text, role="small", tone="danger")
        self._too_little.hide()
        column.addWidget(self._too_little)

    def _choice(self, column: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"column:{column}")
        box.setAccessibleName(self.tr("What “{column}” means").format(column=column))
        box.addItem(self.tr("leave out"), "")
        for field in FIELDS:
            box.addItem(self._field_words().get(field, field), field)
        box.setCurrentIndex(box.findData(self._mapping.get(column, "")))
        box.currentIndexChanged.connect(lambda _: self._mapping.__setitem__(column, str(box.currentData())))
        return box

    def _field_words(self) -> Mapping[str, str]:
        return {
            "name": self.tr("whole name"), "given_name": self.tr("first name"), "middle_name": self.tr("middle name"),
            "family_name": self.tr("surname"), "prefix": self.tr("title before the name"), "suffix": self.tr("after the name"),
            "nickname": self.tr("nickname"), "company": self.tr("company"), "title": self.tr("role"), "mail": self.tr("mail address"),
            "phone": self.tr("phone"), "web": self.tr("web page"), "linkedin": "LinkedIn", "twitter": "X",
            "id": self.tr("number or id"), "notes": self.tr("remarks"),
        }  # fmt: skip

    def _on_chosen(self) -> None:
        mapping = {column: field for column, field in self._mapping.items() if field}
        self._too_little.setVisible(not is_enough(mapping.values()))
        if is_enough(mapping.values()):
            self.chosen.emit(mapping)


def example_of(seen: Recognised, column: str) -> str:
    """The first value below this heading, whichever of the columns that bear it."""
    places = [n for n, name in enumerate(seen.columns) if name == column]
    return next((row[n] for row in seen.sample for n in places if n < len(row) and row[n].strip()), "")
