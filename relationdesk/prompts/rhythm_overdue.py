"""Longer without contact, either way, than the user wants it with this person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, days_between, made, not_read
from relationdesk.prompts.gone_quiet import every
from relationdesk.saying import counted, marked, say
from relationdesk.text import day


@dataclass(frozen=True)
class RhythmOverdue:
    """No real contact for more than `percent` of the wished interval. "As they do" takes the measured one.

    Held back where a place was not read since the contact should have been: then it may have been.
    """

    name = "rhythm_overdue"
    says = marked("You have not been in touch for longer than you want.")
    asks = Asks.CONTACT
    needs = "wanted"
    minutes = 15
    percent: int = 100

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        wanted, last = history.wanted, history.contact
        if wanted is None or last is None or last > now:
            return
        wished = float(wanted.wished_days)
        if wanted.as_they_do and history.rhythm is not None and history.rhythm.every_days is not None:
            wished = history.rhythm.every_days
        passed = days_between(now, last)
        if wished <= 0 or passed * 100 <= wished * self.percent:
            return
        too_long = wanted.longest_days is not None and passed > wanted.longest_days
        name, how_often = history.person.name, every(wished)
        want = say("{how_often} in “{bucket}”", how_often=how_often, bucket=wanted.of) if wanted.of else how_often
        want = say("{how_often}, and never longer than {longest_days}", how_often=want, longest_days=wanted.longest_days) if too_long else want
        yield made(
            self, history, last.date().isoformat(), counted(passed, "{n} day since you were in touch", "{n} days since you were in touch"),
            counted(passed, "You were last in touch {n} day ago; you want it {want}.", "You were last in touch {n} days ago; you want it {want}.", want=want),
            [Evidence(sentence=say("Last contact with {name} on {last}.", name=name, last=day(last)), published=last)],
            20.0 + min(30.0, 15.0 * passed / wished) + (15.0 if too_long else 0.0),
            not_read(history.coverage, last + timedelta(days=wished * self.percent / 100)),
        )  # fmt: skip
