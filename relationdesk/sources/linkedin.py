"""LinkedIn: one's own data by the door that EU law opened (Member Data Portability), for members in the EEA and Switzerland.

What comes are the tables of LinkedIn's archive, row by row as JSON: they are read by the same readers, with the same keys, so an archive
over it doubles nothing. The whole of it is asked for, at most once a day; which table is which is told by its columns, not by its name.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qs, urlencode, urlsplit

from relationdesk.errors import Gone, LoginRejected, UnexpectedAnswer, UserMistake
from relationdesk.model import Coverage, Fact, Key, Login, Page, Profile, Progress, Rejected, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, WayIn
from relationdesk.sources.container import Container
from relationdesk.sources.container_members import Member
from relationdesk.sources.door_answers import raise_for
from relationdesk.sources.graph_talk import LIFE, Pass
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.linkedin_archive import everything
from relationdesk.sources.linkedin_people import PLACE, People
from relationdesk.sources.linkedin_reading import Reading
from relationdesk.sources.linkedin_tables import SPECS, Spec, Table, tables
from relationdesk.sources.linkedin_words import profile_url, slug, squash
from relationdesk.sources.listing import due
from relationdesk.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from relationdesk.sources.door import Door

API = "https://api.linkedin.com"
TOKENS = "https://www.linkedin.com/developers/tools/oauth/token-generator"
_VERSION = "202312"
MAX_PAGES = 500
MOST_ROWS = 500_000
MOST_LETTERS = 100_000_000
_PAGE_BYTES = 20_000_000
_KEPT = "What was read before is kept"


class LinkedIn:
    """Reads one's own data there. clock: aware UTC now, pace: how often the whole is asked for; both to be replaced in tests."""

    name = "linkedin"
    title = "LinkedIn"
    place = PLACE
    takes_token = True
    renews = False
    way_in = WayIn(
        source="linkedin", title="LinkedIn", places=("linkedin",), server="linkedin.com/in/your-name", signs_in=marked("Your page there"), asks=("api.linkedin.com",),
        costs=marked("Nothing; only members in the European Economic Area and Switzerland are let in, each to what is theirs."),
        gives=marked("Reads your own connections, messages, invitations, posts, comments and reactions, as LinkedIn’s archive has them, every day. Of others it shows nothing."),
        key_title=marked("Access key (60 days)"),
        key_from=marked("In linkedin.com/developers make an app under the company page “Member Data Portability (Member) Default Company”, request the product of that name, then make a key with its one permission in the OAuth token tools."),
        follow=marked("Your own data is read; nobody is followed here"), also="connections",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self.pace = timedelta(days=1)

    def key_page(self, address: str, door: Door, *, writes: bool = False) -> str:
        """LinkedIn's page that makes a key; nothing can be said by it."""
        return TOKENS

    def key_in(self, pasted: str) -> str:
        """The key with the day on which it was pasted: it ends after 60 days."""
        text = re.sub(r"\s+", "", pasted)
        return text if not text or Pass.read(text) is not None else Pass.pasted(text, self._clock()).text()

    def good_until(self, token: str) -> datetime | None:
        found = Pass.read(token)
        return found.since + LIFE if found is not None else None

    def connect(self, address: str, token: str, door: Door) -> Login:
        """See whether the key opens one's data; whose it is, LinkedIn does not say, so the address of one's page does.

        Raises UserMistake for no page of a person or no key, LoginRejected for one that is refused, UnexpectedAnswer, and the errors of the door.
        """
        if not token:
            raise UserMistake(say("LinkedIn shows your data only with a key. Nothing was asked; make one on LinkedIn’s page and paste it."))
        base, native = _base(address, door), _slug(address)
        _ask(base, _bare(token), door, self._clock, domain="CONNECTIONS")
        return Login(id=0, source=self.name, place=PLACE, address=base, user_name=native, profile=Key(PLACE, native), has_token=True)

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Nobody is followed here: always raises UserMistake."""
        _nobody()

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """All that LinkedIn has of me."""
        return (Stream(name="own", address=login.address, profile=login.profile, title="My data"),)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """The whole, once a day, if it is not as it was. Raises what `_ask` raises."""
        asked, mark = _cursor(cursor)
        now = self._clock()
        if stream.profile is None or (asked and not due(asked, now, self.pace)):
            return
        found = _snapshot(login.address.rstrip("/"), _bare(token), door, self._clock)
        new = hashlib.sha256(json.dumps(found, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:20]
        after = json.dumps({"asked": now.isoformat(), "mark": new})
        if new == mark:
            yield Page(cursor=after, unchanged=True)
            return
        yield Page(facts=tuple(facts_of(found, stream.profile.native_id, now)), cursor=after)


def _cursor(text: str) -> tuple[str, str]:
    """When it was asked for, and the mark of what came; anything that is no cursor of ours begins anew."""
    try:
        data: Any = json.loads(text) if text else {}
        return str(data["asked"]), str(data["mark"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", ""


def _bare(token: str) -> str:
    found = Pass.read(token)
    return found.token if found is not None else token


def _base(address: str, door: Door) -> str:
    """LinkedIn's API; a server of the user's own for tests ("sam@127.0.0.1:8000")."""
    host = address.strip().partition("@")[2]
    return f"http://{host}" if host and door.allows(f"http://{host}") else API


def _slug(address: str) -> str:
    """ "sam-carter", "linkedin.com/in/sam-carter" → "sam-carter". Raises UserMistake."""
    text = re.sub(r"(?<=[\w-])@.*$", "", address.strip())
    native = slug(text if "linkedin.com/" in text.lower() else profile_url(text)) if text else ""
    if not native or native.startswith(("company/", "school/", "showcase/")):
        raise UserMistake(say("This is not the page of a person on LinkedIn. Nothing was changed; type yours, like linkedin.com/in/your-name."))
    return native


def _nobody() -> NoReturn:
    raise UserMistake(say("Of LinkedIn only what is yours is read, and nobody is followed. Nothing was changed. Somebody’s page there can be kept as a link."))


def _ask(base: str, token: str, door: Door, clock: Callable[[], datetime], **query: str | int) -> Json:
    """One page of the snapshot. Raises LoginRejected where one is not let in, UnexpectedAnswer for what is no snapshot, and the errors of the door."""
    url = f"{base}/rest/memberSnapshotData?{urlencode({'q': 'criteria', **query})}"
    answer = door.get(
        url, headers=[("LinkedIn-Version", _VERSION)], token=token, token_origin=base, accept="application/json", limit_bytes=_PAGE_BYTES,
        also=frozenset({403}),
    )  # fmt: skip
    if answer.status == 403:
        raise_for_limits(door, answer, clock)
        raise LoginRejected(
            say("LinkedIn does not open your data to this key: it lets in only members in the EEA and Switzerland, by an app with the product “Member Data Portability (Member)”. What was read before is kept; look at the app, then sign in again.")
        )
    data = answer.json()
    if not isinstance(data, dict) or not isinstance(data.get("elements"), list):
        raise UnexpectedAnswer(say("LinkedIn answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again."))
    return data


def raise_for_limits(door: Door, answer: Any, clock: Callable[[], datetime]) -> None:
    """A 403 that asks to wait is no refusal. Raises RateLimited."""
    if "retry-after" in answer.headers:
        raise_for(answer, with_token=True, now=clock())


def _snapshot(base: str, token: str, door: Door, clock: Callable[[], datetime]) -> dict[str, list[dict[str, str]]]:
    """All rows by the name of their table. Raises what `_ask` raises; nothing of a snapshot that breaks off is used."""
    found: dict[str, list[dict[str, str]]] = {}
    start, rows, letters = 0, 0, 0
    for _ in range(MAX_PAGES):
        try:
            data = _ask(base, token, door, clock, **({"start": start} if start else {}))
        except Gone:
            if not start:
                raise
            break  # past the end
        elements = records(data, "elements")
        for element in elements:
            name = string(element, "snapshotDomain", 100)
            for row in records_all(element.get("snapshotData")):
                cells = {one_line(str(key), 100): str(value) for key, value in row.items() if isinstance(value, str | int | float) and not isinstance(value, bool)}
                rows, letters = rows + 1, letters + sum(map(len, cells.values()))
                if rows > MOST_ROWS or letters > MOST_LETTERS:
                    raise UnexpectedAnswer(say("LinkedIn sends more than anybody’s data can be. Nothing of it was kept and nothing was deleted; bring in its archive instead."))
                found.setdefault(name, []).append(cells)
        further = _next(data, start)
        if not elements or further <= start:
            break
        start = further
    return found


def records_all(value: object) -> list[Mapping[str, Any]]:
    """Rows: a list of them, or one alone."""
    many = value if isinstance(value, list) else [value]
    return [one for one in many if isinstance(one, Mapping)]


def _next(data: Json, start: int) -> int:
    """Where the next page begins; 0 at the end."""
    paging = record_of(data, "paging")
    for link in records(paging, "links"):
        if string(link, "rel", 20) == "next":
            text = parse_qs(urlsplit(string(link, "href")).query).get("start", [""])[0]
            return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else start + 1
    return 0


def facts_of(found: Mapping[str, list[dict[str, str]]], me: str, now: datetime) -> Iterator[Fact]:
    """What these rows say, by the readers of the archive."""
    box, chosen = _box(found)
    every = list(tables(box, chosen))
    reading = Reading(People())
    told = tuple(one for one in every if isinstance(one, Rejected))
    wanted = [one for one in every if isinstance(one, Table)]
    yield from (fact for fact in everything(box, wanted, Options(me=profile_url(me)), reading, told) if not isinstance(fact, Progress))
    yield Coverage(place=PLACE, profile=Key(PLACE, me), until=now)


def _box(found: Mapping[str, list[dict[str, str]]]) -> tuple[Container, dict[str, Spec]]:
    """The tables as files of an archive, in memory, and which is which."""
    members: dict[str, Member] = {}
    chosen: dict[str, Spec] = {}
    for name, rows in sorted(found.items()):
        columns = list(dict.fromkeys(column for row in rows for column in row))
        spec = _spec(name, frozenset(map(squash, columns)))
        if spec is None or spec in chosen.values():
            continue
        file, data = f"{one_line(name, 60).replace('/', ' ')}.csv", _csv(columns, rows)
        members[file], chosen[file] = Member(size=len(data), open=partial(io.BytesIO, data)), spec
    path: Path = PurePosixPath("LinkedIn")  # type: ignore[assignment]  # only its name is ever shown
    return Container(path, members, single=True), chosen


def _spec(name: str, columns: frozenset[str]) -> Spec | None:
    """Which table of the archive has these columns: by its name if that fits, else only if they are unmistakable."""
    fitting = [spec for spec in SPECS if any(needs <= columns for needs in spec.needs)]
    named = [spec for spec in fitting if spec.name in squash(name) or squash(name) in spec.name]
    sure = sorted((spec for spec in fitting if spec.weight >= 0.6), key=lambda spec: -spec.weight)
    return next(iter([*named, *sure]), None)


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode("utf-8", "replace")
