"""Find my contacts: people of this desk looked up in a place where they are not known yet, only where the user asks for it.

What would be sent, and to whom, is made out first (`plan`, which asks nobody); `look` asks exactly that; what comes of it is kept by nobody
but the user: added and followed (services/keeping.py), or put on *Who is this?* (`propose`). Strangers, of whom nothing speaks for being one
of the desk's people, are not kept at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from relationdesk.errors import (
    Cancelled,
    KeyringUnavailable,
    LoginRejected,
    NotAgreed,
    RateLimited,
    SourceError,
    SourceUnavailable,
    UserMistake,
)
from relationdesk.flip.matching import Candidate
from relationdesk.model import AddressKind, Changes, Person, Profile, Progress
from relationdesk.saying import say
from relationdesk.services import adding, keeping, matching
from relationdesk.services.adding import Agreed, Met, Possible
from relationdesk.services.allowances import Meter, now_used
from relationdesk.services.keeping import Kept
from relationdesk.services.sync import source_for
from relationdesk.sources.base import Metered
from relationdesk.sources.door import Door
from relationdesk.sources.handle_pages import Meant, at_server, called, of_page
from relationdesk.sources.imap_servers import is_providers
from relationdesk.store import buckets, merge, people, profiles, wishes
from relationdesk.store.allowances import used
from relationdesk.store.database import Desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from relationdesk.text import is_role_mailbox, place_name

MOST = 300
"""Questions of one look: more of them at once would be no looking up any more."""
BY_HANDLE = ("github", "gitlab", "hackernews")
PLACES = ("bluesky", "mastodon", *BY_HANDLE)
_NAMED_BY_THE_PLACE = frozenset({"mail", "phone", "contacts", "linkedin", "facebook"})
"""Where what stands for a handle was made out of somebody's name or address, and is used nowhere else."""
_SHORTEST = 4
"""Letters of a handle that says anything: shorter ones are somebody's everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One that would be asked. sent: what the server gets to see, as it is written there. why: where it comes from."""

    person: Person
    possible: Possible
    sent: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """hosts: who would be asked, and how often at least, most often first. known: people who are known in that place already. more: questions beyond MOST."""

    place: str
    questions: tuple[Question, ...]
    hosts: tuple[tuple[str, int], ...]
    known: int
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Somebody who was found, whose it seems to be, and what speaks for it."""

    question: Question
    met: Met
    person: Person
    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of it. strangers: found, but nothing speaks for one of the desk's people. told: why some, or the rest, could not be asked."""

    hits: tuple[Hit, ...]
    asked: int
    strangers: int
    told: tuple[str, ...] = ()


# What would be asked


def plan(db: Desk, place: str, *, whom: str = "") -> Plan:
    """What looking up the desk's people in a place would send. whom: "" everybody, "key" those of key companies, or the name of a bucket. Asks nobody.

    Raises UserMistake for a place where nobody is found so, and for no such bucket.
    """
    if place not in PLACES:
        raise UserMistake(say("People are found in {places}; {place} offers no way for that. Nobody was asked.", places=", ".join(map(place_name, PLACES)), place=place_name(place)))
    found: dict[tuple[str, str], Question] = {}
    known = 0
    alone = _domains_of_one(db)
    for person in _persons(db, whom):
        theirs = [stored.profile for stored in profiles.of_person(db, person.id)]
        if any(profile.key.place == place for profile in theirs):
            known += 1
            continue
        for meant, sent, why in _guesses(place, theirs, alone):
            key = (meant.place, meant.native_id.lower())
            if key in found:
                continue
            possible = adding.possible(db, meant)
            if possible.source and possible.stored is None:
                found[key] = Question(person=person, possible=possible, sent=sent, why=why)
    questions = tuple(found.values())
    hosts = Counter(host for question in questions[:MOST] for host in question.possible.asks)
    return Plan(place=place, questions=questions[:MOST], hosts=tuple(hosts.most_common()), known=known, more=max(0, len(questions) - MOST))


