"""The sidebar: where one can go, with counts; buckets; places; and whether everything is up to date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.model import Bucket
from relationdesk.saying import counted
from relationdesk.services.overview import Overview
from relationdesk.ui.frame import Icon, ScrollColumn, clear, hint
from relationdesk.ui.layout_memory import NARROW_WIDTH, SIDEBAR_WIDTH
from relationdesk.ui.page import Target
from relationdesk.ui.places import place_look
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import TextCache, draw_rounded
from relationdesk.ui.theme import Look
from relationdesk.ui.tokens import readable
from relationdesk.ui.when import ago
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ElidedLabel, PlainLabel, tooltip
from relationdesk.ui.widgets.pill import draw_dot
from relationdesk.ui.words import QT_TRANSLATE_NOOP

NAMES = (
    ("today", QT_TRANSLATE_NOOP("Sidebar", "Today"), "sun"), ("round", QT_TRANSLATE_NOOP("Sidebar", "Look-in round"), "route"),
    ("people", QT_TRANSLATE_NOOP("Sidebar", "People"), "users"), ("companies", QT_TRANSLATE_NOOP("Sidebar", "Companies"), "building-2"),
    ("places", QT_TRANSLATE_NOOP("Sidebar", "Places"), "layers"), ("who", QT_TRANSLATE_NOOP("Sidebar", "Who is this?"), "user-search"),
)  # fmt: skip
WHEN_FILLED = (("routed", QT_TRANSLATE_NOOP("Sidebar", "To answer"), "inbox"), ("outbox", QT_TRANSLATE_NOOP("Sidebar", "Outbox"), "send"))
"""Lines that are there while there is something to count."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Sidebar", text)


def number(n: int) -> str:
    return QLocale().toString(n)


