"""What goes out: the words of the house for what the user says to people from the desk, as frozen values.

Standard library only. The desk keeps an `Entry`, a source is given an `Outgoing` and answers with a `Receipt`. Times are aware and UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from relationdesk.model import Activity, Audience, Fact, Key, Role


class Deed(StrEnum):
    """What is done. The value is stored and exported: never rename, only append."""

    REPLY = "reply"  # a public answer
    LIKE = "like"
    BOOST = "boost"
    COMMENT = "comment"  # below something that is not a post: a ticket, a topic
    MESSAGE = "message"  # to one person, private
    MAIL = "mail"
    UNLIKE = "unlike"  # take a like back
    UNBOOST = "unboost"

    @property
    def has_words(self) -> bool:
        return self not in (Deed.LIKE, Deed.BOOST, Deed.UNLIKE, Deed.UNBOOST)

    @property
    def undoes(self) -> Deed | None:
        """What it takes back, None for what is said or done. Whoever may do that may take it back."""
        return {Deed.UNLIKE: Deed.LIKE, Deed.UNBOOST: Deed.BOOST}.get(self)

    @property
    def undone_by(self) -> Deed | None:
        return {Deed.LIKE: Deed.UNLIKE, Deed.BOOST: Deed.UNBOOST}.get(self)


class State(StrEnum):
    """Where something on its way out stands. The value is stored and exported: never rename, only append."""

    DRAFT = "draft"  # being typed, or held back
    WAITING = "waiting"  # sent by the user, until its time has come and the place can be asked
    SENDING = "sending"  # the place is asked, or was and did not say whether it has it
    SENT = "sent"
    FAILED = "failed"  # the place refused it, or it cannot be known whether it has it; the words are kept
    GIVEN_UP = "given up"  # the user no longer wants it sent; the words are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """To whom. value: a mail address, or the native id of a profile in the place. role: TO, CC or BCC."""

    value: str
    name: str = ""
    role: Role = Role.TO


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on its way out, and later that it is out. `uid` survives export and import, `id` is this store's row.

    towards: what is answered, liked or passed on. login: `Login.secret_name` of the way it goes. made, saved: when it was begun and
    last typed. queued: when the user sent it; not_before: until then it can still be held back; next_try: the place is not asked
    before. unsure: the place may have it, and is asked before anything is sent again. failure: one sentence, "" for none (of what is out: what it still waits for there). key, url:
    of the activity that it became.
    """

    id: int
    uid: str
    person_id: int | None
    place: str
    login: str
    deed: Deed
    towards: Key | None = None
    subject: str = ""
    text: str = ""
    recipients: tuple[Recipient, ...] = ()
    audience: Audience = Audience.PUBLIC
    state: State = State.DRAFT
    made: datetime
    saved: datetime
    queued: datetime | None = None
    not_before: datetime | None = None
    next_try: datetime | None = None
    tries: int = 0
    tried: datetime | None = None
    unsure: bool = False
    failure: str = ""
    key: Key | None = None
    url: str = ""
    sent: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """A deed that a login allows. most: of what the place counts as characters (see `Sends.length`), 0 without a limit.

    audiences: who may be let read it, the usual first. new: also without something that is answered. names: the place tells only those whom the words name.
    """

    deed: Deed
    most: int = 0
    audiences: tuple[Audience, ...] = (Audience.PUBLIC,)
    new: bool = False
    names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What a source is to send. uid: the same at every try, for the place to know it by. made: before the first try. since: when the
    user sent it; nothing in the place that is older can be it.

    towards: what is answered, None for something new. to: as in `Entry.recipients`. earlier: mails of the thread, oldest first, by
    their Message-IDs. others: native ids of what else the desk has sent there, which are not this one, however alike. undoes: the activity of mine that is
    taken back, None for what is said or done.
    """

    uid: str
    deed: Deed
    made: datetime
    text: str = ""
    subject: str = ""
    audience: Audience = Audience.PUBLIC
    towards: Activity | None = None
    to: tuple[Recipient, ...] = ()
    earlier: tuple[str, ...] = ()
    since: datetime | None = None
    others: frozenset[str] = frozenset()
    undoes: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The place has it. facts: what was sent as a sync would read it, profiles first; key: which of them it is. note: a sentence on what
    else has to happen there before others see it, "" nothing."""

    key: Key
    url: str = ""
    facts: tuple[Fact, ...] = field(default=(), compare=False)
    note: str = ""


def addressed(values: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Each address once, the first role wins, order kept; empty ones left out."""
    found: dict[str, Recipient] = {}
    for one in values:
        if one.value.strip():
            found.setdefault(one.value.strip().casefold(), one)
    return tuple(found.values())


def is_named(name: str, text: str, server: str) -> bool:
    """Whether a text that is said on a server (its host) names somebody, in places that tell only who is named. name: "joe@harbor.example", or "joe" for somebody on
    the same server; with @ before it or without. The short form is somebody of the same server: of anybody else it tells a stranger, or nobody."""
    local, _, host = name.removeprefix("@").partition("@")
    wanted = (host or server).casefold()
    if not local:
        return False
    found = re.finditer(rf"(?<![\w/@])@{re.escape(local)}(?:@([\w.:-]*\w))?(?![\w-]|\.\w|@)", text, re.IGNORECASE)
    return any((one[1] or server).casefold() == wanted for one in found)
