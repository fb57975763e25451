"""Mastodon's archive and tables: the real example, each trap, and that it agrees with reading the same posts live."""

from __future__ import annotations

import json
import shutil
import tarfile
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
)
from relationdesk.services import importing
from relationdesk.sources import mastodon_facts
from relationdesk.sources.base import Options
from relationdesk.sources.mastodon_archive import MastodonArchive
from relationdesk.store.database import open_desk
from tests.facts import NOW, arrive, state
from tests.shared import REAL

SOURCE = MastodonArchive()
ARCHIVE = Path(__file__).parents[1] / "data" / "mastodon_archive" / "archive"
ME = "https://hotel.example/users/sam"
JOE = "https://alder.example/users/joe"


def read(path: Path, me: str = "", parts: Iterable[str] | None = None) -> list[Fact]:
    options = Options(me=me, parts=None if parts is None else frozenset(parts))
    return [fact for fact in SOURCE.read(path, options) if not isinstance(fact, Progress)]


def did(facts: Iterable[Fact]) -> list[Activity]:
    return [fact for fact in facts if isinstance(fact, Activity)]


def post(number: int) -> Activity:
    (found,) = (one for one in did(read(ARCHIVE)) if one.key.native_id == f"{ME}/statuses/{number}")
    return found


def people(facts: Iterable[Fact]) -> dict[str, Profile]:
    return {fact.key.native_id: fact for fact in facts if isinstance(fact, Profile)}


@pytest.fixture
def real() -> Path:
    if not (REAL / "mastodon").exists():
        pytest.skip("no real Mastodon archive beside the checkout")
    return REAL / "mastodon"


def test_the_real_archive(real: Path) -> None:
    seen = SOURCE.recognise(real / "archive")
    assert seen is not None and seen.owner == "Ish Works (@ish@social.ish.works)"
    facts = read(real / "archive")
    (owner,) = (fact for fact in facts if isinstance(fact, Profile) and fact.is_owner)
    assert owner.key == Key("mastodon", "https://social.ish.works/users/ish")
    posts = did(facts)
    assert len(posts) == 7 and {one.actor for one in posts} == {owner.key}
    assert (min(p.published for p in posts if p.published), max(p.published for p in posts if p.published)) == (datetime(2025, 1, 1, 8, tzinfo=UTC), datetime(2025, 1, 1, 12, 5, tzinfo=UTC))
    assert [sum(one.audience is which for one in posts) for which in (Audience.PUBLIC, Audience.FOLLOWERS, Audience.PRIVATE)] == [3, 3, 1]
    (direct,) = (one for one in posts if one.audience is Audience.PRIVATE)
    assert direct.text.endswith("sure! i'll come by later today")
    answers = [one for one in posts if one.kind is Kind.REPLY]
    assert len(answers) == 3 and answers[-1].in_reply_to == "https://social.ish.works/users/ish/statuses/00006" and not answers[-1].participants
    assert sum(one.text.count("[Image") for one in posts) == 2 and [one.title for one in posts if one.title] == ["spoilers for episode 5"]
    assert people(facts)["https://social.example.net/users/mx123"].handle == "mx123@example.net"  # of the name, not of the address
    assert not [fact for fact in facts if isinstance(fact, Rejected)]


def test_the_real_table_of_followed_people(real: Path) -> None:
    facts = read(real / "following_accounts.csv")
    assert [(p.handle, p.known) for p in people(facts).values()] == [("alice@example.test", True), ("bob@example.test", True)] == [(p.handle, p.known) for p in facts if isinstance(p, Profile)]
    assert len(facts) == 2


@pytest.mark.parametrize("name", ["actor.json", "outbox.json", "likes.json", "bookmarks.json"])
def test_each_file_of_it_alone(real: Path, name: str) -> None:
    source, _ = importing.recognise(real / "archive" / name)
    assert source.name == "mastodon_archive"
    if name in ("likes.json", "bookmarks.json"):
        with pytest.raises(UnreadableFile, match="Whose list is this"):
            read(real / "archive" / name)
    me = "@ish@social.ish.works"
    assert people(read(real / "archive" / name, me))["https://social.ish.works/users/ish"].is_owner


