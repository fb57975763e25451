"""The commands that answer prompts: done, put off, never again, and asked again after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import click

from relationdesk.cli.output import Front, iso, json_option, now
from relationdesk.cli.reading import entry_json
from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.services import agenda, answering, promised
from relationdesk.services.agenda import Entry
from relationdesk.store import people as persons
from relationdesk.store import prompts
from relationdesk.store.database import Desk

_WHICH = "WHO"
_RULE = click.option("--rule", metavar="RULE", help="Which one, where several wait with WHO.")


@click.group("prompt")
def prompt() -> None:
    """Answer what `today` says of WHO (or name it by its `key`): done, put off, or never again."""


@prompt.command("done")
@click.argument("which", metavar=_WHICH)
@_RULE
@json_option
@click.pass_obj
def done(front: Front, which: str, rule: str | None) -> None:
    """It is done, until something new happens."""
    _answer(front, which, rule, "done")


@prompt.command("snooze")
@click.argument("which", metavar=_WHICH)
@_RULE
@click.option("--until", metavar="DAY", help="Until then: fri, tomorrow, 2026-12-03, “in 3 days”; with a time of that day if it shall be one (“fri 14:00”).")
@click.option("--until-sign", is_flag=True, help="Until something comes from them.")
@click.option("--after-meeting", is_flag=True, help="Until the next meeting with them is over.")
@json_option
@click.pass_obj
def snooze(front: Front, which: str, rule: str | None, until: str | None, until_sign: bool, after_meeting: bool) -> None:
    """Put it off. When it comes back, it says why."""
    if sum((until is not None, until_sign, after_meeting)) != 1:
        raise UserMistake("Say one of --until DAY, --until-sign and --after-meeting. Nothing was changed.")
    how = "later_sign" if until_sign else "later_meeting" if after_meeting else "later"
    _answer(front, which, rule, how, _moment(until, now()) if until is not None else None)


@prompt.command("never")
@click.argument("which", metavar=_WHICH)
@_RULE
@click.option("--anybody", is_flag=True, help="For nobody: as `rules off RULE`.")
@json_option
@click.pass_obj
def never(front: Front, which: str, rule: str | None, anybody: bool) -> None:
    """No such prompt about WHO again."""
    _answer(front, which, rule, "rule_off" if anybody else "never")


@prompt.command("again")
@click.argument("which", metavar=_WHICH)
@_RULE
@json_option
@click.pass_obj
def again(front: Front, which: str, rule: str | None) -> None:
    """Take back what you said to it, however long ago."""
    with front.open(write=True) as db:
        told = tuple(e for e in agenda.today(db, now()).held_back if e.answer)
        one = _chosen(db, (told,), which, rule, "You said nothing to such a prompt that could be taken back.")
        _told(front, db, one, agenda.ask_again(db, one, now()))


def _answer(front: Front, which: str, rule: str | None, how: str, until: datetime | None = None) -> None:
    with front.open(write=True) as db:
        found = agenda.today(db, now())
        held, put_off = (tuple(e for e in found.held_back if e.answer == answer) for answer in ("", "later"))
        one = _chosen(db, (found.shown, held, put_off), which, rule, "No such prompt waits.")
        _told(front, db, one, answering.answer(db, one.prompt, how, now(), until))


def _chosen(db: Desk, among: Sequence[Sequence[Entry]], which: str, rule: str | None, nothing: str) -> Entry:
    """The one that is named by its key, or of a person; of those on Today before those held back. Raises UserMistake for none, or for several."""
    by_key = next((e for each in among for e in each if e.prompt.key == which), None)
    if by_key is not None:
        return by_key
    person_id = 0 if which.count(":") >= 2 else persons.find(db, which).id
    found = next((few for each in among if (few := [e for e in each if e.person.id == person_id and rule in (None, e.prompt.rule)])), [])
    if not found:
        raise UserMistake(f"{nothing} Nothing was changed. See: today")
    if len(found) > 1:
        rules = [e.prompt.rule for e in found]
        names, how = (rules, "with --rule") if len(set(rules)) == len(rules) else ([e.prompt.key for e in found], "by its key")
        raise UserMistake(f"Several prompts are about {found[0].person.name}: {', '.join(names)}. Nothing was changed. Name one {how}.")
    return found[0]


def _told(front: Front, db: Desk, one: Entry, changes: Changes) -> None:
    kept = prompts.answers(db)
    told = kept.get(one.prompt.key) or kept.get(f"{one.prompt.rule}:{one.person.uid}:never")
    document: dict[str, Any] = {
        "prompt": entry_json(one), "answer": told.answer if told is not None else None,
        "until": iso(datetime.fromtimestamp(told.until, UTC)) if told is not None and told.until else None, "off": one.prompt.rule in prompts.rules_off(db),
    }  # fmt: skip
    front.answer(document, f"{changes.undo}.")


def _moment(text: str, at: datetime) -> datetime:
    """The beginning of a day, or that time of it, by the user's own clock. Raises UserMistake for what is over."""
    today = at.astimezone().date()
    head, _, clock = text.strip().rpartition(" ")
    has_time = ":" in clock
    day = promised.day_typed(head or "today", today) if has_time else promised.day_typed(text, today)
    minute = promised.minute_typed(clock) if has_time else 0
    until = datetime.combine(day, time(minute // 60, minute % 60)).astimezone()
    if until <= at:
        raise UserMistake(f"“{text[:60]}” is over already. Nothing was changed. Name a time to come.")
    return until


COMMANDS = (prompt,)
