"""Bend the examples of every file source at random, each source in a child process with limits, and look what its reader does.

`python -m tests.fuzz [TURNS [SOURCE …]]` (10,000 turns of every source by default; `make fuzz`) prints a line per source; exit 1 if
anything is wrong. The suite runs a short form of it. A turn has a number: the same number bends the same bytes again.

Wrong is: any error but the reader's own sentence, a broken promise, another answer when the same is read again, a desk that is not
in order after bringing it in, more than SECONDS of processor time, or more than MEMORY over the start.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Key, Precision, Profile, Progress, Rejected
from relationdesk.services import importing
from relationdesk.services.sample_input import write_sample
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import FileSource, Options
from relationdesk.store import caches
from relationdesk.store.database import open_memory, transaction
from tests.compound_files import saved
from tests.fuzz_records import REBUILT
from tests.outlook_files import Thing

TURNS = 10_000
SECONDS = 2.0
MEMORY = 300 * 1024 * 1024
NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)
EXAMPLES = Path(__file__).parent / "data"
BITS = (
    b"\0", b"\n", b"\r", b"\r\n", b'"', b'""', b'\\"', b",", b";", b"\t", b"|", b":", b"=", b"=\n", b"\xff", b"\xff\xfe", b"\xfe\xff",
    b"\xed\xa0\x80", b"\xef\xbb\xbf", b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\n", b"\n ", b"PK\x03\x04", b"\xe2\x80\xae", b"{", b"}", b"[" * 50, b"]",
    b"null", b"-1", b"1e999", b"9999-12-31 23:59:59", b"0001-01-01 00:00:00", b"31/12/99, 25:61 PM", b"9" * 400, b"=cmd|' /c calc'!A0",
    b"ENCODING=QUOTED-PRINTABLE", b"CHARSET=utf-7", b"urn:li:activity:99999999999999999999", b"../../etc/passwd", b"a@b.example;" * 50,
    b"RRULE:FREQ=DAILY\r\n", b"DTSTART:20260101T100000Z\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\n", b"<DL><DT><A HREF=", b"<!--", b"&#0;", b"\\ud800", b"\nFrom ",
)  # fmt: skip
"""What has broken readers before: ends, quotes, marks, halves of letters, brackets, dates and numbers that are none."""
IN_PLACE = (b"!BDN", b"\xd0\xcf\x11\xe0")
"""Data files and messages of Outlook are full of offsets: one byte more or less, and nothing of them is read any more."""
CRAFTED = {
    "mail_files": (
        saved(
            Thing(
                properties={0x001A: "IPM.Note", 0x0037: "Menu", 0x0039: NOW, 0x1013: "<p>Dear Sam</p>", 0x1035: "<1@a.example>", 0x0C1A: "Ann", 0x0C1F: "ann@a.example"},
                people=[{0x3001: "Sam", 0x39FE: "sam@b.example", 0x0C15: 1}], attached=[{0x3707: "menu.pdf"}],
            )
        ),
    ),
    "vcard": (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nUID:1\r\nN;CHARSET=utf-8;QUOTED-PRINTABLE:=C3=91;Ann;;Dr.;\r\nTEL;CELL:+47 1\r\nORG:Acme;Sales\r\n"
        b"item1.EMAIL;TYPE=work:a@b.example\r\nNOTE:one\\, two\r\n  three\r\nX-SOCIALPROFILE;type=twitter;x-user=ann:x-apple:ann\r\nEND:VCARD\r\n",
    ),
    "csv_contacts": (
        b'Record ID,First Name,Email,Lead Status\n1,"Ann, B",a@b.example,NEW\n2,Bob,b@b.example,\n',
        "Vorname;Name;E-Mail;Notizen\nZoë;Müller;z@a.example;\"a\nb\"\n'=x;'+y;;\n".encode("cp1252"),
        "Name,E-mail 1 - Value,Phone 1 - Value\nAnn,a@b.example ::: c@d.example,1 ::: 2\n".encode("utf-16"),
        b"Day,Hour,Customer,Post,Sort,About,Told,Way\n13/03/2024,14:30,Ann;Bob,a@b.example;b@b.example,Call,Prices,\"a\nb\",in\n2024-03-14,,Bob,b@b.example,Visit,,x,out\n",
        b'{"at": 1710336600, "who": {"name": "Ann", "mail": ["a@b.example"]}, "told": "Hi", "sort": "sms"}\n{"at": "2024-03-14T10:00:00Z", "who": {"name": "Bob"}, "told": "Hi\\n", "way": "out"}\n',
    ),
}  # fmt: skip


TAUGHT = {
    ("csv_contacts", 3): {"Day": "date", "Hour": "time", "Customer": "name", "Post": "mail", "Sort": "kind", "About": "subject", "Told": "text", "Way": "direction"},
    ("csv_contacts", 4): {"at": "date", "who.name": "name", "who.mail": "mail", "told": "text", "sort": "kind"},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Example:
    """A file or folder, and what is said about it. mapping: of its columns, where they were taught."""

    path: Path
    me: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Result:
    """Of one source. wrong: at most ten, each with its turn and what happened. refused: turns that ended in the reader's own sentence."""

    source: str
    turns: int = 0
    refused: int = 0
    activities: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


