"""The product on a world from nothing: staged, merged and arranged as an import does it, place by place, in a desk on disk."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from bench.matching.desk import Labelled
from relationdesk.services import matching
from relationdesk.store import merge
from relationdesk.store.database import close_desk, open_desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds

NOW = seconds(datetime(2026, 11, 20, 10, 12, tzinfo=UTC))


def arranged(world: Sequence[Labelled]) -> tuple[int, int, float, int]:
    """(profiles linked because a place vouches, those of them that are rightly so, seconds of one processor that the finder took, people)."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_desk(Path(folder) / "desk")
        taken = 0.0
        for _, profiles in groupby(world, key=lambda one: one.profile.key.place):
            with Staging(db, now=NOW) as staging:
                staging.add(one.profile for one in profiles)
                merge.prepare(staging)
                with transaction(db):
                    merged = merge.merge(staging, batch_id=None, now=NOW)
                    begun = time.process_time()
                    matching.arrange(db, merged.profiles, batch_id=None, now=NOW)
                    taken += time.process_time() - begun
        labels = {tuple(one.profile.key): one for one in world}
        of: dict[int, list[tuple[str, Labelled]]] = defaultdict(list)
        rows = db.execute("SELECT q.person_id, q.linked_by, l.name, q.native_id FROM profiles q JOIN places l ON l.id = q.place_id WHERE q.person_id IS NOT NULL")
        for person_id, by, place, native_id in rows:
            of[person_id].append((by, labels[place, native_id]))
        close_desk(db)
    certain = right = 0
    for theirs in of.values():
        for by, one in theirs:
            if by == "place":
                certain += 1
                right += all(one.fits(other) for _, other in theirs)
    return certain, right, taken, len(of)
