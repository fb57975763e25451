"""What people asked for and how often the user wants to be in touch, as decisions that can be taken back."""

from __future__ import annotations

import json
from datetime import date, datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Key, Person
from relationdesk.saying import counted, say
from relationdesk.services import agreed
from relationdesk.store import buckets, ledger, people, wishes
from relationdesk.store.database import Desk
from relationdesk.store.decision import Row
from relationdesk.store.timekey import seconds
from relationdesk.text import day, listed, one_line, place_name
from relationdesk.wishes import Step, WantedRhythm, Wish

MOST_DAYS = 3660
LONGEST_SOURCE = 500


def wish(
    db: Desk, person_id: int, now: datetime, *, places: tuple[str, ...] = (), every_days: int | None = None, not_until: date | None = None,
    opted_out: bool = False, said: date | None = None, source: str = "", activity: Key | None = None, uid: str = "",
) -> tuple[Wish, Changes]:  # fmt: skip
    """Write down what a person asked for; what they asked for before is kept. (the wish, what changed)"""
    person = _person(db, person_id)
    values = _values(person, now, places, every_days, not_until, opted_out, said, source, activity)
    sentence = say("Wish of {name}: {in_words}", name=person.name, in_words=in_words(values))
    with ledger.decide(db, "wish", sentence, seconds(now)) as d:
        wish_id = d.insert("wishes", {"uid": uid or people.new_uid(), "person_id": person_id, **values, "saved_at": seconds(now)})
    made = wishes.get(db, wish_id)
    assert made is not None
    return made, _changes(person_id, sentence)


def correct(
    db: Desk, wish_id: int, now: datetime, *, places: tuple[str, ...], every_days: int | None, not_until: date | None, opted_out: bool,
    said: date | None, source: str, activity: Key | None,
) -> Changes:  # fmt: skip
    """What was written down wrongly; a new wish is another one."""
    old = _wish(db, wish_id)
    person = _person(db, old.person_id)
    values = _values(person, now, places, every_days, not_until, opted_out, said, source, activity)
    sentence = say("Wish of {name} corrected: {in_words}", name=person.name, in_words=in_words(values))
    with ledger.decide(db, "wish", sentence, seconds(now)) as d:
        d.update("wishes", {"id": wish_id}, values)
    return _changes(old.person_id, sentence)


def remove(db: Desk, wish_id: int, now: datetime) -> Changes:
    """It was never asked for: the one before holds again."""
    old = _wish(db, wish_id)
    sentence = say("A wish of {name} removed", name=_person(db, old.person_id).name)
    with ledger.decide(db, "wish", sentence, seconds(now)) as d:
        d.delete("wishes", {"id": wish_id})
    return _changes(old.person_id, sentence)


def set_opted_out(db: Desk, person_id: int, on: bool, now: datetime) -> Changes:
    """The person asked not to be contacted; or allowed it again, in the way they had asked for before."""
    person = _person(db, person_id)
    before = next((w for w in wishes.of_person(db, person_id) if not w.opted_out), None)
    values = _values(
        person, now, before.places if before and not on else (), before.every_days if before and not on else None, None, on,
        now.astimezone().date(), "", None,
    )  # fmt: skip
    sentence = say("No more prompts for {name}" if on else "Prompts again for {name}", name=person.name)
    with ledger.decide(db, "wish", sentence, seconds(now)) as d:
        d.insert("wishes", {"uid": people.new_uid(), "person_id": person_id, **values, "saved_at": seconds(now)})
    return _changes(person_id, sentence)


def want(db: Desk, rhythm: WantedRhythm | None, now: datetime, *, person_id: int | None = None, bucket_id: int | None = None) -> Changes:
    """How often the user wants to be in touch with one person, or with everybody in a bucket (one of the two). None: no rhythm of its own."""
    if (person_id is None) == (bucket_id is None):
        raise UserMistake(say("A rhythm is wanted with a person or with a bucket. Nothing was changed."))
    if person_id is not None:
        name = _person(db, person_id).name
    else:
        name = _bucket_name(db, bucket_id)
    sentence = say("{name}: {rhythm}", name=name, rhythm=rhythm_in_words(rhythm)) if rhythm else say("{name}: no rhythm of their own" if person_id else "{name}: no rhythm of its own", name=name)
    with ledger.decide(db, "rhythm", sentence, seconds(now)) as d:
        told: Row = {"person_id": person_id, "bucket_id": bucket_id, **(_rhythm_values(rhythm) if rhythm else {})}
        ledger.compound(d, told)
        agreed.do_want(d, told)
    return Changes(people=frozenset({person_id} if person_id else ()), buckets=bucket_id is not None, prompts=True, undo=sentence)


def set_step(db: Desk, bucket_id: int, step: Step | None, now: datetime) -> Changes:
    """On which step of the ladder the people of a bucket stand; None: the bucket is not about that."""
    name, there = _bucket_name(db, bucket_id), bucket_id in wishes.steps(db)
    sentence = say("{name} is the step “{step}”", name=name, step=step) if step else say("{name} is no step of the ladder", name=name)
    with ledger.decide(db, "step", sentence, seconds(now)) as d:
        if step is None:
            d.delete("steps", {"bucket_id": bucket_id})
        elif there:
            d.update("steps", {"bucket_id": bucket_id}, {"step": step.value})
        else:
            d.insert("steps", {"bucket_id": bucket_id, "step": step.value}, key=("bucket_id",))
    return Changes(buckets=True, prompts=True, undo=sentence)


