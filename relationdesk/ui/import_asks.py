"""The step of an import that asks what its file does not tell, and the row that says which parts of it to read."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from relationdesk.model import Person
from relationdesk.saying import say
from relationdesk.sources.base import Ask, Options, Part, Recognised
from relationdesk.text import one_line
from relationdesk.ui.frame import Flow
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.field import AnswerField
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel, tooltip

RADIOS = 6
"""Choices up to which all of them are seen at once; more stand in a list that opens."""


class _Radio(QRadioButton):
    """One line that ends in an ellipsis where there is no more room; its whole words are what the screen reader hears."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().height() * 3, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        room = max(0, self.width() - self.fontMetrics().height() * 2)  # the ring and the gap behind it grow with the letters
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(tooltip(self._words) if shown != self._words else "")


class AskStep(QWidget):
    """`answered` with {name of the question: answer} once every question has one. Nothing is chosen beforehand but what was
    answered before: a guess would be taken for an answer."""

    answered = Signal(dict)

    def __init__(self, look: Look, asks: tuple[Ask, ...], known: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._asks = look, asks
        self.answers = {ask.name: known[ask.name] for ask in asks if known.get(ask.name) and _may_be(ask, known[ask.name])}
        self._groups: list[QButtonGroup] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(6))
        for number, ask in enumerate(asks):
            if number:
                column.addSpacing(look.theme.px(8))
            column.addWidget(ParagraphLabel(look, ask.question, role="body"))
            if not ask.choices:
                column.addWidget(self._field(ask))
            elif len(ask.choices) <= RADIOS:
                self._add_radios(column, ask)
            else:
                column.addWidget(self._list(ask))
        self.go = Button(look, self.tr("Read it"), style="tinted", compact=True)
        self.go.setObjectName("read")
        self.go.clicked.connect(self._on_go)
        row = QHBoxLayout()
        row.addWidget(self.go)
        row.addStretch(1)
        column.addLayout(row)
        self._on_answer("", "")

    def _add_radios(self, column: QVBoxLayout, ask: Ask) -> None:
        group = QButtonGroup(self)
        for answer, words in ask.choices:
            radio = _Radio(one_line(words) or answer)
            radio.setObjectName(f"answer:{ask.name}:{answer}")
            radio.setAccessibleDescription(ask.question)
            radio.setChecked(self.answers.get(ask.name) == answer)
            radio.toggled.connect(lambda on, answer=answer: self._on_answer(ask.name, answer) if on else None)
            group.addButton(radio)
            column.addWidget(radio)
        self._groups.append(group)

    def _list(self, ask: Ask) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"answers:{ask.name}")
        box.setAccessibleName(ask.question)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(16)
        box.setMaxVisibleItems(14)
        box.addItem(self.tr("Choose …"), "")
        for answer, words in ask.choices:
            box.addItem(one_line(words, 120) or answer, answer)
        box.setCurrentIndex(max(0, box.findData(self.answers.get(ask.name, ""))))
        box.currentIndexChanged.connect(lambda _: self._on_answer(ask.name, str(box.currentData())))
        return box

    def _field(self, ask: Ask) -> AnswerField:
        """Where nothing can be chosen from: what the user types is the answer."""
        field = AnswerField(self.answers.get(ask.name, ""))
        field.setObjectName(f"answer:{ask.name}")
        field.setAccessibleName(ask.question)
        field.textChanged.connect(lambda text: self._on_answer(ask.name, text.strip()))
        field.returnPressed.connect(self._on_go)
        return field

    def _on_answer(self, name: str, answer: str) -> None:
        if name:
            self.answers[name] = answer
        self.go.setEnabled(all(self.answers.get(ask.name) for ask in self._asks))

    def _on_go(self) -> None:
        if self.go.isEnabled():
            self.answered.emit(dict(self.answers))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a choice reads, as on the button; it does not press the button of the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_go()
        else:
            super().keyPressEvent(event)


def _may_be(ask: Ask, answer: str) -> bool:
    return not ask.choices or any(answer == one for one, _ in ask.choices)


class PartsRow(QWidget):
    """`changed` when another choice of parts was made; `wanted` are their names."""

    changed = Signal()

    def __init__(self, look: Look, seen: Recognised, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(2))
        column.addWidget(PlainLabel(look, self.tr("What to read"), role="small_strong", tone="text2"))
        flow, holder = Flow(look, gap=14, between=2), QWidget()
        holder.setLayout(flow)
        self._boxes: dict[str, QCheckBox] = {}
        for part in seen.parts:
            box = QCheckBox(_title(part).replace("&", "&&"))
            box.setObjectName(f"part:{part.name}")
            box.setAccessibleName(self.tr("Read {part}").format(part=_title(part)))
            box.setChecked(options.wants(part))
            box.toggled.connect(lambda _: self.changed.emit())
            flow.addWidget(box)
            self._boxes[part.name] = box
        column.addWidget(holder)

    def wanted(self) -> frozenset[str]:
        return frozenset(name for name, box in self._boxes.items() if box.isChecked())


def _title(part: Part) -> str:
    return f"{say(part.title)} ({QLocale().toString(part.count)})" if part.count else say(part.title)


class WhoAmI(QWidget):
    """Under which address or name the user stands in a file that does not say whose it is. `said` with it. me: whose desk it is, if that is known."""

    said = Signal(str)

    def __init__(self, look: Look, me: Person | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        text = self.tr("The file does not say whose it is. Which address or name in it is yours?")
        if me is not None:
            text = self.tr("The file does not say whose it is. Your known addresses ({name}) are used; add another if it is missing.").format(name=me.name)
        column.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        row = QHBoxLayout()
        self.field = AnswerField()
        self.field.setPlaceholderText(self.tr("Your mail address or name in this file"))
        self.field.setAccessibleName(self.tr("Who you are in this file"))
        again = Button(look, self.tr("Read again"), compact=True)
        again.clicked.connect(self._on_said)
        self.field.returnPressed.connect(again.click)
        row.addWidget(self.field, 1)
        row.addWidget(again)
        column.addLayout(row)

    def _on_said(self) -> None:
        if words := self.field.text().strip():
            self.said.emit(words)
