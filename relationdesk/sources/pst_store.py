"""The upper half of an Outlook data file ([MS-PST] 2.4): its folders, and the things in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from relationdesk.saying import say
from relationdesk.sources.mail_words import LEFT_OUT, SENT, folder_words
from relationdesk.sources.mapi import FILE_NAMES, NAME, Item, Properties, code_page
from relationdesk.sources.pst_pages import Damaged, Node, Pages
from relationdesk.sources.pst_tables import bag, rows
from relationdesk.text import one_line

_FOLDER, _MESSAGE = 0x02, 0x04
_STORE, _NAMES, _PEOPLE, _ATTACHED = 0x21, 0x61, 0x0692, 0x0671
_TOP, _OUTBOX, _DELETED, _SENT = 0x35E0, 0x35E2, 0x35E3, 0x35E4
"""Properties of the store that name its folders, whatever language they are called in."""
_MOST_FOLDERS, _MOST_PEOPLE, _MOST_ATTACHED, _DEEPEST = 100_000, 500, 50, 50
_OWN_SETS = {1: "00020328-0000-0000-c000-000000000046", 2: "00020329-0000-0000-c000-000000000046"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """path: with "/" between. left_out: of what was thrown away, never sent or never wanted. messages: how many lie in it itself."""

    path: str
    left_out: bool
    sent: bool
    messages: int


@dataclass(slots=True)
class _Seen:
    name: str = ""
    parent: int = 0
    messages: int = 0


@dataclass(slots=True)
class Store:
    """folders: those below the top of what the owner sees, by id. damaged: a part of the file could not be looked at."""

    pages: Pages
    folders: dict[int, Folder] = field(default_factory=dict)
    damaged: bool = False
    _named: Mapping[tuple[str, int], int] = field(default_factory=dict)
    _page: str = "cp1252"

    @property
    def messages(self) -> int:
        return sum(folder.messages for folder in self.folders.values() if not folder.left_out)

    def items(self) -> Iterator[Item | str]:
        """Everything outside the folders that are left out, in the order in which it came into the file; why, for what cannot be read."""
        try:
            for node in self.pages.nodes():
                folder = self.folders.get(node.parent) if node.kind == _MESSAGE else None
                if folder is None or folder.left_out:
                    continue
                try:
                    yield self._item(node, folder)
                except Damaged as e:
                    yield say("A thing in the folder “{folder}” cannot be read. {reason}", folder=folder.path, reason=e)
        except Damaged:
            return  # `damaged` says so already

    def _item(self, node: Node, folder: Folder) -> Item:
        own = bag(self.pages, node)
        page = Properties(bag=own).number(0x3FFD) or Properties(bag=own).number(0x3FDE) or 0
        properties = Properties(bag=own, named=self._named, page=code_page(page, self._page))
        people: list[Properties] = []
        attached: list[str] = []
        parts: Mapping[int, Node] = {}
        with suppress(Damaged):  # who got it, or what hangs on it; the rest is there
            parts = self.pages.subnodes(node.subnodes)
        with suppress(Damaged):
            if _PEOPLE in parts:
                for _, person in rows(self.pages, parts[_PEOPLE]):
                    people.append(Properties(bag=person, named=self._named, page=properties.page))
                    if len(people) >= _MOST_PEOPLE:
                        break
        with suppress(Damaged):
            if _ATTACHED in parts:
                for id_, cells in rows(self.pages, parts[_ATTACHED]):
                    attached.append(self._file_name(parts.get(id_), Properties(bag=cells, page=properties.page)))
                    if len(attached) >= _MOST_ATTACHED:
                        break
        return Item(properties=properties, people=tuple(people), attached=tuple(filter(None, attached)), folder=folder.path)

    def _file_name(self, node: Node | None, cells: Properties) -> str:
        """The long name stands with the attachment itself, the short one in the table."""
        with suppress(Damaged):
            if node is not None:
                cells_of_it = Properties(bag=bag(self.pages, node), page=cells.page)
                if found := next((name for one in FILE_NAMES if (name := cells_of_it.text(one))), ""):
                    return found
        return next((name for one in FILE_NAMES if (name := cells.text(one))), "")


def open_store(pages: Pages) -> Store:
    """Look at all folders. Raises Damaged if there are none."""
    store = Store(pages=pages)
    seen: dict[int, _Seen] = {}
    try:
        for node in pages.nodes():
            if node.kind == _FOLDER and len(seen) < _MOST_FOLDERS:
                one = seen.setdefault(node.id, _Seen())
                one.parent = node.parent
                with suppress(Damaged):
                    one.name = Properties(bag=bag(pages, node)).text(NAME)[:200]
            elif node.kind == _MESSAGE and (node.parent in seen or len(seen) < _MOST_FOLDERS):
                seen.setdefault(node.parent, _Seen()).messages += 1
    except Damaged:
        store.damaged = True
    if not any(one.parent for one in seen.values()):
        raise Damaged(say("It has no folders."))
    special = _special(pages)
    for id_ in seen:
        store.folders.update(_folder(id_, seen, special))
    with suppress(Damaged):
        store._named = _named(pages)
    return store


def _special(pages: Pages) -> Mapping[int, int]:
    """Property of the store → id of the folder it names; {} where the store does not tell."""
    found: dict[int, int] = {}
    with suppress(Damaged):
        properties = Properties(bag=bag(pages, pages.node(_STORE)))
        for one in (_TOP, _OUTBOX, _DELETED, _SENT):
            if len(raw := properties.raw(one)) == 24:
                found[one] = int.from_bytes(raw[20:], "little")
    return found


def _folder(id: int, seen: Mapping[int, _Seen], special: Mapping[int, int]) -> Mapping[int, Folder]:
    """The folder by its id; {} for one outside of what the owner sees."""
    line: list[int] = []
    at = id
    while at in seen and at not in line and len(line) < _DEEPEST and at != special.get(_TOP):
        line.append(at)
        at = seen[at].parent
    if special.get(_TOP) in seen and at != special[_TOP]:
        return {}
    names = [seen[one].name for one in reversed(line)]
    thrown = {special.get(_DELETED), special.get(_OUTBOX)} & set(line)
    return {
        id: Folder(
            path="/".join(one_line(name) for name in names if name.strip()) or "a folder without a name", left_out=bool(thrown) or any(folder_words(name) in LEFT_OUT for name in names),
            sent=special.get(_SENT) in line or any(folder_words(name) in SENT for name in names), messages=seen[id].messages,
        )
    }  # fmt: skip


def _named(pages: Pages) -> Mapping[tuple[str, int], int]:
    """(set, number) → id, of the properties that this file numbers by itself ([MS-PST] 2.4.7)."""
    properties = Properties(bag=bag(pages, pages.node(_NAMES)))
    return named_in(properties.raw(0x0002), properties.raw(0x0003))


def named_in(sets: bytes, entries: bytes) -> Mapping[tuple[str, int], int]:
    """Of the two streams that data files and messages keep alike: the sets, then eight bytes for each property."""
    groups = {place + 3: str(uuid.UUID(bytes_le=sets[at : at + 16])) for place, at in enumerate(range(0, len(sets) - 15, 16))}
    found: dict[tuple[str, int], int] = {}
    for at in range(0, min(len(entries), 8 * 20_000) - 7, 8):
        number, group, index = int.from_bytes(entries[at : at + 4], "little"), int.from_bytes(entries[at + 4 : at + 6], "little"), int.from_bytes(entries[at + 6 : at + 8], "little")
        name = (_OWN_SETS | groups).get(group >> 1, "")
        if name and not group & 1:  # those with a name of letters are nobody's that is read here
            found.setdefault((name, number), 0x8000 + index)
    return found
