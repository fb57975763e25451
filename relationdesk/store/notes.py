"""Notes, their versions, drafts and trash: the user's own words, the most precious rows here."""

from __future__ import annotations

import json
import re

from relationdesk.derived import Item
from relationdesk.model import Note, NoteKind
from relationdesk.store.database import Desk
from relationdesk.store.people import new_uid
from relationdesk.store.scripts import indexed
from relationdesk.store.timekey import id_at, maybe_moment, moment
from relationdesk.text import fold

TRASH_DAYS = 30

_SELECT = """
SELECT n.id, n.uid, n.person_id, n.company_id, n.kind, n.text, n.minutes, n.happened_at, n.saved_at, n.trashed_at,
  (SELECT group_concat(person_id) FROM note_mentions WHERE note_id = n.id)
FROM notes n
"""


def _note(row: tuple[object, ...]) -> Note:
    id_, uid, person_id, company_id, kind, text, minutes, happened, saved, trashed, mentions = row
    return Note(
        id=int(str(id_)), uid=str(uid), person_id=None if person_id is None else int(str(person_id)),
        company_id=None if company_id is None else int(str(company_id)), kind=NoteKind(str(kind)), text=str(text),
        minutes=int(str(minutes)), happened=moment(int(str(happened))), saved=moment(int(str(saved))),
        trashed=maybe_moment(None if trashed is None else int(str(trashed))),
        mentions=tuple(int(m) for m in str(mentions).split(",")) if mentions else (),
    )  # fmt: skip


def get(db: Desk, note_id: int) -> Note | None:
    row = db.execute(_SELECT + "WHERE n.id = ?", (note_id,)).fetchone()
    return _note(row) if row else None


def by_uid(db: Desk, uid: str) -> Note | None:
    row = db.execute(_SELECT + "WHERE n.uid = ?", (uid,)).fetchone()
    return _note(row) if row else None


def of_person(db: Desk, person_id: int, *, since: int | None = None, until: int | None = None) -> tuple[Note, ...]:
    """Notes on or mentioning this person, newest first, without the trash. Unix seconds, since incl., until excl."""
    rows = db.execute(
        _SELECT + "WHERE n.trashed_at IS NULL AND n.id IN (SELECT id FROM notes WHERE person_id = ?1 UNION "
        "SELECT note_id FROM note_mentions WHERE person_id = ?1) AND n.happened_at >= coalesce(?2, -9e18) "
        "AND n.happened_at < coalesce(?3, 9e18) ORDER BY n.happened_at DESC, n.id DESC",
        (person_id, since, until),
    )
    return tuple(map(_note, rows))


def of_company(db: Desk, company_id: int) -> tuple[Note, ...]:
    """Notes on this company itself, newest first, without the trash."""
    return tuple(
        map(
            _note,
            db.execute(
                _SELECT + "WHERE n.trashed_at IS NULL AND n.company_id = ? ORDER BY n.happened_at DESC, n.id DESC",
                (company_id,),
            ),
        )
    )


def trash(db: Desk) -> tuple[Note, ...]:
    """Notes in the trash, last thrown away first."""
    return tuple(map(_note, db.execute(_SELECT + "WHERE n.trashed_at IS NOT NULL ORDER BY n.trashed_at DESC")))


def versions(db: Desk, note_id: int) -> tuple[tuple[int, str], ...]:
    """(unix seconds, text) of every earlier wording, newest first."""
    rows = db.execute("SELECT saved_at, text FROM note_versions WHERE note_id = ? ORDER BY n DESC", (note_id,))
    return tuple((row[0], row[1]) for row in rows)


