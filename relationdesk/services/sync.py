"""Bring one login up to date: page by page, each with its cursor in one transaction. A failure is a sentence, not an end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from relationdesk.errors import (
    FOR_A_WHILE,
    FOR_GOOD,
    Cancelled,
    Gone,
    KeyringUnavailable,
    LoginRejected,
    RateLimited,
    SourceError,
    SourceUnavailable,
)
from relationdesk.model import Changes, Coverage, Fact, Login, Page, Progress, Stream
from relationdesk.saying import say
from relationdesk.services import agenda, bringing, matching, nobody_there, spending
from relationdesk.services.allowances import Meter
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import LiveSource
from relationdesk.sources.door import Door
from relationdesk.sources.door_addresses import origin
from relationdesk.store import coverage, logins, merge, settings
from relationdesk.store.database import Desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import maybe_moment, moment, seconds
from relationdesk.troubles import Trouble

BATCH = 500
"""Facts per transaction while the window is in use: larger ones made 2.6 % of frames late (performance.md)."""

LONGEST_WAIT = timedelta(hours=24)
RETRY = timedelta(minutes=10)
"""How soon a failed login is asked again. While the failure lasts the wait grows to the user's interval and no further:
after a day without a network everything is back within one interval. Nobody is asked more than six times an hour."""
IN_VAIN = 3
"""After so many questions in a row that a server did not answer, its other streams are left for the next sync."""

LONGEST_REST = timedelta(hours=72)

_WAITS = "sync.waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """How one sync went. failures: (stream title, sentence). next_try: aware UTC, None when nothing must wait. rest: aware UTC,
    when reading goes on because the place allows no more questions before; None if everybody had their turn."""

    login: Login
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    failures: tuple[tuple[str, str], ...] = ()
    next_try: datetime | None = None
    rest: datetime | None = None
    stopped: bool = False
    changes: Changes = field(default_factory=Changes)


class _Failure(NamedTuple):
    """title, stream: what is said of a stream, and its name."""

    title: str
    sentence: str
    trouble: Trouble
    stream: str = ""


class _Sum:
    def __init__(self) -> None:
        self.new = self.changed = self.withdrawn = 0
        self.people: set[int] = set()
        self.changes = Changes()
        self.failures: list[_Failure] = []
        self.waits: list[datetime] = []
        self.silences: Counter[str] = Counter()  # server → unanswered questions in a row
        self.answered = nobody_there.Answered()
        self.offline = 0  # failures for want of a network
        self.next_try: datetime | None = None
        self.rest: datetime | None = None  # until when the place allows no more questions
        self.tried = self.gone = self.pages = 0
        self.stopped = False


def source_for(name: str) -> LiveSource:
    """The source of a login. Raises KeyError for a name that is not in LIVE_SOURCES."""
    return {source.name: source for source in LIVE_SOURCES}[name]


def sync(
    db: Desk, login: Login, token: str, door: Door, clock: Callable[[], datetime], *,
    report: Callable[[Progress], None] = lambda progress: None, stop: Callable[[], bool] = lambda: False,
    source: LiveSource | None = None, by_hand: bool = True,
) -> Synced:  # fmt: skip
    """Read every stream of a login. One failing stream does not stop the others; a wait or a refusal by the login's own
    server does. Somebody else's server (a blog, another person's home) only stops its own streams.

    The network is never asked inside a transaction. `stop` is looked at between pages; what was read stays. Where the place
    allows only so many questions, the rest of the streams follows as soon as it allows more. by_hand: the user wants it now, so what a
    blog says about how often it wants to be asked does not count; what is gone for good is asked neither way.
    """
    bringing.settle(db)
    chosen = source or source_for(login.source)
    followed = logins.followed(db, login.id)
    total = _Sum()
    streams = chosen.streams(login, followed)
    with transaction(db):
        for stream in streams:
            logins.save_stream(db, login.id, stream, is_followed=any(f.name == stream.name for f in followed))
    resting = _resting(db, login, clock(), by_hand=by_hand)
    ready = [stream for stream in streams if stream.name not in resting]
    meter = Meter(db, chosen, login, door, clock)
    purse = spending.attach(door, db, chosen, login.secret_name, clock)
    turns = meter.in_turn(ready)
    for n, stream in enumerate(turns):
        report(Progress(done=n, total=len(turns), unit="profiles"))
        if stop():
            total.stopped = True
            break
        total.rest = meter.rest()
        if total.rest is not None:
            break
        total.tried += 1
        server = origin(stream.address or login.address)[1]
        host = "" if _on_own_server(chosen, login, stream) else server
        until = _waits(db, clock()).get(host)
        if until is not None:
            total.waits.append(until)
            told = say("{host} asks us to wait. Nothing is lost; reading goes on by itself.", host=host)
            total.failures.append(_Failure(stream.title, told, Trouble.WAIT))
            continue
        if total.silences[server] >= IN_VAIN:
            is_offline = total.offline == len(total.failures)
            total.offline += is_offline
            told = say("{server} does not answer. What was read before is kept; it will be tried again.", server=server)
            _failed(db, login, stream, told, Trouble.OFFLINE if is_offline else Trouble.DOWN, clock(), total)
            continue
        if purse is not None:
            purse.stream = stream.name
        is_somebody = stream.profile is not None and stream.profile != login.profile
        pages = total.pages
        try:
            total.stopped = _stream(db, chosen, login, stream, token, door, clock, stop, total, meter)
            total.silences[server] = 0
            total.answered.read[server] += is_somebody and total.pages > pages
        except Cancelled:
            total.stopped = True
        except SourceError as e:
            total.offline += isinstance(e, SourceUnavailable) and e.offline
            total.gone += isinstance(e, Gone)
            if is_somebody and isinstance(e, Gone) and e.rest != FOR_GOOD:
                total.answered.gone[server].append(stream)
            told = _gone(db, login, stream, e, clock()) if isinstance(e, Gone) else str(e)
            _failed(db, login, stream, told, e.trouble, clock(), total)
            total.silences[server] = total.silences[server] + 1 if isinstance(e, SourceUnavailable) and e.silent else 0
            total.next_try = _held_up(db, e, host, clock(), total)
            if total.next_try is not None:
                total.failures.insert(0, total.failures.pop())  # what holds up all of them is what the user needs to know
        if total.stopped or total.next_try is not None:
            break
        meter.had_turn(stream)
    else:
        meter.all_had_turns()
    meter.count()
    _nobody_there(db, login, total, clock())
    return _end(db, login, total, len(ready) if total.rest is None else total.tried, clock(), might=bool(streams))


def not_asked(db: Desk, login: Login, error: KeyringUnavailable, now: datetime) -> Synced:
    """A login whose secret cannot be had: told on the Places page, tried again later, nobody is asked without it."""
    total = _Sum()
    total.failures.append(_Failure("", str(error), error.trouble))
    return _end(db, login, total, 1, now)


def _end(db: Desk, login: Login, total: _Sum, streams: int, now: datetime, *, might: bool = True) -> Synced:
    """Note how it went and when to try again. might: there is something that could have been asked."""
    is_offline = 0 < total.offline == streams
    failure = logins.OFFLINE if is_offline else _sentence(total.failures, streams)
    trouble = total.failures[0].trouble if total.failures else Trouble.NONE
    if trouble is Trouble.OFFLINE and not is_offline:
        trouble = Trouble.DOWN  # others could be asked, so it is not this computer
    next_try = total.next_try
    usual = max(RETRY, timedelta(minutes=settings.load(db).sync_every_minutes))
    unfinished = total.stopped and not failure
    if unfinished and login.failure:
        failure, trouble, next_try = login.failure, login.trouble, now + usual
    if failure and next_try is None:
        if len(total.failures) < streams:
            next_try = now + usual  # one dead blog neither hurries nor delays the living ones
        elif len(total.waits) == len(total.failures):
            next_try = min(total.waits)
        elif is_offline:
            next_try = now + RETRY  # whoever is read first says that there is a network again
        else:
            next_try = now + min(usual, max(RETRY, (now - (login.last_good or now)) / 2))
    if total.rest is not None and total.next_try is None and (len(total.failures) == total.gone or len(total.failures) < streams):
        next_try = total.rest  # whoever failed had their turn, and is not asked again before the others had theirs
    nobody = might and not total.pages and not total.failures and not total.stopped  # nobody's turn has come, so nobody was asked
    if nobody:
        failure, trouble = login.failure, login.trouble  # nothing became better or worse
        next_try = next_try or now + usual
    with transaction(db):
        logins.tried(
            db, login.id, at=seconds(now), failure=failure, trouble=trouble, stopped=total.stopped or nobody,
            next_try=None if next_try is None else seconds(next_try),
        )  # fmt: skip
        if len(total.failures) < streams and not total.stopped:
            logins.online_again(db)
    if total.people:
        agenda.refresh(db, total.people, now)
    return Synced(
        login=logins.get(db, login.id) or login, new=total.new, changed=total.changed, withdrawn=total.withdrawn,
        failures=tuple((one.title, one.sentence) for one in total.failures), next_try=next_try, rest=total.rest, stopped=total.stopped,
        changes=total.changes | Changes(people=frozenset(total.people), logins=True, places=frozenset({login.place})),
    )  # fmt: skip


def _resting(db: Desk, login: Login, now: datetime, *, by_hand: bool) -> frozenset[str]:
    """The streams that are not asked now. A wait noted by a clock that stood wrong does not count."""

    def rests(since: datetime, until: datetime | None) -> bool:
        return until is None or (not by_hand and since <= now < until <= since + LONGEST_REST)

    return frozenset(name for name, (at, until) in logins.rests(db, login.id).items() if rests(moment(at), maybe_moment(until)))


def _gone(db: Desk, login: Login, stream: Stream, error: Gone, now: datetime) -> str:
    """The sentence; what says that it is gone for good is not asked again by itself, somebody who is not there is left alone for a while."""
    rest = error.rest
    if rest is None and stream.profile is not None and stream.profile != login.profile:
        rest = FOR_A_WHILE
    if rest is None:
        return str(error)
    for_good = rest == FOR_GOOD
    with transaction(db):
        logins.rest(db, login.id, stream.name, at=seconds(now), until=None if for_good else seconds(now + rest))
    if not for_good:
        return str(error)
    return say("{error} It is not asked any more; on the Places page you can have it asked again, or leave it.", error=str(error))


def _nobody_there(db: Desk, login: Login, total: _Sum, now: datetime) -> None:
    """A server that knows (nearly) nobody any more has trouble: it is asked again as after any other, and nobody of its people rests."""
    for server, streams in total.answered.in_trouble().items():
        told, names = nobody_there.sentence(server, len(streams)), {stream.name for stream in streams}
        total.failures = [one._replace(sentence=told, trouble=Trouble.DOWN) if one.stream in names else one for one in total.failures]
        total.gone -= len(streams)
        with transaction(db):
            for stream in streams:
                logins.ask_again(db, login.id, stream.name)
                _note_failure(db, login, stream, told, Trouble.DOWN, now)


def _on_own_server(source: LiveSource, login: Login, stream: Stream) -> bool:
    """Whether a refusal of this stream is one of the whole login."""
    return source.takes_token and (not stream.address or origin(stream.address) == origin(login.address))


def _held_up(db: Desk, error: SourceError, host: str, now: datetime, total: _Sum) -> datetime | None:
    """When the whole login may be tried again, None if the other streams go on. host: "" for the login's own server."""
    if isinstance(error, RateLimited):
        until = min(error.until, now + LONGEST_WAIT)
        if not host:
            return until
        total.waits.append(until)
        waits = {name: seconds(end) for name, end in _waits(db, now).items()} | {host: seconds(until)}
        settings.set_value(db, _WAITS, json.dumps(waits))
    if isinstance(error, LoginRejected) and not host:
        return now + LONGEST_WAIT  # signing in again ends the wait; until then nobody is asked in vain
    return None


