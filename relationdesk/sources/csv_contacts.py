"""Contact lists as tables: Google, Outlook, Apple, HubSpot, Salesforce, Zoho, Pipedrive, and any other with a header.

What a table is, its headers say. One nobody knows is read by the mapping the user gives, or by a good guess: a person per row, or
what somebody did per row. Such a table may be JSON, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources import life_days
from relationdesk.sources.asks import answer_to
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.contact_cards import Identities
from relationdesk.sources.contact_rows import fact_of, is_shortened, lost_mail, merged
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.csv_columns import (
    DATES,
    FIELDS,
    fields_of,
    guess_field,
    guess_mapping,
    is_foreign,
    lacking,
    layout_of,
    tells_deeds,
)
from relationdesk.sources.deed_rows import Deeds, day_first, days_from
from relationdesk.sources.elsewhere import ANY_JSON, sign_of
from relationdesk.sources.json_table import JsonTable, json_rows, json_tables_in
from relationdesk.sources.merged_rows import one_a_person
from relationdesk.sources.open_tables import Table, members_of, rows_of, table_in, whole
from relationdesk.sources.table_dates import (
    DAY_FIRST,
    DAYS,
    ORDER,
    ROWS_LOOKED_AT,
    counted_example,
    days_ask,
    order_ask,
)
from relationdesk.sources.tables import Row
from relationdesk.text import one_line

__all__ = ["FIELDS", "CsvContacts", "guess_mapping"]

_PROGRESS_EVERY = 500  # rows
_SAMPLE_ROWS = 3
_MAX_MEMBERS = 50
_TABLES_SHOWN = 5

_COLUMNS_NAMED = 30
_LIST = "list"


class CsvContacts:
    """Reads contact tables; see `FileSource`. A folder or zip is read for the known tables in it."""

    name = "csv_contacts"
    title = marked("Contact list (CSV)")
    place = "contacts"

    def recognise(self, path: Path) -> Recognised | None:
        """A known table surely, any other with a header at 0.2 with its columns and first rows; never LinkedIn's."""
        try:
            with open_container(path) as container:
                known = [] if container.single else _known_members(container)
                if known:
                    return self._of_known(container, known)
                tables = [table for member in _members(container) for table in _tables(container, member)]
                if not tables or any(is_foreign(table.header) or (isinstance(table, JsonTable) and _is_elsewhere(path)) for table in tables):
                    return None
                layout = layout_of(tables[0].header) if isinstance(tables[0], Table) else None
                asks = (*_which(tables), *next(filter(None, (_asks(container, table, _fields(table, {})) for table in tables)), ()))
                if layout:
                    return Recognised(format=self.name, title=layout.title, place=layout.place, certainty=0.9, asks=asks)
                columns = tuple(dict.fromkeys(column for table in tables for column in table.header)) if len(tables) > 1 else tables[0].header
                sample = tuple(row for table in tables[:_TABLES_SHOWN] for row in _sample(container, table, columns))
        except (UnreadableFile, OSError):
            return None
        is_json = isinstance(tables[0], JsonTable)
        title = "Table in JSON" if is_json else "Table" if len(tables) == 1 else "Workbook"
        certainty = 0.15 if is_json else 0.2
        return Recognised(format=self.name, title=title, place=self.place, certainty=certainty, columns=columns, sample=sample, asks=asks)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """A Profile or a Rejected per row, in the order of the file; where rows have a date, an Activity. options.mapping:
        column → field, for any table.

        Raises UnreadableFile if it is no table, belongs to another source, or nobody knows which column is the name.
        """
        identities: dict[str, Identities] = {}
        with open_container(path) as container:
            members = _members(container, options.mapping)
            if not members:
                raise UnreadableFile(say("There is no contact list in “{name}”. Nothing was brought in.", name=path.name))
            if container.book and (others := [name for name in container.names() if name not in members]):
                sheets = ", ".join(f"“{one_line(PurePosixPath(name).stem, 60)}”" for name in others[:_COLUMNS_NAMED])
                yield Rejected(where=path.name, reason=say("Sheets that list no people were left out: {sheets}.", sheets=sheets))
            total, done = sum(container.size(member) for member in members), 0
            for member in members:
                table = _chosen(container, member, options)
                if isinstance(table, JsonTable) and (left := [one.path for one in json_tables_in(container, member) if one.path != table.path]):
                    lists = ", ".join(f"“{one_line(name, 60)}”" for name in left)
                    yield Rejected(where=path.name, reason=say("Other lists in this file were left out: {lists}.", lists=lists))
                for fact in _read_table(container, table, options, identities):
                    yield Progress(done=done + fact.done, total=total) if isinstance(fact, Progress) else fact
                done += container.size(member)
            yield Progress(done=total, total=total)

    def _of_known(self, container: Container, members: list[str]) -> Recognised | None:
        table = _table(container, members[0])
        layout = layout_of(table.header) if table else None
        if layout is None:
            return None
        certainty = 0.8 if len(members) * 2 > len(container.names()) else 0.3
        return Recognised(format=self.name, title=layout.title, place=layout.place, certainty=certainty)


