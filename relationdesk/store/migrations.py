"""The history of the desk's shape. Append only: a released migration is never edited, not even to fix it.

Imports nothing of ours: what a migration needs is copied here, so that it does the same in ten years.
Conventions: tables are plural and STRICT; times are whole seconds since 1970-01-01 UTC in columns ending in nothing
special for facts (`published`) and `_at` for decisions; NULL means "not known" or "never". `uid` columns are UUID
texts that survive export and import; integer ids leave the store only in an export of everything, for decisions name rows by them. In tables WITHOUT ROWID the columns of the key
come first and in its order: otherwise `PRAGMA quick_check` of SQLite 3.40 reports damage where there is none.
Columns that mean the same in every table are explained here once, the others on their own line:
`id` the row in this store; `uid` see above; `person_id`, `company_id`, `profile_id`, `place_id`, `activity_id`, `note_id`,
`bucket_id`, `login_id`, `decision_id`, `batch_id` rows of the table of that name; `native_id` what the place calls it, as
in Key; `name` as the user or the world writes it; `title` (role, or heading), `text`, `url`, `kind`, `bio`, `handle`,
`display_name`, `company` as in model.py; `tag`, `sentence`, `reason` the words themselves; `at`, `made_at`, `saved_at`,
`happened_at`, `undone_at`, `last_tried`, `last_good`, `next_try` the moment of it; `failure` one sentence, "" for none;
`n` counts rows from 1; `tbl` which table a remembered row is of; `minutes` how long it took; `profiles`, `activities`,
`people`, `rejected` how many; `rule`, `person_uid` what a prompt came from and whom it is about; `at_where` file and line;
`source`, `place`, `address`, `user_name`, `profile_place`, `profile_native_id`, `allow_private`, `paused`, `cursor` as in
Login, Stream and Page.
"""

import sqlite3

from sqlite_utils import Database, Migrations

migrations = Migrations("relationdesk")


