"""Where a calendar server is, from what was typed. Well-known providers stand here; nobody is asked for any other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from relationdesk.errors import UserMistake
from relationdesk.saying import marked, say
from relationdesk.text import mail_address, one_line

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

_SERVERS = {
    "caldav.icloud.com": "icloud.com me.com mac.com",
    "caldav.fastmail.com/dav/": "fastmail.com fastmail.fm sent.com",
    "caldav.calendar.yahoo.com": "yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.uk yahoo.co.in yahoo.ca yahoo.com.br ymail.com rocketmail.com",
    "caldav.gmx.net": "gmx.de gmx.net gmx.at gmx.ch",
    "caldav.gmx.com": "gmx.com gmx.co.uk gmx.us gmx.fr",
    "caldav.web.de": "web.de",
    "dav.mailbox.org": "mailbox.org",
    "posteo.de:8443": "posteo.de posteo.net posteo.eu",
    "calendar.zoho.com": "zoho.com zohomail.com",
    "calendar.zoho.eu": "zoho.eu zohomail.eu",
    "caldav.yandex.com": "yandex.com",
    "caldav.yandex.ru": "yandex.ru ya.ru",
    "calendar.mail.ru": "mail.ru bk.ru inbox.ru list.ru",
    "dav.runbox.com": "runbox.com",
}
"""Server → the domains of addresses whose calendars lie there."""
_SERVER_OF = {domain: server for server, domains in _SERVERS.items() for domain in domains.split()}
_ONE_FIRM = {"caldav.icloud.com": ".icloud.com"}
"""A server whose calendars lie on others of the same firm → how the names of those end. Apple gives each person a number: p42-caldav."""
_GOOGLE = re.compile(r"(?:gmail|googlemail)\.com|(?:.+\.)?(?:google|googleusercontent)\.com")
_MICROSOFT = re.compile(r"(?:.+\.)?(?:outlook|hotmail|live|msn|passport|windowslive|office365)\.[a-z]{2,3}(?:\.[a-z]{2})?")
_PROTON = re.compile(r"(?:.+\.)?(?:proton\.me|protonmail\.(?:com|ch)|pm\.me)")
_SECRET_ADDRESS = marked("Nothing was changed. Choose “Calendar” instead and paste the address that {name} gives in the calendar's settings.")


class Server(NamedTuple):
    """user: what one signs in with. address: https://host/path, as far as it was typed or is known."""

    user: str
    address: str


def server_of(typed: str, door: Door) -> Server:
    """ "joe@icloud.com", "joe cloud.firm.example", "joe@firm.example cloud.firm.example/remote.php/dav", and the two parted by @.

    Raises UserMistake with what to type, or why it cannot be.
    """
    text = typed.strip()
    user, server = _parted(text)
    if not server:
        server = _known(mail_address(user) or "")
    if not user or ":" in user or user != one_line(user):
        raise UserMistake(say("A calendar server wants a user name. Nothing was changed; type it before the server, like joe@firm.example cloud.firm.example."))
    return Server(mail_address(user) or user, _address(server, door))


def may_lie_on(server: str, other: str) -> bool:
    """Whether calendars of this server (a host) may be read on another one with the same password."""
    return bool(_ONE_FIRM.get(server)) and other.endswith(_ONE_FIRM[server])


def _parted(text: str) -> tuple[str, str]:
    words = text.split()
    if len(words) == 2:
        return words[0], words[1]
    before, _, after = text.rpartition("@")
    if before and ("@" in before or "/" in after or ":" in after):
        return before, after
    scheme = re.search(r"@(https?://\S+)$", text)
    return (text[: scheme.start()], scheme[1]) if scheme else (text, "")


def _known(address: str) -> str:
    domain = address.rpartition("@")[2]
    if not domain:
        raise UserMistake(say("This is no mail address and names no server. Nothing was changed; type it like joe@firm.example cloud.firm.example."))
    _possible(domain)
    server = _SERVER_OF.get(domain, "")
    if not server:
        raise UserMistake(
            say("Which server keeps the calendars of {domain} is not known here, and nobody was asked. Nothing was changed; type the server after your address, like joe@firm.example cloud.firm.example. Your provider’s help calls it “CalDAV”.", domain=domain[:80])
        )
    return server


def _address(text: str, door: Door) -> str:
    """http only where the user allows this very server to be private."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    odd = parts.scheme not in ("https", "http") or parts.username or not re.fullmatch(r"[a-z0-9.:_-]{1,253}", host)
    if odd or parts.query or text != one_line(text, 1_000):
        raise UserMistake(say("This is not the address of a calendar server. Nothing was changed; type it like cloud.firm.example."))
    _possible(host)
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    plain = parts.scheme == "http" or re.match(r"^(localhost$|127\.|::1)", host)
    scheme = "http" if plain and door.allows(f"http://{netloc}") else "https"
    return f"{scheme}://{netloc}{parts.path or '/'}"


def _elsewhere(why: str, name: str) -> str:
    return f"{why} {say(_SECRET_ADDRESS, name=name)}"


def _possible(domain: str) -> None:
    if _GOOGLE.fullmatch(domain):
        raise UserMistake(_elsewhere(say("Google lets programs into its calendars only by a sign-in on its web page (OAuth)."), "Google"))
    if _MICROSOFT.fullmatch(domain):
        raise UserMistake(_elsewhere(say("Microsoft's calendars do not speak CalDAV."), "Outlook"))
    if _PROTON.fullmatch(domain):
        raise UserMistake(_elsewhere(say("Proton's calendars do not speak CalDAV."), "Proton"))
