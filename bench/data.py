"""The desk that everything is measured on: built once, seeded, skewed like a salesperson's, with the real shape.

10,000 people, 40,000 profiles, 1,000,000 activities; 200 key people hold half of them. Rows go in through the real
tables, indices and triggers; only staging is left out, because it has a row of its own. The full-text index is left as
the inserts leave it, in several pieces, because nothing in the program optimises it. The finished file is kept in
build/bench under a name made of this file and the shape, so that a change of either builds it again.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from relationdesk.model import Kind
from relationdesk.store import caches, database, people
from relationdesk.store.timekey import EPOCH_2000

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PLACES = ("mail", "linkedin", "mastodon", "blog")
SEED = 20261120
ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "bench"

_SYLLABLES = "ka ri mo ten sal ver in do pre lan ger com tu pla ne ra sto mi ber con dal fi rel ne po tra gen su ex al".split()
_TOPICS = (
    "energy meter hotel report winter panel order invoice gateway kitchen heating budget contract renewal quarter visit "
    "support question delivery price sensor building grid network data survey manager project offer meeting".split()
)
_SMALL = "the a of to and we in for is on that with it you our this from have are was at by can will new as".split()
_GIVEN = "ann bea carl dora emil fay gus hana ivo jan kira leo mia ned ola pia quin rosa sam tess udo vera will xena yan zoe".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a desk is. key_people hold half of the activities."""

    people: int = 10_000
    profiles: int = 40_000
    activities: int = 1_000_000
    key_people: int = 200
    largest_profile: int = 17_000


FULL = Size()
QUICK = Size(people=1_000, profiles=4_000, activities=60_000, key_people=40, largest_profile=4_000)


def desk_folder(size: Size) -> Path:
    """The folder of the finished desk; made now if it is not there."""
    marks = hashlib.sha256(repr(size).encode())
    for file in (Path(__file__), *sorted((ROOT / "relationdesk" / "store").glob("migrations*.py"))):
        marks.update(file.read_bytes())
    folder = FOLDER / f"desk-{marks.hexdigest()[:16]}"
    if not (folder / database.DESK_FILE).exists():
        for old in FOLDER.glob("desk-*.making"):
            shutil.rmtree(old)
        making = folder.with_suffix(".making")
        build(making, size)
        making.rename(folder)
    return folder


def copy_of(size: Size, name: str) -> Path:
    """A throw-away copy of the desk, for rows that write."""
    source, target = desk_folder(size), FOLDER / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copyfile(source / database.DESK_FILE, target / database.DESK_FILE)
    return target


def build(folder: Path, size: Size) -> None:
    """Write the whole desk into `folder`."""
    rng = random.Random(SEED)
    db = database.open_desk(folder)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000")
    try:
        with database.transaction(db):
            _people(db, rng, size)
            _activities(db, rng, size)
            _buckets(db, size)
            caches.rebuild(db)
            db.execute("INSERT INTO coverage SELECT id, 0, NULL, ?, NULL, '' FROM places", (int(NOW.timestamp()),))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()


def word(rng: random.Random) -> str:
    """An invented word of two to four syllables."""
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4)))


