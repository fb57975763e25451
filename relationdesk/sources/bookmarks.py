"""Bookmarks from files: the HTML of browsers, Delicious, Pinboard, Google and Shaarli; Pinboard's JSON, the XML of Delicious
and Pinboard, Raindrop's table. Each is something the owner saved, seldom with others in view.

Keys: where a place keeps one bookmark per address (Pinboard, Delicious), the address; else the address and when it was saved,
so that the same page saved twice stays twice and no second export doubles it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Audience, Fact, Key, Kind, Precision, Profile, Progress, Rejected, pairs
from relationdesk.saying import say
from relationdesk.sources.asks import WHO, unanswered
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.bookmark_marks import Form, Mark, form_of, marks
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.seen import Seen
from relationdesk.text import one_line

PLACE = "bookmarks"
_ENDINGS = (".htm", ".html", ".json", ".xml", ".csv")
_MOST_FILES = 200
_EVERY = 500
_REJECTED_SHOWN = 200
_LONGEST_KEY = 1_500
_ONE_PER_ADDRESS = frozenset({"pinboard", "delicious"})
_NO_ADDRESS = re.compile(r"(?:place|javascript|data|about|chrome|vbscript|edge|opera|vivaldi|brave):", re.IGNORECASE)
_PINBOARD_NAME = re.compile(r"(?:(?:https?://)?(?:www\.)?pinboard\.in/)?(?:u:)?([\w-]{1,60})/?", re.IGNORECASE)


def _ask() -> Ask:
    """Without the name, the same bookmarks would come a second time when Pinboard itself is read."""
    return Ask(name=WHO, question=say("Whose bookmarks on Pinboard are these? The file does not say it; give the name, as in pinboard.in/u:name."), choices=())
_TITLES = {"pinboard": "Pinboard bookmarks", "delicious": "Delicious bookmarks", "raindrop": "Raindrop.io bookmarks"}


class Bookmarks:
    """FileSource for bookmarks of browsers and of the places that keep them."""

    name = "bookmarks"
    title = "Bookmarks"
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """By how a file begins; in a folder or zip, by the files that begin so."""
        try:
            with open_container(path) as box:
                found = members(box)
                if not found:
                    return None
                places = {form.place for form in found.values()}
                users = {form.user for form in found.values()}
                certainty = 0.95 if box.single else 0.85 if len(found) * 2 > len(box.names()) else 0.35
        except (UnreadableFile, OSError):
            return None
        (place,) = places if len(places) == 1 else (PLACE,)
        owner = next(iter(users)) if len(users) == 1 else ""
        return Recognised(
            format=self.name, title=_TITLES.get(place, self.title), place=place, certainty=certainty, owner=owner, asks=(_ask(),) if _is_nameless(found) else ()
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Whose they are, then each bookmark, file by file. Raises UnreadableFile if there is none, and with the question if
        nobody says whose they are on Pinboard."""
        with open_container(path) as box:
            found = members(box)
            if not found:
                raise UnreadableFile(
                    say("“{name}” holds no bookmarks. Nothing was brought in. Choose the file that the browser or the place exported.", name=path.name), source=self.name
                )
            me = options.me.strip() or options.answers.get(WHO, "").strip()
            if _is_nameless(found) and not pinboard_name(me):
                raise unanswered(_ask(), self.name)
            yield from _Reading(box, found, me).facts()


def pinboard_name(typed: str) -> str:
    """Somebody's name on Pinboard, as it is or in the address of their page; "" for what is none."""
    found = _PINBOARD_NAME.fullmatch(typed.strip())
    return found[1] if found else ""


def _is_nameless(found: dict[str, Form]) -> bool:
    return any(form.place == "pinboard" and not form.user for form in found.values())


def members(box: Container) -> dict[str, Form]:
    """The files with bookmarks in a container, each with how it is written."""
    names = [name for name in box.names() if box.single or name.lower().endswith(_ENDINGS)][:_MOST_FILES]
    return {name: form for name in names if (form := form_of(box, name)) is not None}


