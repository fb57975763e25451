"""One visit to HubSpot: each object listed once from its beginning, then only what was changed since; once a day what was deleted.

The list has no end and tells what belongs together; the search, which alone knows what changed, shows 10,000 hits of a question
and forgets to say what belongs to them. So it is asked again from the last hit on, and beside it for what is linked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from relationdesk.errors import LoginRejected, RateLimited, SourceError
from relationdesk.model import Coverage, Fact, Key, Page, Profile, Tombstone
from relationdesk.sources.crm_live import Book, User, Users
from relationdesk.sources.crm_memory import Memory, State
from relationdesk.sources.hubspot_objects import OBJECTS, PLACE, Has, Object, Portal, linked_in, milliseconds, moment_of
from relationdesk.sources.hubspot_talk import Talk
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.json_talk import NotShown
from relationdesk.text import one_line

LIST, SEARCH = 100, 200
"""Records of one page."""
WINDOW = 10_000
"""Hits of one search that are shown at all."""
MOST_QUESTIONS = 400
"""In one visit; the rest follows in the next."""
OVERLAP = 120_000
"""Milliseconds that a search looks back, because a change is found by it some seconds after it was made."""
FIRST_OVERLAP = 86_400_000
"""The same after the list was read, whose beginning is told by this computer's clock, not by HubSpot's."""
LOOK_FOR_DELETED = timedelta(days=1)
MOST_DELETED_PAGES = 20
_USERS_PAGES = 50


def portal_of(talk: Talk) -> Portal:
    """Number, web address and zone of the portal. Raises UnexpectedAnswer if this is none, and the errors of the door."""
    about = talk.object("/account-info/v3/details")
    number = string(about, "portalId", 30)
    if not number:
        raise talk.odd()
    web = string(about, "uiDomain", 100)
    return Portal(number=number, web=web if web.endswith(".hubspot.com") else "app.hubspot.com", zone=zone_of(string(about, "timeZone", 60)))


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def users_of(talk: Talk) -> Users:
    """Everybody who uses the portal, also those who left. Raises the errors of the door."""
    found: list[User] = []
    for archived in ("false", "true"):
        after = ""
        for _ in range(_USERS_PAGES):
            query = {"limit": LIST, "archived": archived} | ({"after": after} if after else {})
            data = talk.object(f"/crm/v3/owners?{urlencode(query)}")
            for each in talk.results(data):
                name = one_line(f"{string(each, 'firstName', 100)} {string(each, 'lastName', 100)}").strip()
                found.append(User(id=string(each, "id", 40), name=name, mail=string(each, "email", 300)))
            after = _after(data)
            if not after:
                break
    return Users.of(found)


def _after(data: Json) -> str:
    return string(record_of(record_of(data, "paging"), "next"), "after", 500)


class Visit:
    """chosen: ids of the users whose records are read; none: everybody's."""

    def __init__(self, talk: Talk, me: str, chosen: frozenset[str], cursor: str) -> None:
        self._talk, self._me, self._chosen = talk, me, chosen
        self._memory = Memory.read(cursor, chosen)
        self._portal, self._book = Portal(), Book(PLACE, Users())
        self._known = False
        self._questions = 0
        self._fresh_ids: dict[str, set[str]] = {}

    def pages(self) -> Iterator[Page]:
        """Firms, people, then what was done. What the key may not read is left out."""
        for one in OBJECTS:
            try:
                yield from self._changed(one) if self._state(one).listed else self._listed(one)
            except NotShown:
                continue
            if self._questions >= MOST_QUESTIONS:
                return
        yield from self._deleted()
        if self._questions < MOST_QUESTIONS:
            yield Page(facts=(Coverage(place=PLACE, since=None, until=self._talk.clock()),), cursor=self._memory.text())

    def _state(self, one: Object) -> State:
        return self._memory.of.setdefault(one.name, State())

    def _page(self, facts: Iterable[Fact]) -> Page:
        return Page(facts=tuple(facts), cursor=self._memory.text(), more=True)

    def _ask(self) -> None:
        self._questions += 1

    # What is there, and what was changed

    def _listed(self, one: Object) -> Iterator[Page]:
        """The whole list, once, in the order of the ids. What is changed meanwhile is found by the first search."""
        state = self._state(one)
        state.begun = state.begun or int(self._talk.clock().timestamp() * 1000)
        while self._questions < MOST_QUESTIONS:
            query = {"limit": LIST, "archived": "false", "properties": ",".join(one.properties)}
            query |= ({"associations": ",".join(one.linked)} if one.linked else {}) | ({"after": state.after} if state.after else {})
            self._ask()
            data = self._talk.object(f"/crm/v3/objects/{one.name}?{urlencode(query)}")
            found = self._talk.results(data)
            facts = self._facts(one, [(each, linked_in(each)) for each in found])
            before, state.after = state.after, _after(data)
            if not state.after or state.after == before:
                state.after, state.listed, state.since = "", True, state.begun - FIRST_OVERLAP
            yield self._page(facts)
            if state.listed:
                return

    def _changed(self, one: Object) -> Iterator[Page]:
        state = self._state(one)
        begun = state.reached(self._talk.clock())
        for found in self._hits(one, begun):
            fresh = [each for each in found if state.recent.get(string(each, "id", 40)) != milliseconds(each, one.modified)]
            if not fresh:
                continue
            facts = self._facts(one, self._with_links(one, fresh))
            state.met({string(each, "id", 40): milliseconds(each, one.modified) for each in fresh}, begun, self._talk.clock(), OVERLAP)
            yield self._page(facts)

    def _hits(self, one: Object, since: int) -> Iterator[Sequence[Json]]:
        """Pages of everything changed since then, the earliest change first, past the end of what one search shows."""
        floor, last, same = since, "0", False
        while True:
            reached, seen, after, cut = floor, last, "", False
            while self._questions < MOST_QUESTIONS:
                filters = [
                    {"propertyName": one.modified, "operator": "EQ" if same else "GTE", "value": str(floor)},
                    *([{"propertyName": "hs_object_id", "operator": "GT", "value": last}] if same else []),
                ]  # fmt: skip
                order = {"propertyName": "hs_object_id" if same else one.modified, "direction": "ASCENDING"}
                question = {"filterGroups": [{"filters": filters}], "sorts": [order], "limit": SEARCH, "properties": list(one.properties)}
                self._ask()
                data = self._talk.search(f"/crm/v3/objects/{one.name}/search", question | ({"after": after} if after else {}))
                found = self._talk.results(data)
                if found:
                    reached, seen = max(reached, milliseconds(found[-1], one.modified)), string(found[-1], "id", 40)
                yield found
                before, after = after, _after(data)
                if not after or after == before or not found:
                    break
                if after.isdecimal() and int(after) + SEARCH > WINDOW:
                    cut = True
                    break
            else:
                return
            if same:
                floor, last, same = (floor, seen, True) if cut else (floor + 1, "0", False)
            elif not cut:
                return
            elif reached > floor:
                floor = reached
            else:
                same = True  # one import changed more than a search shows, all in the same moment

    def _with_links(self, one: Object, found: Sequence[Json]) -> list[tuple[Json, Mapping[str, tuple[str, ...]]]]:
        """Found records with what belongs to them, asked for all of them together."""
        ids = [string(each, "id", 40) for each in found]
        linked = {what: self._links(one.name, what, ids) for what in one.linked}
        return [(each, {what: ends.get(string(each, "id", 40), ()) for what, ends in linked.items()}) for each in found]

    def _links(self, name: str, what: str, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        self._ask()
        data = self._talk.search(f"/crm/v4/associations/{name}/{what}/batch/read", {"inputs": [{"id": id_} for id_ in ids]})
        found: dict[str, tuple[str, ...]] = {}
        for each in self._talk.results(data):
            ends = sorted(records(each, "to"), key=lambda end: not any(string(kind, "label", 100) == "Primary" for kind in records(end, "associationTypes")))
            found[string(record_of(each, "from"), "id", 40)] = tuple(dict.fromkeys(string(end, "toObjectId", 40) or string(end, "id", 40) for end in ends))
        return found

    # What it says

    def _facts(self, one: Object, found: Sequence[tuple[Json, Mapping[str, tuple[str, ...]]]]) -> list[Fact]:
        opening = self._look_up() if found else []
        if one.name == "contacts":
            self._learn_companies(id_ for each, linked in found for id_ in (self._firm(each, linked),))
        elif "deals" in one.linked:
            self._learn_deals(id_ for _, linked in found if not linked.get("contacts") and not linked.get("companies") for id_ in linked.get("deals", ()))
        facts: list[Fact] = opening
        for each, linked in found:
            owner = string(record_of(each, "properties"), "hubspot_owner_id", 40)
            if not self._chosen or owner in self._chosen:
                facts += self._record(one, each, linked)
        return facts

    def _record(self, one: Object, record: Json, linked: Mapping[str, tuple[str, ...]]) -> Iterator[Fact]:
        properties = record_of(record, "properties") or {}
        id_ = string(record, "id", 40)
        has = Has(id=id_, properties=properties, linked=linked, portal=self._portal)
        where, page = f"HubSpot {one.name} {id_ or '?'}", self._portal.page(one.kind, id_) if one.kind else ""
        cells = one.cells(has)
        merged = [other for other in string(properties, "hs_merged_object_ids", 10_000).split(";") if other.strip().isalnum() and other != id_]
        if one.is_card:
            told = list(self._book.card(one.sheet, cells, where, firm=self._firm(record, linked), url=page))
            yield from told
            name = next((fact.display_name for fact in told if isinstance(fact, Profile)), "")
            if page and name:
                yield from (self._book.same(other.strip(), name, page, company=one.name == "companies") for other in merged)
            return
        if one.name == "deals":
            self._book.learn(one.sheet, cells)
        yield from self._book.record(one.sheet, cells, where, page)
        yield from (Tombstone(key=Key(PLACE, one.prefix + other.strip()), returns=True) for other in merged)

    def _firm(self, record: Json, linked: Mapping[str, tuple[str, ...]]) -> str:
        return string(record_of(record, "properties"), "associatedcompanyid", 40) or next(iter(linked.get("companies", ())), "")

    def _look_up(self) -> list[Fact]:
        """Portal, users and labels, once in a visit that has something to read; then who I am."""
        if self._known:
            return []
        self._known = True
        users, labels = users_of(self._talk), {}
        for what in ("deals", "tickets"):
            try:
                for pipeline in self._talk.results(self._talk.object(f"/crm/v3/pipelines/{what}")):
                    for part in (pipeline, *records(pipeline, "stages")):
                        labels[string(part, "id", 100)] = string(part, "label", 100)
            except (RateLimited, LoginRejected):
                raise
            except SourceError:
                continue
        self._portal = replace(portal_of(self._talk), users=users, labels={inner: label for inner, label in labels.items() if inner and label})
        self._book = Book(PLACE, users)
        user = users.with_mail(self._me)
        me = self._book.me(users.cell(user.id)) if user is not None else None
        return [me] if me is not None else []

    def _learn_companies(self, ids: Iterable[str]) -> None:
        """The names of firms that this visit has not met, for the people who belong to them."""
        index = self._book.index
        missing = [id_ for id_ in dict.fromkeys(ids) if id_ and index.company_key(id_) not in index.companies]
        if not missing:
            return
        self._ask()
        try:
            data = self._talk.search("/crm/v3/objects/companies/batch/read", {"properties": ["name"], "inputs": [{"id": id_} for id_ in missing[:SEARCH]]})
        except NotShown:
            return
        for each in self._talk.results(data):
            index.companies[index.company_key(string(each, "id", 40))] = string(record_of(each, "properties"), "name", 300)

    def _learn_deals(self, ids: Iterable[str]) -> None:
        """Of deals that this visit has not met, whom they are about: a note may name nothing but its deal."""
        index = self._book.index
        missing = [id_ for id_ in dict.fromkeys(ids) if id_ and id_ not in index.deals][:SEARCH]
        if not missing:
            return
        deals = next(one for one in OBJECTS if one.name == "deals")
        try:
            linked = {what: self._links("deals", what, missing) for what in ("contacts", "companies")}
        except NotShown:
            return
        for id_ in missing:
            ends = {what: found.get(id_, ()) for what, found in linked.items()}
            self._book.learn(deals.sheet, deals.cells(Has(id=id_, properties={}, linked=ends, portal=self._portal)))

    # What was deleted

    def _deleted(self) -> Iterator[Page]:
        """Once a day what was deleted since: HubSpot shows it for ninety days, in the order of the ids. People and firms stay."""
        now = self._talk.clock()
        last = moment_of(self._memory.deleted)
        if last is not None and timedelta(0) <= now - last < LOOK_FOR_DELETED:
            return
        since = last - LOOK_FOR_DELETED if last is not None else None
        facts: list[Fact] = []
        for one in (one for one in OBJECTS if not one.is_card and self._state(one).listed):
            after = ""
            for _ in range(MOST_DELETED_PAGES):
                self._ask()
                try:
                    data = self._talk.object(f"/crm/v3/objects/{one.name}?{urlencode({'limit': LIST, 'archived': 'true'} | ({'after': after} if after else {}))}")
                except NotShown:
                    break
                for each in self._talk.results(data):
                    at = moment_of(string(each, "archivedAt", 40))
                    if each.get("archived") is True and string(each, "id", 40) and (since is None or at is None or at >= since):
                        facts.append(Tombstone(key=Key(PLACE, one.prefix + string(each, "id", 40)), returns=True))
                before, after = after, _after(data)
                if not after or after == before:
                    break
        self._memory.deleted = now.isoformat()
        yield self._page(facts)
