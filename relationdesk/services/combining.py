"""Two people made one, and one made two. Nothing is dropped, and either can be taken back at any later time.

What is written or read later stays where it belongs: a note with whom it was written for, a profile with the one it goes with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Note, Person
from relationdesk.saying import say
from relationdesk.services import agreed, apart, holding
from relationdesk.services.wishes import rhythm_in_words
from relationdesk.store import caches, decision, ledger, notes, people, profiles, roles, spans, wishes
from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision, Row
from relationdesk.store.profiles import Stored
from relationdesk.store.timekey import seconds
from relationdesk.text import fold, one_line

CARRIED = ("profiles", "notes", "wishes", "tasks", "particulars", "outbox", "buckets", "tags", "answers")
"""What goes along, in the order in which it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a combining would do. into: who stays; gone: who becomes part of them. conflicts: (what, theirs, the other's), where both
    say something else; the first stands on the card, the second is kept beside it. carried: how many of each of CARRIED go along."""

    into: Person
    gone: Person
    conflicts: tuple[tuple[str, str, str], ...]
    carried: tuple[tuple[str, int], ...]


def preview(db: Desk, into_id: int, gone_id: int) -> Preview:
    """Raises UserMistake where the two cannot be combined."""
    into, gone = _two(db, into_id, gone_id)
    counts = {
        "profiles": len({held.profile_id for held in spans.of_person(db, gone.id)}),
        "notes": _count(db, "SELECT count(*) FROM notes WHERE person_id = ? AND trashed_at IS NULL", gone.id),
        "buckets": _count(db, "SELECT count(*) FROM bucket_people WHERE person_id = ?", gone.id),
        "tags": len(gone.tags),
        "wishes": _count(db, "SELECT count(*) FROM wishes WHERE person_id = ?", gone.id),
        "tasks": _count(db, "SELECT count(*) FROM tasks WHERE person_id = ?", gone.id),
        "particulars": _count(db, "SELECT count(*) FROM particulars WHERE person_id = ?", gone.id),
        "outbox": _count(db, "SELECT count(*) FROM outbox WHERE person_id = ? AND state NOT IN ('sent', 'given up')", gone.id),
        "answers": _count(db, "SELECT count(*) FROM prompt_answers WHERE person_uid = ?", gone.uid),
    }
    return Preview(
        into=into, gone=gone, conflicts=_conflicts(db, into, gone),
        carried=tuple((what, counts[what]) for what in CARRIED),
    )  # fmt: skip


def _conflicts(db: Desk, into: Person, gone: Person) -> tuple[tuple[str, str, str], ...]:
    """What is said of both, and not the same: (what, what stands in the end, what is kept beside it)."""
    wanted = [wishes.own_rhythm(db, person.id) for person in (into, gone)]
    often, other = (rhythm_in_words(own[1]) if own else "" for own in wanted)
    title, company = roles.of_both(db, into.id, gone.id)
    said = (
        ("name", into.name, gone.name), ("title", *_standing(title, into.title, gone.title)),
        ("company", *_standing(company, into.company, gone.company)), ("rhythm", often, other),
    )  # fmt: skip
    return tuple(one for one in said if one[1] and one[2] and one[1] != one[2])


def _standing(stands: str, *said: str) -> tuple[str, str]:
    return (said[1], said[0]) if roles.is_same(stands, said[1]) else (said[0], said[1])


def combine(db: Desk, into_id: int, gone_id: int, now: datetime) -> Changes:
    """Both are one human: everything of `gone` becomes `into`'s. Whoever is the owner of the desk stays, whichever was named first.

    Raises UserMistake where there are no two people.
    """
    into, gone = _two(db, into_id, gone_id)
    sentence = say("Combined {name} with {into_name}", name=gone.name, into_name=into.name) if gone.name != into.name else say("Combined two people called {name}", name=into.name)
    with ledger.decide(db, "combine", sentence, seconds(now)) as d:
        told: Row = {"into": into.id, "gone": gone.id, "at": seconds(now), "first": into_id}
        ledger.compound(d, told)
        do_combine(d, told)
    return Changes(everything=True, undo=sentence)


def combine_with(db: Desk, profile_id: int, person_id: int, now: datetime) -> Changes:
    """Whoever has this profile and that person are one human: everything becomes the person's. Raises UserMistake as `combine`."""
    found = next(iter(profiles.by_ids(db, [profile_id])), None)
    return combine(db, person_id, (found.person_id if found is not None else None) or 0, now)


def do_combine(d: Decision, told: Row) -> None:
    """The rows of a combining, from what there is now; nothing where one of the two is not there."""
    db = d.db
    into, gone = people.get(db, int(str(told["into"]))), people.get(db, int(str(told["gone"])))
    if into is None or gone is None:
        return
    named = (gone, into) if told.get("first") == gone.id else (into, gone)
    stays = _owner_first(*named)
    if stays != (into, gone):  # whose desk it is was decided otherwise meanwhile
        into, gone = stays
        db.execute("UPDATE compounds SET told = ? WHERE decision_id = ?", (json.dumps({**told, "into": into.id, "gone": gone.id}), d.id))
    moved = [held.profile_id for held in spans.of_person(db, gone.id)]
    apart.lift(d, into, gone)
    for id_ in profiles.ids_of_person(db, gone.id):
        d.update("profiles", {"id": id_}, {"person_id": into.id})
    _move_spans(d, gone.id, into.id, moved)
    _move_notes(d, [row[0] for row in db.execute("SELECT id FROM notes WHERE person_id = ? ORDER BY id", (gone.id,))], into.id)
    _move_outbox(d, [row[0] for row in db.execute("SELECT id FROM outbox WHERE person_id = ? ORDER BY id", (gone.id,))], into.id)
    _move_marks(d, gone, into)
    _move_answers(d, [row[0] for row in db.execute("SELECT key FROM prompt_answers WHERE person_uid = ?", (gone.uid,))], gone, into)
    _keep_words(d, into, gone)
    agreed.carry(d, gone.id, into.id)
    _move_draft(d, gone, into)
    if gone.is_me:
        d.update("people", {"id": gone.id}, {"is_me": 0})
        d.update("people", {"id": into.id}, {"is_me": 1})
    d.delete("people", {"id": gone.id})
    caches.moved(db, moved if into.is_me or gone.is_me else (), [into.id])


@dataclass(frozen=True, slots=True)
class Parts:
    """What can be chosen when one is made two. items: how many activities each profile has, by its id."""

    profiles: tuple[Stored, ...]
    notes: tuple[Note, ...]
    items: Mapping[int, int]


def parts_of(db: Desk, person_id: int) -> Parts:
    """Profiles by place; notes on the person, newest first."""
    theirs = profiles.of_time(db, person_id)
    counts = dict.fromkeys((stored.id for stored in theirs), 0)
    for held in spans.of_person(db, person_id):
        counts[held.profile_id] += spans.count(db, held)
    return Parts(tuple({stored.id: stored for stored in theirs}.values()), tuple(n for n in notes.of_person(db, person_id) if n.person_id == person_id), counts)


def split(
    db: Desk, person_id: int, profile_ids: Iterable[int], note_ids: Iterable[int], now: datetime, *, name: str = "", with_marks: bool = True,
    first: date | None = None, last: date | None = None,
) -> tuple[int, Changes]:  # fmt: skip
    """These profiles and notes are another human's: a new person; (id, what changed). Answers to prompts about what these profiles
    did go along; with_marks: buckets and tags are theirs, too. The two are kept apart from then on. first, last: of the profiles only what
    was between these days, both included; the rest stays.

    Raises UserMistake where nothing would go, or nothing would stay.
    """
    person = people.get(db, person_id)
    theirs = tuple({stored.id: stored for stored in profiles.of_time(db, person_id)}.values())
    chosen = [stored for stored in theirs if stored.id in set(profile_ids)]
    own_notes = {row[0]: row[1] for row in db.execute("SELECT id, uid FROM notes WHERE person_id = ?", (person_id,))}
    going = [own_notes[id_] for id_ in sorted(set(note_ids) & own_notes.keys())]
    if person is None or not chosen:
        raise UserMistake(say("Choose at least one profile that goes to the new person. Nothing was changed."))
    spans.refuse_turned(first, last)
    if len(chosen) == len(theirs) and first is None and last is None:
        raise UserMistake(say("At least one profile stays with {name}. Nothing was changed.", name=person.name))
    low, high = spans.starts(first), spans.ends(last)
    if not any(held.from_id < high and held.until_id > low for held in spans.of_person(db, person_id) if held.profile_id in {s.id for s in chosen}):
        raise UserMistake(say("In that time none of these profiles is {name}’s. Nothing was changed. Choose other days.", name=person.name))
    profile = chosen[0].profile
    called = one_line(name or profile.display_name or profile.handle or profile.key.native_id)
    sentence = say("Split {called} from {name}", called=called, name=person.name) if called != person.name else say("Split {called} into two people", called=called)
    with ledger.decide(db, "split", sentence, seconds(now)) as d:
        told: Row = {
            "of": person.id, "to": decision.free_id(db, "people"), "uid": people.new_uid(), "name": called,
            "profiles": [stored.id for stored in chosen], "notes": going, "marks": with_marks, "at": seconds(now),
            "from": low, "until": high,
        }  # fmt: skip
        ledger.compound(d, told)
        do_split(d, told)
    return int(str(told["to"])), Changes(everything=True, undo=sentence)


def do_split(d: Decision, told: Row) -> None:
    """The rows of a splitting, from what there is now; nothing where none of the chosen profiles are that person's any more."""
    db, now = d.db, int(str(told["at"]))
    person = people.get(db, int(str(told["of"])))
    wanted = apart.ids_of(told["profiles"])
    chosen = sorted({held.profile_id for held in spans.of_person(db, person.id)} & set(wanted)) if person is not None else []
    if person is None or not chosen:
        return
    first = next(stored for stored in profiles.of_time(db, person.id) if stored.id in chosen)
    name, to = str(told["name"]), int(str(told["to"]))
    row: Row = {"uid": told["uid"], "name": name, "folded": fold(name), "is_me": 0, "batch_id": None, "made_at": now}
    if people.get(db, to) is None:
        d.insert("people", {"id": to, **row})
    else:
        d.make_again("people", {"id": to}, row)
    new = people.get(db, to)
    assert new is not None
    low, high = (int(str(told.get(name, edge))) for name, edge in (("from", spans.EVER), ("until", spans.FOREVER)))
    if (low, high) == (spans.EVER, spans.FOREVER):
        for id_ in profiles.ids_of_person(db, person.id):
            if id_ in chosen:
                d.update("profiles", {"id": id_}, {"person_id": to})
        _move_spans(d, person.id, to, chosen)
    else:
        for id_ in chosen:
            holding.write(d, id_, spans.passed_on(spans.pieces(db, id_), person.id, to, low, high), first.linked_how)
    apart.both_ways(d, person, new, now)
    going = [row[0] for row in db.execute(
        "SELECT id FROM notes WHERE person_id = ? AND uid IN (SELECT value FROM json_each(?)) ORDER BY id", (person.id, json.dumps(told["notes"]))
    )]  # fmt: skip
    _move_notes(d, going, to)
    if high == spans.FOREVER:  # what waits to go out is meant for whoever they belong to now
        _move_outbox(d, _outgoing_to(db, person.id, chosen), to)
    if told["marks"]:
        _copy_marks(d, person.id, to)
    agreed.part(d, person.id, to, new.uid, chosen, going, with_marks=bool(told["marks"]))
    _move_answers(d, _answers_about(db, person, chosen, low, high), person, new)
    caches.moved(db, chosen if person.is_me else (), [person.id, to])


def _move_spans(d: Decision, of: int, to: int, profile_ids: Iterable[int]) -> None:
    """What of these profiles was theirs for a time."""
    for id_ in sorted(set(profile_ids)):
        rows = d.db.execute("SELECT from_id FROM spans WHERE profile_id = ? AND person_id = ? ORDER BY from_id", (id_, of)).fetchall()
        for (from_id,) in rows:
            d.update("spans", {"profile_id": id_, "from_id": from_id}, {"person_id": to})


def _two(db: Desk, into_id: int, gone_id: int) -> tuple[Person, Person]:
    """(who stays, who becomes part of them)"""
    into, gone = people.get(db, into_id), people.get(db, gone_id)
    if into is None or gone is None:
        raise UserMistake(say("One of these people is no longer in the desk. Nothing was changed."))
    if into.id == gone.id:
        raise UserMistake(say("{name} is one person already. Nothing was changed.", name=into.name))
    return _owner_first(into, gone)


def _owner_first(into: Person, gone: Person) -> tuple[Person, Person]:
    return (gone, into) if gone.is_me else (into, gone)


def _move_notes(d: Decision, ids: Iterable[int], to: int) -> None:
    """Also those in the trash, so that they come back to the right one."""
    for id_ in ids:
        d.update("notes", {"id": id_}, {"person_id": to})
        notes.about_another(d.db, id_)


def _move_outbox(d: Decision, ids: Iterable[int], to: int) -> None:
    """What is on its way goes on, and is said to the right one."""
    for id_ in ids:
        d.update("outbox", {"id": id_}, {"person_id": to})


def _outgoing_to(db: Desk, person_id: int, profile_ids: Iterable[int]) -> list[int]:
    """What is said to that person in answer to what these profiles did, or to them by their ids or mail addresses."""
    rows = db.execute(
        "SELECT o.id FROM outbox o JOIN places l ON l.name = o.place WHERE o.person_id = ?1 AND (EXISTS (SELECT 1 FROM activities a WHERE "
        "a.place_id = l.id AND a.native_id = o.towards AND a.profile_id IN (SELECT value FROM json_each(?2))) OR EXISTS (SELECT 1 FROM "
        "json_each(o.recipients) r JOIN profiles q ON q.id IN (SELECT value FROM json_each(?2)) WHERE (q.place_id = l.id AND q.native_id = "
        "json_extract(r.value, '$[1]')) OR EXISTS (SELECT 1 FROM addresses d WHERE d.profile_id = q.id AND d.kind = 'mail' AND d.value = "
        "lower(json_extract(r.value, '$[1]'))))) ORDER BY o.id",
        (person_id, json.dumps([*profile_ids])),
    )
    return [row[0] for row in rows]


def _move_marks(d: Decision, gone: Person, into: Person) -> None:
    """Buckets, tags, @names and other words: each once."""
    db = d.db
    has = {row[0] for row in db.execute("SELECT bucket_id FROM bucket_people WHERE person_id = ?", (into.id,))}
    for bucket_id, at in db.execute("SELECT bucket_id, at FROM bucket_people WHERE person_id = ?", (gone.id,)).fetchall():
        d.delete("bucket_people", {"bucket_id": bucket_id, "person_id": gone.id})
        if bucket_id not in has:
            d.insert("bucket_people", {"bucket_id": bucket_id, "person_id": into.id, "at": at}, key=("bucket_id", "person_id"))
    for tag in gone.tags:
        d.delete("tags", {"person_id": gone.id, "tag": tag})
        if tag not in into.tags:
            d.insert("tags", {"person_id": into.id, "tag": tag}, key=("person_id", "tag"))
    notes.mention_instead(db, gone.id, into.id)


def _copy_marks(d: Decision, of: int, to: int) -> None:
    for bucket_id, at in d.db.execute("SELECT bucket_id, at FROM bucket_people WHERE person_id = ?", (of,)).fetchall():
        d.insert("bucket_people", {"bucket_id": bucket_id, "person_id": to, "at": at}, key=("bucket_id", "person_id"))
    for (tag,) in d.db.execute("SELECT tag FROM tags WHERE person_id = ? ORDER BY tag", (of,)).fetchall():
        d.insert("tags", {"person_id": to, "tag": tag}, key=("person_id", "tag"))


def _answers_about(db: Desk, person: Person, profile_ids: Iterable[int], low: int, high: int) -> list[str]:
    """Keys of answers to prompts about what these profiles did between two positions; such a key ends in place/native id."""
    rows = db.execute(
        "SELECT r.key FROM (SELECT key, substr(key, length(rule) + length(person_uid) + 3) AS ref FROM prompt_answers WHERE person_uid = ?) r "
        "JOIN places l ON l.name = substr(ref, 1, instr(ref, '/') - 1) JOIN activities a ON a.place_id = l.id AND "
        "a.native_id = substr(ref, instr(ref, '/') + 1) WHERE a.profile_id IN (SELECT value FROM json_each(?)) AND a.id >= ? AND a.id < ? ORDER BY r.key",
        (person.uid, json.dumps([*profile_ids]), low, high),
    )
    return [row[0] for row in rows]


def _move_answers(d: Decision, keys: Iterable[str], of: Person, to: Person) -> None:
    """A prompt that was done, put off or forbidden stays so; where both had answered, the answer of `to` stands."""
    for key in keys:
        rule, answer, until, at = d.db.execute("SELECT rule, answer, until, at FROM prompt_answers WHERE key = ?", (key,)).fetchone()
        d.delete("prompt_answers", {"key": key})
        moved = key.replace(of.uid, to.uid)
        if not d.db.execute("SELECT 1 FROM prompt_answers WHERE key = ?", (moved,)).fetchone():
            d.insert(
                "prompt_answers",
                {"key": moved, "rule": rule, "person_uid": to.uid, "answer": answer, "until": until, "at": at}, key=("key",),
            )  # fmt: skip


def _keep_words(d: Decision, into: Person, gone: Person) -> None:
    """What is said of both stands beside each other: what the user wrote of one of them is said of both, what they wrote otherwise of the
    other, and the other's name, is kept as variants. What places tell goes along with its profiles."""
    written, also = (roles.own_words(d.db, person.id) for person in (into, gone))
    taken: Row = {f"own_{what}": text for what, text in also.items() if what not in written}
    if taken:
        d.update("people", {"id": into.id}, taken)
    beside = [(what, text) for what, text in also.items() if text and written.get(what, text) != text]
    theirs = d.db.execute("SELECT what, value FROM variants WHERE person_id = ? ORDER BY what, value", (gone.id,)).fetchall()
    there = set(d.db.execute("SELECT what, value FROM variants WHERE person_id = ?", (into.id,)))
    for what, value in theirs:
        d.delete("variants", {"person_id": gone.id, "what": what, "value": value})
    others = [(what, other) for what, _, other in _conflicts(d.db, into, gone) if what in ("name", "rhythm")]
    kept = [("uid", gone.uid), *theirs, *beside, *others]
    for what, value in dict.fromkeys(kept):
        if (what, value) not in there:
            d.insert("variants", {"person_id": into.id, "what": what, "value": value}, key=("person_id", "what", "value"))


def _move_draft(d: Decision, gone: Person, into: Person) -> None:
    """What is being typed about one of them goes on about the other; two texts become one, so that no word is lost."""
    of: Row = {"slot": f"person:{gone.uid}"}
    to: Row = {"slot": f"person:{into.uid}"}
    question = "SELECT text, kind, minutes, happened_at, saved_at FROM drafts WHERE slot = :slot"
    typed, there = d.db.execute(question, of).fetchone(), d.db.execute(question, to).fetchone()
    if typed is None:
        return
    d.delete("drafts", of)
    if there is None:
        d.insert("drafts", {**to, **dict(zip(("text", "kind", "minutes", "happened_at", "saved_at"), typed, strict=True))}, key=("slot",))
    else:
        d.update("drafts", to, {"text": "\n\n".join(text for text in (there[0], typed[0]) if text)})


def _count(db: Desk, question: str, value: object) -> int:
    return int(db.execute(question, (value,)).fetchone()[0])
