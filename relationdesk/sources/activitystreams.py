"""Documents of ActivityStreams 2.0 (and of the first, 2011), one by one, as a list, a collection, or one per line.

What was published in the fediverse is read as Mastodon's, with the keys that reading it live gives; anything else has a
place of its own. Who is named without an id is nobody in particular, so that is refused, record by record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.as_facts import PLACE, BadRecord, View, facts
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.json_records import Broken, documents
from relationdesk.sources.mastodon_facts import PLACE as FEDIVERSE

_HEAD = 64 * 1024
_MOST_LOOKED_INTO = 60
_EVERY = 500
_REJECTED_SHOWN = 200
_BEGINS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*[\[{]")
_SECOND = re.compile(rb"https?://www\.w3\.org/ns/activitystreams")
_FIRST = re.compile(rb"\"verb\"\s*:\s*\"|\"objectType\"\s*:\s*\"")
_OF_FIRST = re.compile(rb"\"(?:actor|published|displayName)\"\s*:")
_FEDERATED = re.compile(rb"activitystreams#Public|\"as:Public\"|\"inbox\"\s*:|\"atomUri\"\s*:|joinmastodon\.org|w3id\.org/security|/followers\"")
_NAMES = (".json", ".jsonld", ".jsonl", ".ndjson")


class ActivityStreams:
    """FileSource for ActivityStreams documents of any origin."""

    name = "activitystreams"
    title = marked("ActivityStreams document")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """By the vocabulary that a document names, or by the words of the first ActivityStreams. Of a folder most documents
        have to be some."""
        try:
            with open_container(path) as box:
                heads = [box.head(name, _HEAD) for name in _documents(box)[:_MOST_LOOKED_INTO]]
        except (UnreadableFile, OSError):
            return None
        found = [head for head in heads if _is_one(head)]
        if not found or len(found) * 2 < len(heads):
            return None
        place = FEDIVERSE if all(map(_FEDERATED.search, found)) else PLACE
        certain = any(map(_SECOND.search, found))
        return Recognised(format=self.name, title=self.title, place=place, certainty=0.6 if certain else 0.4)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Everybody who did something, and what. Raises UnreadableFile."""
        me = frozenset({options.me.strip().casefold().lstrip("@")} - {""})
        with open_container(path) as box:
            names = _documents(box)
            if not names:
                raise UnreadableFile(
                    say("“{name}” holds no JSON document. Nothing was brought in. Choose the document itself.", name=path.name), source=self.name
                )
            done, total = 0, sum(map(box.size, names))
            for name in names:
                view = View(place=FEDIVERSE if _FEDERATED.search(box.head(name, _HEAD)) else PLACE, me=me)
                yield from _document(box, name, view, done, total)
                done += box.size(name)
                yield Progress(done=done, total=total)


def _documents(box: Container) -> list[str]:
    return [name for name in box.names() if box.single or name.lower().endswith(_NAMES)]


def _is_one(head: bytes) -> bool:
    if not _BEGINS.match(head):
        return False
    return bool(_SECOND.search(head)) or bool(_FIRST.search(head) and _OF_FIRST.search(head))


def _document(box: Container, name: str, view: View, before: int, total: int) -> Iterator[Fact | Progress]:
    broken = number = 0
    try:
        with box.open(name) as stream:
            for number, record in enumerate(documents(stream, ("orderedItems", "items")), start=1):
                if number % _EVERY == 0:
                    yield Progress(done=min(before + stream.tell(), total), total=total)
                try:
                    yield from _facts(record, view)
                except BadRecord as e:
                    broken += 1
                    if broken <= _REJECTED_SHOWN:
                        yield Rejected(where=f"{name} record {number}", reason=str(e))
    except UnreadableFile as e:
        yield Rejected(where=name, reason=str(e))
    if not number:
        yield Rejected(where=name, reason=say("There is nothing in it."))
    if broken > _REJECTED_SHOWN:
        yield Rejected(where=name, reason=say("{broken} more records could not be read.", broken=broken - _REJECTED_SHOWN))


def _facts(record: Any, view: View) -> Iterator[Fact]:
    if isinstance(record, Broken):
        raise BadRecord(record.reason)
    yield from facts(record, view)
