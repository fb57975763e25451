"""Commands that read places and take everything out: login, places, follow, sync, logins, export, sample."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from relationdesk.cli import paying
from relationdesk.cli.output import YOUR_FAULT, Front, Number, a_path, iso, json_option, now, report
from relationdesk.errors import Cancelled, KeyringUnavailable, SourceError, UserMistake
from relationdesk.model import Login
from relationdesk.saying import say
from relationdesk.services import device_sign_in, logins, places, sample, sending_server, sign_in, spending
from relationdesk.services import export as exports
from relationdesk.services.sync import Synced
from relationdesk.sources.closed_places import CLOSED, closed, sought
from relationdesk.store import logins as stored_logins
from relationdesk.store.allowances import Used
from relationdesk.store.database import Desk
from relationdesk.store.salvage import salvaged


@click.command("login")
@click.argument("place")
@click.option("--server", default="", help="Address of the server, or your handle for Bluesky (for feeds only with --allow-private).")
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input.")
@click.option("--key-page", is_flag=True, help="Name the page of a forum that makes a key, then read from standard input what it shows.")
@click.option("--browser", is_flag=True, help="Sign in on the server's own page (Mastodon): names it, and waits until you did.")
@click.option("--may-write", is_flag=True, help="With --key-page, --browser or a Client ID: a key by which you can answer there, too.")
@click.option("--monthly-limit", "limit", default="", metavar="AMOUNT", help="For a place that takes money: the most it may take a month, 0 for never.")
@click.option("--sends-by", default="", metavar="SERVER", help="Where mail is sent, if not by the server that follows: smtp.firm.example:587.")
@click.option("--allow-private", is_flag=True, help="The server may lie on a private network.")
@json_option
@click.pass_obj
def login(
    front: Front, place: str, server: str, token_stdin: bool, key_page: bool, browser: bool, may_write: bool, limit: str, sends_by: str,
    allow_private: bool,
) -> None:
    """Set up a way into PLACE (mastodon, bluesky, github, feed …). The token goes into the system's key store only."""
    token = sys.stdin.readline().strip() if token_stdin and sys.stdin else ""
    if token_stdin and not token:
        raise UserMistake("No token came on standard input. Nothing was changed; leave --token-stdin out to sign in without one.")
    way = way_into(place)
    if way.server and not server:
        what, example = ("who you are", way.server) if way.signs_in else ("which server", f"https://{way.server}")
        raise UserMistake(f"Say {what} with --server, for example --server {shlex.quote(example)}. Nothing was changed.")
    if not way.server and allow_private and not server:
        raise UserMistake(f"Say which server may be private with --server, or use: follow {way.source} ADDRESS --allow-private.")
    most = paying.limit_for(way, limit)
    if key_page:
        with front.open() as db:
            page = logins.key_page(db, way.source, server, writes=may_write, allow_private=allow_private)
        token = _key_shown(page)
    if device_sign_in.signs_in_so(way.source, server, token):
        by_code(front, way, server, token, may_write, allow_private)
        return
    if browser and not sign_in.registers(way.source):
        raise UserMistake(f"{way.title} is not signed in to so. Nothing was changed; leave --browser out. {way.key_from}")
    if browser:
        with front.open() as db:
            under_way: sign_in.SignIn | None = sign_in.begin_registered(db, way.source, server, writes=may_write, allow_private=allow_private)
    else:
        under_way = sign_in.begin(way.source, server, token, allow_private=allow_private)
    code = _in_browser(under_way) if under_way is not None else ""
    with front.open(write=True) as db:
        if under_way is not None:
            made, _ = sign_in.finish(db, under_way, code, now, limit=most)
        else:
            made, _ = logins.connect(
                db, way.source, server, token, now, allow_private=allow_private, limit=most, sends_by=sending_server.typed(sends_by) if sends_by else ""
            )
    _made(front, way, made)


