"""What the user says to a prompt: done, put off, never again. Decisions, each of which can be taken back."""

from __future__ import annotations

from datetime import datetime

from relationdesk.derived import Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Person
from relationdesk.prompts import RULES
from relationdesk.prompts.order import QUIET, SILENCES
from relationdesk.saying import say
from relationdesk.services import histories, prompting
from relationdesk.services.prompting import Entry
from relationdesk.store import ledger, people, prompts
from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision, Row
from relationdesk.store.timekey import moment, seconds
from relationdesk.text import short_day

WAYS = ("done", "later", "later_sign", "later_meeting", "never", "rule_off")


def answer(db: Desk, prompt: Prompt, how: str, now: datetime, until: datetime | None = None) -> Changes:
    """how "done": until something new happens; "later": not before `until`; "later_sign": not before they do something; "later_meeting":
    not before the next meeting with them is over; "never": no such prompt for this person; "rule_off": no such prompt for anybody."""
    if how not in WAYS or (how == "later" and until is None):
        raise UserMistake(say("Say done, later with a day, or never. Nothing was changed."))
    person = people.get(db, prompt.person_id)
    if person is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was changed."))
    if how == "rule_off":
        return switch(db, prompt.rule, False, now)
    sentence, until = worded(db, prompt, person, how, now, until)
    with ledger.decide(db, "prompt", sentence, seconds(now)) as d:
        tell(d, prompt, person, how, seconds(now), until)
    prompting.refresh(db, [person.id], now)
    return Changes(people=frozenset({person.id}), prompts=True, undo=sentence)


def worded(db: Desk, prompt: Prompt, person: Person, how: str, now: datetime, until: datetime | None) -> tuple[str, datetime | None]:
    """What such a decision is called, and until when it holds: of a meeting, its end. Raises UserMistake if there is no meeting."""
    if how == "later_meeting":
        until = next_meeting_ends(db, person.id, now)
        if until is None:
            raise UserMistake(say("There is no meeting with {name} in a calendar. Nothing was changed. Put it off until a day instead.", name=person.name))
    words = {
        "done": say("Done"), "never": say("Never again"), "later": say("Put off until {day}", day=short_day(until)) if until else "",
        "later_sign": say("Put off until something comes from them"), "later_meeting": say("Put off until after the meeting"),
    }  # fmt: skip
    return say("{answer}: {prompt}", answer=words[how], prompt=prompt.title), until


def tell(d: Decision, prompt: Prompt, person: Person, how: str, now: int, until: datetime | None) -> None:
    """The answer itself, as part of a decision. What says the same just now is done with it. The caller has `refresh` follow."""
    with_it = _same(d.db, prompt, now) if how == "done" else ()
    _write(d, prompt, person, f"{prompt.rule}:{person.uid}:never" if how == "never" else prompt.key, {"answer": how, "until": seconds(until) if until else None, "at": now})
    for other in with_it:
        _write(d, other, person, other.key, {"answer": prompts.DONE_WITH, "until": None, "at": now})


def _write(d: Decision, prompt: Prompt, person: Person, key: str, values: Row) -> None:
    if key in prompts.answers(d.db):
        d.update("prompt_answers", {"key": key}, values)
    else:
        d.insert("prompt_answers", {"key": key, "rule": prompt.rule, "person_uid": person.uid, **values}, key=("key",))


def _same(db: Desk, prompt: Prompt, now: int) -> list[Prompt]:
    """What else is about the words that this prompt showed, or about the silence it told. (Of silences only those that end with the next sign: the key of the others never
    changes.)"""
    found, shown = prompting.find(db, moment(now), (prompt.person_id,), capped=False), {piece.activity for piece in prompt.evidence if piece.activity is not None}
    others = [one for one in found if one.prompt.key != prompt.key]
    if prompt.rule in QUIET:
        return [one.prompt for one in others if one.same_as == prompt.key and one.prompt.rule in QUIET]
    return [one.prompt for one in others if one.prompt.rule not in SILENCES and one.prompt.evidence and one.prompt.evidence[0].activity in shown]


def switch(db: Desk, rule: str, on: bool, now: datetime) -> Changes:
    """Switch a rule off for everybody, or on again. Raises UserMistake for a rule that is not there."""
    if rule not in {known.name for known in RULES}:
        raise UserMistake(say("There is no rule “{rule}”. Nothing was changed. Choose one of: {rules}.", rule=rule[:60], rules=", ".join(known.name for known in RULES)))
    key = f"{rule}:never"
    sentence = say("Rule switched on again: {rule}" if on else "Rule switched off: {rule}", rule=rule.replace("_", " "))
    is_off = rule in prompts.rules_off(db)
    if is_off is not on:
        return Changes(prompts=True)
    with ledger.decide(db, "prompt", sentence, seconds(now)) as d:
        if on:
            d.delete("prompt_answers", {"key": key})
        else:
            d.insert("prompt_answers", {"key": key, "rule": rule, "person_uid": "", "answer": "never", "until": None, "at": seconds(now)}, key=("key",))
    return Changes(prompts=True, everything=True, undo=sentence)


def next_meeting_ends(db: Desk, person_id: int, now: datetime) -> datetime | None:
    """When the next meeting with this person is over, None if none is known."""
    return next((about.meets for _, about in histories.gather(db, now, (person_id,))), None)


def ask_again(db: Desk, entry: Entry, now: datetime) -> Changes:
    """Take back what the user said to a prompt, however long ago: done, put off, never."""
    key = entry.prompt.key
    told = prompts.answers(db)
    if key not in told:
        raise UserMistake(say("There is no answer to this prompt any more. Nothing was changed."))
    sentence = say("Asked again: {title}", title=entry.prompt.title)
    with_it = [one.key for one in told.values() if one.answer == prompts.DONE_WITH and (one.person_uid, one.at) == (entry.person.uid, told[key].at)]
    with ledger.decide(db, "prompt", sentence, seconds(now)) as d:
        for one in (key, *(with_it if told[key].answer == "done" else ())):
            d.delete("prompt_answers", {"key": one})
    prompting.refresh(db, [entry.person.id], now)
    return Changes(people=frozenset({entry.person.id}), prompts=True, undo=sentence)
