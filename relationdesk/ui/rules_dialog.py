"""The rules of prompts: what each says, whether it speaks at all, and its numbers. What is changed holds at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes
from relationdesk.services import agenda, ruling
from relationdesk.services.ruling import Ruled, Threshold
from relationdesk.ui.frame import Icon, ScrollColumn
from relationdesk.ui.page import Context
from relationdesk.ui.prompt_words import ICONS
from relationdesk.ui.rule_words import field_name, rule_name, unit_suffix
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel
from relationdesk.ui.widgets.number_box import NumberBox

QUIET_MS = 500
"""So long a number is left alone before it is kept: holding an arrow is one change, not fifty."""

Write = Callable[..., Changes]


def tr(text: str) -> str:
    return QCoreApplication.translate("Rules", text)


class RulesDialog(DialogFrame):
    """Each change is a decision of its own, and can be taken back with Undo."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        look = context.look
        sentence = tr("Each finds one reason to get in touch. What you change here holds at once, and can be taken back with Undo.")
        super().__init__(look, tr("Rules of prompts"), sentence=sentence, width=660, high=700, parent=parent)
        self._context = context
        self.blocks: dict[str, RuleBlock] = {}
        self._column = ScrollColumn(look, name=tr("Rules of prompts"), padding=(0, 0, 12, 8), gap=10)
        self.says = ParagraphLabel(look, "", role="small", tone="danger")
        self.says.hide()
        self.body.addWidget(self._column, 1)
        self.body.addWidget(self.says)
        self.add_button(tr("Close"), self.close, default=True)
        context.tasks.changed.connect(self._on_changed)
        self._load()

    def hideEvent(self, event: QHideEvent) -> None:
        for block in self.blocks.values():
            block.keep()
        super().hideEvent(event)

    def _on_changed(self, changes: Changes) -> None:
        if changes.everything or changes.prompts or changes.settings:
            self._load()

    def _load(self) -> None:
        self._context.tasks.run(ruling.every, done=self._show, failed=self._fail)

    def _show(self, found: tuple[Ruled, ...]) -> None:
        if not self.blocks:
            rows: list[QWidget] = []
            for ruled in found:
                block = self.blocks[ruled.name] = RuleBlock(self._context, ruled, self._write)
                rows += [block, Divider(self.look)]
            self._column.fill(rows[:-1])
        for ruled in found:
            self.blocks[ruled.name].show_ruled(ruled)

    def _write(self, job: Write, *args: object) -> None:
        self.says.hide()
        self._context.tasks.write(job, *args, self._context.clock(), done=self._on_written, failed=self._fail)

    def _on_written(self, _: Changes) -> None:
        """The numbers beside people follow, whatever page is shown."""
        self._context.tasks.run(agenda.today, self._context.clock(), failed=self._fail)

    def _fail(self, error: RelationDeskError) -> None:
        self.says.set_runs(str(error))
        self.says.show()
        self._load()


class RuleBlock(QWidget):
    """One rule. write(job, *args): a change to be written, the moment is added."""

    def __init__(self, context: Context, ruled: Ruled, write: Callable[..., None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._rule, self._write = context.look, ruled.name, write
        self._pending: dict[str, int] = {}
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self.keep)
        px = self._look.theme.px
        name = rule_name(ruled.name)
        self.setAccessibleName(name)
        self.on = QCheckBox(name)
        self.on.setObjectName(f"on:{ruled.name}")
        self.on.setAccessibleDescription(ruled.says)
        self.on.clicked.connect(lambda on: self._do(ruling.switch, ruled.name, on))
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(Icon(self._look, ICONS.get(ruled.name, "info"), "text2", size=18))
        head.addWidget(self.on, 1)
        self.default = Button(self._look, tr("Back to default"), style="link", compact=True, name=tr("Back to default: {rule}").format(rule=name))
        self.default.setObjectName(f"default:{ruled.name}")
        self.default.clicked.connect(lambda: self._do(ruling.back_to_default, ruled.name))
        head.addWidget(self.default)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addLayout(head)
        says = QHBoxLayout()
        says.setContentsMargins(px(28), 0, 0, 0)
        says.addWidget(ParagraphLabel(self._look, ruled.says, role="small", tone="text2"))
        column.addLayout(says)
        self.boxes: dict[str, NumberBox] = {}
        for one in ruled.thresholds:
            column.addLayout(self._line(name, one))

    def _line(self, name: str, one: Threshold) -> QHBoxLayout:
        label, suffix = field_name(self._rule, one.field), unit_suffix(one.limit.unit)
        box = self.boxes[one.field] = NumberBox(self._look, one.limit.low, one.limit.high, suffix=suffix, one=unit_suffix(one.limit.unit, 1), name=f"{name}: {label}")
        box.setSingleStep(10 if one.limit.unit == "%" else 1)
        box.setKeyboardTracking(False)
        box.setObjectName(f"{self._rule}.{one.field}")
        box.setMinimumWidth(self._look.theme.px(150))  # one width for all, whatever their range
        box.setAccessibleDescription(_range_of(one))
        box.setToolTip(_range_of(one))
        box.valueChanged.connect(partial(self._on_number, one.field))
        row = QHBoxLayout()
        row.setContentsMargins(self._look.theme.px(28), 0, 0, 0)
        row.setSpacing(self._look.theme.px(12))
        row.addWidget(ParagraphLabel(self._look, label, role="body", centred=True), 1)
        row.addWidget(box)
        return row

    def show_ruled(self, ruled: Ruled) -> None:
        """As it is in the desk; what is being typed stays."""
        self.on.setChecked(ruled.on)
        self.default.setVisible(ruled.is_changed)
        for one in ruled.thresholds:
            box = self.boxes[one.field]
            if one.field not in self._pending and box.value() != one.value:
                box.blockSignals(True)
                box.setValue(one.value)
                box.blockSignals(False)
            box.setEnabled(ruled.on)

    def _on_number(self, field: str, number: int) -> None:
        self._pending[field] = number
        self._quiet.start()

    def keep(self) -> None:
        """Write what was set and not written yet."""
        self._quiet.stop()
        pending, self._pending = self._pending, {}
        for field, number in pending.items():
            self._do(ruling.set_threshold, self._rule, field, number)

    def _do(self, job: Write, *args: object) -> None:
        if job is not ruling.set_threshold:
            self.keep()
        self._write(job, *args)


def _range_of(one: Threshold) -> str:
    meant = f"{one.meant}{unit_suffix(one.limit.unit, one.meant)}"
    return tr("From {low} to {high}{unit}, by default {meant}").format(low=one.limit.low, high=one.limit.high, meant=meant, unit=unit_suffix(one.limit.unit))
