"""What is decided about a failure is decided by its stored word, never by the sentence, which is said in the user's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import (
    Gone,
    KeyringUnavailable,
    LoginRejected,
    PrivateAddress,
    RateLimited,
    SourceUnavailable,
    SpentUp,
    UnexpectedAnswer,
)
from relationdesk.troubles import Trouble

PACKAGE = Path(__file__).resolve().parents[1] / "relationdesk"
UNTIL = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (LoginRejected("x"), Trouble.REFUSED), (RateLimited("x", until=UNTIL), Trouble.WAIT), (SpentUp("x", until=UNTIL), Trouble.LIMIT),
        (SourceUnavailable("x"), Trouble.DOWN), (SourceUnavailable("x", offline=True), Trouble.OFFLINE), (PrivateAddress("x"), Trouble.PRIVATE),
        (SourceUnavailable("x", trouble=Trouble.HIDDEN), Trouble.HIDDEN), (UnexpectedAnswer("x"), Trouble.ODD),
        (UnexpectedAnswer("x", trouble=Trouble.PORTAL), Trouble.PORTAL), (Gone("x"), Trouble.GONE), (KeyringUnavailable("x"), Trouble.KEYLESS),
    ],
)  # fmt: skip
def test_whoever_raises_says_why(error: SourceUnavailable, trouble: Trouble) -> None:
    assert error.trouble is trouble


def test_what_heals_needs_no_key_and_what_needs_one_does_not_heal() -> None:
    assert {one for one in Trouble if one.heals} == {Trouble.OFFLINE, Trouble.DOWN, Trouble.PORTAL, Trouble.WAIT, Trouble.ODD, Trouble.HIDDEN}
    assert {one for one in Trouble if one.signs_in} == {Trouble.REFUSED, Trouble.KEYLESS}


def by_words(tree: ast.AST) -> Iterator[int]:
    """Lines that look for words in a sentence that tells of a failure, or compare it with one."""

    def tells(node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("casefold", "lower"):
            return tells(node.func.value)
        return isinstance(node, ast.Attribute | ast.Name) and (node.attr if isinstance(node, ast.Attribute) else node.id) == "failure"

    for one in ast.walk(tree):
        if isinstance(one, ast.Compare):
            where = [*one.comparators, *([one.left] if not isinstance(one.ops[0], ast.In | ast.NotIn) else [])]
            empty = any(isinstance(part, ast.Constant) and part.value in ("", None) for part in (one.left, *one.comparators))
            if any(map(tells, where)) and not empty:
                yield one.lineno
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in ("startswith", "endswith", "find") and tells(one.func.value):
            yield one.lineno


@pytest.mark.parametrize("code", ['"sign in" in login.failure', 'failure == OFFLINE', 'any(word in failure for word in x)', '"x" in login.failure.casefold()', 'one.failure.startswith("a")'])
def test_a_decision_by_words_is_found(code: str) -> None:
    assert len([*by_words(ast.parse(code))]) == 1


def test_nobody_decides_by_the_words_of_a_failure() -> None:
    found = [f"{file.relative_to(PACKAGE)}:{line}" for file in sorted(PACKAGE.rglob("*.py")) for line in by_words(ast.parse(file.read_text(encoding="utf-8")))]
    assert found == []
