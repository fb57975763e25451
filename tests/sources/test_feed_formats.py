"""Every feed format to the same entries; dates in all the forms people write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from relationdesk.errors import UnexpectedAnswer
from relationdesk.model import Precision
from relationdesk.sources.feed_dates import feed_date
from relationdesk.sources.feed_formats import read_feed

URL = "https://blog.example/feed"
MOMENT = datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)


def rss(items: str, channel: str = "<title>Ann writes</title><link>https://blog.example/</link>") -> bytes:
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:atom="http://www.w3.org/2005/Atom"'
    )
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{channel}{items}</channel></rss>'.encode()


def atom(entries: str, head: str = "<title>Ann</title>") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()


def one(body: bytes, content_type: str = ""):
    (entry,) = read_feed(body, URL, content_type).entries
    return entry


def test_rss_2():
    document = read_feed(
        rss(
            '<item><guid isPermaLink="false">p12</guid><link>/12</link><title>ERP &amp;amp; us</title>'
            "<pubDate>Fri, 20 Nov 2026 11:00:05 +0100</pubDate><dc:creator>Ann Example</dc:creator>"
            "<description>short</description><content:encoded><![CDATA[<p>Long <b>text</b></p>]]></content:encoded>"
            '<category>erp</category><enclosure url="/a.mp3" length="1" type="audio/mpeg"/></item>'
        ),
        URL,
    )
    assert (document.title, document.url) == ("Ann writes", "https://blog.example/")
    (entry,) = document.entries
    assert (entry.id, entry.url, entry.title) == ("p12", "https://blog.example/12", "ERP & us")
    assert (entry.published, entry.precision) == (MOMENT, Precision.SECOND)
    assert (entry.author, entry.text, entry.tags) == ("Ann Example", "Long text", ("erp",))
    assert entry.enclosure == "https://blog.example/a.mp3"


def test_rss_1_and_0_9():
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://blog.example/"><title>Ann</title>
      <link>https://blog.example/</link></channel><item rdf:about="https://blog.example/1"><title>One</title>
      <link>https://blog.example/1</link><dc:date>2026-11-20T10:00:05Z</dc:date><dc:creator>Ann</dc:creator></item>
      </rdf:RDF>"""
    entry = one(body)
    assert (entry.id, entry.title, entry.published, entry.author) == ("https://blog.example/1", "One", MOMENT, "Ann")
    old = body.replace(b"http://purl.org/rss/1.0/", b"http://my.netscape.com/rdf/simple/0.9/")
    assert one(old).title == "One"


def test_rss_0_91_with_its_doctype():
    body = (
        b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        b'"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Ann</title>'
        b"<item><title>One</title><link>https://blog.example/1</link></item></channel></rss>"
    )
    entry = one(body)
    assert (entry.id, entry.published, entry.precision) == ("https://blog.example/1", None, Precision.UNKNOWN)


def test_atom_1():
    document = read_feed(
        atom(
            '<entry><id>tag:blog.example,2026:1</id><title type="html">A &amp;lt;b&amp;gt; &lt;i&gt;c&lt;/i&gt;</title>'
            '<link rel="edit" href="/e"/><link href="1"/><updated>2026-11-21T00:00:00Z</updated>'
            "<published>2026-11-20T10:00:05Z</published><author><name>Ann</name><uri>/ann</uri></author>"
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <em>you</em> &lt;3</p></div></content>'
            '<category term="erp" label="ERP"/></entry>',
            '<title>Ann</title><link rel="self" href="/feed"/><link href="/home/" rel="alternate"/>'
            "<author><name>Ann Example</name></author>",
        ),
        URL,
    )
    assert (document.author, document.url) == ("Ann Example", "https://blog.example/home/")
    (entry,) = document.entries
    assert (entry.id, entry.url) == ("tag:blog.example,2026:1", "https://blog.example/1")
    assert (entry.title, entry.text) == ("A <b> c", "Hi you <3")
    assert (entry.published, entry.edited) == (MOMENT, datetime(2026, 11, 21, tzinfo=UTC))
    assert (entry.author, entry.author_url, entry.tags) == ("Ann", "https://blog.example/ann", ("ERP",))


