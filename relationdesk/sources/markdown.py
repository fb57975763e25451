"""Markdown from strangers as text: kept as it was written, without what its readers never see, pictures as marks. Pure."""

from __future__ import annotations

import re

from relationdesk.text import tidy

_MOST = 100_000
"""Characters that are looked at; the places allow about 65,000."""
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}(?:[ \t]\"[^\"\n]{0,200}\")?\)")
_TAG = re.compile(r"<img\b([^<>]{0,2000})>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]{0,500})"|'([^']{0,500})')""", re.IGNORECASE)


def markdown_text(markup: str) -> str:
    """The words, with `[Image: what it shows]` for pictures and without the comments that templates leave in."""
    text = _without_comments(markup[:_MOST].replace("\r\n", "\n"))
    text = _PICTURE.sub(lambda found: _mark(found[1]), text)
    text = _TAG.sub(lambda found: _mark(_alt(found[1])), text)
    return tidy(text)


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces.append(text[at:start])
        at = end + 3
    return "".join([*pieces, text[at:]])


def _alt(attributes: str) -> str:
    found = _ALT.search(attributes)
    return (found[1] or found[2] or "") if found else ""


def _mark(words: str) -> str:
    plain = words.strip()
    return f"[Image: {plain}]" if plain and plain.lower() not in ("image", "img") else "[Image]"
