"""The user's decisions about people, companies, buckets and profiles. Each answers with Changes and can be undone."""

from __future__ import annotations

from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Bucket, Changes, Person
from relationdesk.saying import counted, marked, say
from relationdesk.services import apart
from relationdesk.services.emptied_people import Emptied, emptied_by
from relationdesk.services.taking_back import redo as redo
from relationdesk.services.taking_back import undo as undo
from relationdesk.store import buckets, caches, ledger, people, profiles, roles
from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision, Row
from relationdesk.store.profiles import Stored
from relationdesk.store.roles import LONGEST_COMPANY
from relationdesk.store.timekey import seconds
from relationdesk.text import day, one_line, place_name

COLOURS = ("#0B6A63", "#C9650A", "#1F5FA8", "#7A4FA3", "#1C6E3A", "#B3261E", "#8B6F00", "#55514A")
"""Offered for buckets, in turn."""

SETTLED = {"later": marked("Later"), "nobody": marked("Not a person"), "": marked("Asked again")}
"""What a profile is settled as, as the toast says it."""


def profile_name(profile: Stored) -> str:
    return profile.profile.display_name or profile.profile.handle or profile.profile.key.native_id


def _moved(d: Decision, profile: Stored, emptied: Emptied, *person_ids: int | None) -> None:
    """The profile was theirs or is now: whom that leaves empty goes, and what hangs on it is brought up to date."""
    emptied.go(d)
    caches.changed_hands(d.db, [profile.id], _ids(*person_ids))


def link(db: Desk, profile_id: int, person_id: int, now: datetime) -> Changes:
    """This profile is this person's. An earlier refusal between the two is lifted."""
    profile, person = the_profile(db, profile_id), the_person(db, person_id)
    emptied = emptied_by(db, profile, person_id)
    sentence = emptied.sentence(f"Linked {profile_name(profile)} ({place_name(profile.profile.key.place)}) to {person.name}")
    with ledger.decide(db, "link", sentence, seconds(now)) as d:
        _set_person(d, profile, person_id, say("You linked it on {day}.", day=day(now)))
        _follow(d, profile, person_id)
        apart.allow(d, profile, person)
        _moved(d, profile, emptied, person_id, profile.person_id)
    return Changes(people=_ids(person_id, profile.person_id), matches=True, prompts=True, undo=sentence)


def unlink(db: Desk, profile_id: int, now: datetime) -> Changes:
    """This profile is not this person's: it is nobody's again, and will not be linked to them by itself."""
    profile = the_profile(db, profile_id)
    if profile.person_id is None:
        raise UserMistake(say("{profile} is not linked to anybody. Nothing was changed.", profile=profile_name(profile)))
    sentence = emptied_by(db, profile).sentence(f"Unlinked {profile_name(profile)} ({place_name(profile.profile.key.place)})")
    with ledger.decide(db, "unlink", sentence, seconds(now)) as d:
        told: Row = {"profile": profile.id, "at": seconds(now)}
        ledger.compound(d, told)
        apart.do_unlink(d, told)
    return Changes(people=_ids(profile.person_id), matches=True, prompts=True, undo=sentence)


def keep_apart(db: Desk, profile_id: int, person_id: int, now: datetime) -> Changes:
    """Not the same person: remembered by names that survive restart, re-import and rename. Unlinks if linked.

    What waits and is certainly the same human as the profile is kept apart with it.
    """
    profile, person = the_profile(db, profile_id), the_person(db, person_id)
    together = (profile, *_companions(db, profile))
    emptied = emptied_by(db, profile) if profile.person_id == person_id else Emptied()
    sentence = emptied.sentence(f"Kept {profile_name(profile)} ({place_name(profile.profile.key.place)}) apart from {person.name}")
    with ledger.decide(db, "keep_apart", sentence, seconds(now)) as d:
        told: Row = {"profile": profile.id, "with": [one.id for one in together], "person": person_id, "at": seconds(now)}
        ledger.compound(d, told)
        apart.do_keep_apart(d, told)
    return Changes(people=_ids(person_id), matches=True, undo=sentence)


def new_person(db: Desk, profile_id: int, now: datetime, name: str = "") -> Changes:
    """Make a person out of a profile."""
    profile = the_profile(db, profile_id)
    called = one_line(name or profile_name(profile))
    emptied = emptied_by(db, profile)
    sentence = emptied.sentence(f"{called} is a new person")
    with ledger.decide(db, "person", sentence, seconds(now)) as d:
        person_id = make_person(d, profile, called, now)
        _moved(d, profile, emptied, person_id, profile.person_id)
    return Changes(people=_ids(person_id, profile.person_id), matches=True, companies=True, undo=sentence)


