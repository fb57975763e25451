"""How it stands between the user and one person: when they were in touch, how often that is wished, who begins, how they are reached
best, what they asked for, what is to be followed up, and on which step of the ladder they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from relationdesk.derived import Item
from relationdesk.model import CARD_PLACES, Person
from relationdesk.prompts.base import text_of
from relationdesk.prompts.deal_near import is_over, is_won
from relationdesk.saying import counted, say
from relationdesk.services.wishes import rhythm_in_words
from relationdesk.store import buckets, contact, lately, people, profiles, settings, talk, tasks, wishes
from relationdesk.store.contact import NEVER, Contact
from relationdesk.store.database import Desk
from relationdesk.store.timekey import id_at
from relationdesk.text import one_line
from relationdesk.wishes import Step, Task, WantedRhythm, Wish

YEAR_DAYS = 365
ENOUGH = 5
"""From so many on it is said who begins, and how somebody is reached best."""
DEALS = 20
"""Newest deals and tickets that are looked at."""
APART_HOURS = 72
"""Words after such a pause begin a conversation."""

Part = Literal["mornings", "afternoons", "evenings", "nights", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A step of the ladder that fits better than where somebody stands, and what speaks for it, as a sentence."""

    step: Step
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One person. wanted: None where no rhythm is wanted; is_own: set for them alone. every_days: the rhythm that counts (measured where
    it is "as they do"). due: the day by which contact is wished, None without a rhythm or before the first contact.

    begins: how many conversations of the last year (they, I) began. recommended: how many people of the desk they recommended me to, or
    how often they did so publicly. best: (place, part of the day) in which they answer most, ("", "") for too few. step, suggested: of the
    ladder. wishes: all, the one that holds first. tasks: open ones, soonest due first.
    """

    contact: Contact = NEVER
    wanted: WantedRhythm | None = None
    is_own: bool = False
    every_days: int | None = None
    due: date | None = None
    begins: tuple[int, int] = (0, 0)
    recommended: int = 0
    best: tuple[str, Part] = ("", "")
    wishes: tuple[Wish, ...] = ()
    tasks: tuple[Task, ...] = ()
    step: Step | None = None
    suggested: Suggested | None = None


def of_person(db: Desk, person_id: int, now: datetime, usual_days: int | None = None) -> Relationship:
    """usual_days: the measured rhythm of theirs."""
    touched = contact.last(db, now, (person_id,)).get(person_id, NEVER)
    wanted = wishes.wanted(db, (person_id,)).get(person_id)
    every = None if wanted is None else (usual_days or wanted.wished_days) if wanted.as_they_do else wanted.wished_days
    said = _said(db, person_id, now)
    step = wishes.steps_of_people(db, (person_id,)).get(person_id)
    recommended = talk.recommended(db, person_id)
    told = wishes.of_person(db, person_id)
    asked = wishes.current(db, (person_id,)).get(person_id)
    return Relationship(
        contact=touched, wanted=wanted, is_own=wishes.own_rhythm(db, person_id) is not None, every_days=every,
        due=None if every is None or touched.last is None else touched.last.astimezone().date() + timedelta(days=every),
        begins=_begins(said), recommended=recommended, best=_best(said, asked), wishes=told,
        tasks=tasks.of_person(db, person_id), step=step, suggested=_suggested(db, person_id, step, recommended, touched, said),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    at: datetime
    is_mine: bool
    place: str


def _said(db: Desk, person_id: int, now: datetime) -> list[_Words]:
    """Between the two in the last year, oldest first."""
    rows = talk.between(db, person_id, id_at(now - timedelta(days=YEAR_DAYS)), id_at(now) + 7)
    return [_Words(at, mine, place) for at, mine, place in rows]


def _begins(said: list[_Words]) -> tuple[int, int]:
    """(they, I)"""
    counts, before = [0, 0], None
    for words in said:
        if before is None or words.at - before > timedelta(hours=APART_HOURS):
            counts[words.is_mine] += 1
        before = words.at
    return (counts[0], counts[1]) if sum(counts) >= ENOUGH else (0, 0)


def _best(said: list[_Words], asked: Wish | None) -> tuple[str, Part]:
    """Where and when their words to me come; of where they asked for, if they did: nobody is reached best where they do not want to be."""
    if asked is not None and asked.opted_out:
        return "", ""
    theirs = [words for words in said if not words.is_mine and (asked is None or not asked.places or words.place in asked.places)]
    if len(theirs) < ENOUGH:
        return "", ""
    place, count = Counter(words.place for words in theirs).most_common(1)[0]
    part, most = Counter(_part(words.at) for words in theirs if words.place == place).most_common(1)[0]
    return place, part if most * 2 > count else ""


def _part(at: datetime) -> Part:
    hour = at.astimezone().hour
    return "nights" if hour < 5 else "mornings" if hour < 12 else "afternoons" if hour < 18 else "evenings"


def _suggested(
    db: Desk, person_id: int, step: Step | None, recommended: int, touched: Contact, said: list[_Words]
) -> Suggested | None:  # fmt: skip
    """Only upwards, and only on what can be shown: whom to step down is the user's alone."""
    name = (found.name if (found := people.get(db, person_id)) else "").split(" ")[0]
    order = list(Step)
    at = -1 if step is None else order.index(step)
    if recommended and at < order.index(Step.ADVOCATE):
        return Suggested(step=Step.ADVOCATE, because=counted(recommended, "{name} recommended you once.", "{name} recommended you {n} times.", name=name))
    if (of_deal := _by_deals(db, person_id, name, order[at + 1 :])) is not None:
        return of_deal
    both = touched.theirs is not None and touched.mine is not None
    if both and at < order.index(Step.CONTACT) and step is not None:
        return Suggested(step=Step.CONTACT, because=counted(len(said), "You and {name} exchanged a message in the last year.", "You and {name} exchanged {n:,} messages in the last year.", name=name))
    return None


