"""WhatsApp chats: three spellings of one real chat, and an example for each trap."""

from __future__ import annotations

import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience, Kind, Precision
from relationdesk.sources.base import Options
from relationdesk.sources.whatsapp import WhatsApp
from tests.sources.chat_reading import DATA, Found, extra, real, towards

IDA = DATA / "whatsapp" / "WhatsApp Chat with Ida Holm.txt"
CREW = DATA / "whatsapp" / "WhatsApp Chat - Crew.txt"
SPELLINGS = ("ios/_chat.txt", "android_dmy/WhatsApp Chat with John Doe.txt", "android_mdy_12h/WhatsApp Chat with John Doe.txt")


def chat(tmp_path: Path, text: str, name: str = "WhatsApp Chat with Ann.txt") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [*SPELLINGS, "ios", "android_dmy", "android_mdy_12h"])
def test_real_chat(name: str) -> None:
    found = Found(WhatsApp(), real(f"whatsapp/{name}"), "Jahn Doe")
    assert len([text for text in found.texts if text]) == 6 and found.texts.count("") == 1 and len(found.activities) == 7
    assert sum("\n" in text for text in found.texts) == 2 and any(" : " in text for text in found.texts)
    times = [one.published for one in found.activities]
    assert (times[0], times[-1]) == (datetime(2019, 1, 1, 11, 25).astimezone(UTC), datetime(2021, 12, 30, 22, 1).astimezone(UTC))
    assert {one.precision for one in found.activities} == {Precision.MINUTE}
    assert {p.display_name for p in found.profiles.values()} == {"John Doe", "Jahn Doe", "John-John Doe", "John Doe 🤓", "🤓"}
    assert found.owner.display_name == "Jahn Doe" and len(found.mine) == 1
    assert found.rejects == ["2 lines of WhatsApp itself, such as who joined, left out."]


def test_the_same_chat_from_three_phones_has_the_same_keys() -> None:
    keys = [[one.key for one in Found(WhatsApp(), real(f"whatsapp/{name}"), "John Doe").activities] for name in SPELLINGS]
    assert keys[0] == keys[1] == keys[2] and len(set(keys[0])) == 7


def test_ios_and_android_agree_on_media_calls_and_seconds(tmp_path: Path) -> None:
    android = (
        "13/03/2024, 09:05 - Ann: one\n13/03/2024, 09:05 - Ann: one\n13/03/2024, 09:06 - Sam: <Media omitted>\n"
        "13/03/2024, 09:07 - Ann: Missed voice call\n13/03/2024, 09:08 - Ann: tap \u2068Sam\u2069\n"
    )
    ios = (
        "[13.03.24, 09:05:01] Ann: \u200eMessages and calls are end-to-end encrypted.\n[13.03.24, 09:05:01] Ann: one\n[13.03.24, 09:05:59] Ann: one\n"
        "\u200e[13.03.24, 09:06:10] Sam: \u200eimage omitted\n\u200e[13.03.24, 09:07:11] Ann: \u200eMissed voice call\n[13.03.24, 09:08:00] Ann: tap \u2068Sam\u2069\n"
    )
    with zipfile.ZipFile(tmp_path / "WhatsApp Chat - Ann.zip", "w") as archive:
        archive.writestr("_chat.txt", ios)
        archive.writestr("00000012-PHOTO.jpg", b"\xff\xd8")
    one = Found(WhatsApp(), chat(tmp_path, android), "Sam")
    two = Found(WhatsApp(), tmp_path / "WhatsApp Chat - Ann.zip", "Sam")
    assert [a.key for a in one.activities] == [a.key for a in two.activities] and len({a.key for a in one.activities}) == 5
    assert {a.precision for a in two.activities} == {Precision.SECOND}
    assert [a.kind for a in one.activities][3] is Kind.CALL and extra(one.activities[2])["attachments"]


def test_one_to_one() -> None:
    found = Found(WhatsApp(), IDA, "Sam Carter")
    assert found.texts == ["Good morning,\nis the offer ready?", "Tomorrow: by noon.", "ok", "ok", "The plan", "", "Video call, 5 min", "01/02/2024 suits me"]
    assert len({one.key for one in found.activities}) == 8
    (ida,) = found.others().values()
    assert ida.display_name == "Ida Holm" and ida.known
    assert {one.audience for one in found.activities} == {Audience.PRIVATE} and len({one.thread for one in found.activities}) == 1
    assert towards(found.activities[0]) == {("me", "to")} and towards(found.activities[1]) == {(ida.key.native_id, "to")}
    assert extra(found.activities[4])["attachments"] == "IMG-20240314-WA0001.jpg" and extra(found.activities[7])["edited"] == "yes"
    assert found.coverage[0].profile == ida.key and found.coverage[0].since == found.activities[0].published
    assert found.rejects == ["1 line of WhatsApp itself, such as who joined, left out.", "1 message that was deleted, left out."]


