"""Texts with fields in braces, filled with what is known of somebody. Pure, and nothing is ever evaluated.

A template is cut into words and fields once. What goes in for a field is never looked at again: a person who is called "{my name}"
stays that. Of a field of which nothing is known a gap is left, between marks that nobody types by accident; what goes out holds none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from relationdesk.saying import say

OPEN, CLOSE = "⟦", "⟧"
FIELDS = ("first name", "name", "company", "title", "last topic", "last contact", "meeting", "my name", "today")
"""What the desk itself knows; any other field is a particular of the person, or filled in by hand each time."""
MOST_FIELD = 40
"""Characters of the name of a field."""

_LABEL = r"[^\W_][^{}⟦⟧<>;=()\"\\/|\r\n\t]*?"
_NAME = rf"[ \t]*({_LABEL})[ \t]*"
_FIELD = re.compile(rf"\{{\{{{_NAME}\}}\}}|\{{{_NAME}\}}")
_GAP = re.compile(r"⟦([^⟦⟧\r\n]+)⟧")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with what is known in it. gaps: names of the fields of which nothing is known, each once, in their order."""

    text: str
    gaps: tuple[str, ...] = ()


def field_name(label: str) -> str:
    """One spelling of the name of a field: "First_Name " is "first name"; "" for what can be none."""
    name = " ".join(unicodedata.normalize("NFC", label).replace("_", " ").split())
    return name.casefold() if len(name) <= MOST_FIELD and re.fullmatch(_LABEL, name) else ""


def fields(text: str) -> tuple[str, ...]:
    """The fields of a template, each once, in their order."""
    found = (field_name(match[1] or match[2]) for match in _FIELD.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name))


def fill(text: str, known: Mapping[str, str]) -> Filled:
    """known: by `field_name`; an empty value is none."""
    words = _FIELD.sub(lambda match: _value(match, known), text)
    return Filled(words, gaps(words))


def _value(match: re.Match[str], known: Mapping[str, str]) -> str:
    label = " ".join((match[1] or match[2]).split())
    name = field_name(label)
    if not name:
        return match[0]
    return known.get(name, "").strip().replace(OPEN, "[").replace(CLOSE, "]") or f"{OPEN}{label}{CLOSE}"


def gaps(text: str) -> tuple[str, ...]:
    """What is still to be filled in, each once, in its order; "" stands for what is left of a gap that was cut into."""
    found = dict.fromkeys(match[1] for match in _GAP.finditer(text))
    rest = _GAP.sub("", text)
    return (*found, "") if OPEN in rest or CLOSE in rest else tuple(found)


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where what is still to be filled in stands, from and to, also what is left of cut gaps."""
    return tuple(match.span() for match in re.finditer(r"⟦[^⟦⟧\r\n]*⟧?|⟧", text))


def field_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where the fields of a template stand."""
    return tuple(match.span() for match in _FIELD.finditer(text) if field_name(match[1] or match[2]))


def first_gap(text: str) -> tuple[int, int]:
    """Where the first one stands: from, to; (-1, -1) for none."""
    return next(iter(spans(text)), (-1, -1))


def close(text: str, gap: str, value: str) -> str:
    """Each gap of this name with these words in it; "" takes it out, with the blank beside it. gap "": what is left of cut ones."""
    words = value.strip().replace(OPEN, "[").replace(CLOSE, "]")
    if not gap:
        return text.translate({ord(mark): words or None for mark in (OPEN, CLOSE)}) if not _GAP.search(text) else _outside(text)
    marked = re.escape(f"{OPEN}{gap}{CLOSE}")
    if words:
        return re.sub(marked, lambda _: words, text)
    return re.sub(rf"^{marked}[ \t]?|[ \t]?{marked}(?=[ \t,.;:!?)]|$)|{marked}[ \t]?", "", text, flags=re.MULTILINE)


def _outside(text: str) -> str:
    """Without the marks that belong to no whole gap."""
    found, at = [], 0
    for match in _GAP.finditer(text):
        found += [text[at : match.start()].replace(OPEN, "").replace(CLOSE, ""), match[0]]
        at = match.end()
    return "".join((*found, text[at:].replace(OPEN, "").replace(CLOSE, "")))


def gap_sentence(gap: str, whom: str) -> str:
    """Which field is missing, and of whom."""
    if not gap:
        return say("A mark of a gap ({open} or {close}) still stands in the text.", open=OPEN, close=CLOSE)
    if field_name(gap) in _MINE:
        return say("“{gap}” is not known: the desk does not know yet which person you are.", gap=gap)
    return say("“{gap}” is not known of {person}.", gap=gap, person=whom) if whom else say("“{gap}” is not known of this person.", gap=gap)


_MINE = frozenset({"my name"})
