"""An import is undone: a small one in one transaction, a large one in portions, so that a note can be saved at any moment meanwhile.

What is out cannot be put back but from its file, so once it has begun it is only ever gone on with: at once, or after the next start.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from relationdesk.errors import Cancelled, StoreError, StoreUnusable
from relationdesk.model import Progress
from relationdesk.saying import say
from relationdesk.services import backup
from relationdesk.services.matching import Arranging
from relationdesk.store import batches, caches, faults, half_imports, leaving, portions
from relationdesk.store.batches import Batch, Taken
from relationdesk.store.database import Desk
from relationdesk.store.half_imports import Half
from relationdesk.store.leaving import Going
from relationdesk.store.portions import Steps
from relationdesk.store.timekey import seconds

SMALL = 200
"""Rows up to which an undo is surely done in a moment: one transaction, which the disk keeps whole."""
LOOK_SECONDS = 0.1
"""How often it is told how far it is."""

Report = Callable[[Progress], None]
Stop = Callable[[], bool]


def undo(
    db: Desk, now: datetime, batch_id: int | None = None, *, report: Report = lambda progress: None, stop: Stop = lambda: False
) -> Taken:  # fmt: skip
    """Take an import out again as one step (the newest by default).

    Raises UserMistake if there is none to be taken out; Cancelled when it was stopped, StoreUnusable for a full or broken disk: then nothing was
    changed, or the words say that the rest follows.
    """
    for left in half_imports.every(db):
        if left.leaving_at is not None:  # a fault ended it half-way
            _in_portions(db, left, going := Going(is_resumed=True), stop)
            if left.batch_id == batch_id:
                return _taken(batches.one(db, batch_id), going)
    batch = batches.to_undo(db, batch_id)
    with faults.stopped(db, stop, say("Stopped. Nothing was changed.")):
        backup.before_bulk(db, "before-undo")
    half = Half(batch_id=batch.id, name=batch.name, decisions=0, is_ending=False, leaving_at=seconds(now))
    going = Going()
    if leaving.size(db, batch.id) <= SMALL:
        portions.whole(db, steps(db, half, going))
    else:
        going.more = _telling(going, report)
        _in_portions(db, half, going, stop)
    return _taken(batch, going)


def _taken(batch: Batch, going: Going) -> Taken:
    return Taken(batch=batch, activities=going.activities, profiles=going.profiles, people=max(0, going.people), people_kept=going.people_kept)


def _in_portions(db: Desk, half: Half, going: Going, stop: Stop) -> None:
    def go_on() -> None:
        if stop():
            raise Cancelled(say("Stopped. Nothing was changed."))

    try:
        portions.in_portions(db, steps(db, half, going), between=go_on)
    except (Cancelled, StoreError, faults.DatabaseError) as e:
        if not any(one.batch_id == half.batch_id for one in half_imports.every(db)):
            raise
        if isinstance(e, Cancelled):
            raise Cancelled(say("Stopped. “{name}” is out only in part; the rest is taken out at the next start.", name=half.name)) from e
        raise StoreUnusable(
            say("“{name}” is out only in part: {why} The rest is taken out at the next start. Everything else is safe. Free some space and start RelationDesk again.", name=half.name, why=str(e).rstrip(".") + ".")
        ) from e


def steps(db: Desk, half: Half, going: Going) -> Steps:
    """All of it, or what is left of it: the facts go, then whose the profiles are that lost their person is asked anew."""
    if not half.is_ending:
        yield from leaving.take_out(db, half, going)
    assert half.leaving_at is not None
    for loose in leaving.nobodys(db, half.batch_id):
        run = Arranging(db, loose.batch_id, half.leaving_at)
        yield from run.steps(loose.profiles)
        going.people -= run.made  # whom another import tells of, too, were made anew from what it says
        yield from caches.renewing(db, (), run.people, run.mine)
    if half.is_ending:  # else done above
        yield from leaving.derive(db, going)
    yield from leaving.end(db, half.batch_id)


def _telling(going: Going, report: Report) -> Callable[[int], None]:
    done, told = 0, 0.0

    def more(rows: int) -> None:
        nonlocal done, told
        done += rows
        now = time.monotonic()
        if now - told >= LOOK_SECONDS:
            told = now
            report(Progress(done=min(done, going.total), total=going.total, unit="entries"))

    return more
