"""Commands that change how places are read: pause, go-on, ask-again, unfollow, remove-login."""

from __future__ import annotations

import click

from relationdesk.cli.output import Front, Number, json_option, now, report
from relationdesk.errors import UserMistake
from relationdesk.model import Login, Stream
from relationdesk.services import logins, removing, sending_server
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk


def _login(db: Desk, login_id: int) -> Login:
    found = stored.get(db, login_id)
    if found is None:
        raise UserMistake(f"There is no login {login_id}. Nothing was changed. See them with: logins")
    return found


def _followed(db: Desk, login_id: int, who: str) -> Stream:
    """What the login follows under this title or address. Raises UserMistake if that is not exactly one."""
    _login(db, login_id)
    followed = logins.asked(db, login_id)
    found = [s for s in followed if who in (s.name, s.address)] or [s for s in followed if s.title.casefold() == who.casefold()]
    if len(found) != 1:
        names = ", ".join(s.title or s.address for s in followed[:20]) or "nobody"
        problem = f"Login {login_id} follows {len(found)} of this name" if found else f"Login {login_id} does not follow “{who[:100]}”"
        raise UserMistake(f"{problem}. Nothing was changed. It follows: {names}. An address says it exactly.")
    return found[0]


@click.command("pause")
@click.argument("login_id", metavar="LOGIN", type=Number())
@json_option
@click.pass_obj
def pause(front: Front, login_id: int) -> None:
    """No longer read LOGIN until go-on; what was read stays."""
    _set_paused(front, login_id, True, "is paused; what was read stays. Read it again with: go-on")


@click.command("go-on")
@click.argument("login_id", metavar="LOGIN", type=Number())
@json_option
@click.pass_obj
def go_on(front: Front, login_id: int) -> None:
    """Read LOGIN again that was paused."""
    _set_paused(front, login_id, False, "is read again from the next sync on.")


def _set_paused(front: Front, login_id: int, paused: bool, words: str) -> None:
    with front.open(write=True) as db:
        _login(db, login_id)
        logins.pause(db, login_id, paused, now)
    front.answer({"login": login_id, "paused": paused}, f"Login {login_id} {words}")


@click.command("sends-by")
@click.argument("login_id", metavar="LOGIN", type=Number())
@click.argument("server", required=False)
@click.option("--as-it-follows", "guessed", is_flag=True, help="By the server that follows from where the mail is kept.")
@click.option("--allow-private", is_flag=True, help="The server may lie on a private network.")
@json_option
@click.pass_obj
def sends_by(front: Front, login_id: int, server: str | None, guessed: bool, allow_private: bool) -> None:
    """Where the mail of LOGIN is sent: show it, or say it (smtp.firm.example:587). It is signed in there first; nothing is sent."""
    if guessed and server is not None:
        raise UserMistake("Say SERVER or --as-it-follows, not both. Nothing was changed.")
    with front.open(write=guessed or server is not None) as db:
        login = _login(db, login_id)
        if guessed or server is not None:
            login, _ = sending_server.change(db, login_id, sending_server.typed(server) if server is not None else "", now, allow_private=allow_private)
        now_by = sending_server.current(login)
    if not now_by:
        raise UserMistake(f"No mail is sent by login {login_id}. Nothing was changed. See them with: logins")
    front.answer({"login": login_id, "server": now_by, "said": bool(login.sends_by)}, f"Login {login_id} sends by {sending_server.words(now_by)}.")


@click.command("ask-again")
@click.argument("login_id", metavar="LOGIN", type=Number())
@click.argument("who")
@json_option
@click.pass_obj
def ask_again(front: Front, login_id: int, who: str) -> None:
    """Ask WHO (a title or address) again with the next sync, although it said that it is gone for good."""
    with front.open(write=True) as db:
        found = _followed(db, login_id, who)
        logins.ask_again(db, login_id, found.name)
    front.answer({"login": login_id, "stream": found.name, "title": found.title}, f"{found.title or found.address} is asked again with the next sync.")


@click.command("unfollow")
@click.argument("login_id", metavar="LOGIN", type=Number())
@click.argument("who")
@json_option
@click.pass_obj
def unfollow(front: Front, login_id: int, who: str) -> None:
    """No longer read WHO (a title or address, as `follow` answered) through LOGIN; what was read stays."""
    with front.open(write=True) as db:
        found = _followed(db, login_id, who)
        logins.unfollow(db, login_id, found.name)
    front.answer({"login": login_id, "stream": found.name, "title": found.title}, f"No longer following {found.title or found.address}.")


@click.command("remove-login")
@click.argument("login_id", metavar="LOGIN", type=Number())
@click.option("--delete", "with_facts", is_flag=True, help="Also delete what only it brought. Without --yes only how much that is, is said.")
@click.option("--yes", is_flag=True, help="Really delete: it cannot be taken back, only read again.")
@json_option
@click.pass_obj
def remove_login(front: Front, login_id: int, with_facts: bool, yes: bool) -> None:
    """Remove LOGIN and its key. What was read stays (`undo` brings the login back, but for the key), unless --delete."""
    if yes and not with_facts:
        raise UserMistake("--yes is for --delete; without it nothing is lost. Nothing was changed.")
    only_said = with_facts and not yes
    with front.open(write=not only_said) as db:
        _login(db, login_id)
        plan = removing.plan(db, login_id)
        if not only_said:
            login, _ = removing.remove_with_facts(db, login_id, now, report=report) if with_facts else removing.remove(db, login_id, now)
            logins.forget_secret(db, login)
    goes = f"{plan.activities:,} activities that only it brought"
    words = f"Login {login_id} is removed; everything read from it stays."
    if with_facts:
        words = f"Login {login_id} is removed, with {goes}."
    if only_said:
        words = f"Nothing was changed. With login {login_id} would go: {goes}. People, links, notes and what a file brought stay. Say --yes to delete them."
    front.answer({"login": login_id, "removed": not only_said, "deleted": plan.activities if with_facts and yes else 0, "only_there": plan.activities}, words)


COMMANDS = (sends_by, pause, go_on, ask_again, unfollow, remove_login)
