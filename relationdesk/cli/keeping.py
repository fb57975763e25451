"""Commands that keep the desk safe: backup, restore, check."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from relationdesk.cli.output import Front, a_path, iso, json_option, now, table
from relationdesk.errors import UnfitCopy, UserMistake
from relationdesk.services import backup as backups
from relationdesk.services import owner
from relationdesk.store import logins
from relationdesk.store.database import DESK_FILE, connect_readonly
from relationdesk.store.folder import warning


@click.command("backup")
@click.argument("file", callback=a_path)
@json_option
@click.pass_obj
def backup(front: Front, file: Path) -> None:
    """Write a verified copy of the desk to FILE."""
    with front.open() as db:
        made = backups.backup(db, file, now())
    front.answer({"file": str(made), "bytes": made.stat().st_size}, f"A verified copy of the desk is in {made}.")


@click.command("restore")
@click.argument("file", callback=a_path, required=False)
@json_option
@click.pass_obj
def restore(front: Front, file: Path | None) -> None:
    """Put a copy in the desk's place; the desk as it was goes to its backups folder. Without FILE: which copies there are."""
    if file is None:
        _list_copies(front)
        return
    with owner.owned(front.desk):
        try:
            aside = backups.restore(front.desk, file)
        except UnfitCopy as e:  # the file that was named, not the desk
            raise UserMistake(str(e)) from e
        with closing(connect_readonly(front.desk / DESK_FILE)) as db:
            held = logins.held(db)
    was = f" The desk as it was is in {aside}." if aside else ""
    paused = " Its places are paused; read them again with: sync --go-on" if held else ""
    document = {"restored": str(file), "before": str(aside) if aside else None, "held": list(held)}
    front.answer(document, f"Restored.{was}{paused}")


def _list_copies(front: Front) -> None:
    found = backups.copies(front.desk)
    rows = [(f"{copy.at.astimezone():%Y-%m-%d %H:%M}", f"{copy.bytes:,} bytes", copy.label, str(copy.path)) for copy in found]
    front.answer(
        {"copies": [{"file": str(c.path), "at": iso(c.at), "bytes": c.bytes, "label": c.label} for c in found]},
        f"{table(rows)}\nPut one back with: restore FILE" if found else "There is no copy in the backups folder of this desk yet.",
    )


@click.command("check")
@json_option
@click.pass_obj
def check(front: Front) -> None:
    """Look over the whole desk; make again what is derived."""
    with front.open(write=True) as db:
        health = backups.check(db)
    if against := warning(front.desk):
        click.echo(against, err=True)
    front.answer(
        {"problems": list(health.problems), "repaired": health.repaired, "people": health.people,
         "activities": health.activities, "notes": health.notes},
        "\n".join(health.problems)
        or f"All is well: {health.people:,} people, {health.activities:,} activities, {health.notes:,} notes.",
    )  # fmt: skip
    if health.problems:
        raise click.exceptions.Exit(1)


COMMANDS = (backup, restore, check)
