"""Puts what is being typed on disk, at most a second after it was typed, in the order it was typed.

The user's words exist nowhere else: a crash may cost one second of typing, and nothing that was kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from relationdesk.errors import RelationDeskError
from relationdesk.model import NoteKind
from relationdesk.services import drafts
from relationdesk.services.drafts import Draft
from relationdesk.ui.page import Context

EVERY_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the composer holds. happened None: now."""

    text: str
    kind: NoteKind = NoteKind.NOTE
    minutes: int = 0
    happened: datetime | None = None


class DraftKeeper(QObject):
    """`saved(moment)` when the words are safe; `found(Draft, here)` when a slot has some: here, if they were typed
    since the program started (so it is no surprise), else they are offered as found. `unsaved(why)` at each vain attempt."""

    saved = Signal(object)
    found = Signal(object, bool)
    ready = Signal()
    unsaved = Signal(str)

    def __init__(self, context: Context, wording: Callable[[], Wording], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._wording = context, wording
        self._slot = ""
        self._loaded = False
        self._dirty = False
        self._failing = False
        self._mine: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.flush)

    def slot(self) -> str:
        return self._slot

    def open(self, slot: str) -> None:
        """Type into this slot from now on; what was typed into the one before is put on disk first."""
        if slot == self._slot:
            return
        self.flush()
        self._slot, self._loaded, self._dirty = slot, False, False
        if slot:
            # Through the writing lane: an answer from the reading lane could be older than what was just flushed.
            self._context.tasks.write(drafts.get, slot, done=partial(self._on_draft, slot), only_reads=True)

    def _on_draft(self, slot: str, draft: Draft | None) -> None:
        if slot != self._slot:
            return
        self._loaded = True
        if draft is not None and draft.text.strip():
            self.found.emit(draft, slot in self._mine)
        if self._dirty:
            self._timer.start()
        self.ready.emit()

    def touch(self) -> None:
        """Something was typed."""
        if self._context.tasks.looked is not None:
            return
        self._dirty = True
        if self._slot:
            self._mine.add(self._slot)
        if self._loaded and not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Put it on disk now, if it is not yet."""
        self._timer.stop()
        if not self._dirty or not self._slot:
            return
        self._dirty = False
        slot, now = self._slot, self._wording()
        self._context.tasks.write(
            drafts.save if self._loaded else _save_below, slot, now.text, self._context.clock(), now.kind, now.minutes, now.happened,
            done=partial(self._on_saved, slot), failed=self._on_failed,
        )  # fmt: skip

    def forget(self) -> None:
        """The words were kept as a note, or thrown away on purpose: nothing is left to save."""
        self._timer.stop()
        self._dirty = False
        self._mine.discard(self._slot)

    def _on_saved(self, slot: str, moment: datetime) -> None:
        self._failing = False
        if slot == self._slot:
            self.saved.emit(moment)
        if self._dirty:
            self._timer.start()

    def _on_failed(self, error: RelationDeskError) -> None:
        """Told once; then tried again quietly until it succeeds."""
        self._dirty = True
        if not self._failing:
            self._context.router.failed.emit(error)
        self._failing = True
        self.unsaved.emit(str(error))
        self._timer.start()


def _save_below(db: Any, slot: str, text: str, *rest: Any) -> datetime | None:
    """As drafts.save, where nobody has seen yet what the slot holds: that stays, above the new words."""
    found = drafts.get(db, slot)
    held = found.text.strip() if found is not None else ""
    return drafts.save(db, slot, f"{held}\n\n{text}" if held and held != text.strip() else text, *rest)
