"""Commands that decide: link, unlink, keep-apart, edit, note."""

from __future__ import annotations

import sys
from datetime import date

import click

from relationdesk.cli.agreeing import task_json, when_due
from relationdesk.cli.output import Front, json_option, now, storable
from relationdesk.cli.reading import moment
from relationdesk.errors import UserMistake
from relationdesk.model import NoteKind
from relationdesk.services import notes, people, spans
from relationdesk.store import people as persons
from relationdesk.store import profiles, tasks


@click.command("link")
@click.argument("profile")
@click.argument("who")
@click.option("--from", "first", default="", metavar="DAY", help="Theirs only from that day on, as 2026-11-20 (UTC).")
@click.option("--until", "last", default="", metavar="DAY", help="Theirs only until that day, that day included.")
@click.option("--always", is_flag=True, help="Theirs for all time, whoever had it for a time before.")
@json_option
@click.pass_obj
def link(front: Front, profile: str, who: str, first: str, last: str, always: bool) -> None:
    """PROFILE (its #number, place/id or place:handle) is WHO's.

    A role mailbox or a telephone number that went from one to the next is each one's for a time: what happened outside of it is not in
    their timeline. The same command says it again with other days.
    """
    if always and (first or last):
        raise UserMistake("--always has no days. Nothing was changed. Leave out either.")
    days = (_day(first), _day(last))
    with front.open(write=True) as db:
        stored, person = profiles.find(db, profile), persons.find(db, who)
        if always or any(days):
            changes = spans.link_for(db, stored.id, person.id, now(), first=days[0], last=days[1])
        else:
            changes = people.link(db, stored.id, person.id, now())
    front.answer(
        {"profile": stored.id, "person": person.uid, "from": str(days[0]) if days[0] else None, "until": str(days[1]) if days[1] else None},
        changes.undo,
    )  # fmt: skip


def _day(text: str) -> date | None:
    return moment(text).date() if text else None


@click.command("unlink")
@click.argument("profile")
@click.option("--who", default="", help="Whose it was for a time, where it is somebody else's now.")
@json_option
@click.pass_obj
def unlink(front: Front, profile: str, who: str) -> None:
    """PROFILE is nobody's again, and will not be linked to that person by itself."""
    with front.open(write=True) as db:
        stored = profiles.find(db, profile)
        if who:
            changes = spans.take_from(db, stored.id, persons.find(db, who).id, now())
        else:
            changes = people.unlink(db, stored.id, now())
    front.answer({"profile": stored.id, "person": None}, changes.undo)


@click.command("keep-apart")
@click.argument("profile")
@click.argument("who")
@json_option
@click.pass_obj
def keep_apart(front: Front, profile: str, who: str) -> None:
    """PROFILE is not WHO: remembered after restart, re-import and rename."""
    with front.open(write=True) as db:
        stored, person = profiles.find(db, profile), persons.find(db, who)
        changes = people.keep_apart(db, stored.id, person.id, now())
    front.answer({"profile": stored.id, "apart_from": person.uid}, changes.undo)


@click.command("edit")
@click.argument("who")
@click.option("--name", default=None, help="What the desk calls them.")
@click.option("--title", default=None, help="Their role; it stands above what places tell. An empty one says that there is none.")
@click.option("--company", default=None, help="Where they are, likewise.")
@click.option("--as-told", is_flag=True, help="Role and company are what places tell again.")
@json_option
@click.pass_obj
def edit(front: Front, who: str, name: str | None, title: str | None, company: str | None, as_told: bool) -> None:
    """Correct what the desk says of WHO. What is not named stays as it is; the places' own words stay with the profiles."""
    name, title, company = (None if text is None else storable(text) for text in (name, title, company))
    if as_told == any(text is not None for text in (name, title, company)):
        raise UserMistake("Say either what is right (--name, --title, --company) or --as-told. Nothing was changed.")
    with front.open(write=True) as db:
        id_ = persons.find(db, who).id
        changes = people.as_told(db, id_, now()) if as_told else people.edit_person(db, id_, now(), name=name, title=title, company=company)
        person = persons.get(db, id_)
    assert person is not None
    front.answer({"person": person.uid, "name": person.name, "title": person.title, "company": person.company}, changes.undo)


@click.command("note")
@click.argument("who")
@click.argument("text", required=False)
@click.option("--kind", type=click.Choice([kind.value for kind in NoteKind]), default="note")
@click.option("--minutes", type=click.IntRange(0, 100_000), default=0)
@json_option
@click.pass_obj
def note(front: Front, who: str, text: str | None, kind: str, minutes: int) -> None:
    """Write a note on WHO; without TEXT it is read from standard input. What it promises (">me send sheet fri") is told."""
    words = storable(text if text is not None else sys.stdin.read() if sys.stdin else "")
    if not words.strip():
        raise UserMistake("The note is empty. Nothing was saved.")
    with front.open(write=True) as db:
        person = persons.find(db, who)
        made, _ = notes.write(db, words.rstrip("\n"), now(), person_id=person.id, kind=NoteKind(kind), minutes=minutes)
        promised = [task for task, *_ in tasks.of_note(db, made.uid)]
    told = [f"Follow-up: {'' if task.mine else 'theirs: '}{task.text}  {when_due(task)}" for task in promised]
    front.answer(
        {"note": made.uid, "person": person.uid, "tasks": [task_json(task, person.uid, None) for task in promised]},
        "\n".join([f"Saved on this computer: a {kind} on {person.name}.", *told]),
    )


COMMANDS = (link, unlink, keep_apart, edit, note)
