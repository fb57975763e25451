"""A mailbox on its server, by IMAP: the same people and mails as a mailbox file brings, kept up to date by asking.

Nothing is waited for (IDLE would need a thread of its own): each sync is one visit. Nothing is marked as read; what the user sends is put
into Sent, and nothing else is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relationdesk.errors import LoginRejected, UserMistake
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import mail_sending
from relationdesk.sources.base import WayIn
from relationdesk.sources.imap_reading import Reading
from relationdesk.sources.imap_servers import app_password, mailbox
from relationdesk.sources.mail_message import PLACE
from relationdesk.text import mail_address

if TYPE_CHECKING:
    from relationdesk.sources.door import Door


class Imap:
    """Reads one mailbox per login. clock: aware UTC now, to be replaced in tests."""

    name = "imap"
    title = marked("Mailbox")
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="imap", title="Mail", places=(PLACE,), server="joe@firm.example imap.firm.example", signs_in=marked("Your mail address"),
        gives=marked("Reads three years of mails, sent ones too, changes nothing, and you can answer. Not Microsoft's: it lets no program in by password."),
        key_title=marked("App password"), key_from=marked("Google, iCloud, Yahoo and Fastmail make one in their security settings."),
        costs=marked("Nothing."),
        follow=marked("A mailbox is read as a whole; nobody is followed in it"),
    )  # fmt: skip

    def __init__(
        self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), sends_by: Callable[[str], str] = mail_sending.server_for
    ) -> None:
        """sends_by: where mail is sent that is read at an address, to be replaced in tests."""
        self._clock, self._sends_by = clock, sends_by

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Sign in once and look for folders. Raises UserMistake for what names no mailbox or one that cannot be read by
        password, LoginRejected, and the errors of the door."""
        user, server = mailbox(address)
        if not token:
            raise UserMistake(say("A mailbox is read with an app password. Nothing was changed; paste one, and connect again."))
        from relationdesk.sources.door_imap import visit  # brings httpx, which only who asks a server pays for

        with visit(server, door) as there:
            there.sign_in(user, app_password(server, token))
            if not there.ask('LIST "" "*"', "LIST")[0]:
                raise LoginRejected(say("{host} shows no folders to this login. Nothing was added.", host=there.host))
        own = mail_address(user)
        return Login(
            id=0, source=self.name, place=PLACE, address=server, user_name=user, has_token=True, profile=Key(PLACE, own) if own else None,
        )  # fmt: skip

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Raises UserMistake: everybody who writes is read anyway."""
        raise UserMistake(say("A mailbox is read as a whole, so there is nobody to follow. Nothing was changed."))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """One: a visit reads all folders over one connection."""
        return (Stream(name="mailbox", address=login.address, title=login.user_name or "Mailbox"),)

    def may(self, login: Login) -> tuple[May, ...]:
        return mail_sending.may(login)

    def length(self, deed: Deed, text: str) -> int:
        return len(text)

    def send(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
        return mail_sending.send(login, what, token, door, self._clock(), self.sends_from(login))

    def sends_from(self, login: Login) -> str:
        return login.sends_by or self._sends_by(login.address)

    def try_sending(self, login: Login, server: str, token: str, door: Door) -> None:
        mail_sending.try_out(login, server, token, door)

    def find_sent(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        return mail_sending.find_sent(login, what, token, door, self._clock())

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """One visit; see `imap_reading`. Only ever to the server that the login names. Raises the errors of the door."""
        from relationdesk.sources.door_imap import visit

        with visit(login.address, door) as there:
            there.sign_in(login.user_name, app_password(login.address, token))
            yield from Reading(there, mail_address(login.user_name) or "", cursor, self._clock).pages()
