"""What Monica exports of itself, as JSON or as SQL: contacts with the calls, conversations, activities, notes and tasks about them.

What happened with a contact is what the owner did with them; who called and who wrote a message Monica knows. A life event is
the contact's own. Monica keeps days: what it shows at midnight is no more exact than that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Fact,
    Key,
    Kind,
    LifeDay,
    Participant,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
    pairs,
)
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Part, Recognised
from relationdesk.sources.chats import last_change
from relationdesk.sources.contact_cards import Entry, Identities, joined_name, page_of, profile_of
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.json_fields import Json, moment_of, record_of, string
from relationdesk.sources.life_days import BIRTHDAY, life_day, one_of_a_kind
from relationdesk.sources.monica_items import (
    ACTIVITY,
    CALL,
    CONTACT,
    LIFE_EVENT,
    MESSAGE,
    MET,
    NOTE,
    TASK,
    UNREAD,
    Field,
    Item,
    Survey,
    items,
    survey,
)
from relationdesk.sources.monica_sql import Tables
from relationdesk.sources.seen import Seen
from relationdesk.text import mail_address, one_line, tidy

PLACE = "monica"
_HEAD_BYTES = 16 * 1024
_PROGRESS_EVERY = 500
_REJECTED_SHOWN = 200
_PARTS = {
    CONTACT: Part(name="people", title=marked("people")), CALL: Part(name="calls", title=marked("calls")), MESSAGE: Part(name="messages", title=marked("messages")),
    ACTIVITY: Part(name="activities", title=marked("activities")), NOTE: Part(name="notes", title=marked("notes")), TASK: Part(name="tasks", title=marked("tasks")),
    LIFE_EVENT: Part(name="life_events", title=marked("life events")), MET: Part(name="first_met", title=marked("first meetings")),
}  # fmt: skip
_KINDS = {CALL: Kind.CALL, MESSAGE: Kind.MESSAGE, ACTIVITY: Kind.EVENT, NOTE: Kind.OTHER, TASK: Kind.OTHER, LIFE_EVENT: Kind.OTHER, MET: Kind.CONNECTION}
_WHEN = {CALL: "called_at", MESSAGE: "written_at", ACTIVITY: "happened_at", LIFE_EVENT: "happened_at", MET: "date"}
"""The field with the day; notes and tasks have none but when they were written down."""
_TITLES = {ACTIVITY: "summary", TASK: "title", LIFE_EVENT: "name"}
_TEXTS = {CALL: "content", MESSAGE: "content", ACTIVITY: "description", NOTE: "body", TASK: "description", LIFE_EVENT: "note"}
_NUMBER = re.compile(r"\+?[\d ()./-]{5,30}")
_TRUE = (True, 1, "1", "true")


class MonicaExport:
    """FileSource."""

    name = "monica_export"
    title = marked("Monica export")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                member = _member(box)
                if not member:
                    return None
                found = _opened(box, member).survey
        except (UnreadableFile, OSError):
            return None
        parts = tuple(part for kind, part in _PARTS.items() if found.counts.get(kind))
        owner = one_line(f"{string(found.owner, 'first_name')} {string(found.owner, 'last_name')}")
        return Recognised(format=self.name, title=self.title, place=PLACE, certainty=0.95 if box.single else 0.9, owner=owner, parts=parts)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, each contact, what was done. Raises UnreadableFile if it is no such export."""
        with open_container(path) as box:
            member = _member(box)
            if not member:
                raise UnreadableFile(say("“{name}” is no export of Monica. Nothing was brought in. In Monica choose Settings, Export.", name=path.name), source=self.name)
            yield from _Reading(_opened(box, member), options).facts(box, member)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    survey: Survey
    items: partial[Iterator[Item]]


def _member(box: Container) -> str:
    """The member that is an export, by its beginning; "" for none."""
    names = box.names() if box.single else [name for name in box.names() if name.casefold().endswith((".json", ".sql"))][:20]
    return next((name for name in names if _is_json(head := box.head(name, _HEAD_BYTES)) or _is_sql(head)), "")


def _is_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"exported_by"' in head and b'"app_version"' in head


