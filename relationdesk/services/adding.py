"""Somebody found by what the user typed: whom it may mean, who would have to be asked, and what a place shows of them.

Nothing is asked but by `look_up`, and that asks only the hosts to which the user agreed: the door refuses every other. Nothing is
kept here; services/keeping.py does that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from relationdesk.errors import KeyringUnavailable, NotAgreed, SourceError, UserMistake
from relationdesk.flip.matching import Candidate, candidates
from relationdesk.model import Address, AddressKind, Key, Login, Person, Profile, Progress, Stream
from relationdesk.saying import say
from relationdesk.services import logins as ways
from relationdesk.services import spending
from relationdesk.services.match_index import Index
from relationdesk.services.sync import source_for
from relationdesk.sources.base import WayIn
from relationdesk.sources.closed_places import closed
from relationdesk.sources.door import Door
from relationdesk.sources.feed_finder import PLACES, known
from relationdesk.sources.handle_pages import at_server
from relationdesk.sources.handles import Meant, meant_by
from relationdesk.store import logins, people, profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored
from relationdesk.text import canonical_url, place_name

Stop = Callable[[], bool]
Report = Callable[[Progress], None]
Agreed = frozenset[str]
MakeDoor = Callable[[frozenset[str], Stop, Agreed], Door]

_MOST_OFFERS = 20
_REACH = frozenset({"mail", "phone", "whatsapp"})
"""Places that are ways to reach somebody: nothing is read there, so nobody is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """One profile that a text may mean, before anybody is asked.

    stored: it is in the desk already; person: whose it is. source: who can look it up, "" nobody. login: through which, None a new one
    without a key. asks: hosts that would have to be asked. costs: a sentence, "" where it costs nothing. why: one sentence why nothing can be
    looked up, "" where it can.
    """

    meant: Meant
    stored: Stored | None = None
    person: Person | None = None
    source: str = ""
    login: Login | None = None
    asks: tuple[str, ...] = ()
    costs: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A page that a profile names as its own. vouched: a place has checked it both ways. sentence: how sure that is."""

    possible: Possible
    vouched: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a place showed of somebody, not kept yet. stream None: only a link, nobody was asked. login: id 0 for one to be made.

    whose: who it may be in this desk, strongest first. offers: what the profile names, the vouched first.
    """

    meant: Meant
    profile: Profile
    stream: Stream | None = None
    login: Login | None = None
    whose: tuple[tuple[Person, Candidate], ...] = ()
    offers: tuple[Offer, ...] = ()


def possibilities(db: Desk, text: str) -> tuple[Possible, ...]:
    """Whom a text may mean, likeliest first; () for a plain name. Asks nobody."""
    return tuple(possible(db, meant) for meant in (*_on_own_servers(db, text), *meant_by(text)))


def _on_own_servers(db: Desk, text: str) -> Iterator[Meant]:
    """ "@joe" may be somebody on a server to which the user is connected."""
    if not re.fullmatch(r"@[\w.-]{1,64}", text.strip()):
        return
    for login in logins.every(db):
        way = ways.way_in(login.source)
        there = at_server(text.strip(), urlsplit(login.address).netloc) if way is not None and way.roams and login.address else None
        if there is not None:
            yield replace(there, sure=False)


def possible(db: Desk, meant: Meant) -> Possible:
    """What is known of one possibility, and who would have to be asked for more."""
    stored = _stored(db, meant)
    person = people.get(db, stored.person_id) if stored is not None and stored.person_id is not None else None
    way = _way(meant.place)
    if way is None:
        return Possible(meant=meant, stored=stored, person=person, why=_why_not(meant.place))
    login = _login(db, way, meant)
    if login is None and spending.is_priced(way.source):
        told = say("{place} takes money for being read, and is asked only once it is connected with a monthly limit. Only the link is kept.", place=place_name(meant.place))
        return Possible(meant=meant, stored=stored, person=person, why=told)
    costs = spending.look_words(db, way.source)
    return Possible(meant=meant, stored=stored, person=person, source=way.source, login=login, asks=_asks(way, login, meant), costs=costs)


