"""Keep somebody who was shown (services/adding.py): the profile, whose it is, and what is followed, as one decision that can be taken back.

The user says whose the first profile is. What it names as its own links only by a place's word; all else is asked on Who is this?.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Login, Stream
from relationdesk.saying import say
from relationdesk.services import logins as ways
from relationdesk.services import matching, people
from relationdesk.services.adding import Met
from relationdesk.store import caches, ledger, logins, merge, profiles, revisions, stand_ins
from relationdesk.store import people as person_rows
from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision, Row
from relationdesk.store.profiles import Stored
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from relationdesk.text import day, listed, one_line, place_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """logins: those that read something new now. waiting: what is asked on Who is this?."""

    person_id: int
    changes: Changes
    logins: tuple[int, ...] = ()
    waiting: int = 0


def keep(
    db: Desk, first: Met, now: datetime, *, also: Sequence[Met] = (), person_id: int | None = None, name: str = "",
    follow: bool = True,
) -> Kept:  # fmt: skip
    """person_id None: somebody new, called `name` or as the place calls them. follow: read from
    now on what `first` writes; `also` was ticked, so it is followed in any case.

    Raises UserMistake if the profile is somebody else's already, or nobody's name is known; nothing was changed then.
    """
    known = profiles.by_key(db, first.profile.key)
    _refuse(db, known, person_id)
    person = person_rows.get(db, person_id) if person_id is not None else None
    called = person.name if person else one_line(name or first.profile.display_name or first.profile.handle or first.profile.url, 200)
    if person_id is not None and person is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was changed."))
    met = (first if follow else replace(first, stream=None), *also)
    places = listed([place_name(one.profile.key.place) for one in met])
    sentence = say("Added {places} to {called}", places=places, called=called) if person else say("Added {called} ({places})", called=called, places=places)
    with Staging(db, now=seconds(now)) as staging:
        staging.add(replace(one.profile, known=one is met[0]) for one in met)
        merge.prepare(staging)
        with ledger.decide(db, "add", sentence, seconds(now)) as d:
            newest = db.execute("SELECT coalesce(max(id), 0) FROM profiles").fetchone()[0]
            merged = merge.merge(staging, batch_id=None, now=seconds(now))
            _remember_new(d, newest, met, seconds(now))
            stored = profiles.by_key(db, first.profile.key)
            if stored is None:
                raise UserMistake(say("You chose to forget this profile, so it does not come back. Nothing was changed."))
            if person_id is None and stored.person_id is None:
                person_id = people.make_person(d, stored, called, now)
            elif person_id is not None:
                _link(d, stored, person_id, now)
            ways = tuple(dict.fromkeys(login_id for one in met if (login_id := _follow(d, one))))
            settled = matching.arrange(db, merged.profiles - {stored.id}, batch_id=None, now=seconds(now))
            whose = stored.person_id if person_id is None else person_id
            caches.changed_hands(db, [stored.id], [whose] if whose is not None else [])
    assert whose is not None
    changes = Changes(people=frozenset({whose}), logins=True, matches=True, companies=True, prompts=True, undo=sentence)
    return Kept(person_id=whose, changes=settled.changes | changes, logins=ways, waiting=settled.waiting)


def _refuse(db: Desk, known: Stored | None, person_id: int | None) -> None:
    if known is None or known.person_id in (None, person_id):
        return
    owner = person_rows.get(db, known.person_id)
    if person_id is not None and owner is not None:
        raise UserMistake(
            say("{profile} ({place}) is {name}’s already. Nothing was changed. Unlink it there first, if it is not theirs.", profile=people.profile_name(known), place=place_name(known.profile.key.place), name=owner.name)
        )


def _remember_new(d: Decision, newest: int, met: Iterable[Met], now: int) -> None:
    """Profiles that came by this decision go when it is taken back. What only stands in for a place's own id is marked."""
    links = {one.profile.key for one in met if one.stream is None and not one.meant.is_own}
    ids = [row[0] for row in d.db.execute("SELECT id FROM profiles WHERE id > ? ORDER BY id", (newest,))]
    for profile_id in ids:
        _record(d, "profiles", {"id": profile_id})
        for kind, value in d.db.execute("SELECT kind, value FROM addresses WHERE profile_id = ? ORDER BY kind, value", (profile_id,)).fetchall():
            _record(d, "addresses", {"profile_id": profile_id, "kind": kind, "value": value})
        for at, batch in d.db.execute("SELECT at, batch_id FROM tellings WHERE profile_id = ? ORDER BY at, batch_id", (profile_id,)).fetchall():
            _record(d, "tellings", {"profile_id": profile_id, "at": at, "batch_id": batch})
        for kind, batch in d.db.execute("SELECT kind, batch_id FROM life_days WHERE profile_id = ? ORDER BY kind, batch_id", (profile_id,)).fetchall():
            _record(d, "life_days", {"profile_id": profile_id, "kind": kind, "batch_id": batch})
        for place, native in revisions.by_logins(d.db, profile_id):
            _record(d, "revisions", {"tbl": 1, "place_id": place, "native_id": native, "batch_id": 0})
    for stored in profiles.by_ids(d.db, ids):
        if stored.profile.key in links:
            stand_ins.mark(d, stored.id, now)