def _made(front: Front, way: logins.WayIn, made: Login) -> None:
    what = " ".join(filter(None, (made.place, made.address, made.user_name and f"as {made.user_name}")))
    then = f"Follow somebody with: follow {way.source} HANDLE" if way.page else "Read it now with: sync"
    front.answer(login_json(made.id, made), f"Login {made.id}: {what}. {then}")


def by_code(front: Front, way: logins.WayIn, server: str, client: str, writes: bool, allow_private: bool, wait: Callable[[float], None] = time.sleep) -> None:
    """Name the code and the page that asks for it, and wait until it was allowed there. Raises UserMistake where it was not."""
    with front.open() as db:  # not for writing: nobody else should have to wait for somebody's browser
        under_way = device_sign_in.begin(db, way.source, server, client, writes=writes, allow_private=allow_private)
        click.echo(f"Open {under_way.code.page} and type the code {under_way.code.shown} there; this command waits for it.", err=True)
        wait(under_way.every_s)
        while not device_sign_in.look(db, under_way):
            wait(under_way.every_s)
    with front.open(write=True) as db:
        made, _ = device_sign_in.finish(db, under_way, now)
    _made(front, way, made)


def _key_shown(page: str) -> str:
    """What a page shows, pasted over several lines until an empty one."""
    click.echo(f"Open this page, allow reading there, paste here all that it shows, and end with an empty line:\n{page}", err=True)
    lines: list[str] = []
    for line in sys.stdin or ():
        if not line.strip() and lines:
            break
        lines += [line.strip()] if line.strip() else []
    if not lines:
        raise UserMistake("Nothing came on standard input. Nothing was changed; leave --key-page out to read without a key.")
    return "".join(lines)


def _in_browser(under_way: sign_in.SignIn) -> str:
    """Show the page to open, and wait for the browser to come back. Raises UserMistake if it does not within five minutes."""
    click.echo(f"Open this page in your browser and sign in there; this command waits for it:\n{under_way.url}", err=True)
    try:
        while not (code := under_way.look()):
            under_way.wait(1.0)
    finally:
        under_way.close()
    return code


def way_into(place: str) -> logins.WayIn:
    """How `place` is read over the network. Raises UserMistake."""
    way = logins.way_in(place)
    told = closed(place)
    if way is None and told is not None:
        raise UserMistake(f"{told.why} Nothing was changed. {told.instead}")
    if way is None:
        known = " or ".join(each.source for each in logins.ways_in())
        raise UserMistake(f"There is no place “{place}” to read over the network yet. Nothing was changed. Choose {known}.")
    return way


def login_json(id_: int, made: Any) -> dict[str, Any]:
    return {
        "id": id_, "source": made.source, "place": made.place, "address": made.address, "user_name": made.user_name,
        "has_token": made.has_token, "paused": made.paused, "last_good": iso(made.last_good),
        "next_try": iso(made.next_try), "failure": made.failure, "trouble": str(made.trouble),
    }  # fmt: skip


def used_json(used: Used | None) -> dict[str, Any]:
    """What was asked of what the place allows; null where nothing is counted."""
    told = {"asked": used.asked, "most": used.most, "span_seconds": int(used.span.total_seconds()), "until": iso(used.renewed)} if used else None
    return {"allowance": told}


@click.command("places")
@click.argument("word", default="")
@json_option
@click.pass_obj
def list_places(front: Front, word: str) -> None:
    """What can be connected, with what it gives and costs; and what cannot, with why (only those of WORD, if it is given)."""
    open_ones = [way for way in logins.ways_in() if sought(f"{way.title} {way.source} {' '.join(way.places)} {way.also}", word)]
    shut = [one for one in CLOSED if one.answers(word)]
    told: list[dict[str, Any]] = [
        {"place": way.source, "title": way.title, "possible": True, "gives": way.gives, "costs": way.costs, "needs": way.key_from, "why": "", "instead": ""}
        for way in open_ones
    ]
    told += [
        {"place": one.key, "title": one.called, "possible": False, "gives": "", "costs": "", "needs": "", "why": one.why, "instead": one.instead} for one in shut
    ]
    words = [f"{way.source}: {way.gives}" + (f" Costs: {way.costs}" if way.costs else "") for way in open_ones]
    words += [f"{one.key}, not possible: {one.why} {one.instead}" for one in shut]
    nothing = "No place of this name is known. Anything with a feed can be followed: follow feed ADDRESS; the page of anybody else kept as a link: add ADDRESS"
    front.answer(told, "\n".join(words) or nothing)


