"""Somebody who used to be around is silent for longer than is usual for them, and we have really looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, Rhythm, Silence, not_read
from relationdesk.saying import counted, marked, say
from relationdesk.text import day


@dataclass(frozen=True)
class GoneQuiet:
    """Silence of more than `factor_percent` of their own usual interval, and of at least `at_least_days`.

    Only where coverage is good: every place they were active in must have been read long enough after their last sign
    for the silence to be known. Otherwise the prompt is held back, and says which place was not read.
    """

    name = "gone_quiet"
    says = marked("They have been silent far longer than usual, and their places were read until now.")
    asks = Asks.CONTACT
    needs = "rhythm"
    minutes = 10
    factor_percent: int = 250
    early_percent: int = 125  # from here on a place that is not read is worth saying, though nothing is shown yet
    at_least_days: int = 14
    at_most_days: int = 365
    at_least_signs: int = 5

    def is_possible(self, signs: int, every_days: float | None, silent: int, known: int) -> bool:
        """Whether `find` may have anything to say about such a rhythm; in doubt True. A tenth of the work.

        silent: whole seconds since the last sign; known: for so long after it every place was read for certain.
        """
        if every_days is None or signs < self.at_least_signs:
            return False
        usual = every_days * 864  # a hundredth of it in seconds
        if silent + 1 >= usual * self.factor_percent:
            return True
        return silent + 1 >= usual * self.early_percent and known - 1 <= max(self.at_least_days * 86_400, usual * self.early_percent)

    def silence(self, rhythm: Rhythm, now: datetime) -> Silence | None:
        """What there is to say before it is known what was read; None: nothing at all."""
        bounds = self._bounds(rhythm, now)
        if bounds is None:
            return None
        (limit, early), silent = bounds, now - rhythm.last
        if silent < early:
            return None
        return Silence(silent >= limit, rhythm.last + (limit if silent >= limit else early), silent / limit)

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        rhythm = history.rhythm
        if rhythm is None or rhythm.every_days is None or not history.exchanged:
            return
        silence, silent = history.silence or self.silence(rhythm, now), now - rhythm.last
        if silence is None:
            return
        why_not = not_read(history.coverage, silence.known_from)
        if not (silence.is_long or why_not):
            return
        how_often = every(rhythm.every_days)
        yield Prompt(
            key=f"{self.name}:{history.person.uid}:{rhythm.last.date().isoformat()}",
            rule=self.name,
            person_id=history.person.id,
            title=say("{person} has gone quiet", person=history.person.name),
            because=counted(
                silent.days, "{person} has been quiet for {n} day; usually something comes {how_often}.", "{person} has been quiet for {n} days; usually something comes {how_often}.",
                person=history.person.name, how_often=how_often,
            ),
            evidence=(
                Evidence(sentence=say("Last sign on {last}.", last=day(rhythm.last)), published=rhythm.last),
                Evidence(sentence=counted(rhythm.signs - 1, "The {n} sign before that came {how_often}.", "The {n} signs before that came {how_often}.", how_often=how_often)),
            ),
            why_not=why_not,
            weight=30.0 + min(30.0, silence.share * 5.0),
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
    return say("every week") if n == 7 else counted(n, "every day", "every {n} days")
