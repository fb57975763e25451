"""Who is named in what goes out: decided once, for the window that offers Send and for the source that sends."""

from __future__ import annotations

import pytest

from relationdesk.outgoing import is_named

JOE = "@joe@harbor.example"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"{JOE} here", True), ("Yes, @Joe@Harbor.example.", True), (f"({JOE})", True), (f"@joe@other.example and {JOE}", True), ("@joe here", False), ("@joe@other.example knows", False),
        ("@joey@harbor.example knows", False), ("@joe.b@harbor.example", False), ("mail a@joe@harbor.example", False), ("@joe@harbor.example.other", False), ("joe@harbor.example", False), ("", False),
        ("see https://x.example/@joe@harbor.example", False),
    ],
)  # fmt: skip
def test_on_another_server_only_the_whole_name_tells_somebody(text: str, named: bool) -> None:
    """The short form is whoever has that name on one's own server."""
    assert is_named(JOE, text, "social.example") is is_named("joe@harbor.example", text, "social.example") is named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@joe here", True), ("@Joe, here", True), ("@joe@social.example here", True), ("@joe@other.example knows", False), ("@joey knows", False), ("@joe.b knows", False), ("a@joe", False),
        ("@joe@other.example and @joe", True),
    ],
)  # fmt: skip
def test_on_the_same_server_the_short_name_does_and_a_namesake_elsewhere_is_somebody_else(text: str, named: bool) -> None:
    assert is_named("@joe", text, "social.example") is is_named("joe@social.example", text, "SOCIAL.example") is named


def test_on_a_server_with_an_odd_port() -> None:
    assert is_named("@joe@127.0.0.1:8011", "Hello @joe@127.0.0.1:8011.", "127.0.0.1:8012") and is_named("@joe", "@joe@127.0.0.1:8012", "127.0.0.1:8012")
    assert not is_named("@joe@127.0.0.1:8011", "Hello @joe", "127.0.0.1:8012") and not is_named("", "@joe", "")
