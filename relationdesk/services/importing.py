"""Bring a file in: recognise, stage (that is the preview), then merge as one batch that can be undone.

Nothing reaches the desk before `bring_in`; cancel throws the staging away. Both run outside the window's thread.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from relationdesk.errors import Cancelled, StoreUnusable, UnreadableFile
from relationdesk.model import Activity, Changes, Progress, Rejected
from relationdesk.services import backup, matching
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import FileSource, Options, Recognised
from relationdesk.sources.container import open_container
from relationdesk.sources.elsewhere import inside, sign_of
from relationdesk.store import batches, merge, people, profiles, settings
from relationdesk.store.database import Desk, database_path, transaction
from relationdesk.store.faults import told
from relationdesk.store.merge import Counts
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

    sentence: one plain sentence for the user. rejects: at most 10,000 of counts.rejected.
    """

    path: Path
    recognised: Recognised
    counts: Counts
    sentence: str
    rejects: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()
    staged: Path | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


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


def recognise(path: Path, format: str = "") -> tuple[FileSource, Recognised]:
    """Which source reads this file, judged by its content. Raises UnreadableFile if none does."""
    if not path.exists():
        raise UnreadableFile(f"There is no file {path.name} at that place. Nothing was brought in. Check the path.")
    chosen = [source for source in FILE_SOURCES if not format or source.name == format]
    if not chosen:
        names = ", ".join(source.name for source in FILE_SOURCES)
        raise UnreadableFile(f"“{format}” is not a format that can be read. Nothing was brought in. Choose one of: {names}.")
    found = [(source, seen) for source in chosen if (seen := source.recognise(path)) is not None]
    if not found:
        if path.is_file() and path.stat().st_size == 0:
            raise UnreadableFile(f"{path.name} is empty. Nothing was brought in. Check where it comes from.", source=format)
        with open_container(path) as container:  # says it better for what is damaged, encrypted or a bomb
            container.names()
        raise UnreadableFile(_unknown(path, format), source=format)
    return max(found, key=lambda pair: pair[1].certainty)


def _unknown(path: Path, format: str) -> str:
    """Why no source reads it, as exactly as its content tells, and what to do."""
    if format:
        titles = {source.name: source.title for source in FILE_SOURCES}
        return (
            f"{path.name} does not look like this format ({titles[format]}). Nothing was brought in. "
            "Leave the format out, and it is recognised by its content."
        )
    for part in inside(path):
        looks = [seen for source in FILE_SOURCES if (seen := source.recognise(part)) is not None]
        if looks:
            seen = max(looks, key=lambda one: one.certainty)
            return (
                f"{path.name} is a folder with different things in it. Nothing was brought in. "
                f"{part.name} in it looks like this: {seen.title}. Choose it by itself."
            )
    reads = "RelationDesk reads LinkedIn archives, vCards, contact lists (CSV) and mailboxes (mbox, EML, Maildir)."
    for part in (path, *inside(path)):
        if sign := sign_of(part):
            what = part.name if part == path else f"{part.name} in the folder {path.name}"
            return f"{what} is {sign.title}, which RelationDesk does not read. Nothing was brought in. {sign.advice or reads}"
    return f"{path.name} is not a file RelationDesk knows how to read. Nothing was brought in. {reads}"


def options_for(db: Desk, seen: Recognised, me: str = "", mapping: Mapping[str, str] | None = None) -> Options:
    """What the desk knows that helps reading: the owner's addresses, and how such a CSV was mapped before."""
    mine: set[str] = set()
    owner = people.me(db)
    if owner is not None:
        for stored in profiles.of_person(db, owner.id):
            mine |= {a.value for a in stored.profile.addresses if a.kind.value == "mail"}
            if stored.profile.key.place == "mail":
                mine.add(stored.profile.key.native_id)
    chosen = dict(mapping or {}) or dict(settings.mapping_for(db, seen.columns) if seen.columns else {})
    return Options(me=me, mine=frozenset(mine), mapping=chosen)


def stage(
    db: Desk, path: Path, *, now: datetime, format: str = "", me: str = "", mapping: Mapping[str, str] | None = None,
    report: Report = lambda progress: None, stop: Stop = lambda: False,
) -> Preview:  # fmt: skip
    """Read the whole file into staging and say what bringing it in would do. Raises UnreadableFile, Cancelled."""
    staging, preview = _stage(db, path, now, format, me, mapping, report, stop)
    staging.detach()
    return preview


def _stage(
    db: Desk, path: Path, now: datetime, format: str, me: str, mapping: Mapping[str, str] | None, report: Report, stop: Stop
) -> tuple[Staging, Preview]:
    desk = database_path(db)
    with _said(path, desk):
        source, seen = recognise(path, format)
        options = options_for(db, seen, me, mapping)
        file = desk.parent / "staging" / f"{people.new_uid()}.db" if desk.name != ":memory:" else None
        staging = Staging(db, file, now=seconds(now))
    try:
        with _said(path, desk):
            future = _fill(staging, source.read(path, options), report, stop, now)
            counts = merge.preview(staging)
            if merge.is_empty(staging):
                raise UnreadableFile(_nothing_sentence(path, seen, staging.rejects(3)), source=source.name)
        warnings = (f"{future} dates lie in the future; they were kept as written and do not come on top.",) if future else ()
        preview = Preview(
            path=path, recognised=seen, counts=counts, sentence=sentence(seen, counts), rejects=staging.rejects(),
            warnings=warnings, staged=file, mapping=options.mapping,
        )  # fmt: skip
    except BaseException:
        staging.close()
        raise
    return staging, preview


