"""The sample desk: raw files and a recorded web, brought in by the real sources and the ordinary services.

No row is written by hand. What the sample user decided is done by the same functions that the window calls.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from relationdesk.errors import Cancelled, SourceError, UserMistake
from relationdesk.model import Changes, Key, NoteKind, Person, Progress
from relationdesk.saying import marked, say
from relationdesk.services import agenda, importing, logins, notes, particulars, people, review, templates, wishes
from relationdesk.services.sample_input import recorded_answer, story_day, write_sample
from relationdesk.sources.door import Door
from relationdesk.sources.replay import Replay
from relationdesk.store import buckets, profiles, settings
from relationdesk.store import logins as login_rows
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, transaction
from relationdesk.wishes import Step, WantedRhythm

STOPPED = marked("Stopped. What the sample had brought so far is in this desk; start with an empty one.")

Report = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What the sample brought. skipped: decisions of the story that this version has no place for yet."""

    people: int
    activities: int
    skipped: int
    changes: Changes


def build(db: Desk, now: datetime, *, report: Report = lambda progress: None, stop: Stop = lambda: False) -> Built:
    """Fill an empty desk with the sample. Raises UserMistake if somebody is in the desk already, Cancelled."""
    if persons.count(db) or persons.me(db) is not None:
        raise UserMistake(say("The sample goes into an empty desk only. Nothing was changed. Start with another --desk folder."))
    folder = Path(tempfile.mkdtemp(prefix="sample-"))
    try:
        return _build(db, folder, now, report, stop)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _build(db: Desk, folder: Path, now: datetime, report: Report, stop: Stop) -> Built:
    write_sample(folder, story_day(now))
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    steps: list[Callable[[], bool]] = []
    for file in index["files"]:
        steps.append(partial(_file, db, folder, file, now))
    for login in index["logins"]:
        steps.append(partial(_login, db, folder, login, now))
    for decision in index["decisions"]:
        steps.append(partial(_decide, db, decision, now))
    skipped = 0
    for n, step in enumerate(steps):
        report(Progress(done=n, total=len(steps), unit="steps"))
        if stop():
            raise Cancelled(say(STOPPED))
        skipped += not step()
    settings.save(db, replace(settings.load(db), is_sample=True))
    agenda.today(db, now)
    return Built(
        people=persons.count(db), activities=int(db.execute("SELECT count(*) FROM activities").fetchone()[0]),
        skipped=skipped, changes=Changes(everything=True),
    )  # fmt: skip


def _file(db: Desk, folder: Path, file: dict[str, Any], now: datetime) -> bool:
    path = folder / file["path"]
    importing.import_now(db, path, now=now, format=file["format"], me=file["me"], answers=file.get("answers"))
    return True


def _login(db: Desk, folder: Path, entry: dict[str, Any], now: datetime) -> bool:
    """Connect, follow and read as often as the story does, each time in front of the web as it then was."""
    login_id = 0
    for reading in entry["readings"]:
        web = folder / reading["folder"] if reading["folder"] else folder
        at = min(datetime.fromisoformat(reading["at"]), now)

        def door(private: frozenset[str], stop: Stop, web: Path = web) -> Door:
            return Door(transport=Replay(partial(recorded_answer, web)), stop=stop)

        clock = partial(_fixed, at)
        if not login_id:
            login, _ = logins.connect(db, entry["source"], entry["address"], entry["token"], clock, until_quit=True, door=door)
            login_id = login.id
        for address in reading["follows"]:
            logins.follow(db, login_id, address, clock, door=door)
        try:
            logins.sync_one(db, login_id, clock, door=door)
        except SourceError:
            continue  # a page that is gone in the story; the login shows it
    with transaction(db):
        login_rows.set_paused(db, login_id, True)  # the sample's servers do not exist; they are never asked
    return True


def _fixed(moment: datetime) -> datetime:
    return moment


def _decide(db: Desk, decision: dict[str, Any], now: datetime) -> bool:
    """One decision of the sample user; False for a kind this version does not know."""
    match decision["do"]:
        case "bucket":
            bucket_id, _ = people.make_bucket(db, decision["name"], now, decision["colour"])
            found = tuple(p.id for who in decision["who"] if (p := _who(db, who)) is not None)
            people.set_in_bucket(db, bucket_id, found, True, now)
        case "key_company":
            company = persons.company_by_name(db, decision["company"])
            if company is not None:
                people.set_key_company(db, company.id, True, now)
        case "note":
            person = _who(db, decision["who"])
            if person is not None:
                when = datetime.fromisoformat(decision["happened"])
                notes.write(
                    db, decision["text"], min(when, now), person_id=person.id, kind=NoteKind(decision["kind"]),
                    minutes=decision["minutes"], happened=when,
                )  # fmt: skip
        case "opt_out":
            person = _who(db, decision["who"])
            if person is not None:
                asked = datetime.fromisoformat(decision["asked"])
                wishes.wish(db, person.id, min(asked, now), opted_out=True, said=asked.astimezone().date(), source=decision["text"])
        case "wish":
            person = _who(db, decision["who"])
            if person is not None:
                asked = datetime.fromisoformat(decision["asked"])
                wishes.wish(
                    db, person.id, min(asked, now), places=(decision["channel"],) if decision["channel"] else (), every_days=decision["days"] or None,
                    said=asked.astimezone().date(), source=decision["text"],
                )  # fmt: skip
        case "particular":
            person = _who(db, decision["who"])
            if person is not None:
                particulars.keep(db, person.id, decision["label"], decision["text"], now)
        case "templates":
            templates.add_starters(db, now)
        case "rhythm":
            person = _who(db, decision["who"])
            if person is not None:
                wishes.want(db, WantedRhythm(wished_days=decision["days"]), now, person_id=person.id)
        case "step":
            bucket = buckets.by_name(db, decision["bucket"])
            if bucket is not None:
                wishes.set_step(db, bucket.id, Step(decision["step"]), now)
        case "answer":
            person, told = _who(db, decision["who"]), datetime.fromisoformat(decision["happened"])
            prompt = next((p for p in agenda.of_person(db, person.id, now) if not p.why_not), None) if person else None
            if prompt is not None:
                later = told + timedelta(days=decision["days"]) if decision["how"] == "later" else None
                agenda.answer(db, prompt, decision["how"], min(told, now), later)
        case "looked":
            person = _who(db, decision["who"])
            if person is not None:
                review.looked(db, person.id, datetime.fromisoformat(decision["happened"]))
        case "link":
            stored, person = profiles.by_key(db, Key(*decision["profile"])), _who(db, decision["who"])
            if stored is not None and person is not None and stored.person_id != person.id:
                people.link(db, stored.id, person.id, now)
        case _:
            return False
    return True


def _who(db: Desk, who: str) -> Person | None:
    try:
        return persons.find(db, who)
    except UserMistake:
        return None


def is_sample(db: Desk) -> bool:
    return settings.load(db).is_sample
