"""The nouns of the house: what comes from the world and what the user decides, as frozen values that travel from a source to
the store and from the store to the screen. What the desk derives from them stands in derived.py.

Standard library only. Nothing here knows a place, a database or a window. Times are aware and UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from relationdesk.troubles import Trouble


class Key(NamedTuple):
    """What the world calls a thing: the place, and the id which that place will never give to another.

    `native_id` is the place's *global* id (ActivityPub `uri`, not a server's row number). Where a place has none,
    it is a hash of fields that do not change.
    """

    place: str
    native_id: str


UNDATED = 1  # `Profile.revised` of what its file does not date: it yields to whatever is dated
CARD_PLACES = frozenset({"contacts", "hubspot", "salesforce", "zoho", "pipedrive", "monica"})
"""Places that so far only tell who somebody is: address books and CRM lists. Nothing can be quiet or unread there."""


class Kind(StrEnum):
    """What was done. The value is stored and exported: never rename, only append."""

    POST = "post"
    REPLY = "reply"  # a public answer to something
    COMMENT = "comment"
    SHARE = "share"  # somebody else's words passed on
    REACTION = "reaction"  # like, favourite, applause; which one stands in extra["reaction"]
    MESSAGE = "message"  # a private message in a network
    MAIL = "mail"
    INVITATION = "invitation"
    CONNECTION = "connection"  # the day two people connected
    ENDORSEMENT = "endorsement"
    RECOMMENDATION = "recommendation"
    POSITION = "position"  # a role begun or ended
    ARTICLE = "article"
    VIDEO = "video"
    PHOTO = "photo"
    BOOKMARK = "bookmark"
    EVENT = "event"
    OTHER = "other"
    CALL = "call"  # a call through a place; a call that the user notes down is a note


class Direction(StrEnum):
    """Derived from whose desk this is, never stored: link a profile to yourself and its past turns `out` or `self`."""

    IN = "in"  # done by somebody else
    OUT = "out"  # done by me towards somebody
    SELF = "self"  # done by me towards nobody in particular


class Precision(StrEnum):
    """How exactly `published` is known. What is not known is never made up."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"  # published is None


class Audience(StrEnum):
    """Who could read it when it was done. PRIVATE stays out of exports unless the user asks for it."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    PRIVATE = "private"


class Role(StrEnum):
    """How somebody else than the actor takes part in an activity."""

    TO = "to"
    CC = "cc"
    BCC = "bcc"
    REPLY_TO = "reply_to"  # the author of what is being answered
    MENTIONED = "mentioned"
    SUBJECT = "subject"  # endorsed, recommended, invited, connected with, reacted to


class AddressKind(StrEnum):
    MAIL = "mail"  # folded to lower case, no display name
    PHONE = "phone"  # as written
    WEB = "web"  # canonical address, see text.canonical_url
    PICTURE = "picture"  # what is known of theirs without loading it: gravatar:SUM, github:NUMBER, look:BITS (see sources/portraits.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A way to reach somebody. `vouched`: the place itself guarantees it (verified link, the address it delivers to)."""

    kind: AddressKind
    value: str
    vouched: bool = False


