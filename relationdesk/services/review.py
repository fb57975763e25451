"""All about one person (or company), ready to show: the timeline, the card, what was read, what waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from relationdesk.derived import Filter, Item, PlaceState, Prompt, Then, Week
from relationdesk.flip.timeline import timeline
from relationdesk.life_days import Known
from relationdesk.model import Bucket, Company, Key, Person
from relationdesk.store import (
    activities,
    buckets,
    coverage,
    notes,
    particulars,
    people,
    profiles,
    roles,
    spans,
    tasks,
    until_now,
    wishes,
)
from relationdesk.store.activities import FIRST
from relationdesk.store.database import Desk, transaction
from relationdesk.store.particulars import Particular
from relationdesk.store.profiles import Stored
from relationdesk.store.roles import Word
from relationdesk.store.spans import Held
from relationdesk.store.timekey import id_at, moment, seconds
from relationdesk.wishes import Task

if TYPE_CHECKING:
    from relationdesk.services.relationship import Relationship

PAGE = 50
OLDEST = -(2**62)
"""After this position comes everything: `after=OLDEST` is the last page."""
ABOVE = 12
"""Newer items that are shown above the one a page is opened at."""
RAIL_WEEKS = 52
RHYTHM_DAYS = 365
COLLEAGUES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of a timeline, newest first. older/newer: the position to go on from, None at the end.

    With newer set, there is something above the first item (after a flip into the middle).
    """

    items: tuple[Item, ...]
    older: int | None = None
    newer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything on a person's page. new: how many items arrived since the user last looked (on this stretch).

    profiles: by place. coverage: one per profile, same order by place. weeks: the last RAIL_WEEKS, oldest first, none
    left out. places: (place, number of activities), most first. usual_days: days between the days on which something
    usually comes from them, None for too few. colleagues: a few others of their company, newest touch first. otherwise: what profiles say
    instead of the role and company that are shown. history: what they were, oldest first. days: birthday and anniversaries, as they hold and as other places say instead. relationship: how it stands between the two, None before it
    is read. impostors: who wait to be asked about and only look like them. became: by id of a profile, what its place made of it since. particulars: what the user keeps in mind of them. is_own_word: role or company is what the user wrote. whole: False while what stands beside the timeline is not read yet.
    """

    person: Person
    stretch: Stretch
    profiles: tuple[Stored, ...]
    coverage: tuple[PlaceState, ...]
    weeks: tuple[Week, ...]
    buckets: tuple[Bucket, ...]
    prompts: tuple[Prompt, ...]
    no_prompts: bool
    looked: datetime | None
    new: int
    places: tuple[tuple[str, int], ...]
    usual_days: int | None = None
    colleagues: tuple[Person, ...] = ()
    variants: tuple[tuple[str, str], ...] = ()
    otherwise: tuple[Word, ...] = ()
    history: tuple[Then, ...] = ()
    days: tuple[Known, ...] = ()
    became: Mapping[int, str] = field(default_factory=dict)
    impostors: tuple[Stored, ...] = ()
    relationship: Relationship | None = None
    particulars: tuple[Particular, ...] = ()
    is_own_word: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyReview:
    """A company's page: its people, what they did, and the notes and open follow-ups on the company itself."""

    company: Company
    people: tuple[Person, ...]
    stretch: Stretch
    profiles: tuple[Stored, ...]
    notes: tuple[Item, ...]
    tasks: tuple[Task, ...] = ()


def review(
    db: Desk, person_id: int, now: datetime, *, which: Filter | None = None, at: Key | None = None, limit: int = PAGE
) -> Review | None:
    """A person's page, from the newest on or, with `at`, around that item. None if there is no such person."""
    found = beginning(db, person_id, which=which, at=at, limit=limit)
    return None if found is None else completed(db, found, now)


def beginning(
    db: Desk, person_id: int, *, which: Filter | None = None, at: Key | None = None, limit: int = PAGE
) -> Review | None:
    """As `review`, without what takes longest and stands beside the timeline: to be handed to `completed`."""
    person = people.get(db, person_id)
    if person is None:
        return None
    which = which or Filter()
    looked = people.looked_at(db, person_id)
    part = around(db, person_id, at, which, limit) if at is not None else stretch(db, person_id, which, limit=limit)
    wish = wishes.current(db, (person_id,)).get(person_id)
    return Review(
        person=person, stretch=part, profiles=profiles.of_time(db, person_id), coverage=(), weeks=(),
        buckets=buckets.of_person(db, person_id), prompts=(), no_prompts=wish is not None and wish.opted_out,
        looked=None if looked is None else moment(looked), new=sum(item.is_new for item in part.items), places=(), whole=False,
    )  # fmt: skip


