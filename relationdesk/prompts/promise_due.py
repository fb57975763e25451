"""What I promised is due, or what they promised is late: follow-ups, most of them from notes (`>me send sheet fri`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, ago, away, days_between, made, quote
from relationdesk.saying import marked, say
from relationdesk.text import short_day
from relationdesk.wishes import Task


@dataclass(frozen=True)
class PromiseDue:
    """A follow-up of mine counts from `ahead_days` before its day; theirs from `late_days` after it. Without a day: `undated_days` after
    it was written down."""

    name = "promise_due"
    says = marked("What you promised is due, or what they promised is late.")
    asks = Asks.ANSWER  # they wait for it, or I for them: it was agreed
    needs = "tasks"
    minutes = 15
    ahead_days: int = 0
    late_days: int = 1
    undated_days: int = 14

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        today = now.astimezone().date()
        for task in history.tasks:
            if task.done is not None or task.made > now:
                continue
            late = (today - task.due).days if task.due is not None else days_between(now, task.made) - self.undated_days
            first = -self.ahead_days if task.mine and task.due is not None else 0 if task.due is None else self.late_days
            if late >= first:
                yield self._prompt(history, task, late, now)

    def _prompt(self, history: History, task: Task, late: int, now: datetime) -> Prompt:
        name, said = history.person.name, quote(task.text)
        if task.due is None:
            when = say("open since {when}", when=ago(now, task.made))
            made_ = {"name": name, "said": said, "when": ago(now, task.made)}
            because = say("You promised {said} {when}, without a day.", **made_) if task.mine else say("{name} promised {said} {when}, without a day.", **made_)
        else:
            when, on = say("due {when}", when=away(-late)), {"name": name, "said": said, "day": short_day(task.due)}
            if late <= 0:
                because = say("You promised {said}, and it is due on {day}.", **on) if task.mine else say("{name} promised {said}, and it is due on {day}.", **on)
            else:
                because = say("You promised {said}, and it was due on {day}.", **on) if task.mine else say("{name} promised {said}, and it was due on {day}.", **on)
        title = say("you promised {said}, {when}", said=said, when=when) if task.mine else say("they promised {said}, {when}", said=said, when=when)
        return made(
            self, history, f"{task.uid}:{task.due.isoformat() if task.due else ''}", title, because,
            [Evidence(sentence=say("Written down on {made}: {said}", made=short_day(task.made), said=said), published=task.made)],
            (50.0 if task.mine else 30.0) + min(30.0, max(0, late) * 3.0),
        )  # fmt: skip
