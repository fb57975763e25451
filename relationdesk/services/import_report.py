"""The report of an import as text: to be read, copied, or kept as a file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from relationdesk.errors import UserMistake
from relationdesk.saying import counted, say
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
    if report.read > 1:
        return counted(report.refused, "{n:,} of {read:,} records was refused", "{n:,} of {read:,} records were refused", read=report.read)
    return counted(report.refused, "{n:,} record was refused", "{n:,} records were refused")


def report_text(batch: Batch, report: Report) -> str:
    """Every line of it, each refused record with file and line. Times are UTC."""
    titles = {source.name: source.title for source in FILE_SOURCES}
    title = say(titles.get(batch.format, batch.format))
    lines = [
        say("{name}: {title}, brought in {at} UTC as import {id}, taken back since." if batch.undone else "{name}: {title}, brought in {at} UTC as import {id}.",
            name=batch.name, title=title, at=f"{batch.at:%Y-%m-%d %H:%M}", id=batch.id),
        say("New: {activities:,} activities, {profiles:,} profiles, {people:,} people.", activities=batch.activities, profiles=batch.profiles, people=batch.people),
    ]  # fmt: skip
    if report.files:
        lines.append(say("Files: {files}", files=", ".join(report.files)))
    if report.left_out:
        lines.append(say("Left out as chosen: {parts}", parts=", ".join(report.left_out)))
    lines += [say("Asked: {question} Answer: {answer}", question=question, answer=answer) for question, answer in report.answers]
    lines += report.warnings
    if report.refused:
        lines.append(f"{refused_sentence(report)}:")
        lines += [f"  {one_line(one.where)}: {one_line(one.reason, 1000)}" for one in report.rejects]
        if (more := report.refused - len(report.rejects)) > 0:
            lines.append("  " + counted(more, "and {n:,} more, which was counted and not kept.", "and {n:,} more, which were counted and not kept one by one."))
    else:
        lines.append(say("Nothing was refused."))
    return "\n".join(lines)


def text_of(db: Desk, batch_id: int) -> str:
    """The report of an import. Raises UserMistake for one that is not there."""
    batch = next((one for one in batches.every(db) if one.id == batch_id), None)
    if batch is None:
        raise UserMistake(say("This import is not there any more. Nothing was changed."))
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
        raise UserMistake(say("“{name}” could not be written ({reason}). The import is as it was. Choose another folder.", name=file.name, reason=e.strerror)) from e
    return file
