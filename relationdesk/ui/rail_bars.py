"""From weeks of activity to the bars of the activity rail, and from chosen bars back to a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from relationdesk.derived import Filter, PlaceState, Week
from relationdesk.ui.widgets.rail import RailBar

_WEEK = timedelta(weeks=1)


def bars(weeks: Sequence[Week], coverage: Sequence[PlaceState]) -> tuple[RailBar, ...]:
    """One bar per week, oldest first. A week in which nothing was found and nothing was read is not an empty one."""
    return tuple(_bar(week, previous, coverage) for previous, week in zip((None, *weeks), weeks, strict=False))


def _bar(week: Week, previous: Week | None, states: Sequence[PlaceState]) -> RailBar:
    locale, start = QLocale(), QDate(week.start.year, week.start.month, week.start.day)
    title = QCoreApplication.translate("Rail", "Week of {day}").format(day=locale.toString(start, "d MMMM"))
    begins = previous is None or previous.start.month != week.start.month
    return RailBar(
        title=title, theirs=week.theirs, ours=week.mine, tick=locale.toString(start, "MMM") if begins else "",
        read=bool(week.theirs or week.mine) or any(_read(week, state) for state in states),
    )  # fmt: skip


def _read(week: Week, state: PlaceState) -> bool:
    return state.until is not None and state.until > week.start and (state.since is None or state.since < week.start + _WEEK)


def period(weeks: Sequence[Week], first: int, last: int) -> Filter:
    """since and until for bars `first` to `last`, both included; none for -1."""
    if first < 0 or last >= len(weeks):
        return Filter()
    return Filter(since=weeks[first].start, until=weeks[last].start + _WEEK)


def chosen(weeks: Sequence[Week], which: Filter) -> tuple[int, int]:
    """The bars that lie in the period of a filter, in whole or in part; (-1, -1) for none."""
    if which.since is None and which.until is None:
        return -1, -1
    inside = [
        n for n, week in enumerate(weeks)
        if (which.since is None or week.start + _WEEK > which.since) and (which.until is None or week.start < which.until)
    ]  # fmt: skip
    return (inside[0], inside[-1]) if inside else (-1, -1)
