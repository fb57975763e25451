"""Whether a database has the shape of a desk, to the letter: a file from elsewhere could bring triggers and views along.

Judged by the names and texts in `sqlite_master` alone, so nothing of a foreign file is run. Tables that full text makes
for itself and SQLite's own are left out: their texts belong to the SQLite that wrote them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

SHAPE = 29
"""Number of migrations this program knows, kept in `PRAGMA user_version`: the usual start need not import sqlite-utils,
which costs more than a bare window. A test compares it with migrations.py."""

DIGEST = "cee39e56221338b8"
"""`digest` of a new desk of that shape; the same test compares it."""

APPLICATION = 0x52444B31
"""`PRAGMA application_id` of a desk ("RDK1"); 0 in one that was written out as SQL and read in again."""

PARTS = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_NOT_OURS = re.compile(r"sqlite_|_sqlite_migrations|idx__sqlite|(activities_fts|activities_spaced|notes_fts)_(data|idx|content|docsize|config)$")


def digest(parts: Iterable[tuple[str, str, str]]) -> str:
    """One number for the rows of PARTS, whatever their order."""
    lines = sorted(f"{kind} {name} {sql}" for kind, name, sql in parts if not _NOT_OURS.match(name))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
