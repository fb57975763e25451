"""The report of an import as text: to be read, copied, or kept as a file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from relationdesk.errors import UserMistake
from relationdesk.sources import FILE_SOURCES
from relationdesk.store import batches, reports
from relationdesk.store.batches import Batch
from relationdesk.store.database import Desk
from relationdesk.store.reports import Report
from relationdesk.text import one_line


def refused_sentence(report: Report) -> str:
    """ "3 of 20,412 records were refused", "1 record was refused" where nobody kept how many there were; "" for none."""
    if not report.refused:
        return ""
    was = "was" if report.refused == 1 else "were"
    if report.read > 1:
        return f"{report.refused:,} of {report.read:,} records {was} refused"
    return f"{report.refused:,} {'record' if report.refused == 1 else 'records'} {was} refused"


def report_text(batch: Batch, report: Report) -> str:
    """Every line of it, each refused record with file and line. Times are UTC."""
    titles = {source.name: source.title for source in FILE_SOURCES}
    lines = [
        f"{batch.name}: {titles.get(batch.format, batch.format)}, brought in {batch.at:%Y-%m-%d %H:%M} UTC as import {batch.id}"
        + (", taken back since." if batch.undone else "."),
        f"New: {batch.activities:,} activities, {batch.profiles:,} profiles, {batch.people:,} people.",
    ]
    if report.files:
        lines.append(f"Files: {', '.join(report.files)}")
    if report.left_out:
        lines.append(f"Left out as chosen: {', '.join(report.left_out)}")
    lines += [f"Asked: {question} Answer: {answer}" for question, answer in report.answers]
    lines += report.warnings
    if report.refused:
        lines.append(f"{refused_sentence(report)}:")
        lines += [f"  {one_line(one.where)}: {one_line(one.reason, 1000)}" for one in report.rejects]
        if (more := report.refused - len(report.rejects)) > 0:
            lines.append(f"  and {more:,} more, which were counted and not kept one by one.")
    else:
        lines.append("Nothing was refused.")
    return "\n".join(lines)


def text_of(db: Desk, batch_id: int) -> str:
    """The report of an import. Raises UserMistake for one that is not there."""
    batch = next((one for one in batches.every(db) if one.id == batch_id), None)
    if batch is None:
        raise UserMistake("This import is not there any more. Nothing was changed.")
    return report_text(batch, reports.of_batch(db, batch_id))


def save(db: Desk, batch_id: int, file: Path) -> Path:
    """Write the report into a text file, whole or not at all. Raises UserMistake where it cannot be written."""
    text = text_of(db, batch_id) + "\n"
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as e:
        with suppress(OSError):
            part.unlink()
        raise UserMistake(f"“{file.name}” could not be written ({e.strerror}). The import is as it was. Choose another folder.") from e
    return file
