"""What is said below the window: put in, counted, translated; and every text is a literal that can be found."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk import saying
from relationdesk.saying import counted, say
from relationdesk.text import day, listed, place_name
from tests.facts import NOW

PACKAGE = Path(__file__).resolve().parents[1] / "relationdesk"
TABLES = {"flip/by_name.py", "flip/reason.py", "text.py", "services/agenda.py", "services/ruling.py", "ui/prompt_words.py"}
"""Say what stands in a table of theirs."""


@pytest.fixture
def polish() -> Iterator[None]:
    """A language with three plurals and another order."""
    known = {
        "{name} has gone quiet": "Cisza: {name}", "{first} and {last}": "{first} i {last}", "November": "listopada", "{day} {month} {year}": "{day}. {month} {year} r.",
        "Your address book": "Twoja książka adresowa",
    }  # fmt: skip
    days = ("{n} dzień", "{n} dni", "{n} dnia")

    def translate(text: str, n: int) -> str:
        if text == "{n} days":
            return days[0 if n == 1 else 1 if n < 5 else 2]
        return known.get(text, text)

    saying.translated_by(translate)
    yield
    saying.translated_by(None)


def test_in_english_unless_somebody_hands_a_translator_in() -> None:
    assert say("{name} has gone quiet", name="Joe {x}") == "Joe {x} has gone quiet"
    assert [counted(n, "{n} day", "{n} days") for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert say("100 % {certain}") == "100 % {certain}"  # nothing is put in: nothing is read as a name
    with pytest.raises(KeyError):
        say("{name} has gone quiet", who="Joe")


def test_in_another_language_with_its_own_order_and_plurals(polish: None) -> None:
    assert say("{name} has gone quiet", name="Joe") == "Cisza: Joe"
    assert [counted(n, "{n} day", "{n} days") for n in (1, 3, 5)] == ["1 dzień", "3 dni", "5 dnia"]
    assert counted(1, "a question", "{n} questions") == "a question"  # not translated yet
    assert day(NOW) == "20. listopada 2026 r." and listed(["a", "b", "c"]) == "a, b i c"
    assert place_name("contacts") == "Twoja książka adresowa" and place_name("linkedin") == "LinkedIn"


def test_every_text_is_a_literal_that_can_be_found() -> None:
    wrong = []
    for file in sorted(PACKAGE.rglob("*.py")):
        name, code = file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8")
        if "from relationdesk.saying import" not in code:
            continue
        for call in ast.walk(ast.parse(code)):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in ("say", "counted", "marked"):
                continue
            texts = call.args[1:3] if call.func.id == "counted" else call.args[:1]
            fine = all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts) and texts
            if not fine and name not in TABLES:
                wrong.append(f"{name}:{call.lineno}")
    assert wrong == []
