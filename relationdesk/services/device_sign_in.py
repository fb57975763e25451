"""Sign in by a code that the place's own page asks for: ask for the code, look whether it was allowed, connect with the key that comes of it.

The secret of one sign-in lives in memory only. Whoever shows windows opens the page, and only when the user says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Login, Progress
from relationdesk.saying import say
from relationdesk.services import logins
from relationdesk.services.sync import source_for
from relationdesk.sources.base import ByDevice, DeviceCode, DeviceWait
from relationdesk.sources.door import Door
from relationdesk.store.database import Desk

Clock = Callable[[], datetime]


def _own_door(private: frozenset[str], stop: Callable[[], bool]) -> Door:
    return Door(allowed_hosts=private, stop=stop)


class DeviceSignIn:
    """One that is under way. code: what is shown, and where it is typed. every_s: seconds until the next look. worth: the key, once it
    came; a code is good once, and a key store that is silent is no reason to sign in again."""

    def __init__(self, source: str, address: str, key: str, allow_private: bool, code: DeviceCode, monotonic: Callable[[], float]) -> None:
        self.asked = (source, address, key)
        self.code, self.every_s, self.worth = code, code.every_s, ""
        self.allow_private = allow_private
        self._monotonic, self._end = monotonic, monotonic() + code.ends_s

    def is_of(self, source: str, address: str, key: str) -> bool:
        """Whether it was made of what is typed now."""
        return self.asked == (source, address, key)

    def check_time(self) -> None:
        """Raises UserMistake if the code holds no longer."""
        if self._monotonic() > self._end:
            raise UserMistake(say("The code was not typed in time, so it holds no longer. Nothing was added; try again for a new one."))


def signs_in_so(source_name: str, address: str, key: str) -> bool:
    """Whether what is typed as the key is an app by which one signs in with a code."""
    source = source_for(source_name)
    return isinstance(source, ByDevice) and source.is_client(key)


def begin(
    db: Desk, source_name: str, address: str, key: str, *, writes: bool = False, allow_private: bool = False, report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False, door: logins.MakeDoor = _own_door, monotonic: Callable[[], float] = time.monotonic,
) -> DeviceSignIn:  # fmt: skip
    """Ask the place for a code. writes: a key by which something can be said, too. Raises what `ByDevice.device_code` raises."""
    source = source_for(source_name)
    assert isinstance(source, ByDevice)
    with logins.nothing_kept():
        code = source.device_code(address, key, door(_hosts(source_name, address, allow_private), stop), writes=writes)
    return DeviceSignIn(source_name, address, key, allow_private, code, monotonic)


def look(
    db: Desk, under_way: DeviceSignIn, *, report: Callable[[Progress], None] = lambda _: None, stop: Callable[[], bool] = lambda: False,
    door: logins.MakeDoor = _own_door,
) -> bool:  # fmt: skip
    """Whether it was allowed by now; then `worth` is the key. Raises UserMistake if it was refused there or took too long."""
    under_way.check_time()
    name, address, key = under_way.asked
    source = source_for(name)
    assert isinstance(source, ByDevice)
    with logins.nothing_kept():
        found = source.device_look(address, key, under_way.code, under_way.every_s, door(_hosts(name, address, under_way.allow_private), stop))
    if isinstance(found, DeviceWait):
        under_way.every_s = found.every_s
        return False
    under_way.worth = found
    return True


def finish(
    db: Desk, under_way: DeviceSignIn, clock: Clock, *, until_quit: bool = False, report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False, door: logins.MakeDoor = _own_door,
) -> tuple[Login, Changes]:  # fmt: skip
    """Connect with the key. Raises as `logins.connect` does."""
    name, address, _ = under_way.asked
    return logins.connect(
        db, name, address, under_way.worth, clock, allow_private=under_way.allow_private, until_quit=until_quit, report=report, stop=stop, door=door
    )


def _hosts(source: str, address: str, allow_private: bool) -> frozenset[str]:
    return logins.private_hosts(Login(id=0, source=source, place="", address=address, allow_private=allow_private))
