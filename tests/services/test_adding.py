"""Adding somebody by what the user typed: only agreed hosts are asked, everything is shown first, one decision keeps it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from relationdesk.errors import NotAgreed, PrivateAddress, UserMistake
from relationdesk.model import Key, Login
from relationdesk.services import adding, keeping, people
from relationdesk.services.adding import Met, Possible
from relationdesk.sources.door import Door
from relationdesk.store import logins, profiles
from relationdesk.store import people as rows
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, bring, did, key, who

JOE = {
    "id": "42", "username": "joe", "acct": "joe", "display_name": "Joe Brown", "uri": "https://hotel.example/users/joe", "url": "https://hotel.example/@joe",
    "note": "<p>Facilities at Alder &amp; Finch. Also https://backofhouse.example/kitchens and <a href='https://github.com/joe-b'>code</a></p>",
    "avatar": "https://files.hotel.example/joe.png", "followers_count": 1204, "following_count": 311, "statuses_count": 2033,
    "created_at": "2018-05-04T00:00:00.000Z",
    "fields": [{"name": "web", "value": "<a href='https://joe.example'>joe.example</a>", "verified_at": "2026-01-01T00:00:00Z"}],
}  # fmt: skip
CODER = {"id": 7, "login": "joe-b", "type": "User", "name": "J. Brown", "html_url": "https://github.com/joe-b", "blog": "https://joe.example", "followers": 3}
PAGES: dict[str, Any] = {
    "https://hotel.example/api/v1/accounts/lookup": JOE,
    "https://hotel.example/api/v1/accounts/42/statuses": [],
    "https://api.github.com/rate_limit": {"resources": {"core": {}}},
    "https://api.github.com/users/joe-b": CODER,
    "https://api.github.com/users/joe-b/social_accounts": [],
    "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile": {"did": "did:plc:abc", "handle": "joe.bsky.social", "displayName": "Joe", "followersCount": 5},
    "https://hacker-news.firebaseio.com/v0/user/JoeB.json": {"id": "JoeB", "karma": 12, "created": 1_500_000_000, "about": "x"},
}

CHANNEL = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015">
<title>Joe cooks</title><yt:channelId>UCabcdefghijklmnopqrstuv</yt:channelId><author><name>Joe cooks</name>
<uri>https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv</uri></author></feed>"""


class Net:
    """A web in memory behind the real door. asked: hosts, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages = dict(PAGES)

    def door(self, private: frozenset[str], stop: Callable[[], bool], only: frozenset[str]) -> Door:
        return Door(allowed_hosts=private, only=only, transport=httpx.MockTransport(self._answer), stop=stop)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        found = self.pages.get(str(request.url.copy_with(query=None)))
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(404, json={}) if found is None else httpx.Response(200, json=found)


@pytest.fixture
def db() -> Iterator[Desk]:
    yield open_memory()


@pytest.fixture
def net() -> Net:
    return Net()


def one(db: Desk, text: str, place: str = "") -> Possible:
    return next(each for each in adding.possibilities(db, text) if place in ("", each.meant.place))


def look_up(db: Desk, net: Net, text: str, place: str = "", **more: Any) -> Met:
    wanted = one(db, text, place)
    return adding.look_up(db, wanted, frozenset(wanted.asks), door=net.door, **more)


def state(db: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All of the desk but the ledger itself and the names of places and kinds."""
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")]
    left_out = {"decisions", "decision_rows", "places", "kinds", "settings"}
    return {name: db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names if name not in left_out}


# Before anybody is asked


@pytest.mark.parametrize(
    ("text", "place", "asks"),
    [
        ("@joe@hotel.example", "mastodon", ("hotel.example",)),
        ("github:joe-b", "github", ("api.github.com",)),
        ("joe.bsky.social", "bluesky", ("public.api.bsky.app", "plc.directory")),
        ("hn:JoeB", "hackernews", ("hacker-news.firebaseio.com", "hn.algolia.com")),
        ("https://www.youtube.com/@joe", "youtube", ("youtube.com",)),
        ("https://stackoverflow.com/users/22/joe", "stackexchange", ("api.stackexchange.com",)),
        ("https://pinboard.in/u:joe", "pinboard", ("feeds.pinboard.in",)),
        ("https://backofhouse.example/blog", "blog", ("backofhouse.example",)),
    ],
)
def test_who_would_be_asked_is_told_before(db: Desk, text: str, place: str, asks: tuple[str, ...]) -> None:
    found = one(db, text)
    assert (found.meant.place, found.asks, found.why) == (place, asks, "") and found.source


