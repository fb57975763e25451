"""What every page of the window is, and what it is given. Pages never call each other: they ask the router."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from relationdesk.model import Changes, Key
from relationdesk.ui.tasks import Tasks
from relationdesk.ui.theme import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to go. page: name in PAGES. id: person, company or bucket id. place: for the place page.

    at: the item to stand on (the flip). scroll: how far below the upper edge it stood, on the way back. chosen: whether it is
    the item in hand, or only where the reader stands. new: at what is new since the reader last looked. extra: whatever a page keeps.
    """

    page: str
    id: int | None = None
    place: str = ""
    at: Key | None = None
    scroll: int | None = None
    chosen: bool = True
    new: bool = False
    extra: Any = None


class Router(QObject):
    """How a page asks for another page, a toast, a dialog. The window listens."""

    go = Signal(object)  # Target
    back = Signal()
    toast = Signal(str, bool)  # sentence, with Undo
    failed = Signal(object)  # a RelationDeskError to show as one sentence
    import_files = Signal(list)  # [Path] to preview and bring in
    add_somebody = Signal(str, object)  # what was typed, the person whose place it is or None: look, show, keep
    capture = Signal(object, str, object)  # person id, what was pasted, Key of what is changed or None: write down what they did
    agree = Signal(str, object)  # "follow_up" or "particular" (About), "contact" (Person), "agreed" (Agreed), "span" (TheirTime), "templates" (uid or ""): open that dialog
    new_note = Signal(object)  # person id or None: open the composer
    open_link = Signal(str)  # address from outside: checked and confirmed by the window
    copy = Signal(str)
    export = Signal(object)  # services.export.View of what is on the screen, or None for everything
    connect_place = Signal(str)  # source name
    rules = Signal()  # the rules of prompts
    sync = Signal(object)  # login id or None for all
    foot_moved = Signal()  # what `Page.foot` answers may be another number now


@dataclass(frozen=True, slots=True)
class Context:
    """What a page is given."""

    tasks: Tasks
    look: Look
    router: Router
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


class Page(QWidget):
    """A page in the window's stack. name is stable (keys, pictures, tests); title is shown.

    `open` shows a target; `on_changed` decides for itself whether it is concerned; `leave` is called before another
    page is shown; `restyle` after the theme or text size changed; `position` answers a Target to come back to.
    `drawn`: the first contents are on the screen. is_start: this is the first picture of the program, nothing else may delay it.
    """

    drawn = Signal()
    name = ""
    is_start = False
    retitled = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def title(self) -> str:
        return self.name

    def open(self, target: Target) -> None:
        raise NotImplementedError

    def on_changed(self, changes: Changes) -> None:
        """Something was written somewhere."""

    def leave(self) -> None:
        """Another page comes."""

    def restyle(self) -> None:
        """Theme or text size changed."""

    def position(self) -> Target:
        return Target(page=self.name)

    def foot(self) -> int:
        """How much of its lower end (pixels of the screen) is to be pressed next, so that no slip may lie over it."""
        return 0

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What this page does itself for actions of the table, by action id, instead of the window ("export": its own
        view). Keys that neither the page names here nor the window knows reach the page's `keyPressEvent`."""
        return {}