def _waits(db: Desk, now: datetime) -> dict[str, datetime]:
    """Hosts that asked us to wait, and until when; those of the past, and of a clock that stood wrong, left out."""
    text = settings.value(db, _WAITS)
    known = {host: moment(int(at)) for host, at in json.loads(text or "{}").items()}
    return {host: until for host, until in known.items() if now < until <= now + LONGEST_WAIT}


def _stream(
    db: Desk, source: LiveSource, login: Login, stream: Stream, token: str, door: Door, clock: Callable[[], datetime],
    stop: Callable[[], bool], total: _Sum, meter: Meter,
) -> bool:  # fmt: skip
    """One stream to its end, or as far as the place allows; True if it was stopped in between."""
    cursor = logins.cursor(db, login.id, stream.name)
    for page in source.pages(login, stream, cursor, token, door):
        total.pages += 1
        _store(db, login, stream, page, clock(), total)
        if stop():
            return True
        if page.more and meter.rest() is not None:
            break
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
                    total.new += merged.counts.new_activities
                    total.changed += merged.counts.changed
                    total.withdrawn += merged.counts.withdrawn
                    total.people |= merged.people | settled.changes.people
                    total.changes |= Changes(matches=settled.waiting > 0, places=merged.places) | settled.changes
                if page.unchanged and stream.profile is not None:
                    coverage.read_again(db, stream.profile, seconds(now))
                if n == len(portions) - 1:
                    logins.set_cursor(db, login.id, stream.name, page.cursor, seconds(now))
                    logins.ask_again(db, login.id, stream.name)
                    if page.again is not None:
                        logins.rest(db, login.id, stream.name, at=seconds(now), until=seconds(page.again))


