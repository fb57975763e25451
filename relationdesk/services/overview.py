"""What the frame of the window shows: the counts beside the pages, and the third line of each row of people.

Both are asked for often, so both are a handful of indexed questions, and rows are asked for only while they are seen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from relationdesk.model import Bucket
from relationdesk.store import buckets, logins, people, profiles, settings
from relationdesk.store.database import Desk
from relationdesk.text import one_line

LINE = 120
"""Characters of a last activity that a row can ever show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The desk in numbers. today: prompts that are shown (at most the daily cap). need: people with a prompt. rounds: look-in rounds that are open.

    questions: on Who is this?. routed: waiting to be answered on a list. outbox: not out yet, drafts too; sending: of them on their way; unsent: failed. places: names, the one with the newest activity first. logins: how many, and
    `failing` of them in a way that needs somebody, in whole or in one of their feeds, `later` in one that heals by itself; whoever paused one knows, but the sample's, which are never asked, show how they stood. offline: how many of the others only wait for a network. last_good: the oldest of the logins' last good syncs, aware UTC. waiting: ids of buckets in which
    somebody waits.
    """

    owner: str = ""
    people: int = 0
    need: int = 0
    companies: int = 0
    today: int = 0
    rounds: int = 0
    questions: int = 0
    places: tuple[str, ...] = ()
    logins: int = 0
    failing: int = 0
    later: int = 0
    offline: int = 0
    paused: int = 0
    last_good: datetime | None = None
    buckets: tuple[Bucket, ...] = ()
    waiting: frozenset[int] = frozenset()
    is_sample: bool = False
    routed: int = 0
    outbox: int = 0
    sending: int = 0
    unsent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """The third line of a row: what waits ("A question waits for you") by which rule, else the newest activity in one line."""

    prompt: str = ""
    rule: str = ""
    place: str = ""
    text: str = ""


def overview(db: Desk) -> Overview:
    """Everything the sidebar shows. The numbers of prompts are the cached ones that `agenda` keeps."""
    from relationdesk.services.companions import count_questions  # with all of matching: not before the first picture

    owner, known, chosen = people.me(db), logins.every(db), settings.load(db)
    trouble = logins.failing(db)
    failing = [trouble[login.id] for login in known if login.id in trouble and not logins.is_offline(login) and (chosen.is_sample or not login.paused)]
    goods = [login.last_good for login in known if login.last_good is not None]
    prompts, need = db.execute("SELECT total(open_prompts), count(*) FROM people WHERE open_prompts > 0").fetchone()
    waiting = db.execute(
        "SELECT DISTINCT x.bucket_id FROM people p JOIN bucket_people x ON x.person_id = p.id WHERE p.open_prompts > 0"
    )
    box = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
    return Overview(
        owner=owner.name if owner else "", people=people.count(db), need=int(need),
        companies=people.count_companies(db),
        today=min(int(prompts), chosen.prompts_at_most), questions=count_questions(db),
        rounds=int(db.execute("SELECT count(*) FROM rounds WHERE ended_at IS NULL").fetchone()[0]),
        places=tuple(place for place, _ in profiles.places(db)), logins=len(known),
        failing=failing.count(False), later=failing.count(True),
        offline=sum(logins.is_offline(login) and not login.paused for login in known), last_good=min(goods, default=None),
        paused=sum(login.paused for login in known),
        buckets=buckets.every(db), waiting=frozenset(row[0] for row in waiting), is_sample=chosen.is_sample,
        outbox=sum(box.get(s, 0) for s in ("draft", "waiting", "sending", "failed")), sending=box.get("waiting", 0) + box.get("sending", 0), unsent=box.get("failed", 0),
        routed=int(db.execute("SELECT count(*) FROM routes WHERE answered_at IS NULL").fetchone()[0]),
    )  # fmt: skip


def details(db: Desk, person_ids: Sequence[int], now: datetime) -> dict[int, Detail]:
    """The third lines of a few people, by id. Everybody asked for is in the answer, with an empty one if need be."""
    found = {person_id: Detail() for person_id in person_ids}
    rows = db.execute(
        "SELECT p.id, p.open_prompts, l.name, coalesce(nullif(a.title, ''), substr(a.text, 1, 400)) FROM people p "
        "LEFT JOIN activities a ON a.id = p.last_id LEFT JOIN places l ON l.id = a.place_id "
        "WHERE p.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(person_ids)),),
    ).fetchall()
    for person_id, prompts, place, text in rows:
        waits, rule = _waits(db, person_id, now) if prompts else ("", "")
        found[person_id] = Detail(prompt=waits, rule=rule, place=place or "", text=one_line(text or "", LINE))
    return found


def _waits(db: Desk, person_id: int, now: datetime) -> tuple[str, str]:
    """The title of the first prompt, without the name (it stands in the row already), and its rule."""
    from relationdesk.services import agenda  # with the rules and what they import: not before the first picture

    shown = next((prompt for prompt in agenda.of_person(db, person_id, now) if not prompt.why_not), None)
    person = people.get(db, person_id)
    if shown is None or person is None:
        return "", ""
    words = shown.title.removeprefix(person.name).lstrip(" :")
    return words[:1].upper() + words[1:], shown.rule
