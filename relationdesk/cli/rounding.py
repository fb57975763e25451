"""Look-in rounds from the command line: begin one, go on in it, see what it came to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from relationdesk.cli import naming
from relationdesk.cli.output import Front, iso, iso_day, json_option, now, person_json, table
from relationdesk.errors import UserMistake
from relationdesk.services import round_queue, round_summary, rounds
from relationdesk.services.round_queue import Round, Stop
from relationdesk.store.database import Desk


@click.group("round")
def round_() -> None:
    """Look in on people one after another: a bucket, a company, a search, or whom today's prompts name."""


@round_.command("start")
@click.option("--bucket", default="", metavar="NAME", help="The people of a bucket.")
@click.option("--company", default="", metavar="NAME", help="The people of a company.")
@click.option("--people", default="", metavar="WORDS", help="Whom these words find in the list of people.")
@click.option("--search", default="", metavar="QUERY", help="Who said it: full text, as for `search`.")
@click.option("--minutes", default=0, type=click.IntRange(0, 1440), help="How long you give it.")
@click.option("--anew", is_flag=True, help="From the beginning, though one over the same people is open.")
@json_option
@click.pass_obj
def start(front: Front, bucket: str, company: str, people: str, search: str, minutes: int, anew: bool) -> None:
    """Begin a round (without any option: over today's prompts), or go on with the one that is open over the same people."""
    chosen = [(name, words) for name, words in (("bucket", bucket), ("company", company), ("people", people), ("search", search)) if words.strip()]
    if len(chosen) > 1:
        raise UserMistake("A round goes over one of them: a bucket, a company, people or a search. No round was begun.")
    origin, words = chosen[0] if chosen else ("today", "")
    with front.open(write=True) as db:
        found, _ = rounds.begin(db, origin, _what(db, origin, words), now(), minutes=minutes, anew=anew)
    _say(front, found)


def _what(db: Desk, origin: str, words: str) -> str:
    if origin == "bucket":
        return naming.bucket(db, words).uid
    if origin == "company":
        return naming.company(db, words).uid
    return words


def _open(db: Desk) -> Round:
    found = round_queue.latest(db)
    if found is None:
        raise UserMistake("No round is open. Nothing was changed. Begin one with: round start --bucket NAME")
    return found


@round_.command("next")
@click.option("--skip", is_flag=True, help="Pass over whom you stand at, instead of having looked at them.")
@click.option("--back", is_flag=True, help="To the one before.")
@json_option
@click.pass_obj
def next_(front: Front, skip: bool, back: bool) -> None:
    """Whom you stand at was looked at; on to the next."""
    if skip and back:
        raise UserMistake("Say --skip or --back. Nothing was changed.")
    with front.open(write=True) as db:
        found = rounds.step(db, _open(db).id, "back" if back else "skip" if skip else "next", now())
    _say(front, found)


@round_.command("show")
@json_option
@click.pass_obj
def show(front: Front) -> None:
    """Where you stand in the round that is open."""
    with front.open() as db:
        found = _open(db)
    _say(front, found)


@round_.command("flag")
@click.option("--off", is_flag=True, help="Take the mark away again.")
@json_option
@click.pass_obj
def flag(front: Front, off: bool) -> None:
    """Mark whom you stand at, to come back to."""
    with front.open(write=True) as db:
        found = _open(db)
        found = rounds.flag(db, found.id, found.stands, not off)
    _say(front, found)


@round_.command("end")
@click.option("--again-in", default=0, type=click.IntRange(0, 366), metavar="DAYS", help="Walk it again in so many days.")
@json_option
@click.pass_obj
def end(front: Front, again_in: int) -> None:
    """Stop here; who is left is in the summary."""
    with front.open(write=True) as db:
        found = rounds.end(db, _open(db).id, now())
        if again_in:
            rounds.again(db, found.id, now().astimezone().date() + timedelta(days=again_in))
        made = round_summary.summary(db, found.id)
    _summarise(front, made)


@round_.command("summary")
@click.argument("number", required=False, type=int)
@json_option
@click.pass_obj
def summary(front: Front, number: int | None) -> None:
    """What a round came to (without its NUMBER: the newest)."""
    with front.open() as db:
        every = round_queue.every(db, 1_000_000)
        chosen = number if number is not None else max(every, key=lambda brief: brief.touched).id if every else 0
        if not any(brief.id == chosen for brief in every):
            raise UserMistake("There is no such round. See `round list` for those there are.")
        made = round_summary.summary(db, chosen)
    _summarise(front, made)


@round_.command("list")
@json_option
@click.pass_obj
def list_(front: Front) -> None:
    """Rounds that are open, then those that ended, newest first."""
    with front.open() as db:
        every = round_queue.every(db, 1_000_000)
    document = [
        {"round": b.id, "origin": b.origin, "title": b.title, "behind": b.behind, "people": b.people, "touched": iso(b.touched),
         "ended": iso(b.ended), "again_on": iso_day(b.again)}
        for b in every
    ]  # fmt: skip
    rows = [(f"#{b.id}", b.title, f"{b.behind} of {b.people}", "ended" if b.ended else "open", f"again on {b.again}" if b.again else "") for b in every]
    front.answer(document, table(rows) or "No round was begun yet.")


def _say(front: Front, found: Round) -> None:
    here = found.here()
    document = {
        "round": found.id, "origin": found.origin, "title": found.title, "minutes": found.minutes, "started": iso(found.started),
        "ended": iso(found.ended), "seconds": found.seconds, "number": found.number() if here else None, "people": len(found.stops),
        "here": _stop_json(here) if here else None, "queue": [_stop_json(stop) for stop in found.stops], "gone": found.gone,
        "joined": len(found.joined),
    }  # fmt: skip
    front.answer(document, _words(found, here))


def _stop_json(stop: Stop) -> dict[str, Any]:
    return {
        "person": {key: person_json(stop.person)[key] for key in ("id", "uid", "name", "company")}, "state": stop.state, "flagged": stop.flagged,
        "new": stop.fresh, "left": stop.left,
    }  # fmt: skip


def _words(found: Round, here: Stop | None) -> str:
    if here is None:
        return f"{found.title}: the round is through, {round_summary.minutes(found.seconds)}. See: round summary"
    at = f"{found.title}: {found.number()} of {len(found.stops)} · {round_summary.minutes(found.seconds)}"
    if found.minutes and found.seconds >= found.minutes * 60:
        at += f". Your {found.minutes} minutes are over; {found.waiting()} are left"
    who = f"{here.person.name} (#{here.person.id}){', ' + here.person.company if here.person.company else ''}{' · flagged' if here.flagged else ''}"
    return f"{at}\n{who}\nSee: timeline \"#{here.person.id}\""


def _summarise(front: Front, made: round_summary.Summary) -> None:
    document = {
        "round": made.round.id, "title": made.round.title, "started": iso(made.round.started), "ended": iso(made.round.ended),
        "seconds": made.round.seconds, "looked_at": len(made.looked()), "engaged": len(made.engaged()), "notes": made.notes(), "follow_ups": made.follow_ups(),
        "skipped": len(made.skipped()), "left": len(made.left()), "flagged": len(made.flagged()),
        "again_on": iso_day(made.round.again),
        "people": [
            {**_stop_json(line.stop), "seconds": line.seconds, "sent": line.sent, "notes": [note.uid for note in line.notes], "follow_ups": [task.uid for task in line.tasks]} for line in made.lines
        ],
    }  # fmt: skip
    front.answer(document, round_summary.text(made))


COMMANDS = (round_,)
