"""Who is who in an export of Meta. Facebook tells people by their names only, Instagram and Threads by handle where they can.

Keys: a handle in small letters, or "name:" and the name. A name is no number: the same name is one profile here, and
whoever reads an export is told where two friends bear it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from relationdesk.model import Address, AddressKind, Key, Profile, unique
from relationdesk.saying import say
from relationdesk.sources.asks import chosen, who_asks
from relationdesk.sources.base import Ask
from relationdesk.sources.chats import Told
from relationdesk.sources.container import Container
from relationdesk.sources.meta_chats import chats, look, old_chats
from relationdesk.sources.meta_files import INSTAGRAM, MESSAGES, OLD_CHATS, SECURE, THREADS, Export
from relationdesk.sources.meta_owner import former_names, owner_of
from relationdesk.sources.meta_text import is_nobody, name_key, name_of
from relationdesk.text import mail_address

_LOOKED_AT = 12
_LOOKED_BYTES = 256 * 1024
_FOLDER = re.compile(r"(.+)_[0-9A-Za-z-]+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose export it is. names: all that are theirs, as keys. told: by the export itself, not by the user."""

    profile: Profile
    names: frozenset[str] = frozenset()
    told: bool = True


def page_of(place: str, handle: str) -> str:
    if place == INSTAGRAM:
        return f"https://www.instagram.com/{handle}"
    return f"https://www.threads.net/@{handle}" if place == THREADS else ""


def find_owner(box: Container, export: Export, me: str = "") -> tuple[Owner | None, Ask | None]:
    """The owner by their profile, by what the user said, or by the conversations; else what has to be asked.

    In a conversation of two, its title is the other's name; and whoever is in all of several is the owner.
    """
    said = owner_of(box, export)
    if said is not None and (said.display_name or said.handle):
        return _with_chats(box, export, _owner(export.place, said, former_names(box, export), told=True)), None
    order, certain = _by_chats(box, export)
    if not order:
        handle = me.strip().lstrip("@").casefold()
        return _owner(export.place, Profile(key=Key(export.place, ""), handle=handle if " " not in handle else ""), told=bool(handle)), None
    ask = who_asks(say("Which of these people are you? This export does not say whose it is."), [(name, name) for name in order])
    meant = chosen(me, ask) if me else ""
    name = meant or certain
    if not name:
        return None, ask
    is_handle = not export.of(MESSAGES, SECURE)
    found = Profile(key=Key(export.place, ""), display_name="" if is_handle else name, handle=name if is_handle else "")
    return _owner(export.place, found, told=not meant), None


def _with_chats(box: Container, export: Export, owner: Owner) -> Owner:
    """Who has changed their name is called by the former one in conversations, if by none that their profile knows."""
    order, certain = _by_chats(box, export)
    if certain and not owner.names & set(map(name_key, order)):
        return replace(owner, names=owner.names | {name_key(certain)})
    return owner


def _owner(place: str, said: Profile, former: Iterable[str] = (), *, told: bool) -> Owner:
    handle = said.handle.casefold()
    native = handle if place in (INSTAGRAM, THREADS) and handle else f"name:{name_key(said.display_name)}" if said.display_name else "me"
    names = {name_key(said.display_name), *map(name_key, former), *((handle,) if place == INSTAGRAM else ())} - {""}
    url = said.url or (page_of(place, handle) if handle else "")
    return Owner(profile=replace(said, key=Key(place, native), url=url, is_owner=True), names=frozenset(names), told=told)


def _by_chats(box: Container, export: Export) -> tuple[list[str], str]:
    """(names, the likelier first; the one that is certain or "")."""
    some = sorted(chats(export.of(MESSAGES, SECURE)), key=lambda chat: (sum(box.size(one.name) for one in chat.pieces), chat.pieces[0].name))
    seen: Counter[str] = Counter()
    votes: Counter[str] = Counter()
    sets = []
    for chat in some[:_LOOKED_AT]:
        look(box, chat, _LOOKED_BYTES)
        people = [name for name in chat.everybody if not is_nobody(name)]
        seen.update(people)
        sets.append(set(people))
        if len(people) == 2 and chat.title in people:
            votes[people[1 - people.index(chat.title)]] += 1
        chat.broken = []
    for piece in export.of(OLD_CHATS):
        for chat in islice(old_chats(box, piece), _LOOKED_AT):
            seen.update(chat.everybody)
            sets.append(set(chat.everybody))
    order = sorted(seen, key=lambda name: (-votes[name], -seen[name], name))
    if votes:
        return order, next(iter(votes)) if len(votes) == 1 else ""
    everywhere = set.intersection(*sets) if len(sets) > 1 else set()
    return order, everywhere.pop() if len(everywhere) == 1 else ""