class TooSlow(BaseException):
    """Not an Exception, so that nothing on the way takes it for a broken record."""


def bent(raw: bytes, dice: random.Random) -> bytes:
    out = bytearray(raw)
    if raw.startswith(IN_PLACE) and dice.random() < 0.95:
        for _ in range(dice.choice((1, 2, 5, 12))):
            bit, at = dice.choice((*BITS, dice.randbytes(1), dice.randbytes(2), dice.randbytes(4)))[:8], dice.randrange(len(out))
            out[at : at + len(bit)] = bit[: len(out) - at]
        return bytes(out)
    for _ in range(dice.choice((1, 2, 5, 12))):
        at = dice.randrange(len(out) + 1)
        match dice.randrange(5):
            case 0 | 1:
                out[at : at + dice.choice((0, 1, 8, 60))] = dice.choice(BITS)
            case 2:
                out[at : at + 1] = dice.randbytes(2)
            case 3:
                del out[at : at + dice.choice((1, 10, 100, 10_000))]
            case _:
                out[at:at] = dice.choice(BITS) * dice.choice((1, 10, 500))
    return bytes(out)


def examples(source: FileSource, scratch: Path) -> list[Example]:
    """Of tests/data where the source has its own, else of the sample; zips as folders, so that what is in them is bent."""
    root = EXAMPLES / source.name
    if not root.is_dir():
        root = scratch / "sample"
        write_sample(root, date(2026, 11, 20))
    found = []
    for entry in json.loads((root / "index.json").read_text(encoding="utf-8")).get("files", ()):
        path = root / entry["path"]
        best = max((seen for one in FILE_SOURCES if (seen := one.recognise(path))), key=lambda seen: seen.certainty)
        if (entry["format"] or best.format) == source.name:
            found.append(Example(path=_unpacked(path, scratch), me=entry["me"], answers=entry.get("answers", {})))
    for number, raw in enumerate(CRAFTED.get(source.name, ())):
        path = scratch / f"crafted-{number}"
        path.write_bytes(raw)
        found.append(Example(path=path, mapping=TAUGHT.get((source.name, number), {})))
    return found


def _unpacked(path: Path, scratch: Path) -> Path:
    if not zipfile.is_zipfile(path):
        return path
    folder = scratch / f"{path.stem}-unpacked"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def promises(facts: Iterable[Fact]) -> None:
    """What must hold of whatever a reader makes of bent bytes."""
    named: set[Key] = set()
    for fact in facts:
        words: list[str] = []
        match fact:
            case Profile():
                named.add(fact.key)
                words = [*fact.key, fact.display_name, fact.title, fact.company, fact.handle, fact.url, *(a.value for a in fact.addresses)]
                assert all("\n" not in word and len(word) <= 2_000 for word in words)
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


def turn(source: FileSource, example: Example, number: int, scratch: Path) -> list[Fact]:
    """One turn: bend, recognise, read twice, now and then bring in. Raises what went wrong, UnreadableFile for a refusal."""
    dice = random.Random(f"{source.name} {number}")
    path = _bent_copy(example.path, dice, scratch, REBUILT.get(source.name))
    seen = source.recognise(path)
    if number % 10 == 0:
        for other in FILE_SOURCES:
            other.recognise(path)
    every = frozenset(part.name for part in seen.parts) if seen and dice.random() < 0.3 else None
    answers = {ask.name: dice.choice(ask.choices)[0] for ask in seen.asks if ask.choices} if seen else {}
    me = answers.pop("me", "") if dice.random() < 0.5 else example.me
    options = Options(me=me or example.me, answers={**example.answers, **answers}, parts=every, mapping=example.mapping)
    facts = [fact for fact in source.read(path, options) if not isinstance(fact, Progress)]
    promises(facts)
    assert facts == [fact for fact in source.read(path, options) if not isinstance(fact, Progress)], "another answer the second time"
    if number % 10 == 0:
        _bring_in(source, path, options)
    return facts