def test_group() -> None:
    found = Found(WhatsApp(), CREW, "Sam Carter", date_order="day_first")
    assert found.texts == ["Who comes?", "", "I do, @Ida Holm", "Me too"] and not found.coverage
    assert {p.display_name for p in found.others().values()} == {"Ida Holm", "+47 400 00 000", "Nils"} and not any(p.known for p in found.others().values())
    assert found.profiles["tel:4740000000"].addresses[0].value == "+47 400 00 000"
    assert towards(found.activities[2]) == {
        ("group:Crew/Ida Holm", "to"), ("tel:4740000000", "to"), ("group:Crew/~ Nils", "to"), ("group:Crew/Ida Holm", "mentioned")
    }  # fmt: skip
    assert {extra(one)["conversation"] for one in found.activities} == {"Crew"} and {one.thread for one in found.activities} == {"group:Crew"}


def test_zero_bytes_in_the_name_of_a_group_are_in_no_key(tmp_path: Path) -> None:
    path = tmp_path / CREW.name
    path.write_bytes(CREW.read_bytes().replace("“Crew”".encode(), "“Cr\0ew”".encode()))
    found = Found(WhatsApp(), path, "Sam Carter", date_order="day_first")
    assert {one.thread for one in found.activities} == {"group:Crew"}


def test_who_i_am_is_asked() -> None:
    seen = WhatsApp().recognise(IDA)
    assert seen is not None and [ask.name for ask in seen.asks] == ["me"] and seen.owner == ""
    assert [answer for answer, _ in seen.asks[0].choices] == ["Sam Carter", "Ida Holm", "-"]
    with pytest.raises(UnreadableFile) as caught:
        list(WhatsApp().read(IDA, Options()))
    assert str(caught.value).startswith(seen.asks[0].question)
    with pytest.raises(UnreadableFile, match="“Zed” is nobody in this file"):
        list(WhatsApp().read(IDA, Options(me="Zed")))
    assert Found(WhatsApp(), IDA, "sam carter").mine and not Found(WhatsApp(), IDA, "-").mine


def test_whoever_took_a_message_back_is_likely_me(tmp_path: Path) -> None:
    path = chat(tmp_path, "13/03/2024, 09:05 - Zoe: a\n13/03/2024, 09:06 - Bob: b\n13/03/2024, 09:06 - Zoe: You deleted this message\n", "WhatsApp Chat with Team.txt")
    seen = WhatsApp().recognise(path)
    assert seen is not None and seen.asks[0].choices[0][0] == "Zoe"


def test_an_ambiguous_order_is_asked_and_obeyed() -> None:
    seen = WhatsApp().recognise(CREW)
    assert seen is not None and [ask.name for ask in seen.asks] == ["me", "date_order"]
    assert seen.asks[1].choices == (("day_first", "3 April 2024"), ("month_first", "4 March 2024"))
    with pytest.raises(UnreadableFile) as caught:
        list(WhatsApp().read(CREW, Options(me="Sam Carter")))
    assert str(caught.value).startswith(seen.asks[1].question)
    days = {order: Found(WhatsApp(), CREW, "Sam Carter", date_order=order).activities[0].published for order in ("day_first", "month_first")}
    assert [(d.month, d.day) for d in days.values() if d] == [(4, 3), (3, 4)]


MAY = "".join(f"{n}/5/24, 9:0{n} AM - {who}: {n}\n" for n, who in enumerate(("Ann", "Sam", "Ann", "Sam"), start=1))
"""The first four of May, or of the months; more of one number than of the other."""


def test_an_order_that_only_most_dates_suggest_is_asked(tmp_path: Path) -> None:
    path = chat(tmp_path, MAY)
    seen = WhatsApp().recognise(path)
    assert seen is not None and [ask.name for ask in seen.asks] == ["me", "date_order"]
    for answer, days in (("day_first", [(5, 1), (5, 2), (5, 3), (5, 4)]), ("month_first", [(1, 5), (2, 5), (3, 5), (4, 5)])):
        assert [(one.published.month, one.published.day) for one in Found(WhatsApp(), path, "Sam", date_order=answer).activities if one.published] == days


