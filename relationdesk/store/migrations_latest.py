"""The history of the desk's shape goes on here, after migrations_later.py was full. The rules stand in migrations.py.

What is copied here from the rest of the house stays as it was when the migration was written.
"""

import json
from typing import Any

from sqlite_utils import Database

from relationdesk.store.migrations_later import migrations

__all__ = ["migrations"]

_PROFILES = (
    "id, person_id, company_id, place_id, native_id, handle, display_name, folded, url, bio, title, company, known, is_company, is_owner, "
    "linked_how, linked_by, settled, last_id, batch_id"
)


@migrations()
def m016_templates(db: Database) -> None:
    """Texts that the user keeps to fill in and send, and what the user keeps in mind of a person."""
    for statement in (
        """
        CREATE TABLE templates(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,                       -- what it is chosen by
          purpose TEXT NOT NULL,                    -- answer, message, mail, note
          subject TEXT NOT NULL DEFAULT '',         -- of a mail; fields as in text
          text TEXT NOT NULL DEFAULT '',            -- plain text; {first name} is a field
          made_at INTEGER NOT NULL,
          saved_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE particulars(                   -- what the user keeps in mind of a person: "dog", "Bruno"
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          person_id INTEGER NOT NULL REFERENCES people(id),
          label TEXT NOT NULL,                      -- what it is; a template may use it as a field
          text TEXT NOT NULL,
          saved_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX particulars_person ON particulars(person_id)",
    ):
        db.conn.execute(statement.strip())


@migrations()
def m017_money(db: Database) -> None:
    """What reading a place may cost, what it cost, and what questions that are out may cost still.

    Keyed by the name under which a login's secret lies (source, user name and address), not by its row: whoever takes a login away
    and connects it again begins no new month.
    """
    for statement in (
        """
        CREATE TABLE budgets(                       -- how much a login may spend. Without a row nothing is asked that costs money
          login TEXT PRIMARY KEY,                   -- as above
          currency TEXT NOT NULL,                   -- ISO 4217
          micros INTEGER NOT NULL,                  -- at most so many millionths of it in a month; 0: nothing is asked
          extras TEXT NOT NULL DEFAULT ''           -- names of what is read although it costs extra, parted by blanks
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE expenses(                      -- what was spent: one row for each month, stream and sort of thing
          login TEXT NOT NULL,                      -- as in budgets
          month TEXT NOT NULL,                      -- "2026-11", by the clock of the place
          stream TEXT NOT NULL,                     -- streams.name; "" for looking somebody up
          item TEXT NOT NULL,                       -- name of the price
          number INTEGER NOT NULL,                  -- so many of them
          micros INTEGER NOT NULL,                  -- what they cost, at the prices of their day
          PRIMARY KEY(login, month, stream, item)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE reservations(                  -- questions that are out, or whose answer never came: counted with the most they may cost
          id INTEGER PRIMARY KEY,
          login TEXT NOT NULL,                      -- as in budgets
          month TEXT NOT NULL,                      -- as in expenses
          stream TEXT NOT NULL,                     -- as in expenses
          micros INTEGER NOT NULL,                  -- the most
          made_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX reservations_login ON reservations(login, month)",
    ):
        db.conn.execute(statement.strip())


@migrations()
def m018_rights(db: Database) -> None:
    """What the key of a login may, as far as its place tells; no row where it does not."""
    db.conn.execute(
        """
        CREATE TABLE login_rights(
          login_id INTEGER PRIMARY KEY REFERENCES logins(id) ON DELETE CASCADE,  -- of which login
          rights TEXT NOT NULL                      -- the place's words with blanks between ("public_repo read:org"), "" for none at all
        ) STRICT
        """.strip()
    )


@migrations()
def m019_life_days(db: Database) -> None:
    """Birthdays and anniversaries as places tell them. Each import tells for itself, so one can go without the others."""
    db.conn.execute(
        """
        CREATE TABLE life_days(
          profile_id INTEGER NOT NULL REFERENCES profiles(id) ON DELETE CASCADE,
          kind TEXT NOT NULL,                       -- birthday, anniversary, work: the day they began where they work
          batch_id INTEGER NOT NULL,                -- who told it, as in tellings
          at INTEGER NOT NULL,                      -- when it was told last, as in tellings
          month INTEGER NOT NULL,                   -- 1 to 12
          day INTEGER NOT NULL,                     -- of the month
          year INTEGER,                             -- NULL: not told
          PRIMARY KEY(profile_id, kind, batch_id)
        ) STRICT, WITHOUT ROWID
        """.strip()
    )
    db.conn.execute("CREATE INDEX life_days_by ON life_days(batch_id) WHERE batch_id > 0")
    db.conn.execute("CREATE INDEX life_days_when ON life_days(month, day)")


@migrations()
def m020_spans(db: Database) -> None:
    """Whose a profile was for a time: a role mailbox, a number or a handle that went from one human to the next.

    Nearly no profile has any. `held_from` says so in the row that every question about whose an activity is reads anyway; triggers keep it,
    so that no way to write a span can leave it behind. The index of a person's profiles holds it, too, as it holds `last_id`.
    """
    for statement in (
        """
        CREATE TABLE spans(                         -- one after the other without gaps; what comes after the last is profiles.person_id's
          profile_id INTEGER NOT NULL REFERENCES profiles(id),
          from_id INTEGER NOT NULL,                 -- position (as activities.id) of the first moment; -2^62 since ever
          until_id INTEGER NOT NULL,                -- position of the first moment after it; 2^62 for ever
          person_id INTEGER REFERENCES people(id),  -- whose it was, NULL nobody's
          forgotten INTEGER NOT NULL DEFAULT 0,     -- 1: of somebody who was forgotten; what comes of that time is dropped
          PRIMARY KEY(profile_id, from_id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX spans_person ON spans(person_id) WHERE person_id IS NOT NULL",
        """
        CREATE TABLE profiles_20(                   -- as before, with `held_from`
          id INTEGER PRIMARY KEY,
          person_id INTEGER REFERENCES people(id),  -- whose it is since held_from; the flip from place to person is this column
          held_from INTEGER NOT NULL DEFAULT -4611686018427387904,  -- cache of spans: where the last of them ends; -2^62 without any
          company_id INTEGER REFERENCES companies(id),
          place_id INTEGER NOT NULL REFERENCES places(id),
          native_id TEXT NOT NULL,
          handle TEXT NOT NULL DEFAULT '',
          display_name TEXT NOT NULL DEFAULT '',
          folded TEXT NOT NULL DEFAULT '',          -- display_name folded, for finding candidates
          url TEXT NOT NULL DEFAULT '',
          bio TEXT NOT NULL DEFAULT '',
          title TEXT NOT NULL DEFAULT '',
          company TEXT NOT NULL DEFAULT '',
          known INTEGER NOT NULL DEFAULT 0,         -- 1: the owner keeps it on purpose (connection, card, followed)
          is_company INTEGER NOT NULL DEFAULT 0,    -- 1: the place says it is an organisation
          is_owner INTEGER NOT NULL DEFAULT 0,      -- 1: an archive or login of the desk's owner says "this is me"
          linked_how TEXT NOT NULL DEFAULT '',      -- sentence: how it came to its person
          linked_by TEXT NOT NULL DEFAULT '',       -- "place" (vouched for), "only" (nobody else of that name), "user"
          settled TEXT NOT NULL DEFAULT '',         -- "" waits; "later", "nobody": what the user said about it
          last_id INTEGER,                          -- cache: its newest activity
          batch_id INTEGER,                         -- the import that brought it first, NULL: a login
          CHECK (person_id IS NULL OR company_id IS NULL),
          UNIQUE(place_id, native_id)
        ) STRICT
        """,
        f"INSERT INTO profiles_20({_PROFILES}) SELECT {_PROFILES} FROM profiles",
        "DROP TABLE profiles",
        "ALTER TABLE profiles_20 RENAME TO profiles",
        "CREATE INDEX profiles_person ON profiles(person_id, last_id, held_from)",
        "CREATE INDEX profiles_company ON profiles(company_id) WHERE company_id IS NOT NULL",
        "CREATE INDEX profiles_folded ON profiles(folded)",
        """
        CREATE TRIGGER spans_insert AFTER INSERT ON spans BEGIN
          UPDATE profiles SET held_from = (SELECT max(until_id) FROM spans WHERE profile_id = new.profile_id) WHERE id = new.profile_id;
        END
        """,
        """
        CREATE TRIGGER spans_delete AFTER DELETE ON spans BEGIN
          UPDATE profiles SET held_from = coalesce((SELECT max(until_id) FROM spans WHERE profile_id = old.profile_id), -4611686018427387904)
            WHERE id = old.profile_id;
        END
        """,
    ):
        db.conn.execute(statement.strip())


@migrations()
def m021_ahead(db: Database) -> None:
    """What stands where it arrived because its day was still to come: few rows among many, found by their day."""
    db.conn.execute("CREATE INDEX activities_ahead ON activities(published) WHERE published > id / 8 + 946771200")


@migrations()
def m022_senders(db: Database) -> None:
    """Where mail is sent by a login, if not by the server that follows from the one that keeps it."""
    db.conn.execute(
        """
        CREATE TABLE login_senders(
          login_id INTEGER PRIMARY KEY REFERENCES logins(id) ON DELETE CASCADE,
          server TEXT NOT NULL                      -- smtps://host:port (TLS at once) or smtp://host:port (STARTTLS)
        ) STRICT
        """.strip()
    )


@migrations()
def m023_whom(db: Database) -> None:
    """What the user wrote down by hand of their own doing says towards whom it was: so it is contact with them, as whatever a place tells."""
    columns = (
        "id, uid, profile_id, native_id, marks, kind, published, precision, audience, title, text, url, saved_at, brought_by, told_by"
    )
    db.conn.execute("ALTER TABLE captures RENAME TO captures_before")
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
          told_by TEXT NOT NULL DEFAULT '',         -- JSON [place, native id]: who did it as the place says, "" if it told nothing
          whom TEXT NOT NULL DEFAULT '[]'           -- JSON array of [place, native id, role as in participants]: towards whom, as the user says
        ) STRICT
        """.strip()
    )
    db.conn.execute(f"INSERT INTO captures({columns}) SELECT {columns} FROM captures_before")
    db.conn.execute("DROP TABLE captures_before")
    db.conn.execute("CREATE INDEX captures_profile ON captures(profile_id)")


@migrations()
def m024_own_words(db: Database) -> None:
    """What the user wrote of somebody's role and company stands beside what places tell, so that either can change for itself.

    Decisions remember from now on what the user wrote, no more what was shown. Whatever no place ever told is the user's, too.
    """
    for column in ("own_title", "own_company"):
        db.conn.execute(f"ALTER TABLE people ADD COLUMN {column} TEXT -- as the user wrote it; '' that there is none, NULL nothing: places say it\n DEFAULT NULL")
    firms = dict(db.conn.execute("SELECT id, name FROM companies").fetchall())
    said = db.conn.execute("SELECT q.person_id, t.title, t.company FROM profiles q JOIN tellings t ON t.profile_id = q.id WHERE q.person_id IS NOT NULL")
    told = {(person, column, text.strip().lower()) for person, *texts in said for column, text in zip(("own_title", "own_company"), texts, strict=True)}
    wrote = _m024_decisions(db, firms, told)
    for person, title, company in db.conn.execute("SELECT id, title, company_id FROM people").fetchall():
        for column, text in (("own_title", title), ("own_company", firms.get(company, ""))):
            if wrote.get((person, column)) == text or (text and (person, column, text.strip().lower()) not in told):
                db.conn.execute(f"UPDATE people SET {column} = ? WHERE id = ?", (text, person))


def _m024_decisions(db: Database, firms: dict[int, str], told: set[tuple[int, str, str]]) -> dict[tuple[int, str], str]:
    """Rewrite what decisions remember of people; (person, column) to what the user wrote last, by the decisions in force."""
    wrote: dict[tuple[int, str], str] = {}
    rows = db.conn.execute(
        "SELECT r.decision_id, r.n, json_extract(r.key, '$.id'), r.before, r.after, d.kind = 'person', d.undone_at IS NULL FROM decision_rows r JOIN "
        "decisions d ON d.id = r.decision_id WHERE r.tbl = 'people' ORDER BY r.decision_id, r.n"
    ).fetchall()
    for decision, n, person, *texts, is_edit, in_force in rows:
        before, after = (None if text is None else json.loads(text) for text in texts)
        known = {column: wrote.get((person, column)) for column in ("own_title", "own_company")}
        had, has = (_m024_shown(state, firms) for state in (before, after))
        written = {
            column: text for column, text in has.items() if is_edit
            and (known[column] is not None or had.get(column, text) != text if before is not None else text and (person, column, text.strip().lower()) not in told)
        }  # fmt: skip
        if after is None:
            before = {**(before or {}), **known}
        else:
            before = before and {**_m024_rest(before), **{column: known[column] for column in written}}
            after = {**_m024_rest(after), **written}
        if in_force:
            wrote.update({(person, column): text for column, text in written.items()})
        states = (None if state is None else json.dumps(state, ensure_ascii=False) for state in (before, after))
        db.conn.execute("UPDATE decision_rows SET before = ?, after = ? WHERE decision_id = ? AND n = ?", (*states, decision, n))
    return wrote


def _m024_shown(state: dict[str, Any] | None, firms: dict[int, str]) -> dict[str, str]:
    shown = {} if state is None or "title" not in state else {"own_title": state["title"]}
    return shown if state is None or "company_id" not in state else {**shown, "own_company": firms.get(state["company_id"], "")}


def _m024_rest(state: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in state.items() if column not in ("title", "company_id", "folded")}


@migrations()
def m025_revisions(db: Database) -> None:
    """Which version of a fact a batch (0: a login) told, so that an older one, brought in later, does not write over a newer."""
    db.conn.execute(
        """
        CREATE TABLE revisions(
          tbl INTEGER NOT NULL,                     -- 1 profiles, 2 activities
          place_id INTEGER NOT NULL,
          native_id TEXT NOT NULL,
          batch_id INTEGER NOT NULL,
          revised INTEGER NOT NULL,                 -- grows with each version: unix seconds of the last change; of a calendar's entry
                                                    -- 2^33 for each time it was changed before them
          PRIMARY KEY(tbl, place_id, native_id, batch_id)
        ) STRICT, WITHOUT ROWID
        """.strip()
    )


@migrations()
def m026_rests(db: Database) -> None:
    """When a stream is asked again, where that is not with the next reading of its login: a blog says how often it wants to be asked, or
    that it is gone for good."""
    db.conn.execute(
        """
        CREATE TABLE rests(
          login_id INTEGER NOT NULL,
          stream TEXT NOT NULL,                     -- streams.name
          since INTEGER NOT NULL,                   -- unix seconds, when that was noted
          until INTEGER,                            -- unix seconds; NULL: gone for good, so not before the user asks for it
          PRIMARY KEY(login_id, stream),
          FOREIGN KEY(login_id, stream) REFERENCES streams(login_id, name) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID
        """.strip()
    )


@migrations()
def m027_outbox_towards(db: Database) -> None:
    """Whether a like stands is asked for each item of a timeline: without an index the whole outbox is read for it, 2 ms at 10,000 entries."""
    db.conn.execute("CREATE INDEX outbox_towards ON outbox(place, towards)")


_M028_WORDS = (
    ("offline", "this computer is offline"), ("limit", "monthly limit"), ("wait", "asks us to wait"), ("wait", "reading goes on by itself"),
    ("portal", "agree to the terms of its network"), ("locked", "The password store of this computer is locked"), ("keyless", "This computer has no password store"),
    ("keyless", "is not in the password store"), ("private", "allow private addresses"), ("elsewhere", "which was not asked, because a login goes only"), ("refused", "sign in"),
    ("refused", "sign-in"), ("refused", "address and password"), ("gone", "does not exist"), ("gone", "(any more)"), ("hidden", "does not let us read this"), ("hidden", "does not show this"),
    ("down", "did not answer"), ("down", "does not answer. "), ("down", "cannot be reached"), ("down", "a problem of its own"), ("down", "broke off"), ("odd", "tried again"),
)  # fmt: skip
"""What stood in the sentences until then, those first that say most; a sentence may tell of several streams, and what fits none is unknown until the next reading."""


@migrations()
def m028_troubles(db: Database) -> None:
    """Why a login or stream failed, beside the sentence that is shown of it: what is decided must not hang on words, which are said in the user's language."""
    told = " ".join(f"WHEN instr(lower(failure), '{words.lower()}') THEN '{trouble}'" for trouble, words in _M028_WORDS)
    for table in ("logins", "streams"):
        db.conn.execute(f"ALTER TABLE {table} ADD COLUMN trouble TEXT NOT NULL -- why it failed, of troubles.Trouble; '' with no failure\n DEFAULT ''")
        db.conn.execute(f"UPDATE {table} SET trouble = CASE {told} ELSE 'unknown' END WHERE failure <> ''")


@migrations()
def m029_leaving(db: Database) -> None:
    """Undos of imports that are done only in part so far: a large one goes in portions, so that a note can be saved meanwhile. Found at a
    start, the mark tells that the program was killed; what is left of the undo is then done."""
    db.conn.execute("ALTER TABLE halves ADD COLUMN leaving_at INTEGER -- unix seconds of the undo; NULL: it is coming in\n DEFAULT NULL")
    db.conn.execute(
        """
        CREATE TABLE leavings(                      -- what an undo has still to look at when all facts are out
          batch_id INTEGER NOT NULL REFERENCES halves(batch_id) ON DELETE CASCADE,
          what INTEGER NOT NULL,                    -- 1: people of whom it told, their links are asked anew; 2: profiles that are nobody's for it
          id INTEGER NOT NULL,
          PRIMARY KEY(batch_id, what, id)
        ) STRICT, WITHOUT ROWID
        """.strip()
    )
