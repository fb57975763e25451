"""Workbooks as containers of tables: what a cell says, what a sheet is called, and what attackers put into one."""

from __future__ import annotations

import csv
import re
import tarfile
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Precision, Profile, Progress, Rejected
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.container import open_container
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.csv_contacts import CsvContacts
from tests.sources.test_crm_export import ACTIVITIES as PIPEDRIVE
from tests.sources.test_crm_export import HUBSPOT, SALESFORCE, ZOHO, written

PEOPLE = (("Name", "Email", "Notes"), ("Ann Berg", "ann@a.example", "one\ntwo"), (None, None, None), ("Ben Cole", "ben@b.example", None))


def book(path: Path, **sheets: Iterable[Iterable[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def text(path: Path, member: str = "") -> str:
    with open_container(path) as box, box.open(member or box.names()[0]) as stream:
        return stream.read().decode("utf-8-sig")


def members(path: Path) -> tuple[str, ...]:
    with open_container(path) as box:
        return box.names()


def test_a_workbook_of_one_sheet_is_a_table(tmp_path: Path) -> None:
    path = book(tmp_path / "people.xlsx", Sheet1=PEOPLE, Empty=())
    assert members(path) == ("people.xlsx",)
    assert recognise(path)[0].name == "csv_contacts"
    found = [fact for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile)]
    assert [fact.display_name for fact in found] == ["Ann Berg", "Ben Cole"]
    assert found[0].bio == "one\ntwo"


def test_lines_are_the_rows_of_the_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "people.xlsx", Sheet1=(*PEOPLE, (None, None, "nobody")))
    assert [f.where for f in CsvContacts().read(path, Options()) if isinstance(f, Rejected)] == ["people.xlsx line 5"]


def test_cells_are_written_as_a_table_would_have_them(tmp_path: Path) -> None:
    cells = (1, 2.0, 2.5, True, datetime(2024, 3, 12, 9, 14), datetime(2024, 3, 12), date(2024, 3, 13), "=1+1", 1234567890123456, "a,b", None, "x")
    path = book(tmp_path / "a.xlsx", One=(("h",) * len(cells), cells))
    # A formula that no program has calculated has no value; it is never calculated here.
    assert text(path).splitlines()[1] == '1,2,2.5,true,2024-03-12 09:14:00,2024-03-12,2024-03-13,,1.23457E+15,"a,b",,x'


def test_what_a_formula_showed_is_its_value(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", One=(("Name", "Email"), ('=HYPERLINK("http://x.example","Ann")', "a@b.example")))
    changed = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<c r="A2"><f>', b'<c r="A2" t="str"><f>').replace(b"</f><v />", b"</f><v>Ann Berg</v>"))
    assert text(changed).splitlines()[1] == "Ann Berg,a@b.example"


def test_sheets_of_a_crm_explain_each_other(tmp_path: Path) -> None:
    path = book(
        tmp_path / "hubspot.xlsx",
        Contacts=(("Record ID", "First Name", "Last Name", "Email", "Contact owner"), (101, "Ann", "Berg", "ann@a.example", "Sam")),
        Deals=(("Record ID", "Deal Name", "Deal Stage", "Create Date", "Associated Contact IDs"), (1, "Menu", "Won", datetime(2024, 3, 4), 101)),
    )  # fmt: skip
    assert members(path) == ("Contacts.csv", "Deals.csv")
    source, seen = recognise(path)
    assert (source.name, [part.name for part in seen.parts], seen.asks) == ("crm_export", ["people", "deals"], ())
    found = [fact for fact in CrmExport().read(path, Options()) if not isinstance(fact, Progress)]
    (deal,) = (fact for fact in found if isinstance(fact, Activity))
    assert ([p.profile.native_id for p in deal.participants], deal.precision) == (["101"], Precision.DAY)
    assert [fact.display_name for fact in found if isinstance(fact, Profile)] == ["Ann Berg", ""]


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["Name", "Email"])
    hidden = made.create_sheet("Lists")
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")
    assert members(tmp_path / "a.xlsx") == ("a.xlsx",)


def test_what_does_not_end_with_the_head_is_read_to_its_end(tmp_path: Path) -> None:
    path = book(tmp_path / "long.xlsx", One=[("Name", "Email"), *((f"Person {n} " + "x" * 200, f"p{n}@a.example") for n in range(4000))])
    lines = text(path).splitlines()
    assert len(lines) == 4001 and lines[-1].endswith("p3999@a.example") and len({line.rpartition(",")[2] for line in lines}) == 4001


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", One=(("Name", "Email"), ("Ann", "a@b.example")))
    assert "Ann" in text(path)
    book(path, One=(("Name", "Email"), ("Benjamin", "a@b.example"), ("Cid", "c@b.example")))
    assert "Benjamin" in text(path)


def replaced(path: Path, part: str, content: bytes) -> Path:
    other = path.with_name("other.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return other


SHEET = "xl/worksheets/sheet1.xml"
_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, b"<worksheet"),
        (SHEET, _HEAD + b'<row r="1"><c r="A1" t="s"><v>999999</v></c></row></sheetData></worksheet>'),
        (SHEET, _HEAD + b'<row r="x"><c r="?"><v>1</v></c></row></sheetData></worksheet>'),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'),
        ("xl/styles.xml", b"no xml"),
        ("[Content_Types].xml", b""),
    ],
)
def test_a_damaged_workbook_is_refused_with_a_sentence(tmp_path: Path, part: str, content: bytes) -> None:
    path = replaced(book(tmp_path / "a.xlsx", One=PEOPLE), part, content)
    with pytest.raises(UnreadableFile, match=r"othing was brought in"):
        list(CsvContacts().read(path, Options()))
    assert CsvContacts().recognise(path) is None


