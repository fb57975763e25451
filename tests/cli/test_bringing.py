"""Files that ask, that have parts, that come in several: what is typed, what is refused, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.cli import bringing
from relationdesk.sources import FILE_SOURCES
from tests.cli.conftest import Command
from tests.parcel import Parcel, listed, parcel
from tests.sources.test_container import zipped


@pytest.fixture(autouse=True)
def _listed(monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch)
    monkeypatch.setattr(bringing, "FILE_SOURCES", (*FILE_SOURCES, Parcel()))


def test_a_question_ends_in_2_with_its_choices_and_the_option_to_give(empty: Command, tmp_path: Path) -> None:
    path = str(parcel(tmp_path / "p", "Ann Lee, Sam", letters="Ann Lee: Hello"))
    said = empty("import", path)
    assert (said.code, said.out) == (2, "")
    assert "Which of these are you?" in said.err and "Nothing was brought in." in said.err
    for option in ("--me='Ann Lee'    Ann Lee", "--me=-    None of these", "--answer order=day    1 February"):
        assert f"  {option}\n" in said.err
    said = empty("import", path, "--me=-", "--answer", "order=1 feb")
    assert (said.code, said.err) == (0, "")
    assert empty("undo").code == 0
    said = empty("import", path, "--me", "Sam", "--answer", "order=nonsense")
    assert said.code == 2 and "“nonsense” is none of the answers" in said.err
    assert empty("import", path, "--answer", "me=Sam", "--answer", "order=month", "--json").json["new"]["activities"] == 1
    said = empty("import", path)
    assert said.code == 0 and "Read as last time: you are “Sam” in it" in said.out
    order = next(line for line in said.out.splitlines() if "--answer order=" in line)
    assert order.startswith("  Read as last time: ") and order.endswith("2 January (--answer order=day says otherwise).")
    assert [one["answer"] for one in empty("import", path, "--json").json["answers"]] == ["Sam", "2 January"]


def test_parts_by_name(empty: Command, tmp_path: Path) -> None:
    path = str(parcel(tmp_path / "p", "Ann | Sam", people="Ann: Shop", letters="Ann: Hello", clubs="Ann: Chess"))
    for options, parts in (
        ((), ["people", "letters"]), (("--part", "clubs"), ["clubs"]), (("--part", "clubs", "--part", "people"), ["people", "clubs"]),
        (("--without", "letters"), ["people"]),
    ):  # fmt: skip
        document = empty("import", path, "--dry-run", "--json", *options).json
        assert document["parts"] == parts and set(document["parts"]) | set(document["without"]) == {"people", "letters", "clubs"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--part", "likes"), "There is no part “likes” in it (--part). Nothing was brought in. Choose one of: people, letters, clubs."),
        (("--without", "likes"), "Choose one of: people, letters, clubs."),
        (("--answer", "colour=red"), "There is no question “colour” in it (--answer). Nothing was brought in. Choose one of: me, order."),
        (("--answer", "colour"), "is not a name and an answer"),
        (("--without", "people", "--without", "letters", "--me", "Sam", "--answer", "order=day"), "No part of p was chosen"),
    ],
)
def test_unknown_names_are_refused_with_those_that_are_known(empty: Command, tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    said = empty("import", str(parcel(tmp_path / "p", letters="Ann: Hello")), *options)
    assert (said.code, said.out) == (2, "") and says in said.err
    assert empty("imports", "--json").json == []


def test_of_several_files_a_name_need_only_be_known_to_one(empty: Command, tmp_path: Path) -> None:
    card = tmp_path / "ann.vcf"
    card.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cleo Example\r\nEMAIL:c@x.example\r\nEND:VCARD\r\n", encoding="utf-8")
    path = parcel(tmp_path / "p", letters="Ann: Hello", people="Ann: Shop")
    said = empty("import", str(card), str(path), "--part", "letters", "--me", "Sam", "--answer", "order=day", "--json")
    assert said.code == 0 and [document["parts"] for document in said.json] == [[], ["letters"]]
    said = empty("import", str(card), "--part", "letters")
    assert said.code == 2 and "It has no parts to name" in said.err


def test_files_of_one_export_are_offered_and_read_together(empty: Command, tmp_path: Path) -> None:
    files = [
        zipped(tmp_path / "p-001.zip", {"parcel.txt": b"Ann | Sam", "letters1.txt": b"Ann: One"}),
        zipped(tmp_path / "p-002.zip", {"letters2.txt": b"Ann: Two"}),
    ]
    names = [str(file) for file in files]
    alone = empty("import", *names, "--dry-run")
    assert alone.code == 2 and "p-001.zip, p-002.zip. Bring them in as one with --together." in alone.err
    said = empty("import", *names, "--together", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["new"]["activities"] == 2 and said.json["files"] == names
    assert empty("imports", "--json").json[0]["name"] == "p-001.zip and 1 more"


def test_a_folder_of_the_files_of_one_export_is_read_as_one(empty: Command, tmp_path: Path) -> None:
    (tmp_path / "down").mkdir()
    files = [zipped(tmp_path / "down" / "p-001.zip", {"parcel.txt": b"Ann | Sam", "letters1.txt": b"Ann: One"}), zipped(tmp_path / "down" / "p-003.zip", {"letters2.txt": b"Ann: Two"})]
    said = empty("import", str(tmp_path / "down"), "--json")
    assert said.json["new"]["activities"] == 2 and said.json["files"] == [str(file) for file in files]
    assert "File 2 of this export is missing" in said.json["warnings"][0]


def test_what_was_brought_in_is_listed_with_its_report(empty: Command, tmp_path: Path) -> None:
    assert empty("imports").out == "Nothing was brought in from files yet.\n"
    path = str(parcel(tmp_path / "p", "Ann | Sam", letters="Ann: Hello\nnonsense"))
    number = empty("import", path, "--without", "people", "--json").json["batch"]
    assert "1 refused" in empty("imports").out
    report = empty("imports", str(number))
    assert "  letters.txt line 2: This line has no words." in report.out and "1 of 4 records was refused" in report.out
    assert empty("undo").code == 0
    document = empty("imports", str(number), "--json").json
    assert document["undone"] and document["left_out"] == ["people", "clubs"] and len(document["rejected"]) == 1
    said = empty("imports", "99")
    assert said.code == 2 and "There is no import 99" in said.err


def test_what_would_change_is_said_before(empty: Command, tmp_path: Path) -> None:
    assert empty("import", str(parcel(tmp_path / "p", "Ann | Sam", people="Ann: Alder"))).code == 0
    said = empty("import", str(parcel(tmp_path / "q", "Ann | Sam", people="Ann: Orrin")), "--dry-run")
    assert "would change: Ann (parcel): company “Alder” → “Orrin”" in said.out and "1 profile changed" in said.out


def test_every_format_is_listed(empty: Command) -> None:
    found = {row["format"] for row in empty("formats", "--json").json}
    assert found == {source.name for source in (*FILE_SOURCES, Parcel())}


def test_a_mailbox_or_calendar_that_may_be_anybody_s_says_so(empty: Command, tmp_path: Path) -> None:
    """Without a word, the owner's own mails would stand there as somebody else's."""
    mail, calendar = tmp_path / "a.eml", tmp_path / "a.ics"
    mail.write_text("From: Ida <ida@x.example>\nTo: sam@carter.example\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nMessage-ID: <1@x>\nSubject: Hi\n\nwords\n")
    calendar.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nATTENDEE:mailto:sam@carter.example\nORGANIZER:mailto:ida@x.example\nEND:VEVENT\nEND:VCALENDAR\n")
    for path in (mail, calendar):
        document = empty("import", str(path), "--dry-run", "--json").json
        assert document["warnings"] == [
            "The file does not say whose it is, so nothing in it counts as done by you. If an address in it is yours, bring it in again with --me ADDRESS."
        ]
        assert empty("import", str(path), "--me", "sam@carter.example", "--dry-run", "--json").json["warnings"] == []
    assert "bring it in again with --me ADDRESS." in empty("import", str(mail), "--dry-run").out
    assert empty("import", str(mail), "--me", "sam@carter.example").code == 0
    assert empty("import", str(calendar), "--dry-run", "--json").json["warnings"] == [], "the desk knows by now"
