"""What is needed to answer somebody or to write to them: in which places it can be done, what they wished, what was begun already.

Where a login can send, it goes through the outbox. Elsewhere the exact page is opened and the words are pasted there; then the user says
whether it was done, and it becomes an activity of theirs, written down by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from relationdesk.engage import naming
from relationdesk.engage.answers import answer_page
from relationdesk.errors import UserMistake
from relationdesk.model import Activity, AddressKind, Audience, Changes, Key, Kind, Person, Precision, Profile, Role
from relationdesk.outgoing import Deed, Entry, Recipient, State, is_named
from relationdesk.prompts.base import ago
from relationdesk.saying import say
from relationdesk.services import agenda, capturing, wishes
from relationdesk.services import outbox as box
from relationdesk.services.capturing import Words
from relationdesk.services.outbox import New, Way
from relationdesk.store import activities, logins, outbox, people, profiles
from relationdesk.store import wishes as wish_rows
from relationdesk.store.database import Desk, transaction
from relationdesk.store.profiles import Stored
from relationdesk.text import day, listed, place_name
from relationdesk.wishes import Wish

_DEEDS = {Kind.MAIL: Deed.MAIL, Kind.MESSAGE: Deed.MESSAGE, Kind.POST: Deed.REPLY, Kind.REPLY: Deed.REPLY, Kind.SHARE: Deed.REPLY}
_ALSO = {Deed.REPLY: (Deed.REPLY, Deed.COMMENT), Deed.COMMENT: (Deed.COMMENT, Deed.REPLY), Deed.MESSAGE: (Deed.MESSAGE,), Deed.MAIL: (Deed.MAIL,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to say it. activity: what is answered there, None for something new; profile: who is written to. way: the login that can
    send it; None: by hand, on the page. server: the user's own server there, "" none. to: the address of a new mail. hint: a sentence
    on why it is by hand though there is a key, "" for none."""

    place: str
    deed: Deed
    activity: Activity | None = None
    profile: Profile | None = None
    way: Way | None = None
    server: str = ""
    to: str = ""
    hint: str = ""
    names: tuple[str, ...] = ()

    @property
    def opening(self) -> str:
        """What the words begin with, "" for nothing."""
        return naming.opening(self.names)

    def untold(self, text: str) -> str:
        """The first of them if the words do not name them any more, else ""."""
        first = next(iter(self.names), "")
        return first if first and text.strip() and not is_named(first, text, _host(self.way)) else ""

    def is_said(self, text: str) -> bool:
        """Whether there is anything in it beside names."""
        return bool(naming.beyond(text, self.names))

    def page(self, text: str) -> str:
        """Where it is said by hand, filled in as far as the place allows; "" for nowhere."""
        return answer_page(self.place, self.deed, self.activity, self.profile, text, server=self.server)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom and what it is about. activity: what is answered, None for something new. choices: those of the item's own place first.
    obstacle: a sentence if they wished not to be written to (there); by place, "" for everywhere. draft: what was begun and not sent. hold_s: so many seconds
    what is sent can be taken back, 0 not at all."""

    person: Person | None
    name: str
    activity: Activity | None
    choices: tuple[Choice, ...]
    obstacles: tuple[tuple[str, str], ...] = ()
    draft: Entry | None = None
    me: Person | None = None
    hold_s: int = 0

    @property
    def usual(self) -> int:
        """Which of the choices is offered: of a post that was made in several places one in which it can be answered from here, and no wish speaks against it."""
        able = (n for n, choice in enumerate(self.choices) if choice.way is not None and not self.obstacle(choice.place))
        return next(able, 0) if self.activity is not None else 0

    def obstacle(self, place: str) -> str:
        found = dict(self.obstacles)
        return found.get("", "") or found.get(place, "")


def subject(db: Desk, person_id: int | None, keys: Sequence[Key], now: datetime) -> Subject:
    """keys: of the item and its copies in other places, the item's own first; () to write something new to that person."""
    found = [item for key in keys if (item := activities.by_key(db, key)) is not None]
    person = people.get(db, person_id) if person_id is not None else None
    if keys:
        choices = [choice for item in found if item.activity is not None for choice in _answers(db, item.activity)]
    else:
        choices = list(_writing(db, profiles.of_person(db, person_id or 0)))
    first = found[0] if found else None
    draft = next((entry for choice in choices if person_id is not None and (entry := _begun(db, person_id, choice))), None)
    return Subject(
        person=person, name=person.name if person else first.actor_name if first else "", activity=first.activity if first else None,
        choices=tuple(choices), obstacles=_obstacles(db, person, choices, now), draft=draft, me=people.me(db), hold_s=box.held_seconds(db),
    )  # fmt: skip


