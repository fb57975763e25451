"""What the rules of prompts may know of each person, gathered in a few set-based questions over a window, never person by person.

Only reading: what is found is decided on in prompting.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from relationdesk.derived import Item
from relationdesk.model import DayKind, Kind
from relationdesk.prompts import rules
from relationdesk.prompts.awaiting_reply import AwaitingReply
from relationdesk.prompts.base import Acts, History, Met, Rhythm, Rule, Silence, median_gap
from relationdesk.prompts.gone_quiet import GoneQuiet
from relationdesk.prompts.order import About
from relationdesk.prompts.reciprocity import Reciprocity
from relationdesk.services import histories_days as life_days
from relationdesk.services import histories_lately as lately
from relationdesk.services.histories_lately import Said, Window
from relationdesk.store import coverage, people, prompts, settings, talk, until_now, wishes
from relationdesk.store import lately as stored_lately
from relationdesk.store import tasks as stored_tasks
from relationdesk.store.database import Desk
from relationdesk.store.timekey import EPOCH_2000, UNKNOWN_BASE, id_at, moment, moment_of_id, seconds
from relationdesk.wishes import Step, Task, WantedRhythm

TALK_DAYS = 60
"""How far back words towards me and mine towards them are read for rules."""
SIGNS = 24
"""Newest signs of a person that their rhythm is measured on, and how far back they are looked for."""
RHYTHM_DAYS = 3 * 366
_NEVER = -(2**62)
Ids = tuple[int, ...] | None


@dataclass(slots=True)
class _Gathered:
    """Answers of the questions, by person."""

    towards: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    mine: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    turned: dict[int, int] = field(default_factory=dict)
    rhythms: dict[int, Rhythm] = field(default_factory=dict)
    silences: dict[int, Silence] = field(default_factory=dict)
    unsure: dict[int, int] = field(default_factory=dict)
    wanted: dict[int, WantedRhythm] = field(default_factory=dict)
    tasks: dict[int, list[Task]] = field(default_factory=lambda: defaultdict(list))
    steps: dict[int, Step] = field(default_factory=dict)


def gather(db: Desk, now: datetime, ids: Ids, asked: tuple[Rule, ...] | None = None) -> Iterable[tuple[History, About]]:
    """Per person of whom a rule may speak: what the rules may know, and what their order must. ids None: everybody. By person."""
    wanted = settings.load(db)
    which = asked if asked is not None else current_rules(db)
    window = Window(db=db, now=now, ids=ids, me=people.my_profiles(db), settings=wanted, rules={rule.name: rule for rule in which})
    spoke = talk.spoken(db, seconds(now - timedelta(days=RHYTHM_DAYS)))
    found, said = _Gathered(), Said()
    met = {person_id: Met(*at) for person_id, at in prompts.met(db, AwaitingReply.name, now).items()}
    _talk(window, spoke, said, found, met)
    found.rhythms, found.silences, found.unsure = _quiet(window)
    found.wanted, found.steps = wishes.wanted(db, ids), wishes.steps_of_people(db, ids)
    for task in stored_tasks.open_(db, ids):
        if task.person_id is not None:
            found.tasks[task.person_id].append(task)
    lately.read(window, said)
    wish = wishes.current(db, ids)
    firms = lately.standings(window)
    days, began = life_days.read(window)
    silent = _maybe_silent(db, found, now, ids)
    concerned = {*found.towards, *found.rhythms, *found.tasks, *said.people(), *firms, *silent, *days, *began}
    if ids is not None:
        concerned &= set(ids)
    persons = people.many(db, concerned)
    _measure(window, found, silent)
    since = id_at(now - timedelta(days=RHYTHM_DAYS))
    certain = {**dict.fromkeys(silent, since), **found.unsure}
    states, places = coverage.of_people(db, certain), talk.places(db, certain)
    settled, done = prompts.settled(db, AwaitingReply.name), prompts.last_done(db)
    kept = {row[0] for row in db.execute("SELECT DISTINCT person_id FROM bucket_people")}
    waits = lately.waiting_since(window)
    keys = {row[0] for row in db.execute("SELECT id FROM companies WHERE is_key = 1")}
    heard, meetings, trips, noted = said.of_each(_turned(found, spoke)), said.meetings, said.trips, said.noted
    for person_id in sorted(concerned):
        person = persons.get(person_id)
        if person is None or person.is_me:
            continue
        person = until_now.person(db, person, now)
        contact = max((m for m in (person.last_in, person.last_out, spoke.get(person_id)) if m is not None), default=None)
        acts = said.acts.get(person_id)
        back, after = said.back.get(person_id, (None, 0))
        yield History(
            person=person, towards_me=found.towards.get(person_id, ()), mine=found.mine.get(person_id, ()), rhythm=found.rhythms.get(person_id),
            silence=found.silences.get(person_id), met=met.get(person_id),
            spoke=spoke.get(person_id), settled=settled.get(person.uid),
            coverage=tuple([state for state in states.get(person_id, ()) if state.place in places.get(person_id, ())]) if person_id in certain else (),
            exchanged=(person.last_in is not None and person.last_out is not None) or person_id in kept, kept=person_id in kept, contact=contact,
            wanted=found.wanted.get(person_id), step=found.steps.get(person_id), tasks=tuple(found.tasks.get(person_id, ())),
            heard=heard.get(person_id, ()), meetings=meetings.get(person_id, ()), trips=trips.get(person_id, ()), noted=noted.get(person_id),
            records=said.records.get(person_id, ()), changes=tuple(said.changes.get(person_id, ())), standing=firms.get(person_id),
            acts=Acts(count=acts[0], newest=acts[1]) if acts is not None else None, back=back, back_after=after,
            days=(theirs := days.get(person_id, ())), work=next((day for day in theirs if day.kind is DayKind.WORK), began.get(person_id)),
        ), About(
            person=person, wish=wish.get(person_id), key_company=person.company_id in keys, step=found.steps.get(person_id),
            waits_since=since_ if (since_ := waits.get(person_id)) is not None and (person.last_in is None or person.last_in < since_) else None,
            done_at=done.get(person.uid), contact=contact, meets=lately.next_end(meetings[person_id], now) if person_id in meetings else None,
        )  # fmt: skip


def current_rules(db: Desk) -> tuple[Rule, ...]:
    """The rules as the user set them, without those that are switched off."""
    return rules(settings.thresholds(db), prompts.rules_off(db))


def _talk(window: Window, spoke: dict[int, datetime], said: Said, gathered: _Gathered, met: Mapping[int, Met]) -> None:
    """Words towards me of which a rule may speak, newest first, and my newest words towards the same people. What else the words are goes to
    `said`."""
    db, now, ids = window.db, window.now, window.ids
    since = id_at(now - timedelta(days=TALK_DAYS))
    awaiting = window.rule(AwaitingReply)
    until, today = id_at(now + timedelta(seconds=1)), seconds(now)
    mine = talk.from_me(db, since, ids, until)
    wanted: dict[int, list[int]] = {}
    answered_since = today - (max(awaiting.explained_for_days, awaiting.for_days if met else 0) + 1) * 86_400  # before it such words say nothing
    heard_since, mutual = today - window.heard_days * 86_400, window.rule(Reciprocity)
    acts, acts_since = stored_lately.acts(db), id_at(now - timedelta(days=min(TALK_DAYS, mutual.days)))
    for person_id, near in talk.towards_me(db, since, ids, answered_since, until).items():
        answered = max(_second_of(mine.get(person_id)), seconds(spoke[person_id]) if person_id in spoke else _NEVER) if person_id not in met else _NEVER
        found = []
        for words in near:
            at = words.published
            if at is None or at > today:
                continue
            if awaiting.is_possible(words.title, words.text, words.private, today - at, at > answered):
                found.append(words.id)
            if at >= heard_since:
                said.hear(words, towards_me=True)
        if found:
            wanted[person_id] = found
        if (person_id not in mine or mine[person_id] < acts_since) and len(near) >= mutual.at_least:
            turned = [words.id for words in near if words.kind in acts and words.id >= acts_since and words.published is not None]
            if len(turned) >= mutual.at_least:
                said.acted[person_id] = (len(turned), turned[0])
    answers = {person_id: last for person_id in wanted if (last := _last_words(window, mine.get(person_id), person_id, met.get(person_id))) is not None}
    items = talk.items(db, [*chain.from_iterable(wanted.values()), *answers.values()])
    gathered.towards = {person_id: tuple(items[i] for i in found if i in items) for person_id, found in wanted.items()}
    gathered.mine = {person_id: (items[i],) for person_id, i in answers.items() if i in items}
    gathered.turned = mine


def _last_words(window: Window, newest: int | None, person_id: int, met: Met | None) -> int | None:
    """The newest of mine towards them; not the meeting until after which their words were put off."""
    if newest is None or met is None or not seconds(met.said) < _second_of(newest) <= seconds(met.ends):
        return newest
    (item,) = talk.items(window.db, [newest]).values()
    is_meeting = item.activity is not None and item.activity.kind is Kind.EVENT
    return talk.last_before(window.db, person_id, newest, by_me=True) if is_meeting else newest


def _turned(found: _Gathered, spoke: dict[int, datetime]) -> dict[int, datetime]:
    """Per person: when I last said something to them, in any place or by telephone."""
    turned = {person_id: at for person_id, id_ in found.turned.items() if (at := moment_of_id(id_)) is not None}
    for person_id, at in spoke.items():
        turned[person_id] = max(at, turned.get(person_id, at))
    return turned


def _second_of(activity_id: int | None) -> int:
    """Unix seconds at which an id sorts, long ago for none and for unknown times."""
    return _NEVER if activity_id is None or activity_id < UNKNOWN_BASE // 2 else activity_id // 8 + EPOCH_2000


def _quiet(window: Window) -> tuple[dict[int, Rhythm], dict[int, Silence], dict[int, int]]:
    """The rhythm of those of whom the rule of silence may speak, and their silence; and, where it must know what was read of them, the
    oldest sign (its id) that the rhythm was measured on."""
    db, now, ids, rule = window.db, window.now, window.ids, window.rule(GoneQuiet)
    maybe = talk.maybe_quiet(db, id_at(now - timedelta(days=rule.at_most_days + 1)), id_at(now - timedelta(days=rule.at_least_days)), ids)
    today, all_read = seconds(now), coverage.all_read(db) if ids is None else -1
    read_until = moment(all_read)
    rhythms: dict[int, Rhythm] = {}
    silences: dict[int, Silence] = {}
    doubtful: set[int] = set()
    since = id_at(now - timedelta(days=RHYTHM_DAYS))
    for person_id, newest, days in talk.sign_days(db, maybe, SIGNS, since):
        usual, last = median_gap(days), newest // 8 + EPOCH_2000
        if not rule.is_possible(len(days), usual, today - last, all_read - last):
            continue
        rhythm = Rhythm(moment(last), len(days), usual)
        silence = rule.silence(rhythm, now)
        if silence is not None and read_until < silence.known_from:
            rhythms[person_id], silences[person_id] = rhythm, silence
            doubtful.add(person_id)
        elif silence is not None and silence.is_long:
            rhythms[person_id], silences[person_id] = rhythm, silence
    read = coverage.least_read(db, doubtful)
    not_known = [id_ for id_ in sorted(doubtful) if moment(read.get(id_, -1)) < silences[id_].known_from]
    unsure = {id_: signs[-1] for id_, signs in talk.signs(db, not_known, SIGNS, since)} if not_known else {}
    for id_ in doubtful:
        if not (silences[id_].is_long or id_ in unsure):
            del rhythms[id_], silences[id_]
    return rhythms, silences, unsure


def _maybe_silent(db: Desk, found: _Gathered, now: datetime, ids: Ids) -> set[int]:
    """People with a wanted rhythm or on the step of advocates, whose own silence is a question."""
    return {*found.wanted, *(id_ for id_, step in found.steps.items() if step is Step.ADVOCATE)}


def _measure(window: Window, found: _Gathered, silent: set[int]) -> None:
    """The rhythm of those whom the user wants to keep up with "as they do"."""
    missing = {id_ for id_ in silent if id_ not in found.rhythms and (w := found.wanted.get(id_)) is not None and w.as_they_do}
    for person_id, signs in talk.signs(window.db, missing, SIGNS, id_at(window.now - timedelta(days=RHYTHM_DAYS))):
        usual = median_gap([id_ // talk.ID_DAY for id_ in signs])
        found.rhythms[person_id] = Rhythm(moment(signs[0] // 8 + EPOCH_2000), len(signs), usual)
