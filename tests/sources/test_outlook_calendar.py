"""Calendars that Outlook saved as tables: the real one, one per language of headings, then what makes dates, people and ids open."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Kind, Precision, Profile, Progress, Rejected, Role
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.outlook_calendar import OutlookCalendar
from relationdesk.sources.outlook_columns import calendar_columns
from tests.shared import REAL

DATA = Path(__file__).parents[1] / "data" / "outlook_calendar"
HEAD = "Subject,Start Date,Start Time,End Date,End Time,All day event,Meeting Organizer,Required Attendees,Optional Attendees,Description,Location\n"
PLAIN = Options()


def facts(path: Path, options: Options = PLAIN) -> list[Fact]:
    return [fact for fact in OutlookCalendar().read(path, options) if not isinstance(fact, Progress)]


def entries(path: Path, options: Options = PLAIN) -> list[Activity]:
    return [fact for fact in facts(path, options) if isinstance(fact, Activity)]


def written(tmp_path: Path, *rows: str, encoding: str = "utf-8", head: str = HEAD) -> Path:
    path = tmp_path / "calendar.csv"
    path.write_bytes((head + "".join(f"{row}\n" for row in rows)).encode(encoding))
    return path


def local(one: Activity) -> str:
    assert one.published is not None
    return f"{one.published.astimezone():%Y-%m-%d %H:%M}"


def test_real_calendar_asks_whose_it_is_and_which_number_is_the_day() -> None:
    path = REAL / "outlook" / "calendar.csv"
    if not path.exists():
        pytest.skip("no real file outlook/calendar.csv beside the checkout")
    source, seen = recognise(path)
    assert (source.name, seen.owner, [ask.name for ask in seen.asks]) == ("outlook_calendar", "", ["me", "date_order"])
    assert {answer for answer, _ in seen.asks[0].choices} == {"Ana Ruiz", "Ben Okafor", "Chen Li", "Dana Park", "-"}
    with pytest.raises(UnreadableFile, match=r"Whose calendar"):
        facts(path)
    (meeting,) = entries(path, Options(me="Ben Okafor", answers={"date_order": "month_first"}))
    assert (local(meeting), meeting.precision, meeting.kind) == ("2024-03-04 10:00", Precision.MINUTE, Kind.EVENT)
    assert meeting.actor.native_id == "name:ana ruiz"
    assert [(p.profile.native_id, p.role) for p in meeting.participants] == [
        ("name:ben okafor", Role.TO), ("name:chen li", Role.TO), ("name:dana park", Role.CC),
    ]  # fmt: skip
    assert local(entries(path, Options(me="Ana Ruiz", answers={"date_order": "day_first"}))[0]) == "2024-04-03 10:00"


def test_english() -> None:
    source, seen = recognise(DATA / "english.csv")
    assert (source.name, seen.owner, seen.asks) == ("outlook_calendar", "Sam Seller", ())
    found = facts(DATA / "english.csv")
    people = {fact.key.native_id: fact for fact in found if isinstance(fact, Profile)}
    assert people["name:sam seller"].is_owner and people["chen@quay.example"].key.place == "mail"
    assert not any("Room" in one.display_name for one in people.values())
    review, tasting, fair, dentist, again = (fact for fact in found if isinstance(fact, Activity))
    assert (review.title, review.text, dict(review.extra)["location"]) == ("Quarterly review", "Weekly sync\nand the plan", "Quay 4")
    assert (review.actor.native_id, len(review.participants)) == ("name:sam seller", 3)
    assert (tasting.actor.native_id, [p.profile.native_id for p in tasting.participants], local(tasting)[-5:]) == ("name:okafor ben", ["name:sam seller"], "12:30")
    assert (fair.published, fair.precision, dict(fair.extra)["until"]) == (datetime(2024, 5, 6, tzinfo=UTC), Precision.DAY, "2024-05-08")
    assert dentist.key != again.key and [one.key for one in entries(DATA / "english.csv")] == [review.key, tasting.key, fair.key, dentist.key, again.key]
    assert [fact.reason for fact in found if isinstance(fact, Rejected)] == [
        "This entry has no beginning that can be read.", "Cancelled entries were left out: 1.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "title", "at", "who"),
    [
        ("german", "Jahresgespräch", "2024-03-04 10:00", "Zoë Müller"), ("french", "Dégustation", "2024-03-18 14:00", "Élodie Noël"),
        ("japanese", "定例会議", "2024-03-04 10:00", "佐藤 花子"), ("estonian", "Koosolek", "2024-03-04 10:00", "Mari Tamm"),
    ],
)  # fmt: skip
def test_every_language_of_headings_known_or_not(name: str, title: str, at: str, who: str) -> None:
    source, seen = recognise(DATA / f"{name}.csv")
    assert (source.name, seen.owner, seen.asks) == ("outlook_calendar", "Sam Seller", ())
    found = facts(DATA / f"{name}.csv")
    first, second = (fact for fact in found if isinstance(fact, Activity))
    assert (first.title, local(first)) == (title, at)
    assert who in {fact.display_name for fact in found if isinstance(fact, Profile)}
    assert not [fact for fact in found if isinstance(fact, Rejected)]
    assert second.precision is (Precision.MINUTE if name == "french" else Precision.DAY)


def test_a_list_that_is_no_calendar_is_left_to_others(tmp_path: Path) -> None:
    assert calendar_columns(["Subject", "Start Date", "Name"]) is None
    assert OutlookCalendar().recognise(written(tmp_path, "x,y", head="First Name,Last Name\n")) is None
    wide = ",".join(f"Column {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUV")  # twenty-two, but no dates in them
    assert OutlookCalendar().recognise(written(tmp_path, ",".join(["x"] * 22), ",".join(["y"] * 22), head=f"{wide}\n")) is None
    with pytest.raises(UnreadableFile, match=r"is no calendar that Outlook saved\. Nothing was brought in\."):
        facts(written(tmp_path, "x,y", head="First Name,Last Name\n"))


@pytest.mark.parametrize(
    ("date", "time", "at"),
    [
        ("2024-03-04", "22:15:00", "2024-03-04 22:15"), ("4.3.2024", "22.15.00", "2024-03-04 22:15"), ("2024. 03. 04.", "22:15:00", "2024-03-04 22:15"),
        ("2024年3月4日", "午後 10:15:00", "2024-03-04 22:15"), ("2024. 3. 4.", "오후 10:15", "2024-03-04 22:15"), ("14/3/2024", "10:15 π.μ.", "2024-03-14 10:15"),
        ("3/14/2024", "12:05:00 AM", "2024-03-14 00:05"),
    ],
)  # fmt: skip
def test_dates_and_clocks_of_many_countries(tmp_path: Path, date: str, time: str, at: str) -> None:
    (one,) = entries(written(tmp_path, f"A,{date},{time},{date},{time},False,Sam,,,,"))
    assert local(one) == at


def test_a_date_without_a_clock_is_a_day(tmp_path: Path) -> None:
    (one,) = entries(written(tmp_path, "A,2024-03-04,,2024-03-04,,False,Sam,,,,"))
    assert (one.published, one.precision) == (datetime(2024, 3, 4, tzinfo=UTC), Precision.DAY)


def test_who_is_in_every_meeting_is_the_owner_and_two_of_them_are_asked_about(tmp_path: Path) -> None:
    rows = [f"{n},14.3.2024,1{n}:00,14.3.2024,1{n}:30,False,Ann,{who},,," for n, who in enumerate(("Sam;Ben", "Cole;Sam", "Sam"))]
    seen = OutlookCalendar().recognise(written(tmp_path, *rows))
    assert seen is not None and (seen.owner, [answer for answer, _ in seen.asks[0].choices][:2]) == ("", ["Ann", "Sam"])
    rows[0] = rows[0].replace("Ann", "Eve")
    seen = OutlookCalendar().recognise(written(tmp_path, *rows))
    assert seen is not None and (seen.owner, seen.asks) == ("Sam", ())


def test_nobody_of_them_and_a_known_address(tmp_path: Path) -> None:
    path = written(tmp_path, "A,14.3.2024,10:00,14.3.2024,10:30,False,Ann,sam@seller.example,,,")
    (one,) = entries(path, Options(me="-", mine=frozenset({"sam@seller.example"})))
    assert [(p.profile, p.role) for p in one.participants] == [(("calendar", "me"), Role.TO)]
    assert sum(isinstance(fact, Profile) and fact.is_owner for fact in facts(path, Options(me="-"))) == 1


def test_a_crowd_is_only_read_when_asked_for(tmp_path: Path) -> None:
    crowd = ";".join(f"Person {n}" for n in range(60))
    path = written(tmp_path, f"All hands,14.3.2024,10:00,14.3.2024,11:00,False,Ann,{crowd},,,", "Own,14.3.2024,9:00,14.3.2024,9:30,False,Sam,,,,")
    assert [one.title for one in entries(path)] == ["Own"]
    assert "Events with more than 50 people were left out: 1." in {fact.reason for fact in facts(path) if isinstance(fact, Rejected)}
    (one,) = entries(path, Options(parts=frozenset({"large"})))
    assert one.actor.native_id == "name:ann" and one.participants == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_polish_in_the_code_pages_it_is_written_in(tmp_path: Path, encoding: str) -> None:
    head = "Temat,Data rozpoczęcia,Godzina rozpoczęcia,Data zakończenia,Godzina zakończenia,Wydarzenie całodzienne,Organizator spotkania,Wymagani uczestnicy\n"
    path = written(tmp_path, "Zażółć,2024-03-04,10:00,2024-03-04,11:00,Fałsz,Sam,Łucja Dąbek", "Ja,2024-03-05,10:00,2024-03-05,11:00,Fałsz,Sam,", head=head, encoding=encoding)
    assert [one.title for one in entries(path)] == ["Zażółć", "Ja"]
