"""Outlook's own data files: PST, and OST, which Outlook keeps of a mailbox on a server. Mails, entries of the calendar, contacts.

Mails are read as the messages they were, entries as calendar files have them: so that the same mail from a server, or the same
meeting from a calendar, is the same Activity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Coverage, Fact, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Part, Recognised
from relationdesk.sources.contact_cards import Identities, profile_of
from relationdesk.sources.ical_events import LARGE, MEETINGS, OWN, Reading
from relationdesk.sources.mail_headers import Headers, split
from relationdesk.sources.mail_message import PLACE as MAIL
from relationdesk.sources.mail_message import Noise
from relationdesk.sources.mail_owner import LOOKED_AT, own_addresses, owner
from relationdesk.sources.mail_pass import MailPass, left_out
from relationdesk.sources.mapi import Item
from relationdesk.sources.mapi_calendar import calendar_text, is_entry
from relationdesk.sources.mapi_contact import contact, is_contact
from relationdesk.sources.mapi_mail import is_draft, is_mail, raw_mail
from relationdesk.sources.pst_pages import MAGIC, Damaged, Pages
from relationdesk.sources.pst_store import Store, open_store

MAILS, CONTACTS = Part(name="mails", title=marked("mails")), Part(name="contacts", title=marked("contacts"))
_PROGRESS_EVERY = 100
_REJECTED_SHOWN = 200


class OutlookData:
    """FileSource. Whose file it is: as for any mailbox."""

    name = "outlook_data"
    title = marked("Outlook data file (PST)")
    place = MAIL

    def recognise(self, path: Path) -> Recognised | None:
        try:
            if not path.is_file() or not _begins(path):
                return None
            with _opened(path) as store:
                whose = owner(_heads(store))
        except (UnreadableFile, OSError):
            return Recognised(format=self.name, title=self.title, place=self.place, certainty=0.9)  # `read` says why it cannot be
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.95, owner=whose, parts=(MAILS, MEETINGS, OWN, LARGE, CONTACTS)
        )

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then everything in the order in which it came into the file. Raises UnreadableFile."""
        with _opened(path) as store:
            mine = options.mine | (own_addresses(options.me) or own_addresses(owner(_heads(store))))
            yield from _Reading(store, options, mine).facts(path.name)


def _begins(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == MAGIC


@contextmanager
def _opened(path: Path) -> Iterator[Store]:
    """The store of a file. Raises UnreadableFile, also for what only turns out while it is read."""
    try:
        with path.open("rb") as stream:
            try:
                store = open_store(Pages(stream))
            except Damaged as e:
                raise UnreadableFile(
                    say("“{name}” cannot be read. {reason} Nothing was brought in. In Outlook choose File, Open & Export, and export the mails to a new data file.", name=path.name, reason=e),
                    source=OutlookData.name,
                ) from e
            yield store
    except OSError as e:
        raise UnreadableFile(
            say("“{name}” could not be read. Nothing was changed. Close Outlook, which locks its file, or check that the file is still there.", name=path.name),
            source=OutlookData.name,
        ) from e


def _heads(store: Store) -> Iterator[tuple[Headers, bool]]:
    """The headers of the first mails, and whether they lie in the folder of sent mail."""
    sent = {folder.path for folder in store.folders.values() if folder.sent}
    count = 0
    for item in store.items():
        if isinstance(item, Item) and is_mail(item.kind) and not is_draft(item):
            yield split(raw_mail(item))[0], item.folder in sent
            count += 1
            if count >= LOOKED_AT:
                return


class _Reading:
    def __init__(self, store: Store, options: Options, mine: frozenset[str]) -> None:
        self._store, self._wants = store, options.wants
        self._mails = MailPass(mine, datetime.now(UTC))
        self._calendar = Reading(mine, options.wants, datetime.now(UTC))
        self._cards = Identities()
        self._others: Counter[str] = Counter()
        self._rejected = 0

    def facts(self, name: str) -> Iterator[Fact | Progress]:
        total = self._store.messages
        yield from self._mails.owner()
        if not self._mails.mine:
            yield from self._calendar.owner()
        for folder in self._store.folders.values():
            if folder.left_out and folder.messages:
                yield Rejected(where=folder.path, reason=say("A folder of drafts, deleted mail or spam was left out. Things in it: {messages:,}.", messages=folder.messages))
        for number, item in enumerate(self._store.items(), start=1):
            yield from self._reject(name, item) if isinstance(item, str) else self._item(item)
            if number % _PROGRESS_EVERY == 0:
                yield Progress(done=number, total=total, unit="items")
        yield from self._over(name)
        yield Progress(done=total, total=total, unit="items")

    def _item(self, item: Item) -> Iterator[Fact]:
        kind = item.kind
        if is_mail(kind):
            if is_draft(item):
                self._mails.noise[Noise.UNWANTED] += 1
            elif self._wants(MAILS):
                yield from self._mails.mail(raw_mail(item), item.folder)
        elif is_entry(kind):
            yield from self._calendar.entries(item.folder, calendar_text(item))
        elif is_contact(kind):
            if self._wants(CONTACTS):
                found = profile_of(contact(item), "contacts", self._cards)
                yield from (found,) if found else self._reject(item.folder, say("A contact has neither a name nor an address."))
        else:
            self._others[kind.removeprefix("ipm.") or "unnamed"] += 1

    def _reject(self, where: str, reason: str) -> Iterator[Rejected]:
        self._rejected += 1
        if self._rejected <= _REJECTED_SHOWN:
            yield Rejected(where=where, reason=reason)

    def _over(self, name: str) -> Iterator[Rejected | Coverage]:
        if self._rejected > _REJECTED_SHOWN:
            yield Rejected(where=name, reason=say("{rejected:,} more things could not be read.", rejected=self._rejected - _REJECTED_SHOWN))
        if self._store.damaged:
            yield Rejected(where=name, reason=say("A part of the file is damaged; what stands elsewhere was read. Outlook's own “scanpst” may mend it."))
        if self._mails.noise:
            yield Rejected(where=name, reason=left_out(self._mails.noise))
        if self._others:
            kinds = ", ".join(f"{kind} ({count:,})" for kind, count in self._others.most_common(10))
            yield Rejected(where=name, reason=say("Things that are no mails, contacts or entries of a calendar were left out: {kinds}.", kinds=kinds))
        yield from self._calendar.over(name)
        if self._mails.dates:
            yield Coverage(place=MAIL, since=self._mails.dates[0], until=self._mails.dates[1])
