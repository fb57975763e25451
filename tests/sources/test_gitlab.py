"""GitLab step by step from a small server that behaves as the real one does: events, what they leave out, private profiles, conversations."""

from __future__ import annotations

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
    Audience,
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
from relationdesk.sources.door import Door
from relationdesk.sources.gitlab import GitLab
from relationdesk.sources.gitlab_facts import Around, Where, facts, profile_of
from relationdesk.sources.gitlab_facts import Lab as Ids
from relationdesk.sources.gitlab_reading import MAX_AGAIN, MAX_ITEMS
from tests.lab import (
    ANN,
    API,
    JOE,
    KEY,
    NAMES,
    PRESS,
    SAM,
    SITE,
    Lab,
    event,
    iso,
    issue,
    merge,
    note,
    person,
    said,
    todo,
    user,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ME, JOES = Key("gitlab", str(SAM)), Key("gitlab", str(JOE))
MINE = Ids(me=ME, my_name=NAMES[SAM])
PROJECT = {"path_with_namespace": "acme/press", "web_url": f"{SITE}/acme/press", "visibility": "public"}
KNOWN = Around(projects={str(PRESS): PROJECT}, items={Where(str(PRESS), "issues", "7"): issue(), Where(str(PRESS), "merge_requests", "8"): merge()})


class Desk:
    """Who follows Joe, with a key or without, and what was read so far."""

    def __init__(self, token: str = KEY) -> None:
        self.lab, self.now, self.token = Lab(), NOW, token
        self.source = GitLab(lambda: self.now)
        self.login = self.source.connect("gitlab.com", token, self.door())
        self.cursors: dict[str, str] = {}
        self.joe = Stream(name=f"events:{JOE}", address=API, profile=JOES, title="Joe")

    def door(self) -> Door:
        return self.lab.door(self.now)

    def pages(self, stream: Stream | None = None) -> list[Page]:
        chosen = stream or self.joe
        found: list[Page] = []
        for page in self.source.pages(self.login, chosen, self.cursors.get(chosen.name, ""), self.token, self.door()):
            self.cursors[chosen.name] = page.cursor or self.cursors.get(chosen.name, "")
            found.append(page)
        return found

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


def one(happened: dict[str, Any], ids: Ids = MINE, around: Around = KNOWN) -> Activity:
    found = facts(happened, ids, around)
    (activity,) = [fact for fact in found if isinstance(fact, Activity)]
    assert {p.profile for p in activity.participants} | {activity.actor} <= {f.key for f in found if isinstance(f, Profile)}
    return activity


# Who we are, who they are


def test_a_key_says_who_we_are(desk: Desk) -> None:
    assert desk.login == Login(id=0, source="gitlab", place="gitlab", address=API, user_name="sam-carter", profile=ME, has_token=True)
    assert desk.lab.web.headers[-1]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("typed", ["gitlab.com", " https://gitlab.com/joe ", "www.gitlab.com", ""])
def test_without_a_key_the_version_is_refused_in_gitlabs_words(typed: str) -> None:
    lab = Lab()
    login = GitLab().connect(typed, "", lab.door())
    assert (login.address, login.profile, login.has_token) == (API, None, False)
    assert [address for address, _ in lab.web.asked] == [f"{API}/version"]


def test_another_server_has_numbers_of_its_own() -> None:
    lab = Lab()
    far = "https://code.hotel.example/api/v4"
    lab.web.pages |= {f"{far}/user": person(SAM), f"{far}/users": [user(JOE)], f"{far}/users/{JOE}": person(JOE)}
    login = GitLab().connect("https://code.hotel.example", KEY, lab.door())
    assert login.address == far and login.profile == Key("gitlab", f"{SAM}@code.hotel.example")
    stream, profile = GitLab().follow("https://code.hotel.example/joe", login, KEY, lab.door())
    assert stream.profile == profile.key == Key("gitlab", f"{JOE}@code.hotel.example")
    found = one(said(1), Ids(suffix="@code.hotel.example", web="https://code.hotel.example"))
    assert (found.key.native_id, found.thread, found.in_reply_to) == ("note:1@code.hotel.example", "issue:830@code.hotel.example", "issue:830@code.hotel.example")


@pytest.mark.parametrize("answer", [{}, [], None, {"id": 5}, "words", {"message": "Not Found"}, httpx.Response(404, json={"message": "404 Not Found"})])
def test_what_is_no_gitlab_is_not_connected(answer: Any) -> None:
    lab = Lab()
    lab.web.pages[f"{API}/version"] = lab.web.pages[f"{API}/user"] = answer
    for token in ("", KEY):
        with pytest.raises((UnexpectedAnswer, Gone)):
            GitLab().connect("gitlab.com", token, lab.door())


@pytest.mark.parametrize("typed", ["a b", "git lab.com", "http://[::1", "user@host:x"])
def test_what_is_no_server_is_not_asked(typed: str) -> None:
    lab = Lab()
    with pytest.raises(UserMistake, match="Nothing was changed"):
        GitLab().connect(typed, KEY, lab.door())
    assert lab.web.asked == []


def test_a_refused_key_is_said_to_be_one() -> None:
    lab = Lab()
    lab.web.status[f"{API}/user"] = httpx.Response(401, json={"message": "401 Unauthorized"})
    with pytest.raises(LoginRejected, match="kept"):
        GitLab().connect("gitlab.com", "glpat-old", lab.door())


@pytest.mark.parametrize("typed", ["joe", "@joe", "https://gitlab.com/joe", "gitlab.com/joe/", "https://gitlab.com/users/joe/activity", "https://www.gitlab.com/joe?tab=1"])
@pytest.mark.parametrize("token", [KEY, ""])
def test_all_spellings_of_joe(typed: str, token: str) -> None:
    desk = Desk(token)
    stream, profile = desk.source.follow(typed, desk.login, token, desk.door())
    assert (stream.name, stream.profile, profile.known, profile.display_name) == (f"events:{JOE}", JOES, True, "Joe")


@pytest.mark.parametrize("typed", ["", "https://gitlab.com/acme/press", "https://gitlab.com/explore", "joe@hotel.example", "https://github.com/joe", "-joe", "press.git"])
def test_a_project_is_nobodys_page(desk: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        desk.source.follow(typed, desk.login, KEY, desk.door())
    assert desk.lab.web.count("/users") == 0


def test_nobody_and_groups_are_said_as_such(desk: Desk) -> None:
    with pytest.raises(UserMistake, match="Nobody called nobody"):
        desk.source.follow("nobody", desk.login, KEY, desk.door())
    desk.lab.web.pages[f"{API}/groups/acme"] = {"id": 9, "path": "acme"}
    with pytest.raises(UserMistake, match="group"):
        desk.source.follow("acme", desk.login, KEY, desk.door())


def test_a_profile_tells_what_its_page_tells(desk: Desk) -> None:
    desk.lab.put(person(
        JOE, name="Joe Brown", bio="Valves, see https://valves.example/a.", organization="@Acme", job_title="Fitter", website_url="https://joe.example/",
        public_email="Joe@Hotel.example", linkedin="joe-b", twitter="@joeb", mastodon="@joe@hotel.social", github="https://github.com/joeb",
    ))  # fmt: skip
    _, profile = desk.source.follow("joe", desk.login, KEY, desk.door())
    assert (profile.display_name, profile.title, profile.company, profile.bio) == ("Joe Brown", "Fitter", "Acme", "Valves, see https://valves.example/a.")
    assert [(a.kind, a.value) for a in profile.addresses if not a.vouched] == [
        (AddressKind.WEB, "https://joe.example"), (AddressKind.WEB, "https://linkedin.com/in/joe-b"), (AddressKind.WEB, "https://x.com/joeb"),
        (AddressKind.WEB, "https://github.com/joeb"), (AddressKind.WEB, "https://hotel.social/@joe"), (AddressKind.WEB, "https://valves.example/a"),
        (AddressKind.MAIL, "joe@hotel.example"),
    ]  # fmt: skip


@pytest.mark.parametrize("odd", [{"linkedin": "javascript:1"}, {"twitter": "a b"}, {"mastodon": "joe"}, {"website_url": 5}, {"bio": ["a"]}])
def test_nonsense_in_a_profile_leads_nowhere(odd: dict[str, Any]) -> None:
    assert profile_of(person(JOE, **odd), Ids()).addresses == ()


# What events say


def test_a_comment_answers_whoever_opened_the_issue() -> None:
    found = one(said(9, "Same here\r\n<!-- please fill in -->![the valve](/uploads/a.png){width=50 height=20}"))
    assert (found.key.native_id, found.kind, found.title, found.text) == ("note:9", Kind.COMMENT, "acme/press#7: Crash", "Same here\n[Image: the valve]")
    assert (found.thread, found.in_reply_to, found.url) == ("issue:830", "issue:830", f"{SITE}/acme/press/-/issues/7#note_9")
    assert found.participants == (Participant(profile=Key("gitlab", str(ANN)), role=Role.REPLY_TO),)
    assert found.published == datetime(2026, 11, 1, 8, 9, tzinfo=UTC) and found.audience is Audience.PUBLIC


def test_what_is_not_known_around_an_event_is_left_out() -> None:
    found = one(said(9), around=Around())
    assert (found.title, found.url, found.thread, found.participants) == ("#7: Crash", "", "issue:830", ())


@pytest.mark.parametrize("words", ["@sam-carter what do you think?", "(cc @Sam-Carter)", "Ask @sam-carter."])
def test_my_name_means_me(words: str) -> None:
    assert Participant(profile=ME, role=Role.MENTIONED) in one(said(1, words)).participants


@pytest.mark.parametrize("words", ["sam-carter", "joe@sam-carter", "@sam-carter-2", "acme/@sam-carter", "@sam-carter.example"])
def test_what_only_looks_like_my_name_does_not(words: str) -> None:
    assert Participant(profile=ME, role=Role.MENTIONED) not in one(said(1, words)).participants


PUSH = {"commit_count": 3, "action": "pushed", "ref_type": "branch", "commit_from": "a" * 40, "commit_to": "b" * 40, "ref": "main", "commit_title": "Fix the valve", "ref_count": None}
OF_7 = {"target_id": 830, "target_iid": 7, "target_title": "Crash"}
OF_8 = {"target_id": 831, "target_iid": 8, "target_title": "Fix"}
EVENTS: list[tuple[dict[str, Any], tuple[str, Kind, str, str]]] = [
    (event(1, "opened", "Issue", **OF_7), ("issue:830", Kind.POST, "acme/press#7: Crash", "It **drips**")),
    (event(1, "opened", "WorkItem", **OF_7), ("issue:830", Kind.POST, "acme/press#7: Crash", "It **drips**")),
    (event(1, "closed", "Issue", **OF_7), ("event:1", Kind.OTHER, "acme/press#7: Crash", "Closed this issue")),
    (event(1, "reopened", "WorkItem", **OF_7), ("event:1", Kind.OTHER, "acme/press#7: Crash", "Reopened this issue")),
    (event(1, "opened", "MergeRequest", **OF_8), ("merge_request:831", Kind.POST, "acme/press!8: Fix", "Tighter")),
    (event(1, "accepted", "MergeRequest", **OF_8), ("event:1", Kind.OTHER, "acme/press!8: Fix", "Merged this merge request")),
    (event(1, "approved", "MergeRequest", **OF_8), ("event:1", Kind.OTHER, "acme/press!8: Fix", "Approved this merge request")),
    (event(1, "pushed to", push_data=PUSH), ("event:1", Kind.OTHER, "acme/press", "Pushed to main\nFix the valve\n(and 2 more)")),
    (event(1, "pushed new", push_data={**PUSH, "action": "created", "commit_count": 1, "ref": "fix"}), ("event:1", Kind.OTHER, "acme/press", "Made the branch fix\nFix the valve")),
    (event(1, "deleted", push_data={**PUSH, "action": "removed", "ref": "v1", "ref_type": "tag"}), ("event:1", Kind.OTHER, "acme/press", "Deleted the tag v1")),
    (event(1, "pushed to", push_data={**PUSH, "ref": None, "ref_count": 4}), ("event:1", Kind.OTHER, "acme/press", "Pushed 4 branches")),
    (event(1, "created"), ("event:1", Kind.OTHER, "acme/press", "Made this project")),
    (event(1, "joined"), ("event:1", Kind.OTHER, "acme/press", "Joined this project")),
    (event(1, "opened", "Milestone", target_id=3, target_title="v2"), ("event:1", Kind.OTHER, "acme/press", "Made the milestone v2")),
    (event(1, "created", "WikiPage::Meta", target_title="Home", wiki_page={"slug": "home", "title": "Home"}), ("event:1", Kind.OTHER, "acme/press", "Wrote in the wiki\ncreated: Home")),
    (event(1, "commented on", "DiffNote", target_id=4, note=note(4, "Why?", noteable_type="MergeRequest", noteable_iid=8, noteable_id=831, type="DiffNote", position={"new_path": "valve.py"})),
     ("note:4", Kind.COMMENT, "acme/press!8: Fix", "Why?")),
    (event(1, "commented on", "Note", target_id=4, target_title="Fix it", note=note(4, "Nice", noteable_type="Commit", noteable_iid=None, noteable_id=None)),
     ("note:4", Kind.COMMENT, "acme/press Fix it", "Nice")),
]  # fmt: skip


@pytest.mark.parametrize(("happened", "expected"), EVENTS, ids=[f"{e['action_name']} {e['target_type']} {n}" for n, (e, _) in enumerate(EVENTS)])
def test_each_kind_of_event(happened: dict[str, Any], expected: tuple[str, Kind, str, str]) -> None:
    found = one(happened)
    assert (found.key.native_id, found.kind, found.title, found.text) == expected
    assert found.actor == JOES and found.url.startswith(SITE) and found.audience is Audience.PUBLIC


@pytest.mark.parametrize("silent", [
    event(1, "updated", "DesignManagement::Design"), event(1, "removed due to membership expiration from"), event(1, "transferred", "Issue", **OF_7),
    event(1, "commented on", "Note", note=note(4, "changed the description", system=True)), event(1, "opened", "Epic"), event(1, ""),
])  # fmt: skip
def test_what_we_do_not_know_says_nothing(silent: dict[str, Any]) -> None:
    assert facts(silent, MINE, KNOWN) == ()


@pytest.mark.parametrize("odd", [{"author": None, "author_id": None}, {"author": {"username": "joe"}}, {"created_at": None}, {"created_at": 5}, {"id": None, "author": 5, "author_id": None}])
def test_an_unreadable_event_is_one_rejected(odd: dict[str, Any]) -> None:
    (found,) = facts({**event(1, "joined"), **odd}, MINE, KNOWN)
    assert isinstance(found, Rejected)


@pytest.mark.parametrize("action", ["opened", "closed", "commented on", "pushed to", "created"])
@pytest.mark.parametrize("odd", [
    {"target_type": 5}, {"target_type": "Issue", "target_id": {}}, {"note": {"id": {}}}, {"note": {"id": 5, "noteable_type": [], "body": {}}}, {"push_data": {"ref": [], "commit_count": "x"}},
    {"project_id": "../../user"}, {"wiki_page": [], "target_type": "WikiPage::Meta"}, {"note": {"id": 5, "created_at": "now"}},
])  # fmt: skip
def test_a_record_of_another_shape_hurts_nobody(action: str, odd: dict[str, Any]) -> None:
    assert all(isinstance(fact, Profile | Activity | Rejected) for fact in facts({**event(1, action), **odd}, MINE, Around()))


@pytest.mark.parametrize(("visibility", "more", "with_key", "expected"), [
    ("public", {}, True, Audience.PUBLIC), ("internal", {}, True, Audience.FOLLOWERS), ("private", {}, True, Audience.PRIVATE), ("public", {"internal": True}, True, Audience.PRIVATE),
    ("public", {"confidential": True}, True, Audience.PRIVATE), ("", {}, True, Audience.PRIVATE), ("", {}, False, Audience.PUBLIC),
])  # fmt: skip
def test_what_only_few_may_see_is_marked(visibility: str, more: dict[str, Any], with_key: bool, expected: Audience) -> None:
    around = Around(projects={str(PRESS): {**PROJECT, "visibility": visibility}}, items=KNOWN.items)
    assert one(said(1, **more), Ids(with_key=with_key), around).audience is expected


# Reading on


def test_the_first_reading_takes_what_there_is_and_says_how_far_back(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(2), said(1)]
    found = desk.facts()
    assert isinstance(found[0], Profile) and found[0].handle == "joe"
    assert [(f.text, f.title) for f in found if isinstance(f, Activity)] == [("Words 1", "acme/press#7: Crash"), ("Words 2", "acme/press#7: Crash")]
    assert found[-1] == Coverage(place="gitlab", profile=JOES, since=NOW - timedelta(days=730), until=NOW)
    assert desk.lab.web.count("/issues/7") == 1 and desk.lab.web.count("/projects/5") == 2


def test_a_page_with_little_on_it_is_not_the_last(desk: Desk) -> None:
    """GitLab takes out what we may not see after it has counted a page."""
    desk.lab.events[JOE] = [said(250), *[None] * 150, said(3), said(2)]
    assert desk.texts() == ["Words 250", "Words 2", "Words 3"]


def test_three_hundred_at_first_and_the_rest_is_said_not_to_be_covered(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(n) for n in range(500, 0, -1)]
    found = desk.facts()
    assert len([fact for fact in found if isinstance(fact, Activity)]) == 300
    assert [fact for fact in found if isinstance(fact, Coverage)][-1].since == datetime(2026, 11, 1, 8, 0, tzinfo=UTC) + timedelta(minutes=201)


def test_nothing_new_costs_nothing(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(1)]
    desk.facts()
    desk.now += timedelta(minutes=30)
    (page,) = desk.pages()
    assert page.unchanged and page.facts == () and "if-none-match" in desk.lab.web.headers[-1]
    desk.lab.events[JOE].insert(0, said(2))
    assert desk.texts() == ["Words 2"]


def test_more_than_a_page_of_news_is_read_to_what_is_known(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(1)]
    desk.facts()
    desk.lab.events[JOE] = [said(n) for n in range(250, 0, -1)]
    assert {f"Words {n}" for n in range(2, 251)} <= set(desk.texts())


def test_only_a_few_things_are_asked_for_beside_the_events(desk: Desk) -> None:
    desk.lab.events[JOE] = [event(n, "closed", "Issue", target_id=n, target_iid=n, target_title=f"T{n}") for n in range(90, 0, -1)]
    assert len(desk.texts()) == 90
    assert desk.lab.web.count("/issues/") == MAX_ITEMS and f"{API}/projects/5/issues/90" in [address for address, _ in desk.lab.web.asked]


def test_a_new_name_is_found_by_the_number(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(1)]
    desk.facts()
    desk.lab.put(person(JOE, username="joe-brown", web_url=f"{SITE}/joe-brown"))
    desk.tomorrow()
    profile = next(fact for fact in desk.facts() if isinstance(fact, Profile))
    assert (profile.key, profile.handle, profile.url) == (JOES, "joe-brown", f"{SITE}/joe-brown")


def test_somebody_elses_events_are_not_believed(desk: Desk) -> None:
    desk.lab.events[JOE] = [event(5, "joined", who=ANN), said(1)]
    assert desk.texts() == ["Words 1"]


def test_a_deleted_profile_is_a_sentence_and_withdraws_nothing(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(1)]
    desk.facts()
    desk.lab.leave(JOE)
    with pytest.raises(Gone, match="kept"):
        desk.facts()


def test_a_private_profile_is_told_and_covers_nothing(desk: Desk) -> None:
    """It is an empty list to others; only with a key it shows in what is left out of the profile."""
    shut = {name: value for name, value in person(JOE, bio="Hello").items() if name not in ("created_at", "followers", "following")}
    desk.lab.put(shut)
    found: list[Fact] = []
    with pytest.raises(SourceUnavailable, match="private"):
        for page in desk.source.pages(desk.login, desk.joe, "", KEY, desk.door()):
            found += page.facts
    assert [fact.bio for fact in found if isinstance(fact, Profile)] == ["Hello"] and len(found) == 1
    desk.lab.put(person(JOE))
    assert [type(fact) for fact in desk.facts()][-1] is Coverage


def test_a_profile_that_closes_is_told_and_opens_again(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(1)]
    desk.facts()
    whole = desk.lab.people[JOE]
    desk.lab.put({**whole, "created_at": None})
    desk.tomorrow()
    for _ in range(2):  # asked again each time, because it may open
        with pytest.raises(SourceUnavailable, match="private"):
            desk.facts()
        desk.now += timedelta(minutes=30)
    desk.lab.put(whole)
    desk.lab.events[JOE].insert(0, said(2))
    assert "Words 2" in desk.texts()


def test_without_a_key_an_empty_list_says_nothing() -> None:
    desk = Desk(token="")
    assert desk.facts() == []
    desk.lab.events[JOE] = [said(1)]
    found = desk.facts()
    assert isinstance(found[-1], Coverage) and [fact.text for fact in found if isinstance(fact, Activity)] == ["Words 1"]
    desk.lab.events[JOE] = []
    assert desk.facts() == []


def test_edited_comments_show_in_the_list_and_edited_issues_the_next_day(desk: Desk) -> None:
    opened = event(34_500, "opened", "Issue", **OF_7)  # yesterday
    desk.lab.events[JOE] = [said(34_502), said(34_501), opened]
    desk.facts()
    desk.lab.events[JOE] = [said(34_502, "Better words"), said(34_501), opened]
    assert desk.texts() == ["Better words"]
    desk.lab.web.pages[f"{API}/projects/5/issues/7"] = issue(description="It drips a lot")
    assert desk.texts() == []
    desk.tomorrow()
    assert desk.texts() == ["It drips a lot"]


def test_few_things_are_asked_for_again() -> None:
    for token in (KEY, ""):
        desk = Desk(token)
        desk.lab.events[JOE] = [event(n, "opened", "Issue", target_id=n, target_iid=n) for n in range(34_550, 34_500, -1)]
        desk.facts()
        desk.tomorrow()
        asked = desk.lab.web.count("/issues/")
        desk.facts()
        assert desk.lab.web.count("/issues/") - asked == MAX_AGAIN


def test_a_comment_that_is_gone_while_its_issue_stands_was_withdrawn(desk: Desk) -> None:
    desk.lab.notes("issues", 7, note(3), note(1))
    desk.lab.events[JOE] = [said(n) for n in (4, 3, 2, 1)]
    desk.facts()
    desk.lab.events[JOE] = [said(4), said(1)]  # 3 still answers for itself
    assert [fact for fact in desk.facts() if isinstance(fact, Tombstone)] == [Tombstone(key=Key("gitlab", "note:2"))]


def test_what_was_closed_to_us_was_not_withdrawn(desk: Desk) -> None:
    desk.lab.events[JOE] = [said(3), said(2), event(1, "joined")]
    desk.facts()
    desk.lab.events[JOE] = [event(1, "joined")]
    del desk.lab.web.pages[f"{API}/projects/5/issues/7"]
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)]


