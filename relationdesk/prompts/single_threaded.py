"""A key company hangs on one person: get to know a second one through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, days_between, made
from relationdesk.saying import marked, say
from relationdesk.text import day


@dataclass(frozen=True)
class SingleThreaded:
    """Of a key company only this person was in touch with me, both ways, in the last `days`."""

    name = "single_threaded"
    says = marked("At a key company they are the only one in touch with you.")
    asks = Asks.CONTACT
    needs = "standing"
    minutes = 20
    days: int = 90

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        standing, last = history.standing, history.contact
        if standing is None or not standing.key or standing.in_touch != 1 or last is None or not 0 <= days_between(now, last) <= self.days:
            return
        person = history.person
        if person.last_in is None or person.last_out is None or days_between(now, min(person.last_in, person.last_out)) > self.days:
            return
        others = standing.known - 1
        told = {"company": standing.company, "person": person.name}
        yield made(
            self, history, standing.uid, say("your only thread to {company}", company=standing.company),
            say("At {company}, a key company, you are in touch with {person} alone; nobody else there is in this desk.", **told) if others == 0
            else say("At {company}, a key company, you are in touch with {person} alone; of the {known} you know there, the others are silent.", known=standing.known, **told),
            [Evidence(sentence=say("Last contact with {person} on {last}.", person=person.name, last=day(last)), published=last)], 15.0,
        )  # fmt: skip
