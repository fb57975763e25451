"""Who is who in an X archive: it names people by number, and says a number's handle and name only where it is mentioned.

Keys are the numbers, which outlive every change of name. Somebody of whom an archive tells nothing but a handle (a
quoted post, a deleted one's answer) is keyed "@handle" in small letters, if no mention anywhere tells the number.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from relationdesk.model import Key, Profile
from relationdesk.sources.x_values import HANDLE, is_id
from relationdesk.text import one_line

PLACE = "x"
MOST_NAMES = 100_000
"""People whose names are remembered; whoever is mentioned after them stays a number. 40 MB at most."""
_MOST_TOLD = 200_000


class People:
    """Fill it with `hear` from all posts first, then ask. owner: the key of the archive's owner."""

    def __init__(self, owner: Profile) -> None:
        self.owner, self.owner_handle = owner.key, owner.handle
        self._names: dict[str, tuple[int, str, str]] = {}  # id → (when: id of the post, handle, name)
        self._ids: dict[str, tuple[int, str]] = {}  # handle → (when, id)
        self._told: set[tuple[Key, bool]] = set()
        if is_id(owner.key.native_id) and owner.handle:
            self._ids[owner.handle.lower()] = (1 << 62, owner.key.native_id)

    def hear(self, id_: str, handle: str, name: str, when: int) -> None:
        """A post of that number calls somebody so; the newest word counts."""
        if not is_id(id_) or not HANDLE.fullmatch(handle):
            return
        if id_ in self._names or len(self._names) < MOST_NAMES:
            before, name = self._names.get(id_, (-1, "", "")), html.unescape(name)
            if when >= before[0]:
                self._names[id_] = (when, handle, one_line(name) or before[2])
            elif not before[2]:
                self._names[id_] = (before[0], before[1], one_line(name))
            if when >= self._ids.get(handle.lower(), (-1,))[0]:
                self._ids[handle.lower()] = (when, id_)

    def owned(self, handle: str) -> None:
        """The owner had this handle once."""
        if is_id(self.owner.native_id) and HANDLE.fullmatch(handle):
            self._ids.setdefault(handle.lower(), (0, self.owner.native_id))

    def found(self, id_: str = "", handle: str = "") -> Key | None:
        """The key of somebody by number or, failing that, by handle; None for nobody."""
        if is_id(id_):
            return Key(PLACE, id_)
        if not HANDLE.fullmatch(handle):
            return None
        known = self._ids.get(handle.lower())
        return Key(PLACE, known[1] if known else f"@{handle.lower()}")

    def tell(self, key: Key, *, known: bool = False) -> Iterator[Profile]:
        """The profile of somebody, the first time it is asked for. known: the owner keeps them on purpose, which makes a
        person only of those whose name is told."""
        if key == self.owner or (key, known) in self._told:
            return
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told.add((key, known))
        yield self.profile(key, known=known)

    def profile(self, key: Key, *, known: bool = False) -> Profile:
        """What is known of somebody."""
        id_ = key.native_id
        _, handle, name = self._names.get(id_, (0, id_.removeprefix("@") if id_.startswith("@") else "", ""))
        return Profile(key=key, handle=handle, display_name=name, url=page_of(id_, handle), known=known and bool(handle))


def page_of(id_: str, handle: str) -> str:
    return f"https://x.com/{handle}" if handle else f"https://x.com/intent/user?user_id={id_}"
