"""What the columns of a table mean, handed from one desk to another as a small file: saved, taken, given up again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from relationdesk.sources.mapping_file import read_mapping, write_mapping
from relationdesk.store import settings
from relationdesk.store.database import Desk, transaction


def save(db: Desk, path: Path, mapping: Mapping[str, str]) -> Path:
    """Write it to a file, over one of that name. Raises UserMistake if that is not possible."""
    write_mapping(path, mapping)
    return path


def read(db: Desk, path: Path) -> Mapping[str, str]:
    """What a file says of columns. Raises UnreadableFile."""
    return read_mapping(path)


def keep(db: Desk, mapping: Mapping[str, str]) -> Mapping[str, str]:
    """From now on tables with these columns are read so, unless they were explained otherwise themselves."""
    with transaction(db):
        settings.keep_handed_on(db, mapping)
    return mapping


def forget(db: Desk, mapping: Mapping[str, str]) -> Mapping[str, str]:
    """Tables with these columns are asked about again, but for those that were brought in so."""
    with transaction(db):
        settings.forget_handed_on(db, mapping)
    return mapping