def completed(db: Desk, found: Review, now: datetime) -> Review:
    """A beginning with prompts, coverage, weeks and places."""
    from relationdesk.services import (  # with the rules and what they import: not before the first picture
        agenda,
        as_of,
        impostors,
        one_person,
        relationship,
        their_days,
    )

    person_id = found.person.id
    held = spans.of_person(db, person_id)
    usual = _usual_days(db, held, now)
    return replace(
        found, relationship=relationship.of_person(db, person_id, now, usual), coverage=coverage.of_person(db, person_id), weeks=weeks(db, person_id, now),
        prompts=agenda.of_person(db, person_id, now), places=activities.places(db, held), usual_days=usual,
        colleagues=_colleagues(db, found.person), variants=people.variants(db, person_id),
        otherwise=roles.beside(db, person_id, found.person.title, found.person.company), is_own_word=bool(roles.own_words(db, person_id)), history=as_of.history(db, person_id),
        days=their_days.of_person(db, person_id), particulars=particulars.of_person(db, person_id),
        became=one_person.became(db, found.profiles), impostors=impostors.of_person(db, found.person), whole=True,
    )  # fmt: skip


def _colleagues(db: Desk, person: Person) -> tuple[Person, ...]:
    if person.company_id is None:
        return ()
    found = people.page(db, company_id=person.company_id, order="touch", limit=COLLEAGUES + 1)
    return tuple(p for p in found if p.id != person.id and not p.is_me)[:COLLEAGUES]


def _usual_days(db: Desk, held: Sequence[Held], now: datetime) -> int | None:
    from relationdesk.prompts.base import median_gap  # not before the first picture

    days = [day.toordinal() for day in activities.days(db, held, now - timedelta(days=RHYTHM_DAYS)) if day <= now]
    usual = median_gap(days)
    return None if usual is None else max(1, round(usual))


def look_at(
    db: Desk, person_id: int, now: datetime, *, which: Filter, at: Key | None, limit: int, top: int | None, whole: bool
) -> tuple[Review | None, tuple[Bucket, ...]]:
    """A person's page in one reading, and all buckets. top: the newest position the reader has loaded, where that is not
    the newest there is: the window stays there. whole: completed."""
    found = beginning(db, person_id, which=which, at=at, limit=limit)
    found = completed(db, found, now) if found is not None and whole else found
    if found is not None and top is not None and at is None:
        part = stretch(db, person_id, which, before=top + 1, limit=limit)
        found = replace(found, stretch=Stretch(items=part.items, older=part.older, newer=top))
    return found, buckets.every(db)


def stretch(
    db: Desk, person_id: int, which: Filter, *, before: int = FIRST, after: int | None = None, limit: int = PAGE
) -> Stretch:
    """One more piece of the timeline: older than `before`, or (with `after`) newer than that position."""
    mine = people.my_profiles(db)
    held = spans.of_person(db, person_id)
    found = activities.of_profiles(db, held, which, before=before, after=after, limit=limit, mine=mine)
    full = len(found) >= limit
    low = found[-1].id if found and (full or after is not None) else None
    words = _notes(db, person_id, which, before=before, after=after, low=low if after is None else None,
                   high=found[0].id if found and full and after is not None else None)  # fmt: skip
    looked = people.looked_at(db, person_id)
    items = timeline(found, words, None if looked is None else id_at(moment(looked)))
    if after is not None:
        return Stretch(items=items, older=None, newer=found[0].id if found and full else None)
    return Stretch(items=items, older=found[-1].id if found and full else None)


def _notes(
    db: Desk, person_id: int, which: Filter, *, before: int, after: int | None, low: int | None, high: int | None
) -> list[Item]:
    if not which.notes or which.places or which.kinds or which.directions:
        return []
    found = [
        notes.as_item(note)
        for note in notes.of_person(
            db, person_id,
            since=seconds(which.since) if which.since else None, until=seconds(which.until) if which.until else None,
        )
    ]  # fmt: skip
    floor = -(2**62) if low is None else low
    if after is not None:
        floor, before = after + 1, FIRST if high is None else high + 1
    return [item for item in found if floor <= item.id < before]


def piece(found: tuple[Item, ...], *, after: int | None, limit: int) -> Stretch:
    """What was read of a list, and from where it goes on: newer than the first after `after`, else older than the last."""
    edge = (found[-1] if after is None else found[0]).id if len(found) >= limit and found else None
    return Stretch(items=found, older=edge) if after is None else Stretch(items=found, newer=edge)


