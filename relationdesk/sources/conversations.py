"""How conversations in which I take part are read: whole ones, oldest first, as many as fit; the rest in the next sync.

The cursor is the time at which the last one read had changed, so nothing has to be marked as read at the place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.model import Fact, Page
from relationdesk.sources.json_fields import Json, moment_of, string

FIRST = timedelta(days=30)
"""How far the first reading goes back."""
MOST = 25
"""Conversations read in one sync."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation that changed at `moment` (aware UTC). item: what the place says of it."""

    moment: datetime
    item: Json


def read_conversations(
    changed: Callable[[datetime], Sequence[Conversation]], facts: Callable[[Json, datetime], list[Fact]], cursor: str, now: datetime
) -> Iterator[Page]:
    """One page per conversation. changed: those with something new since then. facts: what was said in one since then.

    Raises what these two raise; what was read until then stays.
    """
    since = _since(cursor, now)
    threads = sorted((thread for thread in changed(since) if thread.moment > since), key=lambda thread: thread.moment)
    reached = since
    chosen = threads[:MOST]
    for number, thread in enumerate(chosen):
        found = facts(thread.item, since)
        if not any(other.moment == thread.moment for other in threads[number + 1 :]):
            reached = thread.moment
        yield Page(facts=tuple(found), cursor=_text(reached), more=number + 1 < len(chosen))
    if not threads:
        yield Page(cursor=_text(since))


def _text(since: datetime) -> str:
    return json.dumps({"since": since.isoformat()})


def _since(cursor: str, now: datetime) -> datetime:
    try:
        data = json.loads(cursor) if cursor else {}
    except ValueError:
        data = {}
    moment = moment_of(string(data, "since", 50))[0]
    return min(moment, now) if moment is not None else now - FIRST
