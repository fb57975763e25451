"""Comments and answers through the places that have no keys for a second try: from what was read to what is out, what the next reading makes of
it, and what is in doubt. Each place is a server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relationdesk.derived import Direction
from relationdesk.errors import UserMistake
from relationdesk.model import Key, Login
from relationdesk.outgoing import Deed, Entry, State
from relationdesk.services import agenda, engaging, outbox, people, sending, sync
from relationdesk.services import logins as ways
from relationdesk.sources.door import Door
from relationdesk.store import activities, logins
from relationdesk.store.database import Desk, open_memory, transaction
from tests.taking import Place, serve
from tests.taking_forum import Forum
from tests.taking_forum import login_at as forum_login
from tests.taking_hub import Hub
from tests.taking_hub import login_at as hub_login
from tests.taking_lab import Lab
from tests.taking_lab import login_at as lab_login


@dataclass(frozen=True)
class World:
    """A place, and in it: what Joe asked me, how it is called, with what it is answered; a key that may only read."""

    make: Callable[[], Place]
    login: Callable[[Any], Login]
    asked: str  # native id without the server
    deed: Deed
    reads_only: frozenset[str]


WORLDS = {
    "github": World(make=Hub, login=hub_login, asked="comment:41", deed=Deed.COMMENT, reads_only=frozenset({"notifications"})),
    "gitlab": World(make=Lab, login=lab_login, asked="note:41", deed=Deed.COMMENT, reads_only=frozenset({"read_api"})),
    "discourse": World(make=Forum, login=forum_login, asked="post:41", deed=Deed.REPLY, reads_only=frozenset({"read", "session_info"})),
}  # fmt: skip


class At:
    def __init__(self, world: World, place: Place) -> None:
        self.world, self.place, self.passed = world, place, timedelta()
        self.db: Desk = open_memory()
        with transaction(self.db):
            found = logins.get(self.db, logins.save(self.db, world.login(place)))
        assert found is not None
        self.login = found
        self.read()
        me = self.db.execute("SELECT person_id FROM profiles WHERE is_owner").fetchone()
        people.set_me(self.db, me[0], self())
        ways.follow(self.db, self.login.id, "joe", self, door=self.door)
        self.read()
        host = place.base.removeprefix("http://")
        self.asked = Key(found.place, f"{world.asked}@{host}")
        item = activities.by_key(self.db, self.asked)
        assert item is not None and item.activity is not None, "Joe's words were not read"
        self.joe = int(self.db.execute("SELECT person_id FROM profiles WHERE native_id = ?", (item.activity.actor.native_id,)).fetchone()[0])

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed

    def door(self, *_: Any) -> Door:
        return Door(allowed_hosts=frozenset({self.place.base.removeprefix("http://")}))

    def read(self) -> None:
        done = sync.sync(self.db, self.login, "k3y", self.door(), self)
        assert done.failures == ()

    def choice(self) -> engaging.Choice:
        (choice,) = engaging.subject(self.db, self.joe, [self.asked], self()).choices
        return choice

    def say(self, text: str) -> Entry:
        entry, _ = engaging.send(self.db, "", engaging.new_of(self.joe, self.choice(), text), self(), hold_s=0)
        self.run()
        return self.entry(entry.uid)

    def run(self) -> sending.Sent:
        return sending.run(self.db, self, door=self.door)

    def entry(self, uid: str) -> Entry:
        found = outbox.get(self.db, uid)
        assert found is not None
        return found

    def count(self) -> int:
        return int(self.db.execute("SELECT count(*) FROM activities").fetchone()[0])

    def rules(self) -> set[str]:
        return {prompt.rule for prompt in agenda.of_person(self.db, self.joe, self()) if not prompt.why_not}


@pytest.fixture(params=list(WORLDS))
def at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    world = WORLDS[request.param]
    monkeypatch.setattr(sending.ways, "token_of", lambda login: "k3y")
    with serve(world.make()) as place:
        yield At(world, place)


def test_out_it_is_mine_settles_the_prompt_and_the_next_reading_doubles_nothing(at: At) -> None:
    assert "awaiting_reply" in at.rules()
    entry = at.say("It does not any more, see #12. @joe")
    assert (entry.state, entry.failure) == (State.SENT, "") and at.place.took == ["It does not any more, see #12. @joe"]
    assert entry.key is not None and entry.url.startswith(at.place.base)
    item = activities.by_key(at.db, entry.key)
    assert item is not None and item.activity is not None and item.direction is Direction.OUT and "any more, see #12. @joe" in item.activity.text
    assert "awaiting_reply" not in at.rules()
    before = at.count()
    at.passed = timedelta(days=1, hours=1)
    at.read()
    assert at.count() == before and "awaiting_reply" not in at.rules()
    after = activities.by_key(at.db, entry.key)
    assert after is not None and after.activity is not None and after.activity.text == item.activity.text and after.activity.title == item.activity.title
    assert (after.activity.in_reply_to, after.activity.thread, after.activity.url) == (item.activity.in_reply_to, item.activity.thread, item.activity.url)
    assert after.activity.published == item.activity.published and after.activity.audience is item.activity.audience


@pytest.mark.parametrize("lost", ["cut", "gone"])
def test_an_answer_that_is_lost_is_asked_for_and_never_doubles_it(at: At, lost: str) -> None:
    at.place.says = [lost]
    entry = at.say("Once, and once only, please")
    assert entry.state is State.SENDING and entry.unsure
    at.passed = timedelta(seconds=5)
    at.run()
    assert at.entry(entry.uid).state is State.SENDING
    at.passed = sending.SETTLE * 2
    at.run()
    assert at.entry(entry.uid).state is State.SENT and at.place.took == ["Once, and once only, please"]


def test_of_two_alike_the_second_is_in_doubt_and_goes_out(at: At) -> None:
    first = at.say("Thank you very much, Joe")
    at.place.says = ["gone"]
    second = at.say("Thank you very much, Joe")
    at.passed = sending.SETTLE * 2
    at.run()
    assert at.entry(second.uid).state is State.SENT and len(at.place.took) == 2 and at.entry(second.uid).key != first.key


def test_a_like_is_there_once_also_from_two_desks(at: At) -> None:
    (way,) = (way for way in outbox.ways(at.db, at.asked) if way.may.deed is Deed.LIKE)
    new = outbox.New(person_id=at.joe, place=at.asked.place, deed=Deed.LIKE, login=way.login.secret_name, towards=at.asked)
    for desk in ("one", "the other, which knows nothing of it"):
        found = engaging.send(at.db, "", new, at())
        at.passed += timedelta(minutes=1)
        at.run()
        assert at.entry(found[0].uid).state is State.SENT, desk
        with pytest.raises(UserMistake, match="liked this already"):
            engaging.send(at.db, "", new, at())
        if desk == "one":
            at.db.execute("DELETE FROM outbox")
    assert at.db.execute("SELECT count(*) FROM activities a JOIN kinds k ON k.id = a.kind WHERE k.name = 'reaction'").fetchone() == (1,)


def test_a_key_that_may_only_read_is_said_before_a_word_is_typed(at: At) -> None:
    entry, _ = outbox.put(at.db, engaging.new_of(at.joe, at.choice(), "Kept"), at())
    with transaction(at.db):
        logins.save(at.db, replace(at.login, rights=at.world.reads_only))
    choice = at.choice()
    assert choice.way is None and "may only read" in choice.hint and choice.page("").startswith(at.place.base)
    assert isinstance(engaging.one_press(at.db, at.joe, at.asked, Deed.LIKE, at()), str)
    with pytest.raises(UserMistake, match=r"may only read.*words are kept"):
        outbox.send(at.db, entry.uid, at())
    assert at.entry(entry.uid).text == "Kept" and at.place.took == []


def test_a_refusal_keeps_the_words_and_the_rest_goes_on(at: At) -> None:
    at.place.says = [(422, {"message": "Too short", "errors": ["Too short"]})]
    refused = at.say("This one is refused")
    assert refused.state is State.FAILED and "Too short" in refused.failure and refused.text == "This one is refused" and not refused.unsure
    assert at.say("This one is not refused").state is State.SENT


def test_asked_to_wait_it_goes_out_by_itself(at: At) -> None:
    at.place.says = [(429, {"message": "Slow down"}, {"Retry-After": "900"})]
    entry = at.say("After a while it is there")
    assert entry.state is State.WAITING and not entry.unsure and "wait" in entry.failure and at.place.took == []
    at.passed = timedelta(minutes=14)
    at.run()
    assert at.place.took == []
    at.passed = timedelta(minutes=16)
    at.run()
    assert at.entry(entry.uid).state is State.SENT


@pytest.mark.parametrize("at", ["discourse"], indirect=True)
def test_what_moderators_let_through_later_is_said_and_arrives_once(at: At) -> None:
    assert isinstance(at.place, Forum)
    at.place.gated = True
    entry = at.say("It does not any more, Joe")
    assert entry.state is State.SENT and "moderators" in entry.failure and activities.by_key(at.db, entry.key or at.asked) is None
    assert "awaiting_reply" in at.rules(), "nobody has read it yet"
    at.place.pending, at.place.gated = [], False
    at.place._add(950, 100, "It does not any more, Joe", 31, 4, answers=2)
    at.passed = timedelta(hours=1)
    at.read()
    assert at.db.execute("SELECT count(*) FROM activities WHERE text = 'It does not any more, Joe'").fetchone() == (1,) and "awaiting_reply" not in at.rules()
