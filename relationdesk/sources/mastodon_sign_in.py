"""Signing in to a server with Mastodon's client API on its own page (OAuth with PKCE). Each server lets in whatever program says who it is:
this one does so anew for each sign-in, so that its way back may lie on any port, and keeps nothing of it but the key that comes of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from relationdesk.errors import LoginRejected, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.mastodon_rights import rights_in

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

READS = "read:accounts read:statuses read:notifications read:search read:follows read:lists"
WRITES = f"{READS} write:statuses write:favourites"
_APP = re.compile(r"app:([^:\s]+):([^:\s]+):(r|w)")


class _App(NamedTuple):
    """What a server calls this program. The secret is one in name only: whoever asks gets one."""

    client: str
    secret: str
    scopes: str

    @classmethod
    def read(cls, text: str) -> _App | None:
        found = _APP.fullmatch(text)
        return None if found is None else cls(unquote(found[1]), unquote(found[2]), WRITES if found[3] == "w" else READS)


def registered(base: str, back: str, door: Door, *, writes: bool) -> str:
    """Say who we are; what the server calls us from then on, as the key of `page_of` and `redeemed`. Raises UnexpectedAnswer for another kind of
    server, and the errors of the door."""
    words = {"client_name": "RelationDesk", "redirect_uris": back, "scopes": WRITES if writes else READS}
    data = _posted(base, "/api/v1/apps", words, door)
    client, secret = string(data, "client_id", 500), string(data, "client_secret", 500)
    if not client or not secret:
        raise _no_mastodon(base)
    return f"app:{quote(client, safe='')}:{quote(secret, safe='')}:{'w' if writes else 'r'}"


def page_of(base: str, key: str, back: str, state: str, challenge: str) -> str:
    """The page to open; "" for a key that lets in by itself. Asks nobody."""
    app = _App.read(key)
    if app is None:
        return ""
    query = {
        "response_type": "code", "client_id": app.client, "redirect_uri": back, "scope": app.scopes, "state": state, "code_challenge": challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{base}/oauth/authorize?{urlencode(query)}"


def redeemed(base: str, key: str, back: str, code: str, verifier: str, door: Door) -> tuple[str, frozenset[str]]:
    """The key for what the browser brought back, and what it may; it holds until it is taken back there. Raises LoginRejected for a code that is not taken,
    UnexpectedAnswer for what is no key, and the errors of the door."""
    app = _App.read(key)
    assert app is not None
    words = {
        "grant_type": "authorization_code", "client_id": app.client, "client_secret": app.secret, "redirect_uri": back, "code": code, "code_verifier": verifier,
        "scope": app.scopes,
    }  # fmt: skip
    data = _posted(base, "/oauth/token", words, door)
    token = string(data, "access_token", 2_000)
    if not token:
        raise _no_mastodon(base)
    return token, rights_in(string(data, "scope", 2_000)) or rights_in(app.scopes)  # a server that does not say gave what was asked for


def _posted(base: str, path: str, words: dict[str, str], door: Door) -> Json:
    refused = frozenset({400, 401, 403, 404, 405, 410, 422})
    answer = door.ask("POST", base + path, urlencode(words).encode(), content_type="application/x-www-form-urlencoded", accept="application/json", also=refused)
    if answer.status in (404, 405, 410):
        raise _no_mastodon(base)
    if answer.status in refused:
        raise LoginRejected(say("{netloc} did not take the sign-in. Nothing was added; try again, or paste a key that you made there.", netloc=urlsplit(base).netloc))
    data = answer.json()
    if not isinstance(data, dict):
        raise _no_mastodon(base)
    return data


def _no_mastodon(base: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(say("{netloc} does not answer as a Mastodon server. Nothing was added; check the address.", netloc=urlsplit(base).netloc))
