"""A mailbox through the whole way in: thrice is once, the dates are those of the mails, stopping anywhere leaves nothing."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import Cancelled
from relationdesk.model import Key, Precision
from relationdesk.services import import_undo, importing
from relationdesk.services import people as deciding
from relationdesk.store import activities
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_desk
from tests.facts import NOW, person_id, state

ME = "sam@hotel.example"


def letter(number: int, date: str, *, sender: str = "Joe Brown <joe@acme.example>", to: str = ME, id_: bool = True) -> str:
    ident = f"Message-ID: <{number}@x>\n" if id_ else ""
    return f"From - Mon Jan 08 09:00:00 2024\nFrom: {sender}\nTo: {to}\nSubject: Mail {number}\n{ident}Date: {date}\n\nText {number}.\n\n"


def mailbox(folder: Path, name: str, *letters: str) -> Path:
    path = folder / name
    path.write_text("".join(letters), encoding="utf-8", newline="\n")
    return path


def day(number: int) -> str:
    return f"Mon, {number % 28 + 1} Jan 2024 09:00:00 +0000"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Desk]:
    db = open_desk(tmp_path / "desk")
    yield db
    db.close()


def bring_in(db: Desk, path: Path) -> importing.Imported:
    _, done = importing.import_now(db, path, now=NOW, me=ME)
    assert done is not None
    return done


def test_trap_05_a_mailbox_three_times_is_one_also_without_message_ids(db: Desk, tmp_path: Path) -> None:
    mine = letter(9, day(9), sender=f"Sam <{ME}>", to="Joe Brown <joe@acme.example>")
    path = mailbox(tmp_path, "Inbox", *(letter(n, day(n), id_=n % 2 == 0) for n in range(8)), mine)
    bring_in(db, path)
    before = state(db)
    for _ in range(2):
        counts = bring_in(db, path).counts
        assert (counts.new_activities, counts.new_profiles, counts.changed, counts.unchanged) == (0, 0, 0, 9)
        assert state(db) == before
    archive = mailbox(tmp_path, "Archive", letter(2, day(2)), letter(50, day(5)))
    assert bring_in(db, archive).counts.new_activities == 1


def test_trap_07_dates_are_those_of_the_mails(db: Desk, tmp_path: Path) -> None:
    bring_in(db, mailbox(tmp_path, "box", letter(1, "Mon, 8 Jan 2024"), letter(2, "no date at all"), letter(3, "Mon, 8 Jan 2024 09:00:00 +0100")))
    found = [activities.by_key(db, Key("mail", f"mid:{n}@x")) for n in (1, 2, 3)]
    told = [(item.activity.published, item.activity.precision) for item in found if item is not None and item.activity is not None]
    midnight = datetime(2024, 1, 8, tzinfo=UTC)
    # Without a date of its own, the second has the day of the line that parts it from the first.
    assert told == [(midnight, Precision.DAY), (midnight, Precision.DAY), (midnight.replace(hour=8), Precision.SECOND)]


def test_trap_08_an_old_mail_arriving_late_does_not_move_the_last_touch(db: Desk, tmp_path: Path) -> None:
    mine = letter(5, day(20), sender=f"Sam <{ME}>", to="Joe Brown <joe@acme.example>")
    bring_in(db, mailbox(tmp_path, "new", letter(1, day(21)), mine))
    joe = persons.get(db, person_id(db, "Joe Brown"))
    old = letter(7, "Mon, 2 Jan 2017 09:00:00 +0000", sender=f"Sam <{ME}>", to="joe@acme.example")
    bring_in(db, mailbox(tmp_path, "old", letter(6, "Sun, 1 Jan 2017 09:00:00 +0000"), old))
    late = persons.get(db, person_id(db, "Joe Brown"))
    assert joe is not None and late is not None
    assert (late.last_in, late.last_out) == (joe.last_in, joe.last_out)
    assert activities.count(db) == 4


def test_stopping_anywhere_leaves_the_desk_as_it_was(db: Desk, tmp_path: Path) -> None:
    bring_in(db, mailbox(tmp_path, "first", letter(1, day(1))))
    before = state(db, "batches", "sightings", "overwritten")
    fill = "x" * 4000
    path = mailbox(tmp_path, "big", *(letter(n, day(n), sender=f"p{n}@y.example") + fill + "\n\n" for n in range(3000)))
    dice = random.Random(7)
    for last in [1, *(dice.randint(1, 12) for _ in range(5))]:
        asked = iter(range(1, 10_000))
        with pytest.raises(Cancelled):
            importing.import_now(db, path, now=NOW, me=ME, stop=lambda asked=asked, last=last: next(asked) >= last)  # type: ignore[misc]
        assert state(db, "batches", "sightings", "overwritten") == before
        assert list((tmp_path / "desk" / "staging").glob("*")) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_program_killed_while_it_stages_leaves_a_whole_desk(db: Desk, tmp_path: Path) -> None:
    bring_in(db, mailbox(tmp_path, "first", letter(1, day(1))))
    before = state(db, "batches")
    db.close()
    path = mailbox(tmp_path, "big", *(letter(n, day(n), sender=f"p{n}@y.example") for n in range(20_000)))
    desk = tmp_path / "desk"
    command = [sys.executable, "-m", "relationdesk", "--desk", str(desk), "import", str(path), "--me", ME]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        while program.poll() is None and not list((desk / "staging").glob("*.db")):
            pass  # the moment its staging is there
        program.send_signal(signal.SIGKILL)
    assert program.returncode == -signal.SIGKILL
    assert list((desk / "staging").glob("*.db"))
    check = subprocess.run([*command[:5], "check"], cwd=root, capture_output=True, text=True, check=False, timeout=60)
    assert check.returncode == 0, check.stderr
    assert list((desk / "staging").glob("*")) == []
    again = open_desk(desk)
    assert state(again, "batches") == before
    again.close()


def test_taking_a_mailbox_back_leaves_no_address_of_nobody(db: Desk, tmp_path: Path) -> None:
    """An address like news@ is nobody's by itself; only what the user said of one stays."""
    said, unsaid, taken = (f"{name}@acme.example" for name in ("newsletter", "news", "info"))
    path = mailbox(tmp_path, "box.mbox", *(letter(n, day(n), sender=f"Acme <{sender}>") for n, sender in enumerate((said, unsaid, taken), start=1)))
    done = bring_in(db, path)
    ids = {name: int(id_) for id_, name in db.execute("SELECT id, native_id FROM profiles")}
    for name in (said, taken):
        deciding.settle(db, ids[name], "", NOW)
        deciding.settle(db, ids[name], "nobody", NOW)
    for _ in range(2):
        deciding.undo(db, NOW)
    import_undo.undo(db, NOW, done.batch)
    assert [name for (name,) in db.execute("SELECT native_id FROM profiles")] == [said]
