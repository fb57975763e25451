"""Our own bounded reading of the XML that feeds and calendar servers answer: forgiving to mistakes, deaf to tricks.

expat does the parsing; nothing is ever fetched, no entity is ever declared (a DOCTYPE with an inner part is refused, a
bare one as RSS 0.91 demands is skipped), and depth, elements and attributes have limits. feedparser and vobject hang
on crafted input of a few hundred bytes; this reader is linear in its input.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from urllib.parse import urljoin
from xml.parsers import expat

from relationdesk.errors import UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.xml_mending import mend

MAX_DEPTH = 120
MAX_ELEMENTS = 150_000
MAX_ATTRIBUTES = 60
MAX_REFERENCES = 500_000

SPACES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.youtube.com/xml/schemas/2015": "yt",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "dav:": "dav",
    "urn:ietf:params:xml:ns:caldav": "cal",
    "http://calendarserver.org/ns/": "cs",
}
"""Namespace address (lower case) → the prefix this house uses for it, whatever prefix the document uses."""

_CHARSETS = re.compile(
    r"(utf-?8|utf-?16(le|be)?|utf-?32(le|be)?|us-ascii|ascii|(iso-?)?8859-?\d{1,2}|iso-8859-\d{1,2}|latin-?\d{1,2}"
    r"|windows-125\d|cp125\d|koi8-?[rut]|shift[_-]?jis|sjis|cp932|euc-?(jp|kr)|gb2312|gbk|gb18030|big5(-?hkscs)?"
    r"|iso-?2022-?jp|tis-?620|macintosh|mac-?roman|cp437|cp850)"
)
_DECLARATION = re.compile(r"<\?xml[^>]{0,300}?\?>")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#[xX]?[0-9a-fA-F]{1,10};|[A-Za-z][A-Za-z0-9]{0,31};)?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """One element. name: "title", "atom:entry", "content:encoded" (see SPACES; an unknown space is "?:name").

    parts: text and child elements in order. base: the xml:base in force, "" if none was given. closed: its end tag
    was seen; only then is it whole.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Node | str] = field(default_factory=list)
    base: str = ""
    closed: bool = False

    def children(self, *names: str) -> Iterator[Node]:
        """Child elements of these names (all, if none is given), in order."""
        for part in self.parts:
            if isinstance(part, Node) and (not names or part.name in names):
                yield part

    def child(self, *names: str) -> Node | None:
        """The first child of the first name that has one."""
        return next((node for name in names for node in self.children(name)), None)

    def text(self) -> str:
        """All text inside, markup left out, ends stripped."""
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts).strip()

    def markup(self) -> str:
        """The inside written as HTML again, for content that came as elements (type="xhtml")."""
        return "".join(_escaped(part) if isinstance(part, str) else part._outer() for part in self.parts)

    def _outer(self) -> str:
        tag = self.name.rpartition(":")[2]
        attributes = "".join(f' {name}="{_escaped(value)}"' for name, value in self.attributes.items())
        return f"<{tag}{attributes}>{self.markup()}</{tag}>" if self.parts else f"<{tag}{attributes}/>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A read document. damage: "" or one sentence where it stopped being XML; elements before that are closed."""

    root: Node
    damage: str = ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def read_xml(body: bytes, charset: str = "") -> Document:
    """Bytes to a tree. charset: what the HTTP header says, a hint only. Raises UnexpectedAnswer for no XML at all,
    for a DOCTYPE that declares something, and for more depth, elements or attributes than any feed has."""
    text = _prepared(decode(body, charset))
    builder, damage = _Builder(), ""
    try:
        _strictly(text, builder)
    except expat.ExpatError as e:
        damage = f"the document stops being readable in line {e.lineno}"
        builder, damage = _mended_tree(text, builder, damage)
    if builder.root is None:
        raise UnexpectedAnswer(say("The answer is not a feed. Nothing of it was kept and nothing was deleted."))
    return Document(root=builder.root, damage=damage)


def _strictly(text: str, builder: _Builder) -> None:
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.Parse(text.encode("utf-8", "replace"), True)


def _mended_tree(text: str, strict: _Builder, damage: str) -> tuple[_Builder, str]:
    """The tree of the second, forgiving try, and the damage that is left; the first tree if that brings nothing."""
    mended = _Builder()
    try:
        whole = mend(text, mended)
    except UnexpectedAnswer:
        return strict, damage
    return (mended, "" if whole else damage) if mended.root is not None else (strict, damage)