@pytest.mark.parametrize("text", ["linkedin.com/in/joe", "https://www.facebook.com/joe", "x:joe", "https://myspace.com/joe", "http://del.icio.us/joe", "joe@gmail.com", "+49 151 12345678"])
def test_of_closed_places_and_ways_to_reach_nobody_is_asked(db: Desk, net: Net, text: str) -> None:
    found = one(db, text)
    assert found.why.endswith(".") and not found.source and found.asks == ()
    with pytest.raises(UserMistake, match="Nobody was asked"):
        adding.look_up(db, found, frozenset({"x.com"}), door=net.door)
    assert net.asked == []


def test_what_is_in_the_desk_is_told_with_whose_it_is(db: Desk) -> None:
    bring(db, [who("Joe Brown", id_="https://hotel.example/users/joe", handle="joe@hotel.example")])
    found = one(db, "@JOE@hotel.example")
    assert found.person is not None and found.person.name == "Joe Brown" and found.stored is not None
    assert one(db, "@ann@hotel.example").stored is None


def test_a_bare_name_may_be_on_a_server_of_mine(db: Desk) -> None:
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example"))
    first = adding.possibilities(db, "@joe")[0]
    assert (first.meant.place, first.meant.handle, first.asks) == ("mastodon", "joe@hotel.example", ("hotel.example",))


# Asking


def test_what_a_place_shows_is_shown_and_nothing_is_kept(db: Desk, net: Net) -> None:
    before = state(db)
    met = look_up(db, net, "@joe@hotel.example")
    assert state(db) == before and set(net.asked) == {"hotel.example"}
    assert (met.profile.display_name, dict(met.profile.extra)["followers"], dict(met.profile.extra)["since"]) == ("Joe Brown", "1204", "2018-05-04")
    assert dict(met.profile.extra)["picture"] == "https://files.hotel.example/joe.png"
    assert met.stream is not None and met.stream.address == "https://hotel.example" and met.login is not None and met.login.id == 0
    offers = {offer.possible.meant.place: offer for offer in met.offers}
    assert set(offers) == {"blog", "github"} and len(met.offers) == 3
    assert offers["github"].possible.asks == ("api.github.com",) and "Only this Mastodon profile says so" in offers["github"].sentence


def test_a_verified_link_counts_only_where_a_server_of_mine_checked_it(db: Desk, net: Net) -> None:
    assert not any(offer.vouched for offer in look_up(db, net, "@joe@hotel.example").offers)
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example"))
    met = look_up(db, net, "@joe@hotel.example")
    first = met.offers[0]
    assert (first.possible.meant.native_id, first.vouched) == ("https://joe.example", True)
    assert met.offers[0].sentence == "Mastodon has checked it both ways."


def test_no_other_host_is_asked_than_was_agreed(db: Desk, net: Net) -> None:
    wanted = one(db, "@joe@hotel.example")
    with pytest.raises(NotAgreed) as told:
        adding.look_up(db, wanted, frozenset(), door=net.door)
    assert told.value.host == "hotel.example" and net.asked == []
    net.pages["https://hotel.example/api/v1/accounts/lookup"] = httpx.Response(302, headers={"location": "https://far.example/x"})
    with pytest.raises(NotAgreed) as led:
        adding.look_up(db, wanted, frozenset(wanted.asks), door=net.door)
    assert led.value.host == "far.example" and set(net.asked) == {"hotel.example"}


def test_the_server_behind_a_name_is_asked_about_first(db: Desk, net: Net) -> None:
    del net.pages["https://hotel.example/api/v1/accounts/lookup"]
    link = {"rel": "self", "type": "application/activity+json", "href": "https://social.hotel.example/users/joe"}
    net.pages["https://hotel.example/.well-known/webfinger"] = {"links": [link]}
    there = {**JOE, "uri": "https://social.hotel.example/users/joe", "url": "https://social.hotel.example/@joe"}
    net.pages |= {"https://social.hotel.example/api/v1/accounts/lookup": there, "https://social.hotel.example/api/v1/accounts/42/statuses": []}
    wanted = one(db, "@joe@hotel.example")
    with pytest.raises(NotAgreed) as told:
        adding.look_up(db, wanted, frozenset(wanted.asks), door=net.door)
    assert told.value.host == "social.hotel.example" and "social.hotel.example" not in net.asked
    met = adding.look_up(db, wanted, frozenset({*wanted.asks, told.value.host}), door=net.door)
    assert met.profile.key == Key("mastodon", "https://social.hotel.example/users/joe")


