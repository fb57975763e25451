"""An import cut off half-way, as a killed program leaves it, for tests of whatever finds that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relationdesk.model import Fact
from relationdesk.services import bringing, import_undo
from relationdesk.services.bringing import Batch
from relationdesk.store import batches, half_imports, merge, portions
from relationdesk.store.database import Desk
from relationdesk.store.half_imports import Half
from relationdesk.store.leaving import Going
from relationdesk.store.portions import Step
from relationdesk.store.reports import Report
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.facts import NOW


class Killed(BaseException):
    """As if the program had ended here: nothing of it runs any more."""


def batch(name: str = "test.zip") -> Batch:
    """Of no file in particular; nothing is to be remembered of it."""
    return Batch(
        format="test", place="mastodon", name=name, kept=lambda counts: Report(read=counts.read_activities), remember=lambda: None
    )


def cut_off(db: Desk, facts: Iterable[Fact], *, before: str = "arranged", name: str = "test.zip") -> None:
    """Leave a half of these in the desk: "arranged" all facts are in, "in" a portion of the activities is."""
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add(facts)
        merge.prepare(staging)
        run = bringing._Run(staging, batch(name), seconds(NOW), lambda progress: None)

        def until() -> Iterator[Step]:
            for step in run.steps(in_portions=True):
                if run.touched or (before == "in" and db.execute("SELECT 1 FROM activities WHERE batch_id = ?", (run.batch_id,)).fetchone()):
                    return
                yield step

        portions.in_portions(db, until())
    assert half_imports.every(db)


def cut_off_undo(db: Desk, batch_id: int) -> None:
    """Leave that import in the desk as half taken out: some of its activities are gone."""
    (before,) = db.execute("SELECT count(*) FROM activities WHERE batch_id = ?", (batch_id,)).fetchone()
    half = Half(batch_id=batch_id, name=batches.one(db, batch_id).name, decisions=0, is_ending=False, leaving_at=seconds(NOW))

    def until() -> Iterator[Step]:
        for step in import_undo.steps(db, half, Going()):
            if db.execute("SELECT count(*) FROM activities WHERE batch_id = ?", (batch_id,)).fetchone()[0] < before:
                return
            yield step

    portions.in_portions(db, until())
    assert half_imports.every(db)
