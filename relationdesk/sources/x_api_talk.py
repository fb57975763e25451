"""How X is asked: every answer is paid for by what it holds, refusals say why in their body, and a sign-in holds two hours at a time.

X renames its words one by one: fields are asked for as it calls them today (`Spelling`), and read under the old name and the new one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

from relationdesk.errors import Gone, LoginRejected, RateLimited, UnexpectedAnswer, UserMistake
from relationdesk.saying import say
from relationdesk.sources.door_answers import raise_for, wait_until
from relationdesk.sources.json_fields import Json, record_of, records, string, whole
from relationdesk.sources.json_talk import JsonTalk
from relationdesk.sources.paying import pay

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

API = "https://api.x.com"
SIGN_IN = "https://x.com/i/oauth2/authorize"
SCOPES = "tweet.read users.read offline.access"
POST, OWN, USER, MEDIA, AGAIN = "post", "own", "user", "media", "again"
"""Names of the prices."""
_REFUSALS = frozenset(range(400, 600))
_NO_VALUE = re.compile(r"value \[(\w{1,60})\] is not one of")
_MOST_TRIES = 8
"""Refusals, which cost nothing, from which it is learned how X wants to be asked."""
_NO_CREDIT = timedelta(hours=6)
_KEPT = "What was read before is kept"
_RIGHT = re.compile(r"x:([^:\s]+):([^:\s]+):([^:\s]*):(\d{1,12})")


@dataclass(slots=True)
class Spelling:
    """How X wants to be asked, which it changes bit by bit. word: what it calls a post in the names of its parameters and fields. turned: that
    was changed by the last refusal. without: fields that may not be asked for any more. X's description of its API of August 2026 lists
    neither the author among the fields, nor what a post refers to: they come with what is expanded, which costs."""

    word: str = "tweet"
    turned: bool = False
    without: set[str] = field(default_factory=set)

    def names(self, fields: str) -> tuple[str, ...]:
        """The names of fields as X spells them today. fields: with "{0}" for its word for a post."""
        return tuple(name for name in fields.format(self.word).split(",") if name not in self.without)

    def learns(self, refusal: str, fields: str) -> bool:
        """Whether a refusal says how to ask instead: first by the other word, then without what it names."""
        refused = set(_NO_VALUE.findall(refusal)).intersection(self.names(fields))
        if f"{self.word}.fields" in refusal and not self.turned and (not refused or any(self.word in name for name in refused)):
            self.word, self.turned = "post" if self.word == "tweet" else "tweet", True
            return True
        self.without |= refused
        return bool(refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A sign-in: who asks, the right to be let in again (good once), the pass that holds until `until` (unix seconds)."""

    client: str
    refresh: str = field(repr=False)
    access: str = field(default="", repr=False)
    until: int = 0

    @classmethod
    def read(cls, text: str) -> Right | None:
        """From what lies in the key store; None for anything else, such as a Bearer token."""
        found = _RIGHT.fullmatch(text)
        if found is None:
            return None
        client, refresh, access = (unquote(part) for part in found.groups()[:3])
        return cls(client=client, refresh=refresh, access=access, until=int(found[4]))

    def text(self) -> str:
        return ":".join(("x", *(quote(part, safe="") for part in (self.client, self.refresh, self.access)), str(self.until)))

    def holds(self, now: datetime) -> bool:
        return bool(self.access) and 0 < self.until - now.timestamp() <= 7_200


def redeemed(base: str, client: str, back: str, code: str, verifier: str, door: Door, now: datetime) -> Right:
    """The right for what the browser brought back. Raises LoginRejected, UserMistake where it would end in two hours, and the errors of the door."""
    answer = _token(base, {"grant_type": "authorization_code", "client_id": client, "redirect_uri": back, "code": code, "code_verifier": verifier}, door)
    if answer.status >= 400:
        raise LoginRejected(say("X did not take the sign-in. Nothing was added; look in console.x.com whether the app is a “Native App” with the callback shown here, then try again."))
    right = _right(client, answer, now)
    if right is None or not right.refresh:
        raise UserMistake(say("X lets this app in for two hours only, so nothing was added. Allow it “offline.access” and try again."))
    return right


def renewed(base: str, right: Right, door: Door, now: datetime) -> Right:
    """A right with a fresh pass; the old one is worth nothing from then on. Raises LoginRejected where it was taken back."""
    answer = _token(base, {"grant_type": "refresh_token", "client_id": right.client, "refresh_token": right.refresh}, door)
    if answer.status >= 400:
        raise LoginRejected(say("X no longer lets us in by this login. What was read before is kept; sign in again."))
    fresh = _right(right.client, answer, now)
    if fresh is None:
        raise UnexpectedAnswer(say("X answered a sign-in with something else. Nothing of it was kept and nothing was deleted; it will be tried again."))
    return fresh if fresh.refresh else Right(client=right.client, refresh=right.refresh, access=fresh.access, until=fresh.until)


def _token(base: str, words: dict[str, str], door: Door) -> Answer:
    return door.ask(
        "POST", f"{base}/2/oauth2/token", urlencode(words).encode(), content_type="application/x-www-form-urlencoded", accept="application/json",
        also=frozenset({400, 401, 403}),
    )  # fmt: skip


