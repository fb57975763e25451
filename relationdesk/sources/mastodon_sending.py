"""What the user says by a Mastodon login: answers, favourites, boosts (and takes back of these), direct messages.

A server knows posts by numbers of its own, so what is answered is looked up by its global id first. Each thing carries the same
Idempotency-Key at every try, and a server that did not say whether it has it is asked for my own newest posts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from relationdesk import lengths
from relationdesk.errors import Gone, UnexpectedAnswer
from relationdesk.model import Activity, Audience, Fact, Key, Login, Participant, Precision, Profile, Role
from relationdesk.outgoing import Deed, May, Outgoing, Receipt, is_named
from relationdesk.saying import marked, say
from relationdesk.sources import sent_facts
from relationdesk.sources.as_facts import remembered
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.door_answers import host_of
from relationdesk.sources.door_sending import earliest, hand_over, perhaps, told
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string, web
from relationdesk.sources.mastodon_facts import PLACE, facts, profile_of, status_uri, text_of
from relationdesk.sources.mastodon_rights import allows

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

MOST = 500
"""Characters of a post, on every server at least; many allow more, which is not asked."""
_RIGHTS = marked("the rights write:statuses and write:favourites (Preferences, Development)")
_VISIBILITY = {Audience.PUBLIC: "public", Audience.FOLLOWERS: "private", Audience.PRIVATE: "direct"}
_CALLS = {Deed.LIKE: "favourite", Deed.BOOST: "reblog", Deed.UNLIKE: "unfavourite", Deed.UNBOOST: "unreblog"}
_TOLD = {Deed.UNLIKE: "favourited", Deed.UNBOOST: "reblogged"}
_WIDE = ("public", "unlisted", "private", "direct")


def may(login: Login) -> tuple[May, ...]:
    anybody = (Audience.PUBLIC, Audience.FOLLOWERS, Audience.PRIVATE)
    every = (
        May(deed=Deed.REPLY, most=MOST, audiences=anybody, names=True), May(deed=Deed.LIKE), May(deed=Deed.BOOST, audiences=anybody[:2]),
        May(deed=Deed.MESSAGE, most=MOST, audiences=(Audience.PRIVATE,), new=True, names=True),
    )  # fmt: skip
    return tuple(one for one in every if allows(login, one.deed))


def length(text: str) -> int:
    """A link counts as 23, of a name on another server only what stands before the server."""
    return lengths.mastodon(text)


def send(login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
    target = _target(login, what, token, door) if what.towards is not None else None
    base, key = login.address, (("Idempotency-Key", what.uid),)
    if not what.deed.has_words:
        assert target is not None and what.towards is not None
        url = f"{base}/api/v1/statuses/{quote(string(target, 'id', 200), safe='')}/{_CALLS[what.deed]}"
        status = told(hand_over(door, url, {}, token=token, headers=key, rights=_RIGHTS))
        return sent_facts.taken_back(what) if what.deed.undoes else _done(login, what, status)
    _has_names(what, login)
    data: dict[str, object] = {"status": what.text, "visibility": _visibility(what, target)}
    if target is not None:
        data["in_reply_to_id"] = string(target, "id", 200)
        if warning := string(target, "spoiler_text", 500):
            data["spoiler_text"] = warning
    answer = hand_over(door, f"{base}/api/v1/statuses", data, token=token, headers=key, rights=_RIGHTS)
    return _receipt(told(answer), target, base, what)


def find_sent(login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
    target = _target(login, what, token, door) if what.towards is not None else None
    if what.deed.undoes:
        return sent_facts.taken_back(what) if target is not None and target.get(_TOLD[what.deed]) is False else None
    if what.deed is Deed.LIKE:
        return _done(login, what, target) if target is not None and target.get("favourited") is True else None
    if what.deed is Deed.BOOST and (target is None or target.get("reblogged") is not True):
        return None
    base = login.address
    me = door.get_json(f"{base}/api/v1/accounts/verify_credentials", token=token, token_origin=base)
    path = f"{base}/api/v1/accounts/{quote(string(me, 'id', 200), safe='')}/statuses?limit=40"
    answer = door.get(path, token=token, token_origin=base, accept="application/json")
    found, since = answer.json(), earliest(what, answer, datetime.now(UTC))
    if not isinstance(found, list):
        raise UnexpectedAnswer(say("{host} does not tell what was posted. Your words are kept. Look there before anything is sent again.", host=host_of(base)))
    _has_names(what, login)
    for status in reversed(found[:200]):  # of two alike the older one: the other is looked for in its turn
        if isinstance(status, dict) and _is_it(status, what, target, since):
            return _receipt(status, target, base, what)
    return _done(login, what, target) if what.deed is Deed.BOOST and target is not None else None


def _is_it(status: Json, what: Outgoing, target: Json | None, since: datetime) -> bool:
    boosted = record_of(status, "reblog")
    if what.deed is Deed.BOOST or boosted is not None:
        return what.deed is Deed.BOOST and boosted is not None and what.towards is not None and status_uri(boosted) == what.towards.key.native_id
    at, _ = moment_of(string(status, "created_at"))
    if at is None or at < since or status_uri(status) in what.others:
        return False
    answers = string(status, "in_reply_to_id", 200) == (string(target, "id", 200) if target is not None else "")
    there, name = _bare(text_of(status)), string(record_of(target, "account") if target is not None else None, "acct", 300)
    return answers and there in (_bare(what.text), _bare(f"@{name} {what.text}"))  # once the name was put in front on the way


def _bare(text: str) -> str:
    """What a server changes nothing about: no names of servers, no signs."""
    return re.sub(r"[\W_]+", "", re.sub(r"(?<![\w/])@([\w.-]+)(@[\w.:-]+)?", r"\1", text)).casefold()


def _has_names(what: Outgoing, login: Login) -> None:
    """A direct message reaches whom it names, and nobody else. Raises UnexpectedAnswer."""
    if what.deed is not Deed.MESSAGE:
        return
    names = [one.name.lstrip("@") for one in what.to if re.fullmatch(r"@?[\w.-]+@[\w.:-]+", one.name)]
    if len(names) < len(what.to) or not names:
        raise UnexpectedAnswer(say("It is not known what this person is called in Mastodon. Nothing was sent. Your words are kept. Read their page once, then try again."))
    host = host_of(login.address)
    missing = [name.removesuffix(f"@{host}") for name in names if not is_named(name, what.text, host)]
    if missing:
        raise UnexpectedAnswer(say("A direct message reaches only those whom it names. Nothing was sent. Your words are kept. Write @{name} in it, then try again.", name=missing[0]))


def _visibility(what: Outgoing, target: Json | None) -> str:
    """Never wider than what is answered."""
    wanted = _VISIBILITY[what.audience]
    theirs = string(target, "visibility") if target is not None else ""
    return max(wanted, theirs, key=_WIDE.index) if theirs in _WIDE else wanted


def _target(login: Login, what: Outgoing, token: str, door: Door) -> Json:
    """What is answered, as our own server knows it. Raises Gone."""
    assert what.towards is not None
    uri = what.towards.key.native_id
    found = None
    if origin(uri)[1:] == origin(login.address)[1:] and (number := re.fullmatch(r".*/([\w-]+)", uri)):
        answer = door.get(
            f"{login.address}/api/v1/statuses/{quote(number[1], safe='')}", token=token, token_origin=login.address, accept="application/json",
            also=frozenset({404, 410, 400, 422}),
        )  # fmt: skip
        found = answer.json() if answer.status == 200 else None
    if not isinstance(found, dict) or status_uri(found) != uri:
        query = urlencode({"q": uri, "type": "statuses", "resolve": "true", "limit": "5"})
        data = door.get_json(f"{login.address}/api/v2/search?{query}", token=token, token_origin=login.address)
        found = next((one for one in records(data, "statuses") if status_uri(one) == uri), None) or _among_theirs(login, what, token, door)
    if not isinstance(found, dict) or not string(found, "id", 200):
        raise Gone(say("{host} does not know what this answers. Nothing was sent. Your words are kept. Look at its page.", host=host_of(login.address)))
    return found


def _among_theirs(login: Login, what: Outgoing, token: str, door: Door) -> Json | None:
    """Some servers search no posts: then it is looked for among the newest of whoever wrote it."""
    assert what.towards is not None
    name = next((one.name.lstrip("@") for one in what.to if one.value == what.towards.actor.native_id), "")
    if not name:
        return None
    base = login.address
    query = urlencode({"acct": name.removesuffix(f"@{host_of(base)}")})
    who = door.get(f"{base}/api/v1/accounts/lookup?{query}", token=token, token_origin=base, accept="application/json", also=frozenset({404, 410, 422}))
    number = string(who.json(), "id", 200) if who.status == 200 else ""
    theirs = door.get_json(f"{base}/api/v1/accounts/{quote(number, safe='')}/statuses?limit=40", token=token, token_origin=base) if number else ()
    shown = [one for each in theirs if isinstance(each, dict) for one in (each, record_of(each, "reblog"))] if isinstance(theirs, list) else []
    return next((one for one in shown if one is not None and status_uri(one) == what.towards.key.native_id), None)  # passed on, it may be shown as that alone


def _receipt(status: Json, target: Json | None, base: str, what: Outgoing) -> Receipt:
    parents = {string(target, "id", 200): target} if target is not None else None
    found = facts(status, parents)
    activity = next((fact for fact in found if isinstance(fact, Activity)), None)
    if activity is None:
        raise perhaps(host_of(base))
    if what.deed is Deed.MESSAGE and not activity.participants:  # some servers do not tell whom a post names
        to = [Key(PLACE, one.value) for one in what.to]
        named = replace(activity, participants=tuple(Participant(profile=key, role=Role.MENTIONED) for key in to))
        found = (*(fact for fact in found if fact is not activity), *(Profile(key=key) for key in to), named)
    return Receipt(key=activity.key, url=activity.url, facts=_mine(found, status))


def _mine(found: tuple[Fact, ...], status: Json) -> tuple[Fact, ...]:
    author = record_of(status, "account")
    return (profile_of(author, is_owner=True), *found) if author is not None else found


def _done(login: Login, what: Outgoing, status: Json) -> Receipt:
    """A favourite, or a boost whose own post is not told: keyed by who did what to what."""
    assert what.towards is not None
    boosted = record_of(status, "reblog")
    if what.deed is Deed.BOOST and boosted is not None:
        return _receipt(status, None, login.address, what)
    if login.profile is None or not status_uri(status):
        raise perhaps(host_of(login.address))
    if what.deed is Deed.BOOST:
        return Receipt(key=Key(PLACE, f"{login.profile.native_id}#boost:{what.towards.key.native_id}"), url=web(string(status, "url")))
    known = remembered(login.profile, what.towards.key.native_id, bookmark=False)
    now = datetime.now(UTC).replace(microsecond=0)  # the place never says when a favourite was given
    found = tuple(replace(fact, published=now, precision=Precision.SECOND) if isinstance(fact, Activity) else fact for fact in known)
    key = next(fact.key for fact in found if isinstance(fact, Activity))
    return Receipt(key=key, url=web(string(status, "url")), facts=found)
