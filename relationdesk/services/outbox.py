"""The outbox: what the user says to people, kept from the first letter on, sent when it can be. `sending` asks the places.

Words are never lost: a draft is a row from its first letter, sending, failing and giving up keep them, and taking a draft away can be
taken back. To send, to hold back, to try again and to give up are decisions. What is out is out: no undo claims anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from relationdesk.engage.templates import gap_sentence, gaps
from relationdesk.errors import UserMistake
from relationdesk.model import Activity, Audience, Changes, Key, Login, Role
from relationdesk.outgoing import Deed, Entry, May, Recipient, State, addressed
from relationdesk.saying import marked, say
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import Picky, Sends
from relationdesk.store import activities, decision, ledger, logins, outbox, people, settings
from relationdesk.store.database import Desk, transaction
from relationdesk.store.decision import Row
from relationdesk.store.outbox import counts, draft_of, due, every, get, of_person
from relationdesk.store.staging import AUDIENCES
from relationdesk.store.timekey import seconds
from relationdesk.text import one_line, place_name, storable

__all__ = [
    "LONGEST_HOLD", "MOST_CHARACTERS", "OUT", "New", "Way", "counts", "discard", "draft_of", "due", "edit", "every", "fits", "get", "give_up",
    "hold_back", "lacking", "length", "of_person", "put", "retry", "send", "senders", "ways", "ways_to_write",
]  # fmt: skip

LONGEST_HOLD = 60
"""Seconds for which something sent can be held back, at most."""
MOST_CHARACTERS = 100_000
"""Of one text; longer ones are refused, not cut."""
OUT = marked("It is out already, or may be, so it stays as it is. What is sent cannot be called back from here; change or remove it in the place itself.")
_WORDS = {
    Deed.REPLY: marked("the reply to {whom}"), Deed.LIKE: marked("the like for {whom}"), Deed.BOOST: marked("the boost for {whom}"),
    Deed.COMMENT: marked("the comment for {whom}"), Deed.MESSAGE: marked("the message to {whom}"), Deed.MAIL: marked("the mail to {whom}"),
    Deed.UNLIKE: marked("the withdrawal of the like for {whom}"), Deed.UNBOOST: marked("the withdrawal of the boost for {whom}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """What is begun. towards: what is answered, liked or passed on; None for something new. login: `Login.secret_name` of the way it
    goes, "" to choose later. recipients: of a mail or message; () for whoever wrote what is answered."""

    person_id: int | None
    place: str
    deed: Deed
    login: str = ""
    towards: Key | None = None
    subject: str = ""
    text: str = ""
    recipients: tuple[Recipient, ...] = ()
    audience: Audience = Audience.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How something can go out: by which login, and what that allows."""

    login: Login
    may: May


def ways(db: Desk, towards: Key) -> tuple[Way, ...]:
    """What can be done about this activity, and by which logins, in the order of the deeds; () where no login of its place can send.
    Nothing is asked."""
    item = activities.by_key(db, towards)
    about = item.activity if item is not None else None
    found = [way for way in _every_way(db) if way.login.place == towards.place and (about is None or fits(way, about))]
    return tuple(sorted(found, key=lambda way: list(Deed).index(way.may.deed)))


def ways_to_write(db: Desk) -> tuple[Way, ...]:
    """By which logins somebody can be written to without anything that is answered."""
    return tuple(way for way in _every_way(db) if way.may.new)


def fits(way: Way, about: Activity | Key) -> bool:
    """Whether this can be done about that activity, or to whom the key belongs: some places have servers that know nothing of each other."""
    source = senders().get(way.login.source)
    return not isinstance(source, Picky) or source.fits(way.login, way.may.deed, about)


def lacking(db: Desk, deeds: Sequence[Deed], about: Activity | Key) -> str:
    """Why none of these can be done about that by a login though it has a key there: one sentence with what to do; "" if that is not so."""
    known = senders()
    place = about.key.place if isinstance(about, Activity) else about.place
    for login in (one for one in logins.every(db) if one.place == place):
        source = known.get(login.source)
        if isinstance(source, Picky) and any(source.fits(login, deed, about) for deed in deeds) and (said := source.lacks(login)):
            return said
    return ""


