"""Where a file says when something was changed, that is told with it, so that an older file writes over nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.model import Activity, Profile, Tombstone
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import Options
from tests.sources.test_container import zipped


def at(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp())  # type: ignore[arg-type]


def revised(path: Path, source: str, kind: type, me: str = "") -> list[int]:
    found = next(one for one in FILE_SOURCES if one.name == source).read(path, Options(me=me))
    return [fact.revised for fact in found if isinstance(fact, kind)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rev", "seconds"),
    [
        ("2024-02-01T10:00:00Z", at(2024, 2, 1, 10)), ("20240201T100000Z", at(2024, 2, 1, 10)), ("2024-02-01T10:00:00+02:00", at(2024, 2, 1, 8)),
        ("2024-02-01T10:00:00.123Z", at(2024, 2, 1, 10)), ("20240201T100000", at(2024, 2, 1, 10)), ("2024-02-01", at(2024, 2, 1)), ("20240201T100000+0200", at(2024, 2, 1, 8)),
        ("yesterday", 0), ("20249901", 0), ("", 0), ("0001-01-01T00:00:00+14:00", 0),
    ],
)  # fmt: skip
def test_a_card(tmp_path: Path, rev: str, seconds: int) -> None:
    path = tmp_path / "a.vcf"
    path.write_text(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nREV:{rev}\r\nEND:VCARD\r\n")
    assert revised(path, "vcard", Profile) == [seconds]


@pytest.mark.parametrize(
    ("table", "source", "seconds"),
    [
        ("Record ID,First Name,Last Name,Email,Contact owner,Last Modified Date\n1,A,B,a@x.example,Sam,2024-02-01 10:00", "csv_contacts", at(2024, 2, 1, 10)),
        ("Id,LastName,OwnerId,LeadSource,LastModifiedDate\n003A,B,005A,Web,2024-02-01T10:00:00.000Z", "csv_contacts", at(2024, 2, 1, 10)),
        ("Record Id,First Name,Last Name,Email,Modified Time\nzcrm_1,A,B,a@x.example,2024-02-01 10:00:00", "csv_contacts", at(2024, 2, 1, 10)),
        ("Person - ID,Person - Name,Person - Update time\n1,A B,2024-02-01 10:00:00\n", "csv_contacts", at(2024, 2, 1, 10)),
        ("Id,LastName,OwnerId,LeadSource,LastModifiedDate\n003A,B,005A,Web,3/4/2024", "csv_contacts", 0),
        ("Vorname,Nachname,E-Mail,Modified Time\nA,B,a@x.example,2024-02-01 10:00:00", "csv_contacts", 0),
    ],
)  # fmt: skip
def test_a_person_of_a_crm(tmp_path: Path, table: str, source: str, seconds: int) -> None:
    path = tmp_path / "people.csv"
    path.write_text(table)
    assert revised(path, source, Profile) == [seconds]


def test_a_deal_of_a_crm(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("Record ID,Deal Name,Deal Stage,Deal owner,Associated Contact,Last Modified Date\n7,Boiler,Won,Sam,Ann Lee,2024-02-01 10:00\n")
    assert revised(path, "crm_export", Activity) == [at(2024, 2, 1, 10)]


@pytest.mark.parametrize(
    ("lines", "later"),
    [
        ("SEQUENCE:2\nDTSTAMP:20240101T000000Z", "SEQUENCE:3\nDTSTAMP:20230101T000000Z"), ("DTSTAMP:20240101T000000Z", "DTSTAMP:20240102T000000Z"),
        ("DTSTAMP:20250101T000000Z\nLAST-MODIFIED:20240101T000000Z", "DTSTAMP:20250101T000000Z\nLAST-MODIFIED:20240102T000000Z"),
        ("SEQUENCE:-5", "SEQUENCE:1"), ("SEQUENCE:x", "DTSTAMP:20240102T000000Z"), ("SEQUENCE:1", "SEQUENCE:99999999999999999999"),
    ],
)  # fmt: skip
def test_an_entry_of_a_calendar(tmp_path: Path, lines: str, later: str) -> None:
    found = []
    for said in (lines, later, f"{later}\nSTATUS:CANCELLED"):
        path = tmp_path / "a.ics"
        path.write_text(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20240101T100000Z\nSUMMARY:x\n{said}\nEND:VEVENT\nEND:VCALENDAR\n")
        found += revised(path, "ical", Tombstone if "CANCELLED" in said else Activity)
    assert found[0] < found[1] == found[2] < 2**62


def said(document: object) -> bytes:
    return json.dumps(document).encode()


def test_an_edited_message(tmp_path: Path) -> None:
    made, edited = at(2024, 2, 1, 10), at(2024, 2, 1, 11)
    ann = {"from": "Ann", "from_id": "user2", "type": "message", "date": "2024-02-01T10:00:00", "date_unixtime": str(made), "text": "x"}
    telegram = tmp_path / "result.json"
    telegram.write_text(json.dumps({"name": "Ann", "type": "personal_chat", "id": 2, "messages": [
        {"id": 1, **ann}, {"id": 2, **ann, "edited": "2024-02-01T11:00:00", "edited_unixtime": str(edited)}, {"id": 3, **ann, "from": "Sam", "from_id": "user1"}]}))  # fmt: skip
    assert revised(telegram, "telegram", Activity, "user1") == [made, edited, made]
    slack = zipped(tmp_path / "slack.zip", {
        "users.json": said([{"id": "U1", "team_id": "T", "name": "ann", "profile": {"real_name": "Ann"}}]), "channels.json": said([{"id": "C1", "name": "all", "members": ["U1"]}]),
        "all/2024-02-01.json": said([{"type": "message", "user": "U1", "text": "x", "ts": f"{made}.0001", "edited": {"user": "U1", "ts": f"{edited}.000000"}}]),
    })  # fmt: skip
    assert revised(slack, "slack_export", Activity, "U1") == [edited]
