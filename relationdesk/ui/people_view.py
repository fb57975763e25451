"""The list of people on the screen: a delegate that paints a row, and a view that stays instant with 10,000 of them.

A table with one column, because it knows its rows by fixed heights: a list of the same length is laid out again as a
whole whenever two rows differ in height, and the section lines do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from relationdesk.model import Person
from relationdesk.services.overview import Detail
from relationdesk.ui.people_model import DETAIL, SECTION, PeopleModel, Section, touched, waits_text
from relationdesk.ui.prompt_words import ICONS
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import TextCache, draw_row, mirrored, quiet_tone
from relationdesk.ui.theme import Look
from relationdesk.ui.when import ago
from relationdesk.ui.widgets.avatar import draw_avatar
from relationdesk.ui.widgets.place_mark import draw_place_glyph

ROW, SECTION_ROW = 68, 40
"""Heights at 100 % text size."""

_Index = QModelIndex | QPersistentModelIndex


class PeopleDelegate(QStyledItemDelegate):
    """Paints one person: circle, name and time, firm, and what waits or came last."""

    def __init__(self, look: Look, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._clock = look, clock
        self._texts = TextCache()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        height = SECTION_ROW if isinstance(index.data(SECTION), Section) else ROW
        return QSize(120, self._look.theme.px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        section = index.data(SECTION)
        painter.save()
        if isinstance(section, Section):
            self._paint_section(painter, option, section)
        else:
            model = index.model()
            person = model.person(index) if isinstance(model, PeopleModel) else None
            if person is not None:
                self._paint_person(painter, option, person, index.data(DETAIL))
        painter.restore()

    def _paint_section(self, painter: QPainter, option: QStyleOptionViewItem, section: Section) -> None:
        theme = self._look.theme
        area = option.rect.adjusted(theme.px(20), 0, -theme.px(20), 0)
        words = f"{section.title.upper()} · {section.number:n}"
        mirror = option.direction == Qt.LayoutDirection.RightToLeft
        block = self._texts.block(theme, words, area.width(), role="over", tone="text2", right_to_left=mirror, tabular=True)
        block.draw(painter, area.left(), area.bottom() - theme.px(9) - block.height)

    def _paint_person(
        self, painter: QPainter, option: QStyleOptionViewItem, person: Person, detail: Detail | None
    ) -> None:
        theme = self._look.theme
        row = option.rect.adjusted(8, 1, -8, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = draw_row(painter, option, row, theme)
        mirror = option.direction == Qt.LayoutDirection.RightToLeft

        def put(x: int, y: int, width: int, height: int) -> QRect:
            return mirrored(QRect(row.left() + x, row.top() + y, width, height), row, option.direction)

        edge = theme.px(40)
        circle = put(theme.px(10), (row.height() - edge) // 2, edge, edge)
        draw_avatar(painter, theme, QRectF(circle), person.name, person.id, dot=person.open_prompts > 0, ground=ground)
        left, right = theme.px(62), theme.px(12)
        width = row.width() - left - right
        height, second = theme.px(19), person.company or person.title
        has_third = person.open_prompts or touched(person) or (detail is not None and detail.text)  # it comes later, and should move nothing
        lines = 3 if has_third else 2 if second else 1
        top = (row.height() - lines * height) // 2
        time = self._texts.block(
            theme, ago(touched(person), self._clock()), theme.px(70), role="small", tone=quiet_tone(selected), end=True,
            right_to_left=mirror, tabular=True,
        )  # fmt: skip
        at = put(left + width - theme.px(70), top, theme.px(70), height)
        time.draw(painter, at.left(), at.top() + (height - time.height) / 2)
        room = width - (time.width + theme.px(8) if time.text else 0)
        self._line(painter, put(left, top, room, height), person.name, "strong", "text1", mirror, strong=True)
        self._line(painter, put(left, top + height, width, height), second, "small", "text2", mirror)
        self._paint_third(painter, put(left, top + 2 * height, width, height), person, detail, mirror)

    def _paint_third(
        self, painter: QPainter, area: QRect, person: Person, detail: Detail | None, mirror: bool
    ) -> None:
        """Amber words for what waits; else the newest activity with the glyph of its place."""
        theme = self._look.theme
        words, tone = (detail.text if detail else ""), "text2"
        if person.open_prompts:
            words, tone = (detail.prompt if detail and detail.prompt else waits_text(person)), "attn"
        if not words:
            return
        edge, step = theme.px(15), theme.px(21)
        left = area.right() - edge + 1 if mirror else area.left()
        top = area.top() + (area.height() - edge) // 2
        if person.open_prompts:
            draw_icon(painter, ICONS.get(detail.rule if detail else "", "message-circle"), theme.tokens.attn, left, top, edge)
        elif detail is not None and detail.place:
            draw_place_glyph(painter, theme, left, top, edge, detail.place)
        text = area.adjusted(0, 0, -step, 0) if mirror else area.adjusted(step, 0, 0, 0)
        self._line(painter, text, words, "small_strong" if tone == "attn" else "small", tone, mirror)

    def _line(
        self, painter: QPainter, area: QRect, words: str, role: str, tone: str, mirror: bool, *, strong: bool = False
    ) -> None:
        if words and area.width() > 8:
            theme = self._look.theme
            name = "h3" if strong else role
            block = self._texts.block(theme, words, area.width(), role=name, tone=tone, right_to_left=mirror)
            block.draw(painter, area.left(), area.top() + (area.height() - block.height) / 2)


class PeopleView(QTableView):
    """`chosen(id)` when somebody is to be opened; `wanted(ids)` for rows whose third line is seen and not known."""

    chosen = Signal(int)
    wanted = Signal(tuple)

    def __init__(
        self, look: Look, model: PeopleModel, *, many: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC), parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """many: several rows can be selected; then a double click or Enter opens, else a click or the arrow keys."""
        super().__init__(parent)
        self._look, self._model, self._many, self._quiet = look, model, many, False
        self._low: tuple[int, ...] = ()
        self.setModel(model)
        self.setItemDelegate(PeopleDelegate(look, clock, self))
        self.setStyleSheet(
            "QTableView { background: transparent; border: none; border-radius: 0; selection-background-color: transparent; }"
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._ask)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._asking.start())
        model.modelReset.connect(self._measure)
        model.dataChanged.connect(lambda *_: self._asking.start())
        look.changed.connect(self._measure)
        self.doubleClicked.connect(self._on_open)
        if not many:
            self.selectionModel().currentChanged.connect(self._on_current)
        self._measure()

    def show_person(self, person_id: int | None) -> None:
        """Mark somebody without opening them again; None or somebody not shown: nobody is marked."""
        self._quiet = True
        index = QModelIndex() if person_id is None else self._model.index_of(person_id)
        if index.isValid():
            self.setCurrentIndex(index)
            if index.row() - 1 in self._low:  # with the heading that stands above
                self.scrollTo(index.siblingAtRow(index.row() - 1))
            self.scrollTo(index)
        else:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
        self._quiet = False

    def selected_ids(self) -> tuple[int, ...]:
        """Everybody selected, in the order shown."""
        found = (self._model.person(index) for index in sorted(self.selectionModel().selectedRows()))
        return tuple(person.id for person in found if person is not None)

    def person_at(self, point: QPoint) -> int | None:
        """Whose row is at a point of the viewport, None for none."""
        index = self.indexAt(point)
        person = self._model.person(index) if index.isValid() else None
        return person.id if person is not None else None

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) person; stays at the ends."""
        people, current = self._model.people(), self.currentIndex()
        here = self._model.person(current) if self.selectionModel().isSelected(current) else None
        at = next((n for n, person in enumerate(people) if here is not None and person.id == here.id), -1 if by > 0 else 1)
        if people and 0 <= at + by < len(people):
            self.setCurrentIndex(self._model.index_of(people[at + by].id))

    def keep_place(self, change: Callable[[], None]) -> None:
        """Change the model's rows without moving what is being read: the scroll and the person stay."""
        here, scroll = self._model.person(self.currentIndex()), self.verticalScrollBar().value()
        change()
        self._quiet = True
        if here is not None and (index := self._model.index_of(here.id)).isValid():
            self.setCurrentIndex(index)
        self._quiet = False
        self.verticalScrollBar().setValue(scroll)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go from person to person, over the headings; letters are keys of the page and not a search."""
        steps, plain = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}, not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        people, ends = self._model.people(), {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
        if plain and event.key() in steps:
            self.step(steps[Qt.Key(event.key())])
        elif plain and event.key() in ends and people:
            self.setCurrentIndex(self._model.index_of(people[ends[Qt.Key(event.key())]].id))
        elif event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first row the current one of a list that gets the focus; that must not open anybody."""
        self._quiet = True
        super().focusInEvent(event)
        self._quiet = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._asking.start()

    def _measure(self) -> None:
        header, px = self.verticalHeader(), self._look.theme.px
        if header.defaultSectionSize() != px(ROW):
            header.setDefaultSectionSize(px(ROW))
            header.resizeSections(QHeaderView.ResizeMode.Fixed)
        for row in self._low:  # the header keeps the heights of rows over a reset
            if row < self._model.rowCount():
                header.resizeSection(row, px(ROW))
        self._low = self._model.section_rows()
        for row in self._low:
            header.resizeSection(row, px(SECTION_ROW))
        self._asking.start()

    def _ask(self) -> None:
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        if first >= 0 and self.isVisible():
            ids = self._model.missing(first - 2, (last if last >= 0 else self._model.rowCount()) + 2)
            if ids:
                self.wanted.emit(ids)

    def _on_open(self, index: QModelIndex) -> None:
        person = self._model.person(index)
        if person is not None:
            self.chosen.emit(person.id)

    def _on_current(self, index: QModelIndex, previous: QModelIndex) -> None:
        if not self._quiet and index.isValid():
            self._on_open(index)
