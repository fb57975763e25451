"""Names of the AT Protocol, against the protocol's own lists of valid and invalid ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relationdesk.sources.bluesky_ids import AtUri, at_uri, is_did, is_handle, post_page, tid_moment
from tests.lexicons import SPECS

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"


@pytest.mark.parametrize("text", ["did:plc:abc123", "did:web:hotel.example", "did:web:localhost%3A1234", DID])
def test_dids(text: str) -> None:
    assert is_did(text)


@pytest.mark.parametrize("text", ["", "did", "did:", "did:plc:", "DID:plc:abc", "did:PLC:abc", "did:plc:abc:", "did:plc:a b", "did:plc:a/b", "did:plc:a\n"])
def test_what_is_no_did(text: str) -> None:
    assert not is_did(text)


@pytest.mark.parametrize("text", ["joe.bsky.social", "8.cn", "a-b.example", "XN--90AIS.example", "JOE.example"])
def test_handles(text: str) -> None:
    assert is_handle(text)


@pytest.mark.parametrize("text", ["", "joe", "joe.", ".joe", "-joe.example", "joe-.example", "joe..example", "jo_e.example", "joe.0", "jo@e.example", "joe.example\n", "a" * 64 + ".example", "höher.example"])
def test_what_is_no_handle(text: str) -> None:
    assert not is_handle(text)


def test_an_address_of_a_record() -> None:
    assert at_uri(f"at://{DID}/app.bsky.feed.post/3lxyz") == AtUri(DID, "app.bsky.feed.post", "3lxyz")
    assert str(AtUri(DID, "app.bsky.feed.post", "3lxyz")) == f"at://{DID}/app.bsky.feed.post/3lxyz"


@pytest.mark.parametrize(
    "text",
    ["", "at://", f"at://{DID}", f"at://{DID}/app.bsky.feed.post", f"at://{DID}/app.bsky.feed.post/", f"at://{DID}/app/3l", "https://a.example/b/c",
     f"at://{DID}/app.bsky.feed.post/a/b", f"at://{DID}/app.bsky.feed.post/..", "at://joe.example/app.bsky.feed.post/3l", f"at://{DID}/app.bsky.feed.post/3l?x",
     f"at://{DID}/app.bsky.feed.post/" + "a" * 9000],
)  # fmt: skip
def test_what_names_no_record(text: str) -> None:
    assert at_uri(text) is None


def test_the_clock_in_a_key() -> None:
    assert tid_moment("3lhhvfa2dve2d") == datetime(2025, 2, 6, 1, 5, 26, 542186, tzinfo=UTC)
    assert tid_moment("3lhhvdkcby3e2") is not None and tid_moment("3lhhvdkcby3e2") > datetime(2025, 2, 6, 1, 4, 30, tzinfo=UTC)  # type: ignore[operator]
    assert [tid_moment(text) for text in ("", "self", "3jzfcijpj2z21", "0000000000000", "3lhhvfa2dve2dd", "zzzzzzzzzzzzz")] == [None] * 6


def test_pages() -> None:
    assert post_page(AtUri(DID, "app.bsky.feed.post", "3l")) == f"https://bsky.app/profile/{DID}/post/3l"
    assert post_page(AtUri(DID, "app.bsky.feed.generator", "news")) == f"https://bsky.app/profile/{DID}"


def listed(name: str) -> list[str]:
    lines = (SPECS / "syntax" / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.skipif(not SPECS.is_dir(), reason="the official lists of ../shared are not here")
def test_the_official_lists() -> None:
    assert [t for t in listed("did_syntax_valid") if not is_did(t)] == []
    assert [t for t in listed("did_syntax_invalid") if is_did(t)] == []
    assert [t for t in listed("handle_syntax_valid") if not is_handle(t)] == []
    assert [t for t in listed("handle_syntax_invalid") if is_handle(t)] == []
    assert [t for t in listed("aturi_syntax_invalid") if at_uri(t)] == []
    whole = [t for t in listed("aturi_syntax_valid") if t.startswith("at://did:") and t.count("/") == 4]
    assert whole and [t for t in whole if not at_uri(t)] == []
    assert [t for t in listed("tid_syntax_valid") if tid_moment(t) is None] == []
    assert [t for t in listed("tid_syntax_invalid") if tid_moment(t) is not None] == []
