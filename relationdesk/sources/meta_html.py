"""The pages of Meta's HTML exports, in pieces: a page of ten thousand messages is never held as a whole.

What stands on a page is boxes, each with a headline (who), a body and a date. Their class names drift from year to year;
a page with none of those known is read by what looks like a date, and the first words of its box are who.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from selectolax.lexbor import LexborHTMLParser, LexborNode

from relationdesk.markup import html_to_text
from relationdesk.sources.meta_dates import from_words
from relationdesk.sources.meta_text import name_of, words
from relationdesk.text import one_line

_READ = 512 * 1024
_PIECE = 1024 * 1024
_LONGEST_PIECE = 8 * 1024 * 1024
_MOST_BOXES = 20_000
_MOST_TAGS = 100_000
_DEEPEST = 120
"""Tags in one piece, and elements within each other; real ones have ten thousand and twenty. Others are bombs and are passed over."""
_TAG = re.compile(r"<(/?)(?:div|section|span|ul|ol|li|a|table|tbody|tr|td|p|b|i|u|h\d|main|header|footer|[a-z][a-z0-9]{0,20})\b(?![^<>]{0,2000}/>)", re.IGNORECASE)
_VOID = re.compile(r"<(?:br|img|meta|link|input|hr|source|wbr|area|base|col|embed|track)\b", re.IGNORECASE)
_START = re.compile(r"<(?:div|section)\b[^<>]{0,200}?class=\"(?:[^\"]{0,200}\s)?(?:_a6-g|uiBoxWhite|_a6-p)(?:\s[^\"]{0,200})?\"[^<>]{0,200}>(?=\s*<(?:div|h2|section|header)\b)")
_HEAD = "._a6-h, ._2lel"
_DATE = "._a72d, ._a6-o, ._2lem"
_BODY = "._a6-p, ._2let"
_BOX = "._a6-g, .uiBoxWhite"
_BOX_CLASSES = frozenset({"_a6-g", "uiBoxWhite"})
_WEB = re.compile(r"(?i)https?://")
_AND = re.compile(r"\s(?:and|und|et|y|e|en|i|ve|og|och)\s")
_PEOPLE = re.compile(r"^\s*(?:Participants?|Teilnehmer(?:innen)?|Participantes|Partecipanti|Deelnemers|Uczestnicy)\s*:\s*(.+)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One entry of a page. name: its headline. pairs: the rows of a table in it. links: (address, words). files: names of media."""

    name: str = ""
    text: str = ""
    date: str = ""
    reactions: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def title_and_people(head: str) -> tuple[str, tuple[str, ...]]:
    """The title of a page and who takes part in the conversation on it, () where it does not say, of its first 64 KiB."""
    tree = LexborHTMLParser(head[: 64 * 1024])
    title = tree.css_first("title")
    people: tuple[str, ...] = ()
    for node in tree.css(f"._3b0d, ._2pin, ._3b0c, ._a70e, {_HEAD}")[:50]:
        if found := _PEOPLE.match(one_line(node.text(), 2_000)):
            *first, last = re.split(r",\s+", found[1])
            people = tuple(filter(None, map(name_of, (*first, *_AND.split(last, maxsplit=1)))))
    return name_of(title.text() if title else ""), people


def who(stream: IO[bytes]) -> Iterator[str]:
    """The headlines of a page's boxes, quickly. None of a page whose classes nobody knows."""
    for piece in _pieces(stream):
        if _is_flat(piece):
            yield from (name_of(head.text()) for head, row in _headed(LexborHTMLParser(piece)) if row.css_first(_DATE) is not None)


def _headed(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, LexborNode]]:
    """Headlines with their boxes. One that stands above all boxes says who takes part, or that a chat waits, and is no box's."""
    for head in tree.css(_HEAD)[:_MOST_BOXES]:
        row = head.parent
        if row is not None and (len(row.css(_HEAD)) == 1 or not _BOX_CLASSES.isdisjoint((row.attributes.get("class") or "").split())):
            yield head, row


def boxes(stream: IO[bytes]) -> Iterator[Box]:
    """Every box of a page, in its order. Never raises but what reading the stream raises."""
    for piece in _pieces(stream):
        if _is_flat(piece):
            yield from _boxes(piece)


def _is_flat(piece: str) -> bool:
    if piece.count("<") > _MOST_TAGS:
        return False
    depth = 0
    for found in _TAG.finditer(piece):
        depth += -1 if found[1] else not _VOID.match(found[0])
        depth = max(depth, 0)
        if depth > _DEEPEST:
            return False
    return True


