"""The same as `tests.forges` for places of pictures, films and bookmarks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

from relationdesk.model import Key, Login
from relationdesk.sources.facebook import Facebook
from relationdesk.sources.graph_reading import MOST_POSTS
from relationdesk.sources.instagram import Instagram
from relationdesk.sources.threads import Threads
from tests.feed_server import FeedServer
from tests.forges import Forge


def youtube(server: FeedServer) -> Forge:
    joe, me = "UCjjjjjjjjjjjjjjjjjjjjjj", "UCmmmmmmmmmmmmmmmmmmmmmm"

    def videos(*numbers: int) -> bytes:
        return json.dumps({"kind": "youtube#playlistItemListResponse", "items": [
            {"snippet": {"title": f"Video {n}", "description": "Words"},
             "contentDetails": {"videoId": f"video{n:04}", "videoPublishedAt": f"2026-11-20T10:{n:02}:00Z"}} for n in numbers
        ]}).encode()  # fmt: skip

    for id_, list_ in ((joe, "UUjoe"), (me, "UUme")):
        said = {"id": id_, "snippet": {"title": "Joe"}, "contentDetails": {"relatedPlaylists": {"uploads": list_}}}
        server.put(f"/youtube/v3/channels?{urlencode({'part': 'snippet,contentDetails', 'id': id_})}", json.dumps({"items": [said]}))
    for name in ("commentThreads", f"playlistItems?{urlencode({'part': 'snippet,contentDetails', 'playlistId': 'UUme', 'maxResults': 50})}"):
        server.put(f"/youtube/v3/{name}", '{"items":[]}')
    login = Login(
        id=0, source="youtube", place="youtube", address=server.base, user_name="me", has_token=True, allow_private=True, profile=Key("youtube", me)
    )
    return Forge(path="/youtube/v3/playlistItems", good=videos, key=Key("youtube", joe), stream=f"videos:{joe}", login=login)


def pinboard(server: FeedServer) -> Forge:
    """My own bookmarks: the whole list at first, then the newest."""

    def posts(*numbers: int) -> bytes:
        return json.dumps([
            {"href": f"https://acme.example/{n}", "description": f"Page {n}", "extended": "", "meta": f"m{n}", "time": f"2026-11-20T10:{n:02}:00Z",
             "shared": "yes", "toread": "no", "tags": "erp"} for n in numbers
        ]).encode()  # fmt: skip

    server.put("/v1/posts/all", posts(2, 1))
    key = Key("pinboard", "https://pinboard.in/u:joe")
    login = Login(id=0, source="pinboard", place="pinboard", address=server.base, user_name="joe", has_token=True, allow_private=True, profile=key)
    return Forge(path="/v1/posts/recent", good=posts, key=key, stream="own", login=login, title="My bookmarks")


def raindrop(server: FeedServer) -> Forge:
    def drops(*numbers: int) -> bytes:
        return json.dumps({"result": True, "items": [
            {"_id": n, "link": f"https://acme.example/{n}", "title": f"Page {n}", "excerpt": "", "note": "", "tags": [], "collection": {"$id": -1},
             "created": f"2026-11-20T10:{n:02}:00.000Z", "lastUpdate": f"2026-11-20T10:{n:02}:00.000Z"} for n in numbers
        ]}).encode()  # fmt: skip

    for n in range(5):  # each still answers for itself, so whatever the list says, none was thrown away
        server.put(f"/rest/v1/raindrop/{n}", json.dumps({"result": True, "item": json.loads(drops(n))["items"][0]}))
    key = Key("raindrop", "me")
    login = Login(id=0, source="raindrop", place="raindrop", address=server.base, user_name="Joe", has_token=True, allow_private=True, profile=key)
    return Forge(path="/rest/v1/raindrops/0", good=drops, key=key, stream="own", login=login, title="My bookmarks")


def atom(user: str, *numbers: int) -> str:
    """What somebody on Reddit wrote, as its feeds say it."""
    entries = "".join(
        f'<entry><author><name>/u/{user}</name><uri>https://www.reddit.com/user/{user}</uri></author><category term="erp" label="r/erp"/>'
        f'<content type="html">&lt;!-- SC_OFF --&gt;&lt;div class="md"&gt;&lt;p&gt;Words {n}&lt;/p&gt;&lt;/div&gt;&lt;!-- SC_ON --&gt;</content><id>t1_c{n}</id>'
        f'<link href="https://www.reddit.com/r/erp/comments/p1/moving/c{n}/"/><updated>2026-11-20T10:{n:02}:00+00:00</updated><title>/u/{user} on Moving?</title></entry>'
        for n in numbers
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>overview for {user}</title>{entries}</feed>'


def reddit(server: FeedServer) -> Forge:
    for path in ("/user/sam/.rss", "/message/inbox/.rss"):
        server.put(path, atom("sam"))
    for n in range(5):  # each still answers for itself, so whatever the list says, none was taken down
        server.put(f"/comments/p1/_/c{n}/.rss", atom("joe", n))
    me = Key("reddit", "https://reddit.com/user/sam")
    login = Login(id=0, source="reddit", place="reddit", address=server.base, user_name="sam", has_token=True, allow_private=True, profile=me)
    return Forge(
        path="/user/Joe/.rss", good=lambda *numbers: atom("Joe", *numbers).encode(), key=Key("reddit", "https://reddit.com/user/joe"), stream="user:joe",
        login=login, is_feed=True,
    )  # fmt: skip


def x(server: FeedServer) -> Forge:
    """Every number of a post is its own second; nothing of mine."""

    def number(n: int) -> str:
        moment = datetime(2026, 11, 20, 10, n, tzinfo=UTC)
        return str((int(moment.timestamp() * 1000) - 1_288_834_974_657) << 22)

    def posts(*numbers: int) -> bytes:
        return json.dumps({
            "data": [{"id": number(n), "text": f"Post {n}", "author_id": "2244", "created_at": f"2026-11-20T10:{n:02}:00.000Z", "edit_history_tweet_ids": [number(n)]} for n in numbers],
            "meta": {"result_count": len(numbers), "newest_id": number(max(numbers)), "oldest_id": number(min(numbers))},
        }).encode()  # fmt: skip

    for path in ("/2/users/1/tweets", "/2/users/1/mentions"):
        server.put(path, '{"meta":{"result_count":0}}')
    login = Login(id=0, source="x", place="x", address=server.base, user_name="me", has_token=True, allow_private=True, profile=Key("x", "1"))
    return Forge(path="/2/users/2244/tweets", good=posts, key=Key("x", "2244"), stream="posts:2244", login=login, page="/joe")


def own(server: FeedServer, source: str) -> Forge:
    """One's own presence in a place of Meta's; nothing is said under it, and each post still answers for itself."""
    net = {"threads": Threads.network, "instagram": Instagram.network, "facebook": Facebook.network}[source]
    me = {"id": "100", "name": "Acme"}

    def posts(*numbers: int) -> bytes:
        return json.dumps({"data": [
            {"id": f"{n}00", "text": f"Post {n}", "caption": f"Post {n}", "message": f"Post {n}", "username": "sam", "from": me, "media_type": "TEXT_POST",
             "timestamp": f"2026-11-20T10:{n:02}:00+0000", "created_time": f"2026-11-20T10:{n:02}:00+0000"} for n in numbers
        ]}).encode()  # fmt: skip

    for path in ("/me/replies", "/me/mentions", f"{net.posts}?{urlencode({'fields': net.post_fields, 'limit': MOST_POSTS})}&access_token=m4rk3d-s3cr3t"):
        server.put(path, '{"data":[]}')
    for n in range(5):
        server.put(f"/{n}00", json.dumps({"id": f"{n}00"}))
    key = Key(source, "100" if source == "facebook" else "sam")
    login = Login(id=0, source=source, place=source, address=server.base, user_name="sam", has_token=True, allow_private=True, profile=key)
    return Forge(path=net.posts, good=posts, key=key, stream="own", login=login, title="What I publish")


def linkedin(server: FeedServer) -> Forge:
    """The whole of my data each time."""

    def data(*numbers: int) -> bytes:
        rows = [{"First Name": "Joe", "Last Name": f"No{n}", "URL": f"https://www.linkedin.com/in/joe-{n}", "Connected On": "20 Nov 2026"} for n in numbers]
        return json.dumps({"paging": {"links": []}, "elements": [{"snapshotDomain": "CONNECTIONS", "snapshotData": rows}]}).encode()

    key = Key("linkedin", "sam-carter")
    login = Login(id=0, source="linkedin", place="linkedin", address=server.base, user_name="sam-carter", has_token=True, allow_private=True, profile=key)
    return Forge(path="/rest/memberSnapshotData", good=data, key=key, stream="own", login=login, title="My data")


FORGES: dict[str, Callable[[FeedServer], Forge]] = {
    "youtube": youtube,
    "pinboard": pinboard,
    "raindrop": raindrop,
    "reddit": reddit,
    "x": x,
    "linkedin": linkedin,
    **{name: partial(own, source=name) for name in ("threads", "instagram", "facebook")},
}  # fmt: skip
