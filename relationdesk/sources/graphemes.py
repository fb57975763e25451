"""How long a text is in characters as people see them (grapheme clusters, Unicode annex 29), which is how some places count.

Covers what is written: marks and joiners, emoji with skin tones, keycaps and flags, Hangul syllables in letters, line ends. Not the
prepended marks of a few scripts, which count one too many: a text is then refused a little early, never cut.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"


def graphemes(text: str) -> int:
    """How many there are."""
    count = 0
    before = ""
    flags = 0
    pictured = joined = False
    for letter in text:
        code = ord(letter)
        if before == "\r" and letter == "\n":
            before = letter
            continue
        flag = 0x1F1E6 <= code <= 0x1F1FF
        extends = _extends(letter, code)
        goes_on = bool(before) and before not in "\r\n" and (
            extends or (joined and _pictograph(code)) or (flag and flags % 2 == 1) or _hangul_goes_on(ord(before), code)
        )  # fmt: skip
        count += not goes_on
        flags = flags + 1 if flag else 0
        joined = letter == _JOINER and pictured
        pictured = _pictograph(code) or (pictured and extends)
        before = letter
    return count


def _extends(letter: str, code: int) -> bool:
    return letter == _JOINER or code == 0x200C or 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F or unicodedata.category(letter) in ("Mn", "Me", "Mc")


def _pictograph(code: int) -> bool:
    return 0x1F000 <= code <= 0x1FAFF and not 0x1F1E6 <= code <= 0x1F1FF or 0x2190 <= code <= 0x2BFF or code in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)  # noqa: RUF021


def _hangul_goes_on(before: int, code: int) -> bool:
    """Letters of one syllable: leading, vowel, trailing."""
    leads = 0x1100 <= before <= 0x115F
    vowel, trail = 0x1160 <= code <= 0x11A7, 0x11A8 <= code <= 0x11FF
    block = 0xAC00 <= before <= 0xD7A3
    open_block = block and (before - 0xAC00) % 28 == 0
    if leads:
        return 0x1100 <= code <= 0x11A7 or 0xAC00 <= code <= 0xD7A3
    if open_block or 0x1160 <= before <= 0x11A7:
        return vowel or trail
    return (block or 0x11A8 <= before <= 0x11FF) and trail
