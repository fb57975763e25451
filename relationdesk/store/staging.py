"""Facts on their way into the desk: a database of their own, thrown away on cancel, merged as one on "Bring in".

Attached as `stage` to the desk's connection. For a sync it lies in memory; for an import in a file beside the desk,
so that a 2 GB mailbox needs little memory. Nothing here writes to the desk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from relationdesk.model import Activity, Audience, Coverage, Fact, Key, Precision, Profile, Rejected, Role, Tombstone
from relationdesk.store import database, faults
from relationdesk.store.database import Desk
from relationdesk.store.scripts import is_apart
from relationdesk.store.timekey import EPOCH_2000, NEAR_SECONDS, PRECISIONS, base_id, seconds
from relationdesk.text import fold

AUDIENCES = tuple(Audience)
ROLES = tuple(Role)
"""Orders are the numbers stored in activities.audience and participants.role; append only."""

IMPORT_CACHE, USUAL_CACHE = -64_000, -2_000
"""PRAGMA cache_size in KiB, below zero. An import touches pages all over a large desk: with SQLite's usual 2 MB each of
them is written and read again and again (50,000 activities into a million took twice as long)."""

PAGE = 32_768
"""Bytes of a page of the staging. All of it is looked through several times: in large pages that is a tenth of an import quicker."""

REJECTS_KEPT = 10_000
"""Refused records kept with their reason; all are counted."""

_TABLES = """
CREATE TABLE stage.profiles(
  place TEXT, native_id TEXT, handle TEXT, display_name TEXT, folded TEXT, url TEXT, bio TEXT, title TEXT, company TEXT,
  known INTEGER, is_company INTEGER, is_owner INTEGER, id INTEGER, is_new INTEGER DEFAULT 0, gone INTEGER DEFAULT 0,
  revised INTEGER DEFAULT 0, older INTEGER DEFAULT 0, PRIMARY KEY(place, native_id)
) WITHOUT ROWID;
CREATE TABLE stage.addresses(
  place TEXT, native_id TEXT, kind TEXT, value TEXT, vouched INTEGER, PRIMARY KEY(place, native_id, kind, value)
) WITHOUT ROWID;
CREATE TABLE stage.life_days(
  place TEXT, native_id TEXT, kind TEXT, month INTEGER, day INTEGER, year INTEGER, PRIMARY KEY(place, native_id, kind)
) WITHOUT ROWID;
CREATE TABLE stage.activities(
  n INTEGER PRIMARY KEY, place TEXT, native_id TEXT, actor_place TEXT, actor_id TEXT, kind TEXT, published INTEGER,
  precision INTEGER, audience INTEGER, towards INTEGER, title TEXT, text TEXT, url TEXT, in_reply_to TEXT, thread TEXT,
  extra TEXT, base INTEGER, id INTEGER, old_id INTEGER, spaced INTEGER, work INTEGER, revised INTEGER, older INTEGER DEFAULT 0, UNIQUE(place, native_id)
);
CREATE TABLE stage.participants(
  place TEXT, native_id TEXT, who_place TEXT, who_id TEXT, role INTEGER,
  PRIMARY KEY(place, native_id, who_place, who_id, role)
) WITHOUT ROWID;
CREATE TABLE stage.tombstones(place TEXT, native_id TEXT, returns INTEGER, revised INTEGER, PRIMARY KEY(place, native_id)) WITHOUT ROWID;
CREATE TABLE stage.coverage(
  place TEXT, who_place TEXT, who_id TEXT, read_from INTEGER, read_until INTEGER, written INTEGER, PRIMARY KEY(place, who_place, who_id)
) WITHOUT ROWID;
CREATE TABLE stage.rejects(n INTEGER PRIMARY KEY, at_where TEXT, reason TEXT);
CREATE TABLE stage.counts(name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
"""

_IS_OLDER = "0 < excluded.revised AND excluded.revised < revised"
"""An older version, told after a newer one, only fills gaps."""


def _later(field: str) -> str:
    return f"iif(excluded.{field} = '' OR ({field} <> '' AND {_IS_OLDER}), {field}, excluded.{field})"


_ADD_PROFILE = f"""
INSERT INTO stage.profiles(place, native_id, handle, display_name, folded, url, bio, title, company, known, is_company,
  is_owner, gone, revised) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
ON CONFLICT DO UPDATE SET
  handle = {_later('handle')}, display_name = {_later('display_name')}, folded = {_later('folded')}, url = {_later('url')}, bio = {_later('bio')}, title = {_later('title')}, company = {_later('company')},
  known = max(known, excluded.known), is_company = max(is_company, excluded.is_company),
  is_owner = max(is_owner, excluded.is_owner), gone = min(gone, excluded.gone),
  revised = max(revised, excluded.revised)
"""
_ADD_ADDRESS = """
INSERT INTO stage.addresses VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET vouched = max(vouched, excluded.vouched)
"""
_ADD_LIFE_DAY = """
INSERT INTO stage.life_days VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
  year = iif(month = excluded.month AND day = excluded.day, coalesce(excluded.year, year), excluded.year),
  month = excluded.month, day = excluded.day
"""
_ADD_ACTIVITY = f"""
INSERT INTO stage.activities(place, native_id, actor_place, actor_id, kind, published, precision, audience, towards,
  title, text, url, in_reply_to, thread, extra, base, id, spaced, work, revised) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?16,?16,?,?,?)
