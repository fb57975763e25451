"""Commands about the rules of prompts: which there are, on or off, and their numbers."""

from __future__ import annotations

from typing import Any

import click

from relationdesk.cli.output import Front, json_option, now
from relationdesk.model import Changes
from relationdesk.services import ruling
from relationdesk.services.ruling import Ruled


@click.group("rules", invoke_without_command=True)
@json_option
@click.pass_context
def rules(ctx: click.Context) -> None:
    """What prompts are made of: every rule, whether it speaks, and its numbers. Without a command: the list."""
    if ctx.invoked_subcommand is None:
        with ctx.obj.open() as db:
            found = ruling.every(db)
        ctx.obj.answer({"rules": [_json(one) for one in found]}, "\n".join(map(_words, found)))


@rules.command("set")
@click.argument("rule")
@click.argument("field")
@click.argument("number", type=int)
@json_option
@click.pass_obj
def set_(front: Front, rule: str, field: str, number: int) -> None:
    """Set a number of a rule: `rules set complaint days 7`."""
    with front.open(write=True) as db:
        _answer(front, rule, ruling.set_threshold(db, rule, field, number, now()), ruling.every(db))


@rules.command("default")
@click.argument("rule")
@json_option
@click.pass_obj
def default(front: Front, rule: str) -> None:
    """All numbers of a rule as they are meant."""
    with front.open(write=True) as db:
        _answer(front, rule, ruling.back_to_default(db, rule, now()), ruling.every(db))


@rules.command("on")
@click.argument("rule")
@json_option
@click.pass_obj
def on(front: Front, rule: str) -> None:
    """Switch a rule on again."""
    with front.open(write=True) as db:
        _answer(front, rule, ruling.switch(db, rule, True, now()), ruling.every(db))


@rules.command("off")
@click.argument("rule")
@json_option
@click.pass_obj
def off(front: Front, rule: str) -> None:
    """Switch a rule off, for everybody."""
    with front.open(write=True) as db:
        _answer(front, rule, ruling.switch(db, rule, False, now()), ruling.every(db))


def _answer(front: Front, rule: str, changes: Changes, found: tuple[Ruled, ...]) -> None:
    one = next(ruled for ruled in found if ruled.name == rule)
    front.answer({"rules": [_json(one)]}, f"{changes.undo or 'It was so already'}.\n{_words(one)}")


def _json(one: Ruled) -> dict[str, Any]:
    return {
        "rule": one.name, "on": one.on, "says": one.says,
        "thresholds": [
            {"field": t.field, "value": t.value, "default": t.meant, "unit": t.limit.unit, "from": t.limit.low, "to": t.limit.high} for t in one.thresholds
        ],
    }  # fmt: skip


def _words(one: Ruled) -> str:
    lines = [f"{one.name} ({'on' if one.on else 'off'}): {one.says}"]
    for t in one.thresholds:
        meant = "" if t.value == t.meant else f", by default {t.meant}"
        lines.append(f"    {t.field} {t.value} ({t.limit.unit}, from {t.limit.low} to {t.limit.high}{meant})")
    return "\n".join(lines)


COMMANDS = (rules,)