def test_whoever_is_added_is_not_taken_for_the_user(db: Desk, net: Net) -> None:
    """Where one signs in by one's own page, somebody else's page makes a login of nobody."""
    user = {"items": [{"user_id": 22, "account_id": 9, "display_name": "Joe", "link": "https://stackoverflow.com/users/22/joe"}], "has_more": False}
    base = "https://api.stackexchange.com/2.3"
    net.pages |= {f"{base}/info": {"items": [{"total_questions": 1}]}, f"{base}/users/22": user, f"{base}/users/9/associated": {"items": []}}
    net.pages |= {f"{base}/filters/create": {"items": [{"filter": "!x"}]}}
    stack = look_up(db, net, "https://stackoverflow.com/users/22/joe")
    assert set(net.asked) == {"api.stackexchange.com"} and stack.profile.display_name == "Joe"
    net.pages["https://www.youtube.com/feeds/videos.xml"] = httpx.Response(200, text=CHANNEL, headers={"content-type": "text/xml"})
    tube = look_up(db, net, "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv")
    assert tube.stream is not None and tube.stream.name == "videos:UCabcdefghijklmnopqrstuv"
    for met in (stack, tube):
        assert met.login is not None and (met.login.user_name, met.login.profile) == ("", None)
        keeping.keep(db, met, NOW)
    assert [(login.source, login.profile) for login in logins.every(db)] == [("stackexchange", None), ("youtube", None)]


def test_a_key_asks_the_server_that_takes_it(db: Desk) -> None:
    with transaction(db):
        logins.save(db, Login(id=0, source="youtube", place="youtube", address="https://www.youtube.com", has_token=True))
    assert one(db, "https://www.youtube.com/@joe").asks == ("youtube.com", "googleapis.com")


def test_a_private_server_has_to_be_allowed(db: Desk, net: Net) -> None:
    with pytest.raises(PrivateAddress):
        look_up(db, net, "@joe@localhost:3000")
    assert net.asked == []


@pytest.mark.parametrize(("text", "name"), [("github:joe-b", "J. Brown"), ("joe.bsky.social", "Joe"), ("hn:JoeB", "JoeB")])
def test_places_of_one_server_show_somebody_without_a_login(db: Desk, net: Net, text: str, name: str) -> None:
    met = look_up(db, net, text)
    assert met.profile.display_name == name and met.profile.extra


# Keeping


def test_all_is_kept_as_one_decision_and_taken_back_without_a_trace(db: Desk, net: Net) -> None:
    met = look_up(db, net, "@joe@hotel.example")
    code = adding.look_up(db, next(o.possible for o in met.offers if o.possible.meant.place == "github"), frozenset({"api.github.com"}), door=net.door)
    before = state(db)
    kept = keeping.keep(db, met, NOW, also=(code,))
    person_id, changes = kept.person_id, kept.changes
    person = rows.get(db, person_id)
    assert person is not None and person.name == "Joe Brown" and changes.undo == "Added Joe Brown (Mastodon and GitHub)"
    stored = profiles.by_key(db, met.profile.key)
    assert stored is not None and (stored.person_id, stored.linked_by) == (person_id, "user")
    asked = profiles.by_key(db, code.profile.key)
    assert asked is not None and asked.person_id is None and asked.settled == "" and kept.waiting == 1  # only claimed: a question
    assert len(kept.logins) == 2
    ways = logins.every(db)
    assert [(login.source, login.address) for login in ways] == [("github", "https://api.github.com"), ("mastodon", "")]
    assert [stream.title for login in ways for stream in logins.followed(db, login.id)] == ["J. Brown", "Joe Brown"]
    after = state(db)
    people.undo(db, NOW)
    assert state(db) == before
    people.redo(db)
    assert state(db) == after


def test_what_was_read_since_goes_with_it_but_not_what_the_user_did(db: Desk, net: Net) -> None:
    met = look_up(db, net, "@joe@hotel.example")
    before = state(db)
    keeping.keep(db, met, NOW)
    read(db, did(met.profile, "a1"), did(met.profile, "a2"))
    people.undo(db, NOW)
    assert state(db) == before
    person_id = keeping.keep(db, met, NOW).person_id
    bring(db, [met.profile, did(met.profile, "a1")])  # a file tells of them, too
    read(db, did(met.profile, "a2"))
    people.undo(db, NOW)
    assert [row[0] for row in db.execute("SELECT native_id FROM activities")] == ["a1"]
    assert rows.get(db, person_id) is None and profiles.by_key(db, met.profile.key) is not None


def read(db: Desk, *facts: Any) -> None:
    """As a sync does it."""
    from relationdesk.store import merge
    from relationdesk.store.staging import Staging
    from relationdesk.store.timekey import seconds

    with Staging(db) as staging:
        staging.add(facts)
        merge.prepare(staging)
        with transaction(db):
            merge.merge(staging, batch_id=None, now=seconds(NOW))


