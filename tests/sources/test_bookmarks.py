"""Bookmarks in every form, the real ones beside the checkout and crafted ones with the traps of each."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Audience, Key, Kind, Precision
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.bookmark_html import tokens
from relationdesk.sources.bookmark_marks import moment
from relationdesk.sources.bookmarks import Bookmarks
from tests.sources.chat_reading import DATA, Found, extra, real

HERE = DATA / "bookmarks"
COUNTS = {
    "chromium_nested.htm": 18, "delicious.htm": 5, "firefox_flat.htm": 21, "google_bookmarks_nested.htm": 6, "internet_explorer_11_flat.htm": 18,
    "netscape_basic.htm": 2, "netscape_extended.htm": 1, "netscape_multiline.htm": 3, "safari_folded.htm": 3, "scuttle.htm": 4, "shaarli.htm": 6,
    "pinboard.json": 2, "delicious_posts.xml": 2,
}  # fmt: skip


def read(path: Path, me: str = "") -> Found:
    return Found(Bookmarks(), path, me)


def page(tmp_path: Path, body: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "bookmarks.html"
    path.write_bytes(f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{body}\n</DL>".encode(encoding))
    return path


@pytest.mark.parametrize(("name", "links"), COUNTS.items())
def test_the_real_ones(name: str, links: int) -> None:
    path = real(f"bookmarks/{name}")
    assert recognise(path)[0].name == "bookmarks"
    found = read(path, "sam" if name == "pinboard.json" else "")
    assert len(found.activities) == links and {one.kind for one in found.activities} == {Kind.BOOKMARK}
    assert len({one.key for one in found.activities}) == links


def test_folders_and_places_of_real_ones() -> None:
    assert "Dev/PHP" in {extra(one).get("folder", "").removeprefix("Personal toolbar/") for one in read(real("bookmarks/chromium_nested.htm")).activities}
    safari = read(real("bookmarks/safari_folded.htm")).activities
    assert {(one.published, one.precision) for one in safari} == {(None, Precision.UNKNOWN)}
    assert extra(safari[-1])["folder"] == "Autre Divers/doc"


def test_privacy_and_dates_of_real_ones() -> None:
    delicious = read(real("bookmarks/delicious.htm")).activities
    assert [one.audience is Audience.PRIVATE for one in delicious] == [False, False, True, False, False]
    assert extra(delicious[0])["tags"] == "firefox, bookmark, export"
    basic = read(real("bookmarks/netscape_basic.htm")).activities
    assert basic[0].published == datetime(2000, 10, 10, 10, 55, 36, tzinfo=UTC) and basic[0].audience is Audience.PRIVATE
    assert extra(basic[0])["tags"] == "private, secret"
    google = read(real("bookmarks/google_bookmarks_nested.htm")).activities
    assert google[0].published == datetime(2018, 1, 9, 16, 34, 57, tzinfo=UTC)
    shaarli = read(real("bookmarks/shaarli.htm")).activities
    assert sum(one.audience is Audience.PRIVATE for one in shaarli) == 2
    assert (shaarli[0].url, extra(shaarli[0])["link"]) == ("", "?lY47tw")


def test_notes_of_real_ones() -> None:
    (story,) = read(real("bookmarks/netscape_extended.htm")).activities
    assert story.text.startswith("For 10 years") and "<" not in story.text
    lines = read(real("bookmarks/netscape_multiline.htm")).activities
    assert lines[0].text == "List:\n- item1\n- item2\n- item3"
    assert "Paragraph number one.\n\nParagraph\nnumber\ntwo." in lines[2].text
    assert read(real("bookmarks/scuttle.htm")).activities[2].title.startswith("Linguee - Das Web als WÃ¶rterbuch")  # as the file has it


def test_lists_of_real_ones() -> None:
    pinboard = read(real("bookmarks/pinboard.json"), "sam").activities
    assert [len(extra(one)["tags"].split(", ")) for one in pinboard] == [3, 2]
    assert [one.audience for one in pinboard] == [Audience.PUBLIC, Audience.PRIVATE]
    delicious = read(real("bookmarks/delicious_posts.xml"))
    assert [one.published.date().isoformat() for one in delicious.activities if one.published] == ["2006-11-07", "2006-10-29"]
    assert [extra(one)["tags"] for one in delicious.activities] == ["gwt, Web2.0", "foo"]
    assert delicious.owner.handle == "jdwyah" and delicious.owner.key.place == "delicious"


def test_a_folder_of_all_is_read_together() -> None:
    found = [fact for fact in Bookmarks().read(real("bookmarks"), Options(me="sam")) if hasattr(fact, "kind")]
    assert len(found) == sum(COUNTS.values())


def test_a_browser_file() -> None:
    found = read(HERE / "browser.html")
    assert [(one.title, extra(one).get("folder", "")) for one in found.activities] == [("Ida & friends", "Work"), ("Offer", "Work/Offers"), ("No date", "")]
    assert found.activities[0].text == "Her blog, see this\nsecond line"
    assert found.activities[1].published == datetime(2023, 11, 14, 22, 16, 40, tzinfo=UTC)
    assert {one.audience for one in found.activities} == {Audience.PRIVATE}
    assert found.rejects == ["Left out: searches, pages and scripts of the browser itself (1)."]


FROM_MANY = """<DT><H3 ADD_DATE="1400000000">Bar</H3>
<DL><p>
<DT><A HREF="https://e.example/a" ADD_DATE="1500000000" PRIVATE="1" TOREAD="1" TAGS="one,two words">A &amp; B</A>
<DD>note with <a href="https://inner.example/">inner</a> and
second line
<DT><H3>Sub</H3>
<DL><p><DT><A HREF="https://e.example/b" ADD_DATE="1515515697780642">micro</A></DL><p>
<DT><A HREF="https://e.example/c" ADD_DATE="10/Oct/2000:13:55:36 +0300" TAGS="x y" PRIVATE="0">apache</A>
</DL><p>
<DT><A HREF="https://e.example/d">safari</A>
<DT><A HREF="place:sort=8" ADD_DATE="1500000000">Recent</A>
<dt><a href=https://e.example/f add_date=1500000001>plain</a>"""


