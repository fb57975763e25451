"""Mail from files as the user drops them: recognised by content, read in bounded memory, the owner found if certain."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Coverage, Fact, Profile, Progress, Rejected
from relationdesk.sources.base import Options
from relationdesk.sources.mail_files import MailFiles
from tests import shared

REAL = shared.REAL / "mail"
SOURCE = MailFiles()


def letter(number: int, sender: str = "joe@acme.example", to: str = "maya@sales.example", more: str = "") -> str:
    return (
        f"From: {sender}\nTo: {to}\nSubject: Mail {number}\nMessage-ID: <{number}@x>\n"
        f"Date: Mon, {number % 28 + 1} Jan 2024 09:00:00 +0000\n{more}\nText {number}.\n"
    )


def mailbox(*letters: str) -> str:
    return "\n".join(f"From - Mon Jan 08 09:00:00 2024\n{one}" for one in letters)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def read(path: Path, me: str = "", mine: frozenset[str] = frozenset()) -> list[Fact]:
    return [one for one in SOURCE.read(path, Options(me=me, mine=mine)) if not isinstance(one, Progress)]


def titles(facts: list[Fact]) -> list[str]:
    return [fact.title for fact in facts if isinstance(fact, Activity)]


def title(path: Path) -> str | None:
    found = SOURCE.recognise(path)
    return found.title if found else None


def real(name: str) -> Path:
    if not REAL.exists():
        pytest.skip("the sample exports are not there")
    return REAL / name


def test_real_from_lines() -> None:
    path = real("mbox/from_lines.mbox")
    found = SOURCE.recognise(path)
    assert found is not None
    assert (found.format, found.place, found.title, found.owner) == (
        "mail_files", "mail", "Mailbox (mbox)", "maya@sales.example")  # fmt: skip
    facts = read(path)
    first, second = (fact for fact in facts if isinstance(fact, Activity))
    assert first.text == (
        "The film is called\n\nFrom Russia with love\n\nand I liked it.\nFrom here on the line is quoted."
    )
    assert (second.in_reply_to, second.thread) == (first.key.native_id, first.thread)
    (left_out,) = (fact for fact in facts if isinstance(fact, Rejected))
    assert left_out.reason == "Mails that are not from one person to another were left out: 1 of mailing lists."
    assert {fact.handle for fact in facts if isinstance(fact, Profile) and fact.is_owner} == {"maya@sales.example"}
    assert {fact.handle for fact in facts if isinstance(fact, Profile) and fact.known} == {"joe@acme.example"}
    assert read(path) == facts


def test_real_unquoted_from_lines() -> None:
    facts = read(real("mbox/unquoted_from_lines.mbox"))
    assert titles(facts) == [f"Message {number}" for number in (1, 2, 3, 4)]
    days = {f"{fact.published:%Y-%m-%d}" for fact in facts if isinstance(fact, Activity)}
    assert days == {"2025-09-26"}


def test_every_real_mail_is_recognised_and_read_on_its_own() -> None:
    files = sorted(real("eml").glob("*/*"))
    assert len(files) == 46
    unknown = [file.name for file in files if SOURCE.recognise(file) is None]
    assert unknown == []
    counts = {file.name: len(titles(read(file))) for file in files}
    assert {name for name, count in counts.items() if count != 1} == {
        "bad_encoded_subject.eml", "encoding_madness.eml", "example13.eml"}  # fmt: skip


def test_a_real_folder_of_mails() -> None:
    assert title(real("eml/ruby_mail")) == "Folder of mail messages"
    assert len(titles(read(real("eml/ruby_mail")))) == 31 - 3


def test_mail_is_not_seen_in_other_files(tmp_path: Path) -> None:
    others = {"a.csv": "From,To,Subject\na,b,c\n", "b.vcf": "BEGIN:VCARD\nVERSION:3.0\nFN:x\nEND:VCARD\n", "c.eml": "",
              "d.ics": "BEGIN:VCALENDAR\n", "e.txt": "From Russia with love\n\n", "f.json": "{}", "g.md": "Title: x\nDate: y\n\n"}  # fmt: skip
    for name, text in others.items():
        assert SOURCE.recognise(write(tmp_path / "others" / name, text)) is None, name
    (tmp_path / "z.bin").write_bytes(bytes(range(256)) * 10)
    assert SOURCE.recognise(tmp_path / "z.bin") is None
    assert SOURCE.recognise(tmp_path / "missing") is None
    assert SOURCE.recognise(tmp_path / "others") is None
    with pytest.raises(UnreadableFile, match="holds no mail"):
        read(tmp_path / "others")
    with pytest.raises(UnreadableFile, match=r"missing.*could not be read"):
        read(tmp_path / "missing")


def test_maildir_with_flags(tmp_path: Path) -> None:
    box = tmp_path / "Mail"
    write(box / "cur" / "1.host;2,S", letter(1))
    write(box / "cur" / "2.host;2,ST", letter(2))
    write(box / "new" / "3.host", letter(3))
    write(box / "tmp" / "4.host", letter(4))
    write(box / ".Sent" / "cur" / "5.host;2,S", letter(5, "maya@sales.example", "joe@acme.example"))
    (box / ".Drafts" / "cur").mkdir(parents=True)
    assert title(box) == "Maildir"
    assert sorted(titles(read(box))) == ["Mail 1", "Mail 3", "Mail 5"]
    reasons = [fact.reason for fact in read(box) if isinstance(fact, Rejected)]
    assert reasons[1:] == ["Mails that are not from one person to another were left out: 1 among drafts, deleted mail and spam."]


def test_apple_mailbox_and_emlx(tmp_path: Path) -> None:
    apple = tmp_path / "Archive.mbox"
    write(apple / "mbox", mailbox(letter(1), letter(2)))
    write(apple / "table_of_contents", "x")
    assert title(apple) == "Mailbox (Apple Mail)"
    assert titles(read(apple)) == ["Mail 1", "Mail 2"]
    text = letter(3)
    one = write(tmp_path / "3.emlx", f"{len(text)}\n{text}<?xml version='1.0'?><plist/>")
    assert title(one) == "Mail message"
    assert [fact.text for fact in read(one) if isinstance(fact, Activity)] == ["Text 3."]


def test_thunderbird_folder(tmp_path: Path) -> None:
    write(tmp_path / "Inbox", mailbox(letter(1), letter(2, more="X-Mozilla-Status: 0008\n")))
    write(tmp_path / "Inbox.msf", "// index")
    write(tmp_path / "prefs.js", "x")
    assert title(tmp_path) == "Mailbox (mbox)"
    facts = read(tmp_path)
    assert titles(facts) == ["Mail 1"]


def test_a_mail_that_begins_with_a_from_line_is_one_mail(tmp_path: Path) -> None:
    path = write(tmp_path / "one.eml", mailbox(letter(1)) + "\nFrom a@b.example\nNote: still the text\n")
    assert title(path) == "Mail message"
    assert titles(read(path)) == ["Mail 1"]


def test_the_owner_is_what_the_user_says(tmp_path: Path) -> None:
    path = write(tmp_path / "box", mailbox(letter(1), letter(2, "maya@home.example", "joe@acme.example")))
    facts = read(path, me="Maya <MAYA@sales.example>, maya@home.example", mine=frozenset({"maya@third.example"}))
    owners = {fact.handle for fact in facts if isinstance(fact, Profile) and fact.is_owner}
    assert owners == {"maya@sales.example", "maya@home.example", "maya@third.example"}
    assert {fact.handle for fact in facts if isinstance(fact, Profile) and fact.known} == {"joe@acme.example"}


def test_the_owner_is_only_named_when_certain(tmp_path: Path) -> None:
    inbox = [letter(n, f"p{n}@x.example", more="Delivered-To: maya@sales.example\n") for n in range(5)]
    sent = letter(9, "maya@sales.example", "p1@x.example", "X-Gmail-Labels: Sent\n")
    owner = {}
    for name, letters in {"both": [*inbox, sent], "never sent": inbox, "two": [letter(1), sent], "mixed": [
        letter(n, f"p{n}@x.example", f"p{n + 1}@x.example") for n in range(6)]}.items():  # fmt: skip
        found = SOURCE.recognise(write(tmp_path / name, mailbox(*letters)))
        assert found is not None
        owner[name] = found.owner
    assert owner == {"both": "maya@sales.example", "never sent": "", "two": "", "mixed": ""}


def test_bad_mails_do_not_lose_the_others(tmp_path: Path) -> None:
    path = write(tmp_path / "box", mailbox(letter(1), "To: x@y.example\nSubject: nobody\n\nx\n", letter(3)))
    facts = read(path)
    assert titles(facts) == ["Mail 1", "Mail 3"]
    (bad,) = (fact for fact in facts if isinstance(fact, Rejected))
    assert bad.where.startswith("box, byte ")


def test_threads_join_over_mails_that_name_only_what_they_answer(tmp_path: Path) -> None:
    letters = [letter(1), letter(2, more="In-Reply-To: <1@x>\n"), letter(3, more="In-Reply-To: <2@x>\n"), letter(4)]
    facts = read(write(tmp_path / "box", mailbox(*letters)))
    threads = [fact.thread for fact in facts if isinstance(fact, Activity)]
    assert threads == ["mid:1@x", "mid:1@x", "mid:1@x", "mid:4@x"]


def test_coverage_and_progress(tmp_path: Path) -> None:
    path = write(tmp_path / "box", mailbox(*(letter(n, more=f"X-Fill: {'x' * 1000}\n") for n in range(3000))))
    found = list(SOURCE.read(path, Options(mine=frozenset({"maya@sales.example"}))))
    steps = [one for one in found if isinstance(one, Progress)]
    assert len(steps) >= 3
    assert [one.done for one in steps] == sorted(one.done for one in steps)
    assert steps[-1].done == steps[-1].total == path.stat().st_size
    (coverage,) = (one for one in found if isinstance(one, Coverage))
    assert (coverage.since, coverage.until) == (
        datetime(2024, 1, 1, 9, tzinfo=UTC), datetime(2024, 1, 28, 9, tzinfo=UTC))  # fmt: skip
    assert sum(isinstance(one, Profile) for one in found) == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured on Unix only")
def test_a_mailbox_of_60_mb_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.mbox"
    with path.open("w", encoding="ascii", newline="\n") as stream:
        for number in range(1200):
            more = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
            tail = "\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\n" + "QUFB" * 18 * 700
            stream.write(mailbox(letter(number, f"p{number}@x.example", more=more) + tail + "\n--b--\n\n"))
    assert path.stat().st_size > 60_000_000
    code = """
        import sys
        from pathlib import Path
        from relationdesk.model import Activity
        from relationdesk.sources.base import Options
        from relationdesk.sources.mail_files import MailFiles
        from tests.memory import most_mb
        before = most_mb()
        count = sum(isinstance(one, Activity) for one in MailFiles().read(Path(sys.argv[1]), Options()))
        sys.stdout.write(f"{count} {most_mb() - before}")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[2], timeout=120,
    )  # fmt: skip
    count, grown = done.stdout.split()
    assert int(count) == 1200
    assert float(grown) < 40
