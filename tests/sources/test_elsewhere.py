"""What cannot be read is named, and is never taken for contacts: the real exports of other places, and crafted ones."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.services import importing
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.elsewhere import SIGNS, inside, sign_of, table_sign
from tests.facts import REAL

OTHERS = {
    "bluesky": "",
}  # fmt: skip


@pytest.mark.parametrize(("name", "title"), OTHERS.items())
def test_exports_of_other_places_are_refused_by_name(name: str, title: str) -> None:
    root = REAL / name
    if not root.exists():
        pytest.skip(f"no real file {name} beside the checkout")
    for path in (root, *sorted(root.rglob("*"))):
        assert [source.name for source in FILE_SOURCES if source.recognise(path)] == [], path
        with pytest.raises(UnreadableFile, match=r"Nothing was brought in\. \S.*\.$"):
            importing.recognise(path)
    with pytest.raises(UnreadableFile) as caught:
        importing.recognise(root)
    assert title in str(caught.value)


@pytest.mark.parametrize("name", ["EXPECTED.md", "LICENCES.md", "APACHE-2.0.txt"])
def test_prose_with_tables_in_it_is_no_contact_list(name: str) -> None:
    if not (REAL / name).exists():
        pytest.skip(f"no real file {name} beside the checkout")
    with pytest.raises(UnreadableFile, match="knows how to read"):
        importing.recognise(REAL / name)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "an old Office file or a workbook with a password"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a package of another kind than zip"),
        (b"%PDF-1.7\n1 0 obj, name, mail", "a PDF document"),
        (b"SQLite format 3\0" + b"\0" * 100, "a database file"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
        (b"window.YTD.ad_engagements.part0 = [ {\n", "a part of an X (Twitter) archive"),
        (b'<!DOCTYPE html><html><body><main class="_a706"><div class="_a6-g">Nothing</div></main></body></html>', "a page of a Facebook or Instagram export"),
        (b"AuthorID,Author,Date,Content,Attachments,Reactions\n1,ann,2024-01-01,hi,,\n", "a chat of Discord as a table"),
        (b'{"name": "Ann", "email": "a@b.example"}', "a JSON file"),
        (b'{"relationdesk_mapping": 1, "columns": {"Wer": "name"}}', "a file of what the columns of a table mean"),
        (b"<!-- x -->\n<!DOCTYPE html><html><body>name,mail</body></html>", "a web page"),
    ],
)
def test_one_file_is_named_by_its_beginning(tmp_path: Path, head: bytes, title: str) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(head)
    found = sign_of(path)
    assert found is not None and found.title == title
    assert not any(source.recognise(path) for source in FILE_SOURCES)


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (["[Content_Types].xml", "xl/workbook.bin", "xl/styles.bin", "xl/worksheets/sheet1.bin"], "an old or binary Excel workbook"),
        (["mimetype", "content.xml"], "an OpenDocument file"),
        (["word/document.xml", "word/styles.xml"], "a Word document"),
        (["Index/Document.iwa"], "an Apple Numbers or Pages document"),
        (["data/account.js", "data/tweets.js"], "an X (Twitter) archive"),
        (["your_facebook_activity/messages/inbox/a_1/photos/1.jpg", "start_here.html"], "a part of a Facebook or Instagram export of other things"),
    ],
)
def test_a_zip_is_named_by_its_members(tmp_path: Path, names: list[str], title: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "name,mail\n")
    found = sign_of(tmp_path / "a.zip")
    assert found is not None and found.title == title


def test_an_excel_workbook_is_told_what_to_do_with(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "customers.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", "")
        archive.writestr("xl/styles.bin", "")
    with pytest.raises(UnreadableFile) as caught:
        importing.recognise(tmp_path / "customers.xlsb")
    assert str(caught.value) == (
        "customers.xlsb is an old or binary Excel workbook, which RelationDesk does not read. Nothing was brought in. "
        "Save it as .xlsx or its sheet as CSV, and choose that file."
    )


def test_a_folder_of_several_things_names_one_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing")
    with zipfile.ZipFile(tmp_path / "cards.zip", "w") as archive:
        archive.writestr("ann.vcf", "BEGIN:VCARD\nFN:Ann\nEND:VCARD\n")
    with pytest.raises(UnreadableFile, match=r"cards\.zip in it looks like this: vCard files\. Choose it by itself\.$"):
        importing.recognise(tmp_path)


def test_a_format_that_was_asked_for_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,Email\nAnn,a@b.example\n")
    with pytest.raises(UnreadableFile, match=r"does not look like this format .*vCard"):
        importing.recognise(path, "vcard")


def test_signs_ask_for_something_and_read_as_a_sentence() -> None:
    for sign in SIGNS:
        assert bool(sign.names) + bool(sign.head) + bool(sign.columns) == 1, sign
        assert sign.title.startswith(("a ", "an ")) and sign.advice[-1:] in ("", ".")
    assert table_sign(["Name", "Email", "Subject"]) is None


def test_what_is_not_there_has_no_sign(tmp_path: Path) -> None:
    assert sign_of(tmp_path / "none") is None and inside(tmp_path / "none") == ()
    (tmp_path / "text.txt").write_text("Hello")
    assert sign_of(tmp_path / "text.txt") is None and inside(tmp_path / "text.txt") == ()


@pytest.mark.parametrize("start", [b'[{"href": ', b"{" * 9, b"[" * 9, b'{"a": "', b"<html ", b"01/02/24, 10:00"])
def test_a_long_beginning_costs_little(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "long"
    path.write_bytes(start * 20_000)
    sign_of(path)
