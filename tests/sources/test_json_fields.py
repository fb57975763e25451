"""Fields of somebody else's JSON, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import UnexpectedAnswer
from relationdesk.sources import gitlab_facts, graph_talk, meta_chats, telegram, x_api_talk
from relationdesk.sources.door import Door
from relationdesk.sources.json_fields import whole

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ODD = ("²", "", " ", "-1", "1.5", "1e5", "0x1f", "9" * 16, 10**30, -3, 1.5, None, True, [], {})
"""What looks like a number to one function of Python and is none to another, or is no reasonable one."""


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_what_is_no_reasonable_number_is_none(value: object) -> None:
    assert whole({"n": value}, "n") is None


def test_a_number_may_be_written_as_text() -> None:
    assert [whole({"n": value}, "n") for value in (0, 7, "7", " 12 ", "9" * 15)] == [0, 7, 7, 12, int("9" * 15)] and whole({}, "n") is None


def answering(data: dict[str, Any]) -> Door:
    return Door(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=data)), clock=lambda: NOW)


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_odd_numbers_in_answers_are_no_crash(value: object) -> None:
    door = answering({"access_token": "new", "refresh_token": "r2", "expires_in": value})
    fresh = x_api_talk.renewed("https://api.x.com", x_api_talk.Right(client="c", refresh="r1"), door, NOW)
    assert fresh.until == NOW.timestamp() + 7_200 and fresh.access == "new"
    with pytest.raises(UnexpectedAnswer, match="holds until its day"):
        graph_talk.renewed("https://graph.threads.net", "th_refresh_token", graph_talk.Pass(token="old", since=NOW, until=NOW + timedelta(days=9)), door, NOW)
    assert gitlab_facts._pushed({"ref": "main", "commit_count": value, "commit_title": "Fix"}) == "Pushed to main\nFix"
    assert meta_chats._call({"call_duration": value}) == telegram._call({"duration_seconds": value}) == "No answer"
