"""Feeds whose ids cannot be trusted: the same for all, and new ones every time."""

from __future__ import annotations

from relationdesk.sources.feed_entries import Document, Entry
from relationdesk.sources.feed_ids import ids_by_page, told_apart, with_lasting_ids


def doc(*entries: tuple[str, str]) -> Document:
    return Document(entries=tuple(Entry(id=id_, url=url) for id_, url in entries))


def ids(document: Document) -> list[str]:
    return [entry.id for entry in document.entries]


def test_one_id_on_two_pages_is_two_entries() -> None:
    found = told_apart([Entry(id="x", url="/1"), Entry(id="x", url="/2"), Entry(id="y", url="/3"), Entry(id="y", url="/3")])
    assert [entry.id for entry in found] == ["/1", "/2", "y", "y"]


def test_a_new_id_on_a_known_page_is_the_old_entry() -> None:
    before = ids_by_page(doc(("a", "/1"), ("b", "/2")))
    again = with_lasting_ids(doc(("c2", "/3"), ("a2", "/1"), ("b", "/2")), before)
    assert ids(again) == ["c2", "a", "b"]
    assert ids(with_lasting_ids(doc(("a3", "/1")), ids_by_page(again))) == ["a"], "also the second time"


def test_what_is_not_certain_is_left_alone() -> None:
    before = ids_by_page(doc(("a", "/1"), ("b", "/2")))
    assert ids(with_lasting_ids(doc(("a2", "/1"), ("a", "/9")), before)) == ["a2", "a"], "the old id is still there"
    assert ids(with_lasting_ids(doc(("x", "/1"), ("y", "/1")), before)) == ["x", "y"], "two on one page"
    assert ids(with_lasting_ids(doc(("b", "/1")), before)) == ["b"], "a known id stays what it is"
    assert ids_by_page(doc(("a", "/1"), ("b", "/1"), ("c", ""))) == {}
