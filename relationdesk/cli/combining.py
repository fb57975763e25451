"""Commands about who is one and who is two: combine, split, and decisions with their undo."""

from __future__ import annotations

from typing import Any

import click

from relationdesk.cli.output import Front, iso, json_option, now, table
from relationdesk.cli.reading import moment
from relationdesk.errors import UserMistake
from relationdesk.services import combining, decisions, people
from relationdesk.store import ledger, profiles
from relationdesk.store import notes as note_rows
from relationdesk.store import people as persons
from relationdesk.store.database import Desk


@click.command("combine")
@click.argument("who")
@click.argument("other")
@click.option("--dry-run", is_flag=True, help="Only say what would go along.")
@json_option
@click.pass_obj
def combine(front: Front, who: str, other: str, dry_run: bool) -> None:
    """WHO and OTHER are one human: everything of OTHER becomes WHO's."""
    with front.open(write=not dry_run) as db:
        preview = combining.preview(db, persons.find(db, who).id, persons.find(db, other).id)
        changes = None if dry_run else combining.combine(db, preview.into.id, preview.gone.id, now())
        made = None if dry_run else ledger.entries(db, 1)[0].id
    carried = ", ".join(f"{n} {what}" for what, n in preview.carried if n) or "nothing but the name"
    conflicts = "".join(f"\n  {what}: {stays} (beside it: {beside})" for what, stays, beside in preview.conflicts)
    words = f"{changes.undo}." if changes else f"Nothing was changed. {preview.gone.name} would become part of {preview.into.name}."
    front.answer(
        {"person": preview.into.uid, "gone": preview.gone.uid, "carried": dict(preview.carried), "decision": made,
         "conflicts": [{"what": what, "stays": stays, "beside": beside} for what, stays, beside in preview.conflicts]},
        f"{words} What goes along: {carried}.{conflicts}{_take_back(made)}",
    )  # fmt: skip


@click.command("split")
@click.argument("who")
@click.argument("profile", nargs=-1, required=True)
@click.option("--note", "notes", multiple=True, metavar="UID", help="A note that goes along; several times.")
@click.option("--name", default="", help="Of the new person; without it that of the first profile.")
@click.option("--without-marks", is_flag=True, help="Buckets and tags are not theirs, too.")
@click.option("--from", "first", default="", metavar="DAY", help="Of the profiles only what was from that day on, as 2026-11-20 (UTC).")
@click.option("--until", "last", default="", metavar="DAY", help="Only what was until that day, that day included.")
@json_option
@click.pass_obj
def split(
    front: Front, who: str, profile: tuple[str, ...], notes: tuple[str, ...], name: str, without_marks: bool, first: str, last: str
) -> None:  # fmt: skip
    """Each PROFILE of WHO is another human's: a new person, kept apart from WHO."""
    days = (moment(first).date() if first else None, moment(last).date() if last else None)
    with front.open(write=True) as db:
        person = persons.find(db, who)
        chosen = [_theirs(db, person.id, person.name, text) for text in profile]
        going = [_note(db, person.id, person.name, uid) for uid in notes]
        new_id, changes = combining.split(db, person.id, chosen, going, now(), name=name, with_marks=not without_marks, first=days[0], last=days[1])
        new, made = persons.get(db, new_id), ledger.entries(db, 1)[0].id
    assert new is not None
    front.answer(
        {"person": person.uid, "new": new.uid, "profiles": chosen, "notes": list(notes), "decision": made},
        f"{changes.undo}.{_take_back(made)}",
    )  # fmt: skip


@click.command("decisions")
@click.option("--who", default="", help="Only about this person, with what was linked without you.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50)
@json_option
@click.pass_obj
def list_decisions(front: Front, who: str, limit: int) -> None:
    """What you decided, newest first; each can be taken back with `undo dN`, at any time and alone."""
    with front.open() as db:
        found = decisions.of_person(db, persons.find(db, who).id, limit) if who else decisions.every(db, limit)
    rows = [(f"d{d.id}" if d.id else "", d.at.astimezone().strftime("%Y-%m-%d %H:%M") if d.at else "", d.by, d.sentence, "taken back" if d.undone else "") for d in found]
    front.answer([_json(d) for d in found], table(rows) or "Nothing was decided yet.")


def undo_decision(front: Front, text: str) -> None:
    """`undo d12`: one decision. Raises UserMistake for one that is not there or was taken back already."""
    digits = text.removeprefix("d")
    with front.open(write=True) as db:
        if not digits.isascii() or not digits.isdigit() or len(digits) > 15 or not ledger.some(db, [int(digits)]):
            raise UserMistake(f"There is no decision “{text}”. Nothing was changed. See them with: decisions")
        done, _ = people.undo(db, now(), int(digits))
    front.answer(
        {"decision": done.entry.id, "sentence": done.entry.sentence, "kept": list(done.kept), "anew": list(done.anew)},
        " ".join((f"Taken back: {done.entry.sentence}.", *done.kept)),
    )


def _json(decided: decisions.Decided) -> dict[str, Any]:
    return {
        "decision": decided.id or None, "at": iso(decided.at), "by": decided.by, "kind": decided.kind, "sentence": decided.sentence,
        "undone": decided.undone, "profile": decided.profile_id,
    }  # fmt: skip


def _take_back(decision: int | None) -> str:
    return "" if decision is None else f" Take it back with: undo d{decision}"


def _theirs(db: Desk, person_id: int, name: str, text: str) -> int:
    found = profiles.find(db, text)
    if found.id not in {stored.id for stored in profiles.of_time(db, person_id)}:
        raise UserMistake(f"“{text}” is not a profile of {name}. Nothing was changed. See them with: person")
    return found.id


def _note(db: Desk, person_id: int, name: str, uid: str) -> int:
    found = note_rows.by_uid(db, uid)
    if found is None or found.person_id != person_id:
        raise UserMistake(f"“{uid}” is not a note on {name}. Nothing was changed. See them with: timeline --kind note")
    return found.id


COMMANDS = (combine, split, list_decisions)
