"""The command that writes down by hand what somebody did: with the date that is said, in any place, changed and removed again."""

from __future__ import annotations

import sys
from typing import Any

import click

from relationdesk.cli.output import Front, iso, json_option, now, storable
from relationdesk.errors import UserMistake
from relationdesk.model import Key, Kind, Person
from relationdesk.services import capturing
from relationdesk.services.capturing import KINDS, Seen, Words
from relationdesk.services.typed_dates import typed_date
from relationdesk.store import captures, profiles
from relationdesk.store import people as persons
from relationdesk.store.captures import Capture
from relationdesk.store.database import Desk


@click.command("capture")
@click.argument("who")
@click.argument("text", required=False)
@click.option("--date", "date", default="", help="When it was: 2026-11-20, 2026-11, 2026, with a time, or “unknown”. Asked for, never made up.")
@click.option("--url", default="", help="Its address, if it is not in TEXT.")
@click.option("--place", default="", help="Where it was, if the address does not tell (linkedin, web …).")
@click.option("--profile", default="", help="Which of their profiles, where they have several there.")
@click.option("--kind", type=click.Choice([kind.value for kind in KINDS]), default=None, help="What it was; by its address without this.")
@click.option("--title", default="", help="Its heading.")
@click.option("--item", default="", metavar="PLACE/ID", help="Change this one, which was written down before; what is not said stays.")
@click.option("--remove", is_flag=True, help="Take the --item away again.")
@json_option
@click.pass_obj
def capture(
    front: Front, who: str, text: str | None, date: str, url: str, place: str, profile: str, kind: str | None, title: str, item: str, remove: bool,
) -> None:  # fmt: skip
    """Write down what WHO did: TEXT with or without an address in it (“-” reads it from standard input)."""
    if remove and not item:
        raise UserMistake("Say what to remove with --item PLACE/ID, as timeline --json names it. Nothing was changed.")
    words = storable(sys.stdin.read() if text == "-" and sys.stdin else text or "")
    with front.open(write=True) as db:
        person = persons.find(db, who)
        if remove:
            made = _theirs(db, person, item)
            changes = capturing.remove(db, made.key, now())
            front.answer({**capture_json(made, person), "removed": True}, f"{changes.undo}.")
            return
        if item:
            made, changes = _change(db, _theirs(db, person, item), words, date, url, kind, title)
        else:
            made, changes = _new(db, person, words, date, url, place, profile, kind, title)
    front.answer({**capture_json(made, person), "removed": False}, f"{changes.undo}.")


def _new(
    db: Desk, person: Person, text: str, date: str, url: str, place: str, profile: str, kind: str | None, title: str
) -> tuple[Capture, Any]:
    seen = capturing.look_at(db, person.id, f"{url} {text}" if url else text)
    if not date:
        itself = f" The address itself says {iso(seen.at)}." if seen.at else ""
        raise UserMistake(f"Say when it was with --date, for example --date 2026-11-20 or --date unknown.{itself} Nothing was kept.")
    published, precision = typed_date(date, now())
    stored = profiles.find(db, profile) if profile else None
    said = Words(
        place=place or (stored.profile.key.place if stored else seen.place), url=seen.url or url, title=title, text=seen.words,
        kind=_kind(kind, seen), published=published, precision=precision,
    )  # fmt: skip
    return capturing.capture(db, person.id, said, now(), profile_id=stored.id if stored else None)


def _kind(kind: str | None, seen: Seen) -> Kind:
    return Kind(kind) if kind else seen.kind


def _change(db: Desk, made: Capture, text: str, date: str, url: str, kind: str | None, title: str) -> tuple[Capture, Any]:
    published, precision = typed_date(date, now()) if date else (made.published, made.precision)
    said = Words(
        place=made.key.place, url=url or made.url, title=title or made.title, text=text.strip() or made.text,
        kind=Kind(kind) if kind else made.kind, published=published, precision=precision,
    )  # fmt: skip
    return capturing.change(db, made.key, said, now())


def _theirs(db: Desk, person: Person, item: str) -> Capture:
    place, _, native_id = item.partition("/")
    made = captures.by_key(db, Key(place, native_id))
    if made is None or profiles.by_ids(db, [made.profile_id])[0].person_id != person.id:
        raise UserMistake(f"Nothing of {person.name} called “{item[:80]}” was written down by hand. Nothing was changed. See: timeline --json")
    return made


def capture_json(made: Capture, person: Person) -> dict[str, Any]:
    return {
        "id": "/".join(made.key), "person": person.uid, "place": made.key.place, "kind": made.kind.value, "published": iso(made.published),
        "precision": made.precision.value, "title": made.title, "text": made.text, "url": made.url, "brought": made.brought,
    }  # fmt: skip


COMMANDS = (capture,)
