"""What is read of one person on Mastodon beside their posts at home: their profile once a day, where they moved to, and what our own server
shows us as one of their followers.

A move counts only if both sides say so: the old profile names the new one, and the new one's own document names the old. Else any
server could hand its people over to somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from relationdesk.errors import SourceError, SourceUnavailable
from relationdesk.model import Activity, Address, AddressKind, Audience, Coverage, Fact, Key, Page, Profile, Tombstone
from relationdesk.saying import say
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.json_fields import Json, record_of, string, web
from relationdesk.sources.listing import due
from relationdesk.sources.mastodon_facts import PLACE, actor_uri, handle_of, profile_of
from relationdesk.sources.mastodon_reading import Reading, read_statuses
from relationdesk.text import canonical_url
from relationdesk.troubles import Trouble

LOOK_AGAIN = timedelta(days=1)
"""How often the profile itself is read, and whether they moved or we follow them there."""
MAX_MOVES = 3
"""Moves that are gone along with, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The cursor. at: of the posts at home. looked: ISO time when the profile was read. moved: id, server and number of the profile they
    moved to, then: its own `Way`. ours: their number on our own server, if we follow them there, few: the cursor of what it shows us."""

    at: str = ""
    looked: str = ""
    moved: tuple[str, str, str] | None = None
    then: str = ""
    ours: str = ""
    few: str = ""

    @classmethod
    def read(cls, text: str) -> Way:
        """A cursor from before there was anything but posts is that of the posts."""
        try:
            data: Any = json.loads(text) if text else {}
        except ValueError:
            data = {}
        if not isinstance(data, dict) or "at" not in data:
            return cls(at=text)
        plain = {name: data[name] for name in ("at", "looked", "then", "ours", "few") if isinstance(data.get(name), str)}
        moved = data.get("moved")
        whole = (str(moved[0]), str(moved[1]), str(moved[2])) if isinstance(moved, list) and len(moved) == 3 else None
        return cls(**plain, moved=whole)

    def text(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, sort_keys=True)


def read_followed(reading: Reading, number: str, cursor: str, login: Reading, *, moves: int = MAX_MOVES) -> Iterator[Page]:
    """Pages of one person. number: theirs on the server of `reading`. login: our own server, with our key if there is one. Raises the
    errors of the door for what they write at home; what goes wrong beside that is no reason not to read that."""
    way = Way.read(cursor)
    opening: tuple[Fact, ...] = ()
    if due(way.looked, reading.clock(), LOOK_AGAIN):
        opening, way = _looked(reading, number, way, login)
    for page in read_statuses(reading, number, way.at, opening):
        is_bare = not page.facts and reading.profile is not None and origin(reading.profile.native_id)[1] == origin(reading.base)[1]
        opening, way = (), replace(way, at=page.cursor or way.at, looked="" if is_bare else way.looked)
        yield replace(page, cursor=way.text())
    if way.ours:
        for page in _quietly(_shown_to_followers(login, reading.profile, way)):
            way = replace(way, few=page.cursor or way.few)
            yield replace(page, cursor=way.text())
    if way.moved is not None and moves:
        uri, base, new = way.moved
        there = _at(reading, base, Key(PLACE, uri), login)
        for page in _quietly(read_followed(there, new, way.then, login, moves=moves - 1)):
            way = replace(way, then=page.cursor or way.then)
            yield replace(page, cursor=way.text())


def _quietly(pages: Iterator[Page]) -> Iterator[Page]:
    """What comes beside somebody's posts at home, from other servers than theirs: a wait or refusal there is none of theirs, and is
    met again where that server is read for itself."""
    try:
        yield from pages
    except SourceError:
        return


def _at(reading: Reading, base: str, profile: Key, login: Reading) -> Reading:
    """The same for a profile on another server, which may be our own."""
    if origin(base) == origin(login.base):
        return replace(login, profile=profile)
    return replace(reading, base=base, token="", profile=profile, foreign=True)


def _looked(reading: Reading, number: str, way: Way, login: Reading) -> tuple[tuple[Fact, ...], Way]:
    """The profile as it is now, where they moved to, and whether we follow them on our own server."""
    who = _asked(reading, f"/api/v1/accounts/{quote(number, safe='')}")
    way = replace(way, looked=reading.clock().isoformat())
    if reading.profile is None or who is None or actor_uri(who) != reading.profile.native_id:
        return (), way
    if who.get("suspended") is True:  # then it has no name, no words and no posts, which says nothing about them
        host = urlsplit(reading.base).netloc
        raise SourceUnavailable(say("{host} has suspended this profile and shows nothing of it. What was read before is kept; it will be tried again.", host=host), trouble=Trouble.HIDDEN)
    found: list[Fact] = reading.allowed([profile_of(who)])
    told = record_of(who, "moved")
    uri = actor_uri(told) if told is not None else ""
    if told is None or not uri:
        way = replace(way, moved=None, then="")
    elif (way.moved is None or way.moved[0] != uri) and _both_say_so(reading, uri):
        place = _their_place(reading, told, uri, login)
        way = replace(way, moved=place, then="") if place is not None else replace(way, looked="")
    if way.moved is not None and told is not None and way.moved[0] == uri:
        found += _joined(reading.profile, told, uri)
    ours = _followed_number(login, who) if reading.foreign and login.token else ""
    return tuple(found), replace(way, ours=ours, few=way.few if ours else "")


def _joined(old: Key, told: Json, uri: str) -> list[Fact]:
    """The new profile belongs to whoever the old one does: the two servers vouch for it."""
    address = Address(kind=AddressKind.WEB, value=canonical_url(uri), vouched=True)
    new = Profile(key=Key(PLACE, uri), handle=handle_of(told), url=web(string(told, "url")) or uri, known=True)
    return [Profile(key=old, addresses=(address,)), new]


def _both_say_so(reading: Reading, uri: str) -> bool:
    """Whether the new profile's own document names the old one."""
    if reading.profile is None or origin(uri)[0] not in ("https", origin(reading.base)[0]):
        return False
    try:
        data = reading.door.get_json(uri, accept="application/activity+json")
    except SourceError:
        return False
    named = data.get("alsoKnownAs") if isinstance(data, dict) else None
    names = named if isinstance(named, list) else [named]
    return isinstance(data, dict) and string(data, "id") == uri and reading.profile.native_id in names


