"""Pictures in words: a mark where one stands, with what it is said to show. Pure."""

from __future__ import annotations

import html
import re

from relationdesk.markup import html_to_text
from relationdesk.text import one_line

TAG = re.compile(r"<img\b([^<>]{0,4000})>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]{0,500})"|'([^']{0,500})')""", re.IGNORECASE)
_NO_WORDS = frozenset({"image", "img", "enter image description here", "alt text", "screenshot", "picture"})
"""What stands there when nobody wrote anything."""


def mark(words: str) -> str:
    plain = one_line(words, 500)
    return f"[Image: {plain}]" if plain and plain.lower() not in _NO_WORDS else "[Image]"


def alt_of(attributes: str) -> str:
    found = _ALT.search(attributes)
    return html.unescape(found[1] or found[2] or "") if found else ""


def marked_text(markup: str) -> str:
    """The words of a piece of HTML, pictures as marks."""
    return html_to_text(TAG.sub(lambda found: html.escape(mark(alt_of(found[1]))), markup))
