"""Bluesky from sign-in to withdrawal, step by step from a small server that behaves as the real one does."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from relationdesk.errors import (
    LoginRejected,
    RateLimited,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
    UserMistake,
)
from relationdesk.model import (
    Activity,
    AddressKind,
    Coverage,
    Fact,
    Key,
    Kind,
    Login,
    Page,
    Precision,
    Profile,
    Role,
    Stream,
    Tombstone,
)
from relationdesk.services.sample_input import write_sample
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.bluesky_facts import item_facts, item_moment, notification_facts, profile_of
from relationdesk.sources.listing import FIRST_ITEMS, MAX_CHECKS, MAX_PAGES
from tests.lexicons import SPECS, wrong
from tests.skies import ANN, CID, FIRST, HANDLES, HOME, JOE, PASSWORD, SAM, Skies, iso, post, refusal, repost, uri, who

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FEED = "app.bsky.feed.getAuthorFeed"


class Desk:
    """Who follows Joe from home, and what was read so far."""

    def __init__(self) -> None:
        self.skies = Skies()
        self.now = NOW
        self.source = Bluesky(lambda: self.now)
        self.login = self.source.connect(HANDLES[SAM], PASSWORD, self.skies.door())
        self.cursors: dict[str, str] = {}
        self.joe = Stream(name=f"posts:{JOE}", address=HOME, profile=Key("bluesky", JOE), title="Joe")

    def pages(self, stream: Stream | None = None) -> list[Page]:
        """The next reading; its cursor is kept as each page is, so that what fails in between keeps what came before."""
        chosen = stream or self.joe
        found: list[Page] = []
        token = PASSWORD if self.login.has_token else ""
        for page in self.source.pages(self.login, chosen, self.cursors.get(chosen.name, ""), token, self.skies.door()):
            self.cursors[chosen.name] = page.cursor or self.cursors.get(chosen.name, "")
            found.append(page)
        return found

    def facts(self, stream: Stream | None = None) -> list[Fact]:
        return [fact for page in self.pages(stream) for fact in page.facts]

    def texts(self, stream: Stream | None = None) -> list[str]:
        return [fact.text for fact in self.facts(stream) if isinstance(fact, Activity)]

    def own(self, number: int) -> Stream:
        return self.source.streams(self.login, ())[number]


@pytest.fixture
def desk() -> Desk:
    return Desk()


# Who we are


def test_a_handle_leads_to_the_server_that_keeps_its_records(desk: Desk) -> None:
    assert desk.login == Login(
        id=0, source="bluesky", place="bluesky", address=HOME, user_name=HANDLES[SAM], profile=Key("bluesky", SAM), has_token=True
    )
    assert desk.skies.hosts == {"public.api.bsky.app", "plc.directory", "pds.example"}


@pytest.mark.parametrize("typed", ["@sam.bsky.social", " SAM.bsky.social ", "https://bsky.app/profile/sam.bsky.social", SAM, "sam.bsky.social@pds.example"])
def test_all_spellings_of_me(typed: str) -> None:
    assert Bluesky().connect(typed, PASSWORD, Skies().door()).profile == Key("bluesky", SAM)


@pytest.mark.parametrize("typed", ["", "sam", "https://hotel.example/about us", "sam@", "a b@c.example", "did:nonsense"])
def test_what_is_no_handle_is_not_asked_about(typed: str) -> None:
    skies = Skies()
    with pytest.raises(UserMistake, match="Nothing was sent"):
        Bluesky().connect(typed, PASSWORD, skies.door())
    assert skies.asked == []


@pytest.mark.parametrize("password", ["my main password", "hunter2", "aaaa-bbbb-cccc", "aaaa-bbbb-cccc-dddd-q", "aaaa-bbbb-cccc-ddö1"])
def test_a_main_password_is_never_sent(password: str) -> None:
    skies = Skies()
    with pytest.raises(UserMistake, match="never needed here") as told:
        Bluesky().connect(HANDLES[SAM], password, skies.door())
    assert skies.asked == [] and password not in str(told.value)


def test_a_wrong_app_password_is_refused_in_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(LoginRejected, match="does not accept this handle and app password") as told:
        Bluesky().connect(HANDLES[SAM], "aaaa-bbbb-cccc-dddd", Skies().door())
    assert "aaaa" not in str(told.value) and "aaaa-bbbb" not in caplog.text


@pytest.mark.parametrize(
    ("error", "words"),
    [("AuthFactorTokenRequired", "a code by mail"), ("AccountTakedown", "has closed this profile"), ("", "does not accept")],
)
def test_other_refusals_of_a_sign_in(error: str, words: str) -> None:
    skies = Skies()
    skies.odd["com.atproto.server.createSession"] = lambda: refusal(error, status=401)
    with pytest.raises(LoginRejected, match=words):
        Bluesky().connect(HANDLES[SAM], PASSWORD, skies.door())


def test_somebody_elses_session_is_not_taken() -> None:
    skies = Skies()
    skies.odd["com.atproto.server.createSession"] = lambda: httpx.Response(200, json={"did": JOE, "handle": "x", "accessJwt": "a"})
    with pytest.raises(UnexpectedAnswer, match="signs somebody else in"):
        Bluesky().connect(HANDLES[SAM], PASSWORD, skies.door())


def test_a_profile_at_rest_is_not_connected() -> None:
    skies = Skies()
    skies.odd["com.atproto.server.createSession"] = lambda: httpx.Response(
        200, json={"did": SAM, "handle": "x", "accessJwt": "a", "active": False, "status": "deactivated"}
    )
    with pytest.raises(LoginRejected, match="deactivated"):
        Bluesky().connect(HANDLES[SAM], PASSWORD, skies.door())


@pytest.mark.parametrize("home", ["http://pds.example", "https://user@pds.example", "ftp://pds.example", "", "//pds.example"])
def test_a_password_goes_only_to_a_protected_server(home: str) -> None:
    skies = Skies()
    skies.documents[SAM]["service"] = [{"id": "#atproto_pds", "serviceEndpoint": home}]
    with pytest.raises(UserMistake, match="Nothing was sent"):
        Bluesky().connect(HANDLES[SAM], PASSWORD, skies.door())
    assert skies.count("createSession") == 0


def test_without_a_password_the_public_server_is_read() -> None:
    skies = Skies()
    login = Bluesky().connect(HANDLES[SAM], "", skies.door())
    assert (login.address, login.has_token, login.profile, skies.hosts) == ("https://public.api.bsky.app", False, None, {"public.api.bsky.app"})
    with pytest.raises(UserMistake, match=r"Nobody called nobody\.example"):
        Bluesky().connect("nobody.example", "", skies.door())


# Whom we follow


@pytest.mark.parametrize(
    "typed",
    ["joe.hotel.example", "@JOE.hotel.example", JOE, f"at://{JOE}", f"https://bsky.app/profile/{JOE}", "bsky.app/profile/joe.hotel.example",
     "https://bsky.app/profile/joe.hotel.example/post/3lxyz?x=1", "https://main.bsky.dev/profile/did%3Aplc%3Ajoe22222", f"at://{JOE}/app.bsky.feed.post/3l"],
)  # fmt: skip
def test_all_spellings_of_somebody(desk: Desk, typed: str) -> None:
    stream, profile = desk.source.follow(typed, desk.login, PASSWORD, desk.skies.door())
    assert stream == desk.joe and profile.known and (profile.handle, profile.url) == (HANDLES[JOE], "https://bsky.app/profile/joe.hotel.example")


@pytest.mark.parametrize("error", ["AccountTakedown", "AccountDeactivated"])
def test_whom_the_place_does_not_show_is_said_so(desk: Desk, error: str) -> None:
    desk.skies.odd["app.bsky.actor.getProfile"] = lambda: refusal(error)
    with pytest.raises(SourceUnavailable, match=r"closed this profile|put to rest"):
        desk.source.follow(JOE, desk.login, PASSWORD, desk.skies.door())


def vouched(desk: Desk) -> set[str]:
    _, profile = desk.source.follow(JOE, desk.login, PASSWORD, desk.skies.door())
    return {address.value for address in profile.addresses if address.vouched}


def test_a_domain_is_vouched_for_when_both_ways_agree(desk: Desk) -> None:
    assert vouched(desk) == {"https://joe.hotel.example"}


def test_a_domain_is_not_vouched_for_by_one_way_alone(desk: Desk) -> None:
    desk.skies.documents[JOE]["alsoKnownAs"] = ["at://other.example", 7]
    assert vouched(desk) == set()
    desk.skies.documents[JOE] = {"id": ANN, "alsoKnownAs": ["at://joe.hotel.example"]}
    assert vouched(desk) == set()
    del desk.skies.documents[JOE]
    assert vouched(desk) == set()


def test_a_domain_that_points_elsewhere_is_not_vouched_for(desk: Desk) -> None:
    desk.skies.odd["com.atproto.identity.resolveHandle"] = lambda: httpx.Response(200, json={"did": ANN})
    assert vouched(desk) == set()


def test_a_name_that_a_server_hands_out_is_nobodys_domain(desk: Desk) -> None:
    desk.skies.documents[JOE]["service"][0]["serviceEndpoint"] = "https://hotel.example"
    assert vouched(desk) == set()
    desk.skies.hosts.clear()
    _, ann = desk.source.follow(ANN, desk.login, PASSWORD, desk.skies.door())
    assert not any(address.vouched for address in ann.addresses) and desk.skies.hosts == {"pds.example"}


def test_a_broken_domain_leaves_the_did(desk: Desk) -> None:
    desk.skies.profiles[JOE] = who(JOE, handle="handle.invalid")
    stream, profile = desk.source.follow(JOE, desk.login, PASSWORD, desk.skies.door())
    assert (stream.name, profile.handle, profile.url) == (f"posts:{JOE}", "", f"https://bsky.app/profile/{JOE}")


# What they do


def test_the_first_reading_goes_back_a_bounded_way_and_says_how_far(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 451))
    pages = desk.pages()
    found = [fact for page in pages for fact in page.facts if isinstance(fact, Activity)]
    assert len(found) == FIRST_ITEMS and len(pages) == 3 and [page.more for page in pages] == [True, True, False]
    (said,) = [fact for fact in pages[-1].facts if isinstance(fact, Coverage)]
    assert (said.since, said.until) == (FIRST + timedelta(minutes=151), NOW)
    assert desk.texts() == []


def test_a_short_feed_is_known_as_a_whole(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 4))
    facts = desk.facts()
    assert [fact.text for fact in facts if isinstance(fact, Activity)] == ["Post 1", "Post 2", "Post 3"]
    assert [fact.since for fact in facts if isinstance(fact, Coverage)] == [None]


def test_an_empty_feed_is_read_and_later_not_taken_for_a_withdrawal(desk: Desk) -> None:
    assert [type(fact) for fact in desk.facts()] == [Profile, Coverage]
    desk.skies.posts(JOE, range(1, 4))
    assert len(desk.texts()) == 3
    desk.skies.feeds[JOE] = []
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone | Activity)]


def test_later_only_what_is_new_comes(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 151))
    assert len(desk.texts()) == 150
    desk.skies.posts(JOE, range(151, 154))
    before = len(desk.skies.asked)
    assert desk.texts() == ["Post 151", "Post 152", "Post 153"]
    assert len(desk.skies.asked) - before == 1  # one question: nothing vanished, the profile was looked at today


def test_more_than_a_page_of_news_leaves_no_gap(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 11))
    desk.facts()
    desk.skies.posts(JOE, range(11, 411))
    pages = desk.pages()
    found = [fact.text for page in pages for fact in page.facts if isinstance(fact, Activity)]
    assert set(found) >= {f"Post {n}" for n in range(11, 411)}
    covered = [any(isinstance(fact, Coverage) for fact in page.facts) for page in pages]
    assert covered == [False] * (len(pages) - 1) + [True]  # quiet is only what was really read


def test_a_gap_that_was_interrupted_is_closed_later(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 11))
    desk.facts()
    desk.skies.posts(JOE, range(11, 411))
    asked = 0

    def tired() -> httpx.Response:
        nonlocal asked
        asked += 1
        if asked > 2:
            return httpx.Response(503)
        return desk.skies._query(FEED, {"actor": JOE, "limit": "100"} | ({"cursor": "310"} if asked == 2 else {}), {}, signed_in=True)

    desk.skies.odd[FEED] = tired
    with pytest.raises(SourceUnavailable):
        desk.pages()
    del desk.skies.odd[FEED]
    desk.skies.posts(JOE, range(411, 421))
    found = {fact.text for fact in desk.facts() if isinstance(fact, Activity)}
    assert found >= {f"Post {n}" for n in [*range(11, 211), *range(411, 421)]}


def test_a_gap_ends_even_if_all_that_was_known_is_gone(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1_000, 1_010))
    desk.facts()
    desk.skies.feeds[JOE] = []
    desk.skies.posts(JOE, [*range(1, 900), *range(2_000, 2_150)])
    before = desk.skies.count("getAuthorFeed")
    assert len(desk.texts()) >= 150 and desk.skies.count("getAuthorFeed") - before == 2


def test_a_server_that_always_gives_the_same_page_is_left(desk: Desk) -> None:
    same = {"feed": [{"post": post(JOE, n)} for n in range(5)], "cursor": "again"}
    desk.skies.odd[FEED] = lambda: httpx.Response(200, json=same)
    assert len(desk.pages()) == 2


def test_an_endless_feed_ends(desk: Desk) -> None:
    number = 10_000_000

    def more() -> httpx.Response:
        nonlocal number
        number -= 1
        return httpx.Response(200, json={"feed": [{"post": post(JOE, number % 500_000)}], "cursor": str(number)})

    desk.skies.odd[FEED] = more
    assert len(desk.pages()) == MAX_PAGES + 1


def test_what_was_withdrawn_is_asked_for_one_by_one(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 21))
    desk.skies.feeds[JOE].insert(0, repost(JOE, 30, post(ANN, 3)))
    desk.facts()
    hidden, *gone = [uri(JOE, 12), uri(JOE, 7), uri(JOE, 30, "app.bsky.feed.repost")]
    desk.skies.gone = set(gone)
    desk.skies.feeds[JOE] = [item for item in desk.skies.feeds[JOE] if (item.get("reason") or item["post"])["uri"] not in {hidden, *gone}]
    found = [fact.key.native_id for fact in desk.facts() if isinstance(fact, Tombstone)]
    assert sorted(found) == sorted(gone)  # the hidden one is still there


def test_many_vanished_are_asked_for_a_few_at_a_time(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 21))
    desk.facts()
    desk.skies.gone = {uri(JOE, n) for n in range(2, 19)}
    desk.skies.feeds[JOE] = [item for item in desk.skies.feeds[JOE] if item["post"]["uri"] not in desk.skies.gone]
    found = [[fact.key.native_id for fact in desk.facts() if isinstance(fact, Tombstone)] for _ in range(5)]
    assert [len(each) for each in found] == [MAX_CHECKS, MAX_CHECKS, MAX_CHECKS, 2, 0] and {one for each in found for one in each} == desk.skies.gone


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(404), refusal("InvalidRequest", "Could not find repo"), httpx.Response(200, json={}), httpx.Response(400)])
def test_nothing_but_its_own_absence_withdraws_a_post(desk: Desk, answer: httpx.Response) -> None:
    desk.skies.posts(JOE, range(1, 6))
    desk.facts()
    del desk.skies.feeds[JOE][2]
    desk.skies.odd["com.atproto.repo.getRecord"] = lambda: answer
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)]


def test_a_rewritten_post_comes_again(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 6))
    desk.facts()
    desk.skies.feeds[JOE][2] = {"post": post(JOE, 3, "Better words", mark="new")}
    assert desk.texts() == ["Better words"]


def test_a_pinned_post_on_top_stops_no_reading(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 4))
    desk.skies.feeds[JOE].insert(0, {"post": post(JOE, 1), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}})
    assert desk.texts() == ["Post 1", "Post 2", "Post 3"]
    desk.skies.posts(JOE, [4])
    assert desk.texts() == ["Post 4"]


def test_ones_own_old_post_passed_on_again_is_news_and_no_end(desk: Desk) -> None:
    desk.skies.posts(JOE, range(1, 11))
    desk.facts()
    desk.skies.posts(JOE, range(11, 13))
    desk.skies.feeds[JOE].insert(0, repost(JOE, 20, post(JOE, 5)))
    assert [(f.kind, f.text) for f in desk.facts() if isinstance(f, Activity)] == [
        (Kind.POST, "Post 11"), (Kind.POST, "Post 12"), (Kind.SHARE, "Post 5"),
    ]  # fmt: skip


def test_passing_on_has_a_time_of_its_own() -> None:
    item = repost(JOE, 20, post(ANN, 5))
    share = next(fact for fact in item_facts(item) if isinstance(fact, Activity))
    assert item_moment(item) == share.published == FIRST + timedelta(minutes=20)


def test_what_is_quoted_beside_a_picture_is_told(desk: Desk) -> None:
    view = {"$type": "app.bsky.embed.record#viewRecord", "uri": uri(ANN, 1), "cid": CID, "author": who(ANN), "value": post(ANN, 1, "A hall")["record"]}
    quoting = post(JOE, 2, "Look", record={"embed": {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": uri(ANN, 1), "cid": CID}}}})
    quoting["embed"] = {"$type": "app.bsky.embed.recordWithMedia#view", "record": {"$type": "app.bsky.embed.record#view", "record": view}, "media": {}}
    desk.skies.feeds[JOE] = [{"post": quoting}]
    said = next(fact for fact in desk.facts() if isinstance(fact, Activity))
    assert dict(said.extra)["quoted"] == "A hall" and [p.profile for p in said.participants] == [Key("bluesky", ANN)]


def test_a_new_handle_is_the_same_profile(desk: Desk) -> None:
    desk.skies.posts(JOE, [1])
    desk.facts()
    desk.skies.feeds[JOE].insert(0, {"post": post(JOE, 2) | {"author": who(JOE, handle="joe.brown.example")}})
    handles = [(fact.key, fact.handle) for fact in desk.facts() if isinstance(fact, Profile)]
    assert handles == [(Key("bluesky", JOE), "joe.brown.example")]


def test_the_profile_itself_is_looked_at_once_a_day(desk: Desk) -> None:
    desk.skies.profiles[JOE]["description"] = "Now at Copperfield"
    asked = []
    for hours in (0, 1, 23, 25, 26):
        desk.now = NOW + timedelta(hours=hours)
        before = desk.skies.count("getProfile")
        bios = [fact.bio for fact in desk.facts() if isinstance(fact, Profile)]
        asked.append((desk.skies.count("getProfile") - before, bios))
    assert asked == [(1, ["Now at Copperfield"]), (0, []), (0, []), (1, ["Now at Copperfield"]), (0, [])]


def test_who_wants_only_people_signed_in_is_not_read_without_a_login(desk: Desk) -> None:
    label = {"labels": [{"src": JOE, "uri": f"at://{JOE}/app.bsky.actor.profile/self", "val": "!no-unauthenticated", "cts": iso(FIRST)}]}
    desk.skies.profiles[JOE] |= label
    desk.skies.feeds[JOE] = [{"post": post(JOE, 1) | {"author": who(JOE, **label)}}]
    assert desk.texts() == ["Post 1"]
    desk.login = replace(desk.login, has_token=False, profile=None)
    desk.cursors.clear()
    with pytest.raises(SourceUnavailable, match="only to people who are signed in"):
        desk.pages()
    with pytest.raises(SourceUnavailable, match="only to people who are signed in"):
        desk.source.follow(JOE, desk.login, "", desk.skies.door())


@pytest.mark.parametrize(
    ("answer", "profile", "error", "words"),
    [
        (refusal("InvalidRequest", "Profile not found"), refusal("AccountDeactivated"), SourceUnavailable, "put to rest"),
        (refusal("InvalidRequest", "Profile not found"), refusal("AccountTakedown"), SourceUnavailable, "has closed"),
        (refusal("InvalidRequest", "Profile not found"), refusal("InvalidRequest", "Profile not found"), SourceError, "does not exist"),
        (refusal("BlockedByActor"), None, SourceUnavailable, "does not let you"),
        (refusal("BlockedActor"), None, SourceUnavailable, "You block"),
        (refusal("SomethingNew", "x"), None, UnexpectedAnswer, "SomethingNew"),
        (httpx.Response(400, text="?"), None, UnexpectedAnswer, "status 400"),
        (httpx.Response(502, json={"error": "UpstreamFailure"}), None, SourceUnavailable, "problem of its own"),
        (httpx.Response(200, json={"feed": None}), None, UnexpectedAnswer, "not the expected data"),
        (httpx.Response(200, json=[]), None, UnexpectedAnswer, "not the expected data"),
    ],
)
def test_what_goes_wrong_is_said_in_words(desk: Desk, answer: Any, profile: Any, error: type[SourceError], words: str) -> None:
    desk.skies.odd[FEED] = lambda: answer
    if profile is not None:
        desk.skies.odd["app.bsky.actor.getProfile"] = lambda: profile
    with pytest.raises(error, match=words) as told:
        desk.pages()
    assert "kept" in str(told.value)


def test_a_feed_with_nonsense_in_it_is_read_all_the_same(desk: Desk) -> None:
    items = [None, 1, [], {}, {"post": {}}, {"post": post(ANN, 1) | {"author": who(JOE)}}, {"post": post(JOE, 2)}]
    desk.skies.odd[FEED] = lambda: httpx.Response(200, json={"feed": items})
    assert desk.texts() == ["Post 2"]


# Sessions


def test_one_session_serves_all_and_is_renewed_when_it_ends(desk: Desk) -> None:
    desk.pages()
    for number in (0, 1, 2):
        desk.pages(desk.own(number))
    assert (desk.skies.count("createSession"), desk.skies.count("refreshSession")) == (1, 0)
    desk.skies.keys = set()
    desk.pages()
    assert (desk.skies.count("createSession"), desk.skies.count("refreshSession")) == (1, 1)


def test_a_renewal_that_is_refused_signs_in_anew(desk: Desk) -> None:
    desk.pages()
    desk.skies.keys, desk.skies.signed_in = set(), 90
    desk.pages()
    assert (desk.skies.count("createSession"), desk.skies.count("refreshSession")) == (2, 1)


@pytest.mark.parametrize("error", ["ExpiredToken", "InvalidToken"])
def test_a_key_that_ended_is_renewed_whatever_the_place_calls_that(desk: Desk, error: str) -> None:
    """With status 400 and not 401; a real server was seen to say InvalidToken for a key it does not know."""
    desk.skies.posts(JOE, [1])
    desk.pages()
    once = iter([refusal(error)])
    answered = desk.skies.odd

    def first() -> httpx.Response:
        del answered[FEED]
        return next(once)

    answered[FEED] = first
    desk.pages()
    assert (desk.skies.count("createSession"), desk.skies.count("refreshSession")) == (1, 1)


def test_a_password_that_was_taken_back_asks_to_sign_in_again(desk: Desk) -> None:
    desk.pages()
    desk.skies.keys, desk.skies.signed_in, desk.skies.password = set(), 90, "other"
    with pytest.raises(LoginRejected, match="sign in again"):
        desk.pages(desk.own(0))
    with pytest.raises(SourceUnavailable, match="does not show this"):
        desk.pages()


def test_a_server_that_never_likes_its_own_key_is_not_asked_for_ever(desk: Desk) -> None:
    desk.skies.odd[FEED] = lambda: refusal("ExpiredToken")
    before = len(desk.skies.asked)
    with pytest.raises(LoginRejected):
        desk.pages(desk.own(0))
    assert len(desk.skies.asked) - before <= 6


def test_a_wait_is_kept(desk: Desk) -> None:
    reset = str(int((NOW + timedelta(minutes=40)).timestamp()))
    desk.skies.odd[FEED] = lambda: httpx.Response(429, headers={"ratelimit-reset": reset, "ratelimit-remaining": "0"})
    with pytest.raises(RateLimited):
        desk.pages()


def test_secrets_are_in_no_repr_and_no_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.pages()
    sessions = desk.source._sessions
    shown = caplog.text + repr(sessions) + repr(sessions._open) + repr(desk.source._talk(desk.login, PASSWORD, desk.skies.door()))
    assert PASSWORD not in shown and "key-1" not in shown and "again-1" not in shown


# Towards me


def note(reason: str, address: str, by: str = JOE, at: int = 60, about: str = "", **record: Any) -> dict[str, Any]:
    moment = iso(FIRST + timedelta(minutes=at))
    told = {"reasonSubject": about} if about else {}
    return {
        "uri": address, "cid": CID, "author": who(by), "reason": reason, "record": {"createdAt": moment, **record}, "isRead": False, "indexedAt": moment, **told,
    }  # fmt: skip


def test_what_others_do_towards_me(desk: Desk) -> None:
    mine, answer = post(SAM, 1, "Meters are in stock"), post(JOE, 50, "How many?", reply=uri(SAM, 1))
    desk.skies.feeds |= {SAM: [{"post": mine}], JOE: [{"post": answer}]}
    liked, passed = uri(JOE, 51, "app.bsky.feed.like"), uri(JOE, 52, "app.bsky.feed.repost")
    about = {"subject": {"uri": uri(SAM, 1), "cid": CID}}
    desk.skies.notes = [
        note("contact-match", uri(JOE, 59, "app.bsky.graph.follow"), at=59),
        note("starterpack-joined", "nonsense", at=58),
        note("like-via-repost", uri(ANN, 57, "app.bsky.feed.like"), by=ANN, at=57, about=uri(JOE, 52, "app.bsky.feed.repost"), **about),
        note("follow", uri(ANN, 53, "app.bsky.graph.follow"), by=ANN, at=53, subject=SAM),
        note("repost", passed, at=52, about=uri(SAM, 1), **about),
        note("like", liked, at=51, about=uri(SAM, 1), **about),
        note("reply", uri(JOE, 50), at=50, about=uri(SAM, 1), **answer["record"]),
        note("like", "nonsense", at=49),
        note("subscribed-post", uri(JOE, 48), at=48, text="News from the hall"),
    ]
    facts = desk.facts(desk.own(1))
    found = {fact.key.native_id: fact for fact in facts if isinstance(fact, Activity)}
    news = found.pop(uri(JOE, 48))
    assert (news.kind, news.text) == (Kind.POST, "News from the hall")
    assert [(f.kind, f.text, dict(f.extra).get("reaction")) for f in found.values()] == [
        (Kind.REPLY, "How many?", None), (Kind.REACTION, "Meters are in stock", "like"), (Kind.SHARE, "Meters are in stock", None),
        (Kind.REACTION, "", "follow"), (Kind.REACTION, "Meters are in stock", "like"),
    ]  # fmt: skip
    assert all(Key("bluesky", SAM) in {p.profile for p in fact.participants} for fact in found.values())
    assert found[liked].in_reply_to == uri(SAM, 1)
    named = {fact.key for fact in facts if isinstance(fact, Profile)}
    assert {p.profile for fact in found.values() for p in fact.participants} | {fact.actor for fact in found.values()} <= named
    assert desk.facts(desk.own(1)) == []
    assert "updateSeen" not in {name.rpartition(".")[2] for name, _ in desk.skies.asked}
    feed = [fact for fact in desk.facts() if isinstance(fact, Activity)]
    assert feed == [found[uri(JOE, 50)]]  # the same value by either way


def thread(top: dict[str, Any], *below: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": top, "replies": list(below)}


def test_answers_to_my_posts_are_found_in_their_threads(desk: Desk) -> None:
    mine, answer = post(SAM, 1, "Who needs one?", replyCount=2), post(JOE, 2, "We do", reply=uri(SAM, 1))
    again = post(SAM, 3, "How many?", reply=uri(JOE, 2), root=uri(SAM, 1))
    deeper = post(JOE, 4, "Eleven", reply=uri(SAM, 3), root=uri(SAM, 1))
    beside = post(ANN, 5, "So many?", reply=uri(JOE, 2), root=uri(SAM, 1))
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(ANN, 6), "notFound": True}
    desk.skies.feeds[SAM] = [repost(SAM, 9, post(ANN, 8, replyCount=3)), {"post": mine}, {"post": post(SAM, 0)}]
    desk.skies.threads[uri(SAM, 1)] = thread(mine, gone, thread(answer, thread(again, thread(deeper)), thread(beside)))
    found = [fact for fact in desk.facts(desk.own(2)) if isinstance(fact, Activity)]
    assert [(f.text, f.in_reply_to) for f in found] == [("We do", uri(SAM, 1)), ("Eleven", uri(SAM, 3))]
    assert desk.skies.count("getPostThread") == 1
    assert desk.texts(desk.own(2)) == [] and desk.skies.count("getPostThread") == 1  # nothing has changed
    mine["replyCount"] = 3
    assert desk.texts(desk.own(2)) == ["We do", "Eleven"]


def test_a_deep_thread_ends(desk: Desk) -> None:
    mine = post(SAM, 1, replyCount=1)
    desk.skies.feeds[SAM] = [{"post": mine}]
    below: dict[str, Any] = thread(post(JOE, 2, reply=uri(SAM, 1)))
    for number in range(3, 300):
        below = thread(post(JOE, number, reply=uri(SAM, 1)), below)
    desk.skies.threads[uri(SAM, 1)] = thread(mine, below)
    assert len(desk.texts(desk.own(2))) == 1


def test_my_own_posts_are_mine(desk: Desk) -> None:
    desk.skies.posts(SAM, [1])
    facts = desk.facts(desk.own(0))
    assert isinstance(facts[0], Profile) and facts[0].is_owner and facts[0].key == Key("bluesky", SAM)


def test_without_a_login_only_those_followed_are_read(desk: Desk) -> None:
    assert desk.source.streams(replace(desk.login, has_token=False), (desk.joe,)) == (desk.joe,)


# The answers these tests are made of


@pytest.mark.skipif(not SPECS.is_dir(), reason="the official lexicons of ../shared are not here")
def test_our_small_server_answers_as_the_lexicons_say(desk: Desk) -> None:
    test_what_others_do_towards_me(desk)
    test_answers_to_my_posts_are_found_in_their_threads(desk)
    test_what_was_withdrawn_is_asked_for_one_by_one(Desk())
    checked = {name for name, _ in desk.skies.answers if (SPECS / "lexicons" / f"{name}.json").is_file()}
    assert {name.rpartition(".")[2] for name in checked} >= {"getAuthorFeed", "getProfile", "listNotifications", "getPosts", "getPostThread"}
    found = [(name, complaint) for name, answer in desk.skies.answers if name in checked for complaint in wrong(name, answer)]
    assert [complaint for _, complaint in found if not complaint.endswith("nonsense")] == []


@pytest.mark.skipif(not SPECS.is_dir(), reason="the official lexicons of ../shared are not here")
def test_the_sample_and_the_shared_examples_are_as_the_lexicons_say(tmp_path: Path) -> None:
    write_sample(tmp_path, date(2026, 11, 20))
    files = [(file.name.partition("_")[0].removesuffix(".json"), file) for file in tmp_path.glob("bluesky/*/xrpc/*.json")]
    examples = SPECS.parent / "samples"
    files += [(FEED, examples / "bluesky_author_feed.json"), ("app.bsky.notification.listNotifications", examples / "bluesky_notifications.json")]
    known = [(name, file) for name, file in files if (SPECS / "lexicons" / f"{name}.json").is_file()]
    assert len(known) > 12
    assert [(file.name, complaint) for name, file in known for complaint in wrong(name, json.loads(file.read_text()))] == []


@pytest.mark.skipif(not SPECS.is_dir(), reason="the shared examples are not here")
def test_the_shared_examples_are_read() -> None:
    feed = json.loads((SPECS.parent / "samples" / "bluesky_author_feed.json").read_text())
    (posted,) = (fact for item in feed["feed"] for fact in item_facts(item) if isinstance(fact, Activity))
    assert posted.text == "Looking for a CRM, see https://crm.example/why" and posted.published == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    notes = json.loads((SPECS.parent / "samples" / "bluesky_notifications.json").read_text())
    (said,) = (f for item in notes["notifications"] for f in notification_facts(item, Key("bluesky", "did:plc:me"), {}) if isinstance(f, Activity))
    assert (said.kind, said.text, said.in_reply_to) == (Kind.REPLY, "Yes please", "at://did:plc:me/app.bsky.feed.post/3m0")


@pytest.mark.parametrize(
    ("created", "indexed", "expected", "arrived"),
    [
        ("2026-11-20T08:00:00Z", "2026-11-20T08:00:01Z", "2026-11-20T08:00:00", ""),
        ("2030-01-01T00:00:00Z", "2026-11-20T08:00:01Z", "2026-11-20T08:00:01", ""),  # a clock that runs ahead
        ("2012-05-01T10:00:00+02:00", "2026-11-20T08:00:01Z", "2012-05-01T08:00:00", "2026-11-20T08:00:01Z"),  # brought from elsewhere
        ("nonsense", "2026-11-20T08:00:01Z", "2026-11-20T08:00:01", ""),
        ("0001-01-01T00:00:00+14:00", "2026-11-20T08:00:01Z", "2026-11-20T08:00:01", ""),
    ],
)
def test_when_a_post_was_made(created: str, indexed: str, expected: str, arrived: str) -> None:
    item = {"post": post(JOE, 1, record={"createdAt": created}) | {"indexedAt": indexed}}
    (said,) = (fact for fact in item_facts(item) if isinstance(fact, Activity))
    assert said.published is not None and said.published.replace(tzinfo=None).isoformat() == expected
    assert dict(said.extra).get("arrived", "") == arrived


def test_a_post_without_any_date_is_kept_and_says_so() -> None:
    item = {"post": post(JOE, 1, record={"createdAt": None}) | {"indexedAt": None}}
    (said,) = (fact for fact in item_facts(item) if isinstance(fact, Activity))
    assert (said.published, said.precision) == (None, Precision.UNKNOWN)


def test_what_is_quoted_or_answered_is_told_even_where_it_is_gone() -> None:
    gone = {"$type": "app.bsky.embed.record#view", "record": {"$type": "app.bsky.embed.record#viewNotFound", "uri": uri(ANN, 1), "notFound": True}}
    embed = {"$type": "app.bsky.embed.record", "record": {"uri": uri(ANN, 1), "cid": CID}}
    lost = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(SAM, 1), "notFound": True}
    item = {"post": post(JOE, 2, "Hm", reply=uri(SAM, 1), record={"embed": embed}, embed=gone), "reply": {"root": lost, "parent": lost}}
    *people, said = item_facts(item)
    assert isinstance(said, Activity) and said.in_reply_to == uri(SAM, 1)
    assert [(p.profile.native_id, p.role) for p in said.participants] == [(SAM, Role.REPLY_TO), (ANN, Role.SUBJECT)]
    assert dict(said.extra) == {"quotes": uri(ANN, 1)} and {fact.key.native_id for fact in people if isinstance(fact, Profile)} == {SAM, JOE, ANN}


def test_a_bio_only_says_what_it_says() -> None:
    joe = profile_of(who(JOE, description="Buyer, joe@acme.example. See https://acme.example/x! e.g. node.js @ann", website="acme.example/me"))
    assert {(a.kind, a.value, a.vouched) for a in joe.addresses} == {
        (AddressKind.WEB, "https://acme.example/me", False), (AddressKind.WEB, "https://acme.example/x", False), (AddressKind.MAIL, "joe@acme.example", False),
    }  # fmt: skip
