"""The first page of an empty desk: three ways to begin, one sentence about privacy, and never more than this."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Changes, Progress
from relationdesk.services import heavy_jobs
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Flow, Icon, ScrollColumn
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.progress import ProgressLine

CARD_WIDTH = 288


def tr(text: str) -> str:
    return QCoreApplication.translate("Welcome", text)


class FirstStart(Page):
    """Three cards; files may also be dropped."""

    name = "welcome"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look, px = context.look, context.look.theme.px
        self._job: Job | None = None
        column = ScrollColumn(look, name=self.title(), padding=(32, 32, 32, 32), gap=12, sunk=True)
        top = QHBoxLayout()
        top.addStretch(1)
        top.addWidget(Icon(look, "relationdesk", size=56))
        top.addStretch(1)
        column.body.addLayout(top)
        for words, role, tone in (
            (tr("Everything about the people who matter, in one place"), "display", "text1"),
            (tr("RelationDesk works on this computer. Nothing leaves it unless you send it."), "body", "text2"),
        ):
            label = PlainLabel(look, words, role=role, tone=tone, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.body.addWidget(label)
        self.choices = [
            self._choice("sparkles", tr("Look around with the sample desk"),
                         tr("Invented people and companies, so that you can try everything."), self.take_sample),
            self._choice("folder-open", tr("Bring in my files"),
                         tr("A LinkedIn archive, a mailbox, contacts. Or drop them on this window."), self._on_files),
            self._choice("plug", tr("Connect a place"),
                         tr("Your mail, Mastodon, a blog and many more. The only step that uses the network."), self._on_connect),
        ]  # fmt: skip
        row = Flow(look, gap=16)
        for choice in self.choices:
            row.addWidget(choice)
        self._holder = holder = QWidget()
        holder.setLayout(row)
        line = QHBoxLayout()
        line.setContentsMargins(0, px(24), 0, px(16))
        line.addStretch(1)
        line.addWidget(holder, 100)
        line.addStretch(1)
        column.body.addLayout(line)
        self._progress = ProgressLine(look)
        self._progress.cancelled.connect(self._on_stop)
        column.body.addWidget(self._progress)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(column)
        self.setFocusProxy(self.choices[0])
        self.restyle()

    def restyle(self) -> None:
        px = self.context.look.theme.px
        self._holder.setMaximumWidth(px(CARD_WIDTH) * 3 + 2 * px(16))

    def title(self) -> str:
        return tr("Welcome")

    def open(self, target: Target) -> None:
        """Nothing to load: the first choice has the keyboard."""

    def on_changed(self, changes: Changes) -> None:
        """Files came in, or a place was connected: the desk has begun."""
        if self._job is None and self.isVisible() and (changes.people or changes.logins or changes.everything):
            self.context.router.go.emit(Target(page="today" if changes.people else "places"))

    def take_sample(self) -> None:
        """Fill this desk with the invented people; then Today."""
        for choice in self.choices:
            choice.setEnabled(False)
        self._progress.begin(tr("Bringing in the sample"))
        self._job = self.context.tasks.long(
            heavy_jobs.fill_with_sample, self.context.clock(), done=self._on_sample, failed=self._on_failed, progress=self._on_progress
        )

    def _choice(self, icon: str, title: str, sentence: str, slot: Callable[[], None]) -> ChoiceCard:
        card = ChoiceCard(self.context, icon, title, sentence)
        card.clicked.connect(slot)
        return card

    def _on_files(self) -> None:
        self.context.router.import_files.emit([])

    def _on_connect(self) -> None:
        self.context.router.connect_place.emit("")

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_progress(self, progress: Progress) -> None:
        self._progress.set_progress(progress.done, progress.total, tr("Bringing in the sample"))

    def _on_sample(self, built: object) -> None:
        self._ready()
        self.context.router.go.emit(Target(page="today"))

    def _on_failed(self, error: RelationDeskError) -> None:
        self._ready()
        if not isinstance(error, Cancelled):
            self.context.router.failed.emit(error)

    def _ready(self) -> None:
        self._job = None
        self._progress.finish()
        for choice in self.choices:
            choice.setEnabled(True)


class ChoiceCard(Clickable):
    """One way to begin."""

    def __init__(self, context: Context, icon: str, title: str, sentence: str) -> None:
        look = context.look
        super().__init__(look, f"{title}. {sentence}", radius=10)
        self._tokens = look
        column = QVBoxLayout(self)
        column.addWidget(Icon(look, icon, "accent", size=26))
        column.addWidget(PlainLabel(look, title, role="h3", wrap=True))
        column.addWidget(ParagraphLabel(look, sentence, role="small", tone="text2"))
        column.addStretch(1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        px, column = self._tokens.theme.px, self.layout()
        if column is not None:
            column.setContentsMargins(px(20), px(20), px(20), px(20))
            column.setSpacing(px(8))
        self.setFixedSize(px(CARD_WIDTH), px(168))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens.theme.tokens
        draw_rounded(QPainter(self), QRectF(self.rect()), 10, tokens.card, tokens.border)
        super().paintEvent(event)
