"""Sending: what is due in the outbox goes to its places, in order, each thing once.

Before a place is asked to take something, the desk keeps that it may be out from now on; only then is it sent. Whatever ends the program
in between, the next one finds it so and asks the place whether it has it. What is out becomes an activity of mine in the same transaction
that says so. The network is never asked inside a transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from relationdesk.errors import (
    Cancelled,
    KeyringUnavailable,
    LoginRejected,
    PerhapsSent,
    RateLimited,
    SourceError,
    SourceUnavailable,
    UserMistake,
)
from relationdesk.model import Activity, Changes, Key, Login, Progress, Tombstone
from relationdesk.outgoing import Entry, Outgoing, Receipt, Recipient, State
from relationdesk.saying import marked, say
from relationdesk.services import agenda, bringing, matching
from relationdesk.services import logins as ways
from relationdesk.services import outbox as box
from relationdesk.sources.base import Sends
from relationdesk.sources.door import Door
from relationdesk.store import activities, merge, outbox, presses, profiles
from relationdesk.store.database import Desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import maybe_moment, seconds
from relationdesk.text import place_name

PROGRAM = uuid.uuid4().hex
"""This run of the program. What another one was sending when it ended may be out."""
SETTLE = timedelta(seconds=60)
"""How long a place that said nothing may take to show what it took. Before that its "no" does not count."""
PAUSES = (timedelta(minutes=1), timedelta(hours=1))
"""The shortest and longest wait until a place that could not be reached is tried again; in between half of what it has lasted so far."""
IN_DOUBT = 5
"""So often something is handed to a place that never says whether it has it; then the user looks."""
CHAIN = 50
"""Mails of a thread that are named in an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How it went: what is out now, what failed, what has to wait (each as it stands now). next_at: aware UTC, when something is due
    next, None if nothing waits. stopped: the user stopped it."""

    out: tuple[Entry, ...] = ()
    failed: tuple[Entry, ...] = ()
    waiting: tuple[Entry, ...] = ()
    next_at: datetime | None = None
    stopped: bool = False
    changes: Changes = field(default_factory=Changes)


class _Held(Exception):
    """What comes after in the queue of this login has to wait, too."""


def run(
    db: Desk, clock: Callable[[], datetime], *, report: Callable[[Progress], None] = lambda progress: None,
    stop: Callable[[], bool] = lambda: False, door: ways.MakeDoor = lambda private, stop: Door(allowed_hosts=private, stop=stop),
) -> Sent:  # fmt: skip
    """Send everything that is due. One place that fails does not keep the others waiting; within a login the order is kept."""
    bringing.settle(db)
    due = outbox.due(db, seconds(clock()), PROGRAM)
    told: set[str] = set()
    held: set[str] = set()
    people: set[int] = set()
    changes = Changes()
    stopped = False
    for n, entry in enumerate(due):
        report(Progress(done=n, total=len(due), unit="messages"))
        if stop():
            stopped = True
            break
        if entry.login in held:
            continue
        told.add(entry.uid)
        try:
            changes |= _Turn(db, entry, clock, stop, door).take(people)
        except _Held:
            held.add(entry.login)
    entries = [found for uid in told if (found := outbox.get(db, uid)) is not None]
    people |= {entry.person_id for entry in entries if entry.person_id is not None}
    if people:
        agenda.refresh(db, people, clock())
    return Sent(
        out=tuple(e for e in entries if e.state is State.SENT), failed=tuple(e for e in entries if e.state is State.FAILED),
        waiting=tuple(e for e in entries if e.state in (State.WAITING, State.SENDING)), next_at=maybe_moment(outbox.next_at(db, PROGRAM)),
        stopped=stopped, changes=changes | Changes(outbox=bool(told), people=frozenset(people)),
    )  # fmt: skip


class _Turn:
    """One entry, from looking whether it is out already to knowing that it is."""

    def __init__(self, db: Desk, entry: Entry, clock: Callable[[], datetime], stop: Callable[[], bool], door: ways.MakeDoor) -> None:
        self._db, self._entry, self._clock, self._stop, self._make_door = db, entry, clock, stop, door

    def take(self, people: set[int]) -> Changes:
        """What changed. Raises _Held."""
        login = box.login_of(self._db, self._entry)
        source = box.senders().get(login.source) if login is not None else None
        if login is None or source is None:
            place = place_name(self._entry.place)
            return self._fails(say("There is no login for {place} to send this by. The words are kept. Connect {place}, then try again.", place=place), unsure=self._entry.unsure)
        try:
            what = outgoing(self._db, self._entry)
            token = ways.token_of(login)
        except UserMistake as e:
            return self._fails(str(e), unsure=self._entry.unsure)
        except KeyringUnavailable as e:
            return self._later(str(e), unsure=self._entry.unsure)
        opened = self._make_door(ways.private_hosts(login), self._stop)
        receipt = self._look(source, login, what, token, opened) if self._entry.unsure else None
        if receipt is None and self._entry.state in (State.WAITING, State.SENDING) and not self._failed:
            receipt = self._send(source, login, what, token, opened)
        return self._out(receipt, self._elsewhere(login, what), people) if receipt is not None else Changes(outbox=True)

    _failed = False

    def _look(self, source: Sends, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        """What the place has of it already, None if it has nothing."""
        try:
            found = source.find_sent(login, what, token, door)
        except PerhapsSent as e:
            self._fails(str(e), unsure=True)
            return None
        except (SourceUnavailable, Cancelled) as e:
            self._later(str(e), unsure=True)
        except RateLimited as e:
            self._later(str(e), unsure=True, until=e.until)
        except (SourceError, UserMistake) as e:
            self._fails(str(e), unsure=True)
            return None
        now = self._clock()
        settled = (self._entry.tried or now) + SETTLE
        if found is None and now < settled <= now + SETTLE:
            self._later(self._entry.failure or say(_LOOKING), unsure=True, until=settled)
        if found is None and self._entry.tries >= IN_DOUBT:
            self._fails(say(_DOUBT, n=IN_DOUBT), unsure=True)
        return found

    def _send(self, source: Sends, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        with transaction(self._db):
            if not outbox.take(self._db, self._entry.uid, PROGRAM, seconds(self._clock())):
                return None  # held back at the last moment
        try:
            return source.send(login, what, token, door)
        except PerhapsSent as e:
            self._later(str(e), unsure=True, until=self._clock() + SETTLE)
        except RateLimited as e:
            self._later(str(e), unsure=False, until=e.until)
        except (SourceUnavailable, Cancelled) as e:
            self._later(str(e), unsure=False)
        except (SourceError, UserMistake) as e:
            self._fails(str(e), unsure=False)
            if isinstance(e, LoginRejected):
                self._and_the_rest(str(e))
        except BaseException:  # whatever it was: it may be out
            with transaction(self._db):
                outbox.not_out(self._db, self._entry.uid, State.SENDING, say(_LOOKING), unsure=True, next_try=seconds(self._clock() + SETTLE))
            raise
        return None

    def _later(self, sentence: str, *, unsure: bool, until: datetime | None = None) -> Changes:
        """Raises _Held: what was said later does not overtake it."""
        now = self._clock()
        pause = min(max((now - (self._entry.queued or now)) / 2, PAUSES[0]), PAUSES[1])
        with transaction(self._db):
            state = State.SENDING if unsure else State.WAITING
            outbox.not_out(self._db, self._entry.uid, state, sentence, unsure=unsure, next_try=seconds(until or now + pause))
        raise _Held

    def _fails(self, sentence: str, *, unsure: bool) -> Changes:
        self._failed = True
        with transaction(self._db):
            outbox.not_out(self._db, self._entry.uid, State.FAILED, sentence, unsure=unsure, next_try=None)
        return Changes(outbox=True)

    def _and_the_rest(self, sentence: str) -> None:
        """A refused login is not asked again for each of them. Raises _Held."""
        with transaction(self._db):
            for entry in outbox.queue(self._db):
                if entry.login == self._entry.login and not entry.unsure:
                    outbox.not_out(self._db, entry.uid, State.FAILED, sentence, unsure=False, next_try=None)
        raise _Held

    def _elsewhere(self, login: Login, what: Outgoing) -> tuple[Tombstone, ...]:
        """Of what was taken back: what the desk was told of it under another id. Some places do not say under which they keep it."""
        if what.undoes is None or what.towards is None or login.profile is None or (deed := what.deed.undoes) is None:
            return ()
        given = _activity(self._db, what.undoes)
        name = dict(given.extra).get("reaction", "") if given is not None else ""
        return tuple(Tombstone(key=key, returns=True) for key in presses.told_of(self._db, what.towards.key, deed, login.profile, name) if key != what.undoes)

    def _out(self, receipt: Receipt, gone: tuple[Tombstone, ...], people: set[int]) -> Changes:
        now = seconds(self._clock())
        receipt = replace(receipt, facts=(*receipt.facts, *gone))
        with Staging(self._db, now=now) as staging:
            staging.add(receipt.facts)
            merge.prepare(staging)
            with transaction(self._db):
                changes = Changes(outbox=True)
                if receipt.facts:
                    merged = merge.merge(staging, batch_id=None, now=now)
                    settled = matching.arrange(self._db, merged.profiles, batch_id=None, now=now)
                    people |= merged.people | settled.changes.people
                    changes |= Changes(places=merged.places) | settled.changes
                outbox.out(self._db, self._entry.uid, receipt.key.native_id, receipt.url, now, receipt.note)
        return changes


_LOOKING = marked("It is not known whether this arrived. Your words are kept; the place is asked before anything is sent again.")
_DOUBT = marked("This was handed over {n} times, and the place never said whether it has it. Your words are kept. Look there, then try again or give it up.")


def outgoing(db: Desk, entry: Entry) -> Outgoing:
    """What a source is given. Raises UserMistake if what it answers is no longer on the desk."""
    towards = _activity(db, entry.towards) if entry.towards is not None else None
    if entry.towards is not None and towards is None:
        raise UserMistake(say("What this answers was taken back, or is no longer on the desk. Nothing was sent and the words are kept. Say it anew, or give it up."))
    to = tuple(_with_handle(db, entry, one) for one in entry.recipients)
    if not to and towards is not None:
        author = profiles.by_key(db, towards.actor)
        to = (Recipient(value=towards.actor.native_id, name=author.profile.handle if author is not None else ""),)
    earlier: list[str] = []
    above = towards
    while above is not None and above.key.native_id not in earlier and len(earlier) < CHAIN:
        earlier.insert(0, above.key.native_id)
        above = _activity(db, above.key._replace(native_id=above.in_reply_to)) if above.in_reply_to else None
    return Outgoing(
        uid=entry.uid, deed=entry.deed, made=entry.made, text=entry.text, subject=entry.subject, audience=entry.audience, towards=towards,
        to=to, earlier=tuple(earlier), since=_begun(entry), others=outbox.others(db, entry), undoes=_undone(db, entry),
    )  # fmt: skip


def _undone(db: Desk, entry: Entry) -> Key | None:
    """The activity of mine that is taken back. Raises UserMistake if it is not known that there is one."""
    if entry.deed.undoes is None or entry.towards is None:
        return None
    given = outbox.standing(db, entry.towards, entry.deed.undoes, entry.uid)
    if given is None or given.key is None:
        raise UserMistake(say("What is taken back here was never out. Nothing was sent. Look in {place}, then give this up.", place=place_name(entry.place)))
    return given.key


def _begun(entry: Entry) -> datetime:
    """Before the first try. What was given up and sent anew while in doubt was tried before that."""
    return min((at for at in (entry.queued, entry.tried) if at is not None), default=entry.made)


def _activity(db: Desk, key: Key) -> Activity | None:
    item = activities.by_key(db, key)
    return item.activity if item is not None else None


def _with_handle(db: Desk, entry: Entry, one: Recipient) -> Recipient:
    """Of somebody in the place itself: as the place calls them."""
    found = profiles.by_key(db, Key(entry.place, one.value))
    return replace(one, name=found.profile.handle) if found is not None and found.profile.handle else one