def _bent_copy(original: Path, dice: random.Random, scratch: Path, rebuilt: Callable[[random.Random], bytes] | None = None) -> Path:
    copy = scratch / "bent" / original.name
    shutil.rmtree(copy.parent, ignore_errors=True)
    copy.parent.mkdir()
    if original.is_file():
        again = rebuilt if rebuilt and dice.random() < 0.75 else None
        copy.write_bytes(again(dice) if again else bent(original.read_bytes(), dice))
        return copy
    shutil.copytree(original, copy)
    files = sorted(file for file in copy.rglob("*") if file.is_file())
    for file in files:
        if dice.random() < 0.6 or len(files) == 1:
            file.write_bytes(bent(file.read_bytes(), dice))
    return copy


def _bring_in(source: FileSource, path: Path, options: Options) -> None:
    """Twice into a desk in memory: the second time nothing is new, and the desk is in order."""
    with closing(open_memory()) as db:
        for again in (False, True):
            _, imported = importing.import_now(
                db, path, now=NOW, format=source.name, me=options.me, answers=options.answers, parts=options.parts, mapping=options.mapping
            )
            assert imported is not None
            if again:
                new = imported.counts.new_activities, imported.counts.new_profiles, imported.people
                assert new == (0, 0, 0), f"{new} new the second time"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        with transaction(db):
            assert caches.repair(db) == 0, "what is cached is wrong"


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """At most so much processor time; TooSlow after it."""

    def over(signum: int, frame: FrameType | None) -> None:
        raise TooSlow

    signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def child(name: str, turns: int, seconds: float) -> Result:
    """All turns of a source, in this process."""
    (source,) = (one for one in FILE_SOURCES if one.name == name)
    result = Result(source=name)
    with tempfile.TemporaryDirectory() as folder:
        given = examples(source, Path(folder))
        for one in given:  # whatever is imported late is imported before the limit is set
            _whole(source, one)
        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
        for number in range(turns):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
            result.turns += 1
            try:
                with limited(seconds):
                    result.activities += sum(isinstance(f, Activity) for f in turn(source, given[number % len(given)], number, Path(folder)))
            except UnreadableFile as error:
                result.refused += 1
                if not ("othing was" in str(error) and str(error).endswith(".") and "\n" not in str(error)):
                    result.wrong.append(f"turn {number}: a refusal that is no sentence: {error}")
            except TooSlow:
                result.wrong.append(f"turn {number}: more than {seconds} seconds")
            except BaseException as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                result.wrong.append(f"turn {number}: {type(error).__name__} in {Path(where.filename).name} line {where.lineno}: {error}"[:500])
                if not isinstance(error, Exception):
                    raise
            result.slowest = max(result.slowest, resource.getrusage(resource.RUSAGE_SELF).ru_utime - before)
            if len(result.wrong) >= 10:
                break
    return result


def _whole(source: FileSource, example: Example) -> None:
    options = Options(me=example.me, answers=example.answers, mapping=example.mapping)
    assert [fact for fact in source.read(example.path, options) if isinstance(fact, Activity | Profile)], example.path
    _bring_in(source, example.path, options)


def run(name: str, turns: int, seconds: float = SECONDS) -> Result:
    """All turns of a source, in a child of its own; one that dies is wrong, too."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--child", name, str(turns), str(seconds)], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    try:
        return Result(**json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, IndexError):
        return Result(source=name, wrong=[f"the child ended with {done.returncode}: {done.stderr[-800:]}"])


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        sys.stdout.write(json.dumps(vars(child(sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))) + "\n")
        return 0
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    names = sys.argv[2:] or [source.name for source in FILE_SOURCES]
    wrong = 0
    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(lambda name: run(name, turns), names):
            wrong += len(result.wrong)
            sys.stdout.write(
                f"{result.source}: {result.turns:,} turns, {result.refused:,} refused, {result.activities:,} activities, "
                f"slowest {result.slowest:.2f} s, {len(result.wrong)} wrong\n"
            )
            sys.stdout.writelines(f"  {line}\n" for line in result.wrong)
            sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
