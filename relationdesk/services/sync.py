"""Bring one login up to date: page by page, each with its cursor in one transaction. A failure is a sentence, not an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError
from relationdesk.model import Changes, Coverage, Fact, Login, Page, Progress, Stream
from relationdesk.services import agenda, importing, matching
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import LiveSource
from relationdesk.sources.door import Door
from relationdesk.store import coverage, logins, merge
from relationdesk.store.database import Desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds

BATCH = 500
"""Facts per transaction while the window is in use: larger ones made 2.6 % of frames late (performance.md)."""

LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """How one sync went. failures: (stream title, sentence). next_try: aware UTC, None when nothing must wait."""

    login: Login
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    failures: tuple[tuple[str, str], ...] = ()
    next_try: datetime | None = None
    stopped: bool = False
    changes: Changes = field(default_factory=Changes)


class _Sum:
    def __init__(self) -> None:
        self.new = self.changed = self.withdrawn = 0
        self.people: set[int] = set()
        self.changes = Changes()


def source_for(name: str) -> LiveSource:
    """The source of a login. Raises KeyError for a name that is not in LIVE_SOURCES."""
    return {source.name: source for source in LIVE_SOURCES}[name]


def sync(
    db: Desk, login: Login, token: str, door: Door, clock: Callable[[], datetime], *,
    report: Callable[[Progress], None] = lambda progress: None, stop: Callable[[], bool] = lambda: False,
    source: LiveSource | None = None,
) -> Synced:  # fmt: skip
    """Read every stream of a login. One failing stream does not stop the others; a wait or a refused login does.

    The network is never asked inside a transaction. `stop` is looked at between pages; what was read stays.
    """
    chosen = source or source_for(login.source)
    followed = logins.followed(db, login.id)
    total = _Sum()
    failures: list[tuple[str, str]] = []
    next_try: datetime | None = None
    stopped = False
    streams = chosen.streams(login, followed)
    with transaction(db):
        for stream in streams:
            logins.save_stream(db, login.id, stream, is_followed=any(f.name == stream.name for f in followed))
    for n, stream in enumerate(streams):
        report(Progress(done=n, total=len(streams), unit="profiles"))
        if stop():
            stopped = True
            break
        try:
            stopped = _stream(db, chosen, login, stream, token, door, clock, stop, total)
        except RateLimited as e:
            next_try = min(e.until, clock() + LONGEST_WAIT)
            failures.append((stream.title, str(e)))
            _failed(db, login, stream, str(e), clock())
            break
        except LoginRejected as e:
            next_try = clock() + LONGEST_WAIT  # signing in again ends the wait; until then nobody is asked in vain
            failures.append((stream.title, str(e)))
            _failed(db, login, stream, str(e), clock())
            break
        except SourceError as e:
            failures.append((stream.title, str(e)))
            _failed(db, login, stream, str(e), clock())
            if isinstance(e, Gone):
                continue
    now = clock()
    failure = _sentence(failures, len(streams))
    if failure and next_try is None:
        next_try = _back_off(login, now)
    with transaction(db):
        logins.tried(db, login.id, at=seconds(now), failure=failure, next_try=None if next_try is None else seconds(next_try))
    if total.people:
        agenda.refresh(db, total.people, now)
    return Synced(
        login=logins.get(db, login.id) or login, new=total.new, changed=total.changed, withdrawn=total.withdrawn,
        failures=tuple(failures), next_try=next_try, stopped=stopped,
        changes=total.changes | Changes(people=frozenset(total.people), logins=True, places=frozenset({login.place})),
    )  # fmt: skip


def _stream(
    db: Desk, source: LiveSource, login: Login, stream: Stream, token: str, door: Door, clock: Callable[[], datetime],
    stop: Callable[[], bool], total: _Sum,
) -> bool:  # fmt: skip
    """One stream to its end; True if it was stopped in between."""
    cursor = logins.cursor(db, login.id, stream.name)
    for page in source.pages(login, stream, cursor, token, door):
        _store(db, login, stream, page, clock(), total)
        if stop():
            return True
    return False


def _store(db: Desk, login: Login, stream: Stream, page: Page, now: datetime, total: _Sum) -> None:
    """A page and its cursor in one transaction; a long page in portions, the cursor with the last."""
    portions = [page.facts[i : i + BATCH] for i in range(0, len(page.facts), BATCH)] or [()]
    for n, facts in enumerate(portions):
        with Staging(db, now=seconds(now)) as staging:
            staging.add(_as_read(fact, now) for fact in facts)
            merge.prepare(staging)
            with transaction(db):
                if facts:
                    merged = merge.merge(staging, batch_id=None, now=seconds(now))
                    settled = matching.arrange(db, merged.profiles, batch_id=None, now=seconds(now))
                    if settled.changes.everything:
                        importing.refresh_after_me(db)
                    total.new += merged.counts.new_activities
                    total.changed += merged.counts.changed
                    total.withdrawn += merged.counts.withdrawn
                    total.people |= merged.people | settled.changes.people
                    total.changes |= Changes(matches=settled.waiting > 0, places=merged.places) | settled.changes
                if page.unchanged and stream.profile is not None:
                    coverage.read_again(db, stream.profile, seconds(now))
                if n == len(portions) - 1:
                    logins.set_cursor(db, login.id, stream.name, page.cursor, seconds(now))


def _as_read(fact: Fact, now: datetime) -> Fact:
    """Nothing is read beyond the moment of this sync, whatever clock the source looked at."""
    return replace(fact, until=min(fact.until, now)) if isinstance(fact, Coverage) else fact


def _failed(db: Desk, login: Login, stream: Stream, sentence: str, now: datetime) -> None:
    with transaction(db):
        logins.stream_failed(db, login.id, stream.name, sentence)
        if stream.profile is not None:
            coverage.failed(db, stream.profile, seconds(now), sentence)


def _sentence(failures: list[tuple[str, str]], streams: int) -> str:
    if not failures:
        return ""
    title, first = failures[0]
    if len(failures) == 1:
        return first if streams == 1 or not title else f"{title}: {first}"
    return f"{len(failures)} of {streams} could not be read. {title}: {first}"


def _back_off(login: Login, now: datetime) -> datetime:
    """10 minutes after the first failure, doubling with the time since the last good sync, at most 4 hours."""
    since = now - (login.last_good or now)
    wait = min(timedelta(hours=4), max(timedelta(minutes=10), since / 2))
    return now + wait


def due(db: Desk, now: datetime, every_minutes: int) -> tuple[Login, ...]:
    """The logins whose turn it is: not paused, not waiting, not tried within the interval."""
    return tuple(
        login
        for login in logins.every(db)
        if not login.paused
        and (login.next_try is None or login.next_try <= now)
        and (login.last_tried is None or now - login.last_tried >= timedelta(minutes=every_minutes) or login.failure)
    )
