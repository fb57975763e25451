"""Profiles that the user keeps by their page alone: they take the id that their place calls them as soon as the place says it."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision
from relationdesk.store.profiles import spellings
from relationdesk.text import canonical_url


def mark(d: Decision, profile_id: int, now: int) -> None:
    """As part of a decision: its id is ours, not yet the place's."""
    d.insert("stand_ins", {"profile_id": profile_id, "at": now}, key=("profile_id",))


def adopt(db: Desk) -> None:
    """Before a merge: what is staged may tell the own id of somebody kept by their page. Inside `transaction`.

    It is they if the place calls them so, or has that page, on the same server; never where their own id is in the desk already.
    """
    rows = db.execute(
        "SELECT q.id, l.id, l.name, q.native_id, q.handle, q.url FROM stand_ins s CROSS JOIN profiles q ON q.id = s.profile_id CROSS JOIN places l ON "
        "l.id = q.place_id WHERE l.name IN (SELECT place FROM stage.profiles)"
    ).fetchall()
    if not rows:
        return
    db.execute("CREATE INDEX IF NOT EXISTS stage.profiles_handle ON profiles(place, handle COLLATE NOCASE)")
    db.execute("CREATE INDEX IF NOT EXISTS stage.profiles_url ON profiles(place, url)")
    for profile_id, place_id, place, native_id, handle, url in rows:
        found = _told(db, place, native_id, handle, canonical_url(url))
        taken = found and db.execute("SELECT 1 FROM main.profiles WHERE place_id = ? AND native_id = ?", (place_id, found)).fetchone()
        if found and (not taken or found == native_id):
            _rename(db, profile_id, place_id, place, native_id, found)


def _told(db: Desk, place: str, native_id: str, handle: str, page: str) -> str:
    """The id that the place tells of somebody, "" if it tells none or more than one."""
    if db.execute("SELECT 1 FROM stage.profiles WHERE place = ? AND native_id = ? AND display_name <> ''", (place, native_id)).fetchone():
        return native_id
    staged = db.execute(
        "SELECT native_id, url FROM stage.profiles WHERE place = ?1 AND ?2 <> '' AND handle = ?2 COLLATE NOCASE UNION "
        "SELECT native_id, url FROM stage.profiles WHERE place = ?1 AND url IN (SELECT value FROM json_each(?3))",
        (place, handle, json.dumps(spellings(page) if page else [])),
    ).fetchall()
    host = urlsplit(page).netloc
    anywhere = ("", host) if native_id.startswith("@") or "@" in handle else (host,)  # a place of many servers must say which
    ids = {own for own, url in staged if not host or urlsplit(canonical_url(url)).netloc in anywhere}
    return ids.pop() if len(ids) == 1 else ""


def _rename(db: Desk, profile_id: int, place_id: int, place: str, old: str, new: str) -> None:
    """What is kept apart by its names is so under the new one."""
    db.execute("DELETE FROM stand_ins WHERE profile_id = ?", (profile_id,))
    if old == new:
        return
    db.execute("UPDATE main.profiles SET native_id = ? WHERE id = ?", (new, profile_id))
    db.execute("UPDATE captures SET marks = replace(marks, ?, ?) WHERE profile_id = ?", (f"//{old}/", f"//{new}/", profile_id))
    db.execute("UPDATE routes SET profile_native_id = ? WHERE profile_place = ? AND profile_native_id = ?", (new, place, old))
    db.execute("UPDATE OR IGNORE kept_apart SET native_id = ? WHERE place_id = ? AND native_id = ?", (new, place_id, old))
    db.execute("UPDATE OR IGNORE kept_apart SET other = ? WHERE other = ?", (f"profile:{place}/{new}", f"profile:{place}/{old}"))