def _persons(db: Desk, whom: str) -> list[Person]:
    """Those of key companies first, then by name; never the user, nor whoever asked not to be contacted."""
    asked_not_to = {id_ for id_, wish in wishes.current(db).items() if wish.opted_out}
    ids = [row[0] for row in db.execute(
        "SELECT p.id FROM people p LEFT JOIN companies c ON c.id = p.company_id WHERE p.is_me = 0 ORDER BY coalesce(c.is_key, 0) DESC, p.folded, p.id"
    ) if row[0] not in asked_not_to]  # fmt: skip
    if whom == "key":
        chosen = {row[0] for row in db.execute("SELECT p.id FROM people p JOIN companies c ON c.id = p.company_id AND c.is_key = 1")}
        ids = [id_ for id_ in ids if id_ in chosen]
    elif whom:
        bucket = buckets.by_name(db, whom)
        if bucket is None:
            raise UserMistake(say("There is no bucket “{whom}”. Nobody was asked.", whom=whom[:100]))
        chosen = set(buckets.people_of(db, bucket.id))
        ids = [id_ for id_ in ids if id_ in chosen]
    every = people.many(db, ids)
    return [every[id_] for id_ in ids if id_ in every]


def _domains_of_one(db: Desk) -> frozenset[str]:
    """Domains of mail addresses that only one person of the desk has, and no provider gives to everybody."""
    owners: dict[str, set[int]] = {}
    rows = db.execute("SELECT DISTINCT a.value, q.person_id FROM addresses a JOIN profiles q ON q.id = a.profile_id WHERE a.kind = 'mail' AND q.person_id IS NOT NULL")
    for value, person_id in rows:
        owners.setdefault(value.rpartition("@")[2], set()).add(person_id)
    return frozenset(domain for domain, ids in owners.items() if len(ids) == 1 and not is_providers(domain))


def _guesses(place: str, theirs: Sequence[Profile], alone: frozenset[str]) -> Iterator[tuple[Meant, str, str]]:
    """(who it may be there, what is sent, where that comes from), surest first."""
    for profile in theirs:
        for address in profile.addresses:
            for meant in of_page(address.value) if address.kind is AddressKind.WEB else ():
                if meant.place == place:
                    yield meant, address.value.partition("://")[2] or address.value, say("It stands on their {place} profile.", place=place_name(profile.key.place))
    if place == "mastodon":
        yield from _by_mail(theirs)
    elif place == "bluesky":
        yield from _by_domain(theirs, alone)
    else:
        for handle, where in _handles(theirs):
            meant_there = called(place, handle)
            if meant_there is not None:
                yield meant_there, handle, say("It is what they are called on {where}.", where=where)


def _by_mail(theirs: Sequence[Profile]) -> Iterator[tuple[Meant, str, str]]:
    for value in _mails(theirs):
        user, _, domain = value.partition("@")
        meant = at_server(user, domain) if not is_providers(domain) and not is_role_mailbox(value) else None
        if meant is not None:
            yield meant, f"@{value}", say("It is their mail address, asked for at its own domain.")


def _by_domain(theirs: Sequence[Profile], alone: frozenset[str]) -> Iterator[tuple[Meant, str, str]]:
    pages = [a.value for profile in theirs for a in profile.addresses if a.kind is AddressKind.WEB]
    own = [(host, say("It is their own page.")) for page in pages if (host := _host_of_root(page))]
    own += [(domain, say("Of your people only they have an address there.")) for value in _mails(theirs) if (domain := value.rpartition("@")[2]) in alone]
    own += [(f"{handle}.bsky.social", say("It is what they are called on {where}.", where=where)) for handle, where in _handles(theirs)]
    for handle, why in own:
        meant = called("bluesky", handle.lower())
        if meant is not None:
            yield meant, handle, why


def _mails(theirs: Sequence[Profile]) -> list[str]:
    return list(dict.fromkeys(a.value for profile in theirs for a in profile.addresses if a.kind is AddressKind.MAIL))


def _host_of_root(page: str) -> str:
    """ "joe.example" of "https://joe.example/"; "" for a page below it, or one that belongs to a place."""
    parts = urlsplit(page if "://" in page else f"https://{page}")
    if parts.path.strip("/") or parts.query or not parts.hostname or any(meant.place != "blog" for meant in of_page(page)):
        return ""
    return parts.hostname.removeprefix("www.")


def _handles(theirs: Sequence[Profile]) -> Iterator[tuple[str, str]]:
    """What they are called elsewhere, each once, and where; nothing that is too short, or no handle but an address."""
    seen: set[str] = set()
    for profile in theirs:
        handle = profile.handle.removeprefix("@").partition("@")[0].removesuffix(".bsky.social")
        if "." in handle or profile.key.place in _NAMED_BY_THE_PLACE or not re.fullmatch(rf"[A-Za-z][\w-]{{{_SHORTEST - 1},38}}", handle):
            continue
        if handle.lower() not in seen:
            seen.add(handle.lower())
            yield handle, place_name(profile.key.place)


