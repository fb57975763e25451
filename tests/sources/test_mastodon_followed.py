"""People on Mastodon who change, move, and show some things only to those who follow them; and lists. Several small servers in one world."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import Gone, SourceUnavailable, UserMistake
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Coverage,
    Fact,
    Key,
    Login,
    Profile,
    Stream,
    Tombstone,
)
from relationdesk.sources.door import Door
from relationdesk.sources.mastodon import Mastodon
from relationdesk.sources.mastodon_followed import MAX_MOVES, Way
from relationdesk.troubles import Trouble

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
OURS, FAR, NEW = "https://social.example", "https://far.example", "https://new.example"
ME = Key("mastodon", f"{OURS}/users/sam")


def person(name: str, base: str, number: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "username": name, "acct": name, "url": f"{base}/@{name}", "uri": f"{base}/users/{name}", "display_name": name.title(), "note": "",
        "fields": [], **more,
    }  # fmt: skip


def status(number: int, author: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": str(number), "uri": f"{author['uri']}/statuses/{number}", "url": f"{author['url']}/{number}", "created_at": f"2026-11-20T09:{number % 60:02}:00.000Z",
        "edited_at": None, "visibility": "public", "spoiler_text": "", "content": f"<p>Post {number}</p>", "in_reply_to_id": None, "reblog": None,
        "mentions": [], "media_attachments": [], "poll": None, "account": author, **more,
    }  # fmt: skip


class World:
    """Paths by server, each a value or an answer. Whoever is asked, and with which key, is remembered."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.asked: list[str] = []
        self.keys: dict[str, set[str]] = {}
        self.now = NOW

    def door(self) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), clock=lambda: self.now)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        address = str(request.url.copy_with(query=None))
        self.asked.append(str(request.url))
        self.keys.setdefault(f"https://{request.url.host}", set()).add(request.headers.get("authorization", ""))
        if "application/activity+json" in request.headers["accept"]:
            address += " document"
        if request.url.path == "/api/v1/accounts/lookup":
            address += " " + request.url.params["acct"]
        found = self.pages.get(address)
        if found is None:
            return httpx.Response(404, json={"error": "Record not found"})
        if isinstance(found, list) and request.url.path.endswith(("/statuses", "/12")) and "min_id" in request.url.params:
            found = [one for one in found if int(one["id"]) > int(request.url.params["min_id"])]
        if isinstance(found, list) and "max_id" in request.url.params:
            found = []
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    def lives(self, base: str, who: dict[str, Any], *posts: dict[str, Any]) -> None:
        self.pages |= {
            f"{base}/api/v1/accounts/{who['id']}": who, f"{base}/api/v1/accounts/{who['id']}/statuses": list(posts),
            f"{base}/api/v1/accounts/lookup {who['acct']}": who,
        }  # fmt: skip

    def document(self, who: dict[str, Any], *names: str) -> None:
        self.pages[f"{who['uri']} document"] = {"id": who["uri"], "type": "Person", "alsoKnownAs": list(names)}


class Desk:
    """Joe lives far away; we have a key on our own server, or none."""

    def __init__(self, token: str = "good", server: str = FAR) -> None:
        self.world, self.token = World(), token
        self.source = Mastodon(clock=lambda: self.world.now)
        self.login = Login(id=1, source="mastodon", place="mastodon", address=OURS, user_name="sam", has_token=bool(token), profile=ME)
        self.joe = person("joe", server, "7")
        self.world.lives(server, self.joe, status(1, self.joe))
        self.stream = Stream(name="statuses:far.example:7" if server == FAR else "statuses:7", address=server, profile=Key("mastodon", self.joe["uri"]))
        self.cursor = ""

    def facts(self, stream: Stream | None = None) -> list[Fact]:
        found: list[Fact] = []
        for page in self.source.pages(self.login, stream or self.stream, self.cursor, self.token, self.world.door()):
            self.cursor = page.cursor or self.cursor
            found += page.facts
        return found

    def texts(self, stream: Stream | None = None) -> list[str]:
        return [fact.text for fact in self.facts(stream) if isinstance(fact, Activity)]

    def tomorrow(self) -> None:
        self.world.now += timedelta(days=1, minutes=1)


@pytest.fixture
def desk() -> Desk:
    return Desk()