def _run(db: Database, script: str) -> None:
    """Statement by statement: `executescript` would commit the migration's own transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""


@migrations()
def m001_facts(db: Database) -> None:
    """Profiles and activities: what the world did. Only their places change them."""
    _run(db, """
        CREATE TABLE places(                        -- the networks, permanent
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE                 -- "mastodon": as in Key.place
        ) STRICT;

        CREATE TABLE kinds(                         -- model.Kind and the small numbers that stand for it
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE companies(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          is_key INTEGER NOT NULL DEFAULT 0,        -- 1: a key company of the user
          batch_id INTEGER,                         -- the import that made it, NULL: the user
          made_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX companies_name ON companies(name COLLATE NOCASE);

        CREATE TABLE people(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          folded TEXT NOT NULL DEFAULT '',          -- name folded for search-as-you-type
          title TEXT NOT NULL DEFAULT '',           -- role in the company
          company_id INTEGER REFERENCES companies(id) ON DELETE SET NULL,
          is_me INTEGER NOT NULL DEFAULT 0,         -- 1: whose desk this is
          level TEXT NOT NULL DEFAULT '',           -- "" or "no_prompts": the person asked for it
          last_id INTEGER,                          -- cache: newest activity
          last_in INTEGER,                          -- cache: newest activity id from them
          last_out INTEGER,                         -- cache: newest activity id from me to them
          open_prompts INTEGER NOT NULL DEFAULT 0,  -- cache: prompts that wait today
          looked_at INTEGER,                        -- when the user last left this page
          batch_id INTEGER,                         -- the import or sync that made the person, NULL: the user
          made_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX people_order ON people(open_prompts DESC, last_id DESC);
        CREATE INDEX people_folded ON people(folded);
        CREATE INDEX people_company ON people(company_id);
        CREATE UNIQUE INDEX people_me ON people(is_me) WHERE is_me = 1;

        CREATE TABLE profiles(
          id INTEGER PRIMARY KEY,
          person_id INTEGER REFERENCES people(id),  -- whose it is; the flip from place to person is this column
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
        ) STRICT;
        CREATE INDEX profiles_person ON profiles(person_id, last_id);
        CREATE INDEX profiles_company ON profiles(company_id) WHERE company_id IS NOT NULL;
        CREATE INDEX profiles_folded ON profiles(folded);

        CREATE TABLE addresses(                     -- ways to reach a profile's owner
          profile_id INTEGER NOT NULL REFERENCES profiles(id) ON DELETE CASCADE,
          kind TEXT NOT NULL,                       -- mail, phone, web
          value TEXT NOT NULL,                      -- mail in lower case; web canonical; phone as written
          vouched INTEGER NOT NULL DEFAULT 0,       -- 1: the place itself guarantees it
          PRIMARY KEY(profile_id, kind, value)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX addresses_value ON addresses(kind, value);

        CREATE TABLE activities(
          id INTEGER PRIMARY KEY,                   -- (unix seconds - 946684800) * 8 + n: newest first is ORDER BY id DESC
          profile_id INTEGER NOT NULL REFERENCES profiles(id),   -- the actor
          place_id INTEGER NOT NULL,                -- copy of the profile's, which never changes: place view without a join
          native_id TEXT NOT NULL,
          kind INTEGER NOT NULL,                    -- kinds.id
          published INTEGER,                        -- unix seconds as the place says, start of what is known; NULL unknown
          precision INTEGER NOT NULL,               -- 0 second 1 minute 2 day 3 month 4 year 5 unknown
          audience INTEGER NOT NULL,                -- 0 public 1 followers 2 private
          towards INTEGER NOT NULL DEFAULT 0,       -- 1: has participants
          title TEXT NOT NULL DEFAULT '',
          text TEXT NOT NULL DEFAULT '',
          url TEXT NOT NULL DEFAULT '',
          in_reply_to TEXT NOT NULL DEFAULT '',     -- native id in the same place
          thread TEXT,                              -- conversation in the same place, NULL: none
          extra TEXT NOT NULL DEFAULT '',           -- JSON object of texts, "" for none
          batch_id INTEGER                          -- the import that brought it first, NULL: a login
        ) STRICT;
        CREATE UNIQUE INDEX activities_key ON activities(place_id, native_id);
        CREATE INDEX activities_who ON activities(profile_id);
        CREATE INDEX activities_place ON activities(place_id);
        CREATE INDEX activities_thread ON activities(place_id, thread) WHERE thread IS NOT NULL;
        CREATE INDEX activities_batch ON activities(batch_id) WHERE batch_id IS NOT NULL;

        CREATE TABLE participants(                  -- who else takes part: recipients, mentioned, endorsed
          profile_id INTEGER NOT NULL REFERENCES profiles(id),
          activity_id INTEGER NOT NULL REFERENCES activities(id) ON UPDATE CASCADE ON DELETE CASCADE,
          role INTEGER NOT NULL,                    -- 0 to 1 cc 2 bcc 3 reply_to 4 mentioned 5 subject
          PRIMARY KEY(profile_id, activity_id, role)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX participants_activity ON participants(activity_id);

        CREATE TABLE tombstones(                    -- withdrawn by the place, or forgotten by the user: never comes back
          place_id INTEGER NOT NULL,
          native_id TEXT NOT NULL,
          why TEXT NOT NULL,                        -- "withdrawn", "forgotten"
          at INTEGER NOT NULL,
          PRIMARY KEY(place_id, native_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE forgotten(                     -- profiles whose facts are dropped on arrival
          place_id INTEGER NOT NULL,
          native_id TEXT NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY(place_id, native_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE coverage(                      -- what was really read, so that quiet and unknown never look the same
          place_id INTEGER NOT NULL,
          profile_id INTEGER NOT NULL,              -- 0: everybody this source reaches in the place
          read_from INTEGER,                        -- NULL: as far back as the place goes
          read_until INTEGER,                       -- NULL: never read
          failed_at INTEGER,                        -- last failure since the last good reading
          failure TEXT NOT NULL DEFAULT '',
          PRIMARY KEY(place_id, profile_id)
        ) STRICT, WITHOUT ROWID;
        """)


@migrations()
def m002_search(db: Database) -> None:
    """Full text over activities: `activities_fts` for scripts with spaces, `activities_spaced` for those without.

    The second holds only texts with Chinese, Japanese or Thai in them, each such character set apart by spaces,
    written by store/activities.py: a phrase of single characters finds words of any length, which the trigram
    tokenizer of SQLite 3.40 does not do below three.
    """
    _run(db, """
        CREATE VIEW activities_text AS SELECT id, text, title, 'p' || profile_id AS who FROM activities;
        CREATE VIRTUAL TABLE activities_fts USING fts5(
          text, title, who, content='activities_text', content_rowid='id',
          tokenize='porter unicode61 remove_diacritics 2');
        CREATE VIRTUAL TABLE activities_spaced USING fts5(text, who, tokenize='unicode61 remove_diacritics 2');

        CREATE TRIGGER activities_fts_insert AFTER INSERT ON activities BEGIN
          INSERT INTO activities_fts(rowid, text, title, who) VALUES (new.id, new.text, new.title, 'p' || new.profile_id);
        END;
        CREATE TRIGGER activities_fts_delete AFTER DELETE ON activities BEGIN
          INSERT INTO activities_fts(activities_fts, rowid, text, title, who)
            VALUES ('delete', old.id, old.text, old.title, 'p' || old.profile_id);
          DELETE FROM activities_spaced WHERE rowid = old.id;
        END;
        CREATE TRIGGER activities_fts_update AFTER UPDATE OF id, title, text, profile_id ON activities BEGIN
          INSERT INTO activities_fts(activities_fts, rowid, text, title, who)
            VALUES ('delete', old.id, old.text, old.title, 'p' || old.profile_id);
          INSERT INTO activities_fts(rowid, text, title, who) VALUES (new.id, new.text, new.title, 'p' || new.profile_id);
          DELETE FROM activities_spaced WHERE rowid = old.id;
        END;
        """)


@migrations()
def m003_decisions(db: Database) -> None:
    """What the user decided and wrote. No sync ever touches these tables."""
    _run(db, """
        CREATE TABLE buckets(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL UNIQUE,
          colour TEXT NOT NULL,                     -- #RRGGBB
          position INTEGER NOT NULL                 -- the user's order, from 0
        ) STRICT;
        CREATE TABLE bucket_people(
          bucket_id INTEGER NOT NULL REFERENCES buckets(id),
          person_id INTEGER NOT NULL REFERENCES people(id),
          at INTEGER NOT NULL,
          PRIMARY KEY(bucket_id, person_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bucket_people_person ON bucket_people(person_id);
        CREATE TABLE tags(
          person_id INTEGER NOT NULL REFERENCES people(id),
          tag TEXT NOT NULL,
          PRIMARY KEY(person_id, tag)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE notes(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          person_id INTEGER REFERENCES people(id),
          company_id INTEGER REFERENCES companies(id),
          kind TEXT NOT NULL DEFAULT 'note',        -- note, call, meeting
          text TEXT NOT NULL,
          minutes INTEGER NOT NULL DEFAULT 0,       -- duration of a call or meeting
          happened_at INTEGER NOT NULL,             -- when it was, the user's choice
          saved_at INTEGER NOT NULL,
          trashed_at INTEGER,                       -- in the trash since; emptied after 30 days
          CHECK ((person_id IS NULL) <> (company_id IS NULL))
        ) STRICT;
        CREATE INDEX notes_person ON notes(person_id, happened_at DESC) WHERE person_id IS NOT NULL;
        CREATE INDEX notes_company ON notes(company_id, happened_at DESC) WHERE company_id IS NOT NULL;
        CREATE TABLE note_versions(                 -- every earlier wording
          note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
          n INTEGER NOT NULL,
          saved_at INTEGER NOT NULL,
          text TEXT NOT NULL,
          kind TEXT NOT NULL,
          PRIMARY KEY(note_id, n)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE note_mentions(                 -- @name in a note
          note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
          person_id INTEGER NOT NULL REFERENCES people(id),
          PRIMARY KEY(note_id, person_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX note_mentions_person ON note_mentions(person_id);
        CREATE TABLE drafts(                        -- what is being typed right now; one per place of typing
          slot TEXT PRIMARY KEY,                    -- "person:<uid>", "company:<uid>", "anywhere", "note:<uid>"
          text TEXT NOT NULL,
          kind TEXT NOT NULL,
          minutes INTEGER NOT NULL DEFAULT 0,
          happened_at INTEGER,
          saved_at INTEGER NOT NULL
        ) STRICT;
        CREATE VIRTUAL TABLE notes_fts USING fts5(text, who, tokenize='porter unicode61 remove_diacritics 2');

        CREATE TABLE kept_apart(                    -- "not the same person", by names that survive re-import and rename
          place_id INTEGER NOT NULL,
          native_id TEXT NOT NULL,
          other TEXT NOT NULL,                      -- "person:<uid>" or "profile:<place>/<native id>"
          at INTEGER NOT NULL,
          PRIMARY KEY(place_id, native_id, other)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE prompt_answers(
          key TEXT PRIMARY KEY,                     -- Prompt.key
          rule TEXT NOT NULL,
          person_uid TEXT NOT NULL,
          answer TEXT NOT NULL,                     -- done, later, never
          until INTEGER,                            -- later: not before
          at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE decisions(                     -- the ledger: every decision can be taken back, in any order
          id INTEGER PRIMARY KEY,
          at INTEGER NOT NULL,
          kind TEXT NOT NULL,                       -- link, unlink, keep_apart, person, bucket, note, prompt, ...
          sentence TEXT NOT NULL,
          undone_at INTEGER
        ) STRICT;
        CREATE TABLE decision_rows(                 -- the rows it changed, as they were and as they became
          decision_id INTEGER NOT NULL REFERENCES decisions(id) ON DELETE CASCADE,
          n INTEGER NOT NULL,
          tbl TEXT NOT NULL,
          key TEXT NOT NULL,                        -- JSON object of the key columns
          before TEXT,                              -- JSON object of the changed columns, NULL: the row was made
          after TEXT,                               -- same, NULL: the row was removed
          PRIMARY KEY(decision_id, n)
        ) STRICT, WITHOUT ROWID;
        """)


@migrations()
def m004_traffic(db: Database) -> None:
    """Imports that can be undone as one step, logins and how far they have read, settings."""
    _run(db, """
        CREATE TABLE batches(                       -- one import = one batch
          id INTEGER PRIMARY KEY,
          format TEXT NOT NULL,                     -- FileSource.name
          place TEXT NOT NULL,
          name TEXT NOT NULL,                       -- file name without its folder
          at INTEGER NOT NULL,
          profiles INTEGER NOT NULL,                -- new ones it brought
          activities INTEGER NOT NULL,
          people INTEGER NOT NULL,
          rejected INTEGER NOT NULL,
          undone_at INTEGER
        ) STRICT;
        CREATE TABLE sightings(                     -- a fact that a later batch (0: a login) saw again: undo keeps it
          tbl INTEGER NOT NULL,                     -- 1 profiles, 2 activities
          place_id INTEGER NOT NULL,
          native_id TEXT NOT NULL,
          batch_id INTEGER NOT NULL,
          PRIMARY KEY(tbl, place_id, native_id, batch_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE overwritten(                   -- how a fact was before a batch changed it
          batch_id INTEGER NOT NULL,
          tbl INTEGER NOT NULL,
          place_id INTEGER NOT NULL,
          native_id TEXT NOT NULL,
          before TEXT NOT NULL,                     -- JSON object of the changed columns
          PRIMARY KEY(batch_id, tbl, place_id, native_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE rejects(                       -- what an import refused, and why
          batch_id INTEGER NOT NULL REFERENCES batches(id) ON DELETE CASCADE,
          n INTEGER NOT NULL,
          at_where TEXT NOT NULL,
          reason TEXT NOT NULL,
          PRIMARY KEY(batch_id, n)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE logins(
          id INTEGER PRIMARY KEY,
          source TEXT NOT NULL,
          place TEXT NOT NULL,
          address TEXT NOT NULL,
          user_name TEXT NOT NULL DEFAULT '',
          profile_place TEXT NOT NULL DEFAULT '',
          profile_native_id TEXT NOT NULL DEFAULT '',
          has_token INTEGER NOT NULL DEFAULT 0,     -- 1: a token lies in the key store
          allow_private INTEGER NOT NULL DEFAULT 0,
          last_good INTEGER,
          last_tried INTEGER,
          next_try INTEGER,
          failure TEXT NOT NULL DEFAULT '',
          paused INTEGER NOT NULL DEFAULT 0,
          UNIQUE(source, address, user_name)
        ) STRICT;
        CREATE TABLE streams(                       -- what a login follows, and how far it has read
          login_id INTEGER NOT NULL REFERENCES logins(id) ON DELETE CASCADE,
          name TEXT NOT NULL,
          address TEXT NOT NULL,
          title TEXT NOT NULL DEFAULT '',
          profile_place TEXT NOT NULL DEFAULT '',
          profile_native_id TEXT NOT NULL DEFAULT '',
          followed INTEGER NOT NULL DEFAULT 1,      -- 0: the source reads it by itself (my posts, notifications)
          cursor TEXT NOT NULL DEFAULT '',
          last_good INTEGER,
          failure TEXT NOT NULL DEFAULT '',
          PRIMARY KEY(login_id, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE settings(
          name TEXT PRIMARY KEY,
          value TEXT NOT NULL                       -- JSON
        ) STRICT;
        """)


@migrations()
def m005_reports(db: Database) -> None:
    """What an import said when it was done, kept with its batch for as long as that is known."""
    _run(db, """
        CREATE TABLE reports(
          batch_id INTEGER PRIMARY KEY REFERENCES batches(id) ON DELETE CASCADE,
          read INTEGER NOT NULL,                    -- profiles, activities and refused records of the file
          told TEXT NOT NULL                        -- JSON: files, left_out, answers, warnings as in batches.Report
        ) STRICT;
        """)
