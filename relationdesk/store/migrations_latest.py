"""The history of the desk's shape goes on here, after migrations_later.py was full. The rules stand in migrations.py.

What is copied here from the rest of the house stays as it was when the migration was written.
"""

from sqlite_utils import Database

from relationdesk.store.migrations_later import migrations

__all__ = ["migrations"]


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