# A profile changes


def test_a_profile_is_read_once_a_day_also_without_new_posts(desk: Desk) -> None:
    desk.facts()
    desk.joe |= {"display_name": "Joe Brown", "note": "<p>Valves</p>"}
    assert not [fact for fact in desk.facts() if isinstance(fact, Profile)]
    desk.tomorrow()
    assert [(fact.display_name, fact.bio, fact.addresses) for fact in desk.facts() if isinstance(fact, Profile)] == [("Joe Brown", "Valves", ())]


def test_a_cursor_of_before_goes_on(desk: Desk) -> None:
    desk.facts()
    desk.cursor = Way.read(desk.cursor).at
    desk.world.pages[f"{FAR}/api/v1/accounts/7/statuses"].insert(0, status(2, desk.joe))
    assert desk.texts() == ["Post 2"]


@pytest.mark.parametrize("cursor", ["nonsense", "[]", "null", '{"at": 5, "moved": "x", "then": []}', '{"at": "", "moved": ["a"]}'])
def test_a_cursor_that_is_none_begins_anew(desk: Desk, cursor: str) -> None:
    desk.cursor = cursor
    assert desk.texts() == ["Post 1"]


# Somebody moves


def moves(desk: Desk, base: str = NEW, *, both: bool = True, number: str = "70") -> dict[str, Any]:
    new = person("joseph", base, number)
    desk.joe["moved"] = new
    desk.world.lives(base, new, status(50, new))
    desk.world.document(new, *([desk.joe["uri"]] if both else ["https://other.example/users/joe"]))
    return new


def test_a_move_of_which_both_sides_tell_is_gone_along_with(desk: Desk) -> None:
    desk.facts()
    new = moves(desk)
    desk.tomorrow()
    found = desk.facts()
    key = Key("mastodon", new["uri"])
    vouched = Address(kind=AddressKind.WEB, value=f"{NEW}/users/joseph", vouched=True)
    assert any(isinstance(fact, Profile) and fact.key == desk.stream.profile and fact.addresses == (vouched,) for fact in found)
    assert any(isinstance(fact, Profile) and fact.key == key and fact.known for fact in found)
    assert [(fact.actor, fact.text) for fact in found if isinstance(fact, Activity)] == [(key, "Post 50")]
    assert {fact.profile for fact in found if isinstance(fact, Coverage)} == {desk.stream.profile, key}
    assert desk.world.keys[NEW] == {""} and desk.world.keys[FAR] == {""}
    desk.world.pages[f"{NEW}/api/v1/accounts/70/statuses"].insert(0, status(51, new))
    assert desk.texts() == ["Post 51"]


def test_to_our_own_server_the_key_is_used_there(desk: Desk) -> None:
    moves(desk, OURS)
    assert "Post 50" in desk.texts() and "Bearer good" in desk.world.keys[OURS] and desk.world.keys[FAR] == {""}


@pytest.mark.parametrize("answer", [
    None, httpx.Response(401), {"id": f"{NEW}/users/joseph"}, {"id": f"{NEW}/users/other", "alsoKnownAs": [f"{FAR}/users/joe"]}, [], {"id": f"{NEW}/users/joseph", "alsoKnownAs": {"a": 1}},
])  # fmt: skip
def test_a_move_of_which_only_one_side_tells_is_none(desk: Desk, answer: Any) -> None:
    """Else any server could hand its people over to somebody else."""
    new = moves(desk)
    desk.world.pages[f"{new['uri']} document"] = answer
    found = desk.facts()
    assert desk.texts() == [] and not any(isinstance(fact, Profile) and fact.key.native_id == new["uri"] for fact in found)
    assert not any(address.vouched for fact in found if isinstance(fact, Profile) for address in fact.addresses)


def test_a_new_home_that_does_not_answer_yet_is_tried_again(desk: Desk) -> None:
    moves(desk)
    lookup = desk.world.pages.pop(f"{NEW}/api/v1/accounts/lookup joseph")
    assert desk.texts() == ["Post 1"]
    desk.world.pages[f"{NEW}/api/v1/accounts/lookup joseph"] = lookup
    assert desk.texts() == ["Post 50"]