@contextmanager
def _said(path: Path, desk: Path) -> Iterator[None]:
    """Errors of the disk as one sentence: it is full, or the file went away or broke off while it was read."""
    try:
        with told(desk):
            yield
    except OSError as e:
        if e.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreUnusable("The disk is full. Everything saved so far is safe. Free some space and try again.") from e
        raise UnreadableFile(
            f"{path.name} could not be read ({e.strerror or 'it broke off'}). Nothing was brought in. Check the file and choose it again."
        ) from e


def _fill(staging: Staging, facts: object, report: Report, stop: Stop, now: datetime) -> int:
    """Stage everything a source yields; how many activities are dated in the future."""
    future = 0
    for fact in facts:  # type: ignore[attr-defined]
        if isinstance(fact, Progress):
            report(fact)
            if stop():
                raise Cancelled("Stopped. Nothing was brought in.")
            continue
        if isinstance(fact, Activity) and fact.published is not None and now < fact.published and fact.published.year < 9999:
            future += (fact.published - now).days >= 1
        staging.add((fact,))
    if stop():
        raise Cancelled("Stopped. Nothing was brought in.")
    return future


def _nothing_sentence(path: Path, seen: Recognised, rejects: tuple[Rejected, ...]) -> str:
    why = f" First reason: {rejects[0].where}: {rejects[0].reason}" if rejects else ""
    return f"{path.name} looks like a {seen.title}, but nothing in it could be read.{why} Nothing was brought in."


def sentence(seen: Recognised, counts: Counts) -> str:
    """The preview in one sentence."""
    owner = f" of {seen.owner}" if seen.owner else ""
    parts = [f"{seen.title}{owner}: {counts.new_profiles:,} new profiles and {counts.new_activities:,} new activities"]
    if counts.unchanged:
        parts.append(f"{counts.unchanged:,} already here")
    if counts.changed:
        parts.append(f"{counts.changed:,} changed")
    if counts.rejected:
        parts.append(f"{counts.rejected:,} refused")
    return ", ".join(parts) + "."


def discard(preview: Preview) -> None:
    """The user said no: the staging goes, the desk was never touched."""
    if preview.staged is not None:
        preview.staged.unlink(missing_ok=True)


def bring_in(db: Desk, preview: Preview, now: datetime) -> Imported:
    """Merge what the preview showed, as one batch in one transaction."""
    if preview.staged is None or not preview.staged.exists():
        raise UnreadableFile("The preview is no longer there. Nothing was brought in. Choose the file again.")
    with Staging(db, preview.staged, now=seconds(now)) as staging:
        return _merge(db, staging, preview, now)


def import_now(
    db: Desk, path: Path, *, now: datetime, format: str = "", me: str = "", mapping: Mapping[str, str] | None = None,
    report: Report = lambda progress: None, stop: Stop = lambda: False, dry_run: bool = False,
) -> tuple[Preview, Imported | None]:  # fmt: skip
    """Preview and bring in without asking in between (the command line, the sample). dry_run: only the preview."""
    staging, preview = _stage(db, path, now, format, me, mapping, report, stop)
    with staging:
        return preview, None if dry_run else _merge(db, staging, preview, now)


def _merge(db: Desk, staging: Staging, preview: Preview, now: datetime) -> Imported:
    merge.prepare(staging)
    seen = preview.recognised
    if preview.counts.new_activities + preview.counts.changed >= BULK:
        backup.before_bulk(db, "before-import")
    with transaction(db):
        if preview.mapping and seen.columns:
            settings.remember_mapping(db, seen.columns, preview.mapping)
        batch = batches.begin(db, format=seen.format, place=seen.place, name=one_line(preview.path.name), at=seconds(now))
        merged = merge.merge(staging, batch_id=batch, now=seconds(now))
        settled = matching.arrange(db, merged.profiles, batch_id=batch, now=seconds(now))
        batches.finish(
            db, batch, profiles=merged.counts.new_profiles, activities=merged.counts.new_activities, people=settled.people,
            rejected=merged.counts.rejected, rejects=preview.rejects,
        )  # fmt: skip
    changes = Changes(people=merged.people, places=merged.places, matches=True, prompts=True, companies=True) | settled.changes
    return Imported(
        batch=batch, counts=merged.counts, people=settled.people, linked=settled.linked, waiting=settled.waiting,
        changes=changes, rejects=preview.rejects, warnings=preview.warnings,
    )  # fmt: skip


def undo(db: Desk, now: datetime, batch_id: int | None = None) -> batches.Taken:
    """Take an import out again as one step (the newest by default). Raises UserMistake."""
    backup.before_bulk(db, "before-undo")
    with transaction(db):
        taken = batches.undo(db, batch_id, seconds(now))
        for loose in taken.loose:
            matching.arrange(db, loose.profiles, batch_id=loose.batch_id, now=seconds(now))
        return taken
