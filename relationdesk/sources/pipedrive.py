"""Pipedrive: people, organizations, deals, leads, activities and notes, by one's own API token. Read only.

The keys are those of its exports, so an export over it doubles nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relationdesk.errors import Gone, UnexpectedAnswer, UserMistake
from relationdesk.model import Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import WayIn
from relationdesk.sources.crm_choice import all_of, choose, chosen_in, streams_of
from relationdesk.sources.crm_live import Book, User, Users
from relationdesk.sources.json_fields import string
from relationdesk.sources.pipedrive_objects import PLACE
from relationdesk.sources.pipedrive_reading import Visit, users_of
from relationdesk.sources.pipedrive_talk import Talk
from relationdesk.text import mail_address

if TYPE_CHECKING:
    from relationdesk.sources.door import Door


class Pipedrive:
    """Reads one firm's Pipedrive per login. clock: aware UTC now, to be replaced in tests."""

    name = "pipedrive"
    title = "Pipedrive"
    place = PLACE
    takes_token = True
    only_one = marked("This desk reads another firm's Pipedrive already, and the numbers of two would mix up their people. Nothing was changed; keep a second desk for it.")
    way_in = WayIn(
        costs=marked("Nothing beyond your plan."),
        source="pipedrive", title="Pipedrive", places=("pipedrive",), server="carter.pipedrive.com",
        gives=marked("Reads people, organizations, deals, leads, activities and notes, as far as you may see them, and changes nothing."),
        key_title=marked("API token"), key_from=marked("In Pipedrive: Personal preferences, API."),
        follow=marked("Read only the records of one of you: a name, or your mail address. Without any, everybody’s are read"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check the token, and whose it is.

        Raises UserMistake for what is no firm's address there, LoginRejected for a refused token, UnexpectedAnswer for what is no
        Pipedrive, and the errors of the door.
        """
        base = _base(address, door)
        if not token:
            raise UserMistake(say("Pipedrive is read with an API token. Nothing was changed; copy yours from Personal preferences, API, and paste it."))
        talk = self._talk(base, token, door)
        try:
            me = talk.one("/api/v1/users/me")
        except Gone as e:
            raise UnexpectedAnswer(say("{host} does not answer as Pipedrive. Nothing was added; check the address.", host=talk.host)) from e
        mail = mail_address(string(me, "email", 300))
        if not mail or not string(me, "id", 30):
            raise talk.odd()
        users = Users.of([*users_of(talk).by_id.values(), User(id=string(me, "id", 30), name=string(me, "name", 200), mail=mail)])
        mine = Book(PLACE, users).me(users.cell(string(me, "id", 30)))
        return Login(id=0, source=self.name, place=PLACE, address=base, user_name=mail, has_token=True, profile=mine.key if mine is not None else None)

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Choose whose records are read. Raises UserMistake with who there is, and the errors of the door."""
        users = users_of(self._talk(login.address, token, door))
        return choose(address, login, users, Book(PLACE, users))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """One that reads everything, or the records of those who are chosen; then the chosen ones, which are read with it."""
        return streams_of(login, followed, self.title)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """One visit; see `pipedrive_reading`. Raises the errors of the door."""
        if not all_of(stream):
            yield Page(unchanged=True)
            return
        yield from Visit(self._talk(login.address, token, door), login.user_name, chosen_in(stream), cursor).pages()

    def _talk(self, address: str, token: str, door: Door) -> Talk:
        return Talk(door=door, base=address.rstrip("/"), clock=self._clock, token=token)


def _base(address: str, door: Door) -> str:
    """ "carter", "carter.pipedrive.com", the address of any page there → that firm's own address. Raises UserMistake."""
    text = re.sub(r"^https?://", "", address.strip().lower()).partition("/")[0]
    if re.fullmatch(r"[a-z0-9-]{1,63}", text):
        text += ".pipedrive.com"
    if door.allows(f"http://{text}"):
        return f"{'http' if re.match(r'(localhost|127[.])', text) else 'https'}://{text}"
    if not re.fullmatch(r"[a-z0-9-]{1,63}\.pipedrive\.com", text) or text.startswith(("app.", "www.", "api.")):
        raise UserMistake(say("This is not the address of a firm's Pipedrive. Nothing was changed; type it like carter.pipedrive.com, as your browser shows it there."))
    return f"https://{text}"