def test_entities_in_a_sheet_are_no_bomb(tmp_path: Path) -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{lines}]>'.encode() + _HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row></sheetData></worksheet>'
    with pytest.raises(UnreadableFile):
        list(CsvContacts().read(replaced(book(tmp_path / "a.xlsx", One=PEOPLE), SHEET, bomb), Options()))


def test_a_cell_at_the_far_end_costs_nothing(tmp_path: Path) -> None:
    far = _HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>Email</t></is></c></row>'
    far += b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    path = replaced(book(tmp_path / "a.xlsx", One=PEOPLE), SHEET, far)
    assert len(text(path)) < 100_000


def test_texts_and_styles_beyond_all_measure_are_not_opened(tmp_path: Path) -> None:
    path = replaced(book(tmp_path / "a.xlsx", One=PEOPLE), "xl/styles.xml", b"<a/>" * (5 * 1024**2))
    with pytest.raises(UnreadableFile, match="holds more than a workbook of people does"):
        members(path)


def test_a_binary_workbook_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.bin", "")
        archive.writestr("xl/styles.bin", "")
    with pytest.raises(UnreadableFile, match="an old or binary Excel workbook"):
        recognise(tmp_path / "a.xlsb")


DEALS = (("Record ID", "Deal Name", "Deal Stage", "Create Date", "Associated Contact IDs"), (1, "Menu", "Won", datetime(2024, 3, 4), 101))
CONTACTS = (("Record ID", "First Name", "Last Name", "Email", "Contact owner"), (101, "Ann", "Berg", "ann@a.example", "Sam"))


def export(folder: Path) -> Path:
    folder.mkdir()
    book(folder / "contacts.xlsx", Sheet1=CONTACTS)
    book(folder / "deals.xlsx", Open=DEALS, Won=(DEALS[0], (2, "Fish", "Won", datetime(2024, 3, 5), 101)))
    (folder / "~$deals.xlsx").write_bytes(b"\x05Sam")  # what Excel leaves beside an open workbook
    return folder


def packed(folder: Path, suffix: str) -> Path:
    if suffix == "zip":
        with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
            for file in folder.iterdir():
                archive.write(file, f"hubspot-export/{file.name}")
        return folder.with_suffix(".zip")
    with tarfile.open(folder.with_suffix(".tgz"), "w:gz") as tar:
        tar.add(folder, "hubspot-export")
    return folder.with_suffix(".tgz")


