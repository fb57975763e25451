"""What is read of Stack Exchange: what somebody asks, answers and comments on one site, and what others do towards me there.

Posts and comments are two lists, of which one cursor keeps both places. Whom an answer answers, and under what a comment stands, is
asked for beside them, for up to a hundred at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError
from relationdesk.model import Coverage, Fact, Key, Page, Profile
from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, due, once, read_listing
from relationdesk.sources.stackexchange_facts import (
    Around,
    comment_facts,
    comment_key,
    moment_at,
    post_facts,
    post_key,
    profile_of,
    who_and_where,
)
from relationdesk.sources.stackexchange_talk import PAGE, Talk

LOOK_AGAIN = timedelta(days=1)
"""How often the profile itself is read."""
PACE = timedelta(hours=1)
"""How often anything is read without a key: other programs on this computer share its 300 questions a day."""
MAX_PAGES = 5
"""Pages of each list of what others do towards me, in one sync; the rest follows in the next."""
FIRST = timedelta(days=365)
"""How far back the first reading of that goes."""
OVERLAP = timedelta(hours=1)
"""What is told late is met by asking so far back again; keys make that harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Both:
    """Where the two lists stand, each as `Cursor` says it. looked, asked: ISO times when the profile and the lists were read."""

    posts: str = ""
    comments: str = ""
    looked: str = ""
    asked: str = ""

    @classmethod
    def read(cls, text: str) -> _Both:
        data = _object(text)
        return cls(**{name: data[name] for name in cls.__slots__ if isinstance(data.get(name), str)})

    def text(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, sort_keys=True)


def _object(text: str) -> Mapping[str, str]:
    try:
        data = json.loads(text) if text else {}
    except ValueError:
        data = {}
    return data if isinstance(data, dict) else {}


def read_person(talk: Talk, profile: Key, cursor: str, *, mine: bool = False) -> Iterator[Page]:
    """What somebody does on one site. Raises the errors of the door, and Gone for who is no longer there."""
    (host, number), at, now = who_and_where(profile), _Both.read(cursor), talk.clock()
    if not talk.token and not due(at.asked, now, PACE):
        return
    opening: tuple[Fact, ...] = ()
    if due(at.looked, now, LOOK_AGAIN):
        opening = (profile_of(person(talk, host, number), host, is_owner=mine),)
        at = replace(at, looked=now.isoformat())
    covered: dict[str, Coverage] = {}
    for name, made in (("posts", _of_posts), ("comments", _of_comments)):
        listing = Listing(
            place=profile.place, fetch=partial(_list, talk, host, number, name), facts=partial(made, talk, host), clock=talk.clock,
            covers=profile, gone=partial(_is_withdrawn, talk, host, name), native=lambda uri: uri.partition(" ")[2], returns=True,
        )  # fmt: skip
        for page in read_listing(listing, Cursor.read(getattr(at, name)), opening):
            opening, at = (), replace(at, **{name: page.cursor})
            for fact in page.facts:
                covered |= {name: fact} if isinstance(fact, Coverage) else {}
            yield replace(page, facts=tuple(fact for fact in page.facts if not isinstance(fact, Coverage)), cursor=at.text(), more=True)
    both = tuple(covered.values())
    since = max((fact.since for fact in both if fact.since is not None), default=None)
    yield Page(facts=(replace(both[0], since=since),) if len(both) == 2 else (), cursor=replace(at, asked=now.isoformat()).text())


def person(talk: Talk, host: str, number: str) -> Json:
    """Somebody's page on a site. Raises Gone if nobody has that number there (any more)."""
    found = talk.ask(f"/users/{number}", host, filter=talk.shape()).items
    who = next((user for user in found if string(user, "user_id", 30) == number), None)
    if who is None:
        raise Gone(say("{host} shows nobody under this number (any more). What was read before is kept.", host=host))
    return who


def _list(talk: Talk, host: str, number: str, name: str, further: str) -> Sheet:
    page = int(further or "1")
    reply = talk.ask(f"/users/{number}/{name}", host, page=page, order="desc", sort="creation", filter=talk.shape())
    items = [item for item in reply.items if string(record_of(item, "owner"), "user_id", 30) in ("", number)]
    lines = tuple(Line(uri=_uri(item, host), mark=_mark(item), moment=moment_at(item, "creation_date"), item=item) for item in items)
    return Sheet(lines=lines, further=str(page + 1) if reply.more and items else "")


def _uri(item: Json, host: str) -> str:
    """The number by which it is asked for, a blank, its key; "" for an unreadable one."""
    if comment := string(item, "comment_id", 30):
        return f"{comment} {comment_key(host, comment).native_id}"
    number, kind = string(item, "post_id", 30), string(item, "post_type", 30)
    return f"{number} {post_key(host, number, kind).native_id}" if number and kind else ""


def _mark(item: Json) -> str:
    words = f"{item.get('title')}\0{item.get('body')}\0{item.get('last_edit_date')}\0{item.get('edited')}"
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:12]


