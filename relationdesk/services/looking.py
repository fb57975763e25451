"""A desk that cannot be opened where it lies (read-only, no room, damaged) in a copy to look at, thrown away afterwards.

Commands that only read, and the window: there it is shown with what happened, and every write is refused (ui/tasks.py),
because what is written to the copy would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from relationdesk.errors import StoreDamaged, StoreError, StoreReadOnly, StoreTooNew, StoreUnusable
from relationdesk.store import database, reserve
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
        return StoreReadOnly("This desk can only be read now, so nothing was changed. Why, and what to do, stands above.")


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
            return stack.enter_context(database.looked_at(desk)), True
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

        back = ", or put a copy back at the next start" if backup.newest(desk) is not None else ""
        return (
            f"The desk in {desk} is damaged. This is what can still be read of it; the file was left exactly as it is, and nothing can "
            f"be written. Export everything to a folder and bring that folder into a new desk{back}."
        )
    if isinstance(error, StoreReadOnly):
        return (
            f"Nothing can be written in {desk}, so this desk can only be read. Everything in it is safe. To work with it, allow "
            "writing there or copy the folder to another place, and start RelationDesk again."
        )
    return (
        "The disk is full, so this desk can only be read. Everything saved so far is safe. Free some space and start RelationDesk "
        "again; meanwhile everything can be read, and exported to another disk."
    )
