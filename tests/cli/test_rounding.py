"""A look-in round from the command line, from the first to what it came to."""

from __future__ import annotations

import jsonschema
import pytest

from tests.cli.conftest import Command
from tests.cli.test_documents import SCHEMAS


def test_a_round_from_the_first_to_its_summary(desk: Command) -> None:
    said = desk("round", "start", "--bucket", "Top customers", "--minutes", "5", "--json")
    jsonschema.validate(said.json, SCHEMAS["round"])
    names = [stop["person"]["name"] for stop in said.json["queue"]]
    assert (said.code, said.json["number"], said.json["here"]["person"]["name"]) == (0, 1, names[0])
    assert len(names) > 2
    assert desk("note", names[0], "asked for the price").code == 0
    said = desk("round", "next", "--json")
    assert (said.json["number"], said.json["here"]["person"]["name"]) == (2, names[1])
    assert desk("round", "flag", "--json").json["here"]["flagged"] is True
    assert names[1] in desk("round", "next", "--back", "--json").json["queue"][1]["person"]["name"]
    desk("round", "next")
    said = desk("round", "show")
    assert said.out.splitlines()[0].startswith(f"Top customers: 2 of {len(names)}")
    assert "flagged" in said.out
    said = desk("round", "end", "--again-in", "7", "--json")
    jsonschema.validate(said.json, SCHEMAS["round_summary"])
    assert (said.json["looked_at"], said.json["notes"], said.json["flagged"], said.json["left"]) == (1, 1, 1, len(names) - 1)
    assert said.json == desk("round", "summary", "--json").json
    assert "Left:\n- " in desk("round", "summary").out
    (listed,) = desk("round", "list", "--json").json
    assert (listed["title"], listed["behind"], listed["people"]) == ("Top customers", 1, len(names))
    assert listed["again_on"] in desk("round", "list").out


def test_over_today_a_company_people_and_a_search(desk: Command) -> None:
    for arguments in ([], ["--company", "Harborline Foods"], ["--people", "joe"], ["--search", "kitchen"]):
        said = desk("round", "start", *arguments, "--json")
        assert said.code == 0 and said.json["here"] is not None, arguments
    assert {b["origin"] for b in desk("round", "list", "--json").json} == {"today", "company", "people", "search"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["next"], "No round is open"), (["show"], "No round is open"), (["flag"], "No round is open"), (["end"], "No round is open"),
        (["summary"], "no such round"), (["summary", "7"], "no such round"), (["start", "--bucket", "Nowhere"], "no bucket"),
        (["start", "--company", "Nowhere"], "no company"), (["start", "--people", "zzz"], "nobody to look in on"),
        (["start", "--people", "joe", "--search", "joe"], "one of them"), (["next", "--skip", "--back"], "--skip or --back"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_sentence(desk: Command, arguments: list[str], sentence: str) -> None:
    said = desk("round", *arguments)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_to_the_end_and_nothing_begun(desk: Command) -> None:
    assert desk("round", "list").out.strip() == "No round was begun yet."
    desk("round", "start", "--people", "joe brown")
    assert "the round is through" in desk("round", "next").out
