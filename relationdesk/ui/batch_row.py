"""One import on the Places page: what it brought, its report, and its way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.model import Rejected
from relationdesk.saying import counted, say
from relationdesk.services.import_report import refused_sentence
from relationdesk.store.batches import Batch, Taken
from relationdesk.store.reports import Report
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
        column.addWidget(PlainLabel(look, say("and {n} more", n=f"{rest:,}"), role="caption", tone="text2"))
    return holder


def taken_words(widget: QWidget, taken: Taken) -> str:
    """What an undo took out and what stayed, in one sentence."""
    text = say("Took {name} back: {parts}.", name=taken.batch.name, parts=taken.in_words())
    if taken.people_kept:
        text += " " + say("{n} stayed, because your notes or decisions are about them.",
            n=counted(taken.people_kept, "{n:,} person", "{n:,} people")
        )
    return text


class BatchRow(Card):
    """`undo`, `report_wanted` (answered by `show_report`), and there `copy_wanted` and `save_wanted`."""

    undo = Signal()
    report_wanted = Signal()
    copy_wanted = Signal()
    save_wanted = Signal()

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
        self._said = ParagraphLabel(look, self.sentence, role="small", tone="text2")
        words.addWidget(self._said)
        head.addLayout(words, 1)
        top = Qt.AlignmentFlag.AlignTop
        words_of_link = self.tr("{n} refused").format(n=f"{batch.rejected:,}") if batch.rejected else self.tr("Report")
        link = Button(look, words_of_link, style="link", compact=True)
        link.setObjectName("report")
        link.setAccessibleDescription(self.tr("Report of {name}").format(name=batch.name))
        link.clicked.connect(self.report_wanted)
        head.addWidget(link, 0, top)
        self.undo_button = Button(look, self.tr("Take back"), icon="undo-2", compact=True)
        self.undo_button.clicked.connect(self.undo)
        head.addWidget(self.undo_button, 0, top)
        self.body.addLayout(head)
        self.undo_button.setVisible(not batch.undone)  # only now: without a parent it would be a window of its own
        self.setAccessibleName(f"{batch.name}. {self.sentence}")
        self._report: QWidget | None = None

    def _sentence(self, time: str) -> str:
        batch = self.batch
        if batch.undone:
            return self.tr("Brought in {time}, taken back since.").format(time=time)
        parts = filter(None, (
            counted(batch.activities, "{n:,} activity", "{n:,} activities") if batch.activities else "",
            counted(batch.profiles, "{n:,} profile", "{n:,} profiles") if batch.profiles else "",
            counted(batch.people, "{n:,} new person", "{n:,} new people") if batch.people else "",
        ))  # fmt: skip
        return self.tr("Brought in {time} · {what}").format(time=time, what=", ".join(parts) or self.tr("nothing new"))

    def show_going(self, words: str) -> None:
        """It is being taken back, and so far. What is out cannot be put back but from its file, so there is no button to stop it."""
        self.sentence = words
        self._said.set_runs(words)
        self.undo_button.hide()
        self.setAccessibleName(f"{self.batch.name}. {words}")

    def show_report(self, report: Report) -> None:
        """Open what the import said when it was done, or close it again."""
        if self._report is not None:
            self._report.setVisible(self._report.isHidden())
            return
        look = self._look
        self._report = QWidget()
        column = QVBoxLayout(self._report)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(4))
        column.addWidget(Divider(look))
        for line in self._report_lines(report):
            column.addWidget(ParagraphLabel(look, line, role="small", tone="text2"))
        if report.refused:
            column.addWidget(PlainLabel(look, f"{refused_sentence(report)}:", role="small_strong", wrap=True))
            column.addWidget(reject_lines(look, report.rejects, report.refused))
        row = QHBoxLayout()
        for name, words, icon, signal in (
            ("copy", self.tr("Copy all of it"), "copy", self.copy_wanted), ("save", self.tr("Save as text …"), "download", self.save_wanted),
        ):  # fmt: skip
            button = Button(look, words, icon=icon, compact=True)
            button.setObjectName(name)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.body.addWidget(self._report)

    def _report_lines(self, report: Report) -> list[str]:
        lines = [self.tr("Files: {names}").format(names=", ".join(report.files))] if report.files else []
        if report.left_out:
            lines.append(self.tr("Left out as chosen: {parts}").format(parts=", ".join(report.left_out)))
        lines += [self.tr("{question} Answer: {answer}").format(question=question, answer=answer) for question, answer in report.answers]
        lines += report.warnings
        return lines if lines or report.refused else [self.tr("Nothing was refused or left out.")]
