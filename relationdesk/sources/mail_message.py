"""One mail, RFC 5322 in whatever state it arrives, to Profiles and an Activity. Pure; no byte string makes it raise.

Used by every source of mail, so that the same mail from a file and from a server is the same Activity.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from enum import StrEnum

from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Profile,
    Rejected,
    Role,
    pairs,
)
from relationdesk.saying import marked, say
from relationdesk.sources.mail_body import body
from relationdesk.sources.mail_building import DIRECTORY_DOMAIN
from relationdesk.sources.mail_dates import sent
from relationdesk.sources.mail_headers import Headers, Mailbox, mailboxes, split, words
from relationdesk.sources.mail_quotes import parted
from relationdesk.sources.mail_words import LEFT_OUT, NO_REPLY, folder_words
from relationdesk.text import is_role_mailbox, one_line

PLACE = "mail"
_MAX_QUOTED = 200_000
_MAX_PARTICIPANTS = 500
CIRCULAR = 50
"""To more people than these one does not write: whoever gets such a mail is nobody one knows by it."""
_ROLES = (("to", Role.TO), ("cc", Role.CC), ("bcc", Role.BCC))


def message(raw: bytes, where: str, mine: frozenset[str], *, now: datetime | None = None) -> tuple[Fact, ...]:
    """Profiles of everybody named, then the Activity; one Rejected if nobody can be said to have sent it.

    () for what a salesperson does not want: mailing lists, newsletters, automatic answers, no-reply senders, drafts,
    spam and deleted mail. mine: addresses of the owner, lower case; whom they wrote to, unless in a circular, becomes `known`.
    now: aware, what "in the future" is measured by.
    """
    headers, content = split(_normal(raw))
    if noise(headers) is not None:
        return ()
    sender, doubt = _sender(headers)
    subject = one_line(words(headers.first("subject"))[:2000], 500)
    if sender is None:
        return (Rejected(where=where, reason=say(doubt, mail=_named(subject))),)
    addressed = _addressed(headers)
    said = body(headers, content)
    text, quoted = parted(said.text, forwarded=_FORWARD.match(subject) is not None)
    published, precision, remarks = sent(headers, now or datetime.now(UTC))
    native_id = _native_id(headers, sender, said.text)
    reply = _reply_id(headers)
    activity = Activity(
        key=Key(PLACE, native_id), actor=Key(PLACE, sender.address), kind=Kind.MAIL, published=published,
        precision=precision, title=subject, text=text, in_reply_to=reply, thread=_thread(headers, native_id, reply),
        audience=Audience.PRIVATE,
        participants=tuple(Participant(profile=Key(PLACE, box.address), role=role) for box, role in addressed),
        extra=pairs(attachments=one_line(", ".join(said.attachments[:50]), 2000), quoted=quoted[:_MAX_QUOTED],
                    doubt=doubt, **remarks),
    )  # fmt: skip
    return (*_profiles(sender, [box for box, _ in addressed], mine), activity)


def _normal(raw: bytes) -> bytes:
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return raw.replace(b"\r", b"\n") if b"\r" in raw and b"\n" not in raw else raw


def _named(subject: str) -> str:
    return say("The mail “{subject}”", subject=one_line(subject, 80)) if subject else say("A mail without a subject")


_FORWARD = re.compile(r"(?:fwd?|wg|tr|rv|enc|doorst|vb|vl|pd|i)\s?:", re.IGNORECASE)
"""How mail programs begin the subject of what is passed on; Outlook puts no other mark into the text."""


class Noise(StrEnum):
    """Why a mail is left out; the words are `say`d with how many mails."""

    LIST = marked("{n:,} of mailing lists")
    AUTOMATIC = marked("{n:,} by automatic senders")
    UNWANTED = marked("{n:,} among drafts, deleted mail and spam")


def noise(headers: Headers) -> Noise | None:
    """Lists, bulk, automatic answers, no-reply senders, and what was deleted, drafted or sorted out as spam."""
    precedence = headers.first("precedence").lower()
    if headers.first("list-id") or precedence in ("bulk", "list", "junk"):
        return Noise.LIST
    if re.fullmatch(r"[0-9a-fA-F]{4,8}", status := headers.first("x-mozilla-status")) and int(status, 16) & 0x0008:
        return Noise.UNWANTED
    labels = words(headers.first("x-gmail-labels"))[:2000].split(",")
    if any(folder_words(label) in LEFT_OUT for label in labels) or headers.first("x-spam-flag").lower() == "yes":
        return Noise.UNWANTED
    automatic = headers.first("auto-submitted").partition(";")[0].strip().lower() not in ("", "no")
    if automatic or precedence == "auto_reply" or headers.first("x-autoreply").lower() == "yes":
        return Noise.AUTOMATIC
    senders = mailboxes(headers.first("from"))[:1]
    return Noise.AUTOMATIC if any(NO_REPLY.search(box.address.partition("@")[0]) for box in senders) else None


def noise_of(raw: bytes) -> Noise | None:
    """Why `message` leaves this mail out; None if it does not."""
    return noise(split(_normal(raw))[0])


def _sender(headers: Headers) -> tuple[Mailbox | None, str]:
    """(who sent it, what is doubtful about it); (None, why, to be `say`d of the mail) if it cannot be said.

    More than one address in From can be read as either, and is how senders are faked: then only a Sender header
    that names one of them decides (RFC 5322 3.6.2).
    """
    boxes = [box for value in headers.all("from")[:20] for box in mailboxes(value)[:20]]
    addresses = {box.address for box in boxes}
    declared = mailboxes(headers.first("sender"))[:1]
    if len(addresses) == 1:
        doubt = say("The name of the sender shows another address.") if any(box.doubtful for box in boxes) else ""
        return boxes[0], doubt
    if not boxes:
        return (declared[0], "") if declared else (None, marked("{mail} names no sender that can be read."))
    if declared and declared[0].address in addresses:
        return next(box for box in boxes if box.address == declared[0].address), say("It names several senders.")
    return None, marked("{mail} names several senders, so that it cannot be said who wrote it.")


def _addressed(headers: Headers) -> list[tuple[Mailbox, Role]]:
    """Everybody in To, Cc and Bcc, each once, in that order."""
    found: dict[str, tuple[Mailbox, Role]] = {}
    for name, role in _ROLES:
        for value in headers.all(name)[:50]:
            for box in mailboxes(value):
                if len(found) < _MAX_PARTICIPANTS:
                    found.setdefault(box.address, (box, role))
    return list(found.values())


def _profiles(sender: Mailbox, others: list[Mailbox], mine: frozenset[str]) -> list[Profile]:
    from_me = sender.address in mine and len(others) <= CIRCULAR
    found: dict[str, Profile] = {}
    for number, box in enumerate([sender, *others]):
        known = from_me and number > 0 and box.address not in mine and not is_role_mailbox(box.address)
        if box.address not in found or known:
            found[box.address] = profile(box, known=known, is_owner=box.address in mine)
    return list(found.values())


def profile(box: Mailbox, *, known: bool = False, is_owner: bool = False) -> Profile:
    """A mail address as a Profile. What a doubtful header shows vouches for nothing and names nobody; whoever is only
    known to the directory of an Exchange server has no address to write to."""
    name = "" if box.doubtful else box.name
    known = known and not box.doubtful
    if box.address.endswith(f"@{DIRECTORY_DOMAIN}"):
        return Profile(key=Key(PLACE, box.address), display_name=name, known=known, is_owner=is_owner)
    address = Address(kind=AddressKind.MAIL, value=box.address, vouched=not box.doubtful)
    return Profile(key=Key(PLACE, box.address), handle=box.address, display_name=name, addresses=(address,), known=known, is_owner=is_owner)


_ID = re.compile(r"<\s{0,9}([^<>\s]{1,400})\s{0,9}>")


def ids(value: str) -> list[str]:
    """Message ids of a header as native ids ("mid:joe@host"), in order; without brackets only a single word counts."""
    found = _ID.findall(value[:50_000])
    if not found and re.fullmatch(r"[^\s<>]{3,400}", value.strip()):
        found = [value.strip()]
    return [f"mid:{one}" for one in found]


def _native_id(headers: Headers, sender: Mailbox, text: str) -> str:
    """The Message-ID; else a hash of From, Date and Subject, and of the text where there is no Date."""
    own = ids(headers.first("message-id"))
    if own:
        return own[0]
    date = headers.first("date")
    parts = [sender.address, date, headers.first("subject"), "" if date else text]
    return "hash:" + hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:40]


def _reply_id(headers: Headers) -> str:
    """What this mail answers: In-Reply-To, else the last of References; "" for nothing."""
    replied = ids(headers.first("in-reply-to"))
    return replied[0] if replied else next(reversed(ids(headers.first("references"))), "")


def _thread(headers: Headers, native_id: str, reply: str) -> str:
    """Gmail's conversation, else the first of References, else what is answered, else the mail itself."""
    conversation = headers.first("x-gm-thrid")
    if re.fullmatch(r"\d{1,25}", conversation):
        return f"gmail:{conversation}"
    return next(iter(ids(headers.first("references"))), "") or reply or native_id

