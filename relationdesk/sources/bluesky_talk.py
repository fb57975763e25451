"""How a Bluesky server is asked: without a login as anybody may, or in a session that an app password opens.

A session lives in memory only and is renewed, never opened anew at every sync: the place allows 300 sign-ins a day.
Nothing here is stored, and the password goes to the one server that was named or found for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from relationdesk.errors import Gone, LoginRejected, SourceError, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, string
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

PUBLIC = "https://public.api.bsky.app"
"""Answers everybody, without a login, what is public."""

STALE = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
"""Names of refusals after which a new key may do."""
_MOST_SESSIONS = 50
Query = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a sign-in gave. Both keys are secrets. status: "" for a profile in order, else what the place calls it."""

    did: str
    handle: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    status: str = ""


class Sessions:
    """The sessions of this program, until it ends. Two threads may open one each; neither harms the other."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str], Session] = {}

    def get(self, base: str, who: str, password: str, door: Door) -> Session:
        return self._open.get(_slot(base, who, password)) or self.start(base, who, password, door)

    def start(self, base: str, who: str, password: str, door: Door) -> Session:
        """Sign in. Raises LoginRejected with what the place says against it."""
        answer = door.post_json(
            f"{base}/xrpc/com.atproto.server.createSession", {"identifier": who, "password": password}, also=frozenset({400, 401})
        )
        host = urlsplit(base).netloc
        if answer.status != 200:
            raise LoginRejected(_against(answer, host))
        return self._keep(base, who, password, _session(answer, host))

    def renew(self, base: str, who: str, password: str, door: Door) -> Session:
        """After a key was refused: by the renewal key, else by signing in again."""
        old = self._open.pop(_slot(base, who, password), None)
        if old is not None and old.refresh:
            url = f"{base}/xrpc/com.atproto.server.refreshSession"
            answer = door.post_json(url, {}, token=old.refresh, also=frozenset({400, 401, 403}))
            if answer.status == 200:
                return self._keep(base, who, password, _session(answer, urlsplit(base).netloc))
        return self.start(base, who, password, door)

    def _keep(self, base: str, who: str, password: str, session: Session) -> Session:
        while len(self._open) >= _MOST_SESSIONS:
            self._open.pop(next(iter(self._open)), None)
        self._open[_slot(base, who, password)] = session
        return session


def _slot(base: str, who: str, password: str) -> tuple[str, str, str]:
    """A changed password is another session. Its digest, so that it lies in memory once less."""
    return base, who, hashlib.sha256(password.encode("utf-8", "replace")).hexdigest()


def _session(answer: Answer, host: str) -> Session:
    data = answer.json()
    did, access = string(data, "did", 2_048), string(data, "accessJwt", 20_000)
    if not did or not access:
        raise UnexpectedAnswer(say("{host} does not answer as a Bluesky server. Nothing was changed; check the address.", host=host))
    status = string(data, "status", 50) or "inactive" if data.get("active") is False else ""
    return Session(
        did=did, handle=string(data, "handle", 253).lower(), access=access, refresh=string(data, "refreshJwt", 20_000), status=status
    )


def _against(answer: Answer, host: str) -> str:
    error = error_in(answer)[0]
    if error == "AuthFactorTokenRequired":
        return (
            say("{host} wants a code by mail, as it does for the main password. What was read before is kept; make an app password and sign in with that.", host=host)
        )
    if error in ("AccountTakedown", "AccountSuspended"):
        return say("{host} has closed this profile, so nobody can sign in to it. What was read before is kept; ask them.", host=host)
    return (
        say("{host} does not accept this handle and app password (any more). What was read before is kept; make a new app password and sign in again.", host=host)
    )


def error_in(answer: Answer) -> tuple[str, str]:
    """The name and the words of a refusal; ("", "") for what is none of theirs."""
    try:
        data = answer.json()
    except UnexpectedAnswer:
        return "", ""
    return string(data, "error", 100), string(data, "message", 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """data: what a query gave, {} if it was refused. error: the name of the refusal, "" for none; words: the place's own."""

    data: Json = field(default_factory=dict)
    error: str = ""
    words: str = ""

    @property
    def closed(self) -> bool:
        """Whether it is the profile that is not shown at the moment, by its owner's or the place's will."""
        return self.error in ("AccountDeactivated", "AccountTakedown", "AccountSuspended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One server, and who asks it. password "": nobody in particular."""

    door: Door
    sessions: Sessions
    base: str
    who: str = ""
    password: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    def ask(self, nsid: str, query: Query = ()) -> Reply:
        """What the server says, a refusal with a name included. Raises the errors of the door."""
        url = f"{self.base}/xrpc/{nsid}?{urlencode(list(query))}".rstrip("?")
        if not self.password:
            return self._reply(self.door.get(url, accept="application/json", also=frozenset({400})))
        session = self.sessions.get(self.base, self.who, self.password, self.door)
        answer = self._get(url, session.access)
        if answer.status == 401 or (answer.status == 400 and error_in(answer)[0] in STALE):
            session = self.sessions.renew(self.base, self.who, self.password, self.door)
            answer = self._get(url, session.access)
        if answer.status == 401 or (answer.status == 400 and error_in(answer)[0] in STALE):
            raise LoginRejected(say("{host} does not accept this login (any more). What was read before is kept; sign in again.", host=self.host))
        return self._reply(answer)

    def _get(self, url: str, key: str) -> Answer:
        return self.door.get(url, token=key, token_origin=self.base, accept="application/json", also=frozenset({400, 401}))

    def _reply(self, answer: Answer) -> Reply:
        if answer.status == 400:
            error, words = error_in(answer)
            if not error:
                raise UnexpectedAnswer(
                    say("{host} answered in a way we do not know (status 400). What was read before is kept.", host=self.host)
                )
            return Reply(error=error, words=words)
        data: Any = answer.json()
        if not isinstance(data, dict):
            raise self.odd()
        return Reply(data=data)

    def get(self, nsid: str, query: Query = ()) -> Json:
        """The answer to a query. Raises `refusal` where it is refused."""
        reply = self.ask(nsid, query)
        if reply.error:
            raise self.refusal(reply)
        return reply.data

    def odd(self) -> UnexpectedAnswer:
        return UnexpectedAnswer(
            say("{host} answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again.", host=self.host)
        )

    def refusal(self, reply: Reply) -> SourceError:
        """What a named refusal means for the user. Nothing is ever deleted for it."""
        kept = say("What was read before is kept")
        match reply.error:
            case "AccountDeactivated":
                return SourceUnavailable(say("This profile has been put to rest by its owner, who may come back. {kept}.", kept=kept), trouble=Trouble.HIDDEN)
            case "AccountTakedown" | "AccountSuspended":
                return SourceUnavailable(say("Bluesky has closed this profile. {kept}.", kept=kept), trouble=Trouble.HIDDEN)
            case "BlockedByActor":
                return SourceUnavailable(say("This profile does not let you read it while you are signed in. {kept}.", kept=kept), trouble=Trouble.HIDDEN)
            case "BlockedActor":
                return SourceUnavailable(say("You block this profile in Bluesky, so it is not shown to you. {kept}; end the block to read on.", kept=kept), trouble=Trouble.HIDDEN)
            case "NotFound" | "RecordNotFound" | "HandleNotFound":
                return Gone(say("{host} says that this does not exist (any more). {kept}.", host=self.host, kept=kept))
        if reply.words.startswith("Profile not found"):
            return Gone(say("{host} says that this profile does not exist (any more). {kept}.", host=self.host, kept=kept))
        return UnexpectedAnswer(say("{host} refused a question ({error}). {kept}; please report this.", host=self.host, error=reply.error[:60], kept=kept))
