"""Evidence: the same words of one's own in two places within minutes, as who posts everywhere at once writes them. Pure.

What many pass on is none: quotations, what others said, announcements that several write, words too short to be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from relationdesk.flip.reason import Reason, because
from relationdesk.saying import counted, say
from relationdesk.text import fold, one_line

LONG = 60
"""Letters from which on the same words in two places are no chance."""
WITHIN = 600
"""Seconds within which whoever posts everywhere at once has done so; tools that pass posts on look every few minutes."""
OFTEN = 2
"""So many of them, and it is a habit."""

_NOT_WORDS = re.compile(r"https?://\S+|[#@][\w.@-]+")
_PASSED_ON = re.compile(r"\s*(RT\b|re-?tweet|re-?post|boost)|\b(via|hat tip|h/t) @", re.IGNORECASE)
_QUOTED = re.compile(r"""\s*["'„“”‚‘«»‹›「『].*["'“”‘’«»‹›」』](\s*[-–—,].{0,80})?\s*""", re.DOTALL)


def telling(text: str) -> str:
    """What of a text would be one's own, folded; "" for what is passed on, a quotation from its first letter to its last, or too little."""
    if _PASSED_ON.match(text) or _PASSED_ON.search(text[-80:]) or _QUOTED.fullmatch(text):
        return ""
    words = fold(_NOT_WORDS.sub(" ", text[:2000]))[:600]
    return words if len(words) >= LONG else ""


def same(one: str, other: str) -> bool:
    """Whether two such texts are the same, or one is cut off, as places cut what is too long for them."""
    short, long = sorted((one.rstrip(" .…"), other.rstrip(" .…")), key=len)
    return len(short) >= LONG and long.startswith(short)


def reason(texts: Sequence[str], *, colleagues: bool) -> Reason | None:
    """texts: that both wrote within minutes, newest first. colleagues: both are at one firm, whose people often announce the same."""
    if not texts:
        return None
    said = one_line(texts[0], 60)
    if len(texts) < OFTEN or colleagues:
        return because("talk.minutes", say("Both wrote “{said}” within ten minutes", said=said))
    return because("talk.often", counted(len(texts), "{n} time both wrote the same within ten minutes, the last was “{said}”", "{n} times both wrote the same within ten minutes, the last was “{said}”", said=said))
