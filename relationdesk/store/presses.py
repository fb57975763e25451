"""What of what others did I like or passed on from here, read from what goes out. Apart from `outbox`, because every timeline asks it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from relationdesk.model import Key
from relationdesk.outgoing import Deed, State
from relationdesk.store.database import Desk

_ON_ITS_WAY = frozenset({State.WAITING, State.SENDING, State.SENT})


def pressed(db: Desk, keys: Iterable[Key]) -> dict[Key, frozenset[Deed]]:
    """What of these items I like or passed on from here, or will as soon as it is out; those without anything are left out."""
    rows = db.execute(
        "SELECT o.place, o.towards, o.deed, o.state FROM outbox o WHERE o.deed IN ('like', 'boost', 'unlike', 'unboost') AND (o.place, o.towards) IN "
        "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)) ORDER BY o.id",
        (json.dumps(list(keys)),),
    )
    stands: dict[tuple[Key, Deed], bool] = {}
    for place, towards, deed, state in rows:
        back, on_its_way = Deed(deed).undoes, State(state) in _ON_ITS_WAY
        slot = Key(place, towards), back or Deed(deed)
        stands[slot] = (stands.get(slot, False) or on_its_way) if back is None else (stands.get(slot, False) and not on_its_way)
    found: dict[Key, frozenset[Deed]] = {}
    for (key, deed_), holds in stands.items():
        if holds:
            found[key] = found.get(key, frozenset()) | {deed_}
    return found
