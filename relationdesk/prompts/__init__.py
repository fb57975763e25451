"""RULES: one line per rule, in the order in which they are asked; and what of them can be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from relationdesk.prompts.anniversary import Anniversary
from relationdesk.prompts.awaiting_reply import AwaitingReply
from relationdesk.prompts.base import Rule
from relationdesk.prompts.birthday import Birthday
from relationdesk.prompts.champion_quiet import ChampionQuiet
from relationdesk.prompts.complaint import Complaint
from relationdesk.prompts.deal_near import DealNear
from relationdesk.prompts.first_post import FirstPost
from relationdesk.prompts.gone_quiet import GoneQuiet
from relationdesk.prompts.in_town import InTown
from relationdesk.prompts.job_change import JobChange
from relationdesk.prompts.limits import limit_of
from relationdesk.prompts.meeting_over import MeetingOver
from relationdesk.prompts.meeting_soon import MeetingSoon
from relationdesk.prompts.mentioned import Mentioned
from relationdesk.prompts.new_at_key import NewAtKey
from relationdesk.prompts.praise import Praise
from relationdesk.prompts.promise_due import PromiseDue
from relationdesk.prompts.public_question import PublicQuestion
from relationdesk.prompts.reciprocity import Reciprocity
from relationdesk.prompts.rhythm_overdue import RhythmOverdue
from relationdesk.prompts.single_threaded import SingleThreaded
from relationdesk.prompts.suggestion import Suggestion
from relationdesk.prompts.thank_referral import ThankReferral
from relationdesk.prompts.ticket_open import TicketOpen
from relationdesk.prompts.work_anniversary import WorkAnniversary

RULES: tuple[Rule, ...] = (
    AwaitingReply(),
    PromiseDue(),
    Complaint(),
    MeetingSoon(),
    MeetingOver(),
    Praise(),
    ThankReferral(),
    Suggestion(),
    DealNear(),
    TicketOpen(),
    Birthday(),
    Anniversary(),
    WorkAnniversary(),
    JobChange(),
    InTown(),
    GoneQuiet(),
    ChampionQuiet(),
    RhythmOverdue(),
    NewAtKey(),
    Mentioned(),
    PublicQuestion(),
    FirstPost(),
    Reciprocity(),
    SingleThreaded(),
)

def thresholds() -> dict[str, int]:
    """Every threshold that can be set, "rule.field", with the value it has unless it is set."""
    return {f"{rule.name}.{name}": value for rule in RULES for name, value in _fields(rule).items()}


def _fields(rule: Rule) -> dict[str, int]:
    wanted: Any = rule  # each rule is a dataclass of whole numbers
    return {field.name: getattr(rule, field.name) for field in fields(wanted)}


def rules(values: Mapping[str, int], off: frozenset[str] = frozenset()) -> tuple[Rule, ...]:
    """RULES with thresholds as set, without those that the user has switched off. What is set for nobody's field is passed over."""
    return _rules(tuple(sorted(values.items())), off)


@lru_cache(maxsize=8)
def _rules(values: tuple[tuple[str, int], ...], off: frozenset[str]) -> tuple[Rule, ...]:
    given = dict(values)
    found = []
    for rule in RULES:
        if rule.name in off:
            continue
        mine = {name: _within(rule.name, name, given[f"{rule.name}.{name}"]) for name in _fields(rule) if f"{rule.name}.{name}" in given}
        wanted: Any = rule
        found.append(replace(wanted, **mine) if mine else rule)
    return tuple(found)


def _within(rule: str, field: str, number: int) -> int:
    limit = limit_of(rule, field)
    return min(limit.high, max(limit.low, number))
