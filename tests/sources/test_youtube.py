"""YouTube step by step from a small one in memory: with a key, without, what changes between the two, and its refusals."""

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
from relationdesk.sources.youtube import COMMENTS, OWN, YouTube
from relationdesk.sources.youtube_facts import comment_facts, video_facts
from relationdesk.sources.youtube_reading import MAX_THREADS
from relationdesk.sources.youtube_talk import midnight
from tests.tube import ACME, ANN, API, JOE, KEY, ME, SITE, Tube, channel, comment, iso, item, refusal, thread, vid

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MINE, ACMES = Key("youtube", ME), Key("youtube", ACME)


class Desk:
    """Who follows Acme, with a key or without, and what was read so far."""

    def __init__(self, token: str = KEY, me: str = "@sam") -> None:
        self.tube, self.now, self.token = Tube(), NOW, token
        self.source = YouTube(lambda: self.now)
        self.login = Login(id=1, source="youtube", place="youtube", address=SITE, user_name="sam", profile=MINE, has_token=bool(token))
        self.cursors: dict[str, str] = {}
        self.acme = Stream(name=f"videos:{ACME}", address=SITE, profile=ACMES, title="Acme Tools")

    def pages(self, stream: Stream | None = None) -> list[Page]:
        stream = stream or self.acme
        found = []
        for page in self.source.pages(self.login, stream, self.cursors.get(stream.name, ""), self.token, self.tube.door()):
            self.cursors[stream.name] = page.cursor or self.cursors.get(stream.name, "")
            found.append(page)
        return found

    def facts(self, stream: Stream | None = None) -> list[Fact]:
        return [fact for page in self.pages(stream) for fact in page.facts]

    def titles(self) -> list[str]:
        return [fact.title for fact in self.facts() if isinstance(fact, Activity)]

    def stream(self, name: str) -> Stream:
        return next(stream for stream in self.source.streams(self.login, ()) if stream.name == name)

    def said(self) -> list[Activity]:
        return [fact for fact in self.facts(self.stream(COMMENTS)) if isinstance(fact, Activity)]

    def follow(self, typed: str) -> tuple[Stream, Profile]:
        return self.source.follow(typed, self.login, self.token, self.tube.door())


@pytest.fixture
def desk() -> Desk:
    return Desk()


# Connecting and following


@pytest.mark.parametrize("typed", ["youtube.com", "https://www.youtube.com/", "", "www.youtube.com"])
def test_a_key_alone_is_enough(desk: Desk, typed: str) -> None:
    login = desk.source.connect(typed, KEY, desk.tube.door())
    assert (login.address, login.user_name, login.profile) == (SITE, "", None)
    assert desk.tube.web.asked == [(f"{API}/i18nLanguages", {"part": "snippet"})]
    assert desk.source.streams(replace(login, has_token=True), (desk.acme,)) == (desk.acme,)


@pytest.mark.parametrize("typed", ["@sam", "sam", f"{SITE}/@sam", f"youtube.com/channel/{ME}", "sam@www.youtube.com", f"{ME}@www.youtube.com"])
def test_my_own_channel_is_found_and_its_comments_are_read(desk: Desk, typed: str) -> None:
    login = desk.source.connect(typed, KEY, desk.tube.door())
    assert (login.user_name, login.profile) == ("sam", MINE)
    assert [s.name for s in desk.source.streams(replace(login, has_token=True), (desk.acme,))] == [OWN, COMMENTS, desk.acme.name]


def test_without_a_key_my_channel_is_found_by_its_feed() -> None:
    desk = Desk("")
    login = desk.source.connect(f"{SITE}/channel/{ME}", "", desk.tube.door())
    assert login.profile == MINE and desk.tube.web.count(API) == 0
    assert [s.name for s in desk.source.streams(login, ())] == [OWN]


