"""The archive of Bluesky: everything in it once, keyed as the live source keys it, and damage told by number."""

from __future__ import annotations

import base64
import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Key, Kind, Participant, Precision, Profile, Progress, Rejected, Role
from relationdesk.sources.base import Options
from relationdesk.sources.bluesky_archive import BlueskyArchive, archived_when
from relationdesk.sources.bluesky_facts import item_facts
from relationdesk.sources.elsewhere import sign_of
from tests import shared
from tests.cars import DID, block, car, cbor, link, repository, tid
from tests.fuzz import bent, promises

REAL = shared.REAL / "bluesky"
SOURCE = BlueskyArchive()
JOE = "did:plc:joebrownexample222222222"
HERS = f"at://{JOE}/app.bsky.feed.post/3lhhvfa2dve2d"
SAID = "2026-11-20T08:00:00.000Z"
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
RKEY = tid(int(AT.timestamp() * 1_000_000) + 250_000)
ABOUT = {"$type": "app.bsky.actor.profile", "displayName": "Sam Carter", "description": "Meters. https://carter.example"}


def record(kind: str, **fields: Any) -> dict[str, Any]:
    return {"$type": kind, "createdAt": SAID, **fields}


RECORDS = {
    "app.bsky.actor.profile/self": ABOUT,
    f"app.bsky.feed.post/{RKEY}": record("app.bsky.feed.post", text="Meters are in stock"),
    "app.bsky.feed.post/3lhhvfa2dve2x": record(
        "app.bsky.feed.post", text="We do", reply={"root": {"uri": HERS, "cid": "b"}, "parent": {"uri": HERS, "cid": "b"}}
    ),
    "app.bsky.feed.like/3lhhvfa2dve2d": record("app.bsky.feed.like", subject={"uri": HERS, "cid": "b"}),
    "app.bsky.feed.repost/3lhhvfa2dve2d": record("app.bsky.feed.repost", subject={"uri": HERS, "cid": "b"}),
    "app.bsky.graph.follow/3lhhvfa2dve2d": record("app.bsky.graph.follow", subject=JOE),
    "app.bsky.graph.block/3lhhvfa2dve2d": record("app.bsky.graph.block", subject="did:plc:nobody"),
    "com.other.thing/1": {"$type": "com.other.thing"},
}


def read(path: Path, **options: Any) -> list[Fact]:
    return [fact for fact in SOURCE.read(path, Options(**options)) if not isinstance(fact, Progress)]


def written(tmp_path: Path, raw: bytes, name: str = "repo.car") -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def activities(facts: list[Fact]) -> dict[str, Activity]:
    return {fact.key.native_id.removeprefix(f"at://{DID}/"): fact for fact in facts if isinstance(fact, Activity)}


def test_everything_is_read_once_and_the_owner_comes_first(tmp_path: Path) -> None:
    facts = read(written(tmp_path, repository(RECORDS)))
    owner = facts[0]
    assert isinstance(owner, Profile) and owner.is_owner
    assert (owner.key, owner.display_name, owner.bio) == (Key("bluesky", DID), "Sam Carter", "Meters. https://carter.example")
    found = activities(facts)
    assert sorted(found) == sorted(path for path in RECORDS if path.startswith(("app.bsky.feed", "app.bsky.graph.follow")))
    assert not [fact for fact in facts if isinstance(fact, Rejected)]
    post = found[f"app.bsky.feed.post/{RKEY}"]
    assert (post.kind, post.text, post.published, post.precision) == (Kind.POST, "Meters are in stock", AT, Precision.SECOND)
    answer = found["app.bsky.feed.post/3lhhvfa2dve2x"]
    assert (answer.kind, answer.in_reply_to, answer.thread) == (Kind.REPLY, HERS, HERS)
    assert answer.participants == (Participant(profile=Key("bluesky", JOE), role=Role.REPLY_TO),)
    like, share = found["app.bsky.feed.like/3lhhvfa2dve2d"], found["app.bsky.feed.repost/3lhhvfa2dve2d"]
    assert (like.kind, like.in_reply_to, dict(like.extra)["reaction"]) == (Kind.REACTION, HERS, "like")
    assert (share.kind, dict(share.extra)["shared"]) == (Kind.SHARE, HERS)
    follow = found["app.bsky.graph.follow/3lhhvfa2dve2d"]
    assert follow.url == f"https://bsky.app/profile/{JOE}" and dict(follow.extra)["reaction"] == "follow"
    assert {p.profile.native_id for one in (like, share, follow) for p in one.participants} == {JOE}


