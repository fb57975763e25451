"""A bucket with what is agreed for everybody in it: its rhythm and its step of the ladder. What its dialog keeps in one go is one transaction;
each part is a decision that can be taken back alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from relationdesk.model import Changes
from relationdesk.services import people, wishes
from relationdesk.store import buckets, settings
from relationdesk.store import wishes as rows
from relationdesk.store.database import Desk, transaction
from relationdesk.wishes import Step, WantedRhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class OfBucket:
    """usual_days: what a new rhythm begins with, by the settings."""

    rhythm: WantedRhythm | None = None
    step: Step | None = None
    usual_days: int = 30


def of_bucket(db: Desk, bucket_id: int | None) -> OfBucket:
    """None: of a bucket that is only to be made."""
    own = rows.of_buckets(db).get(bucket_id) if bucket_id is not None else None
    step = rows.steps(db).get(bucket_id) if bucket_id is not None else None
    return OfBucket(rhythm=None if own is None else own[1], step=step, usual_days=settings.load(db).rhythm_days)


def make_bucket(db: Desk, name: str, now: datetime, *, colour: str, agreed: OfBucket | None) -> Changes:
    """A new bucket with its rhythm and step, None for neither. Raises UserMistake; then there is none."""
    with transaction(db):
        bucket_id, changes = people.make_bucket(db, name, now, colour)
        _agree(db, bucket_id, agreed, now)
    return changes


def edit_bucket(db: Desk, bucket_id: int, now: datetime, *, name: str, colour: str, agreed: OfBucket | None) -> Changes:
    """Only what is otherwise than before is decided; agreed None: rhythm and step stay. Raises UserMistake; then nothing is."""
    bucket = next((b for b in buckets.every(db) if b.id == bucket_id), None)
    with transaction(db):
        changes = Changes(buckets=True, prompts=True)
        if bucket is None or (bucket.name, bucket.colour) != (name.strip(), colour):
            changes = people.edit_bucket(db, bucket_id, now, name=name, colour=colour)
        return _agree(db, bucket_id, agreed, now) or changes


def _agree(db: Desk, bucket_id: int, agreed: OfBucket | None, now: datetime) -> Changes | None:
    if agreed is None:
        return None
    was, changes = of_bucket(db, bucket_id), None
    if agreed.rhythm != (replace(was.rhythm, of="") if was.rhythm else None):
        changes = wishes.want(db, agreed.rhythm, now, bucket_id=bucket_id)
    if agreed.step != was.step:
        changes = wishes.set_step(db, bucket_id, agreed.step, now)
    return changes
