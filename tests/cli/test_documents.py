"""Every documented JSON document is what docs/cli.md says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from relationdesk.cli.main import relationdesk
from tests.cli.conftest import Command

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
SCHEMAS: dict[str, Any] = {
    name: json.loads(body) for name, body in re.findall(r"```json schema=(\w+)\n(.*?)```", DOCS, re.DOTALL)
}


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    table = DOCS.split("## The documents")[0]
    documented = set(re.findall(r"^\| ((?:`[a-z-]+[^`]*`(?:, )?)+)", table, re.MULTILINE))
    named = {word for cell in documented for word in re.findall(r"`([a-z-]+)", cell)}
    assert named == set(relationdesk.commands)


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        ("people", ["people"]),
        ("person", ["person", "Joe Brown"]),
        ("timeline", ["timeline", "Joe Brown", "--limit", "500"]),
        ("timeline", ["search", "kitchen"]),
        ("matches", ["matches"]),
        ("today", ["today"]),
    ],
)
def test_documents_are_as_documented(desk: Command, schema: str, arguments: list[str]) -> None:
    said = desk(*arguments, "--json")
    assert said.code == 0
    assert said.err == ""
    assert said.json
    jsonschema.validate(said.json, SCHEMAS[schema])


OTHERS: dict[str, set[str]] = {
    command: set(re.findall(r'(?<=[{,]) ?"([a-z_]+)"', document))
    for cell, document in re.findall(r"^\| (`[^|]+) \| `(\{[^|]+)\|$", DOCS.split("### The others")[1], re.MULTILINE)
    for command in re.findall(r"`([a-z-]+)`", cell)
}
"""{command: names in its document}, from the table of the others."""


def test_the_others_answer_what_the_table_says(desk: Command, empty: Command, tmp_path: Path) -> None:
    copy, card = tmp_path / "copy.db", tmp_path / "ann.vcf"
    card.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\nEND:VCARD\r\n", encoding="utf-8")
    number = f"#{desk('matches', '--json').json[0]['profile']['id']}"
    assert desk("import", str(card)).code == 0
    for arguments in (
        ["undo"], ["login", "feed"], ["sync"], ["link", number, "Joe Brown"], ["unlink", number], ["keep-apart", number, "Joe Brown"],
        ["note", "Joe Brown", "words"], ["wish", "Joe Brown", "--opt-out"], ["rhythm", "Joe Brown"], ["task"], ["prompt", "done", "Olivia Grant"], ["export", str(tmp_path / "out")], ["backup", str(copy)], ["restore", str(copy)], ["check"],
        ["picture", "today", str(tmp_path / "today.png"), "--size", "400x300"],
    ):  # fmt: skip
        said = desk(*arguments, "--json")
        assert (said.code, said.err) == (0, ""), arguments
        assert said.json.keys() == OTHERS[arguments[0]], arguments
    assert desk("forget", "Bob Hale", "--json").json.keys() == OTHERS["forget"]
    assert desk("decisions", "--json").json[0].keys() == OTHERS["decisions"]
    assert desk("imports", "--json").json[0].keys() == OTHERS["imports"]
    assert desk("formats", "--json").json[0].keys() == OTHERS["formats"]
    assert desk("logins", "--json").json[0].keys() == OTHERS["logins"]
    assert desk("places", "--json").json[0].keys() == OTHERS["places"]
    assert empty("sample", "--json").json.keys() == OTHERS["sample"]


def test_json_may_stand_before_the_command(desk: Command) -> None:
    assert desk("--json", "people").json == desk("people", "--json").json


def test_import_document(empty: Command, tmp_path: Path) -> None:
    card = tmp_path / "ann.vcf"
    card.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\nEMAIL:ann@example.test\r\nEND:VCARD\r\n", encoding="utf-8")
    said = empty("import", str(card), "--json")
    assert said.code == 0, said.err
    jsonschema.validate(said.json, SCHEMAS["import"])
    assert said.json["format"] == "vcard"
    assert said.json["new"] == {"profiles": 1, "activities": 0, "people": 1}
    again = empty("import", str(card), "--json").json
    assert again["new"] == {"profiles": 0, "activities": 0, "people": 0}
    assert again["unchanged"]["profiles"] == 1


def test_a_dry_run_brings_nothing(empty: Command, tmp_path: Path) -> None:
    card = tmp_path / "ann.vcf"
    card.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\nEND:VCARD\r\n", encoding="utf-8")
    said = empty("import", str(card), "--dry-run", "--json")
    jsonschema.validate(said.json, SCHEMAS["import"])
    assert said.json["batch"] is None
    assert empty("people", "--json").json == []


def test_timeline_is_newest_first_and_whole(desk: Command) -> None:
    lines = desk("timeline", "Joe Brown", "--limit", "10000", "--json").json
    dated = [line["published"] for line in lines if line["precision"] == "second"]
    assert dated == sorted(dated, reverse=True)
    assert len({line["id"] for line in lines}) == len(lines)
    few = desk("timeline", "Joe Brown", "--limit", "10", "--json").json
    assert [line["id"] for line in few] == [line["id"] for line in lines[:10]]
