"""From ActivityStreams 2.0 to our facts: what Mastodon's archives hold, and any other document. Pure.

What is of the fediverse gets the keys that reading Mastodon live gives: a post is known by its own id and not by that of
its publication, a boost by its activity's, a like or a follow by who did what to what. One unreadable record is one BadRecord.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from relationdesk.markup import html_to_text
from relationdesk.model import (
    Activity,
    Address,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Profile,
    Role,
    Tombstone,
    pairs,
    unique,
)
from relationdesk.saying import say
from relationdesk.sources import as_values as values
from relationdesk.sources.bio_links import addresses_in
from relationdesk.sources.chats import last_change
from relationdesk.sources.json_fields import Json, web
from relationdesk.sources.mastodon_facts import PLACE as FEDIVERSE
from relationdesk.sources.mastodon_facts import edited as edited_at
from relationdesk.text import one_line, tidy

PLACE = "activitystreams"
_PEOPLE = frozenset({"Person", "Service", "Application", "Group", "Organization"})
_PUBLISHED = frozenset({"Create", "Update", "Post"})
_THINGS = frozenset({"Note", "Question", "Article", "Page", "Video", "Audio", "Image", "Document", "Event", "Comment", "Status", "Photo"})
_KINDS = {"Article": Kind.ARTICLE, "Page": Kind.ARTICLE, "Video": Kind.VIDEO, "Image": Kind.PHOTO, "Photo": Kind.PHOTO, "Event": Kind.EVENT, "Comment": Kind.COMMENT}
_REACTIONS = {"Like": "favourite", "Dislike": "dislike", "EmojiReact": "emoji", "Follow": "follow"}
_INVITATIONS = frozenset({"Invite", "Offer"})
_SILENT = frozenset({"Block", "Ignore", "Flag"})
_COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})
_MEDIA = {"image": "Image", "video": "Video", "audio": "Audio"}
_AUTHOR = re.compile(r"(https?://[^/\s]+/users/[^/\s]+)/statuses/[^/\s]+(?:/activity)?")
_HOST = re.compile(r"https?://([^/?#@\s]+)", re.IGNORECASE)


class BadRecord(Exception):
    """This record tells nothing that can be kept; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How records are looked at. place: FEDIVERSE or PLACE. me: ids, pages and handles of the owner, small letters."""

    place: str
    me: frozenset[str] = field(default_factory=frozenset)

    @property
    def federated(self) -> bool:
        return self.place == FEDIVERSE

    def key(self, id_: str) -> Key:
        return Key(self.place, id_)


def facts(record: Any, view: View, depth: int = 0) -> Iterator[Fact]:
    """Profiles first, then what was done. Raises BadRecord."""
    if isinstance(record, str):
        raise BadRecord(say("It is only an address, and says nothing of what is there."))
    if not isinstance(record, dict):
        raise BadRecord(say("It is no object."))
    if values.is_old(record):
        record = values.modern(record)
    types = values.types_of(record)
    if _COLLECTIONS.intersection(types) and depth < 3:
        yield from _inside(record, view, depth)
    elif _PEOPLE.intersection(types):
        yield person(record, view)
    elif "Tombstone" in types and values.id_of(record):
        yield Tombstone(key=view.key(values.id_of(record)))
    elif values.entries(record, "actor"):
        yield from _deed(record, types, view, depth)
    elif _THINGS.intersection(types) or values.entries(record, "attributedTo"):
        yield from thing(record, view, record)
    else:
        raise BadRecord(say("It says of nobody that they did something."))


def _inside(record: Json, view: View, depth: int) -> Iterator[Fact]:
    """The items of a collection, or of the page that is written into it."""
    lists = [record.get(name) for name in ("items", "orderedItems")]
    found = [entry for some in lists if isinstance(some, list) for entry in some]
    found += [entry for entry in values.entries(record, "first") if isinstance(entry, dict)]
    inner: list[Fact] = []
    for entry in found:
        try:
            inner += facts(entry, view, depth + 1)
        except BadRecord:
            continue
    if not inner:
        raise BadRecord(say("It is a collection, and nothing in it can be read."))
    yield from inner


def person(who: Json, view: View, *, known: bool = False) -> Profile:
    """A profile from a whole actor. Raises BadRecord for one without an id."""
    id_ = values.id_of(who)
    if not id_:
        raise BadRecord(_unknown(who))
    user = one_line(values.words(who, "preferredUsername"), 300)
    summary = values.words(who, "summary")
    addresses: list[Address] = []
    for entry in values.entries(who, "attachment")[:50]:
        if "PropertyValue" in values.types_of(entry):
            addresses += addresses_in(values.words(entry, "value"), vouched=False)
    addresses += addresses_in(summary, vouched=False)
    page = values.link(who) or id_
    return Profile(
        key=view.key(id_), handle=_handle(user, id_, view), display_name=one_line(html_to_text(values.words(who, "name"))) or user,
        url=web(page), bio=tidy(html_to_text(summary), 20_000), addresses=unique(addresses), known=known,
        is_owner=_is_me({id_, page, _handle(user, id_, view)}, view), is_company="Organization" in values.types_of(who),
    )  # fmt: skip


def _unknown(who: Any) -> str:
    name = one_line(html_to_text(who if isinstance(who, str) else values.words(who, "name")), 60)
    return say("It calls somebody “{name}” without an id, who could be anybody of that name.", name=name) if name else say("It does not say whose it is.")


def _is_word(who: Any) -> bool:
    """A text in place of somebody is their id, so it holds a colon or a slash; “Sally” alone is a name."""
    return isinstance(who, str) and ":" not in who and "/" not in who


def _handle(user: str, id_: str, view: View) -> str:
    host = _HOST.match(id_)
    return f"{user}@{host.group(1).lower()}" if user and host and view.federated and "@" not in user else user


def _is_me(names: set[str], view: View) -> bool:
    return bool(view.me.intersection(name.casefold().lstrip("@") for name in names if name))


class _People:
    """Who takes part in one record: each profile once, each role once, the actor in none."""

    def __init__(self, actor: Any, view: View) -> None:
        self._view = view
        self._found: dict[str, Profile] = {}
        self._roles: dict[str, Role] = {}
        self.actor = self._add(actor)
        if not self.actor:
            raise BadRecord(_unknown(actor))

    def _add(self, who: Any) -> str:
        id_ = values.id_of(who)
        if not id_ or _is_word(who):
            return ""
        whole = isinstance(who, dict) and bool(_PEOPLE.intersection(values.types_of(who)) or values.words(who, "name") or values.words(who, "preferredUsername"))
        if whole and (id_ not in self._found or not self._found[id_].display_name):
            self._found[id_] = person(who, self._view)
        elif id_ not in self._found:
            self._found[id_] = Profile(key=self._view.key(id_), is_owner=_is_me({id_}, self._view))
        return id_

    def add(self, who: Any, role: Role) -> None:
        id_ = self._add(who) if values.id_of(who) != self.actor and not values.is_crowd(values.id_of(who)) else ""
        if id_:
            self._roles.setdefault(id_, role)

    def mention(self, tag: Json) -> None:
        """Somebody who is named, with the name that the mention gives; one without a host is of the actor's server."""
        id_, name = values.id_of(tag.get("href")), one_line(values.words(tag, "name"), 300).lstrip("@")
        if not id_ or id_ == self.actor:
            return
        host = _HOST.match(self.actor)
        handle = name if "@" in name or not host or not name else f"{name}@{host.group(1).lower()}"
        self.add(id_, Role.MENTIONED)
        if not self._found[id_].handle:
            told = self._found[id_]
            self._found[id_] = Profile(key=told.key, handle=handle, is_owner=told.is_owner or _is_me({handle}, self._view))

    def profiles(self) -> list[Profile]:
        return list(self._found.values())

    def participants(self) -> tuple[Participant, ...]:
        return tuple(Participant(profile=self._view.key(id_), role=role) for id_, role in self._roles.items())


