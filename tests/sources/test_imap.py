"""A mailbox on its server: the same facts as its file, only what is new, whatever the server counts anew, and nothing written."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import LoginRejected, UserMistake
from relationdesk.model import Activity, Coverage, Fact, Login, Page, Profile, Rejected
from relationdesk.services import importing, key_store, logins, sync
from relationdesk.sources.base import Options
from relationdesk.sources.door import Door
from relationdesk.sources.imap import Imap
from relationdesk.sources.imap_reading import PORTION, YEARS, state
from relationdesk.sources.mail_files import MailFiles
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import state as rows_of
from tests.imap_server import PASSWORD, USER, WRITING, Box, InMemory, Mailbox

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LOGIN = Login(id=1, source="imap", place="mail", address="imaps://imap.firm.example:993", user_name=USER, has_token=True)
MAILS = Path(__file__).parents[1] / "data" / "imap" / "mail"


def letter(number: int, *, sender: str = "joe@hotel.example", to: str = USER, more: str = "", text: str = "") -> bytes:
    day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return (
        f"From: {sender}\nTo: {to}\nDate: {day:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: <{number}@{sender.partition('@')[2]}>\n"
        f"Subject: Number {number}\n{more}\n{text or f'Words of {number}.'}\n"
    ).encode()


def pages(mailbox: Mailbox, cursor: str = "", *, login: Login = LOGIN) -> list[Page]:
    source = Imap(clock=lambda: NOW)
    (stream,) = source.streams(login, ())
    door = Door(network=InMemory(mailbox))
    return list(source.pages(login, stream, cursor, PASSWORD, door))


def facts(found: list[Page]) -> list[Fact]:
    return [fact for page in found for fact in page.facts]


def ids(found: list[Page]) -> list[str]:
    return [fact.key.native_id for fact in facts(found) if isinstance(fact, Activity)]


def test_what_is_read_is_what_its_files_hold() -> None:
    live = facts(pages(Mailbox.of(MAILS)))
    assert [fact.title for fact in live if isinstance(fact, Activity)] == ["Rooms in March", "Grüße aus dem Hafen", "Re: Rooms in March"]
    filed: list[Any] = []
    for path in sorted(MAILS.glob("*/*.eml")):
        if "Drafts" not in path.parent.name and path.name != "3.eml":
            filed += MailFiles().read(path, Options(me=USER))
    assert [f for f in live if isinstance(f, Activity)] == [f for f in filed if isinstance(f, Activity)]
    assert {f for f in live if isinstance(f, Profile)} == {f for f in filed if isinstance(f, Profile)}
    assert Coverage(place="mail", since=datetime(2023, 11, 25, tzinfo=UTC), until=NOW) in live and YEARS == 3


def test_drafts_junk_trash_and_views_of_other_folders_are_left_out_by_role_and_by_name() -> None:
    boxes = {
        "INBOX": Box("\\HasNoChildren"), "Entw&APw-rfe": Box(), "Spam": Box(), "INBOX/Papierkorb": Box(), "A": Box("\\Trash"), "B": Box("\\Junk"),
        "C": Box("\\Flagged"), "D": Box("\\All"), "E": Box("\\Noselect"), "Kunden/Junge": Box(), "Archiv": Box("\\Archive"), "Gesendet": Box(),
    }  # fmt: skip
    for number, box in enumerate(boxes.values()):
        box.add(letter(number, to="mary@harbour.example"))
    found = pages(Mailbox(boxes))
    assert sorted(ids(found)) == ["mid:0@hotel.example", "mid:10@hotel.example", "mid:11@hotel.example", "mid:9@hotel.example"]


def test_nothing_is_written_or_marked_as_read() -> None:
    mailbox = Mailbox.of(MAILS)
    pages(mailbox)
    assert mailbox.visits == 1 and [command for command in mailbox.log if WRITING.search(command)] == []


@pytest.mark.parametrize("extensions", ["", "ESEARCH SPECIAL-USE LIST-EXTENDED CONDSTORE QRESYNC"])
def test_only_what_is_new_is_asked_for(extensions: str) -> None:
    mailbox = Mailbox.of(MAILS)
    mailbox.extensions = extensions
    cursor = pages(mailbox)[-1].cursor
    mailbox.log.clear()
    again = pages(mailbox, cursor)
    assert ids(again) == [] and not [command for command in mailbox.log if "UID" in command and "STATUS" not in command]
    assert [type(fact) for fact in again[-1].facts] == [Coverage]
    mailbox.boxes["INBOX"].add(letter(7))
    assert ids(pages(mailbox, cursor)) == ["mid:7@hotel.example"]


def test_a_changed_uidvalidity_reads_the_folder_again_and_changes_nothing(desk: Desk) -> None:
    mailbox = Mailbox.of(MAILS)
    first = reads(desk, mailbox)
    assert (first.new, first.failures) == (3, ())
    before = things(desk)
    mailbox.boxes["INBOX"].validity = 99
    mailbox.boxes["INBOX"].mails = {uid + 40: mail for uid, mail in mailbox.boxes["INBOX"].mails.items()}
    mailbox.boxes["INBOX"].following = 44
    again = reads(desk, mailbox)
    assert (again.new, again.changed, again.failures) == (0, 0, ()) and things(desk) == before
    assert json.loads(stored.cursor(desk, again.login.id, "mailbox"))["folders"]["INBOX"] == [99, 43, 0]


def test_a_server_that_counts_backwards_is_read_again() -> None:
    mailbox = Mailbox({"INBOX": Box()})
    for number in range(4):
        mailbox.boxes["INBOX"].add(letter(number))
    cursor = pages(mailbox)[-1].cursor
    mailbox.boxes["INBOX"] = Box()
    mailbox.boxes["INBOX"].add(letter(8))
    assert ids(pages(mailbox, cursor)) == ["mid:8@hotel.example"]


def test_what_is_deleted_there_stays_here(desk: Desk) -> None:
    mailbox = Mailbox.of(MAILS)
    reads(desk, mailbox)
    before = things(desk)
    for box in mailbox.boxes.values():
        box.mails.clear()
    gone = reads(desk, mailbox)
    mailbox.boxes = {"INBOX": Box()}
    empty = reads(desk, mailbox)
    assert (gone.withdrawn, empty.withdrawn, gone.failures, empty.failures) == (0, 0, (), ()) and things(desk) == before


def as_mbox(path: Path, *, of: tuple[str, ...] = ("INBOX", "Gesendet")) -> Path:
    mailbox = Mailbox.of(MAILS)
    mails = [raw for name in of for raw, _ in mailbox.boxes[name].mails.values()]
    path.write_bytes(b"".join(b"From joe@hotel.example Fri Nov 20 10:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n" for raw in mails))
    return path


def brought_in(desk: Desk, path: Path) -> Any:
    return importing.import_now(desk, path, now=NOW, me=USER)


@pytest.mark.parametrize("file_first", [True, False])
def test_a_mailbox_file_and_the_mailbox_itself_double_nothing(desk: Desk, tmp_path: Path, file_first: bool) -> None:
    path = as_mbox(tmp_path / "all.mbox")
    mailbox = Mailbox.of(MAILS)
    if file_first:
        brought_in(desk, path)
        before = things(desk)
        done = reads(desk, mailbox)
        assert (done.new, done.changed) == (0, 0)
    else:
        assert reads(desk, mailbox).new == 3
        before = things(desk)
        brought_in(desk, path)
    assert things(desk) == before and len(before["activities"]) == 3


def test_my_mails_are_mine_whatever_alias_sent_them() -> None:
    mailbox = Mailbox({"INBOX": Box(), "Out": Box("\\Sent")})
    for number in range(3):
        mailbox.boxes["Out"].add(letter(number, sender="sam.reed@alias.example", to="joe@hotel.example"))
    mailbox.boxes["Out"].add(letter(8, sender="mary@harbour.example"))
    owners = {fact.handle for fact in facts(pages(mailbox)) if isinstance(fact, Profile) and fact.is_owner}
    assert owners == {USER, "sam.reed@alias.example"}
    known = {fact.handle for fact in facts(pages(mailbox)) if isinstance(fact, Profile) and fact.known}
    assert known == {"joe@hotel.example"}


def test_google_is_read_once_per_mail_with_its_conversations_and_without_drafts() -> None:
    names = {"INBOX": "\\HasNoChildren", "[Gmail]/All Mail": "\\All", "[Gmail]/Sent Mail": "\\Sent", "Label": "", "[Gmail]/Spam": "\\Junk"}
    mailbox = Mailbox({name: Box(attributes) for name, attributes in names.items()}, "X-GM-EXT-1 SPECIAL-USE")
    everything = mailbox.boxes["[Gmail]/All Mail"]
    everything.add(letter(1))
    everything.add(letter(2, sender=USER), "\\Draft")
    everything.add(letter(3))
    mailbox.boxes["INBOX"].add(letter(1))
    mailbox.boxes["Label"].add(letter(3))
    for folder in ("[Gmail]/All Mail", "[Gmail]/Sent Mail"):
        mailbox.boxes[folder].add(letter(4, sender=USER))
    found = pages(mailbox)
    assert ids(found) == ["mid:1@hotel.example", "mid:3@hotel.example", "mid:4@firm.example"]
    assert [fact.thread for fact in facts(found) if isinstance(fact, Activity)] == ["gmail:1000", "gmail:1001", "gmail:1002"]
    assert not [command for command in mailbox.log if command == 'EXAMINE "INBOX"']


def test_lists_and_automatic_mails_are_not_asked_for_beyond_their_heads() -> None:
    mailbox = Mailbox({"INBOX": Box()})
    mailbox.boxes["INBOX"].add(letter(1, more="List-Id: <a.example>\n", text="x" * 100_000))
    mailbox.boxes["INBOX"].add(letter(2, more="Auto-Submitted: auto-replied\n"))
    assert ids(pages(mailbox)) == [] and not [command for command in mailbox.log if "BODY.PEEK[]" in command]


def test_a_big_mail_is_read_in_its_beginning() -> None:
    mailbox = Mailbox({"INBOX": Box()})
    mailbox.boxes["INBOX"].add(
        letter(1, more='MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n', text=(
            "--b\nContent-Type: text/plain\n\nThe film is attached.\n--b\nContent-Type: video/mp4\n"
            'Content-Disposition: attachment; filename="film.mp4"\nContent-Transfer-Encoding: base64\n\n' + "QUJD\n" * 1_000_000 + "--b--\n"
        ))
    )  # fmt: skip
    (mail,) = [fact for fact in facts(pages(mailbox)) if isinstance(fact, Activity)]
    assert mail.text == "The film is attached." and ("attachments", "film.mp4") in mail.extra


def test_a_hundred_thousand_mails_come_in_portions_newest_first_and_go_on_where_they_stopped() -> None:
    box = Box(following=100_001, make=letter)
    mailbox = Mailbox({"INBOX": box})
    source = Imap(clock=lambda: NOW)
    (stream,) = source.streams(LOGIN, ())
    tracemalloc.start()
    reading = source.pages(LOGIN, stream, "", PASSWORD, Door(network=InMemory(mailbox)))
    next(reading)
    some = [next(reading) for _ in range(5)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ids(some)[0] == "mid:99801@hotel.example" and len(ids(some)) == 5 * PORTION and peak < 40_000_000
    assert not [fact for fact in facts(some) if isinstance(fact, Coverage)], "it is not yet known how much was read"
    reading.close()
    box.following += 1  # one more arrives before the next visit
    more = source.pages(LOGIN, stream, some[-1].cursor, PASSWORD, Door(network=InMemory(mailbox)))
    next(more)
    assert ids([next(more)]) == ["mid:100001@hotel.example"]
    assert ids([next(more)])[-1] == "mid:99000@hotel.example"


def test_what_is_older_than_three_years_is_not_asked_for() -> None:
    mailbox = Mailbox({"INBOX": Box()})
    for number in range(3):
        mailbox.boxes["INBOX"].add(letter(number))
    mailbox.dates["INBOX"] = {1, 2}
    assert ids(pages(mailbox)) == ["mid:2@hotel.example"]
    assert [command for command in mailbox.log if command.endswith("SINCE 25-Nov-2023")]


def test_a_folder_that_is_closed_to_us_costs_only_itself() -> None:
    mailbox = Mailbox({"INBOX": Box(), "Shared": Box("\\Closed")})
    mailbox.boxes["INBOX"].add(letter(1))
    found = facts(pages(mailbox))
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["Shared"] and isinstance(found[-1], Coverage)


def test_the_cursor_is_not_trusted() -> None:
    for text in ("", "nonsense", "[]", '{"since": "x"}', '{"since": "2026-01-01", "mine": 7}', '{"since": "2026-01-01", "mine": [], "folders": {"a": [1]}}'):
        assert state(text, NOW).since.year == 2023 and state(text, NOW).places == {}
    assert state('{"since": "2999-01-01", "mine": [], "folders": {"a": [-1, 2, 3]}}', NOW).places == {}


def test_a_refused_password_is_asked_for_again_and_not_told() -> None:
    mailbox = Mailbox()
    mailbox.password = "another"
    with pytest.raises(LoginRejected) as told:
        pages(mailbox)
    assert PASSWORD not in str(told.value) and mailbox.visits == 1


def test_a_server_that_takes_no_passwords_is_told_as_such() -> None:
    mailbox = Mailbox()
    mailbox.before_sign_in = "LOGINDISABLED AUTH=XOAUTH2"
    with pytest.raises(LoginRejected, match="takes no passwords"):
        pages(mailbox)


def test_connecting_signs_in_before_anything_is_kept() -> None:
    network = InMemory(Mailbox())
    login = Imap().connect(f"{USER} imap.firm.example", PASSWORD, Door(network=network))
    assert (login.address, login.user_name, network.dialled) == ("imaps://imap.firm.example:993", USER, [("imap.firm.example", 993)])
    with pytest.raises(UserMistake, match="app password"):
        Imap().connect(f"{USER} imap.firm.example", "", Door(network=network))
    with pytest.raises(UserMistake, match="nobody to follow"):
        Imap().follow("joe@hotel.example", login, PASSWORD, Door(network=network))


@pytest.fixture
def desk() -> Any:
    db = open_memory()
    with transaction(db):
        stored.save(db, LOGIN)
    key_store.keep_until_quit(LOGIN.secret_name, PASSWORD)
    yield db
    key_store._until_quit.clear()


def reads(db: Desk, mailbox: Mailbox) -> sync.Synced:
    (login,) = stored.every(db)
    return logins.sync_one(db, login.id, lambda: NOW, door=lambda private, stop: Door(network=InMemory(mailbox), stop=stop))


def things(db: Desk) -> dict[str, Any]:
    """Everything but what says when it was read or brought in."""
    return {table: rows for table, rows in rows_of(db).items() if table not in ("coverage", "batches", "logins", "streams")}