def in_view(read: Callable[..., Stretch], at: int, limit: int) -> Stretch:
    """A list with the activity of this id in view: up to a dozen newer ones above it. read: a stretch by `before` or `after`, and `limit`."""
    wanted = min(ABOVE, limit // 2)
    above = read(after=at, limit=wanted).items
    start = above[0].id + 1 if above else at + 1
    part = read(before=start, limit=limit)
    return Stretch(items=part.items, older=part.older, newer=start - 1 if len(above) == wanted else None)


def around(db: Desk, person_id: int, at: Key, which: Filter, limit: int = PAGE) -> Stretch:
    """The timeline with one activity in view: up to a dozen newer items above it."""
    target = activities.by_key(db, at)
    if target is None:
        return stretch(db, person_id, which, limit=limit)
    held = spans.of_person(db, person_id)
    wanted = min(ABOVE, limit // 2)
    above = activities.of_profiles(db, held, which, after=target.id, limit=wanted, mine=people.my_profiles(db))
    if len(above) < wanted:  # the top is near: from there, with the notes that are newer than any activity
        return stretch(db, person_id, which, limit=limit)
    start = above[0].id + 1 if above else target.id + 1
    part = stretch(db, person_id, which, before=start, limit=limit)
    return Stretch(items=part.items, older=part.older, newer=start - 1)


def weeks(db: Desk, person_id: int, now: datetime, count: int = RAIL_WEEKS) -> tuple[Week, ...]:
    """Activity per week, theirs and mine, oldest first, empty weeks included. Weeks begin on Monday, UTC."""
    first = first_week(now, count)
    found = {
        number: (theirs, mine)
        for number, theirs, mine in activities.weeks(db, spans.of_person(db, person_id), people.my_profiles(db), first)
    }
    return weeks_from(first, count, found)


def first_week(now: datetime, count: int = RAIL_WEEKS) -> datetime:
    """When the first of so many weeks began of which this is the last."""
    monday = datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=now.weekday())
    return monday - timedelta(weeks=count - 1)


def weeks_from(first: datetime, count: int, found: Mapping[int, tuple[int, int]]) -> tuple[Week, ...]:
    """So many weeks from a Monday on. found: theirs and mine by number of the week since 5 January 1970."""
    epoch = datetime(1970, 1, 5, tzinfo=UTC)
    return tuple(
        Week(start=start, theirs=found.get(n, (0, 0))[0], mine=found.get(n, (0, 0))[1])
        for start in (first + timedelta(weeks=i) for i in range(count))
        for n in [(start - epoch) // timedelta(weeks=1)]
    )


def looked(db: Desk, person_id: int, now: datetime) -> None:
    """The user has left this person's page: from now on only newer things are new, there and nowhere else."""
    with transaction(db):
        people.set_looked_at(db, person_id, seconds(now))


def company_review(db: Desk, company_id: int, now: datetime, *, before: int = FIRST, limit: int = PAGE) -> CompanyReview | None:
    """A company's page: nothing of a person who does not belong to it. None if there is no such company."""
    company = people.company(db, company_id)
    if company is None:
        return None
    staff = until_now.page(db, now, company_id=company_id, order="need")
    own = profiles.of_company(db, company_id)
    part = _of_firm([p.id for p in staff], [stored.id for stored in own], db, before, limit)
    return CompanyReview(
        company=company, people=staff, stretch=part, profiles=own,
        notes=tuple(notes.as_item(note) for note in notes.of_company(db, company_id)), tasks=tasks.of_company(db, company_id),
    )  # fmt: skip


def company_stretch(db: Desk, company_id: int, *, before: int = FIRST, limit: int = PAGE) -> Stretch:
    """What a company's people did, and what its own profiles did or took part in (deals, tickets), newest first."""
    staff = [person.id for person in people.page(db, company_id=company_id, order="need")]
    return _of_firm(staff, [stored.id for stored in profiles.of_company(db, company_id)], db, before, limit)


def _of_firm(staff: Sequence[int], own: Sequence[int], db: Desk, before: int, limit: int) -> Stretch:
    found = {item.id: item for item in activities.of_people(db, staff, before=before, limit=limit)}
    found |= {item.id: item for item in activities.of_profiles(db, own, Filter(), before=before, limit=limit)}
    newest = tuple(found[id_] for id_ in sorted(found, reverse=True)[:limit])
    return Stretch(items=timeline(newest), older=newest[-1].id if len(newest) >= limit else None)


def people_stretch(db: Desk, ids: Sequence[int], *, before: int = FIRST, limit: int = PAGE) -> Stretch:
    """What these people did (a bucket, a company), newest first."""
    found = activities.of_people(db, ids, before=before, limit=limit)
    return Stretch(items=timeline(found), older=found[-1].id if len(found) >= limit else None)