def _as_read(fact: Fact, now: datetime) -> Fact:
    """Nothing is read beyond the moment of this sync, whatever clock the source looked at."""
    return replace(fact, until=min(fact.until, now)) if isinstance(fact, Coverage) else fact


def _failed(db: Desk, login: Login, stream: Stream, sentence: str, trouble: Trouble, now: datetime, total: _Sum) -> None:
    total.failures.append(_Failure(stream.title, sentence, trouble, stream.name))
    with transaction(db):
        _note_failure(db, login, stream, sentence, trouble, now)


def _note_failure(db: Desk, login: Login, stream: Stream, sentence: str, trouble: Trouble, now: datetime) -> None:
    logins.stream_failed(db, login.id, stream.name, sentence, trouble)
    if stream.profile is not None:
        coverage.failed(db, stream.profile, seconds(now), sentence)


def _sentence(failures: Sequence[_Failure], streams: int) -> str:
    if not failures:
        return ""
    title, first = failures[0][:2]
    if len(failures) == 1:
        return first if streams == 1 or not title else f"{title}: {first}"
    return say("{n} of {streams} could not be read. {title}: {first}", n=len(failures), streams=streams, title=title, first=first)


def due(db: Desk, now: datetime, every_minutes: int) -> tuple[Login, ...]:
    """The logins whose turn it is: not paused, not waiting, not tried within the interval (failed ones when their wait
    is over, unfinished ones when the place allows more). Waits and tries that lie in an impossible future come from a clock
    that stood wrong, and do not count."""
    interval = timedelta(minutes=every_minutes)

    def waits(login: Login) -> bool:
        return login.next_try is not None and now < login.next_try <= now + LONGEST_WAIT

    def fresh(login: Login) -> bool:
        return login.last_tried is not None and timedelta(0) <= now - login.last_tried < interval

    return tuple(
        login
        for login in logins.every(db)
        if not login.paused and not waits(login) and (login.failure or login.next_try is not None or not fresh(login))
    )
