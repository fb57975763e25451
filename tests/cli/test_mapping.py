"""A mapping taught once, saved, and used by somebody else."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Command

ODD = "Wer;Elektropost;Laden\nAnn Example;ann@example.org;Shop\nBen Example;ben@example.org;\n"
TAUGHT = ("--map", "Wer=name", "--map", "Elektropost=mail")


def test_saved_once_and_used_on_another_table(empty: Command, tmp_path: Path) -> None:
    table, file = tmp_path / "odd.csv", tmp_path / "odd-mapping.json"
    table.write_text(ODD)
    said = empty("mapping", "save", str(file), "--of", str(table))
    assert said.code == 2 and "Nothing was said yet" in said.err and not file.exists()
    assert empty("import", str(table), *TAUGHT).code == 0
    said = empty("mapping", "save", str(file), "--of", str(table), "--json")
    assert said.json["columns"] == {"Wer": "name", "Elektropost": "mail"}
    assert json.loads(file.read_text()) == {"relationdesk_mapping": 1, "columns": said.json["columns"]}
    other = tmp_path / "more.csv"  # other columns, in another order: nothing is remembered of these
    other.write_text("Ort;Elektropost;Wer\nOslo;cy@example.org;Cy Example\n")
    read = empty("import", str(other), "--map-file", str(file), "--map", "Ort=company", "--json").json
    assert (read["new"]["profiles"], read["refused"]) == (1, 0)
    assert empty("import", str(other), "--map-file", str(file), "--json").json["new"]["profiles"] == 0


def test_what_does_not_fit_or_is_no_mapping_brings_nothing_in(empty: Command, tmp_path: Path) -> None:
    table, file = tmp_path / "odd.csv", tmp_path / "m.json"
    table.write_text(ODD)
    file.write_text('{"relationdesk_mapping": 1, "columns": {"Kontakt": "name"}}')
    said = empty("import", str(table), "--map-file", str(file))
    assert said.code != 0 and "has no column “Kontakt”" in said.err
    file.write_text('{"relationdesk_mapping": 1, "columns": {"Wer": "nam')
    said = empty("import", str(table), "--map-file", str(file))
    assert said.code != 0 and "“m.json” is no mapping of columns. Nothing was brought in." in said.err
    assert empty("imports", "--json").json == []


def test_taken_once_and_used_for_every_such_table(empty: Command, tmp_path: Path) -> None:
    table, file = tmp_path / "odd.csv", tmp_path / "m.json"
    table.write_text(ODD)
    file.write_text('{"relationdesk_mapping": 1, "columns": {"Wer": "name", "Elektropost": "mail"}}')
    said = empty("mapping", "take", str(file))
    assert said.code == 0 and "what 2 columns mean is kept" in said.out
    assert empty("import", str(table), "--json").json["new"]["profiles"] == 2
    said = empty("import", str(file))
    assert said.code != 0 and "relationdesk mapping take" in said.err


def test_rows_that_were_done_come_in_from_lines_of_json(empty: Command, tmp_path: Path) -> None:
    lines = tmp_path / "calls.jsonl"
    lines.write_text("".join(f'{{"at": "2024-03-0{n}T10:00:00Z", "who": "Ann Lee", "what": "Call {n}"}}\n' for n in (1, 2, 3)))
    said = empty("import", str(lines), "--map", "at=date", "--map", "who=name", "--map", "what=text", "--json").json
    assert (said["new"]["profiles"], said["new"]["activities"], said["new"]["people"]) == (1, 3, 1)
    assert empty("import", str(lines), "--json").json["unchanged"] == {"profiles": 1, "activities": 3}
    said = empty("import", str(lines), "--map", "who=name", "--map", "what=text")
    assert said.code != 0 and "known to hold dates" in said.err
