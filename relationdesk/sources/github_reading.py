"""The two things that are read of GitHub: what somebody does in public, and what happens in conversations of mine.

Events know a name, not a number, and names change hands: a page whose events are somebody else's is not believed, the number is
asked for its name instead. Events are snapshots; with a key, comments of the last days are asked for again once a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote, urlencode

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError
from relationdesk.model import Activity, Fact, Key, Page, Profile, Tombstone
from relationdesk.saying import say
from relationdesk.sources import conversations
from relationdesk.sources.conversations import Conversation
from relationdesk.sources.github_facts import actor_of, facts, profile_of
from relationdesk.sources.github_talk import Talk
from relationdesk.sources.json_fields import Json, moment_of, record_of, string
from relationdesk.sources.json_talk import NotShown
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, due, once, read_listing

WINDOW = timedelta(days=30)
"""How far back GitHub shows events (announced for 2025; its documentation still says 90)."""
MAX_EVENT_PAGES = 3
"""GitHub gives 300 events and no more."""
LOOK_AGAIN = timedelta(days=1)
"""How often the profile itself is read, and comments are asked for again."""
PACE = timedelta(hours=3)
"""How often somebody is read without a key: 60 questions an hour are all there are, so some 150 people get their turn."""
FRESH = timedelta(days=14)
MAX_AGAIN = 10
"""Comments asked for again in one day, per person."""
MAX_NOTE_PAGES = 10
_COMMENTS = {
    "IssueCommentEvent": "issues/comments", "PullRequestReviewCommentEvent": "pulls/comments", "CommitCommentEvent": "comments",
}  # fmt: skip


def read_events(talk: Talk, profile: Key, cursor: str, *, mine: bool = False) -> Iterator[Page]:
    """What one person does in public. Raises the errors of the door."""
    at, now = Cursor.read(cursor), talk.clock()
    if not talk.token and at.started and not due(at.asked, now, PACE):
        return
    look = not at.note or due(at.looked, now, LOOK_AGAIN)
    opening: tuple[Fact, ...] = ()
    if look:
        opening, at = _profile(talk, profile, at, mine)
    begun = False
    try:
        for page in _pages(talk, profile, at, opening, again=look):
            begun = True
            yield page
    except Gone:
        before = at.note
        opening, at = _profile(talk, profile, replace(at, note=""), mine)
        if begun or at.note == before:
            raise
        yield from _pages(talk, profile, replace(at, tag=""), opening, again=False)


def _pages(talk: Talk, profile: Key, at: Cursor, opening: tuple[Fact, ...], *, again: bool) -> Iterator[Page]:
    tag = "" if again else at.tag
    listing = Listing(
        place=profile.place, fetch=partial(_events, talk, profile, at.note, tag), facts=partial(_of_events, talk), clock=talk.clock,
        covers=profile, window=WINDOW, again=partial(_asked_again, talk) if again and talk.token else None,
    )  # fmt: skip
    yield from read_listing(listing, at, opening)


def _profile(talk: Talk, profile: Key, at: Cursor, mine: bool) -> tuple[tuple[Fact, ...], Cursor]:
    """The profile by its number, which tells a new name. If only that cannot be had, the known name will do."""
    number = profile.native_id.removesuffix(talk.hub.suffix)
    try:
        user = talk.object(f"/user/{quote(number, safe='')}")
    except (Gone, RateLimited, LoginRejected):
        raise
    except SourceError:
        if not at.note:
            raise
        return (), at
    name = string(user, "login", 100)
    if string(user, "id", 30) != number or not name:
        raise talk.odd()
    found = profile_of(user, talk.hub, social_links(talk, name), is_owner=mine)
    return (found,), replace(at, note=name, looked=talk.clock().isoformat())


def social_links(talk: Talk, name: str) -> list[Json]:
    """The pages elsewhere that somebody names; what goes wrong with that is no reason not to read on."""
    try:
        return talk.list_in(talk.get(f"/users/{quote(name, safe='')}/social_accounts"))
    except (RateLimited, LoginRejected):
        raise
    except SourceError:
        return []


def _events(talk: Talk, profile: Key, name: str, tag: str, further: str) -> Sheet:
    page = int(further or "1")
    answer = talk.get(f"/users/{quote(name, safe='')}/events/public?{urlencode({'per_page': 100, 'page': page})}", tag="" if further else tag)
    if answer.status == 304 and tag and not further:
        return Sheet(tag=tag, unchanged=True)
    items = talk.list_in(answer)
    theirs = [item for item in items if talk.hub.key(actor_of(item)) == profile]
    if any(actor_of(item) for item in items) and not theirs:
        raise Gone(say("{host} shows somebody else under this name. What was read before is kept.", host=talk.host))
    lines = tuple(
        Line(uri=string(item, "id", 50), mark="", moment=moment_of(string(item, "created_at", 50))[0], item=item)
        for item in items
        if not actor_of(item) or talk.hub.key(actor_of(item)) == profile
    )
    more = bool(items) and "next" in answer.links and page < MAX_EVENT_PAGES
    return Sheet(lines=lines, further=str(page + 1) if more else "", cut=page == MAX_EVENT_PAGES, tag=answer.headers.get("etag", "")[:200])


def _of_events(talk: Talk, items: Sequence[Json]) -> list[Fact]:
    return once(fact for item in reversed(items) for fact in facts(item, talk.hub))


def _asked_again(talk: Talk, lines: tuple[Line, ...]) -> list[Fact]:
    """Comments of the last days as they stand now. Gone counts as withdrawn only where the repository still answers: else
    the whole of it was closed to us, which says nothing about the comment."""
    since = talk.clock() - FRESH
    recent = [line.item for line in lines if string(line.item, "type", 50) in _COMMENTS and line.moment is not None and line.moment >= since]
    found: list[Fact] = []
    for event in recent[:MAX_AGAIN]:
        payload, repo = record_of(event, "payload") or {}, string(record_of(event, "repo"), "name")
        comment = record_of(payload, "comment")
        kept = next((fact for fact in facts(event, talk.hub) if isinstance(fact, Activity)), None)
        if kept is None or not _is_repo(repo):
            continue
        try:
            now = talk.object(f"/repos/{quote(repo)}/{_COMMENTS[string(event, 'type', 50)]}/{quote(string(comment, 'id', 30), safe='')}")
        except Gone:
            found += [Tombstone(key=kept.key)] if _answers(talk, repo) else []
        except (RateLimited, LoginRejected):
            raise
        except SourceError:
            continue
        else:
            if string(now, "id", 30) == string(comment, "id", 30) and string(now, "updated_at", 50) != string(comment, "updated_at", 50):
                found += facts({**event, "payload": {**payload, "comment": now}}, talk.hub)
    return found


def _is_repo(name: str) -> bool:
    owner, _, rest = name.partition("/")
    return bool(owner and rest) and "/" not in rest and ".." not in name and all(c.isalnum() or c in "-._/" for c in name)


def _answers(talk: Talk, repo: str) -> bool:
    try:
        return bool(string(talk.object(f"/repos/{quote(repo)}"), "id", 30))
    except SourceError:
        return False


def read_conversations(talk: Talk, cursor: str) -> Iterator[Page]:
    """What is said in issues and pull requests that I take part in, conversation by conversation, oldest first.

    Nothing is marked as read. A key made for single repositories ("fine-grained") may not ask for notifications at all; then there
    is nothing to read here.
    """
    if not talk.token.startswith("github_pat_"):
        yield from conversations.read_conversations(partial(_threads, talk), partial(_conversation, talk), cursor, talk.clock())


def _threads(talk: Talk, since: datetime) -> list[Conversation]:
    """Conversations with something new."""
    found: dict[str, Json] = {}
    for page in range(1, MAX_NOTE_PAGES + 1):
        query = {"all": "true", "participating": "true", "since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "per_page": 50, "page": page}
        answer = talk.get(f"/notifications?{urlencode(query)}")
        items = talk.list_in(answer)
        new = {string(item, "id", 50): item for item in items if string(item, "id", 50) not in found}
        found |= {number: item for number, item in new.items() if number}
        if not new or "next" not in answer.links:
            break
    dated = ((moment_of(string(item, "updated_at", 50))[0], item) for item in found.values())
    return [Conversation(moment=moment, item=item) for moment, item in dated if moment is not None]


def _conversation(talk: Talk, thread: Json, since: datetime) -> list[Fact]:
    """The issue or pull request and what was said or changed in it since; [] for what is none, or cannot be read (any more)."""
    subject, repo = record_of(thread, "subject"), record_of(thread, "repository")
    name = string(repo, "full_name")
    part = {"Issue": "issues", "PullRequest": "pulls"}.get(string(subject, "type", 50))
    number = string(subject, "url").rpartition("/")[2]
    if repo is None or part is None or not number.isdigit() or not _is_repo(name):
        return []
    try:
        item = talk.object(f"/repos/{quote(name)}/{part}/{number}")
        # A comment is told of some moments after it was written, so the questions overlap; keys make that harmless.
        query = urlencode({"since": f"{since - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}", "per_page": 100})
        said = [("IssueCommentEvent", "comment", f"/issues/{number}/comments?{query}")]
        if part == "pulls":
            said.append(("PullRequestReviewCommentEvent", "comment", f"/pulls/{number}/comments?{query}"))
            said.append(("PullRequestReviewEvent", "review", f"/pulls/{number}/reviews?per_page=100"))
        found = list(told_of(item, repo, "PullRequestEvent" if part == "pulls" else "IssuesEvent", item, {}, talk))
        for kind, field, path in said:
            for each in talk.list_in(talk.get(f"/repos/{quote(name)}{path}")):
                found += told_of(item, repo, kind, each, {field: each}, talk)
    except (Gone, NotShown):
        return []
    return once(iter([Profile(key=talk.hub.me), *found] if talk.hub.me else found))


def told_of(item: Json, repo: Json, kind: str, by: Json, more: Json, talk: Talk) -> tuple[Fact, ...]:
    """What was said, told the way its author's own events tell it, so that both give the same keys and words."""
    user = record_of(by, "user")
    if user is None:  # a profile that was deleted
        return ()
    payload = {"action": "opened", "number": item.get("number"), "issue": item, "pull_request": item, **more}
    named = {"id": repo.get("id"), "name": repo.get("full_name")}
    at = string(by, "created_at", 50) or string(by, "submitted_at", 50)
    return facts({"id": "", "type": kind, "actor": user, "repo": named, "payload": payload, "created_at": at}, talk.hub)
