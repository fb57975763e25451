"""How a place is asked that takes money for it: the most it may cost is set aside first, what it did cost is settled afterwards.

Whatever leaves it in doubt whether the place counted a question (it broke off, it took too long, the program was killed) leaves the
most standing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from relationdesk.errors import Cancelled, PrivateAddress, SourceError, UserMistake
from relationdesk.saying import say
from relationdesk.sources.door_sending import never_reached

if TYPE_CHECKING:
    from relationdesk.sources.base import Purse
    from relationdesk.sources.door import Answer, Door


def pay(door: Door, most: Mapping[str, int], ask: Callable[[], Answer], count: Callable[[Answer], Mapping[str, int]]) -> Answer:
    """What `ask` answers, whatever its status. most: what it may hold at most, by the names of prices. count: what an answer held.

    `ask` goes through `door` once and follows nothing. Raises SpentUp before anything is asked, UserMistake where there is no purse, and
    what `ask` and `count` raise; an answer that cannot be counted was dear.
    """
    purse = purse_of(door)
    ticket, asked = purse.reserve(most), door.asked
    try:
        answer = ask()
    except (SourceError, Cancelled) as e:
        if door.asked == asked or isinstance(e, PrivateAddress) or never_reached(e.__cause__):
            purse.settle(ticket, {})
        raise
    purse.settle(ticket, count(answer) if 200 <= answer.status < 300 else {})
    return answer


def purse_of(door: Door) -> Purse:
    """Raises UserMistake: without one nothing is asked."""
    if door.purse is None:
        raise UserMistake(say("Reading this place costs money, and nobody said how much it may cost. Nothing was asked; set a monthly limit first."))
    return door.purse
