"""GitHub step by step from a small server that behaves as the real one does: events, edits, renamings, limits, conversations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import (
    Gone,
    LoginRejected,
    RateLimited,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
    UserMistake,
)
from relationdesk.model import (
    Activity,
    AddressKind,
    Coverage,
    Fact,
    Key,
    Kind,
    Login,
    Page,
    Participant,
    Profile,
    Rejected,
    Role,
    Stream,
    Tombstone,
)
from relationdesk.sources.base import Allowance
from relationdesk.sources.conversations import MOST as MAX_THREADS
from relationdesk.sources.door import Door
from relationdesk.sources.github import GitHub
from relationdesk.sources.github_facts import Hub as Ids
from relationdesk.sources.github_facts import facts, profile_of
from relationdesk.sources.github_reading import MAX_AGAIN, PACE
from tests.hub import (
    ANN,
    API,
    JOE,
    KEY,
    NAMES,
    REPO,
    SAM,
    SPEC,
    Hub,
    comment,
    event,
    iso,
    issue,
    person,
    said,
    thread,
    user,
    wrong,
    wrong_event,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ME = Key("github", str(SAM))
JOES = Key("github", str(JOE))
PULL = {"id": 5, "number": 8, "url": f"{API}/repos/acme/press/pulls/8",
        "head": {"ref": "fix", "sha": "b" * 40, "repo": REPO}, "base": {"ref": "main", "sha": "a" * 40, "repo": REPO}}  # fmt: skip


class Desk:
    """Who follows Joe, with a key or without, and what was read so far."""

    def __init__(self, token: str = KEY) -> None:
        self.hub, self.now, self.token = Hub(), NOW, token
        self.source = GitHub(lambda: self.now)
        self.login = self.source.connect("github.com", token, self.hub.door())
        self.cursors: dict[str, str] = {}
        self.joe = Stream(name=f"events:{JOE}", address=API, profile=JOES, title="Joe")

    def pages(self, stream: Stream | None = None) -> list[Page]:
        chosen = stream or self.joe
        found: list[Page] = []
        for page in self.source.pages(self.login, chosen, self.cursors.get(chosen.name, ""), self.token, self.door()):
            self.cursors[chosen.name] = page.cursor or self.cursors.get(chosen.name, "")
            found.append(page)
        return found

    def door(self) -> Door:
        return Door(transport=self.hub.web.transport(), clock=lambda: self.now)

    def facts(self, stream: Stream | None = None) -> list[Fact]:
        return [fact for page in self.pages(stream) for fact in page.facts]

    def texts(self, stream: Stream | None = None) -> list[str]:
        return [fact.text for fact in self.facts(stream) if isinstance(fact, Activity)]

    def own(self, number: int) -> Stream:
        return self.source.streams(self.login, ())[number]

    def tomorrow(self) -> None:
        self.now += timedelta(days=1, minutes=1)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def one(happened: dict[str, Any], ids: Ids | None = None) -> Activity:
    found = facts(happened, ids or Ids(me=ME, my_name=NAMES[SAM]))
    (activity,) = [fact for fact in found if isinstance(fact, Activity)]
    assert {p.profile for p in activity.participants} | {activity.actor} <= {f.key for f in found if isinstance(f, Profile)}
    return activity


# Who we are, who they are


def test_a_key_says_who_we_are(desk: Desk) -> None:
    assert desk.login == Login(id=0, source="github", place="github", address=API, user_name="sam-carter", profile=ME, has_token=True)
    assert desk.hub.web.headers[-1]["authorization"] == f"Bearer {KEY}" and desk.hub.web.headers[-1]["x-github-api-version"] == "2026-03-10"


@pytest.mark.parametrize("typed", ["github.com", " https://github.com/joe ", "www.github.com", "api.github.com", ""])
def test_without_a_key_only_what_costs_nothing_is_asked(typed: str) -> None:
    hub = Hub()
    login = GitHub().connect(typed, "", hub.door())
    assert (login.address, login.profile, login.has_token) == (API, None, False)
    assert [address for address, _ in hub.web.asked] == [f"{API}/rate_limit"]


def test_a_firms_own_server_has_numbers_of_its_own() -> None:
    hub = Hub()
    hub.web.pages["https://code.hotel.example/api/v3/user"] = person(SAM)
    login = GitHub().connect("https://code.hotel.example", KEY, hub.door())
    assert login.address == "https://code.hotel.example/api/v3" and login.profile == Key("github", f"{SAM}@code.hotel.example")
    hub.web.pages["https://code.hotel.example/api/v3/users/joe"] = person(JOE)
    stream, profile = GitHub().follow("https://code.hotel.example/joe", login, KEY, hub.door())
    assert stream.profile == profile.key == Key("github", f"{JOE}@code.hotel.example")
    assert one(said(1), Ids(suffix="@code.hotel.example")).thread == "1#7@code.hotel.example"


@pytest.mark.parametrize("answer", [{}, [], None, {"id": 5}, "words"])
def test_what_is_no_github_is_not_connected(answer: Any) -> None:
    hub = Hub()
    hub.web.pages[f"{API}/user"] = hub.web.pages[f"{API}/rate_limit"] = answer
    for token in ("", KEY):
        with pytest.raises(UnexpectedAnswer, match="Nothing"):
            GitHub().connect("github.com", token, hub.door())


@pytest.mark.parametrize("typed", ["a b", "git hub.com", "http://[::1", "user@host:x"])
def test_what_is_no_server_is_not_asked(typed: str) -> None:
    hub = Hub()
    with pytest.raises(UserMistake, match="Nothing was changed"):
        GitHub().connect(typed, KEY, hub.door())
    assert hub.web.asked == []


def test_a_refused_key_is_said_to_be_one() -> None:
    hub = Hub()
    hub.web.status[f"{API}/user"] = httpx.Response(401, json={"message": "Bad credentials"})
    with pytest.raises(LoginRejected, match="kept"):
        GitHub().connect("github.com", "ghp_old", hub.door())


@pytest.mark.parametrize("typed", ["joe", "@joe", "https://github.com/joe", "github.com/joe/", "https://www.github.com/joe?tab=repositories"])
def test_all_spellings_of_joe(desk: Desk, typed: str) -> None:
    stream, profile = desk.source.follow(typed, desk.login, KEY, desk.hub.door())
    assert (stream.name, stream.profile, profile.known) == (f"events:{JOE}", JOES, True)


@pytest.mark.parametrize("typed", ["", "https://github.com/acme/press", "https://github.com/settings", "joe@hotel.example", "https://gitlab.com/joe", "a--/b", "-joe"])
def test_a_repository_is_nobodys_page(desk: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        desk.source.follow(typed, desk.login, KEY, desk.hub.door())
    assert desk.hub.web.count("/users/") == 0


def test_nobody_and_organisations_are_said_as_such(desk: Desk) -> None:
    with pytest.raises(UserMistake, match="Nobody called nobody"):
        desk.source.follow("nobody", desk.login, KEY, desk.hub.door())
    desk.hub.put(person(900, login="acme", type="Organization"))
    with pytest.raises(UserMistake, match="organisation"):
        desk.source.follow("acme", desk.login, KEY, desk.hub.door())


def test_a_profile_tells_what_its_page_tells(desk: Desk) -> None:
    joe = person(JOE, name="Joe Brown", bio="Valves.\r\nAnd pipes", company="@acme ", blog="joe.example", email="Joe@Hotel.example", twitter_username="joeb")
    desk.hub.put(joe, ({"provider": "linkedin", "url": "https://www.linkedin.com/in/joe-b"}, {"provider": "odd", "url": "javascript:1"}))
    _, profile = desk.source.follow("joe", desk.login, KEY, desk.hub.door())
    assert (profile.display_name, profile.bio, profile.company, profile.url) == ("Joe Brown", "Valves.\nAnd pipes", "acme", "https://github.com/joe")
    assert [(address.kind, address.value, address.vouched) for address in profile.addresses] == [
        (AddressKind.WEB, "https://joe.example", False), (AddressKind.WEB, "https://linkedin.com/in/joe-b", False),
        (AddressKind.WEB, "https://x.com/joeb", False), (AddressKind.MAIL, "joe@hotel.example", False),
    ]  # fmt: skip


def test_an_event_does_not_forget_a_real_name() -> None:
    (joe, *_), known = facts(said(1), Ids()), profile_of(person(JOE, name="Joe Brown"), Ids())
    assert isinstance(joe, Profile) and (joe.key, joe.display_name, joe.bio) == (known.key, "", "")


# What events say


def test_a_comment_answers_whoever_opened_the_issue() -> None:
    found = one(said(9, "Same here\r\n<!-- please fill in -->![the valve](https://x.example/a.png)"))
    assert (found.key.native_id, found.kind, found.title, found.text) == ("comment:9", Kind.COMMENT, "acme/press #7: Crash", "Same here\n[Image: the valve]")
    assert (found.thread, found.in_reply_to) == ("1#7", "issue:1#7") and found.url.endswith("#issuecomment-9")
    assert found.participants == (Participant(profile=Key("github", str(ANN)), role=Role.REPLY_TO),)


@pytest.mark.parametrize("words", ["@sam-carter what do you think?", "(cc @Sam-Carter)", "Ask @sam-carter."])
def test_my_name_means_me(words: str) -> None:
    assert Participant(profile=ME, role=Role.MENTIONED) in one(said(1, words)).participants


@pytest.mark.parametrize("words", ["sam-carter", "joe@sam-carter", "@sam-carter-2", "acme/@sam-carter"])
def test_what_only_looks_like_my_name_does_not(words: str) -> None:
    assert Participant(profile=ME, role=Role.MENTIONED) not in one(said(1, words)).participants


EVENTS: list[tuple[dict[str, Any], tuple[str, Kind, str, str]]] = [
    (event(1, "IssuesEvent", {"action": "opened", "issue": issue(7, JOE, body="It **drips**")}), ("issue:1#7", Kind.POST, "acme/press #7: Crash", "It **drips**")),
    (event(1, "IssuesEvent", {"action": "closed", "issue": issue()}), ("event:45000000001", Kind.OTHER, "acme/press #7: Crash", "Closed this issue")),
    (event(1, "PullRequestEvent", {"action": "opened", "number": 8, "pull_request": PULL}), ("issue:1#8", Kind.POST, "acme/press #8", "Opened this pull request")),
    (event(1, "PullRequestEvent", {"action": "merged", "number": 8, "pull_request": PULL}), ("event:45000000001", Kind.OTHER, "acme/press #8", "Merged this pull request")),
    (event(1, "WatchEvent", {"action": "started"}), (f"star:{JOE}:1", Kind.REACTION, "acme/press", "")),
    (event(1, "CreateEvent", {"ref": "v2", "ref_type": "tag", "full_ref": "refs/tags/v2", "master_branch": "main", "pusher_type": "user"}),
     ("event:45000000001", Kind.OTHER, "acme/press", "Made the tag v2")),
    (event(1, "DeleteEvent", {"ref": "fix", "ref_type": "branch", "full_ref": "refs/heads/fix", "pusher_type": "user"}), ("event:45000000001", Kind.OTHER, "acme/press", "Deleted the branch fix")),
    (event(1, "PublicEvent", {}), ("event:45000000001", Kind.OTHER, "acme/press", "Made this repository public")),
    (event(1, "MemberEvent", {"action": "added", "member": user(ANN)}), ("event:45000000001", Kind.OTHER, "acme/press", "Added ann as a member")),
    (event(1, "GollumEvent", {"pages": [{"page_name": "Home", "title": "Home", "summary": None, "action": "created", "sha": "a", "html_url": "https://github.com/x"}]}),
     ("event:45000000001", Kind.OTHER, "acme/press", "Wrote in the wiki\ncreated: Home")),
    (event(1, "PushEvent", {"repository_id": 1, "push_id": 2, "ref": "refs/heads/main", "head": "b" * 40, "before": "a" * 40}), ("push:2", Kind.OTHER, "acme/press", "Pushed to main")),
]  # fmt: skip


@pytest.mark.parametrize(("happened", "expected"), EVENTS, ids=[f"{e['type']} {e['payload'].get('action', '')}" for e, _ in EVENTS])
def test_each_kind_of_event(happened: dict[str, Any], expected: tuple[str, Kind, str, str]) -> None:
    found = one(happened)
    assert (found.key.native_id, found.kind, found.title, found.text) == expected
    assert found.actor == JOES and found.published == datetime(2026, 11, 1, 8, 1, tzinfo=UTC)


def test_an_old_push_still_has_its_commits() -> None:
    """Recordings from before late 2025 have them; today's events do not."""
    commit = {"sha": "c", "message": "Fix the valve\n\nlong", "author": {"name": "Joe", "email": "joe@home.example"}}
    pushed = event(1, "PushEvent", {"push_id": 3, "ref": "refs/heads/a/b", "size": 1, "commits": [commit]})
    found = one(pushed)
    assert "home.example" not in repr(facts(pushed, Ids())), "whoever hides their address does not show it by a commit"
    assert found.text == "Pushed to a/b\nFix the valve" and found.url == "https://github.com/acme/press"


