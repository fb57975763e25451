"""Records in JSON as a table: one object per line, or a list of objects, each a row whose columns are its fields.

What lies one level deeper is a column too ("user.name"), the values of a list stand in one cell. In a document that is an object the lists
of objects in it are tables, those one level deeper as well: {"contacts": […]}, {"data": {"contacts": […]}}.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from relationdesk.model import Rejected
from relationdesk.saying import say
from relationdesk.sources.container import Container
from relationdesk.sources.csv_dialect import HEAD_BYTES
from relationdesk.sources.json_records import Broken, documents, listed, lists_in
from relationdesk.sources.tables import Row
from relationdesk.text import one_line

_LOOKED_AT = 50  # records
MOST_COLUMNS = 300
MOST_LISTS = 20
_LISTS_LOOKED_FOR = 4 * 1024 * 1024  # characters
_MOST_VALUES = 200
_MOST_TEXT = 200_000  # characters of a cell
_INNER = ("value", "name", "email", "address", "number", "url", "text")
"""Where an object in a list says what it is, as in {"type": "work", "value": "ann@firm.example"}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonTable:
    """header: the fields of its first records, in the order in which they occur. path: where its list stands in an object ("data.contacts"),
    "" where the document is the list."""

    member: str
    label: str
    header: tuple[str, ...]
    path: str = ""


def json_tables_in(container: Container, member: str) -> tuple[JsonTable, ...]:
    """The table as far as the beginning of a member tells, or the lists of objects in the object that it is, as far as they begin in
    its first megabytes; () for what has neither, such as a single document about one thing."""
    with container.open(member) as stream:
        head = stream.read(HEAD_BYTES)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start not in (b"{", b"["):
        return ()
    label = PurePosixPath(member).name
    header = _header(documents(io.BytesIO(head)), 1 if start == b"[" else 2)
    if header or start == b"[":
        return (JsonTable(member=member, label=label, header=header),) if header else ()
    with container.open(member) as stream:
        lists = lists_in(stream, most=_LISTS_LOOKED_FOR, keep=_LOOKED_AT)
    tables = ((path, _header(records, 1)) for path, records in lists.items())
    return tuple(JsonTable(member=member, label=f"{label} {one_line(path, 80)}", header=header, path=path) for path, header in tables if header)[:MOST_LISTS]


def _header(records: Iterable[Any], least: int) -> tuple[str, ...]:
    """The columns of a table with these records first, () if that is none. least: how many of them there must be."""
    found: list[dict[str, str]] = []
    others = 0
    for record in records:
        if isinstance(record, dict):
            found.append(flat(record))
        else:
            others += not isinstance(record, Broken)
        if len(found) == _LOOKED_AT or others > _LOOKED_AT:
            break
    if others > len(found) or len(found) < least:
        return ()
    often = Counter(name for record in found for name in record)
    header = tuple(often)[:MOST_COLUMNS]
    return header if len(header) >= 2 and sum(2 * count >= len(found) for count in often.values()) >= 2 else ()


def json_rows(container: Container, table: JsonTable) -> Iterator[tuple[Row | Rejected, int]]:
    """Every record, and how many bytes of the member have been read by then. `line` of a row is its number."""
    index = {column: place for place, column in enumerate(table.header)}
    with container.open(table.member) as stream:
        for number, record in enumerate(listed(stream, table.path) if table.path else documents(stream), start=1):
            where = f"{table.label} record {number}"
            if isinstance(record, Broken):
                yield Rejected(where=where, reason=say("This record cannot be read. {reason}", reason=record.reason)), stream.tell()
            elif not isinstance(record, dict):
                yield Rejected(where=where, reason=say("This record has no fields.")), stream.tell()
            else:
                cells = flat(record)
                yield Row(line=number, values=tuple(cells.get(column, "") for column in table.header), index=index), stream.tell()


def flat(record: dict[str, Any]) -> dict[str, str]:
    """Its fields as cells, and those of the objects in it."""
    found: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            for inner, deeper in value.items():
                if not isinstance(deeper, dict):
                    found.setdefault(_named(f"{name}.{inner}"), _cell(deeper))
        else:
            found.setdefault(_named(name), _cell(value))
    return found


def _named(name: str) -> str:
    return one_line(name, 120)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value[:_MOST_TEXT].replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return "; ".join(filter(None, map(_inner, value[:_MOST_VALUES])))
    return ""


def _inner(value: object) -> str:
    if isinstance(value, dict):
        return next((found for name in _INNER if not isinstance(value.get(name), dict | list) and (found := _cell(value.get(name)))), "")
    return "" if isinstance(value, list) else _cell(value)