def test_chats_of_two_phones_are_asked_about_apart(tmp_path: Path) -> None:
    """The British one writes its dates otherwise; a third chat is of the first phone, a fourth proves its order itself."""
    chat(tmp_path, MAY)
    chat(tmp_path, "03/04/2024, 21:05 - Bob: b\n03/04/2024, 21:06 - Sam: c\n", "WhatsApp Chat with Bob.txt")
    chat(tmp_path, MAY.replace("Ann", "Cem"), "WhatsApp Chat with Cem.txt")
    chat(tmp_path, "5/20/24, 9:05 AM - Dee: d\n5/2/24, 9:06 AM - Sam: e\n", "WhatsApp Chat with Dee.txt")
    seen = WhatsApp().recognise(tmp_path)
    assert seen is not None and [ask.name for ask in seen.asks] == ["me", "date_order", "date_order_2"]
    assert "1/5/2024" in seen.asks[1].question and "“Ann”" in seen.asks[1].question and "3/4/2024" in seen.asks[2].question
    found = Found(WhatsApp(), tmp_path, "Sam", date_order="month_first", date_order_2="day_first")
    days = {one.text: (one.published.month, one.published.day) for one in found.activities if one.published}
    assert days == {"1": (1, 5), "2": (2, 5), "3": (3, 5), "4": (4, 5), "b": (4, 3), "c": (4, 3), "d": (5, 20), "e": (5, 2)}


def test_the_order_holds_for_chats_of_the_same_phone(tmp_path: Path) -> None:
    holds = []
    for name, text in (("Ann", MAY), ("Bob", "3/4/23, 10:11 PM - Bob: later"), ("Cem", "03/04/2023, 22:11 - Cem: x"), ("Dee", "[3/4/23, 10:11:12 PM] Dee: x")):
        seen = WhatsApp().recognise(chat(tmp_path, text, f"WhatsApp Chat with {name}.txt"))
        assert seen is not None
        holds.append(seen.asks[1].holds_for)
    assert holds[0] == holds[1] and len(set(holds)) == 3


def test_times_are_those_of_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = chat(tmp_path, "13/07/2024, 09:05 - Ann: summer\n13/01/2024, 09:05 - Ann: winter\n")
    before = [one.key for one in Found(WhatsApp(), path, "-").activities]
    monkeypatch.setenv("TZ", "Europe/Oslo")
    time.tzset()
    try:
        found = Found(WhatsApp(), path, "-")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [one.published.hour for one in found.activities if one.published] == [7, 8]
    assert [one.key for one in found.activities] == before and extra(found.activities[0])["zone"] == "unknown"


def test_a_date_in_no_calendar_costs_its_message(tmp_path: Path) -> None:
    found = Found(WhatsApp(), chat(tmp_path, "13/03/2024, 09:05 - Ann: a\n31/02/2024, 09:05 - Ann: b\n14/03/0001, 09:05 - Ann: c\n15/03/2024, 09:05 - Ann: d\n"), "-")
    assert found.texts == ["a", "d"] and found.rejects == ["The date of this message is in no calendar."] * 2


def test_a_folder_of_chats_and_of_attachments(tmp_path: Path) -> None:
    chat(tmp_path, "13/03/2024, 09:05 - Ann: a\n13/03/2024, 09:06 - Sam: ok\n")
    chat(tmp_path, "13/03/2024, 09:05 - Bob: b\n13/03/2024, 09:06 - Sam: ok\n", "WhatsApp Chat with Bob.txt")
    chat(tmp_path, "13/03/2024, 09:05 - Nobody: an attachment\n", "notes.txt")
    found = Found(WhatsApp(), tmp_path, "Sam")
    assert sorted(found.texts) == ["a", "b", "ok", "ok"] and len({one.key for one in found.activities}) == 4
    assert len({one.thread for one in found.activities}) == 2 and sum(p.is_owner for p in found.profiles.values()) == 1


