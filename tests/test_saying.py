"""What is said below the window: put in, counted, translated; and every text is a literal that can be found."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from relationdesk import errors, saying
from relationdesk.saying import counted, say
from relationdesk.text import day, listed, place_name
from tests.facts import NOW

PACKAGE = Path(__file__).resolve().parents[1] / "relationdesk"


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


def test_what_is_counted_is_written_as_people_write_numbers_there() -> None:
    assert counted(3210, "{n:,} day", "{n:,} days") == "3,210 days" and counted(3210, "{n} day", "{n} days") == "3210 days"
    saying.grouped_by(lambda n: f"{n:,}".replace(",", "’"))
    try:
        assert counted(3210, "{n:,} day", "{n:,} days") == "3’210 days" and counted(1, "{n:,} day", "{n:,} days") == "1 day"
    finally:
        saying.grouped_by(None)


def test_in_another_language_with_its_own_order_and_plurals(polish: None) -> None:
    assert say("{name} has gone quiet", name="Joe") == "Cisza: Joe"
    assert [counted(n, "{n} day", "{n} days") for n in (1, 3, 5)] == ["1 dzień", "3 dni", "5 dnia"]
    assert counted(1, "a question", "{n} questions") == "a question"  # not translated yet
    assert day(NOW) == "20. listopada 2026 r." and listed(["a", "b", "c"]) == "a, b i c"
    assert place_name("contacts") == "Twoja książka adresowa" and place_name("linkedin") == "LinkedIn"


def test_every_text_is_a_literal_that_can_be_found() -> None:
    """Or a choice of literals; a name stands for a text that was `marked` where it is written."""
    wrong = [f"{name}:{call.lineno}" for name, tree in trees() for call in calls(tree, *SAYS) for text in texts_of(call) if isinstance(text, ast.JoinedStr | ast.BinOp)]
    assert wrong == []


def test_every_text_names_just_what_is_put_in() -> None:
    wrong = []
    for name, tree in trees():
        for call in calls(tree, "say", "counted"):
            given = {keyword.arg for keyword in call.keywords}
            for text in (text.value for text in texts_of(call) if isinstance(text, ast.Constant) and None not in given):
                named = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
                if (named - {"n"} - given) if len(call.args) > 1 else given and named != given:
                    wrong.append(f"{name}:{call.lineno} {text}")
    assert wrong == []


def test_no_question_to_the_store_is_said() -> None:
    texts = [(name, text.value) for name, tree in trees() for call in calls(tree, *SAYS) for text in texts_of(call) if isinstance(text, ast.Constant)]
    assert [(name, text) for name, text in texts if re.search(r"\b(SELECT|INSERT|UPDATE|WHERE|AND|FROM|group_concat|json_each)\b| \?$", text)] == []


def test_no_sentence_below_the_window_goes_around_it() -> None:
    """What is raised, refused or decided, and whatever reads like a sentence. The command line and the texts that sources keep as somebody's
    activity are English everywhere."""
    wrong = [f"{name}:{line} {text}" for name, tree in trees() if name.partition("/")[0] in BELOW for line, text in unsaid(tree) if text not in ENGLISH]
    assert wrong == []


@pytest.mark.parametrize("code", [
    'raise UserMistake("No such thing.")', 'raise UserMistake(f"No {x}.")', 'raise UserMistake("gone" if x else say("b"))', 'raise Damaged("breaks off")', 'return Gone(f"{host} is gone.")',
    'yield Rejected(where="x", reason="it has no date")', 'found = "Nothing was changed."', 'return f"{host} does not answer."', 'with ledger.decide(db, "task", f"Done: {text}", 7): pass',
    'say("{why} Nothing.", why="Nobody was asked.")',
])  # fmt: skip
def test_a_sentence_that_goes_around_it_is_found(code: str) -> None:
    assert len([*unsaid(ast.parse(f"def f():\n    {code}"))]) == 1


def test_what_is_said_or_is_no_sentence_is_left_alone() -> None:
    code = '''
"""A sentence about the module."""
A = marked("Nothing was changed.")
def f():
    """Another sentence about it."""
    raise UserMistake(say("No {x}.", x="SELECT this FROM that") if x else say(A))
    raise ValueError("For whoever writes code.")
    yield Rejected(where="line 3 of it", reason=str(e))
    db.execute("SELECT a FROM b WHERE c.", (7,))
    with ledger.decide(db, "person", sentence, 7): pass
'''
    assert [*unsaid(ast.parse(code))] == []


TOLD_OF_READING = {"LoginRejected", "RateLimited", "SpentUp", "SourceUnavailable", "PrivateAddress", "UnexpectedAnswer", "Gone", "NotShown", "Refused"}
REASSURES = re.compile(r"kept|nothing was (?:deleted|changed|added|sent)|nothing is lost|stays|safe", re.IGNORECASE)
PUT_IN = {"_against(answer, host)", "self._sentence(code)", "told", "str(e)", "f'{told} {say(PORTAL)}'", "say(NOT_A_FEED)"}
"""Sentences that are made elsewhere."""


def test_whoever_tells_of_a_failure_says_what_became_of_what_was_there() -> None:
    """The Places page shows the sentence alone: nobody should wonder whether something is lost."""
    heard = [(name, call) for name, tree in trees() if name.startswith(("sources/", "services/spending")) for call in calls(tree, *TOLD_OF_READING) if call.args]
    wrong = [f"{name}:{call.lineno} {ast.unparse(call.args[0])}" for name, call in heard if not REASSURES.search(ast.unparse(call)) and ast.unparse(call.args[0]) not in PUT_IN]
    assert len(heard) > 150 and wrong == []


SAYS = ("say", "counted", "marked")
BELOW = ("services", "store", "sources", "flip", "prompts", "engage", "text.py", "money.py", "wishes.py", "life_days.py", "lengths.py", "outgoing.py")
OURS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.RelationDeskError)}
TOLD = OURS | {"Damaged", "NotCar", "BadRow", "BadRecord", "Bad", "BadEntry", "BadSeries", "BadDeed", "Refused", "Broken", "Rejected", "Ask", "Suggested"}
"""What is made of a sentence; those that are no errors of ours become the reason of a Rejected."""
ENGLISH = {"This message was deleted(?: by (?:an )?admin.{0,80})?", "Diese Nachricht wurde gelöscht(?: vom Admin.{0,80})?", "You deleted this message(?: as admin)?"}
"""Patterns of what others wrote."""
_CODE = {"execute", "executemany", "compile", "ValueError", "TypeError", "AssertionError"}
"""Their first argument is for no user."""
_SENTENCE = re.compile(r"(?!SELECT|INSERT|UPDATE)[“\"]?(?:\{|[A-Z“]).*[\w’}”] [\w“{].*[.?!]", re.DOTALL)


def trees() -> Iterator[tuple[str, ast.Module]]:
    """All but where a `say` is something else."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.name != "window.py":
            yield file.relative_to(PACKAGE).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    return (one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in names)


