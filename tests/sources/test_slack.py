"""Slack's export: the sample with every number, and an example for each trap."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience, Kind
from relationdesk.sources.base import Options
from relationdesk.sources.slack import Slack
from relationdesk.sources.slack_text import plain
from tests.sources.chat_reading import DATA, Found, extra, real, towards

ZIP = "slack/Desk Slack export Jan 1 2024 - Feb 1 2024.zip"
OWN = DATA / "slack_export" / "export"


def test_real_sample() -> None:
    found = Found(Slack(), real(ZIP), "U0MAYA01")
    rollout = [one for one in found.activities if extra(one).get("conversation") == "#acme-rollout"]
    general = [one for one in found.activities if extra(one).get("conversation") == "#general"]
    direct = [one for one in found.activities if one.audience is Audience.PRIVATE]
    assert (len(found.activities), len(rollout), len(general), len(direct)) == (8, 5, 1, 2)
    assert rollout[0].text == "Hi @maya, see the plan (https://acme.example/plan) & tell me. Ask @ana in #general."
    assert extra(rollout[0])["reactions"] == ":eyes: Maya Lindgren, Ana Ruiz" and ("T0DESK/U0ANA003", "mentioned") in towards(rollout[0])
    assert rollout[1].in_reply_to == rollout[0].key.native_id and rollout[1].thread == rollout[0].thread and ("T0DESK/U0JOE002", "reply_to") in towards(rollout[1])
    assert [one.text for one in rollout[1:]][::3] == ["Reading it now", "Fixed, sorry"] and rollout[3].text == "Page 2 is empty"
    assert rollout[3].actor == found.owner.key and extra(rollout[2])["attachments"] == "plan.pdf"
    assert rollout[0].published == datetime(2024, 1, 10, 1, 0, tzinfo=UTC), "the day in the file's name is another zone's"
    assert [one.text for one in direct] == ["Between us: the budget is through", "Great <3"] and found.owner.display_name == "Maya Lindgren"
    assert {p.display_name for p in found.others().values()} == {"Joe Brown", "Ana Ruiz"} and found.profiles["T0DESK/U0JOE002"].title == "Buyer"
    assert found.profiles["T0DESK/U0JOE002"].addresses[0].value == "joe@acme.example" and found.profiles["T0DESK/U0ANA003"].addresses == ()
    assert found.rejects == ["Messages of programs: 1 left out.", "Notices of Slack itself: 2 left out."]


def test_who_i_am_is_asked() -> None:
    seen = Slack().recognise(OWN)
    assert seen is not None and {words for _, words in seen.asks[0].choices} == {"Sam Carter", "Ida Holm"}
    with pytest.raises(UnreadableFile) as caught:
        list(Slack().read(OWN, Options()))
    assert str(caught.value).startswith(seen.asks[0].question)


@pytest.mark.parametrize("me", ["U0SAM", "sam@carter.example", "@sam", "Sam Carter", "u0sam"])
def test_however_i_am_named(me: str) -> None:
    assert Found(Slack(), OWN, me).owner.key.native_id == "T0X/U0SAM"


def test_an_address_that_is_known_to_be_mine_needs_no_question() -> None:
    assert list(Slack().read(OWN, Options(mine=frozenset({"sam@carter.example"}))))


def test_own_example() -> None:
    found = Found(Slack(), OWN, "U0SAM")
    assert found.texts == ["Between us", "Hi @sam, here (https://x.example/a) & now <3", "On it", "Hello from outside"]
    assert found.profiles["T0X/UEXTERN"].display_name == "Nils Berg" and found.profiles["T0X/U0IDA"].known and not found.profiles["T0X/UEXTERN"].known
    assert found.rejects == ["This message has no sender.", "Messages of programs: 1 left out.", "Notices of Slack itself: 1 left out."]
    assert found.activities[1].audience is Audience.FOLLOWERS


def test_parts() -> None:
    assert Found(Slack(), OWN, "U0SAM", parts=frozenset({"direct"})).texts == ["Between us"]


def test_a_damaged_day_costs_itself(tmp_path: Path) -> None:
    own = shutil.copytree(OWN, tmp_path / "export")
    (own / "D0ONE" / "2024-01-11.json").write_text('[{"type": "message", "user": "U0IDA", "text": "kept", "ts": "1704990000.001000"}, {"type": oops}, {"type": "message", "user": "U0IDA", "text": "kept, too", "ts": "1704990001.001000"}, {"type": ')
    found = Found(Slack(), own, "U0SAM")
    assert "kept" in found.texts and "kept, too" in found.texts and "Hello from outside" in found.texts and any("damaged" in reason for reason in found.rejects)


def test_a_grid_lies_deeper(tmp_path: Path) -> None:
    (tmp_path / "org_users.json").write_text((OWN / "users.json").read_text())
    shutil.copytree(OWN, tmp_path / "teams" / "desk", ignore=shutil.ignore_patterns("users.json"))
    assert len(Found(Slack(), tmp_path, "U0SAM").activities) == 4


def test_only_blocks(tmp_path: Path) -> None:
    own = shutil.copytree(OWN, tmp_path / "export")
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "in a block"}]}]}]
    (own / "D0ONE" / "2024-01-11.json").write_text(json.dumps([{"type": "message", "user": "U0IDA", "text": "", "blocks": blocks, "ts": "1704990000.001000"}]))
    assert "in a block" in Found(Slack(), own, "U0SAM").texts


def test_huddles_what_is_passed_on_and_files_that_are_gone(tmp_path: Path) -> None:
    own = shutil.copytree(OWN, tmp_path / "export")
    room = {"created_by": "U0IDA", "date_start": 1704990000, "date_end": 1704990610, "participant_history": ["U0IDA", "U0SAM"]}
    day = [
        {"type": "message", "subtype": "huddle_thread", "user": "USLACKBOT", "text": "A huddle happened", "room": room, "ts": "1704990000.001000"},
        {"type": "message", "subtype": "huddle_thread", "user": "USLACKBOT", "text": "A huddle happened", "room": {"created_by": "U0SAM", "date_end": 0}, "ts": "1704990700.001000"},
        {"type": "message", "subtype": "huddle_thread", "user": "USLACKBOT", "text": "A huddle happened", "ts": "1704990701.001000"},
        {"type": "message", "user": "U0IDA", "text": "look", "ts": "1704990702.001000", "attachments": [
            {"is_share": True, "author_name": "Nils", "text": "old words"}, {"title": "A page", "text": "of the web", "from_url": "https://x.example"}]},
        {"type": "message", "user": "U0IDA", "text": "", "files": [{"id": "F1", "mode": "tombstone"}], "ts": "1704990703.001000"},
        {"type": "message", "user": "U0IDA", "text": "", "files": [{"id": "F2", "name": "plan.pdf"}], "ts": "1704990704.001000"},
    ]  # fmt: skip
    (own / "D0ONE" / "2024-01-11.json").write_text(json.dumps(day))
    found = Found(Slack(), own, "U0SAM", parts=frozenset({"direct"}))
    assert [(one.kind, one.text, extra(one).get("attachments")) for one in found.activities] == [
        (Kind.CALL, "Huddle, 10 min", None), (Kind.CALL, "Huddle", None), (Kind.MESSAGE, "look\n> Nils: old words", None), (Kind.MESSAGE, "", "plan.pdf"),
    ]  # fmt: skip
    assert found.activities[0].actor.native_id == "T0X/U0IDA" and towards(found.activities[0]) == {("T0X/U0SAM", "to")} and found.activities[1].actor == found.owner.key
    assert found.activities[0].thread == found.activities[2].thread
    assert found.rejects == ["Messages without words, of which only a file that is gone is known: 1 left out.", "Notices of Slack itself: 1 left out."]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<!here> <!subteam^S1|@sales> <!date^1^x|1 May>", "@here @sales 1 May"), ("<mailto:a@b.example|a@b.example>", "a@b.example"), ("<https://a.example>", "https://a.example"),
        ("<#C9> <@U9>", "#C9 @U9"), ("&lt;b&gt; &amp;amp;", "<b> &amp;"), ("a < b", "a < b"), ("<" * 9000, "<" * 9000),
    ],
)  # fmt: skip
def test_markup(raw: str, shown: str) -> None:
    assert plain(raw, {}, {}) == shown


def test_what_others_said_among_themselves_was_not_said_to_me(tmp_path: Path) -> None:
    """Companies export the direct messages of everybody."""
    people = [{"id": f"U0{name}", "name": name.lower(), "profile": {"real_name": name.title()}} for name in ("SAM", "IDA", "ANA")]
    for name, value in (
        ("users.json", people), ("channels.json", []), ("dms.json", [{"id": "D1", "members": ["U0IDA", "U0ANA"]}, {"id": "D2", "members": ["U0IDA", "U0SAM"]}]),
        ("groups.json", [{"id": "G1", "name": "deal", "members": ["U0IDA", "U0ANA"]}]),
    ):  # fmt: skip
        (tmp_path / name).write_text(json.dumps(value))
    for folder in ("D1", "D2", "deal"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "2024-01-10.json").write_text(json.dumps([{"type": "message", "user": "U0IDA", "text": folder, "ts": "1704848400.000100"}]))
    found = Found(Slack(), tmp_path, "U0SAM")
    assert {one.text: {who.rpartition("/")[2] for who, _ in towards(one)} for one in found.activities} == {"D1": {"U0ANA"}, "D2": {"U0SAM"}, "deal": {"U0ANA"}}
