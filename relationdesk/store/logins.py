"""Logins, what they follow, and how far each stream was read. No secret is ever in here."""

from __future__ import annotations

import json

from relationdesk.model import Key, Login, Stream
from relationdesk.saying import marked
from relationdesk.store import decision, settings
from relationdesk.store.database import Desk
from relationdesk.store.timekey import maybe_moment
from relationdesk.troubles import Trouble

OFFLINE = marked("This computer is offline. What was read before is kept; reading goes on by itself as soon as there is a network.")
"""The failure of a login of which nothing could be read for want of a network."""

_HELD = "held"
_TROUBLES = {str(one): one for one in Trouble}

_SELECT = """
SELECT id, source, place, address, user_name, profile_place, profile_native_id, has_token, allow_private, last_good,
  last_tried, next_try, failure, trouble, paused, rights, server FROM logins LEFT JOIN login_rights r ON r.login_id = id LEFT JOIN login_senders s ON s.login_id = id
"""


def _login(row: tuple[object, ...]) -> Login:
    (id_, source, place, address, user_name, p_place, p_native, has_token, allow_private, last_good, last_tried, next_try,
     failure, trouble, paused, rights, sends_by) = row  # fmt: skip
    return Login(
        id=int(str(id_)), source=str(source), place=str(place), address=str(address), user_name=str(user_name),
        profile=Key(str(p_place), str(p_native)) if p_native else None, has_token=bool(has_token),
        allow_private=bool(allow_private), last_good=maybe_moment(_int(last_good)), last_tried=maybe_moment(_int(last_tried)),
        next_try=maybe_moment(_int(next_try)), failure=str(failure), trouble=trouble_of(trouble),
        paused=bool(paused),
        rights=None if rights is None else frozenset(str(rights).split()), sends_by=str(sends_by or ""),
    )  # fmt: skip


def trouble_of(stored: object) -> Trouble:
    """What is stored, also by a newer version."""
    return _TROUBLES.get(str(stored), Trouble.UNKNOWN)


def _int(value: object) -> int | None:
    return None if value is None else int(str(value))


def every(db: Desk) -> tuple[Login, ...]:
    """All logins, by place then address."""
    return tuple(map(_login, db.execute(_SELECT + "ORDER BY place, address, user_name")))


def get(db: Desk, login_id: int) -> Login | None:
    row = db.execute(_SELECT + "WHERE id = ?", (login_id,)).fetchone()
    return _login(row) if row else None


def find(db: Desk, source: str, address: str, user_name: str) -> Login | None:
    row = db.execute(
        _SELECT + "WHERE source = ? AND address = ? AND user_name = ?", (source, address, user_name)
    ).fetchone()
    return _login(row) if row else None


def save(db: Desk, login: Login) -> int:
    """Insert, or update what `connect` found out; its id. A login that read the same server without a name becomes the
    one that is signed in now, with all it follows; where mail is sent by it stays unless said anew. Inside `transaction`."""
    profile = login.profile or Key("", "")
    db.execute(
        "UPDATE OR IGNORE logins SET user_name = ?1 WHERE ?1 <> '' AND source = ?2 AND address = ?3 AND user_name = ''",
        (login.user_name, login.source, login.address),
    )
    db.execute(
        "INSERT INTO logins(id, source, place, address, user_name, profile_place, profile_native_id, has_token, allow_private) "
        "VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET profile_place = excluded.profile_place, "
        "profile_native_id = excluded.profile_native_id, has_token = excluded.has_token, "
        "allow_private = excluded.allow_private, failure = '', trouble = '', next_try = NULL",
        (
            decision.free_id(db, "logins"),
            login.source,
            login.place,
            login.address,
            login.user_name,
            *profile,
            int(login.has_token),
            int(login.allow_private),
        ),
    )
    row = db.execute(
        "SELECT id FROM logins WHERE source = ? AND address = ? AND user_name = ?",
        (login.source, login.address, login.user_name),
    ).fetchone()
    id_ = int(row[0])
    db.execute("DELETE FROM login_rights WHERE login_id = ?", (id_,))
    if login.rights is not None:
        db.execute("INSERT INTO login_rights(login_id, rights) VALUES (?, ?)", (id_, " ".join(sorted(login.rights))))
    if login.sends_by:
        set_sends_by(db, id_, login.sends_by)
    return id_


def set_sends_by(db: Desk, login_id: int, server: str) -> None:
    """Where mail is sent by it; "" as follows from where it is read. Inside `transaction`."""
    db.execute("DELETE FROM login_senders WHERE login_id = ?", (login_id,))
    if server:
        db.execute("INSERT INTO login_senders(login_id, server) VALUES (?, ?)", (login_id, server))


