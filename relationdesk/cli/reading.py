"""Commands that show: people, person, timeline, matches, today, search."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import click

from relationdesk.cli.output import (
    Front,
    Number,
    iso,
    item_head,
    item_json,
    item_words,
    json_option,
    last_words,
    now,
    person_json,
    storable,
    table,
)
from relationdesk.derived import Filter, Item, Prompt, Then, then_on
from relationdesk.errors import UserMistake
from relationdesk.life_days import in_words
from relationdesk.model import AddressKind, DayKind, Kind, LifeDay, NoteKind, Person
from relationdesk.services import agenda, matching, review, searching
from relationdesk.services.agenda import Entry
from relationdesk.sources import FILE_SOURCES, LIVE_SOURCES
from relationdesk.store import people as persons
from relationdesk.store import profiles, spans, tellings, until_now
from relationdesk.store.activities import FIRST
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored
from relationdesk.store.spans import first_day, last_day
from relationdesk.store.timekey import base_id, id_at
from relationdesk.text import RECORD, after_because, one_line, place_name


@click.command("people")
@click.option("--query", default="", help="Words that begin a name, company or title.")
@click.option("--order", type=click.Choice(["need", "name", "touch"]), default="need")
@json_option
@click.pass_obj
def people(front: Front, query: str, order: str) -> None:
    """Everybody, those who need attention first."""
    with front.open() as db:
        found = until_now.page(db, now(), query=query, order=order, limit=1_000_000)
    rows = [(f"#{p.id}", p.name, p.company, f"{p.open_prompts} waiting" if p.open_prompts else "", last_words(p)) for p in found]
    nobody = "Nobody fits these words." if query.strip() else "There is nobody in this desk yet."
    front.answer([person_json(p) for p in found], table(rows) or nobody)


@click.command("person")
@click.argument("who")
@click.option("--as-of", default="", metavar="DATE", help="Who they were on that day: name, role and company.")
@json_option
@click.pass_obj
def person(front: Front, who: str, as_of: str) -> None:
    """All about one person, but for the timeline."""
    day = moment(as_of).date() if as_of else None
    with front.open() as db:
        page = review.review(db, persons.find(db, who).id, now())
    assert page is not None
    if day is not None:
        _answer_as_of(front, page, day)
        return
    document: dict[str, Any] = {
        **person_json(page.person),
        "profiles": [
            {"id": s.id, "key": f"{s.profile.key.place}/{s.profile.key.native_id}", "place": s.profile.key.place,
             "handle": s.profile.handle, "display_name": s.profile.display_name, "url": s.profile.url,
             "linked_by": s.linked_by, "linked_how": s.linked_how, **_days_json(s),
             "addresses": [{"kind": a.kind.value, "value": a.value} for a in s.profile.addresses]}
            for s in page.profiles
        ],
        "impostors": [{"id": s.id, "key": "/".join(s.profile.key), "display_name": s.profile.display_name, "handle": s.profile.handle} for s in page.impostors],
        "coverage": [
            {"place": c.place, "handle": c.handle, "since": iso(c.since), "until": iso(c.until), "failure": c.failure}
            for c in page.coverage
        ],
        "history": [_then_json(then) for then in page.history],
        "days": [
            {"kind": known.kind.value, "day": _day_text(said.day), "places": [place or "you" for place in said.places], "holds": said is known.held}
            for known in page.days for said in (known.held, *known.others)
        ],
        "variants": [{"what": what, "value": value} for what, value in page.variants],
        "otherwise": [{"place": one.place, "title": one.title, "company": one.company, "since": iso(tellings.day(one.since))} for one in page.otherwise],
        "buckets": [b.name for b in page.buckets],
        "prompts": [prompt_json(p) for p in page.prompts],
    }  # fmt: skip
    front.answer(document, _person_words(page))


def _answer_as_of(front: Front, page: review.Review, day: date) -> None:
    """What somebody was on a day, or that nobody had told it by then."""
    then = then_on(page.history, day)
    first = next((one.since for one in page.history if one.since is not None), None)
    if then is None:
        words = f"Nothing was told of {page.person.name} by {day}. The first to be told is of {iso(first)}."
    else:
        since = f"since {iso(then.since)}" if then.since else "since before it was written down"
        who = f"told by {then.place}" if then.place else "by your own word"
        words = f"{then.name} (#{page.person.id}), on {day}: {then.role or 'no role is known'} ({since}, {who})"
    front.answer({**_id_json(page.person), "as_of": f"{day}", "then": None if then is None else _then_json(then)}, words)


def _days_json(stored: Stored) -> dict[str, str | None]:
    """Between which days it is theirs; None for no end on that side."""
    first, last = (first_day(stored.held.from_id), last_day(stored.held.until_id)) if stored.held else (None, None)
    return {"first_day": str(first) if first else None, "last_day": str(last) if last else None}


def _id_json(who: Person) -> dict[str, Any]:
    return {"id": who.id, "uid": who.uid}


def _then_json(then: Then) -> dict[str, Any]:
    return {"since": iso(then.since), "name": then.name, "title": then.title, "company": then.company, "place": then.place}


def _day_text(day: LifeDay) -> str:
    """ "1979-05-04", "--05-04" where the year is not told."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}" if day.year is not None else f"--{day.month:02d}-{day.day:02d}"


