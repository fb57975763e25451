"""What of what others did I like or passed on from here, read from what goes out. Apart from `outbox`, because every timeline asks it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from relationdesk.model import Key, Kind
from relationdesk.outgoing import Deed, State
from relationdesk.store.database import Desk

_ON_ITS_WAY = frozenset({State.WAITING, State.SENDING, State.SENT})


def standing(db: Desk, keys: Iterable[Key], without: str = "") -> dict[Key, dict[Deed, str]]:
    """The uids of what I gave these items from here, likes and boosts, that is out or on its way and not taken back, nor about to be; items without
    any are left out. What failed, was held back or given up counts for nothing. without: uid of what is not looked at.
    """
    pressing = "o.deed IN ('like', 'boost', 'unlike', 'unboost')"
    if not db.execute(f"SELECT EXISTS (SELECT 1 FROM outbox o WHERE {pressing})").fetchone()[0]:  # no need to tell SQLite of each item
        return {}
    rows = db.execute(
        f"SELECT o.place, o.towards, o.deed, o.state, o.uid FROM outbox o WHERE {pressing} AND (o.place, o.towards) IN "
        "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)) AND o.uid <> ? ORDER BY o.id",
        (json.dumps(list(keys)), without),
    )
    found: dict[Key, dict[Deed, str]] = {}
    for place, towards, deed, state, uid in rows:
        if State(state) not in _ON_ITS_WAY:
            continue
        given, taken = found.setdefault(Key(place, towards), {}), Deed(deed).undoes
        if taken is not None:
            given.pop(taken, None)
        else:
            given.setdefault(Deed(deed), uid)
    return {key: given for key, given in found.items() if given}


def told_of(db: Desk, towards: Key, deed: Deed, by: Key, name: str) -> tuple[Key, ...]:
    """Such likes or boosts of this item by that profile of mine as the desk was told of, under whatever id their place keeps them. name: of a like, what the place calls it."""
    kind, pointer = (Kind.SHARE, _extra("shared")) if deed is Deed.BOOST else (Kind.REACTION, "a.in_reply_to")
    rows = db.execute(
        "SELECT l.name, a.native_id FROM profiles q JOIN places o ON o.id = q.place_id JOIN activities a ON a.profile_id = q.id JOIN places l ON l.id = a.place_id "
        f"WHERE o.name = ? AND q.native_id = ? AND a.kind = (SELECT id FROM kinds WHERE name = ?) AND l.name = ? AND {pointer} = ? "
        f"AND (? OR {_extra('reaction')} = ?) ORDER BY a.id",
        (*by, kind.value, towards.place, towards.native_id, deed is Deed.BOOST, name),
    )
    return tuple(Key(*row) for row in rows)


def _extra(name: str) -> str:
    """Of an activity a; most have none, and nothing is no JSON."""
    return f"iif(a.extra <> '', json_extract(a.extra, '$.{name}'), NULL)"
