"""Names in places that tell only who is named."""

from __future__ import annotations

import pytest

from relationdesk.engage import naming

JOE = "@joe@harbor.example"


@pytest.mark.parametrize(
    ("handle", "written"),
    [
        ("joe@harbor.example", JOE), ("@joe@harbor.example", JOE), ("sam@social.example", "@sam"), ("sam@SOCIAL.example", "@sam"), ("joe", "@joe"), ("", ""),
        ("joe brown", ""), ("joe@harbor.example more", ""), ("jöe@harbor.example", ""),
    ],
)  # fmt: skip
def test_a_name_is_written_as_the_own_server_writes_it(handle: str, written: str) -> None:
    assert naming.written(handle, "social.example") == written


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://harbor.example/users/joe", "joe@harbor.example"), ("https://harbor.example/@joe", "joe@harbor.example"), ("https://harbor.example/u/joe", "joe@harbor.example"),
        ("https://127.0.0.1:8011/users/joe", "joe@127.0.0.1:8011"), ("https://harbor.example/actor/9", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_name_from_an_address(address: str, handle: str) -> None:
    assert naming.by_address(address) == handle


def test_the_opening_names_everybody_once() -> None:
    assert naming.opening([JOE, "@mary", "", JOE]) == f"{JOE} @mary "
    assert naming.opening([]) == ""


@pytest.mark.parametrize(("text", "rest"), [(f"{JOE} @mary ", ""), (f"{JOE} @mary thanks", "thanks"), ("@MARY", ""), ("@maryanne knows", "@maryanne knows"), ("thanks @mary", "thanks @mary"), (" ", "")])
def test_what_is_said_beside_the_names(text: str, rest: str) -> None:
    assert naming.beyond(text, [JOE, "@mary"]) == rest


@pytest.mark.parametrize(
    ("text", "before", "after", "found", "now"),
    [
        ("", "", f"{JOE} ", f"{JOE} ", f"{JOE} "), ("Thanks", "", f"{JOE} ", f"{JOE} Thanks", f"{JOE} "), (f"{JOE} Thanks", f"{JOE} ", "", "Thanks", ""),
        (f"{JOE}", f"{JOE} ", "", "", ""), (f"{JOE} Thanks", f"{JOE} ", f"{JOE} @mary ", f"{JOE} @mary Thanks", f"{JOE} @mary "),
        ("Thanks", f"{JOE} ", "", "Thanks", None), ("Thanks", None, f"{JOE} ", "Thanks", None), (f"Thanks {JOE}", f"{JOE} ", f"{JOE} @mary ", f"Thanks {JOE}", None),
    ],
)  # fmt: skip
def test_another_place_begins_otherwise_unless_the_user_took_it_out(text: str, before: str | None, after: str, found: str, now: str | None) -> None:
    assert naming.reopen(text, before, after) == (found, now)


def test_what_was_kept_is_begun_with_its_names_or_had_them_taken_out() -> None:
    assert naming.begun_with(f"{JOE} Thanks", f"{JOE} ") == f"{JOE} " and naming.begun_with("Thanks", f"{JOE} ") is None and naming.begun_with("Thanks", "") == ""
