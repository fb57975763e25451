"""One row of a CRM's table of deals, tickets, tasks, calls, meetings, mails or notes as facts.

A ticket is what the contact did, and so is what came in. Anything else is done by whoever of ours it is assigned to, with the contact
taking part: a task that a colleague wrote down is no sign of life from a customer, also where it does not say which of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator

from relationdesk.markup import html_to_text
from relationdesk.model import (
    Activity,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Profile,
    Rejected,
    Role,
    Tombstone,
    pairs,
)
from relationdesk.saying import say
from relationdesk.sources.contact_rows import clean, id_in, is_yes, revised
from relationdesk.sources.crm_index import Index, Party
from relationdesk.sources.crm_languages import in_english
from relationdesk.sources.crm_layouts import Records
from relationdesk.sources.open_tables import Table
from relationdesk.sources.seen import Seen
from relationdesk.sources.table_dates import FROM_1900, UNKNOWN, Moment, at_clock, moment_of
from relationdesk.sources.tables import Row
from relationdesk.text import fold, one_line, tidy

_TAG = re.compile(r"</?(?:p|br|div|span|ul|ol|li|b|i|a|strong|em|table|html|body)\b[^>]{0,2000}>", re.IGNORECASE)
_TYPES = {
    "call": Kind.CALL, "phone call": Kind.CALL, "meeting": Kind.EVENT, "event": Kind.EVENT, "lunch": Kind.EVENT, "demo": Kind.EVENT,
    "email": Kind.MAIL, "e mail": Kind.MAIL, "mail": Kind.MAIL,
}  # fmt: skip
_MAIL_SUBJECT = re.compile(r"(?:Email|E-Mail): ?", re.IGNORECASE)
_INCOMING = frozenset({"incoming", "inbound", "incoming email", "received"})
_MOST_IDS = 200
_UNNAMED = "user:"
"""The colleague of whom a record does not say who they are."""


class Reader:
    """Reads the rows of one table. day_first: the order of its dates where it is open."""

    def __init__(self, table: Table, records: Records, index: Index, *, day_first: bool, seen: Seen, days_from: int = FROM_1900) -> None:
        self._table, self._records, self._index, self._day_first, self._seen = table, records, index, day_first, seen
        self._days_from = days_from
        self._places: dict[str, int] = {}
        for place, column in enumerate(in_english(table.header)):
            self._places.setdefault(column, place)

    def cells(self, row: Row, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """(folded heading, cell) of those that are filled, in the order of `columns`."""
        for column in columns:
            place = self._places.get(column)
            if place is not None and (value := clean(row.values[place])):
                yield column, value

    def first(self, row: Row, columns: tuple[str, ...]) -> str:
        return next((value for _, value in self.cells(row, columns)), "")

    def id_of(self, row: Row) -> str:
        return id_in(self.first(row, self._records.id), self._records.place)

    def learn(self, row: Row) -> None:
        """Of a table of deals: whom each is about, for the rows of other tables that only name the deal."""
        party = self._by_ids(row)
        for name in (self.id_of(row), self.first(row, self._records.subject)):
            if name and len(self._index.deals) < 500_000:
                self._index.deals[name] = party

    def facts(self, row: Row, where: str = "") -> Iterator[Fact]:
        """The profiles it names, then the activity; or why it is refused. where: what the row is called then, "" for its line."""
        records, where = self._records, where or f"{self._table.label} line {row.line}"
        id_ = self.id_of(row)
        if id_ and is_yes(self.first(row, records.deleted)):
            yield Tombstone(key=self._key(id_), returns=True, revised=revised(lambda *columns: self.first(row, columns), day_first=self._day_first))
            return
        party = yield from self._party(row)
        if not party:
            yield Rejected(where=where, reason=say("This {record} names no contact and no company.", record=say(records.what)))
            return
        subject, text = self.first(row, records.subject), self.first(row, records.text)
        if not (subject or text or id_):
            yield Rejected(where=where, reason=say("This {record} says nothing.", record=say(records.what)))
            return
        kind = self._kind(row, subject)
        actor, participants = yield from self._roles(row, party, kind)
        when = self._when(row)
        details = {word: one_line(value) for word, columns in records.details if (value := self.first(row, columns))}
        yield Activity(
            key=self._key(id_ or self._hash(row)), actor=actor, kind=kind, published=when.published, precision=when.precision,
            title=one_line(subject), text=_text(text, details), audience=Audience.PRIVATE, participants=participants,
            revised=revised(lambda *columns: self.first(row, columns), day_first=self._day_first),
            extra=pairs(record=records.what, **{fold(word).replace(" ", "_"): value for word, value in details.items()}),
        )  # fmt: skip

    def _when(self, row: Row) -> Moment:
        read = ((column, moment_of(cell, day_first=self._day_first, days_from=self._days_from)) for column, cell in self.cells(row, self._records.when))
        column, when = next((found for found in read if found[1] != UNKNOWN), ("", UNKNOWN))
        clock = self.first(row, self._records.clock) if column in self._records.when[:1] else ""
        return at_clock(when, clock) if clock else when

    def _key(self, id_: str) -> Key:
        prefix = "" if self._records.place == "salesforce" else f"{self._records.what}:"
        return Key(self._records.place, prefix + id_)

    def _hash(self, row: Row) -> str:
        """For tables without ids: what it is about and when. What changes while work goes on (stage, status) is no part of it."""
        kept = (self._records.subject, self._records.when[:1], self._records.who_name, self._records.company_name, self._records.who_mail)
        basis = "\x1f".join((self._records.what, *(self.first(row, columns) for columns in kept)))
        if not self.first(row, self._records.subject):
            basis += "\x1f" + self.first(row, self._records.text)
        return hashlib.sha256(f"{basis}\x1f{self._seen.count(basis)}".encode("utf-8", "replace")).hexdigest()[:32]

    def _by_ids(self, row: Row) -> Party:
        records, found = self._records, Party()
        for columns in (records.who_id, records.company_id):
            for column, cell in self.cells(row, columns):
                found |= self._index.of_ids(column, _parted(cell))
        return found

    def _party(self, row: Row) -> Generator[Profile, None, Party]:
        records, index = self._records, self._index
        party = self._by_ids(row)
        company = self.first(row, records.company_name)
        index.hear(party.people, _parted(self.first(row, records.who_name)))
        index.hear(party.companies, _parted(company))
        if not party.people:
            mail = self.first(row, records.who_mail)
            for name in _parted(self.first(row, records.who_name)) or ([""] if mail else []):
                found = list(index.person_named(name, mail, company))
                yield from (one for one in found if isinstance(one, Profile))
                party |= Party(people=tuple(one for one in found if not isinstance(one, Profile)))
        if not party.companies and company:
            found = list(index.company_named(company))
            yield from (one for one in found if isinstance(one, Profile))
            party |= Party(companies=tuple(one for one in found if not isinstance(one, Profile)))
        if not party:
            for column, cell in self.cells(row, records.deal):
                party |= index.of_ids(column, _parted(cell)) or index.deals.get(cell, Party())
        yield from index.introduce(party)
        return party

    def _kind(self, row: Row, subject: str) -> Kind:
        records = self._records
        if records.what == "task" and (found := _TYPES.get(fold(self.first(row, records.type)))):
            return found
        return Kind.MAIL if records.what == "task" and _MAIL_SUBJECT.match(subject) else records.kind

    def _roles(self, row: Row, party: Party, kind: Kind) -> Generator[Profile, None, tuple[Key, tuple[Participant, ...]]]:
        records = self._records
        everybody = party.people + party.companies
        ours = self._index.colleague(self.first(row, records.by))
        incoming = fold(self.first(row, records.incoming)) in _INCOMING
        role = Role.TO if kind in (Kind.CALL, Kind.EVENT, Kind.MAIL) else Role.SUBJECT
        if records.what == "ticket" or (incoming and ours is None):
            return everybody[0], _taking_part(everybody[1:], Role.SUBJECT)
        ours = ours or Profile(key=Key(records.place, _UNNAMED), handle="a colleague")
        yield from self._index.told.tell(ours)
        if incoming:
            return everybody[0], _taking_part((ours.key,), Role.TO) + _taking_part(everybody[1:], Role.SUBJECT)
        return ours.key, _taking_part(party.people, role) + _taking_part(party.companies, Role.SUBJECT)


def _taking_part(keys: tuple[Key, ...], role: Role) -> tuple[Participant, ...]:
    return tuple(Participant(profile=key, role=role) for key in keys)


def _parted(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";")[:_MOST_IDS] if part.strip()]


def _text(text: str, details: dict[str, str]) -> str:
    """The words, then the details in one line, because a timeline shows nothing but words."""
    words = html_to_text(text) if _TAG.search(text) else tidy(text)
    line = " · ".join(f"{word}: {value}" for word, value in details.items())
    return tidy("\n\n".join(part for part in (words, line) if part))
