"""Evidence and earlier decisions → link, suggest, or nothing. Pure: literals in, literals out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from relationdesk.flip.evidence import evidence
from relationdesk.flip.guards import barred
from relationdesk.flip.kinds import KINDS, Kind
from relationdesk.flip.names import parsed
from relationdesk.flip.rarity import UNKNOWN, Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits, traits
from relationdesk.flip.weights import CERTAIN
from relationdesk.model import Key, Profile
from relationdesk.saying import counted, say
from relationdesk.text import listed, one_line

START = -2.0
"""Bits to begin with: of those who are compared at all, one in five is taken to be the same before anything is said."""

SUGGEST_FROM = 1.5
"""Sum of weights from which somebody is proposed: with START, two to three against. A name and its initial alone are proposed, a
surname is not."""

NAMED = 2
"""Of those who share a mailbox, so many are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person as matching sees one: the name the user gave, and the profiles already theirs. formerly: companies that these named before."""

    person_id: int
    uid: str
    name: str
    profiles: tuple[Profile, ...] = ()
    company: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person proposed for a profile. weight (bits) orders candidates, strongest first; certain ones link alone."""

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

    @property
    def shared(self) -> bool:
        """True if others have the mail address that speaks for it, so that it fits more than one."""
        return any(reason.row == "mail.shared" for reason in self.reasons)

    @property
    def proposed(self) -> bool:
        """Whether the user is to be asked: enough speaks for it and no guard stands before it, or it warns, or a place vouches."""
        return self.certain or self.warned or (self.weight >= SUGGEST_FROM and not barred(self.reasons))

    @property
    def sentence(self) -> str:
        """All of it in one sentence: "The same mail address and two forms of one name speak for it, different companies against it." """
        good, bad = ([r.words for r in self.reasons if r.words and (r.weight > 0) is sign] for sign in (True, False))
        text = counted(len(good), "{good} speaks for it", "{good} speak for it", good=listed(good)) if good else ""
        if bad and good:
            text = say("{for_it}, {bad} against it", for_it=text, bad=listed(bad))
        elif bad:
            text = counted(len(bad), "{bad} speaks against it", "{bad} speak against it", bad=listed(bad))
        return f"{text[:1].upper()}{text[1:]}." if text else ""


def candidates(
    profile: Profile, people: Iterable[Somebody], refused: frozenset[str], rarity: Rarity = UNKNOWN
) -> tuple[Candidate, ...]:
    """Who this profile may belong to, strongest first; whom the user has refused is left out.

    refused: "person:<uid>" and "profile:<place>/<native id>" as kept by keep_apart.
    """
    found = []
    for person in people:
        if is_refused(person, refused):
            continue
        candidate = compare(profile, person, rarity)
        if candidate.proposed:
            found.append(candidate)
    return tuple(sorted(found, key=lambda c: (-c.weight, c.person_id)))


def certain(profile: Profile, people: Iterable[Somebody], refused: frozenset[str]) -> Candidate | None:
    """The one person the places vouch for; None if there is none, or if they vouch for more than one."""
    sure = [c for c in candidates(profile, people, refused) if c.certain]
    return sure[0] if len(sure) == 1 else None


def compare(profile: Profile, person: Somebody, rarity: Rarity = UNKNOWN, kinds: Sequence[Kind] = KINDS) -> Candidate:
    """All that speaks for and against one person: of each kind what the most telling of their profiles says, strongest first.

    A kind that speaks for it in one place is not held against it in another: people change companies and spell names anew. What
    warns stays, and so does that somebody is in the same place already.
    """
    mine = traits(profile)
    named, *before = (Profile(key=Key("desk", person.uid), display_name=person.name, company=company) for company in (person.company, *person.formerly))
    best: dict[str, Reason] = {}
    for theirs in (*person.profiles, named, *before):
        if theirs is named and _is_said(mine, person, best.values()):
            continue
        for reason in evidence(mine, traits(theirs), rarity, kinds):
            slot = f"{reason.kind} warns" if reason.warns else reason.kind
            known = best.get(slot)
            if known is None or _tells_more(reason, known):
                best[slot] = reason
    if any(reason.weight >= CERTAIN for reason in best.values()):  # what a place vouches for makes up for the rest
        best.pop("place", None)
        best.pop("handle warns", None)
    chosen = tuple(sorted(best.values(), key=lambda r: -r.weight))
    return Candidate(person_id=person.person_id, reasons=chosen, weight=sum(reason.weight for reason in chosen))


def _is_said(mine: Traits, person: Somebody, reasons: Iterable[Reason]) -> bool:
    """Whether a profile of theirs has said all that name and company of the person could say; mostly so, and half of the work."""
    if len(mine.name.words) < 2 or any(reason.weight >= CERTAIN for reason in reasons):
        return False
    return any(p.display_name == person.name and p.company == person.company and len(parsed(person.name).words) > 1 for p in person.profiles)


def _tells_more(one: Reason, other: Reason) -> bool:
    """Of two reasons of a kind the stronger one that speaks for it, else the stronger one against it."""
    if one.weight > 0 or other.weight > 0:
        return one.weight > other.weight
    return one.weight < other.weight


def of_shared_mailbox(candidate: Candidate, others: Sequence[str]) -> Candidate:
    """The same where others of these names, who cannot be this person, have the mail address as well: no place vouches for it then."""
    reasons = [because("mail.household", reason.sentence) if reason.row == "mail.vouched" else reason for reason in candidate.reasons]
    if reasons == [*candidate.reasons]:
        return candidate
    whose = listed([one_line(name, 60) for name in others[:NAMED]] + ([say("{n} more", n=len(others) - NAMED)] if len(others) > NAMED else []))
    reasons.append(because("mail.shared", counted(
        len(others), "{whose} has this mail address as well: perhaps it is shared", "{whose} have this mail address as well: perhaps it is shared", whose=whose
    )))
    reasons.sort(key=lambda reason: -reason.weight)
    return replace(candidate, reasons=tuple(reasons), weight=sum(reason.weight for reason in reasons))


def is_refused(person: Somebody, refused: frozenset[str]) -> bool:
    """Whether the user has kept the profile apart from this person, as `candidates` takes it."""
    if f"person:{person.uid}" in refused:
        return True
    return any(f"profile:{p.key.place}/{p.key.native_id}" in refused for p in person.profiles)