class _Builder:
    """Puts the tree together. Its own stack, so depth costs no Python stack; prefixes are resolved here, because
    real feeds use prefixes they never declare."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._spaces: list[dict[str, str]] = [{"xml": "xml"}]
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= MAX_DEPTH or self._count > MAX_ELEMENTS or len(attributes) > MAX_ATTRIBUTES:
            raise UnexpectedAnswer(say("The feed is nested or filled beyond all measure. Nothing of it was kept and nothing was deleted."))
        spaces = self._spaces[-1]
        declared = {n.partition(":")[2]: v for n, v in attributes.items() if n == "xmlns" or n.startswith("xmlns:")}
        if declared:
            spaces = {**spaces, **{prefix: _space(prefix, uri) for prefix, uri in declared.items()}}
            if len(spaces) > 300:
                raise UnexpectedAnswer(say("The feed declares more name spaces than any feed has. Nothing of it was kept and nothing was deleted."))
        self._spaces.append(spaces)
        parent_base = self._open[-1].base if self._open else ""
        plain = {n: v for n, v in attributes.items() if not (n == "xmlns" or n.startswith("xmlns:"))}
        node = Node(_name(tag, spaces), plain, base=_joined(parent_base, plain.get("xml:base", "")))
        if self._open:
            self._open[-1].parts.append(node)
        elif self.root is None:
            self.root = node
        self._open.append(node)

    def end(self, tag: str, whole: bool = True) -> None:
        self._open.pop().closed = whole
        self._spaces.pop()

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)


def _space(prefix: str, uri: str) -> str:
    known = SPACES.get(uri.strip().lower())
    return known if known is not None else ("" if not prefix else "?")


def _name(tag: str, spaces: dict[str, str]) -> str:
    prefix, _, local = tag.rpartition(":")
    space = spaces.get(prefix, prefix if prefix in SPACES.values() else ("?" if prefix else ""))
    return f"{space}:{local}" if space else local


def _joined(base: str, new: str) -> str:
    try:
        return urljoin(base, new) if new else base
    except ValueError:
        return base


def decode(body: bytes, charset: str = "") -> str:
    """Bytes to text: byte order mark, then UTF-8 if it is valid UTF-8, then what the document, the header and in the
    end Western Europe say. Never raises. A wrong declaration is common; text that is valid UTF-8 by chance is not."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
                       (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):  # fmt: skip
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if body[:4] in (b"<\0?\0", b"\0<\0?"):
        return body.decode("utf-16-le" if body[0] else "utf-16-be", "replace")
    declared = re.search(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""", body[:1024])
    names = [declared.group(1).decode("ascii").lower() if declared else "", charset.strip("\"' ").lower()]
    seven_bit = b"\x1b" in body[:100_000]
    if not (seven_bit and any("2022" in name for name in names)):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for name in names:
        if _CHARSETS.fullmatch(name) and not name.startswith("utf"):
            single = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
            try:
                return body.decode(single.get(name, name), "replace")
            except LookupError:
                continue
    return body.decode("utf-8", "replace") if "utf-8" in names else body.decode("cp1252", "replace")


def _prepared(text: str) -> str:
    """The document as expat accepts it: no declaration, no DOCTYPE, no forbidden characters, no unknown entities."""
    text = _FORBIDDEN.sub("", text).lstrip("\ufeff \t\r\n")
    text = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    return _mended(_without_doctype(text))


def _without_doctype(text: str) -> str:
    """Take a bare DOCTYPE off the prolog. One with an inner part declares entities, and no feed needs that: refused."""
    at = 0
    while (found := re.compile(r"\s*<(\?|!--|!DOCTYPE)", re.IGNORECASE).match(text, at)) is not None:
        kind = found.group(1)
        if kind.upper() == "!DOCTYPE":
            end = re.compile(r"[^>\[]{0,2000}").match(text, found.end())
            stop = end.end() if end else len(text)
            if text[stop : stop + 1] != ">":
                raise UnexpectedAnswer(say("The feed declares entities of its own, which is refused. Nothing of it was kept and nothing was deleted."))
            return text[: found.start()] + text[stop + 1 :]
        closing = "?>" if kind == "?" else "-->"
        end_at = text.find(closing, found.end())
        if end_at < 0:
            return text
        at = end_at + len(closing)
    return text


def _mended(text: str) -> str:
    """Outside CDATA: HTML's named characters to the characters themselves, a lone & to &amp;, impossible numbers away."""
    if text.count("&") > MAX_REFERENCES:
        raise UnexpectedAnswer(say("The feed is nested or filled beyond all measure. Nothing of it was kept and nothing was deleted."))
    pieces: list[str] = []
    at = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            pieces.append(_REFERENCE.sub(_reference, text[at:]))
            break
        pieces.append(_REFERENCE.sub(_reference, text[at:start]))
        pieces.append(text[start : end + 3])
        at = end + 3
    return "".join(pieces)


def _reference(match: re.Match[str]) -> str:
    name = match.group(1)
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        digits = name[1:-1]
        try:
            number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        except ValueError:
            return "&amp;" + name
        if number > 0x10FFFF or _FORBIDDEN.match(chr(number)):
            return ""
        return match.group(0)
    return html5.get(name, "&amp;" + name)
