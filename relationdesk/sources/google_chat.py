"""Google Chat in a Takeout: who is in which conversation and what was said. People are known by their mail address.

Keys are Google's own: space, topic and message in one id. Messages of programs are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Fact,
    Key,
    Kind,
    Precision,
    Profile,
    Rejected,
    pairs,
)
from relationdesk.saying import say
from relationdesk.sources.chats import Told, towards
from relationdesk.sources.container import Container
from relationdesk.sources.google_deeds import moment
from relationdesk.sources.google_facts import GOOGLE
from relationdesk.sources.json_fields import record_of, records, string
from relationdesk.sources.json_reader import read_json
from relationdesk.sources.json_records import Broken, listed
from relationdesk.sources.meta_dates import date_and_clock
from relationdesk.text import mail_address, one_line, tidy

_MOST_JSON = 8 * 1024 * 1024
_UTC = re.compile(r"\s(?:UTC|GMT)$")
_WEEKDAY = re.compile(r"^[^\W\d_]+,\s+(?=[^\W\d_])")


@dataclass(slots=True)
class _Talk:
    """One conversation. name: of a space, "" for a direct one."""

    id: str
    name: str = ""
    members: list[Key] = field(default_factory=list)


def document(box: Container, name: str) -> Any:
    """A small JSON file; {} if it is none."""
    if name not in box or box.size(name) > _MOST_JSON:
        return {}
    try:
        with box.open(name) as stream:
            return read_json(stream.read(_MOST_JSON).decode("utf-8", "replace"))
    except (ValueError, UnreadableFile):
        return {}


def is_chat(head: bytes) -> bool:
    return b'"messages"' in head[:200] and b'"creator"' in head and b'"created_date"' in head


def person(record: Any, *, is_owner: bool = False) -> Profile | None:
    """Somebody with a name and a mail address; None for programs and for nobody."""
    name, mail = string(record, "name", 300), mail_address(string(record, "email", 320))
    if string(record, "user_type").casefold() == "bot" or not mail:
        return None
    addresses = (Address(kind=AddressKind.MAIL, value=mail, vouched=True),)
    return Profile(key=Key(GOOGLE, mail), handle=mail, display_name=name, addresses=addresses, is_owner=is_owner)


def owner_of(box: Container) -> Profile | None:
    """Whose chats these are: the only user in the folder of users."""
    found = [person(record_of(document(box, name), "user") or {}, is_owner=True) for name in box.names() if name.casefold().endswith("user_info.json")]
    return found[0] if len(found) == 1 else None


def chat_facts(box: Container, name: str, owner: Profile, told: Told) -> Iterator[Fact]:
    """Everything in one messages.json. Raises UnreadableFile where the file is damaged."""
    folder = PurePosixPath(name).parent
    info = document(box, str(folder / "group_info.json"))
    talk = _Talk(id=one_line(folder.name, 200), name="" if folder.name.casefold().startswith("dm") else string(info, "name", 300))
    for member in records(info, "members"):
        if (who := person(member)) and who.key != owner.key:
            talk.members.append(who.key)
            yield from told.tell(who)
    with box.open(name) as stream:
        for number, record in enumerate(listed(stream, "messages"), start=1):
            if isinstance(record, Broken):
                yield Rejected(where=f"{name} message {number}", reason=say("This message cannot be read. {reason}", reason=record.reason))
            elif isinstance(record, dict):
                yield from _message(record, talk, owner, told, f"{name} message {number}")


def _message(record: dict[str, Any], talk: _Talk, owner: Profile, told: Told, where: str) -> Iterator[Fact]:
    creator = record_of(record, "creator") or {}
    if string(creator, "user_type").casefold() == "bot" or string(record, "message_state").casefold() == "deleted":
        return
    who, id_ = person(creator), string(record, "message_id", 300)
    text = record.get("text")
    files = [string(one, "original_name", 200) or string(one, "export_name", 200) for one in records(record, "attached_files")]
    if who is None or not id_:
        yield Rejected(where=where, reason=say("It does not say who wrote it, or has no id."))
        return
    if who.key != owner.key:
        yield from told.tell(who)
    published, precision = _moment(string(record, "created_date", 100))
    yield Activity(
        key=Key(GOOGLE, f"chat:{id_}"), actor=who.key, kind=Kind.MESSAGE, published=published, precision=precision,
        text=tidy(text) if isinstance(text, str) else "", thread=talk.id, audience=Audience.PRIVATE,
        participants=towards(who.key, [*talk.members, owner.key]),
        extra=pairs(attachments=one_line(", ".join(filter(None, files)), 2_000), conversation=talk.name, reactions=_reactions(record)),
    )  # fmt: skip


def _reactions(record: dict[str, Any]) -> str:
    """Each sign with the addresses of those who gave it."""
    shown = []
    for one in records(record, "reactions"):
        mails = one.get("reactor_emails")
        who = ", ".join(filter(None, (mail_address(mail) for mail in mails[:20] if isinstance(mail, str)))) if isinstance(mails, list) else ""
        shown.append(f"{string(record_of(one, 'emoji'), 'unicode', 40)} {who}".strip())
    return one_line(" · ".join(filter(None, shown)), 2_000)


def _moment(written: str) -> tuple[datetime | None, Precision]:
    """ "Thursday, November 3, 2016 at 11:59:50 AM UTC", in the language of whoever ordered it."""
    published, precision, _ = moment(_WEEKDAY.sub("", written))
    if published is None and _UTC.search(written) and (found := date_and_clock(_UTC.sub("", written))) and found[1]:
        (hour, minute, second) = found[1]
        with suppress(ValueError):
            return datetime(*found[0], hour, minute, second or 0, tzinfo=UTC), Precision.MINUTE if second is None else Precision.SECOND
    return published, precision
