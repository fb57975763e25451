"""Bring what is staged into the desk as one batch: a small one in one transaction, a large one in portions, so that a note can
be saved at any moment meanwhile. Stopped, failed or killed half-way, nothing of it stays.

All that writes facts runs one after the other in the window's long lane, or in a command that owns the desk; so does this.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from relationdesk.errors import Cancelled, StoreError, StoreUnusable
from relationdesk.model import Changes, Progress
from relationdesk.saying import marked, say
from relationdesk.services import import_undo
from relationdesk.services.matching import Arranging, Settled
from relationdesk.store import (
    batches,
    caches,
    faults,
    half_imports,
    merge,
    merge_activities,
    portions,
    spans,
    taking_back,
    tellings,
)
from relationdesk.store.database import Desk
from relationdesk.store.half_imports import Half
from relationdesk.store.leaving import Going
from relationdesk.store.merge import Counts
from relationdesk.store.portions import Step, Steps
from relationdesk.store.reports import Report as Kept
from relationdesk.store.staging import Staging

SMALL = 200
"""Profiles and activities up to which an import is surely done in a moment: one transaction, which the disk keeps whole."""
AT_ONCE = 200
"""Activities that are withdrawn with the last portion; more of them in portions of their own."""
LOOK_SECONDS = 0.1
"""How often it is told how far it is."""

STOPPED = marked("Stopped. Nothing was brought in.")

Report = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a batch is called and keeps. remember: writes what holds for the next file of the kind, with the last portion."""

    format: str
    place: str
    name: str
    kept: Callable[[Counts], Kept]
    remember: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """The number of the batch and what came of it."""

    batch: int
    counts: Counts
    settled: Settled
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What an earlier end of the program left half done, and what became of it. sentences: one for each import. undone: imports that were
    being taken out, and are out now."""

    sentences: tuple[str, ...] = ()
    undone: tuple[int, ...] = ()
    changes: Changes = field(default_factory=Changes)


def bring(staging: Staging, batch: Batch, now: int, *, report: Report = lambda progress: None, stop: Stop = lambda: False) -> Brought:
    """All that is staged, after `merge.prepare`. now: unix seconds.

    Raises Cancelled when it was stopped, StoreUnusable for a full or broken disk. Nothing of it is kept then; where the disk
    does not even let it be taken out, that is told and happens at the next start.
    """
    run, db = _Run(staging, batch, now, report), staging.db
    by_hand = merge.meets_by_hand(db)
    small = _rows(db) <= SMALL or by_hand  # what becomes one with the user's own words does so at once, or not at all
    run.by_hand = by_hand
    try:
        with faults.stopped(db, lambda: not run.is_in and stop(), say(STOPPED)):
            if small:
                portions.whole(db, run.steps(in_portions=False))
            else:
                portions.in_portions(db, run.steps(in_portions=True), between=lambda: _go_on(not run.is_in and stop()))
    except BaseException as e:
        half = next((half for half in half_imports.every(db) if half.batch_id == run.batch_id), None)
        if half is not None and not half.is_ending:
            _take_back(db, half, e)
        if half is None or not half.is_ending or not isinstance(e, Exception):
            raise  # else it is in, and only its end waits for the next start
    return run.brought()


def settle(db: Desk, *, report: Report = lambda progress: None, stop: Stop = lambda: False) -> Left:
    """What was left half done is taken out, or ended where only its end was missing. Raises Cancelled, StoreUnusable: then it
    can be called again. Only where nothing is being brought in."""
    left = half_imports.every(db)
    told = []
    for half in left:
        report(Progress(done=0, unit="activities"))
        portions.in_portions(db, _back_or_on(db, half), between=lambda: _go_on(stop()))
        if half.leaving_at is not None:
            told.append(say("“{name}” was still being taken out when RelationDesk ended, so the rest of it was taken out now.", name=half.name))
        elif not half.is_ending:
            told.append(
                say("“{name}” was still being brought in when RelationDesk ended, so what had come in was taken out again. Everything else is as it was. Bring it in once more.", name=half.name)
            )
    undone = tuple(half.batch_id for half in left if half.leaving_at is not None)
    return Left(sentences=tuple(told), undone=undone, changes=Changes(everything=bool(left)))


def _back_or_on(db: Desk, half: Half) -> Steps:
    if half.leaving_at is not None:
        return import_undo.steps(db, half, Going(is_resumed=True))
    return taking_back.withdraw(db, half.batch_id) if half.is_ending else taking_back.take_back(db, half)


def _take_back(db: Desk, half: Half, error: BaseException) -> None:
    try:
        portions.in_portions(db, taking_back.take_back(db, half))
    except (StoreError, faults.DatabaseError) as e:
        raise StoreUnusable(
            say("{name} could not be brought in, and what had come in could not be taken out again: {why} That happens at the next start. Everything else is safe. Free some space and start RelationDesk again.", name=half.name, why=_why(error, e))
        ) from e


def _why(error: BaseException, again: Exception) -> str:
    return str(error if isinstance(error, StoreError) else again).rstrip(".") + "."


def _go_on(is_stopped: bool) -> None:
    if is_stopped:
        raise Cancelled(say(STOPPED))


def _rows(db: Desk) -> int:
    tables = ("profiles", "activities", "tombstones")
    return sum(int(db.execute(f"SELECT count(*) FROM stage.{table}").fetchone()[0]) for table in tables)  # noqa: S608 - literals


class _Run:
    """One batch on its way in. is_in: all of it is written (or about to be, with the last portion), there is no stopping. by_hand: it may
    meet what the user keeps by hand."""

    def __init__(self, staging: Staging, batch: Batch, now: int, report: Report) -> None:
        self.staging, self.db, self.batch, self.now = staging, staging.db, batch, now
        self.is_in = self.by_hand = False
        self.batch_id = 0
        self.counts = Counts()
        self.arranging = Arranging(self.db, None, now)
        self.touched: set[int] = set()
        self.people: frozenset[int] = frozenset()
        self.places: frozenset[str] = frozenset()
        self._report, self._told = report, 0.0

    def steps(self, *, in_portions: bool) -> Steps:
        """Found, profiles, newest activities first, whose they are, what is derived from them; at last what says that it is in."""
        db, batch = self.db, self.batch
        while True:
            yield Step.READ
            self.counts = merge.found(self.staging, by_login=False)
            yield Step.WRITE
            if merge.is_as_found(self.staging):
                break
        self.batch_id = batches.begin(db, format=batch.format, place=batch.place, name=batch.name, at=self.now)
        if in_portions:
            half_imports.begin(db, self.batch_id)
        if self.by_hand:
            merge.adopt(db, self.batch_id)
            self.counts = merge.found(self.staging, by_login=False)
        merge.name_places(db)
        yield from merge.in_pieces(self.staging, self.batch_id, self.now, self._counting())
        yield Step.READ
        self.touched = merge_activities.taking_part(db) | merge.new_or_changed(db) | {*tellings.staged(db)}
        self.places = merge.places(db)
        self.arranging = Arranging(db, self.batch_id, self.now)
        for step in self.arranging.steps(self.touched):
            self._tell(len(self.arranging.asked), len(self.touched), "profiles")
            yield step
        yield from caches.renewing(db, self.touched, self.arranging.people, self.arranging.mine)
        yield Step.WRITE
        at_once = not in_portions or self.counts.withdrawn <= AT_ONCE
        self._end(at_once)
        if in_portions and not at_once:
            yield from taking_back.withdraw(db, self.batch_id)

    def _end(self, at_once: bool) -> None:
        """What says that the batch is in: with it, or never. Nothing can fail after it that would make that untrue."""
        db = self.db
        self.is_in = True
        self.people = spans.holders(db, self.touched)
        merge.note_withdrawn(db, self.batch_id, self.now)
        if at_once:
            caches.refresh(db, merge.withdraw(db, self.now))
            half_imports.end(db, self.batch_id)
        else:
            half_imports.all_in(db, self.batch_id)
        merge.merge_coverage(db, self.batch_id)
        self.batch.remember()
        batches.finish(
            db, self.batch_id, profiles=self.counts.new_profiles, activities=self.counts.new_activities, people=self.arranging.made,
            report=self.batch.kept(self.counts),
        )  # fmt: skip

    def _counting(self) -> Callable[[int], None]:
        done, total = 0, self.counts.read_profiles + self.counts.read_activities

        def more(rows: int) -> None:
            nonlocal done
            done += rows
            self._tell(done, total, "entries")

        return more

    def _tell(self, done: int, total: int, unit: str) -> None:
        """Not more often than anybody looks."""
        now = time.monotonic()
        if now - self._told >= LOOK_SECONDS:
            self._told = now
            self._report(Progress(done=done, total=total, unit=unit))

    def brought(self) -> Brought:
        """After the last step."""
        settled = self.arranging.settled()
        changes = Changes(people=self.people, places=self.places, matches=True, prompts=True, companies=True)
        return Brought(batch=self.batch_id, counts=self.counts, settled=settled, changes=changes | settled.changes)
