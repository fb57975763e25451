"""Route it: what somebody said goes on a list (complaint, suggestion, opportunity) until it is answered. Each step can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Audience, Changes, Key
from relationdesk.saying import counted, marked, say
from relationdesk.store import ledger, people, profiles, routes
from relationdesk.store.database import Desk
from relationdesk.store.decision import Row
from relationdesk.store.routes import Route, RouteKind
from relationdesk.store.timekey import seconds
from relationdesk.text import day, one_line, place_name, storable

MOST_REMARK = 10_000
"""Characters of a remark that are kept."""
QUOTED = 600
"""Characters of an item that a mail quotes: an address in a mail link is cut by many programs from about 2,000 on."""
MAILED = 1_700
"""Characters of a mail to a colleague, so that the whole link stays below what mail programs take."""
COLUMNS = (
    "list", "state", "person_uid", "person", "company", "place", "native_id", "said_at", "precision", "title", "text", "url", "remark",
    "passed_to", "passed_at", "answered_at", "routed_at",
)  # fmt: skip


def put(db: Desk, key: Key, kind: RouteKind, now: datetime, remark: str = "") -> tuple[Route, Changes]:
    """Put an item on a list; one that was answered there waits again. A remark replaces an earlier one.

    Raises UserMistake for an item that is not there, is the user's own, or waits on that list already.
    """
    actor = _actor(db, key)
    if actor is None:
        raise UserMistake(say("This item is no longer in the desk. Nothing was changed."))
    stored = profiles.by_key(db, actor)
    owner = people.get(db, stored.person_id) if stored is not None and stored.person_id is not None else None
    if owner is not None and owner.is_me:
        raise UserMistake(say("These are your own words: only what others said is put on a list. Nothing was changed."))
    words, there = _remark(remark), next((r for r in routes.of_item(db, key) if r.kind is kind), None)
    if there is not None and there.answered is None and (not words or words == there.remark):
        raise UserMistake(say("This waits on that list already. Nothing was changed."))
    name = owner.name if owner is not None else stored.profile.display_name if stored is not None else ""
    sentence = say("{what} put on its list", what=_of(kind, name or say("somebody")))
    with ledger.decide(db, "route", sentence, seconds(now)) as d:
        if there is not None:
            d.update("routes", {"id": there.id}, {"answered_at": None, "remark": words or there.remark})
            made = there.id
        else:
            (place_id,) = db.execute("SELECT id FROM places WHERE name = ?", (key.place,)).fetchone()
            made = d.insert("routes", {
                "uid": people.new_uid(), "place_id": place_id, "native_id": key.native_id, "profile_place": actor.place,
                "profile_native_id": actor.native_id, "kind": kind.value, "remark": words, "passed_to": "", "passed_at": None,
                "answered_at": None, "made_at": seconds(now),
            })  # fmt: skip
    return _told(db, made, sentence)


def set_answered(db: Desk, route_id: int, answered: bool, now: datetime) -> tuple[Route, Changes]:
    """It is answered, or waits again. Raises UserMistake if it is so already or gone."""
    route = _there(db, route_id)
    if (route.answered is not None) == answered:
        raise UserMistake(say("This is answered already.") if answered else say("This waits already."))
    sentence = say("{what} is answered" if answered else "{what} waits again", what=_what(route))
    return _change(db, route, {"answered_at": seconds(now) if answered else None}, sentence, now)


def set_remark(db: Desk, route_id: int, remark: str, now: datetime) -> tuple[Route, Changes]:
    """What whoever answers it should know. Raises UserMistake if it is so already or gone."""
    route, words = _there(db, route_id), _remark(remark)
    if words == route.remark:
        raise UserMistake(say("The remark is so already. Nothing was changed."))
    return _change(db, route, {"remark": words}, say(_REMARK[route.kind], who=_who(route)), now)


def passed_on(db: Desk, route_ids: Sequence[int], to: str, now: datetime) -> Changes:
    """A mail about these was made for this colleague ("": chosen in the mail program); whether it was sent, only that knows."""
    several = [_there(db, route_id) for route_id in route_ids]
    what = _what(several[0]) if len(several) == 1 else counted(len(several), "{n} item", "{n} items")
    sentence = say("{what} passed on to {whom}", what=what, whom=one_line(to, 60)) if to else say("{what} passed on", what=what)
    with ledger.decide(db, "route", sentence, seconds(now)) as d:
        for route in several:
            d.update("routes", {"id": route.id}, {"passed_to": one_line(storable(to)), "passed_at": seconds(now)})
    return Changes(
        people=frozenset(route.person_id for route in several if route.person_id is not None),
        places=frozenset(route.key.place for route in several), undo=sentence,
    )  # fmt: skip


_OF = {RouteKind.COMPLAINT: marked("Complaint of {who}"), RouteKind.SUGGESTION: marked("Suggestion of {who}"), RouteKind.OPPORTUNITY: marked("Opportunity of {who}")}

_REMARK = {
    RouteKind.COMPLAINT: marked("Remark on the complaint of {who}"), RouteKind.SUGGESTION: marked("Remark on the suggestion of {who}"),
    RouteKind.OPPORTUNITY: marked("Remark on the opportunity of {who}"),
}  # fmt: skip


def _of(kind: RouteKind, who: str) -> str:
    return say(_OF[kind], who=who)


def _what(route: Route) -> str:
    """ "Complaint of Joe Brown"."""
    return _of(route.kind, _who(route))


def take_off(db: Desk, route_id: int, now: datetime) -> Changes:
    """Off its list, as if it had never been put there. Raises UserMistake if it is gone."""
    route = _there(db, route_id)
    sentence = say("{what} taken off its list", what=_what(route))
    with ledger.decide(db, "route", sentence, seconds(now)) as d:
        d.delete("routes", {"id": route.id})
    return _changes(route, sentence)


def _change(db: Desk, route: Route, values: Row, sentence: str, now: datetime) -> tuple[Route, Changes]:
    with ledger.decide(db, "route", sentence, seconds(now)) as d:
        d.update("routes", {"id": route.id}, values)
    return _told(db, route.id, sentence)


# Out of the desk


def mail(several: Iterable[Route]) -> tuple[str, str]:
    """Subject and text of a mail that passes these on: who, where, when, the words, the address, the user's remark. Plain text.

    Words said privately are left out: whoever passes them on does so by intent, see `with_private`.
    """
    them = tuple(several)
    if len(them) == 1:
        subject = f"{_what(them[0])} ({them[0].company})" if them[0].company else _what(them[0])
    else:
        subject = counted(len(them), "{n} item to answer", "{n} items to answer")
    blocks: list[str] = []
    for n, route in enumerate(them):
        block = _block(route)
        if blocks and sum(map(len, blocks)) + len(block) > MAILED:
            blocks.append(counted(len(them) - n, "… and {n} more.", "… and {n} more."))
            break
        blocks.append(block)
    return subject, "\n\n".join(blocks)


def _block(route: Route) -> str:
    when = f", {day(route.published)}" if route.published is not None else ""
    lines = [f"{_what(route)}{f', {route.company}' if route.company else ''} ({place_name(route.key.place)}{when})"]
    if is_private(route):
        lines.append(_kept())
    elif words := _words(route):
        lines.append(words)
    if route.url:
        lines.append(route.url)
    if route.remark:
        lines += ["", route.remark[:QUOTED]]
    return "\n".join(lines)


def _words(route: Route) -> str:
    said = " · ".join(part for part in (route.title, route.text) if part)
    return f"“{one_line(said, QUOTED)}”" if said else ""


def _kept() -> str:
    return say("(Said privately; the words are not passed on by themselves.)")


def is_private(route: Route) -> bool:
    """Whether its words were said to the user alone."""
    return route.audience is Audience.PRIVATE


def with_private(text: str, several: Iterable[Route], on: bool) -> str:
    """The text of such a mail, however it was changed since, with the words said privately where it says that they were left out; on False: the other way round."""
    for route in several:
        if is_private(route) and (words := _words(route)):
            text = text.replace(*((_kept(), words) if on else (words, _kept())), 1)
    return text


def rows(db: Desk, kind: RouteKind | None, *, private: bool) -> Iterator[tuple[str, ...]]:
    """Every route of a list (None: of all) under COLUMNS, those that wait first. Without `private`, private words are left out."""
    for route in (*routes.every(db, kind), *routes.every(db, kind, answered=True)):
        if private or route.audience is not Audience.PRIVATE:
            yield (
                route.kind.value, "answered" if route.answered else "waits", route.person_uid, route.name, route.company, route.key.place,
                route.key.native_id, _iso(route.published), route.precision.value, route.title, route.text, route.url, route.remark,
                route.passed_to, _iso(route.passed), _iso(route.answered), _iso(route.made),
            )  # fmt: skip


def _iso(value: datetime | None) -> str:
    return "" if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ") if value.year >= 1000 else f"{value.year:04d}{value:-%m-%dT%H:%M:%SZ}"


# What is there


def _actor(db: Desk, key: Key) -> Key | None:
    row = db.execute(
        "SELECT m.name, q.native_id FROM activities a JOIN places l ON l.id = a.place_id JOIN profiles q ON q.id = a.profile_id "
        "JOIN places m ON m.id = q.place_id WHERE l.name = ? AND a.native_id = ?",
        key,
    ).fetchone()
    return Key(*row) if row is not None else None


def _there(db: Desk, route_id: int) -> Route:
    route = routes.get(db, route_id)
    if route is None:
        raise UserMistake(say("This is no longer on any list. Nothing was changed."))
    return route


def _remark(text: str) -> str:
    words = storable(text).strip()
    if len(words) > MOST_REMARK:
        raise UserMistake(say("A remark has at most {most:,} characters. Nothing was changed; write a note about the rest.", most=MOST_REMARK))
    return words


def _who(route: Route) -> str:
    return route.name or "somebody"


def _told(db: Desk, route_id: int, sentence: str) -> tuple[Route, Changes]:
    route = _there(db, route_id)
    return route, _changes(route, sentence)


def _changes(route: Route, sentence: str) -> Changes:
    people_ids = frozenset({route.person_id}) if route.person_id is not None else frozenset[int]()
    return Changes(people=people_ids, places=frozenset({route.key.place}), undo=sentence)
