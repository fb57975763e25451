"""The shape of the desk explains itself, can be checked by SQLite, and is strict."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from relationdesk.store import migrations
from relationdesk.store.database import Desk, open_memory
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
            line = next(ln for ln in sql.splitlines() if re.match(rf"\s*{column} (INTEGER|TEXT)", ln))
            found.append((table, column, line))
    return found


def test_every_column_is_explained(db: Desk) -> None:
    conventions = set(re.findall(r"`(\w+)`", ast.get_docstring(ast.parse(SOURCE)) or ""))
    every = columns(db)
    silent = [f"{t}.{c}" for t, c, line in every if "--" not in line and c not in conventions and f"{t}.{c}" not in conventions]
    assert len(every) > 100
    assert silent == []


def test_tables_are_strict_and_plural(db: Desk) -> None:
    odd = {"coverage", "kept_apart", "forgotten", "overwritten", "bucket_people", "people"}
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
    names = [n for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Import | ast.ImportFrom) for n in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])]
    assert names and not [n for n in names if n.startswith("relationdesk")]


def test_a_profile_is_a_persons_or_a_companys(db: Desk) -> None:
    with pytest.raises(Exception, match="CHECK"):
        db.execute("INSERT INTO profiles(person_id, company_id, place_id, native_id) VALUES (1, 1, 1, 'both')")