class Texts:
    """Sentences of a vocabulary with a long tail, some topics common in all of them."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        vocabulary = [*_SMALL, *_TOPICS, *(word(rng) for _ in range(12_000))]
        weights = list(accumulate(1 / (rank + 8) for rank in range(len(vocabulary))))
        self._sentences = [
            " ".join(rng.choices(vocabulary, cum_weights=weights, k=rng.randint(6, 18))).capitalize() + rng.choice("........................?")
            for _ in range(20_000)
        ]

    def __call__(self, kind: str) -> str:
        count = 1 if kind == "reaction" else self._rng.choice((1, 1, 2, 3) if kind != "mail" else (2, 3, 5, 8))
        return " ".join(self._rng.choices(self._sentences, k=count))


def _people(db: sqlite3.Connection, rng: random.Random, size: Size) -> None:
    db.executemany("INSERT INTO places(id, name) VALUES (?,?)", enumerate(PLACES, 1))
    db.executemany("INSERT INTO kinds(id, name) VALUES (?,?)", enumerate((k.value for k in Kind), 1))
    firms = [f"{word(rng).capitalize()} {rng.choice(('Hotels', 'Foods', 'Grid', 'Hospitals'))}" for _ in range(size.people // 8)]
    db.executemany(
        "INSERT INTO companies(id, uid, name, made_at) VALUES (?,?,?,0)", ((n, f"c{n}", name) for n, name in enumerate(firms, 1))
    )
    rows, profiles = [], []
    for n in range(1, size.people + 2):
        name = f"{rng.choice(_GIVEN)} {word(rng)}".title()
        firm = rng.randrange(len(firms))
        rows.append((n, f"u{n}", name, people.folded_for(name, "Head of Energy", firms[firm]), firm + 1, int(n == 1)))
    for n in range(1, size.profiles + 1):
        owner = (n - 1) % (size.people + 1) + 1
        turn = (n - 1) // (size.people + 1)
        name = rows[owner - 1][2] if owner <= size.people + 1 else ""
        handle = name.lower().replace(" ", ".")
        place = turn % len(PLACES) + 1
        native = f"{handle}{owner}@x.example" if place == 1 else f"https://{PLACES[place - 1]}.example/{handle}{owner}"
        linked = owner if n % 50 or owner == 1 else None
        profiles.append((n, linked, place, native, handle, name, name.lower()))
    db.executemany(
        "INSERT INTO people(id, uid, name, folded, title, company_id, is_me, made_at) VALUES (?,?,?,?,'Head of Energy',?,?,0)", rows
    )
    db.executemany(
        "INSERT INTO profiles(id, person_id, place_id, native_id, handle, display_name, folded, known) VALUES (?,?,?,?,?,?,?,1)", profiles
    )


def _buckets(db: sqlite3.Connection, size: Size) -> None:
    db.execute("INSERT INTO buckets VALUES (1, 'b1', 'Key people', '#0B6A63', 0), (2, 'b2', 'Three hundred', '#C9650A', 1)")
    db.executemany("INSERT INTO bucket_people VALUES (1, ?, 0)", ((n + 2,) for n in range(size.key_people)))
    db.executemany("INSERT INTO bucket_people VALUES (2, ?, 0)", ((2 + n * (size.people // 300),) for n in range(300)))


def _profile_choice(db: sqlite3.Connection, rng: random.Random, size: Size) -> Iterator[tuple[int, int]]:
    """(profile, its place) for ever: half of them key people's, one profile with the largest share, the rest a tail."""
    found: dict[int, list[tuple[int, int]]] = {}
    for profile, owner, place in db.execute("SELECT id, coalesce(person_id, -id), place_id FROM profiles"):
        found.setdefault(owner, []).append((profile, place))
    key = [found[n + 2] for n in range(size.key_people) if n + 2 in found]
    rest = [profiles for owner, profiles in found.items() if owner < 0 or owner > size.key_people + 1]
    largest = key[0][0]
    share = size.largest_profile / size.activities
    while True:
        dice = rng.random()
        yield largest if dice < share else rng.choice(rng.choice(key if dice < 0.5 else rest))


def _activities(db: sqlite3.Connection, rng: random.Random, size: Size) -> None:
    """In the order of time, as ids want it; one in eight is mine towards somebody, mails to me have me as recipient."""
    texts, kinds = Texts(rng), {k.value: n for n, k in enumerate(Kind, 1)}
    mine = dict(db.execute("SELECT place_id, id FROM profiles WHERE person_id = 1").fetchall())
    start, end = int((NOW - timedelta(days=5 * 365)).timestamp()), int(NOW.timestamp())
    moments = sorted(rng.randrange(start, end) for _ in range(size.activities))
    choice = _profile_choice(db, rng, size)
    rows: list[tuple[object, ...]] = []
    towards: list[tuple[int, int, int]] = []
    last = 0
    for n, at in enumerate(moments):
        profile, place = next(choice)
        kind = "mail" if place == 1 else rng.choice(("post", "post", "reply", "reaction", "share", "comment" if place == 4 else "post"))
        id_ = max((at - EPOCH_2000) * 8, last + 1)
        last = id_
        outward = n % 8 == 0 and place in mine and profile != mine[place]
        actor = mine[place] if outward else profile
        if outward:
            towards.append((profile, id_, 0))
        elif kind == "mail" or (kind == "reply" and n % 5 == 0):
            towards.append((mine[place], id_, 0 if kind == "mail" else 4))
        thread = f"t{profile}-{at // 2_000_000}" if kind == "mail" else None
        title = texts("reaction")[:60] if kind == "mail" else ""
        rows.append(
            (id_, actor, place, f"{PLACES[place - 1]}:{n}", kinds[kind], at, 0, 2 if kind == "mail" else 0,
             int(bool(towards) and towards[-1][1] == id_), title, texts(kind), f"https://x.example/{n}" if kind != "mail" else "", thread)
        )  # fmt: skip
        if len(rows) == 50_000:
            _insert(db, rows, towards)
    _insert(db, rows, towards)


def _insert(db: sqlite3.Connection, rows: list[tuple[object, ...]], towards: list[tuple[int, int, int]]) -> None:
    db.executemany(
        "INSERT INTO activities(id, profile_id, place_id, native_id, kind, published, precision, audience, towards, title, text, "
        "url, thread) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows,
    )  # fmt: skip
    db.executemany("INSERT OR IGNORE INTO participants(profile_id, activity_id, role) VALUES (?,?,?)", towards)
    rows.clear()
    towards.clear()
