"""What can be connected, as tiles with a field to find one; and what cannot, which says why instead of being missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.services.logins import ways_in
from relationdesk.sources.closed_places import CLOSED, sought
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Flow
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark


class ConnectGrid(QWidget):
    """typed: what stands in the field already. A tile asks the router to connect; of a closed place, to say why it cannot be."""

    def __init__(self, context: Context, typed: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        look, px = context.look, context.look.theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self.field = SearchField(look, self.tr("Find a place"))
        self.tiles: dict[str, Clickable] = {}
        """By what the router is asked for: a source and place ("feed/flickr"), or a closed place ("closed/facebook")."""
        self._words: dict[str, str] = {}
        self._open, self._closed = QWidget(), QWidget()
        self._closed_title = PlainLabel(look, self.tr("Closed to programs"), role="small_strong", tone="text2")
        told = self.tr("No place of this name is known. Anything with a feed can be read as Blog; the page of anybody else can be kept as a link.")
        self.nothing = ParagraphLabel(look, told, role="small", tone="text2")
        for part in (self.field, self._open, self._closed_title, self._closed, self.nothing):
            column.addWidget(part)
        self._fill()
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._take_first)
        self.field.setText(typed)
        self._find(typed)

    def _fill(self) -> None:
        look, ask = self._context.look, self._context.router.connect_place.emit
        for holder in (self._open, self._closed):
            holder.setLayout(Flow(look, gap=8))
        for way in ways_in():
            for place in way.places:
                title, key = place_look(place).title, f"{way.source}/{place}"
                named = self.tr("Connect {place}").format(place=title)
                self._put(self._open, key, place, title, named, partial(ask, way.source))
                self._words[key] = f"{title} {place} {way.title} {way.also}"
        for one in CLOSED:
            title, key = one.title or place_look(one.place).title, f"closed/{one.key}"
            named = self.tr("Why {place} cannot be connected").format(place=title)
            self._put(self._closed, key, one.place, title, named, partial(ask, key), tone="text2")
            self._words[key] = f"{title} {one.called} {one.key} {one.also}"

    def _put(self, holder: QWidget, key: str, place: str, title: str, name: str, ask: Callable[[], object], tone: str = "text1") -> None:
        look, px = self._context.look, self._context.look.theme.px
        tile = Clickable(look, name, radius=10, framed=True)
        column = QVBoxLayout(tile)
        column.setContentsMargins(px(3), px(10), px(3), px(3))
        column.setSpacing(px(3))
        column.addWidget(PlaceMark(look, place, size=24), 0, Qt.AlignmentFlag.AlignHCenter)
        label = PlainLabel(look, title, role="caption", tone=tone, wrap=True)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        column.addWidget(label, 1)
        tile.setFixedSize(px(90), px(74))  # two lines of a name fit below the mark
        for child in tile.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        tile.clicked.connect(ask)
        self.tiles[key] = tile
        layout = holder.layout()
        assert layout is not None
        layout.addWidget(tile)

    def shown(self) -> list[str]:
        """Keys of the tiles that answer to what is typed, in their order."""
        return [key for key, words in self._words.items() if sought(words, self.field.text())]

    def _find(self, _: str) -> None:
        found = frozenset(self.shown())
        for key, tile in self.tiles.items():
            tile.setVisible(key in found)
        closed = any(key.startswith("closed/") for key in found)
        self._open.setVisible(any(not key.startswith("closed/") for key in found))
        self._closed.setVisible(closed)
        self._closed_title.setVisible(closed)
        self.nothing.setVisible(not found)
        for holder in (self._open, self._closed):
            holder.updateGeometry()

    def _take_first(self) -> None:
        """Enter in the field: the first that is found."""
        found = self.shown()
        if self.field.text().strip() and found:
            self.tiles[found[0]].clicked.emit()
