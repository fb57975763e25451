"""Add, test, follow, sync and remove logins. Tokens go to the key store, never to the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from relationdesk.errors import Gone, KeyringUnavailable, SourceError, UserMistake
from relationdesk.model import Changes, Login, Progress, Stream
from relationdesk.saying import say
from relationdesk.services import bringing, key_store, matching, spending, sync
from relationdesk.services.allowances import Meter
from relationdesk.services.door_equipment import equip, note_end
from relationdesk.services.key_store import KeyStore
from relationdesk.services.sync import Synced, source_for
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import Adopting, KeyMaking, LiveSource, Moving, OnlyOne, Sends, SendsElsewhere, WayIn
from relationdesk.sources.door import Door
from relationdesk.sources.door_addresses import is_private_name, secret_in
from relationdesk.store import logins, merge
from relationdesk.store.database import Desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from relationdesk.text import place_name

Clock = Callable[[], datetime]
Report = Callable[[Progress], None]
Stop = Callable[[], bool]
MakeDoor = Callable[[frozenset[str], Stop], Door]

__all__ = [
    "KeyStore",
    "WayIn",
    "also_followed",
    "ask_again",
    "asked",
    "connect",
    "equip",
    "follow",
    "follow_page",
    "for_page",
    "go_on",
    "key_page",
    "key_store",
    "makes_keys",
    "nothing_kept",
    "pause",
    "private_hosts",
    "refuse_secret",
    "remove",
    "sign_in_again",
    "stands_alone",
    "sync_one",
    "token_of",
    "unfollow",
    "way_in",
    "ways_in",
]  # fmt: skip


def ways_in() -> tuple[WayIn, ...]:
    """How each place can be connected, as it is offered."""
    return tuple(source.way_in for source in LIVE_SOURCES)


def way_in(name: str) -> WayIn | None:
    """The way into a source or place of this name ("feeds" and "youtube" are "feed"); None if there is none yet."""
    own = [source.way_in for source in LIVE_SOURCES if name in (source.name, f"{source.name}s", source.place)]
    offered = [way for way in ways_in() if name in way.places]
    return next(iter(own + offered), None)


def sign_in_again(login: Login) -> str:
    """What is typed to sign in again: the server, or where one signs in as somebody, "name@server"; "" if it is not known who."""
    way = way_in(login.source)
    if way is None or not way.signs_in:
        return login.address
    parts = urlsplit(login.address)
    server = login.address if parts.scheme == "imap" else parts.netloc + parts.path  # imap: is not the usual way
    return f"{login.user_name}@{server}" if login.user_name else ""


def _door(private: frozenset[str], stop: Stop) -> Door:
    return Door(allowed_hosts=private, stop=stop)


def _quiet(progress: Progress) -> None:
    """Nobody watches."""


def private_hosts(login: Login, *typed: str) -> frozenset[str]:
    """What this login may ask on a private network: its server, if the user allowed that, and then also the servers of
    handles and addresses the user typed for it. Never another port of the same computer, never a public name."""
    if not login.allow_private:
        return frozenset()
    return (_ports(login.address) | (_ports(login.sends_by) if login.sends_by else frozenset())).union(*(_ports(address, private_only=True) for address in typed))


def _ports(address: str, *, private_only: bool = False) -> frozenset[str]:
    """ "host:port" of a web address or handle, with the usual ports of web and mail if it names none; empty for nonsense."""
    try:
        typed = address.strip() if re.match(r"\w+://", address.strip()) else re.split(r"[@\s]", address.strip())[-1]
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.netloc.rpartition("@")[2].lower(), parts.port
    except ValueError:
        return frozenset()
    if not parts.hostname or (private_only and not is_private_name(parts.hostname)):
        return frozenset()
    return frozenset({host} if port else {f"{host}:{usual}" for usual in (80, 443, 993, 143)})


def connect(
    db: Desk, source_name: str, address: str, token: str, clock: Clock, *, allow_private: bool = False,
    until_quit: bool = False, limit: int | None = None, sends_by: str = "", report: Report = _quiet, stop: Stop = lambda: False, door: MakeDoor = _door,
) -> tuple[Login, Changes]:  # fmt: skip
    """Check that the place answers, keep the token in the key store, and make the login. limit: for a place that takes money, the most
    it may take a month (millionths), kept before anything is asked; None as it was. sends_by: where mail is sent by it, tried out before anything is
    kept (nothing is sent); "" as follows from the address.

    Raises a SourceError (nothing was added) or KeyringUnavailable (the token is kept nowhere; ask, then try again with
    until_quit). allow_private holds for the server at `address` and for nothing else; blogs on a private server get a
    login of their own, so that no other blog can lead us there.
    """
    source = source_for(source_name)
    token = token if source.takes_token else ""
    token = source.key_in(token) if isinstance(source, KeyMaking) else token
    draft = Login(id=0, source=source_name, place=source.place, address=address, allow_private=allow_private, sends_by=sends_by)
    opened = door(private_hosts(draft), stop)
    purse = spending.before_connecting(db, source, address, limit)
    spending.attach(opened, db, source, purse, clock)
    renewed = [token]
    opened.keep_key = renewed.append
    with nothing_kept():
        found = source.connect(address, token, opened)
        if sends_by and isinstance(source, SendsElsewhere):
            source.try_sending(found, sends_by, token, opened)
    token = renewed[-1]
    if isinstance(source, OnlyOne) and any(known.source == source.name and known.address != found.address for known in logins.every(db)):
        raise UserMistake(source.only_one)
    login = replace(found, allow_private=allow_private and bool(found.address), has_token=bool(token), sends_by=sends_by)
    if token:
        (key_store.keep_until_quit if until_quit else key_store.keep)(login.secret_name, token)
    with transaction(db):
        login_id = logins.save(db, login if token else _signed_in_before(db, login))
        made = _get(db, login_id)
        _adopt(db, source, made)
        spending.connected(db, purse, made)
    note_end(db, source, made, token)
    Meter(db, source, made, opened, clock, counted=0).count()
    return made, Changes(logins=True)


def makes_keys(source_name: str, *, writing: bool = False) -> bool:
    """Whether the place makes a key on a page of its own that is opened in the browser. writing: also one by which something can be said."""
    source = source_for(source_name)
    return isinstance(source, KeyMaking) and (not writing or isinstance(source, Sends))


def key_page(
    db: Desk, source_name: str, address: str, *, writes: bool = False, allow_private: bool = False, report: Report = _quiet, stop: Stop = lambda: False,
    door: MakeDoor = _door,
) -> str:  # fmt: skip
    """The page on which the server at `address` makes a key; what it shows then is the token for `connect`, while this program runs.
    writes: a key by which something can be said, too.

    Asks nobody. Raises UserMistake for what is no address, and where keys are not made so.
    """
    source = source_for(source_name)
    if not isinstance(source, KeyMaking):
        raise UserMistake(say("{title} makes no keys on a page for programs. {key_from} Nothing was changed.", title=source.title, key_from=say(source.way_in.key_from)))
    draft = Login(id=0, source=source_name, place=source.place, address=address, allow_private=allow_private)
    return source.key_page(address, door(private_hosts(draft), stop), writes=writes)


def _adopt(db: Desk, source: LiveSource, made: Login) -> None:
    """What was followed as feeds of this place is followed through its own login from now on; a login there without a key
    has nothing left to do beside one with a key. Inside `transaction`."""
    if not isinstance(source, Adopting) or made.allow_private:
        return
    for other in logins.every(db):
        is_feeds, is_keyless = other.source == "feed", other.source == made.source and not other.has_token and made.has_token
        if other.id == made.id or other.allow_private or not (is_feeds or is_keyless):
            continue
        for stream in logins.followed(db, other.id):
            own = source.adopts(stream) if is_feeds else stream
            if own is not None:
                logins.hand_over(db, other.id, stream.name, made.id, own)
        if is_keyless:
            logins.remove(db, other.id)


_FIRST = (
    ("Your words are kept; it will be tried again", "Nothing was changed; try again later"), ("Your words are kept", "Nothing was changed"),
    ("Nothing is lost; reading goes on by itself", "Nothing was added; try again later"),
    ("What was read before is kept", "Nothing was added"), ("it will be tried again", "try again later"),
)  # fmt: skip
"""What a failure promises about what is read already, and what is true when nothing is followed yet."""
_FIRST_GONE = ("What was read before is kept", "Nothing was added; check what you typed")


@contextmanager
def nothing_kept() -> Iterator[None]:
    """A place that is asked for the first time and fails: nothing is kept, and nobody will ask again by themselves."""
    try:
        yield
    except SourceError as e:
        told = str(e)
        for promise, truth in ((_FIRST_GONE, *_FIRST) if isinstance(e, Gone) else _FIRST):
            told = told.replace(promise, truth)
        e.args = (told,)
        raise


def _signed_in_before(db: Desk, login: Login) -> Login:
    """The login we have there with a token, if there is one: connecting again without a token takes nothing away."""
    for known in logins.every(db):
        if known.has_token and (known.source, known.address) == (login.source, login.address):
            allow_private = known.allow_private or login.allow_private
            return replace(known, allow_private=allow_private)
    return login


def for_page(db: Desk, source: str, address: str, clock: Clock, *, allow_private: bool = False) -> Login:
    """The login of a source without servers that reads the page at `address`: the one of its private server, if the user
    allowed that one (now or before), else the common one; made if there is none. Nobody is asked."""
    full = address if "://" in address else f"https://{address}"
    for login in logins.every(db):
        if login.source == source and login.allow_private and Door(allowed_hosts=private_hosts(login)).allows(full):
            return login
    common = [login for login in logins.every(db) if login.source == source and not login.allow_private]
    if common and not allow_private:
        return max(common, key=lambda login: login.has_token)
    return connect(db, source, address if allow_private else "", "", clock, allow_private=allow_private)[0]


def follow(
    db: Desk, login_id: int, address: str, clock: Clock, *, report: Report = _quiet, stop: Stop = lambda: False,
    door: MakeDoor = _door, source: LiveSource | None = None,
) -> tuple[Stream, Changes]:  # fmt: skip
    """Follow somebody by handle or page address; their profile is kept on purpose, so it may become a person.

    Raises UserMistake also for an address with a password or key in it, which would lie on the desk in plain text.
    """
    bringing.settle(db)
    login = _get(db, login_id)
    chosen = source or source_for(login.source)
    refuse_secret(address)
    opened = door(private_hosts(login, address), stop)
    meter = Meter(db, chosen, login, opened, clock)
    equip(opened, db, chosen, login, clock)
    try:
        with nothing_kept():
            stream, profile = chosen.follow(address.strip(), login, token_of(login), opened)
    finally:
        meter.count()
    refuse_secret(stream.address)
    others = also_followed(db, login, stream)
    now = seconds(clock())
    with Staging(db) as staging:
        staging.add((replace(profile, known=True),))
        merge.prepare(staging)
        with transaction(db):
            merged = merge.merge(staging, batch_id=None, now=now)
            settled = matching.arrange(db, merged.profiles, batch_id=None, now=now)
            logins.save_stream(db, login.id, stream, is_followed=True)
            logins.ask_again(db, login.id, stream.name)
            for other, name in others:
                logins.unfollow(db, other.id, name)
    return stream, Changes(logins=True, matches=True) | settled.changes


def also_followed(db: Desk, login: Login, stream: Stream) -> list[tuple[Login, str]]:
    """The feeds that tell of the same profile and are no longer needed. Raises UserMistake where a feed is what would be added."""
    if stream.profile is None:
        return []
    found = [(other, name) for other, name in logins.following(db, stream.profile) if other.id != login.id]
    if login.source != "feed":
        return [(other, name) for other, name in found if other.source == "feed"]
    for other, _ in found:
        if other.source != "feed":
            place = place_name(other.place)
            raise UserMistake(say("{title} is followed on {place} already, which tells at least as much as its feed. Nothing was changed.", title=stream.title or say("This page"), place=place))
    return []


def refuse_secret(address: str) -> None:
    """Raises UserMistake for an address with a password or key in it, which would lie on the desk in plain text."""
    name = secret_in(address)
    if name:
        raise UserMistake(
            say("This address holds a secret ({name}), and secrets are never kept in the desk. Nothing was changed. Use the public address of the page or feed.", name=name[:40])
        )


def stands_alone(source: str) -> bool:
    """Whether following somebody needs no login made before: there is nothing to name, and whatever is public can be read."""
    way = way_in(source)
    return way is not None and (not way.server or not source_for(way.source).takes_token or isinstance(source_for(way.source), Adopting))


def follow_page(
    db: Desk, source: str, address: str, clock: Clock, *, allow_private: bool = False, report: Report = _quiet, stop: Stop = lambda: False,
    door: MakeDoor = _door,
) -> tuple[Login, Stream, Changes]:  # fmt: skip
    """Follow a page of a source without servers, through the login it belongs to. If it cannot be followed, no login is made for it."""
    known = {login.id for login in logins.every(db)}
    login = for_page(db, source, address, clock, allow_private=allow_private)
    try:
        stream, changes = follow(db, login.id, address, clock, report=report, stop=stop, door=door)
    except BaseException:
        if login.id not in known:
            remove(db, login.id, clock)
        raise
    return login, stream, changes


def asked(db: Desk, login_id: int) -> tuple[Stream, ...]:
    """What the user follows through this login, each with the address that is really asked: a feed may have moved."""
    source = source_for(_get(db, login_id).source)
    followed = logins.followed(db, login_id)
    if not isinstance(source, Moving):
        return followed
    return tuple(replace(stream, address=source.asked_at(stream, logins.cursor(db, login_id, stream.name))) for stream in followed)


def unfollow(db: Desk, login_id: int, name: str) -> Changes:
    """No longer read this stream; what was read stays."""
    with transaction(db):
        logins.unfollow(db, login_id, name)
    return Changes(logins=True)


def ask_again(db: Desk, login_id: int, name: str) -> Changes:
    """What said that it is gone for good is asked with the next reading all the same."""
    with transaction(db):
        logins.ask_again(db, login_id, name)
    return Changes(logins=True)


def remove(db: Desk, login_id: int, clock: Clock) -> tuple[Login, Changes]:
    """The login and its cursors go; everything read by it stays. Its secret is taken away by `forget_secret`, apart,
    because a key store that prompts takes its time and must not keep a note waiting."""
    login = _get(db, login_id)
    with transaction(db):
        logins.remove(db, login_id)
    return login, Changes(logins=True)


def forget_secret(db: Desk, login: Login, *, report: Report = _quiet, stop: Stop = lambda: False) -> None:
    """Take the secret of a removed login out of the key store; may last as long as the key store's deadline."""
    if login.has_token:
        key_store.forget(login.secret_name)


