"""Hacker News step by step: the list from the search, the truth about an item from its own API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import Gone, RateLimited, SourceError, UserMistake
from relationdesk.model import (
    Activity,
    Coverage,
    Fact,
    Key,
    Kind,
    Participant,
    Profile,
    Rejected,
    Role,
    Stream,
    Tombstone,
)
from relationdesk.sources.door import Door
from relationdesk.sources.hackernews import MAX_AGAIN, MAX_PARENTS, HackerNews
from relationdesk.sources.hackernews_facts import facts
from relationdesk.sources.hackernews_talk import ITEMS, SEARCH
from tests.recorded_web import Web

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FIRST = int(datetime(2026, 11, 20, 8, 0, tzinfo=UTC).timestamp())
LIST = f"{SEARCH}/api/v1/search_by_date"


def hit(number: int, text: str | None = "", **more: Any) -> dict[str, Any]:
    """A comment; number: seconds after FIRST, and its id. `_highlightResult` repeats everything and is to be ignored."""
    words = f"Words {number}" if text == "" else text
    return {
        "objectID": str(number), "created_at_i": FIRST + number, "created_at": "x", "author": "Joe", "title": None, "url": None,
        "story_text": None, "comment_text": words, "story_id": 7, "story_title": "Presses", "parent_id": 7, "points": None,
        "_tags": ["comment", "author_Joe"], "_highlightResult": {"author": {"value": "<em>Joe</em>"}}, **more,
    }  # fmt: skip


def story(number: int, **more: Any) -> dict[str, Any]:
    return hit(number, None, title="Show HN: Presses", url="https://press.example/", story_id=None, story_title=None, parent_id=None, **more)


class Desk:
    def __init__(self) -> None:
        self.web, self.now, self.hits, self.cursor = Web(), NOW, [], ""  # type: ignore[var-annotated]
        self.web.pages |= {LIST: self._search, f"{ITEMS}/v0/user/Joe.json": {"id": "Joe", "created": 1, "karma": 5}}
        self.web.pages[f"{ITEMS}/v0/item/7.json"] = {"id": 7, "by": "ann", "type": "story", "time": FIRST}
        self.source = HackerNews(lambda: self.now)
        self.login = self.source.connect("", "", self.door())
        self.joe = Stream(name="items:Joe", address=SEARCH, profile=Key("hackernews", "Joe"), title="Joe")

    def door(self) -> Door:
        return Door(transport=self.web.transport(), clock=lambda: self.now)

    def _search(self, query: dict[str, str]) -> Any:
        until = int(query.get("numericFilters", "created_at_i<=9999999999").partition("<=")[2])
        return {"hits": [h for h in self.hits if h["created_at_i"] <= until][:100], "nbHits": len(self.hits), "page": 0}

    def facts(self) -> list[Fact]:
        found: list[Fact] = []
        for page in self.source.pages(self.login, self.joe, self.cursor, "", self.door()):
            self.cursor = page.cursor or self.cursor
            found += page.facts
        return found

    def texts(self) -> list[str]:
        return [fact.text for fact in self.facts() if isinstance(fact, Activity)]

    def item(self, number: int, **more: Any) -> None:
        self.web.pages[f"{ITEMS}/v0/item/{number}.json"] = {"id": number, "by": "Joe", "type": "comment", "time": FIRST, **more}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("typed", ["Joe", " https://news.ycombinator.com/user?id=Joe ", "news.ycombinator.com/user?id=Joe"])
def test_all_spellings_of_joe(desk: Desk, typed: str) -> None:
    stream, profile = desk.source.follow(typed, desk.login, "", desk.door())
    assert stream == desk.joe and (profile.known, profile.url) == (True, "https://news.ycombinator.com/user?id=Joe")


@pytest.mark.parametrize("typed", ["", "j", "a b", "https://news.ycombinator.com/item?id=7", "https://other.example/user?id=Joe", "http://[::1", "joe@x.example"])
def test_what_is_nobodys_page_is_not_asked_about(desk: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        desk.source.follow(typed, desk.login, "", desk.door())
    assert desk.web.asked == []


def test_an_unknown_name_is_null_with_status_200_and_capitals_count(desk: Desk) -> None:
    desk.web.pages[f"{ITEMS}/v0/user/joe.json"] = None
    with pytest.raises(UserMistake, match="capitals"):
        desk.source.follow("joe", desk.login, "", desk.door())


def test_a_profile_says_what_its_page_says(desk: Desk) -> None:
    about = 'Valves.<p><a href="https:&#x2F;&#x2F;joe.example&#x2F;" rel="nofollow">https:&#x2F;&#x2F;joe.example&#x2F;</a>'
    desk.web.pages[f"{ITEMS}/v0/user/Joe.json"] = {"id": "Joe", "about": about}
    _, profile = desk.source.follow("Joe", desk.login, "", desk.door())
    assert profile.bio.startswith("Valves.") and [a.value for a in profile.addresses] == ["https://joe.example"]


def test_a_comment_and_a_story(desk: Desk) -> None:
    desk.hits = [hit(9, "We tried it.<p>Works &amp; is fast."), story(8)]
    found = desk.facts()
    first, second = [fact for fact in found if isinstance(fact, Activity)]
    assert (first.kind, first.title, first.text, first.thread) == (Kind.POST, "Show HN: Presses", "https://press.example/", "8")
    assert (second.kind, second.title, second.text) == (Kind.COMMENT, "Presses", "We tried it.\n\nWorks & is fast.")
    assert (second.thread, second.in_reply_to, second.url) == ("7", "7", "https://news.ycombinator.com/item?id=9")
    assert second.participants == (Participant(profile=Key("hackernews", "ann"), role=Role.REPLY_TO),)
    assert second.published == datetime(2026, 11, 20, 8, 0, 9, tzinfo=UTC)
    assert found[-1] == Coverage(place="hackernews", profile=desk.joe.profile, since=None, until=NOW)
    assert Key("hackernews", "ann") in {fact.key for fact in found if isinstance(fact, Profile)}


@pytest.mark.parametrize("odd", [{"objectID": "x"}, {"objectID": None}, {"author": ""}, {"created_at_i": None}, {"created_at_i": -5}, {"created_at_i": True}])
def test_an_unreadable_item_is_one_rejected(odd: dict[str, Any]) -> None:
    (found,) = facts({**hit(1), **odd}, {})
    assert isinstance(found, Rejected)


def test_a_long_past_is_read_back_by_time_and_said_to_end_somewhere(desk: Desk) -> None:
    desk.hits = [hit(n) for n in range(500, 0, -1)]
    found = desk.facts()
    numbers = {fact.key.native_id for fact in found if isinstance(fact, Activity)}
    assert {str(n) for n in range(220, 501)} <= numbers and "100" not in numbers
    last = [fact for fact in found if isinstance(fact, Coverage)][-1]
    assert last.since is not None and last.since > datetime.fromtimestamp(FIRST, UTC)


def test_then_only_what_is_new_or_edited(desk: Desk) -> None:
    desk.hits = [hit(2), hit(1)]
    desk.facts()
    desk.now += timedelta(minutes=30)
    desk.hits = [hit(3), hit(2, "Better words"), hit(1)]
    assert desk.texts() == ["Better words", "Words 3"]
    assert desk.texts() == []


def test_more_than_a_page_of_news_skips_nothing(desk: Desk) -> None:
    desk.hits = [hit(1)]
    desk.facts()
    desk.hits = [hit(n) for n in range(250, 0, -1)]
    assert {f"Words {n}" for n in range(2, 251)} <= set(desk.texts())


def test_what_left_the_list_is_only_withdrawn_by_a_clear_word(desk: Desk) -> None:
    desk.hits = [hit(n) for n in range(5, 0, -1)]
    desk.facts()
    desk.item(2, deleted=True)
    desk.item(3, dead=True)
    desk.item(4)
    desk.hits = [hit(5)]  # 1 answers 404, 4 stands
    desk.web.pages[f"{ITEMS}/v0/item/1.json"] = None
    assert {fact.key.native_id for fact in desk.facts() if isinstance(fact, Tombstone)} == {"2", "3"}


def test_the_search_keeps_deleted_words_so_items_are_asked_for_once_a_day(desk: Desk) -> None:
    desk.hits = [hit(3), hit(2), hit(1)]
    desk.facts()
    desk.item(3, text="Words 3")
    desk.item(2, text="Silently <i>changed</i>")
    desk.item(1, deleted=True)
    assert desk.facts()[:-1] == []
    desk.now += timedelta(days=1, minutes=1)
    found = desk.facts()
    assert [(f.key.native_id, f.text) for f in found if isinstance(f, Activity)] == [("2", "Silently changed")]
    assert [fact for fact in found if isinstance(fact, Tombstone)] == [Tombstone(key=Key("hackernews", "1"))]


def test_questions_about_single_items_are_few(desk: Desk) -> None:
    desk.hits = [hit(n, parent_id=1000 + n) for n in range(90, 0, -1)]
    desk.facts()
    assert desk.web.count("/v0/item/") == 1  # the first is not there (404), so no more are asked in vain
    desk.web.pages |= {f"{ITEMS}/v0/item/{1000 + n}.json": {"id": n, "by": "ann"} for n in range(91)}
    again = Desk()
    again.hits, again.web.pages = desk.hits, {**desk.web.pages, LIST: again._search}
    again.facts()
    assert again.web.count("/v0/item/") == MAX_PARENTS
    again.now += timedelta(days=1, minutes=1)
    again.web.pages |= {f"{ITEMS}/v0/item/{n}.json": {"id": n, "by": "Joe"} for n in range(91)}
    again.facts()
    assert again.web.count("/v0/item/") == MAX_PARENTS + MAX_AGAIN


def test_somebody_else_in_the_list_is_not_believed(desk: Desk) -> None:
    desk.hits = [hit(2, author="joe"), hit(1)]
    assert desk.texts() == ["Words 1"]


def test_a_closed_profile_is_a_sentence(desk: Desk) -> None:
    desk.hits = [hit(1)]
    desk.facts()
    desk.web.pages[f"{ITEMS}/v0/user/Joe.json"] = None
    desk.now += timedelta(days=2)
    with pytest.raises(Gone, match="kept"):
        desk.facts()


@pytest.mark.parametrize("answer", [httpx.Response(200, json={}), httpx.Response(200, json=[]), httpx.Response(200, text="<html>"), httpx.Response(503), httpx.Response(304)])
def test_nonsense_is_a_sentence(desk: Desk, answer: httpx.Response) -> None:
    desk.web.status[LIST] = answer
    with pytest.raises(SourceError, match=r"kept|Nothing"):
        desk.facts()


def test_a_wait_is_a_wait(desk: Desk) -> None:
    desk.web.status[LIST] = httpx.Response(429, headers={"retry-after": "3600"})
    with pytest.raises(RateLimited) as caught:
        desk.facts()
    assert caught.value.until == NOW + timedelta(hours=1)
