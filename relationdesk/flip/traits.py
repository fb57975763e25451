"""What the finder looks at of a profile, worked out once: its name in sounds, addresses, pages, handles, place of work. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from relationdesk.flip.handles import handles_of
from relationdesk.flip.names import Name, parsed
from relationdesk.model import CARD_PLACES, AddressKind, Profile
from relationdesk.text import RECORD, base_mail, canonical_url, fold, is_role_mailbox, record_page

OWN_BOOK = "contacts"
"""The place of the user's own address book: who has an address or page on a card there was told by the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A page that a profile names. page: its canonical address; said: as the profile names it."""

    page: str
    said: str
    vouched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """A profile made ready for comparing. mails: without role mailboxes; sure: those that the place or the user's own book vouches
    for; boxes: without +tag and, where dots mean nothing, without dots; phones: the last nine digits; pages: its own; claims:
    those it names, in its fields and its bio; hosts: of its mail addresses, those that give addresses to everybody left out; pictures: what is known
    of theirs, see `AddressKind.PICTURE`."""

    profile: Profile
    name: Name
    mails: frozenset[str]
    sure: frozenset[str]
    boxes: frozenset[str]
    phones: frozenset[str]
    pages: frozenset[str]
    claims: tuple[Claim, ...]
    handles: frozenset[str]
    firm: str
    hosts: frozenset[str]
    bio: frozenset[str]
    pictures: frozenset[str]


@lru_cache(maxsize=1024)
def traits(profile: Profile) -> Traits:
    """What there is to compare of a profile. Never raises; what is empty says nothing."""
    own = mails(profile)
    book = profile.key.place in CARD_PLACES
    pages = own_pages(profile)
    name = parsed(profile.display_name)
    return Traits(
        profile=profile, name=name, mails=own, boxes=frozenset(map(mailbox, own)),
        sure=own & {x.value for x in profile.addresses if x.kind is AddressKind.MAIL and (x.vouched or book)},
        phones=phones(profile), pages=pages, claims=_claims(profile), firm=firm(profile.company),
        handles=handles_of(profile, own, pages, name), hosts=frozenset(filter(None, map(_host, own))),
        bio=bio_words(profile.bio), pictures=pictures(profile),
    )  # fmt: skip


def bio_words(bio: str) -> frozenset[str]:
    """The folded words of what somebody writes about themselves, but for the shortest."""
    return frozenset(word for word in fold(bio[:2_000]).split() if len(word) > 2)


def mails(profile: Profile) -> frozenset[str]:
    """The mail addresses of a profile, lower case, without role mailboxes."""
    return frozenset(
        address.value
        for address in profile.addresses
        if address.kind is AddressKind.MAIL and not is_role_mailbox(address.value)
    )


_NO_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Hosts that deliver j.oe@ and joe@ into one mailbox, and are one host."""


def mailbox(address: str) -> str:
    """One spelling for one mailbox: for suggestions only, never for links."""
    address = base_mail(address)
    local, _, host = address.partition("@")
    return f"{local.replace('.', '')}@gmail.com" if host in _NO_DOTS else address


def phones(profile: Profile) -> frozenset[str]:
    """The ends of the telephone numbers of a profile: nine digits, in which +44 20 and 020 are the same."""
    numbers = (digits(x.value) for x in profile.addresses if x.kind is AddressKind.PHONE)
    return frozenset(number for number in numbers if len(number) >= 7)


def digits(phone: str) -> str:
    """The last nine digits of a telephone number."""
    return "".join(c for c in phone if c.isdigit())[-9:]


def pictures(profile: Profile) -> frozenset[str]:
    """What is known of the pictures of a profile; of one at GitHub also its number, which stands for its own."""
    place, native = profile.key
    own = {f"github:{native}"} if place == "github" and native.isdecimal() else set[str]()
    return frozenset(own | {x.value for x in profile.addresses if x.kind is AddressKind.PICTURE})


_SAME_HOST = re.compile(r"^https://(?:mobile\.)?twitter\.com(?=/|$)")


def own_pages(profile: Profile) -> frozenset[str]:
    """Where a profile is: its page, its id where that is one, and its record in a CRM."""
    pages = {page(profile.url), page(profile.key.native_id)} - {""}
    return frozenset(pages | {record_page(*profile.key)} if profile.key.place in CARD_PLACES else pages)


def page(url: str) -> str:
    """One address for one page, as text.canonical_url; twitter.com is x.com. "" for none. A text.record_page stays as it is."""
    if url.startswith(RECORD):
        return url
    return _SAME_HOST.sub("https://x.com", canonical_url(url)) if url else ""


_IN_BIO = re.compile(r"(?<![\w@./])(?:https?://)?(?:[\w-]{1,60}\.){1,4}[a-z]{2,12}/[\w@./~-]{1,100}|(?<![\w@.])@([\w.-]{1,60})@((?:[\w-]{1,60}\.){1,4}[a-z]{2,12})", re.IGNORECASE)
"""Pages and handles of the Fediverse in running words: "code at github.com/joeb", "@joeb@hotel.example"."""


def _claims(profile: Profile) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    for address in profile.addresses:
        if address.kind is AddressKind.WEB:
            claim = Claim(page=page(address.value), said=address.value, vouched=address.vouched)
            if claim.page not in found or (claim.vouched and not found[claim.page].vouched):
                found[claim.page] = claim
    for match in _IN_BIO.finditer(profile.bio[:2_000]):
        said = f"https://{match[2]}/@{match[1]}" if match[1] else match[0].rstrip("./")
        named = page(said)
        if named:
            found.setdefault(named, Claim(page=named, said=said.removeprefix("https://") if match[1] is None else match[0], vouched=False))
    return tuple(claim for named, claim in found.items() if named)


_FORMS = frozenset("inc ltd llc plc gmbh ag sa bv co corp corporation limited group holding company hotels".split())


def firm(name: str) -> str:
    """The folded words of a company's name, without its legal form."""
    return " ".join(word for word in fold(name).split() if word not in _FORMS) if name else ""


def fits(host: str, together: str) -> bool:
    """alderfinch.example and Alder & Finch: one begins with the other. together: a `firm` without spaces."""
    name = fold(host.split(".")[0]).replace(" ", "")
    return len(name) > 3 and len(together) > 3 and (together.startswith(name) or name.startswith(together))


EVERYBODYS_HOSTS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com gmx.at gmx.ch "
    "web.de t-online.de freenet.de posteo.de mailbox.org proton.me protonmail.com pm.me fastmail.com hey.com zoho.com mail.com hotmail.co.uk yahoo.co.uk btinternet.com "
    "orange.fr free.fr laposte.net wanadoo.fr libero.it virgilio.it hotmail.fr hotmail.it yahoo.fr yahoo.de yahoo.it wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz "
    "mail.ru yandex.ru yandex.com rambler.ru ukr.net bk.ru inbox.ru qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net yahoo.co.jp docomo.ne.jp "
    "telia.com bredband.net online.no live.se hotmail.se bluewin.ch uol.com.br bol.com.br terra.com.br comcast.net verizon.net att.net rediffmail.com".split()
)
"""Hosts of mail addresses that anybody can have: they say nothing about where somebody works."""


def _host(address: str) -> str:
    host = address.partition("@")[2]
    return "" if host in EVERYBODYS_HOSTS else host