# Limits and refusals


def test_a_wait_is_a_wait(desk: Desk) -> None:
    desk.lab.web.status[f"{API}/users/{JOE}/events"] = httpx.Response(429, text="Retry later", headers={"RateLimit-Reset": str(int(NOW.timestamp()) + 1800)})
    with pytest.raises(RateLimited) as caught:
        desk.facts()
    assert caught.value.until == NOW + timedelta(minutes=30)


def test_what_a_key_may_not_read_is_no_reason_to_doubt_it(desk: Desk) -> None:
    desk.lab.web.status[f"{API}/issues"] = httpx.Response(403, json={"error": "insufficient_scope", "error_description": "needs api"})
    with pytest.raises(SourceUnavailable, match="our key"):
        desk.facts(desk.own(1))


@pytest.mark.parametrize("answer", [
    httpx.Response(200, json={}), httpx.Response(200, text="<html>"), httpx.Response(304), httpx.Response(500), httpx.Response(204), httpx.Response(451),
])  # fmt: skip
def test_nonsense_is_a_sentence(desk: Desk, answer: httpx.Response) -> None:
    desk.lab.web.status[f"{API}/users/{JOE}/events"] = answer
    with pytest.raises(SourceError, match=r"kept|Nothing"):
        desk.facts()


# My own, and what is said to me


