"""The disk fails at every single statement of every operation: old or new, never half; told; and the next try works."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import RelationDeskError
from relationdesk.outgoing import Deed, State
from relationdesk.services import (
    backup,
    bringing,
    drafts,
    export,
    importing,
    notes,
    outbox,
    particulars,
    people,
    restore_export,
    templates,
)
from relationdesk.store import faults, portions
from relationdesk.store import templates as stored_templates
from relationdesk.store.database import Desk, close_desk, open_desk
from relationdesk.store.templates import Purpose
from tests.facts import NOW, bring, did, who
from tests.outgoing import LOGIN, sign_in
from tests.outgoing import Place as Sender

JOE, ANN = who("Joe Brown"), who("Ann Example", "linkedin")
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cleo Sample\r\nEMAIL:cleo@example.com\r\nNOTE:words\r\nEND:VCARD\r\n"
FAULTS = {"disk I/O error": sqlite3.SQLITE_IOERR, "database or disk is full": sqlite3.SQLITE_FULL}


class Failing(sqlite3.Connection):
    """A connection whose disk fails at a statement: the `left`-th from now of all such connections together."""

    left = -1
    lasting = False
    message = ""

    def _fail_or_go_on(self, sql: str) -> None:
        if Failing.left < 0 or sql.startswith("ROLLBACK"):
            return
        if Failing.left > 0:
            Failing.left -= 1
            return
        Failing.left = 0 if Failing.lasting else -1
        error = sqlite3.OperationalError(Failing.message)
        error.sqlite_errorcode = FAULTS[Failing.message]  # type: ignore[misc]
        raise error

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
        self._fail_or_go_on(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
        self._fail_or_go_on(sql)
        return super().executemany(sql, *values)


@dataclass(frozen=True)
class Place:
    """Where an operation works: a desk, a file to bring in, a copy of another desk, an export, and a folder to write to."""

    desk: Path
    card: Path
    copy: Path
    exported: Path
    out: Path


def save_note(db: Desk, at: Place) -> None:
    drafts.save(db, "anywhere", "the new words", NOW)
    notes.write(db, "the new words", NOW, person_id=1, slot="anywhere")


def link(db: Desk, at: Place) -> None:
    ((ann,),) = db.execute("SELECT id FROM profiles WHERE native_id = 'ann.example'").fetchall()
    people.link(db, ann, 1, NOW)


def save_template(db: Desk, at: Place) -> None:
    templates.save(db, NOW, name="Thanks", purpose=Purpose.MAIL, subject="The talk", text="Thank you, {first name}.")


def change_template(db: Desk, at: Place) -> None:
    (old,) = stored_templates.every(db)
    templates.save(db, NOW, name="Talk", purpose=Purpose.MESSAGE, text="Other words.", uid=old.uid)


def keep_in_mind(db: Desk, at: Place) -> None:
    particulars.keep(db, 1, "dog", "Bruno", NOW)


def begin_to_say(db: Desk, at: Place) -> None:
    outbox.put(db, outbox.New(person_id=1, place="mastodon", deed=Deed.MESSAGE, text="new words to send"), NOW)


def write_on(db: Desk, at: Place) -> None:
    outbox.edit(db, outbox.every(db)[0].uid, NOW, text="other words")


def send(db: Desk, at: Place) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(outbox, "senders", lambda: {"mastodon": Sender()})
        (entry,) = outbox.every(db)
        if entry.state is State.DRAFT:
            outbox.send(db, entry.uid, NOW)


def bring_in(db: Desk, at: Place) -> None:
    importing.import_now(db, at.card, now=NOW)


def bring_in_portions(db: Desk, at: Place) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bringing, "SMALL", 0)
        patched.setattr(portions, "TRANSACTION", 0.0)
        importing.import_now(db, at.card, now=NOW)


def take_out(db: Desk, at: Place) -> None:
    export.export_all(db, at.out / "csv", private=True, bom=False, now=NOW, report=lambda progress: None, stop=lambda: False)


def copy_it(db: Desk, at: Place) -> None:
    backup.backup(db, at.out / "copy.db", NOW)


def put_back(db: Desk, at: Place) -> None:
    db.close()
    backup.restore(at.desk, at.copy)


def fill_from_export(db: Desk, at: Place) -> None:
    restore_export.import_export(db, at.exported, NOW)


OPERATIONS: dict[str, tuple[Callable[[Desk, Place], None], bool]] = {
    "save a note": (save_note, True), "save a template": (save_template, True), "change a template": (change_template, True),
    "keep in mind": (keep_in_mind, True), "begin to say": (begin_to_say, True), "write on": (write_on, True), "send": (send, True), "link": (link, True), "import": (bring_in, True),
    "import in portions": (bring_in_portions, True), "export": (take_out, True),
    "backup": (copy_it, True), "restore": (put_back, True), "import an export": (fill_from_export, False),
}  # fmt: skip
"""With the desk it begins from: True one with people, False an empty one."""

AS_MADE = ("uid", "id", "note_uid", "person_uid")


def state(folder: Path) -> dict[str, object]:
    """What the desk says, without the numbers that are drawn anew each time, and what lies beside it."""
    with closing(open_desk(folder)) as db:
        bringing.settle(db)  # as every start does
        assert db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        said: dict[str, object] = {}
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*_fts*' AND name NOT GLOB 'sqlite_*'"
        for (table,) in db.execute(tables).fetchall():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if "uid" not in row[1]]
            if columns and table not in ("decision_rows", "ledger", "_sqlite_migrations"):
                said[table] = sorted(map(repr, db.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()))
    return said


def left_behind(at: Place) -> set[str]:
    parts = {path.name for path in (*at.desk.rglob("*"), *at.out.rglob("*")) if ".part" in path.name or path.parent.name == "staging"}
    half = {path.name for path in at.out.iterdir() if path.is_dir() and not (path / "manifest.json").exists()}
    return parts | half


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything an operation needs: copied for every run, never written to."""
    folder = tmp_path_factory.mktemp("ready")
    for name, facts in (("full", (JOE, did(JOE, "a"), ANN, did(ANN, "b"))), ("other", (JOE, did(JOE, "c"))), ("empty", ())):
        db = open_desk(folder / name)
        if facts:
            bring(db, facts)
            notes.write(db, "the old words", NOW, person_id=1)
            templates.save(db, NOW, name="Old thanks", purpose=Purpose.MAIL, text="The old words.")
            sign_in(db)
            outbox.put(db, outbox.New(person_id=1, place="mastodon", deed=Deed.REPLY, login=LOGIN.secret_name, towards=did(JOE, "a").key, text="old words to send"), NOW)
        if name == "other":
            backup.backup(db, folder / "copy.db", NOW)
            export.export_all(db, folder / "exported", private=True, bom=False, now=NOW, report=lambda progress: None, stop=lambda: False)
        close_desk(db)
    (folder / "card.vcf").write_text(CARD, encoding="utf-8", newline="")
    return folder


