"""X: what is read costs what it holds, nothing is read twice, and what is read live has the keys of X's archive. The examples with what
they read as lie in tests/data/x."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from relationdesk.errors import (
    Gone,
    LoginRejected,
    RateLimited,
    SourceError,
    SourceUnavailable,
    SpentUp,
    UnexpectedAnswer,
    UserMistake,
)
from relationdesk.model import Activity, Audience, Coverage, Fact, Key, Kind, Login, Page, Profile, Stream, Tombstone
from relationdesk.services import adding, importing, key_store, logins, sign_in, spending, sync
from relationdesk.sources.base import WayBack
from relationdesk.sources.door import Door
from relationdesk.sources.x import X
from relationdesk.sources.x_api_talk import Right
from relationdesk.store import logins as stored_logins
from relationdesk.store.database import Desk, open_desk, open_memory, transaction
from tests.facts import state
from tests.paid import Generous
from tests.recorded_web import Web
from tests.sources.test_x_archive import archive

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
API = "https://api.x.com"
BEARER = "A" * 90 + "%3Dbearer"
CLIENT = "c1ZoVThEZVR6RTBMS2t2RDJCeWo6MTpuYQ"
ME, JOE = Key("x", "1001"), Key("x", "2244")
LOGIN = Login(id=0, source="x", place="x", address=API, user_name="samcarter", profile=ME, has_token=True)
STREAM = Stream(name="posts:2244", address=f"{API}/joebrown", profile=JOE, title="Joe Brown")
NAMED = Stream(name="mentions", address=API, title="What names me")


def number(minute: int) -> str:
    """Of a post written so many minutes after ten on 20 November."""
    moment = datetime(2026, 11, 20, 10, tzinfo=UTC) + timedelta(minutes=minute)
    return str((int(moment.timestamp() * 1000) - 1_288_834_974_657) << 22)


def post(minute: int, text: str = "", author: str = "2244", **more: Any) -> dict[str, Any]:
    moment = datetime(2026, 11, 20, 10, tzinfo=UTC) + timedelta(minutes=minute)
    return {"id": number(minute), "text": text or f"Post {minute}", "author_id": author, "created_at": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z", **more}


def page(*posts: dict[str, Any], further: str = "", **more: Any) -> dict[str, Any]:
    meta = {"result_count": len(posts)} | ({"newest_id": posts[0]["id"], "oldest_id": posts[-1]["id"]} if posts else {}) | ({"next_token": further} if further else {})
    return ({"data": list(posts)} if posts else {}) | {"meta": meta} | more


def user(id_: str = "2244", name: str = "Joe Brown", handle: str = "joebrown", **more: Any) -> dict[str, Any]:
    return {"data": {"id": id_, "name": name, "username": handle, **more}}


class Place:
    """X as it stands in `web`, a purse, and one reader."""

    def __init__(self, *wanted: str, fits: int = 1_000_000) -> None:
        self.web, self.purse, self.now = Web(), Generous(*wanted, fits=fits), NOW
        self.source = X(lambda: self.now)
        self.kept: list[str] = []
        self.put("/2/users/2244/tweets", page())

    def put(self, path: str, answer: Any) -> None:
        self.web.pages[API + path] = answer

    def door(self) -> Door:
        door = Door(transport=self.web.transport(), clock=lambda: self.now)
        door.purse, door.keep_key = self.purse, self.kept.append
        return door

    def pages(self, cursor: str = "", stream: Stream = STREAM, token: str = BEARER) -> list[Page]:
        return list(self.source.pages(LOGIN, stream, cursor, token, self.door()))

    def read(self, cursor: str = "", stream: Stream = STREAM) -> tuple[list[Fact], str]:
        found = self.pages(cursor, stream)
        return [fact for page_ in found for fact in page_.facts], [page_.cursor for page_ in found if page_.cursor][-1]

    def asked(self, part: str) -> list[dict[str, str]]:
        return [query for address, query in self.web.asked if address.endswith(part)]


def did(facts: Iterable[Fact]) -> list[str]:
    return [fact.text for fact in facts if isinstance(fact, Activity)]


def gone(facts: Iterable[Fact]) -> list[str]:
    return [fact.key.native_id for fact in facts if isinstance(fact, Tombstone)]


# What it costs


def test_the_first_reading_goes_back_fifty_posts_and_pays_for_what_came() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", page(post(3), post(2), post(1), further="more"))
    facts, _ = at.read()
    (query,) = at.asked("/tweets")
    assert (query["max_results"], query["exclude"]) == ("50", "retweets") and "since_id" not in query and "expansions" not in query
    assert at.purse.paid == [({"post": 50}, {"post": 3})]
    assert did(facts) == ["Post 1", "Post 2", "Post 3"]
    (covered,) = [fact for fact in facts if isinstance(fact, Coverage)]
    assert covered.since == datetime(2026, 11, 20, 10, 1, tzinfo=UTC) and covered.until == NOW


def test_then_only_what_is_newer_is_asked_for() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", page(post(2), post(1)))
    _, cursor = at.read()
    at.put("/2/users/2244/tweets", page())
    facts, cursor = at.read(cursor)
    assert at.asked("/tweets")[1]["since_id"] == number(2) and at.purse.paid[1][1] == {"post": 0} and did(facts) == []
    at.put("/2/users/2244/tweets", page(post(5)))
    facts, cursor = at.read(cursor)
    assert did(facts) == ["Post 5"] and at.asked("/tweets")[2]["since_id"] == number(2)
    at.read(cursor)
    assert at.asked("/tweets")[3]["since_id"] == number(5)
    assert [fact.since for fact in facts if isinstance(fact, Coverage)] == [None]


def test_a_page_is_as_large_as_the_month_still_allows() -> None:
    at = Place(fits=23)
    at.read()
    assert at.asked("/tweets")[0]["max_results"] == "20"
    at = Place("media", fits=30)
    at.read()
    assert at.asked("/tweets")[0]["max_results"] == "5" and at.purse.paid[0][0] == {"post": 5, "media": 20}
    assert at.asked("/tweets")[0]["expansions"] == "attachments.media_keys"


class Spent(Generous):
    """Pays so many questions, and no more."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self.left = questions

    def reserve(self, most: Any) -> int:
        self.left -= 1
        if self.left < 0:
            raise SpentUp("The monthly limit is reached. What was read before is kept.", until=NOW)
        return super().reserve(most)


