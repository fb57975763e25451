"""combine, split, decisions and the undo of one of them, as typed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.cli import bringing, deciding
from tests.cli.conftest import Command
from tests.facts import NOW


def test_two_become_one_and_two_again(desk: Command) -> None:
    before = {name: desk("person", name, "--json").json for name in ("Joe Brown", "Bob Hale")}
    plan = desk("combine", "Joe Brown", "Bob Hale", "--dry-run", "--json")
    assert plan.code == 0 and plan.json["decision"] is None and plan.json["carried"]["profiles"] > 0
    assert {name: desk("person", name, "--json").json for name in before} == before
    done = desk("combine", "Joe Brown", "Bob Hale", "--json").json
    assert {"what": "name", "stays": "Joe Brown", "beside": "Bob Hale"} in done["conflicts"]
    assert desk("person", "Bob Hale", "--json").json["uid"] == before["Joe Brown"]["uid"]
    (newest, *_) = desk("decisions", "--who", "Joe Brown", "--json").json
    assert (newest["decision"], newest["by"], newest["undone"]) == (done["decision"], "you", False)
    back = desk("undo", f"d{done['decision']}", "--json")
    assert back.code == 0 and back.json["kept"] == []
    after = {name: desk("person", name, "--json").json for name in before}
    assert {name: person["uid"] for name, person in after.items()} == {name: person["uid"] for name, person in before.items()}
    assert [sorted(p["key"] for p in after[name]["profiles"]) for name in before] == [sorted(p["key"] for p in before[name]["profiles"]) for name in before]


def test_one_becomes_two(desk: Command) -> None:
    profiles = desk("person", "Joe Brown", "--json").json["profiles"]
    assert len(profiles) > 1
    uid = desk("note", "Joe Brown", "about the other one", "--json").json["note"]
    done = desk("split", "Joe Brown", profiles[0]["key"], "--note", uid, "--name", "Joe Brown the Younger", "--json").json
    younger = desk("person", done["new"], "--json").json
    assert younger["name"] == "Joe Brown the Younger" and [p["key"] for p in younger["profiles"]] == [profiles[0]["key"]]
    assert [line["text"] for line in desk("timeline", done["new"], "--kind", "note", "--json").json] == ["about the other one"]
    assert desk("undo", f"d{done['decision']}").code == 0
    assert len(desk("person", "Joe Brown", "--json").json["profiles"]) == len(profiles)


def test_forgetting_wants_to_be_told_twice(desk: Command) -> None:
    plan = desk("forget", "Joe Brown", "--json").json
    assert not plan["forgotten"] and plan["profiles"] > 3 and desk("person", "Joe Brown").code == 0
    assert desk("forget", "Joe Brown", "--with-copies").code == 2
    done = desk("forget", "Joe Brown", "--yes", "--with-copies", "--json").json
    assert done == {**plan, "forgotten": True, "copies": []}
    said = desk("person", "Joe Brown")
    assert said.code == 2 and "nobody called" in said.err
    assert desk("check").code == 0


def test_what_is_not_there_is_said(desk: Command) -> None:
    for arguments in (
        ("undo", "d9999"), ("undo", "dx"), ("undo", "d"), ("combine", "Joe Brown", "Joe Brown"), ("combine", "Joe Brown", "Nobody Atall"),
        ("split", "Joe Brown", "mail/nobody@nowhere.example"), ("split", "Joe Brown", "#999999"), ("undo", "x1"),
    ):  # fmt: skip
        said = desk(*arguments)
        assert (said.code, said.out) == (2, ""), arguments
        assert said.err.count("\n") == 1 and "Nothing was changed" in said.err, said.err


def test_a_profile_is_theirs_for_a_time(desk: Command) -> None:
    profile = next(p for p in desk("person", "Joe Brown", "--json").json["profiles"] if p["place"] == "mail")
    before = [line["id"] for line in desk("timeline", "Joe Brown", "--limit", "9999", "--json").json]
    done = desk("link", f"#{profile['id']}", "Joe Brown", "--until", "2026-10-31", "--json")
    assert done.code == 0 and (done.json["from"], done.json["until"]) == (None, "2026-10-31")
    assert desk("link", f"#{profile['id']}", "Bob Hale", "--from", "2026-11-01").code == 0
    theirs = {name: [line["id"] for line in desk("timeline", name, "--limit", "9999", "--json").json] for name in ("Joe Brown", "Bob Hale")}
    assert set(theirs["Joe Brown"]) < set(before) and set(before) - set(theirs["Joe Brown"]) <= set(theirs["Bob Hale"])
    days = {name: [(p["first_day"], p["last_day"]) for p in desk("person", name, "--json").json["profiles"] if p["id"] == profile["id"]] for name in theirs}
    assert days == {"Joe Brown": [(None, "2026-10-31")], "Bob Hale": [("2026-11-01", None)]}
    assert "until 31 October 2026" in desk("person", "Joe Brown").out
    assert desk("link", f"#{profile['id']}", "Bob Hale", "--from", "2026-11-01", "--until", "2026-10-01").code == 2
    assert desk("link", f"#{profile['id']}", "Bob Hale", "--always", "--until", "2026-10-01").code == 2
    assert desk("unlink", f"#{profile['id']}", "--who", "Joe Brown").code == 0
    assert not [p for p in desk("person", "Joe Brown", "--json").json["profiles"] if p["id"] == profile["id"]]
    assert desk("link", f"#{profile['id']}", "Joe Brown", "--always").code == 0
    assert [line["id"] for line in desk("timeline", "Joe Brown", "--limit", "9999", "--json").json] == before


def test_one_becomes_two_by_time(desk: Command) -> None:
    profile = next(p for p in desk("person", "Joe Brown", "--json").json["profiles"] if p["place"] == "mail")
    done = desk("split", "Joe Brown", f"#{profile['id']}", "--until", "2026-10-31", "--name", "Joe before", "--json")
    assert done.code == 0
    assert {line["id"] for line in desk("timeline", "Joe before", "--limit", "9999", "--json").json}
    assert [p["last_day"] for p in desk("person", "Joe before", "--json").json["profiles"]] == ["2026-10-31"]
    assert profile["id"] in {p["id"] for p in desk("person", "Joe Brown", "--json").json["profiles"]}
    assert desk("split", "Joe Brown", f"#{profile['id']}", "--until", "2001-01-01").code == 2


def test_undo_alone_takes_back_what_was_done_last(empty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert empty("undo").code == 2
    clock = [NOW]
    for module in (bringing, deciding):
        monkeypatch.setattr(module, "now", lambda: clock[0])
    card = tmp_path / "ann.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nEMAIL:ann@lee.example\nEND:VCARD\n")
    empty("import", str(card))
    clock[0] += timedelta(minutes=1)
    empty("note", "Ann Lee", "likes tea")
    assert "Note" in empty("undo", "--json").json["sentence"]
    assert "Took ann.vcf out again" in empty("undo").out
    said = empty("undo")
    assert said.code == 2 and "There is nothing to take back" in said.err
