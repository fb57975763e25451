"""Single messages that Outlook saved: the same mail as in a mailbox, what is none, and compound files that do not hold."""

from __future__ import annotations

import random
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Progress, Rejected
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.compound_file import CompoundFile
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.outlook_message import message
from relationdesk.sources.pst_pages import Damaged
from tests.compound_files import compound, saved
from tests.outlook_files import Properties, Thing

AT = datetime(2024, 3, 4, 9, 30, 15, tzinfo=UTC)
MAIL: Properties = {
    0x001A: "IPM.Note", 0x0037: "Menü", 0x0039: AT, 0x1000: "Dear Sam", 0x1035: "<1@harbour.example>", 0x0C1A: "Ann Berg", 0x0C1F: "ann@harbour.example",
}  # fmt: skip
SAM: Properties = {0x3001: "Sam Seller", 0x39FE: "sam@seller.example", 0x0C15: 1}


def note(**more: object) -> bytes:
    """A mail from Ann to Sam. more: properties by their number in hexadecimal with an x before it."""
    own = MAIL | {int(name[1:], 16): value for name, value in more.items()}
    return saved(Thing(properties={id_: value for id_, value in own.items() if value is not None}, people=[SAM], attached=[{0x3707: "menu.pdf"}]))


def facts(path: Path) -> list[Fact]:
    return [fact for fact in MailFiles().read(path, Options()) if not isinstance(fact, Progress)]


def mails(path: Path) -> list[Activity]:
    return [fact for fact in facts(path) if isinstance(fact, Activity)]


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_one_message(tmp_path: Path) -> None:
    path = written(tmp_path / "menu.msg", note())
    source, seen = recognise(path)
    assert (source.name, seen.title) == ("mail_files", "Mail message")
    (mail,) = mails(path)
    assert (mail.key, mail.actor, mail.published) == (("mail", "mid:1@harbour.example"), ("mail", "ann@harbour.example"), AT)
    assert (mail.title, mail.text, dict(mail.extra)) == ("Menü", "Dear Sam", {"attachments": "menu.pdf"})
    assert [p.profile.native_id for p in mail.participants] == ["sam@seller.example"]


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_many_of_them_beside_others(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    written(folder / "one.msg", note())
    written(folder / "two.eml", b"From: Ben <ben@x.example>\nTo: sam@seller.example\nSubject: Two\nMessage-ID: <2@x.example>\n\nwords\n")
    written(folder / "three.msg", note(x1a="IPM.Appointment"))
    written(folder / "four.msg", note()[:3_000])
    path = folder
    if form == "zip":
        path = tmp_path / "mails.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
    assert recognise(path)[0].name == "mail_files"
    found = facts(path)
    assert sorted(fact.title for fact in found if isinstance(fact, Activity)) == ["Menü", "Two"]
    refused = {fact.where: fact.reason for fact in found if isinstance(fact, Rejected)}
    assert refused.keys() == {"three.msg", "four.msg"}
    assert "no mail but another thing of Outlook's (ipm.appointment)" in refused["three.msg"] and "Save it as iCalendar" in refused["three.msg"]


@pytest.mark.parametrize(("kind", "advice"), [("IPM.Appointment", "Save it as iCalendar"), ("IPM.Contact", "Save it as a vCard"), ("IPM.Task", "another thing of Outlook's")])
def test_what_is_no_mail_says_so(tmp_path: Path, kind: str, advice: str) -> None:
    path = written(tmp_path / "a.msg", note(x1a=kind))
    assert recognise(path)[0].name == "mail_files"
    with pytest.raises(UnreadableFile, match=advice):
        facts(path)


def test_what_it_says_it_is_does_not_break_the_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"another thing of Outlook's \(ipm\. note\)\. Nothing was brought in"):
        facts(written(tmp_path / "a.msg", note(x1a="IPM.\nnote")))


def test_old_code_pages_long_texts_and_large_parts(tmp_path: Path) -> None:
    long = "Слова и слова. " * 2_000  # in sectors of its own
    (mail,) = mails(written(tmp_path / "a.msg", note(x1000=(long, "cp1251"), x37=("Привет", "cp1251"), x3ffd=1251)))
    assert (mail.title, mail.text) == ("Привет", long.strip())


def test_another_office_file_is_no_mail(tmp_path: Path) -> None:
    path = written(tmp_path / "letter.doc", compound({"WordDocument": b"words" * 2_000, "1Table": b"x" * 500}))
    assert MailFiles().recognise(path) is None
    with pytest.raises(UnreadableFile, match="an old Word document"):
        recognise(path)
    with pytest.raises(Damaged, match="no message of Outlook"):
        message(path.read_bytes())


def test_a_compound_file_of_every_size() -> None:
    tree = {"a": b"", "b": b"x" * 63, "c": b"y" * 4_095, "d": b"z" * 4_096, "e": {"f": b"inner", "g": {"h": b"deep"}}, "i": b"w" * 300_000}
    file = CompoundFile(compound(tree))
    assert {name: file.read(stream) for name, stream in file.root.streams.items()} == {name: inside for name, inside in tree.items() if isinstance(inside, bytes)}
    assert file.read(file.root.storages["e"].storages["g"].streams["h"]) == b"deep"


def test_chains_and_trees_that_bite_their_tails_end() -> None:
    raw = bytearray(note(x1000="long " * 3_000))
    table = struct.unpack_from("<I", raw, 76)[0]
    for number in range(128):  # every sector is followed by itself
        struct.pack_into("<I", raw, (table + 1) * 512 + number * 4, number)
    with pytest.raises(Damaged):
        CompoundFile(bytes(raw))
    raw = bytearray(note())
    folder = (struct.unpack_from("<I", raw, 48)[0] + 1) * 512
    for number in range(4):  # every entry has itself on both sides
        struct.pack_into("<III", raw, folder + number * 128 + 68, number, number, number)
    message_or_none(bytes(raw))


def message_or_none(raw: bytes) -> str:
    try:
        return message(raw).subject
    except Damaged:
        return ""


def test_bent_messages_are_read_or_refused() -> None:
    whole, dice = note(x1000="long " * 2_000), random.Random(11)
    read = 0
    for _ in range(300):
        raw = bytearray(whole[: dice.choice((len(whole), dice.randrange(600, len(whole))))])
        for _ in range(dice.choice((1, 4, 40))):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        read += message_or_none(bytes(raw)) == "Menü"
    assert read > 30
