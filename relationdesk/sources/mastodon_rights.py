"""What a key of a Mastodon server may send, as the server said when it was given: "write:statuses", or "write" for all of that kind. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from relationdesk.model import Login
from relationdesk.outgoing import Deed

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
    missing = [words for words, deed in (("answer and boost", Deed.REPLY), ("like", Deed.LIKE)) if not allows(login, deed)]
    if not login.has_token or not missing:
        return ""
    host = urlsplit(login.address).netloc
    return f"Your sign-in at {host} may not {' nor '.join(missing)}: sign in again on the Places page with “The key may also write”, and you can do it from here."
