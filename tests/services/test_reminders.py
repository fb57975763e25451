"""When follow-ups are reminded of: by the wall clock, once, and none is lost, whatever clocks and computers do (H1 of the trust requirements)."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relationdesk.services import people, reminders, tasks
from relationdesk.services.desk_jobs import change_settings
from relationdesk.services.reminders import Reminder, Shown, decide, is_quiet
from relationdesk.store import tasks as stored
from relationdesk.store.database import Desk, open_memory
from relationdesk.wishes import Task
from tests.facts import NOW

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NEVER_QUIET = (0, 0)


def one(key: str, at: datetime) -> Reminder:
    return Reminder(key=key, at=at, text=key)


CASES = [
    ("not yet", AT - timedelta(seconds=1), NEVER_QUIET, (), ()),
    ("on the second", AT, NEVER_QUIET, ("a",), ()),
    ("ten minutes later", AT + timedelta(minutes=10), NEVER_QUIET, ("a",), ()),
    ("missed", AT + timedelta(minutes=11), NEVER_QUIET, (), ("a",)),
    ("after a month of sleep", AT + timedelta(days=30), NEVER_QUIET, (), ("a",)),
    ("in quiet hours", AT, (540, 660), (), ()),
    ("when they are over", AT + timedelta(hours=1), (540, 660), (), ("a",)),
    ("quiet over midnight, by day", AT, (1320, 420), ("a",), ()),
    ("a year back", AT - timedelta(days=365), NEVER_QUIET, (), ()),
]


@pytest.mark.parametrize(("case", "now", "quiet", "timely", "missed"), CASES)
def test_what_is_shown(case: str, now: datetime, quiet: tuple[int, int], timely: tuple[str, ...], missed: tuple[str, ...]) -> None:
    found = decide([one("a", AT)], frozenset(), now, quiet)
    assert (tuple(r.key for r in found.timely), tuple(r.key for r in found.missed)) == (timely, missed)
    assert decide([one("a", AT)], frozenset({"a"}), now, quiet) == Shown()


@pytest.mark.parametrize(
    ("hour", "quiet", "expected"),
    [(23, (22, 7), True), (22, (22, 7), True), (6, (22, 7), True), (7, (22, 7), False), (12, (22, 7), False), (13, (12, 14), True), (14, (12, 14), False),
     (3, (5, 5), False), (0, (0, 24), True)],
)  # fmt: skip
def test_quiet_hours(hour: int, quiet: tuple[int, int], expected: bool) -> None:
    assert is_quiet(AT.replace(hour=hour), *(60 * h for h in quiet)) is expected


@pytest.mark.parametrize(
    ("day", "minute", "expected"),
    [("2027-03-28", 150, "2027-03-28T01:30"), ("2027-03-28", 90, "2027-03-28T00:30"), ("2026-10-25", 150, "2026-10-25T00:30"), ("2026-11-20", None, "2026-11-20T08:00")],
)
def test_hours_that_a_day_has_not_or_twice(day: str, minute: int | None, expected: str) -> None:
    """Berlin: 2:30 does not exist on the first day, and comes twice on the third."""
    task = Task(id=1, uid="u", person_id=1, company_id=None, text="x", due=date.fromisoformat(day), at=minute, made=AT)
    at = reminders.moment_of(task, ZoneInfo("Europe/Berlin"))
    assert at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == expected


def test_ten_thousand_timelines() -> None:
    """Sleep of a second to a month, clocks that jump a year either way, other zones, restarts: each is shown once, none is lost."""
    zones = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")]
    for seed in range(10_000):
        dice = random.Random(seed)
        due = [one(f"k{n}", AT + timedelta(minutes=dice.randrange(-1_000, 500_000))) for n in range(dice.randrange(1, 5))]
        quiet = dice.choice(((1320, 420), NEVER_QUIET, (750, 780)))
        now, kept, times = AT, set[str](), dict[str, int]()
        for _ in range(12):
            now += dice.choice((
                timedelta(seconds=60), timedelta(seconds=dice.randrange(1, 30 * 86_400)), timedelta(days=365), -timedelta(days=365), -timedelta(hours=1),
            ))  # fmt: skip
            found = decide(due, frozenset(kept), now.astimezone(dice.choice(zones)), quiet)
            for shown in (*found.timely, *found.missed):
                assert shown.at <= now
                times[shown.key] = times.get(shown.key, 0) + 1
                kept.add(shown.key)
        last = decide(due, frozenset(kept), datetime(2030, 1, 1, 10, tzinfo=UTC), quiet)
        assert not last.timely
        for shown in last.missed:
            times[shown.key] = times.get(shown.key, 0) + 1
        assert times == {reminder.key: 1 for reminder in due}, seed


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    people.add_person(db, "Priya Raman", NOW, company="Alder & Finch")
    return db


def test_a_follow_up_is_shown_once_and_again_for_another_day(db: Desk) -> None:
    local = NOW.astimezone()
    task, _ = tasks.add(db, "send the sheet", NOW, person_id=1, due=local.date(), at=local.hour * 60 + local.minute)
    assert [r.name for r in reminders.due(db, NOW).timely] == ["Priya Raman"]
    assert [r.task_id for r in reminders.take(db, NOW).timely] == [task.id]
    for now in (NOW, NOW + timedelta(days=1), NOW - timedelta(days=1), NOW + timedelta(days=400)):
        assert reminders.take(db, now) == Shown()
    tasks.put_off(db, task.id, local.date() + timedelta(days=2), NOW)
    later = NOW + timedelta(days=3)
    assert [r.text for r in reminders.take(db, later).missed] == ["send the sheet"]
    assert reminders.take(db, later) == Shown()


def test_what_is_done_or_unwished_is_not_reminded_of(db: Desk) -> None:
    task, _ = tasks.add(db, "renewal", NOW, company_id=1, due=(NOW - timedelta(days=2)).date())
    tasks.add(db, "some day", NOW, person_id=1)
    assert [r.name for r in reminders.due(db, NOW).missed] == ["Alder & Finch"]
    change_settings(db, {"remind": False})
    assert reminders.due(db, NOW) == Shown()
    change_settings(db, {"remind": True})
    tasks.done(db, task.id, NOW)
    assert reminders.due(db, NOW) == Shown()


def test_the_first_words_of_a_day_come_once(db: Desk) -> None:
    assert reminders.digest(db, NOW) is None  # there is nothing to say
    tasks.add(db, "today", NOW, person_id=1, due=NOW.astimezone().date())
    tasks.add(db, "late", NOW, person_id=1, due=NOW.astimezone().date() - timedelta(days=1))
    assert reminders.digest(db, NOW) is None
    told = reminders.digest(db, NOW + timedelta(days=1))
    assert told is not None and ([r.text for r in told.today], [r.text for r in told.late]) == ([], ["late", "today"])
    assert reminders.digest(db, NOW + timedelta(days=1)) is None
    assert reminders.digest(db, NOW - timedelta(days=3)) is None  # the clock was set back


def test_later_is_later_once_and_the_follow_up_keeps_its_day(db: Desk) -> None:
    local = NOW.astimezone()
    task, _ = tasks.add(db, "send the sheet", NOW, person_id=1, due=local.date(), at=local.hour * 60 + local.minute)
    for n in range(2):
        at = NOW + timedelta(hours=n)
        (shown,) = reminders.take(db, at).timely
        reminders.later(db, shown, timedelta(hours=1), at)
        assert reminders.take(db, at + timedelta(minutes=59)) == Shown()
    (last,) = reminders.take(db, NOW + timedelta(hours=2)).timely
    assert (last.text, last.task_id) == ("send the sheet", task.id)
    for at in (NOW, NOW + timedelta(hours=2), NOW + timedelta(days=5)):
        assert reminders.take(db, at) == Shown()
    assert stored.of_person(db, 1)[0] == task
    reminders.later(db, last, timedelta(hours=1), NOW)
    tasks.done(db, task.id, NOW)
    assert reminders.take(db, NOW + timedelta(hours=3)) == Shown()
