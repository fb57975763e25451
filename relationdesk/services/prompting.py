"""Prompts of one person or of everybody: what the rules find in what was gathered, brought into their order. Derived, not stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from relationdesk.derived import Prompt
from relationdesk.model import Person
from relationdesk.prompts.base import Rule
from relationdesk.prompts.order import Answered, Bounds, Decided, Order
from relationdesk.services import histories
from relationdesk.store import prompts, settings
from relationdesk.store.database import Desk, transaction
from relationdesk.store.prompts import Answer
from relationdesk.store.settings import Settings
from relationdesk.store.timekey import maybe_moment, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A prompt with the person it is about. answer: what the user said to it ("done", "never", "later"), "" nothing that
    still holds; snoozed: until when, for those put off until a moment."""

    prompt: Prompt
    person: Person
    answer: str = ""
    snoozed: datetime | None = None


def bounds(wanted: Settings) -> Bounds:
    """What the user set of the order."""
    return Bounds(
        cap=wanted.prompts_at_most, per_person=wanted.prompts_per_person, answer_days=wanted.answer_days, rest_days=wanted.rest_days,
        quiet=(wanted.quiet_from_minute, wanted.quiet_until_minute),
    )  # fmt: skip


def find(db: Desk, now: datetime, ids: tuple[int, ...] | None, *, capped: bool) -> list[Decided]:
    """Every prompt of these people (None: everybody's), shown ones first, in their order."""
    asked = histories.current_rules(db)
    order = Order(
        {rule.name: rule.asks for rule in asked}, {rule.name: rule.minutes for rule in asked},
        {key: answered(told) for key, told in prompts.answers(db).items()}, bounds(settings.load(db)), now,
    )  # fmt: skip
    found = []
    needs = sorted({rule.needs for rule in asked})
    given = attrgetter("person", "person", *needs)
    speaking: dict[tuple[bool, ...], list[Rule]] = {}  # most rules have nothing to say of most people, and most people are alike in that
    for history, about in histories.gather(db, now, ids, asked):
        _, _, *there = has = tuple(map(bool, given(history)))
        if has not in speaking:
            speaking[has] = [rule for rule in asked if there[needs.index(rule.needs)]]
        for rule in speaking[has]:
            found += [(prompt, about) for prompt in rule.find(history, now)]
    return order.decide(found, capped=capped)


def answered(told: Answer) -> Answered:
    """A stored answer as the order reads it."""
    how, _, awaits = told.answer.partition("_")
    return Answered(how=how, at=moment(told.at), until=maybe_moment(told.until), awaits=awaits)


def entry(decided: Decided) -> Entry:
    return Entry(prompt=decided.prompt, person=decided.person, answer=decided.answer, snoozed=decided.snoozed)


def of_person(db: Desk, person_id: int, now: datetime) -> tuple[Prompt, ...]:
    """One person's prompts, shown ones first, then those held back; caps and quiet hours do not count here."""
    return tuple(decided.prompt for decided in find(db, now, (person_id,), capped=False))


def refresh(db: Desk, person_ids: Iterable[int], now: datetime) -> None:
    """Bring the cached number of prompts of these people up to date after a sync."""
    ids = tuple(person_ids)
    counts: dict[int, int] = defaultdict(int)
    for decided in find(db, now, ids, capped=False):
        if not decided.prompt.why_not:
            counts[decided.person.id] += 1
    with transaction(db):
        db.executemany(
            "UPDATE people SET open_prompts = ?1 WHERE id = ?2 AND open_prompts <> ?1", [(counts[id_], id_) for id_ in ids]
        )
