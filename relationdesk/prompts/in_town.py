"""They come to my town, or I to theirs: a reason to meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.model import Direction
from relationdesk.prompts.base import Asks, History, days_between, in_days, made, tail_of, text_of
from relationdesk.saying import marked, say
from relationdesk.text import place_name, short_day


@dataclass(frozen=True)
class InTown:
    """A trip of theirs to my town, or of mine to where they say they live, that begins within `days`."""

    name = "in_town"
    says = marked("A calendar says that they come to your town, or you to theirs.")
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
            said = say("{name} is in {place} from {start}.", name=name, place=place, start=short_day(start)) if theirs else say("You are in {place} from {start}, and {name} lives there.", place=place, start=short_day(start), name=name)
            yield made(
                self, history, tail_of(trip), say("in {place} {when}", place=place, when=in_days(now, start)) if theirs else say("you are in {place} {when}", place=place, when=in_days(now, start)),
                said, [Evidence(sentence=f"{place_name(activity.key.place)}: {activity.title}", activity=activity.key, published=start)],
                40.0 + days_between(now, start) / 2, say("You have an appointment with them then.") if met else "",
            )  # fmt: skip
            return