def test_where_the_money_ends_the_reading_goes_on_next_month_without_a_gap() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", page(post(1)))
    _, cursor = at.read()

    def newer(query: dict[str, str]) -> dict[str, Any]:
        return {"": page(post(9), post(8), further="b"), "b": page(post(7), post(6), further="c"), "c": page(post(5))}[query.get("pagination_token", "")]

    at.put("/2/users/2244/tweets", newer)
    at.purse = Spent(2)
    found: list[Page] = []
    with pytest.raises(SpentUp):
        for page_ in at.source.pages(LOGIN, STREAM, cursor, BEARER, at.door()):
            found.append(page_)
    assert [did(page_.facts) for page_ in found] == [["Post 8", "Post 9"], ["Post 6", "Post 7"]]
    assert not any(isinstance(fact, Coverage) for page_ in found for fact in page_.facts) and all(page_.more for page_ in found)
    at.purse = Generous()
    at.put("/2/users/2244/tweets", lambda query: page(post(5)) if query["pagination_token"] == "c" else httpx.Response(500))
    facts, cursor = at.read(found[-1].cursor)
    assert did(facts) == ["Post 5"] and any(isinstance(fact, Coverage) for fact in facts)
    at.put("/2/users/2244/tweets", page())
    at.read(cursor)
    assert at.web.asked[-1][1]["since_id"] == number(9) and "pagination_token" not in at.web.asked[-1][1]