class _Reading:
    """One pass over the files."""

    def __init__(self, box: Container, found: dict[str, Form], me: str) -> None:
        self._box, self._found, self._me = box, found, me
        self._told: set[Key] = set()
        self._seen = Seen()
        self._total = sum(box.size(name) for name in found)

    def facts(self) -> Iterator[Fact | Progress]:
        done = 0
        yield Progress(done=0, total=self._total)
        for name, form in self._found.items():
            owner = self._owner(form)
            if owner.key not in self._told:
                self._told.add(owner.key)
                yield owner
            yield from self._file(name, form, owner.key, done)
            done += self._box.size(name)
            yield Progress(done=done, total=self._total)

    def _owner(self, form: Form) -> Profile:
        return owner_of(form.place, form.user or (pinboard_name(self._me) if form.place in _ONE_PER_ADDRESS else ""))

    def _file(self, name: str, form: Form, owner: Key, before: int) -> Iterator[Fact | Progress]:
        label = name if not self._box.single else PurePosixPath(name).name
        count: Counter[str] = Counter()
        try:
            for number, (done, one) in enumerate(marks(self._box, name, form), start=1):
                if number % _EVERY == 0:
                    yield Progress(done=before + min(done, self._box.size(name)), total=self._total)
                if isinstance(one, Rejected):
                    count["broken"] += 1
                    if count["broken"] <= _REJECTED_SHOWN:
                        yield one
                elif _NO_ADDRESS.match(one.href):
                    count["inner"] += 1
                else:
                    made = activity_of(one, form.place, owner)
                    if self._seen.count("\n".join(made.key)) == 1:
                        yield made
        except UnreadableFile as e:
            yield Rejected(where=label, reason=str(e))
        if count["broken"] > _REJECTED_SHOWN:
            yield Rejected(where=label, reason=say("{count} more bookmarks could not be read.", count=count["broken"] - _REJECTED_SHOWN))
        if count["inner"]:
            yield Rejected(where=label, reason=say("Left out: searches, pages and scripts of the browser itself ({count}).", count=count["inner"]))


def owner_of(place: str, user: str) -> Profile:
    """Where followed bookmarks of a place have a key, the owner's is made the same way. user: "" if nobody tells."""
    page = f"https://pinboard.in/u:{user.lower()}" if user and place == "pinboard" else ""
    return Profile(key=Key(place, page or user.casefold() or "me"), handle=user, url=page, is_owner=True)


def activity_of(one: Mark, place: str, owner: Key) -> Activity:
    """What a bookmark is here, whether a file or the place itself tells it."""
    web = one.href if re.match(r"(?i)(?:https?|ftp)://[^\s]", one.href) else ""
    # What a browser keeps, nobody else sees; the places say of each whether it is shown.
    private = one.private if one.private is not None else True
    return Activity(
        key=Key(place, _key(one, place, owner)), actor=owner, kind=Kind.BOOKMARK, published=one.added,
        precision=Precision.SECOND if one.added else Precision.UNKNOWN, title=one.title, text=one.note, url=one_line(web, 4_000),
        audience=Audience.PRIVATE if private else Audience.PUBLIC,
        extra=pairs(tags=", ".join(one.tags), folder=one_line(one.folder, 500), link="" if web else one_line(one.href, 2_000), to_read="yes" if one.to_read else ""),
    )  # fmt: skip


def _key(one: Mark, place: str, owner: Key) -> str:
    if one.id:
        return f"{owner.native_id}#{one.id}"
    href = one_line(one.href, 1 << 20)
    if len(href) > _LONGEST_KEY:
        href = f"{href[:200]}…{hashlib.sha256(href.encode()).hexdigest()[:32]}"
    when = f"@{int(one.added.timestamp())}" if one.added and place not in _ONE_PER_ADDRESS else ""
    return f"{owner.native_id}#{href}{when}"
