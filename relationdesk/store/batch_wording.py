"""What a fact says once an import is taken out: what came before it, and on top of that what later imports said.

A batch that finds a fact already there writes into `overwritten` how it was (`before`) and what it says itself (`said`),
unless both are equal. So the words of any batch can be taken out of the middle, as if it had never been brought in.
"""

from __future__ import annotations

import json
from typing import Any

from relationdesk.store import revisions
from relationdesk.store.database import Desk
from relationdesk.store.merge_activities import ACTIVITY_FIELDS, index_spaced, next_free

PROFILE_FIELDS = ("handle", "display_name", "folded", "url", "bio", "title", "company")
_MARKS = ("known", "is_company", "is_owner")
_WORDS = ("title", "text", "url", "in_reply_to", "extra")

Wording = dict[str, Any]
"""The columns of a profile (with `addresses`) or of an activity (with `id`, `towards`, `participants`), as in JSON."""


def spoken_with_others(db: Desk, batch_id: int) -> list[tuple[int, int, str]]:
    """(table, place, native id) of every fact that this batch changed, or brought and others saw. Only reads."""
    seen = "SELECT 1 FROM sightings s WHERE s.tbl = {tbl} AND s.place_id = f.place_id AND s.native_id = f.native_id AND s.batch_id <> ?1"
    brought = " UNION ".join(
        f"SELECT {tbl}, place_id, native_id FROM {table} f WHERE batch_id = ?1 AND EXISTS ({seen.format(tbl=tbl)})"
        for tbl, table in ((1, "profiles"), (2, "activities"))
    )
    return db.execute(
        f"SELECT tbl, place_id, native_id FROM overwritten WHERE batch_id = ?1 AND tbl IN (1, 2) UNION {brought}", (batch_id,)
    ).fetchall()


def take_out(db: Desk, tbl: int, key: tuple[int, str], batch_id: int) -> set[int]:
    """This fact speaks without the batch; profiles whose activities that changed. What a login saw as well says what that said.

    Before the fact is handed over. Inside `transaction`.
    """
    fact = _Profile(db, *key) if tbl == 1 else _Activity(db, *key)
    if fact.row is None:
        return set()
    by_login = "SELECT 1 FROM sightings WHERE tbl = ? AND place_id = ? AND native_id = ? AND batch_id = 0"
    if fact.row[1] == batch_id and db.execute(by_login, (tbl, *key)).fetchone():
        return set()
    return _retell(db, fact, batch_id)


def put_back(db: Desk, tbl: int, key: tuple[int, str], before: Wording) -> None:
    """A fact says again exactly what it said before a batch that nothing came after. before: as in `overwritten`. Inside `transaction`."""
    fact = _Profile(db, *key) if tbl == 1 else _Activity(db, *key)
    if fact.row is not None:
        fact.write({name: value for name, value in before.items() if name != "said"})


class _Fact:
    """One fact as it stands in the desk. row: its id and batch, None if it is gone."""

    tbl = 0
    table = ""

    def __init__(self, db: Desk, place_id: int, native_id: str) -> None:
        self.db, self.key = db, (place_id, native_id)
        self.row: tuple[int, int | None] | None = db.execute(
            f"SELECT id, batch_id FROM {self.table} WHERE place_id = ? AND native_id = ?", self.key
        ).fetchone()

    def now(self) -> Wording:
        raise NotImplementedError

    def told(self, state: Wording, said: Wording, *, older: bool) -> Wording:
        """`state` after somebody says `said`, a version older than what is known or not; the rules of the merge."""
        raise NotImplementedError

    def write(self, state: Wording) -> set[int]:
        raise NotImplementedError

    def _columns(self, fields: tuple[str, ...]) -> Wording:
        assert self.row is not None
        row = self.db.execute(f"SELECT {', '.join(fields)} FROM {self.table} WHERE id = ?", self.row[:1]).fetchone()
        return dict(zip(fields, row, strict=True))


def _retell(db: Desk, fact: _Fact, batch_id: int) -> set[int]:
    """Tell the fact again without this batch: what was before it, then each later batch's words in their order."""
    assert fact.row is not None
    written = {
        batch: json.loads(before)
        for batch, before in db.execute(
            "SELECT batch_id, before FROM overwritten WHERE tbl = ? AND place_id = ? AND native_id = ? ORDER BY batch_id", (fact.tbl, *fact.key)
        )
    }
    seen = {
        row[0]
        for row in db.execute("SELECT batch_id FROM sightings WHERE tbl = ? AND place_id = ? AND native_id = ?", (fact.tbl, *fact.key))
    }
    now = fact.now()
    later = sorted(({*seen, *written} - {0, batch_id}) if fact.row[1] == batch_id else {b for b in {*seen, *written} if b > batch_id})
    said = {batch: _said(batch, written, now) for batch in later}
    versions = revisions.of_fact(db, fact.tbl, fact.key)
    newest = max((version for batch, version in versions.items() if batch != batch_id and batch not in later), default=0)
    if fact.row[1] == batch_id:
        first = later.pop(0)
        state = said[first]
        newest = max(newest, versions.get(first, 0))
        _forget(db, fact, first)
    else:
        state = {name: value for name, value in written[batch_id].items() if name != "said"}
    for batch in later:
        _forget(db, fact, batch)
        version = versions.get(batch, 0)
        if not _same(state, said[batch]):
            before = json.dumps({**state, "said": said[batch]}, ensure_ascii=False)
            db.execute("INSERT INTO overwritten VALUES (?,?,?,?,?)", (batch, fact.tbl, *fact.key, before))
            state = fact.told(state, said[batch], older=0 < version < newest)
        newest = max(newest, version)
    return set() if _same(state, now) else fact.write(state)


