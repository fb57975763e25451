"""Exports of CRMs (HubSpot, Salesforce, Pipedrive, Zoho): people and firms with their deals, tickets, tasks, calls and notes.

One table, or a folder, zip or workbook of them. Lists of people and firms are read by the rules of all contact lists, so that
they are the same profiles as when they are brought in by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources import life_days
from relationdesk.sources.asks import answer_to
from relationdesk.sources.base import Ask, Options, Part, Recognised
from relationdesk.sources.chat_lines import Order
from relationdesk.sources.contact_cards import Identities
from relationdesk.sources.contact_rows import clean, fact_of, merged
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.crm_index import Index
from relationdesk.sources.crm_languages import in_english, is_known
from relationdesk.sources.crm_layouts import COMPANY_IDS, WORDS, Records, records_of
from relationdesk.sources.crm_reading import Reader
from relationdesk.sources.csv_columns import Layout, fields_of, guess_field, is_foreign, layout_of
from relationdesk.sources.open_tables import Table, members_of, rows_of, table_in, whole
from relationdesk.sources.seen import Seen
from relationdesk.sources.table_dates import DAY_FIRST, FROM_1900, ORDER, ROWS_LOOKED_AT, order_ask, order_of
from relationdesk.sources.tables import Row
from relationdesk.text import fold, place_name

PLACES = frozenset({"hubspot", "salesforce", "pipedrive", "zoho"})
MOST_TABLES = 300
_PROGRESS_EVERY = 500
_USERS = frozenset({"id", "username", "profileid"})
_PLURALS = {"deal": "deals", "ticket": "tickets", "task": "tasks", "call": "calls", "meeting": "meetings", "mail": "mails", "note": "notes"}
_PARTS = ("people", "companies", *_PLURALS.values())



@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A table and what it holds: one of `lists` (people, firms), `records`, or neither for the users of a CRM."""

    table: Table
    lists: Layout | None = None
    records: Records | None = None

    @property
    def part(self) -> str:
        if self.records:
            return _PLURALS[self.records.what]
        return "" if self.lists is None else "companies" if self.lists.companies else "people"

    @property
    def place(self) -> str:
        return self.records.place if self.records else self.lists.place if self.lists else "salesforce"