def _every_way(db: Desk) -> list[Way]:
    known = senders()
    return [Way(login=login, may=may) for login in logins.every(db) if login.source in known for may in known[login.source].may(login)]


def senders() -> dict[str, Sends]:
    """The sources by which something can be said, by their names."""
    return {source.name: source for source in LIVE_SOURCES if isinstance(source, Sends)}


def length(source: str, deed: Deed, text: str) -> int:
    """How long a text is, as the place of this source counts; to be compared with `May.most`."""
    sender = senders().get(source)
    return len(text) if sender is None else sender.length(deed, text)


def put(db: Desk, new: New, now: datetime) -> tuple[Entry, Changes]:
    """Begin it: a draft, which is kept from now on. Raises UserMistake for a person who is gone."""
    if new.person_id is not None and people.get(db, new.person_id) is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was sent."))
    uid, at = people.new_uid(), seconds(now)
    with transaction(db):
        outbox.insert(
            db,
            {
                "id": decision.free_id(db, "outbox"), "uid": uid, "person_id": new.person_id, "place": new.place, "login": new.login,
                "deed": new.deed.value, "towards": new.towards.native_id if new.towards else "", "subject": _subject(new.subject),
                "text": _text(new.text), "recipients": outbox.as_text(addressed(new.recipients)), "audience": AUDIENCES.index(new.audience),
                "state": State.DRAFT.value, "made_at": at, "saved_at": at,
            },
        )  # fmt: skip
        kept = _get(db, uid)  # before the end of it: what fails afterwards would be told as not kept
    return kept, _changes(new.person_id)


def edit(
    db: Desk, uid: str, now: datetime, *, text: str | None = None, subject: str | None = None,
    recipients: tuple[Recipient, ...] | None = None, audience: Audience | None = None, login: str | None = None,
) -> Entry:  # fmt: skip
    """Write on. None leaves as it is. Raises UserMistake for what waits (hold it back first), is out or may be out."""
    entry = _get(db, uid)
    if entry.unsure or entry.state in (State.SENDING, State.SENT):
        raise UserMistake(say(OUT))
    if entry.state is State.WAITING:
        raise UserMistake(say("This is on its way out. Nothing was changed. Hold it back first, then change it."))
    values: Row = {"saved_at": seconds(now)}
    if text is not None:
        values["text"] = _text(text)
    if subject is not None:
        values["subject"] = _subject(subject)
    if recipients is not None:
        values["recipients"] = outbox.as_text(addressed(recipients))
    if audience is not None:
        values["audience"] = AUDIENCES.index(audience)
    if login is not None:
        values["login"] = login
    with transaction(db):
        outbox.write(db, uid, values)
        return _get(db, uid)


def send(db: Desk, uid: str, now: datetime, *, hold_s: int | None = None) -> tuple[Entry, Changes]:
    """The user sends it: it goes out after `hold_s` seconds (None: as the settings say), until which it can be held back, and as soon as the
    place can be asked. With 0 nothing is offered to be taken back.

    Raises UserMistake if it cannot go out as it is (no words, too long, nobody to send it to, no login that may), or is out.
    """
    entry = _get(db, uid)
    if entry.state not in (State.DRAFT, State.FAILED, State.GIVEN_UP):
        raise UserMistake(say(OUT) if entry.state is not State.WAITING else say("This is on its way out already. Nothing was changed."))
    _check(db, entry)
    held = held_seconds(db) if hold_s is None else max(0, hold_s)
    first = entry.queued if entry.unsure and entry.queued is not None else now  # what may be there since then is looked for since then
    values: Row = {"state": State.WAITING.value, "queued": seconds(first), "not_before": seconds(now + timedelta(seconds=held))}
    sent, changes = _decide(db, entry, "send", say("Put {named} on its way", named=named(db, entry)), values, now)
    return sent, changes if held else replace(changes, undo="")


def held_seconds(db: Desk) -> int:
    """How long something sent can be held back, as the user set it."""
    return min(LONGEST_HOLD, max(0, settings.load(db).hold_seconds))


