"""From what somebody types (a handle, an address, the page of a profile) to whom it may mean, in which places. Pure: asks nobody.

What a text cannot tell is not guessed: a bare name means somebody in several places, and all of them are answered, as possibilities.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from relationdesk.sources.bluesky_ids import is_did, is_handle
from relationdesk.sources.handle_pages import Meant, at_server, called, of_page
from relationdesk.sources.imap_servers import is_providers
from relationdesk.text import is_role_mailbox, mail_address, one_line

__all__ = ["Meant", "called", "meant_by"]

BARE = ("x", "instagram", "threads", "github", "hackernews", "reddit", "youtube", "telegram", "gitlab")
"""Where "@joe" or "joe" may be at home, likelier ones first."""
_LONGEST = 2_000
_PLACES = {"twitter": "x", "hn": "hackernews", "fediverse": "mastodon", "bsky": "bluesky", "ig": "instagram"}
_COMMON_ENDINGS = re.compile(r"\.(?:bsky\.social|bsky\.team)$")
_AT, _DOT = re.compile(r"\s*[\[({]\s*(?:at|ät)\s*[\])}]\s*", re.IGNORECASE), re.compile(r"\s*[\[({]\s*(?:dot|punkt)\s*[\])}]\s*", re.IGNORECASE)
"""How people hide an address from machines."""
_APART = re.compile(r"(@?)([\w.+'-]{1,64})\s*@\s*((?:[\w-]+\.)+[\w-]{2,})")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z][\w-]+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)


def meant_by(text: str) -> tuple[Meant, ...]:
    """Everybody that a text may mean, likeliest first; () for a plain name and for what is nobody's address. Never raises."""
    typed = _unwrapped(text)
    if not typed or len(typed) > _LONGEST:
        return ()
    named = re.fullmatch(r"([^<>@]{1,200}?)\s*<([^<>]+)>", typed)
    if named:
        name = one_line(named.group(1).strip("\"' "), 200)
        return tuple(replace(one, name=name) for one in meant_by(named.group(2)))
    for rule in (_schemed, _of_mail_shape, _of_place, _number, _written_as_page, _bare):
        found = rule(typed)
        if found is not None:
            return found
    return ()


def _unwrapped(text: str) -> str:
    """Without what text around it leaves at its ends: blanks, quotes, brackets, a full stop; and without what shows nothing."""
    shown = re.sub("[\u200b-\u200f\u2060\ufeff\u00ad]", "", text.strip()).rstrip(".,;!?")
    for left, right in (("<", ">"), ("(", ")"), ("[", "]"), ("“", "”"), ('"', '"'), ("'", "'")):
        if shown.startswith(left) and shown.endswith(right) and len(shown) > 2:
            shown = shown[1:-1].strip()
    shown = _DOT.sub(".", _AT.sub("@", shown.rstrip(".,;!?").strip()))
    apart = _APART.fullmatch(shown)
    return f"{apart[1]}{apart[2]}@{apart[3]}" if apart else shown


def _schemed(text: str) -> tuple[Meant, ...] | None:
    """mailto:, acct:, tel:, at://, did:, http(s)://."""
    low = text.lower()
    if low.startswith("mailto:"):
        return _mail(mail_address(unquote(text[7:].partition("?")[0])))
    if low.startswith("acct:"):
        user, _, host = text[5:].partition("@")
        return _some(at_server(user, host))
    if low.startswith("tel:"):
        return _number(text[4:])
    if low.startswith("at://"):
        return _some(called("bluesky", text[5:].partition("/")[0]))
    if is_did(text):
        return _some(called("bluesky", text))
    if re.match(r"https?://", low):
        return of_page(text)
    return () if re.match(r"[a-z][a-z0-9+.-]{1,20}://", low) else None


def _of_mail_shape(text: str) -> tuple[Meant, ...] | None:
    """@joe@hotel.example is one of the fediverse; joe@hotel.example may be that, and is a mail address first."""
    found = re.fullmatch(r"(@?)([\w.+'-]{1,64})@((?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?|localhost:\d{1,5}|[\d.]+:\d{1,5})", text)
    if found is None:
        return None
    there = at_server(found.group(2), found.group(3))
    if found.group(1) or there is None or ":" in found.group(3):
        return _some(there)
    mail = _mail(mail_address(text))
    if is_providers(found.group(3).lower()) or is_role_mailbox(text):
        return mail
    return tuple(replace(one, sure=False) for one in (*mail, there))


def _mail(address: str) -> tuple[Meant, ...]:
    return (Meant(place="mail", native_id=address, handle=address, is_own=True),) if address else ()


def _of_place(text: str) -> tuple[Meant, ...] | None:
    """ "github:joe", "x:@joe", "u/joe"."""
    if found := re.fullmatch(r"/?u/([\w-]{2,30})/?", text):
        return _some(called("reddit", found.group(1)))
    found = re.fullmatch(r"([a-z]{1,20}):\s?(@?[\w.:@%-]{1,100})", text, re.IGNORECASE)
    if found is None or re.fullmatch(r"\d{1,5}", found.group(2)):
        return None
    place = found.group(1).lower()
    return _some(called(_PLACES.get(place, place), found.group(2)))


def _number(text: str) -> tuple[Meant, ...] | None:
    """A telephone number with its country."""
    digits = re.sub(r"\D", "", text)
    if not re.fullmatch(r"\+[\d\s()./-]{7,40}", text) or not 7 <= len(digits) <= 15:
        return None
    whatsapp = Meant(place="whatsapp", native_id=f"+{digits}", handle=f"+{digits}", page=f"https://wa.me/{digits}", sure=False)
    return (Meant(place="phone", native_id=f"+{digits}", handle=f"+{digits}", is_own=True, sure=False), whatsapp)


def _written_as_page(text: str) -> tuple[Meant, ...] | None:
    """ "hotel.example/@joe", "joe.bsky.social", "@joe.example": an address without its scheme, or a domain used as a handle."""
    domain = text.removeprefix("@").lower().removeprefix("www.")
    handle = called("bluesky", domain) if is_handle(domain) and "/" not in text else None
    if text.startswith("@") or (handle is not None and _COMMON_ENDINGS.search(domain)):
        return None if handle is None else (handle,)
    if not _DOMAIN.fullmatch(text):
        return None
    pages = of_page(f"https://{text}")
    if handle is None or not pages or pages[0].place != "blog":
        return pages
    return tuple(replace(one, sure=False) for one in (*pages, handle))


def _bare(text: str) -> tuple[Meant, ...] | None:
    """ "@joe" or "joe": one name in many places."""
    if not re.fullmatch(r"@?[A-Za-z0-9][\w.-]{1,38}", text, re.ASCII):
        return None
    found = [one for place in BARE if (one := called(place, text)) is not None]
    return tuple(replace(one, sure=False) for one in found)


def _some(one: Meant | None) -> tuple[Meant, ...]:
    return () if one is None else (one,)
