"""One table of a file, folder, zip or workbook, whoever wrote it: how it is written, and its rows as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from relationdesk.model import Rejected
from relationdesk.sources.container import Container
from relationdesk.sources.csv_dialect import HEAD_BYTES, leaves_out_ends, shape_of, with_encoding
from relationdesk.sources.tables import Row, Shape, rows

ENDINGS = (".csv", ".tsv", ".txt")
_CARD = b"BEGIN:VCARD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """label: how its rows are named in a report. short_ok: its writer leaves out empty cells at the end of a row."""

    member: str
    label: str
    shape: Shape
    short_ok: bool

    @property
    def header(self) -> tuple[str, ...]:
        return self.shape.header


def members_of(container: Container, most: int) -> list[str]:
    """What may be a table by its name, at most so many; of a single file the file itself."""
    names = container.names()
    return list(names) if container.single else [name for name in names if name.lower().endswith(ENDINGS)][:most]


def table_in(container: Container, member: str, is_known: Callable[[str], bool]) -> Table | None:
    """The table as far as the beginning of a member tells; None for what is none. is_known: as in `csv_dialect.shape_of`."""
    with container.open(member) as stream:
        head = stream.read(HEAD_BYTES)
    if head.lstrip(b"\xef\xbb\xbf \r\n")[: len(_CARD)].upper() == _CARD:
        return None
    shape = shape_of(head, is_known)
    if shape is None:
        return None
    return Table(member=member, label=PurePosixPath(member).name, shape=shape, short_ok=leaves_out_ends(head, shape))


def whole(container: Container, table: Table) -> Table:
    """The same with the encoding of the whole member, which is read once for it."""
    with container.open(table.member) as stream:
        return replace(table, shape=with_encoding(table.shape, stream))


def rows_of(container: Container, table: Table) -> Iterator[tuple[Row | Rejected, int]]:
    """Every row, and how many bytes of the member have been read by then."""
    with container.open(table.member) as stream:
        for row in rows(stream, table.shape, table.label, short_ok=table.short_ok):
            yield row, stream.tell()
