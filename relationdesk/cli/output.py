"""What the command line says and how: words for people, one JSON document for programs, progress only on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from relationdesk.derived import Item
from relationdesk.errors import RelationDeskError, StoreError, StoreUnusable, UserMistake
from relationdesk.model import Kind, Person, Precision, Progress
from relationdesk.services import desk_copy, killed_leftovers, owner
from relationdesk.store import database, faults, half_imports
from relationdesk.store.database import Desk
from relationdesk.store.folder import warning
from relationdesk.text import day

DONE, OUR_FAULT, YOUR_FAULT = 0, 1, 2
"""Exit codes: done; our fault (a bug, a damaged desk); the input's or user's fault, with the sentence on stderr."""


@dataclass(slots=True)
class Front:
    """What every command is given: where the desk lies, how to answer."""

    desk: Path
    as_json: bool = False
    undone: tuple[int, ...] = ()
    """Imports whose undo an earlier command had begun, and this one ended."""

    @contextmanager
    def open(self, *, write: bool = False) -> Iterator[Desk]:
        """The desk, opened and brought up to date. write: refused while the window owns it."""
        with owner.owned(self.desk) if write else nullcontext():
            if write and any((self.desk / "staging").glob("*.db*")):
                killed_leftovers.clear(self.desk)
            if not (self.desk / database.DESK_FILE).exists() and (told := warning(self.desk)):
                click.echo(told, err=True)
            try:
                db = database.open_desk(self.desk)
            except StoreUnusable as e:
                if write or not desk_copy.is_whole(self.desk, e):
                    raise
                click.echo(str(e), err=True)
                with desk_copy.copied(self.desk) as copy:
                    yield copy
                return
            try:
                with faults.told(self.desk / database.DESK_FILE):
                    if half_imports.every(db):
                        self._settle(db, write)
                    if write:
                        _daily_copy(db)
                    yield db
            except (RelationDeskError, click.ClickException):
                database.close_desk(db)
                raise
            except BaseException:
                db.close()  # and the next start looks it over, whatever happened
                raise
            database.close_desk(db)

    def _settle(self, db: Desk, is_ours: bool) -> None:
        """What a killed import left goes before anything else. Where we only read and it cannot go (the window is bringing it in
        just now, the disk is full), we read beside it."""
        from relationdesk.services import bringing

        with nullcontext() if is_ours else suppress(StoreError), nullcontext() if is_ours else owner.owned(self.desk):
            left = bringing.settle(db, report=report)
            self.undone += left.undone
            for sentence in left.sentences:
                click.echo(sentence, err=True)

    def answer(self, document: Any, words: str) -> None:
        """The one answer of a command: the document with --json, else the words."""
        said = json.dumps(document, ensure_ascii=False, indent=2, default=_plain) if self.as_json else words
        try:
            if said:
                click.echo(storable(said))
        except BrokenPipeError:  # `| head` has seen enough; the work is done all the same
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as e:
            raise UserMistake(f"It was done, but the answer could not be written ({e.strerror}).") from e


def _daily_copy(db: Desk) -> None:
    """The first command of a day that writes leaves a copy of the desk as it was. Without room for one it goes on, and says so."""
    from relationdesk.services import backup

    try:
        backup.daily(db, now())
    except StoreUnusable as e:
        click.echo(f"Today’s copy of the desk could not be made. {e}", err=True)


def storable(text: str) -> str:
    """Without what nothing can store or print: bytes that are no UTF-8 become "?", NUL goes (SQL ends a text there)."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def a_path(_ctx: click.Context, _param: click.Parameter, given: str | tuple[str, ...] | None) -> Any:
    """What stands for a file or folder, as a Path (several for several). Raises UserMistake for "": an unset variable in a
    script must not mean the folder one stands in."""
    if given is None:
        return None
    if isinstance(given, tuple):
        return tuple(a_path(_ctx, _param, one) for one in given)
    if not given.strip() or "\0" in given:
        raise UserMistake("A file name is empty. Nothing was changed. Name a file or a folder.")
    try:
        Path(given).exists()
    except OSError as e:
        raise UserMistake(f"“{given[:80]}” cannot be looked at ({e.strerror}). Nothing was changed. Check the path.") from e
    return Path(given)


class Number(click.ParamType):  # type: ignore[type-arg]  # generic only in newer clicks
    """A number that the program itself gave out, or a count: 1 to `most`."""

    name = "number"

    def __init__(self, most: int = 2**62) -> None:
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= self.most):
            most = f" up to {self.most:,}" if self.most < 2**62 else ""
            self.fail(f"“{text[:40]}” is not a number like 12{most}.", param, ctx)
        return int(text)


