"""Where mail lies: folders of Thunderbird, Maildir and Apple Mail, and zips of a Takeout; what is left out by its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from relationdesk.model import Activity, Profile, Rejected
from relationdesk.sources.base import Options
from relationdesk.sources.mail_boxes import boxes
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.mail_words import folder_words
from tests.sources.test_mail_files import letter, mailbox, read, write

SOURCE = MailFiles()


def titles(path: Path) -> list[str]:
    return sorted(fact.title for fact in read(path) if isinstance(fact, Activity))


def left_out(path: Path) -> list[str]:
    return sorted(fact.where for fact in read(path) if isinstance(fact, Rejected))


@pytest.fixture
def thunderbird(tmp_path: Path) -> Path:
    folder = tmp_path / "profile" / "Mail" / "Local Folders"
    write(folder / "Inbox", mailbox(letter(1)))
    write(folder / "Inbox.msf", "// index")
    write(folder / "Inbox.sbd" / "Customers", mailbox(letter(2)))  # no index beside it
    write(folder / "Sent", mailbox(letter(3, "maya@sales.example", "joe@acme.example")))
    for name in ("Trash", "Drafts", "Junk"):
        write(folder / name, mailbox(letter(4)))
    write(folder / "msgFilterRules.dat", "version=9")
    write(folder / "notes", "From here on nothing is mail\n")
    return tmp_path / "profile"


def test_thunderbird_with_and_without_an_index(thunderbird: Path) -> None:
    assert titles(thunderbird) == ["Mail 1", "Mail 2", "Mail 3"]
    assert left_out(thunderbird) == [f"Mail/Local Folders/{name}" for name in ("Drafts", "Junk", "Trash")]
    assert titles(thunderbird / "Mail" / "Local Folders" / "Trash") == ["Mail 4"], "chosen by itself it is wanted"


def test_maildir_folders(tmp_path: Path) -> None:
    names = {"cur/1:2,S": 1, "cur/2:2,ST": 2, "cur/3;2,FS": 3, "cur/4;2,T": 4, "new/5": 5, ".Sent/cur/6:2,S": 6, ".INBOX.Trash/cur/7:2,S": 7,
             ".Entwürfe/cur/8:2,S": 8, "tmp/9": 9, "cur/10!2,RS": 10}  # fmt: skip
    for name, number in names.items():
        write(tmp_path / "Maildir" / name, letter(number))
    write(tmp_path / "Maildir" / "cur" / "11:2,S", "no head at all")
    assert titles(tmp_path / "Maildir") == ["Mail 1", "Mail 10", "Mail 3", "Mail 5", "Mail 6"]
    assert left_out(tmp_path / "Maildir") == [".Entwürfe", ".INBOX.Trash", "Maildir", "cur/11:2,S"], "two are marked as deleted"


def test_apple_mail_of_both_kinds(tmp_path: Path) -> None:
    write(tmp_path / "V10" / "INBOX.mbox" / "uuid" / "Data" / "Messages" / "1.emlx", f"{len(letter(1))}      \n{letter(1)}<?xml?><plist/>")
    write(tmp_path / "V10" / "INBOX.mbox" / "uuid" / "Data" / "Messages" / "2.partial.emlx", f"{len(letter(2))}\n{letter(2)}<plist/>")
    write(tmp_path / "V10" / "Deleted Messages.mbox" / "Messages" / "3.emlx", f"{len(letter(3))}\n{letter(3)}")
    assert titles(tmp_path / "V10") == ["Mail 1", "Mail 2"]
    assert left_out(tmp_path / "V10") == ["Deleted Messages.mbox"]


TAKEOUT = mailbox(
    letter(1, more="X-GM-THRID: 17\nX-Gmail-Labels: Inbox\n"),
    letter(2, "maya@sales.example", "joe@acme.example", "X-GM-THRID: 17\nX-Gmail-Labels: =?UTF-8?Q?Gesendet,Wichtig?=\n"),
    letter(3, more="X-Gmail-Labels: Spam\n"), letter(4, more="X-Gmail-Labels: =?UTF-8?Q?Ge=C3=B6ffnet,Papierkorb?=\n"),
    letter(5, "joe@acme.example", more="X-GM-THRID: 18\n"),
)  # fmt: skip


@pytest.mark.parametrize("packing", ["folder", "zip", "gztar"])
def test_a_takeout_as_folder_zip_and_tgz(tmp_path: Path, packing: str) -> None:
    folder = tmp_path / "out"
    write(folder / "Takeout" / "Mail" / "All mail Including Spam and Trash.mbox", TAKEOUT)
    write(folder / "Takeout" / "archive_browser.html", "<html>")
    path = folder if packing == "folder" else Path(shutil.make_archive(str(tmp_path / "takeout"), packing, folder))
    found = SOURCE.recognise(path)
    assert found is not None
    assert (found.title, found.owner) == ("Mailbox (mbox)", "maya@sales.example")
    facts = read(path)
    assert [(fact.title, fact.thread) for fact in facts if isinstance(fact, Activity)] == [
        ("Mail 1", "gmail:17"), ("Mail 2", "gmail:17"), ("Mail 5", "gmail:18")]  # fmt: skip
    assert [fact.reason for fact in facts if isinstance(fact, Rejected)] == [
        "Mails that are not from one person to another were left out: 2 among drafts, deleted mail and spam."
    ]


def test_what_cannot_be_unpacked_holds_no_mail(tmp_path: Path) -> None:
    for name, content in (("a.zip", b"PK\x03\x04 cut"), ("b.tgz", b"\x1f\x8b cut")):
        (tmp_path / name).write_bytes(content)
        assert SOURCE.recognise(tmp_path / name) is None
        assert list(boxes(tmp_path / name)) == []


def test_a_second_mailbox_of_the_same_owner_has_another_address(tmp_path: Path) -> None:
    path = write(tmp_path / "box", TAKEOUT)
    facts = SOURCE.read(path, Options(mine=frozenset({"maya@home.example"})))
    owners = {fact.handle for fact in facts if isinstance(fact, Profile) and fact.is_owner}
    assert owners == {"maya@home.example", "maya@sales.example"}


@pytest.mark.parametrize(("folder", "word"), [
    (".INBOX.Trash", "trash"), ("Deleted Messages.mbox", "deleted messages"), ("Inbox.sbd", "inbox"), ("[Gmail]", "[gmail]"), (' "Entwürfe"', "entwürfe"),
])  # fmt: skip
def test_folder_words(folder: str, word: str) -> None:
    assert folder_words(folder) == word
