"""A taught mapping as a file: what is written comes back, and what a stranger sends is refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile, UserMistake
from relationdesk.sources.mapping_file import MOST_BYTES, MOST_COLUMNS, read_mapping, write_mapping

COLUMNS = {"Wer, genau": "name", "=Elektropost": "mail", "会社": "company"}


def test_what_is_written_comes_back_over_an_older_file(tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    file.write_text("old")
    write_mapping(file, COLUMNS)
    assert read_mapping(file) == COLUMNS
    assert list(tmp_path.iterdir()) == [file]


def test_a_byte_order_mark_is_no_hindrance(tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    file.write_text('\ufeff{"relationdesk_mapping": 1, "columns": {"Wer": "name"}}', encoding="utf-8")
    assert read_mapping(file) == {"Wer": "name"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no mapping"),
        ("[1, 2]", "is no mapping"),
        ('{"columns": {"Wer": "name"}}', "is no mapping"),
        ('{"relationdesk_mapping": 1, "columns": {"Wer": "na', "is no mapping"),
        ('{"relationdesk_mapping": true, "columns": {"Wer": "name"}}', "is no mapping"),
        ('{"relationdesk_mapping": 0, "columns": {"Wer": "name"}}', "is no mapping"),
        ('{"relationdesk_mapping": 1, "columns": [["Wer", "name"]]}', "is no mapping"),
        ('{"relationdesk_mapping": 1, "columns": {"Wer": "__import__"}}', "“__import__” for the column “Wer”"),
        ('{"relationdesk_mapping": 1, "columns": {"Wer": ["name"]}}', "names a field that there is not"),
        ('{"relationdesk_mapping": 1, "columns": {"Laden": "company"}}', "no column for a name or a mail address"),
        ('{"relationdesk_mapping": 1, "columns": {}}', "no column for a name or a mail address"),
        ('{"relationdesk_mapping": 2, "columns": "whatever is new"}', "a later RelationDesk"),
        ("[" * 100_000, "is no mapping"),
        (" " * (MOST_BYTES + 1), "too large"),
        ('{"relationdesk_mapping": 1, "columns": {' + ",".join(f'"{n}": "name"' for n in range(MOST_COLUMNS + 1)) + "}}", "is no mapping"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text)
    with pytest.raises(UnreadableFile, match="Nothing was brought in") as refused:
        read_mapping(file)
    assert says in str(refused.value)


def test_bytes_that_are_no_text_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    for name in ("b", "nowhere"):
        with pytest.raises(UnreadableFile, match="Nothing was brought in"):
            read_mapping(tmp_path / name)


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="could not be saved"):
        write_mapping(tmp_path / "nowhere" / "odd.json", COLUMNS)
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserMistake, match="could not be saved"):
        write_mapping(tmp_path / "folder", COLUMNS)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
