"""The pen of a decision: every row it changes is remembered as it was and as it became."""

from __future__ import annotations

import json

from relationdesk.store.database import Desk

Row = dict[str, object]

TABLES = frozenset(
    "people companies profiles buckets bucket_people tags notes note_mentions kept_apart prompt_answers tombstones "
    "forgotten variants addresses stand_ins tellings life_days revisions logins streams captures outbox wishes rhythms steps tasks round_stops routes "
    "templates login_senders particulars settings spans drafts".split()
)
"""Only these can be changed by a decision; a table name never comes from outside."""


def known(table: str) -> str:
    if table not in TABLES:
        raise ValueError(f"no decision changes {table}")
    return table


def where_is(key: Row) -> tuple[str, tuple[object, ...]]:
    """Condition and values for the row of this key."""
    return " AND ".join(f"{column} = ?" for column in key), tuple(key.values())


def as_json(row: Row | None) -> str | None:
    return None if row is None else json.dumps(row, ensure_ascii=False)


class Decision:
    """The pen of one decision. Made by `decide`, used inside its transaction."""

    def __init__(self, db: Desk, id_: int) -> None:
        self.db = db
        self.id = id_
        self._n = 0

    def insert(self, table: str, row: Row, key: tuple[str, ...] = ("id",)) -> int:
        """Make a row; the id of the new row (0 for tables without one)."""
        known(table)
        if key == ("id",) and "id" not in row:
            row = {"id": free_id(self.db, table), **row}
        columns = ", ".join(row)
        cursor = self.db.execute(
            f"INSERT INTO {table}({columns}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
        )
        self.record(table, {name: row[name] for name in key}, None, {name: row[name] for name in row if name != "id"})
        return int(cursor.lastrowid or 0)

    def update(self, table: str, key: Row, values: Row) -> bool:
        """Change columns of one row; False if it was so already or there is no such row.

        What was so already is remembered as decided, too: it stays when the decision that made it so is taken back.
        """
        known(table)
        where, params = where_is(key)
        columns = ", ".join(values)
        found = self.db.execute(f"SELECT {columns} FROM {table} WHERE {where}", params).fetchone()
        if found is None:
            return False
        before = dict(zip(values, found, strict=True))
        if before == values:
            self.record(table, key, before, values)
            return False
        self.db.execute(
            f"UPDATE {table} SET {', '.join(f'{c} = ?' for c in values)} WHERE {where}",
            (*values.values(), *params),
        )
        self.record(table, key, before, values)
        return True

    def delete(self, table: str, key: Row) -> bool:
        """Remove one row, remembering all of it; False if there is none."""
        known(table)
        where, params = where_is(key)
        cursor = self.db.execute(f"SELECT * FROM {table} WHERE {where}", params)
        row = cursor.fetchone()
        if row is None:
            return False
        before = {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
        self.db.execute(f"DELETE FROM {table} WHERE {where}", params)
        self.record(table, key, before, None)
        return True

    def affirm(self, table: str, key: Row) -> None:
        """Decide that a row is to be there which is there already: it stays when the decision that made it is taken back."""
        condition, params = where_is(key)
        cursor = self.db.execute(f"SELECT * FROM {known(table)} WHERE {condition}", params)
        row = cursor.fetchone()
        if row is not None:
            there = {column[0]: value for column, value in zip(cursor.description, row, strict=True) if column[0] not in key}
            self.record(table, key, there, there)

    def make_again(self, table: str, key: Row, row: Row) -> None:
        """Make a row that this decision had made before, and that could not go meanwhile because later work rests on it."""
        condition, params = where_is(key)
        values = {column: value for column, value in row.items() if column not in key}
        if values:
            assigned = ", ".join(f"{column} = ?" for column in values)
            self.db.execute(f"UPDATE {known(table)} SET {assigned} WHERE {condition}", (*values.values(), *params))
        self.record(table, key, None, values)

    def record(self, table: str, key: Row, before: Row | None, after: Row | None) -> None:
        """Remember how undo shall bring a row back, without changing it now."""
        self._n += 1
        self.db.execute(
            "INSERT INTO decision_rows VALUES (?,?,?,?,?,?)",
            (self.id, self._n, table, json.dumps(key), as_json(before), as_json(after)),
        )


def decided(table: str, since: int = 0) -> str:
    """True of a row of this table about which a later decision than `since` was made that holds."""
    return (
        f"{known(table)}.id IN (SELECT json_extract(r.key, '$.id') FROM decision_rows r JOIN decisions d ON d.id = r.decision_id "
        f"WHERE r.decision_id > {int(since)} AND r.tbl = '{table}' AND d.undone_at IS NULL)"
    )


def free_id(db: Desk, table: str) -> int:
    """The next row id that no decision ever meant: SQLite gives the id of a removed last row to the next one, and an
    undo would then meet another person or bucket than its own."""
    return int(
        db.execute(
            f"SELECT 1 + max(coalesce((SELECT max(id) FROM {known(table)}), 0), "
            "coalesce((SELECT max(json_extract(key, '$.id')) FROM decision_rows WHERE tbl = ?), 0))",
            (table,),
        ).fetchone()[0]
    )
