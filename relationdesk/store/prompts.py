"""What the user said to a prompt: done, later, never. Prompts themselves are derived and not stored."""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.store.database import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """answer: "done", "later" (until: unix seconds), "never"."""

    key: str
    rule: str
    person_uid: str
    answer: str
    until: int | None
    at: int


def answers(db: Desk) -> dict[str, Answer]:
    """Every answer by prompt key."""
    rows = db.execute("SELECT key, rule, person_uid, answer, until, at FROM prompt_answers")
    return {
        row[0]: Answer(key=row[0], rule=row[1], person_uid=row[2], answer=row[3], until=row[4], at=row[5])
        for row in rows
    }
