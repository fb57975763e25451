"""Signal: its own plain-text export, and the text files of signal-export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience
from relationdesk.sources.base import Options
from relationdesk.sources.signal_export import SignalExport
from relationdesk.sources.whatsapp import WhatsApp
from tests.sources.chat_reading import DATA, Found, extra, real, towards

OWN = DATA / "signal_export" / "export"


@pytest.mark.parametrize("name", ["plaintext_export", "plaintext_export/main.jsonl"])
def test_real(name: str) -> None:
    found = Found(SignalExport(), real(f"signal/{name}"))
    (ada,) = found.others().values()
    assert ada.display_name == "Ada F." and ada.addresses[0].value == "+15555550100" and ada.known
    assert found.texts == ["Hello from Ada", "Hi Ada"] and found.mine == ["Hi Ada"]
    assert [one.published for one in found.activities] == [datetime(2026, 2, 1, 23, 53, 20, tzinfo=UTC), datetime(2026, 2, 1, 23, 54, 20, tzinfo=UTC)]
    assert {one.audience for one in found.activities} == {Audience.PRIVATE} and found.rejects == ["Notes to yourself: 1 left out."]


def test_own_example() -> None:
    found = Found(SignalExport(), OWN)
    ida = "00010203-0405-0607-0809-0a0b0c0d0e0f"
    assert found.texts == ["Hello", "Hi", "Video call, no answer", "To all", "Yes"] and len(found.calls) == 1
    assert found.activities[1].in_reply_to == found.activities[0].key.native_id and extra(found.activities[0])["reactions"] == "👍 Sam Carter"
    assert found.profiles[ida].display_name == "Ida" and found.profiles["+4740000003"].display_name == "Nils Berg"
    assert towards(found.activities[3]) == {("me", "to"), (ida, "to")} and extra(found.activities[3])["conversation"] == "Crew"
    assert extra(found.activities[4])["attachments"] == "plan.pdf" and found.activities[4].thread == "group:a2V5"
    assert found.rejects == ["This message belongs to no chat or nobody that the file names.", "Notices of Signal itself: 1 left out."]
    assert found.owner.display_name == "Sam Carter" and len(found.coverage) == 1


def test_a_broken_line_costs_itself(tmp_path: Path) -> None:
    lines = (OWN / "main.jsonl").read_bytes().splitlines(keepends=True)
    path = tmp_path / "main.jsonl"
    path.write_bytes(b"".join([*lines[:9], b'{"chatItem": {"chatId"\n', b"[1]\n", *lines[9:]]))
    found = Found(SignalExport(), path)
    assert len(found.activities) == 5 and found.rejects.count("This line is no record of Signal.") == 2


def test_text_of_signal_export() -> None:
    path = DATA / "signal_export" / "Ida Holm.md"
    assert WhatsApp().recognise(path) is None
    found = Found(SignalExport(), path)
    assert found.texts == ["Hello\nthere", "Hi"] and found.mine == ["Hi"] and found.activities[0].published == datetime(2019, 5, 29, 15, 4).astimezone(UTC)
    (ida,) = found.others().values()
    assert ida.display_name == "Ida Holm" and ida.known and found.coverage[0].profile == ida.key


def test_a_folder_of_text_chats(tmp_path: Path) -> None:
    for who in ("Ann", "Bob"):
        (tmp_path / who).mkdir()
        (tmp_path / who / "chat.md").write_text(f"[2024-05-29, 15:04:01] {who}: same\n[2024-05-29, 15:05:02] Me: same\n")
    found = Found(SignalExport(), tmp_path)
    assert len({one.key for one in found.activities}) == 4 and {p.display_name for p in found.others().values()} == {"Ann", "Bob"}


def test_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 1}\n{"id": 2}\n')
    assert SignalExport().recognise(tmp_path) is None
    with pytest.raises(UnreadableFile, match="holds no plain-text export of Signal"):
        list(SignalExport().read(tmp_path, Options()))


def test_notices_of_signal_in_text_are_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "Ida.md"
    path.write_text("[2024-05-29, 15:04] Ida: Hello\n[2024-05-29, 15:05] No-Sender: \n[2024-05-29, 15:06] Me: Hi\n")
    found = Found(SignalExport(), path)
    assert found.texts == ["Hello", "Hi"] and [one.display_name for one in found.others().values()] == ["Ida"] and found.coverage
    assert found.rejects == ["1 line without a sender or a date left out."]