def move_to_step(db: Desk, person_id: int, step: Step, now: datetime) -> Changes:
    """Out of the buckets of other steps, into the first that stands on this one."""
    person, on = _person(db, person_id), wishes.steps(db)
    target = next((bucket for bucket in buckets.every(db) if on.get(bucket.id) is step), None)
    if target is None:
        raise UserMistake(say("No bucket stands on the step “{step}” yet. Nothing was changed. Give one that step, in its dialog, and try again.", step=step))
    sentence = say("{name} moved to {target_name}", name=person.name, target_name=target.name)
    inside = {bucket.id for bucket in buckets.of_person(db, person_id)}
    with ledger.decide(db, "bucket", sentence, seconds(now)) as d:
        for bucket_id in sorted(inside & on.keys()):
            if on[bucket_id] is not step:
                d.delete("bucket_people", {"bucket_id": bucket_id, "person_id": person_id})
        if target.id not in inside:
            d.insert("bucket_people", {"bucket_id": target.id, "person_id": person_id, "at": seconds(now)}, key=("bucket_id", "person_id"))
    return Changes(people=frozenset({person_id}), buckets=True, prompts=True, undo=sentence)


def in_words(values: Row | Wish) -> str:
    """ "Mail only, at most every 3 months, not before 4 January 2027, asked on 3 March 2026"."""
    if isinstance(values, Wish):
        values = {
            "places": json.dumps(values.places) if values.places else "", "every_days": values.every_days, "not_until": values.not_until,
            "opted_out": values.opted_out, "said": values.said,
        }  # fmt: skip
    places = tuple(json.loads(str(values["places"]))) if values["places"] else ()
    parts = [
        say("no contact") if values["opted_out"] else "",
        f"{listed([place_name(place) for place in places])} only" if places else "",
        say("at most {often}", often=every(int(str(values["every_days"])))) if values["every_days"] else "",
        say("not before {day}", day=_day(values["not_until"])) if values["not_until"] else "",
    ]
    words = ", ".join(filter(None, parts)) or say("contact is welcome")
    return say("{wish}, asked on {day}", wish=words, day=_day(values["said"])) if values["said"] else words


def _day(kept: object) -> str:
    return day(kept if isinstance(kept, date) else date.fromisoformat(str(kept)))


def every(days: int) -> str:
    """ "every day", "every 2 weeks", "every 3 months": as people say it, where that is exact or the usual word for it."""
    if days % 365 == 0:
        return counted(days // 365, "every year", "every {n} years")
    if days % 30 == 0 or days in (91, 92, 182, 183):
        return counted(round(days / 30), "every month", "every {n} months")
    if days % 7 == 0:
        return counted(days // 7, "every week", "every {n} weeks")
    return counted(days, "every day", "every {n} days")


def rhythm_in_words(rhythm: WantedRhythm) -> str:
    """ "every 2 weeks, never longer apart than 30 days"."""
    often = say("as they do") if rhythm.as_they_do else every(rhythm.wished_days)
    return counted(rhythm.longest_days, "{often}, never longer apart than {n} day", "{often}, never longer apart than {n} days", often=often) if rhythm.longest_days else often


def _values(
    person: Person, now: datetime, places: tuple[str, ...], every_days: int | None, not_until: date | None, opted_out: bool,
    said: date | None, source: str, activity: Key | None,
) -> Row:  # fmt: skip
    if every_days is not None and not 1 <= every_days <= MOST_DAYS:
        raise UserMistake(say("How often {name} wants to hear from you is a number of days from 1 to {most:,}. Nothing was changed.", name=person.name, most=MOST_DAYS))
    if said is not None and said > now.astimezone().date():
        raise UserMistake(say("{said} is still to come: nobody has asked for anything then. Nothing was changed. Correct the day.", said=said))
    named = tuple(dict.fromkeys(one_line(place, 60) for place in places if one_line(place, 60)))
    return {
        "places": json.dumps(named) if named else "", "every_days": every_days, "not_until": None if not_until is None else not_until.isoformat(),
        "opted_out": int(opted_out), "said": None if said is None else said.isoformat(), "source": one_line(source, LONGEST_SOURCE),
        "place": activity.place if activity else "", "native_id": activity.native_id if activity else "",
    }  # fmt: skip


def _rhythm_values(rhythm: WantedRhythm) -> Row:
    longest = rhythm.longest_days
    if not 1 <= rhythm.wished_days <= MOST_DAYS or (longest is not None and not 1 <= longest <= MOST_DAYS):
        raise UserMistake(say("A rhythm is a number of days from 1 to {most:,}. Nothing was changed.", most=MOST_DAYS))
    if longest is not None and longest < rhythm.wished_days:
        raise UserMistake(say("The longest time apart cannot be shorter than the wished one. Nothing was changed."))
    return {"wished_days": rhythm.wished_days, "longest_days": longest, "as_they_do": int(rhythm.as_they_do)}


def _wish(db: Desk, wish_id: int) -> Wish:
    found = wishes.get(db, wish_id)
    if found is None:
        raise UserMistake(say("This wish is no longer there. Nothing was changed."))
    return found


def _person(db: Desk, person_id: int) -> Person:
    found = people.get(db, person_id)
    if found is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was changed."))
    return found


def _bucket_name(db: Desk, bucket_id: int | None) -> str:
    found = next((bucket.name for bucket in buckets.every(db) if bucket.id == bucket_id), None)
    if found is None:
        raise UserMistake(say("This bucket is no longer there. Nothing was changed."))
    return found


def _changes(person_id: int, sentence: str) -> Changes:
    return Changes(people=frozenset({person_id}), prompts=True, undo=sentence)