@pytest.mark.parametrize("token", ["AIzaOther", "AIzaOld"])
def test_a_key_that_does_not_work_is_refused(desk: Desk, token: str) -> None:
    with pytest.raises(LoginRejected, match="does not accept this key"):
        desk.source.connect("youtube.com", token, desk.tube.door())


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("@acmetools", {"forHandle": "@acmetools"}), (" acmetools ", {"forHandle": "@acmetools"}), (ACME, {"id": ACME}),
        (f"{SITE}/@acmetools/videos", {"forHandle": "@acmetools"}), ("m.youtube.com/@acmetools?si=1", {"forHandle": "@acmetools"}),
        (f"https://youtube.com/channel/{ACME}/about", {"id": ACME}), ("https://www.youtube.com/user/acmetools", {"forUsername": "acmetools"}),
        (f"{SITE}/feeds/videos.xml?channel_id={ACME}", {"id": ACME}),
    ],
)  # fmt: skip
def test_all_spellings_of_a_channel(desk: Desk, typed: str, asked: dict[str, str]) -> None:
    stream, profile = desk.follow(typed)
    assert stream == desk.acme and profile.known and profile.handle == "acmetools"
    assert desk.tube.web.asked == [(f"{API}/channels", {"part": "snippet,contentDetails", **asked})]


@pytest.mark.parametrize("typed", ["https://www.youtube.com/watch?v={}&t=3", "https://youtu.be/{}?si=x", "youtube.com/shorts/{}", "youtube.com/live/{}"])
def test_a_video_leads_to_its_channel(desk: Desk, typed: str) -> None:
    desk.tube.videos[ACME] = [item(7)]
    assert desk.follow(typed.format(vid(7)))[0] == desk.acme


@pytest.mark.parametrize("typed", [f"{SITE}/c/AcmeTools", f"{SITE}/AcmeTools"])
def test_an_old_name_has_no_question_so_its_page_is_read(desk: Desk, typed: str) -> None:
    page = f'<html><head><link rel="canonical" href="{SITE}/channel/{ACME}"></head></html>'
    desk.tube.web.pages[typed] = httpx.Response(200, text=page, headers={"content-type": "text/html"})
    assert desk.follow(typed)[0] == desk.acme
    assert [headers.get("x-goog-api-key") for headers in desk.tube.web.headers] == [None, KEY], "the page is no place for the key"


@pytest.mark.parametrize("typed", ["ab", f"{SITE}/", f"{SITE}/playlist?list=PLx", "https://vimeo.com/acme", "http://[::1", "two words", f"{SITE}/feed/trending"])
def test_what_is_no_channel_is_not_asked_about(desk: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        desk.follow(typed)
    assert desk.tube.web.asked == []


@pytest.mark.parametrize("typed", ["@nobody", f"{SITE}/watch?v={vid(99)}", f"{SITE}/channel/UCzzzzzzzzzzzzzzzzzzzzzz"])
def test_nobody_is_found_in_a_sentence(desk: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match="no channel there"):
        desk.follow(typed)


def test_a_profile_says_what_the_channel_says(desk: Desk) -> None:
    desk.tube.channels[ACME] = channel(description="Presses.\nhttps://acme.example/why, mail press@acme.example\u202e")
    _, profile = desk.follow("@acmetools")
    assert (profile.display_name, profile.url) == ("Acme Tools", f"{SITE}/channel/{ACME}")
    assert profile.bio.endswith("press@acme.example") and [a.value for a in profile.addresses] == ["https://acme.example/why", "press@acme.example"]
    assert not any(address.vouched for address in profile.addresses)


# Videos


def test_a_video_has_the_date_and_the_key_of_the_video(desk: Desk) -> None:
    """The item's own date is when it was put on the list."""
    desk.tube.videos[ACME] = [item(7, title="New &amp; line", description="A tour\nof the hall.")]
    found = desk.facts()
    (video,) = [fact for fact in found if isinstance(fact, Activity)]
    assert (video.key, video.actor, video.kind) == (Key("youtube", f"yt:video:{vid(7)}"), ACMES, Kind.VIDEO)
    assert video.published == datetime(2026, 11, 1, 8, 7, tzinfo=UTC)
    assert (video.title, video.text, video.url) == ("New &amp; line", "A tour\nof the hall.", f"{SITE}/watch?v={vid(7)}")
    assert found[-1] == Coverage(place="youtube", profile=ACMES, since=None, until=NOW)
    assert isinstance(found[0], Profile) and not found[0].is_owner


def test_as_many_are_asked_for_as_one_unit_gives(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(1)]
    desk.facts()
    desk.said()
    most = {address.rpartition("/")[2]: query.get("maxResults") for address, query in desk.tube.web.asked}
    assert most["playlistItems"] == "50" and most["commentThreads"] == "100"


def test_my_own_channel_is_mine(desk: Desk) -> None:
    desk.tube.videos[ME] = [item(7, ME)]
    found = desk.facts(desk.stream(OWN))
    assert [(f.key, f.is_owner) for f in found if isinstance(f, Profile)] == [(MINE, True)]


def test_a_long_past_is_read_page_by_page_and_then_only_what_is_new(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(n) for n in range(120, 0, -1)]
    assert len(desk.titles()) == 120 and desk.tube.web.count("playlistItems") == 3
    desk.now += timedelta(minutes=30)
    desk.tube.videos[ACME] = [item(121), item(120, title="Better title"), *desk.tube.videos[ACME][1:]]
    assert desk.titles() == ["Better title", "Video 121"] and desk.tube.web.count("playlistItems") == 4


def test_nothing_new_is_said_without_words(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(1)]
    desk.facts()
    assert [page.unchanged for page in desk.pages()] == [True]


def test_the_channel_is_looked_at_once_a_day_by_its_number(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(1)]
    desk.facts()
    desk.facts()
    assert desk.tube.web.count("/channels") == 1
    desk.now += timedelta(days=1, minutes=1)
    desk.tube.channels[ACME] = channel(name="acme-presses", title="Acme Presses")
    (profile,) = [fact for fact in desk.facts() if isinstance(fact, Profile)]
    assert (profile.key, profile.handle, profile.display_name) == (ACMES, "acme-presses", "Acme Presses")


def test_what_left_the_list_is_withdrawn_only_if_youtube_shows_the_others(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(n) for n in (5, 4, 3, 2, 1)]
    desk.facts()
    desk.tube.refuse["videos"] = httpx.Response(200, json={"kind": "youtube#videoListResponse", "items": []})
    desk.tube.videos[ACME] = [item(n) for n in (5, 4, 2, 1)]
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)], "an empty answer proves nothing"
    del desk.tube.refuse["videos"]
    desk.tube.videos[ACME] = [item(n) for n in (5, 2, 1)]
    assert [fact for fact in desk.facts() if isinstance(fact, Tombstone)] == [Tombstone(key=Key("youtube", f"yt:video:{vid(4)}"))]


