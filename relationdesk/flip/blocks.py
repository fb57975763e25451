"""Under what a profile is filed, and under what to look for those it may belong to, so that nobody is compared with everybody. Pure.

A slot is a text. Two profiles that any kind of evidence could propose for each other share one: an address, a page, a handle, a
name in one of its forms. What is asked for is not always what is filed: of "Joe Brown" one looks for "J. Brown", and of that for
everybody whose name begins so; among "Joe Brown" and "Jim Brown" neither finds the other.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from relationdesk.flip import by_picture
from relationdesk.flip.by_bio import ENOUGH
from relationdesk.flip.handles import bare, spellings
from relationdesk.flip.letters import consonants, has_no_vowels
from relationdesk.flip.names import Name, joined
from relationdesk.flip.nicknames import groups, is_known
from relationdesk.flip.rarity import slot_of
from relationdesk.flip.traits import Traits

MOST_WORDS = 8
"""So many words of one name are looked at."""


def filed(them: Traits) -> set[str]:
    """The slots of a profile that is somebody's."""
    full, short = spellings(them.name)
    return {*reached(them), *pictured(them), *told(them), *named(them.name), *(f"@{one}" for one in them.handles), *(f"={one}" for one in full), *(f"%{one}" for one in short)}


def asked(them: Traits) -> set[str]:
    """The slots in which those stand to whom a profile may belong."""
    full, short = spellings(them.name)
    handles = {one for handle in them.handles for one in (handle, bare(handle)) if one}
    return {
        *reached(them), *pictured(them), *told(them), *sought(them.name), *(f"{sign}{one}" for one in handles for sign in "@=%"), *(f"@{one}" for one in (*full, *short)),
    }  # fmt: skip


def spells(name: Name, handles: set[str]) -> bool:
    """Whether one of these handles spells a name or may stand for it."""
    full, short = spellings(name)
    return not (handles.isdisjoint(full) and handles.isdisjoint(short))


def reached(them: Traits) -> set[str]:
    """Mailboxes, pages that are theirs or that they name, ends of telephone numbers."""
    return {slot for slot in (*them.boxes, *them.pages, *(claim.page for claim in them.claims), *them.phones) if len(slot) >= 5}


def pictured(them: Traits) -> set[str]:
    """Their pictures, and those that belong to their mail addresses."""
    return by_picture.slots(them.pictures, them.mails)


def told(them: Traits) -> set[str]:
    """What they write about themselves, to the word."""
    return told_by(them.bio)


def told_by(words: frozenset[str]) -> set[str]:
    """The same for the words alone."""
    return {f"b:{' '.join(sorted(words))}"} if len(words) >= ENOUGH else set()


@lru_cache(maxsize=1024)
def named(name: Name) -> frozenset[str]:
    """The slots of a name: all of it, its words two by two, given with family name in their forms."""
    return _slots(name, filing=True)


@lru_cache(maxsize=1024)
def sought(name: Name) -> frozenset[str]:
    """The slots in which a name's other forms stand."""
    return _slots(name, filing=False)


def _slots(name: Name, *, filing: bool) -> frozenset[str]:
    sounds, begins = name.sounds[:MOST_WORDS], "…" if filing else "."
    if len(name.words) == 1 and not name.whole:
        return frozenset()
    found = {slot_of(name)}
    if len(sounds) < 2:
        return frozenset(found)
    found |= {f"p:{one}+{other}" for one, other in combinations(sorted(set(sounds)), 2)}
    found |= {"j:" + one for one in joined(name)}
    heard = sorted(filter(None, map(consonants, name.words)))
    if len(heard) == len(name.words):  # those written with vowels are looked for by those without, and the other way about
        found.add(("c:" if has_no_vowels(name.words[0]) is not filing else "v:") + "+".join(heard))
    for given, family in ((sounds[0], sounds[-1]), (sounds[-1], sounds[0])):
        found |= {f"g:{n}|{family}" for n in groups(given)}
        found |= {f"{g}, {f}" for g in _parts(given, begins) for f in _parts(family, begins) if not (g[-1] in ".…" and f[-1] in ".…")}
    found |= _slips(sounds[0], sounds[-1], filing=filing)
    return frozenset(found)


def _parts(word: str, begins: str) -> tuple[str, ...]:
    """A word of a name, and its initial; an initial as such stands for itself and, looked for, for all that begins so."""
    if len(word) == 1:
        return (f"{word}.",) if begins == "…" else (f"{word}.", f"{word}…")
    return (word, word[0] + begins)


def _slips(given: str, family: str, *, filing: bool) -> set[str]:
    """One of the two words exact, of the other one end: a slip of the pen spoils only one of its ends, mostly.

    Given names of their own are no slips of each other: they are filed as such, and not looked for by each other.
    """
    found = set()
    if len(family) > 3:
        found |= {f"f:{given}~{family[:3]}…", f"f:{given}~…{family[-3:]}"}
    if len(given) > 3:
        known = is_known(given)
        for which in ("k" if known else "u") if filing else ("u" if known else "ku"):
            found |= {f"{which}:{family}~{given[:3]}…", f"{which}:{family}~…{given[-3:]}"}
    return found
