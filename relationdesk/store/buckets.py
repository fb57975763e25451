"""Buckets: groups of people the user made, in the user's order."""

from __future__ import annotations

from relationdesk.model import Bucket
from relationdesk.store.database import Desk


def every(db: Desk) -> tuple[Bucket, ...]:
    """All buckets in the user's order, with how many people are in each."""
    rows = db.execute(
        "SELECT b.id, b.uid, b.name, b.colour, b.position, (SELECT count(*) FROM bucket_people x WHERE x.bucket_id = b.id) "
        "FROM buckets b ORDER BY b.position, b.id"
    )
    return tuple(
        Bucket(id=id_, uid=uid, name=name, colour=colour, position=position, people=people)
        for id_, uid, name, colour, position, people in rows
    )


def of_person(db: Desk, person_id: int) -> tuple[Bucket, ...]:
    """The buckets a person is in, in the user's order."""
    inside = {row[0] for row in db.execute("SELECT bucket_id FROM bucket_people WHERE person_id = ?", (person_id,))}
    return tuple(bucket for bucket in every(db) if bucket.id in inside)


def people_of(db: Desk, bucket_id: int) -> tuple[int, ...]:
    """Person ids in a bucket, first added first."""
    rows = db.execute("SELECT person_id FROM bucket_people WHERE bucket_id = ? ORDER BY at, person_id", (bucket_id,))
    return tuple(row[0] for row in rows)


def by_name(db: Desk, name: str) -> Bucket | None:
    return next((b for b in every(db) if b.name.casefold() == name.strip().casefold()), None)


def of_people(db: Desk) -> dict[int, tuple[str, ...]]:
    """Bucket colours by person, for the dots in the people list."""
    found: dict[int, tuple[str, ...]] = {}
    for person_id, colour in db.execute(
        "SELECT x.person_id, b.colour FROM bucket_people x JOIN buckets b ON b.id = x.bucket_id ORDER BY b.position"
    ):
        found[person_id] = (*found.get(person_id, ()), colour)
    return found
