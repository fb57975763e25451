"""Which version of a fact was told, where its place says so: what is older than what is known only fills gaps, whichever comes in first.

Kept for each import and for the logins together, so that an import can go without the others. See `Profile.revised`.

A file that does not say when it was made is as old as the newest it tells of, at least. Where that leaves open whether it is older than what is
known, it is told like something older, because nothing proves that it is newer, and no change of job is made of it (`PERHAPS`).
"""

from __future__ import annotations

from relationdesk.model import UNDATED
from relationdesk.store.database import Desk
from relationdesk.store.portions import Portion

_NEWER = (
    "EXISTS (SELECT 1 FROM main.revisions r JOIN main.places l ON l.id = r.place_id WHERE r.tbl = {tbl} AND l.name = s.place AND "
    "r.native_id = s.native_id AND r.revised > s.revised)"
)
_OF_PROFILE = "r.tbl = 1 AND r.batch_id = 0 AND r.place_id = q.place_id AND r.native_id = q.native_id"
OLDER, PERHAPS = 1, 2
"""stage.profiles.older: what is known is newer, or may be. 0 where nothing speaks against its words."""
DAY = 24 * 3600
"""Seconds after which a login that reads the same once more is written down again: not a row for every reading."""
_FIELDS = ("handle", "display_name", "url", "bio", "title", "company")
SAID_AGAIN = (
    f"EXISTS (SELECT 1 FROM main.profiles p WHERE p.id = s.id AND {' AND '.join(f's.{f} = p.{f}' for f in _FIELDS)}) AND NOT EXISTS (SELECT 1 FROM "
    f"main.revisions r WHERE r.tbl = 1 AND r.place_id = l.id AND r.native_id = s.native_id AND r.batch_id = 0 AND r.revised > s.revised - {DAY})"
)
"""All that is known of a profile is told unchanged: with whoever leaves something out nobody knows whether that is true still."""
_READ_UNTIL = "(SELECT max(c.read_until) FROM stage.coverage c WHERE c.place = s.place AND c.who_id = '')"
_MAY_BE_NEWER = (
    f"s.revised = {UNDATED} OR EXISTS (SELECT 1 FROM stage.coverage c WHERE c.place = s.place AND c.who_id = '' AND c.read_until = s.revised AND c.written >= "
    "(SELECT max(r.revised) FROM main.revisions r JOIN main.places l ON l.id = r.place_id WHERE r.tbl = 1 AND l.name = s.place AND r.native_id = s.native_id))"
)


def read_now(db: Desk, now: int) -> None:
    """What a login reads is of this moment, unless its place says of when. After `mark`. Writes to the staging alone."""
    db.execute("UPDATE stage.profiles SET revised = ? WHERE revised <= ? AND display_name || title || company <> ''", (now, UNDATED))


def mark(db: Desk, *, by_login: bool) -> None:
    """Which of what is staged is older than what is known. A login reads what is true now. Writes to the staging alone."""
    db.execute(
        f"UPDATE stage.profiles AS s SET revised = {_READ_UNTIL} WHERE revised <= {UNDATED} AND display_name || title || company <> '' AND "
        "place IN (SELECT place FROM stage.coverage WHERE who_id = '')"
    )
    db.execute("UPDATE stage.profiles SET older = 0 WHERE older > 0")
    db.execute("UPDATE stage.activities SET older = 0 WHERE older = 1")
    if by_login or not db.execute("SELECT EXISTS (SELECT 1 FROM main.revisions)").fetchone()[0]:
        return
    db.execute(f"UPDATE stage.profiles AS s SET older = iif({_MAY_BE_NEWER}, {PERHAPS}, {OLDER}) WHERE revised > 0 AND {_NEWER.format(tbl=1)}")
    db.execute(f"UPDATE stage.activities AS s SET older = 1 WHERE revised > 0 AND {_NEWER.format(tbl=2)}")
    db.execute(f"DELETE FROM stage.tombstones AS s WHERE revised > 0 AND {_NEWER.format(tbl=2)}")


def write(db: Desk, tbl: int, staged: str, batch_id: int | None, portion: Portion, *, only: str) -> None:
    """What these are versions of. only: of which of them. Inside `transaction`."""
    db.execute(
        f"INSERT INTO main.revisions SELECT {tbl}, l.id, s.native_id, :by, s.revised FROM {staged} JOIN main.places l ON l.name = s.place "
        f"WHERE s.revised > 0 AND ({only}) AND {portion.where} ON CONFLICT DO UPDATE SET revised = max(revised, excluded.revised)",
        {**portion.values, "by": batch_id or 0},
    )


def of_fact(db: Desk, tbl: int, key: tuple[int, str]) -> dict[int, int]:
    """{batch: version} of one fact."""
    return dict(db.execute("SELECT batch_id, revised FROM revisions WHERE tbl = ? AND place_id = ? AND native_id = ?", (tbl, *key)).fetchall())


def by_logins(db: Desk, profile_id: int) -> list[tuple[int, str]]:
    """(place, native id) of a profile if its logins told a version of it."""
    return db.execute(f"SELECT r.place_id, r.native_id FROM profiles q JOIN revisions r ON {_OF_PROFILE} WHERE q.id = ?", (profile_id,)).fetchall()


def without_profile(db: Desk) -> None:
    """What logins told of profiles that are gone goes. Inside `transaction`."""
    db.execute(f"DELETE FROM revisions AS r WHERE NOT EXISTS (SELECT 1 FROM profiles q WHERE {_OF_PROFILE}) AND r.tbl = 1 AND r.batch_id = 0")
