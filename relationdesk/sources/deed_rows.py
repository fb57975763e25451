"""Rows of a table that tell what somebody did: a call, a meeting, a message, each with its date and whoever it was.

Who is named in a row did it, unless the row says that it went out. No row has an id that means anything elsewhere, so what does
not change in it is its key, and the same table again adds nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Profile,
    Rejected,
    Role,
    pairs,
)
from relationdesk.saying import say
from relationdesk.sources.base import Options
from relationdesk.sources.chat_lines import Order
from relationdesk.sources.chats import Told, stamp
from relationdesk.sources.contact_cards import Identities, profile_of
from relationdesk.sources.contact_rows import clean, entry_of
from relationdesk.sources.csv_columns import DATES, PERSON_FIELDS
from relationdesk.sources.deed_columns import is_outgoing, kind_of
from relationdesk.sources.seen import Seen
from relationdesk.sources.table_dates import (
    FROM_1900,
    FROM_1904,
    UNKNOWN,
    Moment,
    at_clock,
    counted_choices,
    counted_example,
    moment_of,
    order_of,
)
from relationdesk.sources.tables import Row
from relationdesk.text import MAX_TEXT, canonical_url, one_line, tidy

_MOST_PEOPLE = 50
_STAMP: Final = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")
"""Seconds, or milliseconds, since 1970."""
_CARD = frozenset(PERSON_FIELDS) - {"id"}


def day_first(dates: Iterable[str], fields: tuple[str, ...], label: str) -> bool:
    """Which of two numbers of a date is the day. dates: cells of that column. Raises UnreadableFile where it has to be said."""
    if {"date_day_first", "date_month_first"} & set(fields):
        return "date_day_first" in fields
    order: Order = order_of(dates)
    if order.day_first is None and order.example:
        one, two, year = order.example
        raise UnreadableFile(
            say("The dates of “{label}” can be read in two ways ({one}/{two}/{year}). Nothing was brought in. Say of that column whether its dates have the day first or the month first.", label=label, one=one, two=two, year=year)
        )
    return bool(order.day_first)


def days_from(dates: Iterable[str], fields: tuple[str, ...], label: str) -> int:
    """From when those of these dates are counted that are numbers of days. dates: as in `day_first`. Raises UnreadableFile where it has to be said."""
    if "date_from_1900" in fields or "date_from_1904" in fields:
        return FROM_1900 if "date_from_1900" in fields else FROM_1904
    if number := counted_example(dates):
        (_, one), (_, other) = counted_choices(number)
        raise UnreadableFile(
            say("The dates of “{label}” are numbers of days, which can be read in two ways ({number}: {one}, or {other}). Nothing was brought in. Say of that column whether its days are counted from 1900 or from 1904.", label=label, number=number, one=one, other=other)
        )
    return FROM_1900


class Deeds:
    """One pass over one table. fields: of `FIELDS`, one for each cell, "" for none. day_first, days_from: as in `moment_of`."""

    def __init__(self, fields: tuple[str, ...], place: str, options: Options, *, day_first: bool, days_from: int = FROM_1900) -> None:
        self._fields, self._place, self._day_first, self._days_from = fields, place, day_first, days_from
        self._card = tuple(field if field in _CARD else "" for field in fields)
        self._me, self._mine = Key(place, "me"), options.mine
        self._told, self._seen = Told(), Seen()

    def facts(self, row: Row, where: str) -> Iterator[Fact]:
        """Whoever is named, then what was done; or why there is nothing in it."""
        people = self._people(row)
        when = self._when(row)
        if not people:
            yield Rejected(where=where, reason=say("This row names nobody."))
            return
        if when.published is None:
            yield Rejected(where=where, reason=say("This row has no date that can be read."))
            return
        for one in people:
            yield from self._told.tell(one)
        keys = tuple(one.key for one in people)
        word = one_line(self._cell(row, "kind"), 80)
        kind = kind_of(word)
        if is_outgoing(self._cell(row, "direction")):
            yield from self._told.tell(Profile(key=self._me, is_owner=True))
            actor, others = self._me, keys
        else:
            actor, others = keys[0], keys[1:]
        text, subject = tidy("\n\n".join(self._cells(row, "text"))[:MAX_TEXT]), one_line(self._cell(row, "subject"))
        yield Activity(
            key=Key(self._place, self._native(row, when, keys, word, subject, text)), actor=actor, kind=kind, published=when.published, precision=when.precision,
            title=subject or (word if kind is Kind.OTHER else ""), text=text, url=canonical_url(self._cell(row, "link")[:2_000]), audience=Audience.PRIVATE,
            participants=tuple(Participant(profile=key, role=Role.TO if kind is not Kind.OTHER else Role.SUBJECT) for key in others if key != actor),
            extra=pairs(type=word if kind is Kind.OTHER else ""),
        )  # fmt: skip

    def _people(self, row: Row) -> list[Profile]:
        """Everybody in the row: of several names in a cell the first has the first address."""
        entry = entry_of(row, self._card, None)
        names = [name.strip() for name in entry.name.split(";") if name.strip()][:_MOST_PEOPLE]
        several = [entry]
        if len(names) > 1 or (not names and len(entry.mails) > 1):
            mails = entry.mails[:_MOST_PEOPLE] if len(entry.mails) == len(names) or not names else ()
            shared = replace(entry, phones=(), webs=(), notes="", title="")
            several = [replace(shared, name=name, mails=(mail,) if mail else ()) for name, mail in _beside(names, mails)]
        # An identity of their own each: how often somebody is named says nothing about who they are.
        found = {one.key: one for entry in several if (one := profile_of(entry, self._place, Identities())) is not None}
        return [replace(one, is_owner=True) if any(a.value in self._mine for a in one.addresses) else one for one in found.values()]

    def _when(self, row: Row) -> Moment:
        text = next((cell for field in DATES if (cell := self._cell(row, field))), "")
        if found := _STAMP.fullmatch(text):
            moment = stamp(found[1] or found[2], 1000 if found[2] else 1)
            return Moment(moment, Precision.SECOND) if moment else UNKNOWN
        return at_clock(moment_of(text, day_first=self._day_first, days_from=self._days_from), self._cell(row, "time"))

    def _native(self, row: Row, when: Moment, keys: tuple[Key, ...], *words: str) -> str:
        assert when.published is not None
        id_ = one_line(self._cell(row, "id"), 200)
        told = (f"{when.published:%Y%m%dT%H%M%SZ}", when.precision, *(key.native_id for key in keys))
        basis = "\x1f".join((id_, *told) if id_ else (*told, *words))
        return "row:" + hashlib.sha256(f"{basis}\x1f{self._seen.count(basis)}".encode("utf-8", "replace")).hexdigest()[:32]

    def _cell(self, row: Row, field: str) -> str:
        return next(iter(self._cells(row, field)), "")

    def _cells(self, row: Row, field: str) -> list[str]:
        return [value for name, cell in zip(self._fields, row.values, strict=True) if name == field and (value := clean(cell))]


def _beside(names: list[str], mails: tuple[str, ...]) -> list[tuple[str, str]]:
    length = max(len(names), len(mails))
    return [(names[n] if n < len(names) else "", mails[n] if n < len(mails) else "") for n in range(length)]