def test_a_post_is_the_same_value_as_the_live_source_makes_of_it(tmp_path: Path) -> None:
    text = "😀 see crm.example/wh..."
    facets = [{"index": {"byteStart": 9, "byteEnd": 26}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://crm.example/why"}]}]
    said = record(
        "app.bsky.feed.post", text=text, facets=facets, langs=["en"],
        embed={"$type": "app.bsky.embed.images", "images": [{"alt": "A meter", "image": {"ref": link(b"x"), "size": 3, "$type": "blob"}}]},
    )  # fmt: skip
    archived = activities(read(written(tmp_path, repository({f"app.bsky.feed.post/{RKEY}": said}))))
    as_shown = said | {"embed": {"$type": "app.bsky.embed.images", "images": [{"alt": "A meter"}]}}
    post = {"uri": f"at://{DID}/app.bsky.feed.post/{RKEY}", "cid": "b", "author": {"did": DID, "handle": "sam.example"}, "record": as_shown}
    (live,) = (fact for fact in item_facts({"post": post | {"indexedAt": "2026-11-20T08:00:01Z"}}) if isinstance(fact, Activity))
    assert archived[f"app.bsky.feed.post/{RKEY}"] == live
    assert live.text == "😀 see https://crm.example/why\n\n[Image: A meter]"


@pytest.mark.parametrize("name", ["repo.car", "backup.bin", "x.zip", "folder"])
def test_it_is_known_by_what_is_in_it(tmp_path: Path, name: str) -> None:
    raw = repository(RECORDS)
    if name == "x.zip":
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("bluesky/repo.car", raw)
            archive.writestr("bluesky/chat.jsonl", "{}")
    elif name == "folder":
        (tmp_path / name).mkdir()
        path = written(tmp_path / name, raw).parent
    else:
        path = written(tmp_path, raw, name)
    found = SOURCE.recognise(path)
    assert found is not None and (found.format, found.owner) == ("bluesky_archive", DID)
    assert [part.name for part in found.parts] == ["posts", "reposts", "likes", "follows"]
    assert len(activities(read(path))) == 5


def test_parts_may_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, repository(RECORDS))
    assert {fact.kind for fact in activities(read(path, parts=frozenset({"posts"}))).values()} == {Kind.POST, Kind.REPLY}
    assert set(activities(read(path, parts=frozenset({"likes"})))) == {"app.bsky.feed.like/3lhhvfa2dve2d"}


def test_equal_records_under_two_names_are_two(tmp_path: Path) -> None:
    same = record("app.bsky.graph.follow", subject=JOE)
    paths = [f"app.bsky.graph.follow/3lhhvfa2dve2{end}" for end in "abc"]
    assert sorted(activities(read(written(tmp_path, repository(dict.fromkeys(paths, same)))))) == paths


@pytest.mark.parametrize(
    ("created", "rkey", "expected"),
    [
        (SAID, RKEY, (AT, Precision.SECOND, "")),
        ("2019-05-01T10:00:00Z", RKEY, (AT + timedelta(microseconds=250_000), Precision.SECOND, "2019-05-01T10:00:00Z")),
        ("9999-12-31T23:59:59Z", RKEY, (AT + timedelta(microseconds=250_000), Precision.SECOND, "9999-12-31T23:59:59Z")),
        ("", RKEY, (AT + timedelta(microseconds=250_000), Precision.SECOND, "")),
        ("2019-05-01T10:00:00Z", "my-own-key", (datetime(2019, 5, 1, 10, tzinfo=UTC), Precision.SECOND, "")),
        ("nonsense", "my-own-key", (None, Precision.UNKNOWN, "")),
        # From the real stream: the stamp is 3 m 44 s later than what the program says, so the program is believed.
        ("2025-02-06T01:00:46Z", "3lhhvdkcby3e2", (datetime(2025, 2, 6, 1, 0, 46, tzinfo=UTC), Precision.SECOND, "")),
    ],
)  # fmt: skip
def test_whose_clock_is_believed(created: str, rkey: str, expected: tuple[Any, ...]) -> None:
    assert archived_when(created, rkey) == expected


def test_records_that_are_not_in_the_file_are_counted_not_missed_in_silence(tmp_path: Path) -> None:
    left_out = frozenset({"app.bsky.feed.like/3lhhvfa2dve2d", "app.bsky.feed.repost/3lhhvfa2dve2d"})
    facts = read(written(tmp_path, repository(RECORDS, left_out=left_out)))
    assert len(activities(facts)) == 3
    assert [fact.reason for fact in facts if isinstance(fact, Rejected)] == ["2 records are named in it, but are not in it."]


def test_a_second_archive_beside_it_is_told(tmp_path: Path) -> None:
    for name in ("repo (1).car", "repo.car"):
        written(tmp_path, repository(RECORDS), name)
    told = [fact for fact in read(tmp_path) if isinstance(fact, Rejected)]
    assert told == [Rejected(where="repo.car", reason="This is another archive in the same place. Bring it in by itself.")]


def test_a_file_cut_off_is_refused_because_another_is_a_click_away(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"ends in the middle of a record\. Nothing was brought in\. Download it again"):
        read(written(tmp_path, repository(RECORDS)[:-30]))


def test_a_changed_record_is_not_believed(tmp_path: Path) -> None:
    raw = repository(RECORDS).replace(b"in stock", b"in shock")
    facts = read(written(tmp_path, raw))
    assert len(activities(facts)) == 4
    assert any("1 damaged" in fact.reason for fact in facts if isinstance(fact, Rejected))


@pytest.mark.parametrize(
    "record_", [{"$type": "app.bsky.feed.like", "text": "x"}, {}, {"$type": "app.bsky.feed.post"}, {"$type": "app.bsky.feed.like", "subject": {"uri": "at://x"}}]
)
def test_a_record_that_is_not_what_its_name_says_is_one_refusal(tmp_path: Path, record_: dict[str, Any]) -> None:
    facts = read(written(tmp_path, repository(RECORDS | {"app.bsky.feed.like/3lhhvfa2dve2f": record_})))
    assert len(activities(facts)) == 5
    assert len([fact for fact in facts if isinstance(fact, Rejected)]) == 1


def test_what_holds_no_repository_says_so(tmp_path: Path) -> None:
    root = cbor({"test": "root"})
    path = written(tmp_path, car(link(root), block(root)))
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFile, match=r"no repository of Bluesky's\. Nothing was brought in\."):
        read(path)
    sign = sign_of(path)
    assert sign is not None and sign.title == "a CAR file without a Bluesky repository" and "repo.car" in sign.advice