def test_a_vouched_page_links_alone_and_a_claimed_one_is_asked(db: Desk, net: Net) -> None:
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example"))
    net.pages["https://joe.example"] = httpx.Response(200, text='<rss version="2.0"><channel><title>Joe</title><link>https://joe.example</link></channel></rss>')
    net.pages["https://joe.example/"] = net.pages["https://joe.example"]
    met = look_up(db, net, "@joe@hotel.example")
    blog = adding.look_up(db, met.offers[0].possible, frozenset({"joe.example"}), door=net.door)
    person_id = keeping.keep(db, met, NOW, also=(blog,)).person_id
    stored = profiles.by_key(db, blog.profile.key)
    assert stored is not None and stored.person_id == person_id and "both ways" in stored.linked_how


def test_somebody_known_gets_another_place(db: Desk, net: Net) -> None:
    person_id, _ = people.add_person(db, "Joe Brown", NOW)
    met = look_up(db, net, "@joe@hotel.example")
    assert [person.name for person, _ in met.whose] == ["Joe Brown"]
    kept = keeping.keep(db, met, NOW, person_id=person_id, follow=False)
    assert (kept.person_id, kept.changes.undo, kept.logins, logins.every(db)) == (person_id, "Added Mastodon to Joe Brown", (), ())
    other, _ = people.add_person(db, "Ann Example", NOW)
    with pytest.raises(UserMistake, match="is Joe Brown’s already"):
        keeping.keep(db, met, NOW, person_id=other)


def test_a_link_is_kept_offline_and_takes_the_places_own_id_later(db: Desk, net: Net) -> None:
    person_id = keeping.keep(db, adding.as_link(one(db, "github.com/Joe-B").meant), NOW, name="Joe Brown").person_id
    (stored,) = profiles.of_person(db, person_id)
    assert (stored.profile.key, stored.profile.url, net.asked) == (Key("github", "@joe-b"), "https://github.com/Joe-B", [])
    again = one(db, "https://github.com/joe-b")
    assert again.person is not None and again.person.id == person_id
    met = look_up(db, net, "github:joe-b")
    keeping.keep(db, met, NOW, person_id=person_id)
    (stored,) = profiles.of_person(db, person_id)
    assert stored.profile.key == Key("github", "7") and db.execute("SELECT count(*) FROM stand_ins").fetchone() == (0,)


def test_somebody_else_of_the_same_name_elsewhere_is_not_taken_for_the_link(db: Desk) -> None:
    keeping.keep(db, adding.as_link(one(db, "https://forum.example/u/joe").meant), NOW)
    read(db, who("Joe Other", "discourse", "https://other.example/u/joe", handle="joe"))
    assert db.execute("SELECT count(*) FROM profiles").fetchone() == (2,) and db.execute("SELECT count(*) FROM stand_ins").fetchone() == (1,)


def test_a_link_kept_and_taken_back(db: Desk) -> None:
    before = state(db)
    keeping.keep(db, adding.as_link(one(db, "linkedin.com/in/joe-brown").meant), NOW, name="Joe Brown")
    keeping.keep(db, adding.as_link(one(db, "x:joe").meant), NOW, person_id=rows.find(db, "Joe Brown").id)
    after = state(db)
    people.undo(db, NOW)
    people.undo(db, NOW)
    assert state(db) == before
    people.redo(db)
    people.redo(db)
    assert state(db) == after


def test_taken_back_out_of_order_a_way_in_stays_while_more_is_followed_through_it(db: Desk, net: Net) -> None:
    keeping.keep(db, look_up(db, net, "@joe@hotel.example"), NOW)
    first = db.execute("SELECT max(id) FROM decisions").fetchone()[0]
    net.pages["https://hotel.example/api/v1/accounts/lookup"] = {**JOE, "id": "43", "acct": "ann", "uri": "https://hotel.example/users/ann", "url": "https://hotel.example/@ann"}
    net.pages["https://hotel.example/api/v1/accounts/43/statuses"] = []
    keeping.keep(db, look_up(db, net, "@ann@hotel.example"), NOW)
    done, _ = people.undo(db, NOW, first)
    assert done.kept == ("The way into the place stays, because more is followed through it.",)
    (login,) = logins.every(db)
    assert [stream.profile for stream in logins.followed(db, login.id)] == [key("https://hotel.example/users/ann")]


def test_a_name_is_needed_for_nobody_and_forgotten_stays_forgotten(db: Desk) -> None:
    place = one(db, "x:joe")
    with transaction(db):
        db.execute("INSERT INTO forgotten SELECT ?, '@joe', 1", (profiles.place_id(db, "x"),))
    with pytest.raises(UserMistake, match="does not come back"):
        keeping.keep(db, adding.as_link(place.meant), NOW)
    assert rows.count(db) == 0
