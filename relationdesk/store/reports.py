"""What an import said when it was done: how much of the file was read and refused, which parts, which answers. Kept with
its batch, also after that was taken back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from relationdesk.model import Rejected
from relationdesk.store.database import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """read: profiles, activities and refused records of the file, 0 if that was not kept. refused: how many, of which
    `rejects` are at most the first 10,000, in reading order. files: the names of all, where the export came in several.
    left_out: titles of the parts that were not read. answers: (question, answer) in words.
    """

    read: int = 0
    refused: int = 0
    rejects: tuple[Rejected, ...] = ()
    files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


def keep(db: Desk, batch_id: int, report: Report) -> None:
    """Inside `transaction`, once for a batch."""
    told = {"files": report.files, "left_out": report.left_out, "answers": report.answers, "warnings": report.warnings}
    db.execute("INSERT INTO reports VALUES (?,?,?)", (batch_id, report.read, json.dumps(told, ensure_ascii=True)))
    db.executemany(
        "INSERT INTO rejects VALUES (?,?,?,?)",
        [(batch_id, n, one.where, one.reason) for n, one in enumerate(report.rejects, start=1)],
    )


def of_batch(db: Desk, batch_id: int) -> Report:
    """An empty one for a batch that is not there."""
    row = db.execute(
        "SELECT coalesce(r.read, 0), b.rejected, coalesce(r.told, '{}') FROM batches b LEFT JOIN reports r ON r.batch_id = b.id "
        "WHERE b.id = ?",
        (batch_id,),
    ).fetchone()
    if row is None:
        return Report()
    rows = db.execute("SELECT at_where, reason FROM rejects WHERE batch_id = ? ORDER BY n", (batch_id,))
    told: dict[str, Any] = json.loads(row[2])
    return Report(
        read=row[0], refused=row[1], rejects=tuple(Rejected(where=where, reason=reason) for where, reason in rows),
        files=tuple(told.get("files", ())), left_out=tuple(told.get("left_out", ())),
        answers=tuple((question, answer) for question, answer in told.get("answers", ())), warnings=tuple(told.get("warnings", ())),
    )  # fmt: skip
