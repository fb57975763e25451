"""Tables in which a row is what somebody did, of any writer: what the columns mean was said once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Audience, Fact, Key, Kind, Precision, Profile, Progress, Rejected, Role
from relationdesk.sources.base import Options
from relationdesk.sources.csv_columns import guess_mapping
from relationdesk.sources.csv_contacts import CsvContacts

LOG = (
    "Date;Time;Customer;E-Mail;Type;Subject;Notes;Direction\n"
    "13/03/2024;14:30;Ann Lee;ann@lee.example;Call;Prices;\"Asked for prices\n\nand dates\";in\n"
    "14/03/2024;;Bob Ray;bob@ray.example;Visit;;Showed the new line;out\n"
    ";;Cy Moe;cy@moe.example;Call;x;y;in\n"
    "15/03/2024;9:05;;;Call;x;y;in\n"
    "15/03/2024;9:05;Ann Lee;ann@lee.example;Golf;;Nine holes;\n"
)  # fmt: skip
MEANT = {
    "Date": "date", "Time": "time", "Customer": "name", "E-Mail": "mail", "Type": "kind", "Subject": "subject", "Notes": "text", "Direction": "direction",
}  # fmt: skip


def read(tmp_path: Path, text: str, mapping: dict[str, str], *, mine: frozenset[str] = frozenset(), name: str = "log.csv") -> list[Fact]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = CsvContacts().read(path, Options(mapping=mapping, mine=mine))
    return [fact for fact in found if not isinstance(fact, Progress)]


def deeds(facts: list[Fact]) -> list[Activity]:
    return [fact for fact in facts if isinstance(fact, Activity)]


def people(facts: list[Fact]) -> list[Profile]:
    return [fact for fact in facts if isinstance(fact, Profile)]


def test_a_log_of_calls_and_visits_is_guessed_and_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    seen = CsvContacts().recognise(path)
    assert seen is not None and guess_mapping(seen.columns, seen.sample) == MEANT
    facts = read(tmp_path, LOG, MEANT)
    ann, bob, me = people(facts)
    assert (ann.display_name, ann.known, bob.display_name, me.key, me.is_owner) == ("Ann Lee", True, "Bob Ray", Key("contacts", "me"), True)
    call, visit, golf = deeds(facts)
    assert (call.kind, call.actor, call.precision, call.title, call.text) == (Kind.CALL, ann.key, Precision.MINUTE, "Prices", "Asked for prices\n\nand dates")
    assert call.published == datetime(2024, 3, 13, 14, 30).astimezone(UTC) and call.audience is Audience.PRIVATE
    assert (visit.kind, visit.actor, visit.precision, visit.published) == (Kind.EVENT, me.key, Precision.DAY, datetime(2024, 3, 14, tzinfo=UTC))
    assert [(one.profile, one.role) for one in visit.participants] == [(bob.key, Role.TO)]
    assert (golf.kind, golf.actor, golf.title, dict(golf.extra)) == (Kind.OTHER, ann.key, "Golf", {"type": "Golf"})
    assert [(one.where, one.reason) for one in facts if isinstance(one, Rejected)] == [
        ("log.csv line 6", "This row has no date that can be read."), ("log.csv line 7", "This row names nobody."),
    ]  # fmt: skip


def test_the_same_again_has_the_same_keys_and_equal_rows_stay_two(tmp_path: Path) -> None:
    once = [one.key for one in deeds(read(tmp_path, LOG, MEANT))]
    assert once == [one.key for one in deeds(read(tmp_path, LOG.replace("\r", ""), MEANT))]
    twice = "When,Who,What\n2024-01-02,Ann Lee,hello\n2024-01-02,Ann Lee,hello\n"
    meant = {"When": "date", "Who": "name", "What": "text"}
    found = [one.key for one in deeds(read(tmp_path, twice, meant))]
    assert len(set(found)) == 2 and found == [one.key for one in deeds(read(tmp_path, twice + "2024-01-03,Ann Lee,hello\n", meant))[:2]]


def test_with_an_id_a_corrected_row_stays_the_same(tmp_path: Path) -> None:
    meant = {"No": "id", "When": "date", "Who": "name", "What": "text"}
    (before,) = deeds(read(tmp_path, "No,When,Who,What\n7,2024-01-02,Ann Lee,helo\n", meant))
    (after,) = deeds(read(tmp_path, "No,When,Who,What\n7,2024-01-02,Ann Lee,hello\n", meant))
    assert before.key == after.key and before.text != after.text


def test_whoever_is_in_the_address_book_is_the_same_here(tmp_path: Path) -> None:
    (card,) = people(read(tmp_path, "Who,Mail,Phone\nAnn Lee,ann@lee.example,+47 22\n", {"Who": "name", "Mail": "mail", "Phone": "phone"}))
    told = people(read(tmp_path, "When,Who,Mail,What\n2024-01-02,Ann,ann@lee.example,a\n2024-01-03,Ann Lee,ann@lee.example,b\n", {"When": "date", "Who": "name", "Mail": "mail", "What": "text"}))
    assert {one.key for one in told} == {card.key}


def test_a_row_of_my_own_address_is_mine(tmp_path: Path) -> None:
    facts = read(tmp_path, "When,Mail,What\n2024-01-02,Sam@Carter.example,a\n", {"When": "date", "Mail": "mail", "What": "text"}, mine=frozenset({"sam@carter.example"}))
    assert people(facts)[0].is_owner


def test_several_names_in_a_cell_are_several_people(tmp_path: Path) -> None:
    meant = {"When": "date", "Who": "name", "Mail": "mail", "What": "text"}
    facts = read(tmp_path, "When,Who,Mail,What\n2024-01-02,Ann Lee; Bob Ray,ann@lee.example; bob@ray.example,lunch\n2024-01-03,,x@x.example; y@y.example,tea\n", meant)
    assert [(one.display_name, [a.value for a in one.addresses]) for one in people(facts)] == [
        ("Ann Lee", ["ann@lee.example"]), ("Bob Ray", ["bob@ray.example"]), ("x@x.example", ["x@x.example"]), ("y@y.example", ["y@y.example"]),
    ]  # fmt: skip
    lunch = deeds(facts)[0]
    assert lunch.actor == people(facts)[0].key and [one.profile for one in lunch.participants] == [people(facts)[1].key]


@pytest.mark.parametrize(
    ("cell", "when", "precision"),
    [
        ("2024-03-04 05:06:07Z", datetime(2024, 3, 4, 5, 6, 7, tzinfo=UTC), Precision.SECOND), ("1709528767", datetime(2024, 3, 4, 5, 6, 7, tzinfo=UTC), Precision.SECOND),
        ("1709528767123", datetime(2024, 3, 4, 5, 6, 7, tzinfo=UTC), Precision.SECOND), ("1709528767.5", datetime(2024, 3, 4, 5, 6, 7, tzinfo=UTC), Precision.SECOND),
        ("4.3.2024", datetime(2024, 3, 4, tzinfo=UTC), Precision.DAY),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(tmp_path: Path, cell: str, when: datetime, precision: Precision) -> None:
    (found,) = deeds(read(tmp_path, f"When,Who,What\n{cell},Ann Lee,hello\n", {"When": "date", "Who": "name", "What": "text"}))
    assert (found.published, found.precision) == (when, precision)


@pytest.mark.parametrize("cell", ["soon", "31/31/2024", "0001-01-01", "9999-12-31", "1.23E+15", "99999999999"])
def test_what_is_no_date_is_refused_and_not_made_up(tmp_path: Path, cell: str) -> None:
    facts = read(tmp_path, f"When,Who,What\n{cell},Ann Lee,hello\n2024-01-02,Ann Lee,hello\n", {"When": "date", "Who": "name", "What": "text"})
    assert len(deeds(facts)) == 1 and [one.where for one in facts if isinstance(one, Rejected)] == ["log.csv line 2"]


def test_the_order_of_day_and_month_is_said_and_not_guessed(tmp_path: Path) -> None:
    text = "When,Who,What\n3/4/2024,Ann Lee,hello\n5/6/2024,Ann Lee,hello\n"
    with pytest.raises(UnreadableFile, match="can be read in two ways") as refused:
        read(tmp_path, text, {"When": "date", "Who": "name", "What": "text"})
    assert "Nothing was brought in" in str(refused.value)
    for field, first in (("date_day_first", datetime(2024, 4, 3, tzinfo=UTC)), ("date_month_first", datetime(2024, 3, 4, tzinfo=UTC))):
        assert deeds(read(tmp_path, text, {"When": field, "Who": "name", "What": "text"}))[0].published == first
    decided = deeds(read(tmp_path, text + "31/12/2024,Ann Lee,bye\n", {"When": "date", "Who": "name", "What": "text"}))
    assert decided[0].published == datetime(2024, 4, 3, tzinfo=UTC), "the last date decides"


@pytest.mark.parametrize(
    ("mapping", "says"),
    [({"Who": "name", "What": "text"}, "hold dates"), ({"When": "date", "What": "text"}, "names or mail addresses"), ({"What": "kind", "Who": "name"}, "hold dates")],
)
def test_too_little_is_refused(tmp_path: Path, mapping: dict[str, str], says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read(tmp_path, "When,Who,What\n2024-01-02,Ann Lee,hello\n", mapping)


@pytest.mark.parametrize(
    ("columns", "meant"),
    [
        (("Datum", "Kunde", "Betreff", "Nachricht"), {"Datum": "date", "Kunde": "name", "Betreff": "subject", "Nachricht": "text"}),
        (("Fecha", "Nombre", "Mensaje", "Tipo"), {"Fecha": "date", "Nombre": "name", "Mensaje": "text", "Tipo": "kind"}),
        (("Name", "Email", "Date", "Notes"), {"Name": "name", "Email": "mail", "Notes": "notes"}),
        (("Name", "Message"), {"Name": "name"}),
        (("ts", "user.name", "user.email", "text"), {"ts": "date", "user.name": "name", "user.email": "mail", "text": "text"}),
    ],
)
def test_a_table_of_people_is_not_taken_for_one_of_deeds(columns: tuple[str, ...], meant: dict[str, str]) -> None:
    assert guess_mapping(columns) == meant


def test_a_sheet_of_a_workbook_is_read_the_same(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("When", "Who", "What"), (datetime(2024, 3, 4, 10, 30), "Ann Lee", "hello"), (datetime(2024, 3, 5), "Ann Lee", "=1+1")):
        sheet.append(row)
    path = tmp_path / "log.xlsx"
    book.save(path)
    found = deeds([one for one in CsvContacts().read(path, Options(mapping={"When": "date", "Who": "name", "What": "text"})) if not isinstance(one, Progress)])
    assert [one.published for one in found] == [datetime(2024, 3, 4, 10, 30).astimezone(UTC), datetime(2024, 3, 5, tzinfo=UTC)]
    assert [one.text for one in found] == ["hello", ""], "a formula is never calculated"


@pytest.mark.parametrize("cell", ["44927", "44927.0", "44927,0"])
def test_from_when_a_spreadsheet_counted_its_days_is_said_and_not_guessed(tmp_path: Path, cell: str) -> None:
    text = f"When;Who;What\n{cell};Ann Lee;hello\n44928,5;Ann Lee;bye\n"
    with pytest.raises(UnreadableFile, match=r"1 January 2023, or 2 January 2027\)\. Nothing was brought in") as refused:
        read(tmp_path, text, {"When": "date", "Who": "name", "What": "text"})
    assert "from 1900 or from 1904" in str(refused.value)
    for field, first, noon in (("date_from_1900", (2023, 1, 1), (2023, 1, 2, 12)), ("date_from_1904", (2027, 1, 2), (2027, 1, 3, 12))):
        hello, bye = deeds(read(tmp_path, text, {"When": field, "Who": "name", "What": "text"}))
        assert (hello.published, hello.precision) == (datetime(*first, tzinfo=UTC), Precision.DAY)
        assert (bye.published, bye.precision) == (datetime(*noon).astimezone(UTC), Precision.MINUTE)
