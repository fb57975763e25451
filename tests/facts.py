"""Small invented facts and desks for tests: shorter than the keyword-only values, and always the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    DayKind,
    Fact,
    Key,
    Kind,
    LifeDay,
    Participant,
    Precision,
    Profile,
    Role,
)
from relationdesk.services import matching
from relationdesk.store import batches, merge
from relationdesk.store.database import Desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)

ME = Key("mastodon", "https://hotel.example/users/sam")


def ago(**distance: float) -> datetime:
    """That long before NOW: ago(days=3)."""
    return NOW - timedelta(**distance)


def life_day(month: int, day: int, year: int | None = None, kind: DayKind = DayKind.BIRTHDAY) -> LifeDay:
    """A birthday, unless said otherwise."""
    return LifeDay(kind=kind, month=month, day=day, year=year)


def key(name: str, place: str = "mastodon") -> Key:
    return Key(place, name)


def who(
    name: str, place: str = "mastodon", id_: str = "", *, mail: str = "", vouched: bool = False, web: str = "",
    known: bool = True, owner: bool = False, company: str = "", bio: str = "", handle: str = "", title: str = "",
    days: tuple[LifeDay, ...] = (),
) -> Profile:  # fmt: skip
    """A profile; its native id is its name in small letters unless given."""
    addresses = []
    if mail:
        addresses.append(Address(kind=AddressKind.MAIL, value=mail, vouched=vouched))
    if web:
        addresses.append(Address(kind=AddressKind.WEB, value=web, vouched=vouched))
    return Profile(
        key=Key(place, id_ or name.lower().replace(" ", ".")), display_name=name, handle=handle, addresses=tuple(addresses),
        known=known, is_owner=owner, company=company, bio=bio, title=title, days=days,
    )  # fmt: skip


def did(
    actor: Profile, id_: str, when: datetime | None = NOW, text: str = "words", *, kind: Kind = Kind.POST,
    to: Iterable[Profile] = (), role: Role = Role.TO, precision: Precision | None = None, private: bool = False,
    title: str = "", thread: str = "", reply: str = "", place: str = "", extra: tuple[tuple[str, str], ...] = (),
) -> Activity:  # fmt: skip
    """An activity of that actor in their place."""
    return Activity(
        key=Key(place or actor.key.place, id_), actor=actor.key, kind=kind, published=when, text=text, title=title, thread=thread,
        precision=precision or (Precision.UNKNOWN if when is None else Precision.SECOND), in_reply_to=reply, extra=extra,
        audience=Audience.PRIVATE if private else Audience.PUBLIC,
        participants=tuple(Participant(profile=p.key, role=role) for p in to),
    )  # fmt: skip


def bring(db: Desk, facts: Iterable[Fact], *, now: datetime = NOW) -> merge.Merged:
    """As an import does it, without a file; the batch's number is the newest."""
    with Staging(db, now=seconds(now)) as staging:
        staging.add(facts)
        merge.prepare(staging)
        with transaction(db):
            batch = batches.begin(db, format="test", place="mastodon", name="test", at=seconds(now))
            merged = merge.merge(staging, batch_id=batch, now=seconds(now))
            matching.arrange(db, merged.profiles, batch_id=batch, now=seconds(now))
    return merged


def arrive(db: Desk, facts: Iterable[Fact], *, now: datetime = NOW) -> merge.Merged:
    """As a login brings it: no batch."""
    with Staging(db, now=seconds(now)) as staging:
        staging.add(facts)
        merge.prepare(staging)
        with transaction(db):
            merged = merge.merge(staging, batch_id=None, now=seconds(now))
            matching.arrange(db, merged.profiles, batch_id=None, now=seconds(now))
    return merged


def person_id(db: Desk, name: str) -> int:
    """The one person of exactly this name."""
    ((id_,),) = db.execute("SELECT id FROM people WHERE name = ?", (name,)).fetchall()
    return int(id_)


def profile_id(db: Desk, of: Profile | Key) -> int:
    place, native_id = of.key if isinstance(of, Profile) else of
    ((id_,),) = db.execute(
        "SELECT q.id FROM profiles q JOIN places l ON l.id = q.place_id WHERE l.name = ? AND q.native_id = ?", (place, native_id)
    ).fetchall()
    return int(id_)


FACT_TABLES = "profiles addresses activities participants tombstones forgotten coverage people companies activities_spaced".split()


def state(db: Desk, *more: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables that an import can change, for comparing before and after."""
    return {
        table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in (*FACT_TABLES, *more)
    }


def texts_found(db: Desk, word: str) -> set[str]:
    """Texts that the index of activities finds, to see that it follows the table."""
    from relationdesk.store import search

    return {hit.item.activity.text for hit in search.search(db, search.parse(word)) if hit.item.activity}
