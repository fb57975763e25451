"""Ctrl+K: one field that leads to everybody and everything. Typing asks the desk; the arrow keys and Enter do the rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QListView, QVBoxLayout, QWidget

from relationdesk.services import searching
from relationdesk.services.searching import Found, Hit, Kept
from relationdesk.ui.cheat_sheet import shown_specs
from relationdesk.ui.page import Context
from relationdesk.ui.palette_model import (
    Entry,
    PaletteDelegate,
    PaletteModel,
    adding,
    doing,
    group,
    hit_entries,
    kept_entries,
    named,
    tr,
)
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import PlainLabel

if TYPE_CHECKING:
    from relationdesk.ui.main_window import MainWindow

WIDTH, HEIGHT = 640, 560
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_LEAPS = {Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Palette(QDialog):
    """Enter goes, Shift+Enter writes a note on that person, Esc closes."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle(tr("Search or jump"))
        self._context, self._window = context, window
        self._jobs: list[Job] = []
        self._found, self._hits, self._kept = Found(), tuple[Hit, ...](), Kept()
        look = context.look
        self.field = SearchField(look, tr("A name, a company, a bucket, a page, or any words"), name=self.windowTitle())
        self.field.setFrame(False)
        self.model = PaletteModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(look, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("Found"))
        self.nothing = PlainLabel(look, tr("Nothing found"), tone="text2")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self.told = PlainLabel(look, "", role="small", tone="attn", wrap=True)
        self.told.hide()
        hints = tr("Enter opens · Shift+Enter writes a note · from: in: place: kind: before: after: narrow the search")
        foot = PlainLabel(look, hints, role="caption", tone="text3", wrap=True)
        px = look.theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(14), px(14), px(10))
        column.setSpacing(px(8))
        column.addWidget(self.field)
        column.addWidget(self.told)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(foot)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_typed)
        self.list.clicked.connect(lambda index: self.choose(index.row()))
        self._place(window)
        self._on_typed("")
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self, window: QWidget) -> None:
        px = self._context.look.theme.px
        width, height = min(px(WIDTH), window.width() - 48), min(px(HEIGHT), window.height() - 96)
        self.setFixedSize(width, height)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + min(px(90), (window.height() - height) // 2))

    # Asking

    def _on_typed(self, typed: str) -> None:
        """Ask anew; older questions are dropped, what they found stays until the new answer is here."""
        for job in self._jobs:
            job.cancel()
        tasks, failed = self._context.tasks, self._context.router.failed.emit
        self._jobs = [tasks.run(searching.palette, typed, done=self._on_found, failed=failed)]
        if len(typed.strip()) >= 2:
            now = self._context.clock()
            self._jobs.append(tasks.run(partial(searching.text, now=now), typed, done=self._on_hits, failed=failed))
            self._jobs.append(tasks.run(searching.kept, typed, done=self._on_kept, failed=failed))
            self._jobs.append(tasks.run(searching.unclear, typed, now, done=self._on_unclear, failed=failed))
        else:
            self._hits, self._kept = (), Kept()
            self._on_unclear(())

    def _on_found(self, found: Found) -> None:
        self._found = found
        self._fill()

    def _on_kept(self, found: Kept) -> None:
        self._kept = found
        self._fill()

    def _on_hits(self, hits: tuple[Hit, ...]) -> None:
        self._hits = hits[:20]
        self._fill()

    def _on_unclear(self, sentences: tuple[str, ...]) -> None:
        self.told.setText(" ".join(sentences))
        self.told.setVisible(bool(sentences))

    def _fill(self) -> None:
        typed, actions = self.field.text(), self._window.actions_
        specs = [s for s in shown_specs() if actions[s.id].isEnabled() and s.group != "move" and s.id != "palette"]
        going = doing([s for s in specs if s.group == "go"], typed, actions.key)
        acting = doing([s for s in specs if s.group != "go"], typed, actions.key)
        if not typed.strip():
            acting = acting[:6]
        self._show(
            [
                *named(self._found),
                *kept_entries(self._kept),
                *group(tr("Add"), adding(typed)),
                *group(tr("Pages"), going),
                *hit_entries(self._hits, self._context.clock()),
                *group(tr("Actions"), acting),
            ]
        )

    def _show(self, entries: list[Entry]) -> None:
        self.model.set_entries(entries)
        self.list.setVisible(bool(entries))
        self.nothing.setVisible(not entries)
        self._stand(self.model.next_row(-1, 1))

    def _stand(self, row: int) -> None:
        if row >= 0:
            index = self.model.index(row)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(self.model.index(0) if row == self.model.next_row(-1, 1) else index)

    # Choosing

    def choose(self, row: int, *, note: bool = False) -> None:
        """Do what a line says and close. note: write a note on its person instead."""
        entry = self.model.entry(row)
        if entry is None or entry.heading:
            return
        router, window = self._context.router, self._window
        self.close()
        if note and entry.person is not None:
            router.new_note.emit(entry.person.id)
        elif entry.target is not None:
            router.go.emit(entry.target)
        elif entry.adds:
            router.add_somebody.emit(entry.adds, None)
        elif entry.template:
            router.agree.emit("templates", entry.template)
        elif entry.action:
            window.actions_[entry.action].trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        """The keys of the list work while the field has the focus. True: nothing is left for the field."""
        key, row = Qt.Key(event.key()), self.list.currentIndex().row()
        if key in _STEPS:
            self._stand(self.model.next_row(row, _STEPS[key]))
        elif key in _LEAPS:
            leap = _LEAPS[key]
            last = self.model.rowCount() - 1
            self._stand(self.model.next_row(min(last, max(0, row + leap)) - (1 if leap > 0 else -1), 1 if leap > 0 else -1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(row, note=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Without a compositor nothing is translucent and the corners would be black."""
        super().resizeEvent(event)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), 12, 12)
        self.setMask(QRegion(shape.toFillPolygon().toPolygon()))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._context.look.theme.tokens
        draw_rounded(QPainter(self), QRectF(self.rect()), 12, tokens.card, tokens.border)
