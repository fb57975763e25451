"""What a command calls by name, beside people: buckets and companies."""

from __future__ import annotations

from relationdesk.errors import UserMistake
from relationdesk.model import Bucket, Company
from relationdesk.store import buckets, people
from relationdesk.store.database import Desk


def bucket(db: Desk, name: str) -> Bucket:
    """Raises UserMistake, naming those there are."""
    found = buckets.by_name(db, name)
    if found is None:
        names = ", ".join(one.name for one in buckets.every(db)) or "none"
        raise UserMistake(f"There is no bucket “{name[:80]}”. Nothing was changed. There are: {names}.")
    return found


def company(db: Desk, name: str) -> Company:
    """Raises UserMistake."""
    found = people.company_by_name(db, name)
    if found is None:
        raise UserMistake(f"There is no company “{name[:80]}” in this desk. Nothing was changed. See `people` for those there are.")
    return found
