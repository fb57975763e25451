"""Stack Exchange step by step from a small network that behaves as the real one does: lists, quota, backoff, escaped names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError, SourceUnavailable, UserMistake
from relationdesk.model import (
    Activity,
    Address,
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
from relationdesk.sources.base import Allowance, Metered
from relationdesk.sources.door import Door
from relationdesk.sources.stackexchange import StackExchange
from relationdesk.sources.stackexchange_facts import Around, comment_facts, post_facts
from relationdesk.sources.stackexchange_reading import PACE
from relationdesk.sources.stackexchange_talk import FIELDS
from tests.stack import ANN, API, FIRST, JOE, KEY, SAM, SO, SU, Stack, comment, left, owner, person, post

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def of(number: int, host: str = SO) -> Key:
    return Key("stackexchange", f"https://{host}/users/{number}")


def at(path: str) -> Key:
    return Key("stackexchange", f"https://{SO}/{path}")


class Desk:
    """Who follows Joe, as Sam, and what was read so far."""

    def __init__(self, typed: str = f"{SO}/users/{SAM}/sam-carter", token: str = KEY) -> None:
        self.stack, self.now, self.token = Stack(), NOW, token
        self.source = StackExchange(lambda: self.now)
        self.login = self.source.connect(typed, token, self.door())
        self.cursors: dict[str, str] = {}
        self.joe = Stream(name=f"posts:{SO}:{JOE}", address=API, profile=of(JOE), title="Joe")

    def door(self) -> Door:
        return self.stack.door(self.now)

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


@pytest.fixture
def desk() -> Desk:
    return Desk()


def one(found: tuple[Fact, ...]) -> Activity:
    (activity,) = [fact for fact in found if isinstance(fact, Activity)]
    assert {p.profile for p in activity.participants} | {activity.actor} <= {f.key for f in found if isinstance(f, Profile)}
    return activity


# Who we are, who they are


def test_my_page_says_who_i_am_and_a_key_goes_into_a_header(desk: Desk) -> None:
    assert desk.login == Login(id=0, source="stackexchange", place="stackexchange", address=API, user_name=f"{SO}/users/{SAM}", profile=of(SAM), has_token=True)
    assert desk.stack.web.headers[-1]["authorization"] == f"Bearer {KEY}" and not any(KEY in str(query) for _, query in desk.stack.web.asked)


def test_a_site_is_enough_and_is_checked() -> None:
    desk = Desk(SU, "")
    assert (desk.login.profile, desk.login.user_name, desk.login.has_token) == (None, "", False)
    assert desk.stack.web.asked == [(f"{API}/info", {"site": SU})] and "authorization" not in desk.stack.web.headers[-1]
    assert desk.source.streams(desk.login, (desk.joe,)) == (desk.joe,)


def test_signing_in_again_is_the_same_page(desk: Desk) -> None:
    again = desk.source.connect(f"{desk.login.user_name}@api.stackexchange.com/2.3", "", desk.door())
    assert (again.profile, again.has_token) == (of(SAM), False)


@pytest.mark.parametrize("typed", ["", "joe", "a b", f"{SO}/questions/7", "other.example", f"{SO}/users/999", "http://[::1", "joe@hotel.example"])
def test_what_is_no_site_and_nobodys_page_is_not_connected(typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        StackExchange().connect(typed, "", Stack().door())


@pytest.mark.parametrize(("error", "words"), [(400, "`key` doesn't match a known application"), (402, "token expired"), (403, "not allowed"), (401, "needs a token")])
def test_a_refused_key_is_said_to_be_one(error: int, words: str) -> None:
    stack = Stack()
    stack.errors["/info"] = (error, words)
    with pytest.raises(LoginRejected, match="kept"):
        StackExchange().connect(SO, KEY, stack.door())


@pytest.mark.parametrize("typed", [f"https://{SO}/users/{JOE}/joe-brown", f"{SO}/users/{JOE}", f" https://www.{SO}/users/{JOE}?tab=profile ", f"https://{SO}/u/{JOE}"])
def test_all_spellings_of_joe(desk: Desk, typed: str) -> None:
    stream, profile = desk.source.follow(typed, desk.login, KEY, desk.door())
    assert (stream.name, stream.profile, stream.address) == (f"posts:{SO}:{JOE}", of(JOE), API)
    assert (profile.known, profile.display_name, stream.title) == (True, 'Joe "J" Brown', f'Joe "J" Brown · {SO}')


@pytest.mark.parametrize("typed", ["joe", SO, f"{SO}/questions/7/why", f"{SO}/users/joe", "https://github.com/joe", f"{SO}/users/999"])
def test_a_question_is_nobodys_page(desk: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        desk.source.follow(typed, desk.login, KEY, desk.door())


def account(host: str, number: int, of_: int = JOE + 1000, **more: int) -> dict[str, Any]:
    return {"account_id": of_, "user_id": number, "site_url": f"https://{host}", "site_name": host, "reputation": 1, "question_count": 0, "answer_count": 0, **more}


def test_the_place_vouches_for_the_same_account_on_other_sites(desk: Desk) -> None:
    desk.stack.people[JOE] |= {"website_url": "https://joe.example", "about_me": '<p>Valves. <a href="https://valves.example/">Mine</a></p>'}
    desk.stack.accounts = [account(SO, JOE), account(SU, 5), account("bad host", 6), account(SU, 7, of_=1)]
    desk.stack.strangers = [account("askubuntu.com", 8, of_=2)]
    _, profile = desk.source.follow(f"{SO}/users/{JOE}", desk.login, KEY, desk.door())
    assert profile.bio == "Valves. Mine (https://valves.example/)" and profile.url == f"https://{SO}/users/{JOE}/joe-quot-j-quot-brown"
    assert profile.addresses == (
        Address(kind=AddressKind.WEB, value="https://stackexchange.com/users/1022", vouched=True), Address(kind=AddressKind.WEB, value=f"https://{SU}/users/5", vouched=True),
        Address(kind=AddressKind.WEB, value="https://joe.example"), Address(kind=AddressKind.WEB, value="https://valves.example"),
    )  # fmt: skip


def test_a_page_of_the_network_leads_to_the_site_where_most_was_done(desk: Desk) -> None:
    desk.stack.accounts = [account(SU, 5, reputation=900), account(SO, JOE, answer_count=3)]
    stream, profile = desk.source.follow(f"https://stackexchange.com/users/{JOE + 1000}/joe", desk.login, KEY, desk.door())
    assert stream.profile == profile.key == of(JOE)
    with pytest.raises(UserMistake):
        desk.source.follow("https://stackexchange.com/users/1", desk.login, KEY, desk.door())


# What records say


def test_an_answer_answers_who_asked() -> None:
    around = Around(question_of={"9": "7"}, questions={"7": post(7, "question", ANN)})
    found = one(post_facts(post(9, body='<p>Use <code>X</code> &amp; wait.</p><img src="a.png" alt="the valve"><pre><code>a\nb</code></pre>', last_edit_date=FIRST + 60), SO, around))
    assert (found.key, found.kind, found.title, found.actor) == (at("a/9"), Kind.REPLY, 'Why does it "drip"?', of(JOE))
    assert found.text == "Use X & wait.\n\n[Image: the valve]\na\nb"
    assert (found.thread, found.in_reply_to, found.url) == (f"https://{SO}/questions/7", f"https://{SO}/questions/7", f"https://{SO}/a/9")
    assert found.participants == (Participant(profile=of(ANN), role=Role.REPLY_TO),)
    assert found.published == datetime(2026, 11, 1, 8, 0, 9, tzinfo=UTC)
    assert dict(found.extra) == {"edited": "2026-11-01T08:01:00+00:00", "licence": "CC BY-SA 4.0"}


def test_a_question_begins_a_thread() -> None:
    found = one(post_facts(post(7, "question", body='<img src="a" alt="enter image description here">'), SO, Around()))
    assert (found.key, found.kind, found.thread, found.in_reply_to, found.text) == (at("questions/7"), Kind.POST, f"https://{SO}/questions/7", "", "[Image]")


def test_a_comment_answers_whom_it_names_or_whose_post_it_stands_under() -> None:
    around = Around(question_of={"9": "7"}, posts={"9": post(9, who=ANN), "7": post(7, "question", SAM)})
    under = one(comment_facts(comment(20, 9), SO, around))
    assert (under.key, under.kind, under.title, under.in_reply_to) == (at("posts/comments/20"), Kind.COMMENT, 'Why does it "drip"?', f"https://{SO}/a/9")
    assert (under.thread, under.participants) == (f"https://{SO}/questions/7", (Participant(profile=of(ANN), role=Role.REPLY_TO),))
    named = one(comment_facts(comment(20, 7, reply_to_user=owner(SAM)), SO, around))
    assert named.participants == (Participant(profile=of(SAM), role=Role.REPLY_TO),) and named.in_reply_to == f"https://{SO}/questions/7"
    bare = one(comment_facts(comment(20, 9), SO, Around()))
    assert (bare.thread, bare.in_reply_to, bare.participants) == ("", "", ())


def test_who_left_the_place_is_nobody() -> None:
    assert post_facts(post(9, owner=left()), SO, Around()) == comment_facts(comment(9, 7, owner=left()), SO, Around()) == ()
    found = one(post_facts(post(9), SO, Around(question_of={"9": "7"}, questions={"7": post(7, "question", owner=left())})))
    assert found.participants == ()


@pytest.mark.parametrize("odd", [{"post_id": None}, {"post_id": {}}, {"post_type": "wiki"}, {"creation_date": "1"}, {"creation_date": True}, {"creation_date": -1}, {"owner": None}, {"owner": {"user_id": []}}])
def test_an_unreadable_record_is_one_rejected(odd: dict[str, Any]) -> None:
    (found,) = post_facts({**post(1), **odd}, SO, Around())
    assert isinstance(found, Rejected)
    if "post_type" not in odd:
        (found,) = comment_facts({**comment(1, 2), **odd}, SO, Around())
        assert isinstance(found, Rejected) or "creation_date" not in odd


@pytest.mark.parametrize("odd", [{"body": 5}, {"body": ["a"]}, {"title": {}}, {"link": "javascript:1"}, {"last_edit_date": 10**30}, {"content_license": []}])
def test_odd_fields_are_left_out(odd: dict[str, Any]) -> None:
    found = one(post_facts({**post(1), **odd}, SO, Around()))
    assert found.url in ("", f"https://{SO}/a/1")


# Reading on


def test_the_first_reading_takes_posts_and_comments(desk: Desk) -> None:
    desk.stack.posts = [post(9), post(7, "question", ANN)]
    desk.stack.answers = {9: 7}
    desk.stack.comments = [comment(20, 9)]
    found = desk.facts()
    assert isinstance(found[0], Profile) and [(f.text, f.thread) for f in found if isinstance(f, Activity)] == [("Words 9", f"https://{SO}/questions/7"), ("Remark 20", f"https://{SO}/questions/7")]
    assert found[-1] == Coverage(place="stackexchange", profile=of(JOE), since=None, until=NOW)
    assert desk.stack.web.asked[0][0] == f"{API}/filters/create" and desk.stack.web.asked[0][1]["include"] == FIELDS


def test_a_long_past_is_read_back_and_said_to_end_somewhere(desk: Desk) -> None:
    desk.stack.posts = [post(n) for n in range(500, 0, -1)]
    desk.stack.comments = [comment(n, 9) for n in range(350, 0, -1)]
    found = desk.facts()
    assert len([fact for fact in found if isinstance(fact, Activity)]) == 600
    assert [fact for fact in found if isinstance(fact, Coverage)] == [Coverage(place="stackexchange", profile=of(JOE), since=datetime.fromtimestamp(FIRST + 201, UTC), until=NOW)]


def test_then_only_what_is_new_or_edited(desk: Desk) -> None:
    desk.stack.posts, desk.stack.comments = [post(2), post(1)], [comment(5, 1)]
    desk.facts()
    desk.now += timedelta(minutes=30)
    desk.stack.posts = [post(3), post(2, body="<p>Better</p>", last_edit_date=FIRST + 99), post(1)]
    desk.stack.comments = [comment(6, 1), comment(5, 1, body="Better, too", edited=True)]
    assert desk.texts() == ["Better", "Words 3", "Better, too", "Remark 6"]
    assert desk.texts() == []


def test_more_than_a_page_of_news_skips_nothing(desk: Desk) -> None:
    desk.stack.posts = [post(1)]
    desk.facts()
    desk.stack.posts = [post(n) for n in range(250, 0, -1)]
    assert {f"Words {n}" for n in range(2, 251)} <= set(desk.texts())


def test_what_the_api_knows_no_longer_was_withdrawn(desk: Desk) -> None:
    desk.stack.posts = [post(n) for n in (5, 4, 3, 2, 1)]
    desk.stack.comments = [comment(12, 1), comment(11, 1)]
    desk.facts()
    desk.stack.posts = [post(5), post(4), post(2), post(1)]
    desk.stack.comments = [comment(11, 1)]
    assert [fact for fact in desk.facts() if isinstance(fact, Tombstone)] == [Tombstone(key=at("a/3"), returns=True), Tombstone(key=at("posts/comments/12"), returns=True)]


def test_trouble_with_the_question_withdraws_nothing(desk: Desk) -> None:
    desk.stack.posts = [post(3), post(2), post(1)]
    desk.facts()
    desk.stack.posts = [post(3), post(1)]
    desk.stack.errors["/posts/2"] = (500, "down")
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)]


def test_somebody_else_in_the_list_is_not_believed(desk: Desk) -> None:
    desk.stack.web.status[f"{API}/users/{JOE}/posts"] = httpx.Response(200, json={"items": [post(2, who=ANN), post(1)], "has_more": False})
    assert desk.texts() == ["Words 1"]


def test_who_is_gone_is_a_sentence(desk: Desk) -> None:
    desk.facts()
    del desk.stack.people[JOE]
    desk.now += timedelta(days=2)
    with pytest.raises(Gone, match="kept"):
        desk.facts()


def test_a_new_name_changes_no_key(desk: Desk) -> None:
    desk.facts()
    desk.stack.people[JOE] = person(JOE, display_name="Joseph", link=f"https://{SO}/users/{JOE}/joseph")
    desk.now += timedelta(days=1, minutes=1)
    profile = next(fact for fact in desk.facts() if isinstance(fact, Profile))
    assert (profile.key, profile.display_name) == (of(JOE), "Joseph")


def test_what_stands_around_is_asked_for_at_once_and_may_be_missing(desk: Desk) -> None:
    desk.stack.posts = [*(post(n) for n in range(90, 10, -1)), post(7, "question", ANN)]
    desk.stack.answers = dict.fromkeys(range(90, 10, -1), 7)
    found = desk.facts()
    assert desk.stack.count(r"/answers/[\d;]+") == desk.stack.count(r"/questions/[\d;]+") == 1
    assert {fact.participants for fact in found if isinstance(fact, Activity)} == {(Participant(profile=of(ANN), role=Role.REPLY_TO),)}
    again = Desk()
    again.stack.posts, again.stack.errors[r"/answers/.*"] = desk.stack.posts, (500, "down")
    assert len(again.texts()) == 80


def test_without_a_filter_the_usual_one_will_do(desk: Desk) -> None:
    again = Desk(SO)
    again.stack.errors["/filters/create"] = (400, "bad fields")
    again.stack.posts = [post(1)]
    assert again.texts() == ["Words 1"] and again.stack.web.asked[-1][1]["filter"] == "withbody"


# Limits and refusals


def test_three_hundred_a_day_without_a_key_and_ten_thousand_with_one(desk: Desk) -> None:
    assert isinstance(desk.source, Metered) and desk.source.allowance(desk.login) == Allowance(most=10_000, span=timedelta(days=1), zone="UTC")
    assert desk.source.allowance(Desk(SO, "").login).most == 300


def test_without_a_key_nobody_is_asked_more_often_than_is_fair_to_others() -> None:
    desk = Desk(f"{SO}/users/{SAM}", "")
    desk.stack.posts = [post(1)]
    assert desk.texts() == ["Words 1"]
    desk.facts(desk.own(1))
    asked = len(desk.stack.web.asked)
    desk.now += PACE - timedelta(minutes=1)
    assert desk.pages() == desk.pages(desk.own(1)) == [] and len(desk.stack.web.asked) == asked
    desk.now += timedelta(minutes=1)
    desk.stack.posts.insert(0, post(2))
    assert desk.texts() == ["Words 2"]


def test_backoff_is_kept_for_the_method_that_said_so(desk: Desk) -> None:
    desk.stack.extra = {"backoff": 10}
    desk.stack.posts = [post(n) for n in range(150, 0, -1)]
    with pytest.raises(RateLimited) as caught:  # page 2 of the posts
        desk.facts()
    assert caught.value.until == NOW + timedelta(seconds=10)
    asked = len(desk.stack.web.asked)
    with pytest.raises(RateLimited):
        desk.facts()
    assert len(desk.stack.web.asked) == asked
    desk.now += timedelta(seconds=10)
    desk.stack.extra = {}
    assert len(desk.texts()) == 50  # goes on where it stood


def test_a_quota_that_is_used_up_is_a_wait_until_midnight(desk: Desk) -> None:
    desk.stack.remaining = 1
    with pytest.raises(RateLimited) as caught:
        desk.facts()
    assert caught.value.until == datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(("words", "wait"), [
    ("too many requests from this IP, more requests available in 78 seconds", timedelta(seconds=78)), ("too many requests", timedelta(minutes=15)),
    ("more requests available in 9999999 seconds", timedelta(days=1)),
])  # fmt: skip
def test_a_throttle_is_a_wait_although_its_status_is_400(desk: Desk, words: str, wait: timedelta) -> None:
    desk.stack.errors[f"/users/{JOE}/posts"] = (502, words)
    with pytest.raises(RateLimited) as caught:
        desk.facts()
    assert caught.value.until == NOW + wait


@pytest.mark.parametrize(("error", "words"), [(500, "internal"), (503, "maintenance"), (404, "no method"), (400, "page above 25 requires"), (405, "key required")])
def test_other_errors_are_no_reason_to_doubt_anything(error: int, words: str) -> None:
    desk = Desk(SO, "")
    desk.stack.errors[f"/users/{JOE}/posts"] = (error, words)
    with pytest.raises(SourceUnavailable, match="kept"):
        desk.facts()


@pytest.mark.parametrize("answer", [
    httpx.Response(200, json={}), httpx.Response(200, json=[]), httpx.Response(200, text="<html>"), httpx.Response(400, text="<html>"), httpx.Response(503), httpx.Response(200, json={"items": {}}),
])  # fmt: skip
def test_nonsense_is_a_sentence(desk: Desk, answer: httpx.Response) -> None:
    desk.stack.web.status[f"{API}/users/{JOE}/posts"] = answer
    with pytest.raises(SourceError, match=r"kept|Nothing"):
        desk.facts()


# My own, and what is said to me


def test_my_own(desk: Desk) -> None:
    desk.stack.posts = [post(1, "question", SAM)]
    found = desk.facts(desk.own(0))
    assert isinstance(found[0], Profile) and found[0].is_owner and [fact.actor for fact in found if isinstance(fact, Activity)] == [of(SAM)]


def towards(desk: Desk) -> None:
    desk.stack.posts = [post(40, who=SAM), post(30, who=JOE), post(20, "question", SAM), post(10, "question", ANN)]
    desk.stack.answers = {40: 10, 30: 20}
    desk.stack.comments = [comment(53, 10, ANN, reply_to_user=owner(SAM)), comment(52, 40, SAM), comment(51, 40), comment(50, 20, ANN)]


def test_what_others_do_towards_me(desk: Desk) -> None:
    towards(desk)
    found = [fact for fact in desk.facts(desk.own(1)) if isinstance(fact, Activity)]
    assert [(f.key.native_id.removeprefix(f"https://{SO}/"), f.actor, f.kind) for f in found] == [
        ("a/30", of(JOE), Kind.REPLY), ("posts/comments/50", of(ANN), Kind.COMMENT), ("posts/comments/51", of(JOE), Kind.COMMENT), ("posts/comments/53", of(ANN), Kind.COMMENT),
    ]  # fmt: skip
    assert {f.participants for f in found} == {(Participant(profile=of(SAM), role=Role.REPLY_TO),)}
    assert [f.thread.rpartition("/")[2] for f in found] == ["20", "20", "10", "10"]


def test_an_answer_is_the_same_one_in_its_authors_list(desk: Desk) -> None:
    towards(desk)
    here = next(f for f in desk.facts(desk.own(1)) if isinstance(f, Activity) and f.actor == of(JOE))
    assert next(f for f in desk.facts() if isinstance(f, Activity)) == here


def test_then_only_what_is_new_is_asked_for(desk: Desk) -> None:
    towards(desk)
    desk.facts(desk.own(1))
    desk.now += timedelta(minutes=30)
    later = int(NOW.timestamp()) - FIRST
    desk.stack.comments.insert(0, comment(later, 20))
    assert f"Remark {later}" in desk.texts(desk.own(1))
    assert {query.get("fromdate") for _, query in desk.stack.web.asked[-6:]} >= {str(FIRST + 53 - 3600)}


def test_a_flood_of_comments_is_read_in_portions_and_none_is_skipped(desk: Desk) -> None:
    desk.stack.posts = [post(10, "question", SAM)]
    desk.stack.comments = [comment(10_000 + n, 10) for n in range(1200, 0, -1)]
    read: set[str] = set()
    for _ in range(4):
        read |= set(desk.texts(desk.own(1)))
    assert len(read) == 1200


@pytest.mark.parametrize("cursor", ["nonsense", "[]", "null", "{", '{"since": 5}', '{"since": "99999999999999"}', '{"posts": [], "comments": 5}'])
def test_a_cursor_that_is_none_begins_anew(desk: Desk, cursor: str) -> None:
    towards(desk)
    desk.cursors |= {desk.own(1).name: cursor, desk.joe.name: cursor}
    assert len(desk.texts(desk.own(1))) == 4 and len(desk.texts()) == 2


def test_no_key_is_shown_in_words(desk: Desk) -> None:
    assert KEY not in repr(desk.source._talk(desk.login, KEY, desk.door()))
