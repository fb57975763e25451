"""Where a mailbox is, from what was typed. Well-known providers stand here; nobody is asked for any other."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from relationdesk.errors import UserMistake
from relationdesk.saying import say
from relationdesk.text import mail_address

_SERVERS = {
    "imap.gmail.com": "gmail.com googlemail.com",
    "imap.mail.me.com": "icloud.com me.com mac.com",
    "imap.fastmail.com": "fastmail.com fastmail.fm sent.com",
    "imap.mail.yahoo.com": "yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.uk yahoo.co.in yahoo.ca yahoo.com.br ymail.com rocketmail.com",
    "imap.aol.com": "aol.com",
    "imap.gmx.net": "gmx.de gmx.net gmx.at gmx.ch",
    "imap.gmx.com": "gmx.com gmx.co.uk gmx.us gmx.fr mail.com",
    "imap.web.de": "web.de",
    "secureimap.t-online.de": "t-online.de",
    "imap.mailbox.org": "mailbox.org",
    "posteo.de": "posteo.de posteo.net posteo.eu",
    "imap.zoho.com": "zoho.com zohomail.com",
    "imap.zoho.eu": "zoho.eu zohomail.eu",
    "imap.yandex.com": "yandex.com yandex.ru ya.ru",
    "imap.mail.ru": "mail.ru bk.ru inbox.ru list.ru",
    "mail.runbox.com": "runbox.com",
    "imap.orange.fr": "orange.fr wanadoo.fr",
    "imap.free.fr": "free.fr",
    "imap.laposte.net": "laposte.net",
    "imapmail.libero.it": "libero.it",
    "imap.seznam.cz": "seznam.cz email.cz post.cz",
    "imap.wp.pl": "wp.pl",
    "imap.comcast.net": "comcast.net",
    "imap.mail.att.net": "att.net sbcglobal.net",
    "imaps.bluewin.ch": "bluewin.ch",
}
"""Server → the domains of addresses whose mail lies there; all speak TLS on port 993."""
PROVIDERS = frozenset(_SERVERS)
_SERVER_OF = {domain: server for server, domains in _SERVERS.items() for domain in domains.split()}
_MICROSOFT = re.compile(r"(?:.+\.)?(?:outlook|hotmail|live|msn|passport|windowslive|office365)\.[a-z]{2,3}(?:\.[a-z]{2})?")
_PROTON = re.compile(r"proton\.me|protonmail\.(?:com|ch)|pm\.me")


def is_providers(domain: str) -> bool:
    """True for a domain (lower case) under which a provider gives addresses to anybody: its web server says nothing about them."""
    return domain in _SERVER_OF or any(rule.fullmatch(domain) for rule in (_MICROSOFT, _PROTON))


class Mailbox(NamedTuple):
    """user: what one signs in with. address: imaps://host:port or imap://host:port."""

    user: str
    address: str


def mailbox(typed: str) -> Mailbox:
    """ "joe@gmail.com", "joe@firm.example imap.firm.example", "joe@firm.example@imap.firm.example:993", and with imap:// before the
    server for STARTTLS. Raises UserMistake with what to type, or why it cannot be."""
    text = typed.strip()
    if len(words := text.split()) == 2:
        user, server = words
    elif text.count("@") >= 2:
        user, _, server = text.rpartition("@")
    else:
        user, server = text, ""
    address = mail_address(user) or ""
    domain = address.rpartition("@")[2]
    if not server:
        if not domain:
            raise UserMistake(say("This is not a mail address. Nothing was changed; type it like joe@firm.example."))
        _possible(domain)
        server = _SERVER_OF.get(domain, "")
        if not server:
            raise UserMistake(
                say("Which server keeps the mail of {domain} is not known here, and nobody was asked. Nothing was changed; type the server after your address, like joe@firm.example imap.firm.example. Your provider’s help calls it “IMAP server”.", domain=domain[:80])
            )
    return Mailbox(address or user, _server(server))


def _server(text: str) -> str:
    """Port 143 means STARTTLS, every other TLS from the first byte, unless imap:// says so."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host, port, scheme = (parts.hostname or "").rstrip("."), parts.port, parts.scheme
    except ValueError:
        host, port, scheme = "", None, ""
    if scheme not in ("", "imap", "imaps") or not re.fullmatch(r"[a-z0-9.:_-]{1,253}", host) or parts.path.strip("/") or parts.username:
        raise UserMistake(say("This is not the address of a mail server. Nothing was changed; type it like imap.firm.example."))
    _possible(host)
    scheme = scheme or ("imap" if port == 143 else "imaps")
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port or (993 if scheme == 'imaps' else 143)}"


def _possible(domain: str) -> None:
    if _MICROSOFT.fullmatch(domain):
        raise UserMistake(
            say("Microsoft lets programs read mail only by a sign-in on its web page (OAuth), not with a password; that is not possible here yet. Nothing was changed. Bring in a mailbox file exported from Outlook or Thunderbird instead.")
        )
    if _PROTON.fullmatch(domain):
        raise UserMistake(
            say("Proton lets programs read mail only through its Bridge, which proves to nobody who it is; that is not possible here yet. Nothing was changed. Bring in a mailbox file exported from Proton instead.")
        )


def app_password(server: str, typed: str) -> str:
    """Google shows app passwords as four groups of four letters, without blanks being part of them."""
    groups = re.fullmatch(r"[a-z]{4}(?:\s[a-z]{4}){3}", typed.strip())
    return re.sub(r"\s", "", typed) if groups and urlsplit(server).hostname == "imap.gmail.com" else typed
