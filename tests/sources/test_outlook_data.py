"""Outlook's data files: the real one, every build and coding written anew, then what is in one, and what damages it."""

from __future__ import annotations

import shutil
import struct
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    AddressKind,
    DayKind,
    Fact,
    Key,
    Kind,
    LifeDay,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
)
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.ical_events import LARGE, MEETINGS
from relationdesk.sources.mail_message import message
from relationdesk.sources.outlook_data import CONTACTS, OutlookData
from relationdesk.sources.pst_pages import Damaged, Pages, cyclic
from tests.outlook_files import DataFile, Folder, Properties, Thing
from tests.shared import REAL

AT = datetime(2024, 3, 4, 9, 30, 15, tzinfo=UTC)
PLAIN = Options()
ME = Options(me="sam@seller.example")
SAM = {0x3001: "Sam Seller", 0x3003: "sam@seller.example", 0x39FE: "sam@seller.example", 0x0C15: 1}


def mail(number: int, **more: object) -> Thing:
    """From Ann to Sam. more: properties by their number in hexadecimal with an x before it."""
    own: Properties = {
        0x001A: "IPM.Note", 0x0037: f"\x01\x01Plan {number}", 0x0039: AT + timedelta(days=number), 0x1000: f"Words of {number}", 0x1035: f"<{number}@x.example>",
        0x0C1A: "Ann Berg", 0x0C1F: "ann@harbour.example", 0x0E07: 1,
    }  # fmt: skip
    own |= {int(name[1:], 16): value for name, value in more.items()}
    return Thing(properties={id_: value for id_, value in own.items() if value is not None}, people=[SAM])


def facts(path: Path, options: Options = ME) -> list[Fact]:
    return [fact for fact in OutlookData().read(path, options) if not isinstance(fact, Progress)]


def activities(path: Path, options: Options = ME) -> list[Activity]:
    return [fact for fact in facts(path, options) if isinstance(fact, Activity)]


def one(tmp_path: Path, *things: Thing, folder: str = "Inbox") -> Path:
    return DataFile().save(tmp_path / "a.pst", Folder(name=folder, things=things))


def test_real_data_file_of_2004() -> None:
    path = REAL / "mail" / "pst" / "32-bit.pst"
    if not path.exists():
        pytest.skip("no real file mail/pst/32-bit.pst beside the checkout")
    source, seen = recognise(path)
    assert (source.name, seen.certainty) == ("outlook_data", 0.95)
    found = facts(path, PLAIN)
    people = {fact.key: fact.display_name for fact in found if isinstance(fact, Profile)}
    (meeting,) = (fact for fact in found if isinstance(fact, Activity))
    assert (meeting.title, people[meeting.actor], meeting.kind) == ("Updated: Olympus training for new hires", "Cyndy Foulkrod", Kind.EVENT)
    assert meeting.published == datetime(2004, 8, 19, 18, 30, tzinfo=UTC) and len(meeting.participants) == 6


@pytest.mark.parametrize(("build", "coding"), [("ansi", 0), ("ansi", 1), ("ansi", 2), ("unicode", 0), ("unicode", 1), ("unicode", 2), ("large", 0)])
def test_every_build_and_coding(tmp_path: Path, build: str, coding: int) -> None:
    long = "Eine lange Geschichte. " * 9_000  # over several blocks
    inbox = [mail(n) for n in range(60)] + [mail(60, x1000=long)]  # over several pages
    path = DataFile(build, coding).save(tmp_path / "a.pst", Folder(name="Inbox", things=inbox, folders=[Folder(name="Kunden", things=[mail(61)])]))
    found = activities(path)
    assert [one.key.native_id for one in found] == [f"mid:{n}@x.example" for n in range(62)]
    assert (found[0].title, found[0].text, found[0].published) == ("Plan 0", "Words of 0", AT)
    assert found[60].text == long.strip()


def test_the_coding_goes_there_and_back() -> None:
    words = bytes(range(256)) * 3
    assert cyclic(words, 0x1234) != words and cyclic(cyclic(words, 0x1234), 0x1234) == words