def _pieces(stream: IO[bytes]) -> Iterator[str]:
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace")
    held = ""
    while data := stream.read(_READ):
        held += decode.decode(data)
        if len(held) < _PIECE:
            continue
        cut = 0
        for found in _START.finditer(held):
            if found[0].find("_a6-p") < 0 or cut == 0:
                cut = found.start()
        if cut == 0 and len(held) > _LONGEST_PIECE:
            cut = held.rfind("<") if held.rfind("<") > 0 else len(held)
        if cut:
            yield held[:cut]
            held = held[cut:]
    yield held + decode.decode(b"", final=True)


def _boxes(piece: str) -> Iterator[Box]:
    tree = LexborHTMLParser(piece)
    rows = [row for _, row in _headed(tree)]
    rows += [box for box in tree.css(_BOX)[:_MOST_BOXES] if not any(inner.mem_id != box.mem_id for inner in box.css(f"{_HEAD}, {_BOX}"))]
    told: set[int] = set()
    for row in rows:
        if row.mem_id not in told:
            told.add(row.mem_id)
            yield _box(row)
    if not told:
        yield from _by_dates(tree)


def _box(row: LexborNode) -> Box:
    head = row.css_first(_HEAD)
    body = next((node for node in row.css(_BODY) if node.mem_id != row.mem_id), row if head is None else None)
    written = [one_line(node.text(), 100) for node in reversed(row.css(_DATE))]
    written += [text for node in row.css("div, td") if (text := _own(node))]
    date = next((text for text in written if from_words(text).moment is not None), "")
    pairs = tuple(pair for tr in row.css("tr")[:60] if (pair := _pair(tr)) is not None)
    reactions: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    text = ""
    if body is not None:
        reactions = tuple(one_line(node.text(), 120) for node in body.css("ul li")[:100])
        found = [(one_line(node.attributes.get("href") or "", 2_000), one_line(node.text(), 300)) for node in body.css("a[href]")[:50]]
        links = tuple((address, label) for address, label in found if _WEB.match(address))
        files = _files(body)
        for node in body.css("ul._a6-q, table, script, style"):
            node.decompose()
        text = _words(body, date)
    return Box(name=name_of(head.text()) if head else "", text=text, date=date, reactions=reactions, links=links, files=files, pairs=pairs)


def _pair(row: LexborNode) -> tuple[str, str] | None:
    """A label and its value, which stands in a cell of its own or below the label in the same one."""
    label = row.css_first("._a6_q, td")
    if label is None:
        return None
    value = row.css_first("._a6_r") or label.css_first("div") or next((td for td in row.css("td") if td.mem_id != label.mem_id), None)
    name = one_line(label.text(deep=False), 100) or one_line(label.text(), 100)
    return (name, words(value.text())[:100_000]) if value is not None else None


def _words(body: LexborNode, date: str) -> str:
    """The body as text, without its date and without the addresses of the files it shows."""
    for node in body.css("a[href]"):
        if not _WEB.match(node.attributes.get("href") or ""):
            node.decompose()
    lines = html_to_text(body.html or "").split("\n")
    return "\n".join(line for line in lines if not date or line.strip() != date).strip()


def _files(body: LexborNode) -> tuple[str, ...]:
    found = []
    for node in body.css("a[href], img[src], video[src], audio[src], source[src]")[:100]:
        address = node.attributes.get("href") or node.attributes.get("src") or ""
        if address and not re.match(r"(?i)[a-z][a-z0-9+.-]*:|//|#", address) and "/" in address:
            found.append(one_line(address, 500))
    return tuple(dict.fromkeys(found))


def _own(node: LexborNode) -> str:
    """The text of an element that has no element below it."""
    text = node.text(deep=False, strip=True)
    return one_line(text, 100) if text and len(text) < 100 else ""


def _by_dates(tree: LexborHTMLParser) -> Iterator[Box]:
    """Boxes of a page whose classes nobody knows: around each text that is a date, the smallest element with more in it."""
    for node in tree.css("div, span, p, td, time, footer, small")[:_MOST_BOXES]:
        date = _own(node)
        if not date or from_words(date).moment is None:
            continue
        row = node.parent
        for _ in range(4):
            if row is None or row.tag in ("body", "html"):
                break
            texts = [text for leaf in row.css("*")[:200] if (text := leaf.text(deep=False, strip=True))]
            if len(texts) >= 3:
                yield Box(name=name_of(texts[0]), text="\n".join(text for text in texts[1:] if text != date)[:100_000], date=date)
                break
            row = row.parent
