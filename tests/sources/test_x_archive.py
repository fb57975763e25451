"""X's archive through its generations: whose it is, what each record means, and what is not invented. The example files lie
in tests/data/x_archive; what is only a variation of them is written here."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
    Tombstone,
)
from relationdesk.services import importing
from relationdesk.sources.base import Options
from relationdesk.sources.x_archive import XArchive
from relationdesk.store.database import open_desk
from tests.facts import NOW, state
from tests.shared import REAL

SOURCE = XArchive()
DATA = Path(__file__).parents[1] / "data" / "x_archive"
POST = {"id_str": "1373616000000000001", "created_at": "Sun Mar 21 12:53:22 +0000 2021", "full_text": "words", "entities": {}}


def read(path: Path, me: str = "", parts: Iterable[str] | None = None) -> list[Fact]:
    options = Options(me=me, parts=None if parts is None else frozenset(parts))
    return [fact for fact in SOURCE.read(path, options) if not isinstance(fact, Progress)]


def did(facts: Iterable[Fact]) -> dict[str, Activity]:
    return {fact.key.native_id: fact for fact in facts if isinstance(fact, Activity)}


def people(facts: Iterable[Fact]) -> dict[str, Profile]:
    """As the desk has them in the end: later words about somebody win."""
    return {fact.key.native_id: fact for fact in facts if isinstance(fact, Profile)}


def rejected(facts: Iterable[Fact]) -> list[str]:
    return [f"{fact.where}: {fact.reason}" for fact in facts if isinstance(fact, Rejected)]


def towards(activity: Activity) -> list[tuple[str, Role]]:
    return [(one.profile.native_id, one.role) for one in activity.participants]


def archive(folder: Path, *posts: dict[str, Any], **more: Any) -> Path:
    """Sam's archive with these posts; more: part → rows."""
    data = folder / "data"
    data.mkdir(parents=True)
    account = {"accountId": "1001", "username": "samcarter", "accountDisplayName": "Sam Carter"}
    for name, rows in {"account": [{"account": account}], "tweets": [{"tweet": post} for post in posts], **more}.items():
        (data / f"{name.replace('_', '-')}.js").write_text(f"window.YTD.{name}.part0 = {json.dumps(rows)}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def today() -> list[Fact]:
    return read(DATA / "today")


def test_real_layout_of_2019() -> None:
    root = REAL / "x" / "root_layout_2019"
    if not root.exists():
        pytest.skip("no real X archive beside the checkout")
    seen = SOURCE.recognise(root)
    assert seen is not None and seen.owner == "Simon Willison (@simonw)" and [part.name for part in seen.parts] == ["follows"]
    facts = read(root)
    found = people(facts)
    assert found.pop("12497").is_owner and set(found) == {"73747798", "386025404", "547842573", "12158"}
    assert not did(facts) and [line.split(":")[0] for line in rejected(facts)] == ["tweets.js"]


def test_it_says_whose_it_is_and_what_can_be_left_out() -> None:
    seen = SOURCE.recognise(DATA / "today")
    assert seen is not None and (seen.owner, seen.place, seen.asks) == ("Sam Carter (@samcarter)", "x", ())
    assert [(part.name, part.count) for part in seen.parts] == [("posts", 12), ("likes", 2), ("follows", 4), ("messages", 0)]


@pytest.mark.parametrize(
    ("part", "kinds"),
    [("posts", {Kind.POST, Kind.REPLY, Kind.SHARE}), ("likes", {Kind.REACTION}), ("messages", {Kind.MESSAGE, Kind.REACTION}), ("follows", set())],
)  # fmt: skip
def test_each_part_can_be_read_by_itself(part: str, kinds: set[Kind], today: list[Fact]) -> None:
    facts = read(DATA / "today", parts=[part])
    assert {one.kind for one in did(facts).values()} == kinds
    assert did(facts).items() <= did(today).items()


def test_the_owner(today: list[Fact]) -> None:
    (owner,) = (fact for fact in today if isinstance(fact, Profile) and fact.is_owner)
    assert (owner.key, owner.handle, owner.display_name, owner.bio) == (Key("x", "1001"), "samcarter", "Sam Carter", "Meters & heat")
    assert [(a.value, a.vouched) for a in owner.addresses] == [("sam@carter.example", True)]


def test_posts(today: list[Fact]) -> None:
    post = did(today)["1373616000000000001"]
    assert post.text == "Meters & pumps <3 https://carter.example/meters?a=1&b=2\n\n[Image]\n\n[Image]"
    assert (post.kind, post.url, post.published) == (Kind.POST, "https://x.com/samcarter/status/1373616000000000001", datetime(2021, 3, 21, 12, 53, 22, tzinfo=UTC))
    answer = did(today)["1373616000000000002"]
    assert (answer.kind, answer.in_reply_to, towards(answer)) == (Kind.REPLY, "1373615000000000009", [("2001", Role.REPLY_TO), ("2002", Role.MENTIONED)])
    shared = did(today)["1373616000000000003"]
    assert (shared.kind, towards(shared)) == (Kind.SHARE, [("2002", Role.SUBJECT)]) and shared.text.startswith("The door at gate B")
    assert towards(did(today)["1373616000000000004"]) == [("2001", Role.SUBJECT)]  # a quoted post names its author by handle only
    assert towards(did(today)["1373616000000000005"]) == [("@gone_for_good", Role.MENTIONED)]
    assert did(today)["1637000000000000003"].extra == (("community", "1500000000000000001"),)
    assert "1637000000000000002" in did(today)  # of the second part file


def test_the_newest_mention_names_somebody(today: list[Fact]) -> None:
    found = people(today)
    assert (found["2001"].display_name, found["2001"].handle, found["2001"].url) == ("Joe Brown (Alder)", "joebrown", "https://x.com/joebrown")


def test_names_are_written_as_people_read_them(tmp_path: Path) -> None:
    mention = {"user_mentions": [{"id_str": "2001", "screen_name": "acme", "name": "Pipes &amp; Sons"}]}
    folder = archive(tmp_path, {**POST, "entities": mention}, account=[{"account": {"accountId": "1001", "username": "samcarter", "accountDisplayName": "Carter &amp; Co"}}])
    assert {who.display_name for who in people(read(folder)).values()} == {"Carter & Co", "Pipes & Sons"}


def test_dates_that_cannot_be_true(today: list[Fact]) -> None:
    assert did(today)["1373616000000000006"].published == datetime(2021, 3, 21, 12, 42, 29, tzinfo=UTC)  # its number holds it
    assert "500000000" not in did(today)
    assert "tweets.js record 7: Its date cannot be true, and its number does not hold one; it was set aside." in "\n".join(rejected(today))


def test_edited_and_deleted_posts(today: list[Fact]) -> None:
    gone = {fact.key.native_id for fact in today if isinstance(fact, Tombstone)}
    assert gone == {"1600000000000000001", "1373616000000000099"} and not gone & set(did(today))
    assert did(today)["1600000000000000002"].extra == (("edited", "2022-12-06T05:10:00Z"),)


def test_an_old_version_stays_where_the_archive_has_no_newer_one(tmp_path: Path) -> None:
    edits = {"edit_info": {"initial": {"editTweetIds": [POST["id_str"], "1373616000000000009"]}}}
    assert list(did(read(archive(tmp_path, {**POST, **edits})))) == [POST["id_str"]]


def test_long_posts(today: list[Fact]) -> None:
    assert did(today)["1637000000000000001"].text.endswith("the hard way:\n\n1. Never trust a valve.\n2. Never trust a label.")
    assert did(today)["note:1637000000000000901"].text == "A long post whose beginning is not in this archive."
    assert "note:1637000000000000900" not in did(today)


def test_likes_have_no_time(today: list[Fact]) -> None:
    new, old = did(today)["1001#like:1373615000000000011"], did(today)["1001#like:20"]
    assert (new.published, new.precision, new.text, new.in_reply_to) == (None, Precision.UNKNOWN, "Heat is cheap & dry", "1373615000000000011")
    assert dict(new.extra) == {"reaction": "like", "posted": "2021-03-21T12:38:31Z"} and dict(old.extra) == {"reaction": "like"}


def test_follows_are_profiles_without_a_time_and_blocks_are_left_out(today: list[Fact]) -> None:
    found = [fact for fact in today if isinstance(fact, Profile)]
    assert {(p.key.native_id, p.known) for p in found if p.key.native_id in ("2002", "2008", "2009")} == {("2002", False), ("2002", True), ("2008", False), ("2009", False)}
    assert not {"2666", "2667"} & set(people(today))


def test_messages_of_two(today: list[Fact]) -> None:
    mine, theirs = did(today)["dm:1373616500000000001"], did(today)["dm:1373616500000000002"]
    assert (mine.actor, towards(mine), mine.text) == (Key("x", "1001"), [("2001", Role.TO)], "The offer: https://carter.example/offer\n\n[Image]")
    assert (theirs.actor, towards(theirs), theirs.text) == (Key("x", "2001"), [("1001", Role.TO)], "See you at nine & bring the key")
    assert {one.thread for one in (mine, theirs)} == {"1001-2001"} and {one.audience for one in (mine, theirs)} == {Audience.PRIVATE}
    liked = did(today)["dm:1373616500000000002#reaction:1001:1373616500000000009"]
    assert (liked.kind, dict(liked.extra), liked.in_reply_to, towards(liked)) == (Kind.REACTION, {"reaction": "👍"}, theirs.key.native_id, [("2001", Role.SUBJECT)])


def test_messages_of_a_group_go_to_whoever_was_in_it(today: list[Fact]) -> None:
    found = {name[-2:]: (one.title, [who for who, _ in towards(one)]) for name, one in did(today).items() if name.startswith("dm:14") and "#" not in name}
    assert found == {"11": ("", ["2001"]), "12": ("Meter club", ["1001", "2002"]), "14": ("Meter club", ["2002"])}


def test_headers_are_read_only_without_the_messages(tmp_path: Path, today: list[Fact]) -> None:
    folder = shutil.copytree(DATA / "today", tmp_path / "x")
    (folder / "data" / "direct-messages.js").unlink()
    found = did(read(folder, parts=["messages"]))
    assert found["dm:1373616500000000002"].text == "" and did(today)["dm:1373616500000000002"].text


def test_reactions_as_entries_of_their_own_and_as_the_readme_spells_them(tmp_path: Path) -> None:
    rows = [{"dmConversation": {"conversationId": "1001-2001", "messages": [
        {"reactionCreate": {"reactionSenderID": "2001", "reactionKey": "sad", "reactionEventID": "1373616500000000077"}},
        {"messageCreate": {"id": "1373616500000000001", "senderId": "1001", "text": "x", "createdAt": "nonsense"}},
    ]}}]  # fmt: skip
    reaction, message = did(read(archive(tmp_path, direct_messages=rows))).values()
    assert (reaction.extra, reaction.actor, reaction.published is not None) == ((("reaction", "😢"),), Key("x", "2001"), True)
    assert towards(message) == [("2001", Role.TO)] and message.published == datetime(2021, 3, 21, 12, 44, 28, tzinfo=UTC)


def test_what_is_announced_and_missing_is_told_and_no_error(tmp_path: Path, today: list[Fact]) -> None:
    assert any(line.startswith("data/direct-message-group-headers.js: ") for line in rejected(today))
    assert not any("ad-engagements" in line for line in rejected(today))
    folder = shutil.copytree(DATA / "today", tmp_path / "x")
    like = folder / "data" / "like.js"
    like.write_text(like.read_text(encoding="utf-8").replace('"20"', '""'), encoding="utf-8")
    (folder / "data" / "tweets-part1.js").write_text("window.YTD.tweets.part1 = []", encoding="utf-8")
    lines = "\n".join(rejected(read(folder)))
    assert "like.js record 2: It does not say which post was liked." in lines and "counts 1 records here, and there are 0." in lines


def test_the_archive_covers_what_the_owner_did_until_it_was_made(today: list[Fact]) -> None:
    assert [fact for fact in today if isinstance(fact, Coverage)] == [Coverage(place="x", profile=Key("x", "1001"), until=datetime(2026, 11, 18, 8, tzinfo=UTC))]


def test_the_archive_of_2014() -> None:
    facts = read(DATA / "old")
    found = did(facts)
    assert (found["1330000000"].published, found["1330000000"].precision) == (datetime(2009, 3, 15, tzinfo=UTC), Precision.DAY)
    shared, answer = found["471261800000000001"], found["471261800000000002"]
    assert (shared.kind, shared.text, dict(shared.extra)) == (Kind.SHARE, "The whole sentence of Mary, which is even longer than that.", {"shared": "471261700000000000"})
    assert (answer.text, towards(answer), answer.precision) == ("@joebrown see http://carter.example/old", [("2001", Role.REPLY_TO)], Precision.SECOND)
    owner = people(facts)["1001"]
    assert (owner.is_owner, owner.display_name, [a.value for a in owner.addresses]) == (True, "Sam Carter", ["https://carter.example"])


def test_months_alone_tell_their_owner(tmp_path: Path) -> None:
    shutil.copy(DATA / "old" / "data" / "js" / "tweets" / "2014_05.js", tmp_path)
    seen = SOURCE.recognise(tmp_path / "2014_05.js")
    assert seen is not None and seen.owner == "Sam Carter (@samcarter)"


def test_the_table_of_tweets() -> None:
    path = DATA / "tweets.csv"
    source, seen = importing.recognise(path)
    assert (source.name, seen.owner) == ("x_archive", "@samcarter")
    found = did(read(path))
    assert len(found) == 4 and found["471261800000000002"].text == '@joebrown see\nthe "old" page'
    assert towards(found["471261800000000001"]) == [("2002", Role.SUBJECT)] and found["1330000000"].precision is Precision.DAY


@pytest.mark.parametrize(
    ("links", "seen"),
    [
        ("https://e.example/a?x=1,https://e.example/b", "see https://e.example/a?x=1 and https://e.example/b"), ("https://e.example/a", "see http://t.co/Aa and https://t.co/Bb"),
        ("https://e.example/a,b", "see http://t.co/Aa and https://t.co/Bb"), ("https://e.example/a,https://e.example/b,https://e.example/a", "see https://e.example/a and https://e.example/b"),
    ],
)  # fmt: skip
def test_links_of_the_table_are_written_out_where_it_is_sure_which_is_which(tmp_path: Path, links: str, seen: str) -> None:
    head = "tweet_id,in_reply_to_status_id,in_reply_to_user_id,timestamp,source,text,retweeted_status_id,retweeted_status_user_id,retweeted_status_timestamp,expanded_urls"
    (tmp_path / "tweets.csv").write_text(f'{head}\n471260000000000000,,,2014-05-27 12:24:35 +0000,web,see http://t.co/Aa and https://t.co/Bb,,,,"{links}"\n')
    assert did(read(tmp_path / "tweets.csv", me="@sam"))["471260000000000000"].text == seen


def test_rows_of_2018_are_not_wrapped_and_lie_at_the_root(tmp_path: Path) -> None:
    shutil.copy(DATA / "today" / "data" / "account.js", tmp_path)
    (tmp_path / "tweet.js").write_text(f"window.YTD.tweet.part0 = {json.dumps([POST])}", encoding="utf-8")
    assert list(did(read(tmp_path))) == [POST["id_str"]]


@pytest.mark.parametrize("me", ["@SamCarter", "samcarter", "1001"])
def test_posts_alone_ask_whose_they_are(tmp_path: Path, me: str) -> None:
    path = tmp_path / "tweets.js"
    path.write_text(f"window.YTD.tweets.part0 = {json.dumps([{'tweet': POST}])}", encoding="utf-8")
    seen = SOURCE.recognise(path)
    assert seen is not None and [ask.name for ask in seen.asks] == ["me"]
    with pytest.raises(UnreadableFile, match="Whose archive is this"):
        read(path)
    (owner,) = people(read(path, me)).values()
    assert owner.is_owner and owner.key.native_id in ("1001", "@samcarter")


def test_a_handle_that_is_given_finds_its_number_where_a_post_tells_it(tmp_path: Path) -> None:
    path = tmp_path / "tweets.js"
    post = {**POST, "in_reply_to_user_id_str": "1001", "in_reply_to_screen_name": "samcarter"}
    path.write_text(f"window.YTD.tweets.part0 = {json.dumps([{'tweet': post}])}", encoding="utf-8")
    (activity,) = did(read(path, "@samcarter")).values()
    assert activity.actor == Key("x", "1001") and activity.participants == ()


def test_messages_alone_tell_who_is_in_all_of_them(tmp_path: Path) -> None:
    shutil.copy(DATA / "today" / "data" / "direct-messages.js", tmp_path)
    assert people(read(tmp_path))["1001"].is_owner
    one = json.loads((tmp_path / "direct-messages.js").read_text(encoding="utf-8").partition("= ")[2])[:1]
    (tmp_path / "direct-messages.js").write_text(f"window.YTD.direct_messages.part0 = {json.dumps(one)}", encoding="utf-8")
    seen = SOURCE.recognise(tmp_path)
    assert seen is not None and [answer for answer, _ in seen.asks[0].choices] == ["1001", "2001"]


def test_of_two_archives_in_one_folder_the_larger_is_read(tmp_path: Path) -> None:
    shutil.copytree(DATA / "today", tmp_path / "twitter-2026")
    archive(tmp_path / "twitter-2019", POST)
    assert any(line.startswith("twitter-2019: This is a second archive") for line in rejected(read(tmp_path)))


def test_parts_of_other_kinds_are_named_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ad-engagements.js"
    path.write_text('window.YTD.ad_engagements.part0 = [ {"ad": {}} ]', encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"part of an X \(Twitter\) archive"):
        importing.recognise(path)


@pytest.mark.parametrize(
    "post",
    [
        {}, {"id_str": "-1"}, {**POST, "id_str": "1" * 40}, {**POST, "id_str": "20", "created_at": "Sun Foo 99 99:99:99 +9999 2021"},
        {**POST, "id_str": "20", "created_at": 7}, {**POST, "id_str": ["20"]},
    ],
)  # fmt: skip
def test_a_post_without_a_number_or_a_date_is_one_rejected(tmp_path: Path, post: dict[str, Any]) -> None:
    facts = read(archive(tmp_path, post, POST))
    assert list(did(facts)) == [POST["id_str"]] and len(rejected(facts)) == 1 and "tweets.js record 1" in rejected(facts)[0]


@pytest.mark.parametrize("odd", [None, 7, [], [[]], "x", {"user_mentions": [{"id_str": {}}], "urls": {"a": 1}, "media": [1]}])
def test_odd_fields_lose_nothing_but_themselves(tmp_path: Path, odd: Any) -> None:
    post = {**POST, "entities": odd, "extended_entities": odd, "edit_info": odd, "scopes": odd, "in_reply_to_user_id_str": odd}
    assert did(read(archive(tmp_path, post)))[str(POST["id_str"])].text == "words"


def test_bringing_it_in_again_changes_nothing(tmp_path: Path) -> None:
    db = open_desk(tmp_path / "desk")
    packed = tmp_path / "twitter-2026-11-18-abc.zip"
    with zipfile.ZipFile(packed, "w") as box:
        for file in sorted((DATA / "today").rglob("*.*")):
            box.write(file, file.relative_to(DATA / "today"))
    importing.import_now(db, packed, now=NOW)
    importing.import_now(db, DATA / "old", now=NOW)
    before = state(db)
    for path in (packed, DATA / "today", DATA / "old"):
        preview, _ = importing.import_now(db, path, now=NOW)
        assert (preview.counts.new_activities, preview.counts.changed, preview.counts.new_profiles) == (0, 0, 0)
    assert state(db) == before
    db.close()


def test_likes_by_themselves_need_the_number_of_their_owner(tmp_path: Path) -> None:
    """With the handle alone they would have other keys than in the archive, and be here twice."""
    like = tmp_path / "like.js"
    like.write_bytes((DATA / "today" / "data" / "like.js").read_bytes())
    facts = list(XArchive().read(like, Options(me="samcarter")))
    assert not [fact for fact in facts if isinstance(fact, Activity)]
    assert ["folder data beside it" in fact.reason for fact in facts if isinstance(fact, Rejected)] == [True]
    assert [fact.key.native_id.partition("#")[0] for fact in XArchive().read(like, Options(me="1001")) if isinstance(fact, Activity)] == ["1001", "1001"]
    (tmp_path / "account.js").write_bytes((DATA / "today" / "data" / "account.js").read_bytes())
    assert [fact.key.native_id.partition("#")[0] for fact in XArchive().read(tmp_path, Options()) if isinstance(fact, Activity)] == ["1001", "1001"]
