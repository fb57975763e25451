"""Who may be a candidate for a profile, found without comparing it with everybody.

Built per run and only as far as asked: a sync of a few new profiles must not read 10,000 people with all they have.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from urllib.parse import unquote

from relationdesk.flip.evidence import mails
from relationdesk.flip.matching import Somebody
from relationdesk.model import AddressKind, Profile
from relationdesk.store import profiles
from relationdesk.store.database import Desk
from relationdesk.text import NICKNAMES, base_mail, canonical_url, is_whole_name, look, name_words

MANY = 10_000
"""Profiles from which on it is cheaper to read everybody."""

COMMON = 40
"""A name or address that more people than this share tells nothing; comparing with each of them would take for ever."""


class Index:
    """People by the names and addresses that can make them candidates for some profiles, as far as `load` was asked.

    Only those who can become candidates are read in full: a sync of a few profiles must not read 10,000 people.
    """

    def __init__(self, db: Desk) -> None:
        self.db = db
        self.people: dict[int, Somebody] = {}
        self.by_name: dict[str, set[int]] = defaultdict(set)
        self.by_word: dict[str, set[int]] = defaultdict(set)  # of names of three words and more
        self.by_address: dict[str, set[int]] = defaultdict(set)

    def load(self, wanted: Sequence[Profile]) -> None:
        """Read everybody who may be a candidate for one of these profiles. May be called again for others."""
        found = _near_in_desk(self.db, wanted) - self.people.keys()
        for id_, uid, name, company in self.db.execute(
            "SELECT p.id, p.uid, p.name, coalesce(c.name, '') FROM people p LEFT JOIN companies c ON c.id = p.company_id "
            "WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id",
            (json.dumps(sorted(found)),),
        ).fetchall():
            self.add(Somebody(person_id=id_, uid=uid, name=name, company=company))
        ids = self.db.execute("SELECT id FROM profiles WHERE person_id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(found)),))
        for stored in profiles.by_ids(self.db, [row[0] for row in ids]):
            if stored.person_id is not None:
                self.add_profile(stored.person_id, stored.profile)

    def add(self, person: Somebody) -> None:
        self.people[person.person_id] = person
        self._words(person.person_id, person.name)
        for profile in person.profiles:
            self._profile(person.person_id, profile)

    def add_profile(self, person_id: int, profile: Profile) -> None:
        person = self.people.get(person_id)
        if person is None:
            return
        self.people[person_id] = replace(person, profiles=(*person.profiles, profile))
        self._profile(person_id, profile)

    def near(self, profile: Profile) -> list[Somebody]:
        """People who share an address with the profile, or a name in one of its forms; nobody for what many share."""
        named: set[int] = set()
        words = name_words(profile.display_name)
        for name in _asked(words):
            named |= self.by_name.get(name, set())
        if len(words) > 1:
            for one, other in combinations(sorted(set(words[:_MOST_WORDS])), 2):
                named |= self.by_word.get(one, set()) & self.by_word.get(other, set())
        found = named if len(named) <= COMMON else set[int]()
        for address in addresses(profile):
            owners = self.by_address.get(address, set())
            found = found | owners if len(owners) <= COMMON else found
        return [self.people[person_id] for person_id in sorted(found)]

    def is_named(self, name: str) -> bool:
        """True if anybody has such a name, be they ever so many."""
        return any(self.by_name.get(form) for form in _asked(name_words(name)))

    def _profile(self, person_id: int, profile: Profile) -> None:
        self._words(person_id, profile.display_name)
        for address in addresses(profile):
            self.by_address[address].add(person_id)

    def _words(self, person_id: int, name: str) -> None:
        words = name_words(name)
        for form in _forms(words):
            self.by_name[form].add(person_id)
        if len(words) > 2:
            for word in words[:_MOST_WORDS]:
                self.by_word[word].add(person_id)


_MOST_WORDS = 8
"""So many words of one name are looked at."""


def _forms(words: tuple[str, ...]) -> set[str]:
    """What a name is filed under: all of it in any order, and given with family name in their short forms."""
    return _spelt(words, "…")


def _asked(words: tuple[str, ...]) -> set[str]:
    """What to look under for a name: of "Joe Brown" also "J. Brown", and of that everybody whose name begins so."""
    return _spelt(words, ".")


def _spelt(words: tuple[str, ...], begins: str) -> set[str]:
    if len(words) < 2:
        return {look(words[0])} if is_whole_name(words) else set()
    given, family = _parts(words[0], begins), _parts(words[-1], begins)
    groups = [f"group {n}" for n, group in enumerate(NICKNAMES) if words[0] in group]
    pairs = {f"{g}, {f}" for g in (*given, *groups) for f in family if not (g[-1] in ".…" and f[-1] in ".…")}
    return {" ".join(sorted(map(look, words))), *pairs}


def _parts(word: str, begins: str) -> tuple[str, ...]:
    """A word of a name, and its initial; an initial as such stands for itself and, looked for, for all that begins so."""
    first = look(word[0])
    if len(word) == 1:
        return (f"{first}.",) if begins == "…" else (f"{first}.", f"{first}…")
    return (look(word), first + begins)


def _near_in_desk(db: Desk, wanted: Sequence[Profile]) -> set[int]:
    """Ids of people in the desk who may be candidates for these profiles; everybody, if there are many to ask about."""
    if len(wanted) > MANY:
        return {row[0] for row in db.execute("SELECT id FROM people")}
    return _by_name(db, wanted) | _by_address(db, wanted)


def _by_name(db: Desk, wanted: Sequence[Profile]) -> set[int]:
    names = {name_words(profile.display_name) for profile in wanted}
    words = {look(word) for name in names for word in name}
    forms: set[str] = set().union(*map(_asked, names)) if names else set()
    found: set[int] = set()
    if not forms:
        return found
    for person_id, name, folded in db.execute(
        "SELECT id, name, folded FROM people UNION ALL SELECT person_id, display_name, folded FROM profiles "
        "WHERE person_id IS NOT NULL"
    ):
        if person_id in found or words.isdisjoint(look(folded).split()):
            continue
        theirs = name_words(name)
        if not forms.isdisjoint(_forms(theirs)) or len(words.intersection(map(look, theirs))) > 1:
            found.add(person_id)
    return found


_OWNED = """
SELECT q.person_id, a.value FROM addresses a JOIN profiles q ON q.id = a.profile_id
WHERE q.person_id IS NOT NULL AND a.kind = ?
"""


def _by_address(db: Desk, wanted: Sequence[Profile]) -> set[int]:
    """Owners of profiles with such a mail address, telephone number or page; a few too many, for pages go by their end."""
    slots: set[str] = set().union(*map(addresses, wanted)) if wanted else set()
    if not slots:
        return set()
    ends = {_end(slot) for slot in slots if "://" in slot}
    found = {row[0] for row in db.execute(_OWNED, ("mail",)) if base_mail(row[1]) in slots} if any("@" in slot for slot in slots) else set()
    if any(slot.isdigit() for slot in slots):
        found |= {who for who, phone in db.execute(_OWNED, ("phone",)) if _digits(phone) in slots}
    if ends:
        found |= {who for who, page in db.execute(_OWNED, ("web",)) if _end(page) in ends}
        for who, url, native_id in db.execute("SELECT person_id, url, native_id FROM profiles WHERE person_id IS NOT NULL"):
            if _end(url) in ends or _end(native_id) in ends:
                found.add(who)
    return found


def addresses(profile: Profile) -> set[str]:
    """Everything by which a profile is reached or found: mail addresses without +tag, pages, ends of telephone numbers."""
    found = {base_mail(mail) for mail in mails(profile)}
    found |= {canonical_url(a.value) for a in profile.addresses if a.kind is AddressKind.WEB}
    found |= {canonical_url(profile.url), canonical_url(profile.key.native_id)}
    phones = (_digits(a.value) for a in profile.addresses if a.kind is AddressKind.PHONE)
    return {a for a in (*found, *phones) if len(a) >= 5}


def _digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit())[-9:]


def _end(page: str) -> str:
    """The last part of a web address, the same for all spellings of it; "" for what is too short to be one."""
    last = page.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    last = unquote(last) if "%" in last else last
    return last.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
