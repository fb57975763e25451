"""How Meta's places are asked, each on its own host in the same way: a key in the query, pages by a cursor, errors by number.

Meta sends the browser back only to a page of a web server and gives keys only against a secret that no desktop program can keep, so there
is no signing in: the key is made on Meta's own page and pasted. Those that end after 60 days are renewed by themselves before that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.door_answers import raise_for
from relationdesk.sources.json_fields import Json, record_of, records, string, whole
from relationdesk.sources.json_talk import JsonTalk

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

LIFE = timedelta(days=60)
"""How long a key holds that Meta's own page makes."""
YOUNG = timedelta(days=1)
"""Younger ones are not renewed by Meta."""
_BEFORE = timedelta(days=30)
"""So long before its end a key is renewed: whoever opens the program once a month never loses it."""
MOST_GONE = 5
"""Fields that Meta took away and that are left out of one question."""
_WAIT = timedelta(hours=1)
_KEPT = "What was read before is kept"
_PASS = re.compile(r"meta:([^:\s]+):(\d{1,12}):(\d{1,12})")
_DEAD = frozenset({"102", "190", "463", "467"})
_TOO_OFTEN = frozenset({"4", "17", "32", "341", "368", "613"})
_FORBIDDEN = frozenset({"3", "10"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A key, since when we have it, and when it ends at the latest; aware UTC."""

    token: str
    since: datetime
    until: datetime

    @classmethod
    def read(cls, text: str) -> Pass | None:
        found = _PASS.fullmatch(text)
        try:
            return None if found is None else cls(token=unquote(found[1]), since=datetime.fromtimestamp(int(found[2]), UTC), until=datetime.fromtimestamp(int(found[3]), UTC))
        except (OverflowError, OSError, ValueError):
            return None

    @classmethod
    def pasted(cls, token: str, now: datetime) -> Pass:
        """As it is made on Meta's page: 60 days from now at the latest."""
        return cls(token=token, since=now, until=now + LIFE)

    def text(self) -> str:
        return f"meta:{quote(self.token, safe='')}:{int(self.since.timestamp())}:{int(self.until.timestamp())}"

    def is_due(self, now: datetime) -> bool:
        return now - self.since >= YOUNG and self.until - now < _BEFORE


def renewed(base: str, grant: str, old: Pass, door: Door, now: datetime) -> Pass:
    """The same key for another 60 days. Raises the errors of the door; the old one holds on if Meta does not renew it."""
    answer = door.get(
        f"{base}/refresh_access_token?{urlencode({'grant_type': grant})}", token=old.token, token_origin=base, token_in="?access_token", accept="application/json"
    )
    data = answer.json()
    token, lasts = string(data, "access_token", 2_000), whole(data, "expires_in")
    if not token or lasts is None:
        raise UnexpectedAnswer(say("Meta did not renew the key as it says it does. It holds until its day, and nothing was deleted; it will be tried again."))
    return Pass(token=token, since=now, until=now + min(timedelta(seconds=lasts), 2 * LIFE))


def without(fields: str, name: str) -> str:
    """The list of fields without this one and what belongs to it ("comments.summary(true)", "parent{id}"), also within others."""
    left = re.sub(rf"(?<![\w.]){re.escape(name)}(?:[.(][^,{{}}]*)?(?:\{{[^{{}}]*\}})?(?:,|(?=\}})|$)", "", fields) if name else fields
    return re.sub(r",(?=\}|$)", "", left)


def told_wait(answer: Answer) -> timedelta:
    """How long Meta says that it will refuse, at most a day; nothing where it does not say."""
    found = re.findall(r'"estimated_time_to_regain_access"\s*:\s*(\d{1,5})\b', answer.headers.get("x-business-use-case-usage", "")[:20_000])
    return min(timedelta(minutes=max(map(int, found), default=0)), timedelta(days=1))


def _nonexisting(answer: Answer) -> str:
    """The field that Meta no longer has, "" if that is not what it says."""
    if answer.status != 400:
        return ""
    try:
        error = record_of(answer.json(), "error")
    except UnexpectedAnswer:
        return ""
    found = re.search(r"nonexisting field \((\w{1,60})\)", string(error, "message"))
    return found[1] if found and found[1] != "id" and string(error, "code", 10) == "100" else ""


class Keys:
    """The keys of one source while the program runs: those renewed meanwhile, and when renewing was tried last."""

    def __init__(self, clock: Callable[[], datetime], grant: str) -> None:
        self._clock, self._grant = clock, grant
        self._fresh: dict[str, Pass] = {}
        self._tried: dict[str, datetime] = {}

    def of(self, name: str, text: str, base: str, door: Door) -> str:
        """The key to ask with. name: `Login.secret_name`. A new one is kept before it is used. Raises LoginRejected for one that ended."""
        found, now = Pass.read(text), self._clock()
        if found is None:
            return text
        later = self._fresh.get(name)
        found = later if later is not None and later.since > found.since else found
        tried = self._tried.get(name)
        if found.is_due(now) and (tried is None or not timedelta(0) <= now - tried < YOUNG):
            self._tried[name] = now
            try:
                found = renewed(base, self._grant, found, door, now)
            except LoginRejected:
                raise
            except SourceError:
                return found.token
            self._fresh[name] = found
            door.keep_key(found.text())
        return found.token


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(JsonTalk):
    """token: of the user or Page."""

    def ask(self, path: str, **query: str | int) -> Json:
        """One object. Raises Gone, NotShown, LoginRejected, RateLimited by Meta's number of the error, and the errors of the door."""
        answer = self._get(path, query)
        for _ in range(MOST_GONE):
            fields = str(query.get("fields", ""))
            query["fields"] = without(fields, _nonexisting(answer))
            if query["fields"] == fields:
                break
            answer = self._get(path, query)
        if answer.status >= 400:
            self._refused(answer)
        data = answer.json()
        if not isinstance(data, dict):
            raise self.odd()
        if record_of(data, "error") is not None:
            self._refused(answer)
        return data

    def _get(self, path: str, query: Mapping[str, str | int]) -> Answer:
        url = f"{self.base}{path}?{urlencode(query)}"
        return self.door.get(url, token=self.token, token_origin=self.base, token_in="?access_token", accept="application/json", also=frozenset(range(400, 500)))

    def page(self, path: str, after: str = "", **query: str | int) -> tuple[list[Json], str]:
        """A page of a list, and Meta's own word for where it goes on, "" at the end. The ready-made address of the next page is not used: it
        holds the key."""
        data = self.ask(path, **query, **({"after": after} if after else {}))
        if not isinstance(data.get("data"), list):
            raise self.odd()
        paging = record_of(data, "paging")
        further = string(record_of(paging, "cursors"), "after", 1_000) if string(paging, "next", 4_000) else ""
        return records(data, "data"), further

    def is_gone(self, id_: str) -> bool:
        """Whether this is no longer there, asked right after a list of mine was shown."""
        try:
            self.ask(f"/{quote(id_, safe='')}", fields="id")
        except Gone:
            return True
        return False

    def _refused(self, answer: Answer) -> None:
        """Raises what an error means."""
        now = self.clock()
        try:
            error = record_of(answer.json(), "error") or {}
        except UnexpectedAnswer:
            error = {}
        code, sub = string(error, "code", 10), string(error, "error_subcode", 20)
        if code in _DEAD or answer.status == 401:
            raise LoginRejected(say("{host} does not accept this key (any more). What was read before is kept; make a new one on Meta’s page, then sign in again.", host=self.host))
        if code in _TOO_OFTEN or code.startswith("8000") or answer.status == 429:
            raise RateLimited(say("{host} asks us to wait. Nothing is lost; reading goes on by itself.", host=self.host), until=now + max(_WAIT, told_wait(answer)))
        if code in _FORBIDDEN or (len(code) == 3 and code.startswith("2")):
            raise self.not_shown()
        if code == "100" and sub == "33":
            raise Gone(say("{host} says that this is not there (any more), or not for us. What was read before is kept.", host=self.host))
        if code:
            raise self.odd()
        raise_for(answer, with_token=False, now=now)
        raise self.odd()
