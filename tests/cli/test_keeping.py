"""Copies from the command line: made by themselves, listed, put back from anywhere; and what waits after that."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from relationdesk.model import Login, Stream
from relationdesk.services import backup, owner
from relationdesk.store import batches, half_imports, logins
from relationdesk.store.database import close_desk, open_desk, transaction
from tests.cli.conftest import Command
from tests.cut_off import cut_off, cut_off_undo
from tests.facts import NOW, bring, did, who

JOE = who("Joe Brown")


def copies(desk: Path, label: str = "daily") -> list[Path]:
    return [copy.path for copy in backup.copies(desk) if copy.label == label]


def test_the_first_command_of_a_day_that_writes_leaves_a_copy_of_before(desk: Command, tmp_path: Path) -> None:
    assert desk("people").code == 0 and copies(tmp_path / "desk") == []
    assert desk("note", "Joe Brown", "first of the day").code == 0
    (made,) = copies(tmp_path / "desk")
    assert desk("note", "Joe Brown", "second").code == 0
    assert copies(tmp_path / "desk") == [made]
    before = open_desk_copy(made, tmp_path / "look")
    assert before == 0


def open_desk_copy(file: Path, folder: Path) -> int:
    """How many notes a copy holds that were written by these tests."""
    folder.mkdir()
    shutil.copyfile(file, folder / "desk.db")
    db = open_desk(folder)
    (found,) = db.execute("SELECT count(*) FROM notes WHERE text IN ('first of the day', 'second')").fetchone()
    db.close()
    return int(found)


def test_an_empty_desk_is_not_copied(empty: Command, tmp_path: Path) -> None:
    assert empty("check").code == 0
    assert not (tmp_path / "empty" / "backups").exists()


def test_work_goes_on_where_no_copy_can_be_made(desk: Command, tmp_path: Path) -> None:
    (tmp_path / "desk" / "backups").write_text("in the way")
    said = desk("note", "Joe Brown", "all the same")
    assert said.code == 0 and "copy of the desk could not be made" in said.err
    assert "all the same" in desk("timeline", "Joe Brown").out


def test_copies_are_listed(desk: Command, empty: Command) -> None:
    assert "no copy" in empty("restore").out
    assert empty("restore", "--json").json == {"copies": []}
    desk("note", "Joe Brown", "x")
    (copy,) = desk("restore", "--json").json["copies"]
    assert copy["label"] == "daily" and copy["bytes"] == Path(copy["file"]).stat().st_size and copy["at"].endswith("Z")
    words = desk("restore").out
    assert copy["file"] in words and "daily" in words and f"{copy['bytes']:,} bytes" in words


def test_a_raw_copy_with_its_journal_is_read_from_a_copy_of_our_own(empty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = open_desk(tmp_path / "old")
    bring(db, [JOE, did(JOE, "in-the-journal")])
    raw = tmp_path / "raw"
    raw.mkdir()
    for file in ("desk.db", "desk.db-wal"):
        shutil.copyfile(tmp_path / "old" / file, raw / file)
    db.close()
    before = {path.name: path.read_bytes() for path in raw.iterdir()}
    opened: list[Path] = []
    really = backup.database.connect_readonly
    monkeypatch.setattr(backup.database, "connect_readonly", lambda path: (opened.append(path), really(path))[1])
    assert empty("restore", str(raw / "desk.db")).code == 0
    assert opened and raw not in {path.parent for path in opened}  # a folder that can only be read would refuse
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == before
    assert [person["name"] for person in empty("people", "--json").json] == ["Joe Brown"]


@pytest.mark.parametrize("content", [b"", b"words", None])
def test_a_file_that_is_no_copy_is_the_users_fault(desk: Command, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "x.db"
    if content is not None:
        file.write_bytes(content)
    said = desk("restore", str(file))
    assert said.code == 2 and "Nothing was changed" in said.err and said.out == ""


def with_logins(folder: Path) -> Path:
    """A desk that reads one place and has paused another; the file of a copy of it."""
    db = open_desk(folder)
    with transaction(db):
        for address, paused in (("https://read.example", False), ("https://paused.example", True)):
            id_ = logins.save(db, Login(id=0, source="mastodon", place="mastodon", address=address))
            logins.set_paused(db, id_, paused)
    copy = backup.backup(db, None, NOW)
    close_desk(db)
    return copy


def test_after_a_restore_nothing_is_read_until_the_user_agrees(empty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = with_logins(tmp_path / "empty")
    said = empty("restore", str(copy), "--json")
    assert len(said.json["held"]) == 1
    asked: list[int] = []
    monkeypatch.setattr("relationdesk.cli.moving.logins.sync_one", lambda db, id_, *_, **__: asked.append(id_) or nothing_new(db, id_))
    said = empty("sync", "--json")
    assert asked == [] and said.code == 0 and json.loads(said.out) == {"logins": [], "held": [1]}
    assert "sync --go-on" in said.err
    assert empty("sync", "1").code == 0 and asked == [1]  # by hand, and still only by hand
    assert empty("sync", "--json").json["held"] == [1]
    said = empty("sync", "--go-on", "--json")
    assert asked == [1, 1] and said.json["held"] == [] and said.err == ""
    assert [login["paused"] for login in empty("logins", "--json").json] == [True, False]  # by address: paused before, held


def nothing_new(db: object, login_id: int) -> object:
    from relationdesk.services.sync import Synced

    login = logins.get(db, login_id)  # type: ignore[arg-type]
    assert login is not None
    return Synced(login=login)


def test_a_place_that_needs_no_key_is_followed_at_once(empty: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """YouTube's channels are read by their feeds until there is a key; a Mastodon server has to be named first."""
    asked: list[tuple[str, str]] = []

    def follow_page(db: object, source: str, address: str, *_: object, **__: object) -> object:
        asked.append((source, address))
        return Login(id=7, source=source, place=source, address=""), Stream(name="videos:UC", address="", title="Acme"), None

    monkeypatch.setattr("relationdesk.cli.moving.logins.follow_page", follow_page)
    assert empty("follow", "youtube", "@acme").out.startswith("Following Acme.") and asked == [("youtube", "@acme")]
    assert "Make one with: login mastodon" in empty("follow", "mastodon", "@joe@hotel.example").err