def _stored(db: Desk, meant: Meant) -> Stored | None:
    if meant.place == "mail":
        found = profiles.with_addresses(db, [("mail", meant.native_id)])
        return next(iter(sorted(found, key=lambda one: (one.person_id is None, one.profile.key.place != "mail", one.id))), None)
    return profiles.like(db, Key(meant.place, meant.native_id), handle=meant.handle, page=meant.page)


def _way(place: str) -> WayIn | None:
    """How somebody of this place can be looked up; None if nobody can be asked."""
    way = ways.way_in(place) or (ways.way_in("feed") if place in PLACES else None)
    return way if way is not None and way.page else None


def _why_not(place: str) -> str:
    told = closed(place)
    if told is not None:
        return say("{why} Only the link is kept.", why=say(told.why))
    if place in _REACH:
        return say("Nobody is asked: it is kept as a way to reach them.")
    return say("{place} is not read by this version. Only the link is kept.", place=place_name(place))


def _login(db: Desk, way: WayIn, meant: Meant) -> Login | None:
    """The login through which somebody is read: at their own server, else one with a key, else any that reads people elsewhere."""
    every = [login for login in logins.every(db) if login.source == way.source]
    if not way.server:
        own = next((login for login in every if login.allow_private and Door(allowed_hosts=ways.private_hosts(login)).allows(meant.page)), None)
        return own or next((login for login in every if not login.address), None)
    there = [login for login in every if not meant.host or urlsplit(login.address).netloc == meant.host]
    found = there or (every if way.roams else [])
    return next(iter(sorted(found, key=lambda login: (not login.has_token, login.id))), None)


def _asks(way: WayIn, login: Login | None, meant: Meant) -> tuple[str, ...]:
    """Hosts that looking somebody up, and reading them from then on, asks; theirs first."""
    told = known(meant.page)
    page = told.feed_url if told is not None and told.feed_url else meant.page
    theirs = meant.host if way.server else "" if way.asks else urlsplit(page).netloc
    server = urlsplit(login.address).netloc if login is not None else ""
    with_key = way.asks_with_key if login is not None and login.has_token else ()
    hosts = (theirs, server, *(way.asks[1:] if server else way.asks), *with_key)
    return tuple(dict.fromkeys(host.lower().removeprefix("www.") for host in hosts if host))


def as_link(meant: Meant) -> Met:
    """Kept as what it is: a link, of which nobody was asked."""
    reach = {"mail": AddressKind.MAIL, "phone": AddressKind.PHONE}.get(meant.place)
    addresses = (Address(kind=reach, value=meant.native_id),) if reach is not None else ()
    profile = Profile(
        key=Key(meant.place, meant.native_id), handle=meant.handle, url=meant.page, display_name=meant.name, addresses=addresses, known=True
    )  # fmt: skip
    return Met(meant=meant, profile=profile)


def _door(private: frozenset[str], stop: Stop, only: Agreed) -> Door:
    return Door(allowed_hosts=private, only=only, stop=stop)


