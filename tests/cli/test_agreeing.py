"""Wishes, rhythms and follow-ups as typed."""

from __future__ import annotations

from tests.cli.conftest import Command


def test_a_wish_is_written_down_and_holds_until_a_newer_one(desk: Command) -> None:
    said = desk("wish", "Jonas Lind", "--only", "mail", "--every", "91", "--said", "2026-03-03", "--source", "on the phone")
    assert said.code == 0 and "Mail only, at most every 3 months, asked on 3 March 2026" in said.out
    newer = desk("wish", "Jonas Lind", "--opt-out", "--json").json["wishes"]
    assert [(w["holds"], w["opted_out"], w["places"], w["every_days"], w["said"]) for w in newer] == [
        (True, True, [], None, None), (False, False, ["mail"], 91, "2026-03-03"),
    ]  # fmt: skip
    left = desk("wish", "Jonas Lind", "--remove", newer[0]["wish"], "--json").json["wishes"]
    assert [w["source"] for w in left] == ["on the phone"]
    assert desk("wish", "Jonas Lind", "--remove", newer[0]["wish"]).code == 2
    assert desk("wish", "Jonas Lind", "--every", "0").code == 2
    assert desk("wish", "Jonas Lind", "--welcome", "--said", "March 2026").code == 2
    assert desk("wish", "Mary Jones").code == 2  # there are two


def test_a_rhythm_of_ones_own_is_over_that_of_the_bucket(desk: Command) -> None:
    bucket = "Press and analysts"
    assert desk("rhythm", "--bucket", bucket, "--every", "14", "--longest", "30", "--step", "customer").code == 0
    zoe = desk("rhythm", "Zoe Brown", "--json").json
    assert (zoe["own"], zoe["wanted"], zoe["step"]) == (False, {"wished_days": 14, "longest_days": 30, "as_they_do": False, "of": bucket}, "customer")
    assert desk("rhythm", "Zoe Brown", "--every", "7").out == "Zoe Brown: every week; customer.\n"
    assert desk("rhythm", "Zoe Brown", "--none").out == "Zoe Brown: every 2 weeks, never longer apart than 30 days, from Press and analysts; customer.\n"
    assert desk("rhythm", "--bucket", bucket, "--none", "--step", "none", "--json").json == {
        "person": None, "bucket": bucket, "own": False, "wanted": None, "step": None,
    }  # fmt: skip
    for wrong in (["rhythm"], ["rhythm", "Zoe Brown", "--bucket", bucket], ["rhythm", "Zoe Brown", "--step", "customer"], ["rhythm", "Zoe Brown", "--longest", "3"],
                  ["rhythm", "--bucket", "none of these", "--every", "3"], ["rhythm", "Zoe Brown", "--every", "30", "--longest", "3"]):  # fmt: skip
        assert desk(*wrong).code == 2, wrong


def test_a_follow_up_is_added_done_and_open_again(desk: Command) -> None:
    there = {t["task"] for t in desk("task", "--json").json["tasks"]}
    made = [t for t in desk("task", "Joe Brown", "send the sheet tomorrow 9:30", "--json").json["tasks"] if t["task"] not in there]
    assert [(t["text"], t["at"], t["mine"], t["company"], t["done"]) for t in made] == [("send the sheet", "09:30", True, None, None)]
    uid = made[0]["task"]
    assert uid in desk("task", "Joe Brown").out
    assert desk("task", "--done", uid).code == 0 and uid not in desk("task").out
    assert desk("task", "--open", uid).code == 0 and uid in desk("task").out
    assert desk("task", "--remove", uid).code == 0 and desk("task", "--remove", uid).code == 2
    firm = desk("task", "renewal", "--company", "Quarry Lane Hospitals", "--due", "2027-01-12", "--again", "1 years", "--theirs", "--json").json["tasks"]
    assert [(t["text"], t["due"], t["every"], t["mine"], t["company"], t["person"]) for t in firm] == [
        ("renewal", "2027-01-12", "1 years", False, "Quarry Lane Hospitals", None)
    ]
    for wrong in (["task", "x", "--company", "nobody"], ["task", "Joe Brown", "x", "--due", "soon"], ["task", "Joe Brown", "x", "--again", "often"],
                  ["task", "Joe Brown", "x", "--company", "Quarry Lane Hospitals"], ["task", "Joe Brown", "x", "--at", "9:30"]):  # fmt: skip
        assert desk(*wrong).code == 2, wrong
