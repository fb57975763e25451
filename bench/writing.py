"""The rows that write: link, sync, import. On a copy of the desk, committed and flushed as in earnest."""

from __future__ import annotations

import itertools
import random
import shutil
from datetime import datetime, timedelta

from bench import data, floors
from bench.measure import Row, ratio
from relationdesk.model import Activity, Key, Kind, Login, Page, Profile, Stream
from relationdesk.services import bringing, people, sync
from relationdesk.store import database, merge
from relationdesk.store.database import Desk, database_path, transaction
from relationdesk.store.reports import Report
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import EPOCH_2000

_LOGIN = Login(id=1, source="mastodon", place="mastodon", address="https://x.example")
_STREAM = Stream(name="all", address="")


def linking(db: Desk) -> list[Row]:
    """The profile with the most activities: unlinked, linked to somebody else, and both taken back."""
    (profile, count) = db.execute(
        "SELECT profile_id, count(*) AS n FROM activities WHERE profile_id NOT IN (SELECT id FROM profiles WHERE person_id = 1) "
        "GROUP BY profile_id ORDER BY n DESC LIMIT 1"
    ).fetchone()
    (owner,) = db.execute("SELECT person_id FROM profiles WHERE id = ?", (profile,)).fetchone()
    floor = "one one-row commit"

    def there_and_back() -> None:
        people.link(db, profile, owner + 500, data.NOW)
        people.undo(db, data.NOW)

    def off_and_back() -> None:
        people.unlink(db, profile, data.NOW)
        people.undo(db, data.NOW)

    return [
        ratio(f"link a profile with {count:,} activities, then undo", floor, 20, there_and_back,
              lambda: floors.one_row_commit(db), ours_times=3, floor_times=10),
        ratio(f"unlink a profile with {count:,} activities, then undo", floor, 20, off_and_back,
              lambda: floors.one_row_commit(db), ours_times=3, floor_times=10),
    ]  # fmt: skip


def syncing(db: Desk) -> list[Row]:
    """Pages of 500 items from one server: 400 seen, 20 of them edited, 100 new."""
    with transaction(db):
        db.execute("INSERT OR IGNORE INTO logins(id, source, place, address) VALUES (1, 'mastodon', 'mastodon', 'https://x.example')")
        db.execute("INSERT OR IGNORE INTO streams(login_id, name, address) VALUES (1, 'all', '')")
    pages = _pages(db)
    floor = "one one-row commit"
    return [
        ratio(
            "sync of 500 items, 80 % seen, 20 edited", floor, 500,
            lambda: sync._store(db, _LOGIN, _STREAM, next(pages), data.NOW, sync._Sum()), lambda: floors.one_row_commit(db),
            floor_times=20, remark="with matching of new profiles and the cursor, as services/sync.py does it",
        )
    ]  # fmt: skip


def _pages(db: Desk) -> itertools.chain[Page] | object:
    rng = random.Random(3)
    place = db.execute("SELECT id FROM places WHERE name = 'mastodon'").fetchone()[0]
    for turn in itertools.count():
        rows = db.execute(
            "SELECT a.native_id, q.native_id, k.name, a.published, a.title, a.text, a.url, q.display_name, q.handle FROM activities a "
            "JOIN profiles q ON q.id = a.profile_id JOIN kinds k ON k.id = a.kind WHERE a.place_id = ? AND a.towards = 0 "
            "AND q.person_id <> 1 AND a.id < ? ORDER BY a.id DESC LIMIT 400",
            (place, int((data.NOW - timedelta(days=3 + turn)).timestamp() - EPOCH_2000) * 8),
        ).fetchall()
        facts: list[Profile | Activity] = []
        for n, (key, who, kind, at, title, text, url, name, handle) in enumerate(rows):
            actor = Key("mastodon", who)
            facts.append(Profile(key=actor, display_name=name, handle=handle))
            words = text + " (edited)" if n < 20 else text
            facts.append(_activity(key, actor, kind, at, title, words, url))
            if n % 4 == 0:
                at += rng.randrange(1, 40_000)
                facts.append(_activity(f"new:{turn}:{n}", actor, "post", at, "", words, ""))
        yield Page(facts=tuple(facts), cursor=str(turn))