@pytest.mark.parametrize("command", [("people",), ("note", "Joe Brown", "first of all")], ids=["reading", "writing"])
def test_the_next_command_takes_out_what_a_killed_import_left_and_says_so(desk: Command, tmp_path: Path, command: tuple[str, ...]) -> None:
    half = [who("Ann Half"), *(did(who("Ann Half"), f"half-{n}") for n in range(30))]
    with closing(open_desk(tmp_path / "desk")) as db:
        (before,) = db.execute("SELECT count(*) FROM activities").fetchone()
        cut_off(db, half, name="mails.mbox")
        with owner.owned(tmp_path / "desk"):
            assert desk("people").err == "", "the window may be bringing it in just now"
        assert half_imports.every(db)
        said = desk(*command)
        assert said.code == 0 and "“mails.mbox” was still being brought in" in said.err and "mails.mbox" not in said.out
        assert half_imports.every(db) == () and db.execute("SELECT count(*) FROM activities").fetchone() == (before,)
    assert desk(*command).err == ""


@pytest.mark.parametrize("by_number", [False, True], ids=["the newest", "by its number"])
def test_a_killed_undo_is_ended_by_the_next_command_and_asked_for_again_it_takes_nothing_else(desk: Command, tmp_path: Path, by_number: bool) -> None:
    with closing(open_desk(tmp_path / "desk")) as db:
        (before,) = db.execute("SELECT count(*) FROM activities").fetchone()
        bring(db, [who("Ann Half"), *(did(who("Ann Half"), f"half-{n}") for n in range(90))])
        newest, *others = [one.id for one in batches.every(db)]
        cut_off_undo(db, newest)
        assert before < db.execute("SELECT count(*) FROM activities").fetchone()[0] < before + 90
    said = desk("undo", str(newest)) if by_number else desk("undo")
    assert said.code == 0 and "“test” was still being taken out" in said.err and said.out == "The rest of test was taken out.\n"
    listed = desk("imports", "--json")
    assert [(one["batch"], one["undone"]) for one in listed.json] == [(newest, True), *((one, False) for one in others)] and listed.err == ""
    with closing(open_desk(tmp_path / "desk")) as db:
        assert db.execute("SELECT count(*) FROM activities").fetchone() == (before,)


def test_while_an_import_comes_in_nothing_is_exported(desk: Command, tmp_path: Path) -> None:
    with closing(open_desk(tmp_path / "desk")) as db:
        cut_off(db, [who("Ann Half"), did(who("Ann Half"), "half")])
        with owner.owned(tmp_path / "desk"):
            said = desk("export", str(tmp_path / "out"))
    assert said.code == 2 and "just being brought in" in said.err and "Nothing was written" in said.err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
