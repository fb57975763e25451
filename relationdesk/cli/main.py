"""`relationdesk [--desk DIR] …`: finds the command, and turns every error of ours into a sentence and an exit code."""

from __future__ import annotations

from pathlib import Path

import click

from relationdesk import __version__
from relationdesk.app import desk_folder
from relationdesk.cli import deciding, moving, reading, showing
from relationdesk.cli.output import DONE, OUR_FAULT, YOUR_FAULT, Front
from relationdesk.errors import Cancelled, RelationDeskError, StoreError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--desk", type=click.Path(path_type=Path, file_okay=False), default=None, help="Folder of the desk.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@click.version_option(__version__, prog_name="RelationDesk")
@click.pass_context
def relationdesk(ctx: click.Context, desk: Path | None, as_json: bool) -> None:
    """From several places to one person. Without a command the window opens."""
    ctx.obj = Front(desk=desk or desk_folder(), as_json=as_json)


for _command in (*moving.COMMANDS, *reading.COMMANDS, *deciding.COMMANDS, *showing.COMMANDS):
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
        e.show()
        return YOUR_FAULT
    except StoreError as e:
        click.echo(str(e), err=True)
        return OUR_FAULT
    except (Cancelled, RelationDeskError) as e:
        click.echo(str(e), err=True)
        return YOUR_FAULT
    except KeyboardInterrupt:
        click.echo("Stopped. Nothing was left half-done.", err=True)
        return YOUR_FAULT
