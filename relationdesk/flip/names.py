"""Names as the finder reads them, and how much two of them are alike: one level out of a short list. Pure.

The levels, from the most alike to the least, are rows of the table of weights ("name.same" …). What a level counts is
written there; here is only which one it is. Symmetric: whose name is first makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from relationdesk.flip.letters import consonants, has_no_vowels, is_latin, korean, sound, without_kana
from relationdesk.flip.nicknames import is_known, same_name
from relationdesk.flip.slips import is_slip
from relationdesk.text import is_whole_name, name_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A display name. words: folded, given name first, as the name is written; sounds: the same by `letters.sound`.

    whole: family and given name in one word, as Chinese, Japanese and Korean are written. handle: one word as people are
    called in networks, which says nothing about their name.
    """

    written: str
    words: tuple[str, ...]
    sounds: tuple[str, ...]
    whole: bool = False
    handle: bool = False

    @property
    def full(self) -> bool:
        """Whether it has a given and a family name, both more than a letter."""
        return self.whole or (len(self.words) > 1 and sum(len(word) > 1 for word in self.words) > 1)


@lru_cache(maxsize=16384)
def parsed(written: str) -> Name:
    """A name as it is written anywhere; a mail address is none."""
    written = written.strip()
    if "@" in written:
        return Name(written=written, words=(), sounds=())
    words = name_words(written)
    read = words if written.isascii() else name_words(without_kana(written))
    if len(read) == 1 and (parts := korean(read[0])) and is_whole_name(read):
        return Name(written=written, words=words, sounds=tuple(map(sound, parts)), whole=True)
    return Name(written=written, words=words, sounds=tuple(map(sound, read)), whole=is_whole_name(words), handle=_is_handle(written))


def _is_handle(name: str) -> bool:
    """One word in small letters, or with digits or underscores."""
    return len(name.split()) == 1 and (name.islower() or "_" in name or any(c.isdigit() for c in name))


@lru_cache(maxsize=256)
def likeness(a: Name, b: Name) -> str:
    """How two names are alike, as the end of a row's name ("same", "short", "differ" …); "" if they say nothing together."""
    if not a.words or not b.words:
        return ""
    if len(a.words) < 2 or len(b.words) < 2:
        return _one_word(a, b)
    if sorted(a.words) == sorted(b.words):
        return "same" if a.written.casefold() == b.written.casefold() else "spelt"
    if sorted(a.sounds) == sorted(b.sounds) or joined(a) & joined(b):
        return "sound"
    if _by_consonants(a, b):
        return "consonants"
    for x, y in ((a.sounds, b.sounds), (a.sounds[::-1], b.sounds), (a.sounds, b.sounds[::-1]), (a.sounds[::-1], b.sounds[::-1])):
        if form := _given_and_family(x, y):
            return form
    if set(a.sounds) < set(b.sounds) or set(b.sounds) < set(a.sounds):
        return "part"
    if not (_is_heard(a) and _is_heard(b)) and is_latin(a.words[0]) != is_latin(b.words[0]):
        return ""  # nothing can be said of Chinese and Latin letters, nor against consonants alone
    return _nearly(a, b)


def conflict(a: Name, b: Name) -> bool:
    """True if two names cannot be one person's: another family name, or another given name that is no form of the first.

    An empty name, a mail address, a single word or a name in another script conflicts with nothing; a handle in place of
    a name ("joe_b77") only with another given name beside the same family name ("mary_jones", Gary Jones).
    """
    level = likeness(a, b)
    if level not in CONFLICTS:
        return False
    return not (a.handle or b.handle) or a.words[-1] == b.words[-1]


CONFLICTS = frozenset({"relative", "renamed", "differ"})


def _is_heard(name: Name) -> bool:
    """Whether its script tells what it sounds like."""
    return is_latin(name.sounds[0])


