"""The file readers: how fast each is beside the standard library on the same bytes, and that hostile input costs linear time."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import mailbox
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.exports import SENTENCE, exports, mbox
from bench.measure import Row, ratio
from relationdesk.markup import html_to_text
from relationdesk.model import Progress
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import Options
from relationdesk.text import canonical_url, fold, mail_address, name_words, tidy

PEOPLE, MESSAGES, MAILS = 20_000, 20_000, 2_000
HOSTILE = ("a", " ", "\n", " \n", "\u00a0", "a ", "a@", "<a ", "<!--", "&nbsp;", "<td> </td>", "\u0301")
SHORT, LONG = 40_000, 160_000


def file_readers(folder: Path) -> list[Row]:
    """Every reader on one large file of its format; the floor reads and decodes the same bytes without understanding them."""
    folder = folder / "reading"
    folder.mkdir()
    found = [
        _row("contact list of 20,000 rows", "csv_contacts", _table(folder / "people.csv"), "csv.reader", _csv_alone),
        _row("vCards of 20,000 people", "vcard", _cards(folder / "people.vcf"), "decoded, in lines", _lines_alone),
        _row("LinkedIn archive of 20,000 messages", "linkedin_archive", _archive(folder / "archive.zip"), "zipfile and csv.reader", _zip_alone),
        _row("mailbox of 2,000 mails", "mail_files", _mbox(folder / "mail.mbox"), "mailbox and email", _mail_alone),
    ]
    for one in exports(folder):
        found.append(_row(one.name, one.format, one.path, one.floor_name, one.floor, one.options, one.count))
        one.path.unlink()
    return found


def linear(folder: Path) -> list[Row]:
    """Four times the length of text made to be slow: four times as long if the time grows with the length, else sixteen."""
    jobs: dict[str, Callable[[str], object]] = {
        "tidy": tidy, "fold": fold, "mail_address": mail_address, "canonical_url": canonical_url, "name_words": name_words.__wrapped__,
        "html_to_text": html_to_text,
    }  # fmt: skip
    short, long = ([(piece * size)[:size] for piece in HOSTILE] for size in (SHORT, LONG))
    return [
        ratio(f"{name}, hostile text of {LONG:,} letters", f"{SHORT:,} letters", 8, partial(_each, job, long), partial(_each, job, short), rounds=3)
        for name, job in jobs.items()
    ]  # fmt: skip


def _row(
    name: str, format: str, path: Path, floor_name: str, floor: Callable[[Path], object], options: Options = Options(), count: int = MAILS,  # noqa: B008  # frozen
) -> Row:  # fmt: skip
    size = path.stat().st_size / 1e6
    source = next(source for source in FILE_SOURCES if source.name == format)

    def read() -> None:
        facts = sum(not isinstance(fact, Progress) for fact in source.read(path, options))
        assert facts >= count

    return ratio(name, floor_name, None, read, partial(floor, path), rounds=3, remark=f"{size:.1f} MB, read to facts, nothing stored")


def _each(job: Callable[[str], object], texts: list[str]) -> None:
    for text in texts:
        job(text)


def _table(path: Path) -> Path:
    lines = (
        f'Person {n},Example,person{n}@firm{n % 400}.example,+47 22 {n:06},Firm {n % 400},Buyer,"{SENTENCE}"\n'
        for n in range(PEOPLE)
    )
    path.write_text("First Name,Last Name,Email,Phone,Company,Job Title,Notes\n" + "".join(lines), encoding="utf-8")
    return path


def _cards(path: Path) -> Path:
    cards = (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Example;Person {n};;;\r\nFN:Person {n} Example\r\nORG:Firm {n % 400}\r\n"
        f"EMAIL;TYPE=work:person{n}@firm{n % 400}.example\r\nTEL;TYPE=cell:+47 22 {n:06}\r\nNOTE:{SENTENCE}\r\nEND:VCARD\r\n"
        for n in range(PEOPLE)
    )
    path.write_text("".join(cards), encoding="utf-8", newline="")
    return path


def _archive(path: Path) -> Path:
    me = "Sam Seller,https://www.linkedin.com/in/sam-seller"
    people = [f"Person {n},https://www.linkedin.com/in/person-{n}" for n in range(200)]
    rows = [
        f'c{n % 200},,{a},{b},2024-{n % 12 + 1:02}-{n % 28 + 1:02} 10:{n % 60:02}:00 UTC,,"{SENTENCE}{n}",INBOX\n'
        for n in range(MESSAGES)
        for a, b in [(me, people[n % 200]) if n % 2 else (people[n % 200], me)]
    ]
    header = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Profile.csv", "First Name,Last Name,Headline\nSam,Seller,Sales\n")
        archive.writestr("messages.csv", header + "".join(rows))
    return path


def _mbox(path: Path) -> Path:
    path.write_text(mbox(MAILS), encoding="utf-8")
    return path


def _csv_alone(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def _lines_alone(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for _ in file:
            pass


def _zip_alone(path: Path) -> None:
    with zipfile.ZipFile(path) as archive, archive.open("messages.csv") as member:
        for _ in csv.reader(io.TextIOWrapper(member, encoding="utf-8", newline="")):
            pass


def _mail_alone(path: Path) -> None:
    for raw in mailbox.mbox(path, create=False):
        found = email.message_from_bytes(raw.as_bytes(), policy=email.policy.default)
        found.get_content()


FILES = {"files": file_readers, "linear": linear}
