"""A calendar that Outlook saved as a table (CSV). Repeated entries are listed one by one; people are named, mostly without an address.

No entry has an id, so what does not change is its key: when it begins, its subject and who called it. A time without a zone is
the clock of the computer that wrote the table, taken as this one's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Fact,
    Key,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
)
from relationdesk.saying import marked, say
from relationdesk.sources.asks import NOBODY_HERE, answer_to, who_asks
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.chat_lines import Order
from relationdesk.sources.chats import Told
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.ical_events import LARGE, MEETINGS, OWN, PLACE
from relationdesk.sources.meetings import Meeting, Meetings, person
from relationdesk.sources.open_tables import Table, rows_of, table_in, whole
from relationdesk.sources.outlook_columns import calendar_columns, is_calendar_word
from relationdesk.sources.seen import Seen
from relationdesk.sources.table_dates import (
    DAY_FIRST,
    ORDER,
    ROWS_LOOKED_AT,
    Moment,
    at_clock,
    moment_of,
    order_ask,
    order_of,
)
from relationdesk.sources.tables import Row
from relationdesk.text import fold, one_line

_PROGRESS_EVERY = 500
_FIRST_ROWS = 10
_MOST_PEOPLE = 500
_TRUE = frozenset(map(fold, "true wahr vrai verdadero vero waar verdadeiro sant sand sann tosi prawda pravda истина doğru igaz 1 yes".split()))
_CALLED_OFF = re.compile(
    r"(?:cancell?ed|abgesagt|annul[ée]e?|cancelad[oa]|annullat[oa]|geannuleerd|inställ[td]|avlyst|aflyst|peruutettu|odwołan[eoy]|zrušeno|отменено|iptal edildi|"
    r"キャンセル済み|已取消|取消|취소됨)\s?[:：]",
    re.IGNORECASE,
)
_QUOTES = " '\"\t"


class OutlookCalendar:
    """FileSource. Whose calendar it is: who called the entries without others, else who is in all meetings, else it is asked."""

    name = "outlook_calendar"
    title = marked("Outlook calendar (CSV)")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                found = _calendar(box)
                if found is None:
                    return None
                looked = _look(box, found)
        except (UnreadableFile, OSError):
            return None
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.93 if box.single else 0.5, owner=looked.owner,
            parts=(MEETINGS, OWN, LARGE), asks=looked.asks(),
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then the entries in the order of the table. Raises UnreadableFile, also for what is asked."""
        with open_container(path) as box:
            found = _calendar(box)
            if found is None:
                raise UnreadableFile(say("“{name}” is no calendar that Outlook saved. Nothing was brought in. Choose its own format.", name=path.name), source=self.name)
            looked = _look(box, found)
            answers = {ask.name: answer_to(ask, options, self.name) for ask in looked.asks()}
            owner = answers.get("me") or looked.owner
            day_first = answers[ORDER] == DAY_FIRST if ORDER in answers else bool(looked.order.day_first)
            reading = _Reading(found, options, "" if owner == NOBODY_HERE else owner, day_first=day_first)
            yield from reading.facts(box)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    """A table and where its fields stand."""

    table: Table
    columns: Mapping[str, int]

    def cell(self, row: Row, name: str) -> str:
        place = self.columns.get(name)
        return "" if place is None else row.values[place].strip()

    def people(self, row: Row, name: str) -> list[str]:
        """Names or addresses, each once, without the quotes that Outlook puts around what is no name."""
        parts = (part.strip(_QUOTES) for part in self.cell(row, name)[:20_000].split(";")[:_MOST_PEOPLE])
        return list(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What a look at the rows told. owner: as named in them, "" if they do not tell. people: everybody, the likelier first."""

    order: Order
    owner: str
    people: tuple[str, ...]

    def asks(self) -> tuple[Ask, ...]:
        order = (order_ask(self.order.example),) if self.order.day_first is None and self.order.example else ()
        who = () if self.owner or not self.people else (who_asks(say("Whose calendar is this?"), ((name, name) for name in self.people), nobody=say("None of them")),)
        return (*who, *order)


def _calendar(box: Container) -> _Calendar | None:
    """The calendar of a file, or the only table of a folder or zip."""
    names = box.names() if box.single else [name for name in box.names() if name.lower().endswith(".csv")]
    table = table_in(box, names[0], is_calendar_word) if len(names) == 1 else None
    if table is None:
        return None
    first: list[tuple[str, ...]] = []
    for row, _ in rows_of(box, replace(table, short_ok=True)):
        if isinstance(row, Row):
            first.append(row.values)
        if len(first) == _FIRST_ROWS:
            break
    columns = calendar_columns(table.header, first)
    return _Calendar(table=whole(box, table), columns=columns) if columns else None


def _look(box: Container, found: _Calendar) -> _Looked:
    """Through the rows once, for the order of their dates and for whose calendar it is."""
    dates: list[str] = []
    alone: Counter[str] = Counter()
    everybody: Counter[str] = Counter()
    meetings = 0
    for number, (row, _) in enumerate(rows_of(box, found.table)):
        if number >= ROWS_LOOKED_AT:
            break
        if not isinstance(row, Row):
            continue
        dates += (found.cell(row, "start_date"), found.cell(row, "end_date"))
        organizer = found.people(row, "organizer")[:1]
        others = [*found.people(row, "required"), *found.people(row, "optional")]
        if others:
            meetings += 1
            everybody.update(list(dict.fromkeys(organizer + others)))
        alone.update(organizer if not others else ())
    return _Looked(order=order_of(dates), owner=_owner(alone, everybody, meetings), people=tuple(name for name, _ in (everybody + alone).most_common()))


def _owner(alone: Counter[str], everybody: Counter[str], meetings: int) -> str:
    """Who called four in five of the entries without others; else the one who is in all of three meetings or more."""
    if alone:
        name, count = alone.most_common(1)[0]
        return name if count * 5 >= alone.total() * 4 else ""
    always = [name for name, count in everybody.items() if count == meetings]
    return always[0] if meetings >= 3 and len(always) == 1 else ""


class _Reading:
    """One pass. owner: as named in the rows, "" for nobody of them."""

    def __init__(self, found: _Calendar, options: Options, owner: str, *, day_first: bool) -> None:
        self._found, self._day_first = found, day_first
        self._owner = replace(person(owner), is_owner=True) if owner else Profile(key=Key(PLACE, "me"), is_owner=True)
        self._meetings = Meetings(options.wants, self._owner, frozenset(Key("mail", address) for address in options.mine), Told())
        self._seen = Seen()

    def facts(self, box: Container) -> Iterator[Fact | Progress]:
        table = self._found.table
        total = box.size(table.member)
        yield self._owner
        for count, (row, done) in enumerate(rows_of(box, table), start=1):
            yield from (row,) if isinstance(row, Rejected) else self._entry(row)
            if count % _PROGRESS_EVERY == 0:
                yield Progress(done=done, total=total)
        yield from self._meetings.over(table.label)
        yield Progress(done=total, total=total)

    def _entry(self, row: Row) -> Iterator[Fact]:
        cell, where = self._found.cell, f"{self._found.table.label} line {row.line}"
        start, end = self._when(row, "start"), self._when(row, "end")
        subject = one_line(cell(row, "subject"))
        if start.published is None:
            yield Rejected(where=where, reason=say("This entry has no beginning that can be read."))
            return
        if _CALLED_OFF.match(subject):
            self._meetings.left_out[marked("cancelled entries")] += 1
            return
        if _is_all_day(cell(row, "all_day"), cell(row, "start_time"), start, end):
            start, end = self._day(row, "start"), self._day(row, "end")
        organizer = self._found.people(row, "organizer")[:1]
        invited = [(person(name), role) for column, role in (("required", Role.TO), ("optional", Role.CC)) for name in self._found.people(row, column)]
        yield from self._meetings.facts(
            Meeting(
                native=self._native(start, subject, cell(row, "organizer")), start=start, end=end, title=subject, text=cell(row, "description"),
                organizer=person(organizer[0]) if organizer else None, invited=tuple(invited),
                extra={"location": one_line(cell(row, "location")), "categories": one_line(cell(row, "categories"), 500)},
            )
        )  # fmt: skip

    def _native(self, start: Moment, subject: str, organizer: str) -> str:
        assert start.published is not None
        basis = f"{start.published:%Y%m%dT%H%M%SZ}\x1f{start.precision}\x1f{subject}\x1f{one_line(organizer)}"
        return "row:" + hashlib.sha256(f"{basis}\x1f{self._seen.count(basis)}".encode("utf-8", "replace")).hexdigest()[:32]

    def _day(self, row: Row, which: str) -> Moment:
        found = moment_of(self._found.cell(row, f"{which}_date"), day_first=self._day_first)
        if found.published is None:
            return found
        return Moment(found.published.replace(hour=0, minute=0, second=0), Precision.DAY)

    def _when(self, row: Row, which: str) -> Moment:
        return at_clock(moment_of(self._found.cell(row, f"{which}_date"), day_first=self._day_first), self._found.cell(row, f"{which}_time"))


def _is_all_day(flag: str, clock: str, start: Moment, end: Moment) -> bool:
    """The flag is a word of Outlook's language; where that is not known, midnight to midnight says the same."""
    if fold(flag) in _TRUE:
        return True
    if start.published is None or end.published is None or not re.fullmatch(r"\D{0,12}(?:0?0|12)[:.]00(?:[:.]00)?\D{0,12}", clock):
        return False
    days = end.published.astimezone() - start.published.astimezone()
    return start.published.astimezone().hour == 0 and days >= timedelta(hours=23) and end.published.astimezone().hour == 0

