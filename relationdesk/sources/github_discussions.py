"""GitHub's discussions, which its usual way of asking does not know: answered and liked by its other one (GraphQL).

There a refusal comes as an answer in good order, with `errors` in place of what was asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from relationdesk.errors import Gone, RateLimited, SourceError, UnexpectedAnswer
from relationdesk.model import Activity, Audience, Kind, Participant, Profile, Role
from relationdesk.outgoing import Deed, Outgoing, Receipt
from relationdesk.saying import say
from relationdesk.sources import sent_facts
from relationdesk.sources.door_answers import wait_until
from relationdesk.sources.door_sending import earliest, hand_over, perhaps, told, words_of
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string, web
from relationdesk.sources.markdown import markdown_text

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer
    from relationdesk.sources.github_talk import Talk

_AUTHOR = "author { ... on User { databaseId } ... on Bot { databaseId } }"
_COMMENT = f"databaseId url createdAt body {_AUTHOR}"
_LOOK = (
    "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) { discussion(number: $number) { id databaseId locked "
    f"{_AUTHOR} reactionGroups {{ content viewerHasReacted }} comments(last: 100) {{ nodes {{ {_COMMENT} }} }} }} }} }}"
)
_SAY = f"mutation($id: ID!, $body: String!, $uid: String!) {{ done: addDiscussionComment(input: {{discussionId: $id, body: $body, clientMutationId: $uid}}) {{ comment {{ {_COMMENT} }} }} }}"
_UNLIKE = "mutation($id: ID!, $uid: String!) { done: removeReaction(input: {subjectId: $id, content: THUMBS_UP, clientMutationId: $uid}) { reaction { content } } }"
_LIKE = "mutation($id: ID!, $uid: String!) { done: addReaction(input: {subjectId: $id, content: THUMBS_UP, clientMutationId: $uid}) { reaction { content } } }"


def send(what: Outgoing, talk: Talk, repo: str, number: str, me: Profile) -> Receipt:
    found, _ = _discussion(what, talk, repo, number)
    asked = {"id": string(found, "id", 200), "uid": what.uid}
    if not what.deed.has_words:
        if what.deed is Deed.LIKE or _has_thumb(found):
            _told(_hand_over(talk, _LIKE if what.deed is Deed.LIKE else _UNLIKE, asked), "reaction")
        return _liked(what, talk, me) if what.deed is Deed.LIKE else sent_facts.taken_back(what)
    return _receipt(_told(_hand_over(talk, _SAY, {**asked, "body": what.text.strip()}), "comment"), what, talk, me)


def find_sent(what: Outgoing, talk: Talk, repo: str, number: str, me: Profile) -> Receipt | None:
    found, answer = _discussion(what, talk, repo, number)
    if what.deed is Deed.UNLIKE:
        return sent_facts.taken_back(what) if not _has_thumb(found) else None
    if what.deed is Deed.LIKE:
        return _liked(what, talk, me) if _has_thumb(found) else None
    begun = earliest(what, answer, talk.clock())
    for comment in records(record_of(found, "comments"), "nodes"):
        at = moment_of(string(comment, "createdAt", 50))[0]
        by, native = string(record_of(comment, "author"), "databaseId", 30), _native(comment, talk)
        if talk.hub.key(by) != me.key or at is None or at < begun or native in what.others or not sent_facts.same(comment.get("body"), what.text):
            continue
        return _receipt(comment, what, talk, me)
    return None


def _has_thumb(found: Json) -> bool:
    return any(one.get("content") == "THUMBS_UP" and one.get("viewerHasReacted") is True for one in records(found, "reactionGroups"))


def _address(talk: Talk) -> str:
    return f"{talk.base.removesuffix('/v3')}/graphql"


def _discussion(what: Outgoing, talk: Talk, repo: str, number: str) -> tuple[Json, Answer]:
    """What is answered. Raises Gone if it is not there, or somebody else's, and what a question raises."""
    assert what.towards is not None
    owner, _, name = repo.partition("/")
    asked = {"query": _LOOK, "variables": {"owner": owner, "name": name, "number": int(number) if number.isdigit() else 0}}
    answer = talk.door.post_json(_address(talk), asked, token=talk.token)
    data = answer.json()
    found = record_of(record_of(record_of(data, "data"), "repository"), "discussion")
    if found is None and (error := _against(answer)) is not None and not isinstance(error, Gone):
        raise error
    native = f"discussion:{string(found, 'databaseId', 30)}"
    if found is None or talk.hub.key(native) != what.towards.key:
        raise Gone(say("{host} does not show what this answers (any more). Nothing was sent. Your words are kept. Look at its page.", host=talk.host))
    return found, answer


