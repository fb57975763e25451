"""Dates as numbers of days: what a workbook tells of them is believed, what a table leaves open is asked; names over several rows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from relationdesk.model import Activity, DayKind, Fact, LifeDay, Profile, Progress, Rejected
from relationdesk.sources.base import Options
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.csv_contacts import CsvContacts

BIRTHDAYS = "Name;E-Mail;Geburtstag\nJoe Brown;joe@x.example;28979\n"


def workbook(path: Path, rows: list[list[object]], *ranges: str, epoch: datetime = CALENDAR_WINDOWS_1900) -> Path:
    made = openpyxl.Workbook()
    made.epoch = epoch
    for row in rows:
        made.active.append(row)
    for one in ranges:
        made.active.merge_cells(one)
    made.save(path)
    return path


def read(path: Path, options: Options | None = None) -> list[Fact]:
    return [fact for fact in CsvContacts().read(path, options or Options()) if not isinstance(fact, Progress)]


def test_a_birthday_as_a_number_of_days_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(BIRTHDAYS, encoding="utf-8")
    seen = CsvContacts().recognise(path)
    assert seen is not None
    (ask,) = seen.asks
    assert (ask.name, ask.choices) == ("days_from", (("1900", "4 May 1979"), ("1904", "5 May 1983"))) and "28979" in ask.question
    joe, told = reversed(read(path))
    assert isinstance(joe, Profile) and joe.days == ()
    assert isinstance(told, Rejected) and told.reason == "Birthdays like 28979 are numbers of days, can be read in two ways and were left out. Say which day is meant."
    for answer, day in (("1900", (5, 4, 1979)), ("1904", (5, 5, 1983))):
        (joe,) = read(path, Options(answers={"days_from": answer}))
        assert isinstance(joe, Profile) and [(one.month, one.day, one.year) for one in joe.days] == [day]


@pytest.mark.parametrize(("epoch", "number", "born"), [(CALENDAR_WINDOWS_1900, 28979, 28979), (CALENDAR_MAC_1904, 28979 - 1462, 28979 - 1462)])
def test_a_workbook_says_itself_from_when_it_counts(tmp_path: Path, epoch: datetime, number: int, born: float) -> None:
    """Whether its cells have the look of dates or not."""
    rows: list[list[object]] = [["Name", "E-Mail", "Geburtstag"], ["Joe Brown", "joe@x.example", born], ["Mary Jones", "mary@x.example", datetime(1979, 5, 4)]]
    path = workbook(tmp_path / "people.xlsx", rows, epoch=epoch)
    seen = CsvContacts().recognise(path)
    assert seen is not None and seen.asks == ()
    day = LifeDay(kind=DayKind.BIRTHDAY, month=5, day=4, year=1979)
    assert [fact.days for fact in read(path) if isinstance(fact, Profile)] == [(day,), (day,)]
    log = workbook(tmp_path / "log.xlsx", [["Date", "Name", "Text"], [number + 16437.5, "Joe Brown", "Called"]], epoch=epoch)
    (call,) = (fact for fact in read(log, Options(mapping={"Date": "date", "Name": "name", "Text": "text"})) if isinstance(fact, Activity))
    assert call.published == datetime(2024, 5, 4, 12).astimezone(UTC)


def test_a_workbook_of_a_crm_that_counts_from_1904(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Activity - ID", "Activity - Subject", "Activity - Due date", "Activity - Person"], [7, "Talk", 45631 - 1462, "Petra Harju"]]
    path = workbook(tmp_path / "activities.xlsx", rows, epoch=CALENDAR_MAC_1904)
    (talk,) = (fact for fact in CrmExport().read(path, Options()) if isinstance(fact, Activity))
    assert talk.published == datetime(2024, 12, 5, tzinfo=UTC)


PEOPLE: list[list[object]] = [
    ["Name", "E-mail", "Phone", "Company"], ["Ann Lee", "ann@inn.example", "+47 22 33 44 55", "Hotel Inn"], [None, "ann@home.example", "+47 22 33 44 66", None],
    ["Bob Stone", "bob@x.example", None, None], ["Bob Stone", "bob@y.example", None, None],
]  # fmt: skip


def test_a_name_merged_over_two_rows_is_one_person(tmp_path: Path) -> None:
    """Who is written twice may be two people."""
    found = [fact for fact in read(workbook(tmp_path / "people.xlsx", PEOPLE, "A2:A3")) if isinstance(fact, Profile)]
    assert [one.display_name for one in found] == ["Ann Lee", "Bob Stone", "Bob Stone"]
    assert {one.value for one in found[0].addresses} >= {"ann@inn.example", "ann@home.example", "+47 22 33 44 55", "+47 22 33 44 66"} and found[0].company == "Hotel Inn"


def test_a_first_name_merged_beside_two_surnames_is_two_people(tmp_path: Path) -> None:
    rows: list[list[object]] = [["First name", "Last name", "E-mail"], ["Ann", "Lee", "lee@x.example"], [None, "Stone", "stone@x.example"], [None, "Stone", "s@x.example"]]
    found = [fact for fact in read(workbook(tmp_path / "people.xlsx", rows, "A2:A4", "B3:B4")) if isinstance(fact, Profile)]
    assert [one.display_name for one in found] == ["Ann Lee", "Ann Stone"]
    assert {one.value for one in found[1].addresses} == {"stone@x.example", "s@x.example"}
