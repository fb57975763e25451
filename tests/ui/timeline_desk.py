"""A small desk for the tests of timelines: Joe in three places, me, a company, and somebody nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Precision, Profile, Role, pairs
from relationdesk.services import people as decisions
from relationdesk.store import database, merge, people, profiles
from relationdesk.store.database import Desk, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Context, Router, Target
from relationdesk.ui.tasks import Tasks
from relationdesk.ui.theme import Look
from tests.ui.desk import put_away

NOW = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
ME, JOE, TOOT, STRANGER = Key("mail", "sam@carter.example"), Key("mail", "joe@hotel.example"), Key("mastodon", "joe"), Key("mail", "x@who.example")


def put(db: Desk, *facts: Fact) -> None:
    """Facts into the desk, through the same staging and merge as an import."""
    with Staging(db, None, now=seconds(NOW)) as staging:
        staging.add(facts)
        merge.preview(staging)
        merge.prepare(staging)
        with transaction(db):
            merge.merge(staging, batch_id=None, now=seconds(NOW))


def mail(n: int, actor: Key = JOE, to: Key = ME, **values: Any) -> Activity:
    """Mail number n, n hours before NOW."""
    given: dict[str, Any] = {
        "kind": Kind.MAIL, "published": NOW - timedelta(hours=n), "title": f"Mail {n}", "text": f"Words of mail {n}",
        "audience": Audience.PRIVATE, "participants": (Participant(profile=to, role=Role.TO),),
    }  # fmt: skip
    return Activity(key=Key("mail", f"m{n}"), actor=actor, **{**given, **values})


def post(n: int, **values: Any) -> Activity:
    given: dict[str, Any] = {"kind": Kind.POST, "published": NOW - timedelta(hours=n), "text": f"A post, number {n}"}
    return Activity(key=Key("mastodon", f"t{n}"), actor=TOOT, **{**given, **values})


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    joe: int
    me: int
    company: int

    @property
    def file(self) -> Path:
        return self.folder / "desk.db"


def make(folder: Path, *more: Fact) -> Made:
    """The desk, closed. Joe: mails 1 to 3 (1 and 3 one conversation, 2 is mine), a post, a dated-only article."""
    db = database.open_desk(folder)
    put(
        db, Profile(key=ME, display_name="Sam Carter"), Profile(key=JOE, display_name="Joe Brown"),
        Profile(key=TOOT, handle="joeb@hotel.example", display_name="Joe Brown"), Profile(key=STRANGER, display_name="Ann Example"),
        mail(1, thread="one", in_reply_to="m3", text="Two questions wait. See https://hotel.example/plan.", extra=pairs(quoted="Old words")),
        mail(2, actor=ME, to=JOE), mail(3, thread="one"),
        post(30, url="https://hotel.example/@joe/30"), mail(5, actor=STRANGER),
        post(60, kind=Kind.ARTICLE, title="By day", precision=Precision.DAY, published=datetime(2026, 11, 3, tzinfo=UTC)),
        *more,
    )  # fmt: skip
    joe, _ = decisions.add_person(db, "Joe Brown", NOW, company="Alder & Finch Hotels", title="Director of Facilities")
    me, _ = decisions.add_person(db, "Sam Carter", NOW)
    decisions.add_person(db, "Mary Jones", NOW)
    decisions.set_me(db, me, NOW)
    for key, person in ((JOE, joe), (TOOT, joe), (ME, me)):
        stored = profiles.by_key(db, key)
        assert stored is not None
        decisions.link(db, stored.id, person, NOW)
    found = people.get(db, joe)
    db.close()
    assert found is not None and found.company_id is not None
    return Made(folder, joe, me, found.company_id)


class Desk_:
    """A context on a made desk, and what its router was asked for."""

    def __init__(self, made: Made, look: Look) -> None:
        self.made = made
        self.tasks = Tasks(made.file)
        self.context = Context(self.tasks, look, Router(), lambda: NOW)
        self.went: list[Target] = []
        self.links: list[str] = []
        self.copied: list[str] = []
        self.bugs: list[object] = []
        router = self.context.router
        router.go.connect(self.went.append)
        router.open_link.connect(self.links.append)
        router.copy.connect(self.copied.append)
        router.failed.connect(self.bugs.append)
        self.tasks.bug.connect(self.bugs.append)

    def settle(self, qtbot: Any) -> None:
        qtbot.waitUntil(lambda: not self.tasks.busy(), timeout=5000)
        assert not self.bugs


def whole_window(desk: Desk_, qtbot: Any) -> Iterator[MainWindow]:
    """The window of it, shown and settled; for a fixture to hand on."""
    made = MainWindow(desk.context)
    made.resize(1440, 900)
    made.start()
    made.show()
    desk.settle(qtbot)
    yield made
    put_away(made)