def hold_back(db: Desk, uid: str, now: datetime) -> tuple[Entry, Changes]:
    """Not yet: a draft again. Raises UserMistake for what is out or may be."""
    entry = _get(db, uid)
    if entry.state is not State.WAITING or entry.unsure:
        raise UserMistake(say(OUT) if entry.state in (State.WAITING, State.SENDING, State.SENT) else say("This is not on its way out. Nothing was changed."))
    return _decide(db, entry, "hold", say("Held back {named}", named=named(db, entry)), {"state": State.DRAFT.value, "not_before": None}, now)


def give_up(db: Desk, uid: str, now: datetime) -> tuple[Entry, Changes]:
    """Not to be sent any more; the words are kept. Raises UserMistake for what is out, or is being sent at this moment."""
    entry = _get(db, uid)
    if entry.state is State.SENT or (entry.state is State.SENDING and not entry.failure):
        raise UserMistake(say(OUT))
    if entry.state is State.GIVEN_UP:
        raise UserMistake(say("This was given up already. Nothing was changed; its words are kept."))
    return _decide(db, entry, "give up", say("Gave up {named}", named=named(db, entry)), {"state": State.GIVEN_UP.value}, now, {})


def retry(db: Desk, uid: str, now: datetime, *, sure: bool = False) -> tuple[Entry, Changes]:
    """Try again, now. What may be out already is looked for in the place first, and sent only if it is not there. sure: the user looked
    and says that it is not.

    Raises UserMistake as `send` does.
    """
    entry = _get(db, uid)
    if entry.state is State.SENDING and not entry.failure:
        raise UserMistake(say("This is being sent just now. Nothing was changed."))
    if entry.state is State.SENT:
        raise UserMistake(say(OUT))
    if entry.state is State.DRAFT:
        raise UserMistake(say("This was never sent. Nothing was changed. Send it."))
    _check(db, entry)
    at = seconds(now)
    values: Row = {"state": State.WAITING.value, "not_before": at, "queued": seconds(entry.queued or now)}
    return _decide(db, entry, "retry", say("Tried again: {named}", named=named(db, entry)), values, now, _ANEW | ({"is_unsure": 0} if sure else {}))


def discard(db: Desk, uid: str, now: datetime) -> Changes:
    """Take a draft, or what failed or was given up, out of the outbox. With words in it that can be taken back.

    Raises UserMistake for what waits, is out or may be out.
    """
    entry = _get(db, uid)
    if entry.state in (State.WAITING, State.SENDING, State.SENT) or (entry.unsure and entry.state is not State.GIVEN_UP):
        raise UserMistake(say("Only what is not on its way can be taken out of the outbox. Nothing was changed. Hold it back or give it up first."))
    if entry.state is State.DRAFT and not entry.text.strip() and not entry.subject.strip():
        with transaction(db):
            outbox.remove(db, uid)
        return _changes(entry.person_id)
    sentence = say("Took {named} out of the outbox", named=named(db, entry))
    with ledger.decide(db, "discard", sentence, seconds(now)) as d:
        d.delete("outbox", {"id": entry.id})
    return _changes(entry.person_id, sentence)


def named(db: Desk, entry: Entry) -> str:
    """What it is, for sentences: "the reply to Joe Brown"."""
    person = people.get(db, entry.person_id) if entry.person_id is not None else None
    first = next(iter(entry.recipients), None)
    whom = person.name if person is not None else (first.name or first.value) if first is not None else say("nobody")
    return say(_WORDS[entry.deed], whom=one_line(whom, 100))


def login_of(db: Desk, entry: Entry) -> Login | None:
    """The login it goes by, None if that is gone."""
    return next((login for login in logins.every(db) if login.secret_name == entry.login), None)


