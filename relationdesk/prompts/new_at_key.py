"""Somebody new at a key company: the first to greet them is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from relationdesk.derived import Evidence, Prompt
from relationdesk.prompts.base import Asks, History, ago, days_between, made
from relationdesk.saying import marked, say
from relationdesk.text import day


@dataclass(frozen=True)
class NewAtKey:
    """They came into the desk within `days`, at a key company of which others were there before; and nothing went from me to them."""

    name = "new_at_key"
    says = marked("Somebody new at a key company where you knew others before.")
    asks = Asks.CONTACT
    needs = "standing"
    minutes = 10
    days: int = 21

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        standing = history.standing
        if standing is None or not standing.key or standing.joined is None or not 0 <= days_between(now, standing.joined) <= self.days:
            return
        others = standing.known - 1
        who = say("somebody") if others == 1 else say("{others} others", others=others)
        yield made(
            self, history, standing.uid, say("new at {company}", company=standing.company),
            say("{person} is in this desk since {when}; at {company}, a key company, you knew {who} before.", person=history.person.name, when=ago(now, standing.joined), company=standing.company, who=who),
            [Evidence(sentence=say("Came into this desk on {joined}.", joined=day(standing.joined)), published=standing.joined)],
            35.0 - days_between(now, standing.joined) / 2, say("You have written to them.") if history.person.last_out is not None else "",
        )  # fmt: skip
