"""Verdicts in words: how much the evidence of *Who is this?* amounts to, said in the pill, in the queue and beside a reason."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from relationdesk.flip.matching import Candidate
from relationdesk.flip.weights import CERTAIN
from relationdesk.services.matching import Match
from relationdesk.ui.places import place_look

LIKELY, VERY_LIKELY = 6.0, 10.0
"""Sums of weights (flip/evidence: log2 of the odds) from which the words get stronger."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Match", text)


def verdict(weight: float, *, rivals: bool = False, warned: bool = False) -> tuple[str, str]:
    """Words and tone of a pill for what the evidence adds up to. rivals: it fits somebody else just as well. warned: it
    may be made to be taken for the person."""
    if warned:
        return _tr("Perhaps an impostor"), "neutral"
    if rivals:
        return _tr("Fits more than one person"), "neutral"
    if weight >= CERTAIN:
        return _tr("The place vouches for it"), "accent"
    if weight >= VERY_LIKELY:
        return _tr("Very likely the same person"), "accent"
    if weight >= LIKELY:
        return _tr("Likely the same person"), "accent"
    if weight > 0:
        return _tr("Perhaps the same person"), "neutral"
    return _tr("Nothing speaks for it"), "neutral"


def strength(weight: float) -> str:
    """How much a reason counts, in words."""
    size = abs(weight)
    if size >= CERTAIN:
        return _tr("settles it")
    return _tr("counts much") if size >= LIKELY else _tr("counts") if size >= 2 else _tr("counts little")


def rivals(match: Match, candidate: Candidate) -> tuple[str, ...]:
    """Others whom the places vouch for as much, or who share the mailbox: then nobody is certain."""
    if not (candidate.certain or candidate.shared):
        return ()
    return tuple(person.name for person, other in match.candidates if (other.certain or other.shared) and person.id != candidate.person_id)


def is_rivalled(match: Match, candidate: Candidate) -> bool:
    """Whether it fits somebody else just as well, who may or may not be a candidate."""
    return candidate.shared or bool(rivals(match, candidate))


def is_likely(match: Match) -> bool:
    """Whether the first candidate is called likely or more: no impostor, nobody else as well, no mere perhaps."""
    if not match.candidates:
        return False
    candidate = match.candidates[0][1]
    return candidate.weight >= LIKELY and not candidate.warned and not is_rivalled(match, candidate)


def queue_hint(match: Match) -> str:
    """The second line of a row: whom it looks like and how much, or what is known instead."""
    if not match.candidates:
        profile = match.profile.profile
        return ", ".join(p for p in (profile.title, profile.company) if p) or profile.handle or place_look(profile.key.place).title
    person, candidate = match.candidates[0]
    if match.whose is not None:
        return _tr("{one} and {other} are one?").format(one=match.whose.name, other=person.name)
    if candidate.warned:
        return _tr("perhaps an impostor of {name}").format(name=person.name)
    if others := rivals(match, candidate):
        return _tr("{name} or {other}?").format(name=person.name, other=others[0])
    if candidate.shared:
        return _tr("perhaps shared by {name}").format(name=person.name)
    if candidate.weight >= VERY_LIKELY:
        return _tr("very likely {name}").format(name=person.name)
    if candidate.weight >= LIKELY:
        return _tr("likely {name}").format(name=person.name)
    if any(reason.weight < 0 for reason in candidate.reasons):
        return _tr("perhaps a namesake of {name}").format(name=person.name)
    return _tr("perhaps {name}").format(name=person.name)


def answers(match: Match, which: str, *, with_somebody: bool, with_me: bool) -> Iterator[tuple[str, str]]:
    """(words, action) of what can be answered. which: of the three lists. with_somebody: a person stands beside the profile."""
    later = _tr("Ask again") if which else _tr("Later")
    if match.whose is not None:
        yield from ((_tr("One person: combine them"), "same_person"), (_tr("Two people"), "keep_apart"), (later, "later"))
        return
    if with_somebody:
        yield _tr("Same person"), "same_person"
    yield _tr("Somebody new"), "somebody_new"
    if with_somebody:
        yield _tr("Keep apart"), "keep_apart"
    yield _tr("A company"), "a_company"
    if which != "nobody":
        yield _tr("Not a human"), "not_a_human"
    yield later, "later"
    if with_me:
        yield _tr("This is me"), "myself"


def afterwards(match: Match, *, with_somebody: bool, is_apart: bool) -> str:
    """What the answer "no" means, or that there is nobody to compare with. is_apart: any more, because "no" was the answer."""
    if match.whose is not None:
        return _tr("“Two people” is remembered: you will not be asked about these two again.")
    if with_somebody:
        return _tr("“Keep apart” is remembered: you will not be asked about these two again.")
    if is_apart:
        return _tr("You keep it apart from whom it resembles, so nobody is left to compare it with.")
    return _tr("Nobody of this name or address is in the desk yet.")


def nothing_here(which: str) -> tuple[str, str, str]:
    """Title, sentence and the next step where one of the three lists is empty."""
    return {
        "": (_tr("Nobody is unknown"), _tr("New profiles that no place vouches for will wait here for your word."), _tr("Go to Places")),
        "later": (_tr("Nothing put off"), _tr("Questions you answer with Later stand here."), _tr("What waits")),
        "nobody": (_tr("Nothing here"), _tr("Robots, lists and role mailboxes stand here, so that you can change your mind."), _tr("What waits")),
    }[which]