_DAYS = {DayKind.BIRTHDAY: "Birthday", DayKind.ANNIVERSARY: "Anniversary", DayKind.WORK: "In the job since"}


def _person_words(page: review.Review) -> str:
    p = page.person
    lines = [f"{p.name} (#{p.id})", ", ".join(filter(None, (p.title, p.company))), f"Last: {last_words(p)}"]
    for stored in page.profiles:
        held = f", {spans.in_words(stored.held.from_id, stored.held.until_id)}" if stored.held else ""
        lines.append(f"  #{stored.id} {stored.profile.key.place} {stored.profile.handle or stored.profile.display_name}{held}: {stored.linked_how}")
        lines += [f"      {a.value}" for a in stored.profile.addresses if a.kind is not AddressKind.PICTURE and not a.value.startswith(RECORD)]
    lines += [
        f"  {_DAYS[known.kind]}: {in_words(said.day)} ({', '.join(place or 'you' for place in said.places)}{'' if said is known.held else '; the other day counts'})"
        for known in page.days for said in (known.held, *known.others)
    ]  # fmt: skip
    lines += [f"! Perhaps an impostor: {s.profile.handle or s.profile.display_name} (#{s.id}, {s.profile.key.place}). See matches." for s in page.impostors]
    lines += [f"  Also said of them: {what} {value}" for what, value in page.variants]
    lines += [f"  {place_name(one.place)} says: {one.role}" for one in page.otherwise]
    for state in page.coverage:
        read = f"read until {iso(state.until)}" if state.until else "never read"
        lines.append(f"  {state.place} {state.handle}: {state.failure or read}")
    if page.buckets:
        lines.append("Buckets: " + ", ".join(b.name for b in page.buckets))
    lines += [f"! {prompt.title}. {prompt.because}" for prompt in page.prompts if not prompt.why_not]
    return "\n".join(line for line in lines if line)


