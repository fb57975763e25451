"""Who is who in a Reddit data request: names are all it tells of people. And whose request it is.

The key of a person is that of their followed page, so that both are one profile. A name in small letters is nobody
else's for ever, even after its owner has left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relationdesk.model import Key, Profile
from relationdesk.sources.chats import Told
from relationdesk.text import one_line

PLACE = "reddit"
_USER = re.compile(r"(?:/?u/)?([\w-]{1,60})")
_COMMUNITY = re.compile(r"(?:/?r/|#)([\w-]{1,60})")
_GONE = frozenset({"", "[deleted]", "[removed]", "deleted"})


def user_of(text: str) -> str:
    """The name of a user, without "u/"; "" for a community, somebody who is gone, or what is no name."""
    found = _USER.fullmatch(text.strip())
    return found[1] if found and found[1] not in _GONE else ""


def community_of(text: str) -> str:
    """The name of a community, without "r/"; "" for anything else."""
    found = _COMMUNITY.fullmatch(text.strip())
    return found[1] if found else ""


def key_of(name: str) -> Key:
    return Key(PLACE, f"https://reddit.com/user/{name.casefold()}")


def profile(name: str, *, known: bool = False, is_owner: bool = False) -> Profile:
    return Profile(
        key=key_of(name), handle=name, display_name=name, url=f"https://www.reddit.com/user/{name}/", known=known and not is_owner, is_owner=is_owner
    )


class Evidence(NamedTuple):
    """What tables say about whose they are. talks: between which two users each private message went; wrote: users in each chat."""

    said: str  # by the table of statistics
    talks: tuple[frozenset[str], ...]
    wrote: tuple[frozenset[str], ...]
    names: dict[str, str]  # small letters → as written

    def owner(self) -> str:
        """Who is in all private messages, if that is one; "" if it is not certain."""
        if self.said:
            return self.said
        found = self.candidates()
        return self.names[next(iter(found))] if len(found) == 1 and self.talks else ""

    def candidates(self) -> frozenset[str]:
        """Whoever it may be: in every message; without messages whoever wrote in a chat, where the owner may be silent."""
        if self.talks:
            return frozenset.intersection(*self.talks)
        return frozenset[str]().union(*self.wrote)


class People:
    """Profiles, each told once before it is named."""

    def __init__(self, owner: Profile | None) -> None:
        self.owner = owner.key if owner else None
        self._told = Told()
        self._known: set[Key] = set()

    def user(self, name: str, *, known: bool = False) -> Iterator[Profile]:
        """Somebody by name. Once known, always known."""
        key = key_of(name)
        if key == self.owner:
            return
        if known and len(self._known) < 200_000:
            self._known.add(key)
        yield from self._told.tell(profile(name, known=key in self._known))

    def community(self, name: str) -> tuple[Key, Iterator[Profile]]:
        key = Key(PLACE, f"https://reddit.com/r/{name.casefold()}")
        return key, self._told.tell(Profile(key=key, handle=f"r/{name}", display_name=f"r/{name}", url=f"https://www.reddit.com/r/{name}/"))

    def gone(self, thread: str) -> tuple[Key, Iterator[Profile]]:
        """Somebody who deleted themselves: nobody knows whether it is the same one in two conversations."""
        key = Key(PLACE, f"gone:{one_line(thread, 200)}")
        return key, self._told.tell(Profile(key=key, display_name="[deleted]"))


def evidence(said: str, talks: Iterable[tuple[str, str]], chats: Iterable[tuple[str, str]]) -> Evidence:
    """talks: (from, to) of every private message. chats: (channel, user) of every line. Bounded by what differs."""
    names: dict[str, str] = {}
    between: set[frozenset[str]] = set()
    wrote: dict[str, set[str]] = {}
    for pair in talks:
        users = [user_of(one) for one in pair]
        if all(users) and len(between) < 100_000:
            names.update({user.casefold(): user for user in users})
            between.add(frozenset(user.casefold() for user in users))
    for channel, one in chats:
        if (user := user_of(one)) and (channel in wrote or len(wrote) < 20_000) and len(wrote.setdefault(channel, set())) < 200:
            names.setdefault(user.casefold(), user)
            wrote[channel].add(user.casefold())
    return Evidence(said=user_of(said), talks=tuple(between), wrote=tuple(frozenset(one) for one in wrote.values()), names=names)
