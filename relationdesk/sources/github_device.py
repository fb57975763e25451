"""Signing in to GitHub without a key: GitHub gives a code, which its own page asks for, and says in answers to our questions how far that is
(RFC 8628). Needs no secret, only the Client ID of an app that the user made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from relationdesk.errors import RateLimited, UnexpectedAnswer, UserMistake
from relationdesk.saying import say
from relationdesk.sources.base import DeviceCode, DeviceWait
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.json_fields import string

if TYPE_CHECKING:
    from relationdesk.sources.door import Door
    from relationdesk.sources.json_fields import Json

CLIENT = re.compile(r"(?:Ov|Iv)[A-Za-z0-9.]{14,30}|[0-9a-f]{20}")
"""A Client ID of an app, of today and of before; keys are longer, or begin with "gh"."""
READS, WRITES = "notifications", "notifications public_repo"
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_CODE = re.compile(r"[A-Z0-9-]{4,20}")
_SLOWER = 5
_LONGEST, _SLOWEST = 1_800, 120


def begun(web: str, client: str, door: Door, *, writes: bool = False) -> DeviceCode:
    """A code for the page at `web`. Raises UserMistake for no app that may sign in so, UnexpectedAnswer for what is no GitHub, and the errors
    of the door."""
    data = _asked(f"{web}/login/device/code", {"client_id": client, "scope": WRITES if writes else READS}, door)
    _refuse(data)
    device, shown, page = string(data, "device_code", 200), string(data, "user_code", 40), string(data, "verification_uri", 300)
    if not device or not _CODE.fullmatch(shown) or origin(page) != origin(web):
        raise UnexpectedAnswer(say("GitHub answered a sign-in with something else. Nothing was added; try again, or paste a key."))
    return DeviceCode(device=device, shown=shown, page=page, every_s=_number(data, "interval", 5, _SLOWEST), ends_s=_number(data, "expires_in", 900, _LONGEST))


def looked(web: str, client: str, code: DeviceCode, every_s: int, door: Door) -> str | DeviceWait:
    """The key, or how long to wait before the next look. Raises UserMistake where it was refused there or took too long."""
    try:
        data = _asked(f"{web}/login/oauth/access_token", {"client_id": client, "device_code": code.device, "grant_type": _GRANT}, door)
    except RateLimited:
        return DeviceWait(every_s=min(every_s + _SLOWER, _SLOWEST))
    error = string(data, "error", 100)
    if error == "authorization_pending":
        return DeviceWait(every_s=every_s)
    if error == "slow_down":
        return DeviceWait(every_s=max(_number(data, "interval", every_s + _SLOWER, _SLOWEST), min(every_s + _SLOWER, _SLOWEST)))
    _refuse(data)
    token = string(data, "access_token", 300)
    if not token:
        raise UnexpectedAnswer(say("GitHub answered a sign-in with something else. Nothing was added; try again, or paste a key."))
    if string(data, "expires_in", 12):
        raise UserMistake(
            say("This app’s keys end after some hours, so nothing was added. Switch their expiration off in the app’s settings on GitHub, or make an OAuth app; then connect again.")
        )
    return token


def _asked(url: str, words: dict[str, str], door: Door) -> Json:
    answer = door.ask("POST", url, urlencode(words).encode(), content_type="application/x-www-form-urlencoded", accept="application/json", also=frozenset({400, 401, 403, 404}))
    data = answer.json() if answer.status < 400 or answer.body.lstrip().startswith(b"{") else {"error": "not_found"}
    if not isinstance(data, dict):
        raise UnexpectedAnswer(say("GitHub answered a sign-in with something else. Nothing was added; try again, or paste a key."))
    return data


def _refuse(data: Json) -> None:
    """Raises what an error means; none is fine."""
    error = string(data, "error", 100)
    if error == "access_denied":
        raise UserMistake(say("The sign-in was refused on GitHub’s page. Nothing was added; try again."))
    if error == "expired_token":
        raise UserMistake(say("The code was not typed in time, so it holds no longer. Nothing was added; try again for a new one."))
    if error == "device_flow_disabled":
        raise UserMistake(say("This app may not sign in by a code. Nothing was added; tick “Enable Device Flow” in its settings on GitHub, then try again."))
    if error or string(data, "message", 300):
        raise UserMistake(say("GitHub knows no app with this Client ID that signs in by a code. Nothing was added; check it in the app’s settings on GitHub."))


def _number(data: Json, name: str, usual: int, most: int) -> int:
    text = string(data, name, 6)
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() else usual