STATUSES: list[dict[str, Any]] = [
    {"id": "1", "content": json.loads((ARCHIVE / "outbox.json").read_text(encoding="utf-8"))["orderedItems"][0]["object"]["content"]},
    {"id": "2", "content": "<p>Look</p>", "visibility": "unlisted", "spoiler_text": "a valve", "edited_at": "2026-11-02T09:00:00.123Z",
     "media_attachments": [{"type": "image", "description": "a red valve"}, {"type": "image", "description": None}]},
    {"id": "3", "in_reply_to_id": "77", "in_reply_to_account_id": "5",
     "mentions": [{"id": "5", "username": "joe", "acct": "joe@alder.example", "url": "https://alder.example/@joe"}],
     "content": '<p><span class="h-card"><a href="https://alder.example/@joe" class="u-url mention">@<span>joe</span></a></span> tomorrow at nine</p>'},
    {"id": "4", "visibility": "direct", "mentions": [{"id": "6", "username": "mary", "acct": "mary", "url": "https://hotel.example/@mary"}],
     "content": '<p><a href="https://hotel.example/@mary" class="u-url mention">@<span>mary</span></a> the key is under the mat</p>'},
    {"id": "5", "visibility": "private", "content": "<p>For my followers</p>"},
    {"id": "6", "content": "<p>Which one?</p>", "poll": {"options": [{"title": "red"}, {"title": "blue"}]}},
    {"id": "7", "uri": f"{ME}/statuses/7/activity", "url": None, "content": "", "reblog": {
        "id": "9", "uri": "https://peak.example/ap/users/115/statuses/9", "url": "https://peak.example/@ann/9", "content": "<p>Ann says</p>",
        "account": {"id": "8", "username": "ann", "acct": "ann@peak.example", "url": "https://peak.example/@ann", "uri": "https://peak.example/ap/users/115"}}},
    {"id": "8", "in_reply_to_id": "1", "in_reply_to_account_id": "1", "content": "<p>And a word to myself</p>"},
]  # fmt: skip
"""The same posts as the archive's, as a Mastodon server answers them."""


def live(status: dict[str, Any]) -> tuple[Fact, ...]:
    number = status["id"]
    sam = {"id": "1", "username": "sam", "acct": "sam", "display_name": "Sam Carter", "url": "https://hotel.example/@sam", "uri": ME}
    usual = {
        "uri": f"{ME}/statuses/{number}", "url": f"https://hotel.example/@sam/{number}", "account": sam, "visibility": "public",
        "created_at": f"2026-11-0{number}T08:00:00.000Z", "spoiler_text": "", "edited_at": None, "reblog": None,
        "in_reply_to_id": None, "mentions": [], "media_attachments": [], "poll": None,
    }  # fmt: skip
    return mastodon_facts.facts({**usual, **status})


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: str(status["id"]))
def test_archive_and_server_tell_the_same(status: dict[str, Any]) -> None:
    (theirs,) = did(live(status))
    (ours,) = (one for one in did(read(ARCHIVE)) if one.key == theirs.key)
    for name in ("actor", "kind", "published", "precision", "title", "audience", "participants", "extra"):
        assert getattr(ours, name) == getattr(theirs, name), name
    if theirs.kind is not Kind.SHARE:  # of a boost the archive has only the address
        assert (ours.text, ours.url) == (theirs.text, theirs.url)
    assert ours.in_reply_to == theirs.in_reply_to or not theirs.in_reply_to  # the server tells only its own number


