"""Instagram's exports of all years, and what they hold of Threads: the real shape, and an example for each trap."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Audience, Kind, Profile
from relationdesk.sources.base import Options
from relationdesk.sources.facebook_export import FacebookExport
from relationdesk.sources.instagram_export import InstagramExport
from relationdesk.sources.threads_export import ThreadsExport
from tests.sources.chat_reading import DATA, Found, extra, real, towards

OWN = DATA / "instagram_export"
ALL = frozenset("follows contacts posts comments reactions saved messages requests".split())
"""Without what belongs to Threads, where the same person is another profile."""


def found(path: Path, me: str = "", parts: frozenset[str] = ALL, **answers: str) -> Found:
    return Found(InstagramExport(), path, me, parts, **answers)


def seen_with(read: Found, kind: Kind) -> list[tuple[str, str, set[tuple[str, str]]]]:
    return [(one.text, one.actor.native_id, towards(one)) for one in read.activities if one.kind is kind]


@pytest.mark.parametrize("name", ["instagram/thread", "instagram/thread/message_1.json"])
def test_real_conversation(name: str) -> None:
    path = real(name)
    seen = InstagramExport().recognise(path)
    assert seen is not None and [answer for answer, _ in seen.asks[-1].choices] == ["Jane Doe", "John Doe"] and FacebookExport().recognise(path) is None
    with pytest.raises(UnreadableFile, match="Which of these people are you"):
        list(InstagramExport().read(path, Options()))
    read = found(path, "John Doe")
    assert sorted((one.published, one.text, one.actor == read.owner.key) for one in read.messages) == [
        (datetime(2019, 12, 24, 11, 23, tzinfo=UTC), "Hello John!", False), (datetime(2020, 1, 17, 20, 49, tzinfo=UTC), "Hello Jane!", True),
    ]  # fmt: skip
    assert set(read.others()) == {"name:jane doe"} and len({one.thread for one in read.messages}) == 1


def test_a_chat_that_says_of_no_network_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "message_1.json"
    path.write_text(json.dumps({"messages": [{"sender_name": "Ann", "timestamp_ms": 1_600_000_000_000, "content": "Hi"}]}))
    seen = InstagramExport().recognise(path)
    assert seen is not None and [ask.name for ask in seen.asks] == ["place", "me"] and FacebookExport().recognise(path) is None
    with pytest.raises(UnreadableFile, match="from Facebook Messenger or from Instagram"):
        list(InstagramExport().read(path, Options(me="Ann")))
    places = {answer: {one.key.place for one in found(path, "Ann", place=answer).activities} for answer in ("facebook", "instagram")}
    assert places == {"facebook": {"facebook"}, "instagram": {"instagram"}}


def test_everything_in_an_export_of_today() -> None:
    read = found(OWN / "today")
    assert (read.owner.key.native_id, read.owner.display_name, read.owner.bio) == ("sam.carter", "Säm", "Boats") and read.owner.addresses[0].vouched
    assert [one.key.native_id for one in read.activities if extra(one).get("reaction") == "follow"] == [
        "follow:ana.ruiz", "follow:hotel.nord", "followed:ana.ruiz", "followed:quiet_one", "followed:late1",
    ]  # fmt: skip
    assert [(one.actor.native_id, towards(one)) for one in read.activities if one.kind is Kind.INVITATION] == [("sam.carter", {("closed1", "subject")})]
    assert [(text, extra(one)["attachments"]) for one in read.activities if one.kind is Kind.POST for text in [one.text]] == [
        ("Kväll 🌅", "1.jpg"), ("Two of them", "2.jpg, 3.jpg"), ("", "1.mp4"),
    ]  # fmt: skip
    assert sorted(seen_with(read, Kind.COMMENT)) == [("Ha", "sam.carter", {("bo.li", "reply_to")}), ("Schön ✨", "sam.carter", {("ana.ruiz", "reply_to")})]
    assert [(one.url, towards(one)) for one in read.activities if extra(one).get("reaction") == "like"] == [
        ("https://www.instagram.com/p/BBB/", {("bo.li", "subject")}), ("https://www.instagram.com/p/AAA/", {("ana.ruiz", "subject")}),
    ]  # fmt: skip
    (saved,) = [one for one in read.activities if one.kind is Kind.BOOKMARK]
    assert saved.audience is Audience.PRIVATE and towards(saved) == {("hotel.nord", "subject")}
    assert {native for native, one in read.others().items() if one.known and one.handle} == {"ana.ruiz", "hotel.nord"}
    assert "badone" not in read.profiles and any(one.display_name == "Pål Berg" and one.addresses for one in read.others().values())
    assert any("Part 2 of this is not in the export" in reason for reason in read.rejects)


def test_conversations_are_of_handles_where_the_folder_tells() -> None:
    read = found(OWN / "today", parts=frozenset({"messages"}))
    ana, gone, trip = (sorted(one.actor.native_id for one in read.messages if one.thread == thread) for thread in ("2001", "2002", "2003"))
    assert ana == ["ana.ruiz", "sam.carter"] and gone == ["someone:2002"] and trip == ["name:bo li"]
    assert read.profiles["ana.ruiz"].display_name == "Ana Ruiz" and read.profiles["someone:2002"].display_name == ""
    assert read.messages[1].text == "Look\nhttps://www.instagram.com/p/AAA/"


def test_threads_is_a_place_of_its_own() -> None:
    facts = list(InstagramExport().read(OWN / "today", Options(parts=frozenset({"threads"}))))
    of = [fact for fact in facts if isinstance(fact, Activity | Profile) and fact.key.place == "threads"]
    assert [(one.kind, one.text) for one in of if isinstance(one, Activity)] == [
        (Kind.REACTION, ""), (Kind.POST, "Hallo Tråde"), (Kind.REPLY, "An answer"), (Kind.REACTION, ""),
    ]  # fmt: skip
    assert [one.key.native_id for one in of if isinstance(one, Profile)] == ["sam.carter", "bo.li"]
    alone = Found(ThreadsExport(), DATA / "threads_export" / "export", "sam.carter")
    assert [one.key for one in alone.activities] == [one.key for one in of if isinstance(one, Activity)]
    seen = ThreadsExport().recognise(DATA / "threads_export" / "export")
    assert seen is not None and InstagramExport().recognise(DATA / "threads_export" / "export") is None


def test_exports_before_2021() -> None:
    read = found(OWN / "old")
    assert (read.owner.key.native_id, read.owner.bio) == ("sam.carter", "Boats")
    assert [(one.text, one.actor.native_id, towards(one)) for one in read.messages] == [
        ("Hallo", "sam.carter", {("ana.ruiz", "to")}), ("Hei", "ana.ruiz", {("sam.carter", "to")}), ("Yo", "bo.li", {("sam.carter", "to")}),
    ]  # fmt: skip
    assert read.messages[0].published == datetime(2016, 9, 1, 10, 1, tzinfo=UTC)
    assert seen_with(read, Kind.COMMENT) == [("Schön", "sam.carter", {("ana.ruiz", "reply_to")})] and seen_with(read, Kind.POST) == [("Boot", "sam.carter", set())]
    assert [(extra(one)["reaction"], one.actor.native_id) for one in read.activities if one.kind is Kind.REACTION] == [
        ("follow", "sam.carter"), ("follow", "bo.li"), ("like", "sam.carter"),
    ]  # fmt: skip


def test_more_of_the_exports_before_2021(tmp_path: Path) -> None:
    """Requests, hearts in place of words, and who liked a message."""
    (tmp_path / "profile.json").write_text(json.dumps({"date_joined": "2012-01-01T00:00:00", "username": "sam.carter"}))
    asked = {"followers": {"bo": "2016-01-01T00:00:00"}, "following": {}, "follow_requests_sent": {"di": "2016-01-02T00:00:00"}, "permanent_follow_requests": {"ed": "2016-01-03T00:00:00"}}
    (tmp_path / "connections.json").write_text(json.dumps(asked))
    heart = {"sender": "bo", "created_at": "2019-07-01T10:00:00+00:00", "heart": "❤"}
    liked = {"sender": "bo", "created_at": "2019-07-01T11:00:00+00:00", "text": "Hi", "likes": [{"username": "sam.carter", "date": "2019-07-01T12:00:00"}]}
    (tmp_path / "messages.json").write_text(json.dumps([{"participants": ["sam.carter", "bo"], "conversation": [heart, liked]}]))
    read = found(tmp_path)
    assert seen_with(read, Kind.INVITATION) == [("", "sam.carter", {("di", "subject")}), ("", "sam.carter", {("ed", "subject")})]
    assert [(one.text, extra(one).get("reactions", "")) for one in read.messages] == [("❤", ""), ("Hi", "❤ sam.carter")]


def test_whom_i_follow_has_one_address_in_every_generation(tmp_path: Path) -> None:
    """The link was to the page, since 2024 it is to "/_u/…", and before 2021 there was none."""
    for name, one in (("2022", {"href": "https://www.instagram.com/ana_r", "value": "ana_r"}), ("2024", {"href": "https://www.instagram.com/_u/ana_r"})):
        folder = tmp_path / name / "connections" / "followers_and_following"
        folder.mkdir(parents=True)
        record = {"title": "" if "value" in one else "ana_r", "string_list_data": [{**one, "timestamp": 1_600_000_000}]}
        (folder / "following.json").write_text(json.dumps({"relationships_following": [record]}))
    (before,), (now,) = found(tmp_path / "2022").activities, found(tmp_path / "2024").activities
    assert before == now and now.url == "https://www.instagram.com/ana_r"


def test_pages() -> None:
    read = found(OWN / "pages")
    assert read.owner.key.native_id == "sam.carter"
    assert {(one.kind, one.text, frozenset(towards(one))) for one in read.activities} == {
        (Kind.REACTION, "", frozenset({("sam.carter", "subject")})), (Kind.REACTION, "", frozenset({("bo.li", "subject")})),
        (Kind.COMMENT, "Nice one", frozenset({("ana.ruiz", "reply_to")})), (Kind.MESSAGE, "hey\nthere", frozenset({("ana.ruiz", "to")})),
    }  # fmt: skip


def test_records_since_2024_are_read_by_their_values_in_any_language(tmp_path: Path) -> None:
    folder = tmp_path / "your_instagram_activity" / "likes"
    folder.mkdir(parents=True)
    owner = {"title": "Besitzer", "dict": [{"dict": [{"label": "URL", "value": "https://www.instagram.com/ana.ruiz/"}, {"label": "Nutzer", "value": "ana.ruiz"}]}]}
    link = {"label": "URL", "value": "https://www.instagram.com/p/ZZZ/", "href": "https://www.instagram.com/p/ZZZ/"}
    (folder / "liked_posts.json").write_text(json.dumps([{"timestamp": 1_700_000_000, "media": [], "label_values": [link, owner], "fbid": "1"}]))
    profile = tmp_path / "personal_information" / "personal_information.json"
    profile.parent.mkdir()
    profile.write_text(json.dumps({"profile_user": [{"string_map_data": {"Benutzername": {"value": "me.here"}}}]}))
    (one,) = found(tmp_path).activities
    assert one.url == "https://www.instagram.com/p/ZZZ/" and towards(one) == {("ana.ruiz", "subject")} and one.actor.native_id == "me.here"


def test_a_broken_record_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "following.json"
    good = {"title": "ann", "string_list_data": [{"href": "https://www.instagram.com/_u/ann", "timestamp": 1_700_000_000}]}
    path.write_text(json.dumps({"relationships_following": [good, 7, {"string_list_data": [{"href": 3}]}, {**good, "title": "bo", "string_list_data": [{"timestamp": "x"}]}]}))
    read = found(path)
    assert [one.key.native_id for one in read.activities] == ["follow:ann"] and set(read.others()) == {"ann", "bo"} and len(read.rejects) == 2


def of_2025(folder: Path, *labels: str) -> Path:
    """labels: of mail, handle, name, comment, owner of the medium, time, in the owner's language."""
    mail, handle, name, comment, media_owner, time = labels
    story = "https://www.instagram.com/stories/ana.ruiz/3717145434100081006"
    files = {
        "personal_information/personal_information/personal_information.json": {"profile_user": [{"string_map_data": {
            mail: {"href": "", "value": "sam@carter.example", "timestamp": 0}, handle: {"href": "", "value": "sam.carter", "timestamp": 0},
            name: {"href": "", "value": "Sam Çarter", "timestamp": 0}, "?": {"href": "", "value": "male", "timestamp": 0},
        }}]},
        "your_instagram_activity/likes/liked_posts.json": [{"timestamp": 1_735_000_000, "media": [], "fbid": "1790", "label_values": [
            {"label": "URL", "value": "https://www.instagram.com/p/AAA/", "href": "https://www.instagram.com/p/AAA/"}, {"label": "?", "value": "seaside"},
            {"title": "?", "dict": [{"title": "", "dict": [{"label": "URL", "value": ""}, {"label": name, "value": "Otto"}, {"label": handle, "value": "otto.k"}]}]},
        ]}],
        "your_instagram_activity/story_interactions/story_likes.json": [{"timestamp": 1_735_000_001, "media": [], "fbid": "1791", "label_values": [{"label": "URL", "value": story, "href": story}]}],
        "your_instagram_activity/comments/hype.json": {"comments_story_comments": [{"string_map_data": {comment: {"value": "Wow"}, media_owner: {"value": "ana.ruiz"}, time: {"timestamp": 1_735_000_002}}}]},
    }  # fmt: skip
    for path, value in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(value))
    return folder


