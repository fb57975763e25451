"""Threads: one's own posts and answers there, what others answer, and where they name one. Nobody else is read: Meta shows others only to
programs that it has reviewed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relationdesk.model import Key, Kind, Login, Page, Profile, Stream
from relationdesk.saying import marked
from relationdesk.sources.base import WayIn
from relationdesk.sources.graph_own import Own, marks_of, page_of_key
from relationdesk.sources.graph_reading import Network, Words, read_comments, read_list, read_posts
from relationdesk.sources.json_fields import Json, record_of, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

PLACE = "threads"
API = "https://graph.threads.net/v1.0"
DASHBOARD = "https://developers.facebook.com/apps/"
_POST = "id,text,permalink,timestamp,username,media_type,alt_text,is_quote_post,has_replies,link_attachment_url"
_REPLY = f"{_POST},root_post,replied_to"
ANSWERS, ANSWERED, NAMED = "answers", "replies", "mentions"


def who(username: str) -> Profile | None:
    """Somebody by the handle, which is all that Threads tells of others; keyed as its export does."""
    return Profile(key=Key(PLACE, username.lower()), handle=username, url=f"https://www.threads.net/@{username}") if username else None


def words(item: Json) -> Words:
    """A post, answer or mention."""
    text, link = string(item, "text", 20_000), string(item, "link_attachment_url")
    said = item.get("text")
    under = string(record_of(item, "replied_to"), "id", 100) or string(item, "post", 100)
    root = string(record_of(item, "root_post"), "id", 100) or string(item, "post", 100)
    id_ = string(item, "id", 100)
    return Words(
        id=f"post:{id_}" if id_ else "", text="\n\n".join(filter(None, (said if isinstance(said, str) else "", link if link not in text else ""))), time=string(item, "timestamp", 60),
        url=string(item, "permalink"), who=who(string(item, "username", 60)), under=f"post:{under}" if under else "", thread=f"post:{root}" if root else "",
        kind=Kind.SHARE if string(item, "media_type", 30) == "REPOST_FACADE" else Kind.REPLY if under else Kind.POST, marks=marks_of(item),
    )  # fmt: skip


NET = Network(
    place=PLACE, title="Threads", posts="/me/threads", post_fields=_POST, comments="/{}/conversation", comment_fields=_REPLY, of_post=words, of_comment=words,
    talked_of=lambda post: post.get("has_replies") is not False,
)  # fmt: skip


class Threads(Own):
    """Reads one's own presence on Threads. clock: aware UTC now, to be replaced in tests."""

    name = "threads"
    title = "Threads"
    place = PLACE
    api, grant, dashboard = API, "th_refresh_token", DASHBOARD
    me_fields = "id,username,name,threads_profile_picture_url,threads_biography"
    network = NET
    way_in = WayIn(
        source="threads", title="Threads", places=("threads",), server="@your_handle", signs_in=marked("Your handle"), asks=("graph.threads.net",),
        costs=marked("Nothing; you need an app of your own at Meta, which wants no review for yourself."),
        gives=marked("Reads what you write on Threads, what others answer, and where they name you. Of others Meta shows nothing more."),
        key_title=marked("Access key (60 days, renewed by itself)"),
        key_from=marked("Meta lets desktop programs sign in nowhere, so the key is made on its page: an app with the use case “Access the Threads API”, you as its Threads tester, the permissions threads_basic, threads_read_replies and threads_manage_mentions; then User Token Generator."),
        follow=marked("Your own presence is read; nobody is followed here"), also="meta",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(clock)

    def me(self, user: Json) -> Profile | None:
        found = who(string(user, "username", 60))
        bio = user.get("threads_biography")
        return None if found is None else replace(found, display_name=string(user, "name", 200), bio=bio if isinstance(bio, str) else "", is_owner=True)

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """What I post, what I answer, what is answered to me (which tells whom I answered, so it comes after), where I am named."""
        own, answered = self.own_streams(login)
        answers = Stream(name=ANSWERS, address=login.address, profile=login.profile, title="My answers")
        return (own, answers, answered, Stream(name=NAMED, address=login.address, title="What names me"))

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `graph_reading`. Raises what `Talk.ask` raises."""
        me = self.known(login)
        if stream.name == ANSWERS:
            # What was answered is proved by the list of posts; this one only adds to it.
            for page in read_posts(self.talk(login, token, door), NET, me, cursor, "/me/replies"):
                yield replace(page, facts=tuple(fact for fact in page.facts if not page_of_key(fact, me.key)))
        elif stream.name == NAMED:
            yield from read_list(self.talk(login, token, door), NET, me, cursor, "/me/mentions")
        elif stream.name == ANSWERED:
            yield from read_comments(self.talk(login, token, door), NET, me, cursor)
        else:
            yield from super().pages(login, stream, cursor, token, door)

