"""What Reddit's own feeds (Atom) say, as neutral records. Pure.

Their words lie between two marks in a piece of HTML, with a line of Reddit's own around them; a post that is a link or a picture
has only that line. Titles of comments and letters are sentences of Reddit's ("/u/joe on Moving?", "from joe via erp sent 3 hours
ago: post reply"), which change by themselves.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime

from relationdesk.errors import UnexpectedAnswer
from relationdesk.markup import html_to_text
from relationdesk.model import Precision
from relationdesk.saying import say
from relationdesk.sources.feed_entries import absolute, first_date, plain
from relationdesk.sources.json_fields import web
from relationdesk.sources.xml_reader import Node, read_xml
from relationdesk.text import one_line, tidy

MOST = 200
"""Entries of one answer; Reddit gives a hundred at most."""
_WORDS = re.compile(r"<!--\s*SC_OFF\s*-->(.*?)(?:<!--\s*SC_ON\s*-->|\Z)", re.DOTALL)
_LINK = re.compile(r'<a\s+href="([^"]{1,4000})"\s*>\s*\[link\]\s*</a>')
_PICTURE = re.compile(r"<img\s", re.IGNORECASE)
_POST = re.compile(r"/comments/(\w{1,20})(?:/|$)")
_ABOUT = re.compile(r"^/?u/[\w-]{1,60} on (?=\S)")
_SENT = re.compile(r"^from \S{1,80}(?: via \S{1,80})? sent .{1,60}? ago: ?")
_GONE = frozenset({"[deleted]", "[removed]"})
_SITE = "https://www.reddit.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry. id: Reddit's full name (t1_ a comment, t3_ a post, t4_ a letter). author: a name without "u/", "" for nobody's.
    post: full name of the post it stands under, "" if it does not tell. link: where a post leads to, away from Reddit's page of it. calls: in the inbox because it names me."""

    id: str
    title: str
    text: str
    author: str
    community: str
    page: str
    post: str
    link: str
    published: datetime | None
    precision: Precision
    calls: bool = False

    @property
    def is_gone(self) -> bool:
        """Its author deleted it, or it was taken down."""
        return self.text.lower() in _GONE or self.author.lower() in _GONE

    @property
    def name(self) -> str:
        """What it is asked for by: its id, and what it stands under."""
        return f"{self.id}@{self.post}" if self.post and self.post != self.id else self.id


def read_entries(body: bytes, content_type: str) -> list[Told]:
    """The entries in Reddit's order; those without an id are left out. Raises UnexpectedAnswer for anything but a whole feed."""
    if not body.strip():
        raise UnexpectedAnswer(say("Reddit gave an empty answer. Nothing was deleted; it will be tried again."))
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type)
    document = read_xml(body, charset[1] if charset else "")
    if document.root.name not in ("atom:feed", "feed"):
        raise UnexpectedAnswer(say("Reddit does not answer with a feed. Nothing of it was kept and nothing was deleted; it will be tried again."))
    if document.damage:
        raise UnexpectedAnswer(say("The answer of Reddit breaks off in the middle. Nothing of it was kept and nothing was deleted; it will be tried again."))
    nodes = [node for node in document.root.children("atom:entry", "entry") if node.closed][:MOST]
    return [told for node in nodes if (told := _entry(node)) is not None]


def _value(node: Node | None, *names: str) -> str:
    found = node.child(*(f"atom:{name}" for name in names), *names) if node is not None else None
    return found.text() if found is not None else ""


def _entry(node: Node) -> Told | None:
    found = re.fullmatch(r"(t[134])_(\w{1,20})", _value(node, "id"))
    if found is None:
        return None
    markup = _value(node, "content")
    words = _WORDS.search(markup)
    author = re.sub(r"^/?u/", "", plain(_value(node.child("atom:author", "author"), "name")))
    link_node, category = node.child("atom:link", "link"), node.child("atom:category", "category")
    page = absolute(_SITE, link_node.attributes.get("href", "")) if link_node is not None else ""
    post = found[0] if found[1] == "t3" else f"t3_{under[1]}" if (under := _POST.search(page)) else ""
    link = _link(markup, page)
    published, precision = first_date([_value(node, "published"), _value(node, "updated")])
    return Told(
        id=found[0], title=_title(found[1], plain(_value(node, "title"))), text=_text(words[1] if words else "", markup, link), author=author,
        community=one_line(category.attributes.get("term", ""), 100) if category is not None else "", page=one_line(page, 2_000), post=post, link=link,
        published=published, precision=precision, calls="mention" in _SENT.sub("", plain(_value(node, "title"))).lower() if found[1] == "t1" else False,
    )  # fmt: skip


def _title(kind: str, title: str) -> str:
    """That of the post, or the subject of a letter. What Reddit calls an answer ("post reply") is none."""
    if kind == "t3":
        return title
    if _SENT.match(title):
        subject = _SENT.sub("", title)
        return "" if kind == "t1" else subject
    return _ABOUT.sub("", title) if _ABOUT.match(title) or kind == "t4" else ""


def _link(markup: str, page: str) -> str:
    found = _LINK.search(markup)
    link = web(one_line(html.unescape(found[1]), 2_000)) if found else ""
    return link if link.rstrip("/") != page.rstrip("/") else ""


def _text(words: str, markup: str, link: str) -> str:
    lines = [html_to_text(words)] if words else []
    if _PICTURE.search(markup) and re.search(r"//(?:i|v)\.redd\.it/|//www\.reddit\.com/gallery/", link):
        lines.append("[Video]" if "//v.redd.it/" in link else "[Image]")
    return tidy("\n\n".join(line for line in lines if line)) or link
