"""What a row is measured against: the least that SQLite and Python have to do for the same answer, in the same process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from relationdesk.store.csv_lines import Table
from relationdesk.store.database import Desk, transaction

ROW = "SELECT * FROM activities WHERE id = ?"


def rows_by_key(db: Desk, ids: Sequence[int]) -> None:
    """The same rows, each by its primary key."""
    for id_ in ids:
        db.execute(ROW, (id_,)).fetchone()


def newest_rows(db: Desk, limit: int = 50) -> None:
    """The newest rows of the whole table, place by place."""
    db.execute("SELECT * FROM activities ORDER BY id DESC LIMIT ?", (limit,)).fetchall()


def first_ids(db: Desk, word: str, limit: int = 50) -> None:
    """The ids of the newest findings, nothing else."""
    db.execute(
        "SELECT rowid FROM activities_fts WHERE activities_fts MATCH ? ORDER BY rowid DESC LIMIT ?", (word, limit)
    ).fetchall()


def one_row_commit(db: Desk) -> None:
    """The smallest write there is: one row, one flush to disk."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO settings VALUES ('bench', json_quote(random()))")


def person_table(db: Desk) -> None:
    """Every column of every person, as it lies."""
    db.execute("SELECT * FROM people").fetchall()


def bare_table(rows: Sequence[tuple[object, ...]], folder: str) -> Callable[[], None]:
    """The same rows into a table without anything, then one full-text index over them."""

    def run() -> None:
        db = sqlite3.connect(folder + "/bare.db", isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        for table in ("bare", "bare_fts"):
            db.execute(f"DROP TABLE IF EXISTS {table}")
        db.execute("CREATE TABLE bare(id INTEGER PRIMARY KEY, profile, place, native_id, at, title, text, url)")
        db.executemany("INSERT INTO bare VALUES (?,?,?,?,?,?,?,?)", rows)
        db.execute(
            "CREATE VIRTUAL TABLE bare_fts USING fts5(text, title, content='bare', content_rowid='id', "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        db.execute("INSERT INTO bare_fts(bare_fts) VALUES ('rebuild')")
        db.execute("COMMIT")
        db.close()

    return run


def columns(db: Desk, table: Table) -> None:
    """The cells of an export as they lie in the desk, in portions, neither guarded nor joined."""
    cells = ", ".join(value for _, value, _ in table.columns)
    cursor = db.execute(f"SELECT {cells} {table.source.replace('{seen}', 'true')} ORDER BY {table.order}")
    while cursor.fetchmany(1000):
        pass
