"""What *Who is this?* shows beside a question: the newest words of both sides, and what a link would bring along."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from relationdesk.services import review
from relationdesk.services.review import Review
from relationdesk.store.database import Desk
from relationdesk.store.timekey import maybe_moment
from relationdesk.text import one_line

WORDS = 3
"""Newest items of a side: enough to recognise somebody by."""

LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of what somebody did, and where. published: aware UTC, None unknown."""

    text: str
    published: datetime | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A profile with its newest words, how many activities it has and since when; and the person beside it, if any. is_apart: the user said of
    somebody in the desk that it is not them."""

    words: tuple[Words, ...]
    activities: int
    since: datetime | None
    person: Review | None
    is_apart: bool = False


def line(title: str, text: str) -> str:
    """What an item says, in one line: "Subject · its first words"."""
    return one_line(" · ".join(part for part in (title.strip(), text.strip()) if part), LINE)


def compare(db: Desk, profile_ids: tuple[int, ...], person_id: int | None, now: datetime) -> Compared:
    """Both sides of a question: a profile with its companions, and a person. person_id None: there is nobody to compare with."""
    ids = json.dumps(profile_ids)
    rows = db.execute(
        "SELECT title, substr(text, 1, 400), published, l.name FROM activities a JOIN places l ON l.id = a.place_id WHERE a.profile_id "
        "IN (SELECT value FROM json_each(?)) AND (title <> '' OR text <> '') ORDER BY a.id DESC LIMIT ?",
        (ids, WORDS),
    )
    words = tuple(Words(text=line(title, text), published=maybe_moment(at), place=place) for title, text, at, place in rows)
    count, since = db.execute(
        "SELECT count(*), min(published) FROM activities WHERE profile_id IN (SELECT value FROM json_each(?))", (ids,)
    ).fetchone()
    beside = None if person_id is None else review.beginning(db, person_id, limit=WORDS + 2)
    (apart,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM profiles q JOIN kept_apart k USING (place_id, native_id) JOIN people p ON k.other = 'person:' || p.uid WHERE q.id IN "
        "(SELECT value FROM json_each(?)))",
        (ids,),
    ).fetchone()
    return Compared(words=words, activities=int(count), since=maybe_moment(since), person=beside, is_apart=bool(apart))