@pytest.mark.parametrize(
    "labels",
    [
        ("Email", "Username", "Name", "Comment", "Media Owner", "Time"), ("E-posta", "Kullanıcı adı", "Ad", "Yorum", "Medya Sahibi", "Saat"),
        ("Zzz", "Yyy", "Xxx", "Www", "Vvv", "Uuu"),
    ],
)  # fmt: skip
def test_an_export_of_2025_in_any_language(tmp_path: Path, labels: tuple[str, ...]) -> None:
    """Likes name the owner of a post deep inside, likes and comments of stories lie in files of their own."""
    read = found(of_2025(tmp_path, *labels))
    assert (read.owner.key.native_id, read.owner.display_name, [one.value for one in read.owner.addresses]) == ("sam.carter", "Sam Çarter", ["sam@carter.example"])
    assert sorted((one.kind, one.text, next(iter(towards(one)))) for one in read.activities) == [
        (Kind.COMMENT, "Wow", ("ana.ruiz", "reply_to")), (Kind.REACTION, "", ("ana.ruiz", "subject")), (Kind.REACTION, "", ("otto.k", "subject")),
    ]  # fmt: skip


def test_a_page_of_a_group_begins_with_who_is_in_it(tmp_path: Path) -> None:
    """That headline is no sender, and the first message is not its."""
    head = '<h2 class="_3-95 _2pim _a6-h">Participants: Zoë Ümit, Otto and Sam</h2>'
    box = '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><h2 class="_3-95 _2pim _a6-h _a6-i">Otto</h2><div class="_3-95 _a6-p">{}</div><div class="_3-94 _a6-o">Jan 01, 2025 2:53 am</div></div>'
    message = box.format('<div>Hello</div><div><ul class="_a6-q"><li><span>❤️Zoë Ümit<span> (Jan 03, 2025 10:27 am)</span></span></li></ul></div>') + box.format("<div>Liked a message</div>")
    path = tmp_path / "your_instagram_activity" / "messages" / "inbox" / "fair_45" / "message_1.html"
    path.parent.mkdir(parents=True)
    path.write_text(f'<html><head><title>Fair</title></head><body><div class="_a706" role="main">{head}{message}</div></body></html>', encoding="utf-8")
    read = found(tmp_path, "Sam")
    everybody = {(read.owner.key.native_id, "to"), ("name:zoë ümit", "to")}
    assert [(one.kind, one.text, one.actor.native_id, towards(one)) for one in read.activities] == [
        (Kind.MESSAGE, "Hello", "name:otto", everybody), (Kind.REACTION, "Liked a message", "name:otto", everybody),
    ]  # fmt: skip
    assert extra(read.activities[0])["reactions"] == "❤️ Zoë Ümit"


