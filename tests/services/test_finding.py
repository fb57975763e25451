"""People of the desk are looked up only where asked: what would be sent is told first, nothing else is asked, and strangers are not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Login
from relationdesk.services import finding, people
from relationdesk.services.finding import Plan
from relationdesk.sources.door import Door
from relationdesk.store import allowances, buckets, logins, profiles
from relationdesk.store.allowances import Used
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, bring, person_id, state, who

JOE = who("Joe Brown", "contacts", "joe", mail="joe@alder.example", web="https://joe.example/")
ANN = who("Ann Example", "x", "ann-example", handle="annexample", mail="ann@gmail.com")
ROSA = who("Rosa Nowak", "mastodon", "https://hotel.example/users/rosa", handle="rosanowak@hotel.example", web="https://github.com/rosa-n")
TWO = (who("Kim Lee", "contacts", "kim", mail="kim@firm.example"), who("Lou Lee", "contacts", "lou", mail="lou@firm.example"), who("Desk", "contacts", "desk", mail="info@alder.example"))
ME = who("Sam Carter", "mail", "sam@carter.example", owner=True, mail="sam@carter.example")
PROFILE = "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile"


def clock() -> datetime:
    return NOW


class Net:
    """A web in memory behind the real door; asked: (host, what) in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, Any] = {}

    def door(self, private: frozenset[str], stop: Callable[[], bool], only: frozenset[str]) -> Door:
        return Door(allowed_hosts=private, only=only, transport=httpx.MockTransport(self._answer), stop=stop)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        what = request.url.params.get("actor") or request.url.path
        self.asked.append((request.url.host, what))
        found = self.answers.get(what)
        if isinstance(found, httpx.Response | Exception):
            if isinstance(found, Exception):
                raise found
            return found
        if found is None:
            return httpx.Response(400, json={"error": "InvalidRequest", "message": "Profile not found"}) if "bsky" in request.url.host else httpx.Response(404, json={})
        return httpx.Response(200, json=found)


@pytest.fixture
def db() -> Iterator[Desk]:
    made = open_memory()
    bring(made, (ME, JOE, ANN, ROSA, *TWO))
    yield made


@pytest.fixture
def net() -> Net:
    return Net()


def sent(planned: Plan) -> dict[str, str]:
    return {question.sent: question.person.name for question in planned.questions}


def look(db: Desk, net: Net, place: str, **more: Any) -> finding.Looked:
    planned = finding.plan(db, place)
    return finding.look(db, planned, frozenset(host for host, _ in planned.hosts), clock, door=net.door, **more)


def test_whoever_asked_not_to_be_contacted_is_not_looked_up(db: Desk) -> None:
    people.set_no_prompts(db, person_id(db, "Joe Brown"), True, NOW)
    assert "Joe Brown" not in sent(finding.plan(db, "mastodon")).values()
    people.set_no_prompts(db, person_id(db, "Joe Brown"), False, NOW + timedelta(days=1))
    assert "Joe Brown" in sent(finding.plan(db, "mastodon")).values()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("bluesky", {"joe.example": "Joe Brown", "annexample.bsky.social": "Ann Example", "rosanowak.bsky.social": "Rosa Nowak"}),
        ("mastodon", {"@joe@alder.example": "Joe Brown", "@kim@firm.example": "Kim Lee", "@lou@firm.example": "Lou Lee"}),
        ("github", {"annexample": "Ann Example", "github.com/rosa-n": "Rosa Nowak", "rosanowak": "Rosa Nowak"}),
        ("hackernews", {"annexample": "Ann Example", "rosanowak": "Rosa Nowak"}),
    ],
)
def test_what_would_be_sent_is_told_and_nobody_is_asked(db: Desk, net: Net, place: str, expected: dict[str, str]) -> None:
    before = state(db)
    planned = finding.plan(db, place)
    assert sent(planned) == expected and state(db) == before and net.asked == []
    assert all(question.why.endswith(".") and question.possible.asks for question in planned.questions)
    assert planned.known == (place == "mastodon")


