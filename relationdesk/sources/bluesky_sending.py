"""What the user says by a Bluesky login: answers, likes, reposts (and takes back of these).

Each is a record under a key that follows from what it is, not from when it is tried: the same key can hold one record only, so nothing
doubles, and whether the place has it is one exact question.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relationdesk import lengths
from relationdesk.errors import Gone, LoginRejected, SourceError, UnexpectedAnswer
from relationdesk.model import Activity, Fact, Key, Login, Precision, Profile
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import say
from relationdesk.sources import sent_facts
from relationdesk.sources.bluesky_facts import handle_of, profile_of, reacted, shared, when, written
from relationdesk.sources.bluesky_ids import PLACE, AtUri, at_uri, is_did, is_handle
from relationdesk.sources.bluesky_talk import STALE, Talk, error_in
from relationdesk.sources.door_sending import hand_over, perhaps, told
from relationdesk.sources.json_fields import Json, record_of, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

MOST, MOST_BYTES = 300, 3_000
"""Characters as people see them, and bytes of a post."""
_COLLECTIONS = {Deed.REPLY: "app.bsky.feed.post", Deed.LIKE: "app.bsky.feed.like", Deed.BOOST: "app.bsky.feed.repost"}
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_MENTION = re.compile(r"(?<![\w.@/])@((?:[\w-]+\.)+[a-zA-Z][\w-]*)")
_LINK = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_TAG = re.compile(r"(?<![\w#])#([^\W\d_]\w{0,63})")
_MOST_NAMES = 20


def may(login: Login) -> tuple[May, ...]:
    if not login.has_token:
        return ()
    return (May(deed=Deed.REPLY, most=MOST), May(deed=Deed.LIKE), May(deed=Deed.BOOST))


def length(text: str) -> int:
    """Characters as people see them; where the bytes run out first, as many more as are too many."""
    return max(lengths.seen(text), MOST + len(text.encode()) - MOST_BYTES if len(text.encode()) > MOST_BYTES else 0)


def send(login: Login, what: Outgoing, talk: Talk, now: datetime) -> Receipt:
    me = _me(login)
    if what.deed.undoes:
        gone = _undone(me, what)
        told(_hand_over(talk, "com.atproto.repo.deleteRecord", {"repo": me, "collection": gone.collection, "rkey": gone.rkey}))
        return sent_facts.taken_back(what)
    post = _post(what, talk)
    if (there := _by_hand(me, what, post, talk)) is not None:
        return there
    created = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    uri = AtUri(me, _COLLECTIONS[what.deed], rkey(what))
    record, actor = _record(what, post, created, talk), _actor(me, talk)
    data = {"repo": me, "collection": uri.collection, "rkey": uri.rkey, "record": record}
    answer = told(_hand_over(talk, "com.atproto.repo.createRecord", data))
    if string(answer, "uri", 8_192) != str(uri):
        raise perhaps(talk.host)
    return _receipt(uri, record, post, actor)


def find_sent(login: Login, what: Outgoing, talk: Talk) -> Receipt | None:
    me = _me(login)
    if what.deed.undoes:
        return sent_facts.taken_back(what) if _kept(_undone(me, what), talk) is None else None
    uri = AtUri(me, _COLLECTIONS[what.deed], rkey(what))
    record = _kept(uri, talk)
    if record is None:
        return None
    try:
        post = _post(what, talk)
    except Gone:
        post = {}
    return _receipt(uri, record, post, _actor(uri.did, talk))


def _kept(uri: AtUri, talk: Talk) -> Json | None:
    """The record under this address, None if there is none."""
    reply = talk.ask("com.atproto.repo.getRecord", [("repo", uri.did), ("collection", uri.collection), ("rkey", uri.rkey)])
    if reply.error == "RecordNotFound" or reply.words.startswith("Could not locate record"):
        return None
    if reply.error:
        raise talk.refusal(reply)
    record = record_of(reply.data, "value")
    if record is None:
        raise talk.odd()
    return record


def _undone(me: str, what: Outgoing) -> AtUri:
    """The record of mine that is taken back."""
    assert what.undoes is not None and what.deed.undoes is not None
    uri = at_uri(what.undoes.native_id)
    if uri is None or (uri.did, uri.collection) != (me, _COLLECTIONS[what.deed.undoes]):
        raise UnexpectedAnswer(say("Bluesky keeps this under another name of yours. Nothing was sent. Open its page and take it back there."))
    return uri


def _by_hand(me: str, what: Outgoing, post: Json, talk: Talk) -> Receipt | None:
    """A like or repost of mine that is there already, made elsewhere: a second one would be another record. What the place shows of it may be
    older than what it keeps."""
    viewed = {Deed.LIKE: "like", Deed.BOOST: "repost"}.get(what.deed)
    uri = at_uri(string(record_of(post, "viewer"), viewed, 8_192)) if viewed else None
    if uri is None or (uri.did, uri.collection) != (me, _COLLECTIONS[what.deed]) or (record := _kept(uri, talk)) is None:
        return None
    return _receipt(uri, record, post, _actor(me, talk))


def rkey(what: Outgoing) -> str:
    """A stamp of the time (13 letters, as the place wants it) that is the same at every try."""
    number = int.from_bytes(hashlib.sha256(what.uid.encode()).digest()[:8])
    micros = int(what.made.timestamp()) * 1_000_000 + number % 1_000_000
    stamp = (micros & ((1 << 53) - 1)) << 10 | (number >> 32) % 1024
    return "".join(_LETTERS[stamp >> shift & 31] for shift in range(60, -1, -5))


def _me(login: Login) -> str:
    if login.profile is None or not is_did(login.profile.native_id):
        raise LoginRejected(say("This login does not say who you are in Bluesky. Your words are kept. Sign in again, then try again."))
    return login.profile.native_id


def _post(what: Outgoing, talk: Talk) -> Json:
    """What is answered, as the place shows it: with its cid, without which nothing can point at it. Raises Gone."""
    assert what.towards is not None
    uri = at_uri(what.towards.key.native_id)
    found = talk.get("app.bsky.feed.getPosts", [("uris", str(uri))]).get("posts") if uri is not None else None
    posts = [one for one in found if isinstance(one, dict) and string(one, "uri", 8_192) == str(uri)] if isinstance(found, list) else []
    if not posts or not string(posts[0], "cid", 200):
        raise Gone(say("Bluesky does not show what this answers (any more). Nothing was sent. Your words are kept. Look at its page."))
    return posts[0]


def _record(what: Outgoing, post: Json, created: str, talk: Talk) -> Json:
    subject: Json = {"uri": string(post, "uri", 8_192), "cid": string(post, "cid", 200)}
    made: Json = {"$type": _COLLECTIONS[what.deed], "createdAt": created}
    if what.deed is not Deed.REPLY:
        return {**made, "subject": subject}
    above = record_of(record_of(post, "record"), "reply")
    root = record_of(above, "root")
    first = {"uri": string(root, "uri", 8_192), "cid": string(root, "cid", 200)} if root is not None else subject
    text = what.text.strip()
    answer: Json = {**made, "text": text, "reply": {"root": first, "parent": subject}}
    marked = facets(text, talk)
    return {**answer, "facets": marked} if marked else answer


def facets(text: str, talk: Talk) -> list[Json]:
    """Links, names and tags by their bytes, in the order of the text. A name that nobody has stays plain."""
    found: list[tuple[int, int, Json]] = []
    for match in _LINK.finditer(text):
        address = match[0].rstrip(".,;:!?'")
        address = address if "(" in address else address.rstrip(")")
        found.append((match.start(), match.start() + len(address), {"$type": "app.bsky.richtext.facet#link", "uri": address}))
    links = [(start, end) for start, end, _ in found]

    def apart(match: re.Match[str]) -> bool:
        return not any(start < match.end() and match.start() < end for start, end in links)

    for match in list(_MENTION.finditer(text))[:_MOST_NAMES]:
        if apart(match) and is_handle(match[1]) and (did := _did_of(match[1].lower(), talk)):
            found.append((match.start(), match.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did}))
    found += [(m.start(), m.end(), {"$type": "app.bsky.richtext.facet#tag", "tag": m[1]}) for m in _TAG.finditer(text) if apart(m)]
    return [
        {"index": {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}, "features": [feature]}
        for start, end, feature in sorted(found, key=lambda one: one[0])
    ]


def _did_of(handle: str, talk: Talk) -> str:
    try:
        did = string(talk.ask("com.atproto.identity.resolveHandle", [("handle", handle)]).data, "did", 2_048)
    except SourceError:
        return ""
    return did if is_did(did) else ""


def _hand_over(talk: Talk, nsid: str, data: Json) -> Answer:
    url = f"{talk.base}/xrpc/{nsid}"
    session = talk.sessions.get(talk.base, talk.who, talk.password, talk.door)
    answer = hand_over(talk.door, url, data, token=session.access, also=frozenset({400, 401}))
    if answer.status == 401 or error_in(answer)[0] in STALE:
        session = talk.sessions.renew(talk.base, talk.who, talk.password, talk.door)
        answer = hand_over(talk.door, url, data, token=session.access, also=frozenset({400}))
    if answer.status == 400:
        raise UnexpectedAnswer(say("{host} refuses this (“{error_in}”). Your words are kept. Change them and send again, or say it there.", host=talk.host, error_in=error_in(answer)[1][:200]))
    return answer


def _actor(did: str, talk: Talk) -> Profile:
    """Me. May ask for a session, so never once something is out."""
    session = talk.sessions.get(talk.base, talk.who, talk.password, talk.door)
    return Profile(key=Key(PLACE, did), handle=handle_of({"handle": session.handle, "did": did}), is_owner=True)


def _receipt(uri: AtUri, record: Json, post: Json, actor: Profile) -> Receipt:
    published, precision, _ = when(string(record, "createdAt"), "")
    author, words = record_of(post, "author"), record_of(post, "record") or {}
    found = tuple(_facts(uri, record, actor, author, words, published, precision))
    activity = next(fact for fact in found if isinstance(fact, Activity))
    return Receipt(key=activity.key, url=activity.url, facts=found)


def _facts(
    uri: AtUri, record: Json, actor: Profile, author: Json | None, words: Json, published: datetime | None, precision: Precision
) -> list[Fact]:  # fmt: skip
    if uri.collection == _COLLECTIONS[Deed.REPLY]:
        views = {string(author, "did", 2_048): author} if author is not None else {}
        people, activity = written(uri, record, actor, views)
        return [*people, replace(activity, published=published, precision=precision)]
    subject = at_uri(string(record_of(record, "subject"), "uri", 8_192))
    if uri.collection == _COLLECTIONS[Deed.BOOST]:
        return list(shared(str(uri), actor, subject, words, author, published, precision))
    target = profile_of(author) if author is not None else Profile(key=Key(PLACE, subject.did)) if subject is not None else None
    return list(reacted(uri, "like", actor, target, subject, words, published, precision))


