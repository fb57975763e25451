"""Which folders of a mailbox are read: by the role the server gives them, by their name where it gives none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from relationdesk.sources.imap_answers import Response, folder_name, quoted, tokens
from relationdesk.sources.mail_words import LEFT_OUT, SENT, folder_words

if TYPE_CHECKING:
    from relationdesk.sources.door_imap import MailServer

MOST_FOLDERS = 1_000
_NEVER = frozenset({"\\drafts", "\\junk", "\\trash", "\\noselect", "\\nonexistent", "\\flagged", "\\important"})
"""\\Flagged and \\Important show mails that lie elsewhere."""


class Role(StrEnum):
    INBOX = "inbox"
    SENT = "sent"
    ALL = "all"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """raw: the name as the server writes it, ASCII. title: as people read it."""

    raw: str
    title: str
    role: Role


def folders(server: MailServer) -> list[Folder]:
    """What is to be read: the inbox first, then what I sent, then the rest by name. Raises the errors of `MailServer.ask`.

    Google keeps each mail once, in \\All, and shows it in every label; there \\All alone is read, elsewhere it is a view of the
    other folders. Drafts among them are left out mail by mail.
    """
    asked = 'LIST "" "*" RETURN (SPECIAL-USE)' if server.has("SPECIAL-USE") and server.has("LIST-EXTENDED") else 'LIST "" "*"'
    done, answers = server.ask(asked, "LIST")
    if not done:
        done, answers = server.ask('LIST "" "*"', "LIST")
    found = [folder for answer in answers[:MOST_FOLDERS] if (folder := _folder(answer)) is not None]
    everything = [folder for folder in found if folder.role is Role.ALL]
    if everything and server.has("X-GM-EXT-1"):
        return [*everything, *(folder for folder in found if folder.role is Role.SENT)]
    order = list(Role)
    kept = {folder.raw: folder for folder in found if folder.role is not Role.ALL}
    return sorted(kept.values(), key=lambda folder: (order.index(folder.role), folder.raw))


def _folder(answer: Response) -> Folder | None:
    try:
        attributes, separator, name = tokens(answer.pieces)[:3]
    except ValueError:
        return None
    if not isinstance(attributes, list) or not isinstance(name, bytes) or not isinstance(separator, bytes):
        return None
    raw = name.decode("latin-1")
    try:
        quoted(raw)
    except ValueError:
        return None
    if not 0 < len(raw) <= 500:
        return None
    marks = {mark.decode("ascii", "replace").lower() for mark in attributes if isinstance(mark, bytes)}
    title = folder_name(raw)
    parts = title.split(separator.decode("latin-1")) if len(separator) == 1 else [title]
    if marks & _NEVER or (not marks & {"\\sent", "\\all", "\\archive"} and _any(parts, LEFT_OUT) and raw.upper() != "INBOX"):
        return None
    if raw.upper() == "INBOX":
        return Folder(raw=raw, title=title, role=Role.INBOX)
    if "\\all" in marks:
        return Folder(raw=raw, title=title, role=Role.ALL)
    sent = "\\sent" in marks or _any(parts[-1:], SENT)
    return Folder(raw=raw, title=title, role=Role.SENT if sent else Role.OTHER)


def _any(parts: Iterable[str], words: Iterable[str]) -> bool:
    return any(folder_words(part) in words for part in parts)
