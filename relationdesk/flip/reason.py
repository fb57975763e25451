"""One piece of evidence: a sentence the user can judge, and what it counts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.flip.weights import row
from relationdesk.saying import say
from relationdesk.text import full_stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence for (weight > 0) or against (weight < 0) two profiles being one person.

    weight: bits (see weight_table); CERTAIN and above links without asking. row: the row of the table. warns: one may be made to
    be taken for the other; then nothing links by itself, and the user is asked in any case. bars: a guard: however much speaks
    for it, nobody is proposed, and only what a place vouches for links.
    """

    sentence: str
    weight: float
    warns: bool = False
    row: str = ""
    bars: bool = False

    @property
    def kind(self) -> str:
        """The kind of evidence: "name", "mail" …; "" for what comes from no table."""
        return self.row.partition(".")[0]

    @property
    def words(self) -> str:
        """What it is, in words that fit into a sentence: "the same mail address"."""
        return say(row(self.row).words) if self.row else ""

    @property
    def origin(self) -> str:
        """Where what it counts comes from: "learned", "rule", "vouched"; "" for what comes from no table."""
        return row(self.row).origin if self.row else ""


def because(name: str, sentence: str, *, warns: bool = False, bars: bool = False) -> Reason:
    """A reason that counts what the row of that name says."""
    return Reason(sentence=full_stop(sentence), weight=row(name).bits, warns=warns, row=name, bars=bars)
