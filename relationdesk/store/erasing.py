"""The rows of a person who is forgotten, in every table, and the bytes that deleted rows leave in the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from relationdesk.errors import StoreUnusable
from relationdesk.model import Key, Kind, Person
from relationdesk.saying import say
from relationdesk.store import profiles, routes, spans, spending, withdrawals
from relationdesk.store.csv_changes import WORK
from relationdesk.store.database import Desk, connect_readonly

_IDS = "(SELECT value FROM json_each(:ids))"
_PART = "(SELECT value FROM json_each(:part))"


def _in_their_time(position: str, profile: str) -> str:
    """SQL: of a profile that is or was somebody else's as well."""
    return f"({profile} IN {_PART} AND (SELECT {spans.holder(position, 'own')} FROM profiles own WHERE own.id = {profile}) = :id)"


_TOWARDS = f"(x.profile_id IN {_IDS} OR {_in_their_time('x.activity_id', 'x.profile_id')})"
_CONNECTED = f"(SELECT id FROM kinds WHERE name = '{Kind.CONNECTION.value}')"
_THEIRS = (
    f"SELECT a.id FROM activities a WHERE a.profile_id IN {_IDS} UNION SELECT a.id FROM activities a WHERE {_in_their_time('a.id', 'a.profile_id')} "
    f"UNION SELECT a.id FROM participants x JOIN activities a ON a.id = x.activity_id WHERE x.profile_id IN (SELECT value FROM json_each(:ids) UNION "
    f"ALL SELECT value FROM json_each(:part)) AND {_TOWARDS} AND (a.audience = 2 OR a.kind = {_CONNECTED}) AND NOT EXISTS (SELECT 1 FROM participants x WHERE "
    f"x.activity_id = a.id AND NOT {_TOWARDS})"
)
"""What they did, what was said privately to nobody but them, and that somebody is connected with them."""


class Reach(NamedTuple):
    """Profiles that go: wholly, and those that are or were somebody else's as well, of which only the time goes in which they were theirs."""

    whole: tuple[int, ...]
    part: tuple[int, ...]


def reach(db: Desk, person_id: int) -> Reach:
    held = {one.profile_id for one in spans.of_person(db, person_id)}
    part = {id_ for id_ in held if spans.holders(db, [id_]) - {person_id} or any(whose == spans.GONE for *_, whose in spans.pieces(db, id_))}
    return Reach(tuple(sorted(held - part)), tuple(sorted(part)))


_UIDS = "SELECT :uid UNION SELECT value FROM variants WHERE person_id = :id AND what = 'uid'"
"""Theirs, and of those who became part of them."""


def count_activities(db: Desk, person: Person, of: Reach) -> int:
    """Of theirs, and those that were meant for nobody else."""
    return int(db.execute(f"SELECT count(*) FROM ({_THEIRS})", _values(person, of)).fetchone()[0])


def _values(person: Person, of: Reach) -> dict[str, object]:
    return {"ids": json.dumps(of.whole), "part": json.dumps(of.part), "id": person.id}


def count_mentions(db: Desk, person: Person, of: Reach) -> int:
    """Activities, notes, follow-ups and particulars of or about others, and templates, in which the name stands as it is written on the desk."""
    values = {**_values(person, of), "name": person.name}
    (said,) = db.execute(
        f"SELECT count(*) FROM activities a WHERE (instr(a.text, :name) OR instr(a.title, :name)) AND a.id NOT IN ({_THEIRS})", values
    ).fetchone()
    (noted,) = db.execute(
        "SELECT (SELECT count(*) FROM notes WHERE instr(text, :name) AND person_id IS NOT :id) + (SELECT count(*) FROM tasks WHERE instr(text, :name) "
        "AND person_id IS NOT :id) + (SELECT count(*) FROM particulars WHERE instr(text, :name) AND person_id <> :id) + (SELECT count(*) FROM templates "
        "WHERE instr(text, :name) OR instr(subject, :name) OR instr(name, :name))", values,
    ).fetchone()  # fmt: skip
    return int(said) + int(noted)