def allow_private(db: Desk, login_id: int) -> None:
    """Its servers may lie on a private network. Inside `transaction`."""
    db.execute("UPDATE logins SET allow_private = 1 WHERE id = ?", (login_id,))


def remove(db: Desk, login_id: int) -> None:
    """The login and its cursors go; everything read by it stays. Inside `transaction`."""
    db.execute("DELETE FROM logins WHERE id = ?", (login_id,))


def read_anew(db: Desk, login_id: int) -> None:
    """Everything it follows is read from the beginning next time: what was read may be gone. Inside `transaction`."""
    db.execute("UPDATE streams SET cursor = '', last_good = NULL WHERE login_id = ?", (login_id,))


def set_paused(db: Desk, login_id: int, paused: bool) -> None:
    """Inside `transaction`."""
    db.execute("UPDATE logins SET paused = ?, next_try = NULL WHERE id = ?", (int(paused), login_id))


def hold(db: Desk) -> None:
    """Pause every login that is read, and remember which, for a desk put back from a copy. Inside `transaction`."""
    ids = [row[0] for row in db.execute("SELECT id FROM logins WHERE NOT paused ORDER BY id")]
    if ids:
        settings.set_value(db, _HELD, json.dumps(sorted({*ids, *held(db)})))
        db.execute("UPDATE logins SET paused = 1 WHERE NOT paused")


def held(db: Desk) -> tuple[int, ...]:
    """The logins that `hold` paused and nobody has let go on since."""
    ids = settings.value(db, _HELD)
    if not ids:
        return ()
    return tuple(row[0] for row in db.execute("SELECT id FROM logins WHERE paused AND id IN (SELECT value FROM json_each(?)) ORDER BY id", (ids,)))


def go_on(db: Desk) -> None:
    """Read again what `hold` paused. Inside `transaction`."""
    db.executemany("UPDATE logins SET paused = 0, next_try = NULL WHERE id = ?", [(id_,) for id_ in held(db)])
    settings.set_value(db, _HELD, "")


def tried(
    db: Desk, login_id: int, *, at: int, failure: str, next_try: int | None, trouble: Trouble = Trouble.UNKNOWN, stopped: bool = False
) -> None:
    """Note how a sync went; failure "" is good, unless it was stopped. trouble: why it failed. Inside `transaction`."""
    db.execute(
        "UPDATE logins SET last_tried = ?1, last_good = iif(?2 = '' AND NOT ?5, ?1, last_good), failure = ?2, trouble = iif(?2 = '', '', ?6), "
        "next_try = ?3 WHERE id = ?4",
        (at, failure, next_try, login_id, int(stopped), trouble),
    )


def is_offline(login: Login) -> bool:
    """It could not be read only because this computer had no network: that heals by itself and needs nobody."""
    return login.trouble is Trouble.OFFLINE


_PATIENCE = 24 * 3600
"""Seconds after which also what may heal by itself needs somebody."""


def _heals(trouble: Trouble, good: int | None, tried: int | None) -> bool:
    """Whether it may go on by itself, and was read within the last day before it was tried."""
    return trouble.heals and good is not None and tried is not None and tried - good < _PATIENCE


def failing(db: Desk) -> dict[int, bool]:
    """Ids of the logins that fail, or of which a stream does; and whether all of that heals by itself."""
    own = db.execute("SELECT id, trouble, last_good, last_tried FROM logins WHERE failure <> ''").fetchall()
    rows = db.execute("SELECT l.id, s.trouble, s.last_good, l.last_tried FROM streams s JOIN logins l ON l.id = s.login_id WHERE s.failure <> ''").fetchall()
    partly = {row[0] for row in rows}
    found: dict[int, bool] = {}
    for id_, trouble, good, tried in (*rows, *(row for row in own if row[0] not in partly)):
        found[id_] = found.get(id_, True) and _heals(trouble_of(trouble), good, tried)
    return found


def online_again(db: Desk) -> None:
    """There is a network: what waits only for that is due now. Inside `transaction`."""
    db.execute("UPDATE logins SET next_try = NULL WHERE trouble = ?", (Trouble.OFFLINE,))


def wait_no_longer(db: Desk, login_id: int, trouble: Trouble) -> None:
    """What held it up is no longer so: it is due now. Inside `transaction`."""
    db.execute("UPDATE logins SET failure = '', trouble = '', next_try = NULL WHERE id = ? AND trouble = ?", (login_id, trouble))
    db.execute("UPDATE streams SET failure = '', trouble = '' WHERE login_id = ? AND trouble = ?", (login_id, trouble))


# Streams


def followed(db: Desk, login_id: int) -> tuple[Stream, ...]:
    """What the user follows through this login, by title."""
    rows = db.execute(
        "SELECT name, address, title, profile_place, profile_native_id FROM streams WHERE login_id = ? AND followed = 1 "
        "ORDER BY title, name",
        (login_id,),
    )
    return tuple(
        Stream(name=name, address=address, title=title, profile=Key(place, native) if native else None)
        for name, address, title, place, native in rows
    )