def test_a_review_says_its_verdict_and_an_empty_one_nothing() -> None:
    review = {"id": 4, "state": "approved", "body": None, "html_url": "https://github.com/r", "submitted_at": iso(3), "user": user(JOE)}
    payload = {"action": "created", "review": review, "pull_request": {**PULL, "user": user(SAM)}}
    found = one(event(3, "PullRequestReviewEvent", payload))
    assert (found.key.native_id, found.text, found.thread) == ("review:4", "Approved", "1#8")
    assert found.participants == (Participant(profile=ME, role=Role.REPLY_TO),)
    assert facts(event(3, "PullRequestReviewEvent", {**payload, "review": {**review, "state": "commented"}}), Ids()) == ()


def test_a_star_for_what_is_mine_is_towards_me() -> None:
    mine = {"id": 5, "name": "Sam-Carter/gauge", "url": ""}
    assert one(event(1, "WatchEvent", {"action": "started"}, repo=mine)).participants == (Participant(profile=ME, role=Role.SUBJECT),)
    assert one(event(1, "WatchEvent", {"action": "started"})).participants == ()


@pytest.mark.parametrize("odd", [
    {"actor": None}, {"actor": {"login": "joe"}}, {"repo": []}, {"created_at": None}, {"id": None, "actor": 5},
])  # fmt: skip
def test_an_unreadable_event_is_one_rejected(odd: dict[str, Any]) -> None:
    (found,) = facts({**said(1), **odd}, Ids())
    assert isinstance(found, Rejected) and found.where.startswith("GitHub event")