def author_of(uri: str) -> str:
    """Whose post an id of Mastodon or GoToSocial is, "" for others: there the id begins with the author's."""
    found = _AUTHOR.fullmatch(uri)
    return found.group(1) if found else ""


def thing(what: Json, view: View, around: Json) -> Iterator[Fact]:
    """Something written or made. around: the activity that published it, for what it does not say itself. Raises BadRecord."""
    author = next(iter((*values.entries(what, "attributedTo"), *values.entries(around, "actor"), *values.entries(around, "attributedTo"))), None)
    people = _People(author, view)
    answered = next(values.ids(what, "inReplyTo"), "")
    if (writer := author_of(answered)) and view.federated:
        people.add(writer, Role.REPLY_TO)
    mentions = [tag for tag in values.entries(what, "tag") if isinstance(tag, dict) and "Mention" in values.types_of(tag)]
    for tag in mentions:
        people.mention(tag)
    if not mentions:
        for name, role in (("to", Role.TO), ("cc", Role.CC)):
            for one in values.entries(what, name) or values.entries(around, name):
                people.add(one, role)
    types = values.types_of(what)
    event = "Event" in types and not view.federated
    published, precision = values.moment(what, *(("startTime",) if event else ()), "published")
    if published is None:
        published, precision = values.moment(around, "published", "updated")
    kind = next((_KINDS[name] for name in types if name in _KINDS), Kind.POST) if not view.federated else Kind.POST
    title = one_line(values.words(what, "summary") if view.federated else html_to_text(values.words(what, "name")), 500)
    text = _words(what, around, view)
    id_ = values.id_of(what) or _made_up(people.actor, "wrote", title, text, str(published))
    yield from people.profiles()
    yield Activity(
        key=view.key(id_), actor=view.key(people.actor), kind=Kind.REPLY if answered and kind is Kind.POST else kind,
        published=published, precision=precision, title=title, text=text, url=values.link(what) or web(id_),
        in_reply_to=answered, thread="" if view.federated else next(values.ids(what, "conversation", "context"), ""),
        audience=values.audience_of(what if any(values.ids(what, "to", "cc")) else around), participants=people.participants(),
        revised=last_change(values.moment(what, "updated")[0], published),
        extra=pairs(edited=edited_at(one_line(values.words(what, "updated"), 60)) if view.federated else ""),
    )  # fmt: skip


