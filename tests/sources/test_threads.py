"""Threads, and what it shares with Instagram and Facebook Pages: a pasted key that is renewed before it ends, my own presence and what is
said to me, and nobody else's. The examples with what they read as lie in tests/data/{threads,instagram,facebook}."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import (
    Gone,
    LoginRejected,
    RateLimited,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
    UserMistake,
)
from relationdesk.model import Activity, Coverage, Fact, Key, Login, Stream, Tombstone
from relationdesk.services import key_store, logins
from relationdesk.services.places import login_rows
from relationdesk.sources.door import Door
from relationdesk.sources.graph_talk import Pass, without
from relationdesk.sources.threads import API, Threads
from relationdesk.store.database import open_memory
from relationdesk.ui.login_card import key_sentence
from tests.recorded_web import Web

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
LOGIN = Login(id=0, source="threads", place="threads", address=API, user_name="sam", profile=Key("threads", "sam"), has_token=True)
OWN, REPLIES, NAMED = (Stream(name=name, address=API, profile=LOGIN.profile) for name in ("own", "replies", "mentions"))
REFRESH = "https://graph.threads.net/refresh_access_token"


def post(id_: int, text: str = "", user: str = "sam", **more: Any) -> dict[str, Any]:
    said = {"id": str(id_), "text": text or f"Post {id_}", "username": user, "timestamp": f"2026-11-20T10:{id_ % 60:02}:00+0000", "media_type": "TEXT_POST"}
    return {**said, "permalink": f"https://www.threads.com/@{user}/post/{id_}", "has_replies": False, **more}


class Place:
    def __init__(self) -> None:
        self.web, self.now = Web(), NOW
        self.source = Threads(lambda: self.now)
        self.kept: list[str] = []
        for path in ("/me/threads", "/me/replies", "/me/mentions"):
            self.put(path, {"data": []})
        self.put("/me", {"id": "900", "username": "sam", "name": "Sam"})

    def put(self, path: str, answer: Any) -> None:
        self.web.pages[API + path] = answer

    def door(self) -> Door:
        door = Door(transport=self.web.transport(), clock=lambda: self.now)
        door.keep_key = self.kept.append
        return door

    def read(self, stream: Stream = OWN, cursor: str = "", token: str = "EAAkey") -> tuple[list[Fact], str]:
        pages = list(self.source.pages(LOGIN, stream, cursor, token, self.door()))
        return [fact for page in pages for fact in page.facts], next((page.cursor for page in reversed(pages) if page.cursor), cursor)


def did(facts: Iterable[Fact]) -> list[str]:
    return [fact.text for fact in facts if isinstance(fact, Activity)]


# The key


def test_the_key_goes_in_the_query_and_to_meta_alone() -> None:
    at = Place()
    at.read()
    assert all(query["access_token"] == "EAAkey" and address.startswith("https://graph.threads.net/") for address, query in at.web.asked)
    assert not any("authorization" in headers for headers in at.web.headers)


def test_the_ready_made_address_of_the_next_page_is_not_used_because_it_holds_the_key() -> None:
    at = Place()
    paging = {"cursors": {"after": "A"}, "next": "https://evil.example/?access_token=EAAkey"}
    at.put("/me/threads", lambda query: {"data": [post(1)]} if query.get("after") == "A" else {"data": [post(2)], "paging": paging})
    facts, _ = at.read()
    assert sorted(did(facts)) == ["Post 1", "Post 2"] and not any("evil" in address for address, _ in at.web.asked)


def test_a_key_is_somebody_s_and_checked_before_it_is_kept() -> None:
    at = Place()
    assert at.source.connect("@sam", "EAAkey", at.door()) == LOGIN
    assert at.source.connect("https://www.threads.net/@Sam", "EAAkey", at.door()) == LOGIN
    with pytest.raises(UserMistake, match="one of @sam, not of @ann"):
        at.source.connect("@ann", "EAAkey", at.door())
    with pytest.raises(UserMistake, match="only with a key"):
        at.source.connect("@sam", "", at.door())
    at.put("/me", {"id": "900"})
    with pytest.raises(UnexpectedAnswer):
        at.source.connect("@sam", "EAAkey", at.door())
    assert at.source.key_page("@sam", at.door()) == "https://developers.facebook.com/apps/"


def test_a_key_is_renewed_before_it_ends_and_kept_before_it_is_used() -> None:
    at = Place()
    pasted = at.source.key_in(" EAA\nkey ")
    assert at.source.good_until(pasted) == NOW + timedelta(days=60) and at.source.key_in(pasted) == pasted and at.source.key_in("") == ""
    at.web.pages[REFRESH] = {"access_token": "EAAnew", "expires_in": 5_184_000}
    at.read(token=pasted)
    at.now += timedelta(days=29)
    at.read(token=pasted)
    assert at.web.count("refresh") == 0
    at.now += timedelta(days=2)
    at.read(token=pasted)
    assert at.web.asked[-2] == (REFRESH, {"grant_type": "th_refresh_token", "access_token": "EAAkey"}) and at.web.asked[-1][1]["access_token"] == "EAAnew"
    (kept,) = at.kept
    assert at.source.good_until(kept) == at.now + timedelta(days=60)
    at.read(token=pasted)  # the key store was silent: what was renewed is known until the program ends
    assert at.web.count("refresh") == 1 and at.web.asked[-1][1]["access_token"] == "EAAnew"


def test_where_it_is_not_renewed_the_key_holds_on_and_meta_is_asked_once_a_day() -> None:
    at = Place()
    pasted = at.source.key_in("EAAkey")
    at.web.status[REFRESH] = httpx.Response(500)
    at.now += timedelta(days=31)
    for _ in range(3):
        at.read(token=pasted)
    assert at.web.count("refresh") == 1 and at.kept == []
    at.now += timedelta(days=1)
    at.read(token=pasted)
    assert at.web.count("refresh") == 2


@pytest.mark.parametrize("text", ["meta:a:1", "meta::1:2", "meta:a:1:99999999999999", "EAA", ""])
def test_what_is_no_pass_is_a_key_as_it_is(text: str) -> None:
    assert Pass.read(text) is None
    right = Pass(token="a:b/%", since=NOW, until=NOW)
    assert Pass.read(right.text()) == right


def test_the_card_says_until_when_it_holds() -> None:
    at, db = Place(), open_memory()
    login, _ = logins.connect(db, "threads", "@sam", "EAAkey", lambda: NOW, until_quit=True, door=lambda *_: at.door())
    (row,) = login_rows(db)
    assert row.key_until is not None and abs(row.key_until - (datetime.now(UTC) + timedelta(days=60))) < timedelta(minutes=5)
    assert key_sentence(row, NOW).startswith("Its key holds until ") and key_sentence(row, row.key_until).startswith("Its key ended on ")
    assert key_store.secret(login.secret_name).startswith("meta:EAAkey:")
    key_store._until_quit.clear()


# What is read


@pytest.mark.parametrize("refusal", [{"code": 100, "message": "Invalid cursor"}, {"code": 100, "error_subcode": 33}])
def test_where_meta_no_longer_knows_the_place_at_which_reading_stopped_it_begins_anew(refusal: dict[str, Any]) -> None:
    """Meta says of its cursors that they hold no longer once something is added or deleted."""
    at, now = Place(), {"": (9, "A"), "A": (8, "")}

    def pages(query: dict[str, str]) -> Any:
        if query.get("after", "") not in now:
            return httpx.Response(400, json={"error": refusal})
        number, further = now[query.get("after", "")]
        return {"data": [post(number)]} | ({"paging": {"cursors": {"after": further}, "next": "https://x.example/"}} if further else {})

    at.put("/me/threads", pages)
    stopped = next(iter(at.source.pages(LOGIN, OWN, "", "EAAkey", at.door()))).cursor
    now = {"": (10, "B"), "B": (9, "C"), "C": (8, "")}
    facts, cursor = at.read(cursor=stopped)
    assert did(facts) == ["Post 10", "Post 9", "Post 8"] and [fact.since for fact in facts if isinstance(fact, Coverage)][-1] is None
    now = {"": (11, "B"), "B": (10, "C"), "C": (9, "")}
    assert did(at.read(cursor=cursor)[0]) == ["Post 11", "Post 10"], "down to what is known"


def test_own_posts_change_and_vanish_only_where_meta_says_so() -> None:
    at = Place()
    at.put("/me/threads", {"data": [post(3), post(2), post(1)]})
    facts, cursor = at.read()
    assert sorted(did(facts)) == ["Post 1", "Post 2", "Post 3"]
    at.put("/me/threads", {"data": [post(3, "Rewritten"), post(1)]})
    at.web.status[f"{API}/2"] = httpx.Response(400, json={"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request"}})
    facts, cursor = at.read(cursor=cursor)
    assert did(facts) == ["Rewritten"] and [f.key.native_id for f in facts if isinstance(f, Tombstone)] == ["post:2"]
    at.put("/me/threads", {"data": [post(3, "Rewritten")]})
    at.put("/1", {"id": "1"})
    facts, _ = at.read(cursor=cursor)
    assert not any(isinstance(fact, Tombstone) for fact in facts)


def test_what_is_said_under_my_posts_is_read_once_an_hour_and_told_once() -> None:
    at = Place()
    at.put("/me/threads", {"data": [post(2, has_replies=True), post(1)]})
    answers = [post(11, "When?", "Joe", root_post={"id": "2"}, replied_to={"id": "2"}), post(12, "@joe in May", "sam", root_post={"id": "2"}, replied_to={"id": "11"})]
    at.put("/2/conversation", {"data": answers})
    facts, cursor = at.read(REPLIES)
    asked, mine = [fact for fact in facts if isinstance(fact, Activity)]
    assert [(one.profile.native_id, one.role.value) for one in asked.participants] == [("sam", "reply_to")] and (asked.in_reply_to, asked.thread) == ("post:2", "post:2")
    assert [(one.profile.native_id, one.role.value) for one in mine.participants] == [("joe", "reply_to")] and mine.in_reply_to == asked.key.native_id
    assert at.web.count("/1/conversation") == 0
    assert at.read(REPLIES, cursor) == ([], cursor)
    at.now += timedelta(hours=1)
    at.put("/2/conversation", {"data": [*answers, post(13, "Thanks", "Joe", replied_to={"id": "12"})]})
    facts, _ = at.read(REPLIES, cursor)
    assert did(facts) == ["Thanks"]


def test_a_post_that_shows_its_answers_to_nobody_hides_no_other() -> None:
    at = Place()
    at.put("/me/threads", {"data": [post(3, has_replies=True), post(2, has_replies=True), post(1, has_replies=True, timestamp="2026-09-01T10:00:00+0000")]})
    at.web.status[f"{API}/3/conversation"] = httpx.Response(403, json={"error": {"code": 10, "message": "Permission"}})
    at.put("/2/conversation", {"data": [post(11, "When?", "joe")]})
    facts, _ = at.read(REPLIES)
    assert did(facts) == ["When?"] and at.web.count("/1/conversation") == 0, "older than a month"


def test_whoever_names_me_is_heard() -> None:
    at = Place()
    at.put("/me/mentions", {"data": [post(21, "ask @sam", "Ann")]})
    facts, _ = at.read(NAMED)
    (said,) = [fact for fact in facts if isinstance(fact, Activity)]
    assert said.actor == Key("threads", "ann") and [(one.profile, one.role.value) for one in said.participants] == [(LOGIN.profile, "mentioned")]


def test_nobody_is_followed() -> None:
    at = Place()
    with pytest.raises(UserMistake, match="nobody is followed"):
        at.source.follow("@ann", LOGIN, "EAAkey", at.door())
    assert at.web.asked == []


# What Meta refuses


def nonexisting(name: str, code: int = 100) -> httpx.Response:
    return httpx.Response(400, json={"error": {"message": f"(#100) Tried accessing nonexisting field ({name}) on node type (Media)", "type": "OAuthException", "code": code}})


def test_a_field_that_meta_took_away_is_left_out() -> None:
    """Meta takes fields away with each version of its API; the others are told all the same."""
    at, asked = Place(), list[str]()

    def posts(query: dict[str, str]) -> Any:
        asked.append(query["fields"])
        gone = [name for name in ("alt_text", "is_quote_post", "id") if name in query["fields"].split(",")]
        return nonexisting(gone[0]) if gone != ["id"] else {"data": [post(1)]}

    at.put("/me/threads", posts)
    facts, _ = at.read()
    assert did(facts) == ["Post 1"] and len(asked) == 3
    assert asked[-1] == ",".join(name for name in asked[0].split(",") if name not in ("alt_text", "is_quote_post"))


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ('{"178":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":190},{"type":"pages","estimated_time_to_regain_access":5}]}', 190),
        ('{"178":[{"estimated_time_to_regain_access":99999}]}', 1_440), ('{"178":[{"call_count":100}]}', 60), ("nonsense", 60), ('{"estimated_time_to_regain_access":3}', 60),
    ],
)
def test_meta_says_in_a_header_how_long_it_will_refuse(told: str, minutes: int) -> None:
    at = Place()
    at.web.status[f"{API}/me/threads"] = httpx.Response(400, json={"error": {"code": 80002}}, headers={"X-Business-Use-Case-Usage": told})
    with pytest.raises(RateLimited) as caught:
        at.read()
    assert caught.value.until == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("answer", [nonexisting("secret"), nonexisting("id"), nonexisting("text", code=1), nonexisting("")])
def test_only_a_field_that_was_asked_for_is_left_out_and_never_the_id(answer: httpx.Response) -> None:
    at = Place()
    at.web.status[f"{API}/me/threads"] = answer
    with pytest.raises(UnexpectedAnswer):
        at.read()
    assert at.web.count("/me/threads") == 1


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("id", "message,comments.summary(true).limit(0),parent{id,from},from"), ("comments", "id,message,parent{id,from},from"), ("parent", "id,message,comments.summary(true).limit(0),from"),
        ("from", "id,message,comments.summary(true).limit(0),parent{id}"), ("mess", "id,message,comments.summary(true).limit(0),parent{id,from},from"),
    ],
)
def test_a_field_is_taken_out_with_all_that_belongs_to_it(name: str, left: str) -> None:
    assert without("id,message,comments.summary(true).limit(0),parent{id,from},from", name) == (left if name != "id" else "message,comments.summary(true).limit(0),parent{from},from")


def error(code: int, status: int = 400, sub: int | None = None) -> httpx.Response:
    return httpx.Response(status, json={"error": {"message": "SECRET words", "type": "OAuthException", "code": code, "error_subcode": sub}})


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (error(190, 401, 463), LoginRejected, "make a new one on Meta’s page, then sign in again"), (error(190), LoginRejected, "sign in again"), (error(102), LoginRejected, "sign in again"),
        (error(4), RateLimited, "asks us to wait"), (error(17), RateLimited, "asks us to wait"), (error(613, 403), RateLimited, "wait"), (error(80002), RateLimited, "wait"),
        (error(10, 403), SourceUnavailable, "does not show this"), (error(200, 403), SourceUnavailable, "does not show this"),
        (error(100, 400, 33), Gone, "not there"), (error(1), UnexpectedAnswer, "not the expected data"), (httpx.Response(404), Gone, "does not exist"),
        (httpx.Response(200, json={"error": {"code": 190}}), LoginRejected, "sign in again"), (httpx.Response(500), SourceUnavailable, "problem of its own"),
        (httpx.Response(200, json={}), UnexpectedAnswer, "not the expected data"), (httpx.Response(200, json=[]), UnexpectedAnswer, "not the expected data"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence_without_meta_s_own_words(answer: httpx.Response, kind: type[SourceError], words: str) -> None:
    at = Place()
    at.web.status[f"{API}/me/threads"] = answer
    with pytest.raises(kind, match=words) as told:
        at.read()
    assert "SECRET" not in str(told.value) and "EAAkey" not in str(told.value)
