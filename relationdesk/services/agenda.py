"""Today: everybody's prompts, derived when asked for, with the user's answers applied; and why others are held back.

History is gathered in a few set-based queries over a window, never person by person over the whole store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from relationdesk.derived import Item, Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Person
from relationdesk.prompts import RULES
from relationdesk.prompts.awaiting_reply import AwaitingReply
from relationdesk.prompts.base import History, Rhythm, median_gap
from relationdesk.prompts.gone_quiet import GoneQuiet, Silence
from relationdesk.store import coverage, ledger, people, prompts, settings, talk, wishes
from relationdesk.store.database import Desk, transaction
from relationdesk.store.decision import Decision, Row
from relationdesk.store.prompts import Answer
from relationdesk.store.timekey import EPOCH_2000, UNKNOWN_BASE, id_at, moment, seconds
from relationdesk.text import short_day

TALK_DAYS = 60
"""How far back words towards me and mine towards them are read for rules."""
DONE_SHOWN_DAYS = 7
"""So long what was done stands among the held back, with its way back."""
OVER_SHOWN = 100
SIGNS = 24
"""Newest signs of a person that their rhythm is measured on, and how far back they are looked for."""
RHYTHM_DAYS = 3 * 366
_IDS_PER_DAY = 8 * 86_400
_QUIET, _AWAITING = GoneQuiet(), AwaitingReply()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A prompt with the person it is about. answer: what the user said to it ("done", "never", "later"), "" nothing that
    still holds; snoozed: until when, for those put off."""

    prompt: Prompt
    person: Person
    answer: str = ""
    snoozed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Today, most pressing first, at most `cap` at a time. held_back entries have prompt.why_not: first the `late` ones
    beyond the cap; what was done lately or must never be asked again stands at their end."""

    day: datetime
    cap: int
    shown: tuple[Entry, ...] = ()
    held_back: tuple[Entry, ...] = ()
    late: int = 0
    done_today: int = 0


def today(db: Desk, now: datetime) -> Agenda:
    """Everybody's prompts. Also refreshes the cached numbers in the people list."""
    found, told = _find(db, now, None), prompts.answers(db)
    cap = settings.load(db).prompts_at_most
    shown = [e for e in found if not e.prompt.why_not]
    held = [e for e in found if e.prompt.why_not]
    why_not = f"Only {cap} prompts are shown at a time; this one comes next."
    late = [_held_back(e, why_not) for e in shown[cap:]]
    counts: dict[int, int] = defaultdict(int)
    for entry in shown:
        counts[entry.person.id] += 1
    with transaction(db):
        people.set_open_prompts(db, dict(counts))
    midnight = seconds(now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0))
    done = sum(1 for a in told.values() if a.answer == "done" and a.at >= midnight)
    held_back = (*late, *held, *_over(db, told.values(), now))
    return Agenda(day=now, cap=cap, shown=tuple(shown[:cap]), held_back=held_back, late=len(late), done_today=done)


def _over(db: Desk, told: Iterable[Answer], now: datetime) -> Iterator[Entry]:
    """What was done lately, and what must never be asked again, newest first: no rule finds it while that holds."""
    since = seconds(now - timedelta(days=DONE_SHOWN_DAYS))
    over = [a for a in told if a.answer == "never" or (a.answer == "done" and a.at >= since)]
    for answer in sorted(over, key=lambda a: -a.at)[:OVER_SHOWN]:
        person = people.by_uid(db, answer.person_uid)
        if person is not None:
            why = "You marked it done" if answer.answer == "done" else "You said never again"
            yield Entry(
                prompt=Prompt(
                    key=answer.key, rule=answer.rule, person_id=person.id, because="", evidence=(),
                    title=f"{person.name}: {_WAS.get(answer.rule, answer.rule)}", why_not=f"{why} on {short_day(moment(answer.at))}.",
                ),
                person=person, answer=answer.answer,
            )  # fmt: skip


_WAS = {"awaiting_reply": "words for you", "gone_quiet": "a long silence"}
"""What a prompt of a rule was about, when it is over."""


def of_person(db: Desk, person_id: int, now: datetime) -> tuple[Prompt, ...]:
    """One person's prompts, shown ones first, then those held back."""
    found = [entry.prompt for entry in _find(db, now, (person_id,))]
    return tuple(sorted(found, key=lambda prompt: bool(prompt.why_not)))


def refresh(db: Desk, person_ids: Iterable[int], now: datetime) -> None:
    """Bring the cached number of prompts of these people up to date after a sync."""
    ids = tuple(person_ids)
    counts: dict[int, int] = defaultdict(int)
    for entry in _find(db, now, ids):
        if not entry.prompt.why_not:
            counts[entry.person.id] += 1
    with transaction(db):
        db.executemany(
            "UPDATE people SET open_prompts = ?1 WHERE id = ?2 AND open_prompts <> ?1", [(counts[id_], id_) for id_ in ids]
        )