def test_trouble_at_the_new_home_keeps_nobody_from_the_old_one(desk: Desk) -> None:
    moves(desk)
    desk.world.pages[f"{NEW}/api/v1/accounts/70/statuses"] = httpx.Response(429, headers={"retry-after": "3600"})
    assert desk.texts() == ["Post 1"]


def test_who_moves_back_is_read_at_home_only(desk: Desk) -> None:
    moves(desk)
    desk.facts()
    desk.joe["moved"] = None
    desk.tomorrow()
    asked = len(desk.world.asked)
    desk.facts()
    assert not [address for address in desk.world.asked[asked:] if address.startswith(NEW)]


def test_moves_in_a_circle_end(desk: Desk) -> None:
    new = moves(desk)
    new["moved"] = {name: value for name, value in desk.joe.items() if name != "moved"}
    desk.world.document(desk.joe, new["uri"])
    desk.facts()
    statuses = [address for address in desk.world.asked if "/statuses" in address and "max_id" not in address]
    assert len(statuses) == MAX_MOVES + 1


# What somebody shows to those who follow them


def follows(desk: Desk, following: bool = True) -> dict[str, Any]:
    there = {**desk.joe, "id": "900", "acct": "joe@far.example"}
    desk.world.lives(OURS, there, status(3, there, visibility="private"), status(2, there), status(1, there))
    desk.world.pages[f"{OURS}/api/v1/accounts/relationships"] = [{"id": "900", "following": following}]
    return there


def test_what_is_for_followers_comes_through_our_own_server(desk: Desk) -> None:
    there = follows(desk)
    found = desk.facts()
    assert [(fact.text, fact.audience) for fact in found if isinstance(fact, Activity)] == [("Post 1", Audience.PUBLIC), ("Post 3", Audience.FOLLOWERS)]
    assert desk.world.keys[FAR] == {""} and desk.world.keys[OURS] == {"Bearer good"}
    desk.world.pages[f"{OURS}/api/v1/accounts/900/statuses"].insert(0, status(5, there, visibility="private"))
    assert desk.texts() == ["Post 5"]


def test_only_who_follows_asks_for_it(desk: Desk) -> None:
    follows(desk, following=False)
    assert desk.texts() == ["Post 1"]
    assert not [address for address in desk.world.asked if address.startswith(f"{OURS}/api/v1/accounts/900/statuses")]
    bare = Desk(token="")
    follows(bare)
    assert bare.texts() == ["Post 1"] and OURS not in bare.world.keys


def test_what_our_server_no_longer_keeps_was_not_withdrawn(desk: Desk) -> None:
    follows(desk)
    desk.facts()
    del desk.world.pages[f"{OURS}/api/v1/accounts/900/statuses"][1]
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)]


def test_our_own_server_in_trouble_keeps_nobody_from_theirs(desk: Desk) -> None:
    follows(desk)
    desk.world.pages[f"{OURS}/api/v1/accounts/900/statuses"] = httpx.Response(401)
    assert desk.texts() == ["Post 1"]
    desk.world.pages[f"{OURS}/api/v1/accounts/relationships"] = httpx.Response(429)
    desk.tomorrow()
    assert desk.texts() == []


def test_somebody_of_our_own_server_is_read_there_with_the_key_and_asked_for_once() -> None:
    desk = Desk(server=OURS)
    desk.world.pages[f"{OURS}/api/v1/accounts/7/statuses"] = [status(3, desk.joe, visibility="private"), status(1, desk.joe)]
    assert desk.texts() == ["Post 1", "Post 3"] and not [address for address in desk.world.asked if "relationships" in address]


# Lists


def with_list(desk: Desk) -> dict[str, Any]:
    there = {**desk.joe, "id": "900", "acct": "joe@far.example"}
    desk.world.pages |= {
        f"{OURS}/api/v1/lists": [{"id": "12", "title": "Customers"}, {"id": "13", "title": "Peers"}, {"id": None}],
        f"{OURS}/api/v1/lists/12/accounts": [there, person("ann", OURS, "8"), {"id": "9"}],
        f"{OURS}/api/v1/timelines/list/12": [status(3, there, visibility="private"), status(1, there)],
    }  # fmt: skip
    return there


