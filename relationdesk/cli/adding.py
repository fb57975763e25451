"""The command that adds somebody by a handle, an address or the page of a profile: told, shown and kept in steps, as in the window."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from relationdesk.cli.output import Front, json_option, now, report
from relationdesk.errors import NotAgreed, UserMistake
from relationdesk.services import adding, keeping
from relationdesk.services import people as decisions
from relationdesk.services.adding import Met, Offer, Possible
from relationdesk.store import people
from relationdesk.store.database import Desk
from relationdesk.text import one_line, place_name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What was said on the command line."""

    text: str
    place: str
    agreed: frozenset[str]
    also: tuple[str, ...]
    allow_private: bool


@click.command("add")
@click.argument("text")
@click.option("--place", default="", help="Which place is meant, where it could be several.")
@click.option("--ask", is_flag=True, help="Ask the servers that were named, and show what they tell.")
@click.option("--agree", multiple=True, metavar="HOST", help="This server may be asked, too.")
@click.option("--allow-private", is_flag=True, help="The server may lie on a private network.")
@click.option("--keep", "wanted", is_flag=True, help="Keep it; without --ask as a link alone.")
@click.option("--name", default="", help="What the new person is called.")
@click.option("--to", default="", metavar="WHO", help="Whose it is, if they are in the desk already.")
@click.option("--also", multiple=True, metavar="PLACE", help="Ask and keep this page of theirs, too; “vouched” or “all” for several.")
@click.option("--no-follow", is_flag=True, help="Keep what was shown, but do not read it from now on.")
@json_option
@click.pass_obj
def add(
    front: Front, text: str, place: str, ask: bool, agree: tuple[str, ...], allow_private: bool, wanted: bool, name: str, to: str,
    also: tuple[str, ...], no_follow: bool,
) -> None:  # fmt: skip
    """Add somebody by a handle, an address or a profile's page. Without options it only says whom TEXT may mean, and asks nobody."""
    if (also or agree or allow_private) and not ask:
        raise UserMistake("Nobody is asked without --ask. Nothing was changed.")
    said = _Wanted(text=text, place=place, agreed=frozenset(agree), also=also, allow_private=allow_private)
    with front.open(write=wanted) as db:
        possible = adding.possibilities(db, text)
        answer: dict[str, Any] = {"text": text, "possible": [possible_json(one) for one in possible], "found": None, "failures": [], "kept": None}
        words = [_possible_words(possible, text)]
        by_name = bool(name and wanted and not (ask or place) and not any(one.meant.sure for one in possible))
        chosen = _chosen(possible, said) if ask or (wanted and possible and not by_name) else None
        met = adding.as_link(chosen.meant) if chosen is not None else None
        others: tuple[Met, ...] = ()
        if ask and chosen is not None:
            met, others, failures = _ask(db, chosen, said)
            answer |= {"found": found_json(met), "failures": list(failures)}
            words = [_found_words(met), *failures]
        if wanted:
            kept, said_so = _keep(db, met, others, name or ("" if met else text), to, follow=not no_follow)
            answer["kept"] = kept
            words.append(said_so)
    front.answer(answer, "\n".join(words))


def _chosen(possible: Sequence[Possible], said: _Wanted) -> Possible:
    found = [one for one in possible if said.place in ("", one.meant.place)]
    if len(found) == 1 or (found and found[0].meant.sure):
        return found[0]
    if not found:
        raise UserMistake(f"“{said.text[:100]}” is nobody’s address{' in ' + said.place if said.place else ''}. Nothing was changed and nobody was asked.")
    names = ", ".join(dict.fromkeys(one.meant.place for one in found))
    raise UserMistake(f"“{said.text[:100]}” could mean somebody in several places: {names}. Nothing was changed. Say which with --place.")


def _ask(db: Desk, chosen: Possible, said: _Wanted) -> tuple[Met, tuple[Met, ...], tuple[str, ...]]:
    agreed = frozenset({*chosen.asks, *said.agreed})
    try:
        met = adding.look_up(db, chosen, agreed, allow_private=said.allow_private)
    except NotAgreed as e:
        raise UserMistake(f"{e} Nothing was changed. Agree to it with --agree {e.host}") from e
    picked = [offer for offer in met.offers if _picked(offer, said.also)]
    missing = set(said.also) - {"vouched", "all"} - {offer.possible.meant.place for offer in picked}
    if missing:
        raise UserMistake(f"The profile names no page in {', '.join(sorted(missing))}. Nothing was changed.")
    agreed = agreed.union(*(offer.possible.asks for offer in picked))
    others, failures = adding.look_up_all(db, picked, agreed, allow_private=said.allow_private, report=report)
    return met, others, failures


