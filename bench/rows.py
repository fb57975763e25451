"""The rows that read the store. Each answers with what the window really calls, not with a query made for the occasion."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bench import data, floors
from bench.measure import Row, absolute, queries, ratio, timed
from relationdesk.derived import Filter
from relationdesk.services import agenda, places, review, searching
from relationdesk.services import export as services_export
from relationdesk.store import activities, buckets, csv_lines, database, people, profiles, search
from relationdesk.store.csv_tables import TABLES
from relationdesk.store.database import Desk, database_path, transaction
from relationdesk.store.timekey import id_at

COMMON = "energy"
"""A word in a good part of all texts."""


def _page(db: Desk, person: int, before: int = activities.FIRST) -> tuple[int, ...]:
    ids = profiles.ids_of_person(db, person)
    return tuple(item.id for item in activities.of_profiles(db, ids, Filter(), before=before))


def _over(persons: list[int], job: Callable[[int], object]) -> Callable[[], object]:
    turn = itertools.cycle(persons)
    return lambda: job(next(turn))


def person_page(db: Desk) -> list[Row]:
    """The newest fifty of a key person and of somebody in the tail, as items; and the whole page with card, rail, prompts."""
    found = []
    for title, persons in (("key person", list(range(2, 42))), ("tail", list(range(400, 440)))):
        ids = {p: _page(db, p) for p in persons}
        found.append(
            ratio(
                f"person page, 50 newest over all places, {title}", "the same rows by primary key", 3,
                _over(persons, lambda p: _page(db, p)), _over(persons, lambda p, ids=ids: floors.rows_by_key(db, ids[p])),
                ours_times=40, floor_times=40,
            )
        )  # fmt: skip
    whole = timed(lambda: [review.review(db, p, data.NOW) for p in range(2, 12)])
    found.append(absolute("whole person page: card, timeline, rail, prompts", [t / 10 for t in whole], None, "ms"))
    return found


def next_page(db: Desk) -> list[Row]:
    """The same person, 40 pages further down."""
    person, before = 2, activities.FIRST
    for _ in range(40):
        before = _page(db, person, before)[-1]
    return [
        ratio(
            "next page, however deep", "first page", 1.2, lambda: _page(db, person, before), lambda: _page(db, person),
            ours_times=40, floor_times=40,
        )
    ]  # fmt: skip


def bucket_timeline(db: Desk) -> list[Row]:
    """Three hundred people's newest, the page after it, and one a year and a half down."""
    ids = buckets.people_of(db, 2)
    first = activities.of_people(db, ids)
    keys = [item.id for item in first]
    deep = id_at(data.NOW - timedelta(days=540))
    down = [item.id for item in activities.of_people(db, ids, before=deep)]
    floor = "the same rows by primary key"
    return [
        ratio("bucket timeline, 300 people", floor, 5, lambda: activities.of_people(db, ids),
              lambda: floors.rows_by_key(db, keys), ours_times=10, floor_times=100),
        ratio("bucket timeline, next page", floor, 20, lambda: activities.of_people(db, ids, before=keys[-1]),
              lambda: floors.rows_by_key(db, keys), ours_times=10, floor_times=100),
        ratio("bucket timeline, however deep", floor, 20, lambda: activities.of_people(db, ids, before=deep),
              lambda: floors.rows_by_key(db, down), ours_times=10, floor_times=100),
    ]  # fmt: skip


def place_view(db: Desk) -> list[Row]:
    """The newest of one place: the questions asked, and the values made of the answers."""
    job = partial(places.stretch, db, "linkedin")
    return [
        ratio("place view", "50 newest rows of the table", 2, queries(db, job), lambda: floors.newest_rows(db), ours_times=40,
              floor_times=40, remark="every question the page asks: rows with actor and person, participants, names"),
        absolute("place view, as values for the screen", timed(job), 16.7, "ms"),
    ]  # fmt: skip


def full_text(db: Desk) -> list[Row]:
    """A common word with snippets, everywhere and within a person; a phrase; a beginning; two operators."""
    query = search.parse(COMMON + " ")
    name, floor = "full-text search newest first, common word, with snippet", "first 50 ids"
    everything = "every question that the page of 50 asks: findings with snippets, their rows, names and notes"

    def against_ids(title: str, only: str, remark: str) -> Row:
        asked = queries(db, lambda: search.search(db, query), only)
        return ratio(title, floor, 12, asked, lambda: floors.first_ids(db, COMMON), ours_times=20, floor_times=100, remark=remark)

    words = [
        against_ids(name, "activities_fts MATCH", "the ids and snippets alone"),
        against_ids(name + ", with its rows", "", everything),
        ratio(
            "search within one person", "the same search everywhere", 1.5,
            lambda: search.search(db, query, people=(2,)), lambda: search.search(db, query), ours_times=10, floor_times=10,
        ),
    ]  # fmt: skip
    words.append(absolute("search of a common word, as values for the screen", timed(lambda: search.search(db, query)), 16.7, "ms"))
    for typed in ("en", "the", '"heating budget"', "from:ann energy place:mail", "zzzz", "energy meter hot"):
        times = timed(lambda typed=typed: searching.text(db, typed))
        words.append(absolute(f"search as typed: {typed}", times, 50, "ms"))
    return words