class DayKind(StrEnum):
    """Which day of somebody's life. The value is stored and exported: never rename, only append."""

    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"  # of a wedding, unless the place means another one
    WORK = "work"  # the day on which they began where they work


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeDay:
    """A day of somebody that comes back every year. year: None where it is not told. There is such a day in the calendar."""

    kind: DayKind
    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    profile: Key
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One person's (or company's) presence in one place, as that place tells it.

    `extra`: sorted pairs of what the place tells besides, shown when somebody is looked up and not kept: "picture" (an address, never
    loaded), "since" (a day), and counts under their names ("followers", "posts").
    `known`: the owner of the desk keeps this one on purpose (a connection, a card, a followed profile, somebody written to), so it may become
    a person of its own without asking. `is_owner`: the archive or login says that this is its owner. A field left empty says and erases nothing.
    `gone`: the place made another profile of it, which its addresses name; it is kept only where the desk has it, or something in it, already.
    `revised`: unix seconds of its last change, 0 where that is not told. A version that is older than what is known only fills gaps.
    """

    key: Key
    handle: str = ""
    display_name: str = ""
    url: str = ""
    bio: str = ""  # plain text
    title: str = ""  # role in the company
    company: str = ""
    addresses: tuple[Address, ...] = ()
    known: bool = False
    is_owner: bool = False
    is_company: bool = False
    gone: bool = False
    days: tuple[LifeDay, ...] = ()  # at most one of a kind
    extra: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    revised: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something an actor did in a place. The same value goes from source to screen.

    text and title are plain text (sources convert markup). `published` is aware UTC, or None with Precision.UNKNOWN;
    with a coarser precision it is the *start* of what is known (midnight UTC of the day). `thread` groups a
    conversation within the place, `in_reply_to` is a native id of the same place. `extra` is sorted pairs of
    whatever only this place knows, values as text ("quoted": folded quoted history; "reaction"; "subject"). `revised` as in `Profile`;
    of a calendar's entry how often it was changed comes before the seconds.
    """

    key: Key
    actor: Key
    kind: Kind
    published: datetime | None
    precision: Precision = Precision.SECOND
    title: str = ""
    text: str = ""
    url: str = ""
    in_reply_to: str = ""
    thread: str = ""
    audience: Audience = Audience.PUBLIC
    participants: tuple[Participant, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    revised: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """The place says that this activity was withdrawn. Absence is never a Tombstone.

    returns: the place may show it again (a meeting put back, a deal restored). Then a login that reads it there brings it
    back; a file, which may be older than the withdrawal, does not. revised: as in `Activity`; a later version of it is not withdrawn.
    """

    key: Key
    returns: bool = False
    revised: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that could not be read: where ("messages.csv line 12") and one sentence why. Not an exception."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a source really read, so that quiet and unknown never look the same.

    profile None: everything of this place that this source reaches. since None: as far back as the place goes. written: when a file was
    written to disk that does not say when it was made; that was between `until`, the newest it tells of, and this."""

    place: str
    profile: Key | None = None
    since: datetime | None = None
    until: datetime
    written: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a source has come, for the person who waits. total 0: unknown. unit: "bytes" or a plural noun.

    found: facts so far, counted by whoever takes them.
    """

    done: int
    total: int = 0
    unit: str = "bytes"
    found: int = 0


Fact = Profile | Activity | Tombstone | Rejected | Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A human being in the desk. `uid` is a UUID text that survives export and import; `id` is this store's row.

    last_in / last_out: newest time something came from them / went from me to them, aware UTC, None never.
    """

    id: int
    uid: str
    name: str
    is_me: bool = False
    title: str = ""
    company_id: int | None = None
    company: str = ""
    last_in: datetime | None = None
    last_out: datetime | None = None
    open_prompts: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The firm that people belong to. `key`: the user marked it as a key company."""

    id: int
    uid: str
    name: str
    key: bool = False
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A group of people the user made, in the user's order. colour: "#RRGGBB"."""

    id: int
    uid: str
    name: str
    colour: str
    position: int
    people: int = 0


class NoteKind(StrEnum):
    NOTE = "note"
    CALL = "call"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The user's own words about a person or a company. The most precious value here.

    happened: when it was (the user's choice), aware UTC. saved: last write. minutes: duration of a call or meeting.
    trashed: when it was put in the trash, else None.
    """

    id: int
    uid: str
    person_id: int | None
    company_id: int | None
    kind: NoteKind
    text: str
    happened: datetime
    saved: datetime
    minutes: int = 0
    trashed: datetime | None = None
    mentions: tuple[int, ...] = ()  # person ids named with @


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Our own way into a source. The token lies in the system's key store under `secret_name`, never here."""

    id: int
    source: str
    place: str
    address: str  # the server, "https://hotel.example"; "" for feeds
    user_name: str = ""
    profile: Key | None = None  # who we are there
    has_token: bool = False
    rights: frozenset[str] | None = None  # what the token may, in the place's words; None where the place does not tell
    allow_private: bool = False  # the user allows this server on a private network
    last_good: datetime | None = None
    last_tried: datetime | None = None
    next_try: datetime | None = None
    failure: str = ""  # one sentence, "" when the last sync was good
    trouble: Trouble = Trouble.NONE  # why it failed
    paused: bool = False
    sends_by: str = ""  # where mail is sent by it, "smtps://host:465"; "" as follows from `address`

    @property
    def secret_name(self) -> str:
        return f"{self.source}:{self.user_name}@{self.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One thing a login reads incrementally: a followed profile, my notifications, my own posts. `name` keys the cursor."""

    name: str  # stable per login
    address: str
    profile: Key | None = None  # whose activities come; None: many people's
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one request brought. facts in reading order, actors before their activities.

    cursor is opaque and stored in the same transaction as the facts; "" keeps the old one. more: another page may follow at once. unchanged: the
    place said "nothing new" (304); then facts is (). again: when it wants to be asked again, aware UTC; None with the next reading.
    """

    facts: tuple[Fact, ...] = ()
    cursor: str = ""
    more: bool = False
    unchanged: bool = False
    again: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a write touched, so that each page can decide whether it is concerned."""

    people: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()
    companies: bool = False
    buckets: bool = False
    logins: bool = False
    matches: bool = False
    prompts: bool = False
    settings: bool = False
    outbox: bool = False
    rounds: bool = False
    templates: bool = False
    everything: bool = False
    undo: str = ""  # sentence for the toast, "" if there is nothing to take back

    def __or__(self, other: Changes) -> Changes:
        joined = {name: getattr(self, name) | getattr(other, name) for name in self.__slots__ if name != "undo"}
        return Changes(undo=other.undo or self.undo, **joined)


def pairs(**values: str) -> tuple[tuple[str, str], ...]:
    """Sorted non-empty pairs for `Activity.extra`."""
    return tuple(sorted((name, value) for name, value in values.items() if value))


def unique(values: Iterable[Address]) -> tuple[Address, ...]:
    """Addresses without repeats, first one wins, order kept; a vouched one replaces the same one unvouched."""
    found: dict[tuple[AddressKind, str], Address] = {}
    for value in values:
        slot = (value.kind, value.value)
        if value.value and (slot not in found or (value.vouched and not found[slot].vouched)):
            found[slot] = value
    return tuple(found.values())
