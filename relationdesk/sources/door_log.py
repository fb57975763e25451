"""Which computers this program asked since it was started, how often, and how much they sent: shown on the Places page, kept nowhere.

Every door writes here, whoever opened it, so that nothing that goes out is missing. Names of hosts only, never an address.
"""

from __future__ import annotations

import threading
from datetime import datetime

from relationdesk.derived import Asked

_lock = threading.Lock()
_asked: dict[str, Asked] = {}


def note(host: str, at: datetime) -> None:
    """Somebody is about to be asked."""
    with _lock:
        before = _asked.get(host, Asked(0, 0, at))
        _asked[host] = Asked(before.times + 1, before.size, at)


def came(host: str, size: int) -> None:
    """So many bytes came back."""
    with _lock:
        before = _asked.get(host)
        if before is not None:
            _asked[host] = before._replace(size=before.size + size)


def asked() -> dict[str, Asked]:
    """By host ("hotel.example", with an odd port)."""
    with _lock:
        return dict(_asked)


def forget() -> None:
    """As if the program had just been started; for tests."""
    with _lock:
        _asked.clear()