def _record(d: Decision, table: str, key: Row) -> None:
    """A row that is there already belongs to this decision."""
    cursor = d.db.execute(f"SELECT * FROM {table} WHERE {' AND '.join(f'{column} = :{column}' for column in key)}", key)  # noqa: S608 - our own names
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    d.record(table, key, None, {column: value for column, value in row.items() if column not in ("id", "cursor", "last_good", "failure")})


def _link(d: Decision, stored: Stored, person_id: int, now: datetime) -> None:
    """The user said so; what is certainly the same one's goes with it."""
    how = say("You added it on {day}.", day=day(now))
    values: Row = {"person_id": person_id, "company_id": None, "linked_how": how, "linked_by": "user", "settled": ""}
    d.update("profiles", {"id": stored.id}, values)
    fresh = [stored.profile]
    while fresh:
        found = matching.following(d.db, person_id, fresh)
        for other, sentence in found.values():
            d.update("profiles", {"id": other.id}, {**values, "linked_how": sentence, "linked_by": "place"})
        caches.changed_hands(d.db, found, [person_id])
        fresh = [other.profile for other, _ in found.values()]


def _follow(d: Decision, met: Met) -> int:
    """The stream, and the way into the place where there is none yet; the id of that, 0 where nothing is followed."""
    if met.stream is None or met.login is None:
        return 0
    try:
        feeds = ways.also_followed(d.db, met.login, met.stream)
    except UserMistake:  # by the place itself, which tells more than its feed
        return 0
    for feed, name in feeds:
        d.delete("streams", {"login_id": feed.id, "name": name})
    login_id = met.login.id or _login(d, met.login)
    before = d.db.execute("SELECT followed FROM streams WHERE login_id = ? AND name = ?", (login_id, met.stream.name)).fetchone()
    logins.save_stream(d.db, login_id, _kept_as(d.db, met), is_followed=True)
    logins.ask_again(d.db, login_id, met.stream.name)
    if before is None:
        _record(d, "streams", {"login_id": login_id, "name": met.stream.name})
    return login_id


def _kept_as(db: Desk, met: Met) -> Stream:
    assert met.stream is not None
    return replace(met.stream, title=met.stream.title or met.profile.display_name or met.profile.handle)


def _login(d: Decision, login: Login) -> int:
    known = logins.find(d.db, login.source, login.address, login.user_name)
    if known is not None:
        return known.id
    login_id = logins.save(d.db, login)
    _record(d, "logins", {"id": login_id})
    return login_id
