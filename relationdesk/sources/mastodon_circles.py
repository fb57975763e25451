"""Lists on Mastodon: who is on one of our own, and what they write, in one question for all of them and also what is for followers only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from relationdesk.errors import UserMistake
from relationdesk.model import Fact, Login, Page, Stream
from relationdesk.saying import say
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.json_fields import string
from relationdesk.sources.listing import due
from relationdesk.sources.mastodon_facts import actor_uri, profile_of
from relationdesk.sources.mastodon_followed import LOOK_AGAIN, Way
from relationdesk.sources.mastodon_reading import Reading, read_posts

LIST = "list:"


def is_list(address: str) -> bool:
    """Whether a list is meant: "list:Customers", or the address of its page."""
    return re.match(r"list:|https?://[^/\s]+/(web/)?lists/", address.strip(), re.IGNORECASE) is not None


def find_list(reading: Reading, address: str, login: Login) -> Stream:
    """One of our own lists as a stream. Raises UserMistake if there is none such, and the errors of the door."""
    if not reading.token or login.profile is None:
        raise UserMistake(say("Lists are your own, so they are read with a key only. Nothing was changed; sign in to your server first."))
    lists, _ = reading.list_at("/api/v1/lists")
    named = {string(one, "id", 200): string(one, "title", 300) for one in lists if string(one, "id", 200)}
    number = _number(address.strip(), reading.base, named)
    if not number:
        told = ", ".join(title for title in list(named.values())[:10] if title)
        known = say("your lists are {lists}", lists=told) if told else say("you have no lists there")
        raise UserMistake(say("There is no such list of yours on {server}. Nothing was changed; {known}.", server=login.address.partition("://")[2], known=known))
    return Stream(name=f"{LIST}{number}", address=login.address, title=f"List: {named[number] or number}")


def _number(text: str, base: str, named: dict[str, str]) -> str:
    page = re.fullmatch(r"(https?://[^/\s]+)/(?:web/)?lists/([\w-]{1,60})/?", text)
    if page is not None:
        return page[2] if page[2] in named and origin(page[1]) == origin(base) else ""
    wanted = text.partition(":")[2].strip().casefold()
    return next((number for number, title in named.items() if wanted and title.casefold() == wanted), "")


def read_list(reading: Reading, number: str, cursor: str) -> Iterator[Page]:
    """Everybody on the list, once a day, and their posts. What our server was never told says nothing, so nobody counts as read."""
    way = Way.read(cursor)
    opening: tuple[Fact, ...] = ()
    path = quote(number, safe="")
    if due(way.looked, reading.clock(), LOOK_AGAIN):
        members, _ = reading.list_at(f"/api/v1/lists/{path}/accounts?limit=0")
        opening = tuple(profile_of(who, known=True) for who in members if actor_uri(who))
        way = replace(way, looked=reading.clock().isoformat())
    for page in read_posts(reading, f"/api/v1/timelines/list/{path}", way.at, opening):
        way = replace(way, at=page.cursor or way.at)
        yield replace(page, cursor=way.text())
