"""The archive LinkedIn gives its members: zip, unpacked folder, or one table of it dropped alone (2018 to today).

It is the only lawful way to LinkedIn's connections and messages, and it changes its layout every year: tables are
found by their columns. Streams in bounded memory; importing again, or a newer archive, adds only what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Coverage, Fact, Kind, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Part, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.linkedin_people import PLACE, People
from relationdesk.sources.linkedin_reading import BadRow, Reading
from relationdesk.sources.linkedin_rows import READERS
from relationdesk.sources.linkedin_survey import owner_profile, survey
from relationdesk.sources.linkedin_tables import (
    Spec,
    Table,
    dates,
    glance,
    good_rows,
    other_exports,
    quick_table,
    records,
    tables,
)
from relationdesk.sources.linkedin_words import export_day, is_day_first
from relationdesk.sources.tables import Row
from relationdesk.text import one_line

PARTS = {
    Part(name="connections", title=marked("connections")): ("connections",),
    Part(name="messages", title=marked("messages")): ("messages",),
    Part(name="invitations", title=marked("invitations")): ("invitations",),
    Part(name="posts", title=marked("posts")): ("shares", "instantreposts"),
    Part(name="comments", title=marked("comments")): ("comments",),
    Part(name="reactions", title=marked("reactions and votes")): ("reactions", "votes"),
    Part(name="endorsements", title=marked("endorsements and recommendations")): (
        "endorsementreceivedinfo", "endorsementgiveninfo", "recommendationsreceived", "recommendationsgiven",
    ),
    Part(name="positions", title=marked("your own positions")): ("positions",),
    Part(name="saved", title=marked("saved posts and articles")): ("savedarticles", "saveditems"),
    Part(name="notes", title=marked("notes on connections")): ("notes",),
    Part(name="contacts", title=marked("contacts that you uploaded"), wanted=False): ("uploaded",),
}  # fmt: skip
"""The names of the tables of each. Who you are is read anyway, and all tables are looked through for who is who."""
_FIRST_YEAR = 2003
"""LinkedIn opened in it."""
_PROGRESS_EVERY = 500
_REJECTED_SHOWN = 200
"""Broken rows of one table that are told one by one; the rest of them are told in one sentence."""


class LinkedInArchive:
    """FileSource for LinkedIn's own export."""

    name = "linkedin_archive"
    title = marked("LinkedIn archive")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """By the columns of known tables. A table dropped alone must be unmistakable, or bear its name."""
        try:
            with open_container(path) as box:
                chosen = glance(box)
                if not chosen:
                    return None
                owner = _owner_in_profile(box, chosen)
        except (UnreadableFile, OSError):
            return None
        best = max(spec.weight for spec in chosen.values())
        certainty = max(best, 0.5) if box.single else min(1.0, max(best, 0.4) + 0.01 * len(chosen))
        here = {spec.name for spec in chosen.values()}
        parts = tuple(part for part, names in PARTS.items() if here & set(names))
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=certainty, owner=owner, parts=parts if len(parts) > 1 else ()
        )

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then connections, messages and what the owner did, said and received. Raises UnreadableFile."""
        with open_container(path) as box:
            chosen = glance(box)
            found = list(tables(box, chosen))
            wanted = [table for table in found if isinstance(table, Table)]
            damaged = [table for table in found if isinstance(table, Rejected)]
            if not wanted:
                why = damaged[0].reason if damaged else say("“{name}” holds no table of a LinkedIn archive.", name=path.name)
                raise UnreadableFile(
                    say("{why} Nothing was brought in. Choose the zip that LinkedIn sent you.", why=why), source=self.name
                )
            reading = Reading(People())
            others = [Rejected(where=other, reason=say("This is a second archive in the same place. Bring it in by itself.")) for other in other_exports(box, chosen)]
            yield from everything(box, wanted, options, reading, (*damaged, *others))
            covered = _coverage(path, box.top, reading.newest)
            if covered is not None:
                yield covered


def everything(box: Container, wanted: list[Table], options: Options, reading: Reading, told: tuple[Rejected, ...] = ()) -> Iterator[Fact | Progress]:
    """The owner and all that these tables say, from wherever they come. told: what could not be read before that."""
    total, done = sum(table.size for table in wanted), 0
    yield Progress(done=0, total=total)
    yield from told
    for _ in survey(reading.people, box, wanted, options):
        yield Progress(done=0, total=total)
    yield owner_profile(box, wanted, reading.people)
    chosen = {name for part, names in PARTS.items() if options.wants(part) for name in names}
    for table in wanted:
        if table.spec.name in chosen:
            yield from _table(box, table, reading, done, total)
        done += table.size
        yield Progress(done=done, total=total)


def _table(box: Container, table: Table, reading: Reading, before: int, total: int) -> Iterator[Fact | Progress]:
    reading.begin_table(day_first=is_day_first(dates(box, table)))
    broken = 0
    for number, (done, record) in enumerate(records(box, table), start=1):
        if number % _PROGRESS_EVERY == 0:
            yield Progress(done=before + min(done, table.size), total=total)
        for fact in _facts(record, table, reading):
            broken += isinstance(fact, Rejected)
            if not isinstance(fact, Rejected) or broken <= _REJECTED_SHOWN:
                yield fact
    if broken > _REJECTED_SHOWN:
        yield Rejected(where=table.label, reason=say("{broken} more rows could not be read.", broken=broken - _REJECTED_SHOWN))
    for words, count in reading.left_out.items():
        yield Rejected(where=table.label, reason=words(count))


def _facts(record: Row | Rejected, table: Table, reading: Reading) -> Iterator[Fact]:
    if isinstance(record, Rejected):
        yield record
        return
    try:
        for fact in READERS[table.spec.name](record, reading):
            # A role's beginning says nothing about how far the archive reaches.
            if isinstance(fact, Activity) and fact.published and fact.kind is not Kind.POSITION:
                reading.newest = max(fact.published, reading.newest or fact.published)
            yield fact
    except BadRow as error:
        yield Rejected(where=f"{table.label} line {record.line}", reason=str(error))


def _owner_in_profile(box: Container, chosen: dict[str, Spec]) -> str:
    for member, spec in chosen.items():
        if spec.name == "profile" and (table := quick_table(box, member, spec)):
            row = next(iter(good_rows(box, table)), None)
            return one_line(f"{row['firstname']} {row['lastname']}") if row else ""
    return ""


def _coverage(path: Path, top: str, newest: datetime | None) -> Coverage | None:
    """Until the day in the name of the archive or its folder, else until the newest activity: it was made then or later, and before it was written
    to disk. Of two that end with the same activity the one that was written later is the newer: a second for each day in between tells them apart.
    """
    for name in (path.name, top, path.resolve().parent.name):
        if day := export_day(name):
            return Coverage(place=PLACE, until=day)
    if newest is None:
        return None
    written = (datetime.fromtimestamp(path.stat().st_mtime, UTC) + timedelta(days=1)).replace(microsecond=0)
    if written.year < _FIRST_YEAR:  # a zip without times is unpacked as of 1980
        return Coverage(place=PLACE, until=newest, written=datetime.max.replace(tzinfo=UTC, microsecond=0))
    if written < newest:
        return Coverage(place=PLACE, until=written, written=written)
    return Coverage(place=PLACE, until=newest + timedelta(seconds=min((written - newest).days, 86_399)), written=written)
