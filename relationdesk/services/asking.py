"""What only the user can say about a file: whose it is, what it does not tell, which parts of it to read.

What was said once and holds for other files of the kind is remembered, as the meaning of a table's columns is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from relationdesk.model import Profile
from relationdesk.sources.asks import WHO, chosen
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.store import people, profiles, settings
from relationdesk.store.database import Desk
from relationdesk.text import fold

ME = WHO
OWNED = frozenset({"mail", "calendar", "linkedin"})
"""Places whose files do not ask whose they are, but mean less without it."""


def options_for(
    db: Desk, seen: Recognised, *, me: str = "", mapping: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None, parts: frozenset[str] | None = None,
) -> Options:  # fmt: skip
    """What was said, and what the desk knows besides: the owner's addresses, and what was said of such a file before."""
    mine: set[str] = set()
    owner = people.me(db)
    if owner is not None:
        for stored in profiles.of_person(db, owner.id):
            mine |= {a.value for a in stored.profile.addresses if a.kind.value == "mail"}
            if stored.profile.key.place == "mail":
                mine.add(stored.profile.key.native_id)
    chosen = dict(mapping or {}) or dict(settings.mapping_for(db, seen.columns) if seen.columns else {})
    said = {**remembered(db, seen), **(answers or {}), **({ME: me} if me else {})}
    found = {ask.name: meant for ask in seen.asks if (meant := choice(ask, said.get(ask.name, "")))}
    # Of whose file it is a source may know more than the choices name, so that its own search decides.
    return Options(
        me=found.get(ME) or _number(db, seen.place, said.get(ME, "")), mine=frozenset(mine), mapping=chosen,
        answers={name: answer for name, answer in found.items() if name != ME}, parts=parts,
    )  # fmt: skip


def choice(ask: Ask, said: str) -> str:
    """Which answer was meant: as a source takes it, else by a part of its words that fits one only; "" for none."""
    folded = fold(said)
    parts = {answer for answer, words in ask.choices if folded and (folded in fold(words) or folded in fold(answer))}
    return chosen(said, ask) or (parts.pop() if len(parts) == 1 else "")


def unanswered(seen: Recognised, options: Options) -> tuple[Ask, ...]:
    """What is still to be asked before the file can be read, in the order of asking."""
    return tuple(ask for ask in seen.asks if not (options.me if ask.name == ME else options.answers.get(ask.name)))


def is_nobodys(seen: Recognised, options: Options) -> bool:
    """True for a file of such a place of which nobody knows whose it is: nothing in it counts as done by the owner of the desk."""
    return seen.place in OWNED and not (seen.owner or options.me or options.mine or any(ask.name == ME for ask in seen.asks))


def words_of(ask: Ask, options: Options) -> str:
    """What was answered, in the words of the choice; "" if nothing was."""
    answer = options.me if ask.name == ME else options.answers.get(ask.name, "")
    return next((words for one, words in ask.choices if one == answer), answer)


def chosen_parts(seen: Recognised, only: Iterable[str] = (), without: Iterable[str] = ()) -> frozenset[str] | None:
    """Names of the parts to read: exactly `only`, else those that are wanted anyway, but for `without`; None for no word on it."""
    only, without = frozenset(only), frozenset(without)
    if not seen.parts or not (only or without):
        return None
    wanted = {part.name for part in seen.parts if (part.name in only if only else part.wanted)}
    return frozenset(wanted - without)


# What is remembered


def remembered(db: Desk, seen: Recognised) -> Mapping[str, str]:
    """Answers given before that fit the questions of this file, by the name of the question; who I am also where another export of the
    place has said it, and one of the choices is called so."""
    found = {ask.name: settings.answer(db, _kept_as(seen, ask)) for ask in seen.asks}
    before = {ask.name: found[ask.name] for ask in seen.asks if any(found[ask.name] == answer for answer, _ in ask.choices)}
    mine = {answer for ask in seen.asks if ask.name == ME for answer, _ in ask.choices} & _own(db, seen.place)
    return {ME: mine.pop(), **before} if len(mine) == 1 else before


def _own(db: Desk, place: str) -> frozenset[str]:
    """What the owner of the desk is called in a place, by its own word."""
    return frozenset(name for one in _mine(db, place) for name in (one.key.native_id, one.handle, one.display_name) if _is_somebody(name))


def _number(db: Desk, place: str, said: str) -> str:
    """What was said, or for a handle of the owner's the number by which the place knows them: what has its key by it is not brought in twice."""
    handle = said.strip().removeprefix("@").casefold()
    numbers = {one.key.native_id for one in _mine(db, place) if handle and one.handle.casefold() == handle and one.key.native_id.isdigit()}
    return numbers.pop() if len(numbers) == 1 else said


def _mine(db: Desk, place: str) -> list[Profile]:
    owner = people.me(db)
    stored = () if owner is None else profiles.of_person(db, owner.id)
    return [one.profile for one in stored if one.profile.key.place == place and one.profile.is_owner]


def _is_somebody(name: str) -> bool:
    """Not "none of these", which holds here and now."""
    return any(letter.isalnum() for letter in name)


def remember(db: Desk, seen: Recognised, options: Options) -> None:
    """Keep what was answered. Who I am holds for every file of the format in which somebody is called so; any other answer for what the
    question says, else only for the very same question, because the next file may mean something else. Inside `transaction`."""
    if options.mapping and seen.columns:
        settings.remember_mapping(db, seen.columns, options.mapping)
    for ask in seen.asks:
        answer = options.me if ask.name == ME else options.answers.get(ask.name, "")
        if answer and (ask.name != ME or _is_somebody(answer)):
            settings.remember_answer(db, _kept_as(seen, ask), answer)


def _kept_as(seen: Recognised, ask: Ask) -> str:
    if ask.name == ME:
        return f"{seen.format}:{ME}"
    question = ask.holds_for or json.dumps((ask.question, ask.choices), ensure_ascii=True)
    return f"{seen.format}:{ask.name}:{hashlib.sha256(question.encode()).hexdigest()[:16]}"


def remembered_parts(db: Desk, seen: Recognised) -> frozenset[str] | None:
    """The parts that the window read last time of this format, where that differs from those wanted anyway; else None.

    A part that was not there then is read as its source wants it.
    """
    before = settings.parts_of(db, seen.format)
    usual = frozenset(part.name for part in seen.parts if part.wanted)
    found = frozenset(part.name for part in seen.parts if before.get(part.name, part.wanted))
    return None if found == usual else found


def remember_parts(db: Desk, seen: Recognised, options: Options) -> None:
    """For the next file of the format. Inside `transaction`."""
    if seen.parts:
        before = settings.parts_of(db, seen.format)
        settings.remember_parts(db, seen.format, {**before, **{part.name: options.wants(part) for part in seen.parts}})
