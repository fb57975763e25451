"""The commands that route: onto a list, answered, off it, out as CSV; the answers are those of docs/cli.md."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Command
from tests.cli.test_documents import SCHEMAS


def asked(desk: Command) -> str:
    return str(next(line["id"] for line in desk("timeline", "Joe Brown", "--json").json if line["direction"] == "in" and line["place"] == "mastodon"))


def test_onto_a_list_answered_and_off(desk: Command, tmp_path: Path) -> None:
    item = asked(desk)
    made = desk("route", item, "complaint", "--remark", "Ask Lena", "--json")
    jsonschema.validate([made.json], SCHEMAS["routed"])
    assert (made.json["id"], made.json["name"], made.json["state"], made.json["remark"]) == (item, "Joe Brown", "waits", "Ask Lena")
    listed = desk("routed", "--kind", "complaint", "--json")
    jsonschema.validate(listed.json, SCHEMAS["routed"])
    assert [line["id"] for line in listed.json] == [item]
    assert "Joe Brown" in desk("routed").out
    assert desk("route", item, "complaint", "--remark", "Ask Priya").out == "Remark on the complaint of Joe Brown.\n"
    written = desk("routed", "--csv", str(tmp_path / "list.csv"), "--json")
    assert written.json == {"file": str(tmp_path / "list.csv"), "rows": 1}
    assert desk("route", item, "complaint", "--answered", "--json").json["state"] == "answered"
    assert desk("routed", "--json").json == [] and desk("routed").out == "Nothing waits to be answered.\n"
    assert [line["id"] for line in desk("routed", "--answered", "--json").json] == [item]
    assert desk("route", item, "complaint", "--again", "--json").json["state"] == "waits"
    assert desk("route", item, "complaint", "--off", "--json").json["state"] == "off"
    assert desk("routed", "--answered", "--json").json == [] == desk("routed", "--json").json


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mastodon/nothing", "complaint"), "no longer in the desk"),
        (("mastodon/nothing", "complaint", "--answered"), "is not on the list of complaints"),
        (("mastodon/nothing", "praise"), "'praise' is not one of"),
        (("mastodon/nothing", "complaint", "--answered", "--off"), "Say one of"),
    ],
)
def test_what_cannot_be_done_is_said(desk: Command, arguments: tuple[str, ...], told: str) -> None:
    said = desk("route", *arguments)
    assert said.code == 2 and told in said.err and said.out == ""