@pytest.mark.parametrize("form", ["folder", "zip", "tgz"])
def test_workbooks_in_a_folder_zip_or_tar_are_their_sheets(tmp_path: Path, form: str) -> None:
    path = export(tmp_path / "export")
    path = path if form == "folder" else packed(path, form)
    assert members(path) == ("contacts.csv", "deals - Open.csv", "deals - Won.csv")
    assert recognise(path)[0].name == "crm_export"
    found = [fact for fact in CrmExport().read(path, Options()) if isinstance(fact, Activity | Profile)]
    assert [fact.title if isinstance(fact, Activity) else fact.display_name or fact.handle for fact in found] == ["Ann Berg", "a colleague", "Menu", "Fish"]


def test_a_changed_workbook_in_a_folder_is_read_anew(tmp_path: Path) -> None:
    folder = export(tmp_path / "export")
    assert "Menu" in text(folder, "deals - Open.csv")
    book(folder / "deals.xlsx", Open=(DEALS[0], (3, "Something quite different", "Won", datetime(2024, 3, 5), 101)))
    assert "quite different" in text(folder, "deals.csv")


def test_workbooks_among_other_things_are_files_like_any_other(tmp_path: Path) -> None:
    folder = export(tmp_path / "export")
    for number in range(3):
        (folder / f"{number}.txt").write_text("words", encoding="utf-8")
    assert "deals.xlsx" in members(folder)


def test_a_damaged_workbook_in_a_zip_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("deals.xlsx", b"PK\x03\x04 nothing")
    with pytest.raises(UnreadableFile, match=r"“deals\.xlsx” is a damaged workbook\. Nothing was brought in\."):
        members(tmp_path / "a.zip")


def test_a_bomb_in_a_workbook_in_a_zip_is_refused(tmp_path: Path) -> None:
    inner = tmp_path / "inner.xlsx"
    with zipfile.ZipFile(book(tmp_path / "a.xlsx", One=PEOPLE)) as old, zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            new.writestr(name, _HEAD + b" " * 80 * 1024**2 if name == SHEET else old.read(name))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(inner, "deals.xlsx")
    with pytest.raises(UnreadableFile, match="would unpack to far more than an export holds"):
        members(tmp_path / "a.zip")


def tables(folder: Path) -> dict[str, list[list[str]]]:
    found = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            found[file.stem] = list(csv.reader(stream))
    return found


@pytest.mark.parametrize("crm", ["hubspot", "salesforce", "zoho", "pipedrive"])
def test_every_crm_s_tables_are_the_same_as_a_workbook(tmp_path: Path, crm: str) -> None:
    """Numbers as numbers, days as days, as spreadsheet programs keep what they read."""
    text_of = {"salesforce": SALESFORCE, "zoho": ZOHO, "pipedrive": {"a": PIPEDRIVE + "1,A,2024-01-01,Ann Berg,Acme\n2,B,2024-01-02,Ben Cole,Acme\n", "b": "x"}}
    made = tables(written(tmp_path, **text_of[crm]) if crm in text_of else HUBSPOT)
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in made.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    path = book(tmp_path / "export.xlsx", **{name: [[typed(cell) for cell in row] for row in rows] for name, rows in made.items()})
    source, seen = recognise(path)
    assert (source.name, seen.place) == ("crm_export", crm)
    read = [[f for f in CrmExport().read(one, Options()) if isinstance(f, Activity | Profile)] for one in (path, folder)]
    assert read[0] == read[1] and any(isinstance(fact, Activity) for fact in read[0])


def typed(cell: str) -> object:
    """As Excel keeps a cell of CSV that it opens."""
    if re.fullmatch(r"\d{1,14}", cell) and not cell.startswith("0"):
        return int(cell)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return datetime.fromisoformat(cell)
    return {"true": True, "false": False, "": None}.get(cell, cell)


SEVERAL = {
    "Cover": (("Report of March",), ("made by hand",)), "Customers": PEOPLE, "Leads": (("Firm", "Name", "Email"), ("Alder", "Cia Dahl", "cia@c.example")),
    "Sums": (("Month", "Total"), ("January", 5), ("March", 7)),
}  # fmt: skip