def _begun(db: Desk, person_id: int, choice: Choice) -> Entry | None:
    return outbox.draft_of(db, person_id, choice.activity.key if choice.activity else None, choice.deed)


def _answers(db: Desk, activity: Activity) -> Iterable[Choice]:
    """Each login that can answer it; where none can, its page if there is one."""
    place, wanted = activity.key.place, _ALSO[_DEEDS.get(activity.kind, Deed.COMMENT)]
    stored = profiles.by_key(db, activity.actor)
    profile = stored.profile if stored is not None else None
    ways = [way for way in box.ways(db, activity.key) if way.may.deed in wanted]
    for way in ways:
        yield Choice(place=place, deed=way.may.deed, activity=activity, profile=profile, way=way, names=_names(db, way, activity))
    if not ways:
        choice = Choice(place=place, deed=wanted[0], activity=activity, profile=profile, server=_server(db, place), hint=box.lacking(db, wanted, activity))
        if choice.page(""):
            yield choice


def with_names(db: Desk, way: Way, new: New) -> New:
    """The same, beginning with whom it has to name, if it names not even the first of them: for whoever says it without seeing how it begins."""
    item = activities.by_key(db, new.towards) if new.towards is not None else None
    if item is not None and item.activity is not None:
        names = _names(db, way, item.activity)
    else:
        to = [profiles.by_key(db, Key(new.place, one.value)) for one in new.recipients] if way.may.names else []
        names = tuple(filter(None, (_name(way, stored.profile) for stored in to if stored is not None)))
    host = _host(way)
    if not new.deed.has_words or not names or not new.text.strip() or is_named(names[0], new.text, host):
        return new
    return replace(new, text=naming.opening(name for name in names if not is_named(name, new.text, host)) + new.text)


_NAMED = frozenset({Role.TO, Role.REPLY_TO, Role.MENTIONED})


def _names(db: Desk, way: Way, activity: Activity) -> tuple[str, ...]:
    """Whoever wrote it and whom it names itself, without the user, where the place tells only those."""
    if not way.may.names:
        return ()
    me, own = people.me(db), way.login.profile
    found = []
    for key in dict.fromkeys((activity.actor, *(one.profile for one in activity.participants if one.role in _NAMED))):
        stored = profiles.by_key(db, key)
        is_mine = key == own or (stored is not None and (stored.profile.is_owner or (me is not None and stored.person_id == me.id)))
        if not is_mine:
            found.append(_name(way, stored.profile if stored is not None else Profile(key=key)))
    return tuple(filter(None, found))


def _name(way: Way, profile: Profile) -> str:
    """As one's own server writes it, "" where it is not known."""
    return naming.written(profile.handle or naming.by_address(profile.key.native_id), _host(way))


def _host(way: Way | None) -> str:
    """Of the server by which it is said, with an odd port; "" by hand."""
    return urlsplit(way.login.address).netloc if way is not None else ""


def _writing(db: Desk, theirs: Sequence[Stored]) -> Iterable[Choice]:
    """Their mail addresses first, then their other places."""
    ways = box.ways_to_write(db)
    mails = dict.fromkeys(a.value for s in theirs for a in s.profile.addresses if a.kind is AddressKind.MAIL)
    mails.update(dict.fromkeys(s.profile.key.native_id for s in theirs if s.profile.key.place == "mail" and "@" in s.profile.key.native_id))
    senders = [way for way in ways if way.may.deed is Deed.MAIL]
    for address in mails:
        profile = Profile(key=Key("mail", address), handle=address)
        for way in senders:
            yield Choice(place=way.login.place, deed=Deed.MAIL, profile=profile, way=way, to=address)
        if not senders:
            yield Choice(place="mail", deed=Deed.MAIL, profile=profile, to=address)
    for stored in theirs:
        place = stored.profile.key.place
        able = [way for way in ways if way.may.deed is Deed.MESSAGE and way.login.place == place and box.fits(way, stored.profile.key)]
        for way in able:
            names = (_name(way, stored.profile),) if way.may.names else ()
            yield Choice(place=place, deed=Deed.MESSAGE, profile=stored.profile, way=way, names=tuple(filter(None, names)))
        hint = box.lacking(db, (Deed.MESSAGE,), stored.profile.key)
        choice = Choice(place=place, deed=Deed.MESSAGE, profile=stored.profile, server=_server(db, place), hint=hint)
        if place != "mail" and not able and choice.page(""):
            yield choice


