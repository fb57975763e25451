"""What speaks for two profiles being one person, as sentences the user can judge. Pure; knows no store and no place.

Certain is only what a place itself vouches for. Names never are: measured on invented profiles they were right in
80 to 90 of 100 cases, and a wrong link is worse than an open question.
"""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.model import CARD_PLACES, Address, AddressKind, Profile
from relationdesk.text import (
    base_mail,
    canonical_url,
    fold,
    full_stop,
    imitates,
    is_role_mailbox,
    is_whole_name,
    name_words,
    place_name,
    same_given_name,
)

CERTAIN = 100.0

OWN_BOOK = "contacts"
"""The place of the user's own address book: who has an address or page on a card there was told by the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence for (weight > 0) or against (weight < 0) two profiles being one person.

    weight has no unit; CERTAIN and above links without asking. warns: one may be made to be taken for the other; then
    nothing links by itself, and the user is asked in any case.
    """

    sentence: str
    weight: float
    warns: bool = False


def reasons(a: Profile, b: Profile) -> tuple[Reason, ...]:
    """Everything that speaks for or against `a` and `b` being one person, strongest first. Symmetric but for wording."""
    found = [*_mails(a, b), *_links(a, b), *_names(a, b), *_work(a, b)]
    sure = any(reason.weight >= CERTAIN for reason in found)
    if not sure:
        found += _handles(a, b)
    if a.key.place == b.key.place and not sure:
        found.append(Reason(sentence=f"Two different profiles in one place ({place_name(a.key.place)}).", weight=-4.0))
    return tuple(sorted(found, key=lambda reason: -abs(reason.weight)))


def mails(profile: Profile) -> frozenset[str]:
    """The mail addresses of a profile, lower case, without role mailboxes."""
    return frozenset(
        address.value
        for address in profile.addresses
        if address.kind is AddressKind.MAIL and not is_role_mailbox(address.value)
    )


def _mails(a: Profile, b: Profile) -> list[Reason]:
    shared = sorted(mails(a) & mails(b))
    if shared and names_conflict(a.display_name, b.display_name):
        return [Reason(sentence=f"Same mail address {shared[0]}, but different names: perhaps shared.", weight=1.0)]
    if shared:
        sure = sorted(_sure_mails(a) & _sure_mails(b))
        if sure:
            return [Reason(sentence=f"Same mail address, {sure[0]}.", weight=CERTAIN)]
        return [Reason(sentence=f"Same mail address {shared[0]}.", weight=8.0)]
    near = {base_mail(m) for m in mails(a)} & {base_mail(m) for m in mails(b)}
    if near:
        return [Reason(sentence=f"Mail addresses that differ only after the plus sign ({sorted(near)[0]}).", weight=6.0)]
    return []


def _sure_mails(profile: Profile) -> frozenset[str]:
    """Those that the place vouches for, or the user: what anybody can write about himself ties nobody to anybody."""
    own = profile.key.place in CARD_PLACES
    return mails(profile) & {x.value for x in profile.addresses if x.kind is AddressKind.MAIL and (x.vouched or own)}


def _own_pages(profile: Profile) -> frozenset[str]:
    return frozenset(filter(None, (canonical_url(profile.url), canonical_url(profile.key.native_id))))


def _links(a: Profile, b: Profile) -> list[Reason]:
    found: list[Reason] = []
    for one, other in ((a, b), (b, a)):
        pages = _own_pages(other)
        claimed = [x for x in one.addresses if x.kind is AddressKind.WEB and canonical_url(x.value) in pages]
        best = max(claimed, key=_vouched, default=None)
        hit = best.value if best is not None else ""
        if best is not None and best.vouched:
            found.append(Reason(sentence=f"{place_name(one.key.place)} has verified the link to {hit} both ways.", weight=CERTAIN))
        elif hit and one.key.place == OWN_BOOK and not names_conflict(a.display_name, b.display_name):
            found.append(Reason(sentence=f"The card in your own address book names {hit}.", weight=CERTAIN))
        elif hit:
            card = "card in your own address book" if one.key.place == OWN_BOOK else f"{place_name(one.key.place)} profile"
            found.append(Reason(sentence=f"The {card} names {hit} as its own page.", weight=7.0))
    if len(found) == 2 and found[0].weight < CERTAIN and found[1].weight < CERTAIN:
        return [Reason(sentence="Each profile names the other's page as its own.", weight=12.0)]
    shared = {x.value for x in a.addresses if x.kind is AddressKind.WEB} & {
        x.value for x in b.addresses if x.kind is AddressKind.WEB
    }
    if shared and not found:
        found.append(Reason(sentence=f"Both name the page {sorted(shared)[0]}.", weight=5.0))
    phones_a, phones_b = _phones(a), _phones(b)
    if phones_a & phones_b:
        found.append(Reason(sentence="Same telephone number.", weight=5.0))
    return found


