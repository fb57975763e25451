"""The commands of the outbox: words are kept whatever happens, the answers are those of docs/cli.md, and what went wrong is said."""

from __future__ import annotations

import io
from pathlib import Path

import jsonschema
import pytest

from relationdesk.errors import PerhapsSent, SourceUnavailable, UnexpectedAnswer
from relationdesk.model import Audience
from relationdesk.outgoing import Deed, May
from relationdesk.services import outbox, sending
from relationdesk.store import database
from tests.cli.conftest import Command
from tests.cli.test_documents import SCHEMAS
from tests.facts import ME, ago, bring, did, who
from tests.outgoing import Place, sign_in

POST = "mastodon/p1"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    one = Place()
    monkeypatch.setattr(outbox, "senders", lambda: {"mastodon": one})
    return one


@pytest.fixture
def joe(empty: Command, tmp_path: Path, place: Place) -> Command:
    db = database.open_desk(tmp_path / "empty")
    brown, sam = who("Joe Brown", handle="@joe@harbor.example"), who("Sam", id_=ME.native_id, owner=True)
    bring(db, [brown, sam, did(brown, "p1", ago(days=4), "Anybody with a lift?")])
    sign_in(db)
    db.close()
    return empty


def test_said_listed_and_out(joe: Command, place: Place) -> None:
    assert joe("outbox").out.startswith("The outbox is empty.")
    said = joe("reply", "Joe Brown", "We have one.", "--to", POST, "--json")
    jsonschema.validate(said.json, SCHEMAS["outbox"])
    assert (said.code, said.json["state"], said.json["to"], said.json["item"]) == (0, "sent", POST, f"mastodon/https://hotel.example/sent/{said.json['id']}")
    assert [what.text for what in place.took] == ["We have one."]
    (listed,) = joe("outbox", "list", "--state", "sent", "--json").json
    jsonschema.validate(listed, SCHEMAS["outbox"])
    assert "the reply to Joe Brown" in joe("outbox").out and joe("outbox", "list", "--state", "draft", "--json").json == []
    assert any(line["text"] == "We have one." for line in joe("timeline", "Joe Brown", "--json").json)
    again = joe("outbox", "retry", said.json["id"])
    assert again.code == 2 and "out already" in again.err


def test_where_only_who_is_named_is_told_they_are_named_unless_it_is_said_otherwise(joe: Command, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "may", lambda login: (May(deed=Deed.REPLY, most=500, names=True), May(deed=Deed.MESSAGE, most=500, audiences=(Audience.PRIVATE,), new=True, names=True)))
    draft = joe("reply", "Joe Brown", "One", "--to", POST, "--draft", "--json").json
    assert draft["text"] == "@joe@harbor.example One"
    assert joe("outbox", "send", draft["id"]).code == 0
    for text, more in (("Two @joe@harbor.example", ()), ("Two @joe", ()), ("Three", ("--no-names",)), ("Four", ("--deed", "message"))):
        assert joe("reply", "Joe Brown", text, *(("--to", POST) if not more or more[0] == "--no-names" else ()), *more).code == 0
    assert [what.text for what in place.took] == ["@joe@harbor.example One", "Two @joe@harbor.example", "@joe@harbor.example Two @joe", "Three", "@joe@harbor.example Four"]


def test_a_draft_goes_out_when_it_is_sent(joe: Command, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("From\nstandard input"))
    draft = joe("reply", "Joe Brown", "-", "--to", POST, "--draft", "--json").json
    assert draft["state"] == "draft" and place.took == []
    sent = joe("outbox", "send", draft["id"][:8], "--json")
    assert sent.code == 0 and sent.json["sent"] == 1 and [what.text for what in place.took] == ["From\nstandard input"]
    jsonschema.validate(sent.json["entries"][0], SCHEMAS["outbox"])


def test_what_waits_is_held_back_or_given_up(joe: Command, place: Place) -> None:
    place.errors = [(SourceUnavailable("hotel.example cannot be reached."), False)] * 2
    said = joe("reply", "Joe Brown", "One", "--to", POST, "--json")
    assert (said.code, said.json["state"], said.json["failure"]) == (0, "waiting", "hotel.example cannot be reached.")
    assert "Held back the reply to Joe Brown." in joe("outbox", "hold", said.json["id"]).out
    assert joe("outbox", "send", said.json["id"], "--json").json["waiting"] == 1
    assert "The words are kept." in joe("outbox", "give-up", said.json["id"]).out
    assert joe("outbox", "--json").json[0]["text"] == "One"


