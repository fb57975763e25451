"""HubSpot: people, companies, deals, tickets and everything logged with them, by a key that the portal itself makes. Read only.

The keys are those of its exports, so an export over it doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relationdesk.errors import UserMistake
from relationdesk.model import Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import WayIn
from relationdesk.sources.crm_choice import all_of, choose, chosen_in, streams_of
from relationdesk.sources.crm_live import Book
from relationdesk.sources.hubspot_objects import PLACE
from relationdesk.sources.hubspot_reading import Visit, portal_of, users_of
from relationdesk.sources.hubspot_talk import API, Talk
from relationdesk.sources.json_talk import NotShown
from relationdesk.text import mail_address

if TYPE_CHECKING:
    from relationdesk.sources.door import Door


class HubSpot:
    """Reads one portal per login. clock: aware UTC now, to be replaced in tests."""

    name = "hubspot"
    title = "HubSpot"
    place = PLACE
    takes_token = True
    only_one = marked("This desk reads another HubSpot portal already, and the numbers of two would mix up their people. Nothing was changed; keep a second desk for it.")
    way_in = WayIn(
        costs=marked("Nothing beyond your plan."),
        source="hubspot", title="HubSpot", places=("hubspot",), server="sam@carter.example", signs_in=marked("The mail address you use HubSpot with"),
        gives=marked("Reads people, companies, deals, tickets, calls, meetings, mails, notes and tasks, and changes nothing."),
        key_title=marked("Service key"), key_from=marked("In HubSpot: Development, Keys, Service keys; rights to read contacts, companies, deals and owners, and tickets if there are any. A private app’s token works, too."),
        follow=marked("Read only the records of one of you: a name, or your mail address. Without any, everybody’s are read"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check the key, and who we are among the users of the portal.

        Raises UserMistake for what is no mail address or nobody's there and for a key without the rights it takes, LoginRejected for a
        refused key, UnexpectedAnswer for what is no HubSpot, and the errors of the door.
        """
        typed = address.strip()
        mail = mail_address(typed.rpartition("@")[0] if typed.count("@") > 1 else typed)
        if not mail:
            raise UserMistake(say("This is not a mail address. Nothing was changed; type the one you use HubSpot with."))
        if not token:
            raise UserMistake(say("HubSpot is read with a service key. Nothing was changed; make one in HubSpot (Development, Keys) and paste it."))
        talk = self._talk(API, token, door)
        portal = portal_of(talk)
        try:
            talk.results(talk.object("/crm/v3/objects/contacts?limit=1"))
            users = users_of(talk)
        except NotShown as e:
            raise UserMistake(
                say("This key may not read contacts or owners. Nothing was changed; give it crm.objects.contacts.read, crm.objects.companies.read, crm.objects.deals.read and crm.objects.owners.read, and connect again.")
            ) from e
        user = users.with_mail(mail)
        if user is None:
            raise UserMistake(say("Nobody with the address {mail} uses this HubSpot portal. Nothing was changed; type the address you sign in with there.", mail=mail))
        me = Book(PLACE, users).me(users.cell(user.id))
        return Login(
            id=0, source=self.name, place=PLACE, address=f"{API}#{portal.number}", user_name=mail, has_token=True, profile=me.key if me is not None else None
        )

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Choose whose records are read. Raises UserMistake with who there is, and the errors of the door."""
        users = users_of(self._talk(login.address, token, door))
        return choose(address, login, users, Book(PLACE, users))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """One that reads everything, or the records of those who are chosen; then the chosen ones, which are read with it."""
        return streams_of(login, followed, self.title)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """One visit; see `hubspot_reading`. Raises the errors of the door."""
        if not all_of(stream):
            yield Page(unchanged=True)
            return
        yield from Visit(self._talk(login.address, token, door), login.user_name, chosen_in(stream), cursor).pages()

    def _talk(self, address: str, token: str, door: Door) -> Talk:
        return Talk(door=door, base=address.partition("#")[0].rstrip("/"), clock=self._clock, token=token)


