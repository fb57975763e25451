"""Every action with its words, key and icon, once. Menu, palette, key hints and cheat sheet all read this table.

A page connects `actions["reply"].triggered`; the window calls `actions.set_page` when the page changes. A `local`
action (Space, Enter) fires only inside the widgets it is added to with `widget.addAction`, because a button needs
that key for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from relationdesk.ui.keys import native_key
from relationdesk.ui.resources import icon
from relationdesk.ui.theme import Look
from relationdesk.ui.words import QT_TRANSLATE_NOOP

EVERYWHERE: frozenset[str] = frozenset()
"""As `pages`: the action is there on every page."""

PAGES = frozenset(
    "person place bucket stream today round who company people companies places search outbox routed settings".split()
)
_ITEMS = frozenset({"person", "place", "bucket", "stream", "today", "round", "search"})
_TIMELINES = frozenset({"person", "place", "bucket", "stream", "round", "search"})
_PEOPLE = frozenset({"person", "bucket", "today", "round", "people", "company"})
_ROUTED = frozenset({"routed"})
_OUTBOX = frozenset({"outbox"})
_WRITE = frozenset({"person", "today", "round"})
_ROUND = frozenset({"round"})
_WHO = frozenset({"who"})

GROUPS = {
    "go": QT_TRANSLATE_NOOP("Actions", "Go"),
    "engage": QT_TRANSLATE_NOOP("Actions", "With this person"),
    "round": QT_TRANSLATE_NOOP("Actions", "In a look-in round"),
    "lists": QT_TRANSLATE_NOOP("Actions", "To answer, and outbox"),
    "move": QT_TRANSLATE_NOOP("Actions", "Move"),
    "who": QT_TRANSLATE_NOOP("Actions", "Who is this?"),
    "desk": QT_TRANSLATE_NOOP("Actions", "Desk"),
    "edit": QT_TRANSLATE_NOOP("Actions", "Edit"),
    "help": QT_TRANSLATE_NOOP("Actions", "Help"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """id: stored with changed keys, never rename. text: untranslated. key: portable QKeySequence text, "" for none;
    Qt makes Ctrl into Cmd on macOS. pages: EVERYWHERE or the names of PAGES where it applies."""

    id: str
    text: str
    group: str
    key: str = ""
    icon: str = ""
    pages: frozenset[str] = EVERYWHERE
    local: bool = False

    def applies(self, page: str) -> bool:
        return self.pages == EVERYWHERE or page in self.pages


def _spec(
    name: str, text: str, group: str, key: str = "", icon: str = "", pages: frozenset[str] = EVERYWHERE,
    local: bool = False,
) -> ActionSpec:  # fmt: skip
    return ActionSpec(id=name, text=text, group=group, key=key, icon=icon, pages=pages, local=local)


SPECS: tuple[ActionSpec, ...] = (
    _spec("palette", QT_TRANSLATE_NOOP("Actions", "Search or jump"), "go", "Ctrl+K", "search"),
    _spec("find", QT_TRANSLATE_NOOP("Actions", "Search here"), "go", "Ctrl+F", "search"),
    _spec("go_today", QT_TRANSLATE_NOOP("Actions", "Today"), "go", "G, T", "sun"),
    _spec("go_round", QT_TRANSLATE_NOOP("Actions", "Look-in round"), "go", "G, L", "route"),
    _spec("go_people", QT_TRANSLATE_NOOP("Actions", "People"), "go", "G, P", "users"),
    _spec("go_companies", QT_TRANSLATE_NOOP("Actions", "Companies"), "go", "G, C", "building-2"),
    _spec("go_who", QT_TRANSLATE_NOOP("Actions", "Who is this?"), "go", "G, W", "user-search"),
    _spec("go_places", QT_TRANSLATE_NOOP("Actions", "Places"), "go", "G, S", "layers"),
    _spec("go_outbox", QT_TRANSLATE_NOOP("Actions", "Outbox"), "go", "G, O", "send"),
    _spec("go_routed", QT_TRANSLATE_NOOP("Actions", "To answer"), "go", "G, R", "inbox"),
    _spec("go_templates", QT_TRANSLATE_NOOP("Actions", "Templates"), "go", "G, M", "file-text"),
    _spec("back", QT_TRANSLATE_NOOP("Actions", "Back"), "go", "Esc", "arrow-left"),
    _spec("note", QT_TRANSLATE_NOOP("Actions", "Write a note"), "engage", "N", "notebook-pen", _PEOPLE | _ITEMS | _ROUTED),
    _spec("capture", QT_TRANSLATE_NOOP("Actions", "Write down what they did"), "engage", "Shift+N", "pencil", frozenset({"person"})),
    _spec("reply", QT_TRANSLATE_NOOP("Actions", "Answer"), "engage", "R", "reply", _ITEMS),
    _spec("like", QT_TRANSLATE_NOOP("Actions", "Like"), "engage", "L", "heart", _ITEMS),
    _spec("boost", QT_TRANSLATE_NOOP("Actions", "Pass on (boost, repost)"), "engage", "Shift+B", "repeat-2", _ITEMS),
    _spec("write_to", QT_TRANSLATE_NOOP("Actions", "Write to them: mail or message"), "engage", "M", "mail", _WRITE),
    _spec("open_original", QT_TRANSLATE_NOOP("Actions", "Open the original"), "engage", "O", "external-link", _ITEMS | _ROUTED | _OUTBOX),
    _spec("flip", QT_TRANSLATE_NOOP("Actions", "Flip between place and person"), "engage", "F", "arrow-left-right", _ITEMS),
    _spec("snooze", QT_TRANSLATE_NOOP("Actions", "Snooze"), "engage", "S", "alarm-clock", _ITEMS),
    _spec("done", QT_TRANSLATE_NOOP("Actions", "Done"), "engage", "E", "check", _ITEMS | _ROUTED),
    _spec("route", QT_TRANSLATE_NOOP("Actions", "Put on a list: complaint, suggestion, opportunity"), "engage", "Shift+R", "inbox", _ITEMS),
    _spec("mail_on", QT_TRANSLATE_NOOP("Actions", "Mail to a colleague"), "lists", "M", "mail", _ROUTED),
    _spec("remark", QT_TRANSLATE_NOOP("Actions", "Remark"), "lists", "Shift+N", "pencil", _ROUTED),
    _spec("take_off", QT_TRANSLATE_NOOP("Actions", "Take off the list or out of the outbox"), "lists", "Del", "x", _ROUTED | _OUTBOX),
    _spec("edit_entry", QT_TRANSLATE_NOOP("Actions", "Write on"), "lists", "R", "pencil", _OUTBOX),
    _spec("hold_back", QT_TRANSLATE_NOOP("Actions", "Hold back"), "lists", "H", "hand", _OUTBOX),
    _spec("retry", QT_TRANSLATE_NOOP("Actions", "Try again"), "lists", "T", "refresh-cw", _OUTBOX),
    _spec("give_up", QT_TRANSLATE_NOOP("Actions", "Give up, keep the words"), "lists", "X", "x", _OUTBOX),
    _spec("follow_up", QT_TRANSLATE_NOOP("Actions", "Follow up"), "engage", "T", "calendar-clock", frozenset({"person", "company"})),
    _spec("log_contact", QT_TRANSLATE_NOOP("Actions", "Log a contact"), "engage", "H", "phone", frozenset({"person"})),
    _spec("particular", QT_TRANSLATE_NOOP("Actions", "Keep something in mind"), "engage", "I", "pencil", frozenset({"person"})),
    _spec("buckets", QT_TRANSLATE_NOOP("Actions", "Buckets"), "engage", "B", "star", _PEOPLE),
    _spec("why", QT_TRANSLATE_NOOP("Actions", "Why now?"), "engage", "W", "circle-question-mark", _ITEMS),
    _spec("send", QT_TRANSLATE_NOOP("Actions", "Keep the note"), "engage", "Ctrl+Return", "send"),
    _spec("insert_template", QT_TRANSLATE_NOOP("Actions", "Insert a template"), "engage", "Ctrl+T", "file-text", frozenset({"person", "company", "round"})),
    _spec("start_round", QT_TRANSLATE_NOOP("Actions", "Start look-in round"), "round", "Shift+L", "route", _PEOPLE | {"stream"}),
    _spec("bucket_stream", QT_TRANSLATE_NOOP("Actions", "What this bucket did"), "go", "G, B", "messages-square", frozenset({"person", "place"})),
    _spec("round_skip", QT_TRANSLATE_NOOP("Actions", "Skip in this round"), "round", "X", "arrow-right", _ROUND),
    _spec("round_flag", QT_TRANSLATE_NOOP("Actions", "Flag to come back to"), "round", "Shift+F", "bookmark", _ROUND),
    _spec("round_pause", QT_TRANSLATE_NOOP("Actions", "Pause the round"), "round", "P", "pause", _ROUND),
    _spec("next_item", QT_TRANSLATE_NOOP("Actions", "Next item"), "move", "J", "arrow-down"),
    _spec("previous_item", QT_TRANSLATE_NOOP("Actions", "Previous item"), "move", "K", "arrow-up"),
    _spec("next_person", QT_TRANSLATE_NOOP("Actions", "Next person"), "move", "Shift+J", "chevron-down"),
    _spec("previous_person", QT_TRANSLATE_NOOP("Actions", "Previous person"), "move", "Shift+K", "chevron-up"),
    _spec("more", QT_TRANSLATE_NOOP("Actions", "More or less of this item"), "move", "Space", "", _TIMELINES, True),
    _spec("open", QT_TRANSLATE_NOOP("Actions", "Open"), "move", "Return", "arrow-right", EVERYWHERE, True),
    _spec("same_person", QT_TRANSLATE_NOOP("Actions", "Same person"), "who", "L", "link", _WHO),
    _spec("somebody_new", QT_TRANSLATE_NOOP("Actions", "Somebody new"), "who", "N", "user-plus", _WHO),
    _spec("keep_apart", QT_TRANSLATE_NOOP("Actions", "Keep apart"), "who", "A", "unlink", _WHO),
    _spec("a_company", QT_TRANSLATE_NOOP("Actions", "A company"), "who", "C", "building-2", _WHO),
    _spec("not_a_human", QT_TRANSLATE_NOOP("Actions", "Not a human"), "who", "H", "bot", _WHO),
    _spec("later", QT_TRANSLATE_NOOP("Actions", "Later"), "who", "S", "alarm-clock", _WHO),
    _spec("myself", QT_TRANSLATE_NOOP("Actions", "This is me"), "who", "M", "user", _WHO),
    _spec("note_anywhere", QT_TRANSLATE_NOOP("Actions", "Note about anybody"), "desk", "Ctrl+Shift+N", "notebook-pen"),
    _spec("import", QT_TRANSLATE_NOOP("Actions", "Bring in files"), "desk", "Ctrl+I", "download"),
    _spec("export", QT_TRANSLATE_NOOP("Actions", "Export"), "desk", "Ctrl+E", "upload"),
    _spec("sync", QT_TRANSLATE_NOOP("Actions", "Sync now"), "desk", "Ctrl+R", "refresh-cw"),
    _spec("connect", QT_TRANSLATE_NOOP("Actions", "Connect a place"), "desk", "", "plug"),
    _spec("new_person", QT_TRANSLATE_NOOP("Actions", "Add somebody"), "desk", "Ctrl+N", "user-plus"),
    _spec("new_bucket", QT_TRANSLATE_NOOP("Actions", "New bucket"), "desk", "Ctrl+Shift+B", "plus"),
    _spec("print", QT_TRANSLATE_NOOP("Actions", "Print"), "desk", "Ctrl+P", "printer", frozenset({"company", "person"})),
    _spec("settings", QT_TRANSLATE_NOOP("Actions", "Settings"), "desk", "Ctrl+,", "settings"),
    _spec("rules", QT_TRANSLATE_NOOP("Actions", "Rules of prompts"), "desk", "G, U", "sliders-horizontal"),
    _spec("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), "desk", "Ctrl+Q", "power"),
    _spec("undo", QT_TRANSLATE_NOOP("Actions", "Undo"), "edit", "Ctrl+Z", "undo-2"),
    _spec("redo", QT_TRANSLATE_NOOP("Actions", "Redo"), "edit", "Ctrl+Shift+Z", "redo-2"),
    _spec("privacy", QT_TRANSLATE_NOOP("Actions", "What is held about this person"), "help", "", "shield-check", _PEOPLE),
    _spec("cheat_sheet", QT_TRANSLATE_NOOP("Actions", "Keys"), "help", "?", "keyboard"),
)


def action_text(spec: ActionSpec) -> str:
    return QCoreApplication.translate("Actions", spec.text)


def group_text(group: str) -> str:
    return QCoreApplication.translate("Actions", GROUPS[group])


class Actions(QObject):
    """The QActions of one window, by id. Made once, with the window as parent."""

    def __init__(self, look: Look, window: QWidget, *, keys: Mapping[str, str] | None = None) -> None:
        """keys: what the user changed, id → portable key text; an id nobody knows any more is passed over."""
        super().__init__(window)
        self._look, self._page = look, ""
        self._keys = {spec.id: (keys or {}).get(spec.id, spec.key) for spec in SPECS}
        self._specs = {spec.id: spec for spec in SPECS}
        self._actions: dict[str, QAction] = {}
        for spec in SPECS:
            action = QAction(action_text(spec), self)
            action.setObjectName(spec.id)
            context = Qt.ShortcutContext
            action.setShortcutContext(
                context.WidgetWithChildrenShortcut if spec.local else context.WindowShortcut
            )
            action.setMenuRole(_MENU_ROLES.get(spec.id, QAction.MenuRole.NoRole))
            self._actions[spec.id] = action
            self._set_shortcut(spec.id)
            if not spec.local:
                window.addAction(action)
        self._dress()
        look.changed.connect(self._dress)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[ActionSpec]:
        return iter(SPECS)

    def spec(self, name: str) -> ActionSpec:
        return self._specs[name]

    def key(self, name: str) -> str:
        """Portable key text in use, "" for none."""
        return self._keys[name]

    def key_text(self, name: str) -> str:
        """The key in use as shown in hints."""
        return native_key(self._keys[name])

    def for_page(self, page: str, group: str = "") -> tuple[ActionSpec, ...]:
        """What can be done on a page, in the order of the table; group "" for all."""
        return tuple(s for s in SPECS if s.applies(page) and group in ("", s.group))

    def set_page(self, page: str) -> None:
        """Enable what applies to this page and disable the rest, so that a key never means two things."""
        self._page = page
        for spec in SPECS:
            self._actions[spec.id].setEnabled(spec.applies(page))

    def conflicts(self, name: str, key: str) -> tuple[ActionSpec, ...]:
        """Which other actions already have this key on a page where both apply."""
        mine = self._specs[name]
        return tuple(
            other
            for other in SPECS
            if other.id != name and key and _same_key(self._keys[other.id], key) and meet(mine, other)
        )

    def set_key(self, name: str, key: str) -> None:
        """Give an action another key ("" for none). Ask `conflicts` before."""
        self._keys[name] = key
        self._set_shortcut(name)

    def changed_keys(self) -> dict[str, str]:
        """What differs from the table, to be stored."""
        return {spec.id: self._keys[spec.id] for spec in SPECS if self._keys[spec.id] != spec.key}

    def _set_shortcut(self, name: str) -> None:
        sequences = [QKeySequence(self._keys[name])] if self._keys[name] else []
        if name in ("open", "send") and sequences:  # the Enter of the number block is another key to Qt
            sequences.append(QKeySequence(self._keys[name].replace("Return", "Enter")))
        self._actions[name].setShortcuts(sequences)

    def _dress(self) -> None:
        tokens, size = self._look.theme.tokens, self._look.theme.px(18)
        for spec in SPECS:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon, tokens.text2, size, tokens.text3))


_MENU_ROLES = {"quit": QAction.MenuRole.QuitRole, "settings": QAction.MenuRole.PreferencesRole}


def meet(one: ActionSpec, other: ActionSpec) -> bool:
    """Whether two actions apply to one page."""
    return one.pages == EVERYWHERE or other.pages == EVERYWHERE or bool(one.pages & other.pages)


def _same_key(one: str, other: str) -> bool:
    return bool(one) and QKeySequence(one) == QKeySequence(other)