@pytest.mark.parametrize(("zip_", "own", "sent"), [
    ("WhatsApp Chat - Ida Holm.zip", "_chat.txt", "00000012-WhatsApp Chat with Bob.txt"),
    ("WhatsApp Chat with Ida Holm (1).zip", "WhatsApp Chat with Ida Holm.txt", "WhatsApp Chat with Bob.txt"),
])  # fmt: skip
def test_a_chat_that_was_sent_in_a_chat_is_an_attachment(tmp_path: Path, zip_: str, own: str, sent: str) -> None:
    texts = {own: "13/03/2024, 09:05 - Ida Holm: look\n13/03/2024, 09:06 - Sam: ok\n", sent: "13/03/2024, 09:05 - Bob: secret\n13/03/2024, 09:06 - Eve: yes\n"}
    with zipfile.ZipFile(tmp_path / zip_, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    found = Found(WhatsApp(), tmp_path / zip_, "Sam")
    assert found.texts == ["look", "ok"] and {one.thread for one in found.activities} == {"with:Ida Holm"}
    seen = WhatsApp().recognise(tmp_path / zip_)
    assert seen is not None and [answer for answer, _ in seen.asks[0].choices] == ["Sam", "Ida Holm", "-"]


def test_a_crowd_is_addressed_to_those_it_names_only(tmp_path: Path) -> None:
    crowd = "".join(f"13/03/2024, 09:05 - Member {n}: hi\n" for n in range(40))
    found = Found(WhatsApp(), chat(tmp_path, crowd + "13/03/2024, 09:06 - Sam: thanks @\u2068Member 7\u2069\n", "WhatsApp Chat with Crowd.txt"), "Sam")
    assert towards(found.activities[0]) == set() and towards(found.activities[-1]) == {("group:Crowd/Member 7", "mentioned")}


def test_long_runs_of_empty_lines_cost_little(tmp_path: Path) -> None:
    found = Found(WhatsApp(), chat(tmp_path, "13/03/2024, 09:05 - Ann: a" + "\n" * 200_000 + " <x>\n13/03/2024, 09:06 - Ann: b\n"), "-")
    assert found.texts[1] == "b"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Hello\n13/03/2024, 09:05 - Ann: a\n", "13/03/2024, 09:05 - You were added\n", "Name,Mail\nAnn,a@b.example\n", "[05/12/2018 10:39 AM] author#1234\nwords\n"]
)  # fmt: skip
def test_what_is_no_chat(tmp_path: Path, text: str) -> None:
    path = chat(tmp_path, text)
    assert WhatsApp().recognise(path) is None
    with pytest.raises(UnreadableFile, match="holds no WhatsApp chat"):
        list(WhatsApp().read(path, Options(me="-")))


@pytest.mark.parametrize(
    ("body", "attached", "text"),
    [
        ("\u200e<attached: 0001-PHOTO.jpg>", "0001-PHOTO.jpg", ""), ("look \u200e<attached: 0001.jpg>", "0001.jpg", "look"), ("IMG-1.jpg (Datei angehängt)", "IMG-1.jpg", ""),
        ("<Medien ausgeschlossen>", "left out of the export", ""), ("<Multimedia omitido>", "left out of the export", ""), ("<Без медиафайлов>", "left out of the export", ""),
        ("\u200eBild weggelassen", "left out of the export", ""), ("image omitted", "", "image omitted"), ("<joke>", "", "<joke>"), ("\u200ePOLL:\n\u200eTea?\n\u200eOPTION: yes", "", "POLL:\nTea?\nOPTION: yes"),
        ("\u200eLocation: https://maps.example/1", "", "Location: https://maps.example/1"), ("weggelassen habe ich das", "", "weggelassen habe ich das"),
    ],
)  # fmt: skip
def test_what_goes_with_a_message(tmp_path: Path, body: str, attached: str, text: str) -> None:
    found = Found(WhatsApp(), chat(tmp_path, f"[13/03/24, 09:05:00] Ann: {body}\n[14/03/24, 09:05:00] Ann: end\n", "_chat.txt"), "-")
    assert (extra(found.activities[0]).get("attachments", ""), found.texts[0]) == (attached, text)


def test_polls_places_and_lines_out_of_order_are_kept_as_they_stand(tmp_path: Path) -> None:
    lines = (
        "13/03/2024, 09:07 - Ann: \u200eENCUESTA:\n¿Comida?\n\u200eOPCIÓN: Sí (1 voto)\n\u200eOPCIÓN: No (0 votos)\n13/03/2024, 09:06 - Sam: Location: https://maps.google.com/?q=1,2\n"
        "14/03/2024, 09:05 - Ann: later\n13/03/2024, 09:05 - Ann: earlier\n13/03/2024, 09:05 - Ann:.\n"
    )
    found = Found(WhatsApp(), chat(tmp_path, lines), "Sam")
    assert found.texts == ["ENCUESTA:\n¿Comida?\nOPCIÓN: Sí (1 voto)\nOPCIÓN: No (0 votos)", "Location: https://maps.google.com/?q=1,2", "later", "earlier", ""]
    assert [one.published.day for one in found.activities if one.published] == [13, 13, 14, 13, 13] and len({one.key for one in found.activities}) == 5
