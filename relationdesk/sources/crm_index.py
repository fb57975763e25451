"""Who is meant in the tables of a CRM: its people, firms, deals and own users, by ids, names and mail addresses.

An id counts most. A name alone means the one person of that name in the export; where there is none, or several, it is a
profile of its own that the user may link. The users of the CRM are colleagues: they are never the person a row is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from relationdesk.model import Address, AddressKind, Key, Profile
from relationdesk.sources.chats import Told
from relationdesk.sources.contact_cards import Entry, Identities
from relationdesk.sources.contact_rows import id_in
from relationdesk.sources.crm_layouts import ANY_RECORD, COMPANY_IDS, DEAL_IDS
from relationdesk.text import fold, mail_address, one_line

MOST_KEPT = 1_000_000
_COMPANY_PREFIX = {"hubspot": "company:", "pipedrive": "company:"}
_SALESFORCE_PEOPLE, _SALESFORCE_COMPANIES, _SALESFORCE_DEALS = ("003", "00Q"), ("001",), ("006",)
_NAME_AND_MAIL = re.compile(r"\s*[(<]\s*([^\s()<>]+@[^\s()<>]+)\s*[)>]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whom a row is about, without repeats."""

    people: tuple[Key, ...] = ()
    companies: tuple[Key, ...] = ()

    def __or__(self, other: Party) -> Party:
        return Party(people=_once(*self.people, *other.people), companies=_once(*self.companies, *other.companies))

    def __bool__(self) -> bool:
        return bool(self.people or self.companies)


def _once(*keys: Key) -> tuple[Key, ...]:
    return tuple(dict.fromkeys(keys))


