"""Sign in to a place on its own page, in the browser (OAuth for programs: RFC 8252, with PKCE): open, wait, redeem, connect.

The secrets of one sign-in are made here, live in memory and are used once; the page is opened by whoever shows windows. Only the
token that comes of it is kept, in the key store.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from relationdesk.model import Changes, Login, Progress
from relationdesk.services import logins
from relationdesk.services.sync import source_for
from relationdesk.sources.base import ByBrowser
from relationdesk.sources.door import Door
from relationdesk.sources.door_callback import Callback
from relationdesk.store.database import Desk


class _Asked(NamedTuple):
    source: str
    address: str
    key: str
    verifier: str
    allow_private: bool


class SignIn:
    """One that is under way. url: the page to open. Close it when it is over, however it ends.

    worth: address and token once they were redeemed; a code is good for one time, and a key store that is silent is no reason to
    sign in again.
    """

    def __init__(self, url: str, callback: Callback, asked: _Asked) -> None:
        self.url, self.callback, self.asked = url, callback, asked
        self.worth: tuple[str, str] | None = None

    def is_of(self, source_name: str, address: str, key: str) -> bool:
        """Whether it was made of what is typed now."""
        return self.asked[:3] == (source_name, address, key)

    def look(self) -> str:
        """What the browser brought back, "" while it has not; never waits. Raises UserMistake if it was refused, or took five minutes."""
        return self.callback.look()

    def wait(self, seconds: float) -> None:
        """Until something happens, at most so long."""
        self.callback.wait(seconds)

    def close(self) -> None:
        self.callback.close()


def begin(source_name: str, address: str, key: str, *, allow_private: bool = False) -> SignIn | None:
    """Listen for the browser; None where the place is not signed in to so, or `key` lets in by itself. Asks nobody.

    Raises UserMistake for what is no address there, SourceUnavailable if another program has the port.
    """
    source = source_for(source_name)
    if not isinstance(source, ByBrowser):
        return None
    door = Door(allowed_hosts=logins.private_hosts(Login(id=0, source=source_name, place="", address=address, allow_private=allow_private)))
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not source.page(address, key, "http://127.0.0.1/", state, challenge, door):
        return None
    way = source.way_back
    callback = Callback(state, port=way.port, path=way.path, host=way.host)
    url = source.page(address, key, callback.address, state, challenge, door)
    return SignIn(url, callback, _Asked(source_name, address, key, verifier, allow_private))


def finish(
    db: Desk, under_way: SignIn, code: str, clock: Callable[[], datetime], *, until_quit: bool = False, limit: int | None = None,
    report: Callable[[Progress], None] = lambda progress: None, stop: Callable[[], bool] = lambda: False, door: logins.MakeDoor | None = None,
) -> tuple[Login, Changes]:  # fmt: skip
    """Redeem what the browser brought back, and connect with what it is worth. Raises as `logins.connect` does."""
    asked = under_way.asked
    source = source_for(asked.source)
    assert isinstance(source, ByBrowser)
    hosts = logins.private_hosts(Login(id=0, source=asked.source, place="", address=asked.address, allow_private=asked.allow_private))
    opened = door(hosts, stop) if door is not None else Door(allowed_hosts=hosts, stop=stop)
    if under_way.worth is None:
        with logins.nothing_kept():
            under_way.worth = source.redeem(asked.address, asked.key, under_way.callback.address, code, asked.verifier, opened)
    address, token = under_way.worth
    more: dict[str, Any] = {} if door is None else {"door": door}
    return logins.connect(
        db, asked.source, address, token, clock, allow_private=asked.allow_private, until_quit=until_quit, limit=limit, report=report, stop=stop,
        **more,
    )
