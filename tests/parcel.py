"""A file source for tests of what surrounds every source: it has parts, asks two questions, and reads several files as one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
)
from relationdesk.services import importing, recognising
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import Ask, Options, Part, Recognised
from relationdesk.sources.container import Container, open_container

PEOPLE = Part(name="people", title="people")
LETTERS = Part(name="letters", title="letters", count=1204)
CLUBS = Part(name="clubs", title="clubs", wanted=False)


class Parcel:
    """Lines "who: words" in members whose names begin with a part; the first line of "parcel.txt" names who took part."""

    name = "parcel"
    title = "Parcel"
    place = "parcel"

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                if "parcel.txt" not in box:
                    return None
                with box.open("parcel.txt") as stream:
                    names, _, owner = stream.readline().decode().strip().partition(" | ")
        except (UnreadableFile, OSError):
            return None
        people = tuple((name, name) for name in names.split(", ")) if names else ()
        who = Ask(name="me", question="Which of these are you?", choices=(*people, ("-", "None of these")))
        order = Ask(name="order", question=f"Which day is 1/2 for {names[:20]}?", choices=(("day", "1 February"), ("month", "2 January")))
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.97, owner=owner, parts=(PEOPLE, LETTERS, CLUBS),
            asks=() if owner else (who, order),
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        seen = self.recognise(path)
        assert seen is not None
        if not seen.owner and not (options.me and options.answers.get("order")):
            raise UnreadableFile("Which of these are you?")
        me = Profile(key=Key("parcel", "me"), display_name=seen.owner or options.me, is_owner=True)
        day = datetime(2026, *((2, 1) if options.answers.get("order") == "day" else (1, 2)), tzinfo=UTC)
        with open_container(path) as box:
            yield me
            for part in (PEOPLE, LETTERS, CLUBS):
                if options.wants(part):
                    yield from _lines(box, part, me, day)


def _lines(box: Container, part: Part, me: Profile, day: datetime) -> Iterator[Fact | Progress]:
    for name in box.names():
        if not name.startswith(part.name):
            continue
        with box.open(name) as stream:
            for number, line in enumerate(stream.read().decode().splitlines(), start=1):
                who, colon, words = line.partition(": ")
                if not colon:
                    yield Rejected(where=f"{name} line {number}", reason="This line has no words.")
                    continue
                them = Profile(key=Key("parcel", who), display_name=who, company=words if part is PEOPLE else "", known=True)
                yield them
                if part is not PEOPLE:
                    yield Activity(
                        key=Key("parcel", f"{who}/{words}"), actor=them.key, kind=Kind.MESSAGE, published=day, precision=Precision.DAY,
                        audience=Audience.PRIVATE, text=words, participants=(Participant(profile=me.key, role=Role.TO),),
                    )  # fmt: skip
                yield Progress(done=number, total=number)


def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among the sources, for one test."""
    every = (*FILE_SOURCES, Parcel())
    monkeypatch.setattr(recognising, "FILE_SOURCES", every)
    assert importing.recognise


def parcel(folder: Path, head: str = "Ann, Sam", **members: str) -> Path:
    """A folder that `Parcel` reads. head: "Ann, Sam" or, if the file says whose it is, "Ann, Sam | Sam"."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "parcel.txt").write_text(head + "\n", encoding="utf-8")
    for name, text in members.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