@pytest.mark.parametrize("kind", ["SponsorshipEvent", "", "WatchEvent2"])
def test_unknown_kinds_say_nothing(kind: str) -> None:
    assert facts(event(1, kind, {"action": "created"}), Ids()) == ()


@pytest.mark.parametrize("kind", [e["type"] for e, _ in EVENTS] + ["IssueCommentEvent", "PullRequestReviewEvent", "DiscussionEvent", "ReleaseEvent", "ForkEvent"])
@pytest.mark.parametrize("payload", [{}, None, [], {"issue": 5, "comment": []}, {"comment": {"id": {}}}, {"action": "opened", "issue": {"number": "x", "title": ["a"]}}])
def test_a_payload_of_another_shape_hurts_nobody(kind: str, payload: Any) -> None:
    assert all(isinstance(fact, Profile | Activity | Rejected) for fact in facts(event(1, kind, payload), Ids(me=ME, my_name="sam-carter")))


# Reading on


def test_the_first_reading_takes_what_there_is_and_says_how_far_back(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(2), said(1)]
    found = desk.facts()
    assert isinstance(found[0], Profile) and found[0].handle == "joe"
    assert [fact.text for fact in found if isinstance(fact, Activity)] == ["Words 1", "Words 2"]
    assert found[-1] == Coverage(place="github", profile=JOES, since=NOW - timedelta(days=30), until=NOW)


