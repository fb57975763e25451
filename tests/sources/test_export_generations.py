"""Exports of 2012 to today: what a place calls its files and fields changes every year, what comes of them does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from relationdesk.model import Kind
from relationdesk.services import importing
from relationdesk.sources.base import FileSource
from relationdesk.sources.facebook_export import FacebookExport
from relationdesk.sources.instagram_export import InstagramExport
from relationdesk.sources.x_archive import XArchive
from relationdesk.store.database import open_desk
from tests.facts import NOW, state
from tests.sources.chat_reading import Found

FRIEND = [{"name": "Ana Ruiz", "timestamp": 1_400_000_000}]
COMMENT = [{"timestamp": 1_500_000_000, "title": "Sam commented.", "data": [{"comment": {"timestamp": 1_500_000_000, "comment": "Nice", "author": "Sam"}}]}]
REACTION = [{"timestamp": 1_500_000_000, "title": "Sam likes Ana Ruiz's photo.", "data": [{"reaction": {"reaction": "LIKE", "actor": "Sam"}}]}]
POST = [{"timestamp": 1_500_000_000, "data": [{"post": "Hello"}], "title": "Sam updated his status."}]
BOOK = {"address_book": [{"name": "Hal Jay", "details": [{"contact_point": "hal@j.example"}], "created_timestamp": 1_500_000_000}]}
CHAT = {"participants": [{"name": "Ana Ruiz"}, {"name": "Sam"}], "title": "Ana Ruiz", "thread_path": "inbox/ana_1", "messages": [{"sender_name": "Ana Ruiz", "timestamp_ms": 1_500_000_000_000, "content": "Hi"}]}  # fmt: skip
WHO = {"name": {"full_name": "Sam"}, "username": "sam.carter"}

FACEBOOK: dict[str, dict[str, Any]] = {
    "2018": {
        "profile_information/profile_information.json": {"profile": {"name": "Sam", "username": "sam.carter", **WHO}},
        "friends/friends.json": {"friends": FRIEND}, "friends/sent_friend_requests.json": {"sent_requests": FRIEND}, "friends/received_friend_requests.json": {"received_requests": FRIEND},
        "following_and_followers/following.json": {"following": FRIEND}, "posts/your_posts_1.json": POST, "comments/comments.json": {"comments": COMMENT},
        "likes_and_reactions/posts_and_comments.json": {"reactions": REACTION}, "likes_and_reactions/pages.json": {"page_likes": FRIEND},
        "about_you/your_address_books.json": {"address_book": BOOK}, "messages/inbox/ana_1/message_1.json": CHAT,
    },
    "2021": {
        "profile_information/profile_information.json": {"profile_v2": WHO}, "friends_and_followers/friends.json": {"friends_v2": FRIEND},
        "friends_and_followers/friend_requests_sent.json": {"sent_requests_v2": FRIEND}, "friends_and_followers/friend_requests_received.json": {"received_requests_v2": FRIEND},
        "friends_and_followers/who_you_follow.json": {"following_v2": FRIEND}, "posts/your_posts_1.json": POST, "comments_and_reactions/comments.json": {"comments_v2": COMMENT},
        "comments_and_reactions/posts_and_comments.json": {"reactions_v2": REACTION}, "pages/pages_you've_liked.json": {"page_likes_v2": FRIEND},
        "other_personal_information/your_address_books.json": {"address_book_v2": BOOK}, "messages/inbox/ana_1/message_1.json": CHAT,
    },
    "2024": {
        "personal_information/profile_information/profile_information.json": {"profile_v2": WHO}, "connections/friends/your_friends.json": {"friends_v2": FRIEND},
        "connections/friends/sent_friend_requests.json": {"sent_requests_v2": FRIEND}, "connections/friends/received_friend_requests.json": {"received_requests_v2": FRIEND},
        "connections/followers/who_you've_followed.json": {"following_v3": FRIEND}, "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json": POST,
        "your_facebook_activity/comments_and_reactions/comments.json": {"comments_v2": COMMENT}, "your_facebook_activity/comments_and_reactions/posts_and_comments.json": {"reactions_v2": REACTION},
        "your_facebook_activity/pages/pages_you've_liked.json": {"page_likes_v2": FRIEND}, "personal_information/other_personal_information/your_address_books.json": {"address_book_v2": BOOK},
        "your_facebook_activity/messages/inbox/ana_1/message_1.json": CHAT,
    },
}  # fmt: skip
HANDLE = {"href": "https://www.instagram.com/ana.ruiz", "value": "ana.ruiz", "timestamp": 1_600_000_000}
OWNER = {"profile_user": [{"string_map_data": {"Nombre de usuario": {"value": "sam.carter"}, "Nombre": {"value": "Sam"}}}]}
LIKED = {"likes_media_likes": [{"title": "ana.ruiz", "string_list_data": [{"href": "https://www.instagram.com/p/A/", "value": "👍", "timestamp": 1_600_000_001}]}]}
INSTAGRAM: dict[str, dict[str, Any]] = {
    "2021": {
        "account_information/personal_information.json": OWNER, "followers_and_following/followers.json": {"relationships_followers": [{"title": "", "string_list_data": [HANDLE]}]},
        "followers_and_following/following.json": {"relationships_following": [{"title": "", "string_list_data": [HANDLE]}]}, "likes/liked_posts.json": LIKED,
        "comments/post_comments.json": {"comments_media_comments": [{"title": "ana.ruiz", "string_list_data": [{"value": "Nice", "timestamp": 1_600_000_002}]}]},
        "content/posts_1.json": [{"media": [{"uri": "media/posts/1.jpg", "creation_timestamp": 1_600_000_003, "title": "Sea"}]}], "messages/inbox/anaruiz_1/message_1.json": CHAT,
    },
    "2024": {
        "personal_information/personal_information/personal_information.json": OWNER, "connections/followers_and_following/followers_1.json": [{"title": "", "string_list_data": [HANDLE]}],
        "connections/followers_and_following/following.json": {"relationships_following": [{"title": "ana.ruiz", "string_list_data": [{"href": "https://www.instagram.com/_u/ana.ruiz", "timestamp": 1_600_000_000}]}]},
        "your_instagram_activity/likes/liked_posts.json": LIKED,
        "your_instagram_activity/comments/post_comments_1.json": [{"string_map_data": {"Comment": {"value": "Nice"}, "Media Owner": {"value": "ana.ruiz"}, "Time": {"timestamp": 1_600_000_002}}}],
        "your_instagram_activity/media/posts_1.json": [{"media": [{"uri": "media/posts/1.jpg", "creation_timestamp": 1_600_000_003, "title": "Sea"}]}],
        "your_instagram_activity/messages/inbox/anaruiz_1/message_1.json": CHAT,
    },
}  # fmt: skip
KINDS = {
    "facebook": [Kind.COMMENT, Kind.CONNECTION, Kind.INVITATION, Kind.INVITATION, Kind.MESSAGE, Kind.POST, Kind.REACTION, Kind.REACTION, Kind.REACTION],
    "instagram": [Kind.COMMENT, Kind.MESSAGE, Kind.POST, Kind.REACTION, Kind.REACTION, Kind.REACTION],
}


def laid_out(folder: Path, files: dict[str, Any]) -> Path:
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("source", "generations"), [(FacebookExport(), FACEBOOK), (InstagramExport(), INSTAGRAM)])
def test_every_generation_tells_the_same_and_one_over_the_other_adds_nothing(tmp_path: Path, source: FileSource, generations: dict[str, Any]) -> None:
    folders = [laid_out(tmp_path / year, files) for year, files in generations.items()]
    reads = [Found(source, folder) for folder in folders]
    for read in reads:
        assert sorted(one.kind for one in read.activities) == KINDS[source.place] and not read.rejects
        assert {(one.key, one.actor, one.published, one.text, one.participants) for one in read.activities} == {
            (one.key, one.actor, one.published, one.text, one.participants) for one in reads[0].activities
        }
    db = open_desk(tmp_path / "desk")
    for number, folder in enumerate((*folders, *reversed(folders))):
        _, done = importing.import_now(db, folder, now=NOW)
        assert done is not None and (number == 0 or done.counts.new_activities == done.counts.new_profiles == 0)
    db.close()


@pytest.mark.parametrize("apostrophe", ["'", "’", "%27", "_"])
def test_an_apostrophe_in_a_name_is_written_in_four_ways(tmp_path: Path, apostrophe: str) -> None:
    laid_out(tmp_path, {f"connections/followers/who_you{apostrophe}ve_followed.json": {"following_v3": FRIEND}, "connections/friends/your_friends.json": {"friends_v2": FRIEND}})
    assert [one.kind for one in Found(FacebookExport(), tmp_path, "Sam").activities] == [Kind.CONNECTION, Kind.REACTION]


def test_a_list_of_a_version_to_come_is_the_only_list_in_its_file(tmp_path: Path) -> None:
    laid_out(tmp_path, {"connections/friends/your_friends.json": {"friends_v9": FRIEND}, "connections/followers/who_you_have_followed.json": {"following_v3": FRIEND}})
    assert [one.kind for one in Found(FacebookExport(), tmp_path, "Sam").activities] == [Kind.CONNECTION, Kind.REACTION]


def test_a_mark_of_order_before_a_file_is_no_letter(tmp_path: Path) -> None:
    laid_out(tmp_path, FACEBOOK["2024"] | {"your_facebook_activity/messages/inbox/ana_1/message_1.json": "\ufeff" + json.dumps(CHAT)})
    assert Found(FacebookExport(), tmp_path).texts.count("Hi") == 1


def test_a_part_that_is_missing_between_others_is_told(tmp_path: Path) -> None:
    """Lists are cut into numbered files."""
    folder = "connections/followers_and_following/"
    laid_out(tmp_path, INSTAGRAM["2024"] | {f"{folder}followers_3.json": [{"title": "", "string_list_data": [{**HANDLE, "value": "bo"}]}]})
    assert any("Part 2 of this is not in the export" in reason for reason in Found(InstagramExport(), tmp_path).rejects)


TWEET = {"id_str": "471260000000000000", "created_at": "Tue May 27 12:24:35 +0000 2014", "full_text": "Hello <3", "entities": {}}
MONTH = {"id_str": "471260000000000000", "id": 471_260_000_000_000_000, "created_at": "2014-05-27 12:24:35 +0000", "text": "Hello <3", "entities": {}, "user": {"id_str": "1001", "screen_name": "samcarter", "name": "Sam"}}
LOCAL = {**MONTH, "id_str": "418150000000000000", "id": 418_150_000_000_000_000, "created_at": "2013-12-31 23:30:00 +0000"}
ACCOUNT = [{"account": {"accountId": "1001", "username": "samcarter", "accountDisplayName": "Sam"}}]
TABLE = "tweet_id,in_reply_to_status_id,in_reply_to_user_id,timestamp,source,text,retweeted_status_id,retweeted_status_user_id,retweeted_status_timestamp,expanded_urls\n"
X: dict[str, dict[str, Any]] = {
    "2013": {
        "data/js/tweets/2014_05.js": f"Grailbird.data.tweets_2014_05 = \n {json.dumps([MONTH])}", "data/js/tweets/2014_01.js": f"Grailbird.data.tweets_2014_01 = {json.dumps([LOCAL])}",
        "data/js/tweet_index.js": 'var tweet_index = [ {"file_name" : "data/js/tweets/2014_05.js", "year" : 2014, "var_name" : "tweets_2014_05", "tweet_count" : 5570, "month" : 5} ]',
        "data/js/user_details.js": 'var user_details = {"screen_name": "samcarter", "full_name": "Sam", "id": "1001"}', "data/js/payload_details.js": 'var payload_details = {"tweets": 5596}',
    },
    "2019": {"account.js": f"window.YTD.account.part0 = {json.dumps(ACCOUNT)}", "tweet.js": f"window.YTD.tweet.part0 = {json.dumps([TWEET])}"},
    "2021": {"data/account.js": f"window.YTD.account.part0 = {json.dumps(ACCOUNT)}", "data/tweet.js": f"window.YTD.tweet.part0 = {json.dumps([{'tweet': TWEET}])}"},
    "2024": {"data/account.js": f"\ufeffwindow.YTD.account.part0={json.dumps(ACCOUNT)};\r\n", "data/tweets.js": f"window.YTD.tweets.part0 = {json.dumps([{'tweet': TWEET}])};\n"},
}  # fmt: skip


@pytest.mark.parametrize("year", X)
def test_x_of_every_year_has_the_same_post(tmp_path: Path, year: str) -> None:
    read = Found(XArchive(), laid_out(tmp_path, X[year]))
    found = {one.key.native_id: one for one in read.activities}
    post = found.pop("471260000000000000")
    assert (post.actor.native_id, post.text, f"{post.published:%H:%M:%S}", read.owner.handle) == ("1001", "Hello <3", "12:24:35", "samcarter")
    assert [f"{one.published:%Y-%m-%d}" for one in found.values()] == (["2013-12-31"] if year == "2013" else []), "months follow the local time"
    assert not any("5596" in reason or "5570" in reason for reason in read.rejects)


def test_x_of_one_year_over_another_adds_nothing(tmp_path: Path) -> None:
    folders = [laid_out(tmp_path / year, files) for year, files in X.items()]
    db = open_desk(tmp_path / "desk")
    importing.import_now(db, folders[0], now=NOW)
    before = state(db)
    for folder in folders[1:]:
        importing.import_now(db, folder, now=NOW)
    assert state(db) == before
    db.close()


def test_the_tables_of_2012_lie_month_by_month(tmp_path: Path) -> None:
    for month, id_ in (("2012_11", "271260000000000000"), ("2012_12", "281260000000000000")):
        laid_out(tmp_path, {f"data/csv/{month}.csv": f"{TABLE}{id_},,,2012-11-27 12:24:35 +0000,web,Hello,,,,\n"})
    assert {one.key.native_id for one in Found(XArchive(), tmp_path, "samcarter").activities} == {"271260000000000000", "281260000000000000"}