def _by_deals(db: Desk, person_id: int, name: str, above: Collection[Step]) -> Suggested | None:
    """What the CRM says of a deal with them: a won one is a customer's, an open one a prospect's. Only of steps on which a bucket stands."""
    wanted = {Step.CUSTOMER, Step.PROSPECT} & {*above} & {*wishes.steps(db).values()}
    if not wanted:
        return None
    ids = lately.records(db, CARD_PLACES | {"crm"}, (person_id,)).get(person_id, [])[:DEALS]
    found = talk.items(db, ids)
    deals = [found[id_] for id_ in ids if id_ in found and text_of(found[id_], "record") == "deal"]
    won, waits = (next((one for one in deals if fits(one)), None) for fits in (is_won, lambda deal: not is_over(deal)))
    if Step.CUSTOMER in wanted and won is not None:
        return Suggested(step=Step.CUSTOMER, because=say("The deal “{deal}” with {name} was won.", deal=_title(won), name=name))
    if Step.PROSPECT in wanted and waits is not None:
        return Suggested(step=Step.PROSPECT, because=say("The deal “{deal}” with {name} is open.", deal=_title(waits), name=name))
    return None


def _title(item: Item) -> str:
    return one_line(item.activity.title, 80) if item.activity is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What is agreed with one person, to be changed. places: where they can be reached (not the user's own cards of them), mail always among them. own: the rhythm set for
    them alone. of: what their buckets wish, in a sentence, "" for nothing. usual_days: what a new rhythm begins with, by the settings."""

    person: Person
    places: tuple[str, ...]
    own: WantedRhythm | None = None
    of: str = ""
    wishes: tuple[Wish, ...] = ()
    usual_days: int = 30


def agreed_with(db: Desk, person_id: int) -> Agreed | None:
    """None if there is no such person."""
    person = people.get(db, person_id)
    if person is None:
        return None
    own = wishes.own_rhythm(db, person_id)
    known = wishes.of_buckets(db)
    of = [f"{bucket.name}: {rhythm_in_words(known[bucket.id][1])}." for bucket in buckets.of_person(db, person_id) if bucket.id in known]
    known_in = {stored.profile.key.place: None for stored in profiles.of_person(db, person_id)}
    told = wishes.of_person(db, person_id)
    places = ("mail", *(place for place in known_in if place not in CARD_PLACES), *(place for wish in told for place in wish.places))
    return Agreed(
        person=person, places=tuple(dict.fromkeys(places)), own=own[1] if own else None, of=" ".join(of), wishes=told,
        usual_days=settings.load(db).rhythm_days,
    )  # fmt: skip