def pause(db: Desk, login_id: int, paused: bool, clock: Clock) -> Changes:
    """Stop reading this login until further notice, or go on."""
    with transaction(db):
        logins.set_paused(db, login_id, paused)
    return Changes(logins=True)


def go_on(db: Desk) -> Changes:
    """The user agrees that a desk put back from a copy reads its places again."""
    with transaction(db):
        logins.go_on(db)
    return Changes(logins=True)


def sync_one(
    db: Desk, login_id: int, clock: Clock, *, report: Report = _quiet, stop: Stop = lambda: False,
    door: MakeDoor = _door, source: LiveSource | None = None, by_hand: bool = True,
) -> Synced:  # fmt: skip
    """Bring one login up to date now. by_hand: as in `sync.sync`. A key store that is silent is a failure of this login, told as a sentence."""
    login = _get(db, login_id)
    try:
        token = token_of(login)
    except KeyringUnavailable as e:
        return sync.not_asked(db, login, e, clock())
    private = private_hosts(login, *(stream.address for stream in logins.followed(db, login_id)))
    opened = door(private, stop)
    equip(opened, db, source or source_for(login.source), login, clock)
    return sync.sync(db, login, token, opened, clock, report=report, stop=stop, source=source, by_hand=by_hand)


def token_of(login: Login) -> str:
    """What a login signs in with, "" for nothing. Raises KeyringUnavailable."""
    return key_store.secret(login.secret_name) if login.has_token else ""


def _get(db: Desk, login_id: int) -> Login:
    login = logins.get(db, login_id)
    if login is None:
        raise UserMistake(say("This login is no longer there. Nothing was changed."))
    return login