@click.command("follow")
@click.argument("place")
@click.argument("handle")
@click.option("--login", "login_id", type=Number(), default=None, help="Which login, if there are several.")
@click.option("--allow-private", is_flag=True, help="The server of this blog may lie on a private network.")
@json_option
@click.pass_obj
def follow(front: Front, place: str, handle: str, login_id: int | None, allow_private: bool) -> None:
    """Read what HANDLE (or a page address) does in PLACE from the next sync on."""
    way = way_into(place)
    if allow_private and (way.server or login_id is not None):
        raise UserMistake(f"Allow a private server with: login {place} --server … --allow-private. Nothing was changed.")
    with front.open(write=True) as db:
        made_before = any(row.login.source == way.source for row in places.login_rows(db))
        if login_id is None and (not way.server or (logins.stands_alone(way.source) and not made_before)):
            used, stream, _ = logins.follow_page(db, way.source, handle, now, allow_private=allow_private)
        else:
            used = _only_login(db, place, way.source, login_id)
            stream, _ = logins.follow(db, used.id, handle, now)
    front.answer(
        {"login": used.id, "stream": stream.name, "title": stream.title, "address": stream.address},
        f"Following {stream.title or stream.address}. Read it now with: sync",
    )


def _only_login(db: Desk, place: str, source: str, login_id: int | None) -> Login:
    found = [r.login for r in places.login_rows(db) if r.login.source == source and login_id in (None, r.login.id)]
    if len(found) == 1:
        return found[0]
    raise UserMistake(
        f"There is no login {login_id} for {place}. Nothing was changed. See them with: logins"
        if login_id is not None
        else f"There is no login for {place} yet. Nothing was changed. Make one with: login {place}"
        if not found
        else f"There are {len(found)} logins for {place}; say which with --login."
    )


@click.command("sync")
@click.argument("login_ids", metavar="[LOGIN]...", nargs=-1, type=Number())
@click.option("--go-on", is_flag=True, help="Read again what was paused when a copy was put back.")
@json_option
@click.pass_obj
def sync(front: Front, login_ids: tuple[int, ...], go_on: bool) -> None:
    """Bring logins up to date now (all that are not paused without LOGIN)."""
    results: list[dict[str, Any]] = []
    failed = 0
    with front.open(write=True) as db:
        if go_on:
            logins.go_on(db)
        held = stored_logins.held(db)
        rows = [row.login for row in places.login_rows(db)]
        unknown = set(login_ids) - {row.id for row in rows}
        if unknown:
            raise UserMistake(f"There is no login {min(unknown)}. Nothing was read. See them with: logins")
        for row in rows:
            if (login_ids and row.id not in login_ids) or (row.paused and not login_ids):
                continue
            try:
                synced = logins.sync_one(db, row.id, now, report=report)
            except (SourceError, KeyringUnavailable) as e:
                results.append({"login": row.id, "place": row.place, "address": row.address, "failures": [["", str(e)]]})
                failed += 1
                continue
            results.append(sync_json(synced))
            failed += bool(synced.failures)
    if held and not login_ids:
        click.echo(f"This desk was put back from a copy, so {len(held)} logins are paused. Read them again with: sync --go-on", err=True)
    nothing = "Every login is paused. Name those to read: sync LOGIN" if rows else "There is nothing to sync. Set up a login first."
    words = "\n".join(_sync_words(result) for result in results) or nothing
    front.answer({"logins": results, "held": list(held)}, words)
    if failed and failed == len(results):
        raise click.exceptions.Exit(YOUR_FAULT)


