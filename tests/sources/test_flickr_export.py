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


REAL_SHAPES = {
    "account_profile.json": {"real_name": "Mara Lind", "profile_url": "https://www.flickr.com/people/maralind/", "nsid": "44444444@N00", "screen_name": "Mara L."},
    "account_testimonials.json": {"testimonials": {
        "given": [{"author_or_subject_screen_name": "otto", "profile_url": "https://www.flickr.com/people/otto/", "body": "A <b>patient</b> teacher.", "created": "2009-02-03 10:00:00"}],
        "received": [{"author_or_subject_screen_name": "pia", "profile_url": "https://www.flickr.com/people/pia/", "body": "Sees light.", "created": "2010-02-03 10:00:00"}, {"body": ""}],
    }},
    "group_discussions.json": {"discussions": [{"type": "reply", "subject": "Which lens?", "url": "https://www.flickr.com/groups/lenses/discuss/7215/", "message": "The 50.", "created": "2012-03-04 05:06:07"}]},
    "photos_comments_part001.json": {"comments": [{"photo_id": "4711", "photo_url": "https://www.flickr.com/photos/otto/4711/", "comment": "The grain!", "created": "2019-05-01 10:20:30", "comment_url": "https://www.flickr.com/photos/otto/4711/#comment721578001"}]},
    "sets_comments_part001.json": {"comments": [{"photoset_id": "99", "photo_url": "", "comment": "Fine album", "created": "2018-01-01 00:00:01", "comment_url": "https://www.flickr.com/photos/otto/sets/99/comments#comment55555"}]},
    "received_flickrmail_part001.json": {"flickrmail": [{"id": "721", "from_user_id": "77777777@N00", "to_user_id": "44444444@N00", "subject": "Prints?", "message": "Do you sell?", "date_sent": "2021-03-15 11:30:00"}]},
    "sent_flickrmail_part001.json": {"flickrmail": [{"id": "723", "from_user_id": "44444444@N00", "to_user_id": "77777777@N00", "to_user_name": "pia", "message": "Yes", "date_sent": "2021-03-15 12:30:00"}]},
}  # fmt: skip


def shaped(folder: Path, **more: object) -> Path:
    for name, value in (REAL_SHAPES | more).items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    return folder


def test_the_names_of_fields_in_exports_of_today(tmp_path: Path) -> None:
    """Letters name both sides by user_id, comments and posts tell when they were created."""
    found = read(shaped(tmp_path))
    assert [(one.kind, one.actor.native_id, f"{one.published}"[:19], one.text, towards(one)) for one in found.activities] == [
        (Kind.COMMENT, "44444444@N00", "2019-05-01 10:20:30", "The grain!", {("https://flickr.com/people/otto", "reply_to")}),
        (Kind.COMMENT, "44444444@N00", "2018-01-01 00:00:01", "Fine album", {("https://flickr.com/people/otto", "reply_to")}),
        (Kind.MESSAGE, "77777777@N00", "2021-03-15 11:30:00", "Do you sell?", {("44444444@N00", "to")}),
        (Kind.MESSAGE, "44444444@N00", "2021-03-15 12:30:00", "Yes", {("77777777@N00", "to")}),
        (Kind.REPLY, "44444444@N00", "2012-03-04 05:06:07", "The 50.", set()),
        (Kind.RECOMMENDATION, "44444444@N00", "2009-02-03 10:00:00", "A patient teacher.", {("https://flickr.com/people/otto", "subject")}),
        (Kind.RECOMMENDATION, "https://flickr.com/people/pia", "2010-02-03 10:00:00", "Sees light.", {("44444444@N00", "subject")}),
    ]  # fmt: skip
    assert found.profiles["77777777@N00"].display_name == "pia"
    assert found.rejects == ["It does not say what was written."]


def test_a_photo_says_who_is_in_it_and_has_all_its_comments_and_tags(tmp_path: Path) -> None:
    comments = [{"id": f"7215771{n:03}", "date": "2020-03-15 20:00:00", "user": "77777777@N00", "comment": f"Nice {n}"} for n in range(250)]
    photo = {
        "id": "31", "name": "Harbour", "date_taken": "0000-00-00 00:00:00", "date_imported": "2020-03-15 18:00:00", "photopage": "https://www.flickr.com/photos/maralind/31/",
        "tags": ["old", {"tag": "sea"}], "people": [{"nsid": "77777777@N00", "username": "pia", "userurl": "https://www.flickr.com/people/pia/"}], "comments": comments,
    }  # fmt: skip
    shaped(tmp_path, **{"photo_31.json": photo})
    found = read(tmp_path, "", "photos", "comments")
    (one,) = (one for one in found.activities if one.kind is Kind.PHOTO)
    assert (towards(one), extra(one)) == ({("77777777@N00", "mentioned")}, {"tags": "old, sea"})
    assert (found.profiles["77777777@N00"].display_name, found.profiles["77777777@N00"].url) == ("pia", "https://www.flickr.com/people/pia/")
    assert sum(one.text.startswith("Nice") for one in found.activities) == 250
