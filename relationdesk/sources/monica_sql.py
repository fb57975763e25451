"""Monica's older export: an SQL script of INSERT statements, read as the tables they hold. Nothing of it is ever executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.monica_items import (
    ACTIVITY,
    CALL,
    CONTACT,
    LIFE_EVENT,
    MESSAGE,
    MET,
    MOST,
    NOTE,
    TASK,
    Field,
    Item,
    Survey,
    type_name,
)

_INSERT = re.compile(r"INSERT IGNORE INTO `?(\w{1,64})`? \(([^()]{1,10000})\) VALUES\s*$")
_VALUE = re.compile(r"\s*(?:'((?:[^'\\]|\\.|'')*)'|([^\s,()']{1,100}))\s*([,)])", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
_LONGEST = 4 * 1024 * 1024
_INNER = {"calls": CALL, "notes": NOTE, "tasks": TASK, "life_events": LIFE_EVENT}
_TYPES = ("contact_field_types", "activity_types", "life_event_types")
_COUNTED = {"reminders": "reminder", "gifts": "gift", "debts": "debt", "pets": "pet", "addresses": "address", "relationships": "relationship", "entries": "journal_entry",
            "activities": ACTIVITY, "messages": MESSAGE, "contacts": CONTACT, **_INNER}  # fmt: skip

Row = Mapping[str, str]


class Tables:
    """open_stream: a new stream over the script, as often as it is needed."""

    def __init__(self, open_stream: Callable[[], IO[bytes]]) -> None:
        self._open = open_stream
        self._uuids: dict[str, str] = {}
        self._fields: dict[str, list[Field]] = {}
        self._threads: dict[str, tuple[str, str]] = {}
        self._met: dict[str, Json] = {}
        self._met_ids: dict[str, str] = {}
        self._born: dict[str, Json] = {}
        self._born_ids: dict[str, str] = {}

    def survey(self) -> Survey:
        """As `monica_items.survey`, and what else is needed of a script, whose tables name each other by numbers."""
        found = Survey()
        with self._open() as stream:
            for table, row in rows(stream):
                if isinstance(row, str):
                    continue
                if table in _COUNTED:
                    found.count(_COUNTED[table])
                self._learn(table, row, found)
        for kinds in self._fields.values():
            kinds[:] = [Field(kind=found.types.get(f"contact_field_types:{one.kind}", "").casefold(), value=one.value) for one in kinds]
        for user in found.users:
            user["me_contact"] = self._uuids.get(string(user, "me_contact_id"), "")  # type: ignore[index]  # ours
        return found

    def _learn(self, table: str, row: Row, found: Survey) -> None:
        number = row.get("id", "")
        if len(self._uuids) + len(self._threads) + len(found.types) + len(found.took_part) > MOST * 2:
            return
        if table == "contacts":
            self._uuids[number] = string(row, "uuid", 100) or f"contact:{string(row, 'id', 100)}"
            if date := row.get("first_met_special_date_id"):
                self._met_ids[date] = number
                found.count(MET)
            if date := row.get("birthday_special_date_id"):
                self._born_ids[date] = number
        elif table == "contact_fields":
            self._fields.setdefault(row.get("contact_id", ""), []).append(Field(kind=row.get("contact_field_type_id", ""), value=string(row, "data")))
        elif table == "activity_contact":
            found.took_part.setdefault(row.get("activity_id", ""), []).append(row.get("contact_id", ""))
        elif table == "conversations":
            self._threads[number] = (row.get("created_at", ""), row.get("contact_field_type_id", ""))
        elif table == "special_dates" and number in self._met_ids:
            self._met[self._met_ids[number]] = row
        elif table == "special_dates" and number in self._born_ids:
            self._born[self._born_ids[number]] = row
        elif table == "users" and len(found.users) < 1_000:
            found.users.append(dict(row))
        elif table in _TYPES:
            found.types[f"{table}:{number}"] = type_name(row)

    def items(self, found: Survey) -> Iterator[Item]:
        """As `monica_items.items`: all contacts first."""
        for contacts in (True, False):
            with self._open() as stream:
                for table, row in rows(stream):
                    if isinstance(row, str):
                        if contacts:
                            yield Item(kind=CONTACT, broken=row)
                    elif contacts == (table == "contacts"):
                        yield from self._items(table, row, found)

    def _items(self, table: str, row: Row, found: Survey) -> Iterator[Item]:
        if table == "contacts":
            who = (self._uuids.get(row.get("id", ""), ""),)
            born = self._born.get(row.get("id", ""))
            yield Item(kind=CONTACT, row={**row, "birthdate": born} if born else row, about=who, fields=tuple(self._fields.get(row.get("id", ""), ())[:200]))
            if met := self._met.get(row.get("id", "")):
                yield Item(kind=MET, row=met, about=who)
        elif table == "activities":
            ids = found.took_part.get(row.get("id", ""), ())[:500]
            about = tuple(self._uuids[one] for one in ids if one in self._uuids)
            yield Item(kind=ACTIVITY, row=row, about=about, type=found.types.get(f"activity_types:{row.get('activity_type_id', '')}", ""))
        elif table in _INNER or table == "messages":
            about = tuple(filter(None, (self._uuids.get(row.get("contact_id", ""), ""),)))
            kind = _INNER.get(table, MESSAGE)
            begun, field = self._threads.get(row.get("conversation_id", ""), ("", ""))
            type_ = f"contact_field_types:{field}" if kind == MESSAGE else f"life_event_types:{row.get('life_event_type_id', '')}"
            yield Item(kind=kind, row=row, about=about, type=found.types.get(type_, ""), thread=f"{about[0]}:{begun}" if kind == MESSAGE and about else "")


def rows(stream: IO[bytes]) -> Iterator[tuple[str, Row | str]]:
    """(table, row) of every INSERT statement; values as text, NULL left out. A sentence instead of a row that cannot be read.

    A row begins on a line of its own; one that is damaged costs the lines up to the next that is a row by itself.
    """
    table = ""
    columns: tuple[str, ...] = ()
    waiting: list[str] = []
    size, is_open = 0, False
    for line in _lines(stream):
        if not is_open and (head := _INSERT.match(line)):
            table, columns = head[1], tuple(name.strip(" `") for name in head[2].split(","))
            continue
        begins = bool(table) and line.startswith((" (", "("))
        if is_open and begins and _is_row(line):
            yield table, say("A row never ends and was left out.")
            waiting, size, is_open = [], 0, False
        if not is_open and not begins:
            continue
        waiting.append(line)
        size += len(line)
        is_open ^= _ESCAPED.sub("", line).count("'") % 2 == 1
        if is_open and size < _LONGEST:
            continue
        values = _values("".join(waiting))
        yield table, _row(columns, values) if values is not None else say("This row is damaged and was left out.")
        waiting, size, is_open = [], 0, False
        table = "" if line.rstrip().endswith(");") else table
    if waiting:
        yield table, say("The file breaks off in this row.")


def _is_row(line: str) -> bool:
    return _ESCAPED.sub("", line).count("'") % 2 == 0 and line.rstrip().endswith(("),", ");")) and _values(line) is not None


def _lines(stream: IO[bytes]) -> Iterator[str]:
    while line := stream.readline(_LONGEST):
        yield line.decode("utf-8", "replace").replace("\0", "")


def _values(text: str) -> list[str | None] | None:
    """The values of a row that is whole, None for one that goes on."""
    position = text.find("(") + 1
    found: list[str | None] = []
    while match := _VALUE.match(text, position):
        bare = match[2]
        found.append(None if bare == "NULL" else bare if bare is not None else _ESCAPED.sub(lambda one: one[1] or "'", match[1]))
        position = match.end()
        if match[3] == ")":
            return found
    return None


def _row(columns: tuple[str, ...], values: list[str | None]) -> Row | str:
    if len(columns) != len(values):
        return say("This row has {n} cells where {wanted} belong.", n=len(values), wanted=len(columns))
    return {name: value for name, value in zip(columns, values, strict=True) if value is not None}
