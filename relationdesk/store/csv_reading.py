"""The way back of an export: rows of its CSV files into the tables of an empty desk, reference by reference.

Rows are streamed; what a row refers to is looked up by what the world calls it, never by an id of the exported desk.
A reference to something that is not there fails the table's own constraints, and with them the whole transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime

from relationdesk.model import DayKind, Kind
from relationdesk.store import caches, csv_decisions, notes, roles
from relationdesk.store.csv_changes import WORK
from relationdesk.store.csv_decisions import OF_DECISIONS, check
from relationdesk.store.csv_lines import unguard
from relationdesk.store.csv_settings import SET_BY_USER
from relationdesk.store.database import Desk
from relationdesk.store.people import folded_for, new_uid
from relationdesk.store.scripts import indexed, is_apart
from relationdesk.store.staging import AUDIENCES, ROLES
from relationdesk.store.timekey import PRECISIONS, seconds
from relationdesk.text import fold

Cells = Mapping[str, str]
Values = dict[str, object]

_PLACE = "(SELECT id FROM places WHERE name = :{0})"
_PROFILE = "(SELECT id FROM profiles WHERE place_id = (SELECT id FROM places WHERE name = :{0}) AND native_id = :{1})"
_ACTIVITY = (
    "(SELECT id FROM activities WHERE place_id = (SELECT id FROM places WHERE name = :place) AND native_id = :native_id)"
)
_PERSON = "(SELECT id FROM people WHERE uid = :person_uid)"
_COMPANY = "(SELECT id FROM companies WHERE uid = :company_uid)"
_BUCKET = "(SELECT id FROM buckets WHERE uid = :bucket_uid)"
_NOTE = "(SELECT id FROM notes WHERE uid = :note_uid)"
_ROUND = "(SELECT id FROM rounds WHERE uid = :round_uid)"
_WHERE_PROFILE = "place_id = (SELECT id FROM places WHERE name = :place) AND native_id = :native_id"

_INSERTS = {
    "companies": "INSERT INTO companies(id, uid, name, is_key, made_at) VALUES (:relationdesk_row, :relationdesk_uid, :name, :is_key, :made_at)",
    "people": "INSERT INTO people(id, uid, name, folded, title, company_id, own_title, own_company, is_me, looked_at, made_at) VALUES "
    f"(:relationdesk_row, :person_uid, :name, :folded, :title, {_COMPANY}, iif(instr(:own_words, 'title'), :title, NULL), iif(instr(:own_words, 'company'), :company, NULL), "
    ":is_me, :looked_at, :made_at)",
    "profiles": "INSERT INTO profiles(id, place_id, native_id, handle, display_name, folded, url, bio, title, company, known, "
    f"is_company, is_owner) VALUES (:relationdesk_row, {_PLACE.format('place')}, :native_id, :handle, :display_name, :folded, :url, :bio, "
    ":title, :company, :known, :is_company, :is_owner)",
    "addresses": f"INSERT INTO addresses VALUES ({_PROFILE.format('place', 'native_id')}, :kind, :value, :vouched)",
    "stand_ins": f"INSERT INTO stand_ins(profile_id, at) VALUES ({_PROFILE.format('place', 'native_id')}, :relationdesk_at)",
    "tellings": "INSERT INTO tellings(profile_id, at, batch_id, name, title, company) SELECT q.id, :told_at, (SELECT count(*) FROM tellings) - 2000000000, "
    f":display_name, :title, :company FROM profiles q WHERE q.id = {_PROFILE.format('place', 'native_id')}",
    "life_days": "INSERT INTO life_days(profile_id, kind, batch_id, at, month, day, year) SELECT q.id, :life_day, (SELECT count(*) FROM life_days) - "
    f"2000000000, :told_at, :month, :day, :year FROM profiles q WHERE q.id = {_PROFILE.format('place', 'native_id')}",
    "work_changes": f"INSERT INTO overwritten(batch_id, tbl, place_id, native_id, before) VALUES (-:noticed_at, {WORK}, {_PLACE.format('place')}, :native_id, "
    "json_object('title', :title, 'company', :company))",
    "links": f"UPDATE profiles SET person_id = {_PERSON}, company_id = {_COMPANY}, linked_how = :how, linked_by = :by, "
    f"settled = :settled WHERE {_WHERE_PROFILE}",
    "spans": "INSERT INTO spans(profile_id, from_id, until_id, person_id, forgotten) VALUES "
    f"({_PROFILE.format('place', 'native_id')}, :from_position, :until_position, {_PERSON}, :is_forgotten)",
    "variants": f"INSERT INTO variants(person_id, what, value) VALUES ({_PERSON}, :what, :value)",
    "buckets": "INSERT INTO buckets(id, uid, name, colour, position) VALUES (:relationdesk_row, :relationdesk_uid, :name, :colour, :position)",
    "bucket_people": "INSERT INTO bucket_people(bucket_id, person_id, at) VALUES "
    f"({_BUCKET}, {_PERSON}, :at)",
    "rhythms": "INSERT INTO rhythms(id, person_id, bucket_id, wished_days, longest_days, as_they_do) VALUES "
    f"(:relationdesk_row, {_PERSON}, {_BUCKET}, :wished_days, :longest_days, :as_they_do)",
    "steps": f"INSERT INTO steps(bucket_id, step) VALUES ({_BUCKET}, :relationdesk_step)",
    "wishes": "INSERT INTO wishes(id, uid, person_id, places, every_days, not_until, opted_out, said, source, place, native_id, saved_at) VALUES "
    f"(:relationdesk_row, :relationdesk_uid, {_PERSON}, :places, :every_days, :not_until, :opted_out, :said, :source, :place, :native_id, :saved_at)",
    "tasks": "INSERT INTO tasks(id, uid, person_id, company_id, text, mine, due, due_minute, every, month_day, from_done, note_uid, note_line, is_edited, "
    f"done_at, made_at) VALUES (:relationdesk_row, :relationdesk_uid, {_PERSON}, {_COMPANY}, :text, :mine, :due, :due_minute, :every, :month_day, :from_done, :note_uid, "
    ":note_line, :is_edited, :done_at, :made_at)",
    "reminders": "INSERT INTO reminders(key, at) VALUES (:relationdesk_key, :at)",
    "tags": f"INSERT INTO tags(person_id, tag) VALUES ({_PERSON}, :tag)",
    "activities": "INSERT INTO activities(id, profile_id, place_id, native_id, kind, published, precision, audience, "
    "towards, title, text, url, in_reply_to, thread, extra) VALUES (:position, "
    f"{_PROFILE.format('actor_place', 'actor_native_id')}, {_PLACE.format('place')}, :native_id, "
    "(SELECT id FROM kinds WHERE name = :kind), :published, :precision, :audience, :towards, :title, :text, :url, "
    ":in_reply_to, :thread, :extra)",
    "participants": "INSERT INTO participants(profile_id, activity_id, role) VALUES "
    f"({_PROFILE.format('who_place', 'who_native_id')}, {_ACTIVITY}, :role)",
    "captures": "INSERT INTO captures(id, uid, profile_id, native_id, marks, kind, published, precision, audience, title, text, url, saved_at, "
    f"brought_by, told_by, whom) VALUES (:relationdesk_row, :relationdesk_uid, {_PROFILE.format('place', 'actor_native_id')}, :native_id, :marks, :kind, :published, "
    ":precision, :audience, :title, :text, :url, :saved_at, iif(:brought, 0, NULL), :told_by, :whom)",
    "routes": "INSERT INTO routes(id, uid, place_id, native_id, profile_place, profile_native_id, kind, remark, passed_to, passed_at, answered_at, "
    f"made_at) VALUES (:relationdesk_row, :relationdesk_uid, {_PLACE.format('place')}, :native_id, :who_place, :who_native_id, :kind, :remark, :passed_to, "
    ":passed_at, :answered_at, :made_at)",
    "notes": "INSERT INTO notes(id, uid, person_id, company_id, kind, text, minutes, happened_at, saved_at, trashed_at) VALUES "
    f"(:relationdesk_row, :note_uid, {_PERSON}, {_COMPANY}, :kind, :text, :minutes, :happened_at, :saved_at, :trashed_at)",
    "note_mentions": f"INSERT INTO note_mentions(note_id, person_id) VALUES ({_NOTE}, {_PERSON})",
    "note_versions": "INSERT INTO note_versions(note_id, n, saved_at, text, kind) VALUES "
    f"({_NOTE}, :n, :saved_at, :text, :kind)",
    "drafts": "INSERT INTO drafts(slot, text, kind, minutes, happened_at, saved_at) VALUES "
    "(:relationdesk_slot, :text, :kind, :minutes, :happened_at, :saved_at)",
    "outbox": "INSERT INTO outbox(id, uid, person_id, place, login, deed, towards, subject, text, recipients, audience, state, made_at, saved_at, "
    f"queued, tries, tried_at, is_unsure, failure, native_id, url, sent_at) VALUES (:relationdesk_row, :relationdesk_uid, {_PERSON}, :place, :login, :deed, "
    ":answered, :subject, :text, :recipients, :audience, :state, :made_at, :saved_at, :queued, :tries, :tried_at, :is_unsure, :failure, "
    ":native_id, :url, :sent_at)",
    "prompt_answers": "INSERT INTO prompt_answers(key, rule, person_uid, answer, until, at) VALUES "
    "(:key, :rule, :person_uid, :answer, :until, :at)",
    "rounds": "INSERT INTO rounds(id, uid, origin, what, title, minutes, started_at, touched_at, stands, ended_at, again_on) VALUES "
    "(:relationdesk_row, :relationdesk_uid, :origin, :what, :title, :minutes, :started_at, :touched_at, :stands, :ended_at, :again_on)",
    "round_stops": "INSERT INTO round_stops(round_id, person_uid, n, state, flagged, known) VALUES "
    f"({_ROUND}, :person_uid, :n, :state, :flagged, :known_position)",
    "round_visits": f"INSERT INTO round_visits(round_id, from_at, person_uid, until_at) VALUES ({_ROUND}, :from_at, :person_uid, :until_at)",
    "templates": "INSERT INTO templates(id, uid, name, purpose, subject, text, made_at, saved_at) VALUES "
    "(:relationdesk_row, :relationdesk_uid, :name, :purpose, :subject, :text, :made_at, :saved_at)",
    "particulars": f"INSERT INTO particulars(id, uid, person_id, label, text, saved_at) VALUES (:relationdesk_row, :relationdesk_uid, {_PERSON}, :label, :text, :saved_at)",
    "settings": "INSERT INTO settings(name, value) SELECT s.name, s.value FROM (SELECT :relationdesk_name AS name, :value AS value) s "
    f"WHERE {SET_BY_USER} ON CONFLICT DO UPDATE SET value = excluded.value",
    "kept_apart": "INSERT INTO kept_apart(place_id, native_id, other, at) VALUES "
    f"({_PLACE.format('place')}, :native_id, :relationdesk_other, :at)",
    "tombstones": "INSERT INTO tombstones(place_id, native_id, why, at) VALUES "
    f"({_PLACE.format('place')}, :native_id, :why, :relationdesk_at)",
    "forgotten": "INSERT INTO forgotten(place_id, native_id, at) VALUES "
    f"({_PLACE.format('place')}, :native_id, :relationdesk_at)",
    "coverage": "INSERT INTO coverage(place_id, profile_id, read_from, read_until, failed_at, failure) VALUES "
    f"({_PLACE.format('place')}, iif(:who_native_id = '' AND :who_place = '', 0, "
    f"{_PROFILE.format('who_place', 'who_native_id')}), :read_from, :read_until, :failed_at, :failure)",
    **csv_decisions.INSERTS,
}

ORDER = (
    "places", "companies", "people", "profiles", "addresses", "stand_ins", "tellings", "life_days", "work_changes", "links", "spans", "buckets", "bucket_people", "rhythms", "steps", "wishes", "tags", "activities",
    "participants", "captures", "routes", "notes", "note_mentions", "note_versions", "tasks", "reminders", "drafts", "outbox", "prompt_answers", "kept_apart",
    "tombstones", "forgotten", "coverage", "variants", "rounds", "round_stops", "round_visits", "templates", "particulars", "settings",
    *OF_DECISIONS,
)  # fmt: skip
"""Each table after those it refers to."""

_WHOLE = frozenset(
    "is_key is_me known is_company is_owner vouched position towards minutes n brought mine from_done is_edited opted_out as_they_do wished_days tries is_unsure stands flagged month day "
    "known_position from_position until_position is_forgotten relationdesk_decision".split()
)
_MAYBE_WHOLE = frozenset("every_days longest_days due_minute month_day year relationdesk_row".split())
_DAYS = frozenset({"not_until", "said", "due"})
_TIMES = frozenset(
    "made_at looked_at at told_at published happened_at saved_at trashed_at passed_at answered_at until read_from read_until failed_at "
    "relationdesk_at undone_at done_at noticed_at queued tried_at sent_at started_at touched_at ended_at from_at until_at".split()
)
_CODES: dict[str, tuple[str, ...]] = {"precision": PRECISIONS, "audience": AUDIENCES, "role": ROLES}
_REFERENCES = {"person_uid": "people", "company_uid": "companies"}


def is_empty(db: Desk) -> bool:
    """True for a desk in which nobody is, nothing was read and nothing decided."""
    tables = (*(name for name in ORDER if name not in ("places", "links", "work_changes", "settings")), "logins", "batches")
    return not any(db.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in tables)


def begin(db: Desk) -> None:
    """What every table rests on. Inside `transaction`."""
    db.executemany("INSERT OR IGNORE INTO kinds(name) VALUES (?)", [(kind.value,) for kind in Kind])


def fill(db: Desk, name: str, rows: Iterator[Cells]) -> int:
    """Bring the rows of one file in; how many. Inside `transaction`, after the tables before it in ORDER.

    Raises ValueError or KeyError for a cell or column that no export writes, sqlite3.IntegrityError for a row that
    does not fit the others.
    """
    count = 0
    statement = _INSERTS[name]
    places: set[str] = set()
    after = _AFTER.get(name)
    for cells in rows:
        values = _values(db, name, cells)
        for column in ("place", "who_place", "actor_place"):
            place = cells.get(column, "")
            if place and place not in places and name != "places":
                db.execute("INSERT OR IGNORE INTO places(name) VALUES (?)", (place,))
                places.add(place)
        changed = db.execute(statement, values)
        if changed.rowcount != 1:
            raise ValueError(f"a row of {name} belongs to nothing")
        if after is not None:
            after(db, values, int(changed.lastrowid or 0))
        count += 1
    return count


def finish(db: Desk) -> None:
    """Make what is derived. Inside `transaction`."""
    roles.adopt(db)
    caches.rebuild(db)


def _values(db: Desk, name: str, cells: Cells) -> Values:
    values: Values = {column: _value(column, unguard(cell)) for column, cell in cells.items()}
    for column, table in _REFERENCES.items():
        if cells.get(column) and name in ("people", "links", "spans", "notes", "tasks", "rhythms", "outbox") and (name, column) != ("people", "person_uid"):
            found = db.execute(f"SELECT 1 FROM {table} WHERE uid = ?", (values[column],)).fetchone()
            if found is None:
                raise ValueError(f"a row of {name} names somebody who is not in the export")
    values.setdefault("relationdesk_row", None)  # no column of exports before it
    if name in OF_DECISIONS:
        check(db, name, values)
    elif name == "people":
        values["folded"] = folded_for(cells_text(values, "name"), cells_text(values, "title"), cells_text(values, "company"))
        values.setdefault("own_words", "")  # no column of exports before it
    elif name == "profiles":
        values["folded"] = fold(cells_text(values, "display_name"))
    elif name == "life_days":
        DayKind(cells_text(values, "life_day"))
        date(int(cells_text(values, "year") or 2000), int(cells_text(values, "month")), int(cells_text(values, "day")))
    elif name == "captures":
        values.setdefault("whom", "[]")  # no column of exports before it
    elif name == "activities":
        values["thread"] = values["thread"] or None
    return values


def cells_text(values: Values, column: str) -> str:
    return str(values[column] or "")


def _value(column: str, text: str) -> object:
    if column in _WHOLE:
        return int(text)
    if column in _MAYBE_WHOLE:
        return int(text) if text else None
    if column in _DAYS:
        return date.fromisoformat(text).isoformat() if text else None
    if column in _TIMES:
        return seconds(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)) if text else None
    if column in _CODES:
        return [str(code) for code in _CODES[column]].index(text)
    return text


def _index_activity(db: Desk, values: Values, row_id: int) -> None:
    words = f"{values['title']} {values['text']}"
    if is_apart(words):
        who = db.execute("SELECT profile_id FROM activities WHERE id = ?", (row_id,)).fetchone()[0]
        db.execute("INSERT INTO activities_spaced(rowid, text, who) VALUES (?,?,?)", (row_id, indexed(words), f"p{who}"))


def _index_note(db: Desk, values: Values, row_id: int) -> None:
    notes.index(db, row_id)


def _older_level(db: Desk, values: Values, row_id: int) -> None:
    """In exports made before there were wishes, a column of the person said that they asked for no prompts."""
    if values.get("level"):
        db.execute(
            "INSERT INTO wishes(uid, person_id, opted_out, saved_at) VALUES (?,?,1,?)", (new_uid(), row_id, values["made_at"]),
        )  # fmt: skip


_AFTER: dict[str, Callable[[Desk, Values, int], None]] = {"activities": _index_activity, "notes": _index_note, "people": _older_level}