def test_three_hundred_events_are_all_that_is_given(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(n) for n in range(400, 0, -1)]
    found = desk.facts()
    assert len([fact for fact in found if isinstance(fact, Activity)]) == 300
    coverage = [fact for fact in found if isinstance(fact, Coverage)]
    assert coverage[-1].since == datetime(2026, 11, 1, 8, 0, tzinfo=UTC) + timedelta(minutes=101)


def test_nothing_new_costs_nothing(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(1)]
    desk.facts()
    desk.now += timedelta(minutes=30)
    (page,) = desk.pages()
    assert page.unchanged and page.facts == () and "if-none-match" in desk.hub.web.headers[-1]
    desk.hub.events["joe"].insert(0, said(2))
    assert desk.texts() == ["Words 2"]
    (page,) = desk.pages()
    assert page.unchanged


def test_it_is_asked_in_the_form_it_names_for_as_much_as_it_gives(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(1)]
    desk.facts()
    assert {headers["accept"] for headers in desk.hub.web.headers} == {"application/vnd.github+json"}
    assert all(headers["user-agent"] for headers in desk.hub.web.headers)
    assert [query["per_page"] for address, query in desk.hub.web.asked if address.endswith("/events/public")] == ["100"]


def test_nothing_new_is_not_counted_with_a_key_and_is_without_one() -> None:
    with_key, without = Desk(), Desk(token="")
    assert with_key.source.allowance(with_key.login) == Allowance(most=5_000, span=timedelta(hours=1), unchanged_is_free=True)
    assert without.source.allowance(without.login) == Allowance(most=60, span=timedelta(hours=1))


