"""What somebody did, written down by hand: pasted, dropped or typed, in any place, also in those that tell nothing to programs.

It becomes an activity of theirs in that place, with the date that the user says. It is the user's word: no sync and no import takes it
away, and if the place tells of the same later, nothing doubles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from relationdesk.errors import UserMistake
from relationdesk.model import Audience, Changes, Key, Kind, Person, Precision, Role
from relationdesk.saying import say
from relationdesk.services import logins as ways
from relationdesk.sources.door_addresses import complaint
from relationdesk.sources.item_pages import ItemPage, item_page
from relationdesk.store import activities, caches, captures, ledger, people, profiles
from relationdesk.store.captures import OURS, Capture
from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision, Row
from relationdesk.store.profiles import Stored
from relationdesk.store.staging import AUDIENCES
from relationdesk.store.timekey import PRECISIONS, seconds
from relationdesk.text import canonical_url, day, fold, one_line, place_name, storable

KINDS = (Kind.POST, Kind.COMMENT, Kind.ARTICLE, Kind.VIDEO, Kind.PHOTO, Kind.MESSAGE, Kind.EVENT, Kind.OTHER)
"""What can be written down, the usual first. A message is private, and so stays out of exports unless asked for."""
MOST_WORDS = 100_000
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a pasted text is. url: the first address in it, "" for none; words: the rest. place "" if the address tells none. whose: the
    profile it belongs to, as far as that can be told. at: the second that the address itself holds, aware UTC."""

    url: str
    words: str
    place: str
    kind: Kind
    whose: Stored | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the user says of one thing that somebody did. published: as in Activity, with its precision. place: where. whom: towards whom, if
    that is known."""

    place: str
    url: str = ""
    title: str = ""
    text: str = ""
    kind: Kind = Kind.POST
    published: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    whom: tuple[tuple[Key, Role], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom something is written down of, None if they are gone; their profiles; made: what was written down before, None for something new."""

    person: Person | None
    profiles: tuple[Stored, ...]
    made: Capture | None


def subject(db: Desk, person_id: int, key: Key | None) -> Subject:
    """What the form for it needs."""
    made = captures.by_key(db, key) if key is not None else None
    return Subject(person=people.get(db, person_id), profiles=profiles.of_person(db, person_id), made=made)


def look_at(db: Desk, person_id: int, pasted: str) -> Seen:
    """What a pasted or dropped text is. Nothing is asked and nothing is written."""
    found = _ADDRESS.search(pasted)
    url = found.group(0).rstrip(".,;:!?)") if found else ""
    words = storable(pasted.replace(found.group(0), "", 1) if found else pasted).strip()
    page = item_page(url) if url else None
    mine = profiles.of_person(db, person_id)
    whose = _whose(mine, page) if page is not None else None
    place = whose.profile.key.place if whose is not None else page.place if page is not None else ""
    return Seen(url=url if page is not None else "", words=words, place=place, kind=page.kind if page is not None else Kind.POST, whose=whose, at=page.at if page else None)


def _whose(mine: Sequence[Stored], page: ItemPage) -> Stored | None:
    """Which of somebody's profiles an address belongs to: the one it names, else the only one there, or on that very server."""
    who = page.who
    host = urlsplit(canonical_url(page.url)).netloc
    named = [
        s for s in mine if who is not None and s.profile.key.place == who.place
        and (s.profile.key.native_id == who.native_id or (who.handle and s.profile.handle.lower() == who.handle.lower()))
    ]  # fmt: skip
    there = [s for s in mine if s.profile.key.place == page.place]
    if who is not None and who.handle:  # somebody of that name: none of their profiles of other names
        there = [s for s in there if not s.profile.handle and not s.profile.url]
    elif page.place in ("web", "discourse", "mastodon"):
        there = [s for s in mine if s.profile.url and urlsplit(canonical_url(s.profile.url)).netloc == host]
    return named[0] if named else there[0] if len(there) == 1 else None


