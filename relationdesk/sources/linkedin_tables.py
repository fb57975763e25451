"""Which files of a LinkedIn archive are read, how they are recognised, and in what order. Looks at columns, not names.

Everything not listed is left alone on purpose: advertising profiles, logins, receipts, jobs, learning, AI coaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.model import Rejected
from relationdesk.sources.container import Container
from relationdesk.sources.linkedin_words import squash
from relationdesk.sources.member_names import plain_stem
from relationdesk.sources.tables import HEAD_BYTES, Row, Shape, examine, peek, rows

DATES = frozenset({"date", "sentat", "connectedon", "time", "endorsementdate"})
_OTHER_DATES = frozenset({"creationdate", "createdon", "savedat", "createdtime"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One kind of table. needs: squashed columns of one era each. weight: how surely the columns alone say LinkedIn."""

    name: str
    needs: tuple[frozenset[str], ...]
    weight: float = 0.0
    stems: tuple[str, ...] = ()  # other squashed file names


def _spec(name: str, *needs: str, weight: float = 0.0, stems: str = "") -> Spec:
    return Spec(
        name=name, needs=tuple(frozenset(need.split()) for need in needs), weight=weight, stems=tuple(stems.split())
    )


SPECS = (
    _spec("profile", "firstname lastname headline", "firstname lastname geolocation", weight=0.8),
    _spec("emailaddresses", "emailaddress confirmed", "emailaddress primary", weight=0.5),
    _spec("phonenumbers", "number type", "extension number"),
    _spec("positions", "companyname title startedon", weight=0.8),
    _spec("connections", "firstname lastname connectedon", weight=0.97),
    _spec(
        "messages", "conversationid from content date", "from to date content direction folder", weight=0.96
    ),
    _spec("invitations", "from to sentat direction", weight=0.95),
    _spec("endorsementreceivedinfo", "endorsementdate skillname endorserfirstname", weight=0.95),
    _spec("endorsementgiveninfo", "endorsementdate skillname endorseefirstname", weight=0.95),
    _spec("recommendationsreceived", "firstname lastname text creationdate"),
    _spec("recommendationsgiven", "firstname lastname text creationdate"),
    _spec("shares", "date sharelink", weight=0.95),
    _spec("instantreposts", "date link"),
    _spec("comments", "date link message", weight=0.6),
    _spec("reactions", "date type link", weight=0.6),
    _spec("votes", "date link optiontext", weight=0.9),
    _spec("savedarticles", "savedat link", weight=0.7),
    _spec("notes", "connectionfirstname connectionlastname note", weight=0.9),
    _spec("saveditems", "saveditem createdtime", weight=0.9),
    _spec("uploaded", "fullname emails", "fullname emailaddress", stems="importedcontacts contacts"),
)
"""In the order of reading: the owner, then connections, so that everybody else is known when they appear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    spec: Spec
    member: str
    label: str  # "messages.csv", for the user
    shape: Shape
    size: int


def glance(box: Container) -> dict[str, Spec]:
    """Member name → what its first lines say it is, one export only. Reads little; raises UnreadableFile."""
    if box.single:
        name = box.names()[0]
        spec = _spec_by_columns(_head(box, name), squash(_stem(name)))
        return {name: spec} if spec else {}
    found = {name: spec for name in box.names() if (spec := _spec_by_name(name)) and _fits(box, name, spec)}
    folders: dict[str, int] = {}
    for name in found:
        folder = str(PurePosixPath(name).parent)
        folders[folder] = folders.get(folder, 0) + 1
    best = max(folders, key=lambda folder: (folders[folder], folder), default="")
    return {name: spec for name, spec in found.items() if str(PurePosixPath(name).parent) == best}


def other_exports(box: Container, chosen: dict[str, Spec]) -> tuple[str, ...]:
    """Folders with a second export beside the one that is read."""
    used = {str(PurePosixPath(name).parent) for name in chosen}
    has = {str(PurePosixPath(name).parent) for name in box.names() if (spec := _spec_by_name(name)) and spec.weight > 0.9}
    return tuple(sorted(has - used))


def tables(box: Container, chosen: dict[str, Spec]) -> Iterator[Table | Rejected]:
    """The tables in the order of reading, each examined to its end; a damaged one is a Rejected."""
    order = {spec.name: place for place, spec in enumerate(SPECS)}
    for member in sorted(chosen, key=lambda name: (order[chosen[name].name], _part(name), name)):
        spec, label = chosen[member], PurePosixPath(member).name
        try:
            shape = examine(partial(box.open, member), needs=spec.needs, key=squash, dates=DATES)
        except UnreadableFile as error:
            # The rows before the damage are worth having; the damage is told when they have been read.
            shape = peek(_head(box, member), needs=spec.needs, key=squash)
            if shape is None:
                yield Rejected(where=label, reason=str(error))
        if shape is not None:
            yield Table(spec=spec, member=member, label=label, shape=shape, size=box.size(member))


def quick_table(box: Container, member: str, spec: Spec) -> Table | None:
    """A table as its first lines show it, without reading on."""
    shape = peek(_head(box, member), needs=spec.needs, key=squash)
    if shape is None:
        return None
    return Table(spec=spec, member=member, label=PurePosixPath(member).name, shape=shape, size=box.size(member))


def records(box: Container, table: Table) -> Iterator[tuple[int, Row | Rejected]]:
    """The rows of a table with the bytes read so far. Damage in the middle is the last Rejected."""
    done = 0
    try:
        with box.open(table.member) as stream:
            for record in rows(stream, table.shape, table.label):
                done = stream.tell()
                yield done, record
    except UnreadableFile as error:
        yield done, Rejected(where=table.label, reason=str(error))


def good_rows(box: Container, table: Table) -> Iterator[Row]:
    """Only the rows that can be read, for looking ahead."""
    return (record for _, record in records(box, table) if isinstance(record, Row))


def dates(box: Container, table: Table) -> Iterator[str]:
    """Every cell of the column that dates this table's rows."""
    column = next((column for column in table.shape.columns if column in DATES or column in _OTHER_DATES), "")
    return (row[column] for row in good_rows(box, table) if row[column]) if column else iter(())


