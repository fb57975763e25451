"""Whether a prompt of the simulated desk has its grounds: each rule as docs/prompts.md says it, asked naively of the desk's tables, one prompt at a time.

Nothing here is shared with the rules: no history, no thresholds but those that the document names. Answers with what is wrong, "" if nothing is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

from relationdesk.services.agenda import Entry
from relationdesk.store.database import Desk
from relationdesk.store.timekey import moment, moment_of_id, seconds


def grounds(db: Desk, entry: Entry, now: datetime) -> str:
    check = _CHECKS.get(entry.prompt.rule)
    return check(db, entry, now) if check is not None else ""


def about_them(db: Desk, entry: Entry) -> str:
    """Every activity that is shown as evidence is theirs, or names them, or is mine (a trip to their town)."""
    for piece in entry.prompt.evidence:
        if piece.activity is None:
            continue
        people = {row[0] for row in db.execute(_INVOLVED, piece.activity)}
        mine = {row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 1")}
        if entry.person.id not in people and not (entry.prompt.rule == "in_town" and people & mine):
            return f"evidence of somebody else: {piece}"
    return ""


_INVOLVED = (
    "WITH it AS (SELECT a.id, a.profile_id FROM activities a JOIN places l ON l.id = a.place_id WHERE l.name = ?1 AND a.native_id = ?2) "
    "SELECT q.person_id FROM it JOIN profiles q ON q.id = it.profile_id UNION "
    "SELECT q.person_id FROM it JOIN participants x ON x.activity_id = it.id JOIN profiles q ON q.id = x.profile_id"
)


def _extra(db: Desk, entry: Entry) -> dict[str, str]:
    key = entry.prompt.evidence[0].activity
    assert key is not None
    (text,) = db.execute("SELECT extra FROM activities a JOIN places l ON l.id = a.place_id WHERE l.name = ? AND a.native_id = ?", key).fetchone()
    return dict(json.loads(text))


def _days(now: datetime, then: datetime) -> int:
    return (now.astimezone().date() - then.astimezone().date()).days


def _last(db: Desk, entry: Entry, now: datetime, *, theirs: bool) -> datetime | None:
    """When anything of theirs (of mine towards them) was last, as far as it has its time: by going through all there is."""
    who = "q.person_id = :them" if theirs else "q.person_id IN (SELECT id FROM people WHERE is_me = 1) AND EXISTS (SELECT 1 FROM participants x JOIN profiles y ON y.id = x.profile_id WHERE x.activity_id = a.id AND y.person_id = :them)"
    (last,) = db.execute(f"SELECT max(a.id) FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE {who} AND a.id <= :until AND a.kind IN (SELECT id FROM kinds WHERE name NOT IN ('other', 'event'))",
                         {"them": entry.person.id, "until": (seconds(now) - 946_684_800 + 1) * 8}).fetchone()  # fmt: skip
    return moment_of_id(last) if last is not None else None


def _deal(db: Desk, entry: Entry, now: datetime) -> str:
    extra = _extra(db, entry)
    left = (date.fromisoformat(extra["close_date"]) - now.astimezone().date()).days
    if extra["record"] != "deal" or "losed" in extra["stage"]:
        return f"no open deal: {extra}"
    return "" if -14 <= left <= 30 else f"closes in {left} days"


def _ticket(db: Desk, entry: Entry, now: datetime) -> str:
    extra, opened = _extra(db, entry), entry.prompt.evidence[0].published
    assert opened is not None
    if extra["record"] != "ticket" or extra["status"] == "Closed":
        return f"no open ticket: {extra}"
    return "" if 7 <= _days(now, opened) <= 180 else f"opened {opened}"


def _job(db: Desk, entry: Entry, now: datetime) -> str:
    """What it says now stands on a profile of theirs, and an import of the last 30 days changed it."""
    after = entry.prompt.title.rpartition(": ")[2]
    told = [", ".join(part for part in row[:2] if part) for row in db.execute("SELECT title, company FROM profiles WHERE person_id = ?", (entry.person.id,))]
    if after not in told:
        return f"“{after}” stands nowhere: {told}"
    rows = db.execute(
        "SELECT max(b.at) FROM overwritten o JOIN batches b ON b.id = o.batch_id JOIN profiles q ON q.place_id = o.place_id AND q.native_id = o.native_id "
        "WHERE o.tbl = 1 AND q.person_id = ? AND b.undone_at IS NULL", (entry.person.id,),
    ).fetchone()  # fmt: skip
    return "" if rows[0] is not None and _days(now, moment(rows[0])) <= 30 else "no import changed it lately"


def _new(db: Desk, entry: Entry, now: datetime) -> str:
    row = db.execute("SELECT c.is_key, p.made_at, (SELECT min(o.made_at) FROM people o WHERE o.company_id = c.id AND o.is_me = 0) FROM people p JOIN companies c ON c.id = p.company_id WHERE p.id = ?",
                     (entry.person.id,)).fetchone()  # fmt: skip
    if row is None or not row[0]:
        return "no key company"
    if row[1] - row[2] < 86_400:
        return "nobody of the firm was there before"
    return "" if _days(now, moment(row[1])) <= 21 else f"in the desk since {moment(row[1])}"


def _champion(db: Desk, entry: Entry, now: datetime) -> str:
    steps = [row[0] for row in db.execute("SELECT s.step FROM steps s JOIN bucket_people x ON x.bucket_id = s.bucket_id WHERE x.person_id = ?", (entry.person.id,))]
    if "advocate" not in steps:
        return f"no advocate: {steps}"
    last = _last(db, entry, now, theirs=True)
    return "" if last is not None and _days(now, last) >= 45 else f"last sign {last}"


def _quiet(db: Desk, entry: Entry, now: datetime) -> str:
    last = _last(db, entry, now, theirs=True)
    return "" if last is not None and (now - last).days >= 14 else f"last sign {last}"


def _rhythm(db: Desk, entry: Entry, now: datetime) -> str:
    (wanted,) = db.execute("SELECT count(*) FROM rhythms WHERE person_id = ?1 OR bucket_id IN (SELECT bucket_id FROM bucket_people WHERE person_id = ?1)", (entry.person.id,)).fetchone()
    return "" if wanted else "no rhythm was wished"


def _anniversary(kind: str, ahead: int, late: int) -> Callable[[Desk, Entry, datetime], str]:
    def check(db: Desk, entry: Entry, now: datetime) -> str:
        """Some profile of theirs tells such a day that is near."""
        told = db.execute("SELECT d.month, d.day FROM life_days d JOIN profiles q ON q.id = d.profile_id WHERE q.person_id = ? AND d.kind = ?", (entry.person.id, kind)).fetchall()
        today = now.astimezone().date()
        near = [(date(year, month, day) - today).days for month, day in told for year in (today.year - 1, today.year, today.year + 1)]
        return "" if any(-late <= left <= ahead for left in near) else f"told are {told}"

    return check


def _promise(db: Desk, entry: Entry, now: datetime) -> str:
    rows = db.execute("SELECT due, mine, made_at FROM tasks WHERE person_id = ? AND done_at IS NULL", (entry.person.id,)).fetchall()
    today = now.astimezone().date()
    is_due = [due <= (today - timedelta(days=0 if mine else 1)).isoformat() if due else _days(now, moment(made)) >= 14 for due, mine, made in rows]
    return "" if any(is_due) else f"nothing is due: {rows}"


def _unanswered(db: Desk, entry: Entry, now: datetime) -> str:
    """Nothing of mine went to them after the words that are shown first (but for what was put off until after a meeting, which says so)."""
    published, mine = entry.prompt.evidence[0].published, _last(db, entry, now, theirs=False)
    if published is None or mine is None or mine <= published or "which is over" in entry.prompt.because:
        return ""
    return f"answered {mine}, though it is of {published}"


_CHECKS: dict[str, Callable[[Desk, Entry, datetime], str]] = {
    "deal_near": _deal, "ticket_open": _ticket, "job_change": _job, "new_at_key": _new, "champion_quiet": _champion, "gone_quiet": _quiet, "rhythm_overdue": _rhythm,
    "anniversary": _anniversary("anniversary", 3, 3), "birthday": _anniversary("birthday", 3, 3), "promise_due": _promise, "awaiting_reply": _unanswered, "complaint": _unanswered,
    "praise": _unanswered, "suggestion": _unanswered, "thank_referral": _unanswered,
}  # fmt: skip
