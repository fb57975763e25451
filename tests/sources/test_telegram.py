"""Telegram's exports: the real shapes with every number, and an example for each trap."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience, Kind, Precision
from relationdesk.services import importing
from relationdesk.sources import telegram_survey
from relationdesk.sources.base import Options
from relationdesk.sources.telegram import Telegram
from tests.sources.chat_reading import DATA, Found, extra, real, towards

ALL = frozenset(part.name for part in telegram_survey.PARTS)


def single(tmp_path: Path, *messages: dict[str, Any], **head: Any) -> Path:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"name": "Ida", "type": "personal_chat", "id": 11, **head, "messages": list(messages)}), encoding="utf-8")
    return path


def message(number: int, who: int = 11, **more: Any) -> dict[str, Any]:
    return {"id": number, "type": "message", "date_unixtime": "1710320700", "from": f"U{who}", "from_id": f"user{who}", "text": "words", **more}


def test_real_data_export() -> None:
    path = real("telegram/DataExport_2026-10-02")
    seen = Telegram().recognise(path)
    assert seen is not None and seen.owner == "Ana Kovač" and seen.asks == ()
    assert [part.name for part in seen.parts if not part.wanted] == ["bots", "public_groups", "channels", "saved"]
    found = Found(Telegram(), path)
    assert (len(found.messages), len(found.calls), len(found.activities)) == (8, 1, 9)
    assert found.owner.key.native_id == "user100000001" and found.owner.handle == "ana_k" and found.owner.addresses[0].value == "+386 40 000 000"
    ben = [one for one in found.activities if one.thread == "user100000002"]
    assert [one.actor == found.owner.key for one in ben] == [True, False, True] and ben[0].published == datetime(2024, 11, 14, 8, 12, 44, tzinfo=UTC)
    assert ben[0].text == "Ping @ben_ito" and ben[1].in_reply_to == ben[0].key.native_id and extra(ben[1])["reactions"] == "👍 Ana Kovač"
    assert ben[2].kind is Kind.CALL and ben[2].text == "1 min 0 s"
    ops = [one for one in found.activities if one.thread == "channel1234567890"]
    assert [one.key.native_id.rpartition(":")[2] for one in ops] == ["11", "13", "15", "16", "17", "18"]
    assert [one.text for one in ops] == ["Ben come", "here", "rich hello", "x", "gone", "@ana_k and @Some_One"]
    assert ops[3].in_reply_to == "channel987:77" and found.profiles["user100000009"].display_name == "" and ("user100000001", "mentioned") in towards(ops[5])
    assert {one.audience for one in found.activities} == {Audience.PRIVATE}
    assert [p.display_name for p in found.others().values() if p.known] == ["Ben Ito"] and found.profiles["user100000002"].display_name == "Ben Ito"
    assert "1 contact without name and number." in found.rejects
    assert len({one.published for one in found.activities}) == 9


@pytest.mark.parametrize(("part", "count"), [("saved", 1), ("channels", 1), ("bots", 1), ("public_groups", 1), ("chats", 3), ("groups", 6), ("contacts", 0)])
def test_real_parts(part: str, count: int) -> None:
    assert len(Found(Telegram(), real("telegram/DataExport_2026-10-02"), parts=frozenset({part})).activities) == count


def test_real_chat_export() -> None:
    path = real("telegram/ChatExport")
    seen = Telegram().recognise(path)
    assert seen is not None and [words for _, words in seen.asks[0].choices][:2] == ["Author 1", "Author 2"]
    with pytest.raises(UnreadableFile, match="Which of these people are you"):
        list(Telegram().read(path, Options()))
    found = Found(Telegram(), path, "Author 2")
    assert found.texts == ["Minimal Message", "Link:https://telegram.org/"] and found.mine == ["Link:https://telegram.org/"]
    assert [one.published for one in found.activities] == [datetime(2018, 12, 5, 10, 39, 10, tzinfo=UTC), datetime(2018, 12, 5, 10, 49, 24, tzinfo=UTC)]
    assert [one.key for one in Found(Telegram(), path, "Author 1").activities] == [one.key for one in found.activities]


def test_own_examples() -> None:
    found = Found(Telegram(), DATA / "telegram" / "DataExport")
    assert found.texts == ["See the plan (https://plan.example/)", "Reading", "No answer", "Hello"] and len(found.calls) == 1
    assert found.rejects == ["1 contact without name and number.", "The date of this message cannot be read."]
    assert found.profiles["user11"].known and not found.profiles["user12"].known and found.coverage[0].profile is None


def test_before_2021_there_were_numbers_and_local_times() -> None:
    found = Found(Telegram(), DATA / "telegram" / "chat.json", "Nils")
    assert [one.actor.native_id for one in found.activities] == ["user11", "user12"] and found.owner.key.native_id == "user12"
    assert found.activities[0].published == datetime(2019, 3, 13, 10, 5).astimezone(UTC) and extra(found.activities[0])["zone"] == "unknown"
    assert found.activities[1].in_reply_to == "chat78:1" and ("user11", "reply_to") in towards(found.activities[1])


def test_whoever_speaks_is_there_once_though_the_chat_has_another_number(tmp_path: Path) -> None:
    path = single(tmp_path, message(1, 12, **{"from": "Ida"}), message(2, 7), message(3, 12, reply_to_message_id=1), id=4_480_012_345)
    found = Found(Telegram(), path, "user7")
    assert set(found.others()) == {"user12"} and found.profiles["user12"].display_name == "Ida" and found.profiles["user12"].known
    assert towards(found.activities[1]) == {("user12", "to")} and towards(found.activities[0]) == {("user7", "to")}
    assert found.coverage[0].profile == found.profiles["user12"].key and found.activities[2].in_reply_to == found.activities[0].key.native_id


def test_one_chat_and_everything_have_the_same_keys(tmp_path: Path) -> None:
    whole = json.loads((DATA / "telegram" / "DataExport" / "result.json").read_text())
    path = tmp_path / "result.json"
    path.write_text(json.dumps(whole["chats"]["list"][0]))
    one, everything = Found(Telegram(), path), Found(Telegram(), DATA / "telegram" / "DataExport")
    assert [a.key for a in one.activities] == [a.key for a in everything.activities][:3]
    assert one.owner.key == everything.owner.key, "a private chat has two: who is not named by its number is me"
    assert one.coverage[0].profile == everything.profiles["user11"].key


def test_a_private_chat_where_only_one_speaks_is_asked(tmp_path: Path) -> None:
    seen = Telegram().recognise(single(tmp_path, message(1)))
    assert seen is not None and [answer for answer, _ in seen.asks[0].choices] == ["user11", "-"]
    found = Found(Telegram(), tmp_path, "-")
    assert found.owner.key.native_id == "me" and towards(found.activities[0]) == {("me", "to")}


@pytest.mark.parametrize(
    ("more", "text", "attached"),
    [
        ({"text": "", "photo": "(File not included. Change data exporting settings to download.)"}, "", "photo"),
        ({"text": "", "file": "files/plan.pdf", "file_name": "plan.pdf"}, "", "plan.pdf"), ({"file": "voice/a.ogg", "media_type": "voice_message"}, "words", "a.ogg"),
        ({"text": "", "poll": {"question": "Tea?"}}, "Tea?", "poll"), ({"text": ["a", {"type": "bold", "text": "b"}, 7, None, {"x": 1}]}, "ab", ""),
        ({"text": None}, "", ""), ({"text_entities": "x", "text": "y"}, "x", ""), ({"text": "a\0b\ud800c"}, "ab?c", ""), ({"text": "", "location_information": {"latitude": 1}}, "", "location"),
    ],
)  # fmt: skip
def test_shapes_of_text(tmp_path: Path, more: dict[str, Any], text: str, attached: str) -> None:
    found = Found(Telegram(), single(tmp_path, message(1, **more), message(2, 10)))
    assert (found.texts[0], extra(found.activities[0]).get("attachments", "")) == (text, attached)


def test_the_order_of_keys_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"messages": [message(1), message(2, 10)], "id": 11, "type": "personal_chat", "name": "Ida"}))
    assert [one.key.native_id for one in Found(Telegram(), path).activities] == ["user11:1", "user11:2"]


def test_a_file_that_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    path = single(tmp_path, message(1), message(2, 10), message(3))
    path.write_bytes(path.read_bytes()[:-60])
    found = Found(Telegram(), path)
    assert len(found.activities) == 2 and found.rejects == ["The file is damaged or was not written to its end; what can be read of it was read."]
    assert not found.coverage


def test_a_damaged_message_costs_itself(tmp_path: Path) -> None:
    path = single(tmp_path, message(1), message(2), message(3, 10))
    path.write_text(path.read_text().replace('"id": 2,', '"id": 2 2,'))
    found = Found(Telegram(), path)
    assert [one.key.native_id for one in found.activities] == ["user11:1", "user11:3"]
    assert found.rejects == ["The file is damaged or was not written to its end; what can be read of it was read."] and not found.coverage


@pytest.mark.parametrize("inside", [b"[]," * 2_000_000 + b"[]", b"[" * 2_000_000, b'{"a":' * 400_000, b'"' + b"a" * 20_000_000], ids=["wide", "deep", "deeper", "long"])
def test_a_record_without_end_is_not_built(tmp_path: Path, inside: bytes) -> None:
    path = single(tmp_path, message(1), message(2, 10))
    path.write_bytes(path.read_bytes()[:-2] + b', {"id": 3, "type": "message", "text": [' + inside + b"]}]}")
    found = Found(Telegram(), path)
    assert len(found.activities) == 2 and any("damaged" in reason for reason in found.rejects)


def test_what_lies_between_may_be_large(tmp_path: Path) -> None:
    whole = json.loads((DATA / "telegram" / "DataExport" / "result.json").read_text())
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"personal_information": whole["personal_information"], "stories": ["a" * 1_000_000] * 20, "chats": whole["chats"]}))
    assert len(Found(Telegram(), path).activities) == 4


def test_a_large_group_is_addressed_to_those_it_names_only(tmp_path: Path) -> None:
    many = [message(n, 100 + n) for n in range(1, 40)] + [message(99, 10, reply_to_message_id=5)]
    found = Found(Telegram(), single(tmp_path, *many, type="private_supergroup", id=5), "user10")
    assert towards(found.activities[0]) == set() and towards(found.activities[-1]) == {("user105", "reply_to")}
    assert found.activities[-1].in_reply_to == "channel5:5" and found.activities[0].precision is Precision.SECOND


@pytest.mark.parametrize("name", ["messages.html", "messages2.html"])
def test_an_html_export_is_told_how_to_get_the_right_one(tmp_path: Path, name: str) -> None:
    page = '<!DOCTYPE html>\n<html>\n <head>\n  <title>Exported Data</title>\n </head>\n <body>\n  <div class="page_wrap">\n'
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "style.css").write_text("")
    (tmp_path / name).write_text(page)
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(UnreadableFile, match=r"Telegram export.*Machine-readable JSON"):
            importing.recognise(path)


@pytest.mark.parametrize(("name", "url"), [("@nils_h", "https://t.me/nils_h"), ("<!--" * 480, ""), ("a/../b", ""), ("", "")])
def test_only_a_name_as_there_can_be_is_one(tmp_path: Path, name: str, url: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"personal_information": {"user_id": 10, "first_name": "Nils", "username": name}, "chats": {"list": [{"name": "Ida", "type": "personal_chat", "id": 11, "messages": [message(1)]}]}}))
    assert Found(Telegram(), path).owner.url == url


def test_whoever_deleted_themselves_is_called_nothing(tmp_path: Path) -> None:
    listed = {"name": None, "type": "personal_chat", "id": 44, "messages": [message(1, 44, **{"from": None})]}
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"personal_information": {"user_id": 1, "first_name": "Sam"}, "chats": {"list": [listed]}}))
    found = Found(Telegram(), path)
    assert found.texts == ["words"] and found.profiles["user44"].display_name == ""


def test_before_2021_every_message_says_that_it_was_edited(tmp_path: Path) -> None:
    """At the beginning of time, in the zone of the computer, unless it really was."""
    old = [{**message(n), "edited": when} for n, when in enumerate(("1970-01-01T03:00:00", "1969-12-31T19:00:00", "2019-03-01T10:00:00"), start=1)]
    found = Found(Telegram(), single(tmp_path, message(9, 12), *old), "user12")
    assert [extra(one).get("edited", "") for one in found.activities] == ["", "", "", "yes"]
