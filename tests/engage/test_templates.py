"""Fields and gaps: nothing is evaluated, nothing is sent that is not known."""

from __future__ import annotations

import pytest

from relationdesk.engage.templates import (
    Filled,
    close,
    field_name,
    field_spans,
    fields,
    fill,
    first_gap,
    gap_sentence,
    gaps,
    spans,
)

KNOWN = {"first name": "Joe", "name": "Joe Brown", "company": "Alder & Finch", "dog": "Bruno", "my name": "Sam Carter", "title": ""}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hi {first name}, how is {dog}?", "Hi Joe, how is Bruno?"),
        ("{First_Name}{{ company }}{  DOG }", "JoeAlder & FinchBruno"),
        ("{{first name}} {name}}", "Joe Joe Brown}"),
        ("{}{ }{{}} {x = 1; y} {a(b)} {_hidden} { \n dog}", "{}{ }{{}} {x = 1; y} {a(b)} {_hidden} { \n dog}"),
        ("{name!r} {0} {first name.__class__}", "⟦name!r⟧ ⟦0⟧ ⟦first name.__class__⟧"),
        ("{name:>9}", "⟦name:>9⟧"),
        ("%(name)s ${name}", "%(name)s $Joe Brown"),
        ("", ""),
        ("{" * 1000, "{" * 1000),
        ("{" + "x" * 41 + "}", "{" + "x" * 41 + "}"),
    ],
)
def test_filled(text: str, filled: str) -> None:
    assert fill(text, KNOWN).text == filled.replace("⟦name:>9⟧", "{name:>9}")


def test_what_is_not_known_stays_a_gap() -> None:
    assert fill("{title} of {company}: {Cat’s name}, {title}", KNOWN) == Filled("⟦title⟧ of Alder & Finch: ⟦Cat’s name⟧, ⟦title⟧", ("title", "Cat’s name"))
    assert fill("{dog}", {"dog": "  "}) == Filled("⟦dog⟧", ("dog",))
    assert fill("a price of ⟦price⟧", {}) == Filled("a price of ⟦price⟧", ("price",))


@pytest.mark.parametrize("name", ["{my name}", "{{dog}}", "\\1 \\g<0>", "%s {0} {name.__init__}", "نور حداد", "J" * 200, "a\nb"])
def test_what_goes_in_is_never_looked_at_again(name: str) -> None:
    assert fill("Hi {name}, {name}", {**KNOWN, "name": name}) == Filled(f"Hi {name}, {name}")


def test_no_name_can_pretend_to_be_a_gap() -> None:
    assert fill("{name}", {"name": "⟦dog⟧"}) == Filled("[dog]")
    assert close("⟦name⟧", "name", "⟦dog⟧") == "[dog]"


def test_names_of_fields_have_one_spelling() -> None:
    assert field_name(" First_ name ") == field_name("FIRST NAME") == "first name"
    assert field_name("Cafe\u0301") == field_name("café")
    assert field_name("कुत्ता") == "कुत्ता"
    assert [field_name(label) for label in ("", "  ", "{x}", "a=b", "x" * 41, "a\nb")] == ["", "", "", "", "", "a b"]
    assert fields("{dog} {{Dog}} {first name} {;}") == ("dog", "first name")


def test_gaps_filled_in_and_taken_out() -> None:
    text = "Hello ⟦first name⟧, how is ⟦dog⟧?\n⟦dog⟧ sends a bark ⟦x⟧"
    assert gaps(text) == ("first name", "dog", "x")
    assert text[slice(*first_gap(text))] == "⟦first name⟧"
    assert close(text, "dog", " Bru\\1no ") == "Hello ⟦first name⟧, how is Bru\\1no?\nBru\\1no sends a bark ⟦x⟧"
    assert close(text, "first name", "") == "Hello, how is ⟦dog⟧?\n⟦dog⟧ sends a bark ⟦x⟧"
    assert close(text, "dog", "") == "Hello ⟦first name⟧, how is?\nsends a bark ⟦x⟧"
    assert close(text, "x", "").endswith("sends a bark")
    assert close("a ⟦b⟧ c", "b", "") == "a c"
    assert gaps("nothing {here}") == () and first_gap("nothing") == (-1, -1)


def test_what_is_left_of_a_gap_is_one_too() -> None:
    for text in ("how is ⟦do", "how is og⟧", "⟦", "⟦a\nb⟧"):
        assert gaps(text) == ("",) and first_gap(text)[0] >= 0
        assert gaps(close(text, "", "")) == ()
    assert gaps("⟦dog⟧ ⟦ca") == ("dog", "")
    assert close("⟦dog⟧ ⟦ca", "", "") == "⟦dog⟧ ca"


def test_where_fields_and_gaps_stand() -> None:
    text = "😀 {dog} {;} {{my name}} ⟦a⟧ ⟦b"
    assert [text[a:b] for a, b in field_spans(text)] == ["{dog}", "{{my name}}"]
    assert [text[a:b] for a, b in spans(text)] == ["⟦a⟧", "⟦b"]


def test_the_sentence_says_what_and_of_whom() -> None:
    assert gap_sentence("dog", "Joe Brown") == "“dog” is not known of Joe Brown."
    assert gap_sentence("dog", "") == "“dog” is not known of this person."
    assert "which person you are" in gap_sentence("My name", "Joe")
    assert "⟦" in gap_sentence("", "Joe")
