"""Contact lists as tables: Google, Outlook, Apple, HubSpot, Salesforce, Zoho, Pipedrive, and any other with a header.

What a table is, its headers say. One nobody knows is read by the mapping the user gives, or by a good guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, Progress, Rejected
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.contact_cards import Identities
from relationdesk.sources.contact_rows import fact_of
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.csv_columns import (
    FIELDS,
    fields_of,
    guess_field,
    guess_mapping,
    is_enough,
    is_foreign,
    layout_of,
)
from relationdesk.sources.open_tables import Table, members_of, rows_of, table_in, whole
from relationdesk.sources.tables import Row
from relationdesk.text import one_line

__all__ = ["FIELDS", "CsvContacts", "guess_mapping"]

_PROGRESS_EVERY = 500  # rows
_SAMPLE_ROWS = 3
_MAX_MEMBERS = 50

_COLUMNS_NAMED = 30


class CsvContacts:
    """Reads contact tables; see `FileSource`. A folder or zip is read for the known tables in it."""

    name = "csv_contacts"
    title = "Contact list (CSV)"
    place = "contacts"

    def recognise(self, path: Path) -> Recognised | None:
        """A known table surely, any other with a header at 0.2 with its columns and first rows; never LinkedIn's."""
        try:
            with open_container(path) as container:
                members = _members(container)
                if not container.single and (not members or _known_members(container)):
                    return self._in_folder(container)
                table = _table(container, members[0])
                if table is None or is_foreign(table.header):
                    return None
                layout = layout_of(table.header)
                if layout:
                    return Recognised(format=self.name, title=layout.title, place=layout.place, certainty=0.9)
                sample = _sample(container, table)
        except (UnreadableFile, OSError):
            return None
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.2, columns=table.header, sample=sample
        )

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """A Profile or a Rejected per row, in the order of the file. options.mapping: column → field, for any table.

        Raises UnreadableFile if it is no table, belongs to another source, or nobody knows which column is the name.
        """
        identities: dict[str, Identities] = {}
        with open_container(path) as container:
            members = _members(container)
            if not members:
                raise UnreadableFile(f"There is no contact list in “{path.name}”. Nothing was brought in.")
            total, done = sum(container.size(member) for member in members), 0
            for member in members:
                for fact in _read_table(container, member, options, identities):
                    yield Progress(done=done + fact.done, total=total) if isinstance(fact, Progress) else fact
                done += container.size(member)
            yield Progress(done=total, total=total)

    def _in_folder(self, container: Container) -> Recognised | None:
        members = _known_members(container)
        if not members:
            return None
        table = _table(container, members[0])
        layout = layout_of(table.header) if table else None
        if layout is None:
            return None
        certainty = 0.8 if len(members) * 2 > len(container.names()) else 0.3
        return Recognised(format=self.name, title=layout.title, place=layout.place, certainty=certainty)


def _members(container: Container) -> list[str]:
    """What is read: the file itself; of a folder or zip the tables we know, else the only table if there is but one."""
    if container.single:
        return list(container.names())
    only = [name for name in container.names() if name.lower().endswith((".csv", ".tsv"))]
    return _known_members(container) or (only if len(only) == 1 and _table(container, only[0]) else [])


def _known_members(container: Container) -> list[str]:
    found = []
    for name in members_of(container, _MAX_MEMBERS):
        table = _table(container, name)
        if table and not is_foreign(table.header) and layout_of(table.header):
            found.append(name)
    return found


def _table(container: Container, member: str) -> Table | None:
    return table_in(container, member, lambda cell: bool(guess_field(cell)))


def _sample(container: Container, table: Table) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    for row, _ in rows_of(container, replace(table, short_ok=True)):
        if isinstance(row, Row):
            found.append(tuple(cell[:200] for cell in row.values))
        if len(found) == _SAMPLE_ROWS:
            break
    return tuple(found)


def _read_table(
    container: Container, member: str, options: Options, identities: dict[str, Identities]
) -> Iterator[Fact | Progress]:
    table = _table(container, member)
    if table is None:
        raise UnreadableFile(f"“{PurePosixPath(member).name}” is not a table with a header line. Nothing was brought in.")
    header, label = table.header, table.label
    if is_foreign(header):
        raise UnreadableFile(f"“{label}” is no contact list of this kind. Nothing was brought in. Choose its own format.")
    layout = None if options.mapping else layout_of(header)
    columns = ", ".join(f"“{one_line(cell, 40)}”" for cell in header[:_COLUMNS_NAMED])
    missing = [column for column in options.mapping if column not in header]
    if missing and container.single:
        raise UnreadableFile(
            f"“{label}” has no column “{one_line(missing[0], 80)}”. Nothing was brought in. Its columns are: {columns}."
        )
    fields = _mapped(header, options.mapping) if options.mapping else fields_of(header, layout)
    if not is_enough(fields) and not (layout and layout.companies):
        raise UnreadableFile(
            f"No column of “{label}” is known to hold names or mail addresses. Nothing was brought in. "
            f"Say which column is which (on the command line with --map COLUMN=FIELD); its columns are: {columns}."
        )
    place = layout.place if layout else CsvContacts.place
    known = identities.setdefault(place, Identities())
    known.begin_file()
    for count, (row, done) in enumerate(rows_of(container, whole(container, table)), start=1):
        yield row if isinstance(row, Rejected) else fact_of(row, fields, layout, place, f"{label} line {row.line}", known)
        if count % _PROGRESS_EVERY == 0:
            yield Progress(done=done)


def _mapped(header: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(field if (field := mapping.get(column, "")) in FIELDS else "" for column in header)