# Asking


def look(
    db: Desk, planned: Plan, agreed: Agreed, clock: Callable[[], datetime], *, report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False, door: adding.MakeDoor = adding._door,
) -> Looked:  # fmt: skip
    """Ask the questions of a plan one after the other, and no host besides those agreed. Writes nothing but how much was asked.

    Ends early where the place allows no more, or there is no network; what was found until then is answered, and also when it is stopped.
    """
    hits: list[Hit] = []
    told: list[str] = []
    silent: set[str] = set()
    asked = strangers = 0
    for n, question in enumerate(planned.questions):
        report(Progress(done=n, total=len(planned.questions), unit="questions"))
        left = len(planned.questions) - n
        if stop():
            told.append(say("Stopped. {left:,} questions are left.", left=left))
            break
        if silent & set(question.possible.asks):
            continue
        if _used_up(db, question.possible, clock()):
            told.append(say("{place} allows no more questions for now. {left:,} are left; look again later.", place=place_name(planned.place), left=left))
            break
        asked += 1
        try:
            met = _ask(db, question.possible, agreed, clock, stop, door)
        except Cancelled:
            told.append(say("Stopped. {left:,} questions are left.", left=left))
            break
        except (RateLimited, LoginRejected, KeyringUnavailable) as e:
            told.append(say("{reason} {left:,} questions are left.", reason=e, left=left))
            break
        except SourceUnavailable as e:
            silent |= set(question.possible.asks) if e.silent else set()
            told.append(f"{question.sent}: {e}")
            if e.offline:
                break
            continue
        except NotAgreed as e:
            told.append(say("{sent}: the question would have gone on to {host}, which was not asked.", sent=question.sent, host=e.host))
            continue
        except (SourceError, UserMistake):
            continue  # nobody of that name
        if ("unlisted", "yes") in met.profile.extra:
            strangers += 1  # who does not want to be found is not proposed; added by name they are as anybody
            continue
        whose = next(((person, candidate) for person, candidate in met.whose if not candidate.warned), None)
        if whose is None:
            strangers += 1
        elif not any(hit.met.profile.key == met.profile.key for hit in hits):
            hits.append(Hit(question=question, met=met, person=whose[0], candidate=whose[1]))
    return Looked(hits=tuple(hits), asked=asked, strangers=strangers, told=tuple(dict.fromkeys(told)))


def _ask(db: Desk, wanted: Possible, agreed: Agreed, clock: Callable[[], datetime], stop: Callable[[], bool], door: adding.MakeDoor) -> Met:
    opened: list[Door] = []

    def remember(private: frozenset[str], stopped: Callable[[], bool], only: Agreed) -> Door:
        opened.append(door(private, stopped, only))
        return opened[-1]

    try:
        return adding.look_up(db, wanted, agreed, stop=stop, door=remember)
    finally:
        if wanted.login is not None and opened:
            Meter(db, source_for(wanted.source), wanted.login, opened[0], clock, counted=0).count()


def _used_up(db: Desk, wanted: Possible, now: datetime) -> bool:
    source, login = source_for(wanted.source), wanted.login
    allowance = source.allowance(login) if login is not None and isinstance(source, Metered) else None
    if login is None or allowance is None:
        return False
    return now_used(used(db, login), allowance, now).free(now) <= 0


# Keeping


def take_over(db: Desk, hits: Sequence[Hit], now: datetime) -> tuple[tuple[Kept, ...], Changes]:
    """Link each of these to whom it seems to be, and follow it: a decision each, so that each can be taken back by itself.

    What became somebody else's meanwhile is left out.
    """
    kept: list[Kept] = []
    changes = Changes()
    for hit in hits:
        with suppress(UserMistake):
            kept.append(keeping.keep(db, hit.met, now, person_id=hit.person.id))
            changes = changes | kept[-1].changes
    return tuple(kept), changes


def propose(db: Desk, hits: Iterable[Hit], now: datetime) -> tuple[int, Changes]:
    """Put these on *Who is this?* with what speaks for them; linked at once only where a place vouches. How many wait there. Nobody is followed."""
    with Staging(db, now=seconds(now)) as staging:
        staging.add(replace(hit.met.profile, known=False) for hit in hits)
        merge.prepare(staging)
        with transaction(db):
            merged = merge.merge(staging, batch_id=None, now=seconds(now))
            settled = matching.arrange(db, merged.profiles, batch_id=None, now=seconds(now))
    return settled.waiting, settled.changes | Changes(matches=True)

