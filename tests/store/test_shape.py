"""The shape of a desk is known to the letter, and nothing else is opened as one."""

from __future__ import annotations

from relationdesk.store.database import open_memory
from relationdesk.store.shape import APPLICATION, DIGEST, PARTS, SHAPE, digest


def test_digest_is_that_of_a_new_desk() -> None:
    db = open_memory()
    assert digest(db.execute(PARTS)) == DIGEST  # after a migration: this is the new DIGEST, and SHAPE is one more
    assert db.execute("PRAGMA user_version").fetchone() == (SHAPE,)
    assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    db.close()


def test_anything_more_less_or_different_shows() -> None:
    db = open_memory()
    parts = db.execute(PARTS).fetchall()
    assert digest(reversed(parts)) == DIGEST
    assert digest([part for part in parts if part[1] != "notes"]) != DIGEST
    assert digest([*parts, ("trigger", "x", "CREATE TRIGGER x AFTER INSERT ON notes BEGIN DELETE FROM notes; END")]) != DIGEST
    changed = [(kind, name, sql.replace("'delete'", "'keep'")) for kind, name, sql in parts]
    assert digest(changed) != DIGEST
    db.execute("ANALYZE")
    assert digest(db.execute(PARTS)) == DIGEST  # SQLite's own
    db.close()
