"""Facebook: a Page that one runs, and what is said under what it publishes. People, friends and groups Facebook shows to no program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from relationdesk.errors import UnexpectedAnswer, UserMistake
from relationdesk.model import Key, Kind, Login, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import WayIn
from relationdesk.sources.graph_own import Own
from relationdesk.sources.graph_reading import Network, Words
from relationdesk.sources.graph_talk import Talk
from relationdesk.sources.json_fields import Json, record_of, string

PLACE = "facebook"
API = "https://graph.facebook.com/v26.0"
EXPLORER = "https://developers.facebook.com/tools/explorer/"
_POST = "id,message,story,created_time,updated_time,permalink_url,from,comments.summary(true).limit(0)"
_COMMENT = "id,message,created_time,permalink_url,from,parent{id}"


def who(author: Json | None) -> Profile | None:
    """Somebody by the number that this Page knows them by; None where Facebook does not tell."""
    id_, name = string(author, "id", 60), string(author, "name", 200)
    return Profile(key=Key(PLACE, id_), display_name=name, url=f"https://www.facebook.com/{id_}") if id_ and name else None


def post(item: Json) -> Words:
    said, story, id_ = item.get("message"), string(item, "story"), string(item, "id", 100)
    return Words(
        id=f"post:{id_}" if id_ else "", text=said if said and isinstance(said, str) else story, time=string(item, "created_time", 60), url=string(item, "permalink_url"),
        who=who(record_of(item, "from")), kind=Kind.POST,
    )  # fmt: skip


def comment(item: Json) -> Words:
    said, id_, under, parent = item.get("message"), string(item, "id", 100), string(item, "post", 100), string(record_of(item, "parent"), "id", 100)
    return Words(
        id=f"comment:{id_}" if id_ else "", text=said if isinstance(said, str) else "", time=string(item, "created_time", 60), url=string(item, "permalink_url"),
        who=who(record_of(item, "from")), kind=Kind.COMMENT, under=f"comment:{parent}" if parent else f"post:{under}" if under else "",
        thread=f"post:{under}" if under else "",
    )  # fmt: skip


def _is_talked_of(item: Json) -> bool:
    return string(record_of(record_of(item, "comments"), "summary"), "total_count", 12) != "0"


class Facebook(Own):
    """Reads one Page per login. clock: aware UTC now, to be replaced in tests."""

    name = "facebook"
    title = marked("Facebook Page")
    place = PLACE
    api, dashboard, ends = API, EXPLORER, False
    me_fields = "id,name,username,link,about,category"
    network = Network(
        place=PLACE, title="Facebook", posts="/me/feed", post_fields=_POST, comments="/{}/comments", comment_fields=_COMMENT, of_post=post, of_comment=comment,
        talked_of=_is_talked_of, more=(("filter", "stream"), ("order", "chronological")),
    )  # fmt: skip
    way_in = WayIn(
        source="facebook", title="Facebook Page", places=("facebook",), server="Acme Tools", signs_in=marked("Your Page"), asks=("graph.facebook.com",),
        costs=marked("Nothing; you need an app of your own at Meta, and a role on the Page."),
        gives=marked("Reads what a Page that you run publishes, and what is said under it. People, friends and groups Facebook shows to no program."),
        key_title=marked("Page access key"),
        key_from=marked("Meta lets desktop programs sign in nowhere, so the key is made on its page: in the Graph API Explorer choose your app, then your Page under “User or Page”, with the permissions pages_read_engagement and pages_read_user_content. One made of a short key ends soon: extend it in the Access Token Debugger first."),
        follow=marked("Your own Page is read; nobody is followed here"), also="meta fb",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(clock)

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return self.own_streams(login)

    def ask_me(self, talk: Talk) -> Json:
        """Only a Page has a category. Raises UserMistake for the key of a person."""
        told = say("This is the key of a person, and only those of Pages are read. Nothing was added; choose your Page under “User or Page” when you make it.")
        try:
            found = super().ask_me(talk)
        except UnexpectedAnswer as e:
            raise UserMistake(told) from e
        if not string(found, "category", 200):
            raise UserMistake(told)
        return found

    def me(self, user: Json) -> Profile | None:
        return who(user)

    def check(self, address: str, me: Profile) -> None:
        """A Page has many names; the key says which it is."""
