"""Entries of Outlook's calendar: single ones, whole days, every way to repeat, times that were moved, and the ids they share with calendar files."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.model import Activity, Fact, Key, Precision, Progress, Role, Tombstone
from relationdesk.sources.base import Options
from relationdesk.sources.ical import ICalendar
from relationdesk.sources.outlook_data import OutlookData
from tests.outlook_files import DataFile, Folder, Properties, Thing

AT = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
BERLIN = "W. Europe Standard Time"
GLOBAL = bytes.fromhex("040000008200e00074c5b7101a82e00807e80304") + b"\x11" * 8 + b"\0" * 8 + struct.pack("<I", 16) + bytes(range(16))
"""A GlobalObjectId; the four bytes after the first sixteen are the day of an exception and no part of the meeting's id."""


def minutes(when: datetime) -> int:
    return int((when - datetime(1601, 1, 1)).total_seconds() // 60)


def zone(name: str) -> bytes:
    return struct.pack("<BBHHH", 2, 1, len(name) * 2 + 6, 2, len(name)) + name.encode("utf-16-le") + b"\0" * 66


def pattern(kind: int, period: int, special: bytes, *, count: int = 0, until: datetime | None = None, gone: tuple[datetime, ...] = (), moved: bytes = b"") -> bytes:
    """A series that begins on Monday, the fourth of March 2024, from ten to half past ten on its own clock."""
    end = 0x2022 if count else 0x2021 if until else 0x2023
    days = [struct.pack("<I", minutes(day)) for day in gone]
    return (
        struct.pack("<HHHHHIII", 0x3004, 0x3004, 0x200B, kind, 0, 0, period, 0) + special + struct.pack("<III", end, count, 0)
        + struct.pack("<I", len(days)) + b"".join(days) + (struct.pack("<I", len(moved) // 14) + b"".join(days[: len(moved) // 14]))
        + struct.pack("<II", minutes(datetime(2024, 3, 4)), minutes(until or datetime(4500, 8, 31)))
        + struct.pack("<IIII", 0x3006, 0x3009, 600, 630) + struct.pack("<H", len(moved) // 14) + moved + b"\0" * 8
    )  # fmt: skip


def entry(**more: object) -> Thing:
    own: Properties = {0x001A: "IPM.Appointment", 0x0037: "Review", 0x8000: AT, 0x8001: AT + timedelta(hours=1), 0x8003: "Quay 4", 0x8007: GLOBAL}
    return Thing(properties=own | {int(name[1:], 16): value for name, value in more.items()})


def read(tmp_path: Path, *things: Thing) -> list[Fact]:
    path = DataFile().save(tmp_path / "a.pst", Folder(name="Calendar", things=things))
    return [fact for fact in OutlookData().read(path, Options(me="sam@seller.example")) if not isinstance(fact, Progress)]


def entries(tmp_path: Path, *things: Thing) -> list[Activity]:
    return [fact for fact in read(tmp_path, *things) if isinstance(fact, Activity)]


def test_a_meeting_and_who_was_asked_to_come(tmp_path: Path) -> None:
    thing = entry(xc1f="ann@harbour.example", xc1a="Ann Berg", x1000="The plan; and, more\nwords")
    thing.people = [
        {0x3001: "Ann Berg", 0x39FE: "ann@harbour.example", 0x0C15: 1}, {0x3001: "Sam Seller", 0x39FE: "sam@seller.example", 0x0C15: 1},
        {0x3001: 'Ben "B" Okafor', 0x3003: "/o=Acme/cn=ben", 0x0C15: 2}, {0x3001: "Eve", 0x39FE: "eve@x.example", 0x0C15: 1, 0x5FFF: 4},
        {0x3001: "Room 4", 0x39FE: "room4@seller.example", 0x0C15: 3},
    ]  # fmt: skip
    (one,) = entries(tmp_path, thing)
    assert (one.actor, one.published, one.text) == (Key("mail", "ann@harbour.example"), AT, "The plan; and, more\nwords")
    assert [(p.profile.native_id, p.role) for p in one.participants] == [("sam@seller.example", Role.TO), ("name:ben b okafor", Role.CC)]
    assert dict(one.extra) == {"declined": "Eve", "location": "Quay 4", "until": "2024-03-04T10:00:00Z"}


def test_the_same_meeting_in_a_calendar_file_is_the_same(tmp_path: Path) -> None:
    uid = "040000008200E00074C5B7101A82E00800000000" + "11" * 8 + "00" * 8 + "10000000" + bytes(range(16)).hex().upper()
    path = tmp_path / "a.ics"
    path.write_text(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{uid}\nSUMMARY:Review\nDTSTART:20240304T090000Z\nEND:VEVENT\nEND:VCALENDAR\n", encoding="utf-8")
    theirs = [fact for fact in ICalendar().read(path, Options()) if isinstance(fact, Activity)]
    assert [one.key for one in entries(tmp_path, entry())] == [one.key for one in theirs]


def test_an_id_that_came_from_another_program(tmp_path: Path) -> None:
    foreign = GLOBAL[:36] + struct.pack("<I", 30) + b"vCal-Uid\x01\0\0\0abc@google.com\0"
    assert [one.key.native_id for one in entries(tmp_path, entry(x8007=foreign))] == ["abc@google.com"]


def test_a_whole_day_is_the_day_of_its_zone(tmp_path: Path) -> None:
    day = datetime(2024, 5, 5, 22, 0, tzinfo=UTC)  # midnight in Berlin
    (one,) = entries(tmp_path, entry(x8000=day, x8001=day + timedelta(days=2), x8002=True, x8005=zone(BERLIN)))
    assert (one.published, one.precision, dict(one.extra)["until"]) == (datetime(2024, 5, 6, tzinfo=UTC), Precision.DAY, "2024-05-07")


@pytest.mark.parametrize(
    ("raw", "days"),
    [
        (pattern(0, 2 * 1_440, b"", count=3), ["03-04", "03-06", "03-08"]),
        (pattern(1, 1, struct.pack("<I", 0b0010010), count=4), ["03-04", "03-07", "03-11", "03-14"]),
        (pattern(2, 1, struct.pack("<I", 4), count=3), ["03-04", "04-04", "05-04"]),
        (pattern(3, 1, struct.pack("<II", 0b0000010, 5), until=datetime(2024, 5, 31)), ["03-25", "04-29", "05-27"]),
        (pattern(4, 1, struct.pack("<I", 31), count=2), ["03-31", "04-30"]),
        (pattern(1, 1, struct.pack("<I", 0b0000010), count=4, gone=(datetime(2024, 3, 11), datetime(2024, 3, 25))), ["03-04", "03-18"]),
    ],
)  # fmt: skip
def test_every_way_to_repeat(tmp_path: Path, raw: bytes, days: list[str]) -> None:
    found = entries(tmp_path, entry(x8004=raw, x8005=zone(BERLIN)))
    shown = [f"{one.published:%m-%d}" for one in found if one.published]
    # A rule of a calendar file counts its first day, whether the rule fits it or not.
    assert [day for day in shown if day != "03-04" or day in days] == days
    assert {f"{one.published:%H:%M}" for one in found if one.published} <= {"09:00", "08:00"}  # ten in Berlin, before and after the clocks go forward
    assert len({one.key for one in found}) == len(found)


def test_a_time_that_was_moved(tmp_path: Path) -> None:
    moved = struct.pack("<IIIH", minutes(datetime(2024, 3, 12, 15)), minutes(datetime(2024, 3, 12, 16)), minutes(datetime(2024, 3, 11, 10)), 0)
    raw = pattern(1, 1, struct.pack("<I", 0b0000010), count=3, gone=(datetime(2024, 3, 11),), moved=moved)
    found = entries(tmp_path, entry(x8004=raw, x8005=zone(BERLIN)))
    assert [f"{one.published:%m-%d %H:%M}" for one in found if one.published] == ["03-04 09:00", "03-12 14:00", "03-18 09:00"]


def test_what_was_called_off_is_withdrawn(tmp_path: Path) -> None:
    assert [type(fact) for fact in read(tmp_path, entry(x8006=5)) if not isinstance(fact, Activity)][-1] is Tombstone


def test_a_pattern_that_breaks_off_leaves_the_first_time(tmp_path: Path) -> None:
    raw = pattern(1, 1, struct.pack("<I", 2), count=3)
    for length in (10, 40, 50, 60):
        assert [one.published for one in entries(tmp_path, entry(x8004=raw[:length]))] == [AT]
