"""Raindrop.io: my own bookmarks page by page, what becomes of them, and the same keys as its table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import LoginRejected, RateLimited, SourceError, SourceUnavailable, UserMistake
from relationdesk.model import (
    Activity,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Login,
    Page,
    Profile,
    Rejected,
    Stream,
    Tombstone,
)
from relationdesk.sources.base import Options
from relationdesk.sources.bookmarks import Bookmarks
from relationdesk.sources.door import Door
from relationdesk.sources.raindrop import API, OWN, Raindrop
from tests.recorded_web import Web
from tests.sources.chat_reading import DATA

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ME = Key("raindrop", "me")
KEY = "0a1b2c3d-test"
BEGIN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LIST = f"{API}/rest/v1/raindrops/0"


def at(minutes: int) -> str:
    return (BEGIN + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.123Z")


def drop(number: int, **more: Any) -> dict[str, Any]:
    return {
        "_id": number, "link": f"https://acme.example/{number}", "title": f"Page {number}", "excerpt": "What the page says", "note": "", "type": "link",
        "tags": ["erp", "my press"], "created": at(number), "lastUpdate": at(number), "domain": "acme.example", "collection": {"$id": -1}, "user": {"$id": 3}, **more,
    }  # fmt: skip


class Desk:
    def __init__(self) -> None:
        self.web, self.now, self.cursor = Web(), NOW, ""
        self.drops: list[dict[str, Any]] = []
        self.source = Raindrop(lambda: self.now)
        self.web.pages |= {
            LIST: self._list, f"{API}/rest/v1/user": {"result": True, "user": {"_id": 3, "fullName": "Sam Carter", "email": "sam@carter.example"}},
            f"{API}/rest/v1/collections": {"result": True, "items": [{"_id": 11, "title": "People"}, {"_id": 13, "title": "Loop", "parent": {"$id": 14}}]},
            f"{API}/rest/v1/collections/childrens": {"result": True, "items": [
                {"_id": 12, "title": "Friends", "parent": {"$id": 11}}, {"_id": 14, "title": "Round", "parent": {"$id": 13}}]},
        }  # fmt: skip
        self.login = Login(id=1, source="raindrop", place="raindrop", address=API, user_name="Sam Carter", profile=ME, has_token=True)
        self.own = Stream(name=OWN, address=API, profile=ME, title="My bookmarks")

    def door(self) -> Door:
        return Door(transport=self.web.transport(), clock=lambda: self.now)

    def _list(self, query: dict[str, str]) -> Any:
        assert (query["sort"], query["perpage"]) == ("-created", "50")
        start = int(query["page"]) * 50
        return {"result": True, "items": self.drops[start : start + 50], "count": len(self.drops)}

    def pages(self) -> list[Page]:
        self.now += timedelta(minutes=30)
        found = list(self.source.pages(self.login, self.own, self.cursor, KEY, self.door()))
        self.cursor = next((page.cursor for page in reversed(found) if page.cursor), self.cursor)
        return found

    def facts(self) -> list[Fact]:
        return [fact for page in self.pages() for fact in page.facts]

    def titles(self) -> list[str]:
        return [fact.title for fact in self.facts() if isinstance(fact, Activity)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("typed", ["raindrop.io", " https://app.raindrop.io/settings ", API, "api.raindrop.io"])
def test_a_key_tells_whose_it_is(desk: Desk, typed: str) -> None:
    login = desk.source.connect(typed, KEY, desk.door())
    assert (login.address, login.user_name, login.profile, login.has_token) == (API, "Sam Carter", ME, True)
    assert desk.source.streams(login, ()) == (desk.own,)
    assert desk.web.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(("typed", "token", "words"), [("raindrop.io", "", "only with a key"), ("pinboard.in", KEY, "not Raindrop"), ("raindrop.io.evil.example", KEY, "not Raindrop")])
def test_without_a_key_or_elsewhere_nobody_is_asked(desk: Desk, typed: str, token: str, words: str) -> None:
    with pytest.raises(UserMistake, match=words):
        desk.source.connect(typed, token, desk.door())
    assert desk.web.asked == []


def test_a_refused_key_says_what_helps(desk: Desk) -> None:
    desk.web.status[f"{API}/rest/v1/user"] = httpx.Response(401, json={"result": False, "errorMessage": "Unauthorized"})
    with pytest.raises(LoginRejected, match="sign in again"):
        desk.source.connect("raindrop.io", KEY, desk.door())
    desk.web.status[f"{API}/rest/v1/user"] = httpx.Response(200, json={"result": True, "user": {}})
    with pytest.raises(LoginRejected, match="whose key"):
        desk.source.connect("raindrop.io", KEY, desk.door())


def test_nobody_is_followed(desk: Desk) -> None:
    with pytest.raises(UserMistake, match="as a page"):
        desk.source.follow("https://raindrop.io/joe", desk.login, KEY, desk.door())


def test_a_bookmark(desk: Desk) -> None:
    desk.drops = [drop(5, note="My note", collection={"$id": 12})]
    found = desk.facts()
    owner, made, covered = found
    assert isinstance(owner, Profile) and owner.is_owner and owner.key == ME
    assert isinstance(made, Activity)
    assert (made.key, made.actor, made.kind, made.audience) == (Key("raindrop", "me#5"), ME, Kind.BOOKMARK, Audience.PRIVATE)
    assert (made.title, made.text, made.url) == ("Page 5", "My note", "https://acme.example/5")
    assert made.published == datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
    assert dict(made.extra) == {"tags": "erp, my press", "folder": "People / Friends"}
    assert covered == Coverage(place="raindrop", profile=ME, since=None, until=desk.now)


def test_mine_are_those_of_the_table(desk: Desk) -> None:
    """The same bookmarks from Raindrop's own CSV, before or after."""
    told = {f.key: f for f in Bookmarks().read(DATA / "bookmarks" / "raindrop.csv", Options()) if isinstance(f, Activity)}
    words = {"excerpt": "What the page says", "created": "2024-05-01T10:00:00.000Z"}
    desk.drops = [
        drop(102, title="Alder", link="https://alder.example/", tags=[], **words | {"created": "2024-05-02T10:00:00.000Z"}),
        drop(101, title="Ida", note="my note", link="https://ida.example/", tags=["ida", "my friends"], collection={"$id": 12}, **words),
    ]  # fmt: skip
    here = {f.key: f for f in desk.facts() if isinstance(f, Activity)}
    assert here == told and len(here) == 2


