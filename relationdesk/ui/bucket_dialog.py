"""Make or change a bucket: its name and its colour; taking it away leaves its people where they are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from relationdesk.model import Bucket
from relationdesk.services import bucket_wishes as wishes
from relationdesk.services import people
from relationdesk.ui.frame import clear
from relationdesk.ui.page import Context
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.rhythm_fields import RhythmFields
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.step_words import tr_step
from relationdesk.ui.theme import Look
from relationdesk.ui.tokens import readable
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import PlainLabel
from relationdesk.ui.words import QT_TRANSLATE_NOOP
from relationdesk.wishes import Step


def tr(text: str) -> str:
    return QCoreApplication.translate("Buckets", text)


COLOUR_NAMES = (
    QT_TRANSLATE_NOOP("Buckets", "Teal"), QT_TRANSLATE_NOOP("Buckets", "Orange"), QT_TRANSLATE_NOOP("Buckets", "Blue"), QT_TRANSLATE_NOOP("Buckets", "Violet"),
    QT_TRANSLATE_NOOP("Buckets", "Green"), QT_TRANSLATE_NOOP("Buckets", "Red"), QT_TRANSLATE_NOOP("Buckets", "Olive"), QT_TRANSLATE_NOOP("Buckets", "Grey"),
)  # fmt: skip
"""What a screen reader says for people.COLOURS."""


class _Swatch(QRadioButton):
    """One colour to choose."""

    def __init__(self, look: Look, colour: str, name: str) -> None:
        super().__init__()
        self._look, self.colour = look, colour
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        edge = max(32, self._look.theme.px(36))
        return QSize(edge, edge)

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter, area = self._look.theme, QPainter(self), QRectF(self.rect())
        if self.isChecked():
            draw_rounded(painter, area, 8, theme.tokens.selected)
        if self.hasFocus():
            draw_rounded(painter, area, 8, "", theme.tokens.accent, 2)
        edge = round(area.height() * 0.6)
        at = (area.height() - edge) / 2
        ground = theme.tokens.selected if self.isChecked() else theme.tokens.canvas
        draw_icon(painter, "star", QColor(readable(self.colour, ground, 3.0)).name(), at, at, edge)


class BucketDialog(DialogFrame):
    """bucket None: a new one."""

    def __init__(self, context: Context, bucket: Bucket | None, parent: QWidget | None = None) -> None:
        title = tr("New bucket") if bucket is None else tr("Bucket {name}").format(name=bucket.name)
        super().__init__(context.look, title, sentence=tr("A group of people that you choose."), width=460, parent=parent)
        self._context, self._bucket = context, bucket
        self.name = QLineEdit(bucket.name if bucket else "")
        self.name.setMaxLength(60)
        self.name.setPlaceholderText(tr("Top customers, advocates, renewing soon…"))
        self.name.setAccessibleName(tr("Name"))
        self.body.addWidget(self.name)
        self.body.addLayout(self._swatches(bucket.colour if bucket else people.COLOURS[0]))
        self._holder = QVBoxLayout()
        self.body.addLayout(self._holder)
        self._agreed(None)
        context.tasks.run(wishes.of_bucket, bucket.id if bucket is not None else None, done=self._agreed, failed=self.refuse)
        if bucket is not None:
            self.add_button(tr("Remove bucket"), self._on_remove, style="danger", first=True)
        self.add_button(tr("Cancel"))
        self._keep = self.add_button(tr("Keep"), self._on_keep, style="primary", default=True)
        self.name.textChanged.connect(self._on_text)
        self._on_text()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _swatches(self, chosen: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.theme.px(4))
        self.colours = QButtonGroup(self)
        known = {colour: tr(name) for colour, name in zip(people.COLOURS, COLOUR_NAMES, strict=True)}
        for colour in dict.fromkeys((*people.COLOURS, chosen)):
            swatch = _Swatch(self.look, colour, known.get(colour) or tr("Its own colour"))
            swatch.setChecked(colour == chosen)
            self.colours.addButton(swatch)
            row.addWidget(swatch)
        row.addStretch(1)
        return row

    def _agreed(self, known: wishes.OfBucket | None) -> None:
        """Rhythm and step, as they are now; None: not read yet, and nothing of them is changed."""
        self._known, was = known is not None, known or wishes.OfBucket()
        clear(self._holder)
        self.rhythm = RhythmFields(self.look, was.rhythm, none=tr("No rhythm"), days=was.usual_days)
        self.step = QComboBox()
        self.step.setAccessibleName(tr("Step of the ladder"))
        for value in (None, *Step):
            self.step.addItem(tr_step(value) if value else tr("None"), value)
        self.step.setCurrentIndex(0 if was.step is None else 1 + list(Step).index(was.step))
        self.rhythm.form.add(self.step)
        self._holder.addWidget(PlainLabel(self.look, tr("How often you want to be in touch with each of them"), role="small", tone="text2", wrap=True))
        self._holder.addWidget(self.rhythm)
        for widget in (self.rhythm, self.step):
            widget.setEnabled(self._known)

    def _chosen(self) -> wishes.OfBucket | None:
        if not self._known:
            return None
        step = self.step.currentData()
        return wishes.OfBucket(rhythm=self.rhythm.rhythm(), step=None if step is None else Step(step))

    def _colour(self) -> str:
        chosen = self.colours.checkedButton()
        return chosen.colour if isinstance(chosen, _Swatch) else people.COLOURS[0]

    def _on_text(self) -> None:
        self.refusal.hide()
        self._keep.setEnabled(bool(self.name.text().strip()))

    def _on_keep(self) -> None:
        tasks, now = self._context.tasks, self._context.clock()
        if self._bucket is None:
            make = partial(wishes.make_bucket, colour=self._colour(), agreed=self._chosen())
            self.write_once(tasks.write, make, self.name.text(), now)
        else:
            change = partial(wishes.edit_bucket, name=self.name.text(), colour=self._colour(), agreed=self._chosen())
            self.write_once(tasks.write, change, self._bucket.id, now)

    def _on_remove(self) -> None:
        if self._bucket is not None:
            self.write_once(self._context.tasks.write, people.remove_bucket, self._bucket.id, self._context.clock())