def fresh(ready: Path, scratch: Path, *, full: bool) -> Place:
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "out").mkdir(parents=True)
    desk = Path(shutil.copytree(ready / ("full" if full else "empty"), scratch / "desk", ignore=shutil.ignore_patterns("reserve")))
    return Place(desk=desk, card=ready / "card.vcf", copy=ready / "copy.db", exported=ready / "exported", out=scratch / "out")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    really = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **named: really(*args, factory=Failing, **named))
    yield
    Failing.left = -1


@pytest.mark.slow
@pytest.mark.parametrize(("message", "lasting"), [("disk I/O error", False), ("database or disk is full", True)], ids=["once", "lasting"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_old_or_new_never_half(ready: Path, tmp_path: Path, failing: None, name: str, message: str, lasting: bool) -> None:
    operation, full = OPERATIONS[name]
    at = fresh(ready, tmp_path / "run", full=full)
    old = state(at.desk)
    tell(operation, at, -1)
    new = state(at.desk)
    Failing.lasting, Failing.message = lasting, message
    for n in range(10_000):
        at = fresh(ready, tmp_path / "run", full=full)
        error = tell(operation, at, n)
        if error is None:
            finished = Failing.left > 0  # it came to its end before the fault
            Failing.left = -1
            assert state(at.desk) == new, n
            if finished:
                break
            continue  # what failed could be done without, or was done again
        assert isinstance(error, RelationDeskError) and "\n" not in str(error), (n, error)
        now = state(at.desk)
        assert now in (old, new) or drafted(now) == drafted(old), (n, error)
        assert left_behind(at) == set(), n
        assert tell(operation, at, -1) is None, n
        assert drafted(state(at.desk)) in (drafted(new), drafted(now)) or name == "save a note", n
    assert n > 1


def tell(operation: Callable[[Desk, Place], None], at: Place, n: int) -> Exception | None:
    """What the operation raises when the disk fails at its n-th statement; -1 for a good disk."""
    db = open_desk(at.desk)
    Failing.left = n
    try:
        with faults.told(at.desk / "desk.db"):
            operation(db, at)
    except (RelationDeskError, sqlite3.Error, OSError) as error:
        Failing.left = -1
        return error
    finally:
        left, Failing.left = Failing.left, -1
        db.close()
        Failing.left = left
    return None


def drafted(said: dict[str, object]) -> dict[str, object]:
    """Without the draft: it is saved before the note, and kept when the note is not."""
    return {table: rows for table, rows in said.items() if table != "drafts"}
