"""The step of an import that asks what the columns of an unknown table mean, with first values and our guess.

Rows are people, or what somebody did once a column is its date. What was said can be said otherwise later, saved for others, and
taken from a file of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QVBoxLayout, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.saying import counted, say
from relationdesk.services import teaching
from relationdesk.sources.base import Recognised
from relationdesk.sources.csv_columns import (
    DEED_FIELDS,
    PERSON_FIELDS,
    guess_mapping,
    lacking,
    tells_deeds,
)
from relationdesk.ui.frame import Flow
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel

COLUMNS_SHOWN = 60


class MappingStep(QWidget):
    """`chosen` with {column: field} once it is enough to know people by. given: what was said before, {} for our guess."""

    chosen = Signal(dict)

    def __init__(self, context: Context, seen: Recognised, given: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look, self._context, self._seen = context.look, context, seen
        self._mapping = dict(given) or guess_mapping(seen.columns, seen.sample)
        self._boxes: dict[str, QComboBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(6))
        text = self.tr("Say once what the columns mean. It is remembered for tables with the same columns.")
        column.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        self._reads = ParagraphLabel(look, "", role="small_strong")
        self._reads.setObjectName("reads")
        column.addWidget(self._reads)
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
        take = Button(look, self.tr("Load from a file…"), style="link", compact=True)
        take.setObjectName("take")
        take.setToolTip(self.tr("A small file in which somebody saved what the columns of such a table mean"))
        take.clicked.connect(self._take)
        row = Flow(look)
        row.addWidget(go)
        row.addWidget(take)
        column.addLayout(row)
        self._wrong = ParagraphLabel(look, "", role="small", tone="danger")
        self._wrong.hide()
        column.addWidget(self._wrong)
        self._say_what_rows_are()

    def _choice(self, column: str) -> QComboBox:
        box = self._boxes[column] = QComboBox()
        box.setObjectName(f"column:{column}")
        box.setAccessibleName(self.tr("What “{column}” means").format(column=column))
        box.addItem(self.tr("leave out"), "")
        words = self._field_words()
        for fields in (PERSON_FIELDS, DEED_FIELDS):
            box.insertSeparator(box.count())
            for field in fields:
                box.addItem(words.get(field, field), field)
        box.setMaxVisibleItems(box.count())
        box.setCurrentIndex(box.findData(self._mapping.get(column, "")))
        box.currentIndexChanged.connect(lambda _: self._set(column, str(box.currentData() or "")))
        return box

    def _set(self, column: str, field: str) -> None:
        self._mapping[column] = field
        self._say_what_rows_are()

    def _said(self) -> dict[str, str]:
        return {column: field for column, field in self._mapping.items() if field}

    def _say_what_rows_are(self) -> None:
        deeds = tells_deeds(self._said().values())
        self._reads.set_runs(
            self.tr("Each row is a call, a meeting or a message: it comes on the timeline of whoever it names.") if deeds
            else self.tr("Each row is a person. Choose a date for rows that are calls, meetings or messages.")
        )  # fmt: skip

    def _field_words(self) -> Mapping[str, str]:
        return {
            "name": self.tr("whole name"), "given_name": self.tr("first name"), "middle_name": self.tr("middle name"),
            "family_name": self.tr("surname"), "prefix": self.tr("title before the name"), "suffix": self.tr("after the name"),
            "nickname": self.tr("nickname"), "company": self.tr("company"), "title": self.tr("role"), "mail": self.tr("mail address"),
            "phone": self.tr("phone"), "web": self.tr("web page"), "linkedin": "LinkedIn", "twitter": "X",
            "id": self.tr("number or id"), "notes": self.tr("remarks"), "birthday": self.tr("birthday"),
            "anniversary": self.tr("anniversary"), "work_start": self.tr("in the job since"), "date": self.tr("date"),
            "date_day_first": self.tr("date, day first (31/12)"), "date_month_first": self.tr("date, month first (12/31)"),
            "date_from_1900": self.tr("date, days since 1900"), "date_from_1904": self.tr("date, days since 1904"),
            "time": self.tr("time of day"), "subject": self.tr("subject"), "text": self.tr("what was said or done"),
            "kind": self.tr("kind: call, meeting …"), "direction": self.tr("in or out"), "link": self.tr("link to it"),
        }  # fmt: skip

    def _on_chosen(self) -> None:
        mapping = self._said()
        what = lacking(mapping.values())
        if what:
            self._say(
                self.tr("Choose at least a column for a name or a mail address. Nothing was brought in.") if what == "who"
                else self.tr("Choose a column for the date: what was done needs one. Nothing was brought in.")
            )  # fmt: skip
        else:
            self._wrong.hide()
            self.chosen.emit(mapping)

    def _take(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("What the columns mean"), "", self.tr("What columns mean (*.json)"))
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """What a file says of these columns; it is shown, and can be changed before anything is read."""
        self._context.tasks.run(teaching.read, path, done=partial(self._on_taken, path.name), failed=self._on_failed)

    def _on_failed(self, error: RelationDeskError) -> None:
        self._say(str(error))

    def _on_taken(self, name: str, mapping: Mapping[str, str]) -> None:
        if missing := next((column for column in mapping if column not in self._seen.columns), ""):
            self._say(
                self.tr("“{file}” speaks of a column that is not in this table, “{column}”. Nothing was changed.").format(file=name, column=missing)
            )
            return
        self._wrong.hide()
        self._mapping = dict(mapping)
        for column, box in self._boxes.items():
            box.setCurrentIndex(box.findData(mapping.get(column, "")))
        self._say_what_rows_are()

    def _say(self, sentence: str) -> None:
        self._wrong.set_runs(sentence)
        self._wrong.show()


class ColumnsRow(QWidget):
    """Below what was read of such a table: say it otherwise, or save it for others. `otherwise` asks for the step again."""

    otherwise = Signal()

    def __init__(self, context: Context, table: Path, mapping: Mapping[str, str], *, changeable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._table, self._mapping = context, table, dict(mapping)
        look = context.look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(2))
        row = Flow(look, gap=0)
        if changeable:
            change = Button(look, self.tr("Change what the columns mean"), style="link", compact=True)
            change.setObjectName("columns")
            change.clicked.connect(self.otherwise)
            row.addWidget(change)
        save = Button(look, self.tr("Save for colleagues…") if changeable else self.tr("Save what the columns mean, for colleagues…"), style="link", compact=True)
        save.setObjectName("save_columns")
        save.clicked.connect(self._ask_where)
        row.addWidget(save)
        column.addLayout(row)
        self._told = ParagraphLabel(look, "", role="small", tone="text2")
        self._told.hide()
        column.addWidget(self._told)

    def _ask_where(self) -> None:
        suggested = str(self._table.with_name(f"{self._table.stem} columns.json"))
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save what the columns mean"), suggested, self.tr("What columns mean (*.json)"))
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        self._context.tasks.run(teaching.save, path, self._mapping, done=self._on_saved, failed=self._on_failed)

    def _on_failed(self, error: RelationDeskError) -> None:
        self._say(str(error), "danger")

    def _on_saved(self, path: Path) -> None:
        self._say(
            self.tr("Saved as {file}. Whoever drops it on their window has such tables read the same way; nobody's data is in it.").format(file=path.name),
            "text2",
        )

    def _say(self, sentence: str, tone: str) -> None:
        self._told.set_tone(tone)
        self._told.set_runs(sentence)
        self._told.show()


def taught_words(widget: QWidget, mapping: Mapping[str, str]) -> str:
    """What a mapping that was handed on will do."""
    many = counted(len(mapping), "{n:,} column", "{n:,} columns")
    kind = say("what was done") if tells_deeds(mapping.values()) else say("people")
    names = ", ".join(f"“{name}”" for name in list(mapping)[:6]) + (" …" if len(mapping) > 6 else "")
    return say("Kept: tables of {kind} with {n} ({names}) are read this way from now on.", kind=kind, n=many, names=names)


def example_of(seen: Recognised, column: str) -> str:
    """The first value below this heading, whichever of the columns that bear it."""
    places = [n for n, name in enumerate(seen.columns) if name == column]
    return next((row[n] for row in seen.sample for n in places if n < len(row) and row[n].strip()), "")