def _words(what: Json, around: Json, view: View) -> str:
    """The words, the choices of a poll, what the pictures are said to show: as a reading of Mastodon gives them."""
    lines = [values.plain(what, "content")]
    if not view.federated:
        lines[0] = lines[0] or values.plain(what, "summary") or values.plain(around, "summary")
    options = [one_line(values.words(option, "name"), 500) for name in ("oneOf", "anyOf") for option in values.entries(what, name)]
    lines.append("\n".join(f"○ {option}" for option in options if option))
    for medium in values.entries(what, "attachment"):
        if isinstance(medium, dict) and "PropertyValue" not in values.types_of(medium):
            kind = str(medium.get("mediaType") or next(iter(values.types_of(medium)), "")).partition("/")[0].lower()
            described = one_line(values.words(medium, "name"), 2_000)
            title = _MEDIA.get(kind, "Attachment")
            lines.append(f"[{title}: {described}]" if described else f"[{title}]")
    return tidy("\n\n".join(line for line in lines if line))


def _deed(record: Json, types: tuple[str, ...], view: View, depth: int) -> Iterator[Fact]:
    objects = values.entries(record, "object")
    first = objects[0] if objects else None
    if _SILENT.intersection(types):
        raise BadRecord(say("Blocking, hiding and reporting are left out."))
    if _PUBLISHED.intersection(types) and first is not None:
        yield from thing(first if isinstance(first, dict) else {"id": first}, view, record)
    elif "Announce" in types:
        yield from _share(record, first, view)
    elif reaction := next((_REACTIONS[name] for name in types if name in _REACTIONS), ""):
        yield from _reaction(record, reaction, first, view)
    elif "Delete" in types or "Undo" in types:
        yield from _withdrawn(record, first, view, depth)
    else:
        yield from _other(record, types, first, view)


def _share(record: Json, shared: Any, view: View) -> Iterator[Fact]:
    people = _People(values.entries(record, "actor")[0], view)
    uri = values.id_of(shared)
    if not uri:
        raise BadRecord(say("It does not say what was passed on."))
    author = next(iter(values.entries(shared, "attributedTo")), "") if isinstance(shared, dict) else ""
    named = [id_ for id_ in values.ids(record, "cc", "to") if not values.is_crowd(id_) and id_ != people.actor]
    people.add(author or author_of(uri) or next(iter(named), ""), Role.SUBJECT)
    published, precision = values.moment(record, "published")
    whole = shared if isinstance(shared, dict) else {}
    yield from people.profiles()
    yield Activity(
        key=view.key(values.own_id(record) or _made_up(people.actor, "share", uri)), actor=view.key(people.actor), kind=Kind.SHARE,
        published=published, precision=precision, title=one_line(values.words(whole, "summary"), 500), text=_words(whole, record, view) if whole else "",
        url=values.link(whole) or web(uri), audience=values.audience_of(record),
        participants=people.participants(), extra=pairs(shared=uri),
    )  # fmt: skip


def _reaction_id(actor: str, reaction: str, uri: str) -> str:
    return f"{actor}#{reaction}:{uri}"


