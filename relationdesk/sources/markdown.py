"""Markdown from strangers as text: kept as it was written, without what its readers never see, pictures as marks. Pure."""

from __future__ import annotations

import re

from relationdesk.sources.pictures import TAG, alt_of, mark
from relationdesk.text import tidy

_MOST = 100_000
"""Characters that are looked at; the places allow about 65,000."""
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}(?:[ \t]\"[^\"\n]{0,200}\")?\)")


def markdown_text(markup: str) -> str:
    """The words, with `[Image: what it shows]` for pictures and without the comments that templates leave in."""
    text = _without_comments(markup[:_MOST].replace("\r\n", "\n"))
    text = _PICTURE.sub(lambda found: mark(found[1]), text)
    text = TAG.sub(lambda found: mark(alt_of(found[1])), text)
    return tidy(text)


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces.append(text[at:start])
        at = end + 3
    return "".join([*pieces, text[at:]])
