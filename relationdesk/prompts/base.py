"""What a rule is, and the history it is given. Pure: `now` is given, never asked for; a threshold is a field.

A rule answers with prompts to show and with prompts it holds back; the latter say why not. Every prompt has a key that
stays the same until something new happens, so that "done" stays done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import sub
from typing import Protocol

from relationdesk.derived import Item, PlaceState, Prompt
from relationdesk.model import Person


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something comes from somebody, measured on their newest `signs` signs.

    last: when the newest was over (the end of what is known of its time), aware UTC. every_days: median of the days between
    the days on which something came, None for fewer than three such days.
    """

    last: datetime
    signs: int
    every_days: float | None


def median_gap(days: Sequence[int]) -> float | None:
    """Median distance between day numbers, newest first; one that repeats counts once. None for fewer than three."""
    gaps = sorted(map(sub, days, days[1:]))
    repeated = gaps.count(0)
    different = len(gaps) - repeated
    if different < 2:
        return None
    half = repeated + different // 2
    return float(gaps[half]) if different % 2 else (gaps[half - 1] + gaps[half]) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a rule may know of one person. All times aware UTC.

    towards_me: what they did towards the desk's owner lately, newest first. mine: what the owner did towards them
    lately, newest first, in any place. rhythm: of what comes from them, None where silence is no question.
    coverage: what was read of each of their places. spoke: last call or meeting noted. settled: when the newest of
    their words was written that the user has called done; older ones that arrive late are done with it.
    """

    person: Person
    towards_me: tuple[Item, ...] = ()
    mine: tuple[Item, ...] = ()
    rhythm: Rhythm | None = None
    coverage: tuple[PlaceState, ...] = ()
    spoke: datetime | None = None
    settled: datetime | None = None
    exchanged: bool = False  # anything ever went both ways, or the user keeps them in a bucket


class Rule(Protocol):
    """One reason to get in touch."""

    name: str  # stored with the user's answers: never rename

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        """Prompts for this person, shown ones and (with why_not) held-back ones."""
        ...


def ago(now: datetime, then: datetime) -> str:
    """ "today", "yesterday", "12 days ago", by the user's calendar days."""
    n = (now.astimezone().date() - then.astimezone().date()).days
    if n <= 0:
        return "today"
    return "yesterday" if n == 1 else f"{n} days ago"


def quote(text: str, limit: int = 140) -> str:
    """The gist of a text in quotation marks, on one line: its question if it asks one, else its beginning."""
    line = " ".join(text.split())
    sentences = [part.strip() for part in line.replace("?", "?\n").replace(". ", ".\n").split("\n")]
    asked = next((part for part in sentences if part.endswith("?")), "")
    line = asked or line
    return f"“{line if len(line) <= limit else line[: limit - 1].rstrip() + '…'}”"