ON CONFLICT(place, native_id) DO UPDATE SET
  kind = excluded.kind, published = excluded.published, precision = excluded.precision, audience = excluded.audience,
  towards = max(towards, excluded.towards), title = excluded.title, text = excluded.text, url = excluded.url,
  in_reply_to = excluded.in_reply_to, thread = excluded.thread, extra = excluded.extra, base = excluded.base,
  spaced = excluded.spaced, work = excluded.work, revised = excluded.revised
  WHERE NOT ({_IS_OLDER})
"""

def _utf8(text: str) -> str:
    """File names need not be UTF-8; what SQLite stores must."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Staging:
    """Facts collected for one merge. Use as a context manager: leaving it throws them away, merged or not.

    Given a file that is there already, it goes on with what was staged in it before.
    """

    def __init__(self, db: Desk, file: Path | None = None, *, now: int = 2**62) -> None:
        """now: unix seconds; an activity dated more than a day ahead of it sorts at `now`, though it keeps its date."""
        self.db = db
        self.now = now
        self.file = file
        self.unwanted: tuple[int, ...] = ()
        """How much was forgotten and withdrawn when that was left out here; see `merge`."""
        fresh = file is None or not file.exists()
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if file is not None:  # a large import must not sort its texts in memory, nor map both files into it
            database.set_frugal(db, True)
        db.execute("ATTACH ? AS stage", (str(file) if file else ":memory:",))
        try:
            self.rejected = self._prepare(fresh)
        except BaseException:  # a full disk: no empty file stays, and the next import finds the name free
            self.close()
            raise
        self._profiles: list[tuple[object, ...]] = []
        self._addresses: list[tuple[object, ...]] = []
        self._days: list[tuple[object, ...]] = []
        self._activities: list[tuple[object, ...]] = []
        self._participants: list[tuple[object, ...]] = []

    def _prepare(self, fresh: bool) -> int:
        """Set the attached database up; how many records it already counts as refused."""
        self.db.execute(f"PRAGMA stage.page_size = {PAGE}")  # of a file that is new
        self.db.execute("PRAGMA stage.journal_mode = OFF")
        self.db.execute("PRAGMA stage.synchronous = OFF")
        if self.file is not None:
            self.db.execute(f"PRAGMA main.cache_size = {IMPORT_CACHE}")
        if fresh:
            for statement in _TABLES.split(";"):
                if statement.strip():
                    self.db.execute(statement)
        row = self.db.execute("SELECT value FROM stage.counts WHERE name = 'rejected'").fetchone()
        return int(row[0]) if row else 0

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Throw everything away. Harmless to call twice.

        A statement that Ctrl+C cut off may still hold the file; the connection is closed then, and the file goes.
        """
        with suppress(faults.DatabaseError):
            self.detach()
        if self.file is not None:
            self.file.unlink(missing_ok=True)

    def detach(self) -> None:
        """Let go of the file but keep it, for the merge after the user has seen the preview."""
        names = {row[1] for row in self.db.execute("PRAGMA database_list")}
        if "stage" in names and self.db.in_transaction:  # cut off in the middle of a flush: a full disk, Ctrl+C
            self.db.execute("ROLLBACK")
        if "stage" in names:
            self.db.execute("DETACH stage")
            self.db.execute(f"PRAGMA main.cache_size = {USUAL_CACHE}")
            self.db.execute("PRAGMA shrink_memory")
        if self.file is not None:
            database.set_frugal(self.db, False)

    def rejects(self, limit: int = REJECTS_KEPT) -> tuple[Rejected, ...]:
        """What was refused, in reading order."""
        rows = self.db.execute("SELECT at_where, reason FROM stage.rejects ORDER BY n LIMIT ?", (limit,))
        return tuple(Rejected(where=where, reason=reason) for where, reason in rows)

    def add(self, facts: Iterable[Fact]) -> None:
        """Take facts in; a later word about the same thing wins, an empty field erases nothing."""
        for fact in facts:
            match fact:
                case Activity():
                    self._add_activity(fact)
                case Profile():
                    self._add_profile(fact)
                case Rejected():
                    self.rejected += 1
                    if self.rejected <= REJECTS_KEPT:
                        self.db.execute(
                            "INSERT INTO stage.rejects(at_where, reason) VALUES (?,?)",
                            (_utf8(fact.where), _utf8(fact.reason)),
                        )
                case Tombstone():
                    self.db.execute("INSERT OR IGNORE INTO stage.tombstones VALUES (?,?,?,?)", (*fact.key, int(fact.returns), fact.revised))
                case Coverage():
                    self._add_coverage(fact)
        if len(self._activities) + len(self._profiles) >= 2000:
            self.flush()

    def flush(self) -> None:
        """Write what is buffered into the staging database."""
        self.db.execute("BEGIN")
        self.db.executemany(_ADD_PROFILE, self._profiles)
        self.db.executemany(_ADD_ADDRESS, self._addresses)
        self.db.executemany(_ADD_LIFE_DAY, self._days)
        self.db.executemany(_ADD_ACTIVITY, self._activities)
        self.db.executemany("INSERT OR IGNORE INTO stage.participants VALUES (?,?,?,?,?)", self._participants)
        self.db.execute("INSERT OR REPLACE INTO stage.counts VALUES ('rejected', ?)", (self.rejected,))
        self.db.execute("COMMIT")
        for buffer in (self._profiles, self._addresses, self._days, self._activities, self._participants):
            buffer.clear()

    def _add_profile(self, p: Profile) -> None:
        self._profiles.append(
            (p.key.place, p.key.native_id, p.handle, p.display_name, fold(p.display_name), p.url, p.bio, p.title, p.company,
             int(p.known), int(p.is_company), int(p.is_owner), int(p.gone), p.revised)
        )  # fmt: skip
        self._addresses.extend((*p.key, a.kind.value, a.value, int(a.vouched)) for a in p.addresses if a.value)
        self._days.extend((*p.key, d.kind.value, d.month, d.day, d.year) for d in p.days)

    def _add_activity(self, a: Activity) -> None:
        # The first and the last year of the calendar mean "never", and fall out of it in some time zones.
        if a.published is not None and not 1 < a.published.year < 9999:
            a = replace(a, published=None, precision=Precision.UNKNOWN)
        published = None if a.published is None else seconds(a.published)
        base = base_id(a.published, a.precision)
        if published is not None and published > self.now + NEAR_SECONDS:
            base = (self.now - EPOCH_2000) * 8
        self._activities.append(
            (*a.key, *a.actor, a.kind.value, published,
             PRECISIONS.index(a.precision), AUDIENCES.index(a.audience), int(bool(a.participants)), a.title, a.text, a.url,
             a.in_reply_to, a.thread or None, extra_to_json(a.extra), base,
             int(is_apart(a.text) or is_apart(a.title)), 1 + len(a.text) // 1000, a.revised)
        )  # fmt: skip
        self._participants.extend((*a.key, *p.profile, ROLES.index(p.role)) for p in a.participants)

    def _add_coverage(self, c: Coverage) -> None:
        who: Key | tuple[str, str] = c.profile or ("", "")
        since = None if c.since is None else seconds(c.since)
        self.db.execute(
            "INSERT INTO stage.coverage VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET read_from = min(read_from, excluded.read_from), "
            "read_until = max(read_until, excluded.read_until), written = max(written, excluded.written)",  # NULL where one of them is dated
            (c.place, *who, since, seconds(c.until), None if c.written is None else seconds(c.written)),
        )


def extra_to_json(extra: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(extra), ensure_ascii=False, sort_keys=True) if extra else ""


def extra_from_json(text: str) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    return tuple(sorted((str(k), str(v)) for k, v in json.loads(text).items()))