@dataclass(slots=True)
class Index:
    """What the tables read so far tell of one CRM. A name that two bear means nobody: None."""

    place: str
    names: dict[Key, str] = field(default_factory=dict)
    by_name: dict[str, Key | None] = field(default_factory=dict)
    by_mail: dict[str, Key] = field(default_factory=dict)
    companies: dict[Key, str] = field(default_factory=dict)
    company_by_name: dict[str, Key] = field(default_factory=dict)
    deals: dict[str, Party] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    heard: dict[Key, tuple[str, str]] = field(default_factory=dict)
    """Name and mail address of those whom no list explains, as a row calls them beside their id."""
    told: Told = field(default_factory=Told)

    def add(self, profile: Profile) -> None:
        """A row of a list of people or firms. Of the first million the names are known."""
        if len(self.names) + len(self.companies) >= MOST_KEPT:
            return
        if profile.is_company:
            self.companies[profile.key] = profile.company or profile.display_name
            self.company_by_name.setdefault(fold(profile.company), profile.key)
            return
        self.names[profile.key] = profile.display_name
        name = fold(profile.display_name)
        self.by_name[name] = None if self.by_name.get(name, profile.key) != profile.key else profile.key
        for address in profile.addresses:
            if address.kind is AddressKind.MAIL:
                self.by_mail.setdefault(address.value, profile.key)

    def hear(self, keys: tuple[Key, ...], names: list[str]) -> None:
        """What the same row calls these, in the same order; nothing where there are fewer or more names."""
        if len(keys) != len(names):
            return
        for key, called in zip(keys, names, strict=True):
            inside = _NAME_AND_MAIL.search(called)
            name, mail = one_line(_NAME_AND_MAIL.sub(" ", called), 300), mail_address(inside[1]) if inside else ""
            if key not in self.names and key not in self.companies and name and len(self.heard) < MOST_KEPT:
                self.heard.setdefault(key, (name, mail))

    def company_key(self, id_: str) -> Key:
        return Key(self.place, _COMPANY_PREFIX.get(self.place, "") + id_in(id_, self.place))

    def of_ids(self, column: str, ids: Iterable[str]) -> Party:
        """The people, firms and deals these ids mean. column: folded heading, which may leave open what they are of."""
        found = Party()
        for id_ in ids:
            person, company = Key(self.place, id_in(id_, self.place)), self.company_key(id_)
            if not person.native_id:
                continue
            if self.place == "salesforce":
                found |= self._of_salesforce(person, column)
            elif column in ANY_RECORD:
                known = Party(people=(person,) if person in self.names else (), companies=(company,) if company in self.companies else ())
                found |= known or self.deals.get(id_, known)
            elif column in DEAL_IDS:
                found |= self.deals.get(id_, Party())
            elif column in COMPANY_IDS:
                found |= Party(companies=(company,))
            else:
                found |= Party(people=(person,))
        return found

    def _of_salesforce(self, key: Key, column: str) -> Party:
        """The first three letters of an id say what it is of; other ids of an unmistakable column are believed."""
        kind = key.native_id[:3]
        if kind in _SALESFORCE_DEALS:
            return self.deals.get(key.native_id, Party())
        if kind in _SALESFORCE_COMPANIES or key in self.companies:
            return Party(companies=(key,))
        if kind in _SALESFORCE_PEOPLE or key in self.names:
            return Party(people=(key,))
        if column in ANY_RECORD or column == "whoid":
            return Party()
        return Party(companies=(key,)) if column in COMPANY_IDS else Party(people=(key,))

    def person_named(self, text: str, mail: str, company: str) -> Iterator[Profile | Key]:
        """The profile of who is called so, told before its key where it was not in a list."""
        inside = _NAME_AND_MAIL.search(text)
        mail = mail_address(mail) or (inside[1].lower() if inside else "")
        name = one_line(_NAME_AND_MAIL.sub(" ", text))
        if "@" in name and not mail:
            mail, name = mail_address(name), ""
        known = self.by_mail.get(mail) if mail else self.by_name.get(fold(name))
        if known is None and name and mail:
            known = self.by_name.get(fold(name)) if not self.by_mail else None
        if known is not None:
            yield from self._tell(known)
            yield known
        elif name or mail:
            entry = Entry(name=name, company=company, mails=(mail,) if mail else ())
            key = Key(self.place, Identities().of(entry))
            yield from self.told.tell(
                Profile(
                    key=key, display_name=name or mail, company=one_line(company), known=True,
                    addresses=(Address(kind=AddressKind.MAIL, value=mail),) if mail else (),
                )
            )  # fmt: skip
            yield key

    def company_named(self, text: str) -> Iterator[Profile | Key]:
        """The same of a firm."""
        name = one_line(text)
        if not name:
            return
        key = self.company_by_name.get(fold(name)) or Key(self.place, Identities().of(Entry(company=name, is_company=True)))
        if key in self.companies:
            yield from self._tell(key)
        else:
            yield from self.told.tell(Profile(key=key, display_name=name, company=name, known=True, is_company=True))
        yield key

    def introduce(self, party: Party) -> Iterator[Profile]:
        """Their profiles, with what is known of them; an id that no list explains has no name."""
        for key in party.people + party.companies:
            yield from self._tell(key, is_company=key in party.companies)

    def _tell(self, key: Key, *, is_company: bool = False) -> Iterator[Profile]:
        if key in self.told:
            return
        heard, mail = self.heard.get(key, ("", ""))
        company = self.companies.get(key, "") or (heard if is_company else "")
        name = company or self.names.get(key, "") or heard
        is_company = is_company or bool(company)
        addresses = (Address(kind=AddressKind.MAIL, value=mail),) if mail and not is_company else ()
        yield from self.told.tell(Profile(key=key, display_name=name, company=company, addresses=addresses, known=bool(name), is_company=is_company and bool(name)))

    def colleague(self, cell: str) -> Profile | None:
        """Who of ours did it: by name, mail address, or the id of a user; None for nobody."""
        text = one_line(cell)
        if not text:
            return None
        id_ = id_in(text, self.place)
        if id_ in self.users or (not any(c in text for c in " @") and any(c.isdigit() for c in text)):
            return Profile(key=Key(self.place, f"user:{id_}"), display_name=self.users.get(id_, ""))
        inside = _NAME_AND_MAIL.search(text)
        mail = mail_address(inside[1] if inside else text) if "@" in text else ""
        name = one_line(_NAME_AND_MAIL.sub(" ", text)) if inside or not mail else ""
        return Profile(
            key=Key(self.place, f"user:{fold(name) or mail or text}"), display_name=name or mail,
            addresses=(Address(kind=AddressKind.MAIL, value=mail),) if mail else (),
        )  # fmt: skip
