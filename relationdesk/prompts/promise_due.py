"""What I promised is due, or what they promised is late: follow-ups, most of them from notes (`>me send sheet fri`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, ago, days_between, made, quote
from relationdesk.text import short_day
from relationdesk.wishes import Task


@dataclass(frozen=True)
class PromiseDue:
    """A follow-up of mine counts from `ahead_days` before its day; theirs from `late_days` after it. Without a day: `undated_days` after
    it was written down."""

    name = "promise_due"
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
            when, verb = f"open since {ago(now, task.made)}", "waits"
        elif late <= 0:
            when, verb = "due today" if late == 0 else f"due {_in(-late)}", "is due"
        else:
            when, verb = f"due {'yesterday' if late == 1 else f'{late} days ago'}", "was due"
        whose = "You promised" if task.mine else f"{name} promised"
        day = "" if task.due is None else f" on {short_day(task.due)}"
        because = f"{whose} {said}, and it {verb}{day}." if task.due is not None else f"{whose} {said} {ago(now, task.made)}, without a day."
        yours = "you promised" if task.mine else "they promised"
        return made(
            self, history, f"{task.uid}:{task.due.isoformat() if task.due else ''}", f"{yours} {said}, {when}", because,
            [Evidence(sentence=f"Written down on {short_day(task.made)}: {said}", published=task.made)],
            (50.0 if task.mine else 30.0) + min(30.0, max(0, late) * 3.0),
        )  # fmt: skip


def _in(days: int) -> str:
    return "tomorrow" if days == 1 else f"in {days} days"
