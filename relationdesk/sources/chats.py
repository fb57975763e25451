"""What the readers of chats share: who takes part, each profile told once, wall clocks.

A conversation of a few is addressed to all of them. In a larger one a message is for whoever it names or answers:
otherwise every word in a club of two hundred would be one towards each of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from relationdesk.model import Key, Participant, Profile, Role
from relationdesk.text import MAX_TEXT

FEW = 20
"""So many others a message in a group is addressed to; in a larger group only to those it names or answers."""
_MOST_REMEMBERED = 50_000
_DEEPEST = 12
_MOST_PIECES = 20_000


class Told:
    """Profiles that were handed on, so that each is told once and again only with something new. Bounded."""

    def __init__(self) -> None:
        self._told: OrderedDict[Key, Profile] = OrderedDict()

    def __contains__(self, key: object) -> bool:
        return key in self._told

    def tell(self, profile: Profile) -> Iterator[Profile]:
        if self._told.get(profile.key) == profile:
            return
        self._told[profile.key] = profile
        if len(self._told) > _MOST_REMEMBERED:
            self._told.popitem(last=False)
        yield profile


def towards(
    actor: Key, members: Iterable[Key], *, answered: Key | None = None, mentioned: Iterable[Key] = ()
) -> tuple[Participant, ...]:
    """Everybody else in a small conversation, and whom a message answers or names. Each once in each role."""
    others = [key for key in dict.fromkeys(members) if key != actor]
    found = [Participant(profile=key, role=Role.TO) for key in others] if len(others) <= FEW else []
    if answered is not None and answered != actor:
        found.append(Participant(profile=answered, role=Role.REPLY_TO))
    found += [Participant(profile=key, role=Role.MENTIONED) for key in dict.fromkeys(mentioned) if key != actor]
    return tuple(found)


def texts_within(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text in the blocks of a formatted message, in order; what the blocks are called may change."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"][:MAX_TEXT]
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from texts_within(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value[:_MOST_PIECES]:
            if isinstance(inner, str):
                yield inner[:MAX_TEXT]
            else:
                yield from texts_within(inner, depth + 1)


def wall_clock(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> datetime | None:
    """A time that a phone or computer wrote as its own clock showed it, taken in the zone of this computer, as UTC.

    None for what no calendar has, and for what no chat can be of.
    """
    if not 1990 <= year < 2200:
        return None
    try:
        return datetime(year, month, day, hour, minute, second).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def stamp(seconds: object, per_second: int = 1) -> datetime | None:
    """Unix time as a number or its digits, to the second; None for anything else. per_second: 1000 for milliseconds."""
    try:
        moment = datetime.fromtimestamp(int(str(seconds)) // per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 1990 <= moment.year < 2200 else None


def last_change(edited: datetime | None, made: datetime | None) -> int:
    """What `Activity.revised` is of a message: when it was edited, else when it was written."""
    when = edited or made
    return max(0, int(when.timestamp())) if when is not None else 0