def _vouched(address: Address) -> bool:
    return address.vouched


def _phones(profile: Profile) -> frozenset[str]:
    numbers = (
        "".join(c for c in x.value if c.isdigit())[-9:] for x in profile.addresses if x.kind is AddressKind.PHONE
    )
    return frozenset(number for number in numbers if len(number) >= 7)


def names_conflict(a: str, b: str) -> bool:
    """True if two display names cannot be one person's: other family name, or other given name that is no short form.

    An empty name, a mail address, a single word or a name in another script conflicts with nothing; a handle in place of
    a name ("joe_b77") only with another given name beside the same family name ("mary_jones", Gary Jones).
    """
    if "@" in a or "@" in b:
        return False
    x, y = name_words(a), name_words(b)
    if len(x) < 2 or len(y) < 2:
        return False
    if _same_family(x[-1], y[-1]) and same_given_name(x[0], y[0]):
        return False
    if (_is_handle(a) or _is_handle(b)) and x[-1] != y[-1]:
        return False
    return _is_latin(x) == _is_latin(y) and sorted(x) != sorted(y) and not set(x) <= set(y) and not set(y) <= set(x)


def _is_handle(name: str) -> bool:
    """One word in small letters, or with digits or underscores, as people are called in networks."""
    word = name.strip()
    return len(word.split()) == 1 and (word.islower() or "_" in word or any(c.isdigit() for c in word))


def _is_latin(words: tuple[str, ...]) -> bool:
    return words[0][0] < "\u0250"


def _same_family(a: str, b: str) -> bool:
    """Equal, or one is the initial of the other ("Joe B.")."""
    return a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))


def _names(a: Profile, b: Profile) -> list[Reason]:
    x, y = name_words(a.display_name), name_words(b.display_name)
    if imitates(a.display_name, b.display_name):
        return [
            Reason(
                sentence=f"“{a.display_name}” only looks like {b.display_name}: other letters or hidden ones. Perhaps an impostor.",
                weight=-4.0, warns=True,
            )
        ]  # fmt: skip
    if len(x) < 2 or len(y) < 2:
        whole = x == y and is_whole_name(x)
        return [Reason(sentence=full_stop(f"Same name: {a.display_name} and {b.display_name}"), weight=5.0)] if whole else []
    if sorted(x) == sorted(y):
        exact = a.display_name.strip().casefold() == b.display_name.strip().casefold()
        how = "Same name" if exact else "Same name in another spelling"
        return [Reason(sentence=full_stop(f"{how}: {a.display_name} and {b.display_name}"), weight=5.0 if exact else 4.5)]
    if _same_family(x[-1], y[-1]) and same_given_name(x[0], y[0]):
        return [Reason(sentence=f"{a.display_name} and {b.display_name} may be two forms of one name.", weight=3.0)]
    if set(x) < set(y) or set(y) < set(x):
        return [Reason(sentence=f"{a.display_name} and {b.display_name} share most of their name.", weight=2.5)]
    if names_conflict(a.display_name, b.display_name):
        return [Reason(sentence=full_stop(f"Different names: {a.display_name} and {b.display_name}"), weight=-6.0)]
    return []


def _handles(a: Profile, b: Profile) -> list[Reason]:
    """A handle with digits for letters ("joebr0wn"): its owner may want to be taken for somebody."""
    for one, other in ((a, b), (b, a)):
        handle = _local(one.handle)
        if any(imitates(handle, taken) for taken in (_local(other.handle), other.display_name.replace(" ", "")) if handle and taken):
            text = full_stop(f"The handle {handle} only looks like {other.display_name or _local(other.handle)}") + " Perhaps an impostor."
            return [Reason(sentence=text, weight=-3.0, warns=True)]
    return []


def _local(handle: str) -> str:
    return handle.lstrip("@").partition("@")[0]


def _work(a: Profile, b: Profile) -> list[Reason]:
    x, y = _firm(a.company), _firm(b.company)
    if x and y:
        if x == y or x.startswith(y) or y.startswith(x):
            return [Reason(sentence=f"Both name {a.company} as their company.", weight=2.0)]
        return [Reason(sentence=full_stop(f"Different companies: {a.company} and {b.company}"), weight=-1.5)]
    for one, other in ((a, b), (b, a)):
        host = {address.partition("@")[2].split(".")[0] for address in mails(one)}
        firm = _firm(other.company).replace(" ", "")
        if firm and any(len(h) > 3 and (firm.startswith(fold(h).replace(" ", "")) or fold(h).startswith(firm)) for h in host):
            return [Reason(sentence=full_stop(f"The mail address fits the company {other.company}"), weight=1.5)]
    return []


_FORMS = frozenset("inc ltd llc plc gmbh ag sa bv co corp corporation limited group holding company hotels".split())


def _firm(name: str) -> str:
    words = [word for word in fold(name).split() if word not in _FORMS]
    return " ".join(words)
