"""How long a text is, as each place counts it, and how long it may be there. Standard library only.

A place counts letters as its readers see them (graphemes), bytes, or by weights of its own; an address or a name may count otherwise
than it is written. What a place says by itself (its login's `May`) goes before what stands here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_URL = re.compile(r"https?://[^\s<>\"'\u2018\u2019\u201c\u201d]+[^\s<>\"'\u2018\u2019\u201c\u201d.,;:!?)\]}]", re.IGNORECASE)
_BARE = re.compile(r"(?<![@\w./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|de|eu|uk|fr|nl|es|it|pl|ch|at|app|ai|me|co|edu|gov|info|biz)(?:/[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])?(?![\w@-])", re.IGNORECASE)
_REMOTE = re.compile(r"(?<![\w/])@([A-Za-z0-9_][A-Za-z0-9_.-]*)@[\w.-]+\w")
_LINK = 23
"""Characters that an address counts at X (t.co) and Mastodon (`StatusLengthValidator::URL_PLACEHOLDER_CHARS`), however long it is."""
_LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Characters that count one at X; all others two (twitter-text, configuration 3)."""
_PICTOGRAM = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)


def graphemes(text: str) -> list[str]:
    """The letters of a text as a reader sees them: marks, joined emoji, flags and Hangul syllables are one each.

    UAX 29 without the tables of single scripts (prepended letters, Indic conjuncts): those count as their parts.
    """
    found: list[str] = []
    pictured = joined = pair = False
    before = ""
    for letter in text:
        flag = "\U0001f1e6" <= letter <= "\U0001f1ff"
        pictogram = not flag and bool(_PICTOGRAM.match(letter))
        extends = (
            unicodedata.category(letter) in ("Mn", "Me", "Mc") or letter in "\u200c\u200d" or "\U0001f3fb" <= letter <= "\U0001f3ff"
            or "\U000e0020" <= letter <= "\U000e007f"
        )  # fmt: skip
        goes_on = bool(found) and before not in "\r\n\0" and (extends or (joined and pictogram) or (flag and pair) or _syllable(before, letter))
        if goes_on or (before == "\r" and letter == "\n"):
            found[-1] += letter
        else:
            found.append(letter)
        pair = flag and not (pair and goes_on)
        joined = letter == "\u200d" and pictured
        pictured = pictogram or (pictured and extends)
        before = letter
    return found


def _syllable(before: str, letter: str) -> bool:
    """Whether two Hangul letters are parts of one syllable."""
    lead, whole = "\u1100" <= before <= "\u115f", "\uac00" <= before <= "\ud7a3"
    vowel, tail = "\u1160" <= letter <= "\u11a7", "\u11a8" <= letter <= "\u11ff"
    if lead:
        return vowel or "\u1100" <= letter <= "\u115f" or "\uac00" <= letter <= "\ud7a3"
    if whole and (ord(before) - 0xAC00) % 28 == 0:
        return vowel or tail
    return (whole and tail) or ("\u1160" <= before <= "\u11a7" and (vowel or tail)) or ("\u11a8" <= before <= "\u11ff" and tail)


def seen(text: str) -> int:
    """Graphemes."""
    return len(text) if text.isascii() and "\r" not in text else len(graphemes(text))


def mastodon(text: str) -> int:
    """An address counts 23, a name on another server without its server, the rest as it is seen."""
    return seen(_REMOTE.sub(lambda m: f"@{m.group(1)}", _URL.sub("x" * _LINK, text)))


def x(text: str) -> int:
    """Weighted: an address 23, an emoji or a letter of most scripts beyond Latin, Greek, Cyrillic, Arabic and their neighbours 2."""
    plain = unicodedata.normalize("NFC", text)
    links = 0

    def take(_: re.Match[str]) -> str:
        nonlocal links
        links += 1
        return "\n"

    plain = _BARE.sub(take, _URL.sub(take, plain))
    weight = 0
    for letter in graphemes(plain):
        if (_PICTOGRAM.match(letter) and (len(letter) > 1 or ord(letter) > 0x2FFF or "\ufe0f" in letter)) or "\U0001f1e6" <= letter[0] <= "\U0001f1ff":
            weight += 2
        else:
            weight += sum(1 if any(low <= ord(c) <= high for low, high in _LIGHT) else 2 for c in letter)
    return weight + links * (_LINK - 1)


def units(text: str) -> int:
    """UTF-16 units, as programs in a browser count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Limit:
    """most: 0 none known. count: how the place counts."""

    most: int
    count: Callable[[str], int] = units


_REPLY = {
    "mastodon": Limit(500, mastodon), "bluesky": Limit(300, seen), "x": Limit(280, x), "linkedin": Limit(1250), "threads": Limit(500, seen),
    "facebook": Limit(8000), "instagram": Limit(2200, seen), "youtube": Limit(10_000), "reddit": Limit(10_000), "github": Limit(65_536),
    "gitlab": Limit(1_000_000), "discourse": Limit(32_000), "stackexchange": Limit(600), "telegram": Limit(4096), "discord": Limit(2000),
    "whatsapp": Limit(65_536), "slack": Limit(40_000),
}  # fmt: skip
_MESSAGE = {**_REPLY, "linkedin": Limit(8000), "bluesky": Limit(1000, seen), "x": Limit(10_000), "instagram": Limit(1000, seen), "facebook": Limit(20_000)}
NO_LIMIT = Limit(0)


def limit(place: str, *, private: bool = False) -> Limit:
    """What a place takes of a public answer, or of a private message; NO_LIMIT where it takes whatever anybody types, or nobody knows."""
    return (_MESSAGE if private else _REPLY).get(place, NO_LIMIT)


def cut(text: str, most: int, count: Callable[[str], int] = seen) -> str:
    """As much of a text as fits, whole letters only."""
    if not most or count(text) <= most:
        return text
    letters = graphemes(text)
    low, high = 0, len(letters)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count("".join(letters[:middle])) <= most else (low, middle - 1)
    return "".join(letters[:low])