def test_more_than_a_page_of_news_is_read_to_what_is_known(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(1)]
    desk.facts()
    desk.hub.events["joe"] = [said(n) for n in range(150, 0, -1)]
    assert {f"Words {n}" for n in range(2, 151)} <= set(desk.texts())


def test_without_a_key_nobody_is_asked_more_often_than_the_allowance_bears() -> None:
    desk = Desk(token="")
    desk.hub.events["joe"] = [said(1)]
    assert desk.texts() == ["Words 1"]
    asked = len(desk.hub.web.asked)
    desk.now += PACE - timedelta(minutes=1)
    desk.hub.events["joe"].insert(0, said(2))
    assert desk.pages() == [] and len(desk.hub.web.asked) == asked
    desk.now += timedelta(minutes=1)
    assert desk.texts() == ["Words 2"]


def test_a_new_name_is_found_by_the_number(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(1)]
    desk.facts()
    desk.hub.leave(JOE, "joe")
    desk.hub.put(person(JOE, login="joe-brown"))
    desk.hub.events["joe-brown"] = [said(2), said(1)]
    found = desk.facts()
    assert next(fact.handle for fact in found if isinstance(fact, Profile)) == "joe-brown" and "Words 2" in [f.text for f in found if isinstance(f, Activity)]


def test_somebody_else_under_the_old_name_is_not_believed(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(1)]
    desk.facts()
    desk.hub.put(person(JOE, login="joe-brown"))
    desk.hub.put(person(ANN, login="joe"))
    desk.hub.events["joe"] = [event(5, "WatchEvent", {"action": "started"}, ANN)]
    desk.hub.events["joe-brown"] = [said(2), said(1)]
    assert desk.texts()[-1] == "Words 2" and not any(fact.actor != JOES for fact in desk.facts() if isinstance(fact, Activity))


def test_a_deleted_profile_is_a_sentence_and_withdraws_nothing(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(1)]
    desk.facts()
    desk.hub.leave(JOE, "joe")
    with pytest.raises(Gone, match="kept"):
        desk.facts()


def test_edited_and_withdrawn_comments_are_met_the_next_day(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(n) for n in range(34_503, 34_500, -1)]  # of the last hours
    desk.facts()
    comments = f"{API}/repos/acme/press/issues/comments"
    desk.hub.web.pages[f"{comments}/34503"] = comment(34_503)
    desk.hub.web.pages[f"{comments}/34502"] = comment(34_502, "Better words", updated_at=iso(34_600))
    assert desk.texts() == []  # once a day is enough
    desk.tomorrow()
    found = desk.facts()
    assert [(f.key.native_id, f.text, dict(f.extra)) for f in found if isinstance(f, Activity)] == [("comment:34502", "Better words", {"edited": iso(34_600)})]
    assert [fact for fact in found if isinstance(fact, Tombstone)] == [Tombstone(key=Key("github", "comment:34501"))]


def test_a_repository_that_was_closed_withdraws_nothing(desk: Desk) -> None:
    desk.hub.events["joe"] = [said(34_501)]
    desk.facts()
    del desk.hub.web.pages[f"{API}/repos/acme/press"]
    desk.tomorrow()
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)]