def test_my_own_come_with_a_key_only(desk: Desk) -> None:
    desk.lab.events[SAM] = [event(1, "joined", who=SAM)]
    found = desk.facts(desk.own(0))
    assert isinstance(found[0], Profile) and found[0].is_owner and [fact.actor for fact in found if isinstance(fact, Activity)] == [ME]
    bare = Desk(token="")
    assert bare.source.streams(bare.login, (bare.joe,)) == (bare.joe,)


def conversation(desk: Desk) -> None:
    mine = issue(7, SAM, updated_at=iso(33_000))
    desk.lab.lists["issues", "created_by_me"] = [mine]
    desk.lab.web.pages[f"{API}/projects/5/issues/7"] = mine
    desk.lab.notes("issues", 7, note(33_000, "Thanks", SAM), note(32_500, "assigned to @joe", system=True), note(32_000, "Here, too"))


def test_a_conversation_of_mine_comes_whole(desk: Desk) -> None:
    conversation(desk)
    activities = [fact for fact in desk.facts(desk.own(1)) if isinstance(fact, Activity)]
    assert [(a.key.native_id, a.actor, a.text) for a in activities] == [("issue:830", ME, "It **drips**"), ("note:32000", JOES, "Here, too"), ("note:33000", ME, "Thanks")]
    assert {a.thread for a in activities} == {"issue:830"}
    assert activities[1].participants == (Participant(profile=ME, role=Role.REPLY_TO),) and activities[1].in_reply_to == "issue:830"


