"""Small servers for the hostile tests, one per place: somebody called Joe, whose list is asked for, and a login that has read nothing yet."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from relationdesk.model import Key, Login
from tests.feed_server import FeedServer


@dataclass(frozen=True, kw_only=True)
class Forge:
    """What a place needs to be followed on one server: which list is asked for, what it says, whose it is, by which login. is_feed: it speaks XML, not JSON."""

    path: str
    good: Callable[..., bytes]
    key: Key
    stream: str
    login: Login
    title: str = "Joe"
    is_feed: bool = False
    page: str = ""  # of the one who is followed, where the stream names it
    cursor: str = ""  # as if something had been read before
    most: int = 16  # requests of one visit
    secret: str = ""  # what lies in the key store, where that is more than the marked secret


def github(server: FeedServer) -> Forge:
    base, at = f"{server.base}/api/v3", f"@{server.host}"
    actor, repo = {"id": 1, "login": "joe"}, {"id": 5, "name": "acme/press"}

    def events(*numbers: int) -> bytes:
        return json.dumps([
            {"id": str(n), "type": "PublicEvent", "actor": actor, "repo": repo, "payload": {}, "created_at": f"2026-11-20T10:{n:02}:00Z"}
            for n in numbers
        ]).encode()  # fmt: skip

    for number, name in ((1, "joe"), (2, "me")):
        server.put(f"/api/v3/user/{number}", json.dumps({"id": number, "login": name}))
    server.put("/api/v3/users/me/events/public", "[]")
    server.put("/api/v3/notifications", "[]")
    login = Login(
        id=0, source="github", place="github", address=base, user_name="me", has_token=True, allow_private=True, profile=Key("github", f"2{at}")
    )
    return Forge(path="/api/v3/users/joe/events/public", good=events, key=Key("github", f"1{at}"), stream="events:1", login=login)


def discourse(server: FeedServer) -> Forge:
    def posts(*numbers: int) -> bytes:
        return json.dumps([
            {"id": n, "user_id": 1, "username": "joe", "post_type": 1, "post_number": 1, "topic_id": n, "topic_title": f"Post {n}", "cooked": "<p>Words</p>",
             "created_at": f"2026-11-20T10:{n:02}:00.000Z"} for n in numbers
        ]).encode()  # fmt: skip

    for number, name in ((1, "joe"), (2, "me")):
        server.put(f"/u/{name}.json", json.dumps({"user": {"id": number, "username": name}}))
    server.put("/u/me/activity.json", "[]")
    server.put("/user_actions.json?username=me&filter=2%2C6%2C7%2C9&offset=0", '{"user_actions":[]}')
    for number in range(5):
        server.put(f"/posts/{number}.json", json.dumps({"id": number, "user_id": 1, "username": "joe"}))  # each still answers for itself
    login = Login(
        id=0, source="discourse", place="discourse", address=server.base, user_name="me", has_token=True, allow_private=True,
        profile=Key("discourse", f"2@{server.host}"),
    )  # fmt: skip
    return Forge(path="/u/joe/activity.json", good=posts, key=Key("discourse", f"1@{server.host}"), stream=f"posts:{server.host}:1", login=login, page="/u/joe")


def gitlab(server: FeedServer) -> Forge:
    base, at = f"{server.base}/api/v4", f"@{server.host}"
    author = {"id": 1, "username": "joe", "name": "Joe"}

    def events(*numbers: int) -> bytes:
        return json.dumps([
            {"id": n, "project_id": 5, "action_name": "joined", "target_type": None, "author_id": 1, "author": author, "created_at": f"2026-11-20T10:{n:02}:00.000Z"}
            for n in numbers
        ]).encode()  # fmt: skip

    for number, name in ((1, "joe"), (2, "me")):
        server.put(f"/api/v4/users/{number}", json.dumps({"id": number, "username": name, "created_at": "2026-01-01T00:00:00Z"}))
    for path in ("users/2/events", "issues", "merge_requests", "todos"):
        server.put(f"/api/v4/{path}", "[]")
    server.put("/api/v4/projects/5", '{"id":5,"path_with_namespace":"acme/press","visibility":"public"}')
    login = Login(
        id=0, source="gitlab", place="gitlab", address=base, user_name="me", has_token=True, allow_private=True, profile=Key("gitlab", f"2{at}")
    )
    return Forge(path="/api/v4/users/1/events", good=events, key=Key("gitlab", f"1{at}"), stream="events:1", login=login)


def hackernews(server: FeedServer) -> Forge:
    def hits(*numbers: int) -> bytes:
        return json.dumps({"hits": [
            {"objectID": str(n), "author": "joe", "created_at_i": 1795168800 + n, "title": f"Post {n}", "story_text": "Words"} for n in numbers
        ]}).encode()  # fmt: skip

    server.put("/v0/user/joe.json", '{"id":"joe"}')
    login = Login(id=0, source="hackernews", place="hackernews", address=server.base, allow_private=True)
    return Forge(path="/api/v1/search_by_date", good=hits, key=Key("hackernews", "joe"), stream="items:joe", login=login)


def stackexchange(server: FeedServer) -> Forge:
    def posts(*numbers: int) -> bytes:
        owner = {"user_id": 1, "display_name": "Joe", "link": "https://stackoverflow.com/users/1/joe"}
        return json.dumps({"has_more": False, "quota_remaining": 200, "items": [
            {"post_id": n, "post_type": "question", "owner": owner, "creation_date": 1795168800 + n, "title": f"Post {n}", "body": "Words"} for n in numbers
        ]}).encode()  # fmt: skip

    def items(*found: dict[str, object]) -> str:
        return json.dumps({"items": found, "has_more": False, "quota_remaining": 200})

    server.put("/filters/create", items({"filter": "!baked"}))
    server.put("/users/1", items({"user_id": 1, "display_name": "Joe"}))
    server.put("/users/1/comments", items())
    for number in range(5):
        server.put(f"/posts/{number}", posts(number))  # each still answers for itself
    login = Login(id=0, source="stackexchange", place="stackexchange", address=server.base, user_name="me", has_token=True, allow_private=True)
    key = Key("stackexchange", "https://stackoverflow.com/users/1")
    return Forge(path="/users/1/posts", good=posts, key=key, stream="posts:stackoverflow.com:1", login=login)


def caldav(server: FeedServer) -> Forge:
    """The list of changes and the entries come from one address, and here in one answer."""
    names = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'

    def thing(path: str, has: str) -> str:
        return f"<response><href>{path}</href><propstat><prop>{has}</prop><status>HTTP/1.1 200 OK</status></propstat></response>"

    def entries(*numbers: int) -> bytes:
        found = "".join(
            thing(f"/home/work/{n}.ics", f'<getetag>"{n}"</getetag><C:calendar-data>BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:e{n}\r\nDTSTART:20261120T10{n:02}00Z\r\n'
                  f"SUMMARY:Call {n}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n</C:calendar-data>") for n in numbers
        )  # fmt: skip
        return f"<multistatus {names}>{found}<sync-token>after {max(numbers)}</sync-token></multistatus>".encode()

    times = itertools.count()

    def home(wire: BinaryIO) -> None:
        """Says each time that something changed."""
        about = f"<resourcetype><collection/><C:calendar/></resourcetype><displayname>Work</displayname><sync-token>{next(times)}</sync-token>"
        body = f"<multistatus {names}>{thing('/home/work/', about)}</multistatus>".encode()
        wire.write(b"HTTP/1.1 207 Multi-Status\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    server.put_raw("/home/", home)
    key = Key("mail", "joe@hotel.example")
    login = Login(
        id=0, source="caldav", place="calendar", address=f"{server.base}/home/", user_name=key.native_id, has_token=True, allow_private=True, profile=key,
    )  # fmt: skip
    return Forge(path="/home/work/", good=entries, key=key, stream="calendars", login=login, title=f"Calendars of {key.native_id}")


FORGES: dict[str, Callable[[FeedServer], Forge]] = {"discourse": discourse, "github": github, "gitlab": gitlab, "hackernews": hackernews, "stackexchange": stackexchange, "caldav": caldav}
