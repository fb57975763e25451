"""What the cursor of a CRM remembers of each kind of record: how far its list was read, and since when changes are asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from relationdesk.sources.json_fields import moment_of


def stamp(text: str) -> int:
    """A time in milliseconds since 1970; 0 for none, and for one before that."""
    moment, _ = moment_of(text)
    return max(0, int(moment.timestamp() * 1000)) if moment is not None else 0


@dataclass(slots=True)
class State:
    """after: the place's own mark where its list goes on. listed: it was read to its end. begun: when that reading began.
    since: from when on changes are asked for. note: what else the source keeps in mind. recent: id → time of its last change, of those that the next question finds again.
    Times are milliseconds since 1970, by the clock of the place once it has told one."""

    after: str = ""
    listed: bool = False
    begun: int = 0
    since: int = 0
    note: str = ""
    recent: dict[str, int] = field(default_factory=dict)

    def reached(self, now: datetime) -> int:
        """From when on to ask. Never from a time that is still to come: nothing would be read until then."""
        return min(self.since, int(now.timestamp() * 1000))

    def met(self, changes: Mapping[str, int], begun: int, now: datetime, overlap: int) -> None:
        """These records, id → time of change, were read. The next question goes on from the latest of them, less `overlap`, and never from
        before `begun`; one that says it was changed in the future moves it no further than to `now`."""
        self.recent |= changes
        self.since = max(begun, min(max(self.recent.values()), int(now.timestamp() * 1000)) - overlap)
        self.recent = {id_: at for id_, at in self.recent.items() if at >= self.since}


@dataclass(slots=True)
class Memory:
    """of: kind of record → State. deleted: ISO time when it was asked what was deleted. chosen: whose records were read."""

    of: dict[str, State] = field(default_factory=dict)
    deleted: str = ""
    chosen: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str, chosen: frozenset[str] = frozenset()) -> Memory:
        """Anything that is no cursor of ours begins anew; so does a reading of more people's records than before."""
        try:
            data: Any = json.loads(text) if text else {}
            before = frozenset(map(str, data.get("chosen", ())))
            if data and before != chosen:
                return cls(chosen=chosen)
            of = {
                str(name): State(
                    after=str(state["after"]), listed=state["listed"] is True, begun=int(state["begun"]), since=int(state["since"]), note=str(state.get("note", "")),
                    recent={str(id_): int(at) for id_, at in state["recent"].items()},
                ) for name, state in data.get("of", {}).items()
            }  # fmt: skip
            return cls(of=of, deleted=str(data.get("deleted", "")), chosen=chosen)
        except (ValueError, TypeError, AttributeError, KeyError):
            return cls(chosen=chosen)

    def text(self) -> str:
        of = {name: asdict(state) for name, state in self.of.items()}
        return json.dumps({"of": of, "deleted": self.deleted, "chosen": sorted(self.chosen)}, sort_keys=True, separators=(",", ":"))
