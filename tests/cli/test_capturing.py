"""The command that writes down by hand: the date is asked for, the answers are those of docs/cli.md, it can be changed and removed."""

from __future__ import annotations

import jsonschema
import pytest

from tests.cli.conftest import Command
from tests.cli.test_documents import SCHEMAS

POST = "https://www.linkedin.com/posts/joe_energy-activity-7123456789012345678-abcd"


@pytest.fixture
def joe(empty: Command) -> Command:
    assert empty("add", "Joe Brown", "--keep").code == 0
    return empty


def test_written_down_changed_and_removed(joe: Command) -> None:
    made = joe("capture", "Joe Brown", f"{POST} Metering is a habit.", "--date", "2026-11-18", "--json")
    jsonschema.validate(made.json, SCHEMAS["capture"])
    assert (made.json["place"], made.json["text"], made.json["published"], made.json["precision"]) == ("linkedin", "Metering is a habit.", "2026-11-18T00:00:00Z", "day")
    (line,) = joe("timeline", "Joe Brown", "--json").json
    assert (line["id"], line["by_hand"], line["url"]) == (made.json["id"], "Metering is a habit.", POST)
    changed = joe("capture", "Joe Brown", "--item", made.json["id"], "Metering is no habit.", "--date", "unknown", "--kind", "article", "--json")
    jsonschema.validate(changed.json, SCHEMAS["capture"])
    assert (changed.json["text"], changed.json["published"], changed.json["kind"], changed.json["url"]) == ("Metering is no habit.", None, "article", POST)
    assert "Removed what you wrote down (LinkedIn)." in joe("capture", "Joe Brown", "--item", made.json["id"], "--remove").out
    assert joe("timeline", "Joe Brown", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((POST,), "Say when it was with --date"),
        ((POST,), "The address itself says 2023-10-26T23:54:05Z"),
        (("Lunch", "--date", "today"), "Say in which place it was"),
        (("--date", "today", "--place", "web"), "nothing to write down"),
        (("Lunch", "--date", "1/2/2026", "--place", "web"), "could be two dates"),
        (("--remove",), "Say what to remove"),
        (("--item", "web/1", "--remove"), "was written down by hand"),
        (("Lunch", "--date", "today", "--place", "x", "--profile", "x:joe"), "There is no profile"),
    ],
)
def test_what_can_not_be_done_is_said(joe: Command, arguments: tuple[str, ...], told: str) -> None:
    said = joe("capture", "Joe Brown", *arguments)
    assert said.code == 2 and told in said.err and said.out == "" and joe("timeline", "Joe Brown", "--json").json == []


def test_the_same_is_not_written_down_twice(joe: Command) -> None:
    assert joe("capture", "Joe Brown", POST, "--date", "today").code == 0
    again = joe("capture", "Joe Brown", POST, "--date", "today")
    assert again.code == 2 and "in the desk already" in again.err
