"""Flickr's export from the two descriptions of it: who wrote what under whose photo, and keys that are those of the feeds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience, Key, Kind, Precision
from relationdesk.services.recognising import recognise
from relationdesk.sources.flickr_export import FlickrExport
from tests.sources.chat_reading import DATA, Found, extra, towards

HERE = DATA / "flickr_export" / "72157700000000001_0a1b2c_part1"
ME, IDA = "11111111@N01", "22222222@N02"
OAK = "tag:flickr.com,2005:/photo/700"


def read(path: Path = HERE, me: str = "", *parts: str) -> Found:
    return Found(FlickrExport(), path, me, frozenset(parts) if parts else None)


def test_parts_and_owner() -> None:
    source, seen = recognise(HERE)
    assert (source.name, seen.owner, seen.asks) == ("flickr_export", "Sam Oak", ())
    assert [part.name for part in seen.parts] == ["contacts", "photos", "comments", "faves", "messages"]
    assert {one.kind for one in read(HERE, "", "faves").activities} == {Kind.REACTION}
    owner = read().owner
    assert (owner.key, owner.handle, owner.display_name) == (Key("flickr", ME), "samoak", "Sam Oak")


def test_photos() -> None:
    oak, house = read(HERE, "", "photos").activities
    assert (oak.key.native_id, oak.title, oak.text) == (OAK, "Oak", "An old oak")
    assert oak.published == datetime(2019, 5, 1, 10, 20, 30, tzinfo=UTC) and extra(oak) == {"tags": "oak, tree", "taken": "1999-04-01 10:00:00"}
    assert (oak.audience, house.audience) == (Audience.PUBLIC, Audience.FOLLOWERS)
    assert oak.url == "https://www.flickr.com/photos/samoak/700/"


def test_comments_under_my_photos_and_elsewhere() -> None:
    found = [(one.key.native_id, one) for one in read(HERE, "", "comments").activities]
    assert [name for name, _ in found] == [f"comment:72157600000000{number}" for number in ("701", "702", "901", "702")]  # the same one from both files
    theirs, mine, elsewhere, again = (one for _, one in found)
    assert (theirs.actor, towards(theirs), theirs.in_reply_to) == (Key("flickr", IDA), {(ME, "reply_to")}, OAK)
    assert (mine.actor.native_id, towards(mine)) == (ME, set()) and (again.text, again.published) == (mine.text, mine.published)
    assert (elsewhere.text, towards(elsewhere)) == ("Lovely light", {(IDA, "reply_to")})


def test_contacts_are_known_and_followers_are_not() -> None:
    found = read(HERE, "", "contacts")
    assert {name: one.known for name, one in found.others().items()} == {IDA: True, "https://flickr.com/people/kimt": True, "44444444@N04": False}
    assert found.rejects == ["It does not say who this is."]


def test_favourites_have_no_time() -> None:
    found = read(HERE, "", "faves")
    (one,) = found.activities
    assert (one.published, one.precision, towards(one), one.in_reply_to) == (None, Precision.UNKNOWN, {(IDA, "subject")}, "tag:flickr.com,2005:/photo/900")
    assert found.rejects == ["It has no number of a photo."]


@pytest.mark.parametrize("name", ["faves", "favorites"])
def test_favourites_under_either_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "faves_part001.json"
    path.write_text(json.dumps({name: [{"photo_id": "900", "photo_url": "https://www.flickr.com/photos/ida/900/"}]}))
    (one,) = read(path, ME).activities
    assert (one.kind, one.in_reply_to) == (Kind.REACTION, "tag:flickr.com,2005:/photo/900")


def test_letters_of_either_spelling() -> None:
    found = read(HERE, "", "messages")
    assert [(one.key.native_id, one.actor.native_id, towards(one), one.text) for one in found.activities] == [
        ("mail:5001", IDA, {(ME, "to")}, "May I print it?"), ("mail:5002", ME, {(IDA, "to")}, "Please do"),
    ]  # fmt: skip
    assert {one.audience for one in found.activities} == {Audience.PRIVATE} and found.profiles[IDA].known
    assert found.rejects == ["It does not say who the other one is."]


def test_a_part_without_the_profile() -> None:
    assert read(HERE / "photo_700.json").owner.key == Key("flickr", "https://flickr.com/people/samoak")
    with pytest.raises(UnreadableFile, match="Whose export of Flickr"):
        read(HERE / "faves_part001.json")
    assert read(HERE / "faves_part001.json", ME).owner.key == Key("flickr", ME)


def test_other_json_is_none(tmp_path: Path) -> None:
    for name, text in (("photo_1.json", '{"id": 1}'), ("received_flickrmail_part001.json", '{"flickrmail": []}'), ("a.json", '{"contacts": {"a": "b"}}')):
        (tmp_path / name).write_text(text)
        assert FlickrExport().recognise(tmp_path / name) is None
    assert FlickrExport().recognise(tmp_path) is None