def _head(box: Container, name: str) -> bytes:
    """The beginning, or as much of it as can be read."""
    head = b""
    try:
        with box.open(name) as stream:
            while len(head) < HEAD_BYTES and (part := stream.read1(HEAD_BYTES - len(head))):
                head += part
    except UnreadableFile:
        return head
    return head


def _fits(box: Container, name: str, spec: Spec) -> bool:
    """A table so damaged that it shows nothing is believed by its name, so that the damage will be told."""
    head = _head(box, name)
    return peek(head, needs=spec.needs, key=squash) is not None or (not head and box.size(name) > 0)


def _stem(name: str) -> str:
    """Without what LinkedIn or the browser appends: "Comments_17529409", "Connections (1)"."""
    return re.sub(r"_\d+$", "", plain_stem(name))


def _part(name: str) -> int:
    match = re.search(r"_(\d+)$", plain_stem(name))
    return int(match[1][:18]) if match else 0


def _spec_by_name(name: str) -> Spec | None:
    if not name.casefold().endswith((".csv", ".tsv", ".txt")):
        return None
    stem = squash(_stem(name))
    return next((spec for spec in SPECS if stem == spec.name or stem in spec.stems), None)


def _spec_by_columns(head: bytes, stem: str) -> Spec | None:
    """For a table dropped alone: its own name if the columns agree, else the columns if they are unmistakable."""
    if named := next((spec for spec in SPECS if stem == spec.name), None):
        return named if peek(head, needs=named.needs, key=squash) else None
    sure = sorted((spec for spec in SPECS if spec.weight >= 0.9), key=lambda spec: -spec.weight)
    return next((spec for spec in sure if peek(head, needs=spec.needs, key=squash)), None)
