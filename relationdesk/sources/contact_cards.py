"""From the fields of one address book entry to one Profile: the same rules for vCards and for contact tables.

An entry that has no id of its own gets one from what does not change in it, so that the same entry is the same
profile in every later export, and in a vCard as well as in a CSV of the same address book.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from relationdesk.model import Address, AddressKind, Key, LifeDay, Profile, unique
from relationdesk.text import canonical_url, fold, is_role_mailbox, mail_address, one_line, tidy

MAX_ADDRESSES = 200
"""Addresses kept of one entry; a real one has less than thirty."""

MAX_ADDRESS = 400
"""Characters of one mail address or phone number; a longer one is no such thing and is left out."""

_PROFILE_PAGES = {
    "twitter": "https://x.com/{}",
    "x": "https://x.com/{}",
    "linkedin": "https://linkedin.com/in/{}",
    "facebook": "https://facebook.com/{}",
    "instagram": "https://instagram.com/{}",
    "github": "https://github.com/{}",
    "youtube": "https://youtube.com/@{}",
    "bluesky": "https://bsky.app/profile/{}",
    "xing": "https://xing.com/profile/{}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as its file tells it. name: "" if nobody is named. own_id: the id its place gave it, "" for none. revised: as in `Profile`."""

    own_id: str = ""
    name: str = ""
    company: str = ""
    title: str = ""
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    webs: tuple[str, ...] = ()
    notes: str = ""
    is_company: bool = False
    days: tuple[LifeDay, ...] = ()
    revised: int = field(default=0, compare=False)


class Identities:
    """Gives every entry of one reading its native id, and counts those that look alike.

    Within one file two equal entries are two; in another file of the same export they are the same again (a Google
    archive holds everybody in "All Contacts" and many once more in "My Contacts").
    """

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._numbers: dict[tuple[str, int], list[int]] = {}
        self._in_file: Counter[tuple[str, int]] = Counter()

    def begin_file(self) -> None:
        """What comes now is another file."""
        self._in_file.clear()

    def of(self, entry: Entry) -> str:
        """The entry's own id, else a hash of its first personal mail, else of name and company, else of what it has.

        The second entry with the same hash ends in "-2". A mailbox of a desk (info@) is shared, so it is no identity.
        """
        if entry.own_id:
            return entry.own_id
        personal = next((mail for mail in map(_mail, entry.mails) if mail and not is_role_mailbox(mail)), "")
        if personal:
            basis: tuple[str, ...] = ("mail", personal)
        elif entry.name or entry.company:
            basis = ("name", fold(entry.name) or entry.name, fold(entry.company) or entry.company)
        else:
            basis = ("any", *sorted(map(_mail, entry.mails)), *sorted(entry.phones), *sorted(entry.webs))
        known_as = hashlib.sha256("\x1f".join(basis).encode("utf-8", "replace")).hexdigest()[:32]
        number = self._number(known_as, hash(entry))
        return known_as if number == 1 else f"{known_as}-{number}"

    def _number(self, known_as: str, content: int) -> int:
        numbers = self._numbers.setdefault((known_as, content), [])
        place = self._in_file[known_as, content]
        self._in_file[known_as, content] += 1
        if place == len(numbers):
            self._count[known_as] += 1
            numbers.append(self._count[known_as])
        return numbers[place]


def profile_of(entry: Entry, place: str, identities: Identities) -> Profile | None:
    """The entry as a profile the owner of the desk keeps on purpose; None if it names nobody and reaches nobody.

    A firm is what says so, and what has a company but neither a name nor anybody's own mail. Who has no name is
    shown by mail, company, phone or page, in this order.
    """
    addresses = _addresses(entry)
    name, company = one_line(entry.name), one_line(entry.company)
    if not (name or company or addresses):
        return None
    mails = [address.value for address in addresses if address.kind is AddressKind.MAIL]
    own_mail = next((mail for mail in mails if not is_role_mailbox(mail)), "")
    is_company = entry.is_company or bool(company and not name and not own_mail)
    shown = name or (company if is_company else "") or own_mail or company or next(a.value for a in addresses)
    return Profile(
        key=Key(place, identities.of(entry)),
        display_name=one_line(shown),
        title=one_line(entry.title),
        company=company,
        bio=tidy(entry.notes),
        addresses=addresses,
        known=True,
        is_company=is_company,
        days=() if is_company else entry.days,
        revised=entry.revised,
    )


def page_of(service: str, handle: str) -> str:
    """The web address of somebody's profile in a network; "" for a network without such pages or an empty handle."""
    handle = handle.strip()
    if "://" in handle or re.match(r"^(www\.)?[\w-]+\.(com|org|net|social)/", handle):
        return handle
    federated = re.fullmatch(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)", handle)
    if service == "mastodon" and federated:
        return f"https://{federated.group(2)}/@{federated.group(1)}"
    pattern = _PROFILE_PAGES.get(service, "")
    handle = handle.removeprefix("@").removeprefix("in/").strip("/")
    if not pattern or not handle or len(handle) > 100 or re.search(r"[\s/@]", handle):
        return ""
    return pattern.format(quote(handle))


def joined_name(prefix: str, given: str, middle: str, family: str, suffix: str) -> str:
    """The parts in the order they are spoken; Chinese, Japanese and Korean names without blank, family name first."""
    if given and family and all(_is_cjk(letter) for letter in given + family):
        return family + given
    return " ".join(part for part in (prefix, given, middle, family, suffix) if part)


def _is_cjk(letter: str) -> bool:
    return "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af"


def _mail(text: str) -> str:
    return mail_address(text[: MAX_ADDRESS * 2]) or one_line(text, MAX_ADDRESS).lower()


def _addresses(entry: Entry) -> tuple[Address, ...]:
    found = [Address(kind=AddressKind.MAIL, value=_mail(mail)) for mail in _bounded(entry.mails)]
    found += [Address(kind=AddressKind.PHONE, value=one_line(phone)) for phone in _bounded(entry.phones)]
    pages = (canonical_url(web) for web in entry.webs if len(web) <= 2000)
    found += [Address(kind=AddressKind.WEB, value=page) for page in pages]
    return unique(found)[:MAX_ADDRESSES]


def _bounded(values: Iterable[str]) -> list[str]:
    return [value for value in values if value.strip() and len(value) <= MAX_ADDRESS]
