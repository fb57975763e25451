"""A desk that cannot be opened where it lies (read-only, no room, damaged) in a copy to look at, thrown away afterwards.

Commands that only read, and the window: there it is shown with what happened, and every write is refused (ui/tasks.py),
because what is written to the copy would be lost.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from relationdesk.errors import (
    RelationDeskError,
    StoreDamaged,
    StoreError,
    StoreReadOnly,
    StoreTooNew,
    StoreUnusable,
)
from relationdesk.saying import say
from relationdesk.store import database, faults, half_imports, reserve
from relationdesk.store.database import Desk

HOLDS_ANYTHING = "SELECT EXISTS (SELECT 1 FROM people) OR EXISTS (SELECT 1 FROM profiles) OR EXISTS (SELECT 1 FROM notes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """copy: the folder that is shown. desk: the folder of the desk itself. happened: what is wrong with it, what is safe, and
    what to do, in sentences."""

    copy: Path
    desk: Path
    happened: str

    def refusal(self) -> StoreReadOnly:
        """What every attempt to write is told."""
        return StoreReadOnly(say("This desk can only be read now, so nothing was changed. Why, and what to do, stands above."))


def is_whole(desk: Path, error: StoreUnusable) -> bool:
    """True if nothing is wrong with the desk itself, only with where it lies."""
    return isinstance(error, StoreReadOnly) or reserve.has_no_room(desk)


@contextmanager
def looked(desk: Path, error: StoreUnusable) -> Iterator[LookedAt]:
    """error: why the desk cannot be opened; raised again if nothing of it can be shown."""
    with ExitStack() as stack:
        try:
            db, whole = _copy(desk, error, stack)
        except StoreTooNew:
            raise
        except StoreError:
            raise error from None
        copy = database.database_path(db).parent
        yield LookedAt(copy=copy, desk=desk, happened=_happened(desk, error, whole))


def _copy(desk: Path, error: StoreUnusable, stack: ExitStack) -> tuple[Desk, bool]:
    """A copy, and whether it is the whole desk."""
    if is_whole(desk, error):
        try:
            return stack.enter_context(copied(desk)), True
        except StoreDamaged:
            pass
    elif not isinstance(error, StoreDamaged):
        raise error
    from relationdesk.store import salvage  # not at every start

    db = stack.enter_context(salvage.salvaged(desk))
    if not db.execute(HOLDS_ANYTHING).fetchone()[0]:
        raise error
    return db, False


def _happened(desk: Path, error: StoreUnusable, whole: bool) -> str:
    if not whole:
        from relationdesk.services import backup

        lost = say("The desk in {desk} is damaged. This is what can still be read of it; the file was left exactly as it is, and nothing can be written.", desk=desk)
        if backup.newest(desk) is None:
            return f"{lost} {say('Export everything to a folder and bring that folder into a new desk.')}"
        return f"{lost} {say('Export everything to a folder and bring that folder into a new desk, or put a copy back at the next start.')}"
    if isinstance(error, StoreReadOnly):
        return say("Nothing can be written in {desk}, so this desk can only be read. Everything in it is safe. To work with it, allow writing there or copy the folder to another place, and start RelationDesk again.", desk=desk)
    return say("The disk is full, so this desk can only be read. Everything saved so far is safe. Free some space and start RelationDesk again; meanwhile everything can be read, and exported to another disk.")


@contextmanager
def copied(folder: Path) -> Iterator[Desk]:
    """A desk that cannot be opened where it lies (a folder that can only be read, a disk without any room), from a copy
    that is thrown away: what is written to it is lost. Raises as `open_desk`."""
    scratch = _copied_to_scratch(folder)
    try:
        try:
            db = database.open_desk(scratch)
        except StoreError as e:  # its sentence names the desk, not the copy
            raise type(e)(str(e).replace(str(scratch), str(folder))) from e
        try:
            _settle(db)
            yield db
        finally:
            db.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


_IN_MEMORY = "/dev/shm"


def _copied_to_scratch(folder: Path) -> Path:
    """The desk's files in a new folder on any disk with room, or in memory: often the full disk is the only one."""
    import tempfile  # not at every start

    why = say("there is no room for a copy of it to read")
    for where in (None, _IN_MEMORY):
        scratch = None
        try:
            scratch = Path(tempfile.mkdtemp(prefix="relationdesk-look-", dir=where))
            for name in (database.DESK_FILE, f"{database.DESK_FILE}-wal"):
                if (folder / name).exists():
                    shutil.copyfile(folder / name, scratch / name)
            return scratch
        except OSError as e:
            why = e.strerror or why
            if scratch is not None:
                shutil.rmtree(scratch, ignore_errors=True)
    raise StoreUnusable(say("The desk at {folder} cannot be read ({why}). Nothing was changed. Free some space and try again.", folder=folder, why=why))


def _settle(db: Desk) -> None:
    """An import that was cut off is not shown in part, if there is room to take it out of the copy."""
    if half_imports.every(db):
        from relationdesk.services import bringing  # costs more than looking

        with suppress(RelationDeskError, faults.DatabaseError):
            bringing.settle(db)
