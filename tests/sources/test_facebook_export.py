"""Facebook's exports: the real shapes with every number, and an example for each trap."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Audience, Kind, Precision, Tombstone
from relationdesk.sources.base import Options
from relationdesk.sources.facebook_export import FacebookExport
from relationdesk.sources.instagram_export import InstagramExport
from relationdesk.sources.together import together
from tests.sources.chat_reading import DATA, Found, extra, real, towards

OWN = DATA / "facebook_export"
INBOX = "your_facebook_activity/messages/inbox"


def found(path: Path, me: str = "", parts: frozenset[str] | None = None) -> Found:
    return Found(FacebookExport(), path, me, parts)


def by_time(read: Found) -> list[Activity]:
    return sorted(read.activities, key=lambda one: one.published or datetime.max.replace(tzinfo=UTC))


def chat(folder: Path, name: str, *messages: dict[str, Any], number: int = 1, **head: Any) -> Path:
    path = folder / INBOX / name / f"message_{number}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    people = [{"name": one} for one in head.pop("people", ("Ann", "Me"))]
    path.write_text(json.dumps({"participants": people, "messages": list(messages), "title": "Ann", "thread_path": f"inbox/{name}", **head}), encoding="utf-8")
    return folder


def message(sender: str, ms: int = 1_700_000_000_000, content: str = "words", **more: Any) -> dict[str, Any]:
    return {"sender_name": sender, "timestamp_ms": ms, "content": content, **more}


def test_real_json() -> None:
    path = real("facebook/json_simple")
    seen = FacebookExport().recognise(path)
    assert seen is not None and seen.owner == "Test User" and seen.asks == ()
    assert InstagramExport().recognise(path) is None
    read = found(path)
    assert len(read.activities) == len(read.messages) == 4 and len({one.thread for one in read.messages}) == 2
    alice = by_time(read)[1:]
    assert [one.text for one in alice] == ["Hello", "café time?", "See you soon"]
    assert [one.published for one in alice] == [datetime(2020, 9, 13, 12, minute, 40, tzinfo=UTC) for minute in (26, 27, 28)]
    assert extra(alice[1])["reactions"] == "❤ Test User · 👍 Alice Example"
    assert [one.actor == read.owner.key for one in alice] == [True, False, True] and {one.audience for one in alice} == {Audience.PRIVATE}
    assert by_time(read)[0].text == "Old message in archive" and towards(alice[0]) == {("name:alice example", "to")}
    assert {native: one.known for native, one in read.others().items()} == {"name:alice example": True, "name:zoe archive": False}


def test_real_parts_of_a_conversation() -> None:
    read = found(real("facebook/json_multifile"))
    assert [one.text.split()[1] for one in by_time(read)] == ["A", "B", "C", "D"] and "file 10" in by_time(read)[-1].text
    assert any("Part 3, 4, 5, 6, 7, 8, 9 of this is not in the export" in reason for reason in read.rejects)


def test_real_records_without_words() -> None:
    read = found(real("facebook/json_nontext"))
    notice, share, missed, call, photo, sticker = by_time(read)
    assert len(read.activities) == 6 and notice.kind is Kind.OTHER and notice.participants == () and notice.text == "Sam left the chat"
    assert share.text == "Example share text\nhttps://example.com/article" and (missed.kind, missed.text) == (Kind.CALL, "No answer")
    assert (call.kind, call.text) == (Kind.CALL, "3 min 12 s") and extra(photo)["attachments"] == "missing.jpg (not in the export)"
    assert extra(sticker)["attachments"] == "sticker" and read.owner.display_name == "Test User"


def test_real_media_lack_the_folder_in_their_address() -> None:
    (one,) = found(real("facebook/json_with_media")).activities
    assert one.text == "Here's a photo" and extra(one)["attachments"] == "tiny.png"


def test_real_encrypted_chats() -> None:
    read = found(real("facebook/e2ee_simple"))
    assert len(read.activities) == 5 and len({one.thread for one in read.activities}) == 2 and "oops" not in read.texts
    assert [type(fact) for fact in read.facts].count(Tombstone) == 1
    cafe = next(one for one in read.activities if one.text == "café time?")
    assert extra(cafe)["reactions"] == "❤ Test User"
    crew = [one for one in read.activities if extra(one).get("conversation") == "Weekend crew"]
    assert len(crew) == 2 and {len(one.participants) for one in crew} == {2} and extra(crew[1])["attachments"] == "photo.jpg"
    assert read.owner.display_name == "Test User"


def test_real_pages() -> None:
    read = found(real("facebook/html_simple"))
    assert read.texts == ["Hello", "café time?", "See you soon"] and {one.precision for one in read.activities} == {Precision.MINUTE}
    assert [one.published for one in read.activities] == [datetime(2020, 9, 13, 12, minute).astimezone(UTC) for minute in (26, 27, 28)]
    assert extra(read.activities[0])["zone"] == "unknown" and read.owner.display_name == "Test User"


def test_everything_in_an_export() -> None:
    read = found(OWN / "today")
    assert (read.owner.display_name, read.owner.handle, read.owner.key.native_id) == ("Sam Cärter", "sam.carter", "name:sam cärter")
    assert [one.value for one in read.owner.addresses] == ["sam@carter.example", "+47 400 00 000"] and all(one.vouched for one in read.owner.addresses)
    kinds = {kind: [one for one in read.activities if one.kind is kind] for kind in Kind}
    assert len(kinds[Kind.CONNECTION]) == 5 and [one.actor.native_id for one in kinds[Kind.INVITATION]] == ["name:sam cärter", "name:lee park"]
    assert [one.text for one in kinds[Kind.POST]] == ["Off to Ålesund 🚢", "The plan\nhttps://plan.example/", "The quay\nÅlesund", "Happy birthday"]
    assert kinds[Kind.POST][3].actor.native_id == "name:zoë brandt" and ("name:ana ruiz", "mentioned") in towards(kinds[Kind.POST][0])
    assert [(one.text, towards(one)) for one in kinds[Kind.COMMENT]] == [("Schön ✨", {("name:ana ruiz", "reply_to")}), ("And more", set())]
    assert [(extra(one)["reaction"], towards(one)) for one in kinds[Kind.REACTION]] == [
        ("follow", {("name:hotel nord", "subject")}), ("love", {("name:ana ruiz", "subject")}), ("like", set()), ("wow", {("name:zoë brandt", "subject")}),
    ]  # fmt: skip
    assert [one.title for one in kinds[Kind.EVENT]] == ["Sommerfest ☀"] and len(read.messages) == 5
    known = {one.display_name for one in read.others().values() if one.known}
    assert known == {"Ana Ruiz", "Ana", "Zoë Brandt", "Bo Li", "Pål Berg"} and read.profiles["someone:1002"].display_name == ""
    assert any("2 of your friends are called Bo Li" in reason for reason in read.rejects) and read.coverage[0].profile == read.owner.key


@pytest.mark.parametrize(("part", "count"), [("friends", 7), ("follows", 1), ("contacts", 0), ("posts", 4), ("comments", 2), ("reactions", 3), ("events", 1), ("messages", 4), ("requests", 1)])
def test_parts(part: str, count: int) -> None:
    whole = {one.key: one for one in found(OWN / "today").activities}
    read = found(OWN / "today", parts=frozenset({part}))
    assert len(read.activities) == count and all(whole[one.key].participants == one.participants for one in read.activities)


def test_the_store_of_encrypted_chats_and_the_export_share_their_keys() -> None:
    network, secure = found(OWN / "today"), found(OWN / "secure")
    shared = {one.key for one in network.messages} & {one.key for one in secure.messages}
    assert len(shared) == 1 and secure.owner.key == network.owner.key and network.profiles["name:ana ruiz"].key == secure.profiles["name:ana ruiz"].key


def test_pages_of_another_language() -> None:
    read = found(OWN / "pages")
    assert [(one.text, one.precision.value) for one in read.messages] == [("See you\nthere", "second"), ("", "minute"), ("ok", "minute"), ("ok", "minute")]
    assert len({one.key for one in read.activities}) == len(read.activities) and extra(read.messages[0])["reactions"] == "❤ Ana Ruiz"
    assert [one.kind for one in read.activities if one.kind is not Kind.MESSAGE] == [Kind.CONNECTION, Kind.POST] and "name:bo li" in read.profiles
    assert "The date of this message cannot be read." in read.rejects


def test_a_conversation_whose_classes_nobody_knows_is_known_by_its_folder_and_its_dates(tmp_path: Path) -> None:
    row = '<div class="z1"><div class="z2">{0}</div><div class="z3">{1}</div><div class="z4">{2}</div></div>'
    page = tmp_path / "your_facebook_activity" / "messages" / "inbox" / "ann_1" / "message_1.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html><body><main>" + row.format("Ann", "Hello", "Oct 19, 2019, 2:37 PM") + row.format("Me", "Yes", "Oct 19, 2019, 2:38 PM") + "</main></body></html>")
    assert [(one.actor.native_id, one.text) for one in found(tmp_path, "Me").messages] == [("name:ann", "Hello"), ("name:me", "Yes")]
    page.write_text("<html><body><main>" + row.format("Ann", "Hello", "some day") + "</main></body></html>")
    assert FacebookExport().recognise(tmp_path) is None


def test_parts_of_a_conversation_are_read_by_their_numbers_and_stand_by_their_times(tmp_path: Path) -> None:
    """message_1 is mostly the newest, but message_10 may be newer; and message_2 comes before it."""
    for number, moment in ((1, 1_700_000_000_000), (2, 1_600_000_000_000), (10, 1_710_000_000_000)):
        chat(tmp_path, "ann_1", message("Ann", moment, f"of {number}"), number=number)
    read = found(tmp_path)
    assert read.texts == ["of 1", "of 2", "of 10"] and [one.text for one in by_time(read)] == ["of 2", "of 1", "of 10"]
    assert len({one.thread for one in read.messages}) == 1 and [reason.partition(" of this")[0] for reason in read.rejects] == ["Part 3, 4, 5, 6, 7, 8, 9"]


@pytest.mark.parametrize("uri", ["your_facebook_activity/messages/inbox/ann_1/photos/a.jpg", "messages/inbox/ann_1/photos/a.jpg"])
def test_a_picture_is_found_with_and_without_the_folder_that_was_put_above_it(tmp_path: Path, uri: str) -> None:
    (tmp_path / INBOX / "ann_1" / "photos").mkdir(parents=True)
    (tmp_path / INBOX / "ann_1" / "photos" / "a.jpg").write_bytes(b"x")
    (one,) = found(chat(tmp_path, "ann_1", {**message("Ann"), "photos": [{"uri": uri}]})).activities
    assert extra(one)["attachments"] == "a.jpg"


def test_encrypted_chats_are_names_and_texts_some_of_them_broken(tmp_path: Path) -> None:
    said = [
        {"senderName": "Ann", "text": "café", "timestamp": 1_730_000_000_000, "type": "text", "isUnsent": False, "media": [], "reactions": []},
        {"senderName": "Me", "text": "caf\u00c3\u00a9", "timestamp": 1_730_000_000_001, "type": "text", "isUnsent": False, "media": [{"uri": "./media/p.jpg"}], "reactions": [{"actor": "Ann", "reaction": "👍"}]},
        {"senderName": "Ann", "text": "oops", "timestamp": 1_730_000_000_002, "type": "text", "isUnsent": True, "media": [], "reactions": []},
    ]
    (tmp_path / "Ann_3.json").write_text(json.dumps({"participants": ["Ann", "Me"], "threadName": "Ann_3", "messages": said}))
    read = found(tmp_path, "Me")
    assert read.texts == ["café", "café"] and extra(read.messages[1]) == {"attachments": "p.jpg (not in the export)", "reactions": "👍 Ann"}
    assert [type(fact) for fact in read.facts].count(Tombstone) == 1 and read.rejects == ["1 message taken back by who wrote it, left out."]


def test_several_files_of_one_export_are_one(tmp_path: Path) -> None:
    first, second = tmp_path / "facebook-sam-2026-03-01-AbC123xY.zip", tmp_path / "facebook-sam-2026-03-01-Qw9876zz.zip"
    names = sorted(one for one in (OWN / "today").rglob("*") if one.is_file())
    for number, path in enumerate((first, second)):
        with zipfile.ZipFile(path, "w") as archive:
            for one in names[number::2]:
                archive.write(one, one.relative_to(OWN / "today").as_posix())
    both, whole = found(together([first, second])), found(OWN / "today")
    assert {one.key for one in both.activities} == {one.key for one in whole.activities} and both.owner.key == whole.owner.key


def test_who_i_am_is_asked_where_nothing_tells(tmp_path: Path) -> None:
    path = chat(tmp_path, "ann_1", message("Ann"), message("Me"), title="")
    seen = FacebookExport().recognise(path)
    assert seen is not None and sorted(answer for answer, _ in seen.asks[0].choices) == ["Ann", "Me"]
    with pytest.raises(UnreadableFile, match="Which of these people are you"):
        list(FacebookExport().read(path, Options()))
    with pytest.raises(UnreadableFile, match="“Bea” is nobody in this file"):
        list(FacebookExport().read(path, Options(me="Bea")))
    assert found(path, "Me").owner.key.native_id == "name:me"


def test_who_is_in_all_conversations_is_the_owner(tmp_path: Path) -> None:
    chat(tmp_path, "a_1", message("Ann"), people=("Ann", "Me"), title="x")
    read = found(chat(tmp_path, "b_2", message("Bo"), people=("Bo", "Me"), title="y"))
    assert read.owner.display_name == "Me"


def test_a_name_that_was_changed_is_still_me(tmp_path: Path) -> None:
    profile = tmp_path / "profile_information" / "profile_information.json"
    profile.parent.mkdir()
    profile.write_text(json.dumps({"profile_v2": {"name": {"full_name": "New Name"}}}))
    read = found(chat(tmp_path, "ann_1", message("Me"), message("Ann", 1_700_000_000_001)))
    assert read.owner.display_name == "New Name" and len(read.mine) == 1 and "name:me" not in read.profiles


def test_only_what_is_broken_is_mended(tmp_path: Path) -> None:
    texts = ["caf\u00c3\u00a9", "café", "Ã alone", "naïve \U0001f600", "\u00f0\u009f\u0098\u0080"]
    read = found(chat(tmp_path, "ann_1", *(message("Ann", 1_700_000_000_000 + n, text) for n, text in enumerate(texts))))
    assert read.texts == ["café", "café", "Ã alone", "naïve 😀", "😀"]


@pytest.mark.parametrize(
    ("more", "text", "attached"),
    [
        ({"content": None, "photos": [{"uri": "x/a.jpg"}, {"uri": 7}, None]}, "", "a.jpg (not in the export)"), ({"content": 5}, "", ""),
        ({"content": "", "share": {"link": "https://x.example"}}, "https://x.example", ""), ({"share": {"link": "https://x.example", "share_text": "words"}}, "words\nhttps://x.example", ""),
        ({"call_duration": 0}, "No answer", ""), ({"call_duration": 42, "type": "Call"}, "42 s", ""), ({"content": "a\0b\ud800c"}, "ab?c", ""),
        ({"reactions": "none", "photos": {}, "sticker": []}, "words", ""),
    ],
)  # fmt: skip
def test_shapes_of_messages(tmp_path: Path, more: dict[str, Any], text: str, attached: str) -> None:
    (one,) = found(chat(tmp_path, "ann_1", {**message("Ann"), **more})).activities
    assert (one.text, extra(one).get("attachments", "")) == (text, attached)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("Reacted \u2764 to your message ", Kind.REACTION), ("Liked a message", Kind.REACTION), ("Hat auf deine Nachricht mit „\U0001f44d“ reagiert.", Kind.REACTION), ("A réagi \u2764 à votre message", Kind.REACTION),
        ("Reaccionó con \U0001f602 a tu mensaje", Kind.REACTION), ("I reacted badly to your message", Kind.MESSAGE), ("Liked a message of yours very much", Kind.MESSAGE),
    ],
)  # fmt: skip
def test_a_sign_put_to_a_message_is_no_answer(tmp_path: Path, content: str, kind: Kind) -> None:
    (one,) = found(chat(tmp_path, "ann_1", {**message("Ann"), "content": content.encode().decode("latin-1")})).activities
    assert one.kind is kind


def test_the_same_record_twice_is_one(tmp_path: Path) -> None:
    chat(tmp_path, "ann_1", message("Ann"), message("Ann"))
    read = found(chat(tmp_path, "ann_1", message("Ann"), number=2))
    assert len(read.activities) == 1 and "2 messages which the export holds twice, left out." in read.rejects


def test_a_file_that_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    chat(tmp_path, "ann_1", *(message("Ann", 1_700_000_000_000 + n) for n in range(5)))
    path = tmp_path / INBOX / "ann_1" / "message_1.json"
    path.write_bytes(path.read_bytes()[:-150])
    read = found(chat(tmp_path, "bo_2", message("Bo"), people=("Bo", "Me"), title="Bo"))
    assert len(read.messages) == 3 + 1 and "This file is damaged or breaks off; what can be read of it was read." in read.rejects


def test_a_damaged_message_costs_itself(tmp_path: Path) -> None:
    chat(tmp_path, "ann_1", *(message("Ann", 1_700_000_000_000 + n) for n in range(5)))
    path = tmp_path / INBOX / "ann_1" / "message_1.json"
    path.write_text(path.read_text().replace("1700000000002", "17000 00002", 1))
    read = found(tmp_path)
    assert len(read.messages) == 4 and "This file is damaged or breaks off; what can be read of it was read." in read.rejects


def test_missing_encrypted_chats_are_told(tmp_path: Path) -> None:
    profile = tmp_path / "profile_information" / "profile_information.json"
    profile.parent.mkdir()
    profile.write_text(json.dumps({"profile_v2": {"name": {"full_name": "Me"}}}))
    assert not any("encrypts" in reason for reason in found(chat(tmp_path, "ann_1", message("Ann"))).rejects)
    assert any("Download secure storage data" in reason for reason in found(chat(tmp_path, "ann_1", message("Ann", 1_760_000_000_000))).rejects)


def test_an_export_by_another_name_and_the_wrong_folder(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "posts.json").write_text('[{"title": "A site", "slug": "a"}]')
    (tmp_path / "likes.json").write_text('{"type": "OrderedCollection"}')
    assert FacebookExport().recognise(tmp_path) is None and InstagramExport().recognise(tmp_path) is None
    other = tmp_path / "renamed"
    other.mkdir()
    (other / "freunde.json").write_text(json.dumps({"friends_v2": [{"name": "Ann", "timestamp": 1_600_000_000}]}))
    seen = FacebookExport().recognise(other)
    assert seen is not None and [part.name for part in seen.parts] == ["friends"] and len(found(other / "freunde.json").activities) == 1


def test_groups_albums_and_pages_of_friends(tmp_path: Path) -> None:
    """What was written in groups lies in files of its own, what others wrote under photos in the albums; on whose page a post stands only its sentence tells."""
    post = {"timestamp": 1_500_000_050, "data": [{"post": "Happy birthday!"}], "title": "Sam Carter wrote on Ana Ruiz's timeline."}
    comment = {"timestamp": 1_500_000_061, "data": [{"comment": {"timestamp": 1_500_000_061, "comment": "In the group", "author": "Sam Carter", "group": "Pumps"}}], "title": "Sam Carter replied to Ana Ruiz's comment."}
    mine = {"timestamp": 1_500_000_071, "comment": "Thanks", "author": "Sam Carter"}
    for name, value in {
        "personal_information/profile_information/profile_information.json": {"profile_v2": {"name": {"full_name": "Sam Carter"}}},
        "connections/friends/your_friends.json": {"friends_v2": [{"name": "Ana Ruiz", "timestamp": 1_400_000_000}]},
        "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json": [
            post, {"timestamp": 1_500_000_052, "title": "Sam Carter"},
            {"timestamp": 1_500_000_053, "attachments": [{"data": [{"event": {"name": "Fair", "start_timestamp": 1_500_000_000}}]}], "title": "Sam Carter was attending an event."},
        ],
        "your_facebook_activity/posts/album/0.json": {
            "name": "Sea", "photos": [{"uri": "1.jpg", "creation_timestamp": 1_500_000_070, "comments": [{"timestamp": 1_500_000_072, "comment": "Wow", "author": "Kim Wu"}, mine]}, {"uri": "2.jpg"}],
            "comments": [{"timestamp": 1_500_000_073, "comment": "Fine album", "author": "Ana Ruiz"}],
        },
        "your_facebook_activity/comments_and_reactions/comments.json": {"comments_v2": [{**mine, "data": [{"comment": mine}], "title": "Sam Carter commented on his own photo."}]},
        "your_facebook_activity/groups/your_posts_in_groups.json": {"group_posts_v2": [{"timestamp": 1_500_000_060, "data": [{"post": "To the group"}], "title": "Sam Carter posted in Pumps."}]},
        "your_facebook_activity/groups/your_comments_in_groups.json": {"group_comments_v2": [comment]},
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(value))
    found = Found(FacebookExport(), tmp_path)
    assert sorted({(one.text, one.actor.native_id.removeprefix("name:"), *(f"{role} {who.removeprefix('name:')}" for who, role in towards(one))) for one in found.activities if one.kind is not Kind.CONNECTION}) == [
        ("Fair", "sam carter"), ("Fine album", "ana ruiz", "reply_to sam carter"), ("Happy birthday!", "sam carter", "mentioned ana ruiz"), ("In the group", "sam carter", "reply_to ana ruiz"),
        ("Thanks", "sam carter"), ("To the group", "sam carter"), ("Wow", "kim wu", "reply_to sam carter"),
    ]  # fmt: skip
    assert len({one.key for one in found.activities if one.text == "Thanks"}) == 1 and found.rejects == ["This post has no date, or nothing in it."]


def test_lists_one_level_deeper_and_addresses_of_friends_before_2021(tmp_path: Path) -> None:
    for name, value in {
        "profile_information/profile_information.json": {"profile": {"name": "Sam Carter", "full_name": "Sam Carter"}},
        "friends/friends.json": {"friends": [{"name": "Ana Ruiz", "timestamp": 1_400_000_000, "contact_info": "Ana@Ruiz.example"}]},
        "posts/other_people's_posts_to_your_timeline.json": {"wall_posts_sent_to_you": {"activity_log_data": [{"timestamp": 1_500_000_004, "data": [{"post": "Hi Sam"}], "title": "Ana Ruiz wrote on your timeline."}]}},
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(value))
    read = found(tmp_path, "Sam Carter")
    assert [(one.text, one.actor.native_id) for one in read.activities if one.kind is Kind.POST] == [("Hi Sam", "name:ana ruiz")] and read.rejects == []
    assert [one.value for one in read.profiles["name:ana ruiz"].addresses] == ["ana@ruiz.example"]