def erase(db: Desk, person: Person, of: Reach) -> set[int]:
    """Remove every row of theirs; ids of other people whose caches hang on that. Inside `transaction`.

    What others said and what the user noted about others stays, also where it names them.
    """
    profile_ids = of.whole
    words = _words(db, person, profile_ids)
    values = {**_values(person, of), "uid": person.uid, "slot": f"person:{person.uid}"}
    _forget_decisions(db, person, profile_ids, words)
    whose = spans.holder("x.activity_id", "q")
    touched = {row[0] for row in db.execute(
        f"SELECT DISTINCT {whose} FROM participants x JOIN profiles q ON q.id = x.profile_id WHERE {whose} IS NOT NULL AND {whose} <> :id AND "
        f"x.activity_id IN ({_THEIRS})", values,
    )}  # fmt: skip
    db.execute("CREATE TEMP TABLE erased_activities(id INTEGER PRIMARY KEY)")
    db.execute(f"INSERT INTO erased_activities {_THEIRS}", values)
    native = "SELECT a.place_id, a.native_id FROM activities a JOIN erased_activities e ON e.id = a.id"
    own = f"SELECT place_id, native_id FROM profiles WHERE id IN {_IDS}"
    for tbl, keys in ((2, native), (1, own), (5, own), (4, own), (WORK, own)):
        for table in ("sightings", "overwritten", "revisions"):
            db.execute(f"DELETE FROM {table} WHERE tbl = {tbl} AND (place_id, native_id) IN ({keys})", values)
    withdrawals.forget(db, own, values)
    db.execute("DELETE FROM overwritten WHERE tbl = 3 AND native_id = :uid", values)
    db.execute(f"DELETE FROM kept_apart WHERE (place_id, native_id) IN ({own}) OR other = :slot", values)
    for stored in profiles.by_ids(db, profile_ids):
        place, native_id = stored.profile.key
        db.execute("DELETE FROM kept_apart WHERE other = ?", (f"profile:{place}/{native_id}",))
        spending.forget_who(db, native_id)
        db.execute("DELETE FROM streams WHERE profile_place = ? AND profile_native_id = ?", (place, native_id))
    db.execute(f"DELETE FROM routes WHERE (place_id, native_id) IN ({native})")
    db.execute(f"DELETE FROM routes WHERE ((SELECT id FROM places WHERE name = profile_place), profile_native_id) IN ({own})", values)
    db.execute(f"DELETE FROM captures WHERE profile_id IN {_IDS} OR ((SELECT place_id FROM profiles q WHERE q.id = profile_id), native_id) IN ({native})", values)
    them = {stored.profile.key for stored in profiles.by_ids(db, profile_ids)}
    for id_, whom in db.execute("SELECT id, whom FROM captures WHERE whom <> '[]'").fetchall():
        db.execute("UPDATE captures SET whom = ? WHERE id = ?", (json.dumps([one for one in json.loads(whom) if Key(*one[:2]) not in them]), id_))
    db.execute("DELETE FROM activities_spaced WHERE rowid IN (SELECT id FROM erased_activities)")
    db.execute("DELETE FROM activities WHERE id IN (SELECT id FROM erased_activities)")
    db.execute("DROP TABLE erased_activities")
    db.execute(f"DELETE FROM participants AS x WHERE {_TOWARDS}", values)
    _forget_times(db, person, of.part)
    db.execute(f"DELETE FROM coverage WHERE profile_id IN {_IDS}", values)
    db.execute("DELETE FROM notes_fts WHERE rowid IN (SELECT id FROM notes WHERE person_id = :id)", values)
    db.execute("DELETE FROM drafts WHERE slot = :slot OR slot IN (SELECT 'note:' || uid FROM notes WHERE person_id = :id)", values)
    for statement in (
        "DELETE FROM note_mentions WHERE person_id = :id", "DELETE FROM notes WHERE person_id = :id", "DELETE FROM tags WHERE person_id = :id",
        "DELETE FROM wishes WHERE person_id = :id", "DELETE FROM rhythms WHERE person_id = :id", "DELETE FROM tasks WHERE person_id = :id",
        "DELETE FROM particulars WHERE person_id = :id",
        "DELETE FROM outbox WHERE person_id = :id", "DELETE FROM bucket_people WHERE person_id = :id",
        "DELETE FROM prompt_answers WHERE person_uid = :uid", f"DELETE FROM tellings WHERE profile_id IN {_IDS}", f"DELETE FROM life_days WHERE profile_id IN {_IDS}",
        f"DELETE FROM profiles WHERE id IN {_IDS}",
        f"DELETE FROM round_stops WHERE person_uid IN ({_UIDS})", f"DELETE FROM round_visits WHERE person_uid IN ({_UIDS})",
        "DELETE FROM variants WHERE person_id = :id", "DELETE FROM people WHERE id = :id",
    ):  # fmt: skip
        db.execute(statement, values)
    _forget_searches(db, words)
    _forget_reports(db, words)
    return touched


