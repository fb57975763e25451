"""Remove a login: what it brought stays, which can be taken back, or goes, as far as nothing else holds it, which is told before.

The secret is taken away apart (`logins.forget_secret`), because a key store that prompts takes its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from relationdesk.errors import Cancelled, UserMistake
from relationdesk.model import Changes, Login, Progress
from relationdesk.saying import say
from relationdesk.store import half_imports, ledger, logins, portions, read_only_there
from relationdesk.store.database import Desk, transaction
from relationdesk.store.timekey import seconds
from relationdesk.text import place_name

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What removing a login means. activities: that only it brought. following: how many pages or people it follows. is_shared: another login reads
    the same place, so that only what this one alone follows can go."""

    login: Login
    activities: int
    following: int
    is_shared: bool


def plan(db: Desk, login_id: int) -> Plan:
    """Raises UserMistake if there is no such login."""
    login = _get(db, login_id)
    found = read_only_there.scope(db, login)
    return Plan(login=login, activities=found.activities, following=len(logins.followed(db, login_id)), is_shared=not found.is_whole and login.source != "feed")


def remove(db: Desk, login_id: int, clock: Clock) -> tuple[Login, Changes]:
    """The login and whom it follows go; everything read by it stays. A decision: taken back, it goes on where it stood, once it is signed in again."""
    login = _get(db, login_id)
    called = " ".join(filter(None, (place_name(login.place), login.user_name or login.address.removeprefix("https://"))))
    sentence = say("Removed {called}", called=called)
    with ledger.decide(db, "remove_login", sentence, seconds(clock())) as d:
        for (name,) in db.execute("SELECT name FROM streams WHERE login_id = ? ORDER BY name", (login_id,)).fetchall():
            d.delete("streams", {"login_id": login_id, "name": name})
        d.delete("login_senders", {"login_id": login_id})
        d.delete("logins", {"id": login_id})
    return login, Changes(logins=True, undo=sentence)


def remove_with_facts(
    db: Desk, login_id: int, clock: Clock, *, report: Callable[[Progress], None] = lambda _: None, stop: Callable[[], bool] = lambda: False
) -> tuple[Login, Changes]:
    """The login goes, and what only it brought. People, links, notes, and what a file brought as well, stay. It cannot be taken back, only read again.

    Raises Cancelled: then the login is paused, and what went already comes again when it goes on.
    """
    login = _get(db, login_id)
    with transaction(db):
        half_imports.refuse(db, say("Nothing was removed."))
        logins.set_paused(db, login_id, True)
        logins.read_anew(db, login_id)
    found = read_only_there.scope(db, login)

    def between() -> None:
        if stop():
            raise Cancelled(say("Stopped. This place is paused; what is gone already is read again when it goes on, or remove it once more."))
        left = read_only_there.scope(db, login).activities if found.activities > _MANY else 0
        report(Progress(done=max(0, found.activities - left), total=found.activities, unit="activities"))

    portions.in_portions(db, read_only_there.take_out(db, found), between=between)
    with transaction(db):
        logins.remove(db, login_id)
    return login, Changes(everything=True)


_MANY = 2_000
"""Activities from which on it takes long enough for a progress to be worth asking for."""


def _get(db: Desk, login_id: int) -> Login:
    login = logins.get(db, login_id)
    if login is None:
        raise UserMistake(say("This login is no longer there. Nothing was changed."))
    return login
