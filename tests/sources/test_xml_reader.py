"""XML as feeds really send it, and XML as an attacker sends it."""

from __future__ import annotations

import contextlib

import pytest

from relationdesk.errors import UnexpectedAnswer
from relationdesk.sources.xml_reader import MAX_DEPTH, decode, read_xml


def text_of(body: bytes, charset: str = "") -> str:
    return read_xml(body, charset).root.text()


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        ("<a>Grüße</a>".encode(), "", "Grüße"),
        ("<a>Grüße</a>".encode("utf-8-sig"), "", "Grüße"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>Grüße</a>'.encode("latin-1"), "", "Grüße"),
        ("<a>Grüße – “ok”</a>".encode("cp1252"), "", "Grüße – “ok”"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>“ok”</a>'.encode("cp1252"), "", "“ok”"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>Grüße</a>'.encode(), "", "Grüße"),
        ("<a>Привет</a>".encode("koi8-r"), "koi8-r", "Привет"),
        ('<?xml version="1.0" encoding="windows-1251"?><a>Привет</a>'.encode("cp1251"), "", "Привет"),
        ('<?xml version="1.0" encoding="Shift_JIS"?><a>日本語</a>'.encode("shift_jis"), "", "日本語"),
        ('<?xml version="1.0" encoding="iso-2022-jp"?><a>日本語</a>'.encode("iso-2022-jp"), "", "日本語"),
        ('<?xml version="1.0" encoding="utf-16"?><a>Grüße</a>'.encode("utf-16"), "", "Grüße"),
        ("<a>Grüße</a>".encode("utf-16-be"), "", "Grüße"),
        (b'<?xml version="1.0" encoding="unicode_escape"?><a>\\u0041\xff</a>', "", "\\u0041ÿ"),
        (b'<?xml version="1.0" encoding="nonsense"?><a>x\xe4</a>', "rot13", "xä"),
        (b"<a>x\xe4</a>", "'\"", "xä"),
    ],
)
def test_encodings(body, charset, expected):
    assert text_of(body, charset) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\n\n  \xef\xbb\xbf<?xml version='1.0'?><a>x</a>", "x"),
        (b"\xef\xbb\xbf\n<a>x</a>", "x"),
        (b"<a>Tom &nbsp;&amp; Jerry&hellip;</a>", "Tom \u00a0& Jerry…"),
        (b"<a>AT&T R&D; Q&A</a>", "AT&T R&D; Q&A"),
        (b"<a>a&#0;b&#x1F;c&#xD800;d&#99999999;e&#x1F600;</a>", "abcde😀"),
        (b"<a>x\x00\x08\x0by\x1b</a>", "xy"),
        (b"<a><![CDATA[5 &nbsp; < 6 &]]> &lt;b&gt;</a>", "5 &nbsp; < 6 & <b>"),
        (b"<!-- <!DOCTYPE x [ ]> --><a>x</a>", "x"),
        (b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/r.dtd"><a>x</a>', "x"),
        (b"<?xml-stylesheet href='x'?><a>x</a>", "x"),
    ],
)
def test_mistakes_of_real_feeds_are_forgiven(body, expected):
    assert text_of(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        b'<!doctype r [ <!ATTLIST r a CDATA "x"> ]><r/>',
        b'<?xml version="1.0"?>\n<!-- c --><!DOCTYPE r SYSTEM "http://x.example/" [ <!ENTITY % p SYSTEM "x"> %p; ]><r/>',
        b"<!DOCTYPE " + b"r" * 5000 + b"><r/>",
    ],
)
def test_a_doctype_that_declares_something_is_refused(body):
    with pytest.raises(UnexpectedAnswer, match="entities"):
        read_xml(body)


@pytest.mark.parametrize("body", [b"", b"   ", b"hello", b"\x89PNG\r\n\x1a\n", b"<", b"<!-- only -->", b"{}"])
def test_what_is_no_xml_is_an_unexpected_answer(body):
    with pytest.raises(UnexpectedAnswer):
        read_xml(body)