def _is_elsewhere(path: Path) -> bool:
    """JSON of a place that has a better answer than to be taken for a table."""
    sign = sign_of(path)
    return sign is not None and sign.title != ANY_JSON


def _members(container: Container, mapping: Mapping[str, str] | None = None) -> list[str]:
    """What is read: the file itself; of a folder or zip the tables we know, else the only table if there is but one; of a workbook
    every sheet that lists people by its headings or by the mapping, without one to go by every sheet that is a table."""
    if container.single:
        return list(container.names())
    if container.book:
        tables = {name: table for name in container.names()[:_MAX_MEMBERS] if (table := _table(container, name)) and not is_foreign(table.header)}
        listing = [name for name, table in tables.items() if layout_of(table.header) or not lacking(_fields(table, mapping or {}))]
        return listing or list(tables)
    only = [name for name in container.names() if name.lower().endswith((".csv", ".tsv"))]
    return _known_members(container) or (only if len(only) == 1 and _table(container, only[0]) else [])


def _fields(table: Table | JsonTable, mapping: Mapping[str, str]) -> tuple[str, ...]:
    if mapping:
        return _mapped(table.header, mapping)
    return fields_of(table.header, None if isinstance(table, JsonTable) else layout_of(table.header))


def _known_members(container: Container) -> list[str]:
    found = []
    for name in members_of(container, _MAX_MEMBERS):
        table = _table(container, name)
        if table and not is_foreign(table.header) and layout_of(table.header):
            found.append(name)
    return found


def _table(container: Container, member: str) -> Table | JsonTable | None:
    return next(iter(_tables(container, member)), None)


def _tables(container: Container, member: str) -> tuple[Table | JsonTable, ...]:
    """The one of a member; several where it is a document with several lists, those of people alone if its columns tell."""
    if found := table_in(container, member, lambda cell: bool(guess_field(cell))):
        return (found,)
    lists = json_tables_in(container, member) if container.single else ()
    return tuple(one for one in lists if not lacking(guess_mapping(one.header).values())) or lists


def _which(tables: Sequence[Table | JsonTable]) -> tuple[Ask, ...]:
    """Which of several lists in one document is meant."""
    lists = [table for table in tables if isinstance(table, JsonTable) and table.path]
    if len(lists) < 2:
        return ()
    return (Ask(name=_LIST, question=say("Which of the lists in this file is to be read?"), choices=tuple((one.path, one_line(one.path, 80)) for one in lists)),)


def _chosen(container: Container, member: str, options: Options) -> Table | JsonTable:
    """The table of a member. Raises UnreadableFile where there is none, or nobody said which."""
    tables = _tables(container, member)
    if not tables:
        raise UnreadableFile(say("“{name}” is not a table with a header line. Nothing was brought in.", name=PurePosixPath(member).name))
    answer = next((answer_to(ask, options, CsvContacts.name) for ask in _which(tables)), "")
    return next((one for one in tables if isinstance(one, JsonTable) and one.path == answer), tables[0])


def _rows(container: Container, table: Table | JsonTable) -> Iterator[tuple[Row | Rejected, int]]:
    return rows_of(container, table) if isinstance(table, Table) else json_rows(container, table)