def optimised(db: Desk) -> list[Row]:
    """The same search where the index is one single piece, as after one large import into a new desk."""
    with transaction(db):
        db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('optimize')")
    query = search.parse(COMMON + " ")
    return [
        ratio(
            "full-text search, common word, with snippet, index in one piece", "first 50 ids", 12,
            queries(db, lambda: search.search(db, query), "activities_fts MATCH"), lambda: floors.first_ids(db, COMMON),
            ours_times=20, floor_times=100,
            remark="ids alone come several times quicker from one piece; snippets cost the same, they read the texts word by word",
        )
    ]  # fmt: skip


def export(db: Desk) -> list[Row]:
    """200,000 activities as CSV lines, guarded; and with all that belongs to a file."""
    table = next(table for table in TABLES if table.name == "activities")
    count = min(200_000, activities.count(db))
    (last,) = db.execute("SELECT id FROM activities ORDER BY id LIMIT 1 OFFSET ?", (count - 1,)).fetchone()
    part = replace(table, source=f"{table.source} AND a.id <= {last}")
    file = database_path(db).parent / "bench.csv"

    def lines() -> None:
        for _ in csv_lines.lines(db, part, private=True):
            pass

    def written() -> None:
        file.unlink(missing_ok=True)
        portions = csv_lines.lines(db, part, private=True)
        services_export._Writing(lambda progress: None, lambda: False).write(file, part.headers, portions, bom=True)

    floor = partial(floors.columns, db, part)
    return [
        ratio(f"CSV of {count:,} activities", "fetching the same columns", 2, lines, floor, rounds=5,
              remark="every cell guarded and quoted, in portions of text"),
        ratio(f"CSV of {count:,} activities, as a file", "fetching the same columns", None, written, floor, rounds=5,
              remark="encoded, written, hashed for the manifest and flushed to disk as well"),
    ]  # fmt: skip


def opening(db: Desk) -> list[Row]:
    """The desk's file opened and closed: as left in order, and after a crash, when all of it is looked over."""
    folder = database_path(db).parent / "opening"
    folder.mkdir()
    database.copy_to(db, folder / database.DESK_FILE)
    database.close_desk(database.open_desk(folder))

    def in_order() -> None:
        database.close_desk(database.open_desk(folder))

    def after_a_crash() -> None:
        (folder / database.MARK_FILE).unlink(missing_ok=True)
        database.open_desk(folder).close()

    found = [
        absolute("opening and closing the desk", timed(in_order), None, "ms"),
        absolute("opening the desk after a crash, the whole file looked over", timed(after_a_crash, 3), None, "ms"),
    ]
    shutil.rmtree(folder)
    return found


def people_list(db: Desk) -> list[Row]:
    """All people by need and last touch, as values; what the list asks for as it opens."""
    return [
        ratio("people list, all, by need and last touch", "reading the person table", 2, queries(db, lambda: people.page(db)), lambda: floors.person_table(db)),
        absolute("people list, all, as values for the screen", timed(lambda: people.page(db)), 100, "ms"),
        absolute("people list, first screen (60)", timed(lambda: people.page(db, limit=60)), 16.7, "ms"),
    ]  # fmt: skip


def typing(db: Desk) -> list[Row]:
    """People search as one types, and the palette."""
    found = []
    for typed in ("a", "an", "ann k", "head en", "zzz"):
        found.append(absolute(f"people search as typed: {typed}", timed(lambda t=typed: people.page(db, query=t, limit=60)), 16.7, "ms"))
    for typed in ("a", "ann k"):
        found.append(absolute(f"palette as typed: {typed}", timed(lambda t=typed: searching.palette(db, t)), 16.7, "ms"))
    return found


def prompts(db: Desk) -> list[Row]:
    """All rules: for those whom 500 new activities concern, and for everybody."""
    ids = [item.id for item in activities.of_place(db, "", limit=500)]
    concerned = tuple(sorted({item.actor_person for item in activities.by_ids(db, ids) if item.actor_person}))
    floor = "reading the person table"
    return [
        ratio(f"prompts after 500 new activities ({len(concerned)} people)", floor, 2, lambda: agenda.refresh(db, concerned, data.NOW),
              lambda: floors.person_table(db), remark="all rules, their prompts as values, and the cached numbers written"),
        ratio("prompts, all rules, everybody", floor, 20, lambda: agenda.today(db, data.NOW), lambda: floors.person_table(db),
              remark=f"{len(agenda.today(db, data.NOW).held_back):,} prompts as values, the cached numbers written"),
    ]  # fmt: skip


READING = {
    "page": person_page, "next": next_page, "bucket": bucket_timeline, "place": place_view, "search": full_text,
    "people": people_list, "typing": typing, "prompts": prompts, "csv": export, "desk": opening, "one_piece": optimised,
}  # fmt: skip