def _server(db: Desk, place: str) -> str:
    return next((login.address for login in logins.every(db) if login.place == place and login.address.startswith("https://")), "")


def _obstacles(db: Desk, person: Person | None, choices: Sequence[Choice], now: datetime) -> tuple[tuple[str, str], ...]:
    wish = wish_rows.current(db, [person.id]).get(person.id) if person is not None else None
    if person is None or wish is None:
        return ()
    everywhere = _refusal(wish, person, now)
    if everywhere:
        return (("", everywhere),)
    if not wish.places:
        return ()
    asked = _asked(wish, person, say("to be written to only by {places}.", places=listed([place_name(p) for p in wish.places])))
    return tuple((place, asked) for place in dict.fromkeys(choice.place for choice in choices) if place not in wish.places)


def _refusal(wish: Wish, person: Person, now: datetime) -> str:
    if wish.opted_out:
        return _asked(wish, person, say("not to be contacted."))
    if wish.not_until is not None and now.astimezone().date() < wish.not_until:
        return _asked(wish, person, say("for no contact before {day}.", day=day(wish.not_until)))
    if wish.every_days and person.last_out is not None and now - person.last_out < timedelta(days=wish.every_days):
        seldom = say("to be written to {how_often} at most; you last wrote {when}.", how_often=wishes.every(wish.every_days), when=ago(now, person.last_out))
        return _asked(wish, person, seldom)
    return ""


def _asked(wish: Wish, person: Person, what: str) -> str:
    """ "On 3 March 2026 Hannah Weiss asked to be written to only by Mail. (letter of 3 March)"."""
    name, on = person.name, wish.said
    said = say("On {day} {name} asked {what}", day=day(on), name=name, what=what) if on is not None else say("{name} asked {what}", name=name, what=what)
    return f"{said} ({wish.source})" if wish.source else said


# What is typed


def new_of(person_id: int | None, choice: Choice, text: str, subject: str = "", audience: Audience | None = None) -> New:
    """What is typed, as the outbox takes it."""
    may = choice.way.may if choice.way is not None else None
    chosen = Audience.PUBLIC if may is None else audience if audience in may.audiences else may.audiences[0]
    recipients: tuple[Recipient, ...] = ()
    if choice.activity is None and choice.profile is not None:
        recipients = (Recipient(role=Role.TO, value=choice.to or choice.profile.key.native_id, name=choice.profile.display_name),)
    return New(
        person_id=person_id, place=choice.place, deed=choice.deed, login=choice.way.login.secret_name if choice.way else "",
        towards=choice.activity.key if choice.activity else None, subject=subject, text=text, recipients=recipients, audience=chosen or Audience.PUBLIC,
    )  # fmt: skip


def _is_empty(new: New) -> bool:
    """Of an answer the subject is there by itself."""
    return not new.text.strip() and (new.towards is not None or not new.subject.strip())


def keep(db: Desk, uid: str, new: New, now: datetime) -> tuple[Entry | None, Changes]:
    """What is being typed, on disk; None where nothing is (an empty one goes). uid: of what was kept before, "" for nothing. Another
    place or deed is another entry."""
    with transaction(db):
        old = outbox.get(db, uid) if uid else None
        if old is not None and old.state is State.DRAFT:
            same = (old.place, old.deed, old.towards, old.person_id) == (new.place, new.deed, new.towards, new.person_id)
            if not same or _is_empty(new):
                outbox.remove(db, uid)
            elif same:
                return box.edit(db, uid, now, text=new.text, subject=new.subject, recipients=new.recipients, audience=new.audience, login=new.login), Changes()
        elif old is not None and old.state in (State.FAILED, State.GIVEN_UP):
            return box.edit(db, uid, now, text=new.text, subject=new.subject, audience=new.audience, login=new.login), Changes()
        if _is_empty(new):
            return None, Changes(outbox=old is not None)
        return box.put(db, new, now)


