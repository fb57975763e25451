"""Google Takeout, whole or one of its files: YouTube, My Activity and Google Chat are read here; contacts, mail, calendar and
bookmarks in it by the sources that read them anywhere. All of them are parts that may be left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Coverage, Fact, Key, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Ask, FileSource, Options, Recognised
from relationdesk.sources.chats import Told
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.google_chat import chat_facts
from relationdesk.sources.google_deeds import BadDeed, Deed
from relationdesk.sources.google_facts import (
    GOOGLE,
    BadRow,
    Left,
    People,
    comment_facts,
    deed_facts,
    is_watched,
    subscription_facts,
)
from relationdesk.sources.google_survey import (
    ACTIVITY,
    CHATS,
    COMMENTS,
    SUBSCRIPTIONS,
    WATCHED,
    Found,
    deeds,
    owners,
    survey,
    table,
)
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.tables import Row
from relationdesk.text import mail_address

_EVERY = 500
_REJECTED_SHOWN = 200
_QUESTION = marked("Which mail address is yours in these chats? The files do not say it.")


class GoogleTakeout:
    """FileSource for Google's export."""

    name = "google_takeout"
    title = marked("Google Takeout")
    place = GOOGLE

    def recognise(self, path: Path) -> Recognised | None:
        """By its records. With nothing but contacts, or nothing but mail in it, the source of these reads it itself."""
        try:
            with open_container(path) as box:
                found = survey(path, box)
                if not set(found.files.values()) - {"channel"} and len(found.others) < 2:
                    return None
                _, google = owners(box, found, "")
        except (UnreadableFile, OSError):
            return None
        mailbox = next((seen.owner for source in found.others.values() if source.name == MailFiles.name and (seen := source.recognise(path))), "")
        asks = (Ask(name="me", question=say(_QUESTION), choices=()),) if found.of("chat") and not google.handle else ()
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.9 if box.single or not found.others else 0.97, owner=google.handle or mailbox,
            parts=found.parts(), asks=asks,
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The parts that are wanted, those of other sources first. Raises UnreadableFile if there is nothing to read."""
        with open_container(path) as box:
            found = survey(path, box)
            if not found.parts():
                raise UnreadableFile(
                    say("“{name}” holds nothing of a Google Takeout that can be read. Nothing was brought in. Ask Google for contacts, mail, calendar, YouTube, Chat or My Activity.", name=path.name), source=self.name,
                )  # fmt: skip
            youtube, google = owners(box, found, options.me)
            if found.of("chat") and options.wants(CHATS) and not google.handle:
                raise UnreadableFile(say("{question} Nothing was brought in.", question=say(_QUESTION)), source=self.name)
            for part, source in found.others.items():
                if options.wants(part):
                    yield from _elsewhere(source, path, options)
            yield from _Reading(box, found, options, youtube, google).facts()


def _elsewhere(source: FileSource, path: Path, options: Options) -> Iterator[Fact | Progress]:
    """What another source reads in the same files; if it cannot, the rest is read all the same."""
    said = Options(me=mail_address(options.me) if source.name == MailFiles.name else "", mine=options.mine, answers=options.answers)
    try:
        yield from source.read(path, said)
    except UnreadableFile as e:
        yield Rejected(where=path.name, reason=str(e))


class _Reading:
    """One pass over what is read here."""

    def __init__(self, box: Container, found: Found, options: Options, youtube: Profile, google: Profile) -> None:
        self._box, self._found = box, found
        self._parts = {part.name for part in found.parts() if options.wants(part)}
        self._google = google
        self._owners = {youtube.key: youtube, google.key: google}
        self._met: set[Key] = set()
        self._people = People(youtube.key, google.key)
        self._told = Told()
        self._broken: Counter[str] = Counter()
        self._left: Counter[tuple[str, str]] = Counter()
        self._newest: dict[str, datetime] = {}
        self._done, self._total = 0, sum(box.size(name) for name in self._wanted())

    def _wanted(self) -> list[str]:
        """The files to read, in the order of reading: who is followed before what they are met in."""
        names: list[str] = []
        for part, forms in ((SUBSCRIPTIONS, ("subscriptions",)), (COMMENTS, ("comments",)), (CHATS, ("chat",)), (WATCHED, ("json", "html")), (ACTIVITY, ("json", "html"))):
            if part.name in self._parts:
                names += self._found.of(*forms)
        return list(dict.fromkeys(names))

    def facts(self) -> Iterator[Fact | Progress]:
        names = self._wanted()
        if not names:
            return
        yield Progress(done=0, total=self._total)
        for name in names:
            try:
                for fact in self._file(name, self._found.files[name]):
                    if isinstance(fact, Activity):
                        yield from self._meet(fact)
                    yield fact
            except UnreadableFile as e:
                yield Rejected(where=name, reason=str(e))
            yield from self._summary(name)
            self._done += self._box.size(name)
            yield Progress(done=self._done, total=self._total)
        for key in self._owners:
            if until := self._newest.get(key.place):
                # It holds what its owner did: whether the others were quiet it does not tell.
                yield Coverage(place=key.place, profile=key, until=until)

    def _meet(self, fact: Activity) -> Iterator[Profile]:
        """The owner of that place, before what first names them."""
        for key in (fact.actor, *(one.profile for one in fact.participants)):
            if key in self._owners and key not in self._met:
                self._met.add(key)
                yield self._owners[key]
        if fact.published is not None:
            self._newest[fact.key.place] = max(fact.published, self._newest.get(fact.key.place, fact.published))

    def _file(self, name: str, form: str) -> Iterator[Fact | Progress]:
        if form == "chat":
            yield from chat_facts(self._box, name, self._google, self._told)
            return
        records: Iterator[tuple[int, Row | Rejected | Deed | BadDeed]] = (
            table(self._box, name, form) if form in ("comments", "subscriptions") else deeds(self._box, name, form)
        )
        for number, (done, record) in enumerate(records, start=1):
            if number % _EVERY == 0:
                yield Progress(done=min(self._done + done, self._total), total=self._total)
            try:
                yield from self._record(record, form)
            except Left as e:
                self._left[name, str(e)] += 1
            except BadRow as e:
                self._broken[name] += 1
                if self._broken[name] <= _REJECTED_SHOWN:
                    where = record.where if isinstance(record, Rejected) else f"{name} {f'line {record.line}' if isinstance(record, Row) else f'record {number}'}"
                    yield Rejected(where=where, reason=str(e))

    def _record(self, record: Row | Rejected | Deed | BadDeed, form: str) -> Iterator[Fact]:
        """Raises BadRow, Left."""
        if isinstance(record, Rejected):
            raise BadRow(record.reason)
        if isinstance(record, BadDeed):
            raise BadRow(str(record))
        if isinstance(record, Row):
            return comment_facts(record, self._people) if form == "comments" else subscription_facts(record, self._people)
        part = (WATCHED if is_watched(record) else ACTIVITY).name
        # What the beginnings of the files did not show could not be left out by anybody.
        return deed_facts(record, self._people) if part in self._parts or part not in self._found.deeds else iter(())

    def _summary(self, name: str) -> Iterator[Rejected]:
        for (where, why), count in self._left.items():
            if where == name:
                yield Rejected(where=name, reason=say("Left out: {why} ({count:,}).", why=why, count=count))
        if self._broken[name] > _REJECTED_SHOWN:
            yield Rejected(where=name, reason=say("{broken:,} more records could not be read.", broken=self._broken[name] - _REJECTED_SHOWN))
