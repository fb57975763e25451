"""What is on the screen as rows of texts: the same services that fill the pages are asked, page after page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from relationdesk.derived import Filter, Item
from relationdesk.model import Audience, Person
from relationdesk.services import places, review, round_summary, routing, searching, streams
from relationdesk.services.review import Stretch
from relationdesk.store import notes, people, until_now
from relationdesk.store.activities import FIRST
from relationdesk.store.database import Desk
from relationdesk.store.routes import RouteKind

Row = tuple[str, ...]
EVERYBODY = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is on the screen. Which other fields count depends on the kind:

    people: query, bucket_id, company_id, order ("need", "name", "touch"), now (touches to come are none; None counts them); bucket: bucket_id, query, order, now;
    timeline: person_id, which; place: place ("" all), which; search: query (and person_id); company: company_id;
    stream (what the people of a bucket did): bucket_id, which; round: round_id; routed: route (None all).
    title is for the user: the name of the file.
    """

    kind: Literal["people", "timeline", "place", "search", "bucket", "company", "stream", "round", "routed"]
    person_id: int | None = None
    place: str = ""
    which: Filter = field(default_factory=Filter)
    query: str = ""
    bucket_id: int | None = None
    company_id: int | None = None
    round_id: int | None = None
    order: str = "need"
    now: datetime | None = None
    route: RouteKind | None = None
    title: str = ""


PEOPLE = (
    "person_uid", "name", "title", "company", "tags", "mails", "phones", "profiles", "last_in", "last_out",
    "open_prompts",
)  # fmt: skip
ITEMS = (
    "person_uid", "person", "place", "native_id", "kind", "direction", "published", "precision", "audience", "towards",
    "title", "text", "url", "in_reply_to", "thread", "minutes", "shown_as", "extra",
)  # fmt: skip


def table(db: Desk, view: View, *, private: bool) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The columns and the rows of a view in the order shown. Without `private`, private activities are left out."""
    if view.kind in ("people", "bucket"):
        return PEOPLE, _people(db, view)
    if view.kind == "round":
        return round_summary.COLUMNS, round_summary.rows(round_summary.summary(db, view.round_id or 0))
    if view.kind == "routed":
        return routing.COLUMNS, routing.rows(db, view.route, private=private)
    return ITEMS, _items(db, _shown(db, view), private)


def _people(db: Desk, view: View) -> Iterator[Row]:
    shown = people.page(
        db, query=view.query, bucket_id=view.bucket_id, company_id=view.company_id, order=view.order or "need",
        limit=EVERYBODY,
    )  # fmt: skip
    for one in shown:
        person = until_now.person(db, one, view.now) if view.now is not None else one
        reached = db.execute(
            "SELECT DISTINCT d.kind, d.value FROM profiles q JOIN addresses d ON d.profile_id = q.id WHERE q.person_id = ? "
            "ORDER BY d.value",
            (person.id,),
        ).fetchall()
        profiles = db.execute(
            "SELECT l.name || ' ' || coalesce(nullif(q.url, ''), nullif(q.handle, ''), q.native_id) FROM profiles q "
            "JOIN places l ON l.id = q.place_id WHERE q.person_id = ? ORDER BY l.name, q.id",
            (person.id,),
        ).fetchall()
        yield (
            person.uid, person.name, person.title, person.company, "; ".join(person.tags),
            "; ".join(value for kind, value in reached if kind == "mail"),
            "; ".join(value for kind, value in reached if kind == "phone"),
            "; ".join(row[0] for row in profiles), _iso(person.last_in), _iso(person.last_out), str(person.open_prompts),
        )  # fmt: skip


def _shown(db: Desk, view: View) -> Iterator[Item]:
    match view.kind:
        case "timeline":
            person_id = view.person_id or 0
            return _pages(lambda before: review.stretch(db, person_id, view.which, before=before))
        case "place":
            return _pages(lambda before: places.stretch(db, view.place, before=before, which=view.which))
        case "stream":
            return _pages(lambda before: streams.stretch(db, view.bucket_id or 0, before=before, which=view.which))
        case "company":
            return _company(db, view.company_id or 0)
        case _:
            return _found(db, view)


def _pages(page: Callable[[int], Stretch]) -> Iterator[Item]:
    before: int | None = FIRST
    while before is not None:
        part = page(before)
        yield from part.items
        before = part.older


def _company(db: Desk, company_id: int) -> Iterator[Item]:
    """Notes on the company itself, then what it and its people did: as its page shows them."""
    yield from map(notes.as_item, notes.of_company(db, company_id))
    yield from _pages(lambda before: review.company_stretch(db, company_id, before=before))


def _found(db: Desk, view: View) -> Iterator[Item]:
    before = FIRST
    while hits := searching.text(db, view.query, person_id=view.person_id, before=before, limit=500):
        yield from (hit.item for hit in hits)
        before = hits[-1].item.id


def _items(db: Desk, items: Iterable[Item], private: bool) -> Iterator[Row]:
    known: dict[int, Person | None] = {}
    for item in items:
        for part, shown_as in _unfolded(item):
            if private or part.activity is None or part.activity.audience is not Audience.PRIVATE:
                yield _item_row(part, shown_as, _person(db, known, part))


def _unfolded(item: Item) -> Iterator[tuple[Item, str]]:
    """The item, then what is folded under it: the same words elsewhere, the earlier ones of its thread."""
    yield item, "item"
    for mark in item.marks:
        yield Item(
            id=item.id, activity=mark, direction=item.direction, actor_name=item.actor_name, actor_person=item.actor_person,
        ), "same words"  # fmt: skip
    for earlier in item.earlier:
        yield from ((part, "earlier in thread") for part, _ in _unfolded(earlier))


def _person(db: Desk, known: dict[int, Person | None], item: Item) -> Person | None:
    person_id = item.actor_person if item.note is None else item.note.person_id
    if person_id is None:
        return None
    if person_id not in known:
        known[person_id] = people.get(db, person_id)
    return known[person_id]


def _item_row(item: Item, shown_as: str, person: Person | None) -> Row:
    uid, name = (person.uid, person.name) if person else ("", item.actor_name)
    if item.note is not None:
        note = item.note
        return (
            uid, name, "notes", note.uid, note.kind.value, "", _iso(note.happened), "second", "", "", "", note.text, "", "",
            "", str(note.minutes or ""), shown_as, "",
        )  # fmt: skip
    if item.activity is None:
        raise ValueError("an item is an activity or a note")
    a = item.activity
    extra = json.dumps(dict(a.extra), ensure_ascii=False, sort_keys=True) if a.extra else ""
    return (
        uid, name, a.key.place, a.key.native_id, a.kind.value, item.direction.value, _iso(a.published), a.precision.value,
        a.audience.value, "; ".join(item.towards), a.title, a.text, a.url, a.in_reply_to, a.thread, "", shown_as, extra,
    )  # fmt: skip


def _iso(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