def make_person(d: Decision, profile: Stored, name: str, now: datetime, company: str = "") -> int:
    """The id of a new person to whom this profile is linked, as part of a decision. company: where they are if the profile names none."""
    told = profile.profile.company.strip()
    _company_for(d, told or company, seconds(now))
    person_id = people.insert(d, name=name, company=None if told else company or None, now=seconds(now))
    _set_person(d, profile, person_id, say("You made this person from it on {day}.", day=day(now)))
    _follow(d, profile, person_id)
    return person_id


def new_company(db: Desk, profile_id: int, now: datetime, name: str = "") -> Changes:
    """This profile belongs to a company (an existing one of that name, or a new one)."""
    profile = the_profile(db, profile_id)
    called = one_line(name or profile_name(profile))
    emptied = emptied_by(db, profile)
    sentence = emptied.sentence(f"{profile_name(profile)} belongs to the company {called}")
    with ledger.decide(db, "company", sentence, seconds(now)) as d:
        company_id = _company_for(d, called, seconds(now))
        for one in (profile, *_companions(db, profile)):
            d.update(
                "profiles", {"id": one.id},
                {"person_id": None, "company_id": company_id, "linked_by": "user", "linked_how": say("You said so."), "settled": ""},
            )  # fmt: skip
        _moved(d, profile, emptied, profile.person_id)
    return Changes(people=_ids(profile.person_id), matches=True, companies=True, undo=sentence)


def settle(db: Desk, profile_id: int, how: str, now: datetime) -> Changes:
    """how "later": ask again some other time; "nobody": not a person (a bot, a list), also if it was linked to one; "":
    ask now. What waits and is certainly the same human goes along."""
    profile = the_profile(db, profile_id)
    emptied = emptied_by(db, profile) if how == "nobody" else Emptied()
    sentence = emptied.sentence(say("{settled}: {profile}", settled=say(SETTLED[how]), profile=profile_name(profile)))
    with ledger.decide(db, "settle", sentence, seconds(now)) as d:
        settle_with_companions(d, profile, how)
        if how == "nobody":
            _moved(d, profile, emptied, profile.person_id)
    return Changes(people=_ids(profile.person_id), matches=True, undo=sentence)


def settle_with_companions(d: Decision, profile: Stored, how: str) -> None:
    """As part of a decision. Nobody's is what is no person."""
    free: dict[str, object] = {"person_id": None, "company_id": None, "linked_how": "", "linked_by": ""} if how == "nobody" else {}
    for one in (profile, *_companions(d.db, profile)):
        d.update("profiles", {"id": one.id}, {"settled": how, **free})


def _companions(db: Desk, profile: Stored) -> tuple[Stored, ...]:
    """Those that go with an answer about a profile that waits; one that is linked is asked about alone."""
    if profile.person_id is not None or profile.company_id is not None:
        return ()
    from relationdesk.services.companions import companions  # with all of matching: the first picture decides nothing

    return companions(db, profile)


def add_person(db: Desk, name: str, now: datetime, company: str = "", title: str = "") -> tuple[int, Changes]:
    """A person without any profile, named by the user; (id, what changed)."""
    called = one_line(name)
    if not called:
        raise UserMistake(say("A person needs a name. Nothing was changed."))
    sentence = say("Added {called}", called=called)
    with ledger.decide(db, "person", sentence, seconds(now)) as d:
        _company_for(d, company, seconds(now))
        person_id = people.insert(d, name=called, title=one_line(title) or None, company=one_line(company, LONGEST_COMPANY) or None, now=seconds(now))
        roles.follow(db, [person_id])
    return person_id, Changes(people=_ids(person_id), companies=bool(company), undo=sentence)


def edit_person(
    db: Desk, person_id: int, now: datetime, *, name: str | None = None, title: str | None = None, company: str | None = None
) -> Changes:
    """Correct name, title or company, None: it stays as it is. What is written so stands above what places tell from now on; their own words
    stay with the profiles."""
    person = people.get(db, person_id)
    called = None if name is None else one_line(name)
    if person is None or called == "":
        raise UserMistake(say("A person needs a name. Nothing was changed."))
    wanted = {"name": called, "own_title": None if title is None else one_line(title), "own_company": None if company is None else one_line(company, LONGEST_COMPANY)}
    written: Row = {column: text for column, text in wanted.items() if text is not None}
    sentence = say("Changed {name}", name=person.name)
    with ledger.decide(db, "person", sentence, seconds(now)) as d:
        _company_for(d, company or "", seconds(now))
        if written:
            d.update("people", {"id": person_id}, written)
        roles.follow(db, [person_id])
    return Changes(people=_ids(person_id), companies=True, undo=sentence)