class People:
    """One pass: keys, and each profile told once."""

    def __init__(self, owner: Owner, place: str) -> None:
        self.place = place
        self.owner, self._names = owner.profile.key, owner.names
        self._told = Told()
        self._known: dict[Key, Profile] = {}
        self._handles: defaultdict[str, set[str]] = defaultdict(set)
        self._friends: defaultdict[str, list[str]] = defaultdict(list)
        self._friend_keys: set[str] = set()

    def hear_handle(self, handle: str) -> None:
        """Somebody has this handle; the folder of a conversation writes it without dots."""
        self._handles[_squashed(handle)].add(handle.casefold())

    def hear_friend(self, name: str) -> None:
        """A name that sentences may contain ("… likes Ana Ruiz's photo")."""
        key = name_key(name)
        first = _WORD.search(key)
        if first and key not in self._friend_keys and key not in self._names:
            self._friend_keys.add(key)
            self._friends[first[0]].append(key)

    def is_owner(self, name: str) -> bool:
        return name_key(name) in self._names

    def named(self, name: str, elsewhere: str = "") -> Key:
        """The key of a name. elsewhere: for somebody who has left, the conversation in which they were."""
        if self.is_owner(name):
            return self.owner
        return Key(self.place, f"someone:{elsewhere}" if is_nobody(name) else f"name:{name_key(name)}")

    def handled(self, handle: str) -> Key:
        return Key(self.place, handle.casefold())

    def of_folder(self, path: str) -> str:
        """The handle that the folder of a conversation of two is called by; "" for none."""
        found = _FOLDER.fullmatch(path.rpartition("/")[2])
        if found is None or self.place != INSTAGRAM or found[1].casefold().startswith("instagramuser"):
            return ""
        known = self._handles.get(_squashed(found[1]), set())
        handle = found[1].casefold()
        if len(known) == 1 and handle not in known:
            return next(iter(known))
        return handle if re.fullmatch(r"[a-z0-9._]{1,30}", handle) else ""

    def knows_folder(self, path: str) -> bool:
        """Whether the folder of a conversation is called by somebody's handle for certain: it stands in another file, too."""
        return self.of_folder(path) in self._handles.get(_squashed(self.of_folder(path)), ())

    def in_sentence(self, sentence: str) -> list[str]:
        """The friends whose names stand in a sentence, as keys of names; the longest name at each place."""
        text = name_key(sentence)
        found, after = [], 0
        for word in _WORD.finditer(text):
            if word.start() < after:
                continue
            fits = [key for key in self._friends.get(word[0], ()) if text.startswith(key, word.start()) and not text[word.start() + len(key) :][:1].isalnum()]
            if fits:
                best = max(fits, key=len)
                found.append(best)
                after = word.start() + len(best)
        return list(dict.fromkeys(found))

    def tell(self, key: Key, *, name: str = "", handle: str = "", known: bool = False, addresses: Iterable[Address] = ()) -> Iterator[Profile]:
        """The profile, with what was said of it before."""
        if key == self.owner:
            return
        before = self._known.get(key)
        shown = "" if is_nobody(name) else name_of(name)
        profile = Profile(
            key=key, display_name=(before.display_name if before else "") or shown, handle=handle or (before.handle if before else ""),
            url=page_of(self.place, handle) if handle else (before.url if before else ""), known=known or (before.known if before else False),
            addresses=unique((*(before.addresses if before else ()), *addresses)),
        )  # fmt: skip
        if len(self._known) < 200_000:
            self._known[key] = profile
        yield from self._told.tell(profile)


def _squashed(handle: str) -> str:
    return re.sub(r"[^a-z0-9]", "", handle.casefold())


def reach(values: Iterable[str]) -> tuple[Address, ...]:
    """The mail addresses and phone numbers among some texts."""
    found = []
    for value in values:
        if mail := mail_address(value):
            found.append(Address(kind=AddressKind.MAIL, value=mail))
        elif len(re.sub(r"\D", "", value)) >= 5 and re.fullmatch(r"[\d\s+()./-]{5,40}", value.strip()):
            found.append(Address(kind=AddressKind.PHONE, value=value.strip()))
    return unique(found)