def test_of_a_workbook_every_sheet_that_lists_people_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = book(tmp_path / "all.xlsx", **SEVERAL)
    source, seen = recognise(path)
    assert (source.name, seen.title, seen.columns) == ("csv_contacts", "Workbook", ("Name", "Email", "Notes", "Firm"))
    assert seen.sample[2] == ("Cia Dahl", "cia@c.example", "", "Alder")
    found = list(CsvContacts().read(path, Options()))
    assert [f.display_name for f in found if isinstance(f, Profile)] == ["Ann Berg", "Ben Cole", "Cia Dahl"]
    assert [(f.where, f.reason.partition("“")[2]) for f in found if isinstance(f, Rejected)] == [("all.xlsx", "Cover”, “Sums”."), ("Leads.csv", "Firm”. Say it (on the command line with --map COLUMN=FIELD) and bring the table in again.")]


def test_sheets_of_which_nothing_is_known_are_read_as_their_columns_are_said_to_mean(tmp_path: Path) -> None:
    path = book(tmp_path / "all.xlsx", Cover=SEVERAL["Cover"], One=(("Wer", "Wo"), ("Ann Berg", "ann@a.example")), Two=(("Wo", "Wann"), ("ben@b.example", 2026)), Sums=SEVERAL["Sums"])
    seen = recognise(path)[1]
    assert seen.columns == ("Wer", "Wo", "Month", "Total", "Wann")
    with pytest.raises(UnreadableFile, match=r"No column of “One\.csv” is known"):
        list(CsvContacts().read(path, Options()))
    found = list(CsvContacts().read(path, Options(mapping={"Wer": "name", "Wo": "mail"})))
    assert [f.display_name for f in found if isinstance(f, Profile)] == ["Ann Berg", "ben@b.example"]
    assert [f.reason for f in found if isinstance(f, Rejected)] == ["Sheets that list no people were left out: “Cover”, “Sums”."]


ANN_AND_BOB = [["Ann", "Lee", "ann@inn.example", "+47 22 33 44 55"], ["Bob", "Stone", "bob@x.example", "+47 22 33 44 56"]]


def merged(path: Path, rows: list[list[object]], *ranges: str) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for one in ranges:
        workbook.active.merge_cells(one)
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("rows", "ranges"),
    [
        ([["Customers 2024"], ["as of March"], [], ["First name", "Last name", "E-mail", "Phone"], *ANN_AND_BOB], ["A1:D1"]),
        ([["Person", None, "Reach", None], ["First name", "Last name", "E-mail", "Phone"], *ANN_AND_BOB], ["A1:B1", "C1:D1"]),
        ([["Name", None, "Kontakt", None], ["Vorname", "Nachname", "E-Mail", "Telefon"], *ANN_AND_BOB], ["A1:B1", "C1:D1"]),
        ([["First name", "Contact", None, "Phone"], [None, "Last name", "E-mail", None], *ANN_AND_BOB], ["A1:A2", "B1:C1", "D1:D2"]),
        ([["First\nname", "Last\r\nname", "E-\nMail", "Phone"], *ANN_AND_BOB], []),
        ([["First name", "Last name", "E-mail", "Phone"], [*ANN_AND_BOB[0], "a remark without a heading"], ANN_AND_BOB[1]], []),
    ],
    ids=["titles above", "groups above", "groups above in German", "two lines", "broken headings", "a column without a heading"],
)  # fmt: skip
def test_headings_as_people_draw_them(tmp_path: Path, rows: list[list[object]], ranges: list[str]) -> None:
    path = merged(tmp_path / "people.xlsx", rows, *ranges)
    facts = list(recognise(path)[0].read(path, Options()))
    found = [(fact.display_name, *(address.value for address in fact.addresses)) for fact in facts if isinstance(fact, Profile)]
    assert [one[0] for one in found] == ["Ann Lee", "Bob Stone"] and [one[1] for one in found] == ["ann@inn.example", "bob@x.example"]
    assert all("22" in one[2] for one in found) and not [fact for fact in facts if isinstance(fact, Rejected)]


def test_mails_and_phones_of_several_kinds_under_one_heading(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Name", "E-mail", None, "Phone", None], [None, "work", "home", "work", "mobile"], ["Ann Lee", "ann@inn.example", "ann@home.example", "111222333", "444555666"]
    ]  # fmt: skip
    path = merged(tmp_path / "people.xlsx", rows, "A1:A2", "B1:C1", "D1:E1")
    (found,) = [fact for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile)]
    assert [address.value for address in found.addresses] == ["ann@inn.example", "ann@home.example", "111222333", "444555666"]


