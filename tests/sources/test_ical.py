"""Calendars: every number of the real ones, and each trap of the format in an example of our own."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Precision,
    Profile,
    Progress,
    Rejected,
    Tombstone,
)
from relationdesk.services import importing
from relationdesk.sources import ical_zones
from relationdesk.sources.base import Options
from relationdesk.sources.ical import ICalendar
from relationdesk.sources.ical_series import AHEAD, BACK, MOST_TIMES, calendars, events, start_of, times
from relationdesk.store.database import open_memory
from tests.sources.chat_reading import DATA, extra, real, towards

SAM = DATA / "ical" / "sam.ics"


def facts(path: Path, me: str = "", mine: tuple[str, ...] = (), parts: frozenset[str] | None = None) -> list[Fact]:
    options = Options(me=me, mine=frozenset(mine), parts=parts)
    return [fact for fact in ICalendar().read(path, options) if not isinstance(fact, Progress)]


def entries(found: list[Fact]) -> list[Activity]:
    return [fact for fact in found if isinstance(fact, Activity)]


def reasons(found: list[Fact]) -> list[str]:
    return [fact.reason for fact in found if isinstance(fact, Rejected)]


def profiles(found: list[Fact]) -> dict[Key, Profile]:
    return {fact.key: fact for fact in found if isinstance(fact, Profile)}


def calendar(*lines: str, head: str = "", uid: str = "1") -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", *filter(None, [head]), "BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", "END:VCALENDAR", ""))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "c.ics"
    path.write_text(text, encoding="utf-8", newline="")
    return path


NO_EVENT = (
    "bom_calendar calendar_with_unicode empty_RDATE issue_27_multiple_periods_in_freebusy_multiple_freebusies rfc_7265_example_1 rfc_7953_3 time"
).split()  # fmt: skip
NO_START = {
    "america_new_york_forward_reference": 1, "broken_ical": 1, "issue_1050_uid_in_description": 2, "issue_1081_invalid_start_valid_end": 1,
    "issue_1561_image_value": 4, "issue_322_expected_calendar": 1, "issue_798_related_to": 2, "rfc_6868": 1,
    "rfc_7256_multi_value_parameters": 2, "rfc_7986_image": 2, "rfc_9253_related_to": 1,
}  # fmt: skip
COUNTS = {
    "created_calendar_with_unicode_fields": 2, "example": 3, "issue_1050_calendar_with_events_and_todos": 2, "issue_1081_event_with_rrule": 10,
    "issue_1633_rdate_with_dates": 2, "issue_165_missing_event": 14, "issue_313_globally_unique_tzid": 3,
    "issue_526_calendar_with_different_events": 2, "issue_526_calendar_with_events": 2, "issue_722_timezone_transition_ambiguity": 4,
    "multiple_calendar_components": 3, "multiple_timezones": 3, "parsing_error": 21, "period_with_timezone": 9, "rfc_9253_examples": 2,
}  # fmt: skip
STARTS = {
    "icalendar/issue_218_bad_tzid": ["2017-02-28T23:00+11:00"],
    "icalendar/issue_836_do_not_quote_tzid": ["2024-10-28T17:00-04:00"],
    "vobject/ms_tzid": ["2008-05-30T15:00+10:00"],
    "icalendar/timezoned": ["2012-02-13T10:00+01:00"],
    "tripit_events": ["2017-02-23T08:00-05:00", "2017-02-23T00:00+00:00", "2017-03-01T09:30+00:00"],
}
UNREADABLE = ("icalendar/fuzz_testcase_0_char_in_component_name", "icalendar/fuzz_testcase_invalid_month", "vobject/tz_us_eastern")


def test_every_real_calendar_gives_what_is_expected() -> None:
    folder = real("ical/icalendar")
    names = sorted(path.stem for path in folder.glob("*.ics") if not path.stem.startswith("fuzz_testcase"))
    assert len(names) > 55
    for name in names:
        if name == "issue_466_convert_tzid_with_slash":
            continue
        found = facts(folder / f"{name}.ics")
        expected = 0 if name in NO_EVENT or name in NO_START else COUNTS.get(name, 1)
        assert len(entries(found)) == expected, name
        assert reasons(found).count("This entry has no beginning that can be read.") == NO_START.get(name, name == "created_calendar_with_unicode_fields"), name


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_calendar(name: str) -> None:
    path = real(f"ical/{name}.ics")
    assert ICalendar().recognise(path) is None
    with pytest.raises(UnreadableFile, match="holds no calendar"):
        facts(path)


@pytest.mark.parametrize("name", STARTS)
def test_zones(name: str) -> None:
    assert [one.published for one in entries(facts(real(f"ical/{name}.ics")))] == [datetime.fromisoformat(start).astimezone(UTC) for start in STARTS[name]]


def test_zones_that_change() -> None:
    found = {one.published for one in entries(facts(real("ical/icalendar/issue_313_globally_unique_tzid.ics")))}
    assert {moment.utcoffset() for moment in found if moment} == {timedelta(0)} and len(found) == 3
    weekly = entries(facts(real("ical/icalendar/issue_466_convert_tzid_with_slash.ics")))
    assert weekly[0].published == datetime(2022, 10, 21, 18, tzinfo=UTC) and len({one.key for one in weekly}) == len(weekly)
    floating = entries(facts(real("ical/vobject/ruby_rrule.ics")))
    assert len(floating) == 10 and floating[0].published == datetime(2003, 1, 1, 7).astimezone(UTC)


def test_trips_of_tripit() -> None:
    path = real("ical/tripit_events.ics")
    seen = ICalendar().recognise(path)
    assert seen is not None and seen.place == "tripit" and seen.title == "TripIt calendar"
    flight, hotel, back = entries(facts(path))
    assert flight.key == Key("tripit", "trip-1-air-1@tripit.com") and extra(flight)["until"] == "2017-02-23T20:00:00Z"
    assert flight.text == "Flight AA100\nConfirmation: ABC123, seat 4A\nThis line was folded onto the previous one." and not flight.participants
    assert hotel.precision is Precision.DAY and extra(hotel)["until"] == "2017-02-25" and "until" not in extra(back)


def test_a_meeting_has_those_who_take_part() -> None:
    found = facts(SAM, "sam@carter.example")
    review = entries(found)[0]
    assert review.kind is Kind.EVENT and review.audience is Audience.PRIVATE and review.actor == Key("mail", "sam@carter.example")
    assert towards(review) == {("mary.jones@harborline.example", "to"), ("leo@alderfinch.example", "cc")}
    assert review.published == datetime(2026, 3, 12, 15, tzinfo=UTC) and review.url == "https://harborline.example/review"
    assert extra(review) == {
        "calendar": "sam@carter.example", "declined": "Joe Brown", "location": "Harborline, room 3", "until": "2026-03-12T16:00:00Z",
    }  # fmt: skip
    assert review.text == "Bring the figures.\nMary brings the meters.https://harborline.example/agenda"
    mary = profiles(found)[Key("mail", "mary.jones@harborline.example")]
    assert mary.display_name in ("Jones, Mary", "Mary Jones") and mary.known
    assert not any("room" in key.native_id or "resource" in key.native_id for key in profiles(found))


def test_a_series_keeps_its_times_under_the_time_they_were_planned_for() -> None:
    found = facts(SAM, "sam@carter.example")
    weekly = {one.key.native_id: one for one in entries(found) if one.thread == "weekly@harborline.example"}
    assert set(weekly) == {"weekly@harborline.example#20260105T080000Z", "weekly@harborline.example#20260119T080000Z"}
    moved = weekly["weekly@harborline.example#20260119T080000Z"]
    assert moved.published == datetime(2026, 1, 20, 9, 30, tzinfo=UTC) and moved.title == "Weekly call, moved"
    assert moved.actor.native_id == "mary.jones@harborline.example" and towards(moved) == {("sam@carter.example", "to")}
    assert [fact.key.native_id for fact in found if isinstance(fact, Tombstone)] == ["weekly@harborline.example#20260126T080000Z"]


def test_days_clocks_without_a_zone_and_ends_before_the_beginning() -> None:
    fair, dentist = entries(facts(SAM, "sam@carter.example"))[-2:]
    assert fair.published == datetime(2026, 5, 1, tzinfo=UTC) and fair.precision is Precision.DAY and extra(fair)["until"] == "2026-05-03"
    assert dentist.published == datetime(2026, 6, 1, 7, tzinfo=UTC) and "until" not in extra(dentist), "in the zone that the calendar names"


def test_whose_calendar_it_is() -> None:
    by_name = facts(SAM)
    assert [p.key for p in profiles(by_name).values() if p.is_owner] == [Key("mail", "sam@carter.example")]
    nameless = facts(SAM.with_name("sam.ics"), mine=("other@carter.example",))
    assert [p.key.native_id for p in profiles(nameless).values() if p.is_owner] == ["other@carter.example"]
    assert entries(nameless)[0].actor == Key("mail", "sam@carter.example")


def test_nobody_known_is_nobody_in_particular(tmp_path: Path) -> None:
    path = written(tmp_path, calendar("DTSTART:20260101T100000Z", "SUMMARY:Alone"))
    (owner,) = (fact for fact in facts(path) if isinstance(fact, Profile))
    assert owner.key == Key("calendar", "me") and owner.is_owner and entries(facts(path))[0].actor == owner.key


def test_parts() -> None:
    assert ICalendar().recognise(SAM) is not None
    assert {one.title for one in entries(facts(SAM, parts=frozenset({"own"})))} == {"Trade fair", "Dentist"}
    assert "Entries without others were left out: 2." in reasons(facts(SAM, parts=frozenset({"meetings"})))


def test_an_event_of_hundreds_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    people = [f"ATTENDEE;CN=A{n}:mailto:a{n}@b.example" for n in range(60)]
    path = written(tmp_path, calendar("DTSTART:20260101T100000Z", "SUMMARY:Town hall", *people))
    assert entries(facts(path)) == [] and reasons(facts(path)) == ["Events with more than 50 people were left out: 1."]
    (asked,) = entries(facts(path, parts=frozenset({"large"})))
    assert asked.participants == ()


@pytest.mark.parametrize(("rule", "back", "ahead"), [("FREQ=DAILY", 633, 366), ("FREQ=DAILY;BYHOUR=6,10,14,18", 125, 125), ("FREQ=DAILY;UNTIL=20450101T000000Z", 633, 366)])
def test_of_more_times_than_are_kept_it_is_those_nearest_to_today(rule: str, back: int, ahead: int) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    (made,) = calendars(calendar("DTSTART:20170101T100000Z", "SUMMARY:Up", f"RRULE:{rule}"))
    ((_, texts),) = made.series.values()
    found = [start for time in times(events(made, texts), now) if (start := start_of(time.event)) is not None]
    assert len(found) == MOST_TIMES and found == sorted(found)
    assert abs((now - found[0]).days - back) <= 2 and abs((found[-1] - now).days - ahead) <= 2


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=SECONDLY", "It repeats too often to be listed."),
        ("FREQ=MINUTELY;COUNT=999999999", "It repeats too often to be listed."),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7;BYMINUTE=1,2,3,4,5,6", "It repeats too often to be listed."),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "Its repetition names no time."),
        ("FREQ=DAILY;BYSETPOS=300", "Its repetition names no time."),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ""),
    ],
)
def test_a_rule_that_would_never_end_costs_itself(tmp_path: Path, rule: str, reason: str) -> None:
    found = facts(written(tmp_path, calendar("DTSTART:20200101T100000Z", "SUMMARY:Often", f"RRULE:{rule}")))
    assert len(entries(found)) == 1 and all(reason in one for one in reasons(found))
    assert bool(reason) == bool(reasons(found))


def test_an_endless_series_has_a_window(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    daily = entries(facts(written(tmp_path, calendar("DTSTART:19900101T100000Z", "SUMMARY:Up", "RRULE:FREQ=WEEKLY"))))
    moments = [one.published for one in daily if one.published]
    assert now - BACK - timedelta(days=9) < min(moments) and max(moments) < now + AHEAD + timedelta(days=1) and len(daily) > 500
    birthday = entries(facts(written(tmp_path, calendar("DTSTART;VALUE=DATE:16040203", "SUMMARY:Birthday", "RRULE:FREQ=YEARLY"))))
    assert 10 <= len(birthday) <= 12 and {one.precision for one in birthday} == {Precision.DAY}


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("bare line ends", calendar("DTSTART:20260101T100000Z", "SUMMARY:Grüße").replace("\r\n", "\n").encode()),
        ("an old code page", calendar("DTSTART:20260101T100000Z", "SUMMARY:Grüße").encode("cp1252")),
        ("a mark", b"\xef\xbb\xbf" + calendar("DTSTART:20260101T100000Z", "SUMMARY:Grüße").encode()),
        ("wide", calendar("DTSTART:20260101T100000Z", "SUMMARY:Grüße").encode("utf-16")),
        ("cut inside a letter", calendar("DTSTART:20260101T100000Z", "SUMMARY:Gr\u00fc\r\n \u00dfe").encode()),
        ("folded inside a letter", calendar("DTSTART:20260101T100000Z").encode().replace(b"UID:1", b"UID:1\r\nSUMMARY:Gr\xc3\r\n \xbc\xc3\r\n \x9fe")),
    ],
)
def test_letters(tmp_path: Path, name: str, raw: bytes) -> None:
    path = tmp_path / "c.ics"
    path.write_bytes(raw)
    assert ICalendar().recognise(path) is not None, name
    assert [one.title.casefold() for one in entries(facts(path))] == ["Grüße".casefold()], name


def test_an_entry_without_a_uid_has_a_key_that_stays(tmp_path: Path) -> None:
    text = calendar("DTSTART;TZID=Europe/Oslo:20260101T100000", "SUMMARY:Plan").replace("UID:1\r\n", "")
    (one,) = entries(facts(written(tmp_path, text)))
    (other,) = entries(facts(written(tmp_path, text.replace(";TZID=Europe/Oslo:20260101T10", ":20260101T09").replace("T090000", "T090000Z"))))
    assert one.key == other.key and one.key.native_id.startswith("none:")


def test_a_calendar_that_breaks_off_says_so_and_keeps_what_stands_before(tmp_path: Path) -> None:
    two = calendar("DTSTART:20260101T100000Z", "SUMMARY:One", "END:VEVENT", "BEGIN:VEVENT", "UID:2", "DTSTART:20260102T100000Z", "SUMMARY:Two")
    cut = facts(written(tmp_path, two[: two.index("SUMMARY:Two") + 9]))
    assert [one.title for one in entries(cut)] == ["One"]
    assert reasons(cut) == ["The calendar breaks off before its end; what stands before that was read."]
    assert [one.title for one in entries(facts(written(tmp_path, two)))] == ["One", "Two"] and reasons(facts(written(tmp_path, two))) == []


def test_a_folder_and_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(SAM, "Calendar/sam.ics")
        archive.writestr("Calendar/other.ics", calendar("DTSTART:20260101T100000Z", "SUMMARY:Alone"))
    seen = ICalendar().recognise(tmp_path / "all.zip")
    assert seen is not None and seen.certainty == 0.9
    assert len(entries(facts(tmp_path / "all.zip", "sam@carter.example"))) == 6


def test_again_changes_nothing_and_the_mails_profile_is_theirs(tmp_path: Path) -> None:
    db, now = open_memory(), datetime(2026, 11, 20, 10, tzinfo=UTC)
    _, first = importing.import_now(db, SAM, now=now, me="sam@carter.example")
    assert first is not None and first.counts.new_activities == 5
    _, again = importing.import_now(db, SAM, now=now, me="sam@carter.example")
    assert again is not None and (again.counts.new_activities, again.counts.changed, again.counts.new_profiles) == (0, 0, 0)
    names = {row[0] for row in db.execute("SELECT name FROM people WHERE is_me = 0")}
    assert any("Mary" in name for name in names)


def test_covered_until_the_newest_entry_but_never_the_future(tmp_path: Path) -> None:
    (known,) = (fact for fact in facts(SAM) if isinstance(fact, Coverage))
    assert known.place == "calendar" and known.until == datetime(2026, 6, 1, 7, tzinfo=UTC)
    far = facts(written(tmp_path, calendar("DTSTART:20990101T100000Z", "SUMMARY:Far")))
    assert len(entries(far)) == 1 and not [fact for fact in far if isinstance(fact, Coverage)]


@pytest.mark.parametrize(("zone", "hour"), [
    ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', 7), ("(UTC+01:00) Amsterdam, Berlin", 7), ("tzone://Microsoft/Utc", 9), ('"tzone://Microsoft/Utc"', 9),
    ("UTC+5", 4), ("GMT+0200", 7), ('"(GMT-05:00) Eastern Time (US & Canada)"', 13), ('"(UTC) Dublin, Edinburgh, Lisbon, London"', 8), ("Europe/Berlin", 7),
    ("W. Europe Standard Time", 7), ("/mozilla.org/20070129_1/America/New_York", 13), ("/freeassociation.sourceforge.net/Tzfile/Asia/Tokyo", 0),
])  # fmt: skip
def test_zones_as_programs_name_them(tmp_path: Path, zone: str, hour: int) -> None:
    (one,) = entries(facts(written(tmp_path, calendar(f"DTSTART;TZID={zone}:20260702T090000"))))
    assert one.published == datetime(2026, 7, 2, hour, tzinfo=UTC)


@pytest.mark.parametrize("named", ['"(UTC-04:00) Own, Land"', "(UTC-04:00) Own\\, Land"])
def test_a_zone_with_a_colon_in_its_name_that_the_calendar_explains(tmp_path: Path, named: str) -> None:
    half = "BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:-0330\r\nTZOFFSETTO:-0330\r\nEND:STANDARD"
    zone = f"BEGIN:VTIMEZONE\r\nTZID:(UTC-04:00) Own\\, Land\r\n{half}\r\nEND:VTIMEZONE"
    (one,) = entries(facts(written(tmp_path, calendar(f"DTSTART;TZID={named}:20260702T090000", head=zone))))
    assert one.published == datetime(2026, 7, 2, 12, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_in_that_of_the_calendar(tmp_path: Path) -> None:
    head = "X-WR-TIMEZONE:America/New_York"
    daily = calendar("DTSTART:20260702T090000", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260703T090000", head=head)
    path = written(tmp_path, daily + calendar("DTSTART;VALUE=DATE:20260710", head=head, uid="2"))
    assert [(one.published, one.precision) for one in entries(facts(path))] == [
        (datetime(2026, 7, 2, 13, tzinfo=UTC), Precision.SECOND), (datetime(2026, 7, 4, 13, tzinfo=UTC), Precision.SECOND), (datetime(2026, 7, 10, tzinfo=UTC), Precision.DAY),
    ]  # fmt: skip


def test_words_of_the_form_before_icalendar(tmp_path: Path) -> None:
    lines = ("DTSTART:20260302T090000Z", "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Caf=C3=A9 mit =", "M=C3=BCller", "DESCRIPTION;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:=E9ins=0D=0Azwei")
    (one,) = entries(facts(written(tmp_path, calendar(*lines))))
    assert (one.title, one.text) == ("Café mit Müller", "éins\nzwei")


def test_a_file_that_only_calls_a_meeting_off_takes_it_back(tmp_path: Path) -> None:
    db = open_memory()
    now = datetime(2026, 11, 27, 9, tzinfo=UTC)
    lines = ("DTSTART:20260302T090000Z", "SUMMARY:Kickoff", "ORGANIZER:mailto:ida@x.example")
    importing.import_now(db, written(tmp_path, calendar(*lines)), now=now)
    preview, _ = importing.import_now(db, written(tmp_path, calendar(*lines, "STATUS:CANCELLED", head="METHOD:CANCEL")), now=now)
    assert preview.counts.withdrawn == 1 and preview.sentence.endswith("0 new activities, 1 withdrawn.")
    assert db.execute("SELECT count(*) FROM activities").fetchone() == (0,)


def test_a_series_keeps_its_clock_and_its_days_where_clocks_are_changed(tmp_path: Path) -> None:
    weekly = calendar("DTSTART;TZID=Europe/Oslo:20260323T090000", "RRULE:FREQ=WEEKLY;COUNT=2")
    days = calendar("DTSTART;VALUE=DATE:20260328", "RRULE:FREQ=DAILY;COUNT=3", uid="2")
    long = calendar("DTSTART;VALUE=DATE:20260327", "DTEND;VALUE=DATE:20260331", uid="3")
    found = entries(facts(written(tmp_path, weekly + days + long)))
    assert [one.published for one in found[:2]] == [datetime(2026, 3, 23, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)]
    assert [one.published for one in found[2:5]] == [datetime(2026, 3, day, tzinfo=UTC) for day in (28, 29, 30)]
    assert found[5].published == datetime(2026, 3, 27, tzinfo=UTC) and extra(found[5])["until"] == "2026-03-30"


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("form", ["calendars", "one calendar", "folder"])
def test_of_two_versions_of_an_entry_the_later_one_counts(tmp_path: Path, order: tuple[int, int], form: str) -> None:
    """An invitation and its change lie in a folder, or in a mailbox, in any order."""
    made = [calendar(f"DTSTART:2026010{n}T100000Z", f"SEQUENCE:{n}", f"SUMMARY:Version {n}") for n in order]
    if form == "folder":
        for number, text in enumerate(made):
            (tmp_path / f"{number}.ics").write_text(text, newline="")
        path = tmp_path
    else:
        path = written(tmp_path, "".join(made) if form == "calendars" else "".join(made).replace("END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n", ""))
    assert [one.title for one in entries(facts(path))][-1] == "Version 2"


def test_of_two_versions_written_as_often_the_one_written_later_counts(tmp_path: Path) -> None:
    made = [calendar("DTSTART:20260101T100000Z", f"DTSTAMP:2026010{n}T080000Z", f"SUMMARY:Version {n}") for n in (2, 1)]
    assert [one.title for one in entries(facts(written(tmp_path, "".join(made))))] == ["Version 2"]


def test_a_changed_series_is_listed_once(tmp_path: Path) -> None:
    made = [calendar(f"DTSTART:20260105T{n}00000Z", f"SEQUENCE:{n}", "RRULE:FREQ=WEEKLY;COUNT=2") for n in (2, 1)]
    found = entries(facts(written(tmp_path, "".join(made))))
    assert [one.published.hour for one in found if one.published] == [20, 20]


def test_the_zones_of_the_system_are_looked_for_once_and_not_for_each_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    real_zones = ical_zones.available_timezones
    monkeypatch.setattr(ical_zones, "available_timezones", lambda: looked.append(1) or real_zones())
    ical_zones.known_zones.cache_clear()
    entry = "BEGIN:VEVENT\r\nUID:{n}@x.example\r\nDTSTART;TZID=Europe/Berlin:20261101T1{n}0000\r\nSUMMARY:Review {n}\r\nEND:VEVENT\r\n"
    text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Europe/Berlin\r\n" + "".join(entry.format(n=n) for n in range(9)) + "END:VCALENDAR\r\n"
    (tmp_path / "year.ics").write_text(text, encoding="utf-8")
    found = [fact for fact in ICalendar().read(tmp_path / "year.ics", Options()) if isinstance(fact, Activity)]
    assert len(found) == 9 and len(looked) == 1


def test_single_times_of_a_series_that_is_not_there_are_told_apart_by_what_they_were_planned_for(tmp_path: Path) -> None:
    """As in an invitation to some times of a series only: one UID, no rule."""
    one = "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:202611{0}T090000Z\r\nDTSTART:202611{0}T100000Z\r\nSUMMARY:No {0}\r\nEND:VEVENT"
    text = "\r\n".join(("BEGIN:VCALENDAR", one.format("03"), one.format("10"), "END:VCALENDAR", ""))
    found = entries(facts(written(tmp_path, text)))
    assert [entry.title for entry in found] == ["No 03", "No 10"] and len({entry.key for entry in found}) == 2
    later = text.replace("DTSTART:20261110T100000Z", "DTSTART:20261111T080000Z")
    assert [entry.key for entry in entries(facts(written(tmp_path, later)))] == [entry.key for entry in found], "moved, it is the same"
