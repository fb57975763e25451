"""One visit to Salesforce: of each object what was changed since the last one, the earliest change first, with what was deleted or merged.

A query names its fields, and one that an org does not have, or does not show us, spoils the whole: then it is asked which there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from relationdesk.model import Coverage, Fact, Page, Profile
from relationdesk.sources.contact_rows import id_in
from relationdesk.sources.crm_live import Book, User, Users
from relationdesk.sources.crm_memory import Memory, State
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.salesforce_objects import DEALS, FIRMS, OBJECTS, PLACE, Object, cells_of, changed, firm_in
from relationdesk.sources.salesforce_talk import Refused, Talk

MOST_PAGES = 200
_FEW = 20
"""Pages of what is looked up beside: 2,000 records, which come in pages of at least 200."""
"""Of 2,000 records in one visit; the rest follows in the next."""
OVERLAP = 60_000
"""Milliseconds: what was changed in the same second must not be missed."""
BY_ID = 200
_NOT_HERE = frozenset({"INVALID_TYPE", "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "NOT_FOUND"})


def quoted(text: str) -> str:
    """A text within a query."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def asked_for(fields: Iterable[str], of: str, where: str = "", rest: str = "") -> str:
    """A query. where: a condition whose texts are `quoted`, "" for none. rest: in which order, how many."""
    return " ".join(("SELECT", ", ".join(fields), "FROM", of, *(("WHERE", where) if where else ()), *((rest,) if rest else ())))


def users_in(talk: Talk, where: str) -> list[User]:
    """Users of the org. Raises the errors of the door."""
    found = [each for page in talk.query(asked_for(("Id", "Name", "Email"), "User", where, "LIMIT 2000"), deleted=False, most=_FEW) for each in page]
    return [User(id=id_in(string(each, "Id", 30), PLACE), name=string(each, "Name", 200), mail=string(each, "Email", 300)) for each in found]


