"""What is in an export of Monica, one thing after the other, whether it was exported as JSON or as SQL (monica_sql.py).

Two passes: who the owner is, what the kinds of fields are called and who took part in what stands behind the contacts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.json_records import Bad, Broken, Walker

CONTACT, CALL, MESSAGE, ACTIVITY, NOTE, TASK, LIFE_EVENT, MET = "contact", "call", "message", "activity", "note", "task", "life_event", "met"
"""Kinds of items. "met": the day on which the owner met a contact first."""
INNER = (CALL, NOTE, TASK, LIFE_EVENT)
UNREAD = {"reminder": "reminders", "gift": "gifts", "debt": "debts", "pet": "pets", "address": "addresses", "relationship": "relationships", "journal_entry": "journal entries"}
"""What is not read, and how it is counted."""
MOST = 500_000
_GROUPS = {"activities": ACTIVITY, "addresses": "address", "contact_fields": "contact_field", "journal_entries": "journal_entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A way to reach a contact. kind: what Monica calls it, lower case: "email", "phone", "twitter" …"""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """row: its fields. about: ids of contacts. type: what the owner calls such a thing. thread: of a message. fields: of a contact. broken: why it
    cannot be read."""

    kind: str
    row: Json = field(default_factory=dict)
    about: tuple[str, ...] = ()
    type: str = ""
    thread: str = ""
    fields: tuple[Field, ...] = ()
    broken: str = ""


@dataclass(slots=True)
class Survey:
    """What the first pass found. types: id → what it is called. took_part: id of an activity → ids of contacts."""

    users: list[Json] = field(default_factory=list)
    exported_by: str = ""
    types: dict[str, str] = field(default_factory=dict)
    took_part: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, kind: str, number: int = 1) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + number

    @property
    def owner(self) -> Json:
        """The user who exported, else the first one; {} if there is none."""
        return next((user for user in self.users if string(user, "uuid") == self.exported_by), self.users[0] if self.users else {})


def survey(stream: IO[bytes]) -> Survey:
    """The first pass over JSON. Never raises for what is in it; what comes behind damage is not known."""
    found = Survey()
    for kind, row in _groups(Walker(stream), found):
        if isinstance(row, Broken) or not isinstance(row, Mapping):
            continue
        if kind == "user" and len(found.users) < 1_000:
            found.users.append(flat(row))
        elif kind == CONTACT:
            found.count(MET, int(record_of(flat(row), "first_met_date") is not None))
            for group, value in _inside(row):
                if group == ACTIVITY and isinstance(value, str) and len(found.took_part) < MOST:
                    found.took_part.setdefault(value, []).append(string(row, "uuid"))
                found.count(_part(group))
        found.count(kind)
    return found


def items(stream: IO[bytes], found: Survey) -> Iterator[Item]:
    """The second pass: each contact, then what belongs to it; activities as they come. A broken record is an Item, too."""
    for kind, row in _groups(Walker(stream), Survey()):
        if isinstance(row, Broken):
            yield Item(kind=kind or CONTACT, broken=row.reason)
        elif not isinstance(row, Mapping):
            continue
        elif kind == CONTACT:
            yield from _contact(row, found)
        elif kind == ACTIVITY:
            plain = flat(row)
            yield Item(
                kind=ACTIVITY, row=plain, about=tuple(found.took_part.get(string(plain, "uuid"), ())[:500]),
                type=found.types.get(string(plain, "type"), ""),
            )  # fmt: skip