def test_what_left_the_list_and_is_still_shown_stays(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(n) for n in (3, 2, 1)]
    desk.facts()
    desk.tube.videos[ME] = [item(2)]  # it can be asked for, it only stands elsewhere
    desk.tube.videos[ACME] = [item(n) for n in (3, 1)]
    assert not [fact for fact in desk.facts() if isinstance(fact, Tombstone)]


def test_a_place_held_for_a_hidden_video_and_somebody_elses_are_left_out(desk: Desk) -> None:
    hidden = item(3, title="Private video", description="This video is private.")
    del hidden["contentDetails"]["videoPublishedAt"]
    desk.tube.videos[ACME] = [hidden, item(2, videoOwnerChannelId=JOE), item(1)]
    assert desk.titles() == ["Video 1"]


def test_a_channel_without_videos_has_no_list(desk: Desk) -> None:
    found = desk.facts()
    assert [type(fact) for fact in found] == [Profile, Coverage]
    desk.tube.videos[ACME] = [item(1)]
    assert desk.titles() == ["Video 1"]


def test_a_list_that_is_gone_while_the_channel_is_there_is_a_trouble_and_deletes_nothing(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(1)]
    desk.facts()
    desk.tube.videos[ACME] = []
    with pytest.raises(SourceUnavailable, match="kept"):
        desk.facts()


def test_a_closed_channel_is_a_sentence(desk: Desk) -> None:
    desk.tube.videos[ACME] = [item(1)]
    desk.facts()
    desk.now += timedelta(days=2)
    del desk.tube.channels[ACME]
    with pytest.raises(Gone, match="no such channel"):
        desk.facts()


def test_an_answer_about_another_channel_is_not_believed(desk: Desk) -> None:
    desk.tube.refuse["channels"] = httpx.Response(200, json={"items": [channel(JOE)]})
    with pytest.raises(UnexpectedAnswer, match="another channel"):
        desk.facts()


@pytest.mark.parametrize("odd", [{"contentDetails": {}}, {"contentDetails": {"videoId": "../x", "videoPublishedAt": iso(1)}, "snippet": {}}, {"contentDetails": {"videoId": vid(1), "videoPublishedAt": "soon"}}])
def test_an_unreadable_video_is_one_rejected(odd: dict[str, Any]) -> None:
    (found,) = video_facts({**item(1), "snippet": {"title": "x"}, **odd}, ACMES)
    assert isinstance(found, Rejected)


# Comments under my videos


