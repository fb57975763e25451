"""How words of scripts that SQLite cannot take apart by itself come into the full text index, and into a question to it.

Chinese, Japanese, Thai and their neighbours put no spaces between words: each character stands for itself. Hebrew, Arabic and Syriac
are written with vowel marks or without, and SQLite ends a word at each mark: the marks go, on both sides. Texts with either
stand in `activities_spaced`, too.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_STRETCH = "\u0640"
"""Drawn into an Arabic word to make it longer; no letter."""


@cache
def _unspaced() -> re.Pattern[str]:
    """Made when it is first needed: that takes longer than reading this file (2 ms)."""
    return re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@cache
def _vowelled() -> re.Pattern[str]:
    """As slow to make."""
    return re.compile("[\u0590-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+")


def has_unspaced(text: str) -> bool:
    """True for text with Chinese, Japanese, Thai, Lao, Khmer or Burmese characters, which put no spaces between words."""
    return not text.isascii() and _unspaced().search(text) is not None


def is_apart(text: str) -> bool:
    """True for text whose words are looked for in the index apart."""
    return not text.isascii() and (_unspaced().search(text) or _vowelled().search(text)) is not None


def indexed(text: str) -> str:
    """The same text as it stands in the index: unspaced characters set apart, so that a phrase of them finds any word; Hebrew and
    Arabic letters without marks, in their plain forms."""
    if text.isascii():
        return text
    return _vowelled().sub(_plain, _unspaced().sub(lambda m: f" {m.group(0)} ", text))


def _plain(match: re.Match[str]) -> str:
    letters = unicodedata.normalize("NFKD", match.group(0))
    return "".join(c for c in letters if c != _STRETCH and not unicodedata.combining(c))
