"""Who is who in a LinkedIn archive: one key per member, although most of its tables give names only.

Bounded: the directory of names and the memory of profiles already handed on both have a ceiling; beyond it a name
stays a name, and a profile is handed on once more, which changes nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache

from relationdesk.model import UNDATED, Address, Key, Profile
from relationdesk.sources.linkedin_words import profile_url, slug
from relationdesk.text import fold, one_line

PLACE = "linkedin"
OWNER = "me"
"""The owner's native id while nothing names them: linkedin.com/in/me is everybody's own profile."""

_MOST_NAMES = 300_000
_MOST_REMEMBERED = 50_000
_NOBODY = frozenset({"", "linkedin member", "linkedin user"})


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """A name for comparing, "" for members LinkedIn does not name (gone, hidden)."""
    folded = fold(name) or name.strip().casefold()
    return "" if folded in _NOBODY else folded[:200]


class People:
    """The directory and the owner; hands each profile on before it is needed."""

    def __init__(self) -> None:
        self.owner = OWNER
        self.owner_name = ""
        self._named: dict[str, set[str]] = {}  # folded name → slugs
        self._connected: set[str] = set()
        self._homonyms: set[str] = set()  # names that several connections without an address share
        self._handed_on: OrderedDict[str, bool] = OrderedDict()

    @property
    def owner_key(self) -> Key:
        return Key(PLACE, self.owner)

    @property
    def owner_known(self) -> bool:
        """A slug is known; a name alone may still find one."""
        return self.owner != OWNER

    def claim(self, name: str, url: str) -> None:
        """The archive says that this is its owner. The first address stays; a name is kept until there is one."""
        if not name_key(self.owner_name) and name_key(name):
            self.owner_name = one_line(name)
        native = slug(url)
        if native and not self.owner_known:
            self.owner = native

    def settle(self) -> None:
        """End of the look ahead: an owner without an address is known by name."""
        if not self.owner_known and name_key(self.owner_name):
            self.owner = f"name:{name_key(self.owner_name)}"

    def learn(self, name: str, url: str) -> None:
        """This name was seen beside this address."""
        folded, native = name_key(name), slug(url)
        if folded and (folded in self._named or len(self._named) < _MOST_NAMES):
            slugs = self._named.setdefault(folded, set())
            if native and len(slugs) < 50:
                slugs.add(native)

    def learn_connection(self, name: str, url: str) -> None:
        """As `learn`, for a row of Connections.csv."""
        native, folded = slug(url), name_key(name)
        self.learn(name, url)
        mark = native or (f"name:{folded}" if folded else "")
        if mark in self._connected and not native:
            self._homonyms.add(mark)
        if mark and len(self._connected) < _MOST_NAMES:
            self._connected.add(mark)

    def is_connection(self, native: str) -> bool:
        return native in self._connected

    def is_known_name(self, name: str) -> bool:
        return name_key(name) in self._named

    def is_owner_name(self, name: str) -> bool:
        return bool(self.owner_name) and name_key(name) == name_key(self.owner_name)

    def native(self, name: str, url: str) -> str:
        """The native id of a member: the slug, or the only slug seen beside the name, else "name:…". "" for nobody."""
        if native := slug(url):
            return native
        folded = name_key(name)
        if not folded:
            return ""
        if self.is_owner_name(name):
            return self.owner
        slugs = self._named.get(folded, set()) - {self.owner}
        unmistakable = len(slugs) == 1 and f"name:{folded}" not in self._homonyms
        return next(iter(slugs)) if unmistakable else f"name:{folded}"

    def connection(self, name: str, url: str, tell_apart: str) -> str:
        """As `native`, but two connections of one name and no address stay two: mail or date tells them apart.

        The owner is never among their own connections: who bears the owner's name here is a namesake.
        """
        native = self.native(name, url)
        if native == self.owner and not slug(url):
            return f"name:{name_key(name)}#{tell_apart}"
        return f"{native}#{tell_apart}" if native in self._homonyms and tell_apart else native

    def known(
        self, native: str, name: str, *, title: str = "", company: str = "", addresses: tuple[Address, ...] = ()
    ) -> Iterator[Profile]:
        """A member whom the owner keeps on purpose: connected, invited or written to."""
        if self._is_news(native, known=True) or title or company or addresses:
            yield _profile(native, name, known=True, title=title, company=company, addresses=addresses)

    def met(self, native: str, name: str) -> Iterator[Profile]:
        """A member who merely appears."""
        known = native in self._connected
        if self._is_news(native, known=known):
            yield _profile(native, name, known=known)

    def _is_news(self, native: str, *, known: bool) -> bool:
        if native == self.owner:
            return False
        before = self._handed_on.pop(native, None)
        self._handed_on[native] = known or bool(before)
        if len(self._handed_on) > _MOST_REMEMBERED:
            self._handed_on.popitem(last=False)
        return before is None or (known and not before)


def _profile(
    native: str, name: str, *, known: bool, title: str = "", company: str = "", addresses: tuple[Address, ...] = ()
) -> Profile:
    named = native.startswith(("name:", "member:"))
    return Profile(
        key=Key(PLACE, native),
        handle="" if named else native,
        display_name=one_line(name) if name_key(name) or native.startswith("member:") else "",
        url="" if named else profile_url(native),
        title=one_line(title),
        company=one_line(company),
        addresses=addresses,
        known=known,
        is_company=native.startswith(("company/", "school/", "showcase/")),
        revised=UNDATED,
    )
