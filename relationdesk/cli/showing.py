"""The command that draws: a picture of a page, rendered without a screen, in a process of its own (Qt is not our layer)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from relationdesk.cli.output import OUR_FAULT, YOUR_FAULT, Front, a_path, json_option
from relationdesk.errors import UserMistake


@click.command("picture")
@click.argument("page")
@click.argument("out", callback=a_path)
@click.option("--who", default="", help="Whose page.")
@click.option("--dark", is_flag=True)
@click.option("--size", default="1440x900", show_default=True, metavar="WxH")
@click.option("--text", "percent", default=100, type=click.IntRange(75, 200), show_default=True, help="Text size in percent.")
@json_option
@click.pass_obj
def picture(front: Front, page: str, out: Path, who: str, dark: bool, size: str, percent: int) -> None:
    """Save a picture of PAGE (today, round, people, person, companies, company, place, places, matches, routed, outbox, welcome) as PNG."""
    width, _, height = size.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 200 <= int(width) <= 8000 and 200 <= int(height) <= 8000):
        raise UserMistake(f"“{size}” is not a size like 1440x900. Nothing was written.")
    arguments = [sys.executable, "-m", "relationdesk.picture", str(front.desk), page, str(out), width, height, str(percent)]
    arguments += ["--dark"] if dark else []
    arguments += ["--who", who] if who else []
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == YOUR_FAULT:
        raise UserMistake(done.stderr.strip().splitlines()[-1])
    if done.returncode:
        click.echo(f"The picture could not be drawn. Nothing was written.\n{done.stderr.strip()}", err=True)
        raise click.exceptions.Exit(OUR_FAULT)
    front.answer({"page": page, "file": str(out), "size": size}, f"Saved {out}")


COMMANDS = (picture,)
