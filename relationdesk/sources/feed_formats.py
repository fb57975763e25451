"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (and, by `feed_json`, JSON Feed): all to one `Document` of `Entry`s. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from relationdesk.errors import UnexpectedAnswer
from relationdesk.model import Rejected
from relationdesk.saying import say
from relationdesk.sources.door_answers import PORTAL, is_page
from relationdesk.sources.feed_dates import feed_date
from relationdesk.sources.feed_entries import (
    MAX_ENTRY_TEXT,
    NOT_A_FEED,
    Document,
    Entry,
    absolute,
    first_date,
    gathered,
    identity,
    plain,
    tags_of,
    words,
)
from relationdesk.sources.feed_ids import told_apart
from relationdesk.sources.feed_json import read_json_feed
from relationdesk.sources.feed_pace import Rhythm, rhythm
from relationdesk.sources.xml_reader import Node, decode, read_xml
from relationdesk.text import one_line, tidy
from relationdesk.troubles import Trouble


def read_feed(body: bytes, url: str, content_type: str = "") -> Document:
    """A feed in any format, each entry once (the first of an id wins). url: where it came from, for relative addresses.
    Raises UnexpectedAnswer for anything that is no feed, and for a damaged one without a single whole entry."""
    found = _read(body, url, content_type)
    entries: dict[str, Entry] = {}
    for entry in told_apart(found.entries):
        entries.setdefault(entry.id, entry)
    return replace(found, entries=tuple(entries.values()))


def _read(body: bytes, url: str, content_type: str) -> Document:
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type)
    if not body.strip():
        raise UnexpectedAnswer(say("The feed is empty. Nothing was deleted; it will be tried again."))
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return read_json_feed(decode(body, charset.group(1) if charset else ""), url)
    if is_page(body):
        told = say("A web page came in place of the feed. Nothing of it was kept and nothing was deleted; it will be tried again. {hint}", hint=say(PORTAL))
        raise UnexpectedAnswer(told, trouble=Trouble.PORTAL)
    document = read_xml(body, charset.group(1) if charset else "")
    root = document.root
    if root.name == "atom:feed" or root.name == "feed":
        found = _atom(root, url)
    elif root.name in ("rss", "rdf:RDF", "RDF", "channel"):
        found = _rss(root, url)
    else:
        raise UnexpectedAnswer(say(NOT_A_FEED))
    if document.damage:
        if not found.entries:
            raise UnexpectedAnswer(
                say("The feed is damaged: {damage}. Nothing of it was kept and nothing was deleted.", damage=document.damage)
            )
        rejected = (*found.rejected, Rejected(where="feed", reason=say("{damage}; what comes after is missing", damage=document.damage)))
        return replace(found, rejected=rejected, damage=document.damage)
    return found


def _value(node: Node | None) -> str:
    return node.text() if node is not None else ""


def _rss(root: Node, url: str) -> Document:
    channel = root.child("channel") or root
    if root.name == "rss" and channel is root and not any(root.children("item")):
        raise UnexpectedAnswer(say(NOT_A_FEED))
    base = channel.base or url
    home = absolute(base, next((n.text() for n in channel.children("link") if n.text()), ""))
    items = [*channel.children("item"), *(root.children("item") if channel is not root else ())]
    entries, rejected = gathered(items, lambda node: _rss_item(node, home or url))
    return Document(
        title=plain(_value(channel.child("title"))), url=home,
        author=_rss_name(channel, "dc:creator", "itunes:author", "managingEditor"),
        entries=entries, rejected=rejected, rhythm=_rhythm(channel),
    )  # fmt: skip


def _rhythm(node: Node) -> Rhythm:
    def inside(name: str, each: str) -> list[str]:
        return [n.text() for holder in node.children(name) for n in holder.children(each)]

    return rhythm(
        _value(node.child("ttl")), _value(node.child("sy:updatePeriod")), _value(node.child("sy:updateFrequency")),
        inside("skipHours", "hour"), inside("skipDays", "day"),
    )  # fmt: skip


