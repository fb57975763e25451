"""A person whom the program made of a profile goes when that profile turns out to be somebody else's and nothing is left.

They go as part of the decision, with every column in the ledger, so that taking it back brings the same person back.
Whoever carries anything of the user's own stays, and the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.model import Person
from relationdesk.saying import say
from relationdesk.store import people, spans
from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision
from relationdesk.store.profiles import Stored
from relationdesk.store.spans import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """Who is left without a profile by a decision. person None: nobody is. goes: the program made them, and nothing of
    the user's rests on them."""

    person: Person | None = None
    goes: bool = False

    def sentence(self, decision: str) -> str:
        """What was decided, and what becomes of the one who is left."""
        if self.person is None:
            return decision
        if self.goes:
            return say("{decision}. {name}, made of that profile alone, went with it", decision=decision, name=self.person.name)
        return say("{decision}. {name} stays, with what you wrote or decided about them", decision=decision, name=self.person.name)

    def go(self, d: Decision) -> None:
        """After the profile has left them."""
        if self.person is not None and self.goes:
            d.delete("people", {"id": self.person.id})


def emptied_by(db: Desk, profile: Stored, to: int | None = None) -> Emptied:
    """Whom it leaves empty if this profile becomes another person's (`to`) or nobody's. Inside no transaction of its own."""
    if profile.person_id in (None, to):
        return Emptied()
    person = people.get(db, profile.person_id)
    if person is None or spans.of_person(db, person.id) != (Held(profile.id),):
        return Emptied()
    goes = not person.is_me and people.made_by_program(db, person.id, profile.linked_by) and not people.is_worked_on(db, person.id)
    return Emptied(person=person, goes=goes)
