"""Mailboxes and charsets as they arrive: doubtful senders are said to be doubtful, wrong labels do not spoil words."""

from __future__ import annotations

import pytest

from relationdesk.sources.mail_headers import Mailbox, clean_address, decoded, mailboxes

EVIL = Mailbox(address="evil@bad.example", doubtful=True)


@pytest.mark.parametrize("header", [
    "joe@bigcustomer.example <evil@bad.example>", '"joe@bigcustomer.example" <evil@bad.example>',
    "=?utf-8?q?joe=40bigcustomer.example?= <evil@bad.example>", "Joe joe＠bigcustomer.example <evil@bad.example>",
])  # fmt: skip
def test_a_name_that_shows_another_address_is_doubtful_and_is_not_shown(header: str) -> None:
    assert mailboxes(header) == (EVIL,)


def test_two_bare_addresses_are_two() -> None:
    assert [box.address for box in mailboxes("joe@a.example evil@bad.example")] == ["joe@a.example", "evil@bad.example"]
    assert [box.address for box in mailboxes("a@x.example; Doe, Jane <j@x.example>")] == ["a@x.example", "j@x.example"]


@pytest.mark.parametrize(("text", "address"), [
    ("a@b@c.example", ""), ("Joe@X.Example.", "joe@x.example"), ("@route.example,@r2.example:joe@x.example", "joe@x.example"),
    ("mailto:joe@x.example", "joe@x.example"), ("joe at x.example", ""), ("x" * 300 + "@y.example", ""),
])  # fmt: skip
def test_clean_address(text: str, address: str) -> None:
    assert clean_address(text) == address


def test_brackets_are_no_name() -> None:
    assert mailboxes("<<a@x.example>>") == (Mailbox(address="a@x.example"),)


@pytest.mark.parametrize(("data", "charset", "text"), [
    ("café".encode(), "iso-8859-1", "café"), ("café".encode("latin-1"), "iso-8859-1", "café"), ("café".encode(), "windows-1252", "café"),
    (b"caf\xe9", "", "café"), (b"caf\xe9", "utf-8", "café"), (b"caf\xe9", "X-UNKNOWN", "café"), ("會議".encode("big5"), "big5", "會議"),
    ("zażółć".encode("iso-8859-2"), "iso-8859-2", "zażółć"), ("hé".encode("utf-16"), "utf-16", "hé"), (b"Hi +Jjo-", "utf-7", "Hi ☺"),
])  # fmt: skip
def test_charsets_missing_unknown_or_wrong(data: bytes, charset: str, text: str) -> None:
    assert decoded(data, charset) == text
