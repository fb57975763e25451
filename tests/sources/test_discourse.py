"""Discourse step by step from a small forum that behaves as real ones do: names that change, hidden profiles, members only, beginnings of posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from relationdesk.sources.base import KeyMaking
from relationdesk.sources.discourse import Discourse
from relationdesk.sources.discourse_facts import Around, Forum, like_facts, post_facts
from relationdesk.sources.discourse_reading import FEWER, MAX_BESIDE
from relationdesk.sources.discourse_text import words_of
from relationdesk.sources.door import Door
from relationdesk.sources.sealed import new_seal
from tests.forum import ANN, BASE, JOE, KEY, SAM, Board, doing, iso, post, shown_by, user

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FORUM = Forum(base=BASE)


def of(native: object) -> Key:
    return Key("discourse", f"{native}@forum.example")


class Desk:
    """Who follows Joe, with a key or without, and what was read so far."""

    def __init__(self, token: str = "", typed: str = "forum.example", **board: bool) -> None:
        self.board, self.now, self.token = Board(), NOW, token
        for name, value in board.items():
            setattr(self.board, name, value)
        self.source = Discourse(lambda: self.now)
        self.login = self.source.connect(typed, token, self.door())
        self.cursors: dict[str, str] = {}
        self.joe = Stream(name=f"posts:forum.example:{JOE}", address=f"{BASE}/u/joe", profile=of(JOE), title="Joe")

    def door(self) -> Door:
        return self.board.door(self.now)

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


def one(found: tuple[Fact, ...]) -> Activity:
    (activity,) = [fact for fact in found if isinstance(fact, Activity)]
    assert {p.profile for p in activity.participants} | {activity.actor} <= {f.key for f in found if isinstance(f, Profile)}
    return activity


# Who we are, who they are


@pytest.mark.parametrize("typed", ["forum.example", " https://forum.example/ ", "https://forum.example/t/hello/5", "forum.example/u/joe/summary", "https://FORUM.example/latest"])
def test_a_forum_is_asked_for_its_title_only(typed: str) -> None:
    board = Board()
    login = Discourse().connect(typed, "", board.door())
    assert (login.address, login.profile, login.has_token) == (BASE, None, False)
    assert [address for address, _ in board.web.asked] == [f"{BASE}/site/basic-info.json"] and board.keys_sent() == 0


def test_without_an_address_nobody_is_asked_and_every_forum_can_be_read() -> None:
    desk = Desk(typed="")
    assert desk.login == Login(id=0, source="discourse", place="discourse", address="") and desk.board.web.asked == []
    stream, _ = desk.source.follow(f"{BASE}/u/joe", desk.login, "", desk.door())
    assert stream == desk.joe
    desk.board.posts = [post(1)]
    assert desk.texts() == ["Words 1"]


def test_a_key_says_who_we_are() -> None:
    desk = Desk(KEY)
    assert desk.login == Login(id=0, source="discourse", place="discourse", address=BASE, user_name="sam", profile=of(SAM), has_token=True)
    assert desk.board.web.headers[-1]["user-api-key"] == KEY and "authorization" not in desk.board.web.headers[-1]


def test_a_forum_in_a_folder_is_one_of_its_own() -> None:
    board = Board()
    board.web.status["https://firm.example/talk/site/basic-info.json"] = httpx.Response(200, json={"title": "Talk"})
    board.web.status["https://firm.example/talk/u/joe.json"] = httpx.Response(200, json={"user": user(JOE)})
    login = Discourse().connect("https://firm.example/talk/u/joe", "", board.door())
    stream, profile = Discourse().follow("joe", login, "", board.door())
    assert login.address == "https://firm.example/talk" and profile.key == Key("discourse", f"{JOE}@firm.example/talk") and stream.address == "https://firm.example/talk/u/joe"


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, json=[]), httpx.Response(200, json={"title": ""}), httpx.Response(200, text="<html>")])
def test_what_is_no_forum_is_not_connected(answer: httpx.Response) -> None:
    board = Board()
    board.web.status[f"{BASE}/site/basic-info.json"] = answer
    with pytest.raises(UnexpectedAnswer, match="Nothing was added"):
        Discourse().connect("forum.example", "", board.door())


def test_an_old_forum_tells_its_title_elsewhere() -> None:
    board = Board()
    board.web.status |= {f"{BASE}/site/basic-info.json": httpx.Response(404), f"{BASE}/about.json": httpx.Response(200, json={"about": {"title": "Old talk"}})}
    assert Discourse().connect("forum.example", "", board.door()).address == BASE


@pytest.mark.parametrize("typed", ["a b", "forum", "http://[::1", "user@host:x", "https://forum.example/a/b/x/d"])
def test_what_is_no_address_is_not_asked(typed: str) -> None:
    board = Board()
    with pytest.raises(UserMistake, match="Nothing was changed"):
        Discourse().connect(typed, "", board.door())
    assert board.web.asked == []


@pytest.mark.parametrize("answer", [httpx.Response(403, json={"error_type": "invalid_access"}), httpx.Response(401), httpx.Response(403, text="no")])
def test_a_refused_key_is_said_to_be_one(answer: httpx.Response) -> None:
    board = Board()
    board.web.status[f"{BASE}/session/current.json"] = answer
    with pytest.raises(LoginRejected):
        Discourse().connect("forum.example", "old", board.door())


@pytest.mark.parametrize("typed", ["joe", "@joe", f"{BASE}/u/joe", "forum.example/u/joe/activity?x=1", f"{BASE}/users/Joe", f"{BASE}/u/joe.json"])
def test_all_spellings_of_joe(desk: Desk, typed: str) -> None:
    stream, profile = desk.source.follow(typed, desk.login, "", desk.door())
    assert (stream, profile.known, profile.url) == (desk.joe, True, f"{BASE}/u/joe")


@pytest.mark.parametrize("typed", ["", f"{BASE}/t/hello/5", "forum.example", "a b", "joe@hotel.example"])
def test_what_is_nobodys_page_is_not_asked_about(typed: str) -> None:
    desk = Desk(typed="")
    with pytest.raises(UserMistake, match="Nothing was changed"):
        desk.source.follow(typed, desk.login, "", desk.door())
    assert desk.board.web.asked == []


def test_nobody_and_hidden_profiles_are_said_as_such(desk: Desk) -> None:
    with pytest.raises(UserMistake, match="Nobody called nobody"):
        desk.source.follow("nobody", desk.login, "", desk.door())
    desk.board.people[ANN] |= {"profile_hidden": True}
    with pytest.raises(UserMistake, match="hides their profile"):
        desk.source.follow("ann", desk.login, "", desk.door())


def test_a_profile_tells_what_its_page_tells(desk: Desk) -> None:
    about = 'Valves. <a href="https://valves.example/">Mine</a> <img src="/emoji/wave.png" class="emoji" alt=":wave:">'
    desk.board.people[JOE] |= {"name": "Joe Brown", "website": "https://joe.example", "website_name": "joe.example", "bio_cooked": about}
    _, profile = desk.source.follow("joe", desk.login, "", desk.door())
    assert (profile.display_name, profile.handle, profile.title) == ("Joe Brown", "joe", "")
    assert [address.value for address in profile.addresses] == ["https://joe.example", "https://valves.example"] and profile.bio.startswith("Valves. Mine")


# What posts say

QUOTE_OF_ANN = (
    '<aside class="quote no-group" data-username="ann" data-post="3" data-topic="31"><div class="title"><img alt="" class="avatar" src="a.png"> ann:</div>'
    "<blockquote><p>Which <b>valve</b>?</p></blockquote></aside>"
)
PREVIEW = (
    '<aside class="onebox allowlistedgeneric" data-onebox-src="https://press.example/a"><header class="source"><img class="site-icon" src="i.png">press.example</header>'
    '<article><h3><a href="https://press.example/a">A long title</a></h3><p>Much text</p></article></aside>'
)
PICTURE = '<div class="lightbox-wrapper"><a class="lightbox" href="https://forum.example/a.jpeg"><img src="a.jpeg" alt="the valve"><div class="meta"><span class="filename">the valve</span><span class="informations">690×388 52 KB</span></div></a></div>'


@pytest.mark.parametrize(("cooked", "text", "quoted"), [
    ("<p>Try version 5 &hellip; &amp; wait</p>", "Try version 5 … & wait", ""),
    (f"{QUOTE_OF_ANN}<p>The red one.</p>", "The red one.", "ann:\n\nWhich valve?"),
    (f"<p>See</p>{PREVIEW}<p>there</p>", "See\n\nhttps://press.example/a\n\nthere", ""),
    (f"<p>Here:</p>{PICTURE}", "Here:\n\n[Image: the valve] (https://forum.example/a.jpeg)", ""),
    ('<p>Fine <img src="/images/emoji/smile.png" title=":smile:" class="emoji only-emoji" alt=":smile:"></p>', "Fine :smile:", ""),
    ('<p><img src="a.png" alt="image"></p>', "[Image]", ""),
    ('<p>Ask <a class="mention" href="/u/ann">@ann</a> on <a class="hashtag" href="/c/x">#x</a></p>', "Ask @ann on #x", ""),
    (QUOTE_OF_ANN.replace("Which", f"{QUOTE_OF_ANN} Which") + "<p>Both</p>", "Both", "ann:\n\nann:\n\nWhich valve?\n\nWhich valve?"),
    ('<aside class="quote"><p>never closed', "never closed", ""),
    ("</aside><p>a</aside>b", "a\nb", ""),
    ('<aside class="poll"><p>Vote</p></aside><pre><code>x = 1\ny = 2</code></pre>', "Vote\n\nx = 1\ny = 2", ""),
], ids=["words", "quote", "preview", "picture", "emoji", "no words", "mention", "nested", "open", "closing only", "other aside"])  # fmt: skip
def test_what_stands_in_a_post(cooked: str, text: str, quoted: str) -> None:
    assert words_of(cooked) == (text, quoted)


def test_a_post_of_asides_only_is_read_in_time() -> None:
    words_of("<aside class='quote'>" * 50_000)
    words_of("<aside class='quote'></aside>" * 50_000)


def test_an_answer_answers_the_post_it_names() -> None:
    around = Around(titles={"31": "Upgrade help"}, answered={("31", "2"): post(70, ANN, place=2)})
    found = one(post_facts(post(88, reply_to_post_number=2, version=2, updated_at=iso(99)), FORUM, around))
    assert (found.key, found.kind, found.actor, found.title, found.text) == (of("post:88"), Kind.REPLY, of(JOE), "Upgrade help", "Words 88")
    assert (found.thread, found.in_reply_to, found.url) == (of("topic:31").native_id, of("post:70").native_id, f"{BASE}/t/upgrade-help/31/4")
    assert found.participants == (Participant(profile=of(ANN), role=Role.REPLY_TO),) and dict(found.extra) == {"edited": iso(99)}
    assert found.published == datetime(2026, 11, 1, 9, 28, tzinfo=UTC) and found.audience is Audience.PUBLIC


def test_an_answer_that_names_none_answers_the_topic_and_a_first_post_nobody() -> None:
    around = Around(answered={("31", "1"): post(60, ANN, place=1)})
    assert one(post_facts(post(88), FORUM, around)).participants == (Participant(profile=of(ANN), role=Role.REPLY_TO),)
    first = one(post_facts(post(60, ANN, place=1), FORUM, around))
    assert (first.kind, first.in_reply_to, first.participants) == (Kind.POST, "", ())


def test_my_name_means_me() -> None:
    mine = Forum(base=BASE, me=of(SAM), my_name="sam")
    for words, is_me in (('<a class="mention" href="/u/sam">@sam</a> what do you think?', True), ("@sammy", False), ("sam", False), ("joe@sam", False), ("(@Sam)", True)):
        assert (Participant(profile=of(SAM), role=Role.MENTIONED) in one(post_facts(post(1, cooked=words), mine, Around())).participants) is is_me


@pytest.mark.parametrize("kind", [3, 4])
def test_what_no_human_wrote_for_everybody_says_nothing(kind: int) -> None:
    assert post_facts(post(1, post_type=kind), FORUM, Around()) == ()


@pytest.mark.parametrize("odd", [{"id": None}, {"id": {}}, {"user_id": None}, {"user_id": "", "username": "joe"}, {"created_at": None}, {"created_at": "now"}])
def test_an_unreadable_post_is_one_rejected(odd: dict[str, Any]) -> None:
    (found,) = post_facts({**post(1), **odd}, FORUM, Around())
    assert isinstance(found, Rejected)
    (found,) = like_facts({**doing(2, post(1, SAM), JOE), **{f"acting_{name}": value for name, value in odd.items()}, **({"post_id": None} if "id" in odd else {}), **odd}, FORUM)
    assert isinstance(found, Rejected)


@pytest.mark.parametrize("odd", [{"cooked": 5}, {"topic_id": "../x"}, {"post_number": []}, {"topic_slug": "../../x"}, {"version": True}, {"reply_to_post_number": {}}, {"topic_title": ["a"]}])
def test_odd_fields_are_left_out(odd: dict[str, Any]) -> None:
    found = one(post_facts({**post(1), **odd}, FORUM, Around()))
    assert found.url in ("", f"{BASE}/t/upgrade-help/31/4", f"{BASE}/t/..%2F..%2Fx/31/4".replace("%2F", "/"))


# Reading on


def test_the_first_reading_takes_posts_whole_with_what_they_answer(desk: Desk) -> None:
    desk.board.posts = [post(88, reply_to_post_number=2), post(70, ANN, place=2), post(60, place=1)]
    found = desk.facts()
    assert isinstance(found[0], Profile) and [(f.text, f.title) for f in found if isinstance(f, Activity)] == [("Words 60", "Topic 31"), ("Words 88", "Topic 31")]
    assert next(f for f in found if isinstance(f, Activity) and f.key == of("post:88")).in_reply_to == of("post:70").native_id
    assert found[-1] == Coverage(place="discourse", profile=of(JOE), since=None, until=NOW) and desk.board.keys_sent() == 0


def test_older_posts_come_by_their_beginnings(desk: Desk) -> None:
    long = "word " * 100
    desk.board.posts = [post(n, topic=n, place=1, cooked=f"<p>{n} {long}</p>") for n in range(130, 0, -1)]
    found = [fact for fact in desk.facts() if isinstance(fact, Activity)]
    assert [int(f.text.split()[0]) for f in sorted(found, key=lambda f: f.published or NOW)] == list(range(1, 131))
    cut = [f for f in found if f.text.endswith("…")]
    assert len(cut) == 80 - 3 * FEWER and desk.board.count(r"/posts/\d+\.json") == 3 * FEWER


def test_three_hundred_at_first_and_the_rest_is_said_not_to_be_covered(desk: Desk) -> None:
    desk.board.posts = [post(n, topic=n, place=1) for n in range(500, 0, -1)]
    found = desk.facts()
    numbers = {fact.key for fact in found if isinstance(fact, Activity)}
    assert of("post:200") in numbers and of("post:100") not in numbers
    last = [fact for fact in found if isinstance(fact, Coverage)][-1]
    assert last.since is not None and last.since > datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def test_nothing_new_costs_one_question(desk: Desk) -> None:
    desk.board.posts = [post(1)]
    desk.facts()
    asked = len(desk.board.web.asked)
    desk.now += timedelta(minutes=30)
    (page,) = desk.pages()
    assert page.unchanged and page.facts == () and len(desk.board.web.asked) == asked + 1


def test_then_only_what_is_new_or_edited(desk: Desk) -> None:
    desk.board.posts = [post(2), post(1)]
    desk.facts()
    desk.board.posts = [post(3), post(2, cooked="<p>Better</p>", version=2), post(1)]
    assert desk.texts() == ["Better", "Words 3"]
    assert desk.texts() == []


def test_more_than_fifty_news_skip_nothing(desk: Desk) -> None:
    desk.board.posts = [post(1, topic=1, place=1)]
    desk.facts()
    desk.board.posts = [post(n, topic=n, place=1) for n in range(150, 0, -1)]
    assert {f"Words {n}" for n in range(2, 151)} <= set(desk.texts())


@pytest.mark.parametrize("is_staff", [False, True])
@pytest.mark.parametrize("change", [{"deleted_at": iso(99)}, {"hidden": True}])
def test_a_post_that_is_deleted_or_hidden_was_withdrawn_and_may_return(desk: Desk, change: dict[str, Any], is_staff: bool) -> None:
    """Who looks after a forum is shown deleted posts, with when they were; everybody else is told that there is none."""
    desk.board.is_staff = is_staff
    desk.board.posts = [post(n) for n in (4, 3, 2, 1)]
    desk.facts()
    desk.board.posts[2] |= change
    assert [fact for fact in desk.facts() if isinstance(fact, Tombstone)] == [Tombstone(key=of("post:2"), returns=True)]


def test_what_is_closed_to_us_was_not_withdrawn(desk: Desk) -> None:
    desk.board.posts = [post(n) for n in (4, 3, 2, 1)]
    desk.facts()
    desk.board.web.status[f"{BASE}/posts/2.json"] = httpx.Response(403, json={"error_type": "invalid_access"})
    del desk.board.posts[2]
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)]


def test_a_new_name_is_found_by_a_post(desk: Desk) -> None:
    desk.board.posts = [post(2), post(1)]
    desk.facts()
    desk.board.people[JOE] |= {"username": "joseph"}
    desk.board.posts = [post(3, username="joseph"), post(2, username="joseph"), post(1, username="joseph")]
    found = desk.facts()
    assert next((f.key, f.handle) for f in found if isinstance(f, Profile)) == (of(JOE), "joseph") and "Words 3" in [f.text for f in found if isinstance(f, Activity)]
    desk.board.posts.insert(0, post(4, username="joseph"))
    assert desk.texts() == ["Words 4"]


def test_somebody_else_under_the_old_name_is_not_believed(desk: Desk) -> None:
    desk.board.posts = [post(1)]
    desk.facts()
    desk.board.people[JOE] |= {"username": "joseph"}
    desk.board.people[ANN] |= {"username": "joe"}
    desk.board.posts = [post(3, ANN, username="joe"), post(2, username="joseph"), post(1, username="joseph")]
    assert desk.texts() == ["Words 2"]


def test_who_left_is_a_sentence_and_withdraws_nothing(desk: Desk) -> None:
    desk.board.posts = [post(1)]
    desk.facts()
    del desk.board.people[JOE]
    desk.board.posts = []
    with pytest.raises(Gone, match="kept"):
        desk.facts()


def test_a_profile_that_is_hidden_is_told_and_comes_back(desk: Desk) -> None:
    desk.board.posts = [post(1)]
    desk.facts()
    desk.board.people[JOE] |= {"profile_hidden": True}
    for _ in range(2):
        with pytest.raises(SourceUnavailable, match="hidden"):
            desk.facts()
        desk.tomorrow()
    desk.board.people[JOE] |= {"profile_hidden": False}
    desk.board.posts.insert(0, post(2))
    assert "Words 2" in desk.texts()


def test_an_old_forum_is_read_by_its_doings() -> None:
    desk = Desk(has_activity=False)
    desk.board.posts = [post(n, topic=n, place=1) for n in range(40, 0, -1)]
    assert len(desk.texts()) == 40


def test_few_posts_are_asked_for_beside(desk: Desk) -> None:
    desk.board.posts = [post(n, topic=n, place=2) for n in range(50, 0, -1)]
    desk.facts()
    assert desk.board.count(r"/posts/by_number/.*") == MAX_BESIDE


# Members only


def test_a_forum_for_members_only_is_told_with_what_to_do() -> None:
    desk = Desk(members_only=True)
    for ask in (lambda: desk.facts(), lambda: desk.source.follow("joe", desk.login, "", desk.door())):
        with pytest.raises(SourceUnavailable, match=r"members only.*key"):
            ask()


def test_a_member_reads_it_with_the_key_and_not_for_everybody() -> None:
    desk = Desk(KEY, members_only=True)
    desk.board.posts = [post(2), post(1)]
    stream, _ = desk.source.follow("joe", desk.login, KEY, desk.door())
    found = [fact for fact in desk.facts(stream) if isinstance(fact, Activity)]
    assert [(f.text, f.audience) for f in found] == [("Words 1", Audience.FOLLOWERS), ("Words 2", Audience.FOLLOWERS)]
    asked = len(desk.board.web.asked)
    desk.board.posts.insert(0, post(3))
    assert desk.texts() == ["Words 3"] and all("user-api-key" in headers for headers in desk.board.web.headers[asked:])


def test_a_page_for_signing_in_is_a_refusal_too(desk: Desk) -> None:
    desk.board.web.status[f"{BASE}/u/joe.json"] = httpx.Response(302, headers={"location": "/login"})
    desk.board.web.status[f"{BASE}/login"] = httpx.Response(200, text="<html>Log in", headers={"content-type": "text/html; charset=utf-8"})
    with pytest.raises(SourceUnavailable, match="members only"):
        desk.facts()


def test_the_key_goes_to_its_own_forum_and_only_where_it_is_needed() -> None:
    desk = Desk(KEY)
    desk.board.posts = [post(1)]
    desk.facts()
    assert desk.board.keys_sent() == 1  # who we are
    desk.board.web.status["https://other.example/u/ann.json"] = httpx.Response(403, json={"error_type": "not_logged_in"})
    with pytest.raises(SourceUnavailable, match="members only"):
        desk.source.follow("https://other.example/u/ann", desk.login, KEY, desk.door())
    desk.board.web.status[f"{BASE}/second/u/ann.json"] = httpx.Response(403, json={"error_type": "not_logged_in"})
    with pytest.raises(SourceUnavailable, match="members only"):
        desk.source.follow(f"{BASE}/second/u/ann", desk.login, KEY, desk.door())
    assert desk.board.keys_sent() == 1


# Limits and refusals


@pytest.mark.parametrize(("answer", "wait"), [
    (httpx.Response(429, json={"errors": ["Slow down"], "error_type": "rate_limit", "extras": {"wait_seconds": 1800}}), timedelta(minutes=30)),
    (httpx.Response(429, json={"extras": {"wait_seconds": 5}}), timedelta(minutes=10)), (httpx.Response(429, text="<html>"), timedelta(minutes=10)),
    (httpx.Response(429, headers={"retry-after": "3600"}), timedelta(hours=1)), (httpx.Response(429, json={"extras": {"wait_seconds": 10**30}}), timedelta(days=1)),
])  # fmt: skip
@pytest.mark.parametrize("token", ["", KEY])
def test_a_wait_is_a_wait(answer: httpx.Response, wait: timedelta, token: str) -> None:
    desk = Desk(token)
    stream = desk.own(1) if token else desk.joe
    desk.board.web.status |= {f"{BASE}/user_actions.json": answer, f"{BASE}/u/joe/activity.json": answer}
    with pytest.raises(RateLimited) as caught:
        desk.facts(stream)
    assert caught.value.until == NOW + wait


@pytest.mark.parametrize("answer", [
    httpx.Response(200, json={}), httpx.Response(200, text="<html>"), httpx.Response(304), httpx.Response(500), httpx.Response(204), httpx.Response(451), httpx.Response(403, text="<html>Cloudflare"),
])  # fmt: skip
def test_nonsense_is_a_sentence(desk: Desk, answer: httpx.Response) -> None:
    desk.board.web.status[f"{BASE}/u/joe/activity.json"] = answer
    with pytest.raises(SourceError, match=r"kept|Nothing"):
        desk.facts()


# My own, and what is said to me


def test_my_own_come_with_a_key_only_and_also_where_my_profile_is_hidden() -> None:
    desk = Desk(KEY)
    desk.board.posts = [post(1, SAM)]
    found = desk.facts(desk.own(0))
    assert isinstance(found[0], Profile) and found[0].is_owner and [fact.actor for fact in found if isinstance(fact, Activity)] == [of(SAM)]
    bare = Desk()
    assert bare.source.streams(bare.login, (bare.joe,)) == (bare.joe,)


def towards(desk: Desk) -> None:
    mine, answer = post(60, SAM, place=1), post(70, JOE, place=2, cooked="<p>" + "word " * 100 + "</p>")
    named, quoting = post(80, ANN, topic=32, place=5, cooked="<p>Ask @sam</p>"), post(90, ANN, topic=33, place=1, cooked=f"{QUOTE_OF_ANN}<p>Indeed</p>")
    desk.board.posts = [quoting, named, answer, mine]
    desk.board.said = [doing(9, quoting, ANN), doing(7, named, ANN), doing(2, mine, JOE, created_at=iso(75)), doing(6, answer, JOE)]


def test_what_others_do_towards_me() -> None:
    desk = Desk(KEY)
    towards(desk)
    found = [fact for fact in desk.facts(desk.own(1)) if isinstance(fact, Activity)]
    assert [(f.key, f.actor, f.kind) for f in found] == [
        (of("post:70"), of(JOE), Kind.REPLY), (of(f"like:{JOE}:60"), of(JOE), Kind.REACTION), (of("post:80"), of(ANN), Kind.REPLY), (of("post:90"), of(ANN), Kind.POST),
    ]  # fmt: skip
    assert [f.participants[0] for f in found] == [
        Participant(profile=of(SAM), role=Role.REPLY_TO), Participant(profile=of(SAM), role=Role.SUBJECT), Participant(profile=of(SAM), role=Role.MENTIONED), Participant(profile=of(SAM), role=Role.MENTIONED),
    ]  # fmt: skip
    assert not found[0].text.endswith("…") and found[1].in_reply_to == of("post:60").native_id and dict(found[3].extra)["quoted"]


def test_an_answer_is_the_same_one_in_its_authors_list() -> None:
    desk = Desk(KEY)
    towards(desk)
    here = next(f for f in desk.facts(desk.own(1)) if isinstance(f, Activity) and f.key == of("post:70"))
    assert next(f for f in desk.facts() if isinstance(f, Activity)) == here


def test_then_only_what_is_new_is_told() -> None:
    desk = Desk(KEY)
    towards(desk)
    desk.facts(desk.own(1))
    assert desk.facts(desk.own(1)) == []
    new = post(95, ANN, topic=34, place=2)
    desk.board.posts.insert(0, new)
    desk.board.said.insert(0, doing(6, new, ANN))
    assert desk.texts(desk.own(1)) == ["Words 95"]


def test_a_key_that_is_no_longer_taken_is_said_to_be_one() -> None:
    desk = Desk(KEY)
    desk.token = "revoked"
    with pytest.raises(LoginRejected, match="sign in again"):
        desk.facts(desk.own(1))


@pytest.mark.parametrize("cursor", ["nonsense", "[]", "null", "{", '{"started": true}', '{"note": 5}'])
def test_a_cursor_that_is_none_begins_anew(cursor: str) -> None:
    desk = Desk(KEY)
    towards(desk)
    desk.cursors |= {desk.own(1).name: cursor, desk.joe.name: cursor}
    assert len(desk.texts(desk.own(1))) == 4 and len(desk.texts()) == 1


def test_no_key_is_shown_in_words() -> None:
    desk = Desk(KEY)
    assert KEY not in repr(desk.source._ask(BASE, KEY, desk.door(), desk.login))


# A key that the forum makes on a page of its own


def test_a_forum_makes_a_key_that_may_only_read_and_shows_it_to_us_alone() -> None:
    board = Board()
    source = Discourse()
    page = source.key_page("forum.example", board.door())
    parts, query = urlsplit(page), parse_qs(urlsplit(page).query)
    assert (f"{parts.scheme}://{parts.netloc}{parts.path}", query["scopes"], board.web.asked) == (f"{BASE}/user-api-key/new", ["read,session_info"], [])
    assert len(page) < 2000, "longer ones are not opened"
    assert source.key_in(shown_by(page)) == KEY and source.key_in(f"  {shown_by(page)}\n") == KEY
    assert isinstance(source, KeyMaking) and source.key_in(KEY) == KEY and source.key_in("") == ""
    for nothing in ("words of no use", "AAAA", shown_by(page, nonce="other"), shown_by(page, key="no key\r\nX: y"), shown_by(Discourse().key_page("forum.example", board.door()))):
        with pytest.raises(UserMistake, match="Nothing was changed"):
            source.key_in(nothing)


def test_the_last_pages_stay_good_and_older_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    seals = iter([new_seal()] * 6)
    monkeypatch.setattr("relationdesk.sources.discourse.new_seal", lambda: next(seals))
    source = Discourse()
    pages = [source.key_page("forum.example", Board().door()) for _ in range(6)]
    assert [source.key_in(shown_by(page)) for page in pages[1:]] == [KEY] * 5
    with pytest.raises(UserMistake):
        source.key_in(shown_by(pages[0]))
