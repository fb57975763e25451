"""Jobs for the window whose imports cost as much as the window: they are imported in the worker that runs the job.

So the first picture waits for neither the network nor the sources nor the sample. And what the first picture needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from relationdesk.derived import Prompt
from relationdesk.errors import Cancelled
from relationdesk.model import Changes, Progress
from relationdesk.saying import say
from relationdesk.services import killed_leftovers
from relationdesk.store import half_imports, settings
from relationdesk.store import logins as stored_logins
from relationdesk.store.database import DESK_FILE, Desk, database_path
from relationdesk.store.settings import Settings

if TYPE_CHECKING:
    from relationdesk.services.bringing import Left
    from relationdesk.services.sample import Built
    from relationdesk.services.sending import Sent
    from relationdesk.services.sync import Synced
    from relationdesk.store.ledger import Undone

Report = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """What must be known before the first picture: theme and text size, and what the window remembered of itself."""

    settings: Settings
    window: str


def begin(db: Desk, name: str) -> Begin:
    """name: under which the window keeps its layout. What an earlier program left goes first: later, a file dropped on the
    new window could have its preview there."""
    killed_leftovers.clear(database_path(db).parent)
    return Begin(settings=settings.load(db), window=settings.value(db, name))


def settle(db: Desk, *, report: Report, stop: Stop) -> Left | None:
    """As services.bringing.settle; None, and quickly, if the program was closed in order."""
    if not half_imports.every(db):
        return None
    from relationdesk.services import bringing

    return bringing.settle(db, report=report, stop=stop)


def desk_file(desk: Path) -> Path:
    """The file of a desk that is named by its folder or by the file itself."""
    return desk if desk.name == DESK_FILE else desk / DESK_FILE


def answer(db: Desk, prompt: Prompt, how: str, now: datetime, until: datetime | None = None) -> Changes:
    """As services.agenda.answer."""
    from relationdesk.services import agenda

    return agenda.answer(db, prompt, how, now, until)


def undo(db: Desk, now: datetime) -> tuple[Undone, Changes]:
    """As services.people.undo."""
    from relationdesk.services import people

    return people.undo(db, now)


def redo(db: Desk) -> tuple[Undone, Changes]:
    """As services.people.redo."""
    from relationdesk.services import people

    return people.redo(db)


def sync_one(db: Desk, login_id: int, clock: Callable[[], datetime], *, by_hand: bool, report: Report, stop: Stop) -> Synced:
    """As services.logins.sync_one; Cancelled if the login was paused after its turn was asked for."""
    from relationdesk.services import logins

    login = stored_logins.get(db, login_id)
    if login is not None and login.paused:
        raise Cancelled(say("This place is paused and was not asked."))
    return logins.sync_one(db, login_id, clock, report=report, stop=stop, by_hand=by_hand)


def next_to_send(db: Desk) -> int | None:
    """When something in the outbox is due, unix seconds; None if nothing waits. Quickly, where it is empty."""
    from relationdesk.store import outbox

    if not outbox.queue(db):
        return None
    from relationdesk.services import sending

    return outbox.next_at(db, sending.PROGRAM)


def send_outbox(db: Desk, clock: Callable[[], datetime], *, report: Report, stop: Stop) -> Sent:
    """As services.sending.run."""
    from relationdesk.services import sending

    return sending.run(db, clock, report=report, stop=stop)


def fill_with_sample(db: Desk, now: datetime, *, report: Report, stop: Stop) -> Built:
    """As services.sample.build."""
    from relationdesk.services import sample

    return sample.build(db, now, report=report, stop=stop)


def housekeeping(db: Desk, now: datetime, *, report: Report, stop: Stop) -> None:
    """What a start owes the desk: today's copy is made, the old trash is emptied, what has its day now gets its place."""
    from relationdesk.services import backup, notes
    from relationdesk.store import ahead, timekey

    backup.daily(db, now)
    notes.tidy_trash(db, now)
    ahead.settle(db, timekey.seconds(now))


def daily_copy(db: Desk, now: datetime, *, report: Report, stop: Stop) -> None:
    """Today's copy, if it is not made yet."""
    from relationdesk.services import backup

    backup.daily(db, now)
