"""Files bent at random: no reader raises anything but its own sentence, breaks a promise, or reads the same file differently.

A short, seeded part of the search that found what is mended; every input that fails has a number to come back to.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Key, Precision, Profile, Progress, Rejected
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import Options

TURNS = 150
BITS = (
    b"\0", b"\n", b"\r", b"\r\n", b'"', b'""', b'\\"', b",", b";", b"\t", b"|", b":", b"=", b"=\n", b"\xff", b"\xff\xfe", b"\xfe\xff",
    b"\xed\xa0\x80", b"\xef\xbb\xbf", b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\n", b"\n ", b"PK\x03\x04", b"\xe2\x80\xae",
    b"9999-12-31 23:59:59", b"0001-01-01 00:00:00", b"31/12/99, 25:61 PM", b"9" * 400, b"=cmd|' /c calc'!A0", b"ENCODING=QUOTED-PRINTABLE",
    b"CHARSET=utf-7", b"urn:li:activity:99999999999999999999", b"../../etc/passwd", b"RRULE:FREQ=DAILY\r\n", b"DTSTART:20260101T100000Z\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\n", b"a@b.example;" * 50,
)  # fmt: skip

CARD = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\nUID:1\r\nN;CHARSET=utf-8;QUOTED-PRINTABLE:=C3=91;Ann;;Dr.;\r\nTEL;CELL:+47 1\r\nORG:Acme;Sales\r\n"
    b"item1.EMAIL;TYPE=work:a@b.example\r\nNOTE:one\\, two\r\n  three\r\nX-SOCIALPROFILE;type=twitter;x-user=ann:x-apple:ann\r\nEND:VCARD\r\n"
)
TABLES = (
    b'Record ID,First Name,Email,Lead Status\n1,"Ann, B",a@b.example,NEW\n2,Bob,b@b.example,\n',
    "Vorname;Name;E-Mail;Notizen\nZoë;Müller;z@a.example;\"a\nb\"\n'=x;'+y;;\n".encode("cp1252"),
    "Name,E-mail 1 - Value,Phone 1 - Value\nAnn,a@b.example ::: c@d.example,1 ::: 2\n".encode("utf-16"),
)
LINKEDIN = {
    "Connections.csv": b'Notes:\n"When exporting"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n'
    b"Zo\xc3\xab,Brandt,https://www.linkedin.com/in/zo%C3%AB-brandt,z@a.example,\"Acme, Inc.\",Buyer,08 Feb 2026\n,,,,,,07 Feb 2026\n",
    "messages.csv": b"CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    b'c1,,Ann Example,https://www.linkedin.com/in/ann,Bob,https://www.linkedin.com/in/bob,2024-05-01 10:00:00 UTC,,"a\nb",INBOX\n'
    b"c1,,LinkedIn Member,,Ann Example,https://www.linkedin.com/in/ann,2024-05-01 10:01:00 UTC,,c,INBOX\n",
    "Comments_17.csv": b'Date,Link,Message\n2024-05-01 10:00:00,https://www.linkedin.com/feed/update/urn:li:activity:7458194261025673216,"a \\"b\\"\nc"\n',
    "Invitations.csv": b'From,To,Sent At,Message,Direction\nAnn Example,Bob,"1/29/26, 2:37 PM",hi,OUTGOING\n',
    "Shares.csv": "Date\tShare Link\tShare Commentary\tVisibility\n2018/03/09 14:05:22 UTC\thttps://x.example\tżółć\tPUBLIC\n".encode("utf-16"),
}


def bent(raw: bytes, dice: random.Random) -> bytes:
    out = bytearray(raw)
    for _ in range(dice.choice((1, 2, 5, 12))):
        at = dice.randrange(len(out) + 1)
        match dice.randrange(5):
            case 0 | 1:
                out[at : at + dice.choice((0, 1, 8, 60))] = dice.choice(BITS)
            case 2:
                out[at : at + 1] = dice.randbytes(2)
            case 3:
                del out[at : at + dice.choice((1, 10, 100))]
            case _:
                out[at:at] = dice.choice(BITS) * dice.choice((1, 10, 500))
    return bytes(out)


CHATS = ("whatsapp", "telegram", "signal_export", "slack_export", "discord_package", "discord_chat")
ARCHIVES = ("x_archive", "mastodon_archive", "activitystreams", "ical", "bookmarks", "reddit_request", "google_takeout", "flickr_export")
EXAMPLES = Path(__file__).parents[1] / "data"
_PLAIN = Options()
_ALL_PARTS = frozenset("chats groups contacts bots public_groups channels saved private direct servers friends".split())


def read(name: str, path: Path, options: Options = _PLAIN) -> list[Fact]:
    for source in FILE_SOURCES:
        source.recognise(path)
    (chosen,) = (source for source in FILE_SOURCES if source.name == name)
    return [fact for fact in chosen.read(path, options) if not isinstance(fact, Progress)]


def promises(facts: Iterable[Fact]) -> None:
    named: set[Key] = set()
    for fact in facts:
        words: list[str] = []
        match fact:
            case Profile():
                named.add(fact.key)
                words = [*fact.key, fact.display_name, fact.title, fact.company, fact.handle, fact.url, *(a.value for a in fact.addresses)]
                assert all("\n" not in word and len(word) <= 2000 for word in words)
                words.append(fact.bio)
            case Activity():
                assert {fact.actor, *(one.profile for one in fact.participants)} <= named
                assert (fact.published is None) == (fact.precision is Precision.UNKNOWN)
                assert fact.published is None or fact.published.tzinfo is UTC
                words = [*fact.key, fact.text, fact.title, fact.url, fact.thread, *(word for pair in fact.extra for word in pair)]
            case Rejected():
                assert fact.where and fact.reason.endswith(".")
        for word in words:
            assert "\0" not in word
            word.encode()


def tried(name: str, path: Path, options: Options = _PLAIN) -> None:
    try:
        facts = read(name, path, options)
    except UnreadableFile as error:
        assert "othing was brought in" in str(error) and str(error).endswith(".")
        return
    promises(facts)
    assert facts == read(name, path, options)


@pytest.mark.parametrize("turn", range(TURNS))
def test_cards(tmp_path: Path, turn: int) -> None:
    path = tmp_path / "book.vcf"
    path.write_bytes(bent(CARD * 3, random.Random(turn)))
    tried("vcard", path)


@pytest.mark.parametrize("turn", range(TURNS))
def test_tables(tmp_path: Path, turn: int) -> None:
    dice = random.Random(turn)
    path = tmp_path / "list.csv"
    path.write_bytes(bent(dice.choice(TABLES), dice))
    tried("csv_contacts", path)


@pytest.mark.parametrize("turn", range(TURNS))
def test_linkedin(tmp_path: Path, turn: int) -> None:
    dice = random.Random(turn)
    for name, raw in LINKEDIN.items():
        (tmp_path / name).write_bytes(bent(raw, dice) if dice.random() < 0.6 else raw)
    tried("linkedin_archive", tmp_path)


@pytest.mark.parametrize("name", (*CHATS, *ARCHIVES))
@pytest.mark.parametrize("turn", range(TURNS))
def test_chats_and_archives(tmp_path: Path, name: str, turn: int) -> None:
    """Each example of the source, with some of its files bent, whoever I am in it."""
    dice = random.Random(turn)
    examples = shutil.copytree(EXAMPLES / name, tmp_path / "examples")
    for entry in json.loads((examples / "index.json").read_text(encoding="utf-8"))["files"]:
        path = examples / entry["path"]
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and dice.random() < 0.7:
                file.write_bytes(bent(file.read_bytes(), dice))
        tried(name, path, Options(me=entry["me"], answers={"date_order": "day_first"}, parts=None if turn % 3 else _ALL_PARTS))
