"""Kept apart: by names that survive restart, re-import and rename, in both directions and profile by profile."""

from __future__ import annotations

from collections.abc import Iterable

from relationdesk.model import Person
from relationdesk.services.emptied_people import emptied_by
from relationdesk.store import caches, people, profiles
from relationdesk.store.decision import Decision, Row
from relationdesk.store.profiles import Stored


def do_keep_apart(d: Decision, told: Row) -> None:
    """The rows of keeping profiles ("with", among them "profile") apart from "person", from the profiles that are theirs now; nothing
    where one of the two is not there."""
    db, now = d.db, int(str(told["at"]))
    person = people.get(db, int(str(told["person"])))
    together = profiles.by_ids(db, ids_of(told["with"]))
    profile = next((one for one in together if one.id == told["profile"]), None)
    if person is None or profile is None:
        return
    emptied = emptied_by(db, profile)
    for one in together:
        keep(d, one, f"person:{person.uid}", now)
        for theirs in profiles.of_person(db, person.id):
            if theirs.id != one.id:
                keep(d, one, ref(theirs), now)
                keep(d, theirs, ref(one), now)
    if profile.person_id == person.id:
        d.update(
            "profiles", {"id": profile.id},
            {"person_id": None, "company_id": None, "linked_how": "", "linked_by": "", "settled": ""},
        )  # fmt: skip
        emptied.go(d)
        caches.changed_hands(db, [profile.id], [person.id])


def do_unlink(d: Decision, told: Row) -> None:
    """The rows of taking a profile from whoever has it now, and keeping it apart from them; nothing where it is nobody's."""
    profile = next(iter(profiles.by_ids(d.db, [int(str(told["profile"]))])), None)
    person = people.get(d.db, profile.person_id) if profile is not None and profile.person_id is not None else None
    if profile is None or person is None:
        return
    emptied = emptied_by(d.db, profile)
    d.update("profiles", {"id": profile.id}, {"person_id": None, "company_id": None, "linked_how": "", "linked_by": "", "settled": ""})
    keep(d, profile, f"person:{person.uid}", int(str(told["at"])))
    emptied.go(d)
    caches.changed_hands(d.db, [profile.id], [person.id])


def both_ways(d: Decision, one: Person, other: Person, now: int) -> None:
    """Neither the profiles of one nor those of the other come to the other by themselves."""
    ones, others = profiles.of_person(d.db, one.id), profiles.of_person(d.db, other.id)
    for mine, theirs, person in ((ones, others, other), (others, ones, one)):
        for stored in mine:
            for apart in (f"person:{person.uid}", *map(ref, theirs)):
                keep(d, stored, apart, now)


def lift(d: Decision, into: Person, gone: Person) -> None:
    """What was kept apart between the two is so no longer; who was kept apart from `gone` is kept apart from `into`."""
    db = d.db
    refs = {person.id: {ref(stored) for stored in profiles.of_person(db, person.id)} for person in (into, gone)}
    for person, other in ((into, gone), (gone, into)):
        between = {f"person:{other.uid}", *refs[other.id]}
        for place_id, native_id, apart in db.execute(
            "SELECT k.place_id, k.native_id, k.other FROM kept_apart k JOIN profiles q USING (place_id, native_id) WHERE q.person_id = ? "
            "ORDER BY k.place_id, k.native_id, k.other",
            (person.id,),
        ).fetchall():
            if apart in between:
                d.delete("kept_apart", {"place_id": place_id, "native_id": native_id, "other": apart})
    for place_id, native_id, at in db.execute(
        "SELECT place_id, native_id, at FROM kept_apart WHERE other = ? ORDER BY place_id, native_id", (f"person:{gone.uid}",)
    ).fetchall():
        key: Row = {"place_id": place_id, "native_id": native_id}
        d.delete("kept_apart", {**key, "other": f"person:{gone.uid}"})
        _insert(d, {**key, "other": f"person:{into.uid}"}, at)


def allow(d: Decision, profile: Stored, person: Person) -> None:
    """An earlier refusal between the two is lifted, for all that is theirs."""
    place_id = profiles.place_id(d.db, profile.profile.key.place)
    d.delete("kept_apart", {"place_id": place_id, "native_id": profile.profile.key.native_id, "other": f"person:{person.uid}"})
    for theirs in profiles.of_person(d.db, person.id):
        for one, other in ((profile, theirs), (theirs, profile)):
            at = profiles.place_id(d.db, one.profile.key.place)
            d.delete("kept_apart", {"place_id": at, "native_id": one.profile.key.native_id, "other": ref(other)})


def keep(d: Decision, stored: Stored, other: str, now: int) -> None:
    """other: "person:<uid>" or as `ref` names a profile."""
    key: Row = {"place_id": profiles.place_id(d.db, stored.profile.key.place), "native_id": stored.profile.key.native_id, "other": other}
    _insert(d, key, now)


def _insert(d: Decision, key: Row, at: int) -> None:
    found = d.db.execute("SELECT 1 FROM kept_apart WHERE place_id = :place_id AND native_id = :native_id AND other = :other", key)
    if found.fetchone() is None:
        d.insert("kept_apart", {**key, "at": at}, key=("place_id", "native_id", "other"))
    else:
        d.affirm("kept_apart", key)


def ref(stored: Stored) -> str:
    return f"profile:{stored.profile.key.place}/{stored.profile.key.native_id}"


def ids_of(value: object) -> list[int]:
    """Row ids as they were told to a compound."""
    return [int(str(id_)) for id_ in value] if isinstance(value, Iterable) and not isinstance(value, str) else []
