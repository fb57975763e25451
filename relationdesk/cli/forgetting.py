"""The command that forgets a person: the only one that cannot be taken back, so it wants to be told twice."""

from __future__ import annotations

import click

from relationdesk.cli.output import Front, iso, json_option, now
from relationdesk.errors import UserMistake
from relationdesk.saying import counted
from relationdesk.services import forgetting
from relationdesk.store import people as persons


@click.command("forget")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Really: it cannot be taken back. Without it only what would go is said.")
@click.option("--with-copies", is_flag=True, help="Also remove the backups that hold them, after a new one was made.")
@json_option
@click.pass_obj
def forget(front: Front, who: str, yes: bool, with_copies: bool) -> None:
    """Erase WHO wholly, and drop what arrives of them again."""
    if with_copies and not yes:
        raise UserMistake("Backups are removed only with --yes. Nothing was changed.")
    with front.open(write=yes) as db:
        person = persons.find(db, who)
        plan = forgetting.plan(db, person.id)
        left = [(copy, forgetting.expires(copy)) for copy in plan.copies]
        if yes:
            done = forgetting.forget(db, person.id, now(), with_copies=with_copies)
            left = list(done.copies)
    goes = ", ".join((
        counted(plan.profiles, "{n} profile", "{n:,} profiles"), counted(plan.activities, "{n} activity", "{n:,} activities"), counted(plan.notes, "{n} note", "{n:,} notes"),
    ))  # fmt: skip
    head = f"Forgot {person.name}: {goes}." if yes else f"Nothing was changed. Of {person.name} would go: {goes}. Say --yes to forget them; it cannot be taken back."
    lines = [head]
    if plan.mentions:
        lines.append(f"  The name stands in {plan.mentions:,} things that others said or that you noted about others; those stay.")
    lines += [f"  {copy.path.name} still holds them, until {until:%Y-%m-%d} at the latest." for copy, until in left]
    front.answer(
        {"forgotten": yes, "profiles": plan.profiles, "activities": plan.activities, "notes": plan.notes, "mentions": plan.mentions,
         "copies": [{"file": str(copy.path), "until": iso(until)} for copy, until in left]},
        "\n".join(lines),
    )  # fmt: skip


COMMANDS = (forget,)
