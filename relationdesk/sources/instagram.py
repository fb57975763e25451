"""Instagram: one's own professional presence there, and what others say under it. Private presences and other people's Instagram shows to
no program.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from relationdesk.model import Key, Kind, Login, Profile, Stream
from relationdesk.saying import marked
from relationdesk.sources.base import WayIn
from relationdesk.sources.graph_own import Own, marks_of, media_kind
from relationdesk.sources.graph_reading import Network, Words
from relationdesk.sources.json_fields import Json, record_of, string

PLACE = "instagram"
API = "https://graph.instagram.com/v25.0"
DASHBOARD = "https://developers.facebook.com/apps/"
_POST = "id,caption,permalink,timestamp,media_type,media_product_type,username,comments_count,alt_text"
_COMMENT = "id,text,timestamp,username,from,parent_id,replies{id,text,timestamp,username,from}"


def who(username: str) -> Profile | None:
    """Somebody by the handle, keyed as Instagram's export does."""
    return Profile(key=Key(PLACE, username.lower()), handle=username, url=f"https://www.instagram.com/{username}") if username else None


def post(item: Json) -> Words:
    said, id_ = item.get("caption"), string(item, "id", 100)
    return Words(
        id=f"post:{id_}" if id_ else "", text=said if isinstance(said, str) else "", time=string(item, "timestamp", 60), url=string(item, "permalink"),
        who=who(string(item, "username", 60)), kind=media_kind(item), marks=marks_of(item),
    )  # fmt: skip


def comment(item: Json) -> Words:
    said, id_, under = item.get("text"), string(item, "id", 100), string(item, "post", 100)
    parent = string(item, "parent_id", 100) or string(record_of(item, "parent"), "id", 100)
    return Words(
        id=f"comment:{id_}" if id_ else "", text=said if isinstance(said, str) else "", time=string(item, "timestamp", 60), url="",
        who=who(string(item, "username", 60) or string(record_of(item, "from"), "username", 60)), kind=Kind.COMMENT,
        under=f"comment:{parent}" if parent else f"post:{under}" if under else "", thread=f"post:{under}" if under else "",
    )  # fmt: skip


def _is_talked_of(item: Json) -> bool:
    return string(item, "comments_count", 12) != "0"


class Instagram(Own):
    """Reads one's own professional presence on Instagram. clock: aware UTC now, to be replaced in tests."""

    name = "instagram"
    title = "Instagram"
    place = PLACE
    api, grant, dashboard = API, "ig_refresh_token", DASHBOARD
    me_fields = "user_id,username,name,biography,website,profile_picture_url"
    network = Network(
        place=PLACE, title="Instagram", posts="/me/media", post_fields=_POST, comments="/{}/comments", comment_fields=_COMMENT, of_post=post, of_comment=comment,
        talked_of=_is_talked_of,
    )  # fmt: skip
    way_in = WayIn(
        source="instagram", title="Instagram", places=("instagram",), server="@your_handle", signs_in=marked("Your handle"), asks=("graph.instagram.com",),
        costs=marked("Nothing; you need an app of your own at Meta, and a professional presence (business or creator)."),
        gives=marked("Reads what you publish on Instagram, and what others say under it. Of others Meta shows nothing."),
        key_title=marked("Access key (60 days, renewed by itself)"),
        key_from=marked("Meta lets desktop programs sign in nowhere, so the key is made on its page: an app of the kind Business, in it Instagram, “API setup with Instagram business login”, Generate token beside your name."),
        follow=marked("Your own presence is read; nobody is followed here"), also="meta insta ig",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(clock)

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return self.own_streams(login)

    def me(self, user: Json) -> Profile | None:
        return who(string(user, "username", 60))
