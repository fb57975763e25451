"""Reddit's data request: whose it is, who is addressed, and keys that are those of its feeds."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience, Key, Kind, Precision
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.reddit_request import RedditRequest
from tests.sources.chat_reading import DATA, Found, extra, real, towards

HERE = DATA / "reddit_request" / "request"
ME = "https://reddit.com/user/sam_oak"
IDA = "https://reddit.com/user/ida_holm"


def read(path: Path, me: str = "", *parts: str) -> Found:
    return Found(RedditRequest(), path, me, frozenset(parts) if parts else None)


def table(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_real_one() -> None:
    path = real("reddit/request")
    seen = recognise(path)[1]
    assert (seen.format, seen.owner, seen.asks) == ("reddit_request", "river_otter_77", ())
    assert [part.name for part in seen.parts] == ["comments", "messages", "chat"]
    found = read(path)
    assert found.owner.handle == "river_otter_77" and found.rejects == []
    messages = [one for one in found.messages if not one.key.native_id.startswith("chat:")]
    assert (len(messages), sum(one.actor == found.owner.key for one in messages)) == (4, 3)
    (to_mods,) = (one for one in messages if not one.participants)
    assert extra(to_mods)["conversation"] == "r/urbanplanning"
    chat = [one for one in found.messages if one.key.native_id.startswith("chat:")]
    assert (len(chat), len({one.thread for one in chat}), len({one.actor for one in chat})) == (5, 2, 3)
    assert {extra(one).get("conversation", "") for one in chat} == {"", "Trail crew"}
    comments = [one for one in found.activities if one.kind is Kind.COMMENT]
    assert len(comments) == 2 and comments[0].text == "Agree with this,\nmostly."
    assert (comments[0].key, comments[0].in_reply_to, comments[0].thread) == (Key("reddit", "t1_lq7a2b9"), "t1_lq79zz1", "t3_1abcd2")
    assert len(found.activities) == 11


def test_one_real_table_asks_for_what_it_does_not_tell() -> None:
    seen = recognise(real("reddit/request/chat_history.csv"))[1]
    assert [answer for answer, _ in seen.asks[0].choices] and {answer for answer, _ in seen.asks[0].choices} == {"river_otter_77", "maple_owl", "Pine_Marten"}
    with pytest.raises(UnreadableFile, match="Whose data request is this"):
        read(real("reddit/request/chat_history.csv"))
    found = read(real("reddit/request/chat_history.csv"), "u/river_otter_77")
    assert len(found.mine) == 2
    assert recognise(real("reddit/request/messages.csv"))[1].owner == "river_otter_77"


def test_parts_can_be_left_out() -> None:
    assert {one.kind for one in read(HERE, "", "posts").activities} == {Kind.POST}
    (kim,) = read(HERE, "", "friends").others().values()
    assert kim.handle == "kim_t" and kim.known


def test_messages_and_whom_they_go_to() -> None:
    found = {one.key.native_id: one for one in read(HERE).messages}
    assert towards(found["t4_m1"]) == {(IDA, "to")} and found["t4_m1"].text == "two\nlines" and found["t4_m1"].title == "hello"
    assert found["t4_m2"].thread == found["t4_m1"].thread == "t4_m1" and found["t4_m2"].actor == Key("reddit", IDA)
    assert towards(found["t4_m3"]) == set() and found["t4_m5"].actor == Key("reddit", "https://reddit.com/r/gardens")
    assert found["t4_m4"].actor == Key("reddit", "gone:t4_m4")
    assert {one.audience for name, one in found.items() if name != "chat:c5"} == {Audience.PRIVATE}
    assert found["t4_m1"].published == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert {name: one.known for name, one in read(HERE, "", "messages").others().items()} == {
        IDA: True, "gone:t4_m4": False, "https://reddit.com/r/gardens": False,
    }  # fmt: skip


def test_chats() -> None:
    read_ = read(HERE)
    found = {one.key.native_id: one for one in read_.messages}
    assert towards(found["chat:c1"]) == {(IDA, "to")} and found["chat:c2"].in_reply_to == "chat:c1"
    assert extra(found["chat:c4"]) == {"conversation": "Trail crew"} and found["chat:c4"].thread == "chan_b"
    assert (found["chat:c5"].audience, towards(found["chat:c5"])) == (Audience.PUBLIC, set())
    assert read_.profiles[IDA].known and not read_.profiles["https://reddit.com/r/gardens"].known


def test_posts_comments_votes_and_what_is_saved() -> None:
    found = {one.key.native_id: one for one in read(HERE).activities}
    assert extra(found["t3_p1"]) == {"link": "https://ida.example/roses", "subreddit": "gardens"} and found["t3_p1"].title == "Mine"
    assert (found["t1_k2"].published, found["t1_k2"].precision, found["t1_k2"].in_reply_to) == (None, Precision.UNKNOWN, "t3_p1")
    assert extra(found[f"{ME}#vote:t3_p9"]) == {"reaction": "upvote"} and f"{ME}#vote:t3_p8" not in found
    assert found[f"{ME}#saved:t1_k7"].kind is Kind.BOOKMARK
    assert not any("p7" in name for name in found)  # hidden, not saved
    assert read(HERE).rejects == ["It has no id."]


def test_coverage_is_of_the_owner_until_the_day_of_the_export() -> None:
    (covered,) = read(HERE).coverage
    assert (covered.profile, covered.until) == (Key("reddit", ME), datetime(2024, 6, 1, 12, tzinfo=UTC))


def test_who_it_is_by_the_messages(tmp_path: Path) -> None:
    head = "id,permalink,thread_id,date,ip,from,to,subject,body\n"
    rows = ("a,,,2024-05-01 10:00:00 UTC,,Ann,Bob,x,y\n", "b,,,2024-05-01 10:00:00 UTC,,Cy,bob,x,y\n")
    assert read(table(tmp_path, "a.csv", head + "".join(rows))).owner.handle.casefold() == "bob"
    alone = table(tmp_path, "b.csv", head + rows[0])
    with pytest.raises(UnreadableFile, match="Nothing was brought in"):
        read(alone)
    assert read(alone, "ann").owner.handle == "Ann"
    with pytest.raises(UnreadableFile, match="is nobody in this file"):
        read(alone, "zed")


@pytest.mark.parametrize("began", ["t4_m1", "m1"])
def test_a_thread_is_that_of_its_first_message_with_or_without_the_kind(tmp_path: Path, began: str) -> None:
    head = "id,permalink,thread_id,date,ip,from,to,subject,body\n"
    rows = f"m1,,,2024-05-01 10:00:00 UTC,,sam,ida,Hi,one\nm2,,{began},2024-05-01 11:00:00 UTC,,ida,sam,re: Hi,two\n"
    (tmp_path / "messages.csv").write_text(head + rows)
    assert {one.thread for one in read(tmp_path / "messages.csv", "sam").messages} == {"t4_m1"}


def test_a_table_without_names_asks_for_one() -> None:
    comments = DATA / "reddit_request" / "comments.csv"
    assert recognise(comments)[1].asks[0].choices == ()
    with pytest.raises(UnreadableFile, match="Say your name on Reddit"):
        list(RedditRequest().read(comments, Options()))
    assert read(comments, "/u/sam_oak").owner.key == Key("reddit", ME)


def test_other_tables_are_none(tmp_path: Path) -> None:
    for name, text in (("friends.csv", "username,note\nann,x\n"), ("statistics.csv", "statistic,value\na,b\n"), ("saved_posts.csv", "id,permalink\n1,x\n")):
        assert RedditRequest().recognise(table(tmp_path, name, text)) is None
    headers = table(tmp_path, "comment_headers.csv", "id,permalink,date,ip,subreddit,gildings,link,parent\n1,x,,,a,0,,\n")
    with pytest.raises(UnreadableFile, match="Choose the whole zip that Reddit sent you"):
        recognise(headers)


def test_a_table_in_pieces_and_columns_in_another_order(tmp_path: Path) -> None:
    shutil.copytree(HERE, tmp_path / "request")
    (tmp_path / "request" / "posts_1.csv").write_text("title,body,subreddit,id,permalink,date\nSecond,b,gardens,p2,,2024-05-09 10:00:00 UTC\n")
    assert [one.title for one in read(tmp_path / "request", "", "posts").activities] == ["Mine", "Second"]


def test_a_parent_may_be_given_as_a_bare_number(tmp_path: Path) -> None:
    page = "https://www.reddit.com/r/pumps/comments/xyz9/t"
    head = "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\n"
    lines = "".join(f"c{n},{page}/c{n}/,2024-05-02 19:11:04 UTC,,pumps,0,{page}/,{parent},words,\n" for n, parent in enumerate(("", "xyz9", "k9a", "t1_k9b", "[deleted]")))
    found = read(table(tmp_path, "comments.csv", head + lines), "sam_oak")
    assert [one.in_reply_to for one in found.activities] == ["t3_xyz9", "t3_xyz9", "t1_k9a", "t1_k9b", "t3_xyz9"]