def _forget_times(db: Desk, person: Person, profile_ids: Sequence[int]) -> None:
    """Of profiles that are somebody else's as well: what they told of themselves while they were this person's, and whose they were then."""
    for id_ in profile_ids:
        for low, high, whose in spans.pieces(db, id_):
            if whose != person.id:
                continue
            since = -1 if low <= spans.EVER else spans.second_of(low)
            db.execute("DELETE FROM tellings WHERE profile_id = ? AND at >= ? AND at < ?", (id_, since, spans.second_of(high)))
            db.execute("DELETE FROM spans WHERE profile_id = ? AND from_id = ?", (id_, low))
            db.execute("INSERT INTO spans(profile_id, from_id, until_id, forgotten) VALUES (?,?,?,1)", (id_, low, high))
        db.execute("UPDATE profiles SET person_id = NULL, linked_how = '', linked_by = '' WHERE id = ? AND person_id = ?", (id_, person.id))
        db.execute("UPDATE profiles SET display_name = '', folded = '', title = '', bio = '' WHERE id = ? AND display_name = ?", (id_, person.name))


def scrub(db: Desk) -> None:
    """Write the file anew, so that nothing of deleted rows is left in it, in the index or in the journal. Outside any transaction.

    Raises StoreUnusable where there is no room for that; what was deleted is deleted all the same.
    """
    try:
        for index in ("activities_fts", "activities_spaced", "notes_fts"):
            db.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
        db.execute("VACUUM")
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as e:
        raise StoreUnusable(
            say("They are forgotten, but traces are left in the desk's file, because it could not be written anew. Make room on the disk, and forget anybody else, or run `check`, to have it written anew.")
        ) from e
    if busy:
        raise StoreUnusable(
            say("They are forgotten, but traces are left in the file beside the desk until every window on it is closed. Close it, then open it again.")
        )


def uids(db: Desk, person: Person) -> list[str]:
    """Theirs, and of those who became part of them."""
    return [row[0] for row in db.execute(_UIDS, {"uid": person.uid, "id": person.id})]


def holds(copy: Path, uids: Sequence[str], keys: Sequence[Key]) -> bool:
    """Whether a copy of the desk holds that person, or a profile of theirs; True also for one that cannot be read, because it may."""
    try:
        db = connect_readonly(copy)
        try:
            return bool(db.execute(
                "SELECT EXISTS (SELECT 1 FROM people WHERE uid IN (SELECT value FROM json_each(?))) OR EXISTS (SELECT 1 FROM json_each(?) k JOIN "
                "places l ON l.name = json_extract(k.value, '$[0]') JOIN profiles q ON q.place_id = l.id AND q.native_id = json_extract(k.value, '$[1]'))",
                (json.dumps(uids), json.dumps(keys)),
            ).fetchone()[0])  # fmt: skip
        finally:
            db.close()
    except sqlite3.Error:
        return True


