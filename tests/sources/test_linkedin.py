"""LinkedIn's own-data API: the tables of its archive as JSON, read by the same readers, with the same keys. The example with what it reads as
lies in tests/data/linkedin."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
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
from relationdesk.model import Activity, Coverage, Fact, Key, Login, Page, Profile, Progress, Rejected, Stream
from relationdesk.services.door_equipment import renews
from relationdesk.sources import linkedin
from relationdesk.sources.base import Options
from relationdesk.sources.door import Door
from relationdesk.sources.linkedin import API, LinkedIn
from relationdesk.sources.linkedin_archive import LinkedInArchive
from tests.recorded_web import Web

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
URL = f"{API}/rest/memberSnapshotData"
LOGIN = Login(id=0, source="linkedin", place="linkedin", address=API, user_name="sam-carter", profile=Key("linkedin", "sam-carter"), has_token=True)
STREAM = Stream(name="own", address=API, profile=LOGIN.profile)
DATA = Path(__file__).parents[1] / "data" / "linkedin"


def connection(number: int, **more: str) -> dict[str, str]:
    return {"First Name": "Joe", "Last Name": f"No{number}", "URL": f"https://www.linkedin.com/in/joe-{number}", "Company": "Acme", "Position": "Buyer", "Connected On": "20 Nov 2026"} | more


def snapshot(*elements: tuple[str, Any], further: int = 0) -> dict[str, Any]:
    links = [{"rel": "next", "href": f"/rest/memberSnapshotData?q=criteria&start={further}&count=10"}] if further else []
    return {"paging": {"start": 0, "count": 10, "links": links}, "elements": [{"snapshotDomain": name, "snapshotData": rows} for name, rows in elements]}


class Place:
    def __init__(self, answer: Any = None) -> None:
        self.web, self.now = Web(), NOW
        self.web.pages[URL] = answer if answer is not None else snapshot(("CONNECTIONS", [connection(1)]))
        self.source = LinkedIn(lambda: self.now)

    def door(self) -> Door:
        return Door(transport=self.web.transport(), clock=lambda: self.now)

    def read(self, cursor: str = "", token: str = "AQX") -> list[Page]:
        return list(self.source.pages(LOGIN, STREAM, cursor, token, self.door()))


def keys(facts: Iterable[Fact]) -> set[Key]:
    return {fact.key for fact in facts if isinstance(fact, Activity | Profile)}


# The key


def test_a_key_and_the_address_of_one_s_page_connect() -> None:
    at = Place()
    for typed in ("linkedin.com/in/sam-carter", "https://www.linkedin.com/in/sam-carter/", "sam-carter", "sam-carter@api.linkedin.com"):
        assert at.source.connect(typed, "AQX", at.door()) == LOGIN
    assert at.web.asked[0] == (URL, {"q": "criteria", "domain": "CONNECTIONS"})
    assert at.web.headers[0]["linkedin-version"] == "202312" and at.web.headers[0]["authorization"] == "Bearer AQX"
    assert at.source.key_page("x", at.door()).startswith("https://www.linkedin.com/developers/tools/")


@pytest.mark.parametrize(("typed", "token", "words"), [("linkedin.com/company/acme", "AQX", "not the page of a person"), ("", "AQX", "not the page"), ("sam-carter", "", "only with a key")])
def test_without_a_person_or_a_key_nobody_is_asked(typed: str, token: str, words: str) -> None:
    at = Place()
    with pytest.raises(UserMistake, match=words):
        at.source.connect(typed, token, at.door())
    with pytest.raises(UserMistake, match="nobody is followed"):
        at.source.follow("joe", LOGIN, "AQX", at.door())
    assert at.web.asked == []


def test_the_key_ends_after_sixty_days_and_is_not_renewed() -> None:
    at = Place()
    pasted = at.source.key_in(" AQX\n")
    assert at.source.good_until(pasted) == NOW + timedelta(days=60) and at.source.good_until("AQX") is None and not renews(LOGIN)
    at.read(token=pasted)
    assert at.web.headers[-1]["authorization"] == "Bearer AQX"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (httpx.Response(401, json={"message": "x"}), LoginRejected, "sign in again"), (httpx.Response(403, json={"serviceErrorCode": 100}), LoginRejected, "EEA and Switzerland"),
        (httpx.Response(403, headers={"retry-after": "60"}), RateLimited, "asks us to wait"), (httpx.Response(429), RateLimited, "asks us to wait"), (httpx.Response(500), SourceUnavailable, "problem"),
        (httpx.Response(404), Gone, "does not exist"), (httpx.Response(200, json={}), UnexpectedAnswer, "not the expected data"), (httpx.Response(200, json=[]), UnexpectedAnswer, "not the expected"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(answer: httpx.Response, kind: type[SourceError], words: str) -> None:
    at = Place(lambda _: answer)
    with pytest.raises(kind, match=words):
        at.read()


# What is read


def test_all_pages_belong_together_and_are_read_once_a_day() -> None:
    pages = {"": snapshot(("CONNECTIONS", [connection(1)]), further=1), "1": snapshot(("CONNECTIONS", [connection(2)]), further=2), "2": snapshot()}
    at = Place(lambda query: pages[query.get("start", "")])
    (page,) = at.read()
    assert {fact.key.native_id for fact in page.facts if isinstance(fact, Activity)} == {"connection:joe-1", "connection:joe-2"}
    assert [fact.until for fact in page.facts if isinstance(fact, Coverage)] == [NOW]
    assert at.read(page.cursor) == [] and len(at.web.asked) == 3
    at.now += timedelta(days=1)
    (again,) = at.read(page.cursor)
    assert again.unchanged and again.facts == () and again.cursor != page.cursor
    pages["1"] = snapshot(("CONNECTIONS", [connection(2), connection(3)]), further=2)
    at.now += timedelta(days=1)
    (more,) = at.read(again.cursor)
    assert Key("linkedin", "connection:joe-3") in keys(more.facts)


def test_past_the_end_is_the_end_and_what_breaks_off_is_not_used() -> None:
    at = Place(lambda query: httpx.Response(404) if "start" in query else snapshot(("CONNECTIONS", [connection(1)]), further=1))
    assert len(at.read()) == 1
    at = Place(lambda query: httpx.Response(500) if "start" in query else snapshot(("CONNECTIONS", [connection(1)]), further=1))
    with pytest.raises(SourceUnavailable):
        at.read()


def test_a_page_that_leads_back_ends() -> None:
    at = Place(lambda query: snapshot(("CONNECTIONS", [connection(int(query.get("start", 0)))]), further=1))
    assert len(at.read()) == 1 and len(at.web.asked) == 2


def test_more_than_anybody_can_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkedin, "MOST_ROWS", 2)
    at = Place(snapshot(("CONNECTIONS", [connection(n) for n in range(3)])))
    with pytest.raises(UnexpectedAnswer, match="archive instead"):
        at.read()


def test_what_no_table_of_the_archive_is_is_left_alone() -> None:
    at = Place(snapshot(("ADS_CLICKED", [{"Ad clicked Date": "1"}]), ("", "words"), ("NEW", [7, None, {"a": {"b": 1}}])))
    (page,) = at.read()
    assert not any(isinstance(fact, Activity | Rejected) for fact in page.facts)


def test_the_same_rows_as_files_have_the_same_keys(tmp_path: Path) -> None:
    """An archive over what was read so doubles nothing."""
    web = json.loads((DATA / "web.json").read_text(encoding="utf-8"))
    names = {"CONNECTIONS": "Connections", "INBOX": "messages", "MEMBER_SHARE_INFO": "Shares", "PROFILE": "Profile"}
    for element in (one for page in list(web.values())[1:] for one in page["elements"] if one["snapshotDomain"] in names):
        rows = element["snapshotData"] if isinstance(element["snapshotData"], list) else [element["snapshotData"]]
        with (tmp_path / f"{names[element['snapshotDomain']]}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)))
            writer.writeheader()
            writer.writerows(rows)
    archive = [fact for fact in LinkedInArchive().read(tmp_path, Options(me="https://www.linkedin.com/in/sam-carter")) if not isinstance(fact, Progress)]
    at = Place(lambda query: web[f"{URL}?q=criteria{'&start=1' if 'start' in query else ''}"])
    (page,) = at.read()
    assert keys(page.facts) == keys(archive) and len([fact for fact in page.facts if isinstance(fact, Activity)]) == 5
