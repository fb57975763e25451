"""Instagram: what is its own beside what test_threads shows of all of Meta's places."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Activity, Key, Kind, Login, Stream
from relationdesk.sources.door import Door
from relationdesk.sources.instagram import API, Instagram
from tests.recorded_web import Web

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
LOGIN = Login(id=0, source="instagram", place="instagram", address=API, user_name="sam", profile=Key("instagram", "sam"), has_token=True)


def test_a_professional_presence_is_connected_by_its_key() -> None:
    web = Web()
    web.pages[f"{API}/me"] = {"user_id": "1784", "username": "Sam", "name": "Sam"}
    door = Door(transport=web.transport())
    made = Instagram(lambda: NOW).connect("@sam", "IGAA", door)
    assert (made.user_name, made.profile) == ("Sam", Key("instagram", "sam"))
    with pytest.raises(UserMistake, match="not of @ann"):
        Instagram(lambda: NOW).connect("@ann", "IGAA", door)


def test_comments_and_what_is_answered_to_them() -> None:
    web = Web()
    post = {"id": "51", "caption": "Hall", "username": "sam", "timestamp": "2026-11-20T10:00:00+0000", "media_type": "IMAGE", "comments_count": 1}
    web.pages[f"{API}/me/media"] = {"data": [post, {**post, "id": "50", "comments_count": 0}]}
    mine = {"id": "62", "text": "In May", "timestamp": "2026-11-20T10:40:00+0000", "username": "sam"}
    web.pages[f"{API}/51/comments"] = {"data": [{"id": "61", "text": "When?", "timestamp": "2026-11-20T10:30:00+0000", "from": {"username": "Joe"}, "replies": {"data": [mine]}}]}
    stream = Stream(name="replies", address=API)
    (page,) = Instagram(lambda: NOW).pages(LOGIN, stream, "", "IGAA", Door(transport=web.transport()))
    asked, answered = [fact for fact in page.facts if isinstance(fact, Activity)]
    assert (asked.kind, asked.actor, asked.in_reply_to, asked.participants[0].profile) == (Kind.COMMENT, Key("instagram", "joe"), "post:51", LOGIN.profile)
    assert (answered.in_reply_to, answered.thread, answered.participants[0].profile) == ("comment:61", "post:51", Key("instagram", "joe"))
    assert web.count("/50/comments") == 0
