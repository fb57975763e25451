"""Choose a person: a few that are offered, and everybody else by typing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.model import Person
from relationdesk.store import people
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import clear
from relationdesk.ui.page import Context
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ElidedLabel, PlainLabel

SEARCH_AFTER_MS = 80
SHOWN = 5
WIDTH = 420


class PersonRow(Clickable):
    """Circle, name, role and company."""

    def __init__(self, look: Look, person: Person, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(look, spoken, parent=parent)
        px = look.theme.px
        self.setMaximumWidth(px(WIDTH))
        line = QHBoxLayout(self)
        line.setContentsMargins(px(6), px(5), px(6), px(5))
        line.setSpacing(px(10))
        line.addWidget(Avatar(look, person.name, person.id, size=28))
        about = " · ".join(p for p in (person.title, person.company) if p)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(look, person.name, role="strong"))
        if about:
            words.addWidget(ElidedLabel(look, about, role="small", tone="text2"))
        line.addLayout(words, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class PersonPicker(QWidget):
    """`picked(Person)`. Without words of its own it is for comparing; without: ids of people who are not to be found."""

    picked = Signal(object)

    def __init__(
        self, context: Context, offered: Iterable[Person] = (), parent: QWidget | None = None, *, title: str = "", hint: str = "",
        spoken: str = "", nobody: str = "", without: frozenset[int] = frozenset(),
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._context, self._without = context, without
        self._spoken = spoken or self.tr("Compare with {name}")
        self._nobody = nobody or self.tr("Nobody of that name. “Somebody new” makes a person of this profile.")
        look, px = context.look, context.look.theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, 0)
        column.setSpacing(px(8))
        offers = tuple(offered)
        heading = self.tr("Others it could be") if offers else self.tr("Somebody else")
        column.addWidget(PlainLabel(look, title or heading, role="h3", wrap=True))
        for person in offers:
            column.addWidget(self._row(person))
        self.search = SearchField(look, hint or self.tr("Compare with another person: type a name"), name=self.tr("Another person"))
        self.search.setMaximumWidth(px(WIDTH))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_AFTER_MS)
        self._timer.timeout.connect(self._look_up)
        self.search.textChanged.connect(self._on_typed)
        self._found = QVBoxLayout()
        column.addWidget(self.search)
        column.addLayout(self._found)

    def _on_typed(self) -> None:
        self._timer.start()

    def _look_up(self) -> None:
        typed = self.search.text()
        if typed.strip():
            ask = partial(people.page, query=typed, limit=SHOWN + len(self._without), order="touch", with_me=bool(self._without))
            self._context.tasks.run(ask, done=partial(self._on_found, typed))
        else:
            clear(self._found)

    def _on_found(self, typed: str, found: tuple[Person, ...]) -> None:
        if typed != self.search.text():
            return
        clear(self._found)
        others = [person for person in found if person.id not in self._without][:SHOWN]
        for person in others:
            self._found.addWidget(self._row(person))
        if not others:
            self._found.addWidget(PlainLabel(self._context.look, self._nobody, role="small", tone="text2", wrap=True))

    def _row(self, person: Person) -> PersonRow:
        row = PersonRow(self._context.look, person, self._spoken.format(name=person.name))
        row.clicked.connect(partial(self.picked.emit, person))
        return row