def test_a_place_that_x_no_longer_knows_begins_again_at_the_top() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", page(post(1)))
    _, cursor = at.read()
    at.put("/2/users/2244/tweets", page(post(9), further="b"))
    open_ = next(iter(at.source.pages(LOGIN, STREAM, cursor, BEARER, at.door()))).cursor
    at.put("/2/users/2244/tweets", lambda query: httpx.Response(400, json={"title": "Invalid Request"}) if "pagination_token" in query else page(post(9), post(8)))
    facts, _ = at.read(open_)
    assert did(facts) == ["Post 8", "Post 9"]


def test_a_page_that_leads_to_itself_ends() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", page(post(1)))
    _, cursor = at.read()
    at.put("/2/users/2244/tweets", page(post(2), further="again"))
    at.read(cursor)
    assert len(at.asked("/tweets")) == 3


# Profiles


def test_following_pays_for_one_profile_and_the_first_reading_for_none() -> None:
    at = Place()
    at.put("/2/users/by/username/joebrown", user(protected=True))
    stream, profile = at.source.follow("https://twitter.com/joebrown/status/1", LOGIN, BEARER, at.door())
    assert (stream, profile.key, profile.handle, profile.known) == (STREAM, JOE, "joebrown", True)
    at.put("/2/users/2244/tweets", page(post(1)))
    facts, _ = at.read(stream=stream)
    assert [most for most, _ in at.purse.paid] == [{"user": 1}, {"post": 50}]
    assert next(fact.url for fact in facts if isinstance(fact, Activity)) == f"https://x.com/joebrown/status/{number(1)}"


@pytest.mark.parametrize("typed", ["hotel.example/joe", "x.com/home", "https://x.com/", "joe brown", "", "@" + "a" * 40])
def test_what_is_nobodys_page_is_refused_before_anything_is_asked(typed: str) -> None:
    at = Place()
    with pytest.raises(UserMistake, match="Nothing was changed"):
        at.source.follow(typed, LOGIN, BEARER, at.door())
    assert at.purse.paid == [] and at.web.asked == []