def _reaction(record: Json, reaction: str, what: Any, view: View) -> Iterator[Fact]:
    people = _People(values.entries(record, "actor")[0], view)
    uri = values.id_of(what)
    if not uri:
        raise BadRecord(say("It does not say what this is about."))
    followed = reaction == "follow"
    author = next(iter(values.entries(what, "attributedTo")), "") if isinstance(what, dict) else ""
    people.add(what if followed else author or author_of(uri), Role.SUBJECT)
    published, precision = values.moment(record, "published")
    emoji = one_line(values.words(record, "content"), 50) if reaction == "emoji" else ""
    yield from people.profiles()
    yield Activity(
        key=view.key(_reaction_id(people.actor, reaction, uri)), actor=view.key(people.actor), kind=Kind.REACTION, published=published,
        precision=precision, text=_words(what, {}, view) if isinstance(what, dict) and not followed else "",
        url=(values.link(what) if isinstance(what, dict) else "") or web(uri), in_reply_to="" if followed else uri,
        participants=people.participants(), extra=pairs(reaction=emoji or ("like" if reaction == "favourite" and not view.federated else reaction)),
    )  # fmt: skip


def _withdrawn(record: Json, what: Any, view: View, depth: int) -> Iterator[Fact]:
    """Something taken back by whoever may: the one who did it, or their server."""
    actor, uri = values.id_of(values.entries(record, "actor")[0]), values.id_of(what)
    if (isinstance(what, dict) and not uri) or (isinstance(what, dict) and values.types_of(what) and values.entries(what, "actor")):
        undone = [fact for fact in facts(what, view, depth + 1) if isinstance(fact, Activity)] if depth < 3 else []
        yield from (Tombstone(key=fact.key) for fact in undone if fact.actor.native_id == actor)
        return
    mine, theirs = _HOST.match(actor), _HOST.match(uri)
    if not uri or (mine and theirs and mine.group(1).lower() != theirs.group(1).lower()):
        raise BadRecord(say("It takes back what somebody else did, or does not say what."))
    yield Tombstone(key=view.key(uri))


def _other(record: Json, types: tuple[str, ...], what: Any, view: View) -> Iterator[Fact]:
    """Whatever else was done: with its own words, and with the record as it is."""
    people = _People(values.entries(record, "actor")[0], view)
    for one in values.entries(record, "target"):
        if isinstance(one, str) or _PEOPLE.intersection(values.types_of(one)):
            people.add(one, Role.SUBJECT)
    if isinstance(what, dict) and _PEOPLE.intersection(values.types_of(what)) and values.id_of(what):
        people.add(what, Role.SUBJECT)
    for name, role in (("to", Role.TO), ("cc", Role.CC)):
        for one in values.entries(record, name):
            people.add(one, role)
    published, precision = values.moment(record, "published", "startTime", "updated")
    text = values.plain(record, "summary") or values.plain(record, "content") or values.plain(what, "name")
    uri = values.id_of(what)
    yield from people.profiles()
    yield Activity(
        key=view.key(values.own_id(record) or _made_up(people.actor, *types, uri, text, str(published))), actor=view.key(people.actor),
        kind=Kind.INVITATION if _INVITATIONS.intersection(types) else Kind.OTHER, published=published, precision=precision, text=text,
        url=values.link(record) or web(uri), audience=values.audience_of(record), participants=people.participants(),
        extra=pairs(type=next(iter(types), ""), raw=_as_it_is(record)),
    )  # fmt: skip


def _as_it_is(record: Json) -> str:
    try:
        return tidy(json.dumps(record, ensure_ascii=False), 4_000)
    except RecursionError:
        return ""


def _made_up(*parts: str) -> str:
    """An id of fields that do not change, for what has none."""
    return f"as:{hashlib.sha1(chr(0).join(parts).encode('utf-8', 'replace')).hexdigest()}"


def remembered(owner: Key, uri: str, *, bookmark: bool) -> Iterator[Fact]:
    """A like or a bookmark of the owner, as an archive lists it: only what, never when."""
    author = author_of(uri)
    if author and author != owner.native_id:
        yield Profile(key=Key(owner.place, author))
    yield Activity(
        key=Key(owner.place, f"{owner.native_id}#bookmark:{uri}" if bookmark else _reaction_id(owner.native_id, "favourite", uri)), actor=owner,
        kind=Kind.BOOKMARK if bookmark else Kind.REACTION, published=None, precision=Precision.UNKNOWN, url=web(uri),
        in_reply_to="" if bookmark else uri, audience=Audience.PRIVATE if bookmark else Audience.PUBLIC,
        participants=(Participant(profile=Key(owner.place, author), role=Role.SUBJECT),) if author and author != owner.native_id else (),
        extra=() if bookmark else pairs(reaction="favourite"),
    )  # fmt: skip

