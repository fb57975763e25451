"""The commands of templates, and of what the user keeps in mind of people, which fills them."""

from __future__ import annotations

import sys
from typing import Any

import click

from relationdesk.cli.output import Front, iso, json_option, now, storable, table
from relationdesk.errors import UserMistake
from relationdesk.services import particulars, templates
from relationdesk.store import particulars as kept
from relationdesk.store import people as persons
from relationdesk.store import templates as rows
from relationdesk.store.database import Desk
from relationdesk.store.templates import Purpose, Template
from relationdesk.text import one_line

_PURPOSE = click.Choice([purpose.value for purpose in Purpose])


@click.group("template", invoke_without_command=True)
@json_option
@click.pass_context
def template(ctx: click.Context) -> None:
    """Texts you keep to fill in: list, show, save, remove. Without a command: the list."""
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, None)


@template.command("list")
@click.option("--for", "purpose", type=_PURPOSE, default=None, help="Only those for this.")
@json_option
@click.pass_obj
def list_(front: Front, purpose: str | None) -> None:
    """Every template, by name."""
    _list(front, purpose)


def _list(front: Front, purpose: str | None) -> None:
    with front.open() as db:
        found = [one for one in rows.every(db) if purpose is None or one.purpose.value == purpose]
    lines = [(one.name, one.purpose.value, one_line(one.text, 80)) for one in found]
    front.answer([_json(one) for one in found], table(lines) or "There is no template yet. Keep one with: template save NAME TEXT --for mail")


@template.command("show")
@click.argument("name")
@click.option("--person", "who", default=None, metavar="WHO", help="Filled for them.")
@json_option
@click.pass_obj
def show(front: Front, name: str, who: str | None) -> None:
    """A template as it is kept, or filled for somebody, with what is missing."""
    with front.open() as db:
        found = named(db, name)
        ready = templates.fitted(db, found, persons.find(db, who).id, now()) if who is not None else None
    subject, text = (ready.subject.text, ready.text.text) if ready is not None else (found.subject, found.text)
    missing = ready.missing if ready is not None else ()
    filled = None if ready is None else {"subject": subject, "text": text, "missing": list(ready.gaps)}
    front.answer({**_json(found), "filled": filled}, "\n".join([*([f"Subject: {subject}"] if subject else []), text, *missing]))


@template.command("save")
@click.argument("name")
@click.argument("text")
@click.option("--for", "purpose", type=_PURPOSE, default=None, help="What it is for; a message without this, or as before.")
@click.option("--subject", default=None, help="Of a mail; fields as in TEXT.")
@click.option("--rename", default=None, metavar="NAME", help="What it is called from now on.")
@json_option
@click.pass_obj
def save(front: Front, name: str, text: str, purpose: str | None, subject: str | None, rename: str | None) -> None:
    """Keep TEXT (“-” reads it from standard input) as NAME, anew if there is one of that name."""
    words = storable(sys.stdin.read() if text == "-" and sys.stdin else text)
    with front.open(write=True) as db:
        old = rows.by_name(db, name)
        if old is None and rename is not None:
            named(db, name)
        made, changes = templates.save(
            db, now(), name=rename or name, text=words, purpose=Purpose(purpose) if purpose else old.purpose if old else Purpose.MESSAGE,
            subject=subject if subject is not None else old.subject if old else "", uid=old.uid if old else "",
        )  # fmt: skip
    front.answer(_json(made), f"{changes.undo}.")


@template.command("remove")
@click.argument("name")
@json_option
@click.pass_obj
def remove(front: Front, name: str) -> None:
    """Take a template away; undo brings it back."""
    with front.open(write=True) as db:
        found = named(db, name)
        changes = templates.remove(db, found.uid, now())
    front.answer(_json(found), f"{changes.undo}.")


def named(db: Desk, name: str) -> Template:
    """By its name or uid. Raises UserMistake, naming those there are."""
    found = rows.by_name(db, name) or rows.by_uid(db, name)
    if found is None:
        names = ", ".join(one.name for one in rows.every(db)[:20]) or "none"
        raise UserMistake(f"There is no template “{name[:80]}”. Nothing was changed. There are: {names}.")
    return found


def _json(one: Template) -> dict[str, Any]:
    return {"template": one.uid, "name": one.name, "for": one.purpose.value, "subject": one.subject, "text": one.text, "saved": iso(one.saved)}


@click.command("particular")
@click.argument("who")
@click.argument("label", required=False)
@click.argument("text", required=False)
@click.option("--remove", "off", is_flag=True, help="It is not kept any more.")
@json_option
@click.pass_obj
def particular(front: Front, who: str, label: str | None, text: str | None, off: bool) -> None:
    """What you keep in mind of WHO: TEXT under LABEL (“dog” “Bruno”); templates may use it as {dog}. Without TEXT: what there is."""
    if off and (label is None or text is not None):
        raise UserMistake("Say which label goes: particular WHO LABEL --remove. Nothing was changed.")
    with front.open(write=text is not None or off) as db:
        person, told = persons.find(db, who), ""
        if text is not None and label is not None:
            _, changes = particulars.keep(db, person.id, label, text, now())
            told = f"{changes.undo}."
        elif label is not None:
            found = particulars.of_label(db, person.id, label)
            if found is None:
                raise UserMistake(f"Nothing is kept as “{label[:60]}” of {person.name}. Nothing was changed. See: particular WHO")
            told = f"{particulars.remove(db, found.id, now()).undo}." if off else ""
        theirs = kept.of_person(db, person.id)
        if label is not None and not off:
            one = particulars.of_label(db, person.id, label)
            theirs = (one,) if one is not None else ()
    lines = table([(one.label, one.text) for one in theirs])
    front.answer(
        {"person": person.uid, "particulars": [{"particular": one.uid, "label": one.label, "text": one.text, "saved": iso(one.saved)} for one in theirs]},
        "\n".join(filter(None, (told, lines))) or f"Nothing is kept in mind of {person.name} yet.",
    )  # fmt: skip


COMMANDS = (template, particular)