def _activity(key: str, actor: Key, kind: str, at: int, title: str, text: str, url: str) -> Activity:
    moment = datetime.fromtimestamp(at, data.NOW.tzinfo)
    return Activity(key=Key("mastodon", key), actor=actor, kind=Kind(kind), published=moment, title=title, text=text, url=url)


def backfill(db: Desk) -> list[Row]:
    """50,000 activities from a file: staged and merged, index included; against a bare table and one index build."""
    rng = random.Random(5)
    texts = data.Texts(rng)
    folder, now = str(database_path(db).parent), int(data.NOW.timestamp())
    actors = [Key("linkedin", row[0]) for row in db.execute("SELECT native_id FROM profiles WHERE place_id = 2 AND id % 37 = 0")]
    facts = []
    for n in range(50_000):
        at = data.NOW - timedelta(seconds=rng.randrange(5 * 365 * 86_400))
        facts.append(
            Activity(key=Key("linkedin", f"fill:{n}"), actor=rng.choice(actors), kind=Kind.POST, published=at, text=texts("post"))
        )
    rows = [
        (n, 1, 2, f.key.native_id, int(f.published.timestamp()) if f.published else 0, f.title, f.text, f.url)
        for n, f in enumerate(facts)
    ]

    def staged(desk: Desk) -> Staging:
        staging = Staging(desk, database_path(desk).parent / "fill.db", now=now)
        for i in range(0, len(facts), 500):
            staging.add(facts[i : i + 500])
        merge.prepare(staging)
        return staging

    def bring(desk: Desk) -> None:
        with staged(desk) as staging, transaction(desk):
            merge.merge(staging, batch_id=None, now=0)

    def in_portions(desk: Desk) -> None:
        batch = bringing.Batch(format="x", place="linkedin", name="fill", kept=lambda counts: Report(read=0, refused=0, rejects=()), remember=lambda: None)
        with staged(desk) as staging:
            bringing.bring(staging, batch, now)

    def after() -> None:
        with transaction(db):
            db.execute("DELETE FROM activities WHERE place_id = 2 AND native_id >= 'fill:' AND native_id < 'fill;'")

    new = [database.open_desk(database_path(db).parent / "new")]

    def anew() -> None:
        new.pop().close()
        shutil.rmtree(database_path(db).parent / "new")
        new.append(database.open_desk(database_path(db).parent / "new"))

    floor = "bare table + one index build"
    found = [
        ratio("backfill of 50,000 with index, into a new desk", floor, 2.5, lambda: bring(new[0]),
              floors.bare_table(rows, folder), rounds=5, after=anew,
              remark="staged, compared with what is there, and merged with five indices, participants and caches"),
        ratio("backfill of 50,000 with index, into the full desk", floor, 2.5, lambda: bring(db),
              floors.bare_table(rows, folder), rounds=5, after=after,
              remark="the same, spread over five years of a million activities; the floor's table is empty, and the desk "
              "writes nearly every page of the years concerned, because rows lie in the order of time"),
        ratio("backfill of 50,000 as an import, into a new desk", floor, 2.5, lambda: in_portions(new[0]),
              floors.bare_table(rows, folder), rounds=5, after=anew,
              remark="the way a file comes in: in portions of a moment each, flushed to disk one by one so that a note can be saved between them, "
              "and whose the profiles are looked for"),
        ratio("backfill of 50,000 as an import, into the full desk", floor, 2.5, lambda: in_portions(db),
              floors.bare_table(rows, folder), rounds=5, after=after, remark="the same, spread over five years"),
    ]  # fmt: skip
    new.pop().close()
    return found


WRITING = {"link": linking, "sync": syncing, "backfill": backfill}
