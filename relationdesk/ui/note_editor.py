"""The field in which a note is typed: grows with the text, takes plain text only, completes @names.

Foreign text pasted here stays text; one enormous word is broken anywhere, because Qt takes seconds to look for a
better place (trust.md 4.5).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from relationdesk.text import tamed
from relationdesk.ui.page import Context

if TYPE_CHECKING:
    from PySide6.QtCore import QStringListModel
    from PySide6.QtWidgets import QAbstractItemView, QCompleter

    from relationdesk.services.searching import Found

LONGEST_PASTE = 100_000
LONG_WORD = 2000
MOST_LINES = 10


class NoteEditor(QPlainTextEdit):
    """`kept`: Ctrl+Enter. `template`: Ctrl+T. `left`: Esc, or the focus went elsewhere. Lines shown: 1 while empty and idle, up to 10."""

    kept = Signal()
    left = Signal()
    entered = Signal()
    template = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._look = context, context.look
        self._typed = ""
        self._placeholders: tuple[str, ...] = ()
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self._marks: QSyntaxHighlighter | None = None
        self._completer: QCompleter | None = None
        self.textChanged.connect(self._on_text)
        self._look.changed.connect(self._on_look)
        self._measure()

    def put(self, text: str) -> None:
        """Show this text. What begins as the one before leaves the cursor where it is: somebody may be typing."""
        cursor = self.textCursor()
        at = cursor.position() if text.startswith(self.toPlainText()) else 0
        self.setPlainText(text)
        cursor.setPosition(at)
        self.setTextCursor(cursor)

    def set_placeholder(self, *wordings: str) -> None:
        """What stands in it while it is empty: the first wording that fits into one line, else the last, elided."""
        self._placeholders = tuple(map(tamed, wordings))
        self._fit_placeholder()

    def _fit_placeholder(self) -> None:
        if not self._placeholders:
            return
        metrics, room = QFontMetricsF(self.font()), self.width() - 2
        words = next((w for w in self._placeholders if metrics.horizontalAdvance(w) <= room), self._placeholders[-1])
        self.setPlaceholderText(metrics.elidedText(words, Qt.TextElideMode.ElideRight, room))

    def names(self) -> list[str]:
        """What is offered for the @word being typed."""
        return self._names()[1].stringList() if self._completer is not None else []

    def _measure(self) -> None:
        self.setFont(self._look.theme.font("body"))
        self.setMinimumWidth(self._look.theme.px(80))
        self._fit()
        self._fit_placeholder()

    def _on_look(self) -> None:
        self._measure()
        self.viewport().setFont(self.font())  # the placeholder is painted with it, and it does not follow a new text size

    def _fit(self) -> None:
        line = max(self._look.theme.line_height("body"), self.fontMetrics().lineSpacing() + 2)
        lines = max(1, round(self.document().size().height()))
        shown = min(MOST_LINES, lines)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if lines > MOST_LINES else policy.ScrollBarAlwaysOff)
        beyond = line - self.fontMetrics().lineSpacing() + 2
        self.setViewportMargins(0, beyond // 2, 0, 0)  # a single line stands in the middle, as the icons beside it do
        height = shown * self.fontMetrics().lineSpacing() + beyond
        if self.height() != height:
            self.setFixedHeight(height)

    def _on_text(self) -> None:
        text = self.toPlainText()
        if text and self._marks is None:
            from relationdesk.ui.gaps import GapMarks  # with all of templates: the first picture shows no words in it

            self._marks = GapMarks(self._look, self.document())
        long_word = len(text) > LONG_WORD and max(map(len, text.split()), default=0) > LONG_WORD
        mode = QTextOption.WrapMode.WrapAnywhere if long_word else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        if self.wordWrapMode() != mode:
            self.setWordWrapMode(mode)
        self._fit()
        self._look_for_name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._fit_placeholder()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            plain = QMimeData()
            plain.setText(source.text()[:LONGEST_PASTE])
            super().insertFromMimeData(plain)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    # Names

    def _names(self) -> tuple[QCompleter, QStringListModel, QAbstractItemView]:
        """What offers names, the names in it, and their list: made when the first is looked for, not for the first picture."""
        from PySide6.QtCore import QStringListModel
        from PySide6.QtWidgets import QCompleter

        if self._completer is None:
            self._completer = QCompleter(QStringListModel(self), self)
            self._completer.setWidget(self)
            self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self._completer.activated.connect(self._complete)
        names, popup = self._completer.model(), self._completer.popup()
        assert isinstance(names, QStringListModel) and popup is not None  # there is one in every mode but InlineCompletion
        popup.setAccessibleName(self.tr("People"))
        return self._completer, names, popup

    def _offers_names(self) -> bool:
        return self._completer is not None and self._names()[2].isVisible()

    def _offer_none(self) -> None:
        if self._offers_names():
            self._names()[2].hide()

    def _word(self) -> str:
        """What stands after the @ before the cursor, "" if the cursor is not in such a word."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()][-60:]
        at = before.rfind("@")
        if at < 0 or (at > 0 and not before[at - 1].isspace() and before[at - 1] not in "(,;"):
            return ""
        word = before[at + 1 :]
        return word if word[:1].isalpha() and word.count(" ") <= 2 and not word.endswith("  ") else ""

    def _look_for_name(self) -> None:
        word = self._word()
        self._typed = word
        if not word:
            self._offer_none()
            return
        from relationdesk.services import searching  # with full text: the first picture looks for nobody

        self._context.tasks.run(searching.palette, word, done=partial(self._on_found, word))

    def _on_found(self, word: str, found: Found) -> None:
        if word != self._typed:
            return
        names = [person.name for person in found.people if not person.is_me]
        others = [name for name in names if name != word]
        if not others and self._completer is None:
            return
        completer, offered, popup = self._names()
        offered.setStringList(others)
        if not others:
            popup.hide()
            return
        rect = QRect(self.cursorRect())
        rect.setWidth(self._look.theme.px(260))
        completer.complete(rect)
        popup.setCurrentIndex(completer.completionModel().index(0, 0))

    def _complete(self, name: str) -> None:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self._word()))
        self._typed = ""
        cursor.insertText(name + " ")
        self.setTextCursor(cursor)
        self._offer_none()

    # Keys

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._mine(event):
            event.accept()
            return True
        return bool(super().event(event))

    @staticmethod
    def _mine(event: QKeyEvent) -> bool:
        """Keys that mean something here even where the window has them for something else."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            return True
        return control and event.key() in (Qt.Key.Key_Z, Qt.Key.Key_T)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._offers_names() and event.key() in (
            Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down,
        ):  # fmt: skip
            event.ignore()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.kept.emit()
        elif event.key() == Qt.Key.Key_T and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.template.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()