def test_a_comment_is_the_same_one_in_its_authors_events(desk: Desk) -> None:
    conversation(desk)
    in_thread = next(f for f in desk.facts(desk.own(1)) if isinstance(f, Activity) and f.actor == JOES)
    desk.lab.events[JOE] = [said(32_000, "Here, too")]
    assert next(f for f in desk.facts() if isinstance(f, Activity)) == in_thread


def test_what_is_asked_of_me_is_an_activity_of_whoever_asks(desk: Desk) -> None:
    desk.lab.todos = {
        "pending": [todo(1, "review_requested", 33_100, merge(8, reviewers=[user(SAM)])), todo(2, "build_failed", 33_101, merge()), todo(4, "assigned", 33_102, merge(), SAM)],
        "done": [todo(3, "mentioned", 33_000, issue(), ANN, "Issue"), todo(5, "assigned", -20_000, merge())],
    }  # fmt: skip
    desk.lab.notes("merge_requests", 8)
    desk.lab.notes("issues", 7, note(33_000, "What says @sam-carter?", ANN))
    found = [fact for fact in desk.facts(desk.own(1)) if isinstance(fact, Activity)]
    assert [(f.key.native_id, f.text) for f in found if f.key.native_id.startswith("todo")] == [("todo:1", "Asked for your review")]
    asked = next(f for f in found if f.key.native_id == "todo:1")
    assert (asked.actor, asked.thread, asked.participants) == (JOES, "merge_request:831", (Participant(profile=ME, role=Role.SUBJECT),))
    named = next(f for f in found if f.key.native_id == "note:33000")
    assert named.participants == (Participant(profile=ME, role=Role.MENTIONED),)
    assert {f.participants for f in found if f.key.native_id == "merge_request:831"} == {(Participant(profile=ME, role=Role.SUBJECT),), ()}