def texts_of(call: ast.Call) -> Iterator[ast.expr]:
    """The texts that a call may say."""
    assert isinstance(call.func, ast.Name)
    return (text for arg in (call.args[1:3] if call.func.id == "counted" else call.args[:1]) for text in choices(arg))


def choices(text: ast.expr) -> Iterator[ast.expr]:
    if isinstance(text, ast.IfExp):
        yield from (*choices(text.body), *choices(text.orelse))
    elif isinstance(text, ast.BoolOp):
        yield from (one for value in text.values for one in choices(value))
    else:
        yield text


def unsaid(tree: ast.AST, *, told: bool = False) -> Iterator[tuple[int, str]]:
    """Sentences that pass by `say`: (line, text). told: whatever stands here is one."""
    for node in choices(tree.body) if isinstance(tree, ast.Expression) else ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = ast.unparse(node)[2:-1] if isinstance(node, ast.JoinedStr) else node.value if isinstance(node.value, str) else ""
            if (told and re.search(r"[^\W\d_]{2}", re.sub(r"\{.*?\}", "", text))) or _SENTENCE.fullmatch(text):
                yield node.lineno, text
        elif isinstance(node, ast.Call):
            yield from _of_call(node)
        else:
            yield from unsaid(node)


def _of_call(call: ast.Call) -> Iterator[tuple[int, str]]:
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    said = call.args[:3] if name == "counted" else call.args[:1] if name in SAYS or name in _CODE else []
    for n, arg in enumerate(call.args):
        if arg not in said:
            yield from unsaid(ast.Expression(arg), told=(name in TOLD and n == 0) or (name == "decide" and n == 2))
    for keyword in call.keywords:
        yield from unsaid(ast.Expression(keyword.value), told=name in TOLD and keyword.arg in ("reason", "question", "because"))
    yield from unsaid(ast.Expression(call.func))