class Visit:
    """me: the id of whom we are. chosen: ids of the users whose records are read; none: everybody's."""

    def __init__(self, talk: Talk, me: str, chosen: frozenset[str], cursor: str) -> None:
        self._talk, self._me, self._chosen = talk, me, chosen
        self._memory = Memory.read(cursor, chosen)
        self._book = Book(PLACE, Users())
        self._users: set[str] = set()
        self._pages = 0
        self._opened = False
        self._my_mail = ""

    def pages(self) -> Iterator[Page]:
        """Firms, people, then what was done. An object that the org does not have, or does not show us, is left out."""
        for one in OBJECTS:
            try:
                yield from self._changed(one)
            except Refused as e:
                if e.code not in _NOT_HERE:
                    raise
            if self._pages >= MOST_PAGES:
                return
        yield Page(facts=(Coverage(place=PLACE, since=None, until=self._talk.clock()),), cursor=self._memory.text())

    def _changed(self, one: Object) -> Iterator[Page]:
        state = self._memory.of.setdefault(one.name, State())
        begun = state.reached(self._talk.clock())
        for found in self._found(one, state, begun):
            self._pages += 1
            fresh = [each for each in found if changed(each) >= begun and state.recent.get(string(each, "Id", 30)) != changed(each)]
            if fresh:
                facts = self._facts(one, fresh)
                state.met({string(each, "Id", 30): changed(each) for each in fresh}, begun, self._talk.clock(), OVERLAP)
                yield Page(facts=tuple(facts), cursor=self._memory.text(), more=True)
            if self._pages >= MOST_PAGES:
                return

    def _found(self, one: Object, state: State, since: int) -> Iterator[list[Json]]:
        fields = tuple(state.note.split(",")) if state.note else one.fields
        try:
            yield from self._talk.query(self._query(one, fields, since))
        except Refused as e:
            if e.code != "INVALID_FIELD":
                raise
            there = self._talk.fields_of(one.name)
            known = tuple(field for field in one.fields if field.partition(".")[0] in there or f"{field.partition('.')[0]}Id" in there)
            if known == fields or "Id" not in known or "SystemModstamp" not in known:
                raise
            state.note = ",".join(known)
            yield from self._talk.query(self._query(one, known, since))

    def _query(self, one: Object, fields: Iterable[str], since: int) -> str:
        where = f"SystemModstamp >= {datetime.fromtimestamp(since // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}" if since else ""
        return asked_for(fields, one.name, where, "ORDER BY SystemModstamp ASC")

    # What it says

    def _facts(self, one: Object, found: list[Json]) -> list[Fact]:
        facts = self._learn_users(string(each, "OwnerId", 30) for each in found)
        index = self._book.index
        for each in found:
            firm, name = firm_in(each)
            if firm and name:
                index.companies.setdefault(index.company_key(firm), name)
        if one.name in ("Task", "Event"):
            self._learn_deals(string(each, "WhatId", 30) for each in found)
        for each in found:
            if not self._chosen or id_in(string(each, "OwnerId", 30), PLACE) in self._chosen:
                facts += self._record(one, each)
        return facts

    def _record(self, one: Object, record: Json) -> Iterator[Fact]:
        id_, is_gone = string(record, "Id", 30), record.get("IsDeleted") is True
        where = f"Salesforce {one.name} {id_ or '?'}"
        if one.is_card:
            yield from self._same(one, record, id_)
            if not is_gone:  # people and firms stay: what was done with them was done
                yield from self._book.card(one.sheet, cells_of(one, record), where, firm=firm_in(record)[0], url=self._page(id_))
            return
        if one is DEALS and not is_gone:
            self._book.learn(one.sheet, cells_of(one, record))
        yield from self._book.record(one.sheet, cells_of(one, record), where, "" if is_gone else self._page(id_))

    def _same(self, one: Object, record: Json, id_: str) -> Iterator[Profile]:
        """Who was merged into another, and a lead that has become a contact."""
        now = string(record, "MasterRecordId", 30) if record.get("IsDeleted") is True else string(record, "ConvertedContactId", 30)
        if now and id_:
            name = string(record, "Name") or " ".join(filter(None, (string(record, "FirstName"), string(record, "LastName"))))
            yield self._book.same(id_in(id_, PLACE), name, self._page(now), company=one.name == FIRMS)

    def _page(self, id_: str) -> str:
        return f"{self._talk.base}/{id_}" if id_.isalnum() else ""

    def _learn_users(self, ids: Iterable[str]) -> list[Fact]:
        """Names of those who own what is read, each looked up once in a visit; then who I am."""
        wanted = {id_in(id_, PLACE) for id_ in (*ids, self._me) if id_.startswith("005") and id_.isalnum()} - self._users
        self._users |= wanted
        ordered = sorted(wanted)
        for start in range(0, len(ordered), BY_ID):
            some = ", ".join(quoted(id_) for id_ in ordered[start : start + BY_ID])
            for user in users_in(self._talk, f"Id IN ({some})"):
                self._book.index.users[user.id] = user.name
                if user.id == self._me:
                    self._my_mail = user.mail
        if self._opened:
            return []
        self._opened = True
        me = self._book.me(self._me, self._my_mail)
        return [me] if me is not None else []

    def _learn_deals(self, ids: Iterable[str]) -> None:
        """Of deals that this visit has not met, whom they are about: a task may name nothing but its deal."""
        deals = self._book.index.deals
        missing = sorted({id_ for id_ in ids if id_.startswith("006") and id_.isalnum() and id_in(id_, PLACE) not in deals})
        known = self._memory.of.get(DEALS.name, State()).note
        fields = [field for field in ("Id", "Name", f"{FIRMS}Id", "ContactId") if not known or field in known.split(",")]
        for start in range(0, len(missing), BY_ID):
            some = ", ".join(quoted(id_) for id_ in missing[start : start + BY_ID])
            for page in self._talk.query(asked_for(fields, DEALS.name, f"Id IN ({some})"), deleted=False, most=_FEW):
                for each in page:
                    self._book.learn(DEALS.sheet, cells_of(DEALS, each))

