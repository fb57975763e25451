"""Bring a file in: recognise, stage (that is the preview), then merge as one batch that can be undone.

Nothing reaches the desk before `bring_in`; cancel throws the staging away. Both run outside the window's thread.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from relationdesk.errors import Cancelled, StoreUnusable, UnreadableFile
from relationdesk.model import Activity, Changes, Profile, Progress, Rejected
from relationdesk.saying import counted, say
from relationdesk.services import asking, backup, bringing
from relationdesk.services.asking import options_for
from relationdesk.services.recognising import passed_over, recognise
from relationdesk.sources.asks import unanswered
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.together import missing, volumes
from relationdesk.store import merge, people
from relationdesk.store.database import Desk, database_path
from relationdesk.store.differences import Difference, differences
from relationdesk.store.faults import stopped, told
from relationdesk.store.merge import Counts
from relationdesk.store.reports import Report as Kept
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from relationdesk.text import one_line

BULK = 500
"""New or changed activities from which an import is a bulk action, before which a copy is put aside."""

Report = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What bringing the file in would do. staged: where it waits, None for a desk in memory.

    sentence: one plain sentence for the user. rejects: at most 10,000 of counts.rejected. options: with what it was read.
    differences: the first of what is said differently of what is known.
    """

    path: Path
    recognised: Recognised
    counts: Counts
    sentence: str
    rejects: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()
    staged: Path | None = None
    options: Options = field(default_factory=Options)
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was brought in, as one batch. people: new ones."""

    batch: int
    counts: Counts
    people: int
    linked: int
    waiting: int
    changes: Changes
    rejects: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()


def stage(
    db: Desk, path: Path, *, now: datetime, format: str = "", me: str = "", mapping: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None, parts: frozenset[str] | None = None,
    report: Report = lambda progress: None, stop: Stop = lambda: False,
) -> Preview:  # fmt: skip
    """Read the whole file into staging and say what bringing it in would do. path: of one file, or of several of one export
    put `together`. Raises UnreadableFile, also with the question while something has to be answered; Cancelled.
    """
    said = Options(me=me, mapping=mapping or {}, answers=answers or {}, parts=parts)
    staging, preview = _stage(db, path, now, format, said, report, stop)
    staging.detach()
    return preview


def _stage(db: Desk, path: Path, now: datetime, format: str, said: Options, report: Report, stop: Stop) -> tuple[Staging, Preview]:
    desk = database_path(db)
    bringing.settle(db)
    with _said(path, desk):
        source, seen = recognise(path, format)
        options = options_for(db, seen, me=said.me, mapping=said.mapping, answers=said.answers, parts=said.parts)
        for ask in asking.unanswered(seen, options):
            raise unanswered(ask, source.name)
        if seen.parts and not any(options.wants(part) for part in seen.parts):
            raise UnreadableFile(say("No part of {name} was chosen. Nothing was brought in. Choose at least one.", name=path.name), source=source.name)
        file = desk.parent / "staging" / f"{people.new_uid()}.db" if desk.name != ":memory:" else None
        staging = Staging(db, file, now=seconds(now))
    try:
        with _said(path, desk):
            future = _fill(staging, source.read(path, options), report, stop, now)
            counts = merge.preview(staging)
            if merge.is_empty(staging):
                raise UnreadableFile(_nothing_sentence(path, seen, staging.rejects(3)), source=source.name)
        preview = Preview(
            path=path, recognised=seen, counts=counts, sentence=sentence(seen, counts), rejects=staging.rejects(),
            warnings=_warnings(path, seen, future, counts), staged=file, options=options, differences=differences(staging),
        )  # fmt: skip
    except BaseException:
        staging.close()
        raise
    return staging, preview


def _warnings(path: Path, seen: Recognised, future: int, counts: merge.Counts) -> tuple[str, ...]:
    found = []
    if counts.older:
        found.append(counted(
            counts.older, "{n} entry is older here than what is known; the newer words stay, and only what they left open was filled in.",
            "{n} entries are older here than what is known; the newer words stay, and only what they left open was filled in.",
        ))  # fmt: skip
    if counts.undated:
        found.append(counted(
            counts.undated, "{n} entry may be older here than what is known, because the file does not say when it was made; what is known stays. The whole archive says when.",
            "{n} entries may be older here than what is known, because the file does not say when it was made; what is known stays. The whole archive says when.",
        ))  # fmt: skip
    if gaps := missing(path):
        numbers = ", ".join(map(str, gaps))
        found.append(say("File {numbers} of this export is missing, so what is in it was not read. Add it now, or bring it in later.", numbers=numbers))
    if others := passed_over(path, seen):
        found.append(say("Also in {name}, and not read: {others}. Choose them by themselves.", name=path.name, others=", ".join(others)))
    if future:
        found.append(say("{future} dates lie in the future; they were kept as written and do not come on top.", future=future))
    return tuple(found)


@contextmanager
def _said(path: Path, desk: Path) -> Iterator[None]:
    """Errors of the disk as one sentence: it is full, or the file went away or broke off while it was read."""
    try:
        with told(desk):
            yield
    except OSError as e:
        if e.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreUnusable(say("The disk is full. Everything saved so far is safe. Free some space and try again.")) from e
        raise UnreadableFile(
            say("{name} could not be read ({reason}). Nothing was brought in. Check the file and choose it again.", name=path.name, reason=e.strerror or say("it broke off"))
        ) from e


def _fill(staging: Staging, facts: object, report: Report, stop: Stop, now: datetime) -> int:
    """Stage everything a source yields; how many activities are dated in the future."""
    future = found = 0
    for fact in facts:  # type: ignore[attr-defined]
        if isinstance(fact, Progress):
            report(replace(fact, found=found))
            if stop():
                raise Cancelled(say("Stopped. Nothing was brought in."))
            continue
        if isinstance(fact, Activity) and fact.published is not None and now < fact.published and fact.published.year < 9999:
            future += (fact.published - now).days >= 1
        found += isinstance(fact, Activity | Profile)
        staging.add((fact,))
    if stop():
        raise Cancelled(say("Stopped. Nothing was brought in."))
    return future


def _nothing_sentence(path: Path, seen: Recognised, rejects: tuple[Rejected, ...]) -> str:
    if not rejects:
        return say("{file} looks like this: {title}. But nothing in it could be read. Nothing was brought in.", file=path.name, title=say(seen.title))
    return say(
        "{file} looks like this: {title}. But nothing in it could be read. First reason: {where}: {reason} Nothing was brought in.",
        file=path.name, title=say(seen.title), where=rejects[0].where, reason=rejects[0].reason,
    )  # fmt: skip


def sentence(seen: Recognised, counts: Counts) -> str:
    """The preview in one sentence."""
    what = say("{title} of {owner}", title=say(seen.title), owner=seen.owner) if seen.owner else say(seen.title)
    profiles = counted(counts.new_profiles, "{n:,} new profile", "{n:,} new profiles")
    activities = counted(counts.new_activities, "{n:,} new activity", "{n:,} new activities")
    parts = [say("{what}: {profiles} and {activities}", what=what, profiles=profiles, activities=activities)]
    if counts.unchanged:
        parts.append(counted(counts.unchanged, "{n:,} already here", "{n:,} already here"))
    if counts.changed:
        parts.append(counted(counts.changed, "{n:,} changed", "{n:,} changed"))
    if counts.changed_profiles:
        parts.append(counted(counts.changed_profiles, "{n:,} profile changed", "{n:,} profiles changed"))
    if counts.withdrawn:
        parts.append(counted(counts.withdrawn, "{n:,} withdrawn", "{n:,} withdrawn"))
    if counts.rejected:
        parts.append(counted(counts.rejected, "{n:,} refused", "{n:,} refused"))
    return ", ".join(parts) + "."


def discard(preview: Preview) -> None:
    """The user said no: the staging goes, the desk was never touched."""
    if preview.staged is not None:
        preview.staged.unlink(missing_ok=True)


def bring_in(
    db: Desk, preview: Preview, now: datetime, *, report: Report = lambda progress: None, stop: Stop = lambda: False
) -> Imported:  # fmt: skip
    """Merge what the preview showed, as one batch. The parts it showed are those of next time. Raises Cancelled; then nothing
    of it was kept."""
    if preview.staged is None or not preview.staged.exists():
        raise UnreadableFile(say("The preview is no longer there. Nothing was brought in. Choose the file again."))
    with Staging(db, preview.staged, now=seconds(now)) as staging:
        return _merge(db, staging, preview, now, report, stop, chosen=True)


def import_now(
    db: Desk, path: Path, *, now: datetime, format: str = "", me: str = "", mapping: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None, parts: frozenset[str] | None = None,
    report: Report = lambda progress: None, stop: Stop = lambda: False, dry_run: bool = False,
) -> tuple[Preview, Imported | None]:  # fmt: skip
    """Preview and bring in without asking in between (the command line, the sample). dry_run: only the preview."""
    said = Options(me=me, mapping=mapping or {}, answers=answers or {}, parts=parts)
    staging, preview = _stage(db, path, now, format, said, report, stop)
    with staging:
        return preview, None if dry_run else _merge(db, staging, preview, now, report, stop)


def _merge(
    db: Desk, staging: Staging, preview: Preview, now: datetime, report: Report, stop: Stop, *, chosen: bool = False
) -> Imported:  # fmt: skip
    bringing.settle(db)
    merge.prepare(staging)
    seen = preview.recognised
    if preview.counts.new_activities + preview.counts.changed >= BULK:
        with stopped(db, stop, say(bringing.STOPPED)):
            backup.before_bulk(db, "before-import")

    def remember() -> None:
        asking.remember(db, seen, preview.options)
        if chosen:
            asking.remember_parts(db, seen, preview.options)

    batch = bringing.Batch(
        format=seen.format, place=seen.place, name=one_line(name_of(preview.path)), kept=partial(_kept, preview), remember=remember
    )
    brought = bringing.bring(staging, batch, seconds(now), report=report, stop=stop)
    settled = brought.settled
    return Imported(
        batch=brought.batch, counts=brought.counts, people=settled.people, linked=settled.linked, waiting=settled.waiting,
        changes=brought.changes, rejects=preview.rejects, warnings=preview.warnings,
    )  # fmt: skip


def _kept(preview: Preview, counts: Counts) -> Kept:
    """What the batch keeps of it."""
    seen, options, files = preview.recognised, preview.options, volumes(preview.path)
    return Kept(
        read=counts.read_profiles + counts.read_activities + counts.rejected, refused=counts.rejected, rejects=preview.rejects,
        files=tuple(one_line(file.name) for file in files) if len(files) > 1 else (),
        left_out=tuple(say(part.title) for part in seen.parts if not options.wants(part)),
        answers=tuple((ask.question, asking.words_of(ask, options)) for ask in seen.asks), warnings=preview.warnings,
    )  # fmt: skip


def name_of(path: Path) -> str:
    """How a file is called, or several of one export."""
    more = len(volumes(path)) - 1
    name = path.name or path.resolve().name
    return f"{name} and {more} more" if more else name
