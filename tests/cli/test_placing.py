"""Logins are paused, left and removed by command; the answers are those of docs/cli.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Login
from relationdesk.services import adding
from relationdesk.services.adding import Met, Possible
from relationdesk.sources.imap import Imap
from relationdesk.store import database
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, transaction
from tests.cli.conftest import Command
from tests.cli.test_documents import OTHERS


@pytest.fixture
def feeds(desk: Command) -> int:
    """The login of the sample that reads blogs."""
    return next(row["id"] for row in desk("logins", "--json").json if row["source"] == "feed")


def test_paused_and_gone_on(desk: Command, feeds: int) -> None:
    for command, paused in (("go-on", False), ("pause", True)):
        said = desk(command, str(feeds), "--json")
        assert said.code == 0 and said.json == {"login": feeds, "paused": paused} and said.json.keys() == OTHERS[command]
        assert next(row for row in desk("logins", "--json").json if row["id"] == feeds)["paused"] is paused


def test_left_by_its_title_and_named_where_it_is_not_followed(desk: Command, feeds: int) -> None:
    refused = desk("unfollow", str(feeds), "Nobody at all")
    assert refused.code == 2 and "It follows: " in refused.err and "Nothing was changed" in refused.err
    title = refused.err.split("It follows: ")[1].split(", ")[0].split(". An address")[0]
    said = desk("unfollow", str(feeds), title, "--json")
    assert said.code == 0 and said.json["title"] == title and said.json.keys() == OTHERS["unfollow"]
    assert desk("unfollow", str(feeds), title).code == 2


def test_what_is_gone_for_good_is_asked_again(desk: Command, feeds: int) -> None:
    title = desk("unfollow", str(feeds), "Nobody at all").err.split("It follows: ")[1].split(", ")[0].split(". An address")[0]
    said = desk("ask-again", str(feeds), title, "--json")
    assert said.code == 0 and said.json["title"] == title and said.json.keys() == OTHERS["ask-again"]
    assert desk("ask-again", str(feeds), "Nobody at all").code == 2


def test_removed_it_can_come_back(desk: Command, feeds: int) -> None:
    before, people = desk("logins", "--json").json, desk("timeline", "Joe Brown", "--json").out
    said = desk("remove-login", str(feeds), "--json")
    assert said.json.keys() == OTHERS["remove-login"] and said.json["removed"] and said.json["deleted"] == 0
    assert feeds not in [row["id"] for row in desk("logins", "--json").json] and desk("timeline", "Joe Brown", "--json").out == people
    number = desk("decisions", "--json").json[0]["decision"]
    assert desk("undo", f"d{number}").code == 0 and desk("logins", "--json").json == before


def test_deleting_wants_to_be_told_twice(desk: Command, feeds: int) -> None:
    only = desk("remove-login", str(feeds), "--delete", "--json")
    assert only.json["removed"] is False and only.json["only_there"] > 0 and only.json["deleted"] == 0
    assert "Say --yes" in desk("remove-login", str(feeds), "--delete").out
    assert desk("remove-login", str(feeds), "--yes").code == 2
    done = desk("remove-login", str(feeds), "--delete", "--yes", "--json")
    assert done.json["deleted"] == only.json["only_there"] and feeds not in [row["id"] for row in desk("logins", "--json").json]


@pytest.mark.parametrize("arguments", [["pause", "99"], ["go-on", "99"], ["unfollow", "99", "x"], ["ask-again", "99", "x"], ["remove-login", "99"]])
def test_of_no_such_login(desk: Command, arguments: list[str]) -> None:
    said = desk(*arguments)
    assert said.code == 2 and "There is no login 99" in said.err and "Nothing was changed" in said.err


def test_finding_says_first_what_would_be_sent_and_asks_only_with_a_word(desk: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk("people", "--json").out
    said = desk("find-contacts", "bluesky", "--json")
    assert said.code == 0 and said.json.keys() == OTHERS["find-contacts"] and said.json["asked"] == 0 and said.json["questions"]
    assert {row["host"] for row in said.json["hosts"]} <= {"public.api.bsky.app", "plc.directory", "pds.carter.example"}
    assert "Nobody was asked. Ask with: --ask" in desk("find-contacts", "bluesky").out and desk("people", "--json").out == before
    asked: list[str] = []

    def look_up(db: Desk, wanted: Possible, agreed: frozenset[str], **_: object) -> Met:
        asked.append(wanted.meant.handle)
        raise UserMistake("Nobody is called so there.")

    monkeypatch.setattr(adding, "look_up", look_up)
    done = desk("find-contacts", "bluesky", "--ask", "--keep", "--json")
    assert done.code == 0 and done.json["asked"] == len(asked) == len(said.json["questions"]) and done.json["found"] == [] and done.json["waiting"] == 0
    assert desk("find-contacts", "facebook").code == 2


def test_where_mail_is_sent_is_shown_and_said(empty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = database.open_desk(tmp_path / "empty")
    with transaction(db):
        box = stored.save(db, Login(id=0, source="imap", place="mail", address="imaps://imap.firm.example:993", user_name="sam@firm.example"))
        other = stored.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example"))
    db.close()
    assert empty("sends-by", str(box)).out == f"Login {box} sends by smtp.firm.example, port 465, TLS.\n"
    tried: list[str] = []
    monkeypatch.setattr(Imap, "try_sending", lambda self, login, server, token, door: tried.append(server))
    said = empty("sends-by", str(box), "mail.other.example:587", "--json")
    assert said.json == {"login": box, "server": "smtp://mail.other.example:587", "said": True} and tried == ["smtp://mail.other.example:587"]
    assert empty("sends-by", str(box), "--as-it-follows", "--json").json == {"login": box, "server": "smtps://smtp.firm.example:465", "said": False}
    for wrong in ([str(other)], ["99"], [str(box), "no server"], [str(box), "x.example", "--as-it-follows"], [str(other), "x.example"]):
        answer = empty("sends-by", *wrong)
        assert answer.code == 2 and "Nothing was changed" in answer.err, wrong
