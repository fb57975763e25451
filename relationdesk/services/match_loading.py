"""Which people of the desk may be candidates, read off the tables without reading anybody in full."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote

from relationdesk.flip import blocks, by_picture
from relationdesk.flip.handles import bare, squashed
from relationdesk.flip.letters import has_no_vowels, is_latin, sound
from relationdesk.flip.matching import Somebody
from relationdesk.flip.names import parsed
from relationdesk.flip.traits import Traits, bio_words, digits, mailbox, traits
from relationdesk.model import Profile
from relationdesk.store import profiles
from relationdesk.store.database import Desk
from relationdesk.text import look

MANY = 10_000
"""Profiles from which on it is cheaper to read everybody."""


def in_full(db: Desk, ids: Iterable[int]) -> Iterator[Somebody]:
    """These people with all their profiles, in order of id; who is not in the desk is left out."""
    wanted = json.dumps(sorted(ids))
    theirs: dict[int, list[Profile]] = defaultdict(list)
    found = db.execute("SELECT id FROM profiles WHERE person_id IN (SELECT value FROM json_each(?))", (wanted,)).fetchall()
    for stored in profiles.by_ids(db, [id_ for (id_,) in found]):
        if stored.person_id is not None:
            theirs[stored.person_id].append(stored.profile)
    before: dict[int, list[str]] = defaultdict(list)
    for person_id, company in db.execute(_FORMERLY, (wanted,)):
        before[person_id].append(company)
    for id_, uid, name, company in db.execute(
        "SELECT p.id, p.uid, p.name, coalesce(c.name, '') FROM people p LEFT JOIN companies c ON c.id = p.company_id "
        "WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id",
        (wanted,),
    ).fetchall():
        yield Somebody(person_id=id_, uid=uid, name=name, company=company, profiles=tuple(theirs.pop(id_, ())), formerly=tuple(before.pop(id_, ())))


_FORMERLY = (
    "SELECT DISTINCT q.person_id, t.company FROM profiles q CROSS JOIN tellings t ON t.profile_id = q.id WHERE q.person_id IN (SELECT value FROM "
    "json_each(?)) AND t.company NOT IN ('', q.company) ORDER BY 1, 2"
)
"""What profiles of these people called their company before: a card of a former job is theirs still."""


def near_in_desk(db: Desk, wanted: Sequence[Profile]) -> set[int]:
    """Ids of people in the desk who may be candidates for these profiles; everybody, if there are many to ask about."""
    if len(wanted) > MANY:
        return {row[0] for row in db.execute("SELECT id FROM people")}
    these = [traits(profile) for profile in wanted]
    return _by_name(db, these) | _by_handle(db, these) | _by_address(db, these) | _by_picture(db, these) | _by_bio(db, these)


def bearers_of(db: Desk, wanted: Sequence[Profile]) -> dict[str, set[int]]:
    """For each word of these profiles' names, as it sounds, the people who have it in theirs."""
    words = {word for profile in wanted for word in parsed(profile.display_name).sounds}
    found: dict[str, set[int]] = defaultdict(set)
    if words:
        for person_id, name in db.execute("SELECT id, name FROM people"):
            for word in words.intersection(parsed(name).sounds):
                found[word].add(person_id)
    return found


_NAMES = """
SELECT id, name, folded, '', '', '' FROM people
UNION ALL SELECT person_id, display_name, folded, handle, url, native_id FROM profiles WHERE person_id IS NOT NULL
"""


def _by_name(db: Desk, wanted: Sequence[Traits]) -> set[int]:
    """Whose name stands in a slot that is asked for. Most rows are put aside by one look at their words."""
    names = {these.name for these in wanted if these.name.words}
    forms: set[str] = set().union(*map(blocks.sought, names)) if names else set()
    if not forms:
        return set()
    looks = {look(word) for name in names for word in name.words}
    sounds = {word for name in names for word in name.sounds}
    joined = {"".join(name.words) for name in names}  # a space in the wrong place
    every = any(has_no_vowels(name.words[0]) for name in names)  # what they sound like stands in no word as written
    found: set[int] = set()
    for person_id, name, folded, *_ in db.execute(_NAMES):
        if person_id in found or not name:
            continue
        words = folded.split()
        likely = every or not (looks.isdisjoint(look(folded).split()) and sounds.isdisjoint(map(sound, words))) or "".join(words) in joined
        if (likely or not is_latin(folded)) and not forms.isdisjoint(blocks.named(parsed(name))):
            found.add(person_id)
    return found


