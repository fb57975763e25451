"""Foreign HTML to plain text, in one bounded pass. Standard library only.

`html.parser` of Python 3.11 takes quadratic time on unclosed tags and comments: 21 KB of `<a ` run for half a minute.
So every tag is closed and bounded first, in one linear pass that keeps only what plain text needs.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from relationdesk.text import MAX_TEXT, tidy

MAX_MARKUP = 4_000_000
"""Characters of HTML that are read; real texts stay far below."""

_KEPT = frozenset(
    "a address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr img li "
    "main nav ol p pre section table td th tr ul".split()
)
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<silent>script|style|title|noscript|svg|math|object|iframe|template)\b[^<>]{0,4000}>.*?(?:</(?P=silent)\s{0,9}>|\Z)"
    r"|<[!?][^<>]{0,4000}>"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9:-]{0,40})(?P<rest>[^<>]{0,4000})>"
    r"|<",
    re.IGNORECASE | re.DOTALL,
)
_EMPTY = re.compile(
    r"(?:[ \t\r\n\f\u00a0]|</?(?:td|th|a)>|<img>|&nbsp;|&#0{0,4}(?:32|9|160);|&#x0{0,4}(?:20|9|a0);){200,}",
    re.IGNORECASE,
)
"""Runs of nothing that would become one long run of blanks, on which the clean-up of plain text is quadratic."""
_VALUE = re.compile(r"""(?<![\w-])(href|alt)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main "
    "nav ol p pre section table tr ul".split()
)
_SILENT = frozenset("script style head title template noscript svg math object iframe".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class _TextOf(HTMLParser):
    """Collects the words of a document. Unclosed and mis-nested tags cannot make it slow: it keeps one counter each."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.length = 0
        self.silent: list[str] = []
        self.pre = 0
        self.href: str = ""
        self.link_text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent:
            if tag == self.silent[-1] and tag not in _VOID and len(self.silent) < 50:
                self.silent.append(tag)
            return
        if tag in _SILENT:
            self.silent.append(tag)
        elif tag == "br":
            self._add("\n")
        elif tag == "li":
            self._add("\n• ")
        elif tag == "td" or tag == "th":
            self._add("\t")
        elif tag in _BLOCKS:
            self._add("\n\n" if tag in ("p", "blockquote", "h1", "h2", "h3") else "\n")
        if tag == "pre":
            self.pre += 1
        if tag == "a":
            self._close_link()
            self.href = next((value or "" for name, value in attrs if name == "href"), "")
        if tag == "img":
            alt = next((value or "" for name, value in attrs if name == "alt"), "")
            if alt.strip():
                self._add(alt.strip())

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag == "a":
            self._close_link()
        if tag == "pre":
            self.pre = max(0, self.pre - 1)
        if tag in _BLOCKS and tag != "li":
            self._add("\n\n" if tag in ("p", "blockquote", "h1", "h2", "h3") else "\n")

    def handle_data(self, data: str) -> None:
        if self.silent or self.length > MAX_TEXT:
            return
        if not self.pre:
            data = re.sub(r"[ \t\r\n\f]+", " ", data)
        if self.href:
            self.link_text.append(data)
        self._add(data)

    def _close_link(self) -> None:
        """Add the target after the words where the words do not already show it (Mastodon shortens, mail hides)."""
        href, words = self.href.strip(), "".join(self.link_text).strip()
        self.href, self.link_text = "", []
        if not href.lower().startswith(("http://", "https://")) or words.startswith(("@", "#")):
            return
        shown = words.removesuffix("…").rstrip("/")
        if shown and shown in href:
            if shown.rstrip("/") != href.rstrip("/") and self.parts:
                self._replace_tail(words, href)
        elif words != href:
            self._add(f" ({href})" if words else href)

    def _replace_tail(self, words: str, href: str) -> None:
        tail = "".join(self.parts[-12:])
        if tail.rstrip().endswith(words):
            cut = len(tail.rstrip()) - len(words)
            self.parts[-12:] = [tail[:cut] + href]

    def _add(self, text: str) -> None:
        if self.length <= MAX_TEXT:
            self.parts.append(text)
            self.length += len(text)


def html_to_text(markup: str) -> str:
    """The words of a piece of HTML as plain text, paragraphs parted by one empty line. Never raises.

    Scripts, styles and comments vanish; a link whose words hide its target gets the target in brackets; at most
    MAX_TEXT characters.
    """
    parser = _TextOf()
    closed = _TOKEN.sub(_tag, markup[:MAX_MARKUP].replace("\0", ""))
    try:
        parser.feed(_EMPTY.sub(" ", closed))
        parser.close()
    except (AssertionError, ValueError):  # html.parser asserts on some broken declarations; keep what was read
        pass
    return tidy("".join(parser.parts))


def _tag(found: re.Match[str]) -> str:
    name = (found["name"] or "").lower()
    if found[0] == "<":
        return "&lt;"
    if name not in _KEPT:
        return ""
    if found["close"]:
        return f"</{name}>"
    if name not in ("a", "img"):
        return f"<{name}>"
    values = [(key.lower(), html.unescape(a or b or c).strip()) for key, a, b, c in _VALUE.findall(found["rest"])]
    wanted = [(key, text) for key, text in values if text and (key == "alt" or text.lower().startswith("http"))]
    shown = "".join(f' {key}="{html.escape(text)}"' for key, text in wanted[:2])
    return f"<{name}{shown}>"
