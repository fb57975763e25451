"""The two things that are read of GitLab: what somebody does, and what happens in conversations of mine.

Events name a title and a project's number, not the words of what was opened nor who is answered: that is asked for beside them, once
for each thing. The words of a comment in the list are those of today, so its edits show there. A private profile is an empty list
to everybody else; only with a key is it told that it is one, so without a key an empty list covers nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote, urlencode

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError, SourceUnavailable
from relationdesk.model import Coverage, Fact, Key, Page, Profile
from relationdesk.saying import say
from relationdesk.sources import conversations
from relationdesk.sources.conversations import Conversation
from relationdesk.sources.gitlab_facts import (
    ISSUES,
    MERGES,
    Around,
    Where,
    facts,
    item_facts,
    line_of,
    note_facts,
    profile_of,
    todo_facts,
    where_of,
)
from relationdesk.sources.gitlab_talk import Talk
from relationdesk.sources.json_fields import Json, moment_of, record_of, string
from relationdesk.sources.json_talk import NotShown
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, due, once, read_listing

LOOK_AGAIN = timedelta(days=1)
"""How often the profile itself is read, and what was opened lately is asked for again."""
FRESH = timedelta(days=14)
MAX_AGAIN = 10
"""Issues and merge requests asked for again in one day, per person."""
MAX_PROJECTS = 10
MAX_ITEMS = 20
"""Projects, and issues and merge requests, asked for beside one page of events, the newest first."""
MAX_NOTE_PAGES = 3
WINDOW = timedelta(days=2 * 365)
"""GitLab throws events away after three years, older servers after two."""
_LISTS = (
    (ISSUES, "created_by_me", ""), (ISSUES, "assigned_to_me", ""), (MERGES, "created_by_me", ""), (MERGES, "assigned_to_me", ""),
    (MERGES, "all", "reviewer_username"),
)  # fmt: skip


_NOWHERE = Where("", "", "")


@dataclass(slots=True)
class _Seen:
    """What became known while one list was read. lines: whether its last page had any. shown: GitLab said that the profile is open."""

    lines: bool = False
    shown: bool = False
    projects: dict[str, Json] = field(default_factory=dict)
    items: dict[Where, Json] = field(default_factory=dict)


def read_events(talk: Talk, profile: Key, cursor: str, *, mine: bool = False) -> Iterator[Page]:
    """What one person does. Raises the errors of the door, and SourceUnavailable for a private profile."""
    at, number, seen = Cursor.read(cursor), profile.native_id.removesuffix(talk.lab.suffix), _Seen()
    again = due(at.looked, talk.clock(), LOOK_AGAIN) or bool(at.note)
    opening: tuple[Fact, ...] = ()
    if again:
        at = replace(at, looked=talk.clock().isoformat())
        if talk.token:
            opening, at = _profile(talk, profile, number, at, mine)
            seen.shown = bool(opening) and not at.note
    if at.note:
        yield Page(facts=opening, cursor=at.text())
        raise SourceUnavailable(say("{host} does not show what they do: their profile is private or blocked. What was read before is kept; it will be tried again.", host=talk.host))
    listing = Listing(
        place=profile.place, fetch=partial(_events, talk, number, "" if again else at.tag, seen), facts=partial(_of_events, talk, seen),
        clock=talk.clock, covers=profile, window=WINDOW, gone=partial(_is_withdrawn, talk) if talk.token else None,
        again=partial(_asked_again, talk, seen) if again else None, native=lambda uri: uri.rpartition("#")[2] + talk.lab.suffix,
    )  # fmt: skip
    for page in read_listing(listing, at, opening):
        told = seen.lines or seen.shown or page.unchanged
        yield page if told else replace(page, facts=tuple(fact for fact in page.facts if not isinstance(fact, Coverage)))


def _profile(talk: Talk, profile: Key, number: str, at: Cursor, mine: bool) -> tuple[tuple[Fact, ...], Cursor]:
    """The profile by its number, which tells a new name; note of the cursor: not "" if it is closed. Where only that cannot be
    had, what they do is read all the same."""
    try:
        user = talk.object(f"/users/{quote(number, safe='')}")
    except (Gone, RateLimited, LoginRejected):
        raise
    except SourceError:
        return (), at
    if string(user, "id", 30) != number or not string(user, "username", 300):
        raise talk.odd()
    # Only who may see the whole profile is told since when it is there.
    return (profile_of(user, talk.lab, is_owner=mine),), replace(at, note="" if string(user, "created_at", 50) else "closed")


def _events(talk: Talk, number: str, tag: str, seen: _Seen, further: str) -> Sheet:
    page = int(further or "1")
    answer = talk.get(f"/users/{quote(number, safe='')}/events?{urlencode({'per_page': 100, 'page': page})}", tag="" if further else tag)
    if answer.status == 304 and tag and not further:
        return Sheet(tag=tag, unchanged=True)
    items = [item for item in talk.list_in(answer) if string(item, "author_id", 30) in ("", number)]
    lines = tuple(Line(uri=line_of(item), mark=_mark(item), moment=moment_of(string(item, "created_at", 50))[0], item=item) for item in items)
    seen.lines = bool(lines)
    # A page holds what is left of a hundred when the unseen is taken out, so a short one is not the last.
    further = str(page + 1) if "next" in answer.links else ""
    return Sheet(lines=lines, further=further, tag=answer.headers.get("etag", "")[:200] if lines else "")


def _mark(event: Json) -> str:
    note = record_of(event, "note") or {}
    return hashlib.sha256(f"{event.get('target_title')}\0{note.get('body')}".encode("utf-8", "replace")).hexdigest()[:12]


def _of_events(talk: Talk, seen: _Seen, events: Sequence[Json]) -> list[Fact]:
    """events: newest first."""
    _fill(talk, seen, events)
    around = Around(projects=seen.projects, items=seen.items)
    return once(fact for event in reversed(events) for fact in facts(event, talk.lab, around))


def _fill(talk: Talk, seen: _Seen, events: Sequence[Json]) -> None:
    """Ask for what the events leave out. An issue names its project; with a key it has to be known, too, who may see that."""
    wheres = list(dict.fromkeys(where for event in events if (where := where_of(event)) is not None and where not in seen.items))
    for where in wheres[:MAX_ITEMS]:
        seen.items[where] = _asked(talk, f"/{where.path}")
    wanted = [string(event, "project_id", 30) for event in events if talk.token or not seen.items.get(where_of(event) or _NOWHERE)]
    numbers = [number for number in dict.fromkeys(wanted) if number.isdigit() and number not in seen.projects]
    for number in numbers[:MAX_PROJECTS]:
        seen.projects[number] = _asked(talk, f"/projects/{number}")


def _asked(talk: Talk, path: str) -> Json:
    """{} for what is not shown or not there, which is no reason to leave out what is."""
    try:
        return talk.object(path)
    except (RateLimited, LoginRejected):
        raise
    except SourceError:
        return {}


def _asked_again(talk: Talk, seen: _Seen, lines: tuple[Line, ...]) -> list[Fact]:
    """What was opened in the last days as it reads now: the list tells a new title, but no words."""
    since = talk.clock() - FRESH
    opened = [line for line in lines if "/" in line.uri and "#note:" not in line.uri and line.moment is not None and line.moment >= since]
    return _of_events(talk, seen, [line.item for line in opened[:MAX_AGAIN]])


def _is_withdrawn(talk: Talk, uri: str) -> bool:
    """Gone counts only where what it stood in still answers: else the whole of it was closed to us, which says nothing."""
    path, _, native = uri.rpartition("#")
    kind, _, number = native.partition(":")
    if not path:
        return False
    asked, above = (f"/{path}/notes/{number}", f"/{path}") if kind == "note" else (f"/{path}", f"/{'/'.join(path.split('/')[:2])}")
    try:
        talk.object(asked)
    except Gone:
        return bool(string(talk.object(above), "id", 30))
    return False


def read_conversations(talk: Talk, cursor: str) -> Iterator[Page]:
    """What is said in issues and merge requests that I opened, was given or asked into, oldest first. To-dos stay as they are."""
    yield from conversations.read_conversations(partial(_changed, talk), partial(_conversation, talk, _Seen()), cursor, talk.clock())


def _changed(talk: Talk, since: datetime) -> list[Conversation]:
    """What has something new. Each list goes upwards from `since` and gives twice as many as are read at once, so nothing is skipped."""
    found: list[Conversation] = []
    for part, scope, me in _LISTS:
        query = {"scope": scope, "updated_after": since.isoformat(), "order_by": "updated_at", "sort": "asc", "per_page": 2 * conversations.MOST}
        items = talk.list_in(talk.get(f"/{part}?{urlencode(query | ({me: talk.lab.my_name} if me else {}))}"))
        found += [Conversation(moment=moment, item={"part": part, "item": item}) for item in items if (moment := _updated(item))]
    kept: dict[tuple[str, ...], Conversation] = {}
    for each in (*found, *_todos(talk)):
        kept.setdefault(_name(each.item), each)
    return list(kept.values())


def _updated(item: Json) -> datetime | None:
    return moment_of(string(item, "updated_at", 50))[0]


def _todos(talk: Talk) -> Iterator[Conversation]:
    for state in ("pending", "done"):
        for todo in talk.list_in(talk.get(f"/todos?{urlencode({'state': state, 'per_page': 100})}")):
            part = {"Issue": ISSUES, "WorkItem": ISSUES, "MergeRequest": MERGES}.get(string(todo, "target_type", 50))
            moment = moment_of(string(todo, "created_at", 50))[0]
            if part and moment is not None and record_of(todo, "target") is not None:
                yield Conversation(moment=moment, item={"part": part, "item": todo["target"], "todo": todo})


def _name(told: Json) -> tuple[str, ...]:
    """The same conversation in two lists is one; a to-do is one of its own."""
    item = record_of(told, "item")
    return str(told["part"]), string(item, "id", 30), string(record_of(told, "todo"), "id", 30)


def _conversation(talk: Talk, seen: _Seen, told: Json, since: datetime) -> list[Fact]:
    """The issue or merge request and what was said in it since; [] for one that cannot be read (any more)."""
    item, part, todo = record_of(told, "item") or {}, str(told["part"]), record_of(told, "todo")
    where = Where(string(item, "project_id", 30), part, string(item, "iid", 30))
    if not where.project.isdigit() or not where.number.isdigit():
        return []
    if where.project not in seen.projects:
        seen.projects[where.project] = _asked(talk, f"/projects/{where.project}")
    project = seen.projects[where.project]
    try:
        notes = list(_notes(talk, where, since - timedelta(hours=1)))  # keys make it harmless that the questions overlap
    except (Gone, NotShown):
        return []
    said = [note_facts(note, where, item, project, talk.lab) for note in sorted(notes, key=lambda note: string(note, "created_at", 50))]
    asked = todo_facts(todo, part, project, talk.lab) if todo is not None else ()
    found: Iterable[Fact] = (*item_facts(item, part, project, talk.lab), *(fact for each in said for fact in each), *asked)
    return once(iter([Profile(key=talk.lab.me), *found] if talk.lab.me else found))


def _notes(talk: Talk, where: Where, since: datetime) -> Iterator[Json]:
    """Comments that are new or changed since, the last changed first."""
    for page in range(1, MAX_NOTE_PAGES + 1):
        query = {"order_by": "updated_at", "sort": "desc", "activity_filter": "only_comments", "per_page": 100, "page": page}
        answer = talk.get(f"/{where.path}/notes?{urlencode(query)}")
        for note in talk.list_in(answer):
            moment = _updated(note)
            if moment is not None and moment < since:
                return
            yield note
        if "next" not in answer.links:
            return
