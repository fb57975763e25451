"""Whom words name, in places that tell only who is named in them: names as they are written there, and what an answer begins with. Pure.

Whether a text names somebody is decided by `outgoing.is_named`, for the window and for what sends alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def written(handle: str, server: str) -> str:
    """ "@joe@harbor.example", or "@joe" for somebody on the same server (its host). "" for what is no name."""
    name, _, host = handle.lstrip("@").partition("@")
    if not re.fullmatch(r"[\w.-]+", name, re.ASCII) or not re.fullmatch(r"[\w.:-]*", host):
        return ""
    return f"@{name}" if not host or host.casefold() == server.casefold() else f"@{name}@{host}"


def by_address(address: str) -> str:
    """ "joe@harbor.example" from the address that a server gives somebody; "" from others."""
    found = re.fullmatch(r"https?://([^/\s]+)/(?:users/|@|u/|profile/)([\w.-]+)/?", address, re.ASCII)
    return f"{found[2]}@{found[1]}" if found else ""


def opening(names: Iterable[str]) -> str:
    """What an answer begins with: "@joe@harbor.example @mary ", "" for nobody."""
    return "".join(f"{name} " for name in dict.fromkeys(names) if name)


def beyond(text: str, names: Iterable[str]) -> str:
    """What a text says beside the names it begins with."""
    rest = text.strip()
    wanted = sorted((name for name in names if name), key=len, reverse=True)
    while name := next((name for name in wanted if rest.casefold().startswith(name.casefold()) and not rest[len(name) :][:1].strip()), ""):
        rest = rest[len(name) :].lstrip()
    return rest


def reopen(text: str, before: str | None, after: str) -> tuple[str, str | None]:
    """(a text with another opening in place of the one it was begun with, what it is begun with now). before: None for a text out of which the user took the names, or
    whose names were never put in: it stays as it is, and so does one of whose opening there is nothing left now."""
    if before is None or not text.startswith(before.rstrip()):
        return text, None
    return after + text[len(before) :].lstrip(" "), after


def begun_with(text: str, opening: str) -> str | None:
    """For a text that was kept: the opening if it still has it, else as `reopen` takes it."""
    return opening if text.startswith(opening.rstrip()) else None
