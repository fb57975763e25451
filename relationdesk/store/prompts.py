"""What the user said to a prompt: done, later, never. Prompts themselves are derived and not stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relationdesk.store.database import Desk
from relationdesk.store.timekey import moment, seconds

DONE_WITH = "done_with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """answer: "done"; "done_with" another prompt that said the same, in the same decision; "later" (until: unix seconds), "later_sign" (until they do something), "later_meeting" (until: the meeting's end); "never",
    of this rule for this person, or with person_uid "" for everybody."""

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


def last_done(db: Desk) -> dict[str, datetime]:
    """Per person (uid): when the user last called a prompt about them done."""
    return {row[0]: moment(row[1]) for row in db.execute("SELECT person_uid, max(at) FROM prompt_answers WHERE answer = 'done' GROUP BY person_uid")}


def met(db: Desk, rule: str, now: datetime) -> dict[int, tuple[datetime, datetime]]:
    """Per person: when the user last put a prompt of this rule off until after a meeting that is over by now, and when that ended."""
    rows = db.execute(
        "SELECT p.id, a.at, a.until FROM prompt_answers a JOIN people p ON p.uid = a.person_uid WHERE a.rule = ? AND a.answer = 'later_meeting' "
        "AND a.until <= ? ORDER BY a.at",
        (rule, seconds(now)),
    )
    return {person_id: (moment(at), moment(until)) for person_id, at, until in rows}


def rules_off(db: Desk) -> frozenset[str]:
    """Names of the rules that the user has switched off for everybody."""
    return frozenset(row[0] for row in db.execute("SELECT rule FROM prompt_answers WHERE person_uid = '' AND answer = 'never'"))


def settled(db: Desk, rule: str) -> dict[str, datetime]:
    """Per person (uid): when the newest of their words was written that the user has called done for this rule.

    The keys of such a rule end in place/native id. Words that are gone by now settle nothing.
    """
    rows = db.execute(
        "SELECT r.person_uid, max(a.published) FROM (SELECT person_uid, substr(key, length(rule) + length(person_uid) + 3) AS ref "
        "FROM prompt_answers WHERE rule = ? AND answer = 'done') r JOIN places l ON l.name = substr(ref, 1, instr(ref, '/') - 1) "
        "JOIN activities a ON a.place_id = l.id AND a.native_id = substr(ref, instr(ref, '/') + 1) "
        "WHERE a.published IS NOT NULL GROUP BY r.person_uid",
        (rule,),
    )
    return {uid: moment(published) for uid, published in rows}
