"""Today: everybody's prompts, derived when asked for, with the user's answers applied; and why others are held back.

Reading is done in histories.py, finding in prompting.py, the user's answers in answering.py, whose names are here as well: one door for pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Prompt
from relationdesk.prompts.order import quiet_until
from relationdesk.saying import marked, say
from relationdesk.services import prompting
from relationdesk.services.answering import answer, ask_again, switch, tell
from relationdesk.services.prompting import Entry, entry, find, of_person, refresh
from relationdesk.store import ahead, people, prompts, settings
from relationdesk.store.database import Desk, transaction
from relationdesk.store.prompts import Answer
from relationdesk.store.timekey import moment, seconds
from relationdesk.text import short_day

__all__ = ["Agenda", "Entry", "answer", "ask_again", "of_person", "refresh", "switch", "tell", "today"]

DONE_SHOWN_DAYS = 7
"""So long what was done stands among the held back, with its way back."""
OVER_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Today, most pressing first, at most `cap` at a time. held_back entries have prompt.why_not: first the `late` ones
    beyond the cap; what was done lately or must never be asked again stands at their end. off: rules that are switched off. quiet_until: "08:00" while quiet hours last, else "";
    resting: how many of those held back stand on Today from then on."""

    day: datetime
    cap: int
    shown: tuple[Entry, ...] = ()
    held_back: tuple[Entry, ...] = ()
    late: int = 0
    done_today: int = 0
    off: tuple[str, ...] = ()
    quiet_until: str = ""
    resting: int = 0


def today(db: Desk, now: datetime) -> Agenda:
    """Everybody's prompts. Also refreshes the cached numbers in the people list, and gives what has its day now its place in time."""
    ahead.settle(db, seconds(now))
    found, told = find(db, now, None, capped=True), prompts.answers(db)
    shown = [decided for decided in found if not decided.prompt.why_not]
    held = [decided for decided in found if decided.prompt.why_not]
    late = sum(decided.is_late for decided in held)
    counts: dict[int, int] = defaultdict(int)
    for decided in found:
        if decided.waits:
            counts[decided.person.id] += 1
    wanted = settings.load(db)
    quiet = quiet_until(prompting.bounds(wanted), now)
    with transaction(db):
        people.set_open_prompts(db, dict(counts))
    midnight = seconds(now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0))
    return Agenda(
        day=now, cap=wanted.prompts_at_most, shown=tuple(map(entry, shown)),
        held_back=(*map(entry, held), *_over(db, told.values(), now)), late=late,
        done_today=sum(1 for a in told.values() if a.answer == "done" and a.at >= midnight), off=tuple(sorted(prompts.rules_off(db))),
        quiet_until=quiet, resting=sum(decided.waits for decided in held) if quiet else 0,
    )  # fmt: skip


def _over(db: Desk, told: Iterable[Answer], now: datetime) -> Iterator[Entry]:
    """What was done lately, and what must never be asked again, newest first: no rule finds it while that holds."""
    since = seconds(now - timedelta(days=DONE_SHOWN_DAYS))
    over = [a for a in told if a.answer == "never" or (a.answer == "done" and a.at >= since)]
    for one in sorted(over, key=lambda a: (-a.at, a.key))[:OVER_SHOWN]:
        person = people.by_uid(db, one.person_uid)
        if person is not None:
            on = short_day(moment(one.at))
            why = say("You marked it done on {day}.", day=on) if one.answer == "done" else say("You said never again on {day}.", day=on)
            was = say(WAS[one.rule]) if one.rule in WAS else one.rule.replace("_", " ")
            yield Entry(
                prompt=Prompt(
                    key=one.key, rule=one.rule, person_id=person.id, because="", evidence=(),
                    title=f"{person.name}: {was}", why_not=why,
                ),
                person=person, answer=one.answer,
            )  # fmt: skip


WAS = {
    "awaiting_reply": marked("a message for you"), "gone_quiet": marked("a long silence"), "promise_due": marked("a promise"), "rhythm_overdue": marked("your rhythm with them"),
    "complaint": marked("a complaint"), "praise": marked("praise for you"), "suggestion": marked("a suggestion"), "thank_referral": marked("an introduction"),
    "public_question": marked("a question in public"), "mentioned": marked("words you watch"), "job_change": marked("a change of work"), "in_town": marked("a trip"),
    "meeting_soon": marked("a meeting to prepare"), "meeting_over": marked("a meeting to write down"), "new_at_key": marked("somebody new"), "deal_near": marked("a deal"),
    "champion_quiet": marked("a silent advocate"), "single_threaded": marked("the only thread to a firm"), "ticket_open": marked("an open ticket"),
    "reciprocity": marked("what they did for you"), "first_post": marked("a first sign"), "birthday": marked("a birthday"), "anniversary": marked("an anniversary"),
    "work_anniversary": marked("years in a job"),
}  # fmt: skip
"""What a prompt of a rule was about, when it is over."""
