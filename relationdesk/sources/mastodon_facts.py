"""From the Mastodon client API's JSON to our facts. Pure; tolerant of Pleroma, GoToSocial, Pixelfed and snac.

Keys are the global ActivityPub `uri`s: a server's own numbers mean nothing on the next server. One unreadable record
is one `Rejected`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from relationdesk.markup import html_to_text
from relationdesk.model import (
    Activity,
    Address,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Profile,
    Rejected,
    Role,
    Tombstone,
    pairs,
    unique,
)
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_in
from relationdesk.sources.chats import last_change
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string, web
from relationdesk.text import one_line, tidy

PLACE = "mastodon"
_AUDIENCES = {"private": Audience.FOLLOWERS, "direct": Audience.PRIVATE, "limited": Audience.PRIVATE,
              "list": Audience.PRIVATE, "mutuals_only": Audience.FOLLOWERS}  # fmt: skip
_MEDIA = {"image": "Image", "gifv": "Animation", "video": "Video", "audio": "Audio"}
_REACTIONS = {"favourite": "favourite", "reblog": "boost", "follow": "follow", "follow_request": "follow",
              "pleroma:emoji_reaction": "emoji", "reaction": "emoji"}  # fmt: skip


def actor_uri(who: Json) -> str:
    """The global id of somebody. Servers before 4.2 and all mentions leave `uri` out: then Mastodon's own convention
    (https://host/@user is https://host/users/user) turns the page into the id; other software uses one address."""
    uri = web(string(who, "uri"))
    if uri:
        return uri
    url = web(string(who, "url"))
    page = re.fullmatch(r"(https?://[^/]+)/@([^/@]+)/?", url)
    return f"{page.group(1)}/users/{page.group(2)}" if page else url


def handle_of(who: Json) -> str:
    """user@host, the host taken from the page where `acct` leaves it out (as servers do for their own people)."""
    acct = string(who, "acct", 300).lstrip("@") or string(who, "username", 300)
    host = re.match(r"https?://([^/]+)", string(who, "url") or string(who, "uri"))
    return acct if "@" in acct or not host or not acct else f"{acct}@{host.group(1)}"


def profile_of(who: Json, *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from the API's entity for somebody, or from a mention, which tells less.

    A field with `verified_at` is vouched for: the server found a rel="me" link back from that page. Other links in
    the fields and the bio are only said.
    """
    # A mention has no name at all, which must not overwrite the one that is known.
    name = (one_line(string(who, "display_name")) or string(who, "username", 300)) if "display_name" in who else ""
    note = string(who, "note", 20_000)
    addresses: list[Address] = []
    for item in records(who, "fields")[:50]:
        value = string(item, "value", 4_000)
        addresses += addresses_in(value, vouched=bool(item.get("verified_at")))
    addresses += addresses_in(note, vouched=False)
    return Profile(
        key=Key(PLACE, actor_uri(who)), handle=handle_of(who),
        display_name=name,
        url=web(string(who, "url")) or actor_uri(who),
        bio=tidy(html_to_text(str(who.get("note") or "")), 20_000), addresses=unique(addresses), known=known,
        is_owner=is_owner,
    )  # fmt: skip


def is_unlisted(who: Json) -> bool:
    """Whether somebody said that they do not want to be found, only met: no search engine, no directory."""
    return who.get("noindex") is True or who.get("discoverable") is False


def edited(text: str) -> str:
    """When something was edited, to the second: archives do not know it better, and the two must not differ."""
    moment, _ = moment_of(text)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment is not None else text


def status_uri(status: object) -> str:
    """The global id of a status, "" if there is none."""
    return string(status, "uri") or web(string(status, "url"))


def facts(status: Json, parents: Mapping[str, Json] | None = None) -> tuple[Fact, ...]:
    """Profiles first, then the one activity of a status; a `Rejected` if it cannot be one.

    parents: other statuses by this server's id, for `in_reply_to` (a status tells only the server's number).
    """
    uri, who = status_uri(status), record_of(status, "account")
    if not uri or who is None or not actor_uri(who):
        where = f"mastodon status {string(status, 'id', 100) or '?'}"
        return (Rejected(where=where, reason=say("it has no address or no author")),)
    boosted = record_of(status, "reblog")
    found = _People(actor_uri(who))
    found.add(who, None)
    if boosted is not None:
        return _share(status, uri, boosted, found)
    parent = (parents or {}).get(string(status, "in_reply_to_id", 200))
    _reply_to(status, parent, found)
    for mention in records(status, "mentions"):
        found.add(mention, Role.MENTIONED)
    quoted = _quoted(status)
    if quoted is not None and (author := record_of(quoted, "account")) is not None:
        found.add(author, Role.SUBJECT)
    published, precision = moment_of(string(status, "created_at"))
    activity = Activity(
        key=Key(PLACE, uri), actor=Key(PLACE, found.actor), published=published, precision=precision,
        kind=Kind.REPLY if string(status, "in_reply_to_id") else Kind.POST, title=string(status, "spoiler_text", 500),
        text=text_of(status), url=web(string(status, "url")) or web(uri),
        in_reply_to=status_uri(parent) if parent is not None else "",
        audience=_AUDIENCES.get(string(status, "visibility"), Audience.PUBLIC), participants=found.participants(),
        revised=last_change(moment_of(string(status, "edited_at"))[0], published),
        extra=pairs(edited=edited(string(status, "edited_at")), quoted=text_of(quoted) if quoted is not None else ""),
    )  # fmt: skip
    return (*found.profiles(), activity)


def _share(status: Json, uri: str, boosted: Json, found: _People) -> tuple[Fact, ...]:
    author = record_of(boosted, "account")
    if author is not None:
        found.add(author, Role.SUBJECT)
    published, precision = moment_of(string(status, "created_at"))
    activity = Activity(
        key=Key(PLACE, uri), actor=Key(PLACE, found.actor), kind=Kind.SHARE, published=published, precision=precision,
        title=string(boosted, "spoiler_text", 500), text=text_of(boosted),
        url=web(string(boosted, "url")) or web(status_uri(boosted)),
        audience=_AUDIENCES.get(string(status, "visibility"), Audience.PUBLIC), participants=found.participants(),
        extra=pairs(shared=status_uri(boosted)),
    )  # fmt: skip
    return (*found.profiles(), activity)


def _reply_to(status: Json, parent: Json | None, found: _People) -> None:
    """The author of what is answered: from the parent, else the mention that has the same number."""
    if parent is not None and (author := record_of(parent, "account")) is not None:
        found.add(author, Role.REPLY_TO)
        return
    number = string(status, "in_reply_to_account_id", 200)
    for mention in records(status, "mentions"):
        if number and string(mention, "id", 200) == number:
            found.add(mention, Role.REPLY_TO)
            return


def _quoted(status: Json) -> Json | None:
    quote = record_of(status, "quote")
    if quote is None:
        return None
    return record_of(quote, "quoted_status") or (quote if status_uri(quote) else None)


def text_of(status: Json) -> str:
    """The words of a status: its content, the choices of a poll, what the pictures are said to show."""
    lines = [html_to_text(str(status.get("content") or ""))]
    poll = record_of(status, "poll")
    if poll is not None:
        lines.append("\n".join(f"○ {string(option, 'title', 500)}" for option in records(poll, "options")))
    for medium in records(status, "media_attachments"):
        name = _MEDIA.get(string(medium, "type"), "Attachment")
        described = one_line(str(medium.get("description") or ""), 2_000)
        lines.append(f"[{name}: {described}]" if described else f"[{name}]")
    return tidy("\n\n".join(line for line in lines if line))


class _People:
    """Who takes part in one status, each once per role, the actor first."""

    def __init__(self, actor: str) -> None:
        self.actor = actor
        self._known: dict[str, Json] = {}
        self._roles: dict[tuple[str, Role], None] = {}

    def add(self, who: Json, role: Role | None) -> None:
        uri = actor_uri(who)
        if not uri:
            return
        # A mention knows less than an entity with a uri of its own, which therefore wins.
        if uri not in self._known or ("uri" in who and "uri" not in self._known[uri]):
            self._known[uri] = who
        taken = (uri, Role.REPLY_TO) in self._roles and role is Role.MENTIONED
        if role is not None and uri != self.actor and not taken:
            self._roles[(uri, role)] = None

    def profiles(self) -> list[Profile]:
        return [profile_of(who) for who in self._known.values()]

    def participants(self) -> tuple[Participant, ...]:
        return tuple(Participant(profile=Key(PLACE, uri), role=role) for uri, role in self._roles)


def only_about(owner: Key, found: Iterable[Fact]) -> Iterator[Fact]:
    """What a server we have no login on may say about one of its own people: their posts, and nothing about others.

    Else any server that is followed could rewrite or withdraw what people elsewhere said, or vouch for a link to get
    its person taken for somebody else. So the owner's links are left out (our own server's word on them counts), of
    other people only their ids and handles are kept, and posts or withdrawals that are not the owner's are dropped.
    """
    host = _host(owner.native_id)
    for fact in found:
        if isinstance(fact, Profile):
            if fact.key == owner:
                yield replace(fact, addresses=())
            else:
                own_handle = fact.handle.endswith(f"@{_host(fact.key.native_id)}")
                yield Profile(key=fact.key, handle=fact.handle if own_handle else "", url=fact.key.native_id)
        elif isinstance(fact, Activity):
            if fact.actor == owner and _host(fact.key.native_id) == host:
                yield fact
            else:
                yield Rejected(where="mastodon status", reason=say("this server may not speak for its author"))
        elif not isinstance(fact, Tombstone) or _host(fact.key.native_id) == host:
            yield fact


def _host(uri: str) -> str:
    found = re.match(r"https?://([^/?#@\s]+)", uri, re.IGNORECASE)
    return found.group(1).lower() if found else ""


def notification_facts(item: Json, me: Key | None, parents: Mapping[str, Json] | None = None) -> tuple[Fact, ...]:
    """What somebody did towards me. Mentions and new posts are their statuses; favourites, boosts and follows are
    reactions, keyed by who did what to what (a server's notification numbers are its own, and may come twice).
    Unknown types say nothing: new ones are invented every year."""
    kind, who, status = string(item, "type"), record_of(item, "account"), record_of(item, "status")
    if kind in ("mention", "status", "update", "quote", "quoted_update"):
        return facts(status, parents) if status is not None else ()
    if kind not in _REACTIONS or who is None or not actor_uri(who):
        return ()
    reaction = _REACTIONS[kind]
    target = status_uri(status) if status is not None else (me.native_id if me else "")
    if not target:
        return ()
    published, precision = moment_of(string(item, "created_at"))
    actor = Key(PLACE, actor_uri(who))
    activity = Activity(
        key=Key(PLACE, f"{actor.native_id}#{reaction}:{target}"), actor=actor, kind=Kind.REACTION, published=published,
        precision=precision, text=text_of(status) if status is not None else "",
        url=web(string(status, "url")) if status is not None else profile_of(who).url,
        in_reply_to=target if status is not None else "",
        participants=(Participant(profile=me, role=Role.SUBJECT),) if me and me != actor else (),
        extra=pairs(reaction=string(item, "emoji", 50) or reaction),
    )  # fmt: skip
    return (profile_of(who), activity)
