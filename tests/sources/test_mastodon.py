"""Mastodon's JSON to our facts, and reading it step by step from a small server that pages as Mastodon does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from relationdesk.errors import Gone, LoginRejected, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Coverage,
    Key,
    Kind,
    Login,
    Participant,
    Precision,
    Profile,
    Rejected,
    Role,
    Stream,
    Tombstone,
)
from relationdesk.sources.door import Door
from relationdesk.sources.mastodon import Mastodon
from relationdesk.sources.mastodon_facts import actor_uri, facts, notification_facts, profile_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOME = "https://social.example"


def person(name: str, number: str = "42", **more: Any) -> dict[str, Any]:
    return {
        "id": number, "username": name, "acct": name, "url": f"{HOME}/@{name}", "uri": f"{HOME}/users/{name}",
        "display_name": f"{name.title()} Example", "note": "", "fields": [], **more,
    }  # fmt: skip


def status(number: int | str, author: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    author = author or person("ann")
    return {
        "id": str(number), "uri": f"{author['uri']}/statuses/{number}", "url": f"{author['url']}/{number}",
        "created_at": "2026-11-20T09:15:30.120Z", "edited_at": None, "visibility": "public", "spoiler_text": "",
        "content": f"<p>Post {number}</p>", "in_reply_to_id": None, "in_reply_to_account_id": None, "reblog": None,
        "mentions": [], "media_attachments": [], "poll": None, "account": author, **more,
    }  # fmt: skip


def activity_of(record: dict[str, Any], **options: Any) -> Activity:
    found = facts(record, **options)
    assert isinstance(found[-1], Activity), found
    return found[-1]


def test_a_post_becomes_a_profile_and_an_activity():
    content = '<p>Moving to <a href="https://social.example/tags/ERP" class="mention hashtag">#<span>ERP</span></a></p>'
    profile, activity = facts(status(1, content=content))
    assert isinstance(profile, Profile) and profile.key == Key("mastodon", f"{HOME}/users/ann")
    assert profile.handle == "ann@social.example"
    assert activity == Activity(
        key=Key("mastodon", f"{HOME}/users/ann/statuses/1"), actor=profile.key, kind=Kind.POST,
        published=datetime(2026, 11, 20, 9, 15, 30, 120000, tzinfo=UTC), text="Moving to #ERP", url=f"{HOME}/@ann/1",
    )  # fmt: skip


def test_a_shortened_link_is_shown_whole():
    content = (
        '<p>See <a href="https://hotel.example/a/long/path"><span class="invisible">https://</span>'
        '<span class="ellipsis">hotel.example/a/lo</span><span class="invisible">ng/path</span></a></p>'
    )
    assert activity_of(status(1, content=content)).text == "See https://hotel.example/a/long/path"


def test_a_reply_names_its_parent_and_its_author_once():
    bob = person("bob", "7")
    mention = {"id": "7", "username": "bob", "acct": "bob", "url": f"{HOME}/@bob"}
    reply = status(2, in_reply_to_id="1", in_reply_to_account_id="7", mentions=[mention])
    assert activity_of(reply).in_reply_to == ""
    answered = activity_of(reply, parents={"1": status(1, bob)})
    assert (answered.kind, answered.in_reply_to) == (Kind.REPLY, f"{HOME}/users/bob/statuses/1")
    expected = (Participant(profile=Key("mastodon", f"{HOME}/users/bob"), role=Role.REPLY_TO),)
    assert answered.participants == expected and activity_of(reply).participants == expected


@pytest.mark.parametrize("known", [{"domain": "social.example"}, {"uri": "social.example"}])
def test_a_server_that_knows_only_the_old_question_about_itself_is_one(known):
    """As GoToSocial, snac and servers before 4.0; `uri` is how those call their name."""

    def old(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=known) if request.url.path == "/api/v1/instance" else httpx.Response(404, json={"error": "Not Found"})

    assert SOURCE.connect(HOME, "", Door(transport=httpx.MockTransport(old))).address == HOME


def test_a_key_without_a_person_is_refused():
    """Mastodon answers 422 for one that an app was given, not somebody."""
    refuse = httpx.MockTransport(lambda request: httpx.Response(422, json={"error": "This method requires an authenticated user"}))
    with pytest.raises(LoginRejected, match="sign in again"):
        SOURCE.connect(HOME, "of-an-app", Door(transport=refuse))


def test_whose_server_shows_posts_to_members_only_is_read_through_ours():
    """A server in limited mode tells who somebody is, and answers 401 for what they write."""
    far = person("joe", "7", uri="https://far.example/users/joe", url="https://far.example/@joe")
    ours = {**far, "id": "900", "acct": "joe@far.example"}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "far.example":
            found = request.url.path == "/api/v1/accounts/lookup"
            return httpx.Response(200, json=far) if found else httpx.Response(401, json={"error": "This API requires an authenticated user"})
        if request.url.path == "/api/v2/search":
            return httpx.Response(200, json={"accounts": [ours], "statuses": [], "hashtags": []})
        return httpx.Response(404, json={"error": "Record not found"})

    login = Login(id=1, source="mastodon", place="mastodon", address=HOME, has_token=True)
    stream, profile = SOURCE.follow("@joe@far.example", login, "good", Door(transport=httpx.MockTransport(answer)))
    assert (stream.address, stream.name, profile.key.native_id) == (HOME, "statuses:900", "https://far.example/users/joe")


@pytest.mark.parametrize("quote", [lambda told: told, lambda told: {"state": "accepted", "quoted_status": told}])
def test_a_quote_names_whom_it_quotes_with_their_words(quote):
    """As Mastodon 4.4 tells it, and as others did before."""
    found = activity_of(status(2, quote=quote(status(1, person("bob", "7")))))
    assert found.participants == (Participant(profile=Key("mastodon", f"{HOME}/users/bob"), role=Role.SUBJECT),)
    assert found.extra == (("quoted", "Post 1"),)
    assert activity_of(status(2, quote={"state": "revoked", "quoted_status": None})).extra == ()


def test_everybody_named_has_a_profile_before_the_activity():
    mention = {"id": "9", "username": "cy", "acct": "cy@other.example", "url": "https://other.example/@cy"}
    found = facts(status(3, mentions=[mention]))
    cy = next(fact for fact in found if isinstance(fact, Profile) and fact.key.native_id == "https://other.example/users/cy")
    assert cy.display_name == "", "a mention does not know the name, so it must not overwrite it"
    named = {fact.key for fact in found[:-1] if isinstance(fact, Profile)}
    activity = found[-1]
    assert isinstance(activity, Activity)
    assert activity.actor in named and {p.profile for p in activity.participants} <= named
    assert Key("mastodon", "https://other.example/users/cy") in named


def test_a_boost_is_a_share_of_somebody_elses_words():
    boost = status(
        5, reblog=status(4, person("bob", "7"), spoiler_text="Food"), uri=f"{HOME}/users/ann/statuses/5/activity"
    )
    share = activity_of(boost)
    assert (share.kind, share.text, share.title) == (Kind.SHARE, "Post 4", "Food")
    assert share.participants == (Participant(profile=Key("mastodon", f"{HOME}/users/bob"), role=Role.SUBJECT),)
    assert share.extra == (("shared", f"{HOME}/users/bob/statuses/4"),)


@pytest.mark.parametrize(
    ("visibility", "audience"),
    [("public", Audience.PUBLIC), ("unlisted", Audience.PUBLIC), ("private", Audience.FOLLOWERS),
     ("direct", Audience.PRIVATE), ("something new", Audience.PUBLIC)],
)  # fmt: skip
def test_visibility(visibility, audience):
    assert activity_of(status(1, visibility=visibility)).audience is audience


def test_warning_pictures_and_poll_are_in_the_text():
    activity = activity_of(
        status(
            1,
            content="<p>Which?</p>",
            spoiler_text="Work",
            poll={"options": [{"title": "Red"}, {"title": "Blue"}]},
            media_attachments=[{"type": "image", "description": "A hall"}, {"type": "video", "description": None}],
            edited_at="2026-11-21T00:00:00Z",
        )
    )
    assert activity.title == "Work"
    assert activity.text == "Which?\n\n○ Red\n○ Blue\n\n[Image: A hall]\n\n[Video]"
    assert activity.extra == (("edited", "2026-11-21T00:00:00Z"),)


def test_only_a_verified_field_is_vouched_for():
    ann = person(
        "ann",
        note='<p>Sales, <a href="https://shop.example/">shop</a> <a href="https://social.example/@x" class="mention">@x</a></p>',
        fields=[
            {
                "name": "Web",
                "value": '<a href="https://www.ann.example/" rel="me">ann</a>',
                "verified_at": "2026-01-01",
            },
            {"name": "Old", "value": '<a href="https://old.example">old</a>', "verified_at": None},
            {"name": "Mail", "value": "Ann@hotel.example", "verified_at": None},
            {"name": "Bad", "value": '<a href="javascript:x">x</a>', "verified_at": "2026-01-01"},
        ],
    )
    assert profile_of(ann).addresses == (
        Address(kind=AddressKind.WEB, value="https://ann.example", vouched=True),
        Address(kind=AddressKind.WEB, value="https://old.example"),
        Address(kind=AddressKind.MAIL, value="ann@hotel.example"),
        Address(kind=AddressKind.WEB, value="https://shop.example"),
    )


@pytest.mark.parametrize(
    ("who", "uri"),
    [
        ({"uri": "https://a.example/ap/users/1", "url": "https://a.example/@x"}, "https://a.example/ap/users/1"),
        ({"url": "https://a.example/@x"}, "https://a.example/users/x"),
        ({"url": "https://a.example/users/x"}, "https://a.example/users/x"),
        ({"url": "http://localhost:8001/joe"}, "http://localhost:8001/joe"),
        ({"url": "javascript:alert(1)"}, ""),
        ({}, ""),
    ],
)
def test_the_global_id_of_somebody(who, uri):
    assert actor_uri(who) == uri


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"id": 1},
        status(1, uri=None, url=None),
        {**status(1), "account": None},
        {**status(1), "account": {"id": "1"}},
    ],
)
def test_an_unreadable_status_is_one_rejected(record):
    assert [type(fact) for fact in facts(record)] == [Rejected]


@pytest.mark.parametrize("created", [None, "", "yesterday", 17, "0001-01-01T00:00:00+23:00"])
def test_an_unreadable_time_is_unknown(created):
    activity = activity_of(status(1, created_at=created))
    assert (activity.published, activity.precision) == (None, Precision.UNKNOWN)


def test_strange_fields_do_not_break_a_status():
    odd = status(
        1, mentions="none", media_attachments=[None, 3], poll=[], reblog=[], content=None, visibility=None,
        spoiler_text="a\ud800b\u202ec",
    )  # fmt: skip
    activity = activity_of(odd)
    assert activity.text == "" and activity.title == "a?bc"
    activity.title.encode()


def test_reactions_are_keyed_by_who_did_what_to_what():
    me = Key("mastodon", f"{HOME}/users/me")
    mine = status(9, person("me", "1"))
    favourite = {
        "id": "500",
        "type": "favourite",
        "created_at": "2026-11-21T08:00:00Z",
        "account": person("bob"),
        "status": mine,
    }
    profile, activity = notification_facts(favourite, me)
    assert isinstance(activity, Activity) and isinstance(profile, Profile)
    assert activity.key.native_id == f"{HOME}/users/bob#favourite:{HOME}/users/me/statuses/9"
    assert activity.kind is Kind.REACTION and activity.extra == (("reaction", "favourite"),)
    assert activity.participants == (Participant(profile=me, role=Role.SUBJECT),)
    assert notification_facts({**favourite, "id": "501"}, me)[1] == activity
    follow = notification_facts({"type": "follow", "account": person("bob"), "created_at": "2026-11-21"}, me)[1]
    assert isinstance(follow, Activity) and follow.key.native_id == f"{HOME}/users/bob#follow:{HOME}/users/me"
    assert follow.precision is Precision.DAY
    assert notification_facts({"type": "collection_update", "account": person("bob")}, me) == ()
    assert notification_facts({"type": "favourite", "account": None, "status": mine}, me) == ()


class Server:
    """As much of a Mastodon server as one needs: ids are numbers, newest first, min_id and max_id as documented."""

    def __init__(self, *, batch: bool = True) -> None:
        self.statuses: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.people = [person("me", "1"), person("ann", "42")]
        self.batch = batch
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self.status_answer: int | None = None

    def add(self, *numbers: int, **more: Any) -> None:
        self.statuses += [status(number, **more) for number in numbers]

    def door(self) -> Door:
        return Door(transport=httpx.MockTransport(self), clock=lambda: NOW)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.raw_path.decode())
        self.tokens.append(request.headers.get("authorization", ""))
        if request.url.host != "social.example":
            return httpx.Response(404, text="<html>")
        path, query = request.url.path, request.url.params
        if path == "/api/v1/accounts/verify_credentials":
            if request.headers.get("authorization") != "Bearer good":
                return httpx.Response(401, json={"error": "The access token is invalid"})
            return httpx.Response(200, json=self.people[0])
        if path == "/api/v2/instance":
            return httpx.Response(200, json={"domain": "social.example", "version": "4.5.0"})
        if path == "/api/v1/accounts/lookup":
            found = [p for p in self.people if p["acct"] == query["acct"].removesuffix("@social.example")]
            return (
                httpx.Response(200, json=found[0]) if found else httpx.Response(404, json={"error": "Record not found"})
            )
        if path == "/api/v2/search":
            return httpx.Response(200, json={"accounts": self.people, "statuses": [], "hashtags": []})
        if path == "/api/v1/statuses":
            wanted = query.get_list("id[]")
            return (
                httpx.Response(200, json=[s for s in self.statuses if s["id"] in wanted])
                if self.batch
                else httpx.Response(404)
            )
        if match := re.fullmatch(r"/api/v1/statuses/(\d+)", path):
            if self.status_answer is not None:
                return httpx.Response(self.status_answer, json={"error": "no"})
            found = [s for s in self.statuses if s["id"] == match.group(1)]
            return (
                httpx.Response(200, json=found[0]) if found else httpx.Response(404, json={"error": "Record not found"})
            )
        if path == "/api/v1/accounts/42/statuses":
            return self.page(self.statuses, query, request)
        if path == "/api/v1/accounts/1/statuses":
            return self.page([], query, request)
        if path == "/api/v1/notifications":
            return self.page(self.notifications, query, request)
        return httpx.Response(404, json={"error": "Record not found"})

    def page(self, items: list[dict[str, Any]], query: httpx.QueryParams, request: httpx.Request) -> httpx.Response:
        limit = int(query.get("limit", 20))
        items = sorted(items, key=lambda item: -int(item["id"]))
        if "max_id" in query:
            items = [item for item in items if int(item["id"]) < int(query["max_id"])]
        if "min_id" in query:
            items = [item for item in items if int(item["id"]) > int(query["min_id"])][-limit:]
        items = items[:limit]
        link = f'<{HOME}{request.url.path}?max_id={items[-1]["id"]}>; rel="next"' if items else ""
        return httpx.Response(200, json=items, headers={"link": link} if link else {})


LOGIN = Login(id=1, source="mastodon", place="mastodon", address=HOME)
ANN = Stream(name="statuses:42", address=HOME, profile=Key("mastodon", f"{HOME}/users/ann"))
SOURCE = Mastodon(clock=lambda: NOW)


def sync(server: Server, cursor: str = "", stream: Stream = ANN, login: Login = LOGIN, token: str = ""):
    pages = list(SOURCE.pages(login, stream, cursor, token, server.door()))
    kept = [page.cursor for page in pages if page.cursor]
    return pages, kept[-1] if kept else cursor


def numbers_of(pages) -> list[int]:
    return [int(f.key.native_id.rpartition("/")[2]) for p in pages for f in p.facts if isinstance(f, Activity)]


def of_kind(pages, kind) -> list[Any]:
    return [fact for page in pages for fact in page.facts if isinstance(fact, kind)]


def test_the_first_reading_goes_back_and_each_page_is_oldest_first():
    server = Server()
    server.add(*range(1, 101))
    pages, _ = sync(server)
    assert [len([f for f in p.facts if isinstance(f, Activity)]) for p in pages] == [40, 40, 20, 0]
    assert numbers_of(pages[:1]) == list(range(61, 101))
    assert sorted(numbers_of(pages)) == list(range(1, 101))
    assert [page.more for page in pages] == [True, True, True, False]
    covered = of_kind(pages, Coverage)
    assert covered[-1] == Coverage(place="mastodon", profile=ANN.profile, since=None, until=NOW)
    assert covered[0].since == datetime(2026, 11, 20, 9, 15, 30, 120000, tzinfo=UTC)


def test_a_next_page_at_another_server_is_no_page():
    class Elsewhere(Server):
        def page(self, items, query, request):
            answer = super().page(items, query, request)
            return httpx.Response(200, content=answer.content, headers={"content-type": "application/json", "link": '<https://other.example/api/v1/x?max_id=1>; rel="next"'})

    server = Elsewhere()
    server.add(*range(1, 101))
    pages, _ = sync(server)
    assert len(numbers_of(pages)) == 40 and sum("/accounts/42/statuses" in path for path in server.asked) == 1


def test_the_first_reading_is_bounded_and_says_how_far_it_went():
    server = Server()
    server.add(*range(1, 1001))
    pages, cursor = sync(server)
    assert len(numbers_of(pages)) == 320 and len(server.asked) == 8 + 1  # the profile itself
    assert of_kind(pages, Coverage)[-1].since is not None
    server.asked.clear()
    pages, _ = sync(server, cursor)
    assert numbers_of(pages) == [] and len(server.asked) == 1
    assert of_kind(pages, Coverage)[0].since is not None


def test_an_interrupted_first_reading_goes_on_where_it_was():
    server = Server()
    server.add(*range(1, 101))
    first = next(SOURCE.pages(LOGIN, ANN, "", "", server.door()))
    server.add(101)
    pages, _ = sync(server, first.cursor)
    assert sorted(numbers_of([first, *pages])) == list(range(1, 102))


def test_later_only_what_is_new_comes_in_one_request():
    server = Server()
    server.add(1, 2, 3)
    _, cursor = sync(server)
    server.add(4, 5)
    server.asked.clear()
    pages, cursor = sync(server, cursor)
    assert numbers_of(pages) == [4, 5] and len(server.asked) == 1
    pages, _ = sync(server, cursor)
    assert numbers_of(pages) == [] and len(of_kind(pages, Coverage)) == 1


def test_a_long_absence_leaves_no_gap():
    server = Server()
    server.add(1, 2)
    _, cursor = sync(server)
    server.add(*range(3, 203))
    pages, cursor = sync(server, cursor)
    assert numbers_of(pages) == list(range(3, 203))
    assert numbers_of(sync(server, cursor)[0]) == []


def test_an_absence_of_more_than_one_sync_goes_on_in_the_next():
    server = Server()
    server.add(1)
    _, cursor = sync(server)
    server.add(*range(2, 1502))
    first, cursor = sync(server, cursor)
    assert numbers_of(first) == list(range(2, 1002))
    second, _ = sync(server, cursor)
    assert numbers_of(second) == list(range(1002, 1502))


def test_an_edit_comes_again_under_the_same_key():
    server = Server()
    server.add(1, 2, 3)
    _, cursor = sync(server)
    server.statuses[1] |= {"content": "<p>changed</p>", "edited_at": "2026-11-22T00:00:00Z"}
    pages, cursor = sync(server, cursor)
    assert [a.text for a in of_kind(pages, Activity)] == ["changed"] and numbers_of(pages) == [2]
    assert numbers_of(sync(server, cursor)[0]) == []


def test_a_vanished_post_is_withdrawn_only_after_its_own_404():
    server = Server()
    server.add(1, 2, 3)
    _, cursor = sync(server)
    del server.statuses[1]
    pages, cursor = sync(server, cursor)
    assert of_kind(pages, Tombstone) == [Tombstone(key=Key("mastodon", f"{HOME}/users/ann/statuses/2"))]
    assert of_kind(sync(server, cursor)[0], Tombstone) == []


@pytest.mark.parametrize("answer", [401, 403, 500, 429, 200])
def test_any_other_answer_withdraws_nothing(answer):
    server = Server()
    server.add(1, 2, 3)
    _, cursor = sync(server)
    del server.statuses[1]
    server.status_answer = answer
    assert of_kind(sync(server, cursor)[0], Tombstone) == []


def test_an_empty_or_wholly_different_page_withdraws_nothing():
    server = Server()
    server.add(1, 2, 3)
    _, cursor = sync(server)
    server.statuses.clear()
    pages, cursor = sync(server, cursor)
    assert of_kind(pages, Tombstone) == [] and not any("/statuses/" in path for path in server.asked[1:])
    server.add(1, 2, 3)
    assert of_kind(sync(server, cursor)[0], Tombstone) == []


def test_few_vanished_posts_are_asked_for_in_one_sync_and_the_rest_in_the_next():
    server = Server()
    server.add(*range(1, 21))
    _, cursor = sync(server)
    server.statuses = [s for s in server.statuses if int(s["id"]) in (1, 20)]
    found = []
    for _ in range(4):
        server.asked.clear()
        pages, cursor = sync(server, cursor)
        assert len(server.asked) <= 6
        found += of_kind(pages, Tombstone)
    assert len(found) == 18


def test_parents_are_looked_up_together_or_one_by_one():
    for batch, requests in ((True, 2), (False, 3)):
        server = Server(batch=batch)
        server.add(10, in_reply_to_id="5", in_reply_to_account_id="42")
        page_only = server.statuses[:]
        server.add(5)
        parent = server.statuses.pop()
        server.statuses = page_only

        def asked(request: httpx.Request, server=server, parent=parent) -> httpx.Response:
            if request.url.path == "/api/v1/statuses/5":
                server.asked.append("single")
                return httpx.Response(200, json=parent)
            if request.url.path == "/api/v1/statuses" and server.batch:
                server.asked.append("batch")
                return httpx.Response(200, json=[parent])
            return server(request)

        door = Door(transport=httpx.MockTransport(asked))
        pages = list(SOURCE.pages(LOGIN, ANN, "", "", door))
        activity = of_kind(pages, Activity)[0]
        assert activity.in_reply_to == f"{HOME}/users/ann/statuses/5"
        assert len(server.asked) >= requests


def test_a_server_that_ignores_paging_ends():
    class Stubborn(Server):
        def page(self, items, query, request):
            return httpx.Response(200, json=sorted(items, key=lambda item: -int(item["id"])))

    server = Stubborn()
    server.add(*range(1, 101))
    pages, cursor = sync(server)
    assert sorted(numbers_of(pages)) == list(range(1, 101)) and len(server.asked) <= 3
    server.add(*range(101, 181))
    server.asked.clear()
    pages, cursor = sync(server, cursor)
    assert sorted(set(numbers_of(pages))) == list(range(101, 181)) and len(server.asked) <= 5
    assert numbers_of(sync(server, cursor)[0]) == []


@pytest.mark.parametrize("cursor", ["{", "[]", "null", '{"recent": 7}', '{"count": "x"}', "\ud800"])
def test_a_broken_cursor_reads_anew(cursor):
    server = Server()
    server.add(1, 2)
    assert sorted(numbers_of(sync(server, cursor)[0])) == [1, 2]


@pytest.mark.parametrize("body", [b"{}", b"<html>", b"", b'"x"', b"[[[["])
def test_nonsense_is_an_unexpected_answer(body):
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(200, content=body)))
    with pytest.raises(UnexpectedAnswer):
        list(SOURCE.pages(LOGIN, ANN, "", "", door))


def test_one_bad_record_does_not_lose_the_page():
    server = Server()
    server.add(1, 2, 3)
    server.statuses[1]["account"] = None
    pages, _ = sync(server)
    assert numbers_of(pages) == [1, 3] and len(of_kind(pages, Rejected)) == 1


def test_somebody_who_is_gone_is_told():
    with pytest.raises(Gone):
        sync(Server(), stream=Stream(name="statuses:77", address=HOME))


def test_connect_with_and_without_a_token():
    server = Server()
    plain = SOURCE.connect("social.example", "", server.door())
    assert (plain.address, plain.has_token, plain.profile) == (HOME, False, None)
    assert SOURCE.streams(plain, (ANN,)) == (ANN,)
    login = SOURCE.connect("@me@social.example", "good", server.door())
    assert (login.address, login.user_name, login.has_token) == (HOME, "me", True)
    assert login.profile == Key("mastodon", f"{HOME}/users/me")
    assert [stream.name for stream in SOURCE.streams(login, (ANN,))] == ["own", "notifications", "statuses:42"]
    with pytest.raises(LoginRejected):
        SOURCE.connect(HOME, "bad", server.door())
    with pytest.raises(UnexpectedAnswer, match="not answer as a Mastodon"):
        SOURCE.connect("blog.example", "", server.door())
    for wrong in ("", "   ", "ftp://x.example", "no server", "https://"):
        with pytest.raises(UserMistake):
            SOURCE.connect(wrong, "", server.door())


@pytest.mark.parametrize(
    "address",
    ["@ann@social.example", "ann@social.example", "@ann", f"{HOME}/@ann", f"{HOME}/users/ann", "social.example/@ann",
     f"{HOME}/@ann/113400000000000001", "acct:ann@social.example"],
)  # fmt: skip
def test_follow_resolves_every_spelling(address):
    stream, profile = SOURCE.follow(address, LOGIN, "", Server().door())
    assert (stream.name, stream.address) == ("statuses:42", HOME)
    assert stream.profile == profile.key == Key("mastodon", f"{HOME}/users/ann")
    assert profile.known and stream.title == "Ann Example"


@pytest.mark.parametrize("address", ["", "ann", "just words", "@nobody", "@nobody@social.example", "ftp://a/b"])
def test_follow_says_when_nobody_is_found(address):
    with pytest.raises(UserMistake):
        SOURCE.follow(address, LOGIN, "", Server().door())


def test_somebody_elsewhere_is_read_at_home_without_our_token():
    cy = {**person("cy", "7"), "uri": "https://far.example/users/cy", "url": "https://far.example/@cy"}
    asked: list[tuple[str, str]] = []

    def world(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, request.headers.get("authorization", "")))
        if request.url.host == "name.example":
            if request.url.path == "/.well-known/webfinger":
                link = {"rel": "self", "type": "application/activity+json", "href": "https://far.example/users/cy"}
                return httpx.Response(200, json={"subject": "acct:cy@name.example", "links": [link]})
            return httpx.Response(404)
        return httpx.Response(200, json=cy if request.url.path.endswith("/lookup") else [])

    login = Login(id=1, source="mastodon", place="mastodon", address=HOME, has_token=True)
    door = Door(transport=httpx.MockTransport(world))
    stream, profile = SOURCE.follow("@cy@name.example", login, "good", door)
    assert (stream.address, stream.name) == ("https://far.example", "statuses:far.example:7")
    assert profile.key == Key("mastodon", "https://far.example/users/cy")
    list(SOURCE.pages(login, stream, "", "good", door))
    assert {token for host, token in asked if host != "social.example"} == {""}


def test_another_server_cannot_speak_for_other_peoples_people():
    joe = {**person("joe", "7"), "uri": "https://far.example/users/joe", "url": "https://far.example/@joe",
           "fields": [{"name": "w", "value": '<a href="https://ann.example">x</a>', "verified_at": "2026-01-01"}]}  # fmt: skip
    ann = person("ann", note="taken over", fields=joe["fields"])
    listed = [
        status(4, joe), status(3, joe, uri=f"{HOME}/users/ann/statuses/3"), status(2, ann),
        status(1, joe, mentions=[{"id": "9", "username": "ann", "acct": "ann@social.example", "url": f"{HOME}/@ann"}]),
    ]  # fmt: skip
    ours = {**joe, "fields": []}

    def world(request: httpx.Request) -> httpx.Response:
        if request.url.host == "social.example":
            return httpx.Response(200, json=ours)
        if request.url.path.endswith("/lookup"):
            return httpx.Response(200, json=joe)
        if request.url.path == "/api/v1/accounts/7/statuses":
            return httpx.Response(200, json=listed)
        return httpx.Response(404)

    door = Door(transport=httpx.MockTransport(world))
    stream, profile = SOURCE.follow("@joe@far.example", LOGIN, "", door)
    assert [address.vouched for address in profile.addresses] == [False]
    pages = list(SOURCE.pages(LOGIN, stream, "", "", door))
    assert numbers_of(pages) == [1, 4] and len(of_kind(pages, Rejected)) == 2
    assert all(p.addresses == () and p.bio == "" for p in of_kind(pages, Profile))
    del listed[1]
    after = list(SOURCE.pages(LOGIN, stream, pages[-1].cursor, "", door))
    assert of_kind(after, Tombstone) == []
    ours["fields"] = joe["fields"]
    _, profile = SOURCE.follow("@joe@far.example", LOGIN, "", door)
    assert [address.vouched for address in profile.addresses] == [True]
    joe["uri"] = f"{HOME}/users/ann"
    with pytest.raises(UserMistake):
        SOURCE.follow("@joe@far.example", LOGIN, "", Door(transport=httpx.MockTransport(
            lambda r: httpx.Response(404) if r.url.host == "social.example" else world(r))))  # fmt: skip


def test_somebody_whose_home_is_silent_is_read_through_our_server():
    cy = {**person("cy", "9001"), "uri": "https://far.example/users/cy", "url": "https://far.example/@cy",
          "acct": "cy@far.example"}  # fmt: skip
    server = Server()
    server.people.append(cy)

    def world(request: httpx.Request) -> httpx.Response:
        if request.url.host == "far.example":
            return httpx.Response(401, json={"error": "This API requires an authenticated user"})
        return server(request)

    door = Door(transport=httpx.MockTransport(world))
    stream, _ = SOURCE.follow("@cy@far.example", LOGIN, "good", door)
    assert (stream.address, stream.name) == (HOME, "statuses:9001")
    assert "resolve=true" in server.asked[-1] and server.tokens[-1] == "Bearer good"


def test_the_silence_of_a_server_about_people_elsewhere_is_no_coverage():
    server = Server()
    server.add(1)
    elsewhere = Stream(name="statuses:42", address=HOME, profile=Key("mastodon", "https://far.example/users/ann"))
    pages, _ = sync(server, stream=elsewhere)
    assert numbers_of(pages) == [1] and of_kind(pages, Coverage) == []


def test_a_home_that_cannot_be_reached_is_told():
    def world(request: httpx.Request) -> httpx.Response:
        if request.url.host == "far.example":
            raise httpx.ConnectError("no route")
        return httpx.Response(404)

    with pytest.raises(SourceUnavailable):
        SOURCE.follow("@cy@far.example", LOGIN, "", Door(transport=httpx.MockTransport(world)))


def test_my_own_posts_begin_with_my_profile_and_the_token_is_needed():
    server = Server()
    login = SOURCE.connect(HOME, "good", server.door())
    own, _ = SOURCE.streams(login, ())
    pages, _ = sync(server, stream=own, login=login, token="good")
    assert isinstance(pages[0].facts[0], Profile) and pages[0].facts[0].is_owner
    with pytest.raises(LoginRejected):
        sync(server, stream=own, login=login, token="bad")


def test_notifications_come_backwards_first_and_forward_later():
    server = Server()
    login = SOURCE.connect(HOME, "good", server.door())
    _, towards_me = SOURCE.streams(login, ())
    bob = person("bob", "7")

    def mention(number: int) -> dict[str, Any]:
        return {"id": str(number), "type": "mention", "created_at": "2026-11-21T00:00:00Z", "account": bob,
                "status": status(number, bob)}  # fmt: skip

    server.notifications = [mention(number) for number in range(1, 101)]
    pages, cursor = sync(server, stream=towards_me, login=login, token="good")
    assert sorted(numbers_of(pages)) == list(range(1, 101)) and of_kind(pages, Coverage) == []
    assert {httpx.URL(path).params["limit"] for path in server.asked if "/notifications" in path} == {"80"}, "the most that is given"
    server.notifications += [mention(number) for number in range(101, 301)]
    pages, cursor = sync(server, cursor, stream=towards_me, login=login, token="good")
    assert sorted(numbers_of(pages)) == list(range(101, 301))
    assert numbers_of(sync(server, cursor, stream=towards_me, login=login, token="good")[0]) == []


@pytest.mark.parametrize("code", [401, 403])
def test_a_key_with_fewer_rights_stops_only_what_it_may_not_read(code):
    server = Server()
    login = SOURCE.connect(HOME, "good", server.door())

    def narrow(request: httpx.Request) -> httpx.Response:
        refused = "notifications" in request.url.path or "/42/" in request.url.path
        return httpx.Response(code, json={"error": "outside the authorized scopes"}) if refused else server(request)

    door = Door(transport=httpx.MockTransport(narrow), clock=lambda: NOW)
    own, towards_me = SOURCE.streams(login, ())
    assert list(SOURCE.pages(login, own, "", "good", door))
    for stream in (towards_me, ANN):
        with pytest.raises(SourceUnavailable, match="all read rights"):
            list(SOURCE.pages(login, stream, "", "good", door))
    with pytest.raises(LoginRejected):
        list(SOURCE.pages(LOGIN, ANN, "", "", Door(transport=httpx.MockTransport(lambda r: httpx.Response(401)))))