@click.command("timeline")
@click.argument("who")
@click.option("--place", default="", help="Only this place.")
@click.option("--kind", default="", help="Only this kind (post, mail, message, …).")
@click.option("--before", default="", help="Only before this day or moment (ISO 8601).")
@click.option("--limit", default=50, show_default=True, type=Number(1_000_000))
@json_option
@click.pass_obj
def timeline(front: Front, who: str, place: str, kind: str, before: str, limit: int) -> None:
    """One person's timeline, newest first."""
    if kind and kind not in {*Kind, *NoteKind}:
        raise UserMistake(f"There is no kind “{kind}”. Choose one of: {', '.join([*Kind, 'note'])}.")
    notes_only = kind in set(NoteKind) - set(Kind) or place == "notes"  # a call is either: one noted down, or one in a place
    which = Filter(
        places=frozenset({place} if place and not notes_only else ()),
        kinds=frozenset({Kind(kind)} if kind and kind not in set(NoteKind) else ()),
    )
    start = FIRST if not before else id_at(moment(before))
    with front.open() as db:
        found = persons.find(db, who)
        known_place(db, place)
        items: list[Item] = []
        more: int | None = start if not notes_only or place in ("", "notes") else None  # a note lies in no place
        while more is not None and len(items) < limit:
            part = review.stretch(db, found.id, which, before=more, limit=min(500, limit))
            flat = [i for item in part.items for i in (item, *item.earlier)] if front.as_json else list(part.items)
            if notes_only:
                flat = [i for i in flat if i.note is not None]
            if kind in set(NoteKind):
                flat = [i for i in flat if _kind(i) == kind]
            items += sorted(flat, key=lambda i: i.id, reverse=True)
            more = part.older
    if front.as_json:
        items = _with_marks(items)
    front.answer([item_json(i) for i in items[:limit]], "\n".join(item_words(i) for i in items[:limit]) or "Nothing yet.")


def _kind(item: Item) -> str:
    return item.note.kind.value if item.note is not None else item.activity.kind.value if item.activity is not None else ""


def known_place(db: Desk, place: str) -> None:
    """Raises UserMistake for a place that nothing here reads: an empty answer would look like silence."""
    read = {*(source.place for source in FILE_SOURCES), *(source.place for source in LIVE_SOURCES)}
    known = {"notes", *read, *(name for name, _ in profiles.places(db))}
    if place and place not in known:
        raise UserMistake(f"There is no place “{place[:80]}” in this desk. Choose one of: {', '.join(sorted(known - {''}))}.")


def _with_marks(items: list[Item]) -> list[Item]:
    """Cross-posts stand for themselves in a document: what the window shows as one item with marks."""
    flat = []
    for item in items:
        flat += [replace(item, activity=one, marks=(), earlier=()) for one in (item.activity, *item.marks)]
    return sorted(flat, key=_position, reverse=True)


def _position(item: Item) -> int:
    """Where it sorts by its own time: a folded item stands at the newest of those it holds, and what is to come does not stand on top."""
    if item.activity is None or not item.activity.published:
        return item.id
    return min(item.id, base_id(item.activity.published, item.activity.precision))


