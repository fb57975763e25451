"""Follow-ups that stand in the words of a note are the note's: changed with it, and gone when their words are. What the user changed by
hand or ticked off is theirs."""

from __future__ import annotations

from datetime import date
from difflib import SequenceMatcher

from relationdesk.model import Note
from relationdesk.services.promised import Promise, promises
from relationdesk.store import people, tasks
from relationdesk.store.decision import Decision, Row
from relationdesk.store.timekey import seconds
from relationdesk.wishes import Task

ALIKE = 0.6
"""From this likeness on, changed words are the same follow-up for one that the user has changed by hand or ticked off."""


def follow(d: Decision, note: Note, today: date) -> None:
    """Bring the follow-ups of a note up to its words, as part of a decision. Words that stayed keep their day: "fri" is the Friday
    after they were written first."""
    wanted = list(promises(note.text, today))
    left: list[tuple[Task, str, bool]] = []
    for task, line, edited in tasks.of_note(d.db, note.uid):
        same = next((promise for promise in wanted if promise.line == line), None)
        if same is None:
            left.append((task, line, edited))
        else:
            wanted.remove(same)
    for task, line, edited in left:
        is_theirs = edited or task.done is not None
        changed = next((p for p in wanted if not is_theirs or SequenceMatcher(None, line, p.line).ratio() >= ALIKE), None)
        if changed is not None:
            wanted.remove(changed)
            d.update("tasks", {"id": task.id}, {"note_line": changed.line} if is_theirs else _row(changed))
        elif not is_theirs:
            d.delete("tasks", {"id": task.id})
    for promise in wanted:
        d.insert(
            "tasks",
            {"uid": people.new_uid(), "person_id": note.person_id, "company_id": note.company_id, **_row(promise), "note_uid": note.uid,
             "made_at": seconds(note.saved)},
        )  # fmt: skip


def _row(promise: Promise) -> Row:
    return {
        "text": promise.text, "mine": int(promise.mine), "due": None if promise.due is None else promise.due.isoformat(),
        "due_minute": promise.at, "month_day": promise.due.day if promise.due else None, "note_line": promise.line,
    }  # fmt: skip
