"""The few things that what is derived can say of itself."""

from __future__ import annotations

from relationdesk.derived import Item
from relationdesk.model import Note, NoteKind
from tests.facts import NOW, did, who

JOE = who("Joe Brown")


def test_an_item_knows_its_time_and_marks() -> None:
    one, two = did(JOE, "1"), did(who("Joe Brown", "x"), "2")
    note = Note(id=1, uid="u", person_id=1, company_id=None, kind=NoteKind.NOTE, text="", happened=NOW, saved=NOW)
    assert Item(id=1, activity=one, marks=(two, two)).places == ("mastodon", "x")
    assert (Item(id=1, note=note).places, Item(id=1, note=note).published) == (("notes",), NOW)
    assert Item(id=1, activity=did(JOE, "3", None)).published is None