def test_no_provider_no_role_and_no_domain_of_several_is_asked_for_somebody(db: Desk) -> None:
    words = " ".join(sent(finding.plan(db, "bluesky"))) + " ".join(sent(finding.plan(db, "mastodon")))
    assert "gmail" not in words and "info@" not in words and "firm.example" not in " ".join(sent(finding.plan(db, "bluesky"))) and "carter" not in words


def test_only_those_who_are_meant(db: Desk) -> None:
    with transaction(db):
        db.execute("INSERT INTO companies(uid, name, is_key, made_at) VALUES ('c', 'Alder', 1, 0)")
        db.execute("UPDATE people SET company_id = 1 WHERE id = ?", (person_id(db, "Joe Brown"),))
    assert set(sent(finding.plan(db, "mastodon", whom="key"))) == {"@joe@alder.example"}
    people.make_bucket(db, "Close", NOW)
    bucket = buckets.by_name(db, "Close")
    assert bucket is not None
    people.set_in_bucket(db, bucket.id, (person_id(db, "Kim Lee"),), True, NOW)
    assert set(sent(finding.plan(db, "mastodon", whom="Close"))) == {"@kim@firm.example"}
    with pytest.raises(UserMistake, match="no bucket"):
        finding.plan(db, "mastodon", whom="Nothing")
    with pytest.raises(UserMistake, match="Facebook offers no way"):
        finding.plan(db, "facebook")


def test_who_is_found_is_proposed_with_what_speaks_for_it_and_strangers_are_not_kept(db: Desk, net: Net) -> None:
    net.answers |= {
        "joe.example": {"did": "did:plc:joe", "handle": "joe.example", "displayName": "Joe Brown", "description": "Facilities"},
        "annexample.bsky.social": {"did": "did:plc:other", "handle": "annexample.bsky.social", "displayName": "Zacharias Quince"},
    }
    before = state(db)
    looked = look(db, net, "bluesky")
    assert state(db) == before and {host for host, _ in net.asked} <= {"public.api.bsky.app", "plc.directory"}
    assert [(hit.person.name, hit.met.profile.key.native_id) for hit in looked.hits] == [("Joe Brown", "did:plc:joe")]
    assert looked.hits[0].candidate.sentence and looked.asked == 3 and looked.strangers == 1
    waiting, _ = finding.propose(db, looked.hits, NOW)
    stored = profiles.by_key(db, looked.hits[0].met.profile.key)
    assert stored is not None and (waiting, stored.person_id) in ((1, None), (0, person_id(db, "Joe Brown")))
    assert db.execute("SELECT count(*) FROM profiles WHERE native_id = 'did:plc:other'").fetchone() == (0,)
    assert logins.every(db) == (), "nobody is followed by that"


@pytest.mark.parametrize(("said", "found"), [({}, 1), ({"noindex": False, "discoverable": None}, 1), ({"noindex": True}, 0), ({"discoverable": False}, 0)])
def test_who_does_not_want_to_be_found_is_not_proposed(db: Desk, net: Net, said: dict[str, Any], found: int) -> None:
    page = "https://alder.example/@joe"
    joe = {"id": "7", "username": "joe", "acct": "joe", "url": page, "uri": "https://alder.example/users/joe", "display_name": "Joe Brown", **said}
    joe["fields"] = [{"name": "Page", "value": '<a href="https://joe.example/">joe.example</a>', "verified_at": "2026-01-01T00:00:00Z"}]
    net.answers |= {"/api/v1/accounts/lookup": joe, "/api/v1/accounts/7/statuses": httpx.Response(200, json=[])}
    looked = look(db, net, "mastodon")
    assert len([hit for hit in looked.hits if hit.person.name == "Joe Brown"]) == found
    assert db.execute("SELECT count(*) FROM profiles WHERE native_id LIKE '%alder%'").fetchone() == (0,)