def capture(
    db: Desk, person_id: int, words: Words, now: datetime, *, profile_id: int | None = None
) -> tuple[Capture, Changes]:
    """Write it down. profile_id: which of their profiles, where they have several in that place.

    Raises UserMistake if there is nothing to write down, the place has it already (nothing doubles), or it cannot be told whose it is.
    """
    person = _person(db, person_id)
    words = _checked(words)
    page = item_page(words.url) if words.url else None
    stored = _profile(db, person, words.place, page, profile_id)
    actor = stored.profile.key.native_id if stored is not None else page.who.native_id if page is not None and page.who is not None else ""
    marks = page.marks(actor) if page is not None else ()
    _refuse_known(db, person, words.place, marks)
    uid = people.new_uid()
    sentence = say("Wrote down what {name} did ({place})", name=person.name, place=place_name(words.place))
    with ledger.decide(db, "capture", sentence, seconds(now)) as d:
        owner = stored.id if stored is not None and stored.person_id == person_id else _new_profile(d, person, words.place, page, stored, now)
        id_ = d.insert(
            "captures",
            {"uid": uid, "profile_id": owner, "native_id": f"{OURS}{uid}", "marks": json.dumps(marks), **_row(words),
             "whom": captures.as_text(words.whom), "saved_at": seconds(now)},
        )  # fmt: skip
        captures.settle(db, [id_], seconds(now))
        caches.changed_hands(db, [owner], [person_id])
    made = captures.by_key(db, Key(words.place, f"{OURS}{uid}"))
    assert made is not None
    return made, _changes(person_id, words.place, sentence)


def change(db: Desk, key: Key, words: Words, now: datetime) -> tuple[Capture, Changes]:
    """Correct what was written down; the place stays. Where the place told of it too, its words are shown and these are kept beside."""
    made = _get(db, key)
    words = _checked(words)
    page = item_page(words.url) if words.url else None
    stored = profiles.by_ids(db, [made.profile_id])[0]
    marks = page.marks(stored.profile.key.native_id) if page is not None else ()
    if words.url != made.url:
        _refuse_known(db, None, key.place, marks, but=key)
    person_id = stored.person_id
    sentence = say("Changed what you wrote down ({place})", place=place_name(key.place))
    with ledger.decide(db, "capture", sentence, seconds(now)) as d:
        captures.lift(db, [made.id])
        d.update("captures", {"id": made.id}, {**_row(words), "marks": json.dumps(marks), "saved_at": seconds(now)})
        captures.settle(db, [made.id], seconds(now))
    after = captures.by_key(db, key)
    assert after is not None
    return after, _changes(person_id, key.place, sentence)


def remove(db: Desk, key: Key, now: datetime) -> Changes:
    """Take it away again; what the place itself told of it stays."""
    made = _get(db, key)
    person_id = profiles.by_ids(db, [made.profile_id])[0].person_id
    sentence = say("Removed what you wrote down ({place})", place=place_name(key.place))
    with ledger.decide(db, "capture", sentence, seconds(now)) as d:
        captures.lift(db, [made.id])
        d.delete("captures", {"id": made.id})
    return _changes(person_id, key.place, sentence)


def _changes(person_id: int | None, place: str, undo: str) -> Changes:
    return Changes(people=frozenset({person_id} if person_id is not None else ()), places=frozenset({place}), prompts=True, undo=undo)


def _get(db: Desk, key: Key) -> Capture:
    made = captures.by_key(db, key)
    if made is None:
        raise UserMistake(say("This was not written down by hand, or is no longer there. Nothing was changed."))
    return made


def _person(db: Desk, person_id: int) -> Person:
    person = people.get(db, person_id)
    if person is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was kept; your words are still here."))
    return person


def _checked(words: Words) -> Words:
    """As it is kept. Raises UserMistake."""
    text, title, url = storable(words.text).strip(), one_line(storable(words.title), 1_000), words.url.strip()
    if not (text or title or url):
        raise UserMistake(say("There is nothing to write down: type some words or an address. Nothing was kept."))
    if len(text) > MOST_WORDS:
        raise UserMistake(say("These are more than {most:,} characters. Nothing was kept; shorten it, or bring it in as a file.", most=MOST_WORDS))
    if url:
        wrong = complaint(url)
        if wrong:
            raise UserMistake(say("This is not an address of the web ({wrong}). Nothing was kept; your words are still here.", wrong=wrong))
        ways.refuse_secret(url)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", words.place):
        raise UserMistake(say("Say in which place it was, for example linkedin or web. Nothing was kept."))
    if (words.published is None) != (words.precision is Precision.UNKNOWN):
        raise UserMistake(say("Say when it was, or that you do not know it. Nothing was kept."))
    return replace(words, url=url, title=title, text=text)