def as_told(db: Desk, person_id: int, now: datetime) -> Changes:
    """Role and company are again what places tell: what the user wrote instead gives way."""
    person = the_person(db, person_id)
    sentence = say("Role and company of {name} as places tell them", name=person.name)
    with ledger.decide(db, "person", sentence, seconds(now)) as d:
        d.update("people", {"id": person_id}, {"own_title": None, "own_company": None})
        roles.follow(db, [person_id])
    return Changes(people=_ids(person_id), companies=True, undo=sentence)


def set_me(db: Desk, person_id: int, now: datetime) -> Changes:
    """Whose desk this is; directions everywhere follow from it."""
    before, person = people.me(db), the_person(db, person_id)
    sentence = say("This is {name}’s desk", name=person.name)
    with ledger.decide(db, "me", sentence, seconds(now)) as d:
        if before is not None and before.id != person_id:
            d.update("people", {"id": before.id}, {"is_me": 0})
        d.update("people", {"id": person_id}, {"is_me": 1})
        caches.rebuild(db)
    return Changes(everything=True, undo=sentence)


def set_no_prompts(db: Desk, person_id: int, on: bool, now: datetime) -> Changes:
    """The person asked not to be contacted (or allowed it again)."""
    from relationdesk.services import wishes  # what is agreed waits until it is asked for

    return wishes.set_opted_out(db, person_id, on, now)


def set_key_company(db: Desk, company_id: int, on: bool, now: datetime) -> Changes:
    company = people.company(db, company_id)
    if company is None:
        raise UserMistake(say("This company is no longer in the desk. Nothing was changed."))
    sentence = say("{name} is now a key company" if on else "{name} is no longer a key company", name=company.name)
    with ledger.decide(db, "company", sentence, seconds(now)) as d:
        d.update("companies", {"id": company_id}, {"is_key": int(on)})
    return Changes(companies=True, undo=sentence)


def set_tags(db: Desk, person_id: int, tags: tuple[str, ...], now: datetime) -> Changes:
    """Exactly these tags; order and repeats do not matter."""
    wanted = {one_line(tag, 60) for tag in tags if one_line(tag)}
    person = the_person(db, person_id)
    had = set(person.tags)
    sentence = say("Tags of {name} changed", name=person.name)
    with ledger.decide(db, "tags", sentence, seconds(now)) as d:
        for tag in sorted(had - wanted):
            d.delete("tags", {"person_id": person_id, "tag": tag})
        for tag in sorted(wanted - had):
            d.insert("tags", {"person_id": person_id, "tag": tag}, key=("person_id", "tag"))
    return Changes(people=_ids(person_id), undo=sentence)


# Buckets


def make_bucket(db: Desk, name: str, now: datetime, colour: str = "") -> tuple[int, Changes]:
    """A new bucket at the end of the user's order; (id, what changed). A name is used once."""
    called = one_line(name, 60)
    if not called or buckets.by_name(db, called) is not None:
        raise UserMistake(say("There is already a bucket “{called}”, or the name is empty. Nothing was changed.", called=called))
    every = buckets.every(db)
    sentence = say("New bucket {called}", called=called)
    with ledger.decide(db, "bucket", sentence, seconds(now)) as d:
        bucket_id = d.insert(
            "buckets",
            {"uid": people.new_uid(), "name": called, "colour": colour or COLOURS[len(every) % len(COLOURS)],
             "position": max((b.position for b in every), default=-1) + 1},
        )
    return bucket_id, Changes(buckets=True, undo=sentence)


def edit_bucket(db: Desk, bucket_id: int, now: datetime, *, name: str, colour: str) -> Changes:
    called = one_line(name, 60)
    sentence = say("Changed bucket {called}", called=called)
    _bucket(db, bucket_id)
    other = buckets.by_name(db, called)
    if not called or (other is not None and other.id != bucket_id):
        raise UserMistake(say("There is already a bucket “{called}”, or the name is empty. Nothing was changed.", called=called))
    with ledger.decide(db, "bucket", sentence, seconds(now)) as d:
        d.update("buckets", {"id": bucket_id}, {"name": called, "colour": colour})
    return Changes(buckets=True, undo=sentence)


