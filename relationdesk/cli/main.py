"""`relationdesk [--desk DIR] …`: finds the command, and turns every error of ours into a sentence and an exit code."""

from __future__ import annotations

from pathlib import Path

import click

from relationdesk import __version__
from relationdesk.app import desk_folder
from relationdesk.cli import (
    adding,
    agreeing,
    bringing,
    capturing,
    combining,
    deciding,
    finding,
    forgetting,
    keeping,
    moving,
    paying,
    placing,
    prompting,
    reading,
    rounding,
    routing,
    ruling,
    sending,
    showing,
    templating,
)
from relationdesk.cli.output import DONE, OUR_FAULT, YOUR_FAULT, Front, a_path
from relationdesk.errors import DeskInUse, RelationDeskError, StoreError, UserMistake


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--desk", callback=a_path, default=None, metavar="DIR", help="Folder of the desk.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@click.version_option(__version__, prog_name="RelationDesk")
@click.pass_context
def relationdesk(ctx: click.Context, desk: Path | None, as_json: bool) -> None:
    """From several places to one person. Without a command the window opens."""
    if desk is not None and desk.exists() and not desk.is_dir():
        raise UserMistake(f"{desk} is a file, and a desk is a folder. Nothing was changed. Choose another --desk folder.")
    ctx.obj = Front(desk=desk.expanduser() if desk else desk_folder(), as_json=as_json)


for _command in (
    *bringing.COMMANDS, *adding.COMMANDS, *capturing.COMMANDS, *moving.COMMANDS, *paying.COMMANDS, *placing.COMMANDS, *finding.COMMANDS, *keeping.COMMANDS, *reading.COMMANDS,
    *deciding.COMMANDS, *rounding.COMMANDS, *agreeing.COMMANDS, *combining.COMMANDS, *forgetting.COMMANDS, *routing.COMMANDS, *showing.COMMANDS, *sending.COMMANDS,
    *templating.COMMANDS, *ruling.COMMANDS, *prompting.COMMANDS,
):  # fmt: skip
    relationdesk.add_command(_command)


def run(arguments: list[str]) -> int:
    """One command; its exit code. A sentence on stderr for everything that went wrong."""
    try:
        code = relationdesk.main(arguments, prog_name="relationdesk", standalone_mode=False)
        return code if isinstance(code, int) else DONE  # what a command raised as click's Exit comes back as a number
    except click.Abort:
        click.echo("Stopped. Nothing was left half-done.", err=True)
        return YOUR_FAULT
    except click.ClickException as e:
        click.echo(_sentence(e), err=True)
        return YOUR_FAULT
    except RelationDeskError as e:
        click.echo(str(e), err=True)
        return OUR_FAULT if isinstance(e, StoreError) and not isinstance(e, DeskInUse) else YOUR_FAULT
    except KeyboardInterrupt:
        click.echo("Stopped. Nothing was left half-done.", err=True)
        return YOUR_FAULT


def _sentence(error: click.ClickException) -> str:
    """What click has to say about the arguments, on one line, and where it is explained."""
    said = " ".join(error.format_message().split()).rstrip(".")
    said += "" if said.endswith("?") else "."
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    return f"{said} Nothing was changed. See: {ctx.command_path if ctx else 'relationdesk'} --help"
