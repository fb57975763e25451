"""They come to my town, or I to theirs: a reason to meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.model import Direction
from relationdesk.prompts.base import Asks, History, days_between, in_days, made, tail_of, text_of
from relationdesk.text import place_name, short_day


@dataclass(frozen=True)
class InTown:
    """A trip of theirs to my town, or of mine to where they say they live, that begins within `days`."""

    name = "in_town"
    asks = Asks.CONTACT
    needs = "trips"
    minutes = 10
    days: int = 21

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        for trip in history.trips:
            start, activity = trip.published, trip.activity
            if start is None or activity is None or not 0 <= -days_between(now, start) <= self.days:
                continue
            theirs = trip.direction is Direction.IN
            place = text_of(trip, "location").split(",")[0] or activity.title
            met = any(m.published is not None and abs(days_between(m.published, start)) <= 3 for m in history.meetings)
            name = history.person.name
            said = f"{name} is in {place} from {short_day(start)}" if theirs else f"You are in {place} from {short_day(start)}, and {name} lives there"
            yield made(
                self, history, tail_of(trip), f"in {place} {in_days(now, start)}" if theirs else f"you are in {place} {in_days(now, start)}",
                f"{said}.", [Evidence(sentence=f"{place_name(activity.key.place)}: {activity.title}", activity=activity.key, published=start)],
                40.0 + days_between(now, start) / 2, "You have an appointment with them then." if met else "",
            )  # fmt: skip
            return