def test_a_comment_is_towards_me_and_an_answer_towards_whom_it_answers(desk: Desk) -> None:
    top = comment("Ugtop", 10, JOE, "How much?<br>See <a href=\"https://www.youtube.com/hashtag/erp\">#erp</a> &amp; tell")
    desk.tube.threads = [thread(top, comment("Ugtop.1", 11, ME, parent="Ugtop"), comment("Ugtop.2", 12, ANN, parent="Ugtop"))]
    first, mine, ann = desk.said()
    assert (first.key, first.actor, first.kind) == (Key("youtube", "Ugtop"), Key("youtube", JOE), Kind.COMMENT)
    assert first.text.startswith("How much?\nSee #erp") and "& tell" in first.text and "only its author" not in first.text
    assert (first.thread, first.in_reply_to) == (f"yt:video:{vid(1)}", f"yt:video:{vid(1)}")
    assert first.participants == (Participant(profile=MINE, role=Role.REPLY_TO),)
    assert first.url == f"{SITE}/watch?v={vid(1)}&lc=Ugtop"
    assert mine.actor == MINE and mine.in_reply_to == "Ugtop"
    assert mine.participants == ann.participants == (Participant(profile=Key("youtube", JOE), role=Role.REPLY_TO),)


def test_whoever_comments_is_known_by_number_and_mostly_only_by_handle(desk: Desk) -> None:
    desk.tube.threads = [thread(comment("Uga", 10, JOE)), thread(comment("Ugb", 9, ANN))]
    people = {f.key.native_id: (f.handle, f.display_name, f.known) for f in desk.facts(desk.stream(COMMENTS)) if isinstance(f, Profile)}
    assert people[JOE] == ("joe", "", False) and people[ANN] == ("", "Ann Example", False)


def test_new_answers_and_edits_arrive(desk: Desk) -> None:
    top = comment("Uga", 10)
    desk.tube.threads = [thread(top), thread(comment("Ugb", 9, ANN))]
    desk.said()
    desk.tube.threads[1] = thread(comment("Ugb", 9, ANN, words="Changed", updatedAt=iso(30)))
    desk.tube.threads[0] = thread(top, comment("Uga.1", 20, ANN, parent="Uga"))
    found = desk.said()
    assert {each.key.native_id: each.text for each in found} == {"Ugb": "Changed", "Uga": "Words Uga", "Uga.1": "Words Uga.1"}
    assert dict(next(each for each in found if each.key.native_id == "Ugb").extra) == {"edited": iso(30)}
    assert desk.said() == []


def test_answers_that_do_not_come_along_are_asked_for_within_bounds(desk: Desk) -> None:
    desk.tube.threads = [thread(comment(f"Ug{n}", n), comment(f"Ug{n}.1", n, ANN, parent=f"Ug{n}"), count=3) for n in range(30, 10, -1)]
    desk.tube.answers = {f"Ug{n}": [comment(f"Ug{n}.{k}", n, ANN, parent=f"Ug{n}") for k in (1, 2, 3)] for n in range(31)}
    assert len(desk.said()) == 20 * 2 + MAX_THREADS * 2
    assert desk.tube.web.count(f"{API}/comments") == MAX_THREADS


def test_a_comment_that_was_taken_down_is_withdrawn(desk: Desk) -> None:
    desk.tube.threads = [thread(comment(f"Ug{n}", n)) for n in (3, 2, 1)]
    desk.said()
    desk.tube.threads = [desk.tube.threads[0], desk.tube.threads[2]]
    assert [f for f in desk.facts(desk.stream(COMMENTS)) if isinstance(f, Tombstone)] == [Tombstone(key=Key("youtube", "Ug2"))]


def test_a_channel_that_allows_no_comments_has_none(desk: Desk) -> None:
    desk.tube.refuse["commentThreads"] = refusal("commentsDisabled")
    assert desk.said() == []


@pytest.mark.parametrize("odd", [{"authorChannelId": None}, {"authorChannelId": {"value": "nobody"}}, {"publishedAt": "soon"}])
def test_an_unreadable_comment_is_one_rejected(odd: dict[str, Any]) -> None:
    top = comment("Uga", 1, **odd)
    assert [type(fact) for fact in comment_facts(top, thread(top), MINE)] == [Rejected]


# Its refusals


