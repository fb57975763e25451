"""What cannot be connected says so: one sentence why, and what to do that this program really can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relationdesk.sources import FILE_SOURCES, LIVE_SOURCES
from relationdesk.sources.closed_places import CLOSED, Closed, closed, sought
from relationdesk.sources.handle_pages import SITES
from relationdesk.ui.places import KNOWN

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
OWN_FILES = {source.place for source in FILE_SOURCES} | {"delicious"}  # whose bookmarks are a kind of bookmarks
EACH = pytest.mark.parametrize("one", CLOSED, ids=lambda one: one.key)


@EACH
def test_each_says_in_one_sentence_why_and_then_what_to_do(one: Closed) -> None:
    assert one.why.endswith(".") and ". " not in one.why
    assert one.instead.endswith(".") or one.place == "delicious"
    assert one.instead and one.page.startswith("https://") | (one.page == "")


@EACH
def test_what_is_proposed_is_possible(one: Closed) -> None:
    assert bool(one.archive) == (one.place in OWN_FILES), "a file is proposed exactly where one can be read"
    if one.has_people and one.page and one.place not in ("whatsapp", "linkedin"):
        assert one.place in {site.place for site in SITES}, "a link to somebody there is recognised"


@EACH
def test_each_stands_in_the_documentation_with_a_mark_of_its_own(one: Closed) -> None:
    assert f"| {one.called} | {one.why} | {one.instead} |" in DOCS and one.place in KNOWN


def test_nothing_is_closed_that_can_be_connected() -> None:
    offered = {place for source in LIVE_SOURCES for place in source.way_in.places}
    assert not {one.place for one in CLOSED if not one.title} & offered
    keys = [one.key for one in CLOSED]
    assert len(set(keys)) == len(keys) and not set(keys) & {source.name for source in LIVE_SOURCES}


def test_the_documentation_names_no_other() -> None:
    table = DOCS.split("## Closed or gone")[1].split("## ")[0]
    assert re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:] == [one.called for one in CLOSED]


@pytest.mark.parametrize(
    ("typed", "key"),
    [("Facebook people", "facebook_people"), ("facebook", "facebook_people"), ("MySpace", "myspace"), ("outlook mail", "outlook"), ("proton", "proton"), ("mastodon", ""), ("", "")],
)
def test_found_by_key_and_by_name(typed: str, key: str) -> None:
    found = closed(typed)
    assert (found.key if found else "") == key


@pytest.mark.parametrize(("typed", "keys"), [("del.icio.us", {"delicious"}), ("hotmail", {"outlook"}), ("Fácebook", {"facebook_people"}), ("meta", {"facebook_people", "instagram_people", "threads_people", "whatsapp"}), ("nothing like it", set())])
def test_found_by_what_people_call_it(typed: str, keys: set[str]) -> None:
    assert {one.key for one in CLOSED if one.answers(typed)} == keys
    assert len([one for one in CLOSED if one.answers(" ")]) == len(CLOSED)


def test_a_word_is_found_by_its_beginning_only() -> None:
    assert sought("Stack Exchange", "exch st") and not sought("Stack Exchange", "ack")
