"""How often a follow-up comes again, in words: for its dialog and for its row."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from relationdesk.saying import counted
from relationdesk.ui.words import QT_TRANSLATE_NOOP
from relationdesk.wishes import Task


def tr(text: str) -> str:
    return QCoreApplication.translate("FollowUp", text)


AGAIN = (
    ("", QT_TRANSLATE_NOOP("FollowUp", "Once")), ("1 days", QT_TRANSLATE_NOOP("FollowUp", "Every day")), ("1 weeks", QT_TRANSLATE_NOOP("FollowUp", "Every week")),
    ("2 weeks", QT_TRANSLATE_NOOP("FollowUp", "Every 2 weeks")), ("1 months", QT_TRANSLATE_NOOP("FollowUp", "Every month")),
    ("3 months", QT_TRANSLATE_NOOP("FollowUp", "Every quarter")), ("6 months", QT_TRANSLATE_NOOP("FollowUp", "Every half year")),
    ("1 years", QT_TRANSLATE_NOOP("FollowUp", "Every year")),
)  # fmt: skip


def often(every: str) -> str:
    """ "Every quarter", "Every 5 days". every: as `Task.every`."""
    if every in dict(AGAIN):
        return tr(dict(AGAIN)[every])
    number, _, unit = every.partition(" ")
    n = int(number)
    if unit == "days":
        return counted(n, "Every {n} day", "Every {n} days")
    if unit == "weeks":
        return counted(n, "Every {n} week", "Every {n} weeks")
    if unit == "months":
        return counted(n, "Every {n} month", "Every {n} months")
    return counted(n, "Every {n} year", "Every {n} years")


def comes_again(task: Task) -> str:
    """ "Every 2 weeks, counted from the day it is done"; "" for what comes once."""
    if not task.every:
        return ""
    if not task.from_done:
        return often(task.every)
    return tr("{often}, counted from the day it is done").format(often=often(task.every))
