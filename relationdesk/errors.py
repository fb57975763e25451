"""Every exception of ours. A class exists only if the user can do something different about it.

    RelationDeskError            1 sentence for the salesperson: what happened, what is safe, what to do
    ├─ UserMistake               the request cannot be done as asked: say it differently
    ├─ Cancelled                 the user stopped it; nothing was left half-done
    ├─ NotAgreed                 agree that this server is asked, too, or leave it
    ├─ SourceError               one login or file failed; the others go on
    │  ├─ LoginRejected          sign in again
    │  ├─ RateLimited            nothing: we wait until `until`
    │  │  └─ SpentUp             raise the user's own limit, or wait until the next month
    │  ├─ SourceUnavailable      later
    │  │  └─ PrivateAddress      allow it, if the server is your own
    │  ├─ UnexpectedAnswer       the place has changed: report it
    │  ├─ PerhapsSent            look in the place, then send it again or leave it
    │  ├─ Gone                   the place says it is gone for good (410): stop following or keep what was read
    │  └─ UnreadableFile         choose another file
    ├─ StoreError
    │  ├─ StoreTooNew            update the program
    │  ├─ StoreUnusable          full, damaged: where it is, where the copy is
    │  │  ├─ StoreReadOnly       it can still be looked at
    │  │  ├─ StoreDamaged        put a copy back, or look at what can be read
    │  │  └─ UnfitCopy           choose another copy
    │  └─ DeskInUse              another program has this desk open
    └─ KeyringUnavailable        keep the token until we close, or do not sign in

The cause is chained (`raise … from e`) for developers. No message ever holds a token or a message body.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from relationdesk.troubles import Trouble

FOR_GOOD = timedelta.max
"""The rest of what says that it will not come back."""
FOR_A_WHILE = timedelta(hours=6)
"""The rest of what is not there (404): it may come back, but not within minutes."""


class RelationDeskError(Exception):
    """Base of ours; `str(error)` is one sentence a salesperson can act on."""


class UserMistake(RelationDeskError):
    """What was asked for cannot be done as asked (unknown person, two of that name, nothing to undo)."""


class Cancelled(RelationDeskError):
    """The user stopped a running job. Nothing of it was kept."""


class NotAgreed(RelationDeskError):
    """A server would have to be asked to which the user did not agree. It was not asked. host: its name, for the question."""

    def __init__(self, message: str, *, host: str) -> None:
        super().__init__(message)
        self.host = host


class SourceError(RelationDeskError):
    """A place or file could not be read. `source` is the name of the source in `sources.SOURCES`. trouble: what is stored of it; None: as is
    usual for this class."""

    usual: ClassVar[Trouble] = Trouble.ODD

    def __init__(self, message: str, *, source: str = "", trouble: Trouble | None = None) -> None:
        super().__init__(message)
        self.source, self.trouble = source, trouble or self.usual


class LoginRejected(SourceError):
    """The place refuses our login (401): the user signs in again."""

    usual = Trouble.REFUSED


class RateLimited(SourceError):
    """The place asks us to wait. `until` is aware UTC, at most 24 h ahead (a month for SpentUp)."""

    usual = Trouble.WAIT

    def __init__(self, message: str, *, until: datetime, source: str = "") -> None:
        super().__init__(message, source=source)
        self.until = until


class SpentUp(RateLimited):
    """What would be asked might cost more than the user allowed for this month. It was not asked. `until`: the next month."""

    usual = Trouble.LIMIT


class SourceUnavailable(SourceError):
    """No answer, too slow, too large, or a server error. Trying later may help. `silent`: the server said nothing at
    all, so asking it for something else now would most likely be in vain. `offline`: and most likely nobody else can be
    asked either, because this computer has no network."""

    usual = Trouble.DOWN

    def __init__(self, message: str, *, silent: bool = False, offline: bool = False, source: str = "", trouble: Trouble | None = None) -> None:
        super().__init__(message, source=source, trouble=Trouble.OFFLINE if offline else trouble)
        self.silent, self.offline = silent, offline


class PrivateAddress(SourceUnavailable):
    """The server lies on this computer or a private network: the user may allow it."""

    usual = Trouble.PRIVATE


class UnexpectedAnswer(SourceError):
    """An answer that is not what the place documents. Nothing of it was kept."""


class PerhapsSent(SourceError):
    """Something was handed to a place, and it did not say whether it has it. It is not sent again before the place was asked."""


class Gone(SourceError):
    """The place says for certain (404 or 410 on the thing itself) that this is not there. Deletes nothing. rest: how long it is left
    alone, FOR_GOOD until the user wants it asked; None: FOR_A_WHILE if it is somebody who is followed, else it is asked with the next reading."""

    usual = Trouble.GONE

    def __init__(self, message: str, *, source: str = "", rest: timedelta | None = None, trouble: Trouble | None = None) -> None:
        super().__init__(message, source=source, trouble=trouble)
        self.rest = rest


class UnreadableFile(SourceError):
    """A file that no source can read, or that breaks a limit. Nothing was brought in."""


class StoreError(RelationDeskError):
    """The desk itself cannot be used."""


class StoreTooNew(StoreError):
    """A newer version of the program wrote this desk."""


class StoreUnusable(StoreError):
    """The desk is full, read-only or damaged. The message names where it is and where the newest copy is."""


class StoreReadOnly(StoreUnusable):
    """The folder cannot be written, but there is a desk in it that can be read from a copy."""


class StoreDamaged(StoreUnusable):
    """The file is damaged or is no desk. What can be read of it can still be shown."""


class UnfitCopy(StoreUnusable):
    """A file that was named as a copy of a desk is none, or is damaged. The desk itself is as it was."""


class DeskInUse(StoreError):
    """Another running program owns this desk."""


class KeyringUnavailable(RelationDeskError):
    """No safe key store answered in time, or it does not have the key. Secrets are never written anywhere else."""

    def __init__(self, message: str, *, trouble: Trouble = Trouble.KEYLESS) -> None:
        super().__init__(message)
        self.trouble = trouble
