"""How a mailbox is read: what is new since the last visit first, then the past, newest portion first, as far back as is read.

What was read of a folder is two numbers under its UIDVALIDITY: everything from `low` to `top` is here. A portion moves one
of them, and is stored with it; so a visit may end anywhere. Where the UIDVALIDITY changes, the folder is read again: its
mails have the same Message-IDs and are the same activities. What is no longer there was deleted there, not here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from relationdesk.errors import UnexpectedAnswer
from relationdesk.model import Coverage, Fact, Page, Rejected
from relationdesk.saying import say
from relationdesk.sources.imap_answers import Mail, as_set, found_uids, mail, quoted, status
from relationdesk.sources.imap_folders import MOST_FOLDERS, Folder, Role, folders
from relationdesk.sources.mail_headers import mailboxes, split
from relationdesk.sources.mail_message import PLACE, noise
from relationdesk.sources.mail_pass import MailPass

if TYPE_CHECKING:
    from relationdesk.sources.door_imap import MailServer

YEARS = 3
"""How far back the first reading goes. What is older comes with a mailbox file."""
PORTION = 200
"""Mails per page, in a visit of some minutes several hundred pages."""
HEAD_BYTES = 65_536
MAIL_BYTES = 262_144
"""Of one mail: text and small attachments; the rest of a big one stays on the server."""
_TOGETHER = 4_000_000
_MOST_MAILS = 2_000_000
_SENT_LOOKED_AT = 200
_SENT_ENOUGH = 3


@dataclass(slots=True)
class Place:
    """What was read of one folder. low 0: down to where we read at all."""

    validity: int
    top: int
    low: int


@dataclass(slots=True)
class State:
    """The cursor. since: the first day that is read. mine: addresses the mailbox sends from."""

    since: date
    mine: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)

    def text(self) -> str:
        places = {raw: [place.validity, place.top, place.low] for raw, place in self.places.items()}
        return json.dumps({"since": self.since.isoformat(), "mine": sorted(self.mine), "folders": places})


def state(cursor: str, now: datetime) -> State:
    """The cursor as it was stored; for none, and for nonsense, the beginning."""
    begin = State(since=(now - timedelta(days=round(365.25 * YEARS))).date())
    try:
        said: Any = json.loads(cursor)
        begin.since = min(date.fromisoformat(said["since"]), now.date())
        begin.mine = {str(address) for address in said["mine"][:50]}
        for raw, (validity, top, low) in list(said["folders"].items())[:MOST_FOLDERS]:
            if all(type(n) is int and 0 <= n < 2**63 for n in (validity, top, low)):
                begin.places[raw] = Place(validity, top, low)
    except (ValueError, TypeError, KeyError, AttributeError):
        return State(since=(now - timedelta(days=round(365.25 * YEARS))).date())
    return begin


class Reading:
    """One visit to a mailbox that is signed in to. own: the address of the login, "" if it is none."""

    def __init__(self, server: MailServer, own: str, cursor: str, clock: Callable[[], datetime]) -> None:
        self._server = server
        self._began = clock()
        self._state = state(cursor, self._began)
        self._state.mine |= {own} if own else set()
        self._whole = True

    def pages(self) -> Iterator[Page]:
        """Owner first; after the last portion how far this mailbox is read. Raises the errors of `MailServer.ask`."""
        chosen = folders(self._server)
        known = {folder.raw for folder in chosen}
        self._state.places = {raw: place for raw, place in self._state.places.items() if raw in known}
        for folder in chosen:
            if folder.role is Role.SENT:
                self._senders(folder)
        self._pass = MailPass(frozenset(self._state.mine), self._began)
        yield Page(facts=tuple(self._pass.owner()), cursor=self._state.text(), more=True)
        gmail = any(folder.role is Role.ALL for folder in chosen)
        for folder in chosen:
            if not (gmail and folder.role is Role.SENT):
                yield from self._folder(folder)
            if not self._server.in_time:
                return
        if self._whole:
            since = datetime.combine(self._state.since, time(), UTC)
            yield Page(facts=(Coverage(place=PLACE, since=since, until=self._began),), cursor=self._state.text())

    def _folder(self, folder: Folder) -> Iterator[Page]:
        validity, following, count = self._status(folder)
        if not validity:
            if folder.role is not Role.OTHER:
                self._whole = False
            yield Page(facts=(Rejected(where=folder.title, reason=say("This folder could not be opened; the others were read.")),), more=True)
            return
        place = self._state.places.get(folder.raw)
        if place is None or place.validity != validity or (following and following <= place.top):
            place = Place(validity, max(following - 1, 0), max(following, 1))
            self._state.places[folder.raw] = place
        if following == place.top + 1 and not place.low:
            return
        if not self._server.ask(f"EXAMINE {quoted(folder.raw)}")[0]:
            self._whole = False
            return
        yield from self._newer(folder, place, following, count)
        yield from self._older(folder, place, count)

    def _newer(self, folder: Folder, place: Place, following: int, count: int) -> Iterator[Page]:
        if following > place.top + 1:
            uids = self._search(place.top + 1, following - 1, count)
            for at in range(0, len(uids), PORTION):
                if not self._server.in_time:
                    return
                portion = list(uids[at : at + PORTION])
                facts = tuple(self._portion(folder, portion))
                place.top = portion[-1]
                yield Page(facts=facts, cursor=self._state.text(), more=True)
            place.top = following - 1

    def _older(self, folder: Folder, place: Place, count: int) -> Iterator[Page]:
        if place.low > 1:
            uids = self._search(1, place.low - 1, count)
            for end in range(len(uids), 0, -PORTION):
                if not self._server.in_time:
                    return
                portion = list(uids[max(0, end - PORTION) : end])
                facts = tuple(self._portion(folder, portion))
                place.low = portion[0]
                yield Page(facts=facts, cursor=self._state.text(), more=True)
        place.low = 0

    def _status(self, folder: Folder) -> tuple[int, int, int]:
        """UIDVALIDITY, UIDNEXT and how many mails; zeros for a folder that is none."""
        done, answers = self._server.ask(f"STATUS {quoted(folder.raw)} (UIDVALIDITY UIDNEXT MESSAGES)", "STATUS")
        try:
            return status(answers[-1]) if done and answers else (0, 0, 0)
        except ValueError as e:
            raise self._odd() from e

    def _search(self, low: int, high: int, count: int) -> Any:
        """UIDs since the first day that is read, rising. The server's own zone decides which mails that day has."""
        how = "RETURN (ALL) " if self._server.has("ESEARCH") else ""
        day = f"{self._state.since.day}-{_MONTHS[self._state.since.month - 1]}-{self._state.since.year}"
        done, answers = self._server.ask(f"UID SEARCH {how}UID {low}:{high} SINCE {day}", "SEARCH", "ESEARCH")
        if not done:
            raise self._odd()
        try:
            return found_uids(answers, low, high, min(count + 1_000, _MOST_MAILS))
        except ValueError as e:
            raise self._odd() from e

    def _portion(self, folder: Folder, uids: list[int]) -> Iterator[Fact]:
        """Heads first; only what is from one person to another is asked for further."""
        more = "X-GM-THRID " if self._server.has("X-GM-EXT-1") else ""
        heads = self._fetch(uids, f"UID FLAGS RFC822.SIZE {more}BODY.PEEK[HEADER]<0.{HEAD_BYTES}>")
        wanted = [heads[uid] for uid in uids if uid in heads and _is_wanted(heads[uid])]
        while wanted:
            some: list[Mail] = []
            while wanted and (not some or sum(map(_bytes, some)) + _bytes(wanted[0]) <= _TOGETHER):
                some.append(wanted.pop(0))
            bodies = self._fetch([one.uid for one in some], f"UID BODY.PEEK[]<0.{MAIL_BYTES}>")
            for head in some:
                where = f"{folder.title}, mail {head.uid}"
                body = bodies.get(head.uid)
                if body is None or body.content is None:
                    yield Rejected(where=where, reason=say("The server named this mail and did not give it."))
                    continue
                thread = f"X-GM-THRID: {head.thread}\r\n".encode() if head.thread else b""
                yield from self._pass.mail(thread + body.content, where)

    def _fetch(self, uids: list[int], what: str) -> dict[int, Mail]:
        done, answers = self._server.ask(f"UID FETCH {as_set(uids)} ({what})", "FETCH")
        if not done and not answers:
            raise self._odd()
        asked = set(uids)
        found: dict[int, Mail] = {}
        for answer in answers:
            try:
                one = mail(answer)
            except ValueError as e:
                raise self._odd() from e
            if one is not None and one.uid in asked and (one.content is not None or one.uid not in found):
                found[one.uid] = one
        return found

    def _senders(self, folder: Folder) -> None:
        """Addresses that the newest sent mails are from again and again are mine, too: an alias is no correspondent.
        Asked only when something was sent since the last visit."""
        validity, following, _ = self._status(folder)
        place = self._state.places.get(folder.raw)
        if not validity or (place is not None and (place.validity, place.top + 1) == (validity, following)):
            return
        done, answers = self._server.ask(f"EXAMINE {quoted(folder.raw)}", "EXISTS")
        count = answers[-1].number if done and answers else 0
        if not count:
            return
        first = max(1, count - _SENT_LOOKED_AT + 1)
        _, heads = self._server.ask(f"FETCH {first}:{count} (UID BODY.PEEK[HEADER.FIELDS (FROM)])", "FETCH")
        senders: Counter[str] = Counter()
        for answer in heads:
            try:
                one = mail(answer)
            except ValueError:
                continue
            boxes = mailboxes(split(one.content)[0].first("from")) if one is not None and one.content else []
            if len(boxes) == 1 and not boxes[0].doubtful:
                senders[boxes[0].address] += 1
        self._state.mine |= {address for address, times in senders.most_common(20) if times >= _SENT_ENOUGH}

    def _odd(self) -> UnexpectedAnswer:
        return UnexpectedAnswer(say("{host} does not answer as a mail server should. What was read before is kept.", host=self._server.host))


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _bytes(head: Mail) -> int:
    return min(head.size, MAIL_BYTES) or 10_000


def _is_wanted(head: Mail) -> bool:
    if head.flags & {"\\deleted", "\\draft"} or head.content is None:
        return False
    return noise(split(re.sub(rb"\A[\r\n]+", b"", head.content))[0]) is None
