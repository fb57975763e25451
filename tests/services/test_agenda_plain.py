"""Everybody's prompts come from a few questions that pass over whoever no rule can speak of; here they are found plainly,
person by person, on random desks, and must be the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest

from relationdesk.derived import Prompt
from relationdesk.model import Coverage, Fact, Kind, NoteKind, Person, Precision, Profile, Role
from relationdesk.prompts.awaiting_reply import AwaitingReply
from relationdesk.prompts.base import History, Rhythm
from relationdesk.prompts.gone_quiet import GoneQuiet
from relationdesk.services import agenda, histories, notes, people
from relationdesk.store import activities, coverage, talk
from relationdesk.store import people as persons
from relationdesk.store import prompts as answers
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import id_at, moment_of_id, seconds
from tests.facts import NOW, ago, bring, did, person_id, who

PLACES = ("mastodon", "linkedin", "blog", "mail")
WORDS = ("Could you call?", "Thanks, great", "Here are the figures.", "see https://x.example/?a=1", "いつですか", "And?")
ME = {place: who("Sam Carter", place, owner=True) for place in PLACES}


def known(dice: random.Random, when: datetime) -> tuple[datetime | None, Precision]:
    """How exactly such a moment is known: mostly to the second."""
    day = when.replace(hour=0, minute=0, second=0)
    coarse = ((day, Precision.DAY), (day.replace(day=1), Precision.MONTH), (day.replace(month=1, day=1), Precision.YEAR), (None, Precision.UNKNOWN))
    return (when, Precision.SECOND) if dice.random() < 0.7 else dice.choice(coarse)


def history(dice: random.Random, profiles: list[Profile], name: str) -> Iterator[Fact]:
    """What somebody did over a while, alone, towards me, or I towards them; also in the future."""
    days, pause = dice.choice((-20.0, 0.0, 10.0, 60.0)), dice.choice((0.3, 2.0, 7.0, 14.0, 40.0))
    for n in range(dice.choice((0, 2, 4, 5, 6, 10, 40))):
        days += dice.expovariate(1 / pause)
        when, precision = known(dice, NOW - timedelta(seconds=int(days * 86_400)))
        actor, to = dice.choice(profiles), list[Profile]()
        if dice.random() < 0.4:
            to = [ME[actor.key.place]]
        if to and days > 0 and dice.random() < 0.4:
            actor, to = to[0], [actor]
        yield did(
            actor, f"{name} {n}", when, dice.choice(WORDS), to=to, precision=precision, private=dice.random() < 0.5,
            kind=dice.choice((Kind.MAIL, Kind.MESSAGE, Kind.POST, Kind.REPLY, Kind.REACTION)),
            role=dice.choice((Role.TO, Role.TO, Role.CC, Role.MENTIONED)), title=dice.choice(("", "Offer?", "Re: Offer?")),
        )  # fmt: skip


def desk(seed: int) -> Desk:
    dice, db = random.Random(seed), open_memory()
    names = [f"Person {n}" for n in range(8)]
    profiles = {name: [who(name, place) for place in dice.sample(PLACES, dice.randrange(1, 4))] for name in names}
    bring(db, ME.values())
    bring(db, [profile for each in profiles.values() for profile in each])
    facts: list[Fact] = [fact for name in names for fact in history(dice, profiles[name], name)]
    facts += [Coverage(place=place, until=dice.choice((NOW, NOW, ago(days=40)))) for place in PLACES if seed % 3 or dice.random() < 0.6]
    bring(db, [*facts, Coverage(place="blog", profile=dice.choice(profiles[names[0]]).key, until=ago(days=5))])
    with transaction(db):
        coverage.failed(db, profiles[names[1]][0].key, seconds(ago(days=30)), "It does not answer.")
    people.set_in_bucket(db, people.make_bucket(db, "VIP", NOW)[0], tuple(person_id(db, name) for name in names[::3]), True, NOW)
    notes.write(db, "Spoken", NOW, person_id=person_id(db, names[2]), kind=NoteKind.CALL, happened=ago(days=dice.randrange(20)))
    for entry in agenda.today(db, NOW).shown[::4]:
        agenda.answer(db, entry.prompt, "done", NOW)
    return db


def rhythm(db: Desk, person: Person, now: datetime) -> tuple[Rhythm | None, int]:
    """With the oldest sign that it was measured on."""
    since, newest = id_at(now - timedelta(days=histories.RHYTHM_DAYS)), "SELECT a.id FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE q.person_id = ? AND a.id >= ? ORDER BY a.id DESC LIMIT ?"
    signs = [row[0] for row in db.execute(newest, (person.id, since, histories.SIGNS))]
    days = sorted({id_ // 691_200 for id_ in signs}, reverse=True)
    last = moment_of_id(signs[0]) if signs else None
    if last is None or not timedelta(days=14) <= now - last < timedelta(days=366):
        return None, 0
    return Rhythm(last, len(signs), float(median([a - b for a, b in pairwise(days)])) if len(days) > 2 else None), signs[-1]


def plainly(db: Desk, person: Person, now: datetime) -> list[Prompt]:
    """What the rules say of one person when they are told everything."""
    since, mine = id_at(now - timedelta(days=histories.TALK_DAYS)), persons.my_profiles(db)
    both = "SELECT DISTINCT a.id FROM activities a JOIN participants x ON x.activity_id = a.id JOIN profiles q ON q.id = {} JOIN profiles m ON m.id = {} JOIN people w ON w.id = m.person_id AND w.is_me WHERE q.person_id = ? AND a.id >= ? AND {} ORDER BY a.id DESC LIMIT ?"
    theirs = [row[0] for row in db.execute(both.format("a.profile_id", "x.profile_id", "x.role NOT IN (1, 2)"), (person.id, since, 20))]
    begun = f"coalesce(a.published, 0) <= {seconds(now)}"
    own = [row[0] for row in db.execute(both.format("x.profile_id", "a.profile_id", begun), (person.id, since, 1))]
    assert mine
    usual, oldest = rhythm(db, person, now)
    active = {row[0] for row in db.execute("SELECT l.name FROM profiles q JOIN places l ON l.id = q.place_id WHERE q.person_id = ? AND q.last_id >= ?", (person.id, oldest))}
    kept = db.execute("SELECT 1 FROM bucket_people WHERE person_id = ?", (person.id,)).fetchone() is not None
    told = History(
        person=person, towards_me=activities.by_ids(db, theirs), mine=activities.by_ids(db, own), rhythm=usual,
        coverage=tuple(state for state in coverage.of_person(db, person.id) if state.place in active),
        spoke=talk.spoken(db, seconds(now - timedelta(days=60))).get(person.id), settled=answers.settled(db, "awaiting_reply").get(person.uid),
        exchanged=kept or (person.last_in is not None and person.last_out is not None),
    )  # fmt: skip
    return [prompt for rule in OLDEST for prompt in rule.find(told, now)]


OLDEST = (AwaitingReply(), GoneQuiet())
"""The rules for whom most people are passed over unasked."""


def found_by(db: Desk, now: datetime, ids: tuple[int, ...] | None) -> list[Prompt]:
    return [prompt for told, _ in histories.gather(db, now, ids) for rule in OLDEST for prompt in rule.find(told, now)]


def without_key(prompt: Prompt) -> Prompt:
    """(It names the newest words that may matter, which only who passes over the others knows.)"""
    return replace(prompt, key="")


@pytest.mark.parametrize("seed", range(24))
def test_everybody_is_asked_about_as_if_one_by_one(seed: int) -> None:
    db = desk(seed)
    for now in (NOW, NOW + timedelta(days=17, microseconds=7), ago(days=30)):
        expected = sorted((without_key(p) for person in persons.page(db) for p in plainly(db, person, now)), key=repr)
        assert sorted(map(without_key, found_by(db, now, None)), key=repr) == expected
        assert sorted((without_key(p) for person in persons.page(db) for p in found_by(db, now, (person.id,))), key=repr) == expected
    db.close()


def test_such_desks_have_prompts_of_every_sort() -> None:
    sorts = set()
    for seed in range(24):
        db = desk(seed)
        day = agenda.today(db, NOW)
        sorts |= {(entry.prompt.rule, entry.prompt.why_not[-20:]) for entry in (*day.shown, *day.held_back)}
        db.close()
    assert {rule for rule, why_not in sorts if not why_not} >= {rule.name for rule in OLDEST}
    assert len({why_not for rule, why_not in sorts if rule == "gone_quiet"}) >= 3
