"""Jobs of the window that join several layers and are nobody else's: a file looked at before it is read, the desk's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from relationdesk.model import Changes, Person
from relationdesk.services import asking, backup, importing, key_store
from relationdesk.services.backup import Copy
from relationdesk.services.desk_copy import LookedAt
from relationdesk.services.heavy_jobs import Report, Stop
from relationdesk.services.importing import Preview
from relationdesk.services.key_store import KeyStore
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.mapping_file import is_mapping, read_mapping
from relationdesk.store import people, settings
from relationdesk.store.database import Desk, database_path, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a file is. options: what is known of such files from before, its parts too. unanswered: what has to be asked
    first. remembered: that answers were taken over from last time. me: whose desk this is. taught: what columns mean, if the file
    is no data at all but a mapping that somebody handed on."""

    recognised: Recognised
    options: Options
    unanswered: tuple[Ask, ...]
    remembered: bool
    me: Person | None
    taught: Mapping[str, str] = field(default_factory=dict)


def examine(db: Desk, path: Path, format: str = "") -> Looked:
    """Which format it is; reads little. Raises UnreadableFile."""
    if is_mapping(path):
        seen = Recognised(format="mapping", title="What columns mean", place="contacts", certainty=1.0)
        return Looked(recognised=seen, options=Options(), unanswered=(), remembered=False, me=None, taught=read_mapping(path))
    _, seen = recognise(path, format)
    options = asking.options_for(db, seen, parts=asking.remembered_parts(db, seen))
    return Looked(
        recognised=seen, options=options, unanswered=asking.unanswered(seen, options), remembered=bool(asking.remembered(db, seen)),
        me=people.me(db),
    )  # fmt: skip


def discard(db: Desk, preview: Preview) -> None:
    """The preview goes; the desk was never touched."""
    importing.discard(preview)


def change_settings(db: Desk, values: Mapping[str, object]) -> Changes:
    """Set these of the settings, by name; the others stay as they are in the desk."""
    with transaction(db):
        settings.save(db, replace(settings.load(db), **values))  # type: ignore[arg-type]
    return Changes(settings=True, prompts=not OF_PROMPTS.isdisjoint(values))


OF_PROMPTS = frozenset({
    "prompts_at_most", "prompts_per_person", "quiet_from_minute", "quiet_until_minute", "my_words", "competitor_words", "watched_words", "home_town"
})  # fmt: skip
"""Settings on which it depends what Today shows."""


def folder(db: Desk, looked: LookedAt | None = None) -> Path:
    """Where the desk lies, not the copy of it that is looked at."""
    return looked.desk if looked is not None else database_path(db).parent


def copies(db: Desk, looked: LookedAt | None = None) -> tuple[Copy, ...]:
    """Copies of this desk, newest first."""
    return backup.copies(folder(db, looked))


def password_store(db: Desk, *, report: Report, stop: Stop) -> KeyStore:
    """Whether sign-in keys can be kept here; a long job, because it may take as long as the key store's deadline."""
    return key_store.key_store()
