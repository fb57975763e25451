"""Evidence and earlier decisions → link, suggest, or nothing. Pure: literals in, literals out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relationdesk.flip.evidence import CERTAIN, Reason, reasons
from relationdesk.model import Key, Profile

SUGGEST_FROM = 2.0
"""Sum of weights from which somebody is proposed. A short form of the same name alone is proposed, a surname is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person as matching sees one: the name the user gave, and the profiles already theirs."""

    person_id: int
    uid: str
    name: str
    profiles: tuple[Profile, ...] = ()
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person proposed for a profile. weight orders candidates, strongest first; certain ones link alone."""

    person_id: int
    reasons: tuple[Reason, ...]
    weight: float

    @property
    def certain(self) -> bool:
        return any(reason.weight >= CERTAIN for reason in self.reasons) and not self.warned

    @property
    def warned(self) -> bool:
        """True if the profile may be made to be taken for this person."""
        return any(reason.warns for reason in self.reasons)


def candidates(profile: Profile, people: Iterable[Somebody], refused: frozenset[str]) -> tuple[Candidate, ...]:
    """Who this profile may belong to, strongest first; whom the user has refused is left out.

    refused: "person:<uid>" and "profile:<place>/<native id>" as kept by keep_apart.
    """
    found = []
    for person in people:
        if _is_refused(person, refused):
            continue
        candidate = compare(profile, person)
        if candidate.weight >= SUGGEST_FROM or candidate.warned:
            found.append(candidate)
    return tuple(sorted(found, key=lambda c: (-c.weight, c.person_id)))


def certain(profile: Profile, people: Iterable[Somebody], refused: frozenset[str]) -> Candidate | None:
    """The one person the places vouch for; None if there is none, or if they vouch for more than one."""
    sure = [c for c in candidates(profile, people, refused) if c.certain]
    return sure[0] if len(sure) == 1 else None


def compare(profile: Profile, person: Somebody) -> Candidate:
    """All that speaks for and against one person, each reason once, taken from the most telling of their profiles."""
    best: dict[str, Reason] = {}
    named = Profile(key=Key("desk", person.uid), display_name=person.name, company=person.company)
    for theirs in (*person.profiles, named):
        for reason in reasons(profile, theirs):
            best.setdefault(reason.sentence, reason)
    kinds: dict[str, Reason] = {}
    for reason in sorted(best.values(), key=lambda r: -abs(r.weight)):
        kinds.setdefault(reason.sentence.split(":")[0].split(" (")[0][:24], reason)
    chosen = tuple(sorted(kinds.values(), key=lambda r: -r.weight))
    return Candidate(person_id=person.person_id, reasons=chosen, weight=sum(reason.weight for reason in chosen))


def _is_refused(person: Somebody, refused: frozenset[str]) -> bool:
    if f"person:{person.uid}" in refused:
        return True
    return any(f"profile:{p.key.place}/{p.key.native_id}" in refused for p in person.profiles)