def test_the_same_mail_from_a_server_is_the_same(tmp_path: Path) -> None:
    head = "Received: by x\r\nFrom: Ann Berg <ann@harbour.example>\r\nTo: Sam <sam@seller.example>\r\nSubject: =?utf-8?q?Men=C3=BC?=\r\nDate: Mon, 4 Mar 2024 10:30:15 +0100\r\n"
    head += 'Message-ID: <7@harbour.example>\r\nContent-Type: multipart/mixed;\r\n boundary="x"\r\nMIME-Version: 1.0\r\n\r\n'
    path = one(tmp_path, mail(1, x7d=head, x1000="Hello\r\n\r\n> old words"))
    (ours,) = activities(path)
    theirs = message(b"From: Ann Berg <ann@harbour.example>\nTo: Sam <sam@seller.example>\nSubject: =?utf-8?q?Men=C3=BC?=\n"
                     b"Date: Mon, 4 Mar 2024 10:30:15 +0100\nMessage-ID: <7@harbour.example>\n\nHello\n\n> old words\n", "x", frozenset())[-1]  # fmt: skip
    assert ours == theirs


def test_texts_html_and_rich_text(tmp_path: Path) -> None:
    html = "<html><body><p>Gr\u00fc\u00dfe</p></body></html>"
    path = one(
        tmp_path, mail(1, x1000=None, x1013=html), mail(2, x1000=None, x1013=html.encode("cp1252"), x3fde=1252), mail(3, x1000=("Привет", "cp1251"), x3ffd=1251),
        mail(4, x1000=None, x1009=struct.pack("<II4sI", 60, 40, b"MELA", 0) + b"{\\rtf1\\ansi\\ansicpg1252 Gr\\'fc\\u223?e}"), mail(5, x1000=None),
    )  # fmt: skip
    assert [one.text for one in activities(path)] == ["Grüße", "Grüße", "Привет", "Grüße", ""]


def test_attachments_by_their_long_names(tmp_path: Path) -> None:
    thing = mail(1)
    thing.attached = [{0x3704: "MENU~1.PDF", 0x3707: "Menu of the day.pdf"}, {0x3704: "a.txt"}]
    assert dict(activities(one(tmp_path, thing))[0].extra)["attachments"] == "Menu of the day.pdf, a.txt"


def test_people_of_a_directory_and_their_address_where_the_file_has_it(tmp_path: Path) -> None:
    directory = "/o=Acme/cn=Recipients/cn=ann"
    alone, among = mail(1, xc1f=directory), mail(2, xc1f=directory)
    among.people = [SAM, {0x3001: "Ann Berg", 0x3003: directory.upper(), 0x39FE: "ann@harbour.example", 0x0C15: 2}]
    found = activities(one(tmp_path, alone, among))
    assert found[0].actor.native_id.endswith("cn=ann@directory.invalid")
    assert found[1].actor == Key("mail", "ann@harbour.example")
    assert [(p.profile.native_id, p.role) for p in found[1].participants] == [("sam@seller.example", Role.TO), ("ann@harbour.example", Role.CC)]


def test_drafts_thrown_away_and_automatic_mail_are_left_out_and_told(tmp_path: Path) -> None:
    path = DataFile().save(
        tmp_path / "a.pst", Folder(name="Inbox", things=[mail(1), mail(2, xe07=8), mail(3, xc1f="no-reply@shop.example"), mail(4, x1a="REPORT.IPM.Note.NDR")]),
        Folder(name="Deleted Items", deleted=True, things=[mail(5)], folders=[Folder(name="Old", things=[mail(6)])]), Folder(name="Entwürfe", things=[mail(7)]),
        Folder(name="Tasks", things=[mail(8, x1a="IPM.Task"), mail(9, x1a="IPM.StickyNote")]),
    )  # fmt: skip
    found = facts(path)
    assert [fact.title for fact in found if isinstance(fact, Activity)] == ["Plan 1"]
    assert [(fact.where, fact.reason) for fact in found if isinstance(fact, Rejected)] == [
        ("Deleted Items", "A folder of drafts, deleted mail or spam was left out. Things in it: 1."), ("Deleted Items/Old", "A folder of drafts, deleted mail or spam was left out. Things in it: 1."),
        ("Entwürfe", "A folder of drafts, deleted mail or spam was left out. Things in it: 1."),
        ("a.pst", "Mails that are not from one person to another were left out: 2 by automatic senders and 1 among drafts, deleted mail and spam."),
        ("a.pst", "Things that are no mails, contacts or entries of a calendar were left out: task (1), stickynote (1)."),
    ]  # fmt: skip


