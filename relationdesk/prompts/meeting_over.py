"""A meeting with them is over and nothing is written down yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from relationdesk.derived import Evidence, Item, Prompt
from relationdesk.prompts.base import Asks, History, ago, made, tail_of, text_of
from relationdesk.saying import marked, say
from relationdesk.text import place_name, short_day


@dataclass(frozen=True)
class MeetingOver:
    """It ended within the last `hours`, and no note on them was written since it began."""

    name = "meeting_over"
    says = marked("A meeting with them is over, and no note was written since it began.")
    asks = Asks.SELF
    needs = "meetings"
    minutes = 5
    hours: int = 48

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        for meeting in reversed(history.meetings):
            start, activity, end = meeting.published, meeting.activity, end_of(meeting)
            if start is None or activity is None or end is None or not timedelta(0) <= now - end <= timedelta(hours=self.hours):
                continue
            noted = history.noted is not None and history.noted >= start
            yield made(
                self, history, tail_of(meeting), say("a meeting to write down"),
                say("You met {person} {when}: “{title}”, and there is no note of it.", person=history.person.name, when=ago(now, start), title=activity.title),
                [Evidence(sentence=f"{place_name(activity.key.place)}: {activity.title}", activity=activity.key, published=start)],
                35.0 - (now - end) / timedelta(hours=4), say("You wrote a note on {noted}.", noted=short_day(history.noted)) if noted and history.noted else "",
            )  # fmt: skip
            return


def end_of(meeting: Item) -> datetime | None:
    """When it ends, an hour after it begins if nothing says so."""
    start = meeting.published
    if start is None:
        return None
    try:
        end = datetime.fromisoformat(text_of(meeting, "until").replace("Z", "+00:00"))
    except ValueError:
        return start + timedelta(hours=1)
    end = end if end.tzinfo else end.replace(tzinfo=UTC)
    return end if end > start else start + timedelta(hours=1)