def test_what_many_programs_write(tmp_path: Path) -> None:
    found = read(page(tmp_path, FROM_MANY))
    assert [(one.title, f"{one.published:%Y-%m-%d %H:%M:%S}" if one.published else "", extra(one).get("folder", ""), extra(one).get("tags", "")) for one in found.activities] == [
        ("A & B", "2017-07-14 02:40:00", "Bar", "one, two words"), ("micro", "2018-01-09 16:34:57", "Bar/Sub", ""), ("apache", "2000-10-10 10:55:36", "Bar", "x, y"),
        ("safari", "", "", ""), ("plain", "2017-07-14 02:40:01", "", ""),
    ]  # fmt: skip
    assert found.activities[0].text == "note with inner and\nsecond line" and extra(found.activities[0])["to_read"] == "yes"
    assert found.rejects == ["Left out: searches, pages and scripts of the browser itself (1)."]


def test_pinboard_shares_the_keys_of_its_followed_page() -> None:
    as_json, as_xml = read(HERE / "pinboard.json", "sam"), read(HERE / "posts.xml")
    assert as_json.owner.key == as_xml.owner.key == Key("pinboard", "https://pinboard.in/u:sam")
    assert as_json.activities[1].key == as_xml.activities[1].key == Key("pinboard", "https://pinboard.in/u:sam#https://alder.example/")
    assert as_xml.activities[0].url == "https://ida.example/?a=1&b=2" and as_xml.activities[0].audience is Audience.PRIVATE
    assert extra(as_json.activities[0]) == {"tags": "ida, web", "to_read": "yes"} and as_json.activities[0].text == "two\nlines"


@pytest.mark.parametrize("said", ["Sam", "u:sam", "https://pinboard.in/u:sam/"])
def test_whose_on_pinboard_is_asked_for_so_that_nothing_comes_twice(said: str) -> None:
    recognised = Bookmarks().recognise(HERE / "pinboard.json")
    assert recognised is not None and [ask.name for ask in recognised.asks] == ["me"]
    for nobody in ("", "two words"):
        with pytest.raises(UnreadableFile, match=r"Whose bookmarks on Pinboard .* answered first"):
            read(HERE / "pinboard.json", nobody)
    assert read(HERE / "pinboard.json", said).owner.key == Key("pinboard", "https://pinboard.in/u:sam")
    assert list(Bookmarks().read(HERE / "pinboard.json", Options(answers={"me": said})))
    told = [found.asks for file in ("posts.xml", "browser.html", "raindrop.csv") if (found := Bookmarks().recognise(HERE / file))]
    assert told == [(), (), ()]