def send(db: Desk, uid: str, new: New, now: datetime, hold_s: int | None = None) -> tuple[Entry, Changes]:
    """Keep it as it is typed now and put it on its way. hold_s: as in `outbox.send`. Raises UserMistake if it cannot go out; the words are kept."""
    kept, _ = keep(db, uid, new, now) if new.deed.has_words else box.put(db, new, now)
    if kept is None:
        raise UserMistake(say("There is nothing in it yet. Nothing was sent. Write something first."))
    return box.send(db, kept.uid, now, hold_s=hold_s)


def one_press(db: Desk, person_id: int | None, key: Key, deed: Deed, now: datetime) -> tuple[Entry, Changes] | str:
    """Like it or pass it on by the first login that can, once; pressed again it is held back, or taken back once it is out. Where none can: the
    page on which it is done by hand, "" for nowhere. Raises UserMistake while it is not known whether the last press arrived.
    """
    way = next((way for way in box.ways(db, key) if way.may.deed is deed), None)
    item = activities.by_key(db, key)
    if item is None or item.activity is None:
        raise UserMistake(say("This item is no longer in the desk. Nothing was sent."))
    if way is None:
        return answer_page(key.place, deed, item.activity, None, "", server=_server(db, key.place))
    there = outbox.last_press(db, key, deed)
    if there is None or (there.state is State.SENT and there.deed is not deed):
        return send(db, "", New(person_id=person_id, place=key.place, deed=deed, login=way.login.secret_name, towards=key), now)
    if there.state is State.SENDING or there.unsure:
        raise UserMistake(say("It is not known yet whether {named} arrived. Nothing was changed. Look at it in the outbox, then press again.", named=box.named(db, there)))
    if there.state is State.WAITING:
        return box.hold_back(db, there.uid, now)
    if there.state is State.SENT and deed.undone_by is not None:
        return send(db, "", New(person_id=person_id, place=key.place, deed=deed.undone_by, login=there.login, towards=key), now)
    return box.send(db, there.uid, now)


def said_by_hand(db: Desk, entry: Entry, now: datetime) -> Changes:
    """The user said it in the place itself: it becomes an activity of theirs towards that person, so it is contact with them, and what
    waited for it is done."""
    me = people.me(db)
    if me is None:
        raise UserMistake(say("The desk does not know yet which person you are. Your words are kept in the outbox. Say it with “This is me” in your own menu."))
    mine = next((s.id for s in profiles.of_person(db, me.id) if s.profile.key.place == entry.place), None)
    kind = Kind.MESSAGE if entry.deed in (Deed.MAIL, Deed.MESSAGE) else Kind.COMMENT
    words = Words(place=entry.place, title=entry.subject, text=entry.text, kind=kind, published=now.replace(second=0, microsecond=0), precision=Precision.MINUTE, whom=_whom(db, entry))
    with transaction(db):
        waits = [] if entry.person_id is None or entry.towards is None else [
            prompt for prompt in agenda.of_person(db, entry.person_id, now)
            if not prompt.why_not and any(piece.activity == entry.towards for piece in prompt.evidence)
        ]  # fmt: skip
        changes = Changes()
        for prompt in waits:
            changes |= agenda.answer(db, prompt, "done", now)
        if outbox.get(db, entry.uid) is not None:
            changes |= box.discard(db, entry.uid, now)
        _, captured = capturing.capture(db, me.id, words, now, profile_id=mine)
    touched = frozenset({entry.person_id}) if entry.person_id is not None else frozenset[int]()
    return changes | captured | Changes(outbox=True, people=touched, prompts=True)


def _whom(db: Desk, entry: Entry) -> tuple[tuple[Key, Role], ...]:
    """Whoever wrote what was answered; of something new to whom it went. Where that is nobody the desk knows, the person by whatever
    profile of theirs there is, best in the same place."""
    item = activities.by_key(db, entry.towards) if entry.towards is not None else None
    if item is not None and item.activity is not None:
        return ((item.activity.actor, Role.REPLY_TO),)
    named = tuple((Key(entry.place, one.value), one.role) for one in entry.recipients)
    if any(profiles.by_key(db, key) is not None for key, _ in named) or entry.person_id is None:
        return named
    theirs = sorted((stored.profile.key for stored in profiles.of_person(db, entry.person_id)), key=lambda key: key.place != entry.place)
    return tuple((key, Role.TO) for key in theirs[:1])
