"""What a key of a Mastodon server may send, as the server said when it was given: "write:statuses", or "write" for all of that kind. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from relationdesk.model import Login
from relationdesk.outgoing import Deed
from relationdesk.saying import say

STATUSES, FAVOURITES = "write:statuses", "write:favourites"


def rights_in(scope: str) -> frozenset[str]:
    return frozenset(scope.replace(",", " ").split())


def allows(login: Login, deed: Deed) -> bool:
    """True also where the server does not tell, as of a key that was pasted: then it says so when something is sent."""
    if not login.has_token or login.rights is None:
        return login.has_token
    return bool(login.rights & {"write", FAVOURITES if deed is Deed.LIKE else STATUSES})


def lacks(login: Login) -> str:
    """Why not everything can be sent by this login, and how to change that; "" where nothing is known to lack."""
    words, like = allows(login, Deed.REPLY), allows(login, Deed.LIKE)
    if not login.has_token or (words and like):
        return ""
    lacking = say("like") if words else say("answer and boost") if like else say("answer, boost and like")
    return say(
        "Your sign-in at {host} may not {lacking}: sign in again on the Places page with “The key may also write”, and you can do it from here.",
        host=urlsplit(login.address).netloc, lacking=lacking,
    )  # fmt: skip