def test_a_refusal_is_said_with_the_words_kept(joe: Command, place: Place) -> None:
    place.errors = [(UnexpectedAnswer("hotel.example refuses this."), False)]
    said = joe("reply", "Joe Brown", "One", "--to", POST)
    assert said.code == 2 and "Not sent, the reply to Joe Brown: hotel.example refuses this." in said.out
    (entry,) = joe("outbox", "--json").json
    assert (entry["state"], entry["text"]) == ("failed", "One")
    assert joe("outbox", "retry", entry["id"]).code == 0 and len(place.took) == 1


def test_in_doubt_the_place_is_asked_or_the_user_says_so(joe: Command, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.errors = [(PerhapsSent("It did not say."), True)]
    place.cannot_say = PerhapsSent("It cannot be asked.")
    said = joe("reply", "Joe Brown", "One", "--to", POST, "--json")
    assert said.json["state"] == "sending" and said.json["unsure"]
    looked = joe("outbox", "retry", said.json["id"], "--json")
    assert looked.code == 2 and looked.json["unsure"] and looked.json["failure"] == "It cannot be asked."
    assert joe("outbox", "retry", said.json["id"], "--sure").code == 0 and len(place.took) == 2
    assert sending.IN_DOUBT > 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("reply", "Joe Brown", "x", "--to", "mastodon/none"), "Nothing called"), (("reply", "Joe Brown", "", "--to", POST), "nothing in it"),
        (("reply", "Nobody", "x", "--to", POST), "Nobody"), (("outbox", "send", "zz"), "Nothing in the outbox begins"), (("outbox", "hold", ""), "Nothing in the outbox"),
        (("outbox", "discard", "zz"), "Nothing in the outbox begins"),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_said(joe: Command, place: Place, arguments: tuple[str, ...], told: str) -> None:
    said = joe(*arguments)
    assert said.code == 2 and told in said.err and said.out == "" and place.took == [] and joe("outbox", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("x" * 501, "--to", POST), "too long"), (("x", "--to", POST, "--login", "99"), "No login"), (("x", "--to", POST, "--deed", "mail"), "No login can send a mail"),
        (("x", "--address", "j@x.example"), "No login can send a mail"), (("x", "--to", POST, "--audience", "private"), "Choose who may read it"),
    ],
)  # fmt: skip
def test_words_that_cannot_go_out_are_kept_once(joe: Command, place: Place, arguments: tuple[str, ...], told: str) -> None:
    said = joe("reply", "Joe Brown", *arguments)
    (kept,) = joe("outbox", "--json").json
    assert (said.code, said.out, place.took) == (2, "", []) and told in said.err and (kept["state"], kept["text"]) == ("draft", arguments[0])
    assert f"kept as a draft: outbox edit {kept['id'][:8]} changes it" in " ".join(said.err.split())
    joe("reply", "Joe Brown", *arguments)
    assert len(joe("outbox", "--json").json) == 1


def test_a_draft_is_changed_sent_and_taken_out(joe: Command, place: Place) -> None:
    joe("reply", "Joe Brown", "x" * 501, "--to", POST)
    (kept,) = joe("outbox", "--json").json
    changed = joe("outbox", "edit", kept["id"][:8], "Shorter", "--json")
    jsonschema.validate(changed.json, SCHEMAS["outbox"])
    assert changed.json["text"] == "Shorter" and joe("outbox", "send", kept["id"]).code == 0 and place.took[0].text == "Shorter"
    assert joe("outbox", "edit", kept["id"], "Too late").code == 2
    draft = joe("reply", "Joe Brown", "Two", "--to", POST, "--draft", "--json").json
    assert "Took the reply to Joe Brown out of the outbox." in joe("outbox", "discard", draft["id"]).out
    assert [entry["state"] for entry in joe("outbox", "--json").json] == ["sent"]


def test_a_message_without_anything_that_is_answered(joe: Command, place: Place) -> None:
    said = joe("reply", "Joe Brown", "Hello", "--json")
    assert (said.json["state"], said.json["deed"], said.json["audience"]) == ("sent", "message", "private") and place.took[0].to[0].value == "joe.brown"