def _row(words: Words) -> Row:
    return {
        "kind": words.kind.value, "published": None if words.published is None else seconds(words.published),
        "precision": PRECISIONS.index(words.precision), "title": words.title, "text": words.text, "url": words.url,
        "audience": AUDIENCES.index(Audience.PRIVATE if words.kind in (Kind.MESSAGE, Kind.MAIL) else Audience.PUBLIC),
    }  # fmt: skip


def _refuse_known(db: Desk, person: Person | None, place: str, marks: Sequence[str], but: Key | None = None) -> None:
    """Raises UserMistake if the place has told of it already, or it was written down before."""
    found = captures.existing(db, place, marks)
    item = next(iter(activities.by_ids(db, [found])), None) if found is not None else None
    if item is None or item.activity is None or item.activity.key == but:
        return
    whose = "" if person is not None and item.actor_person == person.id else f", by {item.actor_name}"
    raise UserMistake(
        say("This is in the desk already{whose}. Nothing was doubled. Write a note about it where it stands; your words are still here.", whose=whose)
    )


def _profile(db: Desk, person: Person, place: str, page: ItemPage | None, profile_id: int | None) -> Stored | None:
    """Whose it is: the profile that was chosen or can be told; None where one has to be made, for the person has none there.

    Raises UserMistake if they have several, or the address names somebody else's.
    """
    mine = [s for s in profiles.of_person(db, person.id) if s.profile.key.place == place]
    if profile_id is not None:
        chosen = next((s for s in mine if s.id == profile_id), None)
        if chosen is None:
            raise UserMistake(say("This profile is not one of {name} on {place}. Nothing was kept; your words are still here.", name=person.name, place=place_name(place)))
        return chosen
    told = _whose(mine, page) if page is not None else mine[0] if len(mine) == 1 else None
    if told is not None:
        return told
    who = page.who if page is not None and page.who is not None and page.who.place == place else None
    if who is None and mine:
        names = ", ".join(s.profile.handle or s.profile.key.native_id for s in mine[:6])
        raise UserMistake(say("{name} has {n} profiles on {place}: {names}. Nothing was kept. Say which.", name=person.name, n=len(mine), place=place_name(place), names=names))
    there = profiles.like(db, Key(place, who.native_id), handle=who.handle, page=who.page) if who is not None else None
    if there is not None and there.person_id not in (None, person.id):
        owner = people.get(db, there.person_id or 0)
        raise UserMistake(say("This address is {name}’s. Nothing was kept; choose that person.", name=owner.name if owner else say("somebody else")))
    return there


def _new_profile(d: Decision, person: Person, place: str, page: ItemPage | None, there: Stored | None, now: datetime) -> int:
    """Their profile in the place: the one that the address names, which was nobody's yet, or a new one that stands in for it."""
    how = say("You wrote down on {day} what they did here.", day=day(now))
    link: Row = {"person_id": person.id, "company_id": None, "linked_how": how, "linked_by": "user", "settled": ""}
    if there is not None:
        d.update("profiles", {"id": there.id}, link)
        return there.id
    who = page.who if page is not None and page.who is not None and page.who.place == place else None
    id_ = d.insert(
        "profiles",
        {"place_id": profiles.place_id(d.db, place), "native_id": who.native_id if who else f"person:{person.uid}", "handle": who.handle if who else "",
         "display_name": person.name, "folded": fold(person.name), "url": who.page if who else "", "known": 1, **link},
    )  # fmt: skip
    if who is not None and not who.is_own:
        d.insert("stand_ins", {"profile_id": id_, "at": seconds(now)}, key=("profile_id",))
    return id_
