"""Look-in rounds: people one after another, each opened at what is new, until the queue is through.

Each step is one transaction, so a kill at any moment leaves the user where they stood or one step on.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from relationdesk.derived import Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Person
from relationdesk.saying import say
from relationdesk.services.round_queue import Origin, Round, Stop, after, before, loaded, origin_of
from relationdesk.store import buckets, ledger, people, rounds
from relationdesk.store.database import Desk, transaction
from relationdesk.store.rounds import END
from relationdesk.store.timekey import seconds

How = Literal["next", "skip", "back"]

HITS = 5_000
"""Newest words found that a round over a search looks through."""
GAP = 30 * 60
"""Seconds without a step after which the time between two steps counts as a pause."""


def begin(db: Desk, origin: str, what: str, now: datetime, *, minutes: int = 0, anew: bool = False) -> tuple[Round, Changes]:
    """A round over today's prompts (what ""), a bucket or company (its uid), or whom words find: in the people list ("people") or in everything
    ("search"). One that is open over the same people goes on where it was left, unless `anew`.

    Raises UserMistake where there is nobody to look in on, or no such bucket or company.
    """
    known = origin_of(origin)
    with transaction(db):
        what = _uid(db, known, what)
        title, ids = _members(db, known, what, now)
        there = rounds.open_one(db, known, what)
        if there is not None and not anew:
            if minutes:
                rounds.set_minutes(db, there.id, minutes)
            return resume(db, there.id, now), Changes(rounds=True)
        if not ids:
            raise UserMistake(say("There is nobody to look in on in {title}. No round was begun. Choose another bucket, search or company.", title=title))
        if there is not None:
            rounds.stand(db, there.id, there.stands, seconds(now), ended=True)
        id_ = rounds.insert(db, origin=known, what=what, title=title, minutes=minutes, now=seconds(now))
        rounds.queue(db, id_, ids)
        found = loaded(db, id_)
        _arrive(db, found, found.stops[0], now)
        return loaded(db, id_), Changes(rounds=True)


def _uid(db: Desk, origin: Origin, what: str) -> str:
    """Of a company that is named by its number ("#12"): as a window does that shows it."""
    number = people.row_number(what) if origin == "company" else 0
    found = people.company(db, number) if number else None
    return what if found is None else found.uid


def _members(db: Desk, origin: Origin, what: str, now: datetime) -> tuple[str, tuple[int, ...]]:
    """What the queue is called, and who is in it now, most pressing first."""
    if origin == "bucket":
        bucket = next((b for b in buckets.every(db) if b.uid == what), None)
        if bucket is None:
            raise UserMistake(say("This bucket is no longer there. Nothing was changed."))
        return bucket.name, _ids(people.page(db, bucket_id=bucket.id, limit=1_000_000))
    if origin == "company":
        row = db.execute("SELECT id, name FROM companies WHERE uid = ?", (what,)).fetchone()
        if row is None:
            raise UserMistake(say("This company is no longer in the desk. Nothing was changed."))
        return str(row[1]), _ids(people.page(db, company_id=row[0], limit=1_000_000))
    if origin == "today":
        from relationdesk.services import agenda  # with the rules: not for every step of a round

        return "Today", tuple(dict.fromkeys(entry.person.id for entry in agenda.today(db, now).shown))
    if origin == "people":
        return what or "People", _ids(people.page(db, query=what, limit=1_000_000))
    return what, _found(db, what, now)


def _ids(found: tuple[Person, ...]) -> tuple[int, ...]:
    return tuple(person.id for person in found)


def _found(db: Desk, words: str, now: datetime) -> tuple[int, ...]:
    """Who said it, newest words first. My own words lead to nobody, for they do not say whom one should look in on."""
    from relationdesk.services import searching

    me = people.me(db)
    who: dict[int | None, None] = {}
    for hit in searching.text(db, words, limit=HITS, now=now) if words.strip() else ():
        who[hit.item.actor_person if hit.item.note is None else hit.item.note.person_id] = None
    return tuple(id_ for id_ in who if id_ is not None and (me is None or id_ != me.id))


# Steps


def step(db: Desk, round_id: int, how: How, now: datetime, *, gap: int = GAP) -> Round:
    """next: whom one looked at is seen; skip: passed over; back: to the one before, with nothing said. After the last the round is ended.

    gap: seconds; a longer time since the last word of this round was a pause.
    """
    with transaction(db):
        found = loaded(db, round_id)
        here = found.here()
        if here is not None:
            _leave(db, found, here, now, gap)
            if how != "back":
                rounds.put(db, found.id, here.uid, state="skipped" if how == "skip" else here.state or "seen")
        return _go(db, found, before(found) if how == "back" else after(found.stops, found.stands), now)


def go_to(db: Desk, round_id: int, n: int, now: datetime, *, gap: int = GAP) -> Round:
    """To anybody in the queue; nothing is said of the one who was looked at. Nobody of that number: to where one stands."""
    with transaction(db):
        found = loaded(db, round_id)
        here = found.here()
        if here is not None:
            _leave(db, found, here, now, gap)
        there = next((stop.n for stop in found.stops if stop.n == n), found.stands)
        return _go(db, found, there, now)


def resume(db: Desk, round_id: int, now: datetime) -> Round:
    """Go on where one stood: the time between is a pause. One that was ended is open again, at whoever is still to come."""
    with transaction(db):
        found = loaded(db, round_id)
        at = found.stands if found.here() is not None else after(found.stops, END)
        return _go(db, found, at, now)


def _go(db: Desk, found: Round, n: int, now: datetime) -> Round:
    stop = next((stop for stop in found.stops if stop.n == n), None)
    if stop is not None:
        _arrive(db, found, stop, now)
    else:
        rounds.stand(db, found.id, END, seconds(now), ended=True)
    return loaded(db, found.id)


def _arrive(db: Desk, found: Round, stop: Stop, now: datetime) -> None:
    rounds.stand(db, found.id, stop.n, seconds(now), ended=False)
    rounds.visit(db, found.id, stop.uid, seconds(now))
    _know(db, found, stop)


def _leave(db: Desk, found: Round, stop: Stop, now: datetime, gap: int) -> None:
    rounds.stay(db, found.id, stop.uid, seconds(now), gap)
    _know(db, found, stop)


def _know(db: Desk, found: Round, stop: Stop) -> None:
    """What there is of them now is not news any more."""
    (last,) = db.execute("SELECT coalesce(last_id, 0) FROM people WHERE id = ?", (stop.person.id,)).fetchone()
    rounds.put(db, found.id, stop.uid, known=last)


def stay(db: Desk, round_id: int, now: datetime, *, gap: int = GAP) -> None:
    """The user still looks at whom they look at; said every few seconds, so that a kill loses no more than those."""
    with transaction(db):
        row = rounds.get(db, round_id)
        here = None if row is None or row.ended is not None else loaded(db, round_id).here()
        if here is not None:
            rounds.stay(db, round_id, here.uid, seconds(now), gap)


def flag(db: Desk, round_id: int, n: int, on: bool) -> Round:
    """Mark somebody to come back to, or not. Said again it is taken back, so nothing else need undo it."""
    with transaction(db):
        stop = next((stop for stop in loaded(db, round_id).stops if stop.n == n), None)
        for row in rounds.stops(db, round_id) if stop is not None else ():
            if stop is not None and row.person_id == stop.person.id:
                rounds.put(db, round_id, row.uid, flagged=on)
        return loaded(db, round_id)


def settle(db: Desk, round_id: int, prompt: Prompt | None, how: Literal["done", "later", "later_sign", "later_meeting"], now: datetime, until: datetime | None = None, *,
           gap: int = GAP) -> tuple[Round, Changes]:  # fmt: skip
    """Done with whom one looks at, or not now. A prompt that waits is answered so, as one decision with the round's own mark; the round goes on
    when nothing else of them waits. Without a prompt, done is said to the first that waits, and later is at the end of this round."""
    with transaction(db):
        found = loaded(db, round_id)
        here = found.here()
        if here is None:
            raise UserMistake(say("The round is at its end. Nothing was changed."))
        if prompt is None and how == "later":
            rounds.to_end(db, found.id, here.uid)
            return _on(db, found, here, now, gap), Changes(rounds=True)
        changes, more = _answer(db, found, here, prompt or _waiting(db, here.person, now), how, now, until)
        return loaded(db, round_id) if more else _on(db, found, here, now, gap), changes


def _waiting(db: Desk, person: Person, now: datetime) -> Prompt | None:
    from relationdesk.services import agenda  # with the rules: only where a prompt is answered

    return next((prompt for prompt in agenda.of_person(db, person.id, now) if not prompt.why_not), None)


def _answer(db: Desk, found: Round, here: Stop, prompt: Prompt | None, how: str, now: datetime, until: datetime | None) -> tuple[Changes, bool]:
    """What changed, and whether more of them waits: only when nothing does are they behind."""
    from relationdesk.services import agenda, answering  # with the rules: only where a prompt is answered

    sentence = say("Done with {name} in this round", name=here.person.name)
    if prompt is not None:
        sentence, until = answering.worded(db, prompt, here.person, how, now, until)
    with ledger.decide(db, "round", sentence, seconds(now)) as d:
        if prompt is not None:
            agenda.tell(d, prompt, here.person, how, seconds(now), until)
            agenda.refresh(db, [here.person.id], now)
        person = people.get(db, here.person.id)
        more = prompt is not None and person is not None and person.open_prompts > 0
        if not more:
            d.update("round_stops", {"round_id": found.id, "person_uid": here.uid}, {"state": "done" if how == "done" else "later"})
    return Changes(people=frozenset({here.person.id}), prompts=prompt is not None, rounds=True, undo=sentence), more


def _on(db: Desk, found: Round, here: Stop, now: datetime, gap: int) -> Round:
    """To the next, with nothing more said of the one who was looked at."""
    _leave(db, found, here, now, gap)
    return _go(db, found, after(found.stops, here.n), now)


def add_joined(db: Desk, round_id: int) -> Round:
    """Who came into the bucket or company since comes at the end of the queue."""
    with transaction(db):
        rounds.queue(db, round_id, loaded(db, round_id).joined)
        return loaded(db, round_id)


def end(db: Desk, round_id: int, now: datetime, *, gap: int = GAP) -> Round:
    """Stop here: who was not looked at stays so, and the summary says it."""
    with transaction(db):
        found = loaded(db, round_id)
        here = found.here()
        if here is not None and found.ended is None:
            _leave(db, found, here, now, gap)
        rounds.stand(db, round_id, found.stands, seconds(now), ended=True)
        return loaded(db, round_id)


def give(db: Desk, round_id: int, minutes: int) -> Round:
    """So long may it take; 0: as long as it takes."""
    with transaction(db):
        loaded(db, round_id)
        rounds.set_minutes(db, round_id, minutes)
        return loaded(db, round_id)


def again(db: Desk, round_id: int, day: date | None) -> Round:
    """Walk it again on that day; None: not."""
    with transaction(db):
        loaded(db, round_id)
        rounds.set_again(db, round_id, day)
        return loaded(db, round_id)