def _one_word(a: Name, b: Name) -> str:
    """One of them is a single word: a whole name in another alphabet, or a given name, which is not much."""
    if a.whole and b.whole:
        return "same" if a.words == b.words else "" if sorted(a.words[0]) != sorted(b.words[0]) else "spelt"
    if (a.whole or b.whole) and len(a.sounds) > 1 and len(b.sounds) > 1:
        if sorted(a.sounds) == sorted(b.sounds) or joined(a) & joined(b):
            return "sound"
        return ""
    if a.handle or b.handle:
        return ""
    one, other = (a, b) if len(a.words) == 1 else (b, a)
    if len(one.words[0]) < 2:
        return ""
    return "word" if one.sounds[0] in other.sounds or same_name(one.sounds[0], other.sounds[0]) else ""


def joined(name: Name) -> set[str]:
    """A name of short words without its spaces, family name first and last: Wang Xiao-Ming, Xiaoming Wang."""
    words = name.sounds
    if not 2 <= len(words) <= 4 or sum(map(len, words)) > 18 or not is_latin(words[0]):
        return set()
    return {"".join(words), "".join((*words[1:], words[0])), "".join((words[-1], *words[:-1]))}


def _given_and_family(x: tuple[str, ...], y: tuple[str, ...]) -> str:
    """One family name with forms of one given name; both read with the given name first. "" if it cannot be read so."""
    if not (x[-1] == y[-1] or _initial(x[-1], y[-1])):
        return ""
    if _initial(x[-1], y[-1]):
        return "initial" if same_name(x[0], y[0]) and len(x[0]) > 1 else ""
    if x[0] == y[0]:
        return "part"
    if _initial(x[0], y[0]):
        return "initial"
    return "short" if same_name(x[0], y[0]) else ""


def _initial(a: str, b: str) -> bool:
    """One is the first letter of the other."""
    return (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))


def _begins(a: str, b: str) -> bool:
    """One given name begins with the other and may be short for it."""
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) > 2 and longer.startswith(shorter)


def _by_consonants(a: Name, b: Name) -> bool:
    """One of them is written without vowels, and what both keep of their words is the same, in any order."""
    if has_no_vowels(a.words[0]) == has_no_vowels(b.words[0]):
        return False
    x, y = sorted(map(consonants, a.words)), sorted(map(consonants, b.words))
    return x == y and sum(map(len, x)) >= 4 and all(x)


def _nearly(a: Name, b: Name) -> str:
    """Both names whole and not the same: slips of the pen, relatives, a new family name, or two people."""
    straight = _compared(a, b, turned=False)
    if straight in ("slip", "slips", "begins", "relative"):
        return straight
    return "slip" if _compared(a, b, turned=True) == "slip" else straight


def _compared(a: Name, b: Name, *, turned: bool) -> str:
    """turned: one of them is read with the family name first; which one is not known, so either word may be the given name."""
    first, last = (-1, 0) if turned else (0, -1)
    x, y = a.sounds, b.sounds
    family, given = x[-1] == y[last], same_name(x[0], y[first])
    # Two given names of their own are never slips of each other, however near: Joe and Zoe, Dan and Dana, Mary and Gary.
    known = is_known(x[0]) and is_known(y[first])
    given_slip = not known and _is_slip(a, b, 0, first)
    family_slip = not (turned and is_known(x[-1]) and is_known(y[last])) and _is_slip(a, b, -1, last)
    if (family and given_slip) or (given and family_slip):
        return "slip"
    if family and not known and _begins(x[0], y[first]):
        return "begins"
    if given_slip and family_slip:
        return "slips"
    if family:
        return "relative"
    return "renamed" if given else "differ"


def _is_slip(a: Name, b: Name, at: int, other: int) -> bool:
    """As written or as it sounds: one letter may change more than itself in either."""
    return is_slip(a.sounds[at], b.sounds[other]) or (len(a.words) > 1 < len(b.words) and is_slip(a.words[at], b.words[other]))
