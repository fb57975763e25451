"""What a look-in round came to: who was looked at, what was written and sent meanwhile, who is left. Derived whenever it is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from relationdesk.model import Note, NoteKind
from relationdesk.saying import say
from relationdesk.services.round_queue import Round, Stop, loaded
from relationdesk.store import notes, rounds, tasks
from relationdesk.store.database import Desk
from relationdesk.store.timekey import id_at, moment, moment_of_id, seconds
from relationdesk.text import day
from relationdesk.wishes import Task

GRACE = 30
"""Seconds after the last word of a visit in which something still belongs to it."""
STATES = {"": "left", "seen": "looked at", "done": "done", "later": "put off", "skipped": "skipped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of the round. seconds: looked at, all visits together. notes, tasks: written and made on them meanwhile, oldest first. sent:
    how many times something went from the user to them, or waits to go."""

    stop: Stop
    seconds: int = 0
    notes: tuple[Note, ...] = ()
    tasks: tuple[Task, ...] = ()
    sent: int = 0

    @property
    def looked(self) -> bool:
        """Gone through, and not passed over."""
        return self.stop.state in ("seen", "done", "later")

    @property
    def engaged(self) -> bool:
        """Something went to them, or the user spoke with them and noted it."""
        return self.sent > 0 or any(note.kind is not NoteKind.NOTE for note in self.notes)

    @property
    def left(self) -> bool:
        return self.stop.waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """lines: everybody of the queue, in its order."""

    round: Round
    lines: tuple[Line, ...]

    def looked(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.looked)

    def engaged(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.engaged)

    def skipped(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.stop.state == "skipped")

    def left(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.left)

    def flagged(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.stop.flagged)

    def notes(self) -> int:
        return sum(len(line.notes) for line in self.lines)

    def follow_ups(self) -> int:
        return sum(len(line.tasks) for line in self.lines)


def summary(db: Desk, round_id: int) -> Summary:
    """Raises UserMistake for a round that is not there."""
    found = loaded(db, round_id)
    spans = _spans(db, found)
    lines = tuple(
        Line(stop=stop, seconds=sum(until - since for since, until in spans.get(stop.person.id, ()))) for stop in found.stops
    )
    if not spans:
        return Summary(round=found, lines=lines)
    first = min(since for visits in spans.values() for since, _ in visits)
    last = max(until for visits in spans.values() for _, until in visits) + GRACE
    written = _within(spans, rounds.saved_notes(db, first, last))
    made = _within(spans, rounds.made_tasks(db, first, last))
    sent, waits = _within(spans, _sent(db, first, last)), _within(spans, rounds.queued_out(db, first, last))
    return Summary(round=found, lines=tuple(
        Line(
            stop=line.stop, seconds=line.seconds, notes=_notes(db, written.get(id_, ())), tasks=_tasks(db, made.get(id_, ())),
            sent=len(sent.get(id_, ())) + len(waits.get(id_, ())),
        )
        for line in lines for id_ in [line.stop.person.id]
    ))  # fmt: skip


def _spans(db: Desk, found: Round) -> dict[int, list[tuple[int, int]]]:
    """(from, until) of each visit, by person; also under the uid of somebody who became part of them."""
    of = {row.uid: row.person_id for row in rounds.stops(db, found.id)}
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for uid, since, until in rounds.visits(db, found.id):
        if (person := of.get(uid)) is not None:
            spans[person].append((since, until))
    return dict(spans)


def _sent(db: Desk, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """(person, position, when) of what the user did towards people in that time."""
    for person, position in rounds.out_to(db, id_at(moment(first)), id_at(moment(last + 1)) - 1):
        at = moment_of_id(position)
        if at is not None:
            yield person, position, seconds(at)


def _within(spans: dict[int, list[tuple[int, int]]], deeds: Iterable[tuple[int, int, int]]) -> dict[int, list[int]]:
    """Of (person, what, when) what falls into a visit of that person."""
    found: dict[int, list[int]] = defaultdict(list)
    for person, what, at in deeds:
        if any(since <= at <= until + GRACE for since, until in spans.get(person, ())):
            found[person].append(what)
    return dict(found)


def _notes(db: Desk, ids: Iterable[int]) -> tuple[Note, ...]:
    return tuple(note for id_ in ids if (note := notes.get(db, id_)) is not None)


def _tasks(db: Desk, ids: Iterable[int]) -> tuple[Task, ...]:
    return tuple(task for id_ in ids if (task := tasks.get(db, id_)) is not None)


COLUMNS = ("person_uid", "person", "company", "state", "flagged", "minutes", "sent", "notes", "note_texts", "follow_ups", "new_since")


def rows(found: Summary) -> Iterator[tuple[str, ...]]:
    """One row per person, in the order of the queue, under COLUMNS."""
    for line in found.lines:
        stop = line.stop
        yield (
            stop.person.uid, stop.person.name, stop.person.company, STATES[stop.state], "yes" if stop.flagged else "",
            f"{line.seconds / 60:.1f}" if line.seconds else "", str(line.sent or ""), str(len(line.notes) or ""),
            "\n".join(note.text for note in line.notes), "\n".join(task.text for task in line.tasks), "yes" if stop.fresh else "",
        )  # fmt: skip


def text(found: Summary) -> str:
    """The summary as plain words, for a mail to oneself or a colleague. Without the notes, which stay on this computer."""
    lines = [f"Look-in round: {found.round.title}, {day(found.round.started)}", f"{minutes(found.round.seconds)}, {numbers(found)}"]
    for title, some in (
        (say("Looked at"), found.looked()), (say("Engaged"), found.engaged()), (say("To come back to"), found.flagged()), (say("Skipped"), found.skipped()), (say("Left"), found.left()),
    ):  # fmt: skip
        if some:
            lines += ["", f"{title}:", *(f"- {line.stop.person.name}{', ' + line.stop.person.company if line.stop.person.company else ''}" for line in some)]
    return "\n".join(lines)


def minutes(spent: int) -> str:
    return say("{n} min", n=max(1, round(spent / 60)) if spent else 0)


def numbers(found: Summary) -> str:
    """How many of each, in one line."""
    return say(
        "{looked} looked at, {engaged} engaged, {notes} notes, {follow_ups} follow-ups, {skipped} skipped, {left} left", looked=len(found.looked()),
        engaged=len(found.engaged()), notes=found.notes(), follow_ups=found.follow_ups(), skipped=len(found.skipped()), left=len(found.left()),
    )  # fmt: skip

