"""Foreign HTML becomes plain words: cases as places really send them, and hostile input in linear time."""

from __future__ import annotations

import random

import pytest

from relationdesk.markup import html_to_text
from relationdesk.text import MAX_TEXT


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("", ""), ("plain", "plain"), ("<p>one</p><p>two</p>", "one\n\ntwo"), ("a<br>b<br/>c", "a\nb\nc"), ("<b>a</b><i>b</i> c", "ab c"),
        ("<p>many   \n blanks\t here</p>", "many blanks here"), ("<pre>a\nb\n\nc</pre>", "a\nb\n\nc"), ("<ul><li>one<li>two</ul>", "• one\n• two"),
        ("<script>alert(1)</script>words<style>p{}</style>", "words"), ("<!-- secret -->words", "words"), ("<title>t</title>words", "words"),
        ("<script>never closed", ""), ("<!-- never closed", ""), ("words<", "words<"), ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"), ("a &lt;b&gt; &amp;amp; &eacute; &#233; &#x2019;", "a <b> &amp; é é ’"),
        ("&#0;&#1114112;&#xD800;x", "\ufffd\ufffd\ufffdx"), ('<img src="x" alt="a meter">', "a meter"), ('<img src="https://t.example/p.gif" alt="">', ""),
        ('<a href="https://x.example/a">here</a>', "here (https://x.example/a)"), ('<a href="https://x.example/a">https://x.example/a</a>', "https://x.example/a"),
        ('<a href="https://x.example/a">x.example/a</a>', "https://x.example/a"), ('<a href="javascript:alert(1)">here</a>', "here"), ("<a>here</a>", "here"),
        ('<a href="https://x.example/long/path"><span class="invisible">https://</span><span class="ellipsis">x.example/long</span><span class="invisible">/path</span></a>', "https://x.example/long/path"),
        ('<a href="https://h.example/@joeb">@<span>joeb</span></a> hi', "@joeb hi"), ('<a href="https://h.example/tags/x">#x</a>', "#x"),
        ('<p title="a>b">words</p>', 'b">words'), ("<unknown-tag foo>words</unknown-tag>", "words"), ("<p>مرحبا</p><p>会議</p>", "مرحبا\n\n会議"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\n\tc"), ("a\x00b", "ab"), ("<blockquote>q</blockquote>a", "q\n\na"),
    ],
)  # fmt: skip
def test_words(markup: str, expected: str) -> None:
    assert html_to_text(markup) == expected


def test_what_is_silent_stays_silent_also_when_nested() -> None:
    assert html_to_text("<svg><title>t</title><script>a</script></svg>words<iframe src='x'>in</iframe>") == "words"


def test_a_long_text_is_cut() -> None:
    assert len(html_to_text("<p>" + "word " * 500_000)) <= MAX_TEXT


def test_nothing_foreign_raises_and_no_tag_is_left() -> None:
    dice = random.Random(3)
    pieces = ["<", ">", "</", "/>", "<a ", "href=", '"', "'", "<!--", "-->", "<![CDATA[", "]]>", "<!", "<?", "&", "&#", ";", "x", "p", "br", "script", "<script>",
              "</script>", "<p>", "\x00", "\ud800", "会", "&#99999999999;", "=", " ", "\n", "<img alt=", "svg", "<a href='https://x.example'>"]  # fmt: skip
    for _ in range(4000):
        words = html_to_text("".join(dice.choice(pieces) for _ in range(dice.randint(0, 30))))
        words.encode("utf-8")
        assert "\x00" not in words


HOSTILE = [
    "<a ", "<", "<!--", "<!-- ", "<![CDATA[", "<!", "<?", "</", "&", "&#", "&lt", "<p>", "<div>", "</div>", "<script>", "<svg>", "<a href='", '<a href="x', "<a href=https://x.example>", "<img alt=",
    "<td>", "<td> ", " ", "\u00a0", "&nbsp;", "<br>", "<li>", "<a>x", "<p title=\"", "\n", "<pre>\n ", "x<a href='https://x.example/x'>x</a>", "]]>", "-->", "<script", "<title><!--", "href=", "=", "'",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_length_only(piece: str) -> None:
    """As long as this, a quadratic reader takes minutes, which the guard over every test does not allow."""
    html_to_text((piece * 400_000)[:400_000])