@pytest.mark.parametrize("first", ["archive", "live"])
def test_one_over_the_other_doubles_nothing(tmp_path: Path, first: str) -> None:
    db = open_desk(tmp_path / "desk")
    statuses = [fact for status in STATUSES for fact in live(status)]

    def count() -> list[int]:
        sql = "SELECT count(*) FROM {} WHERE place_id = (SELECT id FROM places WHERE name = 'mastodon')"
        return [db.execute(sql.format(table)).fetchone()[0] for table in ("activities", "profiles")]

    if first == "live":
        arrive(db, statuses)
        before = count()
        preview, _ = importing.import_now(db, ARCHIVE, now=NOW)
        assert before == [8, 4] and preview.counts.new_activities == 3  # two likes and a bookmark
        assert preview.counts.unchanged + preview.counts.changed == 8
    else:
        importing.import_now(db, ARCHIVE, now=NOW)
        before = count()
        arrive(db, statuses)
        assert count() == before == [11, 5]  # Ann of a list has no id in the archive but what her handle suggests
    assert count()[0] == 11
    importing.import_now(db, ARCHIVE, now=NOW)
    again = state(db)
    preview, _ = importing.import_now(db, ARCHIVE, now=NOW)
    assert (preview.counts.new_activities, preview.counts.new_profiles, preview.counts.changed) == (0, 0, 0) and state(db) == again
    db.close()


def test_the_owner() -> None:
    owner = people(read(ARCHIVE))[ME]
    assert (owner.handle, owner.display_name, owner.bio, owner.url) == ("sam@hotel.example", "Sam Carter", "Meters & heat. https://blog.example/sam", "https://hotel.example/@sam")
    assert [(a.value, a.vouched) for a in owner.addresses] == [("https://carter.example", False), ("https://blog.example/sam", False)]


def test_boosts_name_their_author_by_any_address() -> None:
    (boost,) = (one for one in did(read(ARCHIVE)) if one.kind is Kind.SHARE)
    assert [(one.profile.native_id, one.role) for one in boost.participants] == [("https://peak.example/ap/users/115", Role.SUBJECT)]
    assert dict(boost.extra) == {"shared": "https://peak.example/ap/users/115/statuses/9"}


def test_likes_and_bookmarks_have_no_time() -> None:
    liked = [one for one in did(read(ARCHIVE)) if one.kind in (Kind.REACTION, Kind.BOOKMARK)]
    assert {(one.published, one.precision) for one in liked} == {(None, Precision.UNKNOWN)}
    assert [one.key.native_id for one in liked] == [
        f"{ME}#favourite:{JOE}/statuses/70", f"{ME}#favourite:https://pleroma.example/objects/0a1b", f"{ME}#bookmark:{JOE}/statuses/71",
    ]  # fmt: skip
    assert [[who.profile.native_id for who in one.participants] for one in liked] == [[JOE], [], [JOE]]
    assert liked[-1].audience is Audience.PRIVATE


def test_tables_use_the_ids_that_mentions_give_and_leave_out_who_is_muted() -> None:
    facts = read(ARCHIVE, parts=["follows"])
    known = {id_ for id_, p in people(facts).items() if p.known}
    assert known == {JOE, "https://hotel.example/users/mary", "https://peak.example/users/ann"} and not did(facts)
    assert [fact.where for fact in facts if isinstance(fact, Rejected)] == ["following_accounts.csv line 4"]
    assert not [id_ for id_ in people(facts) if "loud" in id_ or "bad" in id_]


@pytest.mark.parametrize(("part", "count"), [("posts", 6), ("boosts", 1), ("messages", 1), ("likes", 2), ("bookmarks", 1), ("follows", 0)])
def test_each_part_can_be_read_by_itself(part: str, count: int) -> None:
    assert len(did(read(ARCHIVE, parts=[part]))) == count
    seen = SOURCE.recognise(ARCHIVE)
    assert seen is not None and part in [one.name for one in seen.parts]


def test_of_two_archives_in_one_folder_one_is_read_and_the_other_told(tmp_path: Path) -> None:
    for name in ("may", "june"):
        shutil.copytree(ARCHIVE, tmp_path / name)
    facts = read(tmp_path)
    assert did(facts) == did(read(ARCHIVE))
    told = {fact.where for fact in facts if isinstance(fact, Rejected) and fact.reason == "This is of another archive in the same place. Bring it in by itself."}
    assert told == {f"may/{name}.json" for name in ("actor", "bookmarks", "likes", "outbox")}


