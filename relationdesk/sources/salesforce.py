"""Salesforce: people, companies, leads, opportunities, cases, tasks and events, as far as one may see them there. Read only.

No password is taken: Salesforce lets programs in by an app that an administrator registers, and a sign-in on its own page in the browser, or
by what its own command line was given. The keys are those of its exports, so an export over it doubles nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from relationdesk.errors import LoginRejected, UserMistake
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import WayBack, WayIn
from relationdesk.sources.crm_choice import all_of, choose, chosen_in, streams_of
from relationdesk.sources.crm_live import Book, Users
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.salesforce_objects import PLACE
from relationdesk.sources.salesforce_reading import Visit, quoted, users_in
from relationdesk.sources.salesforce_talk import Pass, Right, Talk, let_in, redeemed
from relationdesk.text import mail_address

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

_CONSUMER_KEY = re.compile(r"[A-Za-z0-9._]{20,300}")


class Salesforce:
    """Reads one org per login. clock: aware UTC now, to be replaced in tests."""

    name = "salesforce"
    title = "Salesforce"
    place = PLACE
    takes_token = True
    renews = True
    way_back = WayBack(port=1717, path="/OauthRedirect", host="localhost")  # Salesforce compares the whole address with what was registered
    way_in = WayIn(
        costs=marked("Nothing beyond your plan."),
        source="salesforce", title="Salesforce", places=("salesforce",), server="carter.my.salesforce.com",
        gives=marked("Reads people, companies, leads, opportunities, cases, tasks and events, as far as you may see them, and changes nothing."),
        key_title=marked("Consumer key, or login address (force://…)"),
        key_from=marked("The consumer key of an app that your administrator registers, then you sign in in the browser; or what “sf org display --verbose” of Salesforce’s command line shows as “Sfdx Auth Url”."),
        follow=marked("Read only the records of one of you: a name, or your mail address. Without any, everybody’s are read"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Be let in once, and see who we are.

        Raises UserMistake for what is no address there or no login, LoginRejected for a right that was taken back, UnexpectedAnswer for
        what is no Salesforce, and the errors of the door.
        """
        host = _host(address, door)
        right = Right.read(token)
        if right is None:
            raise UserMistake(
                say("Salesforce is read by an app's consumer key, or a login address that begins with force://. Nothing was changed; paste one of them whole.")
            )
        if origin(right.instance)[1] != origin(f"https://{host}")[1]:
            raise UserMistake(say("This login is one of {origin}, not of {host}. Nothing was changed; type that address.", origin=origin(right.instance)[1], host=host))
        let, talk = self._let_in(right, door)
        users = users_in(talk, f"Id = {quoted(let.user)}")
        if not users or not mail_address(users[0].mail):
            raise talk.odd()
        return Login(
            id=0, source=self.name, place=PLACE, address=let.instance, user_name=mail_address(users[0].mail), has_token=True, profile=Key(PLACE, f"user:{let.user}")
        )

    def page(self, address: str, key: str, back: str, state: str, challenge: str, door: Door) -> str:
        """The page on which one signs in with an app's consumer key; "" for a login address, which lets in by itself. Raises UserMistake."""
        host = _host(address, door)
        if not _CONSUMER_KEY.fullmatch(key.strip()):
            return ""
        query = {
            "response_type": "code", "client_id": key.strip(), "redirect_uri": back, "scope": "api refresh_token", "state": state,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"https://{host}/services/oauth2/authorize?{urlencode(query)}"

    def redeem(self, address: str, key: str, back: str, code: str, verifier: str, door: Door) -> tuple[str, str]:
        """The right that Salesforce gives for what the browser brought back. Raises UserMistake where the app may give none that lasts."""
        right = redeemed(f"https://{_host(address, door)}", key.strip(), back, code, verifier, door)
        return right.instance, right.text()

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Choose whose records are read. Raises UserMistake for nobody of that name, and the errors of the door."""
        typed = quoted(address.strip()[:200])
        _, talk = self._let_in(_known(token), door)
        users = Users.of(users_in(talk, f"Name = {typed} OR Email = {typed}"), by_number=True)
        return choose(address, login, users, Book(PLACE, users))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """One that reads everything, or the records of those who are chosen; then the chosen ones, which are read with it."""
        return streams_of(login, followed, self.title)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """One visit; see `salesforce_reading`. Raises the errors of the door."""
        if not all_of(stream):
            yield Page(unchanged=True)
            return
        let, talk = self._let_in(_known(token), door)
        yield from Visit(talk, let.user, chosen_in(stream), cursor).pages()

    def good_until(self, token: str) -> datetime | None:
        """Until it is taken back; Salesforce does not tell."""
        return None

    def _let_in(self, right: Right, door: Door) -> tuple[Pass, Talk]:
        """A pass for this visit. Some orgs give a new right with each, after which the old one is worth nothing: it is kept before it is used."""
        let = let_in(right, door, lambda newer: door.keep_key(newer.text()))
        return let, Talk(door=door, base=let.instance, clock=self._clock, token=let.token, version=let.version)


def _known(token: str) -> Right:
    right = Right.read(token)
    if right is None:
        raise LoginRejected(say("The login of Salesforce is no longer in the password store. What was read is kept; connect it again."))
    return right


def _host(address: str, door: Door) -> str:
    """ "https://carter.lightning.force.com/lightning/page" → "carter.my.salesforce.com". Raises UserMistake."""
    host = re.sub(r"^https?://", "", address.strip().lower()).partition("/")[0]
    host = re.sub(r"\.lightning\.force\.com$", ".my.salesforce.com", host)
    if (not host.endswith((".salesforce.com", ".salesforce.mil")) and not door.allows(f"https://{host}")) or not re.fullmatch(r"[a-z0-9.:-]{1,253}", host):
        raise UserMistake(say("This is not the address of a Salesforce. Nothing was changed; type it like carter.my.salesforce.com, as your browser shows it there."))
    return host
