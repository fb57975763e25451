"""Between which numbers a threshold of a rule may be set, and in what unit: only what has its effect can be set. Pure."""

from __future__ import annotations

from typing import NamedTuple


class Limit(NamedTuple):
    """unit: "days", "hours", "%", "signs" or "times". low, high: both may be set."""

    unit: str
    low: int
    high: int


_UNITS = {
    "days": Limit("days", 0, 3660), "hours": Limit("hours", 0, 720), "percent": Limit("%", 10, 1000), "signs": Limit("signs", 3, 24), "least": Limit("times", 1, 50),
}  # fmt: skip
"""By the last word of a field's name."""
_READ = Limit("days", 0, 60)
"""Words towards me are read so far back and no farther."""
_SPECIAL = {
    "awaiting_reply.for_days": _READ, "awaiting_reply.plain_for_days": _READ, "awaiting_reply.explained_for_days": _READ, "complaint.days": _READ,
    "suggestion.days": _READ, "thank_referral.days": _READ, "praise.days": _READ, "reciprocity.days": _READ,
    "birthday.ahead_days": _READ, "birthday.late_days": _READ, "anniversary.ahead_days": _READ, "anniversary.late_days": _READ,
    "work_anniversary.ahead_days": _READ, "work_anniversary.late_days": _READ,
    "mentioned.days": Limit("days", 0, 366), "public_question.days": Limit("days", 0, 366), "first_post.days": Limit("days", 0, 366),
    "in_town.days": Limit("days", 0, 366), "meeting_over.hours": Limit("hours", 0, 72),
    "gone_quiet.at_most_days": Limit("days", 0, 1000), "gone_quiet.factor_percent": Limit("%", 100, 2000), "gone_quiet.early_percent": Limit("%", 100, 2000),
}  # fmt: skip


def limit_of(rule: str, field: str) -> Limit:
    """Of a threshold, by the names of its rule and of its field."""
    return _SPECIAL.get(f"{rule}.{field}") or _UNITS[field.rpartition("_")[2]]
