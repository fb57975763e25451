"""What is out, as facts: what a reading brings later, and besides to whom it was said, which many places do not tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from relationdesk.model import Activity, Fact, Key, Kind, Participant, Precision, Profile, Role, Tombstone, pairs
from relationdesk.outgoing import Outgoing, Receipt


def receipt(found: Iterable[Fact], me: Profile, what: Outgoing, key: Key) -> Receipt | None:
    """For the activity of this key, mine, and towards whoever is answered. None if it is not among what was found."""
    facts = [fact for fact in found if not (isinstance(fact, Profile) and fact.key == me.key)]
    said = next((fact for fact in facts if isinstance(fact, Activity) and fact.key == key), None)
    if said is None:
        return None
    theirs = what.towards.actor if what.towards is not None else None
    if theirs is not None and theirs != me.key and all(one.profile != theirs for one in said.participants):
        facts = [Profile(key=theirs), *facts]
        facts[facts.index(said)] = said = replace(said, participants=(*said.participants, Participant(profile=theirs, role=Role.REPLY_TO)))
    return Receipt(key=key, url=said.url, facts=(me, *facts))


def like(me: Profile, what: Outgoing, key: Key, at: datetime, name: str) -> Receipt:
    """That I like what is named in `what.towards`. at: aware UTC. name: what the place calls it."""
    assert what.towards is not None
    theirs = what.towards.actor
    liked = Activity(
        key=key, actor=me.key, kind=Kind.REACTION, published=at.replace(microsecond=0), precision=Precision.SECOND, title=what.towards.title,
        url=what.towards.url, thread=what.towards.thread, in_reply_to=what.towards.key.native_id, audience=what.towards.audience,
        participants=(Participant(profile=theirs, role=Role.SUBJECT),) if theirs != me.key else (), extra=pairs(reaction=name),
    )  # fmt: skip
    return Receipt(key=key, url=what.towards.url, facts=(me, Profile(key=theirs), liked) if theirs != me.key else (me, liked))


def taken_back(what: Outgoing) -> Receipt:
    """That it is no longer there. Given again, the place tells it again under the same key."""
    assert what.undoes is not None
    return Receipt(key=what.undoes, facts=(Tombstone(key=what.undoes, returns=True),))


def same(one: object, other: str) -> bool:
    """Whether a place gives back what it was given; the ends of lines and blanks around it are the place's affair."""
    return isinstance(one, str) and _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
