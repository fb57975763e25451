"""Through the door with something that the user says: once, to exactly one address, and honest about whether it arrived.

Nothing is ever followed, repeated or sent anywhere else. What goes wrong before the first byte is out is an error like any other: it is
not there. What goes wrong later, and every answer that does not say yes or no, is `PerhapsSent`: the place is asked before anything is
sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from relationdesk.errors import (
    Cancelled,
    Gone,
    LoginRejected,
    PerhapsSent,
    PrivateAddress,
    RateLimited,
    SourceError,
    UnexpectedAnswer,
)
from relationdesk.saying import say
from relationdesk.sources.door_answers import host_of, used_up, wait_until
from relationdesk.sources.json_fields import Json, records, string
from relationdesk.text import one_line

if TYPE_CHECKING:
    from relationdesk.outgoing import Outgoing
    from relationdesk.sources.door import Answer, Door

KEPT = "Your words are kept"
_TOO_MUCH = "rate limit"
_ANY = frozenset(range(200, 600))
_MAYBE_LATER = frozenset({408, 425})
MOST_PAGES = 10
"""So many of a list are looked through for what may be out."""
_CLOCKS = timedelta(minutes=15)
"""By how much the clocks of a server and of this computer may differ without anybody telling."""


def hand_over(
    door: Door, url: str, data: Mapping[str, object], *, token: str, token_in: str = "", headers: Iterable[tuple[str, str]] = (),
    rights: str = "", also: frozenset[int] = frozenset(), method: str = "POST", against: Callable[[Answer], SourceError | None] = lambda answer: None,
) -> Answer:  # fmt: skip
    """POST it, or DELETE what was said by it. Answers 2xx and the statuses in `also`. rights: what a key must be allowed, for the sentence where it is not. against: what
    a refusal (4xx) of this place means, None for what it means everywhere.

    Raises PerhapsSent; and, where it is surely not there: LoginRejected (401, 403), RateLimited (429; 403 that says so), Gone (404, 410), UnexpectedAnswer
    (refused, in the place's own words), SourceUnavailable (nobody was reached), Cancelled.
    """
    host = host_of(url)
    asked = door.asked
    try:
        answer = door.post_json(url, data, token=token, token_in=token_in, headers=headers, also=_ANY, method=method)
    except (SourceError, Cancelled) as e:
        if door.asked == asked or isinstance(e, PrivateAddress) or never_reached(e.__cause__):
            raise
        raise perhaps(host) from e
    status = answer.status
    if 200 <= status < 300 or status in also:
        return answer
    if status < 400 or status >= 500 or status in _MAYBE_LATER:
        raise perhaps(host)
    if (refused := against(answer)) is not None:
        raise refused
    if status == 429 or (status == 403 and (used_up(answer) or _TOO_MUCH in words_of(answer).casefold())):
        raise RateLimited(say("{host} asks us to wait. Your words are kept and go out by themselves.", host=host), until=wait_until(answer, datetime.now(UTC)))
    raise _refusal(answer, host, rights)


def never_reached(cause: BaseException | None) -> bool:
    """Nobody was spoken to at all."""
    import httpcore  # dear to import, and known to whoever comes here
    import httpx

    return isinstance(cause, httpcore.ConnectError | httpx.ConnectError | httpcore.ConnectTimeout | httpx.ConnectTimeout)


def perhaps(host: str) -> PerhapsSent:
    return PerhapsSent(say("{host} did not say whether it has this. Your words are kept; it is asked before anything is sent again.", host=host))


def pages_of(get: Callable[[str], Answer], host: str, path: str) -> Iterator[Answer]:
    """A list in which something sent may stand, page by page; path: with a query, to which the page is added. Raises PerhapsSent where it
    does not end, so that it cannot be said what is not there."""
    for page in range(1, MOST_PAGES + 1):
        answer = get(f"{path}&page={page}")
        yield answer
        if "next" not in answer.links:
            return
    raise perhaps(host)


def earliest(what: Outgoing, answer: Answer, now: datetime) -> datetime:
    """When this can have arrived at the earliest, by the clock of the server that gave the answer. now: aware UTC, by ours, which may be
    ahead of it by more than clocks usually are."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
        ahead = now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        ahead = timedelta()
    return (what.since or what.made) - _CLOCKS - max(ahead, timedelta())


def told(answer: Answer) -> Json:
    """The record in an answer that says yes. Raises PerhapsSent if there is none."""
    try:
        data = answer.json()
    except UnexpectedAnswer as e:
        raise perhaps(host_of(answer.url)) from e
    if not isinstance(data, dict):
        raise perhaps(host_of(answer.url))
    return data


def _refusal(answer: Answer, host: str, rights: str) -> SourceError:
    said = words_of(answer)
    quoted = f" (“{said}”)" if said else ""
    if answer.status == 401:
        return LoginRejected(say("{host} does not accept this login (any more). Your words are kept. Sign in again, then try again.", host=host))
    if answer.status == 403:
        hint = say("If the key may only read, make one with {rights}, sign in with it and try again", rights=say(rights)) if rights else say("Look in the place whether you may")
        return LoginRejected(say("{host} does not let this login do that{quoted}. Your words are kept. {hint}.", host=host, quoted=quoted, hint=hint))
    if answer.status in (404, 410):
        return Gone(say("{host} says that what this answers is not there, or not for you. Your words are kept. Look at its page.", host=host))
    return UnexpectedAnswer(say("{host} refuses this{quoted}. Your words are kept. Change them and send again, or say it there.", host=host, quoted=quoted or f" ({say('status {status}', status=answer.status)})"))


def words_of(answer: Answer) -> str:
    """What the place says against it, on one line; "" if it says nothing that can be read."""
    try:
        data = answer.json()
    except UnexpectedAnswer:
        return ""
    found = string(data, "message") or string(data, "error_description") or string(data, "error")
    for several in _each(data):
        found = found or next((one for one in several if isinstance(one, str)), "")
    first = next(iter(records(data, "errors")), None)
    if first is not None and (more := string(first, "message")):
        found = f"{found}: {more}" if found else more
    return one_line(found, 200)


def _each(data: object) -> Iterator[list[object]]:
    """The lists in which places put their complaints: "errors", and by field below "message"."""
    if isinstance(data, dict):
        by_field = data["message"].values() if isinstance(data.get("message"), dict) else ()
        yield from (each for each in (data.get("errors"), *by_field) if isinstance(each, list))