def remove_bucket(db: Desk, bucket_id: int, now: datetime) -> Changes:
    """The bucket goes, its people stay."""
    sentence = say("Removed bucket {name}", name=_bucket(db, bucket_id).name)
    with ledger.decide(db, "bucket", sentence, seconds(now)) as d:
        for person_id in buckets.people_of(db, bucket_id):
            d.delete("bucket_people", {"bucket_id": bucket_id, "person_id": person_id})
        for (rhythm_id,) in db.execute("SELECT id FROM rhythms WHERE bucket_id = ?", (bucket_id,)).fetchall():
            d.delete("rhythms", {"id": rhythm_id})
        d.delete("steps", {"bucket_id": bucket_id})
        d.delete("buckets", {"id": bucket_id})
    return Changes(buckets=True, undo=sentence)


def order_buckets(db: Desk, ids: tuple[int, ...], now: datetime) -> Changes:
    """Put the buckets in this order."""
    with ledger.decide(db, "bucket", say("Buckets in a new order"), seconds(now)) as d:
        for position, bucket_id in enumerate(ids):
            d.update("buckets", {"id": bucket_id}, {"position": position})
    return Changes(buckets=True, undo="Buckets in a new order")


def set_in_bucket(db: Desk, bucket_id: int, person_ids: tuple[int, ...], inside: bool, now: datetime) -> Changes:
    """Put people into a bucket or take them out."""
    bucket, found = _bucket(db, bucket_id), people.many(db, person_ids)
    if person_ids and not found:
        raise UserMistake(say("These people are no longer in the desk. Nothing was changed."))
    who = next(iter(found.values())).name if len(found) == 1 else counted(len(found), "{n} person", "{n} people")
    sentence = say("{who} added to {bucket}" if inside else "{who} taken out of {bucket}", who=who, bucket=bucket.name)
    already = set(buckets.people_of(db, bucket_id))
    with ledger.decide(db, "bucket", sentence, seconds(now)) as d:
        for person_id in found:
            if inside and person_id not in already:
                d.insert(
                    "bucket_people", {"bucket_id": bucket_id, "person_id": person_id, "at": seconds(now)},
                    key=("bucket_id", "person_id"),
                )  # fmt: skip
            elif inside:
                d.affirm("bucket_people", {"bucket_id": bucket_id, "person_id": person_id})
            else:
                d.delete("bucket_people", {"bucket_id": bucket_id, "person_id": person_id})
    return Changes(people=frozenset(found), buckets=True, undo=sentence)


def the_profile(db: Desk, profile_id: int) -> Stored:
    """Raises UserMistake if it is no longer there."""
    found = next(iter(profiles.by_ids(db, [profile_id])), None)
    if found is None:
        raise UserMistake(say("This profile is no longer in the desk. Nothing was changed."))
    return found


def the_person(db: Desk, person_id: int) -> Person:
    """Raises UserMistake if they are no longer there."""
    found = people.get(db, person_id)
    if found is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was changed."))
    return found


def _bucket(db: Desk, bucket_id: int) -> Bucket:
    found = next((bucket for bucket in buckets.every(db) if bucket.id == bucket_id), None)
    if found is None:
        raise UserMistake(say("This bucket is no longer there. Nothing was changed."))
    return found


def _set_person(d: Decision, profile: Stored, person_id: int | None, how: str, by: str = "user") -> None:
    d.update(
        "profiles", {"id": profile.id},
        {"person_id": person_id, "company_id": None, "linked_how": how, "linked_by": by if how else "", "settled": ""},
    )  # fmt: skip


def _follow(d: Decision, profile: Stored, person_id: int) -> None:
    """What is certainly the same one's as this profile goes with it, as part of the same decision, and is not asked about again."""
    from relationdesk.services import matching  # see `_companions`

    fresh = [profile.profile]
    while fresh:
        found = matching.following(d.db, person_id, fresh)
        for stored, how in found.values():
            _set_person(d, stored, person_id, how, by="place")
        caches.changed_hands(d.db, found, [person_id])
        fresh = [stored.profile for stored, _ in found.values()]


def _company_for(d: Decision, name: str, now: int) -> int | None:
    """The company of that name, made as part of the decision if there is none."""
    called = one_line(name, LONGEST_COMPANY)
    if not called:
        return None
    found = people.company_by_name(d.db, called)
    return found.id if found else d.insert("companies", {"uid": people.new_uid(), "name": called, "made_at": now})


def _ids(*person_ids: int | None) -> frozenset[int]:
    return frozenset(person_id for person_id in person_ids if person_id is not None)
