"""The profiles of a merge: found in the desk, made or written over, with their addresses; all of them or a range of keys."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.store import revisions
from relationdesk.store.batch_wording import PROFILE_FIELDS
from relationdesk.store.database import Desk
from relationdesk.store.life_days import NEW_DAY
from relationdesk.store.portions import ALL, Pace, Portion

_WORDS_DIFFER = " OR ".join(f"(s.{f} <> '' AND s.{f} <> p.{f} AND (s.older = 0 OR p.{f} = ''))" for f in PROFILE_FIELDS if f != "folded")
"""True if a field is written: what is older than the desk's only fills those that are empty."""
_PROFILE_DIFFERS = _WORDS_DIFFER + (
    " OR s.known > p.known OR s.is_company > p.is_company OR s.is_owner > p.is_owner"
)


CONTRADICTS = " OR ".join(f"(s.{f} <> '' AND p.{f} <> '' AND s.{f} <> p.{f})" for f in PROFILE_FIELDS if f != "folded")
"""True if something that is known is said otherwise."""
_NEW_ADDRESS = (
    "EXISTS (SELECT 1 FROM stage.addresses x LEFT JOIN main.addresses y ON y.profile_id = p.id AND y.kind = x.kind AND "
    "y.value = x.value WHERE x.place = s.place AND x.native_id = s.native_id AND (y.value IS NULL OR x.vouched > y.vouched))"
)
SAME_PROFILE = (
    "FROM stage.profiles s CROSS JOIN main.places l ON l.name = s.place CROSS JOIN main.profiles p ON p.place_id = l.id AND "
    "p.native_id = s.native_id"
)
"""Asked from what is staged: SQLite, which does not know how little that is, goes through every profile of the desk if it is let."""
PROFILE_SAYS_MORE = f"{_WORDS_DIFFER} OR {_NEW_ADDRESS} OR (s.older = 0 AND {NEW_DAY})"
"""True if the user would see a difference: the marks, which only say how well a profile is known, are left out."""
_STAGED_ADDRESSES = "FROM stage.addresses x WHERE x.place = s.place AND x.native_id = s.native_id"
_MARKS = ("known", "is_company", "is_owner")
_NOT_JUST_THAT = (
    " OR ".join(f"s.{f} <> p.{f}" for f in (*PROFILE_FIELDS, *_MARKS) if f != "folded")
    + f" OR {_NEW_ADDRESS} OR (SELECT count(*) FROM main.addresses WHERE profile_id = p.id) <> (SELECT count(*) {_STAGED_ADDRESSES})"
    + f" OR (SELECT sum(vouched) FROM main.addresses WHERE profile_id = p.id) <> (SELECT sum(vouched) {_STAGED_ADDRESSES})"
)
"""True if what stands in the desk is not exactly what is staged: only then both have to be remembered for an undo."""


def _profile_as_json() -> str:
    """How the profile p was and what s says of it, see `batch_wording`."""
    was, says = (", ".join(f"'{f}', {t}.{f}" for f in (*PROFILE_FIELDS, *_MARKS)) for t in "ps")
    now = "json((SELECT json_group_array(json_array(kind, value, vouched)) FROM main.addresses WHERE profile_id = p.id))"
    staged = f"json((SELECT json_group_array(json_array(x.kind, x.value, x.vouched)) {_STAGED_ADDRESSES}))"
    return f"json_object({was}, 'addresses', {now}, 'said', json_object({says}, 'addresses', {staged}))"


def find_profiles(db: Desk) -> None:
    """Which of the staged profiles are in the desk, and which of those say something new. Writes to the staging alone."""
    db.execute("UPDATE stage.profiles SET id = NULL, touched = 0 WHERE id IS NOT NULL")  # it may be asked twice
    _number(db, ALL)
    db.execute("UPDATE stage.profiles SET is_new = (id IS NULL)")
    db.execute(f"UPDATE stage.profiles SET touched = 1 WHERE id IN (SELECT s.id {_OLD} AND ({_PROFILE_DIFFERS} OR {_NEW_ADDRESS} OR {NEW_DAY}))")


