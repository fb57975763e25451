"""What a post says: bytes counted as the place counts them, links whole, attachments by their words."""

from __future__ import annotations

from typing import Any

import pytest

from relationdesk.sources.bluesky_text import features, mentioned, post_text, quoted

DID = "did:plc:abc123"


def facet(start: Any, end: Any, **feature: Any) -> dict[str, Any]:
    kind = "link" if "uri" in feature else "mention" if "did" in feature else "tag"
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}]}


def link(text: str, shown: str, uri: str) -> dict[str, Any]:
    start = text.encode().index(shown.encode())
    return facet(start, start + len(shown.encode()), uri=uri)


@pytest.mark.parametrize(
    ("text", "shown", "uri", "expected"),
    [
        ("Looking for a CRM, see crm.example", "crm.example", "https://crm.example/why", "Looking for a CRM, see https://crm.example/why"),
        ("😀日本 crm.example/wh... 😀", "crm.example/wh...", "https://crm.example/why", "😀日本 https://crm.example/why 😀"),
        ("a crm.example/wh…", "crm.example/wh…", "https://www.crm.example/why?x=1", "a https://www.crm.example/why?x=1"),
        ("read this now", "this", "https://crm.example", "read this (https://crm.example) now"),
        ("pay at bank.example", "bank.example", "https://thief.example", "pay at bank.example (https://thief.example)"),
        ("https://crm.example", "https://crm.example", "https://crm.example", "https://crm.example"),
    ],
)
def test_links_are_written_out(text: str, shown: str, uri: str, expected: str) -> None:
    assert post_text({"text": text, "facets": [link(text, shown, uri)]}) == expected


@pytest.mark.parametrize(
    "bad",
    [facet(-1, 3, uri="https://a.example"), facet(3, 3, uri="https://a.example"), facet(2, 999, uri="https://a.example"), facet("0", "3", uri="https://a.example"),
     facet(1, 3, uri="https://a.example"), facet(0, 4, uri="javascript:alert(1)"), facet(0, 4, tag="x"), {"index": None, "features": [{}]}, {}, {"features": 7},
     facet(0.0, 4.0, uri="https://a.example"), facet(2**70, 2**71, uri="https://a.example")],
)  # fmt: skip
def test_a_mark_that_marks_nothing_leaves_the_words_alone(bad: dict[str, Any]) -> None:
    assert post_text({"text": "😀 words", "facets": [bad, bad]}) == "😀 words"


def test_of_marks_that_overlap_the_first_counts() -> None:
    marks = [facet(4, 9, uri="https://b.example"), facet(0, 5, uri="https://a.example"), facet(9, 10, uri="https://c.example")]
    assert [(f.start, f.link) for f in features({"facets": marks})] == [(0, "https://a.example"), (9, "https://c.example")]


def test_who_is_named_is_named_once() -> None:
    marks = [facet(0, 4, did=DID), facet(5, 9, did=DID), facet(10, 14, did="nobody")]
    assert mentioned({"text": "@joe @joe @bob", "facets": marks}) == (DID,)


IMAGES = {"$type": "app.bsky.embed.images", "images": [{"alt": "A hall\nat night"}, {"alt": ""}]}
RECORD = {"$type": "app.bsky.embed.record", "record": {"uri": f"at://{DID}/app.bsky.feed.post/3l", "cid": "b"}}


@pytest.mark.parametrize(
    ("embed", "expected"),
    [
        (IMAGES, "Hm\n\n[Image: A hall at night]\n\n[Image]"),
        ({"$type": "app.bsky.embed.video", "alt": "A press runs", "video": {}}, "Hm\n\n[Video: A press runs]"),
        ({"$type": "app.bsky.embed.video"}, "Hm\n\n[Video]"),
        ({"$type": "app.bsky.embed.external", "external": {"uri": "https://a.example/x", "title": "A title"}}, "Hm\n\n[Link: A title] https://a.example/x"),
        ({"$type": "app.bsky.embed.external", "external": {"uri": "https://a.example/x"}}, "Hm\n\n[Link] https://a.example/x"),
        ({"$type": "app.bsky.embed.external", "external": {"uri": "javascript:x", "title": "A title"}}, "Hm"),
        (RECORD, "Hm"),
        ({"$type": "app.bsky.embed.recordWithMedia", "record": RECORD, "media": IMAGES}, "Hm\n\n[Image: A hall at night]\n\n[Image]"),
        ({"$type": "app.bsky.embed.tomorrow", "thing": {}}, "Hm"),
        (None, "Hm"), (7, "Hm"), ([], "Hm"),
    ],
)  # fmt: skip
def test_what_is_attached(embed: Any, expected: str) -> None:
    assert post_text({"text": "Hm", "embed": embed}) == expected


@pytest.mark.parametrize("embed", [RECORD, {"$type": "app.bsky.embed.recordWithMedia", "record": RECORD, "media": IMAGES}])
def test_what_is_quoted(embed: Any) -> None:
    assert str(quoted({"embed": embed})) == f"at://{DID}/app.bsky.feed.post/3l"
    assert quoted({"embed": IMAGES}) is None


def test_a_record_inside_itself_ends() -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"record": deep, "media": deep}
    assert quoted({"embed": deep}) is None and post_text({"text": "x", "embed": {"media": {"media": deep}}}) == "x"


@pytest.mark.parametrize("text", [None, 7, [], {}, "\0\ud800\u202e"])
def test_no_words(text: Any) -> None:
    assert post_text({"text": text}) in ("", "?")
