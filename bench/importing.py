"""A whole import, from the first look at the file to the last link, beside SQLite alone; and a note that is saved meanwhile."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bench import data, floors
from bench.exports import SENTENCE
from bench.measure import Row, absolute, ratio
from relationdesk.services import import_undo, importing, notes, people
from relationdesk.store import database
from relationdesk.ui.tasks import TURN_SECONDS

MAILS, CARDS, BESIDE, SENDERS = 20_000, 5_000, 50_000, 2_000
PAUSE = 0.02
"""Seconds between two notes: somebody who never stops writing."""
WORDS = SENTENCE * 3


def whole(folder: Path) -> list[Row]:
    """Mails, which are mostly activities, and an address book, which is mostly people to be told apart. Each into a new desk."""
    folder = folder / "whole"
    folder.mkdir()
    mails, cards = _mails(folder / "mail.mbox", MAILS), _cards(folder / "people.csv", CARDS)
    floor = "bare table + one index build"
    told = [(n, 1, 2, f"<{n}@firm.example>", n * 1020, f"About {n}", WORDS, "") for n in range(MAILS)]
    named = [(n, 1, 2, f"{n:032x}", 0, _name(n), f"person{n}@firm{n % 400}.example +47 22 {n:06} Firm {n % 400} Buyer", "") for n in range(CARDS)]
    found = []
    for name, path, rows, count in ((f"mailbox of {MAILS:,} mails", mails, told, MAILS), (f"contact list of {CARDS:,} people", cards, named, CARDS)):
        found.append(
            ratio(
                f"whole import of a {name}", floor, None, partial(_brought, folder, path), floors.bare_table(rows, str(folder)), rounds=3,
                after=partial(_cleared, folder), remark=f"recognised, read, staged, compared, merged and linked, {count:,} of them; the floor stores their rows and nothing else",
            )
        )  # fmt: skip
    return found


def beside(folder: Path) -> list[Row]:
    """Notes one after the other, on a connection of their own, while mails are read, brought in and taken back; and how long it takes to take them back."""
    folder = folder / "beside"
    folder.mkdir()
    box = _mails(folder / "mail.mbox", BESIDE)
    reading, bringing, leaving, took = _notes_beside(folder, box)
    remark = (
        f"{len(reading):,} notes while they were read, {len(bringing):,} while they came in, {len(leaving):,} while they were taken back; one every "
        f"{PAUSE * 1000:.0f} ms, in the same process"
    )
    name = f"a note saved while {BESIDE:,} mails"
    return [
        absolute(f"{name} are read", reading, 250, "ms", remark=remark), absolute(f"{name} come in", bringing, 250, "ms"),
        absolute(f"{name} come in, the slowest of each quarter", [max(part) for part in _quarters(bringing)], 250, "ms"),
        absolute(f"{name} are taken back", leaving, 250, "ms"),
        absolute(f"taking {BESIDE:,} mails back, beside these notes", [took], None, "s", remark="with the copy of the desk that is put aside before"),
    ]  # fmt: skip


def _quarters(values: list[float]) -> list[list[float]]:
    size = max(1, -(-len(values) // 4))
    return [values[i : i + size] for i in range(0, len(values), size)]


def _brought(folder: Path, path: Path) -> None:
    db = database.open_desk(folder / "desk")
    preview = importing.stage(db, path, now=data.NOW)
    importing.bring_in(db, preview, data.NOW)
    database.close_desk(db)


def _cleared(folder: Path) -> None:
    shutil.rmtree(folder / "desk")


def _notes_beside(folder: Path, box: Path) -> tuple[list[float], list[float], list[float], float]:
    """Seconds that each note took, while reading, while bringing in and while taking back; and that taking back took. Threads take turns as in the window."""
    turn = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    db = database.open_desk(folder / "desk")
    person, _ = people.add_person(db, "Somebody known", data.NOW)
    over, taken = threading.Event(), list[tuple[float, float]]()

    def write() -> None:
        own = database.connect(folder / "desk" / database.DESK_FILE)
        try:
            while not over.is_set():
                begun = time.perf_counter()
                notes.write(own, "A line that somebody types.", data.NOW, person_id=person)
                taken.append((begun, time.perf_counter() - begun))
                over.wait(PAUSE)
        finally:
            own.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        preview = importing.stage(db, box, now=data.NOW)
        staged = time.perf_counter()
        importing.bring_in(db, preview, data.NOW)
        brought = time.perf_counter()
        import_undo.undo(db, data.NOW)
        ended = time.perf_counter()
    finally:
        over.set()
        writer.join()
        database.close_desk(db)
        sys.setswitchinterval(turn)
    reading, bringing, leaving = (
        [seconds for begun, seconds in taken if since <= begun < until] for since, until in ((0.0, staged), (staged, brought), (brought, ended))
    )
    return reading, bringing, leaving, ended - brought


_GIVEN = "Anna Bjorn Carla Dag Eva Finn Gro Hans Ida Jan Kari Lars Mia Nils Ola Per Rita Siv Tor Una".split()
_FAMILY = "berg dahl holm lund moe vik sten haug bakke sand strand hagen sol eide falk gran kolb mark nord pett".split()


def _name(n: int) -> str:
    """Of which the most common stands for a dozen people, as in any country."""
    n = n * 7919 % 8_000
    return f"{_GIVEN[n % 20]} {_FAMILY[n // 20 % 20].title()}{_FAMILY[n // 400 % 20]}"


def _mails(path: Path, count: int) -> Path:
    begin = datetime(2020, 1, 6, 8, 0, tzinfo=UTC)
    with path.open("w", encoding="utf-8") as file:
        for n in range(count):
            who = n * 31 % SENDERS
            when = f"{begin + timedelta(minutes=17 * n):%a, %d %b %Y %H:%M:%S} +0000"
            file.write(
                f"From person{who}@firm.example Mon Jan 08 09:00:00 2024\nFrom: {_name(who)} <person{who}@firm{who % 300}.example>\nTo: sam@seller.example\n"
                f"Subject: About {n}\nDate: {when}\nMessage-ID: <{n}@firm.example>\nContent-Type: text/plain; charset=utf-8\n\n{WORDS}{n}\n\n"
            )
    return path


def _cards(path: Path, count: int) -> Path:
    lines = (f"{_name(n)},person{n}@firm{n % 400}.example,+47 22 {n:06},Firm {n % 400},Buyer\n" for n in range(count))
    path.write_text("Name,Email,Phone,Company,Job Title\n" + "".join(lines), encoding="utf-8")
    return path


IMPORTING: dict[str, Callable[[Path], list[Row]]] = {"whole": whole, "beside": beside}
