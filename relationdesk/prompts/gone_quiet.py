"""Somebody who used to be around is silent for longer than is usual for them, and we have really looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import sub
from statistics import median

from relationdesk.model import Evidence, Prompt
from relationdesk.prompts.base import History
from relationdesk.text import day, place_name, short_day


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

    def quiet_after(self, days: Sequence[int], today: int) -> float | None:
        """Until when their places must be read at the least for `find` to have nothing to say, judged by day numbers alone.

        days: of their signs, newest first, each once. None: it has nothing to say; 0: it may speak however far was read;
        else it may, if a place was read only until this day or less. In doubt it may.
        """
        silent = today - days[0] + 1 if days else 0
        if len(days) < 3 or silent < self.at_least_days:
            return None
        usual = float(median(map(sub, days, days[1:])))
        if silent * 100 >= (usual - 1) * self.factor_percent:
            return 0
        if silent * 100 < (usual - 1) * self.early_percent:
            return None
        return days[0] + 1 + max(self.at_least_days, (usual + 1) * self.early_percent / 100)

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        signs = [moment for moment in history.active if moment <= now]
        if not history.exchanged or not signs:
            return
        usual = usual_days(signs)
        silent = now - signs[0]
        if usual is None or len(signs) < self.at_least_signs or silent.days > self.at_most_days:
            return
        limit = timedelta(days=max(self.at_least_days, usual * self.factor_percent / 100))
        early = timedelta(days=max(self.at_least_days, usual * self.early_percent / 100))
        why_not = _not_read(history, signs[0], limit if silent >= limit else early)
        if silent < limit and not (silent >= early and why_not):
            return
        yield Prompt(
            key=f"{self.name}:{history.person.uid}:{signs[0]:%Y-%m-%d}",
            rule=self.name,
            person_id=history.person.id,
            title=f"{history.person.name} has gone quiet",
            because=f"{history.person.name} has been quiet for {silent.days} days; usually something comes {every(usual)}.",
            evidence=(
                Evidence(sentence=f"Last sign on {day(signs[0])}.", published=signs[0]),
                Evidence(sentence=f"The {len(signs) - 1} signs before that came {every(usual)}."),
            ),
            why_not=why_not,
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
        if state.failed is not None and (state.until is None or state.until < last + limit):
            good = f"was last read on {short_day(state.until)}" if state.until else "was never read"
            return f"{place_name(state.place)} {good} and fails since then, so the silence is not certain."
        if state.until is None:
            return f"{place_name(state.place)} was never read, so the silence is not certain."
        if state.until < last + limit:
            return f"{place_name(state.place)} was last read on {short_day(state.until)}, so the silence is not certain."
    return ""
