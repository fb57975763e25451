"""Reddit from feeds as it writes them: posts, comments, links, pictures, the inbox, and its tiny allowance."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
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
from relationdesk.sources.base import Options
from relationdesk.sources.door import Door
from relationdesk.sources.reddit import INBOX, OWN, Reddit
from relationdesk.sources.reddit_reading import MOST_CHECKS, SITE
from relationdesk.sources.reddit_request import RedditRequest
from relationdesk.sources.reddit_rows import key_of
from tests.recorded_web import Web

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BEGIN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TOKEN = "ad7158bdbfcb759e26c91793741895526fcd6781"
PRIVATE = f"https://www.reddit.com/message/inbox/.rss?feed={TOKEN}&user=Sam"
JOE, ME = key_of("joe"), key_of("Sam")


@dataclass
class Entry:
    """As Reddit writes one. words: Markdown as HTML, None for a post that is only a link. where: community and slug of the post."""

    id: str
    minutes: int = 0
    by: str = "Joe"
    words: str | None = "<p>We moved</p>"
    title: str = ""
    post: str = "p1"
    sub: str = "erp"
    link: str = ""
    picture: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def page(self) -> str:
        number = self.id.partition("_")[2]
        if self.id.startswith("t4_"):
            return f"https://www.reddit.com/message/messages/{number}"
        base = f"https://www.reddit.com/r/{self.sub}/comments/{self.post if self.id.startswith('t1_') else number}/moving/"
        return base + (f"{number}/" if self.id.startswith("t1_") else "")

    def xml(self) -> str:
        words = f'<!-- SC_OFF --><div class="md">{self.words} </div><!-- SC_ON -->' if self.words is not None else ""
        if self.id.startswith("t3_"):
            picture = f'<a href="{self.page}"> <img src="https://b.thumbs.example/x.jpg" alt="{self.title}" /> </a>' if self.picture else ""
            words = (
                f'{picture}{words} &#32; submitted by &#32; <a href="https://www.reddit.com/user/{self.by}"> /u/{self.by} </a> &#32; to &#32; '
                f'<a href="https://www.reddit.com/r/{self.sub}/"> r/{self.sub} </a> <br/> <span><a href="{html.escape(self.link or self.page)}">[link]</a></span> &#32; '
                f'<span><a href="{self.page}">[comments]</a></span>'
            )  # fmt: skip
        at = (BEGIN + timedelta(minutes=self.minutes)).strftime("%Y-%m-%dT%H:%M:%S+00:00")
        title = self.title or f"/u/{self.by} on Moving &amp; more?"
        author = f"<author><name>/u/{self.by}</name><uri>https://www.reddit.com/user/{self.by}</uri></author>" if self.by else ""
        return (
            f'<entry>{author}<category term="{self.sub}" label="r/{self.sub}"/><content type="html">{html.escape(words)}</content><id>{self.id}</id>'
            f'<link href="{self.page}"/><updated>{at}</updated>{f"<published>{at}</published>" if self.id.startswith("t3_") else ""}<title>{title}</title></entry>'
        )  # fmt: skip


def feed(entries: list[Entry]) -> httpx.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>overview for Joe</title>{"".join(e.xml() for e in entries)}</feed>'
    return httpx.Response(200, text=text, headers={"content-type": "application/atom+xml; charset=UTF-8", "x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "30"})


def comment(number: int, words: str = "", **more: Any) -> Entry:
    return Entry(id=f"t1_c{number}", minutes=number, words=words or f"<p>Words {number}</p>", **more)


class Desk:
    def __init__(self, token: str = "") -> None:
        self.web, self.now, self.token = Web(), NOW, token
        self.lists: dict[str, list[Entry]] = {"/user/Joe/.rss": [], "/user/joe/.rss": [], "/user/Sam/.rss": [], "/message/inbox/.rss": []}
        for path in self.lists:
            self.web.pages[SITE + path] = lambda query, path=path: self._list(path, query)
        self.source = Reddit(lambda: self.now)
        self.login = Login(id=1, source="reddit", place="reddit", address=SITE, user_name="Sam", profile=ME, has_token=bool(token))
        self.joe = Stream(name="user:joe", address=SITE, profile=JOE, title="Joe")
        self.cursors: dict[str, str] = {}

    def door(self) -> Door:
        return Door(transport=self.web.transport(), clock=lambda: self.now)

    def _list(self, path: str, query: dict[str, str]) -> httpx.Response:
        assert query["limit"] == "100" and (path != "/message/inbox/.rss" or query["mark"] == "false"), "reading marks nothing as read"
        entries = self.lists[path]
        start = next((n + 1 for n, e in enumerate(entries) if e.id == query.get("after")), 0)
        return feed(entries[start : start + 100])

    def pages(self, stream: Stream | None = None) -> list[Page]:
        self.now += timedelta(minutes=30)
        stream = stream or self.joe
        found = []
        for page in self.source.pages(self.login, stream, self.cursors.get(stream.name, ""), self.token, self.door()):
            self.cursors[stream.name] = page.cursor or self.cursors.get(stream.name, "")
            found.append(page)
        return found

    def facts(self, stream: Stream | None = None) -> list[Fact]:
        return [fact for page in self.pages(stream) for fact in page.facts]

    def acts(self, stream: Stream | None = None) -> list[Activity]:
        return [fact for fact in self.facts(stream) if isinstance(fact, Activity)]

    def write(self, *entries: Entry) -> None:
        self.lists["/user/Joe/.rss"] = list(entries)

    def stream(self, name: str) -> Stream:
        return next(stream for stream in self.source.streams(self.login, ()) if stream.name == name)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def keyed() -> Desk:
    return Desk(PRIVATE)


# Connecting and following


@pytest.mark.parametrize(("typed", "token"), [("u/Sam", PRIVATE), ("reddit.com", PRIVATE), ("Sam", TOKEN), ("Sam@www.reddit.com", TOKEN)])
def test_the_key_is_the_address_of_a_private_feed_and_is_tried(desk: Desk, typed: str, token: str) -> None:
    login = desk.source.connect(typed, token, desk.door())
    assert (login.user_name, login.profile, login.has_token) == ("Sam", ME, True)
    ((address, query),) = desk.web.asked
    assert address == f"{SITE}/message/inbox/.rss" and (query["feed"], query["user"]) == (TOKEN, "Sam")


@pytest.mark.parametrize("token", ["short", "https://www.reddit.com/.rss", f"https://evil.example/.rss?feed={TOKEN}&user=Sam", "two words in it, and long enough"])
def test_what_is_no_key_is_not_sent(desk: Desk, token: str) -> None:
    with pytest.raises(LoginRejected, match="prefs/feeds") as caught:
        desk.source.connect("Sam", token, desk.door())
    assert desk.web.asked == [] and token not in str(caught.value)


def test_a_key_without_a_name_needs_one(desk: Desk) -> None:
    with pytest.raises(UserMistake, match="Whose feeds"):
        desk.source.connect("reddit.com", TOKEN, desk.door())


@pytest.mark.parametrize(("answer", "error"), [(httpx.Response(404), LoginRejected), (httpx.Response(401), LoginRejected), (httpx.Response(200, text="<html>log in</html>"), UnexpectedAnswer), (httpx.Response(403), SourceUnavailable)])
def test_a_key_that_is_refused_says_so(desk: Desk, answer: httpx.Response, error: type[SourceError]) -> None:
    desk.web.status[f"{SITE}/message/inbox/.rss"] = answer
    with pytest.raises(error) as caught:
        desk.source.connect("Sam", PRIVATE, desk.door())
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("typed", ["Joe", "u/Joe", "/u/Joe/", f"{SITE}/user/Joe", "https://old.reddit.com/user/Joe/comments/?sort=new", "reddit.com/u/Joe", f"{SITE}/user/Joe.rss"])
def test_all_spellings_of_joe(desk: Desk, typed: str) -> None:
    stream, profile = desk.source.follow(typed, desk.login, "", desk.door())
    assert stream == desk.joe and (profile.key, profile.handle, profile.known) == (JOE, "Joe", True)


@pytest.mark.parametrize(("typed", "words"), [("r/erp", "community"), (f"{SITE}/r/erp/", "community"), ("j", "nobody’s page"), ("https://x.com/joe", "nobody’s page"), ("two words", "nobody’s page")])
def test_what_is_nobodys_page_is_not_asked_about(desk: Desk, typed: str, words: str) -> None:
    with pytest.raises(UserMistake, match=words):
        desk.source.follow(typed, desk.login, "", desk.door())
    assert desk.web.asked == []


def test_nobody_is_a_sentence_and_a_wait_is_no_hindrance(desk: Desk) -> None:
    with pytest.raises(UserMistake, match="nobody called nobody"):
        desk.source.follow("nobody", desk.login, "", desk.door())
    desk.web.status[f"{SITE}/user/Ann/.rss"] = httpx.Response(429)
    assert desk.source.follow("Ann", desk.login, "", desk.door())[0].name == "user:ann"


def test_a_followed_feed_of_somebody_is_adopted_and_a_communitys_is_not(desk: Desk) -> None:
    old = Stream(name="feed:https://reddit.com/user/joe", address=f"{SITE}/user/Joe/.rss", profile=JOE, title="overview for Joe")
    assert desk.source.adopts(old) == desk.joe
    assert desk.source.adopts(replace(old, title="What Joe writes")) == replace(desk.joe, title="joe")
    assert desk.source.adopts(replace(old, profile=Key("reddit", "https://reddit.com/r/erp"))) is None


# What somebody writes


def test_a_comment_is_freed_of_reddits_own_words(desk: Desk) -> None:
    desk.write(comment(5, 'We moved, see <a href="https://crm.example/">this</a></p> <blockquote><p>cited</p></blockquote> <p>more &amp; more'))
    (made,) = desk.acts()
    assert (made.key, made.actor, made.kind) == (Key("reddit", "t1_c5"), JOE, Kind.COMMENT)
    assert made.text.startswith("We moved, see this (https://crm.example/)") and made.text.endswith("more & more")
    assert made.title == "Moving & more?" and made.published == BEGIN + timedelta(minutes=5)
    assert (made.thread, made.in_reply_to) == ("t3_p1", ""), "which comment it answers, its feed does not tell"
    assert made.url == f"{SITE}/r/erp/comments/p1/moving/c5/" and dict(made.extra) == {"subreddit": "erp"}


def test_a_post_a_link_and_a_picture(desk: Desk) -> None:
    desk.write(
        Entry(id="t3_a", minutes=4, title="Moving?", words="<p>Who has?</p>"), Entry(id="t3_b", minutes=3, title="A CRM", words=None, link="https://crm.example/?a=1&b=2"),
        Entry(id="t3_c", minutes=2, title="Our press", words=None, link="https://i.redd.it/x.jpg", picture=True),
        Entry(id="t3_d", minutes=1, title="On me", words=None, link="https://v.redd.it/x", picture=True, sub="u_Joe"),
    )  # fmt: skip
    video, picture, link, post = desk.acts()
    assert (post.kind, post.title, post.text, post.thread, dict(post.extra)) == (Kind.POST, "Moving?", "Who has?", "t3_a", {"subreddit": "erp"})
    assert (link.text, dict(link.extra)["link"]) == ("https://crm.example/?a=1&b=2", "https://crm.example/?a=1&b=2")
    assert (picture.text, dict(picture.extra)["link"]) == ("[Image]", "https://i.redd.it/x.jpg")
    assert (video.text, "subreddit" in dict(video.extra)) == ("[Video]", False)


def test_the_name_is_written_as_its_owner_does(desk: Desk) -> None:
    desk.lists["/user/joe/.rss"] = [comment(1)]
    stream = replace(desk.joe, title="joe")
    assert [(f.handle, f.known) for f in desk.facts(stream) if isinstance(f, Profile)] == [("Joe", True)]


def test_who_calls_my_name_means_me(desk: Desk) -> None:
    desk.write(comment(2, "<p>Ask u/sam about it</p>"), comment(1, "<p>u/samantha knows, mail/u/sam</p>"))
    first, second = desk.acts()
    assert first.participants == () and second.participants == (Participant(profile=ME, role=Role.MENTIONED),)


def test_what_i_do_is_mine(desk: Desk) -> None:
    desk.lists["/user/Sam/.rss"] = [comment(1, by="Sam")]
    found = desk.facts(desk.stream(OWN))
    assert [(f.key, f.is_owner, f.known) for f in found if isinstance(f, Profile)] == [(ME, True, False)]
    assert [f.actor for f in found if isinstance(f, Activity)] == [ME]


def test_somebody_else_in_the_list_is_not_believed(desk: Desk) -> None:
    desk.write(comment(2, by="Ann"), comment(1))
    assert [type(fact) for fact in desk.facts()] == [Profile, Activity, Rejected, Coverage]


def test_then_only_what_is_new_or_edited(desk: Desk) -> None:
    desk.write(comment(2), comment(1))
    desk.acts()
    desk.write(comment(3), comment(2, "<p>Better</p>"), comment(1))
    assert [made.text for made in desk.acts()] == ["Better", "Words 3"]
    assert desk.acts() == []


def test_a_long_past_is_read_by_hundreds(desk: Desk) -> None:
    desk.write(*(comment(n) for n in range(350, 0, -1)))
    assert len({made.key for made in desk.acts()}) == 300
    assert [query.get("after", "") for _, query in desk.web.asked] == ["", "t1_c251", "t1_c151"]


def test_where_only_twenty_five_are_given_nothing_goes_round_in_circles(desk: Desk) -> None:
    page = feed([comment(n) for n in range(60, 35, -1)])
    desk.web.pages[f"{SITE}/user/Joe/.rss"] = page
    assert len({made.key for made in desk.acts()}) == 25 and len(desk.web.asked) == 2


# What is withdrawn


def shown(entry: Entry) -> httpx.Response:
    return feed([Entry(id="t3_p1", title="Moving?", by="Ann"), entry])


def test_without_a_key_what_vanished_is_asked_for_one_by_one(desk: Desk) -> None:
    desk.write(*(comment(n) for n in range(6, 0, -1)))
    desk.acts()
    page = f"{SITE}/comments/p1/_"
    desk.web.pages |= {
        f"{page}/c5/.rss": shown(comment(5, "<p>[removed]</p>")), f"{page}/c4/.rss": shown(comment(4)), f"{page}/c3/.rss": shown(comment(3, by="[deleted]")),
        f"{page}/c2/.rss": httpx.Response(403),
    }  # fmt: skip
    desk.write(comment(6), comment(1))
    gone, per_reading = [], []
    for _ in range(6):
        before = len(desk.web.asked)
        gone += [fact for fact in desk.facts() if isinstance(fact, Tombstone)]
        per_reading.append(len(desk.web.asked) - before)
    assert per_reading == [1] * 6, "each reading asks one thing"
    assert gone == [Tombstone(key=Key("reddit", f"t1_c{n}"), returns=True) for n in (5, 3)]


def test_with_a_key_they_are_asked_for_at_once_and_no_answer_withdraws(keyed: Desk) -> None:
    keyed.write(*(comment(n) for n in range(20, 0, -1)), Entry(id="t3_x", title="Old", by="Joe"))
    keyed.acts()
    keyed.web.pages[f"{SITE}/comments/p1/_/c19/.rss"] = feed([])
    keyed.web.status[f"{SITE}/comments/p1/_/c18/.rss"] = httpx.Response(500)
    keyed.web.pages[f"{SITE}/comments/p1/_/c17/.rss"] = shown(comment(17))
    keyed.write(comment(20), comment(1), Entry(id="t3_x", title="Old", by="Joe"))
    gone = [fact.key.native_id for fact in keyed.facts() if isinstance(fact, Tombstone)]
    assert gone == ["t1_c16", "t1_c15"], "pages that Reddit no longer knows"
    assert keyed.web.count("/comments/p1/_/") == MOST_CHECKS


def test_what_is_listed_as_taken_down_is_withdrawn_and_may_come_back(desk: Desk) -> None:
    desk.write(comment(2), comment(1))
    desk.acts()
    desk.write(comment(2, "<p>[removed]</p>"), comment(1))
    assert [fact for fact in desk.facts() if isinstance(fact, Tombstone)] == [Tombstone(key=Key("reddit", "t1_c2"), returns=True)]
    desk.write(comment(2), comment(1))
    assert [made.text for made in desk.acts()] == ["Words 2"]


# My inbox


def test_answers_mentions_and_letters(keyed: Desk) -> None:
    sent = "from Joe via erp sent 3 hours ago: "
    keyed.lists["/message/inbox/.rss"] = [
        Entry(id="t4_m1", minutes=9, title="from Joe sent 5 minutes ago: An offer", words="<p>For you</p>", sub=""), comment(8, title=sent + "comment reply"),
        comment(7, title=sent + "username mention"), comment(6, by="Sam", title=sent + "post reply"), comment(5, by="", title=sent + "post reply"),
        Entry(id="t4_m2", minutes=4, by="", title="welcome", words="<p>Hello</p>"),
    ]  # fmt: skip
    found = keyed.facts(keyed.stream(INBOX))
    mention, answer, letter = [fact for fact in found if isinstance(fact, Activity)]
    assert (letter.key, letter.kind, letter.title, letter.text, letter.audience) == (Key("reddit", "t4_m1"), Kind.MESSAGE, "An offer", "For you", Audience.PRIVATE)
    assert letter.participants == (Participant(profile=ME, role=Role.TO),) and letter.actor == JOE
    assert (answer.kind, answer.title, answer.thread) == (Kind.COMMENT, "", "t3_p1"), "what Reddit calls it is no title"
    assert answer.participants == (Participant(profile=ME, role=Role.REPLY_TO),) and mention.participants == (Participant(profile=ME, role=Role.MENTIONED),)
    assert sum(isinstance(fact, Rejected) for fact in found) == 2 and not any(isinstance(fact, Coverage) for fact in found)


def test_what_was_requested_and_what_is_read_are_the_same(keyed: Desk, tmp_path: Path) -> None:
    """Posts, comments and letters of mine, in either order: one each, and the thread of a letter, which the feed does not tell, stays."""
    (tmp_path / "statistics.csv").write_text("statistic,value\naccount name,Sam\n")
    (tmp_path / "posts.csv").write_text("id,permalink,date,ip,subreddit,gildings,title,url,body\na,https://www.reddit.com/r/erp/comments/a/moving/,2026-11-20 08:04:00 UTC,,erp,0,Moving?,,Who has?\n")
    (tmp_path / "comments.csv").write_text("id,permalink,date,ip,subreddit,gildings,link,parent,body,media\nc5,https://www.reddit.com/r/erp/comments/p1/moving/c5/,2026-11-20 08:05:00 UTC,,erp,0,https://www.reddit.com/r/erp/comments/p1/moving/,t1_c4,Words 5,\n")
    (tmp_path / "messages.csv").write_text("id,permalink,thread_id,date,ip,from,to,subject,body\nm2,https://www.reddit.com/message/messages/m2,m1,2026-11-20 08:06:00 UTC,,Joe,Sam,re: Offer,Here it is\n")
    keyed.lists["/user/Sam/.rss"] = [comment(5, by="Sam"), Entry(id="t3_a", minutes=4, title="Moving?", words="<p>Who has?</p>", by="Sam")]
    keyed.lists["/message/inbox/.rss"] = [Entry(id="t4_m2", minutes=6, title="re: Offer", words="<p>Here it is</p>")]
    live = [*keyed.facts(keyed.stream(OWN)), *keyed.facts(keyed.stream(INBOX))]
    requested = [fact for fact in RedditRequest().read(tmp_path, Options()) if isinstance(fact, Activity)]
    both = {one.key: [one] for one in requested}
    for fact in live:
        if isinstance(fact, Activity):
            both[fact.key].append(fact)
    assert {key.native_id: [(one.kind, one.actor, one.published, one.text, one.url) for one in two] for key, two in both.items()} == {
        key.native_id: [(two[0].kind, two[0].actor, two[0].published, two[0].text, two[0].url)] * 2 for key, two in both.items()
    }
    assert [one.thread for one in both[Key("reddit", "t4_m2")]] == ["t4_m1", ""]


def test_time_that_goes_by_in_a_title_is_no_news(keyed: Desk) -> None:
    box = keyed.lists["/message/inbox/.rss"]
    box.append(comment(8, title="from Joe via erp sent 3 hours ago: comment reply"))
    assert len(keyed.acts(keyed.stream(INBOX))) == 1
    box[0] = comment(8, title="from Joe via erp sent 4 hours ago: comment reply")
    assert keyed.acts(keyed.stream(INBOX)) == []


def test_without_a_key_there_is_no_inbox(desk: Desk) -> None:
    assert [stream.name for stream in desk.source.streams(desk.login, (desk.joe,))] == [OWN, "user:joe"]
    assert desk.source.streams(replace(desk.login, profile=None), (desk.joe,)) == (desk.joe,)


def test_the_key_goes_to_reddit_with_the_name_it_belongs_to(keyed: Desk) -> None:
    keyed.write(comment(1))
    keyed.acts()
    assert all((query["feed"], query["user"]) == (TOKEN, "Sam") for _, query in keyed.web.asked)


# Its limits and refusals


def test_one_question_in_half_a_minute_and_more_with_a_key(desk: Desk) -> None:
    alone, with_key = desk.source.allowance(desk.login), desk.source.allowance(replace(desk.login, has_token=True))
    assert alone is not None and (alone.most, alone.span) == (1, timedelta(seconds=35))
    assert with_key is not None and (with_key.most, with_key.span) == (10, timedelta(minutes=1))


def test_its_clock_counts_from_now(desk: Desk) -> None:
    desk.web.status[f"{SITE}/user/Joe/.rss"] = httpx.Response(429, headers={"x-ratelimit-remaining": "0.0", "x-ratelimit-used": "100", "x-ratelimit-reset": "1800"})
    with pytest.raises(RateLimited) as caught:
        desk.facts()
    assert caught.value.until == desk.now + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(404), Gone), (httpx.Response(403, text="<html>blocked"), SourceUnavailable), (httpx.Response(200, text="<html><body>log in"), UnexpectedAnswer),
        (httpx.Response(200, text=""), UnexpectedAnswer), (httpx.Response(200, json={"error": 403}), UnexpectedAnswer),
        (httpx.Response(200, text='<rss version="2.0"><channel/></rss>'), UnexpectedAnswer),
    ],
)  # fmt: skip
def test_refusals_are_sentences_and_delete_nothing(keyed: Desk, answer: httpx.Response, error: type[SourceError]) -> None:
    keyed.write(comment(1))
    keyed.acts()
    keyed.web.status[f"{SITE}/user/Joe/.rss"] = answer
    with pytest.raises(error, match=r"kept|Nothing") as caught:
        keyed.facts()
    assert TOKEN not in str(caught.value) and not isinstance(caught.value, LoginRejected)


def test_half_a_feed_is_none(desk: Desk) -> None:
    whole = feed([comment(n) for n in (3, 2, 1)]).text
    desk.web.pages[f"{SITE}/user/Joe/.rss"] = httpx.Response(200, text=whole[: len(whole) * 2 // 3])
    with pytest.raises(UnexpectedAnswer, match="breaks off"):
        desk.facts()


def test_entries_without_an_id_are_left_out(desk: Desk) -> None:
    desk.write(Entry(id="t2_user", title="x"), Entry(id="", title="y"), comment(1))
    assert [made.key.native_id for made in desk.acts()] == ["t1_c1"]
