"""A mail that the user sends by a mailbox's login: written, handed to the provider's sending server, filed in Sent, and found there again.

Its Message-ID follows from the outbox, so it is the same at every try and known before the first byte goes. The text goes out as it was
typed, as plain text. Whoever is in BCC stands in no head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from relationdesk.errors import Cancelled, PerhapsSent, SourceError, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import Activity, Audience, Login, Role
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources.imap_answers import quoted
from relationdesk.sources.imap_folders import Folder, folders
from relationdesk.sources.imap_folders import Role as FolderRole
from relationdesk.sources.imap_servers import PROVIDERS, app_password
from relationdesk.sources.mail_message import message
from relationdesk.text import mail_address, one_line

if TYPE_CHECKING:
    from relationdesk.sources.door import Door
    from relationdesk.sources.door_imap import MailServer
    from relationdesk.sources.door_smtp import Postman

_SMTP = {
    "imap.mail.me.com": "smtp://smtp.mail.me.com:587", "imap.gmx.net": "smtps://mail.gmx.net:465", "imap.gmx.com": "smtps://mail.gmx.com:465",
    "imap.web.de": "smtp://smtp.web.de:587", "secureimap.t-online.de": "smtps://securesmtp.t-online.de:465",
    "imapmail.libero.it": "smtps://smtp.libero.it:465", "imaps.bluewin.ch": "smtps://smtpauths.bluewin.ch:465",
}  # fmt: skip
"""Where mail is sent by who keeps it, if that is not smtp. instead of imap., or the same server, on port 465."""
_FILES_ITSELF = frozenset({"imap.gmail.com"})
"""Providers that put what was sent into Sent by themselves."""
MOST_TO = 100


def may(login: Login) -> tuple[May, ...]:
    if not login.has_token or not mail_address(login.user_name):
        return ()
    return (May(deed=Deed.MAIL, audiences=(Audience.PRIVATE,), new=True),)


def server_for(address: str) -> str:
    """Where mail is sent that is read at `address`."""
    host = urlsplit(address).hostname or ""
    return _SMTP.get(host) or f"smtps://{'smtp.' + host.removeprefix('imap.') if host.startswith('imap.') else host}:465"


def sending_server(host: str, port: int, *, at_once: bool) -> str:
    """The address of a server that sends mail, from what was typed. at_once: TLS from the first byte, else STARTTLS. Raises UserMistake."""
    name = host.strip().rstrip(".").lower()
    if not re.fullmatch(r"\[[0-9a-f:]{2,45}\]|[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?", name) or not 0 < port < 65_536:
        raise UserMistake(say("This is not the name of a mail server. Nothing was changed; type it like smtp.firm.example. Your provider’s help calls it “SMTP server”."))
    return f"{'smtps' if at_once else 'smtp'}://{name}:{port}"


def try_out(login: Login, server: str, token: str, door: Door) -> None:
    """Sign in there and leave: nothing is sent."""
    from relationdesk.sources.door_smtp import visit

    with visit(server, door) as postman:
        postman.sign_in(login.user_name, app_password(login.address, token))


def send(login: Login, what: Outgoing, token: str, door: Door, now: datetime, smtp: str) -> Receipt:
    from relationdesk.sources.door_smtp import visit  # brings httpx, which only who asks a server pays for

    own = mail_address(login.user_name) or ""
    mail = written(what, own, now)
    raw = _bytes(mail)
    to = [one.value.strip() for one in what.to]
    with _named(login), visit(smtp, door) as postman:
        _handed(postman, login, token, own, to, raw)
    if urlsplit(login.address).hostname not in _FILES_ITSELF:
        _file(login, token, door, raw)
    return _receipt(raw, own, now)


def find_sent(login: Login, what: Outgoing, token: str, door: Door, now: datetime) -> Receipt | None:
    """By its Message-ID in Sent. Where the provider files it itself, not there is not sent; elsewhere that proves nothing, because it is
    filed by us, after it is out."""
    own = mail_address(login.user_name) or ""
    mail = written(what, own, now)
    with _mailbox(login, token, door) as server:
        for folder in folders(server):
            if folder.role in (FolderRole.SENT, FolderRole.ALL) and _holds(server, folder, str(mail["Message-ID"])):
                return _receipt(_bytes(mail), own, now)
        if server.host in _FILES_ITSELF:
            return None
        raise PerhapsSent(
            say("{host} cannot say whether this mail went out: it is not in Sent, where it is put last. Your words are kept. Ask whom you wrote to, then send it again or give it up.", host=server.host)
        )


def written(what: Outgoing, own: str, now: datetime) -> EmailMessage:
    """The mail. Raises UnexpectedAnswer for what is no address, or for nobody."""
    mail = EmailMessage(policy=policy.SMTP)
    try:
        mail["From"] = Address(addr_spec=own)
        for name, role in (("To", Role.TO), ("Cc", Role.CC)):
            found = [_address(one.name, one.value) for one in what.to[:MOST_TO] if one.role is role]
            if found:
                mail[name] = found
        mail["Subject"] = one_line(what.subject, 10_000) or _answering(what.towards)
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{what.uid}@{own.rpartition('@')[2].encode('idna').decode()}>"
        earlier = [f"<{one.removeprefix('mid:')}>" for one in what.earlier if one.startswith("mid:") and one.isascii() and one.isprintable()]
        if earlier:
            mail["In-Reply-To"], mail["References"] = earlier[-1], " ".join(earlier)
        mail.set_content(what.text if what.text.endswith("\n") else what.text + "\n", charset="utf-8", cte="quoted-printable")
    except (ValueError, IndexError, UnicodeError, MessageError) as e:
        raise UnexpectedAnswer(say("An address in this mail is none. Nothing was sent. Your words are kept. Correct it, then send again.")) from e
    if not what.to or len(what.to) > MOST_TO:
        raise UnexpectedAnswer(say("A mail goes to one to {most} addresses. Nothing was sent. Your words are kept.", most=MOST_TO))
    return mail


def _address(name: str, value: str) -> Address:
    return Address(display_name=one_line(name, 200) if "@" not in name else "", addr_spec=value.strip())


def _answering(towards: Activity | None) -> str:
    title = one_line(towards.title, 500) if towards is not None else ""
    return title if not title or title.casefold().startswith("re:") else f"Re: {title}"


def _bytes(mail: EmailMessage) -> bytes:
    """Letters of all the world stand in the heads only where an address needs them."""
    addresses = [address.addr_spec for name in ("From", "To", "Cc") for header in mail.get_all(name, []) for address in header.addresses]
    return mail.as_bytes(policy=policy.SMTP if all(one.isascii() for one in addresses) else policy.SMTPUTF8)


def _handed(postman: Postman, login: Login, token: str, own: str, to: list[str], raw: bytes) -> None:
    postman.sign_in(login.user_name, app_password(login.address, token))
    postman.send(own, to, raw)


@contextmanager
def _named(login: Login) -> Iterator[None]:
    """Where nobody answers, it may be another server that sends: it was only guessed."""
    try:
        yield
    except SourceUnavailable as e:
        if e.silent and not e.offline and not login.sends_by and urlsplit(login.address).hostname not in _KNOWN:
            e.args = (say("{reason} That it sends your mail was only guessed: if it is another one, say so with “Where mail is sent” under Places, at this mailbox.", reason=e),)
        raise


ELSEWHERE = marked("“Where mail is sent” under Places, at this mailbox")
_KNOWN = frozenset((*_SMTP, *PROVIDERS))


@contextmanager
def _mailbox(login: Login, token: str, door: Door) -> Iterator[MailServer]:
    from relationdesk.sources.door_imap import visit

    with visit(login.address, door) as server:
        server.sign_in(login.user_name, app_password(login.address, token))
        yield server


def _file(login: Login, token: str, door: Door, raw: bytes) -> None:
    """Put a copy into Sent. It is out: whatever goes wrong here, or stops it, is no failure of it, and the desk has it anyway."""
    try:
        with _mailbox(login, token, door) as server:
            sent = next((folder for folder in folders(server) if folder.role is FolderRole.SENT), None)
            if sent is not None:
                server.file(sent.raw, raw)
    except (SourceError, Cancelled):
        return


def _holds(server: MailServer, folder: Folder, message_id: str) -> bool:
    opened, _ = server.ask(f"EXAMINE {quoted(folder.raw)}")
    done, answers = server.ask(f"UID SEARCH HEADER Message-ID {quoted(message_id)}", "SEARCH") if opened else (False, [])
    if not opened or not done:
        raise SourceUnavailable(say("{host} does not let Sent be looked through just now. Your words are kept; it is asked again.", host=server.host))
    return any(answer.pieces[0].strip() for answer in answers)


def _receipt(raw: bytes, own: str, now: datetime) -> Receipt:
    found = message(raw, "outbox", frozenset({own}), now=now)
    activity = next(fact for fact in found if isinstance(fact, Activity))
    return Receipt(key=activity.key, facts=found)