def _forget(db: Desk, fact: _Fact, batch_id: int) -> None:
    db.execute(
        "DELETE FROM overwritten WHERE batch_id = ? AND tbl = ? AND place_id = ? AND native_id = ?", (batch_id, fact.tbl, *fact.key)
    )


def _said(batch: int, written: dict[int, Wording], now: Wording) -> Wording:
    """What a batch said: written down where it differed, else just what stood there then."""
    if batch in written and "said" in written[batch]:
        return dict(written[batch]["said"])
    after = next((before for number, before in written.items() if number > batch), now)
    return {name: value for name, value in after.items() if name != "said"}


def _same(a: Wording, b: Wording) -> bool:
    """Equal but for the position, which follows from the time."""
    return _plain(a) == _plain(b)


def _plain(wording: Wording) -> Wording:
    lists = {name: sorted(map(tuple, wording[name])) for name in ("addresses", "participants") if name in wording}
    return {name: value for name, value in wording.items() if name != "id"} | lists


class _Profile(_Fact):
    tbl, table = 1, "profiles"

    def now(self) -> Wording:
        assert self.row is not None
        found = self.db.execute("SELECT kind, value, vouched FROM addresses WHERE profile_id = ?", self.row[:1]).fetchall()
        return self._columns((*PROFILE_FIELDS, *_MARKS)) | {"addresses": found}

    def told(self, state: Wording, said: Wording, *, older: bool) -> Wording:
        first, then = (state, said) if older else (said, state)
        words = {name: first[name] or then[name] for name in PROFILE_FIELDS}
        marks = {name: max(state[name], said[name]) for name in _MARKS}
        addresses: dict[tuple[str, str], int] = {}
        for kind, value, vouched in (*state["addresses"], *said["addresses"]):
            addresses[kind, value] = max(vouched, addresses.get((kind, value), 0))
        return {**words, **marks, "addresses": [(*address, vouched) for address, vouched in addresses.items()]}

    def write(self, state: Wording) -> set[int]:
        assert self.row is not None
        names = (*PROFILE_FIELDS, *_MARKS)
        sets = ", ".join(f"{name} = ?" for name in names)
        self.db.execute(f"UPDATE profiles SET {sets} WHERE id = ?", (*(state[name] for name in names), self.row[0]))
        self.db.execute("DELETE FROM addresses WHERE profile_id = ?", self.row[:1])
        self.db.executemany("INSERT INTO addresses VALUES (?,?,?,?)", [(self.row[0], *address) for address in state["addresses"]])
        return set()


class _Activity(_Fact):
    tbl, table = 2, "activities"

    def now(self) -> Wording:
        assert self.row is not None
        found = self.db.execute("SELECT profile_id, role FROM participants WHERE activity_id = ?", self.row[:1]).fetchall()
        return self._columns((*ACTIVITY_FIELDS, "id", "towards")) | {"participants": found}

    def told(self, state: Wording, said: Wording, *, older: bool) -> Wording:
        first, then = (state, said) if older else (said, state)
        words = {name: first[name] or then[name] for name in _WORDS}
        moved = (
            said["published"] is not None
            and said["precision"] <= state["precision"]
            and ((said["published"] != state["published"] and not older) or said["precision"] < state["precision"])
        )
        time = {name: (said if moved else state)[name] for name in ("published", "precision", "id")}
        return {
            **words, **time, "kind": first["kind"], "audience": first["audience"], "towards": max(state["towards"], said["towards"]),
            "thread": then["thread"] if first["thread"] is None else first["thread"],
            "participants": sorted({(*map(int, one),) for one in (*state["participants"], *said["participants"])}),
        }  # fmt: skip

    def write(self, state: Wording) -> set[int]:
        """The profiles that take part before or after."""
        assert self.row is not None
        db, id_ = self.db, self.row[0]
        before = self._columns(("profile_id", "published", "precision"))
        if (state["published"], state["precision"]) == (before["published"], before["precision"]):
            position = id_
        else:
            taken = db.execute("SELECT 1 FROM activities WHERE id = ? AND id <> ?", (state["id"], id_)).fetchone()
            position = next_free(db, state["id"]) if taken else state["id"]
        names = (*ACTIVITY_FIELDS, "towards")
        sets = ", ".join(f"{name} = ?" for name in names)
        db.execute(f"UPDATE activities SET id = ?, {sets} WHERE id = ?", (position, *(state[name] for name in names), id_))
        after = {row[0] for row in db.execute("SELECT profile_id FROM participants WHERE activity_id = ?", (position,))}
        db.execute("DELETE FROM participants WHERE activity_id = ?", (position,))
        db.executemany(
            "INSERT OR IGNORE INTO participants SELECT id, ?2, ?3 FROM profiles WHERE id = ?1",
            [(profile, position, role) for profile, role in state["participants"]],
        )
        index_spaced(db, position)
        return {before["profile_id"], *after, *(profile for profile, _ in state["participants"])}
