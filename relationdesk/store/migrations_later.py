"""The history of the desk's shape goes on here, after the file where it began was full. The rules stand in migrations.py.

What is copied here from the rest of the house stays as it was when the migration was written.
"""

import re
import unicodedata

from sqlite_utils import Database

from relationdesk.store.migrations import migrations

__all__ = ["migrations"]


@migrations()
def m006_vowel_marks(db: Database) -> None:
    """Texts with Hebrew, Arabic or Syriac letters come into `activities_spaced` too, there and in `notes_fts` without vowel marks.

    SQLite ends a word at each such mark, so what was written with them was found only by who typed them, and the reverse.
    """
    unspaced = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
    vowelled = re.compile("[\u0590-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+")
    some = "*[\u0590-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]*"

    def plain(match: re.Match[str]) -> str:
        letters = unicodedata.normalize("NFKD", match.group(0))
        return "".join(c for c in letters if c != "\u0640" and not unicodedata.combining(c))

    def indexed(text: str) -> str:
        return vowelled.sub(plain, unspaced.sub(lambda m: f" {m.group(0)} ", text))

    for table, question in (
        ("activities_spaced", "SELECT id, title || ' ' || text, 'p' || profile_id FROM activities WHERE text GLOB ?1 OR title GLOB ?1"),
        ("notes_fts", "SELECT id, text, 'n' || coalesce(person_id, 0) FROM notes WHERE text GLOB ?1 AND trashed_at IS NULL"),
    ):
        for row_id, text, who in db.conn.execute(question, (some,)):
            db.conn.execute(f"DELETE FROM {table} WHERE rowid = ?", (row_id,))
            db.conn.execute(f"INSERT INTO {table}(rowid, text, who) VALUES (?,?,?)", (row_id, indexed(text), who))


@migrations()
def m007_halves(db: Database) -> None:
    """Imports that came in only in part so far: what must be known to take such a part out again.

    A row is there from the first portion of a batch to its last. Found at a start, it tells that the program was killed.
    """
    db.conn.execute(
        """CREATE TABLE halves(
          batch_id INTEGER PRIMARY KEY REFERENCES batches(id) ON DELETE CASCADE,
          places INTEGER NOT NULL,                  -- highest places.id before it: newer ones came with it
          kinds INTEGER NOT NULL,                   -- the same of kinds.id
          decisions INTEGER NOT NULL,               -- the same of decisions.id: what the user decided since is theirs
          is_ending INTEGER NOT NULL DEFAULT 0      -- 1: all of it is in, only what was withdrawn has still to go
        ) STRICT"""
    )


@migrations()
def m008_combining(db: Database) -> None:
    """Two people made one, one made two: decisions that look anew at what there is to move when an earlier one is taken back."""
    for statement in (
        """
        CREATE TABLE compounds(
          decision_id INTEGER PRIMARY KEY REFERENCES decisions(id) ON DELETE CASCADE,
          told TEXT NOT NULL                        -- JSON: who and what was chosen, by ids that stay
        ) STRICT
        """,
        """
        CREATE TABLE variants(                      -- what else was said of a person before two were made one
          person_id INTEGER NOT NULL REFERENCES people(id),
          what TEXT NOT NULL,                       -- uid, name, title, company
          value TEXT NOT NULL,                      -- as it was said; a uid still finds the person
          PRIMARY KEY(person_id, what, value)
        ) STRICT, WITHOUT ROWID
        """,
    ):
        db.conn.execute(statement.strip())


@migrations()
def m009_stand_ins(db: Database) -> None:
    """Profiles that the user keeps by their page alone, until the place tells what it calls them."""
    db.conn.execute(
        """
        CREATE TABLE stand_ins(
          profile_id INTEGER PRIMARY KEY REFERENCES profiles(id) ON DELETE CASCADE,  -- its native_id stands in for the place's own
          at INTEGER NOT NULL
        ) STRICT
        """.strip()
    )


