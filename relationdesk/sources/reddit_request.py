"""What Reddit gives its members on request: a zip of tables. Whose it is, the table of statistics tells, else who is in all
private messages; else it is asked. Addresses (IP), phone numbers, and which communities are read are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Coverage, Fact, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.asks import answer_to, who_asks
from relationdesk.sources.base import Ask, Options, Part, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.member_names import plain_stem
from relationdesk.sources.reddit_people import PLACE, Evidence, evidence, profile, user_of
from relationdesk.sources.reddit_rows import READERS, BadRow, Members, Reading, moment
from relationdesk.sources.tables import Row, examine, peek, rows
from relationdesk.text import one_line

_PARTS = (
    Part(name="posts", title=marked("posts")), Part(name="comments", title=marked("comments")), Part(name="messages", title=marked("private messages")),
    Part(name="chat", title=marked("chat messages")), Part(name="votes", title=marked("votes")), Part(name="saved", title=marked("saved posts and comments")),
    Part(name="friends", title=marked("friends")),
)  # fmt: skip
_COLUMNS = {
    "chat": frozenset({"message_id", "channel_url", "username", "message"}), "messages": frozenset({"id", "date", "from", "to", "body"}),
    "comments": frozenset({"id", "permalink", "subreddit", "parent", "body"}), "posts": frozenset({"id", "permalink", "subreddit", "title", "body"}),
    "votes": frozenset({"id", "permalink", "direction"}), "saved": frozenset({"id", "permalink"}), "friends": frozenset({"username", "note"}),
    "statistics": frozenset({"statistic", "value"}),
}  # fmt: skip
"""What makes a table what it is. The most telling first: saved things have no column of their own."""
_TELLING = frozenset({"chat", "comments", "posts", "votes"})
"""Tables that nobody else writes; the others must stand beside one of these, or bear their name."""
_NAMED = {"saved": "saved_", "friends": "friends", "statistics": "statistics", "messages": "messages"}
_HEAD = 64 * 1024
_EVERY = 500
_REJECTED_SHOWN = 200
_MOST_MEMBERS = 60
_QUESTION = marked("Whose data request is this? These tables do not say it.")


class RedditRequest:
    """FileSource for Reddit's own export."""

    name = "reddit_request"
    title = marked("Reddit data request")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """By the columns of its tables."""
        try:
            with open_container(path) as box:
                found = _tables(box)
                if not found:
                    return None
                seen = _evidence(box, found)
                owner, ask = seen.owner(), _ask(found, seen)
        except (UnreadableFile, OSError):
            return None
        here = set(found.values())
        certainty = 0.97 if len(here & _TELLING) > 1 else 0.92 if here & _TELLING else 0.8
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=certainty, owner=owner,
            parts=tuple(part for part in _PARTS if part.name in here), asks=(ask,) if ask else (),
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then part by part. Raises UnreadableFile, with the question if nobody says whose it is."""
        with open_container(path) as box:
            found = _tables(box)
            if not found:
                raise UnreadableFile(
                    say("“{name}” holds no table of a Reddit data request. Nothing was brought in. Choose the zip that Reddit sent you.", name=path.name), source=self.name
                )
            seen = _evidence(box, found)
            owner = _owner(seen, _ask(found, seen), options, self.name)
            yield from _facts(box, found, owner, options)


def _tables(box: Container) -> dict[str, str]:
    """The tables that are read, by name, each with what it is."""
    found: dict[str, str] = {}
    for name in box.names():
        if not box.single and PurePosixPath(name).suffix.lower() != ".csv":
            continue
        head = box.head(name, _HEAD)
        for kind, columns in _COLUMNS.items():
            if (shape := peek(head, needs=(columns,))) is None:
                continue
            if kind in _TELLING or plain_stem(name).startswith(_NAMED[kind]) or (kind == "messages" and "thread_id" in shape.columns):
                found[name] = kind
            break
    # A table called “friends” or “statistics” alone may be anybody's.
    return found if set(found.values()) - {"friends", "statistics", "saved"} else {}


def _rows(box: Container, name: str, kind: str) -> Iterator[tuple[int, Row | Rejected]]:
    """Raises UnreadableFile where the file is damaged."""
    shape = examine(partial(box.open, name), needs=(_COLUMNS[kind],))
    if shape is None:
        return
    with box.open(name) as stream:
        for row in rows(stream, shape, name):
            yield stream.tell(), row


def _good(box: Container, found: dict[str, str], kind: str) -> Iterator[Row]:
    for name in (name for name, holds in found.items() if holds == kind):
        try:
            yield from (row for _, row in _rows(box, name, kind) if isinstance(row, Row))
        except UnreadableFile:
            continue  # told when it is read for its rows


def _statistics(box: Container, found: dict[str, str]) -> dict[str, str]:
    return {row["statistic"].casefold().replace("_", " "): row["value"] for row, _ in zip(_good(box, found, "statistics"), range(200), strict=False)}


def _evidence(box: Container, found: dict[str, str]) -> Evidence:
    said = _statistics(box, found)
    name = next((value for what, value in said.items() if what.endswith("name") and value), "")
    if user_of(name):
        return evidence(name, (), ())
    talks = ((row["from"], row["to"]) for row in _good(box, found, "messages"))
    return evidence("", talks, ((row["channel_url"], row["username"]) for row in _good(box, found, "chat")))


def _ask(found: dict[str, str], seen: Evidence) -> Ask | None:
    """None where the file tells, or nothing depends on it."""
    if seen.owner() or set(found.values()) <= {"friends", "statistics"}:
        return None
    people = sorted(seen.candidates(), key=lambda name: -sum(name in one for one in (*seen.talks, *seen.wrote)))
    return who_asks(say(_QUESTION), ((seen.names[name], f"u/{seen.names[name]}") for name in people))


def _owner(seen: Evidence, ask: Ask | None, options: Options, source: str) -> Profile | None:
    if ask is None:
        return profile(seen.owner(), is_owner=True) if seen.owner() else None
    if ask.choices:
        return profile(answer_to(ask, options, source), is_owner=True)
    if name := user_of(options.me):
        return profile(name, is_owner=True)
    raise UnreadableFile(say("{question} Nothing was brought in. Say your name on Reddit, or choose the whole zip.", question=say(_QUESTION)), source=source)


def _members(box: Container, found: dict[str, str]) -> Members:
    members: Members = {}
    for row in _good(box, found, "chat"):
        channel, name = one_line(row["channel_url"], 300), user_of(row["username"])
        if name and (channel in members or len(members) < 20_000):
            here = members.setdefault(channel, [])
            if name not in here and len(here) < _MOST_MEMBERS:
                here.append(name)
    return members


def _facts(box: Container, found: dict[str, str], owner: Profile | None, options: Options) -> Iterator[Fact | Progress]:
    wanted = [(name, part.name) for part in _PARTS if options.wants(part) for name, kind in found.items() if kind == part.name]
    total, done = sum(box.size(name) for name, _ in wanted), 0
    yield Progress(done=0, total=total)
    if owner is not None:
        yield owner
    reading = Reading(owner, _members(box, found))
    newest: datetime | None = None
    for name, kind in wanted:
        broken: Counter[str] = Counter()
        for fact in _table(box, name, kind, reading, broken):
            if isinstance(fact, Progress):
                yield Progress(done=done + fact.done, total=total)
                continue
            if isinstance(fact, Activity) and fact.published is not None:
                newest = max(fact.published, newest or fact.published)
            yield fact
        if broken[name] > _REJECTED_SHOWN:
            yield Rejected(where=name, reason=say("{broken} more rows could not be read.", broken=broken[name] - _REJECTED_SHOWN))
        done += box.size(name)
        yield Progress(done=done, total=total)
    until = moment(_statistics(box, found).get("export time", ""))[0] or newest
    if owner is not None and until is not None:
        # It holds what its owner wrote: whether the others were quiet it does not tell.
        yield Coverage(place=PLACE, profile=owner.key, until=until)


def _table(box: Container, name: str, kind: str, reading: Reading, broken: Counter[str]) -> Iterator[Fact | Progress]:
    try:
        for number, (done, row) in enumerate(_rows(box, name, kind), start=1):
            if number % _EVERY == 0:
                yield Progress(done=min(done, box.size(name)))
            try:
                if isinstance(row, Rejected):
                    raise BadRow(row.reason)
                yield from READERS[kind](row, reading)
            except BadRow as e:
                broken[name] += 1
                if broken[name] <= _REJECTED_SHOWN:
                    where = row.where if isinstance(row, Rejected) else f"{name} line {row.line}"
                    yield Rejected(where=where, reason=str(e))
    except UnreadableFile as e:
        yield Rejected(where=name, reason=str(e))