def _by_handle(db: Desk, wanted: Sequence[Traits]) -> set[int]:
    """Who is called so in a place, or whose name such a handle spells."""
    called = {one for these in wanted for handle in these.handles for one in (handle, bare(handle))}
    spelt = {slot[1:] for these in wanted for slot in blocks.asked(these) if slot[0] == "@"}
    found: set[int] = set()
    if not spelt:
        return found
    spells = lru_cache(maxsize=None)(lambda name: blocks.spells(parsed(name), called))  # most profiles of a person have the same name
    for person_id, name, _, *own in db.execute(_NAMES):
        if person_id not in found and (not spelt.isdisjoint(_called(name, *own)) or (called and spells(name))):
            found.add(person_id)
    for person_id, address in db.execute(_OWNED, ("mail",)):
        if person_id not in found and squashed(address.partition("+")[0]) in spelt:
            found.add(person_id)
    return found


def _called(name: str, handle: str, url: str, native_id: str) -> Iterator[str]:
    """What `handles_of` makes of a profile, mail addresses left out, and a little more."""
    if handle:
        yield squashed(handle)
        if "." in handle:
            yield squashed(handle.rpartition(".")[0])
    if " " not in name:
        yield squashed(name)
    for page in (url, native_id):
        if "/" in page:
            yield squashed(_end(page))


def _by_bio(db: Desk, wanted: Sequence[Traits]) -> set[int]:
    """Who writes the same about themselves."""
    told: set[str] = set().union(*map(blocks.told, wanted)) if wanted else set()
    if not told:
        return set()
    lengths = {len(slot) for slot in told}
    rows = db.execute("SELECT person_id, bio FROM profiles WHERE person_id IS NOT NULL AND length(bio) >= ?", (min(lengths) // 2,))
    return {who for who, bio in rows if not told.isdisjoint(blocks.told_by(bio_words(bio)))}


_OWNED = """
SELECT q.person_id, a.value FROM addresses a JOIN profiles q ON q.id = a.profile_id
WHERE q.person_id IS NOT NULL AND a.kind = ?
"""


def _by_address(db: Desk, wanted: Sequence[Traits]) -> set[int]:
    """Owners of profiles with such a mail address, telephone number or page; a few too many, for pages go by their end."""
    slots: set[str] = set().union(*map(blocks.reached, wanted)) if wanted else set()
    if not slots:
        return set()
    ends = {_end(slot) for slot in slots if "://" in slot}
    found = {row[0] for row in db.execute(_OWNED, ("mail",)) if mailbox(row[1]) in slots} if any("@" in slot for slot in slots) else set()
    if any(slot.isdigit() for slot in slots):
        found |= {who for who, phone in db.execute(_OWNED, ("phone",)) if digits(phone) in slots}
    if ends:
        found |= _by_page(db, ends)
    return found


def _by_picture(db: Desk, wanted: Sequence[Traits]) -> set[int]:
    """Who has the same picture, or the mail address that one is filed under."""
    slots: set[str] = set().union(*map(blocks.pictured, wanted)) if wanted else set()
    if not slots:
        return set()
    found = {who for who, mark in db.execute(_OWNED, ("picture",)) if not slots.isdisjoint(by_picture.slots((mark,), ()))}
    if any(mark.startswith("gravatar:") for these in wanted for mark in these.pictures):
        found |= {who for who, mail in db.execute(_OWNED, ("mail",)) if not slots.isdisjoint(by_picture.slots((), (mail,)))}
    numbers = [slot.removeprefix("i:github:") for slot in slots if slot.startswith("i:github:")]
    numbered = "SELECT q.person_id FROM profiles q JOIN places l ON l.id = q.place_id WHERE q.person_id IS NOT NULL AND l.name = 'github' AND q.native_id = ?"
    return found | {row[0] for number in numbers for row in db.execute(numbered, (number,))}


def _by_page(db: Desk, ends: set[str]) -> set[int]:
    found = {who for who, page in db.execute(_OWNED, ("web",)) if _end(page) in ends}
    for who, url, native_id, bio in db.execute("SELECT person_id, url, native_id, bio FROM profiles WHERE person_id IS NOT NULL"):
        if _end(url) in ends or _end(native_id) in ends or (bio and any(end in bio.lower() for end in ends if len(end) > 3)):
            found.add(who)
    return found


def _end(page: str) -> str:
    """The last part of a web address, the same for all spellings of it; "" for what is too short to be one."""
    last = page.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    last = unquote(last) if "%" in last else last
    return last.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
