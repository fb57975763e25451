"""A contact that Outlook keeps, as an entry of an address book."""

from __future__ import annotations

from datetime import timedelta

from relationdesk.model import DayKind, LifeDay
from relationdesk.sources.contact_cards import Entry, joined_name
from relationdesk.sources.life_days import built, one_of_a_kind
from relationdesk.sources.mapi import ADDRESSES, Item, Properties
from relationdesk.text import mail_address

_MAILS = ((ADDRESSES, 0x8083), (ADDRESSES, 0x8093), (ADDRESSES, 0x80A3))
_PHONES = (0x3A08, 0x3A1C, 0x3A09, 0x3A1B, 0x3A57, 0x3A1A, 0x3A24)
_WEBS, _PAGE = (0x3A51, 0x3A50), (ADDRESSES, 0x802B)
_PARTS = (0x3A45, 0x3A06, 0x3A44, 0x3A11, 0x3A05)
"""Of a name: "Dr.", given, middle, family, "Jr."."""
_NAME, _COMPANY, _TITLE = 0x3001, 0x3A16, 0x3A17
_DAYS = ((DayKind.BIRTHDAY, 0x80DE, 0x3A42), (DayKind.ANNIVERSARY, 0x80DF, 0x3A41))
"""[MS-OXOCNTC] 2.2.1.5: the day as it is, and the older one: its midnight where it was typed, in UTC (or 11:59 of it)."""


def is_contact(kind: str) -> bool:
    return kind == "ipm.contact" or kind.startswith("ipm.contact.")


def contact(item: Item) -> Entry:
    """Without an id of its own: it has the one that the same entry has in a table of contacts."""
    properties = item.properties
    mails = (properties.text(properties.id(*one)) for one in _MAILS)
    prefix, given, middle, family, suffix = (properties.text(one).strip() for one in _PARTS)
    company = properties.text(_COMPANY)
    shown = properties.text(_NAME)
    name = joined_name(prefix, given, middle, family, suffix) if given or family else "" if shown == company else shown
    return Entry(
        name=name, company=company, title=properties.text(_TITLE), mails=tuple(found for one in mails if (found := mail_address(one))),
        phones=_texts(properties, _PHONES), webs=_texts(properties, (*_WEBS, properties.id(*_PAGE))), notes=item.words(),
        days=one_of_a_kind(_day(properties, *one) for one in _DAYS),
    )  # fmt: skip


def _day(properties: Properties, kind: DayKind, local: int, at: int) -> LifeDay | None:
    found = properties.moment(properties.id(ADDRESSES, local)) if properties.id(ADDRESSES, local) else None
    if found is None and (moment := properties.moment(at)) is not None:
        is_noon = (moment.hour, moment.minute) == (11, 59)
        found = moment if is_noon or moment.year >= 4000 else moment + timedelta(hours=12)
    return built(kind, found.month, found.day, found.year) if found is not None else None


def _texts(properties: Properties, ids: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(found for one in ids if one and (found := properties.text(one).strip()))