@migrations()
def m010_captures(db: Database) -> None:
    """What the user wrote down by hand of what somebody did in a place. The row in `activities` that it stands for is derived from it,
    until the place itself tells of the same."""
    db.conn.execute(
        """
        CREATE TABLE captures(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          profile_id INTEGER NOT NULL REFERENCES profiles(id),   -- who did it, as the user says
          native_id TEXT NOT NULL,                  -- of its activity: "by-hand:<uid>", or the place's own once the place told of it
          marks TEXT NOT NULL,                      -- JSON array: native ids and addresses by which the place would tell of the same
          kind TEXT NOT NULL,
          published INTEGER,                        -- unix seconds, start of what is known; NULL unknown
          precision INTEGER NOT NULL,               -- as in activities
          audience INTEGER NOT NULL,                -- as in activities
          title TEXT NOT NULL DEFAULT '',
          text TEXT NOT NULL DEFAULT '',
          url TEXT NOT NULL DEFAULT '',
          saved_at INTEGER NOT NULL,
          brought_by INTEGER,                       -- what told of it as well: a batch, 0 a login; NULL nothing yet
          told_by TEXT NOT NULL DEFAULT ''          -- JSON [place, native id]: who did it as the place says, "" if it told nothing
        ) STRICT
        """.strip()
    )
    db.conn.execute("CREATE INDEX captures_profile ON captures(profile_id)")


@migrations()
def m011_outbox(db: Database) -> None:
    """What the user says to people from the desk, from the first letter typed to the moment the place has it. Their own words."""
    db.conn.execute(
        """
        CREATE TABLE outbox(
          id INTEGER PRIMARY KEY,                   -- what is queued goes out in this order of `queued`, then id
          uid TEXT NOT NULL UNIQUE,                 -- the place is given it as well, so that nothing is taken twice
          person_id INTEGER REFERENCES people(id),  -- to whom; NULL: to nobody who is on the desk
          place TEXT NOT NULL,                      -- name of a place
          login TEXT NOT NULL DEFAULT '',           -- by which it goes: source:user name@address; "" not chosen yet
          deed TEXT NOT NULL,                       -- reply, like, boost, comment, message, mail
          towards TEXT NOT NULL DEFAULT '',         -- native id in that place of the activity that is answered; "" none
          subject TEXT NOT NULL DEFAULT '',         -- of a mail
          text TEXT NOT NULL DEFAULT '',            -- plain text, as the user wrote it
          recipients TEXT NOT NULL DEFAULT '[]',    -- JSON array of [role, address or native id of a profile, name]
          audience INTEGER NOT NULL,                -- as in activities
          state TEXT NOT NULL,                      -- draft, waiting, sending, sent, failed, given up
          made_at INTEGER NOT NULL,                 -- unix seconds
          saved_at INTEGER NOT NULL,                -- when its words were last written
          queued INTEGER,                           -- when the user sent it; NULL never
          not_before INTEGER,                       -- until then it can be held back; NULL where it was never sent
          next_try INTEGER,                         -- the place is not asked before; NULL at once
          tries INTEGER NOT NULL DEFAULT 0,         -- how often the place was asked to take it
          tried_at INTEGER,                         -- when it was asked last
          is_unsure INTEGER NOT NULL DEFAULT 0,     -- 1: the place may have it; it is asked before anything is sent again
          failure TEXT NOT NULL DEFAULT '',         -- one sentence, "" if nothing went wrong
          taken_by TEXT NOT NULL DEFAULT '',        -- the running program that is sending it; another one finds by this that it was killed
          native_id TEXT NOT NULL DEFAULT '',       -- of the activity that it became
          url TEXT NOT NULL DEFAULT '',             -- its page
          sent_at INTEGER                           -- when it was out
        ) STRICT
        """.strip()
    )
    db.conn.execute("CREATE INDEX outbox_person ON outbox(person_id)")
    db.conn.execute("CREATE INDEX outbox_state ON outbox(state, queued)")