def json_option(command: Any) -> Any:
    """--json after the command as well as before it."""

    def chosen(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value:
            ctx.find_root().obj.as_json = True

    return click.option(
        "--json", "as_json", is_flag=True, expose_value=False, is_eager=False, callback=chosen,
        help="Answer with one JSON document.",
    )(command)  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


def report(progress: Progress) -> None:
    """Progress on stderr, for a terminal only."""
    if not sys.stderr.isatty():
        return
    share = f"{100 * progress.done // progress.total} %" if progress.total else f"{progress.done:,} {progress.unit}"
    click.echo(f"\r{share:<20}", nl=False, err=True)
    if progress.total and progress.done >= progress.total:
        click.echo("\r" + " " * 20 + "\r", nl=False, err=True)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return str(value)


def iso(value: datetime | None) -> str | None:
    """ISO 8601 UTC to the second, "2026-11-20T10:12:00Z"; None stays None."""
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value.year >= 1000 else (
        f"{value.year:04d}{value:-%m-%dT%H:%M:%SZ}"
    )


def iso_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def person_json(person: Person) -> dict[str, Any]:
    return {
        "id": person.id, "uid": person.uid, "name": person.name, "title": person.title, "company": person.company,
        "is_me": person.is_me, "last_in": iso(person.last_in), "last_out": iso(person.last_out),
        "prompts": person.open_prompts, "tags": list(person.tags),
    }  # fmt: skip


def item_json(item: Item) -> dict[str, Any]:
    """One line of a timeline, as documented in docs/cli.md. A note has the place "notes"."""
    if item.note is not None:
        return {
            "id": f"notes/{item.note.uid}", "place": "notes", "kind": item.note.kind.value, "direction": "self",
            "actor": item.actor_name, "published": iso(item.note.happened), "precision": "second", "text": item.note.text,
            "url": "", "in_reply_to": "",
        }  # fmt: skip
    activity = item.activity
    assert activity is not None
    return {
        "id": f"{activity.key.place}/{activity.key.native_id}", "place": activity.key.place, "kind": activity.kind.value,
        "direction": item.direction.value, "actor": item.actor_name, "published": iso(activity.published),
        "precision": activity.precision.value, "title": activity.title, "text": activity.text, "url": activity.url,
        "in_reply_to": activity.in_reply_to, "by_hand": item.by_hand,
    }  # fmt: skip


_DID = {
    Kind.REACTION: " liked", Kind.SHARE: " shared", Kind.BOOKMARK: " bookmarked", Kind.ENDORSEMENT: " endorsed",
    Kind.RECOMMENDATION: " recommended", Kind.INVITATION: " invited", Kind.CONNECTION: " connected", Kind.POSITION: " began",
    Kind.CALL: " called",
}  # fmt: skip


def item_words(item: Item) -> str:
    """One line of a timeline for a terminal."""
    text = item.note.text if item.note is not None else ""
    if item.activity is not None:
        text = " · ".join(filter(None, (item.activity.title, item.activity.text)))
    line = " ".join(text.split())
    return f"{item_head(item)}: {line[:110]}{'…' if len(line) > 110 else ''}" if line else item_head(item)


def item_head(item: Item) -> str:
    """When, where, who: the line of an item without its words."""
    where = "note" if item.note is not None else "/".join(item.places)
    who = "you" if item.direction.value != "in" or item.note is not None else item.actor_name
    did = _DID.get(item.activity.kind, "") if item.activity else ""
    return f"{when(item):<17} {where:<14} {who}{did}"


def when(item: Item) -> str:
    """A time as exactly as it is known, in the user's zone."""
    moment = item.published
    if moment is None:
        return "date unknown"
    precision = item.activity.precision if item.activity else Precision.SECOND
    match precision:
        case Precision.YEAR:
            return f"{moment.year}"
        case Precision.MONTH:
            return f"{moment:%B %Y}"
        case Precision.DAY:
            return f"{moment.day} {moment:%B %Y}"
    local = moment.astimezone()
    return f"{local:%Y-%m-%d %H:%M}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Left-aligned columns, two spaces between."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def last_words(person: Person) -> str:
    """When something last came and went, for a list."""
    parts = []
    if person.last_in:
        parts.append(f"in {day(person.last_in)}")
    if person.last_out:
        parts.append(f"out {day(person.last_out)}")
    return ", ".join(parts) or "nothing yet"