def test_few_comments_are_asked_again_and_none_without_a_key() -> None:
    for token, most in ((KEY, MAX_AGAIN), ("", 0)):
        desk = Desk(token)
        desk.hub.events["joe"] = [said(n) for n in range(34_550, 34_500, -1)]
        desk.facts()
        desk.tomorrow()
        desk.facts()
        assert desk.hub.web.count("/issues/comments/") == most


# Limits and refusals


@pytest.mark.parametrize(("headers", "words", "until"), [
    ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int((NOW + PACE + timedelta(minutes=40)).timestamp()))}, "API rate limit exceeded", 40),
    ({"retry-after": "1200"}, "You have exceeded a secondary rate limit", 20),
    ({}, "You have exceeded a secondary rate limit and have been temporarily blocked", 15),
])  # fmt: skip
@pytest.mark.parametrize("status", [403, 429])
def test_both_kinds_of_limits_are_waits_and_not_refusals(status: int, headers: dict[str, str], words: str, until: int) -> None:
    for token in ("", KEY):
        desk = Desk(token)
        desk.facts()
        desk.hub.web.status[f"{API}/users/joe/events/public"] = httpx.Response(status, json={"message": words}, headers=headers)
        desk.now += PACE
        with pytest.raises(RateLimited) as caught:
            desk.pages()
        assert caught.value.until == desk.now + timedelta(minutes=until)


def test_what_a_key_may_not_read_is_no_reason_to_doubt_it(desk: Desk) -> None:
    desk.facts()
    desk.hub.web.status[f"{API}/users/joe/events/public"] = httpx.Response(403, json={"message": "Resource not accessible by personal access token"})
    with pytest.raises(SourceUnavailable, match="our key"):
        desk.facts()


@pytest.mark.parametrize("answer", [
    httpx.Response(200, json={}), httpx.Response(200, text="<html>"), httpx.Response(304), httpx.Response(500), httpx.Response(204), httpx.Response(451),
])  # fmt: skip
def test_nonsense_is_a_sentence(desk: Desk, answer: httpx.Response) -> None:
    desk.hub.web.status[f"{API}/users/joe/events/public"] = answer
    with pytest.raises(SourceError, match=r"kept|Nothing"):
        desk.facts()


# My own, and what is said to me


def test_my_own_come_with_a_key_only(desk: Desk) -> None:
    desk.hub.events["sam-carter"] = [said(1) | {"actor": event(1, "PublicEvent", {}, SAM)["actor"]}]
    found = desk.facts(desk.own(0))
    assert isinstance(found[0], Profile) and found[0].is_owner and [fact.actor for fact in found if isinstance(fact, Activity)] == [ME]
    bare = Desk(token="")
    assert bare.source.streams(bare.login, (bare.joe,)) == (bare.joe,)


def conversation(desk: Desk) -> None:
    base = f"{API}/repos/acme/press"
    desk.hub.threads = [thread(1, 33_000)]
    desk.hub.web.pages[f"{base}/issues/7"] = issue(7, SAM, body="It drips")
    desk.hub.web.pages[f"{base}/issues/7/comments"] = [comment(32_000, "Here, too", JOE), comment(33_000, "Thanks", SAM)]


def test_a_conversation_of_mine_comes_whole(desk: Desk) -> None:
    conversation(desk)
    found = desk.facts(desk.own(1))
    activities = [fact for fact in found if isinstance(fact, Activity)]
    assert [(a.key.native_id, a.actor, a.text) for a in activities] == [
        ("issue:1#7", ME, "It drips"), ("comment:32000", JOES, "Here, too"), ("comment:33000", ME, "Thanks"),
    ]  # fmt: skip
    assert {a.thread for a in activities} == {"1#7"}
    assert activities[1].participants == (Participant(profile=ME, role=Role.REPLY_TO),) and activities[1].in_reply_to == "issue:1#7"


def test_a_comment_is_the_same_one_in_its_authors_events(desk: Desk) -> None:
    conversation(desk)
    in_thread = next(f for f in desk.facts(desk.own(1)) if isinstance(f, Activity) and f.actor == JOES)
    payload = {"action": "created", "issue": issue(7, SAM, body="It drips"), "comment": comment(32_000, "Here, too", JOE)}
    assert one(event(32_000, "IssueCommentEvent", payload)) == in_thread