def _rss_item(item: Node, home: str) -> Entry | None:
    base = item.base or home
    guid_node = item.child("guid")
    guid = _value(guid_node) or item.attributes.get("rdf:about", "")
    link = absolute(base, next((n.text() for n in item.children("link") if n.text()), "")) or _atom_link(item, base)
    if not link and guid.startswith(("http://", "https://")):
        permanent = guid_node is None or guid_node.attributes.get("isPermaLink", "true").lower() != "false"
        link = absolute(base, guid) if permanent else ""
    dates = [_value(item.child(name)) for name in ("pubDate", "dc:date", "dc:created", "atom:published", "pubdate")]
    published, precision = first_date([*dates, _value(item.child("atom:updated", "dc:modified"))])
    title = plain(_value(item.child("title", "dc:title", "media:title")))
    text = words(_value(item.child("content:encoded", "xhtml:body", "description", "dc:description")) or _media(item))
    key = identity(guid, link, title, next((d for d in dates if d), ""), text)
    enclosure = item.child("enclosure", "media:content")
    if not key:
        return None
    return Entry(
        id=key, url=link, title=title, text=text, published=published, precision=precision,
        author=_rss_name(item, "dc:creator", "itunes:author", "author"), edited=feed_date(_value(item.child("atom:updated", "dc:modified")))[0],
        tags=tags_of([n.text() for n in item.children("category", "dc:subject")]),
        enclosure=absolute(base, enclosure.attributes.get("url", "")) if enclosure else "",
    )  # fmt: skip


def _rss_name(node: Node, *elements: str) -> str:
    """A plain name, or the one in "joe@hotel.example (Joe Brown)"; never a bare mail address as a name."""
    text = plain(_value(node.child(*elements)))
    match = re.fullmatch(r"\S+@\S+ \((.{1,200})\)", text)
    if match:
        return match.group(1).strip()
    return "" if re.fullmatch(r"\S+@\S+\.\S+", text) else text


def _media(item: Node) -> str:
    group = item.child("media:group") or item
    return _value(group.child("media:description"))


def _named(node: Node, *names: str) -> Node | None:
    """A child in the Atom name space, or with the same name in a document that forgot to declare it."""
    return node.child(*[f"atom:{name}" for name in names], *names)


def _all(node: Node, name: str) -> list[Node]:
    return [*node.children(f"atom:{name}", name)]


def _atom_link(node: Node, base: str, rel: str = "alternate") -> str:
    for link in _all(node, "link"):
        if link.attributes.get("rel", "alternate") == rel and link.attributes.get("href"):
            return absolute(link.base or base, link.attributes["href"])
    return ""


def _atom(root: Node, url: str) -> Document:
    base = root.base or url
    home = _atom_link(root, base)
    author, author_url = _person(root, base)
    entries, rejected = gathered(_all(root, "entry"), lambda node: _atom_entry(node, base))
    return Document(
        title=plain(_atom_text(_named(root, "title"))), url=home, author=author, author_url=author_url,
        stable_id=one_line(_value(root.child("yt:channelId")), 100), entries=entries, rejected=rejected, rhythm=_rhythm(root),
    )  # fmt: skip


def _person(node: Node, base: str) -> tuple[str, str]:
    author = _named(node, "author")
    if author is None:
        return plain(_value(node.child("dc:creator"))), ""
    address = _value(_named(author, "uri", "url"))
    return plain(_value(_named(author, "name"))), absolute(author.base or base, address)


def _atom_text(node: Node | None) -> str:
    """An Atom text construct as HTML: type text is escaped, html is unescaped already, xhtml comes as elements.
    Atom 0.3 says mode="escaped" and a media type instead."""
    if node is None:
        return ""
    kind = node.attributes.get("type", "text").lower()
    if any(True for _ in node.children()) or kind == "xhtml":
        return node.markup()
    text = node.text()
    if kind in ("html", "text/html") or node.attributes.get("mode", "").lower() == "escaped":
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _atom_entry(node: Node, feed_base: str) -> Entry | None:
    base = node.base or feed_base
    link = _atom_link(node, base)
    author, author_url = _person(node, base)
    dates = [_value(_named(node, name)) for name in ("published", "issued", "created")]
    edited_text = _value(_named(node, "updated", "modified"))
    published, precision = first_date([*dates, _value(node.child("dc:date")), edited_text])
    title = plain(_atom_text(_named(node, "title")))
    content = _named(node, "content")
    remote = content is not None and "src" in content.attributes and not content.text()
    markup = (_atom_text(content) if not remote else "") or _atom_text(_named(node, "summary"))
    text = words(markup) or tidy(_media(node), MAX_ENTRY_TEXT)
    key = identity(_value(_named(node, "id")), link, title, next((d for d in dates if d), edited_text), text)
    if not key:
        return None
    return Entry(
        id=key, url=link, title=title, text=text, author=author, author_url=author_url, published=published,
        precision=precision, edited=feed_date(edited_text)[0], enclosure=_atom_link(node, base, "enclosure"),
        tags=tags_of([n.attributes.get("label") or n.attributes.get("term", "") for n in _all(node, "category")]),
        about=_atom_link(node, base, "related"),
    )  # fmt: skip
