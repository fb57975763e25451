"""The words of a forum's post: Discourse gives HTML in which quotes, previews of links, faces and pictures stand by their classes. Pure."""

from __future__ import annotations

import html
import re

from relationdesk.markup import MAX_MARKUP, html_to_text
from relationdesk.sources.pictures import TAG, alt_of, mark
from relationdesk.text import tidy

_ASIDE = re.compile(r"<(/?)aside\b([^<>]{0,4000})>", re.IGNORECASE)
_CLASS = re.compile(r"""\bclass\s*=\s*["']([^"']{0,300})["']""", re.IGNORECASE)
_SOURCE = re.compile(r"""\bdata-onebox-src\s*=\s*["']([^"']{0,2000})["']""", re.IGNORECASE)
_NOTES = re.compile(r"""<div\s[^<>]{0,20}class\s*=\s*["']meta["'][^<>]{0,200}>.{0,2000}?</div>""", re.IGNORECASE | re.DOTALL)
"""What stands below a picture that can be made larger: its file name and size."""


def words_of(cooked: str) -> tuple[str, str]:
    """The words of a post, and what it quotes of others."""
    kept, quoted = _parted(cooked[:MAX_MARKUP])
    return _plain(kept), _plain("\n".join(quoted))


def _plain(markup: str) -> str:
    return tidy(html_to_text(TAG.sub(lambda found: _picture(found[1]), _NOTES.sub("", markup))))


def _picture(attributes: str) -> str:
    """An emoji is its name, a face beside a quote nothing, all else a picture."""
    classes = _classes(attributes)
    if "avatar" in classes or "site-icon" in classes:
        return ""
    words = alt_of(attributes)
    return html.escape(words if "emoji" in classes else mark(words))


def _classes(attributes: str) -> frozenset[str]:
    found = _CLASS.search(attributes)
    return frozenset(found[1].lower().split()) if found else frozenset()


def _parted(markup: str) -> tuple[str, list[str]]:
    """The HTML without its outermost quotes and previews, and the quotes. Of a preview of a link only the link stays."""
    kept: list[str] = []
    quoted: list[str] = []
    depth, at, kind, source = 0, 0, "", ""
    for tag in _ASIDE.finditer(markup):
        if tag[1] and depth == 1:
            quoted += [markup[at : tag.start()]] if kind == "quote" else []
            kept.append(f'<p><a href="{source}">{source}</a></p>' if kind == "onebox" and source else markup[at : tag.start()] if not kind else "\n")
            at, depth = tag.end(), 0
        elif tag[1]:
            depth = max(0, depth - 1)
        elif depth:
            depth += 1
        else:
            kept.append(markup[at : tag.start()])
            classes, found = _classes(tag[2]), _SOURCE.search(tag[2])
            kind = next((name for name in ("quote", "onebox") if name in classes), "")
            source = found[1] if found else ""
            at, depth = tag.end(), 1
    kept.append(markup[at:])  # what is never closed is kept as it stands
    return "".join(kept), quoted