class CrmExport:
    """FileSource for what CRMs export; a list of people by itself is `CsvContacts`'s."""

    name = "crm_export"
    title = marked("CRM export")
    place = "crm"

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                found = _found(box)
                if not _is_ours(found):
                    return None
                order = _order(box, found)
                share = len(found) * 2 > len(box.names())
        except (UnreadableFile, OSError):
            return None
        place = Counter(one.place for one in found).most_common(1)[0][0]
        parts = [name for name in _PARTS if any(one.part == name for one in found)]
        title = f"{place_name(place)} export" if len(parts) > 1 else f"{place_name(place)} {parts[0]}"
        return Recognised(
            format=self.name, title=title, place=place, certainty=0.92 if share else 0.4, asks=_asks(order),
            parts=tuple(Part(name=name, title=name) for name in parts) if len(parts) > 1 else (),
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Firms, people, then what was done, table by table. Raises UnreadableFile, also for what is asked."""
        with open_container(path) as box:
            found = _found(box)
            if not found:
                raise UnreadableFile(say("There is no table of a CRM in “{name}”. Nothing was brought in. Choose what the CRM exported.", name=path.name), source=self.name)
            order = _order(box, found)
            answers = {ask.name: answer_to(ask, options, self.name) for ask in _asks(order)}
            day_first = answers.get(ORDER) == DAY_FIRST if answers else bool(order.day_first)
            parts = [one for one in found if one.part and (len(found) == 1 or options.wants(Part(name=one.part, title=one.part)))]
            yield from _Reading(box, found, parts, day_first).facts()


class _Reading:
    def __init__(self, box: Container, found: list[_Found], wanted: list[_Found], day_first: bool) -> None:
        self._box, self._found, self._wanted, self._day_first = box, found, wanted, day_first
        self._indices: dict[str, Index] = {}
        self._identities: dict[str, Identities] = {}
        self._total = sum(box.size(one.table.member) for one in found)
        self._done = 0

    def facts(self) -> Iterator[Fact | Progress]:
        deals = [one for one in self._found if one.part == "deals"]
        for one in self._found:
            if one.records is None and one.lists is None:
                self._learn_users(one)
        for part in ("companies", "people"):
            for one in (one for one in self._found if one.part == part):
                yield from self._list(one)
        if len(self._found) > len(deals):
            for one in deals:
                reader = self._reader(one)
                for row, _ in rows_of(self._box, one.table):
                    if isinstance(row, Row):
                        reader.learn(row)
        for one in (one for one in self._found if one.records):
            if one in self._wanted:
                yield from self._records(one)
            self._done += self._box.size(one.table.member)
        yield Progress(done=self._total, total=self._total)

    def _index(self, place: str) -> Index:
        return self._indices.setdefault(place, Index(place))

    def _learn_users(self, one: _Found) -> None:
        columns = {fold(cell[:200]): place for place, cell in reversed(list(enumerate(one.table.header)))}
        users = self._index(one.place).users
        for row, _ in rows_of(self._box, one.table):
            if isinstance(row, Row):
                first, last, name = (clean(row.values[columns[c]]) if c in columns else "" for c in ("firstname", "lastname", "name"))
                users[clean(row.values[columns["id"]])[:15]] = name or f"{first} {last}".strip()

    def _list(self, one: _Found) -> Iterator[Fact | Progress]:
        """People or firms. They are gone through even if they are not wanted: what was done is told of them by their ids."""
        layout, table, index = one.lists, one.table, self._index(one.place)
        assert layout is not None
        fields = fields_of(table.header, layout)
        firm = next((place for place, column in enumerate(in_english(table.header)) if column in COMPANY_IDS), -1)
        known = self._identities.setdefault(one.place, Identities())
        known.begin_file()
        days_from = self._box.days_from(table.member) or FROM_1900
        for count, (row, done) in enumerate(rows_of(self._box, table), start=1):
            if isinstance(row, Row):
                fact = fact_of(row, fields, layout, one.place, f"{table.label} line {row.line}", known, day_first=self._day_first, days_from=days_from)
                if isinstance(fact, Profile):
                    if firm >= 0 and not fact.is_company and not fact.company:
                        fact = replace(fact, company=index.companies.get(index.company_key(clean(row.values[firm]).partition(";")[0]), ""))
                    if not fact.gone:
                        index.add(fact)
            else:
                fact = row
            if one in self._wanted:
                yield from index.told.tell(fact) if isinstance(fact, Profile) else (fact,)
                if isinstance(row, Row) and isinstance(fact, Profile):
                    yield from merged(row, fact, layout)
            if count % _PROGRESS_EVERY == 0:
                yield Progress(done=self._done + done, total=self._total)
        self._done += self._box.size(table.member)

    def _reader(self, one: _Found) -> Reader:
        assert one.records is not None
        return Reader(one.table, one.records, self._index(one.place), day_first=self._day_first, days_from=self._box.days_from(one.table.member) or FROM_1900, seen=Seen())

    def _records(self, one: _Found) -> Iterator[Fact | Progress]:
        reader = self._reader(one)
        for count, (row, done) in enumerate(rows_of(self._box, one.table), start=1):
            yield from (row,) if isinstance(row, Rejected) else reader.facts(row)
            if count % _PROGRESS_EVERY == 0:
                yield Progress(done=self._done + done, total=self._total)


def _is_ours(found: list[_Found]) -> bool:
    """Something that was done, or people and firms that name each other by their ids."""
    parts = {one.part for one in found}
    return bool(parts & set(_PLURALS.values())) or {"people", "companies"} <= parts


def _found(box: Container) -> list[_Found]:
    """The tables of CRMs in it, in the order of their names; the encoding of each is that of the whole table."""
    found = []
    for member in members_of(box, MOST_TABLES):
        table = table_in(box, member, lambda cell: bool(guess_field(cell)) or fold(cell[:200]) in WORDS or is_known(cell))
        if table is None or is_foreign(table.header):
            continue
        records, lists = records_of(table.header), layout_of(table.header)
        if records is not None:
            found.append(_Found(table=whole(box, table), records=records))
        elif lists is not None and lists.place in PLACES:
            found.append(_Found(table=whole(box, table), lists=lists))
        elif {fold(cell[:200]) for cell in table.header} >= _USERS:
            found.append(_Found(table=whole(box, table)))
    return found


def _order(box: Container, found: list[_Found]) -> Order:
    """Of the dates in the first rows of every table of what was done, and of birthdays: one program wrote them all."""

    def texts() -> Iterator[str]:
        for one in found:
            if one.records is None:
                fields = fields_of(one.table.header, one.lists)
                if life_days.tells(fields):
                    looked_at = (row.values for row, _ in islice(rows_of(box, one.table), ROWS_LOOKED_AT) if isinstance(row, Row))
                    yield from life_days.cells(fields, looked_at)
                continue
            reader = Reader(one.table, one.records, Index(one.place), day_first=False, seen=Seen())
            for count, (row, _) in enumerate(rows_of(box, one.table)):
                if count >= ROWS_LOOKED_AT:
                    break
                if isinstance(row, Row):
                    yield from (cell for _, cell in reader.cells(row, one.records.when))

    return order_of(texts())


def _asks(order: Order) -> tuple[Ask, ...]:
    return (order_ask(order.example),) if order.day_first is None and order.example else ()