def sync_json(synced: Synced) -> dict[str, Any]:
    return {
        "login": synced.login.id, "place": synced.login.place, "address": synced.login.address, "new": synced.new,
        "changed": synced.changed, "withdrawn": synced.withdrawn, "failures": [list(f) for f in synced.failures],
        "next_try": iso(synced.next_try), "rest": iso(synced.rest),
    }  # fmt: skip


def _sync_words(result: dict[str, Any]) -> str:
    head = f"{result['place']} {result['address']}".strip()
    done = f"{result.get('new', 0)} new, {result.get('changed', 0)} changed, {result.get('withdrawn', 0)} withdrawn"
    if result.get("rest"):
        done += f"; the place allows no more questions now, sync goes on from {result['rest']}"
    return "\n".join([f"{head}: {done}", *(f"  {title}: {why}" if title else f"  {why}" for title, why in result["failures"])])


@click.command("logins")
@json_option
@click.pass_obj
def list_logins(front: Front) -> None:
    """Every login, with how it is doing."""
    with front.open() as db:
        rows = places.login_rows(db, now())
    words = "\n".join(
        f"{row.login.id}  {row.login.place} {row.login.address} {row.login.user_name}  "
        + (row.login.failure or ("paused" if row.login.paused else f"last good {iso(row.login.last_good) or 'never'}"))
        + (f"  asked {row.used.asked:,} of {row.used.most:,} until {iso(row.used.renewed)}" if row.used is not None else "")
        + (f"  {spending.spent_words(row.money, now())}" if row.money is not None else "")
        for row in rows
    )
    front.answer([login_json(row.login.id, row.login) | used_json(row.used) | paying.money_json(row.money) | {"key_until": iso(row.key_until)} for row in rows], words or "There is no login yet.")


@click.command("export")
@click.argument("folder", callback=a_path)
@click.option("--what", default="", help="Comma-separated: people,profiles,companies,… Everything without it.")
@click.option("--private", is_flag=True, help="Private messages and mail too.")
@click.option("--bom/--no-bom", default=False, help="Begin each file with a byte order mark.")
@click.option("--salvage", is_flag=True, help="Of a damaged desk, everything that can still be read.")
@json_option
@click.pass_obj
def export(front: Front, folder: Path, what: str, private: bool, bom: bool, salvage: bool) -> None:
    """Write everything as CSV into an empty FOLDER, with a manifest."""
    chosen = frozenset(part.strip() for part in what.split(",") if part.strip())
    with salvaged(front.desk) if salvage else front.open() as db:
        extra: dict[str, Any] = {"what": chosen} if chosen else {}
        done = exports.export_all(
            db, folder, private=private, bom=bom, now=now(), report=report, stop=lambda: False, **extra
        )
    words = "\n".join(f"{name}: {count:,}" for name, count in sorted(done.counts.items()))
    note = "" if private else "\nPrivate messages and mail were left out (--private brings them)."
    front.answer({"folder": str(folder), "counts": done.counts, "private": private}, f"{words}\nWritten to {folder}{note}")


@click.command("sample")
@json_option
@click.pass_obj
def sample_(front: Front) -> None:
    """Fill an empty desk with the sample."""
    with front.open(write=True) as db:
        try:
            built = sample.build(db, now(), report=report)
        except KeyboardInterrupt as e:
            raise Cancelled(say(sample.STOPPED)) from e
    front.answer(
        {"people": built.people, "activities": built.activities},
        f"The sample desk is ready: {built.people} people, {built.activities} activities. Try: today, or: timeline \"Joe Brown\"",
    )


COMMANDS = (login, list_places, follow, sync, list_logins, export, sample_)
