"""Words as they stand in the full text index: the same, however much of a word its writer wrote."""

from __future__ import annotations

import pytest

from relationdesk.services import notes, people
from relationdesk.store import people as persons
from relationdesk.store import search
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.scripts import has_unspaced, indexed, is_apart
from tests.facts import NOW, ago, bring, did, person_id, who

PAIRS = (
    ("שָׁלוֹם", "שלום"), ("בְּרֵאשִׁית", "בראשית"), ("\ufb2aלום", "שלום"), ("مُحَمَّد", "محمد"), ("كِتَابٌ", "كتاب"), ("مـحـمـد", "محمد"), ("الرَّحْمٰن", "الرحمن"),
    ("أَحْمَد", "احمد"), ("\ufefb", "لا"), ("ܫܠܳܡܐ", "ܫܠܡܐ"),
)  # fmt: skip
"""With marks, joined forms or stretched; and as people type."""


@pytest.mark.parametrize(("written", "typed"), PAIRS)
def test_marks_go_on_both_sides(written: str, typed: str) -> None:
    assert indexed(written) == indexed(typed) and is_apart(written) and is_apart(typed)
    assert indexed(indexed(written)) == indexed(written)


@pytest.mark.parametrize("text", ["", "plain", "café", "Ελληνικά", "Москва ё", "हिन्दी", "a‌b", "ʾalif"])
def test_other_scripts_stay(text: str) -> None:
    assert indexed(text) == text and not is_apart(text) and not has_unspaced(text)


def test_what_stands_between_words_still_does() -> None:
    assert indexed("בֶּן־גּוּרְיוֹן, 2026 panel") == "בן־גוריון, 2026 panel"
    assert indexed("会議 שָׁלוֹם").split() == ["会", "議", "שלום"]


@pytest.mark.parametrize(("written", "typed"), PAIRS)
def test_found_either_way(written: str, typed: str) -> None:
    db = open_memory()
    joe = who("Joe Brown")
    bring(db, [joe, did(joe, "with", ago(days=2), f"He wrote {written} there"), did(joe, "without", ago(days=1), f"a {typed}"), did(joe, "other", ago(hours=1), "اخرى אחר")])
    notes.write(db, f"{written}: ask again", NOW, person_id=person_id(db, "Joe Brown"))
    for word in (written, typed):
        assert _found(db, word) == ["n", "without", "with"]
        assert _found(db, f"wrote {word}") == ["with"]
        assert _found(db, f'"{word} there"') == ["with"]
        assert _found(db, f"wrote -{word} ") == []
        assert _found(db, f"kind:post -{word} ") == ["other"]
        assert _found(db, word[:-1] + word[-1].strip()) == ["n", "without", "with"]


def test_as_it_is_typed() -> None:
    db = open_memory()
    joe = who("Joe Brown")
    bring(db, [joe, did(joe, "1", ago(days=2), "בְּרֵאשִׁית בָּרָא")])
    assert [_found(db, word) for word in ("בר", "בראש", "בְּרֵ", "בראשית ב", "ראש")] == [["1"]] * 4 + [[]]


@pytest.mark.parametrize(("written", "typed"), PAIRS)
def test_names_too(written: str, typed: str) -> None:
    db = open_memory()
    named = who(f"{written} Brown")
    bring(db, [named, did(named, "1", ago(days=1), "words")])
    people.add_person(db, f"{typed} Jones", NOW)
    for word in (written, typed):
        assert {person.name for person in persons.page(db, query=word)} == {f"{written} Brown", f"{typed} Jones"}
        assert _found(db, f"from:{word} words") == ["1"]


def _found(db: Desk, typed: str) -> list[str]:
    hits = search.search(db, search.parse(typed))
    return [hit.item.activity.key.native_id if hit.item.activity else "n" for hit in hits]
