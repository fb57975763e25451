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
from relationdesk.sources.base import ByBrowser, Registering
from relationdesk.sources.door import Door
from relationdesk.sources.door_callback import Callback
from relationdesk.store.database import Desk


class _Asked(NamedTuple):
    source: str
    address: str
    key: str
    verifier: str
    allow_private: bool
    client: str  # by which the place knows this sign-in: the key itself, or what it gave this program


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


def registers(source_name: str) -> bool:
    """Whether one signs in there in the browser with nothing but an address."""
    return isinstance(source_for(source_name), Registering)


def begin(source_name: str, address: str, key: str, *, allow_private: bool = False) -> SignIn | None:
    """Listen for the browser; None where the place is not signed in to so, or `key` lets in by itself. Asks nobody.

    Raises UserMistake for what is no address there, SourceUnavailable if another program has the port.
    """
    source = source_for(source_name)
    if not isinstance(source, ByBrowser):
        return None
    door = Door(allowed_hosts=_hosts(source_name, address, allow_private))
    state, verifier, challenge = _secrets()
    if not source.page(address, key, "http://127.0.0.1/", state, challenge, door):
        return None
    callback = _listen(source, state)
    url = source.page(address, key, callback.address, state, challenge, door)
    return SignIn(url, callback, _Asked(source_name, address, key, verifier, allow_private, client=key))


def begin_registered(
    db: Desk, source_name: str, address: str, *, writes: bool = False, allow_private: bool = False, report: Callable[[Progress], None] = lambda progress: None,
    stop: Callable[[], bool] = lambda: False, door: logins.MakeDoor | None = None,
) -> SignIn:  # fmt: skip
    """Tell the server at `address` who we are, and listen for the browser. writes: a login by which something can be said, too.

    Raises what `Registering.register` raises.
    """
    source = source_for(source_name)
    assert isinstance(source, ByBrowser) and isinstance(source, Registering)
    opened = _opened(source_name, address, allow_private, stop, door)
    state, verifier, challenge = _secrets()
    callback = _listen(source, state)
    try:
        with logins.nothing_kept():
            client = source.register(address, callback.address, opened, writes=writes)
    except BaseException:
        callback.close()
        raise
    url = source.page(address, client, callback.address, state, challenge, opened)
    return SignIn(url, callback, _Asked(source_name, address, "", verifier, allow_private, client=client))


def _secrets() -> tuple[str, str, str]:
    """State, verifier and challenge of one sign-in."""
    verifier = secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return secrets.token_urlsafe(32), verifier, challenge


def _listen(source: ByBrowser, state: str) -> Callback:
    way = source.way_back
    return Callback(state, port=way.port, path=way.path, host=way.host)


def _hosts(source_name: str, address: str, allow_private: bool) -> frozenset[str]:
    return logins.private_hosts(Login(id=0, source=source_name, place="", address=address, allow_private=allow_private))


def _opened(source_name: str, address: str, allow_private: bool, stop: Callable[[], bool], door: logins.MakeDoor | None) -> Door:
    hosts = _hosts(source_name, address, allow_private)
    return door(hosts, stop) if door is not None else Door(allowed_hosts=hosts, stop=stop)


def finish(
    db: Desk, under_way: SignIn, code: str, clock: Callable[[], datetime], *, until_quit: bool = False, limit: int | None = None,
    report: Callable[[Progress], None] = lambda progress: None, stop: Callable[[], bool] = lambda: False, door: logins.MakeDoor | None = None,
) -> tuple[Login, Changes]:  # fmt: skip
    """Redeem what the browser brought back, and connect with what it is worth. Raises as `logins.connect` does."""
    asked = under_way.asked
    source = source_for(asked.source)
    assert isinstance(source, ByBrowser)
    opened = _opened(asked.source, asked.address, asked.allow_private, stop, door)
    if under_way.worth is None:
        with logins.nothing_kept():
            under_way.worth = source.redeem(asked.address, asked.client, under_way.callback.address, code, asked.verifier, opened)
    address, token = under_way.worth
    more: dict[str, Any] = {} if door is None else {"door": door}
    return logins.connect(
        db, asked.source, address, token, clock, allow_private=asked.allow_private, until_quit=until_quit, limit=limit, report=report, stop=stop,
        **more,
    )
