"""Against a real AT Protocol network: answers with links and names, likes and reposts arrive, once however often they are tried, and are
the same that a reading brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from relationdesk.errors import Gone, SourceError
from relationdesk.model import Activity, Key, Kind, Login, Role
from relationdesk.outgoing import Deed, Outgoing, Receipt
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.door import Door
from tests.atproto_network import Network, wait_for
from tests.sources.test_bluesky_server import activities, door, network, password, read, signed_in, source

__all__ = ["door", "network", "password", "source"]
pytestmark = pytest.mark.slow
NOW = datetime.now(UTC).replace(microsecond=0)


def target(network: Network, uri: str) -> Activity:
    who = uri[5:].split("/")[0]
    return Activity(key=Key("bluesky", uri), actor=Key("bluesky", who), kind=Kind.POST, published=NOW, text="")


def what(network: Network, uri: str, deed: Deed, text: str = "", uid: str = "u") -> Outgoing:
    return Outgoing(uid=f"{uid}-{deed}-{uri}", deed=deed, made=NOW - timedelta(days=2), text=text, towards=target(network, uri))


def test_what_is_said_arrives_once_and_is_what_a_reading_brings(network: Network, source: Bluesky, password: str, door: Door) -> None:
    network.add("ida", displayName="Ida")
    first = network.post("ida", "Who needs a lift?")
    second = network.post("ida", "Really, who?", reply={"root": first, "parent": first})
    login = signed_in(source, network, password, door)
    text = "😀 @ida.test see https://lift.example/a_b. Also @nobody.test #lift"
    reply = what(network, second["uri"], Deed.REPLY, text)
    assert source.find_sent(login, reply, password, door) is None
    sent = source.send(login, reply, password, door)
    assert source.find_sent(login, reply, password, door) == sent
    with pytest.raises(SourceError):
        source.send(login, reply, password, door)  # the same key holds one record
    record = wait_for(lambda: shown(network, sent.key.native_id))["record"]
    assert record["reply"] == {"root": first, "parent": second} and record["text"] == text
    marked = [(text.encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(), f["features"][0]["$type"].rpartition("#")[2]) for f in record["facets"]]
    assert marked == [("@ida.test", "mention"), ("https://lift.example/a_b", "link"), ("#lift", "tag")]
    like, boost = (source.send(login, what(network, first["uri"], deed), password, door) for deed in (Deed.LIKE, Deed.BOOST))
    assert source.find_sent(login, what(network, first["uri"], Deed.LIKE), password, door) == like
    wait_for(lambda: network.get("app.bsky.feed.getLikes", uri=first["uri"]).json().get("likes"))
    wait_for(lambda: network.get("app.bsky.feed.getRepostedBy", uri=first["uri"]).json().get("repostedBy"))
    same(network, source, login, password, door, sent, boost)


@pytest.mark.parametrize(("deed", "back", "told"), [(Deed.LIKE, Deed.UNLIKE, "like"), (Deed.BOOST, Deed.UNBOOST, "repost")])
def test_taken_back_it_is_gone_and_given_again_it_is_there(network: Network, source: Bluesky, password: str, door: Door, deed: Deed, back: Deed, told: str) -> None:
    network.add(f"ida-{told}", displayName="Ida")
    post = network.post(f"ida-{told}", "Who needs a lift?")["uri"]
    login = signed_in(source, network, password, door)
    given = source.send(login, what(network, post, deed), password, door)

    def viewed() -> str | None:
        return source_view(source, login, password, door, post).get(told)

    assert wait_for(viewed) == given.key.native_id
    assert source.send(login, what(network, post, deed, uid="second"), password, door).key == given.key, "liked already, by whatever program"
    undo = replace(what(network, post, back), undoes=given.key)
    assert source.find_sent(login, undo, password, door) is None
    gone = source.send(login, undo, password, door)
    assert source.find_sent(login, undo, password, door) == gone == source.send(login, undo, password, door)
    wait_for(lambda: viewed() is None)
    assert source.send(login, what(network, post, deed, uid="again"), password, door).key != given.key


def source_view(source: Bluesky, login: Login, password: str, door: Door, uri: str) -> dict[str, str]:
    posts = source._talk(login, password, door).get("app.bsky.feed.getPosts", [("uris", uri)])["posts"]
    return dict(posts[0].get("viewer") or {}) if isinstance(posts, list) and posts else {}


def same(network: Network, source: Bluesky, login: Login, password: str, door: Door, *receipts: Receipt) -> None:
    """A reading of my own posts brings exactly these, under the same keys."""
    own = source.streams(login, ())[0]
    found: dict[str, Activity] = {}

    def all_there() -> bool:
        found.update({a.key.native_id: a for a in activities(read(source, login, own, "", password, door))})
        return all(receipt.key.native_id in found for receipt in receipts)

    wait_for(all_there)
    for receipt in receipts:
        mine = next(fact for fact in receipt.facts if isinstance(fact, Activity))
        theirs = found[receipt.key.native_id]
        assert (mine.kind, mine.text, mine.in_reply_to, mine.thread, mine.participants, mine.url) == (
            theirs.kind, theirs.text, theirs.in_reply_to, theirs.thread, theirs.participants, theirs.url
        )  # fmt: skip
        assert any(p.role in (Role.REPLY_TO, Role.SUBJECT) for p in mine.participants)


def shown(network: Network, uri: str) -> dict[str, dict[str, object]] | None:
    posts = network.get("app.bsky.feed.getPosts", uris=uri).json().get("posts") or [None]
    return posts[0]


def test_what_is_gone_is_not_answered(network: Network, source: Bluesky, password: str, door: Door) -> None:
    login = signed_in(source, network, password, door)
    with pytest.raises(Gone, match="does not show"):
        source.send(login, what(network, f"at://{network.did('sam')}/app.bsky.feed.post/3kaaaaaaaaa2a", Deed.REPLY, "Anybody?"), password, door)
