"""How Salesforce is asked: a sign-in that is renewed by itself, queries page by page, and what its refusals mean.

What lies in the key store is an address of its own kind, which Salesforce's command line writes as well: who asks (the number of a
connected app, and its secret if it has one), the right to be let in again, and where. From it a pass is fetched that holds some hours and is
never stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlencode

from relationdesk.errors import LoginRejected, RateLimited, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.saying import say
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.door_answers import host_of, raise_for
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.json_talk import JsonTalk
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

_AUTH_URL = re.compile(r"force://([^:@/\s]+):([^:@/\s]*):([^@/\s]+)@(\S+)")
_VERSION = "v60.0"
_USED_UP = 0.9
"""Share of the questions of a day from which we leave the rest to the firm's other programs."""
_PAUSE = timedelta(hours=1)
_CODED = frozenset({400, 401, 403, 404, 429, 500, 503})


class Pass(NamedTuple):
    """token: lets in for some hours. instance: where. user: the id of whom we are. version: of the API, in paths."""

    token: str
    instance: str
    user: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """The right to be let in again and again. instance: https://carter.my.salesforce.com."""

    client: str
    secret: str = field(default="", repr=False)
    refresh: str = field(repr=False)
    instance: str

    @classmethod
    def read(cls, text: str) -> Right | None:
        """From "force://client:secret:refresh@instance"; None for anything else."""
        found = _AUTH_URL.fullmatch(text.strip())
        if found is None:
            return None
        client, secret, refresh, where = found.groups()
        instance = where if "://" in where else f"https://{where}"
        return cls(client=unquote(client), secret=unquote(secret), refresh=unquote(refresh), instance=instance.rstrip("/")) if origin(instance)[1] else None

    def text(self) -> str:
        client, secret, refresh = (quote(part, safe="") for part in (self.client, self.secret, self.refresh))
        return f"force://{client}:{secret}:{refresh}@{self.instance.removeprefix('https://')}"


class Refused(SourceUnavailable):
    """An error that Salesforce has a name for. code: that name."""

    usual = Trouble.HIDDEN

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def redeemed(server: str, client: str, back: str, code: str, verifier: str, door: Door) -> Right:
    """The right for what the browser brought back after a sign-in (OAuth's code, with PKCE).

    Raises UserMistake where the app gives no right that lasts, LoginRejected for a code that is not taken, and the errors of the door.
    """
    words = {"grant_type": "authorization_code", "client_id": client, "redirect_uri": back, "code": code, "code_verifier": verifier}
    answer = _asked(server, words, door)
    if answer.status in (400, 401, 403):
        raise LoginRejected(say("{host} did not take the sign-in. Nothing was added; try again, or ask whether the app may be used without a secret (PKCE).", host=host_of(server)))
    data = answer.json()
    refresh, instance = string(data, "refresh_token", 2_000), string(data, "instance_url", 300).rstrip("/")
    if not instance or not _is_theirs(instance, server):
        raise UnexpectedAnswer(say("{host} does not answer as Salesforce. Nothing was added; check the address.", host=host_of(server)))
    if not refresh:
        raise UserMistake(
            say("This app lets us in for some hours only, so nothing was added. Your administrator can allow it to “perform requests at any time (refresh_token)”; then connect again.")
        )
    return Right(client=client, refresh=refresh, instance=instance)


def _asked(server: str, words: dict[str, str], door: Door) -> Answer:
    return door.ask(
        "POST", f"{server}/services/oauth2/token", urlencode(words).encode(), content_type="application/x-www-form-urlencoded", accept="application/json",
        also=frozenset({400, 401, 403}),
    )  # fmt: skip


