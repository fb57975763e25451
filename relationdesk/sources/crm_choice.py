"""Whose records of a CRM are read: everybody's, or those of some of its users, who are followed for it. Shared by the live CRMs."""

from __future__ import annotations

from urllib.parse import quote, unquote

from relationdesk.errors import UserMistake
from relationdesk.model import Login, Profile, Stream
from relationdesk.saying import say
from relationdesk.sources.crm_live import Book, Users
from relationdesk.text import listed

ALL = "records"
_OF, _ONLY = "records of:", "#only="


def choose(typed: str, login: Login, users: Users, book: Book) -> tuple[Stream, Profile]:
    """The stream and the profile of a user. Raises UserMistake for nobody, or for several, of that name."""
    found = users.named(typed.strip())
    if len(found) != 1:
        names = listed(sorted({user.name or user.mail for user in users.by_id.values() if user.name or user.mail})[:20])
        raise UserMistake(say(
            "Several are called “{typed}” there. Nothing was changed. Type the mail address of one of these: {names}." if found else
            "Nobody is called “{typed}” there. Nothing was changed. Type the mail address of one of these: {names}.", typed=typed.strip()[:100], names=names or say("nobody"),
        ))  # fmt: skip
    user = found[0]
    made = book.me(users.cell(user.id)) if user is users.with_mail(login.user_name) else book.index.colleague(users.cell(user.id))
    assert made is not None
    return Stream(name=_OF + quote(user.id, safe=""), address=login.address, title=user.name or user.mail), made


def streams_of(login: Login, followed: tuple[Stream, ...], title: str) -> tuple[Stream, ...]:
    ids = ",".join(each.name.removeprefix(_OF) for each in followed)
    return (Stream(name=ALL, address=login.address + (f"{_ONLY}{ids}" if ids else ""), title=title), *followed)


def all_of(stream: Stream) -> bool:
    return stream.name == ALL


def chosen_in(stream: Stream) -> frozenset[str]:
    return frozenset(unquote(id_) for id_ in stream.address.partition(_ONLY)[2].split(",") if id_)
