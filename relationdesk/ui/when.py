"""Times and numbers as a person says them. Pure but for the locale; `now` is given, never asked for."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTimeZone

from relationdesk.model import LifeDay, Precision

DAY = 86_400
"""Seconds."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("When", text)


def ago(when: datetime | None, now: datetime) -> str:
    """ "now", "5 min", "3 h", "31 d"; a time to come is "in 3 h"; "" for None.

    From 24 hours on, days are counted by the user's calendar, as the sentences beside it count them ("2 days ago").
    """
    if when is None:
        return ""
    seconds = (now - when).total_seconds()
    if abs(seconds) < DAY:
        words = span(abs(seconds))
    else:
        words = _days(max(1, abs(_local(when).date().daysTo(_local(now).date()))))
    if words == _tr("now"):
        return words
    return words if seconds >= 0 else _tr("in {span}").format(span=words)


def long_ago(when: datetime, now: datetime) -> str:
    """ "now", "5 min ago", "31 d ago", "in 3 h": for where it stands alone."""
    words = ago(when, now)
    return _tr("{span} ago").format(span=words) if when <= now and words != _tr("now") else words


def span(seconds: float) -> str:
    """A length of time in one unit: "now" below half a minute, then min, h, d."""
    if seconds < 30:
        return _tr("now")
    if seconds < 3600:
        return _tr("{n} min").format(n=max(1, round(seconds / 60)))
    if seconds < DAY:
        return _tr("{n} h").format(n=round(seconds / 3600))
    return _days(int(seconds // DAY))


def _days(n: int) -> str:
    return _tr("{n} d").format(n=f"{n:,}")


def left(elapsed: float, done: int, total: int) -> str:
    """ "About 20 s left." after `elapsed` seconds of work at an even pace; "" while that is a guess, or nobody knows the total."""
    if elapsed <= 2 or not 0 < done < total:
        return ""
    seconds = elapsed * (total - done) / done
    words = _tr("{n} s").format(n=max(1, round(seconds))) if seconds < 60 else span(seconds)
    return _tr("About {span} left.").format(span=words)


def _local(when: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(when.timestamp()), QTimeZone.systemTimeZone())


def exact(when: datetime | None, precision: Precision = Precision.SECOND) -> str:
    """The whole date, and the time if it is known, in the user's locale; "" for None."""
    if when is None:
        return ""
    if precision in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        return QLocale().toString(_local(when).date(), QLocale.FormatType.LongFormat)
    return QLocale().toString(_local(when), QLocale.FormatType.LongFormat)


def clock(when: datetime, now: datetime) -> str:
    """ "14:20" today, "12 November" else."""
    local = _local(when)
    if local.date() == _local(now).date():
        return QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(local.date(), "d MMMM")


def touches(theirs: datetime | None, ours: datetime | None, now: datetime) -> str:
    """ "From them 3 h ago · from you 4 d ago": the newest from somebody, and to them."""
    said = [long_ago(at, now) if at is not None else _tr("never") for at in (theirs, ours)]
    return _tr("From them {theirs} · from you {ours}").format(theirs=said[0], ours=said[1])


def soon(when: datetime, now: datetime, *, with_time: bool) -> str:
    """ "14:00" today, "Tomorrow 14:00", "Friday 14:00" within a week, "27 November 14:00"; without the time "Today", "Tomorrow", "Friday"."""
    local, locale = _local(when), QLocale()
    days = _local(now).date().daysTo(local.date())
    time = locale.toString(local.time(), QLocale.FormatType.ShortFormat) if with_time else ""
    if days == 0:
        return time or _tr("Today")
    near = _tr("Tomorrow") if days == 1 else locale.toString(local.date(), "dddd") if 1 < days < 7 else locale.toString(local.date(), "d MMMM")
    return f"{near} {time}".strip()


def due(day: date, minute: int | None, today: date) -> str:
    """ "today 9:30", "tomorrow", "3 Dec". minute: of that day, None all day."""
    words = {0: _tr("today"), 1: _tr("tomorrow"), -1: _tr("yesterday")}.get((day - today).days) or short_day(day, today)
    return words if minute is None else f"{words} {minute // 60}:{minute % 60:02}"


def short_day(day: date, today: date) -> str:
    """ "3 Dec", in the order of the user's locale; with the year where it is another."""
    return QLocale().toString(QDate(day.year, day.month, day.day), "d MMM" if day.year == today.year else "d MMM yyyy")


def long_day(when: datetime) -> str:
    """ "Friday 20 November"."""
    return QLocale().toString(_local(when).date(), "dddd d MMMM")


def day(when: datetime) -> str:
    """ "20 November 2026"."""
    return QLocale().toString(_local(when).date(), "d MMMM yyyy")


def life_day(day: LifeDay) -> str:
    """ "4 May 1979", "4 May" where nobody tells the year."""
    return QLocale().toString(QDate(day.year or 2000, day.month, day.day), "d MMMM yyyy" if day.year is not None else "d MMMM")