def _is_withdrawn(talk: Talk, host: str, name: str, uri: str) -> bool:
    """An empty answer to the question for this very one: the API has no other word for what was deleted."""
    number = uri.partition(" ")[0]
    return number.isdigit() and not talk.ask(f"/{name}/{number}", host).items


def _of_posts(talk: Talk, host: str, posts: Sequence[Json]) -> list[Fact]:
    """posts: newest first."""
    answers = [string(post, "post_id", 30) for post in posts if string(post, "post_type", 30) == "answer"]
    question_of = _questions_of(talk, host, answers)
    around = Around(question_of=question_of, questions=_some(talk, host, "questions", question_of.values(), "question_id"))
    return once(fact for post in reversed(posts) for fact in post_facts(post, host, around))


def _of_comments(talk: Talk, host: str, comments: Sequence[Json]) -> list[Fact]:
    """comments: newest first."""
    posts = _some(talk, host, "posts", (string(comment, "post_id", 30) for comment in comments), "post_id")
    around = _under(talk, host, posts)
    return once(fact for comment in reversed(comments) for fact in comment_facts(comment, host, around))


def _under(talk: Talk, host: str, posts: Mapping[str, Json]) -> Around:
    """What comments stand under. The title of a question stands with its answers, too."""
    answers = [number for number, post in posts.items() if string(post, "post_type", 30) == "answer"]
    return Around(question_of=_questions_of(talk, host, answers), posts=posts)


def _questions_of(talk: Talk, host: str, answers: Iterable[str]) -> dict[str, str]:
    found = _some(talk, host, "answers", answers, "answer_id")
    return {number: question for number, answer in found.items() if (question := string(answer, "question_id", 30))}


def _some(talk: Talk, host: str, name: str, numbers: Iterable[str], field: str) -> dict[str, Json]:
    """Things by number, at most a hundred. What goes wrong with that is no reason to leave out the words themselves."""
    wanted = [number for number in dict.fromkeys(numbers) if number.isdigit()][:PAGE]
    if not wanted:
        return {}
    try:
        found = talk.ask(f"/{name}/{';'.join(wanted)}", host, filter=talk.shape()).items
    except (RateLimited, LoginRejected):
        raise
    except SourceError:
        return {}
    return {string(item, field, 30): item for item in found}


def read_towards_me(talk: Talk, profile: Key, cursor: str) -> Iterator[Page]:
    """Answers to my questions, comments under my newest hundred posts, and comments that name me. The cursor is the time from
    which on is asked again. Raises the errors of the door."""
    (host, number), data, now = who_and_where(profile), _object(cursor), talk.clock()
    if not talk.token and not due(str(data.get("asked", "")), now, PACE):
        return
    since = _moment(data.get("since"), now)
    mine = talk.ask(f"/users/{number}/posts", host, order="desc", sort="activity", filter=talk.shape()).items
    posts = {string(post, "post_id", 30): post for post in mine if string(post, "post_id", 30).isdigit()}
    questions = {key: post for key, post in posts.items() if string(post, "post_type", 30) == "question"}
    ends: list[datetime] = []
    answers = _upwards(talk, host, f"/questions/{';'.join(questions)}/answers" if questions else "", since, ends)
    under = _upwards(talk, host, f"/posts/{';'.join(posts)}/comments" if posts else "", since, ends)
    named = _upwards(talk, host, f"/users/{number}/mentioned", since, ends)
    said = [{**answer, "post_id": answer.get("answer_id"), "post_type": "answer"} for answer in answers]
    known = Around(question_of={string(a, "answer_id", 30): string(a, "question_id", 30) for a in answers}, questions=questions)
    found: list[Fact] = [fact for answer in said for fact in post_facts(answer, host, known)]
    if under:
        around = _under(talk, host, posts)
        found += [fact for comment in under for fact in comment_facts(comment, host, around)]
    if named:
        found += _of_comments(talk, host, named[::-1])
    theirs = once(fact for fact in found if getattr(fact, "actor", None) != profile)
    told = [moment for item in (*answers, *under, *named) if (moment := moment_at(item, "creation_date")) is not None]
    reached = min(ends) if ends else max([since, *(moment - OVERLAP for moment in told)])
    after = {"since": str(int(min(reached, now).timestamp())), "asked": now.isoformat()}
    yield Page(facts=(Profile(key=profile), *theirs) if theirs else (), cursor=json.dumps(after))


def _moment(text: object, now: datetime) -> datetime:
    if isinstance(text, str) and text.isdigit() and len(text) < 11:
        return min(datetime.fromtimestamp(int(text), UTC), now)
    return now - FIRST


def _upwards(talk: Talk, host: str, path: str, since: datetime, ends: list[datetime]) -> list[Json]:
    """What was made since, oldest first. ends: gets the time up to which is known what has more than MAX_PAGES. path "": nothing."""
    found: list[Json] = []
    for page in range(1, MAX_PAGES + 1):
        if not path:
            break
        reply = talk.ask(path, host, page=page, order="asc", sort="creation", fromdate=int(since.timestamp()), filter=talk.shape())
        found += reply.items
        if not reply.more or not reply.items:
            break
    else:
        ends += [moment for item in found[-1:] if (moment := moment_at(item, "creation_date")) is not None]
    return found
