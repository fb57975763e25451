"""Whose mailbox a file is: the address that mail is delivered to again and again, and that mail is sent from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from relationdesk.sources.mail_headers import Headers, mailboxes, words
from relationdesk.sources.mail_words import SENT, folder_words
from relationdesk.text import is_role_mailbox, mail_address

LOOKED_AT = 200
"""Messages at the beginning of a mailbox that are enough to tell."""
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def own_addresses(text: str) -> frozenset[str]:
    """The addresses in what the user typed, parted by commas, semicolons or blanks; lower case."""
    return frozenset(address for part in re.split(r"[,;\s]+", text) if (address := mail_address(part)))


def is_sent_folder(name: str) -> bool:
    """True for a path like ".Sent/cur" or "[Gmail]/Gesendet.mbox"."""
    return any(folder_words(part) in SENT for part in re.split(r"[/\\]", name))


def owner(heads: Iterable[tuple[Headers, bool]]) -> str:
    """The owner's address, or "" if it is not certain. heads: headers, and whether they lie in a folder of sent mail.

    Certain means: at least three mails, named by three in five of them and twice as often as the next, and seen as
    the sender of one. In an ordinary mail delivery headers count as the reader, in a sent one From does.
    """
    votes: Counter[str] = Counter()
    senders: set[str] = set()
    total = 0
    for headers, in_sent in heads:
        sender = {box.address for box in mailboxes(headers.first("from"))[:2]}
        senders |= sender
        labels = words(headers.first("x-gmail-labels")).split(",")
        sent = in_sent or any(folder_words(label) in SENT for label in labels)
        named = sender if sent else _readers(headers) | (sender if not _readers(headers) else set())
        total += bool(named)
        votes.update(address for address in named if not is_role_mailbox(address))
    ranked = votes.most_common(2)
    if total < 3 or not ranked or ranked[0][0] not in senders or ranked[0][1] * 5 < total * 3:
        return ""
    return "" if len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1] else ranked[0][0]


def _readers(headers: Headers) -> set[str]:
    delivered = {box.address for name in _DELIVERED for value in headers.all(name)[:5] for box in mailboxes(value)[:3]}
    return delivered or {box.address for value in headers.all("to")[:3] for box in mailboxes(value)[:20]}
