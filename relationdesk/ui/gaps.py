"""Gaps that a template left: marked where text is typed, and a line that says what is missing of whom, to fill it in or take it out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from relationdesk.engage.templates import FIELDS, field_name, field_spans, first_gap, gap_sentence, spans
from relationdesk.lengths import units
from relationdesk.text import given_name, one_line
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.field import AnswerField
from relationdesk.ui.widgets.label import ParagraphLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Templates", text)


class GapMarks(QSyntaxHighlighter):
    """Paints the gaps of a text, and with `fields` the fields of a template; changes nothing in it."""

    def __init__(self, look: Look, document: QTextDocument, *, fields: bool = False) -> None:
        super().__init__(document)
        self._look, self._fields = look, fields
        look.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        tokens = self._look.theme.tokens
        for found, tone, ground in ((field_spans(text) if self._fields else (), tokens.accent, tokens.accent_tint), (spans(text), tokens.attn, tokens.attn_tint)):
            marked = QTextCharFormat()
            marked.setForeground(QColor(tone))
            marked.setBackground(QColor(ground))
            for start, end in found:
                before = units(text[:start])  # Qt counts as browsers do
                self.setFormat(before, units(text[start:end]), marked)


class GapBar(Card):
    """`closed(gap, words, keep)`: put these words in, "" to take it out; keep: also in mind of them. `found`: show where it stands."""

    closed = Signal(str, str, bool)
    found = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "attn", padding=12, parent=parent)
        self.gaps: tuple[str, ...] = ()
        self._may_keep = False
        self.told = ParagraphLabel(look, "", role="small", tone="attn")
        self.words = AnswerField()
        self.words.setMaxLength(500)
        self.words.returnPressed.connect(self._on_fill)
        self.words.textChanged.connect(lambda _: self._set_state())
        self.fill = Button(look, tr("Fill in"), compact=True)
        self.fill.clicked.connect(self._on_fill)
        self.out = Button(look, tr("Take out"), style="quiet", compact=True)
        self.out.clicked.connect(lambda: self.closed.emit(self.gaps[0], "", False) if self.gaps else None)
        self.show_it = Button(look, tr("Show it"), style="quiet", compact=True)
        self.show_it.clicked.connect(self.found)
        self.keep = QCheckBox()
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(6))
        row.addWidget(self.words, 1)
        for button in (self.fill, self.out, self.show_it):
            row.addWidget(button)
        self.body.addWidget(self.told)
        self.body.addLayout(row)
        self.body.addWidget(self.keep)
        self.hide()

    def set_gaps(self, gaps: tuple[str, ...], whom: str, *, may_keep: bool) -> None:
        """whom: their name; may_keep: they are somebody on the desk, of whom something can be kept in mind."""
        fresh = gaps[:1] != self.gaps[:1]
        self.gaps, first = gaps, gaps[0] if gaps else ""
        self.setVisible(bool(gaps))
        if not gaps:
            return
        more = tr(" {n} more after it.").format(n=len(gaps) - 1) if len(gaps) > 1 else ""
        self.told.set_runs(f"{gap_sentence(first, one_line(whom, 60))} {tr('Fill it in or take it out, then it can be sent.')}{more}")
        self._may_keep = may_keep and bool(field_name(first)) and field_name(first) not in FIELDS
        self.words.setVisible(bool(first))
        self.fill.setVisible(bool(first))
        self.words.setPlaceholderText(first)
        self.words.setAccessibleName(tr("Words for “{gap}”").format(gap=first))
        self.out.setAccessibleName(tr("Take “{gap}” out").format(gap=first))
        self.keep.setText(tr("Keep it in mind of {name}").format(name=one_line(given_name(whom), 24)))
        if fresh:
            self.words.clear()
            self.keep.setChecked(False)
        self._set_state()

    def _set_state(self) -> None:
        typed = bool(self.words.text().strip())
        self.fill.setEnabled(typed)
        self.keep.setVisible(typed and self._may_keep)

    def _on_fill(self) -> None:
        words = self.words.text().strip()
        if self.gaps and words:
            self.closed.emit(self.gaps[0], words, self.keep.isChecked() and self._may_keep)


def rewrite(editor: QPlainTextEdit, text: str) -> None:
    """In one step, which Ctrl+Z in the field takes back."""
    if text != editor.toPlainText():
        cursor = editor.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)


def stand_on_gap(heading: QLineEdit, editor: QPlainTextEdit) -> None:
    """Choose the first gap, so that what is typed takes its place; in the subject first, where there is one."""
    start, end = first_gap(heading.text()) if heading.isVisible() else (-1, -1)
    if start >= 0:
        heading.setFocus()
        heading.setSelection(units(heading.text()[:start]), units(heading.text()[start:end]))
        return
    text = editor.toPlainText()
    start, end = first_gap(text)
    if start >= 0:
        cursor = editor.textCursor()
        cursor.setPosition(units(text[:start]))
        cursor.setPosition(units(text[:end]), cursor.MoveMode.KeepAnchor)
        editor.setTextCursor(cursor)
    editor.setFocus()