def _picked(offer: Offer, also: tuple[str, ...]) -> bool:
    return "all" in also or offer.possible.meant.place in also or ("vouched" in also and offer.vouched)


def _keep(db: Desk, met: Met | None, others: tuple[Met, ...], name: str, to: str, *, follow: bool) -> tuple[dict[str, Any], str]:
    whose = people.find(db, to) if to else None
    if met is None:
        if whose is not None:
            raise UserMistake("This is nobody’s address, so there is nothing to add to them. Nothing was changed.")
        person_id, changes = decisions.add_person(db, name, now())
        waiting = 0
    else:
        done = keeping.keep(db, met, now(), also=others, person_id=whose.id if whose else None, name=name, follow=follow)
        person_id, changes, waiting = done.person_id, done.changes, done.waiting
    person = people.get(db, person_id)
    assert person is not None
    followed = [one.stream.title for one in ((met,) if met and follow else ()) + others if one.stream is not None]
    asked = f" {waiting} wait on “Who is this?”: see matches." if waiting else ""
    return {"person": person.uid, "name": person.name, "followed": followed, "waiting": waiting}, f"{changes.undo}.{asked}"


def possible_json(one: Possible) -> dict[str, Any]:
    person = {"id": one.person.id, "uid": one.person.uid, "name": one.person.name} if one.person else None
    return {
        "place": one.meant.place, "handle": one.meant.handle, "page": one.meant.page, "sure": one.meant.sure, "source": one.source,
        "asks": list(one.asks), "costs": one.costs, "why_not": one.why, "profile": "/".join(one.stored.profile.key) if one.stored else None, "person": person,
    }  # fmt: skip


def found_json(met: Met) -> dict[str, Any]:
    profile = met.profile
    return {
        "key": "/".join(profile.key), "handle": profile.handle, "display_name": profile.display_name, "url": profile.url, "bio": profile.bio,
        "besides": dict(profile.extra), "addresses": [{"kind": a.kind.value, "value": a.value, "vouched": a.vouched} for a in profile.addresses],
        "whose": [{"person": p.id, "name": p.name, "certain": c.certain, "evidence": [r.sentence for r in c.reasons]} for p, c in met.whose],
        "offers": [{**possible_json(o.possible), "vouched": o.vouched, "sentence": o.sentence} for o in met.offers],
    }  # fmt: skip


def _possible_words(possible: Sequence[Possible], text: str) -> str:
    if not possible:
        return f"“{text[:100]}” is nobody’s address. As the name of a person it is kept with --keep."
    lines = []
    for one in possible:
        known = f" In the desk already: {one.person.name}." if one.person else " In the desk already, nobody’s yet." if one.stored else ""
        ask = f"Asks {', '.join(one.asks)}. {one.costs}".strip() if one.asks else one.why
        lines.append(f"{place_name(one.meant.place)}: {one.meant.handle or one.meant.page}. {ask}{known}")
    return "\n".join(lines) + "\nNobody was asked and nothing was kept. Look up with --ask, keep with --keep."


def _found_words(met: Met) -> str:
    profile = met.profile
    lines = [f"{profile.display_name or profile.handle} ({place_name(profile.key.place)}, {profile.handle or profile.url})"]
    lines += [f"  {one_line(profile.bio, 200)}"] if profile.bio else []
    lines += [f"  {name}: {value}" for name, value in profile.extra]
    for person, candidate in met.whose:
        lines.append(f"  Perhaps {person.name} (--to {shlex.quote(f'#{person.id}')}): {' '.join(reason.sentence for reason in candidate.reasons)}")
    for offer in met.offers:
        asks = f"Asks {', '.join(offer.possible.asks)}. {offer.possible.costs}".strip() if offer.possible.asks else offer.possible.why
        lines.append(f"  also {offer.possible.meant.place}: {offer.possible.meant.page}. {offer.sentence} {asks}")
    return "\n".join(lines)


COMMANDS = (add,)
