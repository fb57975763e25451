"""Somebody who used to be around is silent for longer than is usual for them, and we have really looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import History, Rhythm
from relationdesk.text import day, place_name, short_day

ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class GoneQuiet:
    """Silence of more than `factor_percent` of their own usual interval, and of at least `at_least_days`.

    Only where coverage is good: every place they were active in must have been read long enough after their last sign
    for the silence to be known. Otherwise the prompt is held back, and says which place was not read.
    """

    name = "gone_quiet"
    factor_percent: int = 250
    early_percent: int = 125  # from here on a place that is not read is worth saying, though nothing is shown yet
    at_least_days: int = 14
    at_most_days: int = 365
    at_least_signs: int = 5

    def speaks_before(self, rhythm: Rhythm, now: datetime) -> datetime | None:
        """`find` has something to say only if a place of theirs was read until before this moment, or if it is `ALWAYS`.

        None: it has nothing to say at all. The same question as in `find`, before it is known what was read.
        """
        bounds = self._bounds(rhythm, now)
        if bounds is None:
            return None
        limit, early = bounds
        silent = now - rhythm.last
        return ALWAYS if silent >= limit else rhythm.last + early if silent >= early else None

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        rhythm = history.rhythm
        if rhythm is None or not history.exchanged:
            return
        usual, bounds = rhythm.every_days, self._bounds(rhythm, now)
        if usual is None or bounds is None:
            return
        (limit, early), silent = bounds, now - rhythm.last
        why_not = _not_read(history, rhythm.last, limit if silent >= limit else early)
        if silent < limit and not (silent >= early and why_not):
            return
        yield Prompt(
            key=f"{self.name}:{history.person.uid}:{rhythm.last:%Y-%m-%d}",
            rule=self.name,
            person_id=history.person.id,
            title=f"{history.person.name} has gone quiet",
            because=f"{history.person.name} has been quiet for {silent.days} days; usually something comes {every(usual)}.",
            evidence=(
                Evidence(sentence=f"Last sign on {day(rhythm.last)}.", published=rhythm.last),
                Evidence(sentence=f"The {rhythm.signs - 1} signs before that came {every(usual)}."),
            ),
            why_not=why_not,
            weight=30.0 + min(30.0, silent / limit * 5.0),
        )

    def _bounds(self, rhythm: Rhythm, now: datetime) -> tuple[timedelta, timedelta] | None:
        """How long a silence is too long, and from when on a place that is not read is worth saying."""
        usual = rhythm.every_days
        if usual is None or rhythm.signs < self.at_least_signs or not rhythm.last <= now < rhythm.last + timedelta(days=self.at_most_days + 1):
            return None
        least = self.at_least_days
        limit = timedelta(days=max(least, usual * self.factor_percent / 100))
        return limit, timedelta(days=max(least, usual * self.early_percent / 100))


def every(usual: float) -> str:
    """ "every day", "every 7 days": an interval in words."""
    n = max(1, round(usual))
    return "every day" if n == 1 else "every week" if n == 7 else f"every {n} days"


def _not_read(history: History, last: datetime, limit: timedelta) -> str:
    """Why the silence is not really known; "" when every place was read for long enough after the last sign."""
    for state in history.coverage:
        if state.failed is not None and (state.until is None or state.until < last + limit):
            good = f"was last read on {short_day(state.until)}" if state.until else "was never read"
            return f"{place_name(state.place)} {good} and fails since then, so the silence is not certain."
        if state.until is None:
            return f"{place_name(state.place)} was never read, so the silence is not certain."
        if state.until < last + limit:
            return f"{place_name(state.place)} was last read on {short_day(state.until)}, so the silence is not certain."
    return ""