def test_only_what_changed_since_is_asked_for(desk: Desk) -> None:
    conversation(desk)
    desk.facts(desk.own(1))
    assert desk.facts(desk.own(1)) == [] and desk.lab.web.count("/notes") == 1
    assert {query["updated_after"] for address, query in desk.lab.web.asked[-7:] if "todos" not in address} == {"2026-11-24T06:00:00+00:00"}


def test_a_full_list_hides_nothing_of_the_others_behind_it(desk: Desk) -> None:
    """Fifty of a hundred issues are told; merge requests that changed after the fiftieth wait for their turn."""
    desk.lab.lists["issues", "created_by_me"] = [issue(n, SAM, id=n, updated_at=iso(30_000 + n)) for n in range(100)]
    desk.lab.lists["merge_requests", "created_by_me"] = [merge(8, SAM, updated_at=iso(30_060))]
    for n in range(100):
        desk.lab.notes("issues", n)
    desk.lab.notes("merge_requests", 8)
    read: list[str] = []
    for _ in range(6):
        read += [fact.key.native_id for fact in desk.facts(desk.own(1)) if isinstance(fact, Activity)]
    assert sorted(read) == sorted([*(f"issue:{n}" for n in range(100)), "merge_request:831"])


def test_a_conversation_that_is_closed_to_us_is_left_out_and_trouble_is_not(desk: Desk) -> None:
    conversation(desk)
    desk.lab.lists["issues", "assigned_to_me"] = [issue(9, updated_at=iso(33_001))]
    assert len(desk.texts(desk.own(1))) == 3
    again = Desk()
    conversation(again)
    again.lab.web.status[f"{API}/projects/5/issues/7/notes"] = httpx.Response(502)
    with pytest.raises(SourceUnavailable):
        again.facts(again.own(1))
    assert again.cursors == {}


def test_no_key_is_shown_in_words(desk: Desk) -> None:
    assert KEY not in repr(desk.source._talk(desk.login, KEY, desk.door()))
