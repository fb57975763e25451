"""Items that the user put on a list until they are answered: complaints, suggestions, opportunities.

A route names its item and the item's actor as the world does. Whose it is follows from whom that profile is linked to now, as
everywhere: combining, splitting and linking move no route.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from relationdesk.model import Audience, Key, Precision
from relationdesk.store.database import Desk
from relationdesk.store.spans import holder
from relationdesk.store.staging import AUDIENCES
from relationdesk.store.timekey import EPOCH_2000, PRECISIONS, maybe_moment, moment


class RouteKind(StrEnum):
    """Which list. The value is stored and exported: never rename, only append."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    OPPORTUNITY = "opportunity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of a list. key: of the item; actor: whose profile said it. made, passed, answered: aware UTC, None not (yet).

    person_id, name, company: whom that profile is linked to, else its own name; None where nobody knows any more who it was.
    here: the item is in the desk; else (withdrawn, or taken out with its import) title, text and url are "". published as in Activity.
    """

    id: int
    uid: str
    kind: RouteKind
    key: Key
    actor: Key
    made: datetime
    remark: str = ""
    passed_to: str = ""
    passed: datetime | None = None
    answered: datetime | None = None
    person_id: int | None = None
    person_uid: str = ""
    name: str = ""
    company: str = ""
    here: bool = False
    published: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    audience: Audience = Audience.PUBLIC
    title: str = ""
    text: str = ""
    url: str = ""


AT = holder(f"coalesce(a.id, (r.made_at - {EPOCH_2000}) * 8)", "q")
"""Whose it was when it was said, or put on the list where the item itself is gone."""

_FROM = (
    "FROM routes r JOIN places l ON l.id = r.place_id LEFT JOIN activities a ON a.place_id = r.place_id AND a.native_id = r.native_id "
    "LEFT JOIN places m ON m.name = r.profile_place LEFT JOIN profiles q ON q.id = coalesce(a.profile_id, (SELECT id FROM profiles "
    f"WHERE place_id = m.id AND native_id = r.profile_native_id)) LEFT JOIN people p ON p.id = {AT} "
    "LEFT JOIN companies c ON c.id = coalesce(p.company_id, q.company_id) "
)
_SELECT = (
    "SELECT r.id, r.uid, r.kind, l.name, r.native_id, r.profile_place, r.profile_native_id, r.made_at, r.remark, r.passed_to, r.passed_at, "
    "r.answered_at, p.id, p.uid, coalesce(p.name, nullif(q.display_name, ''), nullif(q.handle, ''), ''), coalesce(c.name, ''), a.id, "
    "a.published, a.precision, a.audience, a.title, a.text, a.url "
) + _FROM


def every(db: Desk, kind: RouteKind | None = None, *, answered: bool = False) -> tuple[Route, ...]:
    """Those that wait, the oldest item first (what was said longest ago waits longest); answered: those that do not, last answered first."""
    order = "r.answered_at DESC, r.id DESC" if answered else "coalesce(a.published, r.made_at), r.id"
    rows = db.execute(
        f"{_SELECT} WHERE (?1 IS NULL OR r.kind = ?1) AND (r.answered_at IS NOT NULL) = ?2 ORDER BY {order}",
        (kind.value if kind is not None else None, answered),
    )
    return tuple(map(_route, rows))


def get(db: Desk, route_id: int) -> Route | None:
    row = db.execute(f"{_SELECT} WHERE r.id = ?", (route_id,)).fetchone()
    return _route(row) if row is not None else None


def of_item(db: Desk, key: Key) -> tuple[Route, ...]:
    """On which lists an item stands, answered or not."""
    return tuple(map(_route, db.execute(f"{_SELECT} WHERE l.name = ? AND r.native_id = ? ORDER BY r.id", key)))


def of_person(db: Desk, person_id: int) -> tuple[int, ...]:
    """Ids of what a person's profiles said."""
    return tuple(row[0] for row in db.execute(f"SELECT r.id {_FROM} WHERE p.id = ? ORDER BY r.id", (person_id,)))


def waiting(db: Desk) -> dict[RouteKind, int]:
    """How many wait on each list; every kind is there."""
    counts = dict(db.execute("SELECT kind, count(*) FROM routes WHERE answered_at IS NULL GROUP BY kind").fetchall())
    return {kind: int(counts.get(kind.value, 0)) for kind in RouteKind}


def _route(row: tuple[Any, ...]) -> Route:
    (
        id_, uid, kind, place, native_id, actor_place, actor_id, made, remark, passed_to, passed, answered, person_id, person_uid,
        name, company, activity, published, precision, audience, title, text, url,
    ) = row  # fmt: skip
    return Route(
        id=id_, uid=uid, kind=RouteKind(kind), key=Key(place, native_id), actor=Key(actor_place, actor_id), made=moment(made),
        remark=remark, passed_to=passed_to, passed=maybe_moment(passed), answered=maybe_moment(answered), person_id=person_id,
        person_uid=person_uid or "", name=name, company=company, here=activity is not None, published=maybe_moment(published),
        precision=Precision.UNKNOWN if precision is None else PRECISIONS[precision],
        audience=Audience.PUBLIC if audience is None else AUDIENCES[audience], title=title or "", text=text or "", url=url or "",
    )  # fmt: skip
