"""The words of Meta's exports (Facebook, Instagram, Threads): its broken letters put right, and names as keys.

Its JSON holds each byte of UTF-8 as a letter of its own ("cafÃ©"). Only what turns back into UTF-8 to the last byte is
put right, so a text that was written properly stays as it is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from relationdesk.text import MAX_TEXT, one_line, tidy

_DEEPEST = 40
_HIDDEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOBODY = re.compile(
    r"(?:facebook|instagram|threads)[\s-]*(?:user|nutzer(?:in)?|-gebruiker|gebruiker|bruger|användare|bruker|member)"
    r"|(?:utilisateur|utilisatrice|usuario|usuaria|utente|użytkownik|usuário|utilizador|пользователь)\s+(?:de |di |do |d['’])?(?:facebook|instagram)a?"
    r"|instagramm?er|\[deleted\]"
)  # fmt: skip


def mended(text: str) -> str:
    """ "cafÃ©" → "café"; anything that is not broken in this way stays."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def mended_all(value: Any, depth: int = 0) -> Any:
    """Every text in a JSON value, names of fields too. What is nested deeper than any record is dropped."""
    if isinstance(value, str):
        return mended(value)
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {mended(name) if isinstance(name, str) else name: mended_all(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [mended_all(inner, depth + 1) for inner in value]
    return value


def words(value: object) -> str:
    """Somebody's text, "" for what is none."""
    return tidy(value[:MAX_TEXT]) if isinstance(value, str) else ""


def name_of(value: object) -> str:
    """A name on one line without hidden letters."""
    return one_line(_HIDDEN.sub("", value[:2_000]), 200) if isinstance(value, str) else ""


def name_key(name: str) -> str:
    """What a name is compared and keyed by."""
    return unicodedata.normalize("NFC", name_of(name)).casefold()


def is_nobody(name: str) -> bool:
    """The words that stand in place of the name of somebody who has left, in any language we know."""
    return not name or _NOBODY.fullmatch(name_key(name)) is not None


def digest(*parts: str) -> str:
    """A short, steady hash."""
    return hashlib.sha1("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:20]