@pytest.mark.parametrize("typed", ["list:Customers", " list: customers ", f"{OURS}/lists/12", f"{OURS}/web/lists/12/"])
def test_a_list_is_followed_by_its_name_or_page(desk: Desk, typed: str) -> None:
    with_list(desk)
    stream, profile = desk.source.follow(typed, desk.login, "good", desk.world.door())
    assert stream == Stream(name="list:12", address=OURS, title="List: Customers") and profile.key == ME


@pytest.mark.parametrize("typed", ["list:Friends", "list:", f"{OURS}/lists/99", f"{FAR}/lists/12"])
def test_a_list_that_is_none_is_told_with_those_there_are(desk: Desk, typed: str) -> None:
    with_list(desk)
    with pytest.raises(UserMistake, match="Customers, Peers"):
        desk.source.follow(typed, desk.login, "good", desk.world.door())


def test_without_a_key_or_lists_that_is_told() -> None:
    desk = Desk(token="")
    with pytest.raises(UserMistake, match="with a key only"):
        desk.source.follow("list:Customers", desk.login, "", desk.world.door())
    assert desk.world.asked == []
    desk = Desk()
    desk.world.pages[f"{OURS}/api/v1/lists"] = []
    with pytest.raises(UserMistake, match="no lists"):
        desk.source.follow("list:Customers", desk.login, "good", desk.world.door())


LIST = Stream(name="list:12", address=OURS, title="List: Customers")


def test_everybody_on_a_list_is_known_and_read_in_one_question(desk: Desk) -> None:
    there = with_list(desk)
    found = desk.facts(LIST)
    known = [fact.handle for fact in found if isinstance(fact, Profile) and fact.known]
    assert known == ["joe@far.example", "ann@social.example"] and not [fact for fact in found if isinstance(fact, Coverage)]
    assert [(fact.text, fact.audience) for fact in found if isinstance(fact, Activity)] == [("Post 1", Audience.PUBLIC), ("Post 3", Audience.FOLLOWERS)]
    asked = len(desk.world.asked)
    desk.world.pages[f"{OURS}/api/v1/timelines/list/12"].insert(0, status(4, there))
    assert desk.texts(LIST) == ["Post 4"] and len(desk.world.asked) == asked + 1
    desk.world.pages[f"{OURS}/api/v1/lists/12/accounts"].append(person("cy", FAR, "99"))
    desk.tomorrow()
    assert "cy@far.example" in [fact.handle for fact in desk.facts(LIST) if isinstance(fact, Profile) and fact.known]


def test_a_list_that_was_deleted_is_told(desk: Desk) -> None:
    with pytest.raises(Gone, match="kept"):
        desk.facts(LIST)


def test_a_key_without_the_right_to_read_lists_is_told(desk: Desk) -> None:
    with_list(desk)
    desk.world.pages[f"{OURS}/api/v1/lists/12/accounts"] = httpx.Response(403, json={"error": "This action is outside the authorized scopes"})
    with pytest.raises(SourceUnavailable, match="all read rights"):
        desk.facts(LIST)


def test_whom_their_server_suspended_is_neither_quiet_nor_nameless(desk: Desk) -> None:
    """Mastodon shows of them an empty name, no words and no posts, all with status 200."""
    desk.facts()
    posts = desk.world.pages[f"{FAR}/api/v1/accounts/7/statuses"]
    desk.world.pages[f"{FAR}/api/v1/accounts/7/statuses"] = []
    desk.world.pages[f"{FAR}/api/v1/accounts/7"] = {**desk.joe, "suspended": True, "display_name": "", "note": "", "fields": []}
    desk.world.now += timedelta(minutes=30)
    assert desk.facts() == [], "nothing was read, nothing is gone"
    for _ in range(2):
        desk.world.now += timedelta(minutes=30)
        with pytest.raises(SourceUnavailable, match="suspended") as caught:
            desk.facts()
        assert caught.value.trouble is Trouble.HIDDEN
    desk.world.lives(FAR, desk.joe, status(2, desk.joe), *posts)
    desk.world.now += timedelta(minutes=30)
    found = desk.facts()
    assert [fact.text for fact in found if isinstance(fact, Activity)] == ["Post 2"] and [fact.until for fact in found if isinstance(fact, Coverage)] == [desk.world.now]
    assert next(fact.display_name for fact in found if isinstance(fact, Profile)) == "Joe"
