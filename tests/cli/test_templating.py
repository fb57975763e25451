"""Templates and particulars as typed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from relationdesk.services import outbox
from relationdesk.store import database
from tests.cli.conftest import Command
from tests.facts import ME, ago, bring, did, who
from tests.outgoing import Place, sign_in


@pytest.fixture
def joe(empty: Command, tmp_path: Path) -> Command:
    db = database.open_desk(tmp_path / "empty")
    brown, sam = who("Joe Brown", handle="@joe@harbor.example"), who("Sam Carter", id_=ME.native_id, owner=True)
    bring(db, [brown, sam, did(brown, "p1", ago(days=4), "Anybody with a lift?", to=[sam])])
    sign_in(db)
    db.close()
    return empty


def test_kept_shown_filled_and_removed(joe: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert joe("template").out.startswith("There is no template yet.")
    made = joe("template", "save", "Back", "Hi {first name}, how is {dog}?", "--for", "mail", "--subject", "About {last topic}", "--json").json
    assert (made["name"], made["for"], made["subject"]) == ("Back", "mail", "About {last topic}")
    assert joe("template", "show", "back").out == "Subject: About {last topic}\nHi {first name}, how is {dog}?\n"
    shown = joe("template", "show", "Back", "--person", "Joe Brown")
    assert shown.out == "Subject: About Anybody with a lift?\nHi Joe, how is ⟦dog⟧?\n“dog” is not known of Joe Brown.\n"
    assert joe("particular", "Joe Brown", "dog", "Bruno").out == "Joe Brown: dog.\ndog  Bruno\n"
    filled = joe("template", "show", "Back", "--person", "Joe Brown", "--json").json["filled"]
    assert filled == {"subject": "About Anybody with a lift?", "text": "Hi Joe, how is Bruno?", "missing": []}
    monkeypatch.setattr("sys.stdin", io.StringIO("Two\nlines"))
    anew = joe("template", "save", "Back", "-", "--rename", "Back again", "--json").json
    assert (anew["template"], anew["name"], anew["text"], anew["subject"], anew["for"]) == (made["template"], "Back again", "Two\nlines", "About {last topic}", "mail")
    assert joe("template", "list", "--for", "note", "--json").json == []
    assert [t["name"] for t in joe("template", "list", "--for", "mail", "--json").json] == ["Back again"]
    assert joe("template", "remove", "Back again").code == 0 and joe("template", "--json").json == []


def test_particulars(joe: Command) -> None:
    assert "Nothing is kept in mind of Joe Brown yet." in joe("particular", "Joe Brown").out
    joe("particular", "Joe Brown", "dog", "Bruno")
    joe("particular", "Joe Brown", "coffee", "black")
    theirs = joe("particular", "Joe Brown", "--json").json["particulars"]
    assert [(p["label"], p["text"]) for p in theirs] == [("dog", "Bruno"), ("coffee", "black")]
    assert [p["text"] for p in joe("particular", "Joe Brown", "DOG", "--json").json["particulars"]] == ["Bruno"]
    assert joe("particular", "Joe Brown", "dog", "--remove").code == 0
    for wrong in (["particular", "Joe Brown", "dog", "--remove"], ["particular", "Joe Brown", "--remove"], ["particular", "Joe Brown", "name", "x"],
                  ["template", "show", "nothing"], ["template", "save", "x", " "], ["template", "save", "x", "y", "--rename", "z"], ["template", "remove", "x"],
                  ["reply", "Joe Brown", "words", "--template", "x"]):  # fmt: skip
        said = joe(*wrong)
        assert said.code == 2 and ("Nothing was changed" in said.err or "Nothing was sent" in said.err), wrong


def test_a_reply_by_template_holds_no_gap(joe: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place()
    monkeypatch.setattr(outbox, "senders", lambda: {"mastodon": place})
    joe("template", "save", "Ask", "{first name}, how is {dog}?")
    held = joe("reply", "Joe Brown", "--template", "ask", "--to", "mastodon/p1")
    assert held.code == 2 and "“dog” is not known of Joe Brown. Nothing was sent" in held.err and place.took == []
    joe("particular", "Joe Brown", "dog", "Bruno")
    assert joe("reply", "Joe Brown", "--template", "ask", "--to", "mastodon/p1").code == 0
    assert [what.text for what in place.took] == ["Joe, how is Bruno?"]