def _find(db: Desk, now: datetime, ids: tuple[int, ...] | None) -> list[Entry]:
    answers = prompts.answers(db)
    found: list[Entry] = []
    for history, opted_out in histories(db, now, ids):
        for rule in RULES:
            for prompt in rule.find(history, now):
                entry = _answered(Entry(prompt=prompt, person=history.person), answers, now)
                if entry is None:
                    continue
                if opted_out and not entry.prompt.why_not:
                    why = f"{history.person.name} asked not to be contacted."
                    entry = _held_back(entry, why)
                found.append(entry)
    return sorted(map(_one_at_a_time(found), found), key=lambda e: (-e.prompt.weight, e.person.id))


def _one_at_a_time(found: list[Entry]) -> Callable[[Entry], Entry]:
    """Whoever waits for an answer has not gone quiet towards us: the silence is held back as long as that is shown."""
    waits = {e.person.id for e in found if e.prompt.rule == _AWAITING.name and not e.prompt.why_not}

    def held(entry: Entry) -> Entry:
        if entry.prompt.rule != _QUIET.name or entry.prompt.why_not or entry.person.id not in waits:
            return entry
        why = f"{entry.person.name} waits for an answer from you, which comes first."
        return _held_back(entry, why)

    return held


def _held_back(entry: Entry, why: str) -> Entry:
    return Entry(prompt=entry.prompt.held_back(why), person=entry.person, answer=entry.answer, snoozed=entry.snoozed)


def _answered(entry: Entry, answers: dict[str, Answer], now: datetime) -> Entry | None:
    """The user's answer applied: done and never hide it, later holds it back until then."""
    answer = answers.get(entry.prompt.key)
    if f"{entry.prompt.rule}:{entry.person.uid}:never" in answers or (answer is not None and answer.answer == "done"):
        return None
    if answer is not None and answer.answer == "later" and answer.until is not None and answer.until > seconds(now):
        until = moment(answer.until)
        why = f"You put it off until {short_day(until)}."
        return Entry(prompt=entry.prompt.held_back(why), person=entry.person, answer="later", snoozed=until)
    return entry


def histories(db: Desk, now: datetime, ids: tuple[int, ...] | None) -> Iterable[tuple[History, bool]]:
    """What the rules may know, per person of whom one may speak; ids None: everybody. And whether they asked for no contact."""
    spoke = talk.spoken(db, seconds(now - timedelta(days=TALK_DAYS)))
    towards, mine = _talk(db, now, ids, spoke)
    rhythms, unsure = _quiet(db, now, ids)
    states, places = coverage.of_people(db, unsure), talk.places(db, unsure)
    concerned = towards.keys() | rhythms.keys()
    persons = people.many(db, concerned)
    opted_out = {id_ for id_, wish in wishes.current(db, ids).items() if wish.opted_out}
    settled = prompts.settled(db, _AWAITING.name)
    kept = {row[0] for row in db.execute("SELECT DISTINCT person_id FROM bucket_people")}
    for person_id in sorted(concerned):
        person = persons.get(person_id)
        if person is None or person.is_me:
            continue
        yield History(
            person=person, towards_me=towards.get(person_id, ()), mine=mine.get(person_id, ()), rhythm=rhythms.get(person_id),
            spoke=spoke.get(person_id), settled=settled.get(person.uid),
            coverage=tuple([state for state in states.get(person_id, ()) if state.place in places.get(person_id, ())]),
            exchanged=(person.last_in is not None and person.last_out is not None) or person_id in kept,
        ), person_id in opted_out  # fmt: skip


_Items = dict[int, tuple[Item, ...]]


def _talk(db: Desk, now: datetime, ids: tuple[int, ...] | None, spoke: dict[int, datetime]) -> tuple[_Items, _Items]:
    """Words towards me of which the rule may speak, newest first, and my newest words towards the same people."""
    since = id_at(now - timedelta(days=TALK_DAYS))
    mine, today = talk.from_me(db, since, ids), seconds(now)
    wanted: dict[int, list[int]] = {}
    answered_since = today - (_AWAITING.explained_for_days + 1) * 86_400  # before it such words say nothing
    for person_id, near in talk.towards_me(db, since, ids, answered_since).items():
        answered = max(_second_of(mine.get(person_id)), seconds(spoke[person_id]) if person_id in spoke else _NEVER)
        found = [
            words.id
            for words in near
            if (at := words.published) is not None
            and _AWAITING.is_possible(words.title, words.text, words.private, today - at, at > answered)
        ]
        if found:
            wanted[person_id] = found
    answers = {person_id: mine[person_id] for person_id in wanted if person_id in mine}
    items = talk.items(db, [*chain.from_iterable(wanted.values()), *answers.values()])
    return (
        {person_id: tuple(items[i] for i in found if i in items) for person_id, found in wanted.items()},
        {person_id: (items[i],) for person_id, i in answers.items() if i in items},
    )


