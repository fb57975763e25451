"""Prompts answered as typed: done, put off, never again, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Command


def waits(desk: Command, name: str) -> dict[str, str]:
    """What is said of somebody today: {rule: key}."""
    return {one["rule"]: one["key"] for one in desk("today", "--json").json["prompts"] if one["person"]["name"] == name}


def held(desk: Command, name: str, rule: str) -> str:
    found = [one["why_not"] for one in desk("today", "--json").json["held_back"] if (one["person"]["name"], one["rule"]) == (name, rule)]
    return str(found[0]) if found else ""


def test_done_is_done_until_it_is_taken_back(desk: Command) -> None:
    before = waits(desk, "Joe Brown")
    assert {"awaiting_reply", "job_change"} <= before.keys()
    several = desk("prompt", "done", "Joe Brown")
    assert several.code == 2 and "awaiting_reply, job_change" in several.err and "Nothing was changed. Name one with --rule." in several.err
    said = desk("prompt", "done", "Joe Brown", "--rule", "job_change", "--json").json
    assert (said["answer"], said["until"], said["off"], said["prompt"]["key"]) == ("done", None, False, before["job_change"])
    assert waits(desk, "Joe Brown").keys() == before.keys() - {"job_change"} and held(desk, "Joe Brown", "job_change").startswith("You marked it done on")
    assert desk("prompt", "again", "Joe Brown", "--json").json["answer"] is None
    assert waits(desk, "Joe Brown") == before
    desk("undo")
    assert held(desk, "Joe Brown", "job_change").startswith("You marked it done on")


@pytest.mark.parametrize(
    ("how", "answer", "why"),
    [
        (["--until", "in 3 days"], "later", "You put it off until"), (["--until-sign"], "later_sign", "until something comes from Joe Brown"),
        (["--after-meeting"], "later_meeting", "until after your meeting, which ends on"),
    ],
)  # fmt: skip
def test_put_off_it_says_until_when_and_can_be_answered_meanwhile(desk: Command, how: list[str], answer: str, why: str) -> None:
    key = waits(desk, "Joe Brown")["job_change"]
    said = desk("prompt", "snooze", key, *how, "--json").json
    assert said["answer"] == answer and (said["until"] is None) == (answer == "later_sign")
    assert why in held(desk, "Joe Brown", "job_change") and "job_change" not in waits(desk, "Joe Brown")
    assert desk("prompt", "done", "Joe Brown", "--rule", "job_change").out.startswith("Done: Joe Brown")


def test_a_time_of_a_day_is_that_time(desk: Command) -> None:
    until = desk("prompt", "snooze", "Olivia Grant", "--until", "2031-12-04 14:30", "--json").json["until"]
    assert until.startswith("2031-12-04T") and until.endswith(":30:00Z")


def test_never_is_for_them_or_for_nobody(desk: Command) -> None:
    assert desk("prompt", "never", "Ingrid Solberg", "--json").json["answer"] == "never"
    assert waits(desk, "Ingrid Solberg") == {} and desk("today", "--json").json["off"] == []
    assert desk("prompt", "again", "Ingrid Solberg").code == 0 and "birthday" in waits(desk, "Ingrid Solberg")
    assert desk("prompt", "never", "Ingrid Solberg", "--anybody", "--json").json["off"] is True
    assert desk("today", "--json").json["off"] == ["birthday"]
    desk("undo")
    assert "birthday" in waits(desk, "Ingrid Solberg")


@pytest.mark.parametrize(
    "wrong",
    [
        ["done", "Nobody Here"], ["done", "complaint:x:mail/1"], ["done", "Sam Carter"], ["done", "Joe Brown", "--rule", "birthday"], ["again", "Olivia Grant"],
        ["snooze", "Olivia Grant"], ["snooze", "Olivia Grant", "--until", "yesterday"], ["snooze", "Olivia Grant", "--until", "today 0:00"],
        ["snooze", "Olivia Grant", "--until", "fri", "--until-sign"], ["snooze", "Ingrid Solberg", "--after-meeting"],
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_said_and_nothing_is_changed(desk: Command, wrong: list[str]) -> None:
    before: Any = desk("today", "--json").json
    said = desk("prompt", *wrong)
    assert said.code == 2 and ("Nothing was changed" in said.err) and desk("today", "--json").json == before