def _right(client: str, answer: Answer, now: datetime) -> Right | None:
    data = answer.json()
    access, lasts = string(data, "access_token", 2_000), whole(data, "expires_in")
    if not access:
        return None
    seconds = 7_200 if lasts is None else lasts
    return Right(client=client, refresh=string(data, "refresh_token", 2_000), access=access, until=int(now.timestamp()) + min(seconds, 7_200))


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """token: a pass or a Bearer token. spelling: how X calls things today."""

    spelling: Spelling = field(default_factory=Spelling)

    def ask(self, path: str, most: Mapping[str, int], query: Mapping[str, str | int] | None = None, fields: str = "", *, authors: bool = False) -> Json:
        """An answer that holds at most so many things. fields: of posts, with "{0}" for the word that X has for one. authors: who wrote them
        has to be told; where that is no field, it is expanded, which costs a profile for each.

        Raises SpentUp before anything is asked; Gone, NotShown, LoginRejected, RateLimited by what X says, and the errors of the door.
        """
        for _ in range(_MOST_TRIES):
            words = dict(query or {}) | self._named(fields)
            if authors and self.expands_authors:
                words |= {"expansions": ",".join(filter(None, (str(words.get("expansions", "")), "author_id"))), "user.fields": "username"}
                most = most if USER in most else {**most, USER: next(iter(most.values()))}
            answer = self._paid(path, words, most)
            if answer.status != 400 or not fields or not self.spelling.learns(answer.body.decode("utf-8", "replace"), fields):
                break
        self.spelling.turned = self.spelling.turned and answer.status == 400
        if answer.status >= 400:
            self._refused(answer)
        data = answer.json()
        if not isinstance(data, dict):
            raise self.odd()
        if "data" not in data and (told := records(data, "errors")):
            raise self._not_there(told[0])
        if not isinstance(data.get("data"), list | dict) and ("data" in data or record_of(data, "meta") is None):
            raise self.odd()
        return data

    def _named(self, fields: str) -> dict[str, str]:
        return {f"{self.spelling.word}.fields": ",".join(self.spelling.names(fields))} if fields else {}

    @property
    def tells_referred(self) -> bool:
        """Whether X tells what a post answers."""
        return self.spelling.without.isdisjoint(("referenced_tweets", "referenced_posts"))

    @property
    def expands_authors(self) -> bool:
        return "author_id" in self.spelling.without

    def _paid(self, path: str, query: Mapping[str, str | int], most: Mapping[str, int]) -> Answer:
        url = f"{self.base}{path}{'?' + urlencode(query) if query else ''}"
        kind = next(iter(most))

        def ask() -> Answer:
            return self.door.get(url, token=self.token, token_origin=self.base, accept="application/json", also=_REFUSALS)

        return pay(self.door, most, ask, lambda answer: held(answer.json(), kind, most))

    def _refused(self, answer: Answer) -> None:
        """Raises what a refusal means."""
        now, status = self.clock(), answer.status
        kind, title = _problem(answer)
        if kind == "usage-capped" or status == 402:
            raise RateLimited(
                say("X says that the credits of this app, or the limit set for it there, are used up. What was read before is kept; buy credits or raise it in console.x.com. It will be tried again."),
                until=now + _NO_CREDIT,
            )  # fmt: skip
        if status == 429:
            raise RateLimited(say("X asks us to wait. Nothing is lost; reading goes on by itself."), until=wait_until(answer, now))
        if kind == "resource-not-found":
            raise Gone(say("X shows nobody and nothing there (any more). What was read before is kept."))
        if kind == "not-authorized-for-resource":
            raise self.not_shown()
        if status == 403:
            nothing = kind in ("client-forbidden", "unsupported-authentication") or "client" in title
            raise LoginRejected(say(
                "X lets this app read nothing. What was read before is kept; look in console.x.com what the app may do, then sign in again." if nothing else
                "X does not allow this app to read that. What was read before is kept; look in console.x.com what the app may do, then sign in again."
            ))  # fmt: skip
        raise_for(answer, with_token=True, now=now)
        raise self.odd()

    def _not_there(self, error: Json) -> Exception:
        kind = string(error, "type", 200).rpartition("/")[2]
        if kind == "resource-not-found":
            return Gone(say("X shows nobody and nothing there (any more). What was read before is kept."))
        return self.not_shown() if kind == "not-authorized-for-resource" else self.odd()


def held(data: Any, kind: str, most: Mapping[str, int]) -> dict[str, int]:
    """What an answer holds of what is paid for. kind: what its `data` is."""
    main = data.get("data") if isinstance(data, dict) else None
    found = {kind: len(main) if isinstance(main, list) else 1 if isinstance(main, dict) else 0}
    includes = record_of(data, "includes") or {}
    for name, lists in ((MEDIA, ("media",)), (USER, ("users",)), (POST, ("tweets", "posts"))):
        count = sum(len(includes[one]) for one in lists if isinstance(includes.get(one), list))
        if count and (name in most or name != MEDIA):
            found[name] = found.get(name, 0) + count
    return found


def _problem(answer: Answer) -> tuple[str, str]:
    """("usage-capped", its title in small letters); ("", "") if it says nothing that can be read."""
    try:
        data = answer.json()
    except UnexpectedAnswer:
        return "", ""
    first = next(iter(records(data, "errors")), None)
    kind = string(data, "type", 200) or string(first, "type", 200)
    return kind.rpartition("/")[2], string(data, "title", 200).lower()

