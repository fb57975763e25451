"""What is said by a Mastodon login: what the server is given, and how it is found there again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from relationdesk.errors import Gone, LoginRejected, PerhapsSent, UnexpectedAnswer
from relationdesk.model import Activity, Audience, Key, Kind, Login, Profile, Tombstone
from relationdesk.outgoing import Deed, Outgoing, Recipient
from relationdesk.sources.door import Door
from relationdesk.sources.mastodon import Mastodon
from tests.sources.test_mastodon import HOME, NOW, person, status

ME = person("sam", "7")
LOGIN = Login(
    id=1, source="mastodon", place="mastodon", address=HOME, user_name="sam", profile=Key("mastodon", ME["uri"]), has_token=True
)
TARGET = Activity(
    key=Key("mastodon", "https://harbor.example/users/joe/statuses/9"), actor=Key("mastodon", "https://harbor.example/users/joe"),
    kind=Kind.POST, published=NOW, text="Anybody?",
)  # fmt: skip
WHAT = Outgoing(uid="u-1", deed=Deed.REPLY, made=NOW, text="@joe@harbor.example Here & <now>", towards=TARGET)


class Server:
    """Mastodon, as far as it is needed. said: what it was given. posts: of mine, newest first."""

    def __init__(self, **target: Any) -> None:
        joe = {**person("joe", "9"), "uri": TARGET.actor.native_id, "acct": "joe@harbor.example", "url": "https://harbor.example/@joe"}
        self.target = status("501", joe) | {"uri": TARGET.key.native_id} | target
        self.posts: list[dict[str, Any]] = []
        self.said: list[tuple[str, dict[str, Any], str]] = []
        self.refuses: httpx.Response | None = None
        self.date: datetime | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST":
            data = json.loads(request.content or b"{}")
            self.said.append((path, data, request.headers.get("idempotency-key", "")))
            if self.refuses is not None:
                return self.refuses
            return httpx.Response(200, json=self._take(path, data))
        if path.endswith("/search"):
            known = request.url.params["q"] == self.target["uri"]
            return httpx.Response(200, json={"statuses": [self.target] if known else [], "accounts": [], "hashtags": []})
        if path.endswith("/verify_credentials"):
            return httpx.Response(200, json=ME)
        if path == "/api/v1/accounts/7/statuses":
            return httpx.Response(200, json=self.posts, headers={"Date": format_datetime(self.date)} if self.date else {})
        return httpx.Response(404, json={"error": "Record not found"})

    def _take(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        if path.endswith(("/unfavourite", "/unreblog")):
            return self.target | {"favourited": False, "reblogged": False}
        if path.endswith("/favourite"):
            return self.target | {"favourited": True}
        number = str(900 + len(self.posts))
        if path.endswith("/reblog"):
            made = status(number, ME, reblog=self.target, created_at="2026-11-25T09:00:01Z")
        else:
            words = data["status"].replace("&", "&amp;").replace("<", "&lt;").replace("@joe@harbor.example", '<a href="x">@joe</a>')
            made = status(
                number, ME, content=f"<p>{words}</p>", in_reply_to_id=data.get("in_reply_to_id"), visibility=data["visibility"],
                created_at="2026-11-25T09:00:01Z",
            )  # fmt: skip
        self.posts.insert(0, made)
        return made

    @property
    def door(self) -> Door:
        return Door(transport=httpx.MockTransport(self))


def send(server: Server, what: Outgoing = WHAT) -> Any:
    return Mastodon().send(LOGIN, what, "t0k3n", server.door)


def find(server: Server, what: Outgoing = WHAT) -> Any:
    return Mastodon().find_sent(LOGIN, what, "t0k3n", server.door)


def test_a_reply_answers_by_the_servers_own_number() -> None:
    server = Server()
    receipt = send(server)
    assert server.said == [
        ("/api/v1/statuses", {"status": WHAT.text, "visibility": "public", "in_reply_to_id": "501"}, "u-1")
    ]
    assert receipt.key == Key("mastodon", f"{HOME}/users/sam/statuses/900")
    activity = receipt.facts[-1]
    assert activity.in_reply_to == TARGET.key.native_id and activity.text == "@joe Here & <now>" and activity.kind is Kind.REPLY
    assert receipt.facts[0] == Profile(key=Key("mastodon", ME["uri"]), handle="sam@social.example", display_name="Sam Example", url=ME["url"], is_owner=True)


@pytest.mark.parametrize(
    ("theirs", "mine", "given"),
    [
        ("public", Audience.PUBLIC, "public"), ("unlisted", Audience.PUBLIC, "unlisted"), ("private", Audience.PUBLIC, "private"),
        ("direct", Audience.FOLLOWERS, "direct"), ("public", Audience.FOLLOWERS, "private"), ("public", Audience.PRIVATE, "direct"), ("odd", Audience.PUBLIC, "public"),
    ],
)  # fmt: skip
def test_never_shown_to_more_than_what_it_answers(theirs: str, mine: Audience, given: str) -> None:
    server = Server(visibility=theirs)
    send(server, replace(WHAT, audience=mine))
    assert server.said[0][1]["visibility"] == given


@pytest.mark.parametrize("text", ["Here", "@Joe here", "@joey knows", "And @joe@harbor.example.\n\nLast  line"])
def test_an_answer_goes_out_byte_for_byte(text: str) -> None:
    server, what = Server(), replace(WHAT, text=text)
    sent = send(server, what)
    assert server.said[0][1]["status"] == text and find(server, what) == sent


def test_an_answer_whose_name_was_put_in_front_on_its_way_is_found_again() -> None:
    """As it was done once; what was on its way then must not go out again."""
    server = Server()
    sent = send(server)
    assert find(server, replace(WHAT, text="Here & <now>")) == sent


def test_a_warning_is_kept() -> None:
    server = Server(spoiler_text="prices")
    send(server)
    assert server.said[0][1]["spoiler_text"] == "prices"


def test_like_and_boost_are_mine_under_the_keys_that_a_sync_brings() -> None:
    server = Server()
    like = send(server, replace(WHAT, deed=Deed.LIKE, text=""))
    assert server.said[0][0] == "/api/v1/statuses/501/favourite"
    assert like.key.native_id == f"{ME['uri']}#favourite:{TARGET.key.native_id}" and like.facts[-1].published is not None
    boost = send(server, replace(WHAT, deed=Deed.BOOST, text=""))
    assert boost.key.native_id == f"{HOME}/users/sam/statuses/900" and boost.facts[-1].kind is Kind.SHARE


@pytest.mark.parametrize(("deed", "path", "told"), [(Deed.UNLIKE, "unfavourite", "favourited"), (Deed.UNBOOST, "unreblog", "reblogged")])
def test_taken_back_it_is_withdrawn_and_not_taken_back_twice(deed: Deed, path: str, told: str) -> None:
    server = Server(**{told: True})
    what = replace(WHAT, deed=deed, text="", undoes=Key("mastodon", "mine"))
    assert find(server, what) is None
    gone = send(server, what)
    assert [said[0] for said in server.said] == [f"/api/v1/statuses/501/{path}"]
    assert gone.key == Key("mastodon", "mine") and gone.facts == (Tombstone(key=gone.key, returns=True),)
    server.target[told] = False
    assert find(server, what) == gone
    del server.target[told]
    assert find(server, what) is None, "a server that does not tell is asked again"


def test_found_again_by_what_was_said_and_to_whom() -> None:
    server = Server()
    assert find(server) is None
    sent = send(server)
    assert find(server) == sent
    assert find(server, replace(WHAT, text="something else")) is None
    assert find(server, replace(WHAT, made=datetime(2026, 11, 26, tzinfo=UTC))) is None
    boost = replace(WHAT, deed=Deed.BOOST)
    assert find(server, boost) is None
    passed_on = send(server, boost)
    server.target["reblogged"] = True
    assert find(server, boost) == passed_on and find(server) == sent
    like = replace(WHAT, deed=Deed.LIKE)
    assert find(server, like) is None
    server.target["favourited"] = True
    assert find(server, like).key == send(server, like).key


def test_of_two_alike_the_one_that_is_known_is_not_the_one_in_doubt() -> None:
    server = Server()
    first = send(server)
    second = replace(WHAT, uid="u-2", others=frozenset({first.key.native_id}))
    assert find(server, second) is None
    there = send(server, second)
    assert find(server, second) == there != first
    assert find(server, replace(second, others=frozenset())) == first, "the older of two"


def test_older_than_its_sending_it_is_something_else_also_by_a_clock_that_is_wrong() -> None:
    server = Server()
    sent = send(server)  # at 9:00:01 by the server's clock
    tried = datetime(2026, 11, 25, 9, 15, 0, tzinfo=UTC)
    assert find(server, replace(WHAT, made=datetime(2026, 1, 1, tzinfo=UTC), since=tried)) == sent
    late = replace(WHAT, since=datetime(2026, 11, 25, 9, 15, 2, tzinfo=UTC))
    assert find(server, late) is None
    server.date = datetime.now(UTC) - timedelta(seconds=30)  # ours is ahead of theirs
    assert find(server, late) == sent
    server.date = datetime.now(UTC) + timedelta(days=3)  # ours is behind theirs
    assert find(server, late) is None


def test_a_direct_message_names_whom_it_is_for() -> None:
    server = Server()
    what = replace(WHAT, deed=Deed.MESSAGE, towards=None, text="@joe@harbor.example Hello", audience=Audience.PRIVATE, to=(Recipient(value="x", name="joe@harbor.example"),))
    sent = send(server, what)
    assert server.said[0][1] == {"status": "@joe@harbor.example Hello", "visibility": "direct"}
    assert find(server, what) == sent and sent.facts[-1].audience is Audience.PRIVATE
    send(server, replace(what, text="Hello @joe@harbor.example"))
    assert server.said[1][1]["status"] == "Hello @joe@harbor.example"
    for nobody in ("Hello", "Hello @joey@harbor.example", "Hello @joe"):
        with pytest.raises(UnexpectedAnswer, match=r"reaches only those whom it names\..*@joe@harbor\.example in it"):
            send(server, replace(what, text=nobody))
    with pytest.raises(UnexpectedAnswer, match="called"):
        send(server, replace(what, to=(Recipient(value="x", name="Joe Brown"),)))
    assert len(server.said) == 2
    near = replace(what, to=(Recipient(value="x", name=f"joe@{urlsplit(LOGIN.address).netloc}"),))
    with pytest.raises(UnexpectedAnswer, match="Write @joe in it"):
        send(server, replace(near, text="@joe@other.example Hello"))  # a namesake on another server would read it
    send(server, replace(near, text="@joe Hello"))
    assert len(server.said) == 3


def test_a_key_that_may_only_read_is_told_what_it_needs() -> None:
    server = Server()
    server.refuses = httpx.Response(403, json={"error": "This action is outside the authorized scopes"})
    with pytest.raises(LoginRejected, match=r"write:statuses.*sign in"):
        send(server)


def test_an_answer_that_is_no_post_is_no_yes() -> None:
    server = Server()
    for said in ({}, {"id": "1"}, {"error": "odd"}):
        server.refuses = httpx.Response(200, json=said)
        with pytest.raises(PerhapsSent):
            send(server)


def test_what_the_server_does_not_know_is_not_answered() -> None:
    server = Server(uri="https://other.example/1")
    with pytest.raises(Gone, match="does not know"):
        send(server)
    assert server.said == []


def test_counts_as_the_place_does() -> None:
    words = "@joe@harbor.example see https://a-very-long-name.example/with/a/long/path 👍🏽"
    assert Mastodon().length(Deed.REPLY, words) == len("@joe see ") + 23 + len(" 👍")
    assert Mastodon().may(replace(LOGIN, has_token=False)) == ()
