"""messages.csv: the owner's conversations, from 2018 (names only) to today (addresses of everybody).

Drafts, spam and advertising are counted and left out. A member LinkedIn no longer names ("LinkedIn Member") is
somebody unknown, one in each conversation: *Who is this?* may find out who it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Role, pairs
from relationdesk.saying import counted
from relationdesk.sources.linkedin_people import PLACE, People
from relationdesk.sources.linkedin_reading import Reading
from relationdesk.sources.linkedin_words import links, slug
from relationdesk.sources.tables import Row
from relationdesk.text import LOOSE, one_line, tidy

_SPONSORED = '<p class="spinmail-quill-editor__spin-break">'

_MOST_ADDRESSED = 500
"""LinkedIn lets fifty talk to each other; more than this is no conversation."""

NAMELESS = "LinkedIn Member"


def drafts(n: int) -> str:
    return counted(n, "{n} draft was never sent and was left out.", "{n} drafts were never sent and were left out.")


def spam(n: int) -> str:
    return counted(n, "{n} message in the spam folder was left out.", "{n} messages in the spam folder were left out.")


def advertising(n: int) -> str:
    return counted(n, "{n} message is advertising and was left out.", "{n} messages are advertising and were left out.")


def of_nobody(n: int) -> str:
    return counted(n, "{n} message names no sender and was left out.", "{n} messages name no sender and were left out.")


def message(row: Row, reading: Reading) -> Iterator[Fact]:
    people = reading.people
    folder = row["folder"].upper()
    if any(row[column].casefold() in ("yes", "true") for column in ("ismessagedraft", "isconversationdraft")):
        reading.left_out[drafts] += 1
        return
    if folder == "SPAM":
        reading.left_out[spam] += 1
        return
    sender = people.native(row["from"], row["senderprofileurl"]) or _nameless(row["from"], row)
    if row["direction"].upper() == "OUTGOING":  # only 2018 says so
        sender = people.owner
    advertised = "senderprofileurl" in row.index and not row["senderprofileurl"] and row["conversationtitle"]
    if row["content"].startswith(_SPONSORED) or (advertised and sender != people.owner):
        reading.left_out[advertising] += 1
        return
    if not sender:
        reading.left_out[of_nobody] += 1
        return
    moment, precision = reading.time(row["date"])
    text = tidy(row["content"])
    others = [peer for peer in _recipients(row, people) if peer[0] != sender]
    thread = row["conversationid"] or _pair_thread([sender, *(native for native, _ in others)])
    yield from people.met(sender, row["from"])
    meet = people.known if sender == people.owner else people.met
    for native, name in others:
        yield from meet(native, name)
    stamp = moment.isoformat() if moment else ""
    yield Activity(
        key=reading.key("message" if row["conversationid"] else f"{LOOSE}message", thread, stamp, sender, text), actor=Key(PLACE, sender), kind=Kind.MESSAGE,
        published=moment, precision=precision, title=_short(row["subject"]), text=text, thread=one_line(thread),
        audience=Audience.PRIVATE,
        participants=tuple(Participant(profile=Key(PLACE, native), role=Role.TO) for native, _ in others),
        extra=pairs(
            attachments=_short(row["attachments"]), conversation=_short(row["conversationtitle"]), folder=_short(folder)
        ),
    )  # fmt: skip


def _nameless(name: str, row: Row) -> str:
    """The native id of somebody unknown, the same throughout a conversation; "" if there is none to tell by."""
    if name.strip().casefold() != NAMELESS.casefold() or not row["conversationid"]:
        return ""
    return "member:" + hashlib.sha1(row["conversationid"].encode("utf-8", "replace")).hexdigest()[:20]


def _pair_thread(natives: list[str]) -> str:
    """2018 had no conversation ids: the people in it are the conversation."""
    return "with:" + hashlib.sha1(chr(0).join(sorted(set(natives))).encode("utf-8", "replace")).hexdigest()[:20]


def _recipients(row: Row, people: People) -> list[tuple[str, str]]:
    """(native id, name) of everybody addressed, each once. Addresses decide; names only where there are none."""
    found_links = [link for link in links(row["recipientprofileurls"])[:_MOST_ADDRESSED] if slug(link)]
    names = [row["to"]] if len(found_links) == 1 else split_names(row["to"], people)
    if found_links:
        fits = len(names) == len(found_links)
        found = [(slug(link), names[place] if fits else "") for place, link in enumerate(found_links)]
    else:
        found = [(people.native(name, "") or _nameless(name, row), name) for name in names]
    once = dict.fromkeys(native for native, _ in found if native)
    shown = dict(reversed(found))
    return [(native, one_line(shown[native])) for native in once]


def split_names(text: str, people: People) -> list[str]:
    """ "Jane Doe, Ph.D., Ann Example" → two names: commas part names, but not a known name, nor a degree from its name."""
    parts = [part for part in text.split(", ") if part.strip()][:_MOST_ADDRESSED]
    names: list[str] = []
    place, sure = 0, False
    while place < len(parts):
        reach = range(min(len(parts), place + 4), place, -1)
        end = next((end for end in reach if people.is_known_name(", ".join(parts[place:end]))), 0)
        if end:
            names.append(", ".join(parts[place:end]))
        elif names and _is_suffix(parts[place]):
            names[-1] += "" if sure else f", {parts[place]}"
        else:
            names.append(parts[place])
        sure = bool(end) or (sure and place > 0 and _is_suffix(parts[place]))
        place = end or place + 1
    return names


def _short(cell: str) -> str:
    """Most of these cells are empty, and there are millions of them."""
    return one_line(cell) if cell else ""


def _is_suffix(part: str) -> bool:
    """ "Ph.D.", "MBA", "PMP®": one word, short or in capitals."""
    word = part.strip()
    return " " not in word and (len(word) <= 4 or "." in word or word.isupper())
