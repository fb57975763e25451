"""Where mail is sent by a mailbox: as it follows from the server that keeps it, or as the user says, tried out before it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Login, Progress
from relationdesk.saying import say
from relationdesk.services import logins as ways
from relationdesk.services.sync import source_for
from relationdesk.sources.base import SendsElsewhere
from relationdesk.sources.door import Door
from relationdesk.sources.imap_servers import mailbox
from relationdesk.sources.mail_sending import sending_server, server_for
from relationdesk.store import logins
from relationdesk.store.database import Desk, transaction

__all__ = ["change", "current", "guess", "sending_server", "split", "typed", "words"]


def current(login: Login) -> str:
    """Where its mail is sent now; "" where nothing is sent by a server of its own."""
    source = source_for(login.source)
    return source.sends_from(login) if isinstance(source, SendsElsewhere) else ""


def guess(source: str, typed: str) -> str:
    """Where mail would be sent by the mailbox that is being typed; "" as long as that names none. Nobody is asked."""
    if not isinstance(source_for(source), SendsElsewhere):
        return ""
    try:
        return server_for(mailbox(typed).address)
    except UserMistake:
        return ""


def typed(text: str) -> str:
    """ "smtp.firm.example", "smtp.firm.example:587", "smtps://…": port 587 and 25 mean STARTTLS, every other TLS at once, unless the scheme says so.

    Raises UserMistake.
    """
    scheme, _, rest = text.strip().rpartition("://")
    host, _, port = rest.rstrip("/").rpartition(":") if re.search(r":\d{1,5}$", rest.rstrip("/")) else (rest.rstrip("/"), "", "")
    number = int(port) if port else (587 if scheme == "smtp" else 465)
    at_once = scheme == "smtps" or (not scheme and number not in (25, 587))
    if scheme not in ("", "smtp", "smtps"):
        host = ""
    return sending_server(host, number, at_once=at_once)


def split(server: str) -> tuple[str, int, bool]:
    """(host, port, TLS from the first byte)"""
    parts = urlsplit(server)
    at_once = parts.scheme != "smtp"
    return parts.hostname or "", parts.port or (465 if at_once else 587), at_once


def words(server: str) -> str:
    """ "smtp.firm.example, port 587, STARTTLS"."""
    host, port, at_once = split(server)
    return f"{host}, port {port}, {'TLS' if at_once else 'STARTTLS'}"


def change(
    db: Desk, login_id: int, server: str, clock: Callable[[], datetime], *, allow_private: bool = False,
    report: Callable[[Progress], None] = lambda _: None, stop: Callable[[], bool] = lambda: False, door: ways.MakeDoor | None = None,
) -> tuple[Login, Changes]:  # fmt: skip
    """Sign in at that server, send nothing, and keep it for this login; "": as it follows, and nobody is asked.

    Raises UserMistake, KeyringUnavailable and the errors of the door; then everything is as it was.
    """
    login = logins.get(db, login_id)
    source = source_for(login.source) if login is not None else None
    if login is None or not isinstance(source, SendsElsewhere):
        raise UserMistake(say("No mail is sent by this login. Nothing was changed."))
    if server:
        allowed = ways.private_hosts(replace(login, sends_by=server, allow_private=login.allow_private or allow_private))
        opened = door(allowed, stop) if door is not None else Door(allowed_hosts=allowed, stop=stop)
        with ways.nothing_kept():
            source.try_sending(login, server, ways.token_of(login), opened)
    with transaction(db):
        logins.set_sends_by(db, login_id, server)
        if server and allow_private:
            logins.allow_private(db, login_id)
    made = logins.get(db, login_id)
    assert made is not None
    return made, Changes(logins=True)