_NEVER = -(2**62)


def _second_of(activity_id: int | None) -> int:
    """Unix seconds at which an id sorts, long ago for none and for unknown times."""
    return _NEVER if activity_id is None or activity_id < UNKNOWN_BASE // 2 else activity_id // 8 + EPOCH_2000


def _quiet(db: Desk, now: datetime, ids: tuple[int, ...] | None) -> tuple[dict[int, Rhythm], dict[int, int]]:
    """The rhythm of those of whom the rule of silence may speak; and, where it must know what was read of them, the oldest
    sign (its id) that the rhythm was measured on."""
    maybe = talk.maybe_quiet(
        db, id_at(now - timedelta(days=_QUIET.at_most_days + 1)), id_at(now - timedelta(days=_QUIET.at_least_days)), ids
    )
    today, all_read = seconds(now), coverage.all_read(db) if ids is None else -1
    rhythms: dict[int, Rhythm] = {}
    doubtful: dict[int, tuple[Silence, int]] = {}
    for person_id, signs in talk.signs(db, maybe, SIGNS, id_at(now - timedelta(days=RHYTHM_DAYS))):
        usual, last = median_gap([id_ // _IDS_PER_DAY for id_ in signs]), signs[0] // 8 + EPOCH_2000
        if not _QUIET.is_possible(len(signs), usual, today - last, all_read - last):
            continue
        rhythm = Rhythm(moment(last), len(signs), usual)
        silence = _QUIET.silence(rhythm, now)
        if silence is not None and moment(all_read) < silence.known_from:
            rhythms[person_id], doubtful[person_id] = rhythm, (silence, signs[-1])
        elif silence is not None and silence.is_long:
            rhythms[person_id] = rhythm
    read = coverage.least_read(db, doubtful)
    unsure = {id_: oldest for id_, (silence, oldest) in doubtful.items() if moment(read.get(id_, -1)) < silence.known_from}
    for id_, (silence, _) in doubtful.items():
        if not (silence.is_long or id_ in unsure):
            del rhythms[id_]
    return rhythms, unsure


# The user's answers


def answer(db: Desk, prompt: Prompt, how: str, now: datetime, until: datetime | None = None) -> Changes:
    """how "done": until something new happens; "later": not before `until`; "never": no such prompt for this person."""
    if how not in ("done", "later", "never") or (how == "later" and until is None):
        raise UserMistake("Say done, later with a day, or never. Nothing was changed.")
    person = people.get(db, prompt.person_id)
    if person is None:
        raise UserMistake("This person is no longer in the desk. Nothing was changed.")
    words = {"done": "Done", "never": "Never again", "later": f"Put off until {short_day(until)}" if until else ""}
    sentence = f"{words[how]}: {prompt.title}"
    with ledger.decide(db, "prompt", sentence, seconds(now)) as d:
        tell(d, prompt, person, how, seconds(now), until)
    refresh(db, [person.id], now)
    return Changes(people=frozenset({person.id}), prompts=True, undo=sentence)


def tell(d: Decision, prompt: Prompt, person: Person, how: str, now: int, until: datetime | None) -> None:
    """The answer itself, as part of a decision. The caller has `refresh` follow."""
    key = f"{prompt.rule}:{person.uid}:never" if how == "never" else prompt.key
    values: Row = {"answer": how, "until": seconds(until) if until else None, "at": now}
    if key in prompts.answers(d.db):
        d.update("prompt_answers", {"key": key}, values)
    else:
        d.insert("prompt_answers", {"key": key, "rule": prompt.rule, "person_uid": person.uid, **values}, key=("key",))


def ask_again(db: Desk, entry: Entry, now: datetime) -> Changes:
    """Take back what the user said to a prompt, however long ago: done, put off, never."""
    key = entry.prompt.key
    if key not in prompts.answers(db):
        raise UserMistake("There is no answer to this prompt any more. Nothing was changed.")
    sentence = f"Asked again: {entry.prompt.title}"
    with ledger.decide(db, "prompt", sentence, seconds(now)) as d:
        d.delete("prompt_answers", {"key": key})
    refresh(db, [entry.person.id], now)
    return Changes(people=frozenset({entry.person.id}), prompts=True, undo=sentence)