def test_whose_it_is(tmp_path: Path) -> None:
    sent = [mail(n, x0c1f="sam@seller.example", x0c1a="Sam Seller") for n in range(10, 14)]
    for thing in sent:
        thing.people = [{0x3001: "Ann Berg", 0x39FE: "ann@harbour.example", 0x0C15: 1}]
    path = DataFile().save(tmp_path / "a.pst", Folder(name="Inbox", things=[mail(n) for n in range(4)]), Folder(name="Sent", sent=True, things=sent))
    seen = OutlookData().recognise(path)
    assert seen is not None and seen.owner == "sam@seller.example"
    people = {fact.key.native_id: fact for fact in facts(path, PLAIN) if isinstance(fact, Profile)}
    assert people["sam@seller.example"].is_owner and people["ann@harbour.example"].known


CONTACT: Properties = {
    0x001A: "IPM.Contact", 0x3001: "Ann Berg", 0x3A06: "Ann", 0x3A11: "Berg", 0x3A45: "Dr.", 0x3A16: "Harbour Hotels", 0x3A17: "Head chef", 0x3A1C: "+47 1",
    0x3A51: "https://harbour.example", 0x8008: "ann@harbour.example", 0x1000: "Likes tea",
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "year", "month", "day"),
    [
        ({0x800A: datetime(1979, 5, 4, tzinfo=UTC), 0x3A42: datetime(1979, 5, 3, 22, tzinfo=UTC)}, 1979, 5, 4),
        ({0x3A42: datetime(1979, 5, 3, 22, tzinfo=UTC)}, 1979, 5, 4),  # midnight in Oslo
        ({0x3A42: datetime(1979, 5, 4, 8, tzinfo=UTC)}, 1979, 5, 4),  # midnight in San Francisco
        ({0x3A42: datetime(1979, 5, 4, 11, 59, tzinfo=UTC)}, 1979, 5, 4),
        ({0x800A: datetime(1604, 5, 4, tzinfo=UTC)}, None, 5, 4),
        ({0x800A: datetime(4501, 1, 1, tzinfo=UTC)}, None, 0, 0),
    ],
)
def test_birthdays_of_contacts(tmp_path: Path, told: dict[int, datetime], year: int | None, month: int, day: int) -> None:
    path = one(tmp_path, Thing(properties={**CONTACT, **told}), folder="Contacts")
    ann = next(fact for fact in facts(path) if isinstance(fact, Profile) and fact.key.place == "contacts")
    assert ann.days == ((LifeDay(kind=DayKind.BIRTHDAY, month=month, day=day, year=year),) if day else ())


def test_contacts(tmp_path: Path) -> None:
    company: Properties = {0x001A: "IPM.Contact", 0x3001: "Quay Catering", 0x3A16: "Quay Catering"}
    nobody: Properties = {0x001A: "IPM.Contact"}
    path = one(tmp_path, *(Thing(properties=values) for values in (CONTACT, company, nobody)), folder="Contacts")
    found = facts(path)
    ann, quay = (fact for fact in found if isinstance(fact, Profile) and fact.key.place == "contacts")
    assert (ann.display_name, ann.title, ann.company, ann.bio, ann.known) == ("Dr. Ann Berg", "Head chef", "Harbour Hotels", "Likes tea", True)
    assert [(a.kind, a.value) for a in ann.addresses] == [
        (AddressKind.MAIL, "ann@harbour.example"), (AddressKind.PHONE, "+47 1"), (AddressKind.WEB, "https://harbour.example"),
    ]  # fmt: skip
    assert quay.is_company and [fact.reason for fact in found if isinstance(fact, Rejected)] == ["A contact has neither a name nor an address."]
    assert not [fact for fact in facts(path, Options(parts=frozenset({MEETINGS.name}))) if isinstance(fact, Profile) and fact.key.place == "contacts"]


def test_parts(tmp_path: Path) -> None:
    path = one(tmp_path, mail(1), Thing(properties=CONTACT))
    assert {type(fact).__name__ for fact in facts(path, Options(parts=frozenset({CONTACTS.name}))) if not isinstance(fact, Rejected)} == {"Profile"}
    seen = OutlookData().recognise(path)
    assert seen is not None and [part.name for part in seen.parts] == ["mails", "meetings", "own", LARGE.name, "contacts"]


