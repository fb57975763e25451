"""What was decided about a person: by the user, with a number to take it back, and by places, with their reason."""

from __future__ import annotations

from relationdesk.services import combining, decisions, notes, people
from relationdesk.store.database import open_memory
from tests.facts import NOW, bring, did, person_id, profile_id, who


def test_a_person_has_the_decisions_of_whoever_became_part_of_them() -> None:
    db = open_memory()
    joe, other = who("Joe Brown", "linkedin", mail="joe@x.example", vouched=True), who("Jupp Marsh")
    bring(db, [joe, other, who("Mary Jones"), did(joe, "a")])
    bring(db, [who("Brown, Joe", "contacts", mail="joe@x.example", vouched=True)])
    one, two, mary = (person_id(db, name) for name in ("Joe Brown", "Jupp Marsh", "Mary Jones"))
    people.set_tags(db, two, ("golf",), NOW)
    people.set_tags(db, mary, ("tennis",), NOW)
    notes.write(db, "words", NOW, person_id=one)
    combining.combine(db, one, two, NOW)
    people.set_no_prompts(db, one, True, NOW)
    people.undo(db, NOW)
    found = decisions.of_person(db, one)
    mine = [d for d in found if d.by == "you"]
    assert [(d.sentence, d.undone) for d in mine] == [
        ("No more prompts for Joe Brown", True), ("Combined Jupp Marsh with Joe Brown", False), ("Note on Joe Brown", False), ("Tags of Jupp Marsh changed", False),
    ]  # fmt: skip
    assert all(d.id and d.at == NOW for d in mine)
    by_place = {d.profile_id: d for d in found if d.by == "place"}
    linked = by_place[profile_id(db, who("Brown, Joe", "contacts"))]
    assert "joe@x.example" in linked.sentence and linked.id == 0 and linked.at is None
    assert [d.sentence for d in decisions.of_person(db, mary) if d.by == "you"] == ["Tags of Mary Jones changed"]
    assert [d.id for d in decisions.every(db)] == sorted((d.id for d in decisions.every(db)), reverse=True)