def let_in(right: Right, door: Door, keep: Callable[[Right], None]) -> Pass:
    """A fresh pass. keep: given the right as it is now, before anything else is asked, where an org gives a new one each time.

    Raises LoginRejected where the right was taken back, UnexpectedAnswer for what is no Salesforce, and the errors of the door.
    """
    words = {"grant_type": "refresh_token", "client_id": right.client, "refresh_token": right.refresh} | ({"client_secret": right.secret} if right.secret else {})
    answer = _asked(right.instance, words, door)
    host = host_of(right.instance)
    if answer.status in (400, 401, 403):
        raise LoginRejected(say("{host} no longer lets us in by this login. What was read before is kept; sign in again.", host=host))
    data = answer.json()
    token, instance, who = string(data, "access_token", 4_000), string(data, "instance_url", 300).rstrip("/"), string(data, "id", 500)
    user = who.rpartition("/")[2]
    if not token or not instance or not re.fullmatch(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", user):
        raise UnexpectedAnswer(say("{host} does not answer as Salesforce. Nothing of it was kept and nothing was deleted; it will be tried again.", host=host))
    if not _is_theirs(instance, right.instance):
        raise UnexpectedAnswer(say("{host} sends us to {other}, which is not Salesforce's, so it was not asked. What was read before is kept.", host=host, other=host_of(instance)), trouble=Trouble.ELSEWHERE)
    renewed = string(data, "refresh_token", 2_000)
    if renewed and renewed != right.refresh:
        keep(replace(right, refresh=renewed))
    return Pass(token, instance, user[:15], _newest(door, instance, token))


def _is_theirs(instance: str, asked: str) -> bool:
    scheme, host, _ = origin(instance)
    return origin(instance) == origin(asked) or (scheme == "https" and host.endswith((".salesforce.com", ".salesforce.mil", ".force.com")))


def _newest(door: Door, instance: str, token: str) -> str:
    """The newest version of the API there, which is asked for without a sign-in."""
    found = door.get(f"{instance}/services/data", accept="application/json", token=token).json()
    versions = [string(each, "version", 10) for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    numbers = [float(version) for version in versions if re.fullmatch(r"\d{2,3}\.\d", version)]
    return f"v{max(numbers):.1f}" if numbers else _VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """base: the instance. token: of the pass."""

    version: str = _VERSION

    def query(self, soql: str, *, deleted: bool = True, most: int | None = None) -> Iterator[list[Json]]:
        """The pages of a query, those that were deleted too. most: pages, whatever the server says of more; None: as many as are taken. Raises Refused, LoginRejected, RateLimited and the errors of the door."""
        path = f"/services/data/{self.version}/{'queryAll' if deleted else 'query'}?{urlencode({'q': soql})}"
        seen: set[str] = set()
        while path and path not in seen and len(seen) != most:
            seen.add(path)
            data = self.object(path)
            found = data.get("records")
            if not isinstance(found, list):
                raise self.odd()
            yield [each for each in found if isinstance(each, dict)]
            further = string(data, "nextRecordsUrl", 2_000)
            path = further if data.get("done") is False and further.startswith("/services/data/") else ""

    def fields_of(self, name: str) -> frozenset[str]:
        """What fields an object has, as far as they are shown to us."""
        found = self.object(f"/services/data/{self.version}/sobjects/{name}/describe").get("fields")
        return frozenset(string(each, "name", 100) for each in found if isinstance(each, dict)) if isinstance(found, list) else frozenset()

    def get(self, path: str, *, tag: str = "") -> Answer:
        answer = self.door.get(self.base + path, token=self.token, token_origin=self.base, accept="application/json", also=_CODED)
        now = self.clock()
        if answer.status in _CODED:
            code = self._code(answer)
            if code == "REQUEST_LIMIT_EXCEEDED":
                raise RateLimited(say("{host} was asked as often as this firm may in a day. Nothing is lost; reading goes on by itself.", host=self.host), until=now + _PAUSE)
            if answer.status in (400, 403, 404) and code:
                raise Refused(self._sentence(code), code)
            raise_for(answer, with_token=answer.status == 401, now=now)  # which always raises
        used = re.search(r"api-usage=(\d{1,12})/(\d{1,12})", answer.headers.get("sforce-limit-info", ""))
        if used and int(used[1]) >= _USED_UP * int(used[2]) > 0:
            raise RateLimited(
                say("This firm has asked {host} almost as often as it may in a day, and the rest is left to its other programs. Nothing is lost; reading goes on by itself.", host=self.host),
                until=now + _PAUSE,
            )
        return answer

    def _code(self, answer: Answer) -> str:
        try:
            data = answer.json()
        except UnexpectedAnswer:
            return ""
        return string(data[0], "errorCode", 100) if isinstance(data, list) and data else ""

    def _sentence(self, code: str) -> str:
        if code in ("API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"):
            return say("{host} lets no programs in: this edition of Salesforce has no API, or not for you. What was read before is kept; ask your administrator.", host=self.host)
        return say("{host} does not show this ({code}). What was read before is kept; it will be tried again.", host=self.host, code=code.replace("_", " ").lower())
