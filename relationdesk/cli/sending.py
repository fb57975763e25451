"""The commands of the outbox: answer somebody, see what is on its way, change it, send it now, try again, hold back, give up, take it out."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click

from relationdesk.cli import templating
from relationdesk.cli.output import YOUR_FAULT, Front, iso, json_option, now, report, storable
from relationdesk.errors import UserMistake
from relationdesk.model import Audience, Key, Person, Role
from relationdesk.outgoing import Deed, Entry, Recipient, State
from relationdesk.services import engaging, outbox, sending, templates
from relationdesk.services.outbox import Way
from relationdesk.store import activities, profiles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk

_DEEDS = [deed.value for deed in Deed]


@click.command("reply")
@click.argument("who")
@click.argument("text", required=False)
@click.option("--to", "to", default="", metavar="PLACE/ID", help="What is answered, as timeline --json names it.")
@click.option("--deed", type=click.Choice(_DEEDS), default=None, help="What is done: a reply (a comment where there are only those), or for mails a mail, without this.")
@click.option("--login", "login_id", type=int, default=None, help="By which login, where several can (its number in “logins”).")
@click.option("--audience", type=click.Choice([a.value for a in Audience]), default=None, help="Who may read it; as usual there without this.")
@click.option("--subject", default="", help="Of a mail.")
@click.option("--address", default="", help="To which of their mail addresses, for a mail that answers nothing.")
@click.option("--template", "template", default=None, metavar="NAME", help="Say what this template says, filled for WHO, instead of TEXT.")
@click.option("--no-names", is_flag=True, help="Name nobody in front, where a place tells only whom the words name (Mastodon).")
@click.option("--draft", is_flag=True, help="Keep it in the outbox without sending it.")
@json_option
@click.pass_obj
def reply(
    front: Front, who: str, text: str | None, to: str, deed: str | None, login_id: int | None, audience: str | None, subject: str, address: str,
    template: str | None, no_names: bool, draft: bool,
) -> None:  # fmt: skip
    """Say TEXT to WHO (“-” reads it from standard input): it is put into the outbox, and sent at once if the place can be asked."""
    if text is not None and template is not None:
        raise UserMistake("Say TEXT or --template, not both. Nothing was sent.")
    words = _words(text)
    with front.open(write=True) as db:
        person = persons.find(db, who)
        towards = _towards(db, to) if to else None
        wanted = Deed(deed) if deed else Deed.MAIL if address or (towards is not None and towards.place == "mail") else Deed.REPLY if to else Deed.MESSAGE
        if not deed and wanted is Deed.REPLY and towards is not None and _only_commented(db, towards):
            wanted = Deed.COMMENT
        if template is not None:
            ready = templates.fitted(db, templating.named(db, template), person.id, now(), purpose=templates.PURPOSES.get(wanted))
            subject, words = subject or ready.subject.text, ready.text.text
        new = outbox.New(person_id=person.id, place=towards.place if towards else _usual(db, person, wanted), deed=wanted, towards=towards, subject=subject, text=words)
        try:
            way = _way(db, towards, wanted, login_id)
            new = _by(db, new, way, person, address, audience)
            new = new if no_names else engaging.with_names(db, way, new)
            entry = _begun(db, new)
            if draft:
                front.answer(entry_json(db, entry), f"Kept as a draft: {outbox.named(db, entry)}.")
                return
            outbox.send(db, entry.uid, now(), hold_s=0)
        except UserMistake as e:
            raise UserMistake(_kept(db, new, str(e))) from e
        entry = _sent(front, db, entry)
    if entry.state is State.FAILED:
        raise click.exceptions.Exit(YOUR_FAULT)


def _by(db: Desk, new: outbox.New, way: Way, person: Person, address: str, audience: str | None) -> outbox.New:
    """The same as it goes out by that login."""
    return replace(
        new, place=way.login.place, login=way.login.secret_name, recipients=() if new.towards is not None else _recipients(db, person, way, address),
        audience=Audience(audience) if audience else way.may.audiences[0],
    )  # fmt: skip


def _usual(db: Desk, person: Person, deed: Deed) -> str:
    """Where something new to them is said, as long as no login says it: for a mail the mailbox, else the first place they are in, "" for none."""
    if deed is Deed.MAIL:
        return "mail"
    return next((one.profile.key.place for one in profiles.of_person(db, person.id)), "")


def _begun(db: Desk, new: outbox.New) -> Entry:
    """A draft of it: the one with these very words if there is one, so that saying it again is no second one."""
    there = outbox.draft_of(db, new.person_id, new.towards, new.deed) if new.person_id is not None else None
    if there is None or (there.place, there.subject, there.text) != (new.place, new.subject, new.text):
        return outbox.put(db, new, now())[0]
    return outbox.edit(db, there.uid, now(), recipients=new.recipients, audience=new.audience, login=new.login)


def _kept(db: Desk, new: outbox.New, refusal: str) -> str:
    """The refusal, with the words of what was refused kept as a draft: nobody types them twice."""
    if not new.place:
        return refusal
    entry = _begun(db, new)
    if not f"{entry.subject}{entry.text}".strip():
        outbox.discard(db, entry.uid, now())
        return refusal
    return f"{refusal} It is kept as a draft: outbox edit {entry.uid[:8]} changes it, outbox send {entry.uid[:8]} sends it."


def _sent(front: Front, db: Desk, entry: Entry) -> Entry:
    """Send what is due, and say what came of this one: as it is now."""
    sending.run(db, now, report=report)
    entry = outbox.get(db, entry.uid) or entry
    front.answer(entry_json(db, entry), _sentence(db, entry))
    return entry


def _words(text: str | None) -> str:
    return storable(sys.stdin.read() if text == "-" and sys.stdin else text or "")


def _towards(db: Desk, item: str) -> Key:
    place, _, native_id = item.partition("/")
    key = Key(place, native_id)
    if activities.by_key(db, key) is None:
        raise UserMistake(f"Nothing called “{item[:80]}” is on this desk. Nothing was sent. See: timeline --json")
    return key


def _only_commented(db: Desk, towards: Key) -> bool:
    """Whether the place of this knows comments in place of replies."""
    deeds = {way.may.deed for way in outbox.ways(db, towards)}
    return Deed.REPLY not in deeds and Deed.COMMENT in deeds


def _way(db: Desk, towards: Key | None, deed: Deed, login_id: int | None) -> Way:
    found = [way for way in (outbox.ways(db, towards) if towards is not None else outbox.ways_to_write(db)) if way.may.deed is (deed.undoes or deed)]
    if login_id is not None:
        found = [way for way in found if way.login.id == login_id]
    if not found:
        where = f" in {towards.place}" if towards is not None else ""
        item = activities.by_key(db, towards) if towards is not None else None
        if item is not None and item.activity is not None and (said := outbox.lacking(db, (deed,), item.activity)):
            raise UserMistake(f"{said} Nothing was sent.")
        raise UserMistake(f"No login can send a {deed.value}{where}. Nothing was sent. Connect the place with a key that may write, or say it there.")
    if len(found) > 1:
        names = ", ".join(f"{way.login.id} ({way.login.user_name}, {way.login.place})" for way in found)
        raise UserMistake(f"Several logins can send this: {names}. Nothing was sent. Choose one with --login.")
    return found[0]


def _recipients(db: Desk, person: Person, way: Way, address: str) -> tuple[Recipient, ...]:
    theirs = profiles.of_person(db, person.id)
    if way.may.deed is not Deed.MAIL:
        there = [one.profile for one in theirs if one.profile.key.place == way.login.place and outbox.fits(way, one.profile.key)]
        return tuple(Recipient(value=one.key.native_id, name=one.display_name, role=Role.TO) for one in there[:1])
    known = [a.value for one in theirs for a in one.profile.addresses if a.kind.value == "mail"]
    chosen = address or (known[0] if len(set(known)) == 1 else "")
    if not chosen:
        raise UserMistake(f"Say to which address of {person.name} with --address. Nothing was sent.")
    return (Recipient(value=chosen, name=person.name),)


@click.group("outbox", invoke_without_command=True)
@json_option
@click.pass_context
def box(ctx: click.Context) -> None:
    """What is on its way out, what failed, what is out. Without a command: the list."""
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, None)


@box.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), default=None, help="Only these.")
@json_option
@click.pass_obj
def list_(front: Front, state: str | None) -> None:
    """What is in the outbox: what has still to be done first, then what is out."""
    _list(front, state)


def _list(front: Front, state: str | None) -> None:
    with front.open() as db:
        found = outbox.every(db, [State(state)] if state else State)
        lines = [f"{entry.uid[:8]}  {entry.state.value:8}  {outbox.named(db, entry)}{f': {entry.failure}' if entry.failure else ''}" for entry in found]
        front.answer([entry_json(db, entry) for entry in found], "\n".join(lines) or "The outbox is empty. Say something with: reply WHO TEXT --to PLACE/ID")


@box.command("send")
@click.argument("id_", metavar="ID", required=False)
@json_option
@click.pass_obj
def send(front: Front, id_: str | None) -> None:
    """Send the draft ID, and everything that is due."""
    with front.open(write=True) as db:
        if id_:
            outbox.send(db, _find(db, id_).uid, now(), hold_s=0)
        done = sending.run(db, now, report=report)
        parts = [f"{len(done.out)} sent, {len(done.failed)} not sent, {len(done.waiting)} waiting."]
        parts += [f"Not sent, {outbox.named(db, entry)}: {entry.failure}" for entry in (*done.failed, *done.waiting) if entry.failure]
        told = [entry_json(db, entry) for entry in (*done.out, *done.failed, *done.waiting)]
        front.answer({"sent": len(done.out), "failed": len(done.failed), "waiting": len(done.waiting), "next_at": iso(done.next_at), "entries": told}, "\n".join(parts))
    if done.failed:
        raise click.exceptions.Exit(YOUR_FAULT)


@box.command("edit")
@click.argument("id_", metavar="ID")
@click.argument("text", required=False)
@click.option("--subject", default=None, help="Of a mail.")
@click.option("--login", "login_id", type=int, default=None, help="By which login it goes (its number in “logins”).")
@json_option
@click.pass_obj
def edit(front: Front, id_: str, text: str | None, subject: str | None, login_id: int | None) -> None:
    """Let the draft ID, or what failed, say TEXT (“-” reads it from standard input)."""
    words = _words(text) if text is not None else None
    with front.open(write=True) as db:
        entry = _find(db, id_)
        way = _way(db, entry.towards, entry.deed, login_id) if login_id is not None else None
        entry = outbox.edit(db, entry.uid, now(), text=words, subject=subject, login=way.login.secret_name if way else None)
        front.answer(entry_json(db, entry), f"Changed {outbox.named(db, entry)}. Send it with: outbox send {entry.uid[:8]}")


@box.command("discard")
@click.argument("id_", metavar="ID")
@json_option
@click.pass_obj
def discard(front: Front, id_: str) -> None:
    """Take the draft ID, or what failed or was given up, out of the outbox."""
    with front.open(write=True) as db:
        entry = _find(db, id_)
        told = entry_json(db, entry)
        changes = outbox.discard(db, entry.uid, now())
        front.answer(told, f"{changes.undo or 'Took what was empty out of the outbox'}.")


@box.command("retry")
@click.argument("id_", metavar="ID")
@click.option("--sure", is_flag=True, help="You looked in the place, and it is not there: it is not asked again.")
@json_option
@click.pass_obj
def retry(front: Front, id_: str, sure: bool) -> None:
    """Try ID again. What may be out already is looked for in the place first."""
    with front.open(write=True) as db:
        entry = _find(db, id_)
        outbox.retry(db, entry.uid, now(), sure=sure)
        entry = _sent(front, db, entry)
    if entry.state is State.FAILED:
        raise click.exceptions.Exit(YOUR_FAULT)


@box.command("hold")
@click.argument("id_", metavar="ID")
@json_option
@click.pass_obj
def hold(front: Front, id_: str) -> None:
    """Hold ID back: a draft again."""
    with front.open(write=True) as db:
        entry, changes = outbox.hold_back(db, _find(db, id_).uid, now())
        front.answer(entry_json(db, entry), f"{changes.undo}.")


@box.command("give-up")
@click.argument("id_", metavar="ID")
@json_option
@click.pass_obj
def give_up(front: Front, id_: str) -> None:
    """Do not send ID any more. Its words are kept."""
    with front.open(write=True) as db:
        entry, changes = outbox.give_up(db, _find(db, id_).uid, now())
        front.answer(entry_json(db, entry), f"{changes.undo}. The words are kept.")


def _find(db: Desk, id_: str) -> Entry:
    """By its id or the beginning of it."""
    found = [entry for entry in outbox.every(db) if entry.uid.startswith(id_.strip().lower())] if id_.strip() else []
    if len(found) != 1:
        raise UserMistake(f"{'Several things' if found else 'Nothing'} in the outbox begin{'' if found else 's'} with “{id_[:40]}”. Nothing was changed. See: outbox list")
    return found[0]


def _sentence(db: Desk, entry: Entry) -> str:
    name = outbox.named(db, entry)
    if entry.state is State.SENT:
        return f"Sent {name}.{f' {entry.url}' if entry.url else ''}"
    return f"{'Not sent' if entry.state is State.FAILED else 'In the outbox'}, {name}: {entry.failure or entry.state.value}"


def entry_json(db: Desk, entry: Entry) -> dict[str, Any]:
    person = persons.get(db, entry.person_id) if entry.person_id is not None else None
    login = outbox.login_of(db, entry)
    return {
        "id": entry.uid, "person": person.uid if person else None, "place": entry.place, "login": login.id if login else None, "deed": entry.deed.value,
        "to": "/".join(entry.towards) if entry.towards else "", "subject": entry.subject, "text": entry.text,
        "recipients": [{"value": one.value, "name": one.name, "role": one.role.value} for one in entry.recipients],
        "audience": entry.audience.value, "state": entry.state.value, "unsure": entry.unsure, "tries": entry.tries, "failure": entry.failure,
        "item": "/".join(entry.key) if entry.key else "", "url": entry.url, "next_try": iso(entry.next_try), "sent": iso(entry.sent),
    }  # fmt: skip


COMMANDS = (reply, box)
