"""Mails that Outlook keeps, as the messages they were: with their own head where Outlook kept it, else with one made of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime
from typing import Literal

from relationdesk.sources.mail_building import Party, assembled, built
from relationdesk.sources.mapi import (
    ADDRESS,
    ANSWERS,
    DELIVERED,
    FLAGS,
    HEADERS,
    MESSAGE_ID,
    NAME,
    REFERENCES,
    ROLE,
    SENDERS,
    SMTP,
    SUBMITTED,
    UNSENT,
    Item,
    Properties,
)
from relationdesk.text import mail_address

_CONTENT = re.compile(r"(?:content-[\w-]+|mime-version):", re.IGNORECASE)
_FIELD = re.compile(r"[!-9;-~]{1,100}:")
_FROM = re.compile(r"^from:[ \t]*\S", re.IGNORECASE | re.MULTILINE)
_READER, _READER_SMTP = 0x0076, 0x5D07
"""Whose mailbox it came to."""
_MOST_HEAD = 256 * 1024
_ROLES: dict[int, Literal["to", "cc", "bcc"]] = {1: "to", 2: "cc", 3: "bcc"}


def is_mail(kind: str) -> bool:
    """By what Outlook calls it: notes, also signed ones, and invitations in a folder of mails."""
    return kind == "ipm" or kind.startswith(("ipm.note", "ipm.schedule.meeting", "report.ipm"))


def is_draft(item: Item) -> bool:
    return bool((item.properties.number(FLAGS) or 0) & UNSENT) and not item.properties.text(HEADERS)


def raw_mail(item: Item) -> bytes:
    """The message; its text is plain where Outlook has one, and what was attached is named."""
    plain = item.properties.text(0x1000)
    page = "" if plain.strip() else item.html()
    text = plain if plain.strip() else page or item.rtf()
    properties = item.properties
    reader = mail_address(properties.text(_READER_SMTP)) or mail_address(properties.text(_READER))
    if head := _own_head(properties.text(HEADERS)[:_MOST_HEAD]):
        delivered = f"\nX-Original-To: {reader}" if reader else ""
        return assembled(head + delivered, text, html=bool(page), attachments=item.attached)
    sent = properties.moment(SUBMITTED) or properties.moment(DELIVERED)
    headers = [
        ("Subject", item.subject), ("Message-ID", properties.text(MESSAGE_ID)), ("In-Reply-To", properties.text(ANSWERS)),
        ("References", " ".join(properties.text(REFERENCES).split())), ("Date", format_datetime(sent) if sent else ""),
        ("X-Original-To", reader), ("Auto-Submitted", "auto-generated" if item.kind.startswith("report.") else ""),
    ]  # fmt: skip
    return built(_parties(item), headers, text, html=bool(page), attachments=item.attached)


def _own_head(text: str) -> str:
    """The head that the mail came with, without what it says of its content; "" if there is none that names a sender."""
    if not _FROM.search(text):
        return ""
    lines: list[str] = []
    kept = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t"):
            lines += [line] if kept and line.strip() else []
            continue
        kept = _FIELD.match(line) is not None and not _CONTENT.match(line)
        lines += [line] if kept else []
    return "\n".join(lines)


def sender(item: Item) -> Party:
    """Whom a thing is from, else who sent it. Whom only a directory knows has the mail address that stands among the readers."""
    properties = item.properties
    found = Party(role="from")
    for name, address, smtp in SENDERS:
        one = Party(role="from", name=properties.text(name)[:500], address=properties.text(smtp) or properties.text(address))
        if one.mail:
            known = {person.text(ADDRESS).casefold(): mail for person in item.people if (mail := person.text(SMTP))}
            return replace(one, address=known.get(one.address.casefold(), one.address))
        found = found if found.name else one
    return found


def party(person: Properties, role: Literal["to", "cc", "bcc"]) -> Party:
    """One of the table of recipients."""
    return Party(role=role, name=person.text(NAME)[:500], address=person.text(SMTP) or person.text(ADDRESS))


def _parties(item: Item) -> Iterator[Party]:
    yield sender(item)
    for person in item.people:
        yield party(person, _ROLES.get((person.number(ROLE) or 1) & 15, "to"))
