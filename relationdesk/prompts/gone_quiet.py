"""Somebody who used to be around is silent for longer than is usual for them, and we have really looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from relationdesk.model import Evidence, Prompt
from relationdesk.prompts.base import History
from relationdesk.text import day, short_day


@dataclass(frozen=True)
class GoneQuiet:
    """Silence of more than `factor_percent` of their own usual interval, and of at least `at_least_days`.

    Only where coverage is good: every place they were active in must have been read long enough after their last sign
    for the silence to be known. Otherwise the prompt is held back, and says which place was not read.
    """

    name = "gone_quiet"
    factor_percent: int = 250
    at_least_days: int = 14
    at_most_days: int = 365
    at_least_signs: int = 5

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        signs = [moment for moment in history.active if moment <= now]
        if not history.exchanged or not signs:
            return
        usual = usual_days(signs)
        silent = now - signs[0]
        if usual is None or len(signs) < self.at_least_signs or silent.days > self.at_most_days:
            return
        limit = timedelta(days=max(self.at_least_days, usual * self.factor_percent / 100))
        if silent < limit:
            return
        yield Prompt(
            key=f"{self.name}:{history.person.uid}:{signs[0]:%Y-%m-%d}",
            rule=self.name,
            person_id=history.person.id,
            title=f"{history.person.name} has gone quiet",
            because=f"{history.person.name} has been quiet for {silent.days} days; usually something comes {every(usual)}.",
            evidence=(
                Evidence(sentence=f"Last sign on {day(signs[0])}.", published=signs[0]),
                Evidence(sentence=f"{len(signs)} signs before that, {every(usual)}."),
            ),
            why_not=_not_read(history, signs[0], limit),
            weight=30.0 + min(30.0, silent / limit * 5.0),
        )


def usual_days(signs: list[datetime]) -> float | None:
    """Median days between the days on which something came, newest first; None for fewer than three such days."""
    dates = sorted({moment.date() for moment in signs})
    gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
    return float(median(gaps)) if len(gaps) >= 2 else None


def every(usual: float) -> str:
    """ "every day", "every 7 days": an interval in words."""
    n = max(1, round(usual))
    return "every day" if n == 1 else "every week" if n == 7 else f"every {n} days"


def _not_read(history: History, last: datetime, limit: timedelta) -> str:
    """Why the silence is not really known; "" when every place was read for long enough after the last sign."""
    for state in history.coverage:
        if state.failed is not None and state.failed < last + limit:
            return f"{state.place.capitalize()} could not be read since {short_day(state.failed)}, so the silence is not certain."
        if state.until is None:
            return f"{state.place.capitalize()} was never read, so the silence is not certain."
        if state.until < last + limit:
            return f"{state.place.capitalize()} was last read on {short_day(state.until)}, so the silence is not certain."
    return ""
