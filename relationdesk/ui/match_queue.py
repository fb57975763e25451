"""The queue of *Who is this?*: every question in one line, those put off, and what is no person at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from relationdesk.saying import counted
from relationdesk.services.bulk_answers import AtFirm
from relationdesk.services.matching import Match
from relationdesk.services.people import profile_name
from relationdesk.ui.match_bulk import BulkOffer
from relationdesk.ui.match_words import is_likely, queue_hint
from relationdesk.ui.places import place_look
from relationdesk.ui.row_painter import TextCache, draw_focus, draw_rounded, mirrored, quiet_tone
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import PlainLabel
from relationdesk.ui.widgets.place_mark import draw_place_mark
from relationdesk.ui.widgets.switch import Switch

Index = QModelIndex | QPersistentModelIndex
QUESTIONS = 300
"""As many as are asked for at once; the next come when these are answered."""


class QueueModel(QAbstractListModel):
    """The questions that wait, in the order of `services.matching.waiting`."""

    MATCH = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matches: tuple[Match, ...] = ()

    def show(self, matches: tuple[Match, ...]) -> None:
        self.beginResetModel()
        self.matches = matches
        self.endResetModel()

    def take(self, row: int) -> None:
        """A question that was answered goes."""
        self.beginRemoveRows(QModelIndex(), row, row)
        self.matches = (*self.matches[:row], *self.matches[row + 1 :])
        self.endRemoveRows()

    def put(self, row: int, match: Match) -> None:
        """A question with one candidate less, or otherwise changed."""
        self.matches = (*self.matches[:row], match, *self.matches[row + 1 :])
        self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.matches)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.matches):
            return None
        match = self.matches[index.row()]
        if role == self.MATCH:
            return match
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return profile_name(match.profile)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return f"{profile_name(match.profile)}, {place_look(match.profile.profile.key.place).title}, {queue_hint(match)}"
        return None


class QueueDelegate(QStyledItemDelegate):
    """Mark of the place, name, whom it looks like."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, TextCache(600)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = self._look.theme
        return QSize(120, theme.line_height("strong") + theme.line_height("small") + theme.px(20))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        match = index.data(QueueModel.MATCH)
        theme, rect = self._look.theme, option.rect
        state, direction = option.state, option.direction
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        rtl = direction == Qt.LayoutDirection.RightToLeft
        box = QRectF(rect).adjusted(8, 1, -8, -1)
        if chosen:
            draw_rounded(painter, box, 10, theme.tokens.selected)
        elif state & QStyle.StateFlag.State_MouseOver:
            draw_rounded(painter, box, 10, theme.tokens.hover)
        edge, side = theme.px(28), theme.px(18)
        mark = mirrored(QRect(rect.left() + side, rect.center().y() - edge // 2, edge, edge), rect, direction)
        draw_place_mark(painter, theme, QRectF(mark), match.profile.profile.key.place)
        left = side + edge + theme.px(12)
        width = rect.width() - left - theme.px(18)
        x = mirrored(QRect(rect.left() + left, rect.top(), width, 1), rect, direction).left()
        name = self._texts.block(theme, profile_name(match.profile), width, role="strong", right_to_left=rtl)
        hint = self._texts.block(theme, queue_hint(match), width, role="small", tone=quiet_tone(chosen), right_to_left=rtl)
        top = rect.center().y() - (name.height + hint.height) / 2
        name.draw(painter, x, top)
        hint.draw(painter, x, top + name.height)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            draw_focus(painter, box, 10, theme)


class _List(QListView):
    """A list in which letters are answers and not a search."""

    key = Signal(object)  # QKeyEvent, accepted by whoever understood it

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(False)
        self.key.emit(event)
        if not event.isAccepted():
            event.setAccepted(True)
            super().keyPressEvent(event)


class Queue(QWidget):
    """`turned` when another of the three lists is wanted; `chosen(row)` when another question is; `key` for letters;
    `all_at_once(how, matches)`: "new" or "later" for everybody whom nobody in the desk resembles; "firm" with an AtFirm."""

    turned = Signal(str)
    all_at_once = Signal(str, object)
    chosen = Signal(int)
    key = Signal(object)

    def __init__(self, look: Look, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._count = PlainLabel(look, "", role="small", tone="text2", wrap=True)
        self._switch = Switch(
            look, (("", self.tr("Waiting"), ""), ("later", self.tr("Later"), ""), ("nobody", self.tr("Not people"), "")),
            name=self.tr("Which questions"),
        )  # fmt: skip
        self._switch.chosen.connect(self.turned)
        self.model = QueueModel(self)
        self.view = _List()
        self.view.setModel(self.model)
        self.view.setItemDelegate(QueueDelegate(look, self.view))
        self.view.setAccessibleName(self.tr("Questions"))
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.key.connect(self.key)
        self._bulk = BulkOffer(look)
        self._bulk.answered.connect(lambda how: self.all_at_once.emit(how, self._strangers()))
        self._bulk.at_firm.connect(partial(self.all_at_once.emit, "firm"))
        self._beyond = 0
        self._fill(title)

    def _fill(self, title: str) -> None:
        px = self._look.theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(18), 1, 0)
        column.setSpacing(px(8))
        for widget, side in ((PlainLabel(self._look, title, role="h2"), 16), (self._count, 16), (self._switch, 14)):
            row = QHBoxLayout()
            row.setContentsMargins(px(side), 0, px(side), 0)
            row.addWidget(widget, int(widget is not self._switch))
            row.addStretch(int(widget is self._switch))
            column.addLayout(row)
        column.addWidget(self.view, 1)
        column.addWidget(self._bulk)

    def which(self) -> str:
        """ "" waiting, "later", "nobody"."""
        return self._switch.value()

    def set_which(self, which: str) -> None:
        self._switch.set_value(which)

    def count_text(self) -> str:
        """ "12", "4,071"."""
        return QLocale().toString(self.total())

    def total(self) -> int:
        """How many questions are left, with those that are not shown yet."""
        return len(self.model.matches) + self._beyond

    def show_matches(self, matches: tuple[Match, ...], total: int) -> None:
        """Without choosing one. total: how many there are with those that are not shown yet."""
        self._beyond = total - len(matches)
        with QSignalBlocker(self.view.selectionModel()):
            self.model.show(matches)
        self._recount()

    def show_firms(self, firms: Sequence[AtFirm]) -> None:
        """What one answer about a firm would settle, of the questions that are shown."""
        self._bulk.offer_firms(firms if self.which() == "" else ())

    def take(self, row: int) -> None:
        """An answered question goes; none is chosen in its place yet."""
        with QSignalBlocker(self.view.selectionModel()):
            self.model.take(row)
        self._recount()

    def _recount(self) -> None:
        matches = self.model.matches
        likely = sum(map(is_likely, matches))
        words = self.tr("question") if self.total() == 1 else self.tr("questions")
        more = ", " + self.tr("{n} with a likely answer").format(n=likely) if likely else ""
        key = sum(match.key for match in matches)
        touch = ", " + counted(key, "{n:,} touches a key company", "{n:,} touch key companies") if key else ""
        self._count.setText(f"{self.count_text()} {words}{more}{touch}")
        self._bulk.offer(len(self._strangers()) if self.which() == "" else 0)

    def _strangers(self) -> tuple[Match, ...]:
        return tuple(match for match in self.model.matches if not match.candidates)

    def row(self) -> int:
        return self.view.currentIndex().row()

    def choose(self, row: int) -> None:
        """Stand on this question; `chosen` follows even if it stood there before."""
        index = self.model.index(row)
        with QSignalBlocker(self.view.selectionModel()):
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.view.viewport().update()
        self.view.scrollTo(index)
        self.chosen.emit(row)

    def _on_current(self, index: Index) -> None:
        if index.isValid():
            self.chosen.emit(index.row())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        painter.fillRect(self.rect(), theme.colour("list"))
        painter.fillRect(QRect(0 if self.isRightToLeft() else self.width() - 1, 0, 1, self.height()), theme.colour("border"))


def standing(matches: tuple[Match, ...], profile_id: int, row: int) -> tuple[Match, ...]:
    """The questions with one of them where it stood, wherever its turn would be."""
    rest = tuple(match for match in matches if match.profile.id != profile_id)
    return (*rest[:row], *(match for match in matches if match.profile.id == profile_id), *rest[row:])