def test_collections_that_lie_in_each_other_end(desk: Desk) -> None:
    desk.drops = [drop(1, collection={"$id": 13}), drop(2, collection={"$id": 99})]
    assert [dict(f.extra).get("folder", "") for f in desk.facts() if isinstance(f, Activity)] == ["", "Round / Loop"]
    assert desk.web.count("/collections") == 2


def test_the_whole_past_comes_in_portions(desk: Desk) -> None:
    desk.drops = [drop(n) for n in range(2_000, 0, -1)]
    first = desk.titles()
    assert 1_000 < len(first) < 2_000
    assert len({*first, *desk.titles(), *desk.titles()}) == 2_000
    assert desk.titles() == [] and desk.web.count("/collections") == 0


def test_then_only_what_is_new_or_edited(desk: Desk) -> None:
    desk.drops = [drop(2), drop(1)]
    desk.facts()
    desk.drops = [drop(3), drop(2, title="Better", lastUpdate=at(99)), drop(1)]
    assert desk.titles() == ["Better", "Page 3"]
    assert desk.titles() == []


def test_what_was_thrown_away_is_withdrawn_by_a_clear_word_and_may_come_back(desk: Desk) -> None:
    desk.drops = [drop(n) for n in range(6, 0, -1)]
    desk.facts()
    item = f"{API}/rest/v1/raindrop"
    desk.web.pages |= {
        f"{item}/2": {"result": True, "item": drop(2, collection={"$id": -99})}, f"{item}/3": {"result": True, "item": drop(3, removed=True)},
        f"{item}/4": {"result": True, "item": drop(4)},
    }  # fmt: skip
    desk.web.status[f"{item}/5"] = httpx.Response(500)
    desk.drops = [drop(6)]  # 1 is gone for good: 404
    gone = [fact for fact in desk.facts() if isinstance(fact, Tombstone)]
    assert gone == [Tombstone(key=Key("raindrop", f"me#{n}"), returns=True) for n in (3, 2, 1)]


def test_an_empty_answer_deletes_nothing(desk: Desk) -> None:
    desk.drops = [drop(2), drop(1)]
    desk.facts()
    desk.drops = []
    assert not [fact for _ in range(2) for fact in desk.facts() if isinstance(fact, Tombstone)]


@pytest.mark.parametrize("odd", [{"_id": None}, {"_id": "x/../y"}, {"link": ""}, {"link": 7.5}])
def test_an_unreadable_bookmark_is_one_rejected(desk: Desk, odd: dict[str, Any]) -> None:
    desk.drops = [drop(2), drop(1) | odd]
    found = desk.facts()
    assert sum(isinstance(fact, Rejected) for fact in found) == 1 and sum(isinstance(fact, Activity) for fact in found) == 1


def test_odd_fields_are_left_out(desk: Desk) -> None:
    desk.drops = [drop(1, tags="erp", note=7, collection="none", created="soon", title=None)]
    (made,) = [fact for fact in desk.facts() if isinstance(fact, Activity)]
    assert (made.published, made.title, dict(made.extra)) == (None, "", {})


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, json={"result": False, "errorMessage": "x"}), httpx.Response(200, json={"result": True}), httpx.Response(200, json=[]), httpx.Response(200, text="<html>")]
)
def test_nonsense_is_a_sentence(desk: Desk, answer: httpx.Response) -> None:
    desk.web.status[LIST] = answer
    with pytest.raises(SourceError, match="Nothing of it was kept"):
        desk.facts()


def test_its_clock_is_read_whatever_the_header_is_called(desk: Desk) -> None:
    """The limit's headers do not share their first part; the reset is in seconds since 1970."""
    reset = str(int((NOW + timedelta(hours=1)).timestamp()))
    desk.web.status[LIST] = httpx.Response(429, headers={"X-RateLimit-Limit": "120", "RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})
    with pytest.raises(RateLimited) as caught:
        desk.facts()
    assert caught.value.until == NOW + timedelta(hours=1)
    desk.web.status[LIST] = httpx.Response(503)
    with pytest.raises(SourceUnavailable):
        desk.facts()
