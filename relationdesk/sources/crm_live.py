"""What CRMs that are read over the network share with their exports: records become rows with the headings of the export.

So one and the same reader makes the facts of both, with the same keys and words, and an export over the live place doubles
nothing. Users of the CRM are colleagues here as there; whoever signs in is one of them, and that is me.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from relationdesk.model import Activity, Address, AddressKind, Fact, Key, Profile, Rejected
from relationdesk.saying import say
from relationdesk.sources.contact_cards import Identities
from relationdesk.sources.contact_rows import fact_of
from relationdesk.sources.crm_index import Index
from relationdesk.sources.crm_layouts import records_of
from relationdesk.sources.crm_reading import Reader
from relationdesk.sources.csv_columns import fields_of, layout_of
from relationdesk.sources.open_tables import Table
from relationdesk.sources.seen import Seen
from relationdesk.sources.tables import Row, Shape
from relationdesk.text import fold, mail_address, one_line

Cells = Mapping[str, str]
"""Heading of the export → what the record says there; "" and a missing one are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One of ours in the CRM."""

    id: str
    name: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Users:
    """Everybody who uses the CRM, by id. by_number: its exports write them by their ids."""

    by_id: Mapping[str, User] = field(default_factory=dict)
    by_number: bool = False

    @classmethod
    def of(cls, users: Iterable[User], *, by_number: bool = False) -> Users:
        return cls({user.id: user for user in users if user.id}, by_number)

    def cell(self, id_: str) -> str:
        """How an export writes its owner: by name, unless by id. Where two have one name, or none is known, by the id, which is never two people."""
        user = self.by_id.get(id_)
        if user is None or self.by_number or not fold(user.name):
            return id_
        if sum(fold(other.name) == fold(user.name) for other in self.by_id.values()) > 1:
            return id_
        return f"{one_line(user.name)} <{user.mail}>" if mail_address(user.mail) else one_line(user.name)

    def with_mail(self, mail: str) -> User | None:
        return next((user for user in self.by_id.values() if mail and mail_address(user.mail) == mail_address(mail)), None)

    def named(self, text: str) -> list[User]:
        """Whom somebody means by a name or mail address."""
        return [user for user in self.by_id.values() if fold(user.name) == fold(text) or (mail_address(text) and mail_address(user.mail) == mail_address(text))]


class Sheet:
    """The table that an export would write. headings: as in the export; what it holds must be known to the readers of exports."""

    def __init__(self, label: str, headings: tuple[str, ...]) -> None:
        self.label, self.headings = label, headings
        self.layout, self.records = layout_of(headings), records_of(headings)
        if self.layout is None and self.records is None:
            raise ValueError(f"no export has such a table: {label}")
        self.fields = fields_of(headings, self.layout) if self.records is None else ()
        shape = Shape(encoding="utf-8", delimiter=",", skip=0, header=headings, columns=headings)
        self.table = Table(member="", label=label, shape=shape, short_ok=False)

    def row(self, cells: Cells) -> Row:
        return Row(line=0, values=tuple(cells.get(heading, "") for heading in self.headings), index={})


class Book:
    """One visit to one CRM: what is known of its people and firms, and the facts of its records."""

    def __init__(self, place: str, users: Users) -> None:
        self.index = Index(place)
        self.index.users.update({user.id: one_line(user.name) for user in users.by_id.values()})
        self._place, self._identities, self._seen = place, Identities(), Seen()
        self._readers: dict[str, Reader] = {}

    def me(self, cell: str, mail: str = "") -> Profile | None:
        """Who signs in, as the owner of this desk; cell: as `Users.cell` writes them; mail: where that tells none."""
        found = self.index.colleague(cell)
        if found is None:
            return None
        mails = [address.value for address in found.addresses] or [mail_address(mail)]
        return replace(found, is_owner=True, addresses=tuple(Address(kind=AddressKind.MAIL, value=value, vouched=True) for value in mails if value))

    def card(self, sheet: Sheet, cells: Cells, where: str, *, firm: str = "", url: str = "") -> Iterator[Fact]:
        """A person or firm. firm: the id of the company a person belongs to, if the record does not name it. url: its page in the CRM."""
        self._identities.begin_file()
        fact = fact_of(sheet.row(cells), sheet.fields, sheet.layout, self._place, where, self._identities)
        if isinstance(fact, Profile) and fact.is_company and sheet.layout is not None and not sheet.layout.companies:
            yield Rejected(where=where, reason=say("This person has no name, no mail address and no phone number."))
        elif isinstance(fact, Profile):
            if firm and not fact.is_company and not fact.company:
                fact = replace(fact, company=self.index.companies.get(self.index.company_key(firm), ""))
            fact = replace(fact, url=url)
            self.index.add(fact)
            yield from self.index.told.tell(fact)
        else:
            yield fact

    def same(self, gone: str, now: str, url: str, *, company: bool = False) -> Profile:
        """Somebody who was merged into another record: the CRM itself says that both are one. now: their name, where nobody has another for them."""
        key = self.index.company_key(gone) if company else Key(self._place, gone)
        return Profile(key=key, display_name=one_line(now), addresses=(Address(kind=AddressKind.WEB, value=url, vouched=True),), is_company=company, gone=True)

    def learn(self, sheet: Sheet, cells: Cells) -> None:
        """Whom a deal is about, for what only names the deal."""
        self._reader(sheet).learn(sheet.row(cells))

    def record(self, sheet: Sheet, cells: Cells, where: str, url: str = "") -> Iterator[Fact]:
        """A deal, ticket, task, call, meeting, mail or note."""
        for fact in self._reader(sheet).facts(sheet.row(cells), where):
            yield replace(fact, url=url) if isinstance(fact, Activity) and url else fact

    def _reader(self, sheet: Sheet) -> Reader:
        if sheet.label not in self._readers:
            assert sheet.records is not None
            self._readers[sheet.label] = Reader(sheet.table, sheet.records, self.index, day_first=False, seen=self._seen)
        return self._readers[sheet.label]


def words_of(value: str) -> str:
    """A value that a CRM writes in capitals ("NOT_STARTED") as words ("Not started"); anything else as it is."""
    plain = value.replace("_", " ")
    return plain.capitalize() if value and value == value.upper() and any(c.isalpha() for c in value) else value