def test_raindrop() -> None:
    found = read(HERE / "raindrop.csv")
    assert [one.key.native_id for one in found.activities] == ["me#101", "me#102"]
    assert [one.text for one in found.activities] == ["my note", "What the page says"]
    assert extra(found.activities[0]) == {"folder": "People / Friends", "tags": "ida, my friends"}
    assert found.rejects == ["This bookmark has no address."]


def test_one_page_saved_twice_stays_twice_but_the_same_line_does_not(tmp_path: Path) -> None:
    one, other = '<DT><A HREF="https://a.example/" ADD_DATE="1700000000">A</A>', '<DT><A HREF="https://a.example/" ADD_DATE="1700000001">A</A>'
    assert len(read(page(tmp_path, f"{one}\n{other}\n{one}")).activities) == 2


def test_old_code_pages_and_utf_16(tmp_path: Path) -> None:
    body = '<DT><A HREF="https://a.example/" ADD_DATE="1">Größe</A>'
    for encoding in ("utf-8", "cp1252", "utf-16"):
        (found,) = read(page(tmp_path, body, encoding)).activities
        assert (found.title, found.published) == ("Größe", None)


def test_tags_cut_by_the_edge_of_what_is_read_at_once(tmp_path: Path) -> None:
    for padding in range(65_400, 65_480, 7):
        body = f'<DT><A HREF="https://a.example/?{"x" * padding}" ADD_DATE="1700000000">A &gt; B</A><DD>note<DT><A HREF="https://b.example/">B</A>'
        assert [(one.title, one.text) for one in read(page(tmp_path, body)).activities] == [("A > B", "note"), ("B", "")]


SOUP = {
    "unclosed addresses": '<DT><A HREF="' * 50_000, "comments": "<!--" * 400_000, "lists": "<DL>" * 200_000, "long name": "<A " + "a" * 2_000_000,
    "no values": "<A " + "a= " * 400_000, "notes": "<DD>" * 200_000, "escapes": "<DT><A HREF='x" + "&amp" * 500_000, "tags in tags": "<A HREF=x " * 200_000,
    "quotes": "<A HREF='x\" " * 100_000, "blanks": "<A HREF" + " " * 2_000_000,
}  # fmt: skip


@pytest.mark.parametrize("kind", SOUP)
def test_soup_is_read_in_one_go(tmp_path: Path, kind: str) -> None:
    path = page(tmp_path, SOUP[kind])
    Bookmarks().recognise(path)
    assert len(read(path).activities) <= 50_000


def test_a_comment_is_no_bookmark_and_one_without_end_hides_none(tmp_path: Path) -> None:
    assert read(page(tmp_path, '<!-- <DT><A HREF="https://a.example/">A</A> -->')).activities == []
    assert len(read(page(tmp_path, '<!-- <DT><A HREF="https://a.example/">A</A>')).activities) == 1


def test_what_stands_between_the_tags_is_given_on_in_pieces() -> None:
    assert sum(len(one.text) for one in tokens(io.BytesIO(b"x" * 1_000_000))) == 1_000_000


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("1515515697780642", "2018-01-09T16:34:57+00:00"), ("1515515697780", "2018-01-09T16:34:57+00:00"), ("1515515697", "2018-01-09T16:34:57+00:00"),
        ("10/Oct/2000:13:55:36 -0730", "2000-10-10T21:25:36+00:00"), ("2024-05-01T10:00:00.5+02:00", "2024-05-01T08:00:00+00:00"),
        ("0", ""), ("", ""), ("99999999999999999", ""), ("31/Feb/2000:13:55:36 +0000", ""), ("0001-01-01", ""), ("9999-12-31T23:59:59-14:00", ""),
    ],
)  # fmt: skip
def test_times(written: str, seen: str) -> None:
    found = moment(written)
    assert (found.isoformat() if found else "") == seen


def test_a_web_page_or_a_zip_of_other_things_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><a href='https://a.example/'>A</a></body></html>")
    assert Bookmarks().recognise(tmp_path / "a.html") is None
    with pytest.raises(UnreadableFile, match="holds no bookmarks"):
        list(Bookmarks().read(tmp_path / "a.html", Options()))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(HERE / "browser.html", "Takeout/Chrome/Bookmarks.html")
        archive.writestr("Takeout/a.txt", "x")
        archive.writestr("Takeout/b.txt", "x")
    seen = Bookmarks().recognise(tmp_path / "a.zip")
    assert seen is not None and seen.certainty < 0.5