class _Opener(SearchField):
    """Looks like the field of the palette and opens it."""

    pressed = Signal()

    def __init__(self, look: Look, placeholder: str, key: str) -> None:
        super().__init__(look, placeholder, key=key)
        self.setReadOnly(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class NavRow(QAbstractButton):
    """One line of the sidebar: icon, words, an amber dot if somebody waits, a count. Checked: this is shown."""

    menu_wanted = Signal(object)  # global position

    def __init__(
        self, look: Look, text: str, icon: str, *, colour: str = "", count: str = "", waits: bool = False, key: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """colour: "#RRGGBB" of a bucket or place, made readable; "" for the text's own."""
        super().__init__(parent)
        self._look, self._icon, self._colour, self._count, self._waits = look, icon, colour, count, waits
        self._texts = TextCache(20)
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(key)
        self.setToolTip(tooltip(f"{text} ({key})" if key else text))
        self._name_it()
        look.changed.connect(self.updateGeometry)

    def set_count(self, count: str, *, waits: bool = False) -> None:
        self._count, self._waits = count, waits
        self._name_it()
        self.update()

    def _name_it(self) -> None:
        waits = (tr("needs you") if self._icon in (NAMES[4][2], "send") else tr("somebody waits")) if self._waits else ""
        self.setAccessibleName(", ".join(part for part in (self.text(), self._count, waits) if part))

    def sizeHint(self) -> QSize:
        px = self._look.theme.px
        return QSize(px(160), max(28, px(34)))

    def nextCheckState(self) -> None:
        """A click goes somewhere; what is shown is marked by the window."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens, painter = self._look.theme, self._look.theme.tokens, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = tokens.selected if self.isChecked() else tokens.hover if self.underMouse() else tokens.app
        if ground != tokens.app:
            draw_rounded(painter, QRectF(self.rect()).adjusted(0, 1, 0, -1), 8, ground)
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            draw_rounded(painter, QRectF(self.rect()).adjusted(1, 2, -1, -2), 7, "", tokens.accent, 2)
        mirror, px = self.isRightToLeft(), theme.px
        edge, side = px(18), px(10)
        colour = readable(self._colour, ground, 3.0) if self._colour else tokens.accent if self.isChecked() else tokens.text2
        if self.width() < px(NARROW_WIDTH):
            draw_icon(painter, self._icon, colour, (self.width() - edge) / 2, (self.height() - edge) / 2, edge)
            if self._waits:
                draw_dot(painter, theme, QPointF(self.width() / 2 + edge * 0.6, self.height() / 2 - edge * 0.4))
            return
        left = self.width() - side - edge if mirror else side
        draw_icon(painter, self._icon, colour, left, (self.height() - edge) / 2, edge)
        count = self._texts.block(theme, self._count, px(56), role="small", tone="text2", end=True,
                                  right_to_left=mirror, tabular=True)  # fmt: skip
        end = side + (count.width if self._count else 0)
        count.draw(painter, side if mirror else self.width() - side - px(56), (self.height() - count.height) / 2)
        if self._waits:
            end += px(10)
            draw_dot(painter, theme, QPointF(end if mirror else self.width() - end, self.height() / 2))
            end += px(4)
        start = side + edge + px(8)
        width = self.width() - start - end - px(6)
        role = "h3" if self.isChecked() else "strong"
        words = self._texts.block(theme, self.text(), width, role=role, right_to_left=mirror)
        words.draw(painter, end + px(6) if mirror else start, (self.height() - words.height) / 2)


class _Status(QAbstractButton):
    """The little card: are the places up to date, failing, or none there."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._icon, self._tone, self._line = look, "database", "text2", ""
        self._texts = TextCache(20)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def say(self, icon: str, tone: str, title: str, line: str) -> None:
        self._icon, self._tone, self._line = icon, tone, line
        self.setText(title)
        self.setAccessibleName(f"{title}. {line}")
        self.setToolTip(tooltip(f"{title}. {line}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(160), self._look.theme.px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens, painter = self._look.theme, self._look.theme.tokens, QPainter(self)
        draw_rounded(painter, QRectF(self.rect()), 10, tokens.hover if self.underMouse() else tokens.card, tokens.border)
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            draw_rounded(painter, QRectF(self.rect()), 10, "", tokens.accent, 2)
        px, mirror, edge = theme.px, self.isRightToLeft(), theme.px(18)
        left = self.width() - px(12) - edge if mirror else px(12)
        draw_icon(painter, self._icon, str(getattr(tokens, self._tone)), left, px(9), edge)
        width = self.width() - px(46)
        at = px(8) if mirror else px(38)
        top = self._texts.block(theme, self.text(), width, role="small_strong", right_to_left=mirror)
        top.draw(painter, at, px(8))
        below = self._texts.block(theme, self._line, width, role="caption", tone="text2", right_to_left=mirror)
        below.draw(painter, at, px(8) + top.height)


class Sidebar(QWidget):
    """`go(Target)` for a page, a bucket or a place; the other signals are for its buttons."""

    go = Signal(object)
    palette_wanted = Signal()
    import_wanted = Signal()
    help_wanted = Signal()
    settings_wanted = Signal()
    new_bucket = Signal()
    edit_bucket = Signal(object)  # Bucket
    move_bucket = Signal(object, int)  # Bucket, -1 or 1

    def __init__(self, look: Look, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._clock = look, clock
        self._rows: dict[tuple[str, object], NavRow] = {}
        self._owner = ElidedLabel(look, tr("on this computer"), role="caption", tone="text2")
        self.search = _Opener(look, tr("Search or jump"), hint("palette"))
        self.search.pressed.connect(self.palette_wanted)
        self._find = Button(look, style="quiet", icon="search", name=tr("Search or jump"), key=hint("palette"))
        self._find.clicked.connect(self.palette_wanted)
        self._shape: object = None
        self._filled: tuple[str, ...] = ()
        self._narrow = False
        self._found = Overview()
        self._middle = ScrollColumn(look, name=tr("Go to"), padding=(0, 0, 0, 8), gap=0)
        self._status = _Status(look)
        self._status.say("database", "text2", tr("On this computer"), tr("Nothing connected yet"))
        self._status.clicked.connect(lambda: self.go.emit(Target(page="places")))
        self._lay_out()
        self._build(Overview())
        look.changed.connect(self._on_look_changed)

    def _on_look_changed(self) -> None:
        self._measure()
        self._shape = None
        self.show_overview(self._found)

    def set_narrow(self, on: bool) -> None:
        """Icons alone, where large text leaves no room for words: what they mean is on hover, and what is hidden in the palette."""
        if on != self._narrow:
            self._narrow = on
            self._on_look_changed()

    def _lay_out(self) -> None:
        look = self._look
        self._mark = Icon(look, "relationdesk", size=28)
        names = QVBoxLayout()
        names.setSpacing(0)
        self._name = PlainLabel(look, "RelationDesk", role="h3")
        names.addWidget(self._name)
        names.addWidget(self._owner)
        self._top = QHBoxLayout()
        self._top.addWidget(self._mark)
        self._top.addLayout(names, 1)
        self._bottom = QHBoxLayout()
        bring = Button(look, tr("Bring in"), style="quiet", icon="download", key="")
        bring.setToolTip(tooltip(f"{tr('Bring in files')} ({hint('import')})"))
        bring.clicked.connect(self.import_wanted)
        keys = Button(look, style="quiet", icon="circle-question-mark", name=tr("Keys"), key=hint("cheat_sheet"))
        keys.clicked.connect(self.help_wanted)
        settings = Button(look, style="quiet", icon="settings", name=tr("Settings"), key=hint("settings"))
        settings.clicked.connect(self.settings_wanted)
        self._bottom.addWidget(bring)
        self._bottom.addStretch(1)
        self._bottom.addWidget(keys)
        self._bottom.addWidget(settings)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        self._column.addWidget(self.search)
        self._column.addWidget(self._find, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._middle, 1)
        self._column.addWidget(self._status)
        self._column.addLayout(self._bottom)
        self._wide = (self._mark, self._name, self._owner, self.search, self._status, bring, keys)
        self._measure()

    def _measure(self) -> None:
        px = self._look.theme.px
        for widget in self._wide:
            widget.setVisible(not self._narrow)
        self._find.setVisible(self._narrow)
        side = px(6 if self._narrow else 12)
        self._column.setContentsMargins(side, px(14), side, px(10))
        self._column.setSpacing(px(10))
        self._top.setSpacing(px(10))
        handle = self._look.theme.tokens.border
        self._middle.setStyleSheet(f"QScrollBar:vertical {{ width: 8px; }} QScrollBar::handle {{ background: {handle}; margin: 1px 0 1px 3px; }}")
        self._bottom.setSpacing(px(2))
        self._bottom.setContentsMargins(0, 0, px(6 if self._narrow else 0), 0)
        self.setFixedWidth(px(NARROW_WIDTH if self._narrow else SIDEBAR_WIDTH))

    def show_overview(self, found: Overview) -> None:
        """Fill in what the desk holds. Rows stay where they are unless buckets or places came or went."""
        owner = found.owner.split()[0] if found.owner else ""
        desk = tr("Sample") if found.is_sample else tr("{name}’s desk").format(name=owner) if owner else ""
        self._owner.set_runs(" · ".join(part for part in (desk, tr("on this computer")) if part))
        more = {"routed": found.routed, "outbox": found.outbox}
        filled = tuple(page for page, n in more.items() if n)
        wanted = (tuple(_shape(bucket) for bucket in found.buckets), found.places, filled)
        self._found, self._filled = found, filled
        if wanted != self._shape:
            self._build(found)
            self._shape = wanted
        counts = {"today": found.today, "round": found.rounds, "people": found.people, "companies": found.companies,
                  "places": found.logins, "who": found.questions, **{page: more[page] for page in filled}}  # fmt: skip
        for page, n in counts.items():
            self._rows[(page, None)].set_count(number(n) if n else "", waits=(page == "places" and found.failing > 0) or (page == "outbox" and found.unsent > 0))
        for bucket in found.buckets:
            self._rows[("bucket", bucket.id)].set_count(number(bucket.people), waits=bucket.id in found.waiting)
        self._say_status(found, self._clock())

    def mark(self, page: str, id_: object = None) -> None:
        """Show which line is open: (page, None), ("bucket", id) or ("place", name)."""
        for key, row in self._rows.items():
            row.setChecked(key == (page, id_))

    def _build(self, found: Overview) -> None:
        checked = next((key for key, row in self._rows.items() if row.isChecked()), None)
        clear(self._middle.body)
        self._rows = {}
        for page, text, icon in (*NAMES, *(line for line in WHEN_FILLED if line[0] in self._filled)):
            self._add(page, None, NavRow(self._look, tr(text), icon, key=hint(f"go_{page}")), Target(page=page))
        self._middle.body.addLayout(self._section(tr("Buckets"), add=True))
        for bucket in found.buckets:
            row = NavRow(self._look, bucket.name, "star", colour=bucket.colour, count=number(bucket.people))
            row.menu_wanted.connect(lambda at, bucket=bucket: self._bucket_menu(bucket, at))
            self._add("bucket", bucket.id, row, Target(page="bucket", id=bucket.id))
        if found.places:
            self._middle.body.addLayout(self._section(tr("Places")))
        for place in found.places:
            seen = place_look(place)
            colour = self._look.theme.place_colour(place).glyph
            self._add("place", place, NavRow(self._look, seen.title, seen.icon, colour=colour), Target(page="place", place=place))
        if checked in self._rows:
            self._rows[checked].setChecked(True)

    def _add(self, page: str, id_: object, row: NavRow, target: Target) -> None:
        row.clicked.connect(lambda: self.go.emit(target))
        self._rows[(page, id_)] = row
        self._middle.body.addWidget(row)

    def _section(self, title: str, *, add: bool = False) -> QHBoxLayout:
        px, line = self._look.theme.px, QHBoxLayout()
        line.setContentsMargins(px(10), px(10), px(2), px(2))
        if self._narrow:
            line.setContentsMargins(0, px(6), 0, px(6))
        else:
            line.addWidget(PlainLabel(self._look, title.upper(), role="over", tone="text2"), 1)
            line.addStrut(px(28))  # as high with its button as without
        if add:
            button = Button(self._look, style="quiet", icon="plus", name=tr("New bucket"), key=hint("new_bucket"), compact=True)
            button.clicked.connect(self.new_bucket)
            line.addWidget(button)
        return line

    def _bucket_menu(self, bucket: Bucket, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Edit…"), lambda: self.edit_bucket.emit(bucket))
        menu.addAction(tr("Move up"), lambda: self.move_bucket.emit(bucket, -1))
        menu.addAction(tr("Move down"), lambda: self.move_bucket.emit(bucket, 1))
        menu.popup(at)

    def _say_status(self, found: Overview, now: datetime) -> None:
        if not found.logins:
            self._status.say("database", "text2", tr("On this computer"), tr("No place is connected"))
            return
        places = counted(found.logins, "{n:,} place", "{n:,} places")
        if found.failing:
            title = tr("1 place needs you") if found.failing == 1 else tr("{n} places need you").format(n=found.failing)
            self._status.say("circle-alert", "attn", title, tr("What was read is safe"))
        elif found.offline:
            waiting = counted(found.sending, "{n:,} waits to be sent", "{n:,} wait to be sent") if found.sending else tr("Reading goes on by itself")
            self._status.say("wifi-off", "text2", tr("This computer is offline"), waiting)
        elif found.later:
            title = tr("1 source waits") if found.later == 1 else tr("{n} sources wait").format(n=found.later)
            self._status.say("hourglass", "text2", title, tr("Reading goes on by itself"))
        elif found.paused == found.logins:
            self._status.say("pause", "text2", tr("Places are paused"), tr("What was read is safe"))
        elif found.last_good is None:
            self._status.say("clock", "text2", tr("Places not read yet"), places)
        else:
            checked = tr("{places} · checked {ago} ago").format(places=places, ago=ago(found.last_good, now))
            self._status.say("circle-check", "ok", tr("Places up to date"), checked)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._look.theme, QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens.app))
        edge = 0 if self.isRightToLeft() else self.width() - 1
        painter.fillRect(QRectF(edge, 0, 1, self.height()), theme.colour("border"))


def _shape(bucket: Bucket) -> tuple[int, str, str, int]:
    """What decides whether the rows must be made again; the number of people does not."""
    return bucket.id, bucket.name, bucket.colour, bucket.position