def test_atom_plain_text_is_not_read_as_markup():
    entry = one(atom("<entry><id>x</id><title>1 &lt; 2 &amp;amp; 3</title><summary>a &lt;b&gt; c</summary></entry>"))
    assert (entry.title, entry.text) == ("1 < 2 &amp; 3", "a <b> c")


def test_atom_0_3():
    body = b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Ann</title><entry><title>One</title>
      <link rel="alternate" type="text/html" href="https://blog.example/1"/><issued>2026-11-20T10:00:05Z</issued>
      <id>tag:1</id><content type="text/html" mode="escaped">&lt;p&gt;Hi&lt;/p&gt;</content></entry></feed>"""
    entry = one(body)
    assert (entry.id, entry.published, entry.text) == ("tag:1", MOMENT, "Hi")


def test_atom_without_its_name_space():
    assert one(b"<feed><title>A</title><entry><id>1</id><title>One</title></entry></feed>").title == "One"


def test_relative_links_follow_xml_base():
    entry = one(
        atom('<entry xml:base="p/"><id>1</id><link href="1"/></entry>').replace(
            b"<feed ", b'<feed xml:base="https://x.example/b/" '
        )
    )
    assert entry.url == "https://x.example/b/p/1"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.example"]
)
def test_only_web_links_are_links(link):
    assert one(rss(f"<item><guid>{link}</guid><link>{link}</link><title>x</title></item>")).url == ""


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_json_feed(version):
    author = {"name": "Ann", "url": "https://ann.example"}
    people = {"author": author} if version.endswith("/1") else {"authors": [author]}
    body = {
        "version": version, "title": "Ann", "home_page_url": "https://blog.example/", **people,
        "items": [
            {"id": 7, "url": "/7", "title": "T &amp; U", "content_html": "<p>Hi</p>", "date_published": "2026-11-20T10:00:05Z",
             "tags": ["a", 3]},
            {"id": "8", "content_text": "plain <b>", "external_url": "https://other.example/"},
            "nonsense", {"title": ""},
        ],
    }  # fmt: skip
    document = read_feed(b"\xef\xbb\xbf" + json.dumps(body).encode(), URL)
    assert (document.author, document.author_url, document.url) == (
        "Ann",
        "https://ann.example",
        "https://blog.example/",
    )
    first, second = document.entries
    assert (first.id, first.url, first.title, first.text, first.tags) == (
        "7",
        "https://blog.example/7",
        "T & U",
        "Hi",
        ("a",),
    )
    assert (second.id, second.url, second.text) == ("8", "https://other.example/", "plain <b>")
    assert len(document.rejected) == 2


def test_pinboard_bookmarks():
    body = json.dumps(
        [
            {
                "u": "https://acme.example/",
                "d": "Acme",
                "n": "good",
                "dt": "2026-11-20T10:00:05Z",
                "a": "ann",
                "t": ["erp"],
            }
        ]
    )
    entry = one(body.encode())
    assert (entry.id, entry.title, entry.text, entry.published, entry.tags) == (
        "https://acme.example/", "Acme", "good", MOMENT, ("erp",),
    )  # fmt: skip


def test_youtube():
    body = b"""<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
      xmlns="http://www.w3.org/2005/Atom"><yt:channelId>aaaaaaaaaaaaaaaaaaaaaa</yt:channelId><title>Acme</title><entry>
      <id>yt:video:v1</id><title>Press</title><link rel="alternate" href="https://www.youtube.com/watch?v=v1"/>
      <media:group><media:description>A tour.</media:description></media:group></entry></feed>"""
    document = read_feed(body, "https://www.youtube.com/feeds/videos.xml?channel_id=UCx")
    assert document.stable_id == "aaaaaaaaaaaaaaaaaaaaaa" and document.entries[0].text == "A tour."


def test_an_entry_is_told_by_its_id_then_its_link_then_its_words():
    by_link = one(rss("<item><link>https://blog.example/1</link><title>x</title></item>"))
    assert by_link.id == "https://blog.example/1"
    words = "<item><title>x</title><pubDate>Fri, 20 Nov 2026 10:00:05 GMT</pubDate><description>{}</description></item>"
    first, second = one(rss(words.format("a"))), one(rss(words.format("b")))
    assert first.id == second.id and first.id.startswith("sha256:")
    document = read_feed(rss("<item/><item><title>ok</title></item><item><guid>  </guid></item>"), URL)
    assert [entry.title for entry in document.entries] == ["ok"] and len(document.rejected) == 2


def test_the_same_id_twice_is_one_entry():
    document = read_feed(
        rss("<item><guid>1</guid><title>a</title></item><item><guid>1</guid><title>b</title></item>"), URL
    )
    assert [entry.title for entry in document.entries] == ["a"]


@pytest.mark.parametrize(
    ("author", "name"),
    [("ann@hotel.example (Ann Example)", "Ann Example"), ("ann@hotel.example", ""), ("Ann", "Ann")],
)
def test_an_address_is_not_a_name(author, name):
    assert one(rss(f"<item><guid>1</guid><author>{author}</author></item>")).author == name
    feed = f"<rss><channel><title>x</title><managingEditor>{author}</managingEditor><item><guid>1</guid></item></channel></rss>"
    assert read_feed(feed.encode(), URL).author == name


@pytest.mark.parametrize(
    "body",
    [
        b"", b" \n", b"<html><body>Sign in</body></html>", b"<!doctype html><p>x", b"{}", b"[]", b'{"items": []}', b"[1]",
        b'{"version": "https://jsonfeed.org/version/1"}', b"<opml/>", b"<rss/>", b"<rss><channel><item><title>x</channel>",
        b"[" * 100_000, b"not a feed", b'{"version": NaN}', b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)  # fmt: skip
def test_nonsense_is_an_unexpected_answer(body):
    with pytest.raises(UnexpectedAnswer, match=r"deleted|kept"):
        read_feed(body, URL)


def test_a_damaged_feed_keeps_its_whole_entries_and_says_so():
    whole = rss("<item><guid>1</guid><title>a</title></item><item><guid>2</guid><title>b</title></item>")
    document = read_feed(whole[: whole.index(b"<title>b") + 9], URL)
    assert [entry.id for entry in document.entries] == ["1"] and document.damage and len(document.rejected) == 1


def test_a_feed_without_entries_is_a_feed():
    assert read_feed(rss(""), URL).entries == () and read_feed(atom(""), URL).title == "Ann"


def test_very_many_entries_are_cut_and_it_is_said():
    document = read_feed(rss("".join(f"<item><guid>{i}</guid></item>" for i in range(2_100))), URL)
    assert len(document.entries) == 2_000 and len(document.rejected) == 1


def test_surrogates_and_controls_do_not_come_through():
    body = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "a\\ud800\\u0000", "title": "x\\u202ey"}]}'
    entry = one(body.encode())
    entry.id.encode()
    assert "\u202e" not in entry.title and "\x00" not in entry.id


SECOND, MINUTE, DAY, MONTH, YEAR = Precision.SECOND, Precision.MINUTE, Precision.DAY, Precision.MONTH, Precision.YEAR


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("Fri, 20 Nov 2026 10:00:05 GMT", "2026-11-20T10:00:05+00:00", SECOND),
        ("Fri, 20 Nov 2026 10:00:05 +0130", "2026-11-20T08:30:05+00:00", SECOND),
        ("20 Nov 2026 10:00:05 Z", "2026-11-20T10:00:05+00:00", SECOND),
        ("Fri, 20 Nov 26 10:00 EST", "2026-11-20T15:00:00+00:00", MINUTE),
        ("Fri, 20 Nov 98 10:00:05 UT", "1998-11-20T10:00:05+00:00", SECOND),
        ("Friday, 20-November-2026 10:00:05 PDT", "2026-11-20T17:00:05+00:00", SECOND),
        ("Fri,20 Nov 2026 10:00:05 GMT", "2026-11-20T10:00:05+00:00", SECOND),
        ("Fri, 20 Nov 2026 10:00:05 GMT+2", "2026-11-20T08:00:05+00:00", SECOND),
        ("Fri, 20 Nov 2026 10:00:05 +01:00 (CET)", "2026-11-20T09:00:05+00:00", SECOND),
        ("Fri, 20 Nov 2026 24:00:00 GMT", "2026-11-21T00:00:00+00:00", SECOND),
        ("Fri, 20 Nov 2026 23:59:60 GMT", "2026-11-20T23:59:59+00:00", SECOND),
        ("Fri, 20 Nov 2026 10:00:05", "2026-11-20T00:00:00+00:00", DAY),
        ("Fri, 20 Nov 2026 10:00:05 XYZ", "2026-11-20T00:00:00+00:00", DAY),
        ("Fri, 20 Nov 2026", "2026-11-20T00:00:00+00:00", DAY),
        ("Fri Nov 20 10:00:05 2026", "2026-11-20T00:00:00+00:00", DAY),
        ("Fri Nov 20 10:00:05 UTC 2026", "2026-11-20T10:00:05+00:00", SECOND),
        ("November 20, 2026", "2026-11-20T00:00:00+00:00", DAY),
        ("2026-11-20T10:00:05Z", "2026-11-20T10:00:05+00:00", SECOND),
        ("2026-11-20t10:00:05.123456789z", "2026-11-20T10:00:05+00:00", SECOND),
        ("2026-11-20T10:00:05,5+0530", "2026-11-20T04:30:05+00:00", SECOND),
        ("2026-11-20 10:00:05 -0800", "2026-11-20T18:00:05+00:00", SECOND),
        ("2026-11-20 10:00:05 UTC", "2026-11-20T10:00:05+00:00", SECOND),
        ("20261120T100005Z", "2026-11-20T10:00:05+00:00", SECOND),
        ("2026-11-20T10:00+01:00", "2026-11-20T09:00:00+00:00", MINUTE),
        ("2026-11-20T10:00:05", "2026-11-20T00:00:00+00:00", DAY),
        ("2026-11-20", "2026-11-20T00:00:00+00:00", DAY),
        ("2026-11", "2026-11-01T00:00:00+00:00", MONTH),
        ("2026", "2026-01-01T00:00:00+00:00", YEAR),
        ("2099-01-01T00:00:00Z", "2099-01-01T00:00:00+00:00", SECOND),
        ("  \n2026-11-20 ", "2026-11-20T00:00:00+00:00", DAY),
    ],
)
def test_dates(text, iso, precision):
    moment, found = feed_date(text)
    assert moment is not None and (moment.isoformat(), found) == (iso, precision)


@pytest.mark.parametrize(
    "text",
    ["", "now", "yesterday", "0000-00-00T00:00:00Z", "2026-13-01", "2026-02-30", "31 Feb 2026 10:00 GMT", "20/11/2026",
     "1/2/26", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1970-01-01T00:00:00Z",
     "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 20 Foo 2026", "1e400", "१२", "9" * 10_000, "(" * 10_000, "-1", "12:00"],
)  # fmt: skip
def test_what_is_no_date_is_unknown_and_never_now(text):
    assert feed_date(text) == (None, Precision.UNKNOWN)


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><title>Wi-Fi</title>", b" <html lang=en><p>x", b"<!-- x -->\n<HTML></HTML>"])
def test_a_web_page_in_place_of_a_feed_says_what_may_be_the_matter(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"web page came in place of the feed.* nothing was deleted.* In a hotel or on a train"):
        read_feed(body, "https://hotel.example/feed", "text/html")
