"""A contact that Outlook keeps, as an entry of an address book."""

from __future__ import annotations

from relationdesk.sources.contact_cards import Entry, joined_name
from relationdesk.sources.mapi import ADDRESSES, Item, Properties
from relationdesk.text import mail_address

_MAILS = ((ADDRESSES, 0x8083), (ADDRESSES, 0x8093), (ADDRESSES, 0x80A3))
_PHONES = (0x3A08, 0x3A1C, 0x3A09, 0x3A1B, 0x3A57, 0x3A1A, 0x3A24)
_WEBS, _PAGE = (0x3A51, 0x3A50), (ADDRESSES, 0x802B)
_PARTS = (0x3A45, 0x3A06, 0x3A44, 0x3A11, 0x3A05)
"""Of a name: "Dr.", given, middle, family, "Jr."."""
_NAME, _COMPANY, _TITLE = 0x3001, 0x3A16, 0x3A17


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
    )  # fmt: skip


def _texts(properties: Properties, ids: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(found for one in ids if one and (found := properties.text(one).strip()))