def moment(text: str) -> datetime:
    """A day or moment from the command line; without a zone it is UTC. Raises UserMistake."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as e:
        raise UserMistake(f"“{text}” is not a day like 2026-11-20. Nothing was changed.") from e
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@click.command("matches")
@click.option("--later", is_flag=True, help="Those put off.")
@click.option("--limit", default=100, show_default=True, type=Number(1_000_000))
@json_option
@click.pass_obj
def matches(front: Front, later: bool, limit: int) -> None:
    """Who is this? Profiles that wait, and who they may be."""
    with front.open() as db:
        found = matching.waiting(db, settled="later" if later else "", limit=limit)
    document = [
        {
            "profile": {"id": m.profile.id, "key": "/".join(m.profile.profile.key), "display_name": m.profile.profile.display_name,
                        "handle": m.profile.profile.handle, "place": m.profile.profile.key.place},
            "whose": None if m.whose is None else {"person": m.whose.uid, "id": m.whose.id, "name": m.whose.name},
            "companions": [{"id": s.id, "key": "/".join(s.profile.key), "display_name": s.profile.display_name} for s in m.companions],
            "candidates": [
                {"person": p.uid, "id": p.id, "name": p.name, "company": p.company, "weight": round(c.weight, 1),
                 "proposed": c.proposed, "certain": c.certain, "impostor": c.warned, "because": c.sentence,
                 "evidence": [r.sentence for r in c.reasons if r.weight > 0],
                 "against": [r.sentence for r in c.reasons if r.weight < 0],
                 "parts": [{"kind": r.kind, "row": r.row, "bits": round(r.weight, 1), "from": r.origin, "sentence": r.sentence} for r in c.reasons]}
                for p, c in m.candidates
            ],
        }
        for m in found
    ]  # fmt: skip
    lines = []
    for m in found:
        whose = f", of {m.whose.name} #{m.whose.id}; combine the two if they are one" if m.whose else ""
        lines.append(f"#{m.profile.id} {m.profile.profile.display_name or m.profile.profile.handle} ({m.profile.profile.key.place}){whose}")
        lines += [f"    and certainly #{s.id} {s.profile.display_name or s.profile.handle} ({s.profile.key.place})" for s in m.companions]
        for p, c in m.candidates:
            lines.append(f"    {p.name} #{p.id} {p.company}: " + " ".join(r.sentence for r in c.reasons))
    front.answer(document, "\n".join(lines) or "Nobody waits.")


@click.command("today")
@json_option
@click.pass_obj
def today(front: Front) -> None:
    """Who to talk to, and why; who is held back, and why not."""
    with front.open() as db:
        found = agenda.today(db, now())
    document = {
        "prompts": [entry_json(e) for e in found.shown],
        "held_back": [{**entry_json(e), "why_not": e.prompt.why_not} for e in found.held_back],
        "off": list(found.off),
    }
    lines = []
    for entry in found.shown:
        lines.append(f"{entry.prompt.title}\n    Because {after_because(entry.prompt.because)}")
        lines += [f"    {e.sentence}" for e in entry.prompt.evidence]
    if found.held_back:
        lines.append("\nHeld back:")
        lines += [f"  {e.prompt.title}: {e.prompt.why_not}" for e in found.held_back]
    if found.off:
        lines.append(f"\nRules switched off: {', '.join(found.off)}")
    if found.resting:
        lines.insert(0, f"Quiet hours until {found.quiet_until}: {found.resting} of those held back wait until then.")
    front.answer(document, "\n".join(lines) or "Nobody waits for you today.")


def prompt_json(prompt: Prompt) -> dict[str, Any]:
    return {
        "rule": prompt.rule, "key": prompt.key, "title": prompt.title, "because": prompt.because, "why_not": prompt.why_not,
        "evidence": [
            {"sentence": e.sentence, "activity": "/".join(e.activity) if e.activity else None, "published": iso(e.published)}
            for e in prompt.evidence
        ],
    }  # fmt: skip


def entry_json(entry: Entry) -> dict[str, Any]:
    document = prompt_json(entry.prompt)
    document.pop("why_not")
    return {**document, "person": {"id": entry.person.id, "uid": entry.person.uid, "name": entry.person.name}}


class _Search(click.Command):
    """A query may begin with a minus, as an option does: `search "-invoice kitchen"`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = [a for a in args if len(a) > 2 and a[0] == "-" and a[1] != "-" and not a[1:].isdigit()]
        if words and "--" not in args:
            args = [*(a for a in args if a not in words), "--", *words]
        return super().parse_args(ctx, args)


@click.command("search", cls=_Search)
@click.argument("query")
@click.option("--limit", default=50, show_default=True, type=Number(1_000_000))
@json_option
@click.pass_obj
def search(front: Front, query: str, limit: int) -> None:
    """Full text over activities and notes, with from: in: place: kind: before: after: quotes and minus."""
    if not query.strip():
        raise UserMistake("There is nothing to search for. Say what, for example: search kitchen")
    with front.open() as db:
        asked = now()
        hits, unclear, kept = searching.text(db, query, limit=limit, now=asked), searching.unclear(db, query, asked), searching.kept(db, query, limit)
    for sentence in unclear:
        click.echo(storable(sentence), err=True)
    marks = {ord(searching.MARK_START): "[", ord(searching.MARK_END): "]"}
    document = [{**item_json(hit.item), "snippet": hit.snippet.translate(marks)} for hit in hits]
    lines = [f"Kept in mind of {person.name}: {one.label}: {one.text}" for person, one in kept.particulars]
    lines += [f"Template {one.name}: {one_line(one.text, 100)}" for one in kept.templates]
    lines += [f"{item_head(hit.item)}: {' '.join(hit.snippet.translate(marks).split())}" for hit in hits]
    front.answer(document, "\n".join(lines) or "Nothing was found.")


COMMANDS = (people, person, timeline, matches, today, search)