def write(
    db: Desk, *, person_id: int | None, company_id: int | None, kind: NoteKind, text: str, minutes: int, happened: int,
    now: int, note_id: int | None = None, uid: str = "",
) -> int:  # fmt: skip
    """Save a note, new or edited, keeping the earlier wording; its id. Inside `transaction`."""
    if note_id is None:
        cursor = db.execute(
            "INSERT INTO notes(uid, person_id, company_id, kind, text, minutes, happened_at, saved_at) VALUES (?,?,?,?,?,?,?,?)",
            (uid or new_uid(), person_id, company_id, kind.value, text, minutes, happened, now),
        )
        note_id = int(cursor.lastrowid or 0)
    else:
        db.execute(
            "INSERT INTO note_versions(note_id, saved_at, n, text, kind) SELECT id, saved_at, "
            "(SELECT coalesce(max(n), 0) + 1 FROM note_versions WHERE note_id = notes.id), text, kind FROM notes "
            "WHERE id = ? AND text <> ?",
            (note_id, text),
        )
        db.execute(
            "UPDATE notes SET kind = ?, text = ?, minutes = ?, happened_at = ?, saved_at = ? WHERE id = ?",
            (kind.value, text, minutes, happened, now, note_id),
        )
    index(db, note_id)
    return note_id


def keep_version(db: Desk, note_id: int, text: str) -> None:
    """Put a wording into the history unless it is there or is the current one. Inside `transaction`."""
    db.execute(
        "INSERT INTO note_versions(note_id, saved_at, n, text, kind) SELECT id, saved_at, (SELECT coalesce(max(n), 0) + 1 "
        "FROM note_versions WHERE note_id = notes.id), ?1, kind FROM notes WHERE id = ?2 AND text <> ?1 "
        "AND NOT EXISTS (SELECT 1 FROM note_versions v WHERE v.note_id = notes.id AND v.text = ?1)",
        (text, note_id),
    )


def index(db: Desk, note_id: int) -> None:
    """Bring full text up to date with one note. Inside `transaction`."""
    db.execute("DELETE FROM notes_fts WHERE rowid = ?", (note_id,))
    row = db.execute("SELECT text, person_id FROM notes WHERE id = ? AND trashed_at IS NULL", (note_id,)).fetchone()
    if row:
        db.execute(
            "INSERT INTO notes_fts(rowid, text, who) VALUES (?,?,?)", (note_id, indexed(row[0]), f"n{row[1] or 0}")
        )


def set_mentions(db: Desk, note_id: int, people: tuple[int, ...]) -> None:
    """Inside `transaction`."""
    db.execute("DELETE FROM note_mentions WHERE note_id = ?", (note_id,))
    db.executemany("INSERT OR IGNORE INTO note_mentions VALUES (?,?)", [(note_id, person) for person in people])


def mentioned(db: Desk, text: str) -> tuple[int, ...]:
    """People named with @ in a text: "@Joe Brown" or "@joe.brown"; the longest matching name wins; ids in order."""
    tails = _tails(text)
    if not tails:
        return ()
    every = "SELECT id, name FROM people UNION ALL SELECT person_id, value FROM variants WHERE what = 'name' ORDER BY 1"
    names = [(fold(name), id_) for id_, name in db.execute(every)]
    names.sort(key=lambda entry: -len(entry[0]))
    found = (next((id_ for name, id_ in names if len(name) > 1 and f"{tail} ".startswith(f"{name} ")), None) for tail in tails)
    return tuple(dict.fromkeys(id_ for id_ in found if id_ is not None))


def _tails(text: str) -> list[str]:
    """What stands behind each @, folded, as far as a name goes."""
    return [fold(text[match.end() : match.end() + 80]) for match in re.finditer(r"(?<![\w@])@(?=\w)", text)]


def mention_instead(db: Desk, of: int, to: int) -> None:
    """Whoever was named is `to` from now on. Inside `transaction`."""
    db.execute(
        "INSERT OR IGNORE INTO note_mentions SELECT m.note_id, ?1 FROM note_mentions m JOIN notes n ON n.id = m.note_id "
        "WHERE m.person_id = ?2 AND n.person_id IS NOT ?1",
        (to, of),
    )
    db.execute("DELETE FROM note_mentions WHERE person_id = ?", (of,))