@pytest.mark.parametrize("below", [["Ann Lee", "x", "ann@inn.example"], ["Ann Lee", "Buyer", ""], [None, "Buyer", "ann@inn.example"]])
def test_the_first_row_under_a_gap_is_no_heading(tmp_path: Path, below: list[object]) -> None:
    path = merged(tmp_path / "people.xlsx", [["Name", None, "E-mail"], below, ["Bob Stone", "y", "bob@x.example"]])
    assert len([fact for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile)]) == 2


FIRM = [["Name", "E-mail", "Company"], ["Ann Lee", "ann@inn.example", "Hotel Inn"], ["Bob Stone", "bob@x.example", None], ["Eve Hill", "eve@x.example", None],
        ["Sam Wood", "sam@y.example", None]]  # fmt: skip


def firms(path: Path) -> dict[str, str]:
    return {fact.display_name: fact.company for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile)}


def test_a_firm_that_is_merged_beside_three_people_is_each_ones(tmp_path: Path) -> None:
    """And no more than theirs; without the merging an empty cell says nothing."""
    assert firms(merged(tmp_path / "a.xlsx", FIRM, "C2:C4")) == {"Ann Lee": "Hotel Inn", "Bob Stone": "Hotel Inn", "Eve Hill": "Hotel Inn", "Sam Wood": ""}
    assert set(firms(merged(tmp_path / "b.xlsx", FIRM)).values()) == {"Hotel Inn", ""}
    assert firms(merged(tmp_path / "c.xlsx", FIRM, "C2:C3", "C4:C5"))["Sam Wood"] == "", "the second of them is empty"


def test_the_last_column_and_rows_without_anything_else(tmp_path: Path) -> None:
    """A merged cell makes no row where there is none."""
    rows = [FIRM[0], FIRM[1], [None, None, None], FIRM[2]]
    path = merged(tmp_path / "people.xlsx", rows, "C2:C9")
    assert firms(path) == {"Ann Lee": "Hotel Inn", "Bob Stone": "Hotel Inn"}
    assert not [fact for fact in CsvContacts().read(path, Options()) if isinstance(fact, Rejected)]


def test_what_is_merged_in_the_headings_or_across_is_not_spread(tmp_path: Path) -> None:
    across = [["Name", "E-mail", "Company", "Notes"], ["Ann Lee", "ann@inn.example", "Hotel Inn", None], ["Bob Stone", "bob@x.example", None, None]]
    path = merged(tmp_path / "across.xlsx", across, "C2:D2")
    (ann, bob) = [fact for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile)]
    assert ann.company == "Hotel Inn" and not ann.bio and bob.company == ""
    title = [["Customers", None, None], [None, None, None], *FIRM[:3]]
    assert firms(merged(tmp_path / "title.xlsx", title, "A1:C2")) == {"Ann Lee": "Hotel Inn", "Bob Stone": ""}


def test_a_date_merged_over_what_was_done_that_day_is_the_date_of_each(tmp_path: Path) -> None:
    said = Options(mapping={"Date": "date", "Name": "name", "What happened": "text"})
    rows = [["Date", "Name", "What happened"], [datetime(2024, 3, 4), "Ann Lee", "Called about panels"], [None, "Bob Stone", "Sent the offer"]]
    done = [fact for fact in CsvContacts().read(merged(tmp_path / "log.xlsx", rows, "A2:A3"), said) if isinstance(fact, Activity)]
    assert [(one.text, f"{one.published:%Y-%m-%d}") for one in done] == [("Called about panels", "2024-03-04"), ("Sent the offer", "2024-03-04")]


def test_a_million_merged_cells_are_no_burden(tmp_path: Path) -> None:
    """Marks beyond what is heard of, and marks that point nowhere, leave the people as they are."""
    path = merged(tmp_path / "people.xlsx", FIRM, "C2:C4")
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    marks = b"".join(b'<mergeCell ref="ZZZ%d:ZZZ%d"/>' % (n, n + 1) for n in range(1, 60_000, 2)) + b'<mergeCell ref="C5:C999999"/>'
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb"(<mergeCells[^>]*>)", lambda found: found[1] + marks, parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for part, data in parts.items():
            made.writestr(part, data)
    assert firms(path)["Eve Hill"] == "Hotel Inn"