def test_it_covers_the_owner_until_it_was_made(tmp_path: Path) -> None:
    assert [fact for fact in read(ARCHIVE) if isinstance(fact, Coverage)] == [Coverage(place="mastodon", profile=Key("mastodon", ME), until=datetime(2026, 11, 8, 8, tzinfo=UTC))]
    packed = tmp_path / f"archive-20261118080910-{'0a' * 16}.tar.gz"
    with tarfile.open(packed, "w:gz") as box:
        box.add(ARCHIVE, arcname=".")
    (found,) = (fact for fact in read(packed) if isinstance(fact, Coverage))
    assert found.until == datetime(2026, 11, 18, 8, 9, 10, tzinfo=UTC)


def test_a_bookmark_table_beside_it(tmp_path: Path) -> None:
    folder = shutil.copytree(ARCHIVE, tmp_path / "a")
    (folder / "bookmarks.json").unlink()
    (folder / "bookmarks.csv").write_text(f"{JOE}/statuses/71\n{JOE}/statuses/72\n", encoding="utf-8")
    assert len(did(read(folder, parts=["bookmarks"]))) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"actor": 7, "object": {"attributedTo": None}}, {"object": None}, {"object": [[]]}, {"type": "Create", "object": 3},
        {"object": {"id": {}, "attributedTo": {"name": "Sam"}}},
    ],
)  # fmt: skip
def test_a_broken_item_costs_itself(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = shutil.copytree(ARCHIVE, tmp_path / "a")
    outbox = json.loads((folder / "outbox.json").read_text(encoding="utf-8"))
    outbox["orderedItems"][0] |= change
    if change.get("object") is None:
        outbox["orderedItems"][0].pop("actor")
    (folder / "outbox.json").write_text(json.dumps(outbox), encoding="utf-8")
    facts = read(folder, parts=["posts"])
    assert len(did(facts)) >= 5 and all(fact.reason.endswith(".") for fact in facts if isinstance(fact, Rejected))


def test_an_answer_of_a_server_is_named(tmp_path: Path) -> None:
    path = tmp_path / "statuses.json"
    path.write_text(json.dumps([{"id": "1", "uri": "x", "account": {"acct": "joe"}, "spoiler_text": "", "content": ""}]), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="an answer of a Mastodon server"):
        importing.recognise(path)
    path = tmp_path / "muted_accounts.csv"
    shutil.copy(ARCHIVE / "muted_accounts.csv", path)
    with pytest.raises(UnreadableFile, match="people whom Mastodon hides"):
        importing.recognise(path)


def test_tables_by_themselves(tmp_path: Path) -> None:
    """What a server hands out beside the archive: lists need nobody's name, bookmarks that of their owner; a list of pages is none of them."""
    lists, bookmarks, pages = tmp_path / "lists.csv", tmp_path / "bookmarks.csv", tmp_path / "x" / "bookmarks.csv"
    lists.write_text('Friends,ann@hotel.example\n"Work, old",bob@inn.example\n')
    bookmarks.write_text("https://hotel.example/users/ann/statuses/1\nhttps://inn.example/notes/9abc\n")
    pages.parent.mkdir()
    pages.write_text("https://news.example/a\nhttps://b.example/b\n")
    seen = [MastodonArchive().recognise(path) for path in (lists, bookmarks, pages)]
    assert [one and [ask.name for ask in one.asks] for one in seen] == [[], ["me"], None]
    assert [fact.handle for fact in MastodonArchive().read(lists, Options()) if isinstance(fact, Profile)] == ["ann@hotel.example", "bob@inn.example"]
    marked = [fact for fact in MastodonArchive().read(bookmarks, Options(me="@sam@hotel.example")) if isinstance(fact, Activity)]
    assert [(one.kind, one.actor.native_id) for one in marked] == [(Kind.BOOKMARK, "https://hotel.example/users/sam")] * 2
