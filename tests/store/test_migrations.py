"""The shape of the desk explains itself, can be checked by SQLite, and is strict."""

from __future__ import annotations

import ast
import inspect
import re
import sqlite3
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from relationdesk.services import people
from relationdesk.store import database, migrations, migrations_later, migrations_latest, notes, search
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.shape import DIGEST, PARTS, SHAPE, digest
from tests.facts import NOW, ago, bring, did, who

SOURCE = inspect.getsource(migrations)


@pytest.fixture(scope="module")
def db() -> Desk:
    return open_memory()


def tables(db: Desk) -> list[tuple[str, str]]:
    """(name, SQL) of our own tables; those that full text makes for itself are left out."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'").fetchall()
    return [(n, s) for n, s in rows if not re.search(r"_fts|activities_spaced|^sqlite_|^_sqlite", n)]


def columns(db: Desk) -> list[tuple[str, str, str]]:
    """(table, column, its line in migrations.py)."""
    found = []
    for table, sql in tables(db):
        for column in (row[1] for row in db.execute(f"PRAGMA table_info({table})")):
            line = next(ln for ln in sql.splitlines() if re.search(rf"(^\s*|, ){column} (INTEGER|TEXT)", ln))
            found.append((table, column, line))
    return found


def test_every_column_is_explained(db: Desk) -> None:
    conventions = set(re.findall(r"`(\w+)`", ast.get_docstring(ast.parse(SOURCE)) or ""))
    every = columns(db)
    silent = [f"{t}.{c}" for t, c, line in every if "--" not in line and c not in conventions and f"{t}.{c}" not in conventions]
    assert len(every) > 100
    assert silent == []


def test_tables_are_strict_and_plural(db: Desk) -> None:
    odd = {"coverage", "outbox", "kept_apart", "forgotten", "overwritten", "bucket_people", "people"}
    for name, sql in tables(db):
        assert re.search(r"\)\s*STRICT(, WITHOUT ROWID)?$", sql), name
        assert name.endswith("s") or name in odd, name


def test_key_columns_come_first_where_there_is_no_rowid(db: Desk) -> None:
    bare = [name for name, sql in tables(db) if "WITHOUT ROWID" in sql]
    assert len(bare) > 8
    for name in bare:
        rows = db.execute(f"PRAGMA table_info({name})").fetchall()
        key = [row[5] for row in rows if row[5]]
        assert [row[5] for row in rows[: len(key)]] == list(range(1, len(key) + 1)), name


def test_a_filled_desk_is_whole(db: Desk) -> None:
    joe, mary = who("Joe Brown", mail="joe@x.example", web="https://x.example"), who("Mary Jones", "linkedin", company="Harborline")
    bring(db, [joe, mary, *(did(joe, f"{n}", ago(hours=n), "words 会議", to=[mary]) for n in range(300)), did(mary, "u", None)])
    bring(db, [joe, mary, *(did(joe, f"{n}", ago(hours=n), "other words", to=[mary]) for n in range(100))])
    assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('integrity-check')")
    assert NOW


def test_migrations_import_nothing_of_ours() -> None:
    source = SOURCE
    for module, before in ((migrations_later, "migrations"), (migrations_latest, "migrations_later")):
        source += inspect.getsource(module).replace(f"from relationdesk.store.{before} import migrations", "")
    names = [n for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom) for n in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])]
    assert names and not [n for n in names if n.startswith("relationdesk")]


def test_a_profile_is_a_persons_or_a_companys(db: Desk) -> None:
    with pytest.raises(Exception, match="CHECK"):
        db.execute("INSERT INTO profiles(person_id, company_id, place_id, native_id) VALUES (1, 1, 1, 'both')")


class Stopped(Exception):
    """The power went, before this statement."""


class Failing(sqlite3.Connection):
    """A connection that fails at the statement number `fails_at`, and lets only a rollback through after that."""

    fails_at = 0
    done = 0
    committed = False

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        self.done += 1
        if self.done > self.fails_at and not sql.startswith("ROLLBACK"):
            raise Stopped
        self.committed |= sql == "COMMIT"
        return super().execute(sql, *args)


def older_desk(folder: Path, shape: int) -> Path:
    """A desk as the first `shape` migrations made it."""
    path = folder / database.DESK_FILE
    db = sqlite3.connect(path, isolation_level=None)
    names = [migration.name for migration in migrations.migrations.pending(Database(db))]
    migrations.migrations.apply(Database(db), stop_before=names[shape])
    db.execute("INSERT INTO people(uid, name, made_at) VALUES ('u', 'Joe Brown', 0)")
    db.execute(f"PRAGMA user_version = {shape}")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    return path


def dump(path: Path) -> list[str]:
    db = database.connect(path)
    try:
        return [*db.iterdump(), str(db.execute("PRAGMA user_version").fetchone())]
    finally:
        db.close()


@pytest.mark.parametrize("shape", range(1, SHAPE))
def test_a_fault_at_any_statement_leaves_the_old_desk(tmp_path: Path, shape: int) -> None:
    path = older_desk(tmp_path, shape)
    before = dump(path)
    for n in count():
        db = sqlite3.connect(path, isolation_level=None, factory=Failing)
        db.fails_at = n
        try:
            database.migrate(db, path)
            break
        except Stopped:
            if db.committed:  # only what this connection still wanted to set for itself
                break
        finally:
            db.close()
        assert dump(path) == before
        assert not list(tmp_path.rglob("*.part"))
    assert n > 10
    whole = database.open_desk(tmp_path)
    assert whole.execute("SELECT name FROM people").fetchall() == [("Joe Brown",)]
    assert digest(whole.execute(PARTS)) == DIGEST
    whole.close()
    assert database.connect_readonly(next((tmp_path / "backups").iterdir())).execute("PRAGMA user_version").fetchone() == (shape,)


def test_words_with_vowel_marks_are_found_in_an_older_desk(tmp_path: Path) -> None:
    path = older_desk(tmp_path, 5)
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        "INSERT INTO places(id, name) VALUES (1, 'mastodon'); INSERT INTO profiles(id, place_id, native_id, person_id) VALUES (7, 1, 'joe', 1);"
        "INSERT OR IGNORE INTO kinds(id, name) VALUES (1, 'post');"
        "INSERT INTO activities(id, place_id, native_id, profile_id, kind, published, precision, audience, text, title) VALUES "
        "(801, 1, 'a', 7, 1, 946684900, 0, 0, 'שָׁלוֹם לְכֻלָּם', ''), (809, 1, 'b', 7, 1, 946684901, 0, 0, 'nothing of the kind', 'كِتَاب'), (817, 1, 'c', 7, 1, 946684902, 0, 0, 'plain', '');"
        "INSERT INTO notes(id, uid, person_id, kind, text, happened_at, saved_at) VALUES (3, 'n', 1, 'note', 'He said שָׁלוֹם', 946684903, 1);"
        "INSERT INTO notes_fts(rowid, text, who) VALUES (3, 'He said שָׁלוֹם', 'n1');"
    )
    db.close()
    whole = database.open_desk(tmp_path)
    for typed, expected in (("שלום", ["n", "a"]), ("שָׁלוֹם", ["n", "a"]), ("كتاب", ["b"]), ("said", ["n"]), ("plain", ["c"])):
        hits = search.search(whole, search.parse(typed))
        assert [hit.item.activity.key.native_id if hit.item.activity else "n" for hit in hits] == expected, typed
    assert whole.execute("SELECT rowid, who FROM activities_spaced ORDER BY rowid").fetchall() == [(801, "p7"), (809, "p7")]
    assert whole.execute("SELECT count(*) FROM notes_fts").fetchone() == (1,) and notes.get(whole, 3) is not None
    whole.close()


def test_what_the_user_wrote_of_roles_is_told_from_what_places_told(tmp_path: Path) -> None:
    """Joe's role was typed; Mary's came from LinkedIn, and only her name was corrected; Ann was added by hand, and taken back."""
    path = older_desk(tmp_path, 23)
    old = sqlite3.connect(path, isolation_level=None)
    old.executescript("""
        INSERT INTO places(id, name) VALUES (1, 'linkedin');
        INSERT INTO companies(id, uid, name, made_at) VALUES (1, 'c1', 'Harborline', 0), (2, 'c2', 'Fernwood', 0);
        UPDATE people SET title = 'Chef', company_id = 2;
        INSERT INTO people(id, uid, name, title, company_id, made_at) VALUES (2, 'm', 'Mary', 'Buyer', 1, 0);
        INSERT INTO profiles(id, person_id, place_id, native_id, title, company) VALUES (1, 1, 1, 'joe', 'CTO', 'Harborline'), (2, 2, 1, 'mary', 'Buyer', 'Harborline');
        INSERT INTO tellings VALUES (1, 5, 0, '', 'CTO', 'Harborline'), (2, 5, 0, '', 'Buyer', 'Harborline');
        INSERT INTO decisions(id, at, kind, sentence, undone_at) VALUES (1, 9, 'person', 'Changed Joe', NULL), (2, 9, 'person', 'Changed Mary', NULL), (3, 9, 'person', 'Added Ann', 9);
        INSERT INTO decision_rows VALUES
          (1, 1, 'people', '{"id": 1}', '{"name": "Joe Brown", "title": "CTO", "company_id": 1, "folded": ""}', '{"name": "Joe Brown", "title": "Chef", "company_id": 2, "folded": ""}'),
          (2, 1, 'people', '{"id": 2}', '{"name": "M", "title": "Buyer", "company_id": 1, "folded": ""}', '{"name": "Mary", "title": "Buyer", "company_id": 1, "folded": ""}'),
          (3, 1, 'people', '{"id": 3}', NULL, '{"uid": "a", "name": "Ann", "folded": "", "title": "Chair", "company_id": 1, "is_me": 0, "made_at": 0}');
    """)
    old.close()
    db = database.open_desk(path.parent)
    assert db.execute("SELECT own_title, own_company FROM people ORDER BY id").fetchall() == [("Chef", "Fernwood"), (None, None)]
    people.undo(db, NOW, 1)
    people.undo(db, NOW, 2)
    people.redo(db, 3)
    rows = "SELECT p.name, title, c.name FROM people p LEFT JOIN companies c ON c.id = p.company_id ORDER BY p.id"
    assert db.execute(rows).fetchall() == [("Joe Brown", "CTO", "Harborline"), ("M", "Buyer", "Harborline"), ("Ann", "Chair", "Harborline")]
    db.close()


def test_why_something_failed_is_taken_from_the_sentences_of_an_older_desk(tmp_path: Path) -> None:
    """As they were said until then; what fits none is unknown until it is read again."""
    said = {
        "This computer is offline. What was read before is kept; reading goes on by itself as soon as there is a network.": "offline",
        "hotel.example asks us to wait. Nothing is lost; reading goes on by itself.": "wait",
        "hotel.example does not accept this login (any more). What was read before is kept; sign in again.": "refused",
        "mail.example does not accept this address and password. What was read before is kept. Most providers want an app password made for this.": "refused",
        "hotel.example answered with a web page instead of data. Nothing of it was kept and nothing was deleted; it will be tried again. In a hotel or on a train, "
        "agree to the terms of its network first.": "portal",
        "Joe: hotel.example says that this page does not exist any more. What was read before is kept.": "gone",
        "The monthly limit of X leaves $0.10, and the next question may cost $0.50, so it was not asked. What was read before is kept; reading goes on next month.": "limit",
        "hotel.example has a problem of its own at the moment. What was read before is kept; it will be tried again.": "down",
        "The password store of this computer is locked or does not answer. Your contacts and notes are not affected. Unlock it and try again.": "locked",
        "hotel.example answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again.": "odd",
        "Etwas ging schief.": "unknown", "": "",
    }  # fmt: skip
    path = older_desk(tmp_path, 27)
    db = sqlite3.connect(path, isolation_level=None)
    for n, sentence in enumerate(said):
        db.execute("INSERT INTO logins(id, source, place, address, user_name, failure) VALUES (?, 'feed', 'blog', ?, '', ?)", (n + 1, f"https://{n}.example", sentence))
        db.execute("INSERT INTO streams(login_id, name, address, title, failure) VALUES (?, 's', '', '', ?)", (n + 1, sentence))
    db.close()
    whole = database.open_desk(tmp_path)
    assert [row[0] for row in whole.execute("SELECT trouble FROM logins ORDER BY id")] == [*said.values()]
    assert [row[0] for row in whole.execute("SELECT trouble FROM streams ORDER BY login_id")] == [*said.values()]
    whole.close()
