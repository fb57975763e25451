"""Commands about what is agreed with people: wish, rhythm, task."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from relationdesk.cli import naming
from relationdesk.cli.output import Front, iso, iso_day, json_option, now, table
from relationdesk.errors import UserMistake
from relationdesk.services import promised, tasks, wishes
from relationdesk.services.typed_dates import past_day
from relationdesk.store import people as persons
from relationdesk.store import tasks as task_rows
from relationdesk.store import wishes as wish_rows
from relationdesk.store.database import Desk
from relationdesk.wishes import Step, Task, WantedRhythm, Wish


@click.command("wish")
@click.argument("who")
@click.option("--only", "places", multiple=True, metavar="PLACE", help="Only there (mail, mastodon …); several times.")
@click.option("--every", type=int, metavar="DAYS", help="Not more often than that.")
@click.option("--not-before", "not_until", metavar="DAY", help="No contact before that day.")
@click.option("--opt-out", is_flag=True, help="No contact at all.")
@click.option("--welcome", is_flag=True, help="Contact is welcome, in any way.")
@click.option("--said", metavar="DAY", help="When they said so.")
@click.option("--source", default="", metavar="WORDS", help="Where you know it from.")
@click.option("--remove", metavar="UID", help="This wish was never said.")
@json_option
@click.pass_obj
def wish(
    front: Front, who: str, places: tuple[str, ...], every: int | None, not_until: str | None, opt_out: bool, welcome: bool, said: str | None,
    source: str, remove: str | None,
) -> None:  # fmt: skip
    """What WHO asked for: write a wish down, or show all of them. The newest holds, and every prompt keeps to it."""
    asked = bool(places or every is not None or not_until or opt_out or welcome)
    with front.open(write=asked or remove is not None) as db:
        person, today = persons.find(db, who), now().astimezone().date()
        told = ""
        if remove is not None:
            gone = wish_rows.by_uid(db, remove)
            if gone is None or gone.person_id != person.id:
                raise UserMistake(f"{person.name} has no wish {remove}. Nothing was changed. See `wish` for the uids.")
            told = f"{wishes.remove(db, gone.id, now()).undo}."
        elif asked:
            _, changes = wishes.wish(
                db, person.id, now(), places=places, every_days=every, not_until=_day(not_until, today), opted_out=opt_out,
                said=_past(said), source=source,
            )  # fmt: skip
            told = f"{changes.undo}."
        found = wish_rows.of_person(db, person.id)
    lines = [f"{'holds' if n == 0 else 'before'}  {wishes.in_words(one)}{f' ({one.source})' if one.source else ''}  {one.uid}" for n, one in enumerate(found)]
    front.answer(
        {"person": person.uid, "wishes": [_wish_json(one, n == 0) for n, one in enumerate(found)]},
        "\n".join(filter(None, (told, *lines))) or f"{person.name} has asked for nothing.",
    )


def _wish_json(one: Wish, holds: bool) -> dict[str, Any]:
    return {
        "wish": one.uid, "holds": holds, "places": list(one.places), "every_days": one.every_days, "not_until": iso_day(one.not_until),
        "opted_out": one.opted_out, "said": iso_day(one.said), "source": one.source,
        "activity": f"{one.activity.place}/{one.activity.native_id}" if one.activity else None,
    }  # fmt: skip


@click.command("rhythm")
@click.argument("who", required=False)
@click.option("--bucket", metavar="NAME", help="Of everybody in a bucket, instead of WHO.")
@click.option("--every", type=int, metavar="DAYS", help="Contact wished every so many days.")
@click.option("--longest", type=int, metavar="DAYS", help="Never longer apart than that.")
@click.option("--as-they-do", is_flag=True, help="As often as they do, as far as that can be measured.")
@click.option("--none", "nothing", is_flag=True, help="No rhythm of its own.")
@click.option("--step", type=click.Choice([*(step.value for step in Step), "none"]), help="Step of the ladder of a bucket.")
@json_option
@click.pass_obj
def rhythm(
    front: Front, who: str | None, bucket: str | None, every: int | None, longest: int | None, as_they_do: bool, nothing: bool, step: str | None
) -> None:
    """How often you want to be in touch with WHO, or with everybody in a bucket."""
    if (who is None) == (bucket is None):
        raise UserMistake("Name a person, or a bucket by --bucket. Nothing was changed.")
    if step is not None and bucket is None:
        raise UserMistake("A step of the ladder belongs to a bucket: name it by --bucket. Nothing was changed.")
    new = WantedRhythm(wished_days=every or 30, longest_days=longest, as_they_do=as_they_do) if every is not None or as_they_do else None
    if longest is not None and new is None:
        raise UserMistake("How often is contact wished? Say it by --every DAYS. Nothing was changed.")
    decides = new is not None or nothing
    with front.open(write=decides or step is not None) as db:
        person_id, bucket_id, name, uid = _whom(db, who, bucket)
        if decides:
            wishes.want(db, new, now(), person_id=person_id, bucket_id=bucket_id)
        if step is not None and bucket_id is not None:
            wishes.set_step(db, bucket_id, None if step == "none" else Step(step), now())
        own = wish_rows.own_rhythm(db, person_id) if person_id is not None else wish_rows.of_buckets(db).get(bucket_id or 0)
        wanted = wish_rows.wanted(db, [person_id]).get(person_id) if person_id is not None else (own[1] if own else None)
        on = wish_rows.steps_of_people(db, [person_id]).get(person_id) if person_id is not None else wish_rows.steps(db).get(bucket_id or 0)
    words = wishes.rhythm_in_words(wanted) if wanted else "no rhythm"
    front.answer(
        {"person": uid if person_id is not None else None, "bucket": name if bucket_id is not None else None, "own": own is not None,
         "wanted": None if wanted is None else {"wished_days": wanted.wished_days, "longest_days": wanted.longest_days, "as_they_do": wanted.as_they_do, "of": wanted.of},
         "step": None if on is None else on.value},
        f"{name}: {words}{f', from {wanted.of}' if wanted and wanted.of and person_id else ''}{f'; {on}' if on else ''}.",
    )  # fmt: skip


def _whom(db: Desk, who: str | None, bucket: str | None) -> tuple[int | None, int | None, str, str]:
    """(person, bucket, name, uid)"""
    if who is not None:
        person = persons.find(db, who)
        return person.id, None, person.name, person.uid
    found = naming.bucket(db, bucket or "")
    return None, found.id, found.name, found.uid


@click.command("task")
@click.argument("who", required=False)
@click.argument("text", required=False)
@click.option("--company", metavar="NAME", help="On a company, instead of WHO.")
@click.option("--theirs", is_flag=True, help="They promised it.")
@click.option("--due", metavar="DAY", help="fri, tomorrow, 2026-12-03 …; else as the words say.")
@click.option("--at", "at_text", metavar="TIME", help="Time of that day: 9:30.")
@click.option("--again", default="", metavar="HOW OFTEN", help="Comes again: “2 weeks”, “3 months”.")
@click.option("--from-done", is_flag=True, help="Counted from the day it is done, not from the day it was due.")
@click.option("--done", metavar="UID", help="Tick it off.")
@click.option("--open", "reopen", metavar="UID", help="It is not done after all.")
@click.option("--remove", metavar="UID", help="It is no follow-up any more.")
@json_option
@click.pass_obj
def task(
    front: Front, who: str | None, text: str | None, company: str | None, theirs: bool, due: str | None, at_text: str | None, again: str,
    from_done: bool, done: str | None, reopen: str | None, remove: str | None,
) -> None:  # fmt: skip
    """Follow-ups: TEXT with WHO on a day; without TEXT those that are open, of WHO, of a company or of everybody."""
    if company is not None:
        if text is not None:
            raise UserMistake("A follow-up belongs to one person or one company. Nothing was changed.")
        who, text = None, who
    named = [(uid, deed) for uid, deed in ((done, tasks.done), (reopen, tasks.not_done), (remove, tasks.remove)) if uid is not None]
    with front.open(write=text is not None or bool(named)) as db:
        today, told = now().astimezone().date(), ""
        person = persons.find(db, who) if who is not None else None
        firm = naming.company(db, company).id if company is not None else None
        for uid, deed in named:
            one = task_rows.by_uid(db, uid)
            if one is None:
                raise UserMistake(f"There is no follow-up {uid}. Nothing was changed. See `task` for the uids.")
            told = f"{deed(db, one.id, now()).undo}."
        if text is not None:
            words, day, at = promised.split_day(text, today)
            _, changes = tasks.add(
                db, text if due else words, now(), person_id=person.id if person else None, company_id=firm, mine=not theirs,
                due=_day(due, today) if due else day, at=promised.minute_typed(at_text) if at_text else None if due else at, every=again,
                from_done=from_done,
            )  # fmt: skip
            told = f"{changes.undo}."
        found = task_rows.of_company(db, firm) if firm is not None else task_rows.open_(db, None if person is None else [person.id])
        names = {p.id: p.name for p in persons.many(db, [t.person_id for t in found if t.person_id]).values()}
        firms = {t.company_id: c.name for t in found if t.company_id and (c := persons.company(db, t.company_id))}
        uids = {p.id: p.uid for p in persons.many(db, names).values()}
    rows = [[when_due(t), names.get(t.person_id or 0) or firms.get(t.company_id or 0, ""), ("" if t.mine else "theirs: ") + t.text, t.uid] for t in found]
    front.answer(
        {"tasks": [task_json(t, uids.get(t.person_id or 0), firms.get(t.company_id or 0)) for t in found]},
        "\n".join(filter(None, (told, table(rows)))) or "Nothing is to be followed up.",
    )


def when_due(one: Task) -> str:
    """Its day, time and how often it comes again, for people."""
    return f"{one.due or 'some day'}{'' if one.at is None else f' {one.at // 60}:{one.at % 60:02}'}{f', every {one.every}' if one.every else ''}"


def task_json(one: Task, person: str | None, company: str | None) -> dict[str, Any]:
    """A follow-up as docs/cli.md tells it; person: their uid, company: its name."""
    return {
        "task": one.uid, "person": person, "company": company, "text": one.text, "mine": one.mine, "due": iso_day(one.due),
        "at": None if one.at is None else f"{one.at // 60:02}:{one.at % 60:02}", "every": one.every, "from_done": one.from_done,
        "note": one.note or None, "made": iso(one.made), "done": iso(one.done),
    }  # fmt: skip


def _day(text: str | None, today: date) -> date | None:
    return None if text is None else promised.day_typed(text, today)


def _past(text: str | None) -> date | None:
    if text is None:
        return None
    if (said := past_day(text, now())) is None:
        raise UserMistake(f"“{text[:60]}” is not a whole day like 2026-03-03, 3 March or yesterday. Nothing was changed.")
    return said


COMMANDS = (wish, rhythm, task)
