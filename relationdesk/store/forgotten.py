"""Profiles that were forgotten: kept as keyed hashes, so that what arrives of them again is dropped without their names being kept.
So are their mail addresses, alone for the mailbox itself and with each of their names, for cards that another program numbers anew.

A hash is `hmac:<key>:<hash>` with a key of the desk's own, beside it so that it still works in a desk made from an export. It keeps
names from being read or compared between desks; whoever has the desk can still try a name.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from relationdesk.model import Key
from relationdesk.store.database import Desk
from relationdesk.text import fold

_MARK = "hmac:"


def remember(db: Desk, keys: Iterable[Key], at: int) -> None:
    """at: unix seconds. Inside `transaction`."""
    row = db.execute("SELECT native_id FROM forgotten WHERE native_id GLOB 'hmac:*' LIMIT 1").fetchone()
    key = row[0].split(":")[1] if row else secrets.token_hex(16)
    for one in keys:
        db.execute("INSERT OR IGNORE INTO places(name) VALUES (?)", (one.place,))
        db.execute(
            "INSERT OR IGNORE INTO forgotten(place_id, native_id, at) SELECT id, ?, ? FROM places WHERE name = ?",
            (f"{_MARK}{key}:{_hash(key, one)}", at, one.place),
        )


def named(mail: str, name: str) -> Key:
    """What is remembered of a mail address together with a name."""
    return Key("mail", f"{mail}\n{fold(name)}")


def mark(db: Desk) -> None:
    """Fill `stage.forgotten(place, native_id)` with those of the staged profiles that were forgotten. Needs no lock on the desk."""
    db.execute("CREATE TABLE IF NOT EXISTS stage.forgotten(place TEXT, native_id TEXT, PRIMARY KEY(place, native_id)) WITHOUT ROWID")
    db.execute("DELETE FROM stage.forgotten")
    known = {(row[0], row[1]) for row in db.execute("SELECT p.name, f.native_id FROM main.forgotten f JOIN main.places p ON p.id = f.place_id")}
    if not known:
        return
    keys = {native_id.split(":")[1] for _, native_id in known if native_id.startswith(_MARK) and native_id.count(":") == 2}
    places = sorted({place for place, _ in known})
    staged = db.execute(f"SELECT place, native_id FROM stage.profiles WHERE place IN ({', '.join('?' * len(places))})", places)

    def is_known(one: Key) -> bool:
        return one in known or any((one.place, f"{_MARK}{key}:{_hash(key, one)}") in known for key in keys)

    found = {Key(*row) for row in staged if is_known(Key(*row))}
    if "mail" in places:
        found |= {Key(place, native_id) for place, native_id, mail, name in db.execute(
            "SELECT s.place, s.native_id, a.value, s.display_name FROM stage.addresses a JOIN stage.profiles s USING (place, native_id) "
            "WHERE a.kind = 'mail' AND s.display_name <> '' AND s.is_owner = 0"
        ) if is_known(named(mail, name))}  # fmt: skip
    db.executemany("INSERT INTO stage.forgotten VALUES (?,?)", found)


def _hash(key: str, one: Key) -> str:
    return hmac.new(key.encode(), f"{one.place}\n{one.native_id}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