def test_a_used_up_day_waits_until_midnight_in_california(desk: Desk) -> None:
    desk.tube.refuse["playlistItems"] = refusal("quotaExceeded")
    with pytest.raises(RateLimited, match="used up") as caught:
        desk.facts()
    assert caught.value.until == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    assert midnight(datetime(2026, 7, 1, 9, 0, tzinfo=UTC)) == datetime(2026, 7, 2, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (refusal("rateLimitExceeded"), RateLimited, "wait"), (refusal("keyInvalid", 400), LoginRejected, "another one"),
        (refusal("API_KEY_INVALID", 400, new=True), LoginRejected, "another one"), (refusal("SERVICE_DISABLED", new=True), LoginRejected, "switch it on"),
        (refusal("accessNotConfigured"), LoginRejected, "switch it on"), (refusal("API_KEY_HTTP_REFERRER_BLOCKED", new=True), LoginRejected, "limit off"),
        (refusal("forbidden"), SourceUnavailable, "does not show"), (httpx.Response(403, text="<html>"), SourceUnavailable, "kept"),
        (httpx.Response(400, text="?"), UnexpectedAnswer, "kept"), (httpx.Response(404, text="words"), Gone, "kept"), (httpx.Response(500), SourceUnavailable, "kept"),
        (httpx.Response(200, json=[]), UnexpectedAnswer, "Nothing of it was kept"), (httpx.Response(200, json={}), UnexpectedAnswer, "Nothing of it was kept"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_helps(desk: Desk, answer: httpx.Response, error: type[SourceError], words: str) -> None:
    desk.tube.refuse["playlistItems"] = answer
    with pytest.raises(error, match=words) as caught:
        desk.facts()
    assert KEY not in str(caught.value)


def test_a_day_of_ten_thousand_counts_only_with_a_key(desk: Desk) -> None:
    allowed = desk.source.allowance(desk.login)
    assert allowed is not None and (allowed.most, allowed.span, allowed.zone) == (10_000, timedelta(days=1), "America/Los_Angeles")
    assert desk.source.allowance(replace(desk.login, has_token=False)) is None


# With and without


def test_with_and_without_a_key_the_same_keys_and_words() -> None:
    with_key, without = Desk(), Desk("")
    for desk in (with_key, without):
        desk.tube.videos[ACME] = [item(2), item(1)]
    told = [{f.key: (f.actor, f.kind, f.published, f.title, f.text, f.url) for f in desk.facts() if isinstance(f, Activity)} for desk in (with_key, without)]
    assert told[0] == told[1] and len(told[0]) == 2
    assert without.tube.web.count(API) == 0


def test_a_key_that_comes_later_begins_anew_and_one_that_goes_too() -> None:
    desk = Desk("")
    desk.tube.videos[ACME] = [item(n) for n in range(40, 0, -1)]
    assert len(desk.titles()) == 15
    assert desk.source.asked_at(desk.acme, desk.cursors[desk.acme.name]) == SITE
    desk.token = KEY
    assert len(desk.titles()) == 40
    assert desk.source.asked_at(desk.acme, desk.cursors[desk.acme.name]) == API
    desk.token = ""
    assert len(desk.titles()) == 15


def test_without_a_key_a_channel_that_is_not_shown_for_a_while_is_not_gone() -> None:
    desk = Desk("")
    desk.tube.videos[ACME] = [item(1)]
    desk.facts()
    del desk.tube.channels[ACME]
    with pytest.raises(SourceUnavailable, match="does not give out this feed"):
        desk.facts()


def test_without_a_key_mine_is_mine() -> None:
    desk = Desk("")
    desk.tube.videos[ME] = [item(7, ME)]
    (profile,) = [fact for fact in desk.facts(desk.stream(OWN)) if isinstance(fact, Profile)]
    assert profile.is_owner and not profile.known


def test_a_followed_feed_of_a_channel_is_adopted_and_of_a_playlist_is_not(desk: Desk) -> None:
    feed = Stream(name=f"feed:{ACME}", address=f"{SITE}/feeds/videos.xml?channel_id={ACME}", profile=ACMES, title="Acme Tools")
    assert desk.source.adopts(feed) == desk.acme
    assert desk.source.adopts(replace(feed, profile=Key("youtube", "playlist:PLx"))) is None
    assert desk.source.adopts(replace(feed, profile=Key("blog", ACME))) is None
    without = Desk("")
    without.tube.web.pages[f"{SITE}/feeds/videos.xml"] = without.tube._feed
    assert without.follow(ACME)[0] == desk.acme
