"""What others answer me on Hacker News: the children of my own items, step by step. What each is read as stands in tests/data/hackernews."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import RateLimited, SourceUnavailable, UserMistake
from relationdesk.model import Activity, Key, Profile, Role, Stream, Tombstone
from relationdesk.sources.door import Door
from relationdesk.sources.hackernews import HackerNews
from relationdesk.sources.hackernews_answers import MOST_NEW
from relationdesk.sources.hackernews_talk import ITEMS, SEARCH
from tests.recorded_web import Web

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
AT = int(datetime(2026, 11, 20, 8, 0, tzinfo=UTC).timestamp())
HOUR = timedelta(hours=1)
LIST = f"{SEARCH}/api/v1/search_by_date"


class Desk:
    """Sam, with a story (7). kids: number of an item → its children, as the place lists them."""

    def __init__(self) -> None:
        self.web, self.now, self.cursor = Web(), NOW, ""
        self.mine = [{"objectID": "7", "author": "Sam", "created_at_i": AT, "title": "Valves", "story_text": "Which?", "story_id": 7}]
        self.web.pages |= {LIST: lambda query: {"hits": self.mine}, f"{ITEMS}/v0/user/Sam.json": {"id": "Sam"}}
        self.source = HackerNews(lambda: self.now)
        self.login = self.source.connect("Sam", "", self.door())
        self.web.asked.clear()
        _, self.answers = self.source.streams(self.login, ())

    def door(self) -> Door:
        return Door(transport=self.web.transport(), clock=lambda: self.now)

    def kids(self, *numbers: int, of: int = 7) -> None:
        self.item(of, by="Sam", kids=list(numbers))

    def item(self, number: int, **more: Any) -> None:
        said = {"id": number, "by": "ann", "parent": 7, "type": "comment", "time": AT + number, "text": f"Words {number}", **more}
        self.web.pages[f"{ITEMS}/v0/item/{number}.json"] = said

    def read(self) -> list[str]:
        """Texts of the answers, and numbers of what was withdrawn."""
        found: list[str] = []
        for page in self.source.pages(self.login, self.answers, self.cursor, "", self.door()):
            self.cursor = page.cursor
            found += [fact.text for fact in page.facts if isinstance(fact, Activity)]
            found += [f"-{fact.key.native_id}" for fact in page.facts if isinstance(fact, Tombstone)]
        return found


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("typed", ["Sam", "Sam@", "https://news.ycombinator.com/user?id=Sam", "Sam@news.ycombinator.com"])
def test_who_i_am_is_told_by_a_name_that_somebody_has(desk: Desk, typed: str) -> None:
    login = desk.source.connect(typed, "", desk.door())
    assert (login.user_name, login.profile, login.has_token) == ("Sam", Key("hackernews", "Sam"), False)
    assert [stream.name for stream in desk.source.streams(login, ())] == ["own", "answers"]
    desk.web.pages[f"{ITEMS}/v0/user/sam.json"] = None
    with pytest.raises(UserMistake, match="capitals"):
        desk.source.connect("sam", "", desk.door())


@pytest.mark.parametrize("typed", ["", "news.ycombinator.com", "https://news.ycombinator.com/"])
def test_who_has_no_name_there_follows_others_and_nobody_is_asked(desk: Desk, typed: str) -> None:
    login = desk.source.connect(typed, "", desk.door())
    followed = (Stream(name="items:Joe", address=SEARCH, profile=Key("hackernews", "Joe"), title="Joe"),)
    assert (login.profile, desk.source.streams(login, followed)) == (None, followed) and desk.web.asked == []


def test_an_answer_is_theirs_and_to_me(desk: Desk) -> None:
    desk.kids(8)
    desk.item(8)
    (page,) = desk.source.pages(desk.login, desk.answers, "", "", desk.door())
    said = next(fact for fact in page.facts if isinstance(fact, Activity))
    assert (said.actor, said.in_reply_to, said.thread, said.title) == (Key("hackernews", "ann"), "7", "7", "Valves")
    assert [(who.role, who.profile.native_id) for who in said.participants] == [(Role.REPLY_TO, "Sam")]
    assert next(iter(page.facts)) == Profile(key=Key("hackernews", "Sam"))


def test_only_what_is_new_is_asked_for_and_once_an_hour(desk: Desk) -> None:
    desk.kids(8)
    desk.item(8)
    assert desk.read() == ["Words 8"]
    asked = len(desk.web.asked)
    desk.now += HOUR - timedelta(minutes=1)
    assert desk.read() == [] and len(desk.web.asked) == asked
    desk.now += timedelta(minutes=1)
    desk.kids(9, 8)
    desk.item(9)
    assert desk.read() == ["Words 9"] and len(desk.web.asked) == asked + 3  # mine, the item, the new answer


def test_only_what_is_open_to_answers_is_watched(desk: Desk) -> None:
    desk.kids()
    desk.read()
    (query,) = (query for address, query in desk.web.asked if address == LIST)
    assert query["numericFilters"] == f"created_at_i>{int((NOW - timedelta(days=14)).timestamp())}"


def test_what_is_not_there_yet_says_nothing_and_is_asked_for_again(desk: Desk) -> None:
    desk.kids(8)
    desk.web.pages[f"{ITEMS}/v0/item/8.json"] = None
    assert desk.read() == []
    desk.now += HOUR
    desk.item(8)
    assert desk.read() == ["Words 8"]


def test_what_was_changed_or_taken_back_is_learned_once_a_day(desk: Desk) -> None:
    desk.kids(8, 9)
    desk.item(8)
    desk.item(9)
    desk.read()
    desk.item(8, text="Better words")
    desk.item(9, deleted=True)
    desk.now += HOUR
    assert desk.read() == []
    desk.now += timedelta(days=1)
    assert desk.read() == ["Better words", "-9"]


@pytest.mark.parametrize("more", [{"by": "Sam"}, {"parent": 5}, {"id": 6}])
def test_what_is_mine_or_somewhere_else_is_no_answer(desk: Desk, more: dict[str, Any]) -> None:
    desk.kids(8)
    desk.item(8, **more)
    assert desk.read() == []


def test_somebody_elses_items_in_the_list_are_not_believed(desk: Desk) -> None:
    desk.mine[0]["author"] = "sam"
    desk.kids(8)
    desk.item(8)
    assert desk.read() == [] and desk.web.count("/item/") == 0


def test_many_answers_come_in_portions(desk: Desk) -> None:
    numbers = range(100, 100 + MOST_NEW + 10)
    desk.kids(*numbers)
    for number in numbers:
        desk.item(number)
    assert len(desk.read()) == MOST_NEW
    desk.now += HOUR
    assert len(desk.read()) == 10


@pytest.mark.parametrize("kids", [None, "x", [None, True, "8", -1, 1.5], {}])
def test_children_that_are_none(desk: Desk, kids: Any) -> None:
    desk.item(7, by="Sam", kids=kids)
    assert desk.read() == []


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"read": []}', '{"read": {"7": 8}}', "5"])
def test_a_damaged_cursor_begins_anew(desk: Desk, cursor: str) -> None:
    desk.cursor = cursor
    desk.kids(8)
    desk.item(8)
    assert desk.read() == ["Words 8"]


def test_a_wait_is_a_wait_and_trouble_is_no_end_of_an_answer(desk: Desk) -> None:
    desk.kids(8)
    desk.item(8)
    desk.web.status[f"{ITEMS}/v0/item/8.json"] = httpx.Response(503)
    assert desk.read() == []
    desk.web.status[f"{ITEMS}/v0/item/8.json"] = httpx.Response(429, headers={"retry-after": "3600"})
    desk.now += HOUR
    with pytest.raises(RateLimited):
        desk.read()
    desk.web.status = {f"{ITEMS}/v0/item/7.json": httpx.Response(503)}
    with pytest.raises(SourceUnavailable):
        desk.read()
    desk.web.status.clear()
    assert desk.read() == ["Words 8"]
