"""ActivityStreams documents: the W3C's examples, broken on purpose and not; both versions; what belongs to the fediverse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Audience, Fact, Key, Kind, Precision, Profile, Progress, Rejected, Tombstone
from relationdesk.services import importing
from relationdesk.sources import as_values as values
from relationdesk.sources.activitystreams import ActivityStreams
from relationdesk.sources.base import Options
from tests.shared import REAL

SOURCE = ActivityStreams()
DATA = Path(__file__).parents[1] / "data" / "activitystreams"
W3C = REAL / "activitystreams"


def read(path: Path, me: str = "") -> list[Fact]:
    return [fact for fact in SOURCE.read(path, Options(me=me)) if not isinstance(fact, Progress)]


def did(facts: Iterable[Fact]) -> list[Activity]:
    return [fact for fact in facts if isinstance(fact, Activity)]


def said(folder: Path, record: Any) -> list[Fact]:
    path = folder / "one.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return read(path)


@pytest.mark.skipif(not W3C.exists(), reason="no real ActivityStreams documents beside the checkout")
def test_every_example_of_the_w3c_is_read_or_told() -> None:
    paths = sorted(W3C.rglob("*.json"))
    assert (len(paths), len([path for path in paths if path.parent.name == "fail"])) == (116, 10)
    kinds: Counter[str] = Counter()
    for path in paths:
        facts = read(path)
        assert facts, path.name
        assert all(fact.where and fact.reason.endswith(".") for fact in facts if isinstance(fact, Rejected))
        kinds.update(type(fact).__name__ for fact in facts)
    assert (kinds["Activity"], kinds["Profile"], kinds["Tombstone"]) == (22, 31, 3)
    seen = SOURCE.recognise(W3C)
    assert seen is not None and seen.place == "activitystreams"
    assert Counter(type(fact).__name__ for fact in read(W3C)) == kinds


@pytest.mark.skipif(not W3C.exists(), reason="no real ActivityStreams documents beside the checkout")
def test_types_of_the_w3c_examples() -> None:
    found: Counter[str] = Counter()
    untyped = lists = 0
    for path in sorted(W3C.glob("*.json")):
        types = values.types_of(json.loads(path.read_text(encoding="utf-8")))
        untyped += not types
        lists += len(types) > 1
        found.update(types if len(types) == 1 else ())
    expected = {"Note": 13, "Collection": 9, "Like": 6, "Place": 6, "Question": 6, "Offer": 5, "CollectionPage": 4}
    assert {name: found[name] for name in expected} == expected and (untyped, lists) == (6, 3)


@pytest.mark.skipif(not W3C.exists(), reason="no real ActivityStreams documents beside the checkout")
@pytest.mark.parametrize(
    ("name", "kind", "when"),
    [("core-ex20-jsonld", Kind.REACTION, datetime(2014, 9, 30, 12, 34, 56, tzinfo=UTC)), ("vocabulary-ex108-jsonld", Kind.OTHER, None), ("core-ex4-jsonld", Kind.POST, datetime(2014, 8, 21, 12, 34, 56, tzinfo=UTC))],
)  # fmt: skip
def test_lists_of_types(name: str, kind: Kind, when: datetime | None) -> None:
    (activity,) = did(read(W3C / f"{name}.json"))
    assert (activity.kind, activity.published) == (kind, when)


def test_a_collection_of_many_things() -> None:
    facts = read(DATA / "second.json")
    like, article, check, follow, walk = did(facts)
    assert (like.kind, like.text, like.key.native_id) == (Kind.REACTION, "A <b> note", "https://walk.example/joe#favourite:https://walk.example/n/1")
    assert (article.kind, article.title, article.text, article.precision, article.url) == (Kind.ARTICLE, "On heat", "*plain*", Precision.MINUTE, "https://walk.example/n/2.html")
    assert (check.kind, check.text, dict(check.extra)["type"]) == (Kind.OTHER, "Joe checked the meter", "Check") and '"summary"' in dict(check.extra)["raw"]
    assert (follow.extra, [one.profile.native_id for one in follow.participants]) == ((("reaction", "follow"),), ["https://walk.example/mary"])
    assert (walk.kind, walk.title, walk.published) == (Kind.EVENT, "A walk", datetime(2027, 1, 1, 7, tzinfo=UTC))
    assert [fact.where for fact in facts if isinstance(fact, Rejected)] == [f"second.json record {n}" for n in (6, 7, 8)]
    assert [fact.key.native_id for fact in facts if isinstance(fact, Tombstone)] == ["https://walk.example/n/9"]


def test_the_first_activitystreams_one_per_line() -> None:
    source, seen = importing.recognise(DATA / "first.jsonl")
    assert (source.name, seen.place) == ("activitystreams", "activitystreams")
    facts = read(DATA / "first.jsonl")
    wrote, shared, befriended = did(facts)
    assert (wrote.kind, wrote.text, wrote.published) == (Kind.POST, "First words", datetime(2010, 2, 10, 15, 4, 55, tzinfo=UTC))
    assert (shared.kind, [one.profile.native_id for one in shared.participants]) == (Kind.SHARE, ["tag:walk.example,2010:mary"])
    assert dict(befriended.extra) == {"reaction": "follow"}
    assert {p.display_name for p in facts if isinstance(p, Profile)} == {"Joe Brown", "Mary Jones", ""}


def test_what_is_of_the_fediverse_is_mastodons() -> None:
    source, seen = importing.recognise(DATA / "federated.json")
    assert (source.name, seen.place) == ("activitystreams", "mastodon")
    (activity,) = did(read(DATA / "federated.json"))
    assert activity.key == Key("mastodon", "https://peak.example/users/ann/statuses/1")


@pytest.mark.parametrize("me", ["https://walk.example/joe", "HTTPS://walk.example/JOE"])
def test_who_i_am_can_be_said(me: str) -> None:
    assert {p.key.native_id for p in read(DATA / "second.json", me) if isinstance(p, Profile) and p.is_owner} == {"https://walk.example/joe"}


@pytest.mark.parametrize(
    ("to", "cc", "audience"),
    [
        ("as:Public", None, Audience.PUBLIC), (["Public"], [], Audience.PUBLIC), ("https://a.example/u/joe/followers", ["https://www.w3.org/ns/activitystreams#Public"], Audience.PUBLIC),
        ("https://a.example/u/joe/followers", "https://a.example/u/ann", Audience.FOLLOWERS), (["https://a.example/u/ann"], None, Audience.PRIVATE),
        ({"id": "https://a.example/u/ann"}, [], Audience.PRIVATE), (None, None, Audience.PUBLIC),
    ],
)  # fmt: skip
def test_who_could_read_it(to: Any, cc: Any, audience: Audience) -> None:
    assert values.audience_of({"to": to, "cc": cc}) is audience


@pytest.mark.parametrize("odd", [None, 0, 1.5, True, "", [], {}, [None], [[["x"]]], {"en": 7}, "9999-99-99", "\ud800"])
@pytest.mark.parametrize("name", ["type", "id", "actor", "object", "published", "to", "tag", "attachment", "content", "name", "url", "inReplyTo", "attributedTo"])
def test_odd_values_anywhere_are_no_crash(tmp_path: Path, name: str, odd: Any) -> None:
    note = {"type": "Note", "id": "https://a.example/1", "attributedTo": "https://a.example/joe", "content": "x"}
    for record in ({**note, name: odd}, {"type": "Create", "actor": "https://a.example/joe", "object": {**note, name: odd}, name: odd}, {"type": "Announce", "actor": "https://a.example/joe", "object": note, name: odd}):
        assert all(isinstance(fact, Profile | Activity | Rejected) for fact in said(tmp_path, record))


@pytest.mark.parametrize("type_", ["Article", ["Article", "https://odd.example/Essay"], "https://www.w3.org/ns/activitystreams#Article", "as:Article"])
def test_a_type_is_a_name_a_whole_address_or_a_list_of_both(tmp_path: Path, type_: Any) -> None:
    article = {"type": type_, "id": "https://walk.example/n/1", "nameMap": {"en": "On heat"}, "contentMap": {"en": "<p>Warm</p>"}, "url": [{"type": "Link", "href": "https://walk.example/1"}]}
    (one,) = did(said(tmp_path, {"@context": "https://www.w3.org/ns/activitystreams", "type": "Create", "actor": ["https://walk.example/joe"], "object": article}))
    assert (one.kind, one.title, one.text, one.url, one.actor.native_id) == (Kind.ARTICLE, "On heat", "Warm", "https://walk.example/1", "https://walk.example/joe")


def test_a_word_in_place_of_somebody_is_a_name_and_no_id(tmp_path: Path) -> None:
    for author in ("Sally", {"type": "Person", "name": "Sally"}):
        told = said(tmp_path, {"@context": "https://www.w3.org/ns/activitystreams", "type": "Create", "actor": author, "object": {"type": "Note", "content": "x"}})
        assert [fact.reason for fact in told if isinstance(fact, Rejected)] == ["It calls somebody “Sally” without an id, who could be anybody of that name."]
    post = {"type": "Create", "actor": "acct:sally@walk.example", "to": ["Ann", "https://walk.example/joe"], "object": {"type": "Note", "content": "x"}}
    (one,) = did(said(tmp_path, {"@context": "https://www.w3.org/ns/activitystreams", **post}))
    assert one.actor.native_id == "acct:sally@walk.example" and [who.profile.native_id for who in one.participants] == ["https://walk.example/joe"]


def test_deep_and_mutual_nesting_ends(tmp_path: Path) -> None:
    record: dict[str, Any] = {"type": "Like", "actor": "https://a.example/joe", "object": "https://a.example/1"}
    for _ in range(150):
        record = {"type": "Undo", "actor": "https://a.example/joe", "object": record, "url": [{"href": {"url": {}}}]}
    assert not did(said(tmp_path, record))
    for _ in range(150):
        record = {"type": "Collection", "items": [record]}
    assert not did(said(tmp_path, record))


@pytest.mark.parametrize("raw", ["not json", "{", '"a string"', '{"@context": 3}', "[]"])
def test_what_is_none_is_refused_with_a_sentence(tmp_path: Path, raw: str) -> None:
    path = tmp_path / "one.json"
    path.write_text(raw, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="Nothing was brought in"):
        importing.recognise(path)
    assert all(isinstance(fact, Rejected) for fact in read(path))