def _is_sql(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf").startswith(b"# ***") and b"php artisan migrate" in head and b"INSERT IGNORE INTO" in head


def _opened(box: Container, member: str) -> _Opened:
    if _is_sql(box.head(member, _HEAD_BYTES)):
        tables = Tables(lambda: box.open(member))
        found = tables.survey()
        return _Opened(survey=found, items=partial(tables.items, found))
    with box.open(member) as stream:
        found = survey(stream)
    return _Opened(survey=found, items=partial(_json_items, box, member, found))


def _json_items(box: Container, member: str, found: Survey) -> Iterator[Item]:
    with box.open(member) as stream:
        yield from items(stream, found)


class _Reading:
    def __init__(self, opened: _Opened, options: Options) -> None:
        self._opened, self._wants = opened, options.wants
        owner = opened.survey.owner
        mail = mail_address(string(owner, "email"))
        contact = string(owner, "me_contact", 100)
        self._me = Key(PLACE, contact or f"user:{mail or string(owner, 'uuid', 100) or 'me'}")
        self._owner = Profile(
            key=self._me, display_name=one_line(f"{string(owner, 'first_name')} {string(owner, 'last_name')}"), is_owner=True,
            addresses=(Address(kind=AddressKind.MAIL, value=mail, vouched=True),) if mail else (),
        )  # fmt: skip
        self._names: dict[Key, str] = {}
        self._told: set[Key] = set()
        self._seen, self._rejected = Seen(), 0

    def facts(self, box: Container, member: str) -> Iterator[Fact | Progress]:
        total, all_items = box.size(member), max(1, sum(self._opened.survey.counts.values()))
        yield self._owner
        self._told.add(self._me)
        for number, item in enumerate(self._opened.items(), start=1):
            yield from self._item(item, member)
            if number % _PROGRESS_EVERY == 0:
                yield Progress(done=min(total, total * number // all_items), total=total)
        if self._rejected > _REJECTED_SHOWN:
            yield Rejected(where=member, reason=say("{rejected:,} more records could not be read.", rejected=self._rejected - _REJECTED_SHOWN))
        left = [f"{UNREAD[kind]} ({count:,})" for kind, count in self._opened.survey.counts.items() if kind in UNREAD]
        if left:
            yield Rejected(where=member, reason=say("Left out, because RelationDesk has nothing like them: {left}.", left=", ".join(left)))
        yield Progress(done=total, total=total)

    def _item(self, item: Item, member: str) -> Iterator[Fact]:
        if item.broken:
            yield from self._reject(member, say("{what} cannot be read. {why}", what=_a(item), why=item.broken))
        elif item.kind == CONTACT:
            yield from self._contact(item, member)
        elif self._wants(_PARTS[item.kind]):
            yield from self._activity(item, member)

    def _reject(self, where: str, reason: str) -> Iterator[Rejected]:
        self._rejected += 1
        if self._rejected <= _REJECTED_SHOWN:
            yield Rejected(where=where, reason=reason)

    def _contact(self, item: Item, member: str) -> Iterator[Fact]:
        found = _profile(item)
        if found is None:
            yield from self._reject(member, say("A contact has neither a name nor an address and was left out."))
            return
        if found.key == self._me:
            mails = tuple(one for one in self._owner.addresses if one not in found.addresses)
            found = Profile(
                key=found.key, display_name=found.display_name, title=found.title, company=found.company, bio=found.bio,
                addresses=mails + found.addresses, is_owner=True,
            )  # fmt: skip
        self._names[found.key] = found.display_name
        if self._wants(_PARTS[CONTACT]) or found.key == self._me:
            self._told.add(found.key)
            yield found

    def _activity(self, item: Item, member: str) -> Iterator[Fact]:
        others = tuple(dict.fromkeys(key for one in item.about if (key := Key(PLACE, one)) in self._names and key != self._me))
        if not others:
            yield from self._reject(member, say("{a} is about no contact of the export.", a=_a(item)))
            return
        for key in others:
            if key not in self._told:
                self._told.add(key)
                yield Profile(key=key, display_name=self._names[key], known=True)
        row = item.row
        published, precision = _when(item)
        theirs = (item.kind == CALL and row.get("contact_called") in _TRUE) or item.kind == LIFE_EVENT
        theirs |= item.kind == MESSAGE and "written_by_me" in row and row["written_by_me"] not in _TRUE
        actor, rest = (others[0], others[1:]) if theirs else (self._me, others)
        role = Role.TO if item.kind in (CALL, MESSAGE, ACTIVITY) else Role.SUBJECT
        taking_part = [Participant(profile=key, role=role) for key in rest]
        if theirs and item.kind != LIFE_EVENT:
            taking_part.insert(0, Participant(profile=self._me, role=Role.TO))
        done = row.get("completed")
        yield Activity(
            key=Key(PLACE, self._native(item, others)), actor=actor, kind=_KINDS[item.kind], published=published, precision=precision,
            title=string(row, _TITLES.get(item.kind, ""), 300), text=tidy(str(row.get(_TEXTS.get(item.kind, "")) or "")), audience=Audience.PRIVATE,
            thread=one_line(item.thread), participants=tuple(taking_part), revised=last_change(moment_of(string(row, "updated_at"))[0], None),
            extra=pairs(record="" if item.kind == MET else item.kind.replace("_", " "), type=one_line(item.type, 100), status="done" if done in _TRUE else "open" if item.kind == TASK else ""),
        )  # fmt: skip

    def _native(self, item: Item, others: tuple[Key, ...]) -> str:
        """Monica's id, where the export tells it; else a hash of what it is, about whom, and when it was written down."""
        own = string(item.row, "uuid", 100)
        if own:
            return own if item.kind != MET else f"met:{own}"
        basis = "\x1f".join((item.kind, *sorted(key.native_id for key in others), string(item.row, "created_at"), string(item.row, _WHEN.get(item.kind, ""))))
        return "hash:" + hashlib.sha256(f"{basis}\x1f{self._seen.count(basis)}".encode("utf-8", "replace")).hexdigest()[:32]


def _a(item: Item) -> str:
    return ("An " if item.kind == ACTIVITY else "A ") + item.kind.replace("_", " ")


def _profile(item: Item) -> Profile | None:
    row = item.row
    name = joined_name("", string(row, "first_name"), string(row, "middle_name"), string(row, "last_name"), "")
    by_kind: dict[str, list[str]] = {"mail": [], "phone": [], "web": []}
    for one in item.fields:
        by_kind[_sort(one)].append(_page(one))
    found = profile_of(
        Entry(
            own_id=item.about[0] if item.about else "", name=name or string(row, "nickname"), company=string(row, "company"),
            title=string(row, "job"), mails=tuple(by_kind["mail"]), phones=tuple(by_kind["phone"]), webs=tuple(by_kind["web"]), notes=str(row.get("description") or ""),
            days=one_of_a_kind([_birthday(row)]), revised=last_change(moment_of(string(row, "updated_at"))[0], None),
        ),
        PLACE, Identities(),
    )  # fmt: skip
    if found is None or row.get("is_partial") not in _TRUE:
        return found
    # Monica's stubs of people who are only somebody's child or friend are no contacts of the owner.
    return Profile(key=found.key, display_name=found.display_name, bio=found.bio, addresses=found.addresses)


def _birthday(row: Json) -> LifeDay | None:
    """Not one that Monica itself only reckons from an age."""
    told = record_of(row, "birthdate")
    if not told or told.get("is_age_based") in _TRUE:
        return None
    found = life_day(BIRTHDAY, string(told, "date")[:10])
    return replace(found, year=None) if found is not None and told.get("is_year_unknown") in _TRUE else found


def _sort(field: Field) -> str:
    if field.kind == "email" or (not field.kind and mail_address(field.value)):
        return "mail"
    is_number = not field.kind and _NUMBER.fullmatch(field.value) is not None
    return "phone" if is_number or field.kind in ("phone", "whatsapp", "signal") else "web"


def _page(field: Field) -> str:
    return field.value if _sort(field) != "web" else page_of(field.kind, field.value)


def _when(item: Item) -> tuple[datetime | None, Precision]:
    if item.kind == MET and (item.row.get("is_age_based") in _TRUE or item.row.get("is_year_unknown") in _TRUE):
        return None, Precision.UNKNOWN
    written = _WHEN.get(item.kind, "")
    published, precision = moment_of(string(item.row, written or "created_at"))
    if published is None or not 1900 <= published.year < 2200:
        return None, Precision.UNKNOWN
    published = published.replace(microsecond=0)
    if item.row.get("happened_at_month_unknown") in _TRUE:
        return published.replace(month=1, day=1, hour=0, minute=0, second=0), Precision.YEAR
    if item.row.get("happened_at_day_unknown") in _TRUE:
        return published.replace(day=1, hour=0, minute=0, second=0), Precision.MONTH
    return published, Precision.DAY if written and published.time() == time() else precision
