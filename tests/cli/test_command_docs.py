"""docs/cli.md names every command with every option it has, and none that it has not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click

from relationdesk.cli.main import relationdesk

DOCS = Path(__file__).resolve().parents[2] / "docs" / "cli.md"


def documented() -> dict[str, set[str]]:
    """Options by command ("round start"), as the table of commands has them in its first column."""
    found: dict[str, set[str]] = defaultdict(set)
    known = dict(commands(relationdesk))
    for line in DOCS.read_text(encoding="utf-8").split("## What an export holds")[0].splitlines():
        if not line.startswith("| `"):
            continue
        here: set[str] = set()
        for usage in re.findall(r"`([^`]+)`", line.split(" | ")[0].replace("\\|", "|")):
            words = re.sub(r"\[list\b", "list", usage).replace("]", " ").split()
            name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in known), "")
            assert name or usage.startswith("["), usage
            here |= {name} if name else set()
            for one in (name,) if name else here:  # "each `[--rule RULE]`"
                found[one] |= set(re.findall(r"--[a-z-]+", usage))
    return found


def commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        yield f"{above}{name}", command


def test_every_command_is_documented_with_every_option() -> None:
    told, wrong = documented(), []
    for name, command in commands(relationdesk):
        has = {option for param in command.params if isinstance(param, click.Option) for option in param.opts if option.startswith("--")} - {"--help", "--json"}
        if isinstance(command, click.Group) and not has:
            continue
        if name not in told or has != told[name]:
            wrong.append(f"{name}: has {sorted(has - told.get(name, set()))}, is said to have {sorted(told.get(name, set()) - has)}{'' if name in told else ', not named'}")
    assert not wrong, "\n".join(wrong)