def following(db: Desk, profile: Key) -> tuple[tuple[Login, str], ...]:
    """Through which logins, and by which stream of theirs, the user follows this profile."""
    rows = db.execute(
        "SELECT login_id, name FROM streams WHERE profile_place = ? AND profile_native_id = ? AND followed = 1 ORDER BY login_id, name",
        profile,
    ).fetchall()
    return tuple((login, name) for login_id, name in rows if (login := get(db, login_id)) is not None)


def key_profiles(db: Desk) -> frozenset[Key]:
    """Profiles of people at key companies, and those of such companies themselves."""
    rows = db.execute(
        "SELECT l.name, q.native_id FROM profiles q JOIN places l ON l.id = q.place_id LEFT JOIN people p ON p.id = q.person_id "
        "JOIN companies c ON c.id = coalesce(q.company_id, p.company_id) AND c.is_key = 1"
    )
    return frozenset(Key(place, native_id) for place, native_id in rows)


def hand_over(db: Desk, giver: int, name: str, taker: int, stream: Stream) -> None:
    """The stream `name` of one login is followed as `stream` by another from now on, from where it stands. Inside `transaction`."""
    at = cursor(db, giver, name)
    unfollow(db, giver, name)
    save_stream(db, taker, stream, is_followed=True)
    db.execute("UPDATE streams SET cursor = ? WHERE login_id = ? AND name = ? AND cursor = ''", (at, taker, stream.name))


def save_stream(db: Desk, login_id: int, stream: Stream, *, is_followed: bool) -> None:
    """Make the stream known; its cursor, if any, stays. Inside `transaction`."""
    profile = stream.profile or Key("", "")
    db.execute(
        "INSERT INTO streams(login_id, name, address, title, profile_place, profile_native_id, followed) VALUES (?,?,?,?,?,?,?) "
        "ON CONFLICT DO UPDATE SET address = excluded.address, title = excluded.title, followed = max(followed, excluded.followed)",
        (login_id, stream.name, stream.address, stream.title, *profile, int(is_followed)),
    )


def unfollow(db: Desk, login_id: int, name: str) -> None:
    """Inside `transaction`."""
    db.execute("DELETE FROM streams WHERE login_id = ? AND name = ?", (login_id, name))


def cursor(db: Desk, login_id: int, name: str) -> str:
    row = db.execute("SELECT cursor FROM streams WHERE login_id = ? AND name = ?", (login_id, name)).fetchone()
    return str(row[0]) if row else ""


def set_cursor(db: Desk, login_id: int, name: str, text: str, at: int) -> None:
    """In the same transaction as the page it belongs to. "" keeps the old one."""
    db.execute(
        "UPDATE streams SET cursor = iif(?1 = '', cursor, ?1), last_good = ?2, failure = '', trouble = '' WHERE login_id = ?3 AND name = ?4",
        (text, at, login_id, name),
    )


def stream_failed(db: Desk, login_id: int, name: str, failure: str, trouble: Trouble = Trouble.UNKNOWN) -> None:
    """failure: the sentence; trouble: why. Inside `transaction`."""
    db.execute("UPDATE streams SET failure = ?, trouble = ? WHERE login_id = ? AND name = ?", (failure, trouble, login_id, name))


def rest(db: Desk, login_id: int, name: str, *, at: int, until: int | None) -> None:
    """Not to be asked before `until` (unix seconds); None: gone for good, so not before the user asks for it. Inside `transaction`."""
    db.execute("INSERT OR REPLACE INTO rests(login_id, stream, since, until) VALUES (?,?,?,?)", (login_id, name, at, until))


def ask_again(db: Desk, login_id: int, name: str) -> None:
    """It is asked with the next reading, whatever it said. Inside `transaction`."""
    db.execute("DELETE FROM rests WHERE login_id = ? AND stream = ?", (login_id, name))


def rests(db: Desk, login_id: int) -> dict[str, tuple[int, int | None]]:
    """By stream: since when, and until when it is not asked (unix seconds); None: until the user wants it."""
    return {name: (since, until) for name, since, until in db.execute("SELECT stream, since, until FROM rests WHERE login_id = ?", (login_id,))}


def stream_states(db: Desk, login_id: int) -> tuple[tuple[str, str, int | None, str, Trouble], ...]:
    """(name, title, last good in unix seconds, failure, why) of each stream, by title."""
    rows = db.execute(
        "SELECT name, title, last_good, failure, trouble FROM streams WHERE login_id = ? ORDER BY title, name", (login_id,)
    )
    return tuple((row[0], row[1], row[2], row[3], trouble_of(row[4])) for row in rows)