def test_what_was_passed_on_sent_and_saved_before_2021(tmp_path: Path) -> None:
    """Words of what was passed on stand in fields of their own, and a picture that was sent to somebody was no post."""
    at = "2019-07-01T10:0{}:00+00:00".format
    said = [{"text": "Hi"}, {"media_share_caption": "A caption", "media_share_url": "https://x.example/p"}, {"story_share": "Shared otto's story"}, {"action": "Zoe named the group"}]
    for name, value in {
        "profile.json": {"username": "sam.carter", "date_joined": at(0), "name": "Sam"},
        "media.json": {"photos": [{"caption": "Fair", "taken_at": at(1), "path": "photos/a.jpg"}], "direct": [{"taken_at": at(2), "path": "direct/b.jpg"}]},
        "saved.json": {"saved_media": [[at(3), "otto.k"]]},
        "messages.json": [{"participants": ["sam.carter", "zoe"], "conversation": [{"sender": "zoe", "created_at": at(n), **one} for n, one in enumerate(said, start=4)]}],
    }.items():  # fmt: skip
        (tmp_path / name).write_text(json.dumps(value))
    read = found(tmp_path)
    assert sorted((one.kind, one.text) for one in read.activities) == [
        (Kind.BOOKMARK, ""), (Kind.MESSAGE, "A caption"), (Kind.MESSAGE, "Hi"), (Kind.MESSAGE, "Shared otto's story"), (Kind.OTHER, "Zoe named the group"), (Kind.POST, "Fair"),
    ]  # fmt: skip
