"""What a door needs for one login beside the hosts it may ask: a purse where reading costs money, and a place for keys that are renewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from relationdesk.model import Login
from relationdesk.services import key_store, spending
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import LiveSource, Renewing
from relationdesk.sources.door import Door
from relationdesk.store import settings
from relationdesk.store.database import Desk
from relationdesk.store.timekey import maybe_moment, seconds


def equip(opened: Door, db: Desk, source: LiveSource, login: Login, clock: Callable[[], datetime]) -> None:
    """Give a door what this login needs."""
    spending.attach(opened, db, source, login.secret_name, clock)
    if isinstance(source, Renewing) and login.has_token:
        opened.keep_key = partial(_renew, db, source, login)


def _renew(db: Desk, source: LiveSource, login: Login, token: str) -> None:
    key_store.renew(login.secret_name, token)
    note_end(db, source, login, token)


def note_end(db: Desk, source: LiveSource, login: Login, token: str) -> None:
    """When the key ends, so that it can be told without asking the key store."""
    until = source.good_until(token) if isinstance(source, Renewing) and token else None
    if until is not None:
        settings.set_value(db, f"key_until:{login.secret_name}", str(seconds(until)))


def key_until(db: Desk, login: Login) -> datetime | None:
    """When its key ends unless it is renewed before; None where that is not known, or it does not."""
    text = settings.value(db, f"key_until:{login.secret_name}")
    return maybe_moment(int(text)) if text and text.isdigit() else None


def renews(login: Login) -> bool:
    """Whether its key is renewed by itself, so that its end concerns nobody."""
    return any(source.name == login.source and isinstance(source, Renewing) and source.renews for source in LIVE_SOURCES)
