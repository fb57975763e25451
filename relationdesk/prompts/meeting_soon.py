"""A meeting with them is near: read what there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, in_days, made, tail_of, text_of
from relationdesk.saying import marked, say
from relationdesk.text import day, place_name


@dataclass(frozen=True)
class MeetingSoon:
    """It begins within `hours`."""

    name = "meeting_soon"
    says = marked("A meeting with them begins within a day.")
    asks = Asks.SELF
    needs = "meetings"
    minutes = 5
    hours: int = 24

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        for meeting in history.meetings:
            start, activity = meeting.published, meeting.activity
            if start is None or activity is None or not timedelta(0) <= start - now <= timedelta(hours=self.hours):
                continue
            name, at = history.person.name, f"{start.astimezone():%H:%M}"
            where = f" in {text_of(meeting, 'location')}" if text_of(meeting, "location") else ""
            evidence = [Evidence(sentence=f"{place_name(activity.key.place)}: {activity.title}{where}", activity=activity.key, published=start)]
            if history.contact is not None and history.contact <= now:
                evidence.append(Evidence(sentence=say("Last contact on {contact}.", contact=day(history.contact)), published=history.contact))
            yield made(
                self, history, tail_of(meeting), say("you meet {when} at {at}, read up first", when=in_days(now, start), at=at),
                say("You meet {name} {when} at {at}: “{title}”.", name=name, when=in_days(now, start), at=at, title=activity.title), evidence, 70.0 - (start - now) / timedelta(hours=2),
            )  # fmt: skip
            return