def test_only_what_changed_since_is_asked_for(desk: Desk) -> None:
    conversation(desk)
    desk.facts(desk.own(1))
    asked = len(desk.hub.web.asked)
    assert desk.facts(desk.own(1)) == [] and len(desk.hub.web.asked) == asked + 1
    query = desk.hub.web.asked[-1][1]
    assert (query["all"], query["participating"], query["since"]) == ("true", "true", iso(33_000))
    assert query["per_page"] == "50"  # GitHub's own most; of a larger number it makes fifty, and what follows would be skipped


def test_many_conversations_are_read_in_several_syncs_and_none_is_skipped(desk: Desk) -> None:
    conversation(desk)
    desk.hub.threads = [thread(n, 33_000 + n // 2) for n in range(60)]
    read = [len(desk.pages(desk.own(1))) for _ in range(4)]
    assert read[:2] == [MAX_THREADS, MAX_THREADS] and sum(read) >= 60


def test_a_pull_request_brings_remarks_and_reviews(desk: Desk) -> None:
    base = f"{API}/repos/acme/press"
    desk.hub.threads = [thread(1, 33_000, 8, "PullRequest")]
    pages = desk.hub.web.pages
    pages[f"{base}/pulls/8"] = {**PULL, "user": user(SAM), "title": "Fix", "body": "Tighter", "created_at": iso(1), "updated_at": iso(1)}
    pages[f"{base}/issues/8/comments"] = []
    pages[f"{base}/pulls/8/comments"] = [{**comment(32_100, "Why?", ANN), "path": "valve.py", "in_reply_to_id": 32_000}]
    pages[f"{base}/pulls/8/reviews"] = [{"id": 4, "state": "APPROVED", "body": "", "user": user(JOE), "submitted_at": iso(32_200)}, {"id": 5, "user": None}]
    found = {a.key.native_id: a for a in desk.facts(desk.own(1)) if isinstance(a, Activity)}
    assert list(found) == ["issue:1#8", "review-comment:32100", "review:4"]
    assert found["review-comment:32100"].in_reply_to == "review-comment:32000" and found["review:4"].text == "Approved"


def test_a_conversation_that_is_closed_to_us_is_left_out_and_trouble_is_not(desk: Desk) -> None:
    conversation(desk)
    desk.hub.threads = [thread(1, 33_000), thread(2, 33_001, 9), thread(3, 33_002, kind="Discussion"), thread(4, 33_003, subject={})]
    assert len(desk.facts(desk.own(1))) > 0
    again = Desk()
    conversation(again)
    again.hub.web.status[f"{API}/repos/acme/press/issues/7"] = httpx.Response(502)
    with pytest.raises(SourceUnavailable):
        again.facts(again.own(1))
    assert again.cursors == {}


def test_a_key_for_single_repositories_is_never_asked_for_conversations(desk: Desk) -> None:
    desk.token = "github_pat_1"
    assert desk.pages(desk.own(1)) == [] and desk.hub.web.count("/notifications") == 0


@pytest.mark.parametrize("cursor", ["nonsense", "[]", "null", "{", '{"since": 5}', '{"since": "2099-01-01T00:00:00Z"}'])
def test_a_cursor_that_is_none_begins_anew(desk: Desk, cursor: str) -> None:
    conversation(desk)
    desk.cursors[desk.own(1).name] = cursor
    assert len(desk.texts(desk.own(1))) == (0 if "2099" in cursor else 3)


# The official schema


@pytest.mark.skipif(not SPEC.is_file(), reason="no official schema beside this checkout")
def test_the_small_github_speaks_as_the_official_schema_says() -> None:
    complaints = [(e["type"], wrong_event(e)) for e, _ in [*EVENTS, (said(1), None)]]
    assert [found for found in complaints if found[1]] == []
    assert wrong("public-user", person(JOE)) == wrong("issue", issue()) == wrong("issue-comment", comment(1)) == wrong("simple-user", user(JOE)) == []
    assert wrong("issue-comment", {"id": 1}) and wrong_event({**said(1), "payload": {"action": 5}})


def test_no_key_is_shown_in_words() -> None:
    desk = Desk()
    talk = desk.source._talk(desk.login, KEY, desk.hub.door())
    assert KEY not in repr(talk) and KEY not in repr(replace(talk, base="https://other.example"))