def _hand_over(talk: Talk, query: str, variables: Json) -> Answer:
    return hand_over(talk.door, _address(talk), {"query": query, "variables": variables}, token=talk.token)


def _told(answer: Answer, name: str) -> Json:
    """What was made. Raises what its refusal means, and PerhapsSent where it neither says yes nor no."""
    made = record_of(record_of(record_of(told(answer), "data"), "done"), name)
    if made is None:
        raise _against(answer) or perhaps(urlsplit(answer.url).netloc)
    return made


def _against(answer: Answer) -> SourceError | None:
    """What the errors in an answer mean; None if there are none that can be read."""
    host = urlsplit(answer.url).netloc
    errors = records(answer.json(), "errors")
    kind, words = (string(errors[0], "type", 100), words_of(answer)) if errors else ("", "")
    if not errors:
        return None
    if kind in ("RATE_LIMITED", "MAX_NODE_LIMIT_EXCEEDED") or "rate limit" in words.casefold() or "too quickly" in words.casefold():
        return RateLimited(say("{host} asks us to wait. Your words are kept and go out by themselves.", host=host), until=wait_until(answer, datetime.now(UTC)))
    if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
        return UnexpectedAnswer(say("{host} does not let this key write there (“{words}”). Your words are kept. If the key may only read, make one with the right “public_repo”, sign in with it and try again.", host=host, words=words))
    if kind == "NOT_FOUND":
        return Gone(say("{host} says that what this answers is not there, or not for you. Your words are kept. Look at its page.", host=host))
    if kind in ("UNPROCESSABLE", "VALIDATION", "LOCKED", "NOT_IMPLEMENTED"):
        return UnexpectedAnswer(say("{host} refuses this (“{words}”). Your words are kept. Change them and send again, or say it there.", host=host, words=words))
    return None


def _native(comment: Json, talk: Talk) -> str:
    return talk.hub.key(f"discussion-comment:{string(comment, 'databaseId', 30)}").native_id


def _receipt(comment: Json, what: Outgoing, talk: Talk, me: Profile) -> Receipt:
    assert what.towards is not None
    published, precision = moment_of(string(comment, "createdAt", 50))
    body, key = comment.get("body"), talk.hub.key(f"discussion-comment:{string(comment, 'databaseId', 30)}")
    if published is None or not string(comment, "databaseId", 30):
        raise perhaps(talk.host)
    said = Activity(
        key=key, actor=me.key, kind=Kind.COMMENT, published=published, precision=precision, title=what.towards.title, url=web(string(comment, "url")),
        text=markdown_text(body) if isinstance(body, str) else what.text, thread=what.towards.thread, in_reply_to=what.towards.key.native_id,
        audience=Audience.PUBLIC, participants=(Participant(profile=what.towards.actor, role=Role.REPLY_TO),),
    )  # fmt: skip
    made = sent_facts.receipt((Profile(key=what.towards.actor), said), me, what, key)
    assert made is not None
    return made


def _liked(what: Outgoing, talk: Talk, me: Profile) -> Receipt:
    assert what.towards is not None
    mine, theirs = (one.native_id.removesuffix(talk.hub.suffix) for one in (me.key, what.towards.key))
    return sent_facts.like(me, what, talk.hub.key(f"like:{mine}:{theirs}"), talk.clock(), "+1")
