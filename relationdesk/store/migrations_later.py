"""The history of the desk's shape goes on here, after the file where it began was full. The rules stand in migrations.py.

What is copied here from the rest of the house stays as it was when the migration was written.
"""

import json
import re
import unicodedata
import uuid

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


@migrations()
def m012_wishes(db: Database) -> None:
    """What people asked for, how often the user wants to be in touch, steps of the ladder, and follow-ups.

    `people.level` is retired: that somebody asked for no prompts is a wish from now on. What was decided about it before stays in the
    ledger as a decision about that wish, also where its person became part of another.
    """
    for statement in (
        """
        CREATE TABLE wishes(                        -- all are kept; the newest of a person holds
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          person_id INTEGER NOT NULL REFERENCES people(id),
          places TEXT NOT NULL DEFAULT '',          -- JSON array of places, only there; "" anywhere
          every_days INTEGER,                       -- not more often; NULL as often as needed
          not_until TEXT,                           -- YYYY-MM-DD, no contact before; NULL none
          opted_out INTEGER NOT NULL DEFAULT 0,     -- 1: no contact at all
          said TEXT,                                -- YYYY-MM-DD when they said so, NULL unknown
          source TEXT NOT NULL DEFAULT '',          -- where from, in the user's words
          place TEXT NOT NULL DEFAULT '',           -- of the item in which they said it, "" none
          native_id TEXT NOT NULL DEFAULT '',
          saved_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX wishes_person ON wishes(person_id)",
        """
        CREATE TABLE rhythms(                       -- how often the user wants to be in touch: with one person, or with all of a bucket
          id INTEGER PRIMARY KEY,
          person_id INTEGER REFERENCES people(id),
          bucket_id INTEGER REFERENCES buckets(id),
          wished_days INTEGER NOT NULL,             -- contact every so many days
          longest_days INTEGER,                     -- never longer apart, NULL no limit
          as_they_do INTEGER NOT NULL DEFAULT 0,    -- 1: what is measured of the person counts instead of wished_days
          CHECK ((person_id IS NULL) <> (bucket_id IS NULL))
        ) STRICT
        """,
        "CREATE UNIQUE INDEX rhythms_person ON rhythms(person_id) WHERE person_id IS NOT NULL",
        "CREATE UNIQUE INDEX rhythms_bucket ON rhythms(bucket_id) WHERE bucket_id IS NOT NULL",
        """
        CREATE TABLE steps(                         -- which step of the ladder the people of a bucket stand on
          bucket_id INTEGER PRIMARY KEY REFERENCES buckets(id),
          step TEXT NOT NULL                        -- wishes.Step
        ) STRICT
        """,
        """
        CREATE TABLE tasks(                         -- promises and follow-ups
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          person_id INTEGER REFERENCES people(id),
          company_id INTEGER REFERENCES companies(id),
          text TEXT NOT NULL,
          mine INTEGER NOT NULL DEFAULT 1,          -- 1: the user promised it, 0: they did
          due TEXT,                                 -- YYYY-MM-DD of the user's calendar, NULL none
          due_minute INTEGER,                       -- minute of that day in the user's zone, NULL all day
          every TEXT NOT NULL DEFAULT '',           -- "3 weeks": comes again so long after, "" once
          month_day INTEGER,                        -- the day of the month it was wanted on first, where the month has such a day
          from_done INTEGER NOT NULL DEFAULT 0,     -- 1: counted from the day it was done, 0: from due
          note_uid TEXT NOT NULL DEFAULT '',        -- the note in whose words it stands, "" none
          note_line TEXT NOT NULL DEFAULT '',       -- the words of that note that it was read from
          is_edited INTEGER NOT NULL DEFAULT 0,     -- 1: the user changed it by hand, so the note no longer does
          done_at INTEGER,                          -- NULL: open
          made_at INTEGER NOT NULL,
          CHECK ((person_id IS NULL) <> (company_id IS NULL))
        ) STRICT
        """,
        "CREATE INDEX tasks_person ON tasks(person_id) WHERE person_id IS NOT NULL",
        "CREATE INDEX tasks_company ON tasks(company_id) WHERE company_id IS NOT NULL",
        "CREATE INDEX tasks_note ON tasks(note_uid) WHERE note_uid <> ''",
        """
        CREATE TABLE reminders(                     -- what was already shown, so that no clock shows it twice
          key TEXT PRIMARY KEY,                     -- what is reminded of, and for when
          at INTEGER NOT NULL
        ) STRICT
        """,
    ):
        db.conn.execute(statement.strip())
    _levels_to_wishes(db)


def _levels_to_wishes(desk: Database) -> None:
    """Each decision about `level` made a wish; a level that no decision explains (it came with an export) is one as well."""
    db = desk.conn
    moved = {
        (now, json.loads(key)["id"]): into
        for now, key, into in db.execute(
            "SELECT c.decision_id, r.key, json_extract(c.told, '$.into') FROM compounds c JOIN decisions d ON d.id = c.decision_id AND d.kind = 'combine' "
            "AND d.undone_at IS NULL JOIN decision_rows r ON r.decision_id = c.decision_id AND r.tbl = 'people' AND r.after IS NULL ORDER BY c.decision_id"
        )
    }
    rows = db.execute(
        "SELECT r.decision_id, r.n, json_extract(r.key, '$.id'), json_extract(r.after, '$.level'), d.at, d.undone_at FROM decision_rows r "
        "JOIN decisions d ON d.id = r.decision_id AND d.kind = 'level' WHERE r.tbl = 'people' AND r.after IS NOT NULL ORDER BY r.decision_id, r.n"
    ).fetchall()
    opted: dict[int, bool] = {}
    for wish_id, (decision_id, n, person_id, level, at, undone) in enumerate(rows, 1):
        wish = {
            "uid": str(uuid.uuid4()), "person_id": person_id, "places": "", "every_days": None, "not_until": None,
            "opted_out": int(level == "no_prompts"), "said": None, "source": "", "place": "", "native_id": "", "saved_at": at,
        }  # fmt: skip
        db.execute(
            "UPDATE decision_rows SET tbl = 'wishes', key = ?, before = NULL, after = ? WHERE decision_id = ? AND n = ?",
            (json.dumps({"id": wish_id}), json.dumps(wish), decision_id, n),
        )
        if undone is not None:
            continue
        for (combined, gone), into in moved.items():
            if combined > decision_id and wish["person_id"] == gone:
                db.execute(
                    "INSERT INTO decision_rows SELECT ?1, min(n) - 1, 'wishes', ?2, ?3, ?4 FROM decision_rows WHERE decision_id = ?1",
                    (combined, json.dumps({"id": wish_id}), json.dumps({"person_id": gone}), json.dumps({"person_id": into})),
                )
                wish["person_id"] = into
        if db.execute("SELECT 1 FROM people WHERE id = ?", (wish["person_id"],)).fetchone():
            db.execute(f"INSERT INTO wishes(id, {', '.join(wish)}) VALUES ({', '.join('?' * (len(wish) + 1))})", (wish_id, *wish.values()))
            opted[wish["person_id"]] = bool(wish["opted_out"])
    free = 1 + max(len(rows), *db.execute("SELECT coalesce(max(id), 0) FROM wishes").fetchone())
    for person_id, made_at in db.execute("SELECT id, made_at FROM people WHERE level <> '' ORDER BY id").fetchall():
        if not opted.get(person_id):
            db.execute("INSERT INTO wishes(id, uid, person_id, opted_out, saved_at) VALUES (?,?,?,1,?)", (free, str(uuid.uuid4()), person_id, made_at))
            free += 1
    db.execute("UPDATE people SET level = ''")
    for state in ("before", "after"):
        db.execute(
            f"UPDATE decision_rows SET {state} = json_set({state}, '$.level', '') WHERE tbl = 'people' AND json_extract({state}, '$.level') <> ''"
        )


@migrations()
def m013_tellings(db: Database) -> None:
    """What places told of names, roles and companies, and when: who somebody was on a day follows from it, and changes of job.

    What was told before is known to be so since the import that brought it; of what a login brought nobody wrote down since when.
    """
    db.conn.execute(
        """
        CREATE TABLE tellings(
          profile_id INTEGER NOT NULL REFERENCES profiles(id) ON DELETE CASCADE,
          at INTEGER NOT NULL,                      -- unix seconds when a place told it; of a file, of when it was; 0 for earlier than known
          batch_id INTEGER NOT NULL,                -- batches.id of an import; 0 a login; below 0 an export of a desk, in its order
          name TEXT NOT NULL DEFAULT '',            -- as in display_name; "" here and below: nothing was told of it
          title TEXT NOT NULL DEFAULT '',
          company TEXT NOT NULL DEFAULT '',
          PRIMARY KEY(profile_id, at, batch_id)
        ) STRICT, WITHOUT ROWID
        """.strip()
    )
    db.conn.execute("CREATE INDEX tellings_by ON tellings(batch_id) WHERE batch_id > 0")
    db.conn.execute(
        "INSERT INTO tellings SELECT q.id, coalesce(b.at, 0), coalesce(b.id, 0), q.display_name, q.title, q.company FROM profiles q "
        "LEFT JOIN batches b ON b.id = q.batch_id WHERE q.is_company = 0 AND (q.display_name <> '' OR q.title <> '' OR q.company <> '')"
    )


@migrations()
def m014_rounds(db: Database) -> None:
    """Look-in rounds: a queue of people that is walked one by one, and goes on where it was left."""
    for statement in (
        """
        CREATE TABLE rounds(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          origin TEXT NOT NULL,                     -- today, bucket, company, people, search
          what TEXT NOT NULL DEFAULT '',            -- uid of the bucket or company, or the words that were searched for
          title TEXT NOT NULL DEFAULT '',           -- what it was called when it began
          minutes INTEGER NOT NULL DEFAULT 0,       -- how long the user gave it, 0 as long as it takes
          started_at INTEGER NOT NULL,              -- when it began
          touched_at INTEGER NOT NULL,              -- last step in it: the newest of those that are open goes on first
          stands INTEGER NOT NULL DEFAULT 0,        -- round_stops.n of whom is looked at; -1 past the last
          ended_at INTEGER,                         -- NULL: open, perhaps paused
          again_on TEXT NOT NULL DEFAULT ''         -- day (ISO) on which to walk it again, "" none or begun again since
        ) STRICT
        """,
        """
        CREATE TABLE round_stops(                   -- the queue. A uid that became part of another person still finds them
          round_id INTEGER NOT NULL REFERENCES rounds(id) ON DELETE CASCADE,  -- whose queue
          person_uid TEXT NOT NULL,                 -- people.uid, or one that is in variants now
          n INTEGER NOT NULL,                       -- order from 0
          state TEXT NOT NULL DEFAULT '',           -- "" to come, seen, done, later, skipped
          flagged INTEGER NOT NULL DEFAULT 0,       -- 1: to come back to
          known INTEGER NOT NULL DEFAULT 0,         -- people.last_id as it was when the queue was made or they were looked at
          PRIMARY KEY(round_id, person_uid)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE round_visits(                  -- when whom: what was written meanwhile was written in the round
          round_id INTEGER NOT NULL REFERENCES rounds(id) ON DELETE CASCADE,  -- in which round
          from_at INTEGER NOT NULL,                 -- when they were opened
          person_uid TEXT NOT NULL,                 -- as in round_stops
          until_at INTEGER NOT NULL,                -- grows while they are looked at
          PRIMARY KEY(round_id, from_at, person_uid)
        ) STRICT, WITHOUT ROWID
        """,
    ):
        db.conn.execute(statement.strip())


@migrations()
def m015_routes(db: Database) -> None:
    """What somebody said and the user put on a list until it is answered: a complaint, a suggestion, an opportunity.

    It names the item and its actor as the world does, so it follows them whoever they are linked to, and outlives both: what was taken
    out with an import comes back with it.
    """
    db.conn.execute(
        """
        CREATE TABLE routes(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          place_id INTEGER NOT NULL REFERENCES places(id),
          native_id TEXT NOT NULL,                  -- of the item
          profile_place TEXT NOT NULL,
          profile_native_id TEXT NOT NULL,          -- who said it
          kind TEXT NOT NULL,                       -- complaint, suggestion, opportunity
          remark TEXT NOT NULL DEFAULT '',          -- the user's words for whoever answers it
          passed_to TEXT NOT NULL DEFAULT '',       -- whom it was last mailed to, as the user typed it
          passed_at INTEGER,                        -- NULL: never
          answered_at INTEGER,                      -- NULL: it waits
          made_at INTEGER NOT NULL,
          UNIQUE(place_id, native_id, kind)
        ) STRICT
        """.strip()
    )
    db.conn.execute("CREATE INDEX routes_profile ON routes(profile_place, profile_native_id)")
