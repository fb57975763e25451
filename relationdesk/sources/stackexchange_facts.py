"""From what Stack Exchange's API says to our facts. Pure; names and titles come escaped, words as HTML.

There are some 180 sites, each with numbers of its own. So everything is keyed by its page: somebody by `https://SITE/users/NUMBER`,
which is theirs under every name, a question by `/questions/…`, an answer by `/a/…`, a comment by `/posts/comments/…`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Profile,
    Rejected,
    Role,
    pairs,
    unique,
)
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_in, addresses_said
from relationdesk.sources.json_fields import Json, record_of, string, web
from relationdesk.sources.pictures import marked_text
from relationdesk.sources.portraits import pictured
from relationdesk.text import one_line, tidy

PLACE = "stackexchange"
NETWORK = "https://stackexchange.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a post or comment leaves out, as far as it was asked for. question_of: answer → question, by number. questions and
    posts by number."""

    question_of: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, Json] = field(default_factory=dict)
    posts: Mapping[str, Json] = field(default_factory=dict)


def user_key(host: str, number: str) -> Key:
    return Key(PLACE, f"https://{host}/users/{number}")


def who_and_where(key: Key) -> tuple[str, str]:
    """Host and number of a profile's key."""
    host, _, number = key.native_id.removeprefix("https://").partition("/users/")
    return host, number


def post_key(host: str, number: str, kind: str) -> Key:
    return Key(PLACE, f"https://{host}/{'questions' if kind == 'question' else 'a'}/{number}")


def comment_key(host: str, number: str) -> Key:
    return Key(PLACE, f"https://{host}/posts/comments/{number}")


def plain(record: Json, name: str, limit: int = 300) -> str:
    """A field in which HTML's signs are escaped, as text on one line."""
    return one_line(html.unescape(string(record, name, 4 * limit)), limit)


def moment_at(record: Json, name: str) -> datetime | None:
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 4_000_000_000:
        return None
    return datetime.fromtimestamp(value, UTC)


def profile_of(user: Json, host: str, elsewhere: tuple[str, ...] = (), *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from its page. elsewhere: the pages of the same member on other sites, for which the place itself stands; the
    pages that somebody names are only said."""
    about = user.get("about_me")
    words = about[:50_000] if isinstance(about, str) else ""
    member = string(user, "account_id", 30)
    own = [f"{NETWORK}/users/{member}"] if member else []
    vouched = [Address(kind=AddressKind.WEB, value=page, vouched=True) for page in (*own, *elsewhere)]
    return Profile(
        key=user_key(host, string(user, "user_id", 30)), display_name=plain(user, "display_name"),
        url=web(string(user, "link")) or f"https://{host}/users/{string(user, 'user_id', 30)}", bio=tidy(marked_text(words), 20_000),
        addresses=unique([*vouched, *addresses_said("", plain(user, "website_url", 500)), *addresses_in(words, vouched=False), *_picture(user)]), known=known, is_owner=is_owner,
    )  # fmt: skip


def _somebody(user: Json | None, host: str) -> Profile | None:
    """Whoever stands beside a post; None for who is no longer there."""
    number = string(user, "user_id", 30)
    if user is None or not number:
        return None
    return Profile(key=user_key(host, number), display_name=plain(user, "display_name"), url=web(string(user, "link")), addresses=_picture(user))


def _picture(user: Json) -> tuple[Address, ...]:
    return pictured(string(user, "profile_image"))


def _left(record: Json) -> bool:
    """Whether it is by somebody who left, of whom the place keeps no number."""
    owner = record_of(record, "owner")
    return string(owner, "user_type", 30) == "does_not_exist" and not string(owner, "user_id", 30)


def post_facts(post: Json, host: str, around: Around) -> tuple[Fact, ...]:
    """Profiles first, then the question or answer; a `Rejected` if it cannot be one; () of who left the place."""
    if _left(post):
        return ()
    number, kind, published = string(post, "post_id", 30), string(post, "post_type", 30), moment_at(post, "creation_date")
    author = _somebody(record_of(post, "owner"), host)
    if not number or kind not in ("question", "answer") or published is None or author is None:
        return (Rejected(where=f"Stack Exchange post {number or '?'} of {host}", reason=say("it has no number, kind, author or time")),)
    question = around.question_of.get(number, "") if kind == "answer" else number
    asked = around.questions.get(question, {})
    above = _somebody(record_of(asked, "owner"), host) if kind == "answer" else None
    thread = post_key(host, question, "question").native_id if question else ""
    edited = moment_at(post, "last_edit_date")
    activity = Activity(
        key=post_key(host, number, kind), actor=author.key, kind=Kind.POST if kind == "question" else Kind.REPLY, published=published,
        precision=Precision.SECOND, title=plain(post, "title") or plain(asked, "title"), text=_words(post), url=web(string(post, "link")),
        thread=thread, in_reply_to=thread if kind == "answer" else "", participants=_answered(above, author),
        extra=pairs(edited=edited.isoformat() if edited else "", licence=string(post, "content_license", 50)),
    )  # fmt: skip
    return (*dict.fromkeys(who for who in (author, above) if who is not None), activity)


def comment_facts(comment: Json, host: str, around: Around) -> tuple[Fact, ...]:
    """Profiles first, then the comment; a `Rejected` if it cannot be one; () of who left the place."""
    if _left(comment):
        return ()
    number, published = string(comment, "comment_id", 30), moment_at(comment, "creation_date")
    author, parent = _somebody(record_of(comment, "owner"), host), string(comment, "post_id", 30)
    if not number or published is None or author is None or not parent:
        return (Rejected(where=f"Stack Exchange comment {number or '?'} of {host}", reason=say("it has no number, author, post or time")),)
    post = around.posts.get(parent, {})
    kind = string(post, "post_type", 30)
    question = parent if kind == "question" else around.question_of.get(parent, "")
    above = _somebody(record_of(comment, "reply_to_user"), host) or _somebody(record_of(post, "owner"), host)
    activity = Activity(
        key=comment_key(host, number), actor=author.key, kind=Kind.COMMENT, published=published, precision=Precision.SECOND,
        title=plain(around.questions.get(question, {}), "title") or plain(post, "title"), text=_words(comment),
        url=web(string(comment, "link")) or f"https://{host}/posts/comments/{number}",
        thread=post_key(host, question, "question").native_id if question else "",
        in_reply_to=post_key(host, parent, kind).native_id if kind else "", participants=_answered(above, author),
        extra=pairs(licence=string(comment, "content_license", 50)),
    )  # fmt: skip
    return (*dict.fromkeys(who for who in (author, above) if who is not None), activity)


def _answered(above: Profile | None, author: Profile) -> tuple[Participant, ...]:
    return (Participant(profile=above.key, role=Role.REPLY_TO),) if above is not None and above.key != author.key else ()


def _words(record: Json) -> str:
    body = record.get("body")
    return marked_text(body) if isinstance(body, str) else ""
