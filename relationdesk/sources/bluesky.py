"""Bluesky: what people there post, and what they do towards us.

What is public is read without a login from the place's public server. With an app password everything is asked through
the server that keeps one's own records; then what others did towards me and my own posts are read, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from relationdesk.errors import Gone, LoginRejected, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import Login, Page, Profile, Stream
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import bluesky_sending as sending
from relationdesk.sources.base import Allowance, WayIn
from relationdesk.sources.bluesky_facts import key, profile_of
from relationdesk.sources.bluesky_ids import PLACE, is_did
from relationdesk.sources.bluesky_names import actor_in, did_of, document, home_of, with_domain
from relationdesk.sources.bluesky_streams import (
    Reading,
    hidden_from_us,
    only_signed_in,
    read_answers,
    read_notifications,
    read_posts,
)
from relationdesk.sources.bluesky_talk import PUBLIC, Sessions, Talk
from relationdesk.sources.json_fields import besides, string
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
NOTIFICATIONS = "notifications"
ANSWERS = "answers"


class Bluesky:
    """Reads Bluesky and servers of its kind. clock: aware UTC now, to be replaced in tests. Sessions live as long as this does."""

    name = "bluesky"
    title = "Bluesky"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="bluesky", title="Bluesky", places=("bluesky",), server="name.bsky.social", signs_in=marked("Your handle"),
        page="@name.bsky.social", asks=("public.api.bsky.app", "plc.directory"), costs=marked("Nothing."),
        gives=marked("Reads what the people you follow write in public; with an app password also what is said to you, and your own posts, and you can answer."),
        key_from=marked("An app password, never your main one: Settings, Privacy and security, App passwords."),
        follow=marked("Follow somebody: @name.bsky.social or the address of their page"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._sessions = Sessions()

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check who `address` is (a handle, or handle@server for a server that Bluesky does not know) and sign in there.

        Without a token nobody signs in: the public server, or the one named, is read. Raises UserMistake for what is no handle or
        no app password (nothing was sent then), LoginRejected for a refused one.
        """
        who, base = _who_and_where(address, door)
        if not token:
            self._check(Talk(door=door, sessions=self._sessions, base=base or PUBLIC), who)
            return Login(id=0, source=self.name, place=PLACE, address=base or PUBLIC)
        if not re.fullmatch(r"[a-zA-Z0-9]{4}(-[a-zA-Z0-9]{4}){3}", token):
            raise UserMistake(
                say("This is not an app password, which looks like abcd-efgh-ijkl-mnop. Nothing was sent and nothing was changed. Make one in Bluesky under Settings, Privacy and security, App passwords; your main password is never needed here.")
            )
        did = ""
        if not base:
            did, base = self._home(who, door)
        session = self._sessions.start(base, did or who, token, door)
        if did and session.did != did:
            raise UnexpectedAnswer(say("{netloc} signs somebody else in. Nothing was changed; check the handle.", netloc=urlsplit(base).netloc))
        if session.status:
            raise LoginRejected(say("Bluesky says that your profile is {status}. Nothing was added; look there first.", status=session.status))
        return Login(
            id=0, source=self.name, place=PLACE, address=base, user_name=session.handle or who, profile=key(session.did), has_token=True
        )

    def _check(self, talk: Talk, who: str) -> None:
        """That the server answers as one of theirs, and knows the handle."""
        reply = talk.ask("app.bsky.actor.getProfile", [("actor", who)])
        if reply.error or not is_did(string(reply.data, "did", 2_048)):
            raise UserMistake(say("Nobody called {who} was found on Bluesky. Nothing was added; check the spelling.", who=who[:100]))

    def _home(self, who: str, door: Door) -> tuple[str, str]:
        """The DID of a handle, and the server that keeps its records. Raises UserMistake, and the errors of the door."""
        did = did_of(who, Talk(door=door, sessions=self._sessions, base=PUBLIC))
        if not did:
            raise UserMistake(say("Nobody called {who} was found on Bluesky. Nothing was sent; check the spelling.", who=who[:100]))
        base = home_of(document(did, door))
        if not base:
            raise UserMistake(say("Bluesky does not say which server keeps the posts of {who}. Nothing was sent; type handle@server.", who=who[:100]))
        return did, base

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a handle, a DID or the address of a page or post into a stream and its profile.

        Raises UserMistake if it is no such address or nobody of that name is found, and the errors of the door.
        """
        who = actor_in(address)
        if not who:
            raise UserMistake(say("This is not a Bluesky address. Nothing was changed; type it like @name.bsky.social."))
        talk = self._talk(login, token, door)
        reply = talk.ask("app.bsky.actor.getProfile", [("actor", who)])
        if reply.error:
            refusal = talk.refusal(reply)
            if isinstance(refusal, Gone | UnexpectedAnswer):
                raise UserMistake(say("Nobody called {who} was found on Bluesky. Nothing was changed.", who=who[:100])) from refusal
            raise refusal
        did = string(reply.data, "did", 2_048)
        if not is_did(did):
            raise talk.odd()
        if not talk.password and only_signed_in(reply.data):
            raise hidden_from_us()
        told = besides(reply.data, since="createdAt", picture="avatar", followers="followersCount", follows="followsCount", posts="postsCount")
        profile = replace(with_domain(profile_of(reply.data, known=True), talk), extra=told)
        title = profile.display_name or profile.handle or did
        return Stream(name=f"posts:{did}", address=login.address, profile=profile.key, title=title), profile

    def allowance(self, login: Login) -> Allowance:
        """What the place answers to one computer."""
        return Allowance(most=3_000, span=timedelta(minutes=5))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """With a token: what I wrote, what others did towards me, answers to my posts; then each followed profile."""
        if not login.has_token:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="My posts")
        towards_me = Stream(name=NOTIFICATIONS, address=login.address, title="Replies, likes and mentions")
        answers = Stream(name=ANSWERS, address=login.address, title="Answers to my posts")
        return (own, towards_me, answers, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `listing` for the order. Raises the errors of the door."""
        reading = Reading(talk=self._talk(login, token, door), clock=self._clock)
        me = login.profile
        if stream.name == OWN and stream.profile is not None:
            yield from read_posts(reading, stream.profile, cursor, mine=True)
        elif stream.name == NOTIFICATIONS and me is not None:
            yield from self._with_fewer_rights(reading, read_notifications(reading, me, cursor))
        elif stream.name == ANSWERS and me is not None:
            yield from self._with_fewer_rights(reading, read_answers(reading, me, cursor))
        elif stream.profile is not None:
            yield from self._with_fewer_rights(reading, read_posts(reading, stream.profile, cursor))

    def may(self, login: Login) -> tuple[May, ...]:
        return sending.may(login)

    def length(self, deed: Deed, text: str) -> int:
        return sending.length(text)

    def send(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
        return sending.send(login, what, self._talk(login, token, door), self._clock())

    def find_sent(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        return sending.find_sent(login, what, self._talk(login, token, door))

    def _talk(self, login: Login, token: str, door: Door) -> Talk:
        """A handle may change between two sign-ins, so the DID signs in."""
        who = login.profile.native_id if login.profile is not None else login.user_name
        return Talk(door=door, sessions=self._sessions, base=login.address.rstrip("/"), who=who, password=token)

    def _with_fewer_rights(self, reading: Reading, pages: Iterator[Page]) -> Iterator[Page]:
        """Whether the login is good was asked with my own posts. What it may not read is no reason to stop the rest."""
        try:
            yield from pages
        except LoginRejected as e:
            if not reading.talk.password:
                raise
            raise SourceUnavailable(
                say("{host} does not show this with our login. What was read before is kept; it will be tried again.", host=reading.talk.host),
                source=self.name, trouble=Trouble.HIDDEN,
            ) from e  # fmt: skip


def _who_and_where(address: str, door: Door) -> tuple[str, str]:
    """ "joe.example", "@joe.example", "https://bsky.app/profile/joe.example" → the handle and ""; "joe.example@pds.example" →
    the handle and the server. http only where the user allows a private server. Raises UserMistake."""
    text = address.strip().removeprefix("@")
    named = re.fullmatch(r"([^@\s]+)@((?:https?://)?[\w.:\[\]-]+)/?", text)
    who = actor_in(named.group(1) if named else text)
    if not who:
        raise UserMistake(say("This is not a Bluesky handle. Nothing was sent and nothing was changed; type it like name.bsky.social."))
    if not named:
        return who, ""
    host = re.sub(r"^https?://", "", named.group(2).lower())
    local = re.match(r"^(localhost|127\.|\[::1)", host) and door.allows(f"http://{host}")
    return who, f"{'http' if local else 'https'}://{host}"
