"""What is said by a Bluesky login, without a server: keys, counting, marked words, and how a refusal is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from relationdesk.errors import Gone, PerhapsSent, UnexpectedAnswer
from relationdesk.model import Activity, Key, Kind, Login, Tombstone
from relationdesk.outgoing import Deed, Outgoing
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.bluesky_ids import tid_moment
from relationdesk.sources.bluesky_sending import rkey
from relationdesk.sources.door import Door
from tests.facts import NOW

ME, JOE = "did:plc:samsamsamsamsamsamsamsam", "did:plc:joejoejoejoejoejoejoejoe"
POST = f"at://{JOE}/app.bsky.feed.post/3kaaaaaaaaa2a"
LOGIN = Login(id=1, source="bluesky", place="bluesky", address="https://pds.example", user_name="sam.example", profile=Key("bluesky", ME), has_token=True)
WHAT = Outgoing(
    uid="u-1", deed=Deed.REPLY, made=NOW, text="We have one.", towards=Activity(key=Key("bluesky", POST), actor=Key("bluesky", JOE), kind=Kind.POST, published=NOW)
)
PASSWORD = "abcd-efgh-ijkl-mnop"


class Server:
    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.says: list[httpx.Response] = []
        self.keys = 0
        self.closed = False
        self.viewer: dict[str, str] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.closed:
            return httpx.Response(503)
        nsid = request.url.path.rpartition("/")[2]
        if nsid in ("com.atproto.server.createSession", "com.atproto.server.refreshSession"):
            self.keys += 1
            return httpx.Response(200, json={"did": ME, "handle": "sam.example", "accessJwt": f"a{self.keys}", "refreshJwt": "r"})
        if nsid == "app.bsky.feed.getPosts":
            post = {"uri": POST, "cid": "bafy", "author": {"did": JOE, "handle": "joe.example"}, "record": {"text": "Who?"}, "indexedAt": "2026-11-20T10:00:00Z", "viewer": self.viewer}
            return httpx.Response(200, json={"posts": [post] if request.url.params["uris"] == POST else []})
        if nsid == "com.atproto.repo.getRecord":
            found = self.records.get(request.url.params["rkey"])
            return httpx.Response(200, json={"value": found}) if found else httpx.Response(400, json={"error": "RecordNotFound", "message": "Could not locate record"})
        if nsid == "com.atproto.repo.deleteRecord":
            self.records.pop(json.loads(request.content)["rkey"], None)
            return httpx.Response(200, json={"commit": {"cid": "bafy3", "rev": "3kaaaaaaaaa2b"}})
        if nsid == "com.atproto.repo.createRecord":
            if self.says:
                return self.says.pop(0)
            data = json.loads(request.content)
            self.records[data["rkey"]] = data["record"]
            return httpx.Response(200, json={"uri": f"at://{ME}/{data['collection']}/{data['rkey']}", "cid": "bafy2"})
        return httpx.Response(400, json={"error": "InvalidRequest", "message": "Unable to resolve handle"})

    @property
    def door(self) -> Door:
        return Door(transport=httpx.MockTransport(self))


def test_a_key_is_the_same_at_every_try_and_a_stamp_of_the_time() -> None:
    first = rkey(WHAT)
    at = tid_moment(first)
    assert rkey(replace(WHAT, text="other")) == first != rkey(replace(WHAT, uid="u-2"))
    assert at is not None and 0 <= (at - NOW).total_seconds() < 1


def test_sent_and_found_are_the_same() -> None:
    server, source = Server(), Bluesky(clock=lambda: NOW)
    assert source.find_sent(LOGIN, WHAT, PASSWORD, server.door) is None
    sent = source.send(LOGIN, WHAT, PASSWORD, server.door)
    assert source.find_sent(LOGIN, WHAT, PASSWORD, server.door) == sent
    assert source.find_sent(LOGIN, replace(WHAT, uid="u-2"), PASSWORD, server.door) is None, "the same words, sent a second time"
    activity = sent.facts[-1]
    assert isinstance(activity, Activity) and activity.published == NOW and activity.in_reply_to == POST and activity.kind is Kind.REPLY
    assert list(server.records.values()) == [
        {"$type": "app.bsky.feed.post", "createdAt": "2026-11-20T10:12:00.000Z", "text": "We have one.",
         "reply": {"root": {"uri": POST, "cid": "bafy"}, "parent": {"uri": POST, "cid": "bafy"}}}
    ]  # fmt: skip


@pytest.mark.parametrize(("deed", "back"), [(Deed.LIKE, Deed.UNLIKE), (Deed.BOOST, Deed.UNBOOST)])
def test_taken_back_its_own_record_goes_and_no_other(deed: Deed, back: Deed) -> None:
    server, source = Server(), Bluesky(clock=lambda: NOW)
    sent, reply = (source.send(LOGIN, replace(WHAT, deed=one, uid=f"u-{one}"), PASSWORD, server.door) for one in (deed, Deed.REPLY))
    what = replace(WHAT, deed=back, uid="u-back", undoes=sent.key)
    assert source.find_sent(LOGIN, what, PASSWORD, server.door) is None
    gone = source.send(LOGIN, what, PASSWORD, server.door)
    assert gone.key == sent.key and gone.facts == (Tombstone(key=sent.key, returns=True),)
    assert list(server.records) == [rkey(replace(WHAT, uid="u-reply"))] and source.find_sent(LOGIN, what, PASSWORD, server.door) == gone
    with pytest.raises(UnexpectedAnswer, match="take it back there"):
        source.send(LOGIN, replace(what, undoes=reply.key), PASSWORD, server.door)


def test_what_was_liked_elsewhere_is_not_liked_again() -> None:
    server, source = Server(), Bluesky(clock=lambda: NOW)
    like = replace(WHAT, deed=Deed.LIKE)
    by_phone = source.send(LOGIN, like, PASSWORD, server.door)
    server.viewer = {"like": by_phone.key.native_id}
    assert source.send(LOGIN, replace(like, uid="u-2"), PASSWORD, server.door) == by_phone and len(server.records) == 1
    server.records.clear()  # taken back there, which is not shown yet
    assert source.send(LOGIN, replace(like, uid="u-2"), PASSWORD, server.door).key != by_phone.key


def test_a_stale_session_is_renewed_once() -> None:
    server, source = Server(), Bluesky()
    server.says = [httpx.Response(400, json={"error": "ExpiredToken", "message": "Token has expired"})]
    source.send(LOGIN, WHAT, PASSWORD, server.door)
    assert server.keys == 2 and len(server.records) == 1


def test_once_it_is_out_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    server, source = Server(), Bluesky(clock=lambda: NOW)
    taken = source.send(replace(LOGIN, id=2), replace(WHAT, uid="u-0"), PASSWORD, server.door)

    def renewed_elsewhere(request: httpx.Request) -> httpx.Response:
        answer = server(request)
        if request.url.path.endswith("createRecord"):
            source._sessions._open.clear()  # by another thread, which is about to get a new one
            server.closed = True
        return answer

    sent = source.send(LOGIN, WHAT, PASSWORD, Door(transport=httpx.MockTransport(renewed_elsewhere)))
    assert sent.facts[0] == taken.facts[0] and len(server.records) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json={"error": "InvalidRequest", "message": "Record/text must not be longer"}), UnexpectedAnswer),
        (httpx.Response(500, json={"error": "InternalServerError"}), PerhapsSent), (httpx.Response(200, json={}), PerhapsSent),
        (httpx.Response(200, text="<html>"), PerhapsSent), (httpx.Response(200, json={"uri": "at://other"}), PerhapsSent),
    ],
)  # fmt: skip
def test_what_is_no_yes(answer: httpx.Response, error: type[Exception]) -> None:
    server = Server()
    server.says = [answer]
    with pytest.raises(error, match=r"must not be longer|did not say"):
        Bluesky().send(LOGIN, WHAT, PASSWORD, server.door)


def test_what_is_not_shown_is_not_answered() -> None:
    server = Server()
    gone = replace(WHAT, towards=replace(WHAT.towards, key=Key("bluesky", POST + "b")))  # type: ignore[type-var]
    with pytest.raises(Gone):
        Bluesky().send(LOGIN, gone, PASSWORD, server.door)


def test_counts_as_the_place_does() -> None:
    source = Bluesky()
    assert source.length(Deed.REPLY, "👩‍👩‍👧‍👦" * 3) == 3
    assert source.length(Deed.REPLY, "x" * 301) == 301
    assert source.length(Deed.REPLY, "👩‍👩‍👧‍👦" * 200) > 300  # few to see, too many bytes
    assert [may.deed for may in source.may(LOGIN)] == [Deed.REPLY, Deed.LIKE, Deed.BOOST] and source.may(replace(LOGIN, has_token=False)) == ()
