"""One import on the Places page: what it brought, what was refused, and its way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.model import Rejected
from relationdesk.store.batches import Batch, Taken
from relationdesk.ui import when
from relationdesk.ui.page import Context
from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card, Divider
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark

REJECTS_SHOWN = 50


def reject_lines(look: Look, rejects: tuple[Rejected, ...], total: int, shown: int = REJECTS_SHOWN) -> QWidget:
    """Where and why, one line each; how many there are besides."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look.theme.px(3))
    for reject in rejects[:shown]:
        runs = (Run(reject.where[:120], strong=True), Run("  " + reject.reason[:300], tone="text2"))
        column.addWidget(ParagraphLabel(look, runs, role="caption", max_lines=2))
    if total > min(shown, len(rejects)):
        rest = total - min(shown, len(rejects))
        column.addWidget(PlainLabel(look, holder.tr("and {n} more").format(n=f"{rest:,}"), role="caption", tone="text2"))
    return holder


def taken_words(widget: QWidget, taken: Taken) -> str:
    """What an undo took out and what stayed, in one sentence."""
    parts = ", ".join((
        when.many(taken.activities, widget.tr("activity"), widget.tr("activities")),
        when.many(taken.profiles, widget.tr("profile"), widget.tr("profiles")),
        when.many(taken.people, widget.tr("person"), widget.tr("people")),
    ))  # fmt: skip
    text = widget.tr("Took {name} back: {parts}.").format(name=taken.batch.name, parts=parts)
    if taken.people_kept:
        text += " " + widget.tr("{n} stayed, because your notes or decisions are about them.").format(
            n=when.many(taken.people_kept, widget.tr("person"), widget.tr("people"))
        )
    return text


class BatchRow(Card):
    """`undo` and `rejects_wanted` (answered by `show_rejects`)."""

    undo = Signal()
    rejects_wanted = Signal()

    def __init__(self, context: Context, batch: Batch, parent: QWidget | None = None) -> None:
        super().__init__(context.look, "sunken" if batch.undone else "card", padding=12, parent=parent)
        self.batch = batch
        look, px, now = context.look, context.look.theme.px, context.clock()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(PlaceMark(look, batch.place, size=28), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(ElidedLabel(look, batch.name, role="strong", tone="text2" if batch.undone else "text1"))
        self.sentence = self._sentence(when.clock(batch.at, now))
        words.addWidget(ParagraphLabel(look, self.sentence, role="small", tone="text2"))
        head.addLayout(words, 1)
        top = Qt.AlignmentFlag.AlignTop
        if batch.rejected:
            refused = Button(look, self.tr("{n} refused").format(n=f"{batch.rejected:,}"), style="link", compact=True)
            refused.clicked.connect(self.rejects_wanted)
            head.addWidget(refused, 0, top)
        if not batch.undone:
            self.undo_button = Button(look, self.tr("Take back"), icon="undo-2", compact=True)
            self.undo_button.clicked.connect(self.undo)
            head.addWidget(self.undo_button, 0, top)
        self.body.addLayout(head)
        self.setAccessibleName(f"{batch.name}. {self.sentence}")
        self._rejects: QWidget | None = None

    def _sentence(self, time: str) -> str:
        batch = self.batch
        if batch.undone:
            return self.tr("Brought in {time}, taken back since.").format(time=time)
        parts = [
            when.many(n, one, more)
            for n, one, more in (
                (batch.activities, self.tr("activity"), self.tr("activities")),
                (batch.profiles, self.tr("profile"), self.tr("profiles")),
                (batch.people, self.tr("new person"), self.tr("new people")),
            )
            if n
        ]
        return f"{time} · " + (", ".join(parts) if parts else self.tr("nothing new"))

    def show_rejects(self, rejects: tuple[Rejected, ...]) -> None:
        """Open the list of what was refused, or close it again."""
        if self._rejects is None:
            self._rejects = QWidget()
            column = QVBoxLayout(self._rejects)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(Divider(self._look))
            column.addWidget(reject_lines(self._look, rejects, self.batch.rejected))
            self.body.addWidget(self._rejects)
        else:
            self._rejects.setVisible(self._rejects.isHidden())
