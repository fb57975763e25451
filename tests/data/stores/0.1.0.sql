BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'relationdesk','m001_facts','2026-11-25 04:38:26.619143+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'relationdesk','m002_search','2026-11-25 04:38:26.619753+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'relationdesk','m003_decisions','2026-11-25 04:38:26.620581+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'relationdesk','m004_traffic','2026-11-25 04:38:26.620955+00:00');
CREATE TABLE places(                        -- the networks, permanent
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE                 -- "mastodon": as in Key.place
        ) STRICT;
INSERT INTO "places" VALUES(1,'linkedin');
INSERT INTO "places" VALUES(2,'mastodon');
CREATE TABLE kinds(                         -- model.Kind and the small numbers that stand for it
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        ) STRICT;
INSERT INTO "kinds" VALUES(1,'post');
INSERT INTO "kinds" VALUES(2,'reply');
INSERT INTO "kinds" VALUES(3,'comment');
INSERT INTO "kinds" VALUES(4,'share');
INSERT INTO "kinds" VALUES(5,'reaction');
INSERT INTO "kinds" VALUES(6,'message');
INSERT INTO "kinds" VALUES(7,'mail');
INSERT INTO "kinds" VALUES(8,'invitation');
INSERT INTO "kinds" VALUES(9,'connection');
INSERT INTO "kinds" VALUES(10,'endorsement');
INSERT INTO "kinds" VALUES(11,'recommendation');
INSERT INTO "kinds" VALUES(12,'position');
INSERT INTO "kinds" VALUES(13,'article');
INSERT INTO "kinds" VALUES(14,'video');
INSERT INTO "kinds" VALUES(15,'photo');
INSERT INTO "kinds" VALUES(16,'bookmark');
INSERT INTO "kinds" VALUES(17,'event');
INSERT INTO "kinds" VALUES(18,'other');
CREATE TABLE companies(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          is_key INTEGER NOT NULL DEFAULT 0,        -- 1: a key company of the user
          batch_id INTEGER,                         -- the import that made it, NULL: the user
          made_at INTEGER NOT NULL
        ) STRICT;
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
INSERT INTO "people" VALUES(1,'38bc48c7-d1d7-448c-aa1d-90862905f2fc','Mary Jones','mary jones','',NULL,0,'',6787186560,6787186560,NULL,0,NULL,1,1795169520);
INSERT INTO "people" VALUES(2,'5a818c38-b28a-4f2a-9129-e7f7cedbb924','Joe Brown','joe brown','',NULL,0,'',6786495360,6786495360,NULL,0,NULL,1,1795169520);
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
INSERT INTO "profiles" VALUES(1,1,NULL,1,'mary.jones','','Mary Jones','mary jones','','','','',1,0,0,'Nobody else of this name or address was in the desk.','only','',6787186560,1);
INSERT INTO "profiles" VALUES(2,2,NULL,2,'joe.brown','','Joe Brown','joe brown','','','','',1,0,0,'Nobody else of this name or address was in the desk.','only','',6786495360,1);
CREATE TABLE addresses(                     -- ways to reach a profile's owner
          profile_id INTEGER NOT NULL REFERENCES profiles(id) ON DELETE CASCADE,
          kind TEXT NOT NULL,                       -- mail, phone, web
          value TEXT NOT NULL,                      -- mail in lower case; web canonical; phone as written
          vouched INTEGER NOT NULL DEFAULT 0,       -- 1: the place itself guarantees it
          PRIMARY KEY(profile_id, kind, value)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "addresses" VALUES(2,'mail','joe.brown@alderfinch.example',0);
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
INSERT INTO "activities" VALUES(6786495360,2,2,'a',1,1794996720,0,0,0,'','A question?','','',NULL,'',1);
INSERT INTO "activities" VALUES(6787186560,1,1,'b',1,1795083120,0,0,0,'','会議','','',NULL,'',1);
CREATE TABLE participants(                  -- who else takes part: recipients, mentioned, endorsed
          profile_id INTEGER NOT NULL REFERENCES profiles(id),
          activity_id INTEGER NOT NULL REFERENCES activities(id) ON UPDATE CASCADE ON DELETE CASCADE,
          role INTEGER NOT NULL,                    -- 0 to 1 cc 2 bcc 3 reply_to 4 mentioned 5 subject
          PRIMARY KEY(profile_id, activity_id, role)
        ) STRICT, WITHOUT ROWID;
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
CREATE TABLE buckets(
          id INTEGER PRIMARY KEY,
          uid TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL UNIQUE,
          colour TEXT NOT NULL,                     -- #RRGGBB
          position INTEGER NOT NULL                 -- the user's order, from 0
        ) STRICT;
INSERT INTO "buckets" VALUES(1,'df8e6c04-c1a6-4d7e-a1b0-e48386ae1048','Top customers','#0B6A63',0);
CREATE TABLE bucket_people(
          bucket_id INTEGER NOT NULL REFERENCES buckets(id),
          person_id INTEGER NOT NULL REFERENCES people(id),
          at INTEGER NOT NULL,
          PRIMARY KEY(bucket_id, person_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "bucket_people" VALUES(1,2,1795169520);
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
INSERT INTO "notes" VALUES(1,'0fb6820d-7bce-402f-9824-2d85dd8496f3',2,NULL,'note','Called about the panel.',0,1795169520,1795169520,NULL);
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
CREATE TABLE drafts(                        -- what is being typed right now; one per place of typing
          slot TEXT PRIMARY KEY,                    -- "person:<uid>", "company:<uid>", "anywhere", "note:<uid>"
          text TEXT NOT NULL,
          kind TEXT NOT NULL,
          minutes INTEGER NOT NULL DEFAULT 0,
          happened_at INTEGER,
          saved_at INTEGER NOT NULL
        ) STRICT;
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
INSERT INTO "decisions" VALUES(1,1795169520,'bucket','New bucket Top customers',NULL);
INSERT INTO "decisions" VALUES(2,1795169520,'bucket','Joe Brown added to Top customers',NULL);
INSERT INTO "decisions" VALUES(3,1795169520,'note','Note on Joe Brown',NULL);
CREATE TABLE decision_rows(                 -- the rows it changed, as they were and as they became
          decision_id INTEGER NOT NULL REFERENCES decisions(id) ON DELETE CASCADE,
          n INTEGER NOT NULL,
          tbl TEXT NOT NULL,
          key TEXT NOT NULL,                        -- JSON object of the key columns
          before TEXT,                              -- JSON object of the changed columns, NULL: the row was made
          after TEXT,                               -- same, NULL: the row was removed
          PRIMARY KEY(decision_id, n)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "decision_rows" VALUES(1,1,'buckets','{"id": 1}',NULL,'{"uid": "df8e6c04-c1a6-4d7e-a1b0-e48386ae1048", "name": "Top customers", "colour": "#0B6A63", "position": 0}');
INSERT INTO "decision_rows" VALUES(2,1,'bucket_people','{"bucket_id": 1, "person_id": 2}',NULL,'{"bucket_id": 1, "person_id": 2, "at": 1795169520}');
INSERT INTO "decision_rows" VALUES(3,1,'notes','{"id": 1}','{"trashed_at": 1795169520}','{"trashed_at": null}');
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
INSERT INTO "batches" VALUES(1,'test','mastodon','test',1795169520,0,0,0,0,NULL);
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
CREATE VIEW activities_text AS SELECT id, text, title, 'p' || profile_id AS who FROM activities;
CREATE VIRTUAL TABLE activities_fts USING fts5(
          text, title, who, content='activities_text', content_rowid='id',
          tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE activities_spaced USING fts5(text, who, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE notes_fts USING fts5(text, who, tokenize='porter unicode61 remove_diacritics 2');
INSERT INTO activities_fts(activities_fts) VALUES('rebuild');
INSERT INTO activities_spaced(rowid, text, who) VALUES(6787186560,'  会  議 ','p1');
INSERT INTO notes_fts(rowid, text, who) VALUES(1,'Called about the panel.','n2');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX companies_name ON companies(name COLLATE NOCASE);
CREATE INDEX people_order ON people(open_prompts DESC, last_id DESC);
CREATE INDEX people_folded ON people(folded);
CREATE INDEX people_company ON people(company_id);
CREATE UNIQUE INDEX people_me ON people(is_me) WHERE is_me = 1;
CREATE INDEX profiles_person ON profiles(person_id, last_id);
CREATE INDEX profiles_company ON profiles(company_id) WHERE company_id IS NOT NULL;
CREATE INDEX profiles_folded ON profiles(folded);
CREATE INDEX addresses_value ON addresses(kind, value);
CREATE UNIQUE INDEX activities_key ON activities(place_id, native_id);
CREATE INDEX activities_who ON activities(profile_id);
CREATE INDEX activities_place ON activities(place_id);
CREATE INDEX activities_thread ON activities(place_id, thread) WHERE thread IS NOT NULL;
CREATE INDEX activities_batch ON activities(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX participants_activity ON participants(activity_id);
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
CREATE INDEX bucket_people_person ON bucket_people(person_id);
CREATE INDEX notes_person ON notes(person_id, happened_at DESC) WHERE person_id IS NOT NULL;
CREATE INDEX notes_company ON notes(company_id, happened_at DESC) WHERE company_id IS NOT NULL;
CREATE INDEX note_mentions_person ON note_mentions(person_id);
COMMIT;
PRAGMA user_version = 4;