def _sample(container: Container, table: Table | JsonTable, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The first rows of a table, a cell for each of `columns`: those of one table, or of all in a workbook together."""
    short = replace(table, short_ok=True) if isinstance(table, Table) else table
    rows = (tuple(cell[:200] for cell in row.values) for row, _ in islice(_rows(container, short), _SAMPLE_ROWS * 10) if isinstance(row, Row))
    found = tuple(islice(rows, _SAMPLE_ROWS))
    if columns == table.header:
        return found
    return tuple(tuple(cells.get(column, "") for column in columns) for cells in (dict(zip(table.header, row, strict=True)) for row in found))


def _read_table(
    container: Container, table: Table | JsonTable, options: Options, identities: dict[str, Identities]
) -> Iterator[Fact | Progress]:
    header, label = table.header, table.label
    if is_foreign(header):
        raise UnreadableFile(say("“{label}” is no contact list of this kind. Nothing was brought in. Choose its own format.", label=label))
    layout = None if options.mapping or isinstance(table, JsonTable) else layout_of(header)
    columns = ", ".join(f"“{one_line(cell, 40)}”" for cell in header[:_COLUMNS_NAMED])
    missing = [column for column in options.mapping if column not in header]
    if missing and container.single and not (isinstance(table, JsonTable) and table.path):
        raise UnreadableFile(
            say("“{label}” has no column “{missing}”. Nothing was brought in. Its columns are: {columns}.", label=label, missing=one_line(missing[0], 80), columns=columns)
        )
    fields = _fields(table, options.mapping)
    if (what := lacking(fields)) and not (layout and layout.companies):
        holds = say("names or mail addresses") if what == "who" else say("dates, which is when it was done")
        raise UnreadableFile(
            say("No column of “{label}” is known to hold {holds}. Nothing was brought in. Say which column is which (on the command line with --map COLUMN=FIELD); its columns are: {columns}.", label=label, holds=holds, columns=columns)
        )
    place = layout.place if layout else CsvContacts.place
    if layout is None and not options.mapping and (unread := _unread(container, table, fields)):
        yield Rejected(where=label, reason=say("Not known what these columns hold, so they were not read: {columns}. Say it (on the command line with --map COLUMN=FIELD) and bring the table in again.", columns=", ".join(f"“{one_line(column, 40)}”" for column in unread)))
    table = whole(container, table) if isinstance(table, Table) else table
    line = "line" if isinstance(table, Table) else "record"
    deeds = _deeds(container, table, fields, place, options) if tells_deeds(fields) else None
    known = identities.setdefault(place, Identities())
    known.begin_file()
    days_in = _day_first(container, table, fields, options) if deeds is None else None
    if deeds is None and days_in is None and (example := life_days.example_of(_day_cells(container, table, fields)) if life_days.tells(fields) else None):
        one, two, year = example
        yield Rejected(where=label, reason=say("Birthdays like {one}/{two}/{year} can be read in two ways and were left out. Say whether the day comes first.", one=one, two=two, year=year))
    counted = container.days_from(table.member) or int(options.answers.get(DAYS, 0)) or None
    if deeds is None and counted is None and life_days.tells(fields) and (number := counted_example(_day_cells(container, table, fields))):
        yield Rejected(where=label, reason=say("Birthdays like {number} are numbers of days, can be read in two ways and were left out. Say which day is meant.", number=number))
    rows = _rows(container, table) if deeds else one_a_person(_rows(container, table), fields, container.merged(table.member))
    for count, (row, done) in enumerate(rows, start=1):
        if isinstance(row, Rejected):
            yield row
        elif deeds is not None:
            yield from deeds.facts(row, f"{label} {line} {row.line}")
        else:
            fact = fact_of(row, fields, layout, place, f"{label} {line} {row.line}", known, day_first=days_in, days_from=counted)
            yield fact
            if isinstance(fact, Profile):
                yield from merged(row, fact, layout)
            if is_shortened(row, fields):
                yield Rejected(where=f"{label} {line} {row.line}", reason=say("A phone number here was shortened by a spreadsheet and left out. Export the list again."))
            if mail := lost_mail(row, fields):
                yield Rejected(where=f"{label} {line} {row.line}", reason=say("“{mail}” is no mail address and was left out.", mail=one_line(mail, 100)))
        if count % _PROGRESS_EVERY == 0:
            yield Progress(done=done)


def _deeds(container: Container, table: Table | JsonTable, fields: tuple[str, ...], place: str, options: Options) -> Deeds:
    """After a look at the dates, which may have to be explained. Raises UnreadableFile."""
    at = [place for place, field in enumerate(fields) if field in DATES]
    looked_at = [row.values[n] for row, _ in islice(_rows(container, table), ROWS_LOOKED_AT) if isinstance(row, Row) for n in at]
    first = day_first(looked_at, fields, table.label)
    return Deeds(fields, place, options, day_first=first, days_from=container.days_from(table.member) or days_from(looked_at, fields, table.label))


def _asks(container: Container, table: Table | JsonTable, fields: tuple[str, ...]) -> tuple[Ask, ...]:
    """Which number is the day, and from when days are counted, where birthdays can be read in two ways. Unlike other questions these may stay
    open: then they are left out."""
    if not life_days.tells(fields):
        return ()
    example = life_days.example_of(_day_cells(container, table, fields))
    number = "" if container.days_from(table.member) else counted_example(_day_cells(container, table, fields))
    return (*((order_ask(example),) if example is not None else ()), *((days_ask(number),) if number else ()))


def _day_cells(container: Container, table: Table | JsonTable, fields: tuple[str, ...]) -> Iterator[str]:
    looked_at = (row.values for row, _ in islice(_rows(container, table), ROWS_LOOKED_AT) if isinstance(row, Row))
    return life_days.cells(fields, looked_at)


def _day_first(container: Container, table: Table | JsonTable, fields: tuple[str, ...], options: Options) -> bool | None:
    """Of birthdays written in numbers; None while nobody has said it."""
    if not life_days.tells(fields):
        return None
    if ORDER in options.answers:
        return options.answers[ORDER] == DAY_FIRST
    return life_days.is_day_first(_day_cells(container, table, fields))


def _unread(container: Container, table: Table | JsonTable, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Columns with a heading and something in their first rows that stand for nothing known."""
    rows = _sample(container, table, table.header)
    return tuple(
        column for place, (column, field) in enumerate(zip(table.header, fields, strict=True)) if not field and column.strip() and any(row[place].strip() for row in rows)
    )[:_COLUMNS_NAMED]  # fmt: skip


def _mapped(header: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(field if (field := mapping.get(column, "")) in FIELDS else "" for column in header)