def _check(db: Desk, entry: Entry) -> None:
    """Raises UserMistake if it cannot go out as it is."""
    login = login_of(db, entry)
    place = place_name(entry.place)
    if login is None:
        raise UserMistake(say("There is no login for {place} to send this by. Nothing was sent and the words are kept. Connect {place}, then choose it.", place=place))
    source = senders().get(login.source)
    may = next((may for may in source.may(login) if may.deed is (entry.deed.undoes or entry.deed)), None) if source is not None else None
    about = activities.by_key(db, entry.towards) if entry.towards is not None else None
    able = about is None or about.activity is None or may is None or fits(Way(login=login, may=may), about.activity)
    if may is None and isinstance(source, Picky) and (said := source.lacks(login)):
        raise UserMistake(say("{said} Nothing was sent and the words are kept.", said=said))
    if may is None or source is None or not able:
        raise UserMistake(say("This cannot be sent to {place} from here. Nothing was sent and the words are kept. Open its page and say it there.", place=place))
    if not entry.deed.has_words and entry.towards is not None:
        _check_press(db, entry, entry.towards)
    if entry.deed.has_words and not entry.text.strip():
        raise UserMistake(say("There is nothing in it yet. Nothing was sent. Write something first."))
    if missing := gaps(f"{entry.subject}\n{entry.text}"):
        person = people.get(db, entry.person_id) if entry.person_id is not None else None
        raise UserMistake(say("{gap_sentence} Nothing was sent and the words are kept. Fill it in or take it out.", gap_sentence=gap_sentence(missing[0], person.name if person else "")))
    if may.most and source.length(entry.deed, entry.text) > may.most:
        over = source.length(entry.deed, entry.text) - may.most
        raise UserMistake(say("This is {over} characters too long for {place}. Nothing was sent and the words are kept. Make it shorter.", over=over, place=place))
    if entry.audience not in may.audiences:
        raise UserMistake(say("{place} does not let this be shown to so few or so many. Nothing was sent. Choose who may read it.", place=place))
    if entry.towards is None and not may.new:
        raise UserMistake(say("This answers nothing. Nothing was sent. Choose what it answers."))
    if entry.deed in (Deed.MAIL, Deed.MESSAGE) and entry.towards is None and not any(one.role is Role.TO for one in entry.recipients):
        raise UserMistake(say("This goes to nobody yet. Nothing was sent. Say to whom."))


def _check_press(db: Desk, entry: Entry, towards: Key) -> None:
    """Nothing is liked twice, and only what was liked from here is taken back. Raises UserMistake."""
    deed = entry.deed.undoes or entry.deed
    given = outbox.standing(db, towards, deed, entry.uid)
    if entry.deed.undoes and (given is None or given.state is not State.SENT):
        raise UserMistake(say("{not_pressed} Nothing was sent. Open the original in {place} and take it back there.", not_pressed=say(_NOT_PRESSED[deed]), place=place_name(entry.place)))
    if entry.deed is deed and given is not None:
        raise UserMistake(say("{pressed} Nothing was sent.", pressed=say(PRESSED[deed])))


PRESSED = {Deed.LIKE: marked("You liked this already."), Deed.BOOST: marked("You passed this on already.")}
_NOT_PRESSED = {Deed.LIKE: marked("You did not like this from here."), Deed.BOOST: marked("You did not pass this on from here.")}
_ANEW: Row = {"failure": "", "next_try": None, "tries": 0}


def _decide(db: Desk, entry: Entry, kind: str, sentence: str, values: Row, now: datetime, told: Row = _ANEW) -> tuple[Entry, Changes]:
    """One decision, unless the sender was quicker. told: what the sender told of it before, no part of the decision: it changes by itself."""
    with ledger.decide(db, kind, sentence, seconds(now)) as d:
        found = outbox.get(db, entry.uid)
        if found is None or (found.state, found.unsure) != (entry.state, entry.unsure):
            raise UserMistake(say(OUT))
        d.update("outbox", {"id": entry.id}, values)
        if told:
            outbox.write(db, entry.uid, told)
        decided = _get(db, entry.uid)
    return decided, _changes(entry.person_id, sentence)


def _changes(person_id: int | None, undo: str = "") -> Changes:
    return Changes(outbox=True, people=frozenset() if person_id is None else frozenset({person_id}), undo=undo)


def _get(db: Desk, uid: str) -> Entry:
    entry = outbox.get(db, uid)
    if entry is None:
        raise UserMistake(say("This is no longer in the outbox. Nothing was changed."))
    return entry


def _text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise UserMistake(say("This is longer than {most:,} characters. Nothing was changed. Make it shorter.", most=MOST_CHARACTERS))
    return storable(text)


def _subject(text: str) -> str:
    """On one line: in the head of a mail a second one would be another head."""
    return one_line(_text(text), MOST_CHARACTERS)
