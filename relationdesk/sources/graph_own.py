"""What the sources of Meta's places share: a login by a pasted key, one's own posts and what stands under them, nobody followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from relationdesk.errors import UserMistake
from relationdesk.model import Coverage, Fact, Key, Kind, Login, Page, Profile, Stream
from relationdesk.saying import say
from relationdesk.sources.base import WayIn
from relationdesk.sources.graph_reading import Network, read_comments, read_posts
from relationdesk.sources.graph_talk import Keys, Pass, Talk
from relationdesk.sources.json_fields import Json, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

POSTS, COMMENTS = "own", "replies"
_MARKS = {"IMAGE": "Image", "VIDEO": "Video", "AUDIO": "Sound", "CAROUSEL_ALBUM": "Images", "REELS": "Video"}


class Own:
    """Base of the three. api: where, with its version. grant: by what keys are renewed, "" where they do not end. dashboard: the page
    that makes keys."""

    name = title = place = ""
    takes_token = True
    renews = True
    api = grant = dashboard = ""
    me_fields = ""
    ends = True
    way_in: WayIn
    network: Network

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._keys = Keys(clock, self.grant)

    def me(self, user: Json) -> Profile | None:
        """My profile from what the key tells of its owner; None if it tells of nobody."""
        raise NotImplementedError

    def key_page(self, address: str, door: Door, *, writes: bool = False) -> str:
        """Meta's page that makes a key; nothing is said by it."""
        return self.dashboard

    def key_in(self, pasted: str) -> str:
        """The key with the day on which it was pasted: Meta does not tell when it ends, but that it does after 60 days."""
        text = re.sub(r"\s+", "", pasted)
        return text if not text or not self.ends or Pass.read(text) is not None else Pass.pasted(text, self._clock()).text()

    def good_until(self, token: str) -> datetime | None:
        found = Pass.read(token)
        return found.until if found is not None else None

    def connect(self, address: str, token: str, door: Door) -> Login:
        """See whose key it is. Raises UserMistake without one or for somebody else's, LoginRejected for one that is refused, UnexpectedAnswer
        for what is no answer of the place, and the errors of the door."""
        if not token:
            raise UserMistake(say("{title} is read only with a key that Meta’s page makes. Nothing was asked; make one there and paste it.", title=self.title))
        base = self._base(address, door)
        found = Pass.read(token)
        talk = Talk(door=door, base=base, clock=self._clock, token=found.token if found is not None else token)
        user = self.ask_me(talk)
        me = self.me(user)
        if me is None:
            raise talk.odd()
        self.check(address, me)
        return Login(id=0, source=self.name, place=self.place, address=base, user_name=me.handle or me.display_name, profile=me.key, has_token=True)

    def ask_me(self, talk: Talk) -> Json:
        return talk.ask("/me", fields=self.me_fields)

    def check(self, address: str, me: Profile) -> None:
        """Raises UserMistake where the key is somebody else's."""
        typed = re.sub(r"(?<=[\w.])@.*$", "", address.strip()).removeprefix("@").rstrip("/").rpartition("/")[2].removeprefix("@")
        if typed.casefold() != me.handle.casefold():
            raise UserMistake(say("This key is one of @{handle}, not of @{typed}. Nothing was added; type that handle, or make a key for the other.", handle=me.handle, typed=typed[:60]))

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Nobody is followed here: always raises UserMistake."""
        self._nobody()

    def _nobody(self) -> NoReturn:
        raise UserMistake(say("Of {title} only what is yours is read, and nobody is followed. Nothing was changed. Somebody’s page there can be kept as a link.", title=self.title))

    def own_streams(self, login: Login) -> tuple[Stream, ...]:
        """What I publish, and what others say under it."""
        own = Stream(name=POSTS, address=login.address, profile=login.profile, title="What I publish")
        return (own, Stream(name=COMMENTS, address=login.address, title="What is said under it"))

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `graph_reading`. Raises what `Talk.ask` raises."""
        talk, me = self.talk(login, token, door), self.known(login)
        if stream.name == COMMENTS:
            yield from read_comments(talk, self.network, me, cursor)
        elif stream.name == POSTS:
            yield from read_posts(talk, self.network, me, cursor)

    def known(self, login: Login) -> Profile:
        """Me, as the login knows me."""
        handle, name = (login.user_name, "") if self.ends else ("", login.user_name)
        return Profile(key=login.profile or Key(self.place, "me"), handle=handle, display_name=name, is_owner=True)

    def talk(self, login: Login, token: str, door: Door) -> Talk:
        base = login.address.rstrip("/")
        return Talk(door=door, base=base, clock=self._clock, token=self._keys.of(login.secret_name, token, re.sub(r"/v\d+\.\d+$", "", base), door))

    def _base(self, address: str, door: Door) -> str:
        """The place's API; a server of the user's own for tests ("sam@127.0.0.1:8000")."""
        host = address.strip().removeprefix("@").partition("@")[2]
        return f"http://{host}" if host and door.allows(f"http://{host}") else self.api


def marks_of(item: Json) -> tuple[str, ...]:
    """What a post shows besides its words, with its description where it has one."""
    mark, described = _MARKS.get(string(item, "media_type", 30), ""), string(item, "alt_text")
    return (f"{mark}: {described}" if described else mark,) if mark else ()


def media_kind(item: Json) -> Kind:
    kind = string(item, "media_type", 30)
    return Kind.VIDEO if kind in ("VIDEO", "REELS") else Kind.PHOTO


def page_of_key(fact: Fact, key: Key) -> bool:
    """Whether a fact only says how far this profile is known."""
    return isinstance(fact, Coverage) and fact.profile == key
