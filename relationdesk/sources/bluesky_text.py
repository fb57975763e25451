"""The words of a Bluesky post: links written out, pictures by what they are said to show, what it quotes. Pure.

Works on the record as its author signed it, which is the same in the live answers and in the archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from relationdesk.sources.bluesky_ids import AtUri, at_uri, is_did
from relationdesk.sources.json_fields import Json, record_of, records, string, web
from relationdesk.text import one_line, tidy

_MOST_WORDS = 100_000
"""Characters of one text that are read; the place allows 300, a hostile archive what it likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A marked stretch of a text. start, end: UTF-8 bytes, end exclusive. link or mention (a DID), the other ""."""

    start: int
    end: int
    link: str = ""
    mention: str = ""


def features(record: Json) -> tuple[Feature, ...]:
    """Links and mentions in the order of the text; of those that overlap the first, as the place itself does."""
    found: list[Feature] = []
    for facet in records(record, "facets"):
        index = record_of(facet, "index") or {}
        start, end = index.get("byteStart"), index.get("byteEnd")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
            continue
        for feature in records(facet, "features"):
            link, mention = web(string(feature, "uri", 4_000)), string(feature, "did", 2_048)
            if link or is_did(mention):
                found.append(Feature(start=start, end=end, link=link, mention="" if link else mention))
                break
    kept: list[Feature] = []
    for feature_ in sorted(found, key=lambda one: (one.start, one.end)):
        if not kept or feature_.start >= kept[-1].end:
            kept.append(feature_)
    return tuple(kept)


def mentioned(record: Json) -> tuple[str, ...]:
    """The DIDs a post names, each once."""
    return tuple(dict.fromkeys(feature.mention for feature in features(record) if feature.mention))


def post_text(record: Json) -> str:
    """A post as plain text: shortened links whole, hidden ones beside their words, then what is attached."""
    written = record.get("text")
    text = _with_links(written[:_MOST_WORDS], features(record)) if isinstance(written, str) else ""
    return tidy("\n\n".join(part for part in (text.strip(), *_attached(record_of(record, "embed"), text)) if part))


def _with_links(text: str, marked: tuple[Feature, ...]) -> str:
    raw = text.encode("utf-8", "replace")
    pieces: list[str] = []
    done = 0
    for feature in marked:
        if feature.end > len(raw) or not feature.link:
            continue
        try:  # a mark that begins or ends inside a letter marks nothing
            before, shown = raw[done : feature.start].decode(), raw[feature.start : feature.end].decode()
        except UnicodeDecodeError:
            continue
        pieces += [before, _written_out(shown, feature.link)]
        done = feature.end
    return "".join(pieces) + raw[done:].decode("utf-8", "replace")


def _written_out(shown: str, link: str) -> str:
    """ "crm.example/a/lo..." is the link itself; other words keep theirs and get the link beside them."""
    gist = re.sub(r"(…|\.\.\.)$", "", _bare(shown))
    if not gist.strip():
        return link
    return link if _bare(link).startswith(gist) else f"{shown} ({link})"


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?|^www\.", "", address.strip().lower())


def _attached(embed: Json | None, text: str, *, inner: bool = False) -> Iterator[str]:
    if embed is None:
        return
    for image in records(embed, "images"):
        yield _said("Image", image.get("alt"))
    if _type(embed) == "video":
        yield _said("Video", embed.get("alt"))
    external = record_of(embed, "external")
    if external is not None and (address := web(string(external, "uri", 4_000))):
        title = string(external, "title", 500)
        if address not in text:
            yield f"[Link: {title}] {address}" if title else f"[Link] {address}"
        elif title:
            yield f"[Link: {title}]"
    if not inner:
        yield from _attached(record_of(embed, "media"), text, inner=True)  # beside a quoted record


def _said(kind: str, alt: object) -> str:
    words = one_line(alt, 2_000) if isinstance(alt, str) else ""
    return f"[{kind}: {words}]" if words else f"[{kind}]"


def _type(embed: Json) -> str:
    return string(embed, "$type", 200).removeprefix("app.bsky.embed.").partition("#")[0]


def quoted(record: Json) -> AtUri | None:
    """The record that a post carries inside it (a quoted post, a feed, a list); None for none."""
    carried = record_of(record_of(record, "embed"), "record")
    wrapped = record_of(carried, "record")  # recordWithMedia wraps once more
    return at_uri(string(carried, "uri", 8_192)) or at_uri(string(wrapped, "uri", 8_192))
