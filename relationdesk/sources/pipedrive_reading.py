"""One visit to Pipedrive: of each kind of record what was changed since the last one, the earliest change first; once a day what was deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError
from relationdesk.model import Coverage, Fact, Key, Page, Tombstone
from relationdesk.sources.crm_live import Book, Cells, User, Users
from relationdesk.sources.crm_memory import Memory, State
from relationdesk.sources.json_fields import Json, moment_of, record_of, string
from relationdesk.sources.json_talk import NotShown
from relationdesk.sources.pipedrive_objects import (
    ACTIVITIES,
    DEALS,
    KINDS,
    NOTES,
    ORGANIZATIONS,
    PLACE,
    Firm,
    Kind,
    changed,
    id_in,
    is_deleted,
)
from relationdesk.sources.pipedrive_talk import Talk

AT_ONCE, BY_ID = 500, 100
"""Records of one page; ids in one question."""
MOST_QUESTIONS = 400
"""In one visit; the rest follows in the next."""
OVERLAP = 60_000
"""Milliseconds: times are told to the second, and what was changed in the same one must not be missed."""
LOOK_FOR_DELETED = timedelta(days=1)
REMEMBERED = timedelta(days=30)
"""How long Pipedrive keeps what was deleted."""
_MOST_PAGES = 20


def users_of(talk: Talk) -> Users:
    """Everybody who uses this Pipedrive, also those who left. Raises the errors of the door."""
    return Users.of(User(id=string(each, "id", 30), name=string(each, "name", 200), mail=string(each, "email", 300)) for each in talk.list("/api/v1/users", {}).records)


class Visit:
    """chosen: ids of the users whose records are read; none: everybody's."""

    def __init__(self, talk: Talk, me: str, chosen: frozenset[str], cursor: str) -> None:
        self._talk, self._me, self._chosen = talk, me, chosen
        self._memory = Memory.read(cursor, chosen)
        self._firm, self._book = Firm(web=talk.base), Book(PLACE, Users())
        self._deals: dict[str, str] = {}
        self._companies: dict[str, str] = {}
        self._known = False
        self._questions = 0

    def pages(self) -> Iterator[Page]:
        """Firms, people, then what was done. What this firm does not have is left out."""
        for kind in KINDS:
            try:
                yield from self._changed(kind)
            except (NotShown, Gone):
                if not kind.may_fail:
                    raise
            if self._questions >= MOST_QUESTIONS:
                return
        yield from self._deleted()
        yield Page(facts=(Coverage(place=PLACE, since=None, until=self._talk.clock()),), cursor=self._memory.text())

    def _page(self, facts: Iterable[Fact]) -> Page:
        return Page(facts=tuple(facts), cursor=self._memory.text(), more=True)

    def _changed(self, kind: Kind) -> Iterator[Page]:
        state = self._memory.of.setdefault(kind.name, State())
        begun = state.reached(self._talk.clock())
        query = {"limit": str(AT_ONCE), **kind.query, **({"sort": "update_time ASC"} if kind.first else {"sort_by": "update_time", "sort_direction": "asc"})}
        if begun:
            query["updated_since"] = f"{datetime.fromtimestamp(begun // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
        further: dict[str, str] = {}
        while self._questions < MOST_QUESTIONS:
            self._questions += 1
            leaf = self._talk.list(kind.path, query | further)
            fresh = [each for each in leaf.records if changed(each) >= begun and state.recent.get(string(each, "id", 60)) != changed(each)]
            if fresh:
                facts = self._facts(kind, fresh)
                state.met({string(each, "id", 60): changed(each) for each in fresh}, begun, self._talk.clock(), OVERLAP)
                yield self._page(facts)
            further = dict(leaf.further)
            if not further or not leaf.records:
                return

    # What it says

    def _facts(self, kind: Kind, found: list[Json]) -> list[Fact]:
        facts = self._look_up()
        if kind.name == "persons":
            self._learn(ORGANIZATIONS, (id_in(each, "org_id") for each in found))
        elif kind in (ACTIVITIES, NOTES):
            self._learn(DEALS, (id_in(each, "deal_id") for each in found))
        for each in found:
            if not self._chosen or id_in(each, kind.owner) in self._chosen:
                facts += self._record(kind, each)
        return facts

    def _record(self, kind: Kind, record: Json) -> Iterator[Fact]:
        id_ = string(record, "id", 60)
        if is_deleted(record):
            if id_ and not kind.is_card:  # people and firms stay: what was done with them was done
                yield Tombstone(key=Key(PLACE, kind.prefix + id_), returns=True)
            return
        if kind is ORGANIZATIONS:
            self._companies[id_] = string(record, "name")
        if kind.sheet is DEALS.sheet:
            self._learn_deal(record)
        cells, page = kind.cells(record, self._firm), self._firm.page(kind.page, id_)
        where = f"Pipedrive {kind.name} {id_ or '?'}"
        if kind.is_card:
            yield from self._book.card(kind.sheet, cells, where, firm=id_in(record, "org_id"), url=page)
        else:
            yield from self._book.record(kind.sheet, self._with_party(kind, record, cells), where, page)

    def _with_party(self, kind: Kind, record: Json, cells: Cells) -> Cells:
        """What names only its deal is about whom the deal is about, which is known by its number: two deals may have one title."""
        made = dict(cells)
        deal = self._book.index.deals.get(id_in(record, "deal_id"))
        named = [heading for heading in kind.sheet.headings if heading.endswith(("Person ID", "Organization ID"))]
        if kind in (ACTIVITIES, NOTES) and deal and not any(made[heading] for heading in named):
            made[named[0]] = ";".join(key.native_id for key in deal.people)
            made[named[1]] = ";".join(key.native_id.removeprefix("company:") for key in deal.companies)
        return made

    def _look_up(self) -> list[Fact]:
        """Users and labels, once in a visit that has something to read; then who I am."""
        if self._known:
            return []
        self._known = True
        users, labels = users_of(self._talk), dict[str, str]()
        for path, what, inner in (("/api/v2/stages", "stage", "id"), ("/api/v1/activityTypes", "type", "key_string")):
            try:
                found = self._talk.list(path, {"limit": str(AT_ONCE)} if what == "stage" else {}).records
            except (RateLimited, LoginRejected):
                raise
            except SourceError:
                continue
            labels |= {f"{what} {string(each, inner, 100)}": string(each, "name", 200) for each in found}
        self._firm = replace(self._firm, users=users, labels=labels, deals=self._deals, companies=self._companies)
        self._book = Book(PLACE, users)
        user = users.with_mail(self._me)
        me = self._book.me(users.cell(user.id)) if user is not None else None
        return [me] if me is not None else []

    def _learn(self, kind: Kind, ids: Iterable[str]) -> None:
        """Firms and deals that this visit has not met, for what names only their number."""
        known = self._companies if kind is ORGANIZATIONS else self._deals
        missing = [id_ for id_ in dict.fromkeys(ids) if id_ and id_ not in known]
        for start in range(0, len(missing), BY_ID):
            self._questions += 1
            for each in self._talk.list(kind.path, {"ids": ",".join(missing[start : start + BY_ID]), "limit": str(AT_ONCE)}).records:
                if kind is ORGANIZATIONS:
                    self._companies[string(each, "id", 60)] = string(each, "name")
                else:
                    self._learn_deal(each)

    def _learn_deal(self, record: Json) -> None:
        self._deals[string(record, "id", 60)] = string(record, "title")
        self._book.learn(DEALS.sheet, DEALS.cells(record, self._firm))

    # What was deleted

    def _deleted(self) -> Iterator[Page]:
        """Once a day activities and notes that say of themselves that they were deleted; a firm whose Pipedrive no longer tells is left alone."""
        now = self._talk.clock()
        last = moment_of(self._memory.deleted)[0]
        if last is not None and timedelta(0) <= now - last < LOOK_FOR_DELETED:
            return
        since = max(last - LOOK_FOR_DELETED, now - REMEMBERED) if last is not None else now - REMEMBERED
        query = {"since_timestamp": f"{since:%Y-%m-%d %H:%M:%S}", "items": "activity,note", "limit": str(AT_ONCE)}
        facts, further = list[Fact](), dict[str, str]()
        try:
            for _ in range(_MOST_PAGES):
                self._questions += 1
                leaf = self._talk.list("/api/v1/recents", query | further)
                for each in leaf.records:
                    kind = {"activity": ACTIVITIES, "note": NOTES}.get(string(each, "item", 30))
                    if kind is not None and is_deleted(record_of(each, "data") or {}) and string(each, "id", 60):
                        facts.append(Tombstone(key=Key(PLACE, kind.prefix + string(each, "id", 60)), returns=True))
                further = dict(leaf.further)
                if not further:
                    break
        except (NotShown, Gone):
            facts = []
        self._memory.deleted = now.isoformat()
        yield self._page(facts)
