"""The rules of prompts as the user set them: on or off, and their thresholds. Each change is a decision that can be taken back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.prompts import RULES, thresholds
from relationdesk.prompts.base import Rule
from relationdesk.prompts.limits import Limit, limit_of
from relationdesk.saying import say
from relationdesk.services.answering import switch
from relationdesk.store import ledger, prompts, settings
from relationdesk.store.database import Desk
from relationdesk.store.timekey import seconds

__all__ = ["Ruled", "Threshold", "back_to_default", "every", "set_threshold", "switch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number of a rule. value: as it is set; meant: as it is unless it is set."""

    field: str
    limit: Limit
    value: int
    meant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A rule as it is set. says: what it is, in one sentence."""

    name: str
    says: str
    on: bool
    thresholds: tuple[Threshold, ...]

    @property
    def is_changed(self) -> bool:
        """Whether a threshold is another than it is meant to be."""
        return any(one.value != one.meant for one in self.thresholds)


def every(db: Desk) -> tuple[Ruled, ...]:
    """All rules, in the order in which they are asked."""
    off, values = prompts.rules_off(db), settings.thresholds(db)
    return tuple(_ruled(rule, rule.name not in off, values) for rule in RULES)


def _ruled(rule: Rule, on: bool, values: dict[str, int]) -> Ruled:
    mine = []
    for name, meant in thresholds().items():
        of, _, field = name.partition(".")
        if of == rule.name:
            limit = limit_of(of, field)
            mine.append(Threshold(field=field, limit=limit, value=min(limit.high, max(limit.low, values.get(name, meant))), meant=meant))
    return Ruled(name=rule.name, says=say(rule.says), on=on, thresholds=tuple(mine))


def set_threshold(db: Desk, rule: str, field: str, number: int, now: datetime) -> Changes:
    """Raises UserMistake for a rule, threshold or number that is none. What is so already is no decision."""
    found = _of(db, rule)
    one = next((t for t in found.thresholds if t.field == field), None)
    if one is None:
        names = ", ".join(t.field for t in found.thresholds)
        raise UserMistake(say("The rule {rule} has no threshold “{field}”. Nothing was changed. It has: {names}.", rule=rule, field=field[:60], names=names))
    low, high, unit = one.limit.low, one.limit.high, "percent" if one.limit.unit == "%" else one.limit.unit
    if not low <= number <= high:
        raise UserMistake(say("{number} is no number of {unit} for this: choose one from {low} to {high}. Nothing was changed.", number=number, unit=unit, low=low, high=high))
    return _set(db, rule, {one: number}, now)


def back_to_default(db: Desk, rule: str, now: datetime) -> Changes:
    """All thresholds of a rule as they are meant. Raises UserMistake for a rule that is not there."""
    return _set(db, rule, {one: one.meant for one in _of(db, rule).thresholds}, now)


def _of(db: Desk, rule: str) -> Ruled:
    found = next((ruled for ruled in every(db) if ruled.name == rule), None)
    if found is None:
        raise UserMistake(say("There is no rule “{rule}”. Nothing was changed. Choose one of: {rules}.", rule=rule[:60], rules=", ".join(known.name for known in RULES)))
    return found


def _set(db: Desk, rule: str, numbers: dict[Threshold, int], now: datetime) -> Changes:
    new = {one: number for one, number in numbers.items() if number != one.value}
    if not new:
        return Changes()
    said = ", ".join(f"{one.field.replace('_', ' ')} {one.value} → {number}" for one, number in new.items())
    sentence = say("Rule “{rule}”: {said}", rule=rule.replace("_", " "), said=said)
    with ledger.decide(db, "rule", sentence, seconds(now)) as d:
        for one, number in new.items():
            key, row = {"name": settings.threshold_name(rule, one.field)}, {"value": json.dumps(number)}
            if number == one.meant:
                d.delete("settings", dict(key))
            elif not d.update("settings", dict(key), dict(row)):
                d.insert("settings", {**key, **row}, key=("name",))
    return Changes(prompts=True, everything=True, undo=sentence)
