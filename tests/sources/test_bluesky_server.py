"""Against a real AT Protocol network (PDS and AppView): sign-in, posts, answers, likes, withdrawals, new handles, the archive."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from relationdesk.errors import LoginRejected, SourceUnavailable, UserMistake
from relationdesk.model import Activity, Audience, Key, Kind, Login, Page, Profile, Role, Stream, Tombstone
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.door import Door
from relationdesk.sources.door_wire import system_resolve
from tests import atproto_network
from tests.atproto_network import Network, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    if sentence := atproto_network.missing():
        (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)(sentence)
    running = Network(tmp_path_factory.mktemp("atproto"))
    try:
        running.add("sam", displayName="Sam Carter")
        yield running
    finally:
        running.stop()


@pytest.fixture
def source() -> Bluesky:
    return Bluesky()


def only_here(host: str, port: int) -> list[str]:
    """Nobody on the network outside is ever asked, not even for a number."""
    return list(system_resolve(host, port)) if host == "localhost" else []


@pytest.fixture
def door(network: Network) -> Door:
    return Door(allowed_hosts=network.hosts, resolve=only_here)


@pytest.fixture(scope="module")
def password(network: Network) -> str:
    return network.app_password("sam")


def signed_in(source: Bluesky, network: Network, password: str, door: Door) -> Login:
    return source.connect(f"sam.test@{network.pds.removeprefix('http://')}", password, door)


def read(source: Bluesky, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> list[Page]:
    return list(source.pages(login, stream, cursor, token, door))


def activities(pages: list[Page]) -> list[Activity]:
    return [fact for page in pages for fact in page.facts if isinstance(fact, Activity)]


def last(pages: list[Page]) -> str:
    return [page.cursor for page in pages if page.cursor][-1]


def test_sign_in(network: Network, source: Bluesky, password: str, door: Door) -> None:
    login = signed_in(source, network, password, door)
    assert (login.address, login.user_name, login.profile) == (network.pds, "sam.test", Key("bluesky", network.did("sam")))
    with pytest.raises(LoginRejected, match="app password"):
        source.connect(f"sam.test@{network.pds.removeprefix('http://')}", "abcd-efgh-ijkl-mnop", door)
    with pytest.raises(UserMistake, match="Nothing was sent"):
        source.connect(f"sam.test@{network.pds.removeprefix('http://')}", "pw-sam", door)


def test_everything_somebody_does_with_and_without_a_login(network: Network, source: Bluesky, password: str, door: Door) -> None:
    joe = network.add("joe", displayName="Joe Brown", description="Buyer. https://acme.example joe@acme.example")
    first = network.post("sam", "Who needs a meter?")
    text = "😀 See acme.example/lo... and @sam.test"
    link = {"index": {"byteStart": 9, "byteEnd": 27}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://acme.example/long"}]}
    name = {"index": {"byteStart": 32, "byteEnd": 41}, "features": [{"$type": "app.bsky.richtext.facet#mention", "did": network.did("sam")}]}
    said = network.post("joe", text, facets=[link, name])
    answer = network.post("joe", "We do", reply={"root": first, "parent": first})
    network.post("joe", "Look at this", embed={"$type": "app.bsky.embed.record", "record": first})
    shared = network.write("joe", "app.bsky.feed.repost", subject=first)

    login = signed_in(source, network, password, door)
    stream, profile = source.follow("https://bsky.app/profile/joe.test", login, password, door)
    assert (profile.key.native_id, profile.handle, profile.display_name) == (joe, "joe.test", "Joe Brown")
    assert {a.value for a in profile.addresses} == {"https://acme.example", "joe@acme.example"}
    assert not any(a.vouched for a in profile.addresses)
    wait_for(lambda: len(network.get("app.bsky.feed.getAuthorFeed", actor=joe).json()["feed"]) == 4)
    found = activities(read(source, login, stream, "", password, door))
    assert sorted(fact.kind for fact in found) == [Kind.POST, Kind.POST, Kind.REPLY, Kind.SHARE]
    by_key = {fact.key.native_id: fact for fact in found}
    assert by_key[said["uri"]].text == "😀 See https://acme.example/long and @sam.test"
    assert [(p.profile.native_id, p.role) for p in by_key[said["uri"]].participants] == [(network.did("sam"), Role.MENTIONED)]
    assert by_key[answer["uri"]].in_reply_to == first["uri"] == by_key[answer["uri"]].thread
    assert dict(by_key[shared["uri"]].extra)["shared"] == first["uri"] and by_key[shared["uri"]].text == "Who needs a meter?"
    assert "Who needs a meter?" in {value for fact in found for key, value in fact.extra if key == "quoted"}
    assert {fact.audience for fact in found} == {Audience.PUBLIC}

    public = source.connect(f"joe.test@{network.appview.removeprefix('http://')}", "", door)
    assert not public.has_token and source.streams(public, (stream,)) == (stream,)
    assert activities(read(source, public, stream, "", "", door)) == found


def test_what_others_do_towards_me(network: Network, source: Bluesky, password: str, door: Door) -> None:
    mary = network.add("mary", displayName="Mary Jones")
    mine = network.post("sam", "Meters are in stock")
    like = network.write("mary", "app.bsky.feed.like", subject=mine)
    passed = network.write("mary", "app.bsky.feed.repost", subject=mine)
    follow = network.write("mary", "app.bsky.graph.follow", subject=network.did("sam"))
    answer = network.post("mary", "How many?", reply={"root": mine, "parent": mine})
    login = signed_in(source, network, password, door)
    _, notifications, answers = source.streams(login, ())

    def towards_me() -> dict[str, Activity]:
        return {fact.key.native_id: fact for fact in activities(read(source, login, notifications, "", password, door))}

    wait_for(lambda: {like["uri"], passed["uri"], follow["uri"], answer["uri"]} <= set(towards_me()))
    found = towards_me()
    assert (found[like["uri"]].kind, found[like["uri"]].text) == (Kind.REACTION, "Meters are in stock")
    assert found[passed["uri"]].kind is Kind.SHARE and dict(found[follow["uri"]].extra)["reaction"] == "follow"
    assert {found[ref["uri"]].actor for ref in (like, passed, follow, answer)} == {Key("bluesky", mary)}

    pages = read(source, login, answers, "", password, door)
    assert found[answer["uri"]] in activities(pages)  # the same value from both
    assert activities(read(source, login, answers, last(pages), password, door)) == []


def test_an_answer_that_no_notification_tells_is_found(network: Network, source: Bluesky, password: str, door: Door) -> None:
    """The place tells nobody of an answer that it met before the post it answers; the thread shows it all the same."""
    network.add("hasty", displayName="Hasty")
    login = signed_in(source, network, password, door)
    answers = source.streams(login, ())[2]
    lost = []
    for number in range(4):
        mine = network.write("sam", "app.bsky.feed.post", seen=False, text=f"Number {number}")
        lost.append(network.write("hasty", "app.bsky.feed.post", seen=False, text=f"Mine, {number}", reply={"root": mine, "parent": mine}))
    wanted = {ref["uri"] for ref in lost}

    def told() -> bool:
        return wanted <= {fact.key.native_id for fact in activities(read(source, login, answers, "", password, door))}

    wait_for(told)


def test_only_what_is_new_or_withdrawn_comes_again(network: Network, source: Bluesky, password: str, door: Door) -> None:
    ann = network.add("ann", displayName="Ann")
    posts = [network.post("ann", f"Post {n}") for n in range(3)]
    shared = network.write("ann", "app.bsky.feed.repost", subject=posts[0])
    login = signed_in(source, network, password, door)
    stream, _ = source.follow("@ann.test", login, password, door)
    wait_for(lambda: len(network.get("app.bsky.feed.getAuthorFeed", actor=ann).json()["feed"]) == 4)
    pages = read(source, login, stream, "", password, door)
    assert len(activities(pages)) == 4
    again = read(source, login, stream, last(pages), password, door)
    assert activities(again) == []

    network.delete("ann", posts[1]["uri"])
    network.delete("ann", shared["uri"])
    new = network.post("ann", "Post 3")
    third = read(source, login, stream, last(again), password, door)
    assert [fact.key.native_id for fact in activities(third)] == [new["uri"]]
    gone = {fact.key.native_id for page in third for fact in page.facts if isinstance(fact, Tombstone)}
    assert gone == {posts[1]["uri"], shared["uri"]}


def test_a_new_handle_is_the_same_profile(network: Network, source: Bluesky, password: str, door: Door) -> None:
    kim = network.add("kim", displayName="Kim")
    network.post("kim", "Hello")
    login = signed_in(source, network, password, door)
    stream, before = source.follow("kim.test", login, password, door)
    network.call("com.atproto.identity.updateHandle", "kim", {"handle": "kim-tanaka.test"})
    wait_for(lambda: network.get("app.bsky.actor.getProfile", actor=kim).json()["handle"] == "kim-tanaka.test")
    facts = [fact for page in read(source, login, stream, "", password, door) for fact in page.facts]
    handles = {fact.handle for fact in facts if isinstance(fact, Profile) and fact.key == before.key}
    assert handles == {"kim-tanaka.test"} and before.handle == "kim.test"
    assert source.follow("kim-tanaka.test", login, password, door)[0].name == stream.name


def test_a_profile_at_rest_is_said_so_and_comes_back(network: Network, source: Bluesky, password: str, door: Door) -> None:
    gil = network.add("gil", displayName="Gil")
    network.post("gil", "Bye for now")
    login = signed_in(source, network, password, door)
    stream, _ = source.follow("gil.test", login, password, door)
    pages = read(source, login, stream, "", password, door)
    network.call("com.atproto.server.deactivateAccount", "gil", {})
    wait_for(lambda: network.get("app.bsky.actor.getProfile", actor=gil).status_code == 400)
    with pytest.raises(SourceUnavailable, match="put to rest"):
        read(source, login, stream, last(pages), password, door)
    network.call("com.atproto.server.activateAccount", "gil", {"": ""})
    wait_for(lambda: network.get("app.bsky.actor.getProfile", actor=gil).status_code == 200)
    wait_for(lambda: len(network.get("app.bsky.feed.getAuthorFeed", actor=gil).json()["feed"]) == 1)
    after = [fact for page in read(source, login, stream, last(pages), password, door) for fact in page.facts]
    assert not any(isinstance(fact, Tombstone) for fact in after)


def test_who_blocks_me_is_said_so(network: Network, source: Bluesky, password: str, door: Door) -> None:
    network.add("cal", displayName="Cal")
    network.post("cal", "Hm")
    login = signed_in(source, network, password, door)
    stream, _ = source.follow("cal.test", login, password, door)
    network.write("cal", "app.bsky.graph.block", subject=network.did("sam"))

    def refused() -> bool:
        try:
            read(source, login, stream, "", password, door)
        except SourceUnavailable as e:
            return "does not let you read it" in str(e)
        return False

    wait_for(refused)


def test_a_withdrawn_app_password_asks_to_sign_in_again(network: Network, source: Bluesky, door: Door) -> None:
    named = network.call("com.atproto.server.createAppPassword", "sam", {"name": "soon-gone"})
    token = str(named["password"])
    login = signed_in(source, network, token, door)
    own = source.streams(login, ())[0]
    assert read(source, login, own, "", token, door)
    network.call("com.atproto.server.revokeAppPassword", "sam", {"name": "soon-gone"})
    with pytest.raises(LoginRejected, match="sign in again"):
        read(Bluesky(), login, own, "", token, door)


def test_a_session_is_opened_once_and_renewed(network: Network, source: Bluesky, password: str, door: Door, monkeypatch) -> None:
    asked: list[str] = []
    post = Door.post_json

    def counted(self: Door, url: str, *args, **options):  # type: ignore[no-untyped-def]
        asked.append(url.rpartition(".")[2])
        return post(self, url, *args, **options)

    monkeypatch.setattr(Door, "post_json", counted)
    login = signed_in(source, network, password, door)
    own, notifications, answers = source.streams(login, ())
    for stream in (own, notifications, answers, own):
        read(source, login, stream, "", password, door)
    assert asked == ["createSession", "createSession"]  # to connect, and for the DID that signs in from then on
    (_slot, session), *_ = [one for one in source._sessions._open.items() if one[0][1] == network.did("sam")]
    object.__setattr__(session, "access", "eyJhbGciOiJIUzI1NiJ9.e30.nonsense")
    read(source, login, own, "", password, door)
    assert asked[2:] == ["refreshSession"]


def test_nobody_of_that_name(network: Network, source: Bluesky, password: str, door: Door) -> None:
    login = signed_in(source, network, password, door)
    for address in ("nobody.test", "@nobody.test", "https://bsky.app/profile/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"):
        with pytest.raises(UserMistake, match="was found on Bluesky"):
            source.follow(address, login, password, door)
    with pytest.raises(UserMistake, match="not a Bluesky address"):
        source.follow("not a handle", login, password, door)
    with pytest.raises(UserMistake, match="was found"):
        source.connect(f"nobody.test@{network.appview.removeprefix('http://')}", "", door)