def look_up(
    db: Desk, wanted: Possible, agreed: Agreed, *, allow_private: bool = False, report: Report = lambda _: None,
    stop: Stop = lambda: False, door: MakeDoor = _door, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Met:  # fmt: skip
    """Ask what a place shows of somebody. agreed: the hosts that may be asked; another one raises NotAgreed and is not asked. clock: tells
    the month in which it is paid for.

    Nothing is written. Raises a SourceError, UserMistake, PrivateAddress (allow_private: the server is the user's own), KeyringUnavailable.
    """
    if not wanted.source:
        raise UserMistake(say("{why} Nobody was asked.", why=wanted.why))
    source, meant = source_for(wanted.source), wanted.meant
    address = meant.page or meant.handle
    ways.refuse_secret(address)
    draft = wanted.login or Login(id=0, source=source.name, place=source.place, address="", allow_private=allow_private)
    private = ways.private_hosts(replace(draft, allow_private=draft.allow_private or allow_private), address, f"https://{meant.host}")
    opened = door(private, stop, agreed)
    ways.equip(opened, db, source, draft, clock)
    with ways.nothing_kept():
        if wanted.login is None and source.way_in.server and (allow_private or not source.way_in.roams):
            named = source.way_in.keyless or (meant.handle if source.way_in.signs_in else meant.host or source.way_in.server)
            draft = replace(source.connect(named, "", opened), allow_private=allow_private)
        elif wanted.login is None and allow_private:
            draft = replace(source.connect(address, "", opened), allow_private=True)
        stream, profile = source.follow(address, draft, ways.token_of(draft), opened)
    ways.refuse_secret(stream.address)
    return Met(
        meant=meant, profile=profile, stream=stream, login=draft, whose=whose(db, profile), offers=tuple(_offers(db, profile))
    )  # fmt: skip


def whose(db: Desk, profile: Profile) -> tuple[tuple[Person, Candidate], ...]:
    """Who in this desk a profile may belong to, strongest first, at most five; whom the user refused is left out."""
    index = Index(db)
    index.load([profile])
    found = candidates(profile, index.near(profile), profiles.kept_apart(db, profile.key))[:5]
    persons = people.many(db, [one.person_id for one in found])
    return tuple((persons[one.person_id], one) for one in found if one.person_id in persons)


def _offers(db: Desk, profile: Profile) -> list[Offer]:
    """What a profile names as its own, once each, the vouched first; its own page and ways to reach somebody left out."""
    own = {canonical_url(profile.url), canonical_url(profile.key.native_id)}
    found: dict[Key, Offer] = {}
    for address in (*profile.addresses, *_in_words(profile.bio)):
        if address.kind is not AddressKind.WEB or canonical_url(address.value) in own:
            continue
        meant = next(iter(meant_by(address.value)), None)
        if meant is None or meant.place in _REACH:
            continue
        key, place = Key(meant.place, meant.native_id.lower()), place_name(profile.key.place)
        if key.place == profile.key.place and meant.handle.lower() == profile.handle.lower() and meant.handle:
            continue
        told = say("{place} has checked it both ways.", place=place) if address.vouched else say("Only this {place} profile says so.", place=place)
        if key not in found or (address.vouched and not found[key].vouched):
            found[key] = Offer(possible=possible(db, meant), vouched=address.vouched, sentence=told)
    return sorted(found.values(), key=lambda offer: not offer.vouched)[:_MOST_OFFERS]


def _in_words(bio: str) -> Iterable[Address]:
    for link in re.findall(r"https?://[^\s<>\"']+", bio[:20_000])[:_MOST_OFFERS]:
        yield Address(kind=AddressKind.WEB, value=link.rstrip(".,;:!?)"))


def look_up_all(
    db: Desk, chosen: Sequence[Offer], agreed: Agreed, *, allow_private: bool = False, report: Report = lambda _: None,
    stop: Stop = lambda: False, door: MakeDoor = _door,
) -> tuple[tuple[Met, ...], tuple[str, ...]]:  # fmt: skip
    """What was ticked, looked up one by one; what could not be read stays a link, and why is told in a sentence each. Raises Cancelled."""
    found: list[Met] = []
    told: list[str] = []
    for n, offer in enumerate(chosen):
        report(Progress(done=n, total=len(chosen), unit="profiles"))
        wanted = offer.possible
        if not wanted.source:
            found.append(as_link(wanted.meant))
            continue
        try:
            found.append(look_up(db, wanted, agreed, allow_private=allow_private, stop=stop, door=door))
        except (SourceError, UserMistake, NotAgreed, KeyringUnavailable) as e:
            told.append(f"{place_name(wanted.meant.place)}: {e}")
            found.append(as_link(wanted.meant))
    return tuple(found), tuple(told)