def _contact(row: Json, found: Survey) -> Iterator[Item]:
    plain, who = flat(row), (string(row, "uuid"),)
    fields = [
        Field(kind=found.types.get(string(value := flat(one), "type"), "").casefold(), value=string(value, "data"))
        for group, one in _inside(row) if group == "contact_field" and isinstance(one, Mapping)
    ]  # fmt: skip
    yield Item(kind=CONTACT, row=plain, about=who, fields=tuple(fields[:200]))
    if date := record_of(plain, "first_met_date"):
        yield Item(kind=MET, row=date, about=who)
    for group, one in _inside(row):
        if not isinstance(one, Mapping):
            continue
        plain = flat(one)
        if group in INNER:
            yield Item(kind=group, row=plain, about=who, type=found.types.get(string(plain, "type"), ""))
        elif group == "conversation":
            yield from _messages(plain, who, found)


def _messages(row: Json, who: tuple[str, ...], found: Survey) -> Iterator[Item]:
    kind = found.types.get(string(row, "contact_field_type"), "")
    thread = string(row, "uuid") or f"{who[0]}:{string(row, 'created_at')}"
    for one in row.get("messages") or () if isinstance(row.get("messages"), list) else ():
        if isinstance(one, Mapping):
            yield Item(kind=MESSAGE, row=flat(one), about=who, type=kind, thread=thread)


def flat(row: Json) -> dict[str, Any]:
    """A record with its properties, which Monica keeps in an object of their own."""
    inner = row.get("properties")
    return {**row, **inner} if isinstance(inner, Mapping) else dict(row)


def _inside(contact: Json) -> Iterator[tuple[str, object]]:
    """(kind, value) of everything that belongs to a contact."""
    groups = contact.get("data")
    for group in groups if isinstance(groups, list) else ():
        values = group.get("values") if isinstance(group, Mapping) else None
        if isinstance(values, list):
            kind = _singular(string(group, "type"))
            yield from ((kind, value) for value in values)


def _singular(name: str) -> str:
    """Monica has written "contact" and "contacts" in the same place."""
    return _GROUPS.get(name, name.removesuffix("s"))


def _part(kind: str) -> str:
    return MESSAGE if kind == "conversation" else kind


def _groups(walker: Walker, found: Survey) -> Iterator[tuple[str, object]]:
    """(kind, record) of every group; names of types and the user who exported go into `found`. Broken for damage."""
    try:
        if walker.next() != "{":
            raise Bad(say("It is damaged."))
        for name in walker.fields():
            if name == "account" and walker.next() == "{":
                for inner in walker.fields():
                    if inner == "data" and walker.next() == "[":
                        yield from _of_data(walker)
                    else:
                        _learn(walker.value(), found)
            elif name == "exported_by":
                found.exported_by = str(walker.value())
            else:
                walker.value()
    except Bad as e:
        yield "", Broken(number=0, reason=str(e))


def _of_data(walker: Walker) -> Iterator[tuple[str, object]]:
    walker.take()
    while (sign := walker.next()) != "]":
        if sign == ",":
            walker.take()
            continue
        if sign != "{":
            walker.value()
            continue
        kind = ""
        for name in walker.fields():
            if name == "type":
                kind = _singular(str(walker.value()))
            elif name == "values" and walker.next() == "[":
                yield from ((kind, record) for record in walker.records())
            else:
                walker.value()
    walker.take()


_DEFAULT = ("translation_key", "default_life_event_type_key")


def _learn(value: object, found: Survey) -> None:
    """Names of types, wherever they stand: Monica's own have no name but a key."""
    if not isinstance(value, Mapping):
        return
    for group in value.values():
        for row in group[:MOST] if isinstance(group, list) else ():
            if not isinstance(row, Mapping) or len(found.types) >= MOST:
                continue
            plain = flat(row)
            found.types[string(plain, "uuid")] = type_name(plain)


def type_name(row: Json) -> str:
    """ "email" for whatever is of this type, else what it is called, else what Monica's own are called by their key."""
    kind = string(row, "type", 50)
    if kind in ("email", "phone"):
        return kind
    own = next((string(row, name, 100) for name in _DEFAULT if string(row, name, 100)), "")
    return string(row, "name", 100) or re.sub(r"[_\W]+", " ", own).strip()