def about_another(db: Desk, note_id: int) -> None:
    """A note that is about another one now names those whom its text names, without the one it is about. Inside `transaction`."""
    text, about = db.execute("SELECT text, person_id FROM notes WHERE id = ?", (note_id,)).fetchone()
    db.execute("DELETE FROM note_mentions WHERE note_id = ? AND person_id = ?", (note_id, about))
    named = [(note_id, person) for person in mentioned(db, text) if person != about]
    db.executemany("INSERT OR IGNORE INTO note_mentions VALUES (?,?)", named)
    index(db, note_id)


def mention_again(db: Desk, people: frozenset[int]) -> None:
    """After these people were made one, or two: each note names those of them whom its text names. Inside `transaction`."""
    ids = json.dumps(sorted(people))
    names = db.execute(
        "SELECT name FROM people WHERE id IN (SELECT value FROM json_each(?1)) UNION SELECT value FROM variants WHERE what = 'name' AND "
        "person_id IN (SELECT value FROM json_each(?1))",
        (ids,),
    )
    words = tuple(f"{fold(name)} " for (name,) in names if fold(name))
    mention = {row[0] for row in db.execute("SELECT note_id FROM note_mentions WHERE person_id IN (SELECT value FROM json_each(?))", (ids,))}
    rows = db.execute("SELECT id, text, person_id FROM notes WHERE text LIKE '%@%'")
    found = [row for row in rows if row[0] in mention or any(f"{tail} ".startswith(words) for tail in _tails(row[1]))]
    for note_id, text, about in found:
        others = {row[0] for row in db.execute("SELECT person_id FROM note_mentions WHERE note_id = ?", (note_id,))} - people
        set_mentions(db, note_id, tuple(p for p in (*mentioned(db, text), *sorted(others)) if p != about))


def mention_too(db: Desk, person_id: int, since: int) -> None:
    """After a name of theirs was taken back or given again: notes that were saved since then (unix seconds) name them where their text does. Whom
    they name already they go on naming. Inside `transaction`."""
    rows = db.execute("SELECT id, text, person_id FROM notes WHERE saved_at >= ? AND text LIKE '%@%'", (since,)).fetchall()
    named = [(note_id, person_id) for note_id, text, about in rows if about != person_id and person_id in mentioned(db, text)]
    db.executemany("INSERT OR IGNORE INTO note_mentions VALUES (?,?)", named)


def empty_old_trash(db: Desk, now: int) -> int:
    """Remove for good what has lain in the trash for TRASH_DAYS; how many. Inside `transaction`."""
    old = (now - TRASH_DAYS * 86_400,)
    db.execute("DELETE FROM tasks WHERE is_edited = 0 AND note_uid IN (SELECT uid FROM notes WHERE trashed_at < ?)", old)
    return db.execute("DELETE FROM notes WHERE trashed_at < ?", old).rowcount


def as_item(note: Note, author: str = "") -> Item:
    """A note as a line of a timeline."""
    return Item(id=id_at(note.happened), note=note, actor_name=author)


# Drafts: what is being typed right now.


def draft(db: Desk, slot: str) -> tuple[str, str, int, int | None, int] | None:
    """(text, kind, minutes, happened_at, saved_at) typed into this slot and not yet kept as a note."""
    row = db.execute("SELECT text, kind, minutes, happened_at, saved_at FROM drafts WHERE slot = ?", (slot,)).fetchone()
    return None if row is None else (row[0], row[1], row[2], row[3], row[4])


def drafts(db: Desk) -> tuple[tuple[str, str], ...]:
    """(slot, text) of everything typed and not kept, newest first."""
    return tuple((r[0], r[1]) for r in db.execute("SELECT slot, text FROM drafts ORDER BY saved_at DESC"))


def set_draft(db: Desk, slot: str, text: str, kind: str, minutes: int, happened: int | None, now: int) -> None:
    """Keep (or with empty text drop) a draft. Inside `transaction`."""
    if not text.strip():
        db.execute("DELETE FROM drafts WHERE slot = ?", (slot,))
        return
    db.execute(
        "INSERT INTO drafts VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET text = excluded.text, kind = excluded.kind, "
        "minutes = excluded.minutes, happened_at = excluded.happened_at, saved_at = excluded.saved_at",
        (slot, text, kind, minutes, happened, now),
    )