def _words(db: Desk, person: Person, profile_ids: Sequence[int]) -> tuple[str, ...]:
    """What names them and nobody else, for what was kept as text: uids, native ids, handles, addresses, names."""
    found = [person.uid, person.name, *(row[0] for row in db.execute("SELECT value FROM variants WHERE person_id = ? AND what IN ('uid', 'name')", (person.id,)))]
    for stored in profiles.by_ids(db, profile_ids):
        profile = stored.profile
        found += [profile.key.native_id, profile.handle, profile.display_name, profile.url, *(a.value for a in profile.addresses)]
    return tuple(sorted({word for word in found if len(word) > 3}))


def _forget_decisions(db: Desk, person: Person, profile_ids: Sequence[int], words: Sequence[str]) -> None:
    """Rows of decisions that are about them; a decision about nothing else goes with its sentence, of others the name goes."""
    notes = {row[0] for row in db.execute("SELECT id FROM notes WHERE person_id = ?", (person.id,))}
    them = _who_became(db, person.id)
    theirs = {"people": {person.id}, "profiles": set(profile_ids), "notes": notes, "routes": set(routes.of_person(db, person.id))}
    theirs["captures"] = {row[0] for row in db.execute(
        "SELECT id FROM captures WHERE profile_id IN (SELECT value FROM json_each(:ids)) UNION SELECT json_extract(key, '$.id') FROM decision_rows WHERE "
        "tbl = 'captures' AND coalesce(json_extract(after, '$.profile_id'), json_extract(before, '$.profile_id')) IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps([*profile_ids])},
    )}  # fmt: skip
    keys = {stored.profile.key for stored in profiles.by_ids(db, profile_ids)}
    said = "SELECT id, whom FROM captures UNION SELECT json_extract(key, '$.id'), json_extract(coalesce(after, before), '$.whom') FROM decision_rows WHERE tbl = 'captures'"
    theirs["captures"] |= {id_ for id_, whom in db.execute(said) if any(Key(*one[:2]) in keys for one in json.loads(whom or "[]"))}
    theirs["routes"] |= {row[0] for row in db.execute(
        "SELECT json_extract(r.key, '$.id') FROM decision_rows r JOIN profiles q ON q.id IN (SELECT value FROM json_each(?)) JOIN places l ON "
        "l.id = q.place_id WHERE r.tbl = 'routes' AND json_extract(coalesce(r.after, r.before), '$.profile_place') = l.name AND "
        "json_extract(coalesce(r.after, r.before), '$.profile_native_id') = q.native_id", (json.dumps([*profile_ids]),),
    )}  # fmt: skip
    for table in ("wishes", "rhythms", "tasks", "outbox", "particulars"):
        theirs[table] = {row[0] for row in db.execute(
            f"SELECT id FROM {table} WHERE person_id = :id UNION SELECT json_extract(key, '$.id') FROM decision_rows WHERE tbl = '{table}' AND "
            "coalesce(json_extract(after, '$.person_id'), json_extract(before, '$.person_id')) IN (SELECT value FROM json_each(:them))",
            {"id": person.id, "them": json.dumps(sorted(them))},
        )}  # fmt: skip
    compounds: set[int] = set()
    for id_, text in db.execute("SELECT decision_id, told FROM compounds").fetchall():
        told = json.loads(text)
        if {person.id} & {told.get(name) for name in ("into", "gone", "of", "to", "person")} or told.get("profile") in profile_ids:
            compounds.add(id_)
    own = set(db.execute("SELECT place_id, native_id FROM profiles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*profile_ids]),)))
    touched: set[int] = set(compounds)
    for id_, n, table, key_text, before, after in db.execute("SELECT decision_id, n, tbl, key, before, after FROM decision_rows").fetchall():
        states = [json.loads(text) for text in (key_text, before, after) if text]
        key = states[0]
        about = key.get("id") in theirs.get(table, ()) or key.get("profile_id") in theirs["profiles"] or key.get("note_id") in notes or any(state.get("person_id") in them for state in states)
        about |= (key.get("place_id"), key.get("native_id")) in own
        about |= table == "drafts" and id_ in compounds  # in which the words on two people became one text
        if about or any(word in text for text in (key_text, before, after) if text for word in _quoted(words)):
            db.execute("DELETE FROM decision_rows WHERE decision_id = ? AND n = ?", (id_, n))
            touched.add(id_)
    for id_ in compounds:
        db.execute("DELETE FROM compounds WHERE decision_id = ?", (id_,))
    for id_ in touched:
        if db.execute("SELECT 1 FROM decision_rows WHERE decision_id = ?", (id_,)).fetchone() is None:
            db.execute("DELETE FROM decisions WHERE id = ?", (id_,))
    for id_, sentence in db.execute("SELECT id, sentence FROM decisions").fetchall():
        if any(word in sentence for word in words):
            db.execute("UPDATE decisions SET sentence = ? WHERE id = ?", (_without(sentence, words), id_))


def _who_became(db: Desk, person_id: int) -> set[int]:
    """This person, and those who were made one with them."""
    found, fresh = {person_id}, {person_id}
    while fresh:
        fresh = {row[0] for row in db.execute(
            "SELECT json_extract(c.told, '$.gone') FROM compounds c JOIN decisions d ON d.id = c.decision_id AND d.undone_at IS NULL AND d.kind = 'combine' "
            "WHERE json_extract(c.told, '$.into') IN (SELECT value FROM json_each(?))", (json.dumps(sorted(fresh)),),
        )} - found  # fmt: skip
        found |= fresh
    return found


def _quoted(words: Sequence[str]) -> list[str]:
    """As they stand in JSON."""
    return [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]


def _forget_reports(db: Desk, words: Sequence[str]) -> None:
    """What was said of them elsewhere: to whom items of others were passed on, what imports refused and warned of, files that are
    called after them."""
    for id_, passed_to in db.execute("SELECT id, passed_to FROM routes WHERE passed_to <> ''").fetchall():
        if any(word in passed_to for word in words):
            db.execute("UPDATE routes SET passed_to = ? WHERE id = ?", (_without(passed_to, words), id_))
    for batch_id, n, where, reason in db.execute("SELECT batch_id, n, at_where, reason FROM rejects").fetchall():
        if any(word in where or word in reason for word in words):
            db.execute("UPDATE rejects SET at_where = ?, reason = ? WHERE batch_id = ? AND n = ?", (_without(where, words), _without(reason, words), batch_id, n))
    for batch_id, told in db.execute("SELECT batch_id, told FROM reports").fetchall():
        if any(word in told for word in (*words, *(json.dumps(word)[1:-1] for word in words))):
            plain = json.dumps(json.loads(told), ensure_ascii=False)
            db.execute("UPDATE reports SET told = ? WHERE batch_id = ?", (json.dumps(json.loads(_without(plain, _quoted(words)))), batch_id))
    for batch_id, name in db.execute("SELECT id, name FROM batches").fetchall():
        if any(word.casefold() in name.casefold() for word in words):
            db.execute("UPDATE batches SET name = '…' WHERE id = ?", (batch_id,))


def _forget_searches(db: Desk, words: Sequence[str]) -> None:
    """Rounds over a search for them, by their whole name or the beginning of it."""
    for id_, what in db.execute("SELECT id, what FROM rounds WHERE origin IN ('people', 'search')").fetchall():
        sought = what.casefold().strip()
        if sought and any(word.casefold() in sought or sought in word.casefold() for word in words):
            db.execute("UPDATE rounds SET what = '…', title = '…' WHERE id = ?", (id_,))


def _without(text: str, words: Sequence[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "…")
    return text
