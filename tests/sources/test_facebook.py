"""Facebook Pages: what is their own beside what test_threads shows of all of Meta's places."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Activity, Key, Stream
from relationdesk.sources.door import Door
from relationdesk.sources.facebook import API, Facebook
from tests.recorded_web import Web

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
PAGE = {"id": "100", "name": "Acme Tools", "category": "Tools"}


def web_with(me: Any) -> Web:
    web = Web()
    web.pages[f"{API}/me"] = me
    return web


def test_a_page_is_connected_by_its_own_key_which_does_not_end() -> None:
    source, web = Facebook(lambda: NOW), web_with(PAGE)
    made = source.connect("whatever it is called", "EAA", Door(transport=web.transport()))
    assert (made.user_name, made.profile) == ("Acme Tools", Key("facebook", "100"))
    assert source.key_in(" EAA ") == "EAA" and source.good_until("EAA") is None and "explorer" in source.key_page("x", Door())
    assert [stream.title for stream in source.streams(made, ())] == ["What I publish", "What is said under it"]


@pytest.mark.parametrize("answer", [{"id": "7", "name": "Sam"}, httpx.Response(400, json={"error": {"code": 100, "message": "nonexisting field (category)"}})])
def test_the_key_of_a_person_is_not_taken(answer: Any) -> None:
    web = web_with(lambda _: answer)
    with pytest.raises(UserMistake, match="key of a person"):
        Facebook(lambda: NOW).connect("Acme", "EAA", Door(transport=web.transport()))


def test_what_others_write_on_the_page_is_theirs() -> None:
    source, web = Facebook(lambda: NOW), web_with(PAGE)
    login = source.connect("Acme", "EAA", Door(transport=web.transport()))
    web.pages[f"{API}/me/feed"] = {"data": [{"id": "100_1", "message": "Open on Sunday?", "created_time": "2026-11-20T10:00:00+0000", "from": {"id": "555", "name": "Joe"}}]}
    pages = list(source.pages(login, Stream(name="own", address=API, profile=login.profile), "", "EAA", Door(transport=web.transport())))
    (said,) = [fact for page in pages for fact in page.facts if isinstance(fact, Activity)]
    assert said.actor == Key("facebook", "555") and [one.profile for one in said.participants] == [login.profile]