_OLD = "FROM stage.profiles s JOIN main.profiles p ON p.id = s.id WHERE s.is_new = 0"


def _number(db: Desk, portion: Portion) -> None:
    db.execute(
        "UPDATE stage.profiles AS s SET id = (SELECT p.id FROM main.profiles p JOIN main.places l ON l.id = p.place_id "
        f"WHERE l.name = s.place AND p.native_id = s.native_id) WHERE s.id IS NULL AND {portion.where}",
        portion.values,
    )


def profile_portions(db: Desk, pace: Pace) -> Iterator[Portion]:
    """All staged profiles in the order of their keys, as many at a time as the pace says."""
    after = ("", "")
    question = "SELECT place, native_id FROM stage.profiles WHERE (place, native_id) > (?, ?) ORDER BY place, native_id LIMIT ?"
    while rows := db.execute(question, (*after, pace.size)).fetchall():
        until = rows[-1]
        yield Portion(
            where="(s.place, s.native_id) > (:place, :native_id) AND (s.place, s.native_id) <= (:to_place, :to_native_id)",
            values={"place": after[0], "native_id": after[1], "to_place": until[0], "to_native_id": until[1]}, rows=len(rows),
        )  # fmt: skip
        after = until


def merge_profiles(db: Desk, batch_id: int | None, portion: Portion = ALL) -> None:
    """Bring these in. After `find_profiles`, inside `transaction`."""
    values = {**portion.values, "batch": batch_id, "by": batch_id or 0}
    old = f"{_OLD} AND {portion.where}"
    db.execute(
        "INSERT INTO main.profiles(place_id, native_id, handle, display_name, folded, url, bio, title, company, known, "
        "is_company, is_owner, batch_id) SELECT l.id, s.native_id, s.handle, s.display_name, s.folded, s.url, s.bio, "
        "s.title, s.company, s.known, s.is_company, s.is_owner, :batch FROM stage.profiles s JOIN main.places l "
        f"ON l.name = s.place WHERE s.is_new = 1 AND {portion.where}",
        values,
    )
    _number(db, portion)
    if batch_id is None:
        db.execute(f"DELETE FROM overwritten WHERE tbl = 1 AND (place_id, native_id) IN (SELECT p.place_id, p.native_id {old})", values)
    else:
        db.execute(
            f"INSERT INTO overwritten SELECT :batch, 1, p.place_id, p.native_id, {_profile_as_json()} {old} AND ({_NOT_JUST_THAT})", values
        )
    db.execute(
        f"INSERT OR IGNORE INTO sightings(batch_id, tbl, place_id, native_id) SELECT :by, 1, p.place_id, p.native_id {old} "
        "AND (p.batch_id IS NOT NULL OR :by > 0)",
        values,
    )
    revisions.write(db, 1, "stage.profiles s", batch_id, portion, only=f"s.is_new = 1 OR s.touched = 1 OR ({revisions.SAID_AGAIN})" if batch_id is None else "true")
    sets = ", ".join(f"{f} = iif(s.{f} = '' OR (s.older > 0 AND p.{f} <> ''), p.{f}, s.{f})" for f in PROFILE_FIELDS)
    db.execute(
        f"UPDATE main.profiles AS p SET {sets}, known = max(p.known, s.known), "
        "is_company = max(p.is_company, s.is_company), is_owner = max(p.is_owner, s.is_owner) "
        f"FROM stage.profiles s WHERE s.id = p.id AND s.touched = 1 AND {portion.where}",
        values,
    )
    db.execute(
        "INSERT INTO main.addresses SELECT s.id, a.kind, a.value, a.vouched FROM stage.profiles s CROSS JOIN stage.addresses a "
        f"USING (place, native_id) WHERE {portion.where} ON CONFLICT DO UPDATE SET vouched = 1 WHERE excluded.vouched > vouched",
        values,
    )