def test_many_records_take_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    likes = {f"app.bsky.feed.like/{tid(n * 1000)}": record("app.bsky.feed.like", subject={"uri": HERS, "cid": str(n)}) for n in range(20_000)}
    path = written(tmp_path, repository(likes, per_node=40))
    tracemalloc.start()
    count = sum(isinstance(fact, Activity) for fact in SOURCE.read(path, Options()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000 and peak < 20_000 * 400


@pytest.mark.parametrize("turn", range(200))
def test_bent_files(tmp_path: Path, turn: int) -> None:
    """As `tests.fuzz` bends the others; bits are flipped as well, because every byte counts here."""
    dice = random.Random(turn)
    raw = bytearray(repository(RECORDS))
    for _ in range(dice.choice((0, 1, 3, 20))):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    path = written(tmp_path, bent(bytes(raw), dice) if dice.random() < 0.7 else bytes(raw))
    SOURCE.recognise(path)
    try:
        facts = read(path)
    except UnreadableFile as error:
        assert "Nothing was brought in" in str(error)
        return
    promises(facts)
    assert facts == read(path)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real exports of ../shared/real are not here")
@pytest.mark.parametrize(
    ("number", "collection", "count", "published"),
    [
        ("4621317030", "app.bsky.feed.repost", 1, datetime(2025, 2, 6, 1, 0, 46, tzinfo=UTC)),
        ("4621332152", "app.bsky.graph.follow", 42, datetime(2025, 2, 6, 1, 5, 26, 542000, tzinfo=UTC)),
    ],
)
def test_a_real_part_of_a_repository(tmp_path: Path, number: str, collection: str, count: int, published: datetime) -> None:
    """Most of its tree is elsewhere; what is there is read, under the names that the stream tells beside it."""
    told = json.loads((REAL / f"firehose_commit_{number}.json").read_text())
    encoded = told["blocks"]["$bytes"]
    path = written(tmp_path, base64.b64decode(encoded + "=" * (-len(encoded) % 4)))
    found = SOURCE.recognise(path)
    assert found is not None and found.owner == told["repo"]
    facts = [fact for fact in read(path) if isinstance(fact, Activity)]
    assert {fact.key.native_id for fact in facts} == {f"at://{told['repo']}/{op['path']}" for op in told["ops"]}
    assert len(facts) == count == len(told["ops"]) and all(collection in fact.key.native_id for fact in facts)
    assert {fact.published.replace(microsecond=fact.published.microsecond // 1000 * 1000) for fact in facts if fact.published} == {published}
