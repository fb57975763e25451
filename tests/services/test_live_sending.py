"""A real server with Mastodon's client API behind the outbox: what is sent arrives there, once, and is the same that a sync brings."""

from __future__ import annotations

from typing import Any

import pytest

from relationdesk.derived import Direction
from relationdesk.errors import PerhapsSent
from relationdesk.model import Audience, Login
from relationdesk.outgoing import Deed, Entry, Recipient, State
from relationdesk.services import logins, outbox, sending
from relationdesk.sources.door import Door
from relationdesk.sources.mastodon import Mastodon
from relationdesk.store.database import Desk
from tests.services.test_live_places import Clock, Server, clock, db, follow_ben, said, server, sign_in

__all__ = ["clock", "db", "server"]
pytestmark = pytest.mark.slow


def begin(db: Desk, server: Server, clock: Clock) -> tuple[Login, int]:
    server.post("ben", "Anybody with a lift that works?")
    login = sign_in(db, server, clock)
    ben = follow_ben(db, server, login, clock)
    logins.sync_one(db, login.id, clock)
    return login, ben


def post_of(db: Desk, words: str) -> Any:
    row = db.execute("SELECT l.name, a.native_id FROM activities a JOIN places l ON l.id = a.place_id WHERE a.text LIKE ?", (f"%{words}%",)).fetchone()
    from relationdesk.model import Key

    return Key(*row)


def sent(db: Desk, clock: Clock, login: Login, ben: int, deed: Deed, text: str = "", audience: Audience = Audience.PUBLIC, to: str = "") -> Entry:
    new = outbox.New(
        person_id=ben, place="mastodon", deed=deed, login=login.secret_name, towards=None if to else post_of(db, "a lift that works"), text=text,
        audience=audience, recipients=(Recipient(value=to),) if to else (),
    )  # fmt: skip
    entry = outbox.send(db, outbox.put(db, new, clock())[0].uid, clock(), hold_s=0)[0]
    sending.run(db, clock)
    found = outbox.get(db, entry.uid)
    assert found is not None
    return found


def of_ann(server: Server) -> list[dict[str, Any]]:
    me = server._call("GET", "/api/v1/accounts/verify_credentials", "ann")
    return [s for s in server._call("GET", f"/api/v1/accounts/{me['id']}/statuses", "ann") if s["account"]["username"] == "ann"]


def test_every_deed_arrives_once_and_the_sync_brings_nothing_new(db: Desk, server: Server, clock: Clock) -> None:
    login, ben = begin(db, server, clock)
    reply = sent(db, clock, login, ben, Deed.REPLY, f"@ben@localhost:{server.port} We have one & more: https://lift.example")
    assert (reply.state, reply.failure) == (State.SENT, "")
    like, boost = sent(db, clock, login, ben, Deed.LIKE), sent(db, clock, login, ben, Deed.BOOST)
    assert (like.state, boost.state) == (State.SENT, State.SENT)
    who = db.execute("SELECT native_id FROM profiles WHERE handle LIKE '@ben%' OR handle LIKE 'ben%'").fetchone()[0]
    message = sent(db, clock, login, ben, Deed.MESSAGE, "@ben Only for you", Audience.PRIVATE, to=who)
    assert (message.state, message.failure) == (State.SENT, "")
    target = server._call("GET", f"/api/v1/statuses/{post_id(server)}", "ann")
    assert target["favourited"] and target["reblogged"]
    before = set(db.execute("SELECT native_id FROM activities"))
    outs = [text for direction, text in said(db, ben) if direction is Direction.OUT]
    assert any("We have one & more" in text for text in outs) and any("Only for you" in text for text in outs)
    logins.sync_one(db, login.id, clock)
    new = {row[0] for row in set(db.execute("SELECT native_id FROM activities")) - before}
    assert [name.rpartition("/")[2] for name in new] == ["Announce"]  # snac does not tell the boost's own id when it is made, so nothing was kept of it before
    (private,) = db.execute("SELECT audience FROM activities WHERE text LIKE '%Only for you%'").fetchone()
    assert private in (1, 2)  # snac says of a direct one that it is for followers


def test_liked_and_passed_on_is_taken_back_and_given_again(db: Desk, server: Server, clock: Clock) -> None:
    login, ben = begin(db, server, clock)
    sent(db, clock, login, ben, Deed.REPLY, f"@ben@localhost:{server.port} We have one")  # before that snac knows no likes of a post
    mine = "SELECT count(*) FROM activities a JOIN kinds k ON k.id = a.kind JOIN profiles q ON q.id = a.profile_id WHERE q.is_owner AND k.name = 'reaction'"
    for again in range(2):
        given = [sent(db, clock, login, ben, deed) for deed in (Deed.LIKE, Deed.BOOST)]
        assert [(one.state, one.failure) for one in given] == [(State.SENT, "")] * 2, again
        target = server._call("GET", f"/api/v1/statuses/{post_id(server)}", "ann")
        assert (target["favourited"], target["reblogged"]) == (True, True) and db.execute(mine).fetchone() == (1,)
        back = [sent(db, clock, login, ben, deed) for deed in (Deed.UNLIKE, Deed.UNBOOST)]
        assert [(one.state, one.failure) for one in back] == [(State.SENT, "")] * 2
        target = server._call("GET", f"/api/v1/statuses/{post_id(server)}", "ann")
        assert (target["favourited"], target["reblogged"]) == (False, False) and db.execute(mine).fetchone() == (0,)
    logins.sync_one(db, login.id, clock)
    assert db.execute(mine).fetchone() == (0,)


def post_id(server: Server) -> str:
    me = server._call("GET", "/api/v1/accounts/lookup?acct=ben", "ann")
    return str(server._call("GET", f"/api/v1/accounts/{me['id']}/statuses", "ann")[0]["id"])


def test_an_answer_that_is_lost_does_not_double_it(db: Desk, server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    login, ben = begin(db, server, clock)
    send = Mastodon.send

    def loses(self: Mastodon, login: Login, what: Any, token: str, door: Door) -> Any:
        send(self, login, what, token, door)
        raise PerhapsSent("It broke off.")

    with monkeypatch.context() as patch:
        patch.setattr(Mastodon, "send", loses)
        entry = sent(db, clock, login, ben, Deed.REPLY, f"@ben@localhost:{server.port} Once, and once only")
    assert entry.state is State.SENDING and entry.unsure
    clock.passed += sending.SETTLE * 2
    done = sending.run(db, clock)
    assert [e.uid for e in done.out] == [entry.uid]
    assert sum("Once, and once only" in s["content"] for s in of_ann(server)) == 1


def test_down_it_waits_and_up_again_it_goes_out(db: Desk, server: Server, clock: Clock) -> None:
    login, ben = begin(db, server, clock)
    server.down()
    entry = sent(db, clock, login, ben, Deed.REPLY, f"@ben@localhost:{server.port} We have one")
    assert entry.state is State.WAITING and "cannot be reached" in entry.failure and not entry.unsure
    server.up()
    clock.passed += sending.SETTLE * 2
    sending.run(db, clock)
    found = outbox.get(db, entry.uid)
    assert found is not None and (found.state, found.failure) == (State.SENT, "")


def test_a_key_that_was_taken_back_keeps_the_words(db: Desk, server: Server, clock: Clock) -> None:
    login, ben = begin(db, server, clock)
    for path in server.folder.rglob("*.json"):
        if path.parent.name == "token":
            path.unlink()
    entry = sent(db, clock, login, ben, Deed.REPLY, "Kept")
    assert entry.state in (State.FAILED, State.WAITING) and entry.text == "Kept" and entry.failure
