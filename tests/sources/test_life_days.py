"""Birthdays and anniversaries as address books and CRMs write them: what is read, and what is left out rather than made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.model import DayKind, LifeDay, Profile, Rejected
from relationdesk.sources.base import Options
from relationdesk.sources.csv_contacts import CsvContacts
from relationdesk.sources.life_days import field_of, life_day
from relationdesk.sources.vcard import VCard

MAY = (5, 4, 1979)
YEARLESS = (5, 4, None)
TEXTS: list[tuple[str, bool | None, tuple[int, int, int | None] | None]] = [
    # text, day first, (month, day, year)
    ("1979-05-04", None, MAY),
    ("19790504", None, MAY),
    ("1979-05-04T00:00:00Z", None, MAY),
    ("1979/05/04", None, MAY),
    ("--05-04", None, YEARLESS),
    ("--0504", None, YEARLESS),
    ("0000-05-04", None, YEARLESS),
    ("1604-05-04", None, YEARLESS),  # Apple and iCloud: no year
    ("4 May 1979", None, MAY),
    ("May 4, 1979", None, MAY),
    ("4. Mai 1979", None, MAY),
    ("4 de mayo de 1979", None, MAY),
    ("4 May", None, YEARLESS),
    ("May 4", None, YEARLESS),
    ("4-May-79", None, YEARLESS),  # which century, nobody tells
    ("4.5.1979", None, MAY),
    ("28979", None, MAY),  # Excel counts days from the end of 1899
    ("28979.0", None, MAY),
    ("4.5.", None, YEARLESS),
    ("5/4/1979", False, MAY),
    ("5/4/1979 12:00:00 AM", False, MAY),
    ("4/5/1979", True, MAY),
    ("4/5", True, YEARLESS),
    ("5/4/79", False, YEARLESS),
    ("5/4/1979", None, None),  # either way
    ("25/12/1979", None, (12, 25, 1979)),
    ("12/25/1979", None, (12, 25, 1979)),
    ("5/5/1979", None, (5, 5, 1979)),
    ("--0229", None, (2, 29, None)),
    ("1979-02-29", None, None),  # no such day
    ("0/0/00", None, None),  # Outlook: no date
    ("4501-01-01", None, None),  # Outlook, too
    ("1979-05", None, None),
    ("1979", None, None),
    ("---04", None, None),
    ("circa 1800", None, None),
    ("", None, None),
    ("x" * 5000, None, None),
]


@pytest.mark.parametrize(("text", "day_first", "expected"), TEXTS)
def test_a_day_as_it_is_written(text: str, day_first: bool | None, expected: tuple[int, int, int | None] | None) -> None:
    found = life_day("birthday", text, day_first=day_first)
    assert (None if found is None else (found.month, found.day, found.year)) == expected


@pytest.mark.parametrize(
    ("word", "field"),
    [("Date of Birth", "birthday"), ("Geburtstag", "birthday"), ("_$!<Anniversary>!$_", "anniversary"), (" Work anniversary", "work_start"),
     ("Hochzeitstag", "anniversary"), ("Start date", ""), ("aniversario", ""), ("生日", "birthday")],
)  # fmt: skip
def test_what_a_column_is_called(word: str, field: str) -> None:
    assert field_of(word) == field


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", "FN:Joe Brown", "EMAIL:joe@x.example", *lines, "END:VCARD", ""))


def birthday(year: int | None = 1979) -> LifeDay:
    return LifeDay(kind=DayKind.BIRTHDAY, month=5, day=4, year=year)


def anniversary(year: int | None = 2010) -> LifeDay:
    return LifeDay(kind=DayKind.ANNIVERSARY, month=6, day=12, year=year)


WORK = LifeDay(kind=DayKind.WORK, month=3, day=1, year=2019)

CARDS: list[tuple[str, str, tuple[str, ...], tuple[LifeDay, ...]]] = [
    ("2.1", "2.1", ("BDAY:19790504",), (birthday(),)),
    ("2.1 in quotes", "2.1", ("BDAY;ENCODING=QUOTED-PRINTABLE:1979-05=2D04",), (birthday(),)),
    ("3.0", "3.0", ("BDAY;VALUE=date:1979-05-04",), (birthday(),)),
    ("3.0 with a time", "3.0", ("BDAY:1979-05-04T12:00:00Z",), (birthday(),)),
    ("4.0 without a year", "4.0", ("BDAY:--0504", "ANNIVERSARY:20100612"), (birthday(None), anniversary())),
    ("4.0 in words", "4.0", ("BDAY;VALUE=text:circa 1800",), ()),
    ("4.0 of another calendar", "4.0", ("BDAY;CALSCALE=chinese:19790504",), ()),
    ("Apple, year left out", "3.0", ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-04",), (birthday(None),)),
    ("Apple, another year left out", "3.0", ("BDAY;X-APPLE-OMIT-YEAR=2000:2000-05-04",), (birthday(None),)),
    ("iCloud", "3.0", ("BDAY:1604-05-04",), (birthday(None),)),
    ("Apple's dates", "3.0", ("item1.X-ABDATE;type=pref:2010-06-12", "item1.X-ABLabel:_$!<Anniversary>!$_", "item2.X-ABDATE:2019-03-01",
                              "item2.X-ABLabel:Work anniversary", "item3.X-ABDATE:2020-01-01", "item3.X-ABLabel:First contract"), (anniversary(), WORK)),
    ("Android", "2.1", ("X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-06-12;1;;;;;;;;;;;;;",), (anniversary(),)),
    ("Android, named", "2.1", ("X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2019-03-01;0;Hire date;;;;;;;;;;;;",), (WORK,)),
    ("KDE and Evolution", "3.0", ("X-KADDRESSBOOK-X-Anniversary:2010-06-12", "X-EVOLUTION-ANNIVERSARY:2011-06-12"), (anniversary(),)),
    ("who has died", "4.0", ("BDAY:19790504", "DEATHDATE:20200101"), ()),
    ("nonsense", "3.0", ("BDAY:tomorrow", "BDAY:1979-13-40"), ()),
    ("the first of two", "3.0", ("BDAY:1979-05-04", "BDAY:1980-01-01"), (birthday(),)),
]  # fmt: skip


@pytest.mark.parametrize(("version", "lines", "expected"), [row[1:] for row in CARDS], ids=[row[0] for row in CARDS])
def test_a_card(tmp_path: Path, version: str, lines: tuple[str, ...], expected: tuple[LifeDay, ...]) -> None:
    path = tmp_path / "joe.vcf"
    path.write_text(card(*lines, version=version), encoding="utf-8", newline="")
    (joe,) = (fact for fact in VCard().read(path, Options()) if isinstance(fact, Profile))
    assert joe.days == expected


def test_a_firm_has_no_birthday(tmp_path: Path) -> None:
    path = tmp_path / "firm.vcf"
    path.write_text(card("ORG:Harborline", "KIND:org", "BDAY:19790504", version="4.0"), encoding="utf-8", newline="")
    (firm,) = (fact for fact in VCard().read(path, Options()) if isinstance(fact, Profile))
    assert firm.is_company and firm.days == ()


GOOGLE = "First Name,Last Name,Organization Name,Birthday,Labels,E-mail 1 - Label,E-mail 1 - Value,Event 1 - Label,Event 1 - Value,Event 2 - Label,Event 2 - Value"
OLD_GOOGLE = "Name,Given Name,Family Name,Group Membership,Birthday,Event 1 - Type,Event 1 - Value,E-mail 1 - Value"
OUTLOOK = "Title,First Name,Last Name,Job Title,Anniversary,Birthday,E-mail Address,E-mail Type"
TABLES: list[tuple[str, str, tuple[LifeDay, ...]]] = [
    ("Google", f"{GOOGLE}\nJoe,Brown,Harborline,1979-05-04,* myContacts,* Work,joe@x.example,* Anniversary,2010-06-12,Hire date,2019-03-01\n", (birthday(), anniversary(), WORK)),
    ("Google, no year, no first event", f"{GOOGLE}\nJoe,Brown,Harborline,--05-04,,,joe@x.example,,,Anniversary,2010-06-12\n", (birthday(None), anniversary())),
    ("Google, another event", f"{GOOGLE}\nJoe,Brown,Harborline,,,,joe@x.example,First contract,2010-06-12,,\n", ()),
    ("Google before 2024", f"{OLD_GOOGLE}\nJoe Brown,Joe,Brown,* myContacts,--05-04,Anniversary,2010-06-12,joe@x.example\n", (birthday(None), anniversary())),
    ("Outlook", f"{OUTLOOK}\nDr.,Joe,Brown,Buyer,6/12/2010,5/4/1979,joe@x.example,SMTP\n,Mary,Jones,,0/0/00,12/25/1980,mary@x.example,SMTP\n", (birthday(), anniversary())),
    ("Outlook, none", f"{OUTLOOK}\nDr.,Joe,Brown,Buyer,0/0/00,0/0/00,joe@x.example,SMTP\n", ()),
    ("HubSpot", "Record ID,First Name,Last Name,Email,Contact owner,Date of birth\n7,Joe,Brown,joe@x.example,Sam,1979-05-04\n", (birthday(),)),
    ("Salesforce", "Id,LastName,FirstName,Email,AccountId,Birthdate\n003xx0000000001,Brown,Joe,joe@x.example,001xx0000000001,1979-05-04\n", (birthday(),)),
    ("Zoho", "Record Id,First Name,Last Name,Email,Date of Birth,Modified Time\nzcrm_1,Joe,Brown,joe@x.example,1979-05-04,2024-01-01 09:00:00\n", (birthday(),)),
    ("Pipedrive", "Person - Name,Person - Email,Person - Birthday,Person - ID\nJoe Brown,joe@x.example,1979-05-04,9\n", (birthday(),)),
    ("Apple", "First name,Last name,Organization,email (home),Birthday\nJoe,Brown,Harborline,joe@x.example,4 May 1979\n", (birthday(),)),
    ("any other", "Vorname,Nachname,E-Mail,Geburtstag\nJoe,Brown,joe@x.example,4.5.1979\n", (birthday(),)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_a_table(tmp_path: Path, text: str, expected: tuple[LifeDay, ...]) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(text, encoding="utf-8")
    joe = next(fact for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile))
    assert (joe.display_name.removeprefix("Dr. "), joe.days) == ("Joe Brown", expected)


AMBIGUOUS = f"{OUTLOOK}\n,Joe,Brown,Buyer,,5/4/1979,joe@x.example,SMTP\n"


def test_a_date_that_can_be_read_two_ways_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(AMBIGUOUS, encoding="utf-8")
    seen = CsvContacts().recognise(path)
    assert seen is not None and [ask.name for ask in seen.asks] == ["date_order"] and "5/4/1979" in seen.asks[0].question
    days = {
        answer: next(fact.days for fact in CsvContacts().read(path, Options(answers={"date_order": answer})) if isinstance(fact, Profile))
        for answer in ("day_first", "month_first")
    }  # fmt: skip
    assert days == {"day_first": (LifeDay(kind=DayKind.BIRTHDAY, month=4, day=5, year=1979),), "month_first": (birthday(),)}


def test_without_an_answer_it_is_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(AMBIGUOUS, encoding="utf-8")
    facts = list(CsvContacts().read(path, Options()))
    assert [fact.days for fact in facts if isinstance(fact, Profile)] == [()]
    assert [fact.reason for fact in facts if isinstance(fact, Rejected)] == [
        "Birthdays like 5/4/1979 can be read in two ways and were left out. Say whether the day comes first."
    ]


def test_one_clear_date_settles_the_others(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(f"{AMBIGUOUS},Mary,Jones,,,12/25/1980,mary@x.example,SMTP\n", encoding="utf-8")
    seen = CsvContacts().recognise(path)
    assert seen is not None and seen.asks == ()
    assert next(fact.days for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile)) == (birthday(),)


def test_a_column_that_the_user_maps(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("Who,Born,Since\nJoe Brown,1979-05-04,2019-03-01\n", encoding="utf-8")
    mapping = {"Who": "name", "Born": "birthday", "Since": "work_start"}
    assert next(fact.days for fact in CsvContacts().read(path, Options(mapping=mapping)) if isinstance(fact, Profile)) == (birthday(), WORK)