def _their_place(reading: Reading, told: Json, uri: str, login: Reading) -> tuple[str, str, str] | None:
    """Id, server and number of the new profile, as its own server tells them; None if that does not answer now."""
    scheme, host, port = origin(uri)
    at = f"{scheme}://{host}" + (f":{port}" if port not in (80, 443) else "")
    query = urlencode({"acct": string(told, "username", 300) or handle_of(told).partition("@")[0]})
    who = _asked(_at(reading, at, Key(PLACE, uri), login), f"/api/v1/accounts/lookup?{query}")
    number = string(who, "id", 200)
    return (uri, at, number) if who is not None and number and actor_uri(who) == uri else None


def _followed_number(login: Reading, who: Json) -> str:
    """The number on our own server of somebody elsewhere, "" if we do not follow them there."""
    there = _asked(login, f"/api/v1/accounts/lookup?{urlencode({'acct': handle_of(who)})}")
    number = string(there, "id", 200)
    if there is None or not number or actor_uri(there) != actor_uri(who):
        return ""
    try:
        relations, _ = login.list_at(f"/api/v1/accounts/relationships?{urlencode({'id[]': number})}")
    except SourceError:
        return ""
    return number if any(string(one, "id", 200) == number and one.get("following") is True for one in relations) else ""


def _asked(reading: Reading, path: str) -> Json | None:
    try:
        data = reading.get(path).json()
    except SourceError:
        return None
    return data if isinstance(data, dict) else None


def _shown_to_followers(login: Reading, profile: Key | None, way: Way) -> Iterator[Page]:
    """What our own server shows of somebody elsewhere to those who follow them. What is for everybody comes better from their home; and
    that our server keeps something no longer says nothing about them."""
    for page in read_statuses(replace(login, profile=profile), way.ours, way.few, ()):
        kept = [fact for fact in page.facts if not isinstance(fact, Coverage | Tombstone) and _is_theirs_for_few(fact, profile)]
        yield replace(page, facts=tuple(kept) if any(isinstance(fact, Activity) for fact in kept) else ())


def _is_theirs_for_few(fact: Fact, profile: Key | None) -> bool:
    return not isinstance(fact, Activity) or (fact.actor == profile and fact.audience is not Audience.PUBLIC)