def test_taken_over_it_is_linked_and_followed_and_can_be_taken_back(db: Desk, net: Net) -> None:
    net.answers["joe.example"] = {"did": "did:plc:joe", "handle": "joe.example", "displayName": "Joe Brown"}
    looked = look(db, net, "bluesky")
    before = {**state(db)}
    kept, changes = finding.take_over(db, looked.hits, NOW)
    stored = profiles.by_key(db, looked.hits[0].met.profile.key)
    assert stored is not None and stored.person_id == person_id(db, "Joe Brown") == kept[0].person_id and changes.undo
    (login,) = logins.every(db)
    assert len(logins.followed(db, login.id)) == 1
    assert finding.take_over(db, looked.hits, NOW)[0] and sent(finding.plan(db, "bluesky")).get("joe.example") is None
    people.undo(db, NOW)
    people.undo(db, NOW)
    assert logins.every(db) == () and len(state(db)["profiles"]) == len(before["profiles"])


def test_a_question_that_leads_to_another_server_is_not_asked_there(db: Desk, net: Net) -> None:
    net.answers["/.well-known/webfinger"] = httpx.Response(302, headers={"location": "https://far.example/x"})
    net.answers["/api/v1/accounts/lookup"] = httpx.Response(302, headers={"location": "https://far.example/x"})
    looked = look(db, net, "mastodon")
    assert "far.example" not in {host for host, _ in net.asked} and looked.hits == ()
    assert any("far.example, which was not asked" in sentence for sentence in looked.told)


def test_it_ends_where_the_place_asks_to_wait(db: Desk, net: Net) -> None:
    net.answers["annexample.bsky.social"] = httpx.Response(429, headers={"retry-after": "120"}, json={"error": "RateLimitExceeded"})
    looked = look(db, net, "bluesky")
    assert looked.asked == 1 and len(looked.told) == 1 and looked.told[0].endswith("3 questions are left.")


def test_a_silent_server_is_not_asked_again_and_others_go_on(db: Desk, net: Net) -> None:
    net.answers |= {"/api/v1/accounts/lookup": httpx.ConnectTimeout("no"), "/.well-known/webfinger": httpx.ConnectTimeout("no")}
    looked = look(db, net, "mastodon")
    assert looked.hits == () and {host for host, _ in net.asked} == {"alder.example", "firm.example"} and looked.told


def test_what_a_place_allows_is_kept_to_and_counted(db: Desk, net: Net) -> None:
    with transaction(db):
        id_ = logins.save(db, Login(id=0, source="github", place="github", address="https://github.com"))
    login = logins.get(db, id_)
    assert login is not None
    net.answers["/users/annexample"] = {"id": 3, "login": "annexample", "type": "User", "name": "Ann Example", "html_url": "https://github.com/annexample"}
    first = look(db, net, "github")
    used = allowances.used(db, login)
    assert used is not None and used.asked == len(net.asked) > 0 and [hit.person.name for hit in first.hits] == ["Ann Example"]
    allowances.save(db, login, Used(asked=60, most=60, span=timedelta(hours=1), since=NOW, renewed=NOW + timedelta(hours=1)))
    net.asked.clear()
    looked = look(db, net, "github")
    assert net.asked == [] and looked.asked == 0 and "allows no more questions" in looked.told[0]


def test_stopped_what_was_found_is_answered(db: Desk, net: Net) -> None:
    net.answers["joe.example"] = {"did": "did:plc:joe", "handle": "joe.example", "displayName": "Joe Brown"}
    seen: list[int] = []
    looked = look(db, net, "bluesky", report=lambda p: seen.append(p.done), stop=lambda: 2 in seen)
    assert seen == [0, 1, 2] and looked.asked == 2 and looked.told[-1].startswith("Stopped. ")
    assert [hit.person.name for hit in looked.hits] == ["Joe Brown"]


def test_never_more_than_the_budget(db: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST", 2)
    planned = finding.plan(db, "mastodon")
    assert len(planned.questions) == 2 and planned.more == 1
