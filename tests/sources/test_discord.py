"""Discord: the data package and the chats of DiscordChatExporter, with every number and an example for each trap."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience, Kind
from relationdesk.sources.base import Options
from relationdesk.sources.discord_chat import DiscordChat
from relationdesk.sources.discord_package import DiscordPackage
from relationdesk.sources.discord_words import clock, plain
from tests.sources.chat_reading import DATA, Found, extra, real, towards

OWN = DATA / "discord_package" / "package"
CHAT = DATA / "discord_chat" / "chat.json"


def test_real_package() -> None:
    found = Found(DiscordPackage(), real("discord/package"))
    assert found.owner.key.native_id == "900000000000000001" and found.owner.handle == "otter_ego"
    assert [one.published for one in found.activities] == [datetime(2023, 12, 11, 2, 1, 9, tzinfo=UTC), datetime(2023, 12, 11, 2, 5, tzinfo=UTC)]
    assert all(one.actor == found.owner.key and one.audience is Audience.PRIVATE for one in found.activities)
    assert towards(found.activities[1]) == {("900000000000000002", "to"), ("900000000000000003", "mentioned")} and found.texts[1] == "also @rio.m says hi"
    assert {p.display_name for p in found.others().values() if p.known} == {"nova_fox", "kai"} and not found.profiles["900000000000000003"].known
    assert not found.coverage, "it holds nothing of what others wrote"


def test_own_package() -> None:
    found = Found(DiscordPackage(), OWN)
    assert found.texts == ["hi @ida :wave:", "two\nlines"] and [one.audience for one in found.activities] == [Audience.PRIVATE, Audience.FOLLOWERS]
    assert extra(found.activities[0])["attachments"] == "plan.pdf" and extra(found.activities[1])["conversation"] == "Energy · general"
    assert found.activities[1].published == datetime(2022, 8, 2, 0, 59, 59, tzinfo=UTC) and found.rejects == ["This message has no id or no date."]
    assert "100000000000000003" not in found.profiles


def test_parts() -> None:
    assert Found(DiscordPackage(), OWN, parts=frozenset({"servers"})).texts == ["two\nlines"]


def test_without_user_json_the_name_of_the_other_is_in_the_index(tmp_path: Path) -> None:
    for number in (2, 3):
        folder = tmp_path / "Nachrichten" / f"c20000000000000000{number}"
        folder.mkdir(parents=True)
        (folder / "channel.json").write_text(json.dumps({"id": f"20000000000000000{number}", "type": "DM", "recipients": ["100000000000000001", f"10000000000000000{number}"]}))
        (folder / "messages.json").write_text(json.dumps([{"ID": 1180000000000000000 + number, "Timestamp": "2023-12-11 02:01:09", "Contents": "x", "Attachments": ""}]))
    (tmp_path / "Nachrichten" / "index.json").write_text(json.dumps({"200000000000000002": "Direct Message with ann#0"}))
    found = Found(DiscordPackage(), tmp_path)
    assert found.owner.key.native_id == "100000000000000001" and found.profiles["100000000000000002"].display_name == "ann"


def test_a_chat_of_the_exporter() -> None:
    seen = DiscordChat().recognise(CHAT)
    assert seen is not None and [words for _, words in seen.asks[0].choices][:2] == ["Otter", "nova"]
    with pytest.raises(UnreadableFile, match="Which of these people are you"):
        list(DiscordChat().read(CHAT, Options()))
    found = Found(DiscordChat(), CHAT, "Otter")
    assert found.texts == ["hey nova", "hi"], "one of them stands in it twice"
    assert found.activities[1].in_reply_to == found.activities[0].key.native_id and extra(found.activities[0])["reactions"] == "👍 nova"
    assert found.activities[0].published == datetime(2023, 12, 11, 2, 1, 9, tzinfo=UTC) and found.rejects == ["Notices of Discord itself: 1 left out."]
    assert found.coverage[0].profile is not None and found.coverage[0].profile.native_id == "900000000000000002"


def test_package_and_chat_hold_each_message_once() -> None:
    package, exported = Found(DiscordPackage(), real("discord/package")), Found(DiscordChat(), CHAT, "Otter")
    assert package.activities[0].key == exported.activities[0].key and package.activities[0].thread == exported.activities[0].thread
    assert package.owner.key == exported.owner.key


def test_a_call_and_a_server(tmp_path: Path) -> None:
    whole = json.loads(CHAT.read_text())
    whole["messages"][1] |= {"type": "Call", "content": "Started a call that lasted 5 minutes."}
    whole["guild"], whole["channel"] = {"id": "300", "name": "Energy"}, {"id": "400", "type": "GuildTextChat", "name": "general"}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(whole))
    found = Found(DiscordChat(), path, "-")
    assert [one.kind for one in found.activities] == [Kind.MESSAGE, Kind.CALL] and found.activities[0].audience is Audience.FOLLOWERS
    assert not found.coverage and towards(found.activities[0]) == set() and extra(found.activities[0])["conversation"] == "Energy · general"


def test_ids_tell_the_time_and_markup_becomes_words() -> None:
    assert clock("175928847299117063") == datetime(2016, 4, 30, 11, 18, 25, tzinfo=UTC) and clock("7") is None and clock("9" * 25) is None
    assert plain("<@1> <#2> <a:x:3> <t:0:R> <@&9>", {"1": "ann"}, {"2": "general"}) == "@ann #general :x: <t:0:R> @9"


def test_a_damaged_message_of_a_chat_costs_itself(tmp_path: Path) -> None:
    whole = CHAT.read_text()
    head, first, rest = whole.partition('"messages"')
    path = tmp_path / "chat.json"
    path.write_text(head + first + rest.replace("[", '[{"id": oops}, ', 1))
    whole_chat, found = (Found(DiscordChat(), one, "900000000000000001") for one in (CHAT, path))
    assert found.rejects[0] == "This message cannot be read. It is damaged." and found.texts == whole_chat.texts


def test_the_gigabytes_of_clicks_are_not_read(tmp_path: Path) -> None:
    shutil.copytree(OWN, tmp_path / "package")
    for folder in ("reporting", "tns"):
        (tmp_path / "package" / "Activity" / folder).mkdir(parents=True)
        (tmp_path / "package" / "Activity" / folder / "messages.json").write_text('[{"ID": 1, "Timestamp": "2023-12-11 02:01:09", "Contents": "click"}]' * 9)
    assert Found(DiscordPackage(), tmp_path / "package").texts == Found(DiscordPackage(), OWN).texts


def test_friends_in_words_and_those_who_are_gone(tmp_path: Path) -> None:
    """Today a relation may be called in words; whom Discord deleted it calls so, and all of them alike."""
    (tmp_path / "Account").mkdir()
    (tmp_path / "Account" / "user.json").write_text(json.dumps({"id": "100000000000000001", "username": "sam", "relationships": [
        {"id": "100000000000000002", "type": "FRIEND", "user": {"id": "100000000000000002", "username": "ida"}}, {"id": "1", "type": "BLOCKED", "user": {"id": "100000000000000009", "username": "bad"}},
    ]}))  # fmt: skip
    (tmp_path / "Messages" / "c200000000000000001").mkdir(parents=True)
    (tmp_path / "Messages" / "index.json").write_text('{"200000000000000001": "Direct Message with Deleted User#0000", "200000000000000002": "None"}')
    (tmp_path / "Messages" / "c200000000000000001" / "channel.json").write_text('{"id": "200000000000000001", "type": "DM", "recipients": ["100000000000000001", "100000000000000007"]}')
    (tmp_path / "Messages" / "c200000000000000001" / "messages.json").write_text('[{"ID": 1180000000000000001, "Timestamp": "2023-12-11 02:01:09", "Contents": "Bye", "Attachments": ""}]')
    found = Found(DiscordPackage(), tmp_path)
    assert {id_: (one.handle, one.known) for id_, one in found.others().items()} == {"100000000000000002": ("ida", True), "100000000000000007": ("", True)}


def test_programs_are_in_no_chat_and_names_passed_on_words_and_stickers_are_kept(tmp_path: Path) -> None:
    def wrote(number: int, who: str, **more: object) -> dict[str, object]:
        name, shown = {"7": ("ana_r", "Ana Ruiz"), "8": ("sam", "Sam C"), "9": ("helper", "Helper")}[who]
        author = {"id": f"10000000000000000{who}", "name": name, "discriminator": "1234" if who == "8" else "0000", "nickname": shown, "isBot": who == "9"}
        return {"id": f"90000000000000000{number}", "type": "Default", "timestamp": f"2021-08-02T00:59:0{number}+00:00", "content": "", "author": author, **more}

    path = tmp_path / "chat.json"
    path.write_text(json.dumps({
        "guild": {"id": "0", "name": "Direct Messages"}, "channel": {"id": "700000000000000300", "type": "DirectTextChat", "name": "Ana Ruiz"},
        "messages": [
            wrote(1, "7", content="Hello"), wrote(2, "9", content="I am a program"), wrote(3, "8", content="See", forwardedMessage={"content": "two\nlines", "attachments": [{"fileName": "a.png"}]}),
            wrote(4, "7", stickers=[{"id": "1", "name": "wave"}]),
        ],
    }), encoding="utf-8")  # fmt: skip
    seen = DiscordChat().recognise(path)
    assert seen is not None and [words for _, words in seen.asks[0].choices][:2] == ["Sam C", "Ana Ruiz"] and len(seen.asks[0].choices) == 3
    found = Found(DiscordChat(), path, "Sam C")
    assert [(one.text, extra(one).get("attachments", "")) for one in found.activities] == [("Hello", ""), ("See\n> two\n> lines", "a.png"), ("", "sticker wave")]
    assert not any("conversation" in extra(one) for one in found.activities) and found.coverage
    assert (found.owner.handle, [(one.handle, one.display_name, one.known) for one in found.others().values()]) == ("sam#1234", [("ana_r", "Ana Ruiz", True)])