def test_a_part_that_cannot_be_read_costs_itself(tmp_path: Path) -> None:
    path = DataFile(coding=0).save(tmp_path / "a.pst", Folder(name="Inbox", things=[mail(n) for n in range(5)]))
    raw = bytearray(path.read_bytes())
    start = raw.rindex(b"\xec\xbc", 0, raw.index("Plan 3".encode("utf-16-le")))
    raw[start] = 0
    path.write_bytes(raw)
    found = facts(path)
    assert [fact.title for fact in found if isinstance(fact, Activity)] == ["Plan 0", "Plan 1", "Plan 2", "Plan 4"]
    assert [fact.reason for fact in found if isinstance(fact, Rejected)] == ["A thing in the folder “Inbox” cannot be read. A record of it cannot be read."]


def test_a_page_that_cannot_be_read_costs_what_hangs_on_it(tmp_path: Path) -> None:
    path = DataFile(coding=0).save(tmp_path / "a.pst", Folder(name="Inbox", things=[mail(n) for n in range(60)]))
    raw = bytearray(path.read_bytes())
    root = struct.unpack_from("<Q", raw, 224)[0]
    last = struct.unpack_from("<Q", raw, root + (raw[root + 488] - 1) * 24 + 16)[0]
    raw[last + 490] = 0  # the size of its entries
    path.write_bytes(raw)
    found = facts(path)
    assert 40 < len([fact for fact in found if isinstance(fact, Activity)]) < 60
    assert any(isinstance(fact, Rejected) and fact.reason.startswith("A part of the file is damaged") for fact in found)


def test_a_cut_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = one(tmp_path, *(mail(n) for n in range(40)))
    cut = tmp_path / "cut.pst"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert OutlookData().recognise(cut) is not None
    with pytest.raises(UnreadableFile, match=r"“cut\.pst” cannot be read\. .* Nothing was brought in\. In Outlook choose"):
        facts(cut)


@pytest.mark.parametrize("raw", [b"!BDN", b"!BDN" + b"\0" * 600, b"!BDN" + b"\xff" * 5_000])
def test_what_only_begins_like_one(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.pst"
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile, match="Nothing was brought in"):
        facts(path)


def test_one_that_windows_protects(tmp_path: Path) -> None:
    path = one(tmp_path, mail(1))
    raw = bytearray(path.read_bytes())
    raw[513] = 0x10
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile, match="protected by Windows"):
        facts(path)


def test_a_tree_that_bites_its_tail_ends(tmp_path: Path) -> None:
    path = one(tmp_path, *(mail(n) for n in range(40)))
    raw = bytearray(path.read_bytes())
    root = struct.unpack_from("<Q", raw, 224)[0]
    for at in range(root + 16, root + 488, 24):  # every page of the next level is this page
        struct.pack_into("<Q", raw, at, root)
    path.write_bytes(raw)
    with path.open("rb") as stream, pytest.raises(Damaged):
        list(Pages(stream).nodes())


def test_in_a_zip_it_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mail.zip", "w") as archive:
        archive.write(one(tmp_path, mail(1)), "outlook.pst")
    with pytest.raises(UnreadableFile, match=r"a packed Outlook data file \(PST\).* Unpack it"):
        recognise(tmp_path / "mail.zip")


def test_a_folder_of_outlook_is_explained(tmp_path: Path) -> None:
    folder = tmp_path / "Outlook"
    folder.mkdir()
    shutil.move(one(tmp_path, mail(1)), folder / "outlook.pst")
    with pytest.raises(UnreadableFile, match=r"Outlook data file \(PST\)\)\. Choose it by itself"):
        recognise(folder)


def test_times_are_exact_and_a_mail_without_one_is_unknown(tmp_path: Path) -> None:
    found = activities(one(tmp_path, mail(1), mail(2, x39=None, x0e06=AT), mail(3, x39=None)))
    assert [(one.published, one.precision) for one in found] == [
        (AT + timedelta(days=1), Precision.SECOND), (AT, Precision.SECOND), (None, Precision.UNKNOWN),
    ]  # fmt: skip