@pytest.mark.parametrize(
    "answer", [httpx.Response(404), {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found", "value": "joebrown"}]}],
)
def test_nobody_of_that_name_costs_nothing(answer: Any) -> None:
    at = Place()
    at.put("/2/users/by/username/joebrown", lambda _: answer)
    with pytest.raises(UserMistake, match="Nobody called @joebrown"):
        at.source.follow("@joebrown", LOGIN, BEARER, at.door())
    assert at.purse.paid == [({"user": 1}, {} if isinstance(answer, httpx.Response) else {"user": 0})]


def test_once_a_month_the_profile_is_read_again_which_tells_a_new_name() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", page(post(1)))
    _, cursor = at.read()
    at.now += timedelta(days=31)
    at.put("/2/users/2244", user(handle="joe_b", protected=True))
    at.put("/2/users/2244/tweets", page(post(5)))
    facts, cursor = at.read(cursor)
    (written,) = [fact for fact in facts if isinstance(fact, Activity)]
    assert (written.url, written.audience) == (f"https://x.com/joe_b/status/{number(5)}", Audience.FOLLOWERS)
    assert isinstance(facts[0], Profile) and facts[0].handle == "joe_b"
    at.read(cursor)
    assert len(at.asked("/2/users/2244")) == 1
    at.now += timedelta(days=31)
    at.put("/2/users/2244", user(id_="9"))
    with pytest.raises(UnexpectedAnswer):
        at.read(cursor)


# What names me


def test_whoever_names_me_is_looked_up_once() -> None:
    at = Place()
    at.put("/2/users/1001/mentions", page(post(2, "@samcarter yes"), post(1, "@samcarter hello", author="3355")))
    at.put("/2/users", {"data": [user()["data"], user("3355", "Ann Lee", "annlee")["data"]]})
    facts, cursor = at.read(stream=NAMED)
    assert at.asked("/2/users")[0]["ids"] == "2244,3355" and at.purse.paid == [({"own": 50}, {"own": 2}), ({"user": 2}, {"user": 2})]
    assert {fact.display_name for fact in facts if isinstance(fact, Profile)} >= {"Joe Brown", "Ann Lee"} and did(facts) == ["@samcarter hello", "@samcarter yes"]
    at.put("/2/users/1001/mentions", page(post(5, "@samcarter once more")))
    facts, _ = at.read(cursor, stream=NAMED)
    assert len(at.asked("/2/users")) == 1
    assert next(fact.url for fact in facts if isinstance(fact, Activity)).startswith("https://x.com/joebrown/")


def test_without_money_for_their_names_they_stay_numbers() -> None:
    at = Place()
    at.put("/2/users/1001/mentions", page(post(1, "@samcarter hello", author="3355")))
    at.purse = Spent(1)
    facts, _ = at.read(stream=NAMED)
    assert did(facts) == ["@samcarter hello"]
    assert [fact.url for fact in facts if isinstance(fact, Profile) and fact.key.native_id == "3355"] == ["https://x.com/intent/user?user_id=3355"]


# What became of posts


def missing(*minutes: int, kind: str = "resource-not-found") -> dict[str, Any]:
    return {"errors": [{"type": f"https://api.x.com/2/problems/{kind}", "resource_id": number(minute)} for minute in minutes]}


def looked_at_again(*wanted: str, answer: dict[str, Any]) -> tuple[Place, list[Fact]]:
    at = Place(*wanted)
    at.put("/2/users/2244/tweets", page(post(3), post(2), post(1)))
    _, cursor = at.read()
    at.now += timedelta(days=1)
    at.put("/2/users/2244/tweets", page())
    at.put("/2/tweets", answer)
    facts, _ = at.read(cursor)
    return at, facts


def test_what_was_deleted_is_looked_for_only_if_the_user_pays_for_it() -> None:
    at, facts = looked_at_again(answer=page(post(3)) | missing(1, 2))
    assert gone(facts) == [] and at.asked("/2/tweets") == []
    at, facts = looked_at_again("again", answer={"data": [post(3, "Post 3, rewritten")]} | missing(2) | missing(1, kind="not-authorized-for-resource"))
    assert at.asked("/2/tweets")[0]["ids"] == ",".join(number(n) for n in (3, 2, 1))
    at, facts = looked_at_again("again", answer={"data": [post(3, "Post 3, rewritten")], **missing(2)})
    assert gone(facts) == [number(2)] and did(facts) == ["Post 3, rewritten"] and at.purse.paid[-1] == ({"again": 3}, {"again": 1})


def test_of_somebody_who_is_not_shown_at_all_nothing_is_deleted() -> None:
    with pytest.raises(Gone):
        looked_at_again("again", answer=missing(1, 2, 3))


def test_an_edited_post_takes_the_place_of_what_it_was() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", page(post(1)))
    _, cursor = at.read()
    for name in ("edit_history_tweet_ids", "edit_history_post_ids"):
        at.put("/2/users/2244/tweets", page(post(2, "Rewritten", **{name: [number(1), number(2)]})))
        facts, _ = at.read(cursor)
        assert gone(facts) == [number(1)] and did(facts) == ["Rewritten"]


# How X is asked, and what it refuses


def test_when_x_renames_its_words_they_are_asked_for_by_the_new_name() -> None:
    at = Place()

    def renamed(query: dict[str, str]) -> Any:
        if "tweet.fields" in query:
            return httpx.Response(400, json={"errors": [{"message": "The query parameter [tweet.fields] is not one of [post.fields]"}], "title": "Invalid Request"})
        return page(post(1, note_post={"text": "The whole of it"}))

    at.put("/2/users/2244/tweets", renamed)
    facts, cursor = at.read()
    assert did(facts) == ["The whole of it"] and len(at.asked("/tweets")) == 2
    assert "note_post" in at.asked("/tweets")[1]["post.fields"] and "referenced_posts" in at.asked("/tweets")[1]["post.fields"]
    at.read(cursor)
    assert len(at.asked("/tweets")) == 3


FIELDS = frozenset(
    "article article_title attachments card_uri community_id context_annotations conversation_id created_at display_text_range edit_controls entities geo id lang "
    "matched_media_notes media_metadata non_public_metrics note_post note_request_suggestions organic_metrics paid_partnership possibly_sensitive promoted_metrics "
    "public_metrics reply_settings scopes source suggested_source_links suggested_source_links_with_counts text withheld".split()
)
"""What X's own description of its API (2.167, 2026) lets be asked of a post by `post.fields`."""
PICTURE, PERSON = frozenset("alt_text duration_ms height media_key preview_image_url public_metrics type url variants width".split()), frozenset(
    "connection_status created_at description entities id is_identity_verified location name parody profile_banner_url profile_image_url protected public_metrics "
    "url username verified verified_followers_count verified_type withheld".split()
)  # fmt: skip


def strictly(*posts: dict[str, Any], further: str = "", **more: Any) -> Any:
    """An X that takes nothing but what stands in that description, and says so as it does."""
    def answer(query: dict[str, str]) -> Any:
        if "tweet.fields" in query:
            return httpx.Response(400, json={"errors": [{"message": "The query parameter [tweet.fields] is not one of [id,max_results,post.fields]"}], "title": "Invalid Request"})
        for name, known in (("post.fields", FIELDS), ("media.fields", PICTURE), ("user.fields", PERSON)):
            odd = [one for one in query.get(name, "").split(",") if one and one not in known]
            if odd:
                told = [{"parameters": {name: [query[name]]}, "message": f"The `{name}` query parameter value [{one}] is not one of [{','.join(sorted(known))}]"} for one in odd]
                return httpx.Response(400, json={"errors": told, "title": "Invalid Request"})
        expanded = "author_id" in query.get("expansions", "")
        shown = [each if expanded else {name: value for name, value in each.items() if name != "author_id"} for each in posts]
        told_of = {"includes": {"users": [user("77", "Ann Lee", "annlee")["data"]]}} if expanded else {}
        return page(*shown, further=further, **told_of, **more)

    return answer


def test_an_x_that_takes_only_what_its_description_names_is_read_all_the_same() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", strictly(post(2, conversation_id="19"), post(1, conversation_id=number(1), note_post={"text": "The whole of it"})))
    facts, cursor = at.read()
    assert did(facts) == ["The whole of it", "Post 2"] and [fact.kind for fact in facts if isinstance(fact, Activity)] == [Kind.POST, Kind.REPLY]
    assert at.purse.paid[-1] == ({"post": 50}, {"post": 2}) and all(paid == {} for _, paid in at.purse.paid[:-1]), "refusals cost nothing"
    asked = len(at.web.asked)
    at.read(cursor)
    assert len(at.web.asked) == asked + 1 and "expansions" not in at.asked("/tweets")[-1], "what was learned is known"


def test_where_authors_are_no_field_those_who_name_me_are_paid_for() -> None:
    at = Place()
    at.put("/2/users/1001/mentions", strictly(post(1, "Hello @samcarter", author="77")))
    facts, cursor = at.read(stream=NAMED)
    (said,) = [fact for fact in facts if isinstance(fact, Activity)]
    assert said.actor == Key("x", "77") and said.url.startswith("https://x.com/annlee/status/")
    most, paid = at.purse.paid[-1]
    assert most == {"own": 50, "user": 50} and paid == {"own": 1, "user": 1}
    asked = len(at.web.asked)
    at.read(cursor, NAMED)
    assert len(at.web.asked) == asked + 1 and at.asked("/mentions")[-1]["expansions"] == "author_id"


def test_a_refusal_that_says_nothing_to_learn_from_is_not_asked_again() -> None:
    at = Place()
    at.put("/2/users/2244/tweets", lambda _: httpx.Response(400, json={"errors": [{"message": "value [color] is not one of [red]"}], "title": "Invalid Request"}))
    with pytest.raises(SourceError):
        at.read()
    assert len(at.web.asked) == 1


def problem(status: int, kind: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"title": "No", "type": f"https://api.x.com/2/problems/{kind}", "status": status}, headers=headers)


REFUSED = [
    (problem(401), LoginRejected, "sign in again"),
    (problem(402), RateLimited, "buy credits or raise it in console.x.com"),
    (problem(403, "usage-capped"), RateLimited, "credits of this app"),
    (problem(403, "client-forbidden"), LoginRejected, "lets this app read nothing"),
    (problem(403, "not-authorized-for-resource"), SourceUnavailable, "does not show this"),
    (problem(403), LoginRejected, "look in console.x.com what the app may do"),
    (problem(404, "resource-not-found"), Gone, "shows nobody"),
    (problem(503), SourceUnavailable, "problem of its own"),
    (httpx.Response(200, json={"errors": [{"type": "https://api.x.com/2/problems/not-authorized-for-resource"}]}), SourceUnavailable, "does not show this"),
    (httpx.Response(200, json={"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}), Gone, "shows nobody"),
]


@pytest.mark.parametrize(("answer", "error", "words"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_a_refusal_says_what_to_do_and_costs_nothing(answer: httpx.Response, error: type[SourceError], words: str) -> None:
    at = Place()
    at.put("/2/users/2244/tweets", lambda _: answer)
    with pytest.raises(error, match=words) as told:
        at.read()
    assert "kept" in str(told.value) and at.purse.paid[0][1] in ({}, {"post": 0})


def test_a_limit_of_questions_is_waited_for_as_long_as_x_says() -> None:
    at = Place()
    until = NOW + timedelta(minutes=13)
    at.put("/2/users/2244/tweets", lambda _: problem(429, "", **{"x-rate-limit-reset": str(int(until.timestamp())), "x-rate-limit-remaining": "0"}))
    with pytest.raises(RateLimited) as told:
        at.read()
    assert told.value.until == until


@pytest.mark.parametrize("answer", [{}, {"data": "words"}, {"data": None, "meta": {}}, [], "text"])
def test_what_is_no_answer_of_x_is_told_as_such(answer: Any) -> None:
    at = Place()
    at.put("/2/users/2244/tweets", answer)
    with pytest.raises(UnexpectedAnswer):
        at.read()


# Signing in


def test_a_bearer_token_and_a_handle_are_enough() -> None:
    at = Place()
    at.put("/2/users/by/username/samcarter", user("1001", "Sam Carter", "samcarter"))
    assert at.source.connect("@samcarter", BEARER, at.door()) == LOGIN
    assert at.source.page("@samcarter", BEARER, "http://127.0.0.1:1727/x", "s", "c", at.door()) == ""
    with pytest.raises(UserMistake, match="only by an app of yours"):
        at.source.connect("@samcarter", "", at.door())


def test_a_login_of_somebody_else_is_not_taken() -> None:
    at = Place()
    right = Right(client=CLIENT, refresh="r1", access="a1", until=int(NOW.timestamp()) + 7_000)
    at.put("/2/users/me", user("1001", "Sam Carter", "samcarter"))
    assert at.source.connect("@samcarter", right.text(), at.door()).user_name == "samcarter"
    with pytest.raises(UserMistake, match="one of @samcarter, not of @joebrown"):
        at.source.connect("@joebrown", right.text(), at.door())


class Tokens:
    """X's token server: each right to be let in again is good once."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.good = {"code-1", "r1"}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/2/oauth2/token":
            assert request.headers["authorization"] == f"Bearer a{len(self.sent)}"
            return httpx.Response(200, json=user("1001", "Sam Carter", "samcarter") if request.url.path == "/2/users/me" else page())
        words = dict(parse_qsl(request.content.decode()))
        used = words.get("code") or words.get("refresh_token", "")
        if used not in self.good:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.good.discard(used)
        self.sent.append(words)
        self.good.add(f"r{len(self.sent)}")
        return httpx.Response(200, json={"token_type": "bearer", "expires_in": 7200, "access_token": f"a{len(self.sent)}", "refresh_token": f"r{len(self.sent)}"})


def test_signing_in_in_the_browser_and_staying_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Page, redeem, connect; two hours later a new pass, whose right is kept before it is used; taken back, it is asked for once."""
    now, server = [NOW], Tokens()
    source = X(lambda: now[0])
    for module in (spending, sync, logins):
        monkeypatch.setattr(module, "LIVE_SOURCES", (source,))
    monkeypatch.setattr(X, "way_back", WayBack(path="/x"))
    monkeypatch.setattr(key_store, "_ask", lambda request: {"ok": False, "state": "missing"})
    db = open_memory()

    def door(*_: object) -> Door:
        return Door(transport=httpx.MockTransport(server), clock=lambda: now[0])

    under_way = sign_in.begin("x", "@samcarter", CLIENT)
    assert under_way is not None
    try:
        asked = parse_qs(urlsplit(under_way.url).query)
        assert under_way.url.startswith("https://x.com/i/oauth2/authorize?") and set(asked["scope"][0].split()) == {"tweet.read", "users.read", "offline.access"}
        login, _ = sign_in.finish(db, under_way, "code-1", lambda: now[0], limit=1_000_000, until_quit=True, door=door)
    finally:
        under_way.close()
    assert server.sent[0]["client_id"] == CLIENT and server.sent[0]["redirect_uri"] == under_way.callback.address and server.sent[0]["code_verifier"]
    first = key_store.secret(login.secret_name)
    now[0] += timedelta(hours=3)
    assert logins.sync_one(db, login.id, lambda: now[0], door=door).failures == () and len(server.sent) == 2
    renewed = key_store.secret(login.secret_name)
    assert renewed != first and Right.read(renewed) == Right(client=CLIENT, refresh="r2", access="a2", until=int(now[0].timestamp()) + 7_200)
    assert logins.sync_one(db, login.id, lambda: now[0] + timedelta(minutes=31), door=door).failures == () and len(server.sent) == 2
    server.good.clear()
    now[0] += timedelta(hours=5)
    done = logins.sync_one(db, login.id, lambda: now[0], door=door)
    assert len(done.failures) == 1 and "sign in again" in done.failures[0][1]
    key_store._until_quit.clear()


def test_a_sign_in_that_would_end_in_two_hours_is_not_kept() -> None:
    at = Place()
    at.put("/2/oauth2/token", {"access_token": "a", "expires_in": 7200})
    with pytest.raises(UserMistake, match=r"offline\.access"):
        at.source.redeem("@samcarter", CLIENT, "http://127.0.0.1:1727/x", "code", "v", at.door())
    at.put("/2/oauth2/token", lambda _: httpx.Response(400, json={"error": "invalid_client"}))
    with pytest.raises(LoginRejected, match="Native App"):
        at.source.redeem("@samcarter", CLIENT, "http://127.0.0.1:1727/x", "code", "v", at.door())


def test_a_right_is_read_back_as_it_was_kept() -> None:
    right = Right(client="a:b", refresh="r/=+", access="", until=5)
    assert Right.read(right.text()) == right and Right.read(BEARER) is None and "r/=" not in repr(right)
    assert not right.holds(NOW) and not Right(client="a", refresh="r", access="x", until=int(NOW.timestamp()) + 90_000).holds(NOW)


# Beside the archive


def test_the_archive_over_what_was_read_live_doubles_nothing(tmp_path: Path) -> None:
    """Own posts by both, one of them edited, one answered; the archive brings only what it has more."""
    at = Place()
    at.put("/2/users/1001/tweets", page(
        post(3, "Opening at nine", author="1001", edit_history_tweet_ids=[number(2), number(3)]),
        post(1, "@joebrown yes", author="1001", in_reply_to_user_id="2244", referenced_tweets=[{"type": "replied_to", "id": number(0)}],
             entities={"mentions": [{"id": "2244", "username": "joebrown", "start": 0, "end": 9}]}),
    ))  # fmt: skip
    for path in ("/2/users/1001/mentions", "/2/users/2244/tweets"):
        at.put(path, page())
    db = open_desk(tmp_path / "desk")
    with transaction(db):
        stored_logins.save(db, LOGIN)
    login = stored_logins.every(db)[0]
    spending.set_limit(db, login.id, 5_000_000)
    door = at.door()
    assert sync.sync(db, login, BEARER, door, lambda: NOW, source=at.source).new == 2
    live = state(db)
    said = "Fri Nov 20 10:{:02}:00 +0000 2026"
    edits = {"edit": {"editControlInitial": {"editTweetIds": [number(2), number(3)]}}}
    folder = archive(
        tmp_path / "twitter", {"id_str": number(4), "created_at": said.format(4), "full_text": "Only here", "entities": {}},
        {"id_str": number(3), "created_at": said.format(3), "full_text": "Opening at nine", "entities": {}, "edit_info": edits},
        {"id_str": number(2), "created_at": said.format(2), "full_text": "Opening at ten", "entities": {}, "edit_info": edits},
        {"id_str": number(1), "created_at": said.format(1), "full_text": "@joebrown yes", "in_reply_to_status_id_str": number(0), "in_reply_to_user_id_str": "2244",
         "in_reply_to_screen_name": "joebrown", "entities": {"user_mentions": [{"id_str": "2244", "screen_name": "joebrown", "name": "Joe Brown"}]}},
    )  # fmt: skip
    importing.import_now(db, folder, now=NOW)
    now = state(db)
    assert len(now["activities"]) == len(live["activities"]) + 1 and len(now["profiles"]) == len(live["profiles"])
    assert sync.sync(db, login, BEARER, at.door(), lambda: NOW, source=at.source).new == 0
    db.close()


# Adding somebody


@pytest.fixture
def db() -> Desk:
    return open_memory()


def test_without_a_login_only_the_link_is_kept_and_with_one_its_cost_is_told(db: Desk) -> None:
    one = next(each for each in adding.possibilities(db, "https://x.com/joebrown") if each.meant.place == "x")
    assert one.source == "" and one.asks == () and "asked only once it is connected with a monthly limit" in one.why
    with transaction(db):
        stored_logins.save(db, LOGIN)
    one = next(each for each in adding.possibilities(db, "x.com/joebrown") if each.meant.place == "x")
    assert (one.asks, one.costs) == (("api.x.com",), "Costs $0.01 of the monthly limit, and up to $0.26 to follow them.")
    at = Place()
    at.put("/2/users/by/username/joebrown", user())
    key_store.keep_until_quit(LOGIN.secret_name, BEARER)
    with pytest.raises(SpentUp):
        adding.look_up(db, one, frozenset(one.asks), door=lambda *_: at.door())
    spending.set_limit(db, stored_logins.every(db)[0].id, 10_000)
    met = adding.look_up(db, one, frozenset(one.asks), door=lambda *_: at.door(), clock=lambda: NOW)
    assert met.profile.key == JOE and met.stream == STREAM
    key_store._until_quit.clear()


def test_the_examples_are_of_both_spellings() -> None:
    said = (Path(__file__).parents[1] / "data" / "x" / "web.json").read_text(encoding="utf-8")
    assert all(word in said for word in ("note_tweet", "note_post", "referenced_tweets", "referenced_posts", "edit_history_tweet_ids", "edit_history_post_ids")) and json.loads(said)