def test_depth_elements_and_attributes_have_limits():
    deep = b"<a>" * (MAX_DEPTH - 1)
    assert read_xml(deep).damage
    with pytest.raises(UnexpectedAnswer, match="measure"):
        read_xml(b"<a>" * (MAX_DEPTH + 1))
    with pytest.raises(UnexpectedAnswer, match="measure"):
        read_xml(b"<a>" + b"<b/>" * 200_000 + b"</a>")
    many = " ".join(f'n{i}="x"' for i in range(100)).encode()
    with pytest.raises(UnexpectedAnswer, match="measure"):
        read_xml(b"<a " + many + b"/>")


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" + b"<![CDATA[" * 200_000,
        b"<a>" + b"&" * 1_000_000 + b"</a>",
        b"<!--" + b"-" * 1_000_000,
        b"<!-- x -->" * 100_000 + b"<a/>",
        b"<a>" + b"&#" + b"1" * 1_000_000 + b";</a>",
        b"<?xml " + b" " * 1_000_000 + b"?><a/>",
        b"<a b='" + b"x" * 1_000_000 + b"'/>",
        b" " * 1_000_000 + b"<!DOCTYPE" + b" " * 1_000_000,
    ],
    ids=["cdata", "ampersands", "comment", "comments", "number", "declaration", "attribute", "spaces"],
)
def test_large_tricks_cost_little(body):
    with contextlib.suppress(UnexpectedAnswer):
        read_xml(body)


def test_what_came_before_the_damage_is_kept_and_what_is_whole_is_known():
    document = read_xml(b"<rss><item><title>one</title></item><item><title>tw")
    first, second = document.root.children("item")
    assert document.damage and first.closed and not second.closed and first.text() == "one"


def test_name_spaces_have_our_names_whatever_the_prefix():
    body = (
        b'<x:feed xmlns:x="http://www.w3.org/2005/Atom" xmlns:p="http://purl.org/dc/elements/1.1/" xmlns:q="urn:q">'
        b"<p:creator>a</p:creator><media:title>b</media:title><q:title>c</q:title><zz:t/></x:feed>"
    )
    root = read_xml(body).root
    assert [root.name, *(node.name for node in root.children())] == [
        "atom:feed", "dc:creator", "media:title", "?:title", "?:t",
    ]  # fmt: skip


def test_bases_are_inherited_and_markup_is_written_again():
    root = read_xml(
        b'<a xml:base="http://x.example/b/"><c xml:base="d/"><p>1 &lt; <b t="&quot;">2</b><br/></p></c></a>'
    ).root
    inner = root.child("c")
    assert inner is not None and inner.base == "http://x.example/b/d/"
    assert inner.markup() == '<p>1 &lt; <b t="&quot;">2</b><br/></p>'


def test_decode_never_raises():
    for start in (b"", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\xef\xbb\xbf", b"<?xml encoding='utf-16'?>"):
        for tail in (b"", b"\xd8", b"\x00", b"\xff" * 7):
            decode(start + tail, "utf-16")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (b"<t>a<br>b<p>c</t>", "abc"),
        (b"<t>1 < 2 <3</t>", "1 < 2 <3"),
        (b"<t><b><i>x</b></i></t>", "x"),
        (b"</x><t a=b c='d\"'>x</t></y>", "x"),
        (b"<t>x<!-- <i> --><?php echo 1 ?><![CDATA[<k>&amp;]]></t><br>", "x<k>&amp;"),
        (b"<t>a &amp;lt; b</t></T>", "a &lt; b"),
    ],
)
def test_wrong_nesting_is_mended(inside, expected):
    document = read_xml(b"<r>" + inside + b"<item><u>after</u></item></r>")
    text, item = document.root.child("t"), document.root.child("item")
    assert text is not None and text.text() == expected
    assert item is not None and item.closed and item.text() == "after" and document.damage == ""


@pytest.mark.parametrize(
    "body",
    [b"<r><" * 400_000, b"<r>" + b"<a " * 300_000, b'<r><a b="' * 150_000, b"<r>" + b"</q>" * 300_000,
     b"<r>" + (b"<a " + b'b="' * 300 + b">") * 1_000, b"<r>" + b"<br>" * 100_000, b"<r><!-- " * 100_000],
    ids=["signs", "open tags", "quotes", "end tags", "attributes", "void tags", "comments"],
)  # fmt: skip
def test_mending_costs_little(body):
    with contextlib.suppress(UnexpectedAnswer):
        read_xml(body)
